"""The second engine: the characters in a box, wherever the page's content says where they stand."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from pdfplumber.utils.exceptions import PdfminerException

from parsers.readers import pdf
from parsers.readers.pdf import pdfium, plumber

Draw = Callable[[Any], None]


def page(draw: Draw, **options: Any) -> bytes:
    """A page of 400 × 300 points; Helvetica at 10 points."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300), **options)
    canvas.setFont("Helvetica", 10)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def digits(data: bytes) -> tuple[float, float, float, float]:
    """The box around the digits of a page as it is shown, by the first engine."""
    with pdfium.opened(data, "页.pdf") as file, file.page(0) as opened:
        content = opened.content()
    lefts, tops, rights, bottoms, _ = zip(*(g for g in content.glyphs if g[4].isdigit()), strict=True)
    return content.shown((min(lefts) - 1, min(tops) - 1, max(rights) + 1, max(bottoms) + 1))


def _one_string(canvas: Any) -> None:
    canvas.drawString(50, 200, "received 4712 cases")


def _strings_on_a_line(canvas: Any) -> None:
    text = canvas.beginText(50, 200)
    for part in ("received ", "and carried over ", "4712", " cases"):
        text.textOut(part)
    canvas.drawText(text)


def _lines_left_and_above(canvas: Any) -> None:
    text = canvas.beginText(50, 200)
    for line in ("received", "granted", "denied"):
        text.textLine(line)
    canvas.drawText(text)
    canvas.drawString(150, 188, "4712")


def _moved_back_at_the_same_height(canvas: Any) -> None:
    text = canvas.beginText(50, 200)
    text.textOut("received")
    text.moveCursor(220, 0)
    text.textOut("4712")
    canvas.drawText(text)


def _in_a_form(canvas: Any) -> None:
    canvas.beginForm("stamp")
    canvas.setFont("Helvetica", 10)
    canvas.drawString(0, 0, "no. 4712")
    canvas.endForm()
    canvas.translate(120, 80)
    canvas.doForm("stamp")


def _turned_text(canvas: Any) -> None:
    canvas.rotate(90)
    canvas.drawString(60, -120, "received 4712")


PLACED = [_one_string, _strings_on_a_line, _lines_left_and_above, _moved_back_at_the_same_height, _in_a_form]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("cropped", [False, True])
@pytest.mark.parametrize("draw", PLACED)
def test_the_characters_in_a_box_are_read_wherever_they_come_in_the_content(
    draw: Draw, cropped: bool, turned: int
) -> None:
    def whole(canvas: Any) -> None:
        canvas.setPageRotation(turned)
        if cropped:
            canvas.setCropBox((30, 20, 380, 270))
        draw(canvas)

    data = page(whole)
    places = [(1, digits(data)), (1, (0.0, 0.0, 9.0, 9.0))]
    assert [t.text for t in pdf.read_again(data, "页.pdf", places)] == ["4712", ""]


def test_text_on_its_side_is_read_along_its_characters() -> None:
    (found,) = pdf.read_again(page(_turned_text), "页.pdf", [(1, (100.0, 100.0, 140.0, 300.0))])
    assert found.text.split() == ["received", "4712"]


def test_slanted_text_over_a_figure_is_a_watermark() -> None:
    def draw(canvas: Any) -> None:
        _one_string(canvas)
        canvas.translate(100, 195)
        canvas.rotate(35)
        canvas.drawString(0, 0, "4 7 3 0 9")

    plain = digits(page(_one_string))
    assert [t.text for t in pdf.read_again(page(draw), "页.pdf", [(1, plain)])] == ["4712"]


def test_no_font_is_loaded_that_prints_nothing_near_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    from pdfminer.pdfinterp import PDFResourceManager

    loaded: list[Any] = []
    inner = PDFResourceManager.get_font

    def get_font(self: Any, key: object, spec: Any) -> Any:
        loaded.append(str(getattr(spec.get("BaseFont"), "name", "")))
        return inner(self, key, spec)

    monkeypatch.setattr(PDFResourceManager, "get_font", get_font)

    def draw(canvas: Any) -> None:
        _one_string(canvas)
        for font, x, y in (("Courier", 50, 100), ("Times-Roman", 5, 200), ("Times-Bold", 200, 200)):
            canvas.setFont(font, 10)
            canvas.drawString(x, y, "a" if font == "Times-Roman" else "elsewhere")

    data = page(draw)
    box = digits(data)
    loaded.clear()
    assert [t.text for t in pdf.read_again(data, "页.pdf", [(1, box)])] == ["4712"]
    assert loaded == ["Helvetica"]


def test_places_on_pages_that_are_not_there_hold_nothing() -> None:
    assert [t.text for t in pdf.read_again(page(_one_string), "页.pdf", [(9, (0.0, 0.0, 400.0, 300.0))])] == [""]


def test_ciphers_that_cannot_be_imported_say_nothing_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are imported when an encrypted file is opened, and pdfplumber wraps whatever happens then."""

    def opened(*_: object, **__: object) -> None:
        raise PdfminerException(ImportError("DLL load failed while importing _rust"))

    monkeypatch.setattr(plumber.pdfplumber, "open", opened)
    with pytest.raises(ImportError, match="_rust"):
        plumber.read(b"%PDF-", "a.pdf", [])
