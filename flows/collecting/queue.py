"""Politeness: one request at a time to a host, with a pause between, no more than so many a day.

Belongs here: whose turn it is, the pause, the daily cap, hosts that asked to be left alone for a while or do not answer; all of it
kept in a file of ours, so that it holds over runs. Does not belong here: what is asked (`fetching`), robots.txt (`robots`).

The file is no record: without it a host is asked once without the pause. Days are China's.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

CHINA = timezone(timedelta(hours=8))
# A host that did not answer so many times in a row is not asked again in this run.
_SILENT = 3

_TABLES = """
CREATE TABLE IF NOT EXISTS host (host TEXT PRIMARY KEY, last REAL, not_before REAL, day TEXT, asked INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY, at REAL, status INTEGER, body BLOB, etag TEXT, modified TEXT
) WITHOUT ROWID;
"""


class WaitError(Exception):
    """A host is not to be asked now. ``problem`` is one of `contract.Problem`."""

    def __init__(self, problem: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    # Monotonic, of this run; None before its first request.
    ended: float | None = None
    # Monotonic: not to be asked before.
    held: float = 0.0


class Queue:
    """The hosts. Threads may share it; the file belongs to one process at a time (the collector's lock)."""

    def __init__(
        self,
        path: Path,
        *,
        patience: float = 0.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        # Seconds that are waited for a host that asked to be left alone; for longer it is not asked in this run.
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._guard = threading.Lock()
        self._hosts: dict[str, _Host] = {}
        # Times in a row that nothing was said, by origin: where https is dead http may live.
        self._silent: dict[str, int] = {}
        try:
            self._db = _opened(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._db = _opened(path)
        self.requests = 0

    def close(self) -> None:
        self._db.close()

    def _host(self, host: str) -> _Host:
        with self._guard:
            return self._hosts.setdefault(host, _Host())

    @contextmanager
    def turn(self, host: str, delay: float, cap: int, origin: str = "") -> Iterator[None]:
        """Within it is the caller's turn to send one request to ``host``, at least ``delay`` seconds after the last one ended.
        ``origin``: with scheme and port.

        Raises WaitError where the day's requests are used up, the host asked to be left alone, or does not answer at all.
        """
        own = self._host(host)
        with own.lock:
            if self._silent.get(origin, 0) >= _SILENT:
                raise WaitError("left_alone", f"{origin} did not answer {_SILENT} times and is left alone in this run")
            self._wait(host, own, delay, cap)
            try:
                yield
            finally:
                own.ended = time.monotonic()
                self._write("UPDATE host SET last = ? WHERE host = ?", self._clock(), host)

    def _wait(self, host: str, own: _Host, delay: float, cap: int) -> None:
        now = self._clock()
        today = day_of(datetime.fromtimestamp(now, UTC))
        with self._guard:
            row = self._db.execute("SELECT last, not_before, day, asked FROM host WHERE host = ?", (host,)).fetchone()
        last, not_before, day, asked = row or (None, None, today, 0)
        if day != today:
            asked = 0
        if asked >= cap:
            raise WaitError("daily_cap", f"{host} has been asked {asked} times today")
        # Where the clock was set back the last request is one of the future, and what was asked for then began there.
        alone = (not_before or 0.0) - max(now, last or 0.0)
        if alone > self._patience:
            raise WaitError("busy", f"{host} asked to be left alone for {alone:.0f} s")
        if own.ended is not None:
            pause = own.ended + delay - time.monotonic()
        elif last is not None:
            # A clock that was set back makes the last request one of the future: then one pause is enough.
            pause = min(last + delay - now, delay)
        else:
            pause = 0.0
        pause = max(pause, alone, own.held - time.monotonic())
        if pause > 0:
            self._sleep(pause)
        self.requests += 1
        self._write(
            "INSERT OR REPLACE INTO host VALUES (?, ?, ?, ?, ?)", host, self._clock(), not_before, today, asked + 1
        )

    def answered(self, origin: str, yes: bool) -> None:
        """Note whether anything was said at all."""
        with self._guard:
            self._silent[origin] = 0 if yes else self._silent.get(origin, 0) + 1

    def hold(self, host: str, seconds: float) -> None:
        """Let the host's next request, whoever makes it, wait at least so long."""
        self._host(host).held = time.monotonic() + seconds

    def leave_alone(self, host: str, seconds: float) -> None:
        """Do not ask a host for so long, in this run and the next ones: it said so."""
        self._write(
            "INSERT INTO host VALUES (?, NULL, ?, '', 0) ON CONFLICT (host) DO UPDATE SET not_before = excluded.not_before",
            host,
            self._clock() + seconds,
        )

    def _write(self, sql: str, *values: object) -> None:
        with self._guard:
            self._db.execute(sql, values)

    # -- robots.txt as it was answered, for `robots` -------------------------------------------------------------------

    def robots(self, origin: str) -> tuple[float, int, bytes] | None:
        """When robots.txt of an origin was answered, with which status and what."""
        with self._guard:
            row = self._db.execute("SELECT at, status, body FROM robots WHERE origin = ?", (origin,)).fetchone()
        return (row[0], row[1], row[2]) if row else None

    def keep_robots(self, origin: str, status: int, body: bytes) -> None:
        self._write(
            "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?, NULL, NULL)", origin, self._clock(), status, body
        )


def day_of(at: datetime) -> str:
    """The day in China."""
    return at.astimezone(CHINA).date().isoformat()


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    # Journal in memory: a lost file costs one pause and a day's count.
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = OFF")
    db.executescript(_TABLES)
    return db
