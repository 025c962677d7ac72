"""What is kept between two starts: the same as made anew, never stale, and nothing depends on it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from schemas import kept
from schemas.kept import Kept
from tests.conftest import ROOT

DATA = sorted(p for room in ("schemas", "parsers", "checks") for p in (ROOT / room).rglob("*.toml"))


def nothing(*_: object) -> dict[str, Any]:
    raise AssertionError("parsed anew")


@pytest.fixture(autouse=True)
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def test_what_is_kept_of_a_data_file_is_what_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Kept([tmp_path / "kept.bin"])
    contents = {path: first.parsed(path.read_bytes()) for path in DATA}
    first.save()
    monkeypatch.setattr("tomllib.loads", nothing)
    again = Kept([tmp_path / "kept.bin"])
    assert len(DATA) > 8
    for path, content in contents.items():
        assert again.parsed(path.read_bytes()) == content
    # Each caller gets a dictionary of its own.
    again.parsed(DATA[0].read_bytes()).clear()
    assert again.parsed(DATA[0].read_bytes()) == contents[DATA[0]]


def test_a_file_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    for n in range(3):
        one = Kept([tmp_path / "kept.bin"])
        assert one.parsed(f"a = {n}".encode()) == {"a": n}
        one.save()
    assert len(Kept([tmp_path / "kept.bin"]).contents) == 3


def test_dates_and_what_is_no_toml_are_not_kept(tmp_path: Path) -> None:
    one = Kept([tmp_path / "kept.bin"])
    assert one.parsed(b"a = 2024-01-01")["a"].year == 2024
    for bad in (b"a = ", b"a = '\xff'"):
        with pytest.raises(ValueError):
            one.parsed(bad)
    one.save()
    assert not (tmp_path / "kept.bin").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda c: b"",
        lambda c: c[:-1],
        lambda c: c[: len(c) // 2],
        lambda c: c.replace(sys.version[:6].encode(), b"3.99.9"),
        lambda c: c[:-9] + bytes([c[-9] ^ 1]) + c[-8:],
        lambda c: b"something else",
    ],
)
def test_a_damaged_file_or_one_of_another_python_is_as_good_as_none(damage: Any, tmp_path: Path) -> None:
    place = tmp_path / "kept.bin"
    one = Kept([place])
    one.parsed(b"a = 1")
    one.save()
    place.write_bytes(damage(place.read_bytes()))
    again = Kept([place])
    assert not again.contents
    assert again.parsed(b"a = 1") == {"a": 1}
    again.save()
    assert len(Kept([place]).contents) == 1


def test_where_nothing_can_be_written_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    second = tmp_path / "home" / "kept.bin"
    one = Kept([tmp_path / "file" / "kept.bin", second])
    one.parsed(b"a = 1")
    one.save()
    # The next place serves as well; without any the work is done again.
    assert len(Kept([tmp_path / "file" / "kept.bin", second]).contents) == 1
    alone = Kept([tmp_path / "file" / "kept.bin"])
    assert alone.parsed(b"a = 1") == {"a": 1}
    alone.save()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "home"]


def test_who_wants_no_compiled_modules_gets_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    one = Kept([tmp_path / "__pycache__" / "kept.bin"])
    one.parsed(b"a = 1")
    one.save()
    assert not list(tmp_path.iterdir())


def test_two_processes_keep_what_each_of_them_made(tmp_path: Path) -> None:
    place = tmp_path / "kept.bin"
    one, other = Kept([place]), Kept([place])
    one.parsed(b"a = 1")
    other.parsed(b"b = 1")
    one.save()
    other.save()
    assert len(Kept([place]).contents) == 2


@pytest.mark.parametrize(("bound", "most"), [("_MOST", 5), ("_MOST_BYTES", 70)])
def test_the_file_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(kept, bound, most)
    for n in range(9):
        one = Kept([tmp_path / "kept.bin"])
        one.parsed(f"a = {n}".encode())
        one.save()
    assert len(Kept([tmp_path / "kept.bin"]).contents) <= 5


# -- patterns ------------------------------------------------------------------------------------------------------

PATTERNS = [
    ("", 0),
    ("a", re.IGNORECASE),
    ("(?i:ä)b", 0),
    (r"(?P<年>\d{4})年(?:度)?(?P=年)?", 0),
    ("[\u4e00-\u9fff㐀-䶿]+(?<=件)(?!。)", re.VERBOSE),
    (r"(?s)^.*?$", re.MULTILINE),
    ("(?P<a>x)|(?P<b>[^\\W\\d_])|\ud800", 0),
    (rb"%PDF-\d", 0),
    (r"(?:a|bc|d)*+(?>e)", re.ASCII),
]


@pytest.mark.parametrize(("text", "flags"), PATTERNS)
def test_a_kept_pattern_equals_the_one_that_was_compiled(text: str | bytes, flags: int) -> None:
    made = kept._compiled(text, int(flags))
    assert made is not None, "this Python's re is not made as we know it: start-up is slow"
    import _sre  # type: ignore[import-not-found]
    import marshal

    again, anew = _sre.compile(text, *marshal.loads(made)), re.compile(text, flags)
    assert again == anew
    assert (again.flags, again.groups, dict(again.groupindex)) == (anew.flags, anew.groups, dict(anew.groupindex))
    for subject in ("2024年度2024", "第三件", "aAbcde", "\ud800x"):
        if isinstance(text, str):
            assert [m.groupdict() for m in again.finditer(subject)] == [m.groupdict() for m in anew.finditer(subject)]


_PROGRAM = """
import sys
import schemas.kept
# A home of its own: what other runs left in the checkout says nothing of this one.
schemas.kept.KEPT.__init__(schemas.kept.KEPT.places[-1:])
from gouji.cli import main
import re._compiler, string, tomllib
def anew(*_): raise AssertionError("made anew")
if {broken}:
    re._compiler._code = tomllib.loads = anew
    import schemas.kept
    schemas.kept.compile = anew
