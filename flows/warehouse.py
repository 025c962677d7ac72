"""The published database, made from the record.

Belongs here: building the DuckDB file, applying loads to it.
Does not belong here: what only the whole collection can tell (`derived`, `duplicates`, `lineages`, `renderings`, `standing`, `values`), what the columns are
(`schemas.database.tables`), the file that readers open (`published`).

**One way in.** `apply` takes loads of the record into an open database. An ingest applies the new load to a copy of
the published file, a rebuild applies all loads to an empty one; everything derived is computed by the same statements
over the whole database afterwards, so both end with the same content.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.files import whole
from schemas import bodies
from schemas.database import tables
from schemas.database.table_model import literal, quoted, sql_row
from schemas.report_identity import ReportIdentity

from . import (
    corrections,
    derived,
    dimensions,
    duplicates,
    expected,
    failures,
    history,
    lineages,
    lists,
    record,
    renderings,
    standing,
    values,
)
from .errors import PipelineError
from .home import Home
from .published import check_ours, quiet, refuse_unknown, schema_of
from .record import Load

if TYPE_CHECKING:
    import duckdb

# How many times as much memory a load may have that fails with what the settings give it.
_MORE = (1, 2, 4, 16)
# Reports whose addresses are looked through at once: some three million cells.
_CHECKED_AT_ONCE = 16_000
# How rows of a table are found when a file's results are replaced.
_BY_REPORT = ("fact", "fact_place", "unresolved", "statement", "finding", "not_assessable")
_BY_CIRCULAR = ("statement", "finding", "not_assessable", "assessment")


def connect(path: Path, memory: int, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open a database for loading with bounded memory (MiB); what does not fit goes to ``spill``."""
    import duckdb

    con = quiet(duckdb.connect(os.fspath(path)))
    con.execute(f"SET memory_limit = '{int(memory)}MiB'")
    con.execute(f"SET temp_directory = {literal(os.fspath(spill))}")
    con.execute("SET preserve_insertion_order = false")
    con.execute("SET autoinstall_known_extensions = false")
    return con


def create(con: duckdb.DuckDBPyConnection) -> None:
    """All tables of an empty database."""
    # One transaction: each of them would otherwise wait for the disk.
    con.execute("BEGIN")
    for statement in tables.table_ddl():
        con.execute(statement)
    con.execute("COMMIT")


def _instant(text: str) -> datetime:
    """An instant of a manifest as the database has it: UTC, without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def pending(con: duckdb.DuckDBPyConnection, loads: list[Load], path: Path) -> list[Load]:
    """The loads that a database does not hold yet. Raises PipelineError when it was made from another record."""
    there = dict(con.execute("SELECT load_id, started FROM load WHERE error IS NULL").fetchall())
    known = {load.load_id: _instant(load.started) for load in loads}
    if any(known.get(load_id) != started for load_id, started in there.items()):
        raise PipelineError(
            f"数据库 {path} 不是由这个数据目录的记录建成的。请用 --home 指定它的数据目录，或用 --database 指定另一个文件名。",
            f"the database {path} was not made from this home's record; name its home with --home, or another file "
            "with --database",
        )
    return [load for load in loads if load.load_id not in there]


def apply(con: duckdb.DuckDBPyConnection, home: Home, loads: list[Load], *, shift: int = 0, lake: bool = False) -> None:
    """Take committed loads into an open database, and derive anew what depends on all of it. ``shift``: what the
    loads' ids were raised by, where several homes write one database.

    Loads without results are taken in one transaction. Those with results go to a copy that is thrown away if anything
    fails: every step is then committed by itself, because what one transaction has written stays in memory until its end.
    Raises ValueError when two facts of a report stand at one address.
    """
    changed = any(load.files for load in loads)
    with nullcontext() if changed else _at_once(con):
        if changed:
            standing.remember(con)
            _replace(con, home, loads, shift)
        _loads(con, loads)
        if loads:
            _meta(con, loads[-1])
        _views(con, lake=lake)
        if changed:
            for step in (
                derived.issuers,
                lineages.settle,
                renderings.pair,
                standing.settle,
                duplicates.tell,
                renderings.compare,
            ):
                step(con)


@contextmanager
def _at_once(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing."""
    con.execute("BEGIN")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise


