"""Addresses that are others at every visit although they lead to the same: session ids, tokens, times and numbers in a query.

Belongs here: telling by the addresses and by what lists say of them which known address a new one stands for.
Does not belong here: what a link says (`links`), asking (`fetching`), what a visit means (`visits`).

A publication keeps the address that it was first seen at; it is asked for where its list names it now. A wrong guess loses nothing: what
is read there is then a report of its own, or a revision, by what it says of itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from .contract import POSTED, Candidate
from .store import Publication

# Parameters that by their names are no part of what is asked for.
_PASSING = re.compile(
    r"_?(?:t|ts|time|times|timestamp|r|rd|rnd|rand|random|nonce|token|access_token|sid|sessionid|session|ticket|sign|signature|expires?)|_",
    re.IGNORECASE,
)
# So many links of a list that differ from before in one parameter alike: whatever it is called, it does not tell reports apart.
_ENOUGH = 3
# What ASP.NET writes into a path where it may set no cookie.
_IN_PATH = re.compile(r"/\([SAF]\([0-9a-zA-Z]+\)\)")
# The place without its query, the names in the query.
_Form = tuple[str, str, tuple[str, ...]]


def _form(address: str) -> tuple[_Form, Mapping[str, str]] | None:
    """What stays of an address and what may change; None where nothing may."""
    if POSTED in address:
        return None
    parts = urlsplit(address)
    path = _IN_PATH.sub("", parts.path)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    values = dict(pairs)
    if len(values) != len(pairs) or (not values and path == parts.path):
        return None
    if path != parts.path:
        values[""] = parts.path
    return (parts.netloc, path, tuple(sorted(values))), values


def partners(fresh: Iterable[str], known: Iterable[str]) -> dict[str, tuple[str, frozenset[str]]]:
    """New address → the known one that it differs from in the fewest parameters, and in which. Only where there is one, both ways."""
    by_form: dict[_Form, list[tuple[str, Mapping[str, str]]]] = {}
    for address in known:
        if (made := _form(address)) is not None:
            by_form.setdefault(made[0], []).append((address, made[1]))
    nearest: dict[str, tuple[str, frozenset[str]]] = {}
    for address in fresh:
        if (made := _form(address)) is None or made[0] not in by_form:
            continue
        near = [
            (frozenset(k for k, v in values.items() if made[1][k] != v), other)
            for other, values in by_form[made[0]]
            if other != address
        ]
        least = min((len(names) for names, _ in near), default=0)
        best = [(names, other) for names, other in near if len(names) == least]
        if len(best) == 1:
            nearest[address] = (best[0][1], best[0][0])
    taken = Counter(other for other, _ in nearest.values())
    return {address: found for address, found in nearest.items() if taken[found[0]] == 1}


def standing_for(listed: Mapping[str, Candidate], known: Sequence[Publication]) -> dict[str, str]:
    """Addresses that a list names now → publications that it named otherwise before, and does not any more."""
    there = {p.address for p in known}
    unlisted = [p for p in known if p.address not in listed and p.gone is None and p.link_text]
    if not unlisted:
        return {}
    said: dict[tuple[str, int | None, str | None], tuple[list[str], list[str]]] = {}
    for candidate in listed.values():
        if candidate.address not in there:
            key = (candidate.link_text, candidate.year, candidate.body)
            said.setdefault(key, ([], []))[0].append(candidate.address)
    for each in unlisted:
        if (key := (each.link_text, each.year, each.body)) in said:
            said[key][1].append(each.address)
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for fresh, old in said.values():
        found |= partners(fresh, old)
    often = Counter((_place(address), names) for address, (_, names) in found.items())
    stay = {(form[0][:2], name) for p in there & listed.keys() if (form := _form(p)) for name in form[1]}
    return {
        address: other
        for address, (other, names) in found.items()
        if all(_PASSING.fullmatch(name) or name == "" for name in names)
        or (
            often[_place(address), names] >= _ENOUGH
            # Others of the list have kept it.
            and not any((_place(address), name) in stay for name in names)
        )
    }


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.netloc, _IN_PATH.sub("", parts.path)
