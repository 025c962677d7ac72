"""The column's head decides; no shortcut overrules a known head."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parsers.document import Cell
from parsers.grammar.heads import head_words
from parsers.grammar.labels import form_index
from parsers.tables import matching
from parsers.tables.columns import ColumnReader
from parsers.tables.data_rows import Head

from .test_matching import (
    COLUMNS,
    FIRST,
    HEAD,
    SECOND,
    Spec,
    by_column,
    open_columns,
    paragraph,
    read,
    table,
    values,
)

NAMES = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
CODES = [
    *("natural_person", "commercial_enterprise", "research_institution", "social_welfare_organization"),
    *("legal_service_institution", "other", "total"),
]
LABEL = "一、本年新收政府信息公开申请数量"
SECOND_LABEL = "二、上年结转政府信息公开申请数量"
SEVEN = dict(zip(CODES, [1, 2, 3, 4, 5, 6, 21], strict=True))


def flat(heads: list[Spec], *rows: list[Spec], year: int | None = 2023) -> matching.Match:
    """A table of one line of heads behind a stub."""
    found = matching.match([table([["项目", *heads], *rows])], year)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "extra", ["行次", "序号", "代码", "备注", "校验", "小计", "上年总计", "2022年", "城关镇", "审核"]
)
@pytest.mark.parametrize("at", [0, 3, 7])
def test_one_column_more_changes_no_other(extra: str, at: int) -> None:
    heads: list[Spec] = [*NAMES[:at], extra, *NAMES[at:]]
    figures: list[Spec] = [*FIRST[1 : at + 1], "9", *FIRST[at + 1 :]]
    assert by_column(flat(heads, [LABEL, *figures])) == SEVEN
    # Nor does a blank beside it make seven filled cells of eight.
    for blank in range(7):
        emptied = [f if i != blank + (blank >= at) else "" for i, f in enumerate(figures)]
        found = by_column(flat(heads, [LABEL, *emptied]))
        assert found == {**SEVEN, CODES[blank]: None}


@pytest.mark.parametrize("extra", ["", "备注"])
def test_a_merged_pair_and_a_column_more_do_not_make_seven(extra: str) -> None:
    found = flat([*NAMES, extra], [LABEL, ("3", 2, 1), *FIRST[3:], "7"])
    assert by_column(found) == {k: v for k, v in SEVEN.items() if k not in CODES[:2]}
    assert open_columns(found) == set(CODES[:2])


def test_a_column_without_a_head_at_all_leaves_nothing_certain() -> None:
    """Eight figures under seven heads: which one has none is not known."""
    rows: list[list[Spec]] = [[("项目", 2, 1), *NAMES], ["", LABEL, *FIRST[1:], "9"]]
    found = read(table(rows))
    assert not by_column(found)
    assert open_columns(found) == set(CODES)


def test_last_year_beside_this_year() -> None:
    rows: list[list[Spec]] = [
        [("项目", 1, 2), *((name, 2, 1) for name in NAMES)],
        [word for _ in NAMES for word in ("上年", "本年")],
        [LABEL, *(cell for figure in FIRST[1:] for cell in ("9", figure))],
        [SECOND_LABEL, *(cell for _ in NAMES for cell in ("8", ""))],
    ]
    found = read(table(rows))
    assert by_column(found) == SEVEN
    assert set(by_column(found, "carried_over").values()) == {None}
    # The years themselves say it too, and the groups may stand above the applicants.
    rows[1] = [year for _ in NAMES for year in ("2022年", "2023年")]
    assert by_column(read(table(rows))) == SEVEN
    above: list[list[Spec]] = [
        [("项目", 1, 2), ("上年", 7, 1), ("本年", 7, 1)],
        [*NAMES, *NAMES],
        [LABEL, *["9"] * 7, *FIRST[1:]],
    ]
    assert by_column(read(table(above))) == SEVEN


def test_years_whose_year_is_not_known_are_not_read() -> None:
    rows: list[list[Spec]] = [
        [("项目", 1, 2), *((name, 2, 1) for name in NAMES)],
        [year for _ in NAMES for year in ("2022年", "2023年")],
        [LABEL, *(cell for figure in FIRST[1:] for cell in ("9", figure))],
    ]
    found = matching.match([table(rows)], None)
    assert found is not None and not found.facts
    assert open_columns(found) == set(CODES)


def test_two_groups_with_the_same_heads_are_not_read() -> None:
    rows: list[list[Spec]] = [
        [("项目", 1, 2), ("本级", 7, 1), ("乡镇", 7, 1)],
        [*NAMES, *NAMES],
        [LABEL, *["9"] * 7, *FIRST[1:]],
    ]
    found = read(table(rows))
    assert not found.facts
    assert open_columns(found) == set(CODES)


@pytest.mark.parametrize(
    "heads",
    [
        ["城关镇", "油坊镇", "谢炉镇", "王官庄镇", "坝营镇", "葛仙庄镇", "合并"],
        ["个人", "法人", "科研单位", "公益团体", "律所", "境外", "共计"],
        ["2017年", "2018年", "2019年", "2020年", "2021年", "2022年", "七年"],
        ["一季度", "二季度", "三季度", "四季度", "上半年", "下半年", "全部"],
    ],
)
def test_seven_heads_that_name_something_else_are_no_order(heads: list[Spec]) -> None:
    found = flat(heads, [LABEL, *FIRST[1:]], [SECOND_LABEL, *SECOND[1:]])
    assert not found.facts
    assert open_columns(found) == set(CODES)


def test_years_as_the_columns_of_table_two() -> None:
    rows: list[list[Spec]] = [
        ["信息内容", "2022年", "2023年", "增减"],
        ["规章", "0", "0", "0"],
        ["行政规范性文件", "9", "11", "2"],
        ["信息内容", ("本年处理决定数量", 3, 1)],
        ["行政许可", ("670", 3, 1)],
    ]
    found = read(table(rows))
    assert {f.address: f.value for f in found.facts} == {"article20.licensing.decisions": 670}
    assert {u.address for u in found.unresolved if "normative" in u.address} == {
        f"article20.normative_documents.{c}" for c in ("issued", "repealed", "in_force")
    }


def test_heads_of_another_form_give_no_code() -> None:
    rows: list[list[Spec]] = [
        ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
        ["规章", "0", "0", "0"],
        ["行政规范性文件", "3", "3", "12"],
        ["信息内容", ("本年处理决定数量", 3, 1)],
        ["行政许可", ("120", 3, 1)],
        ["行政处罚", ("46", 3, 1)],
        ["信息内容", ("本年收费金额（单位：万元）", 3, 1)],
        ["行政事业性收费", ("0", 3, 1)],
    ]
    found = read(table(rows))
    assert found.form == "2021"
    assert {f.address: f.value for f in found.facts if f.value} == {
        "article20.licensing.decisions": 120,
        "article20.penalty.decisions": 46,
    }


@pytest.mark.parametrize(
    ("heads", "this"),
    [
        (["代码", "统计数"], 1),
        (["统计数", "代码"], 0),
        (["本期", "累计"], 0),
        (["上年数", "本年数"], 1),
        (["行次", ""], 1),
    ],
)
def test_a_single_column_beside_one_that_holds_other_figures(heads: list[Spec], this: int) -> None:
    figures = ["17", "25"]
    rows: list[list[Spec]] = [
        ["指标名称", "单位", *heads],
        ["（一）收到申请数", "件", *figures],
        ["1.当面申请数", "件", *figures],
        ["2.传真申请数", "件", *figures],
    ]
    found = matching.match([table(rows)], 2016)
    assert found is not None and found.form == "2014"
    assert [f.value for f in found.facts] == [int(figures[this])] * 3


def test_a_hidden_column_is_absent_and_the_others_keep_their_heads() -> None:
    found = flat(NAMES[1:], [LABEL, *FIRST[2:]])
    assert by_column(found) == {k: v for k, v in SEVEN.items() if k != "natural_person"}
    assert not found.unresolved
    assert found.layouts[0].missing_columns == ["natural_person"]


# --- cells pushed together to the left


def padded(*cells: Spec, width: int = 10) -> list[Spec]:
    return [*cells, *[""] * (width - len(cells))]


def test_heads_pushed_to_the_left_over_the_labels_are_read_in_their_order() -> None:
    rows = [
        padded("（本列数据的勾稽关系为：…）", "申请人情况"),
        padded("自然人", "法人或其他组织", "总计"),
        padded(*NAMES[1:6]),
        padded(LABEL, *FIRST[1:]),
        padded("三、本年度办理结果", "（一）予以公开", *SECOND[1:]),
        padded("（七）总计", *FIRST[1:]),
    ]
    found = read(table(rows))
    for row in ("new_received", "processed_total"):
        assert values(found, row) == [1, 2, 3, 4, 5, 6, 21]
    assert values(found, "granted") == [7, 0, 0, 0, 0, 0, 7]
    assert not found.layouts[0].reordered


def test_disputes_pushed_to_the_left() -> None:
    rows = [
        padded("行政复议", "行政诉讼", width=15),
        padded(*COLUMNS, "未经复议直接起诉", "复议后起诉", width=15),
        padded(*COLUMNS, *COLUMNS, width=15),
        [str(i) for i in range(15)],
    ]
    found = read(table(rows))
    assert values(found, "reconsideration", "disputes") == [0, 1, 2, 3, 4]
    assert values(found, "litigation_after_reconsideration", "disputes") == [10, 11, 12, 13, 14]
    rows[3] = [str(i) for i in range(14)] + [""]
    assert len(read(table(rows)).facts) == 15


def test_groups_over_columns_that_are_not_their_own_tell_nothing() -> None:
    groups: list[Spec] = [("行政复议", 5, 1), ("未经复议直接起诉", 3, 1), ("复议后起诉", 7, 1)]
    rows: list[list[Spec]] = [groups, [*COLUMNS, *COLUMNS, *COLUMNS], [str(i) for i in range(15)]]
    rows[1][11:] = ["结果 其", "纠正 他", "尚未 总", "审结 计"]
    found = read(table(rows))
    assert not found.facts
    assert len({u.address for u in found.unresolved}) == 15


def test_a_column_under_a_head_that_no_form_knows_is_open() -> None:
    groups: list[Spec] = [("行政复议", 5, 1), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)]
    rows: list[list[Spec]] = [groups, [*COLUMNS, *COLUMNS, *COLUMNS], [str(i) for i in range(15)]]
    rows[1][11] = "其他 结"
    found = read(table(rows))
    assert len(found.facts) == 14
    assert [u.address for u in found.unresolved] == ["disputes.litigation_after_reconsideration.corrected"]


def test_a_head_written_once_more_into_the_next_column_leaves_that_to_the_head_above() -> None:
    """Markdown repeats merged cells: of a head that stands over no other, its neighbour's words may be below it."""
    heads: list[list[Spec]] = [
        [("（本列数据的勾稽关系为：…）", 1, 3), ("申请人情况", 7, 1)],
        ["自然人", ("法人或其他组织", 5, 1), "总计"],
        ["自然人", *(str(name) for name in NAMES[1:5]), ("其他", 2, 1)],
    ]
    found = read(table([*heads, [LABEL, *FIRST[1:]]]))
    assert values(found, "new_received") == [1, 2, 3, 4, 5, 6, 21]


