"""Notes at cells of somebody's workbook, beside those of others.

Belongs here: the comments of a sheet, conversations (threaded comments). Does not belong here: what the notes say and
where (`reviewed_copy`), the boxes in which they are shown (`boxes`).

A cell has one note only. Where it has one of somebody else, ours stands below it behind a line with our name; where it has
a conversation, ours is an answer in it. Reviewing a copy again takes our old notes away first.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from lxml import etree

from parsers.files.marks import AUTHOR, BELOW

from .boxes import Boxes, Position
from .parts import Parts, position, reference

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_THREADS = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
_LONGEST = 8_000
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")


class Notes:
    """The notes of one sheet (``member``)."""

    def __init__(self, parts: Parts, member: str) -> None:
        self.parts, self.member = parts, member
        self.sheet = parts.root(member)
        self.boxes = Boxes(parts, member)
        self.comments = parts.related(member, "comments")
        self.threads = parts.related(member, "threadedComment")

    # -- taking old ones away ------------------------------------------------------------------------------------------

    def clear(self) -> bool:
        """Take away what an earlier review wrote; whether there was any."""
        return any([self._clear_threads(), self._clear_comments()])

    def _clear_threads(self) -> bool:
        ours = self._our_person(make=False)
        if self.threads is None or ours is None:
            return False
        root = self.parts.root(self.threads)
        mine = [c for c in root if c.get("personId") == ours]
        for comment in mine:
            root.remove(comment)
        if mine:
            self.parts.touch(self.threads)
        return bool(mine)

    def _clear_comments(self) -> bool:
        if self.comments is None:
            return False
        root = self.parts.root(self.comments)
        s = self._s(root)
        mine: set[Position] = set()
        changed = False
        authors = [a.text for a in root.iterfind(f"{s}authors/{s}author")]
        for comment in list(root.iterfind(f"{s}commentList/{s}comment")):
            number = int(comment.get("authorId") or 0)
            if number < len(authors) and authors[number] == AUTHOR:
                comment.getparent().remove(comment)
                if (at := position(comment.get("ref", ""))) is not None:
                    mine.add(at)
                continue
            runs = list(comment.iterfind(f"{s}text/{s}r"))
            texts = ["".join(t.text or "" for t in r.iterfind(f"{s}t")) for r in runs]
            first = next((i for i, text in enumerate(texts) if text.strip() == BELOW), None)
            for run in runs[first:] if first is not None else ():
                run.getparent().remove(run)
                changed = True
        if mine or changed:
            self.parts.touch(self.comments)
        if mine:
            self.boxes.remove(mine)
        return bool(mine) or changed

    # -- writing -------------------------------------------------------------------------------------------------------

    def write(self, notes: Mapping[Position, Sequence[str]]) -> None:
        """Put notes at cells, each of some lines."""
        if not notes:
            return
        if self.comments is None:
            self.comments = self._new_comments()
        root = self.parts.root(self.comments)
        s = self._s(root)
        author = str(self._author(root))
        found = root.find(f"{s}commentList")
        there = {position(c.get("ref", "")): c for c in found}
        for at in sorted(notes):
            lines = _fitting(notes[at])
            if at in there:
                self._answer(at, lines)
                self._append(there[at].find(f"{s}text"), [BELOW, *lines], s)
            else:
                comment = etree.SubElement(found, f"{s}comment", ref=reference(*at), authorId=author, shapeId="0")
                self._append(etree.SubElement(comment, f"{s}text"), lines, s)
        self.parts.touch(self.comments)
        texts = {p: _plain(c, s) for c in found if (p := position(c.get("ref", ""))) is not None}
        self.boxes.draw(texts, notes.keys())

    def _s(self, root: Any) -> str:
        return f"{{{etree.QName(root).namespace}}}"

    def _new_comments(self) -> str:
        namespace = etree.QName(self.sheet).namespace
        root = etree.Element(f"{{{namespace}}}comments", nsmap={None: namespace})
        etree.SubElement(root, f"{{{namespace}}}authors")
        etree.SubElement(root, f"{{{namespace}}}commentList")
        member = self.parts.free("xl/comments{}.xml")
        self.parts.put(member, root)
        self.parts.declare(member, _COMMENTS_TYPE)
        self.parts.relate(self.member, "comments", member)
        return member

    def _author(self, root: Any) -> int:
        """Our number among the authors."""
        authors = root.find(f"{self._s(root)}authors")
        names = [a.text for a in authors]
        if AUTHOR not in names:
            etree.SubElement(authors, f"{self._s(root)}author").text = AUTHOR
        return [a.text for a in authors].index(AUTHOR)

    def _append(self, text: Any, lines: Sequence[str], s: str) -> None:
        """Add lines to a note's text; a plain text becomes a run first."""
        plain = text.find(f"{s}t")
        if plain is not None:
            run = etree.SubElement(text, f"{s}r")
            run.append(plain)
        begun = bool(len(text))
        for i, line in enumerate(lines):
            run = etree.SubElement(text, f"{s}r")
            look = etree.SubElement(run, f"{s}rPr")
            # The severity, and the line between somebody's note and ours.
            if line.startswith(("【", "[")) or line == BELOW:
                etree.SubElement(look, f"{s}b")
            etree.SubElement(look, f"{s}sz", val="9")
            etree.SubElement(look, f"{s}color", indexed="81")
            etree.SubElement(look, f"{s}rFont", val="宋体")
            etree.SubElement(look, f"{s}family", val="3")
            etree.SubElement(look, f"{s}charset", val="134")
            written = etree.SubElement(run, f"{s}t")
            written.text = ("\n" if begun or i else "") + line
            written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")

    # -- conversations -------------------------------------------------------------------------------------------------

    def _answer(self, at: Position, lines: Sequence[str]) -> None:
        """An answer in the conversation at a cell, if there is one: Excel shows it and not the note."""
        if self.threads is None:
            return
        root = self.parts.root(self.threads)
        mine = [c for c in root.iterchildren(f"{_THREADS}threadedComment") if position(c.get("ref", "")) == at]
        first = next((c for c in mine if not c.get("parentId")), None)
        if first is None:
            return
        text = "\n".join(lines)
        attributes = {
            "ref": reference(*at),
            "dT": max(c.get("dT", "") for c in mine),
            "personId": str(self._our_person(make=True)),
            "id": _guid(f"{first.get('id')}{text}"),
            "parentId": first.get("id", ""),
        }
        answer = etree.Element(f"{_THREADS}threadedComment", attributes)
        etree.SubElement(answer, f"{_THREADS}text").text = text
        mine[-1].addnext(answer)
        self.parts.touch(self.threads)

    def _our_person(self, *, make: bool) -> str | None:
        """We as one of those who talk, by id."""
        persons = self.parts.related(self.parts.main, "person")
        if persons is None:
            return None
        root = self.parts.root(persons)
        found = next((p.get("id") for p in root if p.get("displayName") == AUTHOR), None)
        if found is None and make:
            found = _guid(AUTHOR)
            attributes = {"displayName": AUTHOR, "id": found, "userId": AUTHOR, "providerId": "None"}
            etree.SubElement(root, f"{{{etree.QName(root).namespace}}}person", attributes)
            self.parts.touch(persons)
        return found


def _fitting(lines: Sequence[str]) -> list[str]:
    """The lines without what Excel's XML cannot hold, as many as a note has room for."""
    out: list[str] = []
    left = _LONGEST
    for line in lines:
        out.append(_REFUSED.sub("", line)[:left])
        left -= len(out[-1])
        if left <= 0:
            break
    return out


def _plain(comment: Any, s: str) -> str:
    return "".join(t.text or "" for t in comment.iter(f"{s}t"))


def _guid(text: str) -> str:
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"gouji:{escape(text)}")).upper() + "}"
