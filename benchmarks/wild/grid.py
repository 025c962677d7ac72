"""A table before it is put on any page: boxes with spans, each knowing what it is.

Belongs here: the shape of a table, free of any format. Does not belong here: which boxes a statutory table has
(`tables`) and how boxes are printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Box:
    """One cell of a table with its span; `address` where it holds a figure of the form."""

    text: str
    cols: int = 1
    rows: int = 1
    # head, label, figure, aside (numbers of rows, remarks) or title.
    role: str = "figure"
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of the grid: the box that covers it, and whether the box begins here."""

    box: Box
    starts_row: bool
    starts_column: bool


@dataclass(slots=True)
class Grid:
    """A table: rows of boxes, those covered from above left out, as in HTML."""

    name: str
    rows: list[list[Box]] = field(default_factory=list)
    # So many rows at the top are heads and may be repeated on every page.
    head: int = 0
    # Columns of labels at the left, for widths.
    labels: int = 1

    @property
    def width(self) -> int:
        return max((sum(b.cols for b in row) for row in self.rows), default=0)

    def slots(self) -> list[list[Slot]]:
        """Every place of the grid with the box that covers it; short rows end early."""
        made: list[list[Slot]] = []
        hanging: dict[int, tuple[Box, int, int]] = {}
        for row in self.rows:
            line: list[Slot] = []
            waiting = list(row)
            while waiting or len(line) in hanging:
                at = len(line)
                if at in hanging:
                    box, left, first = hanging.pop(at)
                    line += [Slot(box, False, i == 0) for i in range(box.cols)]
                    if left > 1:
                        hanging[first] = (box, left - 1, first)
                        # A box that hangs on must not be met again in this row: it stands left of us now.
                    continue
                box = waiting.pop(0)
                line += [Slot(box, True, i == 0) for i in range(box.cols)]
                if box.rows > 1:
                    hanging[at] = (box, box.rows - 1, at)
            made.append(line)
        return made

    def boxes(self) -> list[Box]:
        return [b for row in self.rows for b in row]
