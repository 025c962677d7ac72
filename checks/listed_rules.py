"""Figures that a sentence counts side by side: 办理行政许可14件、行政处罚7件、行政强制7件.

Belongs here: lists of which all figures but one are the table's (`compare.toml`, [[listed]]), and what the sentence around a
wording has to say. Does not belong here: wordings of one figure (`sentence_rules`), sums of what is listed (`parts_rules`).

Warnings only: the words leave open what is counted; that all others are the table's shows that this one is meant to be, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from schemas.findings import Finding

from .comparisons import at_hand, code_words, comparison_for
from .context import Context, show
from .rules import Rule, data


def sentence_allows(context: Context, each: Mapping[str, Any], text: str, m: re.Match[str]) -> bool:
    """Whether the sentence of a match (for `within` also the one before it) has the words it must have, and none it must not."""
    if not each.keys() & {"within", "without", "own"}:
        return True
    at = text.rfind("。", 0, m.start()) if text[m.start()] != "。" else m.start()
    end = text.find("。", m.end())
    said = text[at + 1 : end if end >= 0 else len(text)]
    if "within" in each and not re.search(each["within"], said):
        said = text[text.rfind("。", 0, max(at, 0)) + 1 : end if end >= 0 else len(text)]
        if not re.search(each["within"], said):
            return False
    if "without" in each and re.search(each["without"], said):
        return False
    own = each.get("own", ())
    return ("bodies" not in own or not _names_others(context, said)) and (
        "times" not in own or not _names_other_times(context, said, dated=m["year"] is not None)
    )


def _names_others(context: Context, said: str) -> bool:
    """Whether a sentence names another body than the reporter."""
    own = context.report.issuer or ""
    # 县教育局 in the report of 某市某县教育局.
    for start in range(len(own) - 2):
        said = said.replace(own[start:], "本机关")
    return re.search(data("compare.toml")["sentence"]["of_others"], said) is not None


def _names_other_times(context: Context, said: str, *, dated: bool) -> bool:
    """Whether a sentence tells of another year or of a part of this one. ``dated``: the figure's own words name the year."""
    year = context.report.year
    if not dated and year is not None and any(int(y) < year for y in re.findall(r"20\d\d(?=年)", said)):
        return True
    return re.search(data("compare.toml")["sentence"]["other_times"], said) is not None


def listed(rule: Rule, context: Context) -> Iterator[Finding]:
    """The one figure of a list that is not the table's, where all others are, and some of these are not 0."""
    for each in data("compare.toml")["listed"]:
        texts = context.prose.holding(each["needs"])
        addresses = [_addresses(context, code) for code in each["codes"]] if texts else []
        cells = [context.value(of[0]) if len(of) == 1 else None for of in addresses]
        if None in cells:
            continue
        for i, text in texts:
            for m in re.finditer(each["pattern"], text):
                if m["year"] not in (None, str(context.report.year)) or not sentence_allows(context, each, text, m):
                    continue
                said = [int(m[f"n{k}"].replace(",", "")) for k in range(len(cells))]
                context.looked_at.update((i + 1, str(n)) for n in said)
                context.holds(rule)
                off = [k for k, n in enumerate(said) if n != cells[k]]
                if len(off) != 1 or not any(n for k, n in enumerate(said) if k not in off):
                    continue
                (k,) = off
                stated, expected = said[k], cells[k]
                assert expected is not None
                if any(s.code == each["codes"][k] for s in context.own_statements):
                    continue
                yield context.finding(
                    rule,
                    "broken",
                    case="loose",
                    key=f"listed.{each['codes'][k]}.{stated}",
                    message=rule.say(
                        context.lang,
                        "message",
                        stated=m[f"n{k}"],
                        expected=show(expected),
                        what=code_words(context.lang, each["codes"][k]),
                    ),
                    statement=each["codes"][k],
                    cells=list(addresses[k]),
                    terms=context.terms(addresses[k]),
                    printed=stated,
                    expected=expected,
                    difference=stated - expected,
                    sentence=m[0].strip(",。;、"),
                    place=context.report.passages[i].place,
                )


def _addresses(context: Context, code: str) -> tuple[str, ...]:
    comparison = comparison_for(context, code)
    return at_hand(context, comparison.sum.plus) if comparison is not None else ()
