"""The labels of one form by what they say, for looking them up.

Belongs here: every spelling of every row and column of a form, keyed as labels are compared.
Does not belong here: documents (`data_rows`, `matching`) and the labels themselves (`schemas/forms`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from schemas import forms as form_data
from schemas.forms import Column, Form
from schemas.labels import Label, fold, label

from .heads import head_words

_NOTE = re.compile(r"[(（\[【〔](?P<note>[^()（）\[\]【】〔〕]*)[)）\]】〕]?$")


@dataclass(frozen=True, slots=True)
class RowHit:
    table: str
    code: str
    number: tuple[int, int] | None
    group: str | None
    how: str


@dataclass(slots=True)
class FormIndex:
    """One form's labels by key, for every table."""

    form: Form
    rows: dict[str, list[RowHit]] = field(default_factory=dict)
    columns: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    order: dict[tuple[str, str], int] = field(default_factory=dict)
    spellings: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def columns_of(self, table: str, code: str) -> tuple[Column, ...]:
        """The columns that a row has on the form, in form order."""
        t = self.form.tables[table]
        return t.columns_of(t.row[code])

    def row_key(self, text: str) -> str:
        """The key by which a printed label is a row's, if it is one: with its note in brackets, else without it."""
        key = label(text).key
        return key if key in self.rows or key in self.parts else _without_note(text)

    def hits(self, text: str) -> list[RowHit]:
        """The rows that a printed label may name."""
        return self.rows.get(self.row_key(text), [])

    def is_part(self, text: str) -> bool:
        """Whether a printed label heads a group or a table."""
        return label(text).key in self.parts


def head_label(text: str) -> tuple[Label, str | None]:
    """A column head made comparable: without the unit and the year that it names, and that unit."""
    words = head_words(text)
    return Label(words.full, None), words.unit


@lru_cache(maxsize=16_384)
def _without_note(text: str) -> str:
    """The key of a label without the explanation in brackets behind it; the same key where there is none."""
    folded = fold(text)
    m = _NOTE.search(folded)
    if m is None or not m.start() or head_words(m["note"]).kind in ("other", "serial", "remark"):
        return label(text).key
    return label(folded[: m.start()]).key


@cache
def form_index(form_id: str) -> FormIndex:
    form = form_data.load(form_id)
    index = FormIndex(form)
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
            if row.group:
                # （三）不予公开1.属于国家秘密: the group's label and the row's in one cell, with its number or without.
                spellings += [(how, row.group + t) for how, t in spellings]
                spellings += [(how, row.group + label(t).key) for how, t in spellings[: 1 + len(row.aliases)]]
            for how, text in spellings:
                spelt = label(text)
                hits = index.rows.setdefault(spelt.key, [])
                if not any(h.code == row.code and h.table == code for h in hits):
                    hits.append(RowHit(code, row.code, spelt.number, group, how))
                index.spellings[code].append((row.code, spelt.key))
        for text in (*table.parts, *table.stubs, table.title, *table.titles):
            index.parts.setdefault(label(text).key, code)
    return index