def _files(home: Home, loads: Iterable[Load], table: str) -> list[str]:
    return record.paths(home, loads, table)


def _incoming(con: duckdb.DuckDBPyConnection, home: Home, loads: list[Load], table: str, shift: int) -> str | None:
    """A query for the rows that loads bring to a table, columns in the order of the record; None without files.

    An older record may lack columns that were added since; they are null.
    """
    files = _files(home, loads, table)
    if not files:
        return None
    listed = "[" + ", ".join(literal(f) for f in files) + "]"
    source = f"read_parquet({listed}, union_by_name = true, hive_partitioning = false)"
    there = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    columns = ", ".join(
        f"load_id + {shift} AS load_id"
        if c.name == "load_id" and shift
        else quoted(c.name)
        if c.name in there
        else f"NULL::{c.type} AS {quoted(c.name)}"
        for c in tables.record_table(table).columns
    )
    return f"SELECT {columns} FROM {source}"


def _replace(con: duckdb.DuckDBPyConnection, home: Home, loads: list[Load], shift: int) -> None:
    """Rows of every file that these loads read take the place of what was known of it."""

    def incoming(table: str) -> str:
        query = _incoming(con, home, loads, table, shift)
        if query is not None:
            return f"({query})"
        columns = (f"NULL::{c.type} AS {quoted(c.name)}" for c in tables.record_table(table).columns)
        return f"(SELECT {', '.join(columns)} WHERE false)"

    # Of several readings of a file the last one counts.
    con.execute(
        "CREATE OR REPLACE TEMP TABLE reading AS "
        "SELECT sha256, max(load_id) AS load_id, arg_max(media_type, load_id) AS media_type "
        f"FROM {incoming('parsed')} GROUP BY sha256"
    )
    _delete(con)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE coming AS SELECT r.* FROM {incoming('report')} r "
        "JOIN reading p ON p.sha256 = r.source_sha256 AND p.load_id = r.load_id"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE coming_circular AS SELECT c.* FROM {incoming('circular')} c "
        "JOIN reading p ON p.sha256 = c.source_sha256 AND p.load_id = c.load_id"
    )
    _bodies(con)
    _insert(
        con,
        "report",
        "coming",
        {
            # What counts a whole area is the government's, though its office has drawn it up.
            "issuer_id": "(SELECT CASE WHEN i.scope = 'area' THEN replace(b.issuer_id, '/office/', '/government/') "
            "ELSE b.issuer_id END FROM body_named b WHERE b.issuer = i.issuer AND b.year IS NOT DISTINCT "
            "FROM i.year AND b.division_code IS NOT DISTINCT FROM i.division_code AND b.kind IS NOT DISTINCT FROM i.kind)",
            "lineage": "''",
            "revision": "1",
            "is_current": "true",
            "standing": "'unidentified'",
            "copy_of": "NULL",
            "gone": "false",
        },
    )
    _insert(con, "circular", "coming_circular", {})
    for table in _BY_REPORT:
        own = f"(SELECT x.* FROM {incoming(table)} x SEMI JOIN coming k USING (report_key, load_id))"
        _insert(con, table, own, {})
    for table in _BY_CIRCULAR:
        own = f"(SELECT x.* FROM {incoming(table)} x SEMI JOIN coming_circular k USING (circular_id, load_id))"
        _insert(con, table, own, {})
    _insert(
        con, "set_aside", f"(SELECT x.* FROM {incoming('set_aside')} x SEMI JOIN reading p USING (sha256, load_id))", {}
    )
    _sources(con, incoming("source"))
    _placements(con, incoming("source"), incoming("gone"))
    _unique(con)
    standing.read_again(con, "coming")
    for temporary in ("reading", "coming", "coming_circular", "body_named"):
        con.execute(f"DROP TABLE {temporary}")


