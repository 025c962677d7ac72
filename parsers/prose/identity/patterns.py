"""`identity.toml`, compiled, and the two ways a line is looked at: as printed and folded.

Belongs here: what every module of this room reads words with. Does not belong here: what the words then mean.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from schemas import kept
from schemas.labels import fold

SPACE = re.compile(r"\s+")
# What `identity.toml` holds that is no pattern as it stands there.
_PARTS = "phrase middle after table lead site_words most announced compiled compiled_by headings"
_MADE = frozenset(_PARTS.split())


@dataclass(slots=True, frozen=True)
class ScopeRule:
    scope: str
    where: str
    kinds: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(slots=True, frozen=True)
class Patterns:
    """Regular expressions on folded text; `identity.toml` says what each is for."""

    phrase: re.Pattern[str]
    table: re.Pattern[str]
    lead: re.Pattern[str]
    sentence: re.Pattern[str]
    link: re.Pattern[str]
    numbered: re.Pattern[str]
    site_words: re.Pattern[str]
    no_name: re.Pattern[str]
    site_ends: re.Pattern[str]
    nobody: re.Pattern[str]
    seal: re.Pattern[str]
    letterhead: re.Pattern[str]
    some_place: re.Pattern[str]
    unfinished: re.Pattern[str]
    town: re.Pattern[str]
    most: int
    periods: tuple[tuple[str, re.Pattern[str]], ...]
    shorter: re.Pattern[str]
    span: re.Pattern[str]
    announced: tuple[re.Pattern[str], ...]
    compiled: re.Pattern[str]
    compiled_by: re.Pattern[str]
    subject: re.Pattern[str]
    headings: tuple[re.Pattern[str], ...]
    aspects: re.Pattern[str]
    own_report: re.Pattern[str]
    own_parts: re.Pattern[str]
    stated: re.Pattern[str]
    made_of: re.Pattern[str]
    others_told: re.Pattern[str]
    left_out: re.Pattern[str]
    disclosure_office: re.Pattern[str]
    inner_office: re.Pattern[str]
    news: re.Pattern[str]
    own_name: re.Pattern[str]
    address: re.Pattern[str]
    crumbs: re.Pattern[str]
    keys: dict[str, tuple[str, ...]]
    inline: re.Pattern[str]
    document_number: re.Pattern[str]
    index_number: re.Pattern[str]
    scopes: tuple[ScopeRule, ...]
    issuer_weights: dict[str, int]
    year_weights: dict[str, int]


def _with_brackets(pattern: str) -> str:
    """A pattern whose names may have a second name in brackets behind them: 清河县教育局(体育局)."""
    return re.sub(
        r"(\(\?P<issuer\d?>(?:\(\?![^)]*\))?\(\?:中国[^)]*\)\)\?\\w\{\d,\d+\}\?)\)",
        r"\1(?:\\(\\w{2,14}局\\))?)",
        pattern,
    )


@cache
def patterns() -> Patterns:
    data = kept.toml(Path(__file__).with_name("identity.toml"))
    title, period, metadata, text = data["title"], data["period"], dict(data["metadata"]), data["text"]
    words = "|".join(sorted(map(re.escape, title["middle"]), key=len, reverse=True))
    middle = (
        rf"(?:{words}|\(?20\d\d年?(?:年?度)?\)?|[二2][〇○零0oO]\w{{2}}年(?:度)?|{period['quarter']}|{period['half']})*?"
    )
    inline, number, index = (metadata.pop(k) for k in ("inline", "document_number_form", "index_number_form"))
    keys = {name: tuple(k.lower() for k in names) for name, names in metadata.items()}
    named = {k for ks in keys.values() for k in ks if not k.isascii() and k not in {"时间", "日期"}}
    # In one order, whatever the order of a set is in this process: patterns are kept by their text.
    spoken = sorted(named, key=lambda k: (-len(k), k))
    plain = (title, text, {name: period[name] for name in ("shorter", "span")})
    found: dict[str, Any] = {k: re.compile(p) for part in plain for k, p in part.items() if k not in _MADE}
    return Patterns(
        **found,
        phrase=re.compile(f"(?:{title['phrase'].replace('{mid}', middle)}){title['after']}"),
        table=re.compile(title["table"].replace("{mid}", middle)),
        lead=re.compile(f"(?:{title['lead']})+"),
        site_words=re.compile(f"(?:{title['site_words']})+"),
        most=title["most"],
        periods=tuple((name, re.compile(period[name])) for name in ("quarter", "half")),
        announced=tuple(re.compile(_with_brackets(p)) for p in text["announced"]),
        compiled=re.compile(_with_brackets(text["compiled"])),
        compiled_by=re.compile(_with_brackets(text["compiled_by"])),
        headings=tuple(map(re.compile, text["headings"])),
        keys=keys,
        inline=re.compile(
            inline.format(keys="|".join(r"\s*".join(map(re.escape, key)) for key in [*spoken, "时间", "日期"]))
        ),
        document_number=re.compile(number),
        index_number=re.compile(index),
        scopes=tuple(
            ScopeRule(s["scope"], s["where"], tuple(s.get("kinds", ())), re.compile(s["pattern"]))
            for s in data["scope"]
        ),
        issuer_weights=data["weights"]["issuer"],
        year_weights=data["weights"]["year"],
    )


def clean(text: str) -> str:
    """Half width and without spaces, in the characters printed."""
    return SPACE.sub("", unicodedata.normalize("NFKC", text))


@dataclass(slots=True, frozen=True)
class Line:
    """A line without spaces, as printed and folded, position by position alike; ``gaps`` are where spaces stood."""

    printed: str
    folded: str
    gaps: frozenset[int]


@lru_cache(maxsize=1024)
def line_of(text: str) -> Line:
    spaced = unicodedata.normalize("NFKC", text)
    gaps: set[int] = set()
    n = 0
    for piece in SPACE.split(spaced):
        if n and piece:
            gaps.add(n)
        n += len(piece)
    printed, folded = SPACE.sub("", spaced), fold(text)
    # Invisible characters and the rare conversion that changes the length: then the folded text stands for both.
    if len(printed) != len(folded):
        return Line(folded, folded, frozenset())
    return Line(printed, folded, frozenset(gaps))
