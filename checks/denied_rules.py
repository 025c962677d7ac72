"""Decisions that a text says there were none of, in words that state no figure: 不涉及行政许可、行政处罚事项, 行政强制均为0.

Belongs here: such sentences against the table of decisions (`compare.toml`, [denied]). Does not belong here: denials that the
reading of sentences gives a code (`sentence_rules`).

What is denied at once is one problem, however many kinds of decisions it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from schemas.facts import Value
from schemas.findings import Finding

from .beside import as_statement, beside_the_table
from .comparisons import at_hand, code_words, comparison_for
from .context import Context, show
from .rules import Rule, data


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    raw = data("compare.toml")["denied"]
    one = f"(?:{'|'.join(raw['names'])}){raw['tail']}"
    several = f"(?P<names>{one}(?:{raw['joint']}{one})*)"
    return tuple(re.compile(p.replace("<names>", several)) for p in raw["patterns"])


def denied(rule: Rule, context: Context) -> Iterator[Finding]:
    """Denials of what the table has."""
    raw, year = data("compare.toml")["denied"], context.report.year
    texts = context.prose.holding(tuple(raw["names"]))
    if not texts or not any(comparison_for(context, code) for code in raw["names"].values()):
        return
    for i, text in texts:
        # By sentence, in the order in which it names them.
        found: dict[int, list[re.Match[str]]] = {}
        for m in sorted((m for p in _patterns() for m in p.finditer(text)), key=lambda m: m.start()):
            start = max(text.rfind(stop, 0, m.start()) for stop in "。;!?") + 1
            years = re.findall(r"20\d\d(?=年)", text[start : m.end()])
            if re.search(raw["never"], text[start : m.start()]) is None and all(int(y) == year for y in years):
                found.setdefault(start, []).append(m)
        for said in found.values():
            yield from _against_the_table(rule, context, i, said)


def _against_the_table(rule: Rule, context: Context, i: int, said: Sequence[re.Match[str]]) -> Iterator[Finding]:
    stated = {s.code for s in context.own_statements if s.passage == i + 1 and s.value == 0}
    there: dict[str, Value] = {}
    cells: list[str] = []
    words: list[str] = []
    for m in said:
        if "0" in m["said"]:
            context.looked_at.add((i + 1, "0"))
        for name, code in data("compare.toml")["denied"]["names"].items():
            comparison = comparison_for(context, code) if name in m["names"] and code not in stated else None
            own = at_hand(context, comparison.sum.plus) if comparison is not None else ()
            values = [v for a in own if (v := context.value(a)) is not None]
            if not own or len(values) < len(own):
                continue
            context.holds(rule)
            if (total := sum(values)) and code not in there:
                there[code] = total
                cells += own
                words += [m["said"]] if m["said"] not in words else []
    if not there:
        return
    joint = "、" if context.lang == "zh" else ", "
    sentence = said[0].string[said[0].start() : said[-1].end()].strip(",。;、")
    yield beside_the_table(
        rule,
        context,
        as_statement(context, next(iter(there)), 0, "、".join(words), sentence, i),
        cells,
        next(iter(there.values())) if len(there) == 1 else None,
        case="loose",
        key=f"denied.{'.'.join(there)}",
        what="words" if len(there) == 1 else "words_several",
        words={
            "what": joint.join(code_words(context.lang, c) for c in there),
            "expected": joint.join(map(show, there.values())),
        },
    )
