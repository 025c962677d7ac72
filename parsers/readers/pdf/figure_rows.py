"""Which line of figures belongs to which label, and which figure to which column.

Belongs here: pairing labels and lines of figures, figures broken in narrow cells, and saying what is not certain.
Does not belong here: what the labels and columns are (`side_labels`, `heads`), and the grid made of the rows
(`anchored`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.grammar.figures import is_digits, is_noted, is_value_like
from parsers.grammar.labels import likeness, vocabulary

from .columns import column_at
from .content import Rule
from .grid import beginning
from .half_lines import together
from .in_order import cheapest
from .pieces import FigureLine, Piece
from .respaced import Places
from .side_labels import Label

# Line heights beyond which a label and figures cannot belong together; no pair costs more than leaving both alone.
_OUT_OF_SIGHT, _NEVER = 8.0, 30.0
# What it costs to leave a row's label without figures (blanks), one that no form knows, and figures without a label.
_BLANKS, _NO_ROW, _ORPHAN = 6.0, 2.0, 12.0
_MOST_BETWEEN = 200
# Figures that no label claims, nearer to one than so many line heights, are pieces of figures wrapped in their cells.
_WRAPPED = 2.0
# Points by which a figure is wider than what a cell holds.
_LEAST_WIDER = 0.3
# Line heights by which a whole figure's middle may be off its row's, and by which words beside it are another line's.
_CENTRED, _OFF = 0.2, 0.25
# Heights by which figures may stand nearer to their own label than to another one, and still beside both.
_REACH = 0.25
# How many rows farther the figures may have gone.
_NEXT = 2
# The words of two rows are one label from so much likeness on.
_LIKE_A_LABEL = 0.7
# The mark of a note, and the share of the lower height that stands beside its figure.
_MARK = re.compile(r"[①-⑳⁰¹²³⁴-⁹]")
_ON_ONE_LINE = 0.6
# A figure or a note behind one that goes on, and the rest of one.
_CUT_OFF, _REST = re.compile(r"\d[,，]$|[（(][^()（）]*$"), re.compile(r"[,，]|0\d|[^()（）]*[)）]")
# Heights that the next line of a label is farther down.
_ONE_LINE_FARTHER = 1.2
# Half of what is said of a change (增加, 减少).
_HALF_WORDS = frozenset("增加减少")
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


def assign(
    lines: Sequence[FigureLine],
    body: Sequence[Sequence[Piece]],
    labels: Sequence[Label],
    places: Places,
    rules: Sequence[Rule],
) -> list[Row]:
    """Rows of a block from top to bottom."""
    if not labels:
        return _rows_without_labels(lines, places)
    rows: list[Row] = []
    loose: list[FigureLine] = []
    for one, line in _paired(together(lines, labels), labels, rules):
        if line is None:
            rows.append(Row(one))
            continue
        by_column, unsure = _by_column(line, places)
        if one is None and any(_gap(label_, line) < _WRAPPED for label_ in labels):
            loose.append(line)
            continue
        certain = one is not None and _beside(one, line, labels)
        broken = {i for i, pieces in by_column.items() if pieces[0].line != pieces[-1].line}
        rows.append(Row(one, by_column, None if certain else "label", line.middle, broken, unsure))
    for piece in _others(body, lines, places):
        _attach(piece, rows, places)
    _merge_wrapped(loose, rows, places)
    _doubt_beside_orphans(rows, len(places.columns))
    _doubt_repeated(rows, len(places.columns))
    _doubt_blanks_beside(rows)
    _doubt_words_among_figures(rows)
    _doubt_crossed(rows)
    _doubt_cut_off(rows, len(places.columns))
    _doubt_begun(rows)
    _doubt_interleaved(rows, len(places.columns))
    return rows


def _rows_without_labels(lines: Sequence[FigureLine], places: Places) -> list[Row]:
    """Rows of a block whose head says everything: lines close under one another are figures broken in narrow cells."""
    rows: list[Row] = []
    groups: list[list[FigureLine]] = []
    for line in lines:
        if groups and line.middle - groups[-1][-1].middle < 1.5 * line.height:
            groups[-1].append(line)
        else:
            groups.append([line])
    for group in groups:
        row = Row(None, where=(group[0].middle + group[-1].middle) / 2)
        for line in group:
            by_column, unsure = _by_column(line, places)
            row.unsure |= unsure
            for i, pieces in by_column.items():
                row.cells.setdefault(i, []).extend(pieces)
        for i, pieces in row.cells.items():
            off_middle = abs(pieces[0].middle - (row.where or 0.0)) > 0.35 * pieces[0].height
            if len(pieces) > 1 or (len(group) > 1 and off_middle):
                row.wrapped.add(i)
        rows.append(row)
    return rows


def _gap(one: Label, line: FigureLine) -> float:
    """Line heights between a line of figures and a label, 0.0 beside it."""
    return _away(one, line.middle) / max(line.height, 1.0)


def _merge_wrapped(loose: Sequence[FigureLine], rows: Sequence[Row], places: Places) -> None:
    """Figures on lines that no label claims are parts of figures broken in narrow cells: they go to the nearest row.

    What they are together is one reading, which the form's sums may bear out. Neither it is certain, nor the same column
    in a row that is nearly as near, or beyond the line and without a figure, nor what stands off the row's middle.
    """
    placed = [r for r in rows if r.label is not None or r.where is not None]
    if not placed:
        return
    rivals: dict[tuple[int, int], list[Row]] = {}
    for line in loose:
        by_column, _ = _by_column(line, places)
        order = sorted(placed, key=lambda row: abs(_where(row) - line.middle))
        away = [abs(_where(row) - line.middle) / max(line.height, 1.0) for row in order[:2]]
        near = [row for row, far in zip(order[1:2], away[1:], strict=True) if far < away[0] + 1.2]
        below = next((n for n, row in enumerate(placed) if _where(row) >= line.middle), 0)
        if below and _page(placed[below - 1]) != _page(placed[below]):
            # At a page's end it is either row's, and so is a part of the total: no sum tells.
            for row in placed[below - 1 : below + 1]:
                row.short.update(by_column)
        for i, pieces in by_column.items():
            order[0].cells.setdefault(i, []).extend(pieces)
            rivals.setdefault((id(order[0]), i), []).extend([*near, *_blank_beyond(order[0], line, placed)])
    broken = {owner for owner, _ in rivals}
    for row in placed:
        for i, pieces in row.cells.items():
            if id(row) in broken and pieces and not _is_noted(pieces) and not _is_level(row, pieces):
                for other in (row, *rivals.get((id(row), i), ())):
                    other.wrapped.add(i)
        row.wrapped -= row.short


def _page(row: Row) -> int:
    own = [piece.page for pieces in row.cells.values() for piece in pieces]
    return min([*own, *(piece.page for piece in row.label.pieces)] if row.label is not None else own)


def _blank_beyond(row: Row, line: FigureLine, rows: Sequence[Row]) -> list[Row]:
    """The row on the other side of a line that went to this one, if it has no figure of its own."""
    at = next(i for i, other in enumerate(rows) if other is row)
    at += 1 if line.middle > _where(row) else -1
    return [rows[at]] if 0 <= at < len(rows) and not rows[at].cells else []


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
            if other.label is not None and not _share_width(empty.label, other.label):
                # Words of one line.
                continue
            own = _away(other.label, other.where) if other.label is not None else 0.0
            if _away(empty.label, other.where) < own + _REACH * empty.label.pieces[0].height:
                empty.doubt = "label"


def _away(one: Label, level: float) -> float:
    return max(0.0, one.top - level, level - one.bottom)


def _share_width(a: Label, b: Label) -> bool:
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
    for row in rows:
        for i, pieces in row.cells.items():
            if all(map(_MARK.fullmatch, (p.text for p in pieces))):
                # The mark of a note without its figure.
                row.unsure.add(i)
            elif len(pieces) > 1 and not all(p.is_figure for p in pieces) and any(p.is_figure for p in pieces):
                text = "".join(p.text for p in sorted(pieces, key=lambda p: (p.line, p.x0)))
                if not is_noted(text) and not is_value_like(text):
                    row.unsure.add(i)
    for before, after in pairwise(rows):
        for one, other, side in ((before, after, 1), (after, before, -1)):
            # Words below a row's middle may be the rest of a figure above it that is wrapped; and the other way round.
            other.unsure.update(i for i, pieces in one.cells.items() if i in other.cells and _is_off(one, pieces, side))


def _doubt_crossed(rows: Sequence[Row]) -> None:
    """Where a word of one column stands behind one of the next, digits that are spread over their cells were dealt out."""
    for row in rows:
        own = sorted((i, pieces) for i, pieces in row.cells.items() if pieces)
        if any(p.text in _HALF_WORDS for _, pieces in own for p in pieces):
            # A word that is spread over its cell reaches into the next one.
            row.doubt = row.doubt or "label"
        for (i, left), (k, right) in pairwise(own):
            if max(p.x0 for p in left) > min(p.x0 for p in right):
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
        if one.kind == "row" and vocabulary().begins(one.key) and _share_width(one, rest):
            room = rest.top - one.bottom
            if room < _ONE_LINE_FARTHER * one.pieces[-1].height and rest.pieces[0].page == one.pieces[-1].page:
                before.doubt = before.doubt or "label"


def _is_off(row: Row, pieces: Sequence[Piece], side: int) -> bool:
    """Whether a cell with words reaches farther below its row's middle than above it (1), or the other way round (-1)."""
    if all(p.is_figure for p in pieces) or not pieces:
        return False
    own = row.where if row.where is not None else _where(row)
    middle = (min(p.top for p in pieces) + max(p.bottom for p in pieces)) / 2
    return side * (middle - own) > _OFF * pieces[0].height


