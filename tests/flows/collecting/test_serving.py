"""The schedule really runs: collects every few seconds, over the death of the process that starts them."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import serving as schedule
from flows.collecting.store import Collected
from tests.conftest import ROOT
from tests.flows.helpers import children, give_prefect_a_database, rows

from .site import build

pytestmark = pytest.mark.xdist_group("ingest")
# Runs before the kill: each is a process that loads all of Prefect.
SOAK = bool(os.environ.get("GOUJI_SOAK"))
BEFORE = 2 if SOAK else 1


def _start(home: Path) -> subprocess.Popen[bytes]:
    clean = {k: v for k, v in os.environ.items() if not k.upper().startswith(("PREFECT_", "GOUJI_"))}
    env = clean | {"GOUJI_INTERVAL": "10", "GOUJI_WORKERS": "1", "PYTHONIOENCODING": "utf-8"}
    with (home / "serve.log").open("ab", buffering=0) as log:
        return subprocess.Popen(
            [sys.executable, "-m", "gouji", "serve", "--home", str(home)], cwd=ROOT, env=env, stdout=log, stderr=log
        )


def _end(processes: Iterable[int]) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _done(home: Path) -> int:
    if not (home / "collected.sqlite").exists():
        return 0
    try:
        with closing(Collected(home / "collected.sqlite", read_only=True)) as record:
            return sum(run.state == "done" for run in record.runs(100))
    except sqlite3.OperationalError:
        return 0  # it is just being made


def _wait(home: Path, runs: int, serving: subprocess.Popen[bytes], *, published: bool = False) -> None:
    """Until so many collects are noted as done, which is before what they found is ``published``."""
    end = time.monotonic() + 480
    while _done(home) < runs or (published and not (home / "gouji.duckdb").exists()):
        assert serving.poll() is None and time.monotonic() < end, (home / "serve.log").read_text("utf-8")[-3000:]
        time.sleep(0.5)


def test_runs_and_a_kill_between_them(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    give_prefect_a_database(tmp_path, tmp_path_factory)
    with build() as built:
        sources = built.sources.split("\n\n")
        (tmp_path / "sources.toml").write_text(
            "\n\n".join(s for s in sources if "[defaults]" in s or '"robots_closed"' in s), "utf-8"
        )
        serving = _start(tmp_path)
        try:
            _wait(tmp_path, BEFORE, serving)
        finally:
            orphans = children(serving.pid)
            serving.send_signal(signal.SIGKILL)
            serving.wait()
            # As when the machine goes down; in the soak they live on for a while.
            if not SOAK:
                _end(orphans)
        before, killed = _done(tmp_path), datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        again = _start(tmp_path)
        try:
            _wait(tmp_path, before + 1, again, published=True)
        finally:
            again.terminate()
            again.wait(30)
            _end(orphans)
    record = Collected(tmp_path / "collected.sqlite")
    states = [run.state for run in record.runs(100)]
    record.close()
    with closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db")) as db:
        left = "SELECT count(*) FROM flow_run WHERE state_type = 'RUNNING' AND start_time < ?"
        assert db.execute(left, (killed,)).fetchone() == (0,)
    assert states.count("done") > BEFORE and "failed" not in states, states
    assert rows(tmp_path / "gouji.duckdb", "SELECT count(*) > 0 FROM report") == [(True,)]


def test_an_end_by_hand_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    with closing(asyncio.new_event_loop()) as loop:
        loop.set_exception_handler(schedule._told)
        loop.call_exception_handler({"message": "in a callback", "exception": asyncio.CancelledError()})
        assert not caplog.records
        loop.call_exception_handler({"message": "in a callback", "exception": ValueError("no")})
        assert "ValueError" in caplog.text
