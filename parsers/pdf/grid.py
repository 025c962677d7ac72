"""A piece of a table on one page, as both engines hand it on, and the text of one cell.

Belongs here: `Fragment` and `GridCell`, and reading a cell's glyphs with all that can go wrong in a narrow cell.
Does not belong here: finding the cells (`ruled`, `plumber`, `anchored`) and putting pages together (`joining`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from schemas.facts import Box, Method

from .content import UNMAPPED, Glyph, Line, is_figure, lines_of, text_of, words_of

_DIGITS = re.compile(r"[\d０-９]+")
# Left and right padding of a cell together: Word's are 10.8 points, browsers' less.
_PADDINGS = 10.9
_RAISED = str.maketrans("0123456789０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class CellText:
    """A cell read: ``readings`` and ``doubt`` as in `parsers.document.Cell`."""

    text: str = ""
    readings: tuple[str, ...] = ()
    doubt: str | None = None


@dataclass(slots=True)
class GridCell:
    """A cell of a fragment. Columns are settled when fragments are joined, so a cell keeps its edges in points."""

    box: Box
    row: int
    rowspan: int
    content: CellText
    page: int
    column: int = 0
    colspan: int = 1

    @property
    def text(self) -> str:
        return self.content.text


@dataclass(slots=True)
class Fragment:
    """What one page has of a table: cells by row, the columns' edges from left to right."""

    page: int
    box: Box
    edges: list[float]
    n_rows: int
    cells: list[GridCell]
    method: Method = "ruled"
    # Why this fragment's division into cells is not certain; empty where it is.
    doubts: list[str] = field(default_factory=list)
    # Rules are missing between figures, so that the labels have to tell the rows.
    underdivided: bool = False

    def row_cells(self, row: int) -> list[GridCell]:
        """The cells that begin in a row, from left to right."""
        return sorted((cell for cell in self.cells if cell.row == row), key=lambda cell: cell.box[0])


def read_cell(glyphs: list[Glyph], box: Box) -> CellText:
    """The text of one cell from its glyphs, top to bottom; what is not certain about its digits is said."""
    if not glyphs:
        return CellText()
    if len(glyphs) == 1:
        char = glyphs[0][4]
        return CellText(char, (), "characters" if char == UNMAPPED else None)
    lines = lines_of(glyphs)
    texts = [_without_raised(line) for line in lines]
    text = "\n".join(texts)
    doubt: str | None = None
    readings: tuple[str, ...] = ()
    if UNMAPPED in text:
        doubt = "characters"
    elif any(line.overprinted for line in lines) and any(ch.isdigit() for ch in text):
        doubt = "joined"
    elif len(lines) > 1 and all(_DIGITS.fullmatch(t) for t in texts):
        joined = "".join(texts)
        if _lines_full(lines, box):
            text = joined
        else:
            doubt, readings = "wrapped", (joined,)
    return CellText(text, readings, doubt)


def _without_raised(line: Line) -> str:
    """A line's text; small raised digits behind a figure are printed as the note marks that they are."""
    glyphs = line.glyphs
    if len(glyphs) < 2 or not any(g[4].isdigit() for g in glyphs):
        return text_of(glyphs)
    heights = [g[3] - g[1] for g in glyphs]
    tallest = max(heights)
    if min(heights) > 0.8 * tallest:
        return text_of(glyphs)
    usual = [g for g, h in zip(glyphs, heights, strict=True) if h > 0.8 * tallest]
    foot = median(g[3] for g in usual)
    out: list[Glyph] = []
    for glyph, height in zip(glyphs, heights, strict=True):
        x0, top, x1, bottom, char = glyph
        if height <= 0.8 * tallest and char.isdigit() and foot - bottom > 0.15 * tallest:
            char = char.translate(_RAISED)
        out.append((x0, top, x1, bottom, char))
    return text_of(out)


def _lines_full(lines: list[Line], box: Box) -> bool:
    """Whether every line but the last had no room for the digit that begins the next: a number broken by its cell."""
    width = box[2] - box[0]
    for line, following in pairwise(lines):
        digit = following.glyphs[0][2] - following.glyphs[0][0]
        # A digit that fits beyond the paddings would not have been broken off, and no later line is longer.
        if width - (line.x1 - line.x0) - digit > _PADDINGS or abs(line.height - following.height) > 0.5:
            return False
        if following.x1 - following.x0 > line.x1 - line.x0 + 0.5:
            return False
        if following.top - line.bottom > 0.8 * line.height:
            return False
    return True


def crowded(glyphs: list[Glyph]) -> bool:
    """Whether a cell holds several figures apart from one another: rules are missing between them."""
    if len(glyphs) < 2:
        return False
    figures = 0
    stacked: list[float] = []
    for line in lines_of(glyphs):
        words = [w for w in words_of(line, 0.8) if is_figure(w.text)]
        figures = max(figures, len(words))
        if words:
            stacked.append(line.top)
    return figures > 1 or len(stacked) > 2
