"""The few ways in which a rule can look at a report; each rule of the catalogue names one of them.

Belongs here: evaluators, each a function ``(rule, context) -> findings`` with the outcomes broken and not_assessable
(what holds or does not apply yields nothing). Does not belong here: any rule's id, severity or words (`rules.toml`).
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from schemas import forms, identities
from schemas.facts import Fact, Place, Report, Unresolved, Value
from schemas.findings import Finding, Outcome, Term
from schemas.labels import label

from .rules import Lang, Profile, Rule

_MONEY = ("元", "万元", "亿元")
_REASONS = {
    "joined": ("数字连在一起", "joined digits"),
    "engines": ("两次读取结果不同", "two readings differ"),
    "label": ("行名或列名认不准", "its row or column is not certain"),
    "count": ("格数与列数不符", "more or fewer cells than columns"),
    "repeated": ("同一格出现两次且数字不同", "the same cell twice with different figures"),
    "wrapped": ("数字断成两行", "digits on two lines"),
    "characters": ("字符不成数字", "characters that make no number"),
}


@dataclass
class Context:
    """One report under check."""

    report: Report
    profile: Profile
    lang: Lang
    facts: dict[str, Fact] = field(init=False)
    unresolved: dict[str, Unresolved] = field(init=False)

    def __post_init__(self) -> None:
        self.facts = {f.address: f for f in self.report.facts}
        self.unresolved = {u.address: u for u in self.report.unresolved}

    @cached_property
    def form(self) -> forms.Form | None:
        try:
            return forms.load(self.report.form)
        except KeyError:
            return None

    @cached_property
    def cells(self) -> dict[str, identities.Cell]:
        out = {a: identities.Cell(value=f.value) for a, f in self.facts.items()}
        out |= {a: identities.Cell(readings=tuple(u.readings)) for a, u in self.unresolved.items()}
        return out

    def place(self, address: str) -> Place:
        cell = self.facts.get(address) or self.unresolved.get(address)
        return cell.place if cell else Place()

    def row_label(self, table: str, code: str | None) -> str:
        """A row as the form words it, with its group where the label alone is not enough."""
        if code is None or self.form is None:
            return code or ""
        row = self.form.tables[table].row[code]
        if self.lang == "en":
            return code.replace("_", " ")
        text = label(row.label).key if row.label.startswith(("一、", "二、", "四、")) else row.label
        if row.parent:
            return f"{row.parent}（{row.label}）"
        return f"{row.group} {text}" if row.group and table != "article20" else text

    def column_label(self, table: str, code: str | None) -> str:
        if code is None or self.form is None:
            return code or ""
        return code.replace("_", " ") if self.lang == "en" else self.form.tables[table].column[code].label

    def names(self, address: str) -> dict[str, str]:
        table, row, column = address.split(".")
        return {"row": self.row_label(table, row), "column": self.column_label(table, column)}

    def finding(
        self,
        rule: Rule,
        outcome: Outcome,
        *,
        key: str,
        message: str,
        advice: str | None = None,
        **fields: Any,
    ) -> Finding:
        """A finding of ``rule``; ``key`` tells it from the rule's others on this report, and names it for good."""
        name = f"{self.report.report_id}|{rule.id}|{key}"
        return Finding(
            finding_id=hashlib.sha256(name.encode()).hexdigest()[:16],
            report_id=self.report.report_id,
            rule=rule.id,
            outcome=outcome,
            severity=rule.severity_for(self.report, self.profile),
            message=message,
            advice=rule.say(self.lang, "advice") if advice is None else advice,
            **fields,
        )


Evaluator = Callable[[Rule, Context], Iterator[Finding]]


