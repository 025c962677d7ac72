"""Fetching: one address after another, guarded, bounded, polite; what came of it said in one word and one line.

Belongs here: the request and its conditions, redirects, retries, bounds on its time, which trouble an answer is.
Does not belong here: where connections may go (`guard`), content encodings (`bodies`), what the head of an answer says (`heads`),
whose turn it is (`queue`), robots.txt (`robots`), what a page is worth (`judging`), keeping (`store`).

A request is never repeated but where nothing or a passing trouble was answered: no connection, 408, 425, 429, 5xx. What one run has
asked, it does not ask again.
"""

from __future__ import annotations

import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from schemas import VERSION

from . import guard, heads
from .answers import Answers, Known
from .bodies import bounded
from .contract import Fetched, named, target
from .queue import Queue, WaitError
from .robots import AGENT, MOST, Robots, Rules, origin_of
from .sources import Allowance, Source

_MOST_REDIRECTS = 8
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
# Seconds before a try is repeated, where the server names none.
_BACK_OFF = 2.0
_CERTIFICATES: tuple[Allowance, ...] = ("expired_certificate", "foreign_certificate")
# What another source may allow.
_REFUSALS = frozenset({"private_address", "private_elsewhere", "http_not_allowed", "certificate", "daily_cap"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a request: ``seconds`` from connecting to the last byte, ``megabytes`` of its body, raw and decoded alike;
    ``retries`` beside the first try, for which no longer than ``retry_wait`` seconds are waited. ``contact`` stands in the
    User-Agent. ``proxy``: an address, empty for none."""

    seconds: float = 120.0
    megabytes: int = 64
    retries: int = 2
    retry_wait: float = 120.0
    contact: str = ""
    proxy: str = ""


@dataclass(slots=True)
class _Answer:
    """What one request brought."""

    status: int = 0
    headers: dict[str, str] | None = None
    location: str = ""
    body: bytes = b""
    problem: str | None = None
    detail: str = ""
    # Seconds that the server asks to wait.
    retry_after: float | None = None
    not_modified: bool = False
    # No connection came about, or nothing came in time.
    silent: bool = False

    @property
    def passing(self) -> bool:
        return self.problem in ("network", "cut") or self.status in _PASSING


@dataclass(slots=True)
class _Remembered:
    """An answer of this run without its body, which `Answers` has. ``source``: whose refusal it is; None where it is everybody's."""

    fetched: Fetched
    sha256: str
    source: str | None = None


class _Transport(httpx.BaseTransport):
    """httpx over a pool whose connections pass the guard."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer.stream))

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        self._inner.close()


class Web:
    """The `contract.Fetcher` that goes to the web. Threads may share it."""

    def __init__(
        self,
        queue: Queue,
        answers: Answers,
        limits: Limits,
        *,
        resolver: guard.Resolver = guard.system_resolver,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        resume: datetime | None = None,
    ) -> None:
        self._queue = queue
        self._answers = answers
        self._limits = limits
        self._resolver = resolver
        self._now = now
        # A run that was broken off began then: what it has asked need not be asked again.
        self._resume = resume
        self._robots = Robots(queue)
        self._clock = guard.Clock()
        self._clients: dict[frozenset[Allowance], httpx.Client] = {}
        self._lock = threading.Lock()
        self._asked: dict[str, _Remembered] = {}
        # Where publications stand now whose address is another at every visit, and back.
        self._stands: dict[str, str] = {}
        self._stands_for: dict[str, str] = {}
        # Addresses that are being asked for.
        self._under_way: dict[str, threading.Lock] = {}
        # Origins whose robots.txt could not be had, which was told.
        self._told: set[str] = set()
        contact = f"; {limits.contact}" if limits.contact else ""
        self._headers = {
            "User-Agent": f"{AGENT}/{VERSION} (collects annual reports on government information disclosure{contact})",
            "Accept": "*/*",
            "Accept-Language": "zh-CN, zh;q=0.9",
            "Accept-Encoding": "gzip, deflate",
        }

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    # -- an address ----------------------------------------------------------------------------------------------------

    def fetch(self, address: str, *, source: Source, referer: str | None = None, body: bool = True) -> Fetched:
        """Fetch an address as a source allows it. ``body`` False: where nothing has changed no kept body is looked up."""
        address = named(address)
        with self._lock:
            alone = self._under_way.setdefault(address, threading.Lock())
        try:
            # Whoever asks for it at the same time has this answer too.
            with alone:
                if (known := self._known(address, source)) is None:
                    known, fetched = self._new(address, source, referer)
                    return self._with_body(fetched, known.sha256, body)
        finally:
            with self._lock:
                self._under_way.pop(address, None)
        return self._with_body(known.fetched, known.sha256, body)

    def again(self, fetched: Fetched, *, source: Source, referer: str | None = None) -> Fetched:
        """Ask once more, without conditions, for what came and was not whole."""
        self.forget(fetched)
        return self.fetch(fetched.asked, source=source, referer=referer)

    def forget(self, fetched: Fetched) -> None:
        """An answer that is not to be taken for what is there: it is no "as before" of later requests."""
        for address in {named(fetched.asked), named(fetched.address)}:
            with self._lock:
                self._asked.pop(address, None)
            self._answers.forget(self._stands_for.get(address, address))

    def kept(self, sha256: str) -> bytes | None:
        """A content that was received before, if it is at hand."""
        return self._answers.body(sha256)

    def lacks(self, sha256: str) -> bool:
        """Whether a content is wanted whose snapshot is lost, and has not come yet."""
        return sha256 in self._answers.wanting and self._answers.path(sha256) is None

    def stands(self, address: str, now: str) -> None:
        """What is known by one address is asked for at another in this run."""
        with self._lock:
            self._stands[address], self._stands_for[now] = now, address

    def _known(self, address: str, source: Source) -> _Remembered | None:
        """The answer of this run, for whoever asks for it a second time."""
        with self._lock:
            known = self._asked.get(address)
        return known if known is None or known.source in (None, source.name) else None

    def _new(self, address: str, source: Source, referer: str | None) -> tuple[_Remembered, Fetched]:
        """Ask for an address; its answer as it is remembered, and with the body that came."""
        fetched, sha256 = self._followed(address, source, referer)
        if fetched.problem is None and not sha256:
            sha256 = self._noted(fetched)
        refused = source.name if fetched.problem in _REFUSALS else None
        known = _Remembered(replace(fetched, body=b""), sha256, refused)
        with self._lock:
            self._asked[address] = known
            if fetched.problem is None and fetched.address != address:
                # Where redirects led need not be asked for by itself.
                at = named(fetched.address)
                self._asked.setdefault(at, replace(known, fetched=replace(known.fetched, asked=at)))
        return known, fetched

    def _noted(self, fetched: Fetched) -> str:
        """Put down a good answer for the next run; returns its hash."""
        address = self._stands_for.get(fetched.address, fetched.address)
        if fetched.not_modified:
            known = self._answers.known(address)
            return known.sha256 if known is not None else ""
        return self._answers.keep(address, fetched.headers, fetched.body, fetched.fetched_at)

    def _with_body(self, fetched: Fetched, sha256: str, wanted: bool) -> Fetched:
        if not wanted or fetched.body or not sha256:
            return fetched
        return replace(fetched, body=self._answers.body(sha256) or b"")

    def _followed(self, address: str, source: Source, referer: str | None) -> tuple[Fetched, str]:
        """The answer at the end of the redirects; its hash where it was asked for before."""
        passed: set[str] = set()
        current = self._stands.get(address, address)

        def told(problem: str, detail: str, status: int = 0) -> tuple[Fetched, str]:
            return Fetched(address, current, status, {}, b"", self._now(), problem=problem, detail=detail), ""

        for _ in range(_MOST_REDIRECTS + 1):
            refused = self._refused(current, source)
            if refused is not None:
                return told(*refused)
            if current != address and (known := self._known(current, source)) is not None and known.sha256:
                return replace(known.fetched, asked=address), known.sha256
            passed.add(current)
            rules = self._rules(current, source)
            if rules.problem is not None:
                return told(self._once_told(current, rules.problem), rules.detail)
            if not rules.allows(target(current)[0]):
                return told("robots", "robots.txt")
            answer = self._resumed(current) or self._tried(current, source, referer, rules.pause)
            if answer.location:
                current, referer = answer.location, current
                if current in passed:
                    return told("too_many_redirects", f"{current}", answer.status)
                continue
            got = Fetched(address, current, answer.status, answer.headers or {}, answer.body, self._now())
            return replace(got, not_modified=answer.not_modified, problem=answer.problem, detail=answer.detail), ""
        return told("too_many_redirects", f"more than {_MOST_REDIRECTS}")

    def _once_told(self, address: str, problem: str) -> str:
        """What keeps a whole host from being asked is told at one address of it; of the others, that they were left alone."""
        origin = origin_of(address)
        with self._lock:
            first = origin not in self._told
            self._told.add(origin)
        return problem if first or problem in _REFUSALS else "left_alone"

    def _refused(self, address: str, source: Source) -> tuple[str, str] | None:
        """Why an address is not asked at all."""
        try:
            parts = urlsplit(address)
            host = httpx.URL(address).host
            _ = parts.port
        except (ValueError, httpx.InvalidURL, UnicodeError) as e:
            return "bad_address", str(e)
        if parts.scheme not in ("http", "https") or not host:
            return "bad_address", address[:200]
        if not guard.maybe_public(host) and not source.allows("private_address", host):
            return _private(source), host
        if parts.scheme == "http" and not source.allows("http", host):
            return "http_not_allowed", address[:200]
        return None

    def _resumed(self, address: str) -> _Answer | None:
        """What the run before this one was told, if it was broken off after that."""
        if self._resume is None:
            return None
        known = self._answers.usable(self._stands_for.get(address, address))
        if known is None or known.at is None or known.at < self._resume:
            return None
        return _Answer(200, dict(known.headers), not_modified=True)

    def _rules(self, address: str, source: Source) -> Rules:
        def ask(robots: str) -> tuple[int, bytes, str | None, str]:
            current = robots
            for _ in range(_MOST_REDIRECTS):
                if (refused := self._refused(current, source)) is not None:
                    # A redirect to where nothing is fetched is no set of rules.
                    return 404, b"", *refused
                answer = self._tried(current, source, None, 0.0)
                if not answer.location:
                    known = self._answers.known(current) if answer.not_modified else None
                    body = (self._answers.body(known.sha256) or b"") if known else answer.body
                    return answer.status, body[:MOST], answer.problem, answer.detail
                current = answer.location
            return 404, b"", "too_many_redirects", ""

        return self._robots.rules(address, ask)

    def sha256(self, address: str) -> str:
        """The hash of what an address answered in this run; empty where it has not answered well."""
        with self._lock:
            known = self._asked.get(named(address))
        return known.sha256 if known is not None else ""

    # -- a request -----------------------------------------------------------------------------------------------------

    def _tried(self, address: str, source: Source, referer: str | None, pause: float) -> _Answer:
        """One request and its repetitions, each in the host's turn."""
        host, origin = httpx.URL(address).host, origin_of(address)
        known = self._answers.usable(self._stands_for.get(address, address))
        answer = _Answer()
        for attempt in range(self._limits.retries + 1):
            try:
                with self._queue.turn(host, max(source.delay, pause), source.daily_cap, origin):
                    answer = self._once(address, host, source, referer, known)
            except WaitError as e:
                if attempt:
                    return answer
                return _Answer(problem=e.problem, detail=e.detail)
            if not answer.passing:
                break
            wait = answer.retry_after
            if wait is not None and wait > self._limits.retry_wait:
                self._queue.leave_alone(host, wait)
                break
            self._queue.hold(host, wait if wait is not None else _BACK_OFF * 2**attempt)
        self._queue.answered(origin, not answer.silent)
        return answer

    def _client(self, host: str, source: Source) -> httpx.Client:
        """The client for what a source allows at a host."""
        kinds: tuple[Allowance, ...] = (*_CERTIFICATES, "private_address")
        allowed = frozenset(kind for kind in kinds if source.allows(kind, host))
        with self._lock:
            client = self._clients.get(allowed)
            if client is None:
                client = self._clients[allowed] = self._made(allowed)
        return client

    def _made(self, allowed: frozenset[Allowance]) -> httpx.Client:
        context = guard.context(expired="expired_certificate" in allowed, foreign="foreign_certificate" in allowed)
        # A proxy is the operator's own and may stand anywhere; behind it the names are looked up by the proxy.
        private = "private_address" in allowed or bool(self._limits.proxy)
        backend = guard.Backend(self._resolver, self._clock, private=private)
        common: dict[str, Any] = {
            "ssl_context": context,
            "network_backend": backend,
            "max_connections": None,
            "max_keepalive_connections": 32,
            "keepalive_expiry": 30.0,
        }
        pool: Any
        if self._limits.proxy:
            pool = httpcore.HTTPProxy(proxy_url=self._limits.proxy, **common)
        else:
            pool = httpcore.ConnectionPool(**common)
        no_cookies = httpx.Cookies(CookieJar(DefaultCookiePolicy(allowed_domains=[])))
        return httpx.Client(
            transport=_Transport(pool),
            trust_env=False,
            follow_redirects=False,
            cookies=no_cookies.jar,
            headers=self._headers,
        )

    def _once(self, address: str, host: str, source: Source, referer: str | None, known: Known | None) -> _Answer:
        """One request, whatever comes of it."""
        headers: dict[str, str] = {}
        if referer and urlsplit(referer).scheme in ("http", "https") and referer.isascii():
            headers["Referer"] = referer
        url, form = target(address)
        if form is not None:
            kind = "json" if form.startswith("{") else "x-www-form-urlencoded"
            headers["Content-Type"] = f"application/{kind}; charset=UTF-8"
        elif known is not None:
            headers |= known.conditions
        self._clock.start(self._limits.seconds)
        client = self._client(host, source)
        wait = httpx.Timeout(min(30.0, self._limits.seconds))
        try:
            content = None if form is None else form.encode()
            request = client.build_request(
                "GET" if form is None else "POST", url, headers=headers, timeout=wait, content=content
            )
            response = client.send(request, stream=True)
            try:
                return self._read(response, address, known)
            finally:
                response.close()
        except guard.RefusedError as e:
            return _Answer(problem=_private(source), detail=f"{e.host} → {e.address}")
        except guard.UnresolvedError as e:
            return _Answer(problem="network", detail=str(e), silent=True)
        except (httpx.TimeoutException, httpcore.TimeoutException) as e:
            # A host that takes the connection and says nothing, or goes on for ever, costs as much as one that is not there.
            return _Answer(problem="timed_out", detail=str(e) or "no answer in time", silent=True)
        except (httpx.RemoteProtocolError, httpcore.RemoteProtocolError) as e:
            cut = "complete" in str(e)
            return _Answer(problem="cut" if cut else "network", detail=str(e))
        except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, OSError) as e:
            return _of_connection(e)
        except (httpx.InvalidURL, httpcore.UnsupportedProtocol, httpcore.LocalProtocolError, UnicodeError) as e:
            return _Answer(problem="bad_address", detail=str(e))

    def _read(self, response: httpx.Response, address: str, known: Known | None) -> _Answer:
        status = response.status_code
        headers = heads.readable(response.headers.raw)
        answer = _Answer(status, headers, retry_after=heads.seconds(headers.get("retry-after"), self._now()))
        if status == 304 and known is not None:
            answer.not_modified = True
            answer.headers = {**known.headers, **headers}
            # It has no body; unless its end is read, the connection is closed, and the next request makes another.
            with suppress(httpcore.TimeoutException, httpcore.ProtocolError, httpcore.NetworkError):
                for _ in response.stream:  # type: ignore[union-attr]
                    pass
            return answer
        if status in _REDIRECTS and (location := heads.location(response.headers.raw)):
            try:
                answer.location = urljoin(address, location).partition("#")[0]
            except ValueError as e:
                answer.problem, answer.detail = "bad_address", str(e)
            return answer
        # A page that says "not found" is not read to its end: it may have none.
        most = self._limits.megabytes << 20 if status == 200 else 256 << 10
        try:
            body, trouble = bounded(response.stream, headers.get("content-encoding", ""), most, self._clock)  # type: ignore[arg-type]
        except (
            httpcore.TimeoutException,
            httpx.TimeoutException,
            httpcore.RemoteProtocolError,
            httpcore.ReadError,
        ) as e:
            if status == 200:
                raise
            body, trouble = b"", str(e)
        answer.body = body
        answer.problem, answer.detail = heads.trouble(status, headers, body, trouble)
        if answer.problem is None and known is not None and hashlib.sha256(body).hexdigest() == known.sha256:
            # The server knows no conditions, or says it has news where it has none.
            answer.not_modified = True
        return answer


def _of_connection(error: Exception) -> _Answer:
    """A connection that did not come about, or broke."""
    each: BaseException | None = error
    while each is not None:
        if isinstance(each, ssl.SSLCertVerificationError):
            return _Answer(problem="certificate", detail=each.verify_message or str(each))
        each = each.__cause__ or each.__context__
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return _Answer(problem="certificate", detail=str(error)[:300])
    silent = isinstance(error, (httpx.ConnectError, httpcore.ConnectError))
    return _Answer(problem="network", detail=f"{str(error) or type(error).__name__}"[:300], silent=silent)


def _private(source: Source) -> str:
    """The trouble with a private address: what a source allows holds for its own hosts."""
    return "private_elsewhere" if "private_address" in source.allow else "private_address"
