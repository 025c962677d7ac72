"""The workbook of a roll-up: the summed form, and for every cell which office contributed what.

Belongs here: sheets, heads, colours, formulas. Does not belong here: any figure (`sums`), the sheet that looks like the form
(`form_sheet`).

Sums are formulas over what the offices contribute, so that they follow when somebody corrects a figure in the workbook; what
they come to is stored with them. A cell whose sum is not known stays empty until every office has a number there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from gouji.outputs import workbook_bytes
from gouji.words import Lang, say
from schemas.facts import Value
from schemas.findings import Finding
from schemas.forms import Form

from . import absent
from .choices import ACTION_WORDS
from .model import CellSum, Figure, Rollup

_FILLS = {"open": "F8CBAD", "as_zero": "FFE699", "implied": "DDEBF7", "given": "E2EFDA"}
_HEAD = "C6D9F1"
_AGAINST = ("rollup.sum", "rollup.exceeds")
_FIRST_ROW = 2
_HEADS = {
    "drafts": ("number", "office", "counted", "as", "why", "file", "broken", "doubts"),
    "cells": ("row", "column", "address", "sum", "remark", "adjustments"),
    "against": ("table", "row", "column", "against_has", "against_sum", "against_difference", "remark"),
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
    from gouji.excel.values import with_results

    from . import form_sheet

    sheets.add("drafts", _drafts(result, lang))
    form = result.form_data
    formulas = _Formulas(result, lang)
    known: dict[str, dict[str, Any]] = {}
    for code in form.tables:
        known[formulas.title(code)] = _table(sheets, result, formulas, code, lang)
    differing = {f.cells[0]: f for f in _compared(result) if f.outcome == "broken" and f.cells}
    known[say(lang, "rollup.sheet_form")] = form_sheet.add(book, result, formulas.of, differing, lang)
    if result.compared:
        _against(sheets, result, lang)
    # Thousands of lines, for filters and programs and not for paper.
    sheets.add("long", _long(result, form, lang)).sheet_state = "hidden"
    sheets.add("choices", _choices(result, lang))
    book.active = 0
    return with_results(workbook_bytes(book), known)


class _Formulas:
    """The sum of a cell as a formula over the sheet of its table, and what it comes to."""

    def __init__(self, result: Rollup, lang: Lang) -> None:
        from openpyxl.utils import get_column_letter

        self.form, self.lang = result.form_data, lang
        n, first = len(result.counted), len(_HEADS["cells"]) + 1
        self._adjusted, self._first = get_column_letter(first - 1), get_column_letter(first)
        self._last = get_column_letter(max(first + n - 1, first))
        self._rows = {
            a: i for code in self.form.tables for i, a in enumerate(_of_table(result, code), start=_FIRST_ROW)
        }

    def title(self, code: str) -> str:
        return (self.form.tables[code].short if self.lang == "zh" else code)[:31]

    def of(self, cell: CellSum, *, within: bool = False) -> tuple[str | None, Value | None]:
        """The formula, from another sheet or from ``within`` the table's own."""
        if not cell.figures or (cell.value is None and not cell.open):
            return None, None
        row = self._rows[cell.address]
        sheet = "" if within else f"'{self.title(cell.address.split('.')[0])}'!"
        figures = f"{sheet}{self._first}{row}:{self._last}{row}"
        total = f"SUM({sheet}{self._adjusted}{row}:{self._last}{row})"
        if cell.open:
            return f'=IF(COUNT({figures})<{len(cell.figures)},"",{total})', None
        return f"={total}", cell.value


