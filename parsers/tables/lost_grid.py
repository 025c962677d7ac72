"""Tables that lost their cell borders: labels and strings of digits in running text.

Belongs here: finding the rows of a form in text by their labels, taking numbering and units off the digits, and
deciding what can be decided of them. Does not belong here: the arithmetic of splitting (`splitting`), grids
(`matching`), sentences (`statements`).

What is taken for granted when digits are split, and nothing more:
- no cell of a line is empty, and no number begins with a zero;
- a line whose form says so adds up to its own total: a line that cannot is left unresolved;
- sums over columns may be wrong in print: they are heard only as `splitting.settle` says;
- spaces are borders only in a table whose lines have as many groups of digits as columns; elsewhere they may stand
  anywhere, even within a number.
A cell is a fact only if every way that remains agrees on it; an identity that ruled a way out is `spent`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from parsers.grammar.figures import Reading
from parsers.grammar.figures import read as read_figure
from schemas.characters import REPLACEMENT, lost_as_one
from schemas.facts import Fact, Method, Passage, Place, PrintedLabel, TableLayout, Unresolved, Value
from schemas.forms import Column, Form, Identity, Row, TableForm, load_all
from schemas.labels import fold, label

from .splitting import Balance, Sum, Vector, Way, settle, ways

MOST_READINGS = 50
# A table in running text is believed from this many lines on.
_FEWEST_LINES = 2
# Spaces are believed from this many lines on.
_FEWEST_SPACED = 3
# How much text in front of digits is looked at: the longest head is that of `disputes`.
_LONGEST_WORDS = 700
# Strings of digits in one report that are looked at; real ones have a few hundred.
_MOST_PIECES = 20_000
# Text that no form knows may stand between two rows: a page's running head.
_LONGEST_NOISE = 40
_LONGEST_LABEL = 60

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x3001: 0x3001}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Digits of other scripts are none of ours, and what they stand beside is no figure of a form.
_NO_DIGIT = re.compile(r"(?![0-9０-９])\d")
_DIGITS = re.compile(r"[0-9]+(?:(?:\s*\.\s*|\s*,\s*(?=[0-9]{3}(?![0-9]))|\s+)[0-9]+)*")
_LOST_BEFORE = re.compile(rf"[{REPLACEMENT}A-Za-z]\s*$")
_LOST_BEHIND = re.compile(rf"\s*{REPLACEMENT}|[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]")
# Units, numbers of headings, and how a paragraph or a note begins.
_BEGINNING = re.compile(
    r"亿元|万元|元|人次|[件条项次人个篇份宗笔起例]|净?增|净?减|[一二三四五六七八九十]{1,3}[、.,]|[注备说其]"
)
_ENUMERATOR = re.compile(r"\s*[.、,)]")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_UNIT_AND_SIGN = re.compile(
    r"\s*(?P<unit>亿元|万元|元|人次|[件条项次人个篇份宗笔起例])?\s*(?P<sign>净?增加|净?减少|增|减|[+\-−↑↓])?\s*"
)
_MONEY = re.compile(r"\s*(亿元|万元|元)")
_HEAD_UNIT = re.compile(r"单位[:：]?(亿元|万元|元)")
_SENTENCE = re.compile(r"[。;!?]")
# What stands for an empty cell, and a note in brackets: then the digits next to it are not the whole line.
_MARK = re.compile(r"\s*(?:[/\\—–\-−○◯×*]|\((?![一二三四五六七八九十]{1,3}\)|\d{1,2}\)))")
_CLOSING = re.compile(r"[\s)\]》”’\"':;,。.、]*")
_HAN = "一二三四五六七八九十"
_NUMBER_BEFORE = re.compile(rf"(?:\((?P<p>[{_HAN}]{{1,3}}|\d{{1,2}})\)|(?P<h>[{_HAN}]{{1,3}})[、.,]|(?P<d>\d)[、.,)])$")
_NUMERAL_AT_END = re.compile(rf"(?:(?:19|20)\d\d年?|\d|[{_HAN}])$")
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"
_PLAIN = str.maketrans(_CIRCLED, "0123456789")


# --- what the forms say


@dataclass(frozen=True, slots=True)
class _RowName:
    table: str
    code: str
    number: tuple[int, int] | None
    group: str | None
    how: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A text that may stand in front of a row's label: a head, a group, a title."""

    table: str
    column: str | None = None
    row: str | None = None


@dataclass(slots=True)
class _Names:
    """The labels of one form by key."""

    form: Form
    rows: dict[str, list[_RowName]] = field(default_factory=dict)
    words: dict[str, list[_Word]] = field(default_factory=dict)
    position: dict[tuple[str, str], int] = field(default_factory=dict)
    row_lengths: list[int] = field(default_factory=list)
    word_lengths: list[int] = field(default_factory=list)
    # The last characters of all row labels and heads: a glance at the words before digits.
    endings: set[str] = field(default_factory=set)


_NAMES: dict[str, _Names] = {}
_COMMON_WORDS = (*"件条项次人个篇份宗笔元", "万元", "亿元", "人次", "计量", "单位", "单位元", "单位万元", "其中")


