"""Lists that people keep in the home: lines that cannot be used are told and left out, the others count.

Belongs here: what is wrong with a line, and the table that says so. Does not belong here: what the lists mean (`corrections`,
`dimensions`, `expected`). A list that cannot be used at all (no head, no text) is a PipelineError of whoever reads it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.files.encoding import decode
from schemas.database.table_model import sql_row

from .errors import PipelineError

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of a list. ``line`` counts from 1, the head included."""

    file: str
    line: int
    zh: str
    en: str


def lines(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a CSV under their heads, without those that are empty, with their number in the file.

    Raises PipelineError where a column is missing.
    """
    reader = csv.DictReader(io.StringIO(decode(path.read_bytes()), newline=""))
    heads = [(h or "").strip() for h in reader.fieldnames or ()]
    reader.fieldnames = heads
    if lacking := [c for c in needed if c not in heads]:
        listed = ", ".join(lacking)
        raise PipelineError(f"{path} 第 1 行：缺少列 {listed}。", f"{path}, line 1: the columns {listed} are missing")
    for row in reader:
        cells = {k: (v or "").strip() for k, v in row.items() if isinstance(k, str) and not isinstance(v, list)}
        if any(cells.values()):
            yield reader.line_num, cells


def refuse(path: Path, line: int, zh: str, en: str, faults: list[Fault] | None) -> None:
    """Put down what is wrong with a line. Raises PipelineError where nobody collects it."""
    if faults is None:
        raise PipelineError(f"{path} 第 {line} 行：{zh}", f"{path}, line {line}: {en}")
    faults.append(Fault(path.name, line, zh, en))


def tell(con: duckdb.DuckDBPyConnection, faults: Iterable[Fault]) -> int:
    """Fill `list_fault` anew; returns how many lines cannot be used."""
    con.execute("DELETE FROM list_fault")
    rows = [sql_row((f.file, f.line, f.zh, f.en)) for f in faults]
    if rows:
        con.execute(f"INSERT INTO list_fault VALUES {', '.join(rows)}")
    return len(rows)
