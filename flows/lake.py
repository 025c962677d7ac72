"""A warehouse that several machines write: DuckLake, its catalogue in PostgreSQL, its rows as Parquet on a shared disk.

Belongs here: opening it, bringing a home's loads into it while others do the same, keeping it in order. Does not belong here: what its
tables are and how they are derived (`warehouse`, by the same statements as on one machine), a home's own database (`publishing`).

Every home is a **writer** with a number; the ids of its loads are shifted by it, so that those of two homes never meet. A publication is one
transaction: it touches one row that all of them touch, so of two at once the later one fails, is rolled back and done again upon what the
other left. What is derived over everything is therefore never derived from half of it. A place (path, address) belongs to one writer:
shard by province, not by chance. What only one home knows (`collected.sqlite`, runs that did not end) stays there.
"""

from __future__ import annotations

import os
import random
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.database import tables
from schemas.database.table_model import literal

from . import record, warehouse
from .errors import PipelineError
from .home import Home
from .published import quiet, refuse_unknown, schema_of

if TYPE_CHECKING:
    import duckdb

PREFIX = "ducklake:"
# Loads of one writer.
_LOADS = 1_000_000
_TRIES = 60
# Seconds before a transaction that failed is done again, at most.
_LONGEST_PAUSE = 5.0
# So long earlier states can be asked for.
_KEPT = "7 days"
_NAME = "lake"
_EXTENSIONS = ("ducklake", "postgres_scanner")
_WRITER = "writer"


class _One:
    """A connection on which everything is one transaction: whoever begins or ends one within, does not."""

    _PASSED_OVER = frozenset({"BEGIN", "COMMIT", "ROLLBACK", "CHECKPOINT"})

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def execute(self, sql: str, *given: Any) -> Any:
        return self._con if sql in self._PASSED_OVER else self._con.execute(sql, *given)

    def executemany(self, sql: str, *given: Any) -> Any:
        return self._con.executemany(sql, *given)


