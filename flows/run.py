"""What other rooms call.

Belongs here: `ingest` and `rebuild`: the lock, whether a run needs Prefect, what goes wrong around it.
Does not belong here: the steps of a run (`steps`), the flow (`ingest`), words for the terminal (`gouji`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from . import failures, home, lake, loading, lock, published, record, surroundings
from .errors import PipelineError
from .files import Found
from .progress import Progress, Silent
from .publishing import publish
from .server import Server
from .steps import Run
from .summary import Summary

# Name → rows, asked for when the run is over.
Tables = Callable[[], dict[str, list[dict[str, str]]]]

__all__ = ["Progress", "Silent", "Summary", "Tables", "ingest", "rebuild"]


def ingest(
    paths: Iterable[str | os.PathLike[str]],
    *,
    home_dir: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    received: Sequence[Found] = (),
    on_committed: Callable[[Summary], None] = lambda _: None,
    tables: Tables | None = None,
    gone: Sequence[str] = (),
    patience: float = 0.0,
    **given: Any,
) -> Summary:
    """Snapshot, parse, check and load files and folders under Prefect, and what was ``received`` from the web like them.
    ``given`` are `Settings` by name. ``on_committed`` is called when the results are in the record and not yet in the database;
    ``gone`` are places on the web where nothing is any more; ``tables`` are shown as artifacts of a flow `gouji-collect` around the ingest.
    ``patience``: seconds to wait for another run at work there.

    Prefect is started when the first file turns up that has to be read; where there is none it never is.

    Raises PipelineError for what a person must mend: no home to write to, another run at work, a foreign database, a
    full disk; it says what is kept.
    """
    where = home.find(home_dir)
    settings = home.settings(where, **given)
    start = time.perf_counter()
    run: Run | None = None

    def kept() -> surroundings.Kept:
        if run is None or run.committed is None:
            return surroundings.NOTHING
        return surroundings.committed(run.committed) if run.complete else surroundings.partly(run.committed)

    try:
        with surroundings.told(where.root, kept):
            where.create()
            told = progress or Silent()
            with lock.writing(where.lock, patience, lambda: told.stage("wait", None)):
                try:
                    run = Run(
                        *(list(paths), where, where.database(database), settings, told),
                        *(received, on_committed, gone),
                    )
                    run.check()
                    run.begin()
                    summary = _under_prefect(run, tables) if run.has_work() else run.without_work()
                finally:
                    if run is not None:
                        run.clean()
    except (PipelineError, KeyboardInterrupt) as error:
        if run is not None:
            why = (error.zh, error.en) if isinstance(error, PipelineError) else failures.STOPPED
            failures.note(where, run.started, run.versions, why)
        raise
    summary.seconds["total"] = round(time.perf_counter() - start, 3)
    return summary


def _under_prefect(run: Run, tables: Tables | None) -> Summary:
    """The flow, with a server of its own that gets ready while files are still being hashed."""
    with Server(run.home.prefect) as server:
        with run.timed("prefect_start"):
            from . import ingest as flow

            run.warm()
            server.ready()
        return flow.under_prefect(run, server.url, tables)


def rebuild(
    *, home_dir: str | os.PathLike[str] | None = None, database: str | os.PathLike[str] | None = None, **given: Any
) -> dict[str, int]:
    """Make the database anew from the record; returns its rows per table.

    Raises PipelineError without a record, or when a file that is no database of ours is in its place.
    """
    where = home.find(home_dir)
    settings = home.settings(where, **given)
    target = where.database(database)
    if not record.load_ids(where):
        raise PipelineError(
            f"{where.root} 中还没有记录。请先运行 gouji ingest。",
            f"there is no record in {where.root} yet; run gouji ingest first",
        )
    with surroundings.told(where.root, lambda: surroundings.UNCHANGED):
        where.create()
        with lock.writing(where.lock), loading.executor() as child:
            record.heal(where)
            published.check_place(target)
            child.submit(published.check_replaceable, target).result()
            folder = Path(tempfile.mkdtemp(prefix="rebuild-", dir=where.staging))
            try:
                totals = publish(where, target, settings, child, folder, anew=True)
                if settings.warehouse:
                    data, room = lake.place(settings.warehouse_data, where), os.fspath(folder / "spill")
                    child.submit(
                        lake.publish, where, settings.warehouse, data, settings.load_memory * 4, room, tended=True
                    ).result()
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    return totals
