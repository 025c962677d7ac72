"""The search by which things in order are cut, divided and paired."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from parsers.readers.pdf.in_order import cheapest


def test_no_other_way_is_cheaper() -> None:
    """Held against all ways through small sets of steps at random."""
    draw = random.Random(4)
    for _ in range(60):
        last = draw.randint(1, 6)
        pairs = [(a, b) for b in range(1, last + 1) for a in range(b)]
        cost = {pair: draw.randint(-3, 9) for pair in pairs if draw.random() < 0.8}
        ways = [
            list(zip((0, *stops), (*stops, last), strict=True))
            for size in range(last)
            for stops in combinations(range(1, last), size)
        ]
        sums = [sum(cost[step] for step in way) for way in ways if all(step in cost for step in way)]

        def into(place: int, cost: dict[tuple[int, int], int] = cost) -> list[tuple[int, float, tuple[int, int]]]:
            return [(a, c, (a, b)) for (a, b), c in cost.items() if b == place]

        if not sums:
            with pytest.raises(ValueError, match="no way"):
                cheapest(last, into)
            continue
        way, total = cheapest(last, into)
        assert total == min(sums) == sum(cost[step] for step in way)
        assert way in ways


def test_of_steps_that_cost_the_same_the_first_is_taken() -> None:
    assert cheapest(1, lambda place: [(0, 1.0, "first"), (0, 1.0, "second")]) == (["first"], 1.0)
    assert cheapest(0, lambda place: []) == ([], 0.0)
