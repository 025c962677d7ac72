"""Findings beside the explanations of the same report: what the likely correction of a table says of the others.

Belongs here: sentences that a correction bears out, guesses that it makes needless. Does not belong here: looking for
explanations (`explanations`), the findings themselves (`*_rules`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from schemas.facts import Report, Value
from schemas.findings import Change, Explanation, Finding

from .comparisons import code_words
from .context import Context, show
from .meant import agrees
from .rules import Lang, rule

_SENTENCE, _GUESS = "statement.disagrees", "split.digits"


def reconcile(
    findings: Iterable[Finding], explanations: Sequence[Explanation], report: Report, lang: Lang
) -> list[Finding]:
    """The findings that stay, in their order.

    A sentence that has the figure of a likely correction is no longer said to be copied from another row: it confirms the
    correction; where several would mend the table, the one it has the figure of is marked (`Explanation.borne_out`). One that with the only correction is the sum that its words mean (共办理20件，含上年结转1件) is right, and is left
    out: it was put to cells that are not at fault. That two cells may be one figure is a guess, and is left out where the correction of one cell is enough.
    """
    values = report.values()
    findings = list(findings)
    mine = [e for e in explanations if e.report_id == report.report_id and e.changes]
    mends = [e.changes for e in mine if e.changes]
    confirmed = {
        f.finding_id: with_it
        for f in findings
        if f.report_id == report.report_id and f.outcome == "broken" and f.rule == _SENTENCE and f.statement
        if (with_it := [e for e in mine if _confirms(f, e.changes or (), values)])
    }
    for explanation in (e for with_it in confirmed.values() for e in with_it):
        explanation.borne_out = len(_instead_of(explanation, mine)) > 1
    out = []
    for finding in findings:
        if finding.report_id == report.report_id and finding.outcome == "broken":
            if finding.rule == _GUESS and _is_mended(finding, mends):
                continue
            if finding.rule == _SENTENCE and _is_borne_out(finding, mends, report):
                continue
            if finding.rule == _SENTENCE and finding.statement and finding.finding_id in confirmed:
                finding.explained_by = None
                finding.message = rule(_SENTENCE).say(
                    lang,
                    _which(confirmed[finding.finding_id], mine),
                    what=code_words(lang, finding.statement),
                    stated=show(finding.printed),
                    expected=show(finding.expected),
                )
                finding.advice = rule(_SENTENCE).say(lang, "advice_confirms")
        out.append(finding)
    return out


def exchanged(findings: Sequence[Finding]) -> list[tuple[Finding, Finding]]:
    """Two figures of sentences of which each is in the table what the other should be: two rows in each other's place."""
    wrong = [f for f in findings if f.rule == _SENTENCE and f.outcome == "broken" and len(f.cells) == 1]
    return [
        (a, b)
        for a, b in combinations(wrong, 2)
        if (a.report_id, a.table) == (b.report_id, b.table)
        if a.printed == b.expected and b.printed == a.expected and a.printed != b.printed
        if a.statement and b.statement and a.cells[0].rpartition(".")[2] == b.cells[0].rpartition(".")[2]
    ]


def name_exchanged(findings: Sequence[Finding], lang: Lang) -> None:
    """Say of such two that they are exchanged, and what to look at."""
    for pair in exchanged(findings):
        for one, other in (pair, pair[::-1]):
            one.message = rule(_SENTENCE).say(
                lang,
                "exchanged",
                what=code_words(lang, one.statement or ""),
                other=code_words(lang, other.statement or ""),
                stated=show(one.printed),
                expected=show(one.expected),
            )
            one.advice = rule(_SENTENCE).say(lang, "advice_exchanged")


def _is_mended(finding: Finding, mends: Sequence[Sequence[Change]]) -> bool:
    """Whether one cell of the guess's row, changed alone and to something else than the guess, mends the table."""
    rows = {address.rpartition(".")[0] for address in finding.cells}
    alone = [c for changes in mends if len(changes) == 1 for c in changes if c.address.rpartition(".")[0] in rows]
    return bool(alone) and not any((c.address, c.value) == (finding.cells[0], finding.expected) for c in alone)


def _is_borne_out(finding: Finding, mends: Sequence[Sequence[Change]], report: Report) -> bool:
    """Whether the only correction that there is makes a sentence agree which was not put to the cells that it changes."""
    if len(mends) != 1 or any(c.address in finding.cells for c in mends[0]):
        return False
    stated = [
        s
        for s in report.statements
        if (s.code, s.value, s.place) == (finding.statement, finding.printed, finding.place)
    ]
    if not stated:
        return False
    mended = {c.address: c.value for c in mends[0]}
    facts = [replace(f, value=mended[f.address]) if f.address in mended else f for f in report.facts]
    context = Context(replace(report, facts=facts), "draft", "zh")
    return all(agrees(context, s) for s in stated)


def _confirms(finding: Finding, changes: Sequence[Change], values: Mapping[str, Value]) -> bool:
    """Whether a correction that changes the cells of a sentence's figure makes them that figure."""
    mended = {c.address: c.value for c in changes}
    if not mended.keys() & set(finding.cells):
        return False
    figures = [mended.get(a, values.get(a)) for a in finding.cells]
    return None not in figures and sum(v for v in figures if v is not None) == finding.printed


def _instead_of(explanation: Explanation, explanations: Sequence[Explanation]) -> list[Explanation]:
    """The explanations of which one is enough: those of the same broken sums."""
    return [e for e in explanations if (e.table, e.equation) == (explanation.table, explanation.equation)]


def _which(with_it: Sequence[Explanation], explanations: Sequence[Explanation]) -> str:
    """How to speak of the corrections that a sentence bears out: the likely one, the first of several, some of them."""
    ways = _instead_of(with_it[0], explanations)
    if len(ways) == 1:
        return "confirms"
    # What prints them puts those that are borne out first.
    return "confirms_first" if sum(e.borne_out for e in ways) == 1 else "confirms_some"
