"""The second opinion on a PDF: when another engine is asked, and what stands of two readings.

Belongs here: which readings are in question, putting two readings of one report together, and what loses its certainty
where no second reading comes. Does not belong here: either engine (`readers.pdf`), matching (`tables`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache

from schemas import forms, identities
from schemas.facts import Fact, Report, Unresolved, Value

from .document import Document, UnreadableError
from .tables import matching


def wanted(document: Document, report: Report) -> bool:
    """Whether anything about the first engine's reading is not beyond doubt."""
    evidence = document.evidence
    if evidence is None or not evidence.table_pages:
        return False
    if evidence.doubts or report.unresolved:
        return True
    # A report in sentences alone has no form.
    if not report.layouts or {layout.table for layout in report.layouts} != set(forms.load(report.form).tables):
        return True
    if any(layout.missing_rows or layout.missing_columns or layout.extra for layout in report.layouts):
        return True
    if any(r.how == "unknown" for layout in report.layouts for r in layout.rows):
        return True
    cells = identities.cells_of(report)
    return any(
        identities.evaluate(e, cells).outcome == "broken"
        for e in identities.of_report(report)
        if any(a in cells for a in e.left)
    )


def take(document: Document, report: Report, data: bytes, name: str) -> None:
    """Read the same pages with the other engine and keep what both read; where they differ nothing is certain."""
    from .readers import pdf

    evidence = document.evidence
    assert evidence is not None
    try:
        other = pdf.read(data, name, engine="pdfplumber", pages=frozenset(evidence.table_pages))
    except ImportError as error:
        # A fault of the installation and not of the document: no figure loses its certainty for it.
        _tell_of_installation(str(error))
        return
    except (UnreadableError, MemoryError):
        leave_open(report, evidence.doubts)
        return
    found = matching.match(other.blocks, report.year)
    if found is None or (found.form, found.variant) != (report.form, report.variant):
        leave_open(report, evidence.doubts)
        return
    merge_readings(report, found)


@cache
def _tell_of_installation(error: str) -> None:
    """Say once what is wrong with the installation."""
    logging.getLogger(__name__).warning(
        "安装不完整：PDF 的第二个读取引擎不能用（%s），有疑问的数字没有复核。请重新安装。", error
    )


# The doubt that is of whole tables: ruling lines are missing. Others are of single cells, unresolved for them.
_OF_TABLES = "rules"


def leave_open(report: Report, doubts: Sequence[str]) -> None:
    """Take the certainty from what a second reading was wanted for and did not come.

    That is every cell where the first engine doubts more than single cells, those of tables with rows or columns
    missing or unknown, and those of sums that do not hold.
    """
    cells = identities.cells_of(report)
    broken = {
        a
        for e in identities.of_report(report)
        if identities.evaluate(e, cells).outcome == "broken"
        for a in (*e.left, *e.right)
    }
    unsure = {
        layout.table
        for layout in report.layouts
        if layout.missing_rows or layout.missing_columns or layout.extra or any(r.how == "unknown" for r in layout.rows)
    }
    everything = _OF_TABLES in doubts
    # A sum that the only reading breaks is still told to be wrong: nobody shall take such a file for sound.
    _unresolve(
        report,
        "unconfirmed",
        lambda f: everything or f.address in broken or f.address.partition(".")[0] in unsure,
        readable=True,
    )


def _unresolve(report: Report, reason: str, which: Callable[[Fact], bool], *, readable: bool) -> None:
    """Make unresolved cells of facts, blanks too. ``readable``: what they seem to hold is their one known reading."""
    taken = [f for f in report.facts if which(f)]
    report.facts = [f for f in report.facts if not which(f)]
    for f in taken:
        readings = [f.value] if readable and f.value is not None else []
        report.unresolved.append(Unresolved(f.address, f.printed, reason, readings, f.place, closed=bool(readings)))


# A PDF whose figures are words, or most of whose sums are wrong: by so many cells or sums, and such a share.
_FEWEST_TO_JUDGE, _MOST = 20, 0.75


def doubt_digits(report: Report) -> None:
    """Take no figure of a PDF for certain whose character map seems to give other digits than are printed.

    Offices misprint some sums, and fonts shift all digits: then even rows of nothing but zeros do not add up.
    """
    figures = [f for f in report.facts if f.kind in ("number", "text")]
    words = sum(f.kind == "text" for f in figures)
    cells = identities.cells_of(report)
    outcomes = [identities.evaluate(e, cells).outcome for e in identities.of_report(report)]
    broken, holding = outcomes.count("broken"), outcomes.count("holds")
    if (len(figures) >= _FEWEST_TO_JUDGE and words > _MOST * len(figures)) or (
        broken >= _FEWEST_TO_JUDGE and broken > _MOST * (broken + holding)
    ):
        _unresolve(report, "characters", lambda f: f.kind in ("number", "text"), readable=False)


def merge_readings(report: Report, second: matching.Match) -> None:
    """Put a second reading of the same report beside the first, cell by cell.

    Both the same: the printed figure stands. Different: unresolved, with both readings. Read by the second alone: it
    stands only if it is no nought, every equation of the form that it takes part in then holds, and at least one does.
    """
    theirs = {f.address: f for f in second.facts}
    facts: list[Fact] = []
    for fact in report.facts:
        other = theirs.get(fact.address)
        if other is None or (other.kind, other.value) == (fact.kind, fact.value):
            facts.append(fact)
            continue
        readings: list[Value] = [f.value for f in (fact, other) if f.value is not None]
        report.unresolved.append(Unresolved(fact.address, fact.printed, "engines", readings, fact.place))
    report.facts = facts
    mine = {f.address for f in facts}
    differing = {u.address for u in report.unresolved if u.reason == "engines"}
    cells = identities.cells_of(report)
    candidates = {a: f for a, f in theirs.items() if a not in mine and a not in differing}
    trial = cells | {a: identities.Cell(value=f.value) for a, f in candidates.items() if f.value is not None}
    equations = identities.of_report(report)
    for address, fact in candidates.items():
        outcomes = [identities.evaluate(e, trial).outcome for e in equations if address in (*e.left, *e.right)]
        # A nought fits any sum where a blank does.
        if fact.value and "holds" in outcomes and "broken" not in outcomes:
            report.facts.append(fact)
            report.unresolved = [u for u in report.unresolved if u.address != address]
        elif all(u.address != address for u in report.unresolved) and fact.value is not None:
            report.unresolved.append(Unresolved(address, fact.printed, "engines", [fact.value], fact.place))
    _merge_layouts(report, second)


def _merge_layouts(report: Report, second: matching.Match) -> None:
    """A row or column that is missing to one engine only is not missing."""
    theirs = {layout.table: layout for layout in second.layouts}
    for layout in report.layouts:
        other = theirs.get(layout.table)
        if other is None:
            continue
        known = {r.code for r in layout.rows}
        layout.rows.extend(r for r in other.rows if r.code in layout.missing_rows and r.code not in known)
        layout.missing_rows = [c for c in layout.missing_rows if c in other.missing_rows]
        layout.missing_columns = [c for c in layout.missing_columns if c in other.missing_columns]
    mine = {layout.table for layout in report.layouts}
    report.layouts.extend(layout for table, layout in theirs.items() if table not in mine)
