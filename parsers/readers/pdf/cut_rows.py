"""The rows on both sides of a page's end: one row that the page end cut, or two.

Belongs here: reading them both ways, what that leaves uncertain, and merged labels that go on over the cut.
Does not belong here: whether the fragments are one table, and the columns they share (`joining`).

They are read as one row and as two, and that is right whose labels are the form's next rows. A figure that stands on both
sides of the cut is no certain one. Where neither reading is right, no figure of either row is certain, and what is
printed on the other page is among its readings: nothing that stands at a page's end is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from parsers.grammar.figures import is_digits, is_figure, is_unit, joined_figure
from parsers.grammar.labels import key_of, likeness, vocabulary
from parsers.grammar.row_order import are_in_order, likest_row
from schemas.labels import label

from .grid import CellText, GridCell

# A bracket that is not closed.
_OPEN_NOTE = re.compile(r"[(（][^()（）]*$")
# The number of a row behind its group, and the note behind a label.
_INNER_NUMBER = re.compile(r"(?<=[^\s\d(（])\s*(?:\d{1,2}[.．、](?!\d)|[(（][一二三四五六七八九十]{1,3}[)）])")
_NOTE_BEHIND = re.compile(r"(?<=[^\s(（])[(（][^()（）]*[)）]?$")
# A label that is less like any is a part of one; two parts are one from so much likeness on, and so much more of it.
_LIKE_A_LABEL, _NEAR, _MORE = 0.7, 0.75, 0.1
# Characters of which a part of a label has at least so many.
_LEAST_OF_LABEL = 3

# What the last row of a page and the first of the next are.
_Reading = Literal["one", "two", "open"]


def mended(upper: list[GridCell], lower: list[GridCell], at: int) -> tuple[list[GridCell], int]:
    """Cells of both fragments; a row cut between them is one row. Returns the number of rows that fell away (0 or 1).

    ``at``: the row that the lower one's cells begin with.
    """
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
        # What is only the edge of the row, in wider cells, gives way to its own.
        paired = {id(a) for a, _ in pairs}
        edges = [c for c in last if id(c) not in paired and _is_empty([c])]
        gone = {id(c) for c in edges if any(r.row == c.row and _share_columns(c, r) for r in raised)}
        return [changed.get(id(c), c) for c in upper if id(c) not in gone] + raised, 1
    if how == "open":
        for c in (*last, *first):
            doubted = _doubted(c, last, first)
            if doubted is not None:
                changed[id(c)] = replace(c, content=doubted)
    gone = set()
    for a, b in pairs:
        if _is_continued(a, b, first):
            changed[id(a)] = replace(a, content=_both(a.content, b.content), rowspan=a.rowspan + b.rowspan)
            gone.add(id(b))
    return [changed.get(id(c), c) for c in (*upper, *lower) if id(c) not in gone], 0


def doubt_ends(cells: Sequence[GridCell], n_rows: int) -> None:
    """Of a row whose label is only a part of one, at an end of a table's grid, the rest stands where no table was seen."""
    rows = [[c for c in cells if c.row + c.rowspan == n] for n in (1, 2, n_rows)]
    first, second, last = (_leaf(row, _figures_in(row)) for row in rows)
    if first is not None and _is_rest(first.text, second):
        _doubt_behind(first, [c for c in cells if c.row == 0])
    if last is not None and _is_beginning(key_of(last.text)):
        _doubt_behind(last, rows[-1])


def _doubt_behind(own: GridCell, row: Sequence[GridCell]) -> None:
    for cell in row:
        if cell.column >= own.column + own.colspan and (not cell.text or _is_digits(cell.text)):
            cell.content = CellText(cell.text, cell.content.readings, cell.content.doubt or "label")


@lru_cache(maxsize=1_024)
def _stands_within(key: str) -> bool:
    """Whether some label of a row holds a key behind its first character."""
    return any(key in w[1:] for w in vocabulary().beside)


def _is_rest(text: str, below: GridCell | None) -> bool:
    """Whether a label is the end of a longer one: without a number above one that has its own, though it may be an alias."""
    key, words = key_of(text), vocabulary()
    if len(key) < _LEAST_OF_LABEL or label(text).number is not None or not _stands_within(key):
        return False
    numbered = below is not None and label(below.text).number is not None
    return numbered or (not words.knows(key) and likeness(key) < _LIKE_A_LABEL)


def _is_beginning(key: str) -> bool:
    """Whether a key begins a label and is not (nearly) a whole one."""
    words = vocabulary()
    return words.begins(key) and not words.knows(key) and likeness(key) < _LIKE_A_LABEL


