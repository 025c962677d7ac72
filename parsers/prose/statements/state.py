"""What a reader of sentences keeps in mind: what they are about, whose and which year's figures they state.

Belongs here: the state between clauses and what has been stated so far. Does not belong here: how words change it
(`walk`, `figures`), and which claim a figure is given (`fitting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.facts import Value

from .lexicon import Claim
from .scan import DATE, FULL_YEAR, YEAR, Token

# Symbols that tell whose figure it is; ORGANIZATION is a body that no list names.
# ABOVE is a larger area that the reporter's lies in: 全市 in a county's report.
ABOVE = "above"
SCOPES = frozenset(("area", "ours", "own", "office", "level", "below", "system", ABOVE))
ORGANIZATION = "organization"
PARTS = frozenset(("level", "below", "office", ORGANIZATION))
TIMES = frozenset((YEAR, FULL_YEAR, DATE, "this_year", "last_year", "next_year", "season", "since"))
CHANNELS = frozenset(("website", "gazette", "weibo", "wechat", "weibo_wechat", "news_media"))
# Classes of measure words that count something.
COUNTS = frozenset(("case", "item", "thing", "times"))
# Verbs of what is published.
SHOWING = frozenset(("publish", "disclose", "show"))
# Words that show a sentence to speak of disclosure of information.
ABOUT_DISCLOSURE = frozenset(("govinfo", "request", "active"))


@dataclass(slots=True)
class Fit:
    """A claim that fits, the symbols it was found by, and the subject in front of them (None: not said).

    ``complete``: the words hold a verb or a result, so that nothing behind the figure is needed to understand it.
    """

    claim: Claim
    symbols: frozenset[str]
    subject: str | None = None
    complete: bool = True


@dataclass(slots=True)
class Stated:
    """A statement in the making; ``start`` and ``end`` in the folded text of its passage."""

    code: str
    value: Value
    unit: str | None
    year: int | None
    scope: str
    approximate: bool
    share_of: str | None
    start: int
    end: int
    sentence: int
    fit: Fit | None = None

    @property
    def symbols(self) -> frozenset[str]:
        return self.fit.symbols if self.fit is not None else frozenset()


# What a bracket may say for itself alone.
_OUTSIDE = (
    *("year", "year_open", "dated", "scope", "group_scope", "begun", "among", "listing", "elliptic", "kinds"),
    *("channel", "counted_channel", "disputes", "last", "between"),
)


@dataclass(slots=True)
class State:
    """What the clauses before have said. ``year`` is that of the sentence; ``year_open``: of no one year."""

    sentence: int = 0
    # The symbols of all words of the sentence, also of those that stand further on.
    words: frozenset[str] = frozenset()
    # Something else was counted since the text last spoke of requests (制发公文12件): what no words name may be of that.
    between: bool = False
    # What the text and its last numbered heading are about, where it came up, and which kinds of case were named.
    topic: str | None = None
    topic_sentence: int = 0
    heading: str | None = None
    disputes: frozenset[str] = frozenset()
    # Whether the sentence, and the paragraph, speak of disclosure.
    about_disclosure: bool = False
    about_in_paragraph: bool = False
    year: int | None = None
    year_open: bool = False
    # Whether the sentence names a time at all.
    dated: bool = False
    # The subject of the sentence, of a group after 其中, and the one that an earlier sentence leaves behind.
    scope: str | None = None
    group_scope: str | None = None
    carried_scope: str | None = None
    heading_scope: str | None = None
    # Whether the sentence has had a clause before this one.
    begun: bool = False
    # 其中 holds for the scope up to the next semicolon, for listed kinds up to the end of the sentence.
    among: bool = False
    listing: bool = False
    # What was carried over and is done: behind it the sentence may go on with what else is done.
    done: Token | None = None
    # What follows is said of some of the total before: 办结的60件中.
    inside: bool = False
    # … of some of the requests: 不予公开的申请中，4件申请复议.
    of_requests: bool = False
    # The figure before was said of a member alone (市本级30件).
    elliptic: bool = False
    # The figure stands right behind the new ones of the year, as the other part of all there was to do.
    beside_new: bool = False
    # A list of kinds was announced (主要类别有).
    kinds: bool = False
    # The sentence tells of parts (从受理单位看); what it is parted by tells that of none that no words name.
    parts: bool = False
    parts_named: bool = False
    # What was received is parted by those who asked, whether or not a total was stated (收到的申请中，自然人37件).
    asked: bool = False
    # The way of disclosure that a clause began with; whether it was counted there (编印公报12期).
    channel: str | None = None
    counted_channel: bool = False
    # The sentence tells of cases that the reporter decides, or of some about other matters, not of those in its table.
    authority: bool = False
    # What follows in the sentence is meant to be, not counted.
    planned: bool = False
    # The sentence tells how documents were classed, not what became of requests.
    papers: bool = False
    # The sentence tells what was published.
    shown: bool = False
    last: Stated | None = None
    # A figure of the sentence cannot be read: what else it says may be said of that one.
    lost: bool = False
    totals: list[Stated] = field(default_factory=list)
    matters: list[tuple[str, Token]] = field(default_factory=list)
    # The sentence that stated a code last.
    said: dict[str, int] = field(default_factory=dict)
    # The clause has counted bodies (29家): what it says behind is said of those.
    of_bodies: bool = False
    # A count of this sentence whose words leave open what became of it.
    untold: Token | None = None
    # Year, openness and date of the sentence before the words of this figure.
    before: tuple[int | None, bool, bool] = (None, False, False)

    def outside(self) -> dict[str, Any]:
        """What an opening bracket leaves, to be taken up again when it closes: see `resume`."""
        return {name: getattr(self, name) for name in _OUTSIDE} | {"counted": len(self.totals)}

    def resume(self, outside: dict[str, Any]) -> None:
        """A bracket has closed: what it said of year, subject and parts holds no longer."""
        counted = outside["counted"]
        if any(t.sentence == self.sentence for t in self.totals[:counted]):
            del self.totals[counted:]
        for name in _OUTSIDE:
            if name != "disputes" or outside[name]:
                setattr(self, name, outside[name])

    def says(self, codes: Sequence[str]) -> bool:
        """Whether this sentence has stated one of these codes."""
        return any(self.said.get(code) == self.sentence for code in codes)

    def subject(self, named: str | None) -> str | None:
        """The subject of a figure: the one its words name, else the one the text goes on about."""
        return named or self.group_scope or self.scope or self.carried_scope or self.heading_scope

    def recent_totals(self) -> list[Stated]:
        """The totals of this sentence and the one before."""
        return [t for t in self.totals if t.sentence >= self.sentence - 1]

    def recent(self) -> Stated | None:
        """The count stated last, if this sentence stated it."""
        return self.last if self.last is not None and self.last.sentence == self.sentence else None


def union(subjects: Sequence[str]) -> str | None:
    """One subject for several named together: with those below and those above it is the whole area."""
    named = set(subjects)
    if "below" in named and named & {"level", "office", "own"}:
        return "area"
    order = (ABOVE, ORGANIZATION, "below", "level", "office", "system", "own", "ours", "area")
    return next((s for s in order if s in named), None)
