"""Which characters of a page are seen, and are the document's own: what is left out before anything is read.

Belongs here: text that is not drawn, drawn in the paper's colour, transparent, clipped or covered; and watermarks.
Does not belong here: figures struck out (`struck`), notes beside a table, what a character is.

Whether text is seen is not reckoned but looked at: the page is drawn twice, with the text in question and without.
Only text whose ink is light, clipped, or near a fill is in question, so that few pages are drawn at all.
"""

from __future__ import annotations

import ctypes
from array import array
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import sub
from statistics import median
from typing import Any

import pypdfium2.raw as c

from parsers.grammar.figures import is_figure_word
from schemas.facts import Box

from .calls import bounds, handle, pointers
from .edges import Cut
from .glyphs import LeftOut, PageText
from .ink import Ink
from .objects import Objects

# Pixels a point, and at most so many a side.
_SCALE = 1.5
_MOST_PIXELS = 2_400
# Levels out of 255: where the page differs less without a character, nobody sees it; lighter ground is paper.
_UNSEEN, _LIGHT = 26, 160
# Digits that differ less are seen by some: white ones on a shaded row, or across a watermark.
_HARDLY = 64
_BLANK = (0, 255)
# Rows of pixels of a dash.
_FLAT = 2
# The same where figures are looked for that have no text.
_CLOSER, _MOST_CLOSER = 2.0, 3_000
# Points of a character that are cut off.
_CUT = 0.5
# Share of a character's width; of its width and height, what has to be covered, and left, for a part.
_SIDE, _PART = 0.12, 0.15
# Points of a pixel.
_EDGE = 1.05 / _SCALE
# A watermark's letters are so many times larger than the text's, or as a tile it comes so often.
_LARGER, _TILES, _LEAST_TILE = 1.6, 5, 4
_SAMPLE = 200
# Of a character's area, what another covers where one is printed on the other.
_ON_ANOTHER = 0.2