def _names(form: Form) -> _Names:
    """The labels of a form; kept for as long as the form is."""
    known = _NAMES.get(form.id)
    if known is not None and known.form is form:
        return known
    names = _NAMES[form.id] = _Names(form)

    def word(text: str | None, entry: _Word) -> None:
        if text and (key := label(text).key):
            entries = names.words.setdefault(key, [])
            if entry not in entries:
                entries.append(entry)

    for code, table in form.tables.items():
        for position, row in enumerate(table.rows):
            names.position[code, row.code] = position
            word(row.group, _Word(code))
            word(row.parent, _Word(code))
            for how, text in (("official", row.label), *(("alias", a) for a in row.aliases)):
                found = label(text)
                word(text, _Word(code, row=row.code))
                named = names.rows.setdefault(found.key, [])
                group = label(row.group).key if row.group else None
                if not table.rows_in_head and all((n.table, n.code) != (code, row.code) for n in named):
                    named.append(_RowName(code, row.code, found.number, group, how))
        for column in table.columns:
            word(column.group, _Word(code))
            for text in (column.label, *column.aliases):
                word(text, _Word(code, column=column.code))
        for text in (*table.parts, *table.stubs, table.title, *table.titles, *_COMMON_WORDS):
            word(text, _Word(code))
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
def _digits_in_labels() -> tuple[re.Pattern[str], ...]:
    """Digits that belong to the words of a label: 计1条."""
    patterns: set[str] = set()
    for form in load_all():
        for table in form.tables.values():
            for text in (t for row in table.rows for t in (row.label, *row.aliases)):
                key = label(text).key
                for m in re.finditer(r"(?<=[^\W\d_])\d(?=[^\W\d_])", key):
                    patterns.add(rf"(?<={key[m.start() - 1]}){m[0]}(?={key[m.end()]})")
    return tuple(re.compile(p) for p in sorted(patterns))


# --- text and its pieces


@dataclass(slots=True)
class _Text:
    """Passages as one string, half width and simplified; ``place`` tells the passage of an offset in it."""

    text: str
    starts: list[int]
    passages: Sequence[Passage]

    def place(self, offset: int) -> Place:
        return self.passages[max(bisect_right(self.starts, offset) - 1, 0)].place


def _text(passages: Sequence[Passage]) -> _Text:
    parts = [_NO_DIGIT.sub(REPLACEMENT, lost_as_one(_INVISIBLE.sub("", p.text))) for p in passages]
    starts: list[int] = []
    at = 0
    for part in parts:
        starts.append(at)
        at += len(part) + 1
    text = _simplified("\n".join(parts).translate(_HALF_WIDTH))
    for pattern in _digits_in_labels():
        # Circled ones compare as digits in labels, and are no figures.
        text = pattern.sub(lambda m: _CIRCLED[int(m[0])], text)
    return _Text(text, starts, passages)


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _simplified(text: str) -> str:
    converted: str = _converter().convert(text)
    return converted if len(converted) == len(text) else text


@dataclass(slots=True)
class _Piece:
    """Words and the digits after them, less what of these belongs to the words that follow."""

    words: str
    digits: str
    start: int
    # The last digit may be the number of the next label: an enumerator follows.
    enumerated: bool
    # Digits that the words begin with: a number or a year taken from the piece before.
    borrowed: str
    # What is printed behind the digits, and whether that is only punctuation, with digits behind it again.
    after: str
    broken: bool
    # The last characters of the words, for a glance.
    ending: frozenset[str] = frozenset()
    # Something stood beside the digits that could not be decoded; it may have been a digit.
    lost: bool = False


def _pieces(text: str) -> list[_Piece]:
    """Cut text at its digits. ``digits`` is empty where they all are a year or a number in brackets."""
    found = list(islice(_DIGITS.finditer(text), _MOST_PIECES))
    pieces: list[_Piece] = []
    borrowed, end = "", 0
    for i, m in enumerate(found):
        after = text[m.end() : found[i + 1].start() if i + 1 < len(found) else len(text)][:_LONGEST_WORDS]
        words = borrowed + text[max(end, m.start() - _LONGEST_WORDS) : m.start()]
        broken = i + 1 < len(found) and not any(c.isalnum() for c in after)
        lost = _LOST_BEFORE.search(words) is not None or _LOST_BEHIND.match(after) is not None
        piece = _Piece(words, m[0], m.start(), False, borrowed, after, broken, _ending(words), lost)
        borrowed, end = "", m.end()
        ahead = after.lstrip()
        if ahead.startswith("年"):
            year = _YEAR.search(m[0]) or re.search(r"(?:^|(?<=\s))\d{1,4}$", m[0])
            borrowed = year[0] if year else m[0]
            piece.digits = m[0][: year.start()].rstrip() if year else ""
        elif words.rstrip().endswith("(") and ahead.startswith(")"):
            borrowed, piece.digits = m[0], ""
        elif _ENUMERATOR.match(after):
            borrowed, piece.enumerated = m[0][-1], True
        pieces.append(piece)
    return pieces


# --- which row stands in front of digits


