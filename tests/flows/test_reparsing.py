"""A new version of the parser: what it would change is said first, then done, old revisions too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import reparsing, status

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


@pytest.mark.usefixtures("here")
def test_a_broken_installation_is_no_judgement_of_a_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it cannot read is read again, by the next ingest as by a reparse, and what was read before stays."""
    where = tmp_path / "home"
    files = {part: document(report(f"机关{part}"), lacks=part) for part in ("reader", "second_engine", "import")}
    folder = write(tmp_path / "in", {f"{part}.json": text for part, text in files.items()})
    monkeypatch.setenv("FAKE_BROKEN", "1")
    first = ingest_plainly([folder], where)
    assert [(Path(name).name, "：安装不完整，" in why) for name, _, why in first.bad] == [
        ("import.json", True),
        ("reader.json", True),
    ]
    assert (first.reports, first.unusable, first.left, first.ok) == (1, ["broken"], {}, False)
    monkeypatch.setenv("GOUJI_READER", READER)
    assert ("incomplete", 3) in (needs := status.look(home_dir=where).needs) and "set_aside" not in dict(needs)
    assert rows(where / "gouji.duckdb", "SELECT versions.parser FROM report") == [("1 (incomplete)",)]
    # Not mended yet.
    again = ingest_plainly([folder], where)
    assert (again.left, again.ok, again.reread, again.bad) == ({"broken": 3}, False, 0, [])
    assert reparsing.reparse(diff=False, home_dir=where, **SETTINGS).left == {"broken": 3}
    monkeypatch.delenv("FAKE_BROKEN")
    assert reparsing.reparse(diff=True, home_dir=where, **SETTINGS).contents == 3
    whole = ingest_plainly([folder], where)
    assert (whole.reread, whole.reports, whole.ok) == (3, 3, True)
    assert not status.look(home_dir=where).needs
    # A new version whose installation is broken replaces nothing.
    monkeypatch.setenv("FAKE_BROKEN", "1")
    monkeypatch.setenv("FAKE_PARSER", "2")
    assert ingest_plainly([folder], where).left == {"broken": 3}
    assert rows(where / "gouji.duckdb", "SELECT versions.parser FROM report WHERE is_current") == [("1",)] * 3
