"""Printed rows of figures laid against the columns of the form, and checked by the form's sums.

Belongs here: what a row of pieces can be (which piece stands in which column, where blanks or borders were lost), and
what of it the sums of the form leave. Does not belong here: finding rows and their labels (`lost_grid`, `matching`),
the arithmetic of cutting digits (`splitting`), which form it is.

What is taken for granted, and nothing more:
- pieces stand in the order of the form's columns;
- where nothing parts digits, no cell is empty and no number begins with a zero;
- a line whose form says so adds up to its own total: of several ways to read a line only those that do remain, and
  where none does it is left unresolved;
- sums over columns may be wrong in print: they are heard only as `splitting.settle` says;
- spaces are borders only in a text whose lines bear it out; where that is open, a line may be read either way.
A cell is a fact only if every way that remains agrees on it; an identity that ruled a way out is `spent`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb
from typing import Literal

from parsers.grammar.figures import Reading
from parsers.grammar.figures import read as read_figure
from schemas.facts import Method, Place, PrintedLabel, Value
from schemas.forms import Form, Identity, TableForm

from .splitting import Balance, Sum, Vector, Way, settle, ways

# What parts the stretches of a line: borders, and blanks are seen; borders, but a blank left no trace; nothing that is
# certain: a stretch may hold several cells, perhaps with spaces between them.
Parting = Literal["cells", "lines", "none"]
_Spaces = Literal["borders", "open", "nothing"]

# Spaces are believed to be borders from this many lines on.
_FEWEST_SPACED = 3
# More ways to place the pieces of one line are not listed.
_MOST_PLACINGS = 500
# An order of columns is believed, and spaces are, while no more than this share of the lines fails to add up.
_MOST_BROKEN = 0.2


@dataclass(slots=True)
class Line:
    """A line of figures under one row label, or under a head that names several rows.

    ``cells`` are (row, column) codes in the order of the form. ``readings`` are what the line may be, each a tuple of
    stretches in the order printed; several where an item number may have run into the digits. ``units`` and ``signs``
    belong to the stretches and stand behind and before them. ``apart``: each of its figures is a paragraph of its own,
    so that none of them is to be cut. ``doubt`` is a reason not to read it at all.
    """

    table: str
    cells: tuple[tuple[str, str], ...]
    readings: tuple[tuple[str, ...], ...]
    printed: str
    place: Place
    parting: Parting = "none"
    units: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    head_unit: str | None = None
    labels: list[PrintedLabel] = field(default_factory=list)
    heads: list[PrintedLabel] = field(default_factory=list)
    doubt: str | None = None
    apart: bool = False


@dataclass(slots=True)
class Laid:
    """The ways that remain of one line, each the text of every cell, "" for a blank; None where they cannot be listed.

    Where they do not agree, or there are none, ``reason`` says why, in the words of `schemas.facts.Unresolved`.
    """

    line: Line
    ways: list[Way] | None
    method: Method
    reason: str = "joined"


def lay(lines: Sequence[Line], form: Form, variant: str | None, spent: set[tuple[str, str]]) -> list[Laid]:
    """What remains of each line, in the order given; identities that ruled something out are added to ``spent``."""
    spaces = _spaces(lines, form)
    blanks, stripped = _blanks_are_meant(lines), _ends_are_stripped(lines)
    laid: dict[int, Laid] = {}
    for code, table in form.tables.items():
        own = [
            _lay_line(line, table, spaces, spent, blanks=blanks, stripped=stripped)
            for line in lines
            if line.table == code
        ]
        _doubt_short(own, table)
        _doubt_shifted(own, table)
        if any(one.ways and len(one.ways) > 1 for one in own):
            _hear_columns(own, form, table, variant, spent)
        laid.update((id(one.line), one) for one in own)
    return [laid[id(line)] for line in lines]


def value_of(text: str, line: Line, cell: tuple[str, str], table: TableForm) -> Reading:
    """What the text of one cell of a line says."""
    row, column = table.row[cell[0]], table.column[cell[1]]
    kind, unit = table.value_of(row, column), table.unit_of(row, column)
    # An amount that a form asks for in 元 is not converted.
    amount = kind == "amount" and unit != "元"
    return read_figure(
        text, unit=unit, amount=amount, signed=kind == "signed", head_unit=line.head_unit if amount else None
    )


def holds(way: Way, line: Line, table: TableForm) -> bool | None:
    """Whether a way to read a line adds up; None where nothing tells: no sum, or no figure but zeros, or words."""
    return _holds(way, _sums(line, table)[0], line, table)


# --- one line


def _blanks_are_meant(lines: Sequence[Line]) -> bool:
    """Whether lines without borders have fewer digits than cells: then their blanks are not printed, nor are others'."""
    joined = [line for line in lines if line.parting == "none" and len(line.cells) > 1 and not line.doubt]
    short = sum(all(sum(map(len, reading)) < len(line.cells) for reading in line.readings) for line in joined)
    return short > 1 or short * 10 > len(joined)


