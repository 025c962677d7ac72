"""Publishing writes what is new: two files take turns, readers keep what they have opened, and nothing of it shows in the tables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows import batches, derived, run, steps
from flows.errors import PipelineError
from flows.home import Home
from flows.publishing import spare
from flows.record import load_ids
from parsers.files import whole
from tests.conftest import LONG

from .helpers import READER, RUNS, Collection, document, dump, ingest_plainly, report, rows, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a file that is open keeps its place there")


class World(Collection):
    """A home to which one report after the other comes."""

    number = 0

    def news(self, files: int = 1) -> None:
        first, self.number = self.number + 1, self.number + files
        self.load({f"{n:03d}.json": document(report(f"机关{n}")) for n in range(first, self.number + 1)})

    def inode(self) -> int:
        return self.database.stat().st_ino

    def counted(self) -> int:
        return int(self.query("SELECT count(*) FROM report")[0][0])


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "home")


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The databases that were copied."""
    out: list[Path] = []
    original = whole.duplicate

    def duplicate(source: Path, target: Path) -> None:
        out.append(source)
        original(source, target)

    monkeypatch.setattr(whole, "duplicate", duplicate)
    return out


def sound(world: World) -> None:
    """What was published in turns is what is built from nothing."""
    before = dump(world.database, without=())
    world.publish(anew=True)
    assert dump(world.database, without=()) == before


def test_two_files_take_turns_and_nothing_is_copied(world: World, copied: list[Path]) -> None:
    world.news(3)
    places = []
    for n in range(4, 8):
        world.news()
        places.append(world.inode())
        assert world.counted() == n
    assert len(copied) == 1 and len(set(places)) == 2 and places[0] == places[2] and places[1] == places[3]
    sound(world)
    assert not spare(world.database).exists()


