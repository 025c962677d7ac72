"""Every figure inside a statutory table is a fact, unresolved or left over; every cell that is shown leaves a trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

import checks
from data.generator import clean_layout, make_truth, random_layout, render, suffix
from parsers import extract
from parsers.document import Paragraph, Table
from parsers.tables import matching, open_cells, traces
from parsers.tables.ledger import without_place
from schemas.facts import (
    Extraction,
    Fact,
    Leftover,
    Method,
    Place,
    PrintedLabel,
    Report,
    Residue,
    TableLayout,
    Trace,
    Unresolved,
)
from tests.parsers.readers.pdf.pictures import printed

from .test_columns import FIFTEEN, LABEL, NAMES, SECOND_LABEL, line
from .test_matching import COLUMNS, FIRST, HEAD, SECOND, Spec, open_columns, paragraph, read, table, values


def left(found: matching.Match) -> list[tuple[str, str]]:
    return [(x.printed, x.reason) for x in found.leftovers]


def test_figures_of_other_columns_are_left_over() -> None:
    rows: list[list[Spec]] = [
        ["项目", "行次", *NAMES, "备注", "上年总计"],
        [LABEL, "1", *FIRST[1:], "3件转办", "88"],
        [SECOND_LABEL, "2", *SECOND[1:], "", "99"],
    ]
    found = read(table(rows))
    assert left(found) == [("1", "serial"), ("3件转办", "column"), ("88", "column"), ("2", "serial"), ("99", "column")]
    assert [x.place.to_json() for x in found.leftovers][1] == {"table": 1, "row": 2, "column": 10}
    assert {x.table for x in found.leftovers} == {"requests"}


def test_figures_of_other_rows_tables_and_notes_are_left_over() -> None:
    extra: list[Spec] = [("其他主动公开文件", 3, 1), *("9" for _ in range(7))]
    note: list[Spec] = [("注：另有咨询45件，2023年起单独统计。", 10, 1)]
    found = read(table([*HEAD, FIRST, SECOND, extra, note]))
    assert left(found) == [("9", "row")] * 7 + [("注：另有咨询45件，2023年起单独统计。", "note")]
    annex = table([*HEAD, [FIRST[0], *["8"] * 7], SECOND], 2)
    found = read(table([*HEAD, FIRST, SECOND], 1), paragraph("2022年度"), annex)
    assert left(found) == [("8", "table")] * 7 + [(str(x), "table") for x in SECOND[1:]]


def test_nothing_is_left_over_of_official_tables() -> None:
    labels = [["1.属于国家秘密", *["0"] * 7], ["（二）部分公开（区分处理的，只计这一情形，不计其他情形）", *["0"] * 7]]
    rows: list[list[Spec]] = [*HEAD, FIRST, *([(str(a), 3, 1), *b] for a, *b in labels)]
    assert not read(table(rows), table(line(*FIFTEEN), 2)).leftovers


def test_what_could_not_be_told_is_unresolved_and_not_left_over() -> None:
    found = read(table([["项目", *NAMES, *NAMES], [LABEL, *FIRST[1:], *FIRST[1:]]]))
    assert len(open_columns(found)) == 7
    assert not found.leftovers


@pytest.mark.parametrize("form_id", ["2021", "2019", "2014", "zhejiang-2013", "fujian"])
def test_generated_reports_have_nothing_left_over(form_id: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("left")
    for seed in range(700, 708):
        layout = random_layout(seed, ("docx", "html", "md", "txt")[seed % 4])  # type: ignore[arg-type]
        path = folder / f"{seed}{suffix(layout)}"
        path.write_bytes(render(make_truth(seed, form_id), layout))
        for report in extract(path).reports:
            assert not report.leftovers, (seed, report.leftovers[:3])
            assert not report.traces, (seed, report.traces[:3])


def test_leftovers_are_printed_and_counted(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("left") / "report.html"
    path.write_bytes(render(make_truth(3, "2021"), clean_layout("html")))
    extraction = extract(path)
    assert extraction.to_json()["reports"][0]["leftovers"] == []
    assert checks.check(extraction).to_json()["reports"][0]["leftovers"] == 0


# --- rows that could be several


def test_rows_under_labels_that_may_be_several_are_open_and_neither_extra_nor_missing() -> None:
    first: list[Spec] = [("（一）予以公开", 3, 1), *("0" for _ in range(7))]
    last: list[Spec] = [("3.危及“三安全一稳定”", 3, 1), *("0" for _ in range(7))]
    damaged: list[Spec] = [("□于国□□密□", 3, 1), *("5" for _ in range(7))]
    found = read(table([*HEAD, FIRST, SECOND, first, damaged, last]))
    assert not found.layouts[0].extra
    traced = {t.row for t in found.traces}
    assert traced and traced <= {"partially_granted", "denied_state_secret", "denied_prohibited_by_law"}
    for row in traced:
        assert row is not None and len(open_columns(found, row)) == 7
        assert not values(found, row)


# --- tables that were seen and not read


HEADING = paragraph("四、政府信息公开行政复议、行政诉讼情况")


def traced(*blocks: Paragraph | Table, there: str = "article20 requests") -> list[Trace]:
    return traces.of_tables(blocks, "2021", set(there.split()))


def test_a_heading_alone_is_no_trace() -> None:
    prose = paragraph("2023年，本机关行政复议0件，行政诉讼0件，结果维持0件，结果纠正0件，尚未审结0件。")
    end = paragraph("五、存在的主要问题及改进情况")
    assert not traced(HEADING, prose, end)
    assert not traced(HEADING, paragraph("本年度无。"), end)


@pytest.mark.parametrize(
    "printed",
    [
        ["行政复议 行政诉讼", "结果维持 结果纠正 其他结果 尚未审结 总计", "未经复议直接起诉 复议后起诉"],
        [*"结果维持结果纠正其他结果尚未审结总计未经复议直接起诉复议后起诉"],
        ["4 1 0 1 6 2 0 0 0 2 1 0 0 0 1"],
        [*"410162000210001"],
        ["结果维持", "结果纠正", "4", "1"],
    ],
)
def test_heads_and_figures_that_were_not_read_are_traces(printed: list[str]) -> None:
    found = traced(HEADING, *map(paragraph, printed), paragraph("五、存在的主要问题及改进情况"))
    assert [(t.table, t.row) for t in found] == [("disputes", None)]
    assert found[0].printed
    # The same figures under another heading are not this table's.
    if printed[0][0].isdigit():
        assert not traced(HEADING, paragraph("无。"), paragraph("五、存在的问题"), *map(paragraph, printed))


def test_what_is_left_of_a_grid_under_its_own_heading_is_a_trace() -> None:
    left: list[list[Spec]] = [["行政复议", "行政诉讼"]]
    assert [t.table for t in traced(HEADING, table(left))] == ["disputes"]
    # Words in a line of text, or a grid under another heading, may be about anything.
    assert not traced(HEADING, paragraph("行政复议 行政诉讼"))
    assert not traced(HEADING, paragraph("无。"), paragraph("五、存在的主要问题及改进情况"), table(left))


def test_the_cells_of_a_table_that_was_seen_are_open() -> None:
    (trace,) = traced(HEADING, paragraph("4 1 0 1 6 2 0 0 0 2 1 0 0 0 1"))
    cells = open_cells.of_trace(trace, "2021", None)
    assert len(cells) == 15 and {u.reason for u in cells} == {"label"}


def test_a_row_whose_label_stands_in_the_grid_is_not_missing() -> None:
    rows: list[list[Spec]] = [*HEAD, FIRST, [("二、上年结转政府信息公开申请数量", 10, 1)]]
    grid = table(rows)
    found = read(grid)
    assert [(t.table, t.row) for t in traces.of_rows([grid], "2021", found.layouts)] == [("requests", "carried_over")]


def test_labels_of_several_rows_and_columns_are_those_of_the_row_behind_the_last_one_met() -> None:
    """其他 alone is a column's head too; 果 他处理 3.其他 are the last lines of labels that stand side by side."""
    grid = table([*HEAD, FIRST])
    missing = read(grid).layouts

    def rows(*blocks: Paragraph | Table) -> set[str | None]:
        return {t.row for t in traces.of_rows([grid, *blocks], "2021", missing)} - {None}

    before: list[Spec] = [("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", 10, 1)]
    assert "other_remaining" in rows(table([before, [("其他", 10, 1)]]))
    assert "other_remaining" not in rows(table([[("其他", 10, 1)]]))
    assert "other_remaining" not in rows(table([before, ["其", "他"]]))
    assert "other_remaining" in rows(paragraph("果 他处理 3.其他"))
    total = paragraph("果 （七）总计")
    assert "processed_total" in rows(total)
    assert "processed_total" not in rows(paragraph("五、存在的主要问题及改进情况"), total)


