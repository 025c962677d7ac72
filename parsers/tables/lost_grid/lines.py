"""Lines of figures in running text: which row's label stands in front of digits, and where its figures end.

Belongs here: the rows of one form, found by their labels, with numbering and units taken off the digits. Does not belong
here: which column a figure is (`laying`), which form it is (`lost_grid`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.grammar.figures import UNITS
from parsers.grammar.labels import FormIndex
from parsers.grammar.spellings import Spelling
from parsers.tables.placing import Line
from schemas.facts import Place, PrintedLabel, Trace
from schemas.labels import label

from .pieces import CIRCLED, PLAIN, Key, Piece, Text, key_of

# Text that no form knows may stand between two rows: a page's running head.
_LONGEST_NOISE = 40
_LONGEST_LABEL = 60

# So many figures, each a paragraph of its own, are not parts of one.
_FEWEST_APART = 3

_HAN = "一二三四五六七八九十"
_NUMBER_BEFORE = re.compile(rf"(?:\((?P<p>[{_HAN}]{{1,3}}|\d{{1,2}})\)|(?P<h>[{_HAN}]{{1,3}})[、.,]|(?P<d>\d)[、.,)])$")
_WORD = re.compile(r"[^\W\d_]")
# Units, numbers of headings, and how a paragraph or a note begins.
_BEGINNING = re.compile(rf"{UNITS}|净?增|净?减|[一二三四五六七八九十]{{1,3}}[、.,]|[注备说其]")
_UNIT_AND_SIGN = re.compile(rf"\s*(?P<unit>{UNITS})?\s*(?P<sign>净?增加|净?减少|增|减|[+\-−↑↓])?\s*")
# Something parts the figure from what follows: its digits are no string of several figures.
_PARTED = re.compile(r"\s*[,，;；|｜]")
_MONEY = re.compile(r"\s*(亿元|万元|元)")
_HEAD_UNIT = re.compile(r"单位[:：]?(亿元|万元|元)")
_SENTENCE = re.compile(r"[。;!?]")
# What stands for an empty cell, and a note in brackets: then the digits next to it are not the whole line.
_MARK = re.compile(r"\s*(?:[/\\—–\-−○◯×*]|\((?![一二三四五六七八九十]{1,3}\)|\d{1,2}\)))")
_CLOSING = re.compile(r"[\s)\]》”’\"':;,。.、]*")


def number_before(folded: str) -> tuple[int, int] | None:
    """The number printed right in front of a label, as ``label`` gives it."""
    m = _NUMBER_BEFORE.search(folded)
    if m is None:
        return None
    if m["p"]:
        return label(f"({m['p']})、x").number
    return label(f"{m['h'] or m['d']}、x").number


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
    # Rows that stand in front of it without figures, and their labels.
    passed: list[tuple[str, str]] = field(default_factory=list)


class Finder:
    """Walks the pieces of a text and collects the lines of one form's tables."""

    def __init__(self, names: FormIndex, text: Text) -> None:
        self.names = names
        self.form = names.form
        self.groups = {s.key for s in names.spellings if s.role == "group"}
        self.row_lengths = sorted({len(key) for key in names.beside}, reverse=True)
        self.text = text
        self.lines: list[_OpenLine] = []
        self.extra: list[tuple[str, PrintedLabel]] = []
        # Labels that are known, by where their figures stand or by their words: to weigh one form against another.
        self.seen: set[int | str] = set()
        # Rows whose labels other words follow and no figures; figures under words that no form knows.
        self.passed: dict[tuple[str, str], Trace] = {}
        self.stray: list[tuple[str, str, Place]] = []
        self.active: str | None = None
        self.last: dict[str, int] = {}
        self.recent: list[str] = []
        self.carried: list[tuple[str, str]] = []
        self.head_unit: str | None = None

    def find(self, pieces: Sequence[Piece]) -> None:
        open_line: _OpenLine | None = None
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
            self._remember(hit, piece)
            if not piece.digits or (len(piece.digits) == 1 and piece.enumerated and len(hit.cells) > 1):
                # （六）其他处理 1.申请人…: the label heads a group here, or its figures are not there.
                self.carried = hit.heads
                hit.passed += self._passed(hit.table, hit.groups[-1:])
                self._note_passed(hit, piece)
                continue
            self.carried = []
            table = self.form.tables[hit.table]
            signed = any(table.value_of(table.row[r], table.column[c]) == "signed" for r, c in hit.cells)
            open_line = _OpenLine(hit, piece, self.text.place(piece.start), self.head_unit, signed=signed)
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
        key = key_of(after[:_LONGEST_LABEL]).key
        known = (self.names.word_lengths, self.names.words), (self.row_lengths, self.names.beside)
        return not any(key[:length] in keys for lengths, keys in known for length in lengths)

    # -- labels

    def _hit(self, piece: Piece) -> _Hit | None:
        if self.names.endings.isdisjoint(piece.ending):
            return None
        key = piece.key
        if m := _HEAD_UNIT.search(key.folded):
            self.head_unit = m[1]
        return self._row_in_head(key, piece) or self._row(key, piece)

    def _row(self, key: Key, piece: Piece) -> _Hit | None:
        """The longest row label that the words end with; one with nothing unknown in front of it is preferred."""
        best: _Hit | None = None
        for text, unit in self._without_unit(key.key):
            if self.names.beside_endings.isdisjoint((text[-2:], text[-1:])):
                continue
            for length in self.row_lengths:
                if length > len(text) or text[-length:] not in self.names.beside:
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

    def _named(self, key: Key, text: str, length: int, unit: str | None, piece: Piece) -> _Hit | None:
        start = len(text) - length
        number = number_before(key.folded[: key.at[start]])
        rest, words = self.names.taken_off(text[:start])
        name = self._choose(self.names.beside[text[start:]], number, [k for _, k in reversed(words)])
        if name is None:
            return None
        table = self.form.tables[name.table]
        if unit and not table.unit_column:
            return None
        heads = [(w.table, w.code) for ws, _ in words for w in ws if w.role == "column"]
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
            passed=self._passed(name.table, [k for _, k in words]),
        )

    def _passed(self, table: str, keys: Iterable[str]) -> list[tuple[str, str]]:
        """The rows of a table that keys are the labels of, and of nothing else."""
        names = self.names.distinctive[table]
        found = [(names.get(key, set()), key) for key in keys if key in self.names.beside and key not in self.groups]
        return [(next(iter(rows)), key) for rows, key in found if len(rows) == 1]

    def _choose(self, named: list[Spelling], number: tuple[int, int] | None, before: list[str]) -> Spelling | None:
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
            following = [n for n in named if self.names.order[n.table, n.code] > self.last.get(n.table, -1)]
            named = following[:1]
        return named[0] if named else None

    def _row_in_head(self, key: Key, piece: Piece) -> _Hit | None:
        """A head whose columns repeat for each row of the table (disputes), or once under one row's name."""
        for code, table in self.form.tables.items():
            if not table.rows_in_head or not any(
                key.key.endswith(label(t).key) for t in (table.columns[-1].label, *table.columns[-1].aliases)
            ):
                continue
            rest, taken = self.names.taken_off(key.key)
            codes = [c.code for c in table.columns]
            columns: list[str] = []
            row: str | None = None
            for found, _ in taken:
                mine = [w for w in found if w.table == code]
                if not mine:
                    break
                column = next((w.code for w in mine if w.role == "column"), None)
                if column:
                    columns.insert(0, column)
                elif row is None and len(columns) == len(codes):
                    row = next((w.code for w in mine if w.role == "row"), None)
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
            doubt = _CLOSING.fullmatch(after_label) is None
            return _Hit(code, cells, labels, heads, rest, doubt=doubt, groups=[k for _, k in reversed(taken)])
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
        position = self.names.order[hit.table, hit.cells[0][0]]
        is_noise = len(hit.unknown) <= _LONGEST_NOISE and not _SENTENCE.search(hit.unknown)
        return is_noise and position > self.last.get(hit.table, -1)

    def _remember(self, hit: _Hit, piece: Piece) -> None:
        self.seen |= {piece.start, *hit.groups}
        self._note_passed(hit, piece)
        self.active = hit.table
        self.last[hit.table] = self.names.order[hit.table, hit.cells[-1][0]]
        self.recent.extend(hit.groups)

    def _note_passed(self, hit: _Hit, piece: Piece) -> None:
        for row, text in hit.passed:
            self.passed.setdefault((hit.table, row), Trace(hit.table, row, text, self.text.place(piece.start)))

    def _no_row(self, piece: Piece) -> None:
        """Words that are no row: a group's head, an unknown row of the table, or the end of it."""
        only_number = not piece.digits or (len(piece.digits) == 1 and piece.enumerated)
        if self.active is None and not only_number:
            self.carried = []
            return
        key = piece.key
        rest, words = self.names.taken_off(key.key)
        self.recent.extend(text for _, text in reversed(words))
        self.carried = [(w.table, w.code) for ws, _ in words for w in ws if w.role == "column"] if only_number else []
        if not rest or self.active is None:
            return
        if len(piece.words) <= _LONGEST_LABEL and not _SENTENCE.search(key.folded):
            if piece.digits:
                self.extra.append((self.active, PrintedLabel("", piece.words.strip(), "unknown", Place())))
                # The last digit is the next label's number.
                figures = piece.digits[:-1].rstrip() if piece.enumerated else piece.digits
                if figures:
                    self.stray.append((self.active, figures, self.text.place(piece.start)))
            return
        self.active = None


