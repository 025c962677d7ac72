"""A new version of the parser: what it would change is said first, then done, old revisions too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import reparsing

from .helpers import READER, document, dump, in_this_process, ingest_plainly, report, rows, write

# One worker: what they share costs more than they do.
pytestmark = pytest.mark.xdist_group("one")

SETTINGS = {"reader": READER, "workers": 1}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five files, one of which was revised: six contents."""
    root = tmp_path_factory.mktemp("reparsing")
    folder = root / "in"
    write(folder, {f"{n}.json": document(report(f"机关{n}")) for n in range(5)})
    ingest_plainly([folder], root / "home")
    write(folder, {"0.json": document(report("机关0", facts={"requests.granted.total": 77}))})
    ingest_plainly([folder], root / "home")
    return root / "home"


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "home")


@pytest.fixture
def here() -> Iterator[None]:
    """Without processes that read and load, which the last test has."""
    with in_this_process():
        yield


@pytest.mark.usefixtures("here")
def test_nothing_is_read_twice_by_one_version(home: Path) -> None:
    done = reparsing.reparse(diff=True, home_dir=home, **SETTINGS)
    assert (done.contents, done.changes) == (0, [])


@pytest.mark.usefixtures("here")
def test_a_new_version_that_reads_alike_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_PARSER", "2")
    before = dump(home / "gouji.duckdb")
    done = reparsing.reparse(diff=True, home_dir=home, **SETTINGS)
    assert (done.contents, done.changes) == (6, [])
    assert dump(home / "gouji.duckdb") == before


@pytest.mark.usefixtures("here")
def test_what_would_change_is_said_and_then_done_in_batches(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_PARSER", "2")
    monkeypatch.setenv("FAKE_ADDS", "1000")
    before = dump(home / "gouji.duckdb")
    told = reparsing.reparse(diff=True, home_dir=home, **SETTINGS)
    assert dump(home / "gouji.duckdb") == before
    # Every figure of all revisions: five contents of three, one of one.
    assert len(told.changes) == 5 * 3 + 1
    assert all(c.before is not None and c.after == int(c.before) + 1000 for c in told.changes)
    assert {c.address for c in told.changes} == {
        f"requests.{r}.total" for r in ("new_received", "granted", "carried_over")
    }
    done = reparsing.reparse(diff=False, home_dir=home, batch=4, **SETTINGS)
    assert (done.contents, done.loads) == (6, 2)
    values = {v for (v,) in rows(home / "gouji.duckdb", "SELECT value FROM fact")}
    assert all(v > 1000 for v in values)
    assert rows(home / "gouji.duckdb", "SELECT count(*) FROM report")[0][0] == 6
    assert reparsing.reparse(diff=False, home_dir=home, **SETTINGS).contents == 0


def test_a_snapshot_that_is_lost_keeps_its_results(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_PARSER", "2")
    next(p for p in (home / "snapshots").rglob("*") if p.is_file() and len(p.name) == 64).unlink()
    done = reparsing.reparse(diff=False, home_dir=home, **SETTINGS)
    assert (done.contents, len(done.lost)) == (6, 1)
    assert rows(home / "gouji.duckdb", "SELECT count(*) FROM report")[0][0] == 6
