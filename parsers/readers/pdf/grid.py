"""A piece of a table on one page, and the text of one cell.

Belongs here: `Fragment` and `GridCell`, and reading a cell's glyphs with all that can go wrong in a narrow cell.
Does not belong here: finding the cells (`ruled`, `anchored`) and putting pages together (`joining`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from parsers.grammar.figures import has_digit, is_figure, joined_figure
from parsers.grammar.labels import head_label, vocabulary
from schemas.facts import Box, Method
from schemas.labels import label

from .content import (
    LEAST_GAP,
    OVERPRINTED,
    UNMAPPED,
    Glyph,
    Line,
    PageContent,
    lines_of,
    text_of,
    words_of,
)

_SEPARATORS = ",，.．"
_DIGIT_AND_WORD = re.compile(r"\d.*[^\W\d_]|[^\W\d_].*\d")
_OF_FIGURES = re.compile(r"[\d,，.．\s]+")
# Left and right padding of a cell together: Word's are 10.8 points, browsers' less.
_PADDINGS = 10.9
# Figures in one line of a cell that stand apart by so many font sizes are two.
_APART = 0.8
_MOST_OF_A_FIGURE = 40
# Shares of a digit on both sides of a rule with which it stands on it; points by which cells have the same side.
_ASTRIDE, _SAME_SIDE = 0.3, 0.5
# Digits in neighbouring cells nearer than this share of their width may be one number that crosses the rule.
_TOUCHING = 0.12
# Points from a cell's side within which a digit may touch one beyond it.
_CLOSE = 1.5
# What lies on a character covers so much of its width and of its height.
_INTO = 0.25
# Digits of a figure as it is usual; points by which their heights may differ.
_LONGEST_FIGURE = 12
_SAME_HEIGHT = 0.05
# Points by which edges of columns on two pages may differ.
_SAME_EDGE = 3.5
_IS_OVERPRINTED = attrgetter("overprinted")
# The mark of a note is smaller than the figure before it, and raised by a share of its height; or raised by much.
_EVEN = 0.8
_NOTE, _RAISED_SOME, _MUCH_RAISED = 0.8, 0.12, 0.25
# What is larger than the figure before it is no mark.
_NO_MARK = 1.1
# Share of a character's height below its baseline.
_BELOW = 0.2
_MARK, _LONGEST_MARK = "※", 4
_RAISED = str.maketrans("0123456789０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class CellText:
    """A cell read: ``readings`` and ``doubt`` as in `parsers.document.Cell`."""

    text: str = ""
    readings: tuple[str, ...] = ()
    doubt: str | None = None
    # Several figures apart from one another: rules are missing between them.
    crowded: bool = False


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

    def at(self, row: int, column: int, colspan: int) -> GridCell:
        """The same cell elsewhere in a grid."""
        return GridCell(self.box, row, self.rowspan, self.content, self.page, column, colspan)


@dataclass(slots=True)
class Fragment:
    """What one page has of a table: cells by row, the columns' edges from left to right."""

    page: int
    box: Box
    edges: list[float]
    n_rows: int
    cells: list[GridCell]
    method: Method = "ruled"
    # Rules are missing between figures, so that the labels have to tell the rows.
    underdivided: bool = False
    # Without rules: every figure has its row and column beyond doubt, so that a row without figures has none.
    whole: bool = False
    glyphs: list[Glyph] = field(default_factory=list)


def read_cell(glyphs: list[Glyph], box: Box) -> CellText:
    """The text of one cell from its glyphs, top to bottom; what is not certain about its digits is said."""
    if not glyphs:
        return CellText()
    if len(glyphs) == 1:
        char = glyphs[0][4]
        return CellText(char, (), "characters" if char == UNMAPPED else None)
    if len(glyphs) <= _LONGEST_FIGURE and (figure := _plain_figure(glyphs)):
        return CellText(figure)
    lines = lines_of(glyphs)
    is_words = not any(map(str.isdigit, [glyph[4] for glyph in glyphs]))
    texts = [line.text if is_words else _without_raised(line) for line in lines]
    text = "\n".join(texts)
    crowded = _is_crowded(lines, texts, box)
    if UNMAPPED in text:
        return CellText(text, (), "characters", crowded)
    if is_words:
        # All else that may be uncertain are digits.
        return CellText(text, crowded=crowded)
    if any(map(_IS_OVERPRINTED, lines)) and has_digit(text):
        return CellText(text, (), "joined", crowded)
    if len(lines) == 1 and text == lines[0].text and is_uneven(glyphs) and is_figure(text):
        return CellText(text, (), "joined", crowded)
    if _is_among_words(text):
        return CellText(text, (), "joined", crowded)
    if len(lines) > 1 and (joined := joined_figure(texts)):
        if _lines_full(lines, box):
            return CellText(joined, crowded=crowded)
        return CellText(text, (joined,), "wrapped", crowded)
    return CellText(text, crowded=crowded)


