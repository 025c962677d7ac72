"""Reports whose part one speaks of the figures, on pages that are otherwise tame.

Belongs here: putting such reports on a plain page or into text with fixed line lengths. Does not belong here: the
sentences (`sentences`, `grammar`).
"""

from __future__ import annotations

from html import escape

from benchmarks.wild import markup
from benchmarks.wild.drawing import Draw
from benchmarks.wild.grid import Grid
from benchmarks.wild.report import Report, Wish, draw_report
from benchmarks.wild.text import fixed_width

# Columns of a line; a Chinese character takes two.
_WIDTH = 68


def render(draw: Draw) -> tuple[Report, bytes, str]:
    way = draw.pick("page", {"html": 60, "text, a cell a line": 15, "text, fixed width": 25})
    report = draw_report(draw, Wish(sentences=True, plain=True, blanks=way == "html"))
    if way == "html":
        return report, _html(report).encode(), "html"
    fixed = way == "text, fixed width"
    lines: list[str] = []
    for block in report.blocks:
        if isinstance(block, Grid):
            lines += [b.text for b in block.boxes() if b.text]
        elif fixed and block.role == "body":
            text = "　　" + block.text
            lines += fixed_width(text, _WIDTH)
        else:
            lines.append(block.text)
    return report, ("\n".join(lines) + "\n").encode(), "txt"


def _html(report: Report) -> str:
    parts = []
    for block in report.blocks:
        if isinstance(block, Grid):
            parts.append(markup.table(block, attributes=' border="1"'))
        elif block.role == "title":
            title = escape(block.text).replace("\n", "<br>")
            parts.append(f"<h1>{title}</h1>")
        else:
            parts.append(f"<p>{escape(block.text, quote=False)}</p>")
    head = '<meta charset="utf-8">'
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>\n{chr(10).join(parts)}\n</body></html>\n"
