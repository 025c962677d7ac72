"""`doctor`: a sound home is called sound, and whatever is done to one is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import duckdb
import pytest

from flows import doctor, lock, record, store
from flows.errors import PipelineError
from flows.home import Home
from gouji.cli import main
from gouji.commands.doctor import doctor as command

from .helpers import document, from_empty, ingest_plainly, report, until, write

# One worker: what they share costs more than they do.
pytestmark = pytest.mark.xdist_group("one")

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def begun(request: pytest.FixtureRequest) -> Iterator[None]:
    """Built from nothing, as it does it, what it compares with costs most of a test: one of them has it so."""
    with nullcontext() if request.node.name == test_a_sound_home.__name__ else from_empty():
        yield


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home and the folder it was filled from; tests get copies of both."""
    base = tmp_path_factory.mktemp("doctor")
    files = {f"{n}.json": document(report(f"机关{n}", bad=1, statements=1)) for n in range(3)}
    folder = write(base / "in", files)
    ingest_plainly([folder], base / "home")
    # A revision, so that not everything in the record is current.
    write(folder, {"0.json": document(report("机关0", facts={"requests.granted.total": 9}))})
    ingest_plainly([folder], base / "home")
    return base


@pytest.fixture
def made(original: Path) -> Iterator[Home]:
    """Where the original was, so that the places in its record are right."""
    kept = original.with_name(original.name + "-kept")
    shutil.copytree(original, kept)
    yield Home(original / "home")
    shutil.rmtree(original)
    kept.rename(original)


def kinds(home: Home) -> list[str]:
    found = doctor.examine(home_dir=home.root)
    assert found.unseen == []
    return [t.kind for t in found.troubles]


def snapshots(home: Home) -> list[Path]:
    return sorted(p for p in home.snapshots.rglob("*") if len(p.name) == 64)


def test_a_sound_home(made: Home, capsys: Capture) -> None:
    found = doctor.examine(home_dir=made.root)
    assert (found.troubles, found.unseen, found.snapshots, found.loads, found.detached) == ([], [], 4, 2, 0)
    with from_empty():
        assert command(home=made.root, output_format="json") == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["status"], told["snapshots"], told["loads"], told["troubles"]) == (0, 4, 2, [])
        assert command(home=made.root) == 0
    assert "一切完好" in capsys.readouterr().out
    assert not list(made.staging.iterdir())


def test_a_lost_snapshot_is_named_with_the_file_it_was(made: Home, capsys: Capture) -> None:
    first = record.paths(made, [record.read(made, 1)], "source")
    old = duckdb.execute("SELECT sha256 FROM read_parquet(?) WHERE path LIKE '%0.json'", [first]).fetchall()[0][0]
    path = Path(store.stored_at(os.fspath(made.snapshots), old))
    path.write_text("something else")
    (trouble,) = doctor.examine(home_dir=made.root).troubles
    assert (trouble.kind, trouble.name) == ("snapshot_changed", old)
    assert [Path(p).name for p in trouble.paths] == ["0.json"] and "备份" in trouble.zh
    path.unlink()
    (trouble,) = doctor.examine(home_dir=made.root).troubles
    assert trouble.kind == "snapshot_missing" and "0.json" in trouble.zh
    assert command(home=made.root) == 1
    assert "0.json" in capsys.readouterr().out


def test_what_is_still_at_its_place_can_be_brought_back(made: Home) -> None:
    still = next(p for p in snapshots(made) if "机关1" in p.read_text())
    still.unlink()
    (trouble,) = doctor.examine(home_dir=made.root).troubles
    assert "再次 gouji ingest" in trouble.zh
    ingest_plainly([made.root.parent / "in"], made.root)
    assert kinds(made) == []


def test_links_become_copies(made: Home) -> None:
    path = snapshots(made)[0]
    os.link(path, made.root.parent / "link")
    found = doctor.examine(home_dir=made.root)
    assert (found.troubles, found.detached) == ([], 1)
    (made.root.parent / "link").write_text("changed")
    assert kinds(made) == []


def test_a_damaged_record(made: Home) -> None:
    paths = record.read(made, 1).files
    fact, finding = made.record / paths["fact"][0], made.record / paths["finding"][0]
    whole = bytearray(fact.read_bytes())
    whole[len(whole) // 2] ^= 1
    fact.write_bytes(whole)
    finding.unlink()
    assert sorted(kinds(made)) == ["record_changed", "record_missing"]
    (made.record / record.manifest(1)).write_text("{")
    assert kinds(made) == ["record_damaged"]
    (made.record / record.manifest(1)).unlink()
    assert kinds(made)[0] == "record_missing"


def test_a_database_that_does_not_agree(made: Home) -> None:
    con = duckdb.connect(os.fspath(made.database()))
    con.execute("UPDATE fact SET value = 99 WHERE row_code = 'granted' AND value = 9")
    con.execute("UPDATE report SET is_current = true")
    con.execute("DELETE FROM statement")
    con.close()
    found = doctor.examine(home_dir=made.root).troubles
    assert {t.kind for t in found} == {"database_differs"}
    assert {t.name for t in found} == {"fact", "report", "statement"}
    assert "缺 1 行，多 1 行" in next(t.zh for t in found if t.name == "fact")


def test_a_database_that_is_missing_behind_foreign_or_of_another_schema(made: Home) -> None:
    database = made.database()
    old = database.read_bytes()
    write(made.root.parent / "in", {"1.json": document(report("机关1", facts={"requests.granted.total": 1}))})
    ingest_plainly([made.root.parent / "in"], made.root)
    database.write_bytes(old)
    assert kinds(made) == ["database_behind"]
    database.unlink()
    assert kinds(made) == ["database_missing"]
    database.write_bytes(b"no database")
    assert kinds(made) == ["database_foreign"]
    database.write_bytes(old)
    con = duckdb.connect(os.fspath(database))
    con.execute("UPDATE meta SET value = 'other' WHERE key = 'schema'")
    con.close()
    assert kinds(made) == ["database_schema"]


def test_where_it_cannot_look(made: Home, tmp_path: Path, capsys: Capture) -> None:
    assert command(home=tmp_path / "nothing") == 2
    assert "不是数据目录" in capsys.readouterr().err
    with lock.writing(made.lock), pytest.raises(PipelineError, match="another run"):
        doctor.examine(home_dir=made.root)
    script = "import sys, time, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", script, made.database()], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline().strip() == b"held"
        snapshots(made)[0].unlink()
        # What could be looked at is told as well.
        assert command(home=made.root, output_format="json") == 2
        told = json.loads(capsys.readouterr().out)
        assert [t["kind"] for t in told["troubles"]] == ["snapshot_missing"]
        assert "占用" in told["unseen"][0]
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    until(lambda: command(home=made.root) == 1)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that may not be written to")
def test_a_home_that_may_only_be_read(made: Home) -> None:
    folders = [made.root, *(p for p in made.root.rglob("*") if p.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        assert kinds(made) == []
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_the_command_line(made: Home, capsys: Capture) -> None:
    assert main(["doctor", "--home", str(made.root), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == 0
