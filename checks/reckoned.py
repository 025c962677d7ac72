"""Sums and shares that a sentence reckons with figures of its own, by wordings of the data: 第一项160件与第二项8件之和为168件.

Belongs here: finding them in folded text (`compare.toml`, [reckoned]) and reckoning again. Does not belong here: lists whose
wording does not matter (`breakdowns`), findings (`parts_rules`, `share_rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from .breakdowns import Breakdown, Part, Rated
from .prose import holds_one
from .rules import data

_MOST_PARTS = 4


class Changed(NamedTuple):
    """A change in counts as a sentence has it, the two counts as printed, and what lies between them (below 0: fewer)."""

    way: str
    grows: bool
    stated: str
    now: str
    then: str
    difference: int
    sentence: str


@cache
def _patterns(kind: str) -> tuple[tuple[re.Pattern[str], Sequence[str]], ...]:
    """The wordings of a kind, each with what a text has to hold."""
    raw = data("compare.toml")["reckoned"]
    figure = r"(?P<p{0}>(?P<n{0}>\d(?<![\d.,近约超逾过至第]\d)[\d,]*)(?P<u{0}>{1}))"
    units = {"": data("compare.toml")["breakdowns"]["units"], "-": ""}
    return tuple(
        (
            re.compile(
                re.sub(
                    r"<([1-4w])(-?)>",
                    lambda m: figure.replace("{0}", m[1]).replace("{1}", units[m[2]]),
                    each["pattern"],
                )
            ),
            each["needs"],
        )
        for each in raw[kind]
    )


def _found(kind: str, text: str) -> Iterator[re.Match[str]]:
    for pattern, needs in _patterns(kind):
        if holds_one(text, needs):
            yield from pattern.finditer(text)


def _value(printed: str) -> int:
    return int(printed.replace(",", ""))


def sums_by_wording(text: str) -> Iterator[Breakdown]:
    """Sums (<w>) that are not those of their parts (<1>, <2> …), all in one unit."""
    for m in _found("sums", text):
        said = m.groupdict()
        numbers = [str(k) for k in range(1, _MOST_PARTS + 1) if said.get(f"n{k}")]
        if len({said[f"u{k}"] for k in (*numbers, "w")}) > 1:
            continue
        parts = tuple(Part("", said[f"p{k}"], _value(said[f"n{k}"])) for k in numbers)
        if sum(p.value for p in parts) != _value(m["nw"]):
            yield Breakdown(m["pw"], _value(m["nw"]), parts, "kinds", m[0].strip(",、;"))


def persons_above(text: str) -> Iterator[Breakdown]:
    """120人次，其中机关干部70人次，村干部60人次: persons by where they serve who are more than all that came."""
    raw = data("compare.toml")["reckoned"]["persons"]
    if not holds_one(text, raw["needs"]):
        return
    whole, item, serving, never = _of_persons()
    for m in whole.finditer(text):
        parts: list[Part] = []
        at = m.end()
        while (found := item.match(text, at)) is not None and found["u"] == m["u"]:
            parts.append(Part(found["label"], found[0].lstrip(",、和及"), _value(found["n"])))
            at = found.end()
        served = [[k for k, words in enumerate(serving) if words.search(p.label)] for p in parts]
        apart = all(len(k) == 1 for k in served) and len({k[0] for k in served if k}) == len(parts)
        if len(parts) > 1 and apart and not any(never.search(p.label) for p in parts):
            found_all = Breakdown(m["p"], _value(m["n"]), tuple(parts), "members", text[m.start() : at])
            if found_all.total > found_all.value:
                yield found_all


@cache
def _of_persons() -> tuple[re.Pattern[str], re.Pattern[str], tuple[re.Pattern[str], ...], re.Pattern[str]]:
    raw = data("compare.toml")["reckoned"]["persons"]
    return (
        re.compile(raw["whole"]),
        re.compile(raw["item"]),
        tuple(map(re.compile, raw["serving"])),
        re.compile(raw["never"]),
    )


def shares_by_wording(text: str) -> Iterator[Rated]:
    """Shares in percent (share) of a count (<1>) in its whole (<w>) that the two do not give, rounded or cut."""
    for m in _found("shares", text):
        part, whole, stated = _value(m["n1"]), _value(m["nw"]), Decimal(m["share"])
        unit = Decimal(1).scaleb(-len(m["share"].partition(".")[2]))
        if whole and abs(Decimal(100 * part) / whole - stated) >= unit:
            yield Rated(m["share"] + "%", m["p1"], m["pw"], Decimal(100 * part) / whole, m[0].strip(",;"))
    for m in _in_brackets().finditer(text) if "率" in text else ():
        part, whole, stated = int(m["n"]), int(m["n2"]), Decimal(m["share"])
        unit = Decimal(1).scaleb(-len(m["share"].partition(".")[2]))
        if whole and abs(Decimal(100 * part) / whole - stated) >= unit:
            yield Rated(m["share"] + "%", m["n"], m["n2"], Decimal(100 * part) / whole, m[0])


def shares_of_a_whole(text: str) -> Iterator[Rated]:
    """1.2万件,其中咨询类7200件,占65%;投诉类3000件,占25%: a share that its part and the whole before the list do not give.

    Where none of several is right another whole is meant; so it is where another count of the text gives it.
    """
    raw = data("compare.toml")["reckoned"]["of_a_whole"]
    if not holds_one(text, raw["needs"]):
        return
    opens, item, figure = _of_a_whole()
    for m in opens.finditer(text):
        items, at = [], m.end()
        while (found := item.match(text, at)) is not None and found["u"] == m["u"]:
            items.append(found)
            at = found.end()
        wrong = [i for i in items if not _gives(i, m)]
        if not wrong or (len(items) > 1 and len(wrong) == len(items)):
            continue
        start = max(text.rfind(stop, 0, m.start()) for stop in "。;") + 1
        if len(items) == 1 and re.search(raw["of_requests"], text[start : m.start()]):
            continue
        others = [f for f in figure.finditer(text) if f["u"] == m["u"]]
        for i in wrong:
            if not any(_gives(i, f) for f in others) and (whole := _amount(m["n"])) >= _amount(i["n"]) and whole:
                yield Rated(
                    i["share"] + "%", i["p"], m["p"], 100 * _amount(i["n"]) / whole, text[m.start() : i.end() - 1]
                )


def _amount(printed: str) -> Decimal:
    number = Decimal(printed.rstrip("万").replace(",", ""))
    return number * 10_000 if printed.endswith("万") else number


def _gives(part: re.Match[str], whole: re.Match[str]) -> bool:
    """Whether a share is that of its part in a whole, which may be rounded to its last printed figure."""
    of = _amount(whole["n"])
    off, off_part = ((_step(f["n"].rstrip("万")) * 5000 if f["n"].endswith("万") else 0) for f in (whole, part))
    if of <= off:
        return True
    n, unit, stated = _amount(part["n"]), _step(part["share"]), Decimal(part["share"])
    return 100 * (n - off_part) / (of + off) - unit < stated < 100 * (n + off_part) / (of - off) + unit


@cache
def _of_a_whole() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    raw = data("compare.toml")
    n, units = r"\d(?<![\d.,近约超逾过至第]\d)[\d,]*(?:\.\d+)?万?", f"(?:{raw['breakdowns']['units']}|人|家|户)"
    of = raw["reckoned"]["of_a_whole"]
    opens, item, figure = (
        re.compile(of[k].replace("<N>", n).replace("<U>", units)) for k in ("opens", "item", "figure")
    )
    return opens, item, figure


def changes_by_wording(text: str) -> Iterator[Rated]:
    """58万次,比上年的40万次增长38.2%: changes in percent that their two counts do not give, however these were rounded."""
    for m in _grown().finditer(text) if holds_one(text, data("compare.toml")["reckoned"]["grown_needs"]) else ():
        now, then, stated = (Decimal(m[k].replace(",", "")) for k in ("n", "n2", "share"))
        grows = m["way"] in data("compare.toml")["reckoned"]["growing"]
        if not then or (now > then) != grows:
            continue
        # Counts in ten thousands are rounded.
        off, off_then = ((_step(m[k]) / 2 if m["u"][0] in "万亿" else Decimal(0)) for k in ("n", "n2"))
        least, most = sorted(
            abs(100 * (now + d * off) / (then - d * off_then) - 100) for d in (Decimal(-1), Decimal(1))
        )
        step = _step(m["share"])
        if stated <= least - step or stated >= most + step:
            yield Rated(m["share"] + "%", m["p"], m["p2"], abs(100 * now / then - 100), m[0])


def differences_by_wording(text: str) -> Iterator[Changed]:
    """比上年2605件增加492件, 由35件上升到43件,增加了10件: what lies between two counts, reckoned again."""
    raw = data("compare.toml")["reckoned"]
    for pattern in _changed() if holds_one(text, raw["changed_needs"]) else ():
        for m in pattern.finditer(text):
            if m.groupdict().get("u2") not in (None, m["u"]):
                continue
            now, then, stated = (_value(m[k]) for k in ("n", "n2", "n3"))
            grows = m["way"] in raw["growing"]
            if now - then != (stated if grows else -stated):
                yield Changed(m["way"], grows, m["p3"], m["p"], m["p2"], now - then, m[0].strip(",、;"))


@cache
def _changed() -> tuple[re.Pattern[str], ...]:
    raw = data("compare.toml")
    n, units = r"\d(?<![\d.,近约超逾过至第]\d)[\d,]*", f"(?:{raw['breakdowns']['units']}|人|家|户)"
    return tuple(re.compile(p.replace("<N>", n).replace("<U>", units)) for p in raw["reckoned"]["changed"])


def _step(printed: str) -> Decimal:
    """One of a figure's last place."""
    return Decimal(1).scaleb(-len(printed.partition(".")[2]))


@cache
def _grown() -> re.Pattern[str]:
    raw = data("compare.toml")
    return re.compile(raw["reckoned"]["grown"].format(units=raw["breakdowns"]["units"]))


@cache
def _in_brackets() -> re.Pattern[str]:
    return re.compile(data("compare.toml")["reckoned"]["in_brackets"])


def shares_above_all(text: str) -> Iterator[tuple[str, str]]:
    """占申请总数的120.5%: shares of more than the whole, printed, each with its clause."""
    for m in _found("above", text):
        if Decimal(m["share"]) > 100:
            yield m["share"] + "%", m[0]
