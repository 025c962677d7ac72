"""Figures that were printed above the middle of their row, and so on a line of their own above its label.

Belongs here: telling a text that has them so, and putting each such line behind the label below it. Does not belong here:
columns (`page`), which row a label is (`parsers.tables`).

Programs that set a page's lines as lines of text (`pdftotext -layout`) part the rows of such a table by a blank line:

                      83127  140  0  6296  4808  5279  99650
    一、本年新收政府信息公开申请数量
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.grammar.figures import is_figure
from parsers.grammar.labels import places_of

# So many lines of figures stand right above a label behind a blank line, ...
_FEWEST = 3
# ... and of those that stand alone beside one label no larger share stands right below it.
_MOST_BELOW = 0.2
_DIGIT = re.compile(r"\d")


def lowered(lines: Sequence[str]) -> list[str]:
    """The lines with raised figures behind their labels; a line that became empty stays, so that others keep their number."""
    above = [i for i in range(len(lines)) if _alone(lines, i) == "above"]
    below = sum(_alone(lines, i) == "below" for i in range(len(lines))) if len(above) >= _FEWEST else 0
    out = list(lines)
    if len(above) < _FEWEST or below > _MOST_BELOW * (len(above) + below):
        return out
    for i in above:
        start = len(lines[i]) - len(lines[i].lstrip())
        out[i], out[i + 1] = "", lines[i + 1].rstrip().ljust(start) + "  " + lines[i].strip()
    return out


def _alone(lines: Sequence[str], i: int) -> str | None:
    """Whether a line of figures alone stands right above a row's label, or right below it, and beside nothing else."""
    if not _figures(lines[i]):
        return None
    before, behind = (lines[k] if 0 <= k < len(lines) else "" for k in (i - 1, i + 1))
    if not before.strip() and _label(behind):
        return "above"
    return "below" if not behind.strip() and _label(before) else None


def _figures(line: str) -> bool:
    return _DIGIT.search(line) is not None and line[:1].isspace() and all(is_figure(word) for word in line.split())


def _label(line: str) -> bool:
    return bool(line.strip()) and "row" in places_of(line.strip())
