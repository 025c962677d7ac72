"""Figures that sentences count in wordings of the data: one (办理行政许可41件), or several side by side (行政许可14件、行政处罚7件、行政强制7件).

Belongs here: wordings that leave open what is counted (`compare.toml`, [[nearly]]), lists of which all figures but one are the
table's ([[listed]]), what the sentence around a wording has to say. Does not belong here: figures that the reading of sentences
gives a code (`sentence_rules`), sums of what is listed (`parts_rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from schemas.facts import Value
from schemas.findings import Finding

from .beside import as_statement, beside_the_table
from .comparisons import at_hand, cells_of, comparison_for
from .context import Context, magnitude
from .meant import is_of
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
        addresses = [cells_of(context, code) for code in each["codes"]] if texts else []
        cells = [context.value(of[0]) if len(of) == 1 else None for of in addresses]
        if None in cells:
            continue
        for i, text in texts:
            for m in re.finditer(each["pattern"], text):
                if m["year"] not in (None, str(context.report.year)) or not sentence_allows(context, each, text, m):
                    continue
                counts = [int(m[f"n{k}"].replace(",", "")) for k in range(len(cells))]
                context.looked_at.update((i + 1, str(n)) for n in counts)
                context.holds(rule)
                off = [k for k, n in enumerate(counts) if n != cells[k]]
                if len(off) != 1 or not any(n for k, n in enumerate(counts) if k not in off):
                    continue
                (k,) = off
                stated, expected = counts[k], cells[k]
                assert expected is not None
                if any(s.code == each["codes"][k] for s in context.own_statements):
                    continue
                statement = as_statement(context, each["codes"][k], stated, m[f"n{k}"], m[0].strip(",。;、"), i)
                yield beside_the_table(
                    rule,
                    context,
                    statement,
                    addresses[k],
                    expected,
                    case="loose",
                    key=f"listed.{each['codes'][k]}.{stated}",
                )


def nearly(rule: Rule, context: Context) -> Iterator[Finding]:
    """Figures whose words leave open what they count, and that cannot be right whatever that is (`compare.toml`, [[nearly]]).

    办理行政许可41件 beside 40 in the table; 发生行政诉讼1件 in all beside three over disclosure alone.
    """
    stated = {s.code for s in context.own_statements if s.unit != "%"}
    area = context.report.scope == "area"
    for each in data("compare.toml")["nearly"]:
        texts = context.prose.holding(each["needs"])
        if not texts:
            continue
        told = each.get("area", each["told"]) if area else each["told"]
        comparison = comparison_for(context, each["code"])
        addresses = at_hand(context, comparison.sum.plus) if comparison is not None else ()
        if comparison is None or not addresses or (each["code"] in stated and told != "above"):
            continue
        values = [context.value(a) for a in addresses]
        expected: Value | None = None if None in values else sum(v for v in values if v is not None)
        for i, text in texts:
            for m in re.finditer(each["pattern"], text):
                if m["year"] not in (None, str(context.report.year)) or not _speaks_of(context, each, i + 1, text):
                    continue
                if not sentence_allows(context, each, text, m):
                    continue
                context.holds(rule)
                digits = m["n"].replace(",", "")
                value: Value = Decimal(digits) if "." in digits else int(digits)
                context.looked_at.add((i + 1, digits))
                if expected is None or value == expected or not _cannot_be(told, value, expected):
                    continue
                if told == "any" and any(is_of(context, value, other) for other in comparison.others):
                    continue
                if "others" in each and any(is_of(context, value, other) for other in comparison.others):
                    continue
                # One more or less, or ten times as many, may be counted otherwise; a digit wrong in a longer figure is a
                # slip, as where the words are the form's.
                sure = told == "nearly" and len(digits) == len(str(expected)) and magnitude(value - expected) > 1
                statement = as_statement(context, each["code"], value, m["printed"], m[0].strip(",。;、"), i)
                yield beside_the_table(
                    rule,
                    context,
                    statement,
                    addresses,
                    expected,
                    case="loose" if sure else each["case"],
                    key=f"nearly.{each['code']}.{value}",
                )


def _speaks_of(context: Context, each: Mapping[str, Any], passage: int, text: str) -> bool:
    """Whether a paragraph states one of the figures that it has to, and has none of the words that it must not."""
    if "never" in each and re.search(each["never"], text):
        return False
    return "beside" not in each or any(
        s.passage == passage and s.code in each["beside"] for s in context.own_statements
    )


def _cannot_be(told: str, stated: Value, right: Value) -> bool:
    """``nearly``: it is the table's but for a misprint; ``below``: of all business there cannot be less; ``above``: of a part
    there cannot be more; ``any``, ``sure``."""
    if told == "above":
        return stated > right
    return told in ("any", "sure") or (stated < right if told == "below" else _is_misprint(stated, right))


# So near, of some hundreds and more, two counts are not by chance.
_NEAR = Decimal("0.015")


def _is_misprint(stated: Value, right: Value) -> bool:
    """Whether a figure is another with one digit wrong, or two exchanged; or next to it, or ten times as much or little."""
    a, b = str(stated), str(right)
    if abs(stated - right) == 1 or (min(stated, right) >= 10 and (stated == 10 * right or right == 10 * stated)):
        return True
    if stated != right and abs(Decimal(stated) - Decimal(right)) <= _NEAR * Decimal(right):
        return True
    if len(a) != len(b) or len(a) < 2:
        return False
    off = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(off) == 1 or (len(off) == 2 and off[1] - off[0] == 1 and sorted(a) == sorted(b))
