"""The reviewed copy of a PDF: the draft itself with highlights and notes.

Belongs here: which annotation stands where, and what it looks like. Does not belong here: what is said and where
(`show.remarks`), how it is written behind the file (`update`), reading (`parsers.readers.pdf`).

Content streams, fonts and pages' own drawing stay as they are, byte for byte. A highlight lies over a cell or over the words
of a sentence; what is about a table or the whole is a note at the page's edge. Runs in the child process that reads the file.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as c

from parsers.document import UnreadableError
from parsers.files.marks import AUTHOR
from parsers.readers.pdf import pdfium
from schemas.facts import Box
from schemas.findings import Severity

from .marking import Mark
from .update import Name, NotContinued, Update

# Red, amber and blue that leave the print readable under them.
_COLOURS: dict[Severity, tuple[float, float, float]] = {
    "error": (1.0, 0.62, 0.62),
    "warning": (1.0, 0.87, 0.5),
    "note": (0.68, 0.85, 1.0),
}
_PRINTED = 4
# Points: around the words of a cell, a note at the edge, the window of a note.
_MARGIN, _NOTE, _WINDOW = 1.0, 18.0, (260.0, 150.0)
_SPOTS = 20


def pdf_copy(data: bytes, name: str, marks: Sequence[Mark]) -> bytes:
    """The PDF with its marks. Raises ValueError for one that nothing can be added to for certain."""
    update = Update(data)
    try:
        with pdfium.opened(data, name) as file:
            if file.pages != update.pages:
                raise NotContinued("pages")
            by_page: dict[int, list[Mark]] = {}
            for mark in marks:
                by_page.setdefault(min(max(mark.page, 1), file.pages) - 1, []).append(mark)
            for index in range(file.pages):
                if index in by_page:
                    with file.page(index) as page:
                        ours = _ours(update, index, page, by_page[index])
                else:
                    ours = []
                # Its own annotations stay, but for those of an earlier review.
                there = update.annotations(index)
                kept = [a for a in there if not _is_ours(update.resolved(a))]
                if ours or len(kept) < len(there):
                    update.annotate(index, [*kept, *ours])
        copy = update.written()
        _look_again(copy, name, {i: len(found) for i, found in by_page.items()})
    except UnreadableError as error:
        raise ValueError(error.message) from error
    return copy


def _ours(update: Update, index: int, page: pdfium.Page, marks: Sequence[Mark]) -> list[Any]:
    """A page's new annotations."""
    ours: list[Any] = []
    spots = 0
    for mark in marks:
        boxes = page.where(mark.sentence) if mark.sentence else []
        boxes = boxes or [page.back(box) for box in mark.boxes]
        if not boxes:
            boxes = [page.back((6.0, 6.0 + spots * _SPOTS, 6.0 + _NOTE, 6.0 + _NOTE + spots * _SPOTS))]
            spots += 1
            ours += _note(update, index, boxes[0], mark, len(ours))
        else:
            ours += _highlight(update, index, boxes, mark, len(ours))
    return ours


def _is_ours(annotation: Any) -> bool:
    if not isinstance(annotation, dict):
        return False
    author = annotation.get("T")
    return isinstance(author, bytes) and author == b"\xfe\xff" + AUTHOR.encode("utf-16-be")


def _highlight(update: Update, index: int, boxes: Sequence[Box], mark: Mark, number: int) -> Iterator[Any]:
    wide = [(x0 - _MARGIN, y0 - _MARGIN, x1 + _MARGIN, y1 + _MARGIN) for x0, y0, x1, y1 in boxes]
    # Upper left, upper right, lower left, lower right: as Acrobat has it, whatever the standard says.
    quads = [v for x0, y0, x1, y1 in wide for v in (x0, y1, x1, y1, x0, y0, x1, y0)]
    drawn = "".join(f"{x0:.2f} {y0:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re " for x0, y0, x1, y1 in wide)
    colour = _COLOURS[mark.severity]
    content = f"/G gs {_numbers(colour)} rg {drawn}f"
    state = {"G": {"Type": Name("ExtGState"), "BM": Name("Multiply")}}
    more = {"Subtype": Name("Highlight"), "QuadPoints": quads}
    yield from _annotation(update, index, _around(wide), mark, content, {"ExtGState": state}, more, number)


def _note(update: Update, index: int, box: Box, mark: Mark, number: int) -> Iterator[Any]:
    """A small sheet with three lines."""
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    lines = "".join(
        f"{x0 + 0.2 * w:.2f} {y0 + k * h:.2f} m {x1 - 0.2 * w:.2f} {y0 + k * h:.2f} l S " for k in (0.3, 0.5, 0.7)
    )
    content = f"{_numbers(_COLOURS[mark.severity])} rg 0.35 G 0.8 w {x0:.2f} {y0:.2f} {w:.2f} {h:.2f} re B {lines}"
    more = {"Subtype": Name("Text"), "Name": Name("Comment")}
    yield from _annotation(update, index, box, mark, content, {}, more, number)


def _annotation(
    update: Update,
    index: int,
    box: Box,
    mark: Mark,
    content: str,
    resources: dict[str, Any],
    more: dict[str, Any],
    number: int,
) -> Iterator[Any]:
    """An annotation with its look, and the window of its text."""
    form = {"Type": Name("XObject"), "Subtype": Name("Form"), "BBox": list(box), "Resources": resources}
    look = update.add(form, content.encode())
    annotation = update.reserve()
    page = update.page_reference(index)
    values = {
        "Type": Name("Annot"),
        **more,
        "Rect": list(box),
        "C": list(_COLOURS[mark.severity]),
        "F": _PRINTED,
        "T": AUTHOR,
        "NM": f"gouji-{index + 1}-{number + 1}",
        "P": page,
        "AP": {"N": look},
    }
    yield annotation
    if mark.text:
        window = update.reserve()
        values |= {"Contents": mark.text.replace("\n", "\r"), "Popup": window}
        x, y = box[2] + 12.0, box[3]
        rect = [x, y - _WINDOW[1], x + _WINDOW[0], y]
        own = {"Type": Name("Annot"), "Subtype": Name("Popup"), "Rect": rect, "Parent": annotation, "Open": False}
        # Known as ours by the same name, so that a later review takes it away too.
        update.fill(window, {**own, "T": AUTHOR, "P": page})
        yield window
    update.fill(annotation, values)


def _around(boxes: Sequence[Box]) -> Box:
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{v:.3g}" for v in values)


def _look_again(copy: bytes, name: str, marked: dict[int, int]) -> None:
    """Open the copy as any program would: the marks have to be there. Raises `UnreadableError`, ValueError."""
    with pdfium.opened(copy, name) as file:
        for index, n in marked.items():
            handle = c.FPDF_LoadPage(file.handle, index)
            try:
                if not handle or _ours_on(handle) < n:
                    raise NotContinued("annotations")
            finally:
                if handle:
                    c.FPDF_ClosePage(handle)


def _ours_on(page: Any) -> int:
    found = 0
    for i in range(c.FPDFPage_GetAnnotCount(page)):
        annotation = c.FPDFPage_GetAnnot(page, i)
        if annotation:
            need = c.FPDFAnnot_GetStringValue(annotation, b"NM", None, 0)
            buffer = (ctypes.c_ushort * (need // 2 + 1))()
            c.FPDFAnnot_GetStringValue(annotation, b"NM", buffer, need)
            found += bytes(buffer)[:need].decode("utf-16-le", "replace").startswith("gouji-")
            c.FPDFPage_CloseAnnot(annotation)
    return found
