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

# How far the columns are known: by what the heads say; by the form's order; by that order if the row's sums bear it out;
# or if those of most rows under the same heads do.
Trust = Literal["heads", "order", "sums", "rows"]
# So many rows must add up, and of those that tell no larger share may not.
_FEWEST_ROWS, _MOST_WRONG = 2, 0.25


@dataclass(slots=True)
class _Waiting:
    row: DataRow
    figures: Sequence[Cell]
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
        figures: Sequence[Cell] | None = None,
    ) -> None:
        """Note a row that has these cells, as (row, column) codes in the order printed, with the units of their heads.

        ``figures`` are those of the row that are the form's, where they are not all.
        """
        figures = row.figures if figures is None else figures
        texts = tuple(c.text.strip() for c in figures)
        place = row.table.place(figures[0])
        parting: Literal["cells", "lines"] = "cells" if row.table.blanks_seen else "lines"
        doubt = next((c.doubt for c in figures if c.doubt), None)
        line = Line(
            table, tuple(cells), (texts,), " | ".join(texts), place, parting, doubt=doubt, start=figures[0].column
        )
        columns = [self.form.tables[table].column[column] for _, column in cells]
        self._waiting.append(_Waiting(row, figures, line, columns, list(units), trust))

    def told(self) -> dict[int, Sequence[Cell]]:
        """The figures of every row, by its id, that its cells are read from."""
        return {id(w.row): w.figures for w in self._waiting}

    def pairs(self, variant: str | None, spent: set[tuple[str, str]]) -> list[tuple[DataRow, list[Pair]]]:
        """The cells of all rows; identities that decided something are added to ``spent``."""
        laid = lay([w.line for w in self._waiting], self.form, variant, spent)
        self._trust_rows(laid)
        return [(w.row, self._pairs_of(w, one)) for w, one in zip(self._waiting, laid, strict=True)]

    def _trust_rows(self, laid: Sequence[Laid]) -> None:
        """Believe the order of all rows under the same heads, or of each one that adds up."""
        told: dict[tuple[int, str], list[bool]] = {}
        for w, one in zip(self._waiting, laid, strict=True):
            if w.trust == "rows":
                found = [holds(way, w.line, self.form.tables[w.line.table]) for way in one.ways or ()]
                told.setdefault((id(w.row.zone), w.line.table), []).extend(x for x in found if x is not None)
        for w in self._waiting:
            if w.trust == "rows":
                sums = told[id(w.row.zone), w.line.table]
                believed = sum(sums) >= _FEWEST_ROWS and sums.count(False) <= _MOST_WRONG * len(sums)
                w.trust = "order" if believed else "sums"

    def _pairs_of(self, waiting: _Waiting, laid: Laid) -> list[Pair]:
        line, ways = waiting.line, laid.ways or []
        if waiting.trust == "sums":
            ways = [way for way in ways if holds(way, line, self.form.tables[line.table]) is True]
            if len(ways) > 1:
                ways = []
        filled = [cell for cell in waiting.figures if cell.text.strip()]
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
                cell = filled[at] if texts[0] else _blank(waiting.figures)
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
