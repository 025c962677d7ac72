"""An entry for an address: the page looked at, the family found out, the entry written that fits.

Belongs here: guessing what a source is, its text in `sources.toml`. Does not belong here: reading the list (`listed`), what the
source then gives (`discovery`).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from parsers.files import whole
from parsers.prose.identity.dates import date_in
from parsers.prose.identity.names import on_its_own
from parsers.prose.identity.titles import parse
from schemas.issuers import match_issuer

from . import families, leading, links, standing
from .checking import Looked, looked
from .contract import Fetched, Fetcher, Trouble
from .following import is_page
from .listed import SourcesError, load
from .looking import Look
from .pages import squeezed
from .sources import Allowance, Paths, Source, Years

_LINK = re.compile(r"(?:https?://|\.{0,2}/)[^\s<>]+")
_HAN = re.compile(r"[一-鿿]{4,}")
_PAGERS = ("page", "pageNo", "pageNum", "pageno", "pagenum", "currPage", "curPage", "pageIndex", "currentPage", "p")
_TOTALS = ("total", "totalCount", "totalElements", "totalRecords", "totalRecord", "count", "recordCount", "totalNum")
_DEPTH = 6
_HEAD = """\
# 来源清单：一个 [[source]] 是一个来源。写法见 docs/sources.md。
# Sources, one for each [[source]]; docs/sources.md says how they are written.
"""


@dataclass(slots=True)
class Proposed:
    """An entry that fits an address, what it gives, and its text. ``problem``: why the address could not be looked at."""

    source: Source
    looked: Looked
    text: str
    family: str
    problem: Trouble | None = None


def propose(address: str, fetcher: Fetcher, *, name: str = "", allow: frozenset[Allowance] = frozenset()) -> Proposed:
    """Look at an address and say which entry fits it."""
    source = Source(name or _host(address), (address,), allow=allow)
    fetched = fetcher.fetch(address.partition("#")[0], source=source)
    if fetched.problem is not None:
        trouble = Trouble(source.name, address, fetched.problem, fetched.detail)
        return Proposed(source, Looked(source, troubles=[trouble]), "", "", trouble)
    source, family = _guessed(source, fetched)
    found = looked(source, fetcher)
    if not name:
        source = replace(source, name=_name(source, fetched, found))
    bodies = {c.body for c in found.candidates}
    if source.kind == "list" and len(found.candidates) > 1 and len(bodies) == 1 and (body := bodies.pop()):
        # All of one body: the source may say so.
        source = replace(source, bodies=(body,))
    return Proposed(source, found, entry(source), family)


def _guessed(source: Source, fetched: Fetched) -> tuple[Source, str]:
    if not is_page(fetched):
        return replace(source, kind="page"), ""
    look = Look(fetched, source, source.address)
    family = families.of(look)
    if family.name == "plain":
        if look.json is not None and (paths := guessed_paths(look.json, look.query)) is not None:
            return replace(source, family="json", json=paths), "json"
        if leading.is_report(look.page):
            return _of_report(source), ""
        return source, family.name
    if family.name == "sitemap":
        counted = Counter(p for row in family.rows(look) for p in links.known_paths() if p in row.address)
        return replace(source, path=counted.most_common(1)[0][0] if counted else ""), family.name
    return source, family.name


def _of_report(source: Source) -> Source:
    """A page that is a report: where its address names the year, a query for all years."""
    parts = urlsplit(source.address)
    given = parse_qsl(parts.query, keep_blank_values=True)
    of_year = [k for k, v in given if re.fullmatch(r"20\d\d", v)]
    if len(of_year) != 1:
        return replace(source, kind="page")
    first = next(int(v) for k, v in given if k == of_year[0])
    query = urlencode([(k, "{year}" if k == of_year[0] else v) for k, v in given], safe="{}")
    return replace(
        source, kind="query", addresses=(urlunsplit(parts._replace(query=query)),), years=Years(((first, None),))
    )


# --- lists in JSON


def guessed_paths(answer: Any, query: Any) -> Paths | None:
    """Where in an answer the list is, and its titles, addresses, dates, bodies; None where nothing looks like one."""
    best: tuple[int, Paths] | None = None
    for path, items in _lists(answer, "", 0):
        fields = _fields(items)
        address = _most(fields, lambda v: _LINK.fullmatch(v) is not None)
        title = _most(fields, lambda v: _HAN.search(v) is not None and on_its_own(v) is None and date_in(v) is None)
        if address is None or title is None:
            continue
        reports = sum(parse(v) is not None for v in fields[title])
        found = Paths(
            items=path,
            title=title,
            address=address,
            date=_most(
                {k: v for k, v in fields.items() if k != title}, lambda v: date_in(v) is not None or _is_instant(v)
            )
            or "",
            body=_most({k: v for k, v in fields.items() if k != title}, lambda v: on_its_own(v) is not None) or "",
            total=_total(answer, path, len(items)),
            page=next((p for p in _PAGERS if p in query), ""),
        )
        rank = 1000 * reports + len(items)
        if best is None or rank > best[0]:
            best = (rank, found)
    return best[1] if best else None


def _lists(value: Any, path: str, depth: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        items = [i for i in value if isinstance(i, dict)]
        if items:
            yield path, items
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if "." not in key:
                yield from _lists(inner, f"{path}.{key}" if path else key, depth + 1)


def _fields(items: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Texts of each field of the items, of objects within them too (dept.name)."""
    out: dict[str, list[str]] = {}
    for item in items[:50]:
        for key, value in item.items():
            pairs = [(f"{key}.{k}", v) for k, v in value.items()] if isinstance(value, dict) else [(key, value)]
            for name, v in pairs:
                if isinstance(v, str | int) and not isinstance(v, bool):
                    out.setdefault(name, []).append(squeezed(str(v)))
    return out


