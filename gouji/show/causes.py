"""Findings grouped by cause: what one mistake broke stands together, the most serious first.

Belongs here: which findings belong together, which cells they accuse, cells named in few words.
Does not belong here: what is wrong (`checks`) and how a cause looks (`text`, `html`, `annotate`, `workbook`).

Sums of one table that share cells, or that one explanation mends together, are one cause. So are cells of one table
with the same fault, and the rows that one table lacks. A sentence joins the table's cause where it states the very
figure that an explanation gives; what follows from another finding (`following`) joins it. Of explanations one speaks as "the smallest", never as "the error".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from checks.rules import catalogue
from gouji.words import Lang, say
from schemas import identities
from schemas.facts import Report, Value
from schemas.findings import Checked, Explanation, Finding, Severity, Unexplained

from .following import followers, repeated
from .names import Names, quoted

Mark = Literal["wrong", "maybe", "part"]
# Of many rows so many are named.
_LISTED = 4
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass
class Cause:
    """One thing that is wrong: its findings, the explanations that mend it, and the cells it marks.

    ``marks``: ``wrong`` for a cell that the only smallest explanation changes or that is itself at fault, ``maybe``
    for one that some explanations change, ``part`` for the other cells of a broken sum. ``proposed`` holds the
    value that the only smallest explanation gives a cell.
    """

    report: Report
    severity: Severity
    title: str
    findings: list[Finding]
    explanations: list[Explanation] = field(default_factory=list)
    unexplained: list[Unexplained] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    proposed: dict[str, Value] = field(default_factory=dict)
    sums: bool = False
    # What to do about the cells that break the sums, where they are known; what each sum advises says less.
    instead: str = ""

    @property
    def rules(self) -> list[str]:
        return list(dict.fromkeys(f.rule for f in self.findings))

    @property
    def of_cells(self) -> bool:
        """Whether it is one fault of many cells, which where they are says in full: blanks, marks, words."""
        return not self.sums and all(
            len(f.cells) == 1 and f.statement is None and f.expected is None for f in self.findings
        )

    @property
    def advice(self) -> list[str]:
        """What to do, each advice once."""
        return [self.instead] if self.instead else list(dict.fromkeys(f.advice for f in self.findings if f.advice))

    @property
    def marked(self) -> dict[str, Mark]:
        """The cells to mark where the whole table is shown: those accused; of a sum that accuses none all its cells."""
        marked = {a: self.marks.get(a, "maybe") for a in self.accused}
        if not self.sums:
            return marked or {f.cells[0]: "maybe" for f in self.findings if f.cells}
        if not marked or any(not e.changes for e in self.explanations):
            for finding in self.findings:
                for address in finding.cells if not finding.statement else ():
                    marked.setdefault(address, "maybe")
        return marked

    @property
    def accused(self) -> list[str]:
        """The cells that the cause marks as wrong, else as possibly wrong."""
        wrong = [a for a, mark in self.marks.items() if mark == "wrong"]
        return wrong or [a for a, mark in self.marks.items() if mark == "maybe"]


@cache
def rule_order() -> dict[str, int]:
    """The place of every rule in the catalogue."""
    return {rule.id: i for i, rule in enumerate(catalogue())}


@cache
def rule_names(lang: Lang) -> dict[str, str]:
    """Rule ids to what the rule is called."""
    return {rule.id: rule.words[lang]["name"] for rule in catalogue()}


def rule_name(rule: str, lang: Lang) -> str:
    return rule_names(lang).get(rule, rule)


def causes_of(checked: Checked, report: Report, lang: Lang, *, without: Collection[str] = ()) -> list[Cause]:
    """The causes of one report's broken findings, most serious first; findings in ``without`` (ids) are left out."""
    mine = [
        f
        for f in checked.findings
        if f.report_id == report.report_id and f.outcome == "broken" and f.finding_id not in without
    ]
    again = repeated(mine)
    mine = [f for f in mine if f.finding_id not in again]
    sums = _sum_findings(report, mine)
    out = list(_sums(checked, report, sums, mine, lang))
    taken = {f.finding_id for cause in out for f in cause.findings}
    groups: dict[tuple[str, str | None, str], list[Finding]] = {}
    for finding in mine:
        if finding.finding_id not in taken:
            groups.setdefault((finding.rule, finding.table, finding.severity), []).append(finding)
    followed = followers([f for f in mine if f.finding_id not in taken])
    following = {f.finding_id for found in followed.values() for f in found}
    for (_, table, _), findings in groups.items():
        if left := [f for f in findings if f.finding_id not in following]:
            out.append(_group(report, left, table, lang))
    for cause in out:
        cause.findings.extend(b for a in list(cause.findings) for b in followed.get(a.finding_id, ()))
    order = rule_order()
    return sorted(out, key=lambda c: (SEVERITIES.index(c.severity), order.get(c.findings[0].rule, len(order))))


