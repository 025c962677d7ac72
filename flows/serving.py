"""The schedule: a Prefect server of our own, a deployment with its times, and the process that starts the runs.

Belongs here: registering, closing what a killed process left open. Does not belong here: what a run does (`scheduled`).

None of Prefect's limits is used: they leak when a process is killed. One run at a time is our own lock's business.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from . import home, lock
from .errors import PipelineError
from .home import Home, Settings
from .server import Server

NAME = "gouji"
_FLOW = "gouji-scheduled"
_ZONE = "Asia/Shanghai"


def serve(
    *,
    home_dir: str | os.PathLike[str] | None = None,
    sources: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    on_ready: Callable[[str], None] = lambda _: None,
    **given: Any,
) -> None:
    """Run collects on the schedule of the settings until the process is ended. ``on_ready`` is told the server's address.

    Raises PipelineError where the home is served already.
    """
    where = home.find(home_dir)
    settings = home.settings(where, **given)
    where.create()
    where.collecting.mkdir(exist_ok=True)
    with lock.writing(where.root / "serve.lock"), Server(where.prefect, lasting=True) as server:
        server.ready()
        os.environ["PREFECT_API_URL"] = server.url
        try:
            asyncio.run(_serve(where, settings, _parameters(where, sources, database), lambda: on_ready(server.url)))
        finally:
            os.environ.pop("PREFECT_API_URL", None)


def _parameters(where: Home, sources: Any, database: Any) -> dict[str, str]:
    named = {"sources": sources, "database": database}
    return {"home_dir": os.fspath(where.root), **{k: os.fspath(v) for k, v in named.items() if v is not None}}


async def _serve(where: Home, settings: Settings, parameters: dict[str, str], on_ready: Callable[[], None]) -> None:
    from prefect.runner import Runner
    from prefect.types.entrypoint import EntrypointType

    from .scheduled import scheduled

    asyncio.get_running_loop().set_exception_handler(_told)
    await _close_left_open()
    deployment: Any = scheduled.to_deployment(
        NAME,
        schedules=_schedules(settings),
        parameters=parameters,
        entrypoint_type=EntrypointType.MODULE_PATH,
        enforce_parameter_schema=False,
    )
    if asyncio.iscoroutine(deployment):
        deployment = await deployment
    runner: Any = Runner(name=NAME, limit=None, pause_on_shutdown=False, query_seconds=2 if settings.interval else 10)
    added: Any = runner.add_deployment(deployment)
    if asyncio.iscoroutine(added):
        await added
    on_ready()
    await runner.start()


def _told(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What is cut off because the process is being ended is no fault."""
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


def _schedules(settings: Settings) -> list[Any]:
    """When: every so many seconds, or by the calendar in China's time."""
    from datetime import timedelta

    from prefect.schedules import Cron, Interval

    if settings.interval:
        return [Interval(timedelta(seconds=settings.interval))]
    try:
        return [Cron(cron.strip(), timezone=_ZONE) for cron in settings.schedule.split(";") if cron.strip()]
    except ValueError as e:
        raise PipelineError(
            f"设置 schedule 写法有误：{settings.schedule}（{e}）。",
            f"the setting schedule is wrong: {settings.schedule} ({e})",
        ) from e


async def _close_left_open() -> None:
    """Runs that a killed process left as running, and those that nobody started in time: neither will ever go on."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        FlowFilter,
        FlowFilterName,
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType
    from prefect.states import Cancelled, Crashed

    open_states = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING, StateType.SCHEDULED]
    async with get_client() as client:
        runs = await client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[_FLOW, "gouji-collect", "gouji-ingest"])),
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=open_states))),
        )
        for each in runs:
            if each.state_type == StateType.SCHEDULED:
                state: Any = Cancelled(message="nobody was there to start it")
            else:
                state = Crashed(message="its process ended without a word")
            await client.set_flow_run_state(each.id, state, force=True)
