"""The parts of the PDF reader on glyphs and rules made by hand: lines, cells, grids, joining, labels beside figures."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import second_opinion
from parsers.document import Paragraph
from parsers.readers.pdf import (
    anchored,
    blocks,
    engine,
    figure_rows,
    heads,
    joining,
    pdfium,
    pieces,
    plumber,
    ruled,
    running_text,
    side_labels,
    strips,
)
from parsers.readers.pdf.content import Glyph, Line, PageContent, is_figure, lines_of, merged_lines, text_of, words_of
from parsers.readers.pdf.grid import CellText, Fragment, GridCell, joined_figure, read_cell
from parsers.readers.pdf.health import is_broken
from parsers.readers.pdf.vocabulary import vocabulary
from schemas.facts import Report, TableLayout

SAMPLES = Path(__file__).parents[4] / "data" / "samples"


def glyphs(text: str, x: float = 0.0, y: float = 0.0, size: float = 10.0) -> list[Glyph]:
    """Characters beside one another: Chinese ones as wide as the size, others half as wide; spaces leave room."""
    out: list[Glyph] = []
    for char in text:
        width = size if char >= "\u2e80" else size / 2
        if not char.isspace():
            out.append((x, y, x + width, y + size, char))
        x += width
    return out


def test_a_character_without_a_box_does_not_get_the_one_asked_for_before() -> None:
    name = "洪泽区人民政府2023年政府信息公开工作年度报告.pdf"
    with pdfium.opened((SAMPLES / name).read_bytes(), name) as file, file.page(0) as first:
        assert first._characters.tight(0) != (0.0, 0.0, 0.0, 0.0)
        assert first._characters.tight(first._characters.count + 10) == (0.0, 0.0, 0.0, 0.0)
        assert first._characters._origin(0) != (0.0, 0.0)
        assert first._characters._origin(first._characters.count + 10) == (0.0, 0.0)


# -- lines ---------------------------------------------------------------------------------------------------------


def test_doubles_are_one_and_repeated_digits_stay() -> None:
    double = glyphs("11", 0) + glyphs("11", 0.3)
    assert [ln.text for ln in lines_of(double)] == ["11"]
    assert [ln.text for ln in lines_of(glyphs("1111"))] == ["1111"]
    assert not lines_of(double)[0].overprinted
    assert lines_of(glyphs("3") + glyphs("7", 0.5))[0].overprinted


@given(st.lists(st.text("0123456789一二三申请abc", min_size=1, max_size=8), min_size=1, max_size=6), st.randoms())
@settings(max_examples=60, deadline=None)
def test_lines_keep_every_glyph_whatever_their_order(rows: list[str], rng: object) -> None:
    runs = [glyphs(row, y=15.0 * n) for n, row in enumerate(rows)]
    shuffled = list(runs)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert [ln.text for ln in lines_of([g for run in shuffled for g in run])] == rows


def test_gaps_become_spaces_between_digits_and_part_words() -> None:
    line = lines_of(glyphs("1 234") + glyphs("56", 60.0))[0]
    assert line.text == "1 234 56"
    assert [w.text for w in words_of(line)] == ["1 234", "56"]
    # A little room between Chinese characters is no space.
    assert text_of([*glyphs("总"), *glyphs("计", 13.0)]) == "总计"


def test_raised_and_lower_text_stays_on_its_line() -> None:
    mark: Glyph = (10.0, -1.0, 13.0, 5.0, "1")
    assert read_cell([*glyphs("22"), mark], (0, -5, 40, 15)).text == "22¹"


def test_lines_without_glyphs_on_one_baseline_are_one() -> None:
    def line(x0: float, x1: float, top: float, text: str) -> Line:
        return Line(x0, top, x1, top + 10, [], _text=text)

    merged = merged_lines([line(60, 90, 1, "乙"), line(0, 30, 0, "甲"), line(0, 30, 20, "丙"), line(0, 30, 20, "丙")])
    assert [ln.text for ln in merged] == ["甲 乙", "丙"]


def test_figures() -> None:
    assert all(is_figure(t) for t in ("0", "3,119", "３１９", "-5", "12.5万元", "/", "—", "○", "1 234"))
    assert not any(is_figure(t) for t in ("", "8.", "1.属于国家秘密", "总计", "2023年度报告"))


# -- cells ---------------------------------------------------------------------------------------------------------


def test_number_broken_by_a_narrow_cell() -> None:
    full = [*glyphs("123"), *glyphs("4", 0.0, 11.0)]
    assert read_cell(full, (-1, 0, 17, 25)).text == "1234"
    # With room for another digit the second line is not certainly its end.
    loose = read_cell(full, (-1, 0, 60, 25))
    assert (loose.text, loose.doubt, loose.readings) == ("123\n4", "wrapped", ("1234",))


def test_decimals_broken_by_a_narrow_cell() -> None:
    """A separator stays with the digit before it, so that a line may be shorter than the next."""
    lines = [*glyphs("3"), *glyphs("7."), *glyphs("0")]
    broken = [
        (x0, y + 11.0 * n, x1, y1 + 11.0 * n, char)
        for n, (x0, y, x1, y1, char) in zip((0, 1, 1, 2), lines, strict=True)
    ]
    cell = read_cell(broken, (-1, 0, 9, 40))
    assert (cell.text, cell.doubt, cell.crowded) == ("37.0", None, False)
    # A column as wide as one character breaks before the point as well.
    single = [g for n, char in enumerate("4.0") for g in glyphs(char, 0.0, 11.0 * n)]
    assert read_cell(single, (-1, 0, 9, 40)).text == "4.0"
    # Two figures under one another are no number.
    assert read_cell([*glyphs("1.5"), *glyphs("2.5", 0.0, 11.0)], (-1, 0, 17, 25)).text == "1.5\n2.5"
    # With room beside it nothing was broken off.
    assert read_cell(broken, (-1, 0, 60, 40)).text != "37.0"


def test_digits_in_order_on_one_line_are_a_figure_and_others_are_looked_at() -> None:
    assert read_cell(glyphs("1204"), (0, 0, 40, 10)).text == "1204"
    assert read_cell([*glyphs("3"), *glyphs("7", 0.5)], (0, 0, 40, 10)).doubt == "joined"
    assert read_cell(glyphs("11") + glyphs("11", 0.3), (0, 0, 40, 10)).text == "11"
    assert read_cell([*glyphs("2", 20), *glyphs("1", 5)], (0, 0, 40, 10)).text == "1 2"
    # A raised digit is the mark of a note.
    assert read_cell([*glyphs("22"), *glyphs("1", 10, -2, 5)], (0, 0, 40, 10)).text != "221"


def test_a_figure_among_words_of_a_head_is_not_certain() -> None:
    """Two tables printed on another: a head's word and the other table's figure stand in one line."""
    assert read_cell(glyphs("结果0"), (0, 0, 60, 10)).doubt == "joined"
    assert read_cell(glyphs("0维持"), (0, 0, 60, 10)).doubt == "joined"
    for text in ("3件", "22（其中修订16件）", "约300", "1.属于国家秘密", "第二十条第（一）项", "2024年"):
        assert read_cell(glyphs(text), (0, 0, 300, 10)).doubt is None, text


def test_unknown_characters_are_said() -> None:
    assert read_cell(glyphs("1\ufffd"), (0, 0, 40, 10)).doubt == "characters"
    assert read_cell(glyphs("\ufffd"), (0, 0, 40, 10)).doubt == "characters"


def test_crowded_cells() -> None:
    def crowded(*lines: str) -> bool:
        found = [g for n, text in enumerate(lines) for g in glyphs(text, 0.0, 14.0 * n)]
        return read_cell(found, (-2, -2, 200, 100)).crowded

    assert crowded("0    0")
    assert crowded("0", "1", "2")
    assert crowded("本年制发件数", "0")
    assert crowded("自然人    总计")
    assert not crowded("22（其中修订16件）")
    assert not crowded("0")
    assert not crowded("1.属于国家秘密")
    # 一 on a line of its own is no dash where the whole is a label.
    assert not crowded("（二）部分公开（区分处理的，只计这", "一", "情形，不计其他情形）")
    assert crowded("1.属于国家秘密", "0", "2.其他法律行政法规禁止公开")


# -- grids ---------------------------------------------------------------------------------------------------------


def page(rows: list[list[str]], xs: list[float], ys: list[float]) -> PageContent:
    """A ruled page: the text of each cell at its top left, all rules drawn."""
    content = PageContent(1, 600, 800)
    content.horizontal = [(y, xs[0], xs[-1]) for y in ys]
    content.vertical = [(x, ys[0], ys[-1]) for x in xs]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            content.glyphs += glyphs(text, xs[c] + 2, ys[r] + 2)
    return content


def row_cells(fragment: Fragment, row: int) -> list[GridCell]:
    """The cells that begin in a row, from left to right."""
    return sorted((cell for cell in fragment.cells if cell.row == row), key=lambda cell: cell.box[0])


def cells_of(content: PageContent) -> list[tuple[str, int, int, int, int]]:
    (band,) = ruled.bands(content)
    ruled.sort_in([band], content.glyphs)
    fragment = ruled.fragment(band, content)
    assert fragment is not None
    return [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in fragment.cells]


def test_missing_rules_merge_cells() -> None:
    content = page([["甲", "", "乙"], ["丙", "丁", "戊"]], [0, 50, 100, 150], [0, 20, 40])
    content.vertical = [(0, 0, 40), (50, 20, 40), (100, 0, 40), (150, 0, 40)]
    assert cells_of(content) == [
        ("甲", 0, 0, 1, 2),
        ("乙", 0, 2, 1, 1),
        ("丙", 1, 0, 1, 1),
        ("丁", 1, 1, 1, 1),
        ("戊", 1, 2, 1, 1),
    ]


def test_open_sides_and_a_cut_page_end_are_closed() -> None:
    content = page([["甲", "1", "2"], ["乙", "3", "4"]], [0, 50, 100, 150], [0, 20, 40])
    content.vertical = [(50, 0, 40), (100, 0, 40)]
    content.horizontal = content.horizontal[:2]
    assert [c[0] for c in cells_of(content)] == ["甲", "1", "2", "乙", "3", "4"]


def test_rules_a_little_apart_are_one() -> None:
    content = page([["甲", "1"], ["乙", "2"]], [0, 50, 100], [0, 20, 40])
    content.vertical += [(x + 1.5, 0, 40) for x in (0, 50, 100)]
    content.horizontal += [(y + 1.2, 0, 100) for y in (0, 20, 40)]
    assert len(cells_of(content)) == 4


def test_a_row_without_text_or_height_under_heads_is_a_row() -> None:
    """Browsers give a row of empty cells no height: two rules stand under the heads of the columns."""

    def heads_over(
        lower: float, *rows: list[str], frame: bool = False, gap: float = 2.25, after: str = "五、存在的主要问题"
    ) -> list[str]:
        xs, ys = [0.0, 60.0, 120.0, 180.0], [20.0 * n for n in range(len(rows) + 1)]
        content = page([*rows], xs, ys)
        content.horizontal.append((ys[-1] + gap, 0, 180))
        if frame:
            content.horizontal.append((-gap, 0, 180))
        content.vertical = [(x, 0, lower if 0 < x < 180 else ys[-1] + gap) for x in xs]
        inside = [*content.glyphs]
        content.glyphs += glyphs(after, 0, 100)
        (band,) = ruled.bands(content)
        ruled.sort_in([band], inside)
        fragment = ruled.fragment(band, content)
        assert fragment is not None
        return [cell.text for cell in fragment.cells]

    heads_ = ["结果维持", "其他结果", "总计"]
    assert heads_over(22.25, heads_) == [*heads_, "", "", ""]
    # At a page's foot it may be the padding of a row whose figures stand on the next page.
    assert heads_over(22.25, heads_, after="- 4 -") == heads_
    # A double frame: its inner line ends the rules between the columns; or it goes all around.
    assert heads_over(20.0, heads_) == heads_
    assert heads_over(22.25, heads_, frame=True) == heads_
    # Under figures, or under words that are no heads, it is the end of the table.
    assert heads_over(42.25, heads_, ["1", "0", "1"]) == [*heads_, "1", "0", "1"]
    assert heads_over(22.25, ["甲", "乙", "丙"]) == ["甲", "乙", "丙"]
    # One rule drawn twice.
    assert heads_over(20.75, heads_, gap=0.75) == heads_


def test_the_head_of_a_table_alone_at_a_page_s_foot_is_its_first_row() -> None:
    def fragments(top: str) -> list[Fragment | None]:
        first, second = (
            page([[top]], [0, 180], [740, 760]),
            page([["维持", "其他", "总计"]], [0, 60, 120, 180], [0, 20]),
        )
        second.number = 2
        out = []
        for content in (first, second):
            (band,) = ruled.bands(content)
            ruled.sort_in([band], content.glyphs)
            out.append(ruled.fragment(band, content))
        return out

    head, rest = fragments("行政复议")
    assert head is not None and rest is not None
    assert joining.joinable(head, rest) == 0.0
    assert joining.join([head, rest]).n_rows == 2
    # A frame around text is no table.
    assert fragments("工作中还存在一些不足")[0] is None


def test_heads_in_one_cell_with_the_head_above_them_lack_rules() -> None:
    """Upright rules alone: the head of a group falls into the cells of the heads below it."""

    def underdivided(*first: str) -> bool:
        content = page([["", "结果", "结果"]], [0, 60, 120, 180], [0, 60])
        content.glyphs = [g for n, text in enumerate(first) for g in glyphs(text, 62, 2 + 12.0 * n)]
        content.glyphs += glyphs("尚未", 122, 14) + glyphs("审结", 122, 26)
        (band,) = ruled.bands(content)
        ruled.sort_in([band], content.glyphs)
        fragment = ruled.fragment(band, content)
        assert fragment is not None
        return fragment.underdivided

    assert underdivided("行政复议", "结果", "维持")
    assert not underdivided("结果", "维持")
    # With a figure in the table the rules are those of its rows.
    content = page([["行政复议", "其他结果"], ["1", "0"]], [0, 60, 120], [0, 60, 80])
    content.glyphs += glyphs("结果", 2, 14) + glyphs("维持", 2, 26)
    (band,) = ruled.bands(content)
    ruled.sort_in([band], content.glyphs)
    fragment = ruled.fragment(band, content)
    assert fragment is not None
    assert not ruled._heads_over_heads(fragment.cells)


def test_a_frame_around_the_page_is_no_table() -> None:
    content = PageContent(1, 600, 800)
    content.vertical = [(20, 20, 780), (580, 20, 780)]
    content.horizontal = [(20, 20, 580), (780, 20, 580)]
    assert ruled.bands(content) == []


# -- pages ---------------------------------------------------------------------------------------------------------


def test_figures_below_the_cut_under_heads_are_a_row_of_their_own() -> None:
    def row(number: int, *texts: str) -> Fragment:
        cells = [GridCell((40.0 * n, 0, 40.0 * n + 40, 20), 0, 1, CellText(t), number, n) for n, t in enumerate(texts)]
        return Fragment(number, (0, 0, 160, 20), [40.0 * n for n in range(len(texts) + 1)], 1, cells, "ruled", [])

    def joined(first: Fragment, second: Fragment) -> list[list[str]]:
        whole = joining.join([first, second])
        return [[c.text for c in row_cells(whole, r)] for r in range(whole.n_rows)]

    head = ("结果\n维持", "其他\n结果", "尚未\n审结", "总计")
    assert joined(row(1, *head), row(2, "", "", "1", "1")) == [list(head), ["", "", "1", "1"]]
    # A label on one page, its figures on the other: one row.
    assert joined(row(1, "（一）予以公开", "", "", ""), row(2, "", "3", "0", "3")) == [
        ["（一）予以公开", "3", "0", "3"]
    ]
    # Two labels without figures are two rows, though the labels of their groups are cut between them.
    two = joined(
        row(1, "三、本年度", "（五）不", "2.重复申请", ""), row(2, "办理结果", "予处理", "3.要求提供公开出版物", "")
    )
    assert [texts[-2:] for texts in two] == [["2.重复申请", ""], ["3.要求提供公开出版物", ""]]
    # Figures broken by the cut, one of them behind its point.
    broken = joining.join([row(1, "四、结转下年度继续办理", "５", "２．", "６"), row(2, "", "", "０", "０．０")])
    assert [(c.text, c.content.doubt) for c in row_cells(broken, 0)[1:]] == [
        ("５", None),
        ("２．\n０", "wrapped"),
        ("６\n０．０", "wrapped"),
    ]
    # The number of a label in a column of its own is no figure.
    numbered = row(1, "1.", "属于国家秘密", "4", "4")
    assert joined(numbered, row(2, "2.", "重复申请", "3", "3")) == [
        ["1.", "属于国家秘密", "4", "4"],
        ["2.", "重复申请", "3", "3"],
    ]
    # Figures below the cut that are no row, beside words that belong to none: they may be the ends of those above.
    loose = joining.join([row(1, "（七）总计", "12", "7", "19"), row(2, "", "4", "（见附表）", "")])
    assert [(c.text, c.content.doubt) for c in row_cells(loose, 0)[1:]] == [
        ("12", "wrapped"),
        ("7", None),
        ("19", None),
    ]
    # A label and its figures, both broken by the cut.
    both = joining.join([row(1, "（七", "171", "96", "186"), row(2, "）总计", "3", "", "4")])
    assert [(c.text, c.content.doubt) for c in row_cells(both, 0)] == [
        ("（七\n）总计", None),
        ("171\n3", "wrapped"),
        ("96", None),
        ("186\n4", "wrapped"),
    ]
    # A part of a label whose rest is something else: nothing beside the cut is certain.
    part = joining.join([row(1, "（七", "171", "96", "186"), row(2, "四、结转下年度继续办理", "3", "", "4")])
    assert {c.content.doubt for c in part.cells if c.column} == {"wrapped"}
    # A word for nothing is no merged label, so that the blank below it is a blank.
    for mark in ("無", "不适用", "详见说明"):
        words = joined(row(1, "5.重复申请", "6", mark, ""), row(2, "4.其他", "4", "", "见附表"))
        assert words == [["5.重复申请", "6", mark, ""], ["4.其他", "4", "", "见附表"]]
    # A unit beside the label does not make it one.
    units = joining.join([row(1, "（七）总计", "件", "171", "186"), row(2, "四、结转下年度继续办理", "件", "3", "4")])
    assert units.n_rows == 2
    assert {c.content.doubt for c in units.cells} == {None}
    # The end of a note below the cut belongs to its figure.
    assert joined(row(1, "行政规范性文件", "5", "9", "14（其中：修改2"), row(2, "", "", "", "件）")) == [
        ["行政规范性文件", "5", "9", "14（其中：修改2\n件）"]
    ]
    # A figure with a note is a figure: what stands left of it is the label that the page end cut.
    noted = row(1, "行政", "27（其中：修改21件）", "28", "34（其中：修改7件）")
    assert joined(noted, row(2, "规范性文件", "", "", "")) == [
        ["行政\n规范性文件", "27（其中：修改21件）", "28", "34（其中：修改7件）"]
    ]


def test_an_empty_row_below_the_cut_is_padding_unless_it_is_all_there_is_below_a_head() -> None:
    def fragment(number: int, *rows: tuple[str, ...]) -> Fragment:
        cells = [
            GridCell((40.0 * n, 20.0 * r, 40.0 * n + 40, 20.0 * r + 20), r, 1, CellText(text), number, n)
            for r, row in enumerate(rows)
            for n, text in enumerate(row)
        ]
        return Fragment(number, (0, 0, 120, 20), [0.0, 40.0, 80.0, 120.0], len(rows), cells, "ruled", [])

    head, blank, figures = ("维持", "其他", "总计"), ("", "", ""), ("1", "0", "1")
    assert joining.join([fragment(1, head), fragment(2, blank)]).n_rows == 2
    assert joining.join([fragment(1, head), fragment(2, blank, figures)]).n_rows == 2
    assert joining.join([fragment(1, head, figures), fragment(2, blank)]).n_rows == 2
    # The upper half of a row may be its padding alone.
    cut = joining.join([fragment(1, head, blank), fragment(2, figures)])
    assert [tuple(c.text for c in row_cells(cut, r)) for r in range(cut.n_rows)] == [head, figures]


def test_figures_wrapped_below_a_ruled_head_belong_to_it() -> None:
    content = page([["结果维持", "其他结果", "总计"]], [0, 60, 120, 180], [0, 20])
    (band,) = ruled.bands(content)
    ruled.sort_in([band], content.glyphs)
    fragment = ruled.fragment(band, content)
    assert fragment is not None
    wrapped = [glyphs("10", 20, 24), glyphs("55", 80, 30) + glyphs("3", 140, 30), glyphs("2", 20, 36)]
    parts = engine.PageParts(content, [fragment], lines_of([g for line in wrapped for g in line]))
    assert engine._has_figures_below(fragment, parts, None, set())
    prose = engine.PageParts(
        content, [fragment], lines_of(glyphs("五、存在的主要问题", 0, 24) + glyphs("1  2", 20, 40))
    )
    assert not engine._has_figures_below(fragment, prose, None, set())


def test_a_head_over_the_middle_of_all_columns_covers_them() -> None:
    """The columns' extents are those of their figures, so that a little off is no other column."""
    columns = [heads.Column(60.0 * i, 60.0 * i + 6) for i in range(5)]
    ((_, count), *_) = [
        (text, count) for ((text, _, count, _),) in heads.place_heads([piece("行政复议", 112, 0)], columns)
    ]
    assert count == 5
    ((start, count),) = [
        (start, count) for ((_, start, count, _),) in heads.place_heads([piece("行政诉讼", 172, 0)], columns)
    ]
    assert (start, count) == (2, 3)


