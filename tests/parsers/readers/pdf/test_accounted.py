"""A blank is one where nothing is seen in its place, and a figure where all that is seen belongs to it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from parsers.document import Cell
from parsers.readers import pdf
from parsers.readers.pdf import accounted
from parsers.readers.pdf.content import PageContent, Rule
from parsers.readers.pdf.grid import CellText, Fragment, GridCell
from parsers.readers.pdf.ink import Ink
from schemas.facts import Box

from .pictures import FONT, PAGE, SIZE, Draw, at, printed

TABLE = """
四、政府信息公开行政复议、行政诉讼情况

+----------+----------+----------+----------+----------+
| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计     |
+----------+----------+----------+----------+----------+
|        5 |        3 |        0 |          |        8 |
+----------+----------+----------+----------+----------+

五、存在的主要问题及改进情况
"""
OPEN = TABLE.replace("|", " ").replace("+", " ").replace("-", " ")
# The middle of the empty cell, and the place before the 5.
EMPTY, BEFORE = at(38, 5), (at(9, 5)[0] - 7.5, at(9, 5)[1])

Place = tuple[float, float]
_SEGMENTS = {
    "a": (0, 2, 1, 2),
    "b": (1, 1, 1, 2),
    "c": (1, 0, 1, 1),
    "d": (0, 0, 1, 0),
    "e": (0, 0, 0, 1),
    "f": (0, 1, 0, 2),
    "g": (0, 1, 1, 1),
}
_DIGITS = {"0": "abcdef", "1": "bc", "2": "abged", "4": "fgbc", "5": "afgcd", "7": "abc", "8": "abcdefg"}
_DOTS = (".#...", ".#...", "..#..", "..#..", "...#.", "....#", "#####")


def _row(data: bytes) -> list[Cell]:
    return [cell for table in pdf.read(data, "表.pdf").tables for cell in table.cells if cell.row == 1]


def _strokes(canvas: Any, place: Place, digits: str = "2", wide: float = 5.0, high: float = 7.5) -> None:
    canvas.setLineWidth(0.7)
    for n, digit in enumerate(digits):
        x, y = place[0] + n * (wide + 2), place[1]
        for segment in _DIGITS[digit]:
            ax, ay, bx, by = _SEGMENTS[segment]
            canvas.line(x + ax * wide, y + ay * high / 2, x + bx * wide, y + by * high / 2)


def _bars(canvas: Any, place: Place) -> None:
    x, y = place
    for box in ((0, 6, 5, 1), (4, 3, 1, 4), (4, 0, 1, 3)):
        canvas.rect(x + box[0], y + box[1], box[2], box[3], stroke=0, fill=1)


def _dots(canvas: Any, place: Place, size: float = 0.9) -> None:
    for down, line in enumerate(_DOTS):
        for right, char in enumerate(line):
            if char == "#":
                canvas.rect(place[0] + right, place[1] + down, size, size, stroke=0, fill=1)


def _one_path(canvas: Any, place: Place) -> None:
    path = canvas.beginPath()
    for down, line in enumerate(_DOTS):
        for right, char in enumerate(line):
            if char == "#":
                path.rect(place[0] + right, place[1] + down, 0.9, 0.9)
    canvas.drawPath(path, stroke=0, fill=1)


def _picture(canvas: Any, place: Place, wide: float = 5.0, high: float = 7.0, grey: int = 0) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = Image.new("L", (20, 28), 255)
    for k in range(28):
        picture.paste(grey, (max(17 - k // 2, 0), k, 20 - k // 2, k + 1))
    canvas.drawImage(ImageReader(picture), place[0], place[1], wide, high)


def _slanted(canvas: Any, place: Place, turn: float = 30.0) -> None:
    canvas.saveState()
    canvas.translate(place[0] + 3, place[1] + 3)
    canvas.rotate(turn)
    canvas.setFont(FONT, SIZE)
    canvas.drawString(-2, -3, "7")
    canvas.restoreState()


def _half_clear(canvas: Any, place: Place) -> None:
    canvas.setFillAlpha(0.5)
    _bars(canvas, place)


def _annotation(canvas: Any, place: Place, kind: str = "Stamp") -> None:
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream

    x, y = place
    shape = PDFStream(
        PDFDictionary(
            {"Type": PDFName("XObject"), "Subtype": PDFName("Form"), "BBox": PDFArray([0, 0, 8, 9])},
        ),
        "0 0 m 5 0 l 5 7 l 0 7 l S",
    )
    canvas._addAnnotation(
        PDFDictionary(
            {
                "Type": PDFName("Annot"),
                "Subtype": PDFName(kind),
                "Rect": PDFArray([x, y, x + 8, y + 9]),
                "F": 4,
                "AP": PDFDictionary({"N": canvas._doc.Reference(shape)}),
            }
        )
    )


DRAWN: dict[str, Callable[[Any, Place], None]] = {
    **{f"strokes {digit}": partial(_strokes, digits=digit) for digit in "1247"},
    "several digits of strokes": partial(_strokes, digits="20", wide=4.0),
    "bars": _bars,
    "dots": _dots,
    "dots in one path": _one_path,
    "picture": _picture,
    "tiny picture": partial(_picture, wide=2.4, high=3.0),
    "wide picture": partial(_picture, wide=20.0, high=9.0),
    "slanted digit": _slanted,
    "digit on its head": partial(_slanted, turn=180.0),
    "half transparent": _half_clear,
    "stamp": _annotation,
    "square": partial(_annotation, kind="Square"),
}


@pytest.mark.parametrize("table", [TABLE, OPEN], ids=["ruled", "open"])
@pytest.mark.parametrize("name", DRAWN)
def test_where_something_is_seen_is_no_blank_and_no_figure(name: str, table: str) -> None:
    cells = _row(printed(table, lambda canvas: DRAWN[name](canvas, EMPTY)))
    assert [c.text for c in cells] == ["5", "3", "0", "", "8"]
    assert [bool(c.doubt) for c in cells] == [False, False, False, True, False]
    cells = _row(printed(table, lambda canvas: DRAWN[name](canvas, BEFORE)))
    assert any(c.doubt for c in cells[:2])
    assert [c.text for c in cells[-4:]] == ["3", "0", "", "8"]


@pytest.mark.parametrize("digit", "25")
def test_a_digit_of_strokes_against_the_rule_above_is_no_part_of_it(digit: str) -> None:
    lines = TABLE.split("\n")
    under_heads = "\n".join([*lines[:6], *(re.sub("[-+|]", " ", line) for line in lines[6:])])
    cells = _row(printed(under_heads, lambda canvas: _strokes(canvas, (EMPTY[0], EMPTY[1] + 7), digit)))
    assert [(c.text, bool(c.doubt)) for c in cells] == [
        ("5", False),
        ("3", False),
        ("0", False),
        ("", True),
        ("8", False),
    ]


def test_a_one_of_strokes_that_hangs_at_a_rule_parts_no_cell() -> None:
    """It covers more than half of its row's height, as a side of a cell would."""
    hanging = (EMPTY[0], EMPTY[1] + 1)
    cells = _row(printed(TABLE, lambda canvas: _strokes(canvas, hanging, "1", high=13.0)))
    assert [(c.text, c.doubt) for c in cells] == [
        ("5", None),
        ("3", None),
        ("0", None),
        ("", "characters"),
        ("8", None),
    ]


