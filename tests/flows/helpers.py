"""What the tests of the pipeline share: documents for the fake reader, a run without Prefect, whole-database dumps.

Run as ``python -m tests.flows.helpers HOME FOLDER WORKERS`` it is one ingest without Prefect, to be killed at will.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import duckdb

from flows import doctor, home, loading, lock, pool, publishing, record, warehouse, worker
from flows.files import Origin
from flows.progress import Silent
from flows.rows import Context, used
from flows.rows import gone as rows_of_gone
from flows.snapshots import Item
from flows.steps import Run, Summary
from flows.worker import Reading
from parsers.readers import convert
from schemas.database import tables

from . import fake_reader

if TYPE_CHECKING:
    import pytest

READER = "tests.flows.fake_reader"
# Columns that say when something happened.
TIMES = {"source": ("retrieved_at",)}


def report(issuer: str | None = "淮安市人民政府", year: int | None = 2024, **more: Any) -> dict[str, Any]:
    facts = more.pop("facts", None)
    if facts is None:
        facts = {f"requests.{row}.total": n for n, row in enumerate(("new_received", "granted", "carried_over"), 3)}
    return {"issuer": issuer, "year": year, "division": "320800", "level": "prefecture", "facts": facts, **more}


def document(*reports: dict[str, Any], **more: Any) -> str:
    return json.dumps({"reports": list(reports), **more}, ensure_ascii=False)


def write(folder: Path, files: dict[str, str]) -> Path:
    """Put files into a folder, old enough that their times are trusted."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        old = path.stat().st_mtime - 100
        os.utime(path, (old, old))
    return folder


class _Here:
    """The loader's work in this process: starting one of its own takes longer than what it has to do in a test."""

    def __enter__(self) -> _Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, work: Callable[..., Any], *given: Any, **more: Any) -> _Here:
        self._done = work(*given, **more)
        return self

    def result(self) -> Any:
        return self._done

    def shutdown(self, **_: Any) -> None:
        pass


class _ReadsHere:
    """A child's work in this process, for documents that do it no harm: a child takes as long as all else of a small run."""

    number = 1

    def __init__(self, work: Reading, *_: Any, **__: Any) -> None:
        self._work = work
        work._reader = worker.load_reader(work._module)

    def run(self, job: Any, seconds: float | None = None) -> tuple[str, Any]:
        convert.use(self._work._converted)
        try:
            return "done", self._work(job)
        finally:
            convert.use(None)

    def stop(self) -> None:
        """There is no child to end."""

    recycle = close = stop


_build, _connect = warehouse.build, warehouse.connect


def _alone(*given: Any) -> duckdb.DuckDBPyConnection:
    """`warehouse.connect` without threads, which cost a few rows more than they save."""
    con = _connect(*given)
    con.execute("SET threads = 1")
    return con


@cache
def _empty() -> bytes:
    """A database of ours without a load: to make one takes longer than most of what is tried in it."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "empty.duckdb"
        where = home.Home(Path(name) / "home")
        where.create()
        _build(where, os.fspath(made), os.fspath(made), 256, name, anew=True)
        con = duckdb.connect(os.fspath(made))
        con.execute("INSERT INTO meta VALUES ('schema', ?)", [tables.schema_version()])
        con.close()
        return made.read_bytes()


def _from_empty(where: home.Home, _: str, *more: Any, anew: bool = False) -> dict[str, int]:
    """`warehouse.build`, for which the empty database takes the published one's place."""
    with tempfile.TemporaryDirectory() as name:
        begun = Path(name) / "empty.duckdb"
        begun.write_bytes(_empty())
        return _build(where, os.fspath(begun), *more, anew=False)


def _begun(where: home.Home, published: str, *more: Any, anew: bool) -> dict[str, int]:
    """The same for the first database of a home; what is made anew is."""
    build = _build if anew or Path(published).exists() else _from_empty
    return build(where, published, *more, anew=anew)


@contextmanager
def from_empty() -> Iterator[None]:
    """Within, `doctor` builds what it compares with from the empty database: what it looks at are the rows of the loads."""
    with patch.object(warehouse, "build", _from_empty), patch.object(warehouse, "connect", _alone):
        yield


def examine(where: Path) -> doctor.Findings:
    with from_empty():
        return doctor.examine(home_dir=where)


@contextmanager
def in_this_process(*, children: bool = False) -> Iterator[None]:
    """Within, what loads has no process of its own, nor has what reads unless it is to have ``children``, and the first database of a
    home is a copy of one without loads. (From nothing it is made by all runs with Prefect or with processes, and by a rebuild.)"""
    reader = pool.Isolated if children else _ReadsHere
    with (
        patch.object(loading, "executor", _Here),
        patch.object(pool, "Isolated", reader),
        patch.object(warehouse, "build", _begun),
        patch.object(warehouse, "connect", _alone),
    ):
        yield


def stepwise(run: Run) -> Summary:
    """What the flow does, without Prefect."""
    run.planned()
    with run.converted():
        for batches in run.slices():
            if batches:
                with run.pool() as readers:
                    for number, items in enumerate(batches):
                        run.parsed(readers.run(number, items))
            run.load()
            run.commit()
    run.publish()
    return run.summary()


@contextmanager
def without_prefect(*, apart: bool = False) -> Iterator[None]:
    """Within, `flows.run.ingest` goes through its steps by itself, and in this process but where it is to have its own (``apart``)."""
    with nullcontext() if apart else in_this_process(), patch("flows.run._under_prefect", lambda run, _: stepwise(run)):
        yield


