"""robots.txt: what a site asks of programs, and keeping to it.

Belongs here: what each kind of answer means, its charset, how long it holds, the pause it asks for.
Does not belong here: asking for it (`fetching` hands in how), whose turn it is (`queue`).

RFC 9309: 4xx is no rules; 5xx and no answer at all mean that nothing may be fetched. A page in its place (a home page, a soft 404)
has no rules in it. An answer holds for a day and over runs; one that forbids everything because the server failed does not.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from parsers.files.encoding import decode

from .queue import Queue

# The word that a site calls this program by.
AGENT = "gouji"
_HOLDS = 24 * 3600.0
# RFC 9309 asks for at least so much to be read.
MOST = 500 * 1024
# No site keeps a collector waiting longer than that between two requests.
_LONGEST_PAUSE = 60.0


# Troubles of the host and not of robots.txt.
_ON_THE_WAY = frozenset(
    {"network", "timed_out", "certificate", "private_address", "private_elsewhere", "busy", "daily_cap", "left_alone"}
)
# Fetches robots.txt: (status, 0 for no answer; body; the problem, if any; what to say of it).
Ask = Callable[[str], tuple[int, bytes, str | None, str]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for an origin: ``problem`` where nothing may be fetched, else ``parsed`` (None: no rules)."""

    parsed: Any = None
    problem: str | None = None
    detail: str = ""

    def allows(self, address: str) -> bool:
        return self.parsed is None or bool(self.parsed.can_fetch(address, AGENT))

    @property
    def pause(self) -> float:
        """Seconds between requests that the site asks for; 0 where it does not."""
        if self.parsed is None:
            return 0.0
        delay = float(self.parsed.crawl_delay(AGENT) or 0.0)
        rate = self.parsed.request_rate(AGENT)
        if rate is not None and rate.requests:
            delay = max(delay, rate.seconds / rate.requests)
        return min(delay, _LONGEST_PAUSE)


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


class Robots:
    """The rules of all origins, asked for once."""

    def __init__(self, queue: Queue, *, clock: Callable[[], float] = time.time) -> None:
        self._queue = queue
        self._clock = clock
        self._known: dict[str, Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def rules(self, address: str, ask: Ask) -> Rules:
        """The rules for an address. ``ask`` fetches robots.txt."""
        origin = origin_of(address)
        with self._guard:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._known:
                self._known[origin] = self._found(origin, ask)
            return self._known[origin]

    def _found(self, origin: str, ask: Ask) -> Rules:
        kept = self._queue.robots(origin)
        if kept is not None and 0 <= self._clock() - kept[0] < _HOLDS:
            return understood(kept[1], kept[2])
        status, body, problem, detail = ask(f"{origin}/robots.txt")
        if status and status < 500 and status != 429:
            self._queue.keep_robots(origin, status, body[:MOST])
        return understood(status, body, problem, detail)


def understood(status: int, body: bytes, problem: str | None = None, detail: str = "") -> Rules:
    """What an answer to robots.txt means. Where the way to the host is the trouble, that is what is told."""
    if status == 0:
        return Rules(problem=problem if problem in _ON_THE_WAY else "robots_unavailable", detail=detail)
    if status >= 500 or status == 429 or (status == 200 and problem in ("cut", "challenge")):
        return Rules(problem="robots_unavailable", detail=detail or f"robots.txt: {status}")
    if status >= 300:
        return Rules()
    text = decode(body[:MOST])
    if text.lstrip().startswith("<"):
        return Rules()
    from protego import Protego

    return Rules(Protego.parse(text))
