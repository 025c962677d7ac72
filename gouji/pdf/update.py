"""An incremental update: what a PDF's page is given, written behind the file's end.

Belongs here: PDF syntax, objects old and new, the cross-reference section that makes them count. Does not belong here:
which annotations there are and what they look like (`reviewed_copy`).

The file stays as it is, byte for byte; changed and new objects follow it, as when Acrobat saves. What cannot be continued
for certain is refused: encrypted files, those whose cross-references are damaged, those with something in front of them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pdfminer.pdfdocument import PDFDocument, PDFXRefFallback, PDFXRefStream
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSException, PSLiteral

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF", re.S)
_SPECIAL = frozenset(b"()<>[]{}/%#")


class Name(str):
    """A PDF name, without its slash."""


class Ref(int):
    """A reference to one of the update's own objects, by number."""


class Old(int):
    """A reference to one of the file's objects, by number."""


class NotContinued(ValueError):
    """A file that no update is written for."""


class Update:
    """An update of one file in the making. Raises `NotContinued`."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(b"%PDF-"):
            raise NotContinued("header")
        starts = _START.findall(data)
        if not starts:
            raise NotContinued("startxref")
        self.data, self._start = data, int(starts[-1])
        try:
            self._document = PDFDocument(PDFParser(io.BytesIO(data)), fallback=False)
            if self._document.encryption is not None:
                raise NotContinued("encrypted")
            self._pages = list(PDFPage.create_pages(self._document))
        except ImportError as error:
            # pdfminer's ciphers, imported when a file asks for them (`parsers.readers.pdf.ciphers`).
            raise NotContinued("encrypted") from error
        except (PSException, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NotContinued(type(error).__name__) from error
        if any(isinstance(x, PDFXRefFallback) for x in self._document.xrefs) or not self._document.xrefs:
            raise NotContinued("xref")
        trailers = [x.get_trailer() for x in self._document.xrefs]
        self._trailer = trailers[0]
        known = [int(resolve1(t.get("Size")) or 0) for t in trailers]
        known += [max(x.get_objids(), default=0) + 1 for x in self._document.xrefs]
        self._next = max(known)
        self._objects: dict[int, tuple[int, bytes]] = {}

    @property
    def pages(self) -> int:
        return len(self._pages)

    def add(self, value: Any, stream: bytes | None = None) -> Ref:
        """A new object; a dictionary with what it holds is a stream."""
        number, self._next = self._next, self._next + 1
        self._put(number, 0, value, stream)
        return Ref(number)

    def reserve(self) -> Ref:
        """The number of an object that is `fill`ed later, because another has to name it first."""
        number, self._next = self._next, self._next + 1
        return Ref(number)

    def fill(self, number: Ref, value: Any) -> None:
        self._put(int(number), 0, value, None)

    def page_reference(self, index: int) -> Old:
        return Old(int(self._page(index).pageid))

    def annotations(self, index: int) -> list[Any]:
        """The annotations of a page (from 0), as its list holds them."""
        found = resolve1(self._page(index).attrs.get("Annots"))
        return list(found) if isinstance(found, list) else []

    def resolved(self, value: Any) -> Any:
        return resolve1(value)

    def annotate(self, index: int, annotations: Iterable[Any]) -> None:
        """Give a page these annotations instead of those it has; all else of the page is written as it was."""
        number = int(self._page(index).pageid)
        page = self._document.getobj(number)
        if not isinstance(page, dict):
            raise NotContinued("page")
        self._put(number, self._generation(number), {**page, "Annots": list(annotations)}, None)

    def _page(self, index: int) -> PDFPage:
        page = self._pages[index]
        if not isinstance(page.pageid, int):
            raise NotContinued("page")
        return page

    def _put(self, number: int, generation: int, value: Any, stream: bytes | None) -> None:
        if stream is not None:
            body = self._text({**value, "Length": len(stream)}) + b"\nstream\n" + stream + b"\nendstream"
        else:
            body = self._text(value)
        self._objects[number] = generation, body

    # -- syntax --------------------------------------------------------------------------------------------------------

    def _text(self, value: Any) -> bytes:
        """A value in PDF's own writing."""
        if value is None:
            return b"null"
        if isinstance(value, bool):
            return b"true" if value else b"false"
        if isinstance(value, Ref):
            return b"%d 0 R" % value
        if isinstance(value, Old):
            return b"%d %d R" % (value, self._generation(value))
        if isinstance(value, Name):
            return _name(value)
        if isinstance(value, int):
            return b"%d" % value
        if isinstance(value, (float, Decimal)):
            return f"{value:.6f}".rstrip("0").rstrip(".").encode() or b"0"
        if isinstance(value, PSLiteral):
            return _name(value.name)
        if isinstance(value, PDFObjRef):
            return b"%d %d R" % (value.objid, self._generation(value.objid))
        if isinstance(value, bytes):
            return b"<" + value.hex().encode() + b">"
        if isinstance(value, str):
            return self._text(b"\xfe\xff" + value.encode("utf-16-be", "replace"))
        if isinstance(value, (list, tuple)):
            return b"[" + b" ".join(map(self._text, value)) + b"]"
        if isinstance(value, dict):
            return b"<<" + b" ".join(_name(k) + b" " + self._text(v) for k, v in value.items()) + b">>"
        if isinstance(value, PDFStream):
            raise NotContinued("stream")
        raise NotContinued(type(value).__name__)

    def _generation(self, number: int) -> int:
        for xref in self._document.xrefs:
            try:
                inside, _, generation = xref.get_pos(number)
            except KeyError:
                continue
            return 0 if inside is not None else int(generation)
        return 0

    # -- the end -------------------------------------------------------------------------------------------------------

    def written(self) -> bytes:
        """The file with its update, if anything was added."""
        if not self._objects:
            return self.data
        out = bytearray(self.data)
        if not out.endswith((b"\n", b"\r")):
            out += b"\n"
        places: dict[int, tuple[int, int]] = {}
        for number, (generation, body) in sorted(self._objects.items()):
            places[number] = len(out), generation
            out += b"%d %d obj\n%s\nendobj\n" % (number, generation, body)
        trailer = {k: self._trailer[k] for k in ("Root", "Info", "ID") if k in self._trailer}
        trailer |= {"Size": self._next, "Prev": self._start}
        start = len(out)
        if isinstance(self._document.xrefs[0], PDFXRefStream):
            own = self._next
            places[own] = start, 0
            trailer["Size"] = own + 1
            out += self._xref_stream(own, trailer, places)
        else:
            out += b"xref\n"
            for first, group in _runs(places):
                out += b"%d %d\n" % (first, len(group))
                out += b"".join(b"%010d %05d n\r\n" % places[n] for n in group)
            out += b"trailer\n" + self._text(trailer) + b"\n"
        out += b"startxref\n%d\n%%%%EOF\n" % start
        return bytes(out)

    def _xref_stream(self, own: int, trailer: dict[str, Any], places: dict[int, tuple[int, int]]) -> bytes:
        entries = bytearray()
        index: list[int] = []
        for first, group in _runs(places):
            index += [first, len(group)]
            for number in group:
                entries += b"\x01" + places[number][0].to_bytes(5, "big") + places[number][1].to_bytes(2, "big")
        values = {**trailer, "Type": Name("XRef"), "W": [1, 5, 2], "Index": index, "Length": len(entries)}
        return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (own, self._text(values), bytes(entries))


def _name(name: str | bytes) -> bytes:
    raw = name.encode() if isinstance(name, str) else name
    return b"/" + b"".join(bytes([b]) if 0x21 <= b <= 0x7E and b not in _SPECIAL else b"#%02x" % b for b in raw)


def _runs(numbers: Iterable[int]) -> list[tuple[int, list[int]]]:
    """Runs of numbers that follow one another."""
    out: list[tuple[int, list[int]]] = []
    for n in sorted(numbers):
        if out and out[-1][1][-1] == n - 1:
            out[-1][1].append(n)
        else:
            out.append((n, [n]))
    return out
