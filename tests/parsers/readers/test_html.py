"""The HTML reader: what is printed where, wrong spans, hidden and struck text, bounds on hostile pages."""

from __future__ import annotations

import gc
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Document, Table, UnreadableError
from parsers.grammar.figures import read as read_figure
from parsers.readers import builder, html
from parsers.readers.html import page
from schemas.facts import Place
from tests.parsers.tables.grids import Grid, as_html, grids, read_back


def read(page: str | bytes, name: str = "报告.html") -> Document:
    return html.read(page.encode() if isinstance(page, str) else page, name)


def rows(table: Table) -> list[list[str | None]]:
    """The grid with each cell's text at every position it covers."""
    return [[cell.text if cell else None for cell in row] for row in table.grid()]


def only_table(page: str) -> list[list[str | None]]:
    (table,) = read(page).tables
    return rows(table)


def lines(document: Document) -> list[str]:
    return [p.text for p in document.paragraphs]


def notes(document: Document) -> list[tuple[str, str]]:
    return [(r.kind, r.text) for r in document.residue]


# -- text and paragraphs --------------------------------------------------------------------------------------------


def test_blocks_and_breaks_make_paragraphs() -> None:
    document = read(
        "<h1>某市2023年报告</h1><p>一、总体<b>情</b>况<br>第二行</p>散文<div>块<ul><li>甲</li><li>乙</li></ul>尾</div>"
        "<h2>二、主动公开</h2><p>\n  多   个\n空白&nbsp;不换行 </p><p>&nbsp;</p><pre>首行\n次行</pre>"
    )
    assert lines(document) == [
        *("某市2023年报告", "一、总体情况", "第二行", "散文", "块", "甲", "乙", "尾"),
        *("二、主动公开", "多 个 空白\xa0不换行", "首行", "次行"),
    ]
    assert [p.heading for p in document.paragraphs] == [1, *[None] * 7, 2, None, None, None]
    assert [p.place for p in document.paragraphs] == [Place(paragraph=n) for n in range(1, 13)]


def test_title_and_metadata() -> None:
    document = read(
        '<head><title> 某区报告_\n 某区政府 </title><meta name="ArticleTitle" content="某区2023年报告">'
        '<meta property="PubDate" content="2024-01-25"><meta name="SiteName" content=""><meta name="articletitle" content="后来的">'
        "</head><body>正文</body>"
    )
    assert document.title == "某区报告_ 某区政府"
    assert document.metadata == {"articletitle": "某区2023年报告", "pubdate": "2024-01-25"}
    assert lines(document) == ["正文"]


def test_scripts_comments_and_templates_are_no_text() -> None:
    document = read(
        "<script>var a='<p>1</p>'</script><style>p{color:red}</style><template><p>模板</p></template><noscript>无脚本</noscript>"
        "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]--><p>正<!-- 注 -->文</p>"
        "<p><![if !supportLists]><span>1.</span><![endif]>条目<o:p>&nbsp;</o:p></p><xml><w:Zoom>0</w:Zoom></xml>"
    )
    assert lines(document) == ["正文", "1.条目"]


def test_fields_show_their_values() -> None:
    page = (
        "<table><tr><td>新收<td><input value='61'><td><input type=hidden value=9><input type='checkbox' value='1'></tr>"
        "<tr><td><textarea>甲\n乙</textarea><td><select><option>1<option selected>2</select><td><select><option>0<option>5</select>"
        "</table>"
    )
    assert only_table(page) == [["新收", "61", ""], ["甲\n乙", "2", "0"]]


def test_fragment_and_bare_text() -> None:
    assert lines(read("只有一行字")) == ["只有一行字"]
    assert only_table("<td>行外</td><table><td>1<td>2</table>") == [["1", "2"]]


def test_cells_without_a_table_do_not_run_together() -> None:
    assert lines(read("<div><tr><td>12</td><td>34</td></tr></div>")) == ["12", "34"]


# -- cells ----------------------------------------------------------------------------------------------------------


def test_cell_text_split_over_spans_and_lines() -> None:
    page = (
        "<table><tr><td><p class=MsoNormal><span lang=EN-US style='font-size:9pt'>3</span><span>1</span><font>19</font></p></td>"
        "<td>&nbsp;</td><td><p>本年新</p><p>&nbsp;</p><p>制作<br>数量</p></td><td>\n  7 \n</td><td>\u200b</td></tr>"
        "<tr><td>a<td>\u3000<td>1&nbsp;234<td>２<td>2<span style='display:block'>0</span></tr></table>"
    )
    assert only_table(page) == [
        ["3119", "", "本年新\n制作\n数量", "7", ""],
        ["a", "", "1\xa0234", "２", "2\n0"],
    ]


