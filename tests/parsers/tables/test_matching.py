"""Grids to facts: by label first, order second, geometry third; what is uncertain is unresolved."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest

from data.generator import Layout, Truth, compose, make_truth, random_layout
from data.generator.compose import Grid
from parsers.document import Cell, Paragraph, Table
from parsers.readers import text
from parsers.tables import matching
from schemas import forms
from schemas.facts import Place

Spec = str | tuple[str, int, int]  # text, or (text, colspan, rowspan)

HEAD: list[list[Spec]] = [
    [("（本列数据的勾稽关系为…）", 3, 3), ("申请人情况", 7, 1)],
    [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
    ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
]
FIRST: list[Spec] = [("一、本年新收政府信息公开申请数量", 3, 1), "1", "2", "3", "4", "5", "6", "21"]
SECOND: list[Spec] = [("二、上年结转政府信息公开申请数量", 3, 1), "7", "0", "0", "0", "0", "0", "7"]


def table(rows: list[list[Spec]], number: int = 1, *, ragged: bool = False) -> Table:
    """A grid from rows of texts or (text, colspan, rowspan)."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        c = 0
        for spec in row:
            content, colspan, rowspan = (spec, 1, 1) if isinstance(spec, str) else spec
            while (r, c) in taken:
                c += 1
            cells.append(Cell(content, r, c, rowspan, colspan))
            taken |= {(r + i, c + j) for i in range(rowspan) for j in range(colspan)}
            c += colspan
    width = max(c.column + c.colspan for c in cells)
    return Table(number, cells, len(rows), width, ragged=ragged)


def paragraph(content: str) -> Paragraph:
    return Paragraph(content, Place())


def read(*blocks: Paragraph | Table) -> matching.Match:
    found = matching.match(blocks, 2023)
    assert found is not None
    return found


def values(found: matching.Match, row: str, table_code: str = "requests") -> list[object]:
    prefix = f"{table_code}.{row}."
    return [f.value for f in found.facts if f.address.startswith(prefix)]


def reasons(found: matching.Match, row: str) -> set[str]:
    return {u.reason for u in found.unresolved if u.address.split(".")[1] == row}


def test_plain() -> None:
    found = read(table([*HEAD, FIRST, SECOND]))
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]
    assert {f.method for f in found.facts} == {"cells"}
    first = found.facts[0]
    assert first.place.to_json() == {"table": 1, "row": 4, "column": 4}


def test_rows_are_what_their_labels_say_wherever_they_stand() -> None:
    found = read(table([*HEAD, SECOND, FIRST]))
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]
    assert values(found, "carried_over") == [7, 0, 0, 0, 0, 0, 7]
    assert found.layouts[0].reordered


def test_columns_are_what_their_heads_say() -> None:
    head = [HEAD[0], HEAD[1], ["科研机构", "商业企业", "社会公益组织", "法律服务机构", "其他"]]
    found = read(table([*head, FIRST]))
    assert (by_column(found)["research_institution"], by_column(found)["commercial_enterprise"]) == (2, 3)


def test_a_misprinted_head_follows_from_the_others() -> None:
    head = [HEAD[0], HEAD[1], ["商业企业", "科研机沟", "社会公益组织", "法律服务机构", "其他"]]
    found = read(table([*head, FIRST]))
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]
    assert [f.address for f in found.facts if f.method == "order"] == ["requests.new_received.research_institution"]


def by_column(found: matching.Match, row: str = "new_received") -> dict[str, object]:
    return {f.address.rsplit(".", 1)[1]: f.value for f in found.facts if f.address.split(".")[1] == row}


def open_columns(found: matching.Match, row: str = "new_received") -> set[str]:
    return {u.address.rsplit(".", 1)[1] for u in found.unresolved if u.address.split(".")[1] == row}


