"""What a page's glyphs are before lines and tables are looked for: one page or two, and what stands beside the text.

Belongs here: sheets that hold two pages side by side, and numbers that count the lines in the margin.
Does not belong here: page numbers and running heads, which need the other pages (`running_text`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.grammar.labels import key_of, vocabulary

from .content import Glyph, Line, PageContent, lines_of, text_of, words_of

# Two pages side by side: the sheet is wider than high, and so many points in or near its middle are empty.
_WIDE, _LEAST_GUTTER, _OFF_MIDDLE = 1.15, 12.0, 0.05
_EDGE = 0.08
# Each has a line of text so wide, as a share of its width, or so many lines.
_TEXT, _FEWEST_LINES = 0.5, 3
# Characters of a row's label.
_FEWEST_OF_LABEL = 4
# Numbers of lines: so many at the least, one a line, each so many more than the last.
FEWEST_NUMBERS = 4
_STEPS = (1, 5, 10)
_LONGEST_NUMBER = 4
# Of the lines of a page.
_MOST_LINES = 0.8


def parted(sheets: Sequence[PageContent], surveyed: Collection[int]) -> tuple[list[PageContent], set[int]]:
    """The pages on the sheets of a file, numbered from 1, and the numbers of those surveyed."""
    found = [(page, sheet.number in surveyed) for sheet in sheets for page in _pages_of(sheet)]
    if len(found) == len(sheets):
        return list(sheets), set(surveyed)
    for number, (page, _) in enumerate(found, start=1):
        page.sheet, page.number = page.printed_number, number
    return [page for page, _ in found], {page.number for page, is_surveyed in found if is_surveyed}


def may_be_two_pages(sheet: PageContent) -> bool:
    return sheet.width > _WIDE * sheet.height


def _pages_of(sheet: PageContent) -> list[PageContent]:
    """The two pages of a sheet, or the sheet itself."""
    if not may_be_two_pages(sheet) or not sheet.glyphs:
        return [sheet]
    # The sheet's own number may stand in the middle.
    edge = _EDGE * sheet.height
    inner = [g for g in sheet.glyphs if edge < g[1] < sheet.height - edge]
    left = max((g[2] for g in inner if g[0] + g[2] < sheet.width), default=0.0)
    right = min((g[0] for g in inner if g[0] + g[2] >= sheet.width), default=sheet.width)
    half = _LEAST_GUTTER / 2
    middle = min(max(sheet.width / 2, left + half), right - half)
    if right - left < _LEAST_GUTTER or abs(middle - sheet.width / 2) > _OFF_MIDDLE * sheet.width:
        return [sheet]
    low, high = middle - _LEAST_GUTTER / 4, middle + _LEAST_GUTTER / 4
    if any(x1 > low and x0 < high for _, x0, x1 in sheet.horizontal):
        return [sheet]
    if any(low < x < high for x, top, bottom in sheet.vertical if bottom - top < 0.5 * sheet.height):
        return [sheet]
    halves = [_half(sheet, 0.0, middle), _half(sheet, middle, sheet.width)]
    return halves if all(map(_is_page, halves)) else [sheet]


def _is_page(half: PageContent) -> bool:
    """Whether a half has text as wide as a page's, or labels of rows, and not only some columns of a table."""
    lines = lines_of(half.glyphs)
    if len(lines) < _FEWEST_LINES:
        return False
    words = [word for line in lines for word in words_of(line)]
    if any(word.width > _TEXT * half.width for word in words):
        return True
    rows = vocabulary().beside
    if any(len(key := key_of(word.text)) >= _FEWEST_OF_LABEL and key in rows for word in words):
        return True
    # A rule may be drawn a cell at a time.
    drawn: Counter[int] = Counter()
    for y, x0, x1 in half.horizontal:
        drawn[round(y)] += round(x1 - x0)
    return max(drawn.values(), default=0) > _TEXT * half.width