def left_out(page: Any, text: PageText, objects: Objects, *, layered: bool) -> LeftOut:
    """What of a page's characters is not seen, or is a watermark. ``layered``: the file has layers that are not shown."""
    under_fills = objects.under_fills()
    in_question = objects.pale | objects.clipped.keys() | (under_fills - objects.below.keys())
    if layered:
        in_question |= objects.on_layers()
    # Of these what lies beside all covers is not in question.
    only_covered = objects.below.keys() - in_question
    in_question |= under_fills
    in_question -= objects.undrawn | objects.removed
    out = LeftOut()
    if not (in_question or objects.undrawn or objects.slanted or objects.sideways or objects.italic):
        return out
    owners = text.owners()
    blank = {i for i, char in enumerate(text.text) if char <= " "}
    unseen = {i for i, owner in enumerate(owners) if owner in objects.undrawn}
    # A page that is slanted as a whole was scanned.
    slanted = {i for i, owner in enumerate(owners) if owner in objects.slanted} - unseen
    if 2 * len(slanted) < len(owners):
        out.gone |= slanted
    asked = [
        i
        for i, owner in enumerate(owners)
        if owner in in_question
        and i not in out.gone
        and i not in unseen
        and (owner not in only_covered or any(_share(cover, text.tight(i)) for cover in objects.below[owner]))
    ]
    seen: dict[int, tuple[int, int]] = {}
    if asked:
        # Text that lies over what hides other text is looked at by itself: both may stand in one place.
        partly: set[int] = set()
        for group in (*apart(in_question & objects.below.keys()), in_question - objects.below.keys()):
            if own := [i for i in asked if owners[i] in group and i not in blank]:
                seen |= _seen(page, text, own, group, partly, {i: objects.below.get(owners[i] or 0, ()) for i in own})
        unseen.update(i for i, (level, _) in seen.items() if level < _UNSEEN)
        faint = [i for i in asked if owners[i] in objects.pale and i not in unseen and seen.get(i, _BLANK)[1] > _LIGHT]
        out.gone |= _watermark(text, faint, owners, out.gone)
        pale = {i for i, (level, ground) in seen.items() if level < _HARDLY and ground > _LIGHT}
        out.faint = {i for i in pale - unseen - out.gone if owners[i] in objects.pale and text.text[i].isdigit()}
        out.faint |= {i for i in partly - unseen - out.gone if text.text[i].isdigit()}
    out.cut = _cut(text, objects, owners, unseen)
    # A picture that hides text may be as light as paper.
    out.covered = {
        i
        for i in unseen - blank
        if owners[i] in objects.covered and text.text[i].isdecimal() and seen.get(i, _BLANK)[1] <= _LIGHT
    }
    dark = {owners[i] for i in out.covered}
    with_digits = {owners[i] for i in unseen if text.text[i].isdecimal()} & in_question - dark
    if with_digits:
        seen_too = {
            owner for i, owner in enumerate(owners) if owner in with_digits and i not in unseen and i not in blank
        }
        out.under = {owner for owner in with_digits - seen_too if owner is not None}
        in_part = with_digits & seen_too & objects.below.keys()
        out.in_part = {i: owner for i in unseen - blank if (owner := owners[i]) in in_part and owner is not None}
    # A label that its cell cuts off goes on below the next one: of words of which others are seen that is no secret.
    begun = {owner for i, owner in enumerate(owners) if owner in objects.clipped and i not in unseen and i not in blank}
    out.hidden = "".join(
        text.text[i] for i in sorted(unseen - blank) if owners[i] not in begun or text.text[i].isdecimal()
    )
    out.gone |= unseen
    if slanted or objects.sideways:
        aside = objects.sideways if not text.rotation else set()
        turned = out.gone & slanted | {i for i, owner in enumerate(owners) if owner in aside}
        out.astray = _figures_among(text.text, sorted(turned - unseen - blank))
    if objects.clipping:
        out.astray |= {i for i, owner in enumerate(owners) if owner in objects.clipping} - blank
    if not text.rotation:
        out.gone |= {i for i, owner in enumerate(owners) if owner in objects.sideways} - blank
        out.italic = {i for i, owner in enumerate(owners) if owner in objects.italic} - out.gone - blank
    return out


def _cut(text: PageText, objects: Objects, owners: list[int | None], unseen: set[int]) -> set[Cut]:
    """Where text with digits is cut off on its left and on its right, of which something is seen."""
    found: set[Cut] = set()
    for i, owner in enumerate(owners):
        if owner in objects.clipped and i not in unseen and text.text[i].isdigit():
            x0, _, x1, _ = text.tight(i)
            start, low, end, high = objects.clipped[owner]
            if x0 < start - _CUT:
                found.add((start, low, high, False))
            if x1 > end + _CUT:
                found.add((end, low, high, True))
    return found


def _figures_among(chars: str, indexes: list[int]) -> set[int]:
    """Of some characters those that are digits with no letter beside them: what is turned may be a figure all the same."""
    found: set[int] = set()
    run: list[int] = []
    for i in [*indexes, -1]:
        if run and i != run[-1] + 1:
            if is_figure_word("".join(chars[k] for k in run)):
                found.update(run)
            run = []
        run.append(i)
    return found


# -- looking -------------------------------------------------------------------------------------------------------


def apart(objects: Iterable[int]) -> list[set[int]]:
    """Pieces of text in groups of which no two share a place: what one of them shows is not told of another."""
    found: list[tuple[set[int], list[Box]]] = []
    some = [*objects]
    for obj, box in zip(some, bounds(pointers(some)), strict=True):
        group, boxes = next(((g, own) for g, own in found if not any(_share(box, one) for one in own)), (set(), []))
        if not group:
            found.append((group, boxes))
        group.add(obj)
        boxes.append(box)
    return [group for group, _ in found]


