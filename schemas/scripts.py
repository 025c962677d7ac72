"""Names in traditional characters, in simplified ones.

Belongs here: converting a name so that no conversion damages it. Does not belong here: folding labels (`labels`).
"""

from __future__ import annotations

from functools import cache

from .labels import fold


def simplified(text: str) -> str:
    """Converted character by character; text that changes its length in conversion stays as it is."""
    converted = fold(text)
    return converted if len(converted) == len(text) else text


def plainly_simplified(text: str) -> str:
    """Only what no paper in simplified characters holds is converted: 財, but not the 乾 of 乾陵."""
    return "".join(c if _in_gb2312(c) else simplified(c) for c in text)


@cache
def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
