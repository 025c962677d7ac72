"""Rules about the figures of the tables: the form's equations, what a cell holds, what two rows have to do with each other.

Belongs here: evaluators that look at cells. Does not belong here: any rule's id, severity or words (`rules.toml`), and
which cell of a broken equation is wrong (`explanations`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas import identities
from schemas.facts import Report
from schemas.findings import Finding
from schemas.identities import Equation

from .context import Context, magnitude, show
from .rules import Rule

MONEY = ("元", "万元", "亿元")


def identity(rule: Rule, context: Context) -> Iterator[Finding]:
    """Equations of the form that carry this rule's id."""
    for equation in context.equations.get(rule.id, ()):
        result = context.result(equation)
        spent = bool(context.report.spent) and equation.key in context.report.spent
        if result.outcome == "holds" and not spent:
            context.holds(rule)
            continue
        if not any(a in context.cells for a in (*equation.left, *equation.right)):
            continue
        context.holds(rule)
        yield equation_finding(rule, context, equation, result, spent=spent)


def equation_finding(
    rule: Rule,
    context: Context,
    equation: Equation,
    result: identities.Result,
    *,
    spent: bool = False,
    case: str | None = None,
    **words: object,
) -> Finding:
    """The finding for an equation that does not hold or cannot be assessed. ``words`` fill the rule's own places."""
    terms = (*equation.left, *equation.right)
    common: dict[str, Any] = {
        "key": f"{equation.table}.{equation.row or ''}.{equation.column or ''}",
        "table": equation.table,
        "row": equation.row,
        "column": equation.column,
        "cells": list(terms),
        "terms": context.terms(equation.left, equation.right),
        "place": context.place(equation.left[0]),
        "printed": result.printed,
        "case": case,
    }
    if spent or result.outcome == "not_assessable":
        return context.finding(
            rule,
            "not_assessable",
            message=_not_assessable(context, equation, result, spent),
            consistent_with_zero=result.consistent_with_zero,
            **common,
        )
    assert result.printed is not None
    assert result.expected is not None
    difference = result.printed - result.expected
    return context.finding(
        rule,
        "broken",
        message=rule.say(
            context.lang,
            "bounded" if result.bounded else "message",
            printed=show(result.printed),
            expected=show(result.expected),
            difference=show(magnitude(difference)),
            row=context.row_label(equation.table, equation.row),
            column=context.column_label(equation.table, equation.column),
            **words,
        ),
        expected=result.expected,
        difference=difference,
        **common,
    )


def _not_assessable(context: Context, equation: identities.Equation, result: identities.Result, spent: bool) -> str:
    """Which cells keep an equation from being assessed."""
    zh = context.lang == "zh"
    if spent:
        return (
            "这一关系已用来拆分连在一起的数字，不能再用它核对。"
            if zh
            else "used to read joined digits, so not a check."
        )
    cells = []
    for address in result.unknown[:4]:
        names = context.names(address)
        cells.append(names["row"] if equation.column else names["column"])
    more = len(result.unknown) - len(cells)
    listed = ("、" if zh else ", ").join(cells)
    if more > 0:
        listed += f"等 {len(result.unknown)} 格" if zh else f" and {more} more"
    where = context.row_label(equation.table, equation.row) or context.column_label(equation.table, equation.column)
    if zh:
        zero = "空格按 0 计则相符。" if result.consistent_with_zero else ""
        # Rows that stand in the head are called by their names alone.
        in_head = context.form is not None and context.form.tables[equation.table].rows_in_head
        kind = "" if in_head else "行" if equation.row else "列"
        return f"“{where}”{kind}无法核对：{listed}没有可用的数字。{zero}"
    zero = " Zeros in the blanks would make it hold." if result.consistent_with_zero else ""
    return f"{where}: cannot be assessed, no figure in {listed}.{zero}"


def cell(rule: Rule, context: Context) -> Iterator[Finding]:
    """Cells of one kind (blank, mark, text) where the form wants a number."""
    if not context.report.facts:
        return
    context.holds(rule)
    facts = [fact for fact in context.without_number if fact.kind == rule.options["kind"]]
    of = rule.options.get("tables")
    tables = context.tables(*of) if of is not None else None
    empty = _empty_tables(rule, context) if facts else []
    for table in empty:
        yield _empty_table(rule, context, table)
    for fact in facts:
        table, row, column = fact.address.split(".")
        if (tables is not None and table not in tables) or table in empty:
            continue
        yield context.finding(
            rule,
            "broken",
            key=fact.address,
            message=rule.say(context.lang, "message", printed=fact.printed, **context.names(fact.address)),
            table=table,
            row=row,
            column=column,
            cells=[fact.address],
            printed=fact.printed,
            place=fact.place,
        )


