"""The loader: staged parts are validated and become files of the record; the record becomes the database.

Belongs here: what runs in the one loader process, and that process.
Does not belong here: committing or publishing: the parent process does both, by renaming.

pyarrow, pandas, pandera and DuckDB live in this process only, so their memory is not added to that of Prefect and of
the parsing processes, which have ended by then.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from parsers.isolation import children
from schemas.database import table_model, tables

from . import record, rows
from .home import Home
from .index import Index, Reading, version_key
from .snapshots import Item
from .staged import YEAR, Rows

# Rows validated and written at once: bounds memory, large enough for pandas to be fast.
CHUNK_ROWS = 100_000
# What DuckDB frees goes back to the system at once. Else its allocator (where it has its own, on Linux) keeps freed pages for a while,
# beside what the memory limit allows: 130 MiB in a rebuild.
_GIVES_BACK = ("DUCKDB_JE_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")


@dataclass(slots=True)
class Staged:
    """What is ready to be committed: files below the staging folder, and how many rows of each table."""

    files: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def executor() -> ProcessPoolExecutor:
    """The loader process."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """DuckDB is not imported yet: its allocator looks but once at what it is told here."""
    os.environ.setdefault(*_GIVES_BACK)
    children.follow_parent()


def get_ready() -> None:
    """Import what takes long, in the loader process."""
    import duckdb  # noqa: F401
    import pandas as pd  # noqa: F401
    import pandera.errors
    import pandera.pandas  # noqa: F401
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401

    from . import warehouse  # noqa: F401


def _chunks(parts: Iterable[str], table: str, columns: list[str] | None = None) -> Iterator[Any]:
    """A table's staged rows in pieces of about CHUNK_ROWS; a report's rows always stand in one piece."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    held: list[Any] = []
    count = 0
    for part in parts:
        path = Path(part) / f"{table}.parquet"
        if not path.exists():
            continue
        piece = pq.ParquetFile(path).read(columns, use_threads=False)
        held.append(piece)
        count += piece.num_rows
        if count >= CHUNK_ROWS:
            yield pa.concat_tables(held)
            held, count = [], 0
    if held:
        yield pa.concat_tables(held)