def _printed(words: str, start: int, end: int, key: Key) -> str:
    """The label as it stands in the words: characters ``start`` to ``end`` of its key, counted from the end of it."""
    positions = [i for i, c in enumerate(words) if c in CIRCLED or c.isalnum() or c == "%"]
    behind = len(key.key)
    if behind - start > len(positions):
        return key.key[start:end]
    first, last = positions[start - behind], positions[end - 1 - behind]
    return words[first : last + 1].translate(PLAIN)


# --- the lines found


class _OpenLine:
    """A line while it is read: digits under a label, until other words follow."""

    def __init__(self, hit: _Hit, piece: Piece, place: Place, head_unit: str | None, *, signed: bool) -> None:
        self.hit = hit
        # Whether any of its figures may have a sign.
        self.signed = signed
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

    def takes(self, piece: Piece) -> bool:
        """Whether the next words are only the unit of a figure or the sign of the next one: 997项0388973件."""
        m = _UNIT_AND_SIGN.fullmatch(piece.words)
        if m is None or not (m["unit"] or m["sign"]) or piece.borrowed or not piece.digits:
            return False
        if m["sign"] and not self.signed:
            # A dash among counts is the mark of an empty cell.
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
        if piece.broken or _MARK.match(piece.after) or _PARTED.match(piece.after):
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

    def row(self, *, numbered: bool) -> Line:
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
        return Line(
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
            apart=all(_stand_apart(stretch) for stretch in self.digits),
        )


def _stand_apart(digits: str) -> bool:
    """Whether figures are paragraphs of their own, several of them."""
    parts = digits.split("\n")
    return len(parts) >= _FEWEST_APART and all(len(part.split()) == 1 for part in parts)
