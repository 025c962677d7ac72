"""Fragments of one table on several pages, put together into one grid.

Belongs here: whether two fragments are one table, repeated heads, the columns that all fragments share, and
what is not certain in a whole table.
Does not belong here: how fragments were found, and what the rows on both sides of a page's end are (`cut_rows`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter, itemgetter

from parsers.document import Cell, Table
from parsers.grammar.figures import is_figure
from parsers.grammar.labels import key_of, vocabulary

from .content import PageContent
from .cut_rows import mended
from .grid import CellText, Fragment, GridCell

# Edges of columns on two pages that differ by less are the same.
_SAME_EDGE = 3.5
_MOST_HEAD_ROWS = 6
# Labels of rows that stand in a table twice, and the characters of one.
_FEWEST_TWICE, _LEAST_OF_LABEL = 3, 5
_LEFT, _PLACE = itemgetter(0), attrgetter("row", "column")


def joinable(first: Fragment, second: Fragment) -> float | None:
    """How far ``second`` has to be moved to the right to continue ``first``; None where it is another table."""
    if second.page <= first.page or first.method != second.method:
        return None
    # Rows with figures that come again are those of another report.
    return None if len(_rows(first) & _rows(second)) > 1 else _shift(first.edges, second.edges)


def _rows(fragment: Fragment) -> set[str]:
    """The rows with figures; what stands in a head comes again with it, and so may a group's label."""
    with_figures = {cell.row for cell in fragment.cells if is_figure(cell.text)}
    keys = {key_of(cell.text) for cell in fragment.cells if cell.row in with_figures and not is_figure(cell.text)}
    return {key for key in keys & vocabulary().rows if len(key) > 2}


def _shift(first: Sequence[float], second: Sequence[float]) -> float | None:
    """The move after which the edges of the fragment with fewer columns are edges of the other."""
    fewer, more = (second, first) if len(second) <= len(first) else (first, second)
    best: tuple[int, float] | None = None
    for move in (0.0, first[0] - second[0], first[-1] - second[-1]):
        own = move if fewer is second else -move
        matched = sum(1 for x in fewer if any(abs(x + own - y) < _SAME_EDGE for y in more))
        if best is None or matched > best[0]:
            best = (matched, move)
    assert best is not None
    return best[1] if best[0] >= max(2, 0.8 * len(fewer)) else None


def _head_rows(fragment: Fragment) -> list[tuple[str, ...]]:
    """Keys of the labels in each row above the first figure."""
    by_row: list[list[tuple[float, str]]] = [[] for _ in range(min(fragment.n_rows, _MOST_HEAD_ROWS))]
    for cell in fragment.cells:
        if cell.row < _MOST_HEAD_ROWS and (text := cell.content.text):
            by_row[cell.row].append((cell.box[0], text))
    rows: list[tuple[str, ...]] = []
    for cells in by_row:
        if any(is_figure(text) for _, text in cells):
            break
        cells.sort(key=_LEFT)
        rows.append(tuple([key_of(text) for _, text in cells]))
    return rows


def moved(fragment: Fragment, shift: float) -> Fragment:
    """The same fragment with its columns' edges moved to those of the page before. Boxes stay where they are."""
    if abs(shift) < 0.01:
        return fragment
    return replace(fragment, edges=[x + shift for x in fragment.edges])


def _without_repeated_head(first: Fragment, second: Fragment) -> Fragment:
    """Drop the rows at the top of a page that repeat the head of the table."""
    ours, theirs = _head_rows(first), _head_rows(second)
    count = 0
    while count < min(len(ours), len(theirs)) and ours[count] == theirs[count]:
        count += 1
    words = vocabulary()
    if not count or not any(words.knows(key) for keys in theirs[:count] for key in keys):
        return second
    kept = [cell.at(cell.row - count, cell.column, cell.colspan) for cell in second.cells if cell.row >= count]
    return replace(second, cells=kept, n_rows=second.n_rows - count)


def _common_edges(first: Sequence[float], second: Sequence[float]) -> list[float]:
    edges = list(first)
    for x in second:
        if not any(abs(x - y) < _SAME_EDGE for y in edges):
            edges.append(x)
    return sorted(edges)


def _nearest(edges: Sequence[float], x: float) -> int:
    distances = [abs(edge - x) for edge in edges]
    return distances.index(min(distances))


def _placed(fragment: Fragment, edges: Sequence[float]) -> list[GridCell]:
    """The fragment's cells with columns counted in the shared edges."""
    index = [_nearest(edges, x) for x in fragment.edges]
    if index == list(range(len(index))):
        return fragment.cells
    return [
        cell.at(cell.row, index[cell.column], max(1, index[cell.column + cell.colspan] - index[cell.column]))
        for cell in fragment.cells
    ]


