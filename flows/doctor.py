"""Looking a home over: is what it keeps still what was kept?

Belongs here: rehashing the snapshots, the record against its own digests, the collector's record against
both, the database against the record.
Does not belong here: mending (a link that is met becomes a copy, which loses nothing; all else is for a person), words
for the terminal (`gouji`).

The database is held to one that is built anew from the record beside it, row by row, so that everything derived
(issuers, revisions, duplicates) is compared as well, by the same statements that made it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from parsers.files.faults import why
from schemas.database import tables
from schemas.database.table_model import literal, quoted

from . import home, lock, published, record, store, surroundings, warehouse
from .collecting.store import Collected
from .errors import PipelineError
from .home import Home
from .index import Index
from .progress import Progress, Silent
from .record import Load
from .store import Store

# Made from something else than the record.
_NOT_COMPARED = ("meta", "correction", "publication", "publication_event", "collect_run")
_COMPARED = {"load": "error IS NULL"}
# So many things of one kind are named one by one.
_NAMED = 20
# So many places of a content are named.
_PLACES = 3


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong. ``kind``: ``snapshot_missing``, ``snapshot_changed``, ``record_missing``,
    ``record_changed``, ``record_damaged``, ``database_missing``, ``database_foreign``, ``database_schema``,
    ``database_behind``, ``database_differs``, ``collected_damaged``, ``collected_lost``, ``collected_unread``,
    ``collected_behind``; ``name`` is the file, table or address it is about."""

    kind: str
    name: str
    zh: str
    en: str
    # Of a snapshot: where its content was received.
    paths: tuple[str, ...] = ()


@dataclass(slots=True)
class Findings:
    """What was looked at and what is wrong; ``unseen``: what could not be looked at, as errors."""

    home: str
    database: str
    snapshots: int = 0
    loads: int = 0
    # Links that were made copies.
    detached: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    unseen: list[PipelineError] = field(default_factory=list)


