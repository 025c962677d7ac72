"""Paths as text that can be shown and stored, and back.

Belongs here: names in bytes that are no text in the system's encoding. Does not belong here: what a name says of a report
(`identity`), which files there are (`gouji.batch.files`, `flows.files`).

On Linux and macOS an archive from a Chinese Windows is often unpacked with names in GBK bytes. Python holds such a name
with surrogates, which no JSON, workbook or database takes.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_BETWEEN = re.compile(rf"([{re.escape(os.sep + (os.altsep or ''))}])")


def shown(path: str) -> str:
    """A path as valid text. Names in GBK are read as such, each on its own; others are escaped, never lost."""
    if _is_text(path):
        return path
    return "".join(part if _is_text(part) else _decoded(os.fsencode(part)) for part in _BETWEEN.split(path))


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def actual(path: Path) -> Path:
    """The path by which the system knows a file that is shown as ``path``; ``path`` itself where there is none."""
    if path.exists() or str(path).isascii():
        return path
    found = Path(path.anchor)
    for i, part in enumerate(path.parts[1 if path.anchor else 0 :], start=1 if path.anchor else 0):
        if found.is_file():
            # A document in an archive: the rest is its name in there.
            return found.joinpath(*path.parts[i:])
        if (found / part).exists():
            found /= part
            continue
        try:
            name = next((n for n in os.listdir(found) if shown(n) == part), None)  # noqa: PTH208
        except OSError:
            return path
        if name is None:
            return path
        found /= name
    return found
