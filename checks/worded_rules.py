"""Figures that sentences state by wordings too free for a reading of their own: 642件由自然人提出, 商业企业申请32件, 不予公开及无法提供189件.

Belongs here: lists that begin a sentence and name what the form names (`compare.toml`, [worded]). Does not belong here: figures
that the reading of sentences gives a code (`sentence_rules`), sums of what a sentence lists (`parts_rules`).

Warnings only: a sentence may tell of some of them alone. What any other sum of the table gives is told of none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from schemas.facts import Value
from schemas.findings import Finding
from schemas.labels import han_number

from .beside import as_statement, beside_the_table
from .comparisons import at_hand, cells_of, code_words, comparison_for, evaluate
from .context import Context
from .prose import holds_one
from .rules import Rule, data

_DIGIT = re.compile(r"\d")
_OTHER_YEAR = re.compile(r"20\d\d(?=年)|[上去]一?年")
_JOINT = re.compile(r"[,、;]|(?=[。(]|$)")


class _Item(NamedTuple):
    """What a figure is of (one code, or several added up), the figure, and how it is printed."""

    codes: tuple[str, ...]
    value: int
    printed: str


class _Words(NamedTuple):
    names: tuple[tuple[re.Pattern[str], str], ...]
    begins: re.Pattern[str]
    # What a list may go on with, by the form of what it has last; first of all with no form.
    forms: dict[str, list[tuple[str, re.Pattern[str]]]]
    other_year: re.Pattern[str]
    needs: tuple[str, ...]


@cache
def _words() -> _Words:
    raw = data("compare.toml")["worded"]
    of = {kind: "|".join(f"(?:{p})" for p in named) for kind, named in raw["names"].items()}
    every = {"name": "|".join(of.values()), **of, "n": r"\d[\d,]*"}
    forms = [(kind, re.compile(_filled(p, every))) for kind, p in raw["forms"].items()]
    return _Words(
        tuple((re.compile(p), code) for named in raw["names"].values() for p, code in named.items()),
        re.compile(raw["begins"]),
        {
            # Of one kind there may be several forms: on_whole, on_whole2.
            last: [(k, form) for k, form in forms if k.partition("_")[0] != "on" or k.rstrip("2") == f"on_{last}"]
            for last in ("", "whole", *raw["forms"])
        },
        re.compile(raw["other_year"]),
        tuple(raw["needs"]),
    )


def _filled(pattern: str, words: dict[str, str]) -> str:
    # Not the names of groups.
    return re.sub(r"(?<!\?P)<(\w+)>", lambda m: f"(?:{words[m[1]]})", pattern)


def settled(rule: Rule, context: Context) -> Iterator[Finding]:
    """行政诉讼4件，均已审结 beside one that is still pending: of the table's own cases."""
    year = str(context.report.year)
    for each in data("compare.toml")["settled"]:
        texts = context.prose.holding(each["needs"])
        cases, pending = (comparison_for(context, each[key]) for key in ("of", "code")) if texts else (None, None)
        cells = at_hand(context, pending.sum.plus) if pending is not None else ()
        values = [context.value(a) for a in cells]
        if cases is None or not values or None in values:
            continue
        left = sum(v for v in values if v is not None)
        stated = {s.passage for s in context.own_statements if s.code == each.get("unless")}
        for i, text in texts:
            for m in re.finditer(each["pattern"], text) if i + 1 not in stated else ():
                n = han_number((m["n"] or m.groupdict().get("n2") or "").replace("两", "二"))
                result = evaluate(context, n, cases.sum) if n is not None else None
                front = text[text.rfind("。", 0, m.start()) + 1 : m.start()]
                if result is None or result.outcome != "holds" or set(_OTHER_YEAR.findall(front)) - {year}:
                    continue
                if re.search(each.get("never", "(?!)"), front + m[0]) is not None:
                    continue
                context.holds(rule)
                if not left:
                    continue
                place = context.report.passages[i].place
                yield beside_the_table(
                    rule,
                    context,
                    as_statement(context, each["code"], 0, context.quoted(m["said"], place), m[0], i),
                    cells,
                    left,
                    case="loose",
                    key=f"settled.{each['code']}",
                    what="words",
                )


def worded(rule: Rule, context: Context) -> Iterator[Finding]:
    """Every such figure that is not the table's."""
    words, year = _words(), context.report.year
    if context.form is None or not holds_one(context.prose.whole, words.needs):
        return
    for n, text in context.prose.counting:
        i = n + 1
        if not holds_one(text, words.needs):
            continue
        if words.other_year.search(text) or any(int(y) != year for y in re.findall(r"20\d\d(?=年)", text)):
            continue
        for sentence in re.split("[。!?]", text):
            for item in _items(context, sentence) if _DIGIT.search(sentence) is not None else ():
                if any(
                    s.passage == i and (s.code in item.codes or s.value == item.value) for s in context.own_statements
                ):
                    continue
                context.looked_at.add((i, str(item.value)))
                expected = _expected(context, item)
                if expected is None:
                    continue
                context.holds(rule)
                if expected == item.value:
                    continue
                yield beside_the_table(
                    rule,
                    context,
                    as_statement(context, item.codes[0], item.value, item.printed, sentence, n),
                    tuple(a for c in item.codes for a in cells_of(context, c)),
                    expected,
                    case="loose",
                    key=f"worded.{'.'.join(item.codes)}.{item.value}",
                    words={"what": "＋".join(code_words(context.lang, c) for c in item.codes)},
                )


def _expected(context: Context, item: _Item) -> Value | None:
    """What the table has instead; the figure itself where another sum gives it, None where a figure is missing."""
    total: Value = 0
    for code in item.codes:
        comparison = comparison_for(context, code)
        values = [context.value(a) for a in cells_of(context, code)]
        if comparison is None or not values or None in values:
            return None
        total += sum(v for v in values if v is not None)
        for other in comparison.others if len(item.codes) == 1 else ():
            result = evaluate(context, item.value, other)
            if result is not None and result.outcome != "broken":
                return item.value
    return total


def _code(name: str) -> str:
    return next(code for pattern, code in _words().names if pattern.fullmatch(name))


def _items(context: Context, sentence: str) -> Iterator[_Item]:
    """The figures of a list that a sentence begins with."""
    words = _words()
    begun = words.begins.match(sentence)
    at = begun.end() if begun is not None else 0
    last = ""
    whole = (begun["whole"] or begun["new"]) if begun is not None else None
    if whole is not None:
        # 43件申请中37件来自自然人: of those received, no others.
        received = comparison_for(context, "requests_received")
        result = evaluate(context, int(whole), received.sum) if received is not None else None
        if result is None or result.outcome != "holds":
            return
        last = "whole"
    while True:
        # What goes on a list needs one before it.
        found = next(((k, m) for k, form in words.forms[last] if (m := form.match(sentence, at)) is not None), None)
        joint = _JOINT.match(sentence, found[1].end()) if found is not None else None
        if found is None or joint is None:
            return
        kind, m = found
        last = last if kind.startswith("on_") else kind
        at = joint.end()
        named = m.groupdict()
        figures = [named[k] for k in ("n", "n2") if named.get(k)]
        names = [_code(named[k]) for k in ("name", "name2") if named.get(k)]
        if names and len(figures) == 1:
            yield _Item(tuple(names), _value(figures[0]), named["printed"])
        for name, figure in zip(names, figures, strict=False) if len(figures) == 2 else ():
            yield _Item((name,), _value(figure), f"{figure}{named['unit']}")
        if joint[0] == "":
            return


def _value(printed: str) -> int:
    return int(printed.replace(",", ""))
