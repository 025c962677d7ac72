"""The second engine: what pdfplumber reads inside boxes of a page that the first engine's reading of is in question.

Belongs here: every call into pdfplumber and pdfminer below it. Does not belong here: which boxes are asked for and what
stands of two readings (`parsers.second_opinion`), and where cells are: only the characters in them are read again.

It is an order of magnitude slower than the first and sees the same page through another parser, which is its use. So
nothing but the pages and lines that boxes lie on is looked at, and no font is loaded that prints nothing there.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import pdfplumber
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFObjRef, dict_value, list_value, resolve1
from pdfminer.psparser import LIT
from pdfminer.utils import apply_matrix_rect, mult_matrix
from pdfplumber.utils.exceptions import PdfminerException

from parsers.document import UnreadableError
from schemas.facts import Box

from .content import UNMAPPED, Glyph, typeset
from .grid import CellText, read_cell

_MOST_CHARS = 100_000
_MOST_ANNOTATIONS = 2_000
# Flags of annotations that are not shown: hidden, no view.
_HIDDEN = 2 | 32
_TYPED, _CHOSEN = {LIT("Widget"), LIT("Tx")}, {LIT("Widget"), LIT("Ch")}
# Font sizes above and below its baseline that a line may reach.
_REACH = 2.0
# Font sizes that a byte of a string may print: a character has one or two.
_WIDEST = 1.2
# How far text may rise over its length and still be level.
_SLANTED = 0.05


def read(data: bytes, name: str, places: Sequence[tuple[int, Box]]) -> list[CellText]:
    """What stands in boxes, given with their pages (from 1) in points of the page as it is shown, in the same order.

    Raises `UnreadableError`, and whatever a library raises for a damaged file.
    """
    for logger in ("pdfminer", "pdfplumber"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    asked: dict[int, list[Box]] = {}
    for number, box in places:
        asked.setdefault(number, []).append(box)
    found: dict[tuple[int, Box], CellText] = {}
    try:
        # Closing it would look at all its pages once more, and releases nothing: it is in memory.
        for page in pdfplumber.open(io.BytesIO(data), pages=sorted(asked)).pages:
            boxes = asked.get(page.page_number, ())
            if boxes:
                texts = _Sight(page.pdf.rsrcmgr, boxes).texts(page.page_obj)
                found.update(zip(((page.page_number, box) for box in boxes), texts, strict=True))
    except (PDFEncryptionError, PDFPasswordIncorrect, PdfminerException) as error:
        if error.args and isinstance(error.args[0], ImportError):
            # Ciphers that cannot be imported here: nothing is said of the file.
            raise error.args[0] from error
        # The first engine opened the file: the second does not know how it is locked, or not how it is damaged.
        raise UnreadableError("unreadable", f"{name}：第二个读取引擎打不开这份 PDF。") from error
    return [found.get(place, CellText()) for place in places]


class _Fonts(dict[object, "_Font"]):
    """The fonts of a page by the names that its content has for them, also those that it does not list."""

    def __init__(self, manager: Any, listed: dict[object, object]) -> None:
        super().__init__((key, _Font(manager, entry)) for key, entry in listed.items())
        self._manager = manager

    def __missing__(self, key: object) -> _Font:
        return _Font(self._manager, {})


class _Font:
    """A font that is read when the first of its characters is."""

    def __init__(self, manager: Any, entry: object) -> None:
        self._manager, self._entry = manager, entry
        self._font: Any = None

    def load(self) -> Any:
        if self._font is None:
            key = self._entry.objid if isinstance(self._entry, PDFObjRef) else None
            self._font = self._manager.get_font(key, dict_value(self._entry))
        return self._font


class _Interpreter(PDFPageInterpreter):  # type: ignore[misc]
    """pdfminer's, but fonts wait until they are needed: reading them takes longer than all else of a page."""

    def init_resources(self, resources: dict[object, object]) -> None:
        others = {key: value for key, value in dict_value(resources).items() if key != "Font"} if resources else {}
        super().init_resources(others)
        self.resources = resources
        self.fontmap = _Fonts(self.rsrcmgr, dict_value(resources.get("Font") or {}) if resources else {})

    def do_BT(self) -> None:
        super().do_BT()
        self.device.begin_text()


