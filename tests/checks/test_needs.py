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

from checks import breakdowns, reckoned, time_rules, worded_rules
from checks.prose import holds_one
from checks.rules import data

_parser: Any = import_module("re._parser")
_MOST = 600


def _every() -> Iterator[tuple[str, str, list[str]]]:
    prose, compare = data("prose.toml"), data("compare.toml")
    for path, needs in prose["needs"].items():
        yield path, _at(prose, path), needs
    yield "subject.about", prose["subject"]["about"], prose["subject"]["about_needs"]
    yield "reckoned.grown", compare["reckoned"]["grown"], compare["reckoned"]["grown_needs"]
    yield "reckoned.of_a_whole", compare["reckoned"]["of_a_whole"]["item"], compare["reckoned"]["of_a_whole"]["needs"]
    for i, changed in enumerate(compare["reckoned"]["changed"]):
        yield f"reckoned.changed.{i}", changed, compare["reckoned"]["changed_needs"]
    for key in ("summed", "done", "rated"):
        yield f"breakdowns.{key}", compare["breakdowns"][key], compare["breakdowns"][f"{key}_needs"]
    lists = {
        "self": prose["self"],
        "elsewhere": prose["elsewhere"]["places"],
        "residue": prose["residue"],
        "stale": prose["stale"],
        "slip.items": prose["slip"]["items"],
        "nearly": compare["nearly"],
        "settled": compare["settled"],
        "listed": compare["listed"],
        **{f"reckoned.{kind}": compare["reckoned"][kind] for kind in ("sums", "shares", "above")},
        # {1} to {4} stand for figures.
        "of_a_year": [
            {**each, "pattern": re.sub(r"\{[1-4]\}", "7件", each["pattern"])}
            for each in compare["breakdowns"]["of_a_year"]
        ],
    }
    for name, each in lists.items():
        for i, entry in enumerate(each):
            if "needs" in entry:
                yield f"{name}.{i}", entry.get("pattern") or entry["words"], entry["needs"]


def _at(raw: Any, path: str) -> Any:
    for key in path.split("."):
        raw = raw[key]
    return raw


# Patterns that are put only to texts with a figure.
_WITH_FIGURES = {
    "prose.toml": ("year.begins", "personal.identity", "personal.announced", "personal.mobile"),
    "compare.toml": ("uncompared.figure",),
}


def _counted() -> Iterator[tuple[str, str]]:
    for name, paths in _WITH_FIGURES.items():
        yield from ((path, _at(data(name), path)) for path in paths)
    yield from ((each.zh, each.number.pattern) for each in time_rules._bases())
    words = breakdowns._words()
    every = (words.whole, words.item, words.done, words.figure, words.summed, *(year[0] for year in words.of_a_year))
    yield from ((f"breakdowns.{i}", each.pattern) for i, each in enumerate(every))
    yield from ((f"worded.{kind}", form.pattern) for of in worded_rules._words().forms.values() for kind, form in of)
    yield from ((f"reckoned.{i}", each.pattern) for i, (each, _) in enumerate(reckoned._patterns("sums")))


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


def _counts(items: Any) -> bool:
    """Whether whatever a sequence matches holds a figure."""
    for op, arg in items:
        name = str(op)
        inner: list[Any] = []
        if name == "SUBPATTERN":
            inner = [arg[-1]]
        elif name == "BRANCH":
            inner = arg[1]
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and arg[0] > 0:
            inner = [arg[2]]
        elif all(_is_figure(str(kind), what) for kind, what in (arg if name == "IN" else [(op, arg)])):
            return True
        if inner and all(map(_counts, inner)):
            return True
    return False


def _is_figure(kind: str, what: Any) -> bool:
    if kind == "RANGE":
        return chr(what[0]).isdecimal() and chr(what[1]).isdecimal()
    return (kind == "CATEGORY" and str(what) == "CATEGORY_DIGIT") or (kind == "LITERAL" and chr(what).isdecimal())


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


def test_every_match_in_a_text_with_figures_holds_one() -> None:
    counted = dict(_counted())
    assert len(counted) > 30
    assert [name for name, pattern in counted.items() if not _counts(_parser.parse(pattern))] == []
    assert not _counts(_parser.parse(r"(?:\d|共)件\d*")) and not _counts(_parser.parse(r"[\d,]+(?=\d)"))


def test_a_title_is_looked_for_as_far_back_as_one_is_long() -> None:
    named = data("prose.toml")["named"]
    assert _parser.parse(named["pattern"]).getwidth()[1] <= named["most"]
    assert named["pattern"].endswith(named["end"])


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