def test_note_marks_are_not_joined_to_figures() -> None:
    document = read(
        "<table><tr><td>22<sup>①</sup></td><td>16<sup>[2]</sup></td><td><sup>1</sup>5</td><td>7 <sup>*</sup></td></tr>"
        "<tr><td>总计<sup>1</sup></td><td>m<sup>2</sup></td><td><sup>8</sup></td><td>3<span style='vertical-align:super'>4</span></td></tr>"
        "<tr><td>9²</td><td>6<sub>1</sub></td><td>22<sup>（其中修订16件）</sup></td><td>1<sup>st</sup></td></tr></table>"
    )
    assert rows(document.tables[0]) == [
        ["22", "16", "5", "7"],
        ["总计", "m2", "8", "3"],
        ["9", "6", "22（其中修订16件）", "1st"],
    ]
    assert {kind for kind, _ in notes(document)} == {"note_mark"}
    assert [text for _, text in notes(document)] == ["①", "[2]", "1", "*", "1", "4", "²", "1"]
    assert document.residue[1].place == Place(table=1, row=1, column=2)


@pytest.mark.parametrize(
    "tag",
    ["<del>{}</del>", "<s>{}</s>", "<strike>{}</strike>", "<span style='text-decoration: line-through'>{}</span>"],
)
def test_struck_text_is_left_out_and_noted(tag: str) -> None:
    document = read(f"<table><tr><td>申请</td><td>{tag.format('12')}13</td></tr></table>")
    assert rows(document.tables[0]) == [["申请", "13"]]
    assert notes(document) == [("struck", "12")]
    assert document.residue[0].place == Place(table=1, row=1, column=2)


def test_a_struck_table_is_no_empty_table() -> None:
    document = read("<del><table><tr><td>1</td><td>2</td></tr></table></del><p>正文</p>")
    assert not document.tables
    assert notes(document) == [("struck", "12")]


# -- hidden ---------------------------------------------------------------------------------------------------------

TABLE = "<table><tr><td>新收</td><td>61</td></tr></table>"


@pytest.mark.parametrize(
    "hidden",
    [
        f'<div style="DISPLAY: NONE">{TABLE}</div>',
        f"<div style='color:red;display : none !important;'>{TABLE}</div>",
        f"<div hidden>{TABLE}</div>",
        f"<div style='visibility:hidden'>{TABLE}</div>",
        f"<style>.m{{display:none}}</style><div class='x m'>{TABLE}</div>",
        f"<style>@media (min-width:768px){{.m{{display:none}}}}</style><div class='m'>{TABLE}</div>",
        f"<style>.m{{display:none}} @media (max-width: 750px){{.m{{display:block}}}}</style><div class='m'>{TABLE}</div>",
        f"<style>div.m, #q {{ display:none }}</style><div class='m'>{TABLE}</div>",
        f"<style><!-- /* x */ #q{{display:none}} --></style><div id='q' class='m'>{TABLE}</div>",
    ],
)
def test_a_hidden_duplicate_does_not_double_the_table(hidden: str) -> None:
    document = read(f"<p>正文</p>{TABLE}{hidden}")
    assert [rows(t) for t in document.tables] == [[["新收", "61"]]]
    assert notes(document) == [("hidden", "新收61")]


@pytest.mark.parametrize(
    "shown",
    [
        f"<div aria-hidden=true>{TABLE}</div>",
        f"<style>.m{{display:none}}</style><div class='m' style='display:block'>{TABLE}</div>",
        f"<style>.m{{display:none}} .m{{display:block}}</style><div class='m'>{TABLE}</div>",
        f"<style>@media (max-width:750px){{.m{{display:none}}}}</style><div class='m'>{TABLE}</div>",
        f"<style>@media print{{.m{{display:none}}}}</style><div class='m'>{TABLE}</div>",
        f"<style media=print>.m{{display:none}}</style><div class='m'>{TABLE}</div>",
        f"<style>.a .m{{display:none}} .m:hover{{display:none}}</style><div class='m'>{TABLE}</div>",
        f"<style>body{{display:none !important}}</style><div class='m'>{TABLE}</div>",
    ],
)
def test_what_only_looks_hidden_is_read(shown: str) -> None:
    assert [rows(t) for t in read(shown).tables] == [[["新收", "61"]]]


def test_a_visible_duplicate_stays() -> None:
    assert len(read(TABLE + "<div class=mobile>" + TABLE + "</div>").tables) == 2


def test_hidden_cells_go_and_invisible_cells_stay_blank() -> None:
    page = (
        "<table><tr><td>a<td style='display:none'>9<td>1<td style='visibility:hidden'>8<td>2</tr>"
        "<tr style='display:none'><td>x<td>7<td>7<td>7</tr><tr><td>b<td>3<td><span style='visibility: hidden'>5</span><td>4</tr></table>"
    )
    document = read(page)
    assert rows(document.tables[0]) == [["a", "1", "", "2"], ["b", "3", "", "4"]]
    assert notes(document) == [("hidden", "9"), ("hidden", "8"), ("hidden", "x777"), ("hidden", "5")]


# -- grids ----------------------------------------------------------------------------------------------------------