def test_a_known_head_decides_and_a_misprinted_one_out_of_place_is_not_read() -> None:
    head = [HEAD[0], HEAD[1], ["其他", "科研机构", "社会公益组织", "法律服务机构", "业商企"]]
    found = read(table([*head, FIRST]))
    assert by_column(found)["other"] == 2
    assert open_columns(found) == {"commercial_enterprise"}


def test_heads_that_name_nothing_are_ignored_under_exact_labels() -> None:
    heads: list[Spec] = ["类别", *(f"数据{i}" for i in range(1, 7)), "总计"]
    row: list[Spec] = ["本年新收政府信息公开申请数量", "1", "2", "3", "4", "5", "6", "21"]
    found = read(table([heads, row]))
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]
    assert {f.method for f in found.facts if not f.address.endswith("total")} == {"order"}


def test_heads_invented_from_row_names_are_ignored() -> None:
    heads: list[Spec] = [
        "项目",
        "本年新收件数",
        "上年结转件数",
        "予以公开",
        "部分公开",
        "不予公开",
        "结转下年度",
        "总计",
    ]
    row: list[Spec] = ["（七）总计", "1", "2", "3", "4", "5", "6", "21"]
    found = read(table([heads, row]))
    assert values(found, "processed_total") == [1, 2, 3, 4, 5, 6, 21]
    assert not values(found, "new_received")


@pytest.mark.parametrize("figures", [["1", "2", "3"], ["1", "2", "3", "4", "5", "6", "7", "8", "21"]])
def test_the_wrong_number_of_figures_is_unresolved(figures: list[Spec]) -> None:
    found = read(table([[("一、本年新收政府信息公开申请数量"), *figures]]))
    assert not found.facts
    assert reasons(found, "new_received") == {"count"}
    assert len(found.unresolved) == 7


def test_a_number_that_spans_several_columns_is_unresolved_a_blank_is_blank() -> None:
    label: Spec = ("一、本年新收政府信息公开申请数量", 3, 1)
    found = read(table([*HEAD, [label, ("5", 7, 1)], SECOND]))
    assert reasons(found, "new_received") == {"count"}
    blank = read(table([*HEAD, [label, ("", 7, 1)], SECOND]))
    assert {f.kind for f in blank.facts if ".new_received." in f.address} == {"blank"}


def test_a_misprinted_label_in_its_place_is_recognised_and_noted() -> None:
    rows: list[list[Spec]] = [*HEAD, FIRST, [("二、上年结传政府信息公开申请数量", 3, 1), *SECOND[1:]]]
    found = read(table(rows))
    assert values(found, "carried_over") == [7, 0, 0, 0, 0, 0, 7]
    assert [r.how for r in found.layouts[0].rows] == ["official", "similar"]


def test_an_unreadable_label_between_two_known_ones_is_unresolved() -> None:
    third: list[Spec] = [("（一）予以公开", 3, 1), *("0" for _ in range(7))]
    rows: list[list[Spec]] = [*HEAD, FIRST, [("□□□□□", 3, 1), *SECOND[1:]], third]
    found = read(table(rows))
    assert reasons(found, "carried_over") == {"label"}
    assert not values(found, "carried_over")


def test_a_piece_of_a_label_counts_only_where_the_form_has_its_row() -> None:
    """Two labels cut through, of three lines: the first line of figures is the first row's, whatever words stand there."""
    cut: list[list[Spec]] = [
        [("（一）予以公", 3, 1), *("" for _ in range(7))],
        [("开开（区分处理的，只计这一情形，不", 3, 1), "869", "21", "3", "2", "6", "16", "917"],
        [("（二）部分公计其他情形）", 3, 1), "850", "36", "4", "1", "7", "17", "915"],
        [("1.属于国家秘密", 3, 1), *("0" for _ in range(7))],
    ]
    found = read(table([*HEAD, FIRST, SECOND, *cut]))
    assert not values(found, "partially_granted")
    assert not values(found, "granted")
    assert values(found, "denied_state_secret") == [0] * 7