def join(first: Fragment, second: Fragment) -> Fragment:
    """Two fragments of one table, the shift of `joinable` already applied, as one."""
    second = _without_repeated_head(first, second)
    edges = _common_edges(first.edges, second.edges)
    upper, lower = _placed(first, edges), _placed(second, edges)
    lower = [cell.at(cell.row + first.n_rows, cell.column, cell.colspan) for cell in lower]
    n_rows = first.n_rows + second.n_rows
    at = first.n_rows
    cells, removed = mended(upper, lower, at)
    return Fragment(
        first.page,
        first.box,
        edges,
        n_rows - removed,
        cells,
        first.method,
        first.underdivided or second.underdivided,
        first.whole and second.whole,
    )


def to_table(fragment: Fragment, number: int, pages: dict[int, PageContent]) -> Table:
    """The document model's table: columns counted in shared edges, boxes as the page is shown."""
    ordered = sorted(fragment.cells, key=_PLACE)
    if fragment.method != "anchored":
        _note_boxed(ordered)
        _note_beside(ordered)
    cells: list[Cell] = []
    for cell in ordered:
        page, box, content = cell.page, cell.box, cell.content
        on = pages[page]
        if on.turned or on.sheet:
            page, box = on.printed_number, on.shown(box)
        place = (cell.row, cell.column, cell.rowspan, cell.colspan)
        cells.append(Cell(content.text, *place, page, box, None, content.readings, content.doubt))
    return Table(
        number,
        cells,
        fragment.n_rows,
        len(fragment.edges) - 1,
        fragment.method,
        page=pages[fragment.page].printed_number,
        whole=fragment.whole,
    )


def _note_boxed(cells: Sequence[GridCell]) -> None:
    """A blank is not certain where a figure stands in the same row under the same head: a box drawn around the figure, or
    around each of its digits, parts the cell. The cells of a whole table, from top to bottom.
    """
    if not any(cell.content.doubt is None and not cell.content.text for cell in cells):
        return
    labels: dict[int, GridCell] = {}
    words: set[int] = set()
    for cell in cells:
        if cell.content.text and not is_figure(cell.content.text):
            words.add(id(cell))
            for row in range(cell.row, cell.row + cell.rowspan):
                if row not in labels or labels[row].column < cell.column:
                    labels[row] = cell
    # What has labels of rows beside it is a group's label.
    of_groups = {
        id(c)
        for c in labels.values()
        if c.rowspan > 1 and any(labels[r] is not c for r in range(c.row, c.row + c.rowspan))
    }
    heads: dict[int, GridCell] = {}
    places: dict[tuple[int, int], list[GridCell]] = {}
    # Blanks narrower than their heads: figures may be drawn in them, with lines like rules.
    divided: set[int] = set()
    for cell in cells:
        if id(cell) in words:
            below = labels.get(cell.row + cell.rowspan)
            if below is not None and below.column in range(cell.column, cell.column + cell.colspan):
                # A line of its own over the labels below, or the head of a group.
                continue
            for column in range(cell.column, cell.column + cell.colspan):
                heads[column] = cell
        elif (head := heads.get(cell.column)) is not None:
            beside = labels.get(cell.row)
            # Without a label of their own, figures narrower than their head.
            known = beside is not None and id(beside) not in of_groups
            if known or head.colspan > 1:
                if not cell.text and cell.colspan < head.colspan:
                    divided.add(id(cell))
                places.setdefault((id(head), id(beside) if known else 0), []).append(cell)
    for found in places.values():
        if len(found) > 1 and any(cell.text or cell.content.doubt or id(cell) in divided for cell in found):
            for cell in found:
                if not cell.text and cell.content.doubt is None:
                    cell.content = CellText("", (), "label")


def _note_beside(cells: Sequence[GridCell]) -> None:
    """Two tables of the same rows beside one another (this year and last) share the rules between their rows: which of
    them is the report's the rules do not tell, and no figure of theirs is certain. The cells of a whole table, sorted.
    """
    twice: list[GridCell] = []
    seen: dict[str, GridCell] = {}
    labels = [
        c for c in cells if len(c.content.text) >= _LEAST_OF_LABEL and key_of(c.content.text) in vocabulary().rows
    ]
    before: GridCell | None = None
    for cell in labels:
        text = cell.content.text
        first = seen.setdefault(text, cell)
        # A label may be printed in each of the columns it stands over.
        goes_on = before is not None and (before.row, before.column + before.colspan) == (cell.row, cell.column)
        apart = first.column + first.colspan < cell.column or cell.column + cell.colspan < first.column
        if apart and not (goes_on and before and before.content.text == text):
            twice += (first, cell)
        before = cell
    if len(twice) < 2 * _FEWEST_TWICE:
        return
    # The rows at a page's end may have lost the other table's to the page before or the next.
    columns = {c.column for c in twice}
    rows = [c.row for c in labels if c.column in columns]
    first_row, last_row = min(rows), max(rows)
    for cell in cells:
        text = cell.content.text
        if (
            cell.content.doubt is None
            and (not text or is_figure(text))
            and first_row <= cell.row + cell.rowspan - 1
            and cell.row <= last_row
        ):
            cell.content = CellText(text, (), "repeated")