@given(grids(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_random_grids_read_back(grid: Grid, end_tags: bool) -> None:
    (table,) = read("<p>前</p>" + as_html(grid, end_tags=end_tags)).tables
    assert read_back(table) == grid


@given(grids(), grids(), st.data())
@settings(max_examples=60, deadline=None)
def test_random_grids_in_layout_tables_and_sections(first: Grid, second: Grid, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, first.n_rows))
    if any(c.row < cut < c.row + c.rowspan for c in first.cells):
        cut = 0
    pieces = as_html(first).removeprefix("<table>").removesuffix("</table>").split("<tr>")
    inner = "<table><thead>" + "".join(f"<tr>{p}" for p in pieces[1 : cut + 1])
    inner += "</thead><tbody>" + "".join(f"<tr>{p}" for p in pieces[cut + 1 :]) + "</tbody></table>"
    page = (
        "<table><tr><td colspan=2>页眉<tr><td>导航<td><p>一、总体</p>"
        f"{inner}<p>中间</p><table><tr><td>{as_html(second)}</td></tr></table>尾</td></tr></table>"
    )
    document = read(page)
    assert [read_back(t) for t in document.tables] == [first, second]
    assert [t.number for t in document.tables] == [1, 2]
    assert lines(document) == ["页眉", "导航", "一、总体", "中间", "尾"]


def test_a_table_of_one_cell_is_a_box() -> None:
    document = read("<table><tr><td><h3>标题</h3><p>正文</p></td></tr></table>")
    assert not document.tables
    assert [(p.text, p.heading) for p in document.paragraphs] == [("标题", 3), ("正文", None)]
    boxed = "<table><tr><td>新收</td><td><table><tr><td>61</td></tr></table></td></tr></table>"
    assert only_table(boxed) == [["新收", "61"]]


def test_a_data_table_keeps_its_grid_around_a_table_in_a_cell() -> None:
    inner = "<table><tr><td>2</td><td>0</td></tr></table>"
    body = "".join(f"<tr><td>行{n}</td><td>{n}</td><td>{n}</td></tr>" for n in range(3))
    document = read(f"<table>{body}<tr><td>合计</td><td>{inner}</td><td>3</td></tr></table>")
    outer, second = document.tables
    assert rows(outer)[:3] == [[f"行{n}", str(n), str(n)] for n in range(3)]
    # Two figures in one cell: which is the cell's cannot be told, and they are never one.
    (doubtful,) = [c for c in outer.cells if c.doubt]
    assert (doubtful.text, doubtful.doubt) == ("2\n0", "joined")
    assert rows(second) == [["2", "0"]]


def test_a_row_of_figures_with_tables_for_some_of_them_is_no_layout() -> None:
    inner = "<table><tr><td>&nbsp;</td><td>12</td></tr></table>"
    heads = "".join(f"<td>列{n}</td>" for n in range(6))
    figures = "".join(f"<td>{inner if n == 3 else n}</td>" for n in range(6))
    outer = read(f"<table><tr>{heads}</tr><tr>{figures}</tr></table>").tables[0]
    assert rows(outer) == [[f"列{n}" for n in range(6)], ["0", "1", "2", "12", "4", "5"]]
    assert [c.text for c in outer.cells if c.doubt] == ["12"]
    # What frames a page holds more.
    page = f"<table><tr>{heads}</tr><tr><td colspan=6><table><tr><td>本年新收政府信息公开申请</td><td>1</td></tr></table></td></tr></table>"
    assert lines(read(page)) == [f"列{n}" for n in range(6)]


def test_caption_and_loose_text_stand_before_the_table() -> None:
    document = read("<table><caption>表一</caption>散字<tr><td>1</td><td>2</td></tr></table>")
    assert [getattr(b, "text", "表") for b in document.blocks] == ["表一", "散字", "表"]


def test_head_and_foot_stand_where_they_are_printed() -> None:
    page = (
        "<table><tfoot><tr><td>总计<td>3</tfoot><tr><td>甲<td>1<tr><td>乙<td>2<thead><tr><th>名<th>数</thead></table>"
    )
    assert only_table(page) == [["名", "数"], ["甲", "1"], ["乙", "2"], ["总计", "3"]]


@pytest.mark.parametrize("span", ["0", "-3", "abc", "", " ", "NaN", "+", "1e3"])
def test_wrong_colspans_count_as_one(span: str) -> None:
    page = f'<table><tr><td colspan="{span}">a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>'
    assert only_table(page) == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize(
    ("span", "covers"), [("2px", 2), (" 2", 2), ("2.9", 2), ("+2", 2), ("0", 3), ("99", 3), ("65535000", 3)]
)
def test_rowspans_as_browsers_read_them(span: str, covers: int) -> None:
    page = f'<table><tr><td rowspan="{span}">a</td><td>1</td></tr>' + "<tr><td>2</td></tr>" * 2 + "</table>"
    assert [row[0] for row in only_table(page)][:covers] == ["a"] * covers
    assert sum(row[0] == "a" for row in only_table(page)) == covers


def test_rowspans_end_with_their_section() -> None:
    page = "<table><thead><tr><th rowspan=5>名<th>数</thead><tbody><tr><td>甲<td>1</tbody></table>"
    assert only_table(page) == [["名", "数"], ["甲", "1"]]


def test_colspan_beyond_all_bounds_reaches_the_edge() -> None:
    page = "<table><tr><td colspan=1000000>标题<tr><td>a<td>b<td>c<tr><td>x<td colspan=5000>y<td>z<tr><td>1<td>2<td>3<td>4</table>"
    assert only_table(page) == [
        ["标题"] * 4,
        ["a", "b", "c", None],
        ["x", "y", "y", "z"],
        ["1", "2", "3", "4"],
    ]


def test_overlapping_spans_keep_the_first_cell() -> None:
    page = "<table><tr><td>a<td rowspan=2>b<td>c<tr><td colspan=3>d<td>e<tr><td>1<td>2<td>3<td>4</table>"
    grid = only_table(page)
    assert grid[1][:3] == ["d", "b", "d"]
    assert grid[1][3] == "e"
    assert grid[2] == ["1", "2", "3", "4"]


def test_missing_end_tags_and_forms_between_rows() -> None:
    page = "<table><form><tr><td>a<td><div>1<td>2<tr><td>b<td>3<td>4</form></table><p>后"
    document = read(page)
    assert rows(document.tables[0]) == [["a", "1", "2"], ["b", "3", "4"]]
    assert lines(document) == ["后"]


# -- pictures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "holds"),
    [
        ("<img src='t.png'>", True),
        ("<img src='t.png' width=600 height=400>", True),
        ("<img src='icon.gif' width=16 height=16>", False),
        ("<a href='/'><img src='banner.jpg'></a>", False),
        ("<a href='/files/2023.docx'>附件</a>", True),
        ("<a href='/list.html'>更多</a>", False),
        ("<iframe src='r.pdf'></iframe>", True),
        ("<div style='display:none'><img src='t.png'></div>", False),
    ],
)
def test_pictures_that_may_hold_a_table(markup: str, holds: bool) -> None:
    assert read(f"<p>正文</p>{markup}").has_pictures is holds


