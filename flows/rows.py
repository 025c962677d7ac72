"""From what was read in a file to rows of the record.

Belongs here: the one mapping from `schemas.facts` and `schemas.findings` to the columns of `schemas.database.tables`.
Does not belong here: deriving anything that needs another file (revisions, issuers: `warehouse`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from schemas.database import table_model
from schemas.facts import Circular, Fact, Place, Report, Statement, Value
from schemas.findings import Checked, Finding

from .snapshots import Item
from .staged import YEAR, Rows

UNKNOWN = "unknown"
# Behind the version of a parser that lacked a part of the installation.
INCOMPLETE = " (incomplete)"

_LIMIT: int = 10 ** (table_model.PRECISION - table_model.SCALE)
_INT_LIMIT: int = 2**31
# A rule that holds, or is not for this report, leaves no row.
_KEPT = ("broken", "not_assessable")


def report_key(report_id: str) -> int:
    """The integer that stands for a report: the same on every machine and in every run.

    It has 53 bits, because JSON readers and spreadsheets keep integers as doubles.
    """
    return int.from_bytes(hashlib.sha256(report_id.encode()).digest()[:8], "big") >> 11


def fits(value: Value) -> bool:
    """Whether a figure can be stored without changing it."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -table_model.SCALE:
            return False
    return -_LIMIT < value < _LIMIT


def _decimal(value: Value | None) -> Decimal | None:
    return None if value is None or not fits(value) else Decimal(value)


def _whole(value: int | None) -> int | None:
    return value if value is not None and abs(value) < _INT_LIMIT else None