def test_a_digit_on_a_rule_leaves_both_figures_open() -> None:
    """2613 and 440 of two narrow cells: the 3 is the last of the one or the first of the other."""
    blank = TABLE.replace("        5", "         ").replace("        3", "         ")
    rule = at(11, 5)[0] + 2.5

    def draw(canvas: Any) -> None:
        canvas.setFont("Helvetica", SIZE)
        wide = canvas.stringWidth("0", "Helvetica", SIZE)
        canvas.drawString(rule - 3.5 * wide, EMPTY[1], "2613")
        canvas.drawString(rule + 0.4 * wide, EMPTY[1], "440")

    assert [bool(c.doubt) for c in _row(printed(blank, draw))][:3] == [True, True, False]


def test_strokes_across_a_rule_leave_a_page_that_can_be_read() -> None:
    lines = TABLE.split("\n")
    under_heads = "\n".join([*lines[:6], *(re.sub("[-+|]", " ", line) for line in lines[6:])])
    pdf.read(printed(under_heads, lambda canvas: _strokes(canvas, (EMPTY[0], EMPTY[1] + 8.5), "5")), "表.pdf")


def test_a_picture_over_several_cells_leaves_none_of_them_blank() -> None:
    blank = TABLE.replace("        3", "         ").replace("        0", "         ")
    x, y = at(12, 5)
    cells = _row(printed(blank, lambda canvas: _picture(canvas, (x, y - 6), 28 * 5.0, 18.0)))
    assert [bool(c.doubt) for c in cells] == [False, True, True, True, False]


