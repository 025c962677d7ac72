"""Which cells are wrong: for the broken identities of a table, every smallest set of cells that explains them.

Belongs here: the equations that can take part, their connected parts, what is locked, patterns that people make.
Does not belong here: the search itself (`search`), digit evidence (`evidence`), the rules (`table_rules`).

Fellegi and Holt's principle: the smallest set of cells whose change makes all identities hold. It is an explanation,
never a verdict. Equations with a blank or unread cell take no part, but a set that would break one is no explanation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from schemas import forms, identities
from schemas.facts import Report, Value
from schemas.findings import Change, Explanation, Unexplained
from schemas.identities import Cell, Equation

from .context import column_label, form_of, row_label
from .evidence import digit_evidence
from .rules import Lang, words_of
from .search import Search, Sum, is_whole

MOST_CELLS = 4
# Stands for the cells of one equation that no other equation holds: any of them would do.
_ANY_OF = "any of "


@dataclass
class _Table:
    """One table of a report: its equations, split into those that can be searched and those that only bound."""

    report: Report
    code: str
    cells: dict[str, Cell]
    exact: list[Equation] = field(default_factory=list)
    others: list[Equation] = field(default_factory=list)
    forced: dict[str, Value] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()

    @cached_property
    def form(self) -> forms.TableForm:
        return forms.load(self.report.form).tables[self.code]

    def value(self, address: str) -> Value | None:
        return self.forced.get(address, self.cells[address].value if address in self.cells else None)

    def values(self) -> dict[str, Value]:
        return {a: v for e in self.exact for a in (*e.left, *e.right) if (v := self.value(a)) is not None}

    def outcome(self, equation: Equation, changed: Mapping[str, Value] | None = None) -> str:
        cells = self.cells
        if changed or self.forced:
            cells = cells | {a: Cell(value=v) for a, v in (*self.forced.items(), *(changed or {}).items())}
        return identities.evaluate(equation, cells).outcome


def explain(
    report: Report,
    *,
    locked: Mapping[str, Value] | None = None,
    previous: Report | None = None,
    lang: Lang = "zh",
) -> tuple[list[Explanation], list[Unexplained]]:
    """Every smallest explanation of each table with broken identities, and the tables that have none.

    ``locked`` holds the values of cells that are known from elsewhere (last year's carried_forward): they are not
    changed, and a cell that is printed differently takes its known value in every explanation. ``previous`` is last
    year's report of the same body and scope, for figures that were copied from it.
    """
    found: list[Explanation] = []
    unexplained: list[Unexplained] = []
    if form_of(report) is None:
        return found, unexplained
    for table in _tables(report, locked or {}):
        explained, rest = _explain_table(table, previous, lang)
        found.extend(explained)
        if rest:
            unexplained.append(Unexplained(report.report_id, table.code, rest, words_of(lang, "read_again")))
    return found, unexplained


def _tables(report: Report, locked: Mapping[str, Value]) -> Iterator[_Table]:
    """The tables that have a broken identity."""
    cells = identities.cells_of(report)
    there = {layout.table for layout in report.layouts}
    by_table: dict[str, _Table] = {}
    for equation in identities.of_report(report):
        if equation.table not in there or equation.key in report.spent:
            continue
        table = by_table.setdefault(equation.table, _Table(report, equation.table, cells))
        known = all(a in cells and cells[a].value is not None for a in (*equation.left, *equation.right))
        (table.exact if known and equation.relation == "=" else table.others).append(equation)
    for table in by_table.values():
        if any(table.outcome(e) == "broken" for e in (*table.exact, *table.others)):
            own = {a: v for a, v in locked.items() if a in cells and cells[a].value is not None}
            table.forced = {a: v for a, v in own.items() if v != cells[a].value}
            table.locked = frozenset(own)
            yield table


def _explain_table(table: _Table, previous: Report | None, lang: Lang) -> tuple[list[Explanation], list[str]]:
    """The explanations of one table, and the names of the broken equations that no small set explains."""
    out: list[Explanation] = []
    rest: list[str] = []
    mended: dict[str, Value] = {}
    for part in _connected(table.exact):
        broken = [e for e in part if table.outcome(e) == "broken"]
        forced = {a: v for a, v in table.forced.items() if any(a in (*e.left, *e.right) for e in part)}
        if not broken:
            if forced and any(identities.evaluate(e, table.cells).outcome == "broken" for e in part):
                out.append(_explanation(table, part[0], forced, previous, lang))
            continue
        sets = _smallest(table, part)
        if not sets:
            shifted = _shifts(table, part)
            out.extend(_explanation(table, broken[0], c, previous, lang, pattern) for pattern, c in shifted)
            rest.extend(e.name for e in broken if not shifted)
            continue
        out.extend(_explanations(table, part, broken, sets, forced, previous, lang))
        if len(sets) == 1:
            mended |= {a: v for a, v in sets[0].items() if not a.startswith(_ANY_OF)}
    out.extend(_whole(table, e, lang) for e in table.others if table.outcome(e, mended) == "broken")
    return out, rest


def _explanations(
    table: _Table,
    part: Sequence[Equation],
    broken: Sequence[Equation],
    sets: Sequence[dict[str, Value]],
    forced: Mapping[str, Value],
    previous: Report | None,
    lang: Lang,
) -> Iterator[Explanation]:
    """The sets of one connected part: cells as changes, and equations where any of their cells would do."""
    by_name = {e.name: e for e in part}
    whole = sorted({cell for each in sets for cell in each if cell.startswith(_ANY_OF)})
    for cell in whole:
        yield _whole(table, by_name[cell.removeprefix(_ANY_OF)], lang)
    taken = {cell.removeprefix(_ANY_OF) for cell in whole}
    equation = next((e for e in broken if e.name not in taken), broken[0])
    seen: set[tuple[tuple[str, Value], ...]] = set()
    for each in sets:
        changes = {a: v for a, v in each.items() if not a.startswith(_ANY_OF)} | dict(forced)
        key = tuple(sorted(changes.items()))
        if changes and key not in seen:
            seen.add(key)
            yield _explanation(table, equation, changes, previous, lang)


def _connected(equations: Sequence[Equation]) -> list[list[Equation]]:
    """Equations that hang together by common cells, in form order."""
    parts: list[tuple[set[str], list[Equation]]] = []
    for equation in equations:
        cells = {*equation.left, *equation.right}
        touching = [p for p in parts if p[0] & cells]
        joined = [e for p in touching for e in p[1]]
        parts = [p for p in parts if not p[0] & cells]
        parts.append((cells.union(*(p[0] for p in touching)), [*joined, equation]))
    return [part[1] for part in parts]


def _smallest(table: _Table, part: Sequence[Equation]) -> list[dict[str, Value]]:
    """The smallest sets for one connected part, without those that break an equation which only bounds."""
    values = table.values()
    count = Counter(a for e in part for a in (*e.left, *e.right))
    sums: list[Sum] = []
    private: dict[str, dict[str, int]] = {}
    for equation in part:
        signs = dict.fromkeys(equation.left, 1) | dict.fromkeys(equation.right, -1)
        alone = {a: sign for a, sign in signs.items() if count[a] == 1 and a not in table.locked}
        if len(alone) > 1 and all(is_whole(values[a]) for a in alone):
            # Nothing tells these cells apart: one stand-in, their signed sum, takes their place.
            stand_in = _ANY_OF + equation.name
            private[stand_in] = alone
            values[stand_in] = sum(sign * values[a] for a, sign in alone.items())
            signs = {a: sign for a, sign in signs.items() if a not in alone} | {stand_in: 1}
        sums.append(Sum(equation.rule, signs))
    sets = Search(sums, values, table.locked, frozenset(private), MOST_CELLS).run() or []

    def one_cell_can(stand_in: str, new: Value) -> bool:
        difference = new - values[stand_in]
        return any(is_whole(values[a] + sign * difference) for a, sign in private[stand_in].items())

    return [
        each
        for each in sets
        if all(one_cell_can(c, new) for c, new in each.items() if c in private) and _breaks_nothing(table, each)
    ]


def _breaks_nothing(table: _Table, changes: Mapping[str, Value]) -> bool:
    """Whether equations with blank or unread cells, and bounds, that were not broken stay so."""
    changed = {a: v for a, v in changes.items() if not a.startswith(_ANY_OF)}
    return not any(
        table.outcome(e, changed) == "broken" and table.outcome(e) != "broken"
        for e in table.others
        if any(a in changed for a in (*e.left, *e.right))
    )


# -- patterns ----------------------------------------------------------------------------------------------------------


def _shifts(table: _Table, part: Sequence[Equation]) -> list[tuple[str, dict[str, Value]]]:
    """Shifts by one place that make every identity of the part hold; none where two different ones do."""
    # Only where figures are added up along rows and down columns does a shift leave a trace that is its own.
    if not any(e.row for e in part) or {i.each for i in table.form.identities} != {"row", "column"}:
        return []
    out: dict[str, dict[frozenset[tuple[str, Value]], dict[str, Value]]] = {}
    for pattern, figures in (*_shifted_rows(table, part), *_shifted_blocks(table)):
        changes = {a: v for a, v in figures.items() if v != table.value(a)}
        if not changes or table.locked & changes.keys() or not all(is_whole(v) for v in changes.values()):
            continue
        if all(table.outcome(e, changes) == "holds" for e in part):
            out.setdefault(pattern, {})[frozenset(changes.items())] = changes
    return [(pattern, next(iter(ways.values()))) for pattern, ways in out.items() if len(ways) == 1]


def _shifted_rows(table: _Table, part: Sequence[Equation]) -> Iterator[tuple[str, dict[str, Value]]]:
    """What the figures of a row would be one column to the left or to the right.

    A row whose own sum holds may be shifted too: its total was typed where it belongs.
    """
    for equation in part:
        if equation.row is None:
            continue
        addresses = [*equation.right, *equation.left]
        printed = [table.value(a) or 0 for a in addresses]
        parts, total = printed[:-1], printed[-1]
        ways = []
        if parts[0] == 0:
            ways.append([*parts[1:], 0, total])
        if parts[-1] == 0:
            ways.append([0, *parts[:-1], total])
        if table.outcome(equation) == "broken":
            if parts[0] == 0:
                ways.append([*parts[1:], total, sum(parts[1:]) + total])
            ways.append([parts[-1] - sum(parts[:-1]), *parts])
        yield from (("row_shifted", dict(zip(addresses, way, strict=True))) for way in ways)


def _shifted_blocks(table: _Table) -> Iterator[tuple[str, dict[str, Value]]]:
    """What the table would be with all rows from one on moved up or down by one row."""
    form = forms.load(table.report.form)
    rows = form.rows(table.code, table.report.variant)
    columns = [c.code for c in table.form.columns]
    grid = [[table.value(f"{table.code}.{r.code}.{c}") for c in columns] for r in rows]
    if any(v is None for line in grid for v in line):
        return
    figures = [[v or 0 for v in line] for line in grid]
    for i in range(len(rows)):
        if not any(figures[i]):
            yield "column_shifted", _grid(table, rows, columns, [*figures[:i], *figures[i + 1 :], None])
        if not any(figures[-1]):
            yield "column_shifted", _grid(table, rows, columns, [*figures[:i], None, *figures[i:-1]])


def _grid(
    table: _Table, rows: Sequence[forms.Row], columns: Sequence[str], figures: Sequence[Sequence[Value] | None]
) -> dict[str, Value]:
    """Addresses for a grid; the row that is None takes what the identities leave for it."""
    by_code = {r.code: line for r, line in zip(rows, figures, strict=True)}
    lost = next(r for r in rows if by_code[r.code] is None)

    def of(code: str, i: int) -> Value:
        line = by_code[code]
        return line[i] if line is not None else 0

    def left_over(i: int) -> Value:
        def of_role(*roles: forms.RowRole) -> Value:
            return sum((of(r.code, i) for r in rows if not set(roles).isdisjoint(r.roles)), start=0)

        handled, processed, forward = of_role("outcome"), of_role("processed"), of_role("carried_forward")
        balance = of_role("received", "carried_over") - processed - forward
        if "outcome" in lost.roles:
            return processed - handled
        if "processed" in lost.roles:
            return handled
        return balance if "carried_forward" in lost.roles else -balance

    by_code[lost.code] = [left_over(i) for i in range(len(columns))]
    return {f"{table.code}.{r.code}.{c}": of(r.code, i) for r in rows for i, c in enumerate(columns)}


def _pattern(table: _Table, changes: Sequence[Change], previous: Report | None) -> str | None:
    """What people do that looks like these changes."""
    if any(c.evidence == "split pair" for c in changes):
        return "split_number"
    if len(changes) == 2:
        one, other = changes
        was = (one.printed or 0, other.printed or 0)
        differences = (one.value - was[0], other.value - was[1])
        places = [c.address.split(".") for c in changes]
        same_row, same_column = (places[0][i] == places[1][i] for i in (1, 2))
        moved = differences[0] == -differences[1]
        if (one.value, other.value) == (was[1], was[0]) and abs(differences[0]) != 1 and (same_row or same_column):
            return "exchanged"
        if moved and same_row and not any(_is_total(table, c.address, in_column=True) for c in changes):
            return "wrong_applicant"
        ends = {r.code for r in table.form.rows_as("processed", "carried_forward")}
        if moved and same_column and not any(p[1] in ends for p in places):
            return "wrong_row"
    if previous is not None:
        last = previous.values()
        if any(c.printed == last.get(c.address) and c.printed for c in changes if _is_total(table, c.address)):
            return "copied_total"
    return None


def _is_total(table: _Table, address: str, *, in_column: bool = False) -> bool:
    """Whether a cell is a total: in a column of totals or (unless ``in_column``) in the row that adds up outcomes."""
    _, row, column = address.split(".")
    if "total" in table.form.column[column].roles:
        return True
    return not in_column and "processed" in table.form.row[row].roles


# -- the objects -------------------------------------------------------------------------------------------------------


def _whole(table: _Table, equation: Equation, lang: Lang) -> Explanation:
    """All cells of one equation explain it equally: none is accused."""
    message = words_of(lang, "whole_equation", equation=_where(table, equation, lang))
    return Explanation(table.report.report_id, table.code, equation.name, None, "whole_equation", message)


def _where(table: _Table, equation: Equation, lang: Lang) -> str:
    return row_label(table.report, table.code, equation.row, lang) or column_label(
        table.report, table.code, equation.column, lang
    )


def _explanation(
    table: _Table,
    equation: Equation,
    changes: Mapping[str, Value],
    previous: Report | None,
    lang: Lang,
    pattern: str | None = None,
) -> Explanation:
    cells = table.cells
    listed = [Change(a, cells[a].value, new, _evidence(table, a, new)) for a, new in changes.items()]
    pattern = pattern or _pattern(table, listed, previous)
    if pattern in ("row_shifted", "column_shifted"):
        said = ""
    else:
        one = ("；" if lang == "zh" else "; ").join(
            words_of(
                lang,
                "change",
                row=row_label(table.report, table.code, c.address.split(".")[1], lang),
                column=column_label(table.report, table.code, c.address.split(".")[2], lang),
                printed=c.printed,
                value=c.value,
                evidence=words_of(lang, c.evidence.replace(" ", "_")) if c.evidence else "",
            )
            for c in listed
        )
        said = words_of(lang, "smallest", changes=one)
    if pattern:
        # Where a row is shifted, it is the row of all changes; the equation may be a column's.
        row = row_label(table.report, table.code, listed[0].address.split(".")[1], lang)
        said += words_of(lang, pattern, row=row)
    return Explanation(table.report.report_id, table.code, equation.name, listed, pattern, said)


def _evidence(table: _Table, address: str, new: Value) -> str | None:
    if address in table.forced:
        return "known from last year"
    return digit_evidence(table.cells[address].value, new, _beside(table, address))


def _beside(table: _Table, address: str) -> tuple[Value | None, ...]:
    """The figures printed left and right of a cell in its row."""
    code, row, column = address.split(".")
    columns = [c.code for c in table.form.columns]
    i = columns.index(column)
    around = (columns[i - 1 : i] if i else []) + columns[i + 1 : i + 2]
    cells = (table.cells.get(f"{code}.{row}.{c}") for c in around)
    return tuple(c.value if c is not None else None for c in cells)
