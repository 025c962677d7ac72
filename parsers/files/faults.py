"""What the operating system refuses, by its name for the fault, in Chinese and English.

Belongs here: the faults that a person meets. Does not belong here: what is to be done about them (each sentence that names one).
"""

from __future__ import annotations

import errno
from typing import Literal

FAULTS: dict[str, tuple[str, str]] = {
    "ENOENT": ("没有这个文件或文件夹", "No such file or directory"),
    "EACCES": ("没有权限", "Permission denied"),
    "EPERM": ("系统不允许", "Operation not permitted"),
    "ENOTDIR": ("路径中间有一段不是文件夹", "Not a directory"),
    "EISDIR": ("这是一个文件夹", "Is a directory"),
    "EEXIST": ("已有同名的文件或文件夹", "File exists"),
    "ENOSPC": ("磁盘已满", "No space left on device"),
    "EDQUOT": ("磁盘配额已用完", "Disk quota exceeded"),
    "EFBIG": ("文件超过了系统允许的大小", "File too large"),
    "EMFILE": ("打开的文件太多", "Too many open files"),
    "ENFILE": ("打开的文件太多", "Too many open files in system"),
    "ENOMEM": ("内存不足", "Cannot allocate memory"),
    "EROFS": ("磁盘是只读的", "Read-only file system"),
    "ENAMETOOLONG": ("名称太长", "File name too long"),
    "EBUSY": ("正被别的程序使用", "Device or resource busy"),
    "EIO": ("读写出错", "Input/output error"),
    "ELOOP": ("链接绕成了圈", "Too many levels of symbolic links"),
}


def why(error: OSError, lang: Literal["zh", "en"] = "zh") -> str:
    """Why the system refused, in the reader's language where it is a common fault, else as the system says it."""
    name = errno.errorcode.get(error.errno or 0, "")
    if name in FAULTS:
        return FAULTS[name][0 if lang == "zh" else 1]
    return error.strerror or str(error) or type(error).__name__