def test_a_page_of_pictures_is_a_scan() -> None:
    with pytest.raises(UnreadableError) as caught:
        read("<p><img src='1.jpg'></p><p><img src='2.jpg'></p>")
    assert caught.value.kind == "scan"


# -- encodings ------------------------------------------------------------------------------------------------------

PAGE = (
    "<html><head><meta http-equiv=Content-Type content='text/html; charset={}'><title>某縣政府信息公開工作年度報告</title></head>"
    "<body><p>收到和處理政府信息公開申請情況</p><table><tr><td>總計</td><td>61</td></tr></table></body></html>"
)


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5", "iso-8859-1", "no-such-charset", "unicode_escape"])
@pytest.mark.parametrize("actual", ["utf-8", "gb18030", "big5", "utf-8-sig", "utf-16"])
def test_wrong_declarations_do_no_harm(declared: str, actual: str) -> None:
    document = read(PAGE.format(declared).encode(actual))
    assert document.title == "某縣政府信息公開工作年度報告"
    assert rows(document.tables[0]) == [["總計", "61"]]


def test_zero_bytes_and_control_characters_do_not_end_the_page() -> None:
    assert lines(read("<p>前\x00文\x01</p><p>后\x1f文</p>".encode())) == ["前文", "后文"]


@pytest.mark.parametrize(
    "lost", ["\x00", "\x0b", "\x0e", "\x1c", "\x80", "\x85", "\ufffd", "\ue123", "&#14;", "&#0;", "&#xD800;"]
)
@pytest.mark.parametrize("cell", ["25{}0", "{}25", "25{}", "<b>25</b>{}", "<span>25</span>{}<span>0</span>", "{}"])
def test_a_control_character_in_a_figure_is_not_left_out(cell: str, lost: str) -> None:
    markup = f"<table><tr><td>甲</td><td>{cell.format(lost)}</td></tr><tr><td>乙</td><td>1</td></tr></table>"
    text = rows(read(markup.encode()).tables[0])[0][1]
    assert read_figure(text).doubt == "characters"


@pytest.mark.parametrize("harmless", ["\u200b", "\u00ad", "\ufeff", "\u200e", "\u202c", "&#8203;", "&shy;", "<!-- -->"])
def test_what_carries_nothing_in_a_figure_is_left_out(harmless: str) -> None:
    markup = f"<table><tr><td>甲</td><td>25{harmless}0</td></tr><tr><td>乙</td><td>1</td></tr></table>"
    assert read_figure(rows(read(markup.encode()).tables[0])[0][1]).value == 250


def test_dirt_behind_words_may_hide_a_digit_of_the_figure_after_it() -> None:
    assert lines(read("<p>办结\x01<b>5</b>件</p>".encode())) == ["办结\ufffd5件"]


# -- the real page --------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_shanghai_general_office(shared: Path) -> None:
    document = read((shared / "reports/2019-shanghai-gov-office.html").read_bytes())
    assert [(t.n_rows, t.n_columns) for t in document.tables] == [(18, 5), (26, 10), (4, 15)]
    first, second, third = (rows(t) for t in document.tables)
    assert [row[1:] for row in first[1:4]] == [
        ["本年新\n制作数量", "本年新\n公开数量", "本年新\n公开数量", "对外公开总数量"],
        ["13", "13", "13", "524"],
        ["60", "60", "60", "368"],
    ]
    assert second[3] == [*["一、本年新收政府信息公开申请数量"] * 3, "821", "35", "", "", "2", "1", "859"]
    assert second[4] == [*["二、上年结转政府信息公开申请数量"] * 3, "18", "", "", "", "", "", "18"]
    assert second[-1][3:] == ["72", "", "", "", "", "", "72"]
    assert second[15][3:] == ["252", "12", "", "", "1", "", ""]
    assert third[3] == ["5", "", "", "2", "7", "8", "", "", "1", "9", "", "", "", "", ""]
    assert lines(document)[0] == "2019年上海市人民政府办公厅政府信息公开工作年度报告"


