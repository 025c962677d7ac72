"""Tables in the markup of wikis and text processors whose signs are no cells: MediaWiki and list tables.

Belongs here: where such a table ends, its rows, cells and spans. Does not belong here: tables whose only signs are bars, tabs
or drawn lines (`separated`).

What these programs would not show as a cell is none: a line ``|-`` begins a row, ``- 37`` is no sum below zero. A table whose
rows do not come out alike carries a doubt in every cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape

from .markup import BLANKS, plain
from .separated import Block, Rows, Span

_ATTRIBUTES = re.compile(r"\s*(?:[a-zA-Z][\w-]*\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s|\"']+)\s*)+")
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?\s*(\d{1,3})", re.IGNORECASE)
_ROW = re.compile(r"\|-+\s*(?:[a-zA-Z][\w-]*\s*=.*)?")
_QUOTES = re.compile(r"'{2,5}")
_LIST_ROW, _LIST_CELL = re.compile(r"(\s*)\*\s+-(?:\s+(.*))?$"), re.compile(r"(\s+)-(?:\s+(.*))?$")
# So many rows that come out alike are a table although the signs around it were not copied.
_FEWEST = 3


def table(lines: Sequence[str], i: int) -> Block | None:
    """The table that begins in line ``i``."""
    line = lines[i].strip(BLANKS)
    if line.lstrip(":").startswith("{|"):
        return _wiki(lines, i, fenced=True)
    if line.startswith(("|", "!")) and not (i and lines[i - 1].strip(BLANKS).startswith(("|", "!"))):
        return _wiki(lines, i, fenced=False)
    if _LIST_ROW.match(lines[i].rstrip()):
        return _list(lines, i)
    return None


def _wiki(lines: Sequence[str], i: int, *, fenced: bool) -> Block | None:
    """A table of MediaWiki: ``{|``, a line ``|-`` before each row, one cell a line or several between ``||``, ``|}``."""
    fences = (text for line in lines[i + 1 :] if (text := line.strip(BLANKS + ":")).startswith(("{|", "|}")))
    closed = fenced and next(fences, "").startswith("|}")
    rows: Rows = [[]]
    separators, end = 0, i + 1 if fenced else i
    while end < len(lines):
        line = lines[end].strip(BLANKS)
        end += 1
        if line.startswith("|}"):
            break
        if line.startswith("|+"):
            continue
        if _ROW.fullmatch(line):
            separators += 1
            if rows[-1]:
                rows.append([])
        elif line.startswith(("|", "!")):
            rows[-1] += _wiki_cells(line, end)
        elif closed and line and rows[-1]:
            rows[-1][-1] = replace(rows[-1][-1], text=f"{rows[-1][-1].text}\n{_wiki_text(line)}".strip("\n"))
        elif line:
            end -= 1
            break
    rows = [row for row in rows if row]
    if not rows or (not fenced and (separators < _FEWEST or len({_width(row) for row in rows}) > 1)):
        return None
    return _block(rows, end)


def _wiki_cells(line: str, number: int) -> list[Span]:
    """The cells of a line of MediaWiki; what stands in front of a single bar is how a cell is set."""
    parts = re.split(r"\|\||!!" if line.startswith("!") else r"\|\|", line[1:])
    cells = []
    for part in parts:
        before, bar, text = part.partition("|")
        wide = high = 1
        doubt = None
        if bar and "[[" not in before and "{{" not in before:
            for what, much in _SPAN.findall(before):
                wide, high = (int(much), high) if what.lower() == "col" else (wide, int(much))
            doubt = None if not before.strip() or _ATTRIBUTES.fullmatch(before) else "label"
        else:
            text = part
        cells.append(Span(_wiki_text(text), number, max(wide, 1), doubt, rows=max(high, 1)))
    return cells


def _wiki_text(text: str) -> str:
    return unescape(plain(_QUOTES.sub("", text.replace("<nowiki>", "").replace("</nowiki>", "")))).strip(BLANKS)


def _list(lines: Sequence[str], i: int) -> Block | None:
    """A list table: a row begins with ``* -``, each further cell with ``-`` below its first."""
    first = _LIST_ROW.match(lines[i].rstrip())
    assert first is not None
    if i + 1 == len(lines) or not _LIST_CELL.match(lines[i + 1].rstrip(BLANKS)):
        return None
    rows: Rows = []
    end = i
    while end < len(lines):
        line = lines[end].rstrip(BLANKS)
        row, cell = _LIST_ROW.match(line), _LIST_CELL.match(line)
        if row is not None and row[1] == first[1]:
            rows.append([Span(plain(row[2] or ""), end + 1)])
        elif cell is not None and len(cell[1]) > len(first[1]):
            rows[-1].append(Span(plain(cell[2] or ""), end + 1))
        elif line and len(line) - len(line.lstrip()) > len(first[1]) + 2:
            last = rows[-1][-1]
            rows[-1][-1] = replace(last, text=f"{last.text}\n{plain(line.strip(BLANKS))}".strip("\n"))
        elif line:
            break
        end += 1
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return None
    return _block(rows, end)


def _width(row: Sequence[Span]) -> int:
    return sum(cell.columns for cell in row)


def _block(rows: Rows, end: int) -> Block:
    """The table, with a doubt in every cell where a row is longer than the others make room for."""
    spans = any(cell.columns > 1 or cell.rows > 1 for row in rows for cell in row)
    widths = [_width(row) for row in rows]
    if not spans and max(widths) > widths[0]:
        rows = [[replace(cell, doubt=cell.doubt or "label") for cell in row] for row in rows]
    return Block(rows, end, aligned=True, spans=spans)
