"""The words of the commands: both languages say the same, and every word is said somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from gouji import words
from tests.conftest import ROOT

AREAS = sorted(p.stem for p in (ROOT / "gouji/words").glob("*.py") if p.stem != "__init__")
KEYS = [f"{area}.{key}" for area in AREAS for key in words.table(area)]


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_fill_in_the_same(area: str) -> None:
    for key, (zh, en) in words.table(area).items():
        assert _places(zh) == _places(en), f"{area}.{key}"
        assert bool(en) or not zh, f"{area}.{key}"
        # A Windows console shows what is in GBK.
        assert zh.encode("gbk") or not zh, f"{area}.{key}"
        assert not re.search(r"[\u4e00-\u9fff，。；]", en.replace("勾稽", "Gouji")), f"{area}.{key}: {en}"


@pytest.mark.parametrize("area", AREAS)
def test_no_word_is_written_twice(area: str) -> None:
    """A dictionary keeps the last of two entries without a word."""
    tree = ast.parse((ROOT / "gouji/words" / f"{area}.py").read_text("utf-8"))
    (table,) = (n for n in ast.walk(tree) if isinstance(n, ast.Dict))
    written = [k.value for k in table.keys if isinstance(k, ast.Constant)]
    assert len(written) == len(set(written)) == len(words.table(area))


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "gouji").rglob("*.py")):
        if path.parent.name != "words" or path.name == "__init__.py":
            yield path, ast.parse(path.read_text("utf-8"))


def _pattern(text: ast.JoinedStr) -> str:
    return "".join(re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".+" for v in text.values)


def _said() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every text in the room, and the texts that are put together of it and something else."""
    exact: set[str] = set()
    patterns: set[str] = set()
    # Stages of a run are named by what does the work.
    flows = [ast.parse(p.read_text("utf-8")) for p in (ROOT / "flows").glob("*.py")]
    for tree in [*(tree for _, tree in _modules()), *flows]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                exact.add(node.value)
            elif isinstance(node, ast.JoinedStr) and len(node.values) > 1:
                patterns.add(_pattern(node))
    # An area alone ("rollup.{code}") says of no word that it is used.
    bare = {rf"{re.escape(area)}\..+" for area in AREAS}
    return exact, [re.compile(p) for p in patterns - bare if re.search(r"[a-z]{2,}", p) and "\\ " not in p]


def test_every_word_is_said_somewhere() -> None:
    exact, patterns = _said()
    assert len(KEYS) > 700
    spellings = {key: (key, key.partition(".")[2]) for key in KEYS}
    unsaid = [key for key, them in spellings.items() if exact.isdisjoint(them)]
    assert not [key for key in unsaid if not any(p.fullmatch(s) for p in patterns for s in spellings[key])]


def _calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path, tree in _modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or len(node.args) != 2:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            key = node.args[1]
            if name == "say" and isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield path, node, key.value


def test_whoever_says_a_word_fills_in_its_places() -> None:
    calls = list(_calls())
    assert len(calls) > 150
    for path, call, key in calls:
        area, _, name = key.rpartition(".")
        table = words.table(area or "common")
        where = f"{path.relative_to(ROOT)}:{call.lineno}: {key}"
        assert name in table, where
        given = {k.arg for k in call.keywords}
        assert None in given or _places(table[name][0]) <= given, where


def test_a_word_of_an_area_and_one_of_all() -> None:
    assert words.say("zh", "year", year=2024) == "2024 年"
    assert words.say("en", "rollup.how_given") == "by the choices"
    with pytest.raises(KeyError):
        words.say("zh", "rollup.year", year=2024)
    # A path that is no text for any encoding is shown as something that can be stored.
    words.say("zh", "written", path=Path("\udcff.txt")).encode("utf-8")


@pytest.mark.parametrize(("n", "said"), [(0, "0 problems"), (1, "1 problem"), (2, "2 problems")])
def test_one_is_singular_in_english(n: int, said: str) -> None:
    assert words.say("en", "tally_problems", n=n) == said


def test_an_optional_s_stands_behind_a_number() -> None:
    for key in KEYS:
        english = words.table(key.partition(".")[0])[key.partition(".")[2]][1]
        assert "(s)" not in words._COUNTED.sub("", english), key
