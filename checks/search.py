"""The smallest sets of cells whose change satisfies every equation: an exact search, without any library.

Belongs here: the search over addresses, values and equations, and nothing else. Does not belong here: which equations
take part, what a set is called, digit evidence (`explanations`).

Every set of changed cells that shares no closed ring has a cell that stands alone in some violated equation, so its
new value follows from that equation; then the next cell, until nothing is violated. The search goes that way, for
sets of one cell, two, and so on, and cuts a branch when more equations of one rule are violated than the cells left
can reach. A ring (two rows crossing two columns) leaves its values open between bounds; there one cell is zero at a
bound, so zero is tried as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from schemas.facts import Value

# The smallest ring: two rows crossing two columns.
_RING = 4
# States looked at before the search gives up; real tables need a few hundred.
_MOST_STATES = 12_000

Changes = frozenset[tuple[str, Value]]


def is_whole(value: Value) -> bool:
    """Whether a figure can be a count."""
    return value >= 0 and value == int(value)


@dataclass(frozen=True)
class Sum:
    """``sum(sign * cell) = 0``. ``rule`` groups equations that have no cell in common."""

    rule: str
    signs: Mapping[str, int]

    def residual(self, values: Mapping[str, Value]) -> Value:
        return sum(sign * values[cell] for cell, sign in self.signs.items())


@dataclass
class Search:
    """One connected problem: cells that are counts, the sums they have to satisfy, the cells that may not change."""

    sums: Sequence[Sum]
    values: Mapping[str, Value]
    locked: frozenset[str] = frozenset()
    # Cells that are differences and may fall below zero.
    free: frozenset[str] = frozenset()
    most: int = 4

    def __post_init__(self) -> None:
        self.states = 0
        self.found: set[Changes] = set()

    @cached_property
    def sums_of(self) -> dict[str, tuple[int, ...]]:
        out: dict[str, list[int]] = {}
        for i, each in enumerate(self.sums):
            for cell in each.signs:
                out.setdefault(cell, []).append(i)
        return {cell: tuple(indices) for cell, indices in out.items()}

    @cached_property
    def cells_in(self) -> dict[frozenset[int], list[str]]:
        """The cells that take part in exactly these sums."""
        out: dict[frozenset[int], list[str]] = {}
        for cell, indices in self.sums_of.items():
            if cell not in self.locked:
                out.setdefault(frozenset(indices), []).append(cell)
        return out

    @cached_property
    def reach(self) -> dict[str, int]:
        """In how many sums of a rule one cell takes part at most."""
        out: dict[str, int] = {}
        for indices in self.sums_of.values():
            for rule, n in Counter(self.sums[i].rule for i in indices).items():
                out[rule] = max(out.get(rule, 0), n)
        return out

    def run(self) -> list[dict[str, Value]] | None:
        """Every smallest set with the values its cells take, at most ``most`` cells; None where there is none."""
        residuals = {i: r for i, each in enumerate(self.sums) if (r := each.residual(self.values))}
        self.must = frozenset(c for c in self.sums_of if not self._fits(c, self.values[c]))
        for size in range(1, self.most + 1):
            self.seen: set[Changes] = set()
            if self._within_reach(residuals, size):
                self._extend(residuals, {}, size)
            if self.found:
                return sorted((dict(sorted(f)) for f in self.found), key=lambda f: sorted(f.items()))
            if self.states > _MOST_STATES:
                return None
        return None

    def _fits(self, cell: str, value: Value) -> bool:
        return cell in self.free or is_whole(value)

    def _within_reach(self, violated: Iterable[int], cells_left: int) -> bool:
        """Whether so few cells can take part in all violated sums."""
        counts = dict.fromkeys(self.reach, 0)
        for i in violated:
            rule = self.sums[i].rule
            counts[rule] += 1
            if counts[rule] > cells_left * self.reach[rule]:
                return False
        return True

    def _extend(self, residuals: dict[int, Value], changed: dict[str, Value], cells_left: int) -> None:
        """Look at every way to change one more cell; ``residuals`` holds the violated sums only."""
        if cells_left == 1:
            self._last(residuals, changed)
            return
        for cell, new in self._candidates(residuals, changed, cells_left):
            after = self._after(residuals, cell, new)
            if not self._within_reach(after, cells_left - 1):
                continue
            full = {**changed, cell: new}
            key = frozenset(full.items())
            if key in self.seen:
                continue
            self.seen.add(key)
            self.states += 1
            if self.states > _MOST_STATES:
                return
            self._extend(after, full, cells_left - 1)

    def _candidates(
        self, residuals: dict[int, Value], changed: dict[str, Value], cells_left: int
    ) -> set[tuple[str, Value]]:
        """Cells that may be changed next, with the values that one of the violated sums gives them."""
        only = self._settled(residuals, cells_left)
        out: set[tuple[str, Value]] = set()
        for i in residuals if only is None else (only,):
            for cell, sign in self.sums[i].signs.items():
                if cell in changed or cell in self.locked:
                    continue
                new = self.values[cell] - sign * residuals[i]
                if self._fits(cell, new):
                    out.add((cell, new))
                if only is None and cells_left >= _RING and self.values[cell] > 0 and cell not in self.free:
                    out.add((cell, 0))
        return out

    def _settled(self, residuals: dict[int, Value], cells_left: int) -> int | None:
        """A violated sum that takes exactly one of the cells left, because each of them has to mend one of its rule.

        One such sum settles the order in which cells are tried; of several that with the fewest cells.
        """
        counts = Counter(self.sums[i].rule for i in residuals)
        settled = [i for i in residuals if self._exactly_one_each(counts, self.sums[i].rule, cells_left)]
        return min(settled, key=lambda i: len(self.sums[i].signs), default=None)

    def _exactly_one_each(self, counts: Mapping[str, int], rule: str, cells_left: int) -> bool:
        return self.reach[rule] == 1 and counts[rule] == cells_left

    def _after(self, residuals: dict[int, Value], cell: str, new: Value) -> dict[int, Value]:
        out = dict(residuals)
        difference = new - self.values[cell]
        for i in self.sums_of[cell]:
            residual = out.get(i, 0) + self.sums[i].signs[cell] * difference
            if residual:
                out[i] = residual
            else:
                out.pop(i, None)
        return out

    def _last(self, residuals: dict[int, Value], changed: dict[str, Value]) -> None:
        """The last cell takes part in all violated sums and in no other."""
        for cell in self.cells_in.get(frozenset(residuals), ()):
            if cell in changed:
                continue
            news = {self.values[cell] - self.sums[i].signs[cell] * r for i, r in residuals.items()}
            if len(news) == 1 and self._fits(cell, min(news)):
                full = {**changed, cell: news.pop()}
                if self.must <= full.keys():
                    self.found.add(frozenset(full.items()))
