"""The operating system's lock on a file, on POSIX and on Windows.

Belongs here: trying to lock. Does not belong here: what is done under the lock (`flows.lock`, `gouji.round`).

The lock belongs to the open file and goes with its process however that ends, so a killed run leaves nothing behind.
Child processes do not inherit it (Python's files are not inheritable).
"""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes, and locked bytes cannot be read: lock one far behind the text.
    _FAR = 1 << 30

    def try_lock(fd: int) -> bool:
        """Lock an open file for this process alone; False where another has it."""
        os.lseek(fd, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def share(fd: int) -> None:
        """Whoever has a file for himself there keeps it from being opened."""
else:
    import fcntl

    def try_lock(fd: int) -> bool:
        """Lock an open file for this process alone; False where another has it."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def share(fd: int) -> None:
        """Lock for reading, and let go. Raises BlockingIOError."""
        fcntl.lockf(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.lockf(fd, fcntl.LOCK_UN)
