"""Figures that stand a column aside: lines that add up moved by one, a column that counts the rows.

Belongs here: telling that figures may stand one column off, by the form's own equations and by what counts up.
Does not belong here: finding columns (readers), pairing cells with them (`columns`), moving anything: what may be shifted is
in doubt, and stays where it was read.

Where a line's sums do not hold as it was read, blanks taken for nothing, and do with its figures moved by one column at the
most, each in its order, none of its cells is certain: neither figures nor blanks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from schemas import identities
from schemas.facts import Fact, Unresolved, Value
from schemas.identities import Equation

# Without rules between their columns; so many ways of moving figures are looked at.
_METHODS = frozenset({"anchored", "order"})
_MOST_WAYS = 5_000
# So many figures under one another, each one more than the one before, count the rows; the first is no higher than this.
_COUNTING, _FIRST_ROW = 6, 40
# More figures in a cell than this are those of other cells.
_FIGURES_OF_ONE = 2

_Line = list[Fact]


def in_doubt(facts: Sequence[Fact], form_id: str, variant: str | None) -> list[Fact]:
    """The facts of lines that may stand one column off. Facts without a box stand in cells of their format."""
    lines = list(_lines(facts))
    if not lines:
        return []
    by_row: dict[tuple[str, str | None], list[Equation]] = {}
    for equation in identities.equations(form_id, variant):
        if equation.row is not None and equation.column is None and equation.relation == "=":
            by_row.setdefault((equation.table, equation.row), []).append(equation)
    out: list[Fact] = []
    for line in lines:
        rows = dict.fromkeys(tuple(f.address.split(".")[:2]) for f in line)
        own = [e for table, row in rows for e in by_row.get((table, row), ())]
        if own and _adds_up_aside(line, own):
            out += line
    return out


def counting(facts: Sequence[Fact]) -> list[Fact]:
    """The facts of tables a column of which has the numbers of its rows: each figure may be the next column's."""
    columns: dict[tuple[str, str], list[Value]] = {}
    for fact in facts:
        if fact.value is not None:
            table, _, column = fact.address.split(".")
            columns.setdefault((table, column), []).append(fact.value)
    counted = Counter(
        table
        for (table, _), values in columns.items()
        if len(values) >= _COUNTING and values[0] <= _FIRST_ROW and all(b == a + 1 for a, b in pairwise(values))
    )
    # Rows are counted once.
    return [f for f in facts if counted[f.address.split(".")[0]] == 1] if counted else []


def beside_joined(facts: Sequence[Fact], unresolved: Sequence[Unresolved]) -> list[Fact]:
    """The blanks of lines in which one cell holds the figures of several: they may be theirs."""
    lines = {
        (u.place.table, u.place.row)
        for u in unresolved
        if u.reason == "joined" and u.place.row is not None and len(u.printed.split()) > _FIGURES_OF_ONE
    }
    return [f for f in facts if f.kind == "blank" and (f.place.table, f.place.row) in lines] if lines else []


def _lines(facts: Sequence[Fact]) -> Iterator[_Line]:
    """The cells of each printed line, from left to right."""
    placed = [f for f in facts if f.method in _METHODS and f.place.box is not None]
    placed.sort(key=lambda f: (f.place.table or 0, f.place.row or 0, f.place.column or 0))
    for _, line in groupby(placed, key=lambda f: (f.place.table, f.place.row)):
        yield list(line)


def _adds_up_aside(line: _Line, equations: Sequence[Equation]) -> bool:
    addresses = [f.address for f in line]
    at = {address: i for i, address in enumerate(addresses)}
    sums = [
        ([at[a] for a in e.left], [at[a] for a in e.right])
        for e in equations
        if all(a in at for a in (*e.left, *e.right))
    ]
    figures = {i: f.value for i, f in enumerate(line) if f.value is not None}
    if not sums or len(figures) in (0, len(line)) or any(f.kind in ("mark", "text") for f in line):
        return False
    if _hold(sums, figures):
        return False
    return any(_hold(sums, way) for way in _ways(list(figures.items()), len(line)))


def _hold(sums: Sequence[tuple[list[int], list[int]]], figures: Mapping[int, Value]) -> bool:
    return all(sum(figures.get(i, 0) for i in left) == sum(figures.get(i, 0) for i in right) for left, right in sums)


def _ways(figures: Sequence[tuple[int, Value]], columns: int) -> Iterator[dict[int, Value]]:
    """Every way to move figures by one column at the most, in their order."""
    ways: list[list[int]] = [[]]
    for at, _ in figures:
        ways = [
            [*way, to] for way in ways for to in (at - 1, at, at + 1) if 0 <= to < columns and (not way or to > way[-1])
        ]
        if len(ways) > _MOST_WAYS:
            return
    for way in ways:
        yield dict(zip(way, (value for _, value in figures), strict=True))
