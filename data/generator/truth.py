"""Reports with known truth: figures that satisfy the form's identities, and errors planted on purpose.

Belongs here: what a generated report says (figures, issuer, year, errors) before anyone prints it.
Does not belong here: how a figure is printed (`dress`), the words around it (`prose`), the page (`layout`, renderers).

Everything follows from the seed. Cells that an identity determines are computed from the form's own data; only their
operands are drawn.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from schemas.facts import Kind, Value
from schemas.forms import Form, Row, RowRole, TableForm, TableRole, load, newest

from .equations import Break, Equation, broken, equations
from .issuers import ISSUERS, Issuer, by_name

# Reports of later years are made only where the form is not in force before.
_LAST_YEAR = 2025
# How many requests a body of this size receives in a year.
SIZES: dict[str, tuple[int, int]] = {
    "none": (0, 0),
    "tiny": (0, 6),
    "small": (6, 60),
    "medium": (60, 900),
    "large": (900, 9000),
}
_SIZE_OF_LEVEL = {"province": "large", "prefecture": "large", "county": "medium", "township": "tiny"}


@cache
def _shares(what: str) -> dict[str, float]:
    shares: dict[str, float] = tomllib.loads((Path(__file__).parent / "shares.toml").read_text("utf-8"))[what]
    return shares


def _share(what: str, code: str) -> float:
    """How much of the applicants, outcomes or disputes falls to a column or row."""
    shares = _shares(what)
    return shares.get(code, shares["else"])


@dataclass(frozen=True, slots=True)
class TruthCell:
    """A cell as a right reading gives it. Only a ``number`` has a value and a unit."""

    printed: str
    kind: Kind
    value: Value | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class PlantedError:
    """An error made on purpose: which cells were changed from what to what, and exactly what that breaks.

    For an error in a sentence ``changes`` is empty and ``breaks`` names the rule and the statement's code.
    """

    kind: str
    changes: tuple[tuple[str, Value, Value], ...]
    breaks: frozenset[Break]


@dataclass
class Truth:
    """What a report says. ``values`` are the figures as the tables state them, ``right`` those before errors.

    ``fixed`` holds cells that are printed as given, whatever the layout: those of real reports. ``omitted`` are the
    optional rows that this edition of the form does not have. ``published`` may be empty.
    """

    seed: int
    form: str
    variant: str | None
    issuer: Issuer
    year: int
    published: str
    right: dict[str, Value]
    values: dict[str, Value]
    errors: tuple[PlantedError, ...] = ()
    # Figures stated in sentences, by statement code; filled for the codes the prose uses.
    claims: dict[str, int] = field(default_factory=dict)
    # The sum a sentence gives instead of the cell it names, when that error was planted.
    explained_by: str | None = None
    fixed: dict[str, TruthCell] = field(default_factory=dict)
    omitted: frozenset[str] = frozenset()
    # Paragraphs in place of generated ones: the preamble, then those of each section.
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Another report in the same file, after this one.
    followed_by: Truth | None = None

    @property
    def form_data(self) -> Form:
        return load(self.form)

    @property
    def title(self) -> str:
        return f"{self.issuer.name}{self.year}年政府信息公开工作年度报告"

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows that this report's table has, in form order."""
        return tuple(r for r in self.form_data.rows(table, self.variant) if r.code not in self.omitted)

    @property
    def equations(self) -> list[Equation]:
        return equations(self.form_data, self.variant, self.omitted)

    @property
    def broken(self) -> frozenset[Break]:
        """The identities that the printed figures violate, all planted errors together."""
        return broken(self.equations, self.values)

    def expected(self, layout: Any = None) -> dict[str, TruthCell]:
        """What reading the document must give, address by address, as it is printed in ``layout``."""
        from .dress import dress

        return dress(self, layout)

    @property
    def cells(self) -> dict[str, TruthCell]:
        """The cells printed plainly, without any layout's habits."""
        return self.expected()

    def to_json(self, layout: Any = None) -> dict[str, Any]:
        """Plain values for truth.json; a decimal becomes a JSON number."""
        return {
            "seed": self.seed,
            "form": self.form,
            "variant": self.variant,
            "issuer": self.issuer.name,
            "kind": self.issuer.kind,
            "level": self.issuer.level,
            "scope": self.issuer.scope,
            "year": self.year,
            "published": self.published,
            "title": self.title,
            "claims": self.claims,
            "errors": [
                {
                    "kind": e.kind,
                    "changes": [{"address": a, "right": _plain(r), "printed": _plain(p)} for a, r, p in e.changes],
                    "breaks": sorted(e.breaks),
                }
                for e in self.errors
            ],
            "broken": sorted(self.broken),
            "cells": {
                address: {"printed": c.printed, "kind": c.kind, "value": _plain(c.value), "unit": c.unit}
                for address, c in self.expected(layout).items()
            },
        }


