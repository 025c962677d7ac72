"""What kind of file these bytes are, by content; and what to tell a clerk about the kinds that are not read.

Belongs here: media types, the marks by which content is recognised, the sentences for unsupported files.
Does not belong here: reading any of them (the readers), which reader is for which type (the caller).
"""

from __future__ import annotations

import re

from parsers.document import UnreadableError
from parsers.files.archive import Archive, looks_like_zip
from parsers.files.encoding import decode
from schemas.facts import ProblemKind

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A package of Word written as one XML file, and the XML of Word and Excel 2003.
FLAT_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document+xml"
WORD_2003 = "application/vnd.ms-word.2003+xml"
EXCEL_2003 = "application/vnd.ms-excel.2003+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
WPS = "application/vnd.ms-works"
OLE = "application/x-ole-storage"
ENCRYPTED = "application/x-encrypted-ooxml"
OFD = "application/ofd"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
RTF = "application/rtf"
MHTML = "multipart/related"
PDF = "application/pdf"
HTML = "text/html"
MARKDOWN = "text/markdown"
TEXT = "text/plain"
XML = "application/xml"
ZIP = "application/zip"
EMPTY = "application/x-empty"
BINARY = "application/octet-stream"

_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_ARCHIVES = (
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Stream names as they stand in an OLE directory, most telling first: a .doc may embed a workbook.
_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("PowerPoint Document", PPT),
    ("MatOST", WPS),
    ("Book", XLS),
)
_HEAD = 65_536
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")

_HTML_OPEN = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|style|script|link|base|table|thead|tbody|tr|td|div|p|span|font|center"
    r"|h[1-6]|ul|ol|section|article|main|form|b|strong|br|hr|img|a)(?=[\s>/])",
    re.IGNORECASE,
)
_HTML_TAG = re.compile(
    r"</(?:html|body|table|tr|td|th|div|p|span|h[1-6]|font|li)\s*>|<br\s*/?>|<html[\s>]", re.IGNORECASE
)
_MHTML = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)
_OFFICE_XML = re.compile(
    r"""<[\w:]+\s[^>]*xmlns(?::\w+)?=["'](?:http://schemas\.microsoft\.com/office/)?"""
    r"""(2006/xmlPackage|word/2003/wordml|urn:schemas-microsoft-com:office:spreadsheet)["']"""
)
_PIPE_RULE = frozenset("|:- \t")
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))
_HEADING = re.compile(r"#{1,6}[ \t]+\S")


def sniff(data: bytes, name: str) -> str:
    """The media type of a file's bytes. ``name`` only decides between types that the bytes leave open."""
    head = data[:_HEAD]
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf") and not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return EMPTY
    if looks_like_zip(data):
        return _zip_type(data, name)
    if data.startswith(_OLE_MAGIC):
        return _ole_type(data, name)
    for magic, media_type in (*_IMAGES, *_ARCHIVES):
        if data.startswith(magic) and not (magic == b"BM" and _is_text(head)):
            return media_type
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:64].lstrip()[:6] == b"{\\rtf1" or data.startswith(b"{\\rtf"):
        return RTF
    # Readers of PDF accept some bytes of rubbish in front of the header; of those only a page has to be told apart.
    if data.startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and not _begins_as_html(decode(data[:1024]))):
        return PDF
    if not _is_text(head):
        return BINARY
    return _text_type(decode(head), name)


def _zip_type(data: bytes, name: str) -> str:
    try:
        names = Archive(data, "").names()
    except UnreadableError:
        return _broken_zip_type(data, name)
    if "mimetype" in names:
        archive = Archive(data, "")
        try:
            mime_type = archive.read("mimetype", 200).decode("ascii", errors="replace").strip()
        except UnreadableError:
            mime_type = ""
        if mime_type.startswith(ODT):
            return ODT
        if mime_type.startswith(ODS):
            return ODS
    found = _office_type(names)
    if found == ZIP and "[content_types].xml" in names:
        # The main part may bear any name; the list of content types tells.
        try:
            types = Archive(data, "").read("[content_types].xml", 1_000_000)
        except UnreadableError:
            return ZIP
        if re.search(
            rb"wordprocessingml\.(?:document|template)\.main\+xml|ms-word\.\w+\.macroEnabled\w*\.main\+xml", types
        ):
            return DOCX
    return found


