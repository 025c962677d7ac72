"""From the bytes of a file to a `Document`: one reader for each format.

Belongs here: a format's markup, what of it is visible, and converters; which reader is for which kind of file. Does not
belong here: recognising a format (`files.sniff`), what a label or a figure means (`grammar`), which cell of a form a
printed cell is (`tables`).

A reader is a module or package of this room with a function ``read(data: bytes, name: str) -> Document`` that raises
`UnreadableError` with a sentence naming the file. A new format is one such file and one entry in `READERS`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from parsers.document import IncompleteError, UnreadableError, importing
from parsers.files import sniff

if TYPE_CHECKING:
    from parsers.document import Document

# Media type → the reader for it. Readers are imported when they are needed: a clerk's command starts with one.
READERS: dict[str, str] = {
    sniff.PDF: "pdf",
    sniff.DOCX: "word",
    sniff.FLAT_DOCX: "word",
    sniff.HTML: "html",
    sniff.MHTML: "mhtml",
    sniff.TEXT: "text",
    sniff.MARKDOWN: "text",
    sniff.XLSX: "spreadsheet",
    sniff.XLS: "spreadsheet",
    sniff.DOC: "convert",
    sniff.WPS: "convert",
    sniff.RTF: "convert",
    sniff.ODT: "convert",
    sniff.ODS: "convert",
    sniff.WORD_2003: "convert",
    sniff.EXCEL_2003: "convert",
}

# Where no comment is put into a table that the file does not have.
_TOLD = frozenset({sniff.TEXT, sniff.MARKDOWN, sniff.HTML, sniff.MHTML})

# How files of each kind usually end, for messages only: what a file is, its content says.
ENDINGS: dict[str, str] = {
    sniff.DOCX: ".docx",
    sniff.DOC: ".doc",
    sniff.WPS: ".wps",
    sniff.PDF: ".pdf",
    sniff.HTML: ".html",
    sniff.MHTML: ".mht",
    sniff.XLSX: ".xlsx",
    sniff.XLS: ".xls",
    sniff.TEXT: ".txt",
    sniff.MARKDOWN: ".md",
    sniff.RTF: ".rtf",
    sniff.ODT: ".odt",
    sniff.ODS: ".ods",
    sniff.FLAT_DOCX: ".xml",
    sniff.WORD_2003: ".xml",
    sniff.EXCEL_2003: ".xml",
}


def read(data: bytes, name: str, media_type: str) -> Document:
    """Read a file's bytes with the reader for their type. ``name`` is the file's, for messages.

    Raises `UnreadableError`, also where there is no reader for the type; `IncompleteError` where a library of it cannot be
    imported.
    """
    reader = READERS.get(media_type)
    if reader is None:
        raise UnreadableError(*sniff.unsupported_message(media_type, name))
    try:
        with importing():
            module: Any = import_module(f".{reader}", __name__)
        document: Document = module.read(data, name)
    except ImportError as error:
        raise IncompleteError(name, str(error)[:300]) from error
    if media_type in _TOLD:
        from .listed import gather

        return gather(document)
    return document
