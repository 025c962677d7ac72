"""The words and claims that the data files hold, as typed objects ready for look-up.

Belongs here: loading `words.toml` and `claims.toml`, and finding the longest word at a position.
Does not belong here: any word or code itself (data), and what a word does in a sentence (`walk`, `figures`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from schemas import kept
from schemas.characters import REPLACEMENT, has_lost
from schemas.labels import fold

# Where a figure can begin without a digit: a word that makes it approximate.
APPROXIMATE_BEFORE = ("约", "近", "将近", "接近", "大约", "超过", "超", "逾", "突破", "不少于", "不低于", "至少")
APPROXIMATE_AFTER = ("以上", "左右", "上下")


# Keys of `claims.toml` that are sets, and one that is no name in Python.
_SETS = ("allow", "without", "topic", "not_topic", "not_within", "dispute", "units", "after", "alone", "beside_words")
_NAMED = {"with": "beside_words"}
# The symbol of what no list of words holds.
UNKNOWN = "?"


@dataclass(frozen=True)
class Claim:
    """What words around a figure make it a figure of; the keys are explained in `claims.toml`."""

    code: str
    need: tuple[frozenset[str], ...]
    allow: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    topic: frozenset[str] = frozenset()
    not_within: frozenset[str] = frozenset()
    not_topic: frozenset[str] = frozenset()
    dispute: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset(("case", "item", "thing", "times"))
    of: tuple[str, ...] = ()
    after: frozenset[str] = frozenset()
    here: bool = False
    beside_new: bool = False
    beside: tuple[str, ...] = ()
    not_beside: tuple[str, ...] = ()
    follows: tuple[str, str] | None = None
    renames: tuple[str, str] | None = None
    each: tuple[str, ...] = ()
    result: str | None = None
    forms: tuple[tuple[str, str], ...] = ()
    bare: bool = False
    total: bool = False
    zero: bool = False
    zero_only: bool = False
    every: bool = False
    unshown: bool = False
    context: bool = False
    alone: frozenset[str] = frozenset()
    beside_words: frozenset[str] = frozenset()
    own_year: bool = False

    @cached_property
    def known(self) -> frozenset[str]:
        """Every symbol that may stand in the span of this claim."""
        return self.allow.union(*self.need)

    @cached_property
    def is_dated_by_its_words(self) -> bool:
        """Whether a year among its words says where a request comes from or goes to."""
        return self.own_year and any(group & {"last_year", "next_year"} for group in self.need)


@dataclass(frozen=True)
class Lexicon:
    """Words with their symbols, how long words are by their first character and their second (none: one alone), longest
    first, measure words, claims, and the sets that the reading asks for."""

    words: dict[str, tuple[str, str]]
    lengths: dict[str, dict[str, tuple[int, ...]]]
    plain: frozenset[str]
    titles: tuple[tuple[str, str], ...]
    measures: dict[str, str]
    claims: tuple[Claim, ...]
    topics: dict[str, str]
    ways: tuple[frozenset[str], ...]
    together: tuple[tuple[frozenset[str], str], ...]
    verbs: frozenset[str]
    disputes: dict[str, str]
    results: frozenset[str]
    sure_results: frozenset[str]
    # Kinds of results that stand side by side: of two of them named together a figure is of both.
    groups: frozenset[str]
    both_results: frozenset[str]
    answers: frozenset[str]
    sure_applicants: frozenset[str]
    lawsuits: frozenset[str]
    endings: tuple[str, ...]
    weak_endings: tuple[str, ...]
    not_organizations: tuple[str, ...]
    offices: tuple[str, ...]
    of_offices: tuple[str, ...]
    same: tuple[tuple[str, str], ...]
    some: tuple[str, ...]
    # What the last kind of result is called where all others were named.
    others: frozenset[str]
    # Behind a figure they say no more than 是; anywhere else they are parts of words.
    copulas: frozenset[str]
    # Those who report, some of whom a denial may be said of.
    some_bodies: re.Pattern[str]
    # A clause that says by what a count is parted, the words in between as `by`, and what these words may be.
    view: re.Pattern[str]
    # … and one after which those who asked are counted: 收到的申请中.
    asked: re.Pattern[str]
    view_parts: re.Pattern[str]
    view_kinds: re.Pattern[str]
    # What stretches over several years; what a clause begins with that narrows the matter.
    open_span: re.Pattern[str]
    about: re.Pattern[str]
    # What stands between a whole and the first of its parts.
    divides: re.Pattern[str]

    def word_at(self, text: str, start: int) -> tuple[str, str] | None:
        """The longest word that stands at ``start``, and its symbol."""
        for length in self.lengths_at(text, start):
            found = self.words.get(text[start : start + length])
            if found is not None:
                return found
        return self.words.get(text[start])

    def lengths_at(self, text: str, start: int) -> tuple[int, ...]:
        """How long the words are of which two characters stand at ``start``, the longest first."""
        following = self.lengths.get(text[start])
        return following.get(text[start + 1 : start + 2], ()) if following is not None else ()

    def claims_needing(self, symbols: Set[str]) -> list[Claim]:
        """The claims whose first group of needed words has one of these symbols, in the order of the data."""
        numbers: set[int] = set()
        for symbol in symbols:
            numbers.update(self._first_needs.get(symbol, ()))
        return [self.claims[i] for i in sorted(numbers)]

    @cached_property
    def _first_needs(self) -> dict[str, list[int]]:
        """By symbol the numbers of the claims whose first group of needed words has it."""
        out: dict[str, list[int]] = {}
        for i, claim in enumerate(self.claims):
            for symbol in claim.need[0]:
                out.setdefault(symbol, []).append(i)
        return out

    @cached_property
    def foreign(self) -> frozenset[str]:
        """The symbols of matters that are no requests."""
        return frozenset(symbol for symbol, topic in self.topics.items() if topic == "foreign")


def _load(name: str) -> dict[str, Any]:
    return kept.toml(Path(__file__).with_name(name))


def _claim(raw: dict[str, Any]) -> Claim:
    given: dict[str, Any] = {
        _NAMED.get(k, k): tuple(v) if isinstance(v, list) else v for k, v in raw.items() if k != "year"
    }
    given |= {k: frozenset(given[k]) for k in _SETS if k in given}
    given |= {"need": tuple(map(frozenset, raw["need"])), "forms": tuple(raw.get("forms", {}).items())}
    return Claim(**given, own_year=raw.get("year") == "own")


def _lengths(words: Iterable[str]) -> dict[str, dict[str, tuple[int, ...]]]:
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[:2], set()).add(len(word))
    out: dict[str, dict[str, tuple[int, ...]]] = {}
    for beginning, each in lengths.items():
        out.setdefault(beginning[0], {})[beginning[1:]] = tuple(sorted(each, reverse=True))
    return out


def _any(words: str) -> str:
    return "|".join(map(re.escape, sorted(words.split(), key=len, reverse=True)))


@cache
def lexicon() -> Lexicon:
    """The data files, read once. Raises ValueError where a word stands in two lists."""
    words, claims = _load("words.toml"), _load("claims.toml")
    symbols: dict[str, str] = {}
    for section in ("plain", "words", "breakdowns"):
        for symbol, listed in words[section].items():
            for word in listed.split():
                if symbols.setdefault(word, symbol) != symbol:
                    raise ValueError(f"{word} stands both under {symbols[word]} and {symbol}")
    for word in words["opaque"].split():
        if symbols.setdefault(word, UNKNOWN) != UNKNOWN:
            raise ValueError(f"{word} stands both under {symbols[word]} and among the opaque words")
    views = words["views"]
    sets: dict[str, Any] = {name: frozenset(symbols) for name, symbols in claims["own_words"].items()}
    sets |= {name: tuple(endings.split()) for name, endings in words["organizations"].items()}
    return Lexicon(
        words={word: (word, symbol) for word, symbol in symbols.items()},
        lengths=_lengths(symbols),
        plain=frozenset(words["plain"]),
        titles=tuple(
            (ending + "》", symbol) for symbol, endings in words["titles"].items() for ending in endings.split()
        ),
        measures={w: kind for kind, listed in words["measures"].items() for w in listed.split()},
        claims=tuple(_claim(c) for c in claims["claims"]),
        topics={s: topic for topic, listed in claims["topics"].items() for s in listed},
        ways=tuple(frozenset(v) for v in claims["alternatives"].values()),
        together=tuple((frozenset(t["of"]), t["is"]) for t in claims["together"]),
        verbs=frozenset(claims["verbs"]["symbols"]),
        disputes=dict(claims["disputes"]),
        **sets,
        same=tuple((a, b) for a, b in words["same"]),
        some=tuple(words["some"].split()),
        others=frozenset(words["others"].split()),
        copulas=frozenset(words["copulas"].split()),
        some_bodies=re.compile(words["some_bodies"]),
        view=re.compile(f"(?:{_any(views['begins'])})(?P<by>.{{1,14}}?)(?:{_any(views['ends'])})"),
        asked=re.compile(views["asked"]),
        view_parts=re.compile(_any(views["parts"])),
        view_kinds=re.compile(_any(views["kinds"])),
        open_span=re.compile(words["spans"]["open"]),
        about=re.compile(words["spans"]["about"]),
        divides=re.compile(words["spans"]["divides"]),
    )


class _Characters(dict[int, str]):
    """One simplified, half-width character for each printed one, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        printed = chr(code)
        kept = REPLACEMENT if has_lost(printed) else fold(printed)
        if not kept:
            kept = " "
        elif printed == "，" or len(kept) != 1:
            # A full-width comma never separates thousands.
            kept = printed
        elif kept.isdecimal() and not printed.isdecimal():
            # ① and ² are marks at a figure, not digits of it.
            kept = "·"
        self[code] = kept
        return kept


