"""Where the columns of a table without rules change their places: a second piece of it below, or on the next page.

Belongs here: where figures begin to stand in other places, and what their columns are there.
Does not belong here: columns under heads (`columns`), repeated heads (`blocks`).

The figures of a column begin, end or have their middles at one place. As long as a table is one piece, its figures have no
more such places than it has columns, and those of two columns share no width.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from parsers.grammar.figures import has_digit, is_digits
from parsers.grammar.labels import key_of, vocabulary

from .blocks import figures_of
from .columns import Column, Extent, runs_of
from .pieces import FigureLine, Piece

# Points by which figures of a column are off their place.
_OFF = 2.0
# Points of width that figures of two columns may share.
_SHARED = 0.5
# With more pieces than these the figures of a table stand in no places at all.
_MOST_PIECES = 3
# So many figures in known places tell that a line belongs to the piece above.
_TELLING = 2
# What is put beside a figure that was looked at.
_TICKS = frozenset("√✓✔☑×")

_WAYS: tuple[Callable[[Piece], float], ...] = (
    lambda piece: piece.center,
    lambda piece: piece.x1,
    lambda piece: piece.x0,
)


@dataclass(slots=True)
class Part:
    """Lines of figures whose columns keep their places; ``unsure`` may be of the part above as well."""

    lines: list[FigureLine] = field(default_factory=list)
    unsure: list[FigureLine] = field(default_factory=list)


def parts_of(lines: Sequence[FigureLine], wanted: int) -> list[Part]:
    """The pieces of a table with so many columns, from top to bottom: one, if its figures keep their places."""
    wanted = max(wanted, max((len(line.pieces) for line in lines), default=0))
    best: list[Part] = []
    telling = [_telling(line) for line in lines]
    for way in _WAYS:
        found = _parted(lines, telling, wanted, way)
        if len(found) == 1:
            return found
        if not best or len(found) < len(best):
            best = found
    return best if len(best) <= _MOST_PIECES else [Part([*lines])]


def _parted(
    lines: Sequence[FigureLine], telling: Sequence[list[Piece]], wanted: int, way: Callable[[Piece], float]
) -> list[Part]:
    """The pieces by one way in which figures may keep their places. ``telling``: of every line the figures that tell."""
    out = [Part()]
    places: list[_Place] = []
    # Of the lines of the part: how many figures stand in places of their own, and in known ones.
    told: list[tuple[int, int]] = []
    for n, (line, whole) in enumerate(zip(lines, telling, strict=True)):
        new = _stand_apart(whole, places, way)
        if told and (new is None or len(places) + new > wanted):
            if any(_is_in_place(after, places, way) for after in telling[n + 1 : n + 1 + _TELLING]):
                # One line among others that keep their places: a stray figure, or one that reaches over its cell.
                told.append((0, 0))
                out[-1].lines.append(line)
                continue
            begins = len(told)
            while begins > 1 and (told[begins - 1][0] or told[begins - 1][1] < _TELLING):
                begins -= 1
            between = out[-1].lines[begins:]
            del out[-1].lines[begins:]
            out.append(Part(unsure=between))
            places, told, new = [], [], len(whole)
        for piece in whole:
            _put(piece, places, way(piece))
        told.append((new or 0, len(whole) - (new or 0)))
        out[-1].lines.append(line)
    return out


def _telling(line: FigureLine) -> list[Piece]:
    """The figures and marks that stand in one column: not what a space parts, nor a tick, or a figure with it."""
    return [p for p in line.pieces if " " not in p.text and _TICKS.isdisjoint(p.text)]


def _is_in_place(whole: Sequence[Piece], places: Sequence[_Place], way: Callable[[Piece], float]) -> bool:
    """Whether several figures of a line stand in known places, and none elsewhere."""
    return len(whole) >= _TELLING and _stand_apart(whole, places, way) == 0


@dataclass(slots=True)
class _Place:
    """Where a column's figures begin, end or have their middles (from, to), and how far they reach."""

    low: float
    high: float
    x0: float
    x1: float


def _at(where: float, places: Sequence[_Place]) -> _Place | None:
    """The first place that something there belongs to."""
    # Asked of every figure: comparisons are cheaper than calls.
    for place in places:
        low, high = place.low, place.high
        if (where if where > high else high) - (where if where < low else low) <= 2 * _OFF:
            return place
    return None


