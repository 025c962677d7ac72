"""Tables that lost their cell borders: labels and figures in running text.

Belongs here: the tables of a report's running text, by the form that goes with them best. Does not belong here: grids
(`matching`), sentences (`statements`), which column a figure is (`laying`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from parsers.grammar.labels import form_index
from parsers.tables.form_choice import Seen, Told, choose
from parsers.tables.laying import Laid, lay
from parsers.tables.match import Match, agreed
from parsers.tables.placing import Line, value_of
from schemas.facts import Fact, Leftover, Passage, TableLayout, Trace, Unresolved, Value
from schemas.forms import Form, TableForm, load

from .lines import Finder
from .pieces import Piece, Text, pieces_of, text_of

MOST_READINGS = 50
# A table in running text is believed from this many lines on.
_FEWEST_LINES = 2


def read(
    passages: Sequence[Passage], year: int | None = None, beside: Match | None = None, told: Told | None = None
) -> Match | None:
    """The tables in a report's running text by the form that fits best, or None where there is none.

    ``year`` (the report's, if known) decides between forms that fit equally, else what the document has ``told``. ``beside`` is what grids of the report hold:
    then only the tables of its form are looked for that it has not.
    """
    text = text_of(passages)
    pieces = pieces_of(text.text)
    finders: dict[str, tuple[list[Line], Finder]] = {}

    def look(form_id: str) -> Seen | None:
        lines, finder = _find(text, load(form_id), pieces, beside.tables if beside else ())
        if len(lines) < _FEWEST_LINES and beside is None:
            return None
        finders[form_id] = lines, finder
        return _seen(form_id, lines, finder)

    if beside is not None:
        look(beside.form)
        return _match(beside.form, *finders[beside.form], beside.variant)
    choice = choose(look, None, year, told)
    if choice is None:
        return None
    return agreed([m for i in (choice.form, *choice.equal) if (m := _match(i, *finders[i])) is not None])


def _match(form_id: str, lines: list[Line], finder: Finder, variant: str | None = None) -> Match | None:
    """What one form makes of its lines, or None for nothing."""
    form = load(form_id)
    variant = variant or _variant(form, lines)
    solution = solve(lines, form, variant)
    if not solution.facts and not solution.unresolved:
        return None
    layouts = _layouts(form, variant, lines, finder)
    match = Match(form_id, variant, solution.facts, solution.unresolved, layouts, spent=solution.spent)
    match.traces, match.leftovers = _not_placed(finder, match)
    return match


def _seen(form_id: str, lines: Sequence[Line], finder: Finder) -> Seen:
    """What of a form is printed: labels before figures by where these stand, heads and groups by their words."""
    rows = frozenset((line.table, p.code) for line in lines for p in line.labels)
    columns = frozenset((line.table, h.code) for line in lines for h in line.heads)

    def official() -> int:
        return len({(line.table, p.code) for line in lines for p in line.labels if p.how == "official"})

    return Seen(form_id, rows, columns, frozenset(finder.seen), official)


def _not_placed(finder: Finder, match: Match) -> tuple[list[Trace], list[Leftover]]:
    """Labels of rows without figures, and figures under words that no form knows."""
    known = {(layout.table, row.code) for layout in match.layouts for row in layout.rows}
    traces = [t for t in finder.passed.values() if t.table in match.tables and (t.table, t.row) not in known]
    leftovers = [Leftover(t, figures, "row", place) for t, figures, place in finder.stray if t in match.tables]
    return traces, leftovers


def _find(text: Text, form: Form, pieces: Sequence[Piece], without: Collection[str]) -> tuple[list[Line], Finder]:
    """The lines of a form's tables in running text, in the order printed, and what else was seen on the way."""
    finder = Finder(form_index(form.id), text)
    finder.find(pieces)
    unnumbered = {line.hit.table for line in finder.lines if line.glued is False}
    found = [line.row(numbered=line.hit.table not in unnumbered) for line in finder.lines]
    return [line for line in found if line.readings and line.table not in without], finder


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
            known: list[Value] = sorted(numbers) if len(numbers) <= MOST_READINGS else []
            # Every way was looked at, and none has a blank or words here: it is one of these.
            figures = all(r.kind == "number" for r in read)
            closed = bool(known) and figures and laid.ways is not None and laid.reason == "joined"
            solution.unresolved.append(Unresolved(address, line.printed, laid.reason, known, line.place, closed))


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
