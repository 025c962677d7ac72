"""What an engine sees on a page, before any table is looked for: glyphs, ruling lines, pictures; and lines of text.

Belongs here: the objects that an engine fills, and the arithmetic that turns glyphs into lines of text.
Does not belong here: how an engine gets them (`pdfium`, `plumber`), grids (`ruled`, `anchored`), labels (`grammar`).

All coordinates are points of the page as it is displayed, from its top left corner. A glyph is a plain tuple and not
an object, because a report has thousands of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from schemas.facts import Box

# (x0, top, x1, bottom, character)
Glyph = tuple[float, float, float, float, str]
# (position, start, end): a horizontal rule at y from x to x, a vertical one at x from y to y.
Rule = tuple[float, float, float]

# Stands for a glyph whose character is not known.
UNMAPPED = "\ufffd"

# Shares of a line's height. Wider gaps become a space; between two ASCII characters a narrow one suffices.
_SPACE_ASCII = _LEAST_SPACE = 0.15
_SPACE_MIXED = 0.45
_SPACE_HAN = 0.6
# Two glyphs that share so much of their width lie on one another: equal ones are one, drawn twice to look bold or with a
# shadow; unequal ones are overprinted.
_DOUBLE, OVERPRINTED = 0.4, 0.35
# Glyphs that share this much of the lower one's height are on one line.
_ONE_LINE = 0.55
# Of two that share more of their width than one is high the middles are no farther apart than this share of a height.
_APART = 0.5
# No gap up to this many points is a space.
LEAST_GAP = 0.5


@dataclass(slots=True)
class PageContent:
    """One page: ``number`` counts from 1. ``pictures`` are small drawn shapes and images that may stand for a glyph.

    Where sheets hold two pages, ``sheet`` is the number of this one's, ``left`` how far to the right on it it begins.
    """

    number: int
    width: float
    height: float
    sheet: int = 0
    left: float = 0.0
    sheet_width: float = 0.0
    glyphs: list[Glyph] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    # What is not seen of rules: parts beyond what they are clipped to.
    unseen: list[Box] = field(default_factory=list)
    # Whatever is drawn and is no rule, no shading of cells and no text: it may stand for something printed.
    drawn: list[Box] = field(default_factory=list)
    # Of these what is shaded, patterned or lets something through: what it shows within itself only a look tells.
    patterns: list[Box] = field(default_factory=list)
    # Areas of one colour: only their sides are seen in what they lie over.
    areas: list[Box] = field(default_factory=list)
    # Texts that lie over the page without belonging to it: comments, typed notes.
    notes: list[tuple[Box, str]] = field(default_factory=list)
    # The text is a character reader's, under or over a picture of the page.
    ocr: bool = False
    # Glyphs whose character is not known (no or a broken ToUnicode map).
    unmapped: int = 0
    # The lines of a page without tables; its glyphs are then not looked at one by one.
    lines: list[Line] | None = None
    # Where page numbers stood, which are left out of the glyphs.
    dropped: list[Box] = field(default_factory=list)
    # Text that is on the page but not shown.
    hidden: str = ""
    # Where strike-out annotations lie, and what was taken out because something strikes it.
    strikes: list[Box] = field(default_factory=list)
    # Where a reader drew or wrote on the page (pen, line, typed text, stamp): figures under it may be corrected.
    marks: list[Box] = field(default_factory=list)
    # Lines that are neither level nor upright.
    slashes: list[Box] = field(default_factory=list)
    struck: list[tuple[Box, str]] = field(default_factory=list)
    # Quarter turns to the right between the page as shown and as described here (a table lying on its side).
    turned: int = 0

    @property
    def printed_number(self) -> int:
        """The page of the file that this one is on."""
        return self.sheet or self.number

    def shown(self, box: Box) -> Box:
        """A box of this description as it stands on the page that a reader sees."""
        x0, top, x1, bottom = box
        x0, x1 = x0 + self.left, x1 + self.left
        width = self.sheet_width or self.width
        if self.turned == 1:
            return (top, width - x1, bottom, width - x0)
        if self.turned == 2:
            return (width - x1, self.height - bottom, width - x0, self.height - top)
        if self.turned == 3:
            return (self.height - bottom, x0, self.height - top, x1)
        return (x0, top, x1, bottom)


@dataclass(slots=True)
class Line:
    """Glyphs on one baseline, from left to right. ``overprinted``: different glyphs on top of one another."""

    x0: float
    top: float
    x1: float
    bottom: float
    glyphs: list[Glyph]
    overprinted: bool = False
    # Whether any two neighbours may stand apart.
    gapped: bool = True
    _text: str | None = None

    @property
    def height(self) -> float:
        height = self.bottom - self.top
        return height if height > 0.1 else 0.1

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def blank(self) -> bool:
        """Whether nothing but white space stands on the line."""
        return not (self.glyphs and not self.glyphs[0][4].isspace()) and not self.text.strip()

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = text_of(self.glyphs) if self.gapped else "".join([glyph[4] for glyph in self.glyphs])
        return self._text


@lru_cache(maxsize=4_096)
def is_narrow(char: str) -> bool:
    """Whether a space beside this character means something: letters and digits, full-width ones too."""
    return char.isdigit() or (char.isascii() and char.isalpha())


def text_of(glyphs: Sequence[Glyph]) -> str:
    """The characters of one line; gaps that the eye takes for a space become one."""
    return "".join(characters(glyphs))


def characters(glyphs: Sequence[Glyph]) -> list[str]:
    """The same, each with the space in front of it."""
    chars = [glyph[4] for glyph in glyphs]
    gaps = [i for i, (a, b) in enumerate(pairwise(glyphs), start=1) if b[0] - a[2] > LEAST_GAP]
    for i in gaps:
        _, top, end, bottom, left = glyphs[i - 1]
        start, upper, _, lower, right = glyphs[i]
        high, other = bottom - top, lower - upper
        if other < high:  # noqa: PLR1730 - called for every gap: a comparison is cheaper than a call
            high = other
        room = start - end
        # A gap too narrow for a space among Latin letters is one nowhere.
        if (
            room > _LEAST_SPACE * high
            and room > (_SPACE_HAN, _SPACE_MIXED, _SPACE_ASCII)[is_narrow(left) + is_narrow(right)] * high
        ):
            chars[i] = " " + right
    return chars


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
            width = min(x1 - x0, other[2] - other[0])
            shared = (min(x1, other[2]) - x0) / width if width > 0 else 0.0
            if shared < OVERPRINTED or min(bottom, other[3]) - max(top, other[1]) < 0.3 * (bottom - top):
                continue
            if other[4] == char:
                double = shared > _DOUBLE
                if double:
                    break
            elif (char.isdigit() or other[4].isdigit()) and char.isalnum() and other[4].isalnum():
                # Punctuation may stand closer than its box is wide; a digit never does.
                overprinted = True
        if not double:
            kept.append(glyph)
    return kept, overprinted


def _runs(glyphs: Iterable[Glyph]) -> list[tuple[Line, bool]]:
    """Glyphs that follow one another to the right on one baseline, as they come; and whether none lies on another."""
    runs: list[tuple[Line, bool]] = []
    members: list[Glyph] = []
    clean, gapped = True, False
    low = high = first = upper = lower = last = reach = 0.0
    for glyph in glyphs:
        x0, top, x1, bottom, _ = glyph
        if members and x0 >= last and low < top + bottom < high:
            room = x0 - reach
            if room > LEAST_GAP:
                gapped = True
            elif room < 0.0 and room < -OVERPRINTED * (x1 - x0):
                clean = False
            members.append(glyph)
            if top < upper:  # noqa: PLR1730 - called for every glyph: a comparison is cheaper than a call
                upper = top
            if bottom > lower:  # noqa: PLR1730
                lower = bottom
            if x1 > reach:  # noqa: PLR1730
                reach = x1
        else:
            if members:
                runs.append((Line(first, upper, reach, lower, members, False, gapped), clean))
            members = [glyph]
            clean, gapped = True, False
            first, upper, reach, lower = x0, top, x1, bottom
            slack = 0.5 * (bottom - top)
            low, high = top + bottom - slack, top + bottom + slack
        last = x0
    if members:
        runs.append((Line(first, upper, reach, lower, members, False, gapped), clean))
    return runs


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines of text from top to bottom. Glyphs on one baseline are one line however far apart they stand."""
    runs = _runs(glyphs)
    if len(runs) == 1:
        line, clean = runs[0]
        return [line if clean else _line(line.glyphs)]
    if _are_lines(runs):
        return [line for line, _ in runs]
    runs.sort(key=lambda run: run[0].top + run[0].bottom)
    groups: list[tuple[float, float, list[tuple[Line, bool]]]] = []
    for run in runs:
        top, bottom = run[0].top, run[0].bottom
        if groups:
            g_top, g_bottom, members = groups[-1]
            shared = min(bottom, g_bottom) - max(top, g_top)
            if shared > _ONE_LINE * min(bottom - top, g_bottom - g_top) and not _is_under(run[0], members):
                members.append(run)
                # A clearly taller run (a bracket may be a little taller than the rest) says better where the line is.
                if bottom - top > 1.1 * (g_bottom - g_top):
                    groups[-1] = (top, bottom, members)
                continue
        groups.append((top, bottom, [run]))
    return [_put_together(members) for _, _, members in groups]


