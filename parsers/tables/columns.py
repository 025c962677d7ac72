"""Which column of the form stands under each head.

Belongs here: naming the heads over one kind of row, what follows of the heads that no form knows, which figure stands
under which head. Does not belong here: finding heads (`data_rows`), what a head's words mean (`grammar.heads`), facts.

A head that is known decides. Form order names a head only between known ones, as many as the form has there, and only
where it names nothing or looks like the label that belongs there: years, towns, last year, checks are other columns.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from parsers.document import Cell
from parsers.grammar.figures import is_value_like
from parsers.grammar.figures import read as read_figure
from parsers.grammar.heads import HeadWords, head_words
from parsers.grammar.labels import FormIndex
from schemas.forms import Column, TableForm
from schemas.labels import similarity

from .data_rows import DataRow, Head, Zone

# A head that no form knows is the column's that belongs there when it is this near to its label …
_NEAR = 0.5
# … and no other column's label is this much nearer.
_MARGIN = 0.1
# Numbers of rows: so many, of which such a share counts on.
_FEWEST_NUMBERS, _MOST_STEPS = 3, 0.8
# Words that a single column of figures may bear.
_OF_FIGURES = ("数", "量", "值", "计", "据", "额", "情况", "结果")

Name = tuple[Literal["column"], str] | tuple[Literal["foreign", "open", "words"], None]


@dataclass(slots=True)
class Columns:
    """The columns of one kind of row: ``heads`` by code, ``ordered`` those known by order alone.

    ``open`` are heads that may be a column's that is not among them; ``foreign`` ones are not.
    """

    heads: dict[str, Head] = field(default_factory=dict)
    ordered: set[str] = field(default_factory=set)
    open: list[Head] = field(default_factory=list)
    foreign: list[Head] = field(default_factory=list)
    # Codes that several heads name.
    twice: set[str] = field(default_factory=set)
    # Heads of columns stand over labels: figures stand as far aside of theirs.
    aside: bool = False
    # The columns with a head of their own, in the form's order.
    named: list[Column] = field(default_factory=list)


class ColumnReader:
    """Names heads for the rows of one report. ``year`` is the report's, if known."""

    def __init__(self, index: FormIndex, year: int | None) -> None:
        self.index = index
        self.year = year
        self._known: dict[tuple[object, ...], Columns] = {}

    def of(self, row: DataRow, table: TableForm, columns: Sequence[Column]) -> Columns:
        """The columns over a row's figures. Most rows of a table share heads and columns, so what was found is kept."""
        loose, label_end = row.loose, row.label_end
        if not loose and self._stands_under_column(row, table, label_end):
            # Merged cells of labels, or of heads that a page's end or a frame of the head cut, are lost.
            return Columns(aside=True)
        key = (id(row.zone), table.code, columns[0].code, len(columns), loose or label_end)
        known = self._known.get(key)
        if known is None:
            heads = row.heads if loose else _over_figures(row.zone, label_end)
            known = self._read(heads, table, columns, loose=loose)
            if not known.heads and row.zone.number != row.table.number:
                # The heads of a table before this one, which are none of its own.
                known = Columns()
            known.named = [c for c in columns if c.code in known.heads]
            self._known[key] = known
        return known

    def _stands_under_column(self, row: DataRow, table: TableForm, end: int) -> bool:
        """Whether the label of a row stands under the head of a column of figures, in a table that has cells. ``end``: where
        its labels do."""
        columns, cell = self.index.columns[table.code], row.hit_cell
        if row.table.method not in ("cells", "ruled") or cell is None:
            return False
        # Few heads stand over labels.
        over = [h for h in row.zone.heads if h.end <= end]
        return any(h.key in columns and under(h, cell) for h in over)

    def _read(self, heads: Sequence[Head], table: TableForm, columns: Sequence[Column], *, loose: bool) -> Columns:
        codes = [c.code for c in columns]
        out = Columns()
        if self._are_of_another(heads, table):
            out.open = list(heads)
            return out
        names = [self._name(h, table, codes) for h in heads]
        named = [name[1] for name in names if name[0] == "column"]
        out.twice = {c for c in named if c is not None and named.count(c) > 1}
        unknown: list[int] = []
        for i, (head, (kind, code)) in enumerate(zip(heads, names, strict=True)):
            if kind == "column" and code is not None:
                if code not in out.twice:
                    out.heads[code] = head
            elif kind == "foreign":
                out.foreign.append(head)
            else:
                unknown.append(i)
        if not loose and not out.twice:
            self._fill(out, heads, names, unknown, table, columns)
        taken = {id(h) for h in out.heads.values()}
        out.open = [heads[i] for i in unknown if id(heads[i]) not in taken]
        return out

    def _are_of_another(self, heads: Sequence[Head], table: TableForm) -> bool:
        """Whether more of the heads are another table's alone than are this one's: 其他 and 总计 stand in several."""
        own = self.index.columns[table.code]
        others = [columns for code, columns in self.index.columns.items() if code != table.code]
        mine = sum(h.words.full in own or h.words.key in own for h in heads)
        theirs = sum(
            h.words.full not in own and h.words.key not in own and any(h.words.key in named for named in others)
            for h in heads
        )
        return theirs > mine

    # -- one head ------------------------------------------------------------------------------------------------------

    def _name(self, head: Head, table: TableForm, codes: Sequence[str]) -> Name:
        """What one head is: a column of this row, something else, or not known."""
        index = self.index.columns[table.code]
        words = head.words
        above = [self._period(w) for w in head.path[:-1]]
        period = self._period(words)
        code = self._code(words, index, codes)
        if "other" in above or (period == "other" and (code is None or words.year not in (None, self.year))):
            # 上年 in the head or above it; a form's own 上一年项目数量 is none of these.
            return self._foreign(words, index, codes)
        if code is not None:
            return "column", code
        if period == "this":
            code = next((c for w in reversed(head.path[:-1]) if (c := self._code(w, index, codes)) is not None), None)
            if code is None and len(codes) == 1:
                code = codes[0]
            return ("column", code) if code is not None else ("open", None)
        if words.year is not None:
            return "words", None
        if words.full in index or words.kind in ("serial", "remark", "unit"):
            # Another row's column, or none of figures.
            return "foreign", None
        if words.kind == "blank" or words.full in self.index.rows or words.full in self.index.parts:
            return "open", None
        return "words", None

    def _foreign(self, words: HeadWords, index: dict[str, tuple[str, str]], codes: Sequence[str]) -> Name:
        """A head of another period, unless it is the name of a row, or the beginning of this row's own label."""
        if words.full in self.index.rows:
            return "open", None
        cut = len(words.key) > 1 and any(c in codes and k.startswith(words.key) for k, (c, _) in index.items())
        return ("words" if cut and words.year is None else "foreign"), None

    def _code(self, words: HeadWords, index: dict[str, tuple[str, str]], codes: Sequence[str]) -> str | None:
        hit = index.get(words.full) or index.get(words.key)
        return hit[0] if hit and hit[0] in codes else None

    def _period(self, words: HeadWords) -> Literal["this", "other"] | None:
        if words.year is not None and self.year is not None:
            return "this" if words.year == self.year else "other"
        if words.period is not None:
            return words.period
        return words.kind if words.kind in ("this", "other") else None

    # -- heads that no form knows --------------------------------------------------------------------------------------

    def _fill(
        self,
        out: Columns,
        heads: Sequence[Head],
        names: Sequence[Name],
        unknown: Sequence[int],
        table: TableForm,
        columns: Sequence[Column],
    ) -> None:
        """Name heads between known ones, where as many stand there as the form has columns, and each may be the one."""
        codes = [c.code for c in columns]
        if len(columns) == 1:
            if (
                not out.heads
                and len(unknown) == 1
                and self._may_be_single(heads[unknown[0]], names[unknown[0]], table, codes)
            ):
                out.heads[codes[0]] = heads[unknown[0]]
                out.ordered.add(codes[0])
            return
        places = {code: i for i, code in enumerate(codes)}
        marks = [(i, places[name[1]]) for i, name in enumerate(names) if name[0] == "column" and name[1] is not None]
        if [p for _, p in marks] != sorted(p for _, p in marks):
            return
        if not marks and _are_figures([heads[i] for i in unknown]):
            # Another row, and no heads.
            return
        edges = [(-1, -1), *marks, (len(heads), len(codes))]
        for (i, p), (j, q) in itertools.pairwise(edges):
            between = [k for k in unknown if i < k < j]
            lacking = list(range(p + 1, q))
            if not lacking or len(between) != len(lacking):
                continue
            if all(
                self._may_be(heads[k], names[k], table, codes, place) for k, place in zip(between, lacking, strict=True)
            ):
                for k, place in zip(between, lacking, strict=True):
                    out.heads[codes[place]] = heads[k]
                    out.ordered.add(codes[place])

    def _may_be_single(self, head: Head, name: Name, table: TableForm, codes: Sequence[str]) -> bool:
        words = head.words
        if words.kind == "words" and words.year is None and words.key.endswith(_OF_FIGURES):
            return True
        return self._may_be(head, name, table, codes, 0)

    def _may_be(self, head: Head, name: Name, table: TableForm, codes: Sequence[str], place: int) -> bool:
        """Whether a head that no form knows may be that of the column at a place."""
        if name[0] == "open":
            return True
        key = head.words.key
        near = dict.fromkeys(range(len(codes)), 0.0)
        for spelling, (code, _) in self.index.columns[table.code].items():
            if code in codes and key:
                at = codes.index(code)
                near[at] = max(
                    near[at], 1.0 if len(key) > 1 and spelling.startswith(key) else similarity(key, spelling)
                )
        own = near.pop(place)
        return own >= _NEAR and max(near.values(), default=0.0) < own + _MARGIN


