"""What of a page is seen and is its own text: small pages with something drawn over them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from parsers.document import Cell, Document
from parsers.readers import pdf

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


def test_a_note_on_its_side_in_the_margin_is_no_text() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 9)
        canvas.translate(28, at(0, 8)[1])
        canvas.rotate(90)
        canvas.drawString(0, 0, "内部资料 注意保存 2025-01-08")

    assert figures(printed(TABLE, draw)) == ["5", "3", "0", "", "8"]
