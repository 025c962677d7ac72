"""What a clause without a figure states: that there was nothing, that all is done, that all are of one kind.

Belongs here: denials and 均, 全部. Does not belong here: any word or code (`words.toml`, `claims.toml`), and clauses with
a figure (`figures`, `comparing`).
"""

from __future__ import annotations

from itertools import pairwise

from .comparing import Comparing
from .lexicon import UNKNOWN
from .notes import Notes, figure_of
from .scan import FIGURE, Token
from .state import SCOPES, TIMES, Stated, union

_DENIALS = frozenset(("none", "absent"))
# What may stand in a clause that says that all requests are done.
_DONE = frozenset(("close", "all_of", "handle", "request", "request_weak", "govinfo", "on_time"))
# Measure words of those who report: 7个单位, 12家, 60%的单位.
_OF_BODIES = frozenset(("thing", "person", "percent", "other"))
# What may stand before an unknown stretch in a clause about the case counted before it: 该案至本报告发布之时尚未审结.
_BEFORE_RESULT = frozenset(("publish", "cases", "reconsideration", "litigation"))


class Clauses:
    """States in the notes what clauses without a figure say."""

    def __init__(self, notes: Notes, comparing: Comparing) -> None:
        self.notes, self.comparing = notes, comparing
        self.state, self.whose, self.fitter = notes.state, notes.whose, notes.fitter
        self.words = notes.fitter.words

    def tell(self, span: list[Token]) -> None:
        """State what these words of one clause say."""
        for at, token in enumerate(span):
            if token.symbol in _DENIALS:
                self._nothing(span, at)
                return
        if self._went_on(span):
            return
        if self._whole() is None and not any(t.symbol in ("every", "all_of") for t in span):
            return
        some = any(w in t.text for t in span if t.symbol == UNKNOWN for w in self.fitter.words.some)
        if not some and not self._all_done(span):
            self._all_of_one_kind(span)

    def _nothing(self, span: list[Token], at: int) -> None:
        """未收到……申请: a stated 0, if the words after the denial leave nothing open."""
        rest, before = span[at + 1 :], span[:at]
        # 县教育局全年均未收到申请.
        last = next((t for t in reversed(before) if t.symbol not in TIMES | {"filler", "every"}), None)
        if self._of_some_bodies(before, last):
            return
        while rest and rest[-1].symbol == "etcetera":
            # 没有发生行政复议、行政诉讼等情况: none of the kinds that are named either.
            rest = rest[:-1]
        if not rest or any(t.symbol == UNKNOWN for t in rest):
            return
        fit = self.fitter.fit([*(t for t in before if t.symbol in TIMES), *rest], zero=True)
        if fit is None:
            return
        named = [t.symbol for t in before if t.symbol in SCOPES]
        if last is not None and last.symbol == UNKNOWN:
            body = self.whose.body(last.text)
            named.extend([body] if body is not None else [])
        subject = union(named) or fit.subject
        year = self.whose.figure_year(before, self.state, own=fit.claim.is_dated_by_its_words)
        unit = "万元" if "money" in fit.claim.units else None
        for each in fit.claim.each or (fit.claim.code,):
            code = self.fitter.code(fit, each)
            if code is not None:
                self.notes.add(code, 0, unit, year, self.notes.scope(subject), span[at].start, span[-1].end, fit=fit)

    def _of_some_bodies(self, before: list[Token], last: Token | None) -> bool:
        """7个单位全年未收到申请, 超过九成的单位未收到申请: whether a denial behind these words is said of some who report."""
        tokens = self.notes.tokens
        for figure, token in pairwise(tokens):
            # 12个部门未收到申请: the figure counts those the denial is said of.
            if before and token is before[0] and figure.symbol == FIGURE and figure_of(figure).kind in _OF_BODIES:
                return True
        if last is None or last.symbol != UNKNOWN or self.whose.body(last.text) == "own":
            return False
        return last.text[0].isdecimal() or self.words.some_bodies.search(last.text) is not None

    def _went_on(self, span: list[Token]) -> bool:
        """17件尚在办理期限内，结转下一年度继续办理: the count of the clause before."""
        s, token = self.state, self.state.untold
        if token is None or any(t.symbol == UNKNOWN for t in span):
            return False
        fit = self.fitter.fit(span)
        if fit is None or fit.claim.code != "carried_forward":
            return False
        year = self.whose.figure_year(span, s, own=fit.claim.is_dated_by_its_words)
        self.notes.add_figure(fit.claim.code, token, year, self.notes.scope(fit.subject), fit=fit)
        s.untold = None
        return True

    def _all_done(self, span: list[Token]) -> bool:
        """均已办结, 所有申请均已按要求办理完成: a rate of 100 of what was received."""
        every = next((k for k, t in enumerate(span) if t.symbol in ("every", "all_of")), None)
        if every is None or self.state.topic != "request" or self._of_what_came_between(span):
            return False
        if not any(t.symbol == "all_of" for t in span) and not any(t.symbol == "close" for t in span[every:]):
            return False
        # 其余均已办结 leaves open how many that are.
        gaps = [t.text for t in span if t.symbol == UNKNOWN]
        if any(self.whose.body(text) is None for text in gaps):
            return False
        if not {t.symbol for t in self.fitter.weighty(span)} - SCOPES <= _DONE or self._of_some(span):
            return False
        done = [t for t in span if t.symbol in ("all_of", "close")][-1]
        start = done.start if done.symbol == "all_of" else span[every].start
        self.comparing.say_rate("closed.rate", 100, (start, done.end), approximate=False)
        return True

    def _of_what_came_between(self, span: list[Token]) -> bool:
        """收到申请64件，制发公文12件，全部办结: perhaps only the papers are."""
        return self.state.between and not any(t.symbol in ("request", "request_weak") for t in span)

    def _of_some(self, span: list[Token]) -> bool:
        """去年结转的2件已全部办结: said of the figure in front, which is not all that was received."""
        if not any(t.symbol == FIGURE and t.end == span[0].start for t in self.notes.tokens):
            return False
        last = self.state.last
        return last is None or last.end != span[0].start or last.code not in ("requests_received", "requests_in_hand")

    def _whole(self) -> Stated | None:
        """What was counted just before, in the same sentence, if it is a whole that may be told to be of one kind."""
        total, totals = self.state.last, self.state.totals
        if total is None or total.sentence != self.state.sentence or not totals or totals[-1] is not total:
            return None
        return total if total.value and total.unit != "%" and total in self.notes.found else None

    def _all_of_one_kind(self, span: list[Token]) -> None:
        """均为自然人, 该案尚未审结: the whole of what was counted just before."""
        total = self._whole()
        if total is None:
            return
        gap = max((k for k, t in enumerate(span) if t.symbol == UNKNOWN), default=-1)
        tail = span[gap + 1 :]
        fit = self.fitter.fit(tail)
        code = self.fitter.code(fit) if fit is not None else None
        if fit is None or code is None or not fit.claim.every:
            return
        every = any(t.symbol in ("every", "all_of") for t in span)
        of_case = fit.claim.result is not None
        if of_case and not (code.startswith(total.code) and code != total.code):
            return
        if not every and not (of_case and total.value == 1):
            return
        if gap >= 0 and not (of_case and {t.symbol for t in self.fitter.weighty(span[:gap])} <= _BEFORE_RESULT):
            return
        said = (total.value, total.unit, total.year, total.scope, total.start, total.end)
        self.notes.add(code, *said, fit=fit, approximate=total.approximate)
        self.state.last = total
