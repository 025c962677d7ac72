"""Rules about what a text says of the year before, against last year's report.

Belongs here: evaluators that hold last year's figures and changes since (上年收到55件, 比上年增加20件, 同比增长45.5%, 与上年持平)
against last year's tables. Does not belong here: a change against the two figures that the text itself states
(`share_rules`), tables against tables (`series_rules`), which words speak of another comparison (`compare.toml`).

Last year's tables may count bodies that have since been merged or parted: what differs is a warning, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from schemas.facts import Statement, Value
from schemas.findings import Finding
from schemas.labels import fold

from .comparisons import Comparison, Sum, at_hand, code_words, comparison_for, evaluate, sentence_at, start_of
from .context import Context, magnitude, show
from .rules import Rule, data, words_of
from .series_rules import Past
from .share_rules import judge, percent, rounded, with_its_way


def _before(context: Context, past: Past) -> Context | None:
    """Last year's report, where its figures count what this report's count."""
    previous = past.previous
    if previous is None or context.report.year is None or previous.scope != context.report.scope:
        return None
    return Context(previous, context.profile, context.lang)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(data("compare.toml")["past"][name])


def _sum_of(context: Context, of: Sum) -> Value | None:
    """A sum of a report's cells; None where a cell of it has no figure."""
    plus = at_hand(context, of.plus)
    values = [context.value(a) for a in plus]
    less = [context.value(a) for a in at_hand(context, of.minus)]
    known = [v for v in (*values, *less) if v is not None]
    if not plus or len(known) < len(values) + len(less):
        return None
    return sum(known[: len(values)]) - sum(known[len(values) :])


def _two(context: Context, before: Context, code: str) -> tuple[Comparison, Comparison] | None:
    """What figures of a code are compared with in either year's tables, where both have it and it is no loose one."""
    now, then = comparison_for(context, code), comparison_for(before, code)
    return None if now is None or then is None or now.loose or then.loose else (now, then)


# -- last year's figures -----------------------------------------------------------------------------------------------