def _of_table(result: Rollup, code: str) -> list[str]:
    return [a for a in result.cells if a.startswith(f"{code}.")]


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
        formulas: int = 0,
        note: str = "",
    ) -> Any:
        """A new sheet; in the column ``formulas`` formulas are meant as such. A ``note`` stands above the heads."""
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        sheet = self.book.create_sheet(title[:31] or say(self.lang, f"rollup.sheet_{name}"))
        heads = list(heads) or _heads(name, self.lang)
        top = 2 if note else 1
        if note:
            sheet.append([note])
        sheet.append(heads)
        for cell in sheet[top]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=_HEAD)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        for r, row in enumerate(rows, start=top + 1):
            sheet.append(row)
            # Text that begins like a formula is text. Cells are asked for by row and column: a sheet that is asked for
            # its last row looks through all its cells.
            for i, value in enumerate(row, start=1):
                if isinstance(value, str) and value.startswith("=") and i != formulas:
                    sheet.cell(r, i).data_type = "s"
        sheet.freeze_panes = f"A{top + 1}" if note else frozen
        last = get_column_letter(len(heads))
        sheet.auto_filter.ref = f"A{top}:{last}{sheet.max_row}" if note else sheet.dimensions
        for i, column in enumerate(sheet.iter_cols(min_row=top, max_row=min(sheet.max_row, 200)), start=1):
            longest = max((_width(str(c.value)) for c in column if c.value is not None), default=0)
            if i == formulas:
                longest = 8
            sheet.column_dimensions[get_column_letter(i)].width = min(max(longest + 2, 8), 48)
        if note:
            sheet.merge_cells(f"A1:{last}1")
            cell = sheet.cell(1, 1)
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=absent.GROUND)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            width = sum(sheet.column_dimensions[get_column_letter(i)].width for i in range(1, len(heads) + 1))
            lines = sum(1 + int(_width(line) // max(width - 4, 8)) for line in note.split("\n"))
            sheet.row_dimensions[1].height = min(15 * lines + 4, 409)
        sheet.print_title_rows = f"{top}:{top}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        return sheet


def _heads(name: str, lang: Lang) -> list[str]:
    return [say(lang, f"rollup.col_{column}") for column in _HEADS[name]]


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _drafts(result: Rollup, lang: Lang) -> Iterable[Sequence[Any]]:
    for i, draft in enumerate(result.drafts, start=1):
        role = say(lang, f"rollup.role_{draft.role}") if draft.role and draft.state == "counted" else ""
        yield (
            i, draft.name, say(lang, f"rollup.state_{draft.state}"), role, draft.reason.say(lang), draft.path, "；".join(draft.broken),
            "".join(draft.doubts),
        )  # fmt: skip
    for each in result.absent:
        # Drafts of their own have a line above.
        if each.path and any(d.path == each.path for d in result.drafts):
            continue
        file = each.path or each.file or say(lang, "rollup.no_file")
        office = each.office or say(lang, "rollup.no_office")
        state = say(lang, "rollup.state_absent" if each.kind == "missing" else "rollup.state_left_out")
        yield "", office, state, "", each.reason(lang), file, "", ""
    for path, problem in result.beside:
        yield "", say(lang, "rollup.is_beside"), say(lang, "rollup.state_left_out"), "", problem, path, "", ""


def _remark(cell: CellSum, lang: Lang) -> str:
    """Who is why the sum is open, or has a blank in it."""
    parts: dict[str, list[str]] = {}
    for figure in cell.figures:
        if figure.how not in ("printed", "parts"):
            parts.setdefault(figure.how, []).append(figure.draft.name)
    colon, mark = say(lang, "colon"), say(lang, "list_mark")
    said = (f"{say(lang, f'rollup.how_{how}')}{colon}{mark.join(names)}" for how, names in parts.items())
    return say(lang, "semicolon").join(said)


def _compared(result: Rollup) -> list[Finding]:
    """What the parent's draft has otherwise; where not everyone is in the sum, also where it is above it."""
    return [*(f for f in result.findings if f.rule in _AGAINST), *result.above]


def _against(sheets: _Sheets, result: Rollup, lang: Lang) -> None:
    """Every cell in which the parent's draft differs, or could not be compared; that there is none."""
    from openpyxl.styles import PatternFill

    form = result.form_data
    rows, broken = [], []
    for f in sorted(_compared(result), key=lambda f: f.outcome != "broken"):
        code = f.cells[0].split(".")[0] if f.cells else f.table or ""
        names = row_words(form, f.cells[0]) if f.cells else ("", "")
        printed = f.printed if isinstance(f.printed, str) else _number(f.printed)
        rows.append((form.tables[code].title, *names, printed, _number(f.expected), _number(f.difference), f.message))
        broken.append(f.outcome == "broken")
    if not rows:
        rows.append(("", "", "", None, None, None, say(lang, "rollup.against_same")))
        broken.append(False)
    told = absent.notice(result, lang)
    sheet = sheets.add("against", rows, note=told.text() if told is not None else "")
    for i, wrong in enumerate(broken, start=_FIRST_ROW + (told is not None)):
        if wrong:
            sheet.cell(i, 4).fill = PatternFill("solid", fgColor=_FILLS["open"])


def _table(sheets: _Sheets, result: Rollup, formulas: _Formulas, code: str, lang: Lang) -> dict[str, Any]:
    """A row for each cell: its sum, and a column for each office that counts. Returns what its formulas come to."""
    from openpyxl.styles import PatternFill

    form = formulas.form
    cells = [result.cells[a] for a in _of_table(result, code)]
    counted = result.counted
    rows = []
    for cell in cells:
        by_draft = {id(f.draft): f for f in cell.figures}
        adjusted = sum((c.amount or 0 for c in cell.adjustments), start=0) if cell.adjustments else None
        rows.append(
            [
                *row_words(form, cell.address),
                cell.address,
                formulas.of(cell, within=True)[0],
                _remark(cell, lang),
                _number(adjusted),
                *(_shown(by_draft.get(id(d))) for d in counted),
            ]
        )
    heads = _heads("cells", lang)
    sheet = sheets.add(
        "cells", rows, title=formulas.title(code), formulas=4, heads=[*heads, *(d.name for d in counted)], frozen="E2"
    )
    fills = {how: PatternFill("solid", fgColor=colour) for how, colour in _FILLS.items()}
    # On paper the sums; who contributed what is for the screen.
    sheet.print_area = f"A1:E{len(cells) + 1}"
    for r, cell in enumerate(cells, start=_FIRST_ROW):
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
    sums = {f"D{r}": formulas.of(cell, within=True)[1] for r, cell in enumerate(cells, start=_FIRST_ROW)}
    return {at: value for at, value in sums.items() if value is not None}


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
