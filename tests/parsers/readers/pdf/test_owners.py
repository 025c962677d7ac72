"""Digits without a certain owner, and the cells that they leave open."""

from __future__ import annotations

from parsers.readers.pdf import owners
from parsers.readers.pdf.content import PageContent
from parsers.readers.pdf.grid import CellText, Fragment, GridCell

from .pictures import PAGE

PAGES = {1: PageContent(1, *PAGE)}


def test_a_blank_on_whose_line_a_figure_found_no_column_is_not_certain() -> None:
    def cell(row: int, column: int, text: str, top: float) -> GridCell:
        return GridCell((60.0 * column, top, 60.0 * column + 20, top + 10), row, 1, CellText(text), 1, column)

    cells = [cell(0, 0, "（一）予以公开", 100), cell(0, 2, "", 100), cell(0, 3, "1", 100)]
    stray = [cell(1, 1, "41", 101), cell(1, 2, "", 101), cell(1, 3, "", 101)]
    below = [cell(2, 0, "（二）部分公开", 120), cell(2, 2, "", 120), cell(2, 3, "7", 120)]
    made = Fragment(1, (0, 100, 200, 130), [0.0, 1.0, 2.0, 3.0, 4.0], 3, [*cells, *stray, *below], "anchored")
    owners.settle([made], PAGES)
    assert [c.content.doubt for c in made.cells] == [None, "label", None, None, "label", "label", None, None, None]


def test_figures_in_the_place_of_labels_leave_the_blank_rows_beside_them_open() -> None:
    """Heads that touch one another, and the figures below, taken for words beside the row: its blanks are none."""

    def doubts(*middle: str) -> list[str | None]:
        texts = [("行政复议", ""), *((text, "") for text in middle), ("行政诉讼", "7"), ("合计", "")]
        cells = [
            GridCell((100.0 * c, 20.0 * r, 100.0 * c + 40, 20.0 * r + 10), r, 1, CellText(text), 1, c)
            for r, row in enumerate(texts)
            for c, text in enumerate(row)
        ]
        owners.settle([Fragment(1, (0, 0, 140, 90), [0.0, 1.0, 2.0], len(texts), cells, "anchored")], PAGES)
        return [c.content.doubt for c in cells if c.column]

    assert doubts("结果", "75") == ["label", "label", "label", None, None]
    assert doubts("75", "结果") == ["label", "label", "label", None, None]
    assert doubts("结果", "其他") == [None] * 5


def test_a_figure_alone_in_its_row_leaves_the_blanks_beside_it_open_whatever_its_column() -> None:
    """Below a page's end columns stand elsewhere: what was the first one's stands where rows above have labels or others."""
    texts = [
        ("（一）予以公开", "2", "2", 0),
        ("（二）部分公开", "", "1", 20),
        ("", "1", "", 21),
        ("（七）总计", "", "3", 40),
    ]
    cells = [
        GridCell((100.0 * c, top, 100.0 * c + 40, top + 10.0), r, 1, CellText(text), 1, c)
        for r, (*row, top) in enumerate(texts)
        for c, text in enumerate(row)
    ]
    owners.settle([Fragment(1, (0, 0, 240, 50), [0.0, 1.0, 2.0, 3.0], 4, cells, "anchored")], PAGES)
    assert [c.content.doubt for c in cells if c.column == 1] == [None, "label", None, None]


def test_a_blank_beside_a_grid_of_figures_alone_is_not_certain() -> None:
    """Rules around the figures' column alone make it a grid of its own, on the other half of its page it may be."""

    def labels(level: float) -> Fragment:
        cells = [
            GridCell((50, level, 120, level + 10), 0, 1, CellText("现场接待人数"), 2, 0, 1),
            GridCell((300, level, 340, level + 10), 0, 1, CellText(""), 2, 1, 1),
        ]
        return Fragment(2, (50, level, 340, level + 10), [0.0, 1.0, 2.0], 1, cells, "anchored")

    def grid(*texts: str) -> Fragment:
        cells = [GridCell((0, 100 + 20 * n, 40, 120 + 20 * n), n, 1, CellText(t), 3, 0, 1) for n, t in enumerate(texts)]
        return Fragment(3, (0, 100, 40, 140), [0.0, 40.0], 2, cells, "ruled")

    halves, pages = ({2: PageContent(2, *PAGE), 3: PageContent(3, *PAGE, sheet=sheet)} for sheet in (2, 3))
    for beside, printed_as, doubt in (
        (grid("12", "0"), halves, "label"),
        (grid("12", "0"), pages, None),
        (grid("项目", "0"), halves, None),
    ):
        table = labels(105)
        owners.settle([table, beside], printed_as)
        assert [cell.content.doubt for cell in table.cells] == [None, doubt]


def test_a_blank_between_two_lines_with_figures_in_its_column_alone_is_not_certain() -> None:
    """1 and 3 above and below a row of full-width figures: its total is 13, over two lines of a narrow cell."""

    def doubts(pitch: float, beside: str = "") -> list[str | None]:
        texts = [("三、本年度", beside, "", "１"), ("（一）予以公开", "８", "５", ""), ("办理结果", "", "", "３")]
        cells = [
            GridCell((100.0 * c, 85 + pitch * r, 100.0 * c + 40, 95 + pitch * r), r, 1, CellText(text), 1, c)
            for r, row in enumerate(texts)
            for c, text in enumerate(row)
        ]
        made = Fragment(1, (0, 85, 340, 130), [0.0, 1.0, 2.0, 3.0, 4.0], 3, cells, "anchored")
        owners.settle([made], PAGES)
        return [c.content.doubt for c in made.cells[4:8]]

    assert doubts(9.0) == [None, None, None, "label"]
    assert doubts(16.0) == [None] * 4
    # The row above has its own figure where this one has, and a total of its own.
    assert doubts(9.0, "１")[3] == "label"  # the row below still has one


def test_a_figure_that_a_digit_of_another_cell_touches_is_not_certain() -> None:
    """The mark of a note, raised onto the line of its row's label, and the figure before it, which slid below."""

    def doubt(*glyph: float) -> str | None:
        cell = GridCell((232.5, 389.1, 236.3, 394.6), 0, 1, CellText("1"), 1, 1)
        page = PageContent(1, *PAGE, glyphs=[(*cell.box, "1"), (*glyph, "0")])
        owners.settle([Fragment(1, cell.box, [0.0, 1.0, 2.0], 1, [cell], "anchored")], {1: page})
        return cell.content.doubt

    assert doubt(227.4, 393.4, 232.5, 400.7) == "unconfirmed"
    assert doubt(236.8, 393.4, 241.9, 400.7) == "unconfirmed"
    # The next column's, the next line's, the one on top of it.
    assert doubt(220.0, 393.4, 225.1, 400.7) is None
    assert doubt(227.4, 396.0, 232.5, 403.3) is None
    assert doubt(232.0, 393.4, 237.1, 400.7) is None
