"""Tables that people keep in Excel or CSV: rosters, waivers.

Belongs here: rows under their heads from .xlsx and .csv, whatever the encoding and wherever the heads stand. Does not
belong here: what the columns mean (`roster`, `waivers`), drafts in workbooks (`parsers`).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from schemas.labels import fold

Row = dict[str, object]
# A title, a unit and an empty line may stand above the heads.
_HEADS_WITHIN = 12
_MOST_ROWS = 100_000
_MARKS = re.compile(r"[(（【\[][^()（）]*[)）】\]]|[*＊:：\s]")


class SheetError(Exception):
    """A file that is no such table; the message says what to do, in Chinese."""


def rows_of(path: Path, heads: Iterable[str]) -> list[Row]:
    """The rows below the first line that has one of ``heads``, each by its column's head; empty rows are left out.

    Raises as `numbered_rows_of`.
    """
    return [row for _, row in numbered_rows_of(path, heads)]


def numbered_rows_of(path: Path, heads: Iterable[str]) -> list[tuple[int, Row]]:
    """The same with each row's number as Excel shows it.

    Raises `SheetError` when the file cannot be read or has no such head, OSError when it cannot be opened.
    """
    wanted = {fold(h).lower() for h in heads}
    for lines in _sheets(path):
        rows = _under_heads(lines, wanted)
        if rows is not None:
            return rows
    first, *others = list(dict.fromkeys(heads))[:4]
    also = f"，也可以叫“{'”“'.join(others)}”" if others else ""
    raise SheetError(
        f"{path.name}：没有找到表头（要有“{first}”一列{also}）。请核对文件，或把表头放在前 {_HEADS_WITHIN} 行内。"
    )


def _under_heads(lines: Iterable[Sequence[object]], wanted: set[str]) -> list[tuple[int, Row]] | None:
    heads: list[str] | None = None
    rows: list[tuple[int, Row]] = []
    for i, line in enumerate(lines):
        texts = [fold(str(v)).lower() if v is not None else "" for v in line]
        if heads is None:
            # 责任单位（盖章）, *单位名称: what a head says in brackets or by a mark is no part of it.
            if wanted & {*texts, *map(_bare_head, texts)}:
                heads = ["" if v is None else str(v).strip() for v in line]
                heads = [h if fold(h).lower() in wanted else _bare_head(h) or h for h in heads]
            elif i >= _HEADS_WITHIN:
                return None
            continue
        if any(texts):
            rows.append((i + 1, {h: _value(v) for h, v in zip(heads, line, strict=False) if h}))
        if len(rows) >= _MOST_ROWS:
            break
    return None if heads is None else rows


def _bare_head(text: str) -> str:
    return _MARKS.sub("", text)


def _value(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _sheets(path: Path) -> Iterator[Iterable[Sequence[object]]]:
    data = path.read_bytes()
    if data.startswith(b"PK"):
        yield from _workbook(data, path.name)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(f"{path.name}：这是旧版 Excel（.xls）文件。请用 Excel 或 WPS 另存为 .xlsx 后再试。")
    else:
        yield _csv(data, path.name)


def _workbook(data: bytes, name: str) -> Iterator[Iterable[Sequence[object]]]:
    # Slow to import, and only asked for with a workbook.
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise SheetError(f"{name}：打不开这个工作簿，可能已损坏。请用 Excel 或 WPS 打开后另存一份再试。") from error
    try:
        for sheet in book.worksheets:
            yield sheet.iter_rows(values_only=True)
    finally:
        book.close()


def _csv(data: bytes, name: str) -> Iterable[Sequence[object]]:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    text = next((t for e in encodings if (t := _decoded(data, e)) is not None), None)
    if text is None:
        raise SheetError(f"{name}：文字编码认不出来。请另存为“CSV UTF-8”或 .xlsx 后再试。")
    if "\0" in text:
        raise SheetError(f"{name}：这不是 CSV 文件，也不是工作簿。请用 .xlsx 或 CSV。")
    # The lines above the heads may have no delimiter at all.
    delimiter = max(",\t;，；", key="".join(text.splitlines(keepends=True)[:_HEADS_WITHIN]).count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
