"""A fetcher for tests: asks at once and says what came, with none of the care of the real one."""

from __future__ import annotations

import http.client
import zlib
from datetime import UTC, datetime
from email.message import Message
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from flows.collecting.contract import Fetched, target
from flows.collecting.sources import Source

_PROBLEMS = {
    404: "gone",
    410: "gone",
    401: "forbidden",
    403: "forbidden",
    429: "busy",
    412: "challenge",
    521: "challenge",
}


class Plainly:
    """``asked`` is every address in order, redirects not counted."""

    def __init__(self, timeout: float = 1.0) -> None:
        self.asked: list[str] = []
        self.timeout = timeout
        self._opener = build_opener(ProxyHandler({}), HTTPRedirectHandler())

    def fetch(self, address: str, *, source: Source, referer: str | None = None) -> Fetched:
        self.asked.append(address)
        url, form = target(address)
        request = Request(url, None if form is None else form.encode(), {"Referer": referer} if referer else {})
        try:
            with self._opener.open(request, timeout=self.timeout) as answer:
                body = answer.read(5_000_000)
                if answer.headers.get("Content-Encoding") == "gzip":
                    body = zlib.decompress(body, 31)
                return _fetched(address, answer.url, answer.status, answer.headers, body, None)
        except HTTPError as error:
            problem = _PROBLEMS.get(error.code, "server_error" if error.code >= 500 else "status")
            return _fetched(address, error.url or address, error.code, error.headers, error.read(), problem)
        except (URLError, OSError, http.client.HTTPException, zlib.error) as error:
            return Fetched(address, address, 0, {}, b"", datetime.now(UTC), problem="network", detail=str(error))


def _fetched(asked: str, address: str, status: int, headers: Message, body: bytes, problem: str | None) -> Fetched:
    lower = {k.lower(): v for k, v in headers.items()}
    return Fetched(asked, address, status, lower, body, datetime.now(UTC), problem=problem)