def _white(canvas: Any, place: Place) -> None:
    canvas.setStrokeGray(1)
    canvas.setFillGray(1)
    _strokes(canvas, place)
    _bars(canvas, place)


def _pale(canvas: Any, place: Place) -> None:
    canvas.setFillGray(0.85)
    _bars(canvas, place)


def _covered(canvas: Any, place: Place) -> None:
    _strokes(canvas, place)
    canvas.setFillGray(1)
    canvas.rect(place[0] - 1, place[1] - 1, 7, 9.5, stroke=0, fill=1)


def _clipped(canvas: Any, place: Place) -> None:
    path = canvas.beginPath()
    path.rect(10, 10, 5, 5)
    canvas.clipPath(path, stroke=0, fill=0)
    _dots(canvas, place)
    _picture(canvas, place)


def _beyond_a_rule(canvas: Any, place: Place) -> None:
    canvas.line(place[0] - 200, place[1] - 400, place[0] + 200, place[1] - 400)


UNSEEN = {
    "white": _white,
    "pale": _pale,
    "covered": _covered,
    "clipped": _clipped,
    "pale picture": partial(_picture, grey=230),
    "elsewhere": _beyond_a_rule,
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_is_not_seen_leaves_a_blank_blank_and_a_figure_one(name: str) -> None:
    for place in (EMPTY, BEFORE):
        cells = _row(printed(TABLE, lambda canvas, place=place: UNSEEN[name](canvas, place)))
        assert [(c.text, c.doubt) for c in cells] == [(text, None) for text in ("5", "3", "0", "", "8")]


def _frame(canvas: Any, place: Place) -> None:
    canvas.rect(place[0] - 4, place[1] - 2.5, 13, 11, stroke=1, fill=0)


def _circle(canvas: Any, place: Place) -> None:
    canvas.ellipse(place[0] - 6, place[1] - 3, place[0] + 11, place[1] + 10.5)


def _wave(canvas: Any, place: Place) -> None:
    path = canvas.beginPath()
    path.moveTo(place[0] - 1, place[1] - 2)
    path.curveTo(place[0] + 1, place[1] - 0.5, place[0] + 3, place[1] - 3.5, place[0] + 6, place[1] - 2)
    canvas.drawPath(path, stroke=1, fill=0)


def _seal(canvas: Any, place: Place) -> None:
    canvas.setStrokeColorRGB(0.8, 0.1, 0.1)
    canvas.circle(place[0] + 40, place[1], 40, stroke=1, fill=0)


@pytest.mark.parametrize("draw", [_frame, _circle, _wave, _seal], ids=lambda draw: draw.__name__.strip("_"))
def test_what_is_drawn_around_a_figure_is_no_part_of_it(draw: Callable[[Any, Place], None]) -> None:
    found = _row(printed(TABLE, lambda canvas: draw(canvas, at(9, 5))))
    assert [c.text for c in found if c.text or c.doubt] == ["5", "3", "0", "8"]
    assert not any(c.doubt for c in found if c.text)


def test_a_dark_row_is_no_figure_in_its_cells() -> None:
    def shade(canvas: Any) -> None:
        (x, y), (end, _) = at(0.5, 6), at(54.5, 6)
        canvas.setFillGray(0.55)
        canvas.rect(x, y + 3, end - x, 26, stroke=0, fill=1)
        canvas.setFillGray(0)

    assert [c.doubt for c in _row(printed(TABLE, under=shade))] == [None] * 5


def test_a_glyph_that_is_said_to_be_a_space_is_seen() -> None:
    """A font's map may give a printed character as a space."""

    def draw(canvas: Any) -> None:
        canvas.setFont("Helvetica", SIZE)
        canvas.drawString(*EMPTY, "7")

    lines = ["1 begincodespacerange <00> <FF> endcodespacerange", "1 beginbfchar <37> <0020> endbfchar"]
    cmap = "\n".join(["begincmap", *lines, "endcmap"]).encode()
    stream = b"99 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(cmap), cmap)
    data = printed(TABLE, draw)
    assert _row(data)[3].text == "7"
    # The table of places is wrong then, and is made anew by whoever reads the file.
    data = data.replace(b"/BaseFont /Helvetica", b"/ToUnicode 99 0 R /BaseFont /Helvetica")
    data = re.sub(rb"startxref\s+\d+", b"startxref\n0", data.replace(b"xref\n0 ", stream + b"xref\n0 ", 1))
    assert [(c.text, bool(c.doubt)) for c in _row(data)][3] == ("", True)


def test_figures_of_strokes_in_a_whole_table_divide_no_cell() -> None:
    blank = TABLE.replace("        5", "         ").replace("        3", "         ").replace("        8", "         ")
    blank = blank.replace("        0", "         ")

    def draw(canvas: Any) -> None:
        for column, digits in zip((6, 17, 28, 39, 50), ("10", "2", "75", "8", "180"), strict=True):
            _strokes(canvas, at(column, 5), digits)

    cells = _row(printed(blank, draw))
    assert [c.text for c in cells] == [""] * 5
    assert all(c.doubt for c in cells)


@pytest.mark.parametrize("shift", [0.0, -5.0, -2.5])
def test_a_figure_over_a_covered_one_is_whole(shift: float) -> None:
    """What is printed over the same digits that nobody sees: the file's text has them once."""

    def draw(canvas: Any) -> None:
        x, y = EMPTY[0] - 10, EMPTY[1]
        canvas.setFont(FONT, SIZE)
        canvas.drawString(x + shift, y, "616")
        canvas.setFillGray(1)
        canvas.rect(x - 8, y - 3, 30, 12, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.drawString(x, y, "116")

    assert [(c.text, c.doubt) for c in _row(printed(TABLE, draw))][3] == ("116", None)


def test_a_tiny_character_on_the_page_makes_no_digit_raised() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont("Helvetica", SIZE)
        canvas.drawString(EMPTY[0], EMPTY[1], "41")
        canvas.setFont("Helvetica", 1)
        canvas.drawString(EMPTY[0] - 100, EMPTY[1] - 60, "8")

    assert [(c.text, c.doubt) for c in _row(printed(TABLE, draw))][3] == ("41", None)


def _clipped_at(x: float) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        path = canvas.beginPath()
        path.rect(0, 0, x, PAGE[1])
        canvas.clipPath(path, stroke=0, fill=0)
        canvas.setFont(FONT, SIZE)
        canvas.drawString(EMPTY[0] - 10, EMPTY[1], "116")
        canvas.drawString(EMPTY[0] - 5, EMPTY[1] - 100, "77")

    return draw


@pytest.mark.parametrize(("width", "certain"), [(40.0, True), (10.0 + 2.5, False), (10.0 - 2.0, False)])
def test_a_figure_that_is_cut_off_is_not_certain(width: float, certain: bool) -> None:
    cell = _row(printed(TABLE, _clipped_at(EMPTY[0] - 10 + width)))[3]
    assert (cell.text, cell.doubt) == ("116", None) if certain else cell.doubt


def test_where_figures_are_cut_off_at_the_page_s_edge_none_beside_it_is_certain() -> None:
    """What stands beyond the page may not be in the file at all."""
    shift = PAGE[0] - 312.0

    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, SIZE)
        canvas.drawString(PAGE[0] - 2, 300, "7")

    def moved(canvas: Any) -> None:
        canvas.translate(shift, 0)

    def shown(*over: Draw) -> list[tuple[str, bool]]:
        return [(c.text, bool(c.doubt)) for c in _row(printed(TABLE, *over, under=moved))]

    certain = [(text, False) for text in ("5", "3", "0", "")]
    assert shown() == [*certain, ("8", False)]
    *others, (_, is_doubtful) = shown(draw)
    assert others == certain
    assert is_doubtful


def _gradient(
    box: tuple[float, float, float, float], levels: list[float], stops: list[float], *, slanted: bool = True
) -> Draw:
    """A shading from one corner of a box (left, bottom, right, top) to the opposite one, or from left to right."""

    def draw(canvas: Any) -> None:
        from reportlab.lib.colors import Color

        x0, y0, x1, y1 = box
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(x0, y0, x1 - x0, y1 - y0)
        canvas.clipPath(path, stroke=0, fill=0)
        ends = (x0, y1, x1, y0) if slanted else (x0, y0, x1, y0)
        canvas.linearGradient(*ends, [Color(g, g, g) for g in levels], stops, extend=True)
        canvas.restoreState()

    return draw


FIVE = at(9, 5)
(_LEFT, _), (_RIGHT, _) = at(0.5, 5), at(11.5, 5)
# Of the figure itself, of a padding around it, and of the whole cell.
_SIZES = {
    "figure": (FIVE[0] - 0.2, FIVE[1] - 2, FIVE[0] + 5.2, FIVE[1] + 8),
    "padded": (FIVE[0] - 3, FIVE[1] - 3, FIVE[0] + 8, FIVE[1] + 9),
    "cell": (_LEFT, FIVE[1] - 9.5, _RIGHT, FIVE[1] + 16),
}


@pytest.mark.parametrize("size", _SIZES)
def test_a_figure_crossed_by_a_line_in_a_gradient_is_not_certain(size: str) -> None:
    """The middle of a shading from white to black and back goes through the figure, as where a page crosses one out."""
    x0, y0, x1, y1 = _SIZES[size]
    across, down = x1 - x0, y1 - y0
    where = ((FIVE[0] + 2.5 - x0) * across + (y1 - FIVE[1] - 3) * down) / (across**2 + down**2)
    room = 0.7 / (across**2 + down**2) ** 0.5
    stops = [0, where - room - 0.001, where - room, where + room, where + room + 0.001, 1]
    crossed = _gradient((x0, y0, x1, y1), [1, 1, 0, 0, 1, 1], stops)
    cells = _row(printed(TABLE, under=crossed))
    assert [c.text for c in cells] == ["5", "3", "0", "", "8"]
    assert [c.doubt for c in cells if c.text] == ["unconfirmed", None, None, None]


@pytest.mark.parametrize("level", [0.5, 0.0])
@pytest.mark.parametrize("size", ["padded", "cell", "row"])
def test_a_figure_on_an_even_shading_is_certain(size: str, level: float) -> None:
    row = (_LEFT, FIVE[1] - 9.5, at(54.5, 5)[0], FIVE[1] + 16)
    box = _SIZES.get(size, row)
    for slanted in (True, False):
        cells = _row(printed(TABLE, under=_gradient(box, [1, level], [0, 1], slanted=slanted and size != "row")))
        assert [(c.text, c.doubt) for c in cells if c.text] == [("5", None), ("3", None), ("0", None), ("8", None)]


def test_an_area_that_ends_within_a_figure_is_no_ground_of_it() -> None:
    def half(canvas: Any) -> None:
        canvas.setFillGray(0.4)
        canvas.rect(FIVE[0] - 20, FIVE[1] - 3, 22.5, 12, stroke=0, fill=1)
        canvas.setFillGray(0)

    cells = _row(printed(TABLE.replace("        5", "       15"), under=half))
    assert [(c.text, c.doubt) for c in cells][:2] == [("15", "unconfirmed"), ("3", None)]


def test_a_crossed_figure_beside_its_correction_leaves_the_table_its_rules() -> None:
    """Two figures in one cell are no sign of missing rules where something is drawn over one of them; and digits on the
    two sides of a rule are never one figure."""
    crossed = _gradient((at(37, 5)[0] - 0.2, FIVE[1] - 2, at(39, 5)[0], FIVE[1] + 8), [1, 0, 1], [0, 0.5, 1])
    table = TABLE.replace("|          |        8 |", "|   52    3|284       |")
    cells = _row(printed(table, under=crossed))
    assert [(c.text, c.doubt) for c in cells] == [
        ("5", None),
        ("3", None),
        ("0", None),
        ("52 3", "unconfirmed"),
        ("284", None),
    ]


class _Inked(Ink):
    """A page on which something is seen in every box."""

    def __init__(self) -> None:
        super().__init__(array("B"), 0, 0, 1.0)

    def ground(self, box: Box) -> int | None:
        return 255

    def stands_in(self, box: Box, ground: int, rules: Sequence[Box] = ()) -> bool:
        return True


def test_strokes_that_were_joined_to_a_close_rule_are_looked_at() -> None:
    def doubts(level: list[Rule], upright: list[Rule]) -> list[str | None]:
        cells = [GridCell((n * 13.0, 40.0, n * 13.0 + 13, 51.2), 0, 1, CellText(""), 1, n) for n in range(3)]
        page = PageContent(1, *PAGE, horizontal=[(40.0, 0.0, 39.0), *level], vertical=[(13.0, 40.0, 51.2), *upright])
        made = Fragment(1, (0, 40, 39, 51.2), [0.0, 13.0, 26.0, 39.0], 1, cells, "ruled")
        accounted.settle([made], {1: page}, lambda pages: dict.fromkeys(pages, _Inked()))
        return [cell.content.doubt for cell in made.cells]

    # A zero, 2 points from the side of the second cell and 0.6 from its upper one.
    upright = [(22.0, 40.6, 44.0), (22.0, 43.8, 47.4), (24.2, 40.6, 44.0), (24.2, 43.8, 47.4)]
    assert doubts([(40.8, 21.4, 24.8), (47.2, 21.4, 24.8)], upright) == [None, "characters", None]
    # Nearer still: 0.9 points from the side, which is taken for a little farther in.
    upright = [(14.0, 40.9, 44.9), (17.2, 40.9, 44.9), (17.2, 44.1, 48.1), (14.0, 44.1, 48.1)]
    assert doubts([(41.2, 13.4, 17.9), (47.8, 13.4, 17.9)], upright) == [None, "characters", None]
    # Sides of cells are no strokes, nor is what goes from one to the other.
    assert doubts([(51.0, 13.0, 26.0), (46.0, 13.4, 25.8)], [(26.0, 40.0, 45.0), (26.2, 45.0, 51.2)]) == [None] * 3


def test_what_is_drawn_beside_a_head_without_rules_leaves_its_blank_open() -> None:
    """A figure of strokes at the left of a column whose head stands in its middle; sides of cells are no figures."""

    def doubts(*drawn: Box) -> list[str | None]:
        printed = [(0, 0, "项目", 60), (0, 1, "本年处理决定数量", 330), (1, 0, "行政许可", 60), (1, 1, "", 330)]
        cells = [
            GridCell((x, 40.0 + 17 * r, x + 64, 48.0 + 17 * r), r, 1, CellText(t), 1, c, 1) for r, c, t, x in printed
        ]
        made = Fragment(1, (60, 40, 394, 65), [0.0, 1.0, 2.0], 2, cells, "anchored")
        accounted.settle([made], {1: PageContent(1, *PAGE, drawn=list(drawn))}, lambda n: dict.fromkeys(n, _Inked()))
        return [cell.content.doubt for cell in made.cells]

    assert doubts((210.0, 56.0, 210.0, 66.0), (210.0, 56.0, 215.0, 56.0)) == [None, None, None, "characters"]
    assert doubts((210.0, 52.0, 210.0, 69.0)) == [None] * 4
    # Beside the label, and a row above.
    assert doubts((100.0, 57.0, 104.0, 64.0), (210.0, 30.0, 215.0, 38.0)) == [None] * 4