def _bodies(con: duckdb.DuckDBPyConnection) -> None:
    """The body of every name that comes: one key for all its spellings, the name itself where no place is known."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE body_named (issuer VARCHAR, division_code VARCHAR, kind VARCHAR, year INTEGER, "
        "issuer_id VARCHAR)"
    )
    names = con.execute("SELECT DISTINCT issuer, division_code, kind, year FROM coming WHERE issuer IS NOT NULL")
    rows = []
    for issuer, code, kind, year in names.fetchall():
        body = bodies.body_of(ReportIdentity(issuer=issuer, division_code=code, kind=kind, year=year))
        rows.append((issuer, code, kind, year, (body.key if body is not None else None) or f"?-{issuer}"))
    if rows:
        dimensions.insert(con, "body_named", rows)


def _delete(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the results of files that are read again."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE going AS "
        "SELECT report_key FROM report WHERE source_sha256 IN (SELECT sha256 FROM reading)"
    )
    if con.execute("SELECT count(*) FROM going").fetchall()[0][0]:
        for table in (*_BY_REPORT, "report"):
            con.execute(f"DELETE FROM {table} WHERE report_key IN (SELECT report_key FROM going)")
    old = "(SELECT circular_id FROM circular WHERE source_sha256 IN (SELECT sha256 FROM reading))"
    for table in (*_BY_CIRCULAR, "circular"):
        con.execute(f"DELETE FROM {table} WHERE circular_id IN {old}")
    con.execute("DELETE FROM set_aside WHERE sha256 IN (SELECT sha256 FROM reading)")
    con.execute("DROP TABLE going")


def _insert(con: duckdb.DuckDBPyConnection, table: str, source: str, derived: dict[str, str]) -> None:
    """Insert rows of the record, with expressions (over ``i``) for the columns that the record has not."""
    names = [c.name for c in tables.TABLE[table].columns]
    values = ", ".join(derived.get(n, f"i.{quoted(n)}") for n in names)
    con.execute(f"INSERT INTO {quoted(table)} ({', '.join(map(quoted, names))}) SELECT {values} FROM {source} i")


def _sources(con: duckdb.DuckDBPyConnection, incoming: str) -> None:
    """Note which content was met where; one met there before keeps its first time."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE met AS "
        "SELECT sha256, path, any_value(address) AS address, any_value(publication) AS publication, "
        "any_value(lineage) AS lineage, max(bytes) AS bytes, "
        "min(retrieved_at) AS retrieved_at, min(load_id) AS first_load, max(load_id) AS last_load "
        f"FROM {incoming} GROUP BY sha256, path"
    )
    con.execute(
        "UPDATE source SET last_load = m.last_load FROM met m WHERE m.sha256 = source.sha256 AND m.path = source.path"
    )
    # A known content at a new place has its media type from the place where it was read.
    con.execute(
        "INSERT INTO source (sha256, path, address, publication, lineage, media_type, bytes, retrieved_at, first_load, last_load) "
        "SELECT m.sha256, m.path, m.address, m.publication, m.lineage, coalesce(p.media_type, s.media_type), m.bytes, m.retrieved_at, "
        "m.first_load, m.last_load FROM met m LEFT JOIN reading p ON p.sha256 = m.sha256 "
        "LEFT JOIN (SELECT sha256, any_value(media_type) AS media_type FROM source GROUP BY sha256) s "
        "ON s.sha256 = m.sha256 ANTI JOIN source k ON k.sha256 = m.sha256 AND k.path = m.path"
    )
    con.execute("UPDATE source SET media_type = p.media_type FROM reading p WHERE p.sha256 = source.sha256")
    con.execute("DROP TABLE met")


