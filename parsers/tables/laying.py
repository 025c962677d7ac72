"""Printed rows of figures laid against the columns of the form, and checked by the form's sums.

Belongs here: what a row of pieces can be where blanks or borders were lost, and what of it the sums of the form leave.
Does not belong here: finding rows and their labels (`lost_grid`, `matching`), the columns in which pieces may stand
(`placing`), the arithmetic of cutting digits (`splitting`), which form it is.

What is taken for granted, and nothing more:
- pieces stand in the order of the form's columns;
- where nothing parts digits, no cell is empty and no number begins with a zero;
- a line whose form says so adds up to its own total: of several ways to read a line only those that do remain, and
  where none does it is left unresolved;
- sums over columns may be wrong in print: they are heard only as `splitting.settle` says;
- what fills up the rows of a table stands at the same places in all of them, or nobody knows where;
- spaces are borders only in a text whose lines bear it out; where that is open, a line may be read either way.
A cell is a fact only if every way that remains agrees on it; an identity that ruled a way out is `spent`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from schemas.facts import Method
from schemas.forms import Form, Identity, TableForm

from . import placing
from .splitting import Balance, Vector, Way, settle, ways

_Spaces = Literal["borders", "open", "nothing"]

# Spaces are believed to be borders from this many lines on.
_FEWEST_SPACED = 3


@dataclass(slots=True)
class Laid:
    """The ways that remain of one line, each the text of every cell, "" for a blank; None where they cannot be listed.

    Where they do not agree, or there are none, ``reason`` says why, in the words of `schemas.facts.Unresolved`.
    """

    line: placing.Line
    ways: list[Way] | None
    method: Method
    reason: str = "joined"


def lay(lines: Sequence[placing.Line], form: Form, variant: str | None, spent: set[tuple[str, str]]) -> list[Laid]:
    """What remains of each line, in the order given; identities that ruled something out are added to ``spent``."""
    spaces = _spaces(lines, form)
    blanks = _blanks_are_meant(lines)
    alike = placing.of_padded(lines, form)
    laid: dict[int, Laid] = {}
    for code, table in form.tables.items():
        of_table = [line for line in lines if line.table == code]
        placed = [alike.get(id(line)) or placing.placings(line) for line in of_table]
        unsummed = placing.unsummed_of(of_table, placed, table)
        own = [
            _lay_line(line, table, spaces, spent, blanks=blanks, placed=ways, unsummed=most)
            for line, ways, most in zip(of_table, placed, unsummed, strict=True)
        ]
        _doubt_short(own, table)
        _doubt_beside_remarks(own)
        _doubt_shifted(own, table)
        if any(one.ways and len(one.ways) > 1 for one in own):
            _hear_columns(own, form, table, variant, spent)
        laid.update((id(one.line), one) for one in own)
    return [laid[id(line)] for line in lines]


# --- one line


def _blanks_are_meant(lines: Sequence[placing.Line]) -> bool:
    """Whether lines without borders have fewer digits than cells: then their blanks are not printed, nor are others'."""
    joined = [line for line in lines if line.parting == "none" and len(line.cells) > 1 and not line.doubt]
    short = sum(all(sum(map(len, reading)) < len(line.cells) for reading in line.readings) for line in joined)
    return short > 1 or short * 10 > len(joined)


def _lay_line(
    line: placing.Line,
    table: TableForm,
    spaces: _Spaces,
    spent: set[tuple[str, str]],
    *,
    blanks: bool,
    placed: list[list[Way] | None],
    unsummed: int,
) -> Laid:
    """Every way to read one line by itself. ``blanks``: where nothing parts digits, some cells may be empty;
    ``placed``: the ways to place its cells, where something parts them; ``unsummed``: beside so many figures at most a
    total may be blank.
    """
    if line.doubt:
        return Laid(line, None, "solved", line.doubt)
    n = len(line.cells)
    if line.parting != "none":
        return _adding_up(line, table, placed, spent, unsummed=unsummed)
    groups = [_groups(reading, line) for reading in line.readings]
    if line.apart and n > 1 and spaces != "borders":
        found = _adding_up(line, table, [placing.placings_of(gs, n) for gs in groups], spent)
        return (
            found
            if found.ways is None
            else replace(found, ways=[w for w in found.ways if placing.holds(w, line, table)])
        )
    cut = None if n == 1 or spaces == "borders" else _cut(line, table, spent)
    if cut is not None and blanks:
        if spaces == "nothing" or all(len(gs) != n for gs in groups):
            return Laid(line, None, "solved", cut.reason)
        cut = None
    if cut is not None and spaces == "nothing":
        return cut
    kinds = _kinds(line, table)
    apart = [placing.placings_of(found, n) for found in groups if all(map(_possible, found, _loose(kinds, len(found))))]
    either = _adding_up(line, table, apart, spent)
    if cut is None or cut.ways == []:
        return either
    if cut.ways is None or either.ways is None:
        return Laid(line, None, "solved")
    return Laid(line, list(dict.fromkeys((*cut.ways, *either.ways))), "solved")


def _kinds(line: placing.Line, table: TableForm) -> list[str]:
    """What the cells of a line hold: count, signed or amount."""
    return [table.value_of(table.row[r], table.column[c]) for r, c in line.cells]


def _loose(kinds: Sequence[str], count: int) -> Sequence[str]:
    """What each of ``count`` groups may hold at most: with blanks among them any may be an amount, if one is asked."""
    return kinds if count == len(kinds) else ["amount" if "amount" in kinds else "count"] * count


