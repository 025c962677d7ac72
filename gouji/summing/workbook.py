"""The workbook of a roll-up: for every cell which office contributed what.

Belongs here: sheets, heads, colours. Does not belong here: any figure (`sums`).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from gouji.words import Lang, say
from schemas.facts import Value
from schemas.forms import Form

from .choices import ACTION_WORDS
from .model import CellSum, Figure, Rollup

_FILLS = {"open": "F8CBAD", "as_zero": "FFE699", "implied": "DDEBF7", "given": "E2EFDA"}
_HEAD = "C6D9F1"
_HEADS = {
    "drafts": ("number", "office", "counted", "as", "why", "file", "broken"),
    "cells": ("row", "column", "address", "sum", "remark", "adjustments"),
    "long": ("address", "table", "row", "column", "office", "file", "printed", "value", "how", "reason"),
    "choices": ("line", "draft", "action", "cell", "was", "amount", "reason", "who", "effect"),
}


def content(result: Rollup, lang: Lang = "zh") -> bytes:
    """The workbook as a .xlsx: offices, a sheet for each table, everything in one long sheet, the choices."""
    # Slow to import, and only asked for with a workbook.
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = _Sheets(book, lang)
    sheets.add("drafts", _drafts(result, lang))
    form = result.form_data
    for code in form.tables:
        _table(sheets, result, form, code, lang)
    sheets.add("long", _long(result, form, lang))
    sheets.add("choices", _choices(result, lang))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number(value: Value | None) -> int | float | None:
    # A sheet has doubles only; amounts of six places survive.
    return float(value) if isinstance(value, Decimal) else value


def row_words(form: Form, address: str) -> tuple[str, str]:
    """Row and column of a cell in the form's words."""
    code, row_code, column_code = address.split(".")
    table = form.tables[code]
    row = table.row[row_code]
    above = row.parent or table.group_of(row)
    return f"{above} {row.label}" if above else row.label, table.column[column_code].label


class _Sheets:
    """Adds sheets with heads that stay in view, filters and widths for Chinese."""

    def __init__(self, book: Any, lang: Lang) -> None:
        self.book, self.lang = book, lang

    def add(
        self,
        name: str,
        rows: Iterable[Sequence[Any]],
        *,
        title: str = "",
        heads: Sequence[str] = (),
        frozen: str = "A2",
    ) -> Any:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        sheet = self.book.create_sheet(title[:31] or say(self.lang, f"rollup.sheet_{name}"))
        sheet.append(list(heads) or _heads(name, self.lang))
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=_HEAD)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        for row in rows:
            sheet.append(row)
            # Text that begins like a formula is text.
            for cell in sheet[sheet.max_row]:
                if cell.data_type == "f":
                    cell.data_type = "s"
        sheet.freeze_panes = frozen
        sheet.auto_filter.ref = sheet.dimensions
        for i, column in enumerate(sheet.iter_cols(max_row=min(sheet.max_row, 200)), start=1):
            longest = max((_width(str(c.value)) for c in column if c.value is not None), default=0)
            sheet.column_dimensions[get_column_letter(i)].width = min(max(longest + 2, 8), 48)
        return sheet


def _heads(name: str, lang: Lang) -> list[str]:
    return [say(lang, f"rollup.col_{column}") for column in _HEADS[name]]


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _drafts(result: Rollup, lang: Lang) -> Iterable[Sequence[Any]]:
    for i, draft in enumerate(result.drafts, start=1):
        role = say(lang, f"rollup.role_{draft.role}") if draft.role and draft.state == "counted" else ""
        yield (
            i, draft.name, say(lang, f"rollup.state_{draft.state}"), role, draft.reason.say(lang), draft.path, "；".join(draft.broken)
        )  # fmt: skip
    for problem in result.problems:
        yield "", "", say(lang, "rollup.state_left_out"), "", problem.message, "", ""


def _remark(cell: CellSum, lang: Lang) -> str:
    """Who is why the sum is open, or has a blank in it."""
    parts: dict[str, list[str]] = {}
    for figure in cell.figures:
        if figure.how not in ("printed", "parts"):
            parts.setdefault(figure.how, []).append(figure.draft.name)
    colon, mark = say(lang, "colon"), say(lang, "list_mark")
    said = (f"{say(lang, f'rollup.how_{how}')}{colon}{mark.join(names)}" for how, names in parts.items())
    return say(lang, "semicolon").join(said)


def _table(sheets: _Sheets, result: Rollup, form: Form, code: str, lang: Lang) -> None:
    """A row for each cell: its sum, and a column for each office that counts."""
    from openpyxl.styles import PatternFill

    cells = [c for a, c in result.cells.items() if a.startswith(f"{code}.")]
    counted = result.counted
    rows = []
    for cell in cells:
        by_draft = {id(f.draft): f for f in cell.figures}
        adjusted = sum((c.amount or 0 for c in cell.adjustments), start=0) if cell.adjustments else None
        rows.append(
            [
                *row_words(form, cell.address),
                cell.address,
                _number(cell.value),
                _remark(cell, lang),
                _number(adjusted),
                *(_shown(by_draft.get(id(d))) for d in counted),
            ]
        )
    heads = _heads("cells", lang)
    title = form.tables[code].short if lang == "zh" else code
    sheet = sheets.add("cells", rows, title=title, heads=[*heads, *(d.name for d in counted)], frozen="E2")
    fills = {how: PatternFill("solid", fgColor=colour) for how, colour in _FILLS.items()}
    for r, cell in enumerate(cells, start=2):
        if cell.value is None:
            sheet.cell(r, 4).fill = fills["open"]
        elif cell.as_zero:
            sheet.cell(r, 4).fill = fills["as_zero"]
        by_draft = {id(f.draft): f for f in cell.figures}
        for c, draft in enumerate(counted, start=len(heads) + 1):
            figure = by_draft.get(id(draft))
            how = "open" if figure is None or figure.value is None else figure.how
            if how in fills:
                sheet.cell(r, c).fill = fills[how]


def _shown(figure: Figure | None) -> int | float | str | None:
    if figure is None:
        return None
    return _number(figure.value) if figure.value is not None else figure.printed or None


def _long(result: Rollup, form: Form, lang: Lang) -> Iterable[Sequence[Any]]:
    for cell in result.cells.values():
        code = cell.address.split(".")[0]
        row, column = row_words(form, cell.address)
        where = (cell.address, form.tables[code].title, row, column)
        for f in cell.figures:
            why = f.choice.reason if f.choice else ""
            yield (
                *where,
                f.draft.name,
                f.draft.path,
                f.printed,
                _number(f.value),
                say(lang, f"rollup.how_{f.how}"),
                why,
            )
        for choice in cell.adjustments:
            yield (*where, choice.draft, "", "", _number(choice.amount), ACTION_WORDS["adjust"], choice.reason)


def _choices(result: Rollup, lang: Lang) -> Iterable[Sequence[Any]]:
    was: dict[int, list[str]] = {}
    for _, figure in result.replaced:
        if figure.choice is not None:
            was.setdefault(figure.choice.line, []).append(figure.printed.strip())
    for c in result.choices:
        printed = say(lang, "list_mark").join(was.get(c.line, ()))
        yield (
            c.line, c.draft, ACTION_WORDS[c.action], c.address, printed, _number(c.amount), c.reason, c.who, say(lang, "rollup.yes" if c.used else "rollup.no")
        )  # fmt: skip
