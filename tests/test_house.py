"""The house as CONTRIBUTING describes it: who imports whom, no circles, no module that grew too large.

Belongs here: what holds for the code as a whole, read from its text. Does not belong here: what any of it does.
"""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Each floor stands on those before it; rooms of one floor do not know of one another.
FLOORS = {
    "schemas": set[str](),
    "parsers": {"schemas"},
    "checks": {"schemas"},
    "flows": {"schemas", "parsers", "checks"},
    "gouji": {"schemas", "parsers", "checks", "flows"},
    "windows": {"schemas", "parsers", "checks", "flows", "gouji"},
    "data": {"schemas", "parsers", "checks", "flows", "gouji"},
    "benchmarks": {"schemas", "parsers", "checks", "flows", "gouji", "data"},
}
# Inside `parsers`: what a printed piece says is known to all; nothing else looks sideways but as listed.
ROOMS = {
    "parsers.files": {"parsers.document"},
    "parsers.grammar": {"parsers.files"},
    "parsers.readers": {"parsers.document", "parsers.files", "parsers.grammar", "parsers.isolation"},
    "parsers.tables": {"parsers.document", "parsers.files", "parsers.grammar"},
    "parsers.prose": {"parsers.document", "parsers.files", "parsers.grammar"},
}
LONGEST = 500
# A file that git has is at most so large (bytes), but those named; what lies at the root is named too.
LARGEST = 1_000_000
LARGE = set[str]()
AT_THE_ROOT = {
    ".git-blame-ignore-revs",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "constraints.txt",
    "pyproject.toml",
}
# Descriptions of data, line after line, that have no inside to cut at.
DATA_TABLES = {"schemas/database/tables.py", "schemas/database/analysis.py"}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.fixture(scope="module", autouse=True)
def trees_go() -> Iterator[None]:
    """Trees of the whole house are a million objects, which every later collection of garbage would go through."""
    yield
    _tree.cache_clear()


def _modules() -> dict[str, Path]:
    found = {}
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = _modules()


def _top(tree: ast.Module) -> list[ast.stmt]:
    """The statements that run at import; what only a type checker reads is left out."""
    out: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.If):
            if "TYPE_CHECKING" not in ast.dump(node.test):
                out += [*node.body, *node.orelse]
        elif isinstance(node, ast.Try):
            out += [*node.body, *node.orelse, *node.finalbody]
        else:
            out.append(node)
    return out


def imports(name: str, *, at_import: bool) -> set[str]:
    """The modules of this house that a module names, relative imports resolved; ``at_import``: only those run then."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found: set[str] = set()
    tree = _tree(path)
    for node in _top(tree) if at_import else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package
            for _ in range(node.level - 1):
                base = base.rpartition(".")[0]
            start = node.module or "" if not node.level else ".".join(filter(None, (base, node.module)))
            found |= {f"{start}.{a.name}" if f"{start}.{a.name}" in MODULES else start for a in node.names}
    return {m for m in found if m in MODULES} - {name}


def test_modules_import_only_from_the_floors_below() -> None:
    above = {}
    for name in MODULES:
        floor = name.partition(".")[0]
        above[name] = {m for m in imports(name, at_import=False) if m.partition(".")[0] not in {floor, *FLOORS[floor]}}
    assert len(above) > 400
    assert not {name: found for name, found in above.items() if found}


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_rooms_of_the_parsers_look_only_where_they_may(room: str) -> None:
    for name in (m for m in MODULES if m == room or m.startswith(room + ".")):
        others = {m for m in imports(name, at_import=False) if m.startswith("parsers.")}
        strange = {m for m in others if not any(m == r or m.startswith(r + ".") for r in (room, *ROOMS[room]))}
        assert not strange, f"{name} imports {strange}"


def test_nobody_imports_what_another_room_keeps_for_itself() -> None:
    for name, path in MODULES.items():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "") in MODULES:
                private = [a.name for a in node.names if a.name.startswith("_")]
                assert not private or name.rpartition(".")[0] == node.module, f"{name}: {node.module} {private}"


def test_no_modules_import_one_another_in_a_circle() -> None:
    graph = {name: imports(name, at_import=True) for name in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_module_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in MODULES.values()
        if (lines := path.read_text("utf-8").count("\n")) > LONGEST
    }
    assert not long.keys() - DATA_TABLES, long


def test_a_modules_first_lines_say_what_belongs_in_it() -> None:
    assert not [name for name, path in MODULES.items() if not ast.get_docstring(_tree(path))]


def test_word_files_are_written_by_one_means() -> None:
    """python-docx serves the tests: as another program that looks at our files."""
    named = {
        (name, module.partition(".")[0])
        for name, path in MODULES.items()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level)
        for module in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    assert ("parsers.extraction", "hashlib") in named
    assert not [name for name, module in named if module == "docx"]


def _tracked() -> list[str]:
    """The files that git has, relative to the house; none where it was unpacked without one."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout of git")
    return [name for name in os.fsdecode(done.stdout).split("\0") if (ROOT / name).is_file()]


def strays(sizes: dict[str, int]) -> list[str]:
    """Files, with their bytes, that are larger than one that belongs here, or lie at the root and are not known there."""
    return sorted(
        name
        for name, size in sizes.items()
        if (size > LARGEST and name not in LARGE) or ("/" not in name and name not in AT_THE_ROOT)
    )


def test_no_scratch_file_slipped_in() -> None:
    assert not strays({name: (ROOT / name).stat().st_size for name in _tracked()})


def test_a_scratch_file_that_slipped_in_is_found() -> None:
    known = {"README.md": 5_000, "schemas/divisions.csv": 221_947}
    assert strays(known | {"out.json": 1, "data/samples/dump.bin": LARGEST + 1}) == [
        "data/samples/dump.bin",
        "out.json",
    ]
