"""Rules about a series: one body's reports of two or more years, of the same scope.

Belongs here: finding who belongs together, and evaluators that look at a report and those before it. Does not belong
here: one report alone (`table_rules`), a parent and its members (`batch_rules`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from schemas import forms, identities
from schemas.bodies import Body, Relation, body_of, relation
from schemas.facts import Report, Value
from schemas.findings import Finding, Term
from schemas.forms import Column, ColumnRole, Row
from schemas.identities import Cell, Equation

from .context import Context, form_of, show
from .moved import Told, forwarded, takes_over
from .rules import Rule

Why = Literal["scope", "period", "place", "unsure"]


@dataclass(frozen=True)
class Past:
    """A body's earlier reports of the same scope, oldest first; ``previous`` is that of the year before.

    ``left_out`` are last year's reports that may seem to be this body's and were not compared, each with the reason.
    """

    reports: tuple[Report, ...]
    previous: Report | None
    left_out: tuple[tuple[Report, Why], ...] = ()
    # Last year's reports of other bodies.
    others: tuple[Report, ...] = ()

    def is_comparable(self, report: Report) -> bool:
        """Whether last year's form counts what this report's counts."""
        return self.previous is not None and self.previous.form in forms.same_series(report.form)

    @property
    def cells(self) -> dict[str, Cell]:
        return identities.cells_of(self.previous) if self.previous is not None else {}


# A stock of documents, what came to it, what left it.
_STOCK: tuple[ColumnRole, ...] = ("stock", "issued", "repealed")
SeriesEvaluator = Callable[[Rule, Context, Past], Iterator[Finding]]


def past_of(report: Report, reports: Iterable[Report], *, same_body: bool = False) -> Past:
    """The earlier annual reports of the same body and scope among ``reports``; the last of one year counts.

    A short name or one without its place counts where no report is of the same body for certain and exactly one body
    can be meant. ``same_body``: a person says that they are the same body's; then only another body's name contradicts.
    """
    mine = body_of(report.identity)
    earlier = [r for r in reports if r is not report and r.year and report.year and r.year < report.year]
    related: list[tuple[Report, Body | None, Relation]] = []
    for other in earlier:
        its = body_of(other.identity)
        if mine is None or its is None:
            related.append((other, its, "same" if same_body else "other"))
        else:
            said = relation(mine, its, report.year, other.year)
            related.append((other, its, "same" if same_body and not _elsewhere(mine, its) else said))
    same = [r for r, _, how in related if how == "same"]
    possible = [(r, its) for r, its, how in related if how == "possible" and its is not None]
    if not same and possible and all(relation(possible[0][1], its) == "same" for _, its in possible):
        same, possible = [r for r, _ in possible], []
    by_year: dict[int, Report] = {}
    left_out: list[tuple[Report, Why]] = [(r, "unsure") for r, _ in possible]
    if same_body:
        left_out += [(r, "place") for r in earlier if r not in same and (r, "unsure") not in left_out]
    for other in same:
        assert other.year is not None
        if not other.period == report.period == "year":
            left_out.append((other, "period"))
        elif not _comparable(other, report, same_body=same_body):
            left_out.append((other, "scope"))
        else:
            by_year[other.year] = other
    previous = by_year.get(report.year - 1) if report.year is not None else None
    last = [] if previous is not None else [(r, why) for r, why in left_out if r.year == (report.year or 0) - 1]
    others = tuple(r for r, _, how in related if how == "other" and r.year == (report.year or 0) - 1)
    return Past(tuple(by_year[y] for y in sorted(by_year)), previous, tuple(last), others)


def _comparable(other: Report, report: Report, *, same_body: bool) -> bool:
    """Whether two scopes may be held against each other: equal ones; others only where a person gave the report."""
    if other.scope == report.scope:
        return True
    of_two = {other.kind, report.kind} == {"government", "office"} and "unknown" not in (other.scope, report.scope)
    return same_body and not of_two


def _elsewhere(a: Body, b: Body) -> bool:
    """Whether two bodies are not one, whatever a person says: another place, another department of one place."""
    if {a.kind, b.kind} == {"government", "office"}:
        # One desk writes both, and some years' title names the one, some the other.
        return not (a.division and a.division == b.division)
    # A name that gives no place anybody knows may be anybody's.
    return relation(a, b) == "other" and bool((a.division or a.place) and (b.division or b.place))


def locked_cells(report: Report, past: Past) -> dict[str, Value]:
    """Cells of this report whose value last year's carried_forward gives: where no membership can have changed."""
    if past.previous is None or report.scope not in ("body", "office") or past.previous.scope != report.scope:
        return {}
    here, before = identities.cells_of(report), past.cells
    context = Context(report, "draft", "zh")
    out: dict[str, Value] = {}
    for address, forward in _carried(report, past.previous):
        cell, last = here.get(address), before.get(forward)
        if cell is None or last is None or last.value is None or cell.value is None:
            continue
        if last.value != cell.value and takes_over(context, cell.value - last.value) is not None:
            # The figures are two bodies'.
            return {}
        # A case may move to another column; the total may not change.
        if context.is_total(address) or last.value == cell.value:
            out[address] = last.value
    return out


