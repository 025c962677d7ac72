"""From a printed cell at an address to a fact, and what is left where an address occurs more than once.

Belongs here: reading a cell as what the form asks for, doubts, repeats, what of each table is there.
Does not belong here: which address a cell has (`matching`, `columns`, `in_head`), what its text says (`grammar`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from parsers.document import Cell
from parsers.grammar.figures import has_digit, is_figure, is_unit, money_unit
from parsers.grammar.figures import read as read_figure
from parsers.grammar.heads import head_words
from parsers.grammar.labels import FormIndex
from schemas import forms
from schemas.facts import Fact, Method, Place, TableLayout, Unresolved, Value
from schemas.forms import Column
from schemas.labels import label

from .data_rows import DataRow

# How cells are found on a page: what stands in one place there may be of two cells.
_DRAWN = frozenset(("ruled", "anchored", "ocr"))


@dataclass(slots=True)
class Pair:
    """An address and the cell that is printed there, or None where it cannot be told which one that is.

    ``reason`` says why, in the words of `Unresolved.reason`, and ``printed`` what is there; ``unit`` is the head's.
    """

    address: str
    column: Column
    cell: Cell | None
    method: Method
    unit: str | None = None
    reason: str = "count"
    printed: str | None = None


@lru_cache(maxsize=4_096)
def _asked(form_id: str, address: str) -> tuple[str | None, str]:
    """The unit of a form's cell, and what the form wants in it."""
    table, row, column = address.split(".")
    of = forms.load(form_id).tables[table]
    return of.unit_of(of.row[row], of.column[column]), of.value_of(of.row[row], of.column[column])


def read_pair(index: FormIndex, row: DataRow, pair: Pair) -> Fact | Unresolved:
    """A fact, or an unresolved cell. A head of the table is nobody's figure: its figures were left out of the print."""
    cell = pair.cell
    if cell is None:
        printed = pair.printed if pair.printed is not None else " | ".join(c.text for c in row.figures)
        place = row.table.place(row.figures[0]) if row.figures else Place()
        return Unresolved(pair.address, printed, pair.reason, [], place)
    place = row.table.place(cell)
    unit, asked = _asked(index.form.id, pair.address)
    amount, signed = asked == "amount", asked == "signed"
    head_unit = pair.unit if pair.unit is not None or not amount else _unit_said(row)
    reading = read_figure(cell.text, unit=unit, amount=amount, signed=signed, head_unit=head_unit)
    if cell.doubt:
        readings: list[Value] = []
        for text in (cell.text, *cell.readings):
            other = read_figure(text, unit=unit, amount=amount, signed=signed, head_unit=head_unit)
            if other.value is not None and other.value not in readings:
                readings.append(other.value)
        return Unresolved(pair.address, cell.text, cell.doubt, readings, place)
    if reading.doubt:
        return Unresolved(pair.address, cell.text, reading.doubt, list(reading.readings), place)
    if reading.kind == "text" and (reason := _no_words(index, pair, cell.text)) is not None:
        return Unresolved(pair.address, cell.text, reason, [], place)
    return Fact(
        pair.address, reading.value, reading.kind, cell.text, reading.unit, place, pair.method, reading.unit_printed
    )


def _no_words(index: FormIndex, pair: Pair, text: str) -> str | None:
    """Why a text is no words in a figure's place, in the words of `Unresolved.reason`; None where it may be."""
    code = pair.address.partition(".")[0]
    if label(text).key in index.columns[code]:
        return "label"
    if index.form.tables[code].unit_column and is_unit(text.split(maxsplit=1)[0]):
        # The unit's own column, alone or run into the figure's.
        return "label"
    return "joined" if pair.method in _DRAWN and _is_beside_words(text) else None


def _is_beside_words(text: str) -> bool:
    """Whether a figure or a mark stands among letters that say nothing of it: those of a stamp, or of a label that its own
    cell has no room for."""
    compact = "".join(text.split())
    signs = (not char.isalnum() and read_figure(char).kind == "mark" for char in (compact[:1], compact[-1:]))
    return not is_figure(compact) and (has_digit(compact) or any(signs))


def _unit_said(row: DataRow) -> str | None:
    """The unit of an amount that neither bears its own nor has a head that does: its row's, or what stands above the table."""
    printed = row.hit_cell.text if row.hit_cell is not None else ""
    return money_unit(row.unit or "") or money_unit(head_words(printed).unit or "") or row.money


def doubtful(cell: Cell | None, reason: str) -> Cell | None:
    """The same cell, not certain."""
    return None if cell is None else replace(cell, doubt=reason)


def settle(address: str, found: list[Fact | Unresolved]) -> Fact | Unresolved:
    """One address, read once or several times (a mobile duplicate, a repeated row)."""
    if len(found) == 1:
        return found[0]
    facts = [f for f in found if isinstance(f, Fact)]
    if not facts:
        return found[0]
    first = facts[0]
    different = [f for f in facts if (f.kind, f.value) != (first.kind, first.value)]
    open_cell = next((u for u in found if isinstance(u, Unresolved) and _contradicts(u, first)), None)
    if open_cell is not None:
        # A row read for certain beside another of the same address that says something else, if not for certain.
        values = [f.value for f in facts if f.value is not None]
        readings = list(dict.fromkeys((*values, *open_cell.readings)))
        return Unresolved(address, open_cell.printed, open_cell.reason, readings, open_cell.place)
    if not different:
        return first
    readings = list(dict.fromkeys(f.value for f in facts if f.value is not None))
    return Unresolved(address, first.printed, "repeated", readings, first.place)


def _contradicts(doubtful: Unresolved, fact: Fact) -> bool:
    """Whether a cell that was not read for certain says something else than a fact of the same address."""
    if doubtful.readings and (fact.value is not None or doubtful.closed or doubtful.reason != "count"):
        return fact.value not in doubtful.readings
    # Digits that could not be read at all are no blank. Of a row that lost cells only the whole line is printed here.
    unread = doubtful.reason not in ("count", "label") and any(char.isdigit() for char in doubtful.printed)
    return fact.value is None and unread


def finish_layout(
    layout: TableLayout, index: FormIndex, variant: str | None, found: dict[str, Fact | Unresolved]
) -> None:
    """Say of a table what is missing and whether its rows stand in the form's order."""
    code = layout.table
    known = {r.code for r in layout.rows}
    layout.missing_rows = [r.code for r in index.form.rows(code, variant) if r.code not in known and not r.optional]
    read = {address.rpartition(".")[2] for address in found}
    layout.missing_columns = [c.code for c in index.form.tables[code].columns if c.code not in read]
    positions = [index.order[code, r.code] for r in layout.rows if (code, r.code) in index.order]
    layout.reordered = positions != sorted(positions)