def show(value: Value | str | None) -> str:
    """A value as it reads in a sentence."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "—" if value is None else str(value)


def identity(rule: Rule, context: Context) -> Iterator[Finding]:
    """Equations of the form that carry this rule's id."""
    form = context.form
    if form is None:
        return
    present = {layout.table for layout in context.report.layouts}
    for equation in identities.of_report(context.report):
        if equation.rule != rule.id or equation.table not in present:
            continue
        terms = (*equation.left, *equation.right)
        if not any(a in context.cells for a in terms):
            continue
        result = identities.evaluate(equation, context.cells)
        spent = equation.key in context.report.spent
        if result.outcome == "holds" and not spent:
            continue
        names = {
            "row": context.row_label(equation.table, equation.row),
            "column": context.column_label(equation.table, equation.column),
        }
        common: dict[str, Any] = {
            "table": equation.table,
            "row": equation.row,
            "column": equation.column,
            "cells": list(terms),
            "terms": [
                Term(
                    a,
                    1 if a in equation.left else -1,
                    _printed(context, a),
                    context.facts[a].value if a in context.facts else None,
                )
                for a in terms
            ],
            "place": context.place(equation.left[0]),
        }
        key = f"{equation.table}.{equation.row or ''}.{equation.column or ''}"
        if spent or result.outcome == "not_assessable":
            yield context.finding(
                rule,
                "not_assessable",
                key=key,
                message=_not_assessable(context, equation, result, spent),
                advice="",
                printed=result.printed,
                consistent_with_zero=result.consistent_with_zero,
                **common,
            )
            continue
        assert result.printed is not None and result.expected is not None
        difference = result.printed - result.expected
        yield context.finding(
            rule,
            "broken",
            key=key,
            message=rule.say(
                context.lang,
                "bounded" if result.bounded else "message",
                printed=show(result.printed),
                expected=show(result.expected),
                difference=show(max(difference, -difference)),
                **names,
            ),
            printed=result.printed,
            expected=result.expected,
            difference=difference,
            **common,
        )


def _printed(context: Context, address: str) -> str | None:
    cell = context.facts.get(address) or context.unresolved.get(address)
    return cell.printed if cell else None