@dataclass(slots=True)
class _Hit:
    """The row, or for heads that name rows the cells, that words end with."""

    table: str
    cells: tuple[tuple[str, str], ...]
    labels: list[PrintedLabel]
    # Heads and group labels in front of it, and how much of the words no form knows.
    heads: list[tuple[str, str]]
    unknown: str
    # The number that the form gives this row among its parts, and whether the words begin with the bare label.
    number: int | None = None
    bare: bool = False
    unit: str | None = None
    # A mark or a note stands between the label and the digits.
    doubt: bool = False
    # Keys of the words in front of it and of the label itself, in the order printed.
    groups: list[str] = field(default_factory=list)


@dataclass(slots=True)
class JoinedRow:
    """A line of digits under one row label, or under a head that names several rows.

    ``cells`` are (row, column) codes in the order printed. ``readings`` are the digit strings it may be, each a tuple
    of stretches between certain borders, spaces kept; several where an item number may have run into the digits.
    ``units`` and ``signs`` belong to the stretches. ``doubt`` is a reason not to read it at all.
    """

    table: str
    cells: tuple[tuple[str, str], ...]
    readings: tuple[tuple[str, ...], ...]
    printed: str
    place: Place
    units: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    head_unit: str | None = None
    labels: list[PrintedLabel] = field(default_factory=list)
    heads: list[PrintedLabel] = field(default_factory=list)
    doubt: str | None = None


@dataclass(slots=True)
class _Key:
    """Words without punctuation, and where each character of it stands in the folded words."""

    folded: str
    key: str
    at: list[int]


def _key(words: str) -> _Key:
    folded = fold(words)
    at = [i for i, c in enumerate(folded) if c.isalnum() or c == "%"]
    return _Key(folded, "".join(folded[i] for i in at), at)


