"""Rows that an editor squeezed into one: 1.…<br>2.…<br>3.… in the cell of the labels, as many figures in each cell beside it.

Belongs here: when such a row is certainly several, and what it is then. Does not belong here: what a label means
(`parsers.tables`), cells with several figures of another making: those stay one cell, whose value is open.
"""

from __future__ import annotations

import re
from dataclasses import replace

from parsers.document import Cell, Document, Table
from parsers.grammar.figures import is_value_like

_ITEM = re.compile(r"[(（]?(\d{1,2})[)）.．、](?!\d)")
_FEWEST = 2


def part(document: Document) -> Document:
    """The document, its squeezed rows parted. Rows are counted as they are seen: a line of such a row is one."""
    for block in document.blocks:
        if isinstance(block, Table) and any("\n" in c.text and _ITEM.match(c.text) for c in block.cells):
            # From below: the numbers of the rows above stay.
            for row in range(block.n_rows - 1, -1, -1):
                _part_row(block, row)
    return document


def _part_row(table: Table, row: int) -> None:
    here = [c for c in table.cells if c.row == row]
    labels = next((items for c in here if len(items := _items(c)) >= _FEWEST), None)
    if labels is None or any(c.readings or c.doubt for c in here):
        return
    n = len(labels)
    named, parted = False, []
    for cell in here:
        items, lines = _items(cell), cell.text.split("\n")
        if cell.rowspan == 1 and items == labels:
            named = True
            parted.append((cell, items))
        elif cell.rowspan == 1 and named and len(lines) == n and all(line and is_value_like(line) for line in lines):
            parted.append((cell, lines))
        elif named or "\n" in cell.text or is_value_like(cell.text):
            # One cell of another make, and no line of the others is certain.
            return
    if len(parted) <= _FEWEST:
        return
    parts = {
        id(cell): [replace(cell, text=text, row=row + k) for k, text in enumerate(texts)] for cell, texts in parted
    }
    out: list[Cell] = []
    for cell in table.cells:
        if id(cell) in parts:
            out.extend(parts[id(cell)])
        elif cell.row <= row < cell.row + cell.rowspan:
            out.append(replace(cell, rowspan=cell.rowspan + n - 1))
        else:
            out.append(replace(cell, row=cell.row + n - 1) if cell.row > row else cell)
    table.cells = sorted(out, key=lambda c: (c.row, c.column))
    table.n_rows += n - 1


def _items(cell: Cell) -> list[str]:
    """The items of a cell that are numbered 1, 2, 3 …, each with what its further lines say; none where they are not."""
    items: list[str] = []
    for line in cell.text.split("\n"):
        m = _ITEM.match(line.strip())
        if m is not None and int(m[1]) == len(items) + 1 and not is_value_like(line):
            items.append(line)
        elif m is not None or not items:
            return []
        else:
            items[-1] += line
    return items