def _groups(reading: Sequence[str], line: placing.Line) -> list[str]:
    """The groups of digits of a line, the first of a stretch with its sign, the last with its unit."""
    out: list[str] = []
    for k, stretch in enumerate(reading):
        out += _dressed(tuple(stretch.split()), k, line)
    return out


def _dressed(cells: Way, stretch: int, line: placing.Line) -> Way:
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


def _adding_up(
    line: placing.Line,
    table: TableForm,
    found: Iterable[list[Way] | None],
    spent: set[tuple[str, str]],
    *,
    unsummed: int = 0,
) -> Laid:
    """Of several ways to place the pieces of a line those that add up; without any, all of them. ``unsummed``: beside so
    many figures at most a total may be blank, which rules no way out.
    """
    every: list[Way] = []
    for some in found:
        if some is None:
            return Laid(line, None, "order", "count")
        every += some
    every = list(dict.fromkeys(every))
    if len(every) < 2:
        return Laid(line, every, "order", "count")
    sums, rules = placing.sums_of(line, table)
    fitting = [way for way in every if placing.adds_up(way, sums, line, table) is not False]
    if fitting and unsummed:
        fitting = [way for way in every if placing.adds_up(way, sums, line, table, unsummed) is not False]
    seen = line.parting == "cells" and any("" in pieces[: _filled(pieces)] for pieces in line.readings)
    if seen and not any(placing.says_much(way, sums, line, table) for way in fitting):
        # Between blanks that are seen, one figure and its total may be two equal ones of which neither is.
        return Laid(line, every, "solved", "count")
    if fitting and len(fitting) < len(every):
        spent.update(rules)
        return Laid(line, fitting, "solved", "count")
    return Laid(line, every, "solved", "count")


def _filled(pieces: Sequence[str]) -> int:
    """How many pieces there are up to the last that is not blank."""
    return max((k + 1 for k, piece in enumerate(pieces) if piece), default=0)


def _cut(line: placing.Line, table: TableForm, spent: set[tuple[str, str]]) -> Laid:
    """The ways to cut the digits of a line into its cells, spaces left out of account."""
    if any("," in stretch for reading in line.readings for stretch in reading):
        return Laid(line, None, "solved")
    n = len(line.cells)
    decimals = [kind == "amount" for kind in _kinds(line, table)]
    sums, rules = placing.sums_of(line, table)
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


def _dressed_way(way: Way, stretches: Sequence[str], line: placing.Line) -> Way:
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


# --- all lines together


def _spaces(lines: Sequence[placing.Line], form: Form) -> _Spaces:
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
        sums, _ = placing.sums_of(line, table)
        if sums:
            told = [
                placing.adds_up(way, sums, line, table)
                for gs in groups
                for way in placing.placings_of(gs, len(kinds)) or ()
            ]
            holding += True in told and any(len(gs) > 2 for gs in groups)
            broken += True not in told and False in told
    if not apart:
        return "nothing"
    if exact >= _FEWEST_SPACED and exact * 5 >= several * 4:
        return "borders"
    if broken > placing.MOST_BROKEN * (holding + broken):
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
    told = [[placing.holds(way, one.line, table) for way in one.ways or ()] for one in short]
    broken = sum(True not in ways and False in ways for ways in told)
    if broken > 1 and broken > placing.MOST_BROKEN * (broken + sum(True in ways for ways in told)):
        for one in short:
            one.ways, one.reason = None, "count"


def _doubt_beside_remarks(laid: Sequence[Laid]) -> None:
    """Where a line has more figures than the form has columns (a remark's stands behind the total), the last figure of a
    line with fewer may be such a one too, and a part and its total beside it look like parts and their total.
    """
    if not any(_figures_in(one.line) > len(one.line.cells) > 1 for one in laid):
        return
    for one in laid:
        if _figures_in(one.line) < len(one.line.cells):
            one.ways, one.reason = None, "count"


def _figures_in(line: placing.Line) -> int:
    """How many figures a line has that something parts; 0 where nothing does."""
    if line.parting == "none" and not line.apart:
        return 0
    return max((sum(len(piece.split()) for piece in reading) for reading in line.readings), default=0)


def _doubt_shifted(laid: Sequence[Laid], table: TableForm) -> None:
    """Where blanks leave no trace, a column too many makes up for one that is blank: then lines hardly ever add up."""
    single = [one for one in laid if one.line.parting != "none" and one.ways and len(one.ways) == 1]
    told = [placing.holds(one.ways[0], one.line, table) for one in single if one.ways]
    # Where blanks left no trace in other lines, one that does not add up may have one too, and something else besides.
    lost = any(
        one.line.parting == "lines" and sum(map(bool, one.line.readings[0])) < len(one.line.cells)
        for one in laid
        if not one.line.doubt
    )
    for one, held in zip(single, told, strict=True):
        if held is False and one.line.parting == "lines" and (lost or not all(one.line.readings[0])):
            one.ways, one.reason = None, "count"
    broken = told.count(False)
    if broken > 1 and broken > placing.MOST_BROKEN * (broken + told.count(True)):
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
        vectors = [
            [numbers[p] for p in places] for numbers in (placing.numbers_of(way, one.line, table) for way in one.ways)
        ]
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
        if len(new) == len(old) or laid[i].line.parting != "none":
            # Where pieces were parted, a column's sum that is wrong in print would choose among the places of blanks.
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
