"""Where the result page is written.

Belongs here: a name that says whose result it is, a folder that may be written to, never a file that is there.
Does not belong here: writing (`gouji.outputs`), what is on the page.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from . import desktop

# Windows' limit for a whole path is 260 characters; a long title must not take all of it.
_LONGEST = 60


def page_for(dropped: Sequence[Path]) -> Path:
    """A file that is not there, beside what was dropped if one may write there, else in the user's own folder.

    Beside a folder and not in it: what is in it are drafts. Raises OSError where nothing can be written at all.
    """
    stem = _stem(dropped)
    for folder in _folders(dropped):
        if may_write(folder):
            for number in count(1):
                path = folder / (f"{stem}.html" if number == 1 else f"{stem}（{number}）.html")
                if not os.path.lexists(path):
                    return path
    raise OSError("没有可以写入结果的文件夹")


def _stem(dropped: Sequence[Path]) -> str:
    first = dropped[0]
    name = (first.name if first.is_dir() else first.stem) or first.drive.strip(":\\/") or "草稿"
    name = name[:_LONGEST].rstrip(" .")
    return f"{name} 核对结果" if len(dropped) == 1 else f"{name} 等{len(dropped)}项 核对结果"


def _folders(dropped: Sequence[Path]) -> Iterator[Path]:
    inputs = [path for path in dropped if path.is_dir()]
    for path in dropped:
        folder = path.absolute().parent
        # A folder that is itself checked would take the page for a draft; a drive has nothing beside it.
        if not any(folder.resolve().is_relative_to(given.resolve()) for given in inputs):
            yield folder
            break
    if local := os.environ.get("LOCALAPPDATA"):
        yield Path(local) / "勾稽" / "核对结果"
    yield Path(tempfile.gettempdir())


def documents() -> Path:
    """The user's folder for documents, else the user's own: never the program's, which goes when it is removed."""
    try:
        return desktop.known_folder(desktop.DOCUMENTS)
    except OSError:
        return Path.home()


def may_write(folder: Path) -> bool:
    """Whether a file can be made there: tried, since shares and synchronised folders say one thing and do another."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
