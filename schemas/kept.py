"""What every start would make anew from what never changes: data files parsed, regular expressions compiled.

Belongs here: keeping both between two starts, and reading a package's data file. Does not belong here: what is in a file.

A clerk's command is over in an eighth of a second, and a third of that went into parsing the same TOML files and compiling
the same patterns. They are kept in one file beside Python's own compiled modules (``schemas/__pycache__``), or in the
user's cache folder where that cannot be written.

Nothing kept is ever stale: a data file's content is found by its hash, a pattern by its text and flags, both only by the
very Python that made them. Nothing depends on it either: what is missing, damaged or cannot be written is made anew.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import re
import sys
import zlib
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

# What a file begins with: who wrote it. Another Python's codes are not ours.
_WRITER = f"gouji 1 {sys.version} {sys.byteorder}\n".encode()
# What only one run needs (patterns made of a document's own words) is no reason to write; nor does the file grow for ever.
_WORTH_WRITING = 25
_MOST = 4000
# These depend on more than a pattern's text.
_SPECIAL = int(re.LOCALE | re.DEBUG)

Pattern = tuple[str | bytes, int]


class Kept:
    """What is kept, and what this process had to make itself. ``places``: where the file may lie, the best first."""

    def __init__(self, places: list[Path]) -> None:
        self.places = places
        self.contents: dict[bytes, bytes] = {}
        self.patterns: dict[Pattern, bytes] = {}
        self.new_contents: dict[bytes, bytes] = {}
        self.missed: dict[Pattern, None] = {}
        for place in places:
            if (found := _read(place)) is not None:
                self.contents, self.patterns = found
                break

    def parsed(self, data: bytes) -> dict[str, Any]:
        key = hashlib.sha256(data).digest()
        kept = self.contents.get(key)
        if kept is not None:
            found: dict[str, Any] = marshal.loads(kept)
            return found
        # Takes longer to import than a file takes to read.
        import tomllib

        content = tomllib.loads(data.decode("utf-8"))
        with suppress(ValueError):  # a date cannot be kept
            self.contents[key] = self.new_contents[key] = marshal.dumps(content)
        return content

    def save(self) -> None:
        """Keep what this process had to make, if it is worth it. Never raises, whatever the file system says."""
        if not self.new_contents and len(self.missed) < _WORTH_WRITING:
            return
        new = {key: made for key in self.missed if (made := _compiled(*key)) is not None}
        self.patterns.update(new)
        for place in self.places:
            # Who wants no compiled modules beside the code wants none of this there either.
            if not (sys.dont_write_bytecode and place.parent.name == "__pycache__") and self._write(place, new):
                break
        self.missed.clear()
        self.new_contents.clear()

    def _write(self, place: Path, new: dict[Pattern, bytes]) -> bool:
        # Another process may have written in between.
        contents, patterns = _read(place) or (self.contents, self.patterns)
        contents, patterns = {**contents, **self.new_contents}, {**patterns, **new}
        if len(contents) + len(patterns) > _MOST:
            contents, patterns = self.new_contents, new
        body = marshal.dumps((contents, patterns))
        own = place.with_name(f"{place.name}.{os.getpid()}")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            own.write_bytes(_WRITER + _checksum(body) + body)
            own.replace(place)
        except OSError:
            with suppress(OSError):
                own.unlink(missing_ok=True)
            return False
        return True


def _checksum(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(4, "little")


def _read(place: Path) -> tuple[dict[bytes, bytes], dict[Pattern, bytes]] | None:
    """What a file keeps; None where it is not there, damaged or another Python's."""
    try:
        content = place.read_bytes()
    except OSError:
        return None
    body = content[len(_WRITER) + 4 :]
    if not content.startswith(_WRITER) or content[len(_WRITER) : len(_WRITER) + 4] != _checksum(body):
        return None
    contents, patterns = marshal.loads(body)
    return contents, patterns


def _places() -> list[Path]:
    tag = sys.implementation.cache_tag
    if tag is None:
        return []
    folders = [Path(__file__).parent / "__pycache__"]
    user = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # nobody's home
        folders.append((Path(user) if user else Path.home() / ".cache") / "gouji")
    return [folder / f"kept.{tag}.bin" for folder in folders]


KEPT = Kept(_places())


def toml(path: Path) -> dict[str, Any]:
    """The content of a data file of ours. Raises as `parsed`, OSError."""
    return parsed(path.read_bytes())


def parsed(data: bytes) -> dict[str, Any]:
    """TOML in UTF-8 as a dictionary of the caller's own. Raises ValueError for what is no TOML or no UTF-8."""
    return KEPT.parsed(data)


# -- patterns ------------------------------------------------------------------------------------------------------


def remember_patterns() -> None:
    """From now on `re.compile` finds kept patterns, everybody's in this process. For commands, not for libraries.

    Where this Python's `re` is not made as we know it nothing changes.
    """
    try:
        engine: Any = import_module("_sre")
        compiler: Any = import_module("re._compiler")
        compile_anew = compiler.compile
    except (ImportError, AttributeError):
        return
    if getattr(compile_anew, "remembers", False):
        return
    patterns, missed = KEPT.patterns, KEPT.missed

    def compile_once(pattern: Any, flags: int = 0) -> Any:
        if not isinstance(pattern, str | bytes) or flags & _SPECIAL:
            return compile_anew(pattern, flags)
        key = (pattern, int(flags))
        if (kept := patterns.get(key)) is not None:
            return engine.compile(pattern, *marshal.loads(kept))
        missed[key] = None
        return compile_anew(pattern, flags)

    compile_once.remembers = True  # type: ignore[attr-defined]
    compiler.compile = compile_once


def _compiled(pattern: str | bytes, flags: int) -> bytes | None:
    """What `re` makes of a pattern, to be kept; None unless what is made of it again equals what `re` made."""
    try:
        engine: Any = import_module("_sre")
        compiler: Any = import_module("re._compiler")
        tree = import_module("re._parser").parse(pattern, flags)
        names: dict[str, int] = dict(tree.state.groupdict)
        by_number: list[str | None] = [None] * tree.state.groups
        for name, number in names.items():
            by_number[number] = name
        code = [int(c) for c in compiler._code(tree, flags)]
        kept = marshal.dumps((int(flags | tree.state.flags), code, tree.state.groups - 1, names, tuple(by_number)))
        same = engine.compile(pattern, *marshal.loads(kept)) == re.compile(pattern, flags)
    except Exception:
        return None
    return kept if same else None
