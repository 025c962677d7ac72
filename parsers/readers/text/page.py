"""Text whose columns stand under one another by spaces alone, as a page of equal advances: what `pdftotext -layout` gives.

Belongs here: telling such a text, setting it as a page for the reader of pages without rules, and taking its tables back as
rows of text. Does not belong here: how that reader finds rows and columns (`readers.pdf`).

The places of characters tell which label a line of figures belongs to. They are not exact enough to tell a figure's
column, so its rows are laid against the form like those of other text; a blank between them is one only in a table
whose columns never overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from unicodedata import east_asian_width

from parsers.document import Document, Paragraph, Table
from parsers.grammar.figures import is_figure, is_unit
from parsers.grammar.heads import head_words
from parsers.grammar.labels import is_label, places_of
from parsers.readers.pdf.content import Glyph, PageContent, lines_of
from parsers.readers.pdf.engine import PageParts, assemble
from parsers.readers.pdf.running_text import drop_page_numbers
from schemas.facts import Place

from .separated import Block, Rows, Span

_GAP = re.compile(r"(?<=\S)[ \u3000]{2,}(?=\S)")
# A line drawn under every column, or across all of them.
_DRAWN = re.compile(r"[ \t\f]*(?:-{4,}|={4,}|[─━═]{2,})(?:[ \t]+(?:-{4,}|={4,}|[─━═]{2,}))*[ \t]*")
# So many lines with gaps.
_FEWEST_GAPS = 5
# Points: how far one column of text advances, what a character leaves free of it, the height of a line and its pitch.
_ADVANCE, _FREE, _HEIGHT, _PITCH = 6.0, 0.7, 12.0, 14.0
# A blank line is this share of a line, unless every other line is blank.
_BLANK, _DOUBLE_SPACED = 0.6, 0.2


def is_laid_out(lines: Sequence[str]) -> bool:
    """Whether columns of a text may be held apart by spaces."""
    # The pattern is tried at every character: not where no gap can be.
    wide = (line for line in lines if "  " in line or "\u3000" in line)
    return sum(_GAP.search(line.strip()) is not None for line in wide) >= _FEWEST_GAPS


def read(lines: Sequence[str]) -> tuple[list[Paragraph | Block], list[Paragraph]]:
    """The paragraphs and tables of a laid-out text, in reading order, tables as rows of text; and what stands in none."""
    document = Document("text/plain")
    pages = list(_pages(lines))
    drop_page_numbers([page for page, _ in pages])
    assemble(document, [PageParts(page, [], lines_of(page.glyphs)) for page, _ in pages])
    lines_at = [at for _, at in pages]
    out: list[Paragraph | Block] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            block.place = Place(line=_line(lines_at, block.place.page, block.place.box))
            out.append(block)
        else:
            out.append(_rows(block, lines_at))
    for block in document.aside:
        block.place = Place(line=_line(lines_at, block.place.page, block.place.box))
    return out, document.aside


def _pages(lines: Sequence[str]) -> Iterator[tuple[PageContent, dict[float, int]]]:
    """The pages between form feeds, and for the top of every printed line which line of the text it is, from 1."""
    filled = [bool(line.strip()) for line in lines]
    close = sum(a and b for a, b in pairwise(filled))
    double = close < _DOUBLE_SPACED * sum(filled)
    glyphs: list[Glyph] = []
    at: dict[float, int] = {}
    number, top, width, blanks = 1, 0.0, 1.0, 0
    for k, line in enumerate(lines, start=1):
        if "\f" in line and glyphs:
            yield PageContent(number=number, width=width, height=top, glyphs=glyphs), at
            glyphs, at, number, top, width, blanks = [], {}, number + 1, 0.0, 1.0, 0
        if not line.strip() or _DRAWN.fullmatch(line) is not None:
            blanks += 1
            continue
        top += _PITCH * _BLANK * max(blanks - double, 0) if glyphs else 0.0
        blanks = 0
        at[top] = k
        x = 0.0
        for char in line.replace("\f", ""):
            advance = _ADVANCE * (2 if east_asian_width(char) in "WFA" else 1)
            if not char.isspace():
                glyphs.append((x, top, x + advance - _FREE * advance / _ADVANCE, top + _HEIGHT, char))
            x += advance
        width = max(width, x)
        top += _PITCH
    if glyphs:
        yield PageContent(number=number, width=width, height=top, glyphs=glyphs), at


def _line(lines_at: Sequence[dict[float, int]], page: int | None, box: tuple[float, float, float, float] | None) -> int:
    """The line of the text at the top of a box."""
    at = lines_at[(page or 1) - 1]
    top = box[1] if box else 0.0
    return at[min(at, key=lambda y: abs(y - top))]


def _rows(table: Table, lines_at: Sequence[dict[float, int]]) -> Block:
    """The rows of a page's table. A label beside several rows stands in each; heads that ran together are apart again."""
    columns: dict[int, tuple[float, float]] = {}
    for cell in table.cells:
        if cell.box and is_figure(cell.text):
            left, right = columns.get(cell.column, (cell.box[0], cell.box[2]))
            columns[cell.column] = min(left, cell.box[0]), max(right, cell.box[2])
    extents = [columns[k] for k in sorted(columns)]
    blanks_seen = len(extents) > 1 and all(a[1] < b[0] for a, b in pairwise(extents))
    # Figures beside their heads, on a whole page, are nothing here: no figure is read by what stands over it.
    aside = all(cell.doubt == "label" for cell in table.cells if is_figure(cell.text) and cell.text)
    rows: Rows = []
    line = 1
    for printed in table.grid():
        row: list[Span] = []
        cells = list({id(cell): cell for cell in printed if cell is not None}.values())
        # A label alone may be part of one whose figures stand on another of its lines.
        alone = None if any(is_figure(cell.text) for cell in cells) else "label"
        for cell in cells:
            line = _line(lines_at, cell.page, cell.box) if cell.box else line
            if cell.column not in columns and head_words(cell.text).kind == "serial":
                # The numbers of the rows are left out, and their head stands over no figures.
                continue
            parts = cell.text.split(" ")
            apart = parts if len(parts) > 1 and all(is_label(part) for part in parts) else [cell.text]
            doubt = None if aside and cell.doubt == "label" else cell.doubt
            row += [Span(text, line, doubt=doubt or (None if text else alone)) for text in apart]
        if row:
            rows.append(row)
    return Block(rows, 0, aligned=False, blanks_seen=blanks_seen)


def figures_under_labels(blocks: Iterable[Rows]) -> int:
    """How many figures stand in rows that begin with the whole label of a form's row, without a doubt."""
    count = 0
    for rows in blocks:
        for row in rows:
            figures = [cell for cell in row if is_figure(cell.text)]
            labels = [c for c in row if c.text and not is_figure(c.text) and not is_unit(c.text)]
            if figures and labels and "row" in places_of(labels[-1].text) and not any(cell.doubt for cell in row):
                count += len(figures)
    return count
