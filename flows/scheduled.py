"""The flow that a schedule starts. Prefect imports this module in a process of its own for every run.

Belongs here: one collect, and what it has to show. Does not belong here: the schedule (`serving`), the work (`collecting`).

Whether a run was a success our own record says, not Prefect's: its states have been wrong. A run that finds another one at work leaves
everything to that one.
"""

from __future__ import annotations

import os
import threading
import time

from prefect import flow

from . import home, lock
from .collecting import collect as work
from .collecting import outcome
from .ingest import show

_LOOK = 1.0


@flow(name="gouji-scheduled", validate_parameters=False)
def scheduled(home_dir: str, sources: str | None = None, database: str | None = None) -> dict[str, int]:
    """Collect what is new. Returns the counts of the run; empty where another run is at work."""
    _follow_parent()
    if lock.holder(home.find(home_dir).collecting / "lock") is not None:
        return {}
    done = work.collect(home_dir=home_dir, sources=sources, database=database)
    show(outcome.tables(done) | {"late": outcome.late(home.find(home_dir).database(database))})
    return done.counts()


def _follow_parent() -> None:
    """End with whoever started this process: a run whose server is gone has nobody to tell, and the next one goes on with it."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK)
        os._exit(1)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()
