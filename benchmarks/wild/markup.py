"""Blocks of a report as HTML elements.

Belongs here: escaping and tables with spans, shared by everything that prints through HTML. Does not belong here: styles
(`css`) and what stands around a report on a site (`saved`).
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from benchmarks.wild.grid import Box, Grid

Attributes = Callable[[Box], str]
Content = Callable[[Box], str]


def text_of(box: Box) -> str:
    return escape(box.text, quote=False)


def cell(box: Box, attributes: str, content: str, tag: str = "td") -> str:
    spans = (f' colspan="{box.cols}"' if box.cols > 1 else "") + (f' rowspan="{box.rows}"' if box.rows > 1 else "")
    return f"<{tag}{spans}{attributes}>{content}</{tag}>"


def table(
    grid: Grid,
    *,
    attributes: str = "",
    of_box: Attributes = lambda box: "",
    content: Content = text_of,
    before: str = "",
    thead: bool = False,
    heads: str = "td",
) -> str:
    """A table; `before` goes between <table> and the rows (caption, colgroup)."""
    lines = []
    for i, row in enumerate(grid.rows):
        tag = heads if i < grid.head else "td"
        lines.append("<tr>" + "".join(cell(b, of_box(b), content(b), tag) for b in row) + "</tr>")
    if thead and grid.head:
        top, rest = lines[: grid.head], lines[grid.head :]
        inner = f"<thead>{''.join(top)}</thead><tbody>{chr(10).join(rest)}</tbody>"
    else:
        inner = "\n".join(lines)
    return f"<table{attributes}>{before}{inner}</table>"
