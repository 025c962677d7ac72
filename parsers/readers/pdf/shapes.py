"""What digits look like: whether a font's map gives the digits of a page other names than their shapes have.

Belongs here: samples of a page's digits as they are drawn, and the digit of a usual font that each looks like.
Does not belong here: when that is asked (`parsers.second_opinion`), characters that no map names (`glyphs`).

Only what is plainly another digit counts, seen twice: fonts draw their digits in many ways.
"""

from __future__ import annotations

import ctypes
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, islice
from operator import sub
from typing import Any

import pypdfium2.raw as c

from .calls import plain
from .glyphs import PageText
from .objects import Objects

# Dots of a digit's picture, and of its shape.
_HIGH, _MARGIN = 40, 2
_ROWS, _COLUMNS = 14, 10
# Fonts that PDFium brings along.
_USUAL = (b"Helvetica", b"Helvetica-Bold", b"Times-Roman", b"Times-Bold", b"Courier")
# Shares of all ink by which two shapes differ: so many times more from its own digit than from another, which is so near.
# Nobody takes what differs less for another.
_PLAINLY, _NEAR, _ALIKE = 1.4, 0.35, 0.12
_SAMPLES, _MOST = 2, 60
_SEEN = 100
_CLEAR = bytes(level > _SEEN for level in range(256))
_LEAST_HEIGHT = 3.0
# What the last places of floating numbers may add.
_ALMOST = 1.000001

_font_of = plain(c.FPDFTextObj_GetFont, ctypes.c_void_p)

# The ink of a digit, row by row, as shares.
Shape = tuple[float, ...]
# A usual digit: its name, its ink in all, and its shape where it is and one to either side, each with the ink of its rows.
_Usual = tuple[str, float, list[tuple[Shape, Shape]]]


def misnamed(page: Any, text: PageText, objects: Objects, known: set[tuple[int, str]]) -> bool:
    """Whether a loaded page draws a digit that its font's map says is another one.

    ``known`` are digits by their fonts that were looked at on other pages of the file.
    """
    if text.rotation != text.displayed:
        return False
    usual = _usual_digits()
    for key, indexes in _samples(text, objects).items():
        if key in known:
            continue
        known.add(key)
        name = key[1]
        shapes = (_shape_of(*_picture(page, text, i)) for i in indexes)
        if all(shape is not None and _is_another(name, shape, usual) for shape in shapes):
            return True
    return False


def _samples(text: PageText, objects: Objects) -> dict[tuple[int, str], list[int]]:
    """Each digit of each font with where it is seen upright, twice if there are two."""
    left_out = (
        objects.undrawn | objects.sideways | objects.slanted | objects.italic | objects.pale | objects.clipped.keys()
    )
    found: dict[tuple[int, str], list[int]] = {}
    digits = [i for i, char in enumerate(text.text) if "0" <= char <= "9"]
    for i, owner in zip(digits, text.owners(digits), strict=True):
        if owner is not None and owner not in left_out:
            own = found.setdefault((int(_font_of(ctypes.c_void_p(owner)) or 0), text.text[i]), [])
            if len(own) < _SAMPLES and (box := text.tight(i))[3] - box[1] > _LEAST_HEIGHT:
                own.append(i)
    return dict(islice(((key, own) for key, own in found.items() if len(own) == _SAMPLES), _MOST))


def _picture(page: Any, text: PageText, i: int) -> tuple[array[int], int, int]:
    """A character as it is drawn, in grey, with its width and height in dots."""
    x0, y0, x1, y1 = text.tight(i)
    scale = _HIGH / (y1 - y0)
    size = (int(c.FPDF_GetPageWidthF(page) * scale), int(c.FPDF_GetPageHeightF(page) * scale))
    x, y = ctypes.c_int(), ctypes.c_int()
    xs, ys = [], []
    for px, py in ((x0, y0), (x1, y1)):
        c.FPDF_PageToDevice(page, 0, 0, *size, 0, px, py, x, y)
        xs.append(x.value)
        ys.append(y.value)
    left, top = min(xs) - _MARGIN, min(ys) - _MARGIN
    wide, high = max(xs) - left + _MARGIN, max(ys) - top + _MARGIN
    return _drawn(page, left, top, size, min(wide, 3 * _HIGH), min(high, 3 * _HIGH))


def _drawn(page: Any, left: int, top: int, size: tuple[int, int], wide: int, high: int) -> tuple[array[int], int, int]:
    pixels = array("B", bytes(wide * high))
    bitmap = c.FPDFBitmap_CreateEx(wide, high, c.FPDFBitmap_Gray, pixels.buffer_info()[0], wide)
    try:
        c.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, 0xFFFFFFFF)
        c.FPDF_RenderPageBitmap(bitmap, page, -left, -top, *size, 0, c.FPDF_GRAYSCALE)
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    return pixels, wide, high


