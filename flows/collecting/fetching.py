"""Fetching: one address after another, guarded, bounded, polite; what came of it said in one word and one line.

Belongs here: the request and its conditions, redirects, retries, bounds on its time, which trouble an answer is.
Does not belong here: where connections may go (`guard`), content encodings (`bodies`), whose turn it is (`queue`), robots.txt (`robots`), what a page is worth
(`judging`), keeping (`store`).

A request is never repeated but where nothing or a passing trouble was answered: no connection, 408, 425, 429, 5xx. What one run has
asked, it does not ask again.
"""

from __future__ import annotations

import hashlib
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpcore
import httpx

from schemas import VERSION

from . import guard, judging
from .answers import Answers, Known
from .bodies import bounded
from .contract import Fetched, named, target
from .queue import Queue, WaitError
from .robots import AGENT, MOST, Robots, Rules
from .sources import Allowance, Source

_MOST_REDIRECTS = 8
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
# Seconds before a try is repeated, where the server names none.
_BACK_OFF = 2.0
_CERTIFICATES: tuple[Allowance, ...] = ("expired_certificate", "foreign_certificate")
# What a URL may hold besides letters and digits; anything else of a Location is percent-encoded byte by byte.
_SAFE = "%/:?#[]@!$&'()*+,;=-._~"


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
    # No connection came about.
    silent: bool = False

    @property
    def passing(self) -> bool:
        return self.problem in ("network", "cut") or self.status in _PASSING


@dataclass(slots=True)
class _Remembered:
    """An answer of this run without its body, which `Answers` has."""

    fetched: Fetched
    sha256: str


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
            known = self._asked.get(address)
        if known is not None:
            return self._again(known, body)
        fetched = self._followed(address, source, referer)
        sha256 = ""
        if fetched.problem is None:
            sha256 = self._noted(fetched)
            fetched = self._with_body(fetched, sha256, body)
        with self._lock:
            self._asked[address] = _Remembered(replace(fetched, body=b""), sha256)
        return fetched

    def _again(self, known: _Remembered, body: bool) -> Fetched:
        """An answer of this run, for whoever asks for it a second time."""
        return self._with_body(known.fetched, known.sha256, body)

    def _noted(self, fetched: Fetched) -> str:
        """Put down a good answer for the next run; returns its hash."""
        if fetched.not_modified:
            known = self._answers.known(fetched.address)
            return known.sha256 if known is not None else ""
        return self._answers.keep(fetched.address, fetched.headers, fetched.body, fetched.fetched_at)

    def _with_body(self, fetched: Fetched, sha256: str, wanted: bool) -> Fetched:
        if not wanted or fetched.body or not sha256:
            return fetched
        return replace(fetched, body=self._answers.body(sha256) or b"")

    def _followed(self, address: str, source: Source, referer: str | None) -> Fetched:
        """The answer at the end of the redirects."""
        passed: set[str] = set()
        current = address

        def told(problem: str, detail: str, status: int = 0) -> Fetched:
            return Fetched(address, current, status, {}, b"", self._now(), problem=problem, detail=detail)

        for _ in range(_MOST_REDIRECTS + 1):
            refused = self._refused(current, source)
            if refused is not None:
                return told(*refused)
            passed.add(current)
            rules = self._rules(current, source)
            if rules.problem is not None:
                return told(rules.problem, rules.detail)
            if not rules.allows(target(current)[0]):
                return told("robots", "robots.txt")
            answer = self._resumed(current) or self._tried(current, source, referer, rules.pause)
            if answer.location:
                current, referer = answer.location, current
                if current in passed:
                    return told("too_many_redirects", f"{current}", answer.status)
                continue
            return Fetched(
                address,
                current,
                answer.status,
                answer.headers or {},
                answer.body,
                self._now(),
                not_modified=answer.not_modified,
                problem=answer.problem,
                detail=answer.detail,
            )
        return told("too_many_redirects", f"more than {_MOST_REDIRECTS}")

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
        if not _maybe_public(host) and not source.allows("private_address", host):
            return "private_address", host
        if parts.scheme == "http" and not source.allows("http", host):
            return "http_not_allowed", address[:200]
        return None

    def _resumed(self, address: str) -> _Answer | None:
        """What the run before this one was told, if it was broken off after that."""
        if self._resume is None:
            return None
        known = self._answers.usable(address)
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
        host = httpx.URL(address).host
        known = self._answers.usable(address)
        answer = _Answer()
        for attempt in range(self._limits.retries + 1):
            try:
                with self._queue.turn(host, max(source.delay, pause), source.daily_cap):
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
        self._queue.answered(host, not answer.silent)
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
            return _Answer(problem="private_address", detail=f"{e.host} → {e.address}")
        except guard.UnresolvedError as e:
            return _Answer(problem="network", detail=str(e), silent=True)
        except (httpx.TimeoutException, httpcore.TimeoutException) as e:
            silent = isinstance(e, (httpx.ConnectTimeout, httpcore.ConnectTimeout))
            return _Answer(problem="timed_out", detail=str(e) or "no answer in time", silent=silent)
        except (httpx.RemoteProtocolError, httpcore.RemoteProtocolError) as e:
            cut = "complete" in str(e)
            return _Answer(problem="cut" if cut else "network", detail=str(e))
        except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, OSError) as e:
            return _of_connection(e)
        except (httpx.InvalidURL, httpcore.UnsupportedProtocol, httpcore.LocalProtocolError, UnicodeError) as e:
            return _Answer(problem="bad_address", detail=str(e))

    def _read(self, response: httpx.Response, address: str, known: Known | None) -> _Answer:
        status = response.status_code
        headers = _readable(response.headers.raw)
        answer = _Answer(status, headers, retry_after=_seconds(headers.get("retry-after"), self._now()))
        if status == 304 and known is not None:
            answer.not_modified = True
            answer.headers = {**known.headers, **headers}
            # It has no body; unless its end is read, the connection is closed, and the next request makes another.
            with suppress(httpcore.TimeoutException, httpcore.ProtocolError, httpcore.NetworkError):
                for _ in response.stream:  # type: ignore[union-attr]
                    pass
            return answer
        if status in _REDIRECTS and (location := _location(response.headers.raw)):
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
        answer.problem, answer.detail = _judged(status, headers, body, trouble)
        if answer.problem is None and known is not None and hashlib.sha256(body).hexdigest() == known.sha256:
            # The server knows no conditions, or says it has news where it has none.
            answer.not_modified = True
        return answer


