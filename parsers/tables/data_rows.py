"""The rows of figures in a document's grids, each with the heads and labels that apply to it.

Belongs here: telling heads, captions and rows of figures apart; which head stands over which column.
Does not belong here: which row or column of a form it is (`row_choice`, `matching`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parsers.document import Cell, Paragraph, Table
from parsers.grammar.figures import is_unit, is_value_like
from parsers.grammar.figures import read as read_figure
from parsers.grammar.labels import FormIndex, RowHit, head_label
from schemas.labels import label


@dataclass(slots=True)
class Head:
    """The lowest head cell over one column, with the labels of the heads above it."""

    cell: Cell
    start: int
    end: int
    path: list[str]
    key: str
    unit: str | None


@dataclass(slots=True)
class DataRow:
    """A row of figures: its label cells, its figure cells, the heads above and the labels met before it."""

    table: Table
    labels: list[Cell]
    figures: list[Cell]
    heads: list[Head]
    recent: list[str]
    # Keys of the short texts between the last figures and this row, nearest last.
    captions: list[str]
    hits: list[RowHit]
    in_head: bool = False
    # The label cell that hit, before groups and numbers narrow its candidates down.
    hit_cell: Cell | None = None
    # The unit in a column of its own, as printed.
    unit: str | None = None
    # The label of a group on a line of its own, with empty cells behind it.
    is_group: bool = False


def row_cells(grid: list[list[Cell | None]], r: int) -> list[Cell]:
    """The distinct cells that cover a row, from left to right."""
    seen: list[Cell] = []
    for cell in grid[r]:
        if cell is not None and (not seen or seen[-1] is not cell):
            seen.append(cell)
    return seen


def _leaf_heads(grid: list[list[Cell | None]], rows: list[int], ragged: bool) -> list[Head]:
    """One head per column: the lowest non-empty head cell, left to right. Ragged heads are taken in reading order."""
    if ragged:
        cells = [c for r in rows for c in row_cells(grid, r)]
        heads = []
        for i, cell in enumerate(cells):
            lab, unit = head_label(cell.text)
            heads.append(Head(cell, i, i + 1, [lab.key], lab.key, unit))
        return heads
    heads = []
    for c in range(len(grid[rows[0]]) if rows else 0):
        path: list[Cell] = []
        for r in rows:
            head = grid[r][c]
            if head is not None and head.text.strip() and (not path or path[-1] is not head):
                path.append(head)
        if not path:
            continue
        if heads and heads[-1].cell is path[-1] and heads[-1].end == c:
            heads[-1].end = c + 1
            continue
        lab, unit = head_label(path[-1].text)
        heads.append(Head(path[-1], c, c + 1, [label(p.text).key for p in path], lab.key, unit))
    return heads


class Scanner:
    """Collects the rows of figures of one report's blocks, with an eye on one form's labels."""

    def __init__(self, index: FormIndex) -> None:
        self.index = index
        self.rows: list[DataRow] = []
        self._unit_column = any(t.unit_column for t in index.form.tables.values())
        self._recent: list[str] = []
        self._captions: list[str] = []

    def scan(self, blocks: Iterable[Paragraph | Table]) -> None:
        """Collect the data rows of all tables, each with the heads and labels that apply to it."""
        heads: list[Head] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                self._remember(block.text)
                continue
            heads = self._scan_table(block, heads)

    def _remember(self, text: str) -> None:
        if len(text) <= 60:
            key = label(text).key
            if key:
                self._captions.append(key)
            if key in self.index.parts or key in self.index.rows:
                self._recent.append(key)

    def _scan_table(self, table: Table, heads: list[Head]) -> list[Head]:
        grid = table.grid()
        head_rows: list[int] = []
        for r in range(table.n_rows):
            cells = row_cells(grid, r)
            if not cells:
                continue
            row = self._as_data_row(table, cells, r)
            if row is None:
                if any(c.row == r and c.text.strip() for c in cells):
                    head_rows.append(r)
                    for cell in cells:
                        if cell.row == r:
                            self._remember(cell.text)
                continue
            if head_rows:
                found = _leaf_heads(grid, head_rows, table.ragged)
                # A repeated label of a group between two rows is no head: it names no column at all.
                if any(self._names_column(h) for h in found) or len(found) >= len(row.figures):
                    heads = found
                head_rows = []
            row.heads = heads
            row.recent = self._recent[-24:]
            row.captions, self._captions = self._captions[-24:], []
            if row.hit_cell is not None:
                self._recent.append(label(row.hit_cell.text).key)
            for cell in row.labels:
                if cell is not row.hit_cell and cell.row == r:
                    self._remember(cell.text)
            self.rows.append(row)
        if head_rows:
            found = _leaf_heads(grid, head_rows, table.ragged)
            if any(self._names_column(h) for h in found):
                heads = found
        return heads

    def _names_column(self, head: Head) -> bool:
        return any(head.key in columns for columns in self.index.columns.values())

    def _as_data_row(self, table: Table, cells: list[Cell], r: int) -> DataRow | None:
        """A row of figures, or None for heads, captions and anything else."""
        unit = next((c for c in cells[1:] if self._unit_column and is_unit(c.text)), None)
        if unit is not None and len(cells) > 2:
            row = self._as_data_row(table, [c for c in cells if c is not unit], r)
            if row is not None:
                row.unit = unit.text
            return row
        like = [is_value_like(c.text) for c in cells]
        hit_at = -1
        for i, cell in enumerate(cells):
            if not like[i] and label(cell.text).key in self.index.rows:
                hit_at = i
        if hit_at >= 0 and self._is_row_of(cells, like, hit_at):
            hits = self.index.rows[label(cells[hit_at].text).key]
            return DataRow(table, cells[: hit_at + 1], cells[hit_at + 1 :], [], [], [], hits, hit_cell=cells[hit_at])
        if hit_at == len(cells) - 1 or any(self._is_column(c) for c in cells):
            return None
        if all(like):
            if any(c.row == r for c in cells) and len(cells) > 1:
                return DataRow(table, [], cells, [], [], [], [], in_head=True)
            return None
        # No label of the form: a misprint, or a row that the form does not have.
        last_text = max(i for i, v in enumerate(like) if not v)
        after = cells[last_text + 1 :]
        if len(after) < 3 and not any(read_figure(c.text).kind == "number" for c in after):
            return None
        if last_text == hit_at:
            return None
        if label(cells[last_text].text).key in self.index.parts and not any(c.text.strip() for c in after):
            return None  # a group's label on a line of its own
        return DataRow(table, cells[: last_text + 1], after, [], [], [], [])

    def _is_row_of(self, cells: list[Cell], like: list[bool], hit_at: int) -> bool:
        """Whether the cell that bears a row's label heads figures here, and not other labels or nothing."""
        after, after_like = cells[hit_at + 1 :], like[hit_at + 1 :]
        if not after or any(self._is_label(c) for c, v in zip(after, after_like, strict=True) if not v):
            return False
        widths = {len(self.index.columns_of(h.table, h.code)) for h in self.index.rows[label(cells[hit_at].text).key]}
        if not any(after_like):
            # Words where figures belong, one in each column.
            return len(after) in widths
        if not after_like[0] and len(after) > max(widths) and all(after_like[1:]):
            # The label of a group, and behind it the label of a row that is not the form's wording.
            return False
        # Fewer blanks than any row has columns are a caption's.
        return any(c.text.strip() for c in after) or sum(c.colspan for c in after) >= min(widths)

    def _is_label(self, cell: Cell) -> bool:
        key = label(cell.text).key
        return key in self.index.rows or key in self.index.parts or self._is_column(cell)

    def _is_column(self, cell: Cell) -> bool:
        key = head_label(cell.text)[0].key
        return any(key in columns for columns in self.index.columns.values())