def _broken_zip_type(data: bytes, name: str) -> str:
    """A zip without its directory, mostly one cut off: the entries that are there still bear their names."""
    if b"mimetype" + ODT.encode() in data[:200]:
        return ODT
    if b"mimetype" + ODS.encode() in data[:200]:
        return ODS
    names = [m.decode("latin-1").lower() for m in re.findall(rb"PK\x03\x04.{26}([\w/\[\]. -]{3,60})", data, re.DOTALL)]
    found = _office_type(names)
    if found == ZIP and (any(n.startswith("word/") for n in names) or name.lower().endswith((".docx", ".docm"))):
        return DOCX
    return found


def _office_type(names: list[str]) -> str:
    if any(n.startswith("word/document") for n in names):
        return DOCX
    if any(n.startswith("xl/workbook") for n in names):
        return XLSX
    if any(n.startswith("ppt/presentation") for n in names):
        return PPTX
    if any(n == "ofd.xml" or n.endswith("/ofd.xml") for n in names):
        return OFD
    return ZIP


def _ole_type(data: bytes, name: str) -> str:
    for stream, media_type in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            # WPS Writer stores the streams of Word under its own ending.
            return WPS if media_type == DOC and name.lower().endswith((".wps", ".wpt")) else media_type
    lower = name.lower()
    if lower.endswith((".wps", ".wpt")):
        return WPS
    return DOC if lower.endswith((".doc", ".dot")) else OLE


