"""A report as a spreadsheet, as offices keep their drafts.

Belongs here: cells, merged areas and formats of a workbook. Does not belong here: tables as text (`text`).
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.wild.drawing import Draw
from benchmarks.wild.grid import Box, Grid
from benchmarks.wild.report import Para, Report

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet


class _Book:
    def __init__(self, draw: Draw, report: Report) -> None:
        self.draw, self.report = draw, report
        self.as_text = draw.pick("figures", {"numbers": 60, "text": 25, "mixed": 15})
        self.zero = draw.pick("format", {"General": 60, "#,##0": 10, '0"件"': 5, "0;-0;;@": 12, '0;-0;"-"': 13})
        self.first = draw.one([1, 1, 2]), draw.one([1, 1, 2, 3])

    def write(self, sheet: Worksheet, blocks: list[Para | Grid]) -> None:
        row = self.first[1]
        for block in blocks:
            if isinstance(block, Para):
                for line in block.text.split("\n"):
                    sheet.cell(row, self.first[0], line)
                    row += 1
            else:
                row = self._grid(sheet, block, row) + self.draw.whole(0, 2)

    def _grid(self, sheet: Worksheet, grid: Grid, top: int) -> int:
        left = self.first[0]
        for r, slots in enumerate(grid.slots()):
            for c, slot in enumerate(slots):
                box = slot.box
                if not (slot.starts_row and slot.starts_column):
                    continue
                self._cell(sheet.cell(top + r, left + c), box)
                if box.cols > 1 or box.rows > 1:
                    sheet.merge_cells(
                        start_row=top + r,
                        start_column=left + c,
                        end_row=top + r + box.rows - 1,
                        end_column=left + c + box.cols - 1,
                    )
        return top + len(grid.rows)

    def _cell(self, cell: SheetCell, box: Box) -> None:
        if not re.fullmatch(r"-?\d+(\.\d+)?", box.text) or self.as_text == "text":
            cell.value = box.text or None
            return
        if self.as_text == "mixed" and self.draw.chance(0.3):
            cell.value = box.text
            return
        value = float(box.text)
        cell.value = int(value) if value == int(value) else value
        if box.address and value == int(value):
            cell.number_format = self.zero
            if value == 0 and self.zero in ("0;-0;;@", '0;-0;"-"'):
                # The cell shows nothing, or a dash: that is what a person reads.
                shown = self.report.cells[box.address]
                kind, other = ("blank", "mark") if self.zero == "0;-0;;@" else ("mark", "blank")
                self.report.cells[box.address] = replace(
                    shown, kind=kind, value=None, also=(other,), printed="" if kind == "blank" else "-"
                )


def render(draw: Draw, report: Report) -> bytes:
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.properties.created = workbook.properties.modified = datetime.datetime(2024, 1, 1)
    book = _Book(draw, report)
    sheet = workbook.active
    assert sheet is not None
    sheet.title = draw.one(["Sheet1", "年报", f"{report.year}年"])
    if draw.chance(0.3, "a sheet a section"):
        parts: list[list[Para | Grid]] = [[]]
        for block in report.blocks:
            if isinstance(block, Para) and block.role == "heading":
                parts.append([])
            parts[-1].append(block)
        book.write(sheet, parts[0])
        for i, part in enumerate(parts[1:], 1):
            book.write(workbook.create_sheet(f"表{i}"), part)
    else:
        book.write(sheet, report.blocks)
    out = io.BytesIO()
    workbook.save(out)
    return _undated(out.getvalue())


def _undated(data: bytes) -> bytes:
    """The same workbook without the hour it was written: the same seed gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2024-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