def examine(
    *,
    home_dir: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Findings:
    """Look over a home. Raises PipelineError where there is none, or where a run is at work in it."""
    where = home.find(home_dir)
    settings = home.settings(where)
    told = progress or Silent()
    out = Findings(os.fspath(where.root), os.fspath(where.database(database)))
    if not where.record.is_dir() or not where.snapshots.is_dir():
        raise PipelineError(
            f"{where.root} 不是数据目录，没有可检查的内容。请用 --home 指定数据目录。",
            f"{where.root} is no home, there is nothing to look at; name one with --home",
        )
    with surroundings.told(where.root, lambda: surroundings.UNCHANGED), _alone(where):
        loads = _record(where, out)
        _snapshots(where, loads, out, told)
        told.stage("compare", None)
        if where.collected.exists():
            _collected(where, loads, out)
        if not any(t.kind.startswith("record_") for t in out.troubles):
            try:
                _database(where, Path(out.database), loads, settings.load_memory, out)
            except PipelineError as e:
                out.unseen.append(e)
    return out


@contextmanager
def _alone(where: Home) -> Iterator[None]:
    """The writer's lock; without it where nothing can be written, so nobody else writes either."""
    if os.access(where.root, os.W_OK):
        with lock.writing(where.lock):
            yield
    else:
        yield


def _record(where: Home, out: Findings) -> list[Load]:
    """The committed loads; what is damaged of them is put down."""
    loads = []
    there = record.load_ids(where)
    for load_id in sorted(set(range(1, (there or [0])[-1] + 1)).difference(there)):
        name = record.manifest(load_id)
        zh = f"记录文件 {name} 不见了，第 {load_id} 次入库因此不完整。请从备份恢复。"
        en = f"the record's file {name} is missing, and load {load_id} with it; restore it from a backup"
        out.troubles.append(Trouble("record_missing", name, zh, en))
    for load_id in there:
        try:
            load = record.read(where, load_id)
        except PipelineError as e:
            out.troubles.append(Trouble("record_damaged", record.manifest(load_id), e.zh, e.en))
            continue
        loads.append(load)
        for path, what in record.damage(where, load):
            if what == "missing":
                zh = f"记录文件 {path} 不见了。请从备份恢复。"
                en = f"the record's file {path} is missing; restore it from a backup"
            else:
                zh = f"记录文件 {path} 的内容已不是写入时的内容。请从备份恢复。"
                en = f"the record's file {path} is no longer what was written; restore it from a backup"
            out.troubles.append(Trouble(f"record_{what}", path, zh, en))
    out.loads = len(loads)
    return loads


def _received(where: Home, loads: list[Load]) -> dict[str, list[str]]:
    """Every content that the record names, with the places it was received at."""
    import pyarrow.parquet as pq

    found: dict[str, list[str]] = {}
    for path in record.paths(where, loads, "source"):
        with suppress(OSError, ValueError):  # named already
            t = pq.ParquetFile(path).read(["sha256", "path"])
            for sha256, place in zip(t["sha256"].to_pylist(), t["path"].to_pylist(), strict=True):
                places = found.setdefault(sha256, [])
                if place not in places:
                    places.append(place)
    return found


def _snapshots(where: Home, loads: list[Load], out: Findings, told: Progress) -> None:
    """Rehash every snapshot; name what the record needs and the store has not."""
    wanted = _received(where, loads)
    writable = os.access(where.snapshots, os.W_OK) and os.access(where.root, os.W_OK)
    index = Index(where.index if writable else Path(":memory:"))
    try:
        kept = Store(where.snapshots, index)
        names = sorted({*wanted, *kept.names()})
        told.stage("rehash", len(names))
        for sha256 in names:
            linked = _is_link(kept.path(sha256))
            try:
                now = kept.examine(sha256, detach=writable)
            except OSError as e:
                out.unseen.append(_unreadable(kept.path(sha256), e))
                continue
            out.snapshots += 1
            told.advance()
            if now == sha256:
                out.detached += linked and not _is_link(kept.path(sha256))
            else:
                out.troubles.append(_lost(sha256, now, wanted.get(sha256, []), os.fspath(where.snapshots)))
        kept.sync()
    finally:
        index.close()


def _is_link(path: str) -> bool:
    try:
        return os.stat(path).st_nlink > 1  # noqa: PTH116
    except OSError:
        return False


def _unreadable(path: str, e: OSError) -> PipelineError:
    return PipelineError(f"{path}：读不了（{why(e)}）。", f"{path}: cannot be read ({why(e, 'en')})")


def _lost(sha256: str, now: str | None, places: list[str], root: str) -> Trouble:
    """The trouble of a snapshot that is not there, or is something else ``now``, and what can be done."""
    path = store.stored_at(root, sha256)
    zh = "不见了" if now is None else f"已不是收到时的内容（现在是 {now[:12]}…）"
    en = "is missing" if now is None else f"is no longer what was received (it is {now[:12]}… now)"
    named = places[:_PLACES]
    if places:
        more = len(places) - len(named)
        zh_where, en_where = "、".join(named), ", ".join(named)
        zh += f"；原文件收自 {zh_where}" + (f" 等 {len(places)} 处" if more else "")
        en += f"; it was received at {en_where}" + (f" and {more} more" if more else "")
    if still := next((p for p in places if _is_still(p, sha256)), None):
        zh += f"。{still} 现在仍是这份内容，再次 gouji ingest 它即可补回。"
        en += f". {still} still holds it: gouji ingest it again to bring it back."
    elif any("://" in p[:10] for p in places):
        # What is there now only whoever collects may ask.
        zh += "。再次 gouji collect 会重新取：那里仍是这份内容即补回，不是就请从备份恢复。"
        en += (
            ". gouji collect asks for it again, and brings it back if it is still there; else restore it from a backup."
        )
    elif places:
        zh += "。原处也已没有这份内容，请从备份恢复。"
        en += ". It is no longer there either; restore it from a backup."
    else:
        zh += "；记录中没有用到它。"
        en += "; the record does not need it."
    return Trouble(
        "snapshot_missing" if now is None else "snapshot_changed",
        sha256,
        f"快照 {path} {zh}",
        f"the snapshot {path} {en}",
        tuple(places),
    )


def _is_still(place: str, sha256: str) -> bool:
    try:
        return store.digest(place)[0] == sha256
    except OSError:
        return False


# -- the collector's record ------------------------------------------------------------------------------------------


def _collected(where: Home, loads: list[Load], out: Findings) -> None:
    """The collector's record against the snapshots and the record."""
    try:
        known = Collected(where.collected, read_only=True)
    except PipelineError as e:
        out.troubles.append(Trouble("collected_damaged", where.collected.name, e.zh, e.en))
        return
    except sqlite3.Error as e:
        out.unseen.append(_unreadable(os.fspath(where.collected), OSError(str(e))))
        return
    try:
        if (wrong := known.damage()) is not None:
            zh = f"采集记录 {where.collected} 已损坏（{wrong}）。请从备份恢复。"
            en = f"the collector's record {where.collected} is damaged ({wrong}); restore it from a backup"
            out.troubles.append(Trouble("collected_damaged", where.collected.name, zh, en))
            return
        files = known.all_files()
    finally:
        known.close()
    read, members = _read_of(where, loads)
    lost, unread = [], []
    for each in files:
        # An archive is kept as its members.
        if each.address in members:
            continue
        if not os.path.exists(store.stored_at(os.fspath(where.snapshots), each.sha256)):  # noqa: PTH110
            lost.append(each.address)
        if each.role in ("page", "attachment") and each.address not in read:
            unread.append(each.address)
    behind = sorted(read - {f.address for f in files})
    for kind, names, zh, en in (
        ("collected_lost", lost, "采集记录中的内容不在快照里；再次 gouji collect 会重新取，取不到相同内容请从备份恢复", "its content is not among the snapshots; gouji collect asks for it again, else restore it from a backup"),
        ("collected_unread", unread, "采集记录中有而入库记录中没有，请从备份恢复记录", "it is in the collector's record and was never read; restore the record from a backup"),
        ("collected_behind", behind, "已入库而采集记录中没有；再次运行 gouji collect 即可补上", "it was read and is not in the collector's record; gouji collect again adds it"),
    ):  # fmt: skip
        for address in names[:_NAMED]:
            out.troubles.append(Trouble(kind, address, f"{address}：{zh}。", f"{address}: {en}"))
        if len(names) > _NAMED:
            more = len(names) - _NAMED
            out.troubles.append(
                Trouble(kind, "", f"另有 {more} 个网址也是这样：{zh}。", f"and {more} more addresses: {en}")
            )


def _read_of(where: Home, loads: list[Load]) -> tuple[set[str], set[str]]:
    """Addresses on the web that the record names, and those of archives that were read member by member."""
    import pyarrow.parquet as pq

    read: set[str] = set()
    members: set[str] = set()
    for path in record.paths(where, loads, "source"):
        with suppress(OSError, ValueError):  # named already
            t = pq.ParquetFile(path).read(["address", "path"])
            for address, place in zip(t["address"].to_pylist(), t["path"].to_pylist(), strict=True):
                if address is not None:
                    read.add(address)
                    if place != address:
                        members.add(address)
    return read, members


# -- the database --------------------------------------------------------------------------------------------------


def _database(where: Home, database: Path, loads: list[Load], memory: int, out: Findings) -> None:
    """Compare the published database with one built anew. Raises PipelineError where it cannot be opened."""
    if not database.exists():
        if loads:
            zh = f"数据库 {database} 不见了。运行 gouji rebuild 可由记录重建。"
            out.troubles.append(
                Trouble("database_missing", database.name, zh, f"the database {database} is missing; gouji rebuild")
            )
        return
    try:
        published.check_ours(database)
    except PipelineError as e:
        if e.kind not in ("foreign", "schema"):
            raise
        out.troubles.append(Trouble(f"database_{e.kind}", database.name, e.zh, e.en))
        return
    with _room(where) as room:
        anew = room / "anew.duckdb"
        warehouse.build(where, os.fspath(database), os.fspath(anew), memory, os.fspath(room / "spill"), anew=True)
        out.troubles += _compared(database, anew, memory, room / "spill")


@contextmanager
def _room(where: Home) -> Iterator[Path]:
    """A folder to build in: the home's, or the system's where the home cannot be written to."""
    base = where.staging if os.access(where.staging, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="doctor-", dir=base))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# A database made anew and the published one, and what a row there adds.
