"""Slips of the pen: words and punctuation set twice, half-width punctuation, brackets that do not close.

Belongs here: evaluators that look at characters as printed. Does not belong here: what the words mean (`prose_rules`),
which words may stand twice (`prose.toml`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from schemas.facts import Place
from schemas.findings import Finding

from .context import Context
from .prose import holds_one, may_match, pattern
from .rows import odd_ones
from .rules import Rule, data

_EXCERPT = 16
# Where a mark may stand twice.
_TWO_MARKS = re.compile("[，、；：。]{2}")


class _Slip(NamedTuple):
    """What kind of slip, what is shown of it, and where."""

    what: str
    printed: str
    place: Place


def slip(rule: Rule, context: Context) -> Iterator[Finding]:
    """All slips of a report in one finding. ``{n}`` is how many there are, ``{listed}`` names the first."""
    if not context.is_annual:
        return
    sentence = pattern("slip", "sentence")
    passages = [(p.text, p.place) for p in context.report.passages if sentence.search(p.text)]
    if not passages:
        return
    context.holds(rule)
    every = [(p.text, p.place) for p in context.report.passages]
    whole = "\n".join(text for text, _ in every)
    twice = _TWO_MARKS.search(whole) is not None
    found = [s for text, place in passages for s in (*_doubled(text, place), *(_marks(text, place) if twice else ()))]
    misprints = [what for what in ("twice", "misprint") if may_match(whole, "slip", what)]
    found += [s for text, place in passages for s in (*_misprints(misprints, text, place), *_quotes(text, place))]
    found += _broken_off(context)
    found += [*_narrow(passages), *_brackets(every, whole), *_items(every, whole)]
    if not found:
        return
    most = data("prose.toml")["slip"]["most"]
    listed = [rule.say(context.lang, s.what, printed=s.printed) for s in found]
    yield context.finding(
        rule,
        "broken",
        key="slip",
        message=rule.say(
            context.lang, "message", n=len(found), listed=context.listed(list(dict.fromkeys(listed)), most)
        ),
        printed=found[0].printed,
        sentence=found[0].printed,
        place=found[0].place,
    )


def _around(text: str, start: int, end: int) -> str:
    n = data("prose.toml")["slip"]["around"]
    return text[max(0, start - n) : end + n].strip()


def _doubled(text: str, place: Place) -> Iterator[_Slip]:
    for m in pattern("slip", "doubled").finditer(text):
        if pattern("slip", "no_word").search(m["word"]) or pattern("slip", "heading").search(text[: m.start()]):
            continue
        if pattern("slip", "sentence").search(_run(text, m.start(), m.end())):
            yield _Slip("word", m[0], place)


def _run(text: str, start: int, end: int) -> str:
    """What stands around a position up to the next blanks: of a breadcrumb or a menu, that alone."""
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end]


def _misprints(kinds: Sequence[str], text: str, place: Place) -> Iterator[_Slip]:
    """Words that are none: particles typed twice, fixed terms with a character wrong, missing or too many."""
    for what in kinds:
        for m in pattern("slip", what).finditer(text) if may_match(text, "slip", what) else ():
            yield _Slip("misprint", _around(text, m.start(), m.end()), place)


def _quotes(text: str, place: Place) -> Iterator[_Slip]:
    """Quotation marks whose other half is missing in a whole paragraph."""
    if "“" not in text and "”" not in text:
        return
    if pattern("slip", "whole").search(text.rstrip()) and pattern("slip", "sentence").search(text):
        opened: int | None = None
        for m in re.finditer("[“”]", text):
            is_opening = m[0] == "“"
            if is_opening != (opened is None):
                at = m.start() if opened is None else opened
                yield _Slip("quote", _around(text, at, at + 1), place)
                return
            opened = m.start() if is_opening else None
        if opened is not None:
            yield _Slip("quote", _around(text, opened, opened + 1), place)


def _marks(text: str, place: Place) -> Iterator[_Slip]:
    for m in pattern("slip", "mark").finditer(text):
        yield _Slip("mark", _around(text, m.start(), m.end()), place)


def _broken_off(context: Context) -> Iterator[_Slip]:
    """A paragraph that ends in the middle of a sentence where a section, a topic or the signature begins: 本年新收的12件中，"""
    passages, signed = context.report.passages, (context.report.issuer_printed, context.report.issuer)
    begun = {h.passage for h in context.prose.headings if not h.start}
    begins, unfinished = pattern("slip", "begins"), pattern("slip", "unfinished")
    for i in range(min(begun, default=len(passages)) + 1, len(passages)):
        text, behind = passages[i - 1].text.rstrip(), passages[i].text.strip()
        if i - 1 in begun or not (i in begun or behind in signed or begins.match(behind)):
            continue
        # （一）主动公开， may be the topic's name.
        if unfinished.search(text) and pattern("slip", "sentence").search(text if i in begun else text[:-1]):
            yield _Slip("cut", text[-_EXCERPT:], passages[i - 1].place)


def _narrow(passages: Sequence[tuple[str, Place]]) -> Iterator[_Slip]:
    """Half-width commas, full stops and pairs of brackets beside the wide ones.

    A text set in half-width punctuation throughout is somebody's way of writing, or of copying.
    """
    half = pattern("slip", "half")
    halves = [
        (text, place, list(half.finditer(text)) if may_match(text, "slip", "half") else []) for text, place in passages
    ]
    usual = sum(text.count("，") for text, _ in passages) >= data("prose.toml")["slip"]["usual"] * sum(
        len(found) for _, _, found in halves
    )
    for text, place, found in halves:
        if usual or "，" in text or "；" in text:
            yield from (_Slip("half", _around(text, m.start(), m.end()), place) for m in found)
    for what, wide in (("stop", "。"), ("pair", "（")):
        narrow = [
            (text, m, place)
            for text, place in passages
            if may_match(text, "slip", what)
            for m in pattern("slip", what).finditer(text)
            if what != "stop" or not pattern("slip", "ordinal").search(text[: m.start()])
        ]
        n = sum(text.count(wide) for text, _ in passages) if narrow else 0
        if n >= data("prose.toml")["slip"]["usual"] * len(narrow):
            for text, m, place in narrow:
                yield _Slip("half", _around(text, m.start(), m.end()), place)


def _items(passages: Sequence[tuple[str, Place]], whole: str) -> Iterator[_Slip]:
    """一是……；二是……；二是……: items whose numbers do not follow one another."""
    for style in data("prose.toml")["slip"]["items"]:
        if not holds_one(whole, style["needs"]):
            continue
        found = [
            (text, m, place)
            for text, place in passages
            if holds_one(text, style["needs"])
            for m in re.finditer(style["pattern"], text)
        ]
        numbers = [int(unicodedata.numeric(m["n"])) for _, m, _ in found]
        for i in odd_ones(numbers):
            text, m, place = found[i]
            before = found[i - 1][0][found[i - 1][1].end() :] + text[: m.start()]
            left_out = style.get("instead", "").format(n="一二三四五六七八九十"[min(numbers[i] - 2, 9)])
            # 一是……；二要……；三是……: the second is there in other words.
            if not (left_out and re.search(left_out, before)):
                yield _Slip("item", _around(text, m.start("n"), m.end()), place)


@cache
def _pairs() -> list[tuple[str, str, re.Pattern[str]]]:
    """Of every kind of brackets: how `prose.toml` writes it, its opening ones, and a pattern for any of them."""
    return [
        (pair, pair.partition(":")[0], re.compile(f"[{re.escape(pair.replace(':', ''))}]"))
        for pair in data("prose.toml")["slip"]["brackets"]
    ]


def _brackets(passages: Sequence[tuple[str, Place]], whole: str) -> Iterator[_Slip]:
    """Brackets whose other half is missing in a whole paragraph; what a page's or line's end cuts is none."""
    left: dict[str, int] = {}
    pairs = [each for each in _pairs() if each[2].search(whole)]
    for text, place in passages:
        for pair, opening, either in pairs:
            if either.search(text) is None:
                left[pair] = 0
                continue
            opened: list[int] = []
            alone: list[int] = []
            for m in either.finditer(text):
                if m[0] in opening:
                    opened.append(m.start())
                elif opened:
                    opened.pop()
                else:
                    alone.append(m.start())
            if not opened and not alone:
                left[pair] = 0
                continue
            if alone:
                numbered = {m.end() - 1 for m in pattern("slip", "numbering").finditer(text)}
                alone = [i for i in alone if i not in numbered]
            ends = pattern("slip", "whole").search(text.rstrip()) is not None
            # What the text before left open is closed here.
            alone = alone[left.get(pair, 0) :]
            left[pair] = 0 if ends else len(opened)
            if pattern("slip", "sentence").search(text) is not None:
                for i in sorted([*alone, *(opened if ends else [])]):
                    yield _Slip("bracket", _around(text, i, i + 1), place)
