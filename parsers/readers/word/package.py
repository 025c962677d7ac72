"""The parts of a Word package.

Belongs here: which part is which, packages written as one XML file. Does not belong here: relationships and what is safe
to parse (`readers.packages`), what the parts say (`looks`, `walk`).

python-docx is not used: it loads every part of a package, unbounded, refuses files that Word opens (macros, strict
OOXML, WPS's dangling relationships), and importing it takes longer than reading a draft. The parser leaves entities
alone and stops at 256 levels of nesting, on which the recursion of `walk` relies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from parsers.document import UnreadableError
from parsers.files.archive import MAX_PART_BYTES
from parsers.readers import packages

from .markup import W_P, all_text

MAX_TAGS = 800_000
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_PARSER = packages.parser_of_parts(remove_blank_text=True, collect_ids=False)


def parsed(blob: bytes) -> Any:
    """The root element of XML that was found safe."""
    return etree.fromstring(blob, _PARSER)


class FlatParts:
    """A package written as one XML file (``pkg:package``, what Word calls Word XML document).

    Raises `UnreadableError` and lxml's XMLSyntaxError.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        packages.refuse_unsafe(data, name, MAX_TAGS)
        self._parts: dict[str, Any] = {}
        for part in parsed(data).iterchildren(f"{_PKG}part"):
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


class Package(packages.Package):
    """The parts of a Word package that are read."""

    parser = _PARSER
    most_tags = MAX_TAGS

    def __init__(self, archive: packages.Parts) -> None:
        super().__init__(archive)
        package = self._targets("/")
        main = package.get("officeDocument")
        # Some writers forget the relationship, none puts the text elsewhere.
        if main is None or main not in archive:
            main = "/word/document.xml"
        self.main = main if main in archive else None
        self.core = package.get("core-properties")
        self.targets = self._targets(main) if self.main else {}

    def _targets(self, source: str) -> dict[str, str]:
        """Parts by what they are to the package itself (``/``) or to one of its parts."""
        out: dict[str, str] = {}
        for _, kind, target in self.relationships(source):
            # Headers: a document has one for first, for odd and for even pages.
            out.setdefault(kind if kind not in out else f"{kind} {len(out)}", target)
        return out

    def part(self, kind: str) -> Any | None:
        """The part that the text refers to by this kind of relationship, or None where it is missing or broken."""
        return self.side_part(self.targets.get(kind))

    def headers(self) -> Iterator[Any]:
        """The parts that stand at the head of pages; broken ones are left out."""
        for kind in list(self.targets):
            if kind.partition(" ")[0] == "header" and (root := self.part(kind)) is not None:
                yield root

    def metadata(self) -> dict[str, str]:
        """What the package says of itself, and under ``page_header`` what stands at the head of its pages."""
        heads = [all_text(p) for root in self.headers() for p in root.iter(W_P)]
        head = {"page_header": "\n".join(heads)} if any(h.strip() for h in heads) else {}
        root = self.side_part(self.core)
        if root is None:
            return head
        found = ((etree.QName(e).localname.lower(), (e.text or "").strip()) for e in root.iterchildren("*"))
        return head | {key: value for key, value in found if value}
