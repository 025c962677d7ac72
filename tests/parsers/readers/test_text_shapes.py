"""Every way in which the cells of a statutory table are written in text: the same figures, blanks and marks come back."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from parsers.document import Table
from parsers.extraction import extract
from parsers.readers import text
from parsers.readers.text import markup, separated
from parsers.tables import matching
from schemas.facts import Fact

HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
# Group, label, figures: blanks in the first, a mark in the second, no figure at all in the third.
ROWS = [
    ("", "一、本年新收政府信息公开申请数量", ["33", "7", "", "", "", "1", "41"]),
    ("", "二、上年结转政府信息公开申请数量", ["2", "／", "0", "0", "0", "0", "2"]),
    ("三、本年度办理结果", "（一）予以公开", ["13", "4", "", "", "", "1", "18"]),
    ("", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", ["", "5", "0", "0", "0", "0", "5"]),
    ("", "（七）总计", ["30", "6", "", "", "", "1", "37"]),
    ("", "四、结转下年度继续办理", ["5", "1", "", "", "", "", "6"]),
]
CODES = ["new_received", "carried_over", "granted", "partially_granted", "processed_total", "carried_forward"]
COLUMNS = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_welfare_organization",
    "legal_service_institution",
    "other",
    "total",
]
TRUTH = {
    f"requests.{code}.{column}": figure
    for code, (_, _, figures) in zip(CODES, ROWS, strict=True)
    for column, figure in zip(COLUMNS, figures, strict=True)
}


def _facts(words: str, name: str = "report.txt", year: int = 2023) -> dict[str, Fact]:
    found = matching.match(text.read(words.encode("utf-8"), name).blocks, year)
    return {f.address: f for f in found.facts} if found else {}


def _wrong(facts: dict[str, Fact]) -> list[tuple[str, str, str]]:
    return [(a, f.printed, TRUTH[a]) for a, f in facts.items() if f.printed != TRUTH[a]]


def _labels(group: str, label: str) -> list[str]:
    return [group, label] if group else [label]


def _pushed_together() -> str:
    """A row a line, a bar behind each cell; places of merged cells are left over at the end."""
    lines = ["申请人情况 | | | | | | | | |", f"{' | '.join([*HEADS[:1], '法人或其他组织', '总计'])} | | | | | | |"]
    lines.append(f"{' | '.join(HEADS[1:6])} | | | | |")
    for group, label, figures in ROWS:
        cells = [*_labels(group, label), *figures]
        lines.append(" | ".join([*cells, *[""] * (10 - len(cells))]).replace("|  |", "| |") + " |")
    return "\n".join(lines)


def _a_cell_a_line(behind: str = "", between: str = "", before: str = "", row: str = "") -> str:
    lines: list[str] = []
    for cells in (HEADS, *([*_labels(g, w), *f] for g, w, f in ROWS)):
        lines += [row] if row else []
        for cell in cells:
            lines += [f"{before}{cell}{behind}".strip()] if cell or not between else []
            lines += [between] if between else []
    return "\n".join(lines)


def _blanks_as_lines() -> str:
    """The cells of a row on one line; a blank one breaks it and is a bar alone."""
    lines: list[str] = [" | ".join(HEADS) + " |"]
    for group, label, figures in ROWS:
        line = ""
        for cell in (*_labels(group, label), *figures):
            if cell:
                line += f"{cell} | "
                continue
            lines += [line.strip(), "|"] if line else ["|"]
            line = ""
        lines += [line.strip()] if line else []
    return "\n".join(lines)


def _grid(*, repeated: bool = False) -> list[list[str]]:
    """The places of merged cells written out: blank, or with the cell's words again."""
    stub = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    over = [*["申请人情况"] * 7] if repeated else ["申请人情况", *[""] * 6]
    middle = (
        ["自然人", *["法人或其他组织"] * 5, "总计"] if repeated else ["自然人", "法人或其他组织", *[""] * 4, "总计"]
    )
    leaves = HEADS if repeated else ["", *HEADS[1:6], ""]
    left = [stub, stub] if repeated else [stub, ""]
    rows = [[*left, *over], [*(left if repeated else ["", ""]), *middle], [*(left if repeated else ["", ""]), *leaves]]
    group = ""
    for own, label, figures in ROWS:
        inside = label.startswith("（")
        group = own or group
        if inside:
            rows.append([group if own or repeated else "", label, *figures])
        else:
            rows.append([label, label if repeated else "", *figures])
    return rows


