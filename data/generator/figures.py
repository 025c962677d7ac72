"""Figures for a report: drawn by applicants, outcomes and results, and completed so that every identity holds.

Belongs here: values by address, for any form. Does not belong here: whose report it is (`truth`), errors (`planting`), how a
figure is printed (`dress`).

Cells that an identity determines are computed from the form's own data; only their operands are drawn.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from schemas.facts import Value
from schemas.forms import Form, Row, TableForm, TableRole

from .equations import Equation
from .issuers import Issuer

# How many requests a body of this size receives in a year.
SIZES: dict[str, tuple[int, int]] = {
    "none": (0, 0),
    "tiny": (0, 6),
    "small": (6, 60),
    "medium": (60, 900),
    "large": (900, 9000),
}


@cache
def _shares(what: str) -> dict[str, float]:
    shares: dict[str, float] = tomllib.loads((Path(__file__).parent / "shares.toml").read_text("utf-8"))[what]
    return shares


def _share(what: str, code: str) -> float:
    """How much of the applicants, outcomes or disputes falls to a column or row."""
    shares = _shares(what)
    return shares.get(code, shares["else"])


@dataclass(frozen=True)
class Frame:
    """What figures are drawn for: the form as one report has it."""

    form: Form
    variant: str | None
    omitted: frozenset[str]
    issuer: Issuer
    equations: list[Equation]

    def rows(self, table: str) -> tuple[Row, ...]:
        return tuple(r for r in self.form.rows(table, self.variant) if r.code not in self.omitted)

    def table(self, role: TableRole) -> TableForm:
        table = self.form.table(role)
        assert table is not None
        return table

    def outcomes(self) -> list[str]:
        return [r.code for r in self.rows(self.table("requests").code) if "outcome" in r.roles]

    def applicants(self) -> list[str]:
        return [c.code for c in self.table("requests").columns_as("part")]

    def signed(self) -> set[str]:
        """Cells that may be below 0."""
        return {
            table.address(row, column)
            for table in self.form.tables.values()
            for row in table.rows
            for column in table.columns_of(row)
            if table.value_of(row, column) == "signed"
        }

    def bound(self) -> list[str]:
        """Cells that take part in an equation: an error elsewhere cannot be seen by arithmetic."""
        return sorted({a for e in self.equations for a in e.cells})


def _spread(rng: random.Random, total: int, weights: list[float]) -> list[int]:
    """``total`` cases over the weights."""
    counts = [0] * len(weights)
    for i in rng.choices(range(len(weights)), weights, k=total):
        counts[i] += 1
    return counts


def _amount(rng: random.Random, magnitude: int) -> Decimal:
    if rng.random() < 0.15:
        return Decimal(0)
    places = rng.choice((0, 1, 2, 2, 2, 2, 3, 4, 6))
    return Decimal(rng.randint(1, magnitude * 10**places)).scaleb(-places).normalize() + 0


def _signed(rng: random.Random) -> int:
    return rng.choice((0, 0, 0, rng.randint(1, 40), -rng.randint(1, 40)))


def _draw_requests(rng: random.Random, frame: Frame, total: int) -> dict[str, Value]:
    """Outcomes, carried over and carried forward by applicant; the rest follows from the identities."""
    table, columns, outcomes = frame.table("requests"), frame.applicants(), frame.outcomes()
    values: dict[str, Value] = {}
    per_column = _spread(rng, total, [_share("applicants", c) * rng.uniform(0.5, 1.5) for c in columns])
    weights = [_share("outcomes", o) * rng.uniform(0.2, 1.8) for o in outcomes]
    for column, handled in zip(columns, per_column, strict=True):
        forward = rng.randint(0, handled // 12) if handled else 0
        for outcome, n in zip(outcomes, _spread(rng, handled - forward, weights), strict=True):
            values[table.address(outcome, column)] = n
        values |= {table.address(r, column): forward for r in table.rows_as("carried_forward")}
        over = rng.randint(0, handled // 15) if handled else 0
        values |= {table.address(r, column): over for r in table.rows_as("carried_over")}
    return values


def _draw_disputes(rng: random.Random, frame: Frame, total: int) -> dict[str, Value]:
    table = frame.table("disputes")
    columns = [c.code for c in table.columns_as("part")]
    values: dict[str, Value] = {}
    for row, share in zip(table.rows, (0.12, 0.06, 0.03), strict=False):
        n = rng.randint(0, max(1, round(total * share))) if total else 0
        for column, k in zip(columns, _spread(rng, n, [_share("disputes", c) for c in columns]), strict=True):
            values[table.address(row, column)] = k
    return values


def _draw_article20(rng: random.Random, frame: Frame, magnitude: int) -> dict[str, Value]:
    """Items of Article 20. Stocks are at least what was issued; 规章 only where the issuer may make them."""
    values: dict[str, Value] = {}
    table = frame.table("proactive")
    for row in table.rows:
        for column in table.columns_of(row):
            address = table.address(row, column)
            kind = table.value_of(row, column)
            if kind == "amount":
                values[address] = _amount(rng, magnitude * 10)
            elif kind == "signed":
                values[address] = _signed(rng)
            elif "decisions" in column.roles:
                values[address] = int(10 ** rng.uniform(0, 1 + len(str(magnitude))))
            else:
                values[address] = rng.randint(0, 30)
        stock = table.column_as("stock", row) or table.column_as("disclosed_total", row)
        made = table.column_as("issued", row) or table.column_as("produced", row)
        if "regulations" in row.roles and not frame.issuer.makes_regulations:
            values.update({table.address(row, c): 0 for c in table.columns_of(row)})
        elif stock is not None and made is not None:
            values[table.address(row, stock)] = values[table.address(row, made)] + rng.randint(0, magnitude)
            disclosed = table.column_as("disclosed", row)
            if disclosed is not None:
                values[table.address(row, disclosed)] = values[table.address(row, made)]
    return values


def draw(rng: random.Random, frame: Frame, size: str) -> dict[str, Value]:
    total = rng.randint(*SIZES[size])
    magnitude = {"none": 3, "tiny": 10, "small": 60, "medium": 300, "large": 3000}[size]
    tables = frame.form.tables
    values: dict[str, Value] = {}
    if frame.form.table("requests") is not None:
        values.update(_draw_requests(rng, frame, total))
    if frame.form.table("disputes") is not None:
        values.update(_draw_disputes(rng, frame, total))
    if frame.form.table("proactive") is not None:
        values.update(_draw_article20(rng, frame, magnitude))
    determined = {e.left[0] for e in frame.equations}
    for code, table in tables.items():
        for row in frame.rows(code):
            for column in table.columns_of(row):
                address = f"{code}.{row.code}.{column.code}"
                if address not in determined and address not in values:
                    amount = table.value_of(row, column) == "amount"
                    values[address] = _amount(rng, magnitude) if amount else rng.randint(0, magnitude)
    _determine(rng, values, frame.equations)
    return values


def _determine(rng: random.Random, values: dict[str, Value], all_equations: list[Equation]) -> None:
    """Fill the cells that equations determine (the first on their left), each from operands already there."""
    waiting = [e for e in all_equations if e.left[0] not in values]
    while waiting:
        missing = {e.left[0] for e in waiting}
        ready = {a for a in missing if all(c in values for e in waiting if e.left[0] == a for c in e.cells if c != a)}
        if not ready:
            raise ValueError(f"the form's identities are circular: {waiting[0]}")
        for address in sorted(ready):
            own = [e for e in waiting if e.left[0] == address]
            wanted = [sum(values[a] for a in e.right) - sum(values[a] for a in e.left[1:]) for e in own]
            exact = [w for w, e in zip(wanted, own, strict=True) if e.relation == "="]
            # A whole that only bounds its parts holds something more than the largest of them.
            values[address] = exact[0] if exact else max(wanted) + rng.randint(0, 2)
        waiting = [e for e in waiting if e.left[0] not in values]
