"""The ingest as a Prefect flow.

Belongs here: flow, tasks, the summary as an artifact. Import it only after `server.environment` is set.
Does not belong here: what a step does (`steps.Run`): every task only calls it, so that the logic runs without Prefect.

One task per batch: a batch is some seconds of work, done by one of the pool's processes while the task's thread
waits. Documents and rows never pass through Prefect.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from prefect import flow, task, unmapped
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events.worker import EventsWorker
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ThreadPoolTaskRunner

from .pool import Pool
from .snapshots import Item
from .steps import Run
from .summary import Summary

# Name → rows, asked for when the run is over.
Tables = Callable[[], dict[str, list[dict[str, str]]]]
# An artifact is no archive.
_SHOWN = 500
# Seconds to wait for Prefect to write down the states of tasks.
_DRAIN = 20.0


class Given:
    """The run as one opaque value: Prefect writes parameters down as far as it can look into them."""

    __slots__ = ("run",)

    def __init__(self, run: Run) -> None:
        self.run = run


class Told:
    """What is to be shown, as one opaque value."""

    __slots__ = ("tables",)

    def __init__(self, tables: Tables) -> None:
        self.tables = tables


class Batches:
    """Batches as one opaque value: Prefect looks through every list it is given for futures."""

    __slots__ = ("items",)

    def __init__(self, items: list[list[Item]]) -> None:
        self.items = items


@task(name="snapshot", cache_policy=NO_CACHE)
def snapshot(run: Run) -> int:
    """Wait for the listing and hashing that began while Prefect started; returns the number of files."""
    return run.planned().files


@task(name="parse and check", cache_policy=NO_CACHE)
def parse(number: int, batches: Batches, run: Run, pool: Pool) -> None:
    """Read and check one batch in one of the pool's processes."""
    run.parsed(pool.run(number, batches.items[number]))


@task(name="load", cache_policy=NO_CACHE)
def load(run: Run) -> None:
    """Validate what was read and sort it into the record's files."""
    run.load()


@task(name="commit", cache_policy=NO_CACHE)
def commit(run: Run) -> None:
    """Make the load part of the record."""
    run.commit()


@task(name="publish", cache_policy=NO_CACHE)
def publish(run: Run) -> None:
    """Build the database and rename it into place."""
    run.publish()


def _artifact(summary: Summary) -> None:
    rows = {
        "files": summary.files,
        "new": summary.new,
        "revised": summary.revised,
        "read again": summary.reread,
        "unchanged": summary.unchanged,
        "set aside": summary.set_aside,
        "reports": summary.reports,
        "facts": summary.facts,
        "findings": summary.findings,
    }
    create_table_artifact(
        key="gouji-ingest",
        table=[{"what": what, "number": number} for what, number in rows.items()],
        description=f"Load {summary.load_id} of {summary.database}",
    )


@flow(name="gouji-ingest", validate_parameters=False)
def ingest(given: Given) -> None:
    """The steps of one run, in order. What is written before a `commit` is thrown away if the run ends early."""
    run = given.run
    snapshot.submit(run).result()
    with run.converted():
        for batches in run.slices():
            if batches and run.settings.runner == "dask":
                from . import dask_runner

                work = dask_runner.Work(
                    *(batches, run.settings, run.context, run.home.snapshots, run.folder, run.parsed)
                )
                with run.timed("parse"):
                    dask_runner.read_at(work)
            elif batches:
                with run.timed("parse"), run.pool() as pool:
                    numbers = list(range(len(batches)))
                    done = parse.map(numbers, unmapped(Batches(batches)), unmapped(run), unmapped(pool))
                    for future in done:
                        future.result()
            load.submit(run).result()
            commit.submit(run).result()
    publish.submit(run).result()
    _artifact(run.summary())


@flow(name="gouji-collect", validate_parameters=False)
def collect(given: Given, tables: Told) -> None:
    """The ingest of what was collected, and what the collector has to tell."""
    ingest.with_options(task_runner=_runner(given.run))(given)
    show(tables.tables())


def show(tables: dict[str, list[dict[str, str]]]) -> None:
    """Tables as artifacts, each under a key of its own."""
    for name, rows in tables.items():
        create_table_artifact(
            key=f"gouji-{name.replace('_', '-')}", table=rows[:_SHOWN], description=f"{name}: {len(rows)}"
        )


def _runner(run: Run) -> Any:
    return ThreadPoolTaskRunner(max_workers=run.settings.processes)


def under_prefect(run: Run, api_url: str, tables: Tables | None = None) -> Summary:
    """Run the flow against the API at ``api_url``, within `collect` where there are ``tables`` to show."""
    start = time.perf_counter()
    # Settings were read when Prefect was imported, perhaps by an earlier run of this process.
    with temporary_settings({PREFECT_API_URL: api_url}):
        try:
            if tables is None:
                ingest.with_options(task_runner=_runner(run))(Given(run))
            else:
                collect(Given(run), Told(tables))
        finally:
            # Task states travel as events; the server ends right after this.
            EventsWorker.drain_all(timeout=_DRAIN)
    run.seconds["flow"] = time.perf_counter() - start
    return run.summary()
