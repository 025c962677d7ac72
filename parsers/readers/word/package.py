"""The parts of a Word package, found through its relationships and parsed within bounds.

Belongs here: which part is which, what is safe to parse. Does not belong here: zip bounds (`files.archive`), what the
parts say (`looks`, `walk`).

python-docx is not used: it loads every part of a package, unbounded, refuses files that Word opens (macros, strict
OOXML, WPS's dangling relationships), and importing it takes longer than reading a draft. The parser leaves entities
alone and stops at 256 levels of nesting, on which the recursion of `walk` relies.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Protocol

from lxml import etree

from parsers.document import UnreadableError
from parsers.files.archive import MAX_PART_BYTES

from .markup import W_P, all_text

# Each tag costs time and memory whatever it holds.
MAX_TAGS = 800_000
MAX_SIDE_PART_BYTES = 8_000_000
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

# huge_tree stays off: that is what bounds depth and entity growth.
_PARSER = etree.XMLParser(
    resolve_entities=False,
    remove_blank_text=True,
    remove_comments=True,
    remove_pis=True,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    collect_ids=False,
)

# Strict OOXML differs from the usual kind in its namespaces only.
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMESPACES = (
    (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
    (b"drawingml/main", b"drawingml/2006/main"),
    (b"drawingml/wordprocessingDrawing", b"drawingml/2006/wordprocessingDrawing"),
    (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
    (b"officeDocument/math", b"officeDocument/2006/math"),
)
_DOCTYPE, *_DOCTYPES_16 = ("<!DOCTYPE".encode(e) for e in ("utf-8", "utf-16-le", "utf-16-be"))


def parsed(blob: bytes) -> Any:
    """The root element of XML that was found safe."""
    return etree.fromstring(blob, _PARSER)


class Parts(Protocol):
    """The parts of a package by name, however they are kept. ``read`` raises `UnreadableError` and KeyError."""

    name: str

    def __contains__(self, member: str) -> bool: ...

    def read(self, member: str, limit: int = ...) -> bytes: ...


class FlatParts:
    """A package written as one XML file (``pkg:package``, what Word calls Word XML document).

    Raises `UnreadableError` and lxml's XMLSyntaxError.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        refuse_unsafe(data, name)
        self._parts: dict[str, Any] = {}
        for part in etree.fromstring(data, _PARSER).iterchildren(f"{_PKG}part"):
            content = part.find(f"{_PKG}xmlData")
            if content is not None and len(content):
                self._parts[part.get(f"{_PKG}name", "").lower()] = content[0]

    def __contains__(self, member: str) -> bool:
        return member.lower() in self._parts

    def read(self, member: str, limit: int = MAX_PART_BYTES) -> bytes:
        """The part as a document of its own."""
        content: bytes = etree.tostring(self._parts[member.lower()], encoding="utf-8")
        if len(content) > limit:
            raise UnreadableError("too_large", f"《{self.name}》内容过多（疑为异常文件），未读取；请核对文件来源。")
        return content


def refuse_unsafe(blob: bytes, name: str) -> None:
    """Raises `UnreadableError` for XML with more tags than a report has, or with definitions of its own."""
    if blob.count(b"<") > MAX_TAGS:
        raise UnreadableError("too_large", f"《{name}》内容过多（疑为异常文件），未读取；请核对文件来源后再试。")
    # No office program writes a DTD; one is only there to do harm.
    if _DOCTYPE in blob or (b"\0" in blob and any(d in blob for d in _DOCTYPES_16)):
        raise UnreadableError(
            "unreadable", f"《{name}》含有不允许的 XML 实体定义，未读取；请在 Word/WPS 中另存为新的 .docx。"
        )


class Package:
    """The parts of a Word package that are read, found through its relationships."""

    def __init__(self, archive: Parts) -> None:
        self.archive = archive
        package = self._targets("/")
        main = package.get("officeDocument")
        # Some writers forget the relationship, none puts the text elsewhere.
        if main is None or main not in archive:
            main = "/word/document.xml"
        self.main = main if main in archive else None
        self.core = package.get("core-properties")
        self.targets = self._targets(main) if self.main else {}
        # How many other documents were pulled in so far (`chunks`).
        self.chunks = 0

    def _targets(self, source: str) -> dict[str, str]:
        """Parts by the last word of the relationship's type, for the package itself (``/``) or one of its parts."""
        folder, base = posixpath.split(source)
        member = posixpath.join(folder, "_rels", f"{base}.rels")
        if member not in self.archive:
            return {}
        out: dict[str, str] = {}
        for rel in self.parse(member, MAX_SIDE_PART_BYTES).iterchildren(_RELATIONSHIP):
            kind, target = rel.get("Type"), rel.get("Target")
            if kind and target and rel.get("TargetMode") != "External":
                # A target with a leading slash counts from the package, others from the folder of the part.
                kind, target = kind.rpartition("/")[2], posixpath.normpath(posixpath.join(folder, target))
                # Headers: a document has one for first, for odd and for even pages.
                out.setdefault(kind if kind not in out else f"{kind} {len(out)}", target)
        return out

    def by_id(self, identifier: str | None) -> str | None:
        """The part that the main part refers to by this id; None for none, or for one outside the package."""
        folder, base = posixpath.split(self.main or "/")
        member = posixpath.join(folder, "_rels", f"{base}.rels")
        for rel in (
            self.parse(member, MAX_SIDE_PART_BYTES).iterchildren(_RELATIONSHIP) if member in self.archive else ()
        ):
            if rel.get("Id") == identifier and rel.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join(folder, rel.get("Target") or ""))
                return target if target in self.archive else None
        return None

    def parse(self, member: str, limit: int = MAX_PART_BYTES) -> Any:
        """The root element of an XML part."""
        return parsed(self.checked(member, limit))

    def checked(self, member: str, limit: int = MAX_PART_BYTES) -> bytes:
        """A part's bytes, if they are safe to parse; strict OOXML comes as the usual kind."""
        blob = self.archive.read(member, limit)
        refuse_unsafe(blob, self.archive.name)
        if _STRICT in blob:
            for strict, usual in _STRICT_NAMESPACES:
                blob = blob.replace(_STRICT + strict, b"http://schemas.openxmlformats.org/" + usual)
        return blob

    def headers(self) -> Iterator[Any]:
        """The parts that stand at the head of pages; broken ones are left out."""
        for kind in list(self.targets):
            if kind.partition(" ")[0] == "header" and (root := self.side_part(kind)) is not None:
                yield root

    def properties(self) -> Any | None:
        """The part with the file's title and dates, or None where it is missing or broken."""
        if self.core is None or self.core not in self.archive:
            return None
        try:
            return self.parse(self.core, MAX_SIDE_PART_BYTES)
        except etree.XMLSyntaxError:
            return None

    def metadata(self) -> dict[str, str]:
        """What the package says of itself, and under ``page_header`` what stands at the head of its pages."""
        heads = [all_text(p) for root in self.headers() for p in root.iter(W_P)]
        head = {"page_header": "\n".join(heads)} if any(h.strip() for h in heads) else {}
        root = self.properties()
        if root is None:
            return head
        found = ((etree.QName(e).localname.lower(), (e.text or "").strip()) for e in root.iterchildren("*"))
        return head | {key: value for key, value in found if value}

    def side_part(self, kind: str) -> Any | None:
        """The part that the text refers to by this kind of relationship, or None where it is missing or broken."""
        member = self.targets.get(kind)
        if member is None or member not in self.archive:
            return None
        try:
            return self.parse(member, MAX_SIDE_PART_BYTES)
        except etree.XMLSyntaxError:
            return None
