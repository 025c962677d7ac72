"""Plain text and Markdown: every layout gives its grid back, and prose stays prose."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from parsers.document import Document, Table, UnreadableError
from parsers.grammar.figures import read as read_figure
from parsers.readers import text
from parsers.tables import matching
from parsers.tables.lost_grid import read as read_lost
from schemas import forms
from schemas.facts import Passage
from schemas.forms import Form

from .pdf import printed

TO_TRADITIONAL = OpenCC("s2t")
Tables = list[tuple[str, list[printed.Grid]]]
Rows = list[list[str]]


def _read(words: str, name: str = "report.txt") -> Document:
    return text.read(words.encode("utf-8"), name)


def _grid(table: Table) -> Rows:
    return [[cell.text for cell in row if cell is not None] for row in table.grid()]


def _filled(table: Table) -> Rows:
    """The words of each row, every cell once."""
    return [[c.text for c in table.cells if c.row == r and c.text] for r in range(table.n_rows)]


def _paragraphs(document: Document) -> list[str]:
    return [p.text for p in document.paragraphs]


# --- bytes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    words = "某市人民政府2023年政府信息公开工作年度报告\n根据《中华人民共和国政府信息公开条例》，现公布本机关年度报告。"
    assert _paragraphs(text.read(words.encode(encoding), "a.txt")) == words.split("\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_line_numbers(end: str) -> None:
    document = _read(
        end.join(["一、总体情况", "", "\u3000\u3000本年度公开信息３条。\u00a0", "\f二、主动公开政府信息情况"])
    )
    assert [(p.text, p.place.line) for p in document.paragraphs] == [
        ("一、总体情况", 1),
        ("本年度公开信息３条。", 3),
        ("二、主动公开政府信息情况", 4),
    ]


def test_nothing_printed() -> None:
    for data in (b"", b"\xef\xbb\xbf", " \n\u3000\r\n\t\f\n".encode()):
        with pytest.raises(UnreadableError) as caught:
            text.read(data, "空.txt")
        assert caught.value.kind == "empty"
        assert "空.txt" in caught.value.message


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_LINES", 3)
    assert len(_read("a\nb\nc").paragraphs) == 3
    with pytest.raises(UnreadableError) as caught:
        _read("a\nb\nc\nd")
    assert caught.value.kind == "too_large"
    monkeypatch.setattr(text, "MAX_BYTES", 2)
    with pytest.raises(UnreadableError):
        _read("abc")


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        document = text.read(data, "x.txt")
    except UnreadableError:
        return
    for table in document.tables:
        assert all(cell.line for cell in table.cells)
        assert table.n_rows and table.n_columns


LINES = ("|", "| a |", "a | b", "|---|---|", "0", "其他", "总计", "一、", "\t", "a\tb", "", "#", "# a", "件")


@given(st.lists(st.sampled_from(LINES)))
@settings(max_examples=200, deadline=None)
def test_no_line_is_lost(lines: list[str]) -> None:
    """Whatever is printed is in a paragraph or a cell."""
    words = "\n".join(["首", *lines])
    document = _read(words)
    kept = "".join(_paragraphs(document)) + "".join(c.text for t in document.tables for c in t.cells)
    for sign in "ab其总一件0":
        assert kept.count(sign) == words.count(sign)


# --- header, headings, paragraphs


def test_header_of_a_scraped_page() -> None:
    document = _read(
        "标题: 某区2021年度政府信息公开工作年度报告\n发布时间: 2022-02-08 16:34\n文号: \n发布机构：某区管委会\n"
        "原文链接: https://example.org/a.htm\n另见附件\n==================== 正文 ====================\n正文: 第一段"
    )
    assert document.title == "某区2021年度政府信息公开工作年度报告"
    assert document.metadata == {
        "标题": "某区2021年度政府信息公开工作年度报告",
        "发布时间": "2022-02-08 16:34",
        "文号": "",
        "发布机构": "某区管委会",
        "原文链接": "https://example.org/a.htm",
    }
    assert [(p.text, p.place.line) for p in document.paragraphs] == [("正文: 第一段", 8)]


def test_front_matter() -> None:
    document = _read('---\ntitle: "年度报告"\ndate: 2024-01-02\n---\n正文', "a.md")
    assert (document.title, document.metadata["date"]) == ("年度报告", "2024-01-02")
    assert _paragraphs(document) == ["正文"]


def test_headings_and_markup_of_markdown() -> None:
    document = _read(
        "# 年度**报告** #\n\n## 一、总体情况\n\n全年**受理** 749\\.5 件，见[附件](a.pdf)。\n\n---\n\n![](图.png)\n",
        "a.md",
    )
    assert [(p.text, p.heading) for p in document.paragraphs] == [
        ("年度报告", 1),
        ("一、总体情况", 2),
        ("全年受理 749.5 件，见附件。", None),
    ]
    assert document.media_type == "text/markdown"
    assert document.title == "年度报告"
    assert document.has_pictures


def test_underlined_heading() -> None:
    document = _read("年度报告\n====\n\n正文", "a.md")
    assert [(p.text, p.heading) for p in document.paragraphs] == [("年度报告", 1), ("正文", None)]


def test_plain_text_keeps_its_signs() -> None:
    document = _read("某区**报告**\n3 * 4\n——某办公室")
    assert document.media_type == "text/plain"
    assert _paragraphs(document) == ["某区**报告**", "3 * 4", "——某办公室"]


# --- pipe tables


def test_pipe_table() -> None:
    document = _read("| 信息内容 | 件数 |\n|:---|---:|\n| 规章 | 0 |\n| 甲\\|乙 | **12** |\n后文", "a.md")
    (table,) = document.tables
    assert _grid(table) == [["信息内容", "件数"], ["规章", "0"], ["甲|乙", "12"]]
    assert (table.ragged, table.method, table.line) == (False, "cells", 1)
    assert [c.line for c in table.cells] == [1, 1, 3, 3, 4, 4]
    assert _paragraphs(document) == ["后文"]


def test_a_label_above_a_pipe_table_is_no_row_of_it() -> None:
    head = "| 类别 | 自然人 | 法人或其他组织 | 总计 |\n|---|---|---|---|\n"
    table = f"{head}| （一）予以公开 | 98 | 19 | 117 |\n"
    document = _read(f"**三、本年度办理结果**\n\n\n{table}", "a.md")
    assert _paragraphs(document) == ["三、本年度办理结果"]
    (found,) = document.tables
    assert not found.ragged and _grid(found)[1] == ["（一）予以公开", "98", "19", "117"]


def test_pipe_table_without_outer_bars_and_with_ragged_rows() -> None:
    document = _read("a | b | c\n--- | --- | ---\n1 | 2\n1 | 2 | 3 | 4\n", "a.md")
    (table,) = document.tables
    assert _grid(table) == [["a", "b", "c"], ["1", "2"], ["1", "2", "3", "4"]]
    assert table.ragged
    assert _read("a | b | c\n---|---|---\n1 | 2\n", "a.md").tables[0].ragged is False


def test_dashes_can_be_marks() -> None:
    assert _grid(_read("| 甲 | 乙 |\n|---|---|\n| - | - |\n", "a.md").tables[0]) == [["甲", "乙"], ["-", "-"]]
    assert _grid(_read("| 甲 | 乙 |\n| - | - |\n", "a.md").tables[0]) == [["甲", "乙"], ["-", "-"]]
    assert _grid(_read("| 甲 | 乙 |\n| - | - |\n| 1 | 2 |\n", "a.md").tables[0]) == [["甲", "乙"], ["1", "2"]]


def test_line_breaks_in_cells() -> None:
    (table,) = _read("| 结果<br>维持 | &nbsp;总计 |\n|---|---|\n| 1 | |\n", "a.md").tables
    assert _grid(table) == [["结果\n维持", "总计"], ["1", ""]]


def test_bars_without_separator() -> None:
    (table,) = _read("索引号 | 620702/2021 | 发文字号 | 号 |\n关键词 | 发布机构 | 某局 | |").tables
    assert _grid(table) == [["索引号", "620702/2021", "发文字号", "号"], ["关键词", "发布机构", "某局", ""]]
    assert _read("首页 | 政务公开 | 年报").tables == []


def test_tables_in_html_within_markdown() -> None:
    document = _read(
        "# 报告\n\n<table><tr><td>规章</td><td>0</td></tr>\n<tr><td>许可</td><td>12</td></tr></table>\n\n后文\n", "a.md"
    )
    (table,) = document.tables
    assert _grid(table) == [["规章", "0"], ["许可", "12"]]
    assert {c.line for c in table.cells} == {3}
    assert _paragraphs(document) == ["报告", "后文"]


# --- tabs


def test_tabs() -> None:
    document = _read("一、总体情况\n信息内容\t制发\t废止\n规章\t0\t\n\t12\t3\n后文")
    (table,) = document.tables
    assert _grid(table) == [["信息内容", "制发", "废止"], ["规章", "0", ""], ["", "12", "3"]]
    assert (table.line, table.ragged) == (2, False)
    assert _paragraphs(document) == ["一、总体情况", "后文"]


def test_tabs_that_are_no_table() -> None:
    assert _read("\t首行缩进。\n\t\t再缩进。").tables == []
    assert _read("日期\t2024年1月2日").tables == []


def test_a_label_alone_among_tabbed_rows() -> None:
    (table,) = _read("（一）予以公开\t1\t0\n三、本年度办理结果\n（二）部分公开\t2\t0").tables
    assert _grid(table) == [["（一）予以公开", "1", "0"], ["三、本年度办理结果"], ["（二）部分公开", "2", "0"]]


# --- one cell a line


def test_one_cell_a_line_with_bars() -> None:
    lines = "指標名稱 |\n單位 |\n數據統計 |\n一、主動公開數量 |\n條 |\n48711 |\n(一)依申請方式 |\n||\n1.當面申請數 |\n件 |\n16\n衢州市人民政府報告"
    document = _read(lines)
    (table,) = document.tables
    assert _grid(table) == [
        ["指標名稱", "單位", "數據統計"],
        ["一、主動公開數量", "條", "48711"],
        ["(一)依申請方式"],
        ["1.當面申請數", "件", "16"],
    ]
    assert table.ragged
    assert [c.line for c in table.cells] == [1, 2, 3, 4, 5, 6, 7, 9, 10, 11]
    assert _paragraphs(document) == ["衢州市人民政府報告"]


def test_bars_alone_in_a_row_are_blank_cells() -> None:
    rows = "一、本年新收政府信息公开申请数量 |\n3 |\n|\n|\n1 |\n|\n|\n4 |\n||\n三、本年度办理结果 |\n（一）予以公开 |\n2 |\n|\n|\n|\n|\n|\n2 |"
    (table,) = _read(rows).tables
    assert _grid(table) == [
        ["一、本年新收政府信息公开申请数量", "3", "", "", "1", "", "", "4"],
        ["三、本年度办理结果", "（一）予以公开", "2", "", "", "", "", "", "2"],
    ]


def test_bars_that_end_rows_are_no_blank_cells() -> None:
    """Blank cells were lost, each row ends in a bar, one bar is printed twice: rows of different lengths."""
    rows = "一、本年新收政府信息公开申请数量 |\n3 |\n1 |\n4 |\n|\n|\n二、上年结转政府信息公开申请数量 |\n2 |\n2 |\n|"
    (table,) = _read(rows).tables
    assert _grid(table) == [
        ["一、本年新收政府信息公开申请数量", "3", "1", "4", ""],
        ["二、上年结转政府信息公开申请数量", "2", "2"],
    ]
    # Fewer cells than the form has columns: which of them the figures are is not known, but what they add up to is.
    matched = matching.match(_read("申请人情况 |\n" + rows).blocks, 2023)
    assert matched is not None
    assert {(f.address.split(".")[1:][0], f.address.split(".")[2], f.value) for f in matched.facts} == {
        ("new_received", "total", 4),
        ("carried_over", "total", 2),
    }


def test_one_cell_a_line_without_bars() -> None:
    lines = [
        "二、主动公开政府信息情况",
        "信息内容",
        "本年处理决定数量",
        "行政许可",
        "150件",
        "- 3 -",
        "行政处罚",
        "／",
        "行政强制",
        "约20",
        "其他事项。",
    ]
    document = _read("\n".join(lines))
    (table,) = document.tables
    assert _grid(table) == [
        ["信息内容", "本年处理决定数量"],
        ["行政许可", "150件"],
        ["行政处罚", "／"],
        ["行政强制", "约20"],
    ]
    assert _paragraphs(document) == [lines[0], lines[-1]]


def test_blank_lines_between_cells() -> None:
    (table,) = _read(
        "信息内容\n\n本年处理决定数量\n\n行政许可\n\n150\n\n行政处罚\n\n3\n\n\n\n\n\n五、存在的问题"
    ).tables
    assert _grid(table) == [["信息内容", "本年处理决定数量"], ["行政许可", "150"], ["行政处罚", "3"]]


def test_labels_broken_over_lines_and_misprinted_ones() -> None:
    (table,) = _read("结果\n维持\n结果纠正\n行政许可\n1\n2.其他法律行政法规禁公开\n7\n行政处罚\n3").tables
    assert _grid(table) == [
        ["结果\n维持", "结果纠正"],
        ["行政许可", "1"],
        ["2.其他法律行政法规禁公开", "7"],
        ["行政处罚", "3"],
    ]


def test_short_lines_of_prose_are_no_table() -> None:
    assert _read("行政许可\n本年度办理许可事项若干。\n行政处罚\n2021\n无\n").tables == []
    assert _read("附件1\n序号\n单位名称\n考核得分\n1\n八家户农场\n98\n2\n茫丁乡\n94.5\n").tables == []
    assert _read("其他\n总计\n").tables == []


# --- every form in every layout


def _without_blanks(tables: Tables, *, bare: bool) -> Rows:
    rows: Rows = []
    for _, found in tables:
        for grid in found:
            own = [[cell for cell in row if cell] for row in grid.rows]
            if bare and printed.heads_of(grid) == 3:
                own = [own[0] + own[1] + own[2], own[3]]  # nothing tells where one row of heads ends
            rows += own
    return rows


def _levelled(tables: Tables) -> Rows:
    return [row for _, found in tables for grid in found for row in printed.level(grid)]


def _traditional(rows: Rows) -> Rows:
    return [[TO_TRADITIONAL.convert(cell) for cell in row] for row in rows]


LAYOUTS: dict[str, tuple[Callable[[Tables], str], Callable[[Tables], Rows]]] = {
    "bars": (lambda t: printed.one_cell_a_line(t, bars=True), lambda t: _without_blanks(t, bare=False)),
    "bare": (lambda t: printed.one_cell_a_line(t, bars=False), lambda t: _without_blanks(t, bare=True)),
    "traditional": (
        lambda t: TO_TRADITIONAL.convert(printed.one_cell_a_line(t, bars=False)),
        lambda t: _traditional(_without_blanks(t, bare=True)),
    ),
    "tabs": (printed.tabs, _levelled),
    "markdown": (printed.markdown, _levelled),
    "markdown without outer bars": (lambda t: printed.markdown(t, outer=False), _levelled),
}
CASES = [(form, variant, layout) for form, variant in printed.all_forms() for layout in LAYOUTS]


def _name(value: object) -> str:
    return value.id if isinstance(value, Form) else str(value)


@pytest.mark.parametrize("form,variant,layout", CASES, ids=_name)
@given(st.integers(0, 10**9))
@settings(max_examples=4, deadline=None)
def test_grids_come_back(form: Form, variant: str | None, layout: str, seed: int) -> None:
    rng = random.Random(seed)
    truth = printed.values(form, rng, variant)
    tables = printed.grids(form, truth, variant)
    render, expected = LAYOUTS[layout]
    document = _read(render(tables))
    assert [row for table in document.tables for row in _filled(table)] == [
        [c for c in r if c] for r in expected(tables)
    ]
    titles = [TO_TRADITIONAL.convert(title) if layout == "traditional" else title for title, _ in tables]
    assert _paragraphs(document) == titles


GOLD = ("quzhou-2013.json", "quzhou-2020.json", "2025-shuyang-county.json", "2023-hongze-district.json")


def _gold_values(gold: dict[str, Any]) -> tuple[Form, str | None, printed.Values]:
    form = forms.load(gold["form"])
    values = {a: Decimal(str(v)) if isinstance(v, float) else int(v) for a, v in gold["facts"].items()}
    variant = next((v.id for v in form.variants if any(f".{c}." in a for c in v.present for a in values)), None)
    return form, variant, values


@pytest.mark.shared
@pytest.mark.parametrize("name", GOLD)
@pytest.mark.parametrize("layout", [*LAYOUTS, "joined"])
def test_the_same_figures_in_every_layout(shared: Path, name: str, layout: str) -> None:
    form, variant, truth = _gold_values(json.loads((shared / "gold" / name).read_text(encoding="utf-8")))
    if layout == "joined":
        document = _read(printed.joined(form, truth, random.Random(0), variant))
        passages = [Passage(p.text, p.place) for p in document.paragraphs]
        solved = read_lost(passages)
        assert solved is not None
        assert {f.address for f in solved.facts} | {u.address for u in solved.unresolved} == set(truth)
        facts = solved.facts
    else:
        matched = matching.match(_read(LAYOUTS[layout][0](printed.grids(form, truth, variant))).blocks)
        assert matched is not None and matched.form == form.id
        assert {f.address for f in matched.facts} == set(truth)
        facts = matched.facts
    # A negative change is printed with its sign.
    assert [f for f in facts if f.value != truth[f.address]] == []


# --- the real documents


@pytest.mark.shared
def test_four_reports_in_one_file(shared: Path) -> None:
    path = shared / "seeds" / "quzhou-guangdong-annual-reports.txt"
    start = time.perf_counter()
    document = text.read(path.read_bytes(), path.name)
    assert time.perf_counter() - start < 0.5
    tables = document.tables
    assert [(t.line, t.n_rows) for t in tables] == [(77, 37), (225, 18), (296, 26), (520, 4)]
    assert _grid(tables[0])[:2] == [["指標名稱", "單位", "數據統計"], ["一、主動公開數量", "條", "48711"]]
    assert _grid(tables[1])[3] == ["規范性文件", "150件", "150件", "1368件"]
    assert _grid(tables[2])[7] == ["(三)不予公開", "1.屬于國家秘密", "1", "0", "0", "0", "0", "0", "1"]
    assert _grid(tables[3])[3] == [*["15", "5", "15", "2", "37", "7", "3", "48", "4", "62", "4", "1", "3", "1", "9"]]
    assert all(len(_grid(tables[2])[r]) in (8, 9) for r in range(3, 26))


@pytest.mark.shared
@pytest.mark.parametrize("name", ["quzhou-2013.json", "quzhou-2020.json"])
def test_real_tables_with_one_cell_a_line(shared: Path, name: str) -> None:
    gold = json.loads((shared / "gold" / name).read_text(encoding="utf-8"))
    path = shared / "seeds" / gold["source"]
    first, last = (59, 187) if gold["year"] == 2013 else (187, 562)
    lines = path.read_bytes().splitlines()[first - 1 : last - 1]
    matched = matching.match(text.read(b"\n".join(lines), path.name).blocks, gold["year"])
    assert matched is not None and matched.form == gold["form"]
    assert {f.address: Decimal(str(f.value)) for f in matched.facts} == {
        a: Decimal(str(v)) for a, v in gold["facts"].items()
    }


@pytest.mark.shared
def test_markdown_of_a_character_reader(shared: Path) -> None:
    path = shared / "reports" / "2025-shuyang-county.md"
    document = text.read(path.read_bytes(), path.name)
    assert document.media_type == "text/markdown"
    assert len(document.tables) == 19
    assert _grid(document.tables[-1]) == [
        ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
        ["8", "0", "1", "1", "10"],
    ]
    assert [p.text for p in document.paragraphs if p.heading == 2][:3] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
    ]


@pytest.mark.shared
def test_scraped_header(shared: Path) -> None:
    path = shared / "reports" / "2011-pingtan-district.txt"
    document = text.read(path.read_bytes(), path.name)
    assert document.title == "平潭综合实验区2011年政府信息公开工作年度报告"
    assert document.metadata["发布机构"] == "平潭综合实验区管委会办公室"
    assert document.metadata["发布时间"] == "2012-04-11 00:00"
    assert [p.place.line for p in document.paragraphs] == [10]


@pytest.mark.shared
def test_circulars_keep_their_lists_as_paragraphs(shared: Path) -> None:
    path = shared / "seeds" / "jinghe-2020-assessment-scores.txt"
    document = text.read(path.read_bytes(), path.name)
    assert document.tables == []
    assert "94.5" in _paragraphs(document)


@pytest.mark.parametrize("lost", ["\ufffd", "\x0e", "\x1c", "\x85", "\ue123"])
@pytest.mark.parametrize("layout", ["| {} | {} |", "{}\t{}", "{}\n\n件\n\n{}"])
def test_a_figure_that_lost_a_digit_keeps_its_cell(layout: str, lost: str) -> None:
    names = ("受理总数", "当面申请数", "传真申请数", "信函申请数", "网络申请数")
    lines = [
        layout.format(name, figure) for name, figure in zip(names, ("41", "12", f"1{lost}", "6", "8"), strict=True)
    ]
    cells = [c for t in _read("\n".join(lines)).tables for c in t.cells if any(d.isdigit() for d in c.text)]
    assert [c.text for c in cells][2].startswith("1") and read_figure([c.text for c in cells][2]).doubt == "characters"
    assert len(cells) == 5


@pytest.mark.parametrize("bar", ["|", "\t"])
@pytest.mark.parametrize("spare", [0, 2])
def test_rows_filled_up_anywhere_are_read_where_all_of_them_agree(bar: str, spare: int) -> None:
    """No heads, labels of several cells, a spare place within and behind: the same in every row, or nobody knows where."""
    figures = ["3|0|0|0|1|0|4", "|2|||||2", "1|||5|||6", "|||||7|7", "0|0|1|0|0|0|1", "3||||1||4", "2|1|1|1|1|1|7"]
    labels = [
        "（一）予以公开",
        "（二）部分公开",
        "（五）不予处理|1.信访举报投诉类申请",
        "|2.重复申请",
        "|3.要求提供公开出版物",
    ]
    labels += ["|4.无正当理由大量反复申请", "（七）总计"]
    rows = [
        (f"{label}|" if label[0] != "（" or "|" in label else f"{label}||") + row
        for label, row in zip(labels, figures, strict=True)
    ]
    lines = [[*row.split("|"), *[""] * spare] for row in rows]
    text = "\n".join(bar.join([" ", *line, " "] if bar == "|" else line) for line in lines)
    found = matching.match(_read(text).blocks, 2023)
    assert found is not None
    read = {f.address.split(".", 1)[1]: f.printed for f in found.facts}
    codes = [
        "granted",
        "partially_granted",
        "not_processed_petition",
        "not_processed_repeat",
        "not_processed_publication",
    ]
    codes += ["not_processed_excessive", "processed_total"]
    columns = [c.code for c in forms.load("2021").tables["requests"].columns]
    expected = {
        f"{code}.{c}": p
        for code, row in zip(codes, figures, strict=True)
        for c, p in zip(columns, row.split("|"), strict=True)
    }
    assert read == expected
    # One row is filled up otherwise: what is not in its place is open, and no fact is wrong.
    lines[1] = ["（二）部分公开", "", "2", "", "", "", "", "", "2", *[""] * spare]
    text = "\n".join(bar.join([" ", *line, " "] if bar == "|" else line) for line in lines)
    found = matching.match(_read(text).blocks, 2023)
    assert found is not None
    assert all(expected[f.address.split(".", 1)[1]] == f.printed for f in found.facts if "partially" not in f.address)


def _noted(head: str, *notes: str) -> str:
    """Rows whose columns spaces hold apart, with notes behind some of them."""
    rows = ["（一）予以公开", "（二）部分公开", "（五）不予处理  1.信访举报投诉类申请", "2.重复申请", "（七）总计"]
    width = max(map(len, rows)) * 2 + 4
    lines = [" " * width + "自然人  商企    科研    公益    法律    其他    总计"]
    lines[0] += " " * (width + 56 - sum(1 + (c > "\u2e80") for c in lines[0])) + head
    for n, row in enumerate(rows):
        figures = [str(n + 1), "0", "0", "0", "0", "0", str(n + 1)]
        wide = sum(1 + (c > "\u2e80") for c in row)
        lines.append(
            row + " " * (width - wide) + "".join(f"{f:<8}" for f in figures) + (f"{notes[n]}" if n < len(notes) else "")
        )
    return (
        "三、收到和处理政府信息公开申请情况\n"
        + "\n".join(line.rstrip() for line in lines)
        + "\n四、政府信息公开行政复议、行政诉讼情况"
    )


@pytest.mark.parametrize("notes", [("含转办", "", "", "详见附件"), ("含转办2件",), ("含转办", "", "2")])
def test_notes_behind_figures_make_no_other_figures(notes: tuple[str, ...]) -> None:
    found = matching.match(_read(_noted("备注", *notes)).blocks, 2023)
    right = dict(zip(("granted", "partially_granted", "not_processed_petition"), (1, 2, 3), strict=True))
    for fact in found.facts if found is not None else ():
        _, row, column = fact.address.split(".")
        value = right.get(row, 4 if row == "not_processed_repeat" else 5)
        assert fact.value == (value if column in ("natural_person", "total") else 0), fact.address


@pytest.mark.parametrize("heads", [2, 0])
def test_a_row_of_tabs_alone_below_heads_is_a_row_of_blank_cells(heads: int) -> None:
    columns = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    one = [
        "\t".join(["行政复议", *[""] * 4, "行政诉讼", *[""] * 9]),
        "\t".join([*[""] * 5, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4]),
    ]
    lines = [*one[:heads], "\t".join(columns * 3), "\t" * 14]
    found = matching.match(
        _read("\n".join(["四、政府信息公开行政复议、行政诉讼情况", *lines, "五、存在的主要问题"])).blocks, 2023
    )
    assert found is not None
    assert [f.kind for f in found.facts] == ["blank"] * 15


@pytest.mark.parametrize("shown", ['="{}"', "'{}", "{}"])
def test_digits_that_a_sheet_keeps_from_being_counted_are_digits(shown: str) -> None:
    heads = "项目,自然人,商业企业,科研机构,社会公益组织,法律服务机构,其他,总计"
    rows = [
        f"{name},{','.join(shown.format(n) for n in (12, 0, 0, 0, 0, 3, 15))}"
        for name in ("（一）予以公开", "（七）总计")
    ]
    found = matching.match(
        _read("\n".join([heads, *rows, rows[1].replace("（七）总计", "（二）部分公开")]), "a.csv").blocks, 2023
    )
    assert found is not None
    assert [f.value for f in found.facts if ".granted." in f.address] == [12, 0, 0, 0, 0, 3, 15]


def test_digits_under_an_override_are_not_read_as_they_are_written() -> None:
    document = text.read(
        "| 行 | 列 |\n| --- | --- |\n| 甲 | \u202e62\u202c |\n| 乙 | \u202e7\u202c |\n".encode(), "表.md"
    )
    assert [c.text for c in document.tables[0].cells if c.column and c.row] == ["\ufffd\ufffd", "7"]
