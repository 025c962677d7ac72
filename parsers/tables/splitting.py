"""Digits whose cell borders are lost: the ways to split a line into cells, and which of them agree with the form.

Belongs here: the arithmetic alone: splitting, row sums, column sums over whole tables, what all remaining ways agree
on. Does not belong here: finding lines and labels in running text (`joined`), and what is taken for granted about a
document: that is said by the caller through what it passes in.

All searches are bounded; where a bound is hit the answer is "not known", never a part of the ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Way = tuple[str, ...]
Vector = tuple[int, ...]

MOST_WAYS = 4_000
_MOST_STEPS = 20_000
_MOST_SUMS = 4_000
_LONGEST_CELL = 13


@dataclass(frozen=True, slots=True)
class Sum:
    """Within one line: the cell at ``total`` is the sum of the cells at ``parts``; positions count from 0."""

    total: int
    parts: tuple[int, ...]


class _TooManyError(Exception):
    """More steps than a line is worth."""


def ways(stretches: Sequence[str], decimals: Sequence[bool], sums: Sequence[Sum] = ()) -> list[Way] | None:
    """Every way to cut digits into ``len(decimals)`` cells, in the order printed.

    ``stretches`` are digits between borders that are certain; no cell is empty and none begins with a zero unless it
    is 0 or 0.…; a point may stand only where ``decimals`` says so. None when there are too many to list.
    """
    if any(not s for s in stretches) or len(stretches) > len(decimals):
        return []
    search = _Search(stretches, decimals, sums)
    last = len(decimals) - 1
    try:
        if len(stretches) == len(sums) == 1 and sums[0].total == last and len(sums[0].parts) == last:
            search.run_by_total()
        else:
            search.run(0, 0, [])
    except _TooManyError:
        return None
    return search.found


class _Search:
    """Depth first over the cells of one line; a total is known once its parts are."""

    def __init__(self, stretches: Sequence[str], decimals: Sequence[bool], sums: Sequence[Sum]) -> None:
        self.text = "".join(stretches)
        self.decimals = decimals
        self.found: list[Way] = []
        self.steps = 0
        borders = [0]
        for s in stretches:
            borders.append(borders[-1] + len(s))
        # For every position the end of its stretch, and how many borders are still ahead of it.
        self.end = [b for a, b in pairwise(borders) for _ in range(b - a)]
        self.stretches_left = [len(stretches) - i for i, (a, b) in enumerate(pairwise(borders)) for _ in range(b - a)]
        self.sum_at = {s.total: s for s in sums if all(p < s.total for p in s.parts)}
        self.late = [s for s in sums if any(p > s.total for p in s.parts)]
        # The sum that each cell is a part of, where its total comes later in the line.
        self.sum_of = {p: s for s in self.sum_at.values() for p in s.parts}

    def run(self, cell: int, at: int, taken: list[str]) -> None:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise _TooManyError
        left = len(self.decimals) - cell
        if left == 0:
            if at == len(self.text) and all(_total(taken, s) == taken[s.total] for s in self.late):
                self.found.append(tuple(taken))
                if len(self.found) > MOST_WAYS:
                    raise _TooManyError
            return
        if at >= len(self.text) or self.stretches_left[at] > left:
            return
        for piece in self._pieces(cell, at, left, taken):
            taken.append(piece)
            self.run(cell + 1, at + len(piece), taken)
            taken.pop()

    def run_by_total(self) -> None:
        """A line whose last cell is the sum of all others: choose the total first, which bounds the others."""
        cells = len(self.decimals) - 1
        for length in range(1, min(len(self.text) - cells, _LONGEST_CELL) + 1):
            total = self.text[-length:]
            if _is_number(total, False) and (len(self.text) - length) <= cells * length:
                self._parts(0, len(self.text) - length, cells, int(total), [], total)

    def _parts(self, at: int, end: int, cells: int, rest: int, taken: list[str], total: str) -> None:
        """The remaining parts of a total: ``rest`` over ``cells`` cells in the digits from ``at`` to ``end``."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise _TooManyError
        if cells == 1:
            if self.text[at:end] == str(rest):
                self.found.append((*taken, str(rest), total))
                if len(self.found) > MOST_WAYS:
                    raise _TooManyError
            return
        longest = len(str(rest))
        digits = end - at
        # Too many digits for the cells, or too few to reach the rest.
        if digits > cells * longest or rest >= cells * 10 ** min(digits - cells + 1, longest):
            return
        for length in range(1, min(longest, digits - cells + 1) + 1):
            piece = self.text[at : at + length]
            if not _is_number(piece, False) or int(piece) > rest:
                break
            self._parts(at + length, end, cells - 1, rest - int(piece), [*taken, piece], total)

    def _pieces(self, cell: int, at: int, left: int, taken: list[str]) -> list[str]:
        """What the next cell can be."""
        end = self.end[at]
        known = self.sum_at.get(cell)
        if known is not None:
            total = _total(taken, known)
            return [total] if total is not None and self.text.startswith(total, at) and at + len(total) <= end else []
        room = len(self.text) - at - self._least_after(cell, left, taken)
        pieces: list[str] = []
        for stop in range(at + 1, min(end, at + min(room, _LONGEST_CELL + 7)) + 1):
            piece = self.text[at:stop]
            if _is_number(piece, self.decimals[cell]):
                pieces.append(piece)
            elif piece[0] == "0" and not self.decimals[cell]:
                break
        return pieces

    def _least_after(self, cell: int, left: int, taken: list[str]) -> int:
        """The fewest digits that the cells after this one need: one each, and a total no shorter than its parts."""
        least = left - 1
        total = self.sum_of.get(cell)
        if total is not None:
            so_far = [taken[p] for p in total.parts if p < cell]
            if so_far:
                least += max(len(p) for p in so_far) - 1
        return least


