"""Tables in the markup of wikis and text processors whose signs are no cells: MediaWiki and list tables.

Belongs here: where such a table ends. Does not belong here: tables whose only signs are bars, tabs or drawn lines
(`separated`).

A line ``|-`` begins a row there, ``- 37`` is no sum below zero: read as anything else, such a table would be read wrong. Its
lines are seen, and each is a cell of which nothing is certain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from .markup import BLANKS
from .separated import Block, Span

_ROW = re.compile(r"\|-+\s*(?:[a-zA-Z][\w-]*\s*=.*)?")
_LIST_ROW, _LIST_CELL = re.compile(r"\s*\*\s+-(?:\s|$)"), re.compile(r"\s+\S")
# So many rows that come out alike are a table although the signs around it were not copied.
_FEWEST = 3


def table(lines: Sequence[str], i: int) -> Block | None:
    """The table that begins in line ``i``."""
    line = lines[i].strip(BLANKS)
    if line.lstrip(":").startswith("{|"):
        fences = (k for k in range(i + 1, len(lines)) if lines[k].strip(BLANKS + ":").startswith(("{|", "|}")))
        end = next(fences, None)
        if end is None or not lines[end].strip(BLANKS + ":").startswith("|}"):
            end = i + len(_barred(lines, i + 1))
        end += 1
    elif line.startswith(("|", "!")) and not (i and lines[i - 1].strip(BLANKS).startswith(("|", "!"))):
        own = _barred(lines, i)
        # How many cells each row has.
        widths = [0]
        for text in own:
            if _ROW.fullmatch(text):
                widths.append(0)
            else:
                widths[-1] += 1 + text.count("||" if text[0] == "|" else "!!")
        if len(widths) <= _FEWEST or len({width for width in widths if width}) > 1:
            return None
        end = i + len(own)
    elif _LIST_ROW.match(lines[i]) and i + 1 < len(lines) and re.match(r"\s+-(?:\s|$)", lines[i + 1]):
        end = i + 1 + sum(1 for _ in takewhile(lambda t: _LIST_ROW.match(t) or _LIST_CELL.match(t), lines[i + 1 :]))
    else:
        return None
    return Block([[Span(lines[k].strip(BLANKS), k + 1, doubt="label")] for k in range(i, end)], end, aligned=True)


def _barred(lines: Sequence[str], i: int) -> list[str]:
    """The lines from ``i`` on that begin with a bar or an exclamation mark."""
    return list(takewhile(lambda text: text.startswith(("|", "!")), (line.strip(BLANKS) for line in lines[i:])))
