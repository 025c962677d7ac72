"""A child that hangs, crashes, grows or leaks costs one file and never the caller."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from parsers.isolation import children, supervisor
from parsers.isolation.supervisor import Isolated, Limits, problem

ROOT = Path(__file__).resolve().parents[3]
POSIX = sys.platform != "win32"
_hoard: list[bytearray] = []


def misbehave(path: Path) -> object:
    """Work that does what the file's name says."""
    what = path.stem
    if what == "hang":
        while True:
            pass
    if what == "sleep":
        time.sleep(60)
    if what == "second":
        time.sleep(1)
    if what == "abort":
        os.abort()
    if what == "exit":
        os._exit(7)
    if what == "quit":
        raise SystemExit(0)
    if what == "memory":
        _hoard.extend(bytearray(64 * 2**20) for _ in range(1000))
    if what == "recursion":
        return misbehave(path)
    if what == "missing":
        return path.read_bytes()
    if what == "unpicklable":
        return threading.Lock()
    if what == "hoard":
        # Keeps memory as a leaking library does.
        _hoard.append(bytearray(b"1") * (220 * 2**20))
    if what == "print":
        print("noise")
        os.write(1, b"noise from native code\n")
        os.write(2, b"warning from native code\n")
    return what, os.getpid()


def run(child: Isolated, what: str) -> tuple[str, object]:
    return child.run(Path(what))


@pytest.mark.parametrize(
    ("what", "outcome"),
    [
        ("hang", "time"),
        ("sleep", "time"),
        pytest.param("abort", "died", marks=pytest.mark.skipif(not POSIX, reason="Windows shows a dialogue")),
        ("exit", "died"),
        ("quit", "failed"),
        pytest.param("memory", "memory", marks=pytest.mark.skipif(not POSIX, reason="no memory limit there")),
        ("recursion", "failed"),
        ("missing", "os"),
        ("unpicklable", "failed"),
    ],
)
def test_whatever_a_file_does_ends_as_a_reason_and_the_next_is_read(what: str, outcome: str) -> None:
    # Only what never ends may be ended by the clock: on a loaded machine the others take as long as they need.
    with Isolated(misbehave, Limits(seconds=1.0 if outcome == "time" else 300.0, megabytes=500)) as child:
        assert child.run(Path("good"), seconds=300)[0] == "done"
        start = time.monotonic()
        got, why = run(child, what)
        assert got == outcome
        assert outcome != "time" or time.monotonic() - start < 30
        told = problem(Path("年报.pdf"), got, why)
        assert told.message.startswith("年报.pdf：")
        assert told.kind == {"time": "timed_out", "memory": "too_large"}.get(outcome, "unreadable")
        assert child.run(Path("good"), seconds=300)[0] == "done"


