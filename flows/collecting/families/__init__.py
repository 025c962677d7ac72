"""Families of sites: how a list is told to be of one, what its rows are, where it goes on.

Belongs here: finding out which family a list is of, and the two shapes that a family's file may have. A family is one file:

- data, `NAME.toml`: ``zh``, ``en``, ``rank``, ``fits`` (patterns, all of which stand in the page), and ways to page: ``[[pager]]`` with a
  ``call`` (a pattern with the groups ``total`` and ``current``, and others that the ``address`` of page ``n`` is made of) or
  ``next`` (what links to the next page say) and ``numbers`` (links that are numbers lead to pages). Rows are the links of the page.
- code, `NAME.py`: ``ZH``, ``EN``, and functions of a `Look`: ``fits`` (how surely it is of this family; 0: it is not), ``rows``, ``more``
  (addresses of further pages), and where need be ``trouble`` (what keeps the list from being read: problem and detail).

Does not belong here: which row is a report (`links`), fetching.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.collecting.links import rows_of
from flows.collecting.looking import Look, Row
from flows.collecting.pages import address_of, squeezed
from schemas import kept

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Family:
    """One family, whichever shape its file has."""

    name: str
    zh: str
    en: str
    fits: Callable[[Look], int]
    rows: Callable[[Look], list[Row]]
    more: Callable[[Look], Iterable[str]]
    trouble: Callable[[Look], tuple[str, str] | None]


@cache
def names() -> tuple[str, ...]:
    """Every family there is a file for."""
    files = [p for p in _FOLDER.iterdir() if p.suffix in (".py", ".toml") and not p.name.startswith("_")]
    return tuple(sorted(p.stem for p in files))


@cache
def load(name: str) -> Family:
    """The family of a name. Raises KeyError where there is no file for it."""
    if name not in names():
        raise KeyError(name)
    data = _FOLDER / f"{name}.toml"
    if data.is_file():
        return _of_data(name, kept.toml(data))
    module = import_module(f".{name}", __name__)
    nothing: Callable[[Look], None] = lambda look: None  # noqa: E731
    return Family(
        name, module.ZH, module.EN, module.fits, module.rows, module.more, getattr(module, "trouble", nothing)
    )


def instead(address: str) -> str | None:
    """Another way to ask for a page of a list that this address did not bring; None where no family knows one."""
    from . import jpage

    return jpage.instead(address)


def of(look: Look) -> Family:
    """The family that a source names, else the one that the list is most surely of."""
    if look.source.family != "auto":
        named = load(look.source.family)
        # A hop leads to lists of other families than the first.
        if look.fetched.asked in look.source.addresses or named.fits(look):
            return named
    return max((load(name) for name in names()), key=lambda family: family.fits(look))


def _of_data(name: str, data: dict[str, Any]) -> Family:
    fits = [re.compile(p) for p in data.get("fits", [])]
    rank = int(data["rank"])
    pagers = [_Pager(p) for p in data.get("pager", [])]

    def surely(look: Look) -> int:
        return rank if all(p.search(look.text) for p in fits) else 0

    return Family(
        name,
        data["zh"],
        data["en"],
        surely,
        lambda look: rows_of(look.page),
        partial(_pages, pagers),
        lambda look: None,
    )


class _Pager:
    """One way of a data family to go on."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.call = re.compile(data["call"]) if "call" in data else None
        self.address = str(data.get("address", ""))
        self.next = frozenset(data.get("next", []))
        self.numbers = bool(data.get("numbers", False))


def _pages(pagers: list[_Pager], look: Look) -> Iterable[str]:
    for pager in pagers:
        found = _called(pager, look) if pager.call is not None else _linked(pager, look)
        if found:
            return found
    return []


def _called(pager: _Pager, look: Look) -> list[str]:
    """Pages that a script's call counts. Where the first page is 0 the second is 1, where it is 1 the second is 2."""
    m = pager.call.search(look.text) if pager.call is not None else None
    if m is None or not look.is_first:
        return []
    total, current = int(m["total"]), int(m["current"])
    stem, _, ending = urlsplit(look.address).path.rpartition("/")[2].rpartition(".")
    given = {"stem": stem or "index", "ending": ending or "html"} | {k: v or "" for k, v in m.groupdict().items()}
    found = (pager.address.format(**given, n=n) for n in range(current + 1, min(current + total, current + 1000)))
    return [a for link in found if (a := address_of(look.page.base, link))]


def _linked(pager: _Pager, look: Look) -> list[str]:
    """Pages that links lead to: the next one where a link says so, else those that are numbers."""
    links = [link for link in look.page.links() if not _elsewhere(look, link.address)]
    for link in links:
        if re.sub(r"[\s>»›]+$", "", link.text) in pager.next or link.text in pager.next:
            return [link.address]
    if not pager.numbers:
        return []
    numbered = [link.address for link in links if re.fullmatch(r"\[?\d{1,3}\]?", link.text)]
    chosen = (
        look.page.resolve(o.get("value") or "")
        for o in look.page.root.iter("option")
        if re.fullmatch(r"第?\d{1,3}页?", squeezed(o.text))
    )
    return numbered or [a for a in chosen if a is not None and not _elsewhere(look, a)]


def _elsewhere(look: Look, address: str) -> bool:
    """Whether an address is no page of this list: on another host, or outside of the list's folder."""

    def folder(a: str) -> str:
        return a.partition("?")[0].partition("#")[0].rpartition("/")[0]

    return folder(address) != folder(look.address) and not folder(address).startswith(folder(look.address))
