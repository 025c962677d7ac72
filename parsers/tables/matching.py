"""From grids to facts: which cell of a statutory form a printed cell is.

Belongs here: choosing the form, pairing the figures of a row with its columns, and the facts that follow.
Does not belong here: finding rows (`data_rows`), naming them (`row_choice`), any format's markup (readers), any one
form's rows (`schemas/forms`), arithmetic (`checks`).

Labels come first, order second, geometry third. A row is what its label says, wherever it stands; a column is what its
head says; only where heads name nothing does the form's order decide, and then only under an exact row label with
exactly as many figures as the form has columns. What stays uncertain becomes `Unresolved`, never a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from parsers.document import Cell, Paragraph, Table
from parsers.grammar.figures import is_value_like, money_unit
from parsers.grammar.figures import read as read_figure
from parsers.grammar.labels import FormIndex, form_index, head_label
from schemas import forms as form_data
from schemas.facts import Fact, Method, Place, PrintedLabel, TableLayout, Unresolved, Value
from schemas.forms import Column, Form, TableForm
from schemas.labels import label, similarity

from .data_rows import DataRow, Head, Scanner
from .form_choice import Seen, choose
from .row_choice import Chosen, RowChooser

# A head that no form knows is another column's when it is this near to its label and this much nearer than to its own.
_LIKE_ANOTHER, _MARGIN = 0.5, 0.1


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


class _Matcher:
    """Turns the rows of one report into facts of one form."""

    def __init__(self, index: FormIndex, rows: list[DataRow], choice: RowChooser) -> None:
        self.index = index
        self.form = index.form
        self.rows = rows
        self.choice = choice
        self._heads: dict[tuple[int, str, str, int, int], tuple[list[Head], list[tuple[Head, Column]]]] = {}
        self._orders: dict[tuple[int, str, str, int, int], bool] = {}
        self._noted: set[tuple[str, int]] = set()
        self._at = {id(row): i for i, row in enumerate(rows)}

    # -- which column ------------------------------------------------------------------------------------------

    def collect(self) -> Match:
        """The facts of all rows, each address once."""
        chosen, variant = self.choice.chosen, self.choice.variant
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

    def _note_columns(self, layout: TableLayout, row: DataRow, table: str) -> None:
        if (table, id(row.heads)) in self._noted:
            return
        self._noted.add((table, id(row.heads)))
        known = {c.code for c in layout.columns}
        for head in row.heads:
            hit = self.index.columns[table].get(head.key)
            if hit and hit[0] not in known:
                known.add(hit[0])
                layout.columns.append(PrintedLabel(hit[0], head.cell.text, hit[1], row.table.place(head.cell)))

    _Pair = tuple[str, Cell | None, Method, Column, str | None]

    def _pair(self, row: DataRow, table: TableForm, code: str, how: str) -> list[_Pair]:
        """Pair the figures of a row with its columns."""
        columns = self.index.columns_of(table.code, code)
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
        if len(figures) == len(columns) and how != "similar" and self._in_form_order(row, table, columns):
            head_units = [h.unit for h in row.heads if h.unit] if len(columns) == 1 else []
            unit = head_units[0] if len(set(head_units)) == 1 else None
            return [(f"{base}.{c.code}", cell, "order", c, unit) for c, cell in zip(columns, figures, strict=True)]
        return [(f"{base}.{c.code}", None, "order", c, None) for c in columns]

    def _may_have_lost_figures(self, row: DataRow) -> bool:
        """Whether an empty row of a table without cells may only seem empty: its other rows print their zeros, or marks."""
        if row.table.method not in ("ruled", "anchored", "ocr") or any(c.text.strip() for c in row.figures):
            return False
        if self._stands_by_unknown_figures(row):
            return True
        if row.table.method == "ruled" or row.table.whole:
            return False
        return any(
            (reading := read_figure(c.text)).value == 0 or reading.kind == "mark"
            for r in self.rows
            if r.table is row.table and r is not row
            for c in r.figures
        )

    def _stands_by_unknown_figures(self, row: DataRow) -> bool:
        """Whether the row above or below has figures and a label that no form knows: half of this one, cut by a page end."""
        at = self._at[id(row)]
        return any(
            other.table is row.table
            and k not in self.choice.chosen
            and not other.is_group
            and not other.in_head
            and any(read_figure(c.text).kind == "number" for c in other.figures)
            for k, other in ((k, self.rows[k]) for k in (at - 1, at + 1) if 0 <= k < len(self.rows))
        )

    def _by_heads(
        self, row: DataRow, table: TableForm, columns: Sequence[Column], figures: list[Cell]
    ) -> list[tuple[Column, Cell, Method | None, str | None]] | None:
        """Columns by what their heads say, or None where the heads do not decide."""
        heads, named = self._named_heads(row, table, columns)
        if not named:
            return None
        if row.table.ragged:
            # Cells do not stand under one another: the heads only tell whether they name this row's columns.
            return None
        if len(named) == len(columns):
            in_order = [c.code for _, c in named] == [c.code for c in columns]
            if len(figures) == len(columns) and (
                in_order or all(_stands_over(h, cell) for (h, _), cell in zip(named, figures, strict=True))
            ):
                return [(c, cell, None, h.unit) for (h, c), cell in zip(named, figures, strict=True)]
            return self._by_position(named, figures)
        # Some heads are misprinted or cut. If the known ones stand where the form has them, the rest follow.
        if len(heads) == len(columns) == len(figures):
            places = {c.code: i for i, c in enumerate(columns)}
            if all(heads.index(h) == places[c.code] for h, c in named) and self._in_form_order(row, table, columns):
                return [(c, cell, "order", h.unit) for c, cell, h in zip(columns, figures, heads, strict=True)]
        return None

    def _named_heads(
        self, row: DataRow, table: TableForm, columns: Sequence[Column]
    ) -> tuple[list[Head], list[tuple[Head, Column]]]:
        """The heads over a row's figures, and those that name its columns; none where two name the same.

        Most rows of a table share heads and columns, so what was found is kept.
        """
        label_end = max((c.column + c.colspan for c in row.labels), default=0)
        key = (id(row.heads), table.code, columns[0].code, len(columns), label_end)
        known = self._heads.get(key)
        if known is not None:
            return known
        index = self.index.columns[table.code]
        by_code = {c.code: c for c in columns}
        heads = [h for h in row.heads if row.table.ragged or h.end > label_end]
        named = [(h, by_code[hit[0]]) for h in heads if (hit := index.get(h.key)) and hit[0] in by_code]
        if len({c.code for _, c in named}) != len(named):
            named = []
        self._heads[key] = heads, named
        return heads, named

    def _in_form_order(self, row: DataRow, table: TableForm, columns: Sequence[Column]) -> bool:
        """Whether the heads, as far as they can be read at all, allow the figures to stand in the form's order."""
        heads, _ = self._named_heads(row, table, columns)
        if len(heads) != len(columns) and not row.table.ragged:
            # 单位 stands over no figure.
            over = [h for h in heads if any(_stands_over(h, c) for c in row.figures)]
            heads = over if len(over) == len(columns) else heads
        key = (id(row.heads), table.code, columns[0].code, len(columns), len(heads))
        known = self._orders.get(key)
        if known is None:
            index = self.index.columns[table.code]
            known = self._orders[key] = _allow_form_order(heads, columns, index, ragged=row.table.ragged)
        return known

    def _by_position(
        self, named: list[tuple[Head, Column]], figures: list[Cell]
    ) -> list[tuple[Column, Cell, Method | None, str | None]] | None:
        """Figures under their heads by geometry, when there are more or fewer of them than heads."""
        out: list[tuple[Column, Cell, Method | None, str | None]] = []
        used: set[int] = set()
        for head, column in named:
            under = [c for c in figures if _stands_over(head, c)]
            if len(under) != 1:
                return None
            cell = under[0]
            spans_more = sum(c.column < h.end and c.column + c.colspan > h.start for h, _ in named for c in (cell,)) > 1
            if spans_more and read_figure(cell.text).kind not in ("blank", "mark"):
                return None
            used.add(id(cell))
            out.append((column, cell, None, head.unit))
        if any(id(c) not in used and read_figure(c.text).kind == "number" for c in figures):
            return None
        return out

    def _pair_in_head(self, row: DataRow, layouts: dict[str, TableLayout]) -> list[_Pair]:
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
        self, table: TableForm, heads: list[Head], row: DataRow
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
                by_order: list[str | None] = [r.code for r in table.rows for _ in table.columns]
                if not in_form_order or any(g not in (None, o) for g, o in zip(groups, by_order, strict=True)):
                    return None
                groups = by_order
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
        if how == "order":
            # With neither the heads nor the number of figures whole, nothing tells which figure is missing.
            return [(g or "", c, None, how) for g, c in zip(groups, sequence, strict=True)]
        by_place: list[tuple[str, str, Cell | None, str]] = []
        for head, g, c in zip(heads, groups, sequence, strict=True):
            under = [f for f in figures if f.column < head.end and f.column + f.colspan > head.start]
            alone = len(under) == 1 and under[0].colspan <= head.end - head.start and not row.table.ragged
            by_place.append((g or "", c, under[0] if alone else None, how))
        return by_place

    def _pair_unknown(
        self,
        i: int,
        row: DataRow,
        chosen: Chosen,
        layouts: dict[str, TableLayout],
        variant: str | None,
    ) -> list[_Pair]:
        """A row of figures under no known label: unresolved where the form misses exactly one row here, else extra."""
        table = self.choice.table_of(i)
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
            and self.choice.fits_order(i, table, r.code)
        ]
        if len(missing) != 1:
            layout.extra.append(PrintedLabel("", cell.text, "unknown", row.table.place(cell)))
            return []
        layout.rows.append(PrintedLabel(missing[0], cell.text, "unknown", row.table.place(cell)))
        columns = self.index.columns_of(table, missing[0])
        figures = row.figures if len(row.figures) == len(columns) else [None] * len(columns)
        out: list[_Matcher._Pair] = []
        for column, figure in zip(columns, figures, strict=True):
            out.append((f"{table}.{missing[0]}.{column.code}", _doubtful(figure, "label"), "order", column, None))
        return out

    # -- facts -------------------------------------------------------------------------------------------------

    def _fact(
        self, row: DataRow, address: str, cell: Cell | None, method: Method, column: Column, head_unit: str | None
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
            head_unit = money_unit(row.unit)
        asked = form.value_of(form.row[code], column)
        amount, signed = asked == "amount", asked == "signed"
        reading = read_figure(cell.text, unit=unit, amount=amount, signed=signed, head_unit=head_unit)
        if cell.doubt:
            readings: list[Value] = []
            for text in (cell.text, *cell.readings):
                other = read_figure(text, unit=unit, amount=amount, signed=signed, head_unit=head_unit)
                if other.value is not None and other.value not in readings:
                    readings.append(other.value)
            return Unresolved(address, cell.text, cell.doubt, readings, place)
        if reading.doubt:
            return Unresolved(address, cell.text, reading.doubt, list(reading.readings), place)
        return Fact(address, reading.value, reading.kind, cell.text, reading.unit, place, method, reading.unit_printed)

    def _settle(self, match: Match, address: str, found: list[Fact | Unresolved]) -> None:
        """One address, read once or several times (a mobile duplicate, a repeated row)."""
        if len(found) == 1:
            only = found[0]
            if isinstance(only, Fact):
                match.facts.append(only)
            else:
                match.unresolved.append(only)
            return
        facts = [f for f in found if isinstance(f, Fact)]
        if not facts:
            first = found[0]
            assert isinstance(first, Unresolved)
            match.unresolved.append(first)
            return
        first_fact = facts[0]
        different = [f for f in facts if (f.kind, f.value) != (first_fact.kind, first_fact.value)]
        doubtful = next((u for u in found if isinstance(u, Unresolved) and _contradicts(u, first_fact)), None)
        if doubtful is not None:
            # A row read for certain beside another of the same address that says something else, if not for certain.
            values_of = [f.value for f in facts if f.value is not None]
            readings = list(dict.fromkeys((*values_of, *doubtful.readings)))
            match.unresolved.append(Unresolved(address, doubtful.printed, doubtful.reason, readings, doubtful.place))
            return
        if not different:
            match.facts.append(first_fact)
            return
        readings = list(dict.fromkeys(f.value for f in facts if f.value is not None))
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


def _stands_over(head: Head, cell: Cell) -> bool:
    return cell.column < head.end and cell.column + cell.colspan > head.start


def _allow_form_order(
    heads: Sequence[Head], columns: Sequence[Column], index: dict[str, tuple[str, str]], *, ragged: bool
) -> bool:
    """Whether no head names a column, or looks most like one, that is not the form's where the head stands."""
    places = {c.code: i for i, c in enumerate(columns)}
    named = [places[hit[0]] for h in heads if (hit := index.get(h.key)) and hit[0] in places]
    if ragged:
        # Heads in reading order: those under a common head come behind the ones beside it.
        by_group: dict[str | None, list[int]] = {}
        for place in named:
            by_group.setdefault(columns[place].group, []).append(place)
        return all(group == sorted(group) for group in by_group.values())
    if len(heads) != len(columns):
        return named == sorted(named)
    for i, head in enumerate(heads):
        hit = index.get(head.key)
        if hit is not None and hit[0] in places:
            if places[hit[0]] != i:
                return False
            continue
        near: dict[int, float] = {}
        for key, (code, _) in index.items():
            if code in places and head.key:
                near[places[code]] = max(near.get(places[code], 0.0), similarity(head.key, key))
        own = near.pop(i, 0.0)
        if max(near.values(), default=0.0) >= max(_LIKE_ANOTHER, own + _MARGIN):
            return False
    return True


def _contradicts(doubtful: Unresolved, fact: Fact) -> bool:
    """Whether a cell that was not read for certain says something else than a fact of the same address."""
    if doubtful.readings:
        return fact.value not in doubtful.readings
    # Digits that could not be read at all are no blank. Of a row that lost cells only the whole line is printed here.
    unread = doubtful.reason != "count" and any(char.isdigit() for char in doubtful.printed)
    return fact.value is None and unread


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
    row: DataRow,
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


def _labels(blocks: Sequence[Paragraph | Table]) -> dict[str, str]:
    """The printed labels of all grids by what they say, each with what it says as a column's head."""
    labels: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, Table):
            for cell in block.cells:
                if cell.text and not is_value_like(cell.text) and (key := label(cell.text).key):
                    labels[key] = head_label(cell.text)[0].key
    return labels


