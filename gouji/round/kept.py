"""Drafts that were read in an earlier check and cannot be opened now: the computer has changed, not the file.

Belongs here: which these are, and their earlier result as far as the state keeps it. Does not belong here: telling of it
(`telling`), what the state keeps (`state`).

A round is taken from a computer that converts .doc and .wps to one that does not. A draft is known by its content, so what
was found in it still holds; it is said to be that check's result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from gouji.batch.reviewed import Reviewed
from schemas import forms
from schemas.facts import Extraction, Report
from schemas.findings import Checked, Finding

from . import kept_figures
from .offices import reports_of
from .state import State, Submission

# Under what a report has its cells in the state.
CELLS = "cells"

# What a draft is like, and not what opens it.
_OF_THE_FILE = ("no_report", "empty")
# What a draft has in common with another's takes the content of both; all else of a batch is told anew.
_BATCH, _ALIKE = "batch.", ("batch.duplicate", "series.copied")


def earlier(state: State, sha256: str, extraction: Extraction) -> Submission | None:
    """What an earlier check found in a file that cannot be opened now; None for any other."""
    known = state.submissions.get(sha256)
    if not unopened(extraction) or known is None or not known.reports:
        return None
    return known if known.verdict in ("pass", "warn", "fail") else None


def unopened(extraction: Extraction) -> bool:
    """Whether a file could not be opened: what came of it says nothing of what is in it."""
    problems = {p.kind for p in extraction.problems}
    return not extraction.reports and not extraction.circulars and bool(problems) and not problems & {*_OF_THE_FILE}


def without_cells(those: Iterable[Submission]) -> None:
    """Forget the cells of drafts that are no longer there: nobody sums them up."""
    for known in those:
        for report in known.reports:
            report.pop(CELLS, None)


def has_cells(known: Submission) -> bool:
    """Whether the figures of a draft are kept; a state of an earlier version has none, nor has a draft without tables."""
    return any(CELLS in report for report in known.reports)


def with_cells(known: Submission) -> list[Report]:
    """Its reports with their cells; none where these are not kept, or are not what this program has written."""
    found = reports(known)
    try:
        for report, mine in zip(found, known.reports, strict=True):
            if CELLS in mine:
                kept_figures.put_back(report, mine[CELLS])
            # What is kept are the cells that all forms agree on.
            report.also = tuple(replace(report, form=f, variant=v) for f, v in mine.get("also_on", {}).items())
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        return []
    return found if has_cells(known) else []


def reports(known: Submission) -> list[Report]:
    """Whose report it is, under ids of its own, without its figures."""
    found = reports_of(known)
    for i, (report, kept) in enumerate(zip(found, known.reports, strict=True)):
        report.report_id = f"{known.sha256[:20]}.{i}"
        report.form = kept.get("form") or forms.newest().id
        report.variant = kept.get("variant")
    return found


def result(extraction: Extraction, known: Submission) -> Reviewed:
    """The draft with the findings of the check that read it. ``extraction`` has the reports by now."""
    first = extraction.reports[0].report_id
    own = [f for f in known.findings if not f["rule"].startswith(_BATCH)]
    found = [_finding(i, first, f) for i, f in enumerate(own)]
    reviewed = Reviewed(Checked(extraction, found, verdict=known.verdict))  # type: ignore[arg-type]
    reviewed.kept_from = known.read_in or known.first_check
    return reviewed


def keep_what_is_alike(drafts: Iterable[tuple[Reviewed, Submission]]) -> None:
    """Tell again what an earlier check found two drafts to have in common, where one of them cannot be opened now.

    For a check in which some of the ``drafts`` have a kept result; each with what the state knows of it.
    """
    given = list(drafts)
    names = {name for reviewed, _ in given if reviewed.kept_from for name in _names(reviewed)}
    for reviewed, known in given if names else ():
        there = {f.rule for f in reviewed.checked.findings}
        alike = [f for f in known.findings if f["rule"] in _ALIKE and f["rule"] not in there]
        if not reviewed.kept_from:
            alike = [f for f in alike if any(name in f.get("message", "") for name in names)]
        if reviewed.reports:
            id_ = reviewed.reports[0].report_id
            reviewed.add(_finding(f"{f['rule']}.{i}", id_, f) for i, f in enumerate(alike))


def _names(reviewed: Reviewed) -> set[str]:
    """What others' findings may call a draft."""
    called = {
        Path(reviewed.path).name,
        *(r.issuer_printed for r in reviewed.reports),
        *(r.issuer for r in reviewed.reports),
    }
    return {name for name in called if name}


def _finding(number: int | str, report_id: str, kept: dict[str, Any]) -> Finding:
    printed = kept.get("printed")
    return Finding(
        f"{report_id}.{number}",
        report_id,
        kept["rule"],
        kept["outcome"],
        kept["severity"],
        table=kept.get("table"),
        row=kept.get("row"),
        column=kept.get("column"),
        statement=kept.get("statement"),
        cells=list(kept.get("cells") or _cell(kept)),
        printed=Decimal(str(printed)) if isinstance(printed, float) else printed,
        message=kept.get("message", ""),
    )


def _cell(kept: dict[str, Any]) -> list[str]:
    names = [kept.get(name) for name in ("table", "row", "column")]
    return [".".join(map(str, names))] if all(names) else []