def _is_level(row: Row, pieces: list[Piece]) -> bool:
    """Whether a figure is whole and stands beside the middle of its row, while others of the row are broken.

    A piece of a neighbour's figure would stand at least half a line off.
    """
    return len(pieces) == 1 and abs(_level(pieces[0]) - _where(row)) < _CENTRED * pieces[0].height


def _level(piece: Piece) -> float:
    """The middle of a figure's digits: a raised mark behind it reaches higher."""
    digits = [glyph for glyph in piece.glyphs if glyph[4].isdecimal()]
    if not digits or len(digits) == len(piece.glyphs):
        return piece.middle
    top, bottom = min([g[1] for g in digits]), max([g[3] for g in digits])
    return piece.top - piece.box[1] + (top + bottom) / 2


def _where(row: Row) -> float:
    """The height at which a row's cells are centred."""
    if row.label is not None:
        return row.label.middle
    return row.where or 0.0


def _is_noted(pieces: list[Piece]) -> bool:
    """Whether the pieces of a cell are one figure with its note in brackets, or with the raised mark of one behind it."""
    pieces.sort(key=lambda p: (p.line, p.x0))
    if len(pieces) == 2:
        figure, mark = sorted(pieces, key=lambda p: p.x0)
        shared = min(figure.bottom, mark.bottom) - max(figure.top, mark.top)
        if shared > _ON_ONE_LINE * min(figure.height, mark.height) and is_noted(figure.text + mark.text):
            return True
    return is_noted("".join(p.text for p in pieces))


