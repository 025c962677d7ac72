"""Which files a command is to work on.

Belongs here: expanding files, folders and zip archives given on the command line into a list of files, in order.
Does not belong here: what type a file is (`parsers.files.sniff`), what is in an archive (`parsers.files.zips`).
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from parsers.document import UnreadableError
from parsers.files import zips

# Files that programs leave behind; no report is ever among them.
_LEFTOVERS = ("~$", ".~", "._", ".DS_Store", "Thumbs.db", "desktop.ini")


def expand(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file, folders walked in name order: (path, whether it could be found).

    Of a zip archive of documents its members, as paths below its own; such a path can also be given itself. Patterns
    (``*.docx``) are for Windows, whose command line leaves them to the program.
    """
    for given in paths:
        yield from _expanded(given)


def _expanded(given: Path) -> Iterator[tuple[Path, bool]]:
    for path in [given] if given.exists() else matching(given):
        if path.is_dir():
            for found in sorted(path.rglob("*")):
                if found.is_file() and not found.name.startswith(_LEFTOVERS):
                    yield from _with_members(found)
        elif path.is_file():
            yield from _with_members(path)
        else:
            yield path, path.exists() or zips.is_member(path)


def matching(pattern: Path) -> list[Path]:
    """The paths that a pattern names; what names none is taken as it is."""
    found = sorted(glob.glob(str(pattern))) if glob.has_magic(str(pattern)) else []  # noqa: PTH207
    return [Path(p) for p in found if not Path(p).name.startswith(_LEFTOVERS)] or [pattern]


def _with_members(path: Path) -> Iterator[tuple[Path, bool]]:
    members = zips.members(path)
    if members is None:
        yield path, True
    else:
        yield from ((member, True) for member in members)


def head(path: Path) -> bytes:
    """The first bytes of a file, or of a document in an archive; empty where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(64)
    except OSError:
        return content(path)[:64]


def content(path: Path) -> bytes:
    """All bytes of a file, or of a document in an archive; empty where it cannot be read."""
    try:
        return path.read_bytes() if path.is_file() else zips.read_bytes(path)
    except (OSError, UnreadableError):
        return b""
