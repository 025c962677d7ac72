"""The return slip (反馈意见单): one Word page or two per office, on what to correct.

Belongs here: the slip's layout. Does not belong here: what is wrong (`causes`), which offices get one (`slips`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from gouji.show.causes import Cause
from gouji.show.names import place_words
from gouji.show.overview import Office
from gouji.show.text import explanation_lines, message_lines, tally_words, unclear_words
from gouji.words import Lang, say

_TITLE, _BODY = "方正小标宋简体", "仿宋"
_WIDTHS = (Cm(1.3), Cm(1.5), Cm(8.3), Cm(4.9))
_MOST = 30
_FILLS = {"error": "FFD6D6", "warning": "FFF0C2", "note": "DCE9F7"}


def slip(office: Office, sender: str | None, lang: Lang) -> bytes:
    """The slip as a .docx."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.4)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _BODY)
    style.paragraph_format.space_after = Pt(2)
    _line(document, say(lang, "slip_title"), size=18, bold=True, centred=True, font=_TITLE)
    _line(document, say(lang, "slip_to", office=office.name))
    counts = tally_words(office.causes, lang)
    _line(
        document,
        say(lang, "slip_intro", year=office.year or "    ", counts=counts or say(lang, "slip_nothing")),
        indent=True,
    )
    closed = office.reviewed.closed
    if office.reviewed.seen_before:
        still = sum(s == "open" for s in office.reviewed.status.values())
        new = sum(s == "new" for s in office.reviewed.status.values())
        line = say(lang, "round_line", closed=len(closed), open=still, new=new) + unclear_words(office.reviewed, lang)
        _line(document, line + say(lang, "full_stop"), indent=True)
    if office.causes:
        _causes(document, office, lang)
    waived = [p for p in office.problems if p.reason]
    if waived:
        _line(document, say(lang, "waived_line", n=len(waived)))
        for p in waived:
            who = say(lang, "aside", text=p.who) if p.who else ""
            _line(
                document, say(lang, "waived_one", name=p.name, message=p.message, reason=p.reason, who=who), size=10.5
            )
    if office.unassessable:
        _line(document, say(lang, "slip_unassessable", n=office.unassessable), indent=True)
    smallest = any(e.changes for cause in office.causes for e in cause.explanations)
    how = say(lang, "slip_how") + (say(lang, "slip_smallest") if smallest else "")
    _line(document, how, indent=True).paragraph_format.space_before = Pt(6)
    _line(document, "")
    for text in (say(lang, "slip_from", sender=sender or "　　　　　　"), say(lang, "slip_date")):
        _line(document, text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _line(
    document: Any,
    text: str,
    *,
    size: float = 12,
    bold: bool = False,
    centred: bool = False,
    indent: bool = False,
    font: str = _BODY,
) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    run.font.name = "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(10)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    return paragraph


def _causes(document: Any, office: Office, lang: Lang) -> None:
    table = document.add_table(rows=1, cols=4, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, key in zip(table.rows[0].cells, ("col_number", "col_severity", "slip_what", "advice"), strict=True):
        _fill(cell, [say(lang, key)], bold=True, centred=True)
        _shade(cell, "E8ECF1")
    _repeat(table.rows[0])
    for number, cause in enumerate(office.causes, start=1):
        cells = table.add_row().cells
        _fill(cells[0], [str(number)], centred=True)
        _fill(cells[1], [say(lang, f"severity_{cause.severity}")], centred=True)
        _shade(cells[1], _FILLS[cause.severity])
        _fill(cells[2], [*_what(cause, office, lang)], first_bold=True)
        _fill(cells[3], cause.advice[:3])
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = width


def _what(cause: Cause, office: Office, lang: Lang) -> Sequence[str]:
    statuses = {office.reviewed.status.get(f.finding_id) for f in cause.findings} - {None}
    status = f"{say(lang, f'round_{s}')}" if len(statuses) == 1 and (s := statuses.pop()) else ""
    title = cause.title + (say(lang, "aside", text=status) if status else "")
    messages = [m for m in message_lines(cause, lang, _MOST) if not m.startswith(f"  {say(lang, 'advice')}")]
    where = place_words(cause.findings[0].place, lang) if not messages else ""
    return [title, *messages, *([where] if where else []), *explanation_lines(cause, lang)]


def _fill(
    cell: Any, lines: Sequence[str], *, bold: bool = False, first_bold: bool = False, centred: bool = False
) -> None:
    for i, line in enumerate(lines or [""]):
        paragraph = cell.paragraphs[0] if i == 0 else cell.add_paragraph()
        run = paragraph.add_run(line.strip())
        run.font.size, run.font.bold = Pt(10.5), bold or (first_bold and i == 0)
        if line.startswith("  "):
            run.font.color.rgb = RGBColor(0x44, 0x44, 0x44)
        paragraph.paragraph_format.space_after = Pt(1)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _shade(cell: Any, fill: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", fill)):
        shading.set(qn(name), value)
    cell._element.get_or_add_tcPr().append(shading)


def _repeat(row: Any) -> None:
    """Heads stand on every page."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(header)
