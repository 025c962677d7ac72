"""From text to tokens: words, figures, years and dates, marks, and the gaps that no word covers.

Belongs here: how a figure, a year and a date are printed. Does not belong here: what they are figures of (`walk`, `figures`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from parsers.grammar.figures import MULTIPLES
from schemas.characters import REPLACEMENT
from schemas.facts import Value

from .lexicon import APPROXIMATE_AFTER, APPROXIMATE_BEFORE, GAP, UNKNOWN, Lexicon, lexicon

# Symbols that no list of words holds.
MARK, FIGURE, YEAR, FULL_YEAR, DATE, TITLE = "mark", "figure", "year", "full_year", "date", "title"
# A count without a measure word, where one may have been left out: 部分公开8，占20%.
BARE = "bare"

_SPANS = ("年", "个月", "月")
_STOPS = "。！？!?；;，,：:()（）…[]"
_APPROXIMATE_FIRST = frozenset(w[0] for w in APPROXIMATE_BEFORE)
_OPENING = "《〔[【("
# What is no word in itself: most characters are none of these.
_SIGNS = _APPROXIMATE_FIRST.union(_OPENING, _STOPS)
# With the numerals of accounts: 收到申请叁件.
_HAN = {c: i for digits in ("零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖") for i, c in enumerate(digits)} | {
    "〇": 0,
    "两": 2,
}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_NUMERALS = "".join((*_HAN, *_HAN_UNITS))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its measure word; ``kind`` is the class of the measure word."""

    value: Value
    measure: str
    kind: str
    approximate: bool


# Not frozen: that makes them three times as dear, and a report has hundreds.
@dataclass(slots=True)
class Token:
    """A stretch of folded text. ``year`` is there for years and for what began in one, ``figure`` for figures."""

    symbol: str
    start: int
    end: int
    text: str
    year: int | None = None
    figure: Figure | None = None


def han_value(text: str) -> int | None:
    """The value of a Chinese numeral up to 9,999 (``一百二十`` → 120), or None."""
    total, digit, last = 0, None, 10_000
    for c in text:
        if c in _HAN_UNITS:
            unit = _HAN_UNITS[c]
            if unit >= last or (digit is None and unit != 10):
                return None
            total += (1 if digit is None else digit) * unit
            digit, last = None, unit
        elif c in _HAN:
            if digit not in (None, 0):
                return None
            digit = _HAN[c]
        else:
            return None
    return total + (digit or 0)


@dataclass(frozen=True)
class _Patterns:
    figure: re.Pattern[str]
    bare: re.Pattern[str]
    han: re.Pattern[str]
    years: re.Pattern[str]
    year: re.Pattern[str]
    full_year: re.Pattern[str]
    date: re.Pattern[str]
    title: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    measures = "|".join(re.escape(m) for m in sorted(lexicon().measures, key=len, reverse=True))
    before = "|".join(sorted(APPROXIMATE_BEFORE, key=len, reverse=True))
    after = "|".join(APPROXIMATE_AFTER)
    # 条例 and 人大 are words, not measures.
    measure = rf"(?P<measure>{measures})(?<!条(?=例|款))(?<!人(?=大|民|员))(?<!件(?=事))"
    day = r"\d{1,2}日"
    return _Patterns(
        figure=re.compile(
            rf"(?P<before>{before})?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?![\d,])|\d+)(?P<decimals>\.\d+)?"
            rf"(?P<more>[多余])?(?P<multiple>[千万亿]?)(?P<more2>[多余])?{measure}(?P<after>{after})?"
        ),
        bare=re.compile(
            r"(?<=[\u4e00-\u9fff”])(?:\d{1,3}(?:,\d{3})+|\d+)(?=[，,](?!\d)|[、；;。)）]|[(（]\d{1,3}(?:\.\d+)?%|占|$)"
        ),
        han=re.compile(rf"(?P<before>{before})?(?P<han>[{_NUMERALS}]+)(?P<more>[多余])?{measure}(?P<after>{after})?"),
        # 2021年至2024年, 2021-2024年: no figure of any one year.
        years=re.compile(r"(?:19|20)\d\d年?度?[至到—－~-]+(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日|底|份)?|度)?(?!\d)"),
        year=re.compile(
            # 2024、2025两年: the first of several has no 年 of its own.
            r"(?P<year>(?:19|20)\d\d)(?:(?=[、和与及](?:19|20)\d\d[、和与及两三四五年])|[两三四五]?年(?:全年|度)?(?:(?P<since>以来|至今|起(?=[，,至]|共|累计))|(?:底|末)?))"
        ),
        full_year=re.compile(
            r"(?:(?P<year>(?:19|20)\d\d)年)?(?:1月1日|1月|1)起?[至到—－~-]+(?:(?P<last>(?:19|20)\d\d)年)?12月(?:31日|底|份)?"
        ),
        date=re.compile(
            rf"(?:(?P<year>(?:19|20)\d\d)年)?\d{{1,2}}(?:[至到—－~、-]\d{{1,2}})?月(?:份|底|初|末|[上中下]旬|{day}(?:[至到—－~-]+(?:\d{{1,2}}月)?{day})?)?"
        ),
        title=re.compile(r"《[^《》]{1,80}》|[〔\[【(](?:19|20)\d\d年?[〕\]】)](?:第?\d+号)?"),
    )


