"""Rules about a series: one body's reports of two or more years, of the same scope.

Belongs here: finding who belongs together, and evaluators that look at a report and those before it. Does not belong
here: one report alone (`table_rules`), a parent and its members (`batch_rules`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schemas import identities
from schemas.facts import Report, Value
from schemas.findings import Finding, Term
from schemas.identities import Cell, Equation
from schemas.labels import fold

from .context import Context, cells_of, form_of, show
from .prose import Prose
from .rules import Rule
from .similar import similarity


@dataclass(frozen=True)
class Past:
    """A body's earlier reports of the same scope, oldest first; ``previous`` is that of the year before."""

    reports: tuple[Report, ...]
    previous: Report | None

    @property
    def cells(self) -> dict[str, Cell]:
        return cells_of(self.previous) if self.previous is not None else {}


SeriesEvaluator = Callable[[Rule, Context, Past], Iterator[Finding]]


def body_of(report: Report) -> str | None:
    """What tells a body from others; None where the report does not say whose it is."""
    name = report.issuer or report.issuer_printed
    return fold(name) if name else None


def past_of(report: Report, reports: Iterable[Report], *, same_body: bool = False) -> Past:
    """The earlier annual reports of the same body and scope among ``reports``; the last of one year counts.

    ``same_body``: the caller knows that all of them are the same body's, whatever they are called.
    """
    body = body_of(report)
    by_year: dict[int, Report] = {}
    for other in reports:
        if other is report or other.year is None or report.year is None or other.year >= report.year:
            continue
        same = same_body or (body is not None and body_of(other) == body)
        if same and other.period == report.period == "year" and other.scope == report.scope:
            by_year[other.year] = other
    ordered = tuple(by_year[y] for y in sorted(by_year))
    previous = by_year.get(report.year - 1) if report.year is not None else None
    return Past(ordered, previous)


