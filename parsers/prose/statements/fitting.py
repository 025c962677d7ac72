"""Which claim the words around a figure make.

Belongs here: the one rule by which a claim fits. Does not belong here: the claims (`claims.toml`).

A claim fits when every group it needs is there, every other word with weight is allowed to it, nothing unknown stands
between its words and the figure, and what stands unknown in front of them is at most the subject of a verb.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .lexicon import UNKNOWN, Claim, lexicon
from .scan import TITLE, Token
from .state import ABOUT_DISCLOSURE, CHANNELS, SCOPES, TIMES, Fit, State, Stated, union
from .whose import Whose

# These behind an unknown stretch make it a modifier: 涉及土地的申请 are not all requests.
_MODIFIES = ("的", "类", "领域", "方面")
# 不公开2件 is the contrary of what the verb says.
_NEGATIONS = ("不", "非", "拒", "免")
# Verbs of one who decides a case that others bring.
_DECIDING = frozenset(("receive", "accept", "handle", "close", "conclude", "reply"))
# What a figure may be said of without a verb or a result: the words behind it may still narrow it.
_BARE_OBJECTS = frozenset(("request", "request_weak", "govinfo", "reconsideration", "litigation"))

_REQUESTS = frozenset(("request", "request_weak"))
# Words for what is done, and what no part of that is.
_DONE = frozenset(("close", "reply", "handle", "conclude"))
_COMES_IN = ("requests_received", "requests_in_hand", "carried_over")
_BOTH = frozenset(("reconsideration", "litigation"))
# 公民对答复不服: who brings a case, not who asked.
_WHO_CONTEST = frozenset(("natural_person", "organizations"))
_DENIALS = frozenset(("none", "absent"))
_HAPPENED = frozenset(("happen",))


def of_other_requests(tokens: Sequence[Token]) -> bool:
    """信用修复申请, 教师资格认定申请: what stands right before 申请 says of what kind they are."""
    return any(
        a.symbol == UNKNOWN and b.symbol == "request_weak" and b.text.startswith("申请") and len(a.text) > 1
        for a, b in pairwise(tokens)
    )


class Fitter:
    """Finds claims for spans of words, given what the text has said before."""

    def __init__(self, state: State, whose: Whose, form: str) -> None:
        self.words = lexicon()
        self.state, self.whose, self.form = state, whose, form
        self.kinds = frozenset(self.words.disputes)

    def weighty(self, tokens: Sequence[Token]) -> list[Token]:
        """The words that a claim must account for: a title is one unless the text only acts according to it."""
        plain = self.words.plain
        return [
            t
            for k, t in enumerate(tokens)
            if t.symbol not in plain
            and t.symbol != UNKNOWN
            and t.symbol not in TIMES
            and not (t.symbol == TITLE and k and tokens[k - 1].symbol == "according")
            and not (t.symbol in _WHO_CONTEST and any(x.symbol == "contest" for x in tokens[k + 1 :]))
            and not (
                t.symbol == "contest"
                and not self._decides(tokens[: k - 1 if k and tokens[k - 1].symbol == "reply" else k])
            )
        ]

    def _decides(self, before: Sequence[Token]) -> bool:
        """Whether the cases 不服……的 are ones that the reporter decides: 受理不服……的行政复议案件, not 因不服……."""
        return self.state.among or any(t.symbol in _DECIDING for t in before)

    def fit(
        self,
        span: Sequence[Token],
        *,
        behind: Sequence[Token] = (),
        kind: str | None = None,
        zero: bool = False,
        nil: bool = False,
    ) -> Fit | None:
        """The first claim that these words make for a figure of this kind, or None.

        ``behind`` are words with weight behind the figure; ``zero`` asks for what a denial can be of; ``nil``: the figure is 0.
        """
        words = self.words
        cut = max((k for k, t in enumerate(span) if t.symbol == "etcetera"), default=-1)
        tokens = list(span[cut + 1 :])
        gap = max((k for k, t in enumerate(tokens) if t.symbol == UNKNOWN), default=-1)
        run = tokens[gap + 1 :]
        symbols = self._symbols(tokens, zero=zero)
        times = self.whose.year_symbols(tokens) | {t.symbol for t in tokens if t.symbol == "all_kinds"}
        # 被提起行政诉讼: in a report on disclosure the reporter is sued for nothing else.
        passive = any(t.symbol in self.kinds and t.text.startswith("被") for t in tokens)
        near = {t.symbol for t in run} | (symbols - {t.symbol for t in tokens}) | times
        verb = bool(symbols & words.verbs & {t.symbol for t in run})
        subject, narrowed = self._subject(tokens, gap, verb=verb)
        if narrowed:
            return None
        # 不见面办结41件: without an object, what stands at the verb says of what kind they are.
        touched = gap >= 0 and subject is None and bool(run) and run[0].symbol not in words.plain
        for claim in words.claims_needing(near):
            every = symbols | (times & claim.known)
            if (
                every <= claim.known
                and all(group & every and group & near for group in claim.need)
                and not claim.without & times
                # 不宜公开2件: of these claims the verb alone is no evidence.
                and not (claim.here and gap >= 0)
                and (claim.zero if zero else not claim.zero_only)
                and (kind is None or kind in claim.units)
                and not (claim.bare and (behind or touched))
                and self._allows(claim, symbols, about=zero or nil or passive)
            ):
                return Fit(claim, symbols, subject, verb or not symbols <= _BARE_OBJECTS)
        return None

    def code(self, fit: Fit, code: str | None = None) -> str | None:
        """The code of a claim on this form, with the kind of case that a result is of; None where that is open."""
        claim = fit.claim
        if claim.result is None:
            return dict(claim.forms).get(self.form, code or claim.code)
        dispute = self.dispute(fit.symbols)
        return None if dispute is None else self.words.disputes[dispute].format(result=claim.result)

    def dispute(self, symbols: frozenset[str]) -> str | None:
        """The one kind of case that a result is said of."""
        named = symbols & self.kinds
        if not named:
            last = next((t for t in reversed(self.state.totals) if t.symbols & self.kinds), None)
            here = last is not None and last.sentence == self.state.sentence
            if last is not None and here and self._is_split(last):
                # 直接起诉6件，复议后起诉4件，维持5件: of both together.
                return "litigation"
            named = last.symbols & self.kinds if last is not None and here else self.state.disputes
        if "reconsideration" not in named and len(named) == 2:
            named -= {"litigation"}
        return next(iter(named)) if len(named) == 1 else None

    def _is_split(self, last: Stated) -> bool:
        """Whether the sentence has divided its lawsuits into the two kinds, without any result between."""
        here = {t.code for t in self.state.totals if t.sentence == self.state.sentence}
        results = (code for code, at in self.state.said.items() if at == self.state.sentence)
        return (
            {"litigation_direct", "litigation_after_reconsideration"} <= here
            and last.code.startswith("litigation_")
            and not any(
                code.startswith(("litigation_direct.", "litigation_after_reconsideration.")) for code in results
            )
        )

    def _symbols(self, tokens: Sequence[Token], *, zero: bool) -> frozenset[str]:
        """The symbols to account for: all ways named together narrow nothing, a way named before holds on."""
        words = self.words
        symbols = {t.symbol for t in self.weighty(tokens)}
        for group in words.ways:
            if len(symbols & group) > 1:
                symbols -= group
        for parts, whole in words.together:
            if parts <= symbols:
                symbols = symbols - parts | {whole}
        publishes = symbols & {"publish", "disclose", "active"} and not symbols & (
            CHANNELS | {"request", "request_weak"}
        )
        if publishes and self.state.channel is not None:
            symbols.add(self.state.channel)
            if self.state.counted_channel and "active" in symbols:
                # 编印公报12期，主动公开政府信息800条: in the gazette or in all, the words do not say.
                symbols.add("other_way")
        if zero and symbols & {"reconsideration", "litigation"}:
            # 未收到行政复议、行政诉讼的申请: a request for review, not one for information.
            symbols.discard("request_weak")
        return frozenset(symbols)

    def _allows(self, claim: Claim, symbols: frozenset[str], *, about: bool) -> bool:
        """Whether what the text was about lets these words mean this.

        ``about``: the words themselves are about disclosure. No case at all is none about disclosure too.
        """
        s, topics = self.state, self.words.topics
        if s.of_requests and claim.need[0] & self.kinds:
            return False
        if s.authority and (claim.result is not None or claim.need[0] & self.kinds):
            return False
        if claim.beside_new and not s.beside_new:
            return False
        if claim.beside_words and not claim.beside_words & s.words:
            return False
        if (claim.unshown and s.shown) or claim.alone & s.words or (s.papers and "request" in claim.topic):
            return False
        if (claim.beside and not s.says(claim.beside)) or s.says(claim.not_beside):
            return False
        named = any(topics.get(x) in claim.topic for x in symbols)
        if claim.topic and s.topic not in claim.topic and not named:
            return False
        if s.between and not named and not symbols & _REQUESTS and ("request" in claim.topic or claim.after):
            # Only what stood before would tell what this is of: 收到申请64件。制发公文12件。不予公开6件.
            return False
        if s.topic in claim.not_topic and s.topic_sentence == s.sentence and "request" not in symbols:
            return False
        if claim.dispute and not self._dispute_is(claim.dispute, symbols & self.kinds or s.disputes):
            return False
        if claim.result is not None and self.dispute(symbols) is None:
            return False
        of = s.totals[-1].symbols if s.totals else frozenset()
        if s.among and of & claim.not_within:
            # 办结的60件中，含上年结转2件、本年新收58件: so many of the new ones are done.
            return False
        if s.inside and not s.among and of & _DONE and claim.code in _COMES_IN:
            # 办结的60件中，2件为上年结转: perhaps not all that were carried over are done.
            return False
        if claim.after and (not s.totals or s.totals[-1].code not in claim.after) and not self._is_of_asked(claim):
            return False
        if claim.here and (not s.totals or s.totals[-1] not in s.recent_totals()):
            return False
        if claim.follows is not None:
            code, word = claim.follows
            if not any(t.code == code and t.sentence == s.sentence and word in t.symbols for t in s.totals):
                return False
        # 行政复议37件（……）, in a paragraph about disclosure, or behind a sentence about such reviews.
        goes_on = s.about_in_paragraph or any(t.symbols & self.kinds for t in s.recent_totals())
        goes_on = goes_on and not symbols & self.words.verbs
        # 未发生行政诉讼，发生行政复议2件: who says of the one that there was none says so of the other.
        goes_on = goes_on or (s.words >= _BOTH and bool(s.words & _DENIALS) and symbols & self.words.verbs <= _HAPPENED)
        about = about or goes_on or s.about_disclosure or s.topic == "request" or bool(symbols & ABOUT_DISCLOSURE)
        return about or not claim.context

    def _is_of_asked(self, claim: Claim) -> bool:
        """收到的申请中，自然人37件: a part of the total that the sentence does not state."""
        s = self.state
        return s.asked and s.topic == "request" and not s.between and claim.code.startswith("requests_received.")

    @staticmethod
    def _dispute_is(wanted: frozenset[str], named: frozenset[str]) -> bool:
        return len(named) > 1 if "both" in wanted else len(named) == 1 and named <= wanted

    def _subject(self, tokens: Sequence[Token], gap: int, *, verb: bool) -> tuple[str | None, bool]:
        """Whose figure the words say it is, and whether an unknown stretch narrows what it counts."""
        named = [t.symbol for t in tokens if t.symbol in SCOPES]
        if gap < 0:
            return union(named), False
        unknown = tokens[gap].text
        first = tokens[gap + 1] if gap + 1 < len(tokens) else None
        if (
            unknown[-1].isdecimal()
            or unknown.endswith(_NEGATIONS)
            or (first is not None and first.text in _MODIFIES)
            or unknown.endswith(_MODIFIES)
        ):
            return None, True
        body = self.whose.body(unknown)
        if body is not None:
            return union([*named, body]), False
        if of_other_requests(tokens):
            return None, True
        if len(unknown) == 1 and first is not None and first.symbol == "website":
            # 县 in 县政府网站.
            return union(named), False
        if any(t.symbol in CHANNELS for t in tokens[gap + 1 :] if t.symbol != "filler"):
            # One account among others: “某某发布”微信公众号.
            return None, True
        # 受理不动产登记申请: what stands between a verb and its object is part of the object.
        inside = gap > 0 and any(t.symbol == "via" for t in tokens[gap - 1 : gap])
        inside = inside or any(t.symbol in _DECIDING for t in tokens[:gap])
        return union(named), not verb or inside or self.state.listing or self.state.kinds
