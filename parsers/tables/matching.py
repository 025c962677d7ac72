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
from dataclasses import replace

from parsers.document import Paragraph, Table
from parsers.grammar.figures import is_value_like
from parsers.grammar.figures import read as read_figure
from parsers.grammar.heads import head_words
from parsers.grammar.labels import FormIndex, form_index
from schemas.facts import Fact, Method, Place, PrintedLabel, TableLayout, Trace, Unresolved
from schemas.forms import Column, TableForm
from schemas.labels import label

from . import one_value
from .columns import ColumnReader, Columns, as_many, holds_value, place, under
from .data_rows import DataRow, Head, Scanner
from .form_choice import Seen, Told, choose
from .in_head import slots, unpaired
from .instances import Printed, layout_of, merge, of_the_year
from .ledger import Ledger, key, without_place
from .match import Match, agreed
from .ragged import RaggedRows, Trust
from .row_choice import RowChooser
from .settling import Pair, doubtful, finish_layout, read_pair
from .shifted import beside_joined, counting, in_doubt


class _Matcher:
    """Turns the rows of one report into facts of one form."""

    def __init__(self, index: FormIndex, rows: list[DataRow], choice: RowChooser, year: int | None) -> None:
        self.index = index
        self.form = index.form
        self.rows = rows
        self.choice = choice
        self.year = year
        self.columns = ColumnReader(index, year)
        self.ragged = RaggedRows(index.form)
        self._printed: dict[str, dict[int, Printed]] = {}
        self._noted: set[tuple[int, int]] = set()
        # Of tables whose rows stand in the head: where each row of each printing stands.
        self._in_head: dict[str, list[dict[str, tuple[int, int]]]] = {}
        self._without_group: dict[str, frozenset[int]] = {}
        self._begun: dict[tuple[str, str], str | None] = {}
        self.traces: list[Trace] = []
        self._at = {id(row): i for i, row in enumerate(rows)}
        self._untold = one_value.untold(index, ((rows[i], self.form.tables[of[0]]) for i, of in choice.chosen.items()))

    def collect(self) -> Match:
        """The facts of all rows, each address once."""
        variant = self.choice.variant
        match = Match(self.form.id, variant)
        ledger = Ledger(self.index)
        pairs = [(row, *self._pairs(i, row)) for i, row in enumerate(self.rows)]
        of = {id(row): printed for row, printed, _ in pairs}
        ragged = [(row, of[id(row)], own) for row, own in self.ragged.pairs(variant, match.spent)]
        for row, printed, own in (*pairs, *ragged):
            if printed is not None:
                ledger.table_of.setdefault(row.table.number, printed.layout.table)
            whole = row.table.ragged
            for pair in own:
                assert printed is not None
                printed.found.setdefault(pair.address, []).append(read_pair(self.index, row, pair))
                if pair.cell is None:
                    whole = True
                elif not row.table.ragged:
                    printed.cells.add((row.table.number, pair.cell.row, pair.cell.column))
            if own and whole and printed is not None:
                printed.cells.update(key(row.table, c) for c in row.figures)
        for code in self.form.tables:
            if code not in self._printed:
                continue
            printings = list(self._printed[code].values())
            kept = of_the_year(printings, self.year)
            found = merge(printings, kept, self.year)
            match.facts += [f for f in found.values() if isinstance(f, Fact)]
            match.unresolved += [u for u in found.values() if isinstance(u, Unresolved)]
            match.layouts.append(layout_of(kept))
            finish_layout(match.layouts[-1], self.index, variant, found)
            for each in printings:
                (ledger.told if each in kept else ledger.of_others).update(each.cells)
        match.traces = self.traces
        match.leftovers = ledger.leftovers(self.rows, [row for row, _, own in (*pairs, *ragged) if own])
        unsure = without_place(match.facts, match.unresolved, match.leftovers, ledger.headless)
        unsure += in_doubt(match.facts, self.form.id, variant)
        unsure += [*counting(match.facts), *beside_joined(match.facts, match.unresolved)]
        if unsure:
            by_address = {f.address: f for f in unsure}
            match.facts = [f for f in match.facts if f.address not in by_address]
            match.unresolved += [Unresolved(a, f.printed, "label", [], f.place) for a, f in by_address.items()]
        return match

    def _pairs(self, i: int, row: DataRow) -> tuple[Printed | None, list[Pair]]:
        """What one row holds, and the printing of its table that it is of."""
        if i in self.choice.chosen:
            table, code, how = self.choice.chosen[i]
            assert row.hit_cell is not None
            printed = self._printing(table, row, self.choice.number[i])
            printed.layout.rows.append(PrintedLabel(code, row.hit_cell.text, how, row.table.place(row.hit_cell)))
            self._note_columns(printed.layout, row, table)
            return printed, self._pair(row, self.form.tables[table], code, how)
        if row.is_group:
            return None, []
        return (
            self._pair_in_head(row)
            if row.in_head or (row.table.ragged and not row.labels)
            else self._pair_unknown(i, row)
        )

    # -- layouts -------------------------------------------------------------------------------------------------------

    def _printing(self, table: str, row: DataRow, number: int) -> Printed:
        """A printing of a table; a new one with the first of its rows."""
        printings = self._printed.setdefault(table, {})
        if number not in printings:
            place = Place(page=row.table.page, table=row.table.number, sheet=row.table.sheet)
            printings[number] = Printed(TableLayout(table, place=place), row.captions)
        return printings[number]

    def _note_columns(self, layout: TableLayout, row: DataRow, table: str) -> None:
        if (id(layout), id(row.zone)) in self._noted:
            return
        self._noted.add((id(layout), id(row.zone)))
        known = {c.code for c in layout.columns}
        for head in row.heads:
            hit = self.index.columns[table].get(head.key)
            if hit and hit[0] not in known:
                known.add(hit[0])
                layout.columns.append(PrintedLabel(hit[0], head.cell.text, hit[1], row.table.place(head.cell)))

    # -- rows with a label ---------------------------------------------------------------------------------------------

    def _pair(self, row: DataRow, table: TableForm, code: str, how: str) -> list[Pair]:
        """Pair the figures of a row with its columns."""
        columns = self.index.columns_of(table.code, code)
        base = f"{table.code}.{code}"
        if self._may_have_lost_figures(row) or id(row) in self._untold:
            return [Pair(f"{base}.{c.code}", c, None, row.table.method) for c in columns]
        read = self.columns.of(row, table, columns)
        if row.loose or not (read.heads or read.open or read.foreign or read.twice):
            return self._pair_by_order(row, base, table, columns, read, how)
        return self._pair_by_heads(row, base, columns, read)

    def _pair_by_heads(self, row: DataRow, base: str, columns: Sequence[Column], read: Columns) -> list[Pair]:
        """Columns by what stands over the figures."""
        named, heads = read.named, [read.heads[c.code] for c in read.named]
        cells = place(row, heads, [*read.foreign, *read.open])
        out: list[Pair] = []
        for column, head, cell in zip(named, heads, cells, strict=True):
            method: Method = "order" if column.code in read.ordered else row.table.method
            out.append(Pair(f"{base}.{column.code}", column, cell, method, head.unit))
        if not (read.twice or read.open):
            return out
        open_figures = [c for c in row.figures if any(under(h, c) for h in read.open)]
        for column in columns:
            if column.code in read.twice or (column.code not in read.heads and read.open):
                figures = row.figures if column.code in read.twice else open_figures
                printed = " | ".join(c.text for c in figures)
                out.append(Pair(f"{base}.{column.code}", column, None, row.table.method, None, "label", printed))
        return out

    def _pair_by_order(
        self, row: DataRow, base: str, table: TableForm, columns: Sequence[Column], read: Columns, how: str
    ) -> list[Pair]:
        """Columns by the form's order, where there are as many figures and no head says otherwise."""
        # A label that is only near to the row's is not enough, unless the heads leave no doubt about the table.
        sure = how != "similar" or len(read.heads) == len(columns)
        sure = sure and not any(map(holds_value, row.labels))
        units = {h.unit for h in row.heads if h.unit} if len(columns) == 1 else set()
        unit = next(iter(units)) if len(units) == 1 else None
        in_cells = row.table.method == "cells" or read.aside
        without_heads = in_cells and not read.heads and len(row.figures) >= len(columns) > 1
        if (row.table.ragged or without_heads) and self._allow_order(row, table, columns, read):
            cells = [(base.rpartition(".")[2], c.code) for c in columns]
            self.ragged.add(row, table.code, cells, [unit] * len(cells), "order" if sure else "sums")
            return []
        figures = as_many(row.figures, len(columns))
        if len(figures) == len(columns) and sure and self._allow_order(row, table, columns, read):
            return [Pair(f"{base}.{c.code}", c, cell, "order", unit) for c, cell in zip(columns, figures, strict=True)]
        return [Pair(f"{base}.{c.code}", c, None, "order") for c in columns]

    def _allow_order(self, row: DataRow, table: TableForm, columns: Sequence[Column], read: Columns) -> bool:
        """Whether the heads of a row whose figures do not stand under them allow the form's order."""
        foreign = [h.words for h in read.foreign if not self._is_column(h, table)]
        if any(w.kind in ("other", "serial", "remark") or w.year is not None for w in foreign):
            return False
        words = [h for h in read.open if h.words.kind == "words" and not self._begun_column(h, table)]
        named = self._named(row, table, columns)
        return bool(named or len(words) < 2) and self._come_in_order(named, columns)

    def _named(self, row: DataRow, table: TableForm, columns: Sequence[Column]) -> list[int]:
        """The places of the columns that heads name, in the heads' order."""
        places = {c.code: i for i, c in enumerate(columns)}
        codes = [self._begun_column(h, table) for h in row.heads]
        return [places[code] for code in codes if code in places]

    def _come_in_order(self, named: Sequence[int], columns: Sequence[Column]) -> bool:
        """Whether columns are named in the form's order."""
        # Heads in reading order: those under a common head come behind the ones beside it.
        by_group: dict[str | None, list[int]] = {}
        for at in named:
            by_group.setdefault(columns[at].group, []).append(at)
        return all(group == sorted(group) for group in by_group.values())

    def _begun_column(self, head: Head, table: TableForm) -> str | None:
        """The column that a head names, or that alone begins as the head does: a line break may have lost the rest."""
        index, words = self.index.columns[table.code], head.key
        if (hit := index.get(words)) is not None:
            return hit[0]
        if (table.code, words) not in self._begun:
            begun = {code for key, (code, _) in index.items() if len(words) > 1 and key.startswith(words)}
            self._begun[table.code, words] = next(iter(begun)) if len(begun) == 1 else None
        return self._begun[table.code, words]

    def _is_column(self, head: Head, table: TableForm) -> bool:
        return head.key in self.index.columns[table.code]

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

    # -- rows in the head, rows without a known label --------------------------------------------------------------------

    def _pair_in_head(self, row: DataRow) -> tuple[Printed | None, list[Pair]]:
        """A line of figures whose rows stand in the head (disputes): every head gives row and column."""
        if not any(c.text.strip() for c in row.figures) and any(
            (r.in_head and r.zone is row.zone and any(c.text.strip() for c in r.figures))
            or (r.table is row.table and not r.hits and any(read_figure(c.text).kind == "number" for c in r.figures))
            for r in self.rows
        ):
            return None, []  # an empty line below the figures, or among the heads
        split = self._among_heads(row)
        for code, table in self.form.tables.items():
            if (
                not table.rows_in_head
                or (found := slots(self.index, table, row, self.year, paired=id(row) not in self._unpaired(table)))
                is None
            ):
                continue
            printed = self._printing(code, row, self._number_in_head(code, row, {slot[0] for slot in found}))
            self._note_columns(printed.layout, row, code)
            known = {r.code for r in printed.layout.rows}
            out: list[Pair] = []
            for of, column, cell, how, unit in found:
                if of not in known:
                    known.add(of)
                    label_ = table.row[of].label if how == "official" else ""
                    printed.layout.rows.append(PrintedLabel(of, label_, how, row.table.place(cell or row.figures[0])))
                method: Method = "order" if how == "order" else row.table.method
                out.append(Pair(f"{code}.{of}.{column}", table.column[column], None if split else cell, method, unit))
            if row.table.ragged:
                trust: Trust = "order" if any(how == "order" for _, _, _, how, _ in found) else "heads"
                self.ragged.add(row, code, [slot[:2] for slot in found], [slot[4] for slot in found], trust)
                return printed, []
            return printed, out
        return self._pair_without_heads(row)

    def _among_heads(self, row: DataRow) -> bool:
        """Whether a line of words without a figure stands right above one with figures under further heads: a head that
        was broken over lines left its end there, beside blanks that are no figures'.
        """
        words = [c for c in row.figures if c.text.strip()]
        if not words or any(is_value_like(c.text) for c in words):
            return False
        at = self._at[id(row)] + 1
        below = (r for r in self.rows[at : at + 2] if r.in_head)
        return any(is_value_like(c.text) for r in below for c in r.figures if c.text.strip())

    def _unpaired(self, table: TableForm) -> frozenset[int]:
        if table.code not in self._without_group:
            self._without_group[table.code] = unpaired(self.index, table, self.rows)
        return self._without_group[table.code]

    def _pair_without_heads(self, row: DataRow) -> tuple[Printed | None, list[Pair]]:
        """A line of text under the title of a table whose rows stand in the head, with as many figures as it has: in the
        form's order, if its sums bear it out.
        """
        for code, table in self.form.tables.items():
            cells = [(r.code, c.code) for r in table.rows for c in table.columns]
            titles = {label(text).key for text in (table.title, *table.titles)}
            if not (table.rows_in_head and row.table.ragged and len(row.figures) == len(cells)):
                continue
            if titles.isdisjoint(row.captions):
                continue
            printed = self._printing(code, row, self._number_in_head(code, row, {r.code for r in table.rows}))
            place = row.table.place(row.figures[0])
            printed.layout.rows += [PrintedLabel(r.code, "", "order", place) for r in table.rows]
            self.ragged.add(row, code, cells, [None] * len(cells), "sums")
            return printed, []
        return None, []

    def _number_in_head(self, table: str, row: DataRow, codes: set[str]) -> int:
        """Which printing of a table a line of figures is of: another one where its rows were met under other heads."""
        here = (row.table.number, id(row.zone))
        seen = self._in_head.setdefault(table, [{}])
        if any(seen[-1].get(code, here) != here for code in codes):
            seen.append({})
        seen[-1].update(dict.fromkeys(codes, here))
        return len(seen) - 1

    def _pair_unknown(self, i: int, row: DataRow) -> tuple[Printed | None, list[Pair]]:
        """A row of figures under no known label: unresolved where the form misses exactly one row here, else extra."""
        table = self.choice.table_of(i)
        if table is None:
            return None, []
        number = self.choice.number[i]
        printed = self._printing(table, row, number)
        cell = next(
            (c for c in reversed(row.labels) if c.text.strip()), row.labels[-1] if row.labels else row.figures[0]
        )
        there = {c for k, (t, c, _) in self.choice.chosen.items() if t == table and self.choice.number[k] == number}
        missing = [
            r.code
            for r in self.form.rows(table, self.choice.variant)
            if r.code not in there and self.choice.fits_order(i, table, r.code)
        ]
        may_be = [code for code in missing if self.choice.may_be(cell.text, table, code)]
        if not may_be:
            printed.layout.extra.append(PrintedLabel("", cell.text, "unknown", row.table.place(cell)))
            return printed, []
        if len(missing) > 1:
            # One of several rows that are not there: none of them is missing, and none is known.
            self.traces += [Trace(table, code, cell.text, row.table.place(cell)) for code in may_be]
            line = " | ".join(c.text for c in row.figures)
            columns = [(code, column) for code in may_be for column in self.index.columns_of(table, code)]
            return printed, [Pair(f"{table}.{r}.{c.code}", c, None, "order", None, "label", line) for r, c in columns]
        printed.layout.rows.append(PrintedLabel(missing[0], cell.text, "unknown", row.table.place(cell)))
        pairs = self._pair(row, self.form.tables[table], missing[0], "similar")
        return printed, [replace(p, cell=doubtful(p.cell, "label"), method="order") for p in pairs]


