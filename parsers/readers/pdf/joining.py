"""Fragments of one table on several pages, put together into one grid.

Belongs here: whether two fragments are one table, repeated heads, rows and heads and merged labels cut by a page end,
and the columns that all fragments share.
Does not belong here: how fragments were found, which is why both engines use this.

Two rows at a page end are read as one row and as two, and that is right whose labels are the form's. Where figures
stand over figures and neither reading gives every figure a label, none of them is certain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Literal

from parsers.document import Cell, Table
from parsers.grammar.figures import is_digits, is_figure
from parsers.grammar.labels import key_of, likeness, vocabulary

from .content import PageContent
from .grid import CellText, Fragment, GridCell, note_beside, note_boxed

# A bracket that is not closed.
_OPEN_NOTE = re.compile(r"[(（][^()（）]*$")
# Edges of columns on two pages that differ by less are the same.
_SAME_EDGE = 3.5
_MOST_HEAD_ROWS = 6
_LEFT = itemgetter(0)
# The number of a row behind its group, and the note behind a label.
_INNER_NUMBER = re.compile(r"(?<=[^\s\d(（])\s*(?:\d{1,2}[.．、](?!\d)|[(（][一二三四五六七八九十]{1,3}[)）])")
_NOTE_BEHIND = re.compile(r"(?<=[^\s(（])[(（][^()（）]*[)）]?$")
# A label that is less like any is a part of one; two parts are one from so much likeness on, and so much more of it.
_LIKE_A_LABEL, _NEAR, _MORE = 0.7, 0.75, 0.1

# What the last row of a page and the first of the next are.
_Reading = Literal["one", "two", "open"]


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


def join(fragments: Sequence[Fragment]) -> Fragment:
    """All fragments of one table, the shifts of `joinable` already applied, as one fragment."""
    result = fragments[0]
    for following in fragments[1:]:
        result = _joined(result, _without_repeated_head(result, following))
    return result


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


def _joined(first: Fragment, second: Fragment) -> Fragment:
    edges = _common_edges(first.edges, second.edges)
    upper, lower = _placed(first, edges), _placed(second, edges)
    lower = [cell.at(cell.row + first.n_rows, cell.column, cell.colspan) for cell in lower]
    n_rows = first.n_rows + second.n_rows
    at = first.n_rows
    cells, removed = _mended(upper, lower, at)
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


def _mended(upper: list[GridCell], lower: list[GridCell], at: int) -> tuple[list[GridCell], int]:
    """Cells of both fragments; a row cut between them is one row. Returns the number of rows that fell away (0 or 1)."""
    last = [c for c in upper if c.row + c.rowspan == at]
    first = [c for c in lower if c.row == at]
    below = {(c.column, c.colspan): c for c in first}
    pairs = [(c, below[c.column, c.colspan]) for c in last if (c.column, c.colspan) in below]
    changed: dict[int, GridCell] = {}
    if _is_empty(first) and len(first) == len(lower) and not any(is_figure(c.text) for c in upper):
        # All that stands below a head: the row of its figures, all of them blank.
        return upper + lower, 0
    how = _reading(last, first, pairs)
    if how == "one":
        for a, b in pairs:
            changed[id(a)] = replace(a, content=_both(a.content, b.content), rowspan=a.rowspan + b.rowspan - 1)
        gone = {id(b) for _, b in pairs} | {id(c) for c in first if _is_empty([c])}
        raised = [c.at(c.row - 1 if c.row > at else at - 1, c.column, c.colspan) for c in lower if id(c) not in gone]
        return [changed.get(id(c), c) for c in upper] + raised, 1
    if how == "open":
        for c in _doubted(last, first):
            changed[id(c)] = replace(c, content=CellText(c.text, c.content.readings, "wrapped"))
    gone = set()
    for a, b in pairs:
        if _is_continued(a, b, first):
            changed[id(a)] = replace(a, content=_both(a.content, b.content), rowspan=a.rowspan + b.rowspan)
            gone.add(id(b))
    return [changed.get(id(c), c) for c in (*upper, *lower) if id(c) not in gone], 0


def _reading(last: list[GridCell], first: list[GridCell], pairs: list[tuple[GridCell, GridCell]]) -> _Reading:
    """What the rows on both sides of a cut are: read as one and as two, that is right whose labels are the form's.

    ``open`` where figures stand over figures, and neither reading gives every one of them a label.
    """
    if _is_empty(first) or (_is_empty(last) and not any(c.text and not is_figure(c.text) for c in first)):
        # Padding of a row that was cut: nothing is in it.
        return "one"
    if not any(c.rowspan == 1 for c in last) or not any(c.rowspan == 1 for c in first):
        return "two"
    above, below = _figures_in(last), _figures_in(first)
    a, b = _leaf(last, above or below), _leaf(first, above or below)
    if above and below:
        return "two" if a is None else _figures_over_figures(last, first, a, b)
    if not above and not below:
        # Heads, or rows of blanks: two whole labels are two rows, whatever merged label beside them is cut.
        gains = [0 if is_figure(c.text) or is_figure(d.text) else _gain(c.text, d.text) for c, d in pairs]
        over = _stand_under_words([c for c in first if c.text and id(c) not in {id(d) for _, d in pairs}], last)
        return "one" if not over and -1 not in gains and sum(gains) > 0 else "two"
    if a is not None and b is not None:
        one = (a.column, a.colspan) == (b.column, b.colspan) and _gain(a.text, b.text) > 0
    elif below:
        # Figures whose label stands above the cut.
        one = a is not None
    else:
        # A label whose figures stand above the cut, or the ends of notes that begin there.
        one = b is not None or (a is not None and _are_ends_of_notes(first, pairs))
    return "one" if one and (above or not _stand_under_words(below, last)) else "two"


def _figures_over_figures(last: list[GridCell], first: list[GridCell], a: GridCell, b: GridCell | None) -> _Reading:
    """Figures on both sides of a cut: two rows, or the last digits of figures that narrow cells broke."""
    columns = {(c.column, c.colspan) for c in _figures_in(last)}
    words = [c for c in first if c.text and not _is_digits(c.text) and c.column + c.colspan > a.column]
    rest = b is not None and words == [b] and (a.column, a.colspan) == (b.column, b.colspan)
    if rest and b is not None:
        rest = key_of(a.text) not in vocabulary().rows and _gain(a.text, b.text) > 0
    if (rest or not words) and all((c.column, c.colspan) in columns for c in _figures_in(first)):
        return "one"
    return "two" if b is not None and _has_whole_label(last) else "open"


def _has_whole_label(row: list[GridCell]) -> bool:
    """Whether some words of a row are (nearly) a label; a unit may stand between it and the figures."""
    words = [c.text for c in row if c.text and not _is_digits(c.text)]
    return any(max(likeness(key_of(text)), likeness(key_of(_without_group(text)))) >= _LIKE_A_LABEL for text in words)


def _without_group(text: str) -> str:
    """A row's label without its group in front of it, and without the explanation in brackets behind it."""
    starts = [m.start() for m in _INNER_NUMBER.finditer(text)]
    return _NOTE_BEHIND.sub("", text[starts[-1] :] if starts else text)


