"""What kind of text a PDF has: printed, a character reader's, none, or one that no longer says what is printed.

Belongs here: refusing files that cannot be read, with a sentence that says what to do, and naming pages that are pictures.
Does not belong here: reading any text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from parsers.document import UnreadableError
from parsers.grammar.labels import plain, vocabulary
from schemas.facts import Problem

from .content import UNMAPPED, PageContent

TextLayer = Literal["none", "ocr", "broken", "ok"]

# A page with fewer characters is a picture, or nothing.
FEW_CHARACTERS = 20
_FEWEST_TO_JUDGE = 40
# What Chinese papers are written with: Chinese characters and their punctuation, ASCII, dashes and quotation marks.
_HANZI = r"\u2e80-\ufefe\uff00-\uffef\U00020000-\U0003ffff"
_OTHERS = r"!-~\u00a0-\u00b7\u00d7\u2000-\u206f\u2100-\u23ff\u2460-\u27bf"
_HAN, _USUAL = re.compile(f"[{_HANZI}]+"), re.compile(f"[{_OTHERS}]+")
# Larger shares of other characters, or of glyphs without a character, are no printed text.
_STRANGE, _UNKNOWN = 0.15, 0.1
# Characters of the forms' labels make up a third of any report; by chance it is a few in a hundred.
_EVERYDAY = 0.05
_FEWEST_HAN = 80
_MOST_CONVERTED = 20_000
# Shares of a page: a picture of a page, and any picture worth a word.
_WHOLE, _LARGE = 0.4, 0.2


def text_layer(
    contents: Sequence[PageContent], texts: Sequence[str], pictures: dict[int, float], name: str
) -> TextLayer:
    """What kind of text the file has. Raises `UnreadableError` where there is none, or none that can be read."""
    text = "".join("".join(texts).split())
    printed = len(text)
    filled_in = sum(len(c.glyphs) for c in contents) if printed < FEW_CHARACTERS else 0
    if printed + filled_in < FEW_CHARACTERS:
        if any(share > _LARGE for share in pictures.values()):
            message = f"{name}：这是扫描件（只有图片，没有文字）。请提供原来的 Word 文件，或先做文字识别。"
            raise UnreadableError("scan", message)
        if any(c.pictures or c.horizontal or c.vertical for c in contents):
            message = f"{name}：页面上只有图形，没有文字（文字可能已转成曲线）。请提供原来的 Word 文件。"
            raise UnreadableError("scan", message)
        if not printed + filled_in:
            raise UnreadableError("empty", f"{name}：PDF 里没有任何文字和图片。请确认文件是否正确。")
    if is_broken(text):
        message = (
            f"{name}：PDF 的字体编码缺失或有错，取出的文字不是中文，无法读取。请提供原来的 Word 文件，或重新导出 PDF。"
        )
        raise UnreadableError("unreadable", message)
    return "ocr" if any(c.ocr for c in contents) else "ok"


def is_broken(text: str) -> bool:
    """Whether the fonts' character maps are missing or wrong: this is not what Chinese papers are made of.

    ``text`` is that of all pages, without spaces.
    """
    if len(text) < _FEWEST_TO_JUDGE:
        return False
    han, unknown = _printed(text, _HAN), text.count(UNMAPPED)
    everyday = vocabulary().character
    if unknown > _UNKNOWN * len(text):
        # A font of the figures alone may have no map: these are not known, the rest is.
        return han < _FEWEST_HAN or not _has(text, everyday, _EVERYDAY * (len(text) - unknown))
    if len(text) - han - _printed(text, _USUAL) > _STRANGE * len(text):
        return True
    if han < _FEWEST_HAN or _has(text, everyday, _EVERYDAY * han):
        return False
    # Radical code points and traditional characters count as what they stand for.
    return not _has(plain(text[:_MOST_CONVERTED]), everyday, _EVERYDAY * min(han, _MOST_CONVERTED))


def _printed(text: str, runs: re.Pattern[str]) -> int:
    """How many characters of a kind, of which the pattern finds all that follow one another, stand in a text."""
    return sum(map(len, runs.findall(text)))


def _has(text: str, kind: re.Pattern[str], least: float) -> bool:
    """Whether so many characters of a kind stand in a text, which its beginning mostly tells."""
    return least <= 0 or any(n >= least for n, _ in enumerate(kind.finditer(text), start=1))


def scanned_pages(contents: Sequence[PageContent], pictures: dict[int, float], name: str) -> list[Problem]:
    """A problem that names the pages which are pictures, among others that have text."""
    few = [c for c in contents if c.lines is None and len(c.glyphs) < FEW_CHARACTERS]
    pages = [str(c.number) for c in few if pictures.get(c.number, 0.0) > _WHOLE]
    if not pages:
        return []
    message = f"{name}：第 {'、'.join(pages)} 页是图片，其中的文字没有读到。请提供原来的 Word 文件，或先做文字识别。"
    return [Problem("scan", message)]
