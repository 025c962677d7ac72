"""Writing a release's tables: Parquet and CSV, the workbook of the panel, the DuckDB file.

Belongs here: bytes that are the same for the same rows. Does not belong here: which rows (`contents`).
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.published import quiet
from schemas.database.table_model import literal, quoted

from .contents import Column, Released

# Before it no zip can be dated.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _ordered(table: Released) -> str:
    return ", ".join(f"{quoted(k)} NULLS FIRST" for k in table.key)


def _copy(con: Any, sql: str, path: Path, options: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    con.execute(f"COPY ({sql}) TO {literal(os.fspath(path))} ({options})")


def parquet(con: Any, table: Released, folder: Path) -> None:
    """``parquet/NAME.parquet``, or ``parquet/NAME/YEAR.parquet`` for a yearly table that has rows."""
    options = "FORMAT parquet, COMPRESSION zstd"
    ordered = f"SELECT * FROM ({table.sql}) {{}} ORDER BY {_ordered(table)}"
    years = con.execute(f"SELECT DISTINCT year FROM ({table.sql}) ORDER BY year").fetchall() if table.yearly else []
    for (year,) in years:
        _copy(con, ordered.format(f"WHERE year = {year}"), folder / "parquet" / table.name / f"{year}.parquet", options)
    if not years:
        _copy(con, ordered.format(""), folder / "parquet" / f"{table.name}.parquet", options)


def csv(con: Any, table: Released, folder: Path) -> None:
    """``csv/NAME.csv``: UTF-8, lists as JSON, figures without idle zeros."""
    chosen = ", ".join(_plain(c) for c in table.columns)
    sql = f"SELECT {chosen} FROM (SELECT * FROM ({table.sql}) ORDER BY {_ordered(table)})"
    _copy(con, sql, folder / "csv" / f"{table.name}.csv", "FORMAT csv, HEADER")


def _plain(column: Column) -> str:
    name = quoted(column.name)
    if column.type.endswith("[]"):
        return f"to_json({name}) AS {name}"
    if column.type.startswith("DECIMAL"):
        # Always with six places: nothing before the point is lost.
        return f"regexp_replace({name}::VARCHAR, '\\.?0+$', '') AS {name}"
    return name


def duckdb_file(made: list[Released], folder: Path, loads: Any) -> dict[str, str]:
    """``gouji.duckdb``: all tables with their comments, from the Parquet files, and the table `load`.

    Returns a hash of the rows of each table but `load`, which says when the runs were.
    """
    import duckdb

    con = quiet(duckdb.connect(os.fspath(folder / "gouji.duckdb")))
    hashes: dict[str, str] = {}
    try:
        for table in made:
            paths = sorted((folder / "parquet").glob(f"{table.name}.parquet")) or sorted(
                (folder / "parquet" / table.name).iterdir()
            )
            listed = ", ".join(literal(os.fspath(p)) for p in paths)
            con.execute(
                f"CREATE TABLE {quoted(table.name)} AS SELECT * FROM read_parquet([{listed}]) ORDER BY {_ordered(table)}"
            )
            con.execute(f"COMMENT ON TABLE {quoted(table.name)} IS {literal(f'{table.zh} | {table.en}')}")
            for c in table.columns:
                con.execute(f"COMMENT ON COLUMN {quoted(table.name)}.{quoted(c.name)} IS {literal(f'{c.zh} | {c.en}')}")
            hashed = hashlib.sha256()
            rows = con.execute(f"SELECT * FROM {quoted(table.name)} ORDER BY {_ordered(table)}")
            while batch := rows.fetchmany(5_000):
                for row in batch:
                    hashed.update(repr(row).encode())
            hashes[table.name] = hashed.hexdigest()
        columns = ", ".join(f"{quoted(d[0])} {d[1]}" for d in loads.description)
        con.execute(f"CREATE TABLE load ({columns})")
        con.execute("COMMENT ON TABLE load IS '各次入库 | the runs that the data came in'")
        if rows := loads.fetchall():
            con.executemany(f"INSERT INTO load VALUES ({', '.join('?' * len(rows[0]))})", rows)
    finally:
        con.close()
    return hashes


def workbook(con: Any, path: Path) -> None:
    """``panel.xlsx``: the panel with Chinese heads over the codes, the notes, the coverage."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    names = dict(con.execute("SELECT code, zh FROM indicator").fetchall())
    for title, sql in (
        ("指标 panel", "SELECT * FROM panel WHERE period = 'year' ORDER BY body_id, year, scope"),
        ("注 notes", "SELECT id, first_year, last_year, zh, en FROM note ORDER BY id"),
        ("覆盖 coverage", "SELECT * FROM coverage WHERE reported > 0 ORDER BY level, parent, year"),
    ):
        sheet = book.create_sheet(title)
        rows = con.execute(sql)
        heads = [d[0] for d in rows.description]
        if title.endswith("panel"):
            sheet.append([names.get(h, "") for h in heads])
        sheet.append(heads)
        while batch := rows.fetchmany(2_000):
            for row in batch:
                sheet.append([_shown(v) for v in row])
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(_undated(stream.getvalue()))


def _shown(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return "、".join(map(str, value)) or None
    if isinstance(value, str) and value[:1] in "=+@":
        return "'" + value
    return value


def _undated(data: bytes) -> bytes:
    """A package with no time in it: the library writes the hour into it."""
    import re

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