def _ends_are_stripped(lines: Sequence[Line]) -> bool:
    """Whether blank cells at the ends of lines are gone, as editors leave them: some lines are short, none ends in one."""
    own = [(line.readings[0], len(line.cells)) for line in lines if line.parting == "cells" and not line.doubt]
    return any(len(pieces) < n for pieces, n in own) and all(pieces[-1] for pieces, _ in own)


def _lay_line(
    line: Line, table: TableForm, spaces: _Spaces, spent: set[tuple[str, str]], *, blanks: bool, stripped: bool
) -> Laid:
    """Every way to read one line by itself. ``blanks``: where nothing parts digits, some cells may be empty;
    ``stripped``: blank cells at its end may be gone.
    """
    if line.doubt:
        return Laid(line, None, "solved", line.doubt)
    n = len(line.cells)
    if line.parting != "none":
        placed = [_placed(pieces, line.parting, n, stripped=stripped) for pieces in line.readings]
        return _adding_up(line, table, placed, spent)
    groups = [_groups(reading, line) for reading in line.readings]
    if line.apart and n > 1 and spaces != "borders":
        found = _adding_up(line, table, [_placed(gs, "lines", n) for gs in groups], spent)
        return found if found.ways is None else replace(found, ways=[w for w in found.ways if holds(w, line, table)])
    cut = None if n == 1 or spaces == "borders" else _cut(line, table, spent)
    if cut is not None and blanks:
        if spaces == "nothing" or all(len(gs) != n for gs in groups):
            return Laid(line, None, "solved", cut.reason)
        cut = None
    if cut is not None and spaces == "nothing":
        return cut
    kinds = _kinds(line, table)
    apart = [_placed(found, "lines", n) for found in groups if all(map(_possible, found, _loose(kinds, len(found))))]
    either = _adding_up(line, table, apart, spent)
    if cut is None or cut.ways == []:
        return either
    if cut.ways is None or either.ways is None:
        return Laid(line, None, "solved")
    return Laid(line, list(dict.fromkeys((*cut.ways, *either.ways))), "solved")


def _kinds(line: Line, table: TableForm) -> list[str]:
    """What the cells of a line hold: count, signed or amount."""
    return [table.value_of(table.row[r], table.column[c]) for r, c in line.cells]


def _loose(kinds: Sequence[str], count: int) -> Sequence[str]:
    """What each of ``count`` groups may hold at most: with blanks among them any may be an amount, if one is asked."""
    return kinds if count == len(kinds) else ["amount" if "amount" in kinds else "count"] * count


def _groups(reading: Sequence[str], line: Line) -> list[str]:
    """The groups of digits of a line, the first of a stretch with its sign, the last with its unit."""
    out: list[str] = []
    for k, stretch in enumerate(reading):
        out += _dressed(tuple(stretch.split()), k, line)
    return out


def _dressed(cells: Way, stretch: int, line: Line) -> Way:
    sign = line.signs[stretch] if line.signs else ""
    unit = line.units[stretch] if line.units else ""
    if not cells or not (sign or unit):
        return cells
    cells = (sign + cells[0], *cells[1:])
    return (*cells[:-1], cells[-1] + unit)


def _possible(group: str, value: str) -> bool:
    """Whether a group of digits can be a cell."""
    digits = "".join(c for c in group if c.isdigit() or c == ".")
    return (len(digits) == 1 or digits[0] != "0" or digits[1] == ".") and (value == "amount" or "." not in digits)


def _placed(pieces: Sequence[str], parting: Parting, n: int, *, stripped: bool = False) -> list[Way] | None:
    """The ways to put pieces into ``n`` columns in their order; None where there are too many to list.

    Where blanks are seen, what is too many must be blank and stands behind the last column or between the label and the
    first one; where there are too few, or blanks leave no trace, any columns may be the blank ones. ``stripped``: blanks
    behind the last column may be gone.
    """
    if parting == "cells" and len(pieces) >= n:
        if stripped:
            pieces = (*pieces, *[""] * next((k for k, piece in enumerate(pieces) if piece), 0))
        last = len(pieces) - n
        return [tuple(pieces[k : k + n]) for k in range(last + 1) if not any(pieces[:k]) and not any(pieces[k + n :])]
    filled = [p for p in pieces if p]
    if not filled or len(filled) > n:
        return []
    if comb(n, len(filled)) > _MOST_PLACINGS:
        return None
    out: list[Way] = []
    for columns in combinations(range(n), len(filled)):
        at = dict(zip(columns, filled, strict=True))
        out.append(tuple(at.get(i, "") for i in range(n)))
    return out


