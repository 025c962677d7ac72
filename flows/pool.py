"""The parsing processes, seen from outside.

Belongs here: starting and replacing workers, time limits, finding out which file hung or crashed one.
Does not belong here: what a worker does with a file (`worker`).

`concurrent.futures` is not enough here: one dead worker breaks its whole pool, and a hanging one cannot be ended.
A worker says which file it starts, so the guilty one is known: a file that exceeds the time limit is set aside; a
file whose worker died is tried once more alone in a new process, because an earlier file may have been the cause.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .home import Settings
from .rows import Context
from .snapshots import Item
from .worker import Batch, Done, Failed, Message, Part, Setup, Started, main

# Writing a part, or starting up on a loaded machine, may take so long before a worker counts as stuck.
_PATIENCE = 300.0


@dataclass(slots=True)
class Results:
    """What batches have yielded so far: parts that are safely written, counts, and what was set aside."""

    parts: list[str] = field(default_factory=list)
    reports: int = 0
    facts: int = 0
    findings: int = 0
    bad: list[tuple[Item, str, str]] = field(default_factory=list)

    def add(self, other: Results) -> None:
        self.parts += other.parts
        self.reports += other.reports
        self.facts += other.facts
        self.findings += other.findings
        self.bad += other.bad


class WorkerError(RuntimeError):
    """A worker failed for a reason that is no document's fault."""


class _Stopped(Exception):
    """A worker is gone; ``index`` is the file it was reading, ``timed_out`` whether the supervisor ended it."""

    def __init__(self, index: int | None, done: int, *, timed_out: bool, exit_code: int | None) -> None:
        super().__init__(index)
        self.index = index
        self.done = done
        self.timed_out = timed_out
        self.exit_code = exit_code


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, setup: Setup) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        # Not daemonic: a reader may put a converter into a process of its own.
        self._process = context.Process(target=main, args=(theirs, setup), name="gouji-worker")
        self._process.start()
        theirs.close()

    def run(self, batch: Batch, limit: float, results: Results, on_file: Callable[[], None]) -> int:
        """Work through a batch; returns the memory it ended with. Raises _Stopped or WorkerError."""
        reading: int | None = None
        done = 0
        deadline = time.monotonic() + _PATIENCE
        try:
            self._pipe.send(batch)
        except OSError:
            raise self._stopped(None, 0) from None
        while True:
            message = self._next(deadline)
            match message:
                case Started(index):
                    reading = index
                    deadline = time.monotonic() + limit
                    on_file()
                case Part(folder, upto, reports, facts, findings, bad):
                    bad_items = [(batch.items[i], kind, text) for i, kind, text in bad]
                    results.add(Results([folder], reports, facts, findings, bad_items))
                    reading, done = None, upto
                    deadline = time.monotonic() + _PATIENCE
                case Done(resident):
                    return resident
                case Failed(text):
                    self.end()
                    raise WorkerError(text)
                case None:
                    raise self._stopped(reading, done)
                case _:
                    timed_out = reading is not None
                    self.end()
                    if not timed_out:
                        raise WorkerError("a worker did nothing for too long")
                    raise _Stopped(reading, done, timed_out=True, exit_code=None)

    def _next(self, deadline: float) -> Message | str | None:
        """The next message; None when the process is gone, `late` when the deadline has passed."""
        try:
            if not self._pipe.poll(max(0.0, deadline - time.monotonic())):
                return "late"
            message: Message = self._pipe.recv()
        except (EOFError, OSError):
            return None
        return message

    def _stopped(self, index: int | None, done: int) -> _Stopped:
        self._process.join(10)
        return _Stopped(index, done, timed_out=False, exit_code=self._process.exitcode)

    def end(self) -> None:
        """Kill the process; it holds nothing that is not written."""
        self._pipe.close()
        self._process.kill()
        self._process.join(10)

    def close(self) -> None:
        """Let the process end by itself: it sees the pipe close."""
        self._pipe.close()
        self._process.join(2)
        if self._process.is_alive():
            self.end_now()
        self._process.close()

    def end_now(self) -> None:
        self._process.kill()
        self._process.join(10)


