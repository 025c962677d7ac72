"""The boxes of a sheet's notes: a drawing (VML), without which Excel shows no note.

Belongs here: shapes, their numbers, how large they are and where they stand. Does not belong here: the notes' text
(`notes`).

A drawing may hold shapes of others (buttons, pictures of a heading), and need not be sound XML. Then new shapes are set
before its end, and nothing else is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from lxml import etree

from gouji.word.package import parsed, serialised

from .parts import Parts, put_in_order

Position = tuple[int, int]

_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# What stands behind legacyDrawing in a sheet, by the schema.
_BEHIND = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
# Characters of a line, points of a line, pixels across, points of the highest box.
_LINE_WIDTH, _LINE_POINTS, _PIXELS, _HIGHEST = 52, 13, 330, 600
_COLUMN_PIXELS, _ROW_POINTS = 64, 15.0
_V, _X = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:excel}"
_NAMES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_EMPTY = f'<xml {_NAMES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{{block}}"/></o:shapelayout></xml>'
_SHAPE_TYPE = (
    f'<v:shapetype {_NAMES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    f'<v:shape {_NAMES} id="_x0000_s{{id}}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
    'margin-top:2pt;width:{width}pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" '
    'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_SHAPE_ID = re.compile(r'\bid="_x0000_s(\d+)"')
_BLOCKS = re.compile(r'<(?:\w+:)?idmap\b[^>]*?\bdata="([\d,]+)"')
# Shapes of a drawing are numbered in blocks.
_BLOCK = 1024


class Boxes:
    """The boxes of one sheet (``member``)."""

    def __init__(self, parts: Parts, member: str) -> None:
        self.parts, self.member = parts, member
        self.sheet = parts.root(member)
        self.s = f"{{{etree.QName(self.sheet).namespace}}}"
        self._heights: dict[int, float] | None = None

    def remove(self, cells: Collection[Position]) -> None:
        """Take away the boxes of notes that are no more."""
        drawing = self._drawing()
        root = self._root(drawing) if drawing is not None else None
        if drawing is None or root is None:
            return
        for at, shape in list(_shapes(root)):
            if at in cells:
                shape.getparent().remove(shape)
        self.parts.put(drawing, serialised(root).decode())

    def draw(self, texts: Mapping[Position, str], ours: Collection[Position]) -> None:
        """A box for every note that has none, one that is large enough for every note that is (partly) ours."""
        drawing = self._drawing() or self._new()
        text = self.parts.text(drawing)
        root = self._root(drawing)
        there: Collection[Position] = ()
        if root is not None:
            boxes = dict(_shapes(root))
            there = boxes.keys()
            for at in [p for p in ours if p in boxes]:
                self._enlarge(boxes[at], self._anchor(at, texts[at]))
        new = self._made([at for at in sorted(texts) if at not in there], texts, text)
        if root is not None:
            for shape in new:
                root.append(etree.fromstring(shape))
            etree.cleanup_namespaces(root)
            self.parts.put(drawing, serialised(root).decode())
            return
        head, end, tail = text.rpartition("</xml>")
        if not end:
            raise ValueError("no drawing")
        self.parts.put(drawing, f"{head}{''.join(new)}{end}{tail}")

    def _made(self, wanted: list[Position], texts: Mapping[Position, str], text: str) -> list[str]:
        """New shapes, as text."""
        if not wanted:
            return []
        out = [] if 'id="_x0000_t202"' in text else [_SHAPE_TYPE]
        blocks = _blocks(text)
        first = (blocks[-1] if blocks else 1) * _BLOCK + 1
        first = max([first, *(int(n) + 1 for n in _SHAPE_ID.findall(text))])
        for number, (row, column) in enumerate(wanted, start=first):
            here = texts[row, column]
            where = {"anchor": self._anchor((row, column), here), "row": row - 1, "column": column - 1}
            out.append(_SHAPE.format(id=number, width=_PIXELS * 3 // 4, height=_points(here), **where))
        return out

    # -- the drawing ---------------------------------------------------------------------------------------------------

    def _drawing(self) -> str | None:
        element = self.sheet.find(f"{self.s}legacyDrawing")
        if element is None:
            return None
        wanted = element.get(f"{{{self.parts.office}}}id")
        return next((t for i, _, t in self.parts.relations(self.member) if i == wanted and t in self.parts), None)

    def _root(self, drawing: str) -> Any | None:
        """The drawing as a tree; None where it is not sound XML."""
        try:
            return parsed(self.parts.text(drawing).encode())
        except etree.XMLSyntaxError:
            return None

    def _new(self) -> str:
        taken = [0]
        for member in list(self.parts.package.spelt.values()):
            if member.lower().endswith(".vml"):
                taken += _blocks(self.parts.text(member))
        member = self.parts.free("xl/drawings/vmlDrawing{}.vml")
        self.parts.put(member, _EMPTY.format(block=max(taken) + 1))
        self.parts.declare(member, _TYPE, extension=True)
        # A sheet that speaks of a drawing which is not there has it now.
        element = self.sheet.find(f"{self.s}legacyDrawing")
        if element is None:
            element = etree.Element(f"{self.s}legacyDrawing", nsmap={"r": self.parts.office})
            put_in_order(self.sheet, element, _BEHIND)
        element.set(f"{{{self.parts.office}}}id", self.parts.relate(self.member, "vmlDrawing", member))
        self.parts.touch(self.member)
        return member

    # -- where it stands -----------------------------------------------------------------------------------------------

    @staticmethod
    def _enlarge(shape: Any, anchor: str) -> None:
        data = shape.find(f"{_X}ClientData")
        found = data.find(f"{_X}Anchor")
        if found is None:
            found = etree.Element(f"{_X}Anchor")
            behind = next((c for c in data if c.tag not in (f"{_X}MoveWithCells", f"{_X}SizeWithCells")), None)
            if behind is None:
                data.append(found)
            else:
                behind.addprevious(found)
        found.text = anchor

    def _anchor(self, at: Position, text: str) -> str:
        """Where the box stands, in columns and rows with pixels into them: right of its cell and a little above."""
        row, column = at
        top = max(row - 2, 0)
        right, over = _reach(column, _PIXELS + 15, self._width)
        bottom, below = _reach(top, _points(text) * 4 // 3, self._height)
        return f"{column}, 15, {top}, 2, {right}, {over}, {bottom}, {below}"

    def _width(self, column: int) -> int:
        """Pixels of a column (from 0)."""
        for columns in self.sheet.iterfind(f"{self.s}cols/{self.s}col"):
            if int(columns.get("min", "0")) <= column + 1 <= int(columns.get("max", "0")) and columns.get("width"):
                return int(float(columns.get("width")) * 7) + 5
        return _COLUMN_PIXELS

    def _height(self, row: int) -> int:
        """Pixels of a row (from 0)."""
        if self._heights is None:
            rows = self.sheet.iter(f"{self.s}row")
            self._heights = {int(r.get("r") or 0): float(r.get("ht")) for r in rows if r.get("ht")}
        return int(self._heights.get(row + 1, _ROW_POINTS) * 4 / 3)


def _reach(first: int, pixels: int, size: Callable[[int], int]) -> tuple[int, int]:
    """The column or row that lies so many pixels on, and how far into it."""
    while (step := size(first)) <= pixels:
        pixels -= max(step, 1)
        first += 1
    return first, pixels


def _points(text: str) -> int:
    """How high the box of a text has to be."""
    lines = 0
    for line in text.split("\n"):
        lines += 1 + max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) - 1, 0) // _LINE_WIDTH
    return min(lines * _LINE_POINTS + 10, _HIGHEST)


def _blocks(text: str) -> list[int]:
    return [int(n) for found in _BLOCKS.findall(text) for n in found.split(",") if n]


def _shapes(root: Any) -> Iterator[tuple[Position, Any]]:
    """The shapes that are boxes of notes, by their cell."""
    for shape in root.iter(f"{_V}shape"):
        data = shape.find(f"{_X}ClientData")
        if data is not None and data.get("ObjectType") == "Note":
            row, column = data.findtext(f"{_X}Row"), data.findtext(f"{_X}Column")
            if row and column and row.strip().isdecimal() and column.strip().isdecimal():
                yield (int(row) + 1, int(column) + 1), shape