# -- hostile input --------------------------------------------------------------------------------------------------


def refused(page: str | bytes) -> str:
    # As commands read: without collecting garbage, which takes the longer the more tests have run before.
    gc.disable()
    try:
        started = time.process_time()
        with pytest.raises(UnreadableError) as caught:
            read(page, "恶意.html")
        assert time.process_time() - started < 2
    finally:
        gc.enable()
    assert "恶意.html" in caught.value.message
    return caught.value.kind


@pytest.mark.parametrize(
    "page", ["", "  \n", "\ufeff", "<html><body></body></html>", "<!-- 只有注释 -->", "<p>&nbsp;</p>", "\x00\x00"]
)
def test_empty_pages(page: str) -> None:
    assert refused(page) == "empty"


def test_too_many_bytes() -> None:
    assert refused(b"<p>1</p>" * (page.MAX_BYTES // 8 + 1)) == "too_large"


def test_too_many_tags() -> None:
    assert refused("<b>1</b>" * (page.MAX_TAGS // 2 + 1)) == "too_large"


@pytest.mark.parametrize("tag", ["div", "span", "font", "table><tr><td", "ul><li", "b", "blockquote", "sup", "del"])
@pytest.mark.parametrize("depth", [600, 10_000])
def test_deep_nesting(tag: str, depth: int) -> None:
    page = "<p>前</p>" + f"<{tag}>" * depth + "12" + "<p>后</p>"
    started = time.process_time()
    try:
        document = read(page)
    except UnreadableError as error:
        assert error.kind == "too_large"
    else:
        # Where it is read, it is read to the end.
        assert depth == 600 or tag == "b"
        assert any("后" in text for text in [*lines(document), *(r.text for r in document.residue)])
    assert time.process_time() - started < 2


def test_many_end_tags_without_a_beginning() -> None:
    started = time.process_time()
    read("<div>" * 1_000 + "正文" + "</b></table></td>" * 60_000)
    assert time.process_time() - started < 2


def test_spans_of_ten_thousand_times_ten_thousand() -> None:
    started = time.process_time()
    page = (
        "<table>"
        + "<tr>"
        + "<td rowspan=10000 colspan=10000>1</td>" * 50
        + "</tr>"
        + "<tr><td rowspan=10000 colspan=10000>2</td><td>3</td></tr>" * 200
    )
    document = read(page + "</table><p>后</p>")
    assert time.process_time() - started < 2
    (table,) = document.tables
    assert table.n_rows <= builder.MAX_ROWS
    assert table.n_columns <= builder.MAX_COLUMNS


def test_endless_tables_are_cut_and_say_so() -> None:
    started = time.process_time()
    document = read("<table>" + "<tr><td>1<td>2" * (builder.MAX_ROWS + 10) + "</table>")
    assert time.process_time() - started < 2
    assert document.tables[0].n_rows == builder.MAX_ROWS
    assert [p.kind for p in document.problems] == ["too_large"]
    wide = read("<table><tr>" + "<td>1" * (builder.MAX_COLUMNS + 10) + "</table>")
    assert wide.tables[0].n_columns == builder.MAX_COLUMNS
    assert [p.kind for p in wide.problems] == ["too_large"]


def test_too_many_grid_positions() -> None:
    table = "<table>" + "<tr>" * 3_999 + "<tr><td colspan=200>1<td>2</table>"
    assert refused(table * 6) == "too_large"


def test_too_many_cells() -> None:
    assert refused("<table>" + "<tr>" + "<td>" * 150 + "</tr>" + "<tr><td>" * (builder.MAX_CELLS + 1)) == "too_large"


def test_entities_do_not_expand() -> None:
    page = "<!DOCTYPE html [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><p>&b;&b;</p><p>正文</p>"
    assert "正文" in lines(read(page))
    external = "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><p>&x;</p><p>正文</p>"
    assert lines(read(external))[-1] == "正文"


@pytest.mark.parametrize(
    "page",
    [
        "<sup>1</sup> " * 50_000,
        "<table><tr><td>" + " <sup> </sup>" * 50_000,
        "<style>" + ".a{" * 100_000 + "</style>",
        "<style>" + "/*" * 150_000 + "</style>",
        "<style>" + "." * 290_000 + "</style>",
        "<style>@media " + " " * 290_000 + "{}</style>",
        "<style>" + ".a{display:none}" * 15_000 + "</style>" + "<b class=a>1</b>" * 20_000,
        "<del>1" * 1_000 + "<b>1</b>" * 50_000,
        "<p>" + " " * 3_000_000 + "1",
        "<p>" + "&" * 3_000_000,
        "<pre>" + "1\n" * 1_000_000,
        "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
        "<img src=x width='" + " " * 300_000 + "x'>",
    ],
)
def test_nothing_grows_faster_than_the_page(page: str) -> None:
    started = time.process_time()
    try:
        read(page + "<p>后</p>")
    except UnreadableError as error:
        assert error.kind in ("empty", "too_large")
    assert time.process_time() - started < 2


def test_long_tags_and_scripts_are_no_reason_to_refuse() -> None:
    script = "<script>for(i=0;i<n;i++){" + "x = y + z; " * 2_000 + "}</script>"
    picture = f"<img src='data:image/png;base64,{'A' * 50_000}' width=300>"
    assert lines(read(f"<p>甲</p>{script}{picture}<p title='{'字 ' * 9_000}'>乙</p>")) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04" + bytes(60), "unreadable"),
        (b"%PDF-1.4\n", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unreadable"),
    ],
)
def test_other_formats_are_not_read_as_pages(data: bytes, kind: str) -> None:
    assert refused(data) == kind


@pytest.mark.soak
@pytest.mark.shared
def test_mutated_pages_fail_only_in_words(shared: Path) -> None:
    original = (shared / "reports/2019-shanghai-gov-office.html").read_bytes()
    chance = random.Random(20260101)
    for _ in range(150):
        data = bytearray(original)
        for _ in range(chance.randrange(1, 30)):
            start = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[start] = chance.randrange(256)
                case 1:
                    del data[start : start + chance.randrange(1, 200)]
                case 2:
                    data[start:start] = data[(s := chance.randrange(len(data))) : s + chance.randrange(1, 400)]
                case _:
                    data[start:start] = chance.choice(
                        [b"<", b">", b"</td>", b"<table>", b"\x00", b"\xff\xfe", b"&#0;", b"rowspan=9"]
                    )
        try:
            read(bytes(data))
        except UnreadableError as error:
            assert error.message


# -- seen and unseen ---------------------------------------------------------------------------------------------------


def _figure(cell: str, head: str = "", row: str = "") -> tuple[str, str | None]:
    """Text and doubt of the second of two cells."""
    page_ = f"<html><head>{head}</head><body><table><tr {row}><td>标签</td>{cell}</tr></table></body></html>"
    found = html.read(page_.encode(), "x.html").tables[0].cells[1]
    return found.text, found.doubt


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "visibility:hidden",
        "opacity:0",
        "opacity: .01",
        "font-size:0",
        "font: 0/0 a",
        "color:#fff",
        "color: White",
        "color:rgb(255, 255, 255)",
        "color:transparent",
        "color:rgba(0,0,0,0)",
        "position:absolute;left:-9999px",
        "text-indent:-999em;display:inline-block",
        "position:absolute;clip:rect(0,0,0,0)",
        "clip-path: inset(50%)",
        "display:inline-block;height:0;overflow:hidden",
        "transform:scale(0)",
        "filter: opacity(0)",
        "color:hsl(0, 0%, 100%)",
        "color:rgb(255 255 255)",
        "color:ivory",
        "display:var(--gone)",
    ],
)
def test_what_nobody_sees_is_no_figure(style: str) -> None:
    names = "<style>:root {--gone: none}</style>"
    assert _figure(f"<td><span style='{style}'>9</span>558</td>", names) == ("558", None)
    sheet = f"{names}<style>td span.x {{ {style} }}</style>"
    assert _figure("<td><span class='x'>9</span>558</td>", sheet) == ("558", None)


@pytest.mark.parametrize(
    "style",
    [
        "opacity:1",
        "opacity:0.5",
        "font-size:12px",
        "color:#333",
        "color:#ffcc00",
        "background:#fff",
        "position:absolute;left:10px",
        "text-indent:2em",
        "height:0",
        "overflow:hidden",
        "color:#fff;background:#004080",
        "filter:opacity(0.6)",
        "display:var(--gone, inline)",
        "position:relative;top:-2px",
        "float:right",
    ],
)
def test_what_somebody_sees_stays(style: str) -> None:
    assert _figure(f"<td><span style='{style}'>558</span></td>") == ("558", None)


@pytest.mark.parametrize(
    "selector",
    ["td span", "tr > td > span", "span:nth-child(1)", "td span:first-child", "[data-x]", "table td > .x", "td *"],
)
def test_selectors_of_any_kind_hide(selector: str) -> None:
    sheet = f"<style>{selector} {{display:none}}</style>"
    assert _figure("<td><span class='x' data-x='1'>9</span>558</td>", sheet) == ("558", None)


def test_a_rule_shows_again_what_another_hid() -> None:
    sheet = "<style>.pane {display:none} .tabs .on {display:block}</style>"
    text = [
        p.text
        for p in html.read(
            f"<head>{sheet}</head><div class='tabs'><p class='pane'>甲</p><p class='pane on'>乙</p></div>".encode(),
            "x.html",
        ).paragraphs
    ]
    assert text == ["乙"]


def test_white_figures_on_a_ground_are_seen() -> None:
    white = "<td style='color:#fff'>558</td>"
    assert _figure(white, row="bgcolor='#336699'") == ("558", None)
    assert _figure(white, row="style='background-color: navy'") == ("558", None)
    assert _figure(white, head="<style>.a {background: #369}</style>", row="class='a'") == ("558", None)
    assert _figure(white, row="bgcolor='#FFFFFF'") == ("", None)
    assert _figure(white, head="<style>tr {background: #369}</style>") == ("558", None)
    # A sheet that is not in the file may give it a ground: it is not certain.
    assert _figure(white, head="<link rel='stylesheet' href='a.css'>") == ("558", "hidden")


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ("", "<span style='background:#000;color:#000'>9</span>"),
        ("", "<span style='background:#123456;color:rgb(18, 52, 90)'>9</span>"),
        ("<style>.k {background-color:black;color:black}</style>", "<span class='k'>9</span>"),
        ("<style>td {background: #cfe2f3}</style>", "<font color='#CFE2F3'>9</font>"),
        ("<style>td b {color: hsl(0, 0%, 97%)}</style>", "<b>9</b>"),
        ("<style>:root {--p: #eee} td {background: var(--p)} td i {color: var(--p)}</style>", "<i>9</i>"),
        ("<style>tr {background: navy}</style>", "<span style='color:#000080'>9</span>"),
        ("<style>tr {background: navy}</style>", "<u style='-webkit-text-fill-color:navy;color:#fff'>9</u>"),
    ],
)
def test_text_in_the_colour_of_its_ground_is_not_seen(head: str, mark: str) -> None:
    seen = "<b style='color:#e00'>558</b>" if "navy" not in head else "<font color='white'>558</font>"
    assert _figure(f"<td>{mark}{seen}</td>", head) == ("558", None)


