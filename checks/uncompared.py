"""Sentences with figures about the tables that nothing has put to them: what a pass does not speak of.

Belongs here: finding those figures, by their words (`compare.toml`, [uncompared]). Does not belong here: comparing figures
(`sentence_rules`, `share_rules`), and any finding: a sentence that was not understood is not wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from schemas.facts import Statement
from schemas.findings import Uncompared
from schemas.labels import fold

from .context import Context
from .rules import data

_SENTENCE = re.compile(r"[^。!?！？\n]+")
_DIGITS = re.compile(r"\d[\d,.]*")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(data("compare.toml")["uncompared"][name])


def uncompared(context: Context) -> Iterator[Uncompared]:
    """Every such sentence, as printed, with its figures that were compared with nothing. Of a report with tables only."""
    if context.form is None or not context.facts or not context.is_annual:
        return
    known: dict[int, list[Statement]] = {}
    for s in context.report.statements:
        if s.passage and _is_settled(context, s):
            known.setdefault(s.passage, []).append(s)
    for n, _ in context.prose.counting:
        i, passage = n + 1, context.report.passages[n]
        if not _pattern("about").search(passage.text):
            continue
        said = [(m[0], figures) for m in _SENTENCE.finditer(passage.text) if (figures := list(_figures(fold(m[0]))))]
        if not said:
            continue
        settled = Counter(_digits(s.printed) for s in known.get(i, ()))
        settled.update(value for at, value in context.looked_at if at == i)
        for sentence, figures in said:
            left = []
            for printed in figures:
                if settled[_digits(printed)] > 0:
                    settled[_digits(printed)] -= 1
                else:
                    left.append(printed)
            if left:
                yield Uncompared(context.report.report_id, sentence.strip(), left, passage.place)


def _is_settled(context: Context, s: Statement) -> bool:
    """Whether a figure was compared, or is of another year, another body or no count: then it is none of the tables'."""
    if s.year != context.report.year or s.scope != context.report.scope or s.unit == "%" or s.share_of is not None:
        return True
    # The same figure said twice is compared once.
    told = any((c.statement.code, c.statement.value) == (s.code, s.value) for c in context.compared)
    return told or s.approximate or s.code.endswith(".change")


def _digits(printed: str) -> str:
    m = _DIGITS.search(fold(printed))
    return m[0].replace(",", "").rstrip(".") if m is not None else printed


def _figures(sentence: str) -> Iterator[str]:
    """The counts and amounts in clauses that speak of the tables' matters."""
    for clause in _pattern("clause").findall(sentence):
        if _pattern("about").search(clause) and not _pattern("never").search(clause):
            yield from (m[0] for m in _pattern("figure").finditer(clause))
