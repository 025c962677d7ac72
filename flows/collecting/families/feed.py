"""RSS and Atom.

Belongs here: the entries of a feed. Does not belong here: fetching it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from flows.collecting.looking import CHINA, Look, Row
from flows.collecting.pages import address_of, squeezed

ZH = "RSS 或 Atom"
EN = "RSS or Atom"

_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)


def fits(look: Look) -> int:
    return 70 if _FEED.search(look.text[:2000]) else 0


def rows(look: Look) -> list[Row]:
    import feedparser

    # Decoded by us: feeds of these sites claim charsets as wrongly as pages do.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", look.text.lstrip("\ufeff"))
    found = feedparser.parse(text.encode("utf-8"), response_headers={"content-type": "application/xml; charset=utf-8"})
    made = (_row(look, entry) for entry in found.entries)
    return [row for row in made if row is not None]


def more(look: Look) -> Iterable[str]:
    return []


def _row(look: Look, entry: Any) -> Row | None:
    address = address_of(look.address, entry.get("link") or "")
    if address is None:
        return None
    return Row(address, squeezed(entry.get("title")), _day(entry), squeezed(entry.get("author")) or None)


def _day(entry: Any) -> date | None:
    time = entry.get("published_parsed") or entry.get("updated_parsed")
    if time is None:
        return None
    # The library gives UTC; the day is China's.
    year, month, day, hour, minute, second = time[:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).astimezone(CHINA).date()
