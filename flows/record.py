"""The record: parse results, appended to and never edited.

Belongs here: where its files lie, the commit of a load, healing after a killed run.
Does not belong here: what is in the files (`rows`, `loading`), the database made from them (`warehouse`).

A load is the files ``<table>/year=<YYYY|unknown>/<load>.parquet`` named by ``loads/<load>.json``. That manifest is
written last and atomically, so a load is there whole or not at all; files of a load without a manifest are leftovers.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .errors import PipelineError
from .home import Home

MANIFESTS = "loads"
# The layout of manifests and files, not of the tables in them.
FORMAT = 1


@dataclass(slots=True)
class Load:
    """One committed run. Instants are UTC in ISO form. ``files``: table → paths below the record, with ``/``."""

    load_id: int
    started: str
    finished: str
    versions: dict[str, str]
    counts: dict[str, int]
    files: dict[str, list[str]] = field(default_factory=dict)
    format: int = FORMAT


def _name(load_id: int) -> str:
    return f"{load_id:08d}"


def file_name(table: str, year: str, load_id: int) -> str:
    """Where a load keeps its rows of a table and year, below the record."""
    return f"{table}/year={year}/{_name(load_id)}.parquet"


def load_ids(home: Home) -> list[int]:
    """Committed loads, oldest first."""
    return sorted(int(p.stem) for p in (home.record / MANIFESTS).glob("*.json"))


def read(home: Home, load_id: int) -> Load:
    """A committed load. Raises PipelineError when a newer program wrote it, or it is damaged."""
    path = home.record / MANIFESTS / f"{_name(load_id)}.json"
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if raw.get("format") != FORMAT:
            raise PipelineError(
                f"数据目录 {home.root} 由更新版本的程序写成，请升级本程序。",
                f"the home {home.root} was written by a newer version of this program; upgrade it",
            )
        return Load(**raw)
    except (OSError, ValueError, TypeError) as e:
        raise PipelineError(
            f"记录文件 {path} 已损坏（{e}）。请从备份恢复。",
            f"the record's file {path} is damaged ({e}); restore it from a backup",
        ) from e


def _sync(path: Path) -> None:
    """Wait until a file, or a folder's names, are on the disk."""
    if path.is_dir() and sys.platform == "win32":
        return  # folders cannot be opened there
    fd = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def commit(home: Home, load: Load, staged: Path) -> None:
    """Move a load's files from ``staged`` into the record, then write its manifest."""
    folders = set()
    for path in (p for paths in load.files.values() for p in paths):
        target = home.record / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync(staged / path)
        (staged / path).replace(target)
        folders.add(target.parent)
    for folder in sorted(folders):
        _sync(folder)
    manifests = home.record / MANIFESTS
    manifests.mkdir(exist_ok=True)
    working = manifests / f"{_name(load.load_id)}.tmp"
    working.write_text(json.dumps(asdict(load), ensure_ascii=False, indent=1), encoding="utf-8")
    _sync(working)
    working.replace(working.with_suffix(".json"))
    _sync(manifests)


def heal(home: Home) -> list[int]:
    """Remove what a killed run left behind; returns the committed loads."""
    for leftover in home.staging.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)
    for leftover in [*home.snapshots.glob("*.tmp"), *(home.record / MANIFESTS).glob("*.tmp")]:
        leftover.unlink(missing_ok=True)
    committed = load_ids(home)
    last = committed[-1] if committed else 0
    # Leftovers are of the load after the last: an older load is whole, and runs follow one another.
    for path in home.record.glob(f"*/year=*/{_name(last + 1)}.parquet"):
        path.unlink()
    return committed


def paths(home: Home, loads: Iterable[Load], table: str) -> list[str]:
    """The files of a table in these loads."""
    return [os.fspath(home.record / p) for load in loads for p in load.files.get(table, ())]
