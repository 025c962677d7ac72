"""PDF files made by hand, broken or malicious in one way each.

Belongs here: bytes. Does not belong here: what the readers make of them (`test_hostile`).
"""

from __future__ import annotations

import io
import os
import re
import zlib
from collections.abc import Mapping

Objects = Mapping[int, bytes]


def pdf(objects: Objects, *, root: int = 1, extra: bytes = b"", xref: bool = True) -> bytes:
    """A file of these objects (number to body), with a right cross-reference table or with none."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = {}
    for number, body in objects.items():
        offsets[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    if xref:
        out.write(b"xref\n0 1\n0000000000 65535 f \n")
        for number, offset in offsets.items():
            out.write(b"%d 1\n%010d 00000 n \n" % (number, offset))
    size = max(objects) + 1
    out.write(b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, extra, start))
    return out.getvalue()


def stream(data: bytes, entries: bytes = b"", *, compress: bool = False) -> bytes:
    if compress:
        data = zlib.compress(data, 9)
        entries += b"/Filter/FlateDecode"
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


def _one_page(content: bytes, resources: bytes = b"", more: Objects | None = None, page: bytes = b"") -> bytes:
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>%s>>"
            % (resources, page),
            4: content,
            5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            **(more or {}),
        }
    )


_TEXT = b"BT /F 12 Tf 72 700 Td (Annual report 2024, 3119 requests, 3001 of them by natural persons) Tj ET\n"


def patched(base: bytes, changes: Objects) -> bytes:
    """A file with some objects replaced, as an incremental update appends them."""
    out = io.BytesIO()
    out.write(base)
    previous = int(re.findall(rb"startxref\s+(\d+)", base)[-1])
    trailer = re.findall(rb"trailer\s*(<<.*?>>)\s*startxref", base, re.DOTALL)[-1]
    root = re.search(rb"/Root\s+\d+\s+\d+\s+R", trailer)
    size = int(re.search(rb"/Size\s+(\d+)", trailer)[1])  # type: ignore[index]
    assert root is not None
    offsets = {}
    for number, body in changes.items():
        offsets[number] = out.tell() + 1
        out.write(b"\n%d 0 obj\n%s\nendobj" % (number, body))
    start = out.tell() + 1
    out.write(b"\nxref\n")
    for number, offset in offsets.items():
        out.write(b"%d 1\n%010d 00000 n \n" % (number, offset))
    size = max([size, *(n + 1 for n in changes)])
    out.write(b"trailer\n<</Size %d%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, b" " + root[0], previous, start))
    return out.getvalue()


def objects_of(base: bytes) -> dict[int, bytes]:
    """The bodies of a plain file's objects."""
    found = re.findall(rb"(\d+) 0 obj\s*(.*?)\s*endobj", base, re.DOTALL)
    return {int(number): body for number, body in found}


# -- loops ---------------------------------------------------------------------------------------------------------


def page_tree_loop() -> bytes:
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1000000/Parent 3 0 R>>",
            3: b"<</Type/Pages/Kids[2 0 R]/Count 1000000/Parent 2 0 R>>",
        }
    )


def inheritance_loop() -> bytes:
    """The page's box and resources are inherited from a parent that is its own."""
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 2 0 R>>",
            3: b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
            4: stream(_TEXT),
        }
    )


def deep_page_tree(depth: int = 20_000) -> bytes:
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    for number in range(2, depth + 2):
        parent = b"/Parent %d 0 R" % (number - 1) if number > 2 else b""
        objects[number] = b"<</Type/Pages/Kids[%d 0 R]/Count 1%s>>" % (number + 1, parent)
    objects[depth + 2] = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]>>" % (depth + 1)
    return pdf(objects)


def xref_loop() -> bytes:
    base = _one_page(stream(_TEXT))
    start = int(re.findall(rb"startxref\s+(\d+)", base)[-1])
    return base.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


def length_is_itself() -> bytes:
    return _one_page(b"<</Length 4 0 R>>stream\n" + _TEXT + b"endstream")


def object_stream_in_itself() -> bytes:
    body = stream(b"6 0 <</A 1>>", b"/Type/ObjStm/N 1/First 4/Extends 6 0 R")
    return _one_page(stream(_TEXT), more={6: body, 7: stream(b"6 0 7 8 null null", b"/Type/ObjStm/N 2/First 8")})


def references_in_a_ring() -> bytes:
    return _one_page(b"6 0 R", more={6: b"7 0 R", 7: b"4 0 R"})


def form_in_itself() -> bytes:
    form = stream(
        b"/X Do /X Do\n" + _TEXT, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 6 0 R>>>>"
    )
    return _one_page(stream(b"/X Do"), b"/XObject<</X 6 0 R>>", {6: form})


