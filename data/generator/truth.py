"""Reports with known truth: figures that satisfy the form's identities, and errors planted on purpose.

Belongs here: what a generated report says (figures, issuer, year, errors) before anyone prints it.
Does not belong here: how a figure is printed (`dress`), the words around it (`prose`), the page (`layout`, renderers).

Everything follows from the seed. Cells that an identity determines are computed from the form's own data; only their
operands are drawn.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from data.generator.equations import Break, Equation, broken, equations
from data.generator.issuers import ISSUERS, Issuer, by_name
from schemas.facts import Kind, Value
from schemas.forms import Column, Form, Row, load

# How many requests a body of this size receives in a year.
SIZES: dict[str, tuple[int, int]] = {
    "none": (0, 0),
    "tiny": (0, 6),
    "small": (6, 60),
    "medium": (60, 900),
    "large": (900, 9000),
}
_SIZE_OF_LEVEL = {"province": "large", "prefecture": "large", "county": "medium", "township": "tiny"}

# Shares by which requests fall to applicants and outcomes; codes that are not listed have a small one.
_APPLICANTS = {"natural_person": 90.0, "commercial_enterprise": 6.0, "research_institution": 0.3, "other": 1.5}
_OUTCOMES = {
    "granted": 34.0,
    "partially_granted": 14.0,
    "unavailable_not_held": 18.0,
    "unavailable_needs_creation": 4.0,
    "not_processed_petition": 5.0,
    "not_processed_repeat": 5.0,
    "denied_third_party_rights": 3.0,
    "denied_internal_affairs": 3.0,
    "denied_deliberative_process": 3.0,
    "denied_enforcement_file": 2.0,
    "denied_administrative_query": 2.0,
    "other_remaining": 3.0,
    "other_handling": 3.0,
}
_DISPUTES = {"upheld": 5.0, "corrected": 1.5, "other": 2.5, "pending": 1.5}


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
    """What a report says. ``values`` are the figures as the tables state them, ``right`` those before errors."""

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

    @property
    def form_data(self) -> Form:
        return load(self.form)

    @property
    def title(self) -> str:
        return f"{self.issuer.name}{self.year}年政府信息公开工作年度报告"

    @property
    def broken(self) -> frozenset[Break]:
        """The identities that the printed figures violate, all planted errors together."""
        return broken(self.form_data, self.variant, self.values)

    def expected(self, layout: Any = None) -> dict[str, TruthCell]:
        """What reading the document must give, address by address, as it is printed in ``layout``."""
        from data.generator.dress import dress

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


def _free_cells(form: Form, variant: str | None) -> tuple[list[tuple[str, Row, Column]], list[Equation]]:
    """Cells to be drawn, and the equations that determine the others (their first cell on the left)."""
    all_equations = equations(form, variant)
    determined = {e.left[0] for e in all_equations}
    free = [
        (table.code, row, column)
        for table in form.tables.values()
        for row in form.rows(table.code, variant)
        for column in table.columns_of(row)
        if f"{table.code}.{row.code}.{column.code}" not in determined
    ]
    return free, all_equations


def _draw_requests(rng: random.Random, form: Form, variant: str | None, total: int) -> dict[str, Value]:
    """Outcomes, carried over and carried forward by applicant; the rest follows from the identities."""
    table = form.tables["requests"]
    columns = [c.code for c in table.columns if c.code != "total"]
    outcomes = [r.code for r in form.rows("requests", variant) if r.role == "outcome"]
    values: dict[str, Value] = {}
    per_column = _spread(rng, total, [_APPLICANTS.get(c, 0.5) * rng.uniform(0.5, 1.5) for c in columns])
    weights = [_OUTCOMES.get(o, 0.7) * rng.uniform(0.2, 1.8) for o in outcomes]
    for column, handled in zip(columns, per_column, strict=True):
        forward = rng.randint(0, handled // 12) if handled else 0
        for outcome, n in zip(outcomes, _spread(rng, handled - forward, weights), strict=True):
            values[f"requests.{outcome}.{column}"] = n
        values[f"requests.carried_forward.{column}"] = forward
        values[f"requests.carried_over.{column}"] = rng.randint(0, handled // 15) if handled else 0
    return values


def _draw_disputes(rng: random.Random, form: Form, total: int) -> dict[str, Value]:
    table = form.tables["disputes"]
    columns = [c.code for c in table.columns if c.code != "total"]
    values: dict[str, Value] = {}
    for row, share in zip(table.rows, (0.12, 0.06, 0.03), strict=False):
        n = rng.randint(0, max(1, round(total * share))) if total else 0
        for column, k in zip(columns, _spread(rng, n, [_DISPUTES.get(c, 1.0) for c in columns]), strict=True):
            values[f"disputes.{row.code}.{column}"] = k
    return values


def _draw_article20(rng: random.Random, form: Form, issuer: Issuer, magnitude: int) -> dict[str, Value]:
    """Items of Article 20. Stocks are at least what was issued; 规章 only where the issuer may make them."""
    values: dict[str, Value] = {}
    table = form.tables["article20"]
    for row in table.rows:
        for column in table.columns_of(row):
            if column.value == "amount":
                value: Value = _amount(rng, magnitude * 10)
            elif column.value == "signed":
                value = _signed(rng)
            elif column.code == "decisions":
                value = int(10 ** rng.uniform(0, 1 + len(str(magnitude))))
            else:
                value = rng.randint(0, 30)
            values[f"article20.{row.code}.{column.code}"] = value
        if row.code == "regulations" and not issuer.makes_regulations:
            values.update({f"article20.{row.code}.{c.code}": 0 for c in table.columns_of(row)})
        elif row.columns and row.columns[-1] in ("in_force", "disclosed_total"):
            stock = f"article20.{row.code}.{row.columns[-1]}"
            issued = values[f"article20.{row.code}.{row.columns[0]}"]
            values[stock] = issued + rng.randint(0, magnitude)
            if "disclosed" in row.columns:
                values[f"article20.{row.code}.disclosed"] = issued
    return values


def _draw(rng: random.Random, form: Form, variant: str | None, issuer: Issuer, size: str) -> dict[str, Value]:
    total = rng.randint(*SIZES[size])
    magnitude = {"none": 3, "tiny": 10, "small": 60, "medium": 300, "large": 3000}[size]
    free, all_equations = _free_cells(form, variant)
    values: dict[str, Value] = {}
    if "requests" in form.tables:
        values.update(_draw_requests(rng, form, variant, total))
    if "disputes" in form.tables:
        values.update(_draw_disputes(rng, form, total))
    if "article20" in form.tables:
        values.update(_draw_article20(rng, form, issuer, magnitude))
    for table, row, column in free:
        unit = form.tables[table].unit_of(row, column)
        drawn: Value = (
            _amount(rng, magnitude) if column.value == "amount" or unit == "万元" else rng.randint(0, magnitude)
        )
        values.setdefault(f"{table}.{row.code}.{column.code}", drawn)
    _determine(values, all_equations, rng)
    return values


def _determine(values: dict[str, Value], all_equations: list[Equation], rng: random.Random) -> None:
    """Fill the cells that equations determine, each from operands already there."""
    waiting = [e for e in all_equations if e.left[0] not in values]
    while waiting:
        ready = [e for e in waiting if all(a in values for a in e.cells if a != e.left[0])]
        if not ready:
            raise ValueError(f"the form's identities are circular: {waiting[0]}")
        for e in ready:
            surplus = rng.randint(0, 2) if e.relation == ">=" else 0
            values.setdefault(e.left[0], sum(values[a] for a in e.right) - sum(values[a] for a in e.left[1:]) + surplus)
        waiting = [e for e in waiting if e.left[0] not in values]


# --- planting errors ------------------------------------------------------------------------------------------------

Changes = dict[str, Value]


def _bound_cells(form: Form, variant: str | None) -> list[str]:
    """Cells that take part in an equation: an error elsewhere cannot be seen by arithmetic."""
    return sorted({a for e in equations(form, variant) for a in e.cells})


def _digits(change: Callable[[random.Random, str], str], least: int) -> Callable[..., Changes | None]:
    """An error in the digits of one cell of at least ``least``."""

    def plant(rng: random.Random, form: Form, variant: str | None, values: Mapping[str, Value]) -> Changes | None:
        cells = [a for a in _bound_cells(form, variant) if isinstance(values[a], int) and values[a] >= least]
        rng.shuffle(cells)
        for address in cells:
            wrong = int(change(rng, str(values[address])) or 0)
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


def _off_by_one(rng: random.Random, form: Form, variant: str | None, values: Mapping[str, Value]) -> Changes | None:
    address = rng.choice(_bound_cells(form, variant))
    return {address: values[address] + (rng.choice((1, -1)) if values[address] else 1)}


def _wrong_total(rng: random.Random, form: Form, variant: str | None, values: Mapping[str, Value]) -> Changes | None:
    totals = sorted({e.left[0] for e in equations(form, variant) if len(e.left) == 1})
    address = rng.choice(totals)
    return {address: values[address] + rng.randint(1, 30)}


def _column_balance(rng: random.Random, form: Form, variant: str | None, values: Mapping[str, Value]) -> Changes | None:
    """carried_forward wrong in one applicant column and in its own total: rows add up, two columns do not balance."""
    if "requests" not in form.tables:
        return None
    column = rng.choice([c.code for c in form.tables["requests"].columns if c.code != "total"])
    surplus = rng.randint(1, 9)
    cells = (f"requests.carried_forward.{column}", "requests.carried_forward.total")
    return {a: values[a] + surplus for a in cells}


def _disputes_zero(rng: random.Random, form: Form, variant: str | None, values: Mapping[str, Value]) -> Changes | None:
    """The publisher's habit met most often: the parts are stated and the total is left at 0."""
    if "disputes" not in form.tables:
        return None
    totals = [f"disputes.{r.code}.total" for r in form.tables["disputes"].rows]
    stated = [a for a in totals if values[a] > 0]
    return {rng.choice(stated): 0} if stated else None