def _seen(form_id: str, labels: dict[str, str]) -> Seen | None:
    """What of a form is among printed labels; its columns count in tables of which a row is there."""
    index = form_index(form_id)
    rows = {(h.table, h.code): key for key in labels if key in index.rows for h in index.rows[key]}
    tables = {t for t, _ in rows}
    columns = {
        (t, cols[head][0]): key
        for t, cols in index.columns.items()
        if t in tables
        for key, head in labels.items()
        if head in cols
    }
    if not rows:
        return None
    known = {key for key, head in labels.items() if key in index.parts or key in index.rows}
    known |= {key for key, head in labels.items() if any(head in index.columns[t] for t in tables)}
    return Seen(form_id, frozenset(rows), frozenset(columns), frozenset(known))


def match(blocks: Sequence[Paragraph | Table], year: int | None = None) -> Match | None:
    """Match one report's blocks to the form they follow; None where no statutory table is there."""
    labels = _labels(blocks)
    choice = choose(lambda form_id: _seen(form_id, labels), frozenset(labels), year)
    if choice is None:
        return None
    found = [m for form_id in (choice.form, *choice.equal) if (m := _match_form(blocks, form_id)) is not None]
    if not found:
        return None
    best = min(found, key=_open)
    for other in found:
        if other is not best and _open(other) == _open(best):
            _keep_agreed(best, other)
    order = {a: i for i, a in enumerate(_all_addresses(best.form))}
    best.facts.sort(key=lambda f: order.get(f.address, len(order)))
    best.unresolved.sort(key=lambda u: order.get(u.address, len(order)))
    return best