def _group(report: Report, findings: list[Finding], table: str | None, lang: Lang) -> Cause:
    name = rule_name(findings[0].rule, lang)
    title = say(lang, "in_table", table=Names(report, lang).table(table), what=name) if table else name
    cause = Cause(report, findings[0].severity, title, findings)
    for finding in findings:
        for address in finding.cells:
            cause.marks.setdefault(address, _mark(finding))
    return cause


def _mark(finding: Finding) -> Mark:
    """A finding on one cell alone is about this cell; where it is compared with others, either may be wrong."""
    if len(finding.cells) > 1:
        return "part"
    return "maybe" if finding.statement or len(finding.terms) > 1 else "wrong"


# -- sums ----------------------------------------------------------------------------------------------------------


def _sum_findings(report: Report, findings: Iterable[Finding]) -> list[Finding]:
    """The findings of rules that the form's own equations state."""
    rules = {e.rule for e in identities.equations(report.form, report.variant)} if report.layouts else set()
    return [f for f in findings if f.rule in rules]


def _sums(
    checked: Checked, report: Report, sums: Sequence[Finding], all_findings: Sequence[Finding], lang: Lang
) -> Iterator[Cause]:
    explanations = [e for e in checked.explanations if e.report_id == report.report_id]
    unexplained = [u for u in checked.unexplained if u.report_id == report.report_id]
    for cluster in _clusters(sums, explanations):
        names = {equation_name(f) for f in cluster}
        cells = {a for f in cluster for a in f.cells}
        table = cluster[0].table or ""
        mine = [e for e in explanations if e.table == table and (e.equation in names or _changed(e) & cells)]
        rest = [u for u in unexplained if u.table == table and names & set(u.equations)]
        cause = Cause(report, _worst(cluster), "", list(cluster), mine, rest, sums=True)
        _mark_sums(cause)
        if cause.proposed:
            cause.instead = say(
                lang, "check_cell" if len(cause.proposed) == 1 else "check_cells", n=len(cause.proposed)
            )
        # What is said of the same cells beside the sums is no sum more.
        cause.findings.extend(_about_the_same(cause, all_findings))
        if not cause.accused and (cell := _singled_out(cause, cluster)) is not None:
            cause.marks[cell] = "maybe"
            cause.explanations = [e for e in cause.explanations if e.changes]
            cause.instead = say(lang, "check_first", cell=Names(report, lang).cell(cell))
        what = rule_name(cluster[0].rule, lang) if len(cluster) == 1 else say(lang, "sums_broken", n=len(cluster))
        cause.title = say(lang, "in_table", table=Names(report, lang).table(table), what=what)
        yield cause


def equation_name(finding: Finding) -> str:
    """The finding's equation as explanations name it."""
    return f"{finding.rule} {finding.row or finding.column}"


def _changed(explanation: Explanation) -> set[str]:
    return {c.address for c in explanation.changes or ()}


def _worst(findings: Iterable[Finding]) -> Severity:
    return min((f.severity for f in findings), key=SEVERITIES.index)


def _clusters(sums: Sequence[Finding], explanations: Sequence[Explanation]) -> list[list[Finding]]:
    """Broken sums that hang together: by a common cell, or by an explanation that reaches both."""
    links = [set(f.cells) for f in sums] + [_changed(e) for e in explanations if e.changes]
    parts: list[tuple[set[str], list[Finding]]] = [(set(f.cells), [f]) for f in sums]
    for link in links:
        touching = [p for p in parts if p[0] & link]
        if len(touching) > 1:
            parts = [p for p in parts if not p[0] & link]
            parts.append((set().union(*(p[0] for p in touching)), [f for p in touching for f in p[1]]))
    parts = _together_where_none_is_accused(parts, explanations)
    position = {f.finding_id: i for i, f in enumerate(sums)}
    clusters = [sorted(found, key=lambda f: position[f.finding_id]) for _, found in parts]
    return sorted(clusters, key=lambda found: position[found[0].finding_id])


def _together_where_none_is_accused(
    parts: list[tuple[set[str], list[Finding]]], explanations: Sequence[Explanation]
) -> list[tuple[set[str], list[Finding]]]:
    """Broken sums of one table of which no explanation accuses a cell are told as one."""
    accused = set().union(*(_changed(e) for e in explanations))
    out: list[tuple[set[str], list[Finding]]] = []
    unaccused: dict[str | None, tuple[set[str], list[Finding]]] = {}
    for cells, found in parts:
        if cells & accused:
            out.append((cells, found))
            continue
        together = unaccused.setdefault(found[0].table, (set(), []))
        together[0].update(cells)
        together[1].extend(found)
    return [*out, *unaccused.values()]


