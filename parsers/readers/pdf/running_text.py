"""Text outside tables: page furniture left out, lines put together into paragraphs.

Belongs here: what is a page number or a running head, and where a paragraph begins.
Does not belong here: tables, and what a paragraph says.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median

from parsers.document import Paragraph
from parsers.grammar.figures import is_figure
from parsers.grammar.labels import vocabulary
from schemas.facts import Place
from schemas.labels import label

from .content import Glyph, Line, PageContent, cut_at_gaps, lines_of, text_of, words_of

_PAGE_NUMBER = re.compile(
    r"[-—–－‐―~～·•.]*第?(?P<n>\d{1,4})页?(?:(?:[/／,，]?共|[/／]|of)\d{1,4}页?)?[-—–－‐―~～·•.…]*"
)
_NUMERALS = frozenset("一二三四五六七八九十(（")
_DECORATED = re.compile(r"[-—–－‐―~～·•]+\d{1,4}[-—–－‐―~～·•]+|第\d{1,4}页.*")
_BARE = re.compile(r"\d{1,4}")
_NOT_DIGITS = re.compile(r"[\d０-９\s]+")
# Shares of a page's height where furniture stands.
_EDGE = 0.12
_MOST_AT_EDGE = 2_000
# What stands farther apart, in sizes of characters, is no page number together.
_APART = 1.1
# Sizes of characters between heads; characters of a head's first line: a report's own name may begin some label.
_HEADS_APART, _BEGINNING = 0.3, 8
# Figures on one line, a page number among them.
_MOST_BESIDE = 2
_INDENT, _SHORT = 1.2, 2.0  # in line heights
# A line is so much of the text's width, at the least, where its sentence goes on below; and what ends a sentence.
_GOES_ON, _ENDS = 0.85, frozenset("。！？!?；;：:")


@dataclass(slots=True)
class PlacedLine:
    """A line of text with the page it stands on."""

    page: PageContent
    line: Line
    # Inside a part of the page that has some ruling lines.
    framed: bool = False

    @property
    def text(self) -> str:
        return self.line.text


def _at_edge(line: Line, page: PageContent) -> bool:
    return line.bottom < _EDGE * page.height or line.top > (1 - _EDGE) * page.height


def drop_page_numbers(pages: Sequence[PageContent]) -> None:
    """Take page numbers out of the pages' glyphs, before a table that they stand in or beside is looked at.

    ``- 3 -`` and ``第3页`` are taken wherever they stand at a page's edge; a bare number only where it counts the
    pages at the same height on page after page.
    """
    bare: list[tuple[int, float, PageContent, list[Glyph]]] = []
    for page in pages:
        low, high = _EDGE * page.height, (1 - _EDGE) * page.height
        # A page without tables has lines only; they are counted here, and `furniture` leaves them out.
        outer = [ln for ln in page.lines or () if ln.bottom < low or ln.top > high]
        bare.extend((int(ln.text), ln.middle, page, []) for ln in outer if ln.text.isdigit())
        edge = [g for g in page.glyphs if g[3] < low or g[1] > high]
        if not edge or len(edge) > _MOST_AT_EDGE:
            continue
        for line in lines_of(edge):
            if not any(g[4].isdigit() for g in line.glyphs):
                continue
            groups = [(glyphs, text_of(glyphs).replace(" ", "")) for glyphs in cut_at_gaps(line.glyphs, _APART)]
            # A row of a table begins many a page, and its figures may happen to count the pages.
            is_row = sum(is_figure(text) for _, text in groups) > _MOST_BESIDE
            for glyphs, text in groups:
                m = _PAGE_NUMBER.fullmatch(text)
                if m is None or _is_parted(glyphs, page):
                    continue
                if _DECORATED.fullmatch(text) or ("/" in text and int(m["n"]) == page.number):
                    _drop(page, glyphs)
                elif text.isdigit() and not is_row:
                    bare.append((int(text), line.middle, page, glyphs))
    # Where sheets hold two pages, their numbers may count the sheets.
    for numbered in (attrgetter("number"), attrgetter("printed_number")):
        wanted = 3 if len({numbered(page) for page in pages}) > 2 else 2
        heights: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for n, middle, page, _ in bare:
            heights[n - numbered(page), round(middle / 4)].append(numbered(page))
        for n, middle, page, glyphs in bare:
            near = [k for d in (-1, 0, 1) for k in heights.get((n - numbered(page), round(middle / 4) + d), ())]
            # Twice on one page is no page number.
            if glyphs and len(set(near)) >= wanted and near.count(numbered(page)) == 1:
                _drop(page, glyphs)
        if not any(page.sheet for page in pages):
            return


def _is_parted(glyphs: Sequence[Glyph], page: PageContent) -> bool:
    """Whether an upright rule stands between characters: these are figures and marks of a row's cells."""
    left, right = glyphs[0][2], glyphs[-1][0]
    middle = (glyphs[0][1] + glyphs[0][3]) / 2
    return left < right and any(left < x < right and top < middle < bottom for x, top, bottom in page.vertical)


def _drop(page: PageContent, glyphs: Sequence[Glyph]) -> None:
    wanted = set(glyphs)
    low, high = min(g[1] for g in wanted), max(g[1] for g in wanted)
    gone = {g for g in page.glyphs if low <= g[1] <= high and g in wanted}
    if not gone:
        return
    page.dropped.extend(glyph[:4] for glyph in gone)
    page.glyphs = [g for g in page.glyphs if g[1] < low or g[1] > high or g not in gone]


