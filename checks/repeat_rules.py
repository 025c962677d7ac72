"""Rules about what a report repeats of an earlier one: its figures.

Belongs here: evaluators that ask whether anything is new. Does not belong here: how one year's figures follow from
another's (`series_rules`).
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.findings import Finding

from .context import Context
from .rules import Rule
from .series_rules import Past


def unchanged(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """Every figure of the tables is last year's. ``{n}`` are the figures, ``{some}`` those of them above 0."""
    if past.previous is None or not past.is_comparable(context.report):
        return
    before = {f.address: f.value for f in past.previous.facts if f.value is not None}
    # A form that goes on from the older one may have rows more.
    now = {f.address: f.value for f in context.report.facts if f.value is not None and f.address in before}
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
