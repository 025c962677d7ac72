"""Sitemaps: of addresses, and of other sitemaps, packed or not.

Belongs here: their XML. Does not belong here: which of the addresses are reports: they have no words, so the source's ``path`` says
what an address must contain, and the page itself the rest.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from html import unescape

from flows.collecting.looking import Look, Row
from flows.collecting.pages import address_of
from parsers.prose.identity.dates import date_in

ZH = "网站地图（sitemap）"
EN = "sitemap"

_ENTRY = re.compile(r"<(?:\w+:)?(url|sitemap)>(.*?)</(?:\w+:)?\1>", re.DOTALL | re.IGNORECASE)
_LOC = re.compile(r"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</", re.DOTALL | re.IGNORECASE)
_CHANGED = re.compile(r"<(?:\w+:)?lastmod>\s*(.*?)\s*</", re.DOTALL | re.IGNORECASE)
_MAP = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_MOST = 60_000_000


def fits(look: Look) -> int:
    return 70 if _MAP.search(_text(look)[:3000]) else 0


def rows(look: Look) -> list[Row]:
    out = []
    for kind, address, changed in _entries(look):
        if kind == "url" and look.source.path in address:
            out.append(Row(address, "", changed))
    return out


def more(look: Look) -> Iterable[str]:
    return [address for kind, address, _ in _entries(look) if kind == "sitemap"]


def _entries(look: Look) -> Iterator[tuple[str, str, date | None]]:
    for m in _ENTRY.finditer(_text(look)):
        loc = _LOC.search(m[2])
        address = address_of(look.address, unescape(loc[1])) if loc else None
        if address is not None:
            changed = _CHANGED.search(m[2])
            day = date_in(changed[1]) if changed else None
            yield m[1].lower(), address, date.fromisoformat(day) if day else None


def _text(look: Look) -> str:
    body = look.fetched.body
    if not body.startswith(b"\x1f\x8b"):
        return look.text
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            return packed.read(_MOST).decode("utf-8", errors="replace")
    except (OSError, EOFError, zlib.error):
        return ""
