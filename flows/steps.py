"""A run, step by step.

Belongs here: the state of a run, its steps in the order they are called, what it counts for its summary.
Does not belong here: how a step works (the modules named in `flows`), who calls the steps: `ingest` under Prefect, `run`
itself where there is nothing to read.

Nothing here imports Prefect, DuckDB or pandas: a run that finds nothing new must cost nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from parsers.readers import convert
from schemas import VERSION

from . import corrections, failures, files, lake, loading, published, publishing, record, rows
from .batches import cut, sliced
from .files import Found, Missing
from .home import Home, Settings
from .index import Index
from .pool import Pool, Results
from .progress import Progress
from .record import Load
from .rows import Context
from .snapshots import Item, Plan, plan
from .store import stored_at
from .summary import Summary
from .worker import CHANGED, LEFT, SAME, load_reader

# With no more files to read the loader gets ready early and is kept; with more its memory is worth more than its start.
_FEW = 200
# Bytes of old Office files that are held to be converted at once.
_MOST_CONVERTED = 400_000_000


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


class _GivenUp(Exception):
    """The run has ended; what was planned is no longer wanted."""


@dataclass(slots=True)
class _Slice:
    """What a run reads for one load. ``last``: with it all is read; what there was nothing to read of is counted here."""

    items: list[Item] = field(default_factory=list)
    last: bool = True
    results: Results = field(default_factory=Results)
    refused: list[tuple[Item, str]] = field(default_factory=list)
    staged: loading.Staged = field(default_factory=loading.Staged)

    def same(self) -> list[Item]:
        """What reads as what stood at its place before."""
        return [item for item, kind, _ in self.results.bad if kind == SAME]

    def left(self) -> Iterator[tuple[str, str]]:
        """Files that a part of the program would have been needed for, and stay as they were read before; and why."""
        return ((name, why) for item, kind, why in self.results.bad if kind == LEFT for name in item.files)

    def bad(self) -> list[tuple[str, str, str]]:
        failed = [*self.results.bad, *((item, "unreadable", message) for item, message in self.refused)]
        return [
            (name, kind, message)
            for item, kind, message in failed
            if kind not in (CHANGED, SAME, LEFT)
            for name in item.files
        ]


class Run:
    """One ingest, as steps that the Prefect flow calls in order. The lock must be held."""

    def __init__(
        self,
        paths: Sequence[str | os.PathLike[str]],
        where: Home,
        database: Path,
        settings: Settings,
        progress: Progress,
        received: Sequence[Found] = (),
        on_committed: Callable[[Summary], None] = lambda _: None,
        gone: Sequence[str] = (),
    ) -> None:
        self.home = where
        self.database = database
        self.settings = settings
        self.progress = progress
        self.started = _now()
        self.seconds: dict[str, float] = {}
        self._paths = paths
        # What came from the web and is to be read like a file.
        self._received = received
        # Places on the web that are known to be gone.
        self._gone = gone
        # Called between the record and the database.
        self._on_committed = on_committed
        corrections.read(where, [])  # a file that is not in order is told of before any work
        self._versions = load_reader(settings.reader).versions()
        committed = record.heal(where)
        self.load_id = (committed[-1] if committed else 0) + 1
        # A name of its own: a worker of a killed run may be writing into that run's folder for a moment yet.
        self.folder = self._new_folder()
        self._last = committed[-1] if committed else 0
        self._plan: Plan | None = None
        self._plan_error: BaseException | None = None
        self._planning = threading.Thread(target=self._make_plan, name="plan", daemon=True)
        # Set when there is something to read, or nothing more to come.
        self._known = threading.Event()
        self._given_up = False
        # Where old Office files are as LibreOffice converted them.
        self._converted: Path | None = None
        self._slice = _Slice()
        # Those of this run that are in the record.
        self._done: list[_Slice] = []
        self._counting = threading.Lock()
        self._totals: dict[str, int] = {}
        self._loader: ProcessPoolExecutor | None = None
        # The last load of this run that is in the record, and whether all that was read is.
        self.committed: int | None = None
        self.complete = False

    def _new_folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix=f"{self.load_id:08d}-", dir=self.home.staging))
        failures.begin(folder, self.started, self.versions)
        return folder

    @property
    def versions(self) -> dict[str, str]:
        return {"gouji": VERSION, **self._versions}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start

    def check(self) -> None:
        """Refuse a foreign database or one that cannot be replaced, and bring the cache up to the record.

        The cache is behind when a run was killed in between. Of a database that is as it was published no more than its
        first bytes are looked at.
        """
        published.check_place(self.database)
        index = Index(self.home.index)
        try:
            behind = index.synced() != self._last
            ours = index.published(self.database)
        finally:
            index.close()
        if behind or not (ours or published.is_absent(self.database)):
            with self.timed("check"), loading.executor() as child:
                child.submit(published.check_ours, self.database).result()
                if behind:
                    child.submit(loading.sync_index, self.home, os.fspath(self.home.index)).result()

    def begin(self) -> None:
        """Start listing and hashing in the background."""
        self._planning.start()

    def has_work(self) -> bool:
        """Whether there is anything to read or to note; waits no longer than until the first of it is found."""
        self._known.wait()
        if self._planning.is_alive() and self._plan is None and self._plan_error is None:
            return True
        return bool(self.planned().items or self.planned().gone)

    def without_work(self) -> Summary:
        """The rest of a run that found nothing new: it is noted, and nothing else."""
        self.commit()
        with self.timed("publish"):
            totals = publishing.add_run(self.home, self.database, self.settings, self.folder)
        if totals is None:
            self.publish()
        else:
            self._totals = totals
            with self.timed("index"):
                loading.sync_index(self.home, os.fspath(self.home.index))
                self._remember()
            if self.settings.warehouse:
                with loading.executor() as child:
                    self._share(child)
        return self.summary()

    def _make_plan(self) -> None:
        try:
            with self.timed("snapshot"):
                self._plan = self._listed()
        except BaseException as e:
            self._plan_error = e
        finally:
            self._known.set()

    def _listed(self) -> Plan:
        self.progress.stage("list", None)
        found = files.listing(self._paths, self.home.root)
        found.files += self._received
        self.progress.stage("list", len(found.files))
        index = Index(self.home.index)
        try:
            made = plan(
                found.files,
                self.home,
                self.settings,
                index,
                self._versions,
                self._on_file,
                self._known.set,
                found.roots,
            )
            made.gone += [p for p in self._gone if index.place(p) is not None and p not in made.gone]
        finally:
            index.close()
        made.missing = [*found.missing, *made.missing]
        return made

    def _on_file(self) -> None:
        if self._given_up:
            raise _GivenUp
        self.progress.advance()

    def planned(self) -> Plan:
        """The plan, when it is ready."""
        self._planning.join()
        if self._plan_error is not None:
            raise self._plan_error
        assert self._plan is not None
        return self._plan

    @property
    def context(self) -> Context:
        return Context(
            self.versions,
            datetime.fromisoformat(self.started).replace(tzinfo=None),
            self.settings.time_limit,
            self.settings.memory_limit,
        )

    def batches(self) -> list[list[Item]]:
        """The work of the parsing stage, cut up, for one load."""
        self._slice.items = items = self.planned().items
        self.progress.stage("parse", len(items))
        return cut(items, self.settings)

    def slices(self) -> Iterator[list[list[Item]]]:
        """The work of the parsing stage in slices, one at least: each is read, loaded and committed before the next is asked
        for, so that a run of many hours that is killed keeps what it has read."""
        items = self.planned().items
        self.progress.stage("parse", len(items))
        pieces = sliced(items, self.settings)
        for n, piece in enumerate(pieces):
            if n:
                self._next_load()
                self.progress.stage("parse", len(items) - sum(len(p) for p in pieces[:n]))
            self._slice.items, self._slice.last = piece, n == len(pieces) - 1
            yield cut(piece, self.settings)

    def _next_load(self) -> None:
        """What is read from now on is a load of its own."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._done.append(self._slice)
        self._slice = _Slice()
        self.load_id += 1
        self.started = _now()
        self.folder = self._new_folder()

    def _slices(self) -> list[_Slice]:
        return [*self._done, self._slice]

    @contextmanager
    def converted(self) -> Iterator[None]:
        """Within, old Office files are there as LibreOffice converted them, many in one run: it starts slowly.

        The pool's children find them by their content. What is not there is converted when it is read.
        """
        old = [item for item in self.planned().items if item.read and convert.may_need(item.head)]
        if not old:
            yield
            return
        self.progress.stage("convert", len(old))

        def contents() -> Iterator[tuple[str, bytes]]:
            held = 0
            for item in old:
                held += item.size
                if held > _MOST_CONVERTED:
                    return
                self.progress.advance()
                with suppress(OSError):
                    yield (
                        Path(item.file_name).name,
                        Path(stored_at(os.fspath(self.home.snapshots), item.sha256)).read_bytes(),
                    )

        with ExitStack() as stack:
            with self.timed("convert"):
                self._converted = stack.enter_context(convert.ahead(contents()))
            try:
                yield
            finally:
                self._converted = None

    def pool(self) -> Pool:
        return Pool(
            self.settings, self.context, self.home.snapshots, self.folder, self.progress.advance, self._converted
        )

    def parsed(self, results: Results) -> None:
        """Take the results of one batch."""
        with self._counting:
            self._slice.results.add(results)
            self.progress.found(sum(each.results.reports for each in self._slices()))

    def warm(self) -> None:
        """Let the loader get ready where there are few files to read."""
        if not self._planning.is_alive() and self._plan is not None and len(self._plan.items) <= _FEW:
            self._loader = loading.executor()
            self._loader.submit(loading.get_ready)

    def _loading(self) -> AbstractContextManager[ProcessPoolExecutor]:
        """The loader that is ready, or one for this step."""
        return loading.executor() if self._loader is None else nullcontext(self._loader)

    def load(self) -> None:
        """Validate and sort what was read, in a process of its own: pandas and DuckDB need not share one's memory."""
        self.progress.stage("load", None)
        parts = sorted(self._slice.results.parts)
        if self._slice.last and (gone := self.planned().gone):
            rows.gone(gone).write(self.folder / "gone")
            parts.append(os.fspath(self.folder / "gone"))
        if not parts:
            return
        with self._loading() as child:
            with self.timed("validate"):
                refused = child.submit(loading.validate, parts).result()
            if refused:
                by_content = {item.sha256: item for item in self.planned().items}
                self._slice.refused = [(by_content[sha256], message) for sha256, message in sorted(refused.items())]
            with self.timed("stage"):
                self._slice.staged = child.submit(
                    loading.stage, parts, os.fspath(self.folder), self.load_id, self._slice.refused, self.context
                ).result()

    def commit(self) -> None:
        """Make the load part of the record."""
        with self.timed("commit"):
            counts = self._counts([self._slice])
            load = Load(self.load_id, self.started, _now(), self.versions, counts, self._slice.staged.files)
            record.commit(self.home, load, self.folder)
        self.committed = self.load_id
        self.complete = self._slice.last
        if self.complete:
            self._on_committed(self.summary())

    def publish(self) -> None:
        """Make the next database and put it in the place of the last."""
        with self._loading() as child:
            with self.timed("publish"):
                self._totals = publishing.publish(
                    self.home, self.database, self.settings, child, self.folder, anew=False
                )
            with self.timed("index"):
                child.submit(loading.sync_index, self.home, os.fspath(self.home.index)).result()
                self._remember()
            self._share(child)

    def _share(self, child: ProcessPoolExecutor) -> None:
        """Bring the record into the warehouse that others write too."""
        if self.settings.warehouse:
            with self.timed("share"):
                data, room = lake.place(self.settings.warehouse_data, self.home), os.fspath(self.folder / "spill")
                child.submit(
                    lake.publish, self.home, self.settings.warehouse, data, self.settings.load_memory * 4, room
                ).result()

    def _remember(self) -> None:
        """Note the database as it was published, so that it need not be opened to know that it is ours."""
        index = Index(self.home.index)
        try:
            index.remember_published(self.database)
        finally:
            index.close()

    def clean(self) -> None:
        """End what still goes on in the background and remove what the run has staged.

        What is left of a killed run, the next one removes.
        """
        self._given_up = True
        if self._loader is not None:
            self._loader.shutdown(cancel_futures=True)
        if self._planning.is_alive():
            self._planning.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _changed(self) -> list[Missing]:
        return [
            Missing(name, f"{name}：{message}", f"{name}: it was changing while being read; run again")
            for each in self._slices()
            for item, kind, message in each.results.bad
            if kind == CHANGED
            for name in item.files
        ]

    def _counts(self, slices: list[_Slice]) -> dict[str, int]:
        made = self.planned()
        left = {name for each in slices for name, _ in each.left()}
        names = [name for each in slices for item in each.items for name in item.files]
        sorts = Counter(made.sorts[name] for name in names if name not in left)
        same = sum(len(item.files) for each in slices for item in each.same())
        last = any(each.last for each in slices)
        unchanged = made.unchanged * last + same + len(left)
        aside = sum(len(each.bad()) for each in slices) + len(made.known_bad) * last
        staged = {
            table: sum(each.staged.rows.get(table, 0) for each in slices) for table in ("report", "fact", "finding")
        }
        return {
            "files": sum(sorts.values()) + len(left) + made.unchanged * last,
            "files_new": sorts["new"],
            "files_revised": sorts["revised"] - same,
            "files_reread": sorts["reread"],
            "files_unchanged": unchanged,
            "files_set_aside": aside,
            "reports": staged["report"],
            "facts": staged["fact"],
            "findings": staged["finding"],
        }

    def summary(self) -> Summary:
        counts = {k.removeprefix("files_"): v for k, v in self._counts(self._slices()).items()}
        return Summary(
            os.fspath(self.database),
            self.load_id,
            **counts,
            gone=len(self.planned().gone),
            totals=self._totals,
            bad=sorted([*self.planned().known_bad, *(b for each in self._slices() for b in each.bad())]),
            expected={name for name, kind, _ in self.planned().known_bad if kind == "no_report"},
            missing=[*self.planned().missing, *self._changed()],
            left=dict(Counter(why for each in self._slices() for _, why in each.left())),
            unusable=sorted({why for each in self._slices() for why in each.results.unusable}),
            lost=self.planned().lost,
            addresses=self.planned().addresses,
            states={
                **self.planned().states,
                **{n: "same" for each in self._slices() for item in each.same() for n in item.files},
                **{n: "unchanged" for each in self._slices() for n, _ in each.left() if n in self.planned().states},
            },
            seconds={k: round(v, 3) for k, v in self.seconds.items()},
        )
