"""A composed report as plain text or Markdown, as scraping, copying and conversion leave it.

Belongs here: tables in running lines. Does not belong here: what is in them (`compose`).
"""

from __future__ import annotations

from dataclasses import replace

from .compose import Grid, GridCell, compose
from .layout import Layout
from .truth import Truth


def _flat(cell: GridCell) -> str:
    return cell.text.replace("\n", " ") + cell.mark


def _one_cell_a_line(grid: Grid) -> list[str]:
    """Every cell with the bar behind it; a line of bars, one for each cell that spans swallowed, ends a row."""
    widest = max(len(row) for row in grid.rows)
    lines: list[str] = []
    for i, row in enumerate(grid.rows):
        lines += [f"{_flat(cell)} |" for cell in row]
        if i + 1 < len(grid.rows):
            lines.append("|" * (widest - len(row) + 1))
    lines[-1] = lines[-1].removesuffix(" |")
    return lines


def _tabbed(grid: Grid) -> list[str]:
    """What a browser puts on the clipboard: the cells that begin in a row, tabs between them."""
    return ["\t".join(_flat(cell) for cell in row) for row in grid.rows]


def _joined(grid: Grid) -> list[str]:
    """Text whose cell borders are lost: the figures of a row are one run of digits."""
    return ["".join(cell.text.replace("\n", "") + cell.mark for row in grid.rows for cell in row)]


_TABLES = {"cells": _one_cell_a_line, "tabs": _tabbed, "joined": _joined}


def render_text(truth: Truth, layout: Layout) -> bytes:
    """The report as a text file in the layout's encoding; ``text_style`` says what is left of its tables.

    Raises UnicodeEncodeError for an encoding that lacks a character (Big5 lacks some of the traditional ones).
    """
    lines: list[str] = []
    for block in compose(truth, layout).blocks:
        if isinstance(block, Grid):
            lines += _TABLES[layout.text_style](block)
        elif block.text:
            lines.append(block.text)
    return ("\n".join(lines) + "\n").encode(layout.encoding)


def _pipe_row(cells: list[str]) -> str:
    return f"| {' | '.join(c.replace('|', chr(92) + '|') for c in cells)} |"


def _pipe_table(rows: list[list[GridCell]]) -> list[str]:
    """The first row as the head; shorter rows are filled up with empty cells."""
    width = max(len(row) for row in rows)
    printed = [_pipe_row([_flat(cell) for cell in row] + [""] * (width - len(row))) for row in rows]
    return [printed[0], _pipe_row(["---"] * width), *printed[1:], ""]


def _pipe_tables(grid: Grid) -> list[str]:
    """A heading and a table for each part of the grid: Markdown has neither merged heads nor cells."""
    width = len(grid.widths)
    if grid.head > 2:
        # A merged head keeps its lowest cell in every column.
        lowest: dict[int, GridCell] = {}
        for r, c, cell in grid.positions():
            if r < grid.head:
                lowest[c] = replace(cell, colspan=1, rowspan=1)
        return _pipe_table([[lowest[c] for c in sorted(lowest)], *grid.rows[grid.head :]])
    out: list[str] = []
    part: list[list[GridCell]] = []
    for row in grid.rows:
        if row[0].head and row[0].colspan == width:
            out += _pipe_table(part) if part else []
            out += [f"### {_flat(row[0])}", ""]
            part = []
        else:
            part.append(row)
    return out + (_pipe_table(part) if part else [])


def render_markdown(truth: Truth, layout: Layout) -> bytes:
    """The report as Markdown: tables without merged cells, in UTF-8."""
    simple = replace(layout, flat_labels=True, disputes="three", parted=False, repeated_group=False)
    marks = {"title": "# ", "heading": "## ", "subheading": "### "}
    lines: list[str] = []
    for block in compose(truth, simple).blocks:
        if isinstance(block, Grid):
            lines += _pipe_tables(block)
        elif block.text:
            lines += [marks.get(block.role, "") + block.text, ""]
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8")
