"""Years that an older draft left behind in places whose words tell which year belongs there.

Belongs here: finding them (`prose.toml`, [[stale]]). Does not belong here: the year of the whole report and figures of another
year (`time_rules`), findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.labels import han_number

from .prose import Prose, holds_one, may_match, pattern
from .rules import data


@dataclass(frozen=True, slots=True)
class Stale:
    """A year that is not the one its words ask for; ``passage`` counts from 0, ``case`` is the rule's."""

    year: int
    right: int
    printed: str
    sentence: str
    passage: int
    case: str | None


@dataclass(frozen=True)
class _Place:
    """Where a year is looked for. ``wrong`` and ``right`` count from the report's year; ``asks``: only in that section;
    ``beside``: not where its text says so of the right {year}."""

    pattern: re.Pattern[str]
    never: re.Pattern[str] | None
    beside: str | None
    asks: str
    wrong: frozenset[int]
    right: int
    case: str | None
    needs: Sequence[str]


@cache
def _places() -> tuple[_Place, ...]:
    return tuple(
        _Place(
            re.compile(p["pattern"]),
            re.compile(p["never"]) if "never" in p else None,
            p.get("beside"),
            p.get("section", ""),
            frozenset(p["wrong"]),
            p["right"],
            p.get("case"),
            p.get("needs", ()),
        )
        for p in data("prose.toml")["stale"]
    )


def stale(prose: Prose, year: int) -> Iterator[Stale]:
    """The years that do not fit their words in a report of ``year``, each place of the data once for a sentence."""
    for place in _places():
        if not any(str(year + n) in prose.whole for n in place.wrong) or not holds_one(prose.whole, place.needs):
            continue
        texts = _where(prose, place)
        if place.beside is not None and _says_both(texts, place, year):
            continue
        for i, text in texts:
            for m in place.pattern.finditer(text):
                said = int(m["year"])
                sentence = _sentence(text, m.start("year"), m.end())
                before = text[max(text.rfind(c, 0, m.start("year")) for c in "。;!?") + 1 : m.start("year")]
                others = {int(y) for y in re.findall(r"20\d\d(?=年)", sentence)} - {said}
                if said - year not in place.wrong or others:
                    continue
                # 上年结转5件 beside it says nothing of the year that stands here.
                if place.never is not None and place.never.search(pattern("year", "counted").sub("", sentence)):
                    continue
                if _quoted(before):
                    continue
                yield Stale(said, year + place.right, m[0].strip("。;,"), sentence, i, place.case)


def _says_both(texts: Sequence[tuple[int, str]], place: _Place, year: int) -> bool:
    """2025年度收取450元；2024年收取225元: whether the right year is told of as well, so that the other is compared with it."""
    right = re.compile((place.beside or "").format(year=year + place.right))
    return any(right.search(text) for _, text in texts)


def _where(prose: Prose, place: _Place) -> list[tuple[int, str]]:
    """The paragraphs of a section (``overview`` or what a section asks for), or all in which there may be something."""
    asks = place.asks
    if not asks:
        return prose.holding(place.needs) if place.beside is None else list(enumerate(prose.texts))
    section = (
        prose.form.section("overview")
        if asks == "overview"
        else prose.form.asking("fees" if asks == "fees" else "halves")
    )
    return prose.paragraphs(section.n) if section is not None else []


def _sentence(text: str, start: int, end: int) -> str:
    first = max(text.rfind(c, 0, start) for c in "。;!?") + 1
    m = re.compile("[。;!?]").search(text, end)
    return text[first : m.start() if m is not None else len(text)]


def _quoted(before: str) -> bool:
    """Whether a title or a quotation is open."""
    return before.count("《") > before.count("》") or before.count("“") > before.count("”")


# -- days that no calendar has -------------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def no_days(text: str) -> Iterator[str]:
    """The days printed in a folded text that there are not: 2月30日, 二〇二六年四月三十一日."""
    # Nearly always every month has the days that are printed.
    may_lack = any(not _is_day(int(m), int(d), leap=False) for m, d in _DAY.findall(text))
    for m in pattern("day", "pattern").finditer(text) if may_lack else ():
        month, day = int(m["m"]), int(m["d"])
        leap = m["y"] is None or (int(m["y"]) % 4 == 0)
        if not _is_day(month, day, leap=leap):
            yield m[0]
    for m in pattern("day", "in_words").finditer(text) if may_match(text, "day", "in_words") else ():
        month, day = han_number(m["m"]) or 0, han_number(m["d"]) or 0
        if not _is_day(month, day, leap=True):
            yield m[0]


def _is_day(month: int, day: int, *, leap: bool) -> bool:
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] - (month == 2 and not leap)
