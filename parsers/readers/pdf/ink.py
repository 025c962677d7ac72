"""What is seen of a page besides its text: the page drawn without its characters.

Belongs here: whether something darker or lighter than its ground stands in a box.
Does not belong here: drawing the page (`visible`), which boxes are asked for and what follows from it (`accounted`).

A page is drawn only where something on it may stand for a figure, which most pages do not have.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from math import ceil

from schemas.facts import Box

# Levels out of 255: what differs less from the ground is a watermark, or shading.
_SEEN = 64
# A dot of so few pixels is no sign.
_FEWEST = 3
# Dots within which an edge is done, softened as it is drawn.
_STEP = 2


class Ink:
    """A page as it is shown, in grey, without its text. Boxes are points of the page as shown, from the top left."""

    def __init__(self, pixels: array[int], width: int, height: int, scale: float) -> None:
        self._pixels, self._width, self._height, self._scale = pixels, width, height, scale

    def ground(self, box: Box) -> int | None:
        """The level of most of a box; None where it is no place of the page."""
        x0, y0, x1, y1 = self._cut(box)
        counts: Counter[int] = Counter()
        for y in range(y0, y1):
            counts.update(self._pixels[y * self._width + x0 : y * self._width + x1])
        return counts.most_common(1)[0][0] if counts else None

    def stands_in(self, box: Box, ground: int, rules: Sequence[Box] = ()) -> bool:
        """Whether anything but the ground, and the rules that cross it, is seen in a box."""
        x0, y0, x1, y1 = self._cut(box)
        cut = [self._cut(rule) for rule in rules]
        found = 0
        for y in range(y0, y1):
            row = self._pixels[y * self._width + x0 : y * self._width + x1]
            if not row or max(abs(min(row) - ground), abs(max(row) - ground)) < _SEEN:
                continue
            for x, level in enumerate(row, start=x0):
                if abs(level - ground) >= _SEEN and not any(
                    a <= x < b and top <= y < bottom for a, top, b, bottom in cut
                ):
                    found += 1
                    if found >= _FEWEST:
                        return True
        return False

    def is_varied(self, box: Box) -> bool:
        """Whether a line or an edge goes through a box: levels that differ from one dot to the next but one. Shading that
        goes over from one level to another does not."""
        x0, y0, x1, y1 = self._cut(box)
        rows = [self._pixels[y * self._width + x0 : y * self._width + x1] for y in range(y0, y1)]
        steps = [(row, row[_STEP:]) for row in rows] + [*zip(rows, rows[_STEP:], strict=False)]
        return sum(abs(a - b) >= _SEEN for one, other in steps for a, b in zip(one, other, strict=False)) >= _FEWEST

    def _cut(self, box: Box) -> tuple[int, int, int, int]:
        """The pixels that lie in a box, those on its sides as well."""
        x0, y0, x1, y1 = (side * self._scale for side in box)
        return (
            max(int(x0), 0),
            max(int(y0), 0),
            min(ceil(x1), self._width),
            min(ceil(y1), self._height),
        )
