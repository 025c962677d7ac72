"""The loopback server: hosts of their own addresses, answers as they are told, a log of everything asked.

Belongs here: HTTP. Does not belong here: what stands at an address (`families`, `attachments`, `faults`), reports (`world`).
"""

from __future__ import annotations

import hashlib
import http.server
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

# The hosts' addresses: 127.0.0.FIRST, …; all of 127.0.0.0/8 is this machine.
FIRST = 10
# How a host deals with conditional requests.
ETAG, MODIFIED, LYING, DEAF, NONE = "etag", "modified", "lying", "deaf", "none"


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it: when it began and when it was answered (seconds of one monotonic clock)."""

    began: float
    ended: float
    host: str
    method: str
    target: str
    headers: dict[str, str]
    status: int
    sent: int
    # A slow, endless or broken answer: it may go on here when the client has long given it up.
    broken: bool = False

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


@dataclass(frozen=True)
class Request:
    """What a handler is given. ``count``: how many times this target was asked before."""

    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    count: int
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Answer:
    """What a handler gives. ``write`` takes over the connection: for answers that are slow, endless or broken."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[Any], None] | None = None
    # What a conditional request is compared with; None: the body.
    tag: str | None = None
    # Seconds since 1970 for Last-Modified.
    modified: float | None = None
    # It comes so late that the client may have given up.
    late: bool = False


Handler = Callable[[Request], Answer]