@contextmanager
def opened(
    address: str, data: str = "", *, memory: int = 1024, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which the lake is the database. ``data``: the folder of its rows, which the first who opens it must name.

    Raises PipelineError: the extensions are not there, nobody answers, it is not ours.
    """
    import duckdb

    if not address.startswith(PREFIX):
        raise PipelineError(
            f"共享仓库应写作 {PREFIX}postgres:dbname=… host=…，现为 {_hidden(address)}。",
            f"a shared warehouse is named {PREFIX}postgres:dbname=… host=…, not {_hidden(address)}",
        )
    con = quiet(duckdb.connect())
    try:
        _extended(con)
        con.execute(f"SET memory_limit = '{int(memory)}MiB'")
        con.execute("SET preserve_insertion_order = false")
        options = ([f"DATA_PATH {literal(data)}"] if data else []) + (["READ_ONLY"] if read_only else [])
        _attach(con, f"ATTACH {literal(address)} AS {_NAME}" + (f" ({', '.join(options)})" if options else ""))
        con.execute(f"USE {_NAME}")
        yield con
    except duckdb.Error as e:
        reason = _hidden(str(e).splitlines()[0])
        raise PipelineError(
            f"共享仓库打不开或写不进去（{reason}）。本机已存妥的不受影响；请检查 PostgreSQL 和共享目录后再次运行。",
            f"the shared warehouse cannot be opened or written ({reason}); what this machine keeps is whole. See to PostgreSQL and the "
            "shared folder and run again",
            "lake",
        ) from e
    finally:
        con.close()


def _attach(con: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Whoever comes first makes the catalogue; of two at once the later finds it half made, and looks again."""
    import duckdb

    for attempt in range(_TRIES):
        try:
            con.execute(statement)
            return
        except duckdb.Error as e:
            if not _is_conflict(e) or attempt == _TRIES - 1:
                raise
        time.sleep(random.uniform(0.05, min(_LONGEST_PAUSE, 0.2 * 2 ** min(attempt, 5))))


def _extended(con: duckdb.DuckDBPyConnection) -> None:
    """Load the extensions that the wheels bring: nothing is fetched from anywhere. Raises PipelineError."""
    try:
        from duckdb_extensions import import_extension

        for name in _EXTENSIONS:
            import_extension(name, con=con)
            con.execute(f"LOAD {name}")
    except (ImportError, OSError, RuntimeError) as e:
        raise PipelineError(
            f"共享仓库需要 DuckDB 的扩展：pip install 'gouji[scale]'（{e}）。",
            f"a shared warehouse needs extensions of DuckDB: pip install 'gouji[scale]' ({e})",
        ) from e


def _hidden(text: str) -> str:
    """Without a password that stands in an address."""
    return re.sub(r"(password\s*=\s*|://[^:/@\s]*:)[^\s@]+", r"\1…", text, flags=re.IGNORECASE)


def publish(home: Home, address: str, data: str, memory: int, room: str, *, tended: bool = False) -> dict[str, int]:
    """Bring the loads of a home's record into the lake; returns how many rows its tables hold. ``tended``: and put it in order.

    Raises PipelineError.
    """
    import duckdb

    own = _own(home)
    with opened(address, data, memory=memory) as con:
        for attempt in range(_TRIES):
            try:
                con.execute("BEGIN")
                totals = _published(con, home, own, Path(room))
                con.execute("COMMIT")
                if tended:
                    _tend(con)
                return totals
            except duckdb.Error as e:
                with suppress(duckdb.Error):
                    con.execute("ROLLBACK")
                if not _is_conflict(e) or attempt == _TRIES - 1:
                    raise
            except BaseException:
                with suppress(duckdb.Error):
                    con.execute("ROLLBACK")
                raise
            time.sleep(random.uniform(0.05, min(_LONGEST_PAUSE, 0.2 * 2 ** min(attempt, 5))))
    raise AssertionError


def _is_conflict(error: Exception) -> bool:
    """Whether another writer was first."""
    said = str(error).lower()
    return any(word in said for word in ("conflict", "already exists", "could not serialize", "duplicate key"))


def _published(con: duckdb.DuckDBPyConnection, home: Home, own: str, room: Path) -> dict[str, int]:
    one: Any = _One(con)
    if con.execute("SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()").fetchall()[0][0]:
        refuse_unknown(Path(_NAME), schema_of(con))
    else:
        for statement in tables.table_ddl():
            con.execute(re.sub(r", PRIMARY KEY \([^)]*\)", "", statement))
        con.execute(f"CREATE TABLE {_WRITER} (name VARCHAR, number INTEGER)")
        con.execute(f"INSERT INTO meta VALUES ('schema', {literal(tables.schema_version())})")
    # Whoever else publishes now touches this row too: one of the two has to do it again.
    con.execute("DELETE FROM meta WHERE key = 'turn'")
    con.execute(f"INSERT INTO meta VALUES ('turn', {literal(uuid.uuid4().hex)})")
    shift = _number(con, own) * _LOADS
    loads = [record.read(home, i) for i in record.load_ids(home)]
    there = {
        i
        for (i,) in con.execute(
            f"SELECT load_id FROM load WHERE load_id > {shift} AND load_id <= {shift + _LOADS}"
        ).fetchall()
    }
    lacking = [replace(load, load_id=load.load_id + shift) for load in loads if load.load_id + shift not in there]
    warehouse.apply(one, home, lacking, shift=shift, lake=True)
    return warehouse.finished(one, home, room, nullcontext(), shared=True)


def _number(con: duckdb.DuckDBPyConnection, own: str) -> int:
    """The number of a writer, from 0; a new one gets the next."""
    found = con.execute(f"SELECT number FROM {_WRITER} WHERE name = {literal(own)}").fetchall()
    if found:
        return int(found[0][0])
    number = int(con.execute(f"SELECT coalesce(max(number) + 1, 0) FROM {_WRITER}").fetchall()[0][0])
    con.execute(f"INSERT INTO {_WRITER} VALUES ({literal(own)}, {number})")
    return number


def _own(home: Home) -> str:
    """The home's name among writers: it stays when the home is moved."""
    path = home.root / _WRITER
    if not path.exists():
        path.write_text(uuid.uuid4().hex + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _tend(con: duckdb.DuckDBPyConnection) -> None:
    """Merge the small files that publications leave, and let go of states that nobody asks for."""
    con.execute(f"CALL ducklake_merge_adjacent_files('{_NAME}')")
    con.execute(f"CALL ducklake_expire_snapshots('{_NAME}', older_than => now() - INTERVAL '{_KEPT}')")
    con.execute(f"CALL ducklake_cleanup_old_files('{_NAME}', older_than => now() - INTERVAL '{_KEPT}')")


def place(given: str, home: Home) -> str:
    """The folder of the rows: as the settings say, else in the home, which other machines then must see too."""
    return given or os.fspath(home.root / "lake") + os.sep