class _Finder:
    """Walks the pieces of a text and collects the lines of one form's tables."""

    def __init__(self, names: _Names, text: _Text) -> None:
        self.names = names
        self.form = names.form
        self.text = text
        self.lines: list[_Line] = []
        self.extra: list[tuple[str, PrintedLabel]] = []
        self.active: str | None = None
        self.last: dict[str, int] = {}
        self.recent: list[str] = []
        self.carried: list[tuple[str, str]] = []
        self.head_unit: str | None = None

    def find(self, pieces: Sequence[_Piece]) -> None:
        open_line: _Line | None = None
        for piece in pieces:
            if open_line is not None and open_line.takes(piece):
                continue
            hit = self._hit(piece)
            if open_line is not None:
                open_line.lost = open_line.lost or self._runs_into_nothing(open_line.last_piece.after)
                open_line.close(hit)
                open_line = None
            if hit is None or not self._believed(hit):
                self._no_row(piece)
                continue
            self._remember(hit)
            if not piece.digits or (len(piece.digits) == 1 and piece.enumerated and len(hit.cells) > 1):
                # （六）其他处理 1.申请人…: the label heads a group here.
                self.carried = hit.heads
                continue
            self.carried = []
            open_line = _Line(hit, piece, self.text.place(piece.start), self.head_unit)
            self.lines.append(open_line)
        if open_line is not None:
            open_line.lost = open_line.lost or self._runs_into_nothing(open_line.last_piece.after)
            open_line.close(None)

    def _runs_into_nothing(self, after: str) -> bool:
        """Whether what follows digits without a space is neither a word of the form nor the beginning of anything.

        A byte that is no digit any more swallows the one behind it, and a character comes out that nobody wrote.
        """
        if not after or not _WORD.match(after) or _BEGINNING.match(after):
            return False
        key = _key(after[:_LONGEST_LABEL]).key
        known = (self.names.word_lengths, self.names.words), (self.names.row_lengths, self.names.rows)
        return not any(key[:length] in keys for lengths, keys in known for length in lengths)

    # -- labels

    def _hit(self, piece: _Piece) -> _Hit | None:
        if self.names.endings.isdisjoint(piece.ending):
            return None
        key = _key(piece.words)
        if m := _HEAD_UNIT.search(key.folded):
            self.head_unit = m[1]
        return self._row_in_head(key, piece) or self._row(key, piece)

    def _row(self, key: _Key, piece: _Piece) -> _Hit | None:
        """The longest row label that the words end with; one with nothing unknown in front of it is preferred."""
        best: _Hit | None = None
        for text, unit in self._without_unit(key.key):
            for length in self.names.row_lengths:
                if length > len(text) or text[-length:] not in self.names.rows:
                    continue
                hit = self._named(key, text, length, unit, piece)
                if hit is not None and (best is None or (best.unknown and not hit.unknown)):
                    best = hit
        return best

    def _without_unit(self, text: str) -> Iterable[tuple[str, str | None]]:
        yield text, None
        if any(t.unit_column for t in self.form.tables.values()):
            for unit in ("万元", "亿元", "元", "人次", *"件条项次人个篇份宗笔"):
                if text.endswith(unit):
                    yield text[: -len(unit)], unit

    def _named(self, key: _Key, text: str, length: int, unit: str | None, piece: _Piece) -> _Hit | None:
        start = len(text) - length
        number = _number_before(key.folded[: key.at[start]])
        rest, words = self._strip(text[:start])
        name = self._choose(self.names.rows[text[start:]], number, [k for _, k in reversed(words)])
        if name is None:
            return None
        table = self.form.tables[name.table]
        if unit and not table.unit_column:
            return None
        heads = [(w.table, w.column) for ws, _ in words for w in ws if w.column]
        if length <= 2 and number != name.number and text != text[start:]:
            # 其他 and 总计 are heads as well as rows.
            return None
        row = table.row[name.code]
        level, n = label(row.label).number or (0, 0)
        after_label = key.folded[key.at[len(text) - 1] + 1 : key.at[len(text)] if unit else None]
        return _Hit(
            name.table,
            tuple((name.code, c.code) for c in table.columns_of(row)),
            [PrintedLabel(name.code, _printed(piece.words, start, len(text), key), name.how, Place())],
            heads,
            rest,
            n if level == 3 else None,
            bare=start == 0 and number is None,
            unit=unit,
            doubt=_CLOSING.fullmatch(after_label) is None,
            groups=[*(k for _, k in reversed(words)), text[start:]],
        )

    def _choose(self, named: list[_RowName], number: tuple[int, int] | None, before: list[str]) -> _RowName | None:
        """One of several rows with the same words: by its number, by the group met last, by what comes next."""
        if len(named) > 1 and number is not None:
            named = [n for n in named if n.number == number] or named
        if len(named) > 1 and any(n.table == self.active for n in named):
            named = [n for n in named if n.table == self.active]
        if len(named) > 1:
            met = {group: i for i, group in enumerate([*self.recent[-200:], *before])}
            grouped = sorted((n for n in named if n.group in met), key=lambda n: -met[n.group or ""])
            named = grouped or named
        if len(named) > 1 and not any(n.group for n in named):
            following = [n for n in named if self.names.position[n.table, n.code] > self.last.get(n.table, -1)]
            named = following[:1]
        return named[0] if named else None

    def _strip(self, text: str) -> tuple[str, list[tuple[list[_Word], str]]]:
        """Take known words off the end of a text: what is left, and the words from last to first."""
        taken: list[tuple[list[_Word], str]] = []
        while text:
            for length in self.names.word_lengths:
                if length <= len(text) and (found := self.names.words.get(text[-length:])) is not None:
                    taken.append((found, text[-length:]))
                    text = text[:-length]
                    break
            else:
                m = _NUMERAL_AT_END.search(text)
                if m is None:
                    break
                text = text[: m.start()]
        return text, taken

    def _row_in_head(self, key: _Key, piece: _Piece) -> _Hit | None:
        """A head whose columns repeat for each row of the table (disputes), or once under one row's name."""
        for code, table in self.form.tables.items():
            if not table.rows_in_head or not any(
                key.key.endswith(label(t).key) for t in (table.columns[-1].label, *table.columns[-1].aliases)
            ):
                continue
            rest, taken = self._strip(key.key)
            codes = [c.code for c in table.columns]
            columns: list[str] = []
            row: str | None = None
            for found, _ in taken:
                mine = [w for w in found if w.table == code]
                if not mine:
                    break
                column = next((w.column for w in mine if w.column), None)
                if column:
                    columns.insert(0, column)
                elif row is None and len(columns) == len(codes):
                    row = next((w.row for w in mine if w.row), None)
            heads = [(code, c) for c in columns]
            if columns == codes * len(table.rows):
                cells = tuple((r.code, c) for r in table.rows for c in codes)
            elif columns[-len(codes) :] == codes and row is not None:
                cells = tuple((row, c) for c in codes)
            else:
                continue
            names = dict.fromkeys(r for r, _ in cells)
            labels = [PrintedLabel(r, table.row[r].label, "official", Place()) for r in names]
            after_label = key.folded[key.at[-1] + 1 :]
            return _Hit(code, cells, labels, heads, rest, doubt=_CLOSING.fullmatch(after_label) is None)
        return None

    # -- belief

    def _believed(self, hit: _Hit) -> bool:
        """A table begins under its heads; its other rows follow with nothing between them that no form knows."""
        heads = {c for t, c in (*hit.heads, *self.carried) if t == hit.table}
        columns = {c for _, c in hit.cells}
        if len(heads & columns) >= (len(columns) + 1) // 2:
            return True
        if self.active != hit.table:
            return False
        if not hit.unknown:
            return True
        position = self.names.position[hit.table, hit.cells[0][0]]
        return _is_noise(hit.unknown) and position > self.last.get(hit.table, -1)

    def _remember(self, hit: _Hit) -> None:
        self.active = hit.table
        self.last[hit.table] = self.names.position[hit.table, hit.cells[-1][0]]
        self.recent.extend(hit.groups)

    def _no_row(self, piece: _Piece) -> None:
        """Words that are no row: a group's head, an unknown row of the table, or the end of it."""
        only_number = not piece.digits or (len(piece.digits) == 1 and piece.enumerated)
        if self.active is None and not only_number:
            self.carried = []
            return
        key = _key(piece.words)
        rest, words = self._strip(key.key)
        self.recent.extend(text for _, text in reversed(words))
        self.carried = [(w.table, w.column) for ws, _ in words for w in ws if w.column] if only_number else []
        if not rest or self.active is None:
            return
        if len(piece.words) <= _LONGEST_LABEL and not _SENTENCE.search(key.folded):
            if piece.digits:
                self.extra.append((self.active, PrintedLabel("", piece.words.strip(), "unknown", Place())))
            return
        self.active = None


