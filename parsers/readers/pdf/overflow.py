"""What reaches over the side of its cell: words go back to the cell they begin in, and of digits it is said.

Belongs here: characters of ruled cells that touch what stands in the cell to their left. Does not belong here: reading a
cell (`grid`), what the rules make cells of (`ruled`), figures without rules between (`spread`).
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.grammar.figures import has_digit, is_figure

from .content import Glyph, lines_of
from .grid import MOST_OF_A_FIGURE, CellText, GridCell, read_cell

# Digits in neighbouring cells nearer than this share of their width may be one number that crosses the rule.
_TOUCHING = 0.12
# Points from a cell's side within which a digit may touch one beyond it.
_CLOSE = 1.5
# Characters of one word stand nearer to one another than such a share of their height.
_ONE_WORD = 0.3


def take_back(cells: Sequence[GridCell], contents: Sequence[list[Glyph]]) -> None:
    """A line of words beside a figure in its cell that goes on from the cell before is that one's, whose side it crosses."""
    before: dict[tuple[int, int], int] = {}
    for cell, glyphs in zip(cells, contents, strict=True):
        if "\n" in cell.text and len(glyphs) < MOST_OF_A_FIGURE and _is_figure_with_words(cell.text.split("\n")):
            before = before or {
                (row, c.column + c.colspan): i
                for i, c in enumerate(cells)
                for row in range(c.row, c.row + c.rowspan)
                if c.text
            }
            beside = before.get((cell.row, cell.column))
            if beside is None:
                continue
            gone = [g for ln in lines_of(glyphs) if _goes_on(ln.glyphs, contents[beside]) for g in ln.glyphs]
            taken = {*map(id, gone)}
            content = read_cell([g for g in glyphs if id(g) not in taken], cell.box)
            if gone and is_figure(content.text):
                cell.content = content
                glyphs[:] = [g for g in glyphs if id(g) not in taken]
                contents[beside].extend(gone)
                cells[beside].content = read_cell(contents[beside], cells[beside].box)


def _is_figure_with_words(lines: Sequence[str]) -> bool:
    """Whether a cell begins or ends with a figure, and not both."""
    return is_figure(lines[0]) != is_figure(lines[-1])


def _goes_on(line: Sequence[Glyph], before: Sequence[Glyph]) -> bool:
    """Whether words of a line stand right behind what is in the cell before."""
    first = min(line)
    high = first[3] - first[1]
    return not any(g[4].isdigit() for g in line) and any(
        abs(g[1] + g[3] - first[1] - first[3]) < high and abs(first[0] - g[2]) < _ONE_WORD * high for g in before
    )


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


__all__ = ["note_overflow", "take_back"]
