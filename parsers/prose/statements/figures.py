"""What a count or an amount in a sentence is of.

Belongs here: the words around a figure, 分别. Does not belong here: any word or code (`words.toml`, `claims.toml`), when a
claim fits (`fitting`), figures that none fits (`unfit`), comparisons (`comparing`).

Where the words leave it open what a figure is of, it is left out: a missing statement is a gap, a wrong one a lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .comparing import Comparing
from .lexicon import UNKNOWN, Claim
from .notes import Notes, figure_of, in_wan
from .scan import BARE, FIGURE, MARK, Figure, Token
from .spans import (
    JOINTS,
    is_other_years,
    is_row_of_figures,
    last_word,
    marks_between,
    measure_beside,
    named_beside,
    narrows,
    with_words_behind,
    words_behind,
    years_alone,
)
from .state import ORGANIZATION, PARTS, SCOPES, TIMES, Fit
from .unfit import Unfit

# What may follow the words behind a figure that tell what it is of, …
# … unless they say that it did not: 还有1件申请未到答复期限.
_NOT_YET = frozenset(("none", "pending"))
_AFTERWARDS = frozenset(("handle", "close", "reply", "all_of", "on_time", UNKNOWN))
_REQUESTS = frozenset(("request", "request_weak"))
_DONE = frozenset(("handle", "close", "reply"))
_CARRYING = frozenset(("carried_over", "carry"))
# 29个部门中，收到申请的21个.
_BODIES = ("家", "个")
_INSIDE = ("中", "当中", "之中")
_OF_REQUESTS = frozenset(
    ("receive", "newly", "accept", "handle", "close", "reply", "request", "request_weak", "govinfo")
)
_COMMAS = frozenset("，,")
_CHANGES = frozenset(("becomes", "up", "down"))
_CARRIED = ("carried_over", "carried_forward")


class Figures:
    """States counts and amounts in the notes."""

    def __init__(self, notes: Notes, comparing: Comparing) -> None:
        self.notes, self.comparing, self.unfit = notes, comparing, Unfit(notes)
        self.state, self.whose, self.fitter = notes.state, notes.whose, notes.fitter
        self.words = notes.fitter.words
        # What may stand in front of the first of several figures with their words behind them.
        self.leading = self.words.plain | SCOPES | TIMES

    def figure(self, i: int, span: list[Token]) -> int:
        """State what the figure at ``i`` is of. Returns the index behind the words that were used up."""
        s, at = self.state, with_words_behind(self.notes.tokens, i, self.leading, self.words.plain)
        # 办结165件，5件为上年结转: of those.
        s.inside = s.inside or (bool(at) and bool(s.totals) and s.totals[-1].sentence == s.sentence)
        s.beside_new = bool(span) and self.notes.is_beside_new(span[0].start)
        end = self._figure(i, [] if i in at[1:] else span)
        for token in self.notes.tokens[i + 1 :]:
            if token.symbol in (MARK, FIGURE):
                break
            s.inside = s.inside or token.text in _INSIDE
        return end

    def _figure(self, i: int, span: list[Token]) -> int:
        token = self.notes.tokens[i]
        figure = figure_of(token)
        span = self._without_words_of_the_figure_before(i, span)
        at = next((k for k, t in enumerate(span) if t.symbol == "respectively"), None)
        if at is not None and len(years := years_alone(span[:at])) > 1:
            # 2022年、2023年分别收到申请51件、59件.
            return self._respectively(i, [[year, *span[at + 1 :]] for year in years])
        if at is not None and not all(t.symbol in self.words.plain for t in span[at + 1 :]):
            items = named_beside(span[:at])
            if len(items) > 1 or is_row_of_figures(self.notes.tokens, i):
                # 一至四季度分别收到申请25件、18件、21件、26件: what was counted of each stands behind 分别.
                return self._respectively(i, items, span[at + 1 :])
            # 不予处理12件，分别为信访类8件、重复申请3件: each with its name.
            span = span[at + 1 :]
        elif at is not None:
            return self._respectively(i, named_beside(span[:at]))
        word = last_word(span)
        self.state.untold = None
        if self.state.of_bodies or self.state.planned:
            # 有29家全年收到申请0件.
            self.state.last = None
        elif figure.kind == BARE:
            self._bare(i, span)
        elif figure.kind == "percent":
            self.comparing.percent(token, span, word)
        elif word is not None and word.symbol in ("up", "down"):
            self.comparing.change(token, span, word)
        elif word is not None and word.symbol == "becomes":
            self.comparing.becomes(token, span)
        elif is_other_years(span) or self._is_turned_from(i, span):
            self.comparing.other_year(token, span)
        else:
            behind, end = words_behind(self.notes.tokens, i)
            fit, used = self._choose(span, behind, figure)
            if fit is None and (inside := self._behind_inside(span)) is not span:
                span = inside
                fit, used = self._choose(span, behind, figure)
            done_too, symbols = self._is_done_too(token, span), {t.symbol for t in span}
            if symbols & _DONE and symbols & _CARRYING:
                self.state.done = token
            of_bodies = self._counts_bodies(i) or (figure.measure in _BODIES and span and span[-1].text == "的")
            if of_bodies or (fit is not None and done_too):
                self.state.last = None
            elif fit is None:
                self.unfit.tell(token, span)
            else:
                self._say(fit, token, [*span, *behind] if used else span)
                return end if used else i + 1
        return i + 1

    def _without_words_of_the_figure_before(self, i: int, span: list[Token]) -> list[Token]:
        """57件新收申请与5件上年结转申请: the words between the two figures are of the first."""
        if len(span) < 2 or span[-1].text not in JOINTS:
            return span
        first = next((k for k in range(i) if self.notes.tokens[k].start == span[0].start), 0)
        return [] if first and self.notes.tokens[first - 1].symbol == FIGURE else span

    def _behind_inside(self, span: list[Token]) -> list[Token]:
        """办结的申请中予以公开8件: what stands before 中 tells of what the figure is a part, and whose."""
        plain = self.words.plain
        for k in range(len(span) - 2, 0, -1):
            if span[k].text not in _INSIDE:
                continue
            head = span[:k]
            known = all(t.symbol in _OF_REQUESTS or t.symbol in plain or t.symbol in TIMES | SCOPES for t in head)
            if known and any(t.symbol in ("request", "request_weak") for t in head):
                return [t for t in head if t.symbol in SCOPES] + span[k + 1 :]
        return span

    def _is_turned_from(self, i: int, span: Sequence[Token]) -> bool:
        """由203件变为157件: without a year, the figure that a change begins with is last year's."""
        behind = self.notes.tokens[i + 1 : i + 2]
        if self.state.year_open:
            # 2020年至2023年，由45件降至12件.
            return False
        return bool(span and behind) and span[-1].text in ("由", "从") and behind[0].symbol in _CHANGES

    def _bare(self, i: int, span: list[Token]) -> None:
        """部分公开8: a count, where its words leave nothing open and the sentence counts other things with 件."""
        token, self.state.last = self.notes.tokens[i], None
        measured = measure_beside(self.notes.tokens, i)
        if measured is None and not figure_of(token).value and span and span[-1].text.endswith("为"):
            # 行政复议、行政诉讼均为0.
            measured = replace(figure_of(token), kind="case")
        fit = (
            self.fitter.fit(span, kind=measured.kind, nil=not figure_of(token).value) if measured is not None else None
        )
        if (
            measured is not None
            and fit is not None
            and (fit.complete or (measured.kind == "case" and not measured.measure))
        ):
            self._say(fit, replace(token, figure=_as(token, measured)), span)

    def _counts_bodies(self, i: int) -> bool:
        """申请0件的部门: the figure tells which bodies are meant."""
        behind = self.notes.tokens[i + 1 : i + 3]
        if len(behind) < 2 or behind[0].text != "的":
            return False
        following = behind[1]
        return following.symbol in SCOPES or (
            following.symbol == UNKNOWN and self.whose.body(following.text.removeprefix("各")) is not None
        )

    def _choose(self, span: list[Token], behind: list[Token], figure: Figure) -> tuple[Fit | None, bool]:
        """The claim for a figure between these words, and whether the words behind it were needed."""
        if behind and behind[0].text in _INSIDE:
            # 行政诉讼9件中尚未审结的由律师跟进: what stands behind 中 tells of some of them, not of how many.
            return self.fitter.fit(span, kind=figure.kind, nil=not figure.value), False
        weighty = self.fitter.weighty(behind)
        kind, nil = figure.kind, not figure.value
        fit = self.fitter.fit(span, behind=weighty, kind=kind, nil=nil)
        if fit is not None and (fit.complete or not weighty):
            return fit, False
        if not weighty or behind[0].symbol == UNKNOWN:
            return None, False
        for stop in range(len(behind), 0, -1):
            part, rest = behind[:stop], behind[stop:]
            if part[-1].symbol in self.words.plain or any(t.symbol == UNKNOWN for t in part):
                continue
            if any(t.symbol in _NOT_YET for t in rest) or narrows(rest):
                continue
            if rest and (
                rest[0].symbol == UNKNOWN or any(t.symbol not in _AFTERWARDS for t in self.fitter.weighty(rest))
            ):
                continue
            both = self.fitter.fit([*span, *part], kind=kind, nil=nil)
            if both is not None and (not both.claim.bare or (not rest and self._is_done(span, both))):
                return both, True
        return None, False

    def _is_done_too(self, token: Token, span: Sequence[Token]) -> bool:
        """办理上年结转申请5件、当年申请290件: so many of this year's were done; how many came in is not said."""
        if self.state.done is None:
            return False
        between = marks_between(self.notes.tokens, self.state.done, token)
        symbols = {t.symbol for t in self.fitter.weighty(span)}
        # Behind a comma 新收申请290件 is told for itself.
        of = _REQUESTS if between else _REQUESTS | {"newly", "govinfo"}
        return bool(symbols) and symbols <= of and between <= _COMMAS

    def _is_done(self, span: Sequence[Token], fit: Fit) -> bool:
        """收到20件，19件已依法进行了答复: the rest of the clause tells what became of so many."""
        s, code = self.state, fit.claim.code
        here = any(t.sentence == s.sentence and t.code.startswith("requests_") for t in s.totals)
        return (
            here
            and fit.symbols - {"on_time"} in ({"reply"}, {"close"})
            and not s.says([code])
            and not self.fitter.weighty(span)
        )

    def _say(self, fit: Fit, token: Token, span: Sequence[Token]) -> None:
        """State a count or an amount."""
        s, figure = self.state, figure_of(token)
        code = self.fitter.code(fit)
        named = any(t.symbol in SCOPES for t in span)
        if code is None or (s.among and s.elliptic and fit.subject is None and not named):
            # 其中市本级30件、县区70件，办结95件: whose 95 is, the sentence does not say.
            s.last = None
            return
        if fit.subject in PARTS and s.among:
            s.group_scope = fit.subject
        elif fit.subject in PARTS:
            s.scope = fit.subject
        value, unit = in_wan(figure) if figure.kind == "money" else (figure.value, figure.measure)
        dated = fit.claim.is_dated_by_its_words
        # 1月1日至10日新收的5件将在下年度报告: a time behind the figure is when something else happens.
        year = self.whose.figure_year(span if dated else [t for t in span if t.start < token.start], s, own=dated)
        if dated:
            # 2022年结转3件，予以公开21件: the year is that of the three alone.
            s.year, s.year_open, s.dated = s.before
        scope = self.notes.scope(self._beside_office(fit, code, span))
        self._rename(fit.claim, year, scope)
        said = (value, unit, year, scope, token.start, token.end)
        if fit.claim.each and any(t.symbol == "every" for t in span):
            # 行政复议、行政诉讼均为1件: one of each.
            for each in fit.claim.each:
                self.notes.add(each, *said, fit=fit, approximate=figure.approximate)
            s.last = None
            return
        stated = self.notes.add(code, *said, fit=fit, approximate=figure.approximate)
        if code in _CARRIED and figure.kind == "case":
            # 上年结转5件，本年新收167件: only requests are carried from year to year.
            s.topic, s.topic_sentence, s.between = "request", s.sentence, False
        elif "request" not in fit.claim.topic and not code.startswith("requests_"):
            self.unfit.comes_between(figure, span)
        outermost = self.whose.scope(s.scope or s.carried_scope)
        if fit.claim.total and (scope == outermost or not s.totals):
            s.totals.append(stated)
        if fit.symbols & self.fitter.kinds:
            s.disputes = fit.symbols & self.fitter.kinds

    def _beside_office(self, fit: Fit, code: str, span: Sequence[Token]) -> str | None:
        """县政府办公室205件，各部门、各乡镇400件: beside the office those above and those below are not the whole."""
        if fit.subject != "area" or any(t.symbol == "area" for t in span):
            return fit.subject
        here = (f for f in self.notes.found if f.code == code and f.sentence == self.state.sentence)
        return ORGANIZATION if any(f.scope in ("office", "level") for f in here) else fit.subject

    def _rename(self, claim: Claim, year: int | None, scope: str) -> None:
        """The total before is another one than its own words said, now that its parts are told."""
        if claim.renames is None:
            return
        before, after = claim.renames
        for f in (*self.notes.found, *self.state.totals):
            if not self.state.among and self.notes.text.text[f.end : f.end + 1] not in ("(", "（"):
                # 受理60件（新收55件、结转5件): the bracket says what the 60 are made of.
                continue
            if (f.code, f.year, f.scope, f.sentence) == (before, year, scope, self.state.sentence):
                f.code = after

    def _respectively(self, i: int, items: list[list[Token]], shared: Sequence[Token] = ()) -> int:
        """行政复议、行政诉讼分别为3件、2件: as many figures as things named, in their order, or none.

        ``shared``: the words behind 分别 that hold for all (分别收到申请); then every item must be of known words.
        """
        figures: list[Token] = []
        end = i + 1
        for j in range(i, len(self.notes.tokens)):
            if self.notes.tokens[j].symbol == FIGURE:
                figures.append(self.notes.tokens[j])
                end = j + 1
            elif self.notes.tokens[j].symbol not in ("and", "filler"):
                break
        self.state.last = None
        known = not shared or all(item and not any(t.symbol == UNKNOWN for t in item) for item in items)
        if len(figures) == len(items) and known:
            last = figure_of(figures[-1])
            for named, token in zip(items, figures, strict=True):
                item = [*named, *shared]
                if shared and all(t.symbol in self.words.plain for t in named):
                    continue
                figure = _as(token, last) if figure_of(token).kind == BARE else figure_of(token)
                fit = self.fitter.fit(item, kind=figure.kind) if figure.kind not in ("percent", BARE) else None
                if fit is not None:
                    self._say(fit, replace(token, figure=figure), item)
        return end


def _as(token: Token, like: Figure) -> Figure:
    """The figure of a token with the measure word of another."""
    return replace(figure_of(token), measure=like.measure, kind=like.kind)
