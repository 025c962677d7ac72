"""The text of a circular in one piece, and how its names are written.

Belongs here: paragraphs put together again, their sentences, the field that a place of the text is about. Does not
belong here: what is read from them (`lists`, `sentences`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.prose.statements.lexicon import Folded, folded
from schemas.facts import Passage, Place

_FINISHED = re.compile(r"[。！？；：!?;:”》]$")
SHORT = 25
_PAGE = re.compile(r"[-—－–]*\d{1,3}[-—－–]*|第\d{1,3}页(?:共\d{1,3}页)?")
_SEGMENT = re.compile(r"(\d{1,3})[、.．]")
_HEADING = re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）](?P<what>[^。,，:：;；]{2,24}?)(?:工作|方面|情况)?。")


@dataclass(frozen=True)
class Block:
    """A paragraph put together again from passages that a page end or a copy cut, with commas and brackets half width."""

    text: str
    folded: Folded
    places: tuple[tuple[int, Place], ...]

    def place(self, at: int) -> Place:
        """The place of the passage that holds this position of the folded text."""
        printed = self.folded.at[at] if at < len(self.folded.at) else 0
        return [p for start, p in self.places if start <= printed][-1]

    def printed(self, start: int, end: int) -> str:
        return self.folded.slice(start, end)


def blocks_of(passages: Sequence[Passage]) -> list[Block]:
    pieces: list[list[tuple[str, Place]]] = []
    segment = 0
    finished = True
    for passage in passages:
        text = passage.text.strip()
        bare = re.sub(r"\s", "", text)
        if not bare or (not finished and _PAGE.fullmatch(bare)):
            continue
        m = _SEGMENT.match(text)
        if m is not None and int(m[1]) == segment + 1:
            # A document-sharing site cuts a text anywhere and numbers the pieces: 2、庆阳市、……
            segment += 1
            if not finished:
                text = text[m.end() :]
        if finished or not pieces:
            pieces.append([])
        pieces[-1].append((text, passage.place))
        finished = bool(_FINISHED.search(bare)) or len(bare) <= SHORT
    return [_block(p) for p in pieces]


def _block(pieces: Sequence[tuple[str, Place]]) -> Block:
    text = ""
    places: list[tuple[int, Place]] = []
    for piece, place in pieces:
        places.append((len(text), place))
        text += piece
    half = folded(text)
    return Block(half.text.replace("，", ","), half, tuple(places))


def sentences_of(block: Block) -> Iterator[tuple[int, str]]:
    """Sentences with their start, each with its closing mark."""
    start = 0
    for m in re.finditer(r"[。;!?]", block.text):
        yield start, block.text[start : m.end()]
        start = m.end()
    if start < len(block.text):
        yield start, block.text[start:]


class Categories:
    """The field assessed that a place of the text belongs to, and whether lists stand in order of their scores."""

    def __init__(self, title: str) -> None:
        self.current = next((w for w in ("政务公开", "政府信息公开", "政府网站") if w in title), "政务公开")
        # 按得分排序,下同: said once, it holds for the lists behind it.
        self.ordered = False

    def at(self, block: Block, position: int) -> str:
        """The field at this place of the text: that of the heading last read."""
        for m in _HEADING.finditer(block.text, 0, position + 1):
            self.current = unquoted(m["what"])
        return self.current


def unquoted(text: str) -> str:
    return re.sub(r"[“”‘’\"']", "", text)


def bare(printed: str) -> str:
    return re.sub(r"\s", "", printed)


def wide(text: str) -> str:
    """Group names are kept with full-width brackets."""
    return text.replace("(", "（").replace(")", "）")
