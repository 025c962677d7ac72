"""Collects that are killed at any moment and begun again come to the same end as one that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.collecting import collect as work
from flows.collecting.store import Collected
from tests.conftest import ROOT
from tests.flows.helpers import children, until, without_prefect

from .site import build

# What tells when, and in which run.
_TIMES = {
    "retrieved_at",
    "load_id",
    "first_load",
    "last_load",
    "first_seen",
    "last_seen",
    "checked",
    "run",
    "at",
    "event",
}
_RUNS = ("load", "collect_run", "meta")
_PROGRAM = (
    "import sys; from flows.collecting import collect\n"
    "from tests.flows.helpers import without_prefect\n"
    "from contextlib import nullcontext\n"
    "if __name__ == '__main__':\n"
    "    with nullcontext() if sys.argv[3:] else without_prefect(apart=True):\n"
    "        collect.collect(home_dir=sys.argv[1], only=sys.argv[2], workers=2, slice_publications=40)"
)


def _rows(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but runs, without times and load ids."""
    con = duckdb.connect(os.fspath(database), read_only=True)
    try:
        out = {}
        for (name,) in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name NOT IN (SELECT unnest(?)) ORDER BY 1", [_RUNS]
        ).fetchall():
            columns = con.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [name]).fetchall()
            chosen = ", ".join(f'"{c}"' for (c,) in columns if c not in _TIMES)
            out[name] = con.execute(f'SELECT {chosen} FROM "{name}" ORDER BY ALL').fetchall()
        return out
    finally:
        con.close()


def campaign(base: Path, kills: int, only: str = "plain", *, prefect: bool = True) -> None:
    """Kill a collect so many times, each at a random moment of what an undisturbed one takes, and end it once.

    ``prefect``: as the command does it, or with all its processes but without Prefect, whose start is most of a small collect.
    """
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chosen = random.Random(seed)
    program = base / "program.py"
    program.write_text(_PROGRAM)
    with build() as built:
        for name in ("undisturbed", "home"):
            (base / name).mkdir()
            (base / name / "sources.toml").write_text(built.sources, "utf-8")
        start = time.monotonic()
        env = os.environ | {"PYTHONPATH": os.fspath(ROOT)}
        more = [only, *(["prefect"] if prefect else [])]
        subprocess.run([sys.executable, str(program), str(base / "undisturbed"), *more], cwd=ROOT, check=True, env=env)
        duration = time.monotonic() - start
        home = base / "home"
        asked = 0
        for _ in range(kills):
            started = subprocess.Popen([sys.executable, str(program), str(home), *more], cwd=ROOT, env=env)
            time.sleep(chosen.uniform(0.05, 1.0) * duration)
            below = children(started.pid)
            started.send_signal(signal.SIGKILL)
            started.wait()
            until(lambda below=below: not any(Path(f"/proc/{pid}").exists() for pid in below))
            if (home / "gouji.duckdb").exists():
                _rows(home / "gouji.duckdb")
        built.site.forget()
        with nullcontext() if prefect else without_prefect():
            last = work.collect(home_dir=home, only=only, workers=2)
        asked = len(built.site.asked())
    assert not last.troubles
    assert _rows(home / "gouji.duckdb") == _rows(base / "undisturbed" / "gouji.duckdb")
    ours, theirs = (Collected(base / name / "collected.sqlite", read_only=True) for name in ("home", "undisturbed"))
    assert ours.counts() == theirs.counts()
    assert {r.state for r in ours.runs(1000)} <= {"broken", "done"}
    ours.close()
    theirs.close()
    print(f"undisturbed: {duration:.1f} s; the last run asked {asked} times")


@pytest.mark.soak
def test_killed_and_begun_again(tmp_path: Path) -> None:
    campaign(tmp_path, 1, "platform", prefect=False)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        campaign(Path(name), int(sys.argv[1]) if len(sys.argv) > 1 else 100)