def _capacity(rows: Sequence[Row]) -> float:
    """How wide the widest figure on one line is: so much any cell holds."""
    widths = (p.x1 - p.x0 for row in rows for pieces in row.cells.values() for p in pieces if p.is_figure)
    return max(widths, default=0.0) + _LEAST_WIDER


def _others(body: Sequence[Sequence[Piece]], lines: Sequence[FigureLine], places: Places) -> list[Piece]:
    """Words in the columns of figures that are no figures: notes, units, text."""
    used = {id(p) for line in lines for p in line.pieces}
    return [p for line in body for p in line if p.x1 > places.left(p) + 1.0 and id(p) not in used]


def _attach(piece: Piece, rows: Sequence[Row], places: Places) -> None:
    """Put a word beside figures into the cell of the nearest row."""
    best: tuple[float, Row] | None = None
    for row in rows:
        where = row.where if row.where is not None else row.label.middle if row.label is not None else None
        if where is not None and (best is None or abs(where - piece.middle) < best[0]):
            best = (abs(where - piece.middle), row)
    if best is None:
        return
    column = column_at(places.at(piece)[0], piece)[0]
    best[1].cells.setdefault(column, []).append(piece)
    if piece.is_figure and best[0] > _OFF * piece.height:
        # On another line than the row's own figures: it may be the figure of a row whose label it stands beside.
        best[1].unsure.add(column)
        beside = [row for row in rows if row.label is not None and row.label.top <= piece.middle <= row.label.bottom]
        for row in beside:
            row.unsure.add(column)