def _doubted(last: list[GridCell], first: list[GridCell]) -> list[GridCell]:
    """What is not certain where neither reading of a cut is right: the figures over others, or all where no label is."""
    if _has_whole_label(last):
        over = {k for c in _figures_in(first) for k in range(c.column, c.column + c.colspan)}
        return [c for c in _figures_in(last) if not over.isdisjoint(range(c.column, c.column + c.colspan))]
    return [c for c in (*last, *first) if c.column >= min(f.column for f in _figures_in(last))]


def _is_empty(cells: Sequence[GridCell]) -> bool:
    """Whether a row is there and nothing is in it."""
    return bool(cells) and all(not c.text and not c.content.doubt and c.rowspan == 1 for c in cells)


def _figures_in(cells: list[GridCell]) -> list[GridCell]:
    """The figures of a row, and behind the first of them also parts of figures; a label's number looks like one."""
    figures = [c for c in cells if is_figure(c.text)]
    left = min((c.column for c in figures), default=None)
    if left is not None:
        figures += [c for c in cells if c.column > left and not is_figure(c.text) and is_digits(c.text)]
    return figures


def _is_digits(text: str) -> bool:
    """Whether a cell holds a figure, or a part of one that ends with its separator."""
    return is_figure(text) or is_digits(text)