def _empty_tables(rule: Rule, context: Context) -> list[str]:
    """The tables among those that the rule looks at whole of which every cell is of its kind."""
    whole = context.tables(*rule.options.get("whole", ()))
    if not whole:
        return []
    kinds: dict[str, set[str]] = {}
    for fact in context.report.facts:
        kinds.setdefault(fact.address.partition(".")[0], set()).add(fact.kind)
    open_ = {cell_.address.split(".")[0] for cell_ in context.report.unresolved}
    return [table for table in whole if kinds.get(table) == {rule.options["kind"]} and table not in open_]


def _empty_table(rule: Rule, context: Context, table: str) -> Finding:
    facts = [f for f in context.report.facts if f.address.split(".")[0] == table]
    title = context.form.tables[table].title if context.form else table
    return context.finding(
        rule,
        "broken",
        key=table,
        message=rule.say(context.lang, "table", table_title=title, n=len(facts), printed=facts[0].printed),
        table=table,
        cells=[f.address for f in facts],
        printed=facts[0].printed,
        place=facts[0].place,
    )


def unresolved(rule: Rule, context: Context) -> Iterator[Finding]:
    """Cells that could not be read with certainty. ``reason`` is the words ``because_…`` of the cell's own reason."""
    if context.facts or context.unresolved:
        context.holds(rule)
    # A table that was seen and not read at all is one finding, `structure.not_read`.
    unread = {t.table for t in context.report.traces if t.row is None}
    for cell_ in context.report.unresolved:
        table, row, column = cell_.address.split(".")
        if table in unread:
            continue
        reason = rule.words[context.lang].get(f"because_{cell_.reason}", cell_.reason)
        yield context.finding(
            rule,
            "broken",
            key=cell_.address,
            message=rule.say(
                context.lang, "message", printed=cell_.printed, reason=reason, **context.names(cell_.address)
            ),
            table=table,
            row=row,
            column=column,
            cells=[cell_.address],
            printed=cell_.printed,
            place=cell_.place,
        )


def number(rule: Rule, context: Context) -> Iterator[Finding]:
    """Counts that are negative or not whole, amounts that are negative; signed changes are neither."""
    if context.form is None:
        return
    negative = rule.options["test"] == "negative"
    values = [(fact, fact.value) for fact in context.report.facts if fact.value is not None]
    if values:
        context.holds(rule)
    for fact, value in values:
        # Nearly every figure is a count as it should be.
        if value >= 0 if negative else type(value) is int or value == int(value):
            continue
        table, row, column = fact.address.split(".")
        form_table = context.form.tables[table]
        asked = form_table.value_of(form_table.row[row], form_table.column[column])
        unit = form_table.row[row].unit
        bad = asked != "signed" if negative else asked != "amount" and unit not in MONEY
        if bad:
            yield context.finding(
                rule,
                "broken",
                key=fact.address,
                message=rule.say(
                    context.lang,
                    "amount" if asked == "amount" or unit in MONEY else "message",
                    printed=fact.printed,
                    **context.names(fact.address),
                ),
                table=table,
                row=row,
                column=column,
                cells=[fact.address],
                printed=value,
                place=fact.place,
            )


def unit(rule: Rule, context: Context) -> Iterator[Finding]:
    """A unit inside the cell that is not the form's; an amount that no authority of this level takes in."""
    form, report = context.form, context.report
    if form is None:
        return
    cells = set(context.select(rule.options["cells"]))
    for address, fact in context.facts.items():
        if fact.value is None or address not in cells:
            continue
        table, row, column = address.split(".")
        of = form.tables[table]
        asked = of.unit_of(of.row[row], of.column[column])
        if asked not in MONEY:
            continue
        context.holds(rule)
        most = next((p["most"] for p in rule.options["plausible"] if _fits(report, p)), None)
        foreign = fact.unit_printed in MONEY and fact.unit_printed != asked and fact.unit_printed in fact.printed
        if not foreign and (most is None or fact.unit != asked or fact.value <= most):
            continue
        yield context.finding(
            rule,
            "broken",
            key=address,
            message=rule.say(
                context.lang,
                "message" if foreign else "implausible",
                unit=fact.unit_printed,
                expected_unit=asked,
                printed=show(fact.value),
                **context.names(address),
            ),
            advice=rule.say(context.lang, "advice", expected_unit=asked),
            table=table,
            row=row,
            column=column,
            cells=[address],
            terms=context.terms((address,)),
            printed=fact.printed,
            place=fact.place,
        )


def _fits(report: Report, who: Mapping[str, Any]) -> bool:
    """Whether a report is of these levels and kinds."""
    return report.level in who["levels"] and ("kinds" not in who or report.kind in who["kinds"])


# -- rows that bound one another ---------------------------------------------------------------------------------------


def bound(rule: Rule, context: Context) -> Iterator[Finding]:
    """In each of the rows: the sum of some columns is at least that of others (what was issued is in force or repealed)."""
    table = context.form.table(rule.options["table"]) if context.form is not None else None
    for row in table.rows if table is not None else ():
        assert table is not None
        sides = [[table.column_as(role, row) for role in rule.options[side]] for side in ("columns", "least")]
        left, right = (tuple(table.address(row, c) for c in side if c is not None) for side in sides)
        if len(left) < len(sides[0]) or len(right) < len(sides[1]):
            continue
        equation = Equation(rule.id, table.code, row.code, None, left, right, ">=")
        if not any(a in context.cells and context.cells[a].value is not None for a in equation.right):
            continue
        context.holds(rule)
        result = identities.evaluate(equation, context.cells)
        if result.outcome != "holds":
            yield equation_finding(rule, context, equation, result)


