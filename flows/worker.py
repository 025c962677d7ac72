"""A parsing process: reads files, checks them, writes rows to its staging folder.

Belongs here: the loop of one child process and what it tells its supervisor (`pool`).
Does not belong here: deciding what to do about a hang or a crash: the supervisor sees those from outside.

Only names, numbers and reasons go through the pipe; documents and rows never do. A *part* (one folder of Parquet
files) is written every few files, so that a crash costs the files since the last part and not the batch.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from parsers.isolation import children
from schemas.findings import Checked

from . import rows
from .snapshots import Item
from .staged import Rows
from .store import stored_at

# A part holds at most so many files or facts: small enough to lose, large enough to write fast.
PART_FILES = 64
PART_FACTS = 20_000
# Not an interface kind: the file changed between hashing and reading and is left to the next run.
CHANGED = "changed"


class Reader(Protocol):
    """A module that reads a file (`Settings.reader`)."""

    def read(self, path: Path, data: bytes) -> Checked: ...

    def versions(self) -> dict[str, str]: ...


def load_reader(name: str) -> Reader:
    """The reader module of this name."""
    module: Any = importlib.import_module(name)
    reader: Reader = module
    return reader


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to know for its whole life."""

    reader: str
    context: rows.Context
    memory_limit: int
    max_megabytes: int
    store: str
    log: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Work for a worker; its parts go into ``folder``."""

    items: list[Item]
    folder: str


@dataclass(frozen=True, slots=True)
class Started:
    """The worker begins to read item ``index``."""

    index: int


@dataclass(frozen=True, slots=True)
class Part:
    """Everything up to and without item ``upto`` is written; ``bad``: (index, kind, message) of what was set aside."""

    folder: str
    upto: int
    reports: int
    facts: int
    findings: int
    bad: list[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class Done:
    """The batch is finished; ``resident`` is the process's memory in MiB."""

    resident: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The worker itself is at fault, not a document."""

    text: str


Message = Started | Part | Done | Failed


def _content(item: Item, store: str) -> bytes | None:
    """The bytes that the plan saw: at the place of the file, else in the store; None when neither has them now."""
    for path in (item.path, stored_at(store, item.sha256)):
        try:
            data = Path(path).read_bytes()
        except OSError:
            continue
        if hashlib.sha256(data).hexdigest() == item.sha256:
            return data
    return None


def _read(item: Item, reader: Reader, setup: Setup) -> rows.Outcome:
    """Read one item. Whatever a document does to the reader ends as a reason here."""
    context = setup.context
    if item.size > setup.max_megabytes * 2**20:
        return rows.set_aside(item, "too_large", f"文件超过 {setup.max_megabytes} MB，未读取。请拆开后再试。", context)
    try:
        data = _content(item, setup.store)
        if data is None:
            return rows.Outcome(Rows(), CHANGED, "读取时文件正在变化，请再次运行。")
        # Its name as text: one in old bytes is evidence too.
        return rows.used(item, reader.read(Path(item.name), data), context)
    except MemoryError:
        return rows.set_aside(item, "too_large", "读取此文件所需内存超过限额。", context)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as e:  # native extensions raise outside Exception
        reason = f"{type(e).__name__}: {e}"[:500]
        traceback.print_exc()
        return rows.set_aside(item, "unreadable", f"读取程序出错（{reason}）。请把此文件交给维护者。", context)


class _Parts:
    """Collects rows and writes them as parts."""

    def __init__(self, connection: Connection, batch: Batch) -> None:
        self._connection = connection
        self._batch = batch
        self._number = 0
        self._start_over()

    def _start_over(self) -> None:
        self._rows = Rows()
        self._files = 0
        self._bad: list[tuple[int, str, str]] = []

    def add(self, index: int, outcome: rows.Outcome) -> None:
        self._rows.extend(outcome.rows)
        self._files += 1
        if outcome.kind is not None:
            self._bad.append((index, outcome.kind, outcome.message or ""))
        if self._files >= PART_FILES or self._rows.count("fact") >= PART_FACTS:
            self.write(index + 1)

    def write(self, upto: int) -> None:
        if not self._files:
            return
        folder = Path(self._batch.folder) / f"{self._number:03d}"
        self._rows.write(folder)
        counts = [self._rows.count(t) for t in ("report", "fact", "finding")]
        self._connection.send(Part(os.fspath(folder), upto, counts[0], counts[1], counts[2], self._bad))
        self._number += 1
        self._start_over()


def _batch(connection: Connection, batch: Batch, reader: Reader, setup: Setup) -> None:
    parts = _Parts(connection, batch)
    for index, item in enumerate(batch.items):
        connection.send(Started(index))
        if item.problem is not None:
            outcome = rows.set_aside(item, *item.problem, setup.context)
        elif item.read:
            outcome = _read(item, reader, setup)
        else:
            outcome = rows.places_only(item, setup.context)
        parts.add(index, outcome)
    parts.write(len(batch.items))
    connection.send(Done(children.resident()))


def main(connection: Connection, setup: Setup) -> None:
    """The process: batches come in, messages go out, until the supervisor closes the pipe."""
    children.follow_parent()
    # Libraries print about broken documents; that is no output of a run.
    log = os.open(setup.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    # Arrow's own allocators reserve address space that the memory limit would count.
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    try:
        import pyarrow as pa
        import pyarrow.parquet

        pa.set_cpu_count(1)
        pa.set_io_thread_count(1)
        reader = load_reader(setup.reader)
        reader.versions()
        children.limit_memory(setup.memory_limit)
        while True:
            try:
                batch = connection.recv()
            except EOFError:
                return
            _batch(connection, batch, reader, setup)
    except Exception:
        text = traceback.format_exc()
        sys.stderr.write(text)
        connection.send(Failed(text))