def _plain(value: Value | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


# --- drawing figures ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Frame:
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


def _draw_requests(rng: random.Random, frame: _Frame, total: int) -> dict[str, Value]:
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


def _draw_disputes(rng: random.Random, frame: _Frame, total: int) -> dict[str, Value]:
    table = frame.table("disputes")
    columns = [c.code for c in table.columns_as("part")]
    values: dict[str, Value] = {}
    for row, share in zip(table.rows, (0.12, 0.06, 0.03), strict=False):
        n = rng.randint(0, max(1, round(total * share))) if total else 0
        for column, k in zip(columns, _spread(rng, n, [_share("disputes", c) for c in columns]), strict=True):
            values[table.address(row, column)] = k
    return values


def _draw_article20(rng: random.Random, frame: _Frame, magnitude: int) -> dict[str, Value]:
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


def _draw(rng: random.Random, frame: _Frame, size: str) -> dict[str, Value]:
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


# --- planting errors ------------------------------------------------------------------------------------------------

Changes = dict[str, Value]
Planter = Callable[[random.Random, _Frame, Mapping[str, Value]], Changes | None]


def _digits(change: Callable[[random.Random, str], str]) -> Planter:
    """An error in the digits of one cell of at least two."""

    def plant(rng: random.Random, frame: _Frame, values: Mapping[str, Value]) -> Changes | None:
        cells = [a for a in frame.bound() if values[a] >= 10]
        rng.shuffle(cells)
        for address in cells:
            wrong = int(change(rng, str(values[address])))
            if wrong != values[address]:
                return {address: wrong}
        return None

    return plant


def _swap(rng: random.Random, digits: str) -> str:
    i = rng.randrange(len(digits) - 1)
    return digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]


def _drop(rng: random.Random, digits: str) -> str:
    i = rng.randrange(len(digits))
    return digits[:i] + digits[i + 1 :]


def _off_by_one(rng: random.Random, frame: _Frame, values: Mapping[str, Value]) -> Changes | None:
    address = rng.choice(frame.bound())
    return {address: values[address] + (rng.choice((1, -1)) if values[address] else 1)}


def _wrong_total(rng: random.Random, frame: _Frame, values: Mapping[str, Value]) -> Changes | None:
    totals = sorted({e.left[0] for e in frame.equations if len(e.left) == 1 and e.relation == "="})
    address = rng.choice(totals)
    return {address: values[address] + rng.randint(1, 30)}


def _column_balance(rng: random.Random, frame: _Frame, values: Mapping[str, Value]) -> Changes | None:
    """carried_forward wrong in one applicant column and in its own total: rows add up, two columns do not balance."""
    table = frame.form.table("requests")
    if table is None:
        return None
    column, surplus = rng.choice(frame.applicants()), rng.randint(1, 9)
    columns = (column, *(c.code for c in table.columns_as("total")))
    cells = [table.address(row, c) for row in table.rows_as("carried_forward") for c in columns]
    return {a: values[a] + surplus for a in cells}


def _disputes_zero(rng: random.Random, frame: _Frame, values: Mapping[str, Value]) -> Changes | None:
    """The publisher's habit met most often: the parts are stated and the total is left at 0."""
    totals = frame.form.cells("disputes", columns=["total"])
    stated = [a for a in totals if values[a] > 0]
    return {rng.choice(stated): 0} if stated else None


def _misplaced(rng: random.Random, frame: _Frame, values: Mapping[str, Value]) -> Changes | None:
    """One case counted under another applicant: the row still adds up, two columns do not."""
    table = frame.form.table("requests")
    if table is None:
        return None
    columns = frame.applicants()
    cells = [(r, c) for r in frame.outcomes() for c in columns if values[table.address(r, c)] > 0]
    if not cells:
        return None
    row, column = rng.choice(cells)
    to = rng.choice([c for c in columns if c != column])
    source, target = table.address(row, column), table.address(row, to)
    return {source: values[source] - 1, target: values[target] + 1}


def _negative(rng: random.Random, frame: _Frame, values: Mapping[str, Value]) -> Changes | None:
    cells = [a for a in frame.bound() if values[a] > 0]
    if not cells:
        return None
    address = rng.choice(cells)
    return {address: -values[address]}


_PLANTERS: dict[str, Planter] = {
    "digit_swap": _digits(_swap),
    "digit_drop": _digits(_drop),
    "off_by_one": _off_by_one,
    "wrong_total": _wrong_total,
    "column_balance": _column_balance,
    "disputes_zero": _disputes_zero,
    "misplaced_applicant": _misplaced,
    "negative": _negative,
}
TABLE_ERRORS = tuple(_PLANTERS)
# Errors in a sentence: the usual slip (the wrong sum was copied) and a figure that nothing explains.
STATEMENT_ERRORS = ("statement_received_slip", "statement_received_wrong")
ERROR_KINDS = TABLE_ERRORS + STATEMENT_ERRORS


def _plant(
    rng: random.Random, kind: str, frame: _Frame, right: Mapping[str, Value], values: dict[str, Value]
) -> PlantedError | None:
    """Plant one error into ``values``; None where these figures offer no place for it."""
    changes = _PLANTERS[kind](rng, frame, values)
    if changes is None or any(values[a] != right[a] for a in changes):
        return None
    alone = broken(frame.equations, {**right, **changes})
    if not alone:
        return None
    values.update(changes)
    return PlantedError(kind, tuple((a, right[a], v) for a, v in changes.items()), alone)


