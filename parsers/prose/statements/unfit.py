"""What a figure is of that no claim fits: another year's count, a member's part, a listed kind, a rest, a sum of several.

Belongs here: what the figures stated before it in its sentence make of it, and what it leaves behind for the next. Does not
belong here: figures whose own words tell (`figures`), any word or code (`words.toml`, `claims.toml`).
"""

from __future__ import annotations

from collections.abc import Sequence

from .comparing import LISTED
from .fitting import of_other_requests
from .lexicon import UNKNOWN
from .notes import Notes, figure_of
from .scan import MARK, Figure, Token
from .spans import SUMS, has_object
from .state import ABOVE, COUNTS, PARTS, SCOPES, TIMES, Fit, union

_REQUESTS = frozenset(("request", "request_weak"))
# A list of kinds holds nouns; these begin another clause.
_NOT_IN_LABELS = TIMES | {
    *("receive", "accept", "close", "handle", "reply", "publish", "disclose", "hold", "none", "compare", "up", "down"),
}
_KIND_ENDS = ("类", "方面", "领域", "事项", "信息", "申请")
_BEFORE_LABELS = frozenset(("among", "and", "breakdown", "looks_at"))
_LIST_WORDS = ("的", "有", "是", "涉及", "属于", "“", "”", "另有")
_OF_BODIES = ("家",)
_OF_THINGS = COUNTS | {"person"}
# All results but the last kind; and that kind's own.
_ALL_OTHER_RESULTS = (
    ("replied_granted", "granted_or_partially_granted"),
    ("replied_denied",),
    ("unavailable",),
    ("not_processed",),
)
_KINDS_OF_OTHER = ("other_handling", "other_overdue_correction", "other_unpaid_fee")
# What else is counted with the measure words of requests, and these.
_THINGS = frozenset(
    ("document", "normative", "regulations", "info", "info_weak", "active", "on_request", "issue", "for_others")
)


