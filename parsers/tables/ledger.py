"""Where every figure of a statutory table went: which are no cells of the form.

Belongs here: listing what is printed in the grids of a table and is neither a fact nor an unresolved cell.
Does not belong here: deciding which cell is what (`matching`), tables that were not placed at all (`traces`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from parsers.document import Cell, Table
from parsers.grammar.figures import is_value_like
from parsers.grammar.heads import head_words
from parsers.grammar.labels import FormIndex
from schemas.facts import Fact, Leftover, Unresolved
from schemas.labels import label

from .columns import count_on, under
from .data_rows import DataRow

# A cell by its table's number, its row and its column.
Key = tuple[int, int, int]
# Reasons that doubt where a figure belongs, not what it is.
_OF_PLACE = frozenset({"label", "count"})
_DIGIT = re.compile(r"[0-9０-９]")
# Years and numbers of items say nothing of a table's figures.
_LONGEST_NUMBER = 2
# Of the numbers among labels of a page such a share counts on, if they are numbers of rows.
_COUNTING = 0.5
_NO_FIGURE = re.compile(r"(?:19|20)\d\d\s*年?|^\s*[（(]?\d{1,2}[)）.、．]")


def key(table: Table, cell: Cell) -> Key:
    """What tells a cell from all others of a document."""
    return table.number, cell.row, cell.column


@dataclass(slots=True)
class Ledger:
    """What became of the cells of one report's grids."""

    index: FormIndex
    # Cells that are facts or unresolved, and those that are cells of another table of the form.
    told: set[Key] = field(default_factory=set)
    of_others: set[Key] = field(default_factory=set)
    # The statutory table that each grid is of.
    table_of: dict[int, str] = field(default_factory=dict)
    # Lines of pages without rules, by table and row as places have them, in which a figure stands under no head at all.
    headless: set[tuple[int | None, int | None]] = field(default_factory=set)

    def leftovers(self, rows: Sequence[DataRow], named: Iterable[DataRow]) -> list[Leftover]:
        """Every other figure in the grids of the form's tables. ``named`` are the rows of the form."""
        grids: Mapping[int, Table] = {row.table.number: row.table for row in rows}
        others = [
            (grids[number], code, cell)
            for number, code in self.table_of.items()
            for cell in grids[number].cells
            if (number, cell.row, cell.column) not in self.told and _DIGIT.search(cell.text)
        ]
        if not others:
            return []
        of_row = {key(row.table, c): row for row in rows for c in row.figures}
        labels = {key(row.table, c) for row in rows for c in row.labels}
        known = {id(row) for row in named}
        counted = {number: _labels_count_on(grid, labels) for number, grid in grids.items()}
        out: list[Leftover] = []
        for grid, code, cell in others:
            at = key(grid, cell)
            reason = self._reason(cell, at, of_row.get(at), known, is_label=at in labels)
            if grid.method == "anchored" and (
                _has_taken_a_figure(cell)
                or (reason in ("serial", "note") and is_value_like(cell.text) and not counted[grid.number])
            ):
                # Without rules the line of a row that was not told from its head, or a figure among the labels.
                reason = "row"
            if reason is not None:
                out.append(left := Leftover(code, cell.text, reason, grid.place(cell)))
                if reason == "column" and grid.method == "anchored" and not self._has_head(cell, of_row[at]):
                    self.headless.add((left.place.table, left.place.row))
        return out

    def _has_head(self, cell: Cell, row: DataRow) -> bool:
        """Whether words stand over a figure, but for the title of its part, which stands over all columns."""
        return any(under(head, cell) and not self.index.is_part(head.words.full) for head in row.zone.heads)

    def _reason(
        self, cell: Cell, at: Key, row: DataRow | None, known: set[int], *, is_label: bool
    ) -> Literal["column", "serial", "row", "table", "note"] | None:
        """Why a figure is none of the form's; None where a cell holds no figure."""
        figure = is_value_like(cell.text)
        if at in self.of_others:
            return "table"
        if row is not None:
            if id(row) not in known:
                return "row"
            return "serial" if any(under(h, cell) and h.words.kind == "serial" for h in row.zone.heads) else "column"
        if is_label:
            return "serial" if figure else None
        if figure:
            return "note"
        words = head_words(cell.text)
        named = words.kind in ("blank", "serial") or words.full in self.index.heads
        if named or self.index.hits(cell.text) or self.index.is_part(cell.text) or not label(cell.text).key:
            return None
        return "note" if _DIGIT.search(_NO_FIGURE.sub("", cell.text)) else None


def _labels_count_on(table: Table, labels: set[Key]) -> bool:
    """Whether the figures among a table's labels count its rows."""
    numbers = (c.text for c in table.cells if key(table, c) in labels)
    return table.method != "anchored" or count_on(numbers, _COUNTING)


def _has_taken_a_figure(cell: Cell) -> bool:
    """Whether one line of words is a figure, longer than labels' own numbers are, and no year."""
    lines = cell.text.split("\n")
    return (
        len(lines) > 1
        and any(
            len(line) > _LONGEST_NUMBER and is_value_like(line) and _DIGIT.search(_NO_FIGURE.sub("", line))
            for line in lines
        )
        and not all(map(is_value_like, lines))
    )


def without_place(
    facts: Sequence[Fact],
    unresolved: Sequence[Unresolved],
    leftovers: Sequence[Leftover],
    headless: set[tuple[int | None, int | None]],
) -> list[Fact]:
    """The cells of printed pages without rules that are none for certain: a figure nearby has no place of its own.

    No cell of a line is certain in which a figure stands under no head at all: it may be a part of its neighbour. An
    empty row is open while a row of figures is left over in its table, on its page or the next; an empty cell while a
    figure of its line is left over, or other cells of its row are open for their row or column.
    """
    drawn = [f for f in facts if f.place.box is not None and f.method != "ruled"]
    if not drawn:
        return []
    rows: set[tuple[str, int]] = set()
    lines: set[tuple[int | None, int | None]] = set()
    for left in leftovers:
        page = left.place.page or 0
        if left.reason == "row":
            rows |= {(left.table, near) for near in (page - 1, page, page + 1)}
        elif left.reason == "column":
            lines.add((left.place.table, left.place.row))
    shaky = {u.address.rpartition(".")[0] for u in unresolved if u.reason in _OF_PLACE and _DIGIT.search(u.printed)}
    printed = {f.address.rpartition(".")[0] for f in facts if f.kind == "number"}
    return [
        f
        for f in drawn
        if (f.place.table, f.place.row) in headless
        or (
            f.kind == "blank"
            and (
                (f.place.table, f.place.row) in lines
                or (row := f.address.rpartition(".")[0]) in shaky
                or (row not in printed and (f.address.partition(".")[0], f.place.page or 0) in rows)
            )
        )
    ]
