"""What a clerk runs touches no pipeline library and no socket; rooms import only downwards."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conftest import ROOT

FORBIDDEN = ("prefect", "pandas", "pandera", "pyarrow", "duckdb", "fastapi", "numpy", "httpx", "requests")
ROOMS = {
    "schemas": {"schemas"},
    "parsers": {"schemas", "parsers"},
    "checks": {"schemas", "checks"},
    "flows": {"schemas", "parsers", "checks", "flows"},
    "gouji": {"schemas", "parsers", "checks", "flows", "gouji"},
}
_PROBE = """
import sys
def no_socket(event, args):
    if event.startswith("socket."):
        raise RuntimeError(f"a socket was touched: {event}")
sys.addaudithook(no_socket)
from gouji.cli import main
statuses = [main(["COMMAND", path]) for path in sys.argv[1:]]
loaded = sorted({m.split(".")[0] for m in sys.modules})
print("MODULES", *loaded, file=sys.stderr)
sys.exit(max(statuses))
"""


def _probed(command: str, *files: Path) -> subprocess.CompletedProcess[bytes]:
    code = _PROBE.replace("COMMAND", command)
    return subprocess.run([sys.executable, "-c", code, *files], cwd=ROOT, capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize("command", ["extract", "check"])
def test_a_clerks_command_imports_no_pipeline_library_and_opens_no_socket(command: str) -> None:
    """One file of each format by itself, one after the other in one process."""
    samples = [p for p in sorted((ROOT / "data/samples").iterdir()) if "损坏" not in p.name]
    chosen = [next(p for p in samples if p.suffix == suffix) for suffix in (".docx", ".html", ".txt", ".pdf", ".md")]
    run = _probed(command, *chosen)
    error = run.stderr.decode()
    assert run.returncode in (0, 1), error
    modules = error.rpartition("MODULES")[2].split()
    assert "parsers" in modules
    assert not set(FORBIDDEN) & set(modules)


def _imports(path: Path) -> tuple[set[str], set[str]]:
    """Packages a module imports absolutely: in all of it, its functions too, and as soon as it is imported itself."""
    tree = ast.parse(path.read_text("utf-8"))
    return _imported(ast.walk(tree)), _imported(tree.body)


def _imported(nodes: Iterable[ast.AST]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_rooms_import_only_from_the_floors_below(room: str) -> None:
    modules = sorted((ROOT / room).rglob("*.py"))
    assert modules
    for module in modules:
        anywhere, at_once = _imports(module)
        above = anywhere & set(ROOMS) - ROOMS[room]
        assert not above, f"{module.relative_to(ROOT)} imports {above}"
        if room in ("schemas", "parsers", "checks"):
            assert not at_once & {*FORBIDDEN, "data", "tests"}, module
            assert not anywhere & {"data", "tests"}, module


def test_checking_one_draft_imports_only_what_it_needs() -> None:
    """Half a second is for Python, the readers and the rules; what writes workbooks and slips comes when asked for."""
    sample = next(p for p in (ROOT / "data/samples").glob("*.docx") if "损坏" not in p.name)
    run = _probed("check", sample)
    modules = run.stderr.decode().rpartition("MODULES")[2].split()
    assert "checks" in modules
    assert not {"openpyxl", "docx", "rich", "multiprocessing", "pypdfium2", "pdfplumber"} & set(modules)


def test_nothing_of_a_draft_goes_into_a_log() -> None:
    """Whatever a file does to the readers: on stderr, which people keep in logs, stands nothing."""
    run = subprocess.run(
        [sys.executable, "-m", "gouji", "check", str(ROOT / "data/samples"), "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 2
    assert run.stderr == b""


@pytest.mark.parametrize("foreign", ["schemas.py", "parsers/notes.txt", "checks/__init__.py", "flows.py"])
def test_a_foreign_module_in_the_way_is_named(foreign: str, tmp_path: Path) -> None:
    """A folder of the user's own may well hold a `schemas.py`."""
    (tmp_path / foreign).parent.mkdir(exist_ok=True)
    (tmp_path / foreign).write_text("", "utf-8")
    name = foreign.partition("/")[0]
    # As an installation has it: the folder one works in is looked at first, our packages are found by a path behind.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    if foreign.endswith(".txt"):
        # A folder without __init__.py is in the way only of what a finder of its own finds (an editable installation).
        finder = (
            "import sys; from importlib.machinery import PathFinder\n"
            "class Last:\n"
            f"    def find_spec(name, path=None, target=None): return PathFinder.find_spec(name, path or [{str(ROOT)!r}])\n"
            "sys.meta_path.append(Last)\n"
        )
        del environment["PYTHONPATH"]
    else:
        finder = ""
    for code in ("import gouji", "from gouji import check"):
        run = subprocess.run(
            [sys.executable, "-S", "-c", finder + code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
        last = run.stderr.decode().splitlines()[-1]
        assert last.startswith("ImportError: ")
        assert str(tmp_path / name) in last
        assert f"模块 {name.partition('.')[0]} " in last
        assert "改名" in last
    if not finder:
        command = subprocess.run(
            [sys.executable, "-m", "gouji", "--version"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert command.returncode == 2
        (line,) = command.stderr.decode().splitlines()
        assert str(tmp_path / name) in line
