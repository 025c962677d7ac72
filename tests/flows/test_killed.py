"""A run that is killed leaves a whole load or none, and the next one makes good what is missing.

The suite kills at a few moments. The whole campaign, with Prefect and ten moments and more:
``python -m tests.flows.test_killed 12``.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import published, record
from flows.home import Home
from parsers.files import whole

from .helpers import RUNS, children, document, dump, ingest_plainly, report, until, write

ROOT = Path(__file__).resolve().parents[2]


def folder_of(where: Path, number: int, seconds: float) -> Path:
    files = {
        f"{n:03d}.json": document(report(f"机关{n % 40}", 2015 + n % 9, bad=n % 4 == 0, statements=2), seconds=seconds)
        for n in range(number)
    }
    return write(where, files | {"broken.json": "x", "copy.json": files["000.json"]})


def command(home: Path, folder: Path, *, prefect: bool, workers: int = 2) -> list[str]:
    if not prefect:
        return [sys.executable, "-m", "tests.flows.helpers", str(home), str(folder), str(workers)]
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from flows import run\n"
        "if __name__ == '__main__': run.ingest([sys.argv[2]], home_dir=sys.argv[1], reader='tests.flows.fake_reader')"
    )
    program = home.parent / "program.py"
    program.write_text(code)
    return [sys.executable, str(program), str(home), str(folder)]


def run_and_kill(home: Path, folder: Path, after: float) -> None:
    """Start a run without Prefect and kill it after so many seconds."""
    started = subprocess.Popen(command(home, folder, prefect=False, workers=1), cwd=ROOT)
    time.sleep(after)
    workers = children(started.pid)
    started.kill()
    started.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def whole_or_nothing(home: Path) -> None:
    """What a reader finds after a kill is a database as some run published it."""
    database = home / "gouji.duckdb"
    if database.exists():
        assert published._schema_at(database) is not None
        dump(database)


def half_of_it(folder: Path, home: Path, files: int) -> None:
    """Load so many files of a folder, at their places in it, and put the others back."""
    aside = folder.with_name("aside")
    aside.mkdir()
    for path in sorted(folder.iterdir())[files:]:
        path.rename(aside / path.name)
    ingest_plainly([folder], home)
    for path in aside.iterdir():
        path.rename(folder / path.name)


@pytest.mark.soak
def test_killed_at_random_moments_and_run_again(tmp_path: Path) -> None:
    """With the one of a collect five kills: two homes are killed twice each, one of which held half of the files before."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    folder = folder_of(tmp_path / "in", 24, 0.01)
    half_of_it(folder, tmp_path / "half", 12)
    start = time.monotonic()
    undisturbed = tmp_path / "undisturbed"
    subprocess.run(command(undisturbed, folder, prefect=False, workers=1), cwd=ROOT, check=True)
    duration = time.monotonic() - start
    wanted = rows_but_runs(undisturbed / "gouji.duckdb")
    chosen = random.Random(seed)
    for n in range(2):
        home = tmp_path / f"home{n}"
        if n:
            shutil.copytree(tmp_path / "half", home)
        for _ in range(2):
            # What was there already takes no time.
            run_and_kill(home, folder, chosen.uniform(0.2, 0.7 if n else 1.0) * duration)
            whole_or_nothing(home)
        ingest_plainly([folder], home)
        assert rows_but_runs(home / "gouji.duckdb") == wanted
        assert not [p for p in home.rglob(f"*{whole.ENDING}*") if p.is_file()]


