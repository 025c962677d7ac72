"""Whether all that is seen in a cell's place is accounted for by its text: else it has no figure, and is no blank.

Belongs here: which cells something drawn may stand in, and what is said of them once the page was looked at.
Does not belong here: what is drawn (`objects`, `ruled`), the look itself (`ink`), what a cell's characters are (`grid`).

What is drawn and is no rule, no shading of whole cells and no text is known from the page's objects. Only cells that it
reaches into are in question, and only their pages are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from parsers.grammar.figures import has_digit, is_figure_word
from schemas.facts import Box

from . import owners
from .content import Glyph, Heights, PageContent
from .grid import CellText, Fragment, GridCell
from .ink import Ink

# Points from a cell's sides within which its borders stand, and of a small cell's size at the most.
_BORDER, _OF_CELL = 3.0, 0.25
# Nearer to a side only its own dashes stand, and no stroke.
_DASHES = 1.0
# A rule is at least so long and of such a share of a cell's side; a line's width, half of a thin one's, and a frame's.
_RULE, _SIDE, _THICK, _LINE = 14.0, 0.8, 1.5, 0.5
_FRAME, _AROUND = 3.0, 5.0
# Share of the height of what is printed in a row.
_UPRIGHT = 1.4
# Shares of a character's height: a line between these goes through it, and what is around it is so high.
_UPPER, _LOWER, _OF_GLYPH = 0.3, 0.72, 0.95
# Of a wavy line; of a small thing, and how far from its sides the middle of a line of text begins.
_WAVE, _SMALL, _CORE = 0.25, 0.6, 0.3
_LONGEST = 40
# Shares of a character's width and height at its sides where what is drawn is no part of it.
_BESIDE, _OVER = 0.1, 0.25


@dataclass(slots=True)
class _Part:
    """A part of a cell that something drawn covers; and where the text stands that it is drawn around. ``under``: it is
    the middle of a character, and what is drawn there may be the ground it is printed on."""

    box: Box
    text: list[Box] = field(default_factory=list)
    under: bool = False


Look = Callable[[Collection[int]], dict[int, Ink]]


def settle(fragments: Iterable[Fragment], pages: dict[int, PageContent], look: Look) -> None:
    """Say of blanks and figures in whose place something else is seen that they are not certain.

    ``look`` draws pages of the file by their numbers.
    """
    asked: list[tuple[GridCell, list[_Part]]] = []
    fragments = [*fragments]
    owners.settle(fragments, pages)
    for fragment in fragments:
        asked += _in_question(fragment, pages)
    if not asked:
        return
    inks = look({pages[cell.page].printed_number for cell, _ in asked})
    for cell, parts in asked:
        page = pages[cell.page]
        ink = inks.get(page.printed_number)
        if ink is not None and _is_more(cell, parts, page, ink):
            cell.content = CellText(cell.text, cell.content.readings, "unconfirmed" if cell.text else "characters")


def _in_question(fragment: Fragment, pages: dict[int, PageContent]) -> list[tuple[GridCell, list[_Part]]]:
    """The cells that something drawn reaches into, each with the parts of its place that it covers."""
    found = {cell.page for cell in fragment.cells if cell.page in pages}
    short = {n: strokes for n in found if not pages[n].ocr and (strokes := _short_rules(pages[n]))}
    drawn = {n for n in found if not pages[n].ocr and (pages[n].drawn or pages[n].areas or n in short)}
    if not drawn:
        return []
    places = _places(fragment) if fragment.method == "anchored" else None
    glyphs = {n: Heights(pages[n].glyphs) for n in drawn}
    # Short rules at the height of a row, which its cells share.
    level: dict[tuple[int, float, float], list[Box]] = {}
    out: list[tuple[GridCell, list[_Part]]] = []
    for n, cell in enumerate(fragment.cells):
        if cell.page in drawn and cell.content.doubt is None and _may_hide(cell.text):
            place = _within(cell.box) if places is None else places[n]
            page = pages[cell.page]
            boxes = [box for box in page.drawn if _reaches(box, place) and not _strikes(box, page)]
            areas = [box for box in page.areas if _reaches(box, place) and _common(box, place) != place]
            if cell.text:
                own = glyphs[cell.page].within(place) if boxes or areas else []
                beside = [box for box in areas if not _is_ground(box, page)]
                grounds = [box for box in page.patterns if box in boxes] + [box for box in areas if box not in beside]
                parts = _beside_text(boxes + beside, place, own) + _under_text(boxes, grounds, place, own)
            else:
                if places is not None:
                    boxes = [box for box in boxes if not _is_border(box, place)]
                parts = [_Part(_common(box, place)) for box in boxes + areas]
                if fragment.method == "ruled" and cell.page in short:
                    near = _within(cell.box, _DASHES)
                    at = (cell.page, near[1], near[3])
                    if at not in level:
                        level[at] = [box for box in short[cell.page] if box[1] < near[3] and box[3] > near[1]]
                    parts += [
                        _Part(_common(box, near))
                        for box in level[at]
                        if _reaches(box, near) and _is_inside(box, cell.box)
                    ]
            if parts:
                out.append((cell, parts))
    return out


def _short_rules(page: PageContent) -> list[Box]:
    """Lines that are shorter than any cell's side: strokes of a digit may lie so near to a rule that they were joined."""
    level = [(a, y, b, y) for y, a, b in page.horizontal if b - a < _RULE]
    return level + [(x, a, x, b) for x, a, b in page.vertical if b - a < _RULE]


