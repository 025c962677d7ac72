"""What of a page is seen and is its own text: small pages with something drawn over them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parsers import extract
from parsers.document import Cell, Document, UnreadableError
from parsers.readers import pdf
from parsers.readers.pdf import pdfium

from .pictures import FONT, HALF, PAGE, at, printed

TABLE = """
四、政府信息公开行政复议、行政诉讼情况

+----------+----------+----------+----------+----------+
| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计     |
+----------+----------+----------+----------+----------+
|        5 |        3 |        0 |          |        8 |
+----------+----------+----------+----------+----------+

五、存在的主要问题及改进情况
"""
# The 5 stands here, and the empty cell's middle.
FIVE, EMPTY = (9, 5), (38, 5)
# Ten columns of one piece of text.
WIDE = 5 * "\u3000"


def figures(data: bytes) -> list[str]:
    """The row of figures; what is not certain in brackets, with its readings."""
    tables = pdf.read(data, "表.pdf").tables
    assert len(tables) == 1
    return [_shown(cell) for cell in tables[0].cells if cell.row == 1]


def _shown(cell: Cell) -> str:
    return f"({cell.doubt} {'/'.join(cell.readings)})" if cell.doubt else cell.text


def hidden(document: Document) -> list[str]:
    return [r.text for r in document.residue if r.kind == "hidden"]


def _write(canvas: Any, text: str, column: float, line: float, size: float = 2 * HALF) -> None:
    canvas.setFont(FONT, size)
    canvas.drawString(*at(column, line), text)


def _white(canvas: Any) -> None:
    canvas.setFillGray(1)
    _write(canvas, "9", FIVE[0] - 1, FIVE[1])


def _nearly_white(canvas: Any) -> None:
    canvas.setFillColorRGB(0.97, 0.98, 0.96)
    _write(canvas, "9", FIVE[0] - 1, FIVE[1])


def _transparent(canvas: Any) -> None:
    canvas.setFillAlpha(0.02)
    _write(canvas, "9", FIVE[0] - 1, FIVE[1])


def _clipped(canvas: Any) -> None:
    path = canvas.beginPath()
    path.rect(300, 100, 50, 50)
    canvas.clipPath(path, stroke=0, fill=0)
    _write(canvas, "9", FIVE[0] - 1, FIVE[1])


def _covered(canvas: Any) -> None:
    _write(canvas, "9", FIVE[0] - 1, FIVE[1])
    x, y = at(FIVE[0] - 1, FIVE[1])
    canvas.setFillGray(1)
    canvas.rect(x - 0.5, y - 3, HALF, 12, stroke=0, fill=1)


def _not_drawn(canvas: Any) -> None:
    canvas.setFont(FONT, 2 * HALF)
    canvas.drawString(*at(FIVE[0] - 1, FIVE[1]), "9", mode=3)


def _in_a_form(canvas: Any) -> None:
    canvas.beginForm("hidden")
    canvas.setFillGray(1)
    _write(canvas, "9", FIVE[0] - 1, FIVE[1])
    canvas.endForm()
    canvas.doForm("hidden")


UNSEEN = [_white, _nearly_white, _transparent, _clipped, _covered, _not_drawn, _in_a_form]


@pytest.mark.parametrize("draw", UNSEEN, ids=lambda draw: draw.__name__.strip("_"))
def test_what_is_not_seen_is_no_figure_and_is_told(draw: Callable[[Any], None]) -> None:
    data = printed(TABLE, draw)
    assert figures(data) == ["5", "3", "0", "", "8"]
    assert hidden(pdf.read(data, "表.pdf")) == ["9"]


def _covers(canvas: Any, column: float, digits: float) -> None:
    x, y = at(column, FIVE[1])
    canvas.setFillGray(1)
    canvas.rect(x - 0.5, y - 3, digits * HALF + 0.5, 12, stroke=0, fill=1)
    canvas.setFillGray(0)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [("18", "14", "14"), ("14", "41", "41"), ("10", "1", "1"), ("15", None, "")],
    ids=["a digit shared", "other places", "shorter", "nothing new"],
)
@pytest.mark.parametrize("both", [False, True], ids=["first cell", "both cells"])
def test_a_figure_written_on_a_cover_is_whole(old: str, new: str | None, shown: str, both: bool) -> None:
    """One piece of text holds figures of several cells: what is covered of it hides no digit of what lies on the cover."""
    empty = TABLE.replace("        5 |        3", "          |         ")

    def draw(canvas: Any) -> None:
        _write(canvas, f"{old}{WIDE}27", 6, FIVE[1])
        _covers(canvas, 6, 3)
        if new is not None:
            _write(canvas, f"{new}{WIDE}9" if both else new, 6, FIVE[1])
        if both and new is not None:
            _covers(canvas, 6 + len(new) + 10, 3)
            _write(canvas, "28", 6 + len(new) + 10, FIVE[1])

    second = "28" if both and new is not None else "27"
    assert figures(printed(empty, draw))[:2] == [shown, second]


@pytest.mark.parametrize(("part", "shown"), [(0.5, "(characters )"), (0.0, "8"), (1.0, "")])
def test_a_figure_of_which_a_part_is_covered_is_not_certain(part: float, shown: str) -> None:
    empty = TABLE.replace("        5 |", "          |")

    def draw(canvas: Any) -> None:
        _write(canvas, "8", *FIVE)
        _covers(canvas, FIVE[0] - 2, 2 + part)

    assert figures(printed(empty, draw))[0] == shown


def test_a_dash_before_a_figure_beside_a_cover_is_seen() -> None:
    def draw(canvas: Any) -> None:
        _write(canvas, f"-21{WIDE}7", 26, FIVE[1])
        _covers(canvas, 39, 2)

    table = TABLE.replace("        0 |", "          |")
    assert figures(printed(table, draw))[2:4] == ["-21", ""]


def test_beyond_the_page_is_not_seen() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 2 * HALF)
        canvas.drawString(PAGE[0] + 20, at(*FIVE)[1], "9")

    document = pdf.read(printed(TABLE, draw), "表.pdf")
    assert hidden(document) == ["9"]
    assert not any("9" in p.text for p in document.paragraphs)


def test_on_a_layer_that_is_off() -> None:
    """reportlab makes no layers: one is put into the file by hand, whose table of offsets PDFium then makes anew."""

    def draw(canvas: Any) -> None:
        canvas._code.append("/OC /Off BDC")
        _write(canvas, "9", FIVE[0] - 1, FIVE[1])
        canvas._code.append("EMC")

    data = printed(TABLE, draw)
    assert figures(data)[0] == "95"
    layer = b"900 0 obj << /Type /OCG /Name (Off) >> endobj\n"
    for old, new in (
        (b"/Type /Catalog", b"/Type /Catalog /OCProperties << /OCGs [900 0 R] /D << /OFF [900 0 R] >> >>"),
        (b"/Resources <<", b"/Resources << /Properties << /Off 900 0 R >>"),
        (b"xref\n", layer + b"xref\n"),
    ):
        assert old in data
        data = data.replace(old, new, 1)
    assert figures(data) == ["5", "3", "0", "", "8"]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_digit_that_is_hardly_seen_leaves_its_cell_uncertain(ruled: bool) -> None:
    """White on a row shaded a little: some see 95, and some 5."""

    def ground(canvas: Any) -> None:
        canvas.setFillGray(0.86)
        x, y = at(0.5, 4.5)
        canvas.rect(x, y - 17, 54.5 * HALF, 26, stroke=0, fill=1)
        canvas.setFillGray(0)

    page = TABLE if ruled else TABLE.replace("|", " ").replace("-", " ").replace("+", " ")
    data = printed(page, _white, under=ground)
    assert figures(data) == ["(characters )", "3", "0", "", "8"]


def test_light_ink_on_a_dark_ground_is_seen() -> None:
    def ground(canvas: Any) -> None:
        canvas.setFillColorRGB(0.1, 0.2, 0.5)
        x, y = at(0.5, 4.5)
        canvas.rect(x, y - 17, 54.5 * HALF, 26, stroke=0, fill=1)
        canvas.setFillGray(0)

    def draw(canvas: Any) -> None:
        canvas.setFillGray(1)
        _write(canvas, "4", *EMPTY)

    assert figures(printed(TABLE, draw, under=ground)) == ["5", "3", "0", "4", "8"]


@pytest.mark.parametrize("ink", [(1, 0, 0), (0.6, 0.6, 0.6), (0.9, 0.6, 0.1)])
def test_coloured_and_grey_figures_are_seen(ink: tuple[float, float, float]) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFillColorRGB(*ink)
        _write(canvas, "4", *EMPTY)

    assert figures(printed(TABLE, draw)) == ["5", "3", "0", "4", "8"]


def test_shading_drawn_after_other_text_hides_nothing() -> None:
    def draw(canvas: Any) -> None:
        x, y = at(*EMPTY)
        canvas.setFillGray(0.85)
        canvas.rect(x - 30, y - 3, 35, 12, stroke=0, fill=1)
        canvas.setFillGray(0)
        _write(canvas, "4", *EMPTY)

    assert figures(printed(TABLE, draw)) == ["5", "3", "0", "4", "8"]


# -- watermarks ----------------------------------------------------------------------------------------------------


def _large(canvas: Any) -> None:
    canvas.setFillGray(0.85)
    canvas.setFont(FONT, 70)
    canvas.translate(*at(4, 9))
    canvas.rotate(35)
    canvas.drawString(0, 0, "内部资料")


def _dark(canvas: Any) -> None:
    canvas.setFont(FONT, 30)
    canvas.translate(*at(4, 8))
    canvas.rotate(20)
    canvas.drawString(0, 0, "征求意见稿2024")


def _level(canvas: Any) -> None:
    canvas.setFillGray(0.8)
    _write(canvas, "征求意见稿12", 2, 6, 30)


def _tiles(canvas: Any) -> None:
    canvas.setFillGray(0.75)
    for line in range(2, 9):
        for column in (3, 30, 57):
            _write(canvas, "张三20250108", column + line % 2, line + 0.4, 9)


def _slanted_tiles(canvas: Any) -> None:
    canvas.setFillGray(0.6)
    for line in range(2, 9):
        canvas.saveState()
        canvas.translate(*at(6 + 5 * line, line))
        canvas.rotate(-30)
        canvas.setFont(FONT, 8)
        canvas.drawString(0, 0, "张三20250108")
        canvas.restoreState()


MARKS = [_large, _dark, _level, _tiles, _slanted_tiles]


@pytest.mark.parametrize("draw", MARKS, ids=lambda draw: draw.__name__.strip("_"))
def test_a_watermark_is_no_text(draw: Callable[[Any], None]) -> None:
    document = pdf.read(printed(TABLE, draw), "表.pdf")
    assert figures(printed(TABLE, draw)) == ["5", "3", "0", "", "8"]
    assert [p.text for p in document.paragraphs] == [
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
    ]


def test_a_grey_figure_under_a_slanted_tile_is_no_watermark() -> None:
    """A shadow of which PDFium gives one copy, the grey one: the tile that crosses it is the watermark, not the figure."""

    def draw(canvas: Any) -> None:
        canvas.setFillGray(0.75)
        _write(canvas, "47", *EMPTY)
        x, y = at(*EMPTY)
        canvas.translate(x - 12, y + 9)
        canvas.rotate(-30)
        canvas.setFont(FONT, 9)
        canvas.drawString(0, 0, "张三20250108")

    assert figures(printed(TABLE, draw))[3] in ("47", "(characters )", "(characters 47)")


def test_a_note_on_its_side_in_the_margin_is_no_text() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 9)
        canvas.translate(28, at(0, 8)[1])
        canvas.rotate(90)
        canvas.drawString(0, 0, "内部资料 注意保存 2025-01-08")

    assert figures(printed(TABLE, draw)) == ["5", "3", "0", "", "8"]


# -- struck, drawn, raised, spread, doubled ------------------------------------------------------------------------

OPEN = TABLE.replace("|", " ").replace("+", " ").replace("-", " ")


def _strike(canvas: Any, column: float, line: float, length: float, *, height: float = 3.3) -> None:
    x, y = at(column, line)
    canvas.line(x - 0.5, y + height, x + length * HALF + 0.5, y + height)


def _struck_line(canvas: Any) -> None:
    _write(canvas, "12", 5, FIVE[1])
    _strike(canvas, 5, FIVE[1], 2)


def _struck_bar(canvas: Any) -> None:
    _write(canvas, "12", 5, FIVE[1])
    x, y = at(5, FIVE[1])
    canvas.rect(x, y + 3, 2 * HALF, 0.7, stroke=0, fill=1)


def _struck_annotation(canvas: Any) -> None:
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName

    _write(canvas, "12", 5, FIVE[1])
    x, y = at(5, FIVE[1])
    left, right, bottom, top = x, x + 2 * HALF, y - 2, y + 8
    canvas._addAnnotation(
        PDFDictionary(
            {
                "Type": PDFName("Annot"),
                "Subtype": PDFName("StrikeOut"),
                "Rect": PDFArray([left, bottom, right, top]),
                "QuadPoints": PDFArray([left, top, right, top, left, bottom, right, bottom]),
                "C": PDFArray([1, 0, 0]),
            }
        )
    )


@pytest.mark.parametrize("table", [TABLE, OPEN], ids=["ruled", "open"])
@pytest.mark.parametrize("draw", [_struck_line, _struck_bar, _struck_annotation], ids=lambda d: d.__name__.strip("_"))
def test_a_struck_figure_is_no_part_of_the_new_one(draw: Callable[[Any], None], table: str) -> None:
    data = printed(table, draw)
    assert next(c.text for t in pdf.read(data, "表.pdf").tables for c in t.cells if c.row == 1) == "5"
    assert [r.text for r in pdf.read(data, "表.pdf").residue if r.kind == "struck"] == ["12"]


def test_a_cell_of_nothing_but_a_struck_figure_is_not_certain() -> None:
    def draw(canvas: Any) -> None:
        _write(canvas, "12", *EMPTY)
        _strike(canvas, *EMPTY, 2)

    assert figures(printed(TABLE, draw)) == ["5", "3", "0", "(characters 12)", "8"]


@pytest.mark.parametrize("height", [-1.5, -0.5, 9.0])
def test_a_line_under_or_over_a_figure_strikes_nothing(height: float) -> None:
    data = printed(TABLE, lambda canvas: _strike(canvas, FIVE[0], FIVE[1], 1, height=height))
    assert figures(data) == ["5", "3", "0", "", "8"]
    assert not pdf.read(data, "表.pdf").residue


def test_a_line_under_a_wrapped_figure_parts_no_row() -> None:
    """What is left of a figure behind struck digits stands on two lines, the first underlined nearly from rule to rule."""
    table = """
