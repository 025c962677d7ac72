"""Zip archives of documents: their members as files with paths of their own.

Belongs here: what is in such an archive, under which names, and reading one member. Does not belong here: office files
that are themselves zip archives (`word`, `spreadsheet`), bounds on inflating (`archive`).

A member's path is that of the archive and its name in it: `上报.zip/教育局/年报.docx`. Nothing is unpacked to disk. An
archive in an archive is opened one level deep.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

from parsers.document import UnreadableError
from parsers.files import sniff

from .archive import MAX_PART_BYTES, Archive
from .paths import decoded

# All members of an archive together, inflated.
MAX_TOTAL_BYTES = 1_000_000_000
MAX_ARCHIVE_BYTES = 200 * 1024 * 1024
_LOCAL_HEADER = b"PK\x03\x04"
# The first member of an office package, as every office program writes it.
_OFFICE = (b"[content_types].xml", b"mimetype", b"_rels/", b"word/", b"xl/", b"ppt/", b"docprops/", b"customxml/")
# What systems and editors leave in archives.
_LEFTOVERS = ("~$", ".~", "._", ".ds_store", "thumbs.db", "desktop.ini")
_UNICODE_PATH = 0x7075

Name = tuple[str, ...]


def may_be(head: bytes) -> bool:
    """Whether a file that begins like this (at least 64 bytes) may be an archive of documents."""
    if not head.startswith(_LOCAL_HEADER):
        return False
    return not head[30:].lower().startswith(_OFFICE)


def members(path: Path) -> list[Path] | None:
    """The paths of the documents in an archive; None for any other file, and for an archive that cannot be opened."""
    found = members_with_sizes(path)
    return None if found is None else [member for member, _ in found]


def members_with_sizes(path: Path) -> list[tuple[Path, int]] | None:
    """The same, each with the bytes that the archive says it has inflated."""
    try:
        with path.open("rb") as stream:
            if not may_be(stream.read(64)) or path.stat().st_size > MAX_ARCHIVE_BYTES:
                return None
        found = _open(path)
    except (OSError, UnreadableError):
        return None
    if found is None or not found.names:
        return None
    return [(path.joinpath(*name), found.size(name)) for name in found.names]


def is_member(path: Path) -> bool:
    """Whether a path is that of a document in an archive."""
    for parent in path.parents:
        if parent.is_file():
            try:
                found = _open(parent)
            except (OSError, UnreadableError):
                return False
            return found is not None and path.relative_to(parent).parts in found.names
    return False


def read_bytes(path: Path) -> bytes:
    """The bytes of a member, by a path that `members` gave.

    Raises FileNotFoundError where there is no such member, `UnreadableError` where it cannot be inflated.
    """
    for parent in path.parents:
        if parent.is_file():
            found = _open(parent)
            if found is not None:
                return found.read(path.relative_to(parent).parts)
            break
    raise FileNotFoundError(2, "No such file or directory", str(path))


class _Bundle:
    """An open archive: its documents by name, those of archives in it included."""

    def __init__(self, data: bytes, name: str, *, depth: int = 1) -> None:
        self.archive = Archive(data, name)
        infos = [i for i in self.archive.infos() if not i.is_dir()]
        if sum(i.file_size for i in infos) > MAX_TOTAL_BYTES:
            raise UnreadableError("too_large", f"《{name}》解压后过大（疑为异常文件），未读取；请核对文件来源。")
        self.infos: dict[Name, zipfile.ZipInfo] = {}
        self.inner: dict[Name, _Bundle] = {}
        for info in infos:
            parts = _unused(_parts(_name(info)), self.infos)
            if parts and parts[0].lower() != "__macosx" and not parts[-1].lower().startswith(_LEFTOVERS):
                self.infos[parts] = info
                inner = self._inner(info, parts) if depth else None
                if inner is not None:
                    self.inner[parts] = inner

    @property
    def names(self) -> list[Name]:
        """The documents by name, in order."""
        out: list[Name] = []
        for parts in sorted(self.infos):
            inner = self.inner.get(parts)
            out += [(*parts, *name) for name in inner.names] if inner is not None and inner.names else [parts]
        return out

    def _home(self, parts: Name) -> tuple[_Bundle, Name]:
        """The archive that holds a document, this one or one in it, and the document's name in there."""
        inner = (n for n in range(1, len(parts)) if parts[:n] in self.inner)
        length = next(inner, None)
        return (self, parts) if length is None else (self.inner[parts[:length]], parts[length:])

    def size(self, parts: Name) -> int:
        """The bytes of a document, inflated, as its archive says."""
        home, own = self._home(parts)
        return home.infos[own].file_size

    def read(self, parts: Name) -> bytes:
        home, own = self._home(parts)
        info = home.infos.get(own)
        if info is None:
            raise FileNotFoundError(2, "No such file or directory", "/".join(parts))
        return home.archive.inflate(info)

    def _inner(self, info: zipfile.ZipInfo, parts: Name) -> _Bundle | None:
        """A member that is itself an archive of documents."""
        try:
            with self.archive.open(info) as stream:
                if not may_be(stream.read(64)):
                    return None
            data = self.archive.inflate(info, MAX_PART_BYTES)
            if sniff.sniff(data, parts[-1]) != sniff.ZIP:
                return None
            return _Bundle(data, parts[-1], depth=0)
        except (UnreadableError, zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError):
            # Its own reading tells what is wrong with it.
            return None


def _open(path: Path) -> _Bundle | None:
    state = path.stat()
    return _opened(str(path), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1)
def _opened(path: str, _modified: int, size: int) -> _Bundle | None:
    """The archive that is being read, member by member; None where it is none of documents."""
    if size > MAX_ARCHIVE_BYTES:
        return None
    data = Path(path).read_bytes()
    name = Path(path).name
    return _Bundle(data, name) if sniff.sniff(data, name) == sniff.ZIP else None


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name. Old programs write it in the system's encoding without saying which: GBK, if not UTF-8."""
    # `filename` has lost a second byte of GBK that looks like a backslash, on Windows.
    name = info.orig_filename
    if info.flag_bits & 0x800:
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    told = _unicode_path(info.extra, raw)
    if told is not None:
        return told
    return decoded(raw) or name


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in UTF-8 that some programs add for those in other encodings, if it belongs to this very name."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1:
            if struct.unpack_from("<L", body, 1)[0] != zlib.crc32(raw):
                return None
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _parts(name: str) -> Name:
    """A member's name as parts of a path that stays within the archive."""
    cleaned = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in name.replace("\\", "/"))
    return tuple(p for part in cleaned.split("/") if (p := part.strip()) not in ("", ".", ".."))


def _unused(parts: Name, taken: dict[Name, zipfile.ZipInfo]) -> Name:
    """The name, numbered where the archive has another member of the same."""
    if parts not in taken:
        return parts
    stem, dot, ending = parts[-1].rpartition(".")
    n = 2
    while (numbered := (*parts[:-1], f"{stem}({n}){dot}{ending}")) in taken:
        n += 1
    return numbered