def _plain_figure(glyphs: list[Glyph]) -> str:
    """The digits of a cell that holds nothing else, if they stand in order on one line and none lies on another."""
    if not glyphs[0][4].isdigit():
        return ""
    text = "".join([glyph[4] for glyph in glyphs])
    if not text.isdigit():
        return ""
    _, top, reach, bottom, _ = glyphs[0]
    for x0, other_top, x1, other_bottom, _ in glyphs[1:]:
        if not -OVERPRINTED * (x1 - x0) <= x0 - reach <= LEAST_GAP:
            return ""
        if abs(other_top - top) > _SAME_HEIGHT or abs(other_bottom - bottom) > _SAME_HEIGHT:
            return ""
        reach = x1
    return text


def is_uneven(glyphs: Sequence[Glyph]) -> bool:
    """Whether digits differ in size, or stand on different lines: a note's number beside a figure is none of its digits."""
    # As most figures are: all characters of one height on one line.
    _, upper, _, lower, _ = glyphs[0]
    for _, top, _, bottom, _ in glyphs:
        if top != upper or bottom != lower:
            break
    else:
        return False
    digits = [g for g in glyphs if g[4].isdecimal()]
    if len(digits) < 2:
        return False
    heights = [g[3] - g[1] for g in digits]
    feet = [g[3] for g in digits]
    tallest = max(heights)
    return min(heights) < _EVEN * tallest or max(feet) - min(feet) > (1 - _EVEN) * tallest


def _without_raised(line: Line) -> str:
    """A line's text; what is raised behind a figure is printed as the mark of a note that it is: ¹ or ※."""
    text = line.text
    if not has_digit(text):
        return text
    first = next(n for n, g in enumerate(line.glyphs) if g[4].isdigit())
    if len(line.glyphs) - first < 2:
        return text
    _, top, _, foot, _ = line.glyphs[first]
    high = foot - top

    def is_raised(glyph: Glyph) -> bool:
        # What is smaller ends higher on the same baseline.
        raised = (foot - glyph[3] - _BELOW * (high - glyph[3] + glyph[1])) / high
        size = (glyph[3] - glyph[1]) / high
        return (raised > _MUCH_RAISED and size < _NO_MARK) or (raised > _RAISED_SOME and size <= _NOTE)

    marks = [is_raised(g) for g in line.glyphs[first:]]
    if True not in marks or not all(marks[marks.index(True) :]):
        return text
    behind = first + marks.index(True)
    if len(line.glyphs) - behind > _LONGEST_MARK or not is_figure(text_of(line.glyphs[:behind])):
        return text
    mark = "".join(g[4] for g in line.glyphs[behind:] if g[4].isalnum())
    return text_of(line.glyphs[:behind]) + (mark.translate(_RAISED) if mark.isdigit() else _MARK)


def _is_among_words(text: str) -> bool:
    """Whether a figure stands in one line with a label or part of one, as where two tables are printed on another."""
    if "\n" in text or not _DIGIT_AND_WORD.search(text):
        return False
    spelt = label(text)
    if spelt.number is not None or vocabulary().knows(spelt.key):
        return False
    key = label(_OF_FIGURES.sub("", text)).key
    return len(key) > 1 and (vocabulary().knows(key) or vocabulary().begins(key))


def beginning(glyphs: list[Glyph]) -> float:
    """How wide the first digit of a line is, with the separator behind it, which stays with it."""
    together = 2 if len(glyphs) > 1 and glyphs[1][4] in _SEPARATORS else 1
    return glyphs[together - 1][2] - glyphs[0][0]


def _lines_full(lines: list[Line], box: Box) -> bool:
    """Whether every line but the last had no room for what begins the next: a number broken by its cell."""
    width = box[2] - box[0]
    for line, following in pairwise(lines):
        first = beginning(following.glyphs)
        # What fits beyond the paddings would not have been broken off, and no later line is longer.
        if width - (line.x1 - line.x0) - first > _PADDINGS or abs(line.height - following.height) > 0.5:
            return False
        if following.x1 - following.x0 > max(line.x1 - line.x0, first) + 0.5:
            return False
        if following.top - line.bottom > 0.8 * line.height:
            return False
    return True