def _check(text: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Extraction, list[str]]:
    path = tmp_path_factory.mktemp("seen") / "report.txt"
    path.write_text(text, "utf-8")
    extraction = extract(path)
    return extraction, [
        f"{f.rule} {f.table}" for f in checks.check(extraction).findings if f.rule.startswith("structure")
    ]


REPORT = """清河县教育局2023年政府信息公开工作年度报告
一、总体情况
全年收到申请3件。
四、政府信息公开行政复议、行政诉讼情况
{table}
五、存在的主要问题及改进情况
"""


def test_a_table_that_was_seen_is_not_called_missing(tmp_path_factory: pytest.TempPathFactory) -> None:
    seen, findings = _check(REPORT.format(table="维持情况 纠正情况\n4 1 0 1 6 2 0 0\n0 2 1 0 0 0"), tmp_path_factory)
    assert "structure.not_read disputes" in findings
    assert "structure.missing_table disputes" not in findings
    assert {u.address.split(".")[0] for u in seen.reports[0].unresolved} == {"disputes"}
    assert "structure.missing_table requests" in findings
    gone, findings = _check(REPORT.format(table="本年度没有发生。"), tmp_path_factory)
    assert "structure.missing_table disputes" in findings
    assert not gone.reports[0].unresolved


def test_a_row_under_a_filter_is_not_missing() -> None:
    found = read(table([*HEAD, FIRST, SECOND]))
    hidden = [Residue("hidden", "（一）予以公开 1 0 0 0 0 0 1", Place(row=27)), Residue("hidden", "网站导航", Place())]
    assert [t.row for t in traces.of_rows([], "2021", found.layouts, hidden)] == ["granted"]


