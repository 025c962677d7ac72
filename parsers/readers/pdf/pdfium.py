"""The first engine's eyes: glyphs, ruling lines, pictures and form fields of a page, by PDFium's C interface.

Belongs here: every call into PDFium, and turning what it says into `PageContent` as displayed.
Does not belong here: tables, paragraphs, labels; and the second engine.

PDFium is not safe for threads: `LOCK` is held while a file is open. Bulk calls are given what ctypes need not convert,
because converting an argument costs more than the call itself.
"""

from __future__ import annotations

import ctypes
import math
import re
import threading
from array import array
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, repeat
from operator import sub
from typing import Any

import pypdfium2.raw as c

from parsers.document import UnreadableError
from schemas.facts import Box

from .content import UNMAPPED, Glyph, Line, PageContent, merged_lines, typeset

LOCK = threading.Lock()

# A file may hold anything; these keep one page's work bounded.
MOST_GLYPHS = 100_000
MOST_OBJECTS = 50_000
MOST_SEGMENTS = 200_000
_DEEPEST_FORM = 6
# A rule is thinner than this, a cell's shading is not.
_THICKEST = 4.0
_SHORTEST = 1.0
# A picture of the whole page covers at least this share of it.
_WHOLE_PAGE = 0.55
_SAMPLE = 24
# A bulk call writes so many boxes; for more it is called again.
_BOXES_AT_ONCE = 4_096
# No character of a report is wider than this many points.
_WIDEST = 60.0
# A smaller box is none.
_LEAST_HEIGHT, _LEAST_WIDTH = 0.5, 0.05
# A box is odd beside another that is higher than this lets it be low, or lower than this lets it be wide.
_LOW, _WIDE = 0.7, 2.5
# So many glyphs are looked through for one that tells how high a line is.
_NEAR = 200
# Characters that leave nothing on the page.
_BLANK = frozenset([*map(chr, range(33)), "\u00a0", "\u3000"])

# Halves of a pair, private use, and codes that are no characters.
_UNKNOWN = re.compile("[\\x00\\x01\\x03-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\uf8ff\\ufff0-\\uffff]")

# PDFium breaks lines, and puts spaces where characters stand apart.
_PDFIUM_LINE = re.compile(r"[^\r\n]+")
_NEEDLESS_SPACE = re.compile(r"(?<![A-Za-z0-9]) +| +(?![A-Za-z0-9])")
_UNSEEN = (c.FPDF_TEXTRENDERMODE_INVISIBLE, c.FPDF_TEXTRENDERMODE_CLIP)


