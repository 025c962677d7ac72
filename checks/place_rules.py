"""Rules about where a report stood: the link, the address's parameters, the operator's statement against what it says itself.

Belongs here: evaluators that compare a report with its place. Does not belong here: finding such evidence (whoever collected the
report), letting it settle what the report leaves open (`parsers.prose.identity`).
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.bodies import Body, body_named, body_of, relation
from schemas.findings import Finding
from schemas.report_identity import Evidence

from .context import Context
from .rules import Rule

# A government's column holds the reports of its departments, and one of a year those published in it: no contradiction.
_SOURCES = ("list link", "parameter", "stated")
_OF_GOVERNMENT = frozenset(("government", "office"))


def stood(rule: Rule, context: Context) -> Iterator[Finding]:
    """What led to the report names its body and its year."""
    identity = context.report.identity
    own = body_of(identity)
    for about, said in (("year", identity.year), ("issuer", own)):
        evidence = [e for e in identity.evidence if e.about == about and e.source in _SOURCES]
        if said is None or not evidence:
            continue
        context.holds(rule)
        against = [e for e in evidence if not _agrees(e, identity.year, own)]
        if against:
            worst = max(against, key=lambda e: e.weight)
            yield context.finding(
                rule,
                "broken",
                key=about,
                message=rule.say(
                    context.lang,
                    about,
                    place=rule.say(context.lang, worst.source.replace(" ", "_")),
                    stated=worst.says,
                    printed=worst.printed,
                    own=identity.year if about == "year" else identity.issuer or identity.issuer_printed,
                ),
                printed=worst.printed,
            )


def _agrees(evidence: Evidence, year: int | None, own: Body | None) -> bool:
    if evidence.about == "year":
        return evidence.says == str(year)
    meant = body_named(evidence.says, year)
    if own is None or relation(own, meant, year, year) != "other":
        return True
    return {own.kind, meant.kind} <= _OF_GOVERNMENT and own.division == meant.division
