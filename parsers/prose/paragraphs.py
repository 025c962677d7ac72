"""Paragraphs put together again from the lines that a fixed width, a page's edge or a copy cut them into.

Belongs here: whether a line goes on in the next one. Does not belong here: finding lines in a file (`readers`), the
pieces of circulars on document-sharing sites (`circulars.blocks`), and what a paragraph says.

What follows decides, and what the line leaves open: a comma, half a word, a figure without its measure word; a line as
wide as the widest is cut as well. A heading, a title, an item of a list begins anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

from schemas.facts import Passage

from .statements.lexicon import folded, lexicon

_ENDS = re.compile(r"[。！？!?…][”’」』）)\"]*$|[|\t]")
_OPEN_END = re.compile(r"[，,、；;《〈（(“‘]$")
_COLON = re.compile(r"[：:]$")
_CLOSING = re.compile(r"[，,。、；;：:！!？?）)》〉”’%％]")
_INSIDE = re.compile(r"[，,。；;、：:]")
_BEGINS = re.compile(
    r"[#*>\s]*(?:[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}(?:部分|章)|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}[、.．](?!\d)|[①-⑳■●◆▪•·\-—*|]|附[件表:：]|备注|注[:：]|[图表]\d)"
)
_DATE = re.compile(r"[(（]?(?:19|20)\d\d[年./-]\d{1,2}[月./-]\d{1,2}日?[)）]?$")
_TITLE = re.compile(r"报告(?:[（(][^（）()]*[)）])?$")
_TITLE_BEGINS = re.compile(r"[\u4e00-\u9fff\d()（）]{2,40}公开(?:工作)?年?度?报告")
_COUNT_ENDS = re.compile(r"[\u4e00-\u9fff]\d{1,7}$")
# A numbered line that says nothing is a heading.
_SAYS = re.compile(r"[，,。；;：:]")
_HEADING_ENDS = re.compile(r"(?:情况|事项|概述|措施|工作|方面|建设|管理|保障|公开|统计表)$")
_PROSE, _SHORTEST = 12, 8
# Lines of a text of fixed width differ by an indent and a mark that may not begin a line.
_SLACK, _NARROWEST, _FEWEST = 8, 40, 3
# No word is longer on either side of a break.
_REACH = 12


def joined(passages: Sequence[Passage]) -> list[Passage]:
    """The paragraphs of a text; one that was put together knows the places of its lines."""
    texts = [folded(p.text).text for p in passages]
    widths = [sum(map(_WIDTHS.__getitem__, p.text.strip())) for p in passages]
    full = _full_width(widths)
    out: list[list[Passage]] = []
    for i, passage in enumerate(passages):
        if i and _goes_on(texts[i - 1], texts[i], widths[i - 1] >= full):
            out[-1].append(passage)
        else:
            out.append([passage])
    return [_together(lines) if len(lines) > 1 else lines[0] for lines in out]


def _together(lines: Sequence[Passage]) -> Passage:
    text = ""
    starts = []
    for line in lines:
        piece = line.text.strip()
        if text and text[-1].isdecimal() and piece[:1].isdecimal():
            # One figure or two: neither is read.
            text += " "
        starts.append((len(text), line.place))
        text += piece
    return Passage(text, lines[0].place, tuple(starts))


class _Widths(dict[str, int]):
    """How many columns a character takes."""

    def __missing__(self, char: str) -> int:
        width = self[char] = 2 if east_asian_width(char) in "WFA" else 1
        return width


_WIDTHS = _Widths()


def _full_width(widths: Sequence[int]) -> float:
    """How wide a line is at least that fills its width; infinite for a text that is not set in lines."""
    wide = sorted((w for w in widths if w >= _NARROWEST), reverse=True)
    # One line that is not broken (an address, a title) does not tell.
    for w, other in zip(wide, wide[_FEWEST - 1 :], strict=False):
        if w - other <= _SLACK:
            return w - _SLACK
    return float("inf")


def _goes_on(line: str, following: str, is_full: bool) -> bool:
    """Whether a line (folded) goes on in the one that follows it."""
    if not line or not following or _ENDS.search(line) or _TITLE.search(line) or _DATE.search(line):
        return False
    if _BEGINS.match(following) or _DATE.match(following) or _TITLE_BEGINS.match(following):
        return False
    if "|" in following or "\t" in following:
        return False
    if _BEGINS.match(line) and not _SAYS.search(line[3:]) and (not is_full or _HEADING_ENDS.search(line)):
        return False
    if _COLON.search(line) and not is_full:
        return False
    if _OPEN_END.search(line) or _CLOSING.match(following) or _cuts_a_count(line, following):
        return True
    if _begins_with_count(following) and _INSIDE.search(line) and not _HEADING_ENDS.search(line):
        return True
    if not _INSIDE.search(line) and len(line) < _PROSE:
        return len(line) >= _SHORTEST and bool(_INSIDE.search(following)) and _cuts_a_word(line, following)
    if is_full and (_INSIDE.search(following) or len(following) < _PROSE):
        return True
    return bool(_INSIDE.search(line)) and _cuts_a_word(line, following)


def _cuts_a_word(line: str, following: str) -> bool:
    """结转下年度继续 | 办理3件."""
    text = line[-_REACH:] + following[:_REACH]
    at = min(len(line), _REACH)
    words = lexicon()
    for start in range(at):
        for length in words.lengths_at(text, start):
            if start + length > at and text[start : start + length] in words.words:
                return True
    return False


def _begins_with_count(following: str) -> bool:
    """收到政府信息公开申请 | 167件，其中……: a figure with its measure word, and a mark or more words."""
    m = re.match(r"\d[\d,]*", following)
    return m is not None and any(following.startswith(measure, m.end()) for measure in ("件", "条", "起", "宗", "次"))


def _cuts_a_count(line: str, following: str) -> bool:
    """收到申请49 | 件."""
    if not _COUNT_ENDS.search(line):
        return False
    measures = (m for m in lexicon().measures if following.startswith(m))
    return any(_CLOSING.match(following[len(m) :]) for m in measures)
