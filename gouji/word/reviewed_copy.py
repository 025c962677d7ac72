"""The reviewed copy of a Word draft: the draft itself, with comments and light shading at the cells concerned.

Belongs here: putting remarks into a Word package and leaving everything else as it is. Does not belong here: what is
said and where (`remarks`), reading (`parsers.readers.word`).

Only the main part, the comments and what refers to them are written anew; every other part is copied byte for byte
(`gouji.word.package`). No text is touched: comments stand in a part of their own, and shading is a cell's property.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from gouji.show.remarks import Remark, Remarks
from parsers.readers.word import OUR_AUTHOR, Origins, origins

from .package import FAULTS, Package, opened, parsed, serialised
from .shading import shade

_WHITE = re.compile("[Ff]{6}")
_FILLS = {"error": "FFD6D6", "warning": "FFF0C2", "note": "DCE9F7"}
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# Strict OOXML has other names for the same.
_STRICT = "http://purl.oclc.org/ooxml/"
_STRICT_OFFICE = f"{_STRICT}officeDocument/relationships"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


def word_copy(data: bytes, name: str, remarks: Remarks) -> bytes:
    """The draft with its remarks. ``data`` is a draft that `parsers.readers.word.read` has read.

    Raises `UnreadableError` as reading does, ValueError for a package that cannot be copied.
    """
    found = origins(data, name)
    try:
        with opened(data) as package:
            return package.with_parts(_Annotator(package, found).write(remarks))
    except FAULTS as error:
        raise ValueError(f"{type(error).__name__} in the package") from error


class _Annotator:
    """Works on one package; ``parts`` collects what is to be written."""

    def __init__(self, package: Package, found: Origins) -> None:
        self.package, self.found = package, found
        self.root = parsed(package.read(found.member))
        self.elements = list(self.root.iter("*"))
        self.w = f"{{{etree.QName(self.root).namespace}}}"
        self.parts: dict[str, bytes] = {}

    def write(self, remarks: Remarks) -> dict[str, bytes]:
        # Elements are looked up by their position in the draft, so all of them before any is added.
        places = [(remark, self._element(remark)) for remark in remarks.remarks]
        cells = [
            (self.elements[i], severity)
            for place, severity in remarks.shaded.items()
            if (i := self.found.cells.get(place)) is not None
        ]
        all_cells = [self.elements[i] for i in self.found.cells.values()]
        comments, next_id = self._comments()
        if self._clear(comments):
            self._unshade(all_cells)
        for cell, severity in cells:
            # White text on no ground is not printed, and stays so.
            if not any(_WHITE.fullmatch(c.get(f"{self.w}val", "")) for c in cell.iter(f"{self.w}color")):
                shade(cell, _FILLS[severity])
        for i, (remark, element) in enumerate(places):
            self._attach(element, remark, next_id + i)
            comments.append(self._comment(remark, next_id + i))
        self.parts[self.found.member] = serialised(self.root)
        self._write_comments(comments)
        return self.parts

    # -- an earlier review ---------------------------------------------------------------------------------------------

    def _clear(self, comments: Any) -> bool:
        """Take away our comments of an earlier review; whether there were any."""
        w = self.w
        mine = {c.get(f"{w}id"): c for c in comments if c.get(f"{w}author") == OUR_AUTHOR}
        for comment in mine.values():
            comments.remove(comment)
        for element in list(self.root.iter(f"{w}commentRangeStart", f"{w}commentRangeEnd", f"{w}commentReference")):
            if element.get(f"{w}id") in mine:
                # A reference stands in a run of its own.
                run = element.getparent() if element.tag == f"{w}commentReference" else element
                alone = run is element or all(c.tag in (element.tag, f"{w}rPr") for c in run)
                gone = run if alone else element
                gone.getparent().remove(gone)
        return bool(mine)

    def _unshade(self, cells: Sequence[Any]) -> None:
        """No cell stays red that has been corrected since."""
        for cell in cells:
            shading = cell.find(f"{self.w}tcPr/{self.w}shd")
            if shading is not None and shading.get(f"{self.w}fill") in _FILLS.values():
                shading.getparent().remove(shading)

    # -- places --------------------------------------------------------------------------------------------------------

    def _element(self, remark: Remark) -> Any:
        """The cell or paragraph a remark is about; the first paragraph of the text for one about the whole."""
        cell = remark.cell
        if cell is not None:
            i = self.found.cells.get(cell)
            if i is None:
                i = min((p for (table, _, _), p in self.found.cells.items() if table == cell[0]), default=None)
            if i is not None:
                return self.elements[i]
        if remark.place.paragraph in self.found.paragraphs:
            return self.elements[self.found.paragraphs[remark.place.paragraph]]
        first = min([*self.found.paragraphs.values(), *self.found.cells.values()])
        return self.elements[first]

    def _attach(self, element: Any, remark: Remark, comment_id: int) -> None:
        """Start and end of the comment around a paragraph's text, or around the runs that hold its sentence."""
        w = self.w
        paragraph = element if element.tag == f"{w}p" else element.find(f".//{w}p")
        if paragraph is None:
            paragraph = etree.SubElement(element, f"{w}p")
        start = etree.Element(f"{w}commentRangeStart", {f"{w}id": str(comment_id)})
        end = etree.Element(f"{w}commentRangeEnd", {f"{w}id": str(comment_id)})
        reference = etree.Element(f"{w}r")
        etree.SubElement(reference, f"{w}commentReference", {f"{w}id": str(comment_id)})
        runs = self._runs_of(paragraph, remark.sentence)
        if runs:
            runs[0].addprevious(start)
            runs[-1].addnext(end)
        else:
            properties = paragraph.find(f"{w}pPr")
            if properties is not None:
                properties.addnext(start)
            else:
                paragraph.insert(0, start)
            paragraph.append(end)
        end.addnext(reference)

    def _runs_of(self, paragraph: Any, sentence: str | None) -> list[Any]:
        """The runs of a paragraph that hold a sentence, if it stands in the paragraph's own runs."""
        # Of an endless sentence there is an excerpt.
        sentence = (sentence or "").strip("… \n")
        if not sentence:
            return []
        runs = list(paragraph.iterchildren(f"{self.w}r"))
        texts = ["".join(t.text or "" for t in run.iter(f"{self.w}t")) for run in runs]
        at = "".join(texts).find(sentence)
        if at < 0:
            return []
        end = at + len(sentence)
        chosen, position = [], 0
        for run, text in zip(runs, texts, strict=True):
            if position < end and position + len(text) > at:
                chosen.append(run)
            position += len(text)
        return chosen

    # -- the comments --------------------------------------------------------------------------------------------------

    def _comment(self, remark: Remark, comment_id: int) -> Any:
        w = self.w
        attributes = {f"{w}id": str(comment_id), f"{w}author": OUR_AUTHOR, f"{w}initials": OUR_AUTHOR}
        comment = etree.Element(f"{w}comment", attributes, nsmap={"w": w[1:-1]})
        for i, line in enumerate(remark.lines):
            paragraph = etree.SubElement(comment, f"{w}p")
            # The text's own style (large type, first lines set in) does not suit a comment.
            properties = etree.SubElement(paragraph, f"{w}pPr")
            spacing = {"before": "0", "after": "0", "line": "240", "lineRule": "auto"}
            etree.SubElement(properties, f"{w}spacing", {f"{w}{k}": v for k, v in spacing.items()})
            indent = {"left": "0", "firstLine": "0", "firstLineChars": "0"}
            etree.SubElement(properties, f"{w}ind", {f"{w}{k}": v for k, v in indent.items()})
            etree.SubElement(properties, f"{w}jc", {f"{w}val": "left"})
            run = etree.SubElement(paragraph, f"{w}r")
            look = etree.SubElement(run, f"{w}rPr")
            etree.SubElement(look, f"{w}rFonts", {f"{w}ascii": "Arial", f"{w}hAnsi": "Arial", f"{w}eastAsia": "宋体"})
            if i == 0:
                etree.SubElement(look, f"{w}b")
            etree.SubElement(look, f"{w}sz", {f"{w}val": "18"})
            text = etree.SubElement(run, f"{w}t")
            text.text = line
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return comment

    def _relationships(self) -> tuple[str, Any]:
        folder, base = posixpath.split(self.found.member)
        member = posixpath.join(folder, "_rels", f"{base}.rels")
        if member in self.package:
            return member, parsed(self.package.read(member))
        return member, etree.Element(f"{{{_RELATIONSHIPS}}}Relationships", nsmap={None: _RELATIONSHIPS})

    def _comments(self) -> tuple[Any, int]:
        """The comments there are, and the first number that is free."""
        _, relationships = self._relationships()
        folder = posixpath.dirname(self.found.member)
        self.comments_member: str | None = None
        for relationship in relationships:
            if relationship.get("Type", "").rpartition("/")[2] == "comments":
                target = relationship.get("Target", "")
                member = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
                if member in self.package:
                    self.comments_member = member
        w = self.w
        if self.comments_member is None:
            comments = etree.Element(f"{w}comments", nsmap={"w": w[1:-1]})
        else:
            comments = parsed(self.package.read(self.comments_member))
        used = [c.get(f"{w}id", "") for c in comments]
        used += [e.get(f"{w}id", "") for e in self.root.iter(f"{w}commentReference", f"{w}commentRangeStart")]
        return comments, max((int(i) for i in used if i.isdecimal()), default=-1) + 1

    def _write_comments(self, comments: Any) -> None:
        if not len(comments) and self.comments_member is None:
            return
        if self.comments_member is not None:
            self.parts[self.comments_member] = serialised(comments)
            return
        folder = posixpath.dirname(self.found.member)
        base = next(n for n in ("comments.xml", "gouji-comments.xml") if posixpath.join(folder, n) not in self.package)
        member = posixpath.join(folder, base)
        self.parts[member] = serialised(comments)
        rels_member, relationships = self._relationships()
        office = _STRICT_OFFICE if self.w[1:].startswith(_STRICT) else _OFFICE
        taken = {r.get("Id") for r in relationships}
        new_id = next(f"rIdGouji{i}" for i in range(1, len(taken) + 2) if f"rIdGouji{i}" not in taken)
        relationship = {"Id": new_id, "Type": f"{office}/comments", "Target": base}
        etree.SubElement(relationships, f"{{{_RELATIONSHIPS}}}Relationship", relationship)
        self.parts[rels_member] = serialised(relationships)
        types = parsed(self.package.read("[Content_Types].xml"))
        override = {"PartName": f"/{member}", "ContentType": _COMMENTS_TYPE}
        etree.SubElement(types, f"{{{_CONTENT_TYPES}}}Override", override)
        self.parts["[Content_Types].xml"] = serialised(types)