def test_a_row_that_the_form_does_not_have_is_extra() -> None:
    third: list[Spec] = [("其他主动公开文件", 3, 1), *("9" for _ in range(7))]
    found = read(table([*HEAD, FIRST, SECOND, third]))
    assert [e.printed for e in found.layouts[0].extra] == ["其他主动公开文件"]
    assert len(found.facts) == 14


def test_an_empty_row_beside_figures_under_half_a_label_is_not_certainly_empty() -> None:
    """A page end cut 行政规范性文件 into 行政 with the figures and 规范性文件 without: the halves were not put together."""
    head: list[Spec] = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    rows: list[list[Spec]] = [
        [("第二十条第（一）项", 4, 1)],
        head,
        ["规章", "0", "0", "0"],
        ["行政", "27", "28", "34"],
        ["规范性文件", "", "", ""],
    ]
    cut = table(rows)
    assert {f.kind for f in read(cut).facts if "normative" in f.address} == {"blank"}
    cut.method = "ruled"
    found = read(cut)
    assert not [f for f in found.facts if "normative" in f.address]
    assert {u.reason for u in found.unresolved} == {"count"}
    # Beside a row of its own an empty one is empty.
    rows[3] = ["行政许可", "27", "28", "34"]
    whole = table([*rows[:3], rows[4]])
    whole.method = "ruled"
    assert {f.kind for f in read(whole).facts if "normative" in f.address} == {"blank"}


def test_an_empty_row_among_printed_marks_may_have_lost_its_figures() -> None:
    rows: list[list[Spec]] = [*HEAD, [FIRST[0], *["／"] * 7], [SECOND[0], *[""] * 7]]
    whole = table(rows)
    assert reasons(read(whole), "carried_over") == set()
    whole.method = "anchored"
    assert reasons(read(whole), "carried_over") == {"count"}


def test_an_uncertain_row_that_says_something_else_leaves_no_other_certain() -> None:
    """A piece of a figure made a row of its own, empty but for it, above the row that it was broken from."""
    rows: list[list[Spec]] = [*HEAD, [FIRST[0], *[""] * 7], FIRST, SECOND]
    repeated = table(rows)
    for cell in repeated.cells:
        if cell.row == 4 and cell.column > 2:
            cell.doubt = "wrapped"
    found = read(repeated)
    assert values(found, "new_received") == []
    assert reasons(found, "new_received") == {"wrapped"}
    assert found.unresolved[0].readings == [1]
    # Digits of which nothing can be made are no blank either.
    for cell in repeated.cells:
        if cell.row == 4 and cell.column == 3:
            cell.text = "1,\n2,3"
    unread = next(u for u in read(repeated).unresolved if u.address == "requests.new_received.natural_person")
    assert (unread.reason, unread.readings) == ("wrapped", [])
    # Another reading of the same figure is no contradiction.
    same = table([*HEAD, FIRST, FIRST, SECOND])
    for cell in same.cells:
        if cell.row == 4 and cell.column > 2:
            cell.doubt = "wrapped"
    assert values(read(same), "new_received") == [1, 2, 3, 4, 5, 6, 21]


def test_equal_repeats_count_once_and_different_ones_are_unresolved() -> None:
    twice = read(table([*HEAD, FIRST], 1), table([*HEAD, FIRST], 2))
    assert values(twice, "new_received") == [1, 2, 3, 4, 5, 6, 21]
    other: list[Spec] = [FIRST[0], "9", *FIRST[2:]]
    differ = read(table([*HEAD, FIRST], 1), table([*HEAD, other], 2))
    assert values(differ, "new_received") == [2, 3, 4, 5, 6, 21]
    assert [(u.reason, u.readings) for u in differ.unresolved] == [("repeated", [1, 9])]