def test_time_that_the_machine_gave_to_others_is_not_held_against_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that was given little time gets more; at last it is the machine that is told of, not the file."""
    with Isolated(misbehave, Limits(seconds=300.0, megabytes=500)) as child:
        assert run(child, "good")[0] == "done"
        monkeypatch.setattr(children, "cpu_seconds", lambda _pid: time.monotonic() * 0.1)
        assert child.run(Path("second"), seconds=0.5)[0] == "done", "more than its limit, less than it was given"
        got, why = child.run(Path("sleep"), seconds=0.3)
        told = problem(Path("年报.pdf"), got, why)
        assert got == "busy" and told.kind == "timed_out" and "正忙" in told.message and "损坏" not in told.message
        # One that had its time, or waits for what never comes, and any where the system does not say.
        for used in (time.monotonic, lambda: 1.0, lambda: None):
            monkeypatch.setattr(children, "cpu_seconds", lambda _pid, used=used: used())
            assert child.run(Path("sleep"), seconds=0.3)[0] == "time"


def test_the_time_of_a_process_is_known() -> None:
    before = children.cpu_seconds(os.getpid())
    assert before is not None
    while time.process_time() < before + 0.1:
        pass
    after = children.cpu_seconds(os.getpid())
    assert after is not None and after > before and children.cpu_seconds(2**22 + 1) is None


def test_one_child_reads_many_files() -> None:
    with Isolated(misbehave) as child:
        pids = {run(child, "good")[1] for _ in range(5)}
        assert len(pids) == 1


def test_a_kept_child_reads_the_next_file_whatever_the_last_one_did() -> None:
    limits = Limits(seconds=300.0)
    pids = {supervisor.run_kept(misbehave, Path("good"), limits)[1] for _ in range(3)}
    assert len(pids) == 1
    assert supervisor.run_kept(misbehave, Path("exit"), limits)[0] == "died"
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda _: supervisor.run_kept(misbehave, Path("good"), limits), range(6)))
    assert {outcome for outcome, _ in found} == {"done"} and len({pid for _, pid in found} | pids) == 2


def test_a_file_that_ends_a_child_is_tried_once_more_in_a_new_one(tmp_path: Path) -> None:
    with Isolated(once_only) as child:
        assert child.run(tmp_path / "mark") == ("done", "second")
        assert child.number == 2


def once_only(path: Path) -> str:
    """Ends its process the first time."""
    if not path.exists():
        path.touch()
        os._exit(7)
    return "second"


class Counting:
    """Work that holds what it did."""

    def __init__(self) -> None:
        self.held: list[str] = []

    def prepare(self) -> None:
        self.held.append("ready")

    def __call__(self, job: str) -> list[str]:
        if job == "exit":
            os._exit(7)
        self.held.append(job)
        return self.held


def test_a_child_that_holds_what_it_did_is_replaced_only_when_its_owner_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor, "FILES_A_CHILD", 2)
    work = Counting()
    with Isolated(work, prepare=work.prepare, holds=True) as child:
        assert [child.run(job)[1] for job in ("a", "b", "c")][-1] == ["ready", "a", "b", "c"]
        child.recycle()
        assert child.run("d") == ("done", ["ready", "d"])
        assert child.number == 2
        # Tried twice, each time in another child, and what was held is gone with the first.
        assert child.run("exit")[0] == "died"
        assert (child.run("e"), child.number) == (("done", ["ready", "e"]), 4)
    assert work.held == []


def _no_reader() -> None:
    raise ImportError("no reader here")


def test_a_child_that_cannot_be_prepared_says_why() -> None:
    with Isolated(misbehave, prepare=_no_reader) as child:
        assert run(child, "good") == ("start", "ImportError: no reader here")


def _imports(_: Path) -> None:
    raise ImportError("DLL load failed while importing _x")


def test_what_cannot_be_imported_is_a_fault_of_the_installation_and_not_of_the_file() -> None:
    with Isolated(_imports) as child:
        outcome, why = run(child, "good")
    assert (outcome, why) == ("import", "DLL load failed while importing _x")
    told = supervisor.problem(Path("甲.pdf"), outcome, why)
    assert told.message == (
        "甲.pdf：安装不完整，读取程序的一部分不能用（DLL load failed while importing _x）。请重新安装本程序。"
    )


def test_a_library_that_ends_its_process_is_a_fault_of_the_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gouji_cut_off.py").write_text("import os\nos._exit(7)\n", "utf-8")
    (path := tmp_path / "甲.pdf").write_bytes(b"%PDF-1.7")
    monkeypatch.syspath_prepend(str(tmp_path))
    for library, told in (("json", "文件可能已损坏"), ("gouji_cut_off", "安装不完整")):
        monkeypatch.setitem(supervisor._NATIVE, "application/pdf", library)
        found = supervisor.extraction_of_failure(path, "died", 7)
        assert told in found.problems[0].message and bool(found.unusable) is (library != "json")
    # Of another format nothing is known, nor where the system wanted its memory back.
    assert (
        supervisor.killed_by("died", 7, "text/html") is supervisor.killed_by("memory", None, "application/pdf") is None
    )


def test_what_is_printed_in_a_child_may_be_kept(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Isolated(misbehave, log=os.fspath(log)) as child:
        assert run(child, "print")[0] == "done"
    assert "noise from native code" in log.read_text("utf-8")


def test_many_files_by_many_children_come_back_in_order() -> None:
    found = list(supervisor.each(misbehave, [Path(f"good{n}") for n in range(20)], 2))
    assert [result[0] for _, result in found] == [f"good{n}" for n in range(20)]
    assert len({result[1] for _, result in found}) == 2


def test_a_child_is_replaced_after_so_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FILES_A_CHILD", 2)
    with Isolated(misbehave) as child:
        pids = [run(child, "good")[1] for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a memory limit, and a system that tells how much is held")
def test_a_leak_of_earlier_files_is_not_blamed_on_a_later_one() -> None:
    with Isolated(misbehave, Limits(seconds=20, megabytes=900)) as child:
        assert [run(child, "hoard")[0] for _ in range(5)] == ["done"] * 5


def test_noise_of_libraries_does_not_reach_the_callers_output(capfd: pytest.CaptureFixture[str]) -> None:
    with Isolated(misbehave) as child:
        assert run(child, "print")[0] == "done"
    assert capfd.readouterr() == ("", "")


def test_stop_ends_what_another_thread_waits_for() -> None:
    child = Isolated(misbehave, Limits(seconds=60))
    assert run(child, "good")[0] == "done"
    got: list[tuple[str, object]] = []
    waiting = threading.Thread(target=lambda: got.append(run(child, "hang")))
    waiting.start()
    time.sleep(0.3)
    start = time.monotonic()
    child.stop()
    waiting.join(10)
    assert time.monotonic() - start < 5
    assert got[0][0] == "died"
    assert run(child, "good")[0] == "died"


@pytest.mark.skipif(not POSIX, reason="signals")
@pytest.mark.parametrize("state", ["good", "hang"])
def test_a_child_ends_with_its_parent_however_that_ends(state: str) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from parsers.isolation.supervisor import Isolated\n"
        "from tests.parsers.isolation.test_supervisor import misbehave\n"
        "if __name__ == '__main__':\n"
        "    child = Isolated(misbehave)\n"
        "    print(child.run(Path('good'))[1][1], flush=True)\n"
        f"    child.run(Path({state!r})); child.run(Path('sleep'))\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    end = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and "Z (zombie)" not in _status(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists() or "Z (zombie)" in _status(pid)


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return ""


class _Unstartable:
    """Cannot be rebuilt in the child, as where an installation is broken."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return __import__, ("no_such_module_here",)

    def __call__(self, path: Path) -> object:
        raise AssertionError("never called")


def test_a_child_that_cannot_start_is_told_as_such() -> None:
    with Isolated(_Unstartable()) as child:
        outcome, why = run(child, "good")
        assert outcome == "start"
        assert "无法启动" in problem(Path("a.pdf"), outcome, why).message


@pytest.mark.parametrize("how", ["file", "stdin"])
def test_a_script_needs_no_guard(how: str, tmp_path: Path) -> None:
    """A child does not run the caller's script again: it would start children of its own, or not be found."""
    script = (
        "from pathlib import Path\n"
        "from parsers.isolation.supervisor import Isolated\n"
        "from tests.parsers.isolation.test_supervisor import misbehave\n"
        "print('once', flush=True)\n"
        "with Isolated(misbehave) as child:\n"
        "    print(child.run(Path('good'))[0])\n"
    )
    path = tmp_path / "script.py"
    path.write_text(script, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(path) if how == "file" else "-"],
        check=False,
        input=script if how == "stdin" else None,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stdout.split() == ["once", "done"], ran.stderr
    assert not ran.stderr
