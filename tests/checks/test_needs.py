"""What a text has to hold for a pattern to be put to it at all: every match of the pattern holds it.

Belongs here: that no `needs` of the data files leaves out a text in which its pattern matches. Does not belong here: what the
patterns are for (the tests of their rules).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import pytest

from checks.prose import holds_one
from checks.rules import data

_parser: Any = import_module("re._parser")
_MOST = 600


def _every() -> Iterator[tuple[str, str, list[str]]]:
    prose, compare = data("prose.toml"), data("compare.toml")
    for path, needs in prose["needs"].items():
        value: Any = prose
        for key in path.split("."):
            value = value[key]
        yield path, value, needs
    lists = {
        "self": prose["self"],
        "residue": prose["residue"],
        "stale": prose["stale"],
        "slip.items": prose["slip"]["items"],
        "nearly": compare["nearly"],
    }
    for name, each in lists.items():
        for i, entry in enumerate(each):
            if "needs" in entry:
                yield f"{name}.{i}", entry.get("pattern") or entry["words"], entry["needs"]


def _spellings(op: str, arg: Any) -> set[str] | None:
    """Everything that a part of a pattern can match; None where that is too much."""
    if op == "LITERAL":
        return {chr(arg)}
    if op in ("AT", "ASSERT", "ASSERT_NOT"):
        return {""}
    if op == "IN":
        return {chr(a) for _, a in arg} if all(str(o) == "LITERAL" for o, a in arg) else None
    if op == "SUBPATTERN":
        return _joined(arg[-1])
    if op == "BRANCH":
        parts = [_joined(branch) for branch in arg[1]]
        return None if None in parts else {s for part in parts if part is not None for s in part}
    if op in ("MAX_REPEAT", "MIN_REPEAT") and arg[:2] == (0, 1):
        inner = _joined(arg[2])
        return None if inner is None else {"", *inner}
    return None


def _joined(items: Any) -> set[str] | None:
    out = {""}
    for op, arg in items:
        own = _spellings(str(op), arg)
        if own is None or len(out) * len(own) > _MOST:
            return None
        out = {a + b for a in out for b in own}
    return out


def _always(items: Any, needs: Sequence[str]) -> bool:
    """Whether whatever a sequence matches holds one of the needs."""
    run = {""}
    for op, arg in items:
        name = str(op)
        if name == "SUBPATTERN" and _always(arg[-1], needs):
            return True
        if name == "BRANCH" and all(_always(branch, needs) for branch in arg[1]):
            return True
        if name in ("MAX_REPEAT", "MIN_REPEAT") and arg[0] > 0 and _always([*arg[2]] * arg[0], needs):
            return True
        own = _spellings(name, arg)
        run = {a + b for a in run for b in own} if own is not None and len(run) * len(own) <= _MOST else {""}
        if all(holds_one(text, needs) for text in run):
            return True
    return False


@pytest.mark.parametrize(("name", "pattern", "needs"), list(_every()), ids=lambda v: v if isinstance(v, str) else "")
def test_every_match_holds_what_is_asked_for(name: str, pattern: str, needs: list[str]) -> None:
    assert needs
    assert _always(_parser.parse(pattern), needs), name


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("我局|我厅", ["我局"]),
        ("(?:共)?收到", ["共"]),
        ("[×x]{1,3}年", ["×"]),
        ("收.到", ["收到"]),
        ("(?<=申请)人", ["申请"]),
    ],
)
def test_what_a_match_may_lack_is_found(pattern: str, needs: list[str]) -> None:
    assert not _always(_parser.parse(pattern), needs)
    assert re.compile(pattern)