def _paired(
    lines: Sequence[FigureLine], labels: Sequence[Label], rules: Sequence[Rule]
) -> list[tuple[Label | None, FigureLine | None]]:
    """Labels and lines of figures in order, one to one where both are there; the cheapest of all such pairings."""
    n, m = len(labels), len(lines)
    heights, levels = [(one.top, one.bottom) for one in labels], [line.middle for line in lines]
    rooms = [_OUT_OF_SIGHT * line.height for line in lines]
    if n == m and all(map(_in_sight, heights, levels, rooms)):
        one_to_one = list(zip(labels, lines, strict=True))
        # Any other pairing of as many leaves a label and a line alone.
        if sum(_distance(one, line, rules) for one, line in one_to_one) < _NO_ROW + _ORPHAN:
            return [*one_to_one]
    across = m + 1

    def into(place: int) -> Iterator[tuple[int, float, tuple[Label | None, FigureLine | None]]]:
        """Steps to where so many labels and so many lines are done: both of them, a label alone, a line alone."""
        i, j = divmod(place, across)
        if i and j and _in_sight(heights[i - 1], levels[j - 1], rooms[j - 1]):
            one, line = labels[i - 1], lines[j - 1]
            yield place - across - 1, _distance(one, line, rules), (one, line)
        if i:
            one = labels[i - 1]
            yield place - across, _BLANKS if one.kind == "row" else _NO_ROW, (one, None)
        if j:
            yield place - 1, _ORPHAN, (None, lines[j - 1])

    way, _ = cheapest((n + 1) * across - 1, into)
    return way


def _in_sight(height: tuple[float, float], level: float, room: float) -> bool:
    """Whether a label from top to bottom and a line of figures are near enough for belonging together."""
    return height[0] - room <= level <= height[1] + room


def _distance(one: Label, line: FigureLine, rules: Sequence[Rule]) -> float:
    """How far a line of figures is from standing beside a label in sight of it, in line heights."""
    y = line.middle
    nearest = min(max(y, one.top), one.bottom)
    off = abs(y - nearest) / line.height
    # Beside the middle, the first or the last line are all usual; anything between is a little less so.
    first, last = one.pieces[0].middle, one.pieces[-1].middle
    off += 0.3 * min(abs(y - one.middle), abs(y - first), abs(y - last)) / line.height
    if y != nearest:
        low, high, right = min(y, nearest), max(y, nearest), one.pieces[0].x1
        first_rule = bisect_right(rules, (low, float("inf"), float("inf")))
        for ry, x0, x1 in rules[first_rule : first_rule + _MOST_BETWEEN]:
            if ry >= high:
                break
            if x1 - x0 > 40 and x0 < right:
                off += 8.0
                break
    return min(off * 3, _NEVER)


def _beside(one: Label, line: FigureLine, labels: Sequence[Label]) -> bool:
    """Whether a line of figures stands beside this label and no other."""
    height = line.height
    if not one.top - 0.6 * height <= line.middle <= one.bottom + 0.6 * height:
        return False
    y = line.middle
    own = max(0.0, one.top - y, y - one.bottom)
    return not any(
        other is not one and other.top - y <= own and y - other.bottom <= own and other.kind != "unknown"
        for other in labels
    )


def _by_column(line: FigureLine, places: Places) -> tuple[dict[int, list[Piece]], set[int]]:
    """The figures of a line by column; and the columns of which it is not certain what stands in them."""
    out: dict[int, list[Piece]] = {}
    columns, certain = places.at(line.pieces[0])
    unsure: set[int] = set() if certain else {*range(len(columns))}
    for piece in line.pieces:
        i, other = column_at(columns, piece)
        if other is not None or (i in out and out[i][-1].line == piece.line):
            # It may be a part of the neighbour's figure, too, whose digits are set apart.
            unsure.update((i, i if other is None else other))
        out.setdefault(i, []).append(piece)
    if line.cut:
        unsure.add(min(out))
    return out, unsure
