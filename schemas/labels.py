"""How two labels are compared: folding of characters, numbering and punctuation.

Belongs here: everything that makes two spellings of one official label equal, and how far two labels are apart.
Does not belong here: which labels a form has (`forms/*.toml`), and any change to printed text, which is kept as it is.

OpenCC's character table `t2s` folds traditional characters; the phrase tables are never used (they rewrite
規範性文件 to 规范性文档). Proper names are damaged by it (乾县), so names are never compared through this module.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .characters import LOST

# CJK Radicals Supplement code points that fonts of WPS and Word leave in PDFs. NFKC folds the Kangxi block, not these.
_RADICALS = str.maketrans(
    "⺁⺄⺆⺇⺈⺊⺌⺍⺎⺏⺒⺓⺕⺗⺘⺙⺛⺝⺟⺠⺡⺣⺤⺥⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺶⺷⺸"
    "⺹⺺⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢"
    "⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乙冂几刀卜小小兀尢巳幺彐心手攵旡月母民水火爪爪牛犬王疋目示示竹糸纟网网网羊羊羊"
    "老聿肉臼艸艸艸虎衣覀西见角角讠贝足车辶辶辶邑钅长长长门阜阜雨青韦页风飞食食饣首马"
    "骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟龟",
)

# Zero-width, bidi and soft-hyphen characters carry nothing in a label.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
# Control characters are no white space here, whatever Python says.
_SPACE = re.compile(r"[^\S\x1c-\x1f\x85]+")
# How a character is pronounced, in brackets behind it: 報(bào)告. Copied pages have it behind every other one.
_PRONOUNCED = re.compile(r"(?<=[㐀-鿿])\([a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,4}\)")
# What t2s leaves as it is although it is the same word on these forms.
_SAME_WORD = (("覆议", "复议"), ("覆核", "复核"), ("帐", "账"), ("佈", "布"))
# A lost character stays: without it 不同意公开 would be 同意公开.
_PUNCTUATION = re.compile(rf"[^\w%{LOST}]+|_")

_HAN = "一二三四五六七八九十"
_NUMBERING = re.compile(
    rf"(?P<paren>\((?P<p>[{_HAN}]{{1,3}}|\d{{1,2}})\))"
    rf"|(?P<han>[{_HAN}]{{1,3}})(?=[、.．,，:：]|\([{_HAN}]{{1,3}}\))"
    r"|(?P<digit>\d{1,2})(?=[、.．,，)])(?!\.\d)"
)
_DIGITS = {c: i for i, c in enumerate(_HAN, start=1)}


# The only characters of GB 2312 that t2s changes, or changes beside another of them (答覆, 藉口, 土坏, 昏沈, 英哩).
_CHANGED = frozenset("吒夥後徵拚捱摺於榘菸薹袷醣麴麽" + "覆藉坏沈哩")


def _is_simplified(text: str) -> bool:
    """Whether OpenCC would change nothing for sure; asking it takes longer to load than to answer."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return _CHANGED.isdisjoint(text)


def _kept(text: str, converted: str) -> str:
    """The converted text with the 乾 of the original: here it is that of a place (乾县, 乾安), never 干 of 干净."""
    if "乾" not in text or len(text) != len(converted):
        return converted
    return "".join(a if a == "乾" else b for a, b in zip(text, converted, strict=True))


@lru_cache(maxsize=1)
def _opencc() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Simplified, half-width text without spaces or invisible characters; punctuation and numbering stay."""
    text = _INVISIBLE.sub("", text).translate(_RADICALS)
    text = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    if not text.isascii():
        # Marks that stood apart until the spaces went join their letter.
        text = unicodedata.normalize("NFKC", text)
        if "(" in text:
            text = _PRONOUNCED.sub("", text)
        if not _is_simplified(text):
            text = _kept(text, _opencc().convert(text))
        for variant, usual in _SAME_WORD:
            if variant in text:
                text = text.replace(variant, usual)
    return text


def han_number(text: str) -> int | None:
    """The value of a Chinese or Arabic ordinal up to 99 (``十二`` → 12), or None."""
    if text.isdigit():
        return int(text)
    if not text or any(c not in _DIGITS for c in text):
        return None
    if "十" not in text:
        return _DIGITS[text] if len(text) == 1 else None
    tens, _, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


@dataclass(frozen=True, slots=True)
class Label:
    """A label made comparable: ``key`` without numbering and punctuation, ``number`` as ``(level, n)`` or None.

    Levels are those of official Chinese papers: 1 for 一、, 2 for （一）, 3 for 1. and （1）.
    """

    key: str
    number: tuple[int, int] | None


@lru_cache(maxsize=65_536)
def label(text: str) -> Label:
    """Compare labels by this: ``label("３．其他") == label("3.其他")``."""
    folded = fold(text).lstrip("|丨·•*#-—_ ")
    number: tuple[int, int] | None = None
    # At most two numberings stand before a label: 三（一）予以公开.
    for _ in range(2):
        m = _NUMBERING.match(folded)
        if not m:
            break
        if m["paren"]:
            n = han_number(m["p"])
            level = 3 if m["p"].isdigit() else 2
        elif m["han"]:
            n, level = han_number(m["han"]), 1
        else:
            n, level = int(m["digit"]), 3
        if n is None:
            break
        number = (level, n)
        folded = folded[m.end() :].lstrip("、.．,，:：) ")
    return Label(_PUNCTUATION.sub("", folded), number)


def distance(a: str, b: str) -> int:
    """Levenshtein distance of two short strings."""
    if a == b:
        return 0
    if not a or not b:
        return len(a) + len(b)
    # A column of the table of distances at a time: a bit for each character of `a` says whether it is one more, or one
    # less, than the one above (Myers 1999, Hyyrö 2003).
    places: dict[str, int] = {}
    bit = 1
    for char in a:
        places[char] = places.get(char, 0) | bit
        bit <<= 1
    every, last = bit - 1, bit >> 1
    more, less, found = every, 0, len(a)
    for char in b:
        same = places.get(char, 0)
        diagonal = (((same & more) + more) ^ more) | same | less
        right_more, right_less = less | ~(diagonal | more), more & diagonal
        if right_more & last:
            found += 1
        elif right_less & last:
            found -= 1
        right_more = right_more << 1 | 1
        more = (right_less << 1 | ~(diagonal | right_more)) & every
        less = diagonal & right_more & every
    return found


def similarity(a: str, b: str) -> float:
    """1.0 for equal keys, 0.0 for nothing in common."""
    longest = max(len(a), len(b))
    return 1.0 - distance(a, b) / longest if longest else 0.0
