"""Tables that lost their cell borders: labels and figures in running text.

Belongs here: the tables of a report's running text, by the form that goes with them best. Does not belong here: grids
(`matching`), sentences (`statements`), which column a figure is (`laying`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.grammar.labels import form_index
from parsers.tables.laying import Laid, Line, lay, value_of
from parsers.tables.matching import Match
from schemas.facts import Fact, Passage, TableLayout, Unresolved, Value
from schemas.forms import Form, TableForm, load_all

from .lines import Finder
from .pieces import Piece, Text, pieces_of, text_of

MOST_READINGS = 50
# A table in running text is believed from this many lines on.
_FEWEST_LINES = 2


def read(passages: Sequence[Passage], year: int | None = None) -> Match | None:
    """The tables in a report's running text by the form that fits best, or None where there is none.

    ``year`` (the report's, if known) decides between forms that fit equally.
    """
    text = text_of(passages)
    pieces = pieces_of(text.text)
    best: tuple[_Fit, Form, list[Line], Finder] | None = None
    for form in load_all():
        lines, finder = _find(text, form, pieces)
        if len(lines) < _FEWEST_LINES:
            continue
        fit = _fit(form, lines, year)
        if best is None or fit > best[0]:
            best = (fit, form, lines, finder)
    if best is None:
        return None
    _, form, lines, finder = best
    variant = _variant(form, lines)
    solution = solve(lines, form, variant)
    if not solution.facts and not solution.unresolved:
        return None
    layouts = _layouts(form, variant, lines, finder)
    return Match(form.id, variant, solution.facts, solution.unresolved, layouts, spent=solution.spent)


def find_lines(passages: Sequence[Passage], form: Form) -> list[Line]:
    """The lines of a form's tables in running text, in the order printed; empty where there is no such table."""
    return _find(text_of(passages), form)[0]


def _find(text: Text, form: Form, pieces: Sequence[Piece] | None = None) -> tuple[list[Line], Finder]:
    finder = Finder(form_index(form.id), text)
    finder.find(pieces_of(text.text) if pieces is None else pieces)
    unnumbered = {line.hit.table for line in finder.lines if line.glued is False}
    lines = [line.row(numbered=line.hit.table not in unnumbered) for line in finder.lines]
    return [line for line in lines if line.readings], finder


# --- what can be decided


@dataclass(slots=True)
class Solution:
    """What is decided of a form's lines."""

    facts: list[Fact] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    spent: set[tuple[str, str]] = field(default_factory=set)


def solve(lines: Sequence[Line], form: Form, variant: str | None = None) -> Solution:
    """Decide the cells of the lines found, as far as every way to read them agrees."""
    solution = Solution()
    lines, repeated = _without_copies(lines)
    for laid in lay(lines, form, variant, solution.spent):
        _decide(solution, laid, form.tables[laid.line.table], repeated)
    order = {address: i for i, address in enumerate(a for v in (None, variant) for a in form.addresses(v))}
    solution.facts.sort(key=lambda f: order.get(f.address, len(order)))
    solution.unresolved.sort(key=lambda u: order.get(u.address, len(order)))
    return solution


_Cells = tuple[tuple[str, str], ...]


def _without_copies(lines: Sequence[Line]) -> tuple[list[Line], set[tuple[str, str, str]]]:
    """One line for each row; and the cells, as (table, row, column), that are printed twice with other digits."""
    first: dict[tuple[str, _Cells], Line] = {}
    owner: dict[tuple[str, str, str], _Cells] = {}
    repeated: set[tuple[str, str, str]] = set()
    for line in lines:
        own = [(line.table, r, c) for r, c in line.cells]
        seen = first.get((line.table, line.cells))
        if seen is not None:
            if "".join(seen.printed.split()) != "".join(line.printed.split()):
                repeated.update(own)
            continue
        repeated.update(cell for cell in own if owner.setdefault(cell, line.cells) != line.cells)
        first[line.table, line.cells] = line
    return list(first.values()), repeated


def _decide(solution: Solution, laid: Laid, table: TableForm, repeated: set[tuple[str, str, str]]) -> None:
    """A fact where all ways agree, else an unresolved cell with its readings."""
    line = laid.line
    for position, (row, column) in enumerate(line.cells):
        address = f"{table.code}.{row}.{column}"
        texts = list(dict.fromkeys(way[position] for way in laid.ways or ()))
        read = [value_of(text, line, (row, column), table) for text in texts]
        numbers = list(dict.fromkeys(r.value for r in read if r.kind == "number" and r.value is not None))
        if (table.code, row, column) in repeated:
            solution.unresolved.append(Unresolved(address, line.printed, "repeated", [], line.place))
        elif read and read[0].doubt is None and len({(r.kind, r.value) for r in read}) == 1:
            one = read[0]
            solution.facts.append(
                Fact(address, one.value, one.kind, texts[0], one.unit, line.place, laid.method, one.unit_printed)
            )
        else:
            # Where it may be blank as well, its figures are not all that it may be.
            listed = len(numbers) <= MOST_READINGS and all(r.kind == "number" for r in read)
            known: list[Value] = sorted(numbers) if listed else []
            solution.unresolved.append(Unresolved(address, line.printed, laid.reason, known, line.place))


# --- which form


# Labels there; in force for the year; labels missing, as a negative number; official wording.
_Fit = tuple[float, bool, int, int]
# What it counts for a form that it is in force and complete: another form must have two labels more.
_IN_FORCE = 1.0


def _fit(form: Form, lines: Sequence[Line], year: int | None) -> _Fit:
    """How well a form goes with the lines found by its labels.

    A form that has one label more than another finds all that the other finds, so of two that find as much the one in
    force comes first, then the one that misses less.
    """
    found = len({(r.table, p.code) for r in lines for p in r.labels}) + len(
        {(r.table, h.code) for r in lines for h in r.heads}
    )
    missing = 0
    variant = _variant(form, lines)
    for code in dict.fromkeys(r.table for r in lines):
        own = [r for r in lines if r.table == code]
        named = {p.code for r in own for p in r.labels}
        heads = {h.code for r in own for h in r.heads}
        missing += sum(r.code not in named and not r.optional for r in form.rows(code, variant))
        missing += sum(c.code not in heads for c in form.tables[code].columns)
    in_force = year is not None and form.in_force[0] <= year <= form.in_force[1]
    official = sum(p.how == "official" for r in lines for p in r.labels)
    return found + _IN_FORCE * (in_force and not missing), in_force, -missing, official


def _variant(form: Form, lines: Sequence[Line]) -> str | None:
    """The variant whose rows are there and the base form's are not."""
    printed = {(r.table, code) for r in lines for code, _ in r.cells}
    for variant in form.variants:
        if any((variant.table, c) in printed for c in variant.present) and not any(
            (variant.table, c) in printed for c in variant.absent
        ):
            return variant.id
    return None


def _layouts(form: Form, variant: str | None, lines: Sequence[Line], finder: Finder) -> list[TableLayout]:
    """What of each table is there, in the order printed."""
    layouts: list[TableLayout] = []
    for code in form.tables:
        own = [r for r in lines if r.table == code]
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
        positions = [finder.names.order[code, c] for c in known]
        layout.reordered = positions != sorted(positions)
        layouts.append(layout)
    return layouts
