"""Rows of a table without rules, and what is not certain in them.

Belongs here: `Row`, and the cells that the rows above and below, the words among the figures or the labels leave open.
Does not belong here: which line of figures belongs to which label, and which figure to which column (`figure_rows`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.grammar.figures import is_digits, is_noted, is_value_like
from parsers.grammar.labels import likeness, vocabulary

from .blocks import figures_of
from .columns import Column, column_at
from .grid import beginning
from .pieces import FigureLine, Piece
from .side_labels import Label

# Points by which a figure is wider than what a cell holds.
_LEAST_WIDER = 0.3
# Heights by which figures may stand nearer to their own label than to another one, and still beside both.
_REACH = 0.25
# How many rows farther the figures may have gone.
_NEXT = 2
# The words of two rows are one label from so much likeness on.
_LIKE_A_LABEL = 0.7
# Line heights by which words beside a figure are another line's.
_OFF = 0.25
# The mark of a note.
_MARK = re.compile(r"[①-⑳⁰¹²³⁴-⁹]")
# A figure or a note behind one that goes on, and the rest of one.
_CUT_OFF, _REST = re.compile(r"\d[,，]$|[（(][^()（）]*$"), re.compile(r"[,，]|0\d|[^()（）]*[)）]")
# Heights that the next line of a label is farther down.
_ONE_LINE_FARTHER = 1.2
# Half of what is said of a change (增加, 减少).
_HALF_WORDS = frozenset("增加减少")
# Numbers of rows: so many, of which such a share counts on.
_FEWEST_NUMBERS, _COUNTING = 3, 0.8
_NUMBERED = re.compile(r"[（(]|\w{1,2}[.．、]")


@dataclass(slots=True)
class Row:
    """A label and its words by column. ``doubt`` is for the whole row, ``wrapped`` names columns of broken figures."""

    label: Label | None
    cells: dict[int, list[Piece]] = field(default_factory=dict)
    doubt: str | None = None
    where: float | None = None
    wrapped: set[int] = field(default_factory=set)
    # Columns that are empty here, but whose figure may have gone to a neighbouring row.
    unsure: set[int] = field(default_factory=set)
    # Columns beside digits that no label claims, which may be a part of what stands here.
    short: set[int] = field(default_factory=set)


def doubt(rows: Sequence[Row], columns: int) -> None:
    """Say of the rows of a block, from top to bottom, what is not certain in so many columns."""
    _doubt_beside_orphans(rows, columns)
    _doubt_repeated(rows, columns)
    _doubt_blanks_beside(rows)
    _doubt_words_among_figures(rows)
    _doubt_crossed(rows)
    _doubt_cut_off(rows, columns)
    _doubt_begun(rows)
    _doubt_interleaved(rows, columns)


def _doubt_beside_orphans(rows: Sequence[Row], columns: int) -> None:
    """Figures without a label, or beside a label that may not be theirs, may be missing in the rows above and below; those
    beside a word that names no row are a row's that has not as many of its own, whose label's second line the word may be.
    """
    capacity = _capacity(rows)
    for before, after in pairwise(rows):
        for uncertain, other in ((before, after), (after, before)):
            if other.label is None:
                continue
            if _may_go_on_from(uncertain) and uncertain.cells.keys() - other.cells.keys():
                other.unsure.update(range(columns))
            if uncertain.label is None:
                # A part of a figure and of its total: what is left of them has as good a sum.
                other.short.update(uncertain.cells)
                other.wrapped.difference_update(uncertain.cells)
            elif uncertain.doubt is not None and _is_word_alone(uncertain):
                other.wrapped.update(uncertain.cells)
            elif uncertain.doubt is not None or _are_one(before, after):
                other.unsure.update(
                    i for i, pieces in uncertain.cells.items() if _may_go_on(other.cells.get(i, []), pieces, capacity)
                )


def doubt_over_cut(above: Sequence[Row], below: Sequence[Row], columns: int) -> None:
    """Figures without a label right above or below heads that come again may be the rest of the row on their other side."""
    if above and below and (above[-1].label is None) != (below[0].label is None):
        _doubt_beside_orphans([above[-1], below[0]], columns)


def _are_one(before: Row, after: Row) -> bool:
    """Whether words of two rows that name none are one label's lines, one of which has figures in some columns only."""
    if not (_is_word_alone(before) and _is_word_alone(after)) or before.label is None or after.label is None:
        return False
    apart = before.cells.keys() < after.cells.keys() or after.cells.keys() < before.cells.keys()
    return apart and likeness(before.label.key + after.label.key) >= _LIKE_A_LABEL


def _is_word_alone(row: Row) -> bool:
    return row.label is not None and row.label.kind == "unknown"


def _may_go_on_from(row: Row) -> bool:
    """Whether a word that names no row may be the second line of a label: it has no number of its own."""
    return row.label is not None and _is_word_alone(row) and not _NUMBERED.match(row.label.text)


def _doubt_repeated(rows: Sequence[Row], columns: int) -> None:
    """Of two rows with one label, printed in two cells of a line, each may have the other's figures."""
    for before, after in pairwise(rows):
        if before.label is not None and after.label is not None and before.label.key == after.label.key:
            for row in (before, after):
                row.unsure.update(range(columns) if row.cells else ())