# --- labels


def test_explanations_in_brackets_behind_labels_and_heads() -> None:
    rows: list[list[Spec]] = [
        ["信息内容", "本年制发件数（含联合发文）", "本年废止件数", "现行有效件数（截至年底）"],
        ["规章（设区的市以上填报）", "0", "0", "0"],
        ["行政规范性文件（不含党委发文）", "3", "0", "17"],
        ["信息内容", ("本年处理决定数量（指办结）", 3, 1)],
        ["行政许可（含初审）", ("1284", 3, 1)],
    ]
    found = read(table(rows))
    assert by_column(found, "normative_documents") == {"issued": 3, "repealed": 0, "in_force": 17}
    assert by_column(found, "licensing") == {"decisions": 1284}
    rows[1][0], rows[2][0] = "规章（上年）", "行政规范性文件（上年）"
    assert not by_column(read(table(rows)), "normative_documents")


def test_a_word_dropped_from_a_label_of_a_table_in_text() -> None:
    rows: list[list[Spec]] = [
        ["（本列数据的勾稽关系为：…）", "申请人情况"],
        ["自然人", "法人或其他组织", "总计"],
        [*NAMES[1:6]],
        [LABEL, *FIRST[1:]],
        ["二、上年结转政府信息公开数量", *SECOND[1:]],
        ["三、本年度办理结果", "（一）予以公开", *FIRST[1:]],
    ]
    assert values(read(table(rows, ragged=True)), "carried_over") == [7, 0, 0, 0, 0, 0, 7]