def _shape_of(pixels: array[int], wide: int, high: int) -> Shape | None:
    """The ink of a picture, as high as the shape and as wide as that makes it; None where there is hardly any."""
    levels = pixels.tobytes()
    ground = levels[0] if 2 * levels.count(levels[0]) > len(levels) else Counter(levels).most_common(1)[0][0]
    ink = levels.translate(_contrasts(ground))
    seen = ink.translate(_CLEAR)
    top, bottom = seen.find(1) // wide, seen.rfind(1) // wide
    columns = [x for x in range(wide) if 1 in seen[x::wide]]
    if bottom - top < _ROWS:
        return None
    left = columns[0]
    down, across = bottom + 1 - top, columns[-1] + 1 - left
    width = min(max(round(across * _ROWS / down), 1), _COLUMNS)
    out = [0.0] * (_ROWS * _COLUMNS)
    start = (_COLUMNS - width) // 2
    most = max(ink)
    # Of every row the ink up to each column.
    upto = [[0, *accumulate(ink[y * wide : (y + 1) * wide])] for y in range(top, top + down)]
    sides = [(k * across // width, max((k + 1) * across // width, k * across // width + 1)) for k in range(width)]
    for r in range(_ROWS):
        y0, y1 = r * down // _ROWS, max((r + 1) * down // _ROWS, r * down // _ROWS + 1)
        for k, (x0, x1) in enumerate(sides, start=start):
            total = sum([row[left + x1] - row[left + x0] for row in upto[y0:y1]])
            out[r * _COLUMNS + k] = total / ((y1 - y0) * (x1 - x0)) / most
    return tuple(out)


@cache
def _contrasts(ground: int) -> bytes:
    """How much each grey differs from one."""
    return bytes(abs(level - ground) for level in range(256))


@cache
def _usual_digits() -> list[_Usual]:
    """The digits of usual fonts with their shapes. PDFium's lock must be held."""
    out: list[_Usual] = []
    document = c.FPDF_CreateNewDocument()
    try:
        for n, name in enumerate(_USUAL):
            font = c.FPDFText_LoadStandardFont(document, name)
            page = c.FPDFPage_New(document, n, 20.0 * _HIGH, 2.0 * _HIGH)
            for digit in range(10):
                piece = c.FPDFPageObj_CreateTextObj(document, font, 1.2 * _HIGH)
                c.FPDFText_SetText(piece, (c.FPDF_WCHAR * 2)(48 + digit, 0))
                c.FPDFPageObj_Transform(piece, 1, 0, 0, 1, (2 * digit + 0.5) * _HIGH, 0.5 * _HIGH)
                c.FPDFPage_InsertObject(page, piece)
            c.FPDFPage_GenerateContent(page)
            for digit in range(10):
                picture = _drawn(page, 2 * digit * _HIGH, 0, (20 * _HIGH, 2 * _HIGH), 2 * _HIGH, 2 * _HIGH)
                shape = _shape_of(*picture)
                if shape is not None:
                    moved = (shape, (*shape[1:], 0.0), (0.0, *shape[:-1]))
                    out.append((str(digit), sum(shape), [(one, _rows(one)) for one in moved]))
            c.FPDF_ClosePage(page)
            c.FPDFFont_Close(font)
    finally:
        c.FPDF_CloseDocument(document)
    return out


def _is_another(name: str, shape: Shape, usual: Sequence[_Usual]) -> bool:
    """Whether a shape is plainly that of another digit than its name says."""
    ink, rows = sum(shape), _rows(shape)
    own = float("inf")
    for other in usual:
        if other[0] == name:
            own = _difference(shape, ink, rows, other, own)
            if own <= _ALIKE:
                return False
    near = min(own / _PLAINLY, _NEAR)
    return any(_difference(shape, ink, rows, other, near) < near for other in usual if other[0] != name)


def _difference(shape: Shape, ink: float, rows: Shape, other: _Usual, near: float) -> float:
    """By what share of their ink two shapes differ where they lie best on one another; ``near`` if it is no less."""
    whole = max(ink + other[1], 0.01)
    least = near
    for moved, its_rows in other[2]:
        # What whole rows differ by is quickly reckoned, and the rest differs no less.
        if sum(map(abs, map(sub, rows, its_rows))) < _ALMOST * least * whole:
            least = min(least, sum(map(abs, map(sub, shape, moved))) / whole)
    return least


def _rows(shape: Shape) -> Shape:
    """The ink of each row of a shape."""
    return tuple(sum(shape[start : start + _COLUMNS]) for start in range(0, len(shape), _COLUMNS))
