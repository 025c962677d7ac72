"""What a form's figures suggest of whom they are of, where nothing is said of it or another thing is said.

Belongs here: the scope that figures suggest, for whoever reads a report (`parsers.prose.identity`) and whoever judges it
(`checks`). Does not belong here: what a report says of its scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from . import forms
from .facts import Fact, Value

# Evidence of a scope that begins so is what the report itself says of whom its figures are.
SAID = ("preamble:", "stated:")

# So says the evidence of a report without a sentence: it may be part of one that says of whom its figures are.
TABLES_ALONE = "tables alone"
# Rows whose decisions tell an office from an area.
DECIDED: tuple[forms.RowRole, ...] = ("licensing", "penalty")
_DOCUMENTS: tuple[forms.ColumnRole, ...] = ("issued", "stock", "produced", "disclosed")
_ONE_AREA = 10_000


def values_of(facts: Iterable[Fact]) -> dict[str, Value]:
    """The numbers of a report by their cells' addresses."""
    return {f.address: f.value for f in facts if f.kind == "number" and f.value is not None}


def figures_at(values: Mapping[str, Value], addresses: Sequence[str]) -> list[Value]:
    """The values of those cells that have one."""
    return [values[a] for a in addresses if a in values]


def suggested(values: Mapping[str, Value], form: forms.Form) -> tuple[str, str] | None:
    """The scope that a government's figures suggest, and by which: documents without licences and penalties are its office's,
    licences or penalties in the tens of thousands its area's."""
    decisions = {
        role: next(iter(figures_at(values, form.cells("proactive", [role], ["decisions"]))), None) for role in DECIDED
    }
    documents = sum(figures_at(values, form.cells("proactive", ["normative"], _DOCUMENTS)))
    shown = "，".join(f"{row}={v}" for row, v in decisions.items())
    if any(v is not None and v >= _ONE_AREA for v in decisions.values()):
        return "area", shown
    if all(v == 0 for v in decisions.values()) and documents > 0:
        return "office", shown
    return None
