"""Columns of a table without rules, and the heads over them.

Belongs here: wrapped and touching heads, which columns a block has, and which of them a group's head covers.
Does not belong here: labels beside the figures (`side_labels`) and the rows (`figure_rows`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from parsers.grammar.labels import head_label, vocabulary
from schemas.labels import label

from .columns import Column
from .content import Glyph, cut_at_gaps
from .in_order import cheapest
from .pieces import HEADS_APART, Piece
from .side_labels import Label, completed, part_of

# Points between two letters at a border.
_LEAST_ROOM = 0.3
# Characters of a line of a narrow column's head; of a head that touches the next one.
_SHORT = 3
_SHORTEST_HEAD, _LONGEST_HEAD = 2, 12


def leaf_heads(heads: Sequence[Piece]) -> list[tuple[float, float]]:
    """Extents of the known column heads, from left to right, out of what `whole_heads` gives."""
    vocab = vocabulary()
    stacks: list[list[Piece]] = []
    for piece in heads:
        key = label(piece.text).key
        if (key in vocab.others or key in vocab.rows) and head_label(piece.text)[0].key not in vocab.columns:
            continue
        best = None
        for stack in stacks:
            last = stack[-1]
            if last.x1 <= piece.x0 or last.x0 >= piece.x1:
                continue
            over = min(last.x1, piece.x1) - max(last.x0, piece.x0)
            if over > 0.5 * min(last.x1 - last.x0, piece.x1 - piece.x0) and piece.top >= last.top + 0.5 * last.height:
                best = stack
        if best is None:
            stacks.append([piece])
        elif _goes_on(best, piece):
            best.append(piece)
        else:
            stacks.append([piece])
    found = []
    for stack in stacks:
        # The longest run of a stack that is a head: what stands above or below it is something else.
        runs = ((a, b) for size in range(len(stack), 0, -1) for a in range(len(stack) - size + 1) for b in (a + size,))
        run = next((stack[a:b] for a, b in runs if _column_key(stack[a:b]) in vocab.columns), None)
        if run is not None:
            found.append((min(p.x0 for p in run), max(p.x1 for p in run)))
    found.sort()
    # Two heads over one another are no two columns.
    out: list[tuple[float, float]] = []
    for x0, x1 in found:
        if out and x0 < out[-1][1] - 0.5 * min(x1 - x0, out[-1][1] - out[-1][0]):
            return []
        out.append((x0, x1))
    return out


def _column_key(pieces: Sequence[Piece]) -> str:
    """The key of a column's head; nothing for a text with numbering, which a row has."""
    text = "".join(p.text for p in pieces)
    return "" if label(text).number is not None else head_label(text)[0].key


def _goes_on(stack: Sequence[Piece], piece: Piece) -> bool:
    """Whether a word below a head, or the beginning of one, belongs to it."""
    vocab = vocabulary()
    if _column_key(stack) not in vocab.columns:
        return True
    return _column_key([*stack, piece]) in vocab.column_prefixes


def stands_over_one(piece: Piece) -> bool:
    """Whether a word in a head stands over a single column, as far as its words tell."""
    vocab = vocabulary()
    key = label(piece.text).key
    return key not in vocab.others and (key not in vocab.rows or key in vocab.columns)


def place_heads(pieces: Sequence[Piece], columns: Sequence[Column]) -> list[list[tuple[str, int, int, list[Piece]]]]:
    """Heads above the columns' own, by rows, as (text, first column, count, pieces)."""
    out: list[list[tuple[str, int, int, list[Piece]]]] = []
    # Each head covers neighbouring units: columns, or what the heads below it cover.
    units = [_Unit(i, 1, _column_key(column.head)) for i, column in enumerate(columns)]
    for level in _levels(pieces):
        placed: list[tuple[str, int, int, list[Piece]]] = []
        covering: dict[int, _Unit] = {}
        for piece, (a, b) in _covered(level, units, columns):
            start, count = units[a].start, units[b - 1].start + units[b - 1].count - units[a].start
            placed.append((piece.text, start, count, [piece]))
            covering |= dict.fromkeys(range(start, start + count), _Unit(start, count, label(piece.text).key))
        if placed:
            out.insert(0, placed)
        found = {covering.get(unit.start, unit).start: covering.get(unit.start, unit) for unit in units}
        units = [found[start] for start in sorted(found)]
    return out


@dataclass(frozen=True, slots=True)
class _Unit:
    """Neighbouring columns under one head, or a column; the key of its head."""

    start: int
    count: int
    key: str


