"""Years and dates as they are printed.

Belongs here: reading a year, a period, a date from a piece of text. Does not belong here: whose date it is.
"""

from __future__ import annotations

import datetime
import re
import unicodedata

from schemas.labels import fold

from .patterns import SPACE, patterns

FIRST_YEAR, LAST_YEAR = 2008, 2100

_HAN_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零0oOＯ", "0")
YEAR = re.compile(
    r"(?<!\d)(?P<arabic>20\d\d)(?!\d)(?:年度|年)?(?:年度|度)?|(?P<han>[二2][〇○零0oO][〇○零0oO一二三四五六七八九]{2})年(?:度)?"
)
DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?:年|[-/.])(?P<m>\d{1,2})(?:月|[-/.])(?P<d>\d{1,2})(?!\d)日?"
    r"|(?<!\d)(?P<Y>20\d\d)(?P<M>[01]\d)(?P<D>[0-3]\d)(?!\d)"
    r"|(?P<hy>[二2][〇○零0oO][〇○零0oO一二三四五六七八九]{2})年(?P<hm>[一二三四五六七八九十]{1,2})月(?P<hd>[一二三四五六七八九十]{1,3})日"
)

_HAN_DATE = re.compile(
    r"(?P<y>[二2][〇○零0oO][〇○零0oO一二三四五六七八九]{2})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日"
)


_TIME = re.compile(r"(?<=\d)\s+\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d)")
_BESIDE_DATE = re.compile(r"(?:信息来源|文章来源|来源|作者|浏览次数|浏览|点击|阅读|字号|字体|访问量)(?::|\d).*$")
# 2024.1.1, 2024-01-01, 2024/1/1; and the end of a span that has no year of its own (2024.1.1-12.31).
_POINTED_DATE = re.compile(r"(?<![\d.])(20\d\d)([./-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?![\d.])日?")
_POINTED_SPAN = re.compile(
    r"(?<![\d.])(20\d\d[./]\d{1,2}[./]\d{1,2})(?:[-~—－]+|至|到)(0?[1-9]|1[0-2])[./](0?[1-9]|[12]\d|3[01])(?![\d./])"
)


def year_of(arabic: str | None, han: str | None = None) -> int | None:
    digits = arabic or "".join(_HAN_DIGITS.get(c, c) for c in han or "")
    if not re.fullmatch(r"\d{4}", digits):
        return None
    year = int(digits)
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def years_in(folded: str) -> list[int]:
    found = (year_of(m["arabic"], m["han"]) for m in YEAR.finditer(folded))
    return [y for y in found if y is not None]


def period_of(folded: str) -> str:
    return next((period for period, pattern in patterns().periods if pattern.search(folded)), "year")


def date_in(text: str) -> str | None:
    """The first date in a text, as ISO."""
    spaced = unicodedata.normalize("NFKC", text)
    # Blanks part a date from a time of day (2024-03-08 15:34), and stand within a date (2024 年 3 月 8 日).
    return _first_date(spaced) or _first_date(SPACE.sub("", spaced))


def _first_date(text: str) -> str | None:
    for m in DATE.finditer(text):
        if m["hy"]:
            year = year_of(None, m["hy"])
            month, day = _han(m["hm"]), _han(m["hd"])
        else:
            year, month, day = int(m["y"] or m["Y"]), int(m["m"] or m["M"]), int(m["d"] or m["D"])
        try:
            date = datetime.date(year or 0, month, day)
        except ValueError:
            continue
        if FIRST_YEAR <= date.year <= LAST_YEAR:
            return date.isoformat()
    return None


def in_figures(folded: str) -> str:
    """A text with its dates in Chinese numerals or parted by points in one spelling: 二○二四年一月一日, 2024.1.1-12.31."""
    if "20" in folded:
        folded = _POINTED_DATE.sub(r"\1年\3月\4日", _POINTED_SPAN.sub(r"\1至\2月\3日", folded))
    return _HAN_DATE.sub(lambda m: f"{year_of(None, m['y']) or m['y']}年{_han(m['m'])}月{_han(m['d'])}日", folded)


def _han(text: str) -> int:
    """一 to 三十一."""
    digits = {c: i for i, c in enumerate("一二三四五六七八九", start=1)}
    tens, ten, ones = text.partition("十")
    if not ten:
        return digits.get(text, 0)
    return 10 * digits.get(tens, 1 if not tens else 0) + (digits.get(ones, 0) if ones else 0)


def bare_date(text: str) -> str | None:
    """The date of a line that holds nothing else, but for brackets and a word like 发布日期."""
    # The blank that parts a date from the time of day is gone once folded.
    folded = fold(_TIME.sub("", text))
    m = DATE.search(folded)
    if m is None or len(folded) > 40:
        return None
    # 2024-01-16 09:30 来源：县政府办.
    rest = _BESIDE_DATE.sub("", folded[: m.start()] + folded[m.end() :]).strip("()[]【】:：,.。 0123456789")
    if (
        rest in {"", "印发", "发布", "公布", "发布于", "发表于", "公开于", "公布于"}
        or rest in patterns().keys["published"]
    ):
        return date_in(text)
    return None
