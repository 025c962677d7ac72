"""Outcomes that a sentence tells of some of the requests: 新收11件中公开4件、部分公开2件…；上年结转的2件，1件公开.

Belongs here: finding where a paragraph speaks of a part and what became of it (`compare.toml`, [divided]), what a sentence
says that is not counted ([aside]). Does not belong here:
what is told of a figure (`sentence_rules`), lists that do not add up (`parts_rules`).

A figure of a part is no figure of the whole: it can only be more than that. Where both parts of the year's requests are told to
the last one, what became of them is added up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from schemas.facts import Statement, Value
from schemas.findings import Finding
from schemas.labels import fold, han_number

from .beside import as_statement, beside_the_table
from .comparisons import Comparison, Sum, at_hand, comparison_for, evaluate, fronts
from .context import Context, show
from .rules import Rule, data


class _Outcome(NamedTuple):
    """``code``: of what; empty for sums of outcomes (办结) and for what is none, which count for nothing."""

    code: str
    value: int
    printed: str


class _Part(NamedTuple):
    """What is told of one part, from ``start`` to ``end`` of the paragraph. ``of``: how many they are; ``told``: to the last of them."""

    kind: str
    start: int
    end: int
    of: int | None
    sure: bool
    outcomes: tuple[_Outcome, ...]

    @property
    def told(self) -> bool:
        return self.of is not None and self.of == sum(o.value for o in self.outcomes if o.code)


class _Subject(NamedTuple):
    """``sure``: the words alone say that a part is meant; ``left``: only where some of them are left over."""

    kind: str
    sure: bool
    left: bool
    pattern: re.Pattern[str]


class _Words(NamedTuple):
    subjects: tuple[_Subject, ...]
    outcomes: tuple[tuple[re.Pattern[str], str], ...]
    whole: re.Pattern[str]
    figure: re.Pattern[str]
    stops: re.Pattern[str]
    needs: tuple[str, ...]
    codes: frozenset[str]


@cache
def _words() -> _Words:
    raw = data("compare.toml")["divided"]
    return _Words(
        tuple(_Subject(s["kind"], s["sure"], s.get("left", False), re.compile(s["pattern"])) for s in raw["subjects"]),
        tuple((re.compile(p), "" if code == "-" else code) for p, code in raw["outcomes"].items()),
        re.compile(raw["whole"]),
        re.compile(raw["figure"]),
        re.compile(r"[,、;:()。]"),
        tuple(raw["needs"]),
        frozenset(raw["codes"]),
    )


def is_of_a_part(context: Context, statement: Statement, comparison: Comparison) -> bool:
    """Whether every place of a figure is in what a sentence tells of a part, and the part's may be so many."""
    words = _words()
    if statement.code not in words.codes or not statement.passage:
        return False
    result = evaluate(context, statement.value, comparison.sum)
    if result is None or result.expected is None or statement.value > result.expected:
        return False
    text = context.prose.texts[statement.passage - 1]
    parts = _parts_of(context, text)
    if not parts:
        return False
    starts = _starts(text, statement)
    return bool(starts) and all(any(p.start <= at < p.end for p in parts) for at in starts)


def is_with_some_set_aside(statement: Statement, expected: Value) -> bool:
    """收到申请12件，其中1件当日撤回，未计入统计, beside 11: whether the sentence says that so many of them are not counted."""
    raw = data("compare.toml")["aside"]
    off = statement.value - expected
    if off <= 0 or statement.code not in raw["codes"]:
        return False
    sentence, printed = fold(statement.sentence), fold(statement.printed)
    for front in fronts(statement):
        behind = sentence[len(front) + len(printed) :]
        if all(re.search(raw[words], behind) is not None for words in ("not_counted", "reason")):
            counts = [_number(m["n"]) or 0 for m in _words().figure.finditer(behind)]
            if off in counts or any(off == a + b for a, b in pairwise(counts)):
                return True
    return False


def _starts(text: str, statement: Statement) -> list[int]:
    """Where a statement's figure may stand in its paragraph."""
    sentence = fold(statement.sentence).strip("…")
    at = text.find(sentence)
    printed = fold(statement.printed)
    return [at + len(front) for front in fronts(statement)] if at >= 0 and printed else []


def added(rule: Rule, context: Context) -> Iterator[Finding]:
    """What became of the new ones and of those carried over, each told to the last, and together not what the table has."""
    rows = [comparison_for(context, code) for code in _ROWS]
    if any(row is None or _holds(context, 0, row.sum) for row in rows):
        # There is one part only.
        return
    for i, text in context.prose.holding(_words().needs):
        parts = {p.kind: p for p in _parts_of(context, text) if p.told}
        pair = [parts.get("new"), parts.get("carried")]
        if not all(p is not None and _is_all(context, kind, p.of) for kind, p in zip(_ROWS, pair, strict=True)):
            continue
        both = [p for p in pair if p is not None]
        for code in dict.fromkeys(o.code for p in both for o in p.outcomes if o.code):
            yield from _added(rule, context, code, both, text, i)


_ROWS = ("requests_received", "carried_over")


