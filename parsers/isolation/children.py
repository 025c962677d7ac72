"""What every child process that reads documents does first.

Belongs here: ending with its parent, ignoring Ctrl-C (the parent decides), memory limits, its own memory's size, the time that
a process has had.
Does not belong here: what a child works on and what becomes of it (`supervisor`).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from pathlib import Path


def follow_parent() -> None:
    """End this process as soon as its parent has, however the parent ended; leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, name="follow-parent", daemon=True).start()


def limit_memory(mebibytes: int) -> None:
    """Let this process take so much more memory than it has now. Windows has no such limit; time still bounds it."""
    if sys.platform == "win32":
        return
    import resource

    used = _statm(0)
    if used is None:
        return
    wanted = used + mebibytes * 2**20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
        # A crash is expected here; a dump of the memory for each would fill the disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def resident() -> int:
    """MiB of memory that this process holds now; 0 where the system does not say."""
    used = _statm(1)
    return 0 if used is None else used // 2**20


def cpu_seconds(pid: int) -> float | None:
    """How long a process has been at work on a processor; None where the system does not say."""
    try:
        if sys.platform == "win32":
            return _windows_cpu_seconds(pid)
        # Behind the name, which may hold anything: user and system time are the 12th and 13th.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


if sys.platform == "win32":

    def _windows_cpu_seconds(pid: int) -> float | None:
        import ctypes

        system = ctypes.WinDLL("kernel32", use_last_error=True)
        system.OpenProcess.restype = ctypes.c_void_p
        # PROCESS_QUERY_LIMITED_INFORMATION
        handle = system.OpenProcess(0x1000, False, pid)
        if not handle:
            return None
        times = (ctypes.c_ulonglong * 4)()
        at = [ctypes.c_void_p(ctypes.addressof(times) + 8 * i) for i in range(4)]
        try:
            done = system.GetProcessTimes(ctypes.c_void_p(handle), *at)
        finally:
            system.CloseHandle(ctypes.c_void_p(handle))
        # Kernel and user, in 100 ns.
        return (times[2] + times[3]) / 1e7 if done else None


def _statm(field: int) -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[field])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") if sys.platform != "win32" else None
