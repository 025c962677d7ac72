"""What a report counts: an office, a level of government, a whole area, a system.

Belongs here: scope by the words of `identity.toml`, and held against the figures. Does not belong here: whose report it
is (`deciding`), what figures suggest by themselves (`schemas.scopes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schemas import forms, scopes
from schemas.facts import Fact
from schemas.labels import fold
from schemas.report_identity import ReportIdentity

from .metadata import Metadata
from .patterns import ScopeRule, patterns

# What another paper is called says nothing about this one.
_QUOTED = re.compile(r"《[^》]*》")
# 综合科 gathers nothing.
_SECTION_NAME = re.compile(r"(?:综合|汇总)(?=[科股处室组])")
# A clause begins behind these; a heading may run on into it.
_CLAUSE_BEGINS = re.compile(r"(?:^|[。;,!:)\]\s]|情况|概述|概况)$")
# What a report says of itself is one sentence, as far as it does not go on to what was done; a line ends within it, but no
# heading stands there.
_SENTENCE = re.compile(r"(?:[^。;,\n]|,(?!全年|20\d\d年(?!\d))|\n(?!\(?[一二三四五六七八九十1-9][、.)])){0,200}")
# A sentence that is no note on figures.
_SPEAKS = re.compile(r"^(?!\(|\*|注|备注|说明|指标|填[表报])[^\n]{12,}?。", re.MULTILINE)
_CLAUSE = re.compile(r"[^。;\n]*$")
# A government's own words count wherever they stand: only its figures may be an area's or an office's.
_OF_GOVERNMENTS = frozenset(("government", "office", "zone"))


@dataclass(slots=True, frozen=True)
class Identified:
    """Which report it is, as far as its words say, and how its figures may still refute them (see `weigh_figures`).

    ``stated_received`` are the counts of requests by which the text's own words about its scope can be held against
    the table; ``weaker`` are scope and evidence to fall back on when the table refutes them. ``is_report``: a title, an
    announcement or headings say that this is a report, whether or not it holds figures. ``is_silent``: it has no sentence, but
    notes on figures.
    """

    identity: ReportIdentity
    stated_received: tuple[int, ...] = ()
    weaker: tuple[tuple[str, str], ...] = ()
    is_report: bool = False
    is_silent: bool = False


def with_scope(identity: ReportIdentity, preamble: str, lines: Sequence[str], about: Metadata) -> Identified:
    """The scope by the strongest evidence, with what is left should the table refute the text's own words."""
    texts = {
        "preamble": _SECTION_NAME.sub("", _QUOTED.sub("《》", preamble)),
        "text": _QUOTED.sub("《》", "\n".join(fold(line) for line in lines)),
        "column": "\n".join(map(fold, about.all("column"))),
        "title": fold(identity.issuer or "") + " " + fold(identity.title or ""),
    }
    evidence: list[tuple[str, str]] = []
    received: list[int] = []
    rules = [r for r in patterns().scopes if not r.kinds or identity.kind in r.kinds]
    of_preamble = [r for r in rules if r.where == "preamble"]
    rules = of_preamble + [r for r in rules if r.where != "preamble"]
    for n, rule in enumerate(rules):
        if n == len(of_preamble) and not evidence and identity.kind in _OF_GOVERNMENTS:
            evidence += _stated(texts["text"], of_preamble)
        matches = list(rule.pattern.finditer(texts[rule.where]))
        if not matches:
            continue
        evidence.append((rule.scope, f"{rule.where}: {matches[0][0].strip()[:60]}"))
        groups = set(rule.pattern.groupindex)
        if groups and len(evidence) == 1:
            received = [int(m[g]) for m in matches for g in groups if m[g]]
    silent = _SPEAKS.search(texts["text"]) is None
    if not evidence:
        return Identified(identity, is_silent=silent)
    scope, words = evidence[0]
    identity = replace(identity, scope=scope, scope_evidence=words)
    return Identified(identity, tuple(received), tuple(evidence[1:]), is_silent=silent)


def _stated(text: str, rules: Sequence[ScopeRule]) -> list[tuple[str, str]]:
    """The scope that sentences about the report itself or its figures give it, wherever they stand; none where two differ."""
    found: dict[str, str] = {}
    for sentence in _about_itself(text):
        for rule in rules:
            if m := rule.pattern.search(sentence):
                found.setdefault(rule.scope, f"stated: {m[0].replace(chr(10), '').strip()[:60]}")
                break
    return list(found.items()) if len(found) == 1 else []


def _about_itself(text: str) -> Iterator[str]:
    """Clauses whose subject is the report or its figures, and what it is made of; not what others are told to do, nor what it
    leaves out."""
    p = patterns()
    for m in p.stated.finditer(text):
        if _CLAUSE_BEGINS.search(text, max(0, m.start() - 4), m.start()):
            sentence = _SENTENCE.match(text, m.start())
            if sentence and not p.left_out.search(sentence[0]):
                yield _SECTION_NAME.sub("", sentence[0])
    for m in p.made_of.finditer(text):
        before = _CLAUSE.search(text, max(0, m.start() - 80), m.start())
        if not p.left_out.search(m[0]) and not p.others_told.search((before[0] if before else "") + m[0]):
            yield m[0]


_SAME_AREA = 0.8


def weigh_figures(identified: Identified, facts: Sequence[Fact], form_id: str) -> ReportIdentity:
    """The identity with its scope held against the figures of a form; a report in sentences alone has none.

    A sentence about the whole area says that the report is the area's only where the table is of its size: if the
    table holds far less than the stated counts, the next weaker evidence takes its place. Where nothing else tells a
    government's report from its office's, documents without licences and penalties are the office's, licences or
    penalties in the tens of thousands the area's.
    """
    identity = identified.identity
    values = scopes.values_of(facts)
    form = forms.load(form_id) if values else None
    if identified.stated_received and form is not None:
        stated = set(scopes.figures_at(values, form.cells("requests", ["received", "processed"], ["total"])))
        stated |= set(scopes.figures_at(values, form.cells("statistics", ["received"])))
        handled = scopes.figures_at(values, form.cells("requests", ["received", "carried_over"], ["total"]))
        if len(handled) == 2:
            stated.add(sum(handled))
        # An office receives a part of what its area receives: a table that holds much less than the sentence says is
        # not the area's. A table that holds about as much, or more, is, and one of the two is wrong.
        if stated and max(stated) < _SAME_AREA * min(identified.stated_received):
            rest = [e for e in identified.weaker if not e[1].startswith("text:")]
            scope, words = rest[0] if rest else ("unknown", None)
            identity = replace(identity, scope=scope, scope_evidence=words)
    strong = identity.scope_evidence is not None and identity.scope_evidence.startswith((*scopes.SAID, "text:"))
    if strong or form is None or identity.kind not in _OF_GOVERNMENTS:
        return identity
    suggested = scopes.suggested(values, form)
    if suggested is None:
        unknown = identified.is_silent and identity.scope_evidence is None
        return replace(identity, scope_evidence=scopes.TABLES_ALONE) if unknown else identity
    scope, shown = suggested
    alone = f" ({scopes.TABLES_ALONE})" if identified.is_silent else ""
    return replace(identity, scope=scope, scope_evidence=f"figures: {shown}{alone}")
