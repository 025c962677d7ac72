"""Fragments of one table on several pages, put together into one grid.

Belongs here: whether two fragments are one table, repeated heads, rows and heads and merged labels cut by a page end,
and the columns that all fragments share.
Does not belong here: how fragments were found, which is why both engines use this.

A cut is mended only where it leaves nothing to choose: two halves that together are a label of some form, or a label
on one page whose figures stand on the other. Everything else stays as printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from parsers.document import Cell, Table
from schemas.labels import label

from .content import PageContent
from .grid import CellText, Fragment, GridCell, is_count, is_piece
from .vocabulary import key_of, likeness, vocabulary

# A bracket that is not closed.
_OPEN_NOTE = re.compile(r"[(（][^()（）]*$")
# Edges of columns on two pages that differ by less are the same.
_SAME_EDGE = 3.5
_MOST_HEAD_ROWS = 6
_LEFT = itemgetter(0)
# A label that is less like any is a part of one.
_LIKE_A_LABEL = 0.7


def joinable(first: Fragment, second: Fragment) -> float | None:
    """How far ``second`` has to be moved to the right to continue ``first``; None where it is another table."""
    if second.page <= first.page or first.method != second.method:
        return None
    shift = _shift(first.edges, second.edges)
    if shift is None or _another_table(first, second):
        return None
    return shift


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


def _another_table(first: Fragment, second: Fragment) -> bool:
    """Whether the second fragment begins a table of its own, by the labels of both."""
    words = vocabulary()
    first_codes, second_codes = _codes(first), _codes(second)
    if first_codes and second_codes:
        if not set(first_codes) & set(second_codes):
            return True
        top = _head_rows(second)
        head_codes: Counter[str] = Counter()
        for keys in top:
            for key in keys:
                head_codes.update(words.tables.get(key, ()))
        best_first = first_codes.most_common(1)[0]
        if head_codes and best_first[1] > 2 and head_codes.get(best_first[0], 0) * 2 < head_codes.most_common(1)[0][1]:
            return True
    figures = any(is_count(cell.text) for cell in first.cells)
    if not figures:
        return False
    in_first = {k for k in _labels(first) if len(k) > 2 and k in words.rows}
    in_second = {k for k in _labels(second) if len(k) > 2 and k in words.rows}
    repeated = in_first & in_second
    if len(repeated) >= 2:
        # Rows that stand in a head come again with it, and so may a group's label; rows with figures do not.
        with_figures = _labels_with_figures(first) & _labels_with_figures(second)
        return len(with_figures & repeated) >= 2 or (not _labels_with_figures(second) and _figures(second) > 0)
    return False


def _codes(fragment: Fragment) -> Counter[str]:
    tables = vocabulary().tables
    codes: Counter[str] = Counter()
    for key in _labels(fragment):
        codes.update(tables.get(key, ()))
    return codes


def _labels(fragment: Fragment) -> set[str]:
    texts = [cell.content.text for cell in fragment.cells]
    return {key_of(text) for text in texts if text and not is_count(text)}


def _labels_with_figures(fragment: Fragment) -> set[str]:
    with_figures = {cell.row for cell in fragment.cells if is_count(cell.text)}
    return {
        key_of(cell.text)
        for cell in fragment.cells
        if cell.row in with_figures and cell.text and not is_count(cell.text)
    }


def _figures(fragment: Fragment) -> int:
    return sum(1 for cell in fragment.cells if is_count(cell.text))


def _head_rows(fragment: Fragment) -> list[tuple[str, ...]]:
    """Keys of the labels in each row above the first figure."""
    by_row: list[list[tuple[float, str]]] = [[] for _ in range(min(fragment.n_rows, _MOST_HEAD_ROWS))]
    for cell in fragment.cells:
        if cell.row < _MOST_HEAD_ROWS and (text := cell.content.text):
            by_row[cell.row].append((cell.box[0], text))
    rows: list[tuple[str, ...]] = []
    for cells in by_row:
        if any(is_count(text) for _, text in cells):
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
    # A head that ends in the middle of a merged cell is none.
    while count and any(cell.row < count < cell.row + cell.rowspan for cell in second.cells):
        count -= 1
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
    pairs = _pairs(last, first)
    if first and all(not c.text and c.rowspan == 1 for c in first):
        if len(first) == len(lower) and not any(is_count(c.text) for c in upper):
            # All that stands below a head: the row of its figures, all of them blank.
            return upper + lower, 0
        # Padding of a cell that was cut: a row with nothing in it.
        return upper + _raised(lower, at, drop={id(c) for c in first}), 1
    if _row_was_cut(last, first, pairs) or _is_padding_of_figures(upper, last, first, pairs):
        merged: dict[int, GridCell] = {}
        for a, b in pairs:
            merged[id(a)] = replace(a, content=_both(a.content, b.content), rowspan=a.rowspan + b.rowspan - 1)
        cells = [merged.get(id(c), c) for c in upper]
        paired = {id(b) for _, b in pairs}
        return cells + _raised(lower, at, drop=paired), 1
    joined = _beside_loose_figures(last, first)
    gone: set[int] = set()
    for a, b in pairs:
        if _is_continued(a, b, first):
            joined[id(a)] = replace(a, content=_label_both(a.content, b.content), rowspan=a.rowspan + b.rowspan)
            gone.add(id(b))
    return [joined.get(id(c), c) for c in (*upper, *lower) if id(c) not in gone], 0


def _raised(cells: list[GridCell], at: int, drop: set[int]) -> list[GridCell]:
    """Cells one row higher, after the row at the cut went into the one above it."""
    return [c.at(c.row - 1 if c.row > at else at - 1, c.column, c.colspan) for c in cells if id(c) not in drop]


def _pairs(last: list[GridCell], first: list[GridCell]) -> list[tuple[GridCell, GridCell]]:
    """Cells above and below the cut that cover the same columns."""
    below = {(c.column, c.colspan): c for c in first}
    return [(c, below[c.column, c.colspan]) for c in last if (c.column, c.colspan) in below]


def _row_was_cut(last: list[GridCell], first: list[GridCell], pairs: list[tuple[GridCell, GridCell]]) -> bool:
    """Whether the last row of one page and the first of the next are one row."""
    ends = [c for c in last if c.rowspan == 1]
    begins = [c for c in first if c.rowspan == 1]
    if not ends or not begins:
        return False
    figures_above, figures_below = _figures_in(last), _figures_in(first)
    label_above = _leaf(last, figures_above or figures_below)
    label_below = _leaf(first, figures_above or figures_below)
    if figures_above and figures_below:
        # A row of its own has a label: these are the last digits of figures broken in narrow cells.
        lines = {(c.column, c.colspan) for c in figures_above}
        if label_above is None or any((c.column, c.colspan) not in lines for c in figures_below):
            return False
        words = [c for c in first if c.text and not _is_digits(c.text) and c.column + c.colspan > label_above.column]
        return not words or (words == [label_below] and _is_rest_of_label(label_above, label_below))
    if figures_above or figures_below:
        if not figures_above and _stand_under_words(figures_below, last):
            return False
        if label_above is None and label_below is None:
            return False
        if label_above is None:
            # Figures without a label, then a label without figures.
            return bool(figures_above) and not figures_below
        if label_below is None:
            return bool(figures_below) or not figures_above or _ends_of_notes(first, pairs)
        if (label_above.column, label_above.colspan) != (label_below.column, label_below.colspan):
            return False
        return _gains(label_above.text, label_below.text)
    if _divided_otherwise(last, first, pairs):
        return False
    gains = [_gain(a.text, b.text) for a, b in pairs]
    # Two whole labels are two rows, whatever merged label beside them is cut.
    return -1 not in gains and sum(gains) > 0


def _is_padding_of_figures(
    upper: list[GridCell], last: list[GridCell], first: list[GridCell], pairs: list[tuple[GridCell, GridCell]]
) -> bool:
    """Whether the empty row between a head and the page end is the upper padding of the figures that follow."""
    if any(c.text or c.content.doubt or c.rowspan > 1 for c in last) or any(is_count(c.text) for c in upper):
        return False
    return len(pairs) == len(last) == len(first) and all(not c.text or is_count(c.text) for c in first)


def _beside_loose_figures(last: list[GridCell], first: list[GridCell]) -> dict[int, GridCell]:
    """By their ids the figures of a row with a label, above figures without one below the cut: these may be their ends.

    Where a part of a label stands beside the upper figures, all of both rows are uncertain.
    """
    above, below = _figures_in(last), _figures_in(first)
    # A unit may stand between a label and its figures.
    own = [c.text for c in last if c.text and not _is_digits(c.text)]
    if not above or not below or _leaf(last, above) is None:
        return {}
    if all(likeness(key_of(text)) < _LIKE_A_LABEL for text in own):
        unsure = [c for c in (*last, *first) if c.column >= min(f.column for f in above)]
    elif _leaf(first, below) is None:
        columns = {k for c in below for k in range(c.column, c.column + c.colspan)}
        unsure = [c for c in above if not columns.isdisjoint(range(c.column, c.column + c.colspan))]
    else:
        return {}
    return {id(c): replace(c, content=CellText(c.text, c.content.readings, "wrapped")) for c in unsure}


def _figures_in(cells: list[GridCell]) -> list[GridCell]:
    """The figures of a row, and behind the first of them also parts of figures; a label's number looks like one."""
    figures = [c for c in cells if is_count(c.text)]
    left = min((c.column for c in figures), default=None)
    if left is not None:
        figures += [c for c in cells if c.column > left and not is_count(c.text) and is_piece(c.text)]
    return figures


