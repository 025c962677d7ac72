"""What pieces of a page are clipped to, and what of a page's lines that leaves unseen.

Belongs here: the clipping paths of objects. Does not belong here: the walk over them (`objects`), what is done about text
that is clipped (`visible`) and about cells that are (`edges`).
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import pypdfium2.raw as c

from schemas.facts import Box

from .calls import Matrix, handle, moved, plain

# Points by which something reaches out of what it is clipped to.
_OUT = 1.0
_SIDES = (itemgetter(0), itemgetter(1), itemgetter(2), itemgetter(3))

clip_path = plain(c.FPDFPageObj_GetClipPath, ctypes.c_void_p)
clips = plain(c.FPDFClipPath_CountPaths, ctypes.c_int, ctypes.c_void_p)


def clip_of(obj: int) -> Box:
    """The least box around what the clipping paths of an object leave, in the coordinates that it is drawn in."""
    clip = c.FPDFPageObj_GetClipPath(handle(obj))
    box = (float("-inf"), float("-inf"), float("inf"), float("inf"))
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(min(c.FPDFClipPath_CountPaths(clip), 20)):
        xs, ys = array("d"), array("d")
        for n in range(min(c.FPDFClipPath_CountPathSegments(clip, path), 200)):
            if c.FPDFPathSegment_GetPoint(c.FPDFClipPath_GetPathSegment(clip, path, n), x, y):
                xs.append(x.value)
                ys.append(y.value)
        if xs:
            box = (max(box[0], min(xs)), max(box[1], min(ys)), min(box[2], max(xs)), min(box[3], max(ys)))
    return box


def reaches_out(box: Box, clip: Box) -> bool:
    return box[0] < clip[0] - _OUT or box[1] < clip[1] - _OUT or box[2] > clip[2] + _OUT or box[3] > clip[3] + _OUT


def unseen_parts(paths: Sequence[tuple[int, Any, Box]], matrix: Matrix | None, thickest: float) -> list[Box]:
    """What is not seen of thin paths, as they are drawn on the page: beyond the left and right sides of their clips.

    ``paths`` are the page objects, their pointers and the boxes in which they are drawn. Those that reach farthest out
    tell whether the others have to be asked at all.
    """
    if not paths:
        return []
    boxes = [box for _, _, box in paths]
    outer = {boxes.index(pick(boxes, key=side)) for pick, side in ((min, _SIDES[0]), (max, _SIDES[2]))}
    if not any(clips(clip_path(paths[n][1])) > 0 and reaches_out(boxes[n], clip_of(paths[n][0])) for n in outer):
        return []
    found: list[Box] = []
    for obj, pointer, box in paths:
        x0, y0, x1, y1 = box
        if min(x1 - x0, y1 - y0) > thickest or clips(clip_path(pointer)) <= 0:
            continue
        left, _, right, _ = clip_of(obj)
        found += [(x0, y0, min(x1, left), y1)] if x0 < left - _OUT else []
        found += [(max(x0, right), y0, x1, y1)] if x1 > right + _OUT else []
    return [moved(matrix, *box) for box in found]


__all__ = ["clip_of", "clip_path", "clips", "reaches_out", "unseen_parts"]
