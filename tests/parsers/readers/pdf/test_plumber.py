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


DRAWN = b"q 1 w 0 0 0 RG 0.5 g\n10 20.5 m -4 .5 l S\n1 2 3 4 re W* n f* EMC BT /m 12 Tf 1 0 0 1 72 700 Tm\n"


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (DRAWN + b"<34373132> Tj 5 0 Td [<3437> -30 <3132>] TJ ET Q", True),
        # In strings anything may stand: these are left as they are.
        (DRAWN + b"(1 2 m) Tj ET Q", False),
        (DRAWN + b"<34 f3> Tj ET Q", False),
        (DRAWN + b"BI /W 1 ID f EI ET Q", False),
    ],
    ids=["numbers", "string", "blanks in numbers", "picture"],
)
def test_plain_contents_are_cut_by_one_expression_and_say_the_same(
    monkeypatch: pytest.MonkeyPatch, content: bytes, left: bool
) -> None:
    from pdfminer.pdfinterp import PDFContentParser, PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdftypes import PDFStream

    shown: list[object] = []

    def note(self: object, state: Any, seq: object, *_: object) -> None:
        shown.append((state.matrix, state.linematrix, state.fontsize, seq))

    monkeypatch.setattr(plumber._Sight, "render_string", note)
    cut: list[object] = []
    opened = PDFContentParser.__init__
    monkeypatch.setattr(PDFContentParser, "__init__", lambda self, s: (cut.append(s), opened(self, s))[1])

    def executed(kind: type[PDFPageInterpreter]) -> list[object]:
        shown.clear()
        manager = PDFResourceManager()
        interpreter = plumber._Interpreter(manager, plumber._Sight(manager, []))
        interpreter.init_resources({})
        interpreter.init_state((1, 0, 0, 1, 0, 0))
        stream = PDFStream({}, content)
        stream.objid = 7
        kind.execute(interpreter, [stream])
        return list(shown)

    ours = executed(plumber._Interpreter)
    assert bool(cut) is not left
    assert ours == executed(PDFPageInterpreter)
    assert bool(ours) is (b"Tj" in content)


def test_ciphers_that_cannot_be_imported_say_nothing_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are imported when an encrypted file is opened, and pdfplumber wraps whatever happens then."""

    def opened(*_: object, **__: object) -> None:
        raise PdfminerException(ImportError("DLL load failed while importing _rust"))

    monkeypatch.setattr(plumber.pdfplumber, "open", opened)
    with pytest.raises(ImportError, match="_rust"):
        plumber.read(b"%PDF-", "a.pdf", [])


def test_what_an_embedded_font_calls_its_characters_is_read_where_its_map_has_none() -> None:
    asked: list[int] = []
    names = plumber._Names(lambda: asked.append(1) or {65: "7"})
    assert not asked
    assert names[65] == "7"
    with pytest.raises(KeyError):
        names[66]
    assert asked == [1]
