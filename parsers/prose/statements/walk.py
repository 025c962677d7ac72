"""The walk through a text: passages, sentences, clauses, and what each leaves behind for the next.

Belongs here: marks and headings, what a clause without a figure tells. Does not belong here: any word or code
(`words.toml`, `claims.toml`), what a figure is of (`figures`, `comparing`), when a claim fits (`fitting`).

Statements come in reading order; a share or a change follows the count it is said of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from schemas.characters import REPLACEMENT
from schemas.facts import Passage, Statement

from .clauses import Clauses
from .comparing import Comparing
from .figures import Figures
from .fitting import Fitter
from .lexicon import UNKNOWN, folded, lexicon
from .notes import Notes
from .scan import FIGURE, FULL_YEAR, MARK, TITLE, YEAR, Token, lost_figure, scan
from .spans import is_other_years
from .state import ABOUT_DISCLOSURE, ABOVE, CHANNELS, PARTS, SCOPES, SHOWING, TIMES, State, union
from .whose import OWN_AREA, Whose

_NUMBERING = re.compile(
    r"#*(?:(?P<top>[一二三四五六七八九十]{1,3}[、.．])|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、.．](?!\d))"
)
# （1）县本级。: what stands below is said of it, and the text is about the same as before.
_LEVEL = re.compile(r"[(（]\d{1,2}[)）]([^\d。:：]{1,12})[。:：]")
_HEADING_LENGTH = 40
_HEADING_STOPS = re.compile(r"[。\n]|(?:19|20)\d\d年|全[市县区省年]|我[市县区省局]")
_HEADING_ENDS = ("情况", "数量", "类别", "工作", "方面", "概述", "内容")
# Real reports state a few hundred figures.
MOST_STATEMENTS = 3_000
_SENTENCE_ENDS = "。！？!?…[]"
# 制发文件120件，主动公开80件，不予公开40件: what documents are, not what became of requests.
_PAPERS = frozenset(("issue", "document", "normative", "on_request"))
_OF_REQUESTS = frozenset(("receive", "newly", "accept", "close", "reply", "request"))
# So many kinds of those who ask are named, and more, in what is told of requests.
_FEWEST_APPLICANTS = 2
_CARRIED = frozenset(("carried_over", "carried_forward"))
_UNDER_WAY = frozenset(("handle", "reply", "close"))
_NOTICED = SHOWING | {"among", "breakdown", "as_authority", "sample"}

# The words in front of an open bracket, and what they had said.
_Waiting = tuple[list[Token], dict[str, Any]]
# 546件114件85件: figures with nothing between them but their units are the row of a table whose borders were lost.
_ROW_OF_FIGURES = re.compile(r"(?:\d(?:[\d,，.]*\d)?\s?(?:人次|[件条项宗次人个篇份])){3}")


class Reader:
    """Reads the passages of one report, in order. ``year``, ``scope`` and ``form`` are the report's own."""

    def __init__(self, passages: Sequence[Passage], *, year: int | None, scope: str, form: str) -> None:
        self.words = lexicon()
        self.passages = passages
        self.state = State()
        self.whose = Whose((p.text for p in passages[:15]), year=year, scope=scope)
        self.fitter = Fitter(self.state, self.whose, form)
        self.notes = Notes(self.state, self.whose, self.fitter)
        self.comparing = Comparing(self.notes)
        self.figures = Figures(self.notes, self.comparing)
        self.clauses = Clauses(self.notes, self.comparing)
        self.sentences: Iterator[frozenset[str]] = iter(())
        self.telling = ABOUT_DISCLOSURE.union(_NOTICED, self.words.topics)
        # How many statements may still be made.
        self.room = MOST_STATEMENTS

    def read(self) -> list[Statement]:
        """The statements of all passages, in reading order, at most `MOST_STATEMENTS`."""
        out: list[Statement] = []
        for number, passage in enumerate(self.passages, start=1):
            self.room = MOST_STATEMENTS - len(out)
            if self.room <= 0:
                break
            out += self._passage(passage, number)
        return out[:MOST_STATEMENTS]

    # -- the walk ------------------------------------------------------------------------------------------------------

    def _passage(self, passage: Passage, number: int) -> list[Statement]:
        self.notes.text = folded(passage.text)
        self.notes.tokens = self._tokens(self.notes.text.text)
        self.notes.found = []
        self.sentences = self._sentences()
        ends: list[int] = []
        self._begin_passage()
        # Words since the last mark or figure; those in front of an open bracket wait for it to close.
        span: list[Token] = []
        waiting: list[_Waiting] = []
        used = 0
        lost = self._lost_figures()
        found, room, telling, asks = self.notes.found, self.room, self.telling, "依" in self.notes.text.text
        for i, token in enumerate(self.notes.tokens):
            if len(found) >= room:
                break
            if token.symbol == FIGURE:
                if i >= used:
                    used = i + 1
                    if not self.state.lost and not span and waiting and is_other_years(waiting[-1][0]):
                        # 比2022年（31起）减少5起.
                        self.comparing.other_year(token, waiting[-1][0])
                    elif not self.state.lost:
                        self._lead(span, figure=True)
                        used = self.figures.figure(i, span)
                    span = []
            elif lost and i in lost:
                self._lose_figure(span)
                span = []
            elif token.symbol == MARK:
                if token.text == ":" and [t.symbol for t in self.notes.tokens[i + 1 : i + 2]] == [FIGURE] and span:
                    # 办结：165件.
                    continue
                if not self._compares(i):
                    self._end_clause(span, opens=token.text in "(（")
                span = self._mark(token, span, waiting)
                if token.text in _SENTENCE_ENDS:
                    ends.append(token.end)
            else:
                # Most words tell nothing of what the text is about.
                if token.symbol in telling or (asks and token.text[0] == "依"):
                    self._notice(token)
                if i < used or (token.symbol == "and" and not span):
                    continue
                if token.symbol in (YEAR, FULL_YEAR) and _ends_heading(span):
                    self._end_clause(span)
                    span = []
                span.append(token)
        self._end_clause(span)
        if not found:
            return []
        return [s for s in self.notes.statements(passage, number, ends) if not _ROW_OF_FIGURES.search(s.sentence)]

    def _tokens(self, text: str) -> list[Token]:
        """The words of a passage, larger areas told from the reporter's own."""
        tokens = scan(text)
        if self.whose.rank is not None:
            for token in tokens:
                if token.symbol in OWN_AREA and self.whose.is_above(token):
                    token.symbol = ABOVE
        for k, (before, token) in enumerate(pairwise(tokens)):
            if before.symbol == FIGURE:
                if token.symbol == UNKNOWN and token.text in self.words.copulas:
                    # 21件系上年结转: what it is stands behind.
                    token.symbol = "filler"
            elif token.text == "中" and before.symbol in _UNDER_WAY and _stands_at_its_figure(tokens, k):
                # 办结5件、办理中1件: what is being done is no part of what is done.
                before.symbol = "pending"
        return tokens

    def _compares(self, i: int) -> bool:
        """与2022年（203件）相比: the year in front of the bracket is not the sentence's."""
        tokens = self.notes.tokens
        if tokens[i].text not in "(（":
            return False
        end = next((j for j in range(i + 1, len(tokens)) if tokens[j].symbol == MARK and tokens[j].text in ")）"), None)
        return end is not None and [t.symbol for t in tokens[end + 1 : end + 2]] == ["compare"]

    def _mark(self, token: Token, span: list[Token], waiting: list[_Waiting]) -> list[Token]:
        """What a mark does to the words before it: the span to go on with."""
        self.state.of_bodies = False
        if token.text in "(（":
            waiting.append((span, self.state.outside()))
            return []
        if token.text in ")）":
            if not waiting:
                return []
            inside = span
            span, outside = waiting.pop()
            self.state.resume(outside)
            return span + self._included(span, inside, token)
        if token.text in _SENTENCE_ENDS:
            waiting.clear()
            self._begin_sentence()
            self._heading(token.end)
            self._foresee()
        elif token.text in ";；":
            s = self.state
            s.group_scope, s.among, s.listing, s.elliptic, s.shown = None, False, False, False, False
            s.inside = s.of_requests = False
            s.done = None
            if s.counted_channel:
                s.channel, s.counted_channel = None, False
        return []

    def _included(self, span: Sequence[Token], inside: list[Token], close: Token) -> list[Token]:
        """不予公开（含不予处理）100件: what else the figure behind the bracket counts, as its words: another group of results."""
        groups = self.words.groups
        if not inside or inside[-1].end != close.start or self.notes.text.text[inside[0].start - 1] not in "(（":
            return []
        named = {t.symbol for t in self.fitter.weighty(inside)}
        counted = {t.symbol for t in self.fitter.weighty(span)} & groups
        return inside[1:] if inside[0].symbol == "among" and counted and named and named <= groups - counted else []

    def _sentences(self) -> Iterator[frozenset[str]]:
        """The symbols of the words of each sentence of the passage, in order."""
        tokens = self.notes.tokens
        ends = [i for i, token in enumerate(tokens) if token.symbol == MARK and token.text in _SENTENCE_ENDS]
        bounds = pairwise((-1, *ends, len(tokens)))
        return iter([frozenset([t.symbol for t in tokens[a + 1 : b]]) for a, b in bounds])

    def _foresee(self) -> None:
        """What the words of the whole sentence show it to be about, before its first figure.

        Results of requests are named as the form names them (无法提供, 不予处理); so are the two kinds of lawsuit.
        """
        s, words = self.state, self.words
        s.words = next(self.sentences, frozenset())
        if FIGURE not in s.words:
            return
        s.authority = "unrelated" in s.words
        if words.lawsuits <= s.words and UNKNOWN not in s.words:
            s.about_disclosure = True
        s.papers = "active" in s.words and bool(s.words & _PAPERS) and not s.words & _OF_REQUESTS
        results = s.words & words.results
        told = len(results) > 1 and (bool(results & words.sure_results) or words.both_results <= results)
        s.asked = len(s.words & words.sure_applicants) > _FEWEST_APPLICANTS and s.topic in (None, "request")
        told = told or s.asked or ("reply" in s.words and len(s.words & words.answers) > 1)
        told = told or bool(s.words & _CARRIED) or {"carry", "newly"} <= s.words
        if told and not s.words & (_PAPERS | words.foreign):
            s.topic, s.topic_sentence, s.between = "request", s.sentence, False

    def _lost_figures(self) -> set[int]:
        """The tokens in which something stands, beside digits or a measure word, that could not be decoded."""
        if REPLACEMENT not in self.notes.text.text:
            return set()
        at = [m.start() for m in lost_figure().finditer(self.notes.text.text)]
        return {i for i, t in enumerate(self.notes.tokens) if any(t.start <= p < t.end for p in at)}

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
        s.carried_scope, s.last, s.about_in_paragraph, s.between = None, None, False, False
        self._heading(0)
        self._foresee()

    def _begin_sentence(self) -> None:
        """Year and subject hold for one sentence, longer only where it stated figures of another year or body."""
        s, own = self.state, self.whose.year
        stated = [f for f in self.notes.found if f.sentence == s.sentence and f.share_of is None]
        s.year_open = bool(stated) and all(f.year != own for f in stated)
        s.year = own
        goes_on = (s.lost or (s.last is not None and s.last.sentence == s.sentence)) and not s.among
        s.carried_scope, s.scope, s.group_scope = s.scope if goes_on else None, None, None
        s.sentence += 1
        s.inside = s.of_requests = False
        s.done = None
        s.dated = s.begun = s.among = s.listing = s.elliptic = s.kinds = s.about_disclosure = s.lost = False
        s.untold = None
        s.parts = s.parts_named = s.asked = False
        s.authority = s.planned = s.shown = s.counted_channel = False
        s.channel = None
        s.matters = []

    def _heading(self, start: int) -> None:
        """A numbered heading changes what the text is about; one of the first rank ends all totals."""
        s = self.state
        if (level := _LEVEL.match(self.notes.text.text, start)) is not None:
            named = _of_heading(level[1])
            subject = union([t.symbol for t in named if t.symbol in SCOPES])
            if subject in PARTS and all(t.symbol in SCOPES or t.symbol in self.words.plain for t in named):
                s.heading_scope = subject
        m = _NUMBERING.match(self.notes.text.text, start)
        if m is None:
            return
        stretch = _HEADING_STOPS.split(self.notes.text.text[m.end() : m.end() + _HEADING_LENGTH])[0]
        tokens = _of_heading(stretch)
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
        s, symbol = self.state, token.symbol
        if symbol in ABOUT_DISCLOSURE or token.text.startswith("依申请"):
            s.about_disclosure = s.about_in_paragraph = True
        if symbol in _NOTICED:
            if symbol == "among":
                s.among = s.listing = True
            elif symbol == "breakdown":
                s.kinds = True
            elif symbol == "as_authority":
                s.authority = True
            elif symbol == "sample":
                s.parts = True
            else:
                s.shown = True
        topic = self.words.topics.get(symbol)
        if topic is None:
            return
        # 申请 alone may be one for review.
        vague = token.symbol == "request_weak" and not token.text.startswith(("依申请", "公开"))
        if vague and s.topic in ("dispute", "foreign"):
            return
        if token.symbol in self.words.disputes:
            s.disputes = s.disputes | {token.symbol} if s.topic == topic else frozenset((token.symbol,))
        s.topic, s.topic_sentence = topic, s.sentence
        if topic == "request":
            s.between = False

    # -- clauses without a figure ------------------------------------------------------------------------------------

    def _end_clause(self, span: list[Token], *, opens: bool = False) -> None:
        """What a clause without a figure tells. ``opens``: a bracket opens, and the clause goes on behind it."""
        if not span:
            return
        self._lead(span, figure=False)
        if span[-1].text == "中" and any(t.symbol in ("request", "request_weak") for t in span):
            self.state.of_requests = True
        if not self.state.lost and not opens:
            self.clauses.tell(span)

    def _lead(self, span: Sequence[Token], *, figure: bool) -> None:
        """The year, the subject and the way of disclosure that a clause begins with hold on in its sentence."""
        s = self.state
        s.before = s.year, s.year_open, s.dated
        subjects: list[str] = []
        for k, token in enumerate(span):
            if token.symbol in TIMES and any(t.symbol == "compare" for t in span[k + 1 : k + 2]):
                # 与2022年相比: not the year that the sentence is about.
                break
            if token.symbol in TIMES:
                s.year, whole = self.whose.year_of(token)
                s.year_open, s.dated = not whole, True
            elif token.symbol in SCOPES:
                subjects.append(token.symbol)
            elif token.symbol == "plan":
                # 计划类信息 in a list of kinds is none.
                s.planned = not (s.kinds or s.listing)
                break
            elif token.symbol in CHANNELS:
                # 在政府网站统一设置专栏: the way of something else.
                if token is span[-1] or not any(t.symbol == "via" for t in span):
                    s.channel = s.channel or token.symbol
                break
            elif token.symbol == UNKNOWN:
                body = self.whose.body(token.text, weak=False)
                subjects.extend([body] if body is not None else [])
                if not figure and _is_one_way(span, k):
                    # 在某县政府门户网站，县水务局公开信息9条.
                    s.channel = s.channel or span[-1].symbol
                break
            elif token.symbol not in ("among", "and", "via", TITLE) and not (
                token.symbol in ("filler", "every") and len(token.text) <= 2
            ):
                break
        if span:
            text = self.notes.text.text[span[0].start : span[-1].end]
            self._view(text, span, figure=figure)
            self._narrows(text, span, figure=figure)
        if s.channel is not None and any(t.symbol == "etcetera" for t in span):
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

    def _narrows(self, text: str, span: Sequence[Token], *, figure: bool) -> None:
        """平台上线以来, 针对……等热点: what the sentence goes on to count is of several years, or of a part of the matter."""
        s = self.state
        if self.words.open_span.search(text) and not any(t.symbol in TIMES - {"since"} for t in span):
            s.year, s.year_open, s.dated = None, True, True
        if not figure and self.words.about.match(text) and any(t.symbol == UNKNOWN for t in span):
            s.parts = True

    def _view(self, text: str, span: Sequence[Token], *, figure: bool) -> None:
        """从受理单位看，办公室受理30件: what follows in the sentence is of parts."""
        s = self.state
        if self._asks(span, text):
            s.asked = True
            if s.topic is None:
                # In a report on disclosure 申请人 are those who asked for information.
                s.topic, s.topic_sentence = "request", s.sentence
        m = self.words.view.match(text) if figure else self.words.view.fullmatch(text)
        if m is not None:
            s.parts = self.words.view_parts.search(m["by"]) is not None
            s.parts_named = not s.parts and self.words.view_kinds.search(m["by"]) is None
        elif s.parts_named and figure and any(t.symbol == UNKNOWN for t in span):
            s.parts = True

    def _asks(self, span: Sequence[Token], text: str) -> bool:
        """收到的申请中，自然人37件: whether what follows is told of those who asked."""
        return self.words.asked.match(text) is not None and not any(t.symbol == UNKNOWN for t in span)


