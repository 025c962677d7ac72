"""What a report counts: an office, a level of government, a whole area, a system.

Belongs here: scope by the words of `identity.toml`, and held against the figures. Does not belong here: whose report it
is (`deciding`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schemas import forms
from schemas.facts import Fact, Value
from schemas.labels import fold
from schemas.report_identity import ReportIdentity

from .metadata import Metadata
from .patterns import patterns

# What another paper is called says nothing about this one.
_QUOTED = re.compile(r"《[^》]*》")


@dataclass(slots=True, frozen=True)
class Identified:
    """Which report it is, as far as its words say, and how its figures may still refute them (see `weigh_figures`).

    ``stated_received`` are the counts of requests by which the text's own words about its scope can be held against
    the table; ``weaker`` are scope and evidence to fall back on when the table refutes them. ``is_report``: a title, an
    announcement or headings say that this is a report, whether or not it holds figures.
    """

    identity: ReportIdentity
    stated_received: tuple[int, ...] = ()
    weaker: tuple[tuple[str, str], ...] = ()
    is_report: bool = False


def with_scope(identity: ReportIdentity, preamble: str, lines: Sequence[str], about: Metadata) -> Identified:
    """The scope by the strongest evidence, with what is left should the table refute the text's own words."""
    texts = {
        "preamble": _QUOTED.sub("《》", preamble),
        "text": _QUOTED.sub("《》", "\n".join(fold(line) for line in lines)),
        "column": "\n".join(map(fold, about.all("column"))),
        "title": fold(identity.issuer or "") + " " + fold(identity.title or ""),
    }
    evidence: list[tuple[str, str]] = []
    received: list[int] = []
    for rule in patterns().scopes:
        if rule.kinds and identity.kind not in rule.kinds:
            continue
        matches = list(rule.pattern.finditer(texts[rule.where]))
        if not matches:
            continue
        evidence.append((rule.scope, f"{rule.where}: {matches[0][0].strip()[:60]}"))
        groups = set(rule.pattern.groupindex)
        if groups and len(evidence) == 1:
            received = [int(m[g]) for m in matches for g in groups if m[g]]
    if not evidence:
        return Identified(identity)
    scope, words = evidence[0]
    return Identified(replace(identity, scope=scope, scope_evidence=words), tuple(received), tuple(evidence[1:]))


_DECIDED: tuple[forms.RowRole, ...] = ("licensing", "penalty")
_DOCUMENTS: tuple[forms.ColumnRole, ...] = ("issued", "stock", "produced", "disclosed")
_ONE_AREA = 10_000
_SAME_AREA = 0.8


def weigh_figures(identified: Identified, facts: Sequence[Fact], form_id: str) -> ReportIdentity:
    """The identity with its scope held against the figures of a form; a report in sentences alone has none.

    A sentence about the whole area says that the report is the area's only where the table is of its size: if the
    table holds far less than the stated counts, the next weaker evidence takes its place. Where nothing else tells a
    government's report from its office's, documents without licences and penalties are the office's, licences or
    penalties in the tens of thousands the area's.
    """
    identity = identified.identity
    values = {f.address: f.value for f in facts if f.kind == "number" and f.value is not None}
    form = forms.load(form_id) if values else None
    if identified.stated_received and form is not None:
        stated = set(_figures(values, form.cells("requests", ["received", "processed"], ["total"])))
        stated |= set(_figures(values, form.cells("statistics", ["received"])))
        handled = _figures(values, form.cells("requests", ["received", "carried_over"], ["total"]))
        if len(handled) == 2:
            stated.add(sum(handled))
        # An office receives a part of what its area receives: a table that holds much less than the sentence says is
        # not the area's. A table that holds about as much, or more, is, and one of the two is wrong.
        if stated and max(stated) < _SAME_AREA * min(identified.stated_received):
            rest = [e for e in identified.weaker if not e[1].startswith("text:")]
            scope, words = rest[0] if rest else ("unknown", None)
            identity = replace(identity, scope=scope, scope_evidence=words)
    strong = identity.scope_evidence is not None and identity.scope_evidence.startswith(("preamble:", "text:"))
    if strong or form is None or identity.kind not in {"government", "office", "zone"}:
        return identity
    decisions = {
        role: next(iter(_figures(values, form.cells("proactive", [role], ["decisions"]))), None) for role in _DECIDED
    }
    documents = sum(_figures(values, form.cells("proactive", ["normative"], _DOCUMENTS)))
    shown = "，".join(f"{row}={v}" for row, v in decisions.items())
    if any(v is not None and v >= _ONE_AREA for v in decisions.values()):
        return replace(identity, scope="area", scope_evidence=f"figures: {shown}")
    if all(v == 0 for v in decisions.values()) and documents > 0:
        return replace(identity, scope="office", scope_evidence=f"figures: {shown}")
    return identity


def _figures(values: Mapping[str, Value], addresses: Sequence[str]) -> list[Value]:
    """The values of those cells that have one."""
    return [values[a] for a in addresses if a in values]
