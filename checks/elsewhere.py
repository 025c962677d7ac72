"""Figures that a sentence gives of another body's cases, of a time, of a topic or of a manner: 单月最多收到3件.

Belongs here: whether a figure's own words say so (`compare.toml`, [elsewhere]). Does not belong here: what became of a part
of the requests (`divided`).

A figure of some can only be more than the whole; one of another body's cases is no figure of the report's own.
"""

from __future__ import annotations

import re
from functools import cache

from schemas.facts import Statement, Value
from schemas.labels import fold

from .comparisons import fronts
from .rules import data

_MARKS = re.compile(r"[,(]")


@cache
def _words() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in data("compare.toml")["elsewhere"].items()}


def is_of_others_or_of_some(statement: Statement, expected: Value) -> bool:
    """Whether each place of a figure that is not the table's is of others' cases, or of some that may be so many."""
    sentence, printed = fold(statement.sentence), fold(statement.printed)
    places = [(front, sentence[len(front) + len(printed) :]) for front in fronts(statement)]
    if not places or not any(c in printed for c in "件宗"):
        return False
    if all(_of_others(front, behind) for front, behind in places):
        return True
    return statement.value <= expected and (
        all(_of_some(front, statement.value) for front, _ in places) or _by_manner(sentence, statement.value, expected)
    )


def _pieces(front: str) -> list[str]:
    return _MARKS.split(front[max(map(front.rfind, "。;")) + 1 :])


def _of_others(front: str, behind: str) -> bool:
    words, piece = _words(), _pieces(front)[-1]
    if words["own"].search(piece) is not None:
        return False
    return any(words[name].search(piece) is not None for name in ("acts", "belongs")) or (
        words["behind"].search(behind) is not None
    )


def _of_some(front: str, value: Value) -> bool:
    """Whether the figure's piece says so, or the one before, or the one before counts of the same part."""
    words = _words()
    *before, piece = _pieces(front)
    if words["of_a_time"].search(piece) is not None:
        return True
    if words["whole"].search(piece) is not None:
        return False
    if words["of_a_topic"].search(piece) is not None:
        return True
    while before and (m := words["goes_on"].search(before[-1])) is not None and int(m["n"]) >= value:
        if words["whole"].search(before[-1]) is not None:
            return False
        before.pop()
    if not before:
        return False
    if words["opened_time"].search(before[-1]) is not None:
        return True
    return words["opened_topic"].search(before[-1]) is not None and words["not_opened"].search(before[-1]) is None


def _by_manner(sentence: str, value: Value, expected: Value) -> bool:
    """Whether it is one of several of one verb, each in a manner of its own: 当场答复4件,书面答复7件.

    Together they may not be more than all; beside the rest alone (2件,其余9件) they are all.
    """
    words = _words()
    if any(int(m["n"]) == value and value + int(m["rest"]) == expected for m in words["rest"].finditer(sentence)):
        return True
    found = list(words["manners"].finditer(sentence))
    for verb in {m["verb"] for m in found}:
        of = {m["how"]: int(m["n"]) for m in found if m["verb"] == verb}
        if len(of) > 1 and value in of.values() and sum(of.values()) <= expected:
            return True
    return False
