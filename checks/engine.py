"""Puts the catalogue to reports and says what a file's findings come to.

Belongs here: running every rule that applies to a report, a series, a batch; outcomes and the verdict. Does not belong
here: how a rule looks at a report (`*_rules`), its words and severity (`rules.toml`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from schemas.facts import Circular, Extraction, Report
from schemas.findings import Checked, Extent, Finding, Outcome, Verdict
from schemas.report_identity import ReportIdentity
from schemas.uncollected import uncollected

from .context import Context, Evaluator
from .evaluators import on_batch, on_report, on_series
from .explanations import explain
from .reconciling import name_exchanged, reconcile
from .rules import Lang, Profile, Rule, catalogue, rule
from .uncompared import uncompared

if TYPE_CHECKING:
    from .roster import Roster
    from .series_rules import Past

# A rule that holds, or is not for the report, needs no words.
_TOLD = ("broken", "not_assessable")


@cache
def _for_form(form_id: str) -> tuple[tuple[Rule, Evaluator], ...]:
    """The rules for one report that speak of a form, in catalogue order, each with its evaluator."""
    return tuple((rule, on_report(rule.by)) for rule in catalogue() if rule.by is not None and rule.speaks_of(form_id))


def _on_any_form(context: Context, found_in: Callable[[Context], list[Finding]]) -> list[Finding]:
    """What rules find in a report: where several forms fit it equally, what they find whichever is its own.

    A finding that only one of the forms gives would follow from a guess. What one cannot assess is not assessable.
    """
    found = found_in(context)
    for other in context.report.also:
        theirs = {f.finding_id: f for f in found_in(Context(other, context.profile, context.lang))}
        milder = (theirs.get(f.finding_id) for f in found)
        found = [
            other_one if other_one.outcome == "not_assessable" else f
            for f, other_one in zip(found, milder, strict=True)
            if other_one is not None
        ]
    return found


def _on_report(context: Context) -> list[Finding]:
    return _on_any_form(context, _on_own_form)


def _on_own_form(context: Context) -> list[Finding]:
    kind = context.report.kind
    return [
        finding
        for rule, evaluator in _for_form(context.report.form)
        if kind not in rule.not_kinds
        for finding in evaluator(rule, context)
    ]


def _on_series(context: Context, past: Past) -> list[Finding]:
    if not past.reports:
        return []
    return _on_any_form(
        context,
        lambda one: [
            finding
            for rule in catalogue()
            if rule.by_series is not None and rule.speaks_of(one.report.form)
            for finding in on_series(rule.by_series)(rule, one, past)
        ],
    )


def _extent(context: Context, findings: Sequence[Finding]) -> Extent:
    """How much of a report the rules for one report could be put to."""
    open_ = sum(f.outcome == "not_assessable" and f.rule in context.equations for f in findings)
    relations = sum(map(len, context.equations.values())) - open_
    left = list(uncompared(context))
    return Extent(context.report.report_id, len(context.facts), relations, context.compared, left)


def check_report(report: Report, profile: Profile = "draft", lang: Lang = "zh") -> list[Finding]:
    """All findings on one report, broken and not assessable, in catalogue order."""
    return _on_report(Context(report, profile, lang))


def outcomes(report: Report, profile: Profile = "draft", previous: Sequence[Report] = ()) -> dict[str, Outcome]:
    """How every rule for one report (and, with ``previous``, for a series) comes out: the worst of its findings."""
    from .series_rules import past_of

    context = Context(report, profile, "zh")
    findings = _on_report(context) + _on_series(context, past_of(report, previous))
    out: dict[str, Outcome] = {}
    for each in catalogue():
        if each.by is None and each.by_series is None:
            continue
        found = {f.outcome for f in findings if f.rule == each.id}
        if "broken" in found:
            out[each.id] = "broken"
        elif found:
            out[each.id] = "not_assessable"
        else:
            out[each.id] = "holds" if each.id in context.assessed else "not_applicable"
    return out


def check_series(reports: Iterable[Report], profile: Profile = "draft", lang: Lang = "zh") -> list[Finding]:
    """What the years of each body among these reports say of one another; findings stand on the later report."""
    from .series_rules import past_of

    given = list(reports)
    return [f for r in given for f in _on_series(Context(r, profile, lang), past_of(r, given))]


def check_batch(
    reports: Iterable[Report],
    roster: Roster | None = None,
    *,
    parent: Report | None = None,
    profile: Profile = "draft",
    lang: Lang = "zh",
    files: Sequence[str] = (),
) -> list[Finding]:
    """What reports of many bodies and one year say of one another.

    ``parent`` is the report that sums up the roster's members; without it the report of the roster's own parent is
    taken where it is among ``reports``. ``files`` name the files that the reports are from, where known. Findings about nobody's report have an empty ``report_id``.
    """
    given = list(reports)
    roster = roster.among(given) if roster is not None else None
    if parent is None and roster is not None and roster.parent is not None:
        of_parent = [r for r in given if roster.member(r) is roster.parent]
        parent = next((r for r in of_parent if r.scope == "area"), of_parent[0] if of_parent else None)
    from .batch_rules import Batch

    names = {id(r): name for r, name in zip(given, files, strict=False)}
    batch = Batch(given, roster, parent, profile, lang, names)
    return [f for r in catalogue() if r.by_batch is not None for f in on_batch(r.by_batch)(r, batch)]


def check_circular(circular: Circular, profile: Profile = "draft", lang: Lang = "zh") -> list[Finding]:
    """What is wrong with the shares a circular states. The findings' ``report_id`` is the circular's id."""
    from .share_rules import shares_of

    who = ReportIdentity(issuer=circular.issuer, year=circular.year, title=circular.title)
    stand_in = Report(circular.circular_id, who)
    return list(shares_of(rule("statement.share"), Context(stand_in, profile, lang), circular.statements))


def verdict(extraction: Extraction, findings: Iterable[Finding]) -> Verdict:
    """``fail`` for an error, ``warn`` for a warning or an error that cannot be assessed, ``pass`` for notes at most."""
    if not extraction.reports and not extraction.circulars:
        return "unreadable"
    found = list(findings)
    broken = [f.severity for f in found if f.outcome == "broken"]
    if "error" in broken:
        return "fail"
    if "warning" in broken or any(f.severity == "error" for f in found if f.outcome == "not_assessable"):
        return "warn"
    return "pass"


def say_in_english(checked: Checked, profile: Profile = "draft") -> None:
    """Give what is broken or cannot be assessed its message and advice in English too, beside those it has. Of one report's or
    circular's own rules."""
    told = {f.report_id for f in checked.findings if f.outcome in _TOLD}
    said: dict[tuple[str, str], list[Finding]] = {}
    for report in checked.extraction.reports:
        anew = check_report(report, profile, "en") if report.report_id in told else []
        anew = reconcile(anew, checked.explanations, report, "en")
        name_exchanged(anew, "en")
        for finding in anew:
            said.setdefault((finding.report_id, finding.finding_id), []).append(finding)
    for circular in checked.extraction.circulars:
        for finding in check_circular(circular, profile, "en") if circular.circular_id in told else ():
            said.setdefault((finding.report_id, finding.finding_id), []).append(finding)
    for finding in checked.findings:
        # What is said twice at one place has one id: they come in the same order.
        if finding.outcome in _TOLD and (found := said.get((finding.report_id, finding.finding_id))):
            one = found.pop(0) if len(found) > 1 else found[0]
            finding.message_en, finding.advice_en = one.message, one.advice


