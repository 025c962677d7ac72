"""How a text uses the bars between the cells of its tables.

Belongs here: what only all lines together tell of that. Does not belong here: one line's bars (`markup`), tables
(`separated`, `stream`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from parsers.grammar.figures import is_figure
from parsers.grammar.labels import is_label

from .markup import begins_with_bar, ends_with_bar, has_bars, split_bars

# Where bars stand: behind each cell; in front of each; on both sides of each; between the cells of a line.
Style = Literal["behind", "before", "around", "between"]


class Bars:
    """The bars of a text's lines."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines

    @cached_property
    def cells(self) -> dict[str, list[str]]:
        """The cells of each line with bars; a bar at its beginning, or end, bounds no other cell."""
        return {line: split_bars(line) for line in self.lines if has_bars(line)}

    @cached_property
    def style(self) -> Style:
        """How the lines of labels use bars."""
        found: Counter[Style] = Counter()
        for line in self.lines:
            if line in self.cells and is_label(next(filter(None, self.cells[line]), "")):
                before, behind = begins_with_bar(line), ends_with_bar(line)
                found["around" if before and behind else "before" if before else "behind" if behind else "between"] += 1
        return max(found, key=lambda style: found[style], default="behind")

    @cached_property
    def spare_behind(self) -> bool:
        """Whether the last cell of a row carries the bars of spare places on its own line, so that a blank one does too."""
        lines = (self.cells[line] for line in self.lines if line in self.cells)
        return sum(len(cells) > 1 and not any(cells[1:]) and is_figure(cells[0]) for cells in lines) > 1
