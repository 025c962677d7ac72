"""Links on list pages: what stands around each, and which lead to a report, to a list of reports, or nowhere of interest.

Belongs here: rows of a page, their dates and bodies, and judging a row by its words (`links.toml`) and by the column it stands in.
Does not belong here: what the place proves of body and year (`standing`), the page behind a link (`following`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from parsers.prose.identity.dates import DATE, date_in, years_in
from parsers.prose.identity.names import on_its_own
from parsers.prose.identity.titles import parse
from schemas import kept
from schemas.labels import fold

from .looking import Look, Row
from .pages import Page, squeezed
from .sources import Source

# report: the link says so; lead: a year or a body, behind which is a report or a list of them; column: a list of reports;
# spare: a picture of a report, of use only where there is no other link to it.
Judged = Literal["report", "lead", "column", "spare"]

# What a row is: the largest of these around a link that holds no more than so many links.
_ROWS = frozenset({"li", "tr", "dd", "dt", "p", "div", "td", "span", "h3", "h4", "article"})
_LINKS_IN_A_ROW = 2
_HEADS = frozenset({"h1", "h2", "h3", "h4", "caption", "legend"})
_HEAD_CLASS = re.compile(
    r"(?:^|[-_\s])(?:title|tit|bt|lmmc|column-?name|hd|head|dqwz|position|crumbs?)(?:$|[-_\s])", re.IGNORECASE
)
_IN_ADDRESS = re.compile(r"/t?(20\d\d)(\d\d)(\d\d)_|/(20\d\d)/(\d{1,2})/(\d{1,2})/")
_FILE = re.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|zip|rar|html?|shtml|jsp)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Words:
    never: re.Pattern[str]
    spare: re.Pattern[str]
    column: re.Pattern[str]
    year: re.Pattern[str]
    short: re.Pattern[str]
    generic: re.Pattern[str]
    more: re.Pattern[str]
    paths: tuple[str, ...]


@cache
def _words() -> _Words:
    data = kept.toml(Path(__file__).with_name("links.toml"))
    return _Words(
        never=re.compile("|".join(data["not"])),
        spare=re.compile("|".join(data["spare"])),
        column=re.compile(data["column"]),
        year=re.compile(data["year"]),
        short=re.compile(data["short"]),
        generic=re.compile(data["generic"]),
        more=re.compile(data["more"]),
        paths=tuple(data["paths"]),
    )


# --- rows of a page


def rows_of(page: Page) -> list[Row]:
    """Every link of a page with what stands around it, in the page's order."""
    headings = _headings(page.root)
    heads: dict[Any, list[str]] = {}
    out = []
    for link in page.links():
        row = _row_around(link.element)
        said = squeezed("".join(link.element.itertext()))
        around = squeezed("".join(row.itertext())) if row is not None else ""
        cells = _cells(link.element)
        text, year = link.text, None
        if _words().generic.search(fold(text)):
            # 机关 | 2024年度报告 | 查看: the row says it.
            text = next((c for c in cells if c != text and parse(c) is not None), None) or _told(around, said) or text
        if cells and not years_in(fold(text)):
            year = _year_above(link.element, heads)
        # Cells with links of their own are other entries of a grid.
        beside = [c for c in _cells(link.element, linked=False) if c] if cells and not on_its_own(text) else []
        body = next((name for c in beside if (name := on_its_own(c))), None)
        heading = headings.get(link.element, "")
        around = squeezed(around.replace(said, "", 1))
        out.append(Row(link.address, text, _day(around, link.address), body, around, heading, year))
    return out


def _cells(a: Any, *, linked: bool = True) -> list[str]:
    """The texts of the cells of the table's row that a link stands in, where the row is one of data; ``linked`` False: only of
    those that hold no link."""
    row = next(a.iterancestors("tr"), None)
    if row is None or row.find(".//table") is not None:
        return []
    cells = (c for c in row.iter("td", "th") if linked or c.find(".//a") is None)
    return [squeezed("".join(c.itertext())) for c in cells]


def _told(around: str, said: str) -> str | None:
    """What a row says beside a link that says nothing: without the link's words and the date."""
    rest = squeezed(DATE.sub(" ", around.replace(said, " ")))
    return rest if 4 <= len(rest) <= 80 else None


def _year_above(a: Any, heads: dict[Any, list[str]]) -> int | None:
    """The year that stands over a link's column in a table of bodies and years; None where no line of years stands there."""
    cell = next((e for e in a.iterancestors("td", "th")), None)
    table = next(a.iterancestors("table"), None)
    if cell is None or table is None:
        return None
    if table not in heads:
        first = next(table.iter("tr"), None)
        heads[table] = [squeezed("".join(c.itertext())) for c in first.iter("td", "th")] if first is not None else []
    at = sum(
        int(e.get("colspan") or 1) if (e.get("colspan") or "1").isdigit() else 1
        for e in cell.itersiblings(preceding=True)
    )
    head = heads[table][at] if at < len(heads[table]) else ""
    m = re.fullmatch(r"(20\d\d)年?(?:度|年度)?(?:报告|年报)?", fold(head))
    return int(m[1]) if m else None


def _row_around(a: Any) -> Any | None:
    row = None
    for element in a.iterancestors():
        if (
            element.tag not in _ROWS
            or sum(1 for _ in zip(element.iter("a"), range(_LINKS_IN_A_ROW + 1), strict=False)) > _LINKS_IN_A_ROW
        ):
            break
        row = element
        if element.tag in ("li", "tr", "dd"):
            break
    # A cell of a grid of links is all of its row that belongs to it.
    return row


