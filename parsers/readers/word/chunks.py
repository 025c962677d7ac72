"""Other documents that a Word document pulls in when it is opened (``w:altChunk``): pages are read where they stand.

Belongs here: finding such a part and setting what it holds into the text. Does not belong here: reading pages
(`readers.html`). Parts of other formats are told as something that was not read.
"""

from __future__ import annotations

from typing import Any

from parsers.document import UnreadableError
from parsers.files.sniff import HTML, sniff
from parsers.readers.builder import Builder

from .package import Package

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Programs that merge documents make one part for each.
MOST_CHUNKS = 20


def pour(element: Any, package: Package, builder: Builder) -> None:
    """Set what the part that ``element`` pulls in holds into the open flow of ``builder``."""
    builder.break_line()
    package.chunks += 1
    try:
        member = package.by_id(element.get(_ID))
        blob = package.archive.read(member) if member is not None and package.chunks <= MOST_CHUNKS else b""
        page = _page(blob, builder.name) if sniff(blob, "") == HTML else None
    except (UnreadableError, KeyError):
        page = None
    if page is None:
        builder.has_pictures = True
        builder.apart.add("object")
        return
    builder.pour(page.body)
    builder.has_pictures = builder.has_pictures or page.has_pictures
    builder.apart |= page.apart
    builder.problems += page.problems
    builder.elsewhere += page.elsewhere


def _page(blob: bytes, name: str) -> Builder:
    from parsers.readers import html

    page = html.walked(blob, name)[0]
    page.break_line()
    return page