def last_year(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """Figures that sentences give for the year before, and that last year's tables do not have."""
    before = _before(context, past)
    if before is None:
        return
    told: set[tuple[str, Value]] = set()
    for s in context.report.statements:
        if s.year != before.report.year or s.scope != context.report.scope or s.approximate or s.share_of is not None:
            continue
        comparison = comparison_for(before, s.code)
        if comparison is None or comparison.loose or s.unit in data("compare.toml")["apart"]["units"]:
            continue
        result = evaluate(before, s.value, comparison.sum)
        if result is None or (s.code, s.value) in told or _pattern("other_count").search(fold(s.sentence)):
            continue
        told.add((s.code, s.value))
        context.holds(rule)
        others = (evaluate(before, s.value, other) for other in comparison.others)
        if result.outcome == "holds" or any(o is not None and o.outcome == "holds" for o in others):
            continue
        expected = _sum_of(before, comparison.sum)
        common: dict[str, Any] = {
            "case": "last_year",
            "key": f"last.{s.code}.{show(s.value)}",
            "table": comparison.sum.table,
            "statement": s.code,
            "printed": s.value,
            "sentence": s.sentence,
            "place": s.place,
        }
        words: dict[str, object] = {
            "stated": s.printed,
            "what": code_words(context.lang, s.code),
            "year": before.report.year,
        }
        if result.outcome == "not_assessable" or expected is None:
            message = rule.say(context.lang, "last_unknown", **words)
            yield context.finding(rule, "not_assessable", message=message, **common)
            continue
        yield context.finding(
            rule,
            "broken",
            message=rule.say(context.lang, "last", expected=show(expected), **words),
            advice=rule.say(context.lang, "advice_last"),
            expected=expected,
            difference=s.value - expected,
            **common,
        )


# -- changes since -----------------------------------------------------------------------------------------------------


def changes(rule: Rule, context: Context, past: Past) -> Iterator[Finding]:
    """Changes since the year before that are not those of the two years' tables, in cases, in percent or in words."""
    before = _before(context, past)
    if before is None:
        return
    own = {(sentence_at(s), s.code): s for s in reversed(context.own_statements) if s.unit != "%"}
    # 64件，增加20件，增长45.5%: the last of them is held against the two before it (`share_rules`).
    by_cases = {at for at in own if at[1].endswith(".change") and (at[0], at[1].removesuffix(".change")) in own}
    of_last = {(sentence_at(s), s.code) for s in context.report.statements if s.year == before.report.year}
    for s in context.report.statements:
        code = s.code.removesuffix(".change")
        if s.year != context.report.year or s.scope != context.report.scope or s.approximate or s.share_of is not None:
            continue
        if s.code == code:
            yield from _in_words(rule, context, before, s)
        elif s.unit in ("倍", "个百分点") or (s.unit == "%" and (sentence_at(s), s.code) in by_cases):
            continue
        elif (sentence_at(s), code) not in of_last:
            # Where the sentence gives last year's figure, the two are held against each other (`share_rules`).
            yield from _change(rule, context, before, s, own.get((sentence_at(s), code)))
    yield from _volume(rule, context, before)


def _change(rule: Rule, context: Context, before: Context, s: Statement, own: Statement | None) -> Iterator[Finding]:
    code = s.code.removesuffix(".change")
    two = _two(context, before, code)
    if two is None or not _since_last_year(context, s):
        return
    if own is not None and (own.unit in data("compare.toml")["apart"]["units"] or not _is(context, own, two[0])):
        # The figure itself is not the table's: that is told, and its change may be right.
        return
    context.holds(rule)
    now, then = _sum_of(context, two[0].sum), _sum_of(before, two[1].sum)
    if now is None or then is None:
        yield _unknown(rule, context, before, s)
        return
    others = zip((two[0].sum, *two[0].others), (two[1].sum, *two[1].others), strict=False)
    if any(_fits(s, _sum_of(context, a), _sum_of(before, b)) for a, b in others):
        return
    if s.unit == "%":
        expected: Value = rounded(abs(percent(now - then, then))) if then else magnitude(now - then)
        what = "since_percent" if then else "since_nothing"
    else:
        expected, what = magnitude(now - then), "since_none" if now == then else "since"
    yield _finding(rule, context, before, s, what, now, then, expected)


def _is(context: Context, own: Statement, of: Comparison) -> bool:
    result = evaluate(context, own.value, of.sum)
    return result is not None and result.outcome == "holds"


def _fits(s: Statement, now: Value | None, then: Value | None) -> bool:
    """Whether a stated change is that from ``then`` to ``now``; a percentage may be cut off instead of rounded."""
    if now is None or then is None:
        return False
    if s.unit != "%":
        return s.value == now - then
    if not then:
        return False
    change = percent(now - then, then)
    return judge(s, change, adjusted=False) in (None, "cut") and (change < 0) == (s.value < 0 and change != 0)


def _since_last_year(context: Context, s: Statement) -> bool:
    """Whether a change is since the year before, by all that its sentence says in front of it."""
    sentence = fold(s.sentence)
    text = sentence[: start_of(context, s) or 0]
    text = text[max(map(text.rfind, "。;")) + 1 :]
    year = context.report.year or 0
    if any(int(y) not in (year, year - 1) for y in re.findall(r"20\d\d(?=[年、/-])", text)):
        return False
    return not _pattern("other_time").search(text[-16:]) and not _pattern("other_count").search(sentence)


def _in_words(rule: Rule, context: Context, before: Context, s: Statement) -> Iterator[Finding]:
    """64件，与上年持平; 64件，比上年有所下降: how a figure stands to last year's, said in words alone."""
    two, sentence = _two(context, before, s.code), fold(s.sentence)
    at = start_of(context, s)
    if two is None or s.unit == "%" or at is None or s.unit in data("compare.toml")["apart"]["units"]:
        return
    m = _pattern("in_words").match(sentence, at + len(fold(s.printed)))
    if m is not None and _is(context, s, two[0]) and not _pattern("other_count").search(sentence):
        yield from _stands(rule, context, before, s, two, m)


def _stands(
    rule: Rule, context: Context, before: Context, s: Statement, two: tuple[Comparison, Comparison], m: re.Match[str]
) -> Iterator[Finding]:
    if m["year"] is not None and int(m["year"]) != before.report.year:
        return
    context.holds(rule)
    now, then = _sum_of(context, two[0].sum), _sum_of(before, two[1].sum)
    if now is None or then is None:
        yield _unknown(rule, context, before, s)
        return
    right = now > then if m["up"] else now < then if m["down"] else now == then
    if not right:
        yield _finding(rule, context, before, replace(s, value=now), "in_words", now, then, then, said=m["said"])


def _volume(rule: Rule, context: Context, before: Context) -> Iterator[Finding]:
    """申请量较上年有所下降: the number of requests, without a figure."""
    code = data("compare.toml")["past"]["volume_code"]
    two = _two(context, before, code)
    if two is None:
        return
    received = {s.passage for s in context.own_statements if s.code == code}
    for i, (passage, text) in enumerate(zip(context.report.passages, context.prose.texts, strict=True), start=1):
        for m in _pattern("volume").finditer(text):
            said = _pattern("in_words").match(text, m.end())
            if said is None or (m["of"] is None and i not in received):
                continue
            stand_in = Statement(
                code,
                0,
                None,
                context.report.year,
                context.report.scope,
                False,
                None,
                said["said"],
                m[0] + said[0],
                passage.place,
            )
            yield from _stands(rule, context, before, stand_in, two, said)


def _unknown(rule: Rule, context: Context, before: Context, s: Statement) -> Finding:
    return context.on_statement(
        rule,
        "not_assessable",
        s,
        key=f"since.{s.code}.{show(s.value)}",
        message=rule.say(context.lang, "since_unknown", stated=s.printed, year=before.report.year),
        statement=s.code.removesuffix(".change"),
        printed=s.value,
    )


def _finding(
    rule: Rule,
    context: Context,
    before: Context,
    s: Statement,
    what: str,
    now: Value,
    then: Value,
    expected: Value,
    *,
    said: str = "",
) -> Finding:
    stated = magnitude(s.value)
    if what != "in_words":
        # +20件 where it is -20件.
        turned = stated == expected and (s.value < 0) != (now < then)
        what = "since_turned" if turned else what
    return context.on_statement(
        rule,
        "broken",
        s,
        key=f"since.{s.code}.{show(s.value)}",
        message=rule.say(
            context.lang,
            what,
            stated=said or s.printed,
            said=with_its_way(context, s),
            what=code_words(context.lang, s.code),
            now=show(now),
            then=show(then),
            year=before.report.year,
            expected=show(expected),
            way=words_of(context.lang, "way_none" if now == then else "way_up" if now > then else "way_down"),
        ),
        advice=rule.say(context.lang, "advice_since"),
        statement=s.code.removesuffix(".change"),
        printed=stated,
        expected=expected,
    )
