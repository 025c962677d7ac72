"""A report as a Word document with formats drawn at random.

Belongs here: paragraphs, tables and what Word can do to them. Does not belong here: the package (`ooxml`) and printing
(`office`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from benchmarks.wild import ooxml
from benchmarks.wild.drawing import Draw
from benchmarks.wild.grid import Box, Grid, Slot
from benchmarks.wild.report import Para, Report

_FONTS = {
    "仿宋": 3,
    "宋体": 3,
    "Noto Serif CJK SC": 3,
    "Noto Sans CJK SC": 3,
    "黑体": 1,
    "Times New Roman": 1,
    "楷体": 1,
}
_PAGES = {"A4": (11906, 16838), "A3": (16838, 23811), "Letter": (12240, 15840), "16K": (10433, 14742)}
_BORDERS = {
    "all": 42, "none": 6, "rows": 7, "columns": 3, "outer": 4, "double": 6, "dotted": 5, "thick outer": 6, "by cells": 8,
    "hairlines": 5, "open sides": 8,
}  # fmt: skip


@dataclass(slots=True)
class _Look:
    """The formats of one document."""

    size: int
    split: bool
    indent: bool
    line: str
    align: str
    valign: str
    blank: str
    controls: bool
    numbered: bool


def render(draw: Draw, report: Report, *, printed: bool) -> bytes:
    """The bytes of a .docx. What only Word itself shows is left out of documents that LibreOffice prints."""
    return _Writer(draw, report, printed=printed).document()


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text, quote=False)}</w:t>'


class _Writer:
    def __init__(self, draw: Draw, report: Report, *, printed: bool) -> None:
        self.draw, self.report, self.printed = draw, report, printed
        heads = [b.text for b in report.blocks if isinstance(b, Para) and b.role == "heading"]
        self.look = _Look(
            size=draw.whole(15, 28),
            split=draw.chance(0.3, "split runs"),
            indent=draw.chance(0.6),
            line=draw.one(
                ["", '<w:spacing w:line="360" w:lineRule="auto"/>', '<w:spacing w:line="560" w:lineRule="exact"/>']
            ),
            align=draw.pick("figures", {"center": 60, "right": 14, "left": 14, "distribute": 6, "both": 6}),
            valign=draw.one(["center", "top", "bottom"]),
            blank=draw.one(["", "", "　　", "\u00a0"]),
            controls=draw.chance(0.06, "content controls"),
            numbered=all(h[1:2] == "、" for h in heads) and draw.chance(0.06, "headings numbered by Word"),
        )
        self.place = draw.pick("title place", {"paragraph": 84, "header": 4, "first table": 6, "text box": 6})
        self.touched = self._touches()
        self.parts = {"styles": ooxml.styles(draw.pick("font", _FONTS), draw.whole(20, 32))}

    def _touches(self) -> dict[str, str]:
        draw, report = self.draw, self.report
        numbers = [a for a, c in report.cells.items() if c.kind == "number"]
        ways = {
            "struck": 0.04,
            "raised note": 0.05,
            "raised by position": 0.03,
            "white digit": 0.03,
            "hidden digit": 0.04,
            "footnote": 0.03,
        }
        if not self.printed:
            ways |= {"tracked change": 0.04, "field": 0.04}
        touched: dict[str, str] = {}
        for way, share in ways.items():
            if draw.chance(share, f"a {way}"):
                for address in draw.some(numbers, 1, 3):
                    # LibreOffice prints all of a content control in one format: nothing in it is raised or hidden.
                    if self.printed and self.look.controls:
                        continue
                    touched[address] = way
                    # What is hidden or a field is read without doubt; what stands beside a figure may raise some.
                    if way not in ("hidden digit", "field"):
                        report.loosen(address)
        return touched

    def _run(self, text: str, format_: str = "") -> str:
        properties = f"<w:rPr>{format_}</w:rPr>" if format_ else ""
        if self.look.split and len(text) > 1 and self.draw.chance(0.5):
            cut = self.draw.whole(1, len(text) - 1)
            proof = self.draw.one(
                [
                    "",
                    '<w:proofErr w:type="spellStart"/>',
                    '<w:bookmarkStart w:id="9" w:name="x"/><w:bookmarkEnd w:id="9"/>',
                ]
            )
            return f"<w:r>{properties}{_text(text[:cut])}</w:r>{proof}<w:r>{properties}{_text(text[cut:])}</w:r>"
        return f"<w:r>{properties}{_text(text)}</w:r>"

    def _lines(self, text: str, format_: str) -> str:
        """Runs with a line break between the lines of a text."""
        return "<w:r><w:br/></w:r>".join(self._run(t, format_) for t in text.split("\n"))

    def _paragraph(self, block: Para) -> str:
        draw = self.draw
        if block.role == "title":
            return self._title(block)
        properties, format_, text = "", "", block.text
        if block.role == "heading":
            style = draw.one(["1", "", "2"])
            properties = f'<w:pStyle w:val="{style}"/>' if style else ""
            format_ = draw.one(["<w:b/>", ""])
            if self.look.numbered:
                properties += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
                text = text[2:]
        properties += self.look.line
        if block.role == "body" and self.look.indent:
            properties += '<w:ind w:firstLineChars="200" w:firstLine="560"/>'
        if block.role in ("caption", "date"):
            properties += '<w:jc w:val="center"/>'
        if block.role == "sign":
            properties += '<w:jc w:val="right"/>'
        return f"<w:p><w:pPr>{properties}</w:pPr>{self._run(text, format_)}</w:p>"

    def _title(self, block: Para) -> str:
        size = self.draw.whole(32, 48)
        runs = self._lines(block.text, f'<w:b/><w:sz w:val="{size}"/>')
        paragraph = f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{runs}</w:p>'
        if self.place == "header":
            self.parts["header"] = ooxml.part("hdr", paragraph)
            return ""
        if self.place == "text box":
            box = (
                '<v:shape type="#_x0000_t202" style="width:420pt;height:80pt" stroked="f"><v:textbox><w:txbxContent>'
                f"{paragraph}</w:txbxContent></v:textbox></v:shape>"
            )
            return f"<w:p><w:r><w:pict>{box}</w:pict></w:r></w:p>"
        if self.place == "first table":
            cell = f'<w:tc><w:tcPr><w:tcW w:w="9000" w:type="dxa"/></w:tcPr>{paragraph}</w:tc>'
            return f'<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid><w:tr>{cell}</w:tr></w:tbl><w:p/>'
        return paragraph

    def _table(self, grid: Grid, width: int) -> str:
        draw = self.draw
        borders = draw.pick("borders", _BORDERS)
        widths = _widths(draw, grid, width)
        layout = draw.one(['<w:tblLayout w:type="fixed"/>', ""])
        align = draw.one(['<w:jc w:val="center"/>', ""])
        side = draw.one([0, 28, 108, 108])
        margins = (
            f'<w:tblCellMar><w:left w:w="{side}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
        )
        properties = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>{align}{_table_borders(borders)}{layout}{margins}'
        columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
        repeat = draw.chance(0.25, "heads repeated")
        height = draw.one(["", "", f'<w:trHeight w:val="{draw.whole(300, 700)}"/>'])
        uncut = draw.one(["<w:cantSplit/>", ""])
        upright = draw.chance(0.3) and grid.name == "requests"
        rows = []
        for i, slots in enumerate(grid.slots()):
            # LibreOffice drops a table of heads that come again and one row where these end a page.
            of_row = uncut + height + ("<w:tblHeader/>" if repeat and i < grid.head and grid.name != "disputes" else "")
            cells = []
            for at, slot in enumerate(slots):
                if slot.starts_column:
                    w = sum(widths[at : at + slot.box.cols])
                    cells.append(self._cell(slot, w, by_cells=borders == "by cells", upright=upright))
            rows.append(f"<w:tr>{f'<w:trPr>{of_row}</w:trPr>' if of_row else ''}{''.join(cells)}</w:tr>")
        return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"

    def _cell(self, slot: Slot, width: int, *, by_cells: bool, upright: bool) -> str:
        box, draw = slot.box, self.draw
        properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
        if box.cols > 1:
            properties += f'<w:gridSpan w:val="{box.cols}"/>'
        if box.rows > 1:
            properties += '<w:vMerge w:val="restart"/>' if slot.starts_row else "<w:vMerge/>"
        if by_cells:
            line = '<w:{} w:val="single" w:sz="4"/>'
            properties += (
                f"<w:tcBorders>{''.join(line.format(s) for s in ('top', 'left', 'bottom', 'right'))}</w:tcBorders>"
            )
        if box.role == "head" and draw.chance(0.1):
            properties += '<w:shd w:val="clear" w:fill="D9E2F3"/>'
        if upright and box.rows > 6:
            draw.note("upright label")
            properties += '<w:textDirection w:val="tbRlV"/>'
        properties += f'<w:vAlign w:val="{self.look.valign}"/>'
        if not slot.starts_row:
            return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p/></w:tc>"
        align = self.look.align if box.role in ("figure", "aside") else draw.one(["center", "left", "both"])
        paragraph = f'<w:p><w:pPr><w:jc w:val="{align}"/></w:pPr>{self._content(box)}</w:p>'
        if self.look.controls and box.address and draw.chance(0.3):
            paragraph = f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{paragraph}</w:sdtContent></w:sdt>"
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph}</w:tc>"

    def _content(self, box: Box) -> str:
        size = f'<w:sz w:val="{self.look.size}"/>'
        way = self.touched.get(box.address or "")
        main = self._run(box.text or self.look.blank, size)
        digit = str(self.draw.whole(1, 9))
        if way == "struck":
            return f"<w:r><w:rPr><w:strike/>{size}</w:rPr>{_text(digit)}</w:r>{self._run(' ', size)}{main}"
        if way == "raised note":
            return f'{main}<w:r><w:rPr>{size}<w:vertAlign w:val="superscript"/></w:rPr>{_text(self.draw.one(["1", "①", "注"]))}</w:r>'
        if way == "raised by position":
            return f'{main}<w:r><w:rPr><w:position w:val="10"/><w:sz w:val="12"/></w:rPr>{_text("1")}</w:r>'
        if way == "white digit":
            return f'<w:r><w:rPr><w:color w:val="FFFFFF"/>{size}</w:rPr>{_text(digit)}</w:r>{main}'
        if way == "hidden digit":
            return f"<w:r><w:rPr><w:vanish/>{size}</w:rPr>{_text(digit)}</w:r>{main}"
        if way == "footnote":
            self.parts["footnotes"] = ooxml.FOOTNOTES
            return f'{main}<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="1"/></w:r>'
        if way == "tracked change":
            about = 'w:author="x" w:date="2024-01-02T00:00:00Z"'
            return f'<w:del w:id="7" {about}><w:r><w:delText>{digit}</w:delText></w:r></w:del><w:ins w:id="8" {about}>{main}</w:ins>'
        if way == "field":
            return f'<w:fldSimple w:instr=" =SUM(LEFT) ">{main}</w:fldSimple>'
        return main

    def document(self) -> bytes:
        draw = self.draw
        page = draw.pick("page", {"A4": 80, "A3": 6, "Letter": 7, "16K": 7})
        wide, high = _PAGES[page]
        turned = ""
        if draw.chance(0.12, "landscape"):
            wide, high, turned = high, wide, ' w:orient="landscape"'
        side = draw.whole(700, 1800)
        nested = draw.chance(0.03, "a table in a table")
        body = []
        for block in self.report.blocks:
            if isinstance(block, Para):
                body.append(self._paragraph(block))
                continue
            table = self._table(block, wide - 2 * side - (400 if nested else 0))
            if nested and block.name == "requests":
                outer = wide - 2 * side
                table = (
                    f'<w:tbl><w:tblPr><w:tblW w:w="{outer}" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="{outer}"/></w:tblGrid>'
                    f'<w:tr><w:tc><w:tcPr><w:tcW w:w="{outer}" w:type="dxa"/></w:tcPr>{table}<w:p/></w:tc></w:tr></w:tbl>'
                )
            # Two tables without a paragraph between them would be one.
            body += [table, "<w:p/>"]
        self._around()
        references = "".join(
            f'<w:{k}Reference w:type="default" r:id="rId{k}"/>' for k in ("header", "footer") if k in self.parts
        )
        section = (
            f'<w:sectPr>{references}<w:pgSz w:w="{wide}" w:h="{high}"{turned}/>'
            f'<w:pgMar w:top="{draw.whole(1000, 2000)}" w:right="{side}" w:bottom="{draw.whole(1000, 2000)}" w:left="{side}"'
            f' w:header="600" w:footer="600" w:gutter="0"/></w:sectPr>'
        )
        if self.look.numbered:
            self.parts["numbering"] = ooxml.NUMBERING
        return ooxml.package(ooxml.part("document", f"<w:body>{''.join(body)}{section}</w:body>"), self.parts)

    def _around(self) -> None:
        """Page numbers, a running header, a watermark."""
        draw = self.draw
        if draw.chance(0.4, "page numbers"):
            dash = draw.one([("- ", " -"), ("", ""), ("第", "页"), ("— ", " —")])
            field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
            inner = f"{self._run(dash[0])}{field}{self._run(dash[1])}" if dash[0] else field
            self.parts["footer"] = ooxml.part("ftr", f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{inner}</w:p>')
        if "header" in self.parts:
            return
        if draw.chance(0.06, "watermark"):
            shape = (
                '<v:shapetype id="_x0000_t136" o:spt="136" path="m@7,l@8,m@5,21600l@6,21600e"><v:path textpathok="t"/>'
                '<v:textpath on="t" fitshape="t"/></v:shapetype><v:shape id="WaterMark" type="#_x0000_t136" style="position:absolute;'
                "width:400pt;height:90pt;rotation:315;z-index:-251;mso-position-horizontal:center;mso-position-vertical:center"
                '" fillcolor="silver" stroked="f"><v:fill opacity=".5"/><v:textpath string="内部资料"/></v:shape>'
            )
            self.parts["header"] = ooxml.part("hdr", f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>")
        elif draw.chance(0.1, "running header"):
            text = draw.one([self.report.body.name, "政府信息公开", re.sub(r"\s", "", self.report.title)])
            self.parts["header"] = ooxml.part("hdr", f"<w:p>{self._run(text)}</w:p>")


def _widths(draw: Draw, grid: Grid, width: int) -> list[int]:
    figures = grid.width - grid.labels
    share = draw.real(0.3, 0.5) if grid.labels else 0.0
    each = [draw.real(0.85, 1.2) for _ in range(figures)] if draw.chance(0.4) else [1.0] * figures
    parts = {0: [], 1: [1.0], 2: [0.35, 0.65], 3: [0.15, 0.27, 0.58]}[grid.labels]
    return [int(width * share * p) for p in parts] + [int(width * (1 - share) * e / sum(each)) for e in each]


def _table_borders(borders: str) -> str:
    single = ("single", 4)
    kinds = {
        "all": dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), single),
        "rows": dict.fromkeys(("top", "bottom", "insideH"), single),
        "columns": dict.fromkeys(("left", "right", "insideV"), single),
        "outer": dict.fromkeys(("top", "left", "bottom", "right"), single),
        "double": dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), ("double", 4)),
        "dotted": dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), ("dotted", 4)),
        "hairlines": dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), ("single", 2)),
        "open sides": dict.fromkeys(("top", "bottom", "insideH", "insideV"), single),
    }
    lines = kinds.get(borders, {})
    if borders == "thick outer":
        lines = kinds["all"] | dict.fromkeys(("top", "left", "bottom", "right"), ("single", 18))
    inner = "".join(
        f'<w:{side} w:val="{kind}" w:sz="{size}" w:space="0" w:color="auto"/>' for side, (kind, size) in lines.items()
    )
    return f"<w:tblBorders>{inner}</w:tblBorders>" if inner else ""