@uncollected()
def check(
    extraction: Extraction,
    profile: Profile = "draft",
    lang: Lang = "zh",
    *,
    previous: Sequence[Report] = (),
    same_body: bool = False,
) -> Checked:
    """Check every report and circular of one file, and explain what is broken in its tables.

    ``previous`` are earlier reports: those of the same body and scope add the rules about a series and lock what they
    know. ``same_body`` says that they are of the same body whatever they are called.
    """
    checked = Checked(extraction)
    for report in extraction.reports:
        context = Context(report, profile, lang)
        found = _on_report(context)
        name_exchanged(found, lang)
        checked.findings += found
        checked.extents.append(_extent(context, found))
        locked, last = None, None
        if previous:
            from .series_rules import locked_cells, past_of

            past = past_of(report, previous, same_body=same_body)
            checked.findings += _on_series(context, past)
            locked, last = locked_cells(report, past), past.previous
        if not context.has_broken_equations or any(
            not Context(r, profile, lang).has_broken_equations for r in report.also
        ):
            continue
        explained, unexplained = explain(report, locked=locked, previous=last, lang=lang)
        checked.explanations += explained
        checked.unexplained += unexplained
        if explained:
            checked.findings = reconcile(checked.findings, explained, report, lang)
    for circular in extraction.circulars:
        checked.findings += check_circular(circular, profile, lang)
    checked.verdict = verdict(extraction, checked.findings)
    return checked
