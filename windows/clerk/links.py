"""勾稽核对 in the *Send to* menu and on the desktop, for this user, and their removal.

Belongs here: which links there are and what is said. Does not belong here: how Windows makes a link (`desktop`).
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import desktop

NAME = "勾稽核对.lnk"
ARGUMENTS = "-X utf8 -m windows.clerk"
_PLACES = {"“发送到”菜单": desktop.SEND_TO, "桌面": desktop.DESKTOP}


def change(*, add: bool) -> int:
    """Make the links or take them away, and say which; returns 0, or 2 where one could not be."""
    done, failed = [], []
    for where, identifier in _PLACES.items():
        try:
            path = desktop.known_folder(identifier) / NAME
            if add:
                program = Path(sys.executable).with_name("pythonw.exe")
                desktop.make_shortcut(path, program, ARGUMENTS, "核对政府信息公开年报")
            elif is_ours(path):
                path.unlink()
            done.append(where)
        except OSError as error:
            failed.append(f"{where}（{error}）")
    if add and done:
        text = f"已装到{'、'.join(done)}。右键点草稿或文件夹，选“发送到 → 勾稽核对”；或把它们拖到桌面的“勾稽核对”上。"
        text += "\n\n本文件夹以后如果移动了位置，请再运行一次。"
    else:
        text = f"已从{'、'.join(done)}移除。" if done else ""
    if failed:
        text += f"\n\n没有做成：{'、'.join(failed)}"
    desktop.tell(text.strip())
    return 2 if failed else 0


def is_ours(path: Path) -> bool:
    """Whether a link is one that was made here and not another of that name."""
    try:
        return ARGUMENTS.encode("utf-16-le") in path.read_bytes()
    except FileNotFoundError:
        return False
