"""A new Word file: its package, the looks of its paragraphs, runs of text.

Belongs here: WordprocessingML that every file of ours is made of. Does not belong here: what a file says (`official_form`,
`slip`), changing a file that is there (`package`, `reviewed_copy`, `summing.filling`).

The XML is written directly: a library would take longer to import than this takes to run, and stamps the time into the
file. The same content gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from xml.sax.saxutils import escape

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The author of comments in drafts that are begun.
NOTED = "勾稽起草"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_OFFICE}"'
# By name, with the names that other systems know the same fonts by; where none is there any Chinese font will do.
_SIDES = ("top", "left", "bottom", "right")
_FONTS = {
    "宋体": ("SimSun", "roman"),
    "仿宋": ("FangSong", "modern"),
    "黑体": ("SimHei", "swiss"),
}


def runs(text: str, properties: str = "") -> str:
    """A text as runs, with line breaks where it has any; ``properties`` is what stands in ``w:rPr``."""
    out = []
    for i, line in enumerate(text.split("\n")):
        line_break = "<w:br/>" if i else ""
        out.append(f'<w:r>{properties}{line_break}<w:t xml:space="preserve">{escape(line)}</w:t></w:r>')
    return "".join(out)


def font(name: str, latin: str | None = None) -> str:
    """A run's font; ``latin`` for letters and figures where they have another."""
    latin = latin or name
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{name}" w:cs="{latin}"/>'


def size(points: float) -> str:
    """A run's size."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def style(code: str, name: str, paragraph: str, run: str) -> str:
    """How paragraphs of a kind look: ``Normal`` is that of all others."""
    base = "" if code == "Normal" else '<w:basedOn w:val="Normal"/>'
    default = ' w:default="1"' if code == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{code}"><w:name w:val="{name}"/>{base}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def boxed(lines: Sequence[str]) -> list[str]:
    """Paragraphs in a red frame, the first in bold: what has to be seen before all else, in whatever styles a file has."""
    sides = "".join(f'<w:{side} w:val="single" w:sz="12" w:space="4" w:color="C00000"/>' for side in _SIDES)
    looks = (
        f'<w:pPr><w:pBdr>{sides}</w:pBdr>{shade("FDECEA")}<w:spacing w:before="0" w:after="0"/>'
        '<w:ind w:firstLine="0"/><w:jc w:val="left"/></w:pPr>'
    )
    plain, bold = (f"<w:rPr>{font('宋体')}{weight}{size(11)}</w:rPr>" for weight in ("", "<w:b/>"))
    return [f"<w:p>{looks}{runs(line, plain if i else bold)}</w:p>" for i, line in enumerate(lines)]


def shade(colour: str) -> str:
    """A cell's ground."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


def borders(eighths: int) -> str:
    """All lines of a table, so many eighths of a point thick."""
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return f"<w:tblBorders>{lines}</w:tblBorders>"


def comment(number: int, text: str) -> str:
    """A comment, which `commented` puts at a text. Its author is not that of reviewed copies: this is a draft."""
    paragraphs = "".join(f'<w:p><w:pPr><w:jc w:val="left"/></w:pPr>{runs(line)}</w:p>' for line in text.split("\n"))
    return f'<w:comment w:id="{number}" w:author="{NOTED}" w:initials="{NOTED}">{paragraphs}</w:comment>'


def commented(content: str, number: int) -> str:
    """Runs with a comment at them."""
    return (
        f'<w:commentRangeStart w:id="{number}"/>{content}<w:commentRangeEnd w:id="{number}"/>'
        f'<w:r><w:commentReference w:id="{number}"/></w:r>'
    )


def package(body: str, styles: str, comments: str = "") -> bytes:
    """A .docx of a body (paragraphs, tables, ``w:sectPr`` at its end) and its styles; ``rId3`` is a footer with the page."""
    written = f"{_XML}<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"
    looks = (
        f"{_XML}<w:styles {_NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{font('宋体')}{size(10.5)}"
        f'<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>{styles}</w:styles>'
    )
    buffer = io.BytesIO()
    parts = {**_fixed_parts(), "word/styles.xml": looks, "word/document.xml": written}
    if comments:
        parts |= _with_comments(parts, comments)
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            # A date of its own, so that the same content gives the same bytes.
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, text.encode("utf-8"))
    return buffer.getvalue()


def _with_comments(parts: Mapping[str, str], comments: str) -> dict[str, str]:
    """The parts that change where there are comments."""
    types, relations = "[Content_Types].xml", "word/_rels/document.xml.rels"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
    override = f'<Override PartName="/word/comments.xml" ContentType="{kind}"/></Types>'
    relation = f'<Relationship Id="rId9" Type="{_OFFICE}/comments" Target="comments.xml"/></Relationships>'
    return {
        types: parts[types].replace("</Types>", override),
        relations: parts[relations].replace("</Relationships>", relation),
        "word/comments.xml": f"{_XML}<w:comments {_NAMESPACES}>{comments}</w:comments>",
    }


@cache
def _fixed_parts() -> dict[str, str]:
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{word}.{kind}+xml"/>'
        for part, kind in (
            ("document", "document.main"),
            ("styles", "styles"),
            ("fontTable", "fontTable"),
            ("footer1", "footer"),
            ("settings", "settings"),
        )
    )
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, (other, family) in _FONTS.items()
    )
    field = "".join(
        f"<w:r>{inner}</w:r>"
        for inner in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    dash = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{types}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{rels}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{_XML}<Relationships xmlns="{rels}">'
        + "".join(
            f'<Relationship Id="rId{i}" Type="{_OFFICE}/{kind}" Target="{target}.xml"/>'
            for i, (kind, target) in enumerate(
                (("styles", "styles"), ("fontTable", "fontTable"), ("footer", "footer1"), ("settings", "settings")),
                start=1,
            )
        )
        + "</Relationships>",
        # Its place among the parts; `package` fills it.
        "word/styles.xml": "",
        "word/fontTable.xml": f"{_XML}<w:fonts {_NAMESPACES}>{fonts}</w:fonts>",
        "word/footer1.xml": f'{_XML}<w:ftr {_NAMESPACES}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
        f"{dash.format('— ')}{field}{dash.format(' —')}</w:p></w:ftr>",
        "word/settings.xml": f"{_XML}<w:settings {_NAMESPACES}><w:compat><w:compatSetting "
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
    }