@cache
def lost_figure() -> re.Pattern[str]:
    """A character that could not be decoded, where a digit may have stood."""
    measures = "|".join(map(re.escape, lexicon().measures))
    numerals = "0-9.,〇零一二三四五六七八九十百千万亿"
    return re.compile(
        rf"(?<=[{numerals}{GAP}]){REPLACEMENT}|{REPLACEMENT}(?=[^\u4e00-\u9fff]|[{numerals}]|{measures}|$)"
    )


def _number(digits: str, decimals: str | None, multiple: str) -> Value:
    value = Decimal(digits.replace(",", "") + (decimals or "")) * MULTIPLES.get(multiple, 1)
    return int(value) if value == value.to_integral_value() else value.normalize()


def _part_of_more(text: str, start: int) -> bool:
    """Whether what stands before makes this an ordinal, the end of a range, or a piece of something longer."""
    before = text[start - 1] if start else ""
    if not before:
        return False
    if (
        before in "第每/.〔#*=_+-−"
        or before in (GAP, REPLACEMENT)
        or before.isdecimal()
        or (before.isascii() and before.isalpha())
    ):
        return True
    return before in "至到—~–－～" and start > 1 and text[start - 2].isdecimal()


def _figure_at(text: str, start: int, words: Lexicon) -> Token | None:
    m = _patterns().figure.match(text, start)
    if m is None:
        return None
    if _part_of_more(text, m.start("digits")) and not m["before"]:
        return None
    measure = m["measure"]
    end = m.end()
    approximate = bool(m["before"] or m["more"] or m["more2"] or m["after"])
    if measure in _SPANS:
        # 近5年: no figure of any one year.
        return Token("since", start, end, m[0])
    value = _number(m["digits"], m["decimals"], m["multiple"])
    return Token(FIGURE, start, end, m[0], figure=Figure(value, measure, words.measures[measure], approximate))


def _han_figure_at(text: str, start: int, words: Lexicon) -> Token | None:
    m = _patterns().han.match(text, start)
    if m is None:
        return None
    before = text[m.start("han") - 1] if m.start("han") else ""
    value = han_value(m["han"])
    # 一件 is as often a manner of speaking as a figure.
    if (
        value is None
        or value < 2
        or (before and before in f"第每某各逐任这那上下前后同另几数双多{REPLACEMENT}" and not m["before"])
    ):
        return None
    if m["measure"] in _SPANS:
        return Token("since", start, m.end(), m[0])
    approximate = bool(m["before"] or m["more"] or m["after"])
    return Token(
        FIGURE, start, m.end(), m[0], figure=Figure(value, m["measure"], words.measures[m["measure"]], approximate)
    )


