"""Errors planted on purpose into figures that were right.

Belongs here: which cells each kind of error changes, and to what. Does not belong here: errors in sentences, and which
errors a report has (`truth`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from schemas.facts import Value

from .figures import Frame

Changes = dict[str, Value]
Planter = Callable[[random.Random, Frame, Mapping[str, Value]], Changes | None]


def _digits(change: Callable[[random.Random, str], str]) -> Planter:
    """An error in the digits of one cell of at least two."""

    def plant(rng: random.Random, frame: Frame, values: Mapping[str, Value]) -> Changes | None:
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


def _off_by_one(rng: random.Random, frame: Frame, values: Mapping[str, Value]) -> Changes | None:
    address = rng.choice(frame.bound())
    return {address: values[address] + (rng.choice((1, -1)) if values[address] else 1)}


def _wrong_total(rng: random.Random, frame: Frame, values: Mapping[str, Value]) -> Changes | None:
    totals = sorted({e.left[0] for e in frame.equations if len(e.left) == 1 and e.relation == "="})
    address = rng.choice(totals)
    return {address: values[address] + rng.randint(1, 30)}


def _column_balance(rng: random.Random, frame: Frame, values: Mapping[str, Value]) -> Changes | None:
    """carried_forward wrong in one applicant column and in its own total: rows add up, two columns do not balance."""
    table = frame.form.table("requests")
    if table is None:
        return None
    column, surplus = rng.choice(frame.applicants()), rng.randint(1, 9)
    columns = (column, *(c.code for c in table.columns_as("total")))
    cells = [table.address(row, c) for row in table.rows_as("carried_forward") for c in columns]
    return {a: values[a] + surplus for a in cells}


def _disputes_zero(rng: random.Random, frame: Frame, values: Mapping[str, Value]) -> Changes | None:
    """The publisher's habit met most often: the parts are stated and the total is left at 0."""
    totals = frame.form.cells("disputes", columns=["total"])
    stated = [a for a in totals if values[a] > 0]
    return {rng.choice(stated): 0} if stated else None


def _misplaced(rng: random.Random, frame: Frame, values: Mapping[str, Value]) -> Changes | None:
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


def _negative(rng: random.Random, frame: Frame, values: Mapping[str, Value]) -> Changes | None:
    cells = [a for a in frame.bound() if values[a] > 0]
    if not cells:
        return None
    address = rng.choice(cells)
    return {address: -values[address]}


PLANTERS: dict[str, Planter] = {
    "digit_swap": _digits(_swap),
    "digit_drop": _digits(_drop),
    "off_by_one": _off_by_one,
    "wrong_total": _wrong_total,
    "column_balance": _column_balance,
    "disputes_zero": _disputes_zero,
    "misplaced_applicant": _misplaced,
    "negative": _negative,
}