def _is_under(run: Line, members: Sequence[tuple[Line, bool]]) -> bool:
    """Whether a run stands under another one of a line, which a taller one beside both brought near."""
    return any(
        min(run.x1, line.x1) - max(run.x0, line.x0) > run.height
        and abs(run.middle - line.middle) > _APART * min(run.height, line.height)
        for line, _ in members
    )


def _are_lines(runs: list[tuple[Line, bool]]) -> bool:
    """Whether runs, as they come, are the lines of a text from top to bottom, as in most cells."""
    level = top = bottom = float("-inf")
    for line, clean in runs:
        upper, lower = line.top, line.bottom
        middle = upper + lower
        if not clean or middle < level:
            return False
        # Of two on one line the lower one is no line of its own.
        if upper < bottom and bottom - max(upper, top) > _ONE_LINE * min(lower - upper, bottom - top):
            return False
        level, top, bottom = middle, upper, lower
    return True


def _put_together(runs: list[tuple[Line, bool]]) -> Line:
    """Runs on one baseline as a line."""
    if len(runs) == 1:
        line, clean = runs[0]
        return line if clean else _line(line.glyphs)
    runs.sort(key=lambda run: run[0].x0)
    glyphs = [glyph for line, _ in runs for glyph in line.glyphs]
    if all(clean for _, clean in runs) and all(a.x1 <= b.x0 + 0.5 for (a, _), (b, _) in pairwise(runs)):
        lines = [line for line, _ in runs]
        return Line(lines[0].x0, min(ln.top for ln in lines), lines[-1].x1, max(ln.bottom for ln in lines), glyphs)
    return _line(glyphs)