def test_the_first_line_of_a_misprinted_label_is_no_title() -> None:
    def kind(text: str) -> str:
        return strips._look(_line(_close(text, 36))).kind

    assert kind("二、上年结政府信息公开申") == "other"
    assert kind("二、主动公开政府信息情况") == "title"
    assert kind("三、加强监督保障和人员培训") == "title"


def test_a_row_in_the_head_may_be_named_with_what_stands_above_it() -> None:
    columns = [heads.Column(60.0 * i, 60.0 * i + 20) for i in range(3)]
    level, *_ = heads.place_heads([piece("行政诉讼（未经复议）", 35, 0), piece("总计", 120, 20)], columns)
    assert [(text, count) for text, _, count, _ in level] == [("行政诉讼（未经复议）", 3)]


def test_figures_below_a_ruled_head_may_stand_on_the_next_page() -> None:
    content = page([["结果维持", "其他结果", "总计"]], [0, 60, 120, 180], [700, 720])
    (band,) = ruled.bands(content)
    ruled.sort_in([band], content.glyphs)
    fragment = ruled.fragment(band, content)
    assert fragment is not None
    number = lines_of(glyphs("- 4 -", 80, 780))
    before = engine.PageParts(content, [fragment], number)
    after = PageContent(2, 600, 800)
    figures = engine.PageParts(after, [], lines_of(glyphs("1", 20, 40) + glyphs("0", 80, 40) + glyphs("1", 140, 40)))
    words = engine.PageParts(after, [], lines_of(glyphs("五、存在的主要问题", 0, 40) + glyphs("1  2", 20, 60)))
    assert engine._has_figures_below(fragment, before, figures, {id(number[0])})
    assert not engine._has_figures_below(fragment, before, words, {id(number[0])})
    # The head itself may be cut by the page end.
    pages: dict[int, tuple[engine.PageParts, engine.PageParts | None]] = {id(fragment): (before, figures)}
    assert engine._is_head_over_figures([fragment, fragment], pages, {id(number[0])})
    # It may stand again on the next page, behind its figures.
    (again,) = ruled.bands(content)
    ruled.sort_in([again], content.glyphs)
    repeated = ruled.fragment(again, content)
    assert repeated is not None
    pages[id(repeated)] = (engine.PageParts(after, [repeated]), None)
    assert engine._is_head_over_figures([fragment, repeated], pages, {id(number[0])})
    # Text between the head and the page's end.
    assert not engine._has_figures_below(fragment, before, figures, set())