_SIDES = (("", "1"), ("published.main.", "-1"))


def _compared(database: Path, anew: Path, memory: int, spill: Path) -> list[Trouble]:
    con = warehouse.connect(anew, memory, spill)
    try:
        con.execute(f"ATTACH {literal(os.fspath(database))} AS published (READ_ONLY)")
        behind = con.execute(
            "SELECT count(*) FROM load ANTI JOIN published.load USING (load_id, started) WHERE error IS NULL"
        ).fetchall()
        if behind[0][0]:
            zh = f"数据库 {database} 还没有记录中最近的 {behind[0][0]} 次入库。再次运行 gouji ingest 或 gouji rebuild 即可。"
            en = f"the database {database} lacks the record's last {behind[0][0]} loads; run gouji ingest or gouji rebuild"
            return [Trouble("database_behind", database.name, zh, en)]
        out = []
        for table in tables.published():
            if table.name in _NOT_COMPARED:
                continue
            columns = ", ".join(quoted(c.name) for c in table.columns)
            only = f" WHERE {_COMPARED[table.name]}" if table.name in _COMPARED else ""
            # Each row counts as many times as it is in the one and not in the other; both ways in one pass.
            both = (f"SELECT {columns}, {n} AS n_ FROM {p}{quoted(table.name)}{only}" for p, n in _SIDES)
            rows = (
                f"SELECT sum(n_)::BIGINT AS n FROM ({' UNION ALL '.join(both)}) GROUP BY {columns} HAVING sum(n_) <> 0"
            )
            lacking, extra = con.execute(
                f"SELECT coalesce(sum(n) FILTER (n > 0), 0)::BIGINT, coalesce(-sum(n) FILTER (n < 0), 0)::BIGINT FROM ({rows})"
            ).fetchall()[0]
            if lacking or extra:
                zh = f"数据库的表 {table.name} 与记录不一致：缺 {lacking} 行，多 {extra} 行。运行 gouji rebuild 可由记录重建。"
                en = (
                    f"the table {table.name} does not agree with the record: {lacking} rows are lacking, {extra} are "
                    "too many; gouji rebuild makes it anew"
                )
                out.append(Trouble("database_differs", table.name, zh, en))
        return out
    finally:
        con.close()