+----------------------+---------+---------+
| 办理结果             | 自然人  | 总计    |
+----------------------+---------+---------+
| 1.属于国家秘密       | 12345,6 | 7       |
|                      | 81      |         |
+----------------------+---------+---------+
"""

    def draw(canvas: Any) -> None:
        _strike(canvas, 25, 3, 3)
        # As Word draws what was put in: a line below the digits, and half a point longer.
        x, y = at(28, 3)
        canvas.line(x - 0.5, y - 1, x + 4 * HALF + 0.5, y - 1)

    document = pdf.read(printed(table, draw), "表.pdf")
    assert figures(printed(table, draw)) == ["1.属于国家秘密", "(wrapped 45,681)", "7"]
    assert [r.text for r in document.residue if r.kind == "struck"] == ["123"]


def test_struck_digits_that_fill_their_cell_are_struck_and_part_no_row() -> None:
    table = """
+----------------------+-----+-----+
| 办理结果             | 总计| 其他|
+----------------------+-----+-----+
| 1.属于国家秘密       |     | 7   |
|                      | 35  |     |
+----------------------+-----+-----+
"""

    def draw(canvas: Any) -> None:
        _write(canvas, "123456", 23.5, 3, 2.12 * HALF)
        _strike(canvas, 23.5, 3, 6)

    assert figures(printed(table, draw)) == ["1.属于国家秘密", "35", "7"]


def test_a_table_s_own_rule_through_a_line_of_text_strikes_nothing() -> None:
    """A title so close under a table that its last rule goes through it."""

    def draw(canvas: Any) -> None:
        x, y = at(0.5, 6.5)
        canvas.setFont(FONT, 2 * HALF)
        canvas.drawString(x, y + 2, "备注：以上为全年数")

    assert not pdf.read(printed(TABLE, draw), "表.pdf").residue


def _polygon(canvas: Any, points: list[tuple[float, float]], *, stroke: int = 0, fill: int = 1) -> None:
    x, y = at(*EMPTY)
    path = canvas.beginPath()
    path.moveTo(x + points[0][0], y + points[0][1])
    for px, py in points[1:]:
        path.lineTo(x + px, y + py)
    path.close()
    canvas.drawPath(path, stroke=stroke, fill=fill)


def _one(canvas: Any) -> None:
    _polygon(canvas, [(1.6, 0), (2.6, 0), (2.6, 7), (1.9, 7), (0.2, 5.9), (0.2, 5), (1.6, 5.8)])


def _seven(canvas: Any) -> None:
    _polygon(canvas, [(1, 0), (2, 0), (4.4, 6.2), (4.4, 7), (0.3, 7), (0.3, 6.2), (3.4, 6.2)])


def _zero(canvas: Any) -> None:
    x, y = at(*EMPTY)
    path = canvas.beginPath()
    path.ellipse(x, y, 4.5, 7)
    path.ellipse(x + 1, y + 1, 2.5, 5)
    canvas.drawPath(path, stroke=0, fill=1)


def _hollow_four(canvas: Any) -> None:
    _polygon(canvas, [(3, 0), (3, 7), (0, 2), (4.4, 2)], stroke=1, fill=0)


def _slash(canvas: Any) -> None:
    x, y = at(*EMPTY)
    canvas.line(x - 20, y - 3, x + 20, y + 10)


def _dash(canvas: Any) -> None:
    x, y = at(*EMPTY)
    canvas.rect(x, y + 3, 8, 0.8, stroke=0, fill=1)


DRAWN = [_one, _seven, _zero, _hollow_four, _slash, _dash]


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__.strip("_"))
def test_what_is_drawn_in_a_cell_leaves_it_open(draw: Callable[[Any], None]) -> None:
    assert figures(printed(TABLE, draw)) == ["5", "3", "0", "(characters )", "8"]


@pytest.mark.parametrize("draw", DRAWN[:4], ids=lambda draw: draw.__name__.strip("_"))
def test_a_digit_drawn_beside_others_leaves_the_figure_open(draw: Callable[[Any], None]) -> None:
    def both(canvas: Any) -> None:
        _write(canvas, "4", EMPTY[0] - 1.1, EMPTY[1])
        draw(canvas)

    assert figures(printed(TABLE, both))[3] == "(unconfirmed )"


def test_a_badge_behind_a_figure_is_no_digit() -> None:
    def badge(canvas: Any) -> None:
        x, y = at(*FIVE)
        canvas.setFillColorRGB(0.8, 0.9, 1)
        canvas.roundRect(x - 6, y - 3, 17, 13, 4, stroke=0, fill=1)
        canvas.setFillGray(0)

    assert figures(printed(TABLE, under=badge)) == ["5", "3", "0", "", "8"]


@pytest.mark.parametrize(("size", "rise"), [(6, 3.5), (8.5, 3), (10, 4)])
def test_a_raised_digit_is_the_mark_of_a_note(size: float, rise: float) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, size)
        x, y = at(FIVE[0] + 1, FIVE[1])
        canvas.drawString(x + 0.4, y + rise, "1")

    assert figures(printed(TABLE, draw))[0] == "5¹"


def test_a_digit_of_another_font_is_none() -> None:
    """As high as the digit beside it, and not as deep."""

    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 8.8)
        x, y = at(FIVE[0] + 1, FIVE[1])
        canvas.drawString(x + 0.4, y + 1.05, "1")

    assert figures(printed(TABLE, draw))[0] == "51"


@pytest.mark.parametrize("apart", [4.0, 8.0, 15.0])
def test_digits_spread_over_a_cell_are_one_figure_or_none(apart: float) -> None:
    def draw(canvas: Any) -> None:
        x, y = at(33.5, EMPTY[1])
        canvas.setFont(FONT, 2 * HALF)
        for n, digit in enumerate("312"):
            canvas.drawString(x + n * (HALF + apart), y, digit)

    assert figures(printed(TABLE, draw)) in (
        ["5", "3", "0", "(joined 312)", "8"],
        ["5", "3", "0", "3 1 2", "8"],
    )


@pytest.mark.parametrize("shift", [(0.4, 0.0), (2.4, 0.0), (1.5, -1.0)])
def test_a_figure_with_a_shadow_is_there_once(shift: tuple[float, float]) -> None:
    def draw(canvas: Any) -> None:
        x, y = at(36, EMPTY[1])
        canvas.setFont(FONT, 2 * HALF)
        canvas.drawString(x + shift[0], y + shift[1], "1100")
        canvas.drawString(x, y, "1100")

    assert figures(printed(TABLE, draw))[3] == "1100"


@pytest.mark.parametrize("slant", [0.35, -0.18, -0.3])
def test_slanted_digits_are_read(slant: float) -> None:
    def draw(canvas: Any) -> None:
        x, y = at(36, EMPTY[1])
        canvas.setFont(FONT, 2 * HALF)
        canvas.transform(1, 0, slant, 1, x - slant * y, 0)
        canvas.drawString(0, y, "5588")

    assert figures(printed(TABLE, draw))[3] == "5588"


# -- boxed, crossed, with something small beside -------------------------------------------------------------------

ROWS = """
三、收到和处理政府信息公开申请情况

