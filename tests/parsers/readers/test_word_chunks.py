"""Pages that a Word document pulls in are read where they stand; parts of other formats are told as not read."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.document import UnreadableError
from parsers.readers import word

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PAGE = (
    "<!DOCTYPE html><html><head><meta charset='gb18030'></head><body><p>一、总体情况</p><table><tr><td>予以公开</td>"
    "<td>3</td><td style='display:none'>4</td></tr></table></body></html>"
).encode("gb18030")


def _docx(
    chunk: bytes | None, body: str = "<w:p><w:r><w:t>标题</w:t></w:r></w:p>{}<w:p><w:r><w:t>结尾</w:t></w:r></w:p>"
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        inner = body.format('<w:altChunk r:id="rId7"/>')
        z.writestr(
            "word/document.xml", f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{inner}</w:body></w:document>'
        )
        z.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId7" Type="{_R}/aFChunk" Target="chunk.htm"/></Relationships>',
        )
        if chunk is not None:
            z.writestr("word/chunk.htm", chunk)
    return out.getvalue()


def test_a_page_is_read_where_it_stands() -> None:
    document = word.read(_docx(PAGE), "报告.docx")
    assert [p.text for p in document.paragraphs] == ["标题", "一、总体情况", "结尾"]
    assert [c.text for c in document.tables[0].cells] == ["予以公开", "3"]
    assert not document.apart and not document.has_pictures and not document.problems
    assert not word.origins(_docx(PAGE), "报告.docx").cells


@pytest.mark.parametrize("chunk", [None, b"", b"PK\x03\x04x", rb"{\rtf1 3}", b"<p></p>" * 500_000])
def test_other_parts_are_told_as_not_read(chunk: bytes | None) -> None:
    document = word.read(_docx(chunk), "报告.docx")
    assert [p.text for p in document.paragraphs] == ["标题", "结尾"]
    assert document.apart == {"object"} and document.has_pictures
    assert [p.kind for p in document.problems] == ["unreadable"]
    with pytest.raises(UnreadableError, match="没有读入"):
        word.read(_docx(chunk, "{}"), "报告.docx")


def test_in_a_cell_it_may_be_the_figure() -> None:
    row = "<w:tr><w:tc>{}<w:p/></w:tc><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p></w:tc></w:tr>"
    assert word.read(_docx(rb"{\rtf1 3}", f"<w:tbl>{row}</w:tbl>"), "报告.docx").tables[0].cells[0].doubt == "picture"


def test_no_more_parts_are_pulled_in_than_a_report_has() -> None:
    document = word.read(_docx(PAGE, "{0}" * 30), "报告.docx")
    assert len(document.tables) == 20 and document.apart == {"object"} and len(document.problems) == 1