def _match_form(blocks: Sequence[Paragraph | Table], form_id: str) -> Match | None:
    """What one form makes of the blocks, or None for nothing."""
    index = form_index(form_id)
    scanner = Scanner(index)
    scanner.scan(blocks)
    found = _Matcher(index, scanner.rows, RowChooser(index, scanner.rows)).collect()
    return found if found.facts or found.unresolved else None


def _open(found: Match) -> int:
    """How many cells of the tables that are there were not read."""
    form = form_data.load(found.form)
    tables = {layout.table for layout in found.layouts}
    optional = {f"{code}.{row.code}." for code in tables for row in form.tables[code].rows if row.optional}
    cells = [a for a in form.addresses(found.variant) if a.partition(".")[0] in tables]
    read = {f.address for f in found.facts}
    return sum(a not in read and not a.startswith(tuple(optional)) for a in cells)


def _keep_agreed(best: Match, other: Match) -> None:
    """Of two forms that fit equally well keep what both say: a printed cell has a certain address or none."""
    theirs = {(f.address, f.place) for f in other.facts}
    for fact in best.facts:
        if (fact.address, fact.place) not in theirs:
            readings = [] if fact.value is None else [fact.value]
            best.unresolved.append(Unresolved(fact.address, fact.printed, "label", readings, fact.place))
    best.facts = [f for f in best.facts if (f.address, f.place) in theirs]


@cache
def _all_addresses(form_id: str) -> tuple[str, ...]:
    form = form_data.load(form_id)
    return tuple(f"{t.code}.{r.code}.{c.code}" for t in form.tables.values() for r in t.rows for c in t.columns_of(r))


__all__ = ["Match", "match"]
