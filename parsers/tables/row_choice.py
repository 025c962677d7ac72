"""Which row of the form each row of figures is.

Belongs here: labels, numbers, groups and neighbours that decide it, and how near a misprinted label must be.
Does not belong here: finding rows in grids (`data_rows`), columns and figures (`matching`).
"""

from __future__ import annotations

from functools import lru_cache

from parsers.grammar.labels import FormIndex
from parsers.grammar.spellings import Spelling
from schemas.labels import label, similarity

from .data_rows import DataRow
from .instances import Numbering

# A misprinted label counts as recognised when it is this near to one row and this much nearer than to any other …
_NEAR, _MARGIN = 0.8, 0.15
# … in a table that lacks a row beside it, this near: the label may be another row's, or two rows' run into one …
_NEAR_BESIDE_A_GAP = 0.9
# … or this near, if it also stands where the form has that row and no row of the form is missing beside it.
_NEAR_IN_ORDER, _MARGIN_IN_ORDER = 0.5, 0.1

# A label has something of another from so much likeness on; one of fewer letters than that could be any.
_SOMETHING, _FEWEST_LETTERS = 0.34, 2

# Position among the data rows → table, row code, how the label was recognised.
Chosen = dict[int, tuple[str, str, str]]


# The same misprint is compared in two passes and, office by office, again and again.
_similarity = lru_cache(maxsize=16_384)(similarity)


