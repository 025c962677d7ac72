"""What counts as a change of a page: a change of what is read in it.

Belongs here: comparing two readings of what stood at one place. Does not belong here: which of several revisions is current
(`warehouse`), when a page is asked for again and what its bytes are (`collecting`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemas.facts import Circular, Report, Statement
from schemas.findings import Checked, Finding

# A site that migrates gives its pages one date.
_OF_DATES = ("statement.date", "batch.late")


def read_alike(one: Checked, other: Checked) -> bool:
    """Whether two documents say the same: figures, blanks, marks and words in the cells, sentences with figures, titles, whose
    and which year, what is wrong with them. Where on the page something stands, its date and its bytes do not count."""
    return bool(_said(one) == _said(other))


def _said(checked: Checked) -> Any:
    extraction = checked.extraction
    owners = {r.report_id: f"report {n}" for n, r in enumerate(extraction.reports)}
    owners |= {c.circular_id: f"circular {n}" for n, c in enumerate(extraction.circulars)}
    return (
        [_report(r) for r in extraction.reports],
        [_circular(c) for c in extraction.circulars],
        sorted((p.kind, p.message if not extraction.reports else "") for p in extraction.problems),
        sorted(_finding(f, owners) for f in checked.findings if f.outcome == "broken" and f.rule not in _OF_DATES),
    )


def _report(report: Report) -> Any:
    identity = report.identity
    return (
        (
            identity.issuer,
            identity.year,
            identity.scope,
            identity.period,
            report.form_said,
            report.variant_said,
            identity.title,
        ),
        sorted((f.address, f.kind, str(f.value), f.printed, f.unit or "") for f in report.facts),
        sorted((u.address, u.printed, u.reason) for u in report.unresolved),
        _statements(report.statements),
    )


def _circular(circular: Circular) -> Any:
    return (
        (circular.issuer, circular.document_number, circular.year, circular.title),
        [(a.category, a.table, a.group_name, a.rank, a.unit, str(a.score)) for a in circular.assessments],
        _statements(circular.statements),
    )


def _statements(statements: Iterable[Statement]) -> Any:
    return sorted((s.code, str(s.value), s.unit or "", str(s.year), s.scope, s.printed, s.sentence) for s in statements)


def _finding(finding: Finding, owners: dict[str, str]) -> tuple[str, ...]:
    said = (
        finding.rule,
        finding.table,
        finding.row,
        finding.column,
        finding.printed,
        finding.expected,
        finding.message,
    )
    return (owners.get(finding.report_id, ""), *(str(x) for x in said))
