"""Where a ruled part of a page falls into pieces whose columns stand in other places.

Belongs here: at which level rules edges of columns end and others begin. Does not belong here: the cells between the
rules (`ruled`), pieces on other pages (`joining`), pieces of tables without rules (`respaced`).

Cells may be merged above a level rule or below it, not both. So a rule at which edges end and others begin parts two
pieces of a table, or two tables that stand on one another: each has its own columns, however near to one another the
edges of both are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from .content import Rule
from .strokes import SNAP, Merged

# Between rules so near to one another no character stands.
NO_ROOM = 4.5
# So far from a level rule the sides of the cells above it and below are looked for.
_NEXT_TO = 4.0
# What reaches no farther over such a rule ends at it.
_REACH = 1.5

# So many edges, and such a share of them, are others.
_FEWEST, _SHARE = 2, 1 / 3

_Section = tuple[float, float, Sequence[Rule]]


def sections(top: float, bottom: float, horizontal: Sequence[Merged], vertical: Sequence[Rule]) -> list[_Section]:
    """The pieces of a ruled part from top to bottom, each from where to where, with its upright rules.

    What is one cell all across between two pieces is the title of the lower one.
    """
    inside = [v for v in vertical if v[2] > top - 1 and v[1] < bottom + 1]
    left, right = min(inside)[0] + NO_ROOM, max(inside)[0] - NO_ROOM
    across = [y for y, ((a, b), *_) in horizontal if top + SNAP < y < bottom - SNAP and a < left and b > right]
    if not across:
        return [(top, bottom, inside)]
    above: list[set[float]] = [set() for _ in across]
    below: list[set[float]] = [set() for _ in across]
    # Rules between cells are drawn a cell at a time, so that many go from one height to another.
    alike: dict[tuple[float, float], list[float]] = {}
    for x, start, end in inside:
        if left < x < right:
            alike.setdefault((start, end), []).append(x)
    for (start, end), places in alike.items():
        for found, off in ((above, _NEXT_TO), (below, -_NEXT_TO)):
            for n in range(bisect_right(across, start + off), bisect_left(across, end + off)):
                found[n].update(places)
    cuts: list[float] = []
    edges: set[float] = set()
    ended = top
    for y, upper, lower in zip(across, above, below, strict=True):
        if upper:
            edges, ended = upper, y
        if _are_apart(edges, lower) and _are_apart(lower, edges):
            cuts.append(ended)
            edges = set()
    if not cuts:
        return [(top, bottom, inside)]
    ends = pairwise((top, *cuts, bottom))
    return [(a, b, [v for v in inside if v[2] > a + _REACH and v[1] < b - _REACH]) for a, b in ends]


def _are_apart(some: set[float], others: set[float]) -> bool:
    """Whether so many of some edges are none of the others that a box in a cell, or a label's cell, does not account for."""
    if not others or some <= others:
        return False
    own = sum(all(abs(x - y) >= NO_ROOM for y in others) for x in some)
    return own >= _FEWEST and own >= _SHARE * len(some)


__all__ = ["NO_ROOM", "sections"]