def test_bare_labels_by_their_group() -> None:
    rows: list[list[Spec]] = [
        *HEAD,
        [("三、本年度办理结果", 1, 6), ("（五）不予处理", 1, 2), "2.重复申请", *("1" for _ in range(7))],
        ["5.要求行政机关确认或重新出具已获取信息", *("2" for _ in range(7))],
        [("（六）其他处理", 1, 3), "1.逾期不补正", *("3" for _ in range(7))],
        ["2.逾期未缴费", *("4" for _ in range(7))],
        ["3.其他", *("5" for _ in range(7))],
        [("总计", 2, 1), *("6" for _ in range(7))],
    ]
    found = read(table(rows))
    assert values(found, "other_remaining") == [5] * 7
    assert values(found, "processed_total") == [6] * 7
    assert not values(found, "other_handling")


def test_single_row_for_other_handling_is_the_variant() -> None:
    rows: list[list[Spec]] = [
        *HEAD,
        [("三、本年度办理结果", 1, 2), ("（六）其他处理", 2, 1), *("3" for _ in range(7))],
        [("（七）总计", 2, 1), *("3" for _ in range(7))],
    ]
    article20 = table([["第二十条第（一）项"], ["信息内容", "本年制发件数"], ["规章", "0", "0", "0"]], 2)
    found = read(article20, table(rows))
    assert (found.form, found.variant) == ("2021", "single_other")
    assert values(found, "other_handling") == [3] * 7


def test_a_group_on_a_line_of_its_own_is_no_row() -> None:
    rows: list[list[Spec]] = [
        *HEAD,
        [("（六）其他处理", 3, 1), *("" for _ in range(7))],
        [("1.逾期不补正", 3, 1), *("3" for _ in range(7))],
        [("2.逾期未缴费", 3, 1), *("4" for _ in range(7))],
        [("3.其他", 3, 1), *("5" for _ in range(7))],
    ]
    found = read(table(rows))
    assert not values(found, "other_handling")
    assert values(found, "other_remaining") == [5] * 7
    assert not found.layouts[0].extra


COLUMNS: list[Spec] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