def test_a_head_over_a_whole_table_without_sides_is_its_own() -> None:
    """No upright rule reaches the cell over all columns of a half-ruled table, but a level one closes it above."""

    def half(head: str) -> PageContent:
        content = PageContent(1, 600, 800)
        content.horizontal = [(y, 0.0, 180.0) for y in (100, 120, 140, 160)]
        content.vertical = [(x, 120.0, 160.0) for x in (60.0, 120.0)]
        content.glyphs = glyphs(head, 60, 102)
        for y, row in ((122, ["结果维持", "其他结果", "总计"]), (142, ["1", "0", "1"])):
            for c, text in enumerate(row):
                content.glyphs += glyphs(text, 60 * c + 2, y)
        return content

    (band,) = ruled.bands(half("行政复议"))
    assert band.ys == [100, 120, 140, 160]
    (other,) = ruled.bands(half("工作中还存在一些不足"))
    assert other.ys == [120, 140, 160]


def test_a_head_cut_from_those_beside_it_by_a_page_end_covers_its_own_columns() -> None:
    columns = [heads.Column(50.0 * i, 50.0 * i + 10) for i in range(6)]
    pieces = [piece("行政复议", 10, 0), piece("行政诉讼", 160, 8), piece("未经复议直接起诉", 90, 22)]
    pieces += [piece("复议后起诉", 205, 22)]
    levels = heads.place_heads(pieces, columns)
    assert [[(text, count) for text, _, count, _ in level] for level in levels] == [
        [("行政诉讼", 4)],
        [("行政复议", 2), ("未经复议直接起诉", 2), ("复议后起诉", 2)],
    ]


