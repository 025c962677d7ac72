"""Parts of a workbook's package: found by their relationships, new ones added, children put where the schema wants them.

Belongs here: what any change to somebody's workbook needs. Does not belong here: what is changed (`reviewed_copy`,
`notes`, `shading`).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from gouji.word.package import Package, parsed, serialised

CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class Parts:
    """A package with the parts that were looked at, as trees or text, and what of them is to be written."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._roots: dict[str, Any] = {}
        self._texts: dict[str, str] = {}
        self._changed: set[str] = set()
        self.main = next((t for _, kind, t in self.relations("") if kind == "officeDocument"), "xl/workbook.xml")
        root = self.root(self.main)
        self.is_strict = etree.QName(root).namespace.startswith(_STRICT)

    def __contains__(self, member: str) -> bool:
        return member in self._roots or member in self._texts or member in self.package

    @property
    def office(self) -> str:
        """What the types of relationships begin with, and the namespace of their ids."""
        return f"{_STRICT}officeDocument/relationships" if self.is_strict else _OFFICE

    def root(self, member: str) -> Any:
        """A part's root element. Raises KeyError where there is no such part."""
        if member not in self._roots:
            self._roots[member] = parsed(self.package.read(member))
        return self._roots[member]

    def text(self, member: str) -> str:
        """A part that need not be sound XML, as text."""
        if member not in self._texts:
            self._texts[member] = self.package.read(member).decode("utf-8-sig")
        return self._texts[member]

    def put(self, member: str, content: Any) -> None:
        """Add a part (an element or text), or replace the text of one."""
        (self._texts if isinstance(content, str) else self._roots)[member] = content
        self._changed.add(member)

    def touch(self, member: str) -> None:
        """Say that a part's tree was changed."""
        self._changed.add(member)

    def written(self) -> dict[str, bytes]:
        """The parts that are new or changed."""
        return {
            m: self._texts[m].encode() if m in self._texts else serialised(self._roots[m])
            for m in sorted(self._changed)
        }

    def free(self, pattern: str) -> str:
        """A part's name that is not taken; ``pattern`` has a {} for a number."""
        return next(n for i in range(1, 100_000) if (n := pattern.format(i)) not in self)

    # -- relationships -------------------------------------------------------------------------------------------------

    def relations(self, source: str) -> Iterator[tuple[str, str, str]]:
        """Id, last word of the type and target of a part's relationships into the package."""
        member = _relations_of(source)
        if member not in self:
            return
        for relation in self.root(member):
            target = relation.get("Target", "")
            if target and relation.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
                yield relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], path

    def related(self, source: str, kind: str) -> str | None:
        """The first part of a kind that a part refers to, and that is there."""
        return next((t for _, k, t in self.relations(source) if k == kind and t in self), None)

    def relate(self, source: str, kind: str, target: str, *, type_prefix: str | None = None) -> str:
        """Add a relationship; returns its id."""
        member = _relations_of(source)
        if member not in self:
            self.put(member, etree.Element(f"{{{RELATIONSHIPS}}}Relationships", nsmap={None: RELATIONSHIPS}))
        root = self.root(member)
        taken = {r.get("Id") for r in root}
        new = next(f"rIdGouji{i}" for i in range(1, len(taken) + 2) if f"rIdGouji{i}" not in taken)
        attributes = {"Id": new, "Type": f"{type_prefix or self.office}/{kind}", "Target": f"/{target}"}
        etree.SubElement(root, f"{{{RELATIONSHIPS}}}Relationship", attributes)
        self.touch(member)
        return new

    def declare(self, member: str, content_type: str, *, extension: bool = False) -> None:
        """Say of what type a new part is, for itself or for all parts that end as it does."""
        root = self.root("[Content_Types].xml")
        if extension:
            ending = member.rpartition(".")[2]
            if not any(e.get("Extension", "").lower() == ending for e in root):
                attributes = {"Extension": ending, "ContentType": content_type}
                # Made in its place, so that it takes over the prefix, and then moved to the front.
                root.insert(0, etree.SubElement(root, f"{{{CONTENT_TYPES}}}Default", attributes))
        else:
            attributes = {"PartName": f"/{member}", "ContentType": content_type}
            etree.SubElement(root, f"{{{CONTENT_TYPES}}}Override", attributes)
        self.touch("[Content_Types].xml")


def _relations_of(source: str) -> str:
    folder, base = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def put_in_order(parent: Any, child: Any, before: Sequence[str]) -> None:
    """Add a child in front of the first of those that the schema has behind it."""
    behind = next((c for c in parent if isinstance(c.tag, str) and etree.QName(c).localname in before), None)
    if behind is None:
        parent.append(child)
    else:
        behind.addprevious(child)


def reference(row: int, column: int) -> str:
    """A cell as Excel calls it; rows and columns count from 1."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row}"


def position(text: str) -> tuple[int, int] | None:
    """Row and column, from 1, of a reference such as B12."""
    found = _REFERENCE.fullmatch(text.replace("$", ""))
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
