"""File types by content, sentences for what is not read, and the choice of an encoding."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import UnreadableError
from parsers.files import archive
from parsers.files.archive import Archive
from parsers.files.encoding import decode
from parsers.files.sniff import sniff, unsupported_message
from parsers.readers import READERS

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def zipped(*names: str, mimetype: str | None = None, content: bytes = b"<a/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        if mimetype is not None:
            file.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            file.writestr(name, content)
    return out.getvalue()


def streams(*names: str) -> bytes:
    return OLE + b"".join(n.encode("utf-16-le").ljust(128, b"\0") for n in names)


MAIN = b'<Types><Override PartName="/doc/main.xml" ContentType="application/vnd.openxmlformats-officedocument.{}"/></Types>'

CASES = {
    "empty": (b"", "application/x-empty"),
    "blank": (b" \r\n\t", "application/x-empty"),
    "only a mark": (b"\xef\xbb\xbf", "application/x-empty"),
    "zeros": (bytes(5000), "application/x-empty"),
    "docx": (zipped("[Content_Types].xml", "word/document.xml"), DOCX),
    "docx, main part by another name": (
        zipped(
            "[Content_Types].xml", "doc/main.xml", content=MAIN.replace(b"{}", b"wordprocessingml.document.main+xml")
        ),
        DOCX,
    ),
    "docm, main part by another name": (
        zipped("[Content_Types].xml", content=b"application/vnd.ms-word.document.macroEnabled.main+xml"),
        DOCX,
    ),
    "docx with backslashes": (zipped("[Content_Types].xml", "word\\document.xml"), DOCX),
    "docx cut off": (zipped("[Content_Types].xml", "word/document.xml")[:-40], DOCX),
    "xlsx": (
        zipped("[Content_Types].xml", "xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "pptx": (
        zipped("[Content_Types].xml", "ppt/presentation.xml"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "ofd": (zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
    "odt": (
        zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
        "application/vnd.oasis.opendocument.text",
    ),
    "ods": (
        zipped("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    "zip": (zipped("报告.docx"), "application/zip"),
    "empty zip": (zipped(), "application/zip"),
    "doc": (streams("Root Entry", "1Table", "WordDocument"), "application/msword"),
    "doc with a workbook in it": (streams("Workbook", "WordDocument"), "application/msword"),
    "xls": (streams("Root Entry", "Workbook"), "application/vnd.ms-excel"),
    "old xls": (streams("Root Entry", "Book"), "application/vnd.ms-excel"),
    "ppt": (streams("PowerPoint Document"), "application/vnd.ms-powerpoint"),
    "works": (streams("MatOST"), "application/vnd.ms-works"),
    "encrypted": (streams("EncryptionInfo", "EncryptedPackage"), "application/x-encrypted-ooxml"),
    "ole": (OLE, "application/x-ole-storage"),
    "rtf": (b"{\\rtf1\\ansi ...}", "application/rtf"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    "pdf behind rubbish": (b"\r\n\r\nrubbish\n%PDF-1.4\n\xff\xfe", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(30), "image/png"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(30), "image/jpeg"),
    "gif": (b"GIF89a" + bytes(30), "image/gif"),
    "bmp": (b"BM" + bytes(60), "image/bmp"),
    "tiff": (b"II*\x00" + bytes(30), "image/tiff"),
    "webp": (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    "rar": (b"Rar!\x1a\x07\x00", "application/vnd.rar"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    "gzip": (b"\x1f\x8b\x08\x00", "application/gzip"),
    "binary": (bytes(range(256)) * 20, "application/octet-stream"),
    "mht": (
        b'From: <Saved by Blink>\r\nSubject: =?utf-8?B?5oql?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html"\r\n\r\n--x\r\n<html>',
        "multipart/related",
    ),
    "html": (b"<!DOCTYPE html><html><body>1</body></html>", "text/html"),
    "html fragment": ("\n<p style='x'>报告</p>".encode(), "text/html"),
    "html behind text": ("报告正文<br>一<br>二<table><tr><td>1</td></tr></table>".encode(), "text/html"),
    "html behind a comment": (b"<!-- saved from url=(0014)about:internet -->\n<HTML>", "text/html"),
    "xhtml": (b'<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', "text/html"),
    "html in UTF-16": ("<html><body>报告</body></html>".encode("utf-16"), "text/html"),
    "html in GBK": ("<html><body>政府信息公开工作年度报告</body></html>".encode("gbk"), "text/html"),
    "html that speaks of PDF": (b"<html><body>%PDF-1.4</body></html>", "text/html"),
    "xml": (b'<?xml version="1.0"?><w:wordDocument xmlns:w="x"/>', "application/xml"),
    "text": ("某区2023年政府信息公开工作年度报告\n一、总体情况\n".encode(), "text/plain"),
    "text in GBK": ("某区2023年政府信息公开工作年度报告\n一、总体情况\n".encode("gbk"), "text/plain"),
    "text that begins like a bitmap": (b"BM2023 report\n", "text/plain"),
    "text with a comparison": ("本年<上年, 12 > 3".encode(), "text/plain"),
    "markdown table": ("# 报告\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n".encode(), "text/markdown"),
    "markdown headings": ("# 报告\n\n## 一、总体情况\n文字".encode(), "text/markdown"),
}


@pytest.mark.parametrize("case", CASES)
def test_by_content(case: str) -> None:
    data, expected = CASES[case]
    # A wrong ending misleads nobody.
    for name in ("文件", "文件.exe"):
        assert sniff(data, name) == expected


def test_the_name_decides_what_the_bytes_leave_open() -> None:
    assert sniff(streams("WordDocument"), "报告.WPS") == "application/vnd.ms-works"
    assert sniff(OLE, "报告.doc") == "application/msword"
    assert sniff("只有文字".encode(), "报告.md") == "text/markdown"
    assert sniff(b"PK\x03\x04" + bytes(60), "报告.docx") == DOCX
    html = "# 报告\n<table><tr><td>1</td></tr></table><p>x</p>".encode()
    assert (sniff(html, "报告.md"), sniff(html, "报告.html")) == ("text/markdown", "text/html")


@pytest.mark.shared
def test_real_files(shared: Path) -> None:
    for name, expected in {
        "blank-form-2021.docx": DOCX,
        "2019-shanghai-gov-office.html": "text/html",
        "2023-hongze-district.pdf": "application/pdf",
        "2025-shuyang-county.md": "text/markdown",
        "2023-pingtan-district.txt": "text/plain",
    }.items():
        assert sniff((shared / "reports" / name).read_bytes(), "无名") == expected


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_read_gets_a_sentence(case: str) -> None:
    media_type = CASES[case][1]
    if media_type in READERS:
        return
    kind, message = unsupported_message(media_type, "某区报告.xyz")
    assert kind in ("unreadable", "encrypted", "empty", "scan")
    assert "《某区报告.xyz》" in message
    assert message.endswith("。")
    assert "请" in message
    if media_type.startswith("image/"):
        assert kind == "scan"


def test_word_files_of_old_are_converted_by_saving_anew() -> None:
    for media_type in ("application/msword", "application/vnd.ms-works", "application/rtf"):
        _, message = unsupported_message(media_type, "报告.doc")
        assert ".docx" in message
        assert "LibreOffice" in message


def test_the_advice_is_of_what_the_file_is_by_its_name() -> None:
    """A torn file has only its name to say what it was."""
    assert "另存为 PDF" in unsupported_message("application/zip", "报告.OFD")[1]
    for name in ("表.et", "表.XLS"):
        _, message = unsupported_message("application/msword", name)
        assert ".xlsx" in message and ".docx" not in message


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", OLE, b"<html>", b"%PDF-", b"\xff\xfe", b"RIFF"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_have_a_type(data: bytes, magic: bytes) -> None:
    assert "/" in sniff(magic + data, "x")


def test_large_files_are_told_by_their_beginning() -> None:
    started = time.process_time()
    assert sniff("某市报告\n".encode() * 4_000_000, "x.txt") == "text/plain"
    assert sniff(b"<html>" + b"<p>1</p>" * 5_000_000, "x") == "text/html"
    assert sniff(bytes(50_000_000), "x") == "application/x-empty"
    assert sniff(b"PK\x03\x04" + b"PK\x01\x02" * 10_000_000, "x") == "application/zip"
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "text",
    [
        "<!--a-->" * 8_000 + "x",
        "\n" * 65_000 + "x",
        " " * 65_000 + "x",
        "<?xml?>" * 9_000,
        "| " * 30_000,
        "a: b\n" * 10_000,
    ],
)
def test_telling_text_apart_takes_no_longer_than_reading_it(text: str) -> None:
    started = time.process_time()
    assert sniff(text.encode(), "x").startswith(("text/", "application/xml"))
    assert time.process_time() - started < 1


# -- zip bounds -----------------------------------------------------------------------------------------------------


def kind_of(data: bytes, member: str = "a", limit: int = archive.MAX_PART_BYTES) -> str:
    with pytest.raises(UnreadableError) as caught:
        Archive(data, "包.docx").read(member, limit)
    assert "包.docx" in caught.value.message
    return caught.value.kind


def test_archives_are_read_within_bounds() -> None:
    whole = Archive(zipped("Word/Document.xml"), "x")
    assert "/word/document.xml" in whole
    assert whole.read("/word/document.xml") == b"<a/>"
    with pytest.raises(KeyError):
        whole.read("b")
    assert kind_of(zipped("a", content=b"12345"), limit=4) == "too_large"
    assert kind_of(zipped("a", content=bytes(archive.RATIO_FROM_BYTES + 1))) == "too_large"
    assert kind_of(zipped(*(f"f{n}" for n in range(archive.MAX_MEMBERS + 1)))) == "too_large"


def test_a_size_that_lies_inflates_no_more_than_the_limit() -> None:
    data = bytearray(zipped("a", content=bytes(30_000_000)))
    real = (30_000_000).to_bytes(4, "little")
    assert data.count(real) == 2
    lying = bytes(data.replace(real, (1_000_000).to_bytes(4, "little")))
    started = time.process_time()
    assert kind_of(lying, limit=2_000_000) in ("unreadable", "too_large")
    assert time.process_time() - started < 1


def test_broken_archives() -> None:
    good = zipped("a", content=random.Random(1).randbytes(3000))
    assert kind_of(good[:-30]) == "unreadable"
    damaged = bytearray(good)
    damaged[1000] ^= 0xFF
    assert kind_of(bytes(damaged)) == "unreadable"
    encrypted = bytearray(good)
    encrypted[6] |= 1
    encrypted[good.index(b"PK\x01\x02") + 8] |= 1
    assert kind_of(bytes(encrypted)) == "encrypted"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as file:
        file.writestr("a", b"1")
    assert kind_of(out.getvalue()) == "unreadable"


def test_members_of_one_name_are_not_chosen_between() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", "<a/>")
        file.writestr("Word/Document.xml", "<b/>")
    assert kind_of(out.getvalue(), "word/document.xml") == "unreadable"


# -- encodings ------------------------------------------------------------------------------------------------------

SIMPLIFIED = "2023年，全县共收到政府信息公开申请749件，其中自然人申请741件。"
TRADITIONAL = "二零二三年度，本縣共收到政府資訊公開申請七百四十九件，較上年增加百分之三。"


@pytest.mark.parametrize("declared", [None, "utf-8", "gbk", "big5", "latin-1", "zip", "nonsense", "UTF-7"])
@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "utf-8-sig"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "utf-16"),
        (SIMPLIFIED * 20, "utf-16-le"),
        (TRADITIONAL, "utf-8"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "utf-16-be"),
        ("一、本年新收政府信息公开申请数量", "gb18030"),
        ("總計", "utf-8"),
        ("Annual report 2023", "ascii"),
    ],
)
def test_decoding_by_plausibility(text: str, codec: str, declared: str | None) -> None:
    if codec == "utf-16-be":
        text = "<html>" * 40 + text
    assert decode(text.encode(codec), declared) == text


@given(
    st.lists(
        st.sampled_from(
            "政府信息公开申请年度报告数量结转下予以部分提供本机关不掌握自然人法律服务机构总计其他商业企业县区市厅局办"
        ),
        min_size=12,
        max_size=40,
        unique=True,
    ).map("".join)
)
@settings(max_examples=150, deadline=None)
def test_words_of_the_field_in_gbk(text: str) -> None:
    assert decode(text.encode("gbk"), "big5") == text


def test_single_broken_bytes_do_not_change_the_encoding() -> None:
    utf8 = (SIMPLIFIED * 5).encode()
    broken = utf8[:40] + b"\xff" + utf8[40:]
    assert decode(broken, "gb2312").count("政府信息公开") >= 4
    assert decode(utf8[:-1]) == (SIMPLIFIED * 5)[:-1] + "\ufffd"
    gbk = (SIMPLIFIED * 5).encode("gbk")
    assert "收到政府信息公开申请" in decode(gbk[:30] + b"\xff" + gbk[30:], "utf-8")


def test_other_languages_follow_their_declaration() -> None:
    assert decode("Café à Genève".encode("cp1252"), "windows-1252") == "Café à Genève"
    assert decode(b"hz: ~{<:Ky2;~}", "hz-gb-2312") == "hz: 己所不"
