"""Words of a table without rules: what is a figure, and where the words of a line part.

Belongs here: `Piece`, and cutting a line into pieces: figures apart from labels and from one another, letters set apart
put together. Does not belong here: which lines are a table (`strips`), rows and columns (`anchored`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from parsers.grammar.figures import has_digit, is_figure_word
from parsers.grammar.labels import vocabulary
from schemas.facts import Box
from schemas.labels import label

from .content import Glyph, Line, cut_at_gaps, size_of, text_of, words_of
from .running_text import PlacedLine

# A row's number behind a part of the label merged beside it; characters of a row's label, cut or not.
INNER_NUMBER = re.compile(r"[(（][一二三四五六七八九十⼀⼆⼗][)）]")
_FEWEST_OF_LABEL = 4
# Shares of the font size.
_FIGURES_APART = 0.36
_LABEL_APART = 0.15
# Heads of neighbouring columns have at least this room.
HEADS_APART = 0.3


@dataclass(slots=True)
class Piece:
    """A word in a strip: vertical positions go on from page to page."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    glyphs: list[Glyph]
    page: int
    box: Box
    overprinted: bool = False
    is_figure: bool = False
    # Position of the line it stands on.
    line: int = 0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        height = self.bottom - self.top
        return height if height > 0.1 else 0.1


@dataclass(slots=True)
class FigureLine:
    """Figures on one baseline."""

    pieces: list[Piece]
    middle: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        tops, bottoms = [p.top for p in self.pieces], [p.bottom for p in self.pieces]
        self.middle = (median(tops) + median(bottoms)) / 2
        self.height = max(median(bottoms) - median(tops), 1.0)


def pieces_of(placed: PlacedLine, words: Sequence[Line] | None = None) -> list[Piece]:
    """The words of a line (`words_of`, where the caller has them), still in the coordinates of their page."""
    out: list[Piece] = []
    for word in _spread_together(words_of(placed.line) if words is None else words):
        text = word.text
        for glyphs in _figures_apart(word.glyphs, text):
            x0, x1, part = word.x0, word.x1, text
            if len(glyphs) < len(word.glyphs):
                x0, x1, part = glyphs[0][0], max([g[2] for g in glyphs]), text_of(glyphs)
            box = (x0, word.top, x1, word.bottom)
            out.append(
                Piece(
                    x0,
                    word.top,
                    x1,
                    word.bottom,
                    part,
                    glyphs,
                    placed.page.number,
                    box,
                    placed.line.overprinted,
                    is_figure_word(part),
                )
            )
    return out


def _spread_together(words: Sequence[Line]) -> Sequence[Line]:
    """Single characters side by side that are a label as one word: 其 他."""
    singles = [len(word.glyphs) == 1 and word.glyphs[0][4] >= "\u2e80" for word in words]
    if not any(a and b for a, b in pairwise(singles)):
        return words
    knows = vocabulary().knows
    out: list[Line] = []
    start = 0
    while start < len(words):
        end = start + 1
        while end < len(words) and singles[start] and singles[end]:
            end += 1
        # The longest first, so that a label is not taken for the shorter one that it begins with.
        while end > start + 1 and not knows(label("".join(word.text for word in words[start:end])).key):
            end -= 1
        group = words[start:end]
        out.append(group[0] if len(group) == 1 else _one_word(group))
        start = end
    return out


def _one_word(group: Sequence[Line]) -> Line:
    glyphs = [glyph for word in group for glyph in word.glyphs]
    top, bottom = min(word.top for word in group), max(word.bottom for word in group)
    return Line(group[0].x0, top, group[-1].x1, bottom, glyphs, gapped=False)


def _figures_apart(glyphs: list[Glyph], text: str) -> list[list[Glyph]]:
    """Figures of narrow columns stand nearer than words do, but farther than the space that groups digits."""
    if not has_digit(text):
        return _merged_and_label(glyphs) if INNER_NUMBER.search(text, 1) else [glyphs]
    if " " not in text:
        return _label_and_figure(glyphs)
    groups = cut_at_gaps(glyphs, _FIGURES_APART)
    return groups if all(is_figure_word(text_of(group)) for group in groups) else _label_and_figure(glyphs)


def _merged_and_label(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Some characters of a merged label and the row's own label close behind them, without paddings, are two words."""
    text = "".join([glyph[4] for glyph in glyphs])
    found = INNER_NUMBER.search(text, 1)
    if found is None:
        return [glyphs]
    before, own = text[: found.start()], label(text[found.start() :]).key
    if (
        len(own) < _FEWEST_OF_LABEL
        or own not in vocabulary().beside_prefixes
        or not vocabulary().is_part_of_any(before)
    ):
        return [glyphs]
    return [glyphs[: found.start()], glyphs[found.start() :]]


def _label_and_figure(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """A row's whole label and the figure close behind it, of a table without paddings, are two words."""
    end = len(glyphs)
    while end and (glyphs[end - 1][4].isdigit() or glyphs[end - 1][4] in ",，."):
        end -= 1
    if not 1 < end < len(glyphs):
        return [glyphs]
    before, after = glyphs[end - 1], glyphs[end]
    if after[0] - before[2] < _LABEL_APART * size_of(before):
        return [glyphs]
    if label("".join([g[4] for g in glyphs[:end]])).key not in vocabulary().beside:
        return [glyphs]
    return [glyphs[:end], glyphs[end:]]
