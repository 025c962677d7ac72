"""Figures at a page's edges, and where something else cuts them off: what is left of one is none.

Belongs here: which digits the edge of a page or of what text is clipped to leaves in part, or leaves no neighbour.
Does not belong here: whether text is seen (`visible`), how PDFium is asked (`glyphs`), rows that a page's end parts (`cut_rows`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from schemas.facts import Box

from .content import UNMAPPED, Glyph, PageContent

if TYPE_CHECKING:
    from .glyphs import PageText

# Points of a character beyond the page; room for another one as a share of its width.
_BEYOND, _ROOM = 0.5, 0.9
# Share of a line's height that is over or under its digits.
_OVER = 0.2
# What a page's edge may leave of a cell without a doubt: all but a border from side to side, and so much of its height.
_BORDER, _OF_CELL = 3.0, 0.25

# Where figures are cut off: a position from left to right, from what height to what, and whether on their right.
Cut = tuple[float, float, float, bool]


def cut_off(page: PageText, shown: Sequence[int], sides: Sequence[Sequence[float]], given: Collection[Cut]) -> set[int]:
    """Digits that something cuts off, or beside which there is no room for another where others are cut off.

    ``sides`` are the left, upper, right and lower ones of the characters ``shown``, ``given`` other cuts than the page's edges.
    """
    lefts, uppers, rights, lowers = sides
    x0, y0, x1, y1 = page.bounds
    cuts = set(given)
    if min(lefts) < x0 - _BEYOND:
        cuts.add((x0, y0, y1, False))
    if max(rights) > x1 + _BEYOND:
        cuts.add((x1, y0, y1, True))
    found: set[int] = set()
    if min(lowers) < y0 - _BEYOND or max(uppers) > y1 + _BEYOND:
        boxes = ((i, page.tight(i)) for i in shown if page.text[i].isdigit())
        found.update(i for i, (_, low, _, high) in boxes if low < y0 - _BEYOND or high > y1 + _BEYOND)
    if not cuts:
        return found
    for i, left, right in zip(shown, lefts, rights, strict=True):
        if page.text[i].isdigit():
            room = _ROOM * (right - left)
            _, low, _, high = page.tight(i)
            found.update(
                i
                for edge, start, end, is_right in cuts
                if low < end
                and high > start
                and (edge - room < right and left < edge if is_right else left < edge + room and right > edge)
            )
    return found


def within(page: PageContent, glyphs: list[Glyph]) -> list[Glyph]:
    """What stands on a page whose text is turned. Digits that its edges cut, or beside which others are cut off, are not
    known; what stands beyond is told as hidden."""
    right, bottom = page.width + _BEYOND, page.height + _BEYOND
    if all(g[0] > -_BEYOND and g[1] > -_BEYOND and g[2] < right and g[3] < bottom for g in glyphs):
        return glyphs
    cut = [g for g in glyphs if g[4].isdigit() and (g[0] < -_BEYOND or g[2] > right)]
    kept: list[Glyph] = []
    for glyph in glyphs:
        x0, top, x1, foot, char = glyph
        if x1 < 0 or foot < 0 or x0 > page.width or top > page.height:
            page.hidden += char
            continue
        room, over = _ROOM * (x1 - x0), _OVER * (foot - top)
        beside = [g for g in cut if g[1] < foot and g[3] > top]
        is_cut = top + over < -_BEYOND or foot - over > bottom
        is_cut |= any(x0 < room if g[0] < 0 else x1 > page.width - room for g in beside)
        kept.append((x0, top, x1, foot, UNMAPPED) if is_cut and char.isdigit() else glyph)
    return kept


def leaves_part(cell: Box, page: PageContent) -> bool:
    """Whether a cell reaches so far beyond its page, or into what is clipped off, that what stands in it may be cut off."""
    if page.unseen and any(_is_side_of(part, cell) for part in page.unseen):
        return True
    if page.sheet:
        # Half of one.
        return False
    x0, top, x1, bottom = cell
    over = max(_BORDER, _OF_CELL * (bottom - top))
    return x0 < -_BORDER or x1 > page.width + _BORDER or top < -over or bottom > page.height + over


def _is_side_of(part: Box, cell: Box) -> bool:
    """Whether a part of a rule runs along a cell for more than a border's width."""
    across = min(part[2], cell[2] + _BEYOND) - max(part[0], cell[0] - _BEYOND)
    along = min(part[3], cell[3] + _BEYOND) - max(part[1], cell[1] - _BEYOND)
    return across >= 0 and along >= 0 and max(across, along) > _BORDER
