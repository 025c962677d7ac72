"""Which words stand in statutory tables: the labels of every form, made comparable.

Belongs here: look-ups over all forms' labels, used to find pages and to put cut labels together again.
Does not belong here: which row of a form a label is (`parsers.tables.matching`), and any one form's labels (`schemas/forms`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas import forms
from schemas.labels import Label, fold, label, similarity

# Shorter labels (其他, 总计, 规章) are words of any text and say nothing about a page.
_TELLING = 4
# A page with a larger share of characters beyond GB 2312 may be written in traditional ones.
_FOREIGN = 0.02
# Longer words are no label; so many short ones on a page are cells.
_LONGEST, _MANY_SHORT = 48, 12
# Characters of a part of a merged label.
_LONGEST_PART = 6
_BEHIND_NUMERAL = "、"
# How like a line and what it should be are, at the least.
_ONE_MISPRINT = 0.85
_NUMBERING = re.compile(r"^(?:[(]?[一二三四五六七八九十\d]{1,3}[)、.,:]+)+")
_NUMERAL = re.compile(r"[一二三四五六七八九十]")
# Room that programs leave, or PDFium sees, between a figure and Chinese characters.
_AROUND_FIGURE = re.compile(r"(?<=[0-9]) +(?=[\u2e80-\uffef])|(?<=[\u2e80-\uffef]) +(?=[0-9])")
_NOT_WORD = re.compile(r"[^\w%]+|_")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Keys (`schemas.labels.Label.key`) of all forms' labels, and which tables each one stands in."""

    rows: frozenset[str]
    columns: frozenset[str]
    # Rows whose labels stand beside their figures; those of other tables stand in the head.
    beside: frozenset[str]
    # Heads of groups and parts, cells that name nothing, and the groups of columns.
    others: frozenset[str]
    titles: frozenset[str]
    tables: dict[str, frozenset[str]]
    telling: re.Pattern[str]
    # Any one character of a label.
    character: re.Pattern[str]
    # Rows, groups, heads: what stands alone in a cell.
    standing: frozenset[str]
    # For every row label, the group it stands under.
    groups: dict[str, frozenset[str]]
    # Labels of groups of rows, which stand merged beside them or over them.
    group_keys: frozenset[str]
    # For every head of columns, or of a row that stands in the head, the heads that stand over it.
    over: dict[str, frozenset[str]]
    # Every beginning of a label of at least four characters (two, of a label no longer than six).
    beginnings: frozenset[str]
    # Every beginning, and every whole label: of all labels, of columns, of rows beside their figures, of other rows.
    prefixes: frozenset[str]
    column_prefixes: frozenset[str]
    beside_prefixes: frozenset[str]
    in_head_prefixes: frozenset[str]
    # All keys, one a line.
    spelt: str
    # For every table, the characters of each label that stands merged beside its rows.
    merged: dict[str, tuple[Counter[str], ...]]

    def begins(self, key: str) -> bool:
        """Whether a label begins with this, as the first line of a wrapped one does."""
        return key in self.beginnings

    def knows(self, key: str) -> bool:
        """Whether this key is a label that stands in a table (titles are not)."""
        return key in self.rows or key in self.columns or key in self.others

    def is_part(self, text: str, table: str) -> bool:
        """Whether a text may be part of a label merged beside a table's rows: some of its characters, or numbering."""
        own = Counter(_NUMERAL.sub("", _NOT_WORD.sub("", fold(text))))
        return any(own <= whole for whole in self.merged.get(table, ()))

    def is_part_of_any(self, text: str) -> bool:
        """Whether a short text may be part of a merged label of some table: some of it, or what follows its numeral."""
        if text == _BEHIND_NUMERAL:
            return True
        return len(text) <= _LONGEST_PART and bool(plain(text)) and any(self.is_part(text, t) for t in self.merged)

    def holds(self, key: str) -> bool:
        """Whether some label holds this, as a line of a wrapped one does."""
        return key in self.spelt

    def may_be_label(self, text: str) -> bool:
        """Whether a text is a label that stands in a table, begins one, or may be part of a merged one."""
        key = label(text).key
        return self.knows(key) or self.begins(key) or self.is_part_of_any(text)

    def stands_in(self, text: str) -> bool:
        """Whether a page's text has a table's labels standing alone, as in cells, or labels among many short words."""
        words = text.split()
        alone = map(_bare, (w for w in words if len(w) < _LONGEST))
        if not self.standing.isdisjoint(alone):
            return True
        # Traditional characters, and radicals, are what GB 2312 has not. Converting is dear.
        foreign = text.encode("gb2312", "replace").count(b"?") > _FOREIGN * len(text)
        if foreign and any(label(w).key in self.standing for w in words if 1 < len(w) < _LONGEST):
            return True
        # Labels cut into short lines by narrow columns stand among many figures and heads. A figure with words right
        # before or behind it stands in a sentence.
        if sum(len(w) < 4 for w in words) <= _MANY_SHORT:
            return False
        folded = _AROUND_FIGURE.sub("", unicodedata.normalize("NFKC", text))
        short = sum(len(w) < 4 for w in folded.split())
        return short > _MANY_SHORT and len(self.hits(plain(text) if foreign else text)) > 1

    def hits(self, text: str) -> set[str]:
        """The telling labels in a page's text, whatever their punctuation and line breaks."""
        return set(self.telling.findall(_NOT_WORD.sub("", unicodedata.normalize("NFKC", text))))


