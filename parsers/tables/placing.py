"""The columns in which the pieces of a row of figures may stand, and what adds up in a row.

Belongs here: lines of pieces, every way to place them, what fills up the rows of a padded table, the totals within a row.
Does not belong here: cutting digits, sums over columns, what is believed of all lines together (`laying`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from math import comb
from typing import Literal

from parsers.grammar.figures import Reading
from parsers.grammar.figures import read as read_figure
from schemas.facts import Place, PrintedLabel, Value
from schemas.forms import Form, TableForm

from .splitting import Sum, Way

# What parts the stretches of a line: borders, and blanks are seen; borders, but a blank left no trace; nothing that is
# certain: a stretch may hold several cells, perhaps with spaces between them.
Parting = Literal["cells", "lines", "none"]
# More ways to place the pieces of one line are not listed.
_MOST_PLACINGS = 500
# An order of columns is believed, and spaces are, while no more than this share of the lines fails to add up.
MOST_BROKEN = 0.2
# So large a share of the lines of a table has the same number of cells, if what fills them up is at the same places.
_MOST_ALIKE = 0.8
_FEWEST_ALIKE = 6
# So many lines whose sums say much speak for a choice of columns.
_FEWEST_SUMS = 2
# So many figures may make a sum by chance: they are equal.
_BY_CHANCE = 2


@dataclass(slots=True)
class Line:
    """A line of figures under one row label, or under a head that names several rows.

    ``cells`` are (row, column) codes in the order of the form. ``readings`` are what the line may be, each a tuple of
    stretches in the order printed; several where an item number may have run into the digits. ``units`` and ``signs``
    belong to the stretches and stand behind and before them. ``apart``: each of its figures is a paragraph of its own,
    so that none of them is to be cut. ``doubt`` is a reason not to read it at all. ``start`` is how many cells of its
    row stand in front of its own.
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
    start: int = 0
    # What `sums_of` and `numbers_of` found, which are asked for the same line again and again.
    sums: tuple[list[Sum], list[tuple[str, str]]] | None = field(default=None, init=False, compare=False)
    numbers: dict[Way, list[Value | None]] = field(default_factory=dict, init=False, compare=False)


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
    return adds_up(way, sums_of(line, table)[0], line, table)


def placings_of(pieces: Sequence[str], n: int) -> list[Way] | None:
    """The ways to put pieces into ``n`` columns in their order, any of which may be blank; None where there are too many
    to list.
    """
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


def sums_of(line: Line, table: TableForm) -> tuple[list[Sum], list[tuple[str, str]]]:
    """The totals within a line, and the identities that state them."""
    if line.sums is None:
        line.sums = _sums_of(line, table)
    return line.sums


def _sums_of(line: Line, table: TableForm) -> tuple[list[Sum], list[tuple[str, str]]]:
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


def numbers_of(way: Way, line: Line, table: TableForm) -> list[Value | None]:
    """The figures of a way, 0 for blanks and marks, None for words."""
    if (known := line.numbers.get(way)) is not None:
        return known
    out: list[Value | None] = []
    for text, cell in zip(way, line.cells, strict=True):
        if text.isdecimal() and text.isascii():
            out.append(int(text))
            continue
        reading = value_of(text, line, cell, table)
        out.append(reading.value if reading.kind == "number" else 0 if reading.kind in ("blank", "mark") else None)
    line.numbers[way] = out
    return out


def adds_up(way: Way, sums: Sequence[Sum], line: Line, table: TableForm, unsummed: int = 0) -> bool | None:
    """Whether a way adds up; None where that cannot be told, for words among its figures or for zeros alone, or for a
    blank total beside so many figures at most.
    """
    numbers = numbers_of(way, line, table)
    told: bool | None = None
    for s in sums:
        terms = [numbers[i] for i in (s.total, *s.parts)]
        if None in terms or not any(terms) or (not way[s.total] and sum(map(bool, terms)) <= unsummed):
            continue
        if terms[0] != sum(t for t in terms[1:] if t is not None):
            return False
        told = True
    return told


def placings(line: Line) -> list[list[Way] | None]:
    """The ways to place what of a line something parts, by its readings."""
    if line.parting == "none" or line.doubt:
        return []
    n = len(line.cells)
    seen = line.parting == "cells"
    return [
        [("",) * n] if seen and len(pieces) >= n and not any(pieces) else placings_of(pieces, n)
        for pieces in line.readings
    ]


def unsummed_of(lines: Sequence[Line], placed: Sequence[Sequence[list[Way] | None]], table: TableForm) -> list[int]:
    """Of every line beside how many figures its total may be blank: any number where a line's certainly is, or lines add
    up in no other way; two, that may be equal by chance, wherever a line has several totals, or as many cells as
    columns, and these may stand in several ways.
    """
    blank = 0
    few: list[int] = []
    for line, own in zip(lines, placed, strict=True):
        ways = [way for some in own for way in some or ()]
        sums = sums_of(line, table)[0]
        whole = line.parting == "cells" and any(len(pieces) >= len(line.cells) for pieces in line.readings)
        few.append(_BY_CHANCE if len(ways) > 1 and (whole or len(sums) > 1) else 0)
        told = [adds_up(way, sums, line, table) for way in ways]
        if ways and True not in told and False in told:
            may_be_blank = any(adds_up(way, sums, line, table, len(way)) is not False for way in ways)
            blank += may_be_blank and (2 if len(ways) == 1 else 1)
    return [len(line.cells) if blank > 1 else some for line, some in zip(lines, few, strict=True)]


