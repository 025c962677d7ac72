"""Which line of figures belongs to which label, and which figure to which column.

Belongs here: pairing labels and lines of figures, and figures broken in narrow cells. Does not belong here: what of a row
other rows leave open (`row_doubts`), what the labels and columns are (`side_labels`, `heads`), and the grid made of the
rows (`anchored`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from parsers.grammar.figures import is_noted

from .columns import column_at
from .content import Rule
from .half_lines import together
from .in_order import cheapest
from .pieces import FigureLine, Piece
from .respaced import Places
from .row_doubts import Row, away_from, doubt, where_of
from .side_labels import Label

# Line heights beyond which a label and figures cannot belong together; no pair costs more than leaving both alone.
_OUT_OF_SIGHT, _NEVER = 8.0, 30.0
# What it costs to leave a row's label without figures (blanks), one that no form knows, and figures without a label.
_BLANKS, _NO_ROW, _ORPHAN = 6.0, 2.0, 12.0
_MOST_BETWEEN = 200
# Figures that no label claims, nearer to one than so many line heights, are pieces of figures wrapped in their cells.
_WRAPPED = 2.0
# Line heights by which a whole figure's middle may be off its row's, and by which another one is on another line.
_CENTRED, _OFF = 0.2, 0.25
# Share of the lower height that the mark of a note stands beside its figure.
_ON_ONE_LINE = 0.6


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
        if one is None and any(away_from(lb, line.middle) / max(line.height, 1.0) < _WRAPPED for lb in labels):
            loose.append(line)
            continue
        certain = one is not None and _beside(one, line, labels)
        broken = {i for i, pieces in by_column.items() if pieces[0].line != pieces[-1].line}
        rows.append(Row(one, by_column, None if certain else "label", line.middle, broken, unsure))
    for piece in _others(body, lines, places):
        _attach(piece, rows, places)
    _merge_wrapped(loose, rows, places)
    doubt(rows, len(places.columns))
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
        order = sorted(placed, key=lambda row: abs(where_of(row) - line.middle))
        away = [abs(where_of(row) - line.middle) / max(line.height, 1.0) for row in order[:2]]
        near = [row for row, far in zip(order[1:2], away[1:], strict=True) if far < away[0] + 1.2]
        below = next((n for n, row in enumerate(placed) if where_of(row) >= line.middle), 0)
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
    at += 1 if line.middle > where_of(row) else -1
    return [rows[at]] if 0 <= at < len(rows) and not rows[at].cells else []


def _is_level(row: Row, pieces: list[Piece]) -> bool:
    """Whether a figure is whole and stands beside the middle of its row, while others of the row are broken.

    A piece of a neighbour's figure would stand at least half a line off.
    """
    return len(pieces) == 1 and abs(_level(pieces[0]) - where_of(row)) < _CENTRED * pieces[0].height


def _level(piece: Piece) -> float:
    """The middle of a figure's digits: a raised mark behind it reaches higher."""
    digits = [glyph for glyph in piece.glyphs if glyph[4].isdecimal()]
    if not digits or len(digits) == len(piece.glyphs):
        return piece.middle
    top, bottom = min([g[1] for g in digits]), max([g[3] for g in digits])
    return piece.top - piece.box[1] + (top + bottom) / 2


def _is_noted(pieces: list[Piece]) -> bool:
    """Whether the pieces of a cell are one figure with its note in brackets, or with the raised mark of one behind it."""
    pieces.sort(key=lambda p: (p.line, p.x0))
    if len(pieces) == 2:
        figure, mark = sorted(pieces, key=lambda p: p.x0)
        shared = min(figure.bottom, mark.bottom) - max(figure.top, mark.top)
        if shared > _ON_ONE_LINE * min(figure.height, mark.height) and is_noted(figure.text + mark.text):
            return True
    return is_noted("".join(p.text for p in pieces))


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
    column, other = column_at(places.at(piece)[0], piece)
    best[1].cells.setdefault(column, []).append(piece)
    if other is not None:
        best[1].unsure.update((column, other))
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
    # Words that name no row have the figures only where they stand in their very lines: they may be a label's end.
    is_off = own > _OFF * height
    return not any(
        other is not one
        and other.top - y <= own
        and y - other.bottom <= own
        and (other.kind != "unknown" or (is_off and other.top <= y <= other.bottom))
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