def scan(text: str) -> list[Token]:
    """The tokens of a folded text, in order, without anything left out."""
    words, patterns = lexicon(), _patterns()
    known = words.words.get
    letters, others = _beginnings()
    tokens: list[Token] = []
    unknown = i = 0

    def add(token: Token) -> int:
        nonlocal unknown
        if unknown < token.start:
            tokens.append(Token(UNKNOWN, unknown, token.start, text[unknown : token.start]))
        tokens.append(token)
        unknown = token.end
        return token.end

    length = len(text)
    while i < length:
        c = text[i]
        if (lengths := letters.get(c)) is not None:
            # As `word_at` says; asked for most characters of a text.
            found = None
            for n in lengths.get(text[i + 1 : i + 2], ()):
                if (found := known(text[i : i + n])) is not None:
                    break
            else:
                if "" in lengths:
                    found = known(c)
            if found is None:
                i += 1
                continue
            word, symbol = found
            end = i + len(word)
            # Of 验收 and 税收 no part is a word of its own.
            if symbol != UNKNOWN:
                if unknown < i:
                    tokens.append(Token(UNKNOWN, unknown, i, text[unknown:i]))
                tokens.append(Token(symbol, i, end, word))
                unknown = end
            i = end
        elif c in others:
            i = _sign_or_numeral(text, i, words, patterns, add)
        elif c.isdecimal():
            i = _digits(text, i, words, patterns, add)
        else:
            i += 1
    if unknown < len(text):
        tokens.append(Token(UNKNOWN, unknown, len(text), text[unknown:]))
    return tokens


@cache
def _beginnings() -> tuple[dict[str, dict[str, tuple[int, ...]]], frozenset[str]]:
    """What begins words and nothing else, with what may follow and how long these words then are (nothing: a word of one
    character); and what is or may begin a mark, a title, a figure in words.
    """
    others = _SIGNS.union(_NUMERALS)
    return {c: own for c, own in lexicon().lengths.items() if c not in others and not c.isdecimal()}, others


def _sign_or_numeral(text: str, i: int, words: Lexicon, patterns: _Patterns, add: Callable[[Token], int]) -> int:
    """Where to go on behind a character that is a mark, or that may begin a title, a figure in words or a word."""
    c = text[i]
    if c in _OPENING:
        m = patterns.title.match(text, i)
        if m is not None and words.word_at(text, i) is None:
            symbol = next((s for ending, s in words.titles if m[0].endswith(ending)), TITLE)
            return add(Token(symbol, i, m.end(), m[0]))
    if c in _STOPS:
        return add(Token(MARK, i, i + 1, c))
    if c in _APPROXIMATE_FIRST:
        token = _figure_at(text, i, words) or _han_figure_at(text, i, words)
        if token is not None:
            return add(token)
    found = words.word_at(text, i)
    if found is not None:
        word, symbol = found
        return add(Token(symbol, i, i + len(word), word)) if symbol != UNKNOWN else i + len(word)
    token = _han_figure_at(text, i, words) if c in _NUMERALS else None
    return i + 1 if token is None else add(token)


def _digits(text: str, i: int, words: Lexicon, patterns: _Patterns, add: Callable[[Token], int]) -> int:
    """One token for what begins with a digit: years, a date, a figure; else the bare digits."""
    time = None if _part_of_more(text, i) else _time_at(text, i, patterns)
    token = time or _figure_at(text, i, words) or _bare_at(text, i, patterns)
    if token is not None:
        return add(token)
    j = i
    while j < len(text) and (
        text[j].isdecimal() or text[j] in f".{GAP}" or (text[j] == "," and text[j + 1 : j + 2].isdecimal())
    ):
        j += 1
    return add(Token(UNKNOWN, i, j, text[i:j]))


def _time_at(text: str, i: int, patterns: _Patterns) -> Token | None:
    """Several years, a stretch of the year, a date or the year that begins here."""
    # A year is printed with four digits here; only a stretch of the year and a date begin with another number.
    dated = text.startswith(("19", "20"), i)
    m = patterns.years.match(text, i) if dated else None
    if m is not None:
        return Token("since", i, m.end(), m[0])
    for symbol, pattern in ((FULL_YEAR, patterns.full_year), (DATE, patterns.date), (YEAR, patterns.year)):
        m = pattern.match(text, i) if dated or (symbol == DATE or (symbol == FULL_YEAR and text[i] == "1")) else None
        if m is None:
            continue
        found = m.groupdict()
        if found.get("since") or found.get("last") not in (None, found["year"]):
            year = int(found["year"]) if found["year"] and found.get("since") else None
            return Token("since", i, m.end(), m[0], year=year)
        return Token(symbol, i, m.end(), m[0], year=int(found["year"]) if found["year"] else None)
    return None


def _bare_at(text: str, i: int, patterns: _Patterns) -> Token | None:
    m = patterns.bare.match(text, i)
    if m is None or _part_of_more(text, i) or len(m[0]) > 9:
        return None
    return Token(FIGURE, i, m.end(), m[0], figure=Figure(_number(m[0], None, ""), "", BARE, approximate=False))