@lru_cache(maxsize=4_096)
def _bare(word: str) -> str:
    """A word without the numbering and punctuation around it, in usual forms of its characters."""
    return _NOT_WORD.sub("", _NUMBERING.sub("", unicodedata.normalize("NFKC", word)))


def plain(text: str) -> str:
    """A longer text folded as labels are, without punctuation. Not remembered: pages are read once."""
    return _NOT_WORD.sub("", fold.__wrapped__(text))


@cache
def vocabulary() -> Vocabulary:
    """The labels of every form there is."""
    rows: set[str] = set()
    columns: set[str] = set()
    beside: set[str] = set()
    others: set[str] = set()
    titles: set[str] = set()
    tables: dict[str, set[str]] = {}
    groups: dict[str, set[str]] = {}
    over: dict[str, set[str]] = {}
    merged: dict[str, set[str]] = {}

    def note(texts: Iterable[str], into: set[str], table: str) -> None:
        for text in texts:
            key = label(text).key
            if key:
                into.add(key)
                tables.setdefault(key, set()).add(table)

    for form in forms.load_all():
        for code, table in form.tables.items():
            for row in table.rows:
                note((row.label, *row.aliases), rows, code)
                if row.parent and table.rows_in_head:
                    # A table of its own for each row has both in one head: 行政诉讼（复议后起诉）.
                    note((f"{row.parent}（{text}）" for text in (row.label, *row.aliases)), rows, code)
                if row.parent and table.rows_in_head:
                    for text in (row.label, *row.aliases):
                        over.setdefault(label(text).key, set()).add(label(row.parent).key)
                if not table.rows_in_head:
                    beside.update(label(text).key for text in (row.label, *row.aliases))
                note((t for t in (row.group, row.parent) if t), others, code)
                if row.group:
                    for text in (row.label, *row.aliases):
                        groups.setdefault(label(text).key, set()).add(label(row.group).key)
            for column in table.columns:
                note((column.label, *column.aliases), columns, code)
                if column.group:
                    note((column.group,), others, code)
                    for text in (column.label, *column.aliases):
                        over.setdefault(label(text).key, set()).add(label(column.group).key)
            note((*table.parts, *table.stubs), others, code)
            if not table.rows_in_head:
                beside_rows = (*table.parts, *(row.group for row in table.rows if row.group))
                merged.setdefault(code, set()).update(label(text).key for text in beside_rows)
            note((table.title, *table.titles), titles, code)
    words = {k for k in rows | columns | others | titles if len(k) >= _TELLING}
    # The longest first, so that a label is not taken for the shorter one that it begins with.
    pattern = "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))
    return Vocabulary(
        frozenset(rows),
        frozenset(columns),
        frozenset(beside),
        frozenset(others - {""}),
        frozenset(titles),
        {k: frozenset(v) for k, v in tables.items()},
        re.compile(pattern or r"(?!)"),
        re.compile("[" + re.escape("".join(sorted(set("".join(words))))) + "]"),
        frozenset(k for k in rows | columns | others if len(k) > 1),
        {k: frozenset(v) for k, v in groups.items()},
        frozenset(key for keys in merged.values() for key in keys),
        {k: frozenset(v) for k, v in over.items()},
        frozenset(w[:n] for w in rows | columns | others for n in range(2 if len(w) <= 6 else 4, len(w))),
        _prefixes(rows | columns | others),
        _prefixes(columns),
        _prefixes(beside),
        _prefixes(rows - beside),
        "\n".join(sorted(rows | columns | others)),
        {code: tuple(Counter(_NUMERAL.sub("", w)) for w in sorted(ws)) for code, ws in merged.items()},
    )


def _prefixes(words: Iterable[str]) -> frozenset[str]:
    return frozenset(w[:n] for w in words for n in range(1, len(w) + 1))


@lru_cache(maxsize=16_384)
def likeness(key: str) -> float:
    """How near a key is to the nearest row label or group: 1.0 for a label, 0.0 for nothing like one."""
    words = vocabulary()
    if key in words.rows or key in words.others:
        return 1.0
    if len(key) < 2:
        return 0.0
    best = 0.0
    own = set(key)
    for other in (*words.rows, *words.others):
        longest = max(len(key), len(other))
        # A bound that is cheap to have: characters in common.
        if len(own & set(other)) / longest <= best - 0.2 or min(len(key), len(other)) / longest <= best:
            continue
        best = max(best, similarity(key, other))
    return best


@lru_cache(maxsize=4_096)
def is_like_a_beginning(key: str) -> bool:
    """Whether a key is the beginning of a row's label but for a misprint, as of a wrapped label's first line."""
    if len(key) < _LONGEST_PART:
        return False
    rows = [row for row in vocabulary().rows if row[0] == key[0]]
    ends = range(len(key) - 1, len(key) + 2)
    return any(similarity(key, row[:end]) >= _ONE_MISPRINT for row in rows for end in ends if len(row) > end)


def key_of(text: str) -> str:
    return label(text).key


__all__ = ["Label", "Vocabulary", "key_of", "likeness", "plain", "vocabulary"]
