"""A report as plain text: what copying a page and converters leave of its tables.

Belongs here: one way a function to write a grid as lines, and the lines around it. Does not belong here: HTML pages
(`saved`); a way that hides which cell a figure stands in.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from unicodedata import east_asian_width

from benchmarks.wild import markup, sites
from benchmarks.wild.drawing import Draw
from benchmarks.wild.grid import Grid, Slot
from benchmarks.wild.report import Para, Report, Wish, draw_report

# How tables are written. With `keeps` every place of the grid can be seen, empty ones and extra columns too.
_WAYS = {
    "cell a line": 12, "pipe lines": 9, "pipes": 12, "padded pipes": 9, "blank pipe lines": 6, "last cell carries pipes": 6,
    "tabs": 10, "tabs, all cells": 6, "spaces": 8, "layout": 12, "markdown": 12, "markdown repeated": 6, "csv": 5,
    "html in markdown": 6, "drawn lines": 7,
}  # fmt: skip
_KEEPS = (
    "padded pipes", "tabs, all cells", "markdown", "markdown repeated", "csv", "html in markdown", "layout", "drawn lines",
)  # fmt: skip
# What stands together at the end of a line.
_UNBROKEN = re.compile(r"[0-9０-９][0-9０-９.,．，%]*|.", re.DOTALL)
_SEES_BLANKS = (*_KEEPS, "pipes", "pipe lines", "blank pipe lines", "tabs", "last cell carries pipes")


def render(draw: Draw) -> tuple[Report, bytes, str]:
    """A report, its bytes, and the ending of its file."""
    way = draw.pick("way", _WAYS)
    report = draw_report(draw, Wish(plain=way not in _KEEPS, blanks=way in _SEES_BLANKS, untitled=0.06))
    lines = _page(draw, report, way)
    if way == "layout":
        _loosen_gaps(report)
    text = _as_csv(lines) if way == "csv" else "\n".join(lines) + "\n"
    text = _breaks(draw, text, way)
    return (
        report,
        _encoded(draw, text),
        {"csv": "csv", "markdown": "md", "markdown repeated": "md", "html in markdown": "md"}.get(way, "txt"),
    )


def _page(draw: Draw, report: Report, way: str) -> list[str]:
    sites_lines = way not in ("csv", "layout") and draw.chance(0.4, "site lines")
    indent = draw.one(["", "", "　　", "  "]) if way not in ("csv",) else ""
    gap = draw.chance(0.3) or way.startswith("markdown")
    lost = way not in ("csv",) and draw.chance(0.05, "item numbers lost")
    date = sites.published(draw, report.year)
    lines = sites.above(draw, report.body, date) if sites_lines else []
    if way == "layout" and draw.chance(0.3, "page number before the title"):
        lines.append("- 1 -")
    for block in report.blocks:
        if isinstance(block, Para):
            lines += _paragraph(draw, block, way, indent)
            if block.role == "title" and sites_lines and draw.chance(0.6):
                lines.append(sites.source_line(draw, report.body, date))
        else:
            grid = _without_numbers(block) if lost else block
            lines += WRITERS[way](draw, grid)
        if gap:
            lines.append("")
    if sites_lines:
        lines += sites.below(draw, report.body, report.year)
    return lines


def _paragraph(draw: Draw, block: Para, way: str, indent: str) -> list[str]:
    texts = block.text.split("\n")
    if way.startswith("markdown") or way == "html in markdown":
        level = {"title": "# ", "heading": draw.one(["## ", "", "### "]), "caption": "**"}.get(block.role, "")
        return [f"{level}{t}{'**' if level == '**' else ''}" for t in texts]
    if block.role == "title":
        return [" " * draw.whole(0, 24) + t if way == "layout" else t for t in texts]
    if way == "layout":
        return fixed_width("    " + texts[0], draw.whole(56, 80))
    return [indent + t if block.role == "body" else t for t in texts]


def fixed_width(text: str, width: int) -> list[str]:
    """Lines of at most so many columns, broken anywhere as Chinese text is, but never within a figure."""
    lines, line = [], ""
    for piece in _UNBROKEN.findall(text):
        if line and _columns(line) + _columns(piece) > width:
            lines.append(line)
            line = ""
        line += piece
    return [*lines, line]


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WFA" else 1 for c in text)


def _without_numbers(grid: Grid) -> Grid:
    """Labels whose item numbers were made by the word processor and got lost."""
    made = Grid(grid.name, [], grid.head, grid.labels)
    for row in grid.rows:
        made.rows.append([])
        for box in row:
            text = box.text
            if box.role == "label" and len(text) > 2 and text[0].isdigit() and text[1] in ".、．":
                text = text[2:]
            made.rows[-1].append(type(box)(text, box.cols, box.rows, box.role, box.address))
    return made


def _cell_a_line(draw: Draw, grid: Grid) -> list[str]:
    return [b.text for b in grid.boxes() if b.text]


def _pipe_lines(draw: Draw, grid: Grid) -> list[str]:
    return [line for b in grid.boxes() for line in ("|", b.text) if line] + ["|"]


def _pipes(draw: Draw, grid: Grid) -> list[str]:
    return [" | ".join(b.text for b in row) + " |" for row in grid.rows]


def _padded(draw: Draw, grid: Grid) -> list[str]:
    lines = []
    for row in grid.slots():
        texts = [s.box.text if s.starts_row and s.starts_column else "" for s in row]
        texts += [""] * (grid.width - len(texts))
        lines.append(" | ".join(texts) + " |")
    return lines


def _blank_pipe_lines(draw: Draw, grid: Grid) -> list[str]:
    """An empty cell is a line end; the pipe behind it begins the next line."""
    text = "\n".join("".join(f"{b.text} | " if b.text else "\n| " for b in row) for row in grid.rows)
    return [line.strip() for line in text.split("\n") if line.strip()]


def _last_carries(draw: Draw, grid: Grid) -> list[str]:
    lines = []
    for row in grid.rows:
        spare = grid.width - sum(b.cols for b in row)
        lines.append("|")
        lines += [f"{b.text} |" for b in row[:-1]]
        last = row[-1]
        lines.append(f"{last.text} |" + "|" * (last.cols - 1 + max(spare, 0)))
    return lines


def _tabs(draw: Draw, grid: Grid) -> list[str]:
    return ["\t".join(b.text for b in row) for row in grid.rows]


def _all_tabs(draw: Draw, grid: Grid) -> list[str]:
    return ["\t".join(s.box.text if s.starts_row and s.starts_column else "" for s in row) for row in grid.slots()]


def _spaces(draw: Draw, grid: Grid) -> list[str]:
    gap = " " * draw.whole(1, 4)
    return [gap.join(b.text.replace(" ", "").replace("　", "") for b in row if b.text) for row in grid.rows]


def _markdown(draw: Draw, grid: Grid) -> list[str]:
    return _md(draw, grid, lambda s: s.box.text if s.starts_row and s.starts_column else "")


def _repeated(draw: Draw, grid: Grid) -> list[str]:
    return _md(draw, grid, lambda s: s.box.text)


def _md(draw: Draw, grid: Grid, text: Callable[[Slot], str]) -> list[str]:
    space = draw.one(["", " "])
    rows = []
    for row in grid.slots():
        texts = [text(s) for s in row] + [""] * (grid.width - len(row))
        rows.append("|" + "|".join(f"{space}{t}{space}" for t in texts) + "|")
    line = draw.one(["---", ":---:", "------", ":--"])
    return ["", rows[0], "|" + f"{line}|" * grid.width, *rows[1:], ""]


def _html(draw: Draw, grid: Grid) -> list[str]:
    inner = markup.table(grid).replace("\n", "")
    return ["", draw.one([inner, f"<html><body>{inner}</body></html>"]), ""]


def _csv_rows(draw: Draw, grid: Grid) -> list[str]:
    return ["\t".join(s.box.text if s.starts_row and s.starts_column else "" for s in row) for row in grid.slots()]


def _as_csv(lines: list[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    rows = [line.split("\t") for line in lines]
    width = max(map(len, rows))
    writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
    return out.getvalue()


def _layout(draw: Draw, grid: Grid) -> list[str]:
    """Columns of a page as pdftotext -layout sets them: wrapped labels over several lines, figures in the middle one."""
    figures = grid.width - grid.labels
    each = 8 if figures < 10 else 6
    labels = {0: [], 1: [44], 2: [16, 34], 3: [8, 16, 32]}[grid.labels]
    if grid.name == "article20":
        labels, each = [24], 18
    # A figure is never wrapped: half a figure on a line would be no fair question.
    each = max(each, *(_columns(b.text) + 2 for b in grid.boxes() if b.role in ("figure", "aside")))
    widths = [*labels, *[each] * figures]
    lines: list[str] = []
    for row in grid.slots():
        pieces: list[tuple[int, list[str]]] = []
        at = 0
        for i, slot in enumerate(row):
            if slot.starts_row and slot.starts_column:
                space = sum(widths[i : i + slot.box.cols])
                pieces.append((at, fixed_width(slot.box.text, max(space - 2, 4))))
            at += widths[i]
        high = max((len(p) for _, p in pieces), default=1)
        made = [""] * high
        for start, piece in pieces:
            first = (high - len(piece)) // 2
            for k, part in enumerate(piece):
                if part:
                    made[first + k] += " " * (start - _columns(made[first + k])) + part
        lines += made
    return ["", *lines, ""]


# Corners by row of the table, upright and level line: as a text mode draws them, and as box-drawing characters.
_DRAWN = (("+++", "+++", "+++", "|", "-"), ("┌┬┐", "├┼┤", "└┴┘", "│", "─"))


def _drawn_lines(draw: Draw, grid: Grid) -> list[str]:
    """A grid with all its lines, labels wrapped within their cells; a box that spans stands in its first place."""
    top, middle, bottom, upright, level = draw.one(_DRAWN)
    most = draw.one([16, 24, 60])
    rows = []
    for slots in grid.slots():
        texts = [s.box.text if s.starts_row and s.starts_column else "" for s in slots]
        rows.append([fixed_width(t, most) for t in texts] + [[""]] * (grid.width - len(slots)))
    widths = [max(_columns(line) for row in rows for line in row[i]) for i in range(grid.width)]

    def line(corners: str) -> str:
        return corners[0] + corners[1].join(level * (w + 2) for w in widths) + corners[2]

    lines = [line(top)]
    for k, row in enumerate(rows):
        for i in range(max(map(len, row))):
            parts = [cell[i] if i < len(cell) else "" for cell in row]
            padded = [p + " " * (w - _columns(p)) for p, w in zip(parts, widths, strict=True)]
            lines.append(upright + upright.join(f" {p} " for p in padded) + upright)
        lines.append(line(middle if k < len(rows) - 1 else bottom))
    return lines


WRITERS: dict[str, Callable[[Draw, Grid], list[str]]] = {
    "cell a line": _cell_a_line,
    "pipe lines": _pipe_lines,
    "pipes": _pipes,
    "padded pipes": _padded,
    "blank pipe lines": _blank_pipe_lines,
    "last cell carries pipes": _last_carries,
    "tabs": _tabs,
    "tabs, all cells": _all_tabs,
    "spaces": _spaces,
    "layout": _layout,
    "markdown": _markdown,
    "markdown repeated": _repeated,
    "csv": _csv_rows,
    "html in markdown": _html,
    "drawn lines": _drawn_lines,
}


def _loosen_gaps(report: Report) -> None:
    """Where a row has empty cells, only the alignment of spaces tells the columns: doubt is allowed for that row."""
    blank = {
        a.rpartition(".")[0] if a.startswith("requests") else a.partition(".")[0]
        for a, c in report.cells.items()
        if c.kind == "blank"
    }
    for address in report.cells:
        if address.rpartition(".")[0] in blank or address.partition(".")[0] in blank:
            report.loosen(address)


def _breaks(draw: Draw, text: str, way: str) -> str:
    """Marks of pages between the lines, and the ends of lines of another system."""
    if way == "layout" and draw.chance(0.6, "page ends in text"):
        lines = text.split("\n")
        page = draw.whole(35, 60)
        made: list[str] = []
        for i, line in enumerate(lines):
            made.append(line)
            if i % page == page - 1:
                made += ["", f"{' ' * 40}{draw.one(['- {} -', '{}', '第{}页'])}".format(i // page + 1), "\f"]
        text = "\n".join(made)
    if draw.chance(0.15, "CRLF"):
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return text


def _encoded(draw: Draw, text: str) -> bytes:
    code = draw.pick("encoding", {"utf-8": 75, "utf-8-sig": 10, "gb18030": 13, "utf-16": 2})
    return text.encode(code)
