"""Work in child processes with limits on time and memory: the one supervisor of commands and flows.

Belongs here: what keeps a file that hangs, crashes or eats memory from taking the caller with it, in one child or many,
for one file or a batch, in order; what to tell of such a file.
Does not belong here: the work itself (`gouji.batch`, `flows.worker`), what goes on in a child (`serving`, `children`).

A child is started once and reused; jobs go in one by one, results come back, documents stay where they are. It is started
by `spawn` on every system, so that it works on Windows and inherits nothing: what it has to know is in the work and in
what prepares it. It ends with its parent, however that ends. A memory limit needs `resource`, which Windows lacks: there
only the time limit holds.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from parsers.document import IncompleteError
from parsers.files.paths import shown
from schemas.facts import Extraction, Part, Problem, Source

from . import children, serving
from .serving import Orders, Work

SECONDS = 30.0
MEGABYTES = 1024
# A child is replaced after so many files, or when it holds so much memory between two of them: what libraries leak never
# adds up, and no file is refused for what an earlier one left behind.
FILES_A_CHILD = 2000
RECYCLE_MEGABYTES = 400
# Starting Python and importing the readers, on a loaded machine with a slow disk. No file is to blame for it.
START_SECONDS = 120.0
# A job that a busy machine has given little of its time gets so many times its limit. It has had its time at this share of
# it, and waits for what never comes where it hardly works at all.
PATIENCE = 4
_HAD_ITS_TIME, _AT_WORK = 0.8, 0.01

# What reads in native code in the end, by media type.
_NATIVE = {"application/pdf": "pypdfium2.raw"}

Outcome = tuple[str, Any]

_STARTING = threading.Lock()
_KEEPING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Limits:
    """Per job: wall seconds, and MiB of address space. A child that holds more MiB than ``recycle`` is replaced."""

    seconds: float = SECONDS
    megabytes: int = MEGABYTES
    recycle: int = RECYCLE_MEGABYTES


# -- in the parent -------------------------------------------------------------------------------------------------


@contextmanager
def _without_script(work: Work) -> Iterator[None]:
    """Within, a child that is started does not run the caller's script again.

    `spawn` does so to find what the script defines. Nothing of it is needed here, and a script without
    ``if __name__ == "__main__"`` would start children of its own in there; one from stdin cannot even be found.
    """
    main = sys.modules.get("__main__")
    if main is None or getattr(work, "__module__", None) == "__main__":
        yield
        return
    stand_in = ModuleType("__main__")
    vars(stand_in).update({k: v for k, v in vars(main).items() if k not in ("__file__", "__spec__")})
    with _STARTING:
        sys.modules["__main__"] = stand_in
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class Isolated:
    """A child process that does ``work(job)`` job by job, within limits. Use it as a context manager.

    ``prepare`` is called once in each child, before its memory is limited; ``log`` is a file for what libraries print
    there, else nobody sees it. ``holds`` says that the child holds what it did for later jobs: it is then not replaced
    between two of them but by `recycle`, and ``number`` tells its owner when it was lost all the same.

    ``run`` may be called from one thread at a time; ``stop`` from any.
    """

    def __init__(
        self,
        work: Work,
        limits: Limits | None = None,
        *,
        prepare: Callable[[], object] | None = None,
        log: str | None = None,
        holds: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        # How many children have been started.
        self.number = 0
        self._orders = Orders(work, prepare, self.limits.megabytes, self.limits.recycle, log)
        self._holds = holds
        self._context = multiprocessing.get_context("spawn")
        self._process: BaseProcess | None = None
        # Two pipes of one direction: one of both directions is a pair of sockets on Unix, and a clerk's command has none.
        self._jobs: Connection | None = None
        self._answers: Connection | None = None
        self._served = 0
        self._spent = False
        self._lock = threading.Lock()
        self._stopped = False

    def __enter__(self) -> Isolated:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the child ahead of the first job; it gets ready while the caller does something else."""
        with self._lock:
            if self._stopped or self._process is not None:
                return
            jobs_there, jobs_here = self._context.Pipe(duplex=False)
            answers_here, answers_there = self._context.Pipe(duplex=False)
            arguments = (jobs_there, answers_there, serving.sealed(self._orders))
            process = self._context.Process(target=serving.serve, args=arguments, daemon=True, name="gouji-child")
            with _without_script(self._orders.work):
                process.start()
            jobs_there.close()
            answers_there.close()
            self._process, self._served, self._spent = process, 0, False
            self._jobs, self._answers = jobs_here, answers_here
            self.number += 1

    def run(self, job: Any, seconds: float | None = None) -> Outcome:
        """``("done", result)``, or ``("time"|"busy"|"memory"|"died"|"failed"|"import"|"os"|"start", why)``.

        ``time``: it was not done after its limit; ``busy``: nor after more, of which the machine gave it little.

        A job that ends its child is tried once more in a new one: what an earlier file left behind in native code, or
        the system's want of memory, may have been the cause. ``seconds`` is a limit for this job alone.
        """
        outcome = self._attempt(job, seconds)
        if outcome[0] == "died" and not self._stopped:
            outcome = self._attempt(job, seconds)
        if not self._holds:
            self.recycle()
        return outcome

    def recycle(self) -> None:
        """End the child if it has done much or holds much; what it holds for its owner is gone then."""
        if self._spent or self._served >= FILES_A_CHILD:
            self.close()

    def _attempt(self, job: Any, seconds: float | None) -> Outcome:
        limit = self.limits.seconds if seconds is None else seconds
        try:
            self.start()
            jobs, answers = self._jobs, self._answers
            if jobs is None or answers is None:
                return "died", None
            if not self._served:
                if not answers.poll(START_SECONDS):
                    self.close()
                    return "start", f"{START_SECONDS:g} 秒还没有启动，这台电脑可能正忙"
                ready, why = answers.recv()
                if ready != "ready":
                    self.close()
                    return "start", why
            self._served += 1
            jobs.send(job)
            late = self._late(answers, limit)
            if late is not None:
                self.close()
                return late
            outcome, result, self._spent = answers.recv()
        except (EOFError, OSError):
            ready = self._served > 0
            code = self._exit_code()
            self.close()
            return ("died" if ready else "start"), code
        return outcome, result

    def _late(self, answers: Connection, limit: float) -> Outcome | None:
        """Wait for an answer; None where it came in time. Time that the machine gave to others is not held against a job."""
        pid = self._process.pid if self._process is not None else None
        before = children.cpu_seconds(pid) if pid is not None else None
        begun = time.monotonic()
        if answers.poll(limit):
            return None
        while pid is not None and before is not None and (now := children.cpu_seconds(pid)) is not None:
            waited, worked = time.monotonic() - begun, now - before
            if worked >= _HAD_ITS_TIME * limit or worked < _AT_WORK * waited:
                break
            if waited >= PATIENCE * limit:
                return "busy", f"{waited:.0f}"
            if answers.poll(min(1.0, limit)):
                return None
        return "time", f"{limit:g}"

    def _exit_code(self) -> int | None:
        if self._process is None:
            return None
        self._process.join(5)
        return self._process.exitcode

    def stop(self) -> None:
        """End the child for good, also while another thread waits in ``run``, which then returns at once."""
        with self._lock:
            self._stopped = True
            if self._process is not None and self._process.is_alive():
                self._process.kill()

    def close(self) -> None:
        """End the child at once: it holds nothing that is not handed on. The next ``run`` starts another."""
        with self._lock:
            process, pipes = self._process, (self._jobs, self._answers)
            self._process = self._jobs = self._answers = None
            self._served, self._spent = 0, False
        if process is not None:
            process.kill()
            process.join()
            process.close()
        for pipe in pipes:
            if pipe is not None:
                pipe.close()


