"""Sources: what the operator wants collected.

Belongs here: a source and its parts. Does not belong here: reading the operator's files (`listed`), fetching
(`fetching`), what a family of sites looks like (`families`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

# folder: files of this machine or a shared drive; page: addresses that are reports; list: anything that leads to reports,
# feeds, sitemaps and JSON included; query: an address with {year} and {body} in it.
Kind = Literal["folder", "page", "list", "query"]
KINDS: tuple[Kind, ...] = ("folder", "page", "list", "query")
# What an operator may allow a source, by name; it holds for the hosts of the source's own addresses only.
Allowance = Literal["http", "expired_certificate", "foreign_certificate", "private_address"]
ALLOWANCES: tuple[Allowance, ...] = ("http", "expired_certificate", "foreign_certificate", "private_address")

# Seconds between two requests to a host, and requests to it in a day (China's time), where a source says nothing.
DELAY = 3.0
DAILY_CAP = 1000


@dataclass(frozen=True, slots=True)
class Years:
    """Years wanted: spans of first and last, the last open where None. No span: every year."""

    spans: tuple[tuple[int, int | None], ...] = ()

    def __contains__(self, year: object) -> bool:
        if not isinstance(year, int):
            return False
        return not self.spans or any(a <= year and (b is None or year <= b) for a, b in self.spans)

    def __str__(self) -> str:
        return ",".join(str(a) if a == b else f"{a}-{'' if b is None else b}" for a, b in self.spans)


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a JSON list says what: paths of keys and indexes (``data.list``, ``0.items``); "" is nowhere, ``items`` "" the whole.

    ``items``, ``total`` (number of items) and ``pages`` (number of pages) start at the answer, the others at an item.
    ``page`` is the parameter of the address that pages. ``base``: what addresses are relative to, the answer's if "".
    """

    items: str = ""
    title: str = "title"
    address: str = "url"
    date: str = ""
    body: str = ""
    total: str = ""
    pages: str = ""
    page: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One entry. ``name`` is its own among all sources; ``addresses`` are its entry points (paths for a folder).

    ``family`` is a name of `families`, or ``auto``: found out by looking. ``bodies`` are those it speaks for, in their order;
    one alone is the source's statement of whose reports they are. ``words`` lead to reports beside the built-in ones, ``not_words`` never do.
    ``values`` give a query's parameter for each body. ``most_pages`` bounds a list, ``hops`` the way from a list to the report.
    """

    name: str
    addresses: tuple[str, ...]
    kind: Kind = "list"
    family: str = "auto"
    bodies: tuple[str, ...] = ()
    years: Years = Years()
    words: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
    delay: float = DELAY
    daily_cap: int = DAILY_CAP
    allow: frozenset[Allowance] = frozenset()
    most_pages: int = 20
    hops: int = 3
    # What the address of a report must contain: for sitemaps, whose entries have no words.
    path: str = ""
    json: Paths | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    # Where the entry stands, for messages: file and entry.
    where: str = ""

    @property
    def address(self) -> str:
        return self.addresses[0]

    @property
    def hosts(self) -> frozenset[str]:
        """Host names (lower case, without port) of its own addresses."""
        return frozenset(host for a in self.addresses if (host := urlsplit(a).hostname))

    def allows(self, what: Allowance, host: str) -> bool:
        """Whether something is allowed at a host. Its own address beginning with http:// allows http there."""
        host = host.lower()
        if host not in self.hosts:
            return False
        if what == "http" and any(a.startswith("http://") and urlsplit(a).hostname == host for a in self.addresses):
            return True
        return what in self.allow
