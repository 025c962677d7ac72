"""Files that are written whole or not at all.

Belongs here: a temporary file beside the target, on the disk before it takes the target's name; copies that the file
system makes without copying. Does not belong here: which files may be written (`gouji.outputs`), what is in them.

A program that is killed, or a disk that fills up, leaves the file that was there before; the temporary one is removed,
or recognised by its ending by whoever cleans up.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

# Of every temporary file here.
ENDING = ".gouji-tmp"
_CHUNK = 1 << 20
# ioctl FICLONE of Linux: the target shares the source's blocks until one of them is written (Btrfs, XFS, bcachefs).
_FICLONE = 0x40049409
# Seconds between two tries to rename, in all less than a person waits.
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)


def sync(path: Path) -> None:
    """Wait until a file, or a folder's names, are on the disk."""
    if sys.platform == "win32" and path.is_dir():
        return  # folders cannot be opened there
    fd = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def beside(path: Path) -> Path:
    """The temporary name of a file: in its folder, so that renaming it is one step. One process writes it at a time."""
    return path.with_name(f".{path.name[:40]}.{os.getpid()}{ENDING}")


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose bytes are at ``path`` when the block ends well, and nowhere when it does not. Raises OSError."""
    working = beside(path)
    try:
        with working.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        _keep_mode(path, working)
        _into_place(working, path)
    except BaseException:
        with suppress(OSError):
            working.unlink(missing_ok=True)
        raise


def write(path: Path, content: bytes) -> None:
    """The same for bytes that are at hand."""
    with writing(path) as stream:
        stream.write(content)


def _into_place(working: Path, path: Path) -> None:
    """Rename; where the system keeps an open file from being replaced, wait for what looks at every new file for a moment.

    That is a scanner for viruses, a synchronised folder, a browser that reads the page again. What holds it longer (Word,
    Excel) is a person's to close. Raises OSError.
    """
    for pause in (*_PAUSES, None) if sys.platform == "win32" else (None,):
        try:
            working.replace(path)
            return
        except PermissionError:
            if pause is None:
                raise
            time.sleep(pause)


def _keep_mode(path: Path, working: Path) -> None:
    """Who may read a file that is replaced stays as it was. On Windows a file's mode says no such thing."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        working.chmod(path.stat().st_mode & 0o7777)


def duplicate(source: Path, target: Path) -> None:
    """Make ``target`` a copy of ``source``, a clone where there can be one. Raises OSError."""
    with source.open("rb") as original, target.open("wb") as copy:
        if not clone(original, copy):
            shutil.copyfileobj(original, copy, _CHUNK)


def clone(source: IO[bytes], target: IO[bytes]) -> bool:
    """Let the file system make ``target`` equal to ``source`` without copying; False where it cannot.

    Neither changes with the other afterwards, which is what sets a clone apart from a link.
    """
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        fcntl.ioctl(target.fileno(), _FICLONE, source.fileno())
    except OSError:
        return False
    return True
