"""How much of one text is another's, with figures and names left out of account.

Belongs here: the measure and its shortcuts. Does not belong here: which texts are compared (`repeat_rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_SHINGLE = 4
# Two texts nine tenths alike share far more of their shingles than this.
_LEAST_SHARED = 0.35


@lru_cache(maxsize=4096)
def masked(text: str) -> str:
    """The text with every figure masked, so that another year's figures make no difference."""
    return re.sub(r"\d+(?:\.\d+)?", "#", text)


def bare(text: str, names: Iterable[str], leave_out: re.Pattern[str]) -> str:
    """A folded text without figures, the body's own names, and what every report says there."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "@")
    return leave_out.sub("", masked(text))


@lru_cache(maxsize=4096)
def _shingles(text: str) -> frozenset[str]:
    return frozenset(text[i : i + _SHINGLE] for i in range(max(len(text) - _SHINGLE + 1, 1)))


def similarity(one: str, other: str, at_least: float = 0.0) -> float:
    """From 0 to 1: twice the longest common subsequence by both lengths. Texts below ``at_least`` may get 0."""
    if one == other:
        return 1.0
    short, long_ = sorted((len(one), len(other)))
    if not short or 2 * short < at_least * (short + long_):
        return 0.0
    first, second = _shingles(one), _shingles(other)
    if at_least and len(first & second) < _LEAST_SHARED * min(len(first), len(second)):
        return 0.0
    return 2 * _common(one, other) / (short + long_)


def _common(one: str, other: str) -> int:
    """The length of the longest common subsequence, a column of the table in one integer (Hyyrö 2004)."""
    masks: dict[str, int] = {}
    for i, c in enumerate(one):
        masks[c] = masks.get(c, 0) | 1 << i
    full = (1 << len(one)) - 1
    row = full
    for c in other:
        matched = row & masks.get(c, 0)
        row = (row + matched | row - matched) & full
    return len(one) - row.bit_count()