def _half(sheet: PageContent, left: float, right: float) -> PageContent:
    def inside(x0: float, x1: float) -> bool:
        return left <= (x0 + x1) / 2 < right

    return replace(
        sheet,
        width=right - left,
        left=left,
        sheet_width=sheet.width,
        glyphs=[(g[0] - left, g[1], g[2] - left, g[3], g[4]) for g in sheet.glyphs if inside(g[0], g[2])],
        horizontal=[(y, x0 - left, x1 - left) for y, x0, x1 in sheet.horizontal if inside(x0, x1)],
        vertical=[(x - left, y0, y1) for x, y0, y1 in sheet.vertical if inside(x, x)],
        unseen=[(b[0] - left, b[1], b[2] - left, b[3]) for b in sheet.unseen if inside(b[0], b[2])],
        pictures=[(b[0] - left, b[1], b[2] - left, b[3]) for b in sheet.pictures if inside(b[0], b[2])],
        drawn=[(b[0] - left, b[1], b[2] - left, b[3]) for b in sheet.drawn if b[2] > left and b[0] < right],
        patterns=[(b[0] - left, b[1], b[2] - left, b[3]) for b in sheet.patterns if b[2] > left and b[0] < right],
        areas=[(b[0] - left, b[1], b[2] - left, b[3]) for b in sheet.areas if b[2] > left and b[0] < right],
        marks=[(b[0] - left, b[1], b[2] - left, b[3]) for b in sheet.marks if inside(b[0], b[2])],
        slashes=[(b[0] - left, b[1], b[2] - left, b[3]) for b in sheet.slashes if inside(b[0], b[2])],
        notes=[((b[0] - left, b[1], b[2] - left, b[3]), text) for b, text in sheet.notes if inside(b[0], b[2])],
        struck=[((b[0] - left, b[1], b[2] - left, b[3]), text) for b, text in sheet.struck if inside(b[0], b[2])],
        hidden=sheet.hidden if not left else "",
        dropped=[],
    )


# -- numbers of lines ----------------------------------------------------------------------------------------------


def drop_line_numbers(page: PageContent) -> None:
    """Take the numbers out that count the lines in the left or right margin.

    A column of numbers in a table counts its rows, and nothing else: not the lines of prose, nor lines that are blank.
    """
    sides = _with_digits_outside(page.glyphs)
    lines = lines_of(page.glyphs) if sides else []
    for side in sides:
        beside = [(line, _number(line, side)) for line in lines]
        if sum(map(bool, (number for _, number in beside))) < FEWEST_NUMBERS:
            continue
        # A number is the first glyphs of its line, or the last.
        inner = [line.glyphs[len(n) :] if side == 0 else line.glyphs[: len(line.glyphs) - len(n)] for line, n in beside]
        if not any(inner):
            continue
        limit = min(g[0] for some in inner for g in some) if side == 0 else -max(g[2] for some in inner for g in some)
        found = [
            (line, number)
            for line, number in beside
            if number and (number[-1][2] < limit if side == 0 else -number[0][0] < limit)
        ]
        if len(found) < FEWEST_NUMBERS or not _count_on([number for _, number in found]):
            continue
        edge = min(n[0][0] for _, n in found) if side == 0 else max(n[-1][2] for _, n in found)
        if any((x < edge) if side == 0 else (x > edge) for x, _, _ in page.vertical):
            continue
        alone = sum(len(line.glyphs) == len(number) for line, number in found)
        prose = sum(words_of(line)[-1 - side].width > _TEXT * page.width for line, _ in found if line.gapped)
        if alone >= _FEWEST_LINES or (prose > 1 and len(found) >= _MOST_LINES * len(lines)):
            gone = {g for _, number in found for g in number}
            page.glyphs = [g for g in page.glyphs if g not in gone]
            return


def _with_digits_outside(glyphs: Sequence[Glyph]) -> list[int]:
    """Where enough digits stand to count lines, left (0) or right (-1) of everything else: nowhere on most pages."""
    digits = [g for g in glyphs if g[4].isdecimal()]
    if len(digits) == len(glyphs):
        return [0, -1]
    if len(digits) < FEWEST_NUMBERS:
        return []
    # Of enough digits the innermost one: what is no digit mostly stands farther out, which is seen at once.
    first = sorted([g[0] for g in digits])[FEWEST_NUMBERS - 1]
    last = sorted([g[2] for g in digits])[-FEWEST_NUMBERS]
    outside = [] if any(g[0] <= first and not g[4].isdecimal() for g in glyphs) else [0]
    return outside if any(g[2] >= last and not g[4].isdecimal() for g in glyphs) else [*outside, -1]


def _number(line: Line, side: int) -> list[Glyph]:
    """The digits at the beginning (0) or the end (-1) of a line, if they stand apart from what follows."""
    if not line.glyphs[side][4].isdecimal():
        return []
    word = words_of(line)[side]
    return word.glyphs if len(word.glyphs) <= _LONGEST_NUMBER and word.text.isdecimal() else []


def _count_on(numbers: list[list[Glyph]]) -> bool:
    """Whether numbers, from top to bottom, count on by one, five or ten."""
    values = [int(text_of(run)) for run in numbers]
    steps = {b - a for a, b in pairwise(values)}
    return len(steps) == 1 and steps.pop() in _STEPS
