"""Fills for cells of somebody's workbook: a copy of the cell's own style with another ground, all else as it was.

Belongs here: styles, and the cells of a sheet that are given one. Does not belong here: which cells (`reviewed_copy`).
"""

from __future__ import annotations

import copy
import re
from typing import Any

from lxml import etree

from schemas.findings import Severity

from .parts import Parts, position, put_in_order, reference

FILLS: dict[Severity, str] = {"error": "FFFFD6D6", "warning": "FFFFF0C2", "note": "FFDCE9F7"}
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
# What stands behind fills and cellXfs in a style sheet, by the schema.
_BEHIND_FILLS = ("borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst")
_BEHIND_XFS = _BEHIND_FILLS[3:]
_WHITE = re.compile("(?:[0-9A-Fa-f]{2})?(?:[Ff][0-9A-Fa-f]){3}")


class Styles:
    """The workbook's styles, from which new ones are made: one for every style and ground that come together."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._made: dict[tuple[int, str | None], int] = {}
        self.member = parts.related(parts.main, "styles") or self._minimal()
        self.root = parts.root(self.member)
        self.s = f"{{{etree.QName(self.root).namespace}}}"
        self._xfs = self._list("cellXfs", "xf", _BEHIND_XFS)

    def _minimal(self) -> str:
        """A style sheet for a workbook that has none."""
        namespace = etree.QName(self.parts.root(self.parts.main)).namespace
        s = f"{{{namespace}}}"
        root = etree.Element(f"{s}styleSheet", nsmap={None: namespace})
        fonts = etree.SubElement(root, f"{s}fonts", count="1")
        font = etree.SubElement(fonts, f"{s}font")
        etree.SubElement(font, f"{s}sz", val="11")
        etree.SubElement(font, f"{s}name", val="宋体")
        fills = etree.SubElement(root, f"{s}fills", count="2")
        for pattern in ("none", "gray125"):
            etree.SubElement(etree.SubElement(fills, f"{s}fill"), f"{s}patternFill", patternType=pattern)
        border = etree.SubElement(etree.SubElement(root, f"{s}borders", count="1"), f"{s}border")
        for side in ("left", "right", "top", "bottom", "diagonal"):
            etree.SubElement(border, f"{s}{side}")
        for xfs in ("cellStyleXfs", "cellXfs"):
            etree.SubElement(
                etree.SubElement(root, f"{s}{xfs}", count="1"),
                f"{s}xf",
                numFmtId="0",
                fontId="0",
                fillId="0",
                borderId="0",
            )
        # Some programs know it by this name only.
        member = "xl/styles.xml"
        self.parts.put(member, root)
        self.parts.declare(member, _STYLES_TYPE)
        self.parts.relate(self.parts.main, "styles", member)
        return member

    def _list(self, name: str, entry: str, behind: tuple[str, ...]) -> Any:
        found = self.root.find(f"{self.s}{name}")
        if found is None:
            found = etree.Element(f"{self.s}{name}")
            put_in_order(self.root, found, behind)
        if not len(found):
            etree.SubElement(found, f"{self.s}{entry}")
        return found

    def filled(self, style: int, fill: str | None) -> int:
        """The style that differs from one of the workbook's by its ground only; None takes the ground away."""
        if self.ground(style) == fill:
            return style
        if (style, fill) not in self._made:
            xf = copy.deepcopy(self._xfs[style] if 0 <= style < len(self._xfs) else self._xfs[0])
            xf.set("fillId", str(self._fill(fill)))
            xf.set("applyFill", "1")
            self._xfs.append(xf)
            self._xfs.set("count", str(len(self._xfs)))
            self._made[style, fill] = len(self._xfs) - 1
            self.parts.touch(self.member)
        return self._made[style, fill]

    def _fill(self, colour: str | None) -> int:
        if colour is None:
            return 0
        s = self.s
        fills = self._list("fills", "fill", _BEHIND_FILLS)
        found = next((i for i in range(len(fills)) if self._colour(fills[i]) == colour), None)
        if found is not None:
            return found
        # The first two are Excel's own.
        while len(fills) < 2:
            etree.SubElement(etree.SubElement(fills, f"{s}fill"), f"{s}patternFill", patternType="gray125")
        pattern = etree.SubElement(etree.SubElement(fills, f"{s}fill"), f"{s}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{s}fgColor", rgb=colour)
        etree.SubElement(pattern, f"{s}bgColor", indexed="64")
        fills.set("count", str(len(fills)))
        return len(fills) - 1

    def _colour(self, fill: Any) -> str | None:
        """The colour of a solid ground, where it is given as such."""
        pattern = fill.find(f"{self.s}patternFill")
        if pattern is None or pattern.get("patternType") != "solid":
            return None
        colour = pattern.find(f"{self.s}fgColor")
        return colour.get("rgb") if colour is not None else None

    def ground(self, style: int) -> str | None:
        """The colour of a style's ground."""
        xf = self._xfs[style] if 0 <= style < len(self._xfs) else self._xfs[0]
        fills, i = self.root.find(f"{self.s}fills"), int(xf.get("fillId") or 0)
        return self._colour(fills[i]) if fills is not None and i < len(fills) else None

    def hides(self, style: int) -> bool:
        """Whether text of this style is seen only because of its ground, or not at all: another would show it."""
        xf = self._xfs[style] if 0 <= style < len(self._xfs) else self._xfs[0]
        fonts, i = self.root.find(f"{self.s}fonts"), int(xf.get("fontId") or 0)
        colour = fonts[i].find(f"{self.s}color") if fonts is not None and i < len(fonts) else None
        if colour is None:
            return False
        rgb = colour.get("rgb", "")
        return _WHITE.fullmatch(rgb) is not None or colour.get("theme") == "0" or (rgb and rgb == self.ground(style))


