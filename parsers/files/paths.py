"""Paths as text that can be shown and stored, and back.

Belongs here: names in bytes that are no text in the system's encoding. Does not belong here: what a name says of a report
(`identity`), which files there are (`gouji.batch.files`, `flows.files`).

On Linux and macOS an archive from a Chinese Windows is often unpacked with names in GBK bytes. Python holds such a name
with surrogates, which no JSON, workbook or database takes.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

_BETWEEN = re.compile(rf"([{re.escape(os.sep + (os.altsep or ''))}])")

# How Windows has a path spelled that is longer than it once allowed; names in it are taken as they stand.
_LONG, _LONG_SHARE = "\\\\?\\", "\\\\?\\UNC\\"
# Its limit of 260 less what is appended to a folder's name.
_LONGEST = 240
# What a name may not have there, and names of devices, which stand for no file whatever their ending.
_REFUSED = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(?=\.|$)", re.IGNORECASE)


def shown(path: str) -> str:
    """A path as valid text. Names in GBK are read as such, each on its own; others are escaped, never lost."""
    if path.startswith(_LONG):
        path = "\\\\" + path[len(_LONG_SHARE) :] if path.startswith(_LONG_SHARE) else path[len(_LONG) :]
    if _is_text(path):
        return path
    return "".join(part if _is_text(part) else _read(os.fsencode(part)) for part in _BETWEEN.split(path))


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _read(raw: bytes) -> str:
    return decoded(raw) or raw.decode("utf-8", "backslashreplace")


def decoded(raw: bytes) -> str | None:
    """A name in the encodings that systems write names in; None where it is in none of them."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def actual(path: Path) -> Path:
    """The path by which the system knows a file that is shown as ``path``; ``path`` itself where there is none."""
    path = reachable(path)
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


def reachable(path: Path) -> Path:
    """The path by which a file is found however long it is; on all systems but Windows the path itself."""
    if sys.platform != "win32":
        return path
    text = os.path.abspath(path)  # noqa: PTH100
    return path if len(text) < _LONGEST else Path(long_spelling(text))


def long_spelling(path: str) -> str:
    """An absolute path of Windows in the spelling that has no limit."""
    if path.startswith(_LONG):
        return path
    return f"{_LONG_SHARE}{path[2:]}" if path.startswith("\\\\") else f"{_LONG}{path}"


def below(folder: Path) -> list[tuple[Path, Path]]:
    """Everything below a folder in order of names: each as it is reached, and relative to the folder. Raises OSError."""
    if sys.platform != "win32":
        return [(found, found.relative_to(folder)) for found in sorted(folder.rglob("*"))]
    # Started from the long spelling, it goes as deep as there are folders.
    root = Path(long_spelling(os.path.abspath(folder)))  # noqa: PTH100
    inside = sorted(found.relative_to(root) for found in root.rglob("*"))
    return [(reachable(folder / name), name) for name in inside]


def allowed_on_windows(name: str) -> str:
    """A file's name as Windows takes it: in an archive, or of another system, a name may be any."""
    kept = _REFUSED.sub("_", name).rstrip(" .") or "_"
    return f"_{kept}" if _DEVICE.match(kept) else kept
