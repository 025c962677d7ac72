"""The Python API: what a notebook or a program calls.

Belongs here: `read`, `check` and what they return: plain typed objects that show themselves. Does not belong here: the
command line (`cli`), how findings are drawn (`show`).

Files are read in the caller's own process: a child process would run an unguarded script a second time. Give
``isolated=True`` for files from strangers; PDFs are then read in a child with limits on time and memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import checks
from checks.rules import Profile
from gouji.batch.reviewed import Reviewed
from parsers.files import faults
from parsers.files.paths import shown
from schemas.facts import Circular, Extraction, Fact, Problem, Report
from schemas.findings import Checked, Explanation, Finding, Verdict

from .words import Lang, say

if TYPE_CHECKING:
    import pandas

    from gouji.show.causes import Cause

AnyPath = str | os.PathLike[str]


@dataclass(repr=False)
class Reading:
    """What one file holds. ``reading["requests.new_received.total"]`` is a fact of its only report."""

    extraction: Extraction
    lang: Lang = "zh"

    @property
    def path(self) -> str:
        return self.extraction.source.path

    @property
    def reports(self) -> list[Report]:
        return self.extraction.reports

    @property
    def circulars(self) -> list[Circular]:
        return self.extraction.circulars

    @property
    def problems(self) -> list[Problem]:
        return self.extraction.problems

    @property
    def report(self) -> Report:
        """The only report. Raises LookupError where there is none or more than one."""
        if len(self.reports) != 1:
            raise LookupError(f"{self.path}: {len(self.reports)} reports, not one; see .reports")
        return self.reports[0]

    def __getitem__(self, address: str) -> Fact:
        """The fact at an address (``table.row.column``). Raises KeyError where there is none, LookupError as `report`."""
        fact = next((f for f in self.report.facts if f.address == address), None)
        if fact is None:
            raise KeyError(address)
        return fact

    def __repr__(self) -> str:
        return f"<Reading {Path(self.path).name}: {_names(self.extraction, self.lang)}>"

    def _repr_html_(self) -> str:
        from gouji.show.html import fragment, tables_of

        return fragment(tables_of(Checked(self.extraction), self.lang))

    def to_json(self) -> dict[str, Any]:
        """As `gouji extract` prints it."""
        return self.extraction.to_json()

    def to_pandas(self) -> pandas.DataFrame:
        """One row per printed cell and per unresolved one. Raises ImportError where pandas is not installed."""
        return _frame(_fact_rows(self.extraction))


@dataclass(repr=False)
class Check:
    """What is wrong with one file; ``str(check)`` is the text that `gouji check` prints."""

    reviewed: Reviewed
    lang: Lang = "zh"

    @property
    def path(self) -> str:
        return self.reviewed.path

    @property
    def verdict(self) -> Verdict:
        return self.reviewed.verdict

    @property
    def reports(self) -> list[Report]:
        return self.reviewed.reports

    @property
    def problems(self) -> list[Problem]:
        return self.reviewed.checked.extraction.problems

    @property
    def findings(self) -> list[Finding]:
        """What is broken."""
        return self.reviewed.open_findings

    @property
    def not_assessable(self) -> list[Finding]:
        """What could not be checked, because of blanks or figures that could not be read."""
        return [f for f in self.reviewed.checked.findings if f.outcome == "not_assessable"]

    @property
    def errors(self) -> list[Finding]:
        return [f for f in self.findings if f.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        return [f for f in self.findings if f.severity == "warning"]

    @property
    def notes(self) -> list[Finding]:
        return [f for f in self.findings if f.severity == "note"]

    @property
    def explanations(self) -> list[Explanation]:
        """The smallest sets of changes that mend the tables; never the error for sure."""
        return self.reviewed.checked.explanations

    @cached_property
    def causes(self) -> list[Cause]:
        """The findings grouped by cause, most serious first."""
        from gouji.show.causes import causes_of

        return [c for r in self.reports for c in causes_of(self.reviewed.checked, r, self.lang)]

    @property
    def reading(self) -> Reading:
        return Reading(self.reviewed.checked.extraction, self.lang)

    def __repr__(self) -> str:
        counts = f"{len(self.errors)} errors, {len(self.warnings)} warnings, {len(self.notes)} notes"
        return f"<Check {Path(self.path).name}: {self.verdict}, {counts}>"

    def __str__(self) -> str:
        from gouji.show.text import Screen, lines_of

        return "\n".join(lines_of(self.reviewed, Screen(self.lang)))

    def _repr_html_(self) -> str:
        from gouji.show.html import fragment, tables_of, verdict_block

        return fragment(verdict_block(self.reviewed.checked, self.lang) + tables_of(self.reviewed.checked, self.lang))

    def to_json(self) -> dict[str, Any]:
        """As `gouji check --format json` prints it."""
        return self.reviewed.to_json()

    def to_pandas(self) -> pandas.DataFrame:
        """One row per finding. Raises ImportError where pandas is not installed."""
        return _frame(_finding_rows(self))


def read(path: AnyPath, *, lang: Lang = "zh", isolated: bool = False) -> Reading:
    """What a file holds. Whatever is wrong with the file itself is in ``problems``.

    Raises OSError when it cannot be opened (also for a folder: see `check_all`).
    """
    return Reading(_extraction(Path(path), lang, isolated), lang)


def check(
    path: AnyPath,
    *,
    previous: AnyPath | Reading | Check | Report | Sequence[Reading | Check | Report] | None = None,
    profile: Profile = "draft",
    lang: Lang = "zh",
    isolated: bool = False,
) -> Check:
    """What is wrong with a file. ``previous``: last year's report, as a path (file, folder, database) or as read.

    Raises OSError when a file cannot be opened, `SheetError` for a ``previous`` that is none.
    """
    extraction = _extraction(Path(path), lang, isolated)
    earlier, same_body = _earlier(previous, extraction.reports, lang)
    return _check(extraction, earlier, same_body, profile, lang)


def check_all(paths: Iterable[AnyPath], *, profile: Profile = "draft", lang: Lang = "zh") -> list[Check]:
    """Check files and folders together: what they say of one another is found as well (`batch` rules)."""
    from gouji.batch.files import expand

    from .batch import mutual

    found = [_check(_tried(p, lang), (), False, profile, lang) for p, _ in expand([Path(p) for p in paths])]
    if len(found) > 1:
        mutual.judge([each.reviewed for each in found], profile=profile, lang=lang)
    return found


def _check(extraction: Extraction, earlier: Sequence[Report], same_body: bool, profile: Profile, lang: Lang) -> Check:
    checked = checks.check(extraction, profile, lang, previous=earlier, same_body=same_body)
    extraction.versions["rules"] = checks.version()
    return Check(Reviewed(checked), lang)


def _extraction(path: Path, lang: Lang, isolated: bool) -> Extraction:
    if path.is_dir():
        raise IsADirectoryError(f"{path}: is a folder; use gouji.check_all([folder])")
    if not path.exists():
        from parsers.files import zips

        if not zips.is_member(path):
            raise FileNotFoundError(say(lang, "no_file", path=path))
    if isolated:
        from gouji.batch.read_files import read_isolated

        return read_isolated(path, lang)
    from parsers import extract

    return extract(path)


def _tried(path: Path, lang: Lang) -> Extraction:
    """A file of a folder: one that cannot be opened must not end the rest."""
    from schemas.facts import Source

    try:
        return _extraction(path, lang, isolated=False)
    except OSError as error:
        message = say(lang, "no_access", path=path, why=faults.why(error, lang))
        return Extraction(
            Source(shown(str(path)), "", "application/octet-stream", 0), {}, problems=[Problem("unreadable", message)]
        )


def _earlier(given: Any, reports: Sequence[Report], lang: Lang) -> tuple[list[Report], bool]:
    """The earlier reports, and whether they are this report's body's whatever they are called."""
    if given is None:
        return [], False
    if isinstance(given, str | os.PathLike):
        from gouji.batch.previous import load

        previous, _ = load(Path(given), lang)
        try:
            return previous.of(reports), previous.same_body(reports)
        finally:
            previous.close()
    many = list(given) if isinstance(given, Sequence) else [given]
    return [r for each in many for r in ([each] if isinstance(each, Report) else each.reports)], False


# -- rows for pandas -----------------------------------------------------------------------------------------------


def _frame(rows: Iterable[dict[str, Any]]) -> pandas.DataFrame:
    import pandas

    return pandas.DataFrame(list(rows))


def _identity(report: Report) -> dict[str, Any]:
    return {
        "issuer": report.issuer_printed or report.issuer,
        "year": report.year,
        "scope": report.scope,
        "form": report.form_said,
    }


def _fact_rows(extraction: Extraction) -> Iterator[dict[str, Any]]:
    for report in extraction.reports:
        for fact in report.facts:
            table, row, column = fact.address.split(".")
            value = fact.to_json()["value"]
            yield {
                **_identity(report),
                **{"table": table, "row": row, "column": column, "kind": fact.kind, "value": value},
                **{"unit": fact.unit, "printed": fact.printed, "method": fact.method, "page": fact.place.page},
            }
        for unread in report.unresolved:
            table, row, column = unread.address.split(".")
            yield {
                **_identity(report),
                **{"table": table, "row": row, "column": column, "kind": "unresolved", "value": None},
                **{"unit": None, "printed": unread.printed, "method": None, "page": unread.place.page},
            }


def _finding_rows(checked: Check) -> Iterator[dict[str, Any]]:
    by_id = {r.report_id: r for r in checked.reports}
    for finding in checked.findings:
        shown = finding.to_json()
        report = by_id.get(finding.report_id)
        yield {
            **(_identity(report) if report else {}),
            **{k: shown[k] for k in ("severity", "rule", "table", "row", "column", "statement", "printed", "expected")},
            **{k: shown[k] for k in ("difference", "message", "advice", "finding_id")},
        }


def _names(extraction: Extraction, lang: Lang) -> str:
    from gouji.show.names import report_name

    said = [f"{report_name(r, lang)}, {len(r.facts)} facts, {len(r.unresolved)} unresolved" for r in extraction.reports]
    said += [p.kind for p in extraction.problems]
    said += ["circular" for _ in extraction.circulars]
    return "; ".join(said) or "nothing"