def _share(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _seen(
    page: Any,
    text: PageText,
    asked: Iterable[int],
    objects: Iterable[int],
    partly: set[int],
    over: Mapping[int, Sequence[Box]],
) -> dict[int, tuple[int, int]]:
    """For each character, how much darker or lighter it makes its place on the page, and how light that is without it.

    Those of which what lies ``over`` them hides a part go to ``partly``.
    """
    width, height = c.FPDF_GetPageWidthF(page), c.FPDF_GetPageHeightF(page)
    scale = min(_SCALE, _MOST_PIXELS / max(width, height, 1.0))
    size = (max(int(width * scale), 1), max(int(height * scale), 1))
    whole = _drawn(page, *size)
    with _without(objects):
        rest = _drawn(page, *size)
    out: dict[int, tuple[int, int]] = {}

    def look(box: Box) -> tuple[int, int]:
        x0, y0, x1, y1 = _pixels(page, box, *size)
        if y1 - y0 <= _FLAT:
            # A dash may be drawn in the row beside.
            y0, y1 = max(y0 - 1, 0), min(y1 + 1, size[1])
        level = ground = 0
        for y in range(y0, y1):
            start, end = y * size[0] + x0, y * size[0] + x1
            ground = max(ground, *rest[start:end])
            if whole[start:end] != rest[start:end]:
                level = max(level, *map(abs, map(sub, whole[start:end], rest[start:end])))
        return level, ground

    for i in asked:
        box = text.tight(i)
        out[i] = look(box)
        if any(look(part)[0] < _UNSEEN for cover in over.get(i, ()) if (part := _part_under(cover, box)) is not None):
            partly.add(i)
    return out


def _part_under(cover: Box, box: Box) -> Box | None:
    """What something covers of a character, if that is a part of it."""
    part = max(cover[0], box[0]), max(cover[1], box[1]), min(cover[2], box[2]), min(cover[3], box[3])
    shares = (part[2] - part[0]) / max(box[2] - box[0], 0.1), (part[3] - part[1]) / max(box[3] - box[1], 0.1)
    if min(shares) <= _PART or min(shares) >= 1 - _PART:
        return None
    # The pixels at its edge are seen in part.
    return (
        min(part[0] + _EDGE * (part[0] > box[0]), part[2]),
        min(part[1] + _EDGE * (part[1] > box[1]), part[3]),
        max(part[2] - _EDGE * (part[2] < box[2]), part[0]),
        max(part[3] - _EDGE * (part[3] < box[3]), part[1]),
    )


def shown_anew(page: Any, text: PageText, was: Sequence[tuple[str, Box]]) -> set[int]:
    """Characters that stand where the same one ``was``, and are seen."""
    owners = text.owners()
    found = [
        i
        for i, char in enumerate(text.text)
        if any(char == old and _share(box, text.tight(i)) for old, box in was) and owners[i] is not None
    ]
    shown: set[int] = set()
    for group in apart({owner for i in found if (owner := owners[i]) is not None}):
        own = [i for i in found if owners[i] in group]
        shown.update(i for i, (level, _) in _seen(page, text, own, group, set(), {}).items() if level >= _UNSEEN)
    return shown


def without_text(page: Any, text: PageText, out: LeftOut, form: Any = None) -> Ink:
    """The page as it is shown but for its text; with characters that are none of it. ``form``: the file's."""
    width, height = c.FPDF_GetPageWidthF(page), c.FPDF_GetPageHeightF(page)
    scale = min(_CLOSER, _MOST_CLOSER / max(width, height, 1.0))
    size = (max(int(width * scale), 1), max(int(height * scale), 1))
    owners = text.owners()
    beside = {owners[i] for i in (*out.astray, *text.without_text)}
    with _without({owner for owner in owners if owner is not None and owner not in beside}):
        return Ink(_drawn(page, *size, c.FPDF_ANNOT, form), *size, scale)


@contextmanager
def _without(objects: Iterable[int]) -> Iterator[None]:
    """The page while some objects are not drawn."""
    handles = [handle(obj) for obj in objects]
    for obj in handles:
        c.FPDFPageObj_SetIsActive(obj, False)
    try:
        yield
    finally:
        for obj in handles:
            c.FPDFPageObj_SetIsActive(obj, True)


def _drawn(page: Any, width: int, height: int, flags: int = 0, form: Any = None) -> array[int]:
    """The page in grey, a byte for each pixel."""
    pixels = array("B", bytes(width * height))
    bitmap = c.FPDFBitmap_CreateEx(width, height, c.FPDFBitmap_Gray, pixels.buffer_info()[0], width)
    try:
        c.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        c.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, c.FPDF_GRAYSCALE | flags)
        if form is not None:
            c.FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, 0, c.FPDF_GRAYSCALE | flags)
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    return pixels


