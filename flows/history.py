"""The collector's record in the database: publications, what happened to them, its runs.

Belongs here: filling these tables from `collected.sqlite`, as far as it has changed since. Does not belong here: the collector's record
itself (`collecting.store`), the columns (`schemas.database.collected`).

The collector's record stands by itself: a home without one has empty tables, and a database that is made anew has the same rows.
"""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.database import tables
from schemas.database.table_model import literal, quoted

from .home import Home

if TYPE_CHECKING:
    import duckdb

_META = "collected"
_COUNTS = ("requests", "new", "revised", "gone", "trouble")
# What stands for nothing in a file of rows; no text of ours has it.
_NULL = "\\N"


def fill(con: duckdb.DuckDBPyConnection, home: Home, room: Path) -> None:
    """Bring the tables up to the collector's record; within the caller's transaction. ``room``: a folder for a moment."""
    try:
        with _opened(home.collected) as db:
            state = _state(db)
            before = con.execute(f"SELECT value FROM meta WHERE key = '{_META}'").fetchone()
            if before is not None and before[0] == state:
                return
            receipts, events = map(int, before[0].split()[:2]) if before is not None else (0, 0)
            known = con.execute("SELECT coalesce(max(event), 0) FROM publication_event").fetchall()[0][0]
            room.mkdir(parents=True, exist_ok=True)
            _replace(con, room, "publication", _publications(db))
            _replace(con, room, "collect_run", _runs(db))
            _append(con, room, "publication_event", _events(db, receipts, events, known))
    except sqlite3.Error:
        # No record, or a damaged one: `doctor` says so, and what is known of it stays.
        return
    con.execute(f"DELETE FROM meta WHERE key = '{_META}'")
    con.execute(f"INSERT INTO meta VALUES ('{_META}', {literal(state)})")


def _opened(path: Path) -> closing[sqlite3.Connection]:
    """The collector's record, for reading. Raises sqlite3.Error."""
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30))


def _state(db: sqlite3.Connection) -> str:
    """How far the record goes: its last receipt, its last event, and what changes with all else."""
    row = db.execute(
        "SELECT (SELECT coalesce(max(rowid), 0) FROM receipt), (SELECT coalesce(max(rowid), 0) FROM event), "
        "(SELECT count(*) || ' ' || coalesce(max(checked), '') || ' ' || coalesce(sum(missing), 0) FROM publication), "
        "(SELECT group_concat(id || state) FROM (SELECT id, state FROM run ORDER BY id DESC LIMIT 5))"
    ).fetchone()
    return " ".join(str(x) for x in row)


def _publications(db: sqlite3.Connection) -> Iterable[tuple[Any, ...]]:
    return db.execute(
        "SELECT address, source, found_on, link_text, date, year, body, "
        "CASE WHEN gone IS NOT NULL THEN 'gone' WHEN missing > 0 THEN 'away' ELSE 'there' END, "
        "first_seen, last_seen, checked, changed, missing, gone, returned FROM publication ORDER BY address"
    )


def _events(db: sqlite3.Connection, receipts: int, events: int, known: int) -> Iterable[tuple[Any, ...]]:
    """Receipts and events behind those that are ``known``, in the order of time. Both are only ever added to."""
    rows = db.execute(
        "SELECT at, run, publication, address, state, sha256 FROM (SELECT at, run, publication, address, state, sha256, rowid AS n "
        "  FROM receipt WHERE role <> 'hop' AND rowid > ? "
        "UNION ALL SELECT at, run, publication, address, what, NULL, rowid FROM event WHERE rowid > ?) ORDER BY run, at, n",
        (receipts, events),
    )
    return ((number, *row) for number, row in enumerate(rows, known + 1))


def _runs(db: sqlite3.Connection) -> Iterable[tuple[Any, ...]]:
    for number, started, finished, state, counts in db.execute(
        "SELECT id, started, finished, state, counts FROM run ORDER BY id"
    ):
        given = json.loads(counts or "{}")
        yield (number, started, finished, state, *(int(given.get(name, 0)) for name in _COUNTS))


def _replace(con: duckdb.DuckDBPyConnection, room: Path, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    con.execute(f"DELETE FROM {quoted(table)}")
    _append(con, room, table, rows)


def _append(con: duckdb.DuckDBPyConnection, room: Path, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows by way of a file: as literals they would take ten times as long, and parameters would import pandas."""
    path = room / f"{table}.csv"
    columns = tables.TABLE[table].columns
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow([c.name for c in columns])
        writer.writerows([_NULL if v is None else v for v in row] for row in rows)
    # Instants are in UTC and the database does not say so.
    chosen = ", ".join(
        f"CAST(left({quoted(c.name)}, 19) AS TIMESTAMP)"
        if c.type == "TIMESTAMP"
        else f"CAST({quoted(c.name)} AS {c.type})"
        for c in columns
    )
    con.execute(
        f"INSERT INTO {quoted(table)} SELECT {chosen} FROM read_csv({literal(os.fspath(path))}, header = true, all_varchar = true, "
        f"quote = '\"', escape = '\"', delim = ',', nullstr = {literal(_NULL)}, max_line_size = 10000000)"
    )
    path.unlink()
