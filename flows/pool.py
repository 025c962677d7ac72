"""The parsing processes of a run, and what becomes of a file that hangs or crashes one.

Belongs here: handing batches to children, having their rows written, reading again what a lost child held.
Does not belong here: starting, limiting and ending a child (`parsers.isolation.supervisor`), what it does with a file
(`worker`).

A file that exceeds the time limit is set aside; one whose process died is tried once more in a new one, because an earlier
file may have been the cause. What a lost child had read and not yet written is read again.
"""

from __future__ import annotations

import os
import queue
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parsers.files import sniff
from parsers.isolation.supervisor import Isolated, Limits, is_for_memory, killed_by

from .home import Settings
from .rows import Context
from .snapshots import Item
from .worker import LEFT, Bad, Held, Reading, Write, Written

# A part holds at most so many files or facts: small enough to lose, large enough to write fast.
PART_FILES = 64
PART_FACTS = 20_000
# Seconds that writing a part may take on a loaded machine.
_PATIENCE = 300.0
# As often in one batch no file is to blame.
_MOST_DEATHS = 3


@dataclass(slots=True)
class Results:
    """What batches have yielded so far: parts that are safely written, counts, and what was set aside."""

    parts: list[str] = field(default_factory=list)
    reports: int = 0
    facts: int = 0
    findings: int = 0
    bad: list[tuple[Item, str, str]] = field(default_factory=list)
    # Why the doubtful figures of PDF files were read once only.
    unusable: set[str] = field(default_factory=set)

    def add(self, other: Results) -> None:
        self.parts += other.parts
        self.reports += other.reports
        self.facts += other.facts
        self.findings += other.findings
        self.bad += other.bad
        self.unusable |= other.unusable


class WorkerError(RuntimeError):
    """A worker failed for a reason that is no document's fault."""


class Pool:
    """A fixed number of children; `run` may be called from as many threads at once."""

    def __init__(
        self,
        settings: Settings,
        context: Context,
        store: Path,
        folder: Path,
        on_file: Callable[[], None] = lambda: None,
        converted: Path | None = None,
    ) -> None:
        self._folder = folder
        self._on_file = on_file
        self._closed = False
        work = Reading(settings.reader, context, settings.max_megabytes, os.fspath(store), converted)
        limits = Limits(settings.time_limit, settings.memory_limit, settings.recycle_above)
        log = os.fspath(folder / "workers.log")
        self._children = [
            Isolated(work, limits, prepare=work.prepare, log=log, holds=True) for _ in range(settings.processes)
        ]
        self._idle: queue.LifoQueue[Isolated] = queue.LifoQueue()
        for child in self._children:
            self._idle.put(child)

    def run(self, number: int, items: list[Item]) -> Results:
        """Read and check a batch. Every item ends in the results, or in ``bad`` with its reason."""
        child = self._idle.get()
        try:
            if self._closed:
                raise WorkerError("the pool is closed")
            results = _Batch(child, items, self._folder / "parts" / f"{number:06d}", self._on_file).run()
            child.recycle()
        except BaseException as error:
            # What it holds belongs to nobody.
            child.close()
            if self._closed:
                raise WorkerError("the pool is closed") from error
            raise
        finally:
            self._idle.put(child)
        return results

    def close(self) -> None:
        """End all children. Work under way is given up."""
        self._closed = True
        for child in self._children:
            child.stop()
        # The others are ended by the threads that use them.
        idle: list[Isolated] = []
        while not self._idle.empty():
            try:
                idle.append(self._idle.get_nowait())
            except queue.Empty:
                break
        for child in idle:
            child.close()
            self._idle.put(child)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class _Batch:
    """One batch in one child: what is still to read, and what the child has read and not yet written."""

    def __init__(self, child: Isolated, items: list[Item], folder: Path, on_file: Callable[[], None]) -> None:
        self._child = child
        self._todo = deque(items)
        self._folder = folder
        self._on_file = on_file
        self._results = Results()
        self._held: list[tuple[Item, Bad]] = []
        self._parts = self._deaths = 0
        # Files that are read twice after a crash count once.
        self._untold = len(items)

    def run(self) -> Results:
        while self._todo:
            job = self._next()
            number = self._child.number
            held = self._read(job)
            if self._child.number != number and self._held:
                # Another child has read it: what the last one held is read again. What this one has read is safe first,
                # because an earlier file may be what crashed the last one here.
                self._todo.extendleft(item for item, _ in reversed(self._held))
                self._held = []
            if held is None:
                continue
            self._held += zip(job, held.bad, strict=True)
            self._results.unusable |= held.unusable
            is_full = len(self._held) >= PART_FILES or held.facts >= PART_FACTS
            if is_full or self._child.number != number or not self._todo:
                self._write()
        return self._results

    def _next(self) -> list[Item]:
        """One item to read; or many of which only a place or a reason is noted, as that takes no time."""
        job = [self._todo.popleft()]
        while self._todo and len(job) < PART_FILES and not (_is_read(job[0]) or _is_read(self._todo[0])):
            job.append(self._todo.popleft())
        for _ in job[: self._untold]:
            self._on_file()
        self._untold = max(0, self._untold - len(job))
        return job

    def _read(self, job: list[Item]) -> Held | None:
        """What the child says of a job; None where its item is at fault, which is then first of what is to do."""
        outcome, result = self._child.run(job)
        if outcome == "done":
            assert isinstance(result, Held)
            return result
        (item, *others) = job
        if outcome in ("start", "import") or others or item.problem is not None:
            raise WorkerError(f"a worker fails: {outcome} ({result})")
        item.problem = _problem(outcome, result, item)
        self._todo.appendleft(item)
        return None

    def _write(self) -> None:
        # A folder of its own for each: what a crashed child wrote without saying so does not count.
        folder = os.fspath(self._folder / f"{self._parts:03d}")
        self._parts += 1
        number = self._child.number
        outcome, result = self._child.run(Write(folder), _PATIENCE)
        if outcome != "done":
            raise WorkerError(f"a worker cannot write its rows: {outcome} ({result})")
        if self._child.number != number:
            # It died before it could; another one has written its own, which is nothing.
            self._deaths += 1
            if self._deaths > _MOST_DEATHS:
                raise WorkerError("workers die while they write")
            self._todo.extendleft(item for item, _ in reversed(self._held))
            self._held = []
            return
        assert isinstance(result, Written)
        bad = [(item, *why) for item, why in self._held if why is not None]
        self._results.add(Results([folder], result.reports, result.facts, result.findings, bad))
        self._held = []


def _is_read(item: Item) -> bool:
    return item.read and item.problem is None


def _problem(outcome: str, why: Any, item: Item) -> tuple[str, str]:
    """Kind and message for a file that its child could not read."""
    if b"%PDF-" in item.head and (library := killed_by(outcome, why, sniff.PDF)) is not None:
        return LEFT, library
    if outcome in ("time", "busy"):
        return "timed_out", f"读取此文件超过 {why} 秒，已放弃。可用设置 time_limit 放宽。"
    if is_for_memory(outcome, why):
        return "too_large", "读取此文件的进程被系统终止，多半是内存不足。"
    if outcome == "died":
        return "unreadable", f"读取此文件使读取程序崩溃（退出码 {why}）。文件可能已损坏。"
    return "unreadable", f"读取程序出错（{why}）。请把此文件交给维护者。"