def _is_text(head: bytes) -> bool:
    """No control characters but those of text; UTF-16 has zero bytes, which its decoding takes away."""
    if head.startswith(_UTF16_BOMS) or 0 in head:
        head = decode(head).encode("utf-8", errors="replace")
    controls = len(head) - len(head.translate(None, _CONTROLS))
    # Pages with a stray zero byte or two are still pages.
    return controls <= max(2, len(head) // 1000) or (controls < len(head) // 50 and b"<html" in head.lower())


def _text_type(text: str, name: str) -> str:
    # The sample may break off inside a tag or comment, which does no harm here.
    text = text.lstrip("\ufeff")
    if _MHTML.match(text[:4000]):
        return MHTML
    begins_as_markup = text.lstrip()[:1] == "<"
    if begins_as_markup and (office := _OFFICE_XML.search(text[:8000])):
        return {"2006/xmlPackage": FLAT_DOCX, "word/2003/wordml": WORD_2003}.get(office[1], EXCEL_2003)
    if begins_as_markup and _begins_as_html(text):
        return HTML
    markdown = name.lower().endswith((".md", ".markdown"))
    headings, has_table = _markdown_marks(text)
    if "<" in text and len(_HTML_TAG.findall(text)) >= 3:
        # Markdown may hold pieces of HTML.
        return MARKDOWN if markdown and (headings or has_table) else HTML
    if text.lstrip().startswith(("<?xml", "<pkg:package")):
        return XML
    return MARKDOWN if markdown or has_table or headings >= 2 else TEXT


def _begins_as_html(text: str) -> bool:
    """Whether the first thing behind declarations and comments is a tag of HTML."""
    at = len(text) - len(text.lstrip())
    while text.startswith(("<!--", "<?xml"), at):
        ending = "-->" if text.startswith("<!--", at) else ">"
        end = text.find(ending, at)
        if end < 0:
            return False
        rest = text[end + len(ending) : end + len(ending) + 1000]
        at = end + len(ending) + len(rest) - len(rest.lstrip())
    return _HTML_OPEN.match(text, at) is not None


def _markdown_marks(text: str) -> tuple[int, bool]:
    """How many lines are Markdown headings, and whether there is a pipe table: its rule and a second row at least."""
    if "#" not in text and "|" not in text:
        return 0, False
    headings = rows = rules = 0
    for line in text.splitlines():
        if line.startswith("#") and _HEADING.match(line):
            headings += 1
        stripped = line.strip()
        if stripped.startswith("|") and stripped.endswith("|"):
            rows += 1
        if "--" in stripped and _PIPE_RULE.issuperset(stripped):
            rules += 1
    return headings, bool(rules) and rows >= 2


_CONVERT = "装有 LibreOffice（免费）的电脑上可以直接读取"
_SAVE_AS = "请用 Word 或 WPS 打开后另存为 .docx 再提交；" + _CONVERT + "。"
# Endings of older workbooks.
_SHEETS = ("et", "ett", "xls", "xlt")
_ADVICE: dict[str, tuple[ProblemKind, str]] = {
    EMPTY: ("empty", "是空文件，没有任何内容；请核对后重新提交。"),
    ENCRYPTED: ("encrypted", "设有打开密码，无法读取；请取消密码后另存为 .docx，再重新提交。"),
    DOC: ("unreadable", "是旧版 Word 文档（.doc），这台电脑上不能直接读取。" + _SAVE_AS),
    WPS: ("unreadable", "是 WPS 文字文档（.wps），这台电脑上不能直接读取。" + _SAVE_AS),
    WORD_2003: ("unreadable", "是 Word 2003 的 XML 文档，这台电脑上不能直接读取。" + _SAVE_AS),
    EXCEL_2003: (
        "unreadable",
        "是 Excel 2003 的 XML 表格，这台电脑上不能直接读取。请另存为 .xlsx 再提交；" + _CONVERT + "。",
    ),
    RTF: ("unreadable", "是 RTF 文档，这台电脑上不能直接读取。" + _SAVE_AS),
    ODT: ("unreadable", "是 OpenDocument 文档（.odt），这台电脑上不能直接读取。" + _SAVE_AS),
    OFD: (
        "unreadable",
        "是 OFD 版式文件，不能直接读取。请提供生成它的 Word 原件（.docx），或用 OFD 阅读器另存为 PDF 再提交。",
    ),
    ODS: (
        "unreadable",
        f"是 OpenDocument 表格（.ods），这台电脑上不能直接读取。请另存为 .xlsx 再提交；{_CONVERT}。",
    ),
    PPT: ("unreadable", "是演示文稿，不是年度报告；请提交 Word（.docx）或 PDF 格式的报告。"),
    PPTX: ("unreadable", "是演示文稿，不是年度报告；请提交 Word（.docx）或 PDF 格式的报告。"),
    MHTML: (
        "unreadable",
        "是单个文件网页（.mht），不能直接读取。请在浏览器中另存为 .html，或用 Word 打开后另存为 .docx 再提交。",
    ),
    XML: ("unreadable", "是 XML 文件，不能直接读取。" + _SAVE_AS),
    ZIP: ("unreadable", "是压缩包，不能直接读取。请先解压，再提交其中的报告文件。"),
    "application/vnd.rar": ("unreadable", "是压缩包，不能直接读取。请先解压，再提交其中的报告文件。"),
    "application/x-7z-compressed": ("unreadable", "是压缩包，不能直接读取。请先解压，再提交其中的报告文件。"),
    "application/gzip": ("unreadable", "是压缩包，不能直接读取。请先解压，再提交其中的报告文件。"),
    OLE: ("unreadable", "是旧版办公软件的文件，不能直接读取。" + _SAVE_AS),
}


def unsupported_message(media_type: str, name: str) -> tuple[ProblemKind, str]:
    """The kind of problem and a sentence that names the file and says what to do, for a type without a reader."""
    if media_type.startswith("image/"):
        return "scan", f"《{name}》是图片或扫描件，无法读取其中的数字；请提供可复制文字的 Word（.docx）或 PDF 原件。"
    ending = name.lower().rpartition(".")[2]
    if ending == "ofd":
        media_type = OFD
    if media_type in (OLE, DOC, WPS) and ending in _SHEETS:
        return (
            "unreadable",
            f"《{name}》是旧版表格文件，不能直接读取。请用 Excel 或 WPS 打开后另存为 .xlsx 再提交；{_CONVERT}。",
        )
    kind, advice = _ADVICE.get(
        media_type,
        (
            "unreadable",
            "不是可以识别的报告文件。请提交 Word（.docx）、Excel（.xlsx）、PDF、网页（.html）或文本格式的报告。",
        ),
    )
    return kind, f"《{name}》{advice}"
