"""Parts of a page that their own styles place are put into the order in which they are seen; a grid of them is a table.

Belongs here: ``grid-row``, ``grid-column``, ``order``, and ``position: absolute`` with its four lengths, as elements
state them themselves. Does not belong here: what rules of a style sheet place (`effects`: such a figure is not certain),
what a table means (`tables`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

from lxml import etree

from .page import text_between
from .styles import named, pixels

WORD = re.compile(r"grid-(?:row|column|area)|(?:^|[;\s\"'])order\s*:|position\s*:\s*absolute", re.IGNORECASE)
_ORDERED = re.compile(rb"order[\s\x80-\xff]*:")
_LINE = re.compile(r"\s*(\d{1,4})\s*(?:/\s*(?:span\s+(\d{1,3})|(\d{1,4}))\s*)?")
_ORDER = re.compile(r"-?\d{1,6}")
# So many parts in a grid at the least, and places in it at the most; pixels by which two lines are one.
_FEWEST, _MOST, _SAME = 4, 20_000, 2.0
_STYLED = etree.XPath(".//*[@style]")


class _Part(NamedTuple):
    """A part and where it stands: its first row and column, and how many of each it takes."""

    element: Any
    row: float
    column: float
    rows: float = 1
    columns: float = 1


def places_parts(text: str, markup: bytes) -> bool:
    """Whether a page has a word of a style that places parts; most have none, as ``markup`` tells: the page's bytes in small
    letters."""
    before = (markup[m.start() - 1 : m.start()] for m in _ORDERED.finditer(markup))
    if b"grid-" in markup or b"absolute" in markup or not all(b.isalpha() or b == b"-" for b in before):
        return WORD.search(text) is not None
    return False


def settle(root: Any) -> None:
    """Put what is placed into the order in which it is seen, in a whole page."""
    parents: dict[Any, None] = {}
    for element in _STYLED(root):
        if WORD.search(element.get("style")) and element.getparent() is not None:
            parents[element.getparent()] = None
    for parent in parents:
        children = [child for child in parent if isinstance(child.tag, str)]
        styles = [named(child.get("style") or "") for child in children]
        if text_between(parent):
            continue
        parts = _on_lines(children, styles) or _in_boxes(children, styles)
        if parts is None or parent.tag in ("tr", "tbody", "table") or not _as_table(parent, parts):
            found = parts or _ordered(children, styles)
            if found is not None and len(found) == len(parent):
                parent[:] = [part.element for part in sorted(found, key=lambda part: (part.row, part.column))]


def _on_lines(children: Sequence[Any], styles: Sequence[dict[str, str]]) -> list[_Part] | None:
    """Parts that say the lines of the grid between which they stand; None where one of them does not."""
    parts = []
    for child, style in zip(children, styles, strict=True):
        area = [piece.strip() for piece in style.get("grid-area", "").split("/")]
        if len(area) == 4:
            row, column = f"{area[0]}/{area[2]}", f"{area[1]}/{area[3]}"
        else:
            row, column = (
                style.get("grid-row", "1" if child.getparent().tag == "tr" else ""),
                style.get("grid-column", ""),
            )
        at = _LINE.fullmatch(row), _LINE.fullmatch(column)
        if at[0] is None or at[1] is None:
            return None
        (first, rows), (left, columns) = (_span(m) for m in at if m is not None)
        parts.append(_Part(child, first, left, rows, columns))
    return parts or None


def _span(m: re.Match[str]) -> tuple[int, int]:
    first = int(m[1])
    return first, max(int(m[2]) if m[2] else int(m[3]) - first if m[3] else 1, 1)


def _in_boxes(children: Sequence[Any], styles: Sequence[dict[str, str]]) -> list[_Part] | None:
    """Parts on the lines of the grid that the sides of their boxes make. Lines of text without a size, as programs write
    that turn a PDF into a page, are in the order of their own file.
    """
    boxes, out = [], []
    for child, style in zip(children, styles, strict=True):
        top, left = pixels(style.get("top", "")), pixels(style.get("left", ""))
        high, wide = pixels(style.get("height", "")), pixels(style.get("width", ""))
        if style.get("position") != "absolute" or top is None or left is None or not high or not wide:
            return None
        boxes.append(_Part(child, top, left, high, wide))
    tops, lefts = _lines([box.row for box in boxes]), _lines([box.column for box in boxes])
    for box in boxes:
        row, column = _line(tops, box.row), _line(lefts, box.column)
        last = _line(tops, box.row + box.rows), _line(lefts, box.column + box.columns)
        out.append(_Part(box.element, row, column, max(last[0] - row, 1), max(last[1] - column, 1)))
    return out or None


def _lines(positions: Sequence[float]) -> list[float]:
    out: list[float] = []
    for position in sorted(positions):
        if not out or position - out[-1] > _SAME:
            out.append(position)
    return out


def _line(lines: Sequence[float], position: float) -> int:
    """The number of the first line that is at a position or behind it."""
    return bisect_left(lines, position - _SAME)


def _ordered(children: Sequence[Any], styles: Sequence[dict[str, str]]) -> list[_Part] | None:
    orders = [style.get("order", "0") for style in styles]
    if not any("order" in style for style in styles) or not all(_ORDER.fullmatch(order) for order in orders):
        return None
    return [_Part(child, int(order), n) for n, (child, order) in enumerate(zip(children, orders, strict=True))]


def _as_table(parent: Any, parts: Sequence[_Part]) -> bool:
    """A table in the place of parts that fill a grid of several columns; False where they do not."""
    top, left = min(p.row for p in parts), min(p.column for p in parts)
    cells = [_Part(p.element, *(int(n) for n in (p.row - top, p.column - left, p.rows, p.columns))) for p in parts]
    rows, columns = (
        int(max(ends)) for ends in zip(*((c.row + c.rows, c.column + c.columns) for c in cells), strict=True)
    )
    if len(cells) < _FEWEST or columns < 2 or rows < 2 or rows * columns > _MOST:
        return False
    taken: dict[tuple[int, int], _Part] = {}
    for cell in cells:
        for row in range(int(cell.row), int(cell.row + cell.rows)):
            for column in range(int(cell.column), int(cell.column + cell.columns)):
                if (row, column) in taken:
                    return False
                taken[row, column] = cell
    if 2 * len(taken) < rows * columns:
        return False
    table = etree.Element("table")
    for row in range(rows):
        line = etree.SubElement(table, "tr")
        for column in range(columns):
            found = taken.get((row, column))
            if found is None:
                etree.SubElement(line, "td")
            elif (found.row, found.column) == (row, column):
                spans = {"rowspan": str(int(found.rows)), "colspan": str(int(found.columns))}
                etree.SubElement(line, "td", spans).append(found.element)
    parent.append(table)
    return True