def _plain(function: Any, result: Any, *arguments: Any) -> Any:
    """A PDFium function for bulk calls. It gives addresses as plain numbers.

    Without types of arguments these are passed on as they are: indexes as numbers, addresses by `_address`, which
    converts each once and for all.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    # The calls are too short for letting other threads run meanwhile.
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


def _address(pointer: Any) -> Any:
    """Where a pointer points to, as an argument of bulk calls."""
    return ctypes.c_void_p.from_param(ctypes.cast(pointer, ctypes.c_void_p).value)


_text_of = _plain(c.FPDFText_GetText, ctypes.c_int)
_loose_box = _plain(c.FPDFText_GetLooseCharBox, ctypes.c_int)
_tight_box = _plain(c.FPDFText_GetCharBox, ctypes.c_int)
_char_origin = _plain(c.FPDFText_GetCharOrigin, ctypes.c_int)
_angle = _plain(c.FPDFText_GetCharAngle, ctypes.c_float)
_is_guessed = _plain(c.FPDFText_HasUnicodeMapError, ctypes.c_int)
_page_object = _plain(c.FPDFPage_GetObject, ctypes.c_void_p)
_form_object = _plain(c.FPDFFormObj_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
_kind_of = _plain(c.FPDFPageObj_GetType, ctypes.c_int, ctypes.c_void_p)
_render_mode = _plain(c.FPDFTextObj_GetTextRenderMode, ctypes.c_int, ctypes.c_void_p)
_object_bounds = _plain(c.FPDFPageObj_GetBounds, ctypes.c_int)


class _Room:
    """Where bulk calls write boxes of four numbers, and the address of every number as an argument."""

    def __init__(self) -> None:
        self._numbers = array("f", bytes(16 * _BOXES_AT_ONCE))
        self._start, _ = self._numbers.buffer_info()
        self._places: list[Any] = []

    def places(self, boxes: int) -> list[Any]:
        """Where to write so many boxes, four places each; zeros stand there until then."""
        ctypes.memset(self._start, 0, 16 * boxes)
        known, wanted = len(self._places), 4 * boxes
        if wanted > known:
            new = range(self._start + 4 * known, self._start + 4 * wanted, 4)
            self._places += map(ctypes.c_void_p.from_param, new)
        return self._places[:wanted]

    def written(self, boxes: int) -> list[float]:
        return self._numbers[: 4 * boxes].tolist()


# Used under `LOCK` only. The second is for the sides of one box.
_room = _Room()
_corners = array("d", bytes(32))
_corner_places = [ctypes.c_void_p.from_param(_corners.buffer_info()[0] + 8 * k) for k in range(4)]
_Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True)
class _Marks:
    """What the walk over a page's objects collects, in the page's own coordinates (y upwards)."""

    rules: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    whole_page: int | None = None
    last_text: int = -1
    invisible: int = 0
    visible: int = 0
    largest_picture: float = 0.0
    segments: int = 0
    objects: int = 0


class Page:
    """One loaded page. Text is read at once, objects only when asked for."""

    def __init__(self, file: File, index: int) -> None:
        self.file = file
        self.number = index + 1
        self._page = c.FPDF_LoadPage(file.handle, index)
        self._text: Any = None
        self.count = 0
        if not self._page:
            return
        box = c.FS_RECTF()
        if not c.FPDF_GetPageBoundingBox(self._page, box):
            box.left, box.bottom, box.right, box.top = 0, 0, 595, 842
        self.bounds: Box = (box.left, box.bottom, box.right, box.top)
        self._text = c.FPDFText_LoadPage(self._page)
        self.count = min(max(c.FPDFText_CountChars(self._text), 0), MOST_GLYPHS) if self._text else 0

    def close(self) -> None:
        if self._text:
            c.FPDFText_ClosePage(self._text)
        if self._page:
            c.FPDF_ClosePage(self._page)
        self._text = self._page = None

    @cached_property
    def text(self) -> str:
        """One character for each of PDFium's, in the order of the content."""
        if not self.count:
            return ""
        # A ctypes array is a new type for every length.
        buffer = array("H", bytes(2 * (self.count + 1)))
        written = _text_of(_address(self._text), 0, self.count, ctypes.c_void_p.from_param(buffer.buffer_info()[0]))
        text = buffer.tobytes()[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(text) == self.count:
            return _UNKNOWN.sub(UNMAPPED, text)
        # Characters outside the basic plane, or left out: the long way keeps indexes right.
        codes = (c.FPDFText_GetUnicode(self._text, i) for i in range(self.count))
        return _UNKNOWN.sub(UNMAPPED, "".join(chr(u) if 0 < u < 0x110000 else UNMAPPED for u in codes))

    @cached_property
    def _certain_text(self) -> str:
        """The text, characters that PDFium only guesses (no entry in the font's map) replaced by the mark for unknown.

        Guessed codes may look like spaces or digits, so that a figure would silently be lost or changed.
        """
        text = self.text
        # A guess that looks like a Chinese character is no figure, and no label either.
        doubtful = [i for i, char in enumerate(text) if char < "\u2e80"]
        guessed = list(map(_is_guessed, repeat(_address(self._text)), doubtful))
        if 1 not in guessed:
            return text
        chars = list(text)
        for i, guess in zip(doubtful, guessed, strict=True):
            if guess == 1:
                chars[i] = UNMAPPED
        return "".join(chars)

    @cached_property
    def rotation(self) -> int:
        """Quarter turns to the right after which most of the text stands upright."""
        step = max(1, self.count // _SAMPLE)
        text = self.text
        pointer = _address(self._text)
        angles = [_angle(pointer, i) for i in range(0, self.count, step) if not text[i].isspace()]
        if not angles:
            return self.displayed
        return 0 if not any(angles) else Counter(map(_quarters, angles)).most_common(1)[0][0]

    @cached_property
    def displayed(self) -> int:
        """Quarter turns to the right with which the page is shown (/Rotate)."""
        return int(max(c.FPDFPage_GetRotation(self._page), 0)) % 4

    def content(self) -> PageContent:
        """Size and glyphs; rules and pictures are added by `survey`."""
        if not self._page:
            return PageContent(self.number, 595.0, 842.0)
        left, bottom, right, top = self.bounds
        width, height = right - left, top - bottom
        if self.rotation % 2:
            width, height = height, width
        page = PageContent(self.number, width, height)
        page.turned = (self.rotation - self.displayed) % 4
        page.glyphs = self._glyphs(page)
        return page

    @property
    def printed(self) -> int:
        """How many characters other than spaces the page has."""
        return len("".join(self.text.split()))

    def prose(self) -> PageContent:
        """A page without tables: its lines as PDFium breaks them, each with the boxes of a few of its characters."""
        if self.rotation or not self._page:
            return self.content()
        left, bottom, right, top = self.bounds
        page = PageContent(self.number, right - left, top - bottom)
        page.unmapped = self._certain_text.count(UNMAPPED)
        texts: list[str] = []
        indexes: list[int] = []
        for found in _PDFIUM_LINE.finditer(self._certain_text):
            raw = found[0]
            text = raw.strip()
            if text:
                start = found.start() + len(raw) - len(raw.lstrip())
                end = start + len(text) - 1
                # A character without a line's height (一 of some Type 3 fonts) is outvoted by another.
                indexes += (start, (start + end) // 2, end)
                texts.append(text)
        lefts, uppers, rights, lowers = self._loose_boxes(indexes)
        lines: list[Line] = []
        for n, text in enumerate(texts):
            tallest = max(range(3 * n, 3 * n + 3), key=lambda k: uppers[k] - lowers[k])
            x0, x1 = lefts[3 * n] - left, rights[3 * n + 2] - left
            upper, lower = top - uppers[tallest], top - lowers[tallest]
            lines.append(Line(x0, upper, x1, lower, [], gapped=False, _text=_NEEDLESS_SPACE.sub("", text)))
        page.lines = merged_lines(lines)
        return page

    def _turn(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box of the page's own coordinates as displayed: (x0, top, x1, bottom)."""
        left, bottom, right, top = self.bounds
        if self.rotation == 0:
            return (x0 - left, top - y1, x1 - left, top - y0)
        if self.rotation == 1:
            return (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        if self.rotation == 2:
            return (right - x1, y0 - bottom, right - x0, y1 - bottom)
        return (top - y1, right - x1, top - y0, right - x0)

    # -- glyphs ------------------------------------------------------------------------------------------------

    def _glyphs(self, page: PageContent) -> list[Glyph]:
        if not self.count:
            return []
        if self.rotation:
            return self._turned_glyphs(page)
        text = self._certain_text
        shown = [i for i, char in enumerate(text) if char not in _BLANK]
        if not shown:
            return []
        lefts, uppers, rights, lowers = self._loose_boxes(shown)
        left, _, _, top = self.bounds
        page.unmapped = text.count(UNMAPPED)
        suspects, widest = self._suspects(shown, lefts, uppers, rights, lowers)
        if left:
            lefts, rights = [x - left for x in lefts], [x - left for x in rights]
        chars = text if len(shown) == len(text) else [text[i] for i in shown]
        glyphs = list(zip(lefts, [top - y for y in uppers], rights, [top - y for y in lowers], chars, strict=True))
        return self._looked_at(glyphs, shown, suspects, widest) if suspects else glyphs

    def _loose_boxes(self, indexes: list[int]) -> tuple[list[float], list[float], list[float], list[float]]:
        """The left, upper, right and lower sides of characters, in the page's own coordinates, all in one go."""
        # FS_RECTF: left, top, right, bottom.
        text = _address(self._text)
        flat: list[float] = []
        for start in range(0, len(indexes), _BOXES_AT_ONCE):
            some = indexes[start : start + _BOXES_AT_ONCE]
            deque(map(_loose_box, repeat(text), some, _room.places(len(some))[::4]), maxlen=0)
            flat += _room.written(len(some))
        return flat[::4], flat[1::4], flat[2::4], flat[3::4]

    def _suspects(
        self, shown: list[int], lefts: list[float], uppers: list[float], rights: list[float], lowers: list[float]
    ) -> tuple[list[int], float]:
        """Which characters (positions in ``shown``) have a box that may not be their line's height, or not theirs; and
        how wide the others may be.

        A font's loose boxes are all of one height, so that one character of each height tells about the others.
        """
        heights = list(map(sub, uppers, lowers))
        kinds = set(heights)
        tallest, shortest = max(kinds), min(kinds)
        odd: set[float] = set()
        if shortest < _LOW * tallest:
            # Letters of a note are smaller than a title's, but not lower for their size.
            back = heights[::-1]
            low = [kind for kind in kinds if kind < _LOW * tallest]
            sizes = {kind: self._font_size(shown[-1 - back.index(kind)]) for kind in (tallest, *low)}
            least = _LOW * tallest / sizes[tallest]
            odd = {kind for kind in low if kind / sizes[kind] < least} | {
                kind for kind in kinds if kind < _LEAST_HEIGHT
            }
            shortest = min(kinds - odd, default=0.0)
        widest = min(_WIDE * shortest, _WIDEST)
        widths = list(map(sub, rights, lefts))
        suspects = [k for k, high in enumerate(heights) if high in odd] if odd else []
        if min(widths) < _LEAST_WIDTH or max(widths) > widest:
            too_wide = [k for k, wide in enumerate(widths) if not _LEAST_WIDTH <= wide <= widest]
            suspects = sorted({*suspects, *too_wide})
        return suspects, widest

    def _font_size(self, i: int) -> float:
        return float(c.FPDFText_GetFontSize(self._text, i)) or 1.0

    def _looked_at(self, glyphs: list[Glyph], shown: list[int], suspects: list[int], widest: float) -> list[Glyph]:
        """The glyphs, each suspect with the box that it should have: PDFium has no loose one for it, or a wrong one."""
        found = [*glyphs]
        sideways: dict[int, int] = {}
        doubtful = set(suspects)
        page_left, _, _, page_top = self.bounds
        for k in suspects:
            i = shown[k]
            x0, top, x1, bottom, char = glyphs[k]
            if x1 - x0 > widest:
                # PDFium gives glyphs of vertical fonts a box of unscaled size.
                tight = self._turn(*self._tight(i))
                if tight[2] - tight[0] < 0.5 * (x1 - x0):
                    found[k] = (*tight, char)
                    continue
            if self._has_no_loose_box(i, x0 + page_left, page_top - bottom, x1 + page_left, page_top - top):
                # Type 3 and rotated glyphs have no loose box of their own; their origin tells the line.
                usual = _usual_before(glyphs, doubtful, k)
                glyph = self._odd_glyph(i, char, None if usual is None else (shown[usual], glyphs[usual]))
                if glyph is None:
                    sideways[k] = i
                else:
                    found[k] = glyph
        if not sideways:
            return found
        upright = [glyph for k, glyph in enumerate(found) if k not in sideways]
        return upright + self._restacked([*sideways.values()], self._certain_text)

    def _origin(self, i: int) -> tuple[float, float]:
        if not _char_origin(_address(self._text), i, *_corner_places[:2]):
            return 0.0, 0.0
        return _corners[0], _corners[1]

    def _tight(self, i: int) -> Box:
        if not _tight_box(_address(self._text), i, *_corner_places):
            # What stands there is another character's.
            return 0.0, 0.0, 0.0, 0.0
        left, right, bottom, top = _corners
        return left, bottom, right, top

    def _has_no_loose_box(self, i: int, x0: float, y0: float, x1: float, y1: float) -> bool:
        """Whether PDFium gave the tight box for want of a loose one. A smaller font has a loose box, only a lower one."""
        if y1 - y0 < _LEAST_HEIGHT or x1 - x0 < _LEAST_WIDTH:
            return True
        tight = self._tight(i)
        return abs(tight[1] - y0) < 0.02 and abs(tight[3] - y1) < 0.02

    def _odd_glyph(self, i: int, char: str, before: tuple[int, Glyph] | None) -> Glyph | None:
        """A glyph without a loose box gets the extent of the last usual one. None if it lies on its side."""
        if abs(math.sin(c.FPDFText_GetCharAngle(self._text, i))) > 0.1:
            return None
        x0, y0, x1, y1 = self._turn(*self._tight(i))
        if before is None:
            return (x0, y0, x1, y1, char)
        j, usual = before
        ratio = self._font_size(i) / self._font_size(j)
        # Where the usual glyph's box lies around its baseline, scaled to this glyph's size.
        baseline = self.bounds[3] - self._origin(j)[1]
        own = self.bounds[3] - self._origin(i)[1]
        top = own - (baseline - usual[1]) * ratio
        bottom = own + (usual[3] - baseline) * ratio
        if char >= "\u2e80" and usual[4] >= "\u2e80":
            x0 = self._origin(i)[0] - self.bounds[0]
            x1 = x0 + (usual[2] - usual[0]) * ratio
        return (x0, min(top, y0), x1, max(bottom, y1), char)

    def _restacked(self, indexes: list[int], text: str) -> list[Glyph]:
        """Text lying on its side in an upright page, put one character under the other in reading order.

        The place of the whole run stays what it is, so that it falls into its cell; slanted text (a watermark) is left out.
        """
        runs: list[list[tuple[Box, str]]] = []
        last = -10
        for i in indexes:
            angle = c.FPDFText_GetCharAngle(self._text, i)
            if abs(math.cos(angle)) > 0.1:
                continue
            box = self._turn(*self._tight(i))
            near = (
                runs
                and i - last <= 3
                and abs((box[0] + box[2]) / 2 - (runs[-1][-1][0][0] + runs[-1][-1][0][2]) / 2) < 3
            )
            if near:
                runs[-1].append((box, text[i]))
            else:
                runs.append([(box, text[i])])
            last = i
        glyphs: list[Glyph] = []
        for run in runs:
            x0, x1 = min(b[0] for b, _ in run), max(b[2] for b, _ in run)
            top, bottom = min(b[1] for b, _ in run), max(b[3] for b, _ in run)
            step = (bottom - top) / len(run)
            glyphs.extend((x0, top + k * step, x1, top + (k + 1) * step, char) for k, (_, char) in enumerate(run))
        return glyphs

    def _turned_glyphs(self, page: PageContent) -> list[Glyph]:
        """Glyphs of a page whose text is turned: PDFium has no loose boxes for it, so origin and size make them."""
        glyphs: list[Glyph] = []
        size = ctypes.c_float()
        matrix = c.FS_MATRIX()
        pointer = _address(self._text)
        for i, char in enumerate(self._certain_text):
            if char.isspace() or char < " ":
                continue
            if _quarters(_angle(pointer, i)) != self.rotation:
                continue
            x, y = self._origin(i)
            _, _, x1, _ = self._turn(*self._tight(i))
            x0, baseline, _, _ = self._turn(x, y, x, y)
            size.value = c.FPDFText_GetFontSize(self._text, i)
            scale = 1.0
            if c.FPDFText_GetMatrix(self._text, i, matrix):
                scale = math.hypot(matrix.a, matrix.b) or 1.0
            em = size.value * scale if size.value * scale > 1 else 10.0
            # A Chinese character is as wide as the font's size, whatever part of that it fills.
            x1 = x0 + em if char >= "\u2e80" else max(x1, x0 + 0.1)
            glyphs.append((x0, baseline - 0.88 * em, x1, baseline + 0.12 * em, char))
        return glyphs

    # -- rules and pictures ------------------------------------------------------------------------------------

    def survey(self, page: PageContent) -> float:
        """Add rules and pictures to a page, and see whether its text is a character reader's.

        Returns the share of the page that its largest picture covers.
        """
        if not self._page:
            return 0.0
        marks = _Marks()
        area = max((self.bounds[2] - self.bounds[0]) * (self.bounds[3] - self.bounds[1]), 1.0)
        count = min(c.FPDFPage_CountObjects(self._page), MOST_OBJECTS)
        self._walk(list(map(_page_object, repeat(_address(self._page)), range(count))), None, marks, area, 0)
        if self.rotation:
            boxes = [self._turn(*box) for box in marks.rules]
        else:
            left, _, _, top = self.bounds
            boxes = [(x0 - left, top - y1, x1 - left, top - y0) for x0, y0, x1, y1 in marks.rules]
        page.horizontal = [((y0 + y1) / 2, x0, x1) for x0, y0, x1, y1 in boxes if y1 - y0 <= x1 - x0]
        page.vertical = [((x0 + x1) / 2, y0, y1) for x0, y0, x1, y1 in boxes if y1 - y0 > x1 - x0]
        page.pictures = [self._turn(*box) for box in marks.pictures]
        hidden = marks.invisible > 5 * marks.visible
        # A reader's text is invisible, or lies under the picture of the page.
        covered = marks.whole_page is not None and marks.whole_page > marks.last_text
        page.ocr = marks.whole_page is not None and bool(page.glyphs) and (hidden or covered)
        if marks.invisible and not page.ocr:
            self._drop_invisible(page)
        return marks.largest_picture

    def _walk(self, objects: list[Any], matrix: _Matrix | None, marks: _Marks, area: float, depth: int) -> None:
        before = marks.objects
        marks.objects += len(objects)
        if marks.objects > MOST_OBJECTS:
            return
        # Only text has a mode: one call for each tells what it is as well.
        modes = list(map(_render_mode, objects))
        no_text = c.FPDF_TEXTRENDERMODE_UNKNOWN
        beside = [i for i, mode in enumerate(modes) if mode == no_text]
        texts = len(objects) - len(beside)
        if texts:
            unseen = sum(map(modes.count, _UNSEEN))
            marks.invisible += unseen
            marks.visible += texts - unseen
            last = len(objects) - 1
            while modes[last] == no_text:
                last -= 1
            marks.last_text = before + last
        without = [objects[i] for i in beside]
        kinds = list(map(_kind_of, without))
        path, image, form_kind = c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE, c.FPDF_PAGEOBJ_FORM
        for obj, kind, i, own_box in zip(without, kinds, beside, _bounds(without), strict=True):
            if kind == path:
                box = own_box if matrix is None else _moved(matrix, *own_box)
                x0, y0, x1, y1 = box
                width, height = x1 - x0, y1 - y0
                if width > _THICKEST and height > _THICKEST:
                    self._path(obj, box, matrix, marks)
                elif (width > 1.5 * height or height > 1.5 * width) and (width >= _SHORTEST or height >= _SHORTEST):
                    marks.rules.append(box)
            elif kind == image:
                box = own_box if matrix is None else _moved(matrix, *own_box)
                self._image(obj, box, marks, area, before + i)
        if depth < _DEEPEST_FORM and form_kind in kinds:
            for form in [obj for obj, kind in zip(without, kinds, strict=True) if kind == form_kind]:
                own = c.FS_MATRIX()
                handle = ctypes.cast(form, c.FPDF_PAGEOBJECT)
                if c.FPDFPageObj_GetMatrix(handle, own):
                    inner = _multiplied((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
                    count = min(c.FPDFFormObj_CountObjects(handle), MOST_OBJECTS)
                    self._walk(list(map(_form_object, repeat(form), range(count))), inner, marks, area, depth + 1)

    def _image(self, obj: Any, box: Box, marks: _Marks, area: float, position: int) -> None:
        x0, y0, x1, y1 = box
        width, height = x1 - x0, y1 - y0
        share = width * height / area
        marks.largest_picture = max(marks.largest_picture, share)
        if share >= _WHOLE_PAGE:
            if not c.FPDFPageObj_HasTransparency(ctypes.cast(obj, c.FPDF_PAGEOBJECT)):
                marks.whole_page = position
        elif min(width, height) <= _THICKEST and max(width, height) > 8:
            marks.rules.append(box)
        elif 1.5 < width < 60 and 3 < height < 30:
            marks.pictures.append(box)

    def _path(self, obj: Any, box: Box, matrix: Any, marks: _Marks) -> None:
        """Ruling lines drawn as outlines or as several pieces, and shapes that may stand for a character."""
        width, height = box[2] - box[0], box[3] - box[1]
        obj = ctypes.cast(obj, c.FPDF_PAGEOBJECT)
        count = c.FPDFPath_CountSegments(obj)
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        c.FPDFPath_GetDrawMode(obj, fill, stroke)
        if not stroke.value and count <= 6:
            return
        marks.segments += count
        if marks.segments > MOST_SEGMENTS:
            return
        own = c.FS_MATRIX()
        full = matrix
        if c.FPDFPageObj_GetMatrix(obj, own):
            full = _multiplied((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
        straight, curved = _subpaths(obj, count, full)
        if curved and width < 60 and height < 30:
            marks.pictures.append(box)
        for points in straight:
            if stroke.value:
                for (ax, ay), (bx, by) in pairwise(points):
                    if abs(ax - bx) < 0.7 or abs(ay - by) < 0.7:
                        marks.rules.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
            else:
                xs, ys = [p[0] for p in points], [p[1] for p in points]
                thin = (min(xs), min(ys), max(xs), max(ys))
                if min(thin[2] - thin[0], thin[3] - thin[1]) <= _THICKEST:
                    marks.rules.append(thin)

    def _drop_invisible(self, page: PageContent) -> None:
        """Leave out text that is not shown on a page that is no scan; it stays as a note."""
        left_out: list[str] = []
        boxes: list[Box] = []
        for i, char in enumerate(self.text):
            if char <= " ":
                continue
            obj = c.FPDFText_GetTextObject(self._text, i)
            if obj and c.FPDFTextObj_GetTextRenderMode(obj) in _UNSEEN:
                left_out.append(char)
                rect = c.FS_RECTF()
                c.FPDFText_GetLooseCharBox(self._text, i, rect)
                boxes.append(self._turn(rect.left, rect.bottom, rect.right, rect.top))
        if not left_out:
            return
        gone = {(round(b[0], 2), round(b[1], 2), ch) for b, ch in zip(boxes, left_out, strict=True)}
        page.glyphs = [g for g in page.glyphs if (round(g[0], 2), round(g[1], 2), g[4]) not in gone]
        page.hidden = "".join(left_out)

    # -- annotations and form fields ---------------------------------------------------------------------------

    def annotations(self, page: PageContent) -> None:
        """Values of form fields are printed text; typed comments are notes over the page."""
        if not self._page:
            return
        count = min(c.FPDFPage_GetAnnotCount(self._page), 2_000)
        for i in range(count):
            annotation = c.FPDFPage_GetAnnot(self._page, i)
            if not annotation:
                continue
            try:
                self._annotation(annotation, page)
            finally:
                c.FPDFPage_CloseAnnot(annotation)

    def _annotation(self, annotation: Any, page: PageContent) -> None:
        kind = c.FPDFAnnot_GetSubtype(annotation)
        if kind not in (c.FPDF_ANNOT_WIDGET, c.FPDF_ANNOT_FREETEXT):
            return
        if c.FPDFAnnot_GetFlags(annotation) & (c.FPDF_ANNOT_FLAG_HIDDEN | c.FPDF_ANNOT_FLAG_NOVIEW):
            return
        rect = c.FS_RECTF()
        if not c.FPDFAnnot_GetRect(annotation, rect):
            return
        box = self._turn(rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top))
        if kind == c.FPDF_ANNOT_FREETEXT:
            text = _wide(lambda b, n: c.FPDFAnnot_GetStringValue(annotation, b"Contents", b, n))
            if text.strip():
                page.notes.append((box, text.strip()))
            return
        form = self.file.form
        if form is None or c.FPDFAnnot_GetFormFieldType(form, annotation) not in (
            c.FPDF_FORMFIELD_TEXTFIELD,
            c.FPDF_FORMFIELD_COMBOBOX,
        ):
            return
        text = _wide(lambda b, n: c.FPDFAnnot_GetFormFieldValue(form, annotation, b, n))
        page.glyphs.extend(typeset(text, box))


def _quarters(angle: float) -> int:
    """Quarter turns to the right that set a character upright. PDFium counts a character's own turn the same way."""
    return round(-angle / (math.pi / 2)) % 4


def _usual_before(glyphs: list[Glyph], doubtful: set[int], k: int) -> int | None:
    """The last glyph before this one with a box of its line's height, of its own kind of script if there is one near."""
    usual = None
    for j in range(k - 1, max(k - _NEAR, -1), -1):
        if j not in doubtful:
            if (glyphs[j][4] >= "\u2e80") == (glyphs[k][4] >= "\u2e80"):
                return j
            usual = j if usual is None else usual
    return usual


def _wide(call: Any) -> str:
    """A string that PDFium writes as UTF-16 into a buffer of the caller's; the length comes first."""
    need = call(None, 0)
    if not 2 < need <= 200_000:
        return ""
    buffer = (ctypes.c_ushort * (need // 2 + 1))()
    call(buffer, need)
    return bytes(buffer)[:need].decode("utf-16-le", "replace").split("\0", 1)[0]


def _bounds(objects: list[Any]) -> list[Box]:
    """(left, bottom, right, top) of page objects, all in one go."""
    flat: list[float] = []
    for start in range(0, len(objects), _BOXES_AT_ONCE):
        some = objects[start : start + _BOXES_AT_ONCE]
        places = _room.places(len(some))
        sides = (places[k::4] for k in range(4))
        deque(map(_object_bounds, map(ctypes.c_void_p.from_param, some), *sides), maxlen=0)
        flat += _room.written(len(some))
    return list(zip(flat[::4], flat[1::4], flat[2::4], flat[3::4], strict=True))


def _multiplied(inner: _Matrix, outer: _Matrix | None) -> _Matrix:
    if outer is None:
        return inner
    a, b, cc, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        cc * oa + d * oc,
        cc * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _moved(matrix: _Matrix | None, x0: float, y0: float, x1: float, y1: float) -> Box:
    if matrix is None:
        return (x0, y0, x1, y1)
    a, b, cc, d, e, f = matrix
    xs = [a * x + cc * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    return (min(xs), min(ys), max(xs), max(ys))


def _subpaths(obj: Any, count: int, matrix: _Matrix | None) -> tuple[list[list[tuple[float, float]]], bool]:
    """The straight pieces of a path as lists of points, and whether it has curves."""
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, cc, d, e, f = matrix or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    out: list[list[tuple[float, float]]] = []
    current: list[tuple[float, float]] = []
    curved = False
    for i in range(count):
        segment = c.FPDFPath_GetPathSegment(obj, i)
        kind = c.FPDFPathSegment_GetType(segment)
        c.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + cc * y.value + e, b * x.value + d * y.value + f)
        if kind == c.FPDF_SEGMENT_LINETO and current:
            current.append(point)
        else:
            if len(current) > 1:
                out.append(current)
            curved = curved or kind == c.FPDF_SEGMENT_BEZIERTO
            current = [point]
        if c.FPDFPathSegment_GetClose(segment) and len(current) > 1:
            current.append(current[0])
            out.append(current)
            current = [point]
    if len(current) > 1:
        out.append(current)
    return out, curved


class File:
    """An open PDF. Use `opened`, which also holds the lock."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._open: Page | None = None
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

    @contextmanager
    def page(self, index: int) -> Iterator[Page]:
        """A page while it is looked at. It stays open until the next one is: PDFium drops fonts that no open page uses."""
        before, self._open = self._open, Page(self, index)
        if before is not None:
            before.close()
        yield self._open

    def metadata(self) -> dict[str, str]:
        """What the file says of itself, keys in lower case."""
        out: dict[str, str] = {}
        for key in ("Title", "Author", "Subject", "Creator", "Producer", "CreationDate", "ModDate"):
            tag = key.encode()
            value = _wide(lambda b, n, tag=tag: c.FPDF_GetMetaText(self.handle, tag, b, n)).strip()
            if value:
                out[key.lower()] = value
        return out

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
        if self._form:
            c.FPDFDOC_ExitFormFillEnvironment(self._form)
            self._form = None
        if self.handle:
            c.FPDF_CloseDocument(self.handle)
            self.handle = None


@contextmanager
def opened(data: bytes, name: str) -> Iterator[File]:
    """Open a PDF from memory, one at a time. Raises `UnreadableError`."""
    with LOCK:
        file = File(data, name)
        try:
            yield file
        finally:
            file.close()