def _adding_up(line: Line, table: TableForm, found: Iterable[list[Way] | None], spent: set[tuple[str, str]]) -> Laid:
    """Of several ways to place the pieces of a line those that add up; without any, all of them."""
    every: list[Way] = []
    for some in found:
        if some is None:
            return Laid(line, None, "order", "count")
        every += some
    every = list(dict.fromkeys(every))
    if len(every) < 2:
        return Laid(line, every, "order", "count")
    sums, rules = _sums(line, table)
    fitting = [way for way in every if _holds(way, sums, line, table) is not False]
    if fitting and len(fitting) < len(every):
        spent.update(rules)
        return Laid(line, fitting, "solved", "count")
    return Laid(line, every, "solved", "count")


def _cut(line: Line, table: TableForm, spent: set[tuple[str, str]]) -> Laid:
    """The ways to cut the digits of a line into its cells, spaces left out of account."""
    if any("," in stretch for reading in line.readings for stretch in reading):
        return Laid(line, None, "solved")
    n = len(line.cells)
    decimals = [kind == "amount" for kind in _kinds(line, table)]
    sums, rules = _sums(line, table)
    found: list[Way] = []
    longest = 0
    for reading in line.readings:
        stretches = ["".join(stretch.split()) for stretch in reading]
        longest = max(longest, sum(map(len, stretches)))
        ways_of_reading = ways(stretches, decimals, sums)
        if ways_of_reading is None:
            return Laid(line, None, "solved")
        found += [_dressed_way(way, stretches, line) for way in ways_of_reading]
        if ways_of_reading and sum(map(len, stretches)) > n:
            spent.update(rules)
    return Laid(line, found, "solved", "count" if longest < n else "joined")


def _dressed_way(way: Way, stretches: Sequence[str], line: Line) -> Way:
    """The cells with the signs and units of the stretches that they were cut from."""
    if not any(line.signs) and not any(line.units):
        return way
    out: list[str] = []
    for k, stretch in enumerate(stretches):
        first, length = len(out), 0
        while length < len(stretch):
            length += len(way[len(out)])
            out.append(way[len(out)])
        out[first:] = _dressed(tuple(out[first:]), k, line)
    return tuple(out)


def _sums(line: Line, table: TableForm) -> tuple[list[Sum], list[tuple[str, str]]]:
    """The totals within a line, and the identities that state them."""
    at = {cell: i for i, cell in enumerate(line.cells)}
    sums: list[Sum] = []
    rules: list[tuple[str, str]] = []
    for identity in table.identities:
        if identity.each != "row" or identity.relation != "=" or len(identity.left) != 1:
            continue
        for code in dict.fromkeys(r for r, _ in line.cells):
            terms = [(code, c) for c in (*identity.left, *identity.right)]
            if all(t in at for t in terms) and (not identity.only or code in identity.only):
                sums.append(Sum(at[terms[0]], tuple(at[t] for t in terms[1:])))
                rules.append((identity.rule, code))
    return sums, rules


def _numbers(way: Way, line: Line, table: TableForm) -> list[Value | None]:
    """The figures of a way, 0 for blanks and marks, None for words."""
    out: list[Value | None] = []
    for text, cell in zip(way, line.cells, strict=True):
        if text.isdecimal() and text.isascii():
            out.append(int(text))
            continue
        reading = value_of(text, line, cell, table)
        out.append(reading.value if reading.kind == "number" else 0 if reading.kind in ("blank", "mark") else None)
    return out


def _holds(way: Way, sums: Sequence[Sum], line: Line, table: TableForm) -> bool | None:
    """Whether a way adds up; None where that cannot be told, for words among its figures or for zeros alone."""
    numbers = _numbers(way, line, table)
    told: bool | None = None
    for s in sums:
        terms = [numbers[i] for i in (s.total, *s.parts)]
        if None in terms or not any(terms):
            continue
        if terms[0] != sum(t for t in terms[1:] if t is not None):
            return False
        told = True
    return told


# --- all lines together