def furniture(pages: Sequence[tuple[PageContent, list[Line]]]) -> set[int]:
    """The ids of the lines that are page numbers or running heads and feet."""
    found: set[int] = set()
    repeated: defaultdict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    bare: list[tuple[int, int, Line]] = []
    for page, lines in pages:
        if not lines:
            continue
        outer = {id(lines[0]), id(lines[-1])}
        for line in (*lines[:3], *lines[-3:]):
            if len(line.text) > 120 or not _at_edge(line, page) or _is_of_a_table(line):
                continue
            text = line.text.replace(" ", "")
            m = _PAGE_NUMBER.fullmatch(text)
            if m and id(line) in outer:
                if _BARE.fullmatch(text):
                    bare.append((page.number, int(m["n"]), line))
                else:
                    found.add(id(line))
                continue
            rest = _NOT_DIGITS.sub("", text)
            repeated[rest, round(line.middle / 6)].append((page.number, line))
    offsets = Counter(n - number for number, n, _ in bare)
    for number, n, line in bare:
        if n == number or offsets[n - number] > 1:
            found.add(id(line))
    wanted = 2 if len(pages) < 4 else max(3, len(pages) // 3)
    for (rest, _), members in repeated.items():
        # One line of a paragraph may look like another; the same words at the same height on page after page do not.
        if len({number for number, _ in members}) >= wanted and len(rest) < 60:
            found.update(id(line) for _, line in members)
    return found


def _is_of_a_table(line: Line) -> bool:
    """Whether a line is a table's, whose figures and heads may come again at any height.

    Figures and marks stand apart: `1 0 / 1` is not page 10 of 1. Heads are words that the forms know.
    """
    words = words_of(line, _APART)
    if len(words) > 1 and all(is_figure(word.text) for word in words):
        return True
    known = vocabulary()
    keys = [label(text_of(glyphs)).key for glyphs in cut_at_gaps(line.glyphs, _HEADS_APART)]
    return any(known.knows(key) or (len(key) >= _BEGINNING and known.begins(key)) for key in keys)


def paragraphs(lines: Sequence[PlacedLine]) -> list[list[PlacedLine]]:
    """Consecutive lines grouped into paragraphs, by indents, short line ends, spacing and size; also over page ends."""
    margins = _margins(lines)
    groups: list[list[PlacedLine]] = []
    previous: PlacedLine | None = None
    for placed in lines:
        if previous is None or _begins(previous, placed, margins):
            groups.append([])
        groups[-1].append(placed)
        previous = placed
    return groups


def _margins(lines: Sequence[PlacedLine]) -> dict[int, tuple[float, float]]:
    """Left and right edge of the text on each page."""
    by_page: defaultdict[int, list[PlacedLine]] = defaultdict(list)
    for placed in lines:
        by_page[placed.page.number].append(placed)
    out: dict[int, tuple[float, float]] = {}
    for number, members in by_page.items():
        width = members[0].page.width
        long = [m.line for m in members if m.line.x1 - m.line.x0 > 0.5 * width]
        if long:
            out[number] = (min(ln.x0 for ln in long), max(ln.x1 for ln in long))
    if out:
        left, right = median(v[0] for v in out.values()), median(v[1] for v in out.values())
    else:
        left = min((p.line.x0 for p in lines), default=0.0)
        right = max((p.line.x1 for p in lines), default=0.0)
    for number in by_page:
        out.setdefault(number, (left, right))
    return out


def _begins(previous: PlacedLine, placed: PlacedLine, margins: dict[int, tuple[float, float]]) -> bool:
    """Whether a line begins a new paragraph."""
    line, before = placed.line, previous.line
    if _is_heading(placed.text) or (_is_heading(previous.text) and label(previous.text).key in vocabulary().titles):
        return True
    size = min(line.height, before.height)
    if max(line.height, before.height) > 1.25 * size:
        return True
    left, _ = margins[placed.page.number]
    before_left, right = margins[previous.page.number]
    if line.x0 - left > _INDENT * size:
        # A block that is indented as a whole goes on as it began.
        same_indent = abs((line.x0 - left) - (before.x0 - before_left)) < 0.5 * size
        full = right - before.x1 < _SHORT * size
        return not (same_indent and full and line.x0 - left > 2.6 * size)
    # A sentence goes on, be the lines as far apart or as ragged as in a text of so many characters a line.
    goes_on = before.x1 - before_left > _GOES_ON * (right - before_left) and previous.text[-1:] not in _ENDS
    if right - before.x1 > _SHORT * size:
        return not goes_on
    return placed.page is previous.page and not goes_on and line.top - before.bottom > 1.8 * size


def _is_heading(text: str) -> bool:
    """Whether a line begins with the numbering of a section: 一、 or （一）."""
    return text[:1] in _NUMERALS and (spelt := label(text)).number is not None and spelt.number[0] < 3


def paragraph(group: Sequence[PlacedLine], number: int, usual: float) -> Paragraph:
    """A paragraph of the document model. A line clearly larger than the usual ones is a first heading."""
    first = group[0]
    text = _joined([p.text for p in group])
    on_page = [p.line for p in group if p.page is first.page]
    box = (
        min(ln.x0 for ln in on_page),
        on_page[0].top,
        max(ln.x1 for ln in on_page),
        on_page[-1].bottom,
    )
    large = usual > 0 and first.line.height > 1.3 * usual and len(text) < 80
    place = Place(page=first.page.printed_number, box=first.page.shown(box), paragraph=number)
    return Paragraph(text, place, 1 if large else None)


def _joined(texts: Sequence[str]) -> str:
    """Lines of one paragraph as one text: Chinese without a space between, words of other scripts with one."""
    out = texts[0]
    for text in texts[1:]:
        words = out[-1:].isascii() and out[-1:].isalpha() and text[:1].isascii() and text[:1].isalpha()
        out += (" " if words else "") + text
    return out
