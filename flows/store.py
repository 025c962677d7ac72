"""What was received, kept by content.

Belongs here: the content-addressed store below ``snapshots/``. Does not belong here: what of it is new (`snapshots`),
examining all of it (`doctor`).

A snapshot is a copy of its own (a clone where the file system can, which shares blocks and no changes), never a link:
whatever is done to the received file later, the snapshot stays. Each is written under a temporary name, hashed as it is
written, on the disk before it takes its name. Homes of earlier versions hold hard links: `refit` goes through such a
home once, and any link that is met is made a copy if it still is what its name says.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from parsers.files import whole

from .files import Found
from .index import Index

CHUNK = 1 << 20
# Enough to tell an archive of documents from an office package, which is a zip archive too.
HEAD = 64
_NAME = re.compile(r"[0-9a-f]{64}")
# Beside the store: it never held links, or holds none any more.
_COPIES = ".copies"


def digest(path: str) -> tuple[str, bytes, os.stat_result]:
    """Hash, first bytes and state of a file. Raises OSError."""
    hashed = hashlib.sha256()
    head = b""
    with open(path, "rb") as f:  # noqa: PTH123
        while chunk := f.read(CHUNK):
            head = head or chunk[:HEAD]
            hashed.update(chunk)
        state = os.fstat(f.fileno())
    return hashed.hexdigest(), head, state


def stored_at(root: str, sha256: str) -> str:
    """Where a content is kept below the store's root."""
    return os.path.join(root, sha256[:2], sha256[2:4], sha256)  # noqa: PTH118


def create(root: Path) -> None:
    """Make a store, or leave the one that is there as it is. Raises OSError."""
    if not root.is_dir():
        root.mkdir(parents=True)
        _marker(root).touch()


def _marker(root: Path) -> Path:
    return root.with_name(root.name + _COPIES)


class Store:
    """The store under ``root``. One process at a time writes it (the writer's lock)."""

    def __init__(self, root: Path, index: Index) -> None:
        self._root = os.fspath(root)
        self._index = index
        self._touched: set[str] = set()

    def path(self, sha256: str) -> str:
        return stored_at(self._root, sha256)

    def names(self) -> Iterator[str]:
        """Every content that the store has a file for, whatever is in it."""
        for _, folders, files in os.walk(self._root):
            folders.sort()
            yield from (name for name in sorted(files) if _NAME.fullmatch(name))

    def holds(self, sha256: str) -> bool:
        """Whether the store has this content, unharmed; a link among the snapshots becomes a copy."""
        path = self.path(sha256)
        try:
            state = os.stat(path)  # noqa: PTH116
        except OSError:
            return False
        if state.st_nlink <= 1 and self._index.stored(sha256) == (state.st_size, state.st_mtime_ns):
            return True
        # A link, or edited, or made by a run whose notes are lost.
        return self.examine(sha256) == sha256

    def examine(self, sha256: str, *, detach: bool = True) -> str | None:
        """Hash a snapshot again: what it is now, None where there is none. A link that is sound becomes a copy.

        Raises OSError when it cannot be read, or the copy cannot be written.
        """
        path = self.path(sha256)
        try:
            now, _, state = digest(path)
        except FileNotFoundError:
            return None
        if now == sha256:
            if state.st_nlink > 1 and detach:
                return self._copy(path)
            self._index.remember_stored(sha256, state.st_size, state.st_mtime_ns)
        else:
            self._index.forget_stored(sha256)
        return now

    def put(self, found: Found, sha256: str) -> str:
        """Keep a file's content; returns the hash of what was kept, which differs if the file has just changed."""
        if self.holds(sha256):
            return sha256
        self._set_aside(sha256)
        return self._copy(found.path)

    def keep(self, data: bytes) -> str:
        """Keep a content that no file of its own holds; returns its hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.holds(sha256):
            self._set_aside(sha256)
            working = Path(self._working())
            with working.open("wb") as copy:
                copy.write(data)
                _flush(copy)
            self._settle(os.fspath(working), sha256)
        return sha256

    def refit(self, on_file: Callable[[], None] = lambda: None) -> list[str]:
        """Go once through a store that may hold links; returns the contents that are lost: something else is there."""
        marker = _marker(Path(self._root))
        if marker.exists():
            return []
        lost = []
        for sha256 in self.names():
            if not self.holds(sha256):
                lost.append(sha256)
            on_file()
        self.sync()
        marker.touch()
        return lost

    def sync(self) -> None:
        """Wait until the names of what was kept are on the disk; the contents are already."""
        for folder in sorted(self._touched):
            with suppress(OSError):  # not every network file system can
                whole.sync(Path(folder))
        self._touched.clear()

    def _set_aside(self, sha256: str) -> None:
        """What stands under a name that is not its own may be the only copy of another content: give it its own."""
        path = self.path(sha256)
        try:
            now, _, _ = digest(path)
        except OSError:
            return
        if now != sha256 and not self.holds(now):
            self._copy(path)

    def _working(self) -> str:
        return os.path.join(self._root, f"{os.getpid()}.tmp")  # noqa: PTH118

    def _copy(self, path: str) -> str:
        """A copy of a file under the hash of what was really copied, which is returned. Raises OSError."""
        working = self._working()
        with open(path, "rb") as source, open(working, "w+b") as copy:  # noqa: PTH123
            sha256 = _cloned(source, copy) or _copied(source, copy)
            _flush(copy)
        self._settle(working, sha256)
        return sha256

    def _settle(self, working: str, sha256: str) -> None:
        target = self.path(sha256)
        folder = os.path.dirname(target)  # noqa: PTH120
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        os.replace(working, target)  # noqa: PTH105
        self._touched.update((folder, os.path.dirname(folder), self._root))  # noqa: PTH120
        state = os.stat(target)  # noqa: PTH116
        self._index.remember_stored(sha256, state.st_size, state.st_mtime_ns)


def _flush(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _cloned(source: IO[bytes], copy: IO[bytes]) -> str | None:
    """The hash of a clone, read from the clone: the source may be changing. None where there can be no clone."""
    if not whole.clone(source, copy):
        return None
    copy.seek(0)
    return hashlib.file_digest(copy, "sha256").hexdigest()  # type: ignore[arg-type]


def _copied(source: IO[bytes], copy: IO[bytes]) -> str:
    hashed = hashlib.sha256()
    while chunk := source.read(CHUNK):
        hashed.update(chunk)
        copy.write(chunk)
    return hashed.hexdigest()
