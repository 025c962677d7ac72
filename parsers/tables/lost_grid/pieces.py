"""Running text cut at its digits.

Belongs here: passages as one string, its digits, and which of these belong to the words around them. Does not belong
here: what the words say, rows and their figures (`lines`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from parsers.grammar.labels import vocabulary
from schemas.characters import REPLACEMENT, lost_as_one
from schemas.facts import Passage, Place
from schemas.labels import fold

# Digits that belong to a label (计1条) are set as circled ones: they compare as digits, and are no figures.
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"
PLAIN = str.maketrans(CIRCLED, "0123456789")
# How much text in front of digits is looked at: the longest head is that of `disputes`.
_LONGEST_WORDS = 700
# Strings of digits in one report that are looked at; real ones have a few hundred.
_MOST_PIECES = 20_000

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x3001: 0x3001}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Digits of other scripts are none of ours, and what they stand beside is no figure of a form.
_NO_DIGIT = re.compile(r"(?![0-9０-９])\d")
_DIGITS = re.compile(r"[0-9]+(?:(?:\s*\.\s*|\s*,\s*(?=[0-9]{3}(?![0-9]))|\s+)[0-9]+)*")
_LOST_BEFORE = re.compile(rf"[{REPLACEMENT}A-Za-z]\s*$")
_LOST_BEHIND = re.compile(rf"\s*{REPLACEMENT}|[A-Za-z]")
_ENUMERATOR = re.compile(r"\s*[.、,)]")
_YEAR = re.compile(r"(?:19|20)\d\d$")
# --- text and its pieces


@dataclass(slots=True)
class Text:
    """Passages as one string, half width and simplified; ``place`` tells the passage of an offset in it."""

    text: str
    starts: list[int]
    passages: Sequence[Passage]

    def place(self, offset: int) -> Place:
        return self.passages[max(bisect_right(self.starts, offset) - 1, 0)].place


def text_of(passages: Sequence[Passage]) -> Text:
    parts = [_NO_DIGIT.sub(REPLACEMENT, lost_as_one(_INVISIBLE.sub("", p.text))) for p in passages]
    starts: list[int] = []
    at = 0
    for part in parts:
        starts.append(at)
        at += len(part) + 1
    text = _simplified("\n".join(parts).translate(_HALF_WIDTH))
    for pattern in vocabulary().digits_within:
        # Circled ones compare as digits in labels, and are no figures.
        text = pattern.sub(lambda m: CIRCLED[int(m[0])], text)
    return Text(text, starts, passages)


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _simplified(text: str) -> str:
    converted: str = _converter().convert(text)
    return converted if len(converted) == len(text) else text


@dataclass(slots=True)
class Key:
    """Words without punctuation, and where each character of it stands in the folded words."""

    folded: str
    key: str
    at: list[int]


def key_of(words: str) -> Key:
    folded = fold(words)
    at = [i for i, c in enumerate(folded) if c.isalnum() or c == "%"]
    return Key(folded, "".join([folded[i] for i in at]), at)


@dataclass(slots=True)
class Piece:
    """Words and the digits after them, less what of these belongs to the words that follow."""

    words: str
    digits: str
    start: int
    # The last digit may be the number of the next label: an enumerator follows.
    enumerated: bool
    # Digits that the words begin with: a number or a year taken from the piece before.
    borrowed: str
    # What is printed behind the digits, and whether that is only punctuation, with digits behind it again.
    after: str
    broken: bool
    # The last characters of the words, for a glance.
    ending: frozenset[str] = frozenset()
    # Something stood beside the digits that could not be decoded; it may have been a digit.
    lost: bool = False
    _key: Key | None = None

    @property
    def key(self) -> Key:
        """Its words made comparable, once for all forms."""
        if self._key is None:
            self._key = key_of(self.words)
        return self._key


def pieces_of(text: str) -> list[Piece]:
    """Cut text at its digits. ``digits`` is empty where they all are a year or a number in brackets."""
    found = list(islice(_DIGITS.finditer(text), _MOST_PIECES))
    pieces: list[Piece] = []
    borrowed, end = "", 0
    for i, m in enumerate(found):
        after = text[m.end() : found[i + 1].start() if i + 1 < len(found) else len(text)][:_LONGEST_WORDS]
        words = borrowed + text[max(end, m.start() - _LONGEST_WORDS) : m.start()]
        broken = i + 1 < len(found) and not any(c.isalnum() for c in after)
        lost = _LOST_BEFORE.search(words) is not None or _LOST_BEHIND.match(after) is not None
        piece = Piece(words, m[0], m.start(), False, borrowed, after, broken, _ending(words), lost)
        borrowed, end = "", m.end()
        ahead = after.lstrip()
        if ahead.startswith("年"):
            year = _YEAR.search(m[0]) or re.search(r"(?:^|(?<=\s))\d{1,4}$", m[0])
            borrowed = year[0] if year else m[0]
            piece.digits = m[0][: year.start()].rstrip() if year else ""
        elif words.rstrip().endswith("(") and ahead.startswith(")"):
            borrowed, piece.digits = m[0], ""
        elif _ENUMERATOR.match(after):
            borrowed, piece.enumerated = m[0][-1], True
        pieces.append(piece)
    return pieces


def _ending(words: str) -> frozenset[str]:
    """The last two characters of words, as they are and without a unit behind them."""
    tail = "".join(c for c in words[-24:].translate(PLAIN) if c.isalnum())
    return frozenset((tail[-2:], tail[-3:-1], tail[-4:-2]))
