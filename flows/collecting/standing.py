"""Where a report stood, as evidence: the address's parameters, the link, the column, the site, the source's own statement.

Belongs here: turning a place into `Evidence`. Does not belong here: weighing it against what the text says
(`parsers.prose.identity`), which no place overrules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from parsers.prose.identity import place_evidence
from parsers.prose.identity.dates import years_in
from parsers.prose.identity.names import on_its_own
from parsers.prose.identity.titles import parse
from schemas.divisions import by_code
from schemas.labels import fold
from schemas.report_identity import Evidence

from .pages import Page, decoded
from .sources import Source

_CRUMBS = re.compile(r"(?:当前|您?(?:现在|所在)?的?|我的)(?:位置|所在位置)(?:是)?[:：]?\s*(.{4,120})")
_YEAR_PARAMETERS = re.compile(r"year|nd|fbtime|niandu|time|date", re.IGNORECASE)


def stated(source: Source) -> list[Evidence]:
    """The source's own statement: the one body it speaks for, the one year."""
    out = []
    if len(source.bodies) == 1:
        out.append(place_evidence("issuer", "stated", source.bodies[0], source.where or source.name))
    spans = source.years.spans
    if len(spans) == 1 and spans[0][0] == spans[0][1]:
        out.append(place_evidence("year", "stated", spans[0][0], source.where or source.name))
    return out


def of_address(address: str, source: Source, body: str | None = None, year: int | None = None) -> list[Evidence]:
    """What the parameters of a query say. ``body`` and ``year`` are those that the query was made for."""
    query = urlsplit(address).query
    out = []
    if body:
        out.append(place_evidence("issuer", "parameter", body, query))
    if year:
        out.append(place_evidence("year", "parameter", year, query))
    for key, value in parse_qsl(query):
        if year is None and _YEAR_PARAMETERS.search(key) and re.fullmatch(r"20\d\d", value):
            out.append(place_evidence("year", "parameter", int(value), f"{key}={value}"))
        if body is None and (name := on_its_own(decoded(value))):
            out.append(place_evidence("issuer", "parameter", name, f"{key}={value}"))
    for name, value in source.values.items():
        if body is None and any(v == value for _, v in parse_qsl(query)):
            out.append(place_evidence("issuer", "parameter", name, query))
    return out


def of_link(text: str, body: str | None, year: int | None, *, certain: bool) -> list[Evidence]:
    """What a link on a list says, and the row that it stands in. ``certain``: the year is in a report's title, not over a list."""
    out = []
    if body:
        out.append(place_evidence("issuer", "list link", body, text))
    if year:
        out.append(place_evidence("year", "list link" if certain else "column", year, text))
    return out


def of_column(columns: Iterable[str]) -> list[Evidence]:
    """What the names of a column say: a body, a year."""
    out = []
    for text in columns:
        title = parse(text)
        name = title.issuer if title is not None else on_its_own(text)
        if name:
            out.append(place_evidence("issuer", "column", name, text))
        years = set(years_in(fold(text)))
        if len(years) == 1:
            out.append(place_evidence("year", "column", years.pop(), text))
    return out


def of_page(page: Page) -> list[Evidence]:
    """What a page says of the site and its place on it: `SiteIDCode`, `SiteName`, breadcrumbs."""
    out = []
    code = re.sub(r"\D", "", page.metadata.get("siteidcode", ""))[:6]
    if len(code) == 6 and (found := by_code(code)):
        out.append(place_evidence("place", "site code", found[-1].code, page.metadata["siteidcode"]))
    if name := page.metadata.get("sitename"):
        out.append(place_evidence("place", "site", name, name))
    if m := _CRUMBS.search(page.visible_text[:4000]):
        out.append(place_evidence("place", "breadcrumbs", m[1], m[0]))
    return out


def place_of(evidence: Iterable[Evidence]) -> str | None:
    """The name of the one division that the site is of, for completing names like 县教育局."""
    codes = {e.says for e in evidence if e.source == "site code"}
    if len(codes) != 1:
        return None
    found = by_code(codes.pop())
    return found[-1].name if found else None


def completed(name: str | None, place: str | None) -> str | None:
    """A body's name with its place, where it has none of its own and leaves it to its place (县教育局, 教育局)."""
    if not name or not place:
        return name
    from schemas.issuers import match_issuer

    match = match_issuer(name)
    if match.division_code is not None or match.candidates or match.level == "nation":
        return name
    hint = re.match(r"[我本]?([省市州盟区县旗])(?=\S{2})", name)
    if hint is None:
        return place + name
    return place + name[hint.end() :] if place.endswith(hint[1]) else name