def test_what_is_doubted_of_an_annex_s_cells_is_no_doubt_of_the_report() -> None:
    annex = [["单位名称", "收到申请", "总计"], ["城关镇", "12", "12"], ["东风街道", "16", "16"]]
    content = page(annex, [0, 80, 160, 240], [0, 30, 60, 90])
    content.glyphs += glyphs("3", 82, 44)
    document = engine.PdfDocument(engine.MEDIA_TYPE)
    (band,) = ruled.bands(content)
    ruled.sort_in([band], content.glyphs)
    fragment = ruled.fragment(band, content)
    assert fragment is not None
    engine.assemble(document, [engine.PageParts(content, [fragment])])
    assert {c.doubt for t in document.tables for c in t.cells} == {None, "wrapped"}
    assert document.evidence.doubts == []


def test_a_part_of_a_merged_label_pushed_out_at_a_page_end_parts_no_table() -> None:
    def part(number: int, rows: list[list[str]], top: float) -> tuple[PageContent, list[Fragment]]:
        content = page(rows, [0, 80, 200, 260, 320], [top + 30 * n for n in range(len(rows) + 1)])
        content.number = number
        (band,) = ruled.bands(content)
        ruled.sort_in([band], content.glyphs)
        fragment = ruled.fragment(band, content)
        assert fragment is not None
        return content, [fragment]

    def blocks(pushed: str) -> list[str]:
        head, first = part(1, [["", "", "自然人", "总计"], ["三、本年", "（一）予以公开", "1", "1"]], 600)
        _, rest = part(1, [["", "", "", ""]], 700)
        below, second = part(2, [["理结果", "（二）部分公开", "2", "2"]], 60)
        document = engine.PdfDocument(engine.MEDIA_TYPE)
        out = engine.PageParts(head, [*first, *rest], lines_of(glyphs(pushed, 2, 670)))
        engine.assemble(document, [out, engine.PageParts(below, second)])
        return [b.text if isinstance(b, Paragraph) else f"table of {b.n_rows}" for b in document.blocks]

    assert blocks("度办") == ["table of 3"]
    assert blocks("、") == ["table of 3"]
    assert blocks("详见附件") == ["table of 2", "详见附件", "table of 2"]