def _ending(words: str) -> frozenset[str]:
    """The last two characters of words, as they are and without a unit behind them."""
    tail = "".join(c for c in words[-24:].translate(_PLAIN) if c.isalnum())
    return frozenset((tail[-2:], tail[-3:-1], tail[-4:-2]))


def _number_before(folded: str) -> tuple[int, int] | None:
    """The number printed right in front of a label, as ``label`` gives it."""
    m = _NUMBER_BEFORE.search(folded)
    if m is None:
        return None
    if m["p"]:
        return label(f"({m['p']})、x").number
    return label(f"{m['h'] or m['d']}、x").number


def _printed(words: str, start: int, end: int, key: _Key) -> str:
    """The label as it stands in the words: characters ``start`` to ``end`` of its key, counted from the end of it."""
    positions = [i for i, c in enumerate(words) if c in _CIRCLED or c.isalnum() or c == "%"]
    behind = len(key.key)
    if behind - start > len(positions):
        return key.key[start:end]
    first, last = positions[start - behind], positions[end - 1 - behind]
    return words[first : last + 1].translate(_PLAIN)


def _is_noise(text: str) -> bool:
    return len(text) <= _LONGEST_NOISE and not _SENTENCE.search(text)


# --- the lines found


class _Line:
    """A line while it is read: digits under a label, until other words follow."""

    def __init__(self, hit: _Hit, piece: _Piece, place: Place, head_unit: str | None) -> None:
        self.hit = hit
        self.place = place
        self.head_unit = hit.unit or head_unit
        self.digits = [piece.digits]
        self.units = [""]
        self.signs = [""]
        self.last_piece = piece
        self.doubt = hit.doubt
        self.lost = piece.lost
        # What the last stretch may be: as printed, or without the number of the next label.
        self.ends: tuple[str, ...] = (piece.digits,)
        # Whether the next label ought to have a number, and none is to be seen (False), or it may be glued on (True).
        self.glued: bool | None = None

    def takes(self, piece: _Piece) -> bool:
        """Whether the next words are only the unit of a figure or the sign of the next one: 997项0388973件."""
        m = _UNIT_AND_SIGN.fullmatch(piece.words)
        if m is None or not (m["unit"] or m["sign"]) or piece.borrowed or not piece.digits:
            return False
        self.units[-1] = m["unit"] or ""
        self.digits.append(piece.digits)
        self.units.append("")
        self.signs.append(m["sign"] or "")
        self.lost = self.lost or piece.lost
        self.last_piece = piece
        return True

    def close(self, following: _Hit | None) -> None:
        """Other words follow: decide what of the digits is theirs."""
        piece = self.last_piece
        digits = self.digits[-1]
        clean = following is not None and not following.unknown
        if piece.broken or (_MARK.match(piece.after) and not clean):
            self.doubt = True
        if m := _MONEY.match(piece.after):
            self.units[-1] = m[1]
        self.ends = (digits,)
        if piece.enumerated:
            without = digits[:-1].rstrip()
            certain = following is not None and following.number == int(digits[-1])
            self.ends = tuple(d for d in ((without,) if certain else (digits, without)) if d)
        elif following is not None and following.bare and following.number:
            self.glued = digits.endswith(str(following.number))

    def row(self, *, numbered: bool) -> JoinedRow:
        """The line as found. ``numbered``: labels of this table may have lost the mark behind their number."""
        ends, doubt = self.ends, self.doubt
        if numbered and self.glued:
            last = self.digits[-1]
            if len(last) > 1:
                ends = tuple(d for d in (last, last[:-1].rstrip()) if d)
            elif len(self.hit.cells) > 1 and len(self.digits) == 1:
                ends = ()  # （六）其他处理1申请人…: a group's head and no figure
            else:
                doubt = True
        printed = "".join(f"{s}{d}{u}" for s, d, u in zip(self.signs, self.digits, self.units, strict=True))
        return JoinedRow(
            table=self.hit.table,
            cells=self.hit.cells,
            readings=tuple((*self.digits[:-1], end) for end in ends),
            printed=printed if len(ends) > 1 else printed.replace(self.digits[-1], (*ends, "")[0]),
            place=self.place,
            units=tuple(self.units),
            signs=tuple(self.signs),
            head_unit=self.head_unit,
            labels=[PrintedLabel(p.code, p.printed, p.how, self.place) for p in self.hit.labels],
            heads=[PrintedLabel(c, "", "official", self.place) for t, c in self.hit.heads if t == self.hit.table],
            doubt="characters" if self.lost else "joined" if doubt else None,
        )


def find_rows(passages: Sequence[Passage], form: Form) -> list[JoinedRow]:
    """The lines of a form's tables in running text, in the order printed; empty where there is no such table."""
    return _find(_text(passages), form)[0]


