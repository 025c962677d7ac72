"""Which files a command is to work on.

Belongs here: expanding files, folders and zip archives given on the command line into a list of files, in order; which
of them are our own outputs. Does not belong here: what type a file is (`parsers.files.sniff`), what is in an archive (`parsers.files.zips`).
"""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from parsers.document import UnreadableError
from parsers.files import marks, zips
from parsers.files.marks import Kind
from parsers.files.paths import below, reachable

# Files that programs leave behind; no report is ever among them.
_LEFTOVERS = ("~$", "~WR", "Thumbs.db", "desktop.ini")


def expand(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file, folders walked in name order: (path, whether it could be found).

    Of a zip archive of documents its members, as paths below its own; such a path can also be given itself. Patterns
    (``*.docx``) are for Windows, whose command line leaves them to the program.
    """
    for given in paths:
        yield from _expanded(given)


def _expanded(given: Path) -> Iterator[tuple[Path, bool]]:
    given = reachable(given)
    for path in [given] if given.exists() else matching(given):
        if path.is_dir():
            for found, inside in below(path):
                if not _is_left_over(inside) and found.is_file():
                    yield from _with_members(found)
        elif path.is_file():
            yield from _with_members(path)
        else:
            yield path, path.exists() or zips.is_member(path)


def _is_left_over(inside: Path) -> bool:
    """What programs leave behind, and what is hidden: a folder's own notes, its versions."""
    return inside.name.startswith(_LEFTOVERS) or any(part.startswith(".") for part in inside.parts)


def matching(pattern: Path) -> list[Path]:
    """The paths that a pattern names; what names none is taken as it is."""
    found = sorted(glob.glob(str(pattern))) if glob.has_magic(str(pattern)) else []  # noqa: PTH207
    return [Path(p) for p in found if not _is_left_over(Path(Path(p).name))] or [pattern]


def _with_members(path: Path) -> Iterator[tuple[Path, bool]]:
    members = zips.members(path)
    if members is None:
        yield path, True
    else:
        yield from ((member, True) for member in members)


def called(path: str) -> str:
    """What a file is called: its name, and in an archive the archive's in front of it."""
    within = next((p for p in Path(path).parents if p.is_file()), None)
    return Path(path).name if within is None else f"{within.name}/{Path(path).relative_to(within).as_posix()}"


def told_apart(paths: Sequence[str]) -> dict[str, str]:
    """What each path is called: by its name, and where several have one name with as many folders as tell them apart."""
    parts = {p: p.replace("\\", "/").split("/") for p in paths}
    out: dict[str, str] = {}
    for length in range(1, max(map(len, parts.values()), default=0) + 1):
        left = {p: "/".join(each[-length:]) for p, each in parts.items() if p not in out}
        times = Counter(left.values())
        out.update({p: name for p, name in left.items() if times[name] == 1 or len(parts[p]) <= length})
    return out


# Outputs that are no drafts. A draft that was begun, and a summed form, are.
_NO_DRAFTS: tuple[Kind, ...] = ("copy", "report", "slip", "workbook", "result")


def own_output(path: Path) -> Kind | None:
    """What a file is that this program wrote and that is no draft; None for any other."""
    try:
        mark = marks.of_file(path) if path.is_file() else marks.of(zips.read_bytes(path))
    except (OSError, UnreadableError):
        return None
    return mark.kind if mark is not None and mark.kind in _NO_DRAFTS else None


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