def _covered(
    level: Sequence[Piece], units: Sequence[_Unit], columns: Sequence[Column]
) -> list[tuple[Piece, tuple[int, int]]]:
    """Each head of a level with the units (from, to) that it covers.

    What the forms say stands under it; or one each of the runs in which the heads below come again; else by its place.
    """
    over = vocabulary().over
    n = len(units)
    run = next((p for p in range(2, n // 2 + 1) if n % p == 0 and _comes_again(units, p)), 0)
    if run and len(level) == n // run:
        return [(piece, (k * run, (k + 1) * run)) for k, piece in enumerate(level)]
    keys = [unit.key for unit in units]
    if len(level) == 1 and n == len(columns) == len(set(keys)) and label(level[0].text).key in vocabulary().rows:
        # No head comes twice, so that there is one row in the head.
        return [(level[0], (0, n))]
    known: list[tuple[int, int] | None] = []
    for piece in level:
        key = label(piece.text).key
        under = [i for i, unit in enumerate(units) if key in over.get(unit.key, ())]
        known.append((under[0], under[-1] + 1) if under and under[-1] - under[0] + 1 == len(under) else None)
    spans = [span for span in known if span]
    if any(a[1] > b[0] for a, b in pairwise(spans)):
        known = [None] * len(level)
    out: list[tuple[Piece, tuple[int, int]]] = []
    free: list[Piece] = []
    left = 0
    for piece, span in zip(level, known, strict=True):
        if span is None:
            free.append(piece)
            continue
        out += _by_place(free, left, span[0], units, columns)
        out.append((piece, span))
        free, left = [], span[1]
    return out + _by_place(free, left, n, units, columns)


def _by_place(
    level: Sequence[Piece], left: int, right: int, units: Sequence[_Unit], columns: Sequence[Column]
) -> list[tuple[Piece, tuple[int, int]]]:
    """The same for heads of which nothing is known, between two units."""
    if not level or left >= right:
        return []
    extents = [Column(columns[u.start].x0, columns[u.start + u.count - 1].x1) for u in units[left:right]]
    found = zip(level, _partition(level, extents), strict=False)
    return [(piece, (left + a, left + b)) for piece, (a, b) in found]


def _comes_again(units: Sequence[_Unit], run: int) -> bool:
    """Whether the heads of the units are the same after every so many."""
    return all(a.key and a.key == b.key for a, b in zip(units, units[run:], strict=False))


def _levels(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Heads of groups by their height, the lowest level first, each from left to right.

    A head with none below it stands on the level of its neighbours that have none, however high it is printed.
    """
    levels: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.top, p.x0)):
        for level in levels:
            if abs(level[0].middle - piece.middle) < 0.6 * piece.height:
                level.append(piece)
                break
        else:
            levels.append([piece])
    out: list[list[Piece]] = []
    for level in reversed(levels):
        extents = [(min(p.x0 for p in lower), max(p.x1 for p in lower)) for lower in out]
        above: list[Piece] = []
        for piece in level:
            free = next((k for k, (left, right) in enumerate(extents) if not left <= piece.center <= right), None)
            (above if free is None else out[free]).append(piece)
        if above:
            out.append(above)
    return [sorted(level, key=lambda p: p.x0) for level in out]


def words_apart(lines: Sequence[Sequence[Piece]]) -> list[Piece]:
    """The words of a head, those of neighbouring columns cut apart: heads of narrow columns stand near one another."""
    # Where short words stand side by side in one line, their columns part in the others.
    borders = sorted(
        (a.x1 + b.x0) / 2
        for line in lines
        for a, b in pairwise(line)
        if len(a.text) <= _SHORT and len(b.text) <= _SHORT and 0 < b.x0 - a.x1 < 1.5 * a.height
    )
    return [part for line in lines for piece in line for part in _apart(piece, borders)]


def _apart(piece: Piece, borders: Sequence[float]) -> list[Piece]:
    """A word cut at columns' borders or, where it crosses none, at its gaps; a label as it is stays whole."""
    if len(piece.text) < 3:
        return [piece]
    vocab = vocabulary()
    key = label(piece.text).key
    if vocab.knows(key) or vocab.begins(key):
        return [piece]
    groups = cut_at_gaps(piece.glyphs, HEADS_APART)
    if len(groups) == 1 or all(len(group) == 1 for group in groups):
        # No gaps, or letters set apart: only the borders tell.
        groups = [[]]
        for before, after in pairwise([*piece.glyphs, piece.glyphs[-1]]):
            groups[-1].append(before)
            room = after[0] - before[2]
            if room > _LEAST_ROOM and any(before[2] - 1 <= x <= after[0] + 1 for x in borders):
                groups.append([])
    if len(groups) == 1:
        groups = _by_their_names(piece)
    return [part_of(piece, glyphs) for glyphs in groups] if len(groups) > 1 else [piece]


def _by_their_names(piece: Piece) -> list[list[Glyph]]:
    """The glyphs of a word that is nothing but the heads of columns, of which the last ones may be wrapped; else all."""
    columns, prefixes = vocabulary().columns, vocabulary().column_prefixes
    text = piece.text
    if len(text) != len(piece.glyphs):
        return [piece.glyphs]
    # For each length the best cut so far: how much of it are whole heads, long ones first, and where its last part begins.
    best = [(0, 0)] + [(-1, 0)] * len(text)
    for end in range(_SHORTEST_HEAD, len(text) + 1):
        for start in range(max(0, end - _LONGEST_HEAD), end - _SHORTEST_HEAD + 1):
            part, before = text[start:end], best[start][0]
            known = part in columns
            if before >= 0 and (known or (len(part) >= _SHORT and part in prefixes)):
                best[end] = max(best[end], (before + known * len(part) ** 2, start))
    if best[-1][0] <= 0:
        return [piece.glyphs]
    cuts = [len(text)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    return [piece.glyphs[a:b] for a, b in pairwise(cuts[::-1])]


def whole_heads(pieces: Sequence[Piece]) -> list[Piece]:
    """The words of a head, wrapped heads of groups put together."""
    vocab = vocabulary()
    singles = [Label([p], "unknown", label(p.text).key) for p in sorted(pieces, key=lambda p: (p.top, p.x0))]
    out: list[Piece] = []
    gone: set[int] = set()
    # A head over two others goes on in neither.
    covered: dict[str, int] = {}
    for key in {one.key for one in singles}:
        for head in vocab.over.get(key, ()):
            covered[head] = covered.get(head, 0) + 1
    for i, one in enumerate(singles):
        if id(one) in gone:
            continue
        piece = one.pieces[0]
        below = (o for o in islice(singles, i + 1, None) if id(o) not in gone)
        found = completed(one, below) if covered.get(one.key, 0) < 2 else None
        members = [piece, *(o.pieces[0] for o in found or ())]
        if found and label("".join(p.text for p in members)).key not in vocab.columns:
            gone.update(id(o) for o in found)
            piece = replace(
                piece,
                x0=min(p.x0 for p in members),
                x1=max(p.x1 for p in members),
                bottom=members[-1].bottom,
                text="\n".join(p.text for p in members),
                glyphs=[g for p in members for g in p.glyphs],
            )
        out.append(piece)
    return out


def _partition(level: Sequence[Piece], columns: Sequence[Column]) -> list[tuple[int, int]]:
    """Which columns (from, to) each head of one level covers, in order, all columns divided among them.

    Of all divisions the one whose middles, or left edges, fit the heads best. A single head covers the widest run of
    columns that it stands over the middle of.
    """
    n, k = len(columns), len(level)
    if k == 0 or k > n:
        return []
    if k == 1:
        piece = level[0]
        whole = columns[-1].x1 - columns[0].x0
        if abs(piece.center - (columns[0].x0 + columns[-1].x1) / 2) < 0.5 * whole / n:
            return [(0, n)]
        fits = [
            (round(abs(piece.center - (columns[a].x0 + columns[b - 1].x1) / 2) / 6), a - b, a, b)
            for a in range(n)
            for b in range(a + 1, n + 1)
        ]
        _, _, a, b = min(fits)
        return [(a, b)]
    ways = [_divided(level, columns, by_left=by_left) for by_left in (False, True)]
    # The middles have it where the edges fit no better.
    return min(ways, key=lambda way: round(way[1], 6))[0]


def _divided(
    level: Sequence[Piece], columns: Sequence[Column], *, by_left: bool
) -> tuple[list[tuple[int, int]], float]:
    """The columns divided among the heads so that the heads' left edges, or their middles, are where the columns' are."""
    across = len(columns) + 1
    own = [(piece.x0 if by_left else piece.center, piece.x1 - piece.x0) for piece in level]

    def into(place: int) -> Iterator[tuple[int, float, tuple[int, int]]]:
        """Steps to where so many heads cover exactly so many columns."""
        heads, end = divmod(place, across)
        if not 0 < heads <= end:
            return
        (where, width), x1 = own[heads - 1], columns[end - 1].x1
        for start in range(heads - 1, end):
            x0 = columns[start].x0
            cost = abs(where - (x0 if by_left else (x0 + x1) / 2))
            if width > x1 - x0:
                cost += (width - (x1 - x0)) * 0.5
            yield (heads - 1) * across + start, cost, (start, end)

    return cheapest((len(level) + 1) * across - 1, into)


def is_column(text: str) -> bool:
    """Whether a text is the whole head of a column."""
    return label(text).number is None and head_label(text)[0].key in vocabulary().columns


def is_head(text: str) -> bool:
    vocab = vocabulary()
    key = label(text).key
    if key in vocab.others:
        return True
    if label(text).number is not None:
        return False
    if key in vocab.columns or head_label(text)[0].key in vocab.columns:
        return True
    return len(key) >= 4 and key in vocab.column_prefixes