# --- figures that stand aside


def aside(*cells: Spec, marked: str = "3") -> list[list[Spec]]:
    """A row whose figures were pushed together under the head of its labels, before empty cells."""
    return [*HEAD, FIRST, ["二、上年结转政府信息公开申请数量", marked, "0", *cells]]


@pytest.mark.parametrize("marked", ["3", "/", "—"])
def test_blanks_beside_figures_under_the_head_of_labels_are_not_certain(marked: str) -> None:
    found = read(table(aside("0", "0", "", "", "", "", "", marked=marked)))
    assert by_column(found) == SEVEN
    assert "blank" not in {f.kind for f in found.facts if ".carried_over." in f.address}
    assert open_columns(found, "carried_over") >= set(CODES[2:])


def test_blanks_are_certain_beside_figures_that_are_accounted_for() -> None:
    # Numbers of the rows under the head of labels; a column of its own name.
    rows: list[list[Spec]] = [[("项目", 2, 1), *NAMES, "2022年"]]
    labels = [LABEL, SECOND_LABEL, "（一）予以公开", "（二）部分公开"]
    rows += [[text, str(i + 1), "1", "", "", "", "", "", "", "9"] for i, text in enumerate(labels)]
    found = read(table(rows))
    for code in ("new_received", "carried_over", "granted"):
        assert by_column(found, code) == {CODES[0]: 1, **dict.fromkeys(CODES[1:])}
    # A number that is none of the row's.
    found = read(table([*HEAD, FIRST, [("（七）总计", 2, 1), "25", "2", "0", "1", "", "0", "", "3"]]))
    assert "social_welfare_organization" in open_columns(found, "processed_total")