def test_a_piece_of_a_head_on_a_line_of_its_own_is_no_row() -> None:
    rows: list[list[Spec]] = [
        ["行政复议", "行政诉讼"],
        [*COLUMNS, "未经复议直接起诉"],
        ["复议后起诉", *[""] * 8],
        [*COLUMNS, *COLUMNS],
        FIFTEEN,
    ]
    found = read(table(rows, ragged=True))
    assert [f.value for f in found.facts] == list(range(15))


# -- blanks beside figures without a place -----------------------------------------------------------------------------


def _fact(address: str, printed: str, row: int, method: Method = "anchored") -> Fact:
    value = int(printed) if printed else None
    place = Place(page=1, table=2, row=row, column=3, box=(0, 0, 9, 9))
    return Fact(address, value, "number" if printed else "blank", printed, "件", place, method)


def _left(reason: Literal["row", "column", "serial"], row: int) -> Leftover:
    return Leftover("requests", "7", reason, Place(page=1, table=2, row=row, column=9))


EMPTY = _fact("requests.granted.total", "", 5)
BESIDE = [_fact("requests.new_received.total", "7", 3), _fact("requests.new_received.other", "", 3)]


def test_an_empty_row_is_open_while_a_row_of_figures_has_no_place() -> None:
    assert without_place([EMPTY, *BESIDE], [], [_left("row", 6)], set()) == [EMPTY]
    assert without_place([EMPTY, *BESIDE], [], [], set()) == []
    assert without_place([EMPTY, *BESIDE], [], [_left("serial", 5)], set()) == []
    # Where rules part the cells, and where the format has cells, a blank is seen to be one.
    assert without_place([_fact("requests.granted.total", "", 5, "ruled")], [], [_left("row", 6)], set()) == []


