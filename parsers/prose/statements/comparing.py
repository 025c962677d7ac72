"""Turns of phrase that compare: shares, rates, changes, figures of other years.

Belongs here: what 占60%, 办结率100%, 同比增加5件 and 比2019年的60件 state. Does not belong here: any word or code
(`words.toml`, `claims.toml`), and what a count is of (`figures`).
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.facts import Value

from .lexicon import UNKNOWN, Claim
from .notes import Notes, figure_of
from .scan import Token
from .spans import SUMS
from .state import COUNTS, TIMES, Fit, Stated

_RATES = {"rate_closed": "closed.rate", "rate_replied": "replied.rate"}
_MATTERS = {"received": "matters_received", "closed": "matters_closed", "replied": "matters_replied"}
# A word for a share that names its whole: 占办结总数.
_NAMED_WHOLES = (("办结", ("closed", "replied")), ("答复", ("replied", "closed")), ("申请", ("requests_received",)))
# Totals that lists of kinds are given of, and what such a kind is called.
LISTED = {
    "disclosed": "disclosed.category",
    "channel_website": "channel_website.category",
    "requests_received": "requests_received.category",
}


class Comparing:
    """States shares, rates and changes in the notes."""

    def __init__(self, notes: Notes) -> None:
        self.notes, self.state, self.whose, self.fitter = notes, notes.state, notes.whose, notes.fitter

    def percent(self, token: Token, span: list[Token], word: Token | None) -> None:
        if word is None:
            return
        if word.symbol in ("up", "down"):
            self.change(token, span, word)
        elif word.symbol in _RATES:
            self._rate(token, _RATES[word.symbol])
        elif any(t.text in SUMS for t in span[-3:]) and word.symbol == "share":
            # 自然人135件、商业企业10件，两项合计占92.4%: of no one of them.
            return
        elif word.symbol == "share" and figure_of(token).measure == "%":
            self._share(token, [t for t in span if t is not word], word)

    def _share(self, token: Token, span: list[Token], word: Token) -> None:
        """占60%: of the count before it, or of what its own words name."""
        part = self.state.last
        named = next((codes for text, codes in _NAMED_WHOLES if text in word.text), ())
        if self.fitter.weighty(span) or any(t.symbol == UNKNOWN for t in span):
            fit = self.fitter.fit(span)
            code = self.fitter.code(fit) if fit is not None else None
            whole = self._whole(fit.claim, code, None, named) if fit is not None and code is not None else None
            if fit is not None and code is not None and whole is not None:
                self.notes.add_share(code, token, whole.year, self.notes.scope(fit.subject), whole.code, fit=fit)
        elif part is not None:
            whole = self._whole(part.fit.claim if part.fit is not None else None, part.code, part, named)
            if whole is not None:
                self.notes.add_share(part.code, token, part.year, part.scope, whole.code, fit=part.fit)

    def _whole(self, claim: Claim | None, code: str, part: Stated | None, named: tuple[str, ...]) -> Stated | None:
        """The total that a share of this code is of: the one stated last among those it can be of."""
        # 五年累计收到1146件 is no whole of a year's part.
        totals = [t for t in self.state.totals if t.year is not None or self.whose.year is None]
        if claim is None:
            codes = tuple(whole for whole, listed in LISTED.items() if listed == code)
        elif part is not None and any(t.code == code and t.scope != part.scope for t in totals):
            codes = (code,)
        else:
            dispute = next((k for k in self.fitter.words.disputes if code.startswith(k)), "")
            codes = tuple(of.format(dispute=dispute) for of in claim.of)
        if named:
            # 占办结总数: of no other total.
            codes = tuple(code for code in codes if code in named)
        return next((t for t in reversed(totals) if t.code in codes and t is not part), None)

    def _rate(self, token: Token, code: str) -> None:
        """办结率100%: of requests, or of the matters that the sentence counted before."""
        s, figure = self.state, figure_of(token)
        if s.topic == "request" and not s.between:
            self.say_rate(code, figure.value, (token.start, token.end), approximate=figure.approximate)
            return
        done = code.removesuffix(".rate")
        counts = {kind: [t for k, t in s.matters if k == kind] for kind in ("received", done)}
        if s.topic != "foreign" or any(len(tokens) != 1 for tokens in counts.values()):
            return
        last = max(tokens[0].end for tokens in counts.values())
        if any(
            t.figure is not None and t.figure.kind in COUNTS and last <= t.start < token.start
            for t in self.notes.tokens
        ):
            # 办结12.5万件；转办工单1860件，按期办结率100%: perhaps of those alone.
            return
        year, scope = self.whose.figure_year((), s), self.notes.scope(None)
        for kind, tokens in counts.items():
            self.notes.add_figure(_MATTERS[kind], tokens[0], year, scope)
        self.notes.add_share(_MATTERS[done], token, year, scope, _MATTERS["received"])
        s.last = None

    def say_rate(self, code: str, value: Value, span: tuple[int, int], *, approximate: bool) -> None:
        """A rate of what was received; ``span``: start and end of its printed text."""
        year, scope = self.whose.figure_year((), self.state), self.notes.scope(None)
        self.notes.add(code, value, "%", year, scope, *span, "requests_received", approximate=approximate)

    def change(self, token: Token, span: Sequence[Token], word: Token) -> None:
        """同比增加5件, 较去年下降12.3%: by how much, signed; never a figure of this year."""
        s, figure = self.state, figure_of(token)
        rest = [t for t in span if t is not word and t.symbol != "compare" and t.symbol not in TIMES]
        if figure.kind not in COUNTS | {"percent"} or figure.measure == "倍":
            return
        said = self._said_of(rest)
        if said is None or said[0].endswith(".category"):
            return
        code, scope, fit = said
        last, year = s.last, self.whose.figure_year((), s)
        value = -figure.value if word.symbol == "down" else figure.value
        self.notes.add(
            f"{code}.change",
            value,
            figure.measure,
            year,
            scope,
            token.start,
            token.end,
            fit=fit,
            approximate=figure.approximate,
        )
        s.last = last

    def becomes(self, token: Token, span: Sequence[Token]) -> None:
        """由100件增至120件: the figure after the change is of the year the sentence speaks of."""
        s, figure, last = self.state, figure_of(token), self.state.recent()
        if last is None or last.unit != figure.measure or last.fit is None or self.state.year_open:
            return
        times = [t for t in span if t.symbol in TIMES]
        year = self.whose.year_of(times[-1])[0] if times else self.whose.year
        stated = self.notes.add_figure(last.code, token, year, last.scope, fit=last.fit)
        if last.fit.claim.total:
            s.totals.append(stated)

    def other_year(self, token: Token, span: Sequence[Token]) -> None:
        """比2019年的60件: a figure of the year named, of what was counted before."""
        at = next((k for k, t in enumerate(span) if t.symbol in ("compare", "was")), None)
        if at is None:
            at = next(k for k, t in enumerate(span) if t.text in ("由", "从"))
        times = [t for t in span[at:] if t.symbol in TIMES]
        own = self.whose.year
        year = self.whose.year_of(times[-1])[0] if times else own and own - 1
        said = self._said_of(span[:at])
        if said is not None and said[2] is not None and year is not None and year != own:
            self.notes.add_figure(said[0], token, year, said[1], fit=said[2])

    def _said_of(self, span: Sequence[Token]) -> tuple[str, str, Fit | None] | None:
        """Code, scope and claim of what a comparison is about: what its own words name, else the count before it."""
        if self.fitter.weighty(span) or any(t.symbol == UNKNOWN for t in span):
            fit = self.fitter.fit(span)
            code = self.fitter.code(fit) if fit is not None else None
            return (code, self.notes.scope(fit.subject), fit) if fit is not None and code is not None else None
        last = self.state.recent()
        return (last.code, last.scope, last.fit) if last is not None else None
