"""Every digit printed on a page belongs to exactly one cell of a table, or leaves open the cells it could belong to.

Belongs here: digits of tables without rules that no cell, or more than one, may own, and which blanks and figures these
leave open. Does not belong here: what is drawn and is no text (`accounted`), lines and labels that are known when rows are
made (`figure_rows`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from parsers.grammar.figures import has_digit, is_figure_word
from schemas.facts import Box

from .content import Glyph, PageContent
from .grid import CellText, Fragment, GridCell

# Shares of a digit's width into another's place and from it, and of the height that they have beside one another.
_INTO, _TOUCH, _BY = 0.5, 0.2, 0.15
# Points of height by which characters are looked up.
_ROW = 12.0
# Of a line's height, between two lines of one text.
_LEADING = 0.3

# The figures of each row by their columns.
_Figures = Mapping[int, Mapping[int, GridCell]]


def settle(fragments: Sequence[Fragment], pages: Mapping[int, PageContent]) -> None:
    """Open the cells of tables without rules that a digit without a certain owner could belong to.

    A grid of figures alone owns none: rules around a table's figures part them from its labels, on the other half of a
    page it may be. Nor does a row that is one figure, which no label claims.
    """
    alone = [
        cell
        for f in fragments
        if f.method == "ruled" and all(is_figure_word(c.text) for c in f.cells if c.text)
        for cell in f.cells
        if has_digit(cell.text)
    ]
    for fragment in fragments:
        if fragment.method != "anchored":
            continue
        figures: dict[int, dict[int, GridCell]] = {}
        printed: dict[int, int] = {}
        found: list[GridCell] = []
        for cell in fragment.cells:
            text, row = cell.content.text, cell.row
            own = figures.setdefault(row, {})
            if text:
                printed[row] = printed.get(row, 0) + 1
                if is_figure_word(text):
                    own[cell.column] = cell
                    found.append(cell)
        strays = _strays(printed, figures)
        lost = {n for one in strays for n in _blank_rows_at(one.row, figures)}
        free = [(pages[c.page].printed_number, c) for c in (*alone, *strays) if c.page in pages]
        touched = _touched(found, pages)
        for cell in fragment.cells:
            content = cell.content
            if content.doubt is not None:
                continue
            if id(cell) in touched:
                cell.content = CellText(content.text, content.readings, "unconfirmed")
            elif not content.text and (
                cell.row in lost
                or (free and any(n == pages[cell.page].printed_number and _is_level(cell, c) for n, c in free))
                or any(_touch(cell, one) for one in _under_or_over(cell, figures))
            ):
                cell.content = CellText("", (), "label")


def _strays(printed: Mapping[int, int], figures: _Figures) -> list[GridCell]:
    """Figures that are all of their row, where others have a label or figures beside them.

    ``printed``: of the rows in which something stands, how many cells have it.
    """
    if all(printed[n] < 2 for n, own in figures.items() if own):
        return []
    return [cell for n, own in figures.items() if own and printed[n] == 1 for cell in own.values()]


def _blank_rows_at(at: int, figures: _Figures) -> Iterator[int]:
    """The rows without figures right above a row and right below it: one may be that of the figure between them."""
    for rows in (range(at - 1, -1, -1), range(at + 1, len(figures))):
        yield from takewhile(lambda n: not figures.get(n), rows)


def _under_or_over(cell: GridCell, figures: _Figures) -> Iterator[GridCell]:
    """Figures in a blank's column of the very next rows, which have none where its own row has: they may be its own, over
    two lines."""
    own = figures[cell.row]
    for n in (cell.row - 1, cell.row + 1):
        beside = figures.get(n, {})
        if own and cell.column in beside and own.keys().isdisjoint(beside) and beside[cell.column].page == cell.page:
            yield beside[cell.column]


def _touch(a: GridCell, b: GridCell) -> bool:
    """Whether there is no more room between two lines than in a text without leading."""
    apart = max(a.box[1], b.box[1]) - min(a.box[3], b.box[3])
    return apart < _LEADING * (b.box[3] - b.box[1])


def _is_level(a: GridCell, b: GridCell) -> bool:
    shared = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    return 2 * shared > min(a.box[3] - a.box[1], b.box[3] - b.box[1]) > 0


def _touched(figures: Sequence[GridCell], pages: Mapping[int, PageContent]) -> set[int]:
    """Ids of the certain ones of some figures that a digit of no cell of their own touches: it may be a part of them, or the mark of their note."""
    figures = [c for c in figures if c.content.doubt is None and has_digit(c.content.text)]
    glyphs = {
        n: _by_height([g for g in pages[n].glyphs if g[4].isdigit()]) for n in {c.page for c in figures} & pages.keys()
    }
    out: set[int] = set()
    for cell in figures if glyphs else ():
        x0, top, x1, bottom = cell.box
        high = bottom - top
        left, right, upper, lower = x0 - high, x1 + high, top - high / 2, bottom + high / 2
        rows = glyphs[cell.page]
        for row in range(int(upper // _ROW), int(lower // _ROW) + 1):
            for glyph in rows.get(row, ()):
                start, end = glyph[0], glyph[2]
                # Nearly all are the figure's own, which stand well within its place, or another column's.
                if (
                    (start < x0 or end > x1)
                    and start < right
                    and end > left
                    and left < (start + end) / 2 < right
                    and upper < (glyph[1] + glyph[3]) / 2 <= lower
                    and _touches(glyph, cell.box)
                ):
                    out.add(id(cell))
    return out


def _by_height(glyphs: Iterable[Glyph]) -> dict[int, list[Glyph]]:
    """Characters by the stripe of the page that their middle stands in."""
    out: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        out.setdefault(int((glyph[1] + glyph[3]) / 2 // _ROW), []).append(glyph)
    return out


def _touches(glyph: Glyph, box: Box) -> bool:
    """Whether a character stands right before or behind a box, and beside it."""
    wide, high = glyph[2] - glyph[0], glyph[3] - glyph[1]
    apart = max(glyph[0] - box[2], box[0] - glyph[2])
    beside = min(glyph[3], box[3]) - max(glyph[1], box[1])
    return -_INTO * wide < apart < _TOUCH * wide and beside > _BY * min(high, box[3] - box[1])


__all__ = ["settle"]
