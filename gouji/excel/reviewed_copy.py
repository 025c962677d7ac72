"""The reviewed copy of a workbook: the draft itself, with notes and light grounds at the cells concerned.

Belongs here: which cell of which sheet a remark is about. Does not belong here: what is said and where (`show.remarks`),
how a note (`notes`) and a ground (`shading`) come into a sheet, reading (`parsers.readers.spreadsheet`).

Only the sheets concerned, the styles, the notes and what refers to them are written anew; every other part is copied
byte for byte (`gouji.word.package`). No value, formula or format is touched: a cell gets a copy of its own style with
another ground.
"""

from __future__ import annotations

from lxml import etree

from gouji.show.remarks import Remark, Remarks
from gouji.word.package import FAULTS, opened
from schemas.facts import Place
from schemas.findings import Severity

from .boxes import Position
from .notes import Notes
from .parts import Parts
from .shading import FILLS, Cells, Styles


def excel_copy(data: bytes, remarks: Remarks) -> bytes:
    """The workbook with its remarks. Raises ValueError for a package that cannot be copied."""
    try:
        with opened(data) as package:
            copy = _Copy(Parts(package), remarks)
            copy.write()
            return package.with_parts(copy.parts.written())
    except (*FAULTS, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(f"{type(error).__name__} in the package") from error


class _Copy:
    def __init__(self, parts: Parts, remarks: Remarks) -> None:
        self.parts, self.remarks = parts, remarks
        self.styles: Styles | None = None
        root = parts.root(parts.main)
        s = f"{{{etree.QName(root).namespace}}}"
        targets = {i: t for i, kind, t in parts.relations(parts.main) if kind == "worksheet" and t in parts}
        ids = f"{{{parts.office}}}id"
        # In the order of their tabs.
        entries = root.iterfind(f"{s}sheets/{s}sheet")
        self.members = {e.get("name", ""): targets[i] for e in entries if (i := e.get(ids)) in targets}
        if not self.members:
            raise ValueError("no sheets")

    def write(self) -> None:
        notes: dict[str, list[tuple[Remark, Position | None]]] = {}
        grounds: dict[str, dict[Position, Severity]] = {}
        known = (p.sheet for p in self.remarks.places.values() if p.sheet is not None and p.sheet in self.members)
        home: str = next(known, next(iter(self.members)))
        for remark in self.remarks.remarks:
            sheet, at = self._where(remark.place)
            notes.setdefault(sheet or home, []).append((remark, at))
        for cell, severity in self.remarks.shaded.items():
            sheet, at = self._where(self.remarks.places[cell])
            if sheet is not None and at is not None:
                grounds.setdefault(sheet, {})[at] = severity
        for name, member in self.members.items():
            self._sheet(member, notes.get(name, []), grounds.get(name, {}))

    def _where(self, place: Place) -> tuple[str | None, Position | None]:
        """Sheet and cell of a place; of one that names a table alone the table's first cell."""
        if place.sheet is None and place.table is not None:
            mine = [p for p in self.remarks.places.values() if p.table == place.table and p.row and p.column]
            place = min(mine, key=lambda p: (p.row or 0, p.column or 0), default=place)
        if place.sheet not in self.members:
            return None, None
        return place.sheet, (place.row, place.column or 1) if place.row else None

    def _sheet(
        self, member: str, remarks: list[tuple[Remark, Position | None]], grounds: dict[Position, Severity]
    ) -> None:
        notes = Notes(self.parts, member)
        reviewed = notes.clear()
        if not (remarks or grounds or reviewed):
            return
        cells = Cells(self.parts.root(member))
        lines: dict[Position, list[str]] = {}
        for remark, at in remarks:
            here = lines.setdefault(cells.origin(*at) if at is not None else cells.first_text(), [])
            here.extend([*([""] if here else []), *remark.lines])
        notes.write(lines)
        if grounds or reviewed:
            self._shade(member, cells, grounds, reviewed=reviewed)

    def _shade(self, member: str, cells: Cells, grounds: dict[Position, Severity], *, reviewed: bool) -> None:
        """New grounds; those of an earlier review go away first, so that no cell stays red that has been corrected."""
        styles = self.styles = self.styles or Styles(self.parts)
        changed = False
        wanted = {cells.origin(*at): severity for at, severity in grounds.items()}
        if reviewed:
            ours = set(FILLS.values())
            for row, column, style in cells.styled():
                if (row, column) not in wanted and styles.ground(style) in ours:
                    changed |= cells.set_style(row, column, styles.filled(style, None))
        for (row, column), severity in wanted.items():
            style = cells.style(row, column)
            if not styles.hides(style):
                changed |= cells.set_style(row, column, styles.filled(style, FILLS[severity]))
        if changed:
            self.parts.touch(member)