@pytest.mark.parametrize(
    "cell",
    [
        "<td style='background:#000;color:#fff'>558</td>",
        "<td style='background:#000'><span style='color:#fff'>558</span></td>",
        "<td style='background:#000;color:#fff'><b style='background:#fff;color:#000'>558</b></td>",
        "<td style='background:url(a.png);color:#fff'>558</td>",
        "<td style='background:#c0c0c0;color:#000'>558</td>",
        "<td style='background:#000;color:currentcolor'><font color=yellow>558</font></td>",
    ],
)
def test_text_in_another_colour_than_its_ground_is_seen(cell: str) -> None:
    assert _figure(cell) == ("558", None)


def test_text_in_nearly_the_colour_of_its_ground_is_not_certain() -> None:
    assert _figure("<td style='background:#000;color:#181818'>558</td>") == ("558", "hidden")
    # A sheet that is not in the file may give the cell another ground than the row has.
    linked = "<link rel='stylesheet' href='a.css'>"
    assert _figure("<td style='color:navy'>558</td>", head=linked, row="bgcolor=navy") == ("558", "hidden")
    assert _figure("<td style='color:navy;background:navy'>558</td>", head=linked) == ("", None)


@pytest.mark.parametrize(
    "rule",
    [
        "td span:is(.h, .g) {display:none}",
        "td :where(.g, .h) {display:none}",
        "td span:not(.a, .b) {display:none}",
        "td {&>span.h {display:none}}",
        "td {color:#333; .h, .g {display:none} padding:0}",
        ".h {@media screen {display:none}}",
        "table {tr {& .h {display:none}}}",
        "@layer page {.h {display:none}}",
    ],
)
def test_lists_of_selectors_and_rules_within_rules_hide(rule: str) -> None:
    assert _figure("<td>558<span class='h'>8</span></td>", f"<style>{rule}</style>") == ("558", None)