def _mark_sums(cause: Cause) -> None:
    ways = [e for e in cause.explanations if e.changes]
    whole = [e for e in cause.explanations if not e.changes]
    changed = [_changed(e) for e in ways]
    always = set.intersection(*changed) if changed else set()
    for finding in cause.findings:
        for address in finding.cells:
            cause.marks.setdefault(address, "part")
    for explanation in ways:
        for change in explanation.changes or ():
            certain = len(ways) == 1 and not whole
            cause.marks[change.address] = "wrong" if certain or change.address in always else "maybe"
            if certain:
                cause.proposed[change.address] = change.value


def _singled_out(cause: Cause, sums: Sequence[Finding]) -> str | None:
    """The total that a sentence says to be what its parts add up to, where the parts alone tell no cell from another."""
    if len(sums) != 1 or cause.unexplained or any(e.changes for e in cause.explanations):
        return None
    found = {f.cells[0] for f in cause.findings if f.statement and len(f.cells) == 1 and f.printed == sums[0].expected}
    return found.pop() if len(found) == 1 and found <= set(sums[0].cells) else None


def _about_the_same(cause: Cause, findings: Sequence[Finding]) -> list[Finding]:
    """Other findings on an accused cell, and sentences that state the figure which an explanation gives a cell."""
    given = {(c.address, c.value) for e in cause.explanations for c in e.changes or ()}
    # Where no cell is accused, the sum's other side is the figure that its total would have.
    given |= {(a, f.expected) for f in cause.findings if f.expected is not None for a in f.cells}
    accused = set(cause.accused)
    taken = {f.finding_id for f in cause.findings}
    out = []
    for finding in findings:
        if finding.statement:
            same = any((address, finding.printed) in given for address in finding.cells)
        else:
            same = finding.table == cause.findings[0].table and bool(accused & set(finding.cells))
        if same and finding.finding_id not in taken:
            out.append(finding)
    return out


# -- cells in few words --------------------------------------------------------------------------------------------


def cells_in_words(report: Report, addresses: Iterable[str], lang: Lang) -> list[str]:
    """Cells named by whole table, column and row where they are complete, else row by row."""
    names = Names(report, lang)
    chosen = list(dict.fromkeys(addresses))
    there = [f.address for f in report.facts] + [u.address for u in report.unresolved]
    out: list[str] = []
    for table in dict.fromkeys(a.split(".")[0] for a in chosen):
        mine = {_at(a) for a in chosen if a.split(".")[0] == table}
        of_table = dict.fromkeys(_at(a) for a in there if a.split(".")[0] == table)
        for position in sorted(mine - of_table.keys()):
            of_table[position] = None
        out.extend(_of_table(names, table, mine, list(of_table)))
    return out


def _at(address: str) -> tuple[str, str]:
    _, row, column = address.split(".")
    return row, column


def _of_table(names: Names, table: str, mine: set[tuple[str, str]], there: list[tuple[str, str]]) -> Iterator[str]:
    lang = names.lang
    if len(mine) == len(there) > 1:
        yield say(lang, "whole_table", n=len(there))
        return
    rows = list(dict.fromkeys(r for r, _ in there))
    columns = list(dict.fromkeys(c for _, c in there))
    by_row = {r: [c for c in columns if (r, c) in mine] for r in rows}
    width = {r: sum(1 for row, _ in there if row == r) for r in rows}
    height = {c: sum(1 for _, column in there if column == c) for c in columns}
    full_columns = [c for c in columns if height[c] > 1 and sum(1 for r in rows if (r, c) in mine) == height[c]]
    full_rows = [r for r in rows if width[r] > 1 and len(by_row[r]) == width[r]]
    if len(columns) == 1:
        yield _listed(lang, [names.short_row(table, r) for r in rows if by_row[r]], "rows")
        return
    if full_columns:
        listed = _listed(lang, [names.column(table, c) for c in full_columns], "columns")
        yield say(lang, "whole_columns", which=listed)
    if full_rows:
        listed = _listed(lang, [names.short_row(table, r) for r in full_rows], "rows")
        yield say(lang, "whole_rows", which=listed)
    alike: dict[tuple[str, ...], list[str]] = {}
    for r in rows:
        left = tuple(c for c in by_row[r] if c not in full_columns)
        if left and r not in full_rows:
            alike.setdefault(left, []).append(r)
    for left, which in alike.items():
        yield say(
            lang,
            "row_columns",
            rows=_listed(lang, [names.short_row(table, r) for r in which], "rows"),
            columns=say(lang, "list_mark").join(names.column(table, c) for c in left),
        )


def _listed(lang: Lang, labels: Sequence[str], what: str) -> str:
    """Labels in quotation marks, of many the first few."""
    listed = say(lang, "list_mark").join(quoted(x, lang) for x in labels[:_LISTED])
    return listed if len(labels) <= _LISTED else say(lang, f"and_others_{what}", listed=listed, n=len(labels))
