"""A table of a page while it is open, and its grid: cells at the places that HTML's own algorithm gives them.

Belongs here: groups of rows, rowspan and colspan. Does not belong here: what stands in a cell (`walk`), layout tables
(`builder`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.readers.builder import MAX_COLUMNS, CellDraft, Flow, span

# HTML's own limit for a rowspan; 0 stands for all rows that follow.
_MANY = 65_534


@dataclass(slots=True)
class RawCell:
    """A td or th with its spans as they are written."""

    flow: Flow
    rowspan: int
    colspan: int


@dataclass(slots=True, eq=False)
class RawTable:
    """A table while it is open: rows by group (thead, tbody, tfoot), since no cell reaches beyond its group."""

    groups: list[tuple[str, list[list[RawCell]]]] = field(default_factory=list)
    in_row: bool = False
    _rows: list[list[RawCell]] | None = None

    def open_group(self, tag: str) -> None:
        self._rows = []
        self.groups.append((tag, self._rows))
        self.in_row = False

    def close_group(self) -> None:
        self._rows = None
        self.in_row = False

    def open_row(self) -> None:
        if self._rows is None:
            self.open_group("tbody")
        assert self._rows is not None
        self._rows.append([])
        self.in_row = True

    def close_row(self) -> None:
        self.in_row = False

    def add(self, cell: RawCell) -> None:
        if not self.in_row:
            self.open_row()
        assert self._rows is not None
        self._rows[-1].append(cell)

    def in_printed_order(self) -> list[list[list[RawCell]]]:
        """The groups with the first head on top and the first foot at the bottom, wherever they are written."""
        heads = [rows for tag, rows in self.groups if tag == "thead"][:1]
        feet = [rows for tag, rows in self.groups if tag == "tfoot"][:1]
        between = [rows for _, rows in self.groups if not any(rows is other for other in (*heads, *feet))]
        return [*heads, *between, *feet]


def placed(groups: list[list[list[RawCell]]]) -> tuple[list[CellDraft], int]:
    """The cells at their grid positions, and the number of rows.

    HTML's own algorithm: a cell takes the first free place of its row. A colspan beyond all bounds reaches to where
    the other rows of the table end.
    """
    drafts, n_rows, free = _place(groups, {})
    absurd = {id(c): c for rows in groups for row in rows for c in row if c.colspan > MAX_COLUMNS}
    if absurd:
        stretched: dict[int, int] = {}
        for row, slack in zip((row for rows in groups for row in rows), free, strict=True):
            wide = next((c for c in row if id(c) in absurd), None)
            if wide is not None:
                stretched[id(wide)] = 1 + slack
        drafts, n_rows, _ = _place(groups, stretched)
    return drafts, n_rows


def _place(groups: list[list[list[RawCell]]], stretched: dict[int, int]) -> tuple[list[CellDraft], int, list[int]]:
    """Drafts, number of rows, and for every row how many columns of the table it leaves free at its end."""
    drafts: list[CellDraft] = []
    used: list[int] = []
    first_row = 0
    for rows in groups:
        # For every column the row of this group up to which it is taken by a cell from above.
        taken: list[int] = []
        for r, row in enumerate(rows):
            column = 0
            width = sum(1 for until in taken if until > r)
            for cell in row:
                while column < len(taken) and taken[column] > r:
                    column += 1
                if cell.colspan == 1 == cell.rowspan and column < MAX_COLUMNS:
                    # As nearly all are.
                    drafts.append(CellDraft(cell.flow, first_row + r, column))
                    width += 1
                    if column == len(taken):
                        taken.append(r + 1)
                    else:
                        taken[column] = r + 1
                    column += 1
                    continue
                colspan = stretched.get(id(cell), 1 if cell.colspan > MAX_COLUMNS else cell.colspan)
                rowspan = min(cell.rowspan, len(rows) - r)
                drafts.append(CellDraft(cell.flow, first_row + r, column, rowspan, colspan))
                width += colspan
                end = column + colspan
                if end <= MAX_COLUMNS:
                    taken.extend([0] * (end - len(taken)))
                    for c in range(column, end):
                        taken[c] = max(taken[c], r + rowspan)
                column = end
            used.append(width)
        first_row += len(rows)
    most = max(used, default=0)
    return drafts, first_row, [most - width for width in used]


def rowspan_of(printed: str) -> int:
    """HTML's own reading of a rowspan: 0 means all rows that follow in the group."""
    return _MANY if re.match(r"\s*\+?0+(?![0-9])", printed) else span(printed, _MANY)
