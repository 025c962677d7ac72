"""A composed report drawn straight onto PDF pages by reportlab: the same bytes on every machine.

Belongs here: breaking lines, rows and pages, and ruling lines. Does not belong here: what is on the page (`compose`).

The fonts are Adobe's standard Chinese ones, which viewers bring along and which are not embedded: files stay small.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any

from .compose import Block, Grid, GridCell, Text, borders, compose
from .layout import Layout
from .truth import Truth

_A4 = (595.28, 841.89)
_POINTS_PER_MM = 72 / 25.4
_PADDING = 2.5


@dataclass(slots=True)
class _Placed:
    """A cell on its way to the page: its wrapped lines, and how many of them are drawn already."""

    cell: GridCell
    row: int
    column: int
    lines: list[str]
    sides: str
    done: int = 0


class _Page:
    """A canvas with a cursor that runs down."""

    def __init__(self, layout: Layout, title: str, head: str, pictures: list[bytes]) -> None:
        from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
        from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

        self.layout = layout
        # Its character collection holds the traditional characters too.
        self.font = "STSong-Light"
        pdfmetrics.registerFont(UnicodeCIDFont(self.font))
        self.size = (_A4[1], _A4[0]) if layout.landscape else _A4
        self.pictures = pictures
        self.margin = layout.margin_mm * _POINTS_PER_MM
        self.width = self.size[0] - 2 * self.margin
        self.buffer = io.BytesIO()
        self.canvas: Any = Canvas(self.buffer, pagesize=self.size, invariant=1, pageCompression=int(layout.compressed))
        self.canvas.setTitle(title)
        self.canvas.setCreator("")
        self.head = head
        self.number = 1
        self._begin()

    def _begin(self) -> None:
        """Start a page: turn it, put its picture under it, print what stands on every page."""
        if self.layout.turned_pages:
            # Stored on its side: the writer exchanges width and height by itself.
            self.canvas.setPageRotation(90)
            self.canvas.transform(0, 1, -1, 0, self.size[1], 0)
        if self.pictures:
            from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]

            picture = ImageReader(io.BytesIO(self.pictures[self.number - 1]))
            self.canvas.drawImage(picture, 0, 0, *self.size)
        self.top = self.margin
        if self.layout.running_head:
            self.write(self.head, self.margin, self.margin / 2, 9)

    @property
    def room(self) -> float:
        return self.size[1] - self.margin - self.top

    def turn(self) -> None:
        self._number()
        self.canvas.showPage()
        self.number += 1
        self._begin()

    def _number(self) -> None:
        if self.layout.page_numbers:
            text = f"- {self.number} -"
            self.write(text, (self.size[0] - self.measure(text, 9)) / 2, self.size[1] - self.margin / 2, 9)

    def finish(self) -> bytes:
        self._number()
        self.canvas.save()
        return self.buffer.getvalue()

    def measure(self, text: str, size: float) -> float:
        from reportlab.pdfbase import pdfmetrics

        return float(pdfmetrics.stringWidth(text, self.font, size))

    def wrap(self, text: str, size: float, width: float, indent: float = 0.0) -> list[str]:
        """Lines of at most ``width``; Latin words and numbers are kept whole where they fit."""
        lines: list[str] = []
        for part in text.split("\n"):
            line, used = "", indent if not lines else 0.0
            for token in _tokens(part):
                pieces = [token] if self.measure(token, size) <= width else list(token)
                for piece in pieces:
                    wide = self.measure(piece, size)
                    if line and used + wide > width:
                        lines.append(line)
                        line, used = "", 0.0
                    line += piece
                    used += wide
            lines.append(line)
        return lines

    def write(self, text: str, x: float, baseline: float, size: float, *, twice: bool = False) -> None:
        """``baseline`` is measured from the top of the page. ``twice``: bold as old drivers make it."""
        self.canvas.setFont(self.font, size)
        for shift in (0.0, 0.3) if twice else (0.0,):
            self.canvas.drawString(x + shift, self.size[1] - baseline, text, mode=3 if self.pictures else None)

    def field(self, name: str, value: str, x: float, top: float, width: float, height: float, size: float) -> None:
        """A text field filled in; fields cannot be filled with Chinese, so what is not ASCII is simply written."""
        if not value.isascii():
            self.write(value, x, top + size, size)
            return
        self.canvas.acroForm.textfield(
            name=name,
            value=value,
            x=x,
            y=self.size[1] - top - height,
            width=width,
            height=height,
            fontSize=size,
            borderWidth=0,
            fieldFlags="readOnly",
            relative=False,
        )

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if self.pictures:
            return
        self.canvas.line(x0, self.size[1] - y0, x1, self.size[1] - y1)


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for char in text:
        if tokens and char.isascii() and not char.isspace() and tokens[-1][-1].isascii() and tokens[-1][-1] != " ":
            tokens[-1] += char
        else:
            tokens.append(char)
    return tokens


def _paragraph(page: _Page, block: Text) -> None:
    size = page.layout.body_size
    if block.role == "space":
        left = block.points
        while left > page.room:
            left -= page.room
            page.turn()
        page.top += left
        return
    centred = block.role in ("title", "date")
    if block.role == "title":
        size += 6
    indent = 0.0 if centred else 2 * size
    leading = size * 1.6
    for i, line in enumerate(page.wrap(block.text, size, page.width, indent)):
        if page.room < leading:
            page.turn()
        x = page.margin + (indent if i == 0 else 0.0)
        if centred:
            x = page.margin + (page.width - page.measure(line, size)) / 2
        bold = block.role in ("title", "heading") and page.layout.bold_twice
        page.write(line, x, page.top + size * 1.15, size, twice=bold)
        page.top += leading


class _Table:
    """Draws a grid row by row, over as many pages as it takes."""

    def __init__(self, page: _Page, grid: Grid) -> None:
        self.page, self.grid = page, grid
        self.size = page.layout.font_size
        self.leading = self.size * 1.3
        total = sum(grid.widths)
        edges = [page.margin]
        for w in grid.widths:
            edges.append(edges[-1] + page.width * w / total)
        self.edges = edges
        sides = borders(grid, page.layout.rules, page.layout.seed)
        self.cells = []
        for r, c, cell in grid.positions():
            width = edges[c + cell.colspan] - edges[c] - 2 * _PADDING
            text = cell.text.replace("\n", "") if cell.sideways else cell.text
            lines = [text] if cell.sideways else page.wrap(text, self.size, width)
            self.cells.append(_Placed(cell, r, c, lines, sides[r, c]))
        self.heights = self._row_heights()

    def _row_heights(self) -> list[float]:
        least = max(self.page.layout.row_height, self.leading + 2 * _PADDING)
        heights = [least] * len(self.grid.rows)
        for p in sorted(self.cells, key=lambda p: p.cell.rowspan):
            rows = range(p.row, p.row + p.cell.rowspan)
            tall = len(p.lines) * self.leading + 2 * _PADDING
            if p.cell.sideways:
                tall = self.page.measure(p.lines[0], self.size) + 2 * _PADDING
            missing = tall - sum(heights[r] for r in rows)
            if missing > 0:
                heights[rows[-1]] += missing
        return heights

    def draw(self) -> None:
        row = 0
        while row < len(self.grid.rows):
            row = self._draw_page(row)
            if row < len(self.grid.rows):
                self.page.turn()
                if self.page.layout.repeat_head and row > self.grid.head:
                    self._repeat_head()
        self.page.top += 6

    def _repeat_head(self) -> None:
        head = Grid(self.grid.table, self.grid.widths, self.grid.rows[: self.grid.head], self.grid.head)
        again = _Table(self.page, head)
        again.draw()
        self.page.top -= 6

    def _draw_page(self, first: int) -> int:
        """Draw rows from ``first`` on as far as the page goes; the row to go on with. A cut row keeps its rest."""
        page = self.page
        end, used = first, 0.0
        while end < len(self.heights) and used + self.heights[end] <= page.room:
            used += self.heights[end]
            end += 1
        cut = 0.0
        if end < len(self.heights):
            rest = page.room - used
            many_lines = self.heights[end] >= 2 * self.leading + 2 * _PADDING
            if page.layout.cut_rows and many_lines and rest >= self.leading + 2 * _PADDING:
                cut = rest
            elif end == first and page.top == page.margin:
                # A row taller than a page: it has to be cut.
                cut = rest
            elif end == first:
                return first
        bottoms = [page.top]
        for r in range(first, end):
            bottoms.append(bottoms[-1] + self.heights[r])
        if cut:
            bottoms.append(bottoms[-1] + cut)
        last = first + len(bottoms) - 1
        for placed in self.cells:
            begin, stop = max(placed.row, first), min(placed.row + placed.cell.rowspan, last)
            if begin < stop:
                ends_here = placed.row + placed.cell.rowspan <= end
                self._draw_cell(placed, bottoms[begin - first], bottoms[stop - first], ends_here)
        page.top = bottoms[-1]
        if cut:
            left = max((len(p.lines) - p.done for p in self.cells if p.row == end), default=0)
            self.heights[end] = max(self.heights[end] - cut, left * self.leading + 2 * _PADDING)
        return end

    def _draw_cell(self, placed: _Placed, top: float, bottom: float, ends_here: bool) -> None:
        page, cell = self.page, placed.cell
        left, right = self.edges[placed.column], self.edges[placed.column + cell.colspan]
        if cell.shaded and not page.pictures:
            page.canvas.setFillGray(0.88)
            page.canvas.rect(left, page.size[1] - bottom, right - left, bottom - top, stroke=0, fill=1)
            page.canvas.setFillGray(0)
        page.canvas.setLineWidth(0.5)
        ruled = {
            "t": (left, top, right, top),
            "b": (left, bottom, right, bottom),
            "l": (left, top, left, bottom),
            "r": (right, top, right, bottom),
        }
        for side in placed.sides:
            page.line(*ruled[side])
        self._write_lines(placed, left, right, top, bottom, ends_here)

    def _write_lines(
        self, placed: _Placed, left: float, right: float, top: float, bottom: float, ends_here: bool
    ) -> None:
        page, cell = self.page, placed.cell
        waiting = placed.lines[placed.done :]
        if not waiting:
            return
        if cell.sideways:
            self._write_sideways(placed, (left + right) / 2, top)
            return
        fitting = int((bottom - top - 2 * _PADDING + 0.01) // self.leading)
        now = waiting if ends_here else waiting[: max(fitting, 0)]
        placed.done += len(now)
        whole = len(now) == len(placed.lines)
        y = top + _PADDING + (max(0.0, (bottom - top - 2 * _PADDING - len(now) * self.leading) / 2) if whole else 0.0)
        twice = page.layout.bold_twice and (cell.head or bool(cell.address and cell.address.endswith(".total")))
        for line in now:
            x = left + _PADDING
            if not cell.left:
                x = left + (right - left - page.measure(line, self.size)) / 2
            if page.layout.form_fields and cell.address and line:
                page.field(cell.address, line, left + 1, y, right - left - 2, self.leading, self.size)
            else:
                page.write(line, x, y + self.size, self.size, twice=twice)
            if cell.mark and line is now[-1]:
                page.write(cell.mark, x + page.measure(line, self.size), y + self.size * 0.65, self.size * 0.6)
            y += self.leading

    def _write_sideways(self, placed: _Placed, middle: float, top: float) -> None:
        page = self.page
        placed.done = len(placed.lines)
        page.canvas.saveState()
        page.canvas.translate(middle - self.size * 0.35, page.size[1] - top - _PADDING)
        page.canvas.rotate(-90)
        page.canvas.setFont(page.font, self.size)
        page.canvas.drawString(0, 0, placed.lines[0], mode=3 if page.pictures else None)
        page.canvas.restoreState()


def _seal(page: _Page) -> None:
    """A round seal across what was just drawn: strokes over a table that are no rules, and text that is no cell."""
    x, y = page.size[0] - page.margin - 90, page.size[1] - page.top + 70
    page.canvas.saveState()
    page.canvas.setStrokeColorRGB(0.8, 0.1, 0.1)
    page.canvas.circle(x, y, 52, stroke=1, fill=0)
    page.canvas.restoreState()


def draw(blocks: list[Block], layout: Layout, title: str, head: str, pictures: list[bytes] | None = None) -> bytes:
    """Blocks drawn onto pages, as a PDF file. With ``pictures`` of the pages the text over them is invisible."""
    page = _Page(layout, title, head, pictures or [])
    for block in blocks:
        if isinstance(block, Text):
            _paragraph(page, block)
            continue
        _Table(page, block).draw()
        if layout.seal and block.large and not pictures:
            _seal(page)
    return page.finish()


def _photograph(pdf: bytes) -> list[bytes]:
    """Every page as a JPEG picture of 150 dots an inch. The letters are those of this machine's fonts."""
    import pypdfium2

    pictures = []
    for page in pypdfium2.PdfDocument(pdf):
        buffer = io.BytesIO()
        page.render(scale=150 / 72, grayscale=True).to_pil().save(buffer, "JPEG", quality=70)
        pictures.append(buffer.getvalue())
    return pictures


def _only_pictures(pictures: list[bytes], size: tuple[float, float]) -> bytes:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas: Any = Canvas(buffer, pagesize=size, invariant=1)
    for picture in pictures:
        canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def render_drawn_pdf(truth: Truth, layout: Layout) -> bytes:
    """The report as a PDF, without any other program."""
    blocks = compose(truth, layout).blocks
    if not layout.scan:
        return draw(blocks, layout, truth.title, truth.issuer.name)
    upright = replace(layout, turned_pages=False, form_fields=False)
    pictures = _photograph(draw(blocks, upright, truth.title, truth.issuer.name))
    if layout.scan == "layer":
        return draw(blocks, upright, truth.title, truth.issuer.name, pictures)
    return _only_pictures(pictures, (_A4[1], _A4[0]) if layout.landscape else _A4)
