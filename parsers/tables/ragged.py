"""Rows of tables in running text: their cells in reading order, laid against the form's columns together.

Belongs here: collecting such rows, and what of them `laying` leaves as cells with their addresses. Does not belong here:
which row or which heads they have (`matching`, `in_head`), what pieces can be (`laying`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from parsers.document import Cell
from schemas.facts import Method
from schemas.forms import Column, Form

from .data_rows import DataRow
from .laying import Laid, lay
from .placing import Line, holds
from .settling import Pair

# How far the columns are known: by what the heads say; by the form's order; by that order if the row's sums bear it out.
Trust = Literal["heads", "order", "sums"]


@dataclass(slots=True)
class _Waiting:
    row: DataRow
    line: Line
    columns: list[Column]
    units: list[str | None]
    trust: Trust


class RaggedRows:
    """The rows of one report's ragged tables."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._waiting: list[_Waiting] = []

    def add(
        self,
        row: DataRow,
        table: str,
        cells: Sequence[tuple[str, str]],
        units: Sequence[str | None],
        trust: Trust,
    ) -> None:
        """Note a row that has these cells, as (row, column) codes in the order printed, with the units of their heads."""
        figures = row.figures
        texts = tuple(c.text.strip() for c in figures)
        place = row.table.place(figures[0])
        parting: Literal["cells", "lines"] = "cells" if row.table.blanks_seen else "lines"
        doubt = next((c.doubt for c in figures if c.doubt), None)
        line = Line(
            table, tuple(cells), (texts,), " | ".join(texts), place, parting, doubt=doubt, start=figures[0].column
        )
        columns = [self.form.tables[table].column[column] for _, column in cells]
        self._waiting.append(_Waiting(row, line, columns, list(units), trust))

    def pairs(self, variant: str | None, spent: set[tuple[str, str]]) -> list[tuple[DataRow, list[Pair]]]:
        """The cells of all rows; identities that decided something are added to ``spent``."""
        laid = lay([w.line for w in self._waiting], self.form, variant, spent)
        return [(w.row, self._pairs_of(w, one)) for w, one in zip(self._waiting, laid, strict=True)]

    def _pairs_of(self, waiting: _Waiting, laid: Laid) -> list[Pair]:
        line, ways = waiting.line, laid.ways or []
        if waiting.trust == "sums":
            ways = [way for way in ways if holds(way, line, self.form.tables[line.table]) is True]
            if len(ways) > 1:
                ways = []
        filled = [cell for cell in waiting.row.figures if cell.text.strip()]
        at = 0
        method: Method = laid.method
        if method == "order" and waiting.trust == "heads":
            method = waiting.row.table.method
        out: list[Pair] = []
        for i, ((row, _), column, unit) in enumerate(zip(line.cells, waiting.columns, waiting.units, strict=True)):
            address = f"{line.table}.{row}.{column.code}"
            texts = [ways[0][i]] if len(ways) == 1 else list(dict.fromkeys(way[i] for way in ways))
            if not texts:
                out.append(Pair(address, column, None, "order", unit, laid.reason, line.printed))
                continue
            if len(texts) == 1:
                cell = filled[at] if texts[0] else _blank(waiting.row.figures)
            else:
                # It may be blank as well where some way says so: its readings are never all that it may be.
                readings = tuple(text for text in texts if text)
                cell = replace(filled[0], text=line.printed, readings=readings, doubt=laid.reason)
            # So many figures stand in front of the next column.
            at += bool(ways[0][i])
            out.append(Pair(address, column, cell, method, unit))
        return out


def _blank(figures: Sequence[Cell]) -> Cell:
    """An empty cell of a row, where it is one that left no trace, at the row's first figure."""
    return next((c for c in figures if not c.text.strip()), replace(figures[0], text=""))