def _labels(blocks: Sequence[Paragraph | Table]) -> dict[str, str]:
    """The printed labels of all grids, one of each wording, by what they say."""
    labels: dict[str, str] = {}
    printed = [cell.text for block in blocks if isinstance(block, Table) for cell in block.cells]
    # Of several spellings the last one: each text once, where it stands last.
    for text in reversed(dict.fromkeys(reversed(printed))):
        if text and not is_value_like(text) and (key := label(text).key):
            labels[key] = text
    return labels


def _seen(form_id: str, labels: dict[str, str]) -> Seen | None:
    """What of a form is among printed labels; its columns count in tables of which a row is there."""
    index = form_index(form_id)
    rows: set[tuple[str, str]] = set()
    known: set[str] = set()
    for said, text in labels.items():
        hits = index.hits(text)
        if hits:
            rows.update([(h.table, h.code) for h in hits])
        if hits or said in index.parts:
            known.add(said)
    if not rows:
        return None
    named = [(table, index.columns[table]) for table in dict.fromkeys(t for t, _ in rows)]
    columns: set[tuple[str, str]] = set()
    for said, text in labels.items():
        words = head_words(text)
        if words.full not in index.heads and words.key not in index.heads:
            continue
        for table, heads in named:
            hit = heads.get(words.full) or heads.get(words.key)
            if hit is not None:
                columns.add((table, hit[0]))
                known.add(said)
    return Seen(form_id, frozenset(rows), frozenset(columns), frozenset(known))