@pytest.mark.parametrize(
    "rule",
    ["p {.h {display:none}}", ".h {@media print {display:none}}", "td {&.h {display:none}}", "p:is(.h) {display:none}"],
)
def test_rules_within_rules_hide_nothing_else(rule: str) -> None:
    assert _figure("<td>558<span class='h'>8</span></td>", f"<style>{rule}</style>") == ("5588", None)


def test_a_selector_that_is_not_understood_leaves_what_it_may_hide_uncertain() -> None:
    rule = "<style>td:has(> span:nth-child(1 of .h)) .h {display:none}</style>"
    assert _figure("<td>558<span class='h'>8</span></td>", rule)[1] == "hidden"
    assert _figure("<td><span class='g'>558</span></td>", rule) == ("558", None)


def test_a_colour_given_by_an_attribute() -> None:
    assert _figure("<td><font color='#FFFFFF'>9</font>558</td>") == ("558", None)
    assert _figure("<td><font color='white' style='color:#000'>558</font></td>") == ("558", None)


@pytest.mark.parametrize(
    "style",
    [
        "position:relative;top:-4px;font-size:60%",
        "position:relative;top:-4px;font-size:8px",
        "position:relative;bottom:4px;font-size:7pt",
        "display:inline-block;transform:translateY(-5px);font-size:9px",
        "vertical-align:top;font-size:9px",
        "vertical-align:4px;font-size:8px",
    ],
)
def test_a_small_mark_that_is_moved_up_is_a_notes(style: str) -> None:
    text, doubt = _figure(f"<td>558<span style='{style}'>1</span></td>")
    assert text != "5581" or doubt is not None
    raised, _ = _figure("<td>558<sup>1</sup></td>")
    assert text == raised


def test_a_digit_that_is_moved_off_the_line_of_a_figure_is_not_certain() -> None:
    moved = "<span style='position:relative;top:-4px'>1</span>"
    assert _figure(f"<td>558{moved}</td>")[1] == "raised"
    assert _figure(f"<td>{moved}</td>") == ("1", None)
    assert _figure("<td><p style='position:relative;top:-4px;font-size:9px'>558</p></td>") == ("558", None)


