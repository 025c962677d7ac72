"""The mark that our own outputs carry.

Belongs here: what the mark looks like in each format, recognising it, and whether a file is still as it was written.
Does not belong here: putting it into files, and what follows from it (`gouji.outputs`).

An office package has a document property ``gouji``, which Word, Excel and WPS keep when they save; a page and a text
have it in their last line, a PDF as a remark behind its end. It names the kind of output and a digest of everything else in the file, so that a file which
a person has worked in since is told from one that is as it was written. JSON and CSV have no room for a mark: they
are known by their shape and count as written. Copies, slips and reports also say what they were made from, so that one
file's does not take the place of another's.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from parsers.document import UnreadableError

from .archive import Archive, looks_like_zip

# A reviewed copy, a report on a batch, a return slip, the workbook of a roll-up; a draft begun, a summed form; what
# `--output` holds.
Kind = Literal["copy", "report", "slip", "workbook", "draft", "summed", "result"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# The author of the comments in reviewed copies.
AUTHOR = "勾稽"
# What parts our note from somebody else's at the same cell of a workbook.
BELOW = "—— 勾稽 ——"
# The property's name, and where packages keep such properties.
PROPERTY = "gouji"
PROPERTIES = "docProps/custom.xml"
CSV_HEADS = (
    *("file", "issuer", "year", "scope", "form", "address", "kind", "value", "unit", "printed", "method", "place"),
)

_HEAD_BYTES, _TAIL_BYTES = 8192, 1024
# Larger packages are not ours: reading them only to find that out would take long.
_MOST_BYTES = 100_000_000
_DIGITS = 16
_IN_PROPERTIES = re.compile(
    rb'name="gouji"[^>]*>\s*<(?:\w+:)?lpwstr[^>]*>([a-z]+) ([0-9a-f]{16})(?: ([0-9a-f]{16}-[0-9a-f]{16}))?</', re.S
)
_IN_TEXT = re.compile(
    rb"[^\n]*gouji:([a-z]+):([0-9a-f]{16})(?::([0-9a-f]{16}-[0-9a-f]{16}))?[^\n]*\s*(?:</body>\s*</html>\s*)?\Z"
)
_PDF = b"%PDF-"
_IN_PDF = re.compile(rb"^%gouji:([a-z]+):([0-9a-f]{16})(?::([0-9a-f]{16}-[0-9a-f]{16}))?(?=\r?$)", re.M)
_JSON = re.compile(rb'\[\s*\{"source": \{"path": "')
_STATE = re.compile(rb'\s*\{\s*"gouji_round": ')
_JSON_VERSIONS = b'"versions": {"gouji": "'
_COMMENTS = re.compile(r"(?:^|/)comments?\d*\.xml$")


@dataclass(frozen=True, slots=True)
class Mark:
    """What kind of output a file is; ``written``: it is byte for byte what was written.

    ``origin`` says what it was made from (`origin`), None where it does not.
    """

    kind: Kind
    written: bool
    origin: str | None = field(default=None, compare=False)


def origin(sources: Iterable[tuple[str, str]]) -> str:
    """What tells inputs from others: a digest of where they lie and one of what is in them.

    ``sources`` are paths with the SHA-256 of what is there.
    """
    listed = list(sources)
    places = sorted({os.path.normcase(os.path.realpath(path)) for path, _ in listed})
    contents = sorted({content for _, content in listed})
    digests = (
        hashlib.sha256("\0".join(each).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
        for each in (places, contents)
    )
    return "-".join(digests)


def same_origin(a: str | None, b: str | None) -> bool:
    """Whether two outputs were made from the same: it lies where it lay, or is what it was. Unknown is never the same."""
    if a is None or b is None:
        return False
    return any(x == y for x, y in zip(a.split("-"), b.split("-"), strict=True))


def of_package(content: bytes) -> Mark | None:
    """The mark of an office package."""
    if PROPERTIES.encode() not in content and b"comments" not in content:
        return None
    try:
        archive = Archive(content, "")
        mark = _property(archive)
        commented = _has_comments(archive)
        if mark is None:
            # Programs that drop the property keep the comments.
            return Mark("copy", False) if commented else None
        kind, digest, made_from = mark
        members = ((i.filename, archive.inflate(i)) for i in archive.infos() if not i.is_dir())
        written = package_digest(members) == digest
        if kind == "copy" and not commented and not written:
            # Whoever removed the remarks has made it a draft again.
            return None
        return Mark(kind, written, made_from)
    except UnreadableError:
        return None


def _property(archive: Archive) -> tuple[Kind, str, str | None] | None:
    if PROPERTIES not in archive:
        return None
    found = _IN_PROPERTIES.search(archive.read(PROPERTIES, 1_000_000))
    return _known(found)


def _has_comments(archive: Archive) -> bool:
    """Whether one of the comments is ours: in a text by its own author, in a workbook by one of the authors."""
    authors = f'author="{AUTHOR}"'.encode(), f"author>{AUTHOR}</".encode()
    parts = (archive.read(name) for name in archive.names() if _COMMENTS.search(name))
    return any(author in part for part in parts for author in authors)


def _known(found: re.Match[bytes] | None) -> tuple[Kind, str, str | None] | None:
    if found is None:
        return None
    name, digest = found[1].decode(), found[2].decode()
    made_from = found[3].decode() if found[3] else None
    return next(((kind, digest, made_from) for kind in KINDS if kind == name), None)


def package_digest(members: Iterable[tuple[str, bytes]]) -> str:
    """A digest of all members but the one that holds it."""
    hashed = hashlib.sha256()
    for member, content in sorted(members):
        if member.lower() != PROPERTIES.lower():
            name = member.encode("utf-8", "surrogatepass")
            hashed.update(b"%d:%s" % (len(name), name))
            hashed.update(hashlib.sha256(content).digest())
    return hashed.hexdigest()[:_DIGITS]


def line(kind: Kind, content: hashlib._Hash, made_from: str | None = None) -> str:
    """The text of a mark behind a page or a text whose content has this SHA-256."""
    return f"gouji:{kind}:{content.hexdigest()[:_DIGITS]}" + (f":{made_from}" if made_from else "")


def of_text(content: bytes) -> Mark | None:
    """The mark of a page, a text, a JSON or a CSV file."""
    if content == b"[]\n" or (_JSON.match(content) and _JSON_VERSIONS in content[:_HEAD_BYTES]):
        return Mark("result", True)
    if content.startswith(("\ufeff" + ",".join(CSV_HEADS) + "\r\n").encode()) or _STATE.match(content):
        return Mark("result", True)
    return _behind(content, _IN_TEXT.search(content, max(0, len(content) - _TAIL_BYTES)))


def of_pdf(content: bytes) -> Mark | None:
    """The mark of a PDF: a remark behind its end, which stays where another program saves what it changes behind it."""
    found = next(reversed(list(_IN_PDF.finditer(content))), None)
    return _behind(content, found, whole=found is not None and not content[found.end() :].strip())


def _behind(content: bytes, found: re.Match[bytes] | None, *, whole: bool = True) -> Mark | None:
    """The mark behind what it was made of; ``whole``: nothing else stands behind it."""
    known = _known(found)
    if known is None or found is None:
        return None
    kind, digest, made_from = known
    return Mark(kind, whole and hashlib.sha256(content[: found.start()]).hexdigest()[:_DIGITS] == digest, made_from)


def of(content: bytes) -> Mark | None:
    """The mark of a file's bytes; None where it is none of ours."""
    if looks_like_zip(content):
        return of_package(content)
    return of_pdf(content) if content.startswith(_PDF) else of_text(content)


def of_file(path: Path) -> Mark | None:
    """The same, without reading all of a file that has none. `Mark.written` is right for packages only. Raises OSError."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        if looks_like_zip(head) or head.startswith(_PDF):
            if os.fstat(stream.fileno()).st_size > _MOST_BYTES:
                return None
            return of(head + stream.read())
        size = stream.seek(0, os.SEEK_END)
        if size <= len(head):
            return of_text(head)
        stream.seek(max(0, size - _TAIL_BYTES))
        return of_text(head) or of_text(stream.read())
