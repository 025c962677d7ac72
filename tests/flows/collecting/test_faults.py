"""What the machine and the network do to a collect: one sentence, nothing lost, and the next run makes it good."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any

import pytest

from flows import lock, run
from flows.collecting import collect as work
from flows.collecting import store
from flows.collecting.outcome import Collect
from flows.collecting.queue import Queue, WaitError
from flows.collecting.store import Collected
from flows.errors import PipelineError
from flows.home import Home
from gouji.cli import main
from tests.conftest import LONG, ROOT
from tests.flows.helpers import dump, examine, rows, without_prefect
from tests.flows.test_surroundings import fill, small_disk

from .answering import Server, reply, serving

__all__ = ["small_disk"]
pytestmark = pytest.mark.xdist_group("ingest")
SAMPLE = next(p for p in sorted((ROOT / "data/samples").iterdir()) if p.suffix == ".docx" and "损坏" not in p.name)


@pytest.fixture
def server() -> Iterator[Server]:
    """Two addresses, each a report."""
    with serving({f"/{n}.docx": reply(SAMPLE.read_bytes() + b"\0" * n, ETag=f'"{n}"') for n in (1, 2)}) as running:
        yield running


def listed(home: Path, server: Server, *numbers: int) -> None:
    home.mkdir(exist_ok=True)
    addresses = ", ".join(f'"{server.url(f"/{n}.docx")}"' for n in numbers)
    (home / "sources.toml").write_text(
        f'[[source]]\nname = "one"\nkind = "page"\naddress = [{addresses}]\ndelay = 0\nallow = ["private_address"]\n',
        "utf-8",
    )


def collect(home: Path, *, prefect: bool = False, **more: Any) -> Collect:
    with nullcontext() if prefect else without_prefect():
        return work.collect(home_dir=home, retries=0, workers=1, **more)


def sound(home: Path, reports: int) -> None:
    assert rows(home / "gouji.duckdb", "SELECT count(*) FROM report") == [(reports,)]
    found = examine(home)
    assert (found.troubles, found.unseen) == ([], [])


@pytest.mark.parametrize("free", [0, pytest.param(400_000, marks=LONG)])
def test_a_full_disk(small_disk: Path, server: Server, free: int) -> None:
    home = small_disk / "home"
    listed(home, server, 1)
    fill(small_disk, free)
    with pytest.raises(PipelineError) as full:
        collect(home)
    assert "磁盘已满" in full.value.zh and "Traceback" not in full.value.zh
    (small_disk / "filler").unlink()
    assert collect(home).new == 1
    assert all("if-none-match" in a.headers for a in [a for a in server.asked if a.path == "/1.docx"][1:])
    sound(home, 1)


def test_a_home_that_may_only_be_read(tmp_path: Path, server: Server) -> None:
    home = tmp_path / "home"
    listed(home, server, 1)
    Home(home).create()
    (home / "collecting").mkdir()
    Collected(home / "collected.sqlite").close()
    root = os.geteuid() == 0
    commands = (["mount", "--bind", home, home], ["mount", "-o", "remount,ro,bind", home])
    if root and any(subprocess.run(c, check=False, capture_output=True).returncode for c in commands):
        pytest.skip("needs a system that lets root mount")
    for folder in () if root else (home, home / "collecting"):
        folder.chmod(0o555)
    try:
        with pytest.raises(PipelineError) as refused:
            collect(home)
        assert str(home) in refused.value.zh and (
            "只能读" in refused.value.zh or "权限" in refused.value.zh or "不能写入" in refused.value.zh
        )
        assert server.asked == []
    finally:
        if root:
            subprocess.run(["umount", "-l", home], check=True)
        for folder in () if root else (home, home / "collecting"):
            folder.chmod(0o755)


def test_a_prefect_server_that_does_not_answer_costs_no_request(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(tmp_path / "home", server, 1, 2)
    with monkeypatch.context() as context:
        context.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
        with pytest.raises(PipelineError, match="PREFECT_API_URL"):
            collect(tmp_path / "home", prefect=True)
    asked = len(server.asked)
    # An environment full of proxies for others changes nothing.
    for name in ("HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    done = collect(tmp_path / "home")
    assert done.new == 2 and not done.troubles
    assert [p for p in server.paths()[asked:] if p != "/robots.txt"] in ([], ["/1.docx", "/2.docx"])
    assert all("if-none-match" in a.headers for a in server.asked[asked:] if a.path != "/robots.txt")
    sound(tmp_path / "home", 2)


def test_a_network_that_goes_half_way(tmp_path: Path, server: Server) -> None:
    listed(tmp_path / "home", server, 1, 2)
    whole, server.answers["/2.docx"] = server.answers["/2.docx"], lambda *_: None
    half = collect(tmp_path / "home")
    assert half.new == 1 and [t.problem for t in half.troubles] == ["network"]
    sound(tmp_path / "home", 1)
    server.answers["/2.docx"] = whole
    again = collect(tmp_path / "home")
    assert (again.new, again.unchanged, again.troubles) == (1, 1, [])
    sound(tmp_path / "home", 2)


def test_a_clock_that_was_set_back(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(tmp_path / "home", server, 1)
    collect(tmp_path / "home")
    earlier = "2025-01-01T00:00:00+00:00"
    with monkeypatch.context() as context:
        context.setattr(store, "now", lambda: earlier)
        context.setattr(work, "now", lambda: earlier)
        listed(tmp_path / "home", server, 1, 2)
        done = collect(tmp_path / "home")
    assert (done.new, done.unchanged, done.troubles) == (1, 1, [])
    sound(tmp_path / "home", 2)


def test_a_host_that_asked_to_be_left_alone_is_not_for_the_year_that_a_clock_is_wrong(tmp_path: Path) -> None:
    now, waited = 1_800_000_000.0, list[float]()
    queue = Queue(tmp_path / "hosts.sqlite", patience=60, clock=lambda: now, sleep=waited.append)
    with queue.turn("a.test", 1, 10):
        pass
    queue.leave_alone("a.test", 3600)
    with pytest.raises(WaitError), queue.turn("a.test", 1, 10):
        pass
    now -= 365 * 86400
    with pytest.raises(WaitError) as alone, queue.turn("a.test", 1, 10):
        pass
    assert "3600 s" in alone.value.detail
    queue.close()


def test_a_database_that_another_program_holds(tmp_path: Path, server: Server) -> None:
    """The results are in the record; the message says so, and the next run publishes them."""
    home = tmp_path / "home"
    listed(home, server, 1)
    collect(home)
    script = "import sys, time, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(120)"
    holder = subprocess.Popen([sys.executable, "-c", script, home / "gouji.duckdb"], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None and holder.stdout.readline().strip() == b"held"
        listed(home, server, 1, 2)
        with pytest.raises(PipelineError) as held:
            collect(home)
        assert "正被其他程序占用" in held.value.zh and "不受影响" in held.value.zh
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    done = collect(home)
    assert done.new == 1
    sound(home, 2)


def test_a_record_of_the_collector_that_is_damaged_is_said(tmp_path: Path, server: Server) -> None:
    home = tmp_path / "home"
    listed(home, server, 1)
    Home(home).create()
    (home / "collected.sqlite").write_bytes(b"no database" * 500)
    with pytest.raises(PipelineError, match="collector's record"):
        collect(home)
    assert server.asked == []
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(home / "collected.sqlite").execute("SELECT 1 FROM run")
    shutil.rmtree(home)


def test_a_backup_is_restored_as_the_page_says(tmp_path: Path, server: Server) -> None:
    home, restored = tmp_path / "home", tmp_path / "restored"
    listed(home, server, 1, 2)
    collect(home)
    restored.mkdir()
    for name in ("snapshots", "record"):
        shutil.copytree(home / name, restored / name)
    for name in ("collected.sqlite", "sources.toml"):
        shutil.copy(home / name, restored / name)
    with without_prefect():
        run.rebuild(home_dir=restored)
    assert dump(restored / "gouji.duckdb", without=("collect_run",)) == dump(
        home / "gouji.duckdb", without=("collect_run",)
    )
    sound(restored, 2)
    # The cache was left out: asked once without conditions, and nothing is read or doubled.
    done = collect(restored)
    assert (done.new, done.revised, done.unchanged, done.troubles) == (0, 0, 2, [])
    sound(restored, 2)


def test_a_run_that_began_meanwhile_is_waited_for(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed(tmp_path, server, 1)
    Home(tmp_path).create()
    with ExitStack() as stack:
        stack.enter_context(lock.writing(Home(tmp_path).lock))
        monkeypatch.setattr(work, "_PATIENCE", 0.3)
        with pytest.raises(PipelineError, match="another run is writing"):
            collect(tmp_path)
        # What was asked for is counted although the run failed.
        record = Collected(tmp_path / "collected.sqlite")
        assert [(r.state, r.counts["requests"]) for r in record.runs()] == [("failed", len(server.asked))]
        record.close()
        monkeypatch.setattr(work, "_PATIENCE", 60.0)
        ends = threading.Timer(1.0, stack.pop_all().close)
        ends.start()
        assert collect(tmp_path).new == 1
        ends.join()
    with lock.writing(Home(tmp_path).collecting / "lock"):
        capsys.readouterr()
        assert main(["collect", "--home", str(tmp_path), "--format", "json"]) == 2
    out = capsys.readouterr()
    answer = json.loads(out.out)
    assert answer["status"] == 2 and answer["error"] in out.err and "另一个采集任务" in answer["error"]