def redirect(to: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": to})


class Host:
    """One host: routes by path, a fall-back for what is not there, its robots.txt, its way with conditional requests."""

    def __init__(self, site: Site, label: str, number: int, freshness: str) -> None:
        self.site, self.label, self.freshness = site, label, freshness
        self.routes: dict[str, Handler] = {}
        self.missing: Handler = lambda _: Answer(b"<html><title>404</title><body>404 Not Found</body></html>", 404)
        self.ip = f"127.0.0.{number}"
        self.server = _server(self)
        self.port = int(self.server.server_address[1])
        self.root = f"http://{self.ip}:{self.port}"

    def at(self, path: str, handler: Handler) -> None:
        self.routes[path] = handler

    def page(self, path: str, body: bytes | str, **more: Any) -> None:
        """A page that never changes."""
        answer = body.encode() if isinstance(body, str) else body
        self.routes[path] = lambda _: Answer(answer, **more)

    def url(self, path: str) -> str:
        return self.root + path


class Site:
    """All hosts, one log. ``with Site() as site: …`` serves until the end of the block."""

    def __init__(self) -> None:
        self.hosts: dict[str, Host] = {}
        self.log: list[Asked] = []
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._open: Counter[str] = Counter()
        # The most requests that a host ever answered at the same time.
        self.most_at_once: Counter[str] = Counter()
        # Set at the end, so that endless answers end.
        self.closing = threading.Event()

    def host(self, label: str, freshness: str = NONE) -> Host:
        made = Host(self, label, FIRST + len(self.hosts), freshness)
        self.hosts[label] = made
        return made

    def __enter__(self) -> Site:
        for host in self.hosts.values():
            thread = threading.Thread(target=host.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        ending = [threading.Thread(target=host.server.shutdown) for host in self.hosts.values()]
        for thread in ending:
            thread.start()
        for thread in (*ending, *self._threads):
            thread.join()
        for host in self.hosts.values():
            host.server.server_close()

    def asked(self, label: str | None = None, path: str | None = None) -> list[Asked]:
        """What was asked so far, in the order of the answers; what was just answered is waited for."""
        until = time.monotonic() + 1
        while time.monotonic() < until and any(n for h, n in list(self._open.items()) if label in (None, h)):
            time.sleep(0.005)
        with self._lock:
            entries = list(self.log)
        return [
            a for a in entries if (label is None or a.host == label) and (path is None or path in (a.path, a.target))
        ]

    def forget(self) -> None:
        """Empty the log; counters of visits go on."""
        with self._lock:
            self.log.clear()
            self.most_at_once.clear()

    def save_log(self, path: Path) -> None:
        path.write_text("\n".join(json.dumps(asdict(a), ensure_ascii=False) for a in self.asked()) + "\n", "utf-8")

    def repeated(self, ignoring: Iterable[str] = ("/robots.txt",)) -> list[tuple[str, str]]:
        """Targets that were asked more than once since `forget`, robots.txt aside."""
        seen = Counter((a.host, a.target) for a in self.asked() if a.path not in ignoring)
        return sorted(k for k, n in seen.items() if n > 1)

    def shortest_pause(self, label: str, *, given_up: bool = False) -> float:
        """The least time from the end of an answer to the beginning of the next request to a host; inf for fewer than two.

        What comes after a broken answer is left out: nobody here knows when the client gave that up. ``given_up``: it may have done so
        with any answer; then the time from one beginning to the next.
        """
        entries = sorted(self.asked(label), key=lambda a: a.began)
        pauses = [b.began - (a.began if given_up else a.ended) for a, b in itertools.pairwise(entries) if not a.broken]
        return min(pauses, default=float("inf"))

    # --- for the connections

    def opened(self, label: str, target: str) -> int:
        with self._lock:
            self._open[label] += 1
            self.most_at_once[label] = max(self.most_at_once[label], self._open[label])
            count = self._counts[label, target]
            self._counts[label, target] += 1
        return count

    def closed(self, label: str, entry: Asked) -> None:
        with self._lock:
            self._open[label] -= 1
            self.log.append(entry)


def _server(host: Host) -> http.server.ThreadingHTTPServer:
    class Connection(_Connection):
        of = host

    server = http.server.ThreadingHTTPServer((host.ip, 0), Connection)
    server.daemon_threads = True
    return server


class _Connection(http.server.BaseHTTPRequestHandler):
    """One connection. HTTP/1.1 with a length, so that a client may keep it open."""

    of: Host
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nginx", ""
    timeout = 20

    def log_message(self, *_: object) -> None:
        """Our own log is enough."""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        began = time.monotonic()
        host = self.of
        length = int(self.headers.get("Content-Length") or 0)
        form = dict(parse_qsl(self.rfile.read(length).decode("utf-8", "replace"))) if length else {}
        count = host.site.opened(host.label, self.path)
        parts = urlsplit(self.path)
        headers = {k.lower(): v for k, v in self.headers.items()}
        request = Request(host.label, parts.path, dict(parse_qsl(parts.query, True)), headers, count, form)
        closed = False

        def close(status: int, sent: int, broken: bool = False) -> None:
            # Before the answer goes out: a client that has it may ask again before this thread runs on.
            nonlocal closed
            if not closed:
                closed = True
                entry = Asked(
                    began, time.monotonic(), host.label, self.command, self.path, headers, status, sent, broken
                )
                host.site.closed(host.label, entry)

        try:
            self._send(host.routes.get(parts.path, host.missing)(request), headers, close)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            close(500, 0)

    def _send(self, answer: Answer, headers: Mapping[str, str], close: Callable[..., None]) -> None:
        if answer.write is not None:
            self.close_connection = True
            try:
                answer.write(self.wfile)
            finally:
                close(answer.status, 0, broken=True)
            return
        given = dict(answer.headers)
        if answer.status == 200:
            self._freshness(answer, given)
            if self._is_fresh(headers, given):
                close(304, 0)
                self.send_response(304)
                for name in ("ETag", "Last-Modified"):
                    if name in given:
                        self.send_header(name, given[name])
                self.end_headers()
                return
        close(answer.status, len(answer.body), broken=answer.late)
        self.send_response(answer.status)
        if answer.type:
            self.send_header("Content-Type", answer.type)
        for name, value in given.items():
            # Servers send file names as raw bytes of whatever charset they like.
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _freshness(self, answer: Answer, given: dict[str, str]) -> None:
        how = self.of.freshness
        if how in (ETAG, DEAF):
            tag = answer.tag or hashlib.sha256(answer.body).hexdigest()[:16]
            given.setdefault("ETag", f'"{tag}"')
        if how in (MODIFIED, DEAF) and answer.modified is not None:
            given.setdefault("Last-Modified", formatdate(answer.modified, usegmt=True))
        if how == LYING:
            given["Last-Modified"] = formatdate(time.time(), usegmt=True)

    def _is_fresh(self, headers: Mapping[str, str], given: Mapping[str, str]) -> bool:
        if self.of.freshness == ETAG:
            return headers.get("if-none-match") == given.get("ETag")
        if self.of.freshness == MODIFIED:
            return "Last-Modified" in given and headers.get("if-modified-since") == given["Last-Modified"]
        return False
