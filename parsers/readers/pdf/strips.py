"""Runs of lines that are a table without (enough) ruling lines, found among the lines of text.

Belongs here: telling lines of a table from headings and prose by the labels and figures in them, and putting the lines
of consecutive pages under one another. Does not belong here: rows and columns (`anchored`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.grammar.figures import is_value_like
from parsers.grammar.labels import is_like_a_beginning, likeness, vocabulary
from schemas.facts import Box
from schemas.labels import label

from .alignment import side_by_side
from .content import PageContent, Rule, words_of
from .grid import Fragment
from .pieces import INNER_NUMBER, Piece, pieces_of
from .running_text import PlacedLine
from .strokes import merged

# What ends so is no text after a table, but may be a row of it that was not told from its head.
_NEXT_LINES = 3
_FIGURES_AT_END = re.compile(r"\d(?:\s+[\d,.]+)+\s*$")
# A word wider than this share of the page is prose, unless it is a label.
_PROSE_WIDTH = 0.5
_PROSE_LENGTH = 26
# A label's first character, if the label is long enough to be taken for prose.
_LABEL_STARTS = frozenset("(（[【“0123456789０１２３４５６７８９一二三四五六七八九十⼀⼆⼗第")
_MOST_LINES = 2_000
_LONGEST_LABEL = 16
# So many known words are a table even without a figure.
_MOST_HEADS = 8
# Characters of a line of a narrow column's head.
_SHORT_HEAD = 4
# A number this far in a line of one word is a row's, behind its group's label.
_MOST_BESIDE = 8
# Of a table's height, from where on an upright rule goes through it.
_THROUGH = 0.9
# A line that is so like a row's label is no title.
_LIKE_A_ROW = 0.8


@dataclass(slots=True)
class Strip:
    """The lines of one table, page under page, and the level rules between them."""

    lines: list[list[Piece]]
    rules: list[Rule]
    ocr: bool = False
    pages: list[int] = field(default_factory=list)
    box: Box = (0.0, 0.0, 0.0, 0.0)
    # More text follows on the last page.
    closed: bool = False
    # Something is drawn or noted among the lines, or was left out of them as a page number: a figure may be hidden by it.
    obscured: bool = False
    # Where upright rules go through all of it, if it stands on one page.
    walls: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Seen:
    """A line and what its words say about it."""

    placed: PlacedLine
    words: list[Piece]
    figures: int
    known: int
    kind: str


def find(
    items: Sequence[PlacedLine | Fragment], surveyed: set[int], pages: dict[int, PageContent]
) -> list[PlacedLine | Fragment | Strip]:
    """The same items, runs of lines that are a table replaced by strips."""
    out: list[PlacedLine | Fragment | Strip] = []
    run: list[_Seen] = []

    def flush() -> None:
        if run:
            out.extend(_settle(run, pages))
            run.clear()

    for item in items:
        if isinstance(item, Fragment):
            flush()
            out.append(item)
            continue
        if item.page.number not in surveyed or len(run) >= _MOST_LINES:
            flush()
            out.append(item)
            continue
        seen = _look(item)
        if seen.kind in ("title", "prose"):
            flush()
            out.append(item)
        else:
            run.append(seen)
    flush()
    for n, (strip, after) in enumerate(pairwise(out), start=1):
        if isinstance(strip, Strip):
            if isinstance(after, Strip):
                page = after.pages[0]
            else:
                page = after.page if isinstance(after, Fragment) else after.page.number
            next_lines = [one.text for one in out[n : n + _NEXT_LINES] if isinstance(one, PlacedLine)]
            strip.closed = page == strip.pages[-1] and not any(map(_FIGURES_AT_END.search, next_lines))
            if isinstance(after, Fragment) and _is_row_of_figures(after):
                strip.closed = False
    return out


def _is_row_of_figures(after: Fragment) -> bool:
    """Whether a grid begins with figures and no word: it may be the rules around a row of the table above it."""
    first = [cell.text for cell in after.cells if not cell.row and cell.text]
    return bool(first) and all(is_value_like(part) for text in first for part in text.split())


def _look(placed: PlacedLine) -> _Seen:
    found = words_of(placed.line)
    if len(found) == 1 and not placed.framed and _is_plainly_prose(placed):
        return _Seen(placed, [], 0, 0, "prose")
    words = pieces_of(placed, found)
    figures = known = 0
    for word in words:
        if word.is_figure:
            figures += 1
            continue
        known += _known(word.text)
    kind = "table" if figures >= 2 or (figures and known) or known >= 2 else "other"
    if kind == "other":
        kind = _kind(placed, words, known)
    return _Seen(placed, words, figures, known, kind)


def _is_plainly_prose(placed: PlacedLine) -> bool:
    """Whether a line of one word is long and begins with no numbering: prose, without asking what it means."""
    line, text = placed.line, placed.text
    long = len(text) > _PROSE_LENGTH or line.x1 - line.x0 > _PROSE_WIDTH * placed.page.width
    return long and text[0] not in _LABEL_STARTS and " " not in text and not INNER_NUMBER.search(text, 1, _MOST_BESIDE)


def _kind(placed: PlacedLine, words: Sequence[Piece], known: int) -> str:
    """Title, prose or neither, of a line that is no row of a table by itself."""
    vocab = vocabulary()
    text = placed.text
    spelt = label(text)
    if spelt.key in vocab.titles and not vocab.knows(spelt.key):
        return "title"
    if placed.framed:
        return "other"
    numbered = spelt.number is not None and spelt.number[0] == 1 and len(spelt.key) >= 4
    # A row's label has such a number as well, and may be misprinted.
    if numbered and not known and len(words) == 1 and likeness(spelt.key) < _LIKE_A_ROW:
        return "other" if is_like_a_beginning(spelt.key) else "title"
    if known:
        return "other"
    if len(words) == 1 and (words[0].x1 - words[0].x0 > _PROSE_WIDTH * placed.page.width or len(text) > _PROSE_LENGTH):
        return "prose"
    if len(text) > 2 * _PROSE_LENGTH:
        return "prose"
    return "other"


def _settle(run: Sequence[_Seen], pages: dict[int, PageContent]) -> list[PlacedLine | Fragment | Strip]:
    """A run of lines between headings and prose: its table, if it has one, and the lines before and after."""
    telling = [i for i, seen in enumerate(run) if seen.kind == "table"]
    figures = sum(run[i].figures for i in telling)
    known = sum(seen.known for seen in run)
    if not telling or known < (2 if figures else _MOST_HEADS):
        return [seen.placed for seen in run]
    # Labels wrapped over several lines may begin above the first such line and end below the last.
    near = [i for i, seen in enumerate(run) if seen.known or seen.placed.framed or seen.figures == len(seen.words)]
    first = min((i for i in near if telling[0] - i <= _LONGEST_LABEL), default=telling[0])
    first, last = min(first, telling[0]), telling[-1]
    while first and _comes_before(run[first - 1], run[first]):
        first -= 1
    for i in near:
        # Rows of blanks are labels alone.
        if last < i <= last + _LONGEST_LABEL:
            last = i
    while last + 1 < len(run) and _continues(run[last], run[last + 1]):
        last += 1
    out: list[PlacedLine | Fragment | Strip] = [seen.placed for seen in run[:first]]
    out.append(_strip(run[first : last + 1], pages))
    out.extend(seen.placed for seen in run[last + 1 :])
    return out


def _known(text: str) -> bool:
    """Whether a word is a label or begins one."""
    vocab = vocabulary()
    key = label(text).key
    return bool(key) and (vocab.knows(key) or vocab.begins(key))


def _continues(before: _Seen, after: _Seen) -> bool:
    """Whether a line below the last one may be the rest of a wrapped label: close below it."""
    if before.placed.page is not after.placed.page or not before.words:
        return False
    gap = after.placed.line.top - before.placed.line.bottom
    return gap < 0.5 * after.placed.line.height and after.words[0].x1 < before.words[-1].x0


def _comes_before(before: _Seen, after: _Seen) -> bool:
    """Whether a line above the first one is the beginning of heads written downwards or wrapped: close above it."""
    if before.placed.page is not after.placed.page or before.kind in ("title", "prose") or not before.words:
        return False
    gap = after.placed.line.top - before.placed.line.bottom
    return gap < 0.5 * after.placed.line.height and all(len(word.text) < _SHORT_HEAD for word in before.words)


def _strip(run: Sequence[_Seen], pages: dict[int, PageContent]) -> Strip:
    lines: list[list[Piece]] = []
    by_page: dict[int, list[Rule]] = {}
    uprights: dict[int, list[float]] = {}
    numbers: list[int] = []
    offset = 0.0
    end = 0.0
    obscured = False
    walls: list[float] = []
    for n, seen in enumerate(run):
        page = seen.placed.page
        if page.number not in numbers:
            numbers.append(page.number)
            on_page = [s.placed.line for s in run[n:] if s.placed.page is page]
            top, bottom = min(ln.top for ln in on_page), max(ln.bottom for ln in on_page)
            # The first line of a page stands as far below the last one as lines of one label do.
            offset = end - top + (0.2 * seen.placed.line.height if len(numbers) > 1 else 0.0)
            by_page[page.number] = [
                (y + offset, x0, x1) for y, x0, x1 in page.horizontal if top - 15 <= y <= bottom + 15 and x1 - x0 > 5
            ]
            between = [rule for rule in page.vertical if rule[1] < bottom and rule[2] > top]
            found = merged(between)
            uprights[page.number] = [x for x, _ in found]
            walls = [
                x for x, ps in found if sum(min(b, bottom) - max(a, top) for a, b in ps) > _THROUGH * (bottom - top)
            ]
            end = bottom + offset
            marks = (*page.pictures, *(box for box, _ in page.notes), *page.dropped)
            obscured = obscured or any(top - 5 < (y0 + y1) / 2 < bottom + 5 for _, y0, _, y1 in marks)
        for word in seen.words:
            word.top += offset
            word.bottom += offset
            word.line = len(lines)
        lines.append(seen.words)
    rules = side_by_side(lines, by_page, uprights)
    x0 = min(w.x0 for ws in lines for w in ws)
    x1 = max(w.x1 for ws in lines for w in ws)
    first_page = [s.placed.line for s in run if s.placed.page.number == numbers[0]]
    return Strip(
        lines,
        sorted(rules),
        any(pages[n].ocr for n in numbers),
        numbers,
        (x0, min(ln.top for ln in first_page), x1, max(ln.bottom for ln in first_page)),
        obscured=obscured,
        walls=walls if len(numbers) == 1 else [],
    )
