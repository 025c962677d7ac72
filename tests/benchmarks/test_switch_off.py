"""A function that a test needs is missed, one that none needs is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import switch_off
from benchmarks.switch_off import Function, functions, is_missed
from tests.conftest import LONG


def test_neutral_answers_follow_what_is_declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sample.py").write_text(
        "def yes() -> bool: return True\n"
        "def maybe(x: int) -> str | None: return 'a'\n"
        "def repaired(x: str) -> str: return x + '!'\n"
        "def all_of() -> list[int]: return [1]\n"
        "def number() -> int: return 3\n"
        "class Box:\n    def __init__(self) -> None: ...\n    def lid(self) -> bool: return True\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(switch_off, "ROOT", tmp_path)
    found, others = functions("sample")
    assert {(f.name, f.neutral) for f in found} == {
        ("yes", "False"),
        ("maybe", "None"),
        ("repaired", "argument 0"),
        ("all_of", "list"),
        ("Box.lid", "False"),
    }
    assert others == 1


@LONG
def test_a_function_that_tests_need_is_missed_and_another_is_not() -> None:
    tests = ["tests/schemas/test_labels.py"]
    needed = Function("schemas.labels", "fold", 1, "argument 0")
    assert is_missed(needed, tests)
    other = Function("gouji.console", "prepare_streams", 1, "None")
    assert not is_missed(other, tests)


def test_tests_that_fail_by_themselves_say_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "test_broken.py"
    broken.write_text("import nothing_of_this_name\n", encoding="utf-8")
    assert switch_off.main(["schemas.labels", "--tests", str(broken)]) == 2
    assert "nothing can be learned" in capsys.readouterr().err


def test_a_function_is_off_wherever_it_was_imported_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inner_room.py").write_text(
        "from functools import cache\n"
        "def yes() -> bool: return True\n"
        "def same(x: str, y: int = 1) -> str: return x + '!'\n"
        "@cache\ndef some() -> list[int]: return [1]\n"
        "class Box:\n    @staticmethod\n    def lid() -> bool: return True\n",
        encoding="utf-8",
    )
    (tmp_path / "outer_room.py").write_text("from inner_room import Box, same, some, yes\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import outer_room  # type: ignore[import-not-found]

    for name, neutral in (("yes", "False"), ("same", "argument 0"), ("some", "list"), ("Box.lid", "False")):
        switch_off.switch_off(f"inner_room:{name}", neutral)
    assert outer_room.yes() is False
    assert (outer_room.same("a"), outer_room.same(x="b"), outer_room.same("c", 2)) == ("a", "b", "c")
    assert outer_room.some() == []
    assert outer_room.Box.lid() is False
