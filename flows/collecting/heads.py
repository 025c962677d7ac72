"""What an answer says of itself: its trouble by status and words, readable headers, where it sends on, how long to wait.

Belongs here: reading the head of an answer. Does not belong here: asking (`fetching`), what a page is worth (`judging`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from . import judging

# What a URL may hold besides letters and digits; anything else of a Location is percent-encoded byte by byte.
_SAFE = "%/:?#[]@!$&'()*+,;=-._~"


def trouble(status: int, headers: Mapping[str, str], body: bytes, trouble: str | None) -> tuple[str | None, str]:
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


def readable(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
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


def location(raw: Iterable[tuple[bytes, bytes]]) -> str:
    """Where a redirect leads, its bytes kept as the server wrote them."""
    for name, value in raw:
        if name.lower() == b"location":
            return quote(value.strip(), safe=_SAFE)
    return ""


def seconds(value: str | None, now: datetime) -> float | None:
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
