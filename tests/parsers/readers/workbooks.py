"""Generated reports as workbooks, by the usual writers of both formats.

Belongs here: sheets with known truth. Does not belong here: the reader.
"""

from __future__ import annotations

import io
from decimal import Decimal, InvalidOperation
from typing import Any

import openpyxl
import xlwt
from openpyxl.styles import Border, Side

from data.generator import Layout, Truth
from data.generator.compose import Grid, compose

_EDGE = Side(style="thin")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


def _number(text: str) -> int | float | str:
    """What a person types: figures become numbers."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return int(value) if value == value.to_integral_value() else float(value)


def _blocks(truth: Truth, layout: Layout, first: int = 1) -> list[tuple[int, int, int, int, str, bool]]:
    """(row, column, rows, columns, text, whether in a table) of all that is printed, from 1, tables apart."""
    out = []
    row = first
    for block in compose(truth, layout).blocks:
        if not isinstance(block, Grid):
            if block.role != "space":
                out.append((row, 1, 1, 1, block.text, False))
                row += 1
            continue
        row += 1
        for r, c, cell in block.positions():
            out.append((row + r, 1 + c, cell.rowspan, cell.colspan, cell.text, True))
        row += len(block.rows) + 1
    return out


def xlsx_of(truth: Truth, layout: Layout, *, borders: bool = True) -> openpyxl.Workbook:
    """The whole report on one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row, column, rows, columns, text, in_table in _blocks(truth, layout):
        sheet.cell(row, column, _number(text) if text else None)
        if rows > 1 or columns > 1:
            sheet.merge_cells(
                start_row=row, start_column=column, end_row=row + rows - 1, end_column=column + columns - 1
            )
        if borders and in_table:
            for r in range(rows):
                for c in range(columns):
                    sheet.cell(row + r, column + c).border = _BOX
    return book


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls_of(truth: Truth, layout: Layout, *, borders: bool = True) -> bytes:
    """The same in the old format."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("年报")
    boxed = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin") if borders else xlwt.easyxf()
    for row, column, rows, columns, text, in_table in _blocks(truth, layout, first=0):
        style = boxed if in_table else xlwt.easyxf()
        value = _number(text) if text else None
        if rows > 1 or columns > 1:
            sheet.write_merge(row, row + rows - 1, column - 1, column + columns - 2, value, style)
        else:
            sheet.write(row, column - 1, value, style)
    return saved(book)