def says_much(way: Way, sums: Sequence[Sum], line: Line, table: TableForm) -> bool:
    """Whether a way adds up to a total of two figures at least: one alone and its total may be two equal ones of which
    neither is."""
    numbers = numbers_of(way, line, table)
    several = any(sum(bool(numbers[p]) for p in s.parts) > 1 for s in sums)
    return several and adds_up(way, sums, line, table) is True


def of_padded(lines: Sequence[Line], form: Form) -> dict[int, list[list[Way] | None]]:
    """The ways to place the cells of lines whose blanks are seen, by the line's id, where most lines of a table have as
    many cells, or lost only the blanks at their ends; other lines are missing here.

    What fills up such lines stands at the same places in all of them: where no line has anything. Of several choices
    of these places those remain that the lines' sums bear out.
    """
    groups: dict[tuple[int | None, str, int], list[Line]] = {}
    for line in lines:
        if line.parting == "cells" and len(line.readings) == 1 and not line.doubt:
            groups.setdefault((line.place.table, line.table, len(line.cells)), []).append(line)
    out: dict[int, list[list[Way] | None]] = {}
    for (_, code, n), group in groups.items():
        table = form.tables[code]
        widths = Counter(line.start + len(line.readings[0]) for line in group)
        lengths = Counter(len(line.readings[0]) for line in group)
        (width, as_wide), (length, as_many) = widths.most_common(1)[0], lengths.most_common(1)[0]
        if len(widths) > 1 and len(lengths) > 1 and all(line.readings[0][-1:] != ("",) for line in group):
            # The blanks at their ends are lost: how far a row stands from its heads nobody knows.
            out |= {id(line): [None] for line in group}
            continue
        if as_wide >= as_many:
            alike = [line for line in group if line.start + len(line.readings[0]) == width]
        else:
            alike = [line for line in group if len(line.readings[0]) == length]
        if len(alike) >= _MOST_ALIKE * len(group):
            out |= _alike(alike, table, n)
        elif len(group) >= _FEWEST_ALIKE and all(len(line.readings[0]) >= n for line in group):
            out |= _uneven(group, table, n)
    return out


def _uneven(lines: Sequence[Line], table: TableForm, n: int) -> dict[int, list[list[Way] | None]]:
    """The same of lines that none of their cells left, and only what fills them up is not of one length: those that add
    up as they stand, and blank ones."""
    out: dict[int, list[list[Way] | None]] = {}
    alike = _alike(lines, table, n)
    for line in lines:
        found = alike.get(id(line), [None])
        ways = found[0] or ()
        if len(ways) == 1 and (not any(ways[0]) or holds(ways[0], line, table)):
            out[id(line)] = found
    return out


def _alike(lines: Sequence[Line], table: TableForm, n: int) -> dict[int, list[list[Way] | None]]:
    """The ways to place the cells of lines of one width, by the line's id: whether their cells stand under one another or
    were pushed up to their labels, what fills them up stands at the same places."""
    rows = [line.readings[0] for line in lines]
    fewest, most = min(map(len, rows)), max(map(len, rows))
    found: list[list[Way]] = []
    if not any(any(row[: len(row) - fewest]) for row in rows):
        found += _choices([row[len(row) - fewest :] for row in rows], n)
    if most > fewest:
        found += _choices([(*row, *[""] * (most - len(row))) for row in rows], n)
    if len(found) > _MOST_PLACINGS:
        return {id(line): [None] for line in lines}
    if len(found) > 1 or (found and len(lines) == 1 and not all(found[0][0])):
        sums = [sums_of(line, table)[0] for line in lines]
        told = [_told(own, lines, sums, table) for own in found]
        fitting = [own for own, (_, wrong) in zip(found, told, strict=True) if wrong <= MOST_BROKEN * len(lines)]
        few = min(_FEWEST_SUMS, len(lines))
        sure = [own for own, (much, _) in zip(found, told, strict=True) if much >= few and own in fitting]
        if sure:
            found = sure
        elif not fitting:
            # Too many sums are wrong wherever the rows stand.
            return {id(line): [None] for line in lines}
    return {id(line): [list(dict.fromkeys(own[i] for own in found))] for i, line in enumerate(lines)} if found else {}


def _told(
    own: Sequence[Way], lines: Sequence[Line], sums: Sequence[Sequence[Sum]], table: TableForm
) -> tuple[int, int]:
    """How many lines' sums speak for this choice of their columns, and how many against it."""
    each = list(zip(own, sums, lines, strict=True))
    much = sum(says_much(way, of, line, table) for way, of, line in each)
    return much, sum(adds_up(way, of, line, table) is False for way, of, line in each)


def _choices(rows: Sequence[Way], n: int) -> list[list[Way]]:
    """The ways to choose ``n`` columns of rows so that nothing stands in the others, each as what it leaves of every row;
    one too many of them where there are too many.
    """
    filled = [k for k in range(len(rows[0])) if any(row[k] for row in rows)]
    empty = [k for k in range(len(rows[0])) if k not in filled]
    if len(filled) > n or len(rows[0]) < n:
        return []
    choices = [sorted((*filled, *more)) for more in islice(combinations(empty, n - len(filled)), _MOST_PLACINGS + 1)]
    if len(rows) >= _FEWEST_ALIKE:
        # In so many rows each column at the ends has a figure: what fills them up stands outside, if it can.
        choices = [choice for choice in choices if choice[-1] - choice[0] < n] or choices
    return [[tuple(row[k] for k in choice) for row in rows] for choice in choices]
