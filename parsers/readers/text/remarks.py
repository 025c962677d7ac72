"""Notes that stand behind the figures of rows, under a head of their own: 备注.

Belongs here: telling them from labels and figures, in texts whose columns are held apart by spaces, and taking them off with
their head. Does not belong here: columns of figures that are no form's (`parsers.tables`).

A note with a digit in it may hold a figure, or be one: then all of them stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.grammar.figures import is_figure
from parsers.grammar.heads import head_words
from parsers.grammar.labels import places_of

from .markup import width_of

_GAP = re.compile(r"[ \u3000]{2,}")
# So many figures in front of words make these a note; a note is no longer.
_FEWEST_FIGURES, _LONGEST = 3, 20
# A table has no more lines, blank ones and wrapped labels among them.
_MOST_LINES = 120


def without_remarks(lines: Sequence[str]) -> list[str]:
    """The lines without the notes behind rows of figures and the heads over these notes."""
    out = list(lines)
    for i, line in enumerate(lines):
        cut = _last(line)
        if cut is None or head_words(line[cut:].strip()).kind != "remark":
            continue
        notes = _notes(lines, i, width_of(line[:cut]))
        if notes and not any(any(c.isdigit() for c in lines[k][at:]) for k, at in notes.items()):
            for k, at in {i: cut, **notes}.items():
                out[k] = out[k][:at].rstrip()
    return out


def _notes(lines: Sequence[str], head: int, column: int) -> dict[int, int]:
    """Where the notes begin under a head that stands at a column, by their lines."""
    found: dict[int, int] = {}
    for k in range(head + 1, min(head + _MOST_LINES, len(lines))):
        if "title" in places_of(lines[k].strip()):
            break
        at = _last(lines[k])
        if at is None or abs(width_of(lines[k][:at]) - column) > 1:
            continue
        if is_figure(lines[k][at:].strip()):
            # Where the notes begin, and no other row's figure: a note that is one.
            found[k] = at
            continue
        parts = _GAP.split(lines[k][:at].strip())
        if len(lines[k][at:].strip()) <= _LONGEST and all(map(is_figure, parts[-_FEWEST_FIGURES:])) and len(parts) > 3:
            found[k] = at
    return found


def _last(line: str) -> int | None:
    """Where the last of several pieces of a line begins that spaces hold apart."""
    if "  " not in line and "\u3000" not in line:
        return None
    gaps = [m for m in _GAP.finditer(line.rstrip()) if line[: m.start()].strip()]
    return gaps[-1].end() if gaps else None
