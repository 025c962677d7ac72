"""What each figure of a text is a figure of: the clause it stands in, and what the clauses before have said.

Belongs here: the walk through a text, and the turns of phrase (shares, changes, other years, parts of a total, 分别).
Does not belong here: any word or code (`words.toml`, `claims.toml`), and when a claim fits (`fitting`).

Where the words leave it open what a figure is of, it is left out: a missing statement is a gap, a wrong one a lie.
Statements come in reading order; a share or a change follows the count it is said of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from schemas.characters import REPLACEMENT
from schemas.facts import Passage, Place, Statement, Value

from .fitting import Fitter
from .lexicon import Claim, Folded, folded, lexicon
from .scan import FIGURE, FULL_YEAR, MARK, TITLE, UNKNOWN, YEAR, Figure, Token, lost_figure, scan
from .state import ABOUT_DISCLOSURE, CHANNELS, PARTS, SCOPES, TIMES, Fit, State, Stated, union
from .whose import Whose

_RATES = {"rate_closed": "closed.rate", "rate_replied": "replied.rate"}
_MATTERS = {"received": "matters_received", "closed": "matters_closed", "replied": "matters_replied"}
# Totals that lists of kinds are given of, and what such a kind is called.
_LISTED = {
    "disclosed": "disclosed.category",
    "channel_website": "channel_website.category",
    "requests_received": "requests_received.category",
}
_COUNTS = frozenset(("case", "item", "thing", "times"))
# A list of kinds holds nouns; these begin another clause.
_NOT_IN_LABELS = TIMES | {
    *("receive", "accept", "close", "handle", "reply", "publish", "hold", "none", "compare", "up", "down"),
}
_BEFORE_LABELS = frozenset(("among", "and", "breakdown", "looks_at"))
_LIST_WORDS = ("的", "有", "是", "涉及", "属于", "“", "”", "另有")
# What may follow the words behind a figure that tell what it is of.
_AFTERWARDS = frozenset(("handle", "close", "reply", "all_of", "on_time", UNKNOWN))
_NUMBERING = re.compile(
    r"#*(?:(?P<top>[一二三四五六七八九十]{1,3}[、.．])|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．](?!\d))"
)
_HEADING_LENGTH = 40
_HEADING_STOPS = re.compile(r"[。\n]|(?:19|20)\d\d年|全[市县区省年]|我[市县区省局]")
_HEADING_ENDS = ("情况", "数量", "类别", "工作", "方面", "概述", "内容")
# Longer sentences are no prose: of these a statement carries what stands around its figure.
_LONGEST_SENTENCE, _AROUND = 1_000, 200
# Real reports state a few hundred figures.
MOST_STATEMENTS = 3_000
_SENTENCE_ENDS = "。！？!?…[]"


class Reader:
    """Reads the passages of one report, in order. ``year``, ``scope`` and ``form`` are the report's own."""

    def __init__(self, passages: Sequence[Passage], *, year: int | None, scope: str, form: str) -> None:
        self.words = lexicon()
        self.passages = passages
        self.state = State()
        self.whose = Whose((p.text for p in passages[:15]), year=year, scope=scope)
        self.fitter = Fitter(self.state, self.whose, form)
        self.text = Folded("", range(0), "")
        self.tokens: list[Token] = []
        self.found: list[Stated] = []
        # How many statements may still be made.
        self.room = MOST_STATEMENTS

    def read(self) -> list[Statement]:
        """The statements of all passages, in reading order, at most `MOST_STATEMENTS`."""
        out: list[Statement] = []
        for passage in self.passages:
            self.room = MOST_STATEMENTS - len(out)
            if self.room <= 0:
                break
            out += self._passage(passage)
        return out[:MOST_STATEMENTS]

    # -- the walk --------------------------------------------------------------------------------------------------

    def _passage(self, passage: Passage) -> list[Statement]:
        self.text = folded(passage.text)
        self.tokens = scan(self.text.text)
        self.found = []
        ends: list[int] = []
        self._begin_passage()
        # Words since the last mark or figure; those in front of an open bracket wait for it to close.
        span: list[Token] = []
        waiting: list[list[Token]] = []
        used = 0
        lost = self._lost_figures()
        for i, token in enumerate(self.tokens):
            if len(self.found) >= self.room:
                break
            if token.symbol == FIGURE:
                if i >= used:
                    used = i + 1 if self.state.lost else self._figure(i, span)
                    span = []
            elif i in lost:
                self._lose_figure(span)
                span = []
            elif token.symbol == MARK:
                self._end_clause(span)
                span = self._mark(token, span, waiting)
                if token.text in _SENTENCE_ENDS:
                    ends.append(token.end)
            else:
                self._notice(token)
                if i < used or (token.symbol == "and" and not span):
                    continue
                if token.symbol in (YEAR, FULL_YEAR) and _ends_heading(span):
                    self._end_clause(span)
                    span = []
                span.append(token)
        self._end_clause(span)
        return self._statements(passage.place, ends)

    def _mark(self, token: Token, span: list[Token], waiting: list[list[Token]]) -> list[Token]:
        """What a mark does to the words before it: the span to go on with."""
        if token.text in "(（":
            waiting.append(span)
            return []
        if token.text in ")）":
            return waiting.pop() if waiting else []
        if token.text in _SENTENCE_ENDS:
            waiting.clear()
            self._begin_sentence()
            self._heading(token.end)
        elif token.text in ";；":
            s = self.state
            s.group_scope, s.among, s.elliptic = None, False, False
        return []

    def _lost_figures(self) -> set[int]:
        """The tokens in which something stands, beside digits or a measure word, that could not be decoded."""
        if REPLACEMENT not in self.text.text:
            return set()
        at = [m.start() for m in lost_figure().finditer(self.text.text)]
        return {i for i, t in enumerate(self.tokens) if any(t.start <= p < t.end for p in at)}

    def _lose_figure(self, span: list[Token]) -> None:
        """A figure that cannot be read. Shares and parts behind it may be of it: nothing more is read of the sentence."""
        self._lead(span, figure=True)
        self.state.lost, self.state.last = True, None
        self.state.totals.clear()

    def _begin_passage(self) -> None:
        s = self.state
        self._begin_sentence()
        s.topic = s.heading
        s.disputes = frozenset()
        s.year, s.year_open = self.whose.year, False
        s.carried_scope, s.last = None, None
        self._heading(0)

    def _begin_sentence(self) -> None:
        """Year and subject hold for one sentence, longer only where it stated figures of another year or body."""
        s, own = self.state, self.whose.year
        stated = [f for f in self.found if f.sentence == s.sentence and f.share_of is None]
        s.year_open = bool(stated) and all(f.year != own for f in stated)
        s.year = own
        goes_on = (s.lost or (s.last is not None and s.last.sentence == s.sentence)) and not s.among
        s.carried_scope, s.scope, s.group_scope = s.scope if goes_on else None, None, None
        s.sentence += 1
        s.dated = s.begun = s.among = s.listing = s.elliptic = s.kinds = s.about_disclosure = s.lost = False
        s.channel = None
        s.matters = []

    def _heading(self, start: int) -> None:
        """A numbered heading changes what the text is about; one of the first rank ends all totals."""
        m = _NUMBERING.match(self.text.text, start)
        if m is None:
            return
        s = self.state
        stretch = _HEADING_STOPS.split(self.text.text[m.end() : m.end() + _HEADING_LENGTH])[0]
        tokens = scan(stretch)
        topics = [self.words.topics[t.symbol] for t in tokens if t.symbol in self.words.topics]
        s.heading = s.topic = topics[-1] if topics else None
        s.disputes = frozenset()
        s.carried_scope = None
        # （一）县政府本级: what stands below is said of it.
        known = not any(t.symbol == UNKNOWN or t.symbol in self.words.verbs for t in tokens)
        subject = union([t.symbol for t in tokens if t.symbol in SCOPES]) if known else None
        s.heading_scope = subject if subject in PARTS else None
        if m["top"]:
            s.totals.clear()

    def _notice(self, token: Token) -> None:
        """Keep in mind what the words are about."""
        s = self.state
        if token.symbol in ABOUT_DISCLOSURE or token.text.startswith("依申请"):
            s.about_disclosure = True
        if token.symbol == "among":
            s.among = s.listing = True
        if token.symbol == "breakdown":
            s.kinds = True
        topic = self.words.topics.get(token.symbol)
        # 申请 alone may be one for review.
        vague = token.symbol == "request_weak" and not token.text.startswith(("依申请", "公开"))
        if topic is None or (vague and s.topic in ("dispute", "foreign")):
            return
        if token.symbol in self.words.disputes:
            s.disputes = s.disputes | {token.symbol} if s.topic == topic else frozenset((token.symbol,))
        s.topic, s.topic_sentence = topic, s.sentence

    # -- clauses without a figure --------------------------------------------------------------------------------

    def _end_clause(self, span: list[Token]) -> None:
        """What a clause without a figure tells: its year and subject, that there was nothing, that all is done."""
        if not span:
            return
        self._lead(span, figure=False)
        if self.state.lost:
            return
        for i, token in enumerate(span):
            if token.symbol == "none":
                self._nothing(span, i)
                return
            if token.symbol == "all_of" and self.state.topic == "request":
                self._say_rate("closed.rate", 100, token, approximate=False)

    def _lead(self, span: Sequence[Token], *, figure: bool) -> None:
        """The year, the subject and the way of disclosure that a clause begins with hold on in its sentence."""
        s = self.state
        subjects: list[str] = []
        via = any(t.symbol == "via" for t in span)
        for token in span:
            if token.symbol in TIMES:
                s.year, whole = self.whose.year_of(token)
                s.year_open, s.dated = not whole, True
            elif token.symbol in SCOPES:
                subjects.append(token.symbol)
            elif token.symbol in CHANNELS:
                # 在政府网站统一设置专栏: the way of something else.
                if not via or token is span[-1]:
                    s.channel = s.channel or token.symbol
                break
            elif token.symbol == UNKNOWN:
                body = self.whose.body(token.text, weak=False)
                subjects.extend([body] if body is not None else [])
                break
            elif token.symbol not in ("among", "and", "via", TITLE) and not (
                token.symbol == "filler" and len(token.text) <= 2
            ):
                break
        if any(t.symbol == "etcetera" for t in span):
            s.channel = None
        begun, s.begun = s.begun, True
        # In the middle of a sentence a body named in passing does not become its subject.
        if not subjects or (begun and not figure and not {"area", "ours", "own", "office"} & set(subjects)):
            return
        alone = figure and all(t.symbol in self.words.plain or t.symbol in TIMES for t in span)
        if s.among or alone:
            s.group_scope = union(subjects)
        else:
            s.scope, s.group_scope = union(subjects), None

    def _nothing(self, span: list[Token], at: int) -> None:
        """未收到……申请: a stated 0, if the words after the denial leave nothing open."""
        rest, before = span[at + 1 :], span[:at]
        if not rest or any(t.symbol == UNKNOWN for t in rest):
            return
        fit = self.fitter.fit(rest, zero=True)
        if fit is None:
            return
        named = [t.symbol for t in before if t.symbol in SCOPES]
        if before and before[-1].symbol == UNKNOWN:
            body = self.whose.body(before[-1].text)
            named.extend([body] if body is not None else [])
        subject = union(named) or fit.subject
        year = self.whose.figure_year(before, self.state)
        unit = "万元" if "money" in fit.claim.units else None
        for each in fit.claim.each or (fit.claim.code,):
            code = self.fitter.code(fit, each)
            if code is not None:
                self._add(code, 0, unit, year, self._scope(subject), span[at].start, span[-1].end, fit=fit)

    # -- figures ---------------------------------------------------------------------------------------------------

    def _figure(self, i: int, span: list[Token]) -> int:
        """State what the figure at ``i`` is of. Returns the index behind the words that were used up."""
        token = self.tokens[i]
        figure = _figure_of(token)
        self._lead(span, figure=True)
        if any(t.symbol == "respectively" for t in span):
            return self._respectively(i, span)
        word = _last_word(span)
        if figure.kind == "percent":
            self._percent(token, span, word)
        elif word is not None and word.symbol in ("up", "down"):
            self._change(token, span, word)
        elif word is not None and word.symbol == "becomes":
            self._becomes(token, span)
        elif _is_other_years(span):
            self._other_year(token, span)
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
        for j in range(i + 1, len(self.tokens)):
            token = self.tokens[j]
            if token.symbol == MARK:
                return self.tokens[i + 1 : j], j
            if token.symbol == FIGURE:
                return (self.tokens[i + 1 : last_and], last_and) if last_and is not None else ([], i + 1)
            if token.text == "、":
                last_and = j
        return self.tokens[i + 1 :], len(self.tokens)

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
        s, figure = self.state, _figure_of(token)
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
        scope = self._scope(fit.subject)
        self._rename(fit.claim, year, scope)
        stated = self._add(
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
        for f in (*self.found, *self.state.totals):
            if (f.code, f.year, f.scope, f.sentence) == (before, year, scope, self.state.sentence):
                f.code = after

    def _respectively(self, i: int, span: list[Token]) -> int:
        """行政复议、行政诉讼分别为3件、2件: as many figures as things named, in their order, or none."""
        figures: list[int] = []
        for j in range(i, len(self.tokens)):
            if self.tokens[j].symbol == FIGURE:
                figures.append(j)
            elif self.tokens[j].symbol not in ("and", "filler"):
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
                kind = _figure_of(self.tokens[j]).kind
                fit = self.fitter.fit(item, kind=kind) if kind != "percent" else None
                if fit is not None:
                    self._say(fit, self.tokens[j], item)
        return figures[-1] + 1

    def _unfit(self, token: Token, span: list[Token]) -> None:
        """A figure that no claim fits: a member's part of the total before, a listed kind of it, or another matter."""
        if self._member(token, span) or self._kind(token, span):
            return
        self.state.last = None
        self._matter(token, span)

    def _member(self, token: Token, span: list[Token]) -> bool:
        """其中市本级30件: a part of the total before, said of a member alone."""
        s, figure = self.state, _figure_of(token)
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
        self._add_figure(total.code, token, total.year, self._scope(subject), fit=fit)
        return True

    def _kind(self, token: Token, span: list[Token]) -> bool:
        """财政预决算60件: a listed kind of the total, after words that open a list of its kinds."""
        s, figure = self.state, _figure_of(token)
        wholes = [t for t in s.totals if t.code in _LISTED and t.unit == figure.measure]
        if not wholes or not (s.kinds or (s.listing and wholes[-1] in s.recent_totals())):
            return False
        label = list(span)
        while label and (label[0].symbol in _BEFORE_LABELS or label[0].text in _LIST_WORDS):
            del label[0]
        symbols = {t.symbol for t in label}
        if not label or symbols & _NOT_IN_LABELS:
            return False
        rest = label[0].text.startswith("其他")
        if rest and not any(f.code == _LISTED[wholes[-1].code] and f.sentence == s.sentence for f in self.found):
            return False
        if ("active" in symbols or (not s.kinds and UNKNOWN not in symbols)) and not rest:
            return False
        whole = wholes[-1]
        self._add_figure(_LISTED[whole.code], token, whole.year, whole.scope, start=label[0].start)
        return True

    def _matter(self, token: Token, span: Sequence[Token]) -> None:
        """Counts of matters that are no requests are kept for the sentence: a rate may be said of them."""
        s = self.state
        symbols = {t.symbol for t in span}
        if _figure_of(token).kind not in _COUNTS:
            return
        if symbols & {"receive", "accept"}:
            s.topic, s.topic_sentence = "foreign", s.sentence
            s.matters.append(("received", token))
        elif symbols & {"close", "handle"} and s.topic != "request":
            s.matters.append(("closed", token))
        elif "reply" in symbols and s.topic != "request":
            s.matters.append(("replied", token))

    # -- shares, rates, changes, other years ---------------------------------------------------------------------------

    def _percent(self, token: Token, span: list[Token], word: Token | None) -> None:
        if word is None:
            return
        if word.symbol in ("up", "down"):
            self._change(token, span, word)
        elif word.symbol in _RATES:
            self._rate(token, _RATES[word.symbol])
        elif word.symbol == "share" and _figure_of(token).measure == "%":
            self._share(token, [t for t in span if t is not word])

    def _share(self, token: Token, span: list[Token]) -> None:
        """占60%: of the count before it, or of what its own words name."""
        part = self.state.last
        if self.fitter.weighty(span) or any(t.symbol == UNKNOWN for t in span):
            fit = self.fitter.fit(span)
            code = self.fitter.code(fit) if fit is not None else None
            whole = self._whole(fit.claim, code, None) if fit is not None and code is not None else None
            if fit is not None and code is not None and whole is not None:
                self._add_share(code, token, whole.year, self._scope(fit.subject), whole.code, fit=fit)
        elif part is not None:
            whole = self._whole(part.fit.claim if part.fit is not None else None, part.code, part)
            if whole is not None:
                self._add_share(part.code, token, part.year, part.scope, whole.code, fit=part.fit)

    def _whole(self, claim: Claim | None, code: str, part: Stated | None) -> Stated | None:
        """The total that a share of this code is of: the one stated last among those it can be of."""
        totals = self.state.totals
        if claim is None:
            codes = tuple(whole for whole, listed in _LISTED.items() if listed == code)
        elif part is not None and any(t.code == code and t.scope != part.scope for t in totals):
            codes = (code,)
        else:
            dispute = next((k for k in self.words.disputes if code.startswith(k)), "")
            codes = tuple(of.format(dispute=dispute) for of in claim.of)
        return next((t for t in reversed(totals) if t.code in codes and t is not part), None)

    def _rate(self, token: Token, code: str) -> None:
        """办结率100%: of requests, or of the matters that the sentence counted before."""
        s, figure = self.state, _figure_of(token)
        if s.topic == "request":
            self._say_rate(code, figure.value, token, approximate=figure.approximate)
            return
        done = code.removesuffix(".rate")
        counts = {kind: [t for k, t in s.matters if k == kind] for kind in ("received", done)}
        if s.topic != "foreign" or any(len(tokens) != 1 for tokens in counts.values()):
            return
        year, scope = self.whose.figure_year((), s), self._scope(None)
        for kind, tokens in counts.items():
            self._add_figure(_MATTERS[kind], tokens[0], year, scope)
        self._add_share(_MATTERS[done], token, year, scope, _MATTERS["received"])
        s.last = None

    def _say_rate(self, code: str, value: Value, token: Token, *, approximate: bool) -> None:
        year = self.whose.figure_year((), self.state)
        self._add(
            code,
            value,
            "%",
            year,
            self._scope(None),
            token.start,
            token.end,
            "requests_received",
            approximate=approximate,
        )

    def _change(self, token: Token, span: Sequence[Token], word: Token) -> None:
        """同比增加5件, 较去年下降12.3%: by how much, signed; never a figure of this year."""
        s, figure = self.state, _figure_of(token)
        rest = [t for t in span if t is not word and t.symbol != "compare" and t.symbol not in TIMES]
        if figure.kind not in _COUNTS | {"percent"} or figure.measure == "倍":
            return
        said = self._said_of(rest)
        if said is None or said[0].endswith(".category"):
            return
        code, scope, fit = said
        last, year = s.last, self.whose.figure_year((), s)
        value = -figure.value if word.symbol == "down" else figure.value
        self._add(
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

    def _becomes(self, token: Token, span: Sequence[Token]) -> None:
        """由100件增至120件: the figure after the change is of the year the sentence speaks of."""
        s, figure, last = self.state, _figure_of(token), self.state.recent()
        if last is None or last.unit != figure.measure or last.fit is None:
            return
        times = [t for t in span if t.symbol in TIMES]
        year = self.whose.year_of(times[-1])[0] if times else self.whose.year
        stated = self._add_figure(last.code, token, year, last.scope, fit=last.fit)
        if last.fit.claim.total:
            s.totals.append(stated)

    def _other_year(self, token: Token, span: Sequence[Token]) -> None:
        """比2019年的60件: a figure of the year named, of what was counted before."""
        at = next(k for k, t in enumerate(span) if t.symbol in ("compare", "was"))
        times = [t for t in span[at:] if t.symbol in TIMES]
        own = self.whose.year
        year = self.whose.year_of(times[-1])[0] if times else own and own - 1
        said = self._said_of(span[:at])
        if said is not None and said[2] is not None and year is not None and year != own:
            self._add_figure(said[0], token, year, said[1], fit=said[2])

    def _said_of(self, span: Sequence[Token]) -> tuple[str, str, Fit | None] | None:
        """Code, scope and claim of what a comparison is about: what its own words name, else the count before it."""
        if self.fitter.weighty(span) or any(t.symbol == UNKNOWN for t in span):
            fit = self.fitter.fit(span)
            code = self.fitter.code(fit) if fit is not None else None
            return (code, self._scope(fit.subject), fit) if fit is not None and code is not None else None
        last = self.state.recent()
        return (last.code, last.scope, last.fit) if last is not None else None

    # -- stating -------------------------------------------------------------------------------------------------------

    def _scope(self, named: str | None) -> str:
        return self.whose.scope(self.state.subject(named))

    def _add(
        self,
        code: str,
        value: Value,
        unit: str | None,
        year: int | None,
        scope: str,
        start: int,
        end: int,
        share_of: str | None = None,
        *,
        fit: Fit | None = None,
        approximate: bool = False,
    ) -> Stated:
        stated = Stated(code, value, unit, year, scope, approximate, share_of, start, end, self.state.sentence, fit)
        self.found.append(stated)
        if unit != "%":
            self.state.last = stated
        return stated

    def _add_figure(
        self, code: str, token: Token, year: int | None, scope: str, *, fit: Fit | None = None, start: int | None = None
    ) -> Stated:
        """A count as printed; ``start``: where the printed text begins, if not at the figure."""
        figure = _figure_of(token)
        begin = token.start if start is None else start
        return self._add(
            code, figure.value, figure.measure, year, scope, begin, token.end, fit=fit, approximate=figure.approximate
        )

    def _add_share(
        self, code: str, token: Token, year: int | None, scope: str, whole: str, *, fit: Fit | None = None
    ) -> None:
        figure = _figure_of(token)
        self._add(
            code, figure.value, "%", year, scope, token.start, token.end, whole, fit=fit, approximate=figure.approximate
        )

    def _statements(self, place: Place, ends: list[int]) -> list[Statement]:
        """The statements of a passage in the order of their figures, each with its sentence as printed."""
        bounds = [0, *ends, len(self.text.text)]
        out: list[Statement] = []
        k = 0
        for f in sorted(self.found, key=lambda f: f.end):
            while k + 2 < len(bounds) and bounds[k + 1] <= f.start:
                k += 1
            sentence = excerpt(self.text, (bounds[k], bounds[k + 1]), (f.start, f.end))
            printed = self.text.slice(f.start, f.end).strip()
            said = (f.code, f.value, f.unit, f.year, f.scope, f.approximate, f.share_of, printed, sentence, place)
            out.append(Statement(*said, number=f.sentence))
        return out


def excerpt(text: Folded, sentence: tuple[int, int], figure: tuple[int, int]) -> str:
    """A sentence as printed, or, of an endless one, what stands around a figure; spans are of the folded text."""
    start, end = sentence
    if end - start <= _LONGEST_SENTENCE:
        return text.slice(start, end).strip()
    first, last = max(start, figure[0] - _AROUND), min(end, figure[1] + _AROUND)
    return ("…" if first > start else "") + text.slice(first, last).strip() + ("…" if last < end else "")


def _figure_of(token: Token) -> Figure:
    assert token.figure is not None
    return token.figure


def _in_wan(figure: Figure) -> tuple[Value, str]:
    """An amount in 万元."""
    factor = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}[figure.measure]
    amount = Decimal(figure.value) * factor
    return (int(amount) if amount == amount.to_integral_value() else amount.normalize()), "万元"


def _ends_heading(span: Sequence[Token]) -> bool:
    """Whether the words so far are a heading that runs into its sentence: 四、收费情况2018年……"""
    return bool(span) and span[-1].text.endswith(_HEADING_ENDS) and not _is_other_years(span)


def _is_other_years(span: Sequence[Token]) -> bool:
    """Whether the words in front of a figure make it another year's: 比2019年的, 由去年的."""
    at = next((k for k, t in enumerate(span) if t.symbol in ("compare", "was")), None)
    return at is not None and all(t.symbol in ("filler", "compare", "was") or t.symbol in TIMES for t in span[at:])


def _last_word(span: Sequence[Token]) -> Token | None:
    """The last word in front of a figure that is not mere connection; None behind an unknown stretch."""
    last = next((t for t in reversed(span) if t.symbol not in ("filler", "and", "cumulative")), None)
    return None if last is None or last.symbol in (UNKNOWN, TITLE) else last
