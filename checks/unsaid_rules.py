"""Shares and rates whose whole the sentence leaves out, against every whole that the tables and the text offer.

Belongs here: 自然人占89.1%, 予以公开14件，占42.5%, 应办66件，办结62件，办结率97.4%. Does not belong here: a share of a stated whole
(`share_rules`), changes since last year (`past_rules`). Patterns: `compare.toml`, [unsaid].

Told only where no whole at hand gives the percentage; a missing figure among them makes it not assessable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from schemas.facts import Statement, Value
from schemas.findings import Finding
from schemas.labels import fold

from .beside import as_statement
from .comparisons import at_hand, code_words, comparison_for, evaluate, sentence_at, start_of
from .context import Context, show
from .meant import is_of
from .rules import Rule, data
from .share_rules import judge, percent, rounded, wholes_of_the_table


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(data("compare.toml")["unsaid"][name])


def without_whole(rule: Rule, context: Context) -> Iterator[Finding]:
    """All of a report's shares whose whole the sentence leaves out."""
    if context.form is None:
        return
    yield from _together(rule, context)
    told = {(sentence_at(s), s.code) for s in context.report.statements if s.unit == "%"}
    for s in context.own_statements:
        if s.unit == "%" and s.code.endswith(".rate"):
            yield from _rate(rule, context, s)
        elif s.unit == "%" and s.share_of is not None:
            yield from _of_the_tables(rule, context, s)
        elif s.unit != "%" and (sentence_at(s), s.code) not in told:
            yield from _behind(rule, context, s)


def _of_the_tables(rule: Rule, context: Context, s: Statement) -> Iterator[Finding]:
    """自然人占89.1%: a share whose count the sentence leaves to the table."""
    comparison = comparison_for(context, s.code)
    counted = [x for x in context.own_statements if x.unit != "%" and x.code == s.code]
    if comparison is None or comparison.loose or any(sentence_at(x) == sentence_at(s) for x in counted):
        return
    if comparison.sum.table not in context.tables("requests"):
        return
    values = [context.value(a) for a in at_hand(context, comparison.sum.plus)]
    part = sum(v for v in values if v is not None)
    stated = {x.code: x.value for x in context.own_statements if x.unit != "%"}
    if stated.get(s.share_of or "") and s.code in stated and _is(s, percent(stated[s.code], stated[s.share_of or ""])):
        # By two figures of other sentences, right or not: those are told.
        context.holds(rule)
        return
    yield from _judged(rule, context, s, None if None in values or not values else part, _figures(s))


def _behind(rule: Rule, context: Context, s: Statement) -> Iterator[Finding]:
    """予以公开14件，占42.5%: a share behind its count, of a whole that the sentence does not name."""
    comparison, text, printed = comparison_for(context, s.code), fold(s.sentence), fold(s.printed)
    at = start_of(context, s)
    m = _pattern("behind").match(text, at + len(printed)) if at is not None else None
    if m is None or comparison is None or comparison.loose or comparison.sum.table not in context.tables("requests"):
        return
    result = evaluate(context, s.value, comparison.sum)
    if result is None or result.outcome == "broken":
        # The count itself is told.
        return
    stated = replace(s, value=Decimal(m["share"]), unit="%", printed=m["share"] + "%")
    near = [v for t in context.prose.texts if text[:40] in t for v in _counts(t)]
    yield from _judged(rule, context, stated, s.value, near or _figures(s))


def answered(rule: Rule, context: Context) -> Iterator[Finding]:
    """公开的32件占8.42%: the share of a count that no reading gives a code."""
    raw = data("compare.toml")["unsaid"]
    for i, text in context.prose.holding(raw["answered_needs"]) if context.form is not None else ():
        for m in _pattern("answered").finditer(text) if _pattern("about").search(text) is not None else ():
            start = max(text.rfind(stop, 0, m.start() + 1) for stop in "。;") + 1
            n = int(m["n"])
            stated = any(s.passage == i + 1 and s.value == n for s in context.own_statements)
            comparison = comparison_for(context, raw["answers"][m["what"]])
            # A count that is none of the table's is another's, or is told itself.
            if comparison is None or not any(is_of(context, n, of) for of in (comparison.sum, *comparison.others)):
                continue
            if stated or _pattern("never").search(text[start : m.end()]) is not None:
                continue
            sentence = m[0].strip(",。;、")
            s = as_statement(context, raw["answers"][m["what"]], Decimal(m["share"]), m["share"] + "%", sentence, i)
            yield from _judged(rule, context, replace(s, unit="%"), n, _counts(text))