sys.argv = ["gouji", "check", {draft!r}, "--format", "json"]
sys.exit(main())
"""


def test_the_second_start_makes_nothing_anew(tmp_path: Path) -> None:
    """With a home of its own: the first run keeps, the second finds everything and says the same."""
    draft = next((ROOT / "data/samples").glob("沭阳县*.docx"))
    environment = {
        **{k: v for k, v in os.environ.items() if k != "LOCALAPPDATA"},
        "XDG_CACHE_HOME": str(tmp_path),
        "LOCALAPPDATA": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    outputs = []
    for broken in (False, True):
        run = subprocess.run(
            [sys.executable, "-c", _PROGRAM.format(broken=broken, draft=str(draft))],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr.decode()
        outputs.append(run.stdout)
    assert outputs[0] == outputs[1]
    assert b"2025" in outputs[0]


_CLASSES = """
import dataclasses, inspect
from schemas import kept
if {remember}:
    kept.remember()
@dataclasses.dataclass(frozen=True, slots=True, order=True)
class One:
    a: int
    b: "str | None" = None
    c: list[int] = dataclasses.field(default_factory=list, compare=False)
@dataclasses.dataclass(kw_only=True, unsafe_hash=True)
class Two(dict):
    d: float = 1.5
    def __post_init__(self): self.d *= 2
one = One(1, c=[2])
print(one, One(1) == one, One(1) < One(2), Two(d=2).d, hash(Two()) == hash(Two()))
print(inspect.signature(One), One.__init__.__annotations__, One.__init__.__qualname__, Two.__doc__)
try:
    one.a = 3
except dataclasses.FrozenInstanceError as error:
    print(error)
print(dataclasses.replace(one, a=5), dataclasses.asdict(one), len(kept.KEPT.new_codes) > 0)
"""


def test_methods_that_are_kept_do_what_those_made_anew_do(tmp_path: Path) -> None:
    said = []
    for remember in (False, True, True):
        code = _CLASSES.format(remember=remember) + "kept._WORTH_WRITING = 1\nkept.KEPT.save()"
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
        run = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=60, text=True
        )
        said.append(run.stdout.rpartition(" "))
    assert [last.strip() for _, _, last in said] == ["False", "True", "False"]
    assert len({text for text, _, _ in said}) == 1
    assert "a: int, b: 'str | None' = None" in said[0][0]


def test_only_commands_remember() -> None:
    """Who imports the API keeps the `re` and the `dataclasses` that Python came with."""
    code = (
        "import sys, re._compiler as c, dataclasses; old = c.compile; import gouji, gouji.cli\n"
        "import parsers.isolation.serving\n"
        # A program, and a child of one, import what they are made of when they have begun to remember.
        "assert not {'gouji.command_line', 'gouji.outputs', 'schemas.facts'} & set(sys.modules)\n"
        "gouji.read; gouji.check\n"
        "print(c.compile is old and not hasattr(dataclasses, 'exec'))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, timeout=60, text=True)
    assert run.stdout.strip() == "True"
