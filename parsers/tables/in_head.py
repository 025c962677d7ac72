"""Lines of figures whose rows stand in the head: every head gives row and column.

Belongs here: which cell of such a table (disputes) stands under which head. Does not belong here: heads of tables whose
rows have labels (`columns`), facts (`settling`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from functools import lru_cache

from parsers.document import Cell
from parsers.grammar.heads import head_words
from parsers.grammar.labels import FormIndex
from schemas.forms import TableForm

from .columns import as_many, place
from .data_rows import DataRow, Head
from .placing import Line, holds

# (row code, column code, cell, how the row was known, unit of the head)
Slot = tuple[str, str, Cell | None, str, str | None]


def unpaired(index: FormIndex, table: TableForm, rows: Sequence[DataRow]) -> frozenset[int]:
    """The rows, by identity, of tables of one group each of which nobody can say whose it is.

    The label before such a table is its own only where labels and tables pair off one to one: labels that stand together
    before the first table, or each behind its table, name the wrong one.
    """
    by_key = _groups(index, table.code)
    subs: list[tuple[list[DataRow], list[str]]] = []
    for row in rows:
        groups = _group_alone(index, table, row, by_key)
        if groups is None:
            continue
        captions = _labels_before(row, by_key, index.columns[table.code]) or list(groups)
        last = subs[-1][0][-1] if subs else None
        if last is not None and not captions and last.table is row.table and last.zone is row.zone:
            subs[-1][0].append(row)
        else:
            subs.append(([row], captions))
    if subs and any(k in by_key for k in subs[-1][0][-1].behind):
        return frozenset(id(row) for own, _ in subs for row in own)
    before = ""
    for i, (_, captions) in enumerate(subs):
        alone = len(set(captions)) == 1 or captions.count(captions[-1] if captions else "") > 1
        if not alone or captions[-1] == before:
            # The labels of the tables behind it may each be the one of the table before.
            return frozenset(id(row) for own, _ in subs[i:] for row in own)
        before = captions[-1]
    return frozenset()


def _labels_before(row: DataRow, by_key: dict[str, str], columns: Container[str]) -> list[str]:
    """The groups whose labels stand before a line, but those of tables before it that hold nothing: a label and heads."""
    own: list[str] = []
    under_heads = False
    for key in row.captions:
        if key in by_key:
            own = [by_key[key]] if under_heads and len(own) == 1 else [*own, by_key[key]]
            under_heads = False
        else:
            under_heads = under_heads or key in columns
    return own


def _group_alone(index: FormIndex, table: TableForm, row: DataRow, by_key: dict[str, str]) -> frozenset[str] | None:
    """Of a line of figures under the heads of one group: the group, if a line in its head names it. None of other lines."""
    heads = [h for h in row.heads if h.key in index.columns[table.code]] if row.in_head else []
    groups = [next((by_key[w.full] for w in reversed(h.path[:-1]) if w.full in by_key), None) for h in heads]
    if len(heads) != len(table.columns) or len(set(groups)) > 1:
        return None
    return frozenset(g for g in groups if g is not None)


@lru_cache(maxsize=64)
def _groups(index: FormIndex, table: str) -> dict[str, str]:
    """The rows of a table by what their labels say."""
    return {key: hit.code for key, hits in index.rows.items() for hit in hits if hit.table == table}


def slots(
    index: FormIndex, table: TableForm, row: DataRow, year: int | None, *, paired: bool = True
) -> list[Slot] | None:
    """The cells of a line of figures, or None if its heads are not this table's or do not tell which cells they are.

    ``paired``: where it is a table of one group, that the label before it is its own (`unpaired`).
    """
    if not paired:
        return None
    if any(_is_of_another_year(c.text, year) for c in row.labels):
        return None
    columns = index.columns[table.code]
    heads = [h for h in row.heads if h.key in columns and _is_of_year(h, year)]
    named = _named(index, table, row, heads)
    if named is None and not row.loose:
        # Heads pushed together to the left: in reading order they may be the form's.
        heads = [h for h in row.zone.reading if h.key in columns]
        found = _by_order(table, heads, columns)
        if found is None:
            return in_form_order(table, row) if heads and all(_is_of_year(h, year) for h in row.heads) else None
        figures = as_many(row.figures, len(heads))
        return _zip(found, heads, figures, "order")
    if named is None:
        return None
    names, how = named
    if _are_too_many(table, row, names):
        return in_form_order(table, row) or [
            (r.code, c.code, None, "order", None) for r in table.rows for c in table.columns
        ]
    if not _come_in_one_order(names):
        # A head of groups over columns that are not its own.
        return [(r.code, c.code, None, "order", None) for r in table.rows for c in table.columns]
    if not row.loose:
        others = [h for h in row.heads if not any(h is k for k in heads)]
        cells = place(row, heads, others)
        if how == "order" and None in cells:
            # With neither the heads nor the figures whole, nothing tells which one is missing.
            cells = [None] * len(heads)
        out = [(g, c, cell, how, h.unit) for (g, c), h, cell in zip(names, heads, cells, strict=True)]
        if any(h.key for h in others):
            # One of the heads that no form knows may be that of a column which is not there.
            every = [(g, c.code) for g in dict.fromkeys(g for g, _ in names) for c in table.columns]
            out += [(g, c, None, how, None) for g, c in every if (g, c) not in names]
        return _settled(table, row, out, year)
    return _zip(names, heads, as_many(row.figures, len(heads)), how)


def in_form_order(table: TableForm, row: DataRow) -> list[Slot] | None:
    """The cells of a line of figures by the form's order alone: it has as many as the form, none blank, none in doubt but
    for its column, and every sum of theirs is right.
    """
    if row.table.method not in ("anchored", "ocr", "ruled"):
        return None
    cells = [(r.code, c.code) for r in table.rows for c in table.columns]
    # Figures under heads that nobody can read are taken for labels, and heads that ran together for columns of their own.
    figures = [c for c in (*row.labels, *row.figures) if c.text.strip() or c.doubt]
    texts = tuple(c.text.strip() for c in figures)
    if len(texts) != len(cells) or not all(texts) or any(c.doubt not in (None, "label") for c in figures):
        return None
    line = Line(table.code, tuple(cells), (texts,), "", row.table.place(figures[0]))
    if holds(texts, line, table) is not True:
        return None
    return [
        (r, c, replace(cell, doubt=None) if cell.doubt else cell, "order", None)
        for (r, c), cell in zip(cells, figures, strict=True)
    ]


def _settled(table: TableForm, row: DataRow, found: list[Slot], year: int | None) -> list[Slot]:
    """The same cells; where a head that cannot be read, or stands beside its figures, leaves some of them open, those of the
    form's order, if the sums bear it out and no head says otherwise.
    """
    if all(cell is not None and not cell.doubt for *_, cell, _, _ in found):
        return found
    places = {(r.code, c.code): (i, k) for i, r in enumerate(table.rows) for k, c in enumerate(table.columns)}
    named = [places[g, c] for g, c, cell, _, _ in found if cell is not None]
    if named != sorted(named) or not all(_is_of_year(h, year) for h in row.heads):
        return found
    ordered = in_form_order(table, row)
    said = {(g, c): cell for g, c, cell, _, _ in found if cell is not None and not cell.doubt}
    if ordered is None or any(said.get((g, c), cell) is not cell for g, c, cell, _, _ in ordered):
        return found
    return ordered


def _are_too_many(table: TableForm, row: DataRow, names: Sequence[tuple[str, str]]) -> bool:
    """Whether more columns stand under the head of a group than it has, where no rule says how far that head reaches."""
    if row.table.method not in ("anchored", "ocr") or row.loose:
        return False
    over: dict[str, int] = {}
    for head in row.heads:
        for words in head.path[:-1][-1:]:
            over[words.full] = over.get(words.full, 0) + 1
    return len({group for group, _ in names}) > 1 and any(n > len(table.columns) for n in over.values())


def _named(
    index: FormIndex, table: TableForm, row: DataRow, heads: Sequence[Head]
) -> tuple[list[tuple[str, str]], str] | None:
    """Row and column for every head, and how the rows were known."""
    columns = index.columns[table.code]
    width = len(table.columns)
    if not heads:
        return None
    sequence = [columns[h.key][0] for h in heads]
    by_key = _groups(index, table.code)
    groups = [next((by_key[w.full] for w in reversed(h.path[:-1]) if w.full in by_key), None) for h in heads]
    if len(heads) == width and not any(groups):
        # A sub-table of one group: the caption before it says which.
        caption = next((by_key[k] for k in reversed(row.captions) if k in by_key), None)
        groups = [caption] * width
    names = [(g, c) for g, c in zip(groups, sequence, strict=True) if g is not None]
    if len(set(names)) == len(heads):
        return names, "official"
    found = _by_order(table, heads, columns)
    if found is None or any(g not in (None, o) for g, (o, _) in zip(groups, found, strict=True)):
        return None
    return found, "order"


def _come_in_one_order(names: Sequence[tuple[str, str]]) -> bool:
    """Whether the columns under every group come in the same order, some of them missing or not, and not each only once."""
    by_group: dict[str, list[str]] = {}
    for group, column in names:
        by_group.setdefault(group, []).append(column)
    if len(by_group) > 1 and len({column for _, column in names}) == len(names) > len(by_group):
        # One group's heads, under a line of all groups.
        return False
    longest = max(by_group.values(), key=len)
    return all([c for c in own if c in longest] == [c for c in longest if c in own] for own in by_group.values())


def _by_order(
    table: TableForm, heads: Sequence[Head], columns: dict[str, tuple[str, str]]
) -> list[tuple[str, str]] | None:
    """Group heads lost or cut: the form's order, if the columns repeat as on the form."""
    codes = [c.code for c in table.columns]
    if [columns[h.key][0] for h in heads] != codes * len(table.rows):
        return None
    return [(r.code, c) for r in table.rows for c in codes]


def _zip(names: Sequence[tuple[str, str]], heads: Sequence[Head], figures: Sequence[Cell], how: str) -> list[Slot]:
    if len(figures) != len(heads):
        # Nothing tells which figure is missing.
        return [(g, c, None, how, h.unit) for (g, c), h in zip(names, heads, strict=True)]
    return [(g, c, cell, how, h.unit) for (g, c), h, cell in zip(names, heads, figures, strict=True)]


def _is_of_year(head: Head, year: int | None) -> bool:
    return all(w.kind != "other" and w.period != "other" for w in head.path) and (
        year is None or all(w.year in (None, year) for w in head.path)
    )


def _is_of_another_year(text: str, year: int | None) -> bool:
    words = head_words(text)
    return words.kind == "other" or words.period == "other" or (None not in (year, words.year) and words.year != year)
