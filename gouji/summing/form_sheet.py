"""The summed form as a sheet: laid out as on paper, every figure a formula over the sheet of its table.

Belongs here: where the cells of the official tables come to stand in one grid of columns, what is marked in them. Does not
belong here: the layout (`gouji.word.official_form`), the sheets of the tables (`workbook`), any figure (`sums`).

The three tables share one grid: their own columns' edges, taken together, are the sheet's columns, and a cell of a form is
merged over as many of them as it spans.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from gouji.word import official_form
from gouji.word.official_form import FormTable
from gouji.words import Lang, say
from parsers.files.marks import AUTHOR
from schemas.findings import Finding

from . import absent, doubts
from .model import CellSum, Rollup

FILLS = {"open": "F8CBAD", "as_zero": "FFE699", "differs": "F4B6C2"}
_PART = "C6D9F1"
_LINE = Side(style="thin", color="808080")
_BORDER = Border(_LINE, _LINE, _LINE, _LINE)
_FONT = "宋体"
# Twips of a character of the standard font; edges nearer than so many are one.
_CHARACTER, _NEAR = 105.0, 30
_LINE_POINTS, _MOST_LINES = 14.0, 6

# A formula and what it comes to, for a cell of the form.
Formula = tuple[str | None, Any]


def add(
    book: Any, result: Rollup, formulas: Callable[[CellSum], Formula], against: Mapping[str, Finding], lang: Lang
) -> dict[str, Any]:
    """Add the sheet; returns the results of its formulas by cell. Nothing where the form has no layout of ours."""
    form = result.form_data
    if not official_form.can_draw(form):
        return {}
    sheet = book.create_sheet(say(lang, "rollup.sheet_form"), 0)
    tables = [official_form.layout(form, code, result.variant) for code in form.tables]
    edges = _edges(tables)
    for i, (left, right) in enumerate(pairwise(edges), start=1):
        sheet.column_dimensions[get_column_letter(i)].width = (right - left) / _CHARACTER
    last = len(edges) - 1
    year = result.year or "××"
    _merged(sheet, 1, 1, last, f"{result.issuer}{year}年{form.title}", bold=True, size=14)
    _merged(sheet, 2, 1, last, say(lang, "rollup.form_note"), size=9)
    row = 4
    told = absent.notice(result, lang)
    lines = [*(told.text().splitlines() if told is not None else ()), *doubts.on_paper(result, lang)]
    if lines:
        text = "\n".join(lines)
        _merged(sheet, 3, 1, last, text, bold=told is not None, left=True, size=10)
        sheet.cell(3, 1).fill = PatternFill("solid", fgColor=absent.GROUND)
        width = edges[-1] / _CHARACTER
        # Excel draws no row higher than 409 points.
        sheet.row_dimensions[3].height = min(_LINE_POINTS * (_lines(text, width) + 1), 409)
        row = 5
    results: dict[str, Any] = {}
    for table in tables:
        title = form.tables[table.code]
        number = next((n for n, section in form.sections.items() if title.section == n), None)
        if title.drawing is not None and title.drawing.own_page:
            sheet.row_breaks.append(Break(id=row - 1))
        heading = form.sections[number].heading if number is not None else title.title
        _merged(sheet, row, 1, last, heading, bold=True, left=True, size=12)
        results |= _table(sheet, row + 1, table, edges, result, formulas, against, lang)
        row += len(table.rows) + 3
    _printing(sheet, row, last)
    return results


def _edges(tables: list[FormTable]) -> list[int]:
    """The edges of all tables' columns, from the left; those that all but meet are one."""
    found: list[int] = []
    for edge in sorted({sum(t.widths[:i]) for t in tables for i in range(len(t.widths) + 1)}):
        if not found or edge - found[-1] > _NEAR:
            found.append(edge)
    return found


def _column(edges: list[int], at: int) -> int:
    """The number of the column that begins at an edge, from 1."""
    return min(range(len(edges)), key=lambda i: abs(edges[i] - at)) + 1


def _table(
    sheet: Any,
    top: int,
    table: FormTable,
    edges: list[int],
    result: Rollup,
    formulas: Callable[[CellSum], Formula],
    against: Mapping[str, Finding],
    lang: Lang,
) -> dict[str, Any]:
    results: dict[str, Any] = {}
    heights = [1] * len(table.rows)
    for r, c, cell in table.positions():
        first = _column(edges, sum(table.widths[:c]))
        end = _column(edges, sum(table.widths[: c + cell.colspan])) - 1
        where = sheet.cell(top + r, first)
        for i in range(top + r, top + r + cell.rowspan):
            for k in range(first, end + 1):
                sheet.cell(i, k).border = _BORDER
        if cell.rowspan > 1 or end > first:
            sheet.merge_cells(start_row=top + r, start_column=first, end_row=top + r + cell.rowspan - 1, end_column=end)
        left = cell.role in ("part", "label")
        where.alignment = Alignment("left" if left else "center", "center", wrap_text=True)
        where.font = Font(_FONT, 10, bold=cell.role in ("part", "head"))
        if cell.role == "part":
            where.fill = PatternFill("solid", fgColor=_PART)
        if cell.address is None:
            where.value = cell.text
            if cell.rowspan == 1:
                width = (edges[end] - edges[first - 1]) / _CHARACTER
                heights[r] = max(heights[r], _lines(cell.text, width))
            continue
        summed = result.cells.get(cell.address)
        if summed is None:
            continue
        where.value, known = formulas(summed)
        if known is not None:
            results[where.coordinate] = known
        _mark(where, summed, against.get(cell.address), lang)
    for r, lines in enumerate(heights):
        sheet.row_dimensions[top + r].height = _LINE_POINTS * min(lines, _MOST_LINES) + 4
    return results


def _mark(where: Any, summed: CellSum, finding: Finding | None, lang: Lang) -> None:
    """What is not known, in what a blank was taken as 0, what the parent's draft has otherwise."""
    kind = "open" if summed.value is None else "differs" if finding else "as_zero" if summed.as_zero else None
    if kind is None:
        return
    where.fill = PatternFill("solid", fgColor=FILLS[kind])
    if finding is not None:
        where.comment = Comment(finding.message, AUTHOR, width=300, height=90)
    elif kind == "open":
        who = say(lang, "list_mark").join(dict.fromkeys(f.draft.name for f in summed.open))
        where.comment = Comment(say(lang, "rollup.form_open", who=who), AUTHOR, width=300, height=90)


def _lines(text: str, width: float) -> int:
    return sum(
        1 + int(max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) - 1, 0) // max(width - 1, 2))
        for line in text.split("\n")
    )


def _merged(
    sheet: Any, row: int, first: int, last: int, text: str, *, bold: bool = False, left: bool = False, size: int = 11
) -> None:
    sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    cell = sheet.cell(row, first, text)
    cell.font = Font(_FONT, size, bold=bold)
    cell.alignment = Alignment("left" if left else "center", "center", wrap_text=True)


def _printing(sheet: Any, last_row: int, last_column: int) -> None:
    sheet.print_area = f"A1:{get_column_letter(last_column)}{last_row}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.print_options.horizontalCentered = True
    sheet.sheet_view.showGridLines = False
