"""Whether an answer came to its end, judged by its content: a server that closes the connection says nothing of where it stopped.

Belongs here: the ends of pages, PDF and packages, beside those of the version that is known. Does not belong here: what the
connection tells (`fetching`, `bodies`), whether a page holds a report (`leading`), what becomes of an answer that was cut (`visits`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

_PAGE = re.compile(rb"<(?:!doctype|html|head|body|table|div|p)\b", re.IGNORECASE)
_HEAD, _TAIL = 4096, 4096


def why_cut(body: bytes, headers: Mapping[str, str], known: bytes | None) -> str | None:
    """What says that an answer is not whole; None where nothing does. ``known``: what was read at its address before.

    Only an end that the known version had can be missing. Of what is not known a page is cut that ends within a tag or a table and that
    came without its length.
    """
    if known is not None and known[:4] == body[:4] == b"PK\x03\x04":
        return None if zipfile.is_zipfile(io.BytesIO(body)) or not zipfile.is_zipfile(io.BytesIO(known)) else "zip"
    if known is not None and known[:5] == body[:5] == b"%PDF-":
        return "%%EOF" if b"%%EOF" in known[-_TAIL:] and b"%%EOF" not in body[-_TAIL:] else None
    if _PAGE.search(body[:_HEAD]) is None or _has_end(body):
        return None
    if known is None:
        framed = "content-length" in headers or "transfer-encoding" in headers
        return "</html>" if not framed and _is_open(body) else None
    if _PAGE.search(known[:_HEAD]) is None:
        return None
    if _has_end(known):
        return "</html>" if _is_open(body) or len(body) < len(known) else None
    return "</table>" if _is_open(body) and not _is_open(known) else None


def _has_end(page: bytes) -> bool:
    return b"</html" in page.lower()


def _is_open(page: bytes) -> bool:
    """Whether a page ends within a tag or a table."""
    page = page.lower()
    return page.rfind(b"<") > page.rfind(b">") or page.count(b"<table") > page.count(b"</table")
