"""Word files, web pages and other files, broken or malicious in one way each.

Belongs here: bytes. Does not belong here: what the readers make of them (`test_hostile`).
"""

from __future__ import annotations

import io
import os
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable

# What takes long to be told is smaller in the suite than in `make soak`.
_SHARE = 1 if os.environ.get("GOUJI_SOAK") else 3
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="word/document.xml"/></Relationships>'
)


def docx(document: bytes, more: dict[str, bytes] | None = None) -> bytes:
    """A Word file of this main part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELS)
        archive.writestr("word/document.xml", document)
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _body(inner: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'.encode()


def _p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + _p("3119") + "</w:tc></w:tr></w:tbl>" * depth


# -- Word ----------------------------------------------------------------------------------------------------------


def zip_bomb(megabytes: int = 100) -> bytes:
    """A main part that inflates to hundreds of megabytes; made without ever holding them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head, tail = _body("").split(b"</w:body>")
    crc, size, packed = 0, 0, b""
    for piece in (head, *([b" " * 10**6] * megabytes), b"</w:body>" + tail):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        packed += packer.compress(piece)
    packed += packer.flush()
    return _raw_zip([("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELS)], "word/document.xml", packed, crc, size)


def lying_bomb() -> bytes:
    """The same, but the archive says that it holds a hundred bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b" " * 10**6) for _ in range(100)) + packer.flush()
    return _raw_zip([("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELS)], "word/document.xml", packed, 0, 100)


def _raw_zip(plain: list[tuple[str, bytes]], name: str, packed: bytes, crc: int, size: int) -> bytes:
    out, directory, count = b"", b"", 0
    members = [(n, zlib.compress(d, 9)[2:-4], zlib.crc32(d), len(d)) for n, d in plain] + [(name, packed, crc, size)]
    for member, data, check, length in members:
        common = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, check, len(data), length, len(member), 0)
        directory += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHLL", 0, 0, 0, 0, len(out)) + member.encode()
        out += b"PK\x03\x04" + common + member.encode() + data
        count += 1
    return out + directory + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, len(directory), len(out), 0)


def many_members() -> bytes:
    return docx(_body(_p("年报")), {f"word/media/image{i}.bin": b"" for i in range(20_000)})


def bomb_in_styles() -> bytes:
    return docx(
        _body(_p("某县人民政府2024年政府信息公开工作年度报告")),
        {"word/styles.xml": b"<a>" + b" " * (100 * 10**6) + b"</a>"},
    )


def billion_laughs() -> bytes:
    entities = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    for this, last in zip("bcdefghij", "abcdefghi", strict=True):
        entities += f'<!ENTITY {this} "{f"&{last};" * 10}">'
    return docx(_body(_p("&j;"), f"<!DOCTYPE w:document [{entities}]>"))


def quadratic_blowup() -> bytes:
    return docx(_body(_p("&a;" * 50_000), f'<!DOCTYPE w:document [<!ENTITY a "{"9" * 50_000}">]>'))


def entities_in_a_ring() -> bytes:
    return docx(_body(_p("&a;"), '<!DOCTYPE w:document [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'))


def external_entity(secret: str) -> bytes:
    """Asks for a file of the reader's computer, for its content inside the report."""
    declarations = (
        f'<!DOCTYPE w:document [<!ENTITY a SYSTEM "{secret}"><!ENTITY % b SYSTEM "http://127.0.0.1:9/x.dtd">%b;]>'
    )
    return docx(_body(_p("某县人民政府2024年政府信息公开工作年度报告&a;"), declarations))


def giant_spans() -> bytes:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="10000"/><w:vMerge w:val="restart"/></w:tcPr>{_p("3119")}</w:tc>'
    more = f'<w:tc><w:tcPr><w:gridSpan w:val="10000"/><w:vMerge/></w:tcPr>{_p("")}</w:tc>'
    return docx(_body("<w:tbl>" + f"<w:tr>{cell}</w:tr>" + f"<w:tr>{more}</w:tr>" * 10_000 + "</w:tbl>"))


def giant_offset() -> bytes:
    row = '<w:tr><w:trPr><w:gridBefore w:val="2147483647"/></w:trPr><w:tc>' + _p("3119") + "</w:tc></w:tr>"
    return docx(_body(f"<w:tbl>{row * 100}</w:tbl>"))


def deep_tables() -> bytes:
    return docx(_body(_tables(3_000)))


def deep_tables_within_limits() -> bytes:
    """As deep as an XML parser takes without being asked."""
    return docx(_body(_tables(60)))


def deep_controls() -> bytes:
    depth = 50_000
    return docx(_body("<w:sdt><w:sdtContent>" * depth + _p("年报") + "</w:sdtContent></w:sdt>" * depth))


def endless_row() -> bytes:
    return docx(_body("<w:tbl><w:tr>" + ("<w:tc>" + _p("1") + "</w:tc>") * 200_000 + "</w:tr></w:tbl>"))


def one_endless_word() -> bytes:
    return docx(_body(_p("政府信息公开工作年度报告" + "3" * 5_000_000)))


def many_attributes() -> bytes:
    attributes = " ".join(f'w:a{i}="1"' for i in range(100_000))
    return docx(_body(f"<w:p {attributes}><w:r><w:t>年报</w:t></w:r></w:p>"))


def no_document() -> bytes:
    data = docx(b"")
    return data.replace(b"word/document.xml", b"word/document.xxx")


def not_xml() -> bytes:
    return docx(b"\x00\x01 not xml at all <<<")


def repeated_part(good: bytes) -> bytes:
    """Two main parts of one name: programs differ in which of them they show."""
    buffer = io.BytesIO(good)
    with zipfile.ZipFile(buffer, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", _body(_p("另一份")))
    return buffer.getvalue()


def locked_member(good: bytes) -> bytes:
    """A zip file with a password: every member's flag says so."""
    data = bytearray(good)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def ole(*streams: str) -> bytes:
    """The beginning of an OLE file with these streams in its directory, as locked office files have."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00"
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in ("Root Entry", *streams))
    return head.ljust(512, b"\0") + entries.ljust(4096, b"\0")


# -- web pages -----------------------------------------------------------------------------------------------------

_HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>某县人民政府2024年政府信息公开工作年度报告</title></head><body>'


def _page(inner: str) -> bytes:
    return (_HEAD + inner + "</body></html>").encode()


def html_spans() -> bytes:
    return _page('<table><tr><td rowspan="10000" colspan="10000">3119</td></tr></table>' * 5)


def html_many_spans() -> bytes:
    """Every row of many begins cells that span all that follow."""
    return _page("<table>" + '<tr><td rowspan="65534" colspan="1000">1</td></tr>' * 5_000 + "</table>")


def html_absurd_spans() -> bytes:
    return _page(
        f'<table><tr><td rowspan="{"9" * 5_000}" colspan="-{"9" * 50}">1</td><td rowspan=0 colspan=0>2</td></tr></table>'
    )


def html_deep() -> bytes:
    return _page("<div>" * 300_000 + "3119")


def html_deep_tables() -> bytes:
    return _page("<table><tr><td>" * 20_000 + "3119")


def html_deep_inline() -> bytes:
    return _page("<b><i><font>" * 50_000 + "3119" + "</p>" * 50_000)


def html_hundred_megabytes() -> bytes:
    return _page("<p>本年新收政府信息公开申请3119件。</p>\n" * 2_000_000)


def html_many_tags() -> bytes:
    return _page("<td>1" * 2_000_000)


def html_many_attributes() -> bytes:
    return _page("<table " + " ".join(f"a{i}=1" for i in range(200_000)) + "><tr><td>1</td></tr></table>")


def html_entities() -> bytes:
    entities = '<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">'
    return f"<!DOCTYPE html [{entities}]><html><body><p>政府信息公开&b;&c;</p>{'&b;' * 100_000}</body></html>".encode()


def html_comments() -> bytes:
    return _page("<!--" * 200_000 + "<p>年报</p>" + "<![if x]>" * 100_000)


def html_styles() -> bytes:
    rules = "".join(f".a{i} .b{i} > p:not(.c):nth-child(2n+{i}) {{display:none}}" for i in range(20_000 // _SHARE))
    return _page(
        f"<style>{rules}{'a' * 10**6}{'{' * 10**5}</style>" + '<p class="a1 b2 c3">政府信息公开</p>' * (5_000 // _SHARE)
    )


def html_spaces() -> bytes:
    return _page(
        "<p>"
        + " \u3000\xa0\t" * (200_000 // _SHARE)
        + "政府信息公开</p><td>"
        + "第" * (10**6 // _SHARE)
        + "年" * (10**6 // _SHARE)
    )


def html_one_sentence() -> bytes:
    """A paragraph of figures without an end."""
    return _page(
        "<h1>某县人民政府2024年政府信息公开工作年度报告</h1><p>"
        + "收到申请12件、办结13件，同比增长5%，其中" * 500
        + "</p>"
    )


def html_many_titles() -> bytes:
    return _page("<p>某县人民政府2024年政府信息公开工作年度报告</p>" * 8_000)


def html_no_end() -> bytes:
    return b'<html><body><table><tr><td title="' + b"x" * 5_000_000


def html_wide() -> bytes:
    return _page("<table><tr>" + "<td>1</td>" * 150_000 + "</tr></table>")


def text_one_line() -> bytes:
    return ("政府信息公开工作年度报告 " + "1 2,3|4\t" * 100_000).encode()


def text_many_lines() -> bytes:
    return ("某县人民政府2024年政府信息公开工作年度报告\n" + "一、本年新收政府信息公开申请数量\n3\n" * 200_000).encode()


def text_pipes() -> bytes:
    return ("# 年报\n\n" + "|" * 100_000 + "\n" + "|-" * 100_000 + "|\n" + ("|1" * 300 + "|\n") * 300).encode()


WORD: dict[str, Callable[[], bytes]] = {
    "解压炸弹": zip_bomb,
    "谎报大小": lying_bomb,
    "部件过多": many_members,
    "样式炸弹": bomb_in_styles,
    "实体膨胀": billion_laughs,
    "实体平方膨胀": quadratic_blowup,
    "实体成环": entities_in_a_ring,
    "跨格过大": giant_spans,
    "缩进过大": giant_offset,
    "表格过深": deep_tables,
    "表格较深": deep_tables_within_limits,
    "控件过深": deep_controls,
    "一行过长": endless_row,
    "一词过长": one_endless_word,
    "属性过多": many_attributes,
    "没有正文": no_document,
    "正文不是XML": not_xml,
}
PAGES: dict[str, Callable[[], bytes]] = {
    "网页跨格": html_spans,
    "网页跨格过多": html_many_spans,
    "网页跨格荒唐": html_absurd_spans,
    "网页过深": html_deep,
    "网页表格过深": html_deep_tables,
    "网页字体过深": html_deep_inline,
    "网页一百兆": html_hundred_megabytes,
    "网页标签过多": html_many_tags,
    "网页属性过多": html_many_attributes,
    "网页实体": html_entities,
    "网页注释": html_comments,
    "网页样式过多": html_styles,
    "网页空格过多": html_spaces,
    "网页一句过长": html_one_sentence,
    "网页标题过多": html_many_titles,
    "网页没有结尾": html_no_end,
    "网页过宽": html_wide,
}
TEXTS: dict[str, Callable[[], bytes]] = {
    "文本一行": text_one_line,
    "文本多行": text_many_lines,
    "文本竖线": text_pipes,
}
