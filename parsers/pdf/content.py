"""What an engine sees on a page, before any table is looked for: glyphs, ruling lines, pictures; and lines of text.

Belongs here: the engine-neutral objects that both engines fill, and the arithmetic that turns glyphs into lines of text.
Does not belong here: how an engine gets them (`pdfium`, `plumber`), grids (`ruled`, `anchored`), labels (`vocabulary`).

All coordinates are points of the page as it is displayed, from its top left corner. A glyph is a plain tuple and not
an object, because a report has thousands of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas.facts import Box

# (x0, top, x1, bottom, character)
Glyph = tuple[float, float, float, float, str]
# (position, start, end): a horizontal rule at y from x to x, a vertical one at x from y to y.
Rule = tuple[float, float, float]

# Stands for a glyph whose character is not known.
UNMAPPED = "\ufffd"

# Shares of a line's height. Wider gaps become a space; between two ASCII characters a narrow one suffices.
_SPACE_ASCII = 0.15
_SPACE_MIXED = 0.45
_SPACE_HAN = 0.6
# Two equal glyphs this close (share of their width) are one, drawn twice to look bold; two unequal ones are overprinted.
_DOUBLE = 0.4


@dataclass(slots=True)
class PageContent:
    """One page: ``number`` counts from 1. ``pictures`` are small drawn shapes and images that may stand for a glyph."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    # Texts that lie over the page without belonging to it: comments, typed notes.
    notes: list[tuple[Box, str]] = field(default_factory=list)
    # The text is a character reader's, under or over a picture of the page.
    ocr: bool = False
    # Glyphs whose character is not known (no or a broken ToUnicode map).
    unmapped: int = 0
    # Text that is on the page but not shown.
    hidden: str = ""
    # Quarter turns to the right between the page as shown and as described here (a table lying on its side).
    turned: int = 0

    def shown(self, box: Box) -> Box:
        """A box of this description as it stands on the page that a reader sees."""
        x0, top, x1, bottom = box
        if self.turned == 1:
            return (top, self.width - x1, bottom, self.width - x0)
        if self.turned == 2:
            return (self.width - x1, self.height - bottom, self.width - x0, self.height - top)
        if self.turned == 3:
            return (self.height - bottom, x0, self.height - top, x1)
        return box


@dataclass(slots=True)
class Line:
    """Glyphs on one baseline, from left to right. ``overprinted``: different glyphs on top of one another."""

    x0: float
    top: float
    x1: float
    bottom: float
    glyphs: list[Glyph]
    overprinted: bool = False

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        return text_of(self.glyphs)


def is_narrow(char: str) -> bool:
    """Whether a space beside this character means something: letters and digits, full-width ones too."""
    return char.isdigit() or (char.isascii() and char.isalpha())


def text_of(glyphs: Sequence[Glyph]) -> str:
    """The characters of one line; gaps that the eye takes for a space become one."""
    if not glyphs:
        return ""
    out = [glyphs[0][4]]
    _, top, last, bottom, previous = glyphs[0]
    height = bottom - top
    for x0, top, x1, bottom, char in glyphs[1:]:
        gap = x0 - last
        if gap > 0.5:
            sides = is_narrow(char) + is_narrow(previous)
            if gap > (_SPACE_HAN, _SPACE_MIXED, _SPACE_ASCII)[sides] * min(height, bottom - top):
                out.append(" ")
        out.append(char)
        last, previous, height = max(last, x1), char, bottom - top
    return "".join(out)


