"""The first engine's eyes: a file and its pages, each with its glyphs, ruling lines, shapes and form fields.

Belongs here: opening a file, what is asked of a page and in which order, annotations, turning all of it as displayed.
Does not belong here: how PDFium is asked (`calls`, `glyphs`, `objects`), what is seen (`visible`); tables, labels.

PDFium is not safe for threads: `LOCK` is held while a file is looked at.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pypdfium2.raw as c

from parsers.document import UnreadableError
from schemas.facts import Box

from .calls import LOCK, handle, wide
from .content import UNMAPPED, Glyph, PageContent, typeset
from .glyphs import LeftOut, PageText
from .ink import Ink
from .layout import FEWEST_NUMBERS, drop_line_numbers, may_be_two_pages
from .objects import Objects, walk
from .shapes import misnamed
from .struck import take_out as take_out_struck
from .visible import apart, left_out, shown_anew, without_text

_MOST_ANNOTATIONS = 2_000
# Pages of a file that are open at a time.
_MOST_OPEN = 12
# Points: beside every page.
_FAR_AWAY = -50_000.0
# Points: level rules in prose that may strike a word.
_SHORTEST, _LONGEST = 3.0, 200.0
# Annotations that say something of what they lie on.
_MARKS = frozenset(
    [
        c.FPDF_ANNOT_FREETEXT,
        c.FPDF_ANNOT_LINE,
        c.FPDF_ANNOT_POLYLINE,
        c.FPDF_ANNOT_INK,
        c.FPDF_ANNOT_STAMP,
        c.FPDF_ANNOT_REDACT,
    ]
)
# Those that show nothing of their own but a comment's sign; what a strike-out strikes is known.
_NOT_SEEN = frozenset([c.FPDF_ANNOT_LINK, c.FPDF_ANNOT_POPUP, c.FPDF_ANNOT_TEXT, c.FPDF_ANNOT_STRIKEOUT])
# Layers that are not shown, and the packed parts of a file that may name them.
_LAYER_OFF = re.compile(rb"/OFF\s*\[\s*\d|/BaseState\s*/OFF")
_PACKED = re.compile(rb"/ObjStm\b[^>]{0,200}>>\s*stream\r?\n")
_MOST_UNPACKED = 1_000_000


class Page:
    """One loaded page. Its characters are read at once, objects only when asked for."""

    def __init__(self, file: File, index: int) -> None:
        self.file = file
        self.number = index + 1
        self._page = c.FPDF_LoadPage(file.handle, index)
        self._characters: PageText | None = None
        self.bounds: Box = (0.0, 0.0, 595.0, 842.0)
        if not self._page:
            return
        box = c.FS_RECTF()
        if c.FPDF_GetPageBoundingBox(self._page, box):
            self.bounds = (box.left, box.bottom, box.right, box.top)
        self._characters = PageText(self._page, self.bounds)

    def close(self) -> None:
        if self._characters is not None:
            self._characters.close()
        if self._page:
            c.FPDF_ClosePage(self._page)
        self._page = self._characters = None

    @property
    def text(self) -> str:
        """One character for each of PDFium's, in the order of the content."""
        return self._characters.text if self._characters is not None else ""

    @property
    def printed(self) -> int:
        """How many characters other than spaces the page has."""
        return len("".join(self.text.split()))

    @cached_property
    def _objects(self) -> Objects:
        left, bottom, right, top = self.bounds
        return walk(self._page, max((right - left) * (top - bottom), 1.0))

    @cached_property
    def _is_scan(self) -> bool:
        """Whether the text is a character reader's: invisible, or under the picture of the page."""
        found = self._objects
        hidden = found.invisible > 5 * found.visible
        return found.whole_page is not None and bool(self.text) and (hidden or found.whole_page > found.last_text)

    @cached_property
    def _left_out(self) -> LeftOut:
        if self._characters is None or self._is_scan:
            return LeftOut()
        out = left_out(self._page, self._characters, self._objects, layered=self.file.has_layers_off)
        if not out.under:
            return out
        # PDFium has a character that is printed over the same one once, and tells that of the one that nobody sees.
        for obj in out.under:
            c.FPDFPageObj_SetIsActive(handle(obj), False)
            c.FPDFPageObj_Transform(handle(obj), 1, 0, 0, 1, _FAR_AWAY, 0)
        self._objects.removed |= out.under
        self._characters.close()
        self._characters = PageText(self._page, self.bounds)
        again = left_out(self._page, self._characters, self._objects, layered=self.file.has_layers_off)
        again.hidden = out.hidden + again.hidden
        return again

    def content(self) -> PageContent:
        """Size, glyphs, rules and shapes."""
        left, bottom, right, top = self.bounds
        page = PageContent(self.number, right - left, top - bottom)
        page.hidden = self._left_out.hidden
        characters = self._characters
        if characters is None:
            return page
        if characters.rotation % 2:
            page.width, page.height = page.height, page.width
        page.turned = (characters.rotation - characters.displayed) % 4
        page.glyphs = characters.glyphs(page, self._left_out)
        if self._left_out.in_part:
            page.glyphs += self._on_covers(characters, self._left_out.in_part)
        found = self._objects
        boxes = characters.turned(found.rules)
        page.horizontal = [((y0 + y1) / 2, x0, x1) for x0, y0, x1, y1 in boxes if y1 - y0 <= x1 - x0]
        page.vertical = [((x0 + x1) / 2, y0, y1) for x0, y0, x1, y1 in boxes if y1 - y0 > x1 - x0]
        page.unseen = characters.turned(found.unseen)
        page.pictures = characters.turned(found.shapes)
        page.drawn = characters.turned(found.drawn)
        page.patterns = characters.turned(found.patterns)
        page.areas = characters.turned(found.areas)
        astray = (*self._left_out.astray, *characters.without_text)
        page.drawn += characters.turned([characters.tight(i) for i in astray])
        page.slashes = characters.turned(found.slanting)
        page.marks = characters.turned([characters.tight(i) for i in self._left_out.covered])
        page.strikes = characters.turned(self._strikes)
        page.ocr = self._is_scan
        take_out_struck(page)
        drop_line_numbers(page)
        return page

    def _on_covers(self, characters: PageText, in_part: Mapping[int, int]) -> list[Glyph]:
        """What is printed on what covers the same character, and missing among the characters: PDFium has it once.

        ``in_part``: what is covered, of pieces of text that cannot be taken out because other parts of them are seen.
        """
        known = {(owner, round(characters.tight(i)[0])) for i, owner in enumerate(characters.owners())}
        found: list[Glyph] = []
        # One after the other: what lies on one of them may be a part of another.
        for group in apart({*in_part.values()}):
            was = [(characters.text[i], characters.tight(i)) for i, obj in in_part.items() if obj in group]
            pieces = [handle(obj) for obj in group]
            for obj in pieces:
                c.FPDFPageObj_Transform(obj, 1, 0, 0, 1, _FAR_AWAY, 0)
            again = PageText(self._page, self.bounds)
            shown = sorted(shown_anew(self._page, again, was))
            owners = again.owners(shown)
            new = {i for i, owner in zip(shown, owners, strict=True) if (owner, round(again.tight(i)[0])) not in known}
            if new:
                found += again.glyphs(PageContent(self.number, 0, 0), LeftOut({*range(again.count)} - new))
            again.close()
            for obj in pieces:
                c.FPDFPageObj_Transform(obj, 1, 0, 0, 1, -_FAR_AWAY, 0)
        return found

    def prose(self) -> PageContent:
        """A page without tables: its lines only, where nothing has to be taken out of them."""
        characters = self._characters
        left, bottom, right, top = self.bounds
        page = PageContent(self.number, right - left, top - bottom)
        if characters is None or characters.rotation or may_be_two_pages(page) or self._strikes:
            return self.content()
        if self._left_out or any(_SHORTEST < x1 - x0 < _LONGEST for x0, _, x1, _ in self._objects.rules):
            return self.content()
        # What was left out may have the characters read anew.
        characters = self._characters or characters
        page.unmapped = characters.certain.count(UNMAPPED)
        page.lines = characters.lines()
        if sum(line.text[:1].isdecimal() for line in page.lines) >= FEWEST_NUMBERS:
            return self.content()
        return page

    @property
    def largest_picture(self) -> float:
        """The share of the page that its largest picture covers."""
        return self._objects.largest_picture if self._characters is not None else 0.0

    def ink(self) -> Ink | None:
        """What is seen besides the characters; None for a page that cannot be loaded."""
        # What is left out may have the characters read anew.
        left = self._left_out
        if self._characters is None:
            return None
        return without_text(self._page, self._characters, left, self.file.form)

    def is_misnamed(self, known: set[tuple[int, str]]) -> bool:
        """Whether digits are drawn that their font's map says are others."""
        left = self._left_out
        if self._characters is None or self._is_scan or left.covered:
            return False
        return misnamed(self._page, self._characters, self._objects, known)

    # -- places, for who marks them ------------------------------------------------------------------------------

    def back(self, box: Box) -> Box:
        """A box as displayed in the page's own coordinates (left, bottom, right, top)."""
        return self._characters.back(*box) if self._characters is not None else box

    def where(self, words: str) -> list[Box]:
        """The lines of a passage, in the page's own coordinates."""
        return self._characters.where(words) if self._characters is not None else []

    # -- annotations and form fields ---------------------------------------------------------------------------

    def annotations(self, page: PageContent) -> None:
        """Values of form fields are printed text; typed comments are notes over the page."""
        if self._characters is not None:
            for annotation in self._annotations():
                self._annotation(annotation, page, self._characters)

    def _annotations(self) -> Iterator[Any]:
        for i in range(min(c.FPDFPage_GetAnnotCount(self._page), _MOST_ANNOTATIONS)):
            annotation = c.FPDFPage_GetAnnot(self._page, i)
            if not annotation:
                continue
            try:
                if not c.FPDFAnnot_GetFlags(annotation) & (c.FPDF_ANNOT_FLAG_HIDDEN | c.FPDF_ANNOT_FLAG_NOVIEW):
                    yield annotation
            finally:
                c.FPDFPage_CloseAnnot(annotation)

    @cached_property
    def _strikes(self) -> list[Box]:
        """What strike-out annotations strike, in the page's own coordinates."""
        found: list[Box] = []
        quad = c.FS_QUADPOINTSF()
        for annotation in self._annotations():
            if c.FPDFAnnot_GetSubtype(annotation) != c.FPDF_ANNOT_STRIKEOUT:
                continue
            for n in range(min(c.FPDFAnnot_CountAttachmentPoints(annotation), _MOST_ANNOTATIONS)):
                if c.FPDFAnnot_GetAttachmentPoints(annotation, n, quad):
                    xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
                    found.append((min(xs), min(ys), max(xs), max(ys)))
        return found

    def _annotation(self, annotation: Any, page: PageContent, characters: PageText) -> None:
        kind = c.FPDFAnnot_GetSubtype(annotation)
        rect = c.FS_RECTF()
        if kind in _NOT_SEEN or not c.FPDFAnnot_GetRect(annotation, rect):
            return
        box = characters.turn(rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top))
        if kind != c.FPDF_ANNOT_WIDGET:
            page.drawn.append(box)
        if kind in _MARKS:
            page.marks.append(box)
        if kind == c.FPDF_ANNOT_FREETEXT:
            text = wide(lambda b, n: c.FPDFAnnot_GetStringValue(annotation, b"Contents", b, n))
            if text.strip():
                page.notes.append((box, text.strip()))
        if kind != c.FPDF_ANNOT_WIDGET:
            return
        form = self.file.form
        if form is None or c.FPDFAnnot_GetFormFieldType(form, annotation) not in (
            c.FPDF_FORMFIELD_TEXTFIELD,
            c.FPDF_FORMFIELD_COMBOBOX,
        ):
            page.drawn.append(box)
            return
        text = wide(lambda b, n: c.FPDFAnnot_GetFormFieldValue(form, annotation, b, n))
        page.glyphs.extend(typeset(text, box))


