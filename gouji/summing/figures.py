"""What one draft contributes to each cell of the summed form.

Belongs here: blanks, marks and rows of another variant turned into figures, or into the reason why there is none.
Does not belong here: whether the draft counts at all (`members`), adding up (`sums`).

A blank is worth what the draft's own sums leave for it, if that is one value; else zero, if zero keeps every sum that can
hold, and then it is said. Of a table in which all cells are blank nobody has said anything: these are no zeros. A cell that
was not read with certainty is worth nothing until a person says what.
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.rules import rule
from schemas import forms, identities
from schemas.facts import Fact, Report, Value
from schemas.forms import Form, TableForm
from schemas.identities import Cell, Equation

from .model import CellSum, Draft, Figure, How


def of(draft: Draft, form: Form, variant: str | None) -> dict[str, Figure]:
    """The draft's contribution to every cell of ``form`` in ``variant``, by address."""
    own = _own(draft, form)
    out = {address: own.get(address) for address in form.addresses(variant)}
    _regroup(out, own, draft, form)
    return {a: figure or Figure(draft, None, "absent", "") for a, figure in out.items()}


def broken(report: Report) -> list[str]:
    """Equations of the form that do not hold in the report itself, by the label of the row or column and the rule's name."""
    cells = identities.cells_of(report)
    there = {layout.table for layout in report.layouts}
    tables = forms.load(report.form).tables if there else {}
    out = []
    for e in identities.of_report(report) if there else ():
        if e.table in there and identities.evaluate(e, cells).outcome == "broken":
            table = tables[e.table]
            what = table.row[e.row].label if e.row else table.column[e.column or ""].label
            out.append(f"{what}（{rule(e.rule).words['zh']['name']}）")
    return out


def broken_sums(values: Mapping[str, Value], form: str, variant: str | None) -> list[str]:
    """Equations that do not hold among the sums themselves, by the label of the row or column and the rule's name."""
    cells = {address: Cell(value=value) for address, value in values.items()}
    tables = forms.load(form).tables
    out = []
    for e in identities.equations(form, variant):
        if identities.evaluate(e, cells).outcome == "broken":
            table = tables[e.table]
            what = table.row[e.row].label if e.row else table.column[e.column or ""].label
            out.append(f"{what}（{rule(e.rule).words['zh']['name']}）")
    return out


def broken_by_choice(sums: Mapping[str, CellSum], form: str, variant: str | None) -> list[str]:
    """The drafts of which a sum does not hold with the figures that choices set in it, by name; "" where what they add breaks one."""
    out: dict[str, None] = {}
    for e in identities.equations(form, variant):
        terms = [a for a in (*e.left, *e.right) if a in sums]
        chosen = {id(f.draft) for a in terms for f in sums[a].figures if f.how == "given"}
        of: dict[int, dict[str, Cell]] = {}
        for address in terms:
            for figure in sums[address].figures:
                if id(figure.draft) in chosen:
                    of.setdefault(id(figure.draft), {})[address] = Cell(value=figure.value)
        names = {id(f.draft): f.draft.name for a in terms for f in sums[a].figures}
        out |= {names[d]: None for d, cells in of.items() if identities.evaluate(e, cells).outcome == "broken"}
        added = {a: Cell(value=sum((c.amount or 0 for c in sums[a].adjustments), start=0)) for a in terms}
        if any(sums[a].adjustments for a in terms) and identities.evaluate(e, added).outcome == "broken":
            out[""] = None
    return list(out)


def _own(draft: Draft, form: Form) -> dict[str, Figure]:
    """Every cell of the draft that stands on it, on the draft's own form."""
    report = draft.report
    out: dict[str, Figure] = {}
    empty: list[Fact] = []
    for fact in report.facts:
        if fact.kind == "number":
            usable = fact.value is not None and _unit_fits(form, fact)
            out[fact.address] = Figure(
                draft, fact.value if usable else None, "printed" if usable else "unit", fact.printed
            )
        elif fact.kind == "text":
            out[fact.address] = Figure(draft, None, "words", fact.printed)
        else:
            empty.append(fact)
    for cell in report.unresolved:
        out[cell.address] = Figure(draft, None, "unresolved", cell.printed)
    untouched = blank_tables(report)
    values, how = _fill(report, [f.address for f in empty])
    for fact in empty:
        if fact.address.partition(".")[0] in untouched:
            out[fact.address] = Figure(draft, None, "blank_table", fact.printed)
        else:
            out[fact.address] = Figure(draft, values.get(fact.address), how[fact.address], fact.printed)
    return out


def blank_tables(report: Report) -> list[str]:
    """The tables of which no cell is filled in, not with a mark either."""
    kinds: dict[str, set[str]] = {}
    for fact in report.facts:
        kinds.setdefault(fact.address.partition(".")[0], set()).add(fact.kind)
    unread = {cell.address.partition(".")[0] for cell in report.unresolved}
    return [table for table, there in kinds.items() if there == {"blank"} and table not in unread]


def _unit_fits(form: Form, fact: Fact) -> bool:
    """Amounts are added in the form's own unit only."""
    code, row_code, column_code = fact.address.split(".")
    table: TableForm | None = form.tables.get(code)
    if table is None or row_code not in table.row or column_code not in table.column:
        return True
    row, column = table.row[row_code], table.column[column_code]
    if table.value_of(row, column) != "amount":
        # Money where a count is asked.
        return fact.unit not in ("万元", "元", "亿元")
    return fact.unit == table.unit_of(row, column)


