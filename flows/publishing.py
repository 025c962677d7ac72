"""Putting the next database into the place of the last.

Belongs here: building beside and renaming, two files that take turns, the short way where nothing but the run itself is new,
what killed runs have left there. Does not belong here: what is built (`warehouse`), whether the file there is ours (`published`).
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from parsers.files import whole

from . import published, warehouse
from .errors import PipelineError
from .home import Home, Settings
from .index import Index

# A reader on Windows keeps a file from being replaced while it is open.
_REPLACE_PATIENCE = 10.0


def publish(
    where: Home, database: Path, settings: Settings, child: ProcessPoolExecutor, folder: Path, *, anew: bool
) -> dict[str, int]:
    """Build the database beside its place and rename it into place; readers keep the file they have opened.

    Two files take turns: the one that was replaced last is brought up to the record and takes its place again, so that no more
    is written than what is new. Where that cannot be (somebody still reads it, one of the two was changed by somebody else,
    ``anew``), the published one is copied, or all is built from nothing.

    Returns its rows per table. Raises PipelineError.
    """
    published.check_place(database)
    working, other, last = whole.beside(database), spare(database), _last(database)
    # A temporary name is ours whoever left it.
    for leftover in database.parent.glob(f".{glob_safe(database.name[:40])}.*{whole.ENDING}*"):
        leftover.unlink(missing_ok=True)
    spill = os.fspath(folder / "spill")
    totals = None
    if not anew and _as_left(where, database, other):
        _forget(where, other)
        totals = child.submit(warehouse.catch_up, where, os.fspath(other), settings.load_memory, spill).result()
    if totals is not None:
        working = other
    else:
        _remove(other)
        try:
            totals = child.submit(
                warehouse.build, where, os.fspath(database), os.fspath(working), settings.load_memory, spill, anew=anew
            ).result()
        except BaseException:
            working.unlink(missing_ok=True)
            raise
    # On the disk before it takes its name: a power cut must not leave a name without what it stands for.
    whole.sync(working)
    # What was made anew is no longer what the other one was.
    kept = not anew and _linked(database, last)
    try:
        _replace(working, database)
    except BaseException:
        working.unlink(missing_ok=True)
        last.unlink(missing_ok=True)
        raise
    if kept:
        last.replace(other)
    _remember(where, database, other)
    return totals


def spare(database: Path) -> Path:
    """Where the file waits that was the published one before."""
    return database.with_name(f".{database.name}.spare")


def _last(database: Path) -> Path:
    return database.with_name(f".{database.name[:40]}.last{whole.ENDING}")


def _as_left(where: Home, database: Path, other: Path) -> bool:
    """Whether both files are there as the last publish left them: whoever changed one of them finds his change in the next."""
    # A log of writes beside it: somebody was cut off.
    if not (database.exists() and other.exists()) or _log(other).exists():
        return False
    index = Index(where.index)
    try:
        return index.published(database) and index.published(other)
    finally:
        index.close()


def _remember(where: Home, database: Path, other: Path) -> None:
    index = Index(where.index)
    try:
        index.remember_published(database)
        index.remember_published(other)
    finally:
        index.close()


def _linked(database: Path, last: Path) -> bool:
    """Give the published file a second name, under which it stays when its place is taken; False where there can be none."""
    try:
        os.link(database, last)
    except OSError:
        return False
    return True


def _remove(other: Path) -> None:
    for path in (other, _log(other)):
        path.unlink(missing_ok=True)


def _log(other: Path) -> Path:
    return other.with_name(f"{other.name}.wal")


def _forget(where: Home, other: Path) -> None:
    index = Index(where.index)
    try:
        index.forget_published(other)
    finally:
        index.close()


def glob_safe(name: str) -> str:
    """A name in which no character stands for another."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _replace(working: Path, database: Path) -> None:
    # What a killed run wrote ahead belongs to the old file; the record has it.
    database.with_name(database.name + ".wal").unlink(missing_ok=True)
    end = time.monotonic() + _REPLACE_PATIENCE
    while True:
        try:
            working.replace(database)
            return
        except PermissionError as e:
            if time.monotonic() > end:
                raise PipelineError(
                    f"结果已存妥，但 {database} 正被其他程序打开，无法更新。关闭后再次运行即可。",
                    f"the results are kept, but {database} is open in another program; close it and run again",
                    "held",
                ) from e
            time.sleep(0.2)


def add_run(where: Home, database: Path, settings: Settings, folder: Path) -> dict[str, int] | None:
    """Add what brought no results to the database, in this process: runs without news, what the collector saw. Nothing is copied.

    The file that waits takes the place of the published one, which no reader notices; where it lacks results, the published one
    is changed where it lies. None where that is not enough: no database yet, a load with results that it lacks, or a reader
    who has it open.
    """
    if not database.exists():
        return None
    other, last = spare(database), _last(database)
    spill = folder / "spill"
    if _as_left(where, database, other):
        _forget(where, other)
        totals = warehouse.add_runs(where, other, settings.load_memory, spill, waiting=True)
        if totals is not None and _linked(database, last):
            _replace(other, database)
            last.replace(other)
            _remember(where, database, other)
            return totals
        if totals is None:
            # It lacks results, and is as it was.
            _remember(where, database, other)
    return warehouse.add_runs(where, database, settings.load_memory, spill)


def note(where: Home, database: Path, settings: Settings, folder: Path) -> None:
    """Bring what is no load into a database that is as it was published: what the collector saw, runs that did not end."""
    index = Index(where.index)
    try:
        ours = index.published(database)
    finally:
        index.close()
    if ours and add_run(where, database, settings, folder) is not None:
        _remember(where, database, spare(database))