class File:
    """An open PDF. Use `opened`, which also holds the lock."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._open: dict[int, Page] = {}
        self._form: Any = None
        self._form_info: Any = None
        self.handle = c.FPDF_LoadMemDocument64(data, len(data), None)
        if not self.handle:
            if c.FPDF_GetLastError() in (c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY):
                raise UnreadableError("encrypted", f"{name}：文件有打开密码。请解除密码（另存为不加密的文件）后再试。")
            raise UnreadableError("unreadable", f"{name}：PDF 已损坏或不完整，打不开。请重新下载，或用原文件重新导出。")
        self.pages = max(c.FPDF_GetPageCount(self.handle), 0)

    @cached_property
    def form(self) -> Any:
        """The handle through which form fields are read; None where the file has no form."""
        if c.FPDF_GetFormType(self.handle) == c.FORMTYPE_NONE:
            return None
        self._form_info = c.FPDF_FORMFILLINFO(version=2)
        self._form = c.FPDFDOC_InitFormFillEnvironment(self.handle, self._form_info)
        return self._form or None

    @cached_property
    def has_layers_off(self) -> bool:
        """Whether the file has layers of which one is not shown; which objects lie on it PDFium does not say."""
        # From the end: a whole file is gone through in a third of the time.
        if self._data.rfind(b"/ObjStm") < 0:
            return self._data.rfind(b"/OCProperties") >= 0 and _LAYER_OFF.search(self._data) is not None
        parts = [self._data]
        left = _MOST_UNPACKED
        for found in _PACKED.finditer(self._data):
            packed = memoryview(self._data)[found.end() : found.end() + _MOST_UNPACKED]
            try:
                parts.append(zlib.decompressobj().decompress(packed, left))
            except zlib.error:
                continue
            left -= len(parts[-1])
            if left <= 0:
                break
        return any(b"/OCProperties" in part for part in parts) and any(map(_LAYER_OFF.search, parts))

    @contextmanager
    def page(self, index: int) -> Iterator[Page]:
        """A page while it is looked at. The last ones stay open: PDFium drops fonts that no open page uses, and opening a
        page costs more than anything else that is asked of it."""
        page = self._open.get(index)
        if page is None:
            page = self._open[index] = Page(self, index)
            if len(self._open) > _MOST_OPEN:
                self._open.pop(next(iter(self._open))).close()
        yield page

    def metadata(self) -> dict[str, str]:
        """What the file says of itself, keys in lower case."""
        out: dict[str, str] = {}
        for key in ("Title", "Author", "Subject", "Creator", "Producer", "CreationDate", "ModDate"):
            tag = key.encode()
            value = wide(lambda b, n, tag=tag: c.FPDF_GetMetaText(self.handle, tag, b, n)).strip()
            if value:
                out[key.lower()] = value
        return out

    def close(self) -> None:
        for page in self._open.values():
            page.close()
        self._open.clear()
        if self._form:
            c.FPDFDOC_ExitFormFillEnvironment(self._form)
            self._form = None
        if self.handle:
            c.FPDF_CloseDocument(self.handle)
            self.handle = None


# The file opened last, with its bytes: most often it is the one asked for next.
_last: list[tuple[bytes, File]] = []


@contextmanager
def opened(data: bytes, name: str) -> Iterator[File]:
    """Open a PDF from memory, one at a time. It stays open until another one is, or `close` is called, so that a second
    look at it costs little. Raises `UnreadableError`."""
    with LOCK:
        if not _last or _last[0][0] is not data:
            _close_last()
            _last.append((data, File(data, name)))
        try:
            yield _last[0][1]
        except BaseException:
            _close_last()
            raise


def close() -> None:
    """Close the file that is still open, if there is one."""
    with LOCK:
        _close_last()


def _close_last() -> None:
    while _last:
        _last.pop()[1].close()
