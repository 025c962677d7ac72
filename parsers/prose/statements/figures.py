"""What a count or an amount in a sentence is of.

Belongs here: the words around a figure, 分别, parts of a total, listed kinds. Does not belong here: any word or code
(`words.toml`, `claims.toml`), when a claim fits (`fitting`), comparisons (`comparing`).

Where the words leave it open what a figure is of, it is left out: a missing statement is a gap, a wrong one a lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from schemas.facts import Value

from .comparing import LISTED, Comparing
from .lexicon import Claim
from .notes import Notes, figure_of
from .scan import FIGURE, MARK, TITLE, UNKNOWN, Figure, Token
from .state import COUNTS, PARTS, SCOPES, TIMES, Fit, union

# A list of kinds holds nouns; these begin another clause.
_NOT_IN_LABELS = TIMES | {
    *("receive", "accept", "close", "handle", "reply", "publish", "hold", "none", "compare", "up", "down"),
}
_BEFORE_LABELS = frozenset(("among", "and", "breakdown", "looks_at"))
_LIST_WORDS = ("的", "有", "是", "涉及", "属于", "“", "”", "另有")
# What may follow the words behind a figure that tell what it is of.
_AFTERWARDS = frozenset(("handle", "close", "reply", "all_of", "on_time", UNKNOWN))


class Figures:
    """States counts and amounts in the notes."""

    def __init__(self, notes: Notes, comparing: Comparing) -> None:
        self.notes, self.comparing = notes, comparing
        self.state, self.whose, self.fitter = notes.state, notes.whose, notes.fitter
        self.words = notes.fitter.words

    def figure(self, i: int, span: list[Token]) -> int:
        """State what the figure at ``i`` is of. Returns the index behind the words that were used up."""
        token = self.notes.tokens[i]
        figure = figure_of(token)
        if any(t.symbol == "respectively" for t in span):
            return self._respectively(i, span)
        word = _last_word(span)
        if figure.kind == "percent":
            self.comparing.percent(token, span, word)
        elif word is not None and word.symbol in ("up", "down"):
            self.comparing.change(token, span, word)
        elif word is not None and word.symbol == "becomes":
            self.comparing.becomes(token, span)
        elif is_other_years(span):
            self.comparing.other_year(token, span)
        else:
            behind, end = self._behind(i)
            fit, used = self._choose(span, behind, figure.kind)
            if fit is None:
                self._unfit(token, span)
            else:
                self._say(fit, token, [*span, *behind] if used else span)
                return end if used else i + 1
        return i + 1

    def _behind(self, i: int) -> tuple[list[Token], int]:
        """The words behind the figure up to the next mark; before another figure, up to the last 、 in front of it."""
        last_and = None
        for j in range(i + 1, len(self.notes.tokens)):
            token = self.notes.tokens[j]
            if token.symbol == MARK:
                return self.notes.tokens[i + 1 : j], j
            if token.symbol == FIGURE:
                return (self.notes.tokens[i + 1 : last_and], last_and) if last_and is not None else ([], i + 1)
            if token.text == "、":
                last_and = j
        return self.notes.tokens[i + 1 :], len(self.notes.tokens)

    def _choose(self, span: list[Token], behind: list[Token], kind: str) -> tuple[Fit | None, bool]:
        """The claim for a figure between these words, and whether the words behind it were needed."""
        weighty = self.fitter.weighty(behind)
        fit = self.fitter.fit(span, behind=weighty, kind=kind)
        if fit is not None and (fit.complete or not weighty):
            return fit, False
        if not weighty or behind[0].symbol == UNKNOWN:
            return None, False
        for stop in range(len(behind), 0, -1):
            part, rest = behind[:stop], behind[stop:]
            if part[-1].symbol in self.words.plain or any(t.symbol == UNKNOWN for t in part):
                continue
            if rest and (
                rest[0].symbol == UNKNOWN or any(t.symbol not in _AFTERWARDS for t in self.fitter.weighty(rest))
            ):
                continue
            both = self.fitter.fit([*span, *part], kind=kind)
            if both is not None and not both.claim.bare:
                return both, True
        return None, False

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
        value, unit = _in_wan(figure) if figure.kind == "money" else (figure.value, figure.measure)
        year = self.whose.figure_year(span, s, own=fit.claim.own_year)
        scope = self.notes.scope(fit.subject)
        self._rename(fit.claim, year, scope)
        stated = self.notes.add(
            code, value, unit, year, scope, token.start, token.end, fit=fit, approximate=figure.approximate
        )
        outermost = self.whose.scope(s.scope or s.carried_scope)
        if fit.claim.total and (scope == outermost or not s.totals):
            s.totals.append(stated)
        if fit.symbols & self.fitter.kinds:
            s.disputes = fit.symbols & self.fitter.kinds

    def _rename(self, claim: Claim, year: int | None, scope: str) -> None:
        """The total before is another one than its own words said, now that its parts are told."""
        if claim.renames is None or not self.state.among:
            return
        before, after = claim.renames
        for f in (*self.notes.found, *self.state.totals):
            if (f.code, f.year, f.scope, f.sentence) == (before, year, scope, self.state.sentence):
                f.code = after

    def _respectively(self, i: int, span: list[Token]) -> int:
        """行政复议、行政诉讼分别为3件、2件: as many figures as things named, in their order, or none."""
        figures: list[int] = []
        for j in range(i, len(self.notes.tokens)):
            if self.notes.tokens[j].symbol == FIGURE:
                figures.append(j)
            elif self.notes.tokens[j].symbol not in ("and", "filler"):
                break
        items: list[list[Token]] = [[]]
        for token in span[: next(k for k, t in enumerate(span) if t.symbol == "respectively")]:
            if token.symbol == "and":
                items.append([])
            else:
                items[-1].append(token)
        self.state.last = None
        if len(figures) == len(items):
            for item, j in zip(items, figures, strict=True):
                kind = figure_of(self.notes.tokens[j]).kind
                fit = self.fitter.fit(item, kind=kind) if kind != "percent" else None
                if fit is not None:
                    self._say(fit, self.notes.tokens[j], item)
        return figures[-1] + 1

    def _unfit(self, token: Token, span: list[Token]) -> None:
        """A figure that no claim fits: a member's part of the total before, a listed kind of it, or another matter."""
        if self._member(token, span) or self._kind(token, span):
            return
        self.state.last = None
        self._matter(token, span)

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

    def _kind(self, token: Token, span: list[Token]) -> bool:
        """财政预决算60件: a listed kind of the total, after words that open a list of its kinds."""
        s, figure = self.state, figure_of(token)
        wholes = [t for t in s.totals if t.code in LISTED and t.unit == figure.measure]
        if not wholes or not (s.kinds or (s.listing and wholes[-1] in s.recent_totals())):
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
        self.notes.add_figure(LISTED[whole.code], token, whole.year, whole.scope, start=label[0].start)
        return True

    def _matter(self, token: Token, span: Sequence[Token]) -> None:
        """Counts of matters that are no requests are kept for the sentence: a rate may be said of them."""
        s = self.state
        symbols = {t.symbol for t in span}
        if figure_of(token).kind not in COUNTS:
            return
        if symbols & {"receive", "accept"}:
            s.topic, s.topic_sentence = "foreign", s.sentence
            s.matters.append(("received", token))
        elif symbols & {"close", "handle"} and s.topic != "request":
            s.matters.append(("closed", token))
        elif "reply" in symbols and s.topic != "request":
            s.matters.append(("replied", token))


def _in_wan(figure: Figure) -> tuple[Value, str]:
    """An amount in 万元."""
    factor = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}[figure.measure]
    amount = Decimal(figure.value) * factor
    return (int(amount) if amount == amount.to_integral_value() else amount.normalize()), "万元"


def is_other_years(span: Sequence[Token]) -> bool:
    """Whether the words in front of a figure make it another year's: 比2019年的, 由去年的."""
    at = next((k for k, t in enumerate(span) if t.symbol in ("compare", "was")), None)
    return at is not None and all(t.symbol in ("filler", "compare", "was") or t.symbol in TIMES for t in span[at:])


def _last_word(span: Sequence[Token]) -> Token | None:
    """The last word in front of a figure that is not mere connection; None behind an unknown stretch."""
    last = next((t for t in reversed(span) if t.symbol not in ("filler", "and", "cumulative")), None)
    return None if last is None or last.symbol in (UNKNOWN, TITLE) else last