def forms_that_multiply(levels: int = 40) -> bytes:
    """Each form draws the next one ten times: ten to the power of forty drawings."""
    more = {
        n: stream(
            b"/X Do " * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>" % (n + 1)
        )
        for n in range(6, 6 + levels)
    }
    more[6 + levels] = stream(_TEXT, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>")
    return _one_page(stream(b"/X Do"), b"/XObject<</X 6 0 R>>", more)


def glyph_in_itself() -> bytes:
    """A Type 3 font whose glyph is drawn with the font itself."""
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[9]"
        b"/Encoding<</Differences[65/A]>>/CharProcs<</A 7 0 R>>/Resources<</Font<</T 6 0 R>>>>>>"
    )
    glyph = stream(b"9 0 d0 BT /T 1 Tf (AAAA) Tj ET")
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</T 6 0 R>>>>>>",
            4: stream(b"BT /T 12 Tf 72 700 Td (" + b"A" * 2000 + b") Tj ET"),
            6: font,
            7: glyph,
        }
    )


def font_is_its_own_descendant() -> bytes:
    return patched(
        _one_page(stream(_TEXT)),
        {5: b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[5 0 R]/ToUnicode 5 0 R>>"},
    )


def fields_in_a_ring() -> bytes:
    catalog = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>"
    field = b"<</FT/Tx/T(a)/V(3119)/Kids[6 0 R 7 0 R]/Parent 7 0 R>>"
    other = b"<</FT/Tx/T(b)/V(3001)/Kids[6 0 R]/Parent 6 0 R/Subtype/Widget/Rect[72 600 172 620]/AP<</N 8 0 R>>>>"
    look = stream(b"/N Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</N 8 0 R>>>>")
    base = _one_page(stream(_TEXT), page=b"/Annots[7 0 R 7 0 R]")
    return patched(base, {1: catalog, 6: field, 7: other, 8: look})


def outline_and_names_in_a_ring() -> bytes:
    catalog = (
        b"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R/Names<</Dests 7 0 R/EmbeddedFiles 7 0 R>>/StructTreeRoot 8 0 R>>"
    )
    outline = b"<</First 6 0 R/Last 6 0 R/Next 6 0 R/Title(a)/Count 9/Parent 6 0 R>>"
    tree = b"<</Kids[7 0 R]/Limits[(a)(z)]>>"
    structure = b"<</Type/StructTreeRoot/K[8 0 R]/ParentTree 7 0 R>>"
    return patched(_one_page(stream(_TEXT)), {1: catalog, 6: outline, 7: tree, 8: structure})


# -- too much ------------------------------------------------------------------------------------------------------


def page_bomb(megabytes: int = 250 if os.environ.get("GOUJI_SOAK") else 50) -> bytes:
    """A page's content that inflates to fifty megabytes of text, in `make soak` to more."""
    packer = zlib.compressobj(9)
    piece = _TEXT * 10_000
    packed = b"".join(packer.compress(piece) for _ in range(megabytes * 10**6 // len(piece))) + packer.flush()
    return _one_page(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed))


def bomb_in_bombs() -> bytes:
    """A stream that is packed many times over: a few hundred bytes become a gigabyte."""
    data = bytes(2 * 10**8)
    for _ in range(3):
        data = zlib.compress(data, 9)
    filters = b"/Filter[" + b"/FlateDecode" * 3 + b"]"
    return _one_page(stream(data, filters))


def filters_without_end() -> bytes:
    return _one_page(
        stream(_TEXT.hex().encode() + b">", b"/Filter[/ASCIIHexDecode" + b"/ASCII85Decode" * 50_000 + b"]")
    )


def giant_picture() -> bytes:
    picture = stream(
        zlib.compress(bytes(10**6), 9),
        b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode"
        b"/DecodeParms<</Predictor 15/Columns 2147483647/Colors 255>>",
    )
    return _one_page(stream(_TEXT + b"q 595 0 0 842 0 0 cm /P Do Q"), b"/XObject<</P 6 0 R>>", {6: picture})


def giant_page() -> bytes:
    return _one_page(stream(_TEXT), page=b"/UserUnit 1e30").replace(b"[0 0 595 842]", b"[-1e30 -1e30 1e38 1e38]")


def many_pages(count: int = 5_000) -> bytes:
    """All pages share one content, so that the file is small."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: stream(_TEXT),
        4: b"<</Font<</F 5 0 R>>>>",
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    for number in range(10, 10 + count):
        objects[number] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources 4 0 R>>"
    kids = b" ".join(b"%d 0 R" % n for n in range(10, 10 + count))
    objects[2] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    return pdf(objects)


def claims_many_pages() -> bytes:
    return _one_page(stream(_TEXT)).replace(b"/Count 1>>", b"/Count 2147483647>>")


def many_rules(count: int = 100_000) -> bytes:
    """A page of so many ruling lines that comparing each with each would never end."""
    lines = b"".join(b"%d %d m %d %d l S\n" % (i % 595, i % 842, (i * 7) % 595, i % 842) for i in range(count))
    return _one_page(stream(_TEXT + lines, compress=True))


def many_glyphs(count: int = 600_000) -> bytes:
    """A page whose every character stands at one place."""
    return _one_page(stream(b"BT /F 1 Tf 72 700 Td " + b"(3119)Tj 0 0 Td " * (count // 4) + b"ET", compress=True))


def nested_states(depth: int = 1_000_000) -> bytes:
    return _one_page(stream(b"q " * depth + _TEXT + b"[" * depth + b"<<" * depth, compress=True))


def nested_arrays(depth: int = 200_000) -> bytes:
    return _one_page(stream(_TEXT), more={6: b"[" * depth + b"]" * depth}, page=b"/Nested 6 0 R")


def giant_widths() -> bytes:
    """A font whose table of widths claims all the numbers there are."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    descendant = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        b"/W[0 2147483647 500 0 4294967295 600]/DW 1000>>"
    )
    return patched(_one_page(stream(_TEXT)), {5: font, 6: descendant})


ENDLESS_MAP = stream(
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
    b"1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange\n"
    b"1 beginbfrange <00000000> <FFFFFFFF> <0030> endbfrange\n"
    b"1 begincidrange <00000000> <FFFFFFFF> 0 endcidrange\n"
    b"endcmap end end"
)


def endless_map(base: bytes) -> bytes:
    """A report whose fonts map four thousand million characters one by one: pdfminer never ends with it."""
    objects = objects_of(base)
    top = max(objects) + 1
    changes = {
        number: body[:-2] + b"/ToUnicode %d 0 R>>" % top
        for number, body in objects.items()
        if b"/Subtype /Type0" in body or b"/Subtype/Type0" in body
    }
    assert changes
    return patched(base, {**changes, top: ENDLESS_MAP})


def endless_widths(base: bytes) -> bytes:
    """A report whose fonts name the width of two thousand million characters one by one."""
    changes = {
        number: body.replace(b"/W [", b"/W [ 0 2147483646 500")
        for number, body in objects_of(base).items()
        if b"/CIDFontType0" in body
    }
    assert changes
    return patched(base, changes)


def encrypted(password: str) -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(password, ownerPassword="owner", strength=128), invariant=1)
    canvas.drawString(72, 700, "Annual report 2024")
    canvas.save()
    return buffer.getvalue()