def _added(rule: Rule, context: Context, code: str, parts: Sequence[_Part], text: str, i: int) -> Iterator[Finding]:
    comparison = comparison_for(context, code)
    of = [o for p in parts for o in p.outcomes if o.code == code]
    total = sum(o.value for o in of)
    result = evaluate(context, total, comparison.sum) if comparison is not None else None
    if comparison is None or result is None or result.expected is None:
        return
    context.holds(rule)
    context.looked_at.update((i + 1, str(o.value)) for o in of)
    # One that is more than the whole is told for itself.
    if result.outcome != "broken" or any(o.value > result.expected for o in of):
        return
    start, end = min(p.start for p in parts), max(p.end for p in parts)
    printed = context.listed([o.printed for o in of])
    yield beside_the_table(
        rule,
        context,
        as_statement(context, code, total, printed, text[start:end], i),
        at_hand(context, comparison.sum.plus),
        result.expected,
        key=f"divided.{code}",
        what="divided" if len(of) > 1 else "message",
        words={"total": show(total)},
        advice=rule.say(context.lang, "advice"),
    )


def _is_all(context: Context, code: str, count: int | None) -> bool:
    comparison = comparison_for(context, code)
    return comparison is not None and count is not None and _holds(context, count, comparison.sum)


def _holds(context: Context, value: Value, of: Sum) -> bool:
    result = evaluate(context, value, of)
    return result is not None and result.outcome == "holds"


def _parts_of(context: Context, text: str) -> list[_Part]:
    """The parts that a paragraph tells of, those that may be the whole left out."""
    begun = sorted(_begun(text), key=lambda b: b[1].start())
    parts: list[_Part] = []
    for k, (subject, m) in enumerate(begun):
        if parts and m.start() < parts[-1].end and subject.kind == "some":
            # 新收11件，其中企业3件: within what is told already.
            continue
        end = next((x.start() for s, x in begun[k + 1 :] if s.kind != "some" or x.start() >= m.end()), len(text))
        if (part := _part(text, subject, m, end)) is not None:
            parts.append(part)
    return [p for p in parts if _is_part(context, p, parts)]


def _begun(text: str) -> Iterator[tuple[_Subject, re.Match[str]]]:
    """Where the text begins to speak of a part."""
    taken: set[int] = set()
    for subject in _words().subjects:
        for m in subject.pattern.finditer(text):
            # 予以公开4件 begins no list of what became of those 4.
            named = subject.kind != "some" or subject.sure or not any(p.search(m[0]) for p, _ in _words().outcomes)
            if named and taken.isdisjoint(range(m.start(), m.end())):
                taken.update(range(m.start(), m.end()))
                yield subject, m


def _number(n: str) -> int | None:
    return han_number(n.replace("两", "二"))


def _part(text: str, subject: _Subject, begun: re.Match[str], end: int) -> _Part | None:
    """What follows a part's subject: as far as its count allows, at most to the end of the sentence."""
    words, behind = _words(), begun.end()
    n = begun.groupdict().get("n")
    count = _number(n) if n is not None else None
    opened = text[behind - 1] == "("
    stop = text.find(")" if opened else "。", behind)
    end = min(end, stop if stop >= 0 else len(text))
    if count is None or opened:
        closed = text.find(";", behind)
        end = min(end, closed) if closed >= 0 else end
    if (m := words.whole.search(text, behind, end)) is not None:
        end = m.start()
    outcomes: list[_Outcome] = []
    at, left = behind, behind
    for m in words.figure.finditer(text, behind, end):
        outcome = _outcome(text, at, m, end)
        if outcome is not None:
            reached = sum(o.value for o in outcomes if o.code) + (outcome.value if outcome.code else 0)
            if count is not None and (reached > count or outcome.value > count):
                return None
            outcomes.append(outcome)
            left = m.end()
            if reached == count:
                break
        at = m.end()
    if not outcomes or (subject.left and not any(o.code == "carried_forward" for o in outcomes)):
        return None
    return _Part(subject.kind, begun.start(), left, count, subject.sure, tuple(outcomes))


def _outcome(text: str, at: int, m: re.Match[str], end: int) -> _Outcome | None:
    """What a figure is of: the last words in front of it, else the first behind it."""
    words, value = _words(), _number(m["n"])
    if value is None:
        return None
    front = words.stops.split(text[at : m.start()])[-1]
    mark = words.stops.search(text, m.end(), end)
    behind = text[m.end() : mark.start() if mark is not None else end]
    for stretch in (front, behind):
        for pattern, code in words.outcomes:
            if pattern.search(stretch) is not None:
                return _Outcome(code, value, m[0])
    return None


def _is_part(context: Context, part: _Part, parts: Sequence[_Part]) -> bool:
    """Whether a part is one for certain: its words say so, all of it is told, or the other part is told beside it."""
    received, over = (comparison_for(context, code) for code in _ROWS)
    if received is None or over is None:
        return False
    if part.kind == "new" and _holds(context, 0, over.sum):
        # Nothing came from last year: the new ones are the whole.
        return False
    if part.kind == "carried" and _holds(context, 0, received.sum):
        return False
    if part.kind == "some" and part.of is not None:
        closed = comparison_for(context, "closed")
        sums = [received.sum, *received.others, *([closed.sum] if closed is not None else [])]
        if any(_holds(context, part.of, of) for of in sums):
            return False
    other = {"new": "carried", "carried": "new"}.get(part.kind)
    return part.sure or part.told or any(p.kind == other for p in parts)
