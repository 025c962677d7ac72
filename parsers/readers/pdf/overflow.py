"""Digits that reach over the side of their cell: which cell they belong to is not certain.

Belongs here: characters of ruled cells that touch what stands in the cell to their left. Does not belong here: reading a
cell (`grid`), what the rules make cells of (`ruled`), figures without rules between (`spread`).
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.grammar.figures import has_digit

from .content import Glyph
from .grid import MOST_OF_A_FIGURE, CellText, GridCell

# Digits in neighbouring cells nearer than this share of their width may be one number that crosses the rule.
_TOUCHING = 0.12
# Points from a cell's side within which a digit may touch one beyond it.
_CLOSE = 1.5


def note_overflow(cells: Sequence[GridCell], contents: Sequence[list[Glyph]]) -> None:
    """Figures that cross a rule, or touch their neighbour across it: which cell a digit belongs to is not certain."""
    reaching: dict[tuple[int, int], tuple[int, Glyph]] = {}
    for i, (cell, glyphs) in enumerate(zip(cells, contents, strict=True)):
        if not glyphs or len(glyphs) >= MOST_OF_A_FIGURE or not has_digit(cell.content.text):
            continue
        right = cell.box[2] - _CLOSE
        for glyph in glyphs:
            if glyph[2] > right and glyph[4].isdigit():
                for row in range(cell.row, cell.row + cell.rowspan):
                    reaching[row, cell.column + cell.colspan] = (i, glyph)
    if not reaching:
        return
    for j, cell in enumerate(cells):
        i, last = reaching.get((cell.row, cell.column), (-1, None))
        if last is None or not contents[j]:
            continue
        first = min(contents[j])
        same_line = abs((last[1] + last[3]) - (first[1] + first[3])) < last[3] - last[1]
        if first[4].isdigit() and same_line and first[0] - last[2] < _TOUCHING * (last[2] - last[0]):
            for k in (i, j):
                if cells[k].content.doubt is None:
                    cells[k].content = CellText(cells[k].text, (), "joined")


__all__ = ["note_overflow"]
