"""Reading a file in a child process with limits on time and memory.

Belongs here: what keeps a file that hangs, crashes or eats memory from taking the caller with it.
Does not belong here: reading itself (`assemble`), and which files to read (`gouji`, `flows`).

The child is started once and reused; only results travel through the pipe, never documents. It is started by `spawn`
on every system, so that it works on Windows and inherits nothing. It ends with its parent, however that ends. A memory
limit needs `resource`, which Windows lacks: there only the time limit holds.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from parsers.files.paths import shown
from schemas import kept
from schemas.facts import Extraction, Problem, Source

from . import children

SECONDS = 30.0
MEGABYTES = 1024
# A child is replaced after so many files, or when it holds so much memory between two of them: what libraries leak never
# adds up, and no file is refused for what an earlier one left behind.
FILES_A_CHILD = 2000
RECYCLE_MEGABYTES = 400
# Starting Python and importing the readers, on a loaded machine with a slow disk. No file is to blame for it.
START_SECONDS = 120.0

Work = Callable[[Path], Any]

_STARTING = threading.Lock()
_KEEPING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Limits:
    """Per file: wall seconds, and address space in megabytes."""

    seconds: float = SECONDS
    megabytes: int = MEGABYTES


# -- in the child --------------------------------------------------------------------------------------------------


def _silence() -> None:
    """What native libraries print about broken files must not stand among the results on the parent's stdout."""
    for stream in (sys.stdout, sys.stderr):
        # Without a console (pythonw) there is none.
        if stream is not None:
            stream.flush()
    null = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def _heavy() -> bool:
    """Whether this process holds more memory than it may keep; False where the system does not say."""
    return children.resident() > RECYCLE_MEGABYTES


def _serve(paths: Connection, answers: Connection, work: Work, megabytes: int) -> None:
    """The child: says that it is ready, then one path in, one result out, until the pipe closes."""
    children.follow_parent()
    children.limit_memory(megabytes)
    kept.remember()
    answers.send(("ready", None))
    _silence()
    while True:
        try:
            path = paths.recv()
        except (EOFError, OSError):
            return
        answer = _answer(work, Path(path))
        # Before the answer: whoever has it may end this process.
        kept.KEPT.save()
        try:
            answers.send_bytes(answer)
        except OSError:
            return