def _pixels(page: Any, box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """A box of the page's own coordinates, but for its sides, in pixels of its picture: those may be a neighbour's."""
    x, y = ctypes.c_int(), ctypes.c_int()
    xs, ys = [], []
    inset = _SIDE * (box[2] - box[0])
    for px, py in ((box[0] + inset, box[1]), (box[2] - inset, box[3])):
        c.FPDF_PageToDevice(page, 0, 0, width, height, 0, px, py, x, y)
        xs.append(min(max(x.value, 0), width - 1))
        ys.append(min(max(y.value, 0), height - 1))
    return min(xs), min(ys), max(xs) + 1, max(ys) + 1


# -- watermarks ----------------------------------------------------------------------------------------------------


def _watermark(text: PageText, faint: list[int], owners: list[int | None], gone: Container[int]) -> set[int]:
    """Faint characters that are larger than the text, printed across it, or tiles of one string. What is ``gone``, slanted
    tiles, is no text that others could be printed across: a figure in grey beside one is the page's.
    """
    if not faint:
        return set()
    chars = text.text
    pale = set(faint)
    others = [
        i for i, owner in enumerate(owners) if owner is not None and i not in pale and i not in gone and chars[i] > " "
    ]
    usual = median(text.size(i) for i in others[:: 1 + len(others) // _SAMPLE]) if others else 0.0
    runs: list[list[int]] = []
    for i in faint:
        if runs and i == runs[-1][-1] + 1 and chars[i] not in "\r\n":
            runs[-1].append(i)
        else:
            runs.append([i])
    words = ["".join(chars[i] for i in run).strip() for run in runs]
    often = {word for word, n in Counter(words).items() if n >= _TILES and len(word) >= _LEAST_TILE}
    crossed = _printed_on(text, faint, others)
    found: set[int] = set()
    for run, word in zip(runs, words, strict=True):
        if not word:
            continue
        larger = usual > 0 and text.size(run[len(run) // 2]) > _LARGER * usual
        if larger or word in often or any(i in crossed for i in run):
            found.update(run)
    return found


def _printed_on(text: PageText, faint: Iterable[int], others: Iterable[int]) -> set[int]:
    """Faint characters that share their place with another one."""
    rows: dict[int, list[Box]] = {}
    for i in others:
        box = text.tight(i)
        for row in {int(box[1] // 20), int(box[3] // 20)}:
            rows.setdefault(row, []).append(box)
    found: set[int] = set()
    for i in faint:
        x0, y0, x1, y1 = text.tight(i)
        area = max((x1 - x0) * (y1 - y0), 0.01)
        for row in range(int(y0 // 20), int(y1 // 20) + 1):
            for a0, b0, a1, b1 in rows.get(row, ()):
                shared = (min(x1, a1) - max(x0, a0), min(y1, b1) - max(y0, b0))
                least = _ON_ANOTHER * min(area, (a1 - a0) * (b1 - b0))
                if shared[0] > 0 and shared[1] > 0 and shared[0] * shared[1] > least:
                    found.add(i)
    return found
