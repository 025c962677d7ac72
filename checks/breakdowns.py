"""Wholes and their parts as sentences list them, whatever is counted: 公开1913条，其中区直部门1397条、各乡镇534条.

Belongs here: finding such lists and pairs (受理117件，办结171件) in folded text, and whether a list is complete by its own
words (`compare.toml`). Does not belong here: figures that are known by a code (`parts_rules`), findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from .prose import holds_one
from .rules import data

# `members`: bodies, each of which counts for itself; `kinds`: kinds that leave nothing out; `many`: so many kinds that they
# leave out hardly anything; `over`: parts of one row of words that are more than the whole, whatever they are; `open`:
# nothing is certain.
Kind = Literal["members", "kinds", "many", "over", "open"]

# What a pattern begins with is looked for fast where it is a character: the digit first, then what must not stand before it.
_NUMBER = r"\d(?:\d{0,2}(?:,\d{3})+|\d*)"
# What stands before a figure that is only about right, or that is a part of another figure.
_JOINT, _JOINT_OF_SUM = re.compile(r"[,、;]?(?:和|及|以及|与)?"), re.compile(r"[,、]?(?:和|及|以及|与)?")
_FIGURE = r"\d(?<![\d.,近约超逾过至第]\d)(?<![^收接达]到\d)(?:\d{0,2}(?:,\d{3})+|\d*)"


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of a list with its words."""

    label: str
    printed: str
    value: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A whole and what it is made up of; ``sentence`` is the text from the whole to the last part."""

    printed: str
    value: int
    parts: tuple[Part, ...]
    kind: Kind
    sentence: str

    @property
    def total(self) -> int:
        return sum(p.value for p in self.parts)


@dataclass(frozen=True, slots=True)
class Done:
    """What was received and how much of it was done, side by side."""

    received: int
    done: int
    printed: str
    printed_done: str
    sentence: str
    # The clause of the two, with what stands in front of them.
    around: str


@dataclass(frozen=True, slots=True)
class Rated:
    """A rate in percent, the two counts beside it as printed, and what they give."""

    stated: str
    part: str
    whole: str
    computed: Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class _Words:
    whole: re.Pattern[str]
    item: re.Pattern[str]
    own: re.Pattern[str]
    below: re.Pattern[str]
    last: re.Pattern[str]
    overlapping: re.Pattern[str]
    dimensions: tuple[re.Pattern[str], ...]
    ways: tuple[re.Pattern[str], ...]
    open: re.Pattern[str]
    verbs: re.Pattern[str]
    done: re.Pattern[str]
    done_needs: Sequence[str]
    earlier: re.Pattern[str]
    many: int
    bodies: re.Pattern[str]
    organizations: re.Pattern[str]
    persons: re.Pattern[str]
    summed: re.Pattern[str]
    summed_needs: Sequence[str]
    counted: Mapping[str, int]
    counted_never: re.Pattern[str]
    wholes: re.Pattern[str]
    received: re.Pattern[str]
    carried_over: re.Pattern[str]
    compared: re.Pattern[str]
    figure: re.Pattern[str]
    of_a_year: tuple[tuple[re.Pattern[str], tuple[str, ...], Sequence[str]], ...]
    not_of_a_year: re.Pattern[str]
    summed_behind: re.Pattern[str]
    rated: re.Pattern[str]
    rated_needs: Sequence[str]
    of_whole: re.Pattern[str]
    share: re.Pattern[str]


@cache
def _words() -> _Words:
    raw = data("compare.toml")["breakdowns"]
    units = raw["units"]
    return _Words(
        whole=re.compile(
            rf"(?P<printed>(?P<n>{_FIGURE})(?P<unit>{units}))(?:[,;:(]?(?:其中|包括|(?P<each>分别(?:为|是)))[:,]?|(?P<inside>(?:[\u4e00-\u9fff]{{0,8}}申请)?中[,:]))"
        ),
        item=re.compile(
            rf"(?P<label>[^\d,;。:()、]{{1,24}}?)(?:共计?|为|有|达|:)?(?P<n>{_FIGURE})(?P<unit>{units})(?![\d\w]*率)"
        ),
        own=re.compile(raw["own"]),
        below=re.compile(raw["below"]),
        last=re.compile(data("compare.toml")["lists"]["last"]),
        overlapping=re.compile(raw["overlapping"]),
        dimensions=tuple(map(re.compile, raw["dimensions"])),
        ways=tuple(map(re.compile, raw["ways"])),
        open=re.compile(data("compare.toml")["lists"]["open"]),
        verbs=re.compile(data("compare.toml")["lists"]["verbs"]),
        done=re.compile(raw["done"].format(number=_NUMBER, units=units)),
        done_needs=raw["done_needs"],
        earlier=re.compile(raw["earlier"]),
        many=raw["many"],
        bodies=re.compile(raw["bodies"]),
        organizations=re.compile(raw["organizations"]),
        persons=re.compile(raw["persons"]),
        summed=re.compile(
            rf"[,;:](?:{raw['summed']})(?:为|有|应办理?)?(?P<printed>(?P<n>{_NUMBER})(?P<unit>{units}|{raw['summed_units']}))(?![\d\w]*率)"
        ),
        summed_needs=raw["summed_needs"],
        counted=raw["counted"],
        counted_never=re.compile(raw["counted_never"]),
        wholes=re.compile(raw["wholes"]),
        received=re.compile(raw["received"]),
        carried_over=re.compile(raw["carried_over"]),
        compared=re.compile(raw["compared"]),
        figure=re.compile(
            rf"(?P<label>[^\d,;:()、]{{0,24}}?)\(?(?P<n>{_FIGURE})(?P<unit>{units}|{raw['summed_units']})\)?"
        ),
        of_whole=re.compile(raw["of_whole"].format(number=_NUMBER, units=f"{units}|{raw['summed_units']}")),
        share=re.compile(raw["share"]),
        rated=re.compile(raw["rated"].format(number=_NUMBER, units=f"{units}|{raw['summed_units']}")),
        rated_needs=raw["rated_needs"],
        of_a_year=tuple(
            (re.compile(_with_figures(each["pattern"], units)), tuple(each["names"]), each["needs"])
            for each in raw["of_a_year"]
        ),
        not_of_a_year=re.compile(raw["not_of_a_year"]),
        summed_behind=re.compile(rf"[,、]?(?:全年|本年|两项)?(?:{raw['summed']})|[,、;](?:全年|本年度?)(?=\d)"),
    )


def _with_figures(pattern: str, units: str) -> str:
    """A pattern with a figure and its unit where {1}, {2} … stand."""
    return re.sub(
        r"\{([1-4])\}(?!\})",
        lambda m: rf"(?<![\d.,近约超逾过至第])(?P<p{m[1]}>(?P<n{m[1]}>{_NUMBER})(?P<u{m[1]}>{units}))",
        pattern,
    )


def _value(text: str) -> int:
    return int(text.replace(",", ""))


def breakdowns(text: str) -> Iterator[Breakdown]:
    """The lists of a folded text in which a whole is followed by 其中 and at least two parts in its own unit."""
    words = _words()
    for m in words.whole.finditer(text):
        parts: list[Part] = []
        joints: list[str] = []
        at = m.end()
        while (item := words.item.match(text, at)) is not None and item["unit"] == m["unit"]:
            label = item["label"].removeprefix("其中")
            if words.verbs.match(label) and parts:
                break
            parts.append(Part(label, item[0], _value(item["n"])))
            at = item.end()
            joint = _JOINT.match(text, at)
            joints.append(joint[0][:1] if joint else "")
            at = joint.end() if joint else at
        if len(parts) < 2:
            continue
        if sum(p.value for p in parts) in _before(text, m.start(), m["unit"]):
            # 诉讼10件，已审结7件，尚未审结3件，其中维持5件、纠正1件、其他1件: of the seven.
            continue
        end = at if at < len(text) else len(text)
        # A list that breaks off at a figure in other words has further parts perhaps.
        whole_list = re.match(r"[。;)]|$", text[end:]) is not None or text[end - 1] in ",、;"
        kind = _kind(parts, text[m.start() : end], sure=whole_list)
        if m["inside"] and (kind in ("kinds", "many") or _are_ways(parts)):
            # 167件申请中，企业16件、其他5件: only some are told of. And each request came in one way.
            kind = "members"
        if m["each"] and whole_list and len(parts) > 2 and _is_one_division(parts, text[m.start() : end]):
            # 120条，分别为：……: all of them.
            kind = "kinds"
        if (
            kind == "open"
            and all(joint in ("、", "和", "与", "及") for joint in joints[:-1])
            and _exceed(parts, _value(m["n"]))
        ):
            kind = "over"
        yield Breakdown(
            m["printed"], _value(m["n"]), tuple(parts), kind, text[max(0, m.start() - 16) : end].strip(",、;")
        )


def _is_one_division(parts: list[Part], text: str) -> bool:
    """Whether parts may be all there is of one thing: divided in one way, and no item in two of them."""
    words, labels = _words(), [p.label for p in parts]
    if words.open.search(text) or any(words.overlapping.search(label) for label in labels):
        return False
    return len(set(labels)) == len(labels) and sum(any(map(d.search, labels)) for d in words.dimensions) < 2


def _are_ways(parts: list[Part]) -> bool:
    """网上提交31件，邮寄9件，现场5件: ways in which requests come in, each named once."""
    named = [[k for k, way in enumerate(_words().ways) if way.search(p.label)] for p in parts]
    return all(len(k) == 1 for k in named) and len({k[0] for k in named}) == len(parts)


def _exceed(parts: list[Part], whole: int) -> bool:
    """专题会议8次、推进会9次 of 12次: kinds of one thing, none of which is more than the whole, and together more."""
    words, labels = _words(), [p.label for p in parts]
    if any(words.overlapping.search(label) for label in labels):
        return False
    if sum(any(d.search(label) for label in labels) for d in words.dimensions) > 1 or len(set(labels)) < len(labels):
        return False
    return all(p.value <= whole for p in parts) and sum(p.value for p in parts) > whole


def _kind(parts: list[Part], text: str, *, sure: bool) -> Kind:
    words = _words()
    labels = [p.label for p in parts]
    if words.open.search(text) or any(words.overlapping.search(label) for label in labels):
        return "open"
    if len(labels) > 2 and all(words.bodies.search(label) for label in labels):
        return "members"
    if any(words.organizations.search(label) for label in labels) and not any(map(words.persons.search, labels)):
        return "open"
    if (
        len(labels) > 2
        and len({label[-2:] for label in labels}) == 1
        and labels[0][-1] != "类"
        and not words.last.match(labels[-1])
    ):
        # 文字解读60条、图片解读30条、视频解读6条.
        return "members"
    own = [bool(words.own.search(label)) for label in labels]
    below = [bool(words.below.search(label)) for label in labels]
    if all(o != b for o, b in zip(own, below, strict=True)) and any(own) and any(below) and len(parts) == 2:
        return "members"
    if sum(any(d.search(label) for label in labels) for d in words.dimensions) > 1:
        # 自然人20件、企业5件、网络16件、信函9件: counted twice, by two things.
        return "open"
    alike = len(parts) > 2 and len({label[-1] for label in labels}) == 1 and labels[0].endswith("类")
    if not sure:
        return "open"
    if words.last.match(labels[-1]) or alike:
        return "kinds"
    return "many" if len(parts) >= words.many else "open"


def _before(text: str, at: int, unit: str) -> set[int]:
    """The figures with a unit that stand before a place in its sentence."""
    start = text.rfind("。", 0, at) + 1
    return {_value(m["n"]) for m in _words().figure.finditer(text[start:at]) if m["unit"] == unit}


def sums(text: str) -> Iterator[Breakdown]:
    """The lists of three parts and more in a folded text with their sum behind them (合计167件), where the two differ.

    The list is what stands between the last full stop, colon or open bracket and the sum; a sum of its last parts alone
    is right as well.
    """
    words = _words()
    summed = list(words.summed.finditer(text)) if holds_one(text, words.summed_needs) else []
    for m in summed:
        start = max(text.rfind(c, 0, m.start()) for c in "。:;!?") + 1
        parts: list[Part] = []
        at = start
        while (item := words.figure.match(text, at)) is not None and item.end() <= m.start():
            if item["unit"] != m["unit"]:
                # 培训3期，第一期20人次、第二期25人次，共计45人次: the list begins behind it.
                parts.clear()
            else:
                parts.append(Part(item["label"], item[0].strip("()"), _value(item["n"])))
            level = words.own.search(item["label"]) or words.below.search(item["label"])
            if parts and words.wholes.search(item["label"]) and not m["two"] and not m["count"] and not level:
                break
            at = item.end()
            joint = _JOINT_OF_SUM.match(text, at)
            at = joint.end() if joint and joint.end() <= m.start() else at
        least = 2 if m["two"] or _are_levels(parts) else 3
        if m["count"]:
            # 三项合计: of the three in front of it, whatever they are.
            least = words.counted[m["count"]]
            parts = [] if any(words.counted_never.search(p.label) for p in parts) else parts[-least:]
        if len(parts) < least or at != m.start() or any(not p.label for p in parts):
            continue
        values = [p.value for p in parts]
        if _value(m["n"]) not in (sum(values[k:]) for k in range(1 if m["count"] else len(values) - 1)):
            yield Breakdown(m["printed"], _value(m["n"]), tuple(parts), "kinds", text[start : m.end()])
    yield from _in_hand(text, summed)


def _are_levels(parts: list[Part]) -> bool:
    """市本级30件，乡镇70件: two members that make up an area."""
    words = _words()
    if len(parts) != 2:
        return False
    own, below = ([bool(pattern.search(p.label)) for p in parts] for pattern in (words.own, words.below))
    return own != below and sum(own) == sum(below) == 1


def _in_hand(text: str, summed: Sequence[re.Match[str]]) -> Iterator[Breakdown]:
    """新收167件，上年结转5件，共计174件: requests of two years whose sum is another."""
    words = _words()
    for m in summed:
        start = text.rfind("。", 0, m.start()) + 1
        items = [i for i in words.figure.finditer(text[start : m.start()]) if i["unit"] == m["unit"]]
        # 较上年的203件下降: another year's.
        items = [i for i in items if not words.compared.search(i["label"])]
        if len(items) < 2 or start + items[-1].end() != m.start():
            continue
        kinds = [(bool(words.received.search(i["label"])), bool(words.carried_over.search(i["label"]))) for i in items]
        if kinds[-2:] not in ([(True, False), (False, True)], [(False, True), (True, False)]):
            continue
        parts = tuple(Part(i["label"], i[0], _value(i["n"])) for i in items[-2:])
        if sum(p.value for p in parts) != _value(m["n"]):
            yield Breakdown(m["printed"], _value(m["n"]), parts, "kinds", text[start : m.end()])


def done_of_received(text: str) -> Iterator[Done]:
    """受理117件，办结171件 of one kind of business, where nothing is said of earlier years."""
    words = _words()
    for m in words.done.finditer(text) if holds_one(text, words.done_needs) else ():
        around = text[max(text.rfind("。", 0, m.start()), text.rfind(";", 0, m.start())) + 1 : m.end() + 20]
        if m["what"][-1:] in ("近", "约", "超", "逾"):
            continue
        if m["unit"] == m["unit2"] and not words.earlier.search(around):
            yield Done(
                _value(m["n"]),
                _value(m["n2"]),
                m["n"] + m["unit"],
                m["n2"] + m["unit2"],
                m[0],
                around.partition("。")[0],
            )


def rated(text: str) -> Iterator[Rated]:
    """回访20人，满意15人，满意率93.3%: a rate behind its own two counts, one of which has the rate's name.

    Not where any two counts of the paragraph, or one less another, give the rate.
    """
    words = _words()
    for m in words.rated.finditer(text) if holds_one(text, words.rated_needs) else ():
        first, second = _value(m["n"]), _value(m["n2"])
        name = m["rate"] or ""
        ours = [label.endswith(name) for label in (m["label"], m["label2"])]
        if m["rate"] is None:
            # 栏目20个，其中按月更新15个，占85%.
            ours = [False, True]
        if ours[0] == ours[1]:
            continue
        part, whole = (first, second) if ours[0] else (second, first)
        counts = {_value(c["n"]) for c in words.figure.finditer(text)}
        counts |= {a - b for a in counts for b in counts if a > b} | {a + b for a in counts for b in counts}
        stated = Decimal(m["share"])
        unit = Decimal(1).scaleb(-len(m["share"].partition(".")[2]))
        if (
            not whole
            or (part > whole and not name)
            or any(w and abs(Decimal(100 * part) / w - stated) < unit for w in counts)
        ):
            continue
        printed = (f"{part}{m['unit']}", f"{whole}{m['unit']}")
        yield Rated(m["share"] + "%", *printed, Decimal(100 * part) / whole, m[0].strip(",;。"))


def of_their_wholes(text: str) -> Iterator[Rated]:
    """合计7件，占办结总数19件的56.8%: a share behind a count and its whole, which they do not give."""
    for m in _words().of_whole.finditer(text) if "占" in text else ():
        part, whole, stated = _value(m["n"]), _value(m["n2"]), Decimal(m["share"])
        unit = Decimal(1).scaleb(-len(m["share"].partition(".")[2]))
        if whole and abs(Decimal(100 * part) / whole - stated) >= unit:
            printed = (f"{part}{m['unit']}", f"{whole}{m['unit']}")
            yield Rated(m["share"] + "%", *printed, Decimal(100 * part) / whole, m[0])


def shares_of_one_whole(text: str) -> Iterator[tuple[list[str], Decimal, str]]:
    """网上申请占65.2%，信函占30.1%，当面占14.7%: shares of one dimension that are more than the whole: printed, sum, sentence."""
    words = _words()
    for sentence in re.split("[。;]", text):
        if sentence.count("占") < 2:
            continue
        found = list(words.share.finditer(sentence))
        if len(found) < 2:
            continue
        total = sum((Decimal(m["share"]) for m in found), Decimal(0))
        labels = [m["label"] for m in found]
        alike = any(all(d.search(label) for label in labels) for d in words.dimensions[:2])
        if alike and len(set(labels)) == len(labels) and total > 101:
            yield [m[0].lstrip(",、:") for m in found], total, sentence[found[0].start() : found[-1].end()]


def parts_of_a_year(text: str) -> Iterator[Breakdown]:
    """The quarters or halves of a year, one behind the other, each with its count: 上半年16件、下半年21件.

    ``value`` is the whole stated in the same sentence, 0 where none is; a whole that they add up to is not yielded.
    """
    words = _words()
    for pattern, names, needs in words.of_a_year:
        for m in pattern.finditer(text) if holds_one(text, needs) else ():
            count = len(names)
            parts = [Part(k, k + m[f"p{i}"], _value(m[f"n{i}"])) for i, k in enumerate(names, start=1)]
            between = text[m.start("p1") : m.end()]
            if len({m[f"u{i}"] for i in range(1, count + 1)}) > 1 or words.not_of_a_year.search(between):
                # Of one kind only.
                continue
            start = max(text.rfind(c, 0, m.start()) for c in "。;") + 1
            end = next((i for i in range(m.end(), len(text)) if text[i] in "。;"), len(text))
            around = list(words.figure.finditer(text[start : m.start()] + "," + text[m.end() : end]))
            wholes = [f for f in around if f["unit"] == m["u1"]]
            if any(_value(f["n"]) == sum(p.value for p in parts) for f in wholes):
                continue
            whole = wholes[-1] if wholes and wholes[-1].end() <= m.start() - start else None
            if whole is None and wholes and words.summed_behind.match(text, m.end()):
                # …，全年合计167件.
                whole = wholes[0]
            printed = whole["n"] + whole["unit"] if whole is not None else ""
            value = _value(whole["n"]) if whole is not None else 0
            yield Breakdown(printed, value, tuple(parts), "kinds", text[start : m.end()])
