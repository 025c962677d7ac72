"""The words of a form as they stand in running text: labels and heads by key, and keys of printed words.

Belongs here: what may stand in front of digits, for looking it up from the end of a text. Does not belong here: the text
itself (`pieces`) and what is made of it (`lines`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from schemas.forms import Form, load_all
from schemas.labels import fold, label

# Digits that belong to a label (计1条) are set as circled ones: they compare as digits, and are no figures.
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"
PLAIN = str.maketrans(CIRCLED, "0123456789")
_HAN = "一二三四五六七八九十"
_NUMBER_BEFORE = re.compile(rf"(?:\((?P<p>[{_HAN}]{{1,3}}|\d{{1,2}})\)|(?P<h>[{_HAN}]{{1,3}})[、.,]|(?P<d>\d)[、.,)])$")
_NUMERAL_AT_END = re.compile(rf"(?:(?:19|20)\d\d年?|\d|[{_HAN}])$")
# --- what the forms say


@dataclass(frozen=True, slots=True)
class RowName:
    table: str
    code: str
    number: tuple[int, int] | None
    group: str | None
    how: str


@dataclass(frozen=True, slots=True)
class Word:
    """A text that may stand in front of a row's label: a head, a group, a title."""

    table: str
    column: str | None = None
    row: str | None = None


@dataclass(slots=True)
class Names:
    """The labels of one form by key."""

    form: Form
    rows: dict[str, list[RowName]] = field(default_factory=dict)
    words: dict[str, list[Word]] = field(default_factory=dict)
    position: dict[tuple[str, str], int] = field(default_factory=dict)
    row_lengths: list[int] = field(default_factory=list)
    word_lengths: list[int] = field(default_factory=list)
    # The last characters of all row labels and heads: a glance at the words before digits.
    endings: set[str] = field(default_factory=set)

    def strip(self, text: str) -> tuple[str, list[tuple[list[Word], str]]]:
        """Take known words off the end of a text: what is left, and the words from last to first."""
        taken: list[tuple[list[Word], str]] = []
        while text:
            for length in self.word_lengths:
                if length <= len(text) and (found := self.words.get(text[-length:])) is not None:
                    taken.append((found, text[-length:]))
                    text = text[:-length]
                    break
            else:
                m = _NUMERAL_AT_END.search(text)
                if m is None:
                    break
                text = text[: m.start()]
        return text, taken


_NAMES: dict[str, Names] = {}
_COMMON_WORDS = (*"件条项次人个篇份宗笔元", "万元", "亿元", "人次", "计量", "单位", "单位元", "单位万元", "其中")


def names_of(form: Form) -> Names:
    """The labels of a form; kept for as long as the form is."""
    known = _NAMES.get(form.id)
    if known is not None and known.form is form:
        return known
    names = _NAMES[form.id] = Names(form)

    def word(text: str | None, entry: Word) -> None:
        if text and (key := label(text).key):
            entries = names.words.setdefault(key, [])
            if entry not in entries:
                entries.append(entry)

    for code, table in form.tables.items():
        for position, row in enumerate(table.rows):
            names.position[code, row.code] = position
            word(row.group, Word(code))
            word(row.parent, Word(code))
            for how, text in (("official", row.label), *(("alias", a) for a in row.aliases)):
                found = label(text)
                word(text, Word(code, row=row.code))
                named = names.rows.setdefault(found.key, [])
                group = label(row.group).key if row.group else None
                if not table.rows_in_head and all((n.table, n.code) != (code, row.code) for n in named):
                    named.append(RowName(code, row.code, found.number, group, how))
        for column in table.columns:
            word(column.group, Word(code))
            for text in (column.label, *column.aliases):
                word(text, Word(code, column=column.code))
        for text in (*table.parts, *table.stubs, table.title, *table.titles, *_COMMON_WORDS):
            word(text, Word(code))
    names.rows = {key: named for key, named in names.rows.items() if named}
    names.row_lengths = sorted({len(k) for k in names.rows}, reverse=True)
    names.word_lengths = sorted({len(k) for k in names.words}, reverse=True)
    ends = {key[-2:] for key in names.rows}
    for table in form.tables.values():
        if table.rows_in_head:
            ends |= {label(t).key[-2:] for t in (table.columns[-1].label, *table.columns[-1].aliases)}
    names.endings = ends
    return names


@cache
def digits_in_labels() -> tuple[re.Pattern[str], ...]:
    """Digits that belong to the words of a label: 计1条."""
    patterns: set[str] = set()
    for form in load_all():
        for table in form.tables.values():
            for text in (t for row in table.rows for t in (row.label, *row.aliases)):
                key = label(text).key
                for m in re.finditer(r"(?<=[^\W\d_])\d(?=[^\W\d_])", key):
                    patterns.add(rf"(?<={key[m.start() - 1]}){m[0]}(?={key[m.end()]})")
    return tuple(re.compile(p) for p in sorted(patterns))


@dataclass(slots=True)
class Key:
    """Words without punctuation, and where each character of it stands in the folded words."""

    folded: str
    key: str
    at: list[int]


def key_of(words: str) -> Key:
    folded = fold(words)
    at = [i for i, c in enumerate(folded) if c.isalnum() or c == "%"]
    return Key(folded, "".join(folded[i] for i in at), at)


def number_before(folded: str) -> tuple[int, int] | None:
    """The number printed right in front of a label, as ``label`` gives it."""
    m = _NUMBER_BEFORE.search(folded)
    if m is None:
        return None
    if m["p"]:
        return label(f"({m['p']})、x").number
    return label(f"{m['h'] or m['d']}、x").number