class _Sight(PDFPageAggregator):  # type: ignore[misc]
    """A device that sees the characters of the lines on which boxes lie, and no lines, shapes or pictures."""

    def __init__(self, manager: Any, boxes: Sequence[Box]) -> None:
        super().__init__(manager)
        self._boxes = boxes
        # From the page as pdfminer measures it, upwards from the media box's corner, to the page as shown.
        self._left = self._top = 0.0
        self._matrix: Any = None
        self._seen: list[tuple[Box, LTChar]] = []
        # Characters left of all boxes, until it is known that none follow them on their line.
        self._waiting: tuple[Any, Any] | None = None

    def texts(self, page: Any) -> list[CellText]:
        """The text of every box, in order."""
        _Interpreter(self.rsrcmgr, self).process_page(page)
        typed = [glyph for box, text in self._fields(page) for glyph in typeset(text, box)]
        return [_text(box, self._inside(box), typed) for box in self._boxes]

    # -- what pdfminer tells its device ----------------------------------------------------------------------------

    def begin_page(self, page: Any, ctm: Any) -> None:
        super().begin_page(page, ctm)
        media, crop = apply_matrix_rect(ctm, page.mediabox), apply_matrix_rect(ctm, page.cropbox)
        self._left, self._top = max(media[0], crop[0]), min(media[3], crop[3])
        self._matrix = ctm
        self._waiting = None
        # From the lower to the upper side, with the box as pdfminer measures it.
        self._bands = [
            (self._top - bottom, self._top - top, (x0 + self._left, 0.0, x1 + self._left, 0.0))
            for x0, top, x1, bottom in self._boxes
        ]

    def begin_figure(self, name: str, bbox: Any, matrix: Any) -> None:
        """Text in a form of the content is text."""

    end_figure = paint_path = render_image = lambda *_, **__: None

    def begin_text(self) -> None:
        """Text begins anew, wherever the last of it ended."""
        self._waiting = None

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Characters of one line, unless none of them can lie in a box."""
        if self._waiting is not None and self._waiting[0].matrix is textstate.matrix:
            # It begins where what was left out ends.
            before, passed = self._waiting
            self._show(before, passed, ncs, graphicstate)
            textstate.linematrix = before.linematrix
        elif (side := self._side(textstate, seq)) is not None:
            # Past all boxes no later character takes its place from it.
            self._waiting = (textstate.copy(), seq) if side == "left" else None
            return
        self._waiting = None
        self._show(textstate, seq, ncs, graphicstate)

    def _side(self, textstate: Any, seq: Any) -> Literal["left", "past"] | None:
        """On which side of all boxes characters lie; None where they may lie in one."""
        a, b, c, d, e, f = mult_matrix(textstate.matrix, self.ctm)
        if b or c or a <= 0:
            return None
        x, y = a * textstate.linematrix[0] + e, d * textstate.linematrix[1] + f
        reach = _REACH * abs(d * textstate.fontsize)
        beside = [box for low, high, box in self._bands if low - reach < y < high + reach]
        if not beside or x > max(box[2] for box in beside):
            return "past"
        # No character is wider than two bytes of its string at this much each.
        size = a * textstate.fontsize * textstate.scaling * 0.01
        room = a * textstate.charspace + a * textstate.wordspace + _WIDEST * size
        length = sum(len(part) * room if isinstance(part, bytes) else abs(part) * 0.001 * size for part in seq)
        return "left" if x + length < min(box[0] for box in beside) else None

    def _show(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        lazy = textstate.font
        textstate.font = lazy.load()
        try:
            super().render_string(textstate, seq, ncs, graphicstate)
        finally:
            textstate.font = lazy

    def end_page(self, page: Any) -> None:
        chars = (item for item in self.cur_item if isinstance(item, LTChar) and not item.get_text().isspace())
        self._seen = [(self._shown(char.bbox), char) for char in chars if not _is_slanted(char)][:_MOST_CHARS]

    # -- boxes -----------------------------------------------------------------------------------------------------

    def _shown(self, box: Box) -> Box:
        x0, y0, x1, y1 = box
        return (x0 - self._left, self._top - y1, x1 - self._left, self._top - y0)

    def _inside(self, box: Box) -> list[tuple[Box, LTChar]]:
        """The characters whose middle lies in a box."""
        return [(at, char) for at, char in self._seen if _within(at, box)]

    def _fields(self, page: Any) -> Iterable[tuple[Box, str]]:
        """Values of form fields, which are printed text, with their boxes."""
        for entry in list_value(page.annots or [])[:_MOST_ANNOTATIONS]:
            # One by one: an annotation names its page, and that all others.
            listed = dict_value(entry)
            rect, kind, field, value, flags = (resolve1(listed.get(key)) for key in ("Rect", "Subtype", "FT", "V", "F"))
            if {kind, field} in (_TYPED, _CHOSEN) and not int(flags or 0) & _HIDDEN:
                box = apply_matrix_rect(self._matrix, [resolve1(side) for side in rect])
                yield self._shown(box), _decoded(value)


def _within(glyph: Sequence[Any], box: Box) -> bool:
    x, y = (glyph[0] + glyph[2]) / 2, (glyph[1] + glyph[3]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _text(box: Box, chars: Sequence[tuple[Box, LTChar]], typed: Sequence[Glyph]) -> CellText:
    """A box's text read along its characters, whichever way they lie on the page."""
    turns = [_quarter_turns(char) for _, char in chars]
    turn = max(set(turns), key=turns.count) if turns else 0
    glyphs = [glyph for at, char in chars for glyph in _glyphs(_turned(at, turn), char.get_text())]
    return read_cell(glyphs + [glyph for glyph in typed if _within(glyph, box)], _turned(box, turn))


