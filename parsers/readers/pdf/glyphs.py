"""The characters of a page as PDFium has them, each with the box of its line's height.

Belongs here: every call to PDFium's text page, and what is to be done where it gives no box or a wrong one.
Does not belong here: what else is on the page (`objects`), which characters are shown (`visible`), lines and tables.
"""

from __future__ import annotations

import ctypes
import math
import re
from array import array
from collections import Counter, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import repeat
from operator import sub
from typing import Any

import pypdfium2.raw as c

from schemas.facts import Box

from . import edges
from .calls import BOXES_AT_ONCE, address, corner_places, corners, plain, room
from .content import UNMAPPED, Glyph, Line, PageContent
from .edges import Cut

# A file may hold anything; this keeps one page's work bounded.
MOST_GLYPHS = 100_000
_SAMPLE = 24
# No character of a report is wider than this many points.
_WIDEST = 60.0
# A smaller box is none.
_LEAST_HEIGHT, _LEAST_WIDTH = 0.5, 0.05
# A box is odd beside another that is higher than this lets it be low, or lower than this lets it be wide.
_LOW, _WIDE = 0.7, 2.5
# Wider than so many of its font's sizes is no character, however small others of the page are.
_OF_SIZE = 1.3
# So many glyphs are looked through for one that tells how high a line is.
_NEAR = 200
# Characters that leave nothing on the page.
BLANK = frozenset([*map(chr, range(33)), "\u00a0", "\u3000"])

# Those that stand for nothing printed, but for ends of lines, which PDFium adds; and the least that something printed covers.
_PRINTS_NOTHING = frozenset(" \u00a0\u3000\u00ad\u200b\u200c\u200d\u2060\ufeff") | frozenset(
    map(chr, range(0x2000, 0x200B))
)
_PRINTING_NOTHING = re.compile(f"[{''.join(map(re.escape, sorted(_PRINTS_NOTHING)))}]")
_LEAST_PRINTED = 1.0

# Halves of a pair, private use, and codes that are no characters.
_UNKNOWN = re.compile("[\\x00\\x01\\x03-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\uf8ff\\ufff0-\\uffff]")

# PDFium breaks lines, and puts spaces where characters stand apart.
_PDFIUM_LINE = re.compile(r"[^\r\n]+")
_NEEDLESS_SPACE = re.compile(r"(?<![A-Za-z0-9]) +| +(?![A-Za-z0-9])")

_text_of = plain(c.FPDFText_GetText, ctypes.c_int)
_loose_box = plain(c.FPDFText_GetLooseCharBox, ctypes.c_int)
_tight_box = plain(c.FPDFText_GetCharBox, ctypes.c_int)
_char_origin = plain(c.FPDFText_GetCharOrigin, ctypes.c_int)
_angle = plain(c.FPDFText_GetCharAngle, ctypes.c_float)
_font_size = plain(c.FPDFText_GetFontSize, ctypes.c_double)
_is_guessed = plain(c.FPDFText_HasUnicodeMapError, ctypes.c_int)
_text_object = plain(c.FPDFText_GetTextObject, ctypes.c_void_p)


@dataclass(slots=True)
class LeftOut:
    """Indexes of characters that are no text of the page, of others that need more than a box, and what was hidden."""

    gone: set[int] = field(default_factory=set)
    # Slanted letters, and digits that are hardly seen.
    italic: set[int] = field(default_factory=set)
    faint: set[int] = field(default_factory=set)
    hidden: str = ""
    # Of those gone, digits under something dark.
    covered: set[int] = field(default_factory=set)
    # Pieces of text with digits of which nothing is seen, because something light lies over them or they are light.
    under: set[int] = field(default_factory=set)
    # Characters under something of pieces of text of which others are seen, with these pieces.
    in_part: dict[int, int] = field(default_factory=dict)
    # Where something cuts figures off.
    cut: set[Cut] = field(default_factory=set)
    # Digits that are turned, and may be no text of the page or of a table.
    astray: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.gone or self.faint)