_CHARACTERS = _Characters()


@dataclass(slots=True)
class Folded:
    """A text made comparable, and where each of its characters stands in the printed one."""

    text: str
    at: list[int] | range
    printed: str

    def slice(self, start: int, end: int) -> str:
        """The printed text of a stretch."""
        if start >= end:
            return ""
        return self.printed[self.at[start] : self.at[end - 1] + 1]


# Stands where white space separates two digits: they may or may not be one figure, so neither is read.
GAP = "\x1f"


# What puts lines together and what reads them both ask for every paragraph of a text.
@lru_cache(maxsize=512)
def folded(printed: str) -> Folded:
    """Simplified, half-width, without white space; white space between two digits becomes `GAP`."""
    text = printed.translate(_CHARACTERS)
    for variant, usual in lexicon().same:
        if variant in text:
            text = text.replace(variant, usual)
    if " " not in text:
        return Folded(text, range(len(text)), printed)
    at: list[int] = []
    kept: list[str] = []
    blank = False
    for i, c in enumerate(text):
        if c == " ":
            blank = True
            continue
        if blank and kept and c.isdecimal() and kept[-1].isdecimal():
            kept.append(GAP)
            at.append(i - 1)
        blank = False
        kept.append(c)
        at.append(i)
    return Folded("".join(kept), at, printed)
