"""The published database as a file.

Belongs here: opening it for reading, whether it is one of ours, of which schema, and whether somebody else holds it.
Does not belong here: what is in it (`warehouse`), questions put to it (`queries`).
"""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.files import whole
from parsers.files.faults import why
from schemas.database import tables

from . import lock
from .errors import PipelineError

if TYPE_CHECKING:
    import duckdb

# In bytes 8 to 11 of every DuckDB file.
_MAGIC = b"DUCK"
# What DuckDB says of a file that it may not open, on POSIX and on Windows.
_OPEN_IN = re.compile(r"(?:lock is held|already open) in\s+(.+?)\s+\(PID (\d+)\)")


def quiet(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A connection that draws no progress bar: of what takes more than two seconds DuckDB draws one into what a command prints."""
    import duckdb

    # Another connection of this process may have locked the settings.
    with suppress(duckdb.InvalidInputException):
        con.execute("SET enable_progress_bar = false")
    return con


def schema_of(con: duckdb.DuckDBPyConnection) -> str | None:
    """The schema version that a database names; None when it is no database of ours."""
    import duckdb

    try:
        row = con.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    except duckdb.Error:
        return None
    return None if row is None else str(row[0])


def refuse_unknown(path: Path, found: str | None) -> None:
    """Raise PipelineError unless the schema version is the one this program writes."""
    if found is None:
        raise PipelineError(
            f"{path} 不是本程序的数据库。请用 --database 指定另一个文件名。",
            f"{path} is not a database of this program; name another file with --database",
            "foreign",
        )
    if found != tables.schema_version():
        raise PipelineError(
            f"数据库 {path} 的结构版本是 {found}，本程序用的是 {tables.schema_version()}。"
            "请运行 gouji rebuild 重建，或换用写出它的程序版本。",
            f"the database {path} has schema version {found}, this program uses {tables.schema_version()}; "
            "run gouji rebuild, or use the version of the program that wrote it",
            "schema",
        )


def opened(path: Path, **config: Any) -> duckdb.DuckDBPyConnection:
    """A database for reading. Raises PipelineError: in use elsewhere, damaged, or no DuckDB file at all."""
    import duckdb

    _head(path)
    try:
        return quiet(duckdb.connect(os.fspath(path), read_only=True, config=config))
    except duckdb.IOException as e:
        raise _held(path, *_holder(str(e))) from e
    except duckdb.Error as e:
        reason = str(e).splitlines()[0]
        raise PipelineError(
            f"打不开数据库 {path}：{reason}。可运行 gouji rebuild 由记录重建。",
            f"the database {path} cannot be opened: {reason}; gouji rebuild makes it anew",
        ) from e


def _head(path: Path) -> None:
    """Raise PipelineError unless a file begins as a DuckDB file does."""
    try:
        with path.open("rb") as stream:
            head = stream.read(12)
    except OSError as e:
        raise _held(path, why(e), why(e, "en")) from e
    if head[8:12] != _MAGIC:
        refuse_unknown(path, None)


def _holder(said: str) -> tuple[str, str]:
    """Who has a database open, by what DuckDB says of it in English; where it does not say, that."""
    if (found := _OPEN_IN.search(said)) is None:
        return said.splitlines()[0], ""
    program, pid = found.groups()
    return f"{program}，进程号 {pid}", f"{program}, process {pid}"


def _held(path: Path, reason: str, in_english: str = "") -> PipelineError:
    return PipelineError(
        f"数据库 {path} 正被其他程序占用或没有读取权限，打不开（{reason}）。已存妥的不受影响；请关闭正在使用它的程序后再试。",
        f"the database {path} is in use by another program or may not be read ({in_english or reason}); what was kept is whole. Close that "
        "program and try again",
        "held",
    )


def _schema_at(path: Path) -> str | None:
    """The schema version of the file at ``path``; None when it is a database, but none of ours. Raises as `opened`."""
    con = opened(path)
    try:
        return schema_of(con)
    finally:
        con.close()


def is_absent(path: Path) -> bool:
    """Whether nothing is where a database is to be."""
    return not path.exists()


def check_place(path: Path) -> None:
    """Raise PipelineError where a database could not be put, without looking into one that is there.

    No folder to write to; a file that is no database; one that another program has open for writing.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=whole.ENDING):
            pass
    except OSError as e:
        raise PipelineError(
            f"数据库所在的文件夹 {path.parent} 不能写入（{why(e)}），没有读取任何文件。请用 --database 指定另一个位置。",
            f"the folder of the database {path.parent} cannot be written to ({why(e, 'en')}), and no file was read; name another "
            "place with --database",
        ) from e
    if path.is_dir():
        refuse_unknown(path, None)
    if path.exists():
        _head(path)
        if (holder := lock.held_by_another(path)) is not None:
            raise _held(path, *holder)


def check_ours(published: Path) -> None:
    """Raise PipelineError when a file is there that an ingest cannot add to."""
    if published.exists():
        refuse_unknown(published, _schema_at(published))


def check_replaceable(published: Path) -> None:
    """Raise PipelineError when a file is there that is no database of ours, whatever its schema version."""
    if published.exists() and (found := _schema_at(published)) is None:
        refuse_unknown(published, found)
