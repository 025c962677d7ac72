"""The parts of an office package (.docx, .xlsx), found through its relationships and parsed within bounds.

Belongs here: which part refers to which, what is safe to parse. Does not belong here: zip bounds (`files.archive`), what
the parts say (`word`, `spreadsheet`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Protocol

from lxml import etree

from parsers.document import UnreadableError
from parsers.files.archive import MAX_PART_BYTES

# Each tag costs time and memory whatever it holds.
MAX_TAGS = 1_500_000
MAX_SIDE_PART_BYTES = 8_000_000
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Strict OOXML differs from the usual kind in its namespaces only.
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMESPACES = (
    (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
    (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
    (b"drawingml/main", b"drawingml/2006/main"),
    (b"drawingml/wordprocessingDrawing", b"drawingml/2006/wordprocessingDrawing"),
    (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
    (b"officeDocument/math", b"officeDocument/2006/math"),
)
_DOCTYPE, *_DOCTYPES_16 = ("<!DOCTYPE".encode(e) for e in ("utf-8", "utf-16-le", "utf-16-be"))


def parser_of_parts(**more: bool) -> etree.XMLParser:
    """A parser for parts. huge_tree stays off: that is what bounds depth and entity growth."""
    return etree.XMLParser(
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        **more,
    )


class Parts(Protocol):
    """The parts of a package by name, however they are kept. ``read`` raises `UnreadableError` and KeyError."""

    name: str

    def __contains__(self, member: str) -> bool: ...

    def read(self, member: str, limit: int = ...) -> bytes: ...


def refuse_unsafe(blob: bytes, name: str, most_tags: int = MAX_TAGS) -> None:
    """Raises `UnreadableError` for XML with more tags than a report has, or with definitions of its own."""
    if blob.count(b"<") > most_tags:
        raise UnreadableError("too_large", f"《{name}》内容过多（疑为异常文件），未读取；请核对文件来源后再试。")
    # No office program writes a DTD; one is only there to do harm.
    if _DOCTYPE in blob or (b"\0" in blob and any(d in blob for d in _DOCTYPES_16)):
        raise UnreadableError(
            "unreadable", f"《{name}》含有不允许的 XML 实体定义，未读取；请用 Word、Excel 或 WPS 另存为新的文件。"
        )


class Package:
    """The parts of a package. ``parser`` parses them; none may have more tags than ``most_tags``."""

    parser = parser_of_parts()
    most_tags = MAX_TAGS

    def __init__(self, archive: Parts) -> None:
        self.archive = archive

    def relationships(self, source: str) -> Iterator[tuple[str, str, str]]:
        """What the package itself (``/``) or one of its parts refers to: id, last word of the type, and part."""
        folder, base = posixpath.split(source)
        member = posixpath.join(folder, "_rels", f"{base}.rels")
        if member not in self.archive:
            return
        for rel in self.parse(member, MAX_SIDE_PART_BYTES).iterchildren(_RELATIONSHIP):
            kind, target = rel.get("Type", "").rpartition("/")[2], rel.get("Target")
            if kind and target and rel.get("TargetMode") != "External":
                # A target with a leading slash counts from the package, others from the folder of the part.
                yield rel.get("Id", ""), kind, posixpath.normpath(posixpath.join(folder, target))

    def parse(self, member: str, limit: int = MAX_PART_BYTES) -> Any:
        """The root element of an XML part."""
        return etree.fromstring(self.checked(member, limit), self.parser)

    def checked(self, member: str, limit: int = MAX_PART_BYTES) -> bytes:
        """A part's bytes, if they are safe to parse; strict OOXML comes as the usual kind."""
        blob = self.archive.read(member, limit)
        refuse_unsafe(blob, self.archive.name, self.most_tags)
        if _STRICT in blob:
            for strict, usual in _STRICT_NAMESPACES:
                blob = blob.replace(_STRICT + strict, b"http://schemas.openxmlformats.org/" + usual)
        return blob

    def side_part(self, member: str | None) -> Any | None:
        """The root of a part that a document can do without, or None where it is missing or broken."""
        if member is None or member not in self.archive:
            return None
        try:
            return self.parse(member, MAX_SIDE_PART_BYTES)
        except etree.XMLSyntaxError:
            return None