def _reading(last: list[GridCell], first: list[GridCell], pairs: list[tuple[GridCell, GridCell]]) -> _Reading:
    """What the rows on both sides of a cut are: read as one and as two, that is right whose labels are the form's.

    ``open`` where there are figures, and neither reading gives every one of them a label and a cell of its own.
    """
    if _is_empty(first) or (_is_empty(last) and not any(c.text and not is_figure(c.text) for c in first)):
        # Padding of a row that was cut: nothing is in it.
        return "one"
    if _count_on(last, first):
        return "two"
    above, below = _figures_in(last), _figures_in(first)
    inside = {id(b) for _, b in pairs}
    loose = [c for c in first if c.text and id(c) not in inside]
    if not above and not below:
        # Heads, or rows of blanks: two whole labels are two rows, whatever merged label beside them is cut.
        gains = [0 if is_figure(c.text) or is_figure(d.text) else _gain(c.text, d.text) for c, d in pairs]
        return "one" if not _stand_under_words(loose, last) and -1 not in gains and sum(gains) > 0 else "two"
    if (not above and _stand_under_words(below, last)) or (not below and _are_heads(first, above)):
        return "two"
    if (not above and _are_of_groups(last)) or (not below and _are_ends_of_groups(first, pairs)):
        # The edge of a row on the other page: only labels of groups, or their last letters, stand there.
        return "one"
    how = _by_labels(last, first, pairs)
    if how != "one":
        return how
    # Words beside figures that are no label, and cells that are none of those above: what they are is not known.
    left = min(c.column for c in above or below)
    words = [c for c in first if c.text and c.column >= left and not _is_digits(c.text)]
    if (words and not _are_ends_of_notes(words, pairs)) or any(
        _share_columns(c, d) for c in loose for d in last if above or d.text
    ):
        return "open"
    return "one"


def _count_on(last: list[GridCell], first: list[GridCell]) -> bool:
    """Whether the rows begin with numbers that count on, each before a label of its own."""
    rows = [sorted((c for c in row if c.text), key=lambda c: c.column) for row in (last, first)]
    if any(len(row) < 2 or not row[0].text.isdecimal() or _is_digits(row[1].text) for row in rows):
        return False
    (upper, *_), (lower, *_) = rows
    return upper.column == lower.column and int(lower.text) == int(upper.text) + 1


def _by_labels(last: list[GridCell], first: list[GridCell], pairs: list[tuple[GridCell, GridCell]]) -> _Reading:
    """What the labels beside the figures on both sides of a cut say."""
    above, below = _figures_in(last), _figures_in(first)
    a, b = _leaf(last, above or below), _leaf(first, above or below)
    if a is not None and b is not None and a.column != b.column:
        # A label's cell may be blank on the other side, where a merged label stands before it.
        if _is_blank_at(b, last):
            a = None
        elif _is_blank_at(a, first):
            b = None
    if a is not None and b is not None:
        return _of_two_labels(a, b, pairs)
    if a is None and b is None:
        # The only line below heads; of two figures in a column none is certain.
        return "open" if any(_is_digits(c.text) and _is_digits(d.text) for c, d in pairs) else "one"
    # A label on one side, and on the other figures: those of one row.
    return "one" if b is not None or below or _are_ends_of_notes(first, pairs) else "two"


def _of_two_labels(a: GridCell, b: GridCell, pairs: list[tuple[GridCell, GridCell]]) -> _Reading:
    """Whether labels above and below a cut are one label, those of two rows, or neither."""
    if _is_group_of(a.text, b.text) and not all(_may_be_one_figure(c.text, d.text) for c, d in pairs):
        # A group's own row of figures above its first: not both in one cell, for a figure is whole by itself.
        return "two"
    both = key_of(a.text + b.text)
    # What begins with a number of its own begins a label.
    may_go_on = (a.column, a.colspan) == (b.column, b.colspan) and label(b.text).number is None
    two = _are_next(a.text, b.text)
    if may_go_on and vocabulary().knows(both):
        return "open" if two else "one"
    if two:
        return "two"
    near = likeness(both)
    goes_on = vocabulary().begins(both) or (near >= _NEAR and near > likeness(key_of(b.text)) + _MORE)
    return "one" if may_go_on and goes_on else "open"


def _are_next(a: str, b: str) -> bool:
    """Whether a row stands above another of the same table, or above a group of rows that has figures of its own."""
    upper, lower, group = _row_named(a), _row_named(b), key_of(b)
    if group in vocabulary().group_keys:
        return any(are_in_order(upper, row) for row, groups in vocabulary().groups.items() if group in groups)
    return are_in_order(upper, lower)


def _is_group_of(a: str, b: str) -> bool:
    """Whether a label is that of the group that a row stands in."""
    return key_of(a) in vocabulary().groups.get(_row_named(b) or "", ())


def _may_be_one_figure(a: str, b: str) -> bool:
    """Whether what stands above a cut and below it may be one figure: marks and noughts go on in no other line."""
    return not (is_figure(a) and is_figure(b)) or bool(joined_figure([*a.split("\n"), *b.split("\n")]) and a[0] != "0")


