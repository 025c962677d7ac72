"""What was received, and what of it is new.

Belongs here: the plan of a run: a snapshot of every file, and what to read, what only to note, what to leave.
Does not belong here: how snapshots are kept (`store`), reading documents, writing the record.

Documents are read at the place they were received, not in the store, because a file's name is evidence too. Workers
compare the hash of what they really read with the plan's.

A zip archive of documents stands for its members: each is a file with a place of its own (上报.zip/教育局/年报.docx), kept
by its own content; the archive itself is not kept. One that cannot be opened is a file like any other, and set aside.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from parsers.document import UnreadableError
from parsers.files import zips
from parsers.files.faults import why

from .files import Found, Missing, Origin
from .home import Home, Settings
from .index import Index, version_key
from .store import HEAD, Store, digest


@dataclass(slots=True)
class Item:
    """One content of a run: where to read it, and the places it was found at that the record does not know yet."""

    path: str
    name: str
    sha256: str
    size: int
    head: bytes
    places: list[str] = field(default_factory=list)
    # Of places on the web.
    origins: dict[str, Origin] = field(default_factory=dict)
    # What stood at its place before, where a change may be of decoration only: then it is no news.
    before: str | None = None
    # Files of this run that stand or fall with it.
    files: list[str] = field(default_factory=list)
    # False: the content is known, only its places are new.
    read: bool = True
    # It was read before, by whatever version.
    known: bool = False
    # Decided before reading, because an earlier attempt hung or crashed: (kind, message).
    problem: tuple[str, str] | None = None

    @property
    def origin(self) -> Origin | None:
        """Where on the web it was found first; None for a file."""
        return next(iter(self.origins.values()), None)

    @property
    def file_name(self) -> str:
        """The name it is read under."""
        return self.origin.file_name if self.origin is not None else self.name


@dataclass(slots=True)
class Plan:
    """What a run has to do, and how many files are of which sort; the sorts do not overlap."""

    items: list[Item] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    files: int = 0
    unchanged: int = 0
    # Unchanged files that could not be used before: name, kind, message.
    known_bad: list[tuple[str, str, str]] = field(default_factory=list)
    # Names of the items' files: ``new``, ``revised`` or ``reread``.
    sorts: dict[str, str] = field(default_factory=dict)
    # Places on the web: ``new``, ``revised``, ``reread`` or ``unchanged``, and their addresses.
    states: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    # Snapshots that an earlier version kept as links and that are something else now: their hashes.
    lost: list[str] = field(default_factory=list)
    # Places that the record knows and where nothing is any more.
    gone: list[str] = field(default_factory=list)

    def note(self, found: Found, state: str) -> None:
        if found.origin is not None:
            self.states[found.name] = state
            self.addresses[found.name] = found.origin.address


def _take(found: Found, index: Index, store: Store) -> tuple[str, bytes]:
    """The content of a file, hashed if need be and kept in the store. Raises OSError, UnreadableError."""
    known = index.known(found)
    if found.in_archive:
        if known and store.holds(known[0]):
            return known
        data = zips.read_bytes(Path(found.path))
        sha256, head = store.keep(data), data[:HEAD]
        index.remember(found, sha256, head)
        return sha256, head
    if known:
        sha256, head = known
        if store.put(found, sha256) == sha256:
            return known
    sha256, head, state = digest(found.path)
    found = Found(found.path, found.name, state.st_size, state.st_mtime_ns)
    kept = store.put(found, sha256)
    if kept == sha256:
        index.remember(found, sha256, head)
    return kept, head


def _documents(
    listed: Iterable[Found], index: Index, on_file: Callable[[], None], archives: list[str]
) -> Iterator[Found]:
    """The files, in place of an archive of documents its members. ``archives`` gets the places of those from the web."""
    for found in listed:
        on_file()
        members = zips.members_with_sizes(Path(found.path)) if _may_be_archive(found, index) else None
        if members is None:
            yield found
            continue
        if found.origin is not None:
            archives.append(found.name + os.sep)
        for member, size in members:
            name = found.name + os.fspath(member)[len(found.path) :]
            origin = found.origin and replace(found.origin, file_name=Path(member).name)
            yield Found(os.fspath(member), name, size, found.mtime_ns, in_archive=True, origin=origin)


def _may_be_archive(found: Found, index: Index) -> bool:
    """Whether it is worth opening; of a known file that is no zip archive nothing is read."""
    known = index.known(found)
    if known is not None and not known[1].startswith(b"PK"):
        return False
    if known is not None and len(known[1]) == HEAD:
        return zips.may_be(known[1])
    try:
        with open(found.path, "rb") as f:  # noqa: PTH123
            return zips.may_be(f.read(HEAD))
    except OSError:
        return False


def plan(
    listed: Iterable[Found],
    home: Home,
    settings: Settings,
    index: Index,
    versions: dict[str, str],
    on_file: Callable[[], None] = lambda: None,
    on_work: Callable[[], None] = lambda: None,
    roots: Iterable[str] = (),
) -> Plan:
    """Snapshot every file and say what the run has to do with it. ``on_work`` is called when there is something.

    ``roots`` are the files and folders that were listed whole: what the record knows there and is not, is gone.
    """
    out = Plan()
    store = Store(home.snapshots, index)
    current = version_key(versions)
    by_content: dict[str, Item] = {}
    taken: set[str] = set()
    index.begin()
    lost = store.refit()
    archives: list[str] = []
    for found in _documents(listed, index, on_file, archives):
        out.files += 1
        index.see(found.name)
        try:
            sha256, head = _take(found, index, store)
        except UnreadableError as e:
            # In an archive: without its content there is nothing to keep or to set aside.
            out.missing.append(
                Missing(found.name, f"{found.name}：{e.message}", f"{found.name}: cannot be read ({e.kind})")
            )
            continue
        except OSError as e:
            out.missing.append(
                Missing(
                    found.name, f"{found.name}：读不了（{why(e)}）", f"{found.name}: cannot be read ({why(e, 'en')})"
                )
            )
            continue
        if found.origin is not None and not found.origin.read:
            out.files -= 1
            continue
        if found.name in taken:
            # Two publications lead to one file: it stands at its place once.
            out.files -= 1
            continue
        taken.add(found.name)
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
            out.note(found, "unchanged")
            if reading is not None and reading.kind is not None:
                out.known_bad.append((found.name, reading.kind, reading.message or ""))
            continue
        state = "new" if before is None else "revised" if before != sha256 else "reread"
        out.sorts[found.name] = state
        out.note(found, state)
        item = by_content.get(sha256)
        if item is None:
            item = Item(found.path, found.name, sha256, found.size, head, read=not fresh, known=reading is not None)
            by_content[sha256] = item
            out.items.append(item)
            on_work()
        item.files.append(found.name)
        if found.origin is not None:
            item.origins[found.name] = found.origin
            # A content at several places is news at those where it is new.
            if before is not None and before != sha256 and not item.places:
                item.before = before
            else:
                item.before = None
        if before != sha256:
            item.places.append(found.name)
        if fresh and reading is not None and reading.kind is not None:
            out.known_bad.append((found.name, reading.kind, reading.message or ""))
    # What an archive from the web holds is listed whole.
    out.gone = sorted({*_gone(roots, out, index), *(place for each in archives for place in index.not_seen(each))})
    # A file of this run may have brought one back.
    out.lost = [sha256 for sha256 in lost if not store.holds(sha256)]
    store.sync()
    index.commit()
    return out


def _gone(roots: Iterable[str], made: Plan, index: Index) -> list[str]:
    """Known places that nothing is at any more: below what was listed, or where a content stood that is elsewhere now."""
    known: list[str] = []
    for root in roots:
        known += index.not_seen(root) if root.endswith(os.sep) else [root] if index.place(root) is not None else []
    # A file that was moved out of a folder that nobody named.
    moved = [item.sha256 for item in made.items if not item.read and item.places]
    known += index.other_places(moved) if moved else []
    return sorted({place for place in known if not _is_there(place)})


def _is_there(place: str) -> bool:
    """Whether something is at a place, and no folder; of places on the web nobody but the collector knows, and of a member of an archive
    that is there its listing."""
    return "://" in place[:10] or (os.path.lexists(place) and not Path(place).is_dir())