def _csv(delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    wide = [["某局2023年政府信息公开工作年度报告"], ["三、收到和处理政府信息公开申请情况"], *_grid(), []]
    writer.writerows([*row, *[""] * (12 - len(row))] for row in wide)
    return out.getvalue()


SHAPES = {
    "pushed together, spare places at the end": _pushed_together(),
    "a cell a line, a bar behind each": _a_cell_a_line(behind=" |"),
    "a cell a line, a bar in front of each": _a_cell_a_line(before="| "),
    "a cell a line between two bars": _a_cell_a_line(before="| ", behind=" |"),
    "a cell a line, a line of one bar between": _a_cell_a_line(between="|"),
    "a cell a line, a line of one bar in front of every row": _a_cell_a_line(behind=" |", row="|"),
    "blanks as lines of one bar": _blanks_as_lines(),
    "bars around cells, merged places blank": "\n".join(f"| {' | '.join(row)} |" for row in _grid()),
    "bars between cells, merged places blank": "\n".join(" | ".join(row) for row in _grid()),
    "merged cells repeated": "\n".join(f"| {' | '.join(row)} |" for row in _grid(repeated=True)),
    "tabs, merged places blank": "\n".join("\t".join(row) for row in _grid()),
    "tabs, merged places blank, none at the ends of lines": "\n".join("\t".join(row).rstrip("\t") for row in _grid()),
    "tabs, pushed together": "\n".join(
        "\t".join([*_labels(g, w), *f]) for g, w, f in [("", "\t".join(HEADS), []), *ROWS]
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_figures_blanks_and_marks_keep_their_columns(shape: str) -> None:
    facts = _facts(SHAPES[shape])
    assert _wrong(facts) == []
    assert set(facts) == set(TRUTH)
    assert facts["requests.new_received.research_institution"].kind == "blank"
    assert facts["requests.carried_over.commercial_enterprise"].kind == "mark"


@pytest.mark.parametrize(
    "delimiter,quoting", [(",", csv.QUOTE_MINIMAL), (",", csv.QUOTE_ALL), (";", csv.QUOTE_MINIMAL)]
)
@pytest.mark.parametrize("name", ["表.csv", "表.txt"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_sheet_saved_as_csv(delimiter: str, quoting: int, name: str, encoding: str) -> None:
    document = text.read(_csv(delimiter, quoting).encode(encoding), name)
    found = matching.match(document.blocks, 2023)
    assert found is not None
    facts = {f.address: f for f in found.facts}
    assert _wrong(facts) == [] and set(facts) == set(TRUTH)
    assert [p.text for p in document.paragraphs] == [
        "某局2023年政府信息公开工作年度报告",
        "三、收到和处理政府信息公开申请情况",
    ]
    assert facts["requests.new_received.total"].place.line == 6


def test_commas_in_a_text_make_no_sheet() -> None:
    lines = [f"Section {n}, part {n}, item {n}, and so on" for n in range(9)]
    document = text.read("\n".join([*lines, "一, 二", "三", "四, 五", "六", "七"]).encode(), "a.txt")
    assert document.tables == []


def test_spaces_between_cells_leave_no_trace_of_blanks() -> None:
    """Rows that are all there are read; of the others only what the row's sum settles."""
    lines = [" ".join(c for c in (*_labels(g, w), *f) if c) for g, w, f in [("", " ".join(HEADS), []), *ROWS]]
    facts = _facts("\n".join(lines))
    assert _wrong(facts) == []
    assert {a.split(".")[1] for a in facts} >= {"carried_over"}
    assert facts["requests.carried_over.commercial_enterprise"].kind == "mark"
    tables = text.read("\n".join(lines).encode(), "a.txt").tables
    assert [(t.ragged, t.blanks_seen) for t in tables] == [(True, False)]


def test_rows_around_a_bar_for_a_blank_in_front() -> None:
    """Bars between cells only: a line that begins with a bar begins with a blank cell."""
    lines = ["信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数", "规章 | 0 | 0 | 0", "行政规范性文件 | | 1 | 17"]
    heads = ["结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计", " | 1 | | 2 | 3"]
    facts = _facts("\n".join([*lines, "", "行政复议", *heads]))
    assert {a: f.printed for a, f in facts.items() if a.startswith("article20.normative")} == {
        "article20.normative_documents.issued": "",
        "article20.normative_documents.repealed": "1",
        "article20.normative_documents.in_force": "17",
    }
    assert {a.rpartition(".")[2]: f.printed for a, f in facts.items() if a.startswith("disputes.reconsideration")} in (
        {},
        {"upheld": "", "corrected": "1", "other": "", "pending": "2", "total": "3"},
    )


def test_numbers_of_items_may_be_lost() -> None:
    words = "第二十条第\n信息内容\n本年处理决定数量\n行政处罚\n96\n行政强制\n8\n第二十条第\n信息内容\n本年处理决定数量\n行政许可\n12"
    assert {a: f.value for a, f in _facts(words).items()} == {
        "article20.penalty.decisions": 96,
        "article20.coercion.decisions": 8,
        "article20.licensing.decisions": 12,
    }


def test_marks_alone_on_their_lines_are_cells() -> None:
    words = "信息内容\n本年处理决定数量\n行政许可\n/\n行政处罚\n61\n行政强制\n—"
    assert {a.split(".")[1]: f.kind for a, f in _facts(words).items()} == {
        "licensing": "mark",
        "penalty": "number",
        "coercion": "mark",
    }


@pytest.mark.parametrize("before,behind", [("", ""), ("<html><body>", "</body></html>"), ("<div>", "</div>")])
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_tables_of_html_on_one_line(before: str, behind: str, name: str) -> None:
    table = "<table><tr><td>信息内容</td><td>本年处理决定数量</td></tr><tr><td>行政许可</td><td>12</td></tr></table>"
    document = text.read(f"二、主动公开政府信息情况\n\n{before}{table}{behind}\n\n后文".encode(), name)
    assert [len(t.cells) for t in document.tables] == [4]
    assert [p.text for p in document.paragraphs] == ["二、主动公开政府信息情况", "后文"]


def test_a_title_in_the_first_row_of_a_table_is_text() -> None:
    words = "| 某局2023年政府信息公开工作年度报告 | | |\n| --- | --- | --- |\n| 信息内容 | 甲 | 乙 |\n| 规章 | 0 | 0 |"
    document = text.read(words.encode(), "a.md")
    assert [p.text for p in document.paragraphs] == ["某局2023年政府信息公开工作年度报告"]
    assert isinstance(document.blocks[1], Table)


# --- columns held apart by spaces

LAID_OUT = """
                                                          自然       法人或其他组织
  （本列数据的勾稽关系为：第一项加第二项之和，                                        总计
                                                               商业 科研 社会公 法律服 其
  等于第三项加第四项之和）                                  人
                                                               企业 机构 益组织 务机构 他
  一、本年新收政府信息公开申请数量                          33    7                    1    41
  二、上年结转政府信息公开申请数量                           2   ／    0    0    0    0     2
  三、本年   （一）予以公开                                 13    4                    1    18
  度办理结   （二）部分公开（区分处理的，只计这一情形，
  果                                                              5    0    0    0    0     5
             不计其他情形）
             （七）总计                                     30    6                    1    37
  四、结转下年度继续办理                                     5    1                          6
"""


def test_columns_held_apart_by_spaces() -> None:
    """A label wrapped around its figures, one beside several rows; blanks are where nothing stands."""
    facts = _facts("三、收到和处理政府信息公开申请情况\n" + LAID_OUT)
    assert _wrong(facts) == []
    assert {a.rpartition(".")[0] for a in facts} == {f"requests.{code}" for code in CODES}
    assert facts["requests.partially_granted.commercial_enterprise"].place.line == 12


def test_figures_broken_over_lines_are_not_read_in_part() -> None:
    words = [
        "三、收到和处理政府信息公开申请情况",
        " ".join(HEADS),
        "一、本年新收政府信息公开申请数量 12 0 0 0 0 0 12",
        "（一）予以公开  1  4  0  0  0  1  1",
        "               3                 8",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）  5  0  0  0  0  0  5",
        "四、结转下年度继续办理  2  0  0  0  0  0  2",
    ]
    rows = {a.split(".")[1] for a in _facts("\n".join(words))}
    assert "granted" not in rows and "partially_granted" not in rows
    assert {"new_received", "carried_forward"} <= rows


def test_figures_that_stand_beside_the_next_label_are_not_read() -> None:
    words = [
        "三、收到和处理政府信息公开申请情况",
        " ".join(HEADS),
        "（一）予以公开 13 4 0 0 0 1 18",
        "      1.本机关不掌握相关政府信息",
        "（四） 2.没有现成信息需要另行制作    5   2   0   0   0   0   7",
        "提供   3.补正后申请内容仍不明确      1   0   0   0   0   0   1",
        "度                                   2   0   0   0   0   0   2",
        "（七）总计 21 6 0 0 0 1 28",
    ]
    rows = {a.split(".")[1] for a in _facts("\n".join(words))}
    assert not rows & {"unavailable_not_held", "unavailable_needs_creation", "unavailable_still_unclear"}


def test_lines_of_fixed_width_are_paragraphs() -> None:
    prose = [
        "    2023年，全区共收到政府信息公开申请41件，上年结转0件，办结37",
        "件，结转下年度继续办理4件。因政府信息公开被申请行政复议1件。",
    ]
    document = text.read("\n".join([*prose, LAID_OUT]).encode(), "a.txt")
    assert document.paragraphs[0].text == "".join(line.strip() for line in prose)


def test_a_line_of_one_bar_opens_every_row_heads_too() -> None:
    """The last cell of a row carries the spare places; the line of one bar behind the heads is no blank figure."""
    codes = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    rows = [
        ["行政复议", "行政诉讼 |||||||||"],
        [*codes, "未经复议直接起诉", "复议后起诉 ||||"],
        [*codes, *codes[:4], "总计 |||||"],
        ["4", "1", "0", "1", "6", "2", "0", "0", "0", "2", "1", "0", "0", "0", "1"],
    ]
    lines = ["四、政府信息公开行政复议、行政诉讼情况"]
    for row in rows:
        lines += ["|", *(f"{cell} |" for cell in row)]
    facts = _facts("\n".join([*lines, "五、存在的主要问题及改进情况"]))
    assert [f.printed for f in facts.values()] == rows[-1]


def test_a_head_with_another_unit_is_still_that_head() -> None:
    words = "第二十条第（八）项\n信息内容   本年收费金额（万元）\n行政事业性收费   ０．６\n行政许可  3"
    assert {f.printed for f in _facts(words).values()} >= {"０．６"}


@pytest.mark.parametrize(
    "figures,read", [("4 1 0 1 6 2 0 0 0 2 1 0 0 0 1", True), ("4 1 0 1 7 2 0 0 0 2 1 0 0 0 1", False)]
)
def test_fifteen_figures_under_heads_that_cannot_be_used(figures: str, read: bool) -> None:
    """Upright heads, a character a line: the form's order is believed if all three sums bear it out."""
    words = [
        "四、政府信息公开行政复议、行政诉讼情况",
        "行政复议 行政诉讼",
        "结 结 其 尚",
        "果 果 他 未",
        "维 纠 结 审",
        figures,
    ]
    before = ["二、主动公开政府信息情况", "信息内容", "本年处理决定数量", "行政许可", "12", "行政处罚", "3"]
    facts = _facts("\n".join([*before, *words, "五、存在的主要问题及改进情况"]))
    own = {a: f for a, f in facts.items() if a.startswith("disputes")}
    assert [f.printed for f in own.values()] == (figures.split() if read else [])
    assert {f.method for f in own.values()} == ({"order"} if read else set())


def test_a_figure_behind_two_rows_is_neither_s_for_certain() -> None:
    """Programs that walk a page column by column: the label of one row, the next one's head and label, then a figure."""
    rows = ["第二十条第（五）项", "信息内容", "本年处理决定数量", "行政许可", "69"]
    rows += ["第二十条第（六）项", "信息内容", "本年处理决定数量", "行政处罚", "91", "行政强制"]
    last = ["信息内容", "行政事业性收费", "6", "第二十条第（八）项", "本年收费金额（单位：万元）", "1973"]
    facts = _facts("\n".join([*rows, *last]))
    assert facts["article20.licensing.decisions"].value == 69
    assert "article20.fees.amount" not in facts and "article20.coercion.decisions" not in facts
    # Each row with its figure.
    facts = _facts(
        "\n".join(
            [*rows, "6", "第二十条第（八）项", "信息内容", "本年收费金额（单位：万元）", "行政事业性收费", "1973"]
        )
    )
    assert (facts["article20.coercion.decisions"].value, facts["article20.fees.amount"].value) == (6, 1973)


SOAK = bool(os.environ.get("GOUJI_SOAK"))
# Where a row has figures its total is printed, right or wrong.
_ROW = st.tuples(
    st.lists(st.sampled_from(["", "", "0", "0", "3"]), min_size=6, max_size=6), st.sampled_from(["", "0", "3", "9"])
).map(lambda row: [*row[0], row[1] or "0" if "3" in row[0] else row[1].replace("3", "0").replace("9", "")])


# In the suite always the same drawings; `make soak` draws others, and many more of them.
@settings(max_examples=2000 if SOAK else 30, deadline=None, derandomize=not SOAK)
@given(
    rows=st.lists(_ROW, min_size=6, max_size=6),
    caption=st.booleans(),
    heads=st.booleans(),
    behind=st.booleans(),
    tabs=st.sampled_from(["", "\t", "\tstripped"]),
)
@example(
    # Most totals are wrong: nothing tells where the rows stand.
    rows=[[*[""] * 4, "3", "3", "0"]] * 2 + [[""] * 7] * 2 + [[*[""] * 5, "3", "3"], [*[""] * 4, "3", "3", "0"]],
    caption=False,
    heads=False,
    behind=False,
    tabs="",
)
def test_places_of_merged_cells_move_no_figure(
    rows: list[list[str]], caption: bool, heads: bool, behind: bool, tabs: str
) -> None:
    """Rows of zeros and blanks add up wherever they stand: beside padding they are where the heads say, or open."""
    lines = ["某局2023年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况"]
    lines += ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"] if caption else []
    lines += [" | ".join(["", "", "", *HEADS]) + " |"] if heads else []
    truth: dict[str, str] = {}
    # Pushed up to their labels, rows that are blank where those end print the same as rows under the heads.
    spares = [1 if label.startswith("（") else 2 for _, label, _ in ROWS]
    assume(not (heads and behind) or any(any(own[:n]) for own, n in zip(rows, spares, strict=True)))
    for code, (group, label, _), figures in zip(CODES, ROWS, rows, strict=True):
        labels = [label, "", ""] if not label.startswith("（") else [group, label, ""]
        labels, spare = ([c for c in labels if c], labels.count("")) if behind else (labels, 0)
        lines.append(" | ".join([*labels, *figures, *[""] * spare]) + " |")
        truth |= {f"requests.{code}.{column}": f for column, f in zip(COLUMNS, figures, strict=True)}
    if tabs:
        lines = [line.removesuffix(" |").replace(" | ", "\t") for line in lines]
    facts = _facts("\n".join(line.rstrip("\t") if tabs == "\tstripped" else line for line in lines))
    assert [(a, f.printed, truth[a]) for a, f in facts.items() if f.printed != truth[a]] == []
    if heads and not behind and not tabs and any(any(figures) for figures in rows):
        assert set(facts) == set(truth)


@pytest.mark.parametrize("between", ["\t", " | "])
def test_rows_of_blanks_stay_rows(between: str) -> None:
    """Editors may leave tabs at the end of a line; a label with its group in one cell is no head over blank cells."""
    rows = [
        ["申请人情况", *HEADS],
        ["一、本年新收政府信息公开申请数量", "5", *[""] * 5, "5"],
        ["二、上年结转政府信息公开申请数量", *[""] * 7],
        ["（三）不予公开1.属于国家秘密", *[""] * 7],
        ["（三）不予公开2.其他法律行政法规禁止公开", "", "2", *[""] * 4, "2"],
    ]
    end = " |" if between == " | " else ""
    facts = _facts("\n".join(between.join(row) + end for row in rows))
    assert {f.value for a, f in facts.items() if ".carried_over." in a or ".denied_state_secret." in a} == {None}
    assert len(facts) == 28
    # Pushed together, rows of blanks stand between rows with a group in front.
    rows[0], rows[3:] = HEADS, [["三、本年度办理结果", "（一）予以公开", *[""] * 7]]
    facts = _facts("\n".join(between.join(row) + end for row in rows))
    assert len(facts) == 21


def test_a_blank_last_cell_carries_the_bars_of_spare_places_like_a_filled_one() -> None:
    lines = ["|", *[f"{head} |" for head in HEADS[:-1]], f"{HEADS[-1]} |||"]
    for group, label, figures in ROWS:
        cells = [*_labels(group, label), *figures]
        lines += ["|", *[f"{cell} |" for cell in cells[:-1]], f"{cells[-1]} |||"]
    blank = ["|", "（二）部分公开（区分处理的，只计这一情形，不计其他情形） |", *[" |"] * 6, " |||"]
    start = lines.index(f"{ROWS[3][1]} |") - 1
    lines[start : start + 9] = blank
    facts = _facts("\n".join(lines))
    own = {a: f for a, f in facts.items() if ".partially_granted." in a}
    assert len(own) == 7 and {f.kind for f in own.values()} == {"blank"}
    assert _wrong({a: f for a, f in facts.items() if a not in own}) == []


def test_tabs_that_leave_out_blank_cells_are_no_columns() -> None:
    """Short rows without a blank cell in front of a filled one lost blanks anywhere, not only at their ends."""
    rows = [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "0"],
        ["行政规范性文件", "7", "22"],
    ]
    assert _facts("二、主动公开政府信息情况\n" + "\n".join("\t".join(row) for row in rows)) == {}
    rows[1:] = [["规章", "", "0"], ["行政规范性文件", "7", "22"]]
    facts = _facts("二、主动公开政府信息情况\n" + "\n".join("\t".join(row) for row in rows))
    assert [f.printed for f in facts.values()] == ["", "0", "", "7", "22", ""]


def test_two_years_beside_one_another_leave_no_figure_certain() -> None:
    """One line holds this year's row and last year's; a row whose halves came apart is no surer."""
    heads = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
    first, second = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
    lines = ["三、收到和处理政府信息公开申请情况"]
    beside = [f"{first} 1 2 3 4 5 6 21   {first} 9 2 3 4 5 6 29", f"{second} 7 0 0 0 0 0 7"]
    assert not [f for f in _facts("\n".join([*lines, *beside])).values() if f.address.startswith("requests.")]
    alone = [f"{first} 1 2 3 4 5 6 21", f"{second} 7 0 0 0 0 0 7"]
    facts = _facts("\n".join([lines[0], heads, *alone]))
    assert facts["requests.new_received.total"].value == 21
    assert facts["requests.carried_over.total"].value == 7


@pytest.mark.parametrize(("bar", "drawn"), [("|", "+------+------+------+"), ("│", "┼──────┼──────┼──────┼")])
def test_rows_between_drawn_lines_go_over_several_lines(bar: str, drawn: str) -> None:
    """The figures stand on the first line of a row, and the rest of its label below it."""
    rows = [
        [("", "自然人", "商业"), ("", "", "企业")],
        [("一、本年新收政府", "13", "0"), ("信息公开申请数量", "", "")],
        [("二、上年结转政府", "4", "1"), ("信息公开申请数量", "", "")],
        [("（一）予以公开", "2", "")],
    ]
    lines = ["三、收到和处理政府信息公开申请情况", drawn]
    for row in rows:
        lines += [*(f"{bar}{bar.join(cell.ljust(9) for cell in line)}{bar}" for line in row), drawn]
    (table,) = text.read("\n".join(lines).encode(), "report.txt").tables
    labels = [c.text for c in table.cells if c.column == 0]
    assert labels[1:] == ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开"]
    printed = {a: f.printed for a, f in _facts("\n".join(lines)).items()}
    columns = ("natural_person", "commercial_enterprise")
    assert [printed[f"requests.new_received.{c}"] for c in columns] == ["13", "0"]
    assert [printed[f"requests.carried_over.{c}"] for c in columns] == ["4", "1"]
    assert [printed[f"requests.granted.{c}"] for c in columns] == ["2", ""]


def test_several_rows_between_drawn_lines_are_not_one() -> None:
    drawn = "+---+---+"
    lines = [drawn, "|规章|0|", "|行政规范性文件|7|", drawn, "|行政许可|1|", drawn, "|行政处罚|2|", drawn]
    tables = text.read("\n".join(lines).encode(), "report.txt").tables
    assert "规章" in [c.text for table in tables for c in table.cells]
    # The first figure is as wide as its column.
    drawn = "+--------------+----+"
    narrow = [drawn, "|规章          |1234|", "|行政规范性文件|7   |", drawn, "|行政许可      |1   |", drawn]
    tables = text.read("\n".join([*narrow, "|行政处罚      |2   |", drawn]).encode(), "report.txt").tables
    assert "1234" in [c.text for table in tables for c in table.cells]


def _in_boxes(rows: list[list[tuple[str, str]]], *, closed: bool = True) -> str:
    """Rows of lines between drawn ones."""
    drawn = "+----------------+----+"
    lines = ["二、主动公开政府信息情况", drawn]
    for row in rows:
        for own in row:
            cells = (cell + " " * (room - markup.width_of(cell)) for cell, room in zip(own, (16, 4), strict=True))
            lines.append(f"|{'|'.join(cells)}|")
        lines.append(drawn)
    return "\n".join(lines if closed else lines[:-1])


LICENSING, PENALTY = "article20.licensing.decisions", "article20.penalty.decisions"
NARROW = [
    [("第二十条第（五）", ""), ("项", "")],
    [("信息内容", "本年"), ("", "处理"), ("", "决定"), ("", "数量")],
    [("行政许可", "2310"), ("", "05")],
    [("第二十条第（六）", ""), ("项", "")],
    [("信息内容", "本年"), ("", "处理"), ("", "决定"), ("", "数量")],
    [("行政处罚", "17"), ("", "")],
]


@pytest.mark.parametrize("closed", [True, False])
def test_a_figure_that_goes_on_below_in_its_drawn_cell_is_whole(closed: bool) -> None:
    facts = _facts(_in_boxes(NARROW, closed=closed))
    assert (facts[LICENSING].value, facts[PENALTY].value) == (231005, 17)


def test_what_stands_below_a_figure_that_left_room_is_no_part_of_it_for_certain() -> None:
    words = _in_boxes([*NARROW[:2], [("行政许可", "231"), ("", "05")], *NARROW[3:]])
    found = matching.match(text.read(words.encode(), "report.txt").blocks, 2023)
    assert found is not None
    assert [u.reason for u in found.unresolved if u.address == LICENSING] == ["wrapped"]


def test_lines_drawn_under_columns_are_no_marks_of_a_blank_row() -> None:
    lines = [
        "二、主动公开政府信息情况",
        "信息内容                      本年制发件数  本年废止件数  现行有效件数",
        "规章",
        "----------------------------  ------------  ------------  ------------",
        "行政规范性文件                15            14            120",
        "",
        "三、收到和处理政府信息公开申请情况",
        "                              自然人  商业企业  总计",
        "一、本年新收政府信息公开申请数量      3       1         4",
        "二、上年结转政府信息公开申请数量      2       1         3",
        "（一）予以公开                        2       1         3",
    ]
    facts = _facts("\n".join(lines))
    assert facts["article20.normative_documents.in_force"].value == 120
    assert "mark" not in {f.kind for a, f in facts.items() if a.startswith("article20.regulations.")}


def test_heads_that_stand_over_nothing_decide_by_their_order() -> None:
    """A page's end between heads that were pushed together and their rows: 本年增/减 is the second column, not the third."""
    lines = [
        "二、主动公开政府信息情况",
        "第二十条第（八）项\t\t\t",
        "信息内容\t上一年项目数量\t本年增/减\t",
        "",
        "— 3 —",
        "",
        "行政事业性收费\t7\t-1\t",
        "第二十条第（九）项\t\t\t",
        "信息内容\t采购项目数量\t采购总金额\t",
        "政府集中采购\t137\t26997.19\t",
    ]
    facts = _facts("\n".join(lines))
    found = {a: f.value for a, f in facts.items() if a.startswith("article20.fees.")}
    assert found == {"article20.fees.items_last_year": 7, "article20.fees.items_change": -1}


def test_two_labels_above_the_figures_of_one() -> None:
    """Labels stand in one column of a page and figures in another: whose the first figures are is open."""
    first, second = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
    figures = "91 274 23 58 129 35 610"
    facts = _facts("\n".join([first, second, figures, "（一）予以公开", "1 2 3 4 5 6 21"]))
    assert not [a for a in facts if ".carried_over." in a or ".new_received." in a]
    facts = _facts("\n".join([first, figures, "（六）其他处理", "3.其他", "1 2 3 4 5 6 21"]))
    assert facts["requests.other_remaining.total"].value == 21


def test_a_grid_of_drawn_lines_whose_cells_all_fit_on_one_line() -> None:
    """A line under every row: blanks under a head are the places of its columns, not rows of their own."""
    names = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    blank = [""] * 4
    rows = [
        ["行政复议", *blank, "行政诉讼", *[""] * 9],
        [*names, "未经复议直接起诉", *blank, "复议后起诉", *blank],
        [*[""] * 5, *names, *names],
        ["21", "2", "3", "0", "26", "4", "0", "1", "0", "5", "0", "0", "0", "1", "1"],
    ]
    drawn = "+------" * 15 + "+"
    lines = [drawn]
    for row in rows:
        lines += ["| " + " | ".join(row) + " |", drawn]
    facts = _facts("\n".join(["四、政府信息公开行政复议、行政诉讼情况", *lines]))
    assert facts["disputes.reconsideration.upheld"].value == 21
    assert facts["disputes.litigation_after_reconsideration.pending"].value == 1
    assert len([a for a in facts if a.startswith("disputes.")]) == 15


def _raised(*, above: bool, between: str = "") -> str:
    """A line of figures of its own above or below each label; ``between``: what parts the rows."""
    lines = ["三、收到和处理政府信息公开申请情况", " ".join(HEADS), between]
    for _group, label, figures in ROWS:
        own = " " * 40 + "    ".join(f or "0" for f in figures).replace("／", "0")
        pair = [f"     {label}", own]
        lines += [*(reversed(pair) if above else pair), between]
    return "\n".join([*lines, "四、政府信息公开行政复议、行政诉讼情况"])


@pytest.mark.parametrize("above", [True, False])
def test_figures_of_a_line_of_their_own_are_those_of_the_label_beside_them(above: bool) -> None:
    """Blank lines part the rows; what stands between two of them is one row, whichever comes first."""
    facts = _facts(_raised(above=above))
    want = {a: (figure or "0").replace("／", "0") for a, figure in TRUTH.items()}
    assert {a: f.printed for a, f in facts.items()} == want
    assert facts["requests.granted.total"].place.line


def test_figures_above_a_label_without_a_blank_line_are_those_of_the_one_before() -> None:
    """Without blank lines nothing says that figures belong to the label below them."""
    from parsers.readers.text.raised import lowered

    lines = _raised(above=False).split("\n")
    assert lowered(lines) == lines
    close = [line for line in lines if line]
    assert lowered(close) == close
    # Two such lines are no habit of a text.
    # With a blank line between every label and its figures, these come behind the last label.
    apart = [line for pair in zip(close[2:-1:2], close[3:-1:2], strict=True) for line in (pair[0], "", pair[1])]
    assert lowered([*close[:2], *apart, close[-1]]) == [*close[:2], *apart, close[-1]]
    few = ["", "    1  2  3", "  （一）予以公开", "", "    1  2  3", "  （七）总计", ""]
    assert lowered(few) == few
    assert lowered([*few, "    1  2  3", "  四、结转下年度继续办理"]) != few


# Label, unit, value of four rows of the form of 2014.
_OF_2014 = [
    ("（一）主动公开政府信息数", "条", "120"),
    ("其中：主动公开规范性文件数", "条", "9"),
    ("制发规范性文件总数", "件", "12"),
    ("1.政府公报公开政府信息数", "条", ""),
    ("2.政府网站公开政府信息数", "条", "30"),
    ("3.政务微博公开政府信息数", "条", "40"),
]


def _values_of_2014(heads: list[str], cells: list[list[str]]) -> dict[str, Fact]:
    lines = ["政府信息公开情况统计表（2016年度）", *heads, *(cell for row in cells for cell in row)]
    return {a: f for a, f in _facts("\n".join(lines), year=2016).items() if f.kind != "blank"}


def test_a_unit_alone_is_no_value() -> None:
    facts = _values_of_2014(["统计指标", "单位", "统计数"], [[*row] for row in _OF_2014])
    assert {f.printed for f in facts.values()} == {"120", "9", "12", "30", "40"}
    assert "statistics.channel_gazette.value" not in facts


def test_where_rows_have_more_figures_than_a_value_one_alone_is_not_told() -> None:
    """A change since last year, or the next row's number, is what stands behind the label of a blank value."""
    rows = [[*row, "-1"] for row in _OF_2014]
    facts = _values_of_2014(["统计指标", "单位", "统计数", "较上年增减"], [[c for c in row if c] for row in rows])
    assert "statistics.channel_gazette.value" not in facts
    assert not any(f.value == -1 for f in facts.values())
    rows = [[str(k), *row] for k, row in enumerate(_OF_2014, start=1)]
    facts = _values_of_2014(["序号", "统计指标", "单位", "统计数"], [[c for c in row if c] for row in rows])
    assert "statistics.channel_gazette.value" not in facts


def test_values_in_front_of_their_labels_are_not_those_behind() -> None:
    rows = [[value, unit, text] for text, unit, value in _OF_2014]
    assert not _values_of_2014(["统计数", "单位", "统计指标"], rows)


@pytest.mark.parametrize("rule", ["", "├──┼──┼──┤"])
def test_the_end_of_a_head_that_was_broken_leaves_no_blank_figures(rule: str) -> None:
    """Where a head stands on two lines, its second is no line of figures whose other cells are blank."""
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    blank = [""] * 4
    rows = [
        ["行政复议", *blank, "行政诉讼", *[""] * 9],
        [*results, "未经复议直", *blank, "复议后起诉", *blank],
        [*[""] * 5, "接起诉", *[""] * 9],
        [*[""] * 5, *results, *results],
        ["3", "8", "0", "5", "16", "0", "1", "0", "1", "2", "0", "8", "1", "0", "9"],
    ]
    lines = ["四、政府信息公开行政复议、行政诉讼情况"]
    for row in rows:
        lines += [f"|{'|'.join(row)}|", *([rule] if rule else [])]
    own = [
        f for a, f in _facts("\n".join([*lines, "五、存在的主要问题及改进情况"])).items() if a.startswith("disputes")
    ]
    assert [f for f in own if f.kind == "blank"] == []


MERGED = """三、收到和处理政府信息公开申请情况
+------------+--------------+--------+------+------+------+------+------+------+
|                           | 自然人 | 法人或其他组织                   | 总计 |
+------------+--------------+--------+------+------+------+------+------+------+
|            |              |        | 商业 | 科研 | 社会 | 法律 | 其他 |      |
|            |              |        | 企业 | 机构 | 公益 | 服务 |      |      |
|            |              |        |      |      | 组织 | 机构 |      |      |
+------------+--------------+--------+------+------+------+------+------+------+
| 一、本年新收政府信息公开  | 41     | 3    | 0    |      | 2    | 0    | 46   |
| 申请数量                  |        |      |      |      |      |      |      |
+------------+--------------+--------+------+------+------+------+------+------+
| （五）不予 | 4.无正当理由 | 8      | 1    | 0    |      | 2    | 0    | 11   |
| 处理       | 大量反复申请 |        |      |      |      |      |      |      |
+------------+--------------+--------+------+------+------+------+------+------+
|            | 5.要求行政机 | 7      | 0    | 0    |      | 0    | 0    | 7    |
|            | 关确认或重新 |        |      |      |      |      |      |      |
|            | 出具已获取信 |        |      |      |      |      |      |      |
|            | 息           |        |      |      |      |      |      |      |
+------------+--------------+--------+------+------+------+------+------+------+
"""


def test_no_cell_of_a_drawn_table_with_merged_cells_is_certain() -> None:
    (table,) = text.read(MERGED.encode(), "report.txt").tables
    assert {cell.doubt for cell in table.cells} == {"wrapped"} and not _facts(MERGED)


def test_a_line_drawn_under_columns_is_no_row_of_marks_among_cells() -> None:
    lines = ["四、政府信息公开行政复议、行政诉讼情况", "", "--------  --------  --------  --------  ----", "行政复议"]
    lines += ["结果维持  结果纠正  其他结果  尚未审结  总计", "--------  --------  --------  --------  ----"]
    lines += ["          1         1                   2", "--------  --------  --------  --------  ----"]
    assert not [f for f in _facts("\n".join(lines)).values() if f.kind == "mark"]


def test_figures_parted_by_commas_are_no_string_of_digits() -> None:
    """行政许可,310,增加60项,6 in running text: 310 is one figure, not three."""
    head = "信息内容,上一年项目数量,本年增/减,处理决定数量"
    lines = ["赣州市人民政府2019年政府信息公开工作年度报告", "二、主动公开政府信息情况"]
    lines += ["第二十条第（一）项", "信息内容,本年新制作数量,本年新公开数量,对外公开总数量"]
    lines += ["规章,0,0,0", "规范性文件,37,39,47", "第二十条第（五）项", head, "行政许可,310,增加60项,6"]
    lines += [
        "其他对外管理服务事项,2159,增加46项,5",
        "第二十条第（六）项",
        head,
        "行政处罚,1,减少3项,3",
        "行政强制,316,增加30项,3",
    ]
    lines += [
        "第二十条第（八）项",
        "信息内容,上一年项目数量,本年增/减",
        "行政事业性收费,22,增加2项",
        "三、收到和处理政府信息公开申请情况",
    ]
    (report,) = extract(Path("report.txt"), "\n".join(lines).encode()).reports
    assert report.unresolved and not [f for f in report.facts if f.kind == "number"]


def test_rows_whose_cells_hold_line_ends_have_no_blanks_for_certain() -> None:
    """A browser gives a figure in a paragraph of its cell on a line of its own: 条⇥ ⏎ ⏎ 36034."""
    rows = [("（一）主动公开政府信息数", "36034"), ("其中：主动公开规范性文件数", "35"), ("制发规范性文件总数", "82")]
    lines = ["政府信息公开情况统计表", "（2018年度）", "统计指标\t单位\t统计数", "一、主动公开情况\t\t"]
    for label, figure in rows:
        lines += [f"{label}\t条\t", "", figure, "", ""]
    facts = _facts("\n".join(lines), year=2018)
    assert not [f for f in facts.values() if f.kind == "blank"]
    # Blank last cells with a row below that begins with one are whole rows.
    whole = ["二、主动公开政府信息情况", "信息内容\t本年制发件数\t本年废止件数\t现行有效件数"]
    whole += ["规章\t1\t2\t", "\t\t\t", "行政规范性文件\t3\t4\t", "\t\t\t"]
    assert not separated.broken_rows(whole)
    assert separated.broken_rows(["a\tb\tc\td", *["x\t1\t", "\t2"] * 3])


def _in_columns(heads: list[str], rows: list[list[str]]) -> dict[str, Fact]:
    """The table of 2014 as a program writes it that reads a PDF column by column: all figures behind the labels."""
    lines = ["政府信息公开情况统计表（2016年度）", *heads, *(cell for row in rows for cell in row[:-1])]
    return _facts("\n".join([*lines, *(row[-1] for row in rows)]), year=2016)


def test_numbers_that_count_the_rows_are_no_values() -> None:
    """Each stands behind the label above it, as its figure would."""
    rows = [[str(k), text, unit, value or "0"] for k, (text, unit, value) in enumerate(_OF_2014, start=1)]
    assert not _in_columns(["序号", "统计指标", "单位", "统计数"], rows)


def test_figures_that_do_not_count_the_rows_are_values() -> None:
    """Some do, as it happens, and the last one is none of them."""
    rows = [
        [text, unit, value] for (text, unit, _), value in zip(_OF_2014, ["1", "2", "3", "9", "8", "7"], strict=True)
    ]
    facts = _values_of_2014(["统计指标", "单位", "统计数"], rows)
    assert [f.value for f in facts.values()] == [1, 2, 3, 9, 8, 7]


@pytest.mark.parametrize(
    ("heads", "told"), [("统计指标    单位    本年数    上年同期", False), ("统计指标    单位    本年数", True)]
)
def test_under_the_heads_of_two_years_one_figure_may_be_of_either(heads: str, told: bool) -> None:
    both = [f"{text}    {unit}    {value or '7'}" for text, unit, value in _OF_2014]
    if not told:
        both[0] += "    5"
    facts = _facts("\n".join(["政府信息公开情况统计表（2016年度）", heads, *both]), year=2016)
    assert (facts["statistics.channel_website.value"].value == 30) if told else not facts