def test_a_figure_in_a_label_leaves_its_row_open() -> None:
    shifted: list[Spec] = [("二、上年结转政府信息公开申请数量\n7", 3, 1), "2", "0", "", "", "", "9", ""]
    found = read(table([*HEAD, FIRST, shifted]))
    assert by_column(found) == SEVEN
    assert not by_column(found, "carried_over") and open_columns(found, "carried_over") == set(CODES)
    broken: list[Spec] = [("二、上年结转政府信息\n公开申请数量", 3, 1), *SECOND[1:]]
    assert len(by_column(read(table([*HEAD, FIRST, broken])), "carried_over")) == 7


# --- disputes


def test_figures_of_disputes_crowded_under_the_first_heads_leave_no_blank_certain() -> None:
    wide: list[list[Spec]] = [
        [("行政复议", 15, 1), ("行政诉讼", 30, 1)],
        [*((str(c), 3, 2) for c in COLUMNS), ("未经复议直接起诉", 15, 1), ("复议后起诉", 15, 1)],
        [(str(c), 3, 1) for c in COLUMNS + COLUMNS],
        [*FIFTEEN, ("", 30, 1)],
    ]
    assert "blank" not in {f.kind for f in read(table(wide)).facts}
    spread: list[Spec] = [(str(figure), 3, 1) for figure in FIFTEEN[:5]]
    found = read(table([*wide[:3], [*spread, ("", 30, 1)]]))
    assert [f.value for f in found.facts if f.kind == "number"] == [0, 1, 2, 3, 4]
    assert [f.kind for f in found.facts].count("blank") == 10