def _judged(status: int, headers: Mapping[str, str], body: bytes, trouble: str | None) -> tuple[str | None, str]:
    """The trouble with an answer and what to say of it; (None, "") where there is none."""
    if status in (200, 203) and trouble is not None:
        return ("too_large" if trouble == "too_large" else "cut"), trouble
    if judging.is_challenge(status, body):
        return "challenge", f"HTTP {status}"
    if status in (200, 203):
        return None, ""
    kinds = {404: "gone", 410: "gone", 401: "forbidden", 403: "forbidden", 429: "busy", 503: "busy"}
    kind = kinds.get(status) or ("server_error" if status >= 500 else "status")
    after = headers.get("retry-after")
    return kind, f"HTTP {status}" + (f", Retry-After {after[:60]}" if after else "")


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


def _maybe_public(host: str) -> bool:
    """Whether a host may be asked for, as far as its name tells: behind a proxy there is nothing else to go by."""
    import ipaddress

    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host != "localhost" and not host.endswith((".localhost", ".local", ".internal"))
    return guard.is_public(host.strip("[]"))


def _readable(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name. What is neither ASCII nor UTF-8 is GBK here: names of files are sent as they are."""
    out: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        for charset in ("utf-8", "gb18030", "latin-1"):
            try:
                text = value.decode(charset)
                break
            except UnicodeDecodeError:
                continue
        out[key] = f"{out[key]}, {text}" if key in out else text
    return out


def _location(raw: Iterable[tuple[bytes, bytes]]) -> str:
    """Where a redirect leads, its bytes kept as the server wrote them."""
    for name, value in raw:
        if name.lower() == b"location":
            return quote(value.strip(), safe=_SAFE)
    return ""


def _seconds(value: str | None, now: datetime) -> float | None:
    """Retry-After: seconds or a date."""
    if not value:
        return None
    value = value.strip()
    if value.isdigit():
        return float(min(int(value), 10**7))
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
