"""Workbooks (.xlsx, .xls): every visible sheet as paragraphs and tables.

Belongs here: which reader is for which kind of workbook. Does not belong here: either format (`xlsx`, `xls`), how a
number is shown (`display`), how a sheet is cut into tables (`sheets`), what a label means (`parsers.tables.matching`).
"""

from __future__ import annotations

from parsers.document import Document
from parsers.files.archive import looks_like_zip


def read(data: bytes, name: str) -> Document:
    """Reads a workbook from its bytes. ``name`` is the file's, for messages.

    Raises `UnreadableError`: ``unreadable``, ``encrypted``, ``empty``, ``too_large``.
    """
    if looks_like_zip(data):
        from .xlsx import read as read_xlsx

        return read_xlsx(data, name)
    from .xls import read as read_xls

    return read_xls(data, name)
