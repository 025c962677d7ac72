"""A whole folder at a glance: verdict per office, its problems, what is missing, the most serious first.

Belongs here: the rows that the workbook and the page of `--report` both show. Does not belong here: how they look
(`workbook`, `page`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gouji.batch.reviewed import Reviewed
from gouji.batch.roster import Standing, State
from gouji.batch.waivers import address_of
from gouji.words import Lang, say
from schemas.facts import Report
from schemas.findings import Extent, Finding, Severity

from .causes import SEVERITIES, Cause, causes_of, rule_name
from .names import Names, whereabouts
from .picture import figure
from .text import explanation_lines, message_lines, subjects
from .verdicts import tally, tally_words, unassessable, verdict_words, whole_tables

# Members of a roster as they are listed, what has to be done first.
STATES: tuple[State, ...] = ("missing", "unreadable", "unfiled", "late", "received", "excused")
_ORDER = {"unreadable": 0, "fail": 1, "warn": 2, "pass": 3}
# Findings that say that something is not there, by the first part of their rule.
_MISSING = ("structure.missing_table", "structure.section", "structure.empty_section")
_MISSING_ROW = "structure.missing_row"
_BLANK = "value.blank"
# A period as the rules have it.
_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")
# Of more cells with one fault one line speaks for all.
_EACH = 6
_MOST = 60


@dataclass
class Problem:
    """One line of the list of problems: a finding, or many of one kind told as one; ``number`` is its problem's."""

    number: int
    severity: Severity
    name: str
    table: str
    row: str
    column: str
    place: str
    printed: str
    expected: str
    difference: str
    message: str
    advice: str
    explanation: str
    status: str
    reason: str
    who: str
    rule: str
    address: str
    finding_id: str


@dataclass
class Office:
    """One report (or a file without one): who, the verdict, the causes, the problems, what is missing."""

    name: str
    year: str
    reviewed: Reviewed
    report: Report | None
    verdict: str
    counts: Counter[str] = field(default_factory=Counter)
    places: int = 0
    doubts: list[Finding] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def file(self) -> str:
        return self.reviewed.path

    @property
    def extents(self) -> list[Extent]:
        """How much of the report was checked."""
        return [self.reviewed.checked.extent(self.report.report_id)] if self.report is not None else []

    @property
    def file_problems(self) -> list[str]:
        """Why a file, or a part of it, yields nothing; it is named by its name alone."""
        folder = str(Path(self.file).parent)
        said = [p.message for p in self.reviewed.checked.extraction.problems]
        return [m.replace(f"{folder}/", "").replace(f"{folder}\\", "") if folder not in (".", "/") else m for m in said]

    def said(self, lang: Lang) -> str:
        """What stands behind the verdict, in words."""
        waived = sum(bool(p.reason) for p in self.problems)
        if self.reviewed.kept_from:
            said = tally_words(self.causes, lang)
            return say(lang, "kept_result", n=self.reviewed.kept_from) + (say(lang, "colon") + said if said else "")
        return verdict_words(self.verdict, self.causes, self.doubts, self.extents, lang, waived=waived)

    @property
    def worst(self) -> str:
        """What to look at first."""
        if self.causes:
            return self.causes[0].title
        if self.file_problems:
            return self.file_problems[0]
        # A report without another doubt does not pass for what could not be checked.
        if self.verdict == "warn" and self.doubts:
            return min(self.doubts, key=lambda f: SEVERITIES.index(f.severity)).message
        return ""

    @property
    def unassessable(self) -> int:
        """How many relations could not be checked; what would be worth a note only is not counted."""
        return len(self.doubts)


def state_words(member: Standing, lang: Lang) -> str:
    """What became of a member of the roster; one whose report is another year's has sent something."""
    key = (
        "state_missing_year" if member.state == "missing" and member.other_year is not None else f"state_{member.state}"
    )
    return say(lang, key)


def offices(all_reviewed: Sequence[Reviewed], lang: Lang) -> list[Office]:
    """Every report of every file, the most serious first."""
    out = [office for reviewed in all_reviewed for office in _of_file(reviewed, lang)]
    return sorted(
        out,
        key=lambda o: (
            o.reviewed.uncounted is not None,
            _ORDER[o.verdict],
            -o.counts["error"],
            -o.counts["warning"],
            -o.counts["note"],
            o.name,
        ),
    )


def _of_file(reviewed: Reviewed, lang: Lang) -> Iterator[Office]:
    checked = reviewed.checked
    found = subjects(checked)
    if not found:
        yield Office(Path(reviewed.path).name, "", reviewed, None, "unreadable")
        return
    for report in found:
        name = report.issuer_printed or report.issuer or f"{say(lang, 'unknown_issuer')} {Path(reviewed.path).name}"
        causes = causes_of(checked, report, lang, without=reviewed.waived)
        mine = [f for f in checked.findings if f.report_id == report.report_id]
        broken = [f for f in mine if f.outcome == "broken" and f.finding_id not in reviewed.waived]
        office = Office(name, str(report.year or ""), reviewed, report, _verdict(reviewed, mine))
        # One mistake that breaks five sums is one problem in five places.
        office.counts = Counter(c.severity for c in causes)
        # As the screen and the slips count them: notes are no problems.
        office.places = tally(causes)["places"]
        office.doubts = unassessable(checked, report)
        office.causes = causes
        office.problems = list(_problems(reviewed, report, causes, mine, lang))
        office.missing = [*_missing(broken, causes, lang), *(f.message for f in whole_tables(office.doubts))]
        yield office


