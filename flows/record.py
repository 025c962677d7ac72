"""The record: parse results, appended to and never edited.

Belongs here: where its files lie, the commit of a load, healing after a killed run.
Does not belong here: what is in the files (`rows`, `loading`), the database made from them (`warehouse`).

A load is the files ``<table>/year=<YYYY|unknown>/<load>.parquet`` named by ``loads/<load>.json``. That manifest is
written last and atomically, so a load is there whole or not at all; files of a load without a manifest are leftovers.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from parsers.files import whole

from . import failures
from .errors import PipelineError
from .home import Home

MANIFESTS = "loads"
# The layout of manifests and files, not of the tables in them. Manifests of 1 have no digests.
FORMAT = 2
_KNOWN_FORMATS = (1, 2)


@dataclass(slots=True)
class Load:
    """One committed run. Instants are UTC in ISO form.

    ``files``: table → paths below the record, with ``/``; ``digests``: path → SHA-256 of the file.
    """

    load_id: int
    started: str
    finished: str
    versions: dict[str, str]
    counts: dict[str, int]
    files: dict[str, list[str]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def _name(load_id: int) -> str:
    return f"{load_id:08d}"


def file_name(table: str, year: str, load_id: int) -> str:
    """Where a load keeps its rows of a table and year, below the record."""
    return f"{table}/year={year}/{_name(load_id)}.parquet"


def load_ids(home: Home) -> list[int]:
    """Committed loads, oldest first."""
    return sorted(int(p.stem) for p in (home.record / MANIFESTS).glob("*.json"))


def manifest(load_id: int) -> str:
    """Where a load's manifest lies, below the record."""
    return f"{MANIFESTS}/{_name(load_id)}.json"


def read(home: Home, load_id: int) -> Load:
    """A committed load. Raises PipelineError when a newer program wrote it, or it is damaged."""
    path = home.record / manifest(load_id)
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if raw.get("format") not in _KNOWN_FORMATS:
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


def commit(home: Home, load: Load, staged: Path) -> None:
    """Move a load's files from ``staged`` into the record, then write its manifest."""
    folders = set()
    for path in (p for paths in load.files.values() for p in paths):
        target = home.record / path
        target.parent.mkdir(parents=True, exist_ok=True)
        whole.sync(staged / path)
        load.digests[path] = _digest(staged / path)
        (staged / path).replace(target)
        folders.add(target.parent)
    for folder in sorted(folders):
        whole.sync(folder)
    manifests = home.record / MANIFESTS
    manifests.mkdir(exist_ok=True)
    text = json.dumps(asdict(load), ensure_ascii=False, indent=1)
    whole.write(home.record / manifest(load.load_id), text.encode())
    whole.sync(manifests)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def heal(home: Home) -> list[int]:
    """Remove what a killed run left behind, and note that there was one; returns the committed loads."""
    for leftover in home.staging.iterdir():
        if leftover.is_dir():
            failures.killed(home, leftover, _last_began(home))
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)
    for leftover in [*home.snapshots.glob("*.tmp"), *(home.record / MANIFESTS).glob(f"*{whole.ENDING}")]:
        leftover.unlink(missing_ok=True)
    committed = load_ids(home)
    last = committed[-1] if committed else 0
    # Leftovers are of the load after the last: an older load is whole, and runs follow one another.
    for path in home.record.glob(f"*/year=*/{_name(last + 1)}.parquet"):
        path.unlink()
    return committed


def _last_began(home: Home) -> str | None:
    """When the last committed load began."""
    there = load_ids(home)
    try:
        return read(home, there[-1]).started if there else None
    except PipelineError:
        return None


def damage(home: Home, load: Load) -> list[tuple[str, str]]:
    """What is wrong with a load's files: (path below the record, `missing` or `changed`)."""
    out = []
    for path in (p for paths in load.files.values() for p in paths):
        target = home.record / path
        if not target.is_file():
            out.append((path, "missing"))
        elif path in load.digests and _digest(target) != load.digests[path]:
            out.append((path, "changed"))
    return out


def paths(home: Home, loads: Iterable[Load], table: str) -> list[str]:
    """The files of a table in these loads."""
    return [os.fspath(home.record / p) for load in loads for p in load.files.get(table, ())]
