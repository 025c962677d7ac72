"""A fetched list, looked at: as text, page, JSON; and the rows that a list is made of.

Belongs here: what every family is given and gives. Does not belong here: a family (`families`), which row is a report (`links`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from .contract import POSTED, Fetched, target
from .pages import Page, page_of, text_of
from .sources import Source

# Dates are days of China's time, which has no summer time.
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list: where it leads, what it says, and what stands beside it.

    ``date``, ``body`` and ``year`` are what the list's own fields say, ``around`` the rest of the row's text, ``heading`` what stands
    above.
    """

    address: str
    text: str
    date: date | None = None
    body: str | None = None
    around: str = ""
    heading: str = ""
    year: int | None = None


class Look:
    """A list's page. ``entry`` is the address as the source has it, fragment included; ``seen``: rows found on pages before."""

    def __init__(self, fetched: Fetched, source: Source, entry: str, seen: int = 0) -> None:
        self.fetched, self.source, self.entry, self.seen = fetched, source, entry, seen

    @property
    def address(self) -> str:
        return self.fetched.address

    @property
    def is_first(self) -> bool:
        return self.seen == 0

    @cached_property
    def text(self) -> str:
        return text_of(self.fetched)

    @cached_property
    def page(self) -> Page:
        return page_of(self.fetched)

    @cached_property
    def json(self) -> Any:
        """What the answer says as JSON (JSONP too), None where it is none."""
        text = self.text.strip()
        if text[:1] not in ("{", "["):
            start, end = text.find("("), text.rfind(")")
            text = (
                text[start + 1 : end]
                if 0 < start < 60 and end > start and text[:start].replace(".", "").isidentifier()
                else ""
            )
        try:
            return json.loads(text) if text else None
        except (ValueError, RecursionError):
            return None

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The parameters that were asked with, those of a posted form too."""
        url, form = target(self.fetched.asked)
        return {**_fields(urlsplit(url).query), **{k: str(v) for k, v in _form(form).items()}}

    def with_query(self, **changed: str) -> str:
        """The address that was asked, with other parameters; their order stays."""
        url, form = target(self.fetched.asked)
        parts = urlsplit(url)
        query, posted = _fields(parts.query), _form(form)
        for name, value in changed.items():
            if form is None or name in query:
                query[name] = value
            else:
                posted[name] = int(value) if isinstance(posted.get(name), int) and value.isdigit() else value
        address = urlunsplit(parts._replace(query=urlencode(query)))
        if form is None:
            return address
        return (
            address + POSTED + (json.dumps(posted, ensure_ascii=False) if form.startswith("{") else urlencode(posted))
        )


def _fields(query: str) -> dict[str, str]:
    return dict(parse_qsl(query, keep_blank_values=True))


def _form(form: str | None) -> dict[str, Any]:
    """The fields of a posted form, urlencoded or JSON."""
    if form is None or not form.startswith("{"):
        return dict(_fields(form or ""))
    try:
        found = json.loads(form)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
