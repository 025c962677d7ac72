"""What was received, kept by content; and what of it is new.

Belongs here: the content-addressed store, hashing, the plan of a run (what to read, what only to note, what to leave).
Does not belong here: reading documents, writing the record.

The store takes a hard link where it can (`Settings.snapshot`). A link shares later edits made *in place*; so every
snapshot's size and time are kept, a snapshot that no longer has them is hashed again before it is trusted, and one
that no longer is what its name says is dropped. Workers compare the hash of what they really read with the plan's.
Documents are read at the place they were received, not in the store, because a file's name is evidence too.

A zip archive of documents stands for its members: each is a file with a place of its own (上报.zip/教育局/年报.docx), kept
by its own content; the archive itself is not kept. One that cannot be opened is a file like any other, and set aside.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parsers.document import UnreadableError
from parsers.files import zips

from .files import Found, Missing
from .home import Home, Settings
from .index import Index, version_key

_CHUNK = 1 << 20
# Enough to tell an archive of documents from an office package, which is a zip archive too.
_HEAD = 64


@dataclass(slots=True)
class Item:
    """One content of a run: where to read it, and the places it was found at that the record does not know yet."""

    path: str
    name: str
    sha256: str
    size: int
    head: bytes
    places: list[str] = field(default_factory=list)
    # Files of this run that stand or fall with it.
    files: list[str] = field(default_factory=list)
    # False: the content is known, only its places are new.
    read: bool = True
    # Decided before reading, because an earlier attempt hung or crashed: (kind, message).
    problem: tuple[str, str] | None = None
    crashes: int = 0


@dataclass(slots=True)
class Plan:
    """What a run has to do, and how many files are of which sort; the sorts do not overlap."""

    items: list[Item] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    files: int = 0
    new: int = 0
    revised: int = 0
    reread: int = 0
    unchanged: int = 0
    # Unchanged files that could not be used before: name, kind, message.
    known_bad: list[tuple[str, str, str]] = field(default_factory=list)


def _digest(path: str) -> tuple[str, bytes, os.stat_result]:
    """Hash, first bytes and state of a file. Raises OSError."""
    digest = hashlib.sha256()
    head = b""
    with open(path, "rb") as f:  # noqa: PTH123
        while chunk := f.read(_CHUNK):
            head = head or chunk[:_HEAD]
            digest.update(chunk)
        state = os.fstat(f.fileno())
    return digest.hexdigest(), head, state


def stored_at(root: str, sha256: str) -> str:
    """Where a content is kept below the store's root."""
    return os.path.join(root, sha256[:2], sha256[2:4], sha256)  # noqa: PTH118


