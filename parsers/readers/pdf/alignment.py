"""Words of a strip put where they belong: pages with other margins.

Belongs here: what has to be moved before rows and columns are looked for.
Does not belong here: finding the strip (`strips`), cutting its lines into words (`pieces`), rows and columns (`anchored`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise, takewhile

from .content import Rule
from .pieces import Piece

# Points within which figures stand under one another; shares of a page's figures that do after it was moved, and more
# than before.
_SAME_PLACE, _FITS, _BETTER = 1.5, 0.6, 0.3
# So many upright rules are a table's columns, and so many figures at the end of a line.
_FEWEST_RULES, _FEWEST_FIGURES = 3, 3

# From the first to the last figure of the lines that have most: from where to where they stand.
_Columns = list[tuple[float, float]]


def side_by_side(
    lines: Sequence[Sequence[Piece]], rules: dict[int, list[Rule]], uprights: dict[int, list[float]]
) -> list[Rule]:
    """Move the words of later pages to where they stand on the first: margins differ from page to page.

    Of all moves that bring a page's outermost words, or the ends of its rules, together with the first page's, the one
    is right after which most figures stand under or over others; upright rules tell without figures. Returns the level
    rules of all pages, moved as well.
    """
    by_page: dict[int, list[Piece]] = {}
    by_line: dict[int, list[Sequence[Piece]]] = {}
    for line in lines:
        by_page.setdefault(line[0].page, []).extend(line)
        by_line.setdefault(line[0].page, []).append(line)
    numbers = iter(by_page)
    number = next(numbers)
    first, drawn, columns = by_page[number], uprights[number], _columns(by_line[number])
    places = sorted(x for p in first if p.is_figure for x in (p.x0, p.center, p.x1))
    out = [*rules[number]]
    for number in numbers:
        own, level = by_page[number], rules[number]
        by_rules = _move_of_rules(drawn, uprights[number])
        # Rules that only some rows have may be other columns': where there are figures, these tell.
        if by_rules and not places:
            best = by_rules
        else:
            both = columns, _columns(by_line[number])
            best = _move(first, places, out, own, level, by_rules, both)
        if best:
            for piece in own:
                piece.x0, piece.x1 = piece.x0 + best, piece.x1 + best
                piece.glyphs = [(g[0] + best, g[1], g[2] + best, g[3], g[4]) for g in piece.glyphs]
            level = [(y, x0 + best, x1 + best) for y, x0, x1 in level]
        out += level
    return sorted(out)


def _move_of_rules(first: Sequence[float], own: Sequence[float]) -> float:
    """How far upright rules have to be moved that part the same columns on both pages, whatever parts their labels."""
    moves = [a - b for a, b in zip(reversed(first), reversed(own), strict=False)]
    if len(moves) <= _FEWEST_RULES or abs(moves[0]) < _SAME_PLACE:
        return 0.0
    return moves[0] if all(abs(move - moves[0]) < _SAME_PLACE for move in moves[:-1]) else 0.0


def _move(
    first: Sequence[Piece],
    places: Sequence[float],
    above: Sequence[Rule],
    own: Sequence[Piece],
    level: Sequence[Rule],
    by_rules: float,
    columns: tuple[_Columns, _Columns],
) -> float:
    """How far a page's words have to be moved to the right. ``columns``: the first page's and its own."""
    outer = min(p.x0 for p in first) - min(p.x0 for p in own), max(p.x1 for p in first) - max(p.x1 for p in own)
    moves = {0.0, *outer}
    if level and above:
        left = min(r[1] for r in above) - min(r[1] for r in level)
        right = max(r[2] for r in above) - max(r[2] for r in level)
        if abs(left - right) < _SAME_PLACE:
            # As wide as on the first page.
            return left if abs(left) > _SAME_PLACE else 0.0
        moves |= {left, right}
    figures = [p for p in own if p.is_figure]
    moves.add(by_rules)
    if figures and places:
        moves.add(places[-1] - max(p.x1 for p in figures))
    fits = {move: sum(_is_near(places, p, move) for p in figures) for move in moves}
    if abs(outer[0]) > _SAME_PLACE and abs(outer[0] - outer[1]) < _SAME_PLACE and fits[outer[0]] >= fits[0.0] > 0:
        # As wide as on the first page: columns as wide as the move would fit without it, too.
        return outer[0]
    best = max(moves, key=lambda move: (fits[move], -abs(move)))
    if not _in_order(*columns, 0.0):
        # Columns as wide as the move would fit without it, one farther on; lines with all figures tell.
        apart = [move for move in moves if _in_order(*columns, move)]
        if apart:
            return max(apart, key=lambda move: (fits[move], -abs(move)))
    better = figures and fits[best] > _FITS * len(figures) and fits[0.0] < fits[best] - _BETTER * len(figures)
    return best if better else 0.0


def _is_near(places: Sequence[float], piece: Piece, move: float) -> bool:
    """Whether an edge or the middle of a figure stands at one of some places."""
    for x in (piece.x0 + move, piece.center + move, piece.x1 + move):
        i = bisect_left(places, x - _SAME_PLACE)
        if i < len(places) and places[i] <= x + _SAME_PLACE:
            return True
    return False


def _columns(lines: Sequence[Sequence[Piece]]) -> _Columns:
    """Where the figures at the end of lines stand that have as many as any on the page; nothing where they overlap."""
    ends = [[*takewhile(lambda piece: piece.is_figure, reversed(line))][::-1] for line in lines]
    most = max(map(len, ends))
    if most < _FEWEST_FIGURES:
        return []
    found = [
        (min(p.x0 for p in own), max(p.x1 for p in own))
        for own in zip(*(e for e in ends if len(e) == most), strict=True)
    ]
    return found if all(a[1] <= b[0] for a, b in pairwise(found)) else []


def _in_order(first: _Columns, own: _Columns, move: float) -> bool:
    """Whether every figure of whole lines stands in the same place of the order as those it stands under; and where no
    such lines tell."""
    if not first or len(first) != len(own):
        return True
    return not any(
        k != n and x0 + move < b and x1 + move > a for k, (x0, x1) in enumerate(own) for n, (a, b) in enumerate(first)
    )