def _carried(report: Report, previous: Report) -> list[tuple[str, str]]:
    """The cells of what was carried over, each with the cell of last year's form that it comes from, total first."""
    form, last = form_of(report), form_of(previous)
    table, last_table = (None if f is None else f.table("requests") for f in (form, last))
    if table is None or last_table is None:
        return []
    columns = (*table.columns_as("total"), *table.columns_as("part"))
    return [
        (table.address(over, column), last_table.address(forward, column))
        for over in table.rows_as("carried_over")
        for forward in last_table.rows_as("carried_forward")
        for column in columns
        if column.code in last_table.column
    ]


# -- evaluators --------------------------------------------------------------------------------------------------------


def _last(past: Past, address: str) -> str:
    """Last year's cell beside this year's: its address with its year in front."""
    assert past.previous is not None
    return f"{past.previous.year}:{address}"


def _both(context: Context, past: Past) -> dict[str, Cell]:
    return context.cells | {_last(past, a): c for a, c in past.cells.items()}


def _terms(context: Context, cells: Mapping[str, Cell], plus: Sequence[str], minus: Sequence[str]) -> list[Term]:
    return [
        Term(a, sign, context.printed(a), cells[a].value if a in cells else None)
        for addresses, sign in ((plus, 1), (minus, -1))
        for a in addresses
    ]