# -- blanks --------------------------------------------------------------------------------------------------------


def _fill(report: Report, empty: list[str]) -> tuple[dict[str, Value], dict[str, How]]:
    """Values for empty cells, and how each came about; those that cannot be zero have none."""
    cells = identities.cells_of(report)
    there = {layout.table for layout in report.layouts}
    equations = [e for e in identities.of_report(report) if e.table in there and e.relation == "="]
    known = {a: c.value for a, c in cells.items() if c.value is not None}
    values, contradicted = _implied(equations, known, set(empty))
    how: dict[str, How] = dict.fromkeys(values, "implied")
    rest = [a for a in empty if a not in values]
    blocked = contradicted | _not_zero(equations, {**known, **values}, set(rest), cells)
    for address in rest:
        if address in blocked:
            how[address] = "not_zero"
        else:
            values[address], how[address] = 0, "as_zero"
    return values, how


def _implied(
    equations: list[Equation], known: Mapping[str, Value], empty: set[str]
) -> tuple[dict[str, Value], set[str]]:
    """What the sums leave for empty cells: the one missing term, or zeros where nothing is left to share.

    Where two sums leave different values for a cell, or less than nothing, none of them is taken: the second set names
    those cells.
    """
    values: dict[str, Value] = {}
    contradicted: set[str] = set()
    changed = True
    while changed:
        changed = False
        for equation in equations:
            found = _solved(equation, {**known, **values}, empty - set(values))
            for address, value in found.items():
                if value < 0:
                    contradicted.add(address)
                elif address not in contradicted:
                    values[address] = value
                    changed = True
    # A value that satisfies one sum and breaks another says that something else is wrong in the draft.
    for equation in equations:
        terms = {*equation.left, *equation.right}
        if terms & set(values) and _difference(equation, {**known, **values}) not in (0, None):
            contradicted |= terms & set(values)
    return {a: v for a, v in values.items() if a not in contradicted}, contradicted


def _difference(equation: Equation, values: Mapping[str, Value]) -> Value | None:
    """Left minus right; None where a term is not known."""
    terms = (*equation.left, *equation.right)
    if any(a not in values for a in terms):
        return None
    left: Value = sum((values[a] for a in equation.left), start=0)
    right: Value = sum((values[a] for a in equation.right), start=0)
    return left - right


def _solved(equation: Equation, values: Mapping[str, Value], empty: set[str]) -> dict[str, Value]:
    """The empty terms of an equation as far as it decides them."""
    left_empty = [a for a in equation.left if a in empty]
    right_empty = [a for a in equation.right if a in empty]
    unknown = [a for a in (*equation.left, *equation.right) if a not in values]
    if not unknown or set(unknown) != {*left_empty, *right_empty}:
        return {}
    left: Value = sum((values[a] for a in equation.left if a in values), start=0)
    right: Value = sum((values[a] for a in equation.right if a in values), start=0)
    if len(unknown) == 1:
        return {unknown[0]: right - left if left_empty else left - right}
    if left == right and not (left_empty and right_empty):
        return dict.fromkeys(unknown, 0)
    return {}


def _not_zero(
    equations: list[Equation], values: Mapping[str, Value], empty: set[str], cells: Mapping[str, Cell]
) -> set[str]:
    """Empty cells of sums that could hold, but not with zeros in them."""
    out: set[str] = set()
    for equation in equations:
        terms = {*equation.left, *equation.right}
        if not terms & empty:
            continue
        known = {a: Cell(value=values[a]) for a in terms if a in values}
        before = identities.evaluate(equation, {**{a: c for a, c in cells.items() if a in terms}, **known})
        zeros = identities.evaluate(
            equation,
            {**{a: c for a, c in cells.items() if a in terms}, **known, **{a: Cell(value=0) for a in terms & empty}},
        )
        if before.outcome != "broken" and zeros.outcome == "broken":
            out |= terms & empty
    return out


# -- variants ------------------------------------------------------------------------------------------------------


def _regroup(out: dict[str, Figure | None], own: Mapping[str, Figure], draft: Draft, form: Form) -> None:
    """Rows that stand for several rows of another variant: their sum is known, their share only where it is zero."""
    for other in form.variants:
        if len(other.present) != 1:
            continue
        for column in form.tables[other.table].columns:
            whole = f"{other.table}.{other.present[0]}.{column.code}"
            parts = [f"{other.table}.{row}.{column.code}" for row in other.absent]
            if whole in out and whole not in own and any(p in own for p in parts):
                out[whole] = _together(draft, [own.get(p) for p in parts])
            elif whole in own and parts[0] in out and not any(p in own for p in parts):
                out |= dict.fromkeys(parts, _apart(draft, own[whole]))


def _together(draft: Draft, figures: list[Figure | None]) -> Figure:
    """The figure of a row that stands for several."""
    shown = "＋".join(f.printed or "空" for f in figures if f is not None)
    total: Value = 0
    for figure in figures:
        if figure is None or figure.value is None:
            return Figure(draft, None, figure.how if figure else "absent", shown)
        total += figure.value
    as_zero = any(f is not None and f.how == "as_zero" for f in figures)
    return Figure(draft, total, "as_zero" if as_zero else "parts", shown)


def _apart(draft: Draft, whole: Figure) -> Figure:
    """The figure of each row that another stands for: known only if there is nothing to share."""
    if whole.value == 0:
        return Figure(draft, 0, "as_zero" if whole.how == "as_zero" else "parts", whole.printed)
    return Figure(draft, None, "undivided" if whole.value is not None else whole.how, whole.printed)
