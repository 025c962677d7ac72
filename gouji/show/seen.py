"""A page of a PDF as the reader saw it, drawn over the page.

Belongs here: what is drawn, in which colour, and how it becomes a PNG. Does not belong here: seeing it
(`parsers.readers.pdf`), matching it (`parsers.tables`), arguments and words (`gouji.commands.debug`).

Two packages are imported when a page is drawn and at no other time: PDFium, which the reader has too, and Pillow, which
comes with the second engine.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from parsers.document import Cell, Document
from parsers.readers.pdf import PageContent
from schemas.facts import Box, Fact, Place, Report, Unresolved

# Pixels for a point, and how much of the page's own colour is left under what is drawn.
SCALE = 2.5
_FADED = 0.55
# Pixels that a character of ours is high.
_SIZE = 10

Colour = tuple[int, int, int]
GLYPH: Colour = (120, 160, 220)
RULE: Colour = (0, 150, 70)
SHAPE: Colour = (150, 60, 200)
DROPPED: Colour = (130, 130, 130)
CELL: Colour = (0, 90, 220)
LABEL: Colour = (110, 0, 150)
READ: Colour = (0, 160, 60)
DOUBT: Colour = (230, 140, 0)
OPEN: Colour = (220, 0, 30)


@dataclass(slots=True)
class Seen:
    """What was seen on one page: ``pages`` are its parts (a sheet may hold two), cells with the number of their table.

    ``facts`` and ``unresolved`` are the cells whose address is known; ``labels`` the codes of rows and columns that were
    recognised, with their places, on other pages too: a table goes on where its heads do not come again.
    """

    number: int
    pages: list[PageContent]
    cells: list[tuple[int, Cell]]
    methods: dict[int, str]
    facts: list[Fact] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    labels: list[tuple[str, Place]] = field(default_factory=list)

    def addresses(self) -> dict[tuple[int | None, int | None, int | None], str]:
        """The address of a cell by its table, row and column, counted from 1."""
        known: Iterable[Fact | Unresolved] = (*self.facts, *self.unresolved)
        return {(e.place.table, e.place.row, e.place.column): e.address for e in known}


def on_page(number: int, contents: Sequence[PageContent], document: Document, reports: Sequence[Report]) -> Seen:
    """What concerns one page of a file, counted from 1."""

    def here(place: Place) -> bool:
        return place.page == number and place.box is not None

    return Seen(
        number,
        [content for content in contents if content.printed_number == number],
        [(t.number, cell) for t in document.tables for cell in t.cells if cell.page == number and cell.box],
        {table.number: table.method for table in document.tables},
        [fact for report in reports for fact in report.facts if here(fact.place)],
        [one for report in reports for one in report.unresolved if here(one.place)],
        [
            (label.code, label.place)
            for report in reports
            for layout in report.layouts
            for label in (*layout.rows, *layout.columns)
        ],
    )


def drawn(data: bytes, seen: Seen) -> bytes:
    """The page as a PNG, with all that was seen drawn over it."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(data)
    try:
        image = document[seen.number - 1].render(scale=SCALE).to_pil().convert("RGB")
    finally:
        document.close()
    image = Image.blend(Image.new("RGB", image.size, "white"), image, _FADED)
    _Drawing(image, seen).draw()
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Drawing:
    """What lies over the page, from what is seen to what it was taken for."""

    def __init__(self, image: Any, seen: Seen) -> None:
        from PIL import ImageDraw, ImageFont

        self._seen = seen
        # A mode of its own for colours that let the page through.
        self._pen = ImageDraw.Draw(image, "RGBA")
        self._font = ImageFont.load_default(_SIZE)

    def draw(self) -> None:
        for page in self._seen.pages:
            self._page(page)
        for _, cell in self._seen.cells:
            if cell.doubt:
                self._fill(cell.box, DOUBT)
        for fact in self._seen.facts:
            self._fill(fact.place.box, READ)
        for one in self._seen.unresolved:
            self._fill(one.place.box, OPEN)
        labels = [(code, place) for code, place in self._seen.labels if place.page == self._seen.number]
        for _, place in labels:
            self._fill(place.box, LABEL)
        for table, cell in self._seen.cells:
            self._frame(cell.box, CELL, 2, inside=1.2)
            self._write(cell.box, f"{table}:{cell.row + 1},{cell.column + 1}", CELL)
        for code, place in labels:
            self._write_below(place.box, code, LABEL, beside=True)
        rows = {(place.table, place.row): code for code, place in self._seen.labels}
        columns = {(place.table, place.column): code for code, place in self._seen.labels}
        known: list[tuple[Fact | Unresolved, str, Colour]] = [(fact, "", READ) for fact in self._seen.facts]
        known += [(one, one.reason, OPEN) for one in self._seen.unresolved]
        for each, reason, colour in known:
            # An address without its table. Where it is that of the labels beside and above it, these say so.
            place, address = each.place, each.address.partition(".")[2]
            by_labels = f"{rows.get((place.table, place.row))}.{columns.get((place.table, place.column))}"
            self._write_below(place.box, f"{'' if address == by_labels else address} {reason}".strip(), colour)

    def _page(self, page: PageContent) -> None:
        for x0, top, x1, bottom, char in page.glyphs:
            box = page.shown((x0, top, x1, bottom))
            self._frame(box, OPEN if char == "\ufffd" else GLYPH, 1)
        for box in page.pictures:
            self._frame(page.shown(box), SHAPE, 2)
        for box, _ in (*page.struck, *page.notes):
            self._frame(page.shown(box), DOUBT, 2)
        for box in page.dropped:
            self._fill(page.shown(box), DROPPED)
        for y, x0, x1 in page.horizontal:
            self._line(page.shown((x0, y, x1, y)))
        for x, top, bottom in page.vertical:
            self._line(page.shown((x, top, x, bottom)))

    def _line(self, box: Box) -> None:
        self._pen.line([SCALE * v for v in box], fill=(*RULE, 255), width=3)

    def _frame(self, box: Box | None, colour: Colour, width: int, inside: float = 0.0) -> None:
        if box is not None:
            x0, top, x1, bottom = box
            # A frame in its own rules: both are to be seen.
            box = (x0 + inside, top + inside, max(x1 - inside, x0 + inside), max(bottom - inside, top + inside))
            self._pen.rectangle(_pixels(box), outline=(*colour, 200), width=width)

    def _fill(self, box: Box | None, colour: Colour) -> None:
        if box is not None:
            self._pen.rectangle(_pixels(box), fill=(*colour, 60))

    def _write(self, box: Box | None, text: str, colour: Colour) -> None:
        """In a box's upper corner, or over it where text fills it."""
        if box is not None:
            self._text((SCALE * box[0] + 3, SCALE * box[1] + (-_SIZE if _is_tight(box) else 1)), text, colour)

    def _write_below(self, box: Box | None, text: str, colour: Colour, *, beside: bool = False) -> None:
        """At the foot of a box, in as many lines as its width asks for; below it where text fills it, or beside it."""
        if box is None:
            return
        if _is_tight(box):
            x, y = (box[2] + 1, box[1]) if beside else (box[0], box[3])
            self._text((SCALE * x + 1, SCALE * y), text, colour)
            return
        lines = list(self._lines(text, max(SCALE * (box[2] - box[0]) - 6, 30)))
        top = SCALE * box[3] - (_SIZE + 1) * len(lines) - 2
        for n, line in enumerate(lines):
            self._text((SCALE * box[0] + 3, top + (_SIZE + 1) * n), line, colour)

    def _text(self, spot: tuple[float, float], text: str, colour: Colour) -> None:
        self._pen.text(spot, text, fill=(*colour, 255), font=self._font)

    def _lines(self, text: str, room: float) -> Iterator[str]:
        line = ""
        for part in text.replace("_", "_ ").replace(".", ". ").split(" "):
            if line and self._font.getlength(line + part) > room:
                yield line
                line = ""
            line += part
        yield line


def _pixels(box: Box) -> list[float]:
    x0, x1 = sorted((box[0], box[2]))
    top, bottom = sorted((box[1], box[3]))
    return [SCALE * x0, SCALE * top, SCALE * x1, SCALE * bottom]


def _is_tight(box: Box) -> bool:
    """Whether a box has no room for anything but its text: without rules a cell is as large as that."""
    return box[3] - box[1] < 16