def _is_inside(stroke: Box, cell: Box) -> bool:
    """Whether a line lies in a cell and goes from no side of it to another."""
    x0, top, x1, bottom = cell
    within = (
        x0 - _BORDER < stroke[0]
        and stroke[2] < x1 + _BORDER
        and top - _BORDER < stroke[1]
        and stroke[3] < bottom + _BORDER
    )
    return within and stroke[2] - stroke[0] < _SIDE * (x1 - x0) and stroke[3] - stroke[1] < _SIDE * (bottom - top)


def _may_hide(text: str) -> bool:
    """Whether a cell is a blank, a mark or a figure."""
    return len(text) < 2 or (len(text) < _LONGEST and has_digit(text) and is_figure_word(text.replace("\n", "")))


def _within(box: Box, border: float = _BORDER) -> Box:
    x0, top, x1, bottom = box
    across, down = min(border, _OF_CELL * (x1 - x0)), min(border, _OF_CELL * (bottom - top))
    return (x0 + across, top + down, x1 - across, bottom - down)


def _places(fragment: Fragment) -> list[Box]:
    """Where cells without borders are: as wide as what stands in their columns, as high as what stands in their rows.

    What would stand in a blank may stand beside all else in its column, as far as the columns next to it.
    """
    columns: dict[int, tuple[float, float]] = {}
    rows: dict[tuple[int, int], tuple[float, float]] = {}
    for cell in fragment.cells:
        x0, top, x1, bottom = cell.box
        if x1 <= x0:
            continue
        if cell.colspan == 1:
            left, right = columns.get(cell.column, (x0, x1))
            columns[cell.column] = min(left, x0), max(right, x1)
        upper, lower = rows.get((cell.row, cell.page), (top, bottom))
        rows[cell.row, cell.page] = min(upper, top), max(lower, bottom)
    end = max((cell.box[2] for cell in fragment.cells), default=0.0)
    between: dict[int, tuple[float, float]] = {}
    for column in columns:
        before = max((right for k, (_, right) in columns.items() if k < column), default=columns[column][0])
        behind = min((left for k, (left, _) in columns.items() if k > column), default=end)
        between[column] = before + _BORDER, behind - _BORDER
    out: list[Box] = []
    for cell in fragment.cells:
        left, right = columns.get(cell.column, (cell.box[0], cell.box[2]))
        if not cell.text and cell.column in between:
            left, right = min(left, between[cell.column][0]), max(right, between[cell.column][1])
        upper, lower = rows.get((cell.row, cell.page), (cell.box[1], cell.box[3]))
        out.append((min(left, cell.box[0]), upper, max(right, cell.box[2]), lower))
    return out


def _reaches(box: Box, place: Box) -> bool:
    return box[0] < place[2] and box[2] > place[0] and box[1] < place[3] and box[3] > place[1]


def _is_border(box: Box, place: Box) -> bool:
    """Whether a box is an upright line that is higher than what is printed in a row: a side of cells without others."""
    return box[2] - box[0] < _THICK and box[3] - box[1] > _UPRIGHT * (place[3] - place[1])


def _is_ground(area: Box, page: PageContent) -> bool:
    """Whether text is printed on an area."""
    return any(area[0] < (g[0] + g[2]) / 2 < area[2] and area[1] < (g[1] + g[3]) / 2 < area[3] for g in page.glyphs)


def _strikes(box: Box, page: PageContent) -> bool:
    """Whether it is the line through a struck figure, which is told."""
    return any(
        x0 - _AROUND < box[0] and box[2] < x1 + _AROUND and top < box[1] and box[3] < bottom
        for (x0, top, x1, bottom), _ in page.struck
    )


def _common(box: Box, place: Box) -> Box:
    """What a box covers of a place, with the width of a line."""
    return (
        max(box[0] - _LINE, place[0]),
        max(box[1] - _LINE, place[1]),
        min(box[2] + _LINE, place[2]),
        min(box[3] + _LINE, place[3]),
    )


