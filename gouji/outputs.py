"""What a command writes, and what it must not write over.

Belongs here: the one way in which commands put files down: never over an input, never over a file that is not theirs,
whole or not at all, with the mark by which they are known later; text that no spreadsheet takes for a formula.
Does not belong here: what stands in the files, what the mark looks like (`parsers.files.marks`), the home of `ingest`
(`flows`).

A file may be replaced if it is this program's output of the same kind and nobody has worked in it since. All else that
exists is refused, before any work where the name is known; in a folder of copies the next free name is taken instead, and
there one draft's copy never takes the place of another's. Where a person named the file, that it was another's is said.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from parsers.files import faults, marks, whole
from parsers.files.marks import Kind
from parsers.files.paths import allowed_on_windows, shown

from .words import Lang, say

if TYPE_CHECKING:
    from schemas.facts import Source

    from .word.package import Package

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
# So many of those that share a name are listed.
_MOST_SAME = 6
# What a spreadsheet computes instead of showing. A plain figure and a dash are none of it.
_FORMULA = re.compile(r"[\s]*[=@＝＠]|[\s]*[+＋\-－](?![\d.,%\s+\-－—–]*$)|[\t\r]")


class Refused(Exception):
    """A file that will not be written; the message says which and why, in the language asked for."""


@dataclass(frozen=True)
class Target:
    """A file that a command was asked to write; ``kind`` None for one that carries no mark and is never replaced.

    ``origin`` is what it is made from (`parsers.files.marks.origin`), None where that makes no difference.
    """

    path: Path
    kind: Kind | None
    origin: str | None = None


# -- before the work -----------------------------------------------------------------------------------------------


def allow(targets: Iterable[Target | None], inputs: Iterable[Path | None], lang: Lang) -> None:
    """See to it that all these files may be written and can be. Raises `Refused`.

    ``inputs`` is whatever the command reads: a document in an archive stands for the archive, a folder for nothing (what
    is in it exists, and is not written over for that reason).
    """
    wanted = [t for t in targets if t is not None]
    read = [file for path in inputs if path is not None for file in _files(path)]
    for i, target in enumerate(wanted):
        if any(_same(target.path, path) for path in read):
            raise Refused(say(lang, "output_is_input", path=target.path))
        if any(_same(target.path, other.path) for other in wanted[:i]):
            raise Refused(say(lang, "output_twice", path=target.path))
        _may_replace(target, lang)
        if (error := _obstacle(target.path)) is not None:
            raise Refused(cannot_write(error, target.path, lang))


def allow_folder(folder: Path | None, lang: Lang) -> None:
    """See to it that a folder of copies can be there. Raises `Refused`."""
    if folder is not None and folder.exists() and not folder.is_dir():
        raise Refused(say(lang, "output_no_folder", path=folder))


def cannot_write(error: OSError, path: Path, lang: Lang) -> str:
    """Why a file could not be written, in a sentence."""
    return say(lang, "cannot_write", path=error.filename or path, why=fault(error, lang))


def fault(error: OSError, lang: Lang) -> str:
    """Why the system refused, in the reader's language where it is a common fault."""
    return faults.why(error, lang)


def _files(path: Path) -> Iterator[Path]:
    """The files on the disk that an input path means."""
    from .batch.files import matching

    for found in [path] if path.exists() else matching(path):
        for each in (found, *found.parents):
            if each.is_file():
                yield each
                break
            if each.exists():
                break


def _same(a: Path, b: Path) -> bool:
    """Whether two paths mean one file: another spelling, a link, another case where the system does not care."""
    try:
        return a.samefile(b)
    except OSError:
        return os.path.normcase(os.path.realpath(a)) == os.path.normcase(os.path.realpath(b))


def _may_replace(target: Target, lang: Lang) -> None:
    """Raise `Refused` for a file that is there and not to be replaced."""
    path = target.path
    if not path.exists() or _is_device(path):
        return
    if not path.is_file():
        raise Refused(say(lang, "output_no_file", path=path))
    mark = _mark(path)
    if mark is None or mark.kind != target.kind:
        raise Refused(say(lang, "output_exists", path=path))
    if not mark.written:
        raise Refused(say(lang, "output_changed", path=path))


def workbook_bytes(book: Any) -> bytes:
    """A workbook of openpyxl as the bytes of its file. Raises OSError: it writes sheets to the folder for temporary files first."""
    import tempfile

    out = io.BytesIO()
    try:
        book.save(out)
    except Exception as error:
        # So lxml, which may not be there, tells of a full disk.
        number = getattr(errno, str(error).removeprefix("IO_"), None)
        if type(error).__name__ != "SerialisationError" or number is None:
            raise
        raise OSError(number, os.strerror(number), tempfile.gettempdir()) from error
    return out.getvalue()


