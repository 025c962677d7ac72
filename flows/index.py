"""What is known already: a cache in front of the record, so that unchanged files cost nothing.

Belongs here: three small look-ups (state of a file → content; place → last content; content → how it was read).
Does not belong here: anything that could not be made again from the record and the files themselves.

`files` may run ahead of the record: it only says that a file of this size and time has this content. `places` and
`readings` follow the record load by load (`synced`), so a run that was killed in between is caught up by the next.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from schemas.database import tables

from .files import Found

# A file changed within this time could change again without its time showing it.
_SETTLED_NS = 2_000_000_000

_TABLES = """
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, sha256 TEXT, head BLOB)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stored (sha256 TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS places (path TEXT PRIMARY KEY, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS readings (
    sha256 TEXT PRIMARY KEY, versions TEXT, kind TEXT, message TEXT, time_limit INTEGER, memory_limit INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS published (path TEXT PRIMARY KEY, state TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS synced (load_id INTEGER);
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a content was read last. ``versions`` is parser, forms and rules in one text; ``kind`` None if it was used."""

    versions: str
    kind: str | None
    message: str | None
    time_limit: int
    memory_limit: int


def version_key(versions: dict[str, str]) -> str:
    """What makes a reading out of date when it changes."""
    return " ".join(versions[k] for k in ("parser", "forms", "rules"))


def _state(path: Path) -> str:
    """What changes when a file does, and with the schema that this program writes."""
    try:
        found = path.stat()
    except OSError:
        return "none"
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns} {tables.schema_version()}"


class Index:
    """The cache file. One process at a time uses it (the writer's lock)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            # It is a cache: a damaged one is thrown away.
            path.unlink(missing_ok=True)
            self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        # A lost cache only costs time, so it need not wait for the disk.
        db.execute("PRAGMA synchronous = OFF")
        db.executescript(_TABLES)
        db.execute("CREATE TEMP TABLE seen (path TEXT PRIMARY KEY) WITHOUT ROWID")
        return db

    def close(self) -> None:
        self._db.close()

    def begin(self) -> None:
        self._db.execute("BEGIN")

    def commit(self) -> None:
        self._db.execute("COMMIT")

    def known(self, found: Found) -> tuple[str, bytes] | None:
        """Content and first bytes of a file whose size and time are as before, if they are known."""
        row = self._db.execute(
            "SELECT sha256, head FROM files WHERE path = ? AND size = ? AND mtime_ns = ?",
            (found.name, found.size, found.mtime_ns),
        ).fetchone()
        return (row[0], row[1]) if row else None

    def remember(self, found: Found, sha256: str, head: bytes) -> None:
        if time.time_ns() - found.mtime_ns > _SETTLED_NS:
            self._db.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
                (found.name, found.size, found.mtime_ns, sha256, head),
            )

    def stored(self, sha256: str) -> tuple[int, int] | None:
        """Size and time that the snapshot of a content had when it was made."""
        row = self._db.execute("SELECT size, mtime_ns FROM stored WHERE sha256 = ?", (sha256,)).fetchone()
        return (row[0], row[1]) if row else None

    def remember_stored(self, sha256: str, size: int, mtime_ns: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO stored VALUES (?, ?, ?)", (sha256, size, mtime_ns))

    def forget_stored(self, sha256: str) -> None:
        """Whatever the snapshot looks like: it is not what it was."""
        self._db.execute("DELETE FROM stored WHERE sha256 = ?", (sha256,))

    def published(self, database: Path) -> bool:
        """Whether a database is as it was when it was published."""
        row = self._db.execute("SELECT state FROM published WHERE path = ?", (os.fspath(database),)).fetchone()
        return row is not None and row[0] == _state(database)

    def forget_published(self, database: Path) -> None:
        """It is going to be changed: whoever is cut off on the way leaves something that is not as it was published."""
        self._db.execute("DELETE FROM published WHERE path = ?", (os.fspath(database),))

    def remember_published(self, database: Path) -> None:
        values = (os.fspath(database), _state(database))
        self._db.execute("INSERT OR REPLACE INTO published VALUES (?, ?)", values)

    def place(self, name: str) -> str | None:
        """The last content recorded at a place."""
        row = self._db.execute("SELECT sha256 FROM places WHERE path = ?", (name,)).fetchone()
        return row[0] if row else None

    def see(self, name: str) -> None:
        """Note that a place was listed by this run."""
        self._db.execute("INSERT OR IGNORE INTO temp.seen VALUES (?)", (name,))

    def not_seen(self, folder: str) -> list[str]:
        """Places below a folder that the record knows and this run has not listed. ``folder`` ends with a separator."""
        rows = self._db.execute(
            "SELECT path FROM places WHERE path >= ? AND path < ? AND path NOT IN (SELECT path FROM temp.seen) ORDER BY path",
            (folder, folder[:-1] + chr(ord(folder[-1]) + 1)),
        )
        return [row[0] for row in rows]

    def other_places(self, contents: Iterable[str]) -> list[str]:
        """Places where the record last saw one of these contents, and which this run has not listed."""
        self._db.execute("CREATE TEMP TABLE wanted (sha256 TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.executemany("INSERT OR IGNORE INTO temp.wanted VALUES (?)", ((c,) for c in contents))
        rows = self._db.execute(
            "SELECT path FROM places WHERE sha256 IN (SELECT sha256 FROM temp.wanted) "
            "AND path NOT IN (SELECT path FROM temp.seen) ORDER BY path"
        ).fetchall()
        self._db.execute("DROP TABLE temp.wanted")
        return [row[0] for row in rows]

    def reading(self, sha256: str) -> Reading | None:
        row = self._db.execute(
            "SELECT versions, kind, message, time_limit, memory_limit FROM readings WHERE sha256 = ?", (sha256,)
        ).fetchone()
        return Reading(*row) if row else None

    def synced(self) -> int:
        """The last load that `places` and `readings` know; 0 for none."""
        return int(self._db.execute("SELECT coalesce(max(load_id), 0) FROM synced").fetchone()[0])

    def sync(
        self,
        load_id: int,
        places: Iterable[tuple[str, str]],
        readings: Iterable[tuple[str, Reading]],
        gone: Iterable[str] = (),
    ) -> None:
        """Take over one load of the record: (place, content), (content, reading) and places that are gone."""
        self.begin()
        self._db.executemany("DELETE FROM places WHERE path = ?", ((path,) for path in gone))
        self._db.executemany("INSERT OR REPLACE INTO places VALUES (?, ?)", places)
        self._db.executemany(
            "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?)",
            ((sha, r.versions, r.kind, r.message, r.time_limit, r.memory_limit) for sha, r in readings),
        )
        self._db.execute("DELETE FROM synced")
        self._db.execute("INSERT INTO synced VALUES (?)", (load_id,))
        self.commit()

    def forget(self) -> None:
        """Start again from an empty record."""
        self.begin()
        for table in ("places", "readings", "synced"):
            self._db.execute(f"DELETE FROM {table}")
        self.commit()
