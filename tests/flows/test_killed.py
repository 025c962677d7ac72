"""A run that is killed leaves a whole load or none, and the next one makes good what is missing.

The suite kills at a few moments. The whole campaign, with Prefect and ten moments and more:
``python -m tests.flows.test_killed 12``.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows import published, record
from flows.home import Home
from parsers.files import whole

from .helpers import children, document, dump, ingest_plainly, report, until, write

ROOT = Path(__file__).resolve().parents[2]


def folder_of(where: Path, number: int, seconds: float) -> Path:
    files = {
        f"{n:03d}.json": document(report(f"机关{n % 40}", 2015 + n % 9, bad=n % 4 == 0, statements=2), seconds=seconds)
        for n in range(number)
    }
    return write(where, files | {"broken.json": "x", "copy.json": files["000.json"]})


def command(home: Path, folder: Path, *, prefect: bool) -> list[str]:
    if not prefect:
        return [sys.executable, "-m", "tests.flows.helpers", str(home), str(folder)]
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from flows import run\n"
        "if __name__ == '__main__': run.ingest([sys.argv[2]], home_dir=sys.argv[1], reader='tests.flows.fake_reader')"
    )
    program = home.parent / "program.py"
    program.write_text(code)
    return [sys.executable, str(program), str(home), str(folder)]


def run_and_kill(home: Path, folder: Path, after: float, *, prefect: bool) -> bool:
    """Start a run and kill it after so many seconds; whether it was still at work."""
    started = subprocess.Popen(command(home, folder, prefect=prefect), cwd=ROOT)
    time.sleep(after)
    alive = started.poll() is None
    workers = children(started.pid)
    started.kill()
    started.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    return alive


def whole_or_nothing(home: Path) -> None:
    """What a reader finds after a kill is a database as some run published it."""
    database = home / "gouji.duckdb"
    if database.exists():
        assert published._schema_at(database) is not None
        dump(database)


@pytest.mark.soak
def test_killed_at_random_moments_and_run_again(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    folder = folder_of(tmp_path / "in", 60, 0.01)
    start = time.monotonic()
    undisturbed = tmp_path / "undisturbed"
    subprocess.run(command(undisturbed, folder, prefect=False), cwd=ROOT, check=True)
    duration = time.monotonic() - start
    wanted = dump(undisturbed / "gouji.duckdb")
    home = tmp_path / "home"
    chosen = random.Random(seed)
    for _ in range(2):
        run_and_kill(home, folder, chosen.uniform(0.2, 1.0) * duration, prefect=False)
        whole_or_nothing(home)
    ingest_plainly([folder], home, workers=2)
    assert dump(home / "gouji.duckdb") == wanted


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


def campaign(kills: int) -> None:
    """Kill runs with Prefect at random moments until ``kills`` of them were at work; print what happened."""
    import tempfile

    seed = random.randrange(10**6)
    chosen = random.Random(seed)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        folder = folder_of(base / "in", 400, 0.02)
        subprocess.run(command(base / "first", folder, prefect=True), cwd=ROOT, check=True)

        def fresh(home: str) -> Path:
            # Prefect's database of another home: making one would take most of the time.
            shutil.copytree(base / "first" / "prefect", base / home / "prefect")
            return base / home

        start = time.monotonic()
        undisturbed = fresh("undisturbed")
        subprocess.run(command(undisturbed, folder, prefect=True), cwd=ROOT, check=True)
        duration = time.monotonic() - start
        wanted = dump(undisturbed / "gouji.duckdb")
        print(f"undisturbed: {duration:.1f} s", flush=True)
        number = 0
        while kills:
            number += 1
            home = fresh(f"home{number}")
            after = chosen.uniform(0.1, 1.0) * duration
            alive = run_and_kill(home, folder, after, prefect=True)
            whole_or_nothing(home)
            loads = len(record.load_ids(Home(home)))
            published = (home / "gouji.duckdb").exists()
            subprocess.run(command(home, folder, prefect=True), cwd=ROOT, check=True)
            assert dump(home / "gouji.duckdb") == wanted, (home, after)
            shutil.rmtree(home)
            if alive:
                kills -= 1
                state = f"{loads} load kept, {'published' if published else 'not published'}"
                print(f"killed after {after:5.1f} s, {state}; run again: equal", flush=True)


if __name__ == "__main__":
    campaign(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