def test_a_table_that_is_not_there_asks_the_other_engine() -> None:
    report = Report("", form="2021", layouts=[TableLayout(code) for code in ("article20", "requests", "disputes")])
    document = engine.PdfDocument(engine.MEDIA_TYPE, evidence=engine.PdfEvidence("pdfium", table_pages=[1]))
    assert not second_opinion.wanted(document, report)
    del report.layouts[-1]
    assert second_opinion.wanted(document, report)
    # A report in sentences, beside a table of something else.
    assert second_opinion.wanted(document, Report("", form="prose"))


def test_a_slash_is_a_slash_whatever_its_code_point() -> None:
    char = {"x0": 10.0, "top": 10.0, "x1": 20.0, "bottom": 20.0, "upright": True}
    chars = [char | {"text": text} for text in "／∕⁄"]
    seen = plumber._content(
        SimpleNamespace(page_number=1, width=600, height=800, bbox=(0, 0, 600, 800), images=[], chars=chars)
    )
    assert all(is_figure(glyph[4]) for glyph in seen.glyphs)


# -- labels and heads without rules --------------------------------------------------------------------------------


def piece(text: str, x: float, y: float, number: int = 1, size: float = 10.0) -> pieces.Piece:
    found = glyphs(text, x, y, size)
    x1, y1 = found[-1][2], y + size
    return pieces.Piece(x, y, x1, y1, text, found, number, (x, y, x1, y1), False, pieces.is_figure_word(text))


def test_labels_are_cut_by_what_the_forms_call_their_rows() -> None:
    lines = ["1.属于国", "家秘密", "2.其他", "法律行政法规禁止公开", "3.危及“三安全", "一稳定”"]
    rows, groups, tracks = side_labels.side_labels([piece(t, 50, 12 * n) for n, t in enumerate(lines)], [])
    assert [r.text.replace("\n", "") for r in rows] == [
        "1.属于国家秘密",
        "2.其他法律行政法规禁止公开",
        "3.危及“三安全一稳定”",
    ]
    assert (groups, tracks) == ([], 1)