def _headings(root: Any) -> dict[Any, str]:
    """What stands above each link: the last heading before it."""
    out: dict[Any, str] = {}
    last = ""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "a":
            out[element] = last
        elif element.tag in _HEADS or (
            _HEAD_CLASS.search(element.get("class") or "") and element.tag in ("div", "span", "p", "td", "strong")
        ):
            text = squeezed("".join(element.itertext()))
            if 0 < len(text) <= 60:
                last = text
    return out


def _day(around: str, address: str) -> date | None:
    found = date_in(around) if around else None
    if found:
        return date.fromisoformat(found)
    if m := _IN_ADDRESS.search(address):
        year, month, day = (int(g) for g in m.groups() if g)
        try:
            return date(year, month, day)
        except ValueError:
            return None
    return None


# --- the column


def column_of(page: Page) -> list[str]:
    """What a list's page says of the column that it is: ``ColumnName``, title, headings, breadcrumbs; only what names reports."""
    said = [page.metadata.get("columnname", ""), page.title]
    for element in page.root.iter():
        if isinstance(element.tag, str) and (element.tag in _HEADS or _HEAD_CLASS.search(element.get("class") or "")):
            text = squeezed("".join(element.itertext()))
            if 0 < len(text) <= 80:
                said.append(text)
    return [s for s in dict.fromkeys(said) if names_reports(s)]


def names_reports(text: str) -> bool:
    """Whether words of a column say that reports stand in it."""
    folded = fold(text)
    return (
        re.search(r"(?:信息|政务)公开[^,。;]{0,14}(?:年报|年度报告|工作报告)|年度报告|^年报$|(?<!\w)年报(?!\w)", folded)
        is not None
    )


# --- judging a row

_CUT = re.compile(r"(?:…|\.{2,}|·{2,})\s*$")


def judge(row: Row, source: Source, *, in_column: bool) -> Judged | None:
    """What a row's link leads to. ``in_column``: its list is a column of reports."""
    folded = fold(row.text)
    words = _words()
    if any(fold(w) in folded for w in source.not_words):
        return None
    if not folded:
        return "report" if _by_address(row, source) else None
    if any(fold(w) in folded for w in source.words):
        return "report"
    title = parse(row.text)
    # The names of bodies hold words of other papers (审计局, 企业服务中心): those say nothing of this one.
    name = (title.issuer if title is not None else None) or on_its_own(row.text) or ""
    rest = folded.replace(fold(name), "", 1)
    if words.never.search(rest) or re.match(r"[上下前后]一[篇条页]", fold(row.around)):
        return None
    if words.spare.search(folded):
        return "spare" if title is not None else None
    if title is not None and title.period == "year":
        return _titled(row, title.year, title.issuer or row.body, in_column)
    if words.column.search(folded) or (words.more.search(folded) and names_reports(row.heading + row.around)):
        return "column"
    if not in_column:
        return None
    if row.year is not None and (row.body or on_its_own(row.text)):
        return "report"
    bare = _FILE.sub("", folded)
    if words.short.search(bare):
        return "report" if row.date is not None or row.body or _FILE.search(row.address) is None else "lead"
    if words.year.match(bare):
        return "lead"
    if on_its_own(row.text) or row.text in source.bodies:
        return "lead"
    # Cut, and nowhere whole: what stands behind it says what it is.
    return "lead" if _CUT.search(row.text) and year_of(row) is not None else None


def _titled(row: Row, year: int | None, issuer: str | None, in_column: bool) -> Judged:
    if year is None and issuer is None:
        return (
            "report" if in_column and row.date is not None and not _words().column.search(fold(row.text)) else "column"
        )
    if issuer is None and row.date is None:
        # 2024年政府信息公开年报: the report of the site's own government, or a list of that year's.
        return "lead"
    return "report" if year is not None or row.date is not None else "lead"


def _by_address(row: Row, source: Source) -> bool:
    if source.path:
        return source.path in row.address
    return any(p in row.address for p in _words().paths)


def known_paths() -> tuple[str, ...]:
    """Parts of addresses that columns of reports have."""
    return _words().paths


def year_of(row: Row) -> int | None:
    """The report year that a row names: its words, the head of its column, the heading above it; None where that is none or two."""
    title = parse(row.text)
    if title is not None and title.year is not None:
        return title.year
    m = _words().year.match(fold(row.text)) or _words().short.search(fold(row.text))
    if m:
        return int(m["year"])
    years = set(years_in(fold(row.text)))
    if years:
        return years.pop() if len(years) == 1 else None
    if row.year is not None:
        return row.year
    above = _words().year.match(fold(row.heading))
    return int(above["year"]) if above else None


def says_year(row: Row) -> bool:
    """Whether the year is the report's by the link's own words: one that heads a list may be the year of publication."""
    title = parse(row.text)
    return (title is not None and title.year is not None) or _words().short.search(
        _FILE.sub("", fold(row.text))
    ) is not None


def body_of(row: Row) -> str | None:
    """The body that a row names: in its own field, in the link's title, as the whole link, as the heading above it."""
    if row.body:
        return row.body
    title = parse(row.text)
    if title is not None and title.issuer:
        return title.issuer
    return on_its_own(row.text) or on_its_own(row.heading)


def reports_among(look: Look, rows: list[Row]) -> Iterator[Row]:
    """Rows that are reports whatever the column: for telling a list from any other page."""
    for row in rows:
        if judge(row, look.source, in_column=False) == "report":
            yield row