def _is_crowded(lines: list[Line], texts: list[str], box: Box) -> bool:
    """Whether a cell holds several figures apart from one another: rules are missing between them."""
    words = [
        tuple([word.text for word in words_of(line, _APART)]) if " " in text else (line.text,)
        for line, text in zip(lines, texts, strict=True)
    ]
    crowded = _are_several(tuple(texts), tuple(words))
    if crowded is None:
        return not (joined_figure(texts) and _lines_full(lines, box))
    return crowded


# Labels come again in every report; other cells may be long.
@lru_cache(maxsize=2_048)
def _are_several(texts: tuple[str, ...], parts: tuple[tuple[str, ...], ...]) -> bool | None:
    """Whether the lines of a cell, and the words of each, are several cells'; None for more than two figures, or one."""
    words = vocabulary()
    if len(texts) == 1 and len(parts[0]) > 1 and words.knows(label(texts[0]).key):
        # A label spread over its cell: its number stands apart, and 一 alone is no dash.
        return False
    stacked = labels = heads = rows = 0
    for text, own in zip(texts, parts, strict=True):
        figures = sum(map(is_figure, own))
        if figures > 1:
            return True
        if figures:
            stacked += 1
        elif len(text) > 1 and (stacked or len(texts) > 1 or len(own) > 1):
            if len(own) > 1:
                heads += sum(words.knows(label(part).key) for part in own)
            spelt = label(text)
            if spelt.key and (spelt.number is not None or words.knows(spelt.key) or words.begins(spelt.key)):
                labels += 1
                rows += spelt.key in words.beside
    # Heads side by side, labels of two rows, a head or a label in the same cell as a figure, or more than two figures
    # under one another.
    if heads > 1 or rows > 1 or (stacked > 0 and labels > 0):
        # A line of a label may be 一 alone, which is a dash elsewhere.
        return not words.knows(label("".join(texts)).key)
    return None if stacked > 2 else False


def settle_spread(cells: Sequence[GridCell], before: Fragment | None = None) -> None:
    """A figure whose digits are spread over its cell is no two figures: what stands above the cell is one head or figure.

    Where rules are missing between columns, they are missing for the heads as well, or these have rules of their own.
    ``before`` is the grid on an earlier page that this one may continue: its heads stand above the first row.
    """
    above: list[GridCell] | None = None
    for cell in cells:
        if cell.content.crowded and _OF_FIGURES.fullmatch(cell.text) and "\n" not in cell.text:
            parts = cell.text.split()
            whole = joined_figure(parts)
            short = all(len(part.strip(_SEPARATORS)) < 2 for part in parts)
            if short and whole:
                above = [*_over(cells, before), *cells] if above is None else above
                if _is_one(cell, above):
                    cell.content = CellText(whole, (whole,), "joined")


def _over(cells: Sequence[GridCell], before: Fragment | None) -> list[GridCell]:
    """The cells of the grid on the page before, over the columns of this one's that have the same edges."""
    if before is None or not cells:
        return []
    places = {(c.box[0], c.column) for c in cells} | {(c.box[2], c.column + c.colspan) for c in cells}

    def column(x: float) -> int:
        # What ends beside all edges covers no column as a whole.
        return next((n for edge, n in places if abs(edge - x) < _SAME_EDGE), -1)

    out: list[GridCell] = []
    for cell in before.cells:
        first, last = column(cell.box[0]), column(cell.box[2])
        if -1 < first < last:
            out.append(cell.at(cell.row - before.n_rows, first, last - first))
    return out


def _is_one(cell: GridCell, cells: Sequence[GridCell]) -> bool:
    """Whether the nearest cell with a head or one figure above a cell covers the same columns."""
    last = cell.column + cell.colspan
    above = [c for c in cells if c.row < cell.row and c.column < last and c.column + c.colspan > cell.column and c.text]
    while above:
        row = max(c.row for c in above)
        nearest = [c for c in above if c.row == row]
        if (nearest[0].column, nearest[0].colspan) != (cell.column, cell.colspan):
            return False
        if not nearest[0].content.crowded:
            return is_figure(nearest[0].text) or head_label(nearest[0].text)[0].key in vocabulary().columns
        above = [c for c in above if c.row < row]
    return False


def note_doubts(cells: list[GridCell], contents: list[list[Glyph]], page: PageContent) -> None:
    """Say of cells whose figures may be another cell's, or not what they look like, that they are not certain."""
    of_figures = [
        i
        for i, (cell, glyphs) in enumerate(zip(cells, contents, strict=True))
        if 0 < len(glyphs) < _MOST_OF_A_FIGURE and has_digit(cell.content.text)
    ]
    _note_astride(cells, contents, of_figures)
    _note_overflow(cells, contents, of_figures)
    _note_merged(cells)
    _note_struck(cells, contents, page)
    _note_marks(cells, contents, page)
    _note_blanks(cells)