class PageText:
    """The characters of one loaded page, by PDFium's index: generated spaces and line breaks have one too."""

    def __init__(self, page: Any, bounds: Box) -> None:
        self._page = page
        self.bounds = bounds
        self._text: Any = c.FPDFText_LoadPage(page)
        self.count = min(max(c.FPDFText_CountChars(self._text), 0), MOST_GLYPHS) if self._text else 0
        self._pointer = address(self._text)

    def close(self) -> None:
        if self._text:
            c.FPDFText_ClosePage(self._text)
        self._text = self._pointer = None

    @cached_property
    def text(self) -> str:
        """One character for each of PDFium's, in the order of the content."""
        if not self.count:
            return ""
        # A ctypes array is a new type for every length.
        buffer = array("H", bytes(2 * (self.count + 1)))
        written = _text_of(self._pointer, 0, self.count, ctypes.c_void_p.from_param(buffer.buffer_info()[0]))
        text = buffer.tobytes()[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(text) == self.count:
            return _UNKNOWN.sub(UNMAPPED, text)
        # Characters outside the basic plane, or left out: the long way keeps indexes right.
        codes = (c.FPDFText_GetUnicode(self._text, i) for i in range(self.count))
        return _UNKNOWN.sub(UNMAPPED, "".join(chr(u) if 0 < u < 0x110000 else UNMAPPED for u in codes))

    @cached_property
    def certain(self) -> str:
        """The text, characters that PDFium only guesses (no entry in the font's map) replaced by the mark for unknown.

        Guessed codes may look like spaces or digits, so that a figure would silently be lost or changed.
        """
        text = self.text
        # A guess that looks like a Chinese character is no figure, and no label either.
        doubtful = [i for i, char in enumerate(text) if char < "\u2e80"]
        guessed = list(map(_is_guessed, repeat(self._pointer), doubtful))
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
        pointer = self._pointer
        angles = [_angle(pointer, i) for i in range(0, self.count, step) if not text[i].isspace()]
        if not angles:
            return self.displayed
        return 0 if not any(angles) else Counter(map(_quarters, angles)).most_common(1)[0][0]

    @cached_property
    def displayed(self) -> int:
        """Quarter turns to the right with which the page is shown (/Rotate)."""
        return int(max(c.FPDFPage_GetRotation(self._page), 0)) % 4

    def owners(self, indexes: Iterable[int] | None = None) -> list[int | None]:
        """The address of the piece of text that each character belongs to, or each of some; None for what PDFium adds."""
        return list(map(_text_object, repeat(self._pointer), range(self.count) if indexes is None else indexes))

    def font_size(self, i: int) -> float:
        return float(_font_size(self._pointer, i)) or 1.0

    def size(self, i: int) -> float:
        """How large a character is printed: its font's size under the page's matrix."""
        matrix = c.FS_MATRIX()
        scaled = math.hypot(matrix.a, matrix.b) if c.FPDFText_GetMatrix(self._text, i, matrix) else 0.0
        return self.font_size(i) * (scaled or 1.0)

    def tight(self, i: int) -> Box:
        """What a character itself covers: (left, bottom, right, top) in the page's own coordinates."""
        if not _tight_box(self._pointer, i, *corner_places):
            # What stands there is another character's.
            return 0.0, 0.0, 0.0, 0.0
        left, right, bottom, top = corners
        return left, bottom, right, top

    def turn(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box of the page's own coordinates as displayed: (x0, top, x1, bottom)."""
        left, bottom, right, top = self.bounds
        if self.rotation == 0:
            return (x0 - left, top - y1, x1 - left, top - y0)
        if self.rotation == 1:
            return (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        if self.rotation == 2:
            return (right - x1, y0 - bottom, right - x0, y1 - bottom)
        return (top - y1, right - x1, top - y0, right - x0)

    def turned(self, boxes: Sequence[Box]) -> list[Box]:
        """Boxes as `turn` gives them."""
        if self.rotation:
            return [self.turn(*box) for box in boxes]
        left, _, _, top = self.bounds
        return [(x0 - left, top - y1, x1 - left, top - y0) for x0, y0, x1, y1 in boxes]

    def back(self, x0: float, top: float, x1: float, bottom: float) -> Box:
        """A box of the page as it is shown, in its own coordinates: (left, bottom, right, top)."""
        left, lower, right, upper = self.bounds
        if self.displayed == 0:
            return (x0 + left, upper - bottom, x1 + left, upper - top)
        if self.displayed == 1:
            return (top + left, x0 + lower, bottom + left, x1 + lower)
        if self.displayed == 2:
            return (right - x1, top + lower, right - x0, bottom + lower)
        return (right - bottom, upper - x1, right - top, upper - x0)

    def where(self, words: str) -> list[Box]:
        """The lines of a passage in the page's own coordinates, whatever breaks and spaces are in it; none if it is not there."""
        seen = [(i, char) for i, char in enumerate(self.text) if not char.isspace()]
        wanted = "".join(words.split())
        at = "".join(char for _, char in seen).find(wanted) if wanted else -1
        if at < 0:
            return []
        first, last = seen[at][0], seen[at + len(wanted) - 1][0]
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        found = range(max(c.FPDFText_CountRects(self._text, first, last - first + 1), 0))
        return [
            (left.value, bottom.value, right.value, top.value)
            for n in found
            if c.FPDFText_GetRect(self._text, n, left, top, right, bottom)
        ]

    @cached_property
    def without_text(self) -> list[int]:
        """Characters that stand for nothing, such as spaces, and print something all the same."""
        blank = [m.start() for m in _PRINTING_NOTHING.finditer(self.text)]
        pointer, places = self._pointer, corner_places
        found: list[int] = []
        for i in blank:
            # Asked of every space of a page: `tight` without its detours.
            if _tight_box(pointer, i, *places):
                left, right, bottom, top = corners
                if top - bottom > _LEAST_PRINTED and right > left:
                    found.append(i)
        return found

    # -- lines of a page without tables ------------------------------------------------------------------------

    def lines(self) -> list[Line]:
        """The lines as PDFium breaks them, each with the boxes of a few of its characters."""
        left, _, _, top = self.bounds
        texts: list[str] = []
        indexes: list[int] = []
        for found in _PDFIUM_LINE.finditer(self.certain):
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
            if self._is_beyond(rights[3 * n + 2], uppers[tallest], lefts[3 * n], lowers[tallest]):
                continue
            lines.append(Line(x0, upper, x1, lower, [], gapped=False, _text=_NEEDLESS_SPACE.sub("", text)))
        return sorted(lines, key=lambda line: (line.middle, line.x0))

    # -- glyphs ------------------------------------------------------------------------------------------------

    def glyphs(self, page: PageContent, out: LeftOut) -> list[Glyph]:
        """The characters that leave something on the page, but for those gone; the unknown ones are counted."""
        if not self.count:
            return []
        if self.rotation:
            return edges.within(page, self._turned(out.gone, out.faint))
        text = self.certain
        gone = out.gone
        shown = [i for i, char in enumerate(text) if char not in BLANK]
        if gone:
            shown = [i for i in shown if i not in gone]
        if not shown:
            return []
        lefts, uppers, rights, lowers = self._loose_boxes(shown)
        left, _, _, top = self.bounds
        page.unmapped = text.count(UNMAPPED)
        suspects, widest = self._suspects(shown, lefts, uppers, rights, lowers)
        if self._is_beyond(min(rights), min(uppers), max(lefts), max(lowers)):
            return self._on_page(page, shown, out, edges.cut_off(self, shown, (lefts, uppers, rights, lowers), out.cut))
        out.faint |= edges.cut_off(self, shown, (lefts, uppers, rights, lowers), out.cut)
        if left:
            lefts, rights = [x - left for x in lefts], [x - left for x in rights]
        if out.faint:
            # Whether they are part of a figure nobody can tell.
            text = "".join(UNMAPPED if i in out.faint else char for i, char in enumerate(text))
        chars = text if len(shown) == len(text) else [text[i] for i in shown]
        glyphs = list(zip(lefts, [top - y for y in uppers], rights, [top - y for y in lowers], chars, strict=True))
        if suspects:
            glyphs = self._looked_at(glyphs, shown, suspects, widest)
        return self._set_upright(glyphs, shown, out.italic) if out.italic else glyphs

    def _is_beyond(self, right: float, upper: float, left: float, lower: float) -> bool:
        """Whether a box, of which three sides may be others' as well, stands outside the page."""
        x0, y0, x1, y1 = self.bounds
        return right < x0 or upper < y0 or left > x1 or lower > y1

    def _on_page(self, page: PageContent, shown: list[int], out: LeftOut, cut: set[int]) -> list[Glyph]:
        """The glyphs without those that stand outside the page. ``cut``: digits beside its edges."""
        sides = zip(shown, *self._loose_boxes(shown), strict=True)
        beyond = {i for i, x0, y1, x1, y0 in sides if self._is_beyond(x1, y1, x0, y0)}
        page.hidden += "".join(self.text[i] for i in sorted(beyond))
        return self.glyphs(page, replace(out, gone=out.gone | beyond, faint=out.faint | cut)) if beyond else []

    def _loose_boxes(self, indexes: list[int]) -> tuple[list[float], list[float], list[float], list[float]]:
        """The left, upper, right and lower sides of characters, in the page's own coordinates, all in one go."""
        # FS_RECTF: left, top, right, bottom.
        text = self._pointer
        found: tuple[list[float], ...] = ([], [], [], [])
        for start in range(0, len(indexes), BOXES_AT_ONCE):
            some = indexes[start : start + BOXES_AT_ONCE]
            deque(map(_loose_box, repeat(text), some, room.sides(len(some))[0]), maxlen=0)
            for side, written in zip(found, room.written(len(some)), strict=True):
                side.extend(written)
        lefts, uppers, rights, lowers = found
        return lefts, uppers, rights, lowers

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
            low = [kind for kind in kinds if kind < _LOW * tallest]
            # Where a character of each height stands, the last of them.
            backwards = heights[::-1]
            sizes = {kind: self.font_size(shown[-1 - backwards.index(kind)]) for kind in (tallest, *low)}
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

    def _looked_at(self, glyphs: list[Glyph], shown: list[int], suspects: list[int], widest: float) -> list[Glyph]:
        """The glyphs, each suspect with the box that it should have: PDFium has no loose one for it, or a wrong one."""
        found = [*glyphs]
        doubtful = set(suspects)
        page_left, _, _, page_top = self.bounds
        for k in suspects:
            i = shown[k]
            x0, top, x1, bottom, char = glyphs[k]
            if x1 - x0 > widest and x1 - x0 > _OF_SIZE * self.size(i):
                # PDFium gives glyphs of vertical fonts a box of unscaled size.
                tight = self.turn(*self.tight(i))
                if tight[2] - tight[0] < 0.5 * (x1 - x0):
                    found[k] = (*tight, char)
                    continue
            if self._has_no_loose_box(i, x0 + page_left, page_top - bottom, x1 + page_left, page_top - top):
                # Type 3 glyphs have no loose box of their own; their origin tells the line.
                usual = _usual_before(glyphs, doubtful, k)
                found[k] = self._odd_glyph(i, char, None if usual is None else (shown[usual], glyphs[usual]))
        return found

    def _set_upright(self, glyphs: list[Glyph], shown: list[int], italic: Collection[int]) -> list[Glyph]:
        """The glyphs, slanted ones without what their slant adds: PDFium's boxes hold all that a letter covers."""
        found = [*glyphs]
        page_left = self.bounds[0]
        matrix = c.FS_MATRIX()
        for k, i in enumerate(shown):
            if i not in italic or not c.FPDFText_GetMatrix(self._text, i, matrix) or not matrix.d:
                continue
            x0, top, _, bottom, char = glyphs[k]
            tight = self.tight(i)
            left, right = tight[0] - page_left, tight[2] - page_left
            leaning = matrix.c / matrix.d * (tight[3] - self._origin(i)[1])
            if leaning > 0:
                right -= leaning
            else:
                # Slanted backwards, its top reaches over the letter before.
                x0 = left - leaning
            if x0 < right:
                found[k] = (x0, top, right, bottom, char)
        return found

    def _origin(self, i: int) -> tuple[float, float]:
        if not _char_origin(self._pointer, i, *corner_places[:2]):
            return 0.0, 0.0
        return corners[0], corners[1]

    def _has_no_loose_box(self, i: int, x0: float, y0: float, x1: float, y1: float) -> bool:
        """Whether PDFium gave the tight box for want of a loose one. A smaller font has a loose box, only a lower one."""
        if y1 - y0 < _LEAST_HEIGHT or x1 - x0 < _LEAST_WIDTH:
            return True
        tight = self.tight(i)
        return abs(tight[1] - y0) < 0.02 and abs(tight[3] - y1) < 0.02

    def _odd_glyph(self, i: int, char: str, before: tuple[int, Glyph] | None) -> Glyph:
        """A glyph without a loose box gets the extent of the last usual one."""
        x0, y0, x1, y1 = self.turn(*self.tight(i))
        if before is None:
            return (x0, y0, x1, y1, char)
        j, usual = before
        ratio = self.font_size(i) / self.font_size(j)
        # Where the usual glyph's box lies around its baseline, scaled to this glyph's size.
        baseline = self.bounds[3] - self._origin(j)[1]
        own = self.bounds[3] - self._origin(i)[1]
        top = own - (baseline - usual[1]) * ratio
        bottom = own + (usual[3] - baseline) * ratio
        if char >= "\u2e80" and usual[4] >= "\u2e80":
            x0 = self._origin(i)[0] - self.bounds[0]
            x1 = x0 + (usual[2] - usual[0]) * ratio
        return (x0, min(top, y0), x1, max(bottom, y1), char)

    def _turned(self, gone: Collection[int], faint: Collection[int]) -> list[Glyph]:
        """Glyphs of a page whose text is turned: PDFium has no loose boxes for it, so origin and size make them."""
        glyphs: list[Glyph] = []
        size = ctypes.c_float()
        matrix = c.FS_MATRIX()
        pointer = self._pointer
        for i, char in enumerate(self.certain):
            if char.isspace() or char < " " or i in gone:
                continue
            if _quarters(_angle(pointer, i)) != self.rotation:
                continue
            x, y = self._origin(i)
            _, _, x1, _ = self.turn(*self.tight(i))
            x0, baseline, _, _ = self.turn(x, y, x, y)
            size.value = c.FPDFText_GetFontSize(self._text, i)
            scale = 1.0
            if c.FPDFText_GetMatrix(self._text, i, matrix):
                scale = math.hypot(matrix.a, matrix.b) or 1.0
            em = size.value * scale if size.value * scale > 1 else 10.0
            # A Chinese character is as wide as the font's size, whatever part of that it fills.
            x1 = x0 + em if char >= "\u2e80" else max(x1, x0 + 0.1)
            seen = UNMAPPED if i in faint else char
            glyphs.append((x0, baseline - 0.88 * em, x1, baseline + 0.12 * em, seen))
        return glyphs


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
