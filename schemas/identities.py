"""The arithmetic that a form prints on itself: equations between its cells, and whether they hold.

Belongs here: expanding a form's identities into equations over cell addresses, and evaluating one equation over values
of which some are blank, unreadable or absent. Readers use it to choose between readings, checks to judge figures.
Does not belong here: severity, words and advice (`checks`).

A blank is never taken for zero. Bounds may still decide: where no filling of the unknown cells with whole non-negative
numbers, and no listed reading of an unresolved one, satisfies the equation, it is broken.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

from . import forms
from .facts import Report, Value

# Unresolved cells have few readings; beyond this many combinations an equation is left unassessed.
_MOST_COMBINATIONS = 20_000


@dataclass(frozen=True, slots=True)
class Equation:
    """``sum(left) = sum(right)`` (or ``>=``) for one row or column of a table; terms are cell addresses."""

    rule: str
    table: str
    row: str | None
    column: str | None
    left: tuple[str, ...]
    right: tuple[str, ...]
    relation: str = "="

    @property
    def name(self) -> str:
        """As the interface prints it: rule, then the row or column it is about (both where a column has several)."""
        return f"{self.rule} {self.key[1]}"

    @property
    def key(self) -> tuple[str, str]:
        """What tells an equation from the others of its form."""
        return self.rule, ".".join(part for part in (self.row, self.column) if part)


# These two are not frozen: that makes them three times as dear, and a check makes hundreds.
@dataclass(slots=True)
class Cell:
    """What is known of a cell: a value, or all the readings it may have, or nothing.

    ``unread``: something is printed that could not be read; else a cell of which nothing is known is blank, a mark, words.
    """

    value: Value | None = None
    readings: tuple[Value, ...] = ()
    unread: bool = False


@dataclass(slots=True)
class Result:
    """How an equation comes out. ``expected`` is a lower bound where ``bounded``; ``unknown`` lists cells without value."""

    outcome: Literal["holds", "broken", "not_assessable"]
    printed: Value | None
    expected: Value | None
    unknown: tuple[str, ...] = ()
    bounded: bool = False
    consistent_with_zero: bool = False


def cells_of(report: Report) -> dict[str, Cell]:
    """What is known of every cell of a report, by address.

    The readings of an unresolved cell count only where they are all there can be.
    """
    cells = {f.address: Cell(f.value) for f in report.facts}
    unread = {u.address: Cell(None, tuple(u.readings) if u.closed else (), unread=True) for u in report.unresolved}
    return cells | unread


@cache
def equations(form_id: str, variant: str | None = None) -> tuple[Equation, ...]:
    """Every equation of a form, in form order."""
    form = forms.load(form_id)
    out: list[Equation] = []
    for code, table in form.tables.items():
        rows = form.rows(code, variant)
        there = {r.code for r in rows}
        several = Counter(i.rule for i in table.identities if i.each == "column")
        for identity in table.identities:
            if identity.each == "column":
                left = tuple(r for r in identity.left if r in there)
                right = tuple(r for r in identity.right if r in there)
                if not left or not right:
                    continue
                for column in table.columns:
                    if identity.only and column.code not in identity.only:
                        continue
                    out.append(
                        Equation(
                            identity.rule,
                            code,
                            left[0] if several[identity.rule] > 1 else None,
                            column.code,
                            tuple(f"{code}.{r}.{column.code}" for r in left),
                            tuple(f"{code}.{r}.{column.code}" for r in right),
                            identity.relation,
                        )
                    )
            else:
                for row in rows:
                    if identity.only and row.code not in identity.only:
                        continue
                    out.append(
                        Equation(
                            identity.rule,
                            code,
                            row.code,
                            None,
                            tuple(f"{code}.{row.code}.{c}" for c in identity.left),
                            tuple(f"{code}.{row.code}.{c}" for c in identity.right),
                            identity.relation,
                        )
                    )
    return tuple(out)


def of_report(report: Report) -> list[Equation]:
    """The equations a report can be put to: optional rows that it does not print drop out of them.

    A report without cells, in sentences alone, is of no form and has none.
    """
    if not report.facts and not report.unresolved:
        return []
    form = forms.load(report.form)
    printed = {(layout.table, row.code) for layout in report.layouts for row in layout.rows}
    absent = tuple(
        f"{code}.{row.code}."
        for code, table in form.tables.items()
        for row in table.rows
        if row.optional and (code, row.code) not in printed
    )
    return list(_without(report.form, report.variant, absent))


@lru_cache(maxsize=256)
def _without(form_id: str, variant: str | None, absent: tuple[str, ...]) -> tuple[Equation, ...]:
    """The equations of a form without the rows whose addresses begin so."""
    out = []
    for equation in equations(form_id, variant):
        if any(a.startswith(absent) for a in (*equation.left, *equation.right)):
            left = tuple(a for a in equation.left if not a.startswith(absent))
            right = tuple(a for a in equation.right if not a.startswith(absent))
            if not left or not right:
                continue
            out.append(replace(equation, left=left, right=right))
        else:
            out.append(equation)
    return tuple(out)


def _satisfiable(left: Value, right: Value, free_left: bool, free_right: bool, relation: str) -> bool:
    """Whether non-negative fillings of the free cells can satisfy the equation."""
    if relation == ">=":
        return free_left or left >= right
    if left == right:
        return True
    return free_right if left > right else free_left


def _sums(equation: Equation, cells: Mapping[str, Cell]) -> tuple[Value, Value] | None:
    """Both sides where every cell has a value, as most have; else None."""
    try:
        left: Value = sum([cells[address].value for address in equation.left])  # type: ignore[misc]
        right: Value = sum([cells[address].value for address in equation.right])  # type: ignore[misc]
    except (KeyError, TypeError):
        return None
    return left, right


def evaluate(equation: Equation, cells: Mapping[str, Cell]) -> Result:
    """Put one equation to the cells at hand; addresses that ``cells`` lacks are unknown."""
    if (sums := _sums(equation, cells)) is not None:
        holds = sums[0] >= sums[1] if equation.relation == ">=" else sums[0] == sums[1]
        return Result("holds" if holds else "broken", *sums)

    def split(addresses: Sequence[str]) -> tuple[Value, list[str], list[tuple[Value, ...]]]:
        total: Value = 0
        free: list[str] = []
        choices: list[tuple[Value, ...]] = []
        for address in addresses:
            cell = cells.get(address)
            if cell is not None and cell.value is not None:
                total += cell.value
            elif cell is not None and cell.readings:
                choices.append(cell.readings)
            else:
                free.append(address)
        return total, free, choices

    left, free_left, choices_left = split(equation.left)
    right, free_right, choices_right = split(equation.right)
    with_readings = tuple(
        a
        for a in ((*equation.left, *equation.right) if choices_left or choices_right else ())
        if (c := cells.get(a)) is not None and c.value is None and c.readings
    )
    unknown = (*free_left, *with_readings, *free_right)
    whole_left = not free_left and not choices_left
    printed = left if whole_left else None
    combinations = 1
    for choice in (*choices_left, *choices_right):
        combinations *= len(choice)
    if combinations > _MOST_COMBINATIONS:
        return Result("not_assessable", printed, None, unknown)
    possible = False
    for picked in itertools.product(*choices_left, *choices_right):
        extra_left = sum(picked[: len(choices_left)])
        extra_right = sum(picked[len(choices_left) :])
        if _satisfiable(left + extra_left, right + extra_right, bool(free_left), bool(free_right), equation.relation):
            possible = True
            break
    if possible:
        unread = any((c := cells.get(a)) is not None and c.unread for a in unknown)
        zero = not (unread or choices_left or choices_right) and _satisfiable(
            left, right, False, False, equation.relation
        )
        return Result("not_assessable", printed, None, unknown, consistent_with_zero=zero)
    least = right + sum(min(c) for c in choices_right)
    return Result("broken", left + sum(min(c) for c in choices_left), least, unknown, bounded=True)