def _answer(work: Work, path: Path) -> bytes:
    """Outcome, result, and whether this process had better be replaced, as they go through the pipe.

    Whatever a document does to the readers is an outcome too.
    """
    try:
        result = work(path)
        return bytes(ForkingPickler.dumps(("done", result, _heavy())))
    except MemoryError:
        # What is left of its memory may not do for the next file.
        answer: tuple[str, str | None, bool] = ("memory", None, True)
    except OSError as error:
        answer = ("os", error.strerror or type(error).__name__, _heavy())
    except BaseException as error:  # native extensions raise outside Exception
        answer = ("failed", f"{type(error).__name__}: {error}"[:300], _heavy())
    return bytes(ForkingPickler.dumps(answer))


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
    """A child process that does ``work(path)`` file by file, within limits. Use it as a context manager.

    ``run`` may be called from one thread at a time; ``stop`` from any.
    """

    def __init__(self, work: Work, limits: Limits | None = None) -> None:
        self.work = work
        self.limits = limits or Limits()
        self._context = multiprocessing.get_context("spawn")
        self._process: BaseProcess | None = None
        # Two pipes of one direction: one of both directions is a pair of sockets on Unix, and a clerk's command has none.
        self._paths: Connection | None = None
        self._answers: Connection | None = None
        self._served = 0
        self._lock = threading.Lock()
        self._stopped = False

    def __enter__(self) -> Isolated:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the child ahead of the first file; it gets ready while the caller does something else."""
        with self._lock:
            if self._stopped or self._process is not None:
                return
            paths_there, paths_here = self._context.Pipe(duplex=False)
            answers_here, answers_there = self._context.Pipe(duplex=False)
            arguments = (paths_there, answers_there, self.work, self.limits.megabytes)
            process = self._context.Process(target=_serve, args=arguments, daemon=True)
            with _without_script(self.work):
                process.start()
            paths_there.close()
            answers_there.close()
            self._process, self._served = process, 0
            self._paths, self._answers = paths_here, answers_here

    def run(self, path: Path) -> tuple[str, Any]:
        """``("done", result)``, or ``("time"|"memory"|"died"|"failed"|"os"|"start", why)``.

        What a file leaves behind in native code may be what crashes it at a later one, so a file that crashes a child
        which has read others is tried again in a new one.
        """
        if self._served >= FILES_A_CHILD:
            self.close()
        used = self._served > 0
        outcome = self._attempt(path)
        if used and outcome[0] == "died" and not self._stopped:
            outcome = self._attempt(path)
        return outcome

    def _attempt(self, path: Path) -> tuple[str, Any]:
        try:
            self.start()
            paths, answers = self._paths, self._answers
            if paths is None or answers is None:
                return "died", None
            if not self._served:
                if not answers.poll(START_SECONDS):
                    self.close()
                    return "start", None
                answers.recv()
            self._served += 1
            paths.send(os.fspath(path))
            if not answers.poll(self.limits.seconds):
                self.close()
                return "time", f"{self.limits.seconds:g}"
            outcome, result, spent = answers.recv()
        except (EOFError, OSError):
            ready = self._served > 0
            code = self._exit_code()
            self.close()
            return ("died" if ready else "start"), code
        if spent:
            self.close()
        return outcome, result

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
            process, pipes = self._process, (self._paths, self._answers)
            self._process = self._paths = self._answers = None
            self._served = 0
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


def run_kept(work: Work, path: Path, limits: Limits | None = None) -> tuple[str, Any]:
    """What `Isolated.run` gives, by a child that stays for the next file: starting one takes longer than most files.

    It ends with this process. May be called from any thread; one file is read at a time.
    """
    with _KEEPING:
        # After a fork the child is the parent's, so it is kept by process.
        return _kept(os.getpid(), work, limits or Limits()).run(path)


def each(
    work: Work, paths: Iterable[Path], workers: int = 1, limits: Limits | None = None
) -> Generator[tuple[str, Any], None, None]:
    """What `Isolated.run` gives for every path, in order, by so many children at once.

    Closing the iterator ends at once what is under way.
    """
    children = [Isolated(work, limits) for _ in range(workers)]
    idle: queue.SimpleQueue[Isolated] = queue.SimpleQueue()
    for child in children:
        idle.put(child)

    def one(path: Path) -> tuple[str, Any]:
        child = idle.get()
        try:
            return child.run(path)
        finally:
            idle.put(child)

    pool = ThreadPoolExecutor(workers)
    waiting: deque[Future[tuple[str, Any]]] = deque()
    try:
        # A window instead of all at once: results are handed on in order and never pile up.
        for path in paths:
            waiting.append(pool.submit(one, path))
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


def problem(path: Path, outcome: str, why: Any) -> Problem:
    """What to tell of a file that a child could not read."""
    name = shown(path.name)
    if outcome == "time":
        return Problem(
            "timed_out", f"{name}：读了 {why} 秒还没有读完，已放弃。文件可能损坏或过大；请用原软件打开后另存一份再试。"
        )
    killed = getattr(signal, "SIGKILL", None)
    if outcome == "memory" or (outcome == "died" and killed is not None and why == -killed):
        return Problem("too_large", f"{name}：读这个文件需要的内存超过上限，已放弃。请拆开，或另存为 .docx 后再试。")
    if outcome == "os":
        return Problem("unreadable", f"{name}：打不开（{why}）。请确认没有被其他程序占用，并有读取权限。")
    if outcome == "start":
        return Problem(
            "unreadable", f"{name}：读取程序无法启动（{why}），这个文件没有读。请重新运行；如仍不行，请重新安装。"
        )
    detail = f"（退出码 {why}）" if outcome == "died" and why is not None else f"（{why}）" if why else ""
    return Problem("unreadable", f"{name}：读取时出错{detail}，文件可能已损坏。请用原软件打开后另存一份再试。")


def extraction_of_failure(path: Path, outcome: str, why: Any) -> Extraction:
    """An extraction that holds nothing but the problem."""
    from parsers.extraction import MOST_BYTES, versions

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
    return Extraction(source, versions(), problems=[problem(path, outcome, why)])
