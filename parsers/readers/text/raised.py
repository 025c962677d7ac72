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
    """The lines with raised figures behind their labels; a line that became empty stays, so that others keep their number.

    A blank line between every label and its figures looks the same from within. What tells is how rows begin and end:
    raised figures stand above the first label of a table, and none below its last.
    """
    out = list(lines)
    alone = [i for i, line in enumerate(lines) if _figures(line)]
    above = [i for i in alone if not _line(lines, i - 1).strip() and _label(_line(lines, i + 1))]
    if len(above) < _FEWEST:
        return out
    below = sum(not _line(lines, i + 1).strip() and _label(_line(lines, i - 1)) for i in alone)
    first = sum(not _label(_next(lines, i, -1)) for i in above)
    last = sum(_label(_next(lines, i, -1)) and not _label(_next(lines, i, 1)) for i in alone)
    if below > _MOST_BELOW * (len(above) + below) or not first or last > _MOST_BELOW * first:
        return out
    for i in above:
        start = len(lines[i]) - len(lines[i].lstrip())
        out[i], out[i + 1] = "", lines[i + 1].rstrip().ljust(start) + "  " + lines[i].strip()
    return out


def _line(lines: Sequence[str], i: int) -> str:
    return lines[i] if 0 <= i < len(lines) else ""


def _next(lines: Sequence[str], i: int, step: int) -> str:
    """The next line with words or figures before or behind a line."""
    i += step
    while 0 <= i < len(lines) and not lines[i].strip():
        i += step
    return _line(lines, i)


def _figures(line: str) -> bool:
    return line[:1].isspace() and _DIGIT.search(line) is not None and all(is_figure(word) for word in line.split())


def _label(line: str) -> bool:
    return bool(line.strip()) and "row" in places_of(line.strip())
