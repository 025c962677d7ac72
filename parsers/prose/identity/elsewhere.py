"""What the place where a report stood says of it: a link's words, an address's parameters, a column, the operator's statement.

Belongs here: letting that settle what the report leaves open. Does not belong here: finding such evidence (whoever fetched the
report), weighing what the report itself says (`deciding`), saying that the two disagree (`checks.place_rules`).

A place never overrules a report: links are mistaken, columns hold a neighbour's report. What it contradicts stays as the report says,
with the contradicting evidence beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from schemas.bodies import body_of, relation
from schemas.report_identity import Evidence, ReportIdentity

from .collecting import Collected
from .deciding import decide_issuer, decide_year
from .patterns import patterns

# With one of these the report has not said enough to know the body.
_OPEN = frozenset({"unmatched", "contradictory", "ambiguous", "no_place", "short_name"})


def place_evidence(about: str, source: str, says: str | int, printed: str) -> Evidence:
    """A piece of evidence from outside of a report, with the weight that `identity.toml` gives its source."""
    weights = {"year": patterns().year_weights, "issuer": patterns().issuer_weights}.get(about, {})
    return Evidence(about, source, str(says), printed[:80], weights.get(source, 0))


def settled(identity: ReportIdentity, collected: Collected, standing: Sequence[Evidence]) -> ReportIdentity:
    """The identity with what the place settles of it: the year, the body or its place, where the report leaves them open."""
    both = replace(collected, evidence=[*collected.evidence, *standing])
    if identity.year is None:
        identity = replace(identity, year=decide_year(both))
    if identity.issuer is None or identity.division_code is None or not _OPEN.isdisjoint(identity.issuer_flags):
        decided = decide_issuer(identity, both)
        if decided.issuer is not None and _no_worse(identity, decided):
            identity = decided
    return identity


def _no_worse(said: ReportIdentity, decided: ReportIdentity) -> bool:
    """Whether what both decide only completes what the report says."""
    if said.issuer is None:
        return True
    if said.division_code is not None and decided.division_code != said.division_code:
        return False
    own, new = body_of(said), body_of(decided)
    if own is None or new is None or relation(own, new, said.year, decided.year) == "other":
        return False
    return decided.division_code is not None and decided.kind == said.kind