@cache
def _kept(_process: int, work: Work, limits: Limits) -> Isolated:
    return Isolated(work, limits)


def run_kept(work: Work, job: Any, limits: Limits | None = None) -> Outcome:
    """What `Isolated.run` gives, by a child that stays for the next file: starting one takes longer than most files.

    It ends with this process. May be called from any thread; one file is read at a time.
    """
    with _KEEPING:
        # After a fork the child is the parent's, so it is kept by process.
        return _kept(os.getpid(), work, limits or Limits()).run(job)


def each(
    work: Work,
    jobs: Iterable[Any],
    workers: int = 1,
    limits: Limits | None = None,
    *,
    prepare: Callable[[], object] | None = None,
) -> Generator[Outcome, None, None]:
    """What `Isolated.run` gives for every job, in order, by so many children at once.

    Closing the iterator ends at once what is under way.
    """
    children = [Isolated(work, limits, prepare=prepare) for _ in range(workers)]
    idle: queue.SimpleQueue[Isolated] = queue.SimpleQueue()
    for child in children:
        idle.put(child)

    def one(job: Any) -> Outcome:
        child = idle.get()
        try:
            return child.run(job)
        finally:
            idle.put(child)

    pool = ThreadPoolExecutor(workers)
    waiting: deque[Future[Outcome]] = deque()
    try:
        # A window instead of all at once: results are handed on in order and never pile up.
        for job in jobs:
            waiting.append(pool.submit(one, job))
            if len(waiting) >= workers * 4:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.stop()
        pool.shutdown(wait=True)
        for child in children:
            child.close()