def _together(rule: Rule, context: Context) -> Iterator[Finding]:
    """自然人135件、商业企业10件，两项合计占72.2%: the share of the sum of several counts of requests, whichever they are."""
    for s in context.own_statements:
        text, at = fold(s.sentence), start_of(context, s)
        m = _pattern("together").match(text, at + len(fold(s.printed))) if at is not None and s.unit != "%" else None
        if m is None or at is None:
            continue
        here = [x for x in context.own_statements if sentence_at(x) == sentence_at(s) and x.unit == s.unit]
        parts = [x.value for x in here[: here.index(s) + 1]]
        sums = [sum(parts[-k:]) for k in range(2, len(parts) + 1)]
        if not sums or not all(_is_of_the_requests(context, x) for x in here[-2:]):
            continue
        stated = replace(s, value=Decimal(m["share"]), unit="%", printed=m["share"] + "%")
        context.holds(rule)
        wholes = [w for w in (*wholes_of_the_table(context), *_figures(s)) if w]
        if None in wholes_of_the_table(context) or any(_is(stated, percent(a, w)) for a in sums for w in wholes):
            continue
        whole = wholes[0] if s.code.startswith("requests_received") else wholes[1]
        yield context.on_statement(
            rule,
            "broken",
            stated,
            key=f"together.{s.code}.{m['share']}",
            message=rule.say(
                context.lang,
                "together",
                stated=stated.printed,
                part=show(sums[0]),
                whole=show(whole),
                expected=show(rounded(percent(sums[0], whole))),
            ),
            printed=stated.value,
            expected=rounded(percent(sums[0], whole)),
        )


def _is_of_the_requests(context: Context, s: Statement) -> bool:
    comparison = comparison_for(context, s.code)
    result = evaluate(context, s.value, comparison.sum) if comparison is not None else None
    return (
        comparison is not None
        and comparison.sum.table in context.tables("requests")
        and result is not None
        and result.outcome == "holds"
    )


def _counts(text: str) -> list[int]:
    return [
        int(m[1].replace(",", "")) for m in re.finditer(r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*[%年])", text)
    ]


def _figures(s: Statement) -> list[int]:
    return _counts(fold(s.sentence))


def _judged(
    rule: Rule, context: Context, s: Statement, part: Value | None, figures: Sequence[Value]
) -> Iterator[Finding]:
    wholes = wholes_of_the_table(context)
    context.holds(rule)
    if s.code.startswith("requests_received"):
        # Those who asked are no part of what was answered so or so.
        wholes = wholes[: data("compare.toml")["unsaid"]["of_received"]]
    known = [w for w in (*wholes, *figures) if w]
    # The whole less another count is one, too: 另有3件不予公开，予以公开20件，占其余的……
    known += [a - b for a in known for b in figures if a > b]
    if part is not None and any(_is(s, percent(part, w)) for w in known):
        return
    if part is None or None in wholes or not wholes[0]:
        yield context.on_statement(
            rule,
            "not_assessable",
            s,
            key=f"unsaid.{s.code}.{show(s.value)}",
            message=rule.say(context.lang, "unsaid_unknown", stated=s.printed, what=code_words(context.lang, s.code)),
            printed=s.value,
        )
        return
    whole = wholes[0] if s.code.startswith("requests_received") else wholes[1]
    assert whole is not None
    expected = rounded(percent(part, whole)) if whole else None
    yield context.on_statement(
        rule,
        "broken",
        s,
        key=f"unsaid.{s.code}.{show(s.value)}",
        message=rule.say(
            context.lang,
            "unsaid",
            stated=s.printed,
            what=code_words(context.lang, s.code),
            part=show(part),
            whole=show(whole),
            expected=show(expected),
        ),
        printed=s.value,
        expected=expected,
    )