def _are_figures(heads: Sequence[Head]) -> bool:
    """Whether heads are figures that do not count the columns."""
    values = [v for h in heads if (v := read_figure(h.cell.text).value) is not None]
    return any(b != a + 1 for a, b in itertools.pairwise(values)) or len(values) == 1


def _over_figures(zone: Zone, label_end: int) -> list[Head]:
    """The heads behind the labels of a row, empty ones too, from left to right."""
    heads = [h for h in zone.heads if h.end > label_end]
    heads += [Head(Cell("", 0, c), c, c + 1, [head_words("")]) for c in zone.bare if c >= label_end]
    return sorted(heads, key=lambda h: h.start)


# --- figures under heads


def under(head: Head, cell: Cell) -> bool:
    """Whether a cell stands under a head."""
    return cell.column < head.end and cell.column + cell.colspan > head.start


def place(row: DataRow, heads: Sequence[Head], others: Sequence[Head]) -> list[Cell | None]:
    """Which figure of a row stands under each of the known heads; None where it cannot be told. ``others`` are heads of
    other columns.

    Where the figures do not stand under their heads at all, they are told by order if there are as many. A blank is one
    only if all that stands in the row is accounted for; where a figure stands in
    the row's label, any other may be aside too.
    """
    figures = row.figures
    if row.table.method == "cells" and any(_ends_in_figure(c) for c in row.labels):
        return [None] * len(heads)
    # A head over the first column is one of labels, and figures may stand under it where merged cells of labels are lost.
    starts = [h.start for h in heads]
    as_many = len(figures) == len(heads) and not any(h.start for h in others) and starts == sorted(starts)
    if as_many and all(map(under, heads, figures)):
        return list(figures)
    cells: list[Cell | None] = []
    used: set[int] = set()
    for head in heads:
        own = [c for c in figures if under(head, c)]
        used.update(id(c) for c in own)
        # Under a head over several columns nothing is certain but that nothing stands there.
        cell = own[0] if len(own) == 1 or (own and not any(c.text.strip() or c.doubt for c in own)) else None
        if cell is not None and any(under(h, cell) for h in (*heads, *others) if h is not head):
            # Over several columns: what is not there is there in none of them.
            cell = cell if read_figure(cell.text).kind in ("blank", "mark") else None
        cells.append(cell)
    left = [c for c in figures if id(c) not in used]
    shifted = _is_shifted(heads, others, left, row.zone.bare)
    if (shifted or None in cells) and as_many and all(c.colspan == 1 for c in figures):
        return list(figures)
    if shifted:
        return [None] * len(heads)
    placed = {id(c) for c in cells}
    if any(_is_unaccounted(c, row, heads, others) for c in figures if id(c) not in placed):
        return [c if c is not None and c.text.strip() else None for c in cells]
    return cells