def test_a_reader_keeps_the_file_he_has_opened_however_many_follow(world: World, copied: list[Path]) -> None:
    world.news()
    world.news()
    script = (
        "import sys, duckdb; c = duckdb.connect(sys.argv[1], read_only=True); print('open', flush=True); input();"
        "print(c.execute('SELECT count(*) FROM report').fetchone()[0], c.execute('SELECT count(*) FROM fact').fetchone()[0])"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", script, world.database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None and reader.stdout.readline() == "open\n"
    for n in range(3, 6):
        world.news()
        assert world.counted() == n
    assert reader.communicate("\n")[0].split() == ["2", "6"]
    # Only the one that he holds could not be taken.
    assert len(copied) == 2


@pytest.mark.parametrize("which", ["published", "waiting"])
def test_what_somebody_changed_is_copied_not_lost_and_found(world: World, which: str) -> None:
    world.news()
    world.news()
    database = world.database
    con = duckdb.connect(os.fspath(database if which == "published" else spare(database)))
    con.execute("CREATE TABLE mine AS SELECT 1 AS n")
    con.close()
    for n in (3, 4, 5):
        world.news()
        assert world.counted() == n
        there = rows(database, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'mine'")
        assert there == [(int(which == "published"),)]


def test_a_waiting_file_that_is_damaged_costs_a_copy(world: World, copied: list[Path], tmp_path: Path) -> None:
    world.news()
    world.news()
    other = spare(world.database)
    state = other.stat()
    with other.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * 8192)
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert other.stat().st_size == state.st_size
    world.news()
    assert world.counted() == 3 and len(copied) == 2
    sound(world)


@pytest.mark.parametrize(
    "step", [pytest.param("derive", marks=LONG), pytest.param("link", marks=LONG), "replace", "last"]
)
def test_cut_off_between_any_two_names(world: World, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A reader finds a whole database at every moment, and the next run comes to the same end."""
    world.news()
    world.news()
    world.news()
    database = world.database
    original = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if (step, target.name) in (("link", database.name), ("last", spare(database).name)):
            raise KeyboardInterrupt
        done = original(self, target)
        if (step, target.name) == ("replace", database.name):
            raise KeyboardInterrupt
        return done

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(Path, "replace", replace)
        if step == "derive":
            # Reports are there, the load too, and what is derived from them is not.
            context.setattr(derived, "duplicates", cut_off)
        with pytest.raises(KeyboardInterrupt):
            world.news()
    assert world.counted() in (3, 4)
    world.news()
    assert world.counted() == 5
    world.news()
    sound(world)
    assert not list(world.home.root.glob(f"*{whole.ENDING}*")) and not list(world.home.root.glob(f".*{whole.ENDING}*"))


# -- slices ------------------------------------------------------------------------------------------------------------


def test_a_long_run_commits_in_slices_and_a_killed_one_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "cost", lambda item: 0.1)
    files = {f"{n:03d}.json": document(report(f"机关{n}", bad=n % 3 == 0)) for n in range(23)}
    folder = write(tmp_path / "in", files | {"broken.json": "x", "copy.json": files["000.json"]})
    at_once, sliced = tmp_path / "once", tmp_path / "sliced"
    ingest_plainly([folder], at_once)
    reading = steps.Run.load
    done = 0

    def load(self: steps.Run) -> None:
        nonlocal done
        done += 1
        if done == 2:
            raise OSError(28, "No space left on device")
        reading(self)

    with monkeypatch.context() as context:
        context.setattr(steps.Run, "load", load)
        with pytest.raises(OSError):
            ingest_plainly([folder], sliced, slice_seconds=1)
    assert load_ids(Home(sliced)) == [1] and not Home(sliced).database().exists()
    again = ingest_plainly([folder], sliced, slice_seconds=1)
    assert (again.unchanged, again.new, again.set_aside) == (11, 14, 1)  # One of them is there twice.
    left_out = (*RUNS, "source", "placement")
    assert dump(Home(sliced).database(), without=left_out) == dump(Home(at_once).database(), without=left_out)
    totals = "SELECT count(*) = 3, sum(files_new), sum(reports), sum(files_set_aside) FROM load"
    assert rows(Home(sliced).database(), totals) == [(True, 25, 23, 1)]
    # Another one has nothing to do, and says so in one line.
    assert ingest_plainly([folder], sliced, slice_seconds=1).unchanged == 25


@pytest.mark.xdist_group("prefect")
def test_what_is_kept_of_a_run_that_ends_half_way_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_api: str
) -> None:
    monkeypatch.setattr(batches, "cost", lambda item: 0.1)
    folder = write(tmp_path / "in", {f"{n:03d}.json": document(report(f"机关{n}")) for n in range(15)})
    reading = steps.Run.load

    def load(self: steps.Run) -> None:
        if self.load_id == 2:
            raise OSError(28, "No space left on device")
        reading(self)

    monkeypatch.setattr(steps.Run, "load", load)
    with pytest.raises(PipelineError) as full:
        run.ingest([folder], home_dir=tmp_path / "home", reader=READER, workers=1, slice_seconds=1)
    assert "到第 1 次入库为止读到的已存妥" in full.value.zh and "磁盘已满" in full.value.zh
    assert load_ids(Home(tmp_path / "home")) == [1]


READER_PROGRAM = """
import sys, duckdb
from pathlib import Path
database, stop = sys.argv[1:]
seen, last = 0, 0
while not Path(stop).exists():
    try:
        con = duckdb.connect(database, read_only=True)
    except duckdb.IOException:
        continue
    con.execute("SET enable_progress_bar = false")
    reports, whole, loads = con.execute(
        "SELECT (SELECT count(*) FROM report), (SELECT count(*) FROM report r WHERE (SELECT count(*) FROM fact f WHERE "
        "f.report_key = r.report_key) = 3 AND standing = 'preferred'), (SELECT count(*) FROM load)"
    ).fetchone()
    con.close()
    assert reports == whole == 3 * loads and reports >= last, (reports, whole, loads, last)
    seen, last = seen + 1, reports
print(seen, last)
"""


def test_readers_without_pause_see_complete_loads_only(world: World, tmp_path: Path) -> None:
    world.news(3)
    number = 10 if os.environ.get("GOUJI_SOAK") else 2
    command = [sys.executable, "-c", READER_PROGRAM, world.database, tmp_path / "stop"]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(number)]
    try:
        for _ in range(40 if os.environ.get("GOUJI_SOAK") else 4):
            world.news(3)
    finally:
        (tmp_path / "stop").touch()
    for reader in readers:
        seen, last = map(int, reader.communicate(timeout=60)[0].split())
        assert reader.returncode == 0 and seen > 1 and last <= world.number