def _is(s: Statement, computed: Value) -> bool:
    return judge(s, Decimal(computed), adjusted=True) in (None, "cut", "adjusted")


def _rate(rule: Rule, context: Context, s: Statement) -> Iterator[Finding]:
    """应办66件，办结62件，办结率97.4%: a rate that no two counts of its sentence and no two of the table give."""
    text = fold(s.sentence)
    at = start_of(context, s) or 0
    counts = [int(m[1].replace(",", "")) for m in re.finditer(r"(?<![\d.])(\d[\d,]*)[件宗起]", text[:at])]
    if s.value < 100 and s.code == "closed.rate" and len(counts) < 2 and not _pattern("due").search(text[:at]):
        yield from _closed_rate(rule, context, s)
        return
    if s.value >= 100 or len(counts) < 2 or not _pattern("rate").search(text[:at]):
        return
    context.holds(rule)
    known = wholes_of_the_table(context)
    new, done, both, all_of_it = known[:4]
    # 当年办结率: of this year's own, by what was carried over or by what is carried forward.
    if new is not None and done is not None and both is not None and all_of_it is not None:
        known = [*known, new - (all_of_it - done), done - (both - new)]
    tables = [w for w in known if w]
    # Of nothing there is no share: 加上年结转0件.
    pairs = [(a, b) for a in (*counts, *tables) for b in (*counts, *tables) if a <= b and b]
    if any(_is(s, percent(a, b)) for a, b in pairs):
        return
    part, whole = counts[-1], _in_hand(context, s, counts)
    if not whole:
        return
    expected = rounded(percent(part, whole))
    yield context.on_statement(
        rule,
        "broken",
        s,
        key=f"rate.{s.code}.{show(s.value)}",
        message=rule.say(
            context.lang, "rate", stated=s.printed, part=show(part), whole=show(whole), expected=show(expected)
        ),
        printed=s.value,
        expected=expected,
    )


def _in_hand(context: Context, s: Statement, counts: Sequence[int]) -> Value:
    """What a rate is the rate of: the largest count in front of it, or, of two years' requests, both together.

    新收43件，上年结转3件，办结44件，办结率97.6%: of 46, not of the 44 that were done.
    """
    here = {x.code: x.value for x in context.own_statements if x.unit != "%" and sentence_at(x) == sentence_at(s)}
    if "requests_received" in here and "carried_over" in here:
        return here["requests_received"] + here["carried_over"]
    whole, both = max(counts), wholes_of_the_table(context)[2]
    return both if both is not None and whole == counts[-1] < both else whole


def _closed_rate(rule: Rule, context: Context, s: Statement) -> Iterator[Finding]:
    """办结率92.31% with no counts of its own, where no part and whole of the table's give it."""
    names = ("received", "carried_over", "processed", "carried_forward")
    rows = {n: context.select({"table": "requests", "rows": [n], "columns": ["total"]}) for n in names}
    values = {n: context.value(cells[0]) for n, cells in rows.items() if len(cells) == 1}
    new, over, done, forward = (values.get(n) for n in names)
    if new is None or over is None or done is None or forward is None or not new:
        return
    context.holds(rule)
    parts = [done, done - over, new - forward, done + over]
    wholes = [w for w in (new, new + over, done + forward, *_figures(s)) if w]
    if any(_is(s, percent(a, w)) for a in parts for w in wholes if 0 <= a <= w):
        return
    expected = rounded(percent(done, new + over))
    yield context.on_statement(
        rule,
        "broken",
        s,
        key=f"closed_rate.{show(s.value)}",
        message=rule.say(
            context.lang, "rate", stated=s.printed, part=show(done), whole=show(new + over), expected=show(expected)
        ),
        printed=s.value,
        expected=expected,
    )
