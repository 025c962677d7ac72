"""Which files are there.

Belongs here: walking the folders given, names that can be stored and shown, what is skipped.
Does not belong here: content (`snapshots` hashes it, `parsers` reads it).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parsers.files.faults import why
from parsers.files.paths import shown
from schemas.report_identity import Evidence

# What editors and systems leave beside documents; none of them is one.
_SKIPPED_PREFIXES = (".", "~$")
_SKIPPED_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where on the web something was received: its address, that of the page whose publication it belongs to, the name of
    the file there, and what the place says of it. A page that only leads to a report is kept and not read."""

    address: str
    publication: str
    file_name: str
    evidence: tuple[Evidence, ...] = ()
    # False: to be kept and not to be read.
    read: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file: its path for the system, its name for people and tables, and its state.

    ``in_archive``: a document in a zip archive, by the archive's path and its name in there; the time is the archive's.
    ``origin``: not received as a file but from the web; ``name`` is then its place, which begins with the address.
    """

    path: str
    name: str
    size: int
    mtime_ns: int
    in_archive: bool = False
    origin: Origin | None = None


@dataclass(slots=True)
class Missing:
    """What was asked for and could not be used, with the reason."""

    name: str
    zh: str
    en: str


@dataclass(slots=True)
class Listing:
    """All files in the order of their names, each once, and what could not be listed."""

    files: list[Found] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    # What was listed whole: folders (ending with a separator) in which something was found, files named by themselves.
    roots: list[str] = field(default_factory=list)


def _skipped(name: str) -> bool:
    return name.startswith(_SKIPPED_PREFIXES) or name.lower() in _SKIPPED_NAMES


def _walk(folder: str, never: str, missing: list[Missing]) -> Iterator[str]:
    """Paths of all entries below a folder, links to folders not followed, the home itself left out."""

    def failed(e: OSError) -> None:
        missing.append(_unreadable(os.fspath(e.filename), e))

    for parent, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(
            f
            for f in folders
            if not _skipped(f) and os.path.normcase(os.path.join(parent, f)) != never  # noqa: PTH118
        )
        for name in sorted(names):
            if not _skipped(name):
                yield os.path.join(parent, name)  # noqa: PTH118


def _unreadable(path: str, e: OSError) -> Missing:
    name = shown(path)
    return Missing(name, f"{name}：读不了（{why(e)}）", f"{name}: cannot be read ({why(e, 'en')})")


def listing(paths: Iterable[str | os.PathLike[str]], home: Path) -> Listing:
    """Every file under the paths given; a file named by itself is taken whatever it is called.

    Paths are made absolute, not resolved: the place a file is received at is its lineage.
    """
    out = Listing()
    seen: set[str] = set()
    never = os.path.normcase(os.path.abspath(home))  # noqa: PTH100

    def add(path: str) -> None:
        key = os.path.normcase(path)
        if key in seen:
            return
        seen.add(key)
        try:
            state = os.stat(path)  # noqa: PTH116
        except OSError as e:
            out.missing.append(_unreadable(path, e))
            return
        # A pipe or a device would never end.
        if stat.S_ISREG(state.st_mode):
            out.files.append(Found(path, shown(path), state.st_size, state.st_mtime_ns))
        else:
            name = shown(path)
            out.missing.append(Missing(name, f"{name}：不是普通文件", f"{name}: not a regular file"))

    for given in paths:
        path = os.path.abspath(given)  # noqa: PTH100
        if os.path.isdir(path):  # noqa: PTH112
            before = len(seen), len(out.missing)
            for entry in _walk(path, never, out.missing):
                add(entry)
            if len(seen) > before[0] and len(out.missing) == before[1]:
                out.roots.append(shown(os.path.join(path, "")))  # noqa: PTH118
            if (len(seen), len(out.missing)) == before:
                name = shown(path)
                zh = f"{name}：文件夹里没有文件；若是共享盘，可能没有挂载"
                out.missing.append(
                    Missing(name, zh, f"{name}: there is no file in this folder; a share may not be mounted")
                )
        else:
            out.roots.append(shown(path))
            add(path)
    out.files.sort(key=lambda f: f.name)
    return out