def _settled(glyphs: list[Glyph]) -> tuple[list[Glyph], bool]:
    """Sorted from left to right, doubles (bold drawn twice) taken once; and whether unequal glyphs lie on another."""
    glyphs.sort()
    kept: list[Glyph] = []
    overprinted = False
    for glyph in glyphs:
        x0, top, x1, bottom, char = glyph
        # A shifted copy of "11" sorts as 1 1' 1 1', so only the last few kept glyphs can be the original.
        double = False
        for other in kept[-3:]:
            if x0 - other[0] < _DOUBLE * min(x1 - x0, other[2] - other[0]) and (
                min(bottom, other[3]) - max(top, other[1]) > 0.5 * min(bottom - top, other[3] - other[1])
            ):
                if other[4] == char:
                    double = True
                    break
                overprinted = True
        if not double:
            kept.append(glyph)
    return kept, overprinted


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines of text from top to bottom. Glyphs on one baseline are one line however far apart they stand."""
    runs: list[list[Glyph]] = []
    extents: list[tuple[float, float]] = []
    run: list[Glyph] = []
    last_x = middle = height = 0.0
    for glyph in glyphs:
        x0, top, _, bottom, _ = glyph
        if run and x0 >= last_x and -0.25 * height < (top + bottom) / 2 - middle < 0.25 * height:
            run.append(glyph)
        else:
            run = [glyph]
            runs.append(run)
            extents.append((top, bottom))
            middle, height = (top + bottom) / 2, bottom - top
        last_x = x0
    if len(runs) == 1:
        return [_line(runs[0])]
    order = sorted(range(len(runs)), key=lambda i: extents[i][0] + extents[i][1])
    groups: list[tuple[float, float, list[Glyph]]] = []
    for i in order:
        top, bottom = extents[i]
        if groups:
            g_top, g_bottom, members = groups[-1]
            if min(bottom, g_bottom) - max(top, g_top) > 0.55 * min(bottom - top, g_bottom - g_top):
                members.extend(runs[i])
                if bottom - top > g_bottom - g_top:
                    groups[-1] = (top, bottom, members)
                continue
        groups.append((top, bottom, list(runs[i])))
    return [_line(members) for _, _, members in groups]


def _line(glyphs: list[Glyph]) -> Line:
    kept, overprinted = _settled(glyphs)
    return Line(
        kept[0][0],
        min(g[1] for g in kept),
        max(g[2] for g in kept),
        max(g[3] for g in kept),
        kept,
        overprinted,
    )


def words_of(line: Line, gap: float = 0.6) -> list[Line]:
    """A line cut where a gap is wider than ``gap`` times the size of its characters."""
    return [_word(glyphs) for glyphs in cut_at_gaps(line.glyphs, gap)]


def cut_at_gaps(glyphs: Sequence[Glyph], gap: float) -> list[list[Glyph]]:
    """The glyphs of a line in groups that stand apart by more than ``gap`` times the size of the characters."""
    groups: list[list[Glyph]] = []
    last = size = 0.0
    for glyph in glyphs:
        x0, _, x1, _, _ = glyph
        own = size_of(glyph)
        if not groups or x0 - last > gap * min(size, own):
            groups.append([])
            last = x1
        groups[-1].append(glyph)
        last, size = max(last, x1), own
    return groups


def size_of(glyph: Glyph) -> float:
    """About the font size: a font's line height may be half as large again, so the glyph's width has its say."""
    x0, top, x1, bottom, char = glyph
    return min(bottom - top, max((x1 - x0) * (1.0 if char >= "\u2e80" else 1.9), 0.5 * (bottom - top)))


def _word(glyphs: list[Glyph]) -> Line:
    return Line(
        glyphs[0][0],
        min(g[1] for g in glyphs),
        max(g[2] for g in glyphs),
        max(g[3] for g in glyphs),
        glyphs,
    )


# Printed figures, marks for "nothing", and figures with a sign, a unit or thousands separators.
_FIGURE = re.compile(
    r"[+\-−－＋]?[\d０-９](?:[\d０-９,，. ．]*[\d０-９])?(?:万元|亿元|元|件|项|宗|条|次|个|笔|起|例|%|％)?"
    r"|[/／\-—–－○〇一无空×]|--|——|－－|不涉及|不适用|N/?A"
)


def is_figure(text: str) -> bool:
    """Whether a cell's text is a figure or one of the marks that stand for "nothing"."""
    return _FIGURE.fullmatch(text.strip()) is not None


def has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