def _spaces(lines: Sequence[Line], form: Form) -> _Spaces:
    """What the spaces among the digits of a text are.

    Borders, if nearly all lines have as many groups as columns, or if nearly all that can be added up do so group by
    group, whichever columns are blank; nothing, if some line has more groups than columns or one that no cell can be, or
    if lines do not add up; else it is open.
    """
    exact = several = holding = broken = 0
    apart = False
    for line in lines:
        if len(line.cells) < 2 or line.doubt or line.parting != "none":
            continue
        several += 1
        table = form.tables[line.table]
        kinds = _kinds(line, table)
        groups = [_groups(reading, line) for reading in line.readings]
        if any(not all(map(_possible, gs, _loose(kinds, len(gs)))) for gs in groups) or all(
            len(gs) > len(kinds) for gs in groups
        ):
            return "nothing"
        exact += any(len(gs) == len(kinds) for gs in groups)
        if all(len(gs) < 2 for gs in groups):
            continue
        apart = True
        sums, _ = _sums(line, table)
        if sums:
            told = [_holds(way, sums, line, table) for gs in groups for way in _placed(gs, "lines", len(kinds)) or ()]
            holding += True in told and any(len(gs) > 2 for gs in groups)
            broken += True not in told and False in told
    if not apart:
        return "nothing"
    if exact >= _FEWEST_SPACED and exact * 5 >= several * 4:
        return "borders"
    if broken > _MOST_BROKEN * (holding + broken):
        return "nothing"
    return "borders" if holding >= _FEWEST_SPACED else "open"


def _doubt_short(laid: Sequence[Laid], table: TableForm) -> None:
    """Lines with fewer figures than columns, where blanks leave no trace: if too many of them add up in no way, it is not
    blanks that are missing but figures that stand elsewhere, and those that happen to add up say nothing either.
    """
    short = [
        one
        for one in laid
        if one.line.parting == "lines" and one.ways and sum(map(bool, one.line.readings[0])) < len(one.line.cells)
    ]
    told = [[holds(way, one.line, table) for way in one.ways or ()] for one in short]
    broken = sum(True not in ways and False in ways for ways in told)
    if broken > 1 and broken > _MOST_BROKEN * (broken + sum(True in ways for ways in told)):
        for one in short:
            one.ways, one.reason = None, "count"


def _doubt_shifted(laid: Sequence[Laid], table: TableForm) -> None:
    """Where blanks leave no trace, a column too many makes up for one that is blank: then lines hardly ever add up."""
    single = [one for one in laid if one.line.parting != "none" and one.ways and len(one.ways) == 1]
    told = [holds(one.ways[0], one.line, table) for one in single if one.ways]
    # Where blanks left no trace in other lines, one that does not add up may have one too, and something else besides.
    lost = any(
        one.line.parting == "lines" and sum(map(bool, one.line.readings[0])) < len(one.line.cells)
        for one in laid
        if not one.line.doubt
    )
    for one, adds_up in zip(single, told, strict=True):
        if adds_up is False and one.line.parting == "lines" and (lost or not all(one.line.readings[0])):
            one.ways, one.reason = None, "count"
    broken = told.count(False)
    if broken > 1 and broken > _MOST_BROKEN * (broken + told.count(True)):
        for one in single:
            one.ways, one.reason = None, "count"


def _hear_columns(
    laid: Sequence[Laid], form: Form, table: TableForm, variant: str | None, spent: set[tuple[str, str]]
) -> None:
    """Drop the ways that no table with right column sums has."""
    order = [c.code for c in table.columns]
    domains: dict[int, list[Vector]] = {}
    lines: dict[str, int] = {}
    for i, one in enumerate(laid):
        codes = {code for code, _ in one.line.cells}
        if not one.ways or len(codes) != 1 or {c for _, c in one.line.cells} != set(order):
            continue
        places = [[c for _, c in one.line.cells].index(c) for c in order]
        vectors = [[numbers[p] for p in places] for numbers in (_numbers(way, one.line, table) for way in one.ways)]
        if all(isinstance(n, int) for vector in vectors for n in vector):
            domains[i] = [tuple(int(n or 0) for n in vector) for vector in vectors]
            lines[one.line.cells[0][0]] = i
    usable: list[tuple[Identity, Balance]] = []
    for identity in table.identities:
        if identity.each == "column" and identity.relation == "=" and not identity.only:
            balance = _balance(identity, lines, form, table, variant, {one.line.cells[0][0] for one in laid})
            if balance is not None:
                usable.append((identity, balance))
    if not usable:
        return
    used = sorted({i for _, b in usable for i in (*b.left, *b.right)})
    place = {line: i for i, line in enumerate(used)}
    balances = [Balance(tuple(place[i] for i in b.left), tuple(place[i] for i in b.right)) for _, b in usable]
    before = [domains[i] for i in used]
    for i, old, new in zip(used, before, settle(before, balances), strict=True):
        if len(new) == len(old):
            continue
        keep = set(new)
        laid[i].ways = [w for w, v in zip(laid[i].ways or (), old, strict=True) if v in keep]
        differing = {order[k] for k in range(len(order)) if len({v[k] for v in old}) > 1}
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
