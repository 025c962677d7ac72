"""Drafts of one batch that do not fit the rest: another year, another place.

Belongs here: which year and which place most reports of a batch are of, and those that are of none of it. Does not belong
here: who must report (`roster`), a report whose own words contradict each other (`time_rules`, `name_rules`).

Nothing is said of a batch that has no year or place of its own: several years of one body, reports from everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from schemas.bodies import Body, body_of
from schemas.divisions import by_code, inside
from schemas.facts import Report
from schemas.findings import Finding

from .batch_rules import Batch
from .rules import Rule

_T = TypeVar("_T")


def _most(votes: Sequence[_T], rule: Rule) -> tuple[_T, int] | None:
    """What most are, where those are enough of them."""
    if not votes:
        return None
    value, n = Counter(votes).most_common(1)[0]
    return (value, n) if n >= rule.options["least"] and n >= rule.options["share"] * len(votes) else None


def _of_several_bodies(reports: Iterable[Report]) -> bool:
    """Whether these are of more bodies than one: several years or versions of one body are no batch."""
    return len({b.key or b.printed for r in reports if (b := body_of(r.identity)) is not None}) > 1


def odd_year(rule: Rule, batch: Batch) -> Iterator[Finding]:
    """A report of another year than nearly all.

    Placeholders: ``year``, ``most`` (the common year), ``n`` (reports that are of it).
    """
    dated = [r for r in batch.reports if r.year is not None and r.period == "year" and r is not batch.parent]
    found = _most([r.year for r in dated], rule)
    if found is None or not _of_several_bodies(r for r in dated if r.year == found[0]):
        return
    most, n = found
    for report in dated:
        context = batch.context(report)
        context.holds(rule)
        if report.year != most:
            yield context.finding(
                rule,
                "broken",
                key="year",
                message=rule.say(context.lang, "message", year=report.year, most=most, n=n),
                printed=str(report.year),
            )


def odd_place(rule: Rule, batch: Batch) -> Iterator[Finding]:
    """A report of a body that is neither of the place that nearly all are of, nor in it, nor around it.

    Placeholders: ``issuer``, ``place`` (the common one), ``n`` (reports that are of it).
    """
    # Reports of many years are no batch that has a place.
    year = _most([r.year for r in batch.reports if r.year is not None], rule)
    if year is None or not _of_several_bodies(r for r in batch.reports if r.year == year[0]):
        return
    placed = [(r, b) for r in batch.reports if (b := body_of(r.identity)) is not None and (b.division or b.candidates)]
    found = _most([b.division for _, b in placed if b.division], rule)
    if found is None or found[0] is None:
        return
    home, n = found
    names = by_code(home)
    for report, body in placed:
        context = batch.context(report)
        context.holds(rule)
        if names and not _fits(body, home):
            yield context.finding(
                rule,
                "broken",
                key="place",
                message=rule.say(
                    context.lang, "message", issuer=report.issuer_printed or report.issuer, place=names[-1].name, n=n
                ),
                printed=report.issuer_printed or report.issuer,
            )


def _fits(body: Body, home: str) -> bool:
    codes = (body.division,) if body.division else body.candidates
    return any(inside(code, home) or inside(home, code) for code in codes)
