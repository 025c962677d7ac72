"""From grids to facts: which cell of a statutory form a printed cell is.

Belongs here: finding heads and data rows in grids, matching their labels to a form, and pairing figures with columns.
Does not belong here: any format's markup (readers), any one form's rows (`schemas/forms`), arithmetic (`checks`).

Labels come first, order second, geometry third. A row is what its label says, wherever it stands; a column is what its
head says; only where heads name nothing does the form's order decide, and then only under an exact row label with
exactly as many figures as the form has columns. What stays uncertain becomes `Unresolved`, never a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from schemas import forms as form_data
from schemas.facts import Fact, Method, Place, PrintedLabel, TableLayout, Unresolved, Value
from schemas.forms import Column, Form, Row, TableForm
from schemas.labels import Label, fold, label, similarity

from . import values
from .document import Cell, Paragraph, Table

# A misprinted label counts as recognised when it is this near to one row and this much nearer than to any other …
_NEAR, _MARGIN = 0.8, 0.15
# … or this near, if it also stands where the form has that row.
_NEAR_IN_ORDER, _MARGIN_IN_ORDER = 0.5, 0.1
_HEAD_UNIT = re.compile(r"[(（]?(?:计量)?单位[:：]?(?P<unit>亿元|万元|元|件|条|项|个|人|次|人次|份|篇)[)）]?")
_HEAD_YEAR = re.compile(r"[(（]?20\d\d年?度?[)）]?")


@dataclass(frozen=True, slots=True)
class _RowHit:
    table: str
    code: str
    number: tuple[int, int] | None
    group: str | None
    how: str


@dataclass(slots=True)
class _Index:
    """One form's labels by key, for every table."""

    form: Form
    rows: dict[str, list[_RowHit]] = field(default_factory=dict)
    columns: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    order: dict[tuple[str, str], int] = field(default_factory=dict)
    spellings: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def head_label(text: str) -> tuple[Label, str | None]:
    """A column head made comparable: without the unit and the year that it names, and that unit."""
    folded = fold(text)
    unit = None
    if m := _HEAD_UNIT.search(folded):
        unit = m["unit"]
        folded = folded[: m.start()] + folded[m.end() :]
    return label(_HEAD_YEAR.sub("", folded)), unit


@cache
def _index(form_id: str) -> _Index:
    form = form_data.load(form_id)
    index = _Index(form)
    for code, table in form.tables.items():
        index.columns[code] = {}
        for column in table.columns:
            for how, text in (("official", column.label), *(("alias", a) for a in column.aliases)):
                index.columns[code].setdefault(head_label(text)[0].key, (column.code, how))
        index.spellings[code] = []
        for position, row in enumerate(table.rows):
            index.order[code, row.code] = position
            group = label(row.group).key if row.group else None
            spellings = [("official", row.label), *(("alias", a) for a in row.aliases)]
            if row.parent:
                # 行政诉讼（复议后起诉）: the label with what stands above it, in one cell or caption.
                spellings += [("official" if how == "official" else "alias", row.parent + t) for how, t in spellings]
            for how, text in spellings:
                spelt = label(text)
                hits = index.rows.setdefault(spelt.key, [])
                if not any(h.code == row.code and h.table == code for h in hits):
                    hits.append(_RowHit(code, row.code, spelt.number, group, how))
                index.spellings[code].append((row.code, spelt.key))
        for text in (*table.parts, *table.stubs, table.title, *table.titles):
            index.parts.setdefault(label(text).key, code)
    return index


@dataclass(slots=True)
class _Head:
    """The lowest head cell over one column, with the labels of the heads above it."""

    cell: Cell
    start: int
    end: int
    path: list[str]
    key: str
    unit: str | None


@dataclass(slots=True)
class _DataRow:
    """A row of figures: its label cells, its figure cells, the heads above and the labels met before it."""

    table: Table
    labels: list[Cell]
    figures: list[Cell]
    heads: list[_Head]
    recent: list[str]
    # Keys of the short texts between the last figures and this row, nearest last.
    captions: list[str]
    hits: list[_RowHit]
    in_head: bool = False
    # The label cell that hit, before groups and numbers narrow its candidates down.
    hit_cell: Cell | None = None
    # The unit in a column of its own, as printed.
    unit: str | None = None
    # The label of a group on a line of its own, with empty cells behind it.
    is_group: bool = False