@pytest.mark.parametrize(
    ("figures", "told"), [("3 0 1 0 4 8 0 4 1 13 0 0 2 0 2", True), ("3 0 1 0 4 8 0 4 1 13 0 0 2 0 3", False)]
)
def test_more_columns_than_a_group_has_leave_the_form_s_order_and_its_sums(figures: str, told: bool) -> None:
    """Heads of a page without rules that run into one another: a group's label seems to reach over one more column."""
    rows: list[list[Spec]] = [
        [("行政复议", 5, 1), ("未经复议直接起诉", 6, 1), ("复议后起诉", 4, 1)],
        [
            "结 维持",
            "果结 纠正",
            "果其他 结果",
            "尚未审结",
            "总计",
            "结 维持",
            "果结 纠正",
            "果其 结果",
            "他尚 审结",
            "总计",
        ],
        list(figures.split()),
    ]
    rows[1] += ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    seen = table(rows)
    seen.method = "anchored"
    found = read(seen)
    if told:
        assert [f.value for f in found.facts] == list(map(int, figures.split()))
        assert {f.method for f in found.facts} == {"order"}
    else:
        assert not found.facts
        assert len({u.address for u in found.unresolved}) == 15


@pytest.mark.parametrize(
    ("figures", "head", "facts"),
    [
        ("3 0 1 0 4 8 0 4 1 13 0 0 2 0 2", "其他 结", 15),
        # A sum that is wrong, a figure too few, another year: what the heads say and no more.
        ("3 0 1 0 4 8 0 4 1 13 0 0 2 0 3", "其他 结", 14),
        ("3 0 1 0 4 8 0 4 1 13 0 / 2 0", "其他 结", 13),
        ("3 0 1 0 4 8 0 4 1 13 0 0 2 0 2", "2020年结果", 14),
    ],
)
def test_a_head_that_cannot_be_read_on_a_page_is_told_by_the_form_s_order_and_its_sums(
    figures: str, head: str, facts: int
) -> None:
    groups: list[Spec] = [("行政复议", 5, 1), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)]
    own: list[Spec] = [*figures.split()]
    rows: list[list[Spec]] = [groups, [*COLUMNS, *COLUMNS, *COLUMNS], [*own, *[""] * (15 - len(own))]]
    rows[1][11] = head
    seen = table(rows)
    seen.method = "ruled"
    found = read(seen)
    assert len([f for f in found.facts if f.kind != "blank"]) == facts
    assert len(found.unresolved) == 15 - len(found.facts)


@pytest.mark.parametrize(("doubt", "facts"), [("label", 15), ("joined", 10)])
def test_figures_beside_their_heads_on_a_page_are_told_by_the_form_s_order_and_its_sums(doubt: str, facts: int) -> None:
    groups: list[Spec] = [("行政复议", 5, 1), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)]
    rows: list[list[Spec]] = [
        groups,
        [*COLUMNS, *COLUMNS, *COLUMNS],
        [*["3", "0", "1", "0", "4", "8", "0", "4", "1", "13", "0", "0", "2", "0", "2"]],
    ]
    seen = table(rows)
    seen.method = "anchored"
    for cell in seen.cells:
        if cell.row == 2 and cell.column < 5:
            cell.doubt = doubt
    found = read(seen)
    assert len(found.facts) == facts
    assert len(found.unresolved) == 15 - facts


