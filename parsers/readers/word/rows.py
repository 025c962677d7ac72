"""Rows of a table and cells of a row: spans, merges, and what was deleted or is hidden.

Belongs here: what the properties of rows and cells say. Does not belong here: what stands in a cell (`walk`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from parsers.readers.builder import MAX_COLUMNS, Builder, span

from . import markup
from .looks import Paint, ground_of


@dataclass(slots=True)
class RawCell:
    """A w:tc as it stands in its row."""

    element: Any
    colspan: int
    absurd: bool
    merge: str | None
    joins_left: bool
    ground: Paint | None = None


def within(parent: Any, wanted: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also inside content controls and the like."""
    for element in parent:
        if element.tag == wanted:
            yield element
        else:
            yield from within(markup.content_of(element), wanted)


def row_properties(properties: Iterable[Any]) -> tuple[int, str | None]:
    """Columns left free before the first cell, and why the row is left out, if it is."""
    before, hidden = 0, None
    for child in properties:
        tag = child.tag
        if tag == markup.W_GRID_BEFORE:
            value = child.get(markup.W_VAL, "")
            before = span(value, MAX_COLUMNS) if value.strip(" +0") else 0
        elif tag == markup.W_DEL:
            hidden = "tracked_deletion"
        elif tag == markup.W_HIDDEN and markup.toggle(child):
            hidden = hidden or "hidden"
    return before, hidden


def cells_of(tr: Any, properties: dict[Any, list[Any]], builder: Builder) -> list[RawCell]:
    cells = []
    for tc in within(tr, markup.W_TC):
        colspan, merge, joins_left, deleted = 1, None, False, False
        ground: Paint | None = None
        for child in properties.get(tc, ()):
            tag = child.tag
            if tag == markup.W_GRID_SPAN:
                colspan = span(child.get(markup.W_VAL), MAX_COLUMNS + 1)
            elif tag == markup.W_VMERGE:
                merge = "restart" if child.get(markup.W_VAL) == "restart" else "continue"
            elif tag == markup.W_HMERGE:
                joins_left = child.get(markup.W_VAL) != "restart"
            elif tag == markup.W_CELL_DEL:
                deleted = True
            else:
                ground = ground or ground_of(child)
        if deleted:
            builder.note("tracked_deletion", markup.all_text(tc), apart=True)
            continue
        cells.append(RawCell(tc, colspan, colspan > MAX_COLUMNS, merge, joins_left, ground))
    return cells
