"""From what was read in a file to rows of the record.

Belongs here: the one mapping from `schemas.facts` and `schemas.findings` to the columns of `schemas.tables`.
Does not belong here: deriving anything that needs another file (revisions, issuers: `warehouse`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from schemas import tables
from schemas.facts import Circular, Fact, Place, Report, Statement, Value
from schemas.findings import Checked, Finding

from .snapshots import Item

Rows = dict[str, list[tuple[Any, ...]]]
# Rows carry this beside their columns until the record has sorted them into its folders.
YEAR = "partition_year"
UNKNOWN = "unknown"

_LIMIT: int = 10 ** (tables.PRECISION - tables.SCALE)
_INT_LIMIT: int = 2**31


def report_key(report_id: str) -> int:
    """The integer that stands for a report: the same on every machine and in every run.

    It has 53 bits, because JSON readers and spreadsheets keep integers as doubles.
    """
    return int.from_bytes(hashlib.sha256(report_id.encode()).digest()[:8], "big") >> 11


def fits(value: Value) -> bool:
    """Whether a figure can be stored without changing it."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -tables.SCALE:
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


@dataclass(slots=True)
class Outcome:
    """What became of an item: its rows, and why it could not be used if so."""

    rows: Rows
    kind: str | None
    message: str | None


class RepeatedAddressError(ValueError):
    """Two facts of a report at one address: a fault of the reader, never a figure to choose."""


def _empty() -> Rows:
    return {t.name: [] for t in tables.recorded()}


def places_only(item: Item, context: Context) -> Outcome:
    """A known content at new places."""
    rows = _empty()
    _sources(rows, item, context, UNKNOWN)
    return Outcome(rows, None, None)


def set_aside(item: Item, kind: str, message: str, context: Context, media_type: str = "") -> Outcome:
    """A file that yields nothing."""
    rows = _empty()
    message = _text(message)
    _sources(rows, item, context, UNKNOWN)
    rows["set_aside"].append((item.sha256, item.name, kind, message, False, UNKNOWN))
    media_type = media_type or "application/octet-stream"
    rows["parsed"].append(_parsed(item, media_type, 0, 0, kind, message, context, UNKNOWN))
    return Outcome(rows, kind, message)


def used(item: Item, checked: Checked, context: Context) -> Outcome:
    """All rows of a file that was read; set aside when neither a report nor a circular is in it.

    Raises RepeatedAddressError, and KeyError for a finding about a report that is not in the file.
    """
    extraction = checked.extraction
    reports, circulars = extraction.reports, extraction.circulars
    if not reports and not circulars:
        problem = extraction.problems[0] if extraction.problems else None
        kind = problem.kind if problem else "no_report"
        message = problem.message if problem else "没有找到年度报告或通报。"
        return set_aside(item, kind, message, context, extraction.source.media_type)
    rows = _empty()
    first = reports[0].year if reports else circulars[0].year
    file_year = _partition(first)
    _sources(rows, item, context, file_year)
    for problem in extraction.problems:
        rows["set_aside"].append((item.sha256, item.name, problem.kind, _text(problem.message), True, file_year))
    media_type = extraction.source.media_type
    rows["parsed"].append(_parsed(item, media_type, len(reports), len(circulars), None, None, context, file_year))
    years = {}
    for position, report in enumerate(reports, start=1):
        years[report.report_id] = _partition(report.year)
        _report(rows, item, report, position, context)
    said: Counter[tuple[str, str]] = Counter()
    for finding in checked.findings:
        if finding.outcome == "broken":
            said[finding.report_id, finding.finding_id] += 1
            repeat = said[finding.report_id, finding.finding_id]
            finding_id = finding.finding_id if repeat == 1 else f"{finding.finding_id}-{repeat}"
            rows["finding"].append(_finding(finding, finding_id, years[finding.report_id]))
    for circular in circulars:
        _circular(rows, item, circular, context)
    return Outcome(rows, None, None)


def _partition(year: int | None) -> str:
    return UNKNOWN if year is None else str(year)


def _sources(rows: Rows, item: Item, context: Context, year: str) -> None:
    for place in item.places:
        rows["source"].append((item.sha256, place, None, place, item.size, context.retrieved_at, year))


