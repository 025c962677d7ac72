"""From a source to candidates: its lists page by page, the hops from lists to lists, queries for each body and year.

Belongs here: which list is asked next, what becomes a candidate, when a list ends. Does not belong here: what a family's list looks
like (`families`), judging a link's words (`links`), what stands behind a candidate (`following`).

A link that may lead to a report or to a list of them (a year, a body's name) is looked at; if it is the report, its candidate comes with
the answer, so that nothing is asked twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from schemas.report_identity import Evidence

from . import families, leading, links, standing
from .contract import POSTED, Candidate, Fetched, Fetcher, Trouble
from .following import is_page
from .looking import Look, Row
from .pages import address_of, same_page
from .sources import Source

# A way of asking that a server does not want.
_REFUSALS = ("status", "forbidden", "gone", "server_error")
# A page of fewer links with frames has its list in one of them.
_SOME_LINKS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate, and its own answer where that is at hand already (for `following.follow`)."""

    candidate: Candidate
    fetched: Fetched | None = None


def discover(source: Source, fetcher: Fetcher) -> Iterator[Found | Trouble]:
    """Everything of a source that should be a report, each address once, and what a person should know. A folder has nothing here."""
    if source.kind == "folder":
        return
    yield from _Walk(source, fetcher).all()


@dataclass(frozen=True, slots=True)
class _Context:
    """What the way to a list says: the year and body of the links that led there, the columns, the site, how many hops."""

    year: int | None = None
    body: str | None = None
    in_column: bool = False
    evidence: tuple[Evidence, ...] = ()
    hops: int = 0
    found_on: str = ""
    link_text: str = ""