+----------------+--------+----------+--------+
|                | 自然人 | 商业企业 | 总计   |
+----------------+--------+----------+--------+
| （一）予以公开 |   12   |          |     12 |
+----------------+--------+----------+--------+
"""


def _box(canvas: Any, left: float, right: float, *, below: float = 2.5, above: float = 8.0) -> None:
    (x, y), (end, _) = at(left, 5), at(right, 5)
    canvas.rect(x, y - below, end - x, below + above, stroke=1, fill=0)


@pytest.mark.parametrize("boxes", [[(20.0, 24.0)], [(20.0, 22.0), (22.0, 24.0)]], ids=["figure", "digits"])
def test_a_box_around_a_figure_leaves_no_blank_in_its_cell(boxes: list[tuple[float, float]]) -> None:
    def draw(canvas: Any) -> None:
        for left, right in boxes:
            _box(canvas, left, right)

    cells = [c for t in pdf.read(printed(ROWS, draw), "表.pdf").tables for c in t.cells]
    head = next(c for c in cells if c.text == "自然人")
    under = [c for c in cells if c.row >= 1 and head.column <= c.column < head.column + head.colspan]
    # A box as small as a character's is no cell's.
    assert [c.text for c in under] == ["12"] or any(c.doubt for c in under)
    assert all(c.doubt for c in under if not c.text)
    # The column beside it has none: its blank is one.
    other = next(c for c in cells if c.text == "商业企业")
    assert [c.doubt for c in cells if c.row >= 1 and c.column == other.column and c.colspan == other.colspan] == [None]


def _crossed(canvas: Any) -> None:
    x, y = at(*FIVE)
    canvas.line(x - 3, y - 1, x + 8, y + 9)


def _by_pen(canvas: Any, kind: str = "Ink") -> None:
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName

    x, y = at(*FIVE)
    places = {"Ink": ("InkList", PDFArray([PDFArray([x - 2, y + 3, x + 8, y + 4])])), "Line": ("L", None)}
    key, value = places[kind]
    entries = {
        "Type": PDFName("Annot"),
        "Subtype": PDFName(kind),
        "Rect": PDFArray([x - 3, y + 2, x + 9, y + 5]),
        key: value or PDFArray([x - 2, y + 3.5, x + 8, y + 3.5]),
    }
    canvas._addAnnotation(PDFDictionary(entries))


def _by_line(canvas: Any) -> None:
    _by_pen(canvas, "Line")


@pytest.mark.parametrize("draw", [_crossed, _by_pen, _by_line], ids=lambda d: d.__name__.strip("_"))
def test_a_figure_that_a_pen_crosses_is_not_certain(draw: Callable[[Any], None]) -> None:
    assert figures(printed(TABLE, draw)) == ["(unconfirmed )", "3", "0", "", "8"]


@pytest.mark.parametrize(("size", "rise"), [(5, -2), (3, 0)])
def test_a_small_digit_before_a_figure_or_lowered_is_none_of_its_digits(size: float, rise: float) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, size)
        x, y = at(*FIVE)
        canvas.drawString(x - 0.5 * size - 0.3, y + rise, "2")

    assert figures(printed(TABLE, draw)) == ["(joined )", "3", "0", "", "8"]


def test_the_same_rows_twice_beside_one_another_are_not_certain() -> None:
    """This year's table and last year's, which share the rules between their rows."""
    rule = f"+{'-' * 18}+{'-' * 8}+{'-' * 2}+{'-' * 18}+{'-' * 8}+"
    labels = ["（一）予以公开", "（二）部分公开", "（六）其他处理"]
    lines = [rule, f"|{' ' * 18}| 自然人 |  |{' ' * 18}| 自然人 |"]
    for n, name in enumerate(labels, start=1):
        lines += [rule, f"|  {name}  |   {n}    |  |  {name}  |   {n + 4}    |"]
    cells = [c for t in pdf.read(printed("\n".join([*lines, rule])), "表.pdf").tables for c in t.cells]
    assert [c.doubt for c in cells if c.text.isdigit()] == ["repeated"] * 6


def test_a_label_in_each_of_the_columns_it_stands_over_is_no_second_table() -> None:
    rule = f"+{('-' * 18 + '+') * 3}{'-' * 8}+"
    lines = [rule, f"|{(' ' * 18 + '|') * 3} 自然人 |"]
    for n, name in enumerate(["（一）予以公开", "（二）部分公开", "（六）其他处理"], start=1):
        lines += [rule, f"|{f'  {name}  |' * 3}   {n}    |"]
    cells = [c for t in pdf.read(printed("\n".join([*lines, rule])), "表.pdf").tables for c in t.cells]
    assert [c.doubt for c in cells if c.text.isdigit()] == [None] * 3


def test_a_cell_with_a_figure_under_a_dark_bar_is_no_blank() -> None:
    def draw(canvas: Any) -> None:
        _write(canvas, "7", *EMPTY)
        x, y = at(*EMPTY)
        canvas.rect(x - 6, y - 2, 18, 11, stroke=0, fill=1)

    assert figures(printed(TABLE, draw)) == ["5", "3", "0", "(unconfirmed )", "8"]


def test_both_halves_of_a_blank_that_a_level_stroke_divides_are_open() -> None:
    def stroke(canvas: Any) -> None:
        x, y = at(29.0, 5)
        canvas.line(x, y + 3.0, x + 20.0, y + 3.0)
        canvas.line(x + 20.0, y + 3.0, x + 20.0, y - 3.0)

    cells = [c for t in pdf.read(printed(ROWS, stroke), "表.pdf").tables for c in t.cells if c.row]
    assert [bool(c.doubt) for c in cells] == [not c.text for c in cells]


@pytest.mark.parametrize(
    ("page", "name", "left", "wide"), [(ROWS, "商业企业", 29.0, 3.0), (TABLE, "尚未审结", 37.0, 4.0)]
)
def test_a_blank_that_lines_divide_is_not_certain(page: str, name: str, left: float, wide: float) -> None:
    """A figure drawn with strokes like rules has no text; beside a label, or in a row whose heads say everything."""
    cells = [c for t in pdf.read(printed(page, lambda c: _box(c, left, left + wide)), "表.pdf").tables for c in t.cells]
    head = next(c for c in cells if c.text == name)
    under = [c for c in cells if c.row >= 1 and head.column <= c.column < head.column + head.colspan]
    assert under
    assert all(c.doubt for c in under)
    assert not any(c.doubt for c in cells if c.text)


@pytest.mark.parametrize("length", [4.0, 6.0])
def test_a_minus_drawn_before_a_figure_leaves_it_open(length: float) -> None:
    def draw(canvas: Any) -> None:
        x, y = at(*FIVE)
        canvas.line(x - length - 1, y + 3.5, x - 1, y + 3.5)

    assert figures(printed(TABLE, draw)) == ["(unconfirmed )", "3", "0", "", "8"]


def test_a_figure_over_a_white_picture_that_hides_another_is_read() -> None:
    """Both stand in one place: what is under the picture is looked at without what is over it."""

    def draw(canvas: Any) -> None:
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        _write(canvas, "21", EMPTY[0] - 0.5, EMPTY[1])
        x, y = at(*EMPTY)
        canvas.drawImage(ImageReader(Image.new("L", (8, 8), 255)), x - 12, y - 3, 24, 12)
        _write(canvas, "2", *EMPTY)

    data = printed(TABLE, draw)
    assert figures(data) == ["5", "3", "0", "2", "8"]
    assert hidden(pdf.read(data, "表.pdf")) == ["21"]


@pytest.mark.parametrize("size", [1.0, 3.0])
def test_a_tiny_digit_on_a_figure_s_baseline_is_no_raised_mark(size: float) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont("Helvetica", size)
        x, y = at(FIVE[0] + 1, FIVE[1])
        canvas.drawString(x + 0.3, y, "8")

    assert figures(printed(TABLE, draw))[0] == "(joined )"


@pytest.mark.parametrize("size", ["cell", "figure"])
def test_a_figure_that_an_area_shows_through_it_is_no_blank(size: str) -> None:
    """Text that is not drawn, to which an even area is clipped: the page shows digits in that area's colour."""

    def draw(canvas: Any, *, filled: bool = True) -> None:
        x, y = at(*EMPTY)
        canvas.saveState()
        text = canvas.beginText(x, y)
        text.setFont("Helvetica", 2 * HALF)
        text.setTextRenderMode(7)
        text.textOut("17")
        canvas.drawText(text)
        room = 40 if size == "cell" else 2
        if filled:
            canvas.rect(x - room, y - room, 10 + 2 * room, 8 + 2 * room, stroke=0, fill=1)
        canvas.restoreState()

    assert figures(printed(TABLE, draw))[3] == "(characters )"
    assert figures(printed(TABLE, lambda canvas: draw(canvas, filled=False)))[3] == ""


