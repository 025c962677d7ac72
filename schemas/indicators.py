"""Indicators: what can be compared across forms, years and bodies, as `indicators.toml` says.

Belongs here: the types, reading and checking the file, and which cells of a form feed an indicator.
Does not belong here: values of reports (`flows`), tables of the database (`analysis`), any one indicator.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from . import forms, kept
from .forms.model import Form, Row, TableForm

# What a value or a rate is where it is no number. A greater place outweighs a smaller one in a sum of several cells.
STATUSES = ("number", "blank", "mark", "text", "missing", "unresolved", "not_on_form", "no_denominator", "conflict")
# Where no column is named: the roles of the column that is meant, in this order.
_WHOLE = ("total", "value")


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator. ``cells`` are alternatives: of a form the first counts of which it has every cell."""

    code: str
    zh: str
    en: str
    unit: str
    cells: tuple[tuple[str, ...], ...]
    statements: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kind: str = "count"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate: ``per`` times the sum of ``numerator`` by the sum of ``denominator`` (indicators, `-` before those taken off).

    Under ``base`` it has a small base. ``population`` names the denominator where that is no indicator.
    """

    code: str
    zh: str
    en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    per: int
    version: str
    base: int | None = None
    population: str | None = None
    scope: str | None = None

    @property
    def unit(self) -> str | None:
        """What its values are per; None for a share of one."""
        return {1: None, 100: "每百", 100_000: "每十万"}[self.per]


@dataclass(frozen=True, slots=True)
class Note:
    """What must be said beside a figure of the years ``first`` to ``last``, of one scope or one kind of body if named.

    It is said of the indicators that name it; with ``every`` (or a scope or a kind of body) of all of them. With a ``form`` it is said of
    reports on that form or a later one only: a report may still stand on the old one. ``breaks``: figures are not to be compared across
    its beginning, of years up to a ``last`` across its end.
    """

    id: str
    zh: str
    en: str
    first: int | None = None
    last: int | None = None
    scope: str | None = None
    body: str | None = None
    every: bool = False
    form: str | None = None
    breaks: bool = False

    def older_forms(self) -> tuple[str, ...]:
        """The forms of whose reports it is not said."""
        if self.form is None:
            return ()
        since = forms.load(self.form).in_force[0]
        return tuple(f.id for f in forms.load_all() if f.in_force[0] < since)


class Source(NamedTuple):
    """A cell that feeds an indicator on a form (and variant, empty for the base form). ``sign`` is 1 or −1."""

    form: str
    variant: str
    indicator: str
    address: str
    sign: int


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The whole file."""

    version: str
    indicators: tuple[Indicator, ...]
    rates: tuple[Rate, ...]
    notes: tuple[Note, ...]

    def notes_of(self, code: str) -> tuple[Note, ...]:
        """What must be said of an indicator or a rate: of a rate what must be said of any of its parts."""
        of = {i.code: i.notes for i in self.indicators}
        for rate in self.rates:
            parts = (c.removeprefix("-") for c in (*rate.numerator, *rate.denominator))
            of[rate.code] = tuple(dict.fromkeys(n for part in parts for n in of[part]))
        named = set(of[code])
        return tuple(n for n in self.notes if n.id in named or n.every or n.scope or n.body)


def _split(code: str) -> tuple[int, str]:
    return (-1, code[1:]) if code.startswith("-") else (1, code)


def signed(codes: tuple[str, ...]) -> list[tuple[int, str]]:
    """Codes with their sign."""
    return [_split(c) for c in codes]


@cache
def load(path: Path | None = None) -> Crosswalk:
    """The crosswalk. Raises ValueError for a file that contradicts itself."""
    data = kept.toml(path or Path(__file__).with_name("indicators.toml"))
    made = Crosswalk(
        data["version"],
        tuple(_indicator(raw) for raw in data["indicators"]),
        tuple(_rate(raw) for raw in data["rates"]),
        tuple(Note(**raw) for raw in data["notes"]),
    )
    _check(made)
    return made