def _parsed(
    item: Item,
    media_type: str,
    reports: int,
    circulars: int,
    kind: str | None,
    message: str | None,
    context: Context,
    year: str,
) -> tuple[Any, ...]:
    return (
        item.sha256,
        media_type,
        context.versions,
        reports,
        circulars,
        kind,
        message,
        context.time_limit,
        context.memory_limit,
        year,
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
    rows["report"].append(
        (
            key,
            report.report_id,
            _text_or_none(report.issuer),
            _text_or_none(report.issuer_printed),
            report.division_code,
            report.level,
            report.kind,
            _whole(report.year),
            report.scope,
            _text_or_none(report.identity.scope_evidence),
            report.period,
            report.form,
            report.variant,
            _text_or_none(report.title),
            _date(report.published),
            item.sha256,
            position,
            *_figures(kept),
            context.versions,
            year,
        )
    )
    for fact in kept:
        table, row, column = fact.address.split(".")
        rows["fact"].append(
            (
                key,
                table,
                row,
                column,
                _decimal(fact.value),
                fact.kind,
                _text(fact.printed),
                fact.unit,
                fact.method,
                year,
            )
        )
        p = fact.place
        rows["fact_place"].append(
            (key, fact.address, p.page, p.table, p.row, p.column, p.line, p.paragraph, p.box, year)
        )
    unsure = [(u.address, u.printed, u.reason, u.readings, u.place) for u in report.unresolved]
    # A figure that no column can hold is not cut off to fit.
    unsure += [(f.address, f.printed, "range", [], f.place) for f in beyond]
    for n, (address, printed, reason, readings, place) in enumerate(unsure, start=1):
        values = [_decimal(v) for v in readings if fits(v)]
        rows["unresolved"].append((key, address, n, _text(printed), reason, values, _place(place), year))
    _statements(rows, report.statements, key, None, year)


def _statements(
    rows: Rows, statements: Iterable[Statement], key: int | None, circular_id: str | None, year: str
) -> None:
    for n, s in enumerate(statements, start=1):
        rows["statement"].append(
            (
                key,
                circular_id,
                n,
                s.code,
                _decimal(s.value),
                s.unit,
                _whole(s.year),
                s.scope,
                s.approximate,
                s.share_of,
                _text(s.printed),
                _text(s.sentence),
                _place(s.place),
                year,
            )
        )


def _finding(finding: Finding, finding_id: str, year: str) -> tuple[Any, ...]:
    words = isinstance(finding.printed, str)
    return (
        finding_id,
        report_key(finding.report_id),
        finding.rule,
        finding.severity,
        finding.table,
        finding.row,
        finding.column,
        finding.statement,
        list(finding.cells),
        [
            {
                "address": t.address,
                "sign": t.sign,
                "printed": _text_or_none(t.printed),
                "value": _decimal(t.value),
            }
            for t in finding.terms
        ],
        None if isinstance(finding.printed, str) else _decimal(finding.printed),
        _text(str(finding.printed)) if words else None,
        _decimal(finding.expected),
        _decimal(finding.difference),
        finding.explained_by,
        _text_or_none(finding.sentence),
        _place(finding.place),
        _text(finding.message),
        _text(finding.advice),
        year,
    )


def _circular(rows: Rows, item: Item, circular: Circular, context: Context) -> None:
    year = _partition(circular.year)
    rows["circular"].append(
        (
            circular.circular_id,
            _text_or_none(circular.issuer),
            _text_or_none(circular.document_number),
            _whole(circular.year),
            _text_or_none(circular.title),
            item.sha256,
            context.versions,
            year,
        )
    )
    for n, a in enumerate(circular.assessments, start=1):
        rows["assessment"].append(
            (
                circular.circular_id,
                n,
                _text(a.category),
                _text_or_none(a.table),
                _text_or_none(a.group_name),
                _whole(a.rank),
                _text(a.unit),
                _decimal(a.score),
                year,
            )
        )
    _statements(rows, circular.statements, None, circular.circular_id, year)


@cache
def staged_schema(name: str) -> Any:
    """The Arrow schema of a table's staged rows: the record's columns without the load, with the partition."""
    import pyarrow as pa

    schema = tables.arrow_schema(tables.record_table(name))
    return schema.remove(schema.get_field_index("load_id")).append(pa.field(YEAR, pa.string(), nullable=False))


def write(rows: Rows, folder: Path) -> None:
    """Write rows as Parquet files, one per table that has any. Raises when a row does not fit its table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    for name, table_rows in rows.items():
        if not table_rows:
            continue
        schema = staged_schema(name)
        columns = zip(*table_rows, strict=True)
        arrays = [pa.array(list(c), f.type) for c, f in zip(columns, schema, strict=True)]
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), folder / f"{name}.parquet", compression="zstd")