def _most(fields: dict[str, list[str]], fits: Any) -> str | None:
    """The field most of whose values fit; reports' titles count double. None where fewer than half of any do."""
    ranked = {k: sum(bool(fits(v)) + (parse(v) is not None) for v in values) for k, values in fields.items()}
    fitting = {k: n for k, n in ranked.items() if 2 * sum(bool(fits(v)) for v in fields[k]) >= len(fields[k])}
    return max(fitting, key=lambda k: fitting[k]) if fitting and max(fitting.values()) else None


def _is_instant(text: str) -> bool:
    return text.isdigit() and len(text) in (10, 13) and text[:1] == "1"


def _total(answer: Any, path: str, count: int) -> str:
    """Where the number of items stands, beside the list or above it."""
    steps = path.split(".") if path else []
    for upto in range(len(steps), -1, -1):
        value: Any = answer
        for step in steps[:upto]:
            value = value.get(step) if isinstance(value, dict) else None
        for key, inner in (value or {}).items() if isinstance(value, dict) else ():
            within = inner.items() if isinstance(inner, dict) else ()
            for name, number in ((key, inner), *((f"{key}.{k}", v) for k, v in within)):
                if name.rpartition(".")[2] in _TOTALS and isinstance(number, int) and number >= count:
                    return ".".join([*steps[:upto], name])
    return ""


# --- names and text


def _host(address: str) -> str:
    return urlsplit(address).hostname or address


def _name(source: Source, fetched: Fetched, found: Looked) -> str:
    """What people would call the source: its one body, else its site or place and column, else its host."""
    bodies = {c.body for c in found.candidates if c.body}
    if len(bodies) == 1:
        return bodies.pop()
    if is_page(fetched) and fetched.body.lstrip()[:1] == b"<":
        page = Look(fetched, source, source.address).page
        place = standing.place_of(standing.of_page(page)) or page.metadata.get("sitename", "")
        column = page.metadata.get("columnname") or next(iter(links.column_of(page)), "")
        said = squeezed(f"{place} {column}")
        if said:
            return said[:40]
    places = {d.name for body in bodies if (d := match_issuer(body).division) is not None}
    return places.pop() if len(places) == 1 else _host(source.address)


def entry(source: Source) -> str:
    """The entry as text: only what differs from what a source is anyway."""
    plain = Source("", ("",))
    lines = ["[[source]]", f"name = {_toml(source.name)}"]
    if source.kind not in ("list", "query"):
        lines.append(f"kind = {_toml(source.kind)}")
    if len(source.addresses) == 1:
        lines.append(f"address = {_toml(source.address)}")
    else:
        lines.append(f"addresses = {_toml(list(source.addresses))}")
    for name in ("family", "bodies", "words", "not_words", "delay", "daily_cap", "most_pages", "hops", "path"):
        value = getattr(source, name)
        if value != getattr(plain, name):
            lines.append(f"{name} = {_toml(list(value) if isinstance(value, tuple) else value)}")
    if source.years.spans:
        lines.append(f"years = {_toml(str(source.years))}")
    if source.allow:
        lines.append(f"allow = {_toml(sorted(source.allow))}")
    if source.values:
        lines += ["[source.values]", *(f"{_toml(k)} = {_toml(v)}" for k, v in source.values.items())]
    if source.json is not None:
        given = {f: getattr(source.json, f) for f in Paths.__slots__}
        defaults = Paths()
        lines += ["[source.json]", *(f"{k} = {_toml(v)}" for k, v in given.items() if v != getattr(defaults, k))]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    # JSON's strings, lists of them and numbers are TOML's too.
    return json.dumps(value, ensure_ascii=False)


def write(path: Path, source: Source) -> Source:
    """Add an entry to a list of sources, which is left as it is otherwise; returns the source as it was written.

    A name that is taken gets a number. Raises SourcesError where the list that is there cannot be used.
    """
    there = load(path) if path.exists() else []
    if any(set(source.addresses) & set(s.addresses) for s in there):
        known = next(s for s in there if set(source.addresses) & set(s.addresses))
        raise SourcesError(f"清单里已有这个地址：{known.where}。", f"the list has this address already: {known.where}")
    taken = {s.name for s in there}
    name, n = source.name, 2
    while name in taken:
        name, n = f"{source.name} {n}", n + 1
    source = replace(source, name=name)
    old = path.read_text("utf-8-sig") if path.exists() else _HEAD
    new = old.rstrip("\n") + "\n\n" + entry(source)
    tomllib.loads(new)
    path.parent.mkdir(parents=True, exist_ok=True)
    whole.write(path, new.encode())
    return source