class Store:
    """The content-addressed store under ``snapshots/``."""

    def __init__(self, root: Path, index: Index, *, link: bool) -> None:
        self._root = os.fspath(root)
        self._index = index
        self._link = link
        self._folders: set[str] = set()

    def path(self, sha256: str) -> str:
        return stored_at(self._root, sha256)

    def holds(self, sha256: str) -> bool:
        """Whether the store has this content, unharmed."""
        path = self.path(sha256)
        try:
            state = os.stat(path)  # noqa: PTH116
        except OSError:
            return False
        if self._index.stored(sha256) == (state.st_size, state.st_mtime_ns):
            return True
        # Edited through another link, or made by a run whose notes are lost.
        if _digest(path)[0] == sha256:
            self._index.remember_stored(sha256, state.st_size, state.st_mtime_ns)
            return True
        self.discard(sha256)
        return False

    def discard(self, sha256: str) -> None:
        """Drop a snapshot that is not what its name says. The user's own file is another link and stays."""
        Path(self.path(sha256)).unlink(missing_ok=True)

    def put(self, found: Found, sha256: str) -> str:
        """Keep a file's content; returns the hash of what was kept, which differs if the file has just changed."""
        if self.holds(sha256):
            return sha256
        target = self.path(sha256)
        folder = os.path.dirname(target)  # noqa: PTH120
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            self._folders.add(folder)
        if self._link:
            try:
                os.link(found.path, target)
            except OSError:
                pass  # another file system, or one without links: copy
            else:
                state = os.stat(target)  # noqa: PTH116
                if (state.st_size, state.st_mtime_ns) == (found.size, found.mtime_ns):
                    self._index.remember_stored(sha256, state.st_size, state.st_mtime_ns)
                    return sha256
                os.unlink(target)  # noqa: PTH108
        return self._copy(found.path)

    def keep(self, data: bytes) -> str:
        """Keep a content that no file of its own holds; returns its hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.holds(sha256):
            working = Path(self._root, f"{os.getpid()}.tmp")
            working.write_bytes(data)
            self._settle(os.fspath(working), sha256)
        return sha256

    def _copy(self, path: str) -> str:
        working = os.path.join(self._root, f"{os.getpid()}.tmp")  # noqa: PTH118
        digest = hashlib.sha256()
        with open(path, "rb") as source, open(working, "wb") as copy:  # noqa: PTH123
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
        sha256 = digest.hexdigest()
        self._settle(working, sha256)
        return sha256

    def _settle(self, working: str, sha256: str) -> None:
        target = self.path(sha256)
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        os.replace(working, target)  # noqa: PTH105
        state = os.stat(target)  # noqa: PTH116
        self._index.remember_stored(sha256, state.st_size, state.st_mtime_ns)


def _take(found: Found, index: Index, store: Store) -> tuple[str, bytes]:
    """The content of a file, hashed if need be and kept in the store. Raises OSError, UnreadableError."""
    known = index.known(found)
    if found.in_archive:
        if known and store.holds(known[0]):
            return known
        data = zips.read_bytes(Path(found.path))
        sha256, head = store.keep(data), data[:_HEAD]
        index.remember(found, sha256, head)
        return sha256, head
    if known:
        sha256, head = known
        if store.put(found, sha256) == sha256:
            return known
    sha256, head, state = _digest(found.path)
    found = Found(found.path, found.name, state.st_size, state.st_mtime_ns)
    kept = store.put(found, sha256)
    if kept == sha256:
        index.remember(found, sha256, head)
    return kept, head


def _documents(listed: Iterable[Found], index: Index, on_file: Callable[[], None]) -> Iterator[Found]:
    """The files, in place of an archive of documents its members."""
    for found in listed:
        on_file()
        members = zips.members_with_sizes(Path(found.path)) if _may_be_archive(found, index) else None
        if members is None:
            yield found
            continue
        for member, size in members:
            name = found.name + os.fspath(member)[len(found.path) :]
            yield Found(os.fspath(member), name, size, found.mtime_ns, in_archive=True)


def _may_be_archive(found: Found, index: Index) -> bool:
    """Whether it is worth opening; of a known file that is no zip archive nothing is read."""
    known = index.known(found)
    if known is not None and not known[1].startswith(b"PK"):
        return False
    if known is not None and len(known[1]) == _HEAD:
        return zips.may_be(known[1])
    try:
        with open(found.path, "rb") as f:  # noqa: PTH123
            return zips.may_be(f.read(_HEAD))
    except OSError:
        return False


def plan(
    listed: Iterable[Found],
    home: Home,
    settings: Settings,
    index: Index,
    versions: dict[str, str],
    on_file: Callable[[], None] = lambda: None,
) -> Plan:
    """Snapshot every file and say what the run has to do with it."""
    out = Plan()
    store = Store(home.snapshots, index, link=settings.snapshot == "link")
    current = version_key(versions)
    by_content: dict[str, Item] = {}
    index.begin()
    for found in _documents(listed, index, on_file):
        out.files += 1
        try:
            sha256, head = _take(found, index, store)
        except UnreadableError as e:
            # In an archive: without its content there is nothing to keep or to set aside.
            out.missing.append(
                Missing(found.name, f"{found.name}：{e.message}", f"{found.name}: cannot be read ({e.kind})")
            )
            continue
        except OSError as e:
            reason = e.strerror or type(e).__name__
            out.missing.append(
                Missing(found.name, f"{found.name}：读不了（{reason}）", f"{found.name}: cannot be read ({reason})")
            )
            continue
        before = index.place(found.name)
        reading = index.reading(sha256)
        # A larger limit is a reason to try again what was too slow or too large.
        fresh = (
            reading is not None
            and reading.versions == current
            and not (
                (reading.kind == "timed_out" and settings.time_limit > reading.time_limit)
                or (reading.kind == "too_large" and settings.memory_limit > reading.memory_limit)
            )
        )
        if before == sha256 and fresh:
            out.unchanged += 1
            if reading is not None and reading.kind is not None:
                out.known_bad.append((found.name, reading.kind, reading.message or ""))
            continue
        if before is None:
            out.new += 1
        elif before != sha256:
            out.revised += 1
        else:
            out.reread += 1
        item = by_content.get(sha256)
        if item is None:
            item = Item(found.path, found.name, sha256, found.size, head, read=not fresh)
            by_content[sha256] = item
            out.items.append(item)
        item.files.append(found.name)
        if before != sha256:
            item.places.append(found.name)
        if fresh and reading is not None and reading.kind is not None:
            out.known_bad.append((found.name, reading.kind, reading.message or ""))
    index.commit()
    return out