class Cells:
    """The cells of a sheet, made where there are none."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.s = f"{{{etree.QName(root).namespace}}}"
        self.data = root.find(f"{self.s}sheetData")
        if self.data is None:
            raise KeyError("sheetData")
        self._rows: dict[int, Any] = {}
        self._columns: dict[int, dict[int, Any]] = {}
        self._number()
        self.merged = [
            (a, b)
            for m in root.iterfind(f"{self.s}mergeCells/{self.s}mergeCell")
            if (ends := m.get("ref", "").split(":"))
            and (a := position(ends[0])) is not None
            and (b := position(ends[-1])) is not None
        ]

    def _number(self) -> None:
        """Rows and cells by number; those that leave it to their order are given theirs."""
        row_number = 0
        for row in self.data.iterchildren(f"{self.s}row"):
            row_number = int(row.get("r") or row_number + 1)
            row.set("r", str(row_number))
            self._rows[row_number] = row
            columns = self._columns.setdefault(row_number, {})
            column = 0
            for cell in row.iterchildren(f"{self.s}c"):
                at = position(cell.get("r", ""))
                column = at[1] if at is not None else column + 1
                cell.set("r", reference(row_number, column))
                columns[column] = cell

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """The cell that holds what is seen here: the first of those that are merged."""
        for (top, left), (bottom, right) in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return row, column

    def first_text(self) -> tuple[int, int]:
        """The first cell with something in it."""
        return next(
            ((r, k) for r in sorted(self._rows) for k in sorted(self._columns[r]) if len(self._columns[r][k])), (1, 1)
        )

    def style(self, row: int, column: int) -> int:
        """The style that a cell has, of its own or of its row or column."""
        cell = self._columns.get(row, {}).get(column)
        if cell is not None:
            return int(cell.get("s") or 0)
        if row in self._rows and self._rows[row].get("s") is not None:
            return int(self._rows[row].get("s"))
        for columns in self.root.iterfind(f"{self.s}cols/{self.s}col"):
            if int(columns.get("min", "0")) <= column <= int(columns.get("max", "0")):
                return int(columns.get("style") or 0)
        return 0

    def set_style(self, row: int, column: int, style: int) -> bool:
        """Give a cell a style; whether it had another."""
        if style == self.style(row, column):
            return False
        self._cell(row, column).set("s", str(style))
        return True

    def styled(self) -> list[tuple[int, int, int]]:
        """Row, column and style of all cells that have one."""
        return [
            (r, k, int(cell.get("s")))
            for r, columns in self._columns.items()
            for k, cell in columns.items()
            if cell.get("s") is not None
        ]

    def _cell(self, row: int, column: int) -> Any:
        columns = self._columns.setdefault(row, {})
        if column not in columns:
            if row not in self._rows:
                new = etree.Element(f"{self.s}row", r=str(row))
                behind = next((self._rows[r] for r in sorted(self._rows) if r > row), None)
                self._rows[row] = _put(self.data, new, behind)
            new = etree.Element(f"{self.s}c", r=reference(row, column))
            behind = next((columns[k] for k in sorted(columns) if k > column), None)
            columns[column] = _put(self._rows[row], new, behind)
        return columns[column]


def _put(parent: Any, new: Any, behind: Any | None) -> Any:
    if behind is None:
        last = parent[-1] if len(parent) else None
        # A row may end with an extension list.
        if last is not None and isinstance(last.tag, str) and last.tag.endswith("}extLst"):
            last.addprevious(new)
        else:
            parent.append(new)
    else:
        behind.addprevious(new)
    return new