def _not_assessable(context: Context, equation: identities.Equation, result: identities.Result, spent: bool) -> str:
    """Which cells keep an equation from being assessed."""
    zh = context.lang == "zh"
    if spent:
        return (
            "这一关系已用来拆分连在一起的数字，不能再用来核对。"
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
        zero = "空格按 0 计则相等。" if result.consistent_with_zero else ""
        return f"“{where}”无法核对：{listed}没有可用的数字。{zero}"
    zero = " Zeros in the blanks would make it hold." if result.consistent_with_zero else ""
    return f"{where}: cannot be assessed, no figure in {listed}.{zero}"


def cell(rule: Rule, context: Context) -> Iterator[Finding]:
    """Cells of one kind (blank, mark, text) where the form wants a number."""
    tables = rule.options.get("tables")
    for fact in context.report.facts:
        table, row, column = fact.address.split(".")
        if fact.kind != rule.options["kind"] or (tables and table not in tables):
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


def unresolved(rule: Rule, context: Context) -> Iterator[Finding]:
    """Cells that could not be read with certainty."""
    for cell_ in context.report.unresolved:
        table, row, column = cell_.address.split(".")
        reason = _REASONS.get(cell_.reason, (cell_.reason, cell_.reason))[context.lang == "en"]
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
    """Counts that are negative or not whole; signed changes and amounts are no counts."""
    if context.form is None:
        return
    for fact in context.report.facts:
        if fact.value is None:
            continue
        table, row, column = fact.address.split(".")
        form_table = context.form.tables[table]
        asked = form_table.value_of(form_table.row[row], form_table.column[column])
        unit = form_table.row[row].unit
        if rule.options["test"] == "negative":
            bad = fact.value < 0 and asked != "signed"
        else:
            bad = fact.value != int(fact.value) and asked != "amount" and unit not in _MONEY
        if bad:
            yield context.finding(
                rule,
                "broken",
                key=fact.address,
                message=rule.say(context.lang, "message", printed=fact.printed, **context.names(fact.address)),
                table=table,
                row=row,
                column=column,
                cells=[fact.address],
                printed=fact.value,
                place=fact.place,
            )


def unit(rule: Rule, context: Context) -> Iterator[Finding]:
    """A unit inside the cell that is not the form's."""
    if context.form is None:
        return
    for fact in context.report.facts:
        if fact.value is None or fact.unit_printed is None:
            continue
        table, row, column = fact.address.split(".")
        form = context.form.tables[table]
        asked = form.unit_of(form.row[row], form.column[column])
        money = fact.unit_printed in _MONEY
        if not money or asked == fact.unit_printed or fact.unit_printed not in fact.printed:
            continue
        yield context.finding(
            rule,
            "broken",
            key=fact.address,
            message=rule.say(
                context.lang, "message", unit=fact.unit_printed, expected_unit=asked, **context.names(fact.address)
            ),
            advice=rule.say(context.lang, "advice", expected_unit=asked),
            table=table,
            row=row,
            column=column,
            cells=[fact.address],
            printed=fact.printed,
            place=fact.place,
        )


def missing_table(rule: Rule, context: Context) -> Iterator[Finding]:
    """Statutory tables that are not there, from the year on that asks for them."""
    report = context.report
    since: int = rule.options["from_year"]
    if report.period != "year" or (report.year is None and context.form is None):
        return
    if report.year is not None and report.year < since:
        return
    form = context.form
    if form is None:
        in_force = [f for f in forms.load_all() if report.year and f.in_force[0] <= report.year <= f.in_force[1]]
        if not in_force:
            return
        form = in_force[0]
    if form.in_force[0] < since:
        return
    there = {layout.table for layout in report.layouts}
    for code, table in form.tables.items():
        if code in there:
            continue
        maybe = report.has_pictures
        yield context.finding(
            rule,
            "not_assessable" if maybe else "broken",
            key=code,
            message=rule.say(context.lang, "maybe" if maybe else "message", table_title=table.title),
            table=code,
        )


def missing_row(rule: Rule, context: Context) -> Iterator[Finding]:
    """Rows and columns of the form that a table lacks, and rows in another order."""
    form = context.form
    if form is None:
        return
    for layout in context.report.layouts:
        table = form.tables[layout.table]
        variant = next((v for v in form.variants if v.id == context.report.variant and v.table == layout.table), None)
        absent = list(variant.absent) if variant else []
        for kind, codes in (("row", [*absent, *layout.missing_rows]), ("column", layout.missing_columns)):
            for code in codes:
                name = (context.row_label if kind == "row" else context.column_label)(layout.table, code)
                yield context.finding(
                    rule,
                    "broken",
                    key=f"{layout.table}.{kind}.{code}",
                    message=rule.say(context.lang, "message", table_title=table.title, row=name),
                    table=layout.table,
                    row=code if kind == "row" else None,
                    column=code if kind == "column" else None,
                    place=layout.place,
                )
        if layout.reordered:
            order = {row.code: i for i, row in enumerate(table.rows)}
            codes = [r.code for r in layout.rows if r.code in order]
            # Rows are out of place where one stands behind a later row of the form.
            late = [b for a, b in itertools.pairwise(codes) if order[b] < order[a]]
            names = ("、" if context.lang == "zh" else ", ").join(context.row_label(layout.table, c) for c in late)
            yield context.finding(
                rule,
                "broken",
                key=f"{layout.table}.order",
                message=rule.say(context.lang, "order", table_title=table.title, row=names),
                table=layout.table,
                row=late[0] if late else None,
                place=layout.place,
            )


def extra_row(rule: Rule, context: Context) -> Iterator[Finding]:
    """Rows with figures that the form does not have."""
    form = context.form
    if form is None:
        return
    for layout in context.report.layouts:
        for i, extra in enumerate(layout.extra):
            yield context.finding(
                rule,
                "broken",
                key=f"{layout.table}.extra.{i}",
                message=rule.say(
                    context.lang, "message", table_title=form.tables[layout.table].title, printed=extra.printed
                ),
                table=layout.table,
                printed=extra.printed,
                place=extra.place,
            )


def printed_label(rule: Rule, context: Context) -> Iterator[Finding]:
    """Labels of rows and columns that differ from the official wording."""
    form = context.form
    if form is None:
        return
    for layout in context.report.layouts:
        table = form.tables[layout.table]
        for kind, printed_labels in (("row", layout.rows), ("column", layout.columns)):
            seen: set[str] = set()
            for printed in printed_labels:
                if printed.how not in ("alias", "similar") or printed.code in seen:
                    continue
                seen.add(printed.code)
                official = (table.row[printed.code] if kind == "row" else table.column[printed.code]).label
                if label(printed.printed).key == label(official).key:
                    continue
                yield context.finding(
                    rule,
                    "broken",
                    key=f"{layout.table}.{kind}.{printed.code}",
                    message=rule.say(
                        context.lang, "message", printed=" ".join(printed.printed.split()), official=official
                    ),
                    table=layout.table,
                    row=printed.code if kind == "row" else None,
                    column=printed.code if kind == "column" else None,
                    printed=printed.printed,
                    place=printed.place,
                )


EVALUATORS: dict[str, Evaluator] = {
    "identity": identity,
    "cell": cell,
    "unresolved": unresolved,
    "number": number,
    "unit": unit,
    "missing_table": missing_table,
    "missing_row": missing_row,
    "extra_row": extra_row,
    "label": printed_label,
}
