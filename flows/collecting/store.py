"""The collector's own record: publications, their files, when each was seen, changed, gone; runs; what is in trouble.

Belongs here: the tables and every change of them. Does not belong here: the contents (the snapshots, `flows.store`), what was read in
them (the record), deciding what a visit means (`visits`).

An SQLite file in the home. What a person may rely on is written with one transaction for a publication, on the disk when it returns, and
only after the contents and what was read of them are: whatever is cut off before is asked for and done again. ``receipt`` is appended to
and never changed: what was received, from which address, with which headers, when.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.errors import PipelineError
from schemas.report_identity import Evidence

from .contract import Candidate, Trouble

FORMAT = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS publication (
    address TEXT PRIMARY KEY, source TEXT NOT NULL, found_on TEXT, link_text TEXT, date TEXT, year INTEGER, body TEXT,
    evidence TEXT NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, checked TEXT NOT NULL, changed TEXT,
    missing INTEGER NOT NULL DEFAULT 0, gone TEXT, returned TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    publication TEXT NOT NULL, address TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL, link_text TEXT,
    sha256 TEXT NOT NULL, seen_sha256 TEXT NOT NULL, skeleton TEXT,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, changed TEXT, missing INTEGER NOT NULL DEFAULT 0, gone TEXT,
    PRIMARY KEY (publication, address)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_address ON file (address);
CREATE TABLE IF NOT EXISTS receipt (
    run INTEGER NOT NULL, publication TEXT NOT NULL, address TEXT NOT NULL, answered_by TEXT NOT NULL, role TEXT NOT NULL,
    sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, at TEXT NOT NULL, headers TEXT NOT NULL, name TEXT NOT NULL, hops TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS event (run INTEGER NOT NULL, at TEXT NOT NULL, publication TEXT NOT NULL, address TEXT NOT NULL,
    what TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS run (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, state TEXT NOT NULL, pid INTEGER NOT NULL, counts TEXT
);
CREATE TABLE IF NOT EXISTS trouble (
    source TEXT NOT NULL, address TEXT NOT NULL, problem TEXT NOT NULL, detail TEXT NOT NULL, since TEXT NOT NULL,
    last TEXT NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (source, address, problem)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (address TEXT PRIMARY KEY, content TEXT NOT NULL, day TEXT NOT NULL, days INTEGER NOT NULL
) WITHOUT ROWID;
"""


def now() -> str:
    """This instant in UTC, as the record writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class Publication:
    """A page that was found to be a publication, as it was last visited."""

    address: str
    source: str
    found_on: str = ""
    link_text: str = ""
    date: str | None = None
    year: int | None = None
    body: str | None = None
    evidence: tuple[Evidence, ...] = ()
    first_seen: str = ""
    last_seen: str = ""
    checked: str = ""
    changed: str | None = None
    # Visits in a row at which it was not there; since when it counts as gone; when it came back last.
    missing: int = 0
    gone: str | None = None
    returned: str | None = None


@dataclass(slots=True)
class File:
    """A file of a publication. ``sha256`` is the content that was read last; ``seen_sha256`` the one that was seen last, which may
    differ by decoration; ``skeleton`` what of a page decoration leaves alone (`visits`)."""

    publication: str
    address: str
    role: str
    name: str
    link_text: str
    sha256: str
    seen_sha256: str
    skeleton: str | None
    first_seen: str
    last_seen: str
    changed: str | None = None
    missing: int = 0
    gone: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One content as it was received. ``state`` is what it was then: ``new``, ``revised``, ``same`` or ``unchanged``."""

    publication: str
    address: str
    answered_by: str
    role: str
    sha256: str
    bytes: int
    at: str
    headers: Mapping[str, str]
    name: str
    hops: tuple[str, ...]
    state: str


@dataclass(slots=True)
class RunRow:
    """A run as the record has it. ``state``: ``running``, ``done``, ``failed``, ``broken`` (killed, closed by a later one)."""

    id: int
    started: str
    finished: str | None
    state: str
    counts: dict[str, Any] = field(default_factory=dict)


