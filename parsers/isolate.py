"""Reading a file in a child process with limits on time and memory.

Belongs here: what keeps a file that hangs, crashes or eats memory from taking the caller with it.
Does not belong here: reading itself (`assemble`), and which files to read (`gouji`, `flows`).

The child is started once and reused; only results travel through the pipe, never documents. It is started by `spawn`
on every system, so that it works on Windows and inherits nothing. A memory limit needs `resource`, which Windows lacks:
there only the time limit holds.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any

from schemas.facts import Extraction, Problem, Source

SECONDS = 30.0
MEGABYTES = 2048
# A child is replaced after so many files: what libraries leak never adds up.
FILES_A_CHILD = 2000

Work = Callable[[Path], Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """Per file: wall seconds, and address space in megabytes."""

    seconds: float = SECONDS
    megabytes: int = MEGABYTES


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _serve(pipe: Connection, work: Work, megabytes: int) -> None:
    """The child: one path in, one result out, until the pipe closes."""
    _limit_memory(megabytes)
    while True:
        try:
            path = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            answer = ("done", work(Path(path)))
        except MemoryError:
            answer = ("memory", None)
        except OSError as error:
            answer = ("os", str(error))
        except Exception as error:
            answer = ("failed", f"{type(error).__name__}: {error}"[:300])
        try:
            pipe.send(answer)
        except (BrokenPipeError, KeyboardInterrupt):
            return


class Isolated:
    """A child process that does ``work(path)`` file by file, within limits. Use it as a context manager."""

    def __init__(self, work: Work, limits: Limits | None = None) -> None:
        self.work = work
        self.limits = limits or Limits()
        self._context = multiprocessing.get_context("spawn")
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._served = 0

    def __enter__(self) -> Isolated:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> Connection:
        if self._pipe is not None and self._served < FILES_A_CHILD:
            return self._pipe
        self.close()
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self.work, self.limits.megabytes), daemon=True)
        process.start()
        theirs.close()
        self._process, self._pipe, self._served = process, ours, 0
        return ours

    def run(self, path: Path) -> tuple[str, Any]:
        """``("done", result)``, or ``("time"|"memory"|"died"|"failed"|"os", why)``."""
        pipe = self._start()
        self._served += 1
        try:
            pipe.send(os.fspath(path))
            # The first file also waits for the child to start.
            patience = self.limits.seconds + (20.0 if self._served == 1 else 0.0)
            if not pipe.poll(patience):
                self.close()
                return "time", f"{self.limits.seconds:g}"
            answer: tuple[str, Any] = pipe.recv()
        except (EOFError, OSError):
            self.close()
            return "died", None
        if answer[0] == "memory":
            self.close()
        return answer

    def close(self) -> None:
        """End the child, at once if it does not listen."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(0.2)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
        self._pipe = self._process = None


def problem(path: Path, outcome: str, why: Any) -> Problem:
    """What to tell of a file that a child could not read."""
    name = path.name
    if outcome == "time":
        return Problem(
            "timed_out", f"{name}：读了 {why} 秒还没有读完，已放弃。文件可能损坏或过大；请用原软件打开后另存一份再试。"
        )
    if outcome == "memory":
        return Problem("too_large", f"{name}：读这个文件需要的内存超过上限，已放弃。请拆开，或另存为 .docx 后再试。")
    if outcome == "os":
        return Problem("unreadable", f"{name}：打不开（{why}）。请确认没有被其他程序占用，并有读取权限。")
    detail = f"（{why}）" if why else ""
    return Problem("unreadable", f"{name}：读取时出错{detail}，文件可能已损坏。请用原软件打开后另存一份再试。")


def extraction_of_failure(path: Path, outcome: str, why: Any) -> Extraction:
    """An extraction that holds nothing but the problem."""
    from .assemble import versions

    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    source = Source(str(path), "", "application/octet-stream", size)
    return Extraction(source, versions(), problems=[problem(path, outcome, why)])
