"""Other documents that a Word document pulls in when it is opened are told as not read."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.readers import word

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


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


@pytest.mark.parametrize("chunk", [None, b"", b"<html><body><table><tr><td>3</td></tr></table></body></html>"])
def test_other_documents_are_told_as_not_read(chunk: bytes | None) -> None:
    document = word.read(_docx(chunk), "报告.docx")
    assert [p.text for p in document.paragraphs] == ["标题", "结尾"]
    assert document.apart == {"object"}