def _official(form_id: str, blocks: Sequence[Paragraph | Table]) -> int:
    """How many cells of all grids are worded as the form's own labels, with their numbers."""
    spelt = {(s.key, s.number) for s in form_index(form_id).spellings if s.how == "official" and s.key}
    texts = {c.text for b in blocks if isinstance(b, Table) for c in b.cells if c.text}
    return sum((own.key, own.number) in spelt for own in map(label, texts))


def match(blocks: Sequence[Paragraph | Table], year: int | None = None, told: Told | None = None) -> Match | None:
    """Match one report's blocks to the form they follow; None where no statutory table is there.

    ``year`` (the report's, if known) decides between forms that fit equally, else what the document has ``told``.
    """
    labels = _labels(blocks)

    def look(form_id: str) -> Seen | None:
        seen = _seen(form_id, labels)
        return seen and replace(seen, official=lambda: _official(form_id, blocks))

    choice = choose(look, frozenset(labels), year, told)
    if choice is None:
        return None
    found = [m for form_id in (choice.form, *choice.equal) if (m := _match_form(blocks, form_id, year)) is not None]
    return agreed(found)


def _match_form(blocks: Sequence[Paragraph | Table], form_id: str, year: int | None) -> Match | None:
    """What one form makes of the blocks, or None for nothing."""
    index = form_index(form_id)
    scanner = Scanner(index)
    scanner.scan(blocks)
    found = _Matcher(index, scanner.rows, RowChooser(index, scanner.rows), year).collect()
    return found if found.facts or found.unresolved else None


__all__ = ["Match", "match"]