def _is_digits(text: str) -> bool:
    """Whether a cell holds a figure, or a part of one that ends with its separator."""
    return is_count(text) or is_piece(text)


def _is_rest_of_label(above: GridCell, below: GridCell | None) -> bool:
    """Whether a label below the cut is the rest of the one above it, which alone is none."""
    if below is None or (above.column, above.colspan) != (below.column, below.colspan):
        return False
    return key_of(above.text) not in vocabulary().rows and _gains(above.text, below.text)


def _ends_of_notes(first: list[GridCell], pairs: list[tuple[GridCell, GridCell]]) -> bool:
    """Whether all that stands below the cut are the ends of notes that begin above it."""
    above = {id(b): a for a, b in pairs}
    rest = [c for c in first if c.text]
    return bool(rest) and all(id(c) in above and _OPEN_NOTE.search(above[id(c)].text) for c in rest)


def _stand_under_words(figures: list[GridCell], last: list[GridCell]) -> bool:
    """Whether the figures below the cut have words over them: heads, not cells of the same row."""
    words = [c for c in last if c.text and not is_count(c.text)]
    return any(a.column < b.column + b.colspan and b.column < a.column + a.colspan for a in words for b in figures)


def _divided_otherwise(last: list[GridCell], first: list[GridCell], pairs: list[tuple[GridCell, GridCell]]) -> bool:
    """Whether words below the cut stand under words of other columns: two rows, of which only merged cells are cut."""
    paired = {id(c) for pair in pairs for c in pair}
    upper = [c for c in last if c.text and id(c) not in paired]
    lower = [c for c in first if c.text and id(c) not in paired]
    return any(a.column < b.column + b.colspan and b.column < a.column + a.colspan for a in upper for b in lower)


