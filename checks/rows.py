"""Numbers of topics and items in a row: which do not follow the one before.

Belongs here: the arithmetic of lists, one within another. Does not belong here: where numbers stand in a text (`prose_rules`,
`slip_rules`).
"""

from __future__ import annotations

from collections.abc import Sequence


def odd_ones(numbers: Sequence[int]) -> list[int]:
    """The positions of numbers that continue no list that is open: 1 2 2 4 gives those of the second 2 and of the 4.

    1 begins a list, within the one before or behind it; the first number may be any, for what stands before it may be unseen.
    """
    odd: list[int] = []
    levels: list[int] = []
    for i, n in enumerate(numbers):
        if n == 1:
            levels.append(1)
            continue
        while levels and levels[-1] != n - 1:
            levels.pop()
        if levels:
            levels[-1] = n
        else:
            levels = [n]
            if i:
                odd.append(i)
    return odd