def _are_ends_of_notes(first: list[GridCell], pairs: list[tuple[GridCell, GridCell]]) -> bool:
    """Whether all that stands below the cut are the ends of notes that begin above it."""
    above = {id(b): a for a, b in pairs}
    rest = [c for c in first if c.text]
    return bool(rest) and all(id(c) in above and _OPEN_NOTE.search(above[id(c)].text) for c in rest)


def _stand_under_words(cells: list[GridCell], last: list[GridCell]) -> bool:
    """Whether cells below the cut have words over them that are no part of theirs: heads, or another column's."""
    words = [c for c in last if c.text and not is_figure(c.text)]
    return any(a.column < b.column + b.colspan and b.column < a.column + a.colspan for a in words for b in cells)


def _leaf(cells: list[GridCell], figures: list[GridCell]) -> GridCell | None:
    """The label cell next to the figures."""
    border = min((c.column for c in figures), default=None)
    labels = [
        c for c in cells if c.text and not is_figure(c.text) and (border is None or c.column + c.colspan <= border)
    ]
    # Merged labels of groups run on over the cut and are not the row's own.
    plain = [c for c in labels if c.rowspan == 1]
    return max(plain or labels, key=lambda c: c.column, default=None)


def _gain(above: str, below: str) -> int:
    """1 where two halves are more of a label together than each alone, -1 where each is one by itself."""
    words = vocabulary()
    a, b, both = key_of(above), key_of(below), key_of(above + below)
    if not above or not below:
        return 0
    if words.knows(a) and words.knows(b):
        return 0 if words.knows(both) else -1
    if words.knows(both):
        return 1
    whole = likeness(both)
    return int(whole >= _NEAR and whole > max(likeness(a), likeness(b)) + _MORE)


def _is_continued(a: GridCell, b: GridCell, first: list[GridCell]) -> bool:
    """Whether a merged label above the cut goes on below it, beside labels of rows."""
    beside = any(c.column > b.column and c.text and not is_figure(c.text) for c in first)
    # Words among figures are no label.
    if not beside or any(is_figure(c.text) and c.column <= b.column for c in first) or is_figure(a.text):
        return False
    if not a.text or not b.text:
        return bool(a.text) or a.rowspan > 1
    if key_of(a.text) == key_of(b.text):
        return a.rowspan > 1 or b.rowspan > 1
    words = vocabulary()
    whole = key_of(a.text + b.text)
    return whole in words.others or (words.knows(whole) and not words.knows(key_of(b.text)))


def _both(a: CellText, b: CellText) -> CellText:
    """The text of a cell from both sides of a cut; a merged label may be printed on each of them."""
    if not a.text:
        return b
    if not b.text or (not _is_digits(a.text) and key_of(a.text) == key_of(b.text)):
        return a
    if _is_digits(a.text) and _is_digits(b.text):
        return CellText(f"{a.text}\n{b.text}", ((a.text + b.text).replace("\n", ""),), "wrapped")
    return CellText(f"{a.text}\n{b.text}", (*a.readings, *b.readings), a.doubt or b.doubt)


def to_table(fragment: Fragment, number: int, pages: dict[int, PageContent]) -> Table:
    """The document model's table: columns counted in shared edges, boxes as the page is shown."""
    ordered = sorted(fragment.cells, key=lambda c: (c.row, c.column))
    if fragment.method != "anchored":
        note_boxed(ordered)
        note_beside(ordered)
    moved = {number for number, page in pages.items() if page.turned or page.sheet}
    cells = [
        Cell(
            cell.content.text,
            cell.row,
            cell.column,
            cell.rowspan,
            cell.colspan,
            page=pages[cell.page].printed_number if cell.page in moved else cell.page,
            box=pages[cell.page].shown(cell.box) if cell.page in moved else cell.box,
            readings=cell.content.readings,
            doubt=cell.content.doubt,
        )
        for cell in ordered
    ]
    return Table(
        number,
        cells,
        fragment.n_rows,
        len(fragment.edges) - 1,
        fragment.method,
        page=pages[fragment.page].printed_number,
        whole=fragment.whole,
    )
