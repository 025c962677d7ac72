"""What goes on in a child process: its orders, one job in, one result out.

Belongs here: as little as starts fast; what the work is made of is imported when the orders are opened. Does not belong
here: the parent's side (`supervisor`), what every child does first (`children`), the work itself.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from parsers.files import faults
from schemas import kept
from schemas.program import program

from . import children

# What a child does with each job; it may hold what it did, where its owner says so.
Work = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Orders:
    """What a child is told when it is started. ``megabytes``, ``recycle`` as in `supervisor.Limits`."""

    work: Work
    prepare: Callable[[], object] | None
    megabytes: int
    recycle: int
    log: str | None


def sealed(orders: Orders) -> bytes:
    """Orders as a child opens them."""
    return bytes(ForkingPickler.dumps(orders))


def _silence(log: str | None) -> None:
    """What native libraries print about broken files must not stand among the results on the parent's stdout."""
    for stream in (sys.stdout, sys.stderr):
        # Without a console (pythonw) there is none.
        if stream is not None:
            stream.flush()
    sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) if log else os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(sink, descriptor)
    os.close(sink)


def serve(jobs: Connection, answers: Connection, sealed_orders: bytes) -> None:
    """The child: says that it is ready, then one job in, one result out, until the pipe closes.

    Its orders come sealed: to open them imports what the work is made of, and by then the program has begun.
    """
    children.follow_parent()
    with program():
        _serve(jobs, answers, pickle.loads(sealed_orders))


def _serve(jobs: Connection, answers: Connection, orders: Orders) -> None:
    try:
        if orders.prepare is not None:
            orders.prepare()
    except Exception as error:
        answers.send(("start", f"{type(error).__name__}: {error}"[:300]))
        return
    # What was imported by now is the program's and not a document's.
    children.limit_memory(orders.megabytes)
    answers.send(("ready", None))
    _silence(orders.log)
    while True:
        try:
            job = jobs.recv()
        except (EOFError, OSError):
            return
        answer = _answer(orders, job)
        # Before the answer: whoever has it may end this process.
        kept.KEPT.save()
        try:
            answers.send_bytes(answer)
        except OSError:
            return


def _answer(orders: Orders, job: Any) -> bytes:
    """Outcome, result, and whether this process had better be replaced, as they go through the pipe.

    Whatever a document does to the readers is an outcome too.
    """

    def heavy() -> bool:
        # False where the system does not say.
        return children.resident() > orders.recycle

    try:
        result = orders.work(job)
        return bytes(ForkingPickler.dumps(("done", result, heavy())))
    except MemoryError:
        # What is left of its memory may not do for the next file.
        answer: tuple[str, str | None, bool] = ("memory", None, True)
    except OSError as error:
        answer = ("os", faults.why(error), heavy())
    except ImportError as error:
        answer = ("import", str(error)[:300], heavy())
    except BaseException as error:  # native extensions raise outside Exception
        answer = ("failed", f"{type(error).__name__}: {error}"[:300], heavy())
    return bytes(ForkingPickler.dumps(answer))
