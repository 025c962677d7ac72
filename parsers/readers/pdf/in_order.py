"""The cheapest way through things that stand in order.

Belongs here: the one search by which lines are cut into labels (`side_labels`), heads divided among columns (`heads`)
and labels paired with lines of figures (`figure_rows`).
Does not belong here: what a step of these ways costs, and what of its outcome is not certain, which is said there. (How
little dearer the whole is without a step says nothing of that: in 720 PDFs it told only of rows that were read right.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
_NEVER = float("inf")


def cheapest(last: int, into: Callable[[int], Iterable[tuple[int, float, T]]]) -> tuple[list[T], float]:
    """What the steps of the cheapest way from place 0 to the last place are, and their cost. ValueError if there is none.

    ``into`` gives the steps that end at a place, each with the place that it comes from (a lower one) and its cost. Of
    steps that cost the same the one given first is taken.
    """
    costs = [0.0]
    taken: list[tuple[int, T] | None] = [None]
    for place in range(1, last + 1):
        least, best = _NEVER, None
        for before, cost, what in into(place):
            total = costs[before] + cost
            if total < least:
                least, best = total, (before, what)
        costs.append(least)
        taken.append(best)
    if costs[last] == _NEVER:
        raise ValueError("no way to the last place")
    way: list[T] = []
    at = taken[last]
    while at is not None:
        way.append(at[1])
        at = taken[at[0]]
    return way[::-1], costs[last]
