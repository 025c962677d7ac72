"""What a check says: findings, explanations, and the verdict on a file.

Belongs here: the plain typed objects that `checks` returns, and their JSON as `check` prints it.
Does not belong here: the rules themselves (`checks/rules`) and how findings are shown (`gouji`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from .facts import Extraction, Place, Statement, Value, as_number

Outcome = Literal["holds", "broken", "not_assessable", "not_applicable"]
Severity = Literal["error", "warning", "note"]
Verdict = Literal["pass", "warn", "fail", "unreadable"]


@dataclass(slots=True)
class Term:
    """One cell that takes part in a finding, with the sign it has in the equation."""

    address: str
    sign: int
    printed: str | None
    value: Value | None

    def to_json(self) -> dict[str, Any]:
        return {"address": self.address, "sign": self.sign, "printed": self.printed, "value": as_number(self.value)}


@dataclass(slots=True)
class Finding:
    """One rule put to one place of one report, where it does not hold or cannot be assessed."""

    finding_id: str
    report_id: str
    rule: str
    outcome: Outcome
    severity: Severity
    table: str | None = None
    row: str | None = None
    column: str | None = None
    statement: str | None = None
    cells: list[str] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    printed: Value | str | None = None
    expected: Value | None = None
    difference: Value | None = None
    explained_by: str | None = None
    sentence: str | None = None
    place: Place = field(default_factory=Place)
    message: str = ""
    advice: str = ""
    # Only zeros in the blank cells would make the rule hold (for not_assessable ones).
    consistent_with_zero: bool = False
    # The same in English, for databases; empty where nobody asked for both.
    message_en: str = ""
    advice_en: str = ""

    @property
    def places(self) -> int:
        """In how many places it is: what is blank as a whole is as many as it has cells, all else is one."""
        whole = self.rule.startswith("value.") and self.expected is None and self.statement is None
        return max(len(self.cells), 1) if whole else 1

    def to_json(self) -> dict[str, Any]:
        return {
            "finding_id": self.finding_id,
            "report_id": self.report_id,
            "rule": self.rule,
            "outcome": self.outcome,
            "severity": self.severity,
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "statement": self.statement,
            "cells": list(self.cells),
            "terms": [t.to_json() for t in self.terms],
            "printed": self.printed if isinstance(self.printed, str) else as_number(self.printed),
            "expected": as_number(self.expected),
            "difference": as_number(self.difference),
            "explained_by": self.explained_by,
            "sentence": self.sentence,
            "place": self.place.to_json(),
            "message": self.message,
            "advice": self.advice,
            "consistent_with_zero": self.consistent_with_zero,
        }


@dataclass(slots=True)
class Change:
    """A cell and the value it would take in an explanation; digit evidence decides nothing."""

    address: str
    printed: Value | None
    value: Value
    evidence: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "printed": as_number(self.printed),
            "value": as_number(self.value),
            "evidence": self.evidence,
        }


@dataclass(slots=True)
class Explanation:
    """A smallest set of changes that mends a table; ``changes`` is None where every cell explains it equally.

    ``pattern`` names what people do that looks like it, ``message`` says it all in a sentence. ``borne_out``: of several
    that mend the same, one with which a sentence of the report agrees.
    """

    report_id: str
    table: str
    equation: str
    changes: list[Change] | None
    pattern: str | None = None
    message: str = ""
    borne_out: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "report_id": self.report_id,
            "table": self.table,
            "equation": self.equation,
            "changes": None if self.changes is None else [c.to_json() for c in self.changes],
            "pattern": self.pattern,
            "message": self.message,
        }


@dataclass(slots=True)
class Unexplained:
    """Broken equations of a table that no small set of changes mends: the table has to be read again."""

    report_id: str
    table: str
    equations: list[str]
    message: str

    def to_json(self) -> dict[str, Any]:
        return {
            "report_id": self.report_id,
            "table": self.table,
            "equations": list(self.equations),
            "message": self.message,
        }


@dataclass(slots=True)
class Compared:
    """A figure of a sentence as it was put to the tables. ``cells`` are those it was compared with, ``expected`` is what
    they come to; None where that cannot be told."""

    statement: Statement
    cells: list[str]
    outcome: Outcome
    expected: Value | None


@dataclass(slots=True)
class Uncompared:
    """A sentence with figures about the tables that were not put to them; ``figures`` are those, as printed."""

    report_id: str
    sentence: str
    figures: list[str]
    place: Place

    def to_json(self) -> dict[str, Any]:
        return {"sentence": self.sentence, "figures": list(self.figures), "place": self.place.to_json()}


@dataclass(slots=True)
class Extent:
    """How much of one report was checked: cells that were read, equations of the form that could be assessed, figures
    of sentences that were compared with the tables, and sentences with figures about the tables that were not."""

    report_id: str
    cells: int = 0
    relations: int = 0
    compared: list[Compared] = field(default_factory=list)
    uncompared: list[Uncompared] = field(default_factory=list)

    @property
    def figures(self) -> int:
        """Figures of sentences that could be told to be the table's or not."""
        return sum(c.outcome in ("holds", "broken") for c in self.compared)

    def to_json(self) -> dict[str, Any]:
        return {
            "report_id": self.report_id,
            "cells": self.cells,
            "relations": self.relations,
            "figures": self.figures,
            "uncompared": [u.to_json() for u in self.uncompared],
        }


@dataclass(slots=True)
class Checked:
    """All that `gouji check` says of one file."""

    extraction: Extraction
    findings: list[Finding] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)
    unexplained: list[Unexplained] = field(default_factory=list)
    verdict: Verdict = "pass"
    extents: list[Extent] = field(default_factory=list)

    def extent(self, report_id: str) -> Extent:
        """How much of a report was checked."""
        return next((e for e in self.extents if e.report_id == report_id), Extent(report_id))

    def to_json(self, *, everything: bool = False) -> dict[str, Any]:
        shown = [f for f in self.findings if f.outcome == "broken" or (everything and f.outcome == "not_assessable")]
        return {
            "source": self.extraction.source.to_json(),
            "versions": dict(self.extraction.versions),
            "reports": [{**r.identity_json(), "leftovers": len(r.leftovers)} for r in self.extraction.reports],
            "problems": [p.to_json() for p in self.extraction.problems],
            "verdict": self.verdict,
            "checked": [e.to_json() for e in self.extents],
            "findings": [f.to_json() for f in shown],
            "explanations": [e.to_json() for e in self.explanations],
            "unexplained": [u.to_json() for u in self.unexplained],
        }
