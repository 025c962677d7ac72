"""Rules about the structure of a report: its form, its tables, their rows, columns and labels.

Belongs here: evaluators that look at which form, tables and labels are there. Does not belong here: the six sections of
the text (`prose_rules`), figures (`table_rules`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from schemas import forms
from schemas.facts import Report, TableLayout
from schemas.findings import Finding
from schemas.forms import TableForm
from schemas.labels import label

from .context import Context
from .rules import Rule


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
        form = forms.national(report.year)
    if form is None or form.in_force[0] < since:
        return
    context.holds(rule)
    # What was seen and not read is there: `not_read` says so.
    there = {layout.table for layout in report.layouts} | {t.table for t in report.traces if t.row is None}
    for code, table in form.tables.items():
        if code in there:
            continue
        maybe = report.has_pictures
        words = {"table_title": table.title}
        if maybe:
            words["where"] = rule.say(context.lang, _kept_apart(report))
        yield context.finding(
            rule,
            "not_assessable" if maybe else "broken",
            key=code,
            message=rule.say(context.lang, "maybe" if maybe else "message", **words),
            table=code,
        )


def _kept_apart(report: Report) -> str:
    """The word for what may hold a table that was not found: an embedded object before an attachment before a picture."""
    return next((kind for kind in ("object", "attachment") if kind in report.apart), "picture")


def nothing_read(rule: Rule, context: Context) -> Iterator[Finding]:
    """A report without a table and without a figure in its text: nothing of it can be right or wrong. ``missing``."""
    report = context.report
    context.holds(rule)
    if report.facts or report.unresolved or report.statements:
        return
    missing = ["tables", "figures"]
    if report.year is None:
        missing.append("year")
    if report.issuer is None and report.issuer_printed is None:
        missing.append("issuer")
    case = "pictures" if report.has_pictures else None
    where = rule.say(context.lang, _kept_apart(report)) if report.has_pictures else ""
    yield context.finding(
        rule,
        "broken",
        case=case,
        key="report",
        message=rule.say(
            context.lang,
            case or "message",
            missing=context.listed([rule.say(context.lang, what) for what in missing]),
            where=where,
        ),
    )


def not_read(rule: Rule, context: Context) -> Iterator[Finding]:
    """Tables and rows of which something stands in the document and that could not be placed. ``row``, ``printed``."""
    form, report = context.form, context.report
    if form is None:
        return
    if report.layouts:
        context.holds(rule)
    for table_code in dict.fromkeys(t.table for t in report.traces):
        own = [t for t in report.traces if t.table == table_code]
        whole = next((t for t in own if t.row is None), None)
        rows = list(dict.fromkeys(t.row for t in own if t.row is not None))
        shown = whole or own[0]
        yield context.finding(
            rule,
            "not_assessable",
            key=table_code,
            message=rule.say(
                context.lang,
                "message" if whole else "rows",
                table_title=form.tables[table_code].title,
                printed=shown.printed,
                row=context.listed([context.row_label(table_code, r) for r in rows]),
            ),
            table=table_code,
            row=rows[0] if len(rows) == 1 and not whole else None,
            printed=shown.printed,
            place=shown.place,
        )


def missing_row(rule: Rule, context: Context) -> Iterator[Finding]:
    """Rows and columns of the form that a table lacks."""
    form = context.form
    if form is None:
        return
    for layout in context.report.layouts:
        context.holds(rule)
        table = form.tables[layout.table]
        variant = next((v for v in form.variants if v.id == context.report.variant and v.table == layout.table), None)
        absent = list(variant.absent) if variant else []
        seen = {t.row for t in context.report.traces if t.table == layout.table}
        missing = [code for code in layout.missing_rows if code not in seen]
        # The column of a row that stands there unread was not read either.
        unread = {c.code for row in table.rows if row.code in seen for c in table.columns_of(row)}
        of_table = (a.split(".") for a in context.unresolved if a.startswith(f"{layout.table}."))
        unread |= {column for _, _, column in of_table}
        columns = [code for code in layout.missing_columns if code not in unread]
        for kind, codes in (("row", [*absent, *missing]), ("column", columns)):
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


def order(rule: Rule, context: Context) -> Iterator[Finding]:
    """Rows, and heads of columns, that stand in another order than on the form."""
    form = context.form
    if form is None:
        return
    for layout in context.report.layouts:
        context.holds(rule)
        table = form.tables[layout.table]
        late = _moved(table, layout)
        if late:
            names = context.listed([context.column_label(layout.table, c) for c in late], len(late))
            yield context.finding(
                rule,
                "broken",
                key=f"{layout.table}.columns",
                message=rule.say(context.lang, "columns", table_title=table.title, row=names),
                table=layout.table,
                column=late[0],
                place=layout.place,
            )
        if not layout.reordered:
            continue
        at = {row.code: i for i, row in enumerate(table.rows)}
        codes = [r.code for r in layout.rows if r.code in at]
        # Rows are out of place where one stands behind a later row of the form.
        late = [b for a, b in itertools.pairwise(codes) if at[b] < at[a]]
        names = context.listed([context.row_label(layout.table, c) for c in late], len(late))
        yield context.finding(
            rule,
            "broken",
            key=f"{layout.table}.order",
            message=rule.say(context.lang, "message", table_title=table.title, row=names),
            table=layout.table,
            row=late[0] if late else None,
            place=layout.place,
        )


def _moved(table: TableForm, layout: TableLayout) -> list[str]:
    """Columns whose heads stand before an earlier one of the form; none where the table is laid out otherwise."""
    parts = [column.code for column in table.columns if "total" not in column.roles]
    heads = [c for c in layout.columns if c.code in parts]
    # In text a cell a line merged heads come before those that stand in front of them.
    unplaced = any(c.place.column is None or c.place.line is not None for c in heads)
    if table.role not in ("requests", "disputes") or unplaced:
        return []
    heads.sort(key=lambda c: c.place.column or 0)
    apart = len({c.place.column for c in heads}) == len(heads) == len(parts)
    at = {code: i for i, code in enumerate(parts)}
    return [b.code for a, b in itertools.pairwise(heads) if at[b.code] < at[a.code]] if apart else []


def extra_row(rule: Rule, context: Context) -> Iterator[Finding]:
    """Rows with figures that the form does not have."""
    form = context.form
    if form is None:
        return
    for layout in context.report.layouts:
        context.holds(rule)
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
        context.holds(rule)
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


def wrong_form(rule: Rule, context: Context) -> Iterator[Finding]:
    """The form is the one in force for the report's year."""
    report, form = context.report, context.form
    if form is None or report.year is None or report.period != "year":
        return
    context.holds(rule)
    if form.is_for(report.year):
        return
    right = forms.national(report.year)
    yield context.finding(
        rule,
        "broken",
        key=form.id,
        message=rule.say(
            context.lang, "message", year=report.year, printed=form.basis, official=right.basis if right else "—"
        ),
        printed=form.id,
    )
