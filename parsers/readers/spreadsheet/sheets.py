"""From the cells of a sheet to paragraphs and tables.

Belongs here: what is visible, merged cells, where a table begins and ends, bounds. Does not belong here: either file
format, what a label means.

A sheet has no tables of its own: an empty line or column without borders parts them, and what stands alone on a line
above or below a table is text. Places are those of the sheet, so that a clerk finds the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.document import Cell, Document, Paragraph, Table, UnreadableError
from parsers.grammar.figures import is_figure
from parsers.grammar.head_lines import awaits_figures
from parsers.grammar.labels import likeness
from parsers.readers.builder import MAX_CELLS, MAX_COLUMNS, MAX_POSITIONS, MAX_RESIDUE_TEXT, MAX_RESIDUES, MAX_ROWS
from schemas.characters import without_overrides
from schemas.facts import Place, Problem, Residue
from schemas.labels import label

from . import display

# Rows of empty cells below the last word that still belong to a table: the figures of table 四 are one line.
_EMPTY_ROWS = 2
# A heading has so many characters behind its number, and is less like a row's label than this.
_HEADING, _LIKE_A_ROW = 4, 0.8
# Words below a table without borders; a label whose figures are all empty looks like them otherwise.
_REMARK = re.compile(r"[。：:；;]|^(?:注|备注|说明|填表|审核)")


@dataclass(slots=True)
class SheetCell:
    """A cell as it is shown, by its place in the sheet (from 0). ``note`` tells why its text is left out, if it is."""

    row: int
    column: int
    text: str
    bordered: bool = False
    doubt: str | None = None
    readings: tuple[str, ...] = ()
    rowspan: int = 1
    colspan: int = 1
    # Kind of residue (struck, formula) and its text.
    note: tuple[str, str] | None = None


@dataclass
class Sheet:
    """A visible sheet. Merged ranges are (first row, first column, last row, last column), all from 0."""

    name: str
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(slots=True)
class SheetTable(Table):
    """A table whose places are those of its sheet: the sheet's row and column numbers, from 1, by grid position."""

    row_numbers: tuple[int, ...] = ()
    column_numbers: tuple[int, ...] = ()

    def place(self, cell: Cell) -> Place:
        # A table that goes on from another has that one's heads, which stand elsewhere.
        if cell.row >= len(self.row_numbers) or cell.column >= len(self.column_numbers):
            return Place(table=self.number, sheet=self.sheet)
        row, column = self.row_numbers[cell.row], self.column_numbers[cell.column]
        return Place(table=self.number, row=row, column=column, sheet=self.sheet)


def too_large(name: str) -> UnreadableError:
    """The answer to a workbook beyond the bounds."""
    return UnreadableError(
        "too_large", f"《{name}》内容过多（疑为异常文件），未读取；请核对文件来源，只保留年度报告的表格后再试。"
    )


def put_number(cell: SheetCell, stored: str | float, code: str, *, from_1904: bool) -> None:
    """Give a cell a number as its format's ``code`` shows it."""
    try:
        shown = display.show(stored, code, from_1904=from_1904)
    except ValueError:
        cell.text, cell.doubt = str(stored), "characters"
        return
    cell.text = shown.text
    if shown.full is not None:
        cell.doubt, cell.readings = "characters", (shown.full,)


def document(sheets: Sequence[Sheet], name: str, media_type: str, *, has_pictures: bool = False) -> Document:
    """All sheets in order. Raises `UnreadableError` (``empty``, ``too_large``)."""
    out = Document(media_type=media_type, has_pictures=has_pictures)
    for sheet in sheets:
        for cell in sheet.cells.values():
            cell.text = without_overrides(cell.text)
        _trim(sheet)
    if sum(len(s.cells) for s in sheets) > MAX_CELLS:
        raise too_large(name)
    cutter = _Cutter(out, name)
    for sheet in sheets:
        cutter.cut(sheet)
    if not any(isinstance(b, Paragraph) or any(c.text for c in b.cells) for b in out.blocks):
        raise UnreadableError("empty", f"《{name}》中没有任何文字，请核对文件内容（表格可能在隐藏的工作表里）。")
    return out