class Collected:
    """The record. One process at a time writes it (the collector's lock); threads may share it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._lock = threading.RLock()
        self._path = path
        try:
            if read_only:
                self._db = _for_reading(path)
            else:
                self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                # At once: who looks while it is being made sees nothing, or all of it.
                made = f"INSERT OR IGNORE INTO meta VALUES ('format', '{FORMAT}');"
                self._db.executescript(f"BEGIN IMMEDIATE;{_TABLES}{made}COMMIT;")
            found = self._db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        except sqlite3.DatabaseError as e:
            if isinstance(e, sqlite3.OperationalError) and "malformed" not in str(e):
                raise
            raise PipelineError(
                f"采集记录 {path} 已损坏（{e}）。请从备份恢复；收到的内容和数据库不受影响。",
                f"the collector's record {path} is damaged ({e}); restore it from a backup. What was received and the database are whole",
            ) from e
        if found is None or int(found[0]) > FORMAT:
            raise PipelineError(
                f"采集记录 {path} 由更新版本的程序写成，请升级本程序。",
                f"the collector's record {path} was written by a newer version of this program; upgrade it",
            )

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Within, all changes are one, on the disk at the end."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    # -- publications ----------------------------------------------------------------------------------------------------

    def publication(self, address: str) -> Publication | None:
        with self._lock:
            row = self._db.execute("SELECT * FROM publication WHERE address = ?", (address,)).fetchone()
        return _publication(row) if row else None

    def publications(self, source: str | None = None) -> list[Publication]:
        """All of a source, or of all; those checked longest ago first."""
        where, values = ("WHERE source = ?", (source,)) if source is not None else ("", ())
        with self._lock:
            rows = self._db.execute(f"SELECT * FROM publication {where} ORDER BY checked, address", values).fetchall()
        return [_publication(row) for row in rows]

    def files(self, publication: str) -> list[File]:
        with self._lock:
            rows = self._db.execute(
                "SELECT * FROM file WHERE publication = ? ORDER BY role <> 'page', address", (publication,)
            ).fetchall()
        return [File(*row) for row in rows]

    def put(self, found: Publication) -> None:
        values = (
            *(found.address, found.source, found.found_on, found.link_text, found.date, found.year, found.body),
            json.dumps([e.to_json() for e in found.evidence], ensure_ascii=False),
            *(
                found.first_seen,
                found.last_seen,
                found.checked,
                found.changed,
                found.missing,
                found.gone,
                found.returned,
            ),
        )
        with self._lock:
            self._db.execute(f"INSERT OR REPLACE INTO publication VALUES ({', '.join('?' * len(values))})", values)

    def put_file(self, found: File) -> None:
        values = tuple(getattr(found, name) for name in File.__dataclass_fields__)
        with self._lock:
            self._db.execute(f"INSERT OR REPLACE INTO file VALUES ({', '.join('?' * len(values))})", values)

    def seen_again(self, addresses: Iterable[str], at: str) -> None:
        """Publications of which nothing has changed, with all their files."""
        listed = [(at, at, a) for a in addresses]
        with self.changing():
            self._db.executemany(
                "UPDATE publication SET last_seen = ?, checked = ?, missing = 0 WHERE address = ?", listed
            )
            self._db.executemany(
                "UPDATE file SET last_seen = ?, missing = 0 WHERE publication = ? AND gone IS NULL",
                [(at, a) for _, at, a in listed],
            )

    def receive(self, run: int, receipt: Receipt) -> None:
        """Append a receipt."""
        values = (
            *(
                run,
                receipt.publication,
                receipt.address,
                receipt.answered_by,
                receipt.role,
                receipt.sha256,
                receipt.bytes,
            ),
            *(
                receipt.at,
                json.dumps(dict(receipt.headers), ensure_ascii=False),
                receipt.name,
                json.dumps(list(receipt.hops)),
            ),
            receipt.state,
        )
        with self._lock:
            self._db.execute(f"INSERT INTO receipt VALUES ({', '.join('?' * len(values))})", values)

    def receipts(self, address: str) -> list[dict[str, Any]]:
        """Everything received at an address, oldest first."""
        return self._rows("SELECT * FROM receipt WHERE address = ? ORDER BY rowid", (address,))

    def tell(self, run: int, publication: str, address: str, what: str, at: str) -> None:
        """Append an event: ``missing``, ``gone``, ``returned``, ``unlinked``, ``moved`` (``address``: where to)."""
        with self._lock:
            self._db.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", (run, at, publication, address, what))

    def events(self, publication: str | None = None, *, last: int | None = None) -> list[dict[str, Any]]:
        """What happened, oldest first: of a publication, or of all; the ``last`` so many."""
        where, values = ("WHERE publication = ?", (publication,)) if publication is not None else ("", ())
        rows = self._rows(
            f"SELECT * FROM (SELECT rowid AS number, * FROM event {where} ORDER BY rowid DESC LIMIT ?) ORDER BY number",
            (*values, -1 if last is None else last),
        )
        return [{k: v for k, v in row.items() if k != "number"} for row in rows]

    def all_files(self) -> list[File]:
        """Every file of every publication."""
        with self._lock:
            return [File(*row) for row in self._db.execute("SELECT * FROM file ORDER BY publication, address")]

    def damage(self) -> str | None:
        """What is wrong with the file itself; None where nothing is."""
        try:
            with self._lock:
                (said,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as e:
            return str(e)
        return None if said == "ok" else str(said)

    # -- what is held back ---------------------------------------------------------------------------------------------

    def hold(self, address: str, content: str, day: str) -> int:
        """Note that a content came which is not taken for what is there; returns on how many days it has come by now."""
        with self.changing():
            row = self._db.execute("SELECT content, day, days FROM held WHERE address = ?", (address,)).fetchone()
            days = 1 if row is None or row[0] != content else row[2] + (row[1] != day)
            self._db.execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)", (address, content, day, days))
        return int(days)

    # -- runs and troubles -----------------------------------------------------------------------------------------------

    def begin(self) -> tuple[int, str | None]:
        """Open a run; returns its number, and when the last one began if it was broken off. Such runs are closed."""
        at = now()
        with self.changing():
            broken = self._db.execute(
                "SELECT started FROM run WHERE state = 'running' ORDER BY id DESC LIMIT 1"
            ).fetchone()
            self._db.execute("UPDATE run SET state = 'broken', finished = ? WHERE state = 'running'", (at,))
            cursor = self._db.execute(
                "INSERT INTO run (started, state, pid) VALUES (?, 'running', ?)", (at, os.getpid())
            )
        return int(cursor.lastrowid or 0), broken[0] if broken else None

    def end(self, run: int, state: str, counts: Mapping[str, Any]) -> None:
        with self.changing():
            self._db.execute(
                "UPDATE run SET finished = ?, state = ?, counts = ? WHERE id = ?",
                (now(), state, json.dumps(dict(counts), ensure_ascii=False), run),
            )

    def runs(self, limit: int = 10) -> list[RunRow]:
        """The last runs, newest first."""
        rows = self._rows("SELECT id, started, finished, state, counts FROM run ORDER BY id DESC LIMIT ?", (limit,))
        return [RunRow(r["id"], r["started"], r["finished"], r["state"], json.loads(r["counts"] or "{}")) for r in rows]

    def troubles(self) -> list[dict[str, Any]]:
        """What is in trouble now, with since when."""
        return self._rows("SELECT * FROM trouble ORDER BY source, address, problem")

    def standing(self) -> set[tuple[str, str, str]]:
        """Troubles that were told long enough, by source, address and problem."""
        rows = self._rows("SELECT value FROM meta WHERE key = 'standing'")
        return {tuple(key) for key in json.loads(rows[0]["value"])} if rows else set()

    def moved(self) -> set[str]:
        """Publications that are at another address now."""
        with self._lock:
            rows = self._db.execute(
                "SELECT DISTINCT e.publication FROM event e JOIN publication p ON p.address = e.publication "
                "WHERE e.what = 'moved' AND p.gone IS NOT NULL"
            ).fetchall()
        return {address for (address,) in rows}

    def unlisted(self, names: Iterable[str]) -> int:
        """How many publications there are of sources of other names."""
        known = set(names)
        with self._lock:
            rows = self._db.execute("SELECT source, count(*) FROM publication GROUP BY source").fetchall()
        return sum(n for name, n in rows if name not in known)

    def forget_troubles(self, names: Iterable[str]) -> None:
        """The troubles of sources of other names are nobody's. Within `changing`."""
        known = set(names)
        gone = [row[0] for row in self._db.execute("SELECT DISTINCT source FROM trouble") if row[0] not in known]
        self._db.executemany("DELETE FROM trouble WHERE source = ?", [(name,) for name in gone])

    def put_troubles(
        self, run: int, asked: Iterable[str], found: Iterable[Trouble], at: str, standing: Iterable[Trouble] = ()
    ) -> None:
        """The troubles of the sources that were ``asked`` in a run; those of before that are not among them are over. ``standing``: those
        that were told long enough."""
        asked = list(asked)
        kept = {key for key in self.standing() if key[0] not in asked}
        kept |= {(t.source, t.address, t.problem) for t in standing}
        with self.changing():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('standing', ?)", (json.dumps(sorted(kept)),))
            for trouble in found:
                self._db.execute(
                    "INSERT INTO trouble VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, address, problem) DO UPDATE "
                    "SET detail = excluded.detail, last = excluded.last, run = excluded.run",
                    (trouble.source, trouble.address, trouble.problem, trouble.detail, at, at, run),
                )
            self._db.executemany("DELETE FROM trouble WHERE source = ? AND run <> ?", [(name, run) for name in asked])

    def counts(self) -> dict[str, int]:
        """How much there is: publications, those gone, files, receipts."""
        asked = {
            "publications": "SELECT count(*) FROM publication",
            "gone": "SELECT count(*) FROM publication WHERE gone IS NOT NULL",
            "files": "SELECT count(*) FROM file",
            "receipts": "SELECT count(*) FROM receipt",
        }
        with self._lock:
            return {name: int(self._db.execute(sql).fetchone()[0]) for name, sql in asked.items()}

    def _rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        with self._lock:
            cursor = self._db.execute(sql, values)
            names = [d[0] for d in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _for_reading(path: Path) -> sqlite3.Connection:
    """The file as it is. Where nothing may be written beside it, which SQLite does even for reading, nobody writes it either: then it
    is read alone, or with what was not yet taken over into it from a copy of both."""
    plain = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=30)
    try:
        plain.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return plain
    except sqlite3.OperationalError:
        plain.close()
        log = path.with_name(f"{path.name}-wal")
        if not log.exists() or not log.stat().st_size:
            return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)
    with tempfile.TemporaryDirectory(prefix="gouji-") as room:
        copies = [shutil.copyfile(each, Path(room) / each.name) for each in (path, log)]
        with closing(sqlite3.connect(copies[0])) as whole:
            read = sqlite3.connect(":memory:", check_same_thread=False)
            whole.backup(read)
    return read


def _publication(row: tuple[Any, ...]) -> Publication:
    found = Publication(*row)
    found.evidence = tuple(Evidence(**e) for e in json.loads(str(row[7])))
    return found


def of_candidate(candidate: Candidate, at: str) -> Publication:
    """A publication that was not known before."""
    return Publication(
        candidate.address,
        candidate.source,
        candidate.found_on,
        candidate.link_text,
        candidate.date.isoformat() if candidate.date else None,
        candidate.year,
        candidate.body,
        candidate.evidence,
        first_seen=at,
        last_seen=at,
        checked=at,
    )