class RowChooser:
    """Decides row by row, certain labels first. ``chosen`` and ``variant`` hold the outcome."""

    def __init__(self, index: FormIndex, rows: list[DataRow]) -> None:
        self.index = index
        self.form = index.form
        self.rows = rows
        self.chosen: Chosen = {}
        self.variant: str | None = None
        # Which printing of its table each row is of.
        self.number: list[int] = []
        self._decide()

    def _decide(self) -> None:
        chosen = self.chosen
        numbering = Numbering()
        previous: dict[str, int] = {}
        for i, row in enumerate(self.rows):
            if not row.hits:
                continue
            hit = self._narrow(row, previous)
            if hit is not None:
                chosen[i] = (hit.table, hit.code, hit.how)
                previous[hit.table] = self.index.order[hit.table, hit.code]
                numbering.add(i, row, hit.table, hit.code)
        # Rows of one printing of a table are told apart from those of another.
        self.number = numbering.numbers(self.rows)
        self._by_likeness()
        self.variant = self._variant_of({(t, c) for t, c, _ in chosen.values()})
        self._drop_group_rows()

    def _narrow(self, row: DataRow, previous: dict[str, int]) -> Spelling | None:
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

    def _by_likeness(self) -> None:
        """Rows whose label is no label of the form: near to exactly one row that is still free, nearest ones first."""
        for by_order in (False, True):
            for i, row in enumerate(self.rows):
                if i not in self.chosen and row.labels and (table := self.table_of(i)) is not None:
                    self._choose_like(i, row, table, by_order=by_order)

    def _choose_like(self, i: int, row: DataRow, table: str, *, by_order: bool) -> None:
        """Name one row by likeness of its label alone, or, ``by_order``, by that and its place in a complete table."""
        cell = row.hit_cell or next((c for c in reversed(row.labels) if c.text.strip()), row.labels[-1])
        group, spelt = self.index.apart(cell.text)
        if not spelt.key:
            return
        taken = {(t, c) for k, (t, c, _) in self.chosen.items() if self.number[k] == self.number[i]}
        # By likeness alone; and where a piece of the label counts for the whole.
        whole: dict[str, float] = {}
        best: dict[str, float] = {}
        spellings = self.index.row_keys[table]
        for code, key in spellings:
            if (table, code) in taken or (group is not None and self._group_of(table, code) != group):
                continue
            near = _similarity(spelt.key, key)
            whole[code] = max(whole.get(code, 0.0), near)
            if len(spelt.key) >= 3 and spelt.key in key:
                near = max(near, 0.5 + 0.5 * len(spelt.key) / len(key))
            best[code] = max(best.get(code, 0.0), near)
        if not best:
            return
        ranked = sorted(best.items(), key=lambda kv: -kv[1])
        code, near = ranked[0]
        margin = near - (ranked[1][1] if len(ranked) > 1 else 0.0)
        number = label(self.form.tables[table].row[code].label).number
        if spelt.number is not None and number is not None and spelt.number != number:
            return
        complete, in_place = self._none_missing(i, table, code)
        alone = whole[code] >= (_NEAR if complete else _NEAR_BESIDE_A_GAP) and margin >= _MARGIN
        if alone:
            # A row that is there already may be printed twice.
            alone = all(_similarity(spelt.key, key) < near for c, key in spellings if (table, c) in taken)
        in_order = by_order and in_place and near >= _NEAR_IN_ORDER and margin >= _MARGIN_IN_ORDER
        if alone or (in_order and self.fits_order(i, table, code)):
            self.chosen[i] = (table, code, "similar")
            row.hit_cell = cell

    def _group_of(self, table: str, code: str) -> str | None:
        group = self.form.tables[table].row[code].group
        return label(group).key if group else None

    def _none_missing(self, i: int, table: str, code: str) -> tuple[bool, bool]:
        """Whether as many rows stand unnamed here as the form still has between the rows known before and after; and
        whether this one, counted among those with figures, then is where the form has it.
        """
        first = next((j for j in range(i - 1, -1, -1) if j in self.chosen), -1)
        last = next((j for j in range(i + 1, len(self.rows)) if j in self.chosen), len(self.rows))
        own = self.rows[i].table
        # Rows of other tables count where their heads are this one's: it may go on behind a page's end.
        near = (j for j in range(first + 1, last) if self.rows[j].labels)
        unnamed = [self.rows[j] for j in near if self.rows[j].table is own or self.table_of(j) == table]
        # A line without figures may be a group's.
        filled = [r for r in unnamed if r is self.rows[i] or any(c.text.strip() for c in r.figures)]
        order = self.index.order
        start = order[self.chosen[first][:2]] if first >= 0 and self.chosen[first][0] == table else -1
        known_end = last < len(self.rows) and self.chosen[last][0] == table
        end = order[self.chosen[last][:2]] if known_end else len(self.form.tables[table].rows)
        taken = {c for k, (t, c, _) in self.chosen.items() if t == table and self.number[k] == self.number[i]}
        for variant in (None, *(v.id for v in self.form.variants if v.table == table)):
            rows = self.form.rows(table, variant)
            free = [r for r in rows if start < order[table, r.code] < end and r.code not in taken]
            if any(r.code == code for r in free):
                needed = sum(1 for r in free if not r.optional)
                if needed <= len(unnamed) and len(filled) <= len(free):
                    place = [r.code for r in free].index(code)
                    return True, len(filled) < len(free) or filled[place] is self.rows[i]
        return False, False

    def may_be(self, text: str, table: str, code: str) -> bool:
        """Whether a label that no form knows may be a row's: it has something of it, or says next to nothing."""
        key = label(text).key
        if sum("\u4e00" <= c <= "\u9fff" for c in key) < _FEWEST_LETTERS:
            return True
        return any(_similarity(key, k) >= _SOMETHING or k in key for c, k in self.index.row_keys[table] if c == code)

    def table_of(self, i: int) -> str | None:
        """The statutory table a row without a known label belongs to: that of its heads or its neighbours."""
        row = self.rows[i]
        for j in (i - 1, i + 1):
            if j in self.chosen and self.rows[j].table is row.table:
                return self.chosen[j][0]
        # A table of its own, such as an annex by office, may have a 总计 too: most of a form's heads must be there.
        named = {t: {cols[h.key][0] for h in row.heads if h.key in cols} for t, cols in self.index.columns.items()}
        table = max(named, key=lambda t: len(named[t]), default=None)
        if table is None or 2 * len(named[table]) < len(self.form.tables[table].columns):
            return None
        return table

    def fits_order(self, i: int, table: str, code: str) -> bool:
        """Whether the rows known next to it, before and after, are the form's rows before and after it."""
        order = self.index.order
        rows = [r.code for r in self.form.tables[table].rows]
        position = order[table, code]
        before = next((self.chosen[j] for j in range(i - 1, -1, -1) if j in self.chosen), None)
        after = next((self.chosen[j] for j in range(i + 1, len(self.rows)) if j in self.chosen), None)
        if before is None and after is None:
            return False
        ok_before = before is None or (before[0] == table and order[table, before[1]] < position)
        ok_after = after is None or after[0] != table or order[table, after[1]] > position
        near_before = before is not None and before[0] == table and position - order[table, before[1]] <= 2
        near_after = after is not None and after[0] == table and order[table, after[1]] - position <= 2
        return ok_before and ok_after and (near_before or near_after) and bool(rows)

    def _drop_group_rows(self) -> None:
        """A row of another variant beside the rows it stands for is their group's label, printed on a line of its own."""
        for i, (table, code, _) in list(self.chosen.items()):
            of_variant = self.form.tables[table].row[code].variant
            if of_variant is None or of_variant == self.variant:
                continue
            del self.chosen[i]
            row = self.rows[i]
            row.is_group = all(not c.text.strip() for c in row.figures)

    def _variant_of(self, present: set[tuple[str, str]]) -> str | None:
        for variant in self.form.variants:
            there = any((variant.table, c) in present for c in variant.present)
            if there and not any((variant.table, c) in present for c in variant.absent):
                return variant.id
        return None