def _trim(sheet: Sheet) -> None:
    """Borders drawn far beyond the last word make no cells."""
    texts = [(c.row, c.column) for c in sheet.cells.values() if c.text or c.doubt or c.note]
    last_row = max((r for r, _ in texts), default=-1)
    last_column = max((c for _, c in texts), default=-1)
    starts = set(texts)
    for top, left, bottom, right in sheet.merged:
        if (top, left) in starts:
            last_row, last_column = max(last_row, bottom), max(last_column, right)
    if not texts:
        sheet.cells.clear()
    beyond = [at for at in sheet.cells if at[0] > last_row + _EMPTY_ROWS or at[1] > last_column]
    for at in beyond:
        del sheet.cells[at]


class _Cutter:
    """Cuts sheet after sheet into blocks that are added to the document."""

    def __init__(self, out: Document, name: str) -> None:
        self.out, self.name = out, name
        self.sheet = Sheet("")
        self.paragraphs = self.tables = 0
        # Grid positions, of merged ranges too: a file can claim many for little.
        self.positions = 0

    def cut(self, sheet: Sheet) -> None:
        self.sheet = sheet
        first_block = len(self.out.blocks)
        cells = self._visible()
        used = {r for c in cells for r in range(c.row, c.row + c.rowspan)}
        for rows in _stretches(used, sheet.hidden_rows):
            for part in _sections([c for c in cells if rows[0] <= c.row <= rows[-1]]):
                self._part(self._with_blank_row(part, cells))
        self._notes(cells, first_block)

    def _count(self, positions: int) -> None:
        self.positions += positions
        if self.positions > MAX_POSITIONS:
            raise too_large(self.name)

    # -- what is visible ----------------------------------------------------------------------------------------------

    def _visible(self) -> list[SheetCell]:
        """The cells that are shown, spans set, in reading order; those that a merged cell covers are gone."""
        sheet = self.sheet
        cells = dict(sheet.cells)
        hidden = [c for c in cells.values() if c.row in sheet.hidden_rows or c.column in sheet.hidden_columns]
        for cell in hidden:
            del cells[cell.row, cell.column]
        self._note_hidden(hidden)
        for top, left, bottom, right in sheet.merged:
            rows = [r for r in range(top, min(bottom, top + MAX_ROWS) + 1) if r not in sheet.hidden_rows]
            columns = [c for c in range(left, min(right, left + MAX_COLUMNS) + 1) if c not in sheet.hidden_columns]
            self._count(max(len(rows) * len(columns), 1))
            if not rows or not columns or len(rows) * len(columns) == 1:
                continue
            origin = sheet.cells.get((top, left))
            bordered = False
            for r in rows:
                for c in columns:
                    covered = cells.pop((r, c), None)
                    bordered = bordered or (covered is not None and covered.bordered)
            if origin is None and not bordered:
                continue
            cell = origin or SheetCell(top, left, "")
            cells[rows[0], columns[0]] = SheetCell(
                rows[0],
                columns[0],
                cell.text,
                bordered or cell.bordered,
                cell.doubt,
                cell.readings,
                rows[-1] - rows[0] + 1,
                columns[-1] - columns[0] + 1,
                cell.note,
            )
        shown = [c for c in cells.values() if c.text or c.bordered or c.doubt or c.note]
        kept = [c for c in shown if c.row < MAX_ROWS and c.column < MAX_COLUMNS]
        # Borders alone may run down to the end of the sheet.
        if any(c.text for c in shown if c.row >= MAX_ROWS or c.column >= MAX_COLUMNS):
            message = (
                f"《{self.name}》的工作表“{self.sheet.name}”超过{MAX_ROWS}行或{MAX_COLUMNS}列，超出部分未读取；请核对。"
            )
            self.out.problems.append(Problem("too_large", message))
        return sorted(kept, key=lambda c: (c.row, c.column))

    def _note_hidden(self, hidden: Iterable[SheetCell]) -> None:
        """One note for each hidden row, or for each hidden column, with what stands there."""
        texts: dict[tuple[str, int], list[str]] = {}
        for cell in sorted(hidden, key=lambda c: (c.row, c.column)):
            if cell.text and len(texts) < MAX_RESIDUES:
                by_row = cell.row in self.sheet.hidden_rows
                texts.setdefault(("row", cell.row) if by_row else ("column", cell.column), []).append(cell.text)
        for (kind, at), found in texts.items():
            name = self.sheet.name
            place = Place(row=at + 1, sheet=name) if kind == "row" else Place(column=at + 1, sheet=name)
            self._residue("hidden", " ".join(found), place)

    def _residue(self, kind: str, text: str, place: Place) -> None:
        if len(self.out.residue) < MAX_RESIDUES:
            self.out.residue.append(Residue(kind, text.strip()[:MAX_RESIDUE_TEXT], place))

    # -- paragraphs and tables ----------------------------------------------------------------------------------------

    def _part(self, cells: list[SheetCell]) -> None:
        """Cells between two empty lines: side by side they may be several tables."""
        lines = _lines(cells)
        ruled = any(c.bordered for c in cells)
        # A title may stand over two tables side by side.
        while lines and _is_above(lines[0], ruled):
            self._paragraph(lines.pop(0))
        below: list[list[SheetCell]] = []
        while lines and _is_below(lines[-1], ruled):
            below.insert(0, lines.pop())
        rest = [c for line in lines for c in line]
        used = {k for c in rest for k in range(c.column, c.column + c.colspan)}
        for columns in _stretches(used, self.sheet.hidden_columns):
            self._table([c for c in rest if columns[0] <= c.column <= columns[-1]])
        for line in below:
            self._paragraph(line)

    def _with_blank_row(self, part: list[SheetCell], cells: list[SheetCell]) -> list[SheetCell]:
        """A part that ends in heads with the empty row under them, which is their line of figures in a sheet without
        borders: where no figures follow right behind it."""
        below = max(c.row + c.rowspan for c in part)
        heads = [c for c in part if c.row + c.rowspan == below]
        if (
            any(c.bordered for c in cells)
            or below in self.sheet.hidden_rows
            or not awaits_figures(c.text for c in heads)
        ):
            return part
        after = [c for c in cells if c.row >= below]
        if any(c.row == below or (c.row == after[0].row and c.text and is_figure(c.text)) for c in after):
            return part
        return part + [SheetCell(below, c.column, "", colspan=c.colspan) for c in heads]

    def _paragraph(self, line: list[SheetCell]) -> None:
        written = [c for c in line if c.text]
        text = " ".join(c.text.replace("\n", " ").strip() for c in written).strip()
        if text:
            self.paragraphs += 1
            at = written[0]
            place = Place(row=at.row + 1, column=at.column + 1, paragraph=self.paragraphs, sheet=self.sheet.name)
            self.out.blocks.append(Paragraph(text, place))

    def _table(self, cells: list[SheetCell]) -> None:
        first_row, last_row = min(c.row for c in cells), max(c.row + c.rowspan for c in cells)
        first_column, last_column = min(c.column for c in cells), max(c.column + c.colspan for c in cells)
        rows = [r for r in range(first_row, last_row) if r not in self.sheet.hidden_rows]
        columns = [k for k in range(first_column, last_column) if k not in self.sheet.hidden_columns]
        self._count(len(rows) * len(columns))
        row_at = {r: i for i, r in enumerate(rows)}
        column_at = {k: i for i, k in enumerate(columns)}
        out = [
            Cell(
                c.text,
                row_at[c.row],
                column_at[c.column],
                sum(c.row <= r < c.row + c.rowspan for r in rows),
                sum(c.column <= k < c.column + c.colspan for k in columns),
                readings=c.readings,
                doubt=c.doubt,
            )
            for c in cells
        ]
        self.tables += 1
        self.out.blocks.append(
            SheetTable(
                self.tables,
                out + _empty_cells(out, len(rows), len(columns)),
                len(rows),
                len(columns),
                row_numbers=tuple(r + 1 for r in rows),
                column_numbers=tuple(k + 1 for k in columns),
                sheet=self.sheet.name,
            )
        )

    # -- what is left over --------------------------------------------------------------------------------------------

    def _notes(self, cells: list[SheetCell], first_block: int) -> None:
        blocks = self.out.blocks[first_block:]
        lines = {b.place.row: b.place for b in blocks if isinstance(b, Paragraph)}
        tables = [b for b in blocks if isinstance(b, SheetTable)]

        def place(row: int, column: int) -> Place:
            """A cell as a place: that of its paragraph, or the cell in its table."""
            if row + 1 in lines:
                return lines[row + 1]
            within = (t for t in tables if row + 1 in t.row_numbers and column + 1 in t.column_numbers)
            table = next(within, None)
            number = table.number if table else None
            return Place(table=number, row=row + 1, column=column + 1, sheet=self.sheet.name)

        for cell in cells:
            if cell.note is not None and len(self.out.residue) < MAX_RESIDUES:
                self._residue(*cell.note, place(cell.row, cell.column))
        for (row, column), text in sorted(self.sheet.comments.items())[:MAX_RESIDUES]:
            self._residue("comment", text or "（批注）", place(row, column))


