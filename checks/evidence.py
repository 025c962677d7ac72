"""What a wrong figure looks like beside the right one: digit evidence, which is shown and decides nothing.

Belongs here: comparing the digits of two figures, and figures with those printed beside them. Does not belong here:
which cell is wrong (`explanations`).
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.facts import Value


def _digits(value: Value | None) -> str:
    if value is None or value < 0 or value != int(value):
        return ""
    return str(int(value))


def _without_one(longer: str, shorter: str) -> bool:
    """Whether dropping one digit of ``longer`` gives ``shorter``."""
    return len(longer) == len(shorter) + 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _is_swap(a: str, b: str) -> bool:
    differing = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(differing) == 2 and differing[1] == differing[0] + 1 and a[differing[0]] == b[differing[1]]


def digit_evidence(printed: Value | None, value: Value, beside: Sequence[Value | None] = ()) -> str | None:
    """How ``printed`` may have come from ``value``; ``beside`` are the figures printed left and right of it.

    ``digit swap``, ``joined pair`` (two cells in one), ``split pair`` (one figure in two cells), ``dropped digit``,
    ``added digit``, ``digit changed``, or None.
    """
    was, new = _digits(printed), _digits(value)
    if not was or not new or was == new:
        return None
    if len(was) == len(new):
        if _is_swap(was, new):
            return "digit swap"
        return "digit changed" if len(was) > 1 and sum(x != y for x, y in zip(was, new, strict=True)) == 1 else None
    neighbours = [_digits(n) for n in beside if n is not None]
    if any(n and new in (was + n, n + was) and "0" not in (was, new[0]) for n in neighbours):
        return "split pair"
    if any(n and was in (new + n, n + new) and new != "0" for n in neighbours):
        return "joined pair"
    if was != "0" and _without_one(new, was):
        return "dropped digit"
    return "added digit" if new != "0" and _without_one(was, new) else None
