"""What the operating system refuses, by its name for the fault.

Belongs here: the faults that a clerk meets. Does not belong here: what is to be done about them (each sentence that names one).
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "fault_ENOENT": ("没有这个文件或文件夹", "No such file or directory"),
    "fault_EACCES": ("没有权限", "Permission denied"),
    "fault_EPERM": ("系统不允许", "Operation not permitted"),
    "fault_ENOTDIR": ("路径中间有一段不是文件夹", "Not a directory"),
    "fault_EISDIR": ("这是一个文件夹", "Is a directory"),
    "fault_EEXIST": ("已有同名的文件或文件夹", "File exists"),
    "fault_ENOSPC": ("磁盘已满", "No space left on device"),
    "fault_EROFS": ("磁盘是只读的", "Read-only file system"),
    "fault_ENAMETOOLONG": ("名称太长", "File name too long"),
    "fault_EBUSY": ("正被别的程序使用", "Device or resource busy"),
}
