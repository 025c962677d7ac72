"""What a parsing process does: read files, check them, hold their rows until they are to be written.

Belongs here: the work of one child process, as its supervisor (`parsers.isolation.supervisor`) calls it.
Does not belong here: what becomes of a file that hangs or crashes it (`pool`), what stands in a row (`rows`).

Only names, numbers and reasons go through the pipe; documents and rows never do. Rows are written as a *part* (one folder
of Parquet files) every few files, so that a crash costs the files since the last part and not the batch.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from parsers.document import IncompleteError
from parsers.readers import convert
from schemas.findings import Checked
from schemas.report_identity import Evidence

from . import rows
from .revisions import read_alike
from .snapshots import Item
from .staged import Rows
from .store import stored_at

# No interface kinds: the file changed between hashing and reading and is left to the next run; it reads as the one before.
CHANGED = "changed"
SAME = "same"
# A part of the program could not be used on a content that was read before, which stands: this is no reading of it.
LEFT = "left"

# Kind and message of what was set aside; None for what was read.
Bad = tuple[str, str] | None


class Reader(Protocol):
    """A module that reads a file (`Settings.reader`)."""

    def read(self, path: Path, data: bytes, evidence: tuple[Evidence, ...] = ()) -> Checked: ...

    def versions(self) -> dict[str, str]: ...


def load_reader(name: str) -> Reader:
    """The reader module of this name."""
    module: Any = importlib.import_module(name)
    reader: Reader = module
    return reader


@dataclass(frozen=True, slots=True)
class Write:
    """The job of writing what is held as one part, in this folder."""

    folder: str


@dataclass(frozen=True, slots=True)
class Held:
    """What became of the items of a job, one each, and how many facts are held by now; ``unusable``: why doubtful figures among them
    were read once only."""

    bad: list[Bad]
    facts: int
    unusable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows a part has."""

    reports: int
    facts: int
    findings: int


class Reading:
    """The work of a child: a job is a list of items to read, or `Write`.

    ``converted`` is the folder where `convert.ahead` has put what LibreOffice made of old files.
    """

    def __init__(
        self, reader: str, context: rows.Context, max_megabytes: int, store: str, converted: Path | None
    ) -> None:
        self._module = reader
        self._context = context
        self._max_megabytes = max_megabytes
        self._store = store
        self._converted = converted
        self._reader: Reader | None = None
        self._rows = Rows()

    def prepare(self) -> None:
        """What a child does once, before its memory is limited: import the reader and what writes the rows."""
        # Arrow's own allocators reserve address space that the memory limit would count.
        os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
        import pyarrow as pa
        import pyarrow.parquet

        pa.set_cpu_count(1)
        pa.set_io_thread_count(1)
        convert.use(self._converted)
        self._reader = load_reader(self._module)
        self._reader.versions()

    def __call__(self, job: list[Item] | Write) -> Held | Written:
        if isinstance(job, Write):
            return self._write(Path(job.folder))
        bad: list[Bad] = []
        unusable: set[str] = set()
        for item in job:
            outcome = self._outcome(item)
            self._rows.extend(outcome.rows)
            bad.append(None if outcome.kind is None else (outcome.kind, outcome.message or ""))
            if outcome.unusable is not None:
                unusable.add(outcome.unusable)
        return Held(bad, self._rows.count("fact"), frozenset(unusable))

    def _write(self, folder: Path) -> Written:
        self._rows.write(folder)
        counts = [self._rows.count(table) for table in ("report", "fact", "finding")]
        self._rows = Rows()
        return Written(*counts)

    def _outcome(self, item: Item) -> rows.Outcome:
        if item.problem is not None and item.problem[0] == LEFT:
            return self._lacking(item, item.problem[1])
        if item.problem is not None:
            return rows.set_aside(item, *item.problem, self._context)
        return self._read(item) if item.read else rows.places_only(item, self._context)

    def _read(self, item: Item) -> rows.Outcome:
        """Read one item. Whatever a document does to the reader ends as a reason here."""
        if item.size > self._max_megabytes * 2**20:
            message = f"文件超过 {self._max_megabytes} MB，未读取。请拆开后再试。"
            return rows.set_aside(item, "too_large", message, self._context)
        try:
            data = self._content(item)
            if data is None:
                return rows.Outcome(Rows(), CHANGED, "读取时文件正在变化，请再次运行。")
            checked = self._checked(item, data)
            if unusable := checked.extraction.unusable:
                return self._in_part(item, checked, *unusable.values())
            if item.before is not None and self._as_before(item, item.before, checked):
                return rows.Outcome(Rows(), SAME, None)
            return rows.used(item, checked, self._context)
        except MemoryError:
            return rows.set_aside(item, "too_large", "读取此文件所需内存超过限额。", self._context)
        except (KeyboardInterrupt, SystemExit):
            raise
        except ImportError as e:
            return self._lacking(item, str(e)[:300])
        except BaseException as e:  # native extensions raise outside Exception
            reason = f"{type(e).__name__}: {e}"[:500]
            traceback.print_exc()
            return rows.set_aside(
                item, "unreadable", f"读取程序出错（{reason}）。请把此文件交给维护者。", self._context
            )

    def _lacking(self, item: Item, why: str) -> rows.Outcome:
        """What cannot be read because a part of the program cannot be used."""
        if item.known:
            return rows.Outcome(Rows(), LEFT, why)
        fault = IncompleteError(Path(item.file_name).name, why)
        return rows.set_aside(item, fault.kind, fault.message, self._context.incomplete())

    def _in_part(self, item: Item, checked: Checked, why: str, *_: str) -> rows.Outcome:
        """What was read while a part of the program could not be used: noted as such, so that the whole program reads it again; and not
        in the place of what that has read before."""
        if item.known:
            return rows.Outcome(Rows(), LEFT, why)
        outcome = rows.used(item, checked, self._context.incomplete())
        outcome.unusable = checked.extraction.unusable.get("second_engine")
        return outcome

    def _checked(self, item: Item, data: bytes) -> Checked:
        assert self._reader is not None
        # Its name as text: one in old bytes is evidence too.
        path = Path(item.file_name)
        evidence = item.origin.evidence if item.origin is not None else ()
        return self._reader.read(path, data, evidence) if evidence else self._reader.read(path, data)

    def _as_before(self, item: Item, before: str, checked: Checked) -> bool:
        """Whether an item reads as the content that stood at its place."""
        try:
            data = Path(stored_at(self._store, before)).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(data).hexdigest() == before and read_alike(checked, self._checked(item, data))

    def _content(self, item: Item) -> bytes | None:
        """The bytes that the plan saw: at the place of the file, else in the store; None when neither has them now."""
        for path in (item.path, stored_at(self._store, item.sha256)):
            try:
                data = Path(path).read_bytes()
            except OSError:
                continue
            if hashlib.sha256(data).hexdigest() == item.sha256:
                return data
        return None
