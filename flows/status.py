"""What an operator wants to know of a home, at a glance: runs, sources in trouble, disk, versions, what needs a person.

Belongs here: gathering it from the record, the collector's record and the database; nothing is changed and no lock is taken.
Does not belong here: proving that all is sound (`doctor`), words for the terminal (`gouji`).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from parsers.document import IncompleteError
from schemas import VERSION
from schemas.database import tables

from . import failures, home, lock, record
from .collecting import listed
from .collecting.store import Collected
from .errors import PipelineError
from .home import Home, Settings
from .rows import INCOMPLETE
from .worker import load_reader

# So many runs are listed, so many events looked through, and these are told.
_RUNS, _EVENTS = 10, 500
_TOLD = ("gone", "moved", "returned")
# Without a collect for so long nobody collects any more: by the schedule as it is built in, by one of the operator's own.
_WEEK, _MONTH = timedelta(days=8), timedelta(days=32)
# Bytes free below which a person should look.
_LITTLE = 1 << 30


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that could not be used and still is what it was then. ``since``: when that content was first met (UTC)."""

    path: str
    kind: str
    message: str
    since: str


@dataclass(slots=True)
class Status:
    """``loads`` and ``collects`` newest first. ``needs``: what a person has to do, as (kind, number)."""

    home: str
    database: str
    versions: dict[str, str]
    running: str | None = None
    loads: list[dict[str, Any]] = field(default_factory=list)
    collects: list[dict[str, Any]] = field(default_factory=list)
    publications: dict[str, int] = field(default_factory=dict)
    # Publications whose source the list does not name any more: nobody looks at them.
    unlisted: int = 0
    # How many sources the list names.
    sources: int = 0
    troubles: list[dict[str, Any]] = field(default_factory=list)
    # Publications that are gone, or back, newest first.
    events: list[dict[str, Any]] = field(default_factory=list)
    # Runs that did not end, newest first.
    failed: list[dict[str, Any]] = field(default_factory=list)
    set_aside: list[Aside] = field(default_factory=list)
    # Files that were read while a part of the installation could not be used.
    incomplete: int = 0
    # Bodies' years (with scope and period) of which several reports are there that say otherwise: none of them counts.
    conflicts: int = 0
    disk: dict[str, int] = field(default_factory=dict)
    needs: list[tuple[str, int]] = field(default_factory=list)
    # What could not be looked at.
    unseen: list[PipelineError] = field(default_factory=list)


def look(*, home_dir: str | os.PathLike[str] | None = None, database: str | os.PathLike[str] | None = None) -> Status:
    """Look at a home. Raises PipelineError where there is none, or where it may not be read."""
    where = home.find(home_dir)
    try:
        return _looked(where, database)
    except OSError as e:
        raise _unreadable(where.root, e) from e


def _looked(where: Home, database: str | os.PathLike[str] | None) -> Status:
    settings = home.settings(where)
    target = where.database(database)
    if not where.record.is_dir():
        raise PipelineError(
            f"{where.root} 不是数据目录。请用 --home 指定数据目录。", f"{where.root} is no home; name one with --home"
        )
    versions = {"gouji": VERSION, **load_reader(settings.reader).versions()}
    out = Status(os.fspath(where.root), os.fspath(target), versions, running=_running(where))
    _loads(where, out)
    out.failed = [asdict(each) for each in reversed(failures.every(where)[-_RUNS:])]
    if where.collected.is_file():
        try:
            _collects(where, out)
        except (PipelineError, sqlite3.Error, OSError) as e:
            out.unseen.append(_unreadable(where.collected, e))
    if target.exists():
        try:
            out.set_aside, out.incomplete, out.conflicts = _asides(target)
        except PipelineError as e:
            out.unseen.append(e)
    out.disk = _disk(where, target)
    _needs(out, settings)
    return out


def _running(where: Home) -> str | None:
    """The note of whoever writes to the home now."""
    for path in (where.lock, where.collecting / "lock"):
        if path.exists() and (note := lock.holder(path)) is not None:
            return note
    return None


def _loads(where: Home, out: Status) -> None:
    for load_id in reversed(record.load_ids(where)[-_RUNS:]):
        load = record.read(where, load_id)
        out.loads.append(
            {
                "load_id": load_id,
                "started": load.started,
                "finished": load.finished,
                "versions": load.versions,
                **load.counts,
            }
        )