def _stand_apart(pieces: Sequence[Piece], places: Sequence[_Place], way: Callable[[Piece], float]) -> int | None:
    """How many figures are in no known place; None where one of them would share its column's width with another one."""
    new = 0
    for piece in pieces:
        if _at(way(piece), places) is None:
            new += 1
            if any(piece.x0 < place.x1 - _SHARED and place.x0 + _SHARED < piece.x1 for place in places):
                return None
    return new


def _put(piece: Piece, places: list[_Place], where: float) -> None:
    place = _at(where, places)
    if place is None:
        places.append(_Place(where, where, piece.x0, piece.x1))
        return
    if where < place.low:
        place.low = where
    elif where > place.high:
        place.high = where
    place.x0, place.x1 = min(place.x0, piece.x0), max(place.x1, piece.x1)


class Places:
    """The columns at each height of a block: those under its heads and, of pieces below, their own by their order.

    A piece that has not as many as the table stands under nobody knows which.
    """

    def __init__(self, columns: Sequence[Column], parts: Sequence[Part] = ()) -> None:
        self.columns = columns
        self._left = _beginning(columns)
        self._begin: list[int] = []
        self._own: list[list[Column] | None] = []
        self._stray: set[int] = set()
        for part in parts[1:]:
            lines = [line.pieces[0].line for line in (*part.unsure, *part.lines)]
            for begin, own in ((min(lines), None), (part.lines[0].pieces[0].line, _columns_in(part, columns))):
                self._begin.append(begin)
                self._own.append(own)

    def at(self, piece: Piece) -> tuple[Sequence[Column], bool]:
        """The columns where a word stands, and whether they are its line's for certain."""
        own = self._at(piece)
        return (own, piece.line not in self._stray) if own is not None else (self.columns, False)

    def left(self, piece: Piece) -> float:
        """Where the first column begins, on the line of a word."""
        own = self._at(piece) if self._begin else None
        return _beginning(own) if own else self._left

    def note_strays(self, body: Sequence[Sequence[Piece]], lines: Sequence[FigureLine]) -> None:
        """Beside figures that stand behind their label and before all columns, no figure is in its column for certain.

        One on most lines, or before the labels, is a number that they have.
        """
        placed = {id(piece) for line in lines for piece in line.pieces}
        open_lines = [line for line in body if any(p.is_figure and id(p) not in placed for p in line)]
        if not open_lines:
            return
        begin = median([p.x0 for line in body for p in line if not p.is_figure] or [float("-inf")])
        found = {
            line[0].line: strays
            for line in open_lines
            if (
                strays := [
                    p
                    for p in figures_of(line, begin)
                    if id(p) not in placed and p.x1 <= self.left(p) + 1.0 and is_digits(p.text)
                ]
            )
        }
        if any(len(strays) > 1 for strays in found.values()) or 2 * len(found) <= len(lines):
            self._stray.update(found)

    def _at(self, piece: Piece) -> Sequence[Column] | None:
        n = bisect_right(self._begin, piece.line)
        return self._own[n - 1] if n else self.columns


def _beginning(columns: Sequence[Column]) -> float:
    """Where the figures of the first column begin."""
    return min((x0 for x0, _, _ in columns[0].figures), default=columns[0].x0)


def _columns_in(part: Part, columns: Sequence[Column]) -> list[Column] | None:
    """The columns of a lower piece; one of remarks, that no form knows, has none there that had no figures above."""
    known = vocabulary().columns
    out = [Column(c.x0, c.x1) for c in columns]
    headed = [k for k, c in enumerate(columns) if key_of("".join(p.text for p in c.head)) in known]
    plain = [[p for p in _telling(line) if is_digits(p.text) or not has_digit(p.text)] for line in part.lines]
    runs: Sequence[Extent] = runs_of([FigureLine(pieces) for pieces in plain if pieces], (), len(headed))
    filled = [k for k, c in enumerate(columns) if c.figures or k in headed]
    own = next((own for own in (filled, headed) if len(own) == len(runs)), None)
    if own is None:
        return None
    for k, (x0, x1) in zip(own, runs, strict=True):
        out[k] = Column(x0, x1, [], [(x0, x1, None)])
    return out


__all__ = ["Part", "Places", "parts_of"]