def _find(text: _Text, form: Form, pieces: Sequence[_Piece] | None = None) -> tuple[list[JoinedRow], _Finder]:
    finder = _Finder(_names(form), text)
    finder.find(_pieces(text.text) if pieces is None else pieces)
    unnumbered = {line.hit.table for line in finder.lines if line.glued is False}
    rows = [line.row(numbered=line.hit.table not in unnumbered) for line in finder.lines]
    return [r for r in rows if r.readings], finder


# --- what can be decided


@dataclass(slots=True)
class _Reading:
    """The ways that remain of one line; None where they cannot be listed."""

    row: JoinedRow
    ways: list[tuple[Way, tuple[int, ...]]] | None
    method: Method
    reason: str = "joined"


@dataclass(slots=True)
class Solution:
    """What is decided of a form's lines."""

    facts: list[Fact] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    spent: set[tuple[str, str]] = field(default_factory=set)


def solve(rows: Sequence[JoinedRow], form: Form, variant: str | None = None) -> Solution:
    """Decide the cells of the lines found, as far as every way to read them agrees."""
    solution = Solution()
    spaced = _spaces_are_borders(rows, form)
    for code, table in form.tables.items():
        own = [r for r in rows if r.table == code]
        if own:
            _solve_table(solution, form, table, own, variant, spaced=spaced)
    order = {address: i for i, address in enumerate(a for v in (None, variant) for a in form.addresses(v))}
    solution.facts.sort(key=lambda f: order.get(f.address, len(order)))
    solution.unresolved.sort(key=lambda u: order.get(u.address, len(order)))
    return solution


def _solve_table(
    solution: Solution, form: Form, table: TableForm, rows: Sequence[JoinedRow], variant: str | None, *, spaced: bool
) -> None:
    rows, repeated = _without_copies(rows)
    readings = [_read_line(r, table, spaced, solution.spent) for r in rows]
    if not spaced:
        _hear_columns(readings, form, table, variant, solution.spent)
    for reading in readings:
        _decide(solution, reading, table, repeated)


def _without_copies(rows: Sequence[JoinedRow]) -> tuple[list[JoinedRow], set[tuple[str, str]]]:
    """One line for each row; and the cells that are printed twice with other digits."""
    first: dict[tuple[tuple[str, str], ...], JoinedRow] = {}
    owner: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    repeated: set[tuple[str, str]] = set()
    for row in rows:
        seen = first.get(row.cells)
        if seen is not None:
            if "".join(seen.printed.split()) != "".join(row.printed.split()):
                repeated.update(row.cells)
            continue
        repeated.update(c for c in row.cells if owner.setdefault(c, row.cells) != row.cells)
        first[row.cells] = row
    return list(first.values()), repeated


def _columns(row: JoinedRow, table: TableForm) -> list[str]:
    """What the cells of a line hold: count, signed or amount."""
    return [table.value_of(table.row[r], table.column[c]) for r, c in row.cells]


def _spaces_are_borders(rows: Sequence[JoinedRow], form: Form) -> bool:
    """Whether groups of digits are cells in this text.

    They are if nearly all lines have as many groups as columns, and none has more or has groups that no cell can be.
    """
    exact = several = 0
    for row in rows:
        if len(row.cells) < 2 or row.doubt:
            continue
        several += 1
        columns = _columns(row, form.tables[row.table])
        groups = [_groups(reading) for reading in row.readings]
        if any(not _possible(g, kind) for gs in groups for g, kind in zip(gs, columns, strict=False)):
            return False
        if all(len(gs) > len(columns) for gs in groups):
            return False
        exact += any(len(gs) == len(columns) for gs in groups)
    return exact >= _FEWEST_SPACED and exact * 5 >= several * 4


def _groups(reading: Sequence[str]) -> list[str]:
    return [group for stretch in reading for group in stretch.split()]


def _possible(group: str, value: str) -> bool:
    """Whether a group of digits can be a cell."""
    digits = group.replace(",", "")
    return (len(digits) == 1 or digits[0] != "0" or digits[1] == ".") and (value == "amount" or "." not in digits)


def _read_line(row: JoinedRow, table: TableForm, spaced: bool, spent: set[tuple[str, str]]) -> _Reading:
    """Every way to read one line by itself."""
    columns = _columns(row, table)
    if row.doubt:
        return _Reading(row, None, "solved", row.doubt)
    if len(columns) == 1 or spaced:
        found = []
        for reading in row.readings:
            groups = _groups(reading)
            if len(groups) == len(columns) and all(map(_possible, groups, columns)):
                found.append((tuple(groups), tuple(len(stretch.split()) for stretch in reading)))
        return _Reading(row, found or None, "order", "joined" if found else "count")
    if any("," in stretch for reading in row.readings for stretch in reading):
        return _Reading(row, None, "solved")
    decimals = [kind == "amount" for kind in columns]
    sums, rules = _sums(row, table)
    found = []
    for reading in row.readings:
        stretches = ["".join(stretch.split()) for stretch in reading]
        ways_of_reading = ways(stretches, decimals, sums)
        if ways_of_reading is None:
            return _Reading(row, None, "solved")
        found += [(way, _cells_per_stretch(way, stretches)) for way in ways_of_reading]
        if ways_of_reading and sum(map(len, stretches)) > len(columns):
            spent.update(rules)
    longest = max(sum(len("".join(s.split())) for s in reading) for reading in row.readings)
    if not found:
        return _Reading(row, None, "solved", "count" if longest < len(columns) else "joined")
    return _Reading(row, found, "solved")


