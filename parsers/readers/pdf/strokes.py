"""Rules of a page: pieces at one position joined, and lines that are no rules at all but drawn in cells.

Belongs here: the arithmetic of level and upright lines before any table is looked for.
Does not belong here: where lines come from (`objects`), the grids that rules make (`ruled`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from schemas.facts import Box

from .content import PageContent, Rule

# Rules nearer than this are one; pieces of a rule nearer than this are joined (dashes, cells with own borders).
SNAP = 3.0
GAP = 4.5
# Between rules so near to one another no character stands.
NO_ROOM = 4.5
# A merged rule shorter than this is no rule of a table.
SHORTEST = 5.0
_SAME = 0.5
# So many dots make a rule, and so many dots' room is between two.
_DOTS, _DOT_GAP = 5, 3.0
# Points of a dash or of a stroke, and how many there may be.
_DASH, _MOST_STROKES = 16.0, 3_000
# Points within which a short line may be a piece of a rule; of what is drawn in a cell; in which places are looked up.
_NEAR, _LARGEST_DRAWN, _ROW = 2, (80.0, 30.0), 20.0
# Rules that meet leave no more points between them.
_MEETS = 1.5
# Points of a digit of strokes, and how many level ones it has: so narrow a box of a table's own rules holds no figure.
_DIGIT, _DIGITS_LEVELS = (8.0, 14.0), 2

# (position, pieces from start to end)
Merged = tuple[float, list[tuple[float, float]]]
_POSITION, _START = itemgetter(0), itemgetter(1)


def merged(rules: Sequence[Rule]) -> list[Merged]:
    """Rules at one position as one, their pieces joined."""
    out: list[Merged] = []
    ordered = sorted(rules)
    start = 0
    while start < len(ordered):
        end = bisect_right(ordered, ordered[start][0] + SNAP, start, key=_POSITION)
        out.append(one_of(ordered[start:end]))
        start = end
    return [m for m in out if m[1]]


def one_of(group: list[Rule]) -> Merged:
    if len(group) == 1:
        position, start, end = group[0]
        return (position, [(start, end)] if end - start >= SHORTEST else [])
    pieces: list[tuple[float, float]] = []
    total = sum([end - start for _, start, end in group])
    weight = sum([position * (end - start) for position, start, end in group])
    group.sort(key=_START)
    for _, start, end in group:
        if pieces and start - pieces[-1][1] <= GAP:
            if end > pieces[-1][1]:
                pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return (weight / total if total else group[0][0], [p for p in pieces if p[1] - p[0] >= SHORTEST])


def dotted_rules(dots: Sequence[Box]) -> tuple[list[Box], list[Box]]:
    """The rules that are drawn a dot at a time, and the dots of none."""
    rules: list[Box] = []
    used: set[Box] = set()
    for level in (0, 1):
        # The position across the rule, then along it.
        lines: dict[int, list[Box]] = {}
        for dot in dots:
            lines.setdefault(round(2 * dot[1 - level]), []).append(dot)
        for line in lines.values():
            line.sort(key=itemgetter(level))
            run: list[Box] = []
            for dot in [*line, (float("inf"),) * 4]:
                if run and dot[level] - run[-1][level + 2] > _DOT_GAP * (run[-1][level + 2] - run[-1][level]):
                    if len(run) >= _DOTS:
                        rules.append((run[0][0], run[0][1], run[-1][2], run[-1][3]))
                        used.update(run)
                    run = []
                run.append(dot)
    return rules, [dot for dot in dots if dot not in used]


def set_loose_apart(page: PageContent) -> None:
    """Short lines that hang together with one another and with no rule are drawn in cells, and are no rules: digits of
    strokes, dashes, ticks, small boxes.
    """
    widest, highest = _LARGEST_DRAWN
    level = [box_of(*r, level=True) for r in _strokes(page.horizontal, widest)]
    upright = [box_of(*r, level=False) for r in _strokes(page.vertical, _DASH)]
    if not (level or upright) or len(level) + len(upright) > _MOST_STROKES:
        return
    # Strokes under one another may look like one rule; beside level ones they are none.
    beside = [box_of(*r, level=False) for r in page.vertical if r[2] - r[1] < _DASH] if level else upright
    long = [box_of(*r, level=True) for r in page.horizontal if r[2] - r[1] >= _DASH]
    long += [box_of(*r, level=False) for r in page.vertical if r[2] - r[1] >= _DASH]
    long += [box_of(y, a, b, level=True) for y, pieces in merged(page.horizontal) for a, b in pieces if b - a >= widest]
    alone = _Places(upright)
    loose = [
        box
        for box, levels, uprights in _together([*level, *beside])
        if box[2] - box[0] < widest
        and box[3] - box[1] < highest
        and (levels or alone.hold(box))
        and not any(_meet(box, other) and not (uprights and _is_beside(box, levels, other)) for other in long)
    ]
    if not loose:
        return
    page.drawn += loose
    page.pictures += [box for box in loose if max(box[2] - box[0], box[3] - box[1]) >= SHORTEST]
    places = _Places(loose)
    page.horizontal = [r for r in page.horizontal if r[2] - r[1] >= _DASH or not places.hold(box_of(*r, level=True))]
    page.vertical = [r for r in page.vertical if r[2] - r[1] >= _DASH or not places.hold(box_of(*r, level=False))]


def _strokes(rules: Sequence[Rule], most: float) -> list[Rule]:
    """The short rules that are no longer than so much when they are joined, as those of the digits of one figure are."""
    if all(end - start >= _DASH for _, start, end in rules):
        return []
    joined = [(p, a, b) for p, pieces in merged(rules) for a, b in pieces]
    pieces = [one for one in joined if one[2] - one[1] < most]
    tiny = [rule for rule in rules if rule[2] - rule[1] < SHORTEST]
    if tiny:
        # What is joined to a rule with others is a part of it: most are dashes.
        near = {round(p) + k for p, _, _ in joined for k in range(-_NEAR, _NEAR + 1)}
        tiny = [rule for rule in tiny if round(rule[0]) not in near]
    if not pieces:
        return tiny
    out: list[Rule] = []
    for position, start, end in pieces:
        own = [r for r in rules if abs(r[0] - position) <= SNAP and r[1] < end and r[2] > start]
        if all(b - a < _DASH for _, a, b in own):
            out += own
    return out + tiny


def box_of(position: float, start: float, end: float, *, level: bool) -> Box:
    return (start, position, end, position) if level else (position, start, position, end)


def _is_beside(box: Box, levels: int, rule: Box) -> bool:
    """Whether strokes that stand as close to a level rule as if they met it are a digit beside it."""
    if levels < _DIGITS_LEVELS or box[2] - box[0] > _DIGIT[0] or box[3] - box[1] > _DIGIT[1]:
        return False
    return rule[1] == rule[3] and not box[1] + _SAME < rule[1] < box[3] - _SAME


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] + _MEETS and b[0] < a[2] + _MEETS and a[1] < b[3] + _MEETS and b[1] < a[3] + _MEETS


def around(boxes: Sequence[Box]) -> Box:
    """The box around some others."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def _together(boxes: Sequence[Box]) -> list[tuple[Box, int, int]]:
    """The boxes around those that meet; how many of them are level, and how many upright."""
    out: list[tuple[Box, int, int]] = []
    for box in sorted(boxes):
        grown, levels, uprights = box, int(box[1] == box[3]), int(box[1] != box[3])
        met = True
        while met:
            met = False
            rest: list[tuple[Box, int, int]] = []
            for other in out:
                if _meet(grown, other[0]):
                    grown = around((grown, other[0]))
                    levels, uprights, met = levels + other[1], uprights + other[2], True
                else:
                    rest.append(other)
            out = rest
        out.append((grown, levels, uprights))
    return out


class _Places:
    """Boxes by the height that they stand at."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._rows: dict[int, list[Box]] = {}
        for box in boxes:
            for row in range(int(box[1] // _ROW), int(box[3] // _ROW) + 1):
                self._rows.setdefault(row, []).append(box)

    def hold(self, box: Box) -> bool:
        """Whether the middle of a box lies in one of them, or on its side."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(
            b[0] - _SAME <= x <= b[2] + _SAME and b[1] - _SAME <= y <= b[3] + _SAME
            for b in self._rows.get(int(y // _ROW), ())
        )
