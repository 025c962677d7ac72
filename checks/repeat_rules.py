"""Rules about what a report repeats of an earlier one or of another body's: its figures, its words.

Belongs here: evaluators that ask whether anything is its own. Does not belong here: how one year's figures follow from
another's (`series_rules`), the same file handed in twice (`batch_rules`), how alike two texts are (`similar`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from schemas import divisions
from schemas.facts import Place, Report
from schemas.findings import Finding
from schemas.forms import SectionRole
from schemas.forms.model import HAN
from schemas.labels import fold

from .batch_rules import Batch, is_copied_from, of_one_body
from .context import Context
from .prose import Prose, pattern
from .rules import Rule
from .series_rules import Past
from .similar import bare, similarity


def unchanged(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """Every figure of the tables is last year's. ``{n}`` are the figures, ``{some}`` those of them above 0."""
    if past.previous is None or not past.is_comparable(context.report):
        return
    before = past.previous.values()
    # A form that goes on from the older one may have rows more.
    now = {address: value for address, value in context.report.values().items() if address in before}
    some = sum(value > 0 for value in now.values())
    if some < rule.options["least"] or past.previous.unresolved or context.report.unresolved:
        return
    context.holds(rule)
    if all(before[a] == value for a, value in now.items()):
        yield context.finding(
            rule,
            "broken",
            key=f"{past.previous.year}",
            message=rule.say(context.lang, "message", n=len(now), some=some, year=past.previous.year),
            cells=sorted(a for a, value in now.items() if value > 0),
        )


# -- words -------------------------------------------------------------------------------------------------------------


def copied(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """A section that repeats an earlier year's almost word for word."""
    for role in rule.options["sections"]:
        mine = _section(rule, context.report, context.prose, role)
        if mine is None:
            continue
        for report in reversed(past.reports):
            theirs = _section(rule, report, Prose(report), role)
            if theirs is None:
                continue
            context.holds(rule)
            alike = similarity(mine.text, theirs.text, rule.options["similarity"])
            if alike >= rule.options["similarity"]:
                year = f"{report.year}年" if context.lang == "zh" else f"{report.year}"
                other = rule.say(context.lang, "of", name=year)
                yield _finding(rule, context, mine, other, alike, f"{report.year}")
                break


def copied_in_batch(rule: Rule, batch: Batch) -> Iterator[Finding]:
    """A section that repeats another body's almost word for word; both reports are told, but where one still names the other as its author."""
    for role in rule.options["sections"]:
        texts = [(r, _section(rule, r, batch.context(r).prose, role)) for r in batch.reports]
        there = [(r, s) for r, s in texts if s is not None]
        told: dict[int, tuple[Report, float]] = {}
        for i, (report, mine) in enumerate(there):
            for other, theirs in there[:i]:
                # One that has its like already is compared only with those that have none.
                if (id(report) in told and id(other) in told) or of_one_body(other, report):
                    continue
                batch.context(report).holds(rule)
                alike = similarity(mine.text, theirs.text, rule.options["similarity"])
                if alike >= rule.options["similarity"]:
                    told.setdefault(id(report), (other, alike))
                    told.setdefault(id(other), (report, alike))
                    break
        for report, mine in there:
            if id(report) in told:
                other, alike = told[id(report)]
                if is_copied_from(other, report):
                    continue
                name = other.issuer or other.title or "—"
                said = rule.say(batch.lang, "of" if other.issuer or not other.title else "of_title", name=name)
                key = f"{other.report_id}.{other.issuer}"
                yield _finding(rule, batch.context(report), mine, said, alike, key)


class _Own(NamedTuple):
    """A section's own words, and where it stands."""

    n: int
    text: str
    place: Place


def _section(rule: Rule, report: Report, prose: Prose, role: SectionRole) -> _Own | None:
    """A section without figures, the body's names and what the notice makes everybody say; None where little is left."""
    section = prose.section(role)
    if section is None:
        return None
    names = {fold(n) for n in (report.issuer, report.issuer_printed) if n and len(n) > 2}
    if report.division_code:
        names |= {n for d in divisions.by_code(report.division_code) for n in (d.name, d.stem) if len(n) > 1}
    text = bare(section.text, names, pattern("copied", "leave_out"))
    return _Own(section.n, text, section.place) if len(text) >= rule.options["least"][role] else None


def _finding(rule: Rule, context: Context, own: _Own, other: str, alike: float, key: str) -> Finding:
    section = HAN[own.n - 1] if context.lang == "zh" else own.n
    return context.finding(
        rule,
        "broken",
        key=f"{own.n}.{key}",
        message=rule.say(context.lang, "message", section=section, other=other, percent=f"{alike * 100:.0f}"),
        printed=f"{alike:.2f}",
        place=own.place,
    )
