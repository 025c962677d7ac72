"""How figures are printed in their cells, and what a right reading of each is.

Belongs here: blanks, marks, separators, full-width digits, units and notes in cells; traditional characters.
Does not belong here: the figures themselves (`truth`) and the table around them (`compose`).

The readings follow the interface: ``22（其中修订16件）`` is 22, ``251000元`` where 万元 is asked is 25.1, ``／`` is a mark.
"""

from __future__ import annotations

import random
from decimal import Decimal
from functools import lru_cache
from typing import Any

from schemas.facts import Value
from schemas.forms import Column, Row, TableForm

from .layout import Layout
from .truth import Truth, TruthCell

# Documents, of which some were only revised.
_NOTED = {"issued", "stock", "disclosed_total"}
_FULLWIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("s2t")


def traditional(text: str) -> str:
    """``text`` in traditional characters, character by character."""
    return str(_converter().convert(text)) if not text.isascii() else text


def plain(value: Value) -> str:
    """A figure as it is printed where nobody has a habit: no exponent, no separators."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _separated(value: int, separator: str) -> str:
    return f"{value:,}".replace(",", separator)


def dress(truth: Truth, layout: Layout | None = None) -> dict[str, TruthCell]:
    """Every cell of the report as ``layout`` prints it, with its right reading, in form order."""
    layout = layout or Layout()
    rng = random.Random(f"dress/{truth.seed}/{layout.seed}")
    form = truth.form_data
    bound = _bound(truth) if layout.zero != "0" else frozenset()
    cells: dict[str, TruthCell] = {}
    for table in form.tables.values():
        for row in truth.rows(table.code):
            for column in table.columns_of(row):
                address = f"{table.code}.{row.code}.{column.code}"
                if address in truth.fixed:
                    cells[address] = truth.fixed[address]
                    continue
                value = truth.values[address]
                # Drawn for every cell, so that one habit more does not move all the others.
                draw = random.Random(rng.random())
                cells[address] = _cell(draw, layout, table, row, column, value, address in bound)
    return cells


def _bound(truth: Truth) -> frozenset[str]:
    """What an error broke must stay decidable: its operands are never hidden behind a blank or a mark."""
    operands = {a for e in truth.equations if (e.rule, e.code) in truth.broken for a in e.cells}
    return frozenset(operands | {a for e in truth.errors for a, _, _ in e.changes})


def _cell(
    rng: random.Random, layout: Layout, table: TableForm, row: Row, column: Column, value: Value, bound: bool
) -> TruthCell:
    empty_allowed = table.role != "proactive" and value == 0 and not bound
    if empty_allowed and layout.zero != "0":
        how = rng.choice(("0", "blank", "mark")) if layout.zero == "mixed" else layout.zero
        if how == "blank":
            return TruthCell("", "blank", None, None)
        if how == "mark":
            return TruthCell(_script(layout, layout.mark), "mark", None, None)
    unit: str | None
    kind = table.value_of(row, column)
    if kind == "amount":
        printed, value, unit = _amount(rng, layout, table.unit_of(row, column), Decimal(value))
    elif kind == "signed":
        printed, unit = _signed(rng, layout, int(value)), table.unit_of(row, column)
    else:
        unit = table.unit_of(row, column)
        if layout.words_in_cells and "decisions" in column.roles and rng.random() < 0.4:
            return TruthCell(_script(layout, f"约{value}"), "text", None, None)
        printed = _count(rng, layout, value, unit if table.role == "proactive" else None, column)
    return TruthCell(_script(layout, printed), "number", value, unit)


def _script(layout: Layout, printed: str) -> str:
    if layout.digits == "fullwidth":
        printed = printed.translate(_FULLWIDTH)
    return traditional(printed) if layout.traditional else printed


def _count(rng: random.Random, layout: Layout, value: Value, unit: str | None, column: Column) -> str:
    printed = plain(value)
    if isinstance(value, int) and value >= 1000 and layout.thousands:
        printed = _separated(value, layout.thousands)
    elif layout.decimals_in_counts and rng.random() < 0.2:
        printed = f"{printed}.0"
    if unit and layout.notes_in_cells and not _NOTED.isdisjoint(column.roles) and value > 1:
        note = rng.choice(("其中修订{}件", "含自然失效{}件", "其中：修改{}件")).format(rng.randint(1, int(value)))
        return f"{printed}（{note}）"
    if unit and layout.units_in_cells and rng.random() < 0.7:
        printed += unit
    return printed


def _signed(rng: random.Random, layout: Layout, value: int) -> str:
    if value == 0 or not layout.units_in_cells:
        return rng.choice((str(value), f"+{value}")) if value > 0 else str(value)
    words = ("增加{}项", "增{}", "↑{}") if value > 0 else ("减少{}项", "减{}", "↓{}")
    return rng.choice(words).format(abs(value))


def _amount(rng: random.Random, layout: Layout, unit: str | None, value: Decimal) -> tuple[str, Decimal, str]:
    """Printed text, value and unit of an amount in 万元; without a unit on the form nor in the cell it is unknown."""
    if layout.units_in_cells and (unit is None or rng.random() < 0.7):
        how = rng.choice(("万元", "万元", "元"))
        if how == "元":
            return f"{plain(_whole(value * 10_000))}元", value, "万元"
        return f"{plain(value)}万元", value, "万元"
    printed = plain(value)
    if layout.thousands and value >= 1000:
        whole, point, rest = printed.partition(".")
        printed = _separated(int(whole), layout.thousands) + point + rest
    return printed, value, unit or "unknown"


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