def line(*figures: Spec, stub: bool = False) -> list[list[Spec]]:
    head: list[list[Spec]] = [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [*((str(c), 1, 2) for c in COLUMNS), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        [*COLUMNS, *COLUMNS],
    ]
    if stub:
        head[0].insert(0, ("案件", 1, 3))
    return [*head, list(figures)]


FIFTEEN: list[Spec] = [str(i) for i in range(15)]


def test_an_empty_line_below_the_figures_of_disputes_changes_nothing() -> None:
    rows = [*line(*FIFTEEN), [""] * 15]
    found = read(table(rows))
    assert values(found, "reconsideration", "disputes") == [0, 1, 2, 3, 4]
    assert not found.unresolved
    assert {f.kind for f in read(table(line(*[""] * 15))).facts} == {"blank"}


@pytest.mark.parametrize("words", ["约14", "暂无", "14？", "（1）", "1 4", "9件左右", "尚在统计"])
def test_one_wordy_cell_of_disputes_costs_one_cell(words: str) -> None:
    for at in (0, 7, 14):
        figures = list(FIFTEEN)
        figures[at] = words
        found = read(table(line(*figures)))
        numbers = [f.value for f in found.facts if f.kind == "number"]
        assert numbers == [i for i in range(15) if i != at]
        assert len(found.facts) + len(found.unresolved) == 15


def test_a_line_of_disputes_merged_to_words_is_not_read_but_there() -> None:
    found = read(table([*HEAD, FIRST], 1), table(line(("2023年未发生行政复议、行政诉讼案件", 15, 1)), 2))
    assert [layout.table for layout in found.layouts] == ["requests", "disputes"]
    assert len([u for u in found.unresolved if u.address.startswith("disputes.")]) == 15
    marks = read(table(line(("无", 15, 1))))
    assert {f.kind for f in marks.facts} == {"mark"} and len(marks.facts) == 15
    zero = read(table(line(("0", 15, 1))))
    assert not zero.facts and len(zero.unresolved) == 15


def test_a_label_before_the_figures_of_disputes() -> None:
    for label_text in ("件数", "合计", "2023年", ""):
        found = read(table(line(label_text, *FIFTEEN, stub=True)))
        assert values(found, "litigation_direct", "disputes") == [5, 6, 7, 8, 9], label_text
    last = [*line("2023年", *FIFTEEN, stub=True), ["2022年", *["9"] * 15]]
    assert values(read(table(last)), "litigation_direct", "disputes") == [5, 6, 7, 8, 9]


def test_a_remark_behind_the_figures_of_disputes() -> None:
    rows = line(*FIFTEEN, "3")
    rows[0].append(("备注", 1, 3))
    assert values(read(table(rows)), "litigation_after_reconsideration", "disputes") == [10, 11, 12, 13, 14]


def test_one_wordy_cell_in_a_row_without_a_known_label() -> None:
    third: list[Spec] = [("（一）予以公开", 3, 1), *("0" for _ in range(7))]
    rows: list[list[Spec]] = [*HEAD, FIRST, [("□□□□□", 3, 1), *SECOND[1:7], "约7"], third]
    found = read(table(rows))
    assert open_columns(found, "carried_over") == set(CODES)


def test_a_row_merged_to_words_is_not_lost() -> None:
    rows: list[list[Spec]] = [*HEAD, FIRST, [SECOND[0], ("本年度无结转情况", 7, 1)]]
    found = read(table(rows))
    assert open_columns(found, "carried_over") == set(CODES)
    assert found.layouts[0].missing_rows[0] == "granted"


def test_a_caption_names_no_table_of_a_paragraph() -> None:
    assert matching.match([paragraph("自然人"), table([["备注", "1"], ["说明", "2"]])], 2023) is None


# --- units


def fees(head: str, cell: str, *before: str) -> tuple[str, str | None]:
    rows: list[list[Spec]] = [["信息内容", head], ["行政事业性收费", cell]]
    found = read(
        *(paragraph(text) for text in before),
        table([["信息内容", "本年处理决定数量"], ["行政许可", "3"]], 1),
        table(rows, 2),
    )
    fact = next(f for f in found.facts if f.address == "article20.fees.amount")
    return str(fact.value), fact.unit


@pytest.mark.parametrize(
    ("head", "cell", "amount", "unit"),
    [
        ("本年收费金额（单位：万元）", "551.44", "551.44", "万元"),
        ("本年收费金额（元）", "5514400", "551.44", "万元"),
        ("收费金额/元", "5,514,400", "551.44", "万元"),
        ("本年收费金额（单位：千元）", "5514.4", "551.44", "万元"),
        ("本年收费金额（亿元）", "0.055144", "551.44", "万元"),
        ("本年收费金额（单位：万元）", "5514400元", "551.44", "万元"),
        ("本年收费金额（单位：万元）", "27.5万", "27.5", "万元"),
        ("本年收费金额（元）", "27.5万", "27.5", "万元"),
        ("本年收费金额", "27.5万元", "27.5", "万元"),
        ("本年收费金额", "551.44", "551.44", "unknown"),
        ("收费金额", "0", "0", "万元"),
    ],
)
def test_the_unit_of_an_amount_is_the_one_that_is_stated(head: str, cell: str, amount: str, unit: str) -> None:
    assert fees(head, cell) == (amount, unit)


@pytest.mark.parametrize("line_above", ["单位：元", "（单位：件、元）", "计量单位:元", "单位：人民币元"])
def test_a_unit_above_the_table(line_above: str) -> None:
    rows: list[list[Spec]] = [["信息内容", "收费金额"], ["行政事业性收费", "251000"]]
    found = read(paragraph(line_above), table(rows))
    assert [(str(f.value), f.unit) for f in found.facts] == [("25.1", "万元")]
    # A head says it better, and a line above another table says nothing of this one.
    rows[0][1] = "收费金额（万元）"
    assert [str(f.value) for f in read(paragraph(line_above), table(rows)).facts] == ["251000"]
    assert fees("收费金额", "251000", line_above) == ("251000", "unknown")


def test_counts_in_ten_thousands() -> None:
    rows: list[list[Spec]] = [["信息内容", "本年处理决定数量（万件）"], ["行政许可", "12.8"], ["行政处罚", "3件"]]
    found = read(table(rows))
    assert [(f.value, f.unit) for f in found.facts] == [(128000, "件"), (3, "件")]


def test_the_label_of_a_group_and_a_row_s_in_one_cell() -> None:
    labels = [
        "（三）不予公开1.属于国家秘密",
        "（三）不予公开\n2.其他法律行政法规禁止公开",
        "（三）不予公开危及“三安全一稳定”",
    ]
    found = read(table([*HEAD, FIRST, SECOND, *([(text, 3, 1), *FIRST[1:]] for text in labels)]))
    for row in ("denied_state_secret", "denied_prohibited_by_law", "denied_endangers_security"):
        assert values(found, row) == [1, 2, 3, 4, 5, 6, 21]
    assert not found.layouts[0].extra


def test_a_row_of_disputes_under_the_heads_of_requests_takes_no_column_of_theirs() -> None:
    heads: list[Spec] = ["", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    rows: list[list[Spec]] = [
        heads,
        ["一、本年新收政府信息公开申请数量", "1", "0", "0", "0", "0", "0", "1"],
        ["行政复议", *[""] * 7],
    ]
    found = read(table(rows))
    assert not any(f.address.startswith("disputes") for f in found.facts)


def test_an_empty_line_among_the_heads_of_disputes_is_no_line_of_blanks() -> None:
    """Heads cut by a page end, with the gap between two rows in it: the figures below are not placed, and not blank."""
    five: list[Spec] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    found = read(
        table([*HEAD, FIRST]),
        table(
            [
                [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
                [*((text, 1, 1) for text in five), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
                [*([("", 1, 2)] * 5), ("", 10, 1)],
                [*five, *five],
                [(str(n), 1, 1) for n in (2, 1, 0, 2, 5, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0)],
            ],
            2,
        ),
    )
    assert not [f for f in found.facts if f.address.startswith("disputes.")]
    assert len([u for u in found.unresolved if u.address.startswith("disputes.")]) in (0, 15)


@pytest.mark.parametrize(("heads", "known"), [([3, "", 7, 0, "", 1, 11], False), ([1, 2, 3, 4, 5, 6, 7], True)])
def test_a_row_of_figures_is_no_row_of_heads(heads: list[Spec], known: bool) -> None:
    """Figures of another row above a label name no columns in the form's order; numbers that count the columns do."""
    zone = [Head(Cell(str(h), 0, n + 1), n + 1, n + 2, [head_words(str(h))]) for n, h in enumerate(heads)]
    table = form_index("2021").form.tables["requests"]
    read = ColumnReader(form_index("2021"), 2023)._read(zone, table, table.columns, loose=False)
    assert bool(read.ordered) is known


@pytest.mark.parametrize("mark", ["——", "—", "/", "-", "○", ""])
@pytest.mark.parametrize("head", ["统计数", "数值", "2016年度"])
def test_marks_behind_the_name_of_a_section_are_heads_of_nothing(mark: str, head: str) -> None:
    rows: list[list[Spec]] = [
        ["指标名称", "计量单位", head],
        ["一、主动公开情况", mark, mark],
        ["（一）主动公开政府信息数", "条", "812"],
        ["三、依申请公开情况", mark, mark],
        ["（一）收到申请数", "件", "41"],
        ["1.当面申请数", "件", mark],
        ["3.网络申请数", "件", "30"],
    ]
    numbered: list[list[Spec]] = [[str(n) if n else "序号", *row] for n, row in enumerate(rows)]
    for printed in (rows, numbered):
        found = matching.match([table(printed)], 2016)
        assert found is not None
        assert {f.address.split(".")[1]: f.value for f in found.facts} == {
            **{"disclosed": 812, "requests_received": 41, "requests_in_person": None, "requests_online": 30}
        }


def test_a_mark_below_the_head_of_another_year_is_still_not_read() -> None:
    rows: list[list[Spec]] = [["（一）主动公开政府信息数", "条", "812"], ["（一）收到申请数", "件", "41"]]
    head: list[Spec] = ["指标名称", "计量单位", "2015年度"]
    found = matching.match([table([head, ["一、主动公开情况", "——", "——"], *rows])], 2016)
    assert found is None or not found.facts


def _aside(*rows: list[Spec]) -> matching.Match:
    """Heads three columns too far left: a browser cut the stub that reached over three rows, and drew rules."""
    heads: list[list[Spec]] = [
        [("（本列数据的勾稽关系为…）", 3, 1), ("申请人情况", 7, 1)],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2), ("", 3, 2)],
        ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
    ]
    return read(replace(table([*heads, *rows]), method="ruled"))


def test_heads_over_the_labels_of_a_ruled_table_are_none_of_its_figures() -> None:
    found = _aside(FIRST, SECOND)
    assert by_column(found) == SEVEN
    assert {f.method for f in found.facts} == {"order"}
    # What no row's sum bears out is nowhere certain.
    wrong: list[list[Spec]] = [[row[0], "9", *row[2:]] for row in (FIRST, SECOND)]
    found = _aside(*wrong)
    assert not found.facts
    assert open_columns(found) == set(CODES)


def test_a_figure_below_the_words_of_a_label_may_be_the_row_s_first() -> None:
    """Six figures and a blank behind a label into which the first went are not the seven columns."""
    row: list[Spec] = [("二、上年结转政府信息公开申请数量\n—", 3, 1), "—", "—", "—", "1", "—", "1", ""]
    rows = [["", "", "", "甲", *[""] * 6], FIRST, row]
    found = read(replace(table(rows), method="anchored"))
    assert by_column(found) == SEVEN
    assert by_column(found, "carried_over") == {}
    assert open_columns(found, "carried_over") == set(CODES)