def _is_number(piece: str, decimal: bool) -> bool:
    whole, point, fraction = piece.partition(".")
    if point and (not decimal or not fraction.isdigit() or len(fraction) > 6):
        return False
    return whole.isdigit() and len(whole) <= _LONGEST_CELL and (len(whole) == 1 or whole[0] != "0")


def _total(taken: Sequence[str], s: Sum) -> str | None:
    parts = [taken[p] for p in s.parts]
    return str(sum(map(int, parts))) if all(p.isdigit() for p in parts) else None


# --- whole tables


@dataclass(frozen=True, slots=True)
class Balance:
    """Over whole lines: the lines of ``left`` add up to those of ``right``, cell by cell. Numbers are line indices."""

    left: tuple[int, ...]
    right: tuple[int, ...]


def consistent(domains: Sequence[Sequence[Vector]], balances: Sequence[Balance]) -> list[list[Vector]] | None:
    """What remains of each line's ways when every balance must hold; None when nothing satisfies them all.

    A way remains if each balance has a solution with it among the ways that remain (generalised arc consistency). A
    balance with too many sums to follow removes nothing.
    """
    remaining = [list(d) for d in domains]
    changed = True
    while changed:
        changed = False
        for balance in balances:
            kept = _supported(remaining, balance)
            if kept is None:
                continue
            for line, vectors in kept.items():
                if not vectors:
                    return None
                if len(vectors) < len(remaining[line]):
                    remaining[line] = vectors
                    changed = True
    return remaining


def _supported(domains: Sequence[Sequence[Vector]], balance: Balance) -> dict[int, list[Vector]] | None:
    """The ways of each line that take part in some solution of one balance; None when there are too many sums."""
    # Left lines add, right lines subtract; a sum that falls below zero on the right cannot come back.
    order = sorted(balance.left, key=lambda i: len(domains[i])) + sorted(balance.right, key=lambda i: len(domains[i]))
    rights = set(balance.right)
    width = len(domains[order[0]][0])
    layers: list[set[Vector]] = [{(0,) * width}]
    for line in order:
        sign = -1 if line in rights else 1
        layer = {
            s
            for v in layers[-1]
            for w in domains[line]
            if sign > 0 or all(a >= b for a, b in zip(v, w, strict=True))
            for s in (_plus(v, w, sign),)
        }
        if len(layer) > _MOST_SUMS:
            return None
        layers.append(layer)
    alive = layers[-1] & {(0,) * width}
    kept: dict[int, list[Vector]] = {}
    for line, before in zip(reversed(order), reversed(layers[:-1]), strict=True):
        sign = -1 if line in rights else 1
        pairs = [(v, w) for v in before for w in domains[line] if _plus(v, w, sign) in alive]
        used = {w for _, w in pairs}
        kept[line] = [w for w in domains[line] if w in used]
        alive = {v for v, _ in pairs}
    return kept


def _plus(v: Vector, w: Vector, sign: int) -> Vector:
    return (
        tuple(a + b for a, b in zip(v, w, strict=True)) if sign > 0 else tuple(a - b for a, b in zip(v, w, strict=True))
    )


def settle(domains: Sequence[Sequence[Vector]], balances: Sequence[Balance]) -> list[list[Vector]]:
    """The ways that column sums leave, on the cautious side.

    Printed column sums are sometimes wrong. They are heard only where some ways satisfy all of them, and a way is
    dropped only if it stays impossible when any one column is left out of account. So one column that is wrong in
    print cannot decide anything by itself.
    """
    if not balances or all(len(d) == 1 for d in domains) or consistent(domains, balances) is None:
        return [list(d) for d in domains]
    width = len(domains[0][0])
    kept: list[set[Vector]] = [set() for _ in domains]
    for column in range(width):
        groups = [_without(d, column) for d in domains]
        remaining = consistent([list(g) for g in groups], balances)
        if remaining is None:
            return [list(d) for d in domains]
        for line, vectors in enumerate(remaining):
            for v in vectors:
                kept[line].update(groups[line][v])
    return [[v for v in d if v in k] for d, k in zip(domains, kept, strict=True)]


def _without(vectors: Sequence[Vector], column: int) -> dict[Vector, list[Vector]]:
    """Vectors by what is left of them without one column."""
    out: dict[Vector, list[Vector]] = {}
    for v in vectors:
        out.setdefault(v[:column] + v[column + 1 :], []).append(v)
    return out