def _doubt_blanks_beside(rows: Sequence[Row]) -> None:
    """A row without figures is not blank for certain where those of the row above or below stand as near to its label: the
    lines of a label that is wrapped may have been taken for two.
    """
    for n, empty in enumerate(rows):
        if empty.cells or empty.label is None:
            continue
        for other in (*rows[max(n - _NEXT, 0) : n], *rows[n + 1 : n + 1 + _NEXT]):
            if other.where is None or not other.cells:
                continue
            if other.label is not None and not share_width(empty.label, other.label):
                # Words of one line.
                continue
            own = away_from(other.label, other.where) if other.label is not None else 0.0
            if away_from(empty.label, other.where) < own + _REACH * empty.label.pieces[0].height:
                empty.doubt = "label"


def away_from(one: Label, level: float) -> float:
    return max(0.0, one.top - level, level - one.bottom)


def share_width(a: Label, b: Label) -> bool:
    return any(p.x0 < q.x1 and q.x0 < p.x1 for p in a.pieces for q in b.pieces)


def _may_go_on(own: Sequence[Piece], others: Sequence[Piece], capacity: float) -> bool:
    """Whether a cell may be short of what stands in another: it is empty, or its one figure left no room for it."""
    if not own:
        return True
    if len(own) > 1 or not all(is_digits(p.text) for p in (*own, *others)):
        return False
    return own[0].x1 - own[0].x0 + beginning(others[0].glyphs) > capacity


def _doubt_words_among_figures(rows: Sequence[Row]) -> None:
    """Words in one cell with a figure that are no unit and no note may be another row's, or a head's."""
    # Of every row the cells with words.
    worded: list[list[tuple[int, list[Piece]]]] = []
    for row in rows:
        worded.append([])
        for i, pieces in row.cells.items():
            if len(pieces) == 1 and pieces[0].is_figure and len(pieces[0].text) > 1:
                # As nearly all are.
                continue
            figures = sum([p.is_figure for p in pieces])
            if figures < len(pieces):
                worded[-1].append((i, pieces))
            if len([p for p in pieces if len(p.text) == 1 and _MARK.match(p.text)]) == len(pieces):
                # The mark of a note without its figure.
                row.unsure.add(i)
            elif 0 < figures < len(pieces):
                text = "".join(p.text for p in sorted(pieces, key=lambda p: (p.line, p.x0)))
                if not is_noted(text) and not is_value_like(text):
                    row.unsure.add(i)
    for n, row in enumerate(rows) if any(worded) else ():
        # Words below a row's middle may be the rest of a figure above it that is wrapped; and the other way round.
        for i, pieces in worded[n]:
            for other, side in ((rows[n + 1 : n + 2], 1), (rows[n - 1 : n] if n else [], -1)):
                if other and i in other[0].cells and _is_off(row, pieces, side):
                    other[0].unsure.add(i)


def _doubt_crossed(rows: Sequence[Row]) -> None:
    """Where a word of one column stands behind one of the next, digits that are spread over their cells were dealt out."""
    for row in rows:
        own = [(i, row.cells[i]) for i in sorted(row.cells) if row.cells[i]]
        if row.doubt is None and not _HALF_WORDS.isdisjoint([p.text for _, pieces in own for p in pieces]):
            # A word that is spread over its cell reaches into the next one.
            row.doubt = "label"
        for (i, left), (k, right) in pairwise(own):
            # What stands in order does so whatever else is in the cells.
            if (len(left) > 1 or len(right) > 1 or left[0].x0 > right[0].x0) and (
                max([p.x0 for p in left]) > min([p.x0 for p in right])
            ):
                row.unsure.update((i, k))


def _doubt_interleaved(rows: Sequence[Row], columns: int) -> None:
    """Lines of words with another label's line between them, which name no row together, may be the ends of two labels:
    figures beside them are either's."""
    for row in rows:
        if row.label is None or not row.cells or not _is_word_alone(row):
            continue
        lines = {piece.line for piece in row.label.pieces}
        between = set(range(min(lines), max(lines))) - lines
        others = (
            [o for o in rows if o.label is not None and any(p.line in between for p in o.label.pieces)]
            if between
            else []
        )
        for one in (row, *others) if others else ():
            one.unsure.update(range(columns))


def _doubt_cut_off(rows: Sequence[Row], columns: int) -> None:
    """Of two rows with labels one of which has a figure that goes on in the other: they are one row's, whose label is
    wrapped as well, and no cell of either is certain."""
    for before, after in pairwise(rows):
        if before.label is not None and after.label is not None and _is_cut_off(before, after):
            before.unsure.update(range(columns))
            after.unsure.update(range(columns))


def _is_cut_off(before: Row, after: Row) -> bool:
    """Whether some figure ends with a comma or in a bracket, or what is below it begins with one or with a nought."""
    both = [(upper, after.cells[i]) for i, upper in before.cells.items() if upper and after.cells.get(i)]
    return any(_CUT_OFF.search(upper[-1].text) or _REST.match(lower[0].text) for upper, lower in both)


