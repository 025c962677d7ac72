"""Which sum of the tables a figure in a sentence means, where its words name another than the one it is compared with first.

Belongs here: 共收到213件（含上年结转5件）, 当年件当年办结41件 (`compare.toml`: words, sentence, surely). Does not belong here: what is wrong with
a figure that is none of them (`sentence_rules`).
"""

from __future__ import annotations

import re

from schemas.facts import Statement, Value
from schemas.labels import fold

from .comparisons import Comparison, Sum, at_hand, clauses_of, comparison_for, evaluate, fronts, sentence_at
from .context import Context, show


def is_of(context: Context, value: Value, of: Sum) -> bool:
    """Whether a figure is what a sum of the tables gives."""
    result = evaluate(context, value, of)
    return result is not None and result.outcome == "holds"


def meant(context: Context, statement: Statement, comparison: Comparison) -> Sum | None:
    """The other sum that the figure is, where the words around it say so."""
    clauses, sentence = list(clauses_of(statement, context)), fold(statement.sentence)
    others = (*comparison.others, *comparison.by_words)
    for other in surely_named(statement, comparison) or others:
        says = other.words is not None and any(re.search(other.words, clause) for clause in clauses)
        if not says and other.sentence is not None and re.search(other.sentence, sentence):
            says = other.unless is None or not any(re.search(other.unless, clause) for clause in clauses)
        says = says or _names(statement, other) or (bool(other.divided) and _is_divided(context, statement, other))
        if says and is_of(context, statement.value, other):
            return other
    return None


def surely_named(statement: Statement, comparison: Comparison) -> list[Sum]:
    """今年新收的11件办结了11件: the sums that the words in front of a figure name for sure, whatever else they may mean."""
    return [o for o in comparison.others if o.surely is not None and _names(statement, o)]


def _is_divided(context: Context, statement: Statement, other: Sum) -> bool:
    """新收64件，55件办结，9件结转, in a paragraph that tells for itself what came from the year before."""
    sentence, printed = fold(statement.sentence), fold(statement.printed)
    # Of each place where the figure stands the words of its clause in front of it.
    fronts_here = [sentence[: m.start()] for m in re.finditer(rf"(?<![\d.]){re.escape(printed)}", sentence)]
    clauses = [front[max(map(front.rfind, "。;,")) + 1 :] for front in fronts_here]
    if not statement.passage or any(re.search(other.unless or "(?!)", clause) for clause in clauses):
        return False
    here = [s for s in context.own_statements if sentence_at(s) == sentence_at(statement) and s.unit != "%"]
    for code in other.divided:
        comparison = comparison_for(context, code)
        if comparison is None or not any(s.code == code and is_of(context, s.value, comparison.sum) for s in here):
            return False
    text = fold(context.report.passages[statement.passage - 1].text)
    return re.search(other.paragraph or "(?!)", text) is not None


def _names(statement: Statement, other: Sum) -> bool:
    """Whether the words at a figure name a sum, whether the figure has its value or not."""
    if other.surely is None and other.surely_behind is None:
        return False
    sentence, printed = fold(statement.sentence), fold(statement.printed)
    figure = re.search(r"\d", printed)
    for front in fronts(statement):
        at = len(front) + (figure.start() if figure is not None else 0)
        # A pattern may end with the figure's first digit; between the two there is no other figure.
        said = re.finditer(other.surely, sentence[: at + 1]) if other.surely is not None else ()
        if any(re.search(r"[\d;。]", sentence[m.end() : at]) is None for m in said):
            return True
        if other.surely_behind is not None and re.match(other.surely_behind, sentence[len(front) + len(printed) :]):
            return True
    return False


def instead(context: Context, statement: Statement, comparison: Comparison, own: Value) -> tuple[Sum, Value] | None:
    """The other sum that the words at a wrong figure name, and its value. ``own``: what it is compared with first."""
    for other in comparison.others:
        result = evaluate(context, statement.value, other) if _names(statement, other) else None
        if result is None or result.outcome != "broken" or result.bounded or result.expected is None:
            continue
        # 办理18件（含上年结转3件）: of those done, or of all there was to do, unless those done stand beside it.
        sure = other.surely is not None or "received" in comparison.code
        beside = re.search(rf"(?<![\d.,]){show(own)}[件宗起]", fold(statement.sentence))
        if sure or beside is not None:
            return other, result.expected - sum(context.value(a) or 0 for a in at_hand(context, other.minus))
    return None


def agrees(context: Context, statement: Statement) -> bool:
    """Whether a sentence's figure is the table's, or another sum's that its words mean."""
    comparison = comparison_for(context, statement.code)
    if comparison is None:
        return False
    return is_of(context, statement.value, comparison.sum) or meant(context, statement, comparison) is not None


def fits_its_whole(context: Context, statement: Statement) -> bool:
    """收到43件，自然人37件、法人6件: whether those who asked add up, with the wrong figure, to what was received.

    Then one of them has what is another's, and no figure was copied from another row.
    """
    whole, _, part = statement.code.partition(".")
    if not part:
        return False
    here = [s for s in context.own_statements if sentence_at(s) == sentence_at(statement) and s.unit == statement.unit]
    parts = {s.code: s.value for s in here if s.code.startswith(whole + ".") and s.share_of is None}
    wholes = [s for s in here if s.code == whole]
    return len(parts) > 1 and any(s.value == sum(parts.values()) and agrees(context, s) for s in wholes)
