"""What was answered last at each address: the conditions of the next request, and bodies of pages that are no reports.

Belongs here: ETag, Last-Modified and hash by address; the last body of list pages. Does not belong here: what is kept for good
(`store`): all of this is a cache and may be deleted, the next run then asks without conditions.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS answer (
    address TEXT PRIMARY KEY, sha256 TEXT, etag TEXT, modified TEXT, headers TEXT, at TEXT
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Known:
    """The last good answer at an address."""

    sha256: str
    etag: str
    modified: str
    headers: Mapping[str, str]
    at: datetime | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that make a request conditional; none where the server gave nothing to go by."""
        out = {}
        if self.etag:
            out["If-None-Match"] = self.etag
        if self.modified:
            out["If-Modified-Since"] = self.modified
        return out


class Answers:
    """The cache in ``folder``. ``kept`` says where a content lies that is kept for good (a path that may not exist)."""

    def __init__(self, folder: Path, kept: Callable[[str], str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._bodies = folder / "bodies"
        self._kept = kept
        # Contents whose snapshot is not what it should be: they are held here when they come.
        self.wanting: frozenset[str] = frozenset()
        self._lock = threading.Lock()
        path = folder / "answers.sqlite"
        try:
            self._db = _opened(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._db = _opened(path)

    def close(self) -> None:
        self._db.close()

    def known(self, address: str) -> Known | None:
        with self._lock:
            row = self._db.execute(
                "SELECT sha256, etag, modified, headers, at FROM answer WHERE address = ?", (address,)
            ).fetchone()
        if row is None:
            return None
        return Known(row[0], row[1] or "", row[2] or "", json.loads(row[3]), datetime.fromisoformat(row[4]))

    def usable(self, address: str) -> Known | None:
        """The last answer, if what it said is still at hand: only then may a server answer with "as before"."""
        known = self.known(address)
        return known if known is not None and self._path(known.sha256) is not None else None

    def keep(self, address: str, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
        """Put down an answer; returns its hash."""
        sha256 = hashlib.sha256(body).hexdigest()
        self._hold(sha256, body)
        values = (
            address,
            sha256,
            headers.get("etag", ""),
            headers.get("last-modified", ""),
            json.dumps(dict(headers), ensure_ascii=False),
            at.isoformat(),
        )
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)", values)
        return sha256

    def hold(self, body: bytes) -> str:
        """Put a content that no address has as it is where it can be read; returns its path."""
        return self._hold(hashlib.sha256(body).hexdigest(), body)

    def _hold(self, sha256: str, body: bytes) -> str:
        path = self._path(sha256)
        if path is None:
            target = self._cached(sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            working = target.with_name(f"{sha256}.{threading.get_ident()}")
            working.write_bytes(body)
            working.replace(target)
            path = os.fspath(target)
        return path

    def path(self, sha256: str) -> str | None:
        """Where a content lies that is at hand."""
        return self._path(sha256)

    def forget(self, address: str) -> None:
        """Ask without conditions the next time."""
        with self._lock:
            self._db.execute("DELETE FROM answer WHERE address = ?", (address,))

    def body(self, sha256: str) -> bytes | None:
        """A content that is at hand, and still is what its hash says."""
        path = self._path(sha256)
        if path is None:
            return None
        with suppress(OSError):
            body = Path(path).read_bytes()
            if hashlib.sha256(body).hexdigest() == sha256:
                return body
        return None

    def tidy(self) -> None:
        """Remove bodies that no address has any more, or that are kept for good elsewhere."""
        with self._lock:
            used = {row[0] for row in self._db.execute("SELECT sha256 FROM answer")}
        if not self._bodies.is_dir():
            return
        for path in self._bodies.glob("*/*"):
            if path.name not in used or os.path.exists(self._kept(path.name)):  # noqa: PTH110
                path.unlink(missing_ok=True)

    def _cached(self, sha256: str) -> Path:
        return self._bodies / sha256[:2] / sha256

    def _path(self, sha256: str) -> str | None:
        kept: tuple[str, ...] = () if sha256 in self.wanting else (self._kept(sha256),)
        for path in (*kept, os.fspath(self._cached(sha256))):
            if os.path.exists(path):  # noqa: PTH110
                return path
        return None


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = OFF")
    db.executescript(_TABLES)
    return db