def _lowered(to: float, *, turned: bool) -> Callable[[Any], None]:
    """The whole page moved down until the figures' baseline is so many points over the page's lower edge."""

    def under(canvas: Any) -> None:
        if turned:
            # A sheet that lies on its side and is shown upright.
            canvas.setPageRotation(90)
            canvas.translate(PAGE[1], 0)
            canvas.rotate(90)
        canvas.translate(0, to - at(*FIVE)[1])

    return under


@pytest.mark.parametrize("turned", [False, True], ids=["upright", "turned"])
def test_what_the_page_s_lower_edge_leaves_of_figures_is_none(turned: bool) -> None:
    unknown = "(characters )"
    assert figures(printed(TABLE, under=_lowered(5, turned=turned))) == ["5", "3", "0", "", "8"]
    cut = printed(TABLE, under=_lowered(-3, turned=turned))
    assert figures(cut) == [unknown] * 5
    # The figures are wholly beyond the edge, their cells are not.
    gone = printed(TABLE, under=_lowered(-12, turned=turned))
    assert figures(gone) == [unknown] * 5
    assert any("5308" in text for text in hidden(pdf.read(gone, "表.pdf")))


def test_what_a_turned_page_s_edge_leaves_of_a_figure_is_none() -> None:
    table = TABLE.replace("        8 |", "    12348 |")

    def under(canvas: Any, beyond: float) -> None:
        canvas.setPageRotation(90)
        canvas.translate(PAGE[1], 0)
        canvas.rotate(90)
        canvas.translate(PAGE[0] - at(54, 0)[0] + beyond, 0)

    assert figures(printed(table, under=lambda canvas: under(canvas, -3.0))) == ["5", "3", "0", "", "12348"]
    for beyond in (6.0, 11.0):
        found = figures(printed(table, under=lambda canvas, beyond=beyond: under(canvas, beyond)))
        assert not any(text.startswith(("1", "2", "3")) for text in found[4:])


