"""Small pages drawn as text, printed as real PDFs.

Belongs here: turning a picture in characters into a page. Does not belong here: any reader, and what should be read.

A character is half an em wide, a Chinese one a whole em, so that the picture looks like the page. ``|`` is an upright
rule beside its line, a run of ``-`` and ``+`` a level one; ``~~~`` alone on a line begins the next page. What a picture
cannot show (white ink, a slant, a struck figure) a test draws over it by hand, at the places that `at` gives.
"""

from __future__ import annotations

import io
import random
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

# Points: half an em, the height of a line, and the page's margin.
HALF, LINE, MARGIN = 5.0, 13.0, 40.0
SIZE = 2 * HALF
FONT = "STSong-Light"
PAGE = (595.0, 842.0)
_RULES = frozenset("-+| ")
# Where a line's characters stand in it.
_BASELINE = 9.5

Draw = Callable[[Any], None]


def at(column: float, line: float, page: tuple[float, float] = PAGE, height: float = LINE) -> tuple[float, float]:
    """Where the baseline of a character of a picture stands: from the left, and from the bottom as PDF counts."""
    return MARGIN + column * HALF, page[1] - MARGIN - line * height - _BASELINE


def width(text: str) -> int:
    """Columns of a picture that a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def printed(
    picture: str,
    *over: Draw,
    under: Draw | None = None,
    page: tuple[float, float] = PAGE,
    height: float = LINE,
    shuffled: int | None = None,
) -> bytes:
    """A picture as a PDF. ``under`` is drawn on the first page before everything, ``over`` on each page after it.

    A page is as wide as its picture needs; a line is so many points high, half a `LINE` where text stands between lines.
    ``shuffled`` seeds the order in which what stands on a page is drawn; otherwise it is that of the picture.
    """
    page = (max(page[0], 2 * MARGIN + HALF * max(map(width, picture.split("\n")))), page[1])
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=page, invariant=1)
    for n, one in enumerate(picture.strip("\n").split("~~~\n")):
        if under is not None and not n:
            under(canvas)
        canvas.setFont(FONT, SIZE)
        canvas.setLineWidth(0.5)
        _draw(canvas, one.rstrip("\n").split("\n"), page, height, shuffled)
        if n < len(over):
            over[n](canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def drawn_over(picture: str, right: float, down: float, page: tuple[float, float] = PAGE) -> Draw:
    """Another picture on the same page, so many points farther to the right and down."""

    def draw(canvas: Any) -> None:
        canvas.translate(right, -down)
        canvas.setFont(FONT, SIZE)
        canvas.setLineWidth(0.5)
        _draw(canvas, picture.strip("\n").split("\n"), page, LINE)

    return draw


def _draw(canvas: Any, lines: list[str], page: tuple[float, float], height: float, shuffled: int | None = None) -> None:
    strokes: list[Callable[[], None]] = []
    rows = [_columns(line) for line in lines]
    uprights = [
        {c for c, char in row if char in "|+"} if _is_ruled(row) else {c for c, char in row if char == "|"}
        for row in rows
    ]
    for n, row in enumerate(rows):
        _, baseline = at(0, n, page, height)
        top, bottom = baseline + _BASELINE, baseline + _BASELINE - height
        level = (top + bottom) / 2
        is_rule = _is_ruled(row)
        for column in uprights[n]:
            x = MARGIN + (column + 0.5) * HALF
            # In a level rule only as far as it goes on above and below.
            upper = top if not is_rule or (n and column in uprights[n - 1]) else level
            lower = bottom if not is_rule or (n + 1 < len(rows) and column in uprights[n + 1]) else level
            strokes.append(partial(canvas.line, x, upper, x, lower))
        wanted = frozenset("-+") if is_rule else None
        for start, end, text in _runs(row, wanted):
            if is_rule:
                left, right = MARGIN + (start + 0.5) * HALF, MARGIN + (end - 0.5) * HALF
                strokes.append(partial(canvas.line, left, level, right, level))
            else:
                strokes.append(partial(canvas.drawString, MARGIN + start * HALF, baseline, text))
    if shuffled is not None:
        random.Random(shuffled).shuffle(strokes)
    for stroke in strokes:
        stroke()


def _columns(line: str) -> list[tuple[int, str]]:
    """The characters of a line, each with its column."""
    out: list[tuple[int, str]] = []
    column = 0
    for char in line:
        out.append((column, char))
        column += width(char)
    return out


def _is_ruled(row: list[tuple[int, str]]) -> bool:
    chars = {char for _, char in row}
    return "-" in chars and chars <= _RULES


def _runs(row: list[tuple[int, str]], wanted: frozenset[str] | None) -> Iterator[tuple[int, int, str]]:
    """Unbroken runs of a rule's characters, or of text: where each begins and ends."""
    start, end, text = 0, 0, ""
    for column, char in [*row, (0, " ")]:
        if char in wanted if wanted is not None else char not in " |":
            start = column if not text else start
            text += char
            end = column + width(char)
        elif text:
            yield start, end, text
            text = ""
