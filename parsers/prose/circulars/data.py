"""What the sentences and lists of circulars look like: `circulars.toml` as compiled patterns.

Belongs here: loading the data file. Does not belong here: any pattern or name itself (data), and reading with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas import kept


@dataclass(frozen=True)
class _Count:
    scan: re.Pattern[str]
    each: re.Pattern[str] | None
    code: str
    unit: str


@dataclass(frozen=True)
class Data:
    """`circulars.toml`, compiled."""

    subjects: tuple[str, ...]
    report: tuple[str, ...]
    publisher: re.Pattern[str]
    groups: dict[str, str]
    assessed: dict[str, str]
    short: dict[str, str]
    things: dict[str, str]
    rate_subjects: tuple[str, ...]
    listed: re.Pattern[str]
    ranked: re.Pattern[str]
    rank_heads: frozenset[str]
    score_heads: frozenset[str]
    name_ends: tuple[str, ...]
    caption: re.Pattern[str]
    counts: tuple[_Count, ...]
    indicator: re.Pattern[str]
    share: re.Pattern[str]
    whole: re.Pattern[str]
    part: re.Pattern[str]
    before_part: re.Pattern[str]
    part_rate: re.Pattern[str]
    quality: re.Pattern[str]


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@cache
def data_of_circulars() -> Data:
    raw = kept.toml(Path(__file__).with_name("circulars.toml"))
    pieces = {**raw["pieces"], "g": f"(?P<g>{_any(list(raw['groups']))})"}

    def pattern(text: str) -> re.Pattern[str]:
        for name, piece in pieces.items():
            text = text.replace("{" + name + "}", piece)
        return re.compile(text)

    lists, scores, parts = raw["lists"], raw["scores"], raw["parts"]
    grades, groups = _any(lists["grades"].split()), _any(list(raw["groups"]))
    return Data(
        subjects=tuple(raw["recognise"]["subjects"].split()),
        report=tuple(raw["recognise"]["report"].split()),
        publisher=re.compile(
            rf"(?:{_any(raw['recognise']['publisher'].split())})[:：](?P<who>[\u4e00-\u9fff]{{4,30}})"
        ),
        groups=raw["groups"],
        assessed=raw["assessed"],
        short=raw["short"],
        things=raw["things"],
        rate_subjects=tuple(raw["rates"]["subjects"].split()),
        listed=re.compile(
            rf"(?:{grades})的(?P<g>{groups}|[^\d():,。;为有是]{{2,12}})(?P<how>\([^)]*\))?(?:依次|分别)?(?:为|有|是|包括):?(?P<items>[^。;:]{{2,}})"
        ),
        ranked=re.compile(_any(lists["ranked"].split())),
        rank_heads=frozenset(scores["rank"].split()),
        score_heads=frozenset(scores["score"].split()),
        name_ends=tuple(scores["name"].split()),
        caption=re.compile(_any(scores["caption"].split())),
        counts=tuple(
            _Count(pattern(c["scan"]), pattern(c["each"]) if "each" in c else None, c["code"], c.get("unit", "个"))
            for c in raw["counts"]
        ),
        indicator=pattern(raw["shares"]["indicator"]),
        share=pattern(raw["shares"]["share"]),
        whole=pattern(parts["whole"]),
        part=pattern(parts["part"]),
        before_part=re.compile(rf"^.*(?:{parts['before']})"),
        part_rate=pattern(parts["rate"]),
        quality=pattern(raw["quality"]["rate"]),
    )
