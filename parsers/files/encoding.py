"""Bytes of text to characters: UTF-8, UTF-16, GB18030, Big5, whatever the file claims.

Belongs here: the choice of an encoding by which one gives plausible Chinese text.
Does not belong here: what kind of file the bytes are (`sniff`), and any markup (the readers).
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from functools import lru_cache

# Codecs that a page may name. Python knows others ("zip", "unicode_escape") that are no encodings of text.
_DECLARABLE = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|gbk|gb2312|gb18030|gb_2312-80|x-gbk|cp936|hz-gb-2312|hz|big5|big5-hkscs|cp950|x-x-big5"
    r"|euc-kr|euc-jp|shift_jis|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|ascii|us-ascii"
)
# The same bytes are decoded by the superset, which is what browsers do.
_SUPERSET = {"gbk": "gb18030", "gb2312": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030"}
_SUPERSET |= {"big5": "cp950", "x-x-big5": "cp950", "big5-hkscs": "big5hkscs", "hz-gb-2312": "hz"}
_SUPERSET |= {"ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252"}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Words that every text of this field holds; one hit outweighs any statistics of single characters.
_WORDS = ("政府", "信息", "公开", "申请", "年度", "报告", "工作", "公開", "申請", "報告", "資訊", "訊息")
# So many bytes decide for all, from the first that is not ASCII: pages begin with long scripts.
_SAMPLE = 6_000
# No decoding scores higher than one of everyday characters alone with such a word, but for what the page names, which is asked
# first.
_BEST = 1.5
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


@lru_cache(maxsize=16_384)
def _plausible(char: str) -> bool:
    """A character of everyday Chinese: GB2312, the frequent part of Big5, or their punctuation."""
    code = ord(char)
    if 0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFF5E or 0x2010 <= code <= 0x203B or 0x2460 <= code <= 0x249B:
        return True
    if char in "\u00a0·×÷°〇Ⅰ ⅡⅢⅣⅤ㎡℃￥":
        return True
    if not 0x4E00 <= code <= 0x9FFF:
        return False
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        try:
            # Big5 orders its characters by frequency: lead bytes A4 to C6 are the everyday ones.
            return char.encode("big5")[0] <= 0xC6
        except UnicodeEncodeError:
            return False
    return True


def _score(text: str) -> float:
    """How much a text looks like Chinese prose; above 0.8 for the right decoding, below 0.7 for wrong ones."""
    # Lines drawn around cells are as many as a file's author likes, and no text.
    counts = {c: n for c, n in Counter(text).items() if c > "\x7f" and not "\u2500" <= c <= "\u25ff"}
    if not counts:
        return 0.0
    good = sum(n for c, n in counts.items() if _plausible(c))
    broken = text.count("\ufffd")
    words = 0.5 if any(word in text for word in _WORDS) else 0.0
    return (good - 2 * broken) / sum(counts.values()) + words


# What kind of file it is, and its reader, ask for the same bytes.
@lru_cache(maxsize=16)
def _score_as(sample: bytes, codec: str) -> float:
    return _score(sample.decode(codec, errors="replace"))


def _without_bom(data: bytes) -> tuple[bytes, str | None]:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :], name
    return data, None


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 is told by its zero bytes, which stand on one side of every ASCII character."""
    head = data[:4096]
    if head.count(0) < len(head) // 10:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    if even > 4 * odd:
        return "utf-16-be"
    return None


def canonical(declared: str | None) -> str | None:
    """The codec that a declared name stands for, or None for a name that no page of text should carry."""
    if not declared:
        return None
    name = declared.strip().strip("\"'").lower()
    return _SUPERSET.get(name, name) if _DECLARABLE.fullmatch(name) else None


def _strict_utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A download cut in the middle of a character is still UTF-8.
        if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            return data.decode("utf-8", errors="replace")
        return None


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of ``data``; never fails, undecodable bytes become U+FFFD.

    A byte order mark decides, then valid UTF-8, then plausibility: a wrong or missing declaration does no harm.
    ``declared`` (a meta charset) only breaks ties, and serves texts that are not Chinese.
    """
    data, by_bom = _without_bom(data)
    if by_bom:
        return data.decode(by_bom, errors="replace")
    if wide := _utf16_without_bom(data):
        return data.decode(wide, errors="replace")
    text = _strict_utf8(data)
    named = canonical(declared)
    if text is not None and not (named == "hz" and "~{" in text):
        return text
    best, best_score = "utf-8", -9.0
    first = _NOT_ASCII.search(data)
    start = first.start() if first else 0
    sample = data[start : start + _SAMPLE]
    for codec in dict.fromkeys(filter(None, (named, "gb18030", "cp950", "big5hkscs", "utf-8"))):
        score = _score_as(sample, codec)
        if codec == named:
            score += 0.02
        if score > best_score:
            best, best_score = codec, score
            if score >= _BEST:
                break
    return data.decode(best, errors="replace")
