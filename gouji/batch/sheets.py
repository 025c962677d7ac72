"""Tables that people keep in Excel, CSV or Word: rosters, waivers.

Belongs here: the grids of a file, whatever its format and encoding, and rows under their heads. Does not
belong here: what the columns mean (`roster`, `waivers`), drafts (`parsers`).

Workbooks and CSV are read here, for the dates and numbers that their cells are; all else by the readers of drafts.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas.labels import fold

Row = dict[str, object]
# A title, a unit and an empty line may stand above the heads.
HEADS_WITHIN = 12
_MOST_ROWS = 100_000
_MARKS = re.compile(r"[(（【\[][^()（）]*[)）】\]]|[*＊:：\s]")


class SheetError(Exception):
    """A file that is no such table; the message says what to do, in Chinese."""


@dataclass
class Grid:
    """One table of a file, by its sheet's name where it has one. A merged cell's value stands in every place it covers.

    ``wide`` are the rows (from 0) that one merged cell takes most of: titles, groups, remarks. ``above`` is the text
    between this table and the one before it.
    """

    name: str
    lines: list[Sequence[object]]
    wide: set[int] = field(default_factory=set)
    above: str = ""


def numbered_rows_of(path: Path, heads: Iterable[str]) -> list[tuple[int, Row]]:
    """The rows below the first line that has one of ``heads``, by their columns' heads, each with its number in Excel.

    Raises `SheetError` when the file cannot be read or has no such head, OSError when it cannot be opened.
    """
    wanted = {fold(h).lower() for h in heads}
    for grid in grids(path, merged=False):
        rows = _under_heads(grid.lines, wanted)
        if rows is not None:
            return rows
    raise no_heads(path, heads)


def no_heads(path: Path, heads: Iterable[str]) -> SheetError:
    """What to say of a file that has no column of these heads."""
    first, *others = list(dict.fromkeys(heads))[:4]
    also = f"，也可以叫“{'”“'.join(others)}”" if others else ""
    return SheetError(
        f"{path.name}：没有找到表头（要有“{first}”一列{also}）。请核对文件，或把表头放在前 {HEADS_WITHIN} 行内。"
    )


def _under_heads(lines: Iterable[Sequence[object]], wanted: set[str]) -> list[tuple[int, Row]] | None:
    heads: list[str] | None = None
    rows: list[tuple[int, Row]] = []
    for i, line in enumerate(lines):
        texts = [folded(v) for v in line]
        if heads is None:
            if any(head_of(v, wanted) for v in line):
                heads = [head_of(v, wanted) or bare_head(v) for v in line]
            elif i >= HEADS_WITHIN:
                return None
            continue
        if any(texts):
            rows.append((i + 1, {h: _value(v) for h, v in zip(heads, line, strict=False) if h}))
        if len(rows) >= _MOST_ROWS:
            break
    return None if heads is None else rows


def folded(value: object) -> str:
    """A cell's text for comparing."""
    return "" if value is None else fold(str(value)).lower()


def head_of(value: object, wanted: set[str]) -> str | None:
    """A cell as the head that it is: 责任单位（盖章）, *单位名称; None where it is none of those wanted."""
    if folded(value) in wanted:
        return str(value).strip()
    bare = bare_head(value)
    return bare if fold(bare).lower() in wanted else None


def bare_head(value: object) -> str:
    """What a head says without what stands in brackets or is a mark."""
    text = "" if value is None else str(value).strip()
    return _MARKS.sub("", text) or text


def _value(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


# -- files ---------------------------------------------------------------------------------------------------------


def grids(path: Path, *, merged: bool = True) -> Iterator[Grid]:
    """The tables of a file in order; of a workbook the sheets that are seen. Raises `SheetError`, OSError.

    ``merged``: merged cells of a workbook are looked for, which takes time in a large one.
    """
    data = path.read_bytes()
    kind = _kind(data, path.name)
    if kind == "workbook":
        yield from _workbook(data, path.name, merged=merged)
    elif kind == "old workbook":
        yield from _old_workbook(data, path.name)
    elif kind == "text":
        yield Grid("", list(_csv(data, path.name)))
    else:
        yield from _document(data, path.name)


def text_lines(path: Path) -> list[str]:
    """The lines of a text, or the paragraphs of a document; empty for workbooks. Raises `SheetError`, OSError."""
    data = path.read_bytes()
    kind = _kind(data, path.name)
    if kind == "text":
        return _text(data, path.name).splitlines()
    return [line for block in _paragraphs(data, path.name) for line in block.splitlines()] if kind == "document" else []


def _paragraphs(data: bytes, name: str) -> list[str]:
    from parsers.document import Paragraph, UnreadableError
    from parsers.extraction import read_document

    try:
        return [b.text for b in read_document(data, name).blocks if isinstance(b, Paragraph)]
    except UnreadableError as error:
        raise SheetError(error.message) from error


def _kind(data: bytes, name: str) -> str:
    from parsers.document import UnreadableError
    from parsers.files import sniff

    try:
        kind = sniff.sniff(data, name)
    except UnreadableError:
        kind = ""
    if data.startswith(b"PK") and kind not in (sniff.DOCX, sniff.ODT, sniff.ODS):
        return "workbook"
    if kind == sniff.XLS:
        return "old workbook"
    return "text" if kind in (sniff.TEXT, sniff.MARKDOWN, sniff.EMPTY, "") else "document"


def _workbook(data: bytes, name: str, *, merged: bool) -> Iterator[Grid]:
    # Slow to import, and only asked for with a workbook.
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=not merged, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise SheetError(f"{name}：打不开这个工作簿，可能已损坏。请用 Excel 或 WPS 打开后另存一份再试。") from error
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield _sheet(sheet) if merged else Grid(sheet.title, list(sheet.iter_rows(values_only=True)))
    finally:
        book.close()


def _sheet(sheet: object) -> Grid:
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]  # type: ignore[attr-defined]
    grid = Grid(sheet.title, list(lines))  # type: ignore[attr-defined]
    spans = [(s.min_row - 1, s.min_col - 1, s.max_row, s.max_col) for s in sheet.merged_cells.ranges]  # type: ignore[attr-defined]
    _merge(grid, lines, spans)
    return grid


