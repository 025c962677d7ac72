"""What is drawn on a page: ruling lines, shapes and pictures, fills, and how every piece of text is shown.

Belongs here: the walk over a page's objects, in the page's own coordinates (y upwards), and what each of them may be.
Does not belong here: whether a piece of text is seen (`visible`), its characters (`glyphs`), tables.
"""

from __future__ import annotations

import ctypes
import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from typing import Any

import pypdfium2.raw as c

from schemas.facts import Box

from .calls import (
    BOXES_AT_ONCE,
    Matrix,
    address,
    bounds,
    corner_places,
    handle,
    matrix_of,
    moved,
    multiplied,
    plain,
    pointers,
    room,
    whole_corners,
)
from .clipping import clip_of, clip_path, clips, reaches_out, unseen_parts
from .strokes import dotted_rules

# A file may hold anything; these keep one page's work bounded.
MOST_OBJECTS = 50_000
MOST_SEGMENTS = 200_000
_DEEPEST_FORM = 6
# A rule is thinner than this, a cell's shading is not.
_THICKEST = 4.0
_SHORTEST = 1.0
# A rule shorter than this may be a drawn character, which has more points than a rectangle's.
_CHARACTER = 14.0
# Points of a dot of a dotted rule.
_LARGEST_DOT = 2.5
_OF_RECTANGLE, _OF_CHARACTER, _PIECES = 6, 100, 3
# No character is larger; a slash through a cell is.
_LARGEST_SHAPE = (60.0, 30.0)
_LARGEST_SLASH = (220.0, 60.0)
_STRAIGHT = 0.7
# A picture of the whole page covers at least this share of it.
_WHOLE_PAGE = 0.55
# Levels from 0 (black) to 255. Ink that is lighter may be a watermark or unseen, a fill that is darker may hide text.
_PALE, _DARK = 128, 160
_WHITE = 250
# What PDFium gives for the colour of a pattern.
_PATTERN = 191.0
# A text's baseline is level, or upright, but for this share of its length.
_LEVEL = 0.03
# Points of a piece of text that something lies over.
_OVER = 1.0

UNSEEN = (c.FPDF_TEXTRENDERMODE_INVISIBLE, c.FPDF_TEXTRENDERMODE_CLIP)

