"""PDFium's C interface made cheap to call: plain functions, places to write to, matrices.

Belongs here: what every module that calls PDFium needs for calling it, and what makes many calls of one kind cheap.
Does not belong here: what is asked of a page, or what the answers mean (`objects`, `glyphs`, `visible`, `pdfium`).

Bulk calls are given what ctypes need not convert, because converting an argument costs more than the call itself.
"""

from __future__ import annotations

import ctypes
import threading
from array import array
from collections import deque
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as c

from schemas.facts import Box

# PDFium is not safe for threads: held while a file is looked at. The places below are used under it only.
LOCK = threading.Lock()
# A bulk call writes so many boxes; for more it is called again.
BOXES_AT_ONCE = 4_096

Matrix = tuple[float, float, float, float, float, float]


def plain(function: Any, result: Any, *arguments: Any) -> Any:
    """A PDFium function for bulk calls. It gives addresses as plain numbers.

    Without types of arguments these are passed on as they are: indexes as numbers, addresses by `address`, which
    converts each once and for all.
    """
    start = ctypes.cast(function, ctypes.c_void_p).value
    assert start is not None
    # The calls are too short for letting other threads run meanwhile.
    return ctypes.PYFUNCTYPE(result, *arguments)(start)


def address(pointer: Any) -> Any:
    """Where a pointer points to, as an argument of bulk calls."""
    return ctypes.c_void_p.from_param(ctypes.cast(pointer, ctypes.c_void_p).value)


def handle(obj: int) -> Any:
    """A page's object, known by its address, as an argument of PDFium's own functions."""
    return ctypes.cast(obj, c.FPDF_PAGEOBJECT)


_object_bounds = plain(c.FPDFPageObj_GetBounds, ctypes.c_int)


class Room:
    """Where bulk calls write boxes of four numbers, and the address of every number as an argument."""

    def __init__(self) -> None:
        self._numbers = array("f", bytes(16 * BOXES_AT_ONCE))
        self._whole = memoryview(self._numbers).cast("B").cast("I")
        self._start, _ = self._numbers.buffer_info()
        self._known = 0
        # Of every fourth number, and of every eighth: from the first to the fourth on.
        self._sides: tuple[list[Any], ...] = ([], [], [], [])
        self._eighths: tuple[list[Any], ...] = ([], [], [], [])

    def sides(self, boxes: int) -> tuple[list[Any], ...]:
        """Where to write the four sides of so many boxes or more, for as many as the caller has; zeros stand there until then."""
        ctypes.memset(self._start, 0, 16 * boxes)
        if boxes > self._known:
            new = range(self._start + 16 * self._known, self._start + 16 * boxes, 4)
            places = list(map(ctypes.c_void_p.from_param, new))
            for k, side in enumerate(self._sides):
                side.extend(places[k::4])
            self._known = boxes
            self._eighths = tuple(side[::2] for side in self._sides)
        return self._sides

    def in_eights(self, objects: int) -> tuple[list[Any], ...]:
        """Where to write up to four numbers for each of so many objects or more, eight places apart."""
        self.sides(2 * objects)
        return self._eighths

    def written(self, boxes: int) -> tuple[list[float], ...]:
        """What was written into the four sides of so many boxes."""
        # Part by part: to make one list of all and to part that takes three times as long.
        first, second, third, fourth = (self._numbers[k : 4 * boxes : 4].tolist() for k in range(4))
        return first, second, third, fourth

    def every_eighth(self, k: int, objects: int) -> Sequence[float]:
        """What was written into the k-th places of `in_eights`."""
        return self._numbers[k : 8 * objects : 8].tolist()

    def every_eighth_whole(self, k: int, objects: int) -> Sequence[int]:
        """The same places, read as what functions write that give whole numbers."""
        return self._whole[k : 8 * objects : 8].tolist()

    def are_alike(self, objects: int) -> bool:
        """Whether the same was written for every one of so many objects, eight places apart."""
        found = ctypes.string_at(self._start, 32 * objects)
        return found == found[:32] * objects

    def are_zero(self, k: int, objects: int) -> bool:
        """Whether nothing but zeros was written into the k-th places of `in_eights`."""
        found = self._numbers[k : 8 * objects : 8]
        return not found.tobytes().strip(b"\0") or not any(found)


room = Room()
# For the sides of one box.
corners = array("d", bytes(32))
corner_places = [ctypes.c_void_p.from_param(corners.buffer_info()[0] + 8 * k) for k in range(4)]
# The same places, read as what functions write there that give whole numbers: two of these to a place.
whole_corners = memoryview(corners).cast("B").cast("i")


def pointers(objects: list[int]) -> list[Any]:
    """Page objects, known by their addresses, as arguments of bulk calls."""
    return list(map(ctypes.c_void_p.from_param, objects))


def bounds(handles: Sequence[Any]) -> list[Box]:
    """(left, bottom, right, top) of page objects, given as `pointers` gives them, all in one go."""
    found: list[Box] = []
    for start in range(0, len(handles), BOXES_AT_ONCE):
        some = handles[start : start + BOXES_AT_ONCE]
        deque(map(_object_bounds, some, *room.sides(len(some))), maxlen=0)
        found += zip(*room.written(len(some)), strict=True)
    return found


def wide(call: Any) -> str:
    """A string that PDFium writes as UTF-16 into a buffer of the caller's; the length comes first."""
    need = call(None, 0)
    if not 2 < need <= 200_000:
        return ""
    buffer = (ctypes.c_ushort * (need // 2 + 1))()
    call(buffer, need)
    return bytes(buffer)[:need].decode("utf-16-le", "replace").split("\0", 1)[0]


def matrix_of(obj: Any) -> Matrix | None:
    """A page object's own matrix."""
    own = c.FS_MATRIX()
    if not c.FPDFPageObj_GetMatrix(obj, own):
        return None
    return (own.a, own.b, own.c, own.d, own.e, own.f)


def multiplied(inner: Matrix, outer: Matrix | None) -> Matrix:
    if outer is None:
        return inner
    a, b, cc, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        cc * oa + d * oc,
        cc * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def moved(matrix: Matrix | None, x0: float, y0: float, x1: float, y1: float) -> Box:
    if matrix is None:
        return (x0, y0, x1, y1)
    a, b, cc, d, e, f = matrix
    xs = [a * x + cc * y + e for x in (x0, x1) for y in (y0, y1)]
    ys = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    return (min(xs), min(ys), max(xs), max(ys))
