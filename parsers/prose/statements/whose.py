"""Whose figure it is, and of which year.

Belongs here: bodies, scopes and years as sentences name them, against the report's own. Does not belong here: which
body a report is of at all (`identity`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .lexicon import folded, lexicon
from .scan import DATE, FULL_YEAR, YEAR, Token
from .state import ORGANIZATION, TIMES, State

_YEAR_END = re.compile(r"12月(?:31日|底|末)$")
_TITLE = re.compile(r"([\u4e00-\u9fff]{2,30}?)(?:(?:19|20)\d\d年度?)?(?:政府信息公开|信息公开)(?:工作)?年度报告")
# How the name of a government ends; 州, 盟 and 市 are of one rank, 县, 区 and 旗 of another.
_GOVERNMENT = re.compile(r"(?P<rank>[省市州盟县区旗])(?:人民政府|政府)?(?:办公[厅室])?$")
_RANKS = {"国": 0, "省": 1, "市": 2, "州": 2, "盟": 2, "县": 3, "区": 3, "旗": 3}
# Words for an area that may be a larger one than the reporter's.
OWN_AREA = frozenset(("area", "ours"))
_WHOLE_AREA = re.compile(r"[全我本](?P<rank>[国省市州盟县区旗])")
_OFFSETS = {"this_year": 0, "last_year": -1, "next_year": 1}
_SYMBOLS = {offset: symbol for symbol, offset in _OFFSETS.items()}


class Whose:
    """The report's own year, scope and name, and what a sentence's words are against them."""

    def __init__(self, texts: Iterable[str], *, year: int | None, scope: str) -> None:
        self.words = lexicon()
        self.year, self.own_scope = year, scope
        self.names = _names(texts)
        ending = _GOVERNMENT.search(self.names[0]) if self.names else None
        self.rank = _RANKS[ending["rank"]] if ending is not None and not self.names[0].endswith("自治区") else None

    def is_above(self, token: Token) -> bool:
        """Whether a word for an area means a larger one than the reporting government's: 全市 in a county's report."""
        area = _WHOLE_AREA.match(token.text) if self.rank is not None and token.symbol in OWN_AREA else None
        return area is not None and self.rank is not None and _RANKS[area["rank"]] < self.rank

    def body(self, unknown: str, *, weak: bool = True) -> str | None:
        """The subject that a stretch no word covers ends with, if it ends with a body at all."""
        words = self.words
        endings = words.endings + words.weak_endings if weak else words.endings
        if (
            len(unknown) < 2
            or not unknown.endswith(endings + words.offices)
            or unknown.endswith(words.not_organizations)
        ):
            return None
        if any(unknown in name for name in self.names):
            return "own"
        # 招生办公室 is a part of the reporter, or somebody else.
        general = unknown.endswith(words.offices) and any(word in unknown for word in words.of_offices)
        return "office" if general else ORGANIZATION

    def scope(self, subject: str | None) -> str:
        """The scope in the interface's words; ``part`` for a part of the reporting body, or what it is a part of."""
        if subject in (None, "own"):
            return self.own_scope
        if subject == "ours":
            return self.own_scope if self.own_scope == "unknown" else "area"
        if subject == "office" and self.own_scope in ("body", "office"):
            return self.own_scope
        return subject if subject in ("area", "office", "level", "system") else "part"

    def year_of(self, token: Token) -> tuple[int | None, bool]:
        """The year that a word of time names, and whether it means a whole year."""
        if token.symbol in (YEAR, FULL_YEAR) or (token.symbol == DATE and _YEAR_END.search(token.text)):
            return (token.year if token.year is not None else self.year), True
        if token.symbol == "since" and token.year is not None and token.year == self.year:
            # 2023年以来, in the report of 2023.
            return self.year, True
        if token.symbol not in _OFFSETS:
            return None, False
        if self.year is None:
            return None, token.symbol == "this_year"
        return self.year + _OFFSETS[token.symbol], True

    def year_symbols(self, tokens: Sequence[Token]) -> set[str]:
        """The symbols of time among the words, with printed years as this, last or next year of the report."""
        symbols = {t.symbol for t in tokens if t.symbol in TIMES}
        if self.year is not None:
            years = (t.year - self.year for t in tokens if t.symbol == YEAR and t.year is not None)
            symbols |= {_SYMBOLS[offset] for offset in years if offset in _SYMBOLS}
        return symbols

    def figure_year(self, span: Sequence[Token], state: State, *, own: bool = False) -> int | None:
        """The year of a figure with these words in front of it; None where it is of no one year.

        ``own``: a year among the words says where a request comes from or goes to.
        """
        times = [] if own else [t for t in span if t.symbol in TIMES]
        if times:
            return self.year_of(times[-1])[0]
        # 累计 without a time may count from the beginning.
        if state.year_open or (not state.dated and any(t.symbol == "cumulative" for t in span)):
            return None
        return self.year if own else state.year


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    """The reporter's own name as its title and preamble give it."""
    names: list[str] = []
    for text in texts:
        said = folded(text[:2000]).text
        if "年度报告" in said:
            names.extend(m[1] for m in _TITLE.finditer(said) if m[1] not in names)
    return tuple(names[:4])
