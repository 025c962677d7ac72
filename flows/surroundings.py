"""What a run's surroundings do to it, told in one sentence.

Belongs here: a full disk, folders that may not be written to, memory, a Prefect server that fails, told from faults of
the program; what has been kept all the same.
Does not belong here: faults of one document (they are set aside with a reason), whatever a module says better itself.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import PipelineError

# Less than that is none: file systems keep some back.
_NO_SPACE = 1 << 20
_FULL = ("no space left", "disk is full", "disk quota", "database or disk is full")
_DENIED = ("readonly database", "read-only", "permission denied", "access is denied")
_MEMORY = ("out of memory", "outofmemory", "bad allocation", "cannot allocate memory")
# (zh, en) of what keeps files from being written, by error number.
_BY_NUMBER = {
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EDQUOT: ("磁盘配额已用完", "the disk quota is used up"),
    errno.EFBIG: ("文件超过了系统允许的大小", "a file is larger than the system allows"),
    errno.EROFS: ("所在的磁盘只能读", "the disk can only be read"),
    errno.EACCES: ("没有写入权限", "it may not be written to"),
    errno.EPERM: ("没有写入权限", "it may not be written to"),
    errno.EMFILE: ("打开的文件太多", "too many files are open"),
    errno.ENFILE: ("打开的文件太多", "too many files are open"),
    errno.EIO: ("磁盘读写出错", "the disk fails"),
}
_LOG = "error.log"

Kept = tuple[str, str]
NOTHING: Kept = ("这次没有存下结果，以前存妥的不受影响", "nothing of this run was kept, what was kept before is whole")
UNCHANGED: Kept = ("已存妥的不受影响", "what was kept is whole")


def committed(load_id: int) -> Kept:
    """What to say once a load is in the record."""
    return (
        f"这次读到的结果已存妥（第 {load_id} 次入库），只是数据库没有更新；排除后运行 gouji rebuild 即可",
        f"what was read is kept (load {load_id}), only the database was not made; gouji rebuild makes it afterwards",
    )


def partly(load_id: int) -> Kept:
    """What to say where a part of what was read is in the record."""
    return (
        f"到第 {load_id} 次入库为止读到的已存妥，其余没有；排除后再次运行，从那里继续",
        f"what was read up to load {load_id} is kept, the rest is not; run again afterwards, and it goes on from there",
    )


@contextmanager
def told(home: Path, kept: Callable[[], Kept]) -> Iterator[None]:
    """Within, whatever ends the work is raised as PipelineError that says why, and what is kept."""
    try:
        yield
    except (PipelineError, ModuleNotFoundError):
        raise
    except Exception as error:
        raise explained(error, home, kept()) from error


def explained(error: Exception, home: Path, kept: Kept) -> PipelineError:
    """An exception as what a person can act on."""
    zh, en = _cause(error, home)
    return PipelineError(f"{zh}。{kept[0]}。", f"{en}; {kept[1]}")


def _cause(error: Exception, home: Path) -> Kept:
    chain = list(_chain(error))
    for each in chain:
        if isinstance(each, OSError) and each.errno in _BY_NUMBER:
            zh, en = _BY_NUMBER[each.errno]
            where = str(each.filename or home)
            return f"{where}：{zh}，做不下去", f"{where}: {en}"
    said = " ".join(f"{type(e).__name__}: {e}" for e in chain).lower()
    if any(word in said for word in _FULL) or _free(home) < _NO_SPACE:
        return f"{home} 所在的磁盘已满，做不下去", f"the disk of {home} is full"
    if any(word in said for word in _MEMORY) or any(isinstance(e, MemoryError) for e in chain):
        return "内存不足，做不下去", "there is not enough memory"
    if any(type(e).__name__ == "BrokenProcessPool" for e in chain):
        return (
            "入库进程被系统终止，多半是内存不足",
            "the loading process was ended by the system, most likely for lack of memory",
        )
    if (missing := next((e for e in chain if isinstance(e, ImportError)), None)) is not None:
        return (
            f"安装不完整，程序的一部分不能用（{_short(missing)}），做不下去。请重新安装本程序",
            f"the installation is not complete, a part of the program cannot be used ({_short(missing)}); install it again",
        )
    if any(word in said for word in _DENIED):
        return f"{home} 不能写入，做不下去", f"{home} cannot be written to"
    if "disk i/o error" in said:
        return f"{home} 所在的磁盘读写出错，做不下去", f"the disk of {home} fails"
    if any(isinstance(e, sqlite3.OperationalError) and "locked" in str(e) for e in chain):
        return f"{home} 里的文件正被其他程序占用", f"a file in {home} is in use by another program"
    if "socksio" in said:
        return (
            "环境变量里的 SOCKS 代理用不了（缺少 socksio），连不上 PREFECT_API_URL 指定的服务",
            "the SOCKS proxy of the environment cannot be used (socksio is missing) to reach the server of PREFECT_API_URL",
        )
    if any(type(e).__module__.split(".")[0] in ("prefect", "httpx", "httpcore") for e in chain):
        log = home / "prefect" / "server.log"
        return f"Prefect 出错（{_short(error)}），详见 {log}", f"Prefect fails ({_short(error)}); see {log}"
    with suppress(OSError):
        (home / _LOG).write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    log = home / _LOG
    return (
        f"程序出错（{_short(error)}），详情写在 {log}，请交给维护者",
        f"the program failed ({_short(error)}); details are in {log}, please send it to the maintainers",
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        each = todo.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        todo += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]


def _short(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[-1] if text else ''}"[:200]


def _free(home: Path) -> int:
    for folder in (home, *home.parents):
        with suppress(OSError):
            return shutil.disk_usage(folder).free
    return _NO_SPACE