@lru_cache(maxsize=1024)
def _of_heading(text: str) -> tuple[Token, ...]:
    """The tokens of a heading, which nobody changes: most reports have the same."""
    return tuple(scan(text))


def _stands_at_its_figure(tokens: Sequence[Token], at: int) -> bool:
    """办理中1件, 办理中的1件, 1件办理中: whether nothing but a figure stands beside the two words from ``at``."""
    behind = [t for t in tokens[at + 2 : at + 4] if t.text != "的"][:1]
    before = [t for t in tokens[max(at - 2, 0) : at] if t.symbol not in ("filler", "via")][-1:]
    counted = [t.symbol for t in before] == [FIGURE] and [t.symbol for t in behind] in ([], [MARK])
    # 收到12件，办理中予以公开5件.
    return counted or ([t.symbol for t in behind] == [FIGURE] and [t.symbol for t in before] != [FIGURE])


def _is_one_way(span: Sequence[Token], at: int) -> bool:
    """Whether a clause names one way of disclosure behind an unknown word ``at``, and nothing beside it: 在某县政府网站."""
    ways = [t for t in span if t.symbol in CHANNELS or t.symbol == "and"]
    return ways == [span[-1]] and any(t.symbol == "via" for t in span[:at])


def _ends_heading(span: Sequence[Token]) -> bool:
    """Whether the words so far are a heading that runs into its sentence: 四、收费情况2018年……"""
    return bool(span) and span[-1].text.endswith(_HEADING_ENDS) and not is_other_years(span)