def _glyphs(box: Box, text: str) -> Iterable[Glyph]:
    """The characters that stand in a box: a ligature is one with several, and each gets its share."""
    if text.startswith("(cid:") or (len(text) == 1 and "\ud800" <= text <= "\uf8ff"):
        text = UNMAPPED
    x0, top, x1, bottom = box
    width = (x1 - x0) / max(len(text), 1)
    return [(x0 + k * width, top, x0 + (k + 1) * width, bottom, one) for k, one in enumerate(text)]


def _is_slanted(char: LTChar) -> bool:
    """Whether a character runs neither along nor across the page: a watermark's does."""
    along, across = sorted(map(abs, char.matrix[:2]))
    return bool(along > _SLANTED * across)


def _quarter_turns(char: LTChar) -> int:
    """How often a character is turned to the left on the page as shown."""
    a, b = char.matrix[:2]
    if abs(a) >= abs(b):
        return 0 if a >= 0 else 2
    return 1 if b > 0 else 3


def _turned(box: Box, turns: int) -> Box:
    """A box of the page after so many quarter turns of it to the right."""
    x0, top, x1, bottom = box
    return (box, (-bottom, x0, -top, x1), (-x1, -bottom, -x0, -top), (top, -x1, bottom, -x0))[turns]


def _decoded(value: object) -> str:
    """A string of a PDF: UTF-16 with its mark, or one byte per character."""
    if isinstance(value, bytes):
        if value[:2] in (b"\xfe\xff", b"\xff\xfe"):
            return value.decode("utf-16", "replace")
        return value.decode("utf-8", "replace") if value[:3] == b"\xef\xbb\xbf" else value.decode("latin-1")
    return value if isinstance(value, str) else ""