def _collects(where: Home, out: Status) -> None:
    known = Collected(where.collected, read_only=True)
    try:
        for each in known.runs(_RUNS):
            state = each.state
            if state == "running" and out.running is None:
                state = "broken"
            out.collects.append(
                {"run": each.id, "started": each.started, "finished": each.finished, "state": state, **each.counts}
            )
        out.publications = known.counts()
        out.events = list(reversed([e for e in known.events(last=_EVENTS) if e["what"] in _TOLD]))
        standing = known.standing()
        out.troubles = [
            t | {"standing": (t["source"], t["address"], t["problem"]) in standing} for t in known.troubles()
        ]
        # A list that cannot be read is told by whoever collects.
        with suppress(PipelineError):
            sources = listed.load(where.sources)
            out.unlisted = known.unlisted(s.name for s in sources)
            out.sources = len(sources)
    finally:
        known.close()


def _unreadable(path: Path, error: Exception) -> PipelineError:
    """That the collector's record could not be looked into, and why."""
    if isinstance(error, PipelineError):
        return error
    return PipelineError(f"{path}：读不了（{error}）。", f"{path}: cannot be read ({error})")


def _asides(database: Path) -> tuple[list[Aside], int, int]:
    """Files that could not be used, as long as they are what they were: a file that is replaced, or gone, is off the list; how many
    could be used in part only; and of how many bodies' years reports are in conflict."""
    from . import published

    con = published.opened(database)
    try:
        if published.schema_of(con) != tables.schema_version():
            published.check_ours(database)
        rows = con.execute(
            "SELECT path, kind, message, CAST(since AS VARCHAR), address FROM set_aside_now ORDER BY since, path"
        ).fetchall()
        sql = f"SELECT count(DISTINCT source_sha256) FROM report WHERE is_current AND ends_with(versions.parser, '{INCOMPLETE}')"
        ((incomplete,),) = con.execute(sql).fetchall()
        keys = "SELECT DISTINCT issuer_id, year, scope, period FROM report WHERE standing = 'conflict'"
        ((conflicts,),) = con.execute(f"SELECT count(*) FROM ({keys})").fetchall()
    finally:
        con.close()
    found = [
        Aside(path, kind, message, since)
        for path, kind, message, since, address in rows
        if address is not None or _is_there(path)
    ]
    return found, incomplete, conflicts


def _is_there(path: str) -> bool:
    """Whether a file is still there; one in an archive as long as the archive is."""
    place = Path(path)
    return any(p.is_file() for p in (place, *place.parents))


def _disk(where: Home, database: Path) -> dict[str, int]:
    """Bytes by what they are for, and those that are free."""
    out = {"snapshots": _size(where.snapshots), "record": _size(where.record), "cache": _size(where.collecting)}
    with suppress(OSError):
        out["database"] = database.stat().st_size
    out["free"] = shutil.disk_usage(where.root).free
    return out


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.stat(os.path.join(parent, name)).st_size  # noqa: PTH116, PTH118
    return total


def _failed_last(out: Status) -> bool:
    """Whether a run did not end after which none has: by the record's own numbers, a clock may have been wrong."""
    last = out.loads[0] if out.loads else None
    return any(
        last is None
        or (each["load"] >= last["load_id"] if each["load"] is not None else each["started"] > last["started"])
        for each in out.failed
    )


def _stalled(out: Status, settings: Settings) -> int:
    """Days since the last collect began, where that is longer than its schedule allows; 0 where it is not, or nothing is to be asked."""
    if not out.collects or not out.sources or out.running is not None:
        return 0
    if settings.interval:
        bound = max(timedelta(seconds=2 * settings.interval), timedelta(days=1))
    else:
        bound = _WEEK if settings.schedule == Settings.__dataclass_fields__["schedule"].default else _MONTH
    since = datetime.now(UTC) - datetime.fromisoformat(out.collects[0]["started"])
    return since.days if since > bound else 0


def _needs(out: Status, settings: Settings) -> None:
    for_nothing = sum(IncompleteError.is_told_in(a.message) for a in out.set_aside)
    found = {
        "set_aside": len([a for a in out.set_aside if a.kind != "no_report"]) - for_nothing,
        "incomplete": out.incomplete + for_nothing,
        "conflict": out.conflicts,
        "trouble": len({t["source"] for t in out.troubles if not t["standing"]}),
        "failed": int(_failed_last(out)),
        "broken": sum(1 for c in out.collects[:1] if c["state"] in ("broken", "failed")),
        "stalled": _stalled(out, settings),
        "disk": int(out.disk["free"] < _LITTLE),
    }
    last = out.loads[0]["versions"] if out.loads else out.versions
    found["reparse"] = int(any(last.get(k) != out.versions[k] for k in ("parser", "forms", "rules")))
    out.needs = [(what, n) for what, n in found.items() if n]
