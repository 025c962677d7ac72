"""The second opinion on a PDF: which cells another engine is asked about, and what stands of two readings.

Belongs here: which readings are in question, putting two readings of one cell together, what loses its certainty where no
second reading comes, and what a form's own sums say of a figure with one reading. Does not belong here: either engine
(`readers.pdf`), which cell of a form a printed one is (`tables`).

Readings are compared by place: the characters that another engine sees in the same box of the same page.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from schemas import forms, identities
from schemas.facts import Fact, Method, Place, Report, Unresolved, Value

from .document import UnreadableError
from .grammar import figures

if TYPE_CHECKING:
    from .readers.pdf.grid import CellText

# What another engine may know of a cell that the first could not read: its characters, and which stands on which.
_OF_CHARACTERS = ("characters", "joined")
# Why a figure may be the one of the row above or below.
_OF_ROWS = ("wrapped", "label")
# A PDF whose figures are words, or most of whose sums are wrong: by so many cells or sums, and such a share.
_FEWEST_TO_JUDGE, _MOST = 20, 0.75


def review(report: Report, data: bytes, name: str) -> str | None:
    """Have the doubtful cells of a PDF's report read again, keep what both engines read, and let sums decide the rest.

    Asked for are the cells of sums that do not hold and those whose characters are not certain. Where the engines differ
    nothing is certain. What only the second reads stands if the form's sums bear it out; so does a figure that its narrow
    cell broke.

    Returns why the other engine cannot be used here, None where it can or is not needed: a fault of the installation and not
    of the document, for which no figure loses its certainty.
    """
    _doubt_scanned(report)
    cells = identities.cells_of(report)
    outcomes = [(e, identities.evaluate(e, cells).outcome) for e in identities.of_report(report)]
    by_outcome = [outcome for _, outcome in outcomes]
    if _digits_are_doubtful(report, by_outcome) or ("broken" in by_outcome and _are_misnamed(report, data, name)):
        # The other engine reads the same map of characters.
        _unresolve(report, {f.address: None for f in report.facts if f.kind in ("number", "text")}, "characters")
        return None
    broken = {
        address
        for equation, outcome in outcomes
        if outcome == "broken" and not cells.keys().isdisjoint(equation.left)
        for address in (*equation.left, *equation.right)
    }
    asked: list[Fact | Unresolved] = [f for f in report.facts if f.address in broken]
    # What was struck out of a blank cell, or noted over it, the other engine takes for what stands in it.
    asked += [u for u in report.unresolved if u.reason in _OF_CHARACTERS and (u.printed or not u.readings)]
    asked = [cell for cell in asked if cell.place.page is not None and cell.place.box is not None]
    # What stands on two lines of a narrow cell is one figure, or two.
    found = [_figure(report, u, "".join(u.printed.split())) for u in report.unresolved if u.reason == "wrapped"]
    unusable = None
    try:
        found += _read_again(report, asked, data, name) if asked else []
    except ImportError as error:
        unusable = str(error)[:300]
        _tell_of_installation(unusable)
    if candidates := {fact.address: fact for fact in found if fact is not None}:
        _take_what_adds_up(report, candidates)
    return unusable


def _doubt_scanned(report: Report) -> None:
    """A character reader's digits under a picture of the page are certain where a sum of the form bears them out.

    Nobody sees that text, and one digit of some hundred is another one in it. A wrong figure breaks every sum it is in, while
    its neighbours have others that hold; a row that was missed as a whole bears nothing out.
    """
    read = {f.address: f for f in report.facts if f.method == "ocr"}
    if not read:
        return
    values = {f.address: f.value if f.value is not None else 0 for f in report.facts if f.kind != "text"}
    borne_out: set[str] = set()
    # Of each cell by how much each of its sums wants it changed.
    changes: dict[str, list[Value]] = {}
    broken: list[tuple[str, ...]] = []
    for equation in identities.of_report(report):
        cells = (*equation.left, *equation.right)
        if equation.relation != "=" or not values.keys() >= {*cells}:
            continue
        left, right = (sum(values[a] for a in side) for side in (equation.left, equation.right))
        for side, change in ((equation.left, right - left), (equation.right, left - right)):
            for address in side:
                changes.setdefault(address, []).append(change)
        if left != right:
            broken.append(cells)
        elif any(a in read and read[a].value is not None for a in cells):
            borne_out.update(cells)
    for cells in broken:
        if not any(changes[a][0] and len({*changes[a]}) == 1 for a in cells):
            # No one figure is wrong: two may be that make up for one another in sums that hold.
            borne_out -= {*cells}
    _unresolve(report, {a: None for a, f in read.items() if f.kind != "text" and a not in borne_out}, "unconfirmed")


def _digits_are_doubtful(report: Report, outcomes: Sequence[str]) -> bool:
    """Whether a PDF's map of characters seems to give other digits than are printed.

    Offices misprint some sums, and fonts shift all digits: then even rows of nothing but zeros do not add up.
    """
    kinds = [f.kind for f in report.facts if f.kind in ("number", "text")]
    broken, holding = outcomes.count("broken"), outcomes.count("holds")
    return (len(kinds) >= _FEWEST_TO_JUDGE and kinds.count("text") > _MOST * len(kinds)) or (
        broken >= _FEWEST_TO_JUDGE and broken > _MOST * (broken + holding)
    )


def _are_misnamed(report: Report, data: bytes, name: str) -> bool:
    """Whether the pages of a report's tables draw digits that their font's map says are others."""
    from .readers import pdf

    try:
        return pdf.has_misnamed_digits(data, name, {f.place.page for f in report.facts if f.place.page is not None})
    except (UnreadableError, MemoryError):
        return False


def _read_again(report: Report, asked: Sequence[Fact | Unresolved], data: bytes, name: str) -> list[Fact | None]:
    """Put a second reading of cells beside the first. Returns what it reads where the first could not. Raises ImportError."""
    from .readers import pdf

    again: Sequence[CellText | None]
    try:
        again = pdf.read_again(data, name, [(c.place.page, c.place.box) for c in asked if c.place.page and c.place.box])
    except (UnreadableError, MemoryError):
        again = [None] * len(asked)
    found: list[Fact | None] = []
    unconfirmed: dict[str, Value | None] = {}
    differing: dict[str, Value | None] = {}
    for cell, seen in zip(asked, again, strict=True):
        other = _figure(report, cell, seen.text) if seen is not None and seen.doubt is None else None
        if isinstance(cell, Unresolved):
            found.append(other)
        elif seen is not None and _characters(seen.text) == _characters(cell.printed):
            continue
        elif other is None or other.kind == "blank":
            unconfirmed[cell.address] = None
        elif (other.kind, other.value) != (cell.kind, cell.value):
            differing[cell.address] = other.value
    # A sum that the only reading breaks is still told to be wrong: nobody shall take such a file for sound.
    _unresolve(report, unconfirmed, "unconfirmed", closed=True)
    _unresolve(report, differing, "engines")
    return found


@cache
def _tell_of_installation(error: str) -> None:
    """Say once what is wrong with the installation, to who calls the parsers: what is said in a child process nobody hears."""
    logging.getLogger(__name__).warning(
        "安装不完整：PDF 的第二个读取引擎不能用（%s），有疑问的数字没有复核。请重新安装。", error
    )


def _characters(text: str) -> str:
    """What must be the same for two readings to be: not white space, nor which code point stands for one shape."""
    return "".join(normalize("NFKC", text).split())


def _figure(report: Report, cell: Fact | Unresolved, text: str) -> Fact | None:
    """A cell of a report read from another text; None where that can be read in more than one way."""
    code, row_code, column_code = cell.address.split(".")
    table = forms.load(report.form).tables[code]
    row, column = table.row[row_code], table.column[column_code]
    asked = table.value_of(row, column)
    reading = figures.read(
        text,
        unit=table.unit_of(row, column),
        amount=asked == "amount",
        signed=asked == "signed",
        head_unit=cell.unit_printed if isinstance(cell, Fact) else None,
    )
    if reading.doubt:
        return None
    beside = (f.method for f in report.facts if f.place.table == cell.place.table)
    method: Method = next(beside, "ruled")
    return Fact(cell.address, reading.value, reading.kind, text, reading.unit, cell.place, method, reading.unit_printed)


def _unresolve(report: Report, others: Mapping[str, Value | None], reason: str, *, closed: bool = False) -> None:
    """Make facts unresolved, blanks too, with what another reading gives. ``closed``: the first is the only reading."""
    if not others:
        return
    for fact in report.facts:
        if fact.address in others:
            values = [] if reason == "characters" else [fact.value, others[fact.address]]
            readings = [value for value in values if value is not None]
            report.unresolved.append(
                Unresolved(fact.address, fact.printed, reason, readings, fact.place, closed=closed and bool(readings))
            )
    report.facts = [fact for fact in report.facts if fact.address not in others]


def _beside(place: Place, by: int) -> tuple[int | None, int | None, int | None]:
    """Where the cell of another row of a column stands, so many rows below."""
    return place.table, None if place.row is None else place.row + by, place.column


def _take_what_adds_up(report: Report, candidates: Mapping[str, Fact]) -> None:
    """Take unresolved cells for what they seem to be where every sum of theirs then holds, and there is one.

    Never a nought: it fits any sum where a blank does. Where no rules hold digits together, those of two figures of a sum
    may be another row's alike, as may be all of a row beside one that has no figures: one sum tells of one figure, and two
    of more.
    """
    cells = identities.cells_of(report)
    trial = cells | {a: identities.Cell(value=f.value) for a, f in candidates.items() if f.value is not None}
    equations = identities.of_report(report)
    taken = set()
    places = {(u.place.table, u.place.row, u.place.column) for u in report.unresolved if u.reason in _OF_ROWS}
    shared = {a for a, f in candidates.items() if any(_beside(f.place, by) in places for by in (-1, 1))}
    for address, fact in candidates.items():
        own = [e for e in equations if address in (*e.left, *e.right)]
        outcomes = [identities.evaluate(e, trial).outcome for e in own]
        # Being no more than another one bears no figure out.
        holding = [e for e, o in zip(own, outcomes, strict=True) if o == "holds" and e.relation == "="]
        # Of fewer than two figures may a digit be another row's.
        alone = any(len(shared & {*e.left, *e.right}) < 2 for e in holding)
        told = alone or len(holding) > 1 or (fact.method == "ruled" and bool(holding))
        if fact.value and told and "broken" not in outcomes:
            report.facts.append(fact)
            taken.add(address)
    report.unresolved = [u for u in report.unresolved if u.address not in taken]
