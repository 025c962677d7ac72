"""What is quoted of a report, as its text has it.

Belongs here: finding folded words in the text as printed, whole words and figures at both ends. Does not belong here: which
words a rule speaks of (`*_rules`), what folding is (`schemas.labels`).
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.labels import fold

# Where a quotation may begin, and how far back that is looked for.
_ENDS = "。；！？，、：;!?,:\n（(“"
_BACK = 40


class _Folded(dict[str, str]):
    """Characters folded one by one, filled as they are met."""

    def __missing__(self, char: str) -> str:
        piece = self[char] = fold(char)
        return piece


_FOLDED = _Folded()


def cut(text: str, most: int) -> str:
    """The beginning of a text, with … where it goes on."""
    return text if len(text) <= most else text[:most].rstrip() + "…"


def as_printed(sentence: str, texts: Iterable[str]) -> str:
    """The words of the first text that holds them, with the width and blanks that they have there.

    A quotation that begins within a figure or a word is led back to the next stop or comma. Words that no text holds are
    given back as they are.
    """
    if not sentence or "…" in sentence:
        return sentence
    wanted = fold(sentence)
    for text in texts:
        if sentence in text:
            start = text.index(sentence)
            return _from_a_stop(text, start) + sentence
        if wanted and wanted in fold(text) and (span := _span(text, wanted)) is not None:
            start, end = span
            return _from_a_stop(text, start) + text[start:end].strip()
    return sentence


def _span(text: str, wanted: str) -> tuple[int, int] | None:
    """Where folded words stand in a text; None where folding does more than change characters one by one."""
    pieces = [_FOLDED[c] for c in text]
    folded = "".join(pieces)
    at = folded.find(wanted)
    if at < 0:
        return None
    starts = [i for i, piece in enumerate(pieces) for _ in piece]
    return starts[at], starts[at + len(wanted) - 1] + 1


def _from_a_stop(text: str, start: int) -> str:
    """What stands between the next stop or comma before a position and that position, if a word goes on there."""
    if not start or not (text[start - 1].isalnum() and text[start : start + 1].isalnum()):
        return ""
    first = max((text.rfind(c, max(0, start - _BACK), start) for c in _ENDS), default=-1) + 1
    return text[first:start].lstrip() if first or start <= _BACK else ""
