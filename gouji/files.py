"""Which files a command is to work on.

Belongs here: expanding files and folders given on the command line into a list of files, in order.
Does not belong here: what type a file is (`parsers.sniff`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

# Files that programs leave behind; no report is ever among them.
_LEFTOVERS = ("~$", ".~", "._", ".DS_Store", "Thumbs.db", "desktop.ini")


def expand(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file, folders walked in name order: (path, whether it could be found)."""
    for path in paths:
        if path.is_dir():
            for found in sorted(path.rglob("*")):
                if found.is_file() and not found.name.startswith(_LEFTOVERS):
                    yield found, True
        else:
            yield path, path.exists()