def _doubt_begun(rows: Sequence[Row]) -> None:
    """A label that begins a longer one is not certain where words without figures and without a number go on right below."""
    for before, after in pairwise(rows):
        one, rest = before.label, after.label
        if one is None or rest is None or after.cells or rest.kind != "unknown" or _NUMBERED.match(rest.text):
            continue
        if one.kind == "row" and vocabulary().begins(one.key) and share_width(one, rest):
            room = rest.top - one.bottom
            if room < _ONE_LINE_FARTHER * one.pieces[-1].height and rest.pieces[0].page == one.pieces[-1].page:
                before.doubt = before.doubt or "label"


def _is_off(row: Row, pieces: Sequence[Piece], side: int) -> bool:
    """Whether a cell with words reaches farther below its row's middle than above it (1), or the other way round (-1)."""
    own = row.where if row.where is not None else where_of(row)
    middle = (min(p.top for p in pieces) + max(p.bottom for p in pieces)) / 2
    return side * (middle - own) > _OFF * pieces[0].height


def where_of(row: Row) -> float:
    """The height at which a row's cells are centred."""
    if row.label is not None:
        return row.label.middle
    return row.where or 0.0


def _capacity(rows: Sequence[Row]) -> float:
    """How wide the widest figure on one line is: so much any cell holds."""
    widths = (p.x1 - p.x0 for row in rows for pieces in row.cells.values() for p in pieces if p.is_figure)
    return max(widths, default=0.0) + _LEAST_WIDER


def doubt_shifted(
    rows: Sequence[Row],
    columns: Sequence[Column],
    body: Sequence[Sequence[Piece]],
    lines: Sequence[FigureLine],
    beside: Sequence[Piece],
    left: float,
) -> None:
    """Say of rows whose figures may each be the next column's, or beside whose label's rest they may stand. ``beside`` are
    the words left of the columns, whose figures begin at ``left``.
    """
    shifted = _are_shifted(rows, columns, beside)
    pages = _shifted_pages(body, lines, columns, [p for p in beside if p.x1 <= left])
    for row in rows:
        if shifted or _page_of(row) in pages or _is_cut_short(row):
            row.doubt = row.doubt or "label"


def _are_shifted(rows: Sequence[Row], columns: Sequence[Column], beside: Sequence[Piece]) -> bool:
    """Whether figures stand left of all columns, under one another or while a column has none: heads and figures are
    aligned so differently that each figure may be the next column's."""
    labels = [p for p in beside if not p.is_figure]
    # The number of a label may stand apart from it, but under the others.
    left = [p for p in beside if p.is_figure and not any(o.x0 < p.x1 and p.x0 < o.x1 for o in labels)]
    if not left or len(columns) < 2:
        return False
    # What words of its own line follow is their number.
    behind = [p for p in left if not any((o.page, o.line) == (p.page, p.line) and o.x0 > p.x0 for o in labels)]
    if sum(p.x0 < behind[0].x1 and behind[0].x0 < p.x1 for p in behind) > 1:
        return True
    return any(not any(row.cells.get(i) for row in rows) for i in range(len(columns)))


def _shifted_pages(
    body: Sequence[Sequence[Piece]], lines: Sequence[FigureLine], columns: Sequence[Column], beside: Sequence[Piece]
) -> set[int]:
    """Pages with a line that has a figure for every head, some of them beside all heads: each may be the next column's."""
    headed = {i for i, column in enumerate(columns) if column.head}
    if len(headed) < 2 or (len(headed) == len(columns) and not any(p.is_figure for p in beside)):
        # Where every column has a head, a figure beside all of them has to be one too many.
        return set()
    left = set(map(id, beside))
    before = {line[0].line: sum(id(p) in left for p in figures_of(line)) for line in body}
    placed = [[(column_at(columns, piece)[0], piece) for piece in line.pieces] for line in lines]
    # Numbers that count the rows are not among the figures.
    numbers = {
        i
        for i in range(len(columns))
        if i not in headed and count_rows([p for own in placed for k, p in own if k == i])
    }
    out: set[int] = set()
    for line, found in zip(lines, placed, strict=True):
        first = line.pieces[0]
        own = {i for i, _ in found} - numbers
        if headed - own and len(own) + before[first.line] >= len(headed):
            out.add(first.page)
    return out


def _page_of(row: Row) -> int:
    pieces = [piece for own in row.cells.values() for piece in own] or (row.label.pieces if row.label else [])
    return pieces[0].page if pieces else 0


def _is_cut_short(row: Row) -> bool:
    """Whether a row without figures has no more than the beginning of a label: these may stand beside the rest of it."""
    one = row.label
    return one is not None and one.kind == "unknown" and not row.cells and vocabulary().begins(one.key)


def count_rows(numbers: Sequence[Piece]) -> bool:
    """Whether numbers under one another count on from row to row."""
    if len(numbers) < _FEWEST_NUMBERS or not all(p.text.isdecimal() for p in numbers):
        return False
    counted = sum(int(b.text) == int(a.text) + 1 for a, b in pairwise(numbers))
    return counted >= _COUNTING * (len(numbers) - 1)