def _placements(con: duckdb.DuckDBPyConnection, sources: str, gone: str) -> None:
    """Note what stands at every place now, where that is not what stood there before."""
    con.execute(
        "INSERT INTO placement WITH coming_place AS ("
        f"  SELECT DISTINCT path, load_id, sha256, true AS fresh FROM {sources} UNION ALL "
        f"  SELECT DISTINCT path, load_id, NULL, true FROM {gone}), "
        "every AS (SELECT * FROM coming_place UNION ALL SELECT path, max(load_id), "
        "    arg_max({'content': sha256}, load_id).content, false FROM placement SEMI JOIN coming_place USING (path) GROUP BY path), "
        "d AS (SELECT *, lag(sha256) OVER (PARTITION BY path ORDER BY load_id) AS before FROM every) "
        "SELECT path, load_id, sha256 FROM d WHERE fresh AND sha256 IS DISTINCT FROM before"
    )


def _unique(con: duckdb.DuckDBPyConnection) -> None:
    """No keys stand on `fact`, so the reports of this load are looked at. Validation refuses such files earlier."""
    slices = con.execute("SELECT count(*) FROM coming").fetchall()[0][0] // _CHECKED_AT_ONCE + 1
    for number in range(slices):
        # By hashes of the addresses, with which the texts of all of them need not be held.
        suspects = con.execute(
            f"SELECT report_key FROM fact SEMI JOIN coming USING (report_key) WHERE report_key % {slices} = {number} "
            "GROUP BY report_key, hash(table_code, row_code, column_code) HAVING count(*) > 1"
        ).fetchall()
        for (report_key,) in suspects:
            twice = con.execute(
                "SELECT report_id, concat_ws('.', table_code, row_code, column_code) AS address FROM fact "
                f"JOIN coming USING (report_key) WHERE report_key = {report_key} GROUP BY ALL HAVING count(*) > 1 ORDER BY address"
            ).fetchone()
            if twice is not None:
                raise ValueError(f"report {twice[0]} has two facts at {twice[1]}")


def _loads(con: duckdb.DuckDBPyConnection, loads: list[Load]) -> None:
    names = [c.name for c in tables.TABLE["load"].columns]
    for load in loads:
        known: dict[str, Any] = {
            "load_id": load.load_id,
            "started": _instant(load.started),
            "finished": _instant(load.finished),
            "versions": load.versions,
            "error": None,
            **load.counts,
        }
        con.execute(f"INSERT INTO load ({', '.join(map(quoted, names))}) VALUES {sql_row([known[n] for n in names])}")


