"""The finding that a figure of a sentence is not the tables': what it says, where it stands, which cells it was put to.

Belongs here: that one finding, for whoever looks for such figures. Does not belong here: looking for them, whether they are
right (`*_rules`), the order in which they are told (`telling`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schemas.facts import Statement, Value
from schemas.findings import Finding

from .comparisons import code_words
from .context import Context, show
from .rules import Rule
from .table_rules import MONEY


def as_statement(context: Context, code: str, value: Value, printed: str, sentence: str, passage: int) -> Statement:
    """A figure of the report's own that no reading of sentences has, as one. ``passage``: its number from 0."""
    report = context.report
    place = report.passages[passage].place
    scope = report.scope or ""
    return Statement(code, value, None, report.year, scope, False, None, printed, sentence, place, passage=passage + 1)


def beside_the_table(
    rule: Rule,
    context: Context,
    statement: Statement,
    cells: Sequence[str],
    expected: Value | None,
    *,
    key: str,
    what: str = "message",
    case: str | None = None,
    words: dict[str, object] | None = None,
    **fields: Any,
) -> Finding:
    """``expected``: what the ``cells`` come to, None where several things are told at once; ``words``: what the message ``what`` says beside the figure, its name and that."""
    filled = {
        "stated": statement.printed,
        "expected": with_unit(context, expected, cells),
        "what": code_words(context.lang, statement.code),
    }
    return context.on_statement(
        rule,
        "broken",
        statement,
        case=case,
        key=key,
        message=rule.say(context.lang, what, **(filled | (words or {}))),
        table=cells[0].partition(".")[0] if cells else None,
        cells=list(cells),
        terms=context.terms(tuple(cells)),
        printed=statement.value,
        expected=expected,
        **fields,
    )


def with_unit(context: Context, value: Value | None, cells: Sequence[str]) -> str:
    """What the table has, an amount with its unit: 304.96万元 beside 304.96元 of a sentence."""
    units = {context.facts[a].unit for a in cells if a in context.facts}
    unit = units.pop() if len(units) == 1 else None
    return show(value) + (unit if unit in MONEY else "")