def test_disputes_in_one_line() -> None:
    rows: list[list[Spec]] = [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [*((str(c), 1, 2) for c in COLUMNS), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        [*COLUMNS, *COLUMNS],
        [str(i) for i in range(15)],
    ]
    found = read(table(rows))
    assert values(found, "reconsideration", "disputes") == [0, 1, 2, 3, 4]
    assert values(found, "litigation_after_reconsideration", "disputes") == [10, 11, 12, 13, 14]


def test_disputes_with_a_lost_head_and_a_lost_cell_are_not_certain() -> None:
    def line(group: str, figures: int) -> list[list[Spec]]:
        return [
            [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
            [*((str(c), 1, 2) for c in COLUMNS), ("未经复议直接起诉", 5, 1), (group, 5, 1)],
            [*COLUMNS, *COLUMNS],
            [str(i) for i in range(figures)],
        ]

    assert values(read(table(line("复□□起□", 15))), "litigation_direct", "disputes") == [5, 6, 7, 8, 9]
    found = read(table(line("复□□起□", 14)))
    assert not [f for f in found.facts if f.address.startswith("disputes.")]
    assert {u.reason for u in found.unresolved if u.address.startswith("disputes.")} == {"count"}


def test_disputes_as_three_tables_under_captions() -> None:
    line: list[Spec] = ["1", "0", "0", "0", "1"]
    blocks = []
    for number, caption in enumerate(("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"), start=1):
        blocks += [paragraph(caption), table([COLUMNS, [str(number), *line[1:]]], number)]
    found = read(*blocks)
    for row, n in (("reconsideration", 1), ("litigation_direct", 2), ("litigation_after_reconsideration", 3)):
        assert values(found, row, "disputes")[0] == n


def test_a_sub_table_under_an_unknown_caption_is_not_taken_for_the_one_before() -> None:
    line: list[Spec] = ["1", "0", "0", "0", "1"]
    found = read(
        paragraph("行政复议"), table([COLUMNS, line], 1), paragraph("□□□□"), table([COLUMNS, ["5", *line[1:]]], 2)
    )
    assert values(found, "reconsideration", "disputes") == [1, 0, 0, 0, 1]
    assert not values(found, "litigation_direct", "disputes")


@pytest.mark.parametrize("first", ["单位", "计量单位", ""])
def test_a_row_of_units_below_the_heads_is_no_row(first: str) -> None:
    units: list[Spec] = [(first, 3, 1), *["件"] * 7]
    found = read(table([*HEAD, units, FIRST, SECOND]))
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]
    assert values(found, "carried_over") == [7, 0, 0, 0, 0, 0, 7] and not found.unresolved


GROUPS = ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")
FIVES: list[list[Spec]] = [["1", "0", "0", "0", "1"], ["2", "0", "0", "0", "2"], ["3", "0", "0", "0", "3"]]


def _sub_tables(order: str) -> list[Paragraph | Table]:
    """Groups' labels (1, 2, 3) and tables of five (T), as they stand; H is a line of all three labels over the next."""
    blocks: list[Paragraph | Table] = [paragraph("四、政府信息公开行政复议、行政诉讼情况")]
    lines = iter(FIVES)
    head: list[list[Spec]] = []
    for sign in order:
        if sign == "T":
            blocks.append(table([*head, COLUMNS, next(lines)], len(blocks)))
        elif sign == "H":
            head = [[GROUPS[0], GROUPS[1], (GROUPS[2], 3, 1)]]
            continue
        elif sign == "R":
            blocks.append(table([list(GROUPS)], len(blocks)))
        else:
            blocks.append(paragraph(GROUPS[int(sign) - 1]))
        head = []
    return [*blocks, paragraph("五、存在的主要问题及改进情况")]


@pytest.mark.parametrize(
    "order", ["123TTT", "RTTT", "HTTT", "T1T2T3", "1T1T2T3", "12T3TT", "1T2T3", "123T1T2T3", "1TTT", "1T23TT"]
)
def test_no_label_is_taken_that_does_not_pair_off_with_its_table(order: str) -> None:
    """Labels that stand together before the first table, or behind the tables, or are fewer: whose a table is nobody says."""
    found = matching.match([*_sub_tables(order), table([*HEAD, FIRST, SECOND], 99)], 2023)
    assert found is not None
    right = {"reconsideration": 1, "litigation_direct": 2, "litigation_after_reconsideration": 3}
    read_ = {f.address: f.value for f in found.facts if f.address.endswith(".upheld")}
    sure = "reconsideration" if order in ("1TTT", "1T23TT") else None
    assert read_ == ({f"disputes.{sure}.upheld": right[sure]} if sure else {})


@pytest.mark.parametrize("order", ["1T2T3T", "1231T2T3T", "3T1T2T", "1T2T", "2T"])
def test_labels_that_pair_off_with_their_tables_are_theirs(order: str) -> None:
    found = read(*_sub_tables(order))
    own = [int(a) for a, b in pairwise(order) if b == "T"]
    codes = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    for nth, group in enumerate(own, start=1):
        assert values(found, codes[group - 1], "disputes") == [nth, 0, 0, 0, nth]


def test_units_in_heads_and_cells() -> None:
    rows: list[list[Spec]] = [
        ["第二十条第（八）项"],
        ["信息内容", "本年收费金额（单位：元）"],
        ["行政事业性收费", "251000"],
    ]
    rows[0] = [("第二十条第（八）项", 2, 1)]
    found = read(table(rows))
    assert [(str(f.value), f.unit, f.unit_printed) for f in found.facts] == [("25.1", "万元", "元")]


def test_nothing_statutory_is_no_match() -> None:
    assert matching.match([table([["索引号", "123"], ["发布机构", "某局"]]), paragraph("行政复议")]) is None


def blocks_of(truth: Truth, layout: Layout) -> list[Paragraph | Table]:
    """A generated report as the document model, without any file format between."""
    out: list[Paragraph | Table] = []
    number = 0
    for block in compose(truth, layout).blocks:
        if isinstance(block, Grid):
            number += 1
            cells = [Cell(c.text, r, k, c.rowspan, c.colspan) for r, k, c in block.positions()]
            rows = max(c.row + c.rowspan for c in cells)
            out.append(Table(number, cells, rows, max(c.column + c.colspan for c in cells)))
        elif block.text:
            out.append(paragraph(block.text))
    return out


@pytest.mark.parametrize("form_id", ["2021", "2019"])
@pytest.mark.parametrize("start", [10_000, 10_030, 10_060])
def test_generated_reports_of_all_layouts(form_id: str, start: int) -> None:
    """Aliases, misprints, exchanged rows, lost line breaks, words, marks, notes: never a wrong value, none lost."""
    for seed in range(start, start + 30):
        variant = "single_other" if form_id == "2021" and seed % 3 == 0 else None
        truth = make_truth(seed, form_id, variant=variant)
        layout = random_layout(seed, "docx")
        found = read(*blocks_of(truth, layout))
        assert (found.form, found.variant) == (form_id, variant), seed
        expected = truth.expected(layout)
        unresolved = {u.address for u in found.unresolved}
        got = {f.address: (f.kind, f.value) for f in found.facts}
        for address, cell in expected.items():
            if address not in unresolved:
                assert got[address] == (cell.kind, cell.value), (seed, address)
        assert set(got) <= set(expected), seed
        assert len(unresolved) <= 0.1 * len(expected), seed


def test_real_reports_by_gold(shared: Path) -> None:
    gold = json.loads((shared / "gold/2025-shuyang-county.json").read_text("utf-8"))
    document = text.read((shared / "reports/2025-shuyang-county.md").read_bytes(), "x.md")
    found = matching.match(document.blocks, 2025)
    assert found is not None
    assert {f.address: float(f.value or 0) for f in found.facts} == gold["facts"]
    assert set(gold["facts"]) == set(forms.load("2021").addresses())


def test_quzhou_2020_cut_out_of_its_seed(shared: Path) -> None:
    gold = json.loads((shared / "gold/quzhou-2020.json").read_text("utf-8"))
    lines = (shared / "seeds/quzhou-guangdong-annual-reports.txt").read_text("utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("衢州市人民政府2020年"))
    end = next(i for i, line in enumerate(lines) if line.startswith("廣東省人民政府2018年"))
    document = text.read("\n".join(lines[start:end]).encode(), "x.txt")
    found = matching.match(document.blocks, 2020)
    assert found is not None
    assert found.form == "2019"
    assert {f.address: float(f.value or 0) for f in found.facts} == gold["facts"]
    assert not found.unresolved


# --- labels that are damaged


UNAVAILABLE = ["1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"]


def unavailable(*printed: str) -> matching.Match:
    """Item （四） between the rows around it; every row's figures tell which one it is by the first digit."""
    rows: list[list[Spec]] = [[("8.属于行政查询事项", 3, 1), *["80"] * 7]]
    rows += [[(words, 3, 1), *[figure] * 7] for words, figure in zip(printed[::2], printed[1::2], strict=True)]
    rows += [[("1.信访举报投诉类申请", 3, 1), *["90"] * 7], [("2.重复申请", 3, 1), *["91"] * 7]]
    return read(table([*HEAD, FIRST, SECOND, *rows]))


def test_one_label_of_a_complete_table_may_be_badly_damaged() -> None:
    found = unavailable(UNAVAILABLE[0], "10", "2.没有现<<<‹确", "20", UNAVAILABLE[2], "30")
    assert values(found, "unavailable_needs_creation") == [20] * 7
    found = unavailable(UNAVAILABLE[0], "10", "2.沒冇现成倍息需要另衍制作", "20", UNAVAILABLE[2], "30")
    assert values(found, "unavailable_needs_creation") == [20] * 7


@pytest.mark.parametrize(
    "words", ["2.没有现<<<‹确", "2.没有现成信息申请内容", "2.没有现成信 仍不明确", "3.补正后制作", "量现成信息需要"]
)
def test_a_damaged_label_beside_a_missing_row_names_nothing(words: str) -> None:
    found = unavailable(UNAVAILABLE[0], "10", words, "30")
    assert values(found, "unavailable_not_held") == [10] * 7
    assert not values(found, "unavailable_needs_creation")
    assert not values(found, "unavailable_still_unclear")
    # Nor is it lost: its figures are told, or the row is one too many.
    assert found.layouts[0].extra or reasons(found, "unavailable_needs_creation")


@pytest.mark.parametrize("text", ["（三）不予公开5.三类内部事务信息", "（三）不予公开5.三类的内部事务信息"])
def test_a_reworded_label_is_known_with_its_group_in_the_same_cell_too(text: str) -> None:
    rows: list[list[Spec]] = [
        [(f"（三）不予公开{label}", 3, 1), "2", "0", "0", "0", "0", "0", "2"]
        for label in ("3.危及“三安全一稳定”", "4.保护第三方合法权益", "6.属于四类过程性信息")
    ]
    own: list[Spec] = [(text, 3, 1), "8", "0", "1", "0", "0", "0", "9"]
    found = read(table([*HEAD, *rows[:2], own, rows[2]]))
    assert values(found, "denied_internal_affairs") == [8, 0, 1, 0, 0, 0, 9]
    # In another group nothing is like it.
    found = read(table([*HEAD, *rows[:2], [("（四）无法提供5.三类内部事务信息", 3, 1), *own[1:]], rows[2]]))
    assert values(found, "denied_internal_affairs") == []


def test_a_misprint_of_one_character_is_recognised_beside_a_missing_row() -> None:
    found = unavailable(UNAVAILABLE[0], "10", "2.没有现成信息需要另行制做", "20")
    assert values(found, "unavailable_needs_creation") == [20] * 7


def test_a_label_nearer_to_a_row_that_is_there_is_not_another_row() -> None:
    rows: list[list[Spec]] = [
        ["统计指标", "单位", "本年度"],
        ["（三）同意公开答复数", "件", "5"],
        ["同意公开答复致", "件", "6"],
    ]
    found = matching.match([table(rows)], 2014)
    assert found is not None
    assert {f.address.split(".")[1]: f.value for f in found.facts} == {"replied_granted": 5}


def test_heads_that_contradict_the_form_s_order_are_not_overruled() -> None:
    head = [HEAD[0], HEAD[1], ["科研机构", "商企", "社会公益组织", "法律服务机构", "其他"]]
    found = read(table([*head, FIRST]))
    assert by_column(found)["research_institution"] == 2
    assert open_columns(found) == {"commercial_enterprise"}


def test_misprinted_heads_that_look_like_each_other_s_neighbours_are_not_read() -> None:
    head = [HEAD[0], HEAD[1], ["科研机沟", "商业企亚", "社会公益组织", "法律服务机构", "其他"]]
    found = read(table([*head, FIRST]))
    assert open_columns(found) == {"research_institution", "commercial_enterprise"}
    assert len(by_column(found)) == 5


def test_exchanged_heads_follow_the_figures_they_stand_over() -> None:
    rows: list[list[Spec]] = [
        ["统计指标", "历年累计", "本年度"],
        ["主动公开政府信息数", "500", "20"],
        ["其中：1．政府网站公开政府信息数", "400", "10"],
    ]
    found = matching.match([table(rows)], 2013)
    assert found is not None and found.form == "fujian"
    assert by_column(found, "disclosed") == {"cumulative": 500, "year": 20}


def test_misprinted_heads_behind_a_column_of_units_are_looked_at_too() -> None:
    rows: list[list[Spec]] = [
        ["统计指标", "单位", "历将累计", "木年度"],
        ["主动公开文件数", "条", "500", "20"],
        ["1、政府网站公开数", "条", "400", "10"],
    ]
    found = matching.match([table(rows)], 2013)
    assert found is not None and found.form == "fujian"
    assert not found.facts
    assert {u.reason for u in found.unresolved} == {"label"}


def test_rows_whose_merged_labels_lost_cells_are_read_in_order() -> None:
    """A label under the head of a column, or a figure under that of the labels and none under the last: all stand aside."""
    heads: list[Spec] = ["申请人情况", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    granted: list[Spec] = ["三、本年度办理结果", "（一）予以公开", "2", "0", "", "", "0", "", "2"]
    found = read(table([heads, ["一、本年新收政府信息公开申请数量", *FIRST[1:]], granted]))
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]
    assert values(found, "granted") == [2, 0, None, None, 0, None, 2]
    total: list[Spec] = [("（七）总计", 2, 1), "2", "0", "1", "", "0", "", "3"]
    found = read(table([*HEAD, FIRST, total]))
    assert values(found, "processed_total") == [2, 0, 1, None, 0, None, 3]
    # One figure too few is none that can be told.
    found = read(table([heads, ["一、本年新收政府信息公开申请数量", *FIRST[1:]], granted[:-1]]))
    assert values(found, "granted") == []


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("秘 0", "joined"),
        ("63行政公章专用", "joined"),
        ("行政公/", "joined"),
        ("约3", "text"),
        ("16\n件左\n右", "text"),
        ("暂无", "text"),
        ("8", "number"),
        ("/", "mark"),
    ],
)
def test_a_figure_among_letters_of_something_else_is_open_where_cells_are_places_of_a_page(
    printed: str, kind: str
) -> None:
    """A label cut off at its cell's edge, or a stamp, on a page; in a format that has cells somebody typed it."""

    def kind_of(method: Literal["ruled", "cells"]) -> str:
        grid = table([*HEAD, [*FIRST[:-1], printed], SECOND])
        grid.method = method
        found = read(grid)
        address = "requests.new_received.total"
        facts = [f.kind for f in found.facts if f.address == address]
        return facts[0] if facts else next(u.reason for u in found.unresolved if u.address == address)

    assert kind_of("ruled") == kind
    assert kind_of("cells") == ("text" if kind == "joined" else kind)