def is_for_memory(outcome: str, why: Any) -> bool:
    """Whether a job ended for want of memory: by its limit, or by the system, which kills what takes too much."""
    killed = getattr(signal, "SIGKILL", None)
    return outcome == "memory" or (outcome == "died" and killed is not None and why == -killed)


def problem(path: Path, outcome: str, why: Any) -> Problem:
    """What to tell of a file that a child could not read."""
    name = shown(path.name)
    if outcome == "time":
        return Problem(
            "timed_out", f"{name}：读了 {why} 秒还没有读完，已放弃。文件可能损坏或过大；请用原软件打开后另存一份再试。"
        )
    if outcome == "busy":
        return Problem(
            "timed_out",
            f"{name}：这台电脑正忙，{why} 秒还没有读完，先放下了，不是文件有问题。请关掉一些程序，过一会儿再核对一次。",
        )
    if is_for_memory(outcome, why):
        return Problem("too_large", f"{name}：读这个文件需要的内存超过上限，已放弃。请拆开，或另存为 .docx 后再试。")
    if outcome == "os":
        return Problem("unreadable", f"{name}：打不开（{why}）。请确认没有被其他程序占用，并有读取权限。")
    if outcome == "import":
        return Problem("unreadable", IncompleteError(name, why).message)
    if outcome == "start":
        return Problem(
            "unreadable", f"{name}：读取程序无法启动（{why}），这个文件没有读。请重新运行；如仍不行，请重新安装。"
        )
    detail = f"（退出码 {why}）" if outcome == "died" and why is not None else f"（{why}）" if why else ""
    return Problem("unreadable", f"{name}：读取时出错{detail}，文件可能已损坏。请用原软件打开后另存一份再试。")


@cache
def _kills(library: str) -> bool:
    """Whether to import a library ends a process, with no file to blame: it is cut off, or another machine's."""
    with Isolated(import_module) as child:
        return child.run(library)[0] == "died"


def killed_by(outcome: str, why: Any, media_type: str) -> str | None:
    """What of the installation ended the child of a file of this type, and how; None where it was none of it."""
    library = _NATIVE.get(media_type)
    if library is None or outcome != "died" or is_for_memory(outcome, why) or not _kills(library):
        return None
    return f"{library}，退出码 {why}"


def extraction_of_failure(path: Path, outcome: str, why: Any) -> Extraction:
    """An extraction that holds nothing but the problem."""
    from parsers.extraction import MOST_BYTES
    from parsers.version import versions

    size, sha256, media_type = 0, "", "application/octet-stream"
    try:
        size = path.stat().st_size
        if size <= MOST_BYTES:
            with path.open("rb") as stream:
                if b"%PDF-" in stream.read(1024):
                    media_type = "application/pdf"
                stream.seek(0)
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        pass
    source = Source(shown(str(path)), sha256, media_type, size)
    if (library := killed_by(outcome, why, media_type)) is not None:
        outcome, why = "import", library
    unusable: dict[Part, str] = {"reader": str(why)} if outcome == "import" else {}
    return Extraction(source, versions(), problems=[problem(path, outcome, why)], unusable=unusable)
