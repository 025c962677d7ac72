"""The labels of the forms by what they say: the one index of them, of one form or of all.

Belongs here: every spelling of every row, column, group and title, keyed as labels are compared, and the look-ups that are
made of them: whole ones, beginnings, parts, what may stand before digits, the likest.
Does not belong here: documents (`parsers.tables`, `parsers.readers`) and the labels themselves (`schemas/forms`).

What is asked of an index is made when it is first asked for, and kept as long as the index.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache

from schemas import forms as form_data
from schemas.forms import Column, Form
from schemas.labels import Label, fold, label, similarity

from .heads import head_words
from .spellings import Role, Spelling, spellings

_NOTE = re.compile(r"[(（\[【〔](?P<note>[^()（）\[\]【】〔〕]*)[)）\]】〕]?$")
_NOTE_BEHIND = re.compile(r"(?<=\S)[（(][^（）()]{1,20}[）)]$")
# The number of an item within a label.
_NUMBER_WITHIN = re.compile(r"(?<=\S)（[一二三四五六七八九十]{1,3}）")
_NUMBERING = re.compile(r"^(?:[(]?[一二三四五六七八九十\d]{1,3}[)、.,:]+)+")
_NUMERAL = re.compile(r"[一二三四五六七八九十]")
_NUMERAL_AT_END = re.compile(r"(?:(?:19|20)\d\d年?|\d|[一二三四五六七八九十])$")
_DIGIT_WITHIN = re.compile(r"(?<=[^\W\d_])\d(?=[^\W\d_])")
# Room that programs leave, or PDFium sees, between a figure and Chinese characters.
_AROUND_FIGURE = re.compile(r"(?<=[0-9]) +(?=[\u2e80-\uffef])|(?<=[\u2e80-\uffef]) +(?=[0-9])")
_NOT_WORD = re.compile(r"[^\w%]+|_")
# Shorter labels (其他, 总计, 规章) are words of any text and say nothing about a page.
_TELLING, _DISTINCT = 4, 3
# A page with a larger share of characters beyond GB 2312 may be written in traditional ones.
_FOREIGN = 0.02
# Longer words are no label; so many short ones on a page are cells.
_LONGEST, _MANY_SHORT, LONGEST_LABEL = 48, 12, 80
# Characters of a part of a merged label.
_LONGEST_PART, _BEHIND_NUMERAL = 6, "、"
# How like a line and what it should be are, at the least.
_ONE_MISPRINT = 0.85


def _prefixes(words: Iterable[str]) -> frozenset[str]:
    return frozenset(w[:n] for w in words for n in range(1, len(w) + 1))


class FormIndex:
    """One form's labels by key, for every table: which row or column a printed text names."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.spellings = [s for table in form.tables.values() for s in spellings(table)]
        # The rows that a key may name, each once; with what stands above a row in the same cell too.
        self.rows: dict[str, list[Spelling]] = {}
        # For every table its columns' codes and how they are spelt, by the key of the head without unit and year.
        self.columns: dict[str, dict[str, tuple[str, str]]] = {code: {} for code in form.tables}
        # For every table its rows' codes and keys, and the place of every row in its table.
        self.row_keys: dict[str, list[tuple[str, str]]] = {code: [] for code in form.tables}
        self.order = {(c, row.code): i for c, table in form.tables.items() for i, row in enumerate(table.rows)}
        # What heads a group or a table, and the table.
        self.parts: dict[str, str] = {}
        for s in self.spellings:
            if s.role in ("row", "joined", "grouped"):
                hits = self.rows.setdefault(s.key, [])
                if not any(h.code == s.code and h.table == s.table for h in hits):
                    hits.append(s)
                self.row_keys[s.table].append((s.code, s.key))
            elif s.role == "column":
                self.columns[s.table].setdefault(head_label(s.text)[0].key, (s.code, s.how))
            elif s.role in ("part", "stub", "title"):
                self.parts.setdefault(s.key, s.table)

    @cached_property
    def heads(self) -> frozenset[str]:
        """The keys of the columns' heads of all tables."""
        return frozenset().union(*self.columns.values())

    @cached_property
    def distinctive(self) -> dict[str, dict[str, set[str]]]:
        """For every table the longer keys that only it has, and the rows whose labels they are."""
        words: dict[str, dict[str, set[str]]] = {c: {key: set() for key in own} for c, own in self.columns.items()}
        for s in self.spellings:
            if s.role in ("row", "joined", "grouped"):
                words[s.table].setdefault(s.key, set()).add(s.code)
            elif s.role == "over":
                words[s.table].setdefault(s.key, set())
        counts = Counter(key for own in words.values() for key in own)
        return {
            code: {k: rows for k, rows in own.items() if counts[k] == 1 and len(k) >= _DISTINCT}
            for code, own in words.items()
        }

    @lru_cache(maxsize=1_024)  # noqa: B019 - as of `hits`
    def columns_of(self, table: str, code: str) -> tuple[Column, ...]:
        """The columns that a row has on the form, in form order."""
        return self.form.tables[table].columns_of(self.form.tables[table].row[code])

    def row_key(self, text: str) -> str:
        """The key by which a printed label is a row's, if it is one: with its note in brackets, else without it."""
        key = label(text).key
        return key if key in self.rows or key in self.parts else _without_note(text)

    @lru_cache(maxsize=8_192)  # noqa: B019 - an index is there as long as its form
    def hits(self, text: str) -> list[Spelling]:
        """The rows that a printed label may name."""
        if (found := self.rows.get(self.row_key(text))) is not None:
            return found
        group, own = self.apart(text)
        return [h for h in self.rows.get(own.key, ()) if group and h.group == group]

    def apart(self, text: str) -> tuple[str | None, Label]:
        """The key of the group that a label in one cell begins with, and the label behind it: （三）不予公开5.三类内部事务."""
        whole = label(text)
        if (group := next((g for g in self._groups if whole.key.startswith(g) and whole.key != g), None)) is None:
            return None, whole
        own = whole.key[len(group) :]
        key = own.lstrip("0123456789")
        return group, Label(key, (3, int(own[: -len(key)])) if key and key != own else None)

    @cached_property
    def _groups(self) -> list[str]:
        return sorted({s.group for s in self.spellings if s.role == "row" and s.group}, key=len, reverse=True)

    def is_part(self, text: str) -> bool:
        """Whether a printed label heads a group or a table."""
        return label(text).key in self.parts

    # -- what stands before digits in running text

    @cached_property
    def beside(self) -> dict[str, list[Spelling]]:
        """The rows beside their figures that a key may name by their labels alone."""
        own = {k: [h for h in hits if h.role == "row" and not h.in_head] for k, hits in self.rows.items()}
        return {key: hits for key, hits in own.items() if hits}

    @cached_property
    def words(self) -> dict[str, list[Spelling]]:
        """What may stand in front of a row's label: heads, groups, titles, units, other rows."""
        out: dict[str, dict[tuple[str, str, str], Spelling]] = {}
        for s in self.spellings:
            if s.key and s.role not in ("joined", "grouped"):
                named = s.role in ("row", "column")
                out.setdefault(s.key, {}).setdefault((s.table, s.role if named else "", s.code), s)
        return {key: list(found.values()) for key, found in out.items()}

    @cached_property
    def word_lengths(self) -> list[int]:
        return sorted({len(k) for k in self.words}, reverse=True)

    @cached_property
    def endings(self) -> frozenset[str]:
        """The last characters of all that stands right before figures: a glance at the words before digits."""
        last = {(code, t.columns[-1].code) for code, t in self.form.tables.items() if t.rows_in_head}
        heads = (s.key for s in self.spellings if s.role == "column" and (s.table, s.code) in last)
        return frozenset(key[-2:] for key in (*self.beside, *heads))

    @cached_property
    def beside_endings(self) -> frozenset[str]:
        """The same of the labels of rows alone."""
        return frozenset(key[-2:] for key in self.beside)

    @cached_property
    def _last(self) -> frozenset[str]:
        """The last characters of all words that may stand in front of a row's label."""
        return frozenset(key[-1] for key in self.words)

    def taken_off(self, text: str) -> tuple[str, list[tuple[list[Spelling], str]]]:
        """Take known words off the end of a text: what is left, and the words from last to first."""
        taken: list[tuple[list[Spelling], str]] = []
        while text:
            for length in self.word_lengths if text[-1] in self._last else ():
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


