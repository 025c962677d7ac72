"""How much of one text is another's, with figures left out of account.

Belongs here: the measure and its shortcuts. Does not belong here: which texts are compared (`series_rules`,
`batch_rules`).
"""

from __future__ import annotations

import re
from functools import lru_cache

_SHINGLE = 5
# Two texts nine tenths alike share far more of their shingles than this.
_LEAST_SHARED = 0.35


@lru_cache(maxsize=4096)
def masked(text: str) -> str:
    """The text with every figure masked, so that another year's figures make no difference."""
    return re.sub(r"\d+(?:\.\d+)?", "#", text)


@lru_cache(maxsize=4096)
def _shingles(text: str) -> frozenset[int]:
    return frozenset(hash(text[i : i + _SHINGLE]) for i in range(max(len(text) - _SHINGLE + 1, 1)))


def similarity(a: str, b: str, at_least: float = 0.0) -> float:
    """From 0 to 1 for two folded texts. Texts that cannot reach ``at_least`` may get 0."""
    one, other = masked(a), masked(b)
    if one == other:
        return 1.0
    short, long_ = sorted((len(one), len(other)))
    if 2 * short < at_least * (short + long_):
        return 0.0
    first, second = _shingles(one), _shingles(other)
    if at_least and len(first & second) < _LEAST_SHARED * min(len(first), len(second)):
        return 0.0
    # Rarely needed, and not quick to import.
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other, autojunk=False).ratio()