def test_labels_cut_by_a_page_end_are_one() -> None:
    pieces = [piece("4.无正当理由大", 50, 0), piece("量反复申请", 50, 14, number=2)]
    rows, _, _ = side_labels.side_labels(pieces, [])
    assert [(r.text, r.kind) for r in rows] == [("4.无正当理由大\n量反复申请", "row")]


def test_a_label_is_not_cut_where_another_column_of_labels_begins() -> None:
    labels = [piece("（一）予以公开", 0, 0), piece("（二）部分公开（区分处理的，只", 0, 30)]
    groups = [piece("（三）不予", 0, 60), *(piece(f"{n}.属于国家秘密", 60, 60 + 14 * n) for n in range(1, 4))]
    # Some room, as between the two characters of a spread label.
    for one in labels:
        one.glyphs = [(x0 + 1.0 * i, *rest) for i, (x0, *rest) in enumerate(one.glyphs)]  # type: ignore[misc]
    texts = [p.text for track in side_labels._tracks([*labels, *groups]) for p in track]
    assert "（一）予以公开" in texts
    assert "（二）部分公开（区分处理的，只" in texts


def test_centred_labels_are_put_together() -> None:
    pieces = [piece("（五）不予", 60, 0), piece("处理", 75, 12), piece("1.信访举报投诉类申请", 130, 6)]
    rows, groups, _ = side_labels.side_labels(pieces, [])
    assert [g.text for g in groups] == ["（五）不予\n处理"]
    assert [r.text for r in rows] == ["1.信访举报投诉类申请"]


def _rows(labels: list[tuple[str, float]], lines: list[list[tuple[str, float, float]]]) -> list[figure_rows.Row]:
    """Rows of labels (text, top) and lines of figures (text, left, top) in columns at 200, 240 and 280."""
    rows, _, _ = side_labels.side_labels([piece(text, 50, top) for text, top in labels], [])
    figures = [pieces.FigureLine([piece(*one) for one in line]) for line in lines]
    columns = [heads.Column(x, x + 10) for x in (200.0, 240.0, 280.0)]
    body = [line.pieces for line in figures]
    return figure_rows.assign(figures, body, rows, columns, [], 190.0)


def test_figures_broken_in_neighbouring_rows_are_parted_by_their_middles() -> None:
    """20|4 and 13|3 stand under one another without a gap; each is centred on its row, and could be nothing else."""
    labels = [("7.属于行政执法案卷", 6.0), ("8.属于行政查询事项", 31.0)]
    lines = [
        [("20", 200.0, 0.0)],
        [("17", 240.0, 6.0), ("4", 280.0, 6.0)],
        [("4", 200.0, 13.0)],
        [("13", 200.0, 25.0)],
        [("11", 240.0, 31.0), ("1", 280.0, 31.0)],
        [("3", 200.0, 38.0)],
    ]
    first, second = _rows(labels, lines)
    assert [["".join(p.text for p in row.cells[i]) for i in range(3)] for row in (first, second)] == [
        ["204", "17", "4"],
        ["133", "11", "1"],
    ]
    assert not any(row.wrapped or row.unsure or row.doubt for row in (first, second))


def test_the_rest_of_a_figure_whose_beginning_went_elsewhere_is_not_certain() -> None:
    """7,37|9: the first line was taken for something else, and the 9 stands below the middle of its row."""
    labels = [("一、本年新收政府信", 0.0), ("息公开申请数量", 12.0), ("二、上年结转政府信息公开申请数量", 40.0)]
    lines = [
        [("255", 240.0, 6.0), ("52", 280.0, 6.0)],
        [("9", 200.0, 13.0)],
        [("148", 200.0, 40.0), ("8", 240.0, 40.0), ("1", 280.0, 40.0)],
    ]
    first, second = _rows(labels, lines)
    assert 0 in first.wrapped
    assert not second.wrapped


def test_a_figure_that_fills_its_column_beside_an_uncertain_row_may_be_short_of_a_digit() -> None:
    """24 in a column of one digit: its 4 stands beside the next row, whose label is not certain."""
    labels, _, _ = side_labels.side_labels([piece("（一）予以公开", 50, 0.0), piece("（七）总计", 50, 24.0)], [])

    def unsure(*others: str) -> set[int]:
        first = figure_rows.Row(labels[0], {0: [piece("2", 200.0, 0.0)]}, None, 0.0)
        second = figure_rows.Row(labels[1], {0: [piece("4", 200.0, 14.0)]}, "label", 14.0)
        rest = [figure_rows.Row(None, {0: [piece(text, 200.0, 60.0)]}, None, 60.0) for text in others]
        figure_rows._doubt_beside_orphans([first, second, *rest])
        return first.unsure

    assert unsure() == {0}
    # With room for another digit it would stand in its own line.
    assert unsure("240") == set()


def test_figures_that_stand_apart_at_a_pages_foot_are_no_page_number() -> None:
    content = PageContent(4, 600, 800)
    row = lines_of([g for n, text in enumerate("10/1") for g in glyphs(text, 80.0 + 100 * n, 760)])
    assert row[0].text.replace(" ", "") == "10/1"
    assert running_text.furniture([(content, row)]) == set()
    number = lines_of(glyphs("4/12", 290, 780))
    assert running_text.furniture([(content, [*row, *number])]) == {id(number[0])}
    # At the same height of page after page as well.
    again = PageContent(5, 600, 800)
    other = lines_of([g for n, text in enumerate("1/01") for g in glyphs(text, 80.0 + 100 * n, 760)])
    assert running_text.furniture([(content, row), (again, other)]) == set()


def test_figures_cut_behind_a_separator_are_figures_and_numbers_of_labels_are_none() -> None:
    assert all(map(pieces.is_figure_word, ("7,37", "12,", "1,234,5", "290.")))
    assert not any(map(pieces.is_figure_word, ("3.", "12.", "1．")))


