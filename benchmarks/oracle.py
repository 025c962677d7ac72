"""Whether a damaged document really prints what was read from it.

Belongs here: the plainest possible second reading of each format, by other means than the product's readers.
Does not belong here: deciding what that means (`soak`).
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_FIGURE = re.compile(r"-?\d[\d,.]*")
_NUMBER_BEHIND = re.compile(r"\d[1-9]\.$")
# Characters of the shortest label and of its misprint.
_FEWEST_OF_A_ROW = 8


def plain(text: str) -> str:
    """Text without spaces and differences of width, as two readings are compared."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def _word_rows(data: bytes) -> list[list[str]]:
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"), etree.XMLParser(recover=True, huge_tree=False))
    if root is None:
        return []
    tag = "{*}"
    rows = [[plain("".join(tc.itertext())) for tc in tr.iter(f"{tag}tc")] for tr in root.iter(f"{tag}tr")]
    return rows + [[plain("".join(p.itertext()))] for p in root.iter(f"{tag}p")]


def _page_rows(data: bytes) -> list[list[str]]:
    from lxml import etree, html

    from parsers.files.encoding import decode

    # What a page's bytes mean as characters is not what is put to the test here.
    # A browser shows nothing where a control character stands.
    root = html.fromstring(_CONTROL.sub("", decode(data)) or "<p></p>")
    etree.strip_elements(root, "script", "style", "select", "template", with_tail=False)
    rows = [[plain(cell.text_content()) for cell in tr.iter("td", "th")] for tr in root.iter("tr")]
    # Cells also by themselves: a row's end tag in its middle leaves some in no row.
    return rows + [[plain(e.text_content())] for e in root.iter("td", "th", "p", "div", "body")]


def _text_rows(data: bytes) -> list[list[str]]:
    from parsers.files.encoding import decode

    # A character that could not be decoded belongs to the figure that it stands at.
    runs = re.compile(r"[\d.,\ufffd\x00-\x08\x0e-\x1f]+")
    rows = []
    for line in decode(data).splitlines():
        found = runs.findall(line)
        # The number of the label behind it may touch a figure.
        alone = [run[:-2] for run in found if _NUMBER_BEHIND.search(run)]
        rows.append([plain(cell) for cell in [*re.split(r"[|\t]|\s+", line), *found, *alone]])
    return rows


_ROWS = {"docx": _word_rows, "html": _page_rows, "txt": _text_rows}


@lru_cache(maxsize=4)
def rows(data: bytes, format: str) -> list[list[str]]:
    """Every row of every table as the texts of its cells; paragraphs as rows of one cell."""
    return _ROWS[format](data)


def prints(data: bytes, format: str, figure: str, label: str) -> bool:
    """Whether a cell holds this figure in a row with this label; in any row where no figures stand beside the label."""
    wanted, name = plain(figure), plain(label)
    found = rows(data, format)
    raised = _raised(data, format)

    def holds(cell: str) -> bool:
        # The mark of a note is no part of the figure, but this plain reading does not see that it is raised.
        return cell == wanted or (raised and cell.startswith(wanted) and len(cell) == len(wanted) + 1)

    # In the tables of disputes the labels are a head, and the figures stand in a row of their own.
    beside = [row for row in found if name and any(name in cell for cell in row) and any(map(_FIGURE.fullmatch, row))]
    return any(holds(cell) for row in (beside or found) for cell in row)


@lru_cache(maxsize=4)
def _raised(data: bytes, format: str) -> bool:
    """Whether anything in the document is raised."""
    if format == "html":
        return b"<sup" in data or b"super" in data
    if format == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"superscript" in archive.read("word/document.xml")
    return False


def digits(data: bytes, format: str) -> str:
    """All digits of a document in order."""
    if format == "txt":
        from parsers.files.encoding import decode

        return "".join(c for c in decode(data) if c.isdigit())
    return "".join(c for row in rows(data, format) for cell in row for c in cell if c.isdigit())


def prints_all(data: bytes, texts: Iterable[str]) -> bool:
    """Whether the pages of a PDF bear these texts: printing programs lose rows that do not fit a page.

    Every digit must be there, and as good as every other character.
    """
    wanted = Counter(c for text in texts for c in plain(text))
    lost = wanted - Counter(c for text, _ in pages(data) or [] for c in plain(text))
    return not any(map(str.isdigit, lost)) and lost.total() < _FEWEST_OF_A_ROW


def pages(data: bytes) -> list[tuple[str, str]] | None:
    """Of a PDF each page's bare text and a hash of its picture; None where PDFium cannot open it."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return None
    out = []
    try:
        for index in range(min(len(document), 40)):
            try:
                page = document[index]
                text = page.get_textpage().get_text_range()
                picture = page.render(scale=0.8, grayscale=True).to_numpy().tobytes()
            except pypdfium2.PdfiumError:
                out.append(("", ""))
                continue
            out.append((text, hashlib.sha256(picture).hexdigest()))
    finally:
        document.close()
    return out