def _cells_per_stretch(way: Way, stretches: Sequence[str]) -> tuple[int, ...]:
    counts: list[int] = []
    cells = iter(way)
    for stretch in stretches:
        length = count = 0
        while length < len(stretch):
            length += len(next(cells))
            count += 1
        counts.append(count)
    return tuple(counts)


def _sums(row: JoinedRow, table: TableForm) -> tuple[list[Sum], list[tuple[str, str]]]:
    """The totals within a line, and the identities that state them."""
    at = {cell: i for i, cell in enumerate(row.cells)}
    sums: list[Sum] = []
    rules: list[tuple[str, str]] = []
    for identity in table.identities:
        if identity.each != "row" or identity.relation != "=" or len(identity.left) != 1:
            continue
        for code in dict.fromkeys(r for r, _ in row.cells):
            terms = [(code, c) for c in (*identity.left, *identity.right)]
            if all(t in at for t in terms) and (not identity.only or code in identity.only):
                sums.append(Sum(at[terms[0]], tuple(at[t] for t in terms[1:])))
                rules.append((identity.rule, code))
    return sums, rules


def _hear_columns(
    readings: Sequence[_Reading], form: Form, table: TableForm, variant: str | None, spent: set[tuple[str, str]]
) -> None:
    """Drop the ways that no table with right column sums has."""
    whole = {c.code for c in table.columns}
    lines = {
        r.row.cells[0][0]: i
        for i, r in enumerate(readings)
        if r.ways and {c for _, c in r.row.cells} == whole and len({code for code, _ in r.row.cells}) == 1
    }
    usable: list[tuple[Identity, Balance]] = []
    for identity in table.identities:
        if identity.each == "column" and identity.relation == "=" and not identity.only:
            balance = _balance(identity, lines, form, table, variant, {r.row.cells[0][0] for r in readings})
            if balance is not None:
                usable.append((identity, balance))
    if not usable:
        return
    used = sorted({i for _, b in usable for i in (*b.left, *b.right)})
    order = [c.code for c in table.columns]
    place = {line: i for i, line in enumerate(used)}
    domains: list[list[Vector]] = []
    for i in used:
        positions = [[c for _, c in readings[i].row.cells].index(c) for c in order]
        domains.append([tuple(int(way[p]) for p in positions) for way, _ in readings[i].ways or ()])
    balances = [Balance(tuple(place[i] for i in b.left), tuple(place[i] for i in b.right)) for _, b in usable]
    for i, before, after in zip(used, domains, settle(domains, balances), strict=True):
        if len(after) == len(before):
            continue
        keep = set(after)
        reading = readings[i]
        reading.ways = [w for w, v in zip(reading.ways or (), before, strict=True) if v in keep]
        differing = {order[k] for k in range(len(order)) if len({v[k] for v in before}) > 1}
        spent.update((identity.rule, c) for identity, b in usable if i in (*b.left, *b.right) for c in differing)


def _balance(
    identity: Identity, lines: dict[str, int], form: Form, table: TableForm, variant: str | None, printed: set[str]
) -> Balance | None:
    """An identity over lines, if each of its rows is read; rows that this edition does not print are left out."""
    there = form.rows(table.code, variant)
    sides: list[tuple[int, ...]] = []
    for codes in (identity.left, identity.right):
        wanted = [r for r in there if r.code in codes and (r.code in printed or not r.optional)]
        if not wanted or any(r.code not in lines for r in wanted):
            return None
        sides.append(tuple(lines[r.code] for r in wanted))
    return Balance(*sides)


def _decide(solution: Solution, reading: _Reading, table: TableForm, repeated: set[tuple[str, str]]) -> None:
    """A fact where all ways agree, else an unresolved cell with its readings."""
    row = reading.row
    for position, (code, column_code) in enumerate(row.cells):
        address = f"{table.code}.{code}.{column_code}"
        form_row, column = table.row[code], table.column[column_code]
        cells = dict.fromkeys(_cell(row, way, counts, position) for way, counts in reading.ways or ())
        read = [_value(cell, form_row, column, table, row.head_unit) for cell in cells]
        numbers = list(dict.fromkeys(r.value for r in read if r.kind == "number" and r.value is not None))
        if (code, column_code) in repeated:
            solution.unresolved.append(Unresolved(address, row.printed, "repeated", [], row.place))
        elif len(numbers) == 1 and all(r.kind == "number" for r in read):
            printed, first = next(iter(cells)), read[0]
            solution.facts.append(
                Fact(address, first.value, "number", printed, first.unit, row.place, reading.method, first.unit_printed)
            )
        else:
            known: list[Value] = sorted(numbers) if len(numbers) <= MOST_READINGS else []
            solution.unresolved.append(Unresolved(address, row.printed, reading.reason, known, row.place))