def _leaf(cells: list[GridCell], figures: list[GridCell]) -> GridCell | None:
    """The label cell next to the figures."""
    border = min((c.column for c in figures), default=None)
    labels = [
        c for c in cells if c.text and not is_count(c.text) and (border is None or c.column + c.colspan <= border)
    ]
    # Merged labels of groups run on over the cut and are not the row's own.
    plain = [c for c in labels if c.rowspan == 1]
    return max(plain or labels, key=lambda c: c.column, default=None)


def _gains(above: str, below: str) -> bool:
    """Whether two halves are more of a label together than each alone."""
    key = key_of(above + below)
    if key in vocabulary().rows:
        return True
    whole = likeness(key)
    return whole >= 0.75 and whole > max(likeness(key_of(above)), likeness(key_of(below)) if below else 0.0) + 0.1


def _gain(above: str, below: str) -> int:
    """1 where two halves of a head are a known label together, -1 where each is one by itself."""
    if not above or not below or is_count(above) or is_count(below):
        return 0
    words = vocabulary()
    a, b = key_of(above), key_of(below)
    if words.knows(key_of(above + below)):
        return 1 if not (words.knows(a) and words.knows(b)) else 0
    return -1 if words.knows(a) and words.knows(b) else 0


def _is_continued(a: GridCell, b: GridCell, first: list[GridCell]) -> bool:
    """Whether a merged label above the cut goes on below it."""
    if is_count(a.text):
        return False
    if any(c.column < b.column and is_count(c.text) for c in first):
        # Words among figures are no label.
        return False
    merged = a.rowspan > 1 or b.rowspan > 1
    beside = [c for c in first if c.column > b.column and c.text and not is_count(c.text)]
    if not b.text:
        # Empty below: the rest of a merged label, if labels of rows stand to its right.
        return bool(a.text) and (merged or bool(beside)) and bool(beside)
    if not a.text:
        return merged and bool(beside) and a.rowspan > 1
    if is_count(b.text):
        return False
    if key_of(a.text) == key_of(b.text):
        return merged
    words = vocabulary()
    whole = key_of(a.text + b.text)
    return whole in words.others or (words.knows(whole) and not words.knows(key_of(b.text)))


def _both(a: CellText, b: CellText) -> CellText:
    if not a.text:
        return b
    if not b.text:
        return a
    if _is_digits(a.text) and _is_digits(b.text):
        return CellText(f"{a.text}\n{b.text}", ((a.text + b.text).replace("\n", ""),), "wrapped")
    return CellText(f"{a.text}\n{b.text}", (*a.readings, *b.readings), a.doubt or b.doubt)


def _label_both(a: CellText, b: CellText) -> CellText:
    return a if label(a.text).key == label(b.text).key else _both(a, b)


def to_table(fragment: Fragment, number: int, pages: dict[int, PageContent]) -> Table:
    """The document model's table: columns counted in shared edges, boxes as the page is shown."""
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
        for cell in sorted(fragment.cells, key=lambda c: (c.row, c.column))
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
