"""Releases: what is handed out of a database, as files that anybody can open.

Belongs here: which tables and columns a release holds (`contents`), writing them (`files`), what is said about them
(`describing`), what differs from the last one (`differences`), and `publish`, which does it all.
Does not belong here: the database itself (`flows.warehouse`).

Parquet, CSV and the workbook have the same bytes for the same data: rows in the order of their keys, one file a year, no
times, load numbers or paths of a machine in any column. Of the DuckDB file the tables are the same, not the bytes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from flows.errors import PipelineError
from flows.published import opened, refuse_unknown, schema_of

from . import contents, describing, differences, files

_VERSION = re.compile(r"v\d{4}\.\d{1,2}\.\d+")


def _order(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name[1:].split("."))


def releases(folder: Path) -> list[str]:
    """The versions that a folder holds, oldest first."""
    there = folder.iterdir() if folder.is_dir() else ()
    return sorted((p.name for p in there if p.is_dir() and _VERSION.fullmatch(p.name)), key=_order)


def publish(
    database: Path,
    folder: Path,
    *,
    version: str | None = None,
    licence: str = "CC-BY-4.0",
    threads: int | None = None,
    on_file: Callable[[str], None] = lambda name: None,
) -> Path:
    """Write a release of a database into ``folder``/``version``; returns that folder.

    Without a version it is the month's next. Raises PipelineError: no database, no version of the form vYYYY.M.N, or one
    that is there already (a release is never written over).
    """
    known = releases(folder)
    chosen = version or _next(known)
    if not _VERSION.fullmatch(chosen):
        raise PipelineError(
            f"版本号 {chosen} 应为 vYYYY.M.N，如 v2026.11.0。",
            f"the version {chosen} must be vYYYY.M.N, like v2026.11.0",
        )
    target = folder / chosen
    if target.exists():
        raise PipelineError(f"{target} 已经存在，不会覆盖。", f"{target} is there already and is not written over")
    if not database.exists():
        raise PipelineError(
            f"还没有数据库 {database}。请先运行 gouji ingest。",
            f"there is no database {database} yet; run gouji ingest first",
        )
    con = opened(database)
    try:
        refuse_unknown(database, schema_of(con))
        if threads is not None:
            con.execute(f"SET threads = {threads}")
        folder.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(dir=folder, prefix=f".{chosen}."))
        try:
            earlier = [v for v in known if _order(v) < _order(chosen)]
            previous = folder / earlier[-1] if earlier else None
            _fill(con, working, chosen, licence, previous, on_file)
            working.chmod(0o755)
            working.rename(target)
        except BaseException:
            shutil.rmtree(working, ignore_errors=True)
            raise
    finally:
        con.close()
    return target


def _next(known: list[str]) -> str:
    today = (
        date.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"])) if "SOURCE_DATE_EPOCH" in os.environ else date.today()
    )
    month = f"v{today.year}.{today.month}."
    taken = [_order(v)[2] for v in known if v.startswith(month)]
    return f"{month}{max(taken, default=-1) + 1}"


def _fill(
    con: Any, folder: Path, version: str, licence: str, previous: Path | None, on_file: Callable[[str], None]
) -> None:
    made = contents.released(con)
    for table in made:
        on_file(table.name)
        files.parquet(con, table, folder)
        files.csv(con, table, folder)
    on_file("workbook")
    files.workbook(con, folder / "panel.xlsx")
    on_file("duckdb")
    hashes = files.duckdb_file(made, folder, con.execute(contents.LOADS))
    if previous is not None:
        differences.write(con, previous, folder)
    describing.write(con, made, folder, version, licence, hashes, previous)
    lines = [
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}"
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    ]
    (folder / "checksums.sha256").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