@dataclass(slots=True)
class Match:
    """What a form and a sequence of blocks have in common."""

    form: str
    variant: str | None
    facts: list[Fact] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    layouts: list[TableLayout] = field(default_factory=list)
    # Tables of the document that yielded something, so that the rest can be looked at by others.
    used_tables: set[int] = field(default_factory=set)


def _row_cells(grid: list[list[Cell | None]], r: int) -> list[Cell]:
    """The distinct cells that cover a row, from left to right."""
    seen: list[Cell] = []
    for cell in grid[r]:
        if cell is not None and (not seen or seen[-1] is not cell):
            seen.append(cell)
    return seen


def _leaf_heads(grid: list[list[Cell | None]], rows: list[int], ragged: bool) -> list[_Head]:
    """One head per column: the lowest non-empty head cell, left to right. Ragged heads are taken in reading order."""
    if ragged:
        cells = [c for r in rows for c in _row_cells(grid, r)]
        heads = []
        for i, cell in enumerate(cells):
            lab, unit = head_label(cell.text)
            heads.append(_Head(cell, i, i + 1, [lab.key], lab.key, unit))
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
        heads.append(_Head(path[-1], c, c + 1, [label(p.text).key for p in path], lab.key, unit))
    return heads


class _Matcher:
    """Matches the blocks of one report to one form."""

    def __init__(self, index: _Index) -> None:
        self.index = index
        self.form = index.form
        self._unit_column = any(t.unit_column for t in index.form.tables.values())
        self.rows: list[_DataRow] = []
        self.recent: list[str] = []
        self.captions: list[str] = []

    # -- reading the grids -------------------------------------------------------------------------------------

    def scan(self, blocks: Iterable[Paragraph | Table]) -> None:
        """Collect the data rows of all tables, each with the heads and labels that apply to it."""
        heads: list[_Head] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                self._remember(block.text)
                continue
            heads = self._scan_table(block, heads)

    def _remember(self, text: str) -> None:
        if len(text) <= 60:
            key = label(text).key
            if key:
                self.captions.append(key)
            if key in self.index.parts or key in self.index.rows:
                self.recent.append(key)

    def _scan_table(self, table: Table, heads: list[_Head]) -> list[_Head]:
        grid = table.grid()
        head_rows: list[int] = []
        for r in range(table.n_rows):
            cells = _row_cells(grid, r)
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
            row.recent = self.recent[-24:]
            row.captions, self.captions = self.captions[-24:], []
            if row.hit_cell is not None:
                self.recent.append(label(row.hit_cell.text).key)
            for cell in row.labels:
                if cell is not row.hit_cell and cell.row == r:
                    self._remember(cell.text)
            self.rows.append(row)
        if head_rows:
            found = _leaf_heads(grid, head_rows, table.ragged)
            if any(self._names_column(h) for h in found):
                heads = found
        return heads

    def _names_column(self, head: _Head) -> bool:
        return any(head.key in columns for columns in self.index.columns.values())

    def _as_data_row(self, table: Table, cells: list[Cell], r: int) -> _DataRow | None:
        """A row of figures, or None for heads, captions and anything else."""
        unit = next((c for c in cells[1:] if self._unit_column and values.is_unit(c.text)), None)
        if unit is not None and len(cells) > 2:
            row = self._as_data_row(table, [c for c in cells if c is not unit], r)
            if row is not None:
                row.unit = unit.text
            return row
        like = [values.is_value_like(c.text) for c in cells]
        hit_at = -1
        for i, cell in enumerate(cells):
            if not like[i] and label(cell.text).key in self.index.rows:
                hit_at = i
        if hit_at >= 0 and self._is_row_of(cells, like, hit_at):
            hits = self.index.rows[label(cells[hit_at].text).key]
            return _DataRow(table, cells[: hit_at + 1], cells[hit_at + 1 :], [], [], [], hits, hit_cell=cells[hit_at])
        if hit_at == len(cells) - 1 or any(self._is_column(c) for c in cells):
            return None
        if all(like):
            if any(c.row == r for c in cells) and len(cells) > 1:
                return _DataRow(table, [], cells, [], [], [], [], in_head=True)
            return None
        # No label of the form: a misprint, or a row that the form does not have.
        last_text = max(i for i, v in enumerate(like) if not v)
        after = cells[last_text + 1 :]
        if len(after) < 3 and not any(values.read(c.text).kind == "number" for c in after):
            return None
        if last_text == hit_at:
            return None
        if label(cells[last_text].text).key in self.index.parts and not any(c.text.strip() for c in after):
            return None  # a group's label on a line of its own
        return _DataRow(table, cells[: last_text + 1], after, [], [], [], [])

    def _is_row_of(self, cells: list[Cell], like: list[bool], hit_at: int) -> bool:
        """Whether the cell that bears a row's label heads figures here, and not other labels or nothing."""
        after, after_like = cells[hit_at + 1 :], like[hit_at + 1 :]
        if not after or any(self._is_label(c) for c, v in zip(after, after_like, strict=True) if not v):
            return False
        widths = {len(self._columns(h.table, h.code)) for h in self.index.rows[label(cells[hit_at].text).key]}
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

    def _columns(self, table: str, code: str) -> tuple[Column, ...]:
        t = self.form.tables[table]
        return t.columns_of(t.row[code])

    # -- which row ---------------------------------------------------------------------------------------------

    def resolve(self) -> Match:
        """Decide row by row, certain labels first."""
        chosen: dict[int, tuple[str, str, str]] = {}  # position in self.rows → table, code, how
        previous: dict[str, int] = {}
        for i, row in enumerate(self.rows):
            if not row.hits:
                continue
            hit = self._narrow(row, previous)
            if (
                hit is not None
                and len(row.hits) > 1
                and hit.code in {c for t, c, _ in chosen.values() if t == hit.table}
            ):
                # Told apart by what stood before it, and that row is there already: the group's own label is misread.
                hit = self._next_free(row, previous, chosen)
            if hit is not None:
                chosen[i] = (hit.table, hit.code, hit.how)
                previous[hit.table] = self.index.order[hit.table, hit.code]
        self._by_likeness(chosen)
        variant = self._variant({(t, c) for t, c, _ in chosen.values()})
        self._drop_group_rows(chosen, variant)
        return self._collect(chosen, variant)

    def _narrow(self, row: _DataRow, previous: dict[str, int]) -> _RowHit | None:
        """One of several rows with the same words: by its number, by its group, by what stood before it."""
        assert row.hit_cell is not None
        hits = row.hits
        if len(hits) == 1:
            return hits[0]
        number = label(row.hit_cell.text).number
        fitting = [h for h in hits if h.number == number] if number else []
        if len(fitting) == 1:
            return fitting[0]
        hits = fitting or hits
        own = [label(c.text).key for c in row.labels if c is not row.hit_cell]
        grouped = [h for h in hits if h.group and h.group in own]
        if len(grouped) == 1:
            return grouped[0]
        behind = {key: i for i, key in enumerate(row.recent)}
        ranked = sorted((h for h in hits if h.group in behind), key=lambda h: behind[h.group or ""], reverse=True)
        if ranked and (len(ranked) == 1 or behind[ranked[0].group or ""] > behind[ranked[1].group or ""]):
            return ranked[0]
        later = [h for h in hits if self.index.order[h.table, h.code] == previous.get(h.table, -1) + 1]
        return later[0] if len(later) == 1 else None

    def _next_free(
        self, row: _DataRow, previous: dict[str, int], chosen: dict[int, tuple[str, str, str]]
    ) -> _RowHit | None:
        """The one candidate that is still free and stands behind the row before."""
        taken = {(t, c) for t, c, _ in chosen.values()}
        free = [
            h
            for h in row.hits
            if (h.table, h.code) not in taken and self.index.order[h.table, h.code] > previous.get(h.table, -1)
        ]
        return free[0] if len(free) == 1 else None

    def _by_likeness(self, chosen: dict[int, tuple[str, str, str]]) -> None:
        """Rows whose label is no label of the form: near to exactly one row that is still free."""
        taken = {(t, c) for t, c, _ in chosen.values()}
        for i, row in enumerate(self.rows):
            if i in chosen or not row.labels:
                continue
            table = self._table_of(i, chosen)
            if table is None:
                continue
            cell = row.hit_cell or next((c for c in reversed(row.labels) if c.text.strip()), row.labels[-1])
            spelt = label(cell.text)
            if not spelt.key:
                continue
            best: dict[str, float] = {}
            for code, key in self.index.spellings[table]:
                if (table, code) not in taken:
                    near = similarity(spelt.key, key)
                    if len(spelt.key) >= 3 and spelt.key in key:
                        near = max(near, 0.5 + 0.5 * len(spelt.key) / len(key))
                    best[code] = max(best.get(code, 0.0), near)
            if not best:
                continue
            ranked = sorted(best.items(), key=lambda kv: -kv[1])
            code, near = ranked[0]
            margin = near - (ranked[1][1] if len(ranked) > 1 else 0.0)
            row_form = self.form.tables[table].row[code]
            number = label(row_form.label).number
            number_fits = spelt.number is None or number is None or spelt.number == number
            in_order = number_fits and self._fits_order(i, table, code, chosen)
            if (near >= _NEAR and margin >= _MARGIN and number_fits) or (
                near >= _NEAR_IN_ORDER and margin >= _MARGIN_IN_ORDER and in_order
            ):
                chosen[i] = (table, code, "similar")
                taken.add((table, code))
                row.hit_cell = cell

    def _table_of(self, i: int, chosen: dict[int, tuple[str, str, str]]) -> str | None:
        """The statutory table a row without a known label belongs to: that of its heads or its neighbours."""
        row = self.rows[i]
        for j in (i - 1, i + 1):
            if j in chosen and self.rows[j].table is row.table:
                return chosen[j][0]
        counts = {t: sum(h.key in cols for h in row.heads) for t, cols in self.index.columns.items()}
        table = max(counts, key=lambda t: counts[t], default=None)
        return table if table is not None and counts[table] else None

    def _fits_order(self, i: int, table: str, code: str, chosen: dict[int, tuple[str, str, str]]) -> bool:
        """Whether the rows known next to it, before and after, are the form's rows before and after it."""
        order = self.index.order
        rows = [r.code for r in self.form.tables[table].rows]
        position = order[table, code]
        before = next((chosen[j] for j in range(i - 1, -1, -1) if j in chosen), None)
        after = next((chosen[j] for j in range(i + 1, len(self.rows)) if j in chosen), None)
        if before is None and after is None:
            return False
        ok_before = before is None or (before[0] == table and order[table, before[1]] < position)
        ok_after = after is None or after[0] != table or order[table, after[1]] > position
        near_before = before is not None and before[0] == table and position - order[table, before[1]] <= 2
        near_after = after is not None and after[0] == table and order[table, after[1]] - position <= 2
        return ok_before and ok_after and (near_before or near_after) and bool(rows)

    def _drop_group_rows(self, chosen: dict[int, tuple[str, str, str]], variant: str | None) -> None:
        """A row of another variant beside the rows it stands for is their group's label, printed on a line of its own."""
        for i, (table, code, _) in list(chosen.items()):
            of_variant = self.form.tables[table].row[code].variant
            if of_variant is None or of_variant == variant:
                continue
            del chosen[i]
            row = self.rows[i]
            row.is_group = all(not c.text.strip() for c in row.figures)

    def _variant(self, present: set[tuple[str, str]]) -> str | None:
        for variant in self.form.variants:
            there = any((variant.table, c) in present for c in variant.present)
            if there and not any((variant.table, c) in present for c in variant.absent):
                return variant.id
        return None

    # -- which column ------------------------------------------------------------------------------------------

    def _collect(self, chosen: dict[int, tuple[str, str, str]], variant: str | None) -> Match:
        match = Match(self.form.id, variant)
        layouts: dict[str, TableLayout] = {}
        collected: dict[str, list[Fact | Unresolved]] = {}
        for i, row in enumerate(self.rows):
            if i in chosen:
                table, code, how = chosen[i]
                layout = layouts.setdefault(
                    table, TableLayout(table, place=Place(page=row.table.page, table=row.table.number))
                )
                assert row.hit_cell is not None
                layout.rows.append(PrintedLabel(code, row.hit_cell.text, how, row.table.place(row.hit_cell)))
                self._note_columns(layout, row, table)
                pairs = self._pair(row, self.form.tables[table], code, how)
            elif row.is_group:
                continue
            elif row.in_head:
                pairs = self._pair_in_head(row, layouts)
            else:
                pairs = self._pair_unknown(i, row, chosen, layouts, variant)
            for address, cell, method, column, unit in pairs:
                collected.setdefault(address, []).append(self._fact(row, address, cell, method, column, unit))
                match.used_tables.add(row.table.number)
        for address, found in collected.items():
            self._settle(match, address, found)
        self._finish_layouts(match, layouts, variant)
        return match

    def _note_columns(self, layout: TableLayout, row: _DataRow, table: str) -> None:
        known = {c.code for c in layout.columns}
        for head in row.heads:
            hit = self.index.columns[table].get(head.key)
            if hit and hit[0] not in known:
                known.add(hit[0])
                layout.columns.append(PrintedLabel(hit[0], head.cell.text, hit[1], row.table.place(head.cell)))

    _Pair = tuple[str, Cell | None, Method, Column, str | None]

    def _pair(self, row: _DataRow, table: TableForm, code: str, how: str) -> list[_Pair]:
        """Pair the figures of a row with its columns."""
        columns = self._columns(table.code, code)
        figures = row.figures
        base = f"{table.code}.{code}"
        method = row.table.method
        if self._may_have_lost_figures(row):
            return [(f"{base}.{c.code}", None, method, c, None) for c in columns]
        by_head = self._by_heads(row, table, columns, figures)
        if by_head is not None:
            return [(f"{base}.{c.code}", cell, m or method, c, unit) for c, cell, m, unit in by_head]
        if len(figures) > len(columns):
            # Empty cells that belong to the label, or stand behind the last column.
            filled = [c for c in figures if c.text.strip()]
            if len(filled) == len(columns):
                figures = filled
        if len(figures) == len(columns) and how != "similar":
            head_units = [h.unit for h in row.heads if h.unit] if len(columns) == 1 else []
            unit = head_units[0] if len(set(head_units)) == 1 else None
            return [(f"{base}.{c.code}", cell, "order", c, unit) for c, cell in zip(columns, figures, strict=True)]
        return [(f"{base}.{c.code}", None, "order", c, None) for c in columns]

    def _may_have_lost_figures(self, row: _DataRow) -> bool:
        """Whether an empty row of a table without cells may only seem empty: its other rows print their zeros."""
        if row.table.method not in ("anchored", "ocr") or any(c.text.strip() for c in row.figures):
            return False
        return any(
            values.read(c.text).value == 0
            for r in self.rows
            if r.table is row.table and r is not row
            for c in r.figures
        )

    def _by_heads(
        self, row: _DataRow, table: TableForm, columns: Sequence[Column], figures: list[Cell]
    ) -> list[tuple[Column, Cell, Method | None, str | None]] | None:
        """Columns by what their heads say, or None where the heads do not decide."""
        index = self.index.columns[table.code]
        by_code = {c.code: c for c in columns}
        label_end = max((c.column + c.colspan for c in row.labels), default=0)
        heads = [h for h in row.heads if row.table.ragged or h.end > label_end] if row.heads else []
        named: list[tuple[_Head, Column]] = []
        for head in heads:
            hit = index.get(head.key)
            if hit and hit[0] in by_code:
                named.append((head, by_code[hit[0]]))
        codes = [c.code for _, c in named]
        if not named or len(set(codes)) != len(codes):
            return None
        if row.table.ragged:
            # Cells do not stand under one another: the heads only tell whether they name this row's columns.
            return None
        if len(named) == len(columns):
            if len(figures) == len(columns):
                return [(c, cell, None, h.unit) for (h, c), cell in zip(named, figures, strict=True)]
            return self._by_position(named, figures)
        # Some heads are misprinted or cut. If the known ones stand where the form has them, the rest follow.
        if len(heads) == len(columns) == len(figures):
            places = {c.code: i for i, c in enumerate(columns)}
            if all(heads.index(h) == places[c.code] for h, c in named):
                return [(c, cell, "order", h.unit) for c, cell, h in zip(columns, figures, heads, strict=True)]
        return None

    def _by_position(
        self, named: list[tuple[_Head, Column]], figures: list[Cell]
    ) -> list[tuple[Column, Cell, Method | None, str | None]] | None:
        """Figures under their heads by geometry, when there are more or fewer of them than heads."""
        out: list[tuple[Column, Cell, Method | None, str | None]] = []
        used: set[int] = set()
        for head, column in named:
            under = [c for c in figures if c.column < head.end and c.column + c.colspan > head.start]
            if len(under) != 1:
                return None
            cell = under[0]
            spans_more = sum(c.column < h.end and c.column + c.colspan > h.start for h, _ in named for c in (cell,)) > 1
            if spans_more and values.read(cell.text).kind not in ("blank", "mark"):
                return None
            used.add(id(cell))
            out.append((column, cell, None, head.unit))
        if any(id(c) not in used and values.read(c.text).kind == "number" for c in figures):
            return None
        return out

    def _pair_in_head(self, row: _DataRow, layouts: dict[str, TableLayout]) -> list[_Pair]:
        """A line of figures whose rows stand in the head (disputes): every head gives row and column."""
        for code, table in self.form.tables.items():
            if not table.rows_in_head:
                continue
            index = self.index.columns[code]
            heads = [h for h in row.heads if h.key in index]
            if not heads:
                continue
            cells = self._cells_of_heads(table, heads, row)
            if cells is None:
                continue
            layout = layouts.setdefault(
                code, TableLayout(code, place=Place(page=row.table.page, table=row.table.number))
            )
            self._note_columns(layout, row, code)
            return cells_to_pairs(table, cells, row, layout, self.form)
        return []

    def _cells_of_heads(
        self, table: TableForm, heads: list[_Head], row: _DataRow
    ) -> list[tuple[str, str, Cell | None, str]] | None:
        """(row code, column code, cell, how the row was known) for every head, or None if this is not that table."""
        index = self.index.columns[table.code]
        width = len(table.columns)
        figures = row.figures
        rows_by_key = {
            key: hit.code for key, hits in self.index.rows.items() for hit in hits if hit.table == table.code
        }
        sequence = [index[h.key][0] for h in heads]
        in_form_order = [c.code for c in table.columns] * (len(heads) // width) == sequence if width else False
        groups: list[str | None] = []
        for head in heads:
            group = next((rows_by_key[k] for k in reversed(head.path[:-1]) if k in rows_by_key), None)
            groups.append(group)
        if len(heads) == width and not any(groups):
            # A sub-table of one group: the caption before it says which.
            caption = next((rows_by_key[k] for k in reversed(row.captions) if k in rows_by_key), None)
            groups = [caption] * width
        if len(heads) == width * len(table.rows):
            known = {(g, c) for g, c in zip(groups, sequence, strict=True)}
            if None in groups or len(known) != len(heads):
                # Group heads lost or cut: the form's order, if the columns repeat as on the form.
                if not in_form_order:
                    return None
                groups = [r.code for r in table.rows for _ in table.columns]
                how = "order"
            else:
                how = "official"
        elif all(groups) and len({(g, c) for g, c in zip(groups, sequence, strict=True)}) == len(heads):
            how = "official"
        else:
            return None
        if len(figures) > len(heads):
            filled = [c for c in figures if c.text.strip()]
            if len(filled) == len(heads):
                figures = filled
        if len(figures) == len(heads):
            return [(g or "", c, cell, how) for g, c, cell in zip(groups, sequence, figures, strict=True)]
        by_place: list[tuple[str, str, Cell | None, str]] = []
        for head, g, c in zip(heads, groups, sequence, strict=True):
            under = [f for f in figures if f.column < head.end and f.column + f.colspan > head.start]
            alone = len(under) == 1 and under[0].colspan <= head.end - head.start and not row.table.ragged
            by_place.append((g or "", c, under[0] if alone else None, how))
        return by_place

    def _pair_unknown(
        self,
        i: int,
        row: _DataRow,
        chosen: dict[int, tuple[str, str, str]],
        layouts: dict[str, TableLayout],
        variant: str | None,
    ) -> list[_Pair]:
        """A row of figures under no known label: unresolved where the form misses exactly one row here, else extra."""
        table = self._table_of(i, chosen)
        if table is None:
            return []
        layout = layouts.setdefault(table, TableLayout(table, place=Place(page=row.table.page, table=row.table.number)))
        cell = next(
            (c for c in reversed(row.labels) if c.text.strip()), row.labels[-1] if row.labels else row.figures[0]
        )
        missing = [
            r.code
            for r in self.form.rows(table, variant)
            if not any(t == table and c == r.code for t, c, _ in chosen.values())
            and self._fits_order(i, table, r.code, chosen)
        ]
        if len(missing) != 1:
            layout.extra.append(PrintedLabel("", cell.text, "unknown", row.table.place(cell)))
            return []
        layout.rows.append(PrintedLabel(missing[0], cell.text, "unknown", row.table.place(cell)))
        columns = self._columns(table, missing[0])
        figures = row.figures if len(row.figures) == len(columns) else [None] * len(columns)
        out: list[_Matcher._Pair] = []
        for column, figure in zip(columns, figures, strict=True):
            out.append((f"{table}.{missing[0]}.{column.code}", _doubtful(figure, "label"), "order", column, None))
        return out

    # -- facts -------------------------------------------------------------------------------------------------

    def _fact(
        self, row: _DataRow, address: str, cell: Cell | None, method: Method, column: Column, head_unit: str | None
    ) -> Fact | Unresolved:
        table, code, _ = address.split(".")
        form = self.form.tables[table]
        unit = form.unit_of(form.row[code], column)
        if cell is None:
            printed = " | ".join(c.text for c in row.figures)
            place = row.table.place(row.figures[0]) if row.figures else Place()
            return Unresolved(address, printed, "count", [], place)
        place = row.table.place(cell)
        if head_unit is None and row.unit is not None:
            head_unit = values.money_unit(row.unit)
        asked = form.value_of(form.row[code], column)
        amount, signed = asked == "amount", asked == "signed"

        def read(text: str) -> values.Reading:
            return values.read(text, unit=unit, amount=amount, signed=signed, head_unit=head_unit)

        reading = read(cell.text)
        if cell.doubt:
            readings: list[Value] = []
            for text in (cell.text, *cell.readings):
                other = read(text)
                if other.value is not None and other.value not in readings:
                    readings.append(other.value)
            return Unresolved(address, cell.text, cell.doubt, readings, place)
        if reading.doubt:
            return Unresolved(address, cell.text, reading.doubt, list(reading.readings), place)
        return Fact(address, reading.value, reading.kind, cell.text, reading.unit, place, method, reading.unit_printed)

    def _settle(self, match: Match, address: str, found: list[Fact | Unresolved]) -> None:
        """One address, read once or several times (a mobile duplicate, a repeated row)."""
        facts = [f for f in found if isinstance(f, Fact)]
        if not facts:
            first = found[0]
            assert isinstance(first, Unresolved)
            match.unresolved.append(first)
            return
        first_fact = facts[0]
        different = [f for f in facts if (f.kind, f.value) != (first_fact.kind, first_fact.value)]
        if not different:
            match.facts.append(first_fact)
            return
        readings: list[Value] = []
        for fact in facts:
            if fact.value is not None and fact.value not in readings:
                readings.append(fact.value)
        match.unresolved.append(Unresolved(address, first_fact.printed, "repeated", readings, first_fact.place))

    def _finish_layouts(self, match: Match, layouts: dict[str, TableLayout], variant: str | None) -> None:
        for code, table in self.form.tables.items():
            layout = layouts.get(code)
            if layout is None:
                continue
            known = {r.code for r in layout.rows}
            rows = self.form.rows(code, variant)
            layout.missing_rows = [r.code for r in rows if r.code not in known and not r.optional]
            read = {f.address.split(".")[2] for f in match.facts if f.address.startswith(code + ".")}
            read |= {u.address.split(".")[2] for u in match.unresolved if u.address.startswith(code + ".")}
            layout.missing_columns = [c.code for c in table.columns if c.code not in read]
            positions = [self.index.order[code, r.code] for r in layout.rows if (code, r.code) in self.index.order]
            layout.reordered = positions != sorted(positions)
            match.layouts.append(layout)


def _doubtful(cell: Cell | None, reason: str) -> Cell | None:
    """The same cell, not certain."""
    if cell is None:
        return None
    return Cell(
        cell.text,
        cell.row,
        cell.column,
        cell.rowspan,
        cell.colspan,
        cell.page,
        cell.box,
        cell.line,
        cell.readings,
        reason,
    )


def cells_to_pairs(
    table: TableForm,
    cells: list[tuple[str, str, Cell | None, str]],
    row: _DataRow,
    layout: TableLayout,
    form: Form,
) -> list[_Matcher._Pair]:
    """Pairs for a line of figures, noting each row of the head once."""
    known = {r.code for r in layout.rows}
    units = {h.unit for h in row.heads if h.unit}
    out: list[_Matcher._Pair] = []
    for code, column, cell, how in cells:
        if code not in known:
            known.add(code)
            anchor = cell or row.figures[0]
            printed = table.row[code].label if how == "official" else ""
            layout.rows.append(PrintedLabel(code, printed, how, row.table.place(anchor)))
        method: Method = "order" if how == "order" else row.table.method
        unit = next(iter(units)) if len(units) == 1 else None
        out.append((f"{table.code}.{code}.{column}", cell, method, table.column[column], unit))
    return out


def _label_keys(blocks: Sequence[Paragraph | Table]) -> set[str]:
    keys: set[str] = set()
    for block in blocks:
        if isinstance(block, Table):
            for cell in block.cells:
                if cell.text and not values.is_value_like(cell.text):
                    keys.add(label(cell.text).key)
                    keys.add(head_label(cell.text)[0].key)
    return keys


def choose_forms(blocks: Sequence[Paragraph | Table], year: int | None) -> list[str]:
    """Form ids by how much of each stands in the tables, best first; empty where no form's labels are there."""
    keys = _label_keys(blocks)
    ranked: list[tuple[float, int, str]] = []
    for form_id in form_data.newest_first():
        index = _index(form_id)
        form = index.form
        rows = {(h.table, h.code) for k in keys if k in index.rows for h in index.rows[k]}
        columns = {(t, cols[k][0]) for t, cols in index.columns.items() for k in keys if k in cols}
        if not rows:
            continue
        tables = {t for t, _ in rows}
        base = sum(len(form.rows(t)) for t in tables)
        in_force = year is not None and form.in_force[0] <= year <= form.in_force[1]
        ranked.append((len(rows) + 1.5 * len(columns) - 0.25 * max(0, base - len(rows)), int(in_force), form_id))
        if _complete(form, rows, columns):
            break  # every row and column of this form is there: no other needs to be looked at
    ranked.sort(reverse=True)
    return [form_id for _, _, form_id in ranked]


def _complete(form: Form, rows: set[tuple[str, str]], columns: set[tuple[str, str]]) -> bool:
    """Whether all that some variant of a form has is there."""
    if any((code, c.code) not in columns for code, table in form.tables.items() for c in table.columns):
        return False
    variants = (None, *(v.id for v in form.variants))
    return any(
        all((t, r.code) in rows for t in form.tables for r in form.rows(t, v) if not r.optional) for v in variants
    )


def match(blocks: Sequence[Paragraph | Table], year: int | None = None) -> Match | None:
    """Match one report's blocks to the form they follow; None where no statutory table is there."""
    best: Match | None = None
    for form_id in choose_forms(blocks, year)[:2]:
        matcher = _Matcher(_index(form_id))
        matcher.scan(blocks)
        found = matcher.resolve()
        if best is None or len(found.facts) > len(best.facts):
            best = found
        if best.facts and not best.unresolved and not any(x.missing_rows or x.missing_columns for x in best.layouts):
            break
    if best is None or not (best.facts or best.unresolved):
        return None
    order = {a: i for i, a in enumerate(_all_addresses(best.form))}
    best.facts.sort(key=lambda f: order.get(f.address, len(order)))
    best.unresolved.sort(key=lambda u: order.get(u.address, len(order)))
    return best


@cache
def _all_addresses(form_id: str) -> tuple[str, ...]:
    form = form_data.load(form_id)
    return tuple(f"{t.code}.{r.code}.{c.code}" for t in form.tables.values() for r in t.rows for c in t.columns_of(r))


__all__ = ["Match", "Row", "choose_forms", "head_label", "match"]
