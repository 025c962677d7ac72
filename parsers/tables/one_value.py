"""Rows of text with one value each, in a table with a column of units: where the blank of one makes another's of it.

Belongs here: which of these rows cannot be told, by the heads' order and by how many figures the others have. Does not
belong here: what a figure says (`settling`), rows with several columns (`laying`).

序号 | 指标 | 单位 | 统计数, a cell a line: where a value is blank and left no trace, the next row's number is what
stands behind the label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from parsers.grammar.figures import is_unit
from parsers.grammar.figures import read as read_figure
from parsers.grammar.labels import FormIndex
from schemas.forms import TableForm

from .data_rows import DataRow

# So many rows with as many figures show how many columns there are.
_FEWEST = 3


def untold(index: FormIndex, rows: Iterable[tuple[DataRow, TableForm]]) -> set[int]:
    """The rows, by their id, whose one value cannot be told; ``rows`` are those of text, each with its table."""
    of_table: dict[int, list[DataRow]] = {}
    for row, table in rows:
        if row.table.ragged and table.unit_column and len(table.columns) == 1:
            of_table.setdefault(row.table.number, []).append(row)
    out: set[int] = set()
    for own in of_table.values():
        heads = _heads(index, own)
        counts = Counter(len(row.figures) for row in own)
        most = max((count for count, times in counts.items() if times >= _FEWEST), default=1)
        for row in own:
            # A value in front of its label is the row's before; of a unit there what follows may be the next row's.
            is_number = len(row.figures) == 1 and read_figure(row.figures[0].text).kind == "number"
            aside = "value" in heads or ("unit" in heads and not is_number)
            if aside or len(row.figures) < most or all(is_unit(cell.text) for cell in row.figures):
                out.add(id(row))
    return out


def _heads(index: FormIndex, rows: Sequence[DataRow]) -> set[str]:
    """What stands in front of the head over the labels: the value's head, that of units."""
    stubs = {s.key for s in index.spellings if s.role == "stub"}
    for row in rows:
        keys = [head.key for head in row.heads]
        at = next((k for k, key in enumerate(keys) if key in stubs), None)
        if at is not None:
            before = row.heads[:at]
            values = any(index.columns[t].get(head.key) for head in before for t in index.columns)
            units = any(head.words.kind == "unit" for head in before)
            return {name for name, there in (("value", values), ("unit", units)) if there}
    return set()
