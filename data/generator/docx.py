"""A composed report as a Word file, written as raw XML: the same bytes for the same seed.

Belongs here: WordprocessingML for paragraphs and merged tables. Does not belong here: what is in them (`compose`).
"""

from __future__ import annotations

import io
import random
import zipfile
from xml.sax.saxutils import escape, quoteattr

from .compose import Grid, GridCell, Text, borders, compose
from .layout import Layout
from .truth import Truth

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SIDES = {"t": "top", "l": "left", "b": "bottom", "r": "right"}
_INSIDE = {"h": "insideH", "v": "insideV"}
_TWIPS_PER_MM = 56.7
# Height of the empty paragraphs that make space, in twips.
_SPACE_STEP = 240
# Zip entries carry this date, so that a document depends on its seed only.
_DATE = (2024, 1, 31, 9, 0, 0)

_PARTS = {
    "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
    '<Override PartName="/word/footer1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>'
    '<Override PartName="/word/header1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/>'
    '<Relationship Id="rId2" '
    'Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>',
    "word/_rels/document.xml.rels": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
    'Target="styles.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" '
    'Target="footer1.xml"/>'
    '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" '
    'Target="header1.xml"/></Relationships>',
    "word/footer1.xml": f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:ftr xmlns:w="{_W}">'
    '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">- </w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> -</w:t></w:r></w:p></w:ftr>',
}


def _styles(layout: Layout) -> str:
    font = quoteattr(layout.font)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:styles xmlns:w="{_W}"><w:docDefaults>'
        f"<w:rPrDefault><w:rPr><w:rFonts w:ascii={font} w:hAnsi={font} w:eastAsia={font} w:cs={font}/>"
        f'<w:sz w:val="{round(layout.body_size * 2)}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
        "</w:rPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>'
    )


def _header(truth: Truth) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:hdr xmlns:w="{_W}"><w:p><w:pPr>'
        f'<w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:sz w:val="18"/></w:rPr>'
        f"<w:t>{escape(truth.issuer.name)}</w:t></w:r></w:p></w:hdr>"
    )


def _core(truth: Truth) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{truth.published or f"{truth.year + 1}-01-01"}T01:00:00Z</dcterms:created></cp:coreProperties>'
    )


def _lines(sides: str, names: dict[str, str] = _SIDES) -> str:
    """Border elements: a line on each of ``sides``, none on the others."""
    return "".join(
        f'<w:{name} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
        if letter in sides
        else f'<w:{name} w:val="nil"/>'
        for letter, name in names.items()
    )


