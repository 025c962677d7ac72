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
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from operator import sub
from statistics import median
from typing import Any

import pypdfium2.raw as c

from parsers.grammar.figures import is_figure_word
from schemas.facts import Box

from .calls import handle
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
# The same where figures are looked for that have no text.
_CLOSER, _MOST_CLOSER = 2.0, 3_000
# Points of a character that are cut off.
_CUT = 0.5
# Share of a character's width.
_SIDE = 0.12
# A watermark's letters are so many times larger than the text's, or as a tile it comes so often.
_LARGER, _TILES, _LEAST_TILE = 1.6, 5, 4
_SAMPLE = 200
# Of a character's area, what another covers where one is printed on the other.
_ON_ANOTHER = 0.2


def left_out(page: Any, text: PageText, objects: Objects, *, layered: bool) -> LeftOut:
    """What of a page's characters is not seen, or is a watermark. ``layered``: the file has layers that are not shown."""
    in_question = objects.pale | objects.clipped.keys() | objects.under_fills()
    if layered:
        in_question |= objects.on_layers()
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
    asked = [i for i, owner in enumerate(owners) if owner in in_question and i not in out.gone and i not in unseen]
    seen: dict[int, tuple[int, int]] = {}
    if asked:
        # Text that lies over what hides other text is looked at by itself: both may stand in one place.
        groups = [in_question & objects.below, in_question - objects.below]
        for group in groups:
            if own := [i for i in asked if owners[i] in group and i not in blank]:
                seen |= _seen(page, text, own, group)
        unseen.update(i for i, (level, _) in seen.items() if level < _UNSEEN)
        faint = [i for i in asked if owners[i] in objects.pale and i not in unseen and seen.get(i, _BLANK)[1] > _LIGHT]
        out.gone |= _watermark(text, faint, owners, out.gone)
        pale = {i for i, (level, ground) in seen.items() if level < _HARDLY and ground > _LIGHT}
        out.faint = {i for i in pale - unseen - out.gone if owners[i] in objects.pale and text.text[i].isdigit()}
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
    out.hidden = "".join(text.text[i] for i in sorted(unseen - blank))
    out.gone |= unseen
    if slanted or objects.sideways:
        aside = objects.sideways if not text.rotation else set()
        turned = out.gone & slanted | {i for i, owner in enumerate(owners) if owner in aside}
        out.astray = _figures_among(text.text, sorted(turned - unseen - blank))
    if objects.clipping:
        out.astray |= {i for i, owner in enumerate(owners) if owner in objects.clipping} - blank
    if not text.rotation:
        out.sideways = {i for i, owner in enumerate(owners) if owner in objects.sideways} - out.gone - blank
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


def _seen(page: Any, text: PageText, asked: Iterable[int], objects: Iterable[int]) -> dict[int, tuple[int, int]]:
    """For each character, how much darker or lighter it makes its place on the page, and how light that is without it."""
    width, height = c.FPDF_GetPageWidthF(page), c.FPDF_GetPageHeightF(page)
    scale = min(_SCALE, _MOST_PIXELS / max(width, height, 1.0))
    size = (max(int(width * scale), 1), max(int(height * scale), 1))
    whole = _drawn(page, *size)
    with _without(objects):
        rest = _drawn(page, *size)
    out: dict[int, tuple[int, int]] = {}
    for i in asked:
        x0, y0, x1, y1 = _pixels(page, text.tight(i), *size)
        level = ground = 0
        for y in range(y0, y1):
            start, end = y * size[0] + x0, y * size[0] + x1
            ground = max(ground, *rest[start:end])
            if whole[start:end] != rest[start:end]:
                level = max(level, *map(abs, map(sub, whole[start:end], rest[start:end])))
        out[i] = level, ground
    return out


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