def test_what_is_printed_over_a_table_leaves_none_of_it_certain() -> None:
    lines = [
        [piece("规章", 50, 20.0), piece("3", 200, 20.0)],
        [piece("行政规范性文件", 50, 40.0), piece("5", 200, 40.0)],
    ]
    lines.insert(0, [piece("信息内容", 50, 0.0), piece("本年制发件数", 180, 0.0)])

    def doubts() -> set[str | None]:
        fragment = anchored.fragment(strips.Strip(lines, [], pages=[1]))
        assert fragment is not None
        return {c.content.doubt for c in fragment.cells if c.text.isdigit()}

    assert doubts() == {None}
    for line in lines:
        line[0].overprinted = True
    assert doubts() == {"joined"}


def test_the_raised_mark_of_a_note_makes_no_broken_figure() -> None:
    """The mark stands on a line of its own where its box is lower than the figure's."""
    labels = [("7.属于行政执法案卷", 6.0), ("8.属于行政查询事项", 60.0)]
    rows, _, _ = side_labels.side_labels([piece(text, 50, top) for text, top in labels], [])
    mark = pieces.Piece(285, 5.4, 291, 11.4, "①", [(285, 5.4, 291, 11.4, "①")], 1, (285, 5.4, 291, 11.4), False, True)
    lines = [[mark], [piece("17", 240.0, 6.0), piece("4", 280.0, 6.0)]]
    figures = [pieces.FigureLine(line) for line in lines]
    columns = [heads.Column(x, x + 10) for x in (240.0, 280.0)]
    first, _ = figure_rows.assign(figures, [line.pieces for line in figures], rows, columns, [], 230.0)
    assert not first.wrapped
    assert first.whole == {1}
    # Below the figure it would be something else.
    mark.top, mark.bottom = 17.0, 23.0
    assert not figure_rows._is_noted([mark, piece("4", 280.0, 6.0)])


def test_the_raised_mark_of_a_note_on_a_line_of_its_own_is_no_digit() -> None:
    def rows(mark: str, size: float) -> list[figure_rows.Row]:
        label = side_labels.Label([piece("（七）总计", 0, 6)], "row", "总计")
        lines = [pieces.FigureLine([piece("30", 100, 0)]), pieces.FigureLine([piece(mark, 100, 12, size=size)])]
        body = [[*line.pieces] for line in lines]
        return figure_rows.assign(lines, body, [label], [heads.Column(100, 110)], [], 90)

    (row,) = rows("1", 10.0)
    assert (row.whole, row.wrapped) == ({0}, set())
    (row,) = rows("1", 6.0)
    assert (row.whole, row.wrapped) == (set(), {0})
    # A mark alone may have lost its figure to another row.
    label = side_labels.Label([piece("（七）总计", 0, 6)], "row", "总计")
    figures = [pieces.FigureLine([piece("3", 130, 6)])]
    body = [[piece("①", 100, 6, size=6.0)], figures[0].pieces]
    (row,) = figure_rows.assign(figures, body, [label], [heads.Column(100, 110), heads.Column(130, 140)], [], 90)
    assert row.unsure == {0}
    # Digits of two widths are no number.
    assert joined_figure(["３０", "１"]) == "３０１"
    assert joined_figure(["３０", "1"]) == ""


def test_a_broken_figure_off_its_row_s_middle_is_not_certain() -> None:
    labels = [("7.属于行政执法案卷", 6.0), ("8.属于行政查询事项", 32.0)]
    lines = [
        [("17", 240.0, 6.0), ("4", 280.0, 6.0)],
        [("20", 200.0, 13.0)],
        [("4", 200.0, 26.0)],
        [("11", 240.0, 32.0), ("1", 280.0, 32.0)],
    ]
    first, second = _rows(labels, lines)
    assert 0 in first.wrapped
    assert 0 in second.wrapped


def test_wrapped_heads_and_their_groups() -> None:
    words = [piece("行政复", 40, 0), piece("议", 50, 12)]
    assert [p.text for p in heads.whole_heads(words)] == ["行政复\n议"]
    leaves = heads.whole_heads([piece("商业", 100, 0), piece("企业", 100, 12), piece("其他", 150, 6)])
    assert heads.leaf_heads(leaves) == [(100, 120), (150, 170)]
    # What stands over a head without being part of it.
    assert heads.leaf_heads([piece("续表", 100, -12), *leaves]) == [(100, 120), (150, 170)]


def test_heads_of_narrow_columns_part_where_others_do() -> None:
    wide = [piece("社会", 105, 0), piece("法律", 136, 0)]
    tight = piece("公益组", 100, 12)
    tight.glyphs += glyphs("服务机", 131, 12)
    tight.text, tight.x1 = "公益组服务机", 161
    assert [p.text for p in heads.words_apart([wide, [tight]])] == ["社会", "法律", "公益组", "服务机"]
    # Without columns to tell, words this near are one.
    assert [p.text for p in heads.words_apart([[tight]])] == ["公益组服务机"]


def test_heads_written_downwards_over_rows_without_a_figure_are_a_table() -> None:
    heads_down = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    labels = ["一、本年新收政府信息公开申请数量", "二、年结转政府信息公开申请数量", "（一）予以公开"]
    content = PageContent(1, 600, 800)
    for c, head in enumerate(heads_down):
        for n, char in enumerate(head):
            content.glyphs += glyphs(char, 360 + 25 * c, 100 + 12 * n)
    for r, text in enumerate(labels):
        content.glyphs += glyphs(text, 50, 190 + 20 * r)
    lines = [running_text.PlacedLine(content, line) for line in lines_of(content.glyphs)]
    (strip,) = strips.find(lines, {1}, {1: content})
    assert isinstance(strip, strips.Strip)
    fragment = anchored.fragment(strip)
    assert fragment is not None
    assert fragment.whole
    rows = [[c.text for c in row_cells(fragment, r)] for r in range(fragment.n_rows)]
    assert [row for row in rows if row[0] in labels] == [[text, *[""] * 7] for text in labels]
    # The same labels below ordinary lines are no table.
    plain = [line for line in lines if line.text in labels]
    assert not any(isinstance(item, strips.Strip) for item in strips.find(plain, {1}, {1: content}))