_page_object = plain(c.FPDFPage_GetObject, ctypes.c_void_p)
_form_object = plain(c.FPDFFormObj_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
_kind_of = plain(c.FPDFPageObj_GetType, ctypes.c_int)
_render_mode = plain(c.FPDFTextObj_GetTextRenderMode, ctypes.c_int)
_fill_colour = plain(c.FPDFPageObj_GetFillColor, ctypes.c_int)
_matrix = plain(c.FPDFPageObj_GetMatrix, ctypes.c_int)
_segments_of = plain(c.FPDFPath_CountSegments, ctypes.c_int)
_draw_mode = plain(c.FPDFPath_GetDrawMode, ctypes.c_int)
_lets_through = plain(c.FPDFPageObj_HasTransparency, ctypes.c_int)


_Point = tuple[float, float]


@dataclass(slots=True)
class Fill:
    """A filled area or a picture, and where it comes among what is drawn."""

    box: Box
    order: int
    dark: bool


@dataclass(slots=True)
class _Texts:
    """Pieces of text of one page or form, by their addresses, with the order in which they are drawn."""

    objects: list[int]
    orders: list[int]
    matrix: Matrix | None
    # The same as arguments of bulk calls.
    handles: list[Any]


@dataclass(slots=True)
class Objects:
    """What the walk over a page's objects finds. Pieces of text are known by their addresses."""

    rules: list[Box] = field(default_factory=list)
    shapes: list[Box] = field(default_factory=list)
    # What is not seen of rules that reach out of what they are clipped to.
    unseen: list[Box] = field(default_factory=list)
    # Lines drawn neither level nor upright: what they cross may be struck.
    slanting: list[Box] = field(default_factory=list)
    # Whatever may stand for something printed: shapes, pictures, shadings, patterns, lines that are no rules.
    drawn: list[Box] = field(default_factory=list)
    # Of these what is shaded or patterned, or lets something through: within it there may be lines.
    patterns: list[Box] = field(default_factory=list)
    # Areas of one colour that are not light.
    areas: list[Box] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    whole_page: int | None = None
    last_text: int = -1
    invisible: int = 0
    visible: int = 0
    largest_picture: float = 0.0
    # Text that is not drawn; that lies on its side; that lies neither level nor on a side, or upside down; whose
    # letters are slanted; whose ink is light; what is clipped, and to which box.
    undrawn: set[int] = field(default_factory=set)
    # Of text that is not drawn what other things are clipped to: they may show it.
    clipping: set[int] = field(default_factory=set)
    sideways: set[int] = field(default_factory=set)
    slanted: set[int] = field(default_factory=set)
    italic: set[int] = field(default_factory=set)
    pale: set[int] = field(default_factory=set)
    clipped: dict[int, Box] = field(default_factory=dict)
    # Text under something dark, or under a picture; under whatever it is, with what lies on it.
    covered: set[int] = field(default_factory=set)
    below: dict[int, list[Box]] = field(default_factory=dict)
    # Text that was taken out of the page.
    removed: set[int] = field(default_factory=set)
    texts: list[_Texts] = field(default_factory=list)
    _dots: list[Box] = field(default_factory=list)
    _segments: int = 0
    _count: int = 0

    def under_fills(self) -> set[int]:
        """Text that a fill or a picture may hide: drawn over it, or as dark as the text and under it."""
        first = min((t.orders[0] for t in self.texts), default=0)
        found: set[int] = set()
        hiding = [f for f in self.fills if f.dark or f.order > first]
        if not hiding:
            return found
        lefts, lowers, rights, uppers = zip(*(fill.box for fill in hiding), strict=True)
        left, low, right, high = min(lefts), min(lowers), max(rights), max(uppers)
        for texts in self.texts:
            boxes = bounds(texts.handles)
            if texts.matrix is not None:
                boxes = [moved(texts.matrix, *box) for box in boxes]
            places = sorted(
                (y, x0, x1, order, obj)
                for (x0, y0, x1, y1), order, obj in zip(boxes, texts.orders, texts.objects, strict=True)
                if low <= (y := (y0 + y1) / 2) <= high and left < x1 and x0 < right
            )
            heights = [place[0] for place in places]
            for fill in hiding:
                x0, y0, x1, y1 = fill.box
                for _, start, end, order, obj in places[bisect_right(heights, y0) : bisect_right(heights, y1)]:
                    central = x0 < (start + end) / 2 < x1
                    if fill.order > order:
                        # One piece may hold the figures of several cells, of which a single one is covered.
                        if central or min(x1, end) - max(x0, start) > _OVER:
                            found.add(obj)
                            self.below.setdefault(obj, []).append(fill.box)
                            if fill.dark:
                                self.covered.add(obj)
                    elif fill.dark and central:
                        found.add(obj)
        return found

    def on_layers(self) -> set[int]:
        """Text that may lie on a layer: marked so, or within a form, of which PDFium does not say it."""
        return {
            obj
            for texts in self.texts
            for obj in texts.objects
            if texts.matrix is not None or _is_on_layer(handle(obj))
        }


def _is_on_layer(obj: Any) -> bool:
    length = ctypes.c_ulong()
    name = (c.FPDF_WCHAR * 3)()
    for n in range(max(c.FPDFPageObj_CountMarks(obj), 0)):
        if c.FPDFPageObjMark_GetName(c.FPDFPageObj_GetMark(obj, n), name, 6, length) and bytes(name)[:4] == b"O\0C\0":
            return True
    return False


def walk(page: Any, area: float) -> Objects:
    """Everything drawn on a loaded page of so many square points."""
    found = Objects()
    count = min(c.FPDFPage_CountObjects(page), MOST_OBJECTS)
    _walk(list(map(_page_object, repeat(address(page)), range(count))), None, found, area, 0)
    if found._dots:
        dotted, others = dotted_rules(found._dots)
        found.rules += dotted
        found.drawn += others
    found.drawn += found.shapes
    return found


def _walk(objects: list[Any], matrix: Matrix | None, found: Objects, area: float, depth: int) -> None:
    before = found._count
    found._count += len(objects)
    if found._count > MOST_OBJECTS:
        return
    # Only text has a mode: one call for each tells what it is as well.
    handles = pointers(objects)
    modes = list(map(_render_mode, handles))
    no_text = c.FPDF_TEXTRENDERMODE_UNKNOWN
    beside = [i for i, mode in enumerate(modes) if mode == no_text]
    if len(beside) < len(objects):
        _look_at_texts(objects, handles, modes, matrix, found, before)
    without, pointed = [objects[i] for i in beside], [handles[i] for i in beside]
    kinds = list(map(_kind_of, pointed))
    path, image, form_kind = c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE, c.FPDF_PAGEOBJ_FORM
    boxes = bounds(pointed)
    paths = [own for own, kind in zip(zip(without, pointed, boxes, strict=True), kinds, strict=True) if kind == path]
    found.unseen += unseen_parts(paths, matrix, _THICKEST)
    for obj, pointer, kind, i, own_box in zip(without, pointed, kinds, beside, boxes, strict=True):
        if kind == path:
            box = own_box if matrix is None else moved(matrix, *own_box)
            x0, y0, x1, y1 = box
            width, height = x1 - x0, y1 - y0
            if width > _THICKEST and height > _THICKEST:
                _look_at_path(obj, pointer, box, matrix, found, before + i)
            elif (width > 1.5 * height or height > 1.5 * width) and (width >= _SHORTEST or height >= _SHORTEST):
                short = width < _CHARACTER and height < _CHARACTER
                (found.shapes if short and _may_be_character(obj, pointer) else found.rules).append(box)
            elif max(width, height) < _LARGEST_DOT:
                found._dots.append(box)
            else:
                found.drawn.append(box)
        elif kind == image:
            box = own_box if matrix is None else moved(matrix, *own_box)
            _look_at_image(obj, box, found, area, before + i)
        elif kind == c.FPDF_PAGEOBJ_SHADING:
            box = own_box if matrix is None else moved(matrix, *own_box)
            found.drawn.append(box)
            found.patterns.append(box)
    if depth < _DEEPEST_FORM and form_kind in kinds:
        for form in [obj for obj, kind in zip(without, kinds, strict=True) if kind == form_kind]:
            own = matrix_of(handle(form))
            if own is not None:
                count = min(c.FPDFFormObj_CountObjects(handle(form)), MOST_OBJECTS)
                inner = list(map(_form_object, repeat(form), range(count)))
                _walk(inner, multiplied(own, matrix), found, area, depth + 1)


# -- text ----------------------------------------------------------------------------------------------------------


def _look_at_texts(
    objects: list[int], handles: list[Any], modes: list[int], matrix: Matrix | None, found: Objects, before: int
) -> None:
    no_text = c.FPDF_TEXTRENDERMODE_UNKNOWN
    if no_text in modes:
        at = [i for i, mode in enumerate(modes) if mode != no_text]
        texts, handles = [objects[i] for i in at], [handles[i] for i in at]
    else:
        at, texts = list(range(len(objects))), objects
    unseen = sum(map(modes.count, UNSEEN))
    found.invisible += unseen
    found.visible += len(texts) - unseen
    found.last_text = before + at[-1]
    found.texts.append(_Texts(texts, [before + i for i in at], matrix, handles))
    if unseen:
        found.undrawn.update(objects[i] for i in at if modes[i] in UNSEEN)
        found.clipping.update(objects[i] for i in at if modes[i] == c.FPDF_TEXTRENDERMODE_CLIP)
    for start in range(0, len(texts), BOXES_AT_ONCE // 2):
        some = texts[start : start + BOXES_AT_ONCE // 2]
        own = handles[start : start + BOXES_AT_ONCE // 2]
        deque(map(_fill_colour, own, *room.in_eights(len(some))), maxlen=0)
        # Nearly always all text is of one colour.
        told = 1 if room.are_alike(len(some)) else len(some)
        reds, greens, blues, opacities = (room.every_eighth_whole(k, told) for k in range(4))
        if max(reds) > _PALE or max(greens) > _PALE or max(blues) > _PALE or min(opacities) < 255:
            reds, greens, blues, opacities = (room.every_eighth_whole(k, len(some)) for k in range(4))
            shades = map(_shade, reds, greens, blues, opacities)
            found.pale.update(obj for obj, shade in zip(some, shades, strict=True) if shade > _PALE)
        deque(map(_matrix, own, room.in_eights(len(some))[0]), maxlen=0)
        along = room.every_eighth(0, len(some))
        if not room.are_zero(2, len(some)):
            heights = zip(some, room.every_eighth(2, len(some)), room.every_eighth(3, len(some)), strict=True)
            found.italic.update(obj for obj, slant, high in heights if abs(slant) > _LEVEL * abs(high))
        upright = not room.are_zero(1, len(some))
        if upright or min(along) < 0 or (matrix is not None and (matrix[1] or matrix[0] < 0)):
            _note_turned(some, along, room.every_eighth(1, len(some)), matrix, found)
        counts = list(map(clips, map(clip_path, own)))
        if max(counts) > 0:
            _note_clipped([obj for obj, n in zip(some, counts, strict=True) if n > 0], matrix, found)


def _shade(red: int, green: int, blue: int, opacity: int) -> float:
    """How light a colour is on white paper."""
    return 255 - opacity / 255 * (255 - (0.3 * red + 0.59 * green + 0.11 * blue))


def _note_turned(
    objects: list[int], along: Sequence[float], up: Sequence[float], matrix: Matrix | None, found: Objects
) -> None:
    """Text whose baseline is not level. A slant of the letters (italics) is none of the baseline."""
    ma, mb, mc, md = matrix[:4] if matrix is not None else (1.0, 0.0, 0.0, 1.0)
    for obj, a, b in zip(objects, along, up, strict=True):
        x, y = a * ma + b * mc, a * mb + b * md
        least = _LEVEL * math.hypot(x, y)
        if abs(x) <= least:
            found.sideways.add(obj)
        elif abs(y) > least or x < 0:
            found.slanted.add(obj)


def _note_clipped(objects: list[Any], matrix: Matrix | None, found: Objects) -> None:
    """Text that reaches out of what it is clipped to."""
    for obj, box in zip(objects, bounds(pointers(objects)), strict=True):
        if reaches_out(box, clip := clip_of(obj)):
            found.clipped[obj] = clip


# -- paths and pictures --------------------------------------------------------------------------------------------


def _look_at_image(obj: Any, box: Box, found: Objects, area: float, order: int) -> None:
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    share = width * height / area
    found.largest_picture = max(found.largest_picture, share)
    if share >= _WHOLE_PAGE:
        if not c.FPDFPageObj_HasTransparency(handle(obj)):
            found.whole_page = order
        found.drawn.append(box)
    elif min(width, height) <= _THICKEST and max(width, height) > 8:
        found.rules.append(box)
    else:
        found.fills.append(Fill(box, order, dark=True))
        if 1.5 < width < 60 and 3 < height < 30:
            found.shapes.append(box)
        else:
            found.drawn.append(box)


def _look_at_path(obj: int, pointer: Any, box: Box, matrix: Matrix | None, found: Objects, order: int) -> None:
    """Ruling lines drawn as outlines or as several pieces, areas, and shapes that may stand for a character."""
    width, height = box[2] - box[0], box[3] - box[1]
    count = _segments_of(pointer)
    whole_corners[0] = whole_corners[2] = 0
    _draw_mode(pointer, *corner_places[:2])
    fill, stroke = whole_corners[0], whole_corners[2]
    shade = _fill_shade(pointer) if fill else None
    if shade is not None and count <= _OF_RECTANGLE:
        found.fills.append(Fill(box, order, dark=shade < _DARK))
        if shade < _DARK:
            found.areas.append(box)
    if fill and (shade is None or shade == _PATTERN or (shade < _WHITE and _lets_through(pointer))):
        # Half transparent, masked, or in no one colour.
        found.drawn.append(box)
        found.patterns.append(box)
    if not stroke and (count <= _OF_RECTANGLE and max(width, height) > _CHARACTER):
        return
    found._segments += count
    if found._segments > MOST_SEGMENTS:
        return
    path = handle(obj)
    own = matrix_of(path)
    for points, bent in _subpaths(path, count, matrix if own is None else multiplied(own, matrix)):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        part = (min(xs), min(ys), max(xs), max(ys))
        if stroke:
            _look_at_strokes(points, bent, part, found)
        elif shade is None or shade > _WHITE:
            continue
        elif min(part[2] - part[0], part[3] - part[1]) <= _THICKEST and not _fits(part, (_CHARACTER, _CHARACTER)):
            found.rules.append(part)
        elif any(bent) or not _is_rectangle(points):
            (found.shapes if _fits(part, _LARGEST_SHAPE) else found.drawn).append(part)
        elif count > _OF_RECTANGLE and shade < _DARK:
            found.areas.append(part)


def _may_be_character(obj: int, pointer: Any) -> bool:
    """Whether a thin path has more points than a rectangle, in one piece or two: a dotted rule has many."""
    count = _segments_of(pointer)
    if not _OF_RECTANGLE < count <= _OF_CHARACTER:
        return False
    path = handle(obj)
    kinds = [c.FPDFPathSegment_GetType(c.FPDFPath_GetPathSegment(path, i)) for i in range(count)]
    return kinds.count(c.FPDF_SEGMENT_MOVETO) < _PIECES


def _look_at_strokes(points: list[_Point], bent: list[bool], part: Box, found: Objects) -> None:
    straight = True
    for (ax, ay), (bx, by), is_bent in zip(points, points[1:], bent[1:], strict=False):
        if is_bent:
            continue
        if abs(ax - bx) < _STRAIGHT or abs(ay - by) < _STRAIGHT:
            found.rules.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
        else:
            straight = False
    if (any(bent) and _fits(part, _LARGEST_SHAPE)) or (not straight and _fits(part, _LARGEST_SLASH)):
        found.shapes.append(part)
        if not straight:
            found.slanting.append(part)
    elif any(bent) or not straight:
        found.drawn.append(part)


def _fits(box: Box, largest: tuple[float, float]) -> bool:
    return box[2] - box[0] < largest[0] and box[3] - box[1] < largest[1]


def _is_rectangle(points: list[tuple[float, float]]) -> bool:
    """Whether the points are a rectangle's corners, the first perhaps again at the end."""
    if len(points) > _OF_RECTANGLE:
        return False
    return all(abs(ax - bx) < _STRAIGHT or abs(ay - by) < _STRAIGHT for (ax, ay), (bx, by) in pairwise(points))


def _fill_shade(pointer: Any) -> float | None:
    """How light the ink of an area is; None for one that nearly nothing is seen of."""
    if not _fill_colour(pointer, *corner_places):
        return None
    red, green, blue, opacity = whole_corners[::2]
    return _shade(red, green, blue, 255) if opacity > _DARK else None


def _subpaths(path: Any, count: int, matrix: Matrix | None) -> Iterator[tuple[list[_Point], list[bool]]]:
    """The pieces of a path as lists of points, and of each point whether a curve leads to it."""
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, cc, d, e, f = matrix or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    points: list[_Point] = []
    bent: list[bool] = []
    for i in range(count):
        segment = c.FPDFPath_GetPathSegment(path, i)
        kind = c.FPDFPathSegment_GetType(segment)
        c.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + cc * y.value + e, b * x.value + d * y.value + f)
        if kind == c.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, bent
            points, bent = [], []
        points.append(point)
        bent.append(kind == c.FPDF_SEGMENT_BEZIERTO)
        if c.FPDFPathSegment_GetClose(segment) and len(points) > 1:
            points.append(points[0])
            bent.append(False)
            yield points, bent
            points, bent = [point], [False]
    if len(points) > 1:
        yield points, bent
