"""Columns of a table without rules: which figures stand in one column, and under which head.

Belongs here: figures under one another, and the head that each run of them belongs to. Does not belong here: what the
heads say and which heads stand over several columns (`heads`), and the rows (`figure_rows`).

Cells of a column share no width with those of the next one. So figures that stand under one another are one column's, and
figures under a head are that head's. Others stand beside their heads, as figures aligned to the right of wide cells do:
how the figures under heads are aligned tells about those; where it does not, they may be either neighbour's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from parsers.grammar.labels import key_of, vocabulary

from .content import Glyph
from .pieces import FigureLine, Piece
from .side_labels import part_of

# Points within which two edges are one.
_SAME = 1.5
# Points of width that neighbours may share: a glyph's box is a little wider than its ink.
_SHARED = 0.5
# Points between the end of a cell's text and the beginning of the next one's, where neither has room to spare.
_PADDING = 4.0
# Share of a narrower word's width that stands over another one.
_OVER = 0.3

Extent = tuple[float, float]


@dataclass(slots=True)
class Column:
    """A column of figures: its extent, the head over it, and the extents of its figures.

    Of figures that may be another column's as well the number of that one is told.
    """

    x0: float
    x1: float
    head: list[Piece] = field(default_factory=list)
    figures: list[tuple[float, float, int | None]] = field(default_factory=list)

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2


def columns_of(
    lines: Sequence[FigureLine], words: Sequence[Piece], heads: Sequence[Piece], walls: Sequence[float] = ()
) -> list[Column]:
    """Columns of a block, from left to right. ``words`` stand among the figures, ``heads`` over single columns, ``walls``
    are upright rules through all of it.
    """
    stacks = stacks_of(heads)
    runs = runs_of(lines, words, len(stacks))
    if not runs:
        return [Column(*_extent(stack), stack) for stack in stacks]
    if not stacks:
        return [Column(x0, x1, [], [(x0, x1, None)]) for x0, x1 in runs]
    extents = [_extent(stack) for stack in stacks]
    columns = [Column(*extent, stack) for extent, stack in zip(extents, stacks, strict=True)]
    page = min(piece.page for stack in stacks for piece in stack)
    on_page = any(line.pieces[0].page == page for line in lines)
    known = {i for i, stack in enumerate(stacks) if key_of("".join(p.text for p in stack)) in vocabulary().columns}
    alone: list[Column] = []
    under = _between(runs, extents, walls) or _under(runs, extents, lines, known, on_page)
    for run, (own, other) in zip(runs, under, strict=True):
        if own is None:
            alone.append(Column(*run, [], [(*run, None)]))
            continue
        column = columns[own]
        column.figures.append((*run, other))
        if other is None:
            column.x0, column.x1 = min(column.x0, run[0]), max(column.x1, run[1])
    if not alone:
        return columns
    # Columns without a head come in between; what is told of others moves with them.
    ordered = sorted((*columns, *alone), key=lambda column: column.center)
    place = {id(column): i for i, column in enumerate(ordered)}
    for column in columns:
        column.figures = [
            (a, b, None if other is None else place[id(columns[other])]) for a, b, other in column.figures
        ]
    return ordered


def column_at(columns: Sequence[Column], piece: Piece) -> tuple[int, int | None]:
    """The column that a word stands in, and the other one that it may stand in, if any."""
    left, right = piece.x0, piece.x1
    hits: dict[int, int | None] = {}
    for i, column in enumerate(columns):
        for x0, x1, other in column.figures:
            if left < x1 and right > x0:
                hits[i] = other
    if len(hits) == 1:
        return hits.popitem()
    center = piece.center
    near = sorted(hits or range(len(columns)), key=lambda i: abs(columns[i].center - center))
    column = columns[near[0]]
    if not hits and column.x0 < piece.x1 and piece.x0 < column.x1:
        return near[0], None
    return near[0], near[1] if len(near) > 1 else near[0]


def _extent(pieces: Sequence[Piece]) -> Extent:
    return min([p.x0 for p in pieces]), max([p.x1 for p in pieces])


def _shared(a: Extent, b: Extent) -> float:
    # Asked of every pair of words: comparisons are cheaper than calls.
    start, end = a
    x0, x1 = b
    return (x1 if x1 < end else end) - (x0 if x0 > start else start)


def stacks_of(heads: Sequence[Piece]) -> list[list[Piece]]:
    """The words over single columns, those of one column together, from left to right.

    A word over several others is several that touch: each character goes to the nearest column.
    """
    stacks: list[list[Piece]] = []
    extents: list[Extent] = []
    for piece in sorted(heads, key=lambda p: p.x1 - p.x0):
        own = (piece.x0, piece.x1)
        wide = own[1] - own[0]
        # What stands beside one another, as most heads do, shares nothing.
        met = [
            i
            for i, e in enumerate(extents)
            if e[0] < own[1]
            and own[0] < e[1]
            and ((shared := _shared(own, e)) > _OVER * wide or shared > _OVER * (e[1] - e[0]))
        ]
        if not met:
            stacks.append([piece])
            extents.append(own)
            continue
        parts: dict[int, list[Glyph]] = {met[0]: piece.glyphs} if len(met) == 1 else {}
        for glyph in piece.glyphs if len(met) > 1 else ():
            i = max(met, key=lambda i: _shared((glyph[0], glyph[2]), extents[i]))
            parts.setdefault(i, []).append(glyph)
        for i, glyphs in parts.items():
            part = piece if len(parts) == 1 else part_of(piece, glyphs)
            stacks[i].append(part)
            extents[i] = min(extents[i][0], part.x0), max(extents[i][1], part.x1)
    for stack in stacks:
        stack.sort(key=lambda p: (p.top, p.x0))
    return [stacks[i] for i in sorted(range(len(stacks)), key=lambda i: extents[i][0])]


def runs_of(lines: Sequence[FigureLine], words: Sequence[Piece], wanted: int) -> list[Extent]:
    """Extents of the figures that stand under one another, and of words under none, from left to right."""
    # What a space parts may stand in two columns: it tells of none that other figures stand in.
    figures = [p for line in lines for p in line.pieces]
    runs = _by_overlap([(p.x0, p.x1) for p in figures if " " not in p.text])
    parted = [(p.x0, p.x1) for p in figures if " " in p.text]
    runs = _by_overlap([*runs, *(own for own in parted if all(_shared(own, run) <= 0 for run in runs))])
    if any(_is_crowded(line, runs) for line in lines):
        # Pages are not quite under one another, or figures reach over their cells: lines with all figures tell.
        counts = Counter(len(line.pieces) for line in lines)
        most = max((k for k, v in counts.items() if v >= max(1, len(lines) // 5)), default=0)
        full = [line for line in lines if len(line.pieces) == (wanted if counts[wanted] else most)]
        middles = [
            (median(p.x0 for p in own), median(p.x1 for p in own))
            for own in zip(*(f.pieces for f in full), strict=True)
        ]
        runs = middles if all(a[1] <= b[0] for a, b in pairwise(middles)) else []
    free = [(p.x0, p.x1) for p in words if all(_shared((p.x0, p.x1), run) <= 0 for run in runs)]
    return sorted([*runs, *_by_overlap(free)])


def _by_overlap(extents: Iterable[Extent]) -> list[Extent]:
    out: list[Extent] = []
    start = end = 0.0
    for x0, x1 in sorted(extents):
        if out and x0 < end - _SHARED:
            if x1 > end:
                end = x1
                out[-1] = (start, end)
        else:
            start, end = x0, x1
            out.append((x0, x1))
    return out


def _is_crowded(line: FigureLine, runs: Sequence[Extent]) -> bool:
    """Whether two figures of a line stand in one run."""
    if len(line.pieces) < 2:
        return False
    taken: set[int] = set()
    for piece in line.pieces:
        left, right = piece.x0, piece.x1
        for k, (x0, x1) in enumerate(runs):
            if x0 < right and left < x1:
                if k in taken:
                    return True
                taken.add(k)
                break
    return False


def _between(
    runs: Sequence[Extent], heads: Sequence[Extent], walls: Sequence[float]
) -> list[tuple[int | None, int | None]] | None:
    """For every run of figures the head between the same upright rules, wherever they stand there; None where rules do not
    part all heads, or some figures stand under none.
    """
    if not walls or len(walls) < len(heads) - 1:
        return None
    rooms: dict[int, int] = {}
    for i, head in enumerate(heads):
        room = bisect_left(walls, head[0] + _SAME)
        if room in rooms or bisect_left(walls, head[1] - _SAME) != room:
            return None
        rooms[room] = i
    found = [rooms.get(bisect_left(walls, run[0] + _SAME)) for run in runs]
    if any(
        own is None or rooms.get(bisect_left(walls, run[1] - _SAME)) != own
        for own, run in zip(found, runs, strict=True)
    ):
        return None
    return [(own, None) for own in found]


def _under(
    runs: Sequence[Extent], heads: Sequence[Extent], lines: Sequence[FigureLine], known: Container[int], on_page: bool
) -> list[tuple[int | None, int | None]]:
    """For every run of figures its head, and the other one that may be its as well; None for a column without a head.

    What stands under what is certain ``on_page`` only: where the heads' page has figures. Columns under other heads than
    the forms' ``known`` ones may be aligned otherwise.
    """
    over = [
        [i for i, head in enumerate(heads) if head[0] < run[1] and run[0] < head[1] and _shared(run, head) > _SHARED]
        for run in runs
    ]
    for run, own in zip(runs, over, strict=True):
        if len(own) > 1:
            # Figures at the end of a cell may touch what the next one's head covers.
            own[:] = [i for i in own if _shared(run, heads[i]) > _OVER * (run[1] - run[0])] or own
    if len(runs) == len(heads) and all(not own or k in own for k, own in enumerate(over)):
        return [(k, None) for k in range(len(runs))]
    if len(runs) > len(heads):
        in_order = _by_order(runs, lines, len(heads))
        if in_order is not None:
            return [(own, None) for own in in_order]
    sure = {k: own[0] for k, own in enumerate(over) if len(own) == 1 and on_page}
    marks = _of_marks(runs, lines) if len(sure) < len(runs) else set()
    ways = [way for way in _WAYS if all(way(runs[k], heads) == i for k, i in sure.items() if i in known)]
    # A way of placing figures in their cells that leaves some without a head, or two in one cell, is not this table's.
    placed = [way for way in ways if _is_one_each([way(run, heads) for run in runs])]
    ways = placed or ways
    if marks:
        # Sheets put words at the beginning of their cells and figures at the end: marks tell nothing of figures.
        told = [k for k, i in sure.items() if i in known and k not in marks]
        figures = [run for k, run in enumerate(runs) if k not in marks]
        others = [way for way in _WAYS if all(way(runs[k], heads) == sure[k] for k in told)]
        ways_of_figures = [way for way in others if _is_one_each([way(run, heads) for run in figures])] or others
    else:
        ways_of_figures = ways
    out: list[tuple[int | None, int | None]] = []
    for k, run in enumerate(runs):
        if k in sure:
            out.append((sure[k], None))
            continue
        own_ways = ways if k in marks else ways_of_figures
        found = {i for way in own_ways if (i := way(run, heads)) is not None}
        if len(over[k]) == 1:
            # The head that figures of another page stand under is one that they may be of, whatever the way says.
            found.add(over[k][0])
        center = (run[0] + run[1]) / 2
        near = sorted(range(len(heads)), key=lambda i: abs(heads[i][0] + heads[i][1] - 2 * center))
        taken = [i for i in near if any(s == i and _meet(run, runs[other], lines) for other, s in sure.items())]
        options = [i for i in near if (i in found if found else True) and i not in taken]
        if not options or _is_outside(run, heads, options[0]):
            out.append((None, None))
        elif len(found) == 1:
            other: int | None = None
            if not sure and _are_at_ends(runs, heads):
                other = options[0]
            elif not sure and near[0] != options[0] and _is_crossed(own_ways, runs, heads, over):
                other = near[0]
            out.append((options[0], other))
        else:
            out.append((options[0], options[1] if len(options) > 1 else None))
    return _doubted(out, runs, heads, lines)


def _is_crossed(
    ways: Sequence[Callable[[Extent, Sequence[Extent]], int | None]],
    runs: Sequence[Extent],
    heads: Sequence[Extent],
    over: Sequence[Sequence[int]],
) -> bool:
    """Whether what tells of all figures tells of some another head than the one that they stand under."""
    return any(way(run, heads) != own[0] for way in ways for run, own in zip(runs, over, strict=True) if len(own) == 1)


def _are_at_ends(runs: Sequence[Extent], heads: Sequence[Extent]) -> bool:
    """Whether figures stand at the end of their cells, as near to the next head as cells are to one another."""
    return all(any(0 <= head[0] - run[1] < _PADDING for head in heads) for run in runs if run[1] < heads[-1][0])


def _of_marks(runs: Sequence[Extent], lines: Sequence[FigureLine]) -> set[int]:
    """Which runs have a mark and no figure without one."""
    out: set[int] = set()
    for k, run in enumerate(runs):
        own = [p.text for line in lines for p in line.pieces if _shared((p.x0, p.x1), run) > 0]
        if own and not any(text[-1:].isalnum() for text in own):
            out.add(k)
    return out


def _doubted(
    found: list[tuple[int | None, int | None]],
    runs: Sequence[Extent],
    heads: Sequence[Extent],
    lines: Sequence[FigureLine],
) -> list[tuple[int | None, int | None]]:
    """The heads of runs; where lines have figures in two runs under one head, each may be that of the column beside it, as
    may all between them and a column that is empty.
    """
    taken = {own for own, _ in found}
    empty = [i for i in range(len(heads)) if i not in taken]
    out = [*found]
    for k, n in pairwise(range(len(found))):
        own = found[k][0]
        if own is None or own != found[n][0] or not _meet(runs[k], runs[n], lines):
            continue
        before, behind = (
            max([i for i in empty if i < own], default=own),
            min([i for i in empty if i > own], default=own),
        )
        for j, (i, other) in enumerate(found):
            if i is not None and other is None:
                if j <= k and before < i <= own:
                    out[j] = i, i - 1
                elif j >= n and own <= i < behind:
                    out[j] = i, i + 1
    return out


def _by_order(runs: Sequence[Extent], lines: Sequence[FigureLine], wanted: int) -> list[int] | None:
    """Of every run which of a line's figures it holds, where each line has one for each head and all lines agree.

    Rows of another kind (sums of groups) may be spaced otherwise, and stand between the figures of the rest.
    """
    places: list[set[int]] = [set() for _ in runs]
    for line in lines:
        if len(line.pieces) != wanted:
            return None
        for n, piece in enumerate(line.pieces):
            at = next((k for k, run in enumerate(runs) if _shared((piece.x0, piece.x1), run) > 0), None)
            if at is None:
                # A figure that no run was made of.
                return None
            places[at].add(n)
    return [only for (only,) in places] if all(len(found) == 1 for found in places) else None


def _is_one_each(found: Sequence[int | None]) -> bool:
    return None not in found and len(set(found)) == len(found)


def _meet(a: Extent, b: Extent, lines: Sequence[FigureLine]) -> bool:
    """Whether some line has a figure in both runs, so that they are two columns'."""
    return any(
        any(_shared((p.x0, p.x1), a) > 0 for p in line.pieces)
        and any(_shared((p.x0, p.x1), b) > 0 for p in line.pieces)
        for line in lines
    )


def _is_outside(run: Extent, heads: Sequence[Extent], i: int) -> bool:
    """Whether figures stand so far beside all heads that they are under none."""
    if heads[0][0] < run[1] and run[0] < heads[-1][1]:
        return False
    pitch = min((b[0] - a[0] for a, b in pairwise(heads)), default=float("inf"))
    return min(abs(run[0] - heads[i][1]), abs(run[1] - heads[i][0])) > pitch / 2


def _left(run: Extent, heads: Sequence[Extent]) -> int | None:
    """The head of figures that begin where their cells do: the first one that begins no farther left."""
    return next((i for i, head in enumerate(heads) if head[0] >= run[0] - _SAME), None)


def _right(run: Extent, heads: Sequence[Extent]) -> int | None:
    """The head of figures that end where their cells do: the last one that ends no farther right."""
    return next((i for i, head in reversed([*enumerate(heads)]) if head[1] <= run[1] + _SAME), None)


def _middle(run: Extent, heads: Sequence[Extent]) -> int | None:
    """The head of figures in the middle of their cells, as heads are: the one over the middle."""
    return next((i for i, head in enumerate(heads) if abs(sum(head) - sum(run)) <= 2 * _SAME), None)


_WAYS = (_left, _right, _middle)