def _verdict(reviewed: Reviewed, findings: Sequence[Finding]) -> str:
    """The verdict on one report of a file; that of the file where it has only one."""
    if len(reviewed.reports) <= 1:
        return reviewed.verdict
    left = [f for f in findings if f.finding_id not in reviewed.waived]
    broken = {f.severity for f in left if f.outcome == "broken"}
    if "error" in broken:
        return "fail"
    doubtful = "warning" in broken or any(f.severity == "error" for f in left if f.outcome == "not_assessable")
    return "warn" if doubtful else "pass"


def _problems(
    reviewed: Reviewed, report: Report, causes: Sequence[Cause], findings: Sequence[Finding], lang: Lang
) -> Iterator[Problem]:
    names = Names(report, lang)
    for number, cause in enumerate(causes, start=1):
        explanation = "\n".join(explanation_lines(cause, lang))
        if len(cause.findings) > _EACH and cause.of_cells:
            first = cause.findings[0]
            message = "\n".join(line.strip().removeprefix("· ") for line in message_lines(cause, lang, _MOST))
            address = first.table or ""
            yield _problem(reviewed, names, first, explanation, lang, number, message=message, address=address)
            continue
        for finding in cause.findings:
            yield _problem(reviewed, names, finding, explanation, lang, number)
    for finding in findings:
        if finding.finding_id in reviewed.waived:
            yield _problem(reviewed, names, finding, "", lang, 0)


def _problem(
    reviewed: Reviewed,
    names: Names,
    finding: Finding,
    explanation: str,
    lang: Lang,
    number: int,
    *,
    message: str | None = None,
    address: str | None = None,
) -> Problem:
    waiver = reviewed.waived.get(finding.finding_id)
    status = reviewed.status.get(finding.finding_id)
    table = finding.table or ""
    several = message is not None
    return Problem(
        number=number,
        severity=finding.severity,
        name=rule_name(finding.rule, lang),
        table=names.table(table) if table else "",
        row=names.short_row(table, finding.row) if table and finding.row and not several else "",
        column=names.column(table, finding.column) if table and finding.column and not several else "",
        place=whereabouts(names.report, finding.place, lang) if not several else "",
        # What many files say of one another has no cell; what tells the files apart is not for a person.
        printed="" if several or finding.rule.startswith("batch.") else _printed(finding, names.report, lang),
        expected="" if several else figure(finding.expected, at_least=any(t.value is None for t in finding.terms)),
        difference="" if several else figure(finding.difference),
        message=message or finding.message,
        advice=finding.advice,
        explanation=explanation,
        status=say(lang, "waived") if waiver else say(lang, f"round_{status}") if status else "",
        reason=waiver.reason if waiver else "",
        who=(waiver.who or "") if waiver else "",
        rule=finding.rule,
        address=address if address is not None else address_of(finding),
        finding_id=finding.finding_id,
    )


def _printed(finding: Finding, report: Report, lang: Lang) -> str:
    """What is printed there, as it is printed: of a sentence its figure, said to be the text's; of a period its days."""
    printed = finding.printed
    if printed is None:
        return ""
    if finding.statement is not None:
        said = [s for s in report.statements if s.code == finding.statement and s.value == printed]
        same = [s for s in said if finding.sentence and s.sentence == finding.sentence] or said
        text = same[0].printed if same else printed if isinstance(printed, str) else figure(printed)
        return say(lang, "in_text", printed=text)
    if isinstance(printed, str):
        if (m := _PERIOD.fullmatch(printed)) is None:
            return printed
        days = [say(lang, "iso_day", year=d[:4], month=int(d[5:7]), day=int(d[8:])) for d in m.groups()]
        return say(lang, "until", first=days[0], last=days[1])
    return figure(printed)


def _missing(broken: Sequence[Finding], causes: Sequence[Cause], lang: Lang) -> Iterator[str]:
    """What is not there, in words: tables, rows, sections, and how many cells are blank."""
    rows: Counter[str] = Counter()
    for cause in causes:
        rows.update({cause.title: len(cause.findings)} if cause.findings[0].rule == _MISSING_ROW else {})
    # A section that is there under a wrong number or title is not missing.
    yield from (f.message for f in broken if f.rule in _MISSING and f.printed is None)
    yield from (say(lang, "missing_rows", what=title, n=n) for title, n in rows.items())
    # A table that is blank as a whole is one finding on all its cells.
    blank = sum(max(len(f.cells), 1) for f in broken if f.rule == _BLANK)
    if blank:
        yield say(lang, "blank_cells", n=blank)