def _mapped(names: dict[str, str]) -> bytes:
    """A page whose digits the font's map gives other names; the figures are printed in a font of another map."""

    def draw(canvas: Any) -> None:
        canvas.setFont("Helvetica", 2 * HALF)
        for line in (12, 14):
            canvas.drawString(*at(5, line), "0123456789")

    pairs = [f"<{ord(digit):02x}> <{ord(names.get(digit, digit)):04x}>" for digit in "0123456789"]
    lines = ["begincmap", "1 begincodespacerange <00> <FF> endcodespacerange"]
    cmap = "\n".join([*lines, "10 beginbfchar", *pairs, "endbfchar", "endcmap"]).encode()
    stream = b"99 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(cmap), cmap)
    data = printed(TABLE, draw)
    data = data.replace(b"/BaseFont /Helvetica", b"/ToUnicode 99 0 R /BaseFont /Helvetica")
    return re.sub(rb"startxref\s+\d+", b"startxref\n0", data.replace(b"xref\n0 ", stream + b"xref\n0 ", 1))


@pytest.mark.parametrize(("one", "other"), [("3", "8"), ("6", "9"), ("1", "7"), ("0", "5")])
def test_digits_that_their_font_s_map_names_otherwise_are_known_by_their_shapes(one: str, other: str) -> None:
    assert not pdf.has_misnamed_digits(_mapped({}), "表.pdf", {1})
    assert pdf.has_misnamed_digits(_mapped({one: other, other: one}), "表.pdf", {1, 2})