class Pool:
    """A fixed number of workers; `run` may be called from as many threads at once."""

    def __init__(
        self,
        settings: Settings,
        context: Context,
        store: Path,
        folder: Path,
        on_file: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._on_file = on_file
        log = os.fspath(folder / "workers.log")
        self._setup = Setup(
            settings.reader, context, settings.memory_limit, settings.max_megabytes, os.fspath(store), log
        )
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(settings.processes):
            self._idle.put(None)  # a place for a worker that is started when needed
        self._lock = threading.Lock()
        self._all: set[_Worker] = set()
        self._closed = False

    def _take(self) -> _Worker:
        """A worker that is idle, or a new one in an empty place. Raises WorkerError when the pool is closed."""
        worker = self._idle.get()
        try:
            with self._lock:
                if self._closed:
                    raise WorkerError("the pool is closed")
                if worker is None:
                    worker = _Worker(self._setup)
                    self._all.add(worker)
        except BaseException:
            # Others wait for this place, if only to learn that the pool is closed.
            self._idle.put(None)
            raise
        return worker

    def _drop(self, worker: _Worker, *, kill: bool) -> None:
        with self._lock:
            self._all.discard(worker)
        if kill:
            worker.end()
        else:
            worker.close()

    def run(self, number: int, items: list[Item]) -> Results:
        """Read and check a batch. Every item ends in the results, or in ``bad`` with its reason."""
        results = Results()
        started = 0

        def on_file() -> None:
            nonlocal started
            started += 1
            # Files that are read twice after a crash count once.
            if started <= len(items):
                self._on_file()

        # Kept as runs of items, each for one worker's batch: a crash cuts its run into smaller ones.
        todo = [items]
        idle_deaths = attempt = 0
        while todo:
            run = todo.pop()
            worker = self._take()
            # A folder of its own for each attempt: what a crashed one wrote without saying so does not count.
            batch = Batch(run, os.fspath(self._folder / "parts" / f"{number:06d}-{attempt:03d}"))
            attempt += 1
            try:
                resident = worker.run(batch, self._settings.time_limit, results, on_file)
            except _Stopped as stopped:
                self._drop(worker, kill=True)
                self._idle.put(None)
                if stopped.index is None:
                    idle_deaths += 1
                    if idle_deaths > 3:
                        raise WorkerError(f"workers die without reading (exit status {stopped.exit_code})") from None
                    todo.append(run[stopped.done :])
                else:
                    todo += self._blame(run, stopped)
            except BaseException:
                self._drop(worker, kill=True)
                self._idle.put(None)
                raise
            else:
                if resident > self._settings.recycle_above:
                    self._drop(worker, kill=False)
                    self._idle.put(None)
                else:
                    self._idle.put(worker)
        return results

    def _blame(self, run: list[Item], stopped: _Stopped) -> list[list[Item]]:
        """What is left of a run after a worker was lost, the next one last: before, the guilty file alone, after."""
        assert stopped.index is not None
        guilty = run[stopped.index]
        if guilty.crashes > 3:
            raise WorkerError(f"workers die although {guilty.name} is not read (exit status {stopped.exit_code})")
        if stopped.timed_out:
            limit = self._settings.time_limit
            guilty.problem = ("timed_out", f"读取此文件超过 {limit} 秒，已放弃。可用设置 time_limit 放宽。")
        elif guilty.crashes or guilty.problem is not None:
            guilty.problem = _death(stopped.exit_code)
        guilty.crashes += 1
        after, before = run[stopped.index + 1 :], run[stopped.done : stopped.index]
        return [part for part in (after, [guilty], before) if part]

    def close(self) -> None:
        """End all workers. Work under way is given up."""
        with self._lock:
            self._closed = True
            workers, self._all = self._all, set()
        for worker in workers:
            worker.end_now()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def _death(exit_code: int | None) -> tuple[str, str]:
    """Kind and message for a file that ended its worker twice."""
    killed = getattr(signal, "SIGKILL", None)
    if killed is not None and exit_code == -killed:
        return "too_large", "读取此文件的进程被系统终止，多半是内存不足。"
    return "unreadable", f"读取此文件使读取程序崩溃（退出码 {exit_code}）。文件可能已损坏。"