def _mark(path: Path) -> marks.Mark | None:
    try:
        return marks.of(path.read_bytes())
    except OSError:
        return None


def _obstacle(path: Path) -> OSError | None:
    """What keeps a file from being written. Nothing is left behind where there was none; one that is there stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
        with path.open("ab"):
            pass
        if not there:
            path.unlink()
    except OSError as error:
        error.filename = error.filename or str(path)
        return error
    return None


# -- writing -------------------------------------------------------------------------------------------------------


def write(target: Target, content: bytes, lang: Lang) -> list[str]:
    """Write a file, marked; returns what a person has to know of what was there. Raises as `allow` does, OSError."""
    _may_replace(target, lang)
    others = target.path.exists() and not _same_origin(target, unknown=True)
    target.path.parent.mkdir(parents=True, exist_ok=True)
    whole.write(_real(target.path), marked(content, target.kind, target.origin))
    return [say(lang, "output_replaced", path=target.path)] if others else []


def _same_origin(target: Target, *, unknown: bool = False) -> bool:
    """Whether what is there was made from the same; where nobody asks it was, ``unknown`` where it does not say."""
    if target.origin is None:
        return True
    mark = _mark(target.path)
    if mark is None or mark.origin is None:
        return unknown
    return marks.same_origin(mark.origin, target.origin)


@contextmanager
def results(target: Target | None, output_format: str, lang: Lang) -> Iterator[IO[str]]:
    """The stream that results go to: a UTF-8 file, or stdout. Raises as `write`.

    The file is there when the block has ended well. ``output_format``: ``json``, ``csv`` or text, which alone has room for
    a mark.
    """
    if target is None:
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if output_format == "json" and reconfigure is not None:
            reconfigure(errors="gouji_json")
        yield sys.stdout
        sys.stdout.flush()
        return
    _may_replace(target, lang)
    target.path.parent.mkdir(parents=True, exist_ok=True)
    with target.path.open("wb") if _is_device(target.path) else whole.writing(_real(target.path)) as file:
        text = _Text(file)
        yield cast(IO[str], text)
        if output_format not in ("json", "csv") and target.kind is not None:
            text.write(f"〔{marks.line(target.kind, text.digest)}〕\n")


class _Text:
    """A text file in UTF-8 that hashes what is written. Nothing is held back, so nothing can fail when it is dropped."""

    encoding = "utf-8"

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, text: str) -> int:
        data = text.encode("utf-8", "backslashreplace")
        self.digest.update(data)
        self._file.write(data)
        return len(text)

    def flush(self) -> None:
        self._file.flush()

    def isatty(self) -> bool:
        return False


def _is_device(path: Path) -> bool:
    """A terminal, a pipe, the place where output vanishes: nothing is there that could be lost, nor renamed onto."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _real(path: Path) -> Path:
    """Where a path leads: renaming onto a link would replace the link."""
    return Path(os.path.realpath(path))


class Folder:
    """A folder of copies: each under its name, or the next free one where something else has it."""

    def __init__(self, path: Path, lang: Lang) -> None:
        self.path, self.lang = path, lang
        self._notes: list[str] = []
        # Of several drafts of this run one name: the draft, and what its copy is called.
        self._same_names: list[tuple[str, str]] = []
        self._taken: set[Path] = set()
        path.mkdir(parents=True, exist_ok=True)

    @property
    def notes(self) -> list[str]:
        """What a person has to know: files that went beside."""
        same = self._same_names
        if not same:
            return self._notes
        listed = [say(self.lang, "output_same_one", draft=draft, other=other) for draft, other in same[:_MOST_SAME]]
        more = say(self.lang, "and_files", n=len(same)) if len(same) > _MOST_SAME else ""
        said = say(
            self.lang, "output_same_name", folder=self.path, what=say(self.lang, "semicolon").join(listed) + more
        )
        return [*self._notes, said]

    def write(self, name: Path, content: bytes, kind: Kind, source: Source | None = None) -> Path:
        """Write a copy under a name below the folder; returns where it went. Raises OSError.

        ``source`` is the draft that it is made from.
        """
        path = self.free(name, kind, source)
        write(Target(path, kind, _origin(source)), content, self.lang)
        return path

    def free(self, name: Path, kind: Kind, source: Source | None = None) -> Path:
        """Where a copy of this name can go, which nobody else gets then."""
        if sys.platform == "win32":
            # Of a document in an archive it may be any.
            name = Path(*(allowed_on_windows(part) for part in name.parts))
        wanted = path = self.path / name
        number = 1
        beside = others = same = False
        while path in self._taken or (stays := self._stays(Target(path, kind))) or self._others(path, kind, source):
            beside = beside or (path not in self._taken and stays)
            same = same or path in self._taken
            others = others or (path not in self._taken and not stays)
            number += 1
            path = wanted.with_name(f"{wanted.stem}.{number}{wanted.suffix}")
        self._taken.add(path)
        if beside:
            self._notes.append(say(self.lang, "output_beside", path=wanted, other=path.name))
        elif same and source is not None:
            self._same_names.append((Path(shown(source.path)).name, path.name))
        elif others and source is not None:
            draft = shown(source.path)
            self._notes.append(say(self.lang, "output_of_another", path=wanted, draft=draft, other=path.name))
        return path

    def _others(self, path: Path, kind: Kind, source: Source | None) -> bool:
        """Whether what is there was made from another draft, in an earlier run."""
        return path.exists() and not _same_origin(Target(path, kind, _origin(source)))

    def _stays(self, target: Target) -> bool:
        try:
            _may_replace(target, self.lang)
        except Refused:
            return True
        return False