def ingest_plainly(
    paths: Iterable[Path],
    where: Path,
    database: str | None = None,
    *,
    apart: bool = False,
    children: bool = False,
    **settings: Any,
) -> Summary:
    """The steps of the flow, in its order, without Prefect. ``children`` read what may do them harm; ``apart``: with all processes that there are."""
    if not apart:
        with in_this_process(children=children):
            return ingest_plainly(paths, where, database, apart=True, **settings)
    homes = home.find(where)
    homes.create()
    chosen = home.settings(homes, **{"reader": READER, "workers": 1, **settings})
    with lock.writing(homes.lock):
        run = Run(list(paths), homes, homes.database(database), chosen, Silent())
        try:
            run.check()
            run.begin()
            if not run.has_work():
                return run.without_work()
            stepwise(run)
        finally:
            run.clean()
    return run.summary()


class Collection:
    """A home that is loaded in this process, from texts in memory: one call of `load` is one committed load."""

    def __init__(self, root: Path) -> None:
        self.home = home.Home(root)
        self.home.create()
        self.database = self.home.database()
        self.database.write_bytes(_empty())

    def load(
        self,
        files: dict[str, str],
        *,
        version: str = "1",
        publish: bool = True,
        publication: str | None = None,
        gone: Iterable[str] = (),
    ) -> None:
        """``publication``: the page that all these files were published with; ``gone``: places where nothing is any more."""
        load_id = (record.load_ids(self.home) or [0])[-1] + 1
        folder = self.home.staging / str(load_id)
        versions = {"gouji": "0", "parser": version, "forms": "f1", "rules": "r1"}
        started = datetime(2026, 1, 1) + timedelta(days=load_id)
        context = Context(versions, started, 60, 1024)
        items: dict[str, Item] = {}
        for name, text in files.items():
            data = text.encode()
            sha256 = hashlib.sha256(data).hexdigest()
            item = items.setdefault(sha256, Item(name, name, sha256, len(data), data[:16]))
            item.places.append(name)
            if publication is not None:
                item.origins[name] = Origin(name, publication, name)
        parts = []
        for item in items.values():
            part = folder / f"part{len(parts)}"
            checked = fake_reader.read(Path(item.name), files[item.name].encode())
            used(item, checked, context).rows.write(part)
            parts.append(str(part))
        if gone := list(gone):
            rows_of_gone(gone).write(folder / "gone")
            parts.append(str(folder / "gone"))
        assert loading.validate(parts) == {}
        staged = loading.stage(parts, str(folder), load_id, [], context)
        counts = {c.name: 0 for c in tables.TABLE["load"].columns if c.name.startswith(("files", "reports", "f"))}
        counts.pop("finished")
        instant = started.replace(tzinfo=UTC).isoformat()
        record.commit(self.home, record.Load(load_id, instant, instant, versions, counts, staged.files), folder)
        if publish:
            self.publish()

    def publish(self, *, anew: bool = False) -> None:
        settings = home.Settings(load_memory=256)
        with patch.object(warehouse, "connect", _alone):
            publishing.publish(self.home, self.database, settings, _Here(), self.home.staging, anew=anew)  # type: ignore[arg-type]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return rows(self.database, sql)

    def reports(self) -> list[tuple[Any, ...]]:
        """(place, revision, current) of every report."""
        return self.query("SELECT lineage, revision, is_current FROM report ORDER BY lineage, revision, report_id")

    def duplicates(self) -> set[str]:
        """Places of the reports that `batch.duplicate` names."""
        sql = "SELECT lineage FROM finding JOIN report USING (report_key) WHERE rule = 'batch.duplicate'"
        return {place for (place,) in self.query(sql)}


def _prefects_database(factory: pytest.TempPathFactory) -> Path:
    """Where the workers of a session keep the database of a Prefect that has just started for the first time."""
    base = factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "prefect.db"


def keep_prefects_database(prefect_home: Path, factory: pytest.TempPathFactory) -> None:
    kept = _prefects_database(factory)
    if not kept.exists():
        half = kept.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(prefect_home / "prefect.db")) as live, closing(sqlite3.connect(half)) as copy:
            live.backup(copy)
        half.replace(kept)


def give_prefect_a_database(where: Path, factory: pytest.TempPathFactory) -> None:
    """A home whose Prefect need not make its own, which takes longer than to start, if another test has made one before."""
    kept = _prefects_database(factory)
    if kept.exists():
        (where / "prefect").mkdir(parents=True)
        shutil.copyfile(kept, where / "prefect" / "prefect.db")


# What tells when something was done, run by run.
RUNS = ("load", "collect_run", "publication", "publication_event")


def dump(database: Path, *, without: Iterable[str] = RUNS) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, sorted, without the columns that hold times."""
    con = duckdb.connect(os.fspath(database), read_only=True)
    try:
        names = [r[0] for r in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        out = {}
        for name in names:
            if name in without:
                continue
            left_out = f" EXCLUDE ({', '.join(TIMES[name])})" if name in TIMES else ""
            only = " WHERE key <> 'collected'" if name == "meta" else ""
            out[name] = con.execute(f'SELECT *{left_out} FROM "{name}"{only} ORDER BY ALL').fetchall()
        return out
    finally:
        con.close()


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    con = duckdb.connect(os.fspath(database), read_only=True)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.close()


def children(pid: int) -> dict[int, str]:
    """The child processes of a process and their command lines (Linux)."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                found[int(stat.parent.name)] = (stat.parent / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def until(done: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to come true."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


if __name__ == "__main__":
    ingest_plainly([Path(sys.argv[2])], Path(sys.argv[1]), apart=True, workers=int(sys.argv[3]), batch_seconds=1)