# What the prose repeats, by statement code: rows of a table by role, their totals.
_STATED: tuple[tuple[str, TableRole, RowRole], ...] = (
    ("requests_received", "requests", "received"),
    ("carried_over", "requests", "carried_over"),
    ("closed", "requests", "processed"),
    ("carried_forward", "requests", "carried_forward"),
    ("reconsideration", "disputes", "reconsideration"),
    ("litigation", "disputes", "litigation"),
)


def _claims(form: Form, values: Mapping[str, Value]) -> dict[str, int]:
    """Figures that the prose repeats, as the tables state them; codes of which the form has no cell are left out."""
    cells = [(code, form.cells(table, [row], ["total"])) for code, table, row in _STATED]
    # Rows of the older forms carry the statements' own codes.
    older = form.table("statistics")
    if older is not None:
        cells += [
            (code, tuple(older.address(code, c) for c in older.columns_as("value")))
            for code in ("requests_received", "replied")
            if code in older.row
        ]
    return {code: int(sum(values[a] for a in at)) for code, at in cells if at and all(a in values for a in at)}


def _plant_in_sentence(rng: random.Random, kind: str, truth: Truth) -> PlantedError | None:
    received = truth.claims.get("requests_received")
    if received is None:
        return None
    others: dict[str, int] = {}
    if "carried_over" in truth.claims:
        others = {
            "new_received + carried_over": received + truth.claims["carried_over"],
            "processed_total": truth.claims["closed"],
        }
    if kind == "statement_received_slip":
        usable = {name: n for name, n in others.items() if n != received}
        if not usable:
            return None
        truth.explained_by, stated = rng.choice(sorted(usable.items()))
    else:
        stated = received + 7
        # No figure of the tables may explain it, or it would be the other kind.
        while stated in truth.values.values() or stated in others.values():
            stated += 13
    truth.claims["requests_received"] = stated
    return PlantedError(kind, (), frozenset({("statement.disagrees", "requests_received")}))


def _published(rng: random.Random, issuer: Issuer, year: int) -> str:
    """A date within the time limit of the issuer's level."""
    if issuer.kind != "government":
        return f"{year + 1}-01-{rng.randint(8, 31):02d}"
    if issuer.level == "county":
        return f"{year + 1}-02-{rng.randint(1, 20):02d}"
    return f"{year + 1}-03-{rng.randint(1, 10):02d}"


def _issuer(rng: random.Random, form: Form) -> Issuer:
    """One who files this form: a provincial form is filed in its province only."""
    return rng.choice([i for i in ISSUERS if not form.issuer_prefixes or i.province in form.issuer_prefixes])


def make_truth(
    seed: int,
    form: str | None = None,
    variant: str | None = None,
    *,
    errors: tuple[str, ...] = (),
    issuer: str | Issuer | None = None,
    year: int | None = None,
    size: str | None = None,
) -> Truth:
    """A report of ``form`` (and ``variant``) whose figures satisfy every identity, then ``errors`` planted in it.

    Without ``form`` it is of the newest national one.

    ``errors`` are kinds out of `ERROR_KINDS`; all of them are planted (figures are drawn again until they offer a
    place, larger ones if need be). ``size`` is a key of `SIZES`. Raises ValueError for errors no figures can hold.
    """
    data = newest() if form is None else load(form)
    form = data.id
    rng = random.Random(f"truth/{seed}/{form}/{variant}")
    body = by_name(issuer) if isinstance(issuer, str) else issuer or _issuer(rng, data)
    first = data.in_force[0]
    report_year = year if year is not None else rng.randint(first, max(first, min(data.in_force[1], _LAST_YEAR)))
    optional = [r.code for code in data.tables for r in data.rows(code, variant) if r.optional]
    omitted = frozenset(code for code in optional if rng.random() < 0.4)
    frame = _Frame(data, variant, omitted, body, equations(data, variant, omitted))
    signed = frame.signed()
    body_size = size or rng.choice((_SIZE_OF_LEVEL.get(body.level or "", "small"), "small", "tiny"))
    for attempt in range(200):
        if attempt == 20 and errors:
            body_size = "medium"
        right = _draw(rng, frame, body_size)
        values = dict(right)
        planted = [_plant(rng, k, frame, right, values) for k in errors if k in _PLANTERS]
        if any(v < 0 for a, v in right.items() if a not in signed) or None in planted:
            continue
        truth = Truth(
            seed, form, variant, body, report_year, _published(rng, body, report_year), right, values, omitted=omitted
        )
        truth.claims = _claims(data, values)
        planted += [_plant_in_sentence(rng, k, truth) for k in errors if k not in _PLANTERS]
        if None in planted:
            continue
        truth.errors = tuple(e for e in planted if e is not None)
        # Two errors that cancel out would claim a break which is not there.
        if {b for e in truth.errors for b in e.breaks if e.changes} == truth.broken:
            return truth
    raise ValueError(f"no figures of form {form} found that hold the errors {errors}")
