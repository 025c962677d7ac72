"""Putting the next database into the place of the last.

Belongs here: building beside and renaming, the short way where nothing but the run itself is new, what killed runs have
left there. Does not belong here: what is built (`warehouse`), whether the file there is ours (`published`).
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

# A reader on Windows keeps a file from being replaced while it is open.
_REPLACE_PATIENCE = 10.0


def publish(
    where: Home, database: Path, settings: Settings, child: ProcessPoolExecutor, folder: Path, *, anew: bool
) -> dict[str, int]:
    """Build the database beside its place and rename it into place; readers keep the file they have opened.

    Returns its rows per table. Raises PipelineError.
    """
    published.check_place(database)
    working = whole.beside(database)
    # A temporary name is ours whoever left it.
    for leftover in database.parent.glob(f".{glob_safe(database.name[:40])}.*{whole.ENDING}*"):
        leftover.unlink(missing_ok=True)
    spill = os.fspath(folder / "spill")
    try:
        totals = child.submit(
            warehouse.build, where, os.fspath(database), os.fspath(working), settings.load_memory, spill, anew=anew
        ).result()
        _replace(working, database)
    except BaseException:
        working.unlink(missing_ok=True)
        raise
    return totals


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
    """Add runs that brought nothing to the database where it lies, in this process: nothing is copied.

    None where that is not enough: no database yet, a load with results that it lacks, or a reader who has it open.
    """
    if not database.exists():
        return None
    return warehouse.add_runs(where, database, settings.load_memory, folder / "spill")