class Vocabulary:
    """The labels of all forms by key: what a text can be wherever it stands."""

    def __init__(self, spellings: Sequence[Spelling]) -> None:
        self.spellings = [s for s in spellings if s.key and (s.role != "joined" or s.in_head)]
        # Rows' labels, of rows that stand in a head also with what stands above them; those beside their figures.
        self.rows = self._keys("row", "joined")
        self.beside = frozenset(s.key for s in self.spellings if s.role == "row" and not s.in_head)
        self.columns = self._keys("column")
        # Heads of groups and parts, cells that name nothing, and the groups of columns.
        self.others = self._keys("group", "over", "part", "stub")
        self.titles = self._keys("title")
        # Rows, groups, heads: what stands in a cell.
        self.all = self.rows | self.columns | self.others
        # Which tables each label stands in.
        self.tables = _gathered((s.key, s.table) for s in self.spellings if s.role != "word")
        # For every row label, the groups it stands under; for every head of columns, or of a row that stands in the
        # head, the heads that stand over it.
        self.groups = _gathered((s.key, s.group) for s in self.spellings if s.role == "row")
        self.over = _gathered(
            (s.key, s.above) for s in self.spellings if s.role == "column" or (s.role == "row" and s.in_head)
        )
        # For every table what stands merged beside its rows, or over them.
        self.merged = _gathered(
            (s.table, s.group if s.role == "row" else s.key)
            for s in self.spellings
            if s.role in ("row", "part") and not s.in_head
        )
        self.group_keys = frozenset(key for keys in self.merged.values() for key in keys)

    def _keys(self, *roles: Role) -> frozenset[str]:
        return frozenset(s.key for s in self.spellings if s.role in roles)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Every beginning of a label of at least four characters (two, of a label no longer than six)."""
        return frozenset(w[:n] for w in self.all for n in range(2 if len(w) <= 6 else 4, len(w)))

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """Every beginning of a label, and every whole one."""
        return _prefixes(self.all)

    @cached_property
    def column_prefixes(self) -> frozenset[str]:
        return _prefixes(self.columns)

    @cached_property
    def beside_prefixes(self) -> frozenset[str]:
        return _prefixes(self.beside)

    @cached_property
    def in_head_prefixes(self) -> frozenset[str]:
        return _prefixes(self.rows - self.beside)

    @cached_property
    def _spelt(self) -> str:
        return "\n".join(sorted(self.all))

    @cached_property
    def _characters(self) -> dict[str, list[Counter[str]]]:
        """The characters of each label that stands merged beside rows."""
        return {code: [Counter(_NUMERAL.sub("", w)) for w in words] for code, words in self.merged.items()}

    @cached_property
    def _telling(self) -> re.Pattern[str]:
        # The longest first, so that a label is not taken for the shorter one that it begins with.
        words = sorted((k for k in self.all | self.titles if len(k) >= _TELLING), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, words)))

    @cached_property
    def character(self) -> re.Pattern[str]:
        """Any one character of a label."""
        characters = set("".join(k for k in self.all | self.titles if len(k) >= _TELLING))
        return re.compile("[" + re.escape("".join(sorted(characters))) + "]")

    @cached_property
    def _standing(self) -> frozenset[str]:
        return frozenset(k for k in self.all if len(k) > 1)

    @cached_property
    def _places(self) -> dict[str, frozenset[str]]:
        found = [(s.key, _place(s)) for s in self.spellings if s.role not in ("joined", "word")]
        for s in self.spellings:
            if s.role == "part" and _NUMBER_WITHIN.search(s.text):
                # The number of an item may be lost: 第二十条第.
                texts = (_NUMBER_WITHIN.sub("", s.text), _NUMBER_WITHIN.split(s.text)[0])
                found += [(label(text).key, "row") for text in texts]
        return _gathered(found)

    @cached_property
    def digits_within(self) -> tuple[re.Pattern[str], ...]:
        """Digits that belong to the words of a row's label: 计1条."""
        found = ((s.key, m) for s in self.spellings if s.role == "row" for m in _DIGIT_WITHIN.finditer(s.key))
        patterns = {rf"(?<={key[m.start() - 1]}){m[0]}(?={key[m.end()]})" for key, m in found}
        return tuple(re.compile(p) for p in sorted(patterns))

    def begins(self, key: str) -> bool:
        """Whether a label begins with this, as the first line of a wrapped one does."""
        return key in self.beginnings

    def knows(self, key: str) -> bool:
        """Whether this key is a label that stands in a table (titles are not)."""
        return key in self.all

    def holds(self, key: str) -> bool:
        """Whether some label holds this, as a line of a wrapped one does."""
        return key in self._spelt

    def places_of(self, text: str) -> frozenset[str]:
        """What a text can be as a label; empty when no form knows it. A printed number rules heads out."""
        if len(text) > LONGEST_LABEL:
            return frozenset()
        found = label(text)
        known = self._places.get(found.key, frozenset())
        if not known and (m := _NOTE_BEHIND.search(text)):
            # A unit or a note behind the label.
            known = self._places.get(label(text[: m.start()]).key, frozenset())
        return known - {"column", "head"} if found.number is not None and "row" in known else known

    def is_part(self, text: str, table: str) -> bool:
        """Whether a text may be part of a label merged beside a table's rows: some of its characters, or numbering."""
        own = Counter(_NUMERAL.sub("", _NOT_WORD.sub("", fold(text))))
        return any(own <= whole for whole in self._characters.get(table, ()))

    def is_part_of_any(self, text: str) -> bool:
        """Whether a short text may be part of a merged label of some table: some of it, or what follows its numeral."""
        if text == _BEHIND_NUMERAL:
            return True
        short = len(text) <= _LONGEST_PART and bool(plain(text))
        return short and any(self.is_part(text, table) for table in self.merged)

    def may_be_label(self, text: str) -> bool:
        """Whether a text is a label that stands in a table, begins one, or may be part of a merged one."""
        key = label(text).key
        return self.knows(key) or self.begins(key) or self.is_part_of_any(text)

    def stands_in(self, text: str) -> bool:
        """Whether a page's text has a table's labels standing alone, as in cells, or labels among many short words."""
        words = text.split()
        alone = map(_bare, (w for w in words if len(w) < _LONGEST))
        if not self._standing.isdisjoint(alone):
            return True
        # Traditional characters, and radicals, are what GB 2312 has not. Converting is dear.
        foreign = text.encode("gb2312", "replace").count(b"?") > _FOREIGN * len(text)
        if foreign and any(label(w).key in self._standing for w in words if 1 < len(w) < _LONGEST):
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
        return set(self._telling.findall(_NOT_WORD.sub("", unicodedata.normalize("NFKC", text))))