def _note_overflow(cells: Sequence[GridCell], contents: Sequence[list[Glyph]], of_figures: Sequence[int]) -> None:
    """Figures that cross a rule, or touch their neighbour across it: which cell a digit belongs to is not certain."""
    reaching: dict[tuple[int, int], tuple[int, Glyph]] = {}
    for i in of_figures:
        cell = cells[i]
        right = cell.box[2] - _CLOSE
        for glyph in contents[i]:
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


def _note_astride(cells: Sequence[GridCell], contents: Sequence[list[Glyph]], of_figures: Sequence[int]) -> None:
    """A digit that stands on a side is the end of the one figure or the beginning of the other."""
    for i in of_figures:
        left, _, right, _ = cells[i].box
        for x0, y0, x1, y1, char in contents[i]:
            if x0 >= left and x1 <= right:
                continue
            astride = _ASTRIDE * (x1 - x0)
            sides = [side for side in (left, right) if x0 + astride < side < x1 - astride]
            for other in cells if sides and char.isdigit() else ():
                near = any(abs(side - own) < _SAME_SIDE for side in sides for own in (other.box[0], other.box[2]))
                if near and other.box[1] < (y0 + y1) / 2 < other.box[3] and other.content.doubt is None:
                    other.content = CellText(other.text, (), "joined")


def _note_blanks(cells: list[GridCell]) -> None:
    """A blank is not certain beside a cell whose digits may be two cells'."""
    doubtful = [c for c in cells if c.content.doubt == "joined" and _OF_FIGURES.fullmatch(c.text)]
    for cell in cells if doubtful else ():
        if not cell.text and any(
            cell.row == c.row and cell.column in (c.column - cell.colspan, c.column + c.colspan) for c in doubtful
        ):
            cell.content = CellText("", cell.content.readings, cell.content.doubt or "joined")


def _note_merged(cells: list[GridCell]) -> None:
    """A figure beside two labels: the rule between two rows is missing, and which row it belongs to is not certain."""
    starts: dict[int, set[int]] = {}
    merged = [
        cell for cell in cells if cell.rowspan > 1 and cell.content.doubt is None and is_figure(cell.content.text)
    ]
    if not merged:
        return
    for cell in cells:
        if (text := cell.content.text) and not is_figure(text):
            starts.setdefault(cell.row, set()).add(cell.column)
    for cell in merged:
        beside = [
            r for r in range(cell.row, cell.row + cell.rowspan) if any(c < cell.column for c in starts.get(r, ()))
        ]
        if len(beside) > 1:
            cell.content = CellText(cell.text, (), "label")


def _note_struck(cells: list[GridCell], contents: list[list[Glyph]], page: PageContent) -> None:
    """A cell where something was struck or noted is not certainly empty."""
    over = (*page.notes, *page.struck)
    if not over:
        return
    for cell, glyphs in zip(cells, contents, strict=True):
        if not glyphs:
            found = [text for box, text in over if stands_in(box, cell.box)]
            if found:
                cell.content = CellText("", tuple(found[:1]), "characters")


def _note_marks(cells: list[GridCell], contents: list[list[Glyph]], page: PageContent) -> None:
    """A figure that something drawn lies on, or a reader's pen or note, may be struck or corrected. Another engine sees
    the same characters there, so that it is not asked."""
    if not (page.marks or page.slashes):
        return
    for cell, glyphs in zip(cells, contents, strict=True):
        if not glyphs and cell.content.doubt is None and any(stands_in(mark, cell.box) for mark in page.marks):
            cell.content = CellText("", (), "unconfirmed")
        if glyphs and len(glyphs) < _MOST_OF_A_FIGURE and is_figure(cell.content.text):
            left, top, right, bottom = cell.box
            over = (*page.marks, *page.slashes)
            near = [b for b in over if b[0] < right and b[2] > left and b[1] < bottom and b[3] > top]
            if any(lies_on(box, glyph) for box in near for glyph in glyphs):
                cell.content = CellText(cell.text, (), "unconfirmed")


def lies_on(box: Box, glyph: Glyph) -> bool:
    """Whether a box reaches well into a character's."""
    x0, top, x1, bottom, _ = glyph
    shared = min(box[2], x1) - max(box[0], x0), min(box[3], bottom) - max(box[1], top)
    least = min(box[2] - box[0], x1 - x0), min(box[3] - box[1], bottom - top)
    return shared[0] > _INTO * least[0] and shared[1] > _INTO * least[1]


def stands_in(box: Box, cell: Box) -> bool:
    return cell[0] < (box[0] + box[2]) / 2 < cell[2] and cell[1] < (box[1] + box[3]) / 2 < cell[3]