def test_a_second_look_at_a_file_opens_none_of_its_pages_again(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _mapped({"3": "8", "8": "3"})
    pdf.read(data, "表.pdf")
    monkeypatch.setattr(pdfium, "Page", None)
    assert pdf.has_misnamed_digits(data, "表.pdf", {1})
    pdf.close()
    with pytest.raises(UnreadableError):
        pdf.has_misnamed_digits(data, "表.pdf", {1})


def test_no_file_stays_open_behind_its_extraction(tmp_path: Path) -> None:
    path = tmp_path / "表.pdf"
    path.write_bytes(_mapped({}))
    extract(path)
    assert not pdfium._last


@pytest.mark.parametrize(("text", "told"), [("其他处理事项", []), ("其他处12345", ["2345"])], ids=["words", "a number"])
def test_the_end_of_a_label_that_its_cell_cuts_off_is_no_hidden_text(text: str, told: list[str]) -> None:
    """Sheets are printed so; of digits it is told, whatever they are."""

    def draw(canvas: Any) -> None:
        x, y = at(2, 8)
        path = canvas.beginPath()
        path.rect(x - 2, y - 4, 7 * HALF + 2, 14)
        canvas.saveState()
        canvas.clipPath(path, stroke=0, fill=0)
        _write(canvas, text, 2, 8)
        canvas.restoreState()

    assert hidden(pdf.read(printed(TABLE, draw), "表.pdf")) == told