def test_the_rest_of_a_cut_head_is_no_repeated_one() -> None:
    head = Counter(["总计", "结果", "纠正", "维持"])
    lines = [[piece("结果", 60, 0), piece("纠正", 90, 0)], [piece("3", 60, 12)]]
    assert blocks._without_head(head, {"总计"}, lines) == lines
    assert blocks._without_head(head, {"结果"}, lines) == lines[1:]


# -- pages and text ------------------------------------------------------------------------------------------------


def test_pages_with_tables_are_told_from_prose() -> None:
    words = vocabulary()
    assert words.stands_in("三、收到和处理政府信息公开申请情况\n自然人\n总计\n一、本年新收政府信息公开申请数量 3 0")
    assert not words.stands_in(
        "全年收到申请3件，上年结转0件，结转下年度继续办理0件。\n未发生行政复议、行政诉讼。\n- 3 -"
    )
    # Room around the figures of sentences makes no cells of them.
    assert not words.stands_in(
        "2024 年 1 月 5 日\n全年新收 3 件，上年结转 0 件，结转下年度继续办理 0 件，行政复议 2 件，行政诉讼 1 件，"
        "网站 4 个，新媒体 6 个，培训 2 次，咨询 9 次，座谈 1 次。"
    )


def test_page_numbers_on_page_after_page() -> None:
    pages = []
    for n in range(1, 5):
        content = PageContent(n, 600, 800)
        content.glyphs = glyphs("正文", 60, 100) + glyphs(str(n), 290, 780)
        pages.append(content)
    running_text.drop_page_numbers(pages)
    assert [lines_of(p.glyphs)[0].text for p in pages] == ["正文"] * 4
    assert all(len(p.glyphs) == 2 for p in pages)


def test_figures_at_the_foot_of_a_table_are_no_page_numbers() -> None:
    pages = []
    for n in range(1, 4):
        content = PageContent(n, 600, 800)
        content.glyphs = [g for k in range(7) for g in glyphs(str(n), 200 + 40 * k, 780)]
        pages.append(content)
    running_text.drop_page_numbers(pages)
    assert all(len(p.glyphs) == 7 for p in pages)


def test_a_row_that_begins_each_page_is_no_page_number_whatever_it_counts() -> None:
    """The first rows of pages 4, 5 and 6 print 0, 1, 2 in one column: they count the pages, and are figures all the same."""
    pages = []
    for n in range(4, 7):
        content = PageContent(n, 600, 800)
        figures = ["7", str(n - 4), "0", "0", "9"]
        content.glyphs = [g for k, text in enumerate(figures) for g in glyphs(text, 200 + 40 * k, 40)]
        pages.append(content)
    running_text.drop_page_numbers(pages)
    assert all(len(p.glyphs) == 5 for p in pages)


def test_broken_character_maps() -> None:
    assert not is_broken("2023年，本机关共收到政府信息公开申请二十一件，均在法定期限内答复，没有结转。" * 3)
    assert is_broken("\ufffd" * 60)
    assert is_broken("⍚⌭४Ӫ≁᭯ᓌ᭯ᓌؑޜᔰᐕᒤᓖᣕ" * 5)
    # Chinese characters, but none that any paper uses: a map that is shifted.
    assert is_broken("龘靐齉爩麤灪龗鱻籱厵" * 12)
    # Traditional characters and radicals are what they stand for.
    assert not is_broken("本機關不掌握相關政府信息，沒有現成信息需要另行製作，補正後申請內容仍不明確。" * 4)


def _close(words: str, x0: float, gap: float = 3.0) -> list[Glyph]:
    """Words on one line with so many points between them, in characters of 12 points."""
    glyphs: list[Glyph] = []
    x = x0
    for word in words.split():
        for char in word:
            width = 6.0 if char.isdigit() else 12.0
            glyphs.append((x, 0.0, x + width, 12.0, char))
            x += width
        x += gap
    return glyphs


def _line(glyphs: list[Glyph]) -> running_text.PlacedLine:
    page = PageContent(1, 595, 842, glyphs)
    (line,) = lines_of(glyphs)
    return running_text.PlacedLine(page, line)


def test_a_label_and_the_figure_close_behind_it_are_two_words() -> None:
    """A table without paddings: only a quarter of a character parts them."""
    words = pieces.pieces_of(_line([*_close("行政规范性文件 564", 36), *_close("984", 198)]))
    assert [(w.text, w.is_figure) for w in words] == [("行政规范性文件", False), ("564", True), ("984", True)]
    # What is no row of any form stays as it is printed, and so does a number that is part of the name.
    assert [w.text for w in pieces.pieces_of(_line(_close("某项工作清单 564", 36)))] == ["某项工作清单564"]
    assert [w.text for w in pieces.pieces_of(_line(_close("行政许可 12", 36, gap=0.4)))] == ["行政许可12"]


def test_a_part_of_a_merged_label_and_the_row_s_own_behind_it_are_two_words() -> None:
    """A table without paddings: nothing parts them but the row's number."""

    def words(text: str) -> list[str]:
        return [w.text for w in pieces.pieces_of(_line(_close(text, 36)))]

    own = "（二）部分公开（区分处理的，只计这一情形，不计"
    assert words(f"理结果{own}") == ["理结果", own]
    assert words("三、本（一）予以公开") == ["三、本", "（一）予以公开"]
    assert strips._look(_line(_close(f"理结果{own}", 36))).kind != "prose"
    # A label alone, and words of a sentence.
    assert words("（三）不予公开") == ["（三）不予公开"]
    assert words("依照条例（二）予以公开") == ["依照条例（二）予以公开"]
    sentence = "按照通知（二）的要求，由牵头单位会同有关部门研究答复口径，避免说法不一"
    assert strips._look(_line(_close(sentence, 36))).kind == "prose"


def test_heads_close_to_one_another_are_read_by_their_names() -> None:
    (word,) = pieces.pieces_of(_line(_close("本年制发件数 本年废止件数 现行有效件数", 120)))
    assert [p.text for p in heads.words_apart([[word]])] == ["本年制发件数", "本年废止件数", "现行有效件数"]