@pytest.mark.parametrize("beside", ["", "正 "], ids=["figures alone", "the end of the label beside the first"])
def test_rows_cut_off_in_their_group_are_no_other_row_s_and_not_missing(beside: str) -> None:
    """The group's own words are those of a row that has no parts: its label, over rows with labels of their own, is none."""
    cut: list[list[Spec]] = [
        [*([("（六）其他", 1, 3)] if n == 0 else []), (row, 2, 1), beside + "0", *"000000"]
        for n, row in enumerate(("1.申请人无", "2.申请人逾", "处3.其他"))
    ]
    before: list[list[Spec]] = [
        [(row, 3, 1), *"0000000"]
        for row in ("（四）无法提供 3.补正后申请内容仍不明确", "5.要求行政机关确认或重新出具已获取信息")
    ]
    total: list[Spec] = [("（七）总计", 3, 1), *"0000000"]
    grid = table([*HEAD, FIRST, SECOND, *before, *cut, total])
    grid.method = "ruled"
    found = read(grid)
    of_rows = {e.address.split(".")[1] for e in (*found.facts, *found.unresolved)}
    assert {row for row in of_rows if row.startswith("other_")} == {
        "other_overdue_correction",
        "other_unpaid_fee",
        "other_remaining",
    }
    assert {f.value for f in found.facts if f.address.startswith("requests.other_")} == {0}
    assert "other_remaining.total" in {u.address.partition(".")[2] for u in found.unresolved}
    (layout,) = found.layouts
    assert not [code for code in layout.missing_rows if code.startswith("other_")]
