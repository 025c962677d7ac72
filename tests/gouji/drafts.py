"""Word drafts with cells changed on purpose, for the tests of this room."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from parsers import extract
from parsers.readers.word import origins
from tests.conftest import ROOT

SAMPLES = ROOT / "data/samples"
SHUYANG = SAMPLES / "沭阳县人民政府2025年政府信息公开工作年度报告.docx"
HONGZE = SAMPLES / "洪泽区人民政府2023年政府信息公开工作年度报告.pdf"
QUZHOU = SAMPLES / "衢州市人民政府2020年政府信息公开工作年度报告（繁體）.txt"
SHANGHAI = SAMPLES / "上海市人民政府办公厅2019年政府信息公开工作年度报告.html"


def with_part(data: bytes, member: str, content: bytes) -> bytes:
    """A package with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in package.infolist():
            copy.writestr(info, content if info.filename == member else package.read(info))
    return out.getvalue()


def changed(draft: Path, cells: Mapping[str, str], sentences: Mapping[str, str] | None = None) -> bytes:
    """The draft with other figures in some cells (by address) and other words in some sentences."""
    data = draft.read_bytes()
    (report,) = extract(draft, data).reports
    places = {f.address: f.place for f in report.facts}
    found = origins(data, draft.name)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read(found.member))
    elements = list(root.iter("*"))
    for address, printed in cells.items():
        place = places[address]
        assert place.table and place.row and place.column
        texts = list(elements[found.cells[place.table, place.row, place.column]].iter(qn("w:t")))
        for text in texts:
            text.text = ""
        texts[0].text = printed
    for old, new in (sentences or {}).items():
        hits = [t for t in root.iter(qn("w:t")) if old in (t.text or "")]
        assert hits, old
        for text in hits:
            text.text = (text.text or "").replace(old, new)
    return with_part(data, found.member, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def plain_text(data: bytes) -> list[str]:
    """All text of the body in order, as python-docx sees it."""
    body = Document(io.BytesIO(data)).element.body
    return [t.text or "" for t in body.iter(qn("w:t"))]