def _place(spelling: Spelling) -> str:
    """What a text is by where it stands: a row's label, or beside one; a column's head; words over columns; a title."""
    if spelling.role in ("row", "group", "part") and not spelling.in_head:
        return "row"
    return spelling.role if spelling.role in ("column", "title") else "head"


def _gathered(pairs: Iterable[tuple[str, str | None]]) -> dict[str, frozenset[str]]:
    out: dict[str, set[str]] = {}
    for key, value in pairs:
        if value is not None:
            out.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in out.items()}


def head_label(text: str) -> tuple[Label, str | None]:
    """A column head made comparable: without the unit and the year that it names, and that unit."""
    words = head_words(text)
    return Label(words.full, None), words.unit


def key_of(text: str) -> str:
    return label(text).key


@lru_cache(maxsize=4_096)
def places_of(text: str) -> frozenset[str]:
    """What a text can be as a label of any form: ``row``, ``column``, ``head`` (words over columns), ``title``."""
    return vocabulary().places_of(text)


@lru_cache(maxsize=4_096)
def is_label(text: str) -> bool:
    """Whether a text is the label of a row, a column or a group of either."""
    return bool(places_of(text.strip()) - {"title"})


def plain(text: str) -> str:
    """A longer text folded as labels are, without punctuation. Not remembered: pages are read once."""
    return _NOT_WORD.sub("", fold.__wrapped__(text))


@lru_cache(maxsize=16_384)
def _without_note(text: str) -> str:
    """The key of a label without the explanation in brackets behind it; the same key where there is none."""
    folded = fold(text)
    m = _NOTE.search(folded)
    if m is None or not m.start() or head_words(m["note"]).kind in ("other", "serial", "remark"):
        return label(text).key
    return label(folded[: m.start()]).key


@lru_cache(maxsize=4_096)
def _bare(word: str) -> str:
    """A word without the numbering and punctuation around it, in usual forms of its characters."""
    return _NOT_WORD.sub("", _NUMBERING.sub("", unicodedata.normalize("NFKC", word)))


@cache
def form_index(form_id: str) -> FormIndex:
    """The labels of one form."""
    return FormIndex(form_data.load(form_id))


@cache
def vocabulary() -> Vocabulary:
    """The labels of every form there is."""
    tables = (table for form in form_data.load_all() for table in form.tables.values())
    return Vocabulary([s for table in tables for s in spellings(table, grouped=False)])


@lru_cache(maxsize=16_384)
def likeness(key: str) -> float:
    """How near a key is to the nearest row label or group of any form: 1.0 for a label, 0.0 for nothing like one."""
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
