"""The second engine: pdfplumber's characters, lines and table finder, on the pages that are in question.

Belongs here: every call into pdfplumber, and turning what it finds into fragments of tables.
Does not belong here: the first engine. Only what comes after a page is shared with it: reading a cell's text, rows
anchored at labels, joining pages, paragraphs.

It is an order of magnitude slower and sees the same page through another parser (pdfminer), which is its use.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Sequence
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import PdfminerException

from parsers.document import UnreadableError
from schemas.facts import Box

from . import engine, health, running_text
from .content import UNMAPPED, Glyph, PageContent, lines_of, typeset
from .grid import Fragment, GridCell, note_doubts, read_cell, settle_spread
from .vocabulary import vocabulary

_THICKEST = 4.0
_SNAP = 3.0
_OVERHANG = 8.0
_MOST_EDGES = 4_000
_MOST_CHARS = 100_000
_MOST_ANNOTATIONS = 2_000
# Flags of annotations that are not shown: hidden, no view.
_HIDDEN = 2 | 32
# One glyph prints a slash for all its code points: which of them is told is the font's or the engine's choice.
_SAME_GLYPH = str.maketrans("\u2044\u2215\u29f8", "///")
# pdfminer doesn't say which text is shown: under a picture of the page it is a character reader's.
_WHOLE_PAGE = 0.55

_Edge = dict[str, Any]


def read(data: bytes, name: str, pages: frozenset[int] | None = None) -> engine.PdfDocument:
    """Read with pdfplumber. Without ``pages`` it looks for the pages with statutory labels itself."""
    for logger in ("pdfminer", "pdfplumber"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(data)) as file:
            return _read(file, name, pages)
    except (PDFEncryptionError, PDFPasswordIncorrect) as error:
        raise UnreadableError(
            "encrypted", f"{name}：文件有打开密码。请解除密码（另存为不加密的文件）后再试。"
        ) from error
    except PdfminerException as error:
        if any(isinstance(a, (PDFEncryptionError, PDFPasswordIncorrect)) for a in (*error.args, error.__cause__)):
            message = f"{name}：文件有打开密码。请解除密码（另存为不加密的文件）后再试。"
            raise UnreadableError("encrypted", message) from error
        raise UnreadableError("unreadable", f"{name}：PDF 已损坏或不完整，打不开。请用原文件重新导出。") from error
    except (PDFSyntaxError, PSException) as error:
        raise UnreadableError("unreadable", f"{name}：PDF 已损坏或不完整，打不开。请用原文件重新导出。") from error


def _read(file: Any, name: str, pages: frozenset[int] | None) -> engine.PdfDocument:
    loaded: list[tuple[Any, PageContent, bool]] = []
    after_hit = False
    for page in file.pages[: engine.MOST_PAGES]:
        number = page.page_number
        if pages is not None and number not in pages:
            continue
        content = _content(page)
        _annotations(page, content)
        wanted = True
        if pages is None:
            hit = vocabulary().stands_in("\n".join(line.text for line in lines_of(content.glyphs)))
            wanted = hit or after_hit
            after_hit = hit
        loaded.append((page, content, wanted))
    contents = [content for _, content, _ in loaded]
    layer = _text_layer(contents, name) if pages is None else "ok"
    running_text.drop_page_numbers(contents)
    parts: list[engine.PageParts] = []
    for page, content, wanted in loaded:
        parts.append(_take_apart(page, content, wanted))
        page.close()
    document = engine.PdfDocument(engine.MEDIA_TYPE)
    document.evidence = engine.PdfEvidence("pdfplumber", text_layer=layer, pages=len(parts))
    engine.assemble(document, parts)
    return document


def _content(page: Any) -> PageContent:
    content = PageContent(page.page_number, float(page.width), float(page.height))
    content.ocr = any(
        (i["x1"] - i["x0"]) * (i["bottom"] - i["top"]) > _WHOLE_PAGE * content.width * content.height
        for i in page.images
    )
    sideways: list[dict[str, Any]] = []
    left, top = page.bbox[0], page.bbox[1]
    for char in page.chars[:_MOST_CHARS]:
        text = char["text"].translate(_SAME_GLYPH)
        if text.isspace() or not text:
            continue
        if text.startswith("(cid:") or (len(text) == 1 and "\ud800" <= text <= "\uf8ff"):
            text = UNMAPPED
            content.unmapped += 1
        if not char["upright"]:
            sideways.append(char)
            continue
        # A ligature is one box with several characters; each gets its share.
        width = (char["x1"] - char["x0"]) / len(text)
        for k, one in enumerate(text):
            x0 = char["x0"] - left + k * width
            content.glyphs.append((x0, char["top"] - top, x0 + width, char["bottom"] - top, one))
    if len(sideways) > len(content.glyphs):
        _turn(content, sideways)
    else:
        content.glyphs.extend(
            (c["x0"] - left, c["top"] - top, c["x1"] - left, c["bottom"] - top, c["text"]) for c in sideways
        )
    return content


def _text_layer(contents: Sequence[PageContent], name: str) -> health.TextLayer:
    texts = ["\n".join(line.text for line in lines_of(content.glyphs)) for content in contents]
    return health.text_layer(contents, texts, {c.number: float(c.ocr) for c in contents}, name)


def _annotations(page: Any, content: PageContent) -> None:
    """Values of form fields are printed text; typed comments are notes over the page."""
    for annotation in page.annots[:_MOST_ANNOTATIONS]:
        data = annotation.get("data") or {}
        kind = str(getattr(data.get("Subtype"), "name", ""))
        if int(data.get("F") or 0) & _HIDDEN:
            continue
        box = _turned((annotation["x0"], annotation["top"], annotation["x1"], annotation["bottom"]), content)
        if kind == "Widget" and getattr(data.get("FT"), "name", "") in ("Tx", "Ch"):
            content.glyphs.extend(typeset(_decoded(data.get("V")), box))
        elif kind == "FreeText" and (text := _decoded(data.get("Contents")).strip()):
            content.notes.append((box, text))


def _decoded(value: object) -> str:
    """A string of a PDF: UTF-16 with its mark, or one byte per character."""
    if isinstance(value, bytes):
        if value[:2] in (b"\xfe\xff", b"\xff\xfe"):
            return value.decode("utf-16", "replace")
        return value.decode("utf-8", "replace") if value[:3] == b"\xef\xbb\xbf" else value.decode("latin-1")
    return value if isinstance(value, str) else ""


def _turn(content: PageContent, sideways: Sequence[dict[str, Any]]) -> None:
    """A page whose text lies on its side is described as if it were turned upright."""
    # matrix (a, b, …): b > 0 runs upwards.
    upwards = sum(1 for c in sideways if c["matrix"][1] > 0) * 2 > len(sideways)
    width, height = content.width, content.height
    content.turned = 1 if upwards else 3
    content.width, content.height = height, width
    content.glyphs = [(*_turned((c["x0"], c["top"], c["x1"], c["bottom"]), content), c["text"]) for c in sideways]


def _turned(box: Box, content: PageContent) -> Box:
    """A box of the page as shown in the coordinates of the turned description."""
    x0, top, x1, bottom = box
    if content.turned == 1:
        return (content.width - bottom, x0, content.width - top, x1)
    if content.turned == 3:
        return (top, content.height - x1, bottom, content.height - x0)
    return box


def _take_apart(page: Any, content: PageContent, wanted: bool) -> engine.PageParts:
    edges = _edges(page, content) if wanted else []
    content.horizontal = [(e["top"], e["x0"], e["x1"]) for e in edges if e["orientation"] == "h"]
    content.vertical = [(e["x0"], e["top"], e["bottom"]) for e in edges if e["orientation"] == "v"]
    fragments = list(_fragments(page, edges, content))
    inside = [f.box for f in fragments]
    rest = [g for g in content.glyphs if not any(_within(g, box) for box in inside)]
    return engine.PageParts(content, fragments, lines_of(rest) if rest else [], wanted)


def _within(glyph: Glyph, box: Box) -> bool:
    x, y = (glyph[0] + glyph[2]) / 2, (glyph[1] + glyph[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


# -- ruling lines --------------------------------------------------------------------------------------------------


def _edges(page: Any, content: PageContent) -> list[_Edge]:
    """Lines, thin rectangles and the sides of outlined ones; shading is no rule."""
    left, top = page.bbox[0], page.bbox[1]
    out: list[_Edge] = []
    for rect in page.rects:
        box = _turned((rect["x0"] - left, rect["top"] - top, rect["x1"] - left, rect["bottom"] - top), content)
        width, height = box[2] - box[0], box[3] - box[1]
        if min(width, height) <= _THICKEST:
            out.append(_edge(box))
        elif rect.get("stroke"):
            x0, y0, x1, y1 = box
            out += [_edge((x0, y0, x1, y0)), _edge((x0, y1, x1, y1)), _edge((x0, y0, x0, y1)), _edge((x1, y0, x1, y1))]
    for line in page.lines:
        box = _turned((line["x0"] - left, line["top"] - top, line["x1"] - left, line["bottom"] - top), content)
        if min(box[2] - box[0], box[3] - box[1]) <= 1.0:
            out.append(_edge(box))
    for curve in page.curves:
        box = _turned((curve["x0"] - left, curve["top"] - top, curve["x1"] - left, curve["bottom"] - top), content)
        width, height = box[2] - box[0], box[3] - box[1]
        if min(width, height) <= _THICKEST and max(width, height) > 2 * _THICKEST:
            out.append(_edge(box))
        elif width < 60 and 3 < height < 30 and width > 1.5:
            content.pictures.append(box)
    for image in page.images:
        box = _turned((image["x0"] - left, image["top"] - top, image["x1"] - left, image["bottom"] - top), content)
        if 1.5 < box[2] - box[0] < 60 and 3 < box[3] - box[1] < 30:
            content.pictures.append(box)
    return [e for e in out if max(e["width"], e["height"]) >= 1.0][:_MOST_EDGES]


def _edge(box: Box) -> _Edge:
    x0, top, x1, bottom = box
    if x1 - x0 >= bottom - top:
        middle = (top + bottom) / 2
        return _flat(x0, middle, x1, middle, "h")
    middle = (x0 + x1) / 2
    return _flat(middle, top, middle, bottom, "v")


def _flat(x0: float, top: float, x1: float, bottom: float, orientation: str) -> _Edge:
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "doctop": top,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": orientation,
        "object_type": "line",
    }


def _closed(edges: list[_Edge]) -> list[_Edge]:
    """Edges with the sides that a page end or an open layout leaves out, for each vertical band of rules."""
    upright = sorted((e for e in edges if e["orientation"] == "v" and e["height"] > 5), key=lambda e: e["top"])
    level = [e for e in edges if e["orientation"] == "h"]
    spans: list[list[float]] = []
    for edge in upright:
        if spans and edge["top"] <= spans[-1][1] + _SNAP:
            spans[-1][1] = max(spans[-1][1], edge["bottom"])
        else:
            spans.append([edge["top"], edge["bottom"]])
    out = list(edges)
    for top, bottom in spans:
        inside = [e for e in level if top - _SNAP <= e["top"] <= bottom + _SNAP]
        xs = [e["x0"] for e in upright if top <= (e["top"] + e["bottom"]) / 2 <= bottom]
        lefts, rights = [e["x0"] for e in inside], [e["x1"] for e in inside]
        left, right = min((*xs, *lefts)), max((*xs, *rights))
        if left < min(xs) - _OVERHANG:
            out.append(_flat(left, top, left, bottom, "v"))
        if right > max(xs) + _OVERHANG:
            out.append(_flat(right, top, right, bottom, "v"))
        ys = [e["top"] for e in inside]
        unmarked = [y for y in (top, bottom) if not ys or min(abs(y - v) for v in ys) > _SNAP]
        out.extend(_flat(left, y, right, y, "h") for y in unmarked)
    return out


def _fragments(page: Any, edges: list[_Edge], content: PageContent) -> Iterable[Fragment]:
    """pdfplumber's tables, those beside one another as one: browsers leave label cells' rules loose."""
    if sum(1 for e in edges if e["orientation"] == "v") < 1:
        return
    closed = _closed(edges)
    finder = page.debug_tablefinder(
        {
            "vertical_strategy": "explicit",
            "horizontal_strategy": "explicit",
            "explicit_vertical_lines": [e for e in closed if e["orientation"] == "v"],
            "explicit_horizontal_lines": [e for e in closed if e["orientation"] == "h"],
            "snap_tolerance": _SNAP,
            "join_tolerance": 4.5,
            "intersection_tolerance": 3.0,
            "edge_min_length": 3.0,
        }
    )
    groups: list[list[Box]] = []
    extent: list[float] = []
    for table in sorted(finder.tables, key=lambda t: float(t.bbox[1])):
        top, bottom = table.bbox[1], table.bbox[3]
        if groups and top < extent[-1] - _SNAP:
            groups[-1].extend(table.cells)
            extent[-1] = max(extent[-1], bottom)
        else:
            groups.append(list(table.cells))
            extent.append(bottom)
    for cells in groups:
        fragment = _fragment(cells, content)
        if fragment is not None:
            yield fragment


def _clustered(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _SNAP:
            out.append(value)
    return out


def _index(values: Sequence[float], value: float) -> int:
    return min(range(len(values)), key=lambda i: abs(values[i] - value))


def _fragment(boxes: Sequence[Box], content: PageContent) -> Fragment | None:
    """pdfplumber's cells as rows and columns; room between them that it left open becomes cells as well."""
    if len(boxes) < 2:
        return None
    xs = _clustered(x for b in boxes for x in (b[0], b[2]))
    ys = _clustered(y for b in boxes for y in (b[1], b[3]))
    taken = [[False] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    spans: list[tuple[int, int, int, int]] = []
    for x0, top, x1, bottom in boxes:
        row, column = _index(ys, top), _index(xs, x0)
        height, width = max(1, _index(ys, bottom) - row), max(1, _index(xs, x1) - column)
        if any(taken[r][c] for r in range(row, row + height) for c in range(column, column + width)):
            continue
        for r in range(row, row + height):
            for c in range(column, column + width):
                taken[r][c] = True
        spans.append((row, column, height, width))
    for r, row_taken in enumerate(taken):
        for c, is_taken in enumerate(row_taken):
            if not is_taken:
                width = 1
                while c + width < len(row_taken) and not row_taken[c + width]:
                    width += 1
                for k in range(c, c + width):
                    row_taken[k] = True
                spans.append((r, c, 1, width))
    cells: list[GridCell] = []
    contents: list[list[Glyph]] = []
    for row, column, height, width in spans:
        box = (xs[column], ys[row], xs[column + width], ys[row + height])
        glyphs = [g for g in content.glyphs if _within(g, box)]
        cells.append(GridCell(box, row, height, read_cell(glyphs, box), content.number, column, width))
        contents.append(glyphs)
    settle_spread(cells)
    note_doubts(cells, contents, content)
    box = (xs[0], ys[0], xs[-1], ys[-1])
    return Fragment(
        content.number,
        box,
        xs,
        len(ys) - 1,
        cells,
        "ocr" if content.ocr else "ruled",
        underdivided=any(cell.content.crowded for cell in cells),
        glyphs=[g for glyphs in contents for g in glyphs],
    )