class _Writer:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.rng = random.Random(f"docx/{layout.seed}")
        width_mm = 297 if layout.landscape else 210
        self.width = round((width_mm - 2 * layout.margin_mm) * _TWIPS_PER_MM)

    def runs(self, text: str, properties: str = "") -> str:
        """Runs for ``text``; inner line breaks as ``w:br``, split at random where the layout says so."""
        out = []
        for i, line in enumerate(text.split("\n")):
            pieces = [line]
            if self.layout.split_runs and len(line) > 1 and self.rng.random() < 0.5:
                at = self.rng.randint(1, len(line) - 1)
                pieces = [line[:at], line[at:]]
            for j, piece in enumerate(pieces):
                line_break = "<w:br/>" if i and not j else ""
                if piece or line_break:
                    out.append(
                        f"<w:r><w:rPr>{properties}</w:rPr>{line_break}"
                        f'<w:t xml:space="preserve">{escape(piece)}</w:t></w:r>'
                    )
            if len(pieces) > 1:
                out.insert(len(out) - 1, '<w:proofErr w:type="spellStart"/>')
        return "".join(out)

    def paragraph(self, block: Text) -> str:
        size = f'<w:sz w:val="{round(self.layout.body_size * 2)}"/>'
        if block.role == "space":
            # Small empty paragraphs: a single large space would be dropped at the top of a page.
            empty = '<w:p><w:pPr><w:spacing w:line="{}" w:lineRule="exact"/></w:pPr></w:p>'
            count, rest = divmod(round(block.points * 20), _SPACE_STEP)
            return empty.format(_SPACE_STEP) * count + empty.format(max(rest, 20))
        if block.role == "title":
            big = f'<w:b/><w:sz w:val="{round(self.layout.body_size * 2) + 12}"/>'
            return (
                f'<w:p><w:pPr><w:pStyle w:val="Title"/><w:jc w:val="center"/></w:pPr>{self.runs(block.text, big)}</w:p>'
            )
        if block.role == "date":
            return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{self.runs(block.text, size)}</w:p>'
        style = '<w:pStyle w:val="Heading1"/>' if block.role == "heading" else ""
        bold = "<w:b/>" if block.role in ("heading", "subheading") else ""
        indent = round(self.layout.body_size * 40)
        return (
            f'<w:p><w:pPr>{style}<w:spacing w:line="360" w:lineRule="auto"/><w:ind w:firstLine="{indent}"/></w:pPr>'
            f"{self.runs(block.text, bold + size)}</w:p>"
        )

    def cell(self, cell: GridCell, width: int, sides: str, merge: str) -> str:
        # Where all lines or none are drawn, the table says so once.
        borders_xml = "" if self.layout.rules in ("full", "none") else f"<w:tcBorders>{_lines(sides)}</w:tcBorders>"
        properties = (
            f'<w:tcW w:w="{width}" w:type="dxa"/>'
            + (f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else "")
            + merge
            + borders_xml
            + ('<w:shd w:val="clear" w:color="auto" w:fill="C6D9F1"/>' if cell.shaded else "")
            + ('<w:textDirection w:val="tbRlV"/>' if cell.sideways else "")
            + '<w:vAlign w:val="center"/>'
        )
        align = "left" if cell.left else "center"
        font = f'{"<w:b/>" if cell.head else ""}<w:sz w:val="{round(self.layout.font_size * 2)}"/>'
        text = self.runs(cell.text, font)
        if cell.mark:
            text += self.runs(cell.mark, f'{font}<w:vertAlign w:val="superscript"/>')
        if merge == "<w:vMerge/>":
            text = ""
        mark = f"<w:rPr>{font}</w:rPr>"
        return (
            f'<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr><w:spacing w:before="0" w:after="0"/>'
            f'<w:jc w:val="{align}"/>{mark}</w:pPr>{text}</w:p></w:tc>'
        )

    def table(self, grid: Grid) -> str:
        total = sum(grid.widths)
        widths = [round(self.width * w / total) for w in grid.widths]
        sides = borders(grid, self.layout.rules, self.layout.seed)
        starts = {(r, c): cell for r, c, cell in grid.positions()}
        covered = {(r + i, c): (r, c) for (r, c), cell in starts.items() for i in range(1, cell.rowspan)}
        rows = []
        for r in range(len(grid.rows)):
            columns = sorted([c for (row, c) in starts if row == r] + [c for (row, c) in covered if row == r])
            cells = []
            for c in columns:
                at = covered.get((r, c), (r, c))
                cell = starts[at]
                merge = ""
                if cell.rowspan > 1:
                    merge = "<w:vMerge/>" if at != (r, c) else '<w:vMerge w:val="restart"/>'
                cells.append(self.cell(cell, sum(widths[c : c + cell.colspan]), sides[at], merge))
            properties = "" if self.layout.cut_rows else "<w:cantSplit/>"
            if self.layout.row_height:
                properties += f'<w:trHeight w:val="{round(self.layout.row_height * 20)}" w:hRule="atLeast"/>'
            if self.layout.repeat_head and r < grid.head:
                properties += "<w:tblHeader/>"
            rows.append(f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>")
        all_lines = _lines("tlbrhv" if self.layout.rules == "full" else "", _SIDES | _INSIDE)
        columns_xml = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f"<w:tblBorders>{all_lines}</w:tblBorders>"
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
            '<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{columns_xml}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def section(self) -> str:
        page = (16838, 11906) if self.layout.landscape else (11906, 16838)
        margin = round(self.layout.margin_mm * _TWIPS_PER_MM)
        header = '<w:headerReference w:type="default" r:id="rId3"/>' if self.layout.running_head else ""
        footer = '<w:footerReference w:type="default" r:id="rId2"/>' if self.layout.page_numbers else ""
        orient = ' w:orient="landscape"' if self.layout.landscape else ""
        return (
            f'<w:sectPr>{header}{footer}<w:pgSz w:w="{page[0]}" w:h="{page[1]}"{orient}/>'
            f'<w:pgMar w:top="{margin}" w:right="{margin}" w:bottom="{margin}" w:left="{margin}" '
            'w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
        )


def zip_of(parts: dict[str, bytes], compressed: bool = True) -> bytes:
    """A zip archive of these parts that is the same at every call."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            info.external_attr = 0o600 << 16
            # The same value on every system: it says which one made the archive.
            info.create_system = 0
            archive.writestr(info, data)
    return buffer.getvalue()


def render_docx(truth: Truth, layout: Layout) -> bytes:
    """The report as a .docx file."""
    writer = _Writer(layout)
    blocks = compose(truth, layout).blocks
    body = "".join(writer.table(b) if isinstance(b, Grid) else writer.paragraph(b) for b in blocks)
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w="{_W}" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<w:body>{body}{writer.section()}</w:body></w:document>"
    )
    parts = {**_PARTS, "word/styles.xml": _styles(layout), "docProps/core.xml": _core(truth)}
    parts["word/header1.xml"] = _header(truth)
    parts["word/document.xml"] = document
    return zip_of({name: text.encode("utf-8") for name, text in parts.items()}, layout.compressed)