def _text(value: str) -> str:
    """Text that can be stored: a lone surrogate from a broken document cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()
    return value


def _text_or_none(value: str | None) -> str | None:
    return None if value is None else _text(value)


def _place(place: Place) -> dict[str, Any]:
    return {
        "page": place.page,
        "table": place.table,
        "row": place.row,
        "column": place.column,
        "line": place.line,
        "paragraph": place.paragraph,
        "box": None if place.box is None else list(place.box),
    }


def _date(value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value[:10])
    except ValueError:
        return None


def _figures(facts: Iterable[Fact]) -> tuple[int, int, str | None]:
    """How many figures other than zero, how many different ones, and a hash that equal tables share."""
    found = sorted((f.address, Decimal(f.value).normalize()) for f in facts if f.value)
    if not found:
        return 0, 0, None
    text = "\n".join(f"{address}={value:f}" for address, value in found)
    return len(found), len({v for _, v in found}), hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Context:
    """What every row of a run shares."""

    versions: dict[str, str]
    retrieved_at: datetime
    time_limit: int
    memory_limit: int

    def incomplete(self) -> Context:
        """The same for what a program reads of which a part cannot be used: another version than the whole one is."""
        return replace(self, versions={**self.versions, "parser": self.versions["parser"] + INCOMPLETE})


@dataclass(slots=True)
class Outcome:
    """What became of an item: its rows, and why it could not be used if so; why its doubtful figures were read once only."""

    rows: Rows
    kind: str | None
    message: str | None
    unusable: str | None = None


class RepeatedAddressError(ValueError):
    """Two facts of a report at one address: a fault of the reader, never a figure to choose."""


def places_only(item: Item, context: Context) -> Outcome:
    """A known content at new places."""
    rows = Rows()
    _sources(rows, item, context, UNKNOWN)
    return Outcome(rows, None, None)


def gone(places: Iterable[str]) -> Rows:
    """Places whose file is no longer there."""
    rows = Rows()
    for place in places:
        rows.add("gone", path=place, **{YEAR: UNKNOWN})
    return rows


def set_aside(item: Item, kind: str, message: str, context: Context, media_type: str = "") -> Outcome:
    """A file that yields nothing."""
    rows = Rows()
    message = _text(message)
    _sources(rows, item, context, UNKNOWN)
    _aside(rows, item, kind, message, UNKNOWN, part=False)
    _parsed(rows, item, context, UNKNOWN, media_type or "application/octet-stream", kind=kind, message=message)
    return Outcome(rows, kind, message)


def used(item: Item, checked: Checked, context: Context) -> Outcome:
    """All rows of a file that was read; set aside when neither a report nor a circular is in it.

    Raises RepeatedAddressError, and ValueError for a finding about neither a report nor a circular of the file.
    """
    extraction = checked.extraction
    reports, circulars = extraction.reports, extraction.circulars
    if not reports and not circulars:
        problem = extraction.problems[0] if extraction.problems else None
        kind = problem.kind if problem else "no_report"
        message = problem.message if problem else "没有找到年度报告或通报。"
        return set_aside(item, kind, message, context, extraction.source.media_type)
    rows = Rows()
    file_year = _partition(reports[0].year if reports else circulars[0].year)
    _sources(rows, item, context, file_year)
    for problem in extraction.problems:
        _aside(rows, item, problem.kind, _text(problem.message), file_year, part=True)
    media_type = extraction.source.media_type
    _parsed(rows, item, context, file_year, media_type, reports=len(reports), circulars=len(circulars))
    for position, report in enumerate(reports, start=1):
        _report(rows, item, report, position, context)
    for circular in circulars:
        _circular(rows, item, circular, context)
    _findings(rows, checked)
    return Outcome(rows, None, None)


def _partition(year: int | None) -> str:
    return UNKNOWN if year is None else str(year)


def _sources(rows: Rows, item: Item, context: Context, year: str) -> None:
    for place in item.places:
        rows.add(
            "source",
            sha256=item.sha256,
            path=place,
            address=item.origins[place].address if place in item.origins else None,
            publication=item.origins[place].publication if place in item.origins else None,
            lineage=place,
            bytes=item.size,
            retrieved_at=context.retrieved_at,
            **{YEAR: year},
        )


def _aside(rows: Rows, item: Item, kind: str, message: str, year: str, *, part: bool) -> None:
    rows.add(
        "set_aside",
        sha256=item.sha256,
        path=item.name,
        kind=kind,
        message=message,
        part=part,
        **{YEAR: year},
    )


def _parsed(
    rows: Rows,
    item: Item,
    context: Context,
    year: str,
    media_type: str,
    *,
    reports: int = 0,
    circulars: int = 0,
    kind: str | None = None,
    message: str | None = None,
) -> None:
    rows.add(
        "parsed",
        sha256=item.sha256,
        media_type=media_type,
        versions=context.versions,
        reports=reports,
        circulars=circulars,
        kind=kind,
        message=message,
        time_limit=context.time_limit,
        memory_limit=context.memory_limit,
        **{YEAR: year},
    )


def _report(rows: Rows, item: Item, report: Report, position: int, context: Context) -> None:
    key = report_key(report.report_id)
    year = _partition(report.year)
    seen: set[str] = set()
    kept: list[Fact] = []
    beyond: list[Fact] = []
    for fact in report.facts:
        if fact.address in seen:
            raise RepeatedAddressError(fact.address)
        seen.add(fact.address)
        (kept if fact.value is None or fits(fact.value) else beyond).append(fact)
    figures, distinct, fingerprint = _figures(kept)
    rows.add(
        "report",
        report_key=key,
        report_id=report.report_id,
        issuer=_text_or_none(report.issuer),
        issuer_printed=_text_or_none(report.issuer_printed),
        division_code=report.division_code,
        level=report.level,
        kind=report.kind,
        year=_whole(report.year),
        scope=report.scope,
        scope_evidence=_text_or_none(report.identity.scope_evidence),
        period=report.period,
        form=report.form_said,
        variant=report.variant_said,
        title=_text_or_none(report.title),
        published=_date(report.published),
        source_sha256=item.sha256,
        position=position,
        figures=figures,
        distinct_figures=distinct,
        fingerprint=fingerprint,
        versions=context.versions,
        **{YEAR: year},
    )
    for fact in kept:
        _fact(rows, fact, key, year)
    unsure = [(u.address, u.printed, u.reason, u.readings, u.place) for u in report.unresolved]
    # A figure that no column can hold is not cut off to fit.
    unsure += [(f.address, f.printed, "range", [], f.place) for f in beyond]
    for n, (address, printed, reason, readings, place) in enumerate(unsure, start=1):
        rows.add(
            "unresolved",
            report_key=key,
            address=address,
            position=n,
            printed=_text(printed),
            reason=reason,
            readings=[_decimal(v) for v in readings if fits(v)],
            place=_place(place),
            **{YEAR: year},
        )
    _statements(rows, report.statements, key, None, year)


def _fact(rows: Rows, fact: Fact, key: int, year: str) -> None:
    table, row, column = fact.address.split(".")
    rows.add(
        "fact",
        report_key=key,
        table_code=table,
        row_code=row,
        column_code=column,
        value=_decimal(fact.value),
        kind=fact.kind,
        printed=_text(fact.printed),
        unit=fact.unit,
        method=fact.method,
        **{YEAR: year},
    )
    rows.add("fact_place", report_key=key, address=fact.address, **_place(fact.place), **{YEAR: year})


def _statements(
    rows: Rows, statements: Iterable[Statement], key: int | None, circular_id: str | None, year: str
) -> None:
    for n, s in enumerate(statements, start=1):
        rows.add(
            "statement",
            report_key=key,
            circular_id=circular_id,
            position=n,
            code=s.code,
            value=_decimal(s.value),
            unit=s.unit,
            year=_whole(s.year),
            scope=s.scope,
            approximate=s.approximate,
            share_of=s.share_of,
            printed=_text(s.printed),
            sentence=_text(s.sentence),
            place=_place(s.place),
            **{YEAR: year},
        )


def _findings(rows: Rows, checked: Checked) -> None:
    """What is broken or cannot be assessed, about a report or a circular; a finding that is said twice gets a number."""
    reports = {r.report_id: _partition(r.year) for r in checked.extraction.reports}
    circulars = {c.circular_id: _partition(c.year) for c in checked.extraction.circulars}
    said: Counter[tuple[str, str]] = Counter()
    for finding in checked.findings:
        if finding.outcome not in _KEPT:
            continue
        said[finding.report_id, finding.finding_id] += 1
        repeat = said[finding.report_id, finding.finding_id]
        finding_id = finding.finding_id if repeat == 1 else f"{finding.finding_id}-{repeat}"
        if finding.report_id in reports:
            _finding(rows, finding, finding_id, report_key(finding.report_id), None, reports[finding.report_id])
        elif finding.report_id in circulars:
            _finding(rows, finding, finding_id, None, finding.report_id, circulars[finding.report_id])
        else:
            raise ValueError(f"finding {finding.rule} is about {finding.report_id!r}, which is not in the file")


def _finding(
    rows: Rows, finding: Finding, finding_id: str, key: int | None, circular_id: str | None, year: str
) -> None:
    words = isinstance(finding.printed, str)
    found = dict(
        finding_id=finding_id,
        report_key=key,
        circular_id=circular_id,
        rule=finding.rule,
        severity=finding.severity,
        table=finding.table,
        row=finding.row,
        column=finding.column,
        statement=finding.statement,
        cells=list(finding.cells),
        terms=[
            {
                "address": t.address,
                "sign": t.sign,
                "printed": _text_or_none(t.printed),
                "value": _decimal(t.value),
            }
            for t in finding.terms
        ],
        printed=None if isinstance(finding.printed, str) else _decimal(finding.printed),
        printed_text=_text(str(finding.printed)) if words else None,
        sentence=_text_or_none(finding.sentence),
        place=_place(finding.place),
        message=_text(finding.message),
        message_en=_text_or_none(finding.message_en or None),
        **{YEAR: year},
    )
    if finding.outcome == "not_assessable":
        rows.add("not_assessable", consistent_with_zero=finding.consistent_with_zero, **found)
        return
    rows.add(
        "finding",
        expected=_decimal(finding.expected),
        difference=_decimal(finding.difference),
        explained_by=finding.explained_by,
        advice=_text(finding.advice),
        advice_en=_text_or_none(finding.advice_en or None),
        **found,
    )


def _circular(rows: Rows, item: Item, circular: Circular, context: Context) -> None:
    year = _partition(circular.year)
    rows.add(
        "circular",
        circular_id=circular.circular_id,
        issuer=_text_or_none(circular.issuer),
        document_number=_text_or_none(circular.document_number),
        year=_whole(circular.year),
        title=_text_or_none(circular.title),
        source_sha256=item.sha256,
        versions=context.versions,
        **{YEAR: year},
    )
    for n, a in enumerate(circular.assessments, start=1):
        rows.add(
            "assessment",
            circular_id=circular.circular_id,
            position=n,
            category=_text(a.category),
            table_title=_text_or_none(a.table),
            group_name=_text_or_none(a.group_name),
            rank=_whole(a.rank),
            unit=_text(a.unit),
            score=_decimal(a.score),
            **{YEAR: year},
        )
    _statements(rows, circular.statements, None, circular.circular_id, year)