ALL = {
    "页树成环": page_tree_loop,
    "继承成环": inheritance_loop,
    "页树过深": deep_page_tree,
    "索引成环": xref_loop,
    "长度指向自己": length_is_itself,
    "对象流成环": object_stream_in_itself,
    "引用成环": references_in_a_ring,
    "图形引用自己": form_in_itself,
    "图形成倍引用": forms_that_multiply,
    "字形引用自己": glyph_in_itself,
    "字体引用自己": font_is_its_own_descendant,
    "表单成环": fields_in_a_ring,
    "目录成环": outline_and_names_in_a_ring,
    "页面炸弹": page_bomb,
    "多重压缩": bomb_in_bombs,
    "滤镜过多": filters_without_end,
    "图片过大": giant_picture,
    "页面过大": giant_page,
    "五千页": many_pages,
    "页数谎报": claims_many_pages,
    "线条过多": many_rules,
    "文字过多": many_glyphs,
    "状态嵌套": nested_states,
    "数组嵌套": nested_arrays,
    "字宽过大": giant_widths,
}


# -- in a real report, where the readers look for tables -----------------------------------------------------------


def with_content(base: bytes, extra: bytes) -> bytes:
    """The report with more drawn on every page."""
    objects = objects_of(base)
    changes = {}
    for body in list(objects.values()):
        page = re.search(rb"/Contents (\d+) 0 R", body)
        if page and b"/Type /Page" in body:
            number = int(page[1])
            inner = re.search(rb"stream\r?\n(.*?)\r?\n?endstream", objects[number], re.DOTALL)
            assert inner is not None and b"/Filter" not in objects[number], "make the report uncompressed"
            changes[number] = stream(inner[1] + b"\n" + extra, compress=True)
    assert changes
    return patched(base, changes)


def crossing_rules(count: int) -> bytes:
    """As many horizontal and vertical lines over the whole page: a grid of ``count`` squared cells."""
    return b"".join(
        b"20 %.3f m 575 %.3f l S %.3f 20 m %.3f 822 l S\n" % ((20 + 800 * i / count,) * 2 + (20 + 550 * i / count,) * 2)
        for i in range(count)
    )


def scattered_rules(count: int) -> bytes:
    return b"".join(
        b"%d %d m %d %d l S\n" % (i * 7 % 595, i * 13 % 842, i * 7 % 595 + i % 40, i * 13 % 842) for i in range(count)
    )


def pile_of_figures(count: int) -> bytes:
    return b"BT /F1 9 Tf 300 400 Td " + b"(3119) Tj 0 0 Td " * count + b"ET"


def field_of_figures(count: int) -> bytes:
    """Figures strewn over the page, each a little off the last line."""
    return b"".join(
        b"BT /F1 5 Tf %.1f %.1f Td (%d) Tj ET\n" % (20 + i * 11.3 % 550, 20 + i * 7.7 % 800, i % 10)
        for i in range(count)
    )


def in_reports(base: bytes) -> dict[str, bytes]:
    """Hostile reports by name; ``base`` is an uncompressed PDF of a report."""
    return {
        "年报加密格": with_content(base, crossing_rules(400)),
        "年报加碎线": with_content(base, scattered_rules(20_000)),
        "年报加堆字": with_content(base, pile_of_figures(10_000)),
        "年报加散字": with_content(base, field_of_figures(10_000)),
    }
