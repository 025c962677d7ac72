"""Digits set apart in cells without rules: which of them may be another cell's.

Belongs here: what is not certain of a row where digits are spread over their cells, or the figures of two cells are one
word. Does not belong here: rows and columns (`anchored`), cells between rules (`grid`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.grammar.figures import has_digit, is_figure_word

from .grid import CellText, GridCell

# A unit before digits: the end of one figure and the beginning of the next, whose cells no rule parts.
_TWO_ENDS = re.compile(r"(?:[件条项次人个篇份宗笔]|[万亿]?元)\s?\d")
# Digits set apart, and in how many cells; points by which rooms between them differ that are the same.
_SPREAD, _FEWEST_SPREAD = re.compile(r"\d \d"), 2
# What may be two cells' without a rule between: digits set apart, a figure and a tick, a figure and a remark with another.
TWO_CELLS = re.compile(r"\d \d|\d[√✓✔☑×]|^[\d,，]+[^\W\d_]+\d")
# A figure that ends where the next cell's mark begins, or its negative figure.
_FIGURE_AND_MARK = re.compile(r"\d\s?[/／—–－-]+(?:\d|$)")
_SAME_ROOM = 4.0
_SINGLE = re.compile(r"\d(?: \d)+")


def doubt_single_digits(cells: Sequence[GridCell]) -> None:
    """Where digits are spread over their cells, a single one beside a figure that is not certain may be part of that."""
    if (
        sum([" " in (text := cell.content.text) and _SPREAD.search(text) is not None for cell in cells])
        < _FEWEST_SPREAD
    ):
        return
    rows = {cell.row for cell in cells if cell.content.doubt and has_digit(cell.text)}
    spread = [c for c in cells if _SINGLE.fullmatch(c.text)]
    rooms = [_room(cell) for cell in spread]
    if rooms and max(rooms) - min(rooms) > _SAME_ROOM:
        # They fill their cells: whose a digit is its own place does not tell, whoever reads it again.
        beside = {(c.row, k) for c in spread for k in (c.column - 1, c.column + c.colspan)}
        for cell in cells:
            if cell.row in rows and _is_single(cell.text) and (cell.row, cell.column) in beside:
                cell.content = CellText(cell.text, (), "label")
    for cell in cells:
        if cell.row in rows and _is_single(cell.text) and cell.content.doubt is None:
            cell.content = CellText(cell.text, cell.content.readings, "joined")


def _is_single(text: str) -> bool:
    """Whether a cell holds one digit or mark, a unit behind it or not."""
    return len(text) == 1 or sum(map(str.isdigit, text)) == 1


def _room(cell: GridCell) -> float:
    """How far it is on the average from one digit of a cell to the next, about."""
    count = len(cell.text.split())
    return (cell.box[2] - cell.box[0]) / max(count - 1, 1)


def doubt_two_in_one(cells: Sequence[GridCell]) -> None:
    """A blank is not certain beside digits that a space parts: the first or last of them may be its own. Nor is any figure
    of a line in which the end of one and the beginning of the next are one word; nor a blank, if the next is a mark.
    """
    touching = {
        c.row for c in cells if (text := c.content.text) and _FIGURE_AND_MARK.search(text) and is_figure_word(text)
    }
    doubt_all([c for c in cells if c.row in touching] if touching else [], "joined")
    rows = {c.row for c in cells if (text := c.content.text) and _TWO_ENDS.match(text)}
    for cell in cells if rows else ():
        if cell.row in rows and has_digit(cell.text) and cell.content.doubt is None:
            cell.content = CellText(cell.text, (), "joined")
    two = {
        (c.row, k)
        for c in cells
        if " " in (text := c.content.text) and _SPREAD.search(text)
        for k in (c.column - 1, c.column + c.colspan)
    }
    doubt_all([c for c in cells if not c.content.text and (c.row, c.column) in two] if two else [], "joined")


def doubt_all(cells: Sequence[GridCell], doubt: str) -> None:
    """Where a head or a label cannot be read, nothing tells for certain what a figure beside it is."""
    for cell in cells:
        if cell.content.doubt is None and (not cell.text or is_figure_word(cell.text)):
            cell.content = CellText(cell.text, cell.content.readings, doubt)


__all__ = ["TWO_CELLS", "doubt_all", "doubt_single_digits", "doubt_two_in_one"]
