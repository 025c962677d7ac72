"""Reports with known truth: figures that satisfy the form's identities, and errors planted on purpose.

Belongs here: what a generated report says (figures, issuer, year, errors) before anyone prints it.
Does not belong here: drawing figures (`figures`), what an error changes (`planting`), how a figure is printed (`dress`), the
words around it (`prose`), the page (`layout`, renderers).

Everything follows from the seed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from schemas.facts import Kind, Value
from schemas.forms import Form, Row, RowRole, TableRole, load, newest

from .equations import Break, Equation, broken, equations
from .figures import Frame, draw
from .issuers import ISSUERS, Issuer, by_name
from .planting import PLANTERS

# Reports of later years are made only where the form is not in force before.
_LAST_YEAR = 2025
_SIZE_OF_LEVEL = {"province": "large", "prefecture": "large", "county": "medium", "township": "tiny"}


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


TABLE_ERRORS = tuple(PLANTERS)
# Errors in a sentence: the usual slip (the wrong sum was copied) and a figure that nothing explains.
STATEMENT_ERRORS = ("statement_received_slip", "statement_received_wrong")
ERROR_KINDS = TABLE_ERRORS + STATEMENT_ERRORS


def _plant(
    rng: random.Random, kind: str, frame: Frame, right: Mapping[str, Value], values: dict[str, Value]
) -> PlantedError | None:
    """Plant one error into ``values``; None where these figures offer no place for it."""
    changes = PLANTERS[kind](rng, frame, values)
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
    frame = Frame(data, variant, omitted, body, equations(data, variant, omitted))
    signed = frame.signed()
    body_size = size or rng.choice((_SIZE_OF_LEVEL.get(body.level or "", "small"), "small", "tiny"))
    for attempt in range(200):
        if attempt == 20 and errors:
            body_size = "medium"
        right = draw(rng, frame, body_size)
        values = dict(right)
        planted = [_plant(rng, k, frame, right, values) for k in errors if k in PLANTERS]
        if any(v < 0 for a, v in right.items() if a not in signed) or None in planted:
            continue
        truth = Truth(
            seed, form, variant, body, report_year, _published(rng, body, report_year), right, values, omitted=omitted
        )
        truth.claims = _claims(data, values)
        planted += [_plant_in_sentence(rng, k, truth) for k in errors if k not in PLANTERS]
        if None in planted:
            continue
        truth.errors = tuple(e for e in planted if e is not None)
        # Two errors that cancel out would claim a break which is not there.
        if {b for e in truth.errors for b in e.breaks if e.changes} == truth.broken:
            return truth
    raise ValueError(f"no figures of form {form} found that hold the errors {errors}")
