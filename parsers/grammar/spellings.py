"""The texts of a form's table: every spelling of its rows, columns, groups and titles.

Belongs here: one text with what it names and what it stands under. Does not belong here: look-ups that are made of them
(`labels`), documents, and the labels themselves (`schemas/forms`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from schemas.forms import TableForm
from schemas.labels import label

# What a text is on its form: a row's label, with what stands above it, with its group; a column's head; what rows are
# grouped under, what columns are; the name of a part of a table or of its label column; a title; a common word.
Role = Literal["row", "joined", "grouped", "column", "group", "over", "part", "stub", "title", "word"]

# Words that stand among labels and are none.
_COMMON_WORDS = (*"件条项次人个篇份宗笔元", "万元", "亿元", "人次", "计量", "单位", "单位元", "单位万元", "其中")


class Spelling(NamedTuple):
    """One text of a form. ``code`` is that of its row or column; ``group`` and ``above`` are keys of what it stands under.

    ``how`` as `schemas.facts.PrintedLabel` has it; ``in_head``: rows of this table stand in its head.
    """

    key: str
    table: str
    role: Role
    code: str = ""
    how: str = "official"
    number: tuple[int, int] | None = None
    group: str | None = None
    above: str | None = None
    in_head: bool = False
    text: str = ""


def _key(text: str | None) -> str | None:
    return label(text).key if text else None


def spellings(table: TableForm, *, grouped: bool = True) -> Iterator[Spelling]:
    """All texts of a table: its rows in their order, its columns, then what names parts and the whole.

    ``grouped``: with the rows' labels behind those of their groups.
    """
    code, in_head = table.code, table.rows_in_head
    for row in table.rows:
        group, above = _key(row.group), _key(row.parent)
        for text in (row.group, row.parent):
            if text:
                yield Spelling(label(text).key, code, "group", in_head=in_head, text=text)
        own: list[tuple[Role, str, str]] = [
            ("row", how, t) for how, t in (("official", row.label), *(("alias", a) for a in row.aliases))
        ]
        plain = list(own)
        if row.parent:
            # 行政诉讼（复议后起诉）: the label with what stands above it, in one cell or caption.
            own += [("joined", how, row.parent + t) for _, how, t in plain]
        if row.group and grouped:
            # （三）不予公开1.属于国家秘密: the group's label and the row's in one cell, with its number or without.
            own += [("grouped", how, row.group + t) for _, how, t in own]
            own += [("grouped", how, row.group + label(t).key) for _, how, t in plain]
        for role, how, text in own:
            spelt = label(text)
            yield Spelling(spelt.key, code, role, row.code, how, spelt.number, group, above, in_head, text)
    for column in table.columns:
        if column.group:
            yield Spelling(label(column.group).key, code, "over", in_head=in_head, text=column.group)
        for how, text in (("official", column.label), *(("alias", a) for a in column.aliases)):
            above = _key(column.group)
            yield Spelling(label(text).key, code, "column", column.code, how, None, None, above, in_head, text)
    others: tuple[tuple[Role, Iterable[str]], ...] = (
        ("part", table.parts),
        ("stub", table.stubs),
        ("title", (table.title, *table.titles)),
        ("word", _COMMON_WORDS),
    )
    for role, texts in others:
        for text in texts:
            yield Spelling(label(text).key, code, role, in_head=in_head, text=text)