def _cell(row: JoinedRow, way: Way, counts: Sequence[int], position: int) -> str:
    """A cell as printed: its digits, with the sign in front of its stretch and the unit behind it."""
    first = 0
    for count, sign, unit in zip(counts, row.signs, row.units, strict=True):
        if position < first + count:
            before = sign if position == first else ""
            behind = unit if position == first + count - 1 else ""
            return f"{before}{way[position]}{behind}"
        first += count
    return way[position]


def _value(cell: str, row: Row, column: Column, table: TableForm, head_unit: str | None) -> Reading:
    kind, unit = table.value_of(row, column), table.unit_of(row, column)
    # An amount that a form asks for in 元 is not converted.
    amount = kind == "amount" and unit != "元"
    return read_figure(cell, unit=unit, amount=amount, signed=kind == "signed", head_unit=head_unit if amount else None)


# --- a report


@dataclass(slots=True)
class JoinedResult:
    """What running text holds of a form's tables."""

    form_id: str
    variant: str | None
    facts: list[Fact]
    unresolved: list[Unresolved]
    layouts: list[TableLayout]
    spent: set[tuple[str, str]]


def read_joined(
    passages: Sequence[Passage], year: int | None = None, forms: Sequence[Form] | None = None
) -> JoinedResult | None:
    """The tables in a report's running text by the form that fits best, or None where there is none.

    ``year`` (the report's, if known) decides between forms that fit equally.
    """
    text = _text(passages)
    pieces = _pieces(text.text)
    best: tuple[_Fit, Form, list[JoinedRow], _Finder] | None = None
    for form in load_all() if forms is None else forms:
        rows, finder = _find(text, form, pieces)
        if len(rows) < _FEWEST_LINES:
            continue
        fit = _fit(form, rows, year)
        if best is None or fit > best[0]:
            best = (fit, form, rows, finder)
    if best is None:
        return None
    _, form, rows, finder = best
    variant = _variant(form, rows)
    solution = solve(rows, form, variant)
    if not solution.facts and not solution.unresolved:
        return None
    return JoinedResult(
        form.id, variant, solution.facts, solution.unresolved, _layouts(form, variant, rows, finder), solution.spent
    )


# Labels there, less a share of those that are not; in force for the year; official wording.
_Fit = tuple[float, bool, int]
# What a label of the form that is nowhere in its table counts against one that is there; and what it counts for a form
# that it is in force and complete: another form must have two labels more.
_MISSING, _IN_FORCE = 0.25, 1.0


def _fit(form: Form, rows: Sequence[JoinedRow], year: int | None) -> _Fit:
    """How well a form goes with the lines found by its labels.

    A form that has one label more than another finds all that the other finds, so what it misses counts too.
    """
    found = len({(r.table, p.code) for r in rows for p in r.labels}) + len(
        {(r.table, h.code) for r in rows for h in r.heads}
    )
    missing = 0
    variant = _variant(form, rows)
    for code in dict.fromkeys(r.table for r in rows):
        own = [r for r in rows if r.table == code]
        named = {p.code for r in own for p in r.labels}
        heads = {h.code for r in own for h in r.heads}
        missing += sum(r.code not in named and not r.optional for r in form.rows(code, variant))
        missing += sum(c.code not in heads for c in form.tables[code].columns)
    in_force = year is not None and form.in_force[0] <= year <= form.in_force[1]
    official = sum(p.how == "official" for r in rows for p in r.labels)
    return found - _MISSING * missing + _IN_FORCE * (in_force and not missing), in_force, official


def _variant(form: Form, rows: Sequence[JoinedRow]) -> str | None:
    """The variant whose rows are there and the base form's are not."""
    printed = {(r.table, code) for r in rows for code, _ in r.cells}
    for variant in form.variants:
        if any((variant.table, c) in printed for c in variant.present) and not any(
            (variant.table, c) in printed for c in variant.absent
        ):
            return variant.id
    return None


def _layouts(form: Form, variant: str | None, rows: Sequence[JoinedRow], finder: _Finder) -> list[TableLayout]:
    """What of each table is there, in the order printed."""
    layouts: list[TableLayout] = []
    for code in form.tables:
        own = [r for r in rows if r.table == code]
        if not own:
            continue
        layout = TableLayout(code, place=own[0].place)
        layout.rows = list({p.code: p for r in reversed(own) for p in reversed(r.labels)}.values())[::-1]
        layout.columns = list({h.code: h for r in own for h in r.heads}.values())
        layout.extra = [p for t, p in finder.extra if t == code]
        known = [p.code for p in layout.rows]
        layout.missing_rows = [r.code for r in form.rows(code, variant) if r.code not in known and not r.optional]
        printed = {c for r in own for _, c in r.cells}
        layout.missing_columns = [c.code for c in form.tables[code].columns if c.code not in printed]
        positions = [finder.names.position[code, c] for c in known]
        layout.reordered = positions != sorted(positions)
        layouts.append(layout)
    return layouts
