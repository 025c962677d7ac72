"""The place of a figure in its source as a picture: the page, the table, or the line, with the figure marked.

Belongs here: drawing PNGs from a kept snapshot. Does not belong here: following a value to its place (`flows.tracing`),
what a reader saw on a page (`seen`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import PipelineError
from flows.store import stored_at
from gouji.words import Lang, say
from parsers.document import Document, Table, UnreadableError
from parsers.extraction import read_document
from parsers.files import encoding, sniff
from schemas import forms

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

    from flows.home import Home
    from flows.tracing import Traced

_SCALE = 2.0
_MOST = 6
_RED, _YELLOW, _GREY, _BLACK = (200, 0, 0), (255, 244, 150), (150, 150, 150), (0, 0, 0)
_SIZE = 20
# Lines of text above and below the one that is meant.
_AROUND = 4
_HIGHEST = 60
_WIDEST, _NARROWEST = 300, 60
_FONTS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSerifCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "msyh.ttc",
    "simsun.ttc",
    "PingFang.ttc",
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "C:/Windows/Fonts",
    "/System/Library/Fonts",
)


@cache
def _font_file() -> Path | None:
    for folder in (Path(f).expanduser() for f in _FOLDERS):
        if folder.is_dir():
            for name in _FONTS:
                if (found := next(folder.rglob(name), None)) is not None:
                    return found
    return None


def _font(lang: Lang) -> FreeTypeFont:
    from PIL import ImageFont

    if (file := _font_file()) is None:
        raise PipelineError(say("zh", "trace.no_font"), say("en", "trace.no_font"))
    return ImageFont.truetype(str(file), _SIZE)


def picture(found: Traced, home: Home, lang: Lang) -> bytes:
    """A PNG of every place that a value was printed at. Raises PipelineError where there is none, or no snapshot."""
    cells = list(_cells(found))
    source = found.source
    if not cells or source is None:
        raise PipelineError(say("zh", "trace.no_place", code=found.code), say("en", "trace.no_place", code=found.code))
    # A report may stand in several files.
    files = {c.get("source", source)["sha256"]: c.get("source", source) for c in cells}
    drawn: list[Image] = []
    for sha256, file in files.items():
        drawn += _drawn(file, [c for c in cells if c.get("source", source)["sha256"] == sha256], home, lang)
    out = io.BytesIO()
    _stacked(drawn).save(out, "PNG")
    return out.getvalue()


def _drawn(source: dict[str, Any], cells: list[dict[str, Any]], home: Home, lang: Lang) -> list[Image]:
    path = Path(stored_at(str(home.snapshots), source["sha256"]))
    if not path.is_file():
        said = {"sha256": source["sha256"][:12]}
        raise PipelineError(say("zh", "trace.no_snapshot", **said), say("en", "trace.no_snapshot", **said))
    data = path.read_bytes()
    name = Path(str(source["path"] or source["address"] or "")).name
    if sniff.sniff(data, name) == sniff.PDF:
        return list(_pages(data, cells))
    return list(_tables(data, name, cells, lang))


def _cells(found: Traced) -> Iterator[dict[str, Any]]:
    """What is to be marked: cells and figures in sentences, each with a place."""
    yield from (
        c for c in (*found.cells, *found.statements) if any(v is not None for v in (c.get("place") or {}).values())
    )
    for part in found.parts:
        yield from _cells(part)


def _stacked(drawn: list[Image]) -> Image:
    from PIL import Image as images

    width, height = max(i.width for i in drawn), sum(i.height for i in drawn)
    sheet = images.new("RGB", (width, height), "white")
    top = 0
    for image in drawn:
        sheet.paste(image, (0, top))
        top += image.height
    return sheet


def _pages(data: bytes, cells: list[dict[str, Any]]) -> Iterator[Image]:
    import pypdfium2
    from PIL import Image as images
    from PIL import ImageDraw

    document = pypdfium2.PdfDocument(data)
    try:
        for number in sorted({c["place"].get("page") or 1 for c in cells})[:_MOST]:
            image = document[number - 1].render(scale=_SCALE).to_pil().convert("RGB")
            boxes = [c["place"]["box"] for c in cells if c["place"].get("page") == number and c["place"].get("box")]
            wash = images.new("RGB", image.size, "white")
            marks = ImageDraw.Draw(wash)
            for box in boxes:
                marks.rectangle([v * _SCALE for v in box], fill=_YELLOW)
            # What is printed stays as dark as it is.
            image = _darker(image, wash)
            edges = ImageDraw.Draw(image)
            for x0, top, x1, bottom in boxes:
                edges.rectangle([v * _SCALE for v in (x0 - 2, top - 2, x1 + 2, bottom + 2)], outline=_RED, width=3)
            yield image
    finally:
        document.close()


def _darker(one: Image, other: Image) -> Image:
    from PIL import ImageChops

    return ImageChops.darker(one, other)


def _tables(data: bytes, name: str, cells: list[dict[str, Any]], lang: Lang) -> Iterator[Image]:
    font = _font(lang)
    try:
        document = read_document(data, name)
    except UnreadableError as error:
        raise PipelineError(error.message, error.message) from error
    tables = {t.number: t for t in document.tables}
    marked: dict[int, set[tuple[int, int]]] = {}
    lines: list[dict[str, Any]] = []
    for cell in cells:
        place = cell["place"]
        if place.get("table") in tables and place.get("row") and place.get("column"):
            marked.setdefault(place["table"], set()).add((place["row"] - 1, place["column"] - 1))
        else:
            lines.append(cell)
    for number in sorted(marked)[:_MOST]:
        yield _grid(tables[number], marked[number], font)
    by_line: dict[tuple[int | None, int | None], list[dict[str, Any]]] = {}
    for cell in lines:
        by_line.setdefault((cell["place"].get("line"), cell["place"].get("paragraph")), []).append(cell)
    for (line, paragraph), those in list(by_line.items())[:_MOST]:
        yield _line(document, data, line, paragraph, those, font)


def _wrapped(text: str, width: float, font: FreeTypeFont) -> list[str]:
    out: list[str] = []
    for printed in text.split("\n"):
        line = ""
        for c in printed:
            if line and font.getlength(line + c) > width:
                out.append(line)
                line = ""
            line += c
        out.append(line)
    return out


def _grid(table: Table, marked: set[tuple[int, int]], font: FreeTypeFont) -> Image:
    """A table with some of its cells marked."""
    from PIL import Image as images
    from PIL import ImageDraw

    widths = [float(_NARROWEST)] * table.n_columns
    for cell in table.cells:
        if cell.colspan == 1:
            longest = max(font.getlength(line) for line in cell.text.split("\n"))
            widths[cell.column] = max(widths[cell.column], min(longest + 12, _WIDEST))
    lefts = [4 + sum(widths[:n]) for n in range(table.n_columns + 1)]
    texts = {
        id(c): _wrapped(c.text, lefts[min(c.column + c.colspan, table.n_columns)] - lefts[c.column] - 10, font)
        for c in table.cells
    }
    step = _SIZE + 6
    heights = [float(step + 6)] * table.n_rows
    for cell in sorted(table.cells, key=lambda c: c.rowspan):
        last = min(cell.row + cell.rowspan, table.n_rows)
        lacking = len(texts[id(cell)]) * step + 6 - sum(heights[cell.row : last])
        if lacking > 0:
            heights[last - 1] += lacking
    tops = [4 + sum(heights[:n]) for n in range(table.n_rows + 1)]
    image = images.new("RGB", (int(lefts[-1]) + 6, int(tops[-1]) + 6), "white")
    pen = ImageDraw.Draw(image)
    for cell in table.cells:
        right, bottom = min(cell.column + cell.colspan, table.n_columns), min(cell.row + cell.rowspan, table.n_rows)
        frame = (lefts[cell.column], tops[cell.row], lefts[right], tops[bottom])
        hit = (cell.row, cell.column) in marked
        pen.rectangle(frame, fill=_YELLOW if hit else None, outline=_GREY)
        for n, line in enumerate(texts[id(cell)]):
            pen.text((frame[0] + 5, frame[1] + 3 + n * step), line, font=font, fill=_BLACK)
        if hit:
            pen.rectangle(frame, outline=_RED, width=4)
    return image


def _line(
    document: Document,
    data: bytes,
    line: int | None,
    paragraph: int | None,
    cells: list[dict[str, Any]],
    font: FreeTypeFont,
) -> Image:
    """The line or paragraph that figures stand in, with those around it and the figures marked."""
    from PIL import Image as images
    from PIL import ImageDraw

    if line is not None:
        lines, at = encoding.decode(data).splitlines(), line - 1
    else:
        lines = [p.text for p in document.paragraphs]
        at = next((n for n, p in enumerate(document.paragraphs) if p.place.paragraph == paragraph), 0)
    width = 1100
    image = images.new("RGB", (width + 20, 4000), "white")
    pen = ImageDraw.Draw(image)
    top = 8.0
    for n in range(max(at - _AROUND, 0), min(at + _AROUND + 1, len(lines))):
        rows = _wrapped(lines[n], width, font)[:_HIGHEST]
        if n == at:
            for cell in cells:
                _mark(pen, rows, _where(lines[n], cell), top, font)
        for row in rows:
            pen.text((10, top), row, font=font, fill=_BLACK if n == at else _GREY)
            top += _SIZE + 8
    return image.crop((0, 0, image.width, int(top) + 8))


def _mark(pen: ImageDraw, rows: list[str], span: tuple[int, int], top: float, font: FreeTypeFont) -> None:
    begin, end = span
    position = 0
    for row in rows:
        first, last = max(begin - position, 0), min(end - position, len(row))
        if first < last:
            left, right = 10 + font.getlength(row[:first]), 10 + font.getlength(row[:last])
            pen.rectangle((left - 2, top, right + 2, top + _SIZE + 6), fill=_YELLOW, outline=_RED, width=2)
        position += len(row)
        top += _SIZE + 8


def _where(line: str, cell: dict[str, Any]) -> tuple[int, int]:
    """Where in the line the figure stands; the whole line where that cannot be told for certain."""
    printed = str(cell.get("printed") or "").strip()
    whole = (0, len(line))
    if not printed:
        return whole
    found = [m.start() for m in re.finditer(rf"(?<![\d.,，]){re.escape(printed)}(?![\d.,，]*\d)", line)]
    if (sentence := cell.get("sentence")) and (start := line.find(sentence[:20])) >= 0:
        found = [at for at in found if start <= at < start + len(sentence)]
    if len(found) == 1:
        return found[0], found[0] + len(printed)
    if (after := _after_label(line, cell.get("address"))) is not None and line.startswith(printed, after):
        return after, after + len(printed)
    return whole


def _after_label(line: str, address: str | None) -> int | None:
    """Where the first character of a figure stands behind the row's label; None where the label is not in the line once."""
    if address is None:
        return None
    table, row, _ = address.split(".")
    known = [f.tables[table].row[row] for f in forms.load_all() if table in f.tables and row in f.tables[table].row]
    for label in sorted({text for r in known for text in (r.label, *r.aliases)}, key=len, reverse=True):
        if line.count(label) == 1:
            behind = re.compile(r"\D{0,3}").match(line, line.index(label) + len(label))
            return behind.end() if behind else None
    return None
