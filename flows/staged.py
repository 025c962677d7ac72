"""Rows on their way to the record: by table and column name, in memory and as Parquet files.

Belongs here: collecting rows column by column, and writing them. Does not belong here: what stands in a row (`rows`),
sorting rows into the record's folders (`loading`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from schemas.database import tables

# Rows carry this beside their columns until the record has sorted them into its folders.
YEAR = "partition_year"


@cache
def _columns(table: str) -> tuple[str, ...]:
    return (*(c.name for c in tables.record_table(table).columns if c.name != "load_id"), YEAR)


class Rows:
    """Rows of the record's tables. Each row names all columns of its table, and `YEAR`."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, list[Any]]] = {}

    def add(self, table: str, /, **values: Any) -> None:
        """Add a row. Raises ValueError unless exactly the table's columns are named."""
        columns = self._of(table)
        if values.keys() != columns.keys():
            raise ValueError(f"table {table}: {sorted(values.keys() ^ columns.keys())} lacking or unknown")
        for name, value in values.items():
            columns[name].append(value)

    def extend(self, other: Rows) -> None:
        for table, theirs in other._tables.items():
            ours = self._of(table)
            for name, values in theirs.items():
                ours[name].extend(values)

    def count(self, table: str) -> int:
        return len(self._of(table)[YEAR])

    def column(self, table: str, name: str) -> list[Any]:
        """The values of a column, one a row."""
        return self._of(table)[name]

    def _of(self, table: str) -> dict[str, list[Any]]:
        found = self._tables.get(table)
        if found is None:
            found = self._tables[table] = {name: [] for name in _columns(table)}
        return found

    def write(self, folder: Path) -> None:
        """Write a Parquet file for each table that has rows. Raises when a value does not fit its column."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        folder.mkdir(parents=True, exist_ok=True)
        for name, columns in self._tables.items():
            if not columns[YEAR]:
                continue
            schema = _schema(name)
            arrays = [pa.array(columns[f.name], f.type) for f in schema]
            pq.write_table(pa.Table.from_arrays(arrays, schema=schema), folder / f"{name}.parquet", compression="zstd")


@cache
def _schema(name: str) -> Any:
    """The Arrow schema of a table's staged rows: the record's columns without the load, with the partition."""
    import pyarrow as pa

    schema = tables.arrow_schema(tables.record_table(name))
    return schema.remove(schema.get_field_index("load_id")).append(pa.field(YEAR, pa.string(), nullable=False))