def _line(glyphs: list[Glyph]) -> Line:
    kept, overprinted = _settled(glyphs)
    return _around(kept, overprinted)


def _around(glyphs: list[Glyph], overprinted: bool = False) -> Line:
    if len(glyphs) == 1:
        return Line(*glyphs[0][:4], glyphs, overprinted)
    lefts, tops, rights, bottoms, _ = zip(*glyphs, strict=True)
    return Line(lefts[0], min(tops), max(rights), max(bottoms), glyphs, overprinted)


def words_of(line: Line, gap: float = 0.6) -> list[Line]:
    """A line cut where a gap is wider than ``gap`` times the size of its characters."""
    if not line.gapped:
        return [line]
    glyphs = line.glyphs
    gaps = [i for i, (a, b) in enumerate(pairwise(glyphs), start=1) if b[0] - a[2] > LEAST_GAP]
    cuts = [i for i in gaps if _is_wide(glyphs[i - 1], glyphs[i], gap)]
    if not cuts:
        return [line]
    words = [_around(glyphs[a:b]) for a, b in pairwise([0, *cuts, len(glyphs)])]
    within = set(gaps).difference(cuts)
    for word, (a, b) in zip(words, pairwise([0, *cuts, len(glyphs)]), strict=True):
        word.gapped = bool(within) and any(a < i < b for i in within)
    return words