def test_every_moment_of_a_commit(tmp_path: Path) -> None:
    """A commit and a publication, cut off before each of their steps; the next run must come to the same end."""
    folder = folder_of(tmp_path / "in", 6, 0)
    made = tmp_path / "made"
    ingest_plainly([folder], made)
    wanted = dump(made / "gouji.duckdb")
    home = Home(made)
    manifest = home.record / record.MANIFESTS / "00000001.json"
    load = json.loads(manifest.read_text(encoding="utf-8"))
    paths = [p for files in load["files"].values() for p in files]

    def state(name: str, *, files: int, committed: bool, published: bool, noted: bool) -> Home:
        """A home as it stands when the run was killed after so many of its steps."""
        cut = Home(tmp_path / name)
        shutil.copytree(made, cut.root)
        for path in paths[files:]:
            (cut.record / path).unlink()
        (cut.staging / "00000001" / "parts").mkdir(parents=True)
        half = whole.beside(cut.database())
        for leftover in (half, half.with_name(half.name + ".wal")):
            leftover.write_bytes(b"half")
        if not committed:
            (cut.record / record.MANIFESTS / "00000001.json").rename(
                whole.beside(cut.record / record.MANIFESTS / "00000001.json")
            )
        if not published:
            cut.database().unlink()
        if not noted:
            cut.index.unlink()
        return cut

    cases = [
        state("half", files=len(paths) // 2, committed=False, published=False, noted=False),
        state("moved", files=len(paths), committed=False, published=False, noted=False),
        state("committed", files=len(paths), committed=True, published=False, noted=False),
    ]
    for cut in cases:
        again = ingest_plainly([folder], cut.root)
        assert dump(cut.database()) == wanted, cut.root
        committed = cut.root.name == "committed"
        assert (again.unchanged, again.new) == ((8, 0) if committed else (0, 8)), cut.root
        assert not list(cut.root.rglob(f"*{whole.ENDING}*"))


# What tells in which run a row was made: it differs where a killed run had committed a part.
_OF_RUNS = {"load_id", "first_load", "last_load", "first_seen", "last_seen", "retrieved_at", "run", "at", "event"}


def rows_but_runs(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the runs' own, without load ids and times."""
    con = duckdb.connect(os.fspath(database), read_only=True)
    try:
        names = con.execute("SELECT table_name FROM duckdb_tables() WHERE table_name <> 'meta' ORDER BY 1").fetchall()
        out = {}
        for (name,) in names:
            if name in RUNS:
                continue
            columns = con.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [name]).fetchall()
            chosen = ", ".join(f'"{c}"' for (c,) in columns if c not in _OF_RUNS)
            out[name] = con.execute(f'SELECT {chosen} FROM "{name}" ORDER BY ALL').fetchall()
        return out
    finally:
        con.close()


class Round:
    """Runs killed one after another in one home, until one of them is let come to its end.

    ``before``: half of the files are loaded already; ``slices``: what is read is committed in several loads; ``prefect``: as the command
    does it, or the same steps without Prefect, whose start is most of a run.
    """

    def __init__(self, base: Path, number: int, *, before: bool, slices: bool, prefect: bool) -> None:
        self.home = base / f"round{number}"
        self.prefect = prefect
        self.env = os.environ | ({"GOUJI_SLICE_SECONDS": "1"} if slices else {})
        # Prefect's database of another home: making one would take most of the time.
        shutil.copytree(base / ("half" if before else "first") / "prefect", self.home / "prefect")
        if before:
            for part in (base / "half").iterdir():
                if part.name != "prefect":
                    copy = shutil.copytree if part.is_dir() else shutil.copy2
                    copy(part, self.home / part.name)
        self.loads = self.kept()

    def kept(self) -> int:
        return len(record.load_ids(Home(self.home))) if (self.home / "record").exists() else 0

    def run(self, folder: Path) -> None:
        subprocess.run(command(self.home, folder, prefect=self.prefect), cwd=ROOT, check=True, env=self.env)

    def kill(self, folder: Path, chosen: random.Random, duration: float, aim: str) -> tuple[bool, float]:
        """Begin a run and kill it: after a part of what one takes, or a moment after it has begun to load, or has committed."""
        begun = time.monotonic()
        started = subprocess.Popen(command(self.home, folder, prefect=self.prefect), cwd=ROOT, env=self.env)
        if aim == "any":
            end = begun + chosen.uniform(0.05, 1.0) * duration
            while started.poll() is None and time.monotonic() < end:
                time.sleep(0.02)
        else:
            loads, staged = self.kept(), self._staged()
            while started.poll() is None and not self._reached(aim, loads, staged):
                time.sleep(0.01)
            time.sleep(chosen.uniform(0.0, 0.1 * duration))
        alive = started.poll() is None
        workers = children(started.pid)
        started.kill()
        started.wait()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
        return alive, time.monotonic() - begun

    def _staged(self) -> set[Path]:
        return set((self.home / "staging").glob("*/*/year=*"))

    def _reached(self, aim: str, loads: int, staged: set[Path]) -> bool:
        return self.kept() > loads or (aim == "load" and bool(self._staged() - staged))

    def left_behind(self) -> list[str]:
        """What a run that ended has no use for."""
        staged = [p.name for p in (self.home / "staging").iterdir()]
        return staged + [str(p) for p in self.home.rglob(f"*{whole.ENDING}*") if "prefect" not in p.parts]


def campaign(kills: int) -> None:
    """Kill runs with Prefect at random moments until ``kills`` of them were at work; print what happened.

    Up to ten runs are killed in one home before one is let come to its end and is compared: in a home that is empty, in one
    that holds half of the files, and with several loads in one run.
    """
    import tempfile

    seed = random.randrange(10**6)
    chosen = random.Random(seed)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        folder = folder_of(base / "in", 498, 0.01)
        half = base / "in-half"
        shutil.copytree(folder, half)
        for path in sorted(half.iterdir())[250:]:
            path.unlink()
        # At their places in the folder: a home that holds half of it holds half of the same places.
        whole_folder = folder.rename(base / "whole")
        half.rename(folder)
        subprocess.run(command(base / "half", folder, prefect=True), cwd=ROOT, check=True)
        folder.rename(half)
        whole_folder.rename(folder)
        takes = {}
        for home, prefect in (("plain", False), ("first", True)):
            shutil.copytree(base / "half" / "prefect", base / home / "prefect")
            start = time.monotonic()
            subprocess.run(command(base / home, folder, prefect=prefect), cwd=ROOT, check=True)
            takes[prefect] = time.monotonic() - start
        wanted = rows_but_runs(base / "first" / "gouji.duckdb")
        assert rows_but_runs(base / "plain" / "gouji.duckdb") == wanted
        print(f"500 files undisturbed: {takes[True]:.1f} s, {takes[False]:.1f} s without Prefect", flush=True)
        done = number = 0
        while done < kills:
            before, slices, prefect = number % 3 == 1, number % 3 == 2, number % 2 == 0
            one = Round(base, number, before=before, slices=slices, prefect=prefect)
            number += 1
            kind = "half was there" if before else "several loads" if slices else "from nothing"
            kind += "" if prefect else ", without Prefect"
            for _ in range(10):
                aim = chosen.choices(["any", "load", "commit"], [8, 1, 1])[0]
                alive, after = one.kill(folder, chosen, takes[prefect], aim)
                whole_or_nothing(one.home)
                if not alive:
                    break
                done += 1
                state = f"{one.kept() - one.loads} of its loads kept"
                print(f"{done}: round {number}, {kind}: killed after {after:.1f} s ({aim}), {state}", flush=True)
                if done >= kills or (one.kept() > one.loads and not slices):
                    break
            nothing, start = one.kept() == one.loads, time.monotonic()
            one.run(folder)
            if nothing:
                # The machine may be more or less busy than it was.
                takes[prefect] = time.monotonic() - start
            found = rows_but_runs(one.home / "gouji.duckdb")
            assert found == wanted, (one.home, [t for t in wanted if found.get(t) != wanted[t]])
            assert not one.left_behind(), one.left_behind()
            print(f"round {number}: run again: equal, nothing left behind", flush=True)
            shutil.rmtree(one.home)
        print(f"{done} kills in {number} rounds: all equal", flush=True)


if __name__ == "__main__":
    campaign(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
