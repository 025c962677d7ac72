"""Reading the published database.

Belongs here: a read-only connection that can touch nothing else, rows as plain values, three output formats.
Does not belong here: arguments and words (`gouji`), anything that writes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .errors import PipelineError
from .published import opened, refuse_unknown, schema_of

if TYPE_CHECKING:
    import duckdb

_AT_ONCE = 2_000


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that can only read this one file: no other files, no network, no extensions.

    Raises PipelineError when there is no database, or one that this program does not know.
    """
    if not path.exists():
        raise PipelineError(
            f"还没有数据库 {path}。请先运行 gouji ingest 入库，或用 --home、--database 指定已有的数据库。",
            f"there is no database {path} yet; run gouji ingest first, or name one with --home or --database",
        )
    con = opened(path, enable_external_access="false", autoload_known_extensions="false")
    try:
        refuse_unknown(path, schema_of(con))
    except PipelineError:
        con.close()
        raise
    # Another connection of this process has the same instance, which is locked already.
    if not con.execute("SELECT current_setting('lock_configuration')").fetchall()[0][0]:
        con.execute("SET lock_configuration = true")
    return con


class Result:
    """The answer to a query: column names, each once, and rows as DuckDB gives them, fetched as they are read."""

    def __init__(self, con: duckdb.DuckDBPyConnection, sql: str) -> None:
        """Raises PipelineError with DuckDB's message when the SQL is wrong."""
        import duckdb

        try:
            con.execute(sql)
        except duckdb.Error as e:
            raise PipelineError(f"SQL 有误：{e}", f"SQL error: {e}") from e
        self._con = con
        self.columns = _once([str(d[0]) for d in con.description or ()])

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        import duckdb

        while self.columns:
            try:
                rows = self._con.fetchmany(_AT_ONCE)
            except duckdb.Error as e:
                raise PipelineError(f"查询出错：{e}", f"the query failed: {e}") from e
            if not rows:
                return
            yield from rows


def _once(names: list[str]) -> list[str]:
    """Names as they are, a repeated one with a number, so that no column of a JSON object is lost."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return out


def plain(value: Any) -> Any:
    """A value as JSON has it: figures are numbers, dates ISO text."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if value - value == 0.0 else None  # neither infinity nor not-a-number
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date | datetime | clock):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value.hex() if isinstance(value, bytes) else str(value)


def text(value: Any) -> str:
    """A value as a table cell or a CSV field: empty for null, figures without idle zeros."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value.is_finite() else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | dict):
        return json.dumps(plain(value), ensure_ascii=False)
    found = plain(value)
    return "" if found is None else str(found)


def write_csv(result: Result, out: IO[str]) -> int:
    """Header and rows; returns the number of rows."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(result.columns)
    count = 0
    for row in result:
        writer.writerow([text(v) for v in row])
        count += 1
    return count


def write_json(result: Result, out: IO[str]) -> int:
    """A list of objects, one a line; returns the number of rows."""
    out.write("[")
    count = 0
    for row in result:
        out.write(",\n " if count else "\n ")
        json.dump(dict(zip(result.columns, map(plain, row), strict=True)), out, ensure_ascii=False)
        count += 1
    out.write("\n]\n" if count else "]\n")
    return count


def write_table(result: Result, out: IO[str]) -> int:
    """Columns under one another, as wide as the terminal; whole where the output is no terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = list(result)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for n, name in enumerate(result.columns):
        numeric = all(isinstance(r[n], int | float | Decimal) or r[n] is None for r in rows)
        table.add_column(Text(name), justify="right" if numeric and rows else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(text(v)) for v in row))
    # rich would cut what does not fit into the eighty columns it assumes of a pipe.
    Console(file=out, width=None if out.isatty() else 10_000, highlight=False).print(table)
    return len(rows)


WRITERS = {"csv": write_csv, "json": write_json, "table": write_table}
