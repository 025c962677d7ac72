"""Reading by Dask: batches go to the workers of a cluster, here or on other machines, and come back as results.

Belongs here: the flow that hands batches out, what a worker does with one. Does not belong here: the steps of a run (`steps`), how a file is
read in a process of its own (`pool`): a worker does it the same way, so that a file that hangs or crashes takes nothing with it.

The home's folder and the files must be at the same paths for all workers (a shared disk); what they read is written below the home's
staging folder, and nothing but file names and counts travels.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from .errors import PipelineError
from .home import Settings
from .pool import Pool, Results
from .rows import Context
from .snapshots import Item

# A worker starts processes of its own, which the ones that Dask calls daemons may not.
_ENVIRONMENT = {"DASK_DISTRIBUTED__WORKER__DAEMON": "False", "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}


@task(name="parse and check", cache_policy=NO_CACHE)
def parse(
    number: int, items: tuple[Item, ...], settings: Settings, context: Context, store: str, folder: str
) -> Results:
    """Read one batch at a worker, in a process that may be lost."""
    with Pool(replace(settings, workers=1), context, Path(store), Path(folder)) as pool:
        return pool.run(number, list(items))


class Work:
    """Batches, what they need, and who takes their results, as one opaque value: Prefect sends what a flow was given to every worker
    with every task, and looks through every list for futures. It travels as nothing."""

    __slots__ = ("batches", "context", "folder", "settings", "store", "taken")

    def __init__(
        self,
        batches: list[list[Item]],
        settings: Settings,
        context: Context,
        store: Path,
        folder: Path,
        taken: Callable[[Results], None],
    ) -> None:
        self.batches, self.settings, self.context, self.taken = batches, settings, context, taken
        self.store, self.folder = os.fspath(store), os.fspath(folder)

    def __reduce__(self) -> tuple[type[object], tuple[()]]:
        return (object, ())


@flow(name="gouji-read", validate_parameters=False)
def read(work: Work) -> None:
    """Hand out all batches, and have the results of each taken."""
    futures = [
        parse.submit(n, tuple(items), work.settings, work.context, work.store, work.folder)
        for n, items in enumerate(work.batches)
    ]
    for future in futures:
        work.taken(future.result())


def read_at(work: Work) -> None:
    """Read the batches at the cluster that the settings name, or at one of this machine. Raises PipelineError."""
    with _environment(), _runner(work.settings) as runner:
        read.with_options(task_runner=runner)(work)


@contextmanager
def _environment() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _runner(settings: Settings) -> Iterator[Any]:
    try:
        import dask.config
        from prefect_dask import DaskTaskRunner
    except ImportError as e:
        raise PipelineError(
            f"用 Dask 读取需要安装：pip install 'gouji[scale]'（{e}）。",
            f"reading by Dask needs pip install 'gouji[scale]' ({e})",
        ) from e
    with dask.config.set({"distributed.worker.daemon": False, "distributed.logging.distributed": "error"}):
        if settings.address:
            _reachable(settings.address)
            yield DaskTaskRunner(address=settings.address)
        else:
            yield DaskTaskRunner(
                cluster_kwargs={
                    "n_workers": settings.processes,
                    "threads_per_worker": 1,
                    "dashboard_address": None,
                    "silence_logs": 40,
                }
            )


def _reachable(address: str) -> None:
    """Raise PipelineError unless a scheduler answers."""
    import distributed

    client: Any = distributed.Client
    try:
        client(address, timeout=10, set_as_default=False).close()
    except (OSError, ValueError) as e:
        raise PipelineError(
            f"Dask 调度器 {address} 没有应答（{e}），没有读取任何文件。请检查 --address。",
            f"the Dask scheduler {address} does not answer ({e}), and no file was read; see to --address",
        ) from e