def _is_unaccounted(cell: Cell, row: DataRow, heads: Sequence[Head], others: Sequence[Head]) -> bool:
    """Whether a cell that is none of the known columns' is a figure or a mark of which no head says what it is: none
    stands over it, an empty one, that of the labels, or one over several. Numbers that count the rows are no figures.
    """
    if read_figure(cell.text).kind not in ("number", "mark"):
        return False
    said = any(under(h, cell) and h.start >= row.label_end and not is_value_like(h.cell.text) for h in others)
    if said and not any(under(h, cell) for h in heads):
        return False
    return not count_on(c.text for c in row.table.cells if c.column == cell.column)


def _ends_in_figure(cell: Cell) -> bool:
    """Whether the last line of a label is a figure alone."""
    words, _, last = cell.text.rpartition("\n")
    return bool(words.strip()) and not is_value_like(words) and last.strip().isdecimal()


def holds_value(cell: Cell) -> bool:
    """Whether a label has a figure or a mark on a line of its own below its words: it may be the row's first."""
    words, _, last = cell.text.rpartition("\n")
    return bool(words.strip() and last.strip()) and not is_value_like(words) and is_value_like(last.strip())


def count_on(texts: Iterable[str], share: float = _MOST_STEPS) -> bool:
    """Whether the numbers among some texts count on from one to the next, so large a share of them."""
    numbers = [int(text) for text in texts if text.isdecimal()]
    steps = sum(b == a + 1 for a, b in itertools.pairwise(numbers))
    return len(numbers) >= _FEWEST_NUMBERS and steps >= share * (len(numbers) - 1)


def _is_shifted(heads: Sequence[Head], others: Sequence[Head], left: Sequence[Cell], bare: frozenset[int]) -> bool:
    """Whether a figure stands beside the heads where no head cell is at all: heads and figures may not belong together."""
    return any(
        read_figure(c.text).kind == "number"
        and not any(under(h, c) for h in (*heads, *others))
        and not all(k in bare for k in range(c.column, c.column + c.colspan))
        for c in left
    )


def as_many(figures: Sequence[Cell], wanted: int) -> Sequence[Cell]:
    """The figures without empty cells behind the last one that is wanted.

    All of them where empty ones stand in front as well, and leave open which of the others are the ones too many.
    """
    texts = [c.text.strip() for c in figures]
    spare = len(figures) - wanted
    if spare <= 0 or any(texts[wanted:]):
        return figures
    others = (texts[k : k + wanted] for k in range(1, spare + 1) if not any(texts[:k]))
    return figures[:wanted] if all(other == texts[:wanted] for other in others) else figures