class Unfit:
    """States in the notes what figures are of that no claim fits."""

    def __init__(self, notes: Notes) -> None:
        self.notes, self.state, self.whose, self.fitter = notes, notes.state, notes.whose, notes.fitter
        self.words = notes.fitter.words
        self.things = _THINGS | self.words.foreign

    def tell(self, token: Token, span: list[Token]) -> None:
        """A figure that no claim fits: a member's part of the total before, a listed kind of it, or another matter."""
        if (
            self._year_beside(token, span)
            or self._member(token, span)
            or self._rest(token, span)
            or self._kind(token, span)
            or self._together(token, span)
        ):
            return
        s, figure = self.state, figure_of(token)
        s.last = None
        if not s.words & self.fitter.kinds and any(t.symbol == UNKNOWN for t in span):
            # 备案审查规范性文件44件，纠正2件: no results of the cases that an earlier sentence counted.
            s.disputes = frozenset()
        s.of_bodies = figure.measure in _OF_BODIES
        s.untold = token if figure.kind == "case" and s.topic == "request" else None
        if any(t.symbol == "gazette" for t in span) and not any(t.symbol == "etcetera" for t in span):
            # 编印公报12期，公开政府信息86条: those are the gazette's.
            s.channel, s.counted_channel = "gazette", True
        self.comes_between(figure, span)
        self._matter(token, span)

    def comes_between(self, figure: Figure, span: Sequence[Token]) -> None:
        """制发公文12件: a count of what is no request, after which results without an object may be of those."""
        named = any(t.symbol in self.things or (t.symbol == UNKNOWN and self.whose.body(t.text) is None) for t in span)
        if figure.kind in _OF_THINGS and named and not any(t.symbol in _REQUESTS for t in span):
            self.state.between = True

    def _year_beside(self, token: Token, span: list[Token]) -> bool:
        """收到64件，同比增长45%（上年为44件）: beside a count, a year and a figure alone are the count of that year."""
        last, own = self.state.recent(), self.whose.year
        years = [t for t in span if t.symbol in TIMES]
        if last is None or last.fit is None or len(years) != 1 or last.unit != figure_of(token).measure:
            return False
        following = next((t for t in self.notes.tokens if t.start == token.end), None)
        if following is not None and following.symbol != MARK:
            return False
        year = self.whose.year_of(years[0])[0]
        if year in (None, last.year) or (year == own and last.year is None):
            return False
        if any(t.symbol not in ("filler", *TIMES) for t in span):
            return False
        s, stated = self.state, self.notes.add_figure(last.code, token, year, last.scope, fit=last.fit)
        if year == own:
            # 2022年收到申请92件，2023年为210件: what follows is of these.
            if last.fit.claim.total:
                s.totals.append(stated)
            return True
        s.last = last
        # 去年同期203件，减少36件: the year is that of the 203 alone.
        s.year, s.year_open, s.dated = s.before
        return True

    def _member(self, token: Token, span: list[Token]) -> bool:
        """其中市本级30件: a part of the total before, said of a member alone."""
        s, figure = self.state, figure_of(token)
        total = s.totals[-1] if s.totals else None
        if total is None or total not in s.recent_totals() or total.unit != figure.measure or total.fit is None:
            return False
        if self.fitter.weighty(span):
            return False
        gaps = [t.text for t in span if t.symbol == UNKNOWN]
        subject = union([t.symbol for t in span if t.symbol in SCOPES])
        if gaps:
            subject = self.whose.body(gaps[0]) if len(gaps) == 1 and subject is None else None
        if subject not in PARTS:
            return False
        s.group_scope, s.elliptic, s.among = subject, True, True
        fit = Fit(total.fit.claim, total.symbols, subject)
        self.notes.add_figure(total.code, token, total.year, self.notes.scope(subject), fit=fit)
        return True

    def _rest(self, token: Token, span: list[Token]) -> bool:
        """予以公开3件、部分公开1件、不予公开2件、无法提供4件、不予处理1件、其他1件: what the form calls 其他处理."""
        s, named = self.state, "".join(t.text for t in span if t.symbol != "and")
        if named not in self.words.others or s.topic != "request" or s.between:
            return False
        if not all(s.says(codes) for codes in _ALL_OTHER_RESULTS) or s.says(_KINDS_OF_OTHER):
            return False
        last = s.recent()
        if last is None or last.fit is None or last.unit != figure_of(token).measure:
            return False
        self.notes.add_figure("other_handling", token, last.year, last.scope, fit=last.fit)
        return True

    def _together(self, token: Token, span: list[Token]) -> bool:
        """县政府办公室205件，各部门400件，全县合计605件: the sum of what was said of several."""
        s, figure = self.state, figure_of(token)
        subject = union([t.symbol for t in span if t.symbol in SCOPES])
        if subject not in ("area", "ours") or not any(t.text in SUMS for t in span):
            return False
        if self.fitter.weighty([t for t in span if t.symbol not in SCOPES]) or any(t.symbol == UNKNOWN for t in span):
            return False
        here = [f for f in self.notes.found if f.sentence == s.sentence and f.unit == figure.measure]
        codes = {f.code for f in here}
        scope = self.notes.scope(subject)
        if len(here) < 2 or len(codes) != 1 or here[0].fit is None or any(f.scope == scope for f in here):
            return False
        stated = self.notes.add_figure(here[0].code, token, here[-1].year, scope, fit=here[0].fit)
        if here[0].fit.claim.total:
            s.totals.append(stated)
        return True

    def _kind(self, token: Token, span: list[Token]) -> bool:
        """财政预决算60件: a listed kind of the total, after words that open a list of its kinds."""
        s, figure = self.state, figure_of(token)
        wholes = [t for t in s.totals if t.code in LISTED and t.unit == figure.measure]
        if not wholes or not (s.kinds or (s.listing and wholes[-1] in s.recent_totals())):
            return False
        if any(t.text in SUMS[:3] for t in span):
            # 以上三类合计139件.
            return False
        label = list(span)
        while label and (label[0].symbol in _BEFORE_LABELS or label[0].text in _LIST_WORDS):
            del label[0]
        symbols = {t.symbol for t in label}
        if not label or symbols & _NOT_IN_LABELS:
            return False
        rest = label[0].text.startswith("其他")
        if rest and not any(f.code == LISTED[wholes[-1].code] and f.sentence == s.sentence for f in self.notes.found):
            return False
        if ("active" in symbols or (not s.kinds and UNKNOWN not in symbols)) and not rest:
            return False
        whole = wholes[-1]
        if not label[-1].text.endswith(_KIND_ENDS):
            # 其中自然人21件，起草文稿34件，答复20件: perhaps no kind at all.
            self.comes_between(figure, label)
        self.notes.add_figure(LISTED[whole.code], token, whole.year, whole.scope, start=label[0].start)
        return True

    def _matter(self, token: Token, span: Sequence[Token]) -> None:
        """Counts of matters that are no requests are kept for the sentence: a rate may be said of them."""
        s = self.state
        symbols = {t.symbol for t in span}
        if figure_of(token).kind not in COUNTS:
            return
        if (not symbols & _REQUESTS and has_object(span)) or of_other_requests(span) or "for_others" in symbols:
            # 办理民生实事23件，办结23件.
            s.topic, s.topic_sentence = "foreign", s.sentence
        if ABOVE in symbols:
            # 全省收到439件，其中我县45件: of the same matter, and a part of no total before.
            s.totals.clear()
            return
        if symbols & {"receive", "accept"}:
            s.topic, s.topic_sentence = "foreign", s.sentence
            s.matters.append(("received", token))
        elif symbols & {"close", "handle"} and s.topic != "request":
            s.matters.append(("closed", token))
        elif "reply" in symbols and s.topic != "request":
            s.matters.append(("replied", token))