def _row_named(text: str) -> str | None:
    """The key of the row that a label is (nearly) whole, whatever group stands in front of it or note behind."""
    found = (likest_row(key_of(text)), likest_row(key_of(_without_group(text))))
    key, likeness_of_it = max(found, key=lambda one: one[1])
    return key if likeness_of_it >= _LIKE_A_LABEL else None


def _without_group(text: str) -> str:
    """A row's label without its group in front of it, and without the explanation in brackets behind it."""
    starts = [m.start() for m in _INNER_NUMBER.finditer(text)]
    return _NOTE_BEHIND.sub("", text[starts[-1] :] if starts else text)


def _doubted(cell: GridCell, last: list[GridCell], first: list[GridCell]) -> CellText | None:
    """What a cell of two rows says of which nothing is certain: itself, or with what the other page has of its column.

    None for what is no figure's cell.
    """
    left = min(c.column for c in _figures_in(last) + _figures_in(first))
    if cell.column < left or (cell.text and not _is_digits(cell.text)):
        return None
    own = any(c is cell for c in last)
    beside = [c for c in (first if own else last) if (c.column, c.colspan) == (cell.column, cell.colspan) and c.text]
    texts = [t for c in beside for t in (c.text, cell.text + c.text if own else c.text + cell.text)]
    readings = (*cell.content.readings, *(t.replace("\n", "") for t in texts))
    return CellText(cell.text, tuple(dict.fromkeys(readings)), "label")


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


def _are_of_groups(cells: Sequence[GridCell]) -> bool:
    """Whether all that a row says is labels of groups, which are no row's own."""
    words = vocabulary()
    keys = [key_of(c.text) for c in cells if c.text]
    return bool(keys) and all(words.knows(key) and key not in words.rows for key in keys)


def _are_ends_of_groups(first: Sequence[GridCell], pairs: Sequence[tuple[GridCell, GridCell]]) -> bool:
    """Whether all that stands below a cut are the last letters of groups' labels that begin above it."""
    words = vocabulary()
    above = {id(b): a for a, b in pairs if a.text}
    rest = [c for c in first if c.text]
    ends = [(key_of(above[id(c)].text + c.text), key_of(c.text)) for c in rest if id(c) in above]
    return len(ends) == len(rest) > 0 and all(
        words.knows(whole) and whole not in words.rows and not words.knows(end) for whole, end in ends
    )


def _stand_under_words(cells: list[GridCell], last: list[GridCell]) -> bool:
    """Whether cells below the cut have words over them that are no part of theirs: heads, or another column's."""
    words = [c for c in last if c.text and not is_figure(c.text)]
    return any(a.column < b.column + b.colspan and b.column < a.column + a.colspan for a in words for b in cells)


def _share_columns(a: GridCell, b: GridCell) -> bool:
    return a.column < b.column + b.colspan and b.column < a.column + a.colspan


def _are_heads(cells: list[GridCell], above: list[GridCell]) -> bool:
    """Whether what stands under figures is the heads of some columns."""
    left = min(c.column for c in above)
    words = [c for c in cells if c.text and c.column >= left]
    # One word below a figure may be a note; one that stands over several columns is a head.
    several = len(words) > 1 or any(c.colspan > 1 for c in words)
    return several and all(vocabulary().knows(key_of(c.text)) for c in words)


def _is_blank_at(place: GridCell, row: list[GridCell]) -> bool:
    """Whether the cell of a row at another's place is its own, and blank."""
    least = min(c.rowspan for c in row)
    return any((c.column, c.colspan, c.rowspan) == (place.column, place.colspan, least) and not c.text for c in row)


def _leaf(cells: list[GridCell], figures: list[GridCell]) -> GridCell | None:
    """The label cell next to the figures."""
    border = min((c.column for c in figures), default=None)
    labels = [
        c
        for c in cells
        if c.text and not (is_figure(c.text) or is_unit(c.text)) and (border is None or c.column + c.colspan <= border)
    ]
    # Merged labels of groups run on over the cut and are not the row's own.
    least = min((c.rowspan for c in cells), default=1)
    plain = [c for c in labels if c.rowspan == least]
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
    if not a.text or not b.text:
        return CellText(a.text or b.text, (*a.readings, *b.readings), a.doubt or b.doubt)
    if not _is_digits(a.text) and key_of(a.text) == key_of(b.text):
        return a
    if _is_digits(a.text) and _is_digits(b.text):
        return CellText(f"{a.text}\n{b.text}", ((a.text + b.text).replace("\n", ""),), "wrapped")
    return CellText(f"{a.text}\n{b.text}", (*a.readings, *b.readings), a.doubt or b.doubt)