def power(rule: Rule, context: Context) -> Iterator[Finding]:
    """Figures above 0 in a row that only some authorities may have (规章)."""
    report, options = context.report, rule.options
    wanted = set(context.select(options["cells"]))
    cells = [a for a in context.facts if a in wanted]
    if not cells:
        return
    above = [a for a in cells if (value := context.value(a)) is not None and value > 0]
    table, row, _ = cells[0].split(".")
    common: dict[str, Any] = {"key": row, "table": table, "row": row, "cells": above or cells}
    if report.level is None or report.kind is None:
        if above:
            yield context.finding(rule, "not_assessable", message=rule.say(context.lang, "unknown"), **common)
        return
    context.holds(rule)
    may = any(_fits(report, p) for p in options["may"])
    # Prefectures without a congress of their own (地区, 盟) make none.
    named_without = report.issuer is not None and report.issuer.startswith(tuple(options["may_not"])) if may else False
    if above and (not may or named_without):
        yield context.finding(
            rule,
            "broken",
            message=rule.say(
                context.lang,
                "message",
                issuer=report.issuer or report.issuer_printed or "—",
                cells=context.listed([f"{context.names(a)['column']} {context.printed(a)}" for a in above]),
            ),
            printed=context.value(above[0]),
            expected=0,
            difference=context.value(above[0]),
            place=context.place(above[0]),
            terms=context.terms(tuple(above)),
            **common,
        )


# -- slips that two broken equations give away -------------------------------------------------------------------------


def split_digits(rule: Rule, context: Context) -> Iterator[Finding]:
    """Rows that do not add up, and would if two neighbouring figures were the digits of one."""
    for equation in context.equations.get(rule.options["of"], ()):
        is_sum = equation.relation == "=" and len(equation.left) == 1
        if is_sum and rule.id in context.assessed and context.result(equation).outcome == "holds":
            continue
        order = (*equation.right, *equation.left)
        values = [context.value(a) for a in order]
        if any(v is None or v < 0 or v != int(v) for v in values):
            continue
        context.holds(rule)
        figures = [int(v) for v in values if v is not None]
        if sum(figures[:-1]) == figures[-1]:
            continue
        for i in range(len(figures) - 1):
            first, second = figures[i], figures[i + 1]
            joined = int(f"{first}{second}")
            # Beside the total a joined figure is the total, and its first half leaves the parts.
            if i + 1 == len(figures) - 1:
                mended = sum(figures[:i]) == joined
            else:
                mended = sum(figures[:-1]) - first - second + joined == figures[-1]
            if first and mended:
                yield context.finding(
                    rule,
                    "broken",
                    key=f"{order[i]}",
                    message=rule.say(
                        context.lang,
                        "message",
                        row=context.row_label(equation.table, equation.row),
                        first=first,
                        second=second,
                        joined=joined,
                    ),
                    table=equation.table,
                    row=equation.row,
                    column=order[i].rpartition(".")[2],
                    cells=[order[i], order[i + 1]],
                    terms=context.terms((order[i], order[i + 1])),
                    printed=first,
                    expected=joined,
                    difference=first - joined,
                    place=context.place(order[i]),
                )


def misplaced(rule: Rule, context: Context) -> Iterator[Finding]:
    """One column short by d and another over by d, while rows and total hold: cases counted under the wrong applicant."""
    options = rule.options
    rows = context.equations.get(options["rows"], ())
    if not rows:
        return
    if any(context.result(e).outcome == "broken" for e in rows):
        return
    for of in options["columns"]:
        equations = context.equations.get(of, ())
        results = {e.column: (e, context.result(e)) for e in equations}
        context.holds(rule)
        broken = {
            c: (e, r.printed - r.expected)
            for c, (e, r) in results.items()
            if r.outcome == "broken" and not r.bounded and r.printed is not None and r.expected is not None
        }
        if len(broken) != 2 or any(context.is_total(e.left[0]) for e, _ in broken.values()):
            continue
        (first, difference), (second, opposite) = broken.values()
        if difference + opposite != 0:
            continue
        short, over = (first, second) if difference > 0 else (second, first)
        n = magnitude(difference)
        yield context.finding(
            rule,
            "broken",
            key=of,
            message=rule.say(
                context.lang,
                "message",
                short=context.column_label(short.table, short.column),
                over=context.column_label(over.table, over.column),
                n=show(n),
            ),
            table=first.table,
            column=over.column,
            cells=[*over.left, *over.right, *short.left, *short.right],
            printed=n,
            expected=0,
            difference=n,
            place=context.place(over.left[0]),
        )