def _origin(source: Source | None) -> str | None:
    return marks.origin([(source.path, source.sha256)]) if source is not None else None


# -- marks ---------------------------------------------------------------------------------------------------------


def marked(content: bytes, kind: Kind | None, origin: str | None = None) -> bytes:
    """The bytes with the mark of their kind, where their format has room for it."""
    if kind is None:
        return content
    if content.startswith(b"PK"):
        return _marked_package(content, kind, origin)
    if content.startswith(b"%PDF-"):
        if not content.endswith(b"\n"):
            content += b"\n"
        return content + f"%{marks.line(kind, hashlib.sha256(content), origin)}\n".encode()
    if content.lstrip()[:15].lower().startswith(b"<!doctype html"):
        return content + f"<!-- {marks.line(kind, hashlib.sha256(content), origin)} -->\n".encode()
    return content


def _marked_package(content: bytes, kind: Kind, origin: str | None) -> bytes:
    """An office package with its property, and a digest of all its other members; as it is where it is not in order."""
    from .word.package import FAULTS, opened

    try:
        with opened(content) as package:
            return package.with_parts(_with_property(package, kind, origin))
    except (ValueError, *FAULTS):
        return content


def _with_property(package: Package, kind: Kind, origin: str | None) -> dict[str, bytes]:
    """The parts that change. Raises KeyError for a package of strict OOXML, which has other names for all this."""
    from lxml import etree

    from .word.package import parsed, serialised

    parts: dict[str, bytes] = {}
    if marks.PROPERTIES in package:
        properties = parsed(package.read(marks.PROPERTIES))
    else:
        properties = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={None: _CUSTOM, "vt": _TYPES})
        types = parsed(package.read("[Content_Types].xml"))
        override = {"PartName": f"/{marks.PROPERTIES}", "ContentType": _CUSTOM_TYPE}
        etree.SubElement(types, f"{{{_CONTENT_TYPES}}}Override", override)
        parts["[Content_Types].xml"] = serialised(types)
        relations = parsed(package.read("_rels/.rels"))
        if any("purl.oclc.org" in r.get("Type", "") for r in relations):
            raise KeyError("strict")
        taken = {r.get("Id") for r in relations}
        new = next(f"rIdGouji{i}" for i in range(1, len(taken) + 2) if f"rIdGouji{i}" not in taken)
        relation = {"Id": new, "Type": _CUSTOM_RELATION, "Target": marks.PROPERTIES}
        etree.SubElement(relations, f"{{{_RELATIONSHIPS}}}Relationship", relation)
        parts["_rels/.rels"] = serialised(relations)
    if properties.tag != f"{{{_CUSTOM}}}Properties":
        raise KeyError("strict")
    for old in properties.findall(f"{{{_CUSTOM}}}property[@name='{marks.PROPERTY}']"):
        properties.remove(old)
    numbers = [int(n) for p in properties if (n := p.get("pid", "")).isdecimal()]
    attributes = {"fmtid": _FORMAT_ID, "pid": str(max(numbers, default=1) + 1), "name": marks.PROPERTY}
    entry = etree.SubElement(properties, f"{{{_CUSTOM}}}property", attributes)
    names = [i.filename for i in package.archive.infolist() if not i.is_dir()]
    digest = marks.package_digest((n, parts[n] if n in parts else package.read(n)) for n in names)
    etree.SubElement(entry, f"{{{_TYPES}}}lpwstr").text = f"{kind} {digest}" + (f" {origin}" if origin else "")
    parts[marks.PROPERTIES] = serialised(properties)
    return parts


# -- text in spreadsheets ------------------------------------------------------------------------------------------


def harmless(row: Sequence[Any]) -> list[Any]:
    """A row for a CSV file: a quote in front of text that a spreadsheet would take for a formula, all else as it is."""
    return [f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value for value in row]


def as_meant(text: str) -> str:
    """A text as it was before `harmless`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text