def locked_cells(report: Report, past: Past) -> dict[str, Value]:
    """Cells of this report whose value last year's carried_forward gives: where no membership can have changed."""
    if past.previous is None or report.scope not in ("body", "office"):
        return {}
    here, before = cells_of(report), past.cells
    out: dict[str, Value] = {}
    for address, cell in here.items():
        if address.startswith("requests.carried_over."):
            last = before.get(address.replace("carried_over", "carried_forward"))
            if last is None or last.value is None or cell.value is None:
                continue
            # A case may move to another column; the total may not change.
            if address.endswith(".total") or last.value == cell.value:
                out[address] = last.value
    return out


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
    cells, columns = _both(context, past), ("total", *rule.options["columns"])
    results = {}
    for column in columns:
        left, right = f"requests.carried_over.{column}", _last(past, f"requests.carried_forward.{column}")
        if left in cells and right in cells:
            equation = Equation(rule.id, "requests", None, column, (left,), (right,))
            results[column] = (equation, identities.evaluate(equation, cells))
    if "total" not in results:
        return
    context.holds(rule)
    total_holds = results["total"][1].outcome == "holds"
    changing = context.report.scope in rule.options["changing"]
    for column, (equation, result) in results.items():
        if result.outcome == "holds" or (column != "total" and not total_holds):
            continue
        if result.outcome == "not_assessable" and column != "total":
            continue
        broken = result.outcome == "broken"
        yield context.finding(
            rule,
            result.outcome,
            case="changing" if changing or column != "total" else None,
            key=column,
            message=rule.say(
                context.lang,
                "message" if broken else "unknown",
                column=context.column_label("requests", column),
                printed=show(result.printed),
                expected=show(result.expected),
                year=past.previous.year,
            ),
            table="requests",
            row="carried_over",
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
    if past.previous is None or context.form is None or past.previous.form != context.report.form:
        return
    cells = _both(context, past)
    for row in rule.options["rows"]:
        stock = f"article20.{row}.in_force"
        issued, repealed = f"article20.{row}.issued", f"article20.{row}.repealed"
        addresses = (stock, issued, repealed, _last(past, stock))
        if any(a not in cells for a in addresses):
            continue
        values = [cells[a].value for a in addresses]
        context.holds(rule)
        common = {
            "key": row,
            "table": "article20",
            "row": row,
            "column": "in_force",
            "cells": [stock, issued, repealed],
            "terms": _terms(context, cells, (stock, repealed), (_last(past, stock), issued)),
            "place": context.place(stock),
        }
        if any(v is None for v in values):
            yield context.finding(
                rule,
                "not_assessable",
                message=rule.say(context.lang, "unknown", row=context.row_label("article20", row)),
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
                    row=context.row_label("article20", row),
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
    if past.previous is None:
        return
    before = past.cells

    def at(cells: Mapping[str, Cell], row: str, column: str) -> Value | None:
        cell = cells.get(f"disputes.{row}.{column}")
        return cell.value if cell is not None else None

    for row in rule.options["rows"]:
        was, now = at(before, row, "pending"), at(context.cells, row, "total")
        if was is None or now is None:
            continue
        context.holds(rule)
        if was > now:
            yield _pending_finding(rule, context, "message", row, now, was, past)
    after = at(context.cells, rule.options["after"], "total")
    ended: Value = 0
    for cells in (context.cells, before):
        total, open_ = at(cells, rule.options["first"], "total"), at(cells, rule.options["first"], "pending")
        if total is None or open_ is None:
            return
        ended += total - open_
    if after is not None and after > ended:
        yield _pending_finding(rule, context, "after", rule.options["after"], after, ended, past)


def _pending_finding(
    rule: Rule, context: Context, what: str, row: str, printed: Value, bound: Value, past: Past
) -> Finding:
    assert past.previous is not None
    address = f"disputes.{row}.total"
    return context.finding(
        rule,
        "broken",
        key=f"{what}.{row}",
        message=rule.say(
            context.lang,
            what,
            row=context.row_label("disputes", row),
            printed=show(printed),
            expected=show(bound),
            year=past.previous.year,
        ),
        table="disputes",
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
    histories = [{f.address: f.value for f in r.facts} for r in past.reports if r.form == context.report.form]
    for address in options["cells"]:
        now = context.value(address)
        history = [Decimal(v) for h in histories if (v := h.get(address)) is not None]
        if now is None or not history:
            continue
        context.holds(rule)
        usual = sorted(history)[len(history) // 2]
        if max(now, usual) < options["least"]:
            continue
        fallen = now == 0
        if fallen or now >= options["times"] * usual or now * options["times"] <= usual:
            yield context.finding(
                rule,
                "broken",
                key=address,
                message=rule.say(
                    context.lang,
                    "fallen" if fallen else "message",
                    cell=context.name(address),
                    printed=show(now),
                    usual=show(history[-1]),
                ),
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
    """Form 2019: the number of items last year is that of the report before, with its change."""
    if past.previous is None or past.previous.form != context.report.form:
        return
    cells = _both(context, past)
    for row in rule.options["rows"]:
        here = f"article20.{row}.items_last_year"
        last = (_last(past, here), _last(past, f"article20.{row}.items_change"))
        if any(a not in cells for a in (here, *last)):
            continue
        context.holds(rule)
        if any(cells[a].value is None for a in (here, *last)):
            message = rule.say(context.lang, "unknown", row=context.row_label("article20", row))
            yield context.finding(rule, "not_assessable", key=row, message=message, cells=[here])
            continue
        now, was, change = (cells[a].value or 0 for a in (here, *last))
        if now != was + change:
            yield context.finding(
                rule,
                "broken",
                key=row,
                message=rule.say(
                    context.lang,
                    "message",
                    row=context.row_label("article20", row),
                    printed=show(now),
                    expected=show(was + change),
                    year=past.previous.year,
                ),
                table="article20",
                row=row,
                column="items_last_year",
                cells=[here],
                terms=_terms(context, cells, (here,), last),
                printed=now,
                expected=was + change,
                difference=now - was - change,
                place=context.place(here),
            )


def copied(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """A section that repeats an earlier year's almost word for word."""
    for n in rule.options["sections"]:
        section = context.prose.sections.get(n)
        if section is None or len(section.text) < rule.options["least"]:
            continue
        for report in reversed(past.reports):
            earlier = Prose(report).sections.get(n)
            if earlier is None or len(earlier.text) < rule.options["least"]:
                continue
            context.holds(rule)
            alike = similarity(section.text, earlier.text, rule.options["similarity"])
            if alike >= rule.options["similarity"]:
                yield context.finding(
                    rule,
                    "broken",
                    key=f"{n}.{report.year}",
                    message=rule.say(
                        context.lang, "message", section=n, other=f"{report.year}", percent=f"{alike * 100:.0f}"
                    ),
                    printed=f"{alike:.2f}",
                    place=section.place,
                )
                break


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
    if past.previous is None or past.previous.form != context.report.form:
        return
    before = {f.address: f for f in past.previous.facts}
    form = form_of(context.report)
    if form is None:
        return
    for address, fact in context.facts.items():
        table, row, column = address.split(".")
        of = form.tables[table]
        last = before.get(address)
        if of.value_of(of.row[row], of.column[column]) != "amount" or last is None or fact.unit != last.unit:
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