def _failures(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Runs that did not end, with numbers below zero."""
    names = [c.name for c in tables.TABLE["load"].columns]
    found = failures.every(home)
    if con.execute("SELECT count(*) FROM load WHERE error IS NOT NULL").fetchall()[0][0] == len(found):
        return
    con.execute("DELETE FROM load WHERE error IS NOT NULL")
    for number, each in enumerate(found, 1):
        known: dict[str, Any] = dict.fromkeys(names, 0) | {
            "load_id": -number,
            "started": _instant(each.started),
            "finished": _instant(each.ended),
            "versions": each.versions,
            "error": each.zh,
        }
        con.execute(f"INSERT INTO load ({', '.join(map(quoted, names))}) VALUES {sql_row([known[n] for n in names])}")


def _views(con: duckdb.DuckDBPyConnection, *, lake: bool) -> None:
    """Make the views anew when the forms behind them have changed."""
    statements = tables.view_ddl()
    wanted = hashlib.sha256("\n".join(statements).encode()).hexdigest()[:12]
    if con.execute(f"SELECT 1 FROM meta WHERE key = 'views' AND value = {literal(wanted)}").fetchone():
        return
    old = con.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND database_name = current_database()"
    ).fetchall()
    for statement in (*(f"DROP VIEW {quoted(name)}" for (name,) in old), *statements):
        # DuckLake has no comments on a view's columns.
        if not (lake and statement.startswith("COMMENT ON COLUMN")):
            con.execute(statement)
    con.execute("DELETE FROM meta WHERE key = 'views'")
    con.execute(f"INSERT INTO meta VALUES ('views', {literal(wanted)})")


def _meta(con: duckdb.DuckDBPyConnection, load: Load) -> None:
    con.execute(
        "DELETE FROM meta WHERE key NOT IN ('views', 'dimensions', 'expected', 'collected', 'turn', 'standing', 'values')"
    )
    for key, value in {"schema": tables.schema_version(), **load.versions}.items():
        con.execute(f"INSERT INTO meta VALUES ({literal(key)}, {literal(value)})")


def build(home: Home, published: str, working: str, memory: int, spill: str, *, anew: bool) -> dict[str, int]:
    """Make the next database at ``working``: the published one with the loads it lacks, or all of them ``anew``.

    Returns how many rows its tables hold. Raises PipelineError for a file of an unknown schema version.
    """
    import duckdb

    loads = [record.read(home, i) for i in record.load_ids(home)]
    for more in _MORE:
        Path(working).unlink(missing_ok=True)
        try:
            return _build(home, Path(published), Path(working), loads, more * memory, Path(spill), anew=anew)
        except duckdb.OutOfMemoryException:
            # Not all that DuckDB does can go to the disk. A larger process is better than no database.
            if more == _MORE[-1]:
                raise
    raise AssertionError


def _build(
    home: Home, source: Path, target: Path, loads: list[Load], memory: int, spill: Path, *, anew: bool
) -> dict[str, int]:
    fresh = anew or not source.exists()
    if not fresh:
        whole.duplicate(source, target)
    con = connect(target, memory, spill)
    try:
        if fresh:
            create(con)
        else:
            refuse_unknown(source, schema_of(con))
        apply(con, home, pending(con, loads, source))
        return finished(con, home, spill, nullcontext())
    finally:
        con.close()


def catch_up(home: Home, other: str, memory: int, spill: str) -> dict[str, int] | None:
    """Bring a database that was published before up to the record; returns how many rows its tables hold.

    None where that cannot be: somebody has it open, or it is not what it was taken for.
    """
    import duckdb

    try:
        con = connect(Path(other), memory, Path(spill))
    except duckdb.Error:
        return None
    try:
        if schema_of(con) != tables.schema_version():
            return None
        apply(con, home, pending(con, [record.read(home, i) for i in record.load_ids(home)], Path(other)))
        return finished(con, home, Path(spill), nullcontext())
    except (duckdb.Error, PipelineError):
        # Whatever it is, building from the published one says it, if it is still so there.
        return None
    finally:
        con.close()


def add_runs(home: Home, database: Path, memory: int, spill: Path, *, waiting: bool = False) -> dict[str, int] | None:
    """Add loads without results to a database where it lies; returns how many rows its tables hold. ``waiting``: it is not published.

    None where somebody reads it, or it lacks a load with results. Raises PipelineError as `build`.
    """
    import duckdb

    try:
        con = connect(database, memory, spill)
    except duckdb.ConnectionException:
        return None  # this process itself reads it
    except duckdb.IOException:
        if not waiting:
            check_ours(database)
        return None
    try:
        refuse_unknown(database, schema_of(con))
        lacking = pending(con, [record.read(home, i) for i in record.load_ids(home)], database)
        if any(load.files for load in lacking):
            return None
        apply(con, home, lacking)
        return finished(con, home, spill, _at_once(con))
    finally:
        con.close()


def finished(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    room: Path,
    together: AbstractContextManager[None],
    *,
    shared: bool = False,
) -> dict[str, int]:
    """The last steps of every way to a database, ``together`` or one by one; returns how many rows its tables hold. ``shared``: it is
    not this home's alone."""
    faults: list[lists.Fault] = []
    misfits = corrections.apply(con, corrections.read(home, faults))
    with together:
        values.refresh(con, everything=dimensions.fill(con, home, faults))
        expected.fill(con, home, faults)
        bad_lines = lists.tell(con, faults)
        if not shared:
            history.fill(con, home, room)
            _failures(con, home)
    con.execute("CHECKPOINT")
    counts = {t.name: _count(con, t.name) for t in tables.published()}
    counts["misfit_corrections"] = misfits
    counts["bad_lines"] = bad_lines
    counts["current_reports"] = con.execute("SELECT count(*) FROM report WHERE is_current").fetchall()[0][0]
    return counts


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {quoted(table)}").fetchall()[0][0])