def test_what_floats_beside_a_figure_is_no_digit_of_it() -> None:
    assert _figure("<td><span style='float:right'>9</span>558</td>")[0] != "9558"


def test_children_take_back_what_they_would_inherit() -> None:
    assert _figure("<td style='font-size:0'><b style='font-size:14px'>558</b></td>") == ("558", "hidden")
    assert _figure("<td style='visibility:hidden'><b style='visibility:visible'>558</b></td>") == ("558", "hidden")


@pytest.mark.parametrize(
    "thing",
    [
        "<img src='31.png'>",
        "<svg><path d='M0 0'/></svg>",
        "<canvas></canvas>",
        "<object data='a.swf'></object>",
        "<input type='checkbox'>",
    ],
)
def test_what_is_seen_and_is_no_text_is_never_blank(thing: str) -> None:
    assert _figure(f"<td>{thing}</td>") == ("", "picture")
    assert _figure(f"<td>自然人{thing}</td>") == ("自然人", None)


def test_a_counter_of_one_pixel_leaves_a_cell_blank() -> None:
    assert _figure("<td><img src='count.gif' width='1' height='1'></td>") == ("", None)


def test_digits_that_a_style_prints_leave_the_cell_uncertain() -> None:
    assert _figure("<td><b>558</b></td>", "<style>td b::before {content: '9'}</style>")[1] == "hidden"
    assert _figure("<td><b>558</b></td>", "<style>td b::before {content: '•'}</style>") == ("558", None)


def test_digits_seen_in_another_order_leave_the_cell_uncertain() -> None:
    assert _figure("<td><b style='unicode-bidi:bidi-override;direction:rtl'>855</b></td>")[1] == "hidden"
    assert _figure("<td><b class=r>855</b></td>", "<style>.r {unicode-bidi: bidi-override}</style>")[1] == "hidden"
    assert _figure("<td><bdo dir=rtl>855</bdo></td>")[1] == "hidden"
    pieces = "<i>8</i><i>5</i><i>5</i>"
    assert _figure(f"<td><b style='display:inline-flex;flex-direction:row-reverse'>{pieces}</b></td>")[1] == "hidden"
    assert _figure("<td><b style='unicode-bidi:isolate;direction:rtl'>558</b></td>") == ("558", None)
    table = "<table><tr><td>规章</td><td>558</td></tr><tr><td>总计</td><td>559</td></tr></table>"
    page = f"<div style='display:flex;flex-direction:row-reverse'>{table}</div>"
    (found,) = html.read(page.encode(), "x.html").tables
    assert [(c.text, c.doubt) for c in found.cells if c.column] == [("558", None), ("559", None)]


def test_digits_under_an_override_are_not_read_as_they_are_written() -> None:
    assert "6" not in _figure("<td>&#8238;62&#8236;</td>")[0]
    assert "6" not in _figure("<td><span>&#8238;</span>6<b>2</b></td>")[0]
    assert _figure("<td>&#8238;7&#8236;</td>") == ("7", None)
    assert _figure("<td>&#8238;&#8236;62</td>") == ("62", None)
    assert _figure("<td>&#8237;62&#8236;</td>") == ("62", None)
    # A sentence keeps its words, and has no figure.
    (text,) = html.read(
        "<meta charset=utf-8><p>收到申请&#8238;62&#8236;件，答复7件。</p>".encode(), "x.html"
    ).paragraphs
    assert text.text == "收到申请\ufffd\ufffd件，答复7件。"


def test_a_table_that_a_script_puts_in_may_be_there() -> None:
    rows = r"<table><tr><td colspan=\"3\">一、本年新收政府信息公开申请数量</td><td>3</td></tr></table>"
    page = f"<body><p>年度报告</p><script>t.innerHTML='{rows}'</script></body>"
    found = html.read(f"<meta charset=utf-8>{page}".encode(), "x.html")
    assert found.has_pictures and "object" in found.apart
    other = page.replace("一、本年新收政府信息公开申请数量", "关于我们")
    assert not html.read(f"<meta charset=utf-8>{other}".encode(), "x.html").has_pictures


def test_a_page_that_only_frames_another_names_it() -> None:
    with pytest.raises(UnreadableError) as caught:
        html.read(b"<body><iframe src='./nb2024.html'></iframe></body>", "x.html")
    assert "./nb2024.html" in caught.value.message
    with pytest.raises(UnreadableError) as caught:
        html.read(
            b"<html><frameset cols='20%,80%'><frame src='m.html'><frame src='b.html'></frameset></html>", "x.html"
        )
    assert "b.html" in caught.value.message
    document = html.read("<body><p>正文</p><iframe src='viewer.html?file=a.pdf'></iframe></body>".encode(), "x.html")
    assert document.elsewhere == ["viewer.html?file=a.pdf"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("3<details><summary></summary>7</details>", "3"),
        ("<p>3</p><details><summary>注</summary>含转办7件</details>", "3\n注"),
        ("3<details open><summary></summary>7</details>", "3\n7"),
        ("<details><summary></summary>7</details>", "7"),
    ],
)
def test_folded_text_beside_a_figure_is_not_seen(cell: str, text: str) -> None:
    assert only_table(f"<table><tr><td>甲</td><td>{cell}</td></tr></table>") == [["甲", text]]
