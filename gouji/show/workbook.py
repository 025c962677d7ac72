"""`--report out.xlsx`: the folder as a workbook, for people who work in Excel or WPS.

Belongs here: sheets, heads, widths, filters, colours. Does not belong here: what the rows say (`overview`).

The list of problems has a column 原因 to be filled in by hand: the workbook can be handed back with `--waivers`. Text
of drafts is never written as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from gouji.batch import rounds
from gouji.batch.reviewed import Reviewed
from gouji.batch.roster import Attendance
from gouji.outputs import workbook_bytes
from gouji.words import Lang, say

from .overview import STATES, Office, offices, state_words
from .text import Screen

_FILLS = {
    "error": "FFD6D6", "fail": "FFD6D6", "unreadable": "FFD6D6", "missing": "FFD6D6",
    "warning": "FFF0C2", "warn": "FFF0C2", "late": "FFF0C2", "unfiled": "FFF0C2",
    "note": "DCE9F7", "pass": "DDF2E3", "received": "DDF2E3",
}  # fmt: skip
_HEAD = PatternFill("solid", fgColor="E8ECF1")
_LINE = Side(style="thin", color="C4C8CE")
_BORDER = Border(_LINE, _LINE, _LINE, _LINE)
_FONT = "微软雅黑"
_LONGEST = 32_000
# A figure; what has zeros in front is no amount.
_FIGURE = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?", re.ASCII)
# In Excel's units: about a digit each, and points.
_MOST_WIDTH, _LEAST_WIDTH = 44.0, 6.0
_LINE_HEIGHT, _MOST_HEIGHT = 15.0, 400.0


def content(
    all_reviewed: Sequence[Reviewed],
    attendance: Attendance | None,
    about: Sequence[tuple[str, str]],
    lang: Lang,
) -> bytes:
    """The workbook as a .xlsx. ``about`` are lines on what was checked, when, with what."""
    found = offices(all_reviewed, lang)
    book = Workbook()
    book.remove(book.active)
    _summary(book, found, lang)
    _problems(book, found, lang)
    _missing(book, found, attendance, lang)
    if attendance is not None:
        _roster(book, attendance, lang)
    if any(r.closed for r in all_reviewed):
        _closed(book, all_reviewed, lang)
    _about(book, about, lang)
    _kept(book, all_reviewed)
    return workbook_bytes(book)


def _sheet(
    book: Any,
    key: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    lang: Lang,
    printed: int = 0,
    widths: Sequence[float] = (),
) -> Any:
    """A sheet with its heads and rows; ``widths`` of its first columns, where content is not to decide."""
    sheet = book.create_sheet(say(lang, key))
    sheet.append([say(lang, h) for h in heads])
    for r, row in enumerate(rows, start=2):
        # By row and column: a sheet that is asked for its last row looks through all its cells.
        for i, value in enumerate(row, start=1):
            _put(sheet.cell(r, i), value)
    _lay_out(sheet, printed or len(heads), widths)
    return sheet


def _lay_out(sheet: Any, printed: int, given: Sequence[float] = ()) -> None:
    """Widths by content, rows as high as their text, heads frozen and on every page; ``printed`` columns go on paper."""
    measure = Screen(wide_ambiguous=True).cells
    lines = list(sheet.iter_rows())
    widths: list[float] = []
    for column in zip(*lines, strict=True):
        longest = max(
            max((measure(line) for line in str(c.value).split("\n")), default=0) for c in column if c.value is not None
        )
        by_content = min(max(longest + 2.0, _LEAST_WIDTH), _MOST_WIDTH)
        widths.append(given[len(widths)] if len(widths) < len(given) else by_content)
        sheet.column_dimensions[column[0].column_letter].width = widths[-1]
    for i, line in enumerate(lines):
        head = i == 0
        height = 1
        for cell, width in zip(line, widths, strict=True):
            cell.font = Font(name=_FONT, size=10, bold=head)
            cell.border = _BORDER
            cell.alignment = Alignment(
                wrap_text=True, vertical="center" if head else "top", horizontal="center" if head else None
            )
            if head:
                cell.fill = _HEAD
            if cell.value is not None:
                height = max(height, sum(1 + int(measure(x) // (width - 1)) for x in str(cell.value).split("\n")))
        sheet.row_dimensions[i + 1].height = min(_LINE_HEIGHT * height + 3, _MOST_HEIGHT)
    sheet.freeze_panes = "C2" if len(widths) > 5 else "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{max(sheet.max_row, 2)}"
    sheet.print_area = f"A1:{get_column_letter(printed)}{sheet.max_row}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4


def _put(cell: Any, value: object) -> None:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
    cell.value = value
    if isinstance(value, str) and cell.data_type == "f":
        cell.data_type = "s"


def _paint(sheet: Any, column: int, kinds: Sequence[str]) -> None:
    for row, kind in enumerate(kinds, start=2):
        fill = _FILLS.get(kind)
        if fill:
            sheet.cell(row, column).fill = PatternFill("solid", fgColor=fill)


def _summary(book: Any, found: Sequence[Office], lang: Lang) -> None:
    heads = ["col_number", "col_office", "col_year", "col_verdict", "severity_error", "severity_warning"]
    heads += ["severity_note", "col_places", "not_assessable", "col_worst", "col_missing", "col_file"]
    rows = [
        (
            i, o.name, _number(o.year), _verdict(o, lang), o.counts["error"] or None,
            o.counts["warning"] or None, o.counts["note"] or None, o.places or None, o.unassessable or None, o.worst or o.said(lang), "\n".join(o.missing[:5]), o.file,
        )
        for i, o in enumerate(found, start=1)
    ]  # fmt: skip
    # The file's path is for the screen: on paper it would make all letters small.
    sheet = _sheet(book, "sheet_summary", heads, rows, lang, printed=len(heads) - 1)
    _paint(sheet, 4, ["" if o.reviewed.uncounted else o.verdict for o in found])


def _verdict(office: Office, lang: Lang) -> str:
    return say(lang, "state_uncounted" if office.reviewed.uncounted else f"verdict_{office.verdict}")


# On paper: what an office has to know to correct it. The widths fill an A4 sheet laid across, in letters that can be read.
_ON_PAPER = {
    "col_office": 14.0, "col_severity": 6.0, "col_problem": 15.0, "table_now": 9.0, "col_expected": 9.0, "col_message": 40.0,
    "col_explanation": 24.0, "advice": 24.0, "col_status": 8.0, "col_reason": 16.0,
}  # fmt: skip
_BESIDE = (
    "col_who", "col_year", "col_belongs", "col_table", "col_row", "col_column", "col_difference", "col_place", "col_rule",
    "col_address", "col_id", "col_file",
)  # fmt: skip


def _problems(book: Any, found: Sequence[Office], lang: Lang) -> None:
    rows, kinds = [], []
    for o in found:
        for p in o.problems:
            kinds.append(p.severity)
            rows.append(
                (
                    o.name, say(lang, f"severity_{p.severity}"), p.name, _number(p.printed), _number(p.expected), p.message,
                    p.explanation, p.advice, p.status, p.reason,
                    p.who, _number(o.year), p.number or None, p.table, p.row, p.column, _number(p.difference), p.place,
                    p.rule, p.address, p.finding_id, o.file,
                )
            )  # fmt: skip
    heads = (*_ON_PAPER, *_BESIDE)
    # What is for the computer stands behind what is printed.
    sheet = _sheet(book, "sheet_problems", heads, rows, lang, printed=len(_ON_PAPER), widths=list(_ON_PAPER.values()))
    _paint(sheet, 2, kinds)


def _missing(book: Any, found: Sequence[Office], attendance: Attendance | None, lang: Lang) -> None:
    rows: list[tuple[object, ...]] = []
    if attendance is not None:
        rows += [(m.name, "", state_words(m, lang), "") for m in attendance.to_remind]
    for o in found:
        problems = [p.message for p in o.reviewed.checked.extraction.problems]
        rows += [(o.name, _number(o.year), text, o.file) for text in (*problems, *o.missing)]
    heads = ("col_office", "col_year", "col_missing", "col_file")
    _sheet(book, "sheet_missing", heads, rows, lang)


def _roster(book: Any, attendance: Attendance, lang: Lang) -> None:
    heads = ["col_office", "col_state", "col_due", "col_received", "col_late", "col_contact", "col_telephone"]
    heads += ["col_file"]
    members = sorted(attendance.members, key=lambda m: STATES.index(m.state))
    rows: list[tuple[object, ...]] = [
        (
            m.name, state_words(m, lang), m.due, m.received, m.late, m.contact, m.telephone,
            m.remark or "\n".join(m.files),
        )
        for m in members
    ]  # fmt: skip
    for state, paths in (("state_stranger", attendance.strangers), ("state_other_year", attendance.other_years)):
        rows += [("", say(lang, state), None, None, None, None, None, path) for path in paths]
    sheet = _sheet(book, "sheet_roster", heads, rows, lang)
    _paint(sheet, 2, [m.state for m in members])
    for row in sheet.iter_rows(min_row=2, min_col=3, max_col=4):
        for cell in row:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"


def _closed(book: Any, all_reviewed: Sequence[Reviewed], lang: Lang) -> None:
    rows = [
        (Path(r.path).name, say(lang, f"severity_{f['severity']}"), f.get("message", ""), f.get("rule", ""))
        for r in all_reviewed
        for f in r.closed
    ]
    _sheet(book, "sheet_closed", ("col_file", "col_severity", "col_message", "col_rule"), rows, lang)


def _about(book: Any, about: Sequence[tuple[str, str]], lang: Lang) -> None:
    _sheet(book, "sheet_about", ("col_item", "col_content"), list(about), lang)


def _kept(book: Any, all_reviewed: Sequence[Reviewed]) -> None:
    """What the next round compares with, on a sheet that Excel does not show: a row for each file, its JSON in pieces."""
    sheet = book.create_sheet(rounds.SHEET)
    sheet.sheet_state = "veryHidden"
    for row, reviewed in enumerate(all_reviewed, start=1):
        text = rounds.to_text(reviewed)
        for i in range(0, len(text), _LONGEST):
            _put(sheet.cell(row, i // _LONGEST + 1), text[i : i + _LONGEST])


def _number(text: str) -> object:
    """A figure as a number, so that a column of them sorts and filters as such."""
    if _FIGURE.fullmatch(text) is None:
        return text
    return Decimal(text) if "." in text else int(text)
