"""The package around a Word document: parts, relations, styles.

Belongs here: what every .docx file needs, written by hand so that nothing is as one library always writes it. Does not
belong here: the document's own content (`word`).
"""

from __future__ import annotations

import io
import zipfile

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def part(root: str, inner: str) -> str:
    return f"{_HEAD}<w:{root} {NAMES}>{inner}</w:{root}>"


def styles(font: str, size: int) -> str:
    """The default font in half points, and the styles that offices use."""
    default = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
        f'<w:sz w:val="{size}"/></w:rPr></w:rPrDefault></w:docDefaults>'
    )
    named = '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    for id_, name, level in (("1", "heading 1", 0), ("2", "heading 2", 1)):
        named += (
            f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/><w:basedOn w:val="a"/>'
            f'<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        )
    return part("styles", default + named)


NUMBERING = part(
    "numbering",
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
    '<w:suff w:val="nothing"/><w:lvlText w:val="%1、"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
)
FOOTNOTES = part(
    "footnotes",
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    '<w:footnote w:id="1"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    "<w:r><w:t>含转办件。</w:t></w:r></w:p></w:footnote>",
)


def package(document: str, parts: dict[str, str]) -> bytes:
    """A .docx of a document part and others by kind (styles, header, footer, footnotes, numbering)."""
    relations, types = [], []
    for i, kind in enumerate(sorted(parts), 1):
        relations.append(f'<Relationship Id="rId{kind}" Type="{_REL}/{kind}" Target="{kind}{i}.xml"/>')
        types.append(f'<Override PartName="/word/{kind}{i}.xml" ContentType="{_TYPE}.{kind}+xml"/>')
    package_names = 'xmlns="http://schemas.openxmlformats.org/package/2006/'
    files = {
        "[Content_Types].xml": f'{_HEAD}<Types {package_names}content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>{"".join(types)}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships {package_names}relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": document,
        "word/_rels/document.xml.rels": f'{_HEAD}<Relationships {package_names}relationships">{"".join(relations)}</Relationships>',
    }
    files |= {f"word/{kind}{i}.xml": parts[kind] for i, kind in enumerate(sorted(parts), 1)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            # A fixed date: the same seed gives the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