@dataclass
class _Walk:
    source: Source
    fetcher: Fetcher
    seen: set[str] = field(default_factory=set)

    def all(self) -> Iterator[Found | Trouble]:
        stated = tuple(standing.stated(self.source))
        for address in self.source.addresses:
            if self.source.kind == "page":
                entry = address_of(address, address)
                if entry is not None and self._is_new(entry):
                    evidence = (*stated, *standing.of_address(entry, self.source))
                    yield Found(Candidate(entry, self.source.name, entry, evidence=evidence))
            elif self.source.kind == "query":
                yield from self._queries(address, stated)
            else:
                yield from self._list(address, _Context(evidence=stated), None)

    # --- queries

    def _queries(self, template: str, stated: tuple[Evidence, ...]) -> Iterator[Found | Trouble]:
        for address, body, year in queries(template, self.source):
            evidence = (*stated, *standing.of_address(address, self.source, body, year))
            context = _Context(year, body, True, evidence, 0, address)
            fetched = self.fetcher.fetch(address, source=self.source)
            self.seen.add(address)
            if fetched.problem is not None:
                yield self._trouble(fetched)
            elif self._is_document(fetched):
                yield Found(self._candidate(Row(address, ""), context), fetched)
            else:
                yield from self._list(address, context, fetched)

    # --- lists

    def _list(self, entry: str, context: _Context, first: Fetched | None) -> Iterator[Found | Trouble]:
        """A list with all its pages."""
        start = (address_of(entry, entry) or entry) + "".join(entry.partition(POSTED)[1:])
        waiting, seen_rows, columns = deque([start]), 0, list[tuple[Row, _Context]]()
        reports, pages, asked = 0, 0, set[str]()
        spare: list[tuple[Row, _Context]] = []
        while waiting and pages < self.source.most_pages:
            address = waiting.popleft()
            if address in asked:
                continue
            asked.add(address)
            self.seen.add(address)
            fetched = (
                first
                if first is not None
                else self.fetcher.fetch(address, source=self.source, referer=context.found_on or None)
            )
            first = None
            if fetched.problem is not None:
                if fetched.problem in _REFUSALS and (other := families.instead(fetched.asked)) is not None:
                    waiting.appendleft(other)
                else:
                    yield self._trouble(fetched)
                continue
            if self._already(fetched):
                continue
            pages += 1
            look = Look(fetched, self.source, entry, seen_rows)
            if (onward := self._onward(look)) and pages == 1:
                # An entry that only sends on, or has its list in a frame.
                waiting.extend(a for a in onward if a not in asked)
                pages = 0
                continue
            family = families.of(look)
            rows = family.rows(look)
            if not rows and (other := families.instead(fetched.asked)) is not None:
                waiting.appendleft(other)
                continue
            here = self._here(look, context)
            if (
                pages == 1
                and not rows
                and not any(True for _ in family.more(look))
                and context.hops == 0
                and context.body is None
            ):
                yield Trouble(self.source.name, fetched.asked, *(family.trouble(look) or ("no_list", look.page.title)))
                continue
            for row in rows:
                judged = self._judged(row, here)
                if judged == "report" and self._is_new(row.address):
                    reports += 1
                    yield Found(self._candidate(row, here))
                elif judged == "lead" and context.hops < self.source.hops and self._is_new(row.address):
                    before = reports
                    for found in self._lead(row, here):
                        reports += isinstance(found, Found)
                        yield found
                    reports = max(reports, before)
                elif judged == "spare":
                    spare.append((row, here))
                elif judged == "column":
                    columns.append((row, here))
            waiting.extend(a for a in family.more(look) if a not in asked and a not in waiting)
            if (trouble := family.trouble(look)) is not None:
                yield Trouble(self.source.name, fetched.asked, *trouble)
            seen_rows += len(rows)
        if waiting and pages >= self.source.most_pages:
            yield Trouble(self.source.name, waiting[0], "too_many_pages", str(self.source.most_pages))
        yield from self._spares(spare)
        if not reports:
            yield from self._columns(columns, start)

    def _onward(self, look: Look) -> list[str]:
        """Where a page without a list sends its visitor: by script, or into frames."""
        if not look.text.lstrip().startswith("<") or families.of(look).name != "plain":
            return []
        if (address := leading.sent_on(look.page)) is not None:
            return [address]
        links_here = sum(1 for _ in look.page.links())
        return [] if links_here >= _SOME_LINKS else leading.frames_of(look.page)

    def _here(self, look: Look, context: _Context) -> _Context:
        """The context of a list's rows: what the list's own page adds to the way that led to it."""
        if look.json is not None or not look.text.lstrip().startswith("<"):
            return replace(context, in_column=True, found_on=look.fetched.asked)
        columns = links.column_of(look.page)
        evidence = [*context.evidence]
        for e in (*standing.of_page(look.page), *standing.of_column(columns)):
            if e not in evidence:
                evidence.append(e)
        return replace(
            context,
            in_column=context.in_column or bool(columns),
            evidence=tuple(evidence),
            found_on=look.fetched.asked,
        )

    def _judged(self, row: Row, here: _Context) -> links.Judged | None:
        if address_of(here.found_on, row.address) is None or same_page(row.address, here.found_on):
            return None
        judged = links.judge(row, self.source, in_column=here.in_column or links.names_reports(row.heading))
        year, certain = links.year_of(row), links.says_year(row)
        # What heads a list may be the year in which its reports were published.
        years = {year or here.year} if certain else {year or here.year, (year or here.year or 1) - 1}
        if None not in years and not any(y in self.source.years for y in years):
            return None
        return judged

    def _spares(self, spare: list[tuple[Row, _Context]]) -> Iterator[Found]:
        """Pictures of reports, where nothing else led to the report."""
        for row, here in spare:
            if self._is_new(row.address):
                yield Found(self._candidate(row, here))

    def _columns(self, columns: list[tuple[Row, _Context]], start: str) -> Iterator[Found | Trouble]:
        """Lists that a page without reports links to; a link without a year may lead to the report itself all the same."""
        for row, here in columns:
            if here.hops < self.source.hops and not same_page(row.address, start) and self._is_new(row.address):
                yield from self._lead(row, here)

    # --- leads

    def _lead(self, row: Row, here: _Context) -> Iterator[Found | Trouble]:
        """Look at what stands behind a year or a body: the report, or a list."""
        year, body = links.year_of(row) or here.year, links.body_of(row)
        body = body if body is not None else here.body
        fetched = self.fetcher.fetch(row.address, source=self.source, referer=here.found_on)
        if fetched.problem is not None:
            yield self._trouble(fetched)
            return
        if self._already(fetched):
            return
        if self._is_document(fetched):
            yield Found(self._candidate(row, here), fetched)
            return
        deeper = _Context(
            year,
            body,
            True,
            (
                *here.evidence,
                *(e for e in _of_link(row) if e not in here.evidence),
            ),
            here.hops + 1,
            here.found_on,
            row.text,
        )
        yield from self._list(row.address, deeper, fetched)

    def _is_document(self, fetched: Fetched) -> bool:
        """Whether an answer is a report or leads to one itself, and is no list."""
        if not is_page(fetched):
            return True
        look = Look(fetched, self.source, fetched.asked)
        if leading.is_report(look.page):
            return True
        family = families.of(look)
        if family.name != "plain":
            return False
        title = leading.own_title(look.page)
        if (
            title is not None
            and links.year_of(Row("", title)) is not None
            and (leading.files_of(look.page) or leading.frames_of(look.page) or leading.sent_on(look.page))
        ):
            return True
        rows = family.rows(look)
        if any(True for _ in links.reports_among(look, rows)):
            return False
        return leading.sent_on(look.page) is not None or (not rows and bool(leading.files_of(look.page)))

    # --- candidates

    def _candidate(self, row: Row, here: _Context) -> Candidate:
        body, year = links.body_of(row) or here.body, links.year_of(row) or here.year
        evidence = [*here.evidence]
        for e in (
            *_of_link(row),
            *standing.of_address(
                row.address, self.source, *((here.body, here.year) if self.source.kind == "query" else ())
            ),
        ):
            if e not in evidence:
                evidence.append(e)
        return Candidate(
            address=row.address,
            source=self.source.name,
            found_on=here.found_on,
            link_text=row.text or here.link_text,
            date=row.date,
            year=year,
            body=standing.completed(body, standing.place_of(evidence)),
            evidence=tuple(evidence),
        )

    def _is_new(self, address: str) -> bool:
        new = address not in self.seen
        self.seen.add(address)
        return new

    def _already(self, fetched: Fetched) -> bool:
        """Whether a redirect led to a page that was read before (the first page again, for one too many)."""
        if fetched.address != fetched.asked and fetched.address in self.seen:
            return True
        self.seen.add(fetched.address)
        return False

    def _trouble(self, fetched: Fetched) -> Trouble:
        return Trouble(self.source.name, fetched.asked, fetched.problem or "", fetched.detail)


def _of_link(row: Row) -> list[Evidence]:
    return standing.of_link(row.text, links.body_of(row), links.year_of(row), certain=links.says_year(row))


def queries(template: str, source: Source) -> Iterator[tuple[str, str | None, int | None]]:
    """The addresses that a template stands for, newest year first, with the body and year of each. An open span ends last year."""
    from datetime import datetime

    from .looking import CHINA

    last = datetime.now(CHINA).year - 1
    years: list[int | None] = [None]
    if "{year}" in template:
        years = [*sorted({y for a, b in source.years.spans for y in range(a, min(b or last, last) + 1)}, reverse=True)]
    bodies: list[tuple[str | None, str]] = [(None, "")]
    if "{body}" in template:
        bodies = list(source.values.items()) or [(b, b) for b in source.bodies]
    for year in years:
        for body, value in bodies:
            link = template.replace("{year}", str(year or "")).replace("{body}", value)
            address = address_of(link, link)
            if address is not None:
                yield address, body, year
