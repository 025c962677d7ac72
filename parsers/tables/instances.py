"""One statutory table printed more than once in a document: which rows belong together, and what may be taken of them.

Belongs here: telling copies (a page's version for phones), other tables of the same form (own office and whole province,
last year annexed) and tables that go on behind a page's end apart. Does not belong here: single cells (`settling`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.facts import Fact, TableLayout, Unresolved

from .data_rows import DataRow
from .settling import settle

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LAST_YEAR = re.compile(r"上一?年度?(?!结转)|去年|往年|历年")


@dataclass(slots=True)
class Printed:
    """One printed table: what is there of it, what was read at each address, the short texts in front of it."""

    layout: TableLayout
    captions: list[str]
    found: dict[str, list[Fact | Unresolved]] = field(default_factory=dict)
    # The printed cells that it holds, as (table number, row, column).
    cells: set[tuple[int, int, int]] = field(default_factory=set)

    def names_year(self, year: int | None) -> bool:
        """Whether the texts in front of it name the report's own year."""
        return year is not None and str(year) in _YEAR.findall("\n".join(self.captions))

    def is_of_another_year(self, year: int | None) -> bool:
        """Whether the texts in front of it say that it is of another year than the report."""
        said = "\n".join(self.captions)
        years = {int(y) for y in _YEAR.findall(said)}
        if year is not None and years:
            return year not in years
        return _LAST_YEAR.search(said) is not None


class Numbering:
    """Which printing of its statutory table each row is of, from 0, as rows are named one by one.

    A table begins anew where a row occurs again under other heads or in another grid. One row that occurs again where a
    table goes on behind a page's end does not begin it anew.
    """

    def __init__(self) -> None:
        self._where: dict[str, dict[str, tuple[int, int]]] = {}
        self._number: dict[str, int] = {}
        self._codes: dict[tuple[str, int], set[str]] = {}
        self._named: dict[int, tuple[str, int]] = {}

    def begins_anew(self, row: DataRow, table: str, code: str) -> bool:
        """Whether this row, if that is what it is, begins another printing of its table."""
        here = (row.table.number, id(row.zone))
        return self._where.get(table, {}).get(code, here) != here

    def add(self, i: int, row: DataRow, table: str, code: str) -> None:
        """Row ``i`` is this one."""
        if self.begins_anew(row, table, code):
            self._number[table] = self._number.get(table, 0) + 1
            self._where[table] = {}
        self._where.setdefault(table, {})[code] = (row.table.number, id(row.zone))
        number = self._number.setdefault(table, 0)
        self._named[i] = (table, number)
        self._codes.setdefault((table, number), set()).add(code)

    def numbers(self, rows: Sequence[DataRow]) -> list[int]:
        """The number of every row; a row that was not named is of the printing that the rows beside it are of."""
        joined = _joined(self._codes)
        out = [joined[self._named[i]] if i in self._named else -1 for i in range(len(rows))]
        for i, row in enumerate(rows):
            if out[i] < 0:
                beside = (*range(i - 1, -1, -1), *range(i + 1, len(rows)))
                out[i] = next((out[k] for k in beside if k in self._named and rows[k].table is row.table), 0)
        return out


def _joined(codes: dict[tuple[str, int], set[str]]) -> dict[tuple[str, int], int]:
    """New numbers: a printing that only repeats one row of the one before, and has others, goes on with it."""
    out: dict[tuple[str, int], int] = {}
    whole: dict[tuple[str, int], set[str]] = {}
    for (table, n), own in codes.items():
        before = (table, out[table, n - 1]) if n else None
        if before is not None and len(own & whole[before]) == 1 and own - whole[before]:
            out[table, n] = before[1]
        else:
            out[table, n] = before[1] + 1 if before is not None else 0
        whole.setdefault((table, out[table, n]), set()).update(own)
    return out


def of_the_year(printed: Sequence[Printed], year: int | None) -> list[Printed]:
    """The printings that are not said to be of another year; all where that leaves none."""
    return [p for p in printed if not p.is_of_another_year(year)] or list(printed)


def _after_another_year(printed: Sequence[Printed], kept: Sequence[Printed], year: int | None) -> list[Printed]:
    """Of the kept printings those without a year that stand behind another year's, where there is one besides.

    Two years' tables that stood beside one another and were written out part by part: whose the last parts are, nobody
    says any more.
    """
    of_others = [i for i, p in enumerate(printed) if all(p is not k for k in kept)]
    if not of_others:
        return []
    behind = [p for p in printed[of_others[0] + 1 :] if any(p is k for k in kept) and not p.names_year(year)]
    return behind if len(behind) < len(kept) else []


def merge(printed: Sequence[Printed], kept: Sequence[Printed], year: int | None) -> dict[str, Fact | Unresolved]:
    """What all printings of one table say: what copies agree on; of tables that differ only what both have alike.

    ``kept`` are those of the year (`of_the_year`).
    """
    each = [_once(p.found) for p in kept]
    if len(printed) == len(each) == 1:
        return each[0]
    nobodys = _after_another_year(printed, kept, year)
    of_own = {address for p in kept if all(p is not n for n in nobodys) for address in p.found} if nobodys else None
    addresses = dict.fromkeys(address for found in each for address in found)
    settled: dict[str, Fact | Unresolved] = {}
    copies = len(each) == 1 or not any(_differ([f[a] for f in each if a in f]) for a in addresses)
    for address in addresses:
        found = [f[address] for f in each if address in f]
        one = settle(address, found)
        alone = of_own is not None and address not in of_own
        differs = not copies and (len(found) < len(each) or any(isinstance(f, Unresolved) for f in found))
        if isinstance(one, Fact) and (alone or differs):
            # Another table of this form is printed too, and does not say the same here, or it is open whose row this is.
            readings = [one.value] if one.value is not None else []
            one = Unresolved(address, one.printed, "repeated", readings, one.place)
        settled[address] = one
    return settled


def _once(found: Mapping[str, list[Fact | Unresolved]]) -> dict[str, Fact | Unresolved]:
    """What one printing says. A row that a page without rules shows on two lines of which some figures differ holds parts
    of figures: two lines that say the same in one of its columns are no copies of one another.
    """
    once = {address: of[0] if len(of) == 1 else settle(address, of) for address, of in found.items()}
    several = (a for a, of in found.items() if len(of) > 1)
    torn = {a.rpartition(".")[0] for a in several if isinstance(once[a], Unresolved) and _is_torn(found[a])}
    for address, one in once.items() if torn else ():
        if isinstance(one, Fact) and len(found[address]) > 1 and address.rpartition(".")[0] in torn:
            readings = [one.value] if one.value is not None else []
            once[address] = Unresolved(address, one.printed, "repeated", readings, one.place)
    return once


def _is_torn(found: Sequence[Fact | Unresolved]) -> bool:
    return len({f.value for f in found if isinstance(f, Fact) and f.method == "anchored"}) > 1


def _differ(found: Sequence[Fact | Unresolved]) -> bool:
    return len({(f.kind, f.value) for f in found if isinstance(f, Fact)}) > 1


def layout_of(kept: Sequence[Printed]) -> TableLayout:
    """The layout of the table: of its first printing, with the rows and columns that only others have."""
    first = kept[0].layout
    for other in kept[1:]:
        for own, more in ((first.rows, other.layout.rows), (first.columns, other.layout.columns)):
            known = {label.code for label in own}
            own.extend(label for label in more if label.code not in known)
    return first
