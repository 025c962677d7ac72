"""A form's identities spelled out cell by cell, and whether given figures satisfy them.

Belongs here: turning `schemas.forms` identities into equations over addresses, and testing figures against them.
Does not belong here: outcomes, blanks and findings (`checks` judges those, by its own code: the two confirm one another).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.facts import Value
from schemas.forms import Form, Identity, TableForm

# What is broken: the rule's id, and the code of the column or row it was applied to.
Break = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Equation:
    """One identity applied to one column or row: sum of ``left`` ``relation`` sum of ``right`` (all addresses)."""

    rule: str
    each: str
    code: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    relation: str

    @property
    def cells(self) -> tuple[str, ...]:
        return self.left + self.right

    def holds(self, values: Mapping[str, Value]) -> bool:
        left = sum(values[a] for a in self.left)
        right = sum(values[a] for a in self.right)
        if self.relation == ">=":
            return left >= right
        return left == right


def _apply(table: TableForm, identity: Identity, row_codes: list[str]) -> list[Equation]:
    """An identity at every column (or row) that it is repeated along."""
    along_columns = identity.each == "column"
    places = [c.code for c in table.columns] if along_columns else row_codes

    def addresses(codes: list[str], place: str) -> tuple[str, ...]:
        if along_columns:
            return tuple(f"{table.code}.{code}.{place}" for code in codes if code in row_codes)
        return tuple(f"{table.code}.{place}.{code}" for code in codes)

    return [
        Equation(
            identity.rule,
            identity.each,
            place,
            addresses(list(identity.left), place),
            addresses(list(identity.right), place),
            identity.relation,
        )
        for place in places
        if not identity.only or place in identity.only
    ]


def equations(form: Form, variant: str | None = None, omitted: frozenset[str] = frozenset()) -> list[Equation]:
    """Every equation of the form; within a table those along columns come first.

    Rows in ``omitted`` are not in this edition of the form: equations do without them.
    """
    out: list[Equation] = []
    for table in form.tables.values():
        row_codes = [r.code for r in form.rows(table.code, variant) if r.code not in omitted]
        of_table = [e for identity in table.identities for e in _apply(table, identity, row_codes)]
        out += sorted((e for e in of_table if e.left and e.right), key=lambda e: e.each)
    return out


def broken(all_equations: list[Equation], values: Mapping[str, Value]) -> frozenset[Break]:
    """The equations that these figures violate, as (rule, row or column code)."""
    return frozenset((e.rule, e.code) for e in all_equations if not e.holds(values))