def _misplaced(rng: random.Random, form: Form, variant: str | None, values: Mapping[str, Value]) -> Changes | None:
    """One case counted under another applicant: the row still adds up, two columns do not."""
    if "requests" not in form.tables:
        return None
    columns = [c.code for c in form.tables["requests"].columns if c.code != "total"]
    rows = [r.code for r in form.rows("requests", variant) if r.role == "outcome"]
    cells = [(r, c) for r in rows for c in columns if values[f"requests.{r}.{c}"] > 0]
    if not cells:
        return None
    row, column = rng.choice(cells)
    to = rng.choice([c for c in columns if c != column])
    source, target = f"requests.{row}.{column}", f"requests.{row}.{to}"
    return {source: values[source] - 1, target: values[target] + 1}


def _negative(rng: random.Random, form: Form, variant: str | None, values: Mapping[str, Value]) -> Changes | None:
    cells = [a for a in _bound_cells(form, variant) if values[a] > 0]
    if not cells:
        return None
    address = rng.choice(cells)
    return {address: -values[address]}


_PLANTERS: dict[str, Callable[..., Changes | None]] = {
    "digit_swap": _digits(_swap, 10),
    "digit_drop": _digits(_drop, 10),
    "off_by_one": _off_by_one,
    "wrong_total": _wrong_total,
    "column_balance": _column_balance,
    "disputes_zero": _disputes_zero,
    "misplaced_applicant": _misplaced,
    "negative": _negative,
}
# Errors in a sentence: the usual slip (the wrong sum was copied) and a figure that nothing explains.
STATEMENT_ERRORS = ("statement_received_slip", "statement_received_wrong")
TABLE_ERRORS = tuple(_PLANTERS)
ERROR_KINDS = TABLE_ERRORS + STATEMENT_ERRORS


