"""What every start would make anew from what never changes: data files parsed, patterns and generated methods compiled.

Belongs here: keeping them between two starts, and reading a package's data file. Does not belong here: what is in a file.

A clerk's command is over in an eighth of a second, and half of that went into parsing the same TOML files, compiling the
same regular expressions and the methods of the same data classes. They are kept in one file beside Python's own compiled
modules (``schemas/__pycache__``), or in the user's cache folder where that cannot be written.

Nothing kept is ever stale: a data file's content is found by its hash, a pattern by its text and flags, a method by its
source, all only by the very Python that made them. Nothing depends on it either: what is missing, damaged or cannot be
written is made anew.
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
_WRITER = f"gouji {sys.version} {sys.byteorder}\n".encode()
# Raised when what is kept changes its shape: two installations may share a user's folder.
_VERSION = 3
# What only one run needs (patterns made of a document's own words) is no reason to write; nor does the file grow for ever.
_WORTH_WRITING = 25
_MOST = 4000
# All of what every command needs has half of this. Each start reads the whole file, whatever it uses of it.
_MOST_BYTES = 6_000_000
# These depend on more than a pattern's text.
_SPECIAL = int(re.LOCALE | re.DEBUG)

Pattern = tuple[str | bytes, int]
# What was made, as `marshal` writes it: our own, or where it stands in the file that was read.
Made = bytes | memoryview
_Content = tuple[dict[bytes, Made], dict[Pattern, Made], dict[str, Made]]


class Kept:
    """What is kept, and what this process had to make itself. ``places``: where the file may lie, the best first."""

    def __init__(self, places: list[Path]) -> None:
        self.places = places
        self.contents: dict[bytes, Made] = {}
        self.patterns: dict[Pattern, Made] = {}
        self.codes: dict[str, Made] = {}
        self.new_contents: dict[bytes, Made] = {}
        self.new_codes: dict[str, Made] = {}
        self.missed: dict[Pattern, None] = {}
        # One place may have been written before the other became the one that is written to.
        for place in places:
            if (found := _read(place)) is not None:
                contents, patterns, codes = found
                self.contents = contents | self.contents
                self.patterns = patterns | self.patterns
                self.codes = codes | self.codes

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
        if not self.new_contents and len(self.missed) + len(self.new_codes) < _WORTH_WRITING:
            return
        new: dict[Pattern, Made] = {key: made for key in self.missed if (made := _compiled(*key)) is not None}
        self.patterns.update(new)
        for place in self.places:
            # Who wants no compiled modules beside the code wants none of this there either.
            if not (sys.dont_write_bytecode and place.parent.name == "__pycache__") and self._write(place, new):
                break
        self.missed.clear()
        self.new_contents.clear()
        self.new_codes.clear()

    def _write(self, place: Path, new: dict[Pattern, Made]) -> bool:
        # Another process may have written in between.
        made: _Content = (self.new_contents, new, self.new_codes)
        contents, patterns, codes = _read(place) or (self.contents, self.patterns, self.codes)
        every: _Content = (contents | made[0], patterns | made[1], codes | made[2])
        size = sum(len(one) for each in every for one in each.values())
        body = _packed(every if sum(len(each) for each in every) <= _MOST and size <= _MOST_BYTES else made)
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


def _checksum(body: bytes | memoryview) -> bytes:
    return zlib.crc32(body).to_bytes(4, "little")


def _packed(content: _Content) -> bytes:
    """First how long each is, by its key, then all of them one behind the other: a start takes out only what it uses."""
    index = tuple({key: len(made) for key, made in each.items()} for each in content)
    return b"".join([marshal.dumps(index), *(made for each in content for made in each.values())])


def _unpacked(body: memoryview) -> _Content:
    index = marshal.loads(body)
    at = len(body) - sum(length for each in index for length in each.values())
    content: tuple[dict[Any, Made], ...] = ({}, {}, {})
    for lengths, each in zip(index, content, strict=True):
        for key, length in lengths.items():
            each[key] = body[at : at + length]
            at += length
    contents, patterns, codes = content
    return contents, patterns, codes


def _read(place: Path) -> _Content | None:
    """What a file keeps; None where it is not there, damaged or another Python's."""
    try:
        content = memoryview(place.read_bytes())
    except OSError:
        return None
    head, checksum, body = (
        content[: len(_WRITER)],
        content[len(_WRITER) : len(_WRITER) + 4],
        content[len(_WRITER) + 4 :],
    )
    return _unpacked(body) if head == _WRITER and checksum == _checksum(body) else None


def _places() -> list[Path]:
    tag = sys.implementation.cache_tag
    if tag is None:
        return []
    folders = [Path(__file__).parent / "__pycache__"]
    user = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # nobody's home
        folders.append((Path(user) if user else Path.home() / ".cache") / "gouji")
    return [folder / f"kept-{_VERSION}.{tag}.bin" for folder in folders]


KEPT = Kept(_places())


def toml(path: Path) -> dict[str, Any]:
    """The content of a data file of ours. Raises as `parsed`, OSError."""
    return parsed(path.read_bytes())


def parsed(data: bytes) -> dict[str, Any]:
    """TOML in UTF-8 as a dictionary of the caller's own. Raises ValueError for what is no TOML or no UTF-8."""
    return KEPT.parsed(data)


# -- patterns and methods ------------------------------------------------------------------------------------------


def remember() -> None:
    """From now on `re` and `dataclasses` find what is kept, for everybody in this process. For commands, not for libraries.

    Where they are not made as we know them nothing changes.
    """
    for remember_one in (_remember_patterns, _remember_methods):
        with suppress(ImportError, AttributeError):
            remember_one()


def _remember_patterns() -> None:
    engine: Any = import_module("_sre")
    compiler: Any = import_module("re._compiler")
    compile_anew = compiler.compile
    patterns, missed = KEPT.patterns, KEPT.missed

    def compile_once(pattern: Any, flags: int = 0) -> Any:
        if not isinstance(pattern, str | bytes) or flags & _SPECIAL:
            return compile_anew(pattern, flags)
        key = (pattern, int(flags))
        if (kept := patterns.get(key)) is not None:
            return engine.compile(pattern, *marshal.loads(kept))
        missed[key] = None
        return compile_anew(pattern, flags)

    if compile_anew.__module__ != __name__:
        compiler.compile = compile_once


def _remember_methods() -> None:
    """`dataclasses` writes the source of every ``__init__`` and has it compiled; the same source gives the same code."""
    module: Any = import_module("dataclasses")
    codes, new = KEPT.codes, KEPT.new_codes

    def execute(source: Any, in_globals: dict[str, Any], in_locals: dict[str, Any]) -> None:
        if not isinstance(source, str):
            exec(source, in_globals, in_locals)
            return
        if (kept := codes.get(source)) is not None:
            code = marshal.loads(kept)
        else:
            code = compile(source, "<string>", "exec", dont_inherit=True)
            codes[source] = new[source] = marshal.dumps(code)
        exec(code, in_globals, in_locals)

    # The module calls the built-in by its name.
    module.exec = execute


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