def _indicator(raw: dict[str, Any]) -> Indicator:
    lists: dict[str, tuple[str, ...]] = {k: tuple(raw[k]) for k in ("statements", "notes") if k in raw}
    cells = tuple(tuple(c) for c in raw["cells"])
    return Indicator(**{**raw, **lists, "cells": cells})


def _rate(raw: dict[str, Any]) -> Rate:
    return Rate(**{**raw, "numerator": tuple(raw["numerator"]), "denominator": tuple(raw.get("denominator", ()))})


def _check(made: Crosswalk) -> None:
    codes = [*(i.code for i in made.indicators), *(r.code for r in made.rates)]
    if twice := {c for c in codes if codes.count(c) > 1}:
        raise ValueError(f"indicators.toml: {sorted(twice)} more than once")
    known = {i.code for i in made.indicators}
    notes = {n.id for n in made.notes}
    for indicator in made.indicators:
        if unknown := set(indicator.notes) - notes:
            raise ValueError(f"indicators.toml: {indicator.code} names unknown notes {sorted(unknown)}")
        if not any(_cells(f, v, indicator) for f in forms.load_all() for v in variants(f)):
            raise ValueError(f"indicators.toml: no form has the cells of {indicator.code}")
    for rate in made.rates:
        parts = {c for _, c in signed((*rate.numerator, *rate.denominator))}
        if unknown := parts - known:
            raise ValueError(f"indicators.toml: {rate.code} names unknown indicators {sorted(unknown)}")
        if bool(rate.denominator) == bool(rate.population):
            raise ValueError(f"indicators.toml: {rate.code} needs either a denominator or a population")


def variants(form: Form) -> tuple[str, ...]:
    """The variants of a form, the base form first, as the empty string."""
    return ("", *(v.id for v in form.variants))


def sources() -> Iterator[Source]:
    """Every cell of every form that feeds an indicator."""
    for form in forms.load_all():
        for variant in variants(form):
            for indicator in load().indicators:
                for sign, address in _cells(form, variant, indicator):
                    yield Source(form.id, variant, indicator.code, address, sign)


def _cells(form: Form, variant: str, indicator: Indicator) -> list[tuple[int, str]]:
    """The cells of the first alternative that the form has whole; none where it has none of them."""
    for alternative in indicator.cells:
        found = [[(sign, a) for a in _named(form, variant, what)] for sign, what in signed(alternative)]
        if all(found):
            return [cell for part in found for cell in part]
    return []


def _named(form: Form, variant: str, what: str) -> list[str]:
    table_code, row_name, *column = what.split(".")
    table = form.tables.get(table_code)
    if table is None:
        return []
    rows = [r for r in form.rows(table_code, variant or None) if _is(r.code, r.roles, row_name)]
    return [table.address(r, c) for r in rows for c in _columns(table, r, column[0] if column else None)]


def _columns(table: TableForm, row: Row, name: str | None) -> list[str]:
    having = table.columns_of(row)
    if name is not None:
        return [c.code for c in having if _is(c.code, c.roles, name)]
    return next(
        ([c.code for c in having if role in c.roles] for role in _WHOLE if any(role in c.roles for c in having)), []
    )


def _is(code: str, roles: tuple[str, ...], name: str) -> bool:
    return name[1:] in roles if name.startswith("@") else code == name


# --- denominators


class Denominator(NamedTuple):
    """What a rate may be per: ``year`` is the year it was counted in."""

    division_code: str
    year: int
    name: str
    value: int


@cache
def census() -> tuple[Denominator, ...]:
    """Residents of the provinces by the census of 2020 (`census.csv`), without servicemen."""
    with Path(__file__).with_name("census.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Denominator(row["division_code"], int(row["year"]), row["name"], int(row["value"]))
            for row in csv.DictReader(stream)
        )
