"""Excel's old .xls (BIFF), also what WPS saves as .et: xlrd reads it.

Belongs here: xlrd's cells as `sheets` wants them. Does not belong here: how numbers are shown (`display`), where tables
begin (`sheets`).

xlrd is small, pure Python and without dependencies, so an office without LibreOffice can still hand in its tables.
"""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

from parsers.document import Document, UnreadableError, importing
from parsers.files.sniff import XLS
from parsers.readers.colours import BLACK, WHITE, Colour, Seen, seen

from . import sheets
from .sheets import Sheet, SheetCell

_MOST_BYTES = 30 * 1024 * 1024
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def read(data: bytes, name: str) -> Document:
    """Reads an .xls or .et. Raises `UnreadableError`, ImportError."""
    with importing():
        import xlrd

    if len(data) > _MOST_BYTES:
        raise sheets.too_large(name)
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, logfile=io.StringIO(), ragged_rows=True, on_demand=True
        )
        out: list[Sheet] = []
        hidden: list[str] = []
        for i in range(book.nsheets):
            sheet = book.sheet_by_index(i)
            if sheet.visibility:
                hidden.append(sheet.name)
            else:
                out.append(_sheet(book, sheet))
            book.unload_sheet(i)
    except MemoryError:
        raise
    except Exception as error:  # xlrd raises whatever its arithmetic runs into on a broken file
        if "encrypted" in str(error).lower():
            raise UnreadableError(
                "encrypted", f"《{name}》设有打开密码，无法读取；请取消密码后另存，再重新提交。"
            ) from error
        raise UnreadableError(
            "unreadable",
            f"《{name}》已损坏，或不是可以识别的 Excel 文件；请用 Excel 或 WPS 打开后另存为 .xlsx 再提交。",
        ) from error
    document = sheets.document(out, name, XLS)
    sheets.note_hidden_sheets(document, hidden)
    return document


def _sheet(book: Any, source: Any) -> Sheet:
    sheet = Sheet(source.name)
    sheet.hidden_rows = {r for r, info in source.rowinfo_map.items() if info.hidden or info.height == 0}
    sheet.hidden_columns = {c for c, info in source.colinfo_map.items() if info.hidden or info.width == 0}
    # xlrd's ranges end behind their last row and column.
    sheet.merged = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in source.merged_cells]
    for at, note in source.cell_note_map.items():
        sheet.comments[at] = note.text or ""
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            cell = _cell(book, source, row, column)
            if cell is not None:
                sheet.cells[row, column] = cell
    return sheet


def _cell(book: Any, source: Any, row: int, column: int) -> SheetCell | None:
    import xlrd

    kind, value = source.cell_type(row, column), source.cell_value(row, column)
    style = book.xf_list[source.cell_xf_index(row, column)]
    border = style.border
    lines = (border.top_line_style, border.bottom_line_style, border.left_line_style, border.right_line_style)
    cell = SheetCell(row, column, "", any(lines))
    runs = source.rich_text_runlist_map.get((row, column), ()) if kind == xlrd.XL_CELL_TEXT else ()
    if kind == xlrd.XL_CELL_TEXT:
        _text(book, cell, str(value), [(0, style.font_index), *runs], _ground(book, style))
    elif kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        code = book.format_map[style.format_key].format_str
        sheets.put_number(cell, float(value), code, from_1904=book.datemode == 1)
    elif kind == xlrd.XL_CELL_BOOLEAN:
        cell.text = "TRUE" if value else "FALSE"
    elif kind == xlrd.XL_CELL_ERROR:
        cell.text, cell.doubt = _ERRORS.get(value, "#ERROR!"), "characters"
    if cell.doubt is None and any(c.isdecimal() for c in cell.text) and not runs:
        cell.doubt = None if _is_seen(book, book.font_list[style.font_index], _ground(book, style)) else "hidden"
    if cell.text and not runs and book.font_list[style.font_index].struck_out:
        cell.note, cell.text, cell.doubt, cell.readings = ("struck", cell.text), "", None, ()
    return cell if cell.text or cell.bordered or cell.doubt or cell.note else None


def _ground(book: Any, style: Any) -> Colour | None:
    """What a cell stands on: paper, or one colour; None for a pattern and what is not known."""
    under = style.background
    if under.fill_pattern != 1:
        return WHITE if under.fill_pattern == 0 else None
    return _colour(book, under.pattern_colour_index)


def _colour(book: Any, number: int) -> Colour | None:
    found: Colour | None = book.colour_map.get(number)
    return found


def _is_seen(book: Any, font: Any, ground: Colour | None) -> bool:
    """Whether text of a font is seen for certain; what has no colour of its own is black."""
    colour = _colour(book, font.colour_index) or BLACK
    return ground is None or seen(colour, ground) is Seen.YES


def _text(book: Any, cell: SheetCell, value: str, runs: list[tuple[int, int]], ground: Colour | None) -> None:
    """The text as it is seen, as in `xlsx`: without what is struck or raised as a note mark behind a figure.

    ``runs``: where each look begins in the text, with its font; ``ground``: what the cell stands on.
    """
    whole = len(runs) == 1
    parts: list[str] = []
    for (start, font_index), (end, _) in pairwise([*runs, (len(value), 0)]):
        font, text = book.font_list[font_index], value[start:end]
        if not text or (font.struck_out and not whole):
            continue
        if font.escapement and not whole:
            if parts and parts[-1][-1:].isdecimal():
                continue
            cell.doubt = "raised" if not parts else cell.doubt
        if any(c.isdecimal() for c in text) and not _is_seen(book, font, ground):
            cell.doubt = "hidden"
        parts.append(text)
    cell.text = "".join(parts).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(c.isdecimal() for c in cell.text):
        cell.doubt = None