def _under_text(boxes: Sequence[Box], grounds: Sequence[Box], place: Box, glyphs: Sequence[Glyph]) -> list[_Part]:
    """Where a line may go through a character: a shading over cells, or of a cell, may be one (a gradient from clear to a
    colour and back), and areas may end within a character. What is smaller than its cell may be drawn around a figure.
    """
    found: list[_Part] = []
    small = [box for box in boxes if box[2] - box[0] < place[2] - place[0] and box[3] - box[1] < place[3] - place[1]]
    for x0, top, x1, bottom, _ in glyphs:
        across, down = _BESIDE * (x1 - x0), _OVER * (bottom - top)
        middle = (x0 + across, top + down, x1 - across, bottom - down)
        around = (box for box in small if box[0] < x0 and box[2] > x1)
        if any(_reaches(box, middle) for box in grounds) or any(_reaches(box, middle) for box in around):
            found.append(_Part(middle, under=True))
    return found


def _beside_text(boxes: list[Box], place: Box, glyphs: Sequence[Glyph]) -> list[_Part]:
    """Where something may be a part of the figure that stands in a place: no larger than it, and no line under or over the
    text. In a frame around the text, or a ground of another colour, it is what stands beside the text."""
    x0, top, x1, bottom = place
    if not glyphs:
        # A form field's text.
        return []
    wide, high = x1 - x0 + 2 * _BORDER, bottom - top + 2 * _BORDER
    size = max(g[3] - g[1] for g in glyphs)
    upper, lower = min(g[1] for g in glyphs) + _CORE * size, max(g[3] for g in glyphs) - _CORE * size
    out: list[_Part] = []
    for box in boxes:
        if box[2] - box[0] >= wide or box[3] - box[1] >= high or any(_is_along(box, glyph) for glyph in glyphs):
            continue
        if box[3] - box[1] < _SMALL * size and (
            box[3] < upper or box[1] > lower or all(max(box[0] - g[2], g[0] - box[2]) > g[3] - g[1] for g in glyphs)
        ):
            # A sign stands close before a figure or behind it; in a corner it is a handle.
            continue
        if any(_is_around(box, glyph) for glyph in glyphs):
            inner = (box[0] + _FRAME, max(box[1] + _FRAME, upper), box[2] - _FRAME, min(box[3] - _FRAME, lower))
            if inner[0] < inner[2] and inner[1] < inner[3]:
                out.append(_Part(_common(inner, place), [glyph[:4] for glyph in glyphs]))
        else:
            out.append(_Part(_common(box, place)))
    return out


def _is_along(box: Box, glyph: Glyph) -> bool:
    """Whether a box is a level line under or over a character."""
    if box[3] - box[1] > max(_THICK, _WAVE * (glyph[3] - glyph[1])) or not box[0] < (glyph[0] + glyph[2]) / 2 < box[2]:
        return False
    return not _UPPER < ((box[1] + box[3]) / 2 - glyph[1]) / max(glyph[3] - glyph[1], 0.1) < _LOWER


def _is_around(box: Box, glyph: Glyph) -> bool:
    """Whether a character stands in a box that is larger: a frame, or a ground of another colour."""
    x0, top, x1, bottom, _ = glyph
    height = (top + bottom) / 2
    return (
        box[0] < x0 - _LINE
        and box[2] > x1 + _LINE
        and box[1] < height < box[3]
        and box[3] - box[1] > _OF_GLYPH * (bottom - top)
    )


def _is_more(cell: GridCell, parts: list[_Part], page: PageContent, ink: Ink) -> bool:
    """Whether anything is seen where something is drawn in a cell, but for its ground and rules."""
    for part in parts:
        if part.under:
            if ink.is_varied(page.shown(part.box)):
                return True
            continue
        ground = ink.ground(page.shown(part.box if part.text else cell.box))
        beside = [page.shown(box) for box in (*_rules(part.box, cell.box, page), *part.text)]
        if ground is not None and ink.stands_in(page.shown(part.box), ground, beside):
            return True
    return False


def _rules(place: Box, cell: Box, page: PageContent) -> list[Box]:
    """The rules of the table that cross a place in a cell: those that go on beyond it, or from side to side."""
    x0, top, x1, bottom = place
    wide, high = max(_RULE, _SIDE * (cell[2] - cell[0])), max(_RULE, _SIDE * (cell[3] - cell[1]))
    level = [
        (a, y - _THICK, b, y + _THICK)
        for y, a, b in page.horizontal
        if top < y < bottom and a < x1 and b > x0 and b - a >= wide
    ]
    upright = [
        (x - _THICK, a, x + _THICK, b)
        for x, a, b in page.vertical
        if x0 < x < x1 and a < bottom and b > top and b - a >= high
    ]
    return level + upright


__all__ = ["settle"]