def _stretches(numbers: set[int], hidden: set[int]) -> list[list[int]]:
    """Runs of numbers without a gap but for hidden ones."""
    out: list[list[int]] = []
    for n in sorted(numbers):
        if out and all(k in hidden for k in range(out[-1][-1] + 1, n)):
            out[-1].append(n)
        else:
            out.append([n])
    return out


def _lines(cells: list[SheetCell]) -> list[list[SheetCell]]:
    """The cells that begin on each row, in order; rows below a merged cell belong to no line of their own."""
    by_row: dict[int, list[SheetCell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    return [by_row[r] for r in sorted(by_row)]


def _sections(cells: list[SheetCell]) -> list[list[SheetCell]]:
    """The cells of a part by section: one may begin right below a table, with its heading alone on a line."""
    out: list[list[SheetCell]] = [[]]
    end = 0
    for line in _lines(cells):
        if len(line) == 1 and line[0].row >= end and _is_heading(line[0].text):
            out.append([])
        out[-1] += line
        end = max([end, *(c.row + c.rowspan for c in line)])
    return [part for part in out if part]


def _is_heading(text: str) -> bool:
    """Whether words are the heading of a section (四、…), and not a row's label with such a number."""
    spelt = label(text)
    is_numbered = spelt.number is not None and spelt.number[0] == 1 and len(spelt.key) >= _HEADING
    return is_numbered and likeness(spelt.key) < _LIKE_A_ROW


def _is_above(line: list[SheetCell], ruled: bool) -> bool:
    """Whether a line is text above a table, whose cells have borders if any have (``ruled``)."""
    if ruled and not any(c.bordered for c in line):
        return True
    return len(line) == 1 and bool(line[0].text)


def _is_below(line: list[SheetCell], ruled: bool) -> bool:
    """Whether a line is text below a table."""
    if ruled:
        return not any(c.bordered for c in line)
    return len(line) == 1 and _REMARK.search(line[0].text) is not None


def _empty_cells(cells: list[Cell], n_rows: int, n_columns: int) -> list[Cell]:
    """A cell for every place of the grid that has none: in a sheet an empty place is an empty cell."""
    taken = {
        (r, c)
        for cell in cells
        for r in range(cell.row, cell.row + cell.rowspan)
        for c in range(cell.column, cell.column + cell.colspan)
    }
    return [Cell("", r, c) for r in range(n_rows) for c in range(n_columns) if (r, c) not in taken]


def note_hidden_sheets(out: Document, names: Sequence[str]) -> None:
    """Hidden sheets are not read; that they are there is noted."""
    out.residue += [Residue("hidden", f"工作表“{name}”", Place()) for name in names[:MAX_RESIDUES]]