def _plant(
    rng: random.Random, kind: str, form: Form, variant: str | None, right: dict[str, Value], values: dict[str, Value]
) -> PlantedError | None:
    """Plant one error into ``values``; None where these figures offer no place for it."""
    changes = _PLANTERS[kind](rng, form, variant, values)
    if changes is None or any(values[a] != right[a] for a in changes):
        return None
    alone = broken(form, variant, {**right, **changes})
    if not alone:
        return None
    error = PlantedError(kind, tuple((a, right[a], v) for a, v in changes.items()), alone)
    values.update(changes)
    return error


def _claims(values: Mapping[str, Value]) -> dict[str, int]:
    """Figures that the prose repeats, as the tables state them; those of a form without these cells are left out."""
    cells = {
        "requests_received": ("requests.new_received.total",),
        "carried_over": ("requests.carried_over.total",),
        "closed": ("requests.processed_total.total",),
        "carried_forward": ("requests.carried_forward.total",),
        "reconsideration": ("disputes.reconsideration.total",),
        "litigation": ("disputes.litigation_direct.total", "disputes.litigation_after_reconsideration.total"),
    }
    return {code: int(sum(values[a] for a in at)) for code, at in cells.items() if all(a in values for a in at)}


def _plant_in_sentence(rng: random.Random, kind: str, truth: Truth) -> PlantedError | None:
    received = truth.claims.get("requests_received")
    if received is None:
        return None
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
        # No sum of any column may explain it, or it would be the other kind.
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


def make_truth(
    seed: int,
    form: str = "2021",
    variant: str | None = None,
    *,
    errors: tuple[str, ...] = (),
    issuer: str | Issuer | None = None,
    year: int | None = None,
    size: str | None = None,
) -> Truth:
    """A report of ``form`` (and ``variant``) whose figures satisfy every identity, then ``errors`` planted in it.

    ``errors`` are kinds out of `ERROR_KINDS`; all of them are planted (figures are drawn again until they offer a
    place, larger ones if need be). ``size`` is a key of `SIZES`. Raises ValueError for errors no figures can hold.
    """
    rng = random.Random(f"truth/{seed}/{form}/{variant}")
    data = load(form)
    body = by_name(issuer) if isinstance(issuer, str) else issuer or rng.choice(ISSUERS)
    report_year = year if year is not None else rng.randint(data.in_force[0], min(data.in_force[1], 2025))
    body_size = size or rng.choice((_SIZE_OF_LEVEL.get(body.level or "", "small"), "small", "tiny"))
    for attempt in range(200):
        if attempt == 20 and errors:
            body_size = "medium"
        right = _draw(rng, data, variant, body, body_size)
        values = dict(right)
        planted = [_plant(rng, k, data, variant, right, values) for k in errors if k in _PLANTERS]
        if any(v < 0 for a, v in right.items() if not a.endswith(".items_change")) or None in planted:
            continue
        truth = Truth(seed, form, variant, body, report_year, _published(rng, body, report_year), right, values)
        truth.claims = _claims(values)
        planted += [_plant_in_sentence(rng, k, truth) for k in errors if k not in _PLANTERS]
        if None in planted:
            continue
        truth.errors = tuple(e for e in planted if e is not None)
        # Two errors that cancel out would claim a break which is not there.
        if {b for e in truth.errors for b in e.breaks if e.changes} == truth.broken:
            return truth
    raise ValueError(f"no figures of form {form} found that hold the errors {errors}")