def carry(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """What was carried over is what was carried forward the year before."""
    if past.previous is None:
        return
    cells = _both(context, past)
    results = {}
    for left, forward in _carried(context.report, past.previous):
        right = _last(past, forward)
        if left in cells and right in cells:
            equation = Equation(rule.id, left.split(".")[0], None, left.split(".")[2], (left,), (right,))
            results[left] = (equation, identities.evaluate(equation, cells))
    total = next((result for left, (_, result) in results.items() if context.is_total(left)), None)
    if total is None:
        return
    context.holds(rule)
    changing = context.report.scope in rule.options["changing"] or past.previous.scope != context.report.scope
    for left, (equation, result) in results.items():
        is_total = context.is_total(left)
        if result.outcome == "holds" or (not is_total and total.outcome != "holds"):
            continue
        if result.outcome == "not_assessable" and not is_total:
            continue
        broken = result.outcome == "broken"
        table, row, column = left.split(".")
        case = "changing" if changing or not is_total else None
        taken: Told | None = None
        others: Value = 0
        if case is None and broken and result.printed is not None and result.expected is not None:
            taken = takes_over(context, result.printed - result.expected)
            others = forwarded(past.others, taken)
            if taken is not None and result.printed - result.expected == others:
                continue
            case = "moved" if taken is not None and not others else None
        # No reason closes an error: it is to be corrected, and no explanation is asked for.
        is_error = rule.severity_for(context.report, context.profile, case) == "error"
        how = "advice" if is_error else "advice_moved" if case == "moved" else "advice_changing"
        yield context.finding(
            rule,
            result.outcome,
            case=case,
            key=column,
            advice=rule.say(context.lang, how) if broken else None,
            message=rule.say(
                context.lang,
                "unknown" if not broken else "moved" if case == "moved" else "added" if others else "message",
                said=taken.printed if taken is not None else "",
                others=show(others),
                column=context.column_label(table, column),
                printed=show(result.printed),
                expected=show(result.expected),
                year=past.previous.year,
            ),
            table=table,
            row=row,
            column=column,
            cells=list(equation.left),
            terms=_terms(context, cells, equation.left, equation.right),
            printed=result.printed,
            expected=result.expected if broken else None,
            difference=result.printed - result.expected
            if broken and result.printed is not None and result.expected is not None
            else None,
            place=context.place(equation.left[0]),
        )


def in_force(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """What is in force follows from last year's stock, what was issued and what was repealed."""
    table = context.form.table("proactive") if context.form is not None else None
    if past.previous is None or table is None or not past.is_comparable(context.report):
        return
    cells = _both(context, past)
    for row in table.rows:
        columns = [table.column_as(role, row) for role in _STOCK]
        if None in columns:
            continue
        stock, issued, repealed = (table.address(row, c) for c in columns if c is not None)
        addresses = (stock, issued, repealed, _last(past, stock))
        if any(a not in cells for a in addresses):
            continue
        values = [cells[a].value for a in addresses]
        context.holds(rule)
        common: dict[str, Any] = {
            "key": row.code,
            "table": table.code,
            "row": row.code,
            "column": stock.split(".")[2],
            "cells": [stock, issued, repealed],
            "terms": _terms(context, cells, (stock, repealed), (_last(past, stock), issued)),
            "place": context.place(stock),
        }
        if any(v is None for v in values):
            yield context.finding(
                rule,
                "not_assessable",
                message=rule.say(context.lang, "unknown", row=context.row_label(table.code, row.code)),
                **common,
            )
            continue
        now, made, gone, before = (v for v in values if v is not None)
        expected = before + made - gone
        if now != expected:
            yield context.finding(
                rule,
                "broken",
                case=None if now > expected else "below",
                message=rule.say(
                    context.lang,
                    "message" if now > expected else "below",
                    row=context.row_label(table.code, row.code),
                    printed=show(now),
                    before=show(before),
                    issued=show(made),
                    repealed=show(gone),
                    expected=show(expected),
                    year=past.previous.year,
                ),
                printed=now,
                expected=expected,
                difference=now - expected,
                **common,
            )


def pending(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """Cases that were pending come back; litigation after reconsideration follows reconsiderations that ended."""
    table = context.form.table("disputes") if context.form is not None else None
    if past.previous is None or table is None:
        return
    before = past.cells
    total, open_ = table.column_as("total"), table.column_as("pending")
    assert total is not None
    assert open_ is not None

    def at(cells: Mapping[str, Cell], row: Row, column: Column) -> Value | None:
        cell = cells.get(table.address(row, column))
        return cell.value if cell is not None else None

    for row in table.rows:
        was, now = at(before, row, open_), at(context.cells, row, total)
        if was is None or now is None:
            continue
        context.holds(rule)
        if was > now:
            yield _pending_finding(rule, context, "message", table.address(row, total), now, was, past)
    (first,), last = table.rows_as("reconsideration"), table.rows_as("litigation_after_reconsideration")
    ended: Value = 0
    for cells in (context.cells, before):
        all_, not_ended = at(cells, first, total), at(cells, first, open_)
        if all_ is None or not_ended is None:
            return
        ended += all_ - not_ended
    for row in last:
        after = at(context.cells, row, total)
        if after is not None and after > ended:
            yield _pending_finding(rule, context, "after", table.address(row, total), after, ended, past)


def _pending_finding(
    rule: Rule, context: Context, what: str, address: str, printed: Value, bound: Value, past: Past
) -> Finding:
    assert past.previous is not None
    table, row, _ = address.split(".")
    return context.finding(
        rule,
        "broken",
        key=f"{what}.{row}",
        message=rule.say(
            context.lang,
            what,
            row=context.row_label(table, row),
            printed=show(printed),
            expected=show(bound),
            year=past.previous.year,
        ),
        advice=rule.say(context.lang, "advice_after" if what == "after" else "advice"),
        table=table,
        row=row,
        cells=[address],
        terms=context.terms((address,)),
        printed=printed,
        expected=bound,
        difference=printed - bound,
        place=context.place(address),
    )


def jump(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """Figures of another order of magnitude than the body's own history, or fallen to 0."""
    if not past.reports:
        return
    options = rule.options
    comparable = forms.same_series(context.report.form)
    histories = [r.values() for r in past.reports if r.form in comparable]
    for address in (a for each in options["cells"] for a in context.select(each)):
        now = context.value(address)
        history = [Decimal(v) for h in histories if (v := h.get(address)) is not None]
        if now is None or not history:
            continue
        context.holds(rule)
        usual = sorted(history)[len(history) // 2]
        if max(now, usual) < options["least"]:
            continue
        fallen = now == 0
        # From or to 0 neither a digit nor a unit explains it.
        how = "fallen" if fallen else "risen" if not history[-1] else ""
        if fallen or now >= options["times"] * usual or now * options["times"] <= usual:
            yield context.finding(
                rule,
                "broken",
                key=address,
                message=rule.say(
                    context.lang,
                    how or "message",
                    cell=context.name(address),
                    printed=show(now),
                    usual=show(history[-1]),
                ),
                advice=rule.say(context.lang, f"advice_{how}" if how else "advice"),
                table=address.split(".")[0],
                row=address.split(".")[1],
                column=address.split(".")[2],
                cells=[address],
                terms=context.terms((address,)),
                printed=now,
                expected=history[-1],
                difference=now - history[-1],
                place=context.place(address),
            )


def items(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """The number of items last year is that of the report before, with its change."""
    table = context.form.table("proactive") if context.form is not None else None
    if past.previous is None or table is None or not past.is_comparable(context.report):
        return
    cells = _both(context, past)
    for row in table.rows:
        items_before, items_change = table.column_as("items_before", row), table.column_as("items_change", row)
        if items_before is None or items_change is None:
            continue
        here = table.address(row, items_before)
        last = (_last(past, here), _last(past, table.address(row, items_change)))
        if any(a not in cells for a in (here, *last)):
            continue
        context.holds(rule)
        label = context.row_label(table.code, row.code)
        if any(cells[a].value is None for a in (here, *last)):
            message = rule.say(context.lang, "unknown", row=label)
            yield context.finding(rule, "not_assessable", key=row.code, message=message, cells=[here])
            continue
        now, was, change = (cells[a].value or 0 for a in (here, *last))
        if now != was + change:
            yield context.finding(
                rule,
                "broken",
                key=row.code,
                message=rule.say(
                    context.lang,
                    "message",
                    row=label,
                    printed=show(now),
                    expected=show(was + change),
                    year=past.previous.year,
                ),
                table=table.code,
                row=row.code,
                column=items_before.code,
                cells=[here],
                terms=_terms(context, cells, (here,), last),
                printed=now,
                expected=was + change,
                difference=now - was - change,
                place=context.place(here),
            )


def missing_year(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """A gap between this report's year and the one before it."""
    year = context.report.year
    if not past.reports or year is None:
        return
    context.holds(rule)
    last = past.reports[-1].year or year
    if last < year - 1:
        missing = [str(y) for y in range(last + 1, year)]
        yield context.finding(
            rule, "broken", key=f"{last}", message=rule.say(context.lang, "message", years=context.listed(missing))
        )


def unit_history(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """An amount about 10,000 times last year's, or a 10,000th: 元 for 万元."""
    if past.previous is None or not past.is_comparable(context.report):
        return
    before = past.previous.read()
    cells = set(context.select(rule.options["cells"]))
    for address, fact in context.facts.items():
        table, row, column = address.split(".")
        last = before.get(address)
        if address not in cells or last is None or fact.unit != last.unit:
            continue
        if not fact.value or not last.value or fact.unit in (None, "unknown"):
            continue
        context.holds(rule)
        low, high = rule.options["times"]
        times = fact.value / last.value
        if low <= times <= high or low <= 1 / times <= high:
            yield context.finding(
                rule,
                "broken",
                key=f"{address}.history",
                message=rule.say(
                    context.lang,
                    "history",
                    printed=fact.printed,
                    last=last.printed,
                    year=past.previous.year,
                    **context.names(address),
                ),
                advice=rule.say(context.lang, "advice", expected_unit=fact.unit),
                table=table,
                row=row,
                column=column,
                cells=[address],
                terms=context.terms((address,)),
                printed=fact.value,
                expected=last.value,
                difference=fact.value - last.value,
                place=fact.place,
            )