def _is_wide(before: Glyph, after: Glyph, gap: float) -> bool:
    """Whether two characters stand apart by more than ``gap`` times their size. No size is larger than the height, which
    is quickly seen."""
    room = after[0] - before[2]
    return room > gap * (before[3] - before[1]) or room > gap * min(size_of(before), size_of(after))


def has_gap(glyphs: Sequence[Glyph], gap: float) -> bool:
    """Whether `cut_at_gaps` would cut."""
    return any(_is_wide(a, b, gap) for a, b in pairwise(glyphs) if b[0] - a[2] > LEAST_GAP)


def cut_at_gaps(glyphs: list[Glyph], gap: float) -> list[list[Glyph]]:
    """The glyphs of a line in groups that stand apart by more than ``gap`` times the size of the characters."""
    cuts = [i for i, (a, b) in enumerate(pairwise(glyphs), start=1) if b[0] - a[2] > LEAST_GAP and _is_wide(a, b, gap)]
    if not cuts:
        return [glyphs]
    return [glyphs[a:b] for a, b in pairwise([0, *cuts, len(glyphs)])]


def size_of(glyph: Glyph) -> float:
    """About the font size: a font's line height may be half as large again, so the glyph's width has its say."""
    x0, top, x1, bottom, char = glyph
    high, wide = bottom - top, (x1 - x0) * (1.0 if char >= "\u2e80" else 1.9)
    if wide < 0.5 * high:  # noqa: PLR1730 - called for every glyph: a comparison is cheaper than a call
        wide = 0.5 * high
    return wide if wide < high else high


def typeset(text: str, box: Box) -> list[Glyph]:
    """A form field's value as glyphs in its box: one line of equal advances per line of text."""
    lines = [ln for ln in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if ln.strip()]
    if not lines:
        return []
    x0, top, x1, bottom = box
    height = (bottom - top) / len(lines)
    size = min(height, 12.0)
    glyphs: list[Glyph] = []
    for n, line in enumerate(lines):
        widths = [size if ord(ch) > 0x2E7F else size / 2 for ch in line]
        shrink = min(1.0, (x1 - x0) / (sum(widths) or 1.0))
        x = x0 + max(0.0, (x1 - x0) - sum(widths) * shrink) / 2
        y = top + n * height + (height - size) / 2
        for ch, width in zip(line, widths, strict=True):
            if not ch.isspace():
                glyphs.append((x, y, x + width * shrink, y + size, ch))
            x += width * shrink
    return glyphs


class Heights:
    """The characters of a page by their height."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self._glyphs = glyphs
        self._middles: list[float] | None = None

    def within(self, place: Box) -> list[Glyph]:
        """Those whose middle stands in a place."""
        if self._middles is None:
            ordered = sorted([((g[1] + g[3]) / 2, g) for g in self._glyphs])
            self._middles, self._glyphs = [middle for middle, _ in ordered], [g for _, g in ordered]
        x0, top, x1, bottom = place
        first = bisect_right(self._middles, top)
        last = bisect_right(self._middles, bottom, first) if bottom > top else first
        return [g for g in self._glyphs[first:last] if x0 < (g[0] + g[2]) / 2 < x1]
