"""Requests that came from another body, or went to one, when offices were merged: what a report says of it.

Belongs here: the sentence that tells of it (`prose.toml`, [moved]), what the bodies that it names carried forward. Does not
belong here: what that is a reason for (`series_rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from schemas import identities
from schemas.bodies import body_of
from schemas.facts import Report, Value
from schemas.labels import han_number

from .context import Context, form_of
from .prose import pattern
from .rules import data

_SENTENCE = re.compile(r"[^。;!?]+")
_FIGURE = re.compile(r"(\d{1,4}|[一二两三四五六七八九十]{1,3})件")
_CLAUSE_ENDS = ",。;!?"


class Told(NamedTuple):
    """A sentence, folded, and as printed those of its clauses that tell of it."""

    sentence: str
    printed: str


def takes_over(context: Context, difference: Value) -> Told | None:
    """What a report says of so many requests taken over (or handed over, where ``difference`` is below 0)."""
    for i, text in context.prose.holding(data("prose.toml")["moved"]["needs"]):
        for m in _SENTENCE.finditer(text):
            said, told = m[0], pattern("moved", "told").search(m[0])
            if told is None or pattern("moved", "of").search(said) is None or pattern("moved", "never").search(said):
                continue
            figures = [(f, han_number(f[1].replace("两", "二"))) for f in _FIGURE.finditer(said)]
            of = next((f for f, n in figures if n == abs(difference)), None)
            if of is None and ("各" if figures else "结转") not in said:
                continue
            ends = [told.start(), told.end(), *([of.start(), of.end()] if of is not None else [])]
            start = max(said.rfind(c, 0, min(ends)) for c in _CLAUSE_ENDS) + 1
            stop = min((k for c in _CLAUSE_ENDS if (k := said.find(c, max(ends))) >= 0), default=len(said))
            return Told(said, context.quoted(said[start:stop], context.report.passages[i].place))
    return None


def forwarded(others: Iterable[Report], told: Told | None) -> Value:
    """What the bodies that a sentence names carried forward last year, as far as their reports are at hand."""
    total: Value = 0
    for other in others if told is not None else ():
        body, form = body_of(other.identity), form_of(other)
        table = form.table("requests") if form is not None else None
        if body is None or table is None or told is None or not body.name or body.name not in told.sentence:
            continue
        cells = identities.cells_of(other)
        found = [
            cells.get(table.address(r, c)) for r in table.rows_as("carried_forward") for c in table.columns_as("total")
        ]
        total += sum(cell.value or 0 for cell in found if cell is not None)
    return total