class _Writers:
    """One Parquet file per year of one table."""

    def __init__(self, staged: Path, table: table_model.Table, load_id: int) -> None:
        self._staged = staged
        self._table = table
        self._load_id = load_id
        self._schema = tables.arrow_schema(table)
        self._open: dict[str, Any] = {}
        self.rows = 0

    def write(self, chunk: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        years = chunk[YEAR]
        for year in sorted(pc.unique(years).to_pylist()):
            piece = chunk.filter(pc.equal(years, year)).drop_columns([YEAR])
            piece = piece.append_column("load_id", pa.array([self._load_id] * piece.num_rows, pa.int32()))
            if year not in self._open:
                path = self._staged / record.file_name(self._table.name, year, self._load_id)
                path.parent.mkdir(parents=True, exist_ok=True)
                self._open[year] = pq.ParquetWriter(path, self._schema, compression="zstd")
            # The cast checks that nothing is null where nothing may be.
            self._open[year].write_table(piece.select(self._schema.names).cast(self._schema))
            self.rows += piece.num_rows

    def close(self) -> list[str]:
        for writer in self._open.values():
            writer.close()
        return [record.file_name(self._table.name, year, self._load_id) for year in sorted(self._open)]


class _Owners:
    """Which file a row comes from: by report, by circular, or by its own column."""

    def __init__(self, parts: list[str]) -> None:
        self._reports: dict[int, str] = {}
        self._circulars: dict[str, str] = {}
        for table, key, known in (
            ("report", "report_key", self._reports),
            ("circular", "circular_id", self._circulars),
        ):
            for chunk in _chunks(parts, table):
                found: Any = known
                found.update(zip(chunk[key].to_pylist(), chunk["source_sha256"].to_pylist(), strict=True))

    def reports_of(self, contents: set[str]) -> list[int]:
        return [key for key, sha256 in self._reports.items() if sha256 in contents]

    def circulars_of(self, contents: set[str]) -> list[str]:
        return [key for key, sha256 in self._circulars.items() if sha256 in contents]

    def of(self, row: dict[str, Any]) -> str:
        for own in ("sha256", "source_sha256"):
            if row.get(own):
                return str(row[own])
        if row.get("report_key") is not None:
            return self._reports[row["report_key"]]
        return self._circulars[row["circular_id"]]


def _failures(error: Any, frame: Any, table: str, owners: _Owners, refused: dict[str, str]) -> None:
    """Put down why rows were refused: file, table, column, value."""
    for case in error.failure_cases.to_dict("records"):
        # A case without a row is about the whole frame: a wrong type, a missing column. No file is to blame.
        if not isinstance(case["index"], int):
            raise ValueError(f"table {table}: {case['check']} ({case['column']}: {case['failure_case']})")
        row = frame.iloc[case["index"]]
        sha256 = owners.of(row[row.notna()].to_dict())
        column = case["column"] if case["schema_context"] == "Column" else "、".join(tables.TABLE[table].unique)
        refused.setdefault(
            sha256, f"数据未通过校验：表 {table}，列 {column}，{case['check']}，值 {case['failure_case']}。"
        )


def validate(parts: list[str]) -> dict[str, str]:
    """Put every staged row to its table's pandera schema; returns the refused contents with the reason."""
    import pandas as pd
    import pandera.errors

    refused: dict[str, str] = {}
    owners: _Owners | None = None
    for table in tables.recorded():
        judged = replace(table, columns=tuple(c for c in table.columns if c.name != "load_id" and not c.nested))
        schema = None  # made where there are rows: most loads have some in a few tables only
        for chunk in _chunks(parts, table.name, [c.name for c in judged.columns]):
            frame = chunk.to_pandas(types_mapper=pd.ArrowDtype)
            schema = schema or tables.pandera_schema(judged)
            try:
                schema.validate(frame, lazy=True)
            except pandera.errors.SchemaErrors as error:
                owners = owners or _Owners(parts)
                _failures(error, frame, table.name, owners, refused)
    return refused


def stage(
    parts: list[str], staged: str, load_id: int, refused: list[tuple[Item, str]], context: rows.Context
) -> Staged:
    """Sort staged rows into the record's folders below ``staged``; files that were refused are set aside instead."""
    import pyarrow as pa
    import pyarrow.compute as pc

    out = Staged()
    dropped: dict[str, Any] = {}
    last: list[str] = []
    if refused:
        owners = _Owners(parts)
        bad = {item.sha256 for item, _ in refused}
        dropped["sha256"] = dropped["source_sha256"] = pa.array(sorted(bad), pa.string())
        dropped["report_key"] = pa.array(owners.reports_of(bad), pa.int64())
        dropped["circular_id"] = pa.array(owners.circulars_of(bad), pa.string())
        aside = Rows()
        for item, message in refused:
            aside.extend(rows.set_aside(item, "unreadable", message, context).rows)
        last = [os.fspath(Path(staged) / "refused")]
        aside.write(Path(last[0]))
    for table in tables.recorded():
        writers = _Writers(Path(staged), table, load_id)
        for chunk in _chunks(parts, table.name):
            kept = chunk
            for name in dropped.keys() & set(chunk.column_names):
                kept = kept.filter(pc.invert(pc.is_in(kept[name], value_set=dropped[name])))
            writers.write(kept)
        for chunk in _chunks(last, table.name):
            writers.write(chunk)
        if files := writers.close():
            out.files[table.name] = files
            out.rows[table.name] = writers.rows
    return out


def sync_index(home: Home, path: str) -> None:
    """Bring the cache of known files up to the record."""
    index = Index(Path(path))
    try:
        committed = record.load_ids(home)
        done = index.synced()
        if done > (committed[-1] if committed else 0):
            index.forget()
            done = 0
        for load_id in committed:
            if load_id <= done:
                continue
            load = record.read(home, load_id)
            if not load.files:
                index.sync(load_id, (), ())
                continue
            import pyarrow.parquet as pq

            places: list[tuple[str, str]] = []
            for file in record.paths(home, [load], "source"):
                t = pq.ParquetFile(file).read(["path", "sha256"])
                places += zip(t["path"].to_pylist(), t["sha256"].to_pylist(), strict=True)
            readings: list[tuple[str, Reading]] = []
            for file in record.paths(home, [load], "parsed"):
                for row in pq.ParquetFile(file).read().to_pylist():
                    reading = Reading(
                        version_key(row["versions"]),
                        row["kind"],
                        row["message"],
                        row["time_limit"],
                        row["memory_limit"],
                    )
                    readings.append((row["sha256"], reading))
            gone: list[str] = []
            for file in record.paths(home, [load], "gone"):
                gone += pq.ParquetFile(file).read(["path"])["path"].to_pylist()
            index.sync(load_id, places, readings, gone)
    finally:
        index.close()
