"""A glance at a Word file: whether it is certainly another body's report, without reading all of it.

Belongs here: what saves reading a folder of last year's reports for one draft. Does not belong here: who a report is of
(`parsers.prose.identity`, which is asked of the file's first and last paragraphs), which years are compared (`checks`).

Passed over is only what names another body for certain and this one nowhere; all else is read as ever.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from schemas.bodies import Body, body_of, relation
from schemas.facts import Passage, Place, Report
from schemas.labels import fold

from .files import content

_DOCUMENT = "word/document.xml"
# A larger one is no report's.
_MOST_BYTES = 8 * 1024 * 1024
_TABLE = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
_PARAGRAPH = re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL)
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
# Title and preamble; signature and date.
_FIRST, _LAST = 8, 5


def is_anothers(path: Path, drafts: Sequence[Report]) -> bool:
    """Whether a file is certainly none of the bodies' whose drafts these are."""
    mine = [(body_of(r.identity), r.year) for r in drafts]
    texts = _ends(path)
    if not texts or not mine:
        return False
    from parsers.prose import identity

    passages = [Passage(text, Place(paragraph=i)) for i, text in enumerate(texts, start=1)]
    who = identity.identify(passages=passages, file_name=path.name).identity
    its = body_of(who)
    if its is None or its.key is None:
        return False
    said = fold("\n".join((path.stem, *texts)))
    return all(
        body is not None and relation(body, its, year, who.year) == "other" and _own(body) not in said
        for body, year in mine
    )


def _own(body: Body) -> str:
    """The part of a body's name that all its spellings share, or its whole name."""
    return body.name or body.printed


def _ends(path: Path) -> list[str]:
    """The first and last paragraphs of a Word file, without its tables; nothing of any other, or one that is not in order."""
    try:
        with zipfile.ZipFile(io.BytesIO(content(path))) as archive:
            if archive.getinfo(_DOCUMENT).file_size > _MOST_BYTES:
                return []
            text = archive.read(_DOCUMENT).decode("utf-8")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        return []
    paragraphs = ("".join(_TEXT.findall(p)) for p in _PARAGRAPH.findall(_TABLE.sub("", text)))
    said = [html.unescape(p).strip() for p in paragraphs if p.strip()]
    return said if len(said) <= _FIRST + _LAST else [*said[:_FIRST], *said[-_LAST:]]