def test_an_empty_cell_is_open_while_a_figure_of_its_line_has_no_place() -> None:
    assert without_place(BESIDE, [], [_left("column", 3)], set()) == [BESIDE[1]]
    assert without_place(BESIDE, [], [_left("column", 4)], set()) == []
    unsure = Unresolved("requests.new_received.natural_person", "7", "label", [], Place(page=1))
    assert without_place(BESIDE, [unsure], [], set()) == [BESIDE[1]]


def test_without_rules_a_figure_in_a_head_s_cell_is_a_row_s() -> None:
    rows: list[list[Spec]] = [
        ["信息内容", "本年处理决定数量"],
        ["行政处罚\n283", ""],
        ["行政强制", "4"],
    ]
    printed = replace(table(rows), method="anchored")
    assert left(read(printed)) == [("行政处罚\n283", "row")]
    # Where cells are cells a number below words is theirs; years and short numbers are a label's anywhere.
    assert left(read(table(rows))) == [("行政处罚\n283", "note")]
    for words in ("行政处罚\n12", "行政处罚\n2023年"):
        beside = left(read(replace(table([rows[0], [words, ""], rows[2]]), method="anchored")))
        assert ("row" in {reason for _, reason in beside}) is False


def test_heads_are_nobodys_figures() -> None:
    """A print that leaves the figures of table four out shows its heads a second time, or nothing."""
    found = read(
        table(
            [
                [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
                [("结果维持", 1, 1), ("结果纠正", 1, 1), ("其他结果", 1, 1), ("尚未审结", 1, 1), ("总计", 1, 1)] * 3,
                [("结果\n维持", 1, 1), *[(str(n), 1, 1) for n in range(14)]],
            ]
        )
    )
    assert all(f.kind != "text" for f in found.facts)


# --- printed pages: what has no place

PAGE = """
青禾县水利局2023年政府信息公开工作年度报告
三、收到和处理政府信息公开申请情况
                                      自然人   商业企业   科研机构   社会公益组织   法律服务机构   其他   总计
一、本年新收政府信息公开申请数量          12          3          1              0              0      0     16
二、上年结转政府信息公开申请数量           1          0          0              0              0      0      1
（一）予以公开                             3          1          0              0              0      0      4
计这一情形的                               2          1          0              0              0      0      3
四、结转下年度继续办理                     2          0          0              0              0      0      2
"""


def _extracted(page: str, path: Path) -> Report:
    path.write_bytes(printed(page))
    return extract(path).reports[0]


def test_rows_of_a_printed_table_are_open_while_figures_of_it_have_no_place(tmp_path: Path) -> None:
    report = _extracted(PAGE, tmp_path / "年报.pdf")
    assert {x.reason for x in report.leftovers} == {"row"}
    open_rows = {u.address.split(".")[1] for u in report.unresolved}
    assert set(report.layouts[0].missing_rows) == open_rows
    assert len(report.facts) + len(report.unresolved) == 7 * 25
    whole = _extracted(PAGE.replace("计这一情形的", "（七）总计  "), tmp_path / "另一份.pdf")
    assert not whole.leftovers
    assert not whole.unresolved
    assert len(whole.layouts[0].missing_rows) == 20


def test_a_row_of_another_label_in_markup_is_none_of_the_missing_ones() -> None:
    report = Report(
        "r", leftovers=[Leftover("requests", "9", "row", Place(table=1, row=3))], layouts=[TableLayout("requests")]
    )
    assert not open_cells.of_leftovers(report, "2021")
    report.leftovers = [replace(report.leftovers[0], place=Place(page=1, table=1, row=3))]
    assert {t.row for t in open_cells.of_leftovers(report, "2021")} >= {"granted", "carried_forward"}


@pytest.mark.parametrize(("words", "open_too"), [("", True), (" ", True), ("其中：县本级", False)])
def test_a_row_of_figures_without_a_word_may_be_any_row_that_was_not_met(words: str, open_too: bool) -> None:
    """Its label is drawn by what a reader does not know; of a row with words of its own nothing follows for others."""
    layout = TableLayout("requests", extra=[PrintedLabel("", words, "unknown", Place(table=1, row=3))])
    found = {t.row for t in open_cells.of_leftovers(Report("r", layouts=[layout]), "2021")}
    assert ("granted" in found) is open_too and ("other_handling" not in found)


# --- the last look: labels broken, run together, or put aside


ZEROS: list[Spec] = ["0"] * 7


def rows_seen(*rows: list[Spec], aside: Sequence[Paragraph] = ()) -> list[str | None]:
    grid = table([*HEAD, FIRST, SECOND, *rows])
    return [t.row for t in traces.of_rows([grid], "2021", read(grid).layouts, (), aside)]


@pytest.mark.parametrize(
    "row",
    [
        ["4.保护第", "三方合", *ZEROS, "法权益"],
        [("5.属于三类内部事务信息4.保护第三方合法权益的", 10, 1)],
        [("4.保护第三方合法（件）１２件", 10, 1)],
    ],
)
def test_a_label_that_is_broken_or_run_into_another_leaves_a_trace(row: list[Spec]) -> None:
    assert "denied_third_party_rights" in rows_seen(row)


def test_a_row_of_which_no_letter_stands_there_stays_missing() -> None:
    # 保护 and 合法 alone, and words that other labels have, are no label.
    assert not rows_seen([("（三）不予公开", 10, 1)], [("注：保护个人信息", 10, 1)])
    assert rows_seen(aside=[paragraph("（一）予以公开")]) == ["granted"]


def test_the_beginning_of_a_label_is_no_heading_of_another_section() -> None:
    grid = table([*HEAD, FIRST, SECOND])
    lines = [
        paragraph("三、收到和处理政府信息公开申请情况"),
        grid,
        paragraph("三、本"),
        paragraph("年度办 （一）予以公开"),
    ]
    assert [t.row for t in traces.of_rows(lines, "2021", read(grid).layouts)] == ["granted"]
    other = [*lines[:2], paragraph("五、存在的主要问题及改进情况"), lines[3]]
    assert not traces.of_rows(other, "2021", read(grid).layouts)


def test_an_empty_grid_under_a_heading_is_its_table_and_elsewhere_none() -> None:
    empty: list[list[Spec]] = [["", "", ""], ["", "", ""]]
    assert [t.table for t in traced(HEADING, table(empty))] == ["disputes"]
    assert not traced(HEADING, paragraph("无。"), paragraph("五、存在的主要问题及改进情况"), table(empty))


def test_letters_of_heads_in_a_grid_of_another_table_are_a_trace() -> None:
    over: list[list[Spec]] = [["行政1复.信议访", "结\n果\n维\n持"], ["未经复议直", "其他结果"], ["0尚", "未审结"]]
    assert [t.table for t in traced(table(over))] == ["disputes"]


def test_no_cell_of_a_row_that_is_there_is_without_a_word() -> None:
    report = Report("r")
    place = Place(table=1, row=3)
    report.layouts = [TableLayout("requests", [PrintedLabel("granted", "（一）予以公开", "official", place)])]
    assert {u.address.split(".")[1] for u in open_cells.unread_cells(report, "2021", [])} == {"granted"}
    assert len(open_cells.unread_cells(report, "2021", [])) == 7
    report.layouts[0].missing_columns = ["total", "research_institution"]
    assert len(open_cells.unread_cells(report, "2021", [])) == 5
    # Its head stands there, broken.
    broken = table([["自然人", "科研", "机构"], ["1", "2", "3"]])
    assert "requests.granted.research_institution" in {
        u.address for u in open_cells.unread_cells(report, "2021", [broken])
    }


HEADS_ONLY = """
清河县教育局2023年政府信息公开工作年度报告

四、政府信息公开行政复议、行政诉讼情况

               行政复议
结果维持   结果纠正   其他结果   尚未审结   总计

       行政诉讼（未经复议直接起诉）
结果维持   结果纠正   其他结果   尚未审结   总计

          行政诉讼（复议后起诉）
结果维持   结果纠正   其他结果   尚未审结   总计

五、存在的主要问题及改进情况
"""


def test_words_that_a_printed_table_has_no_place_for_are_put_aside_and_leave_a_trace(tmp_path: Path) -> None:
    report = _extracted(HEADS_ONLY, tmp_path / "年报.pdf")
    assert {(t.table, t.row) for t in report.traces} == {("disputes", None)}
    assert len(report.unresolved) == 15


@pytest.mark.parametrize(("beside", "blank"), [("0", False), ("19.23", False), ("", True)])
def test_an_empty_row_of_a_printed_table_is_open_beside_a_figure_among_the_labels(beside: str, blank: bool) -> None:
    rows: list[list[Spec]] = [["信息内容", "", "本年处理决定数量"], ["行政许可", "", ""], ["", beside, ""]]
    grid = table([*rows, ["信息内容", "", "本年处理决定数量"], ["行政处罚", "", "7"], ["行政强制", "", "8"]])
    box = (1.0, 2.0, 3.0, 4.0)
    cells = [replace(cell, page=1, box=box) for cell in grid.cells]
    found = read(replace(grid, method="anchored", cells=cells, page=1, whole=True))
    kinds = {f.address: f.kind for f in found.facts}
    assert (kinds.get("article20.licensing.decisions") == "blank") is blank
    assert kinds["article20.penalty.decisions"] == "number"


@pytest.mark.parametrize(("head", "read_as"), [("第二十条第（六）项", None), ("备注", 0)])
def test_a_line_of_a_printed_table_is_open_where_a_figure_stands_under_no_head(head: str, read_as: int | None) -> None:
    """１０ spread over its cell, its first digit far to the left: the title of the part is no head of a column."""
    rows: list[list[Spec]] = [
        ["信息内容", head, "本年处理决定数量"],
        ["行政处罚", "１", "０ 件"],
        ["行政强制", "", "8"],
    ]
    grid = table(rows)
    cells = [replace(cell, page=1, box=(1.0, 2.0, 3.0, 4.0)) for cell in grid.cells]
    found = read(replace(grid, method="anchored", cells=cells, page=1, whole=True))
    facts = {f.address: f.value for f in found.facts}
    assert facts.get("article20.penalty.decisions") == read_as
    assert ("article20.penalty.decisions" in {u.address for u in found.unresolved}) is (read_as is None)
    assert facts["article20.coercion.decisions"] == 8


def test_heads_of_another_printed_table_are_not_counted_on() -> None:
    """Without rules the columns of each table are counted anew: the third is not the third of the table before."""
    head = replace(table([["", *NAMES]]), method="ruled")
    rows: list[list[Spec]] = [["", LABEL, "44", "3", "", "2", "2", "51"]]
    found = read(head, replace(table(rows, 2), method="anchored"))
    assert not found.facts