def _merge(grid: Grid, lines: list[list[object]], spans: Iterable[tuple[int, int, int, int]]) -> None:
    """Put merged cells' values in every place they cover: (first row, first column, one behind the last of each)."""
    width = max((sum(v is not None for v in line) for line in lines), default=0)
    for top, left, bottom, right in spans:
        for r in range(top, min(bottom, len(lines))):
            _fill(grid, lines[r], r, left, right, lines[top][left], width)


def _old_workbook(data: bytes, name: str) -> Iterator[Grid]:
    """The sheets of an .xls as they stand, like those of any other workbook: the reader of drafts cuts them to tables."""
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        sheets = [s for s in book.sheets() if not s.visibility]
        grids = [
            (s, [[_old_value(s.cell(r, c), book.datemode) for c in range(s.ncols)] for r in range(s.nrows)])
            for s in sheets
        ]
    except Exception as error:  # xlrd raises whatever its arithmetic runs into on a broken file
        raise SheetError(
            f"{name}：打不开这个工作簿，可能已损坏或设有密码。请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"
        ) from error
    for sheet, lines in grids:
        grid = Grid(sheet.name, list(lines))
        _merge(grid, lines, [(top, left, bottom, right) for top, bottom, left, right in sheet.merged_cells])
        yield grid


def _old_value(cell: Any, datemode: int) -> object:
    """A cell's value as openpyxl gives it: whole numbers as such, days as days, nothing for an empty one."""
    import xlrd

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR) or cell.value == "":
        return None
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_NUMBER and cell.value == int(cell.value):
        return int(cell.value)
    return cell.value


def _fill(grid: Grid, line: list[object], row: int, left: int, right: int, value: object, width: int) -> None:
    for column in range(left, min(right, len(line))):
        line[column] = value
    if right - left > 1 and 2 * (right - left) > width:
        grid.wide.add(row)


def _document(data: bytes, name: str) -> Iterator[Grid]:
    """The tables of a Word file, a page; a workbook of another program as LibreOffice converts it."""
    from parsers.document import Paragraph, UnreadableError
    from parsers.extraction import read_document
    from parsers.files import sniff
    from parsers.readers import convert

    try:
        kind = sniff.sniff(data, name)
        if convert.is_convertible(kind) and not convert.becomes_word(kind):
            yield from _workbook(convert.converted(data, name, kind), name, merged=True)
            return
        document = read_document(data, name)
    except UnreadableError as error:
        raise SheetError(f"{error.message}名单和说明表也可以另存为 .xlsx 或 CSV。") from error
    above: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above.append(block.text)
            continue
        cells = block.grid()
        lines: list[Sequence[object]] = [[cell.text if cell else None for cell in line] for line in cells]
        grid = Grid("", lines, above=" ".join(above))
        for r, line in enumerate(cells):
            if any(cell and cell.colspan > 1 and 2 * cell.colspan > block.n_columns for cell in line):
                grid.wide.add(r)
        above = []
        yield grid


def _csv(data: bytes, name: str) -> Iterable[Sequence[object]]:
    text = _text(data, name)
    # The lines above the heads may have no delimiter at all.
    delimiter = max(",\t;，；", key="".join(text.splitlines(keepends=True)[:HEADS_WITHIN]).count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _text(data: bytes, name: str) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    text = next((t for e in encodings if (t := _decoded(data, e)) is not None), None)
    if text is None:
        raise SheetError(f"{name}：文字编码认不出来。请另存为“CSV UTF-8”或 .xlsx 后再试。")
    if "\0" in text:
        raise SheetError(f"{name}：这不是 CSV 文件，也不是工作簿。请用 .xlsx 或 CSV。")
    return text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
