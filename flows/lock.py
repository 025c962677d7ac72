"""One writer at a time.

Belongs here: who may write to a home, and who is writing.
Does not belong here: the operating system's lock (`parsers.files.lock`), what is done under it.

The lock belongs to the open file and goes with its process however that ends, so a killed run leaves nothing behind.
Child processes do not inherit it (Python's files are not inheritable).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from parsers.files.faults import why
from parsers.files.lock import share, try_lock

from .errors import PipelineError

# Seconds between two looks at a lock that is waited for.
_LOOK = 0.2


def held_by_another(path: Path) -> tuple[str, str] | None:
    """Why a file cannot be shared with those who have it open, in Chinese and English; None where nobody has it for himself.

    Databases lock their files like this. Nothing is changed. Do not ask about a file that this process has locked.
    """
    try:
        with path.open("rb") as stream:
            share(stream.fileno())
    except BlockingIOError:
        return "已被锁定", "locked"
    except OSError as e:
        return why(e), why(e, "en")
    return None


def holder(path: Path) -> str | None:
    """The note of the process that holds a lock; None where nobody does. Raises nothing."""
    try:
        fd = os.open(path, os.O_RDWR)
    except OSError:
        try:
            # Another's home: that much can be seen without leave to write.
            fd = os.open(path, os.O_RDONLY)
        except OSError:
            return None
    try:
        if try_lock(fd):
            return None
        return path.read_text(encoding="utf-8", errors="replace").strip() or "?"
    finally:
        os.close(fd)


def _waited(fd: int, patience: float, on_wait: Callable[[], None]) -> bool:
    """Whether the lock could be had in the end."""
    end = time.monotonic() + patience
    if patience > 0:
        on_wait()
    while time.monotonic() < end:
        time.sleep(_LOOK)
        if try_lock(fd):
            return True
    return False


@contextmanager
def writing(path: Path, patience: float = 0.0, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock. Raises `PipelineError` when another process has it for longer than ``patience`` seconds; its note says which.
    ``on_wait`` is called once where it has to be waited for. Raises OSError of its folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        # Nobody knows of the lock: it is the home that cannot be written to.
        error.filename = os.fspath(path.parent)
        raise
    try:
        if not (try_lock(fd) or _waited(fd, patience, on_wait)):
            note = path.read_text(encoding="utf-8", errors="replace").strip()
            collects = path.parent.name == "collecting"
            raise PipelineError(
                f"另一个{'采集' if collects else '入库'}任务正在写同一数据目录（{note}）。请等它结束后再试。",
                f"another {'collect' if collects else 'run'} is writing to the same home ({note}); try again when it has ended",
            )
        os.lseek(fd, 0, os.SEEK_SET)
        os.ftruncate(fd, 0)
        os.write(fd, f"pid {os.getpid()}, {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n".encode())
        yield
    finally:
        os.close(fd)
