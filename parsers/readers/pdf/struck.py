"""Struck figures: text with a line through it, or under a strike-out annotation; and lines that underline text.

Belongs here: finding it and taking it out of a page, so that what was deleted is no part of what stands beside it; and
taking out the lines that text wears, which part no rows of a table however much of a narrow cell they cross.
Does not belong here: other text that is left out (`visible`), and rules of tables (`ruled`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter

from .content import Glyph, PageContent, Rule, text_of

# Shares of a glyph's height, from its top, between which a line goes through it and is neither under nor over it.
_UPPER, _LOWER = 0.3, 0.72
# A line through text is no longer than the text but for this share of the text's height on either side.
_OVERHANG = 0.5
# Where a line stands under text, as shares of its height from its top; by such a share it may be longer or shorter.
_UNDER, _WITHIN, _TIGHT = (0.72, 1.15), 0.98, 0.15
# A table's rule meets another within so many points.
_MEETS = 1.5
_LONGEST = 200.0
_HEIGHTS = itemgetter(1, 3)
# So few rules are looked at one by one; points within which a height is still the one that was reckoned.
_FEW, _NEARLY = 20, 0.01


def take_out(page: PageContent) -> None:
    """Move struck glyphs from ``page.glyphs`` to ``page.struck``, each run with its box."""
    drawn = [rule for rule in page.horizontal if rule[2] - rule[1] < _LONGEST]
    annotated = [((top + bottom) / 2, x0, x1) for x0, top, x1, bottom in page.strikes]
    if not (drawn or annotated) or not page.glyphs:
        return
    if len(drawn) > _FEW:
        drawn = _beside_text(drawn, page.glyphs)
    if not (drawn or annotated):
        return
    middles = [(g[1] + g[3]) / 2 for g in page.glyphs]
    glyphs = [page.glyphs[i] for i in sorted(range(len(middles)), key=middles.__getitem__)]
    middles.sort()
    # Most rules pass between the lines of text: those are done with here.
    reach = min((_UNDER[1] - 0.5) * max([g[3] - g[1] for g in glyphs]) + 0.1, 30.0)
    upright: list[Rule] | None = None
    struck: set[Glyph] = set()
    worn: set[Rule] = set()
    # What a line at a height goes through or underlines, however long it is: a table's rules are drawn a cell at a time.
    beside: dict[float, tuple[list[Glyph], list[Glyph]]] = {}
    for number, (y, x0, x1) in enumerate(drawn + annotated):
        if y not in beside:
            near = glyphs[bisect_left(middles, y - reach) : bisect_right(middles, y + reach)]
            heights = [(_height_in(y, g), g) for g in near]
            beside[y] = (
                sorted([g for height, g in heights if _UPPER < height < _LOWER]),
                sorted([g for height, g in heights if _UNDER[0] <= height < _UNDER[1]]),
            )
        through, above = beside[y]
        run = [g for g in through if x0 < (g[0] + g[2]) / 2 < x1]
        under = [] if run else [g for g in above if x0 < (g[0] + g[2]) / 2 < x1]
        if not (run or under) or (run and struck.issuperset(run)):
            continue
        if number < len(drawn):
            upright = sorted(page.vertical) if upright is None else upright
            is_worn = _is_worn(x0, x1, run or under)
            # Text that fills its cell is struck or underlined from rule to rule; no rule of a table is so high up and so long.
            fills = is_worn and (bool(run) or _height_in(y, under[0]) < _WITHIN)
            if not fills and _is_of_table((y, x0, x1), upright):
                continue
            if is_worn:
                worn.add(drawn[number])
        if not run:
            continue
        room = _OVERHANG * (run[0][3] - run[0][1])
        if x0 > run[0][0] - room and x1 < max(g[2] for g in run) + room:
            struck.update(run)
            box = (run[0][0], min(g[1] for g in run), max(g[2] for g in run), max(g[3] for g in run))
            page.struck.append((box, text_of(run)))
    if worn:
        page.horizontal = [rule for rule in page.horizontal if rule not in worn]
    if struck:
        page.glyphs = [glyph for glyph in page.glyphs if glyph not in struck]


def _beside_text(rules: list[Rule], glyphs: Sequence[Glyph]) -> list[Rule]:
    """The rules at a height at which they may strike or underline something; most pass between the lines of text."""
    heights = [(top, max(bottom - top, 0.1)) for top, bottom in set(map(_HEIGHTS, glyphs))]
    starts: list[float] = []
    ends: list[float] = []
    for start, end in sorted(
        [(top + _UPPER * high - _NEARLY, top + _UNDER[1] * high + _NEARLY) for top, high in heights]
    ):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    # A table's rules are drawn a cell at a time.
    levels = {y for y in {rule[0] for rule in rules} if (n := bisect_right(starts, y)) and y <= ends[n - 1]}
    return [rule for rule in rules if rule[0] in levels]


def _height_in(y: float, glyph: Glyph) -> float:
    """How far below its top a line crosses a glyph, as a share of its height."""
    return (y - glyph[1]) / max(glyph[3] - glyph[1], 0.1)


def _is_worn(x0: float, x1: float, run: Sequence[Glyph]) -> bool:
    """Whether a line is as long as the text that it goes through or underlines."""
    tight = _TIGHT * (run[0][3] - run[0][1])
    return abs(x0 - run[0][0]) < tight and abs(x1 - max(g[2] for g in run)) < tight


def _is_of_table(rule: Rule, upright: Sequence[Rule]) -> bool:
    """Whether a level rule ends at upright ones, sorted from left to right, on either side."""
    y, x0, x1 = rule
    return all(
        any(
            top - _MEETS < y < bottom + _MEETS
            for x, top, bottom in upright[bisect_left(upright, (end - _MEETS,)) : bisect_left(upright, (end + _MEETS,))]
            if x > end - _MEETS
        )
        for end in (x0, x1)
    )
