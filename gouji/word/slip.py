"""The return slip (反馈意见单): one Word page or two per office, on what to correct.

Belongs here: the slip's words and layout. Does not belong here: what is wrong (`causes`), which offices get one
(`batch.slips`), what every new Word file is made of (`new`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gouji.show.causes import Cause
from gouji.show.names import whereabouts
from gouji.show.overview import Office
from gouji.show.picture import Picture, PictureCell, of_cause
from gouji.show.text import explanation_lines, message_lines, since_last
from gouji.show.verdicts import reasons_of_doubt, tally_words, whole_tables
from gouji.words import Lang, say

from . import new

_MOST = 30
_FILLS = {"error": "FFD6D6", "warning": "FFF0C2", "note": "DCE9F7"}
_HEAD = "E8ECF1"
# Columns of the list, in twips: number, severity, what is wrong, what to do.
_WIDTHS = (737, 850, 4706, 2778)
# A4 with margins of 2.5 and 2.4 cm.
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1361" w:right="1417" w:bottom="1361" w:left="1417" w:header="720" w:footer="720" w:gutter="0"/>'
    "</w:sectPr>"
)
# Of so many problems the table is shown, if it has no more rows; the widths of its columns; the grounds of its cells.
_PICTURES, _MOST_ROWS = 8, 14
_LABEL, _FIGURE = 2200, 850
_MARKED = {"wrong": _FILLS["error"], "maybe": _FILLS["warning"]}
_BODY = new.font("仿宋", "Times New Roman")
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="480"/>'


def _spaced(after: int, before: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


_LOOKS = (
    new.style("Normal", "Normal", _spaced(40), f"{_BODY}{new.size(12)}")
    + new.style(
        "Title",
        "Title",
        f'{_spaced(200)}<w:jc w:val="center"/>',
        f"{new.font('方正小标宋简体', 'Times New Roman')}<w:b/>{new.size(18)}",
    )
    + new.style("Body", "Body Text", _INDENT, "")
    + new.style("Last", "Body Text Last", f"{_spaced(40, 120)}{_INDENT}", "")
    + new.style("Signature", "Signature", '<w:jc w:val="right"/>', "")
    + new.style("Reason", "Reason", "", new.size(10.5))
    + new.style("Small", "Table Cell Small", _spaced(0), new.size(9))
    + new.style("SmallCentred", "Table Cell Small Centred", f'{_spaced(0)}<w:jc w:val="center"/>', new.size(9))
    + new.style("Cell", "Table Cell", _spaced(20), new.size(10.5))
    + new.style("Centred", "Table Cell Centred", f'{_spaced(20)}<w:jc w:val="center"/>', new.size(10.5))
)
_BOLD = "<w:rPr><w:b/></w:rPr>"
# What explains a message stands back behind it.
_FAINT = '<w:rPr><w:color w:val="444444"/></w:rPr>'


@dataclass(frozen=True)
class Letter:
    """What a slip says beside its findings: who signs it, by when the office is to answer, its date (YYYY-MM-DD).

    ``year`` is the round's: one that has sent another year's report is asked for this one's, and for no correction.
    """

    sender: str | None = None
    deadline: str | None = None
    dated: str | None = None
    year: int | None = None

    def wants_another(self, office: Office) -> bool:
        """Whether what an office has sent is another year's."""
        return self.year is not None and office.reviewed.uncounted == "year"


def slip(office: Office, letter: Letter, lang: Lang) -> bytes:
    """The slip as a .docx."""
    if letter.wants_another(office):
        key = "slip.how_year_by" if letter.deadline else "slip.how_year"
        day = _day(letter.deadline, lang) if letter.deadline else ""
        intro = say(lang, "slip.other_year", year=office.year, wanted=letter.year)
        return _package(
            [*_top(office, lang), _line(intro, "Body")], say(lang, key, day=day, wanted=letter.year), letter, lang
        )
    counts = tally_words(office.causes, lang)
    counts = say(lang, "slip.found", counts=counts) if counts else _nothing_wrong(office, lang)
    # Who has nothing to correct is asked for nothing, and told nothing in detail.
    asked = any(c.severity != "note" for c in office.causes) or bool(office.doubts)
    more = bool(office.causes or office.doubts or any(p.reason for p in office.problems))
    intro = "slip.intro" if more else "slip.intro_short"
    body = [
        *_top(office, lang),
        _line(say(lang, intro, year=office.year or "    ", counts=counts), "Body"),
    ]
    if office.reviewed.seen_before and (line := since_last(office.reviewed, lang)):
        body.append(_line(line + say(lang, "full_stop"), "Body"))
    if office.causes:
        body.append(_causes(office, lang))
    # Without a problem what could not be checked is what the slip is about.
    said = reasons_of_doubt(whole_tables(office.doubts) if office.causes else office.doubts, lang, _MOST)
    body += [_line(text.removeprefix("· "), "Body") for text in said]
    waived = [p for p in office.problems if p.reason]
    if waived:
        body.append(_line(say(lang, "waived_line", n=len(waived))))
    for p in waived:
        who = say(lang, "aside", text=p.who) if p.who else ""
        body.append(_line(say(lang, "waived_one", name=p.name, message=p.message, reason=p.reason, who=who), "Reason"))
    left = office.unassessable - len(whole_tables(office.doubts))
    if left and office.causes:
        body.append(_line(say(lang, "slip.unassessable", n=left), "Body"))
    smallest = any(e.changes for cause in office.causes for e in cause.explanations)
    how = _how(office, letter, lang)
    if not asked:
        how = say(lang, "slip.notes") if office.causes else say(lang, "slip.passed")
    return _package(body, how + (say(lang, "slip.smallest") if smallest else ""), letter, lang)


def _how(office: Office, letter: Letter, lang: Lang) -> str:
    """That the draft is to be corrected and sent back, and with reasons for what a reason closes: no error."""
    severities = {c.severity for c in office.causes}
    key = None if severities <= {"error", "note"} and "error" in severities else "slip.reasons"
    if key is not None and "error" in severities:
        key = "slip.reasons_but"
    reasons = say(lang, key) if key is not None else ""
    if letter.deadline:
        return say(lang, "slip.how_by", day=_day(letter.deadline, lang), reasons=reasons)
    return say(lang, "slip.how", reasons=reasons)


def _top(office: Office, lang: Lang) -> list[str]:
    return [_line(say(lang, "slip.title"), "Title"), _line(say(lang, "slip.to", office=office.name))]


def _package(body: list[str], how: str, letter: Letter, lang: Lang) -> bytes:
    """The slip with its end: what to do, who signs, the day."""
    # A signature does not stand on a sheet by itself: the sentence before it goes with it.
    body.append(_line(how, "Last", keep=True))
    body.append(_line("", keep=True))
    body.append(_line(say(lang, "slip.from", sender=letter.sender or "　　　　　　"), "Signature", keep=True))
    body.append(_line(_day(letter.dated, lang) if letter.dated else say(lang, "slip.date"), "Signature"))
    return new.package("".join(body) + _PAGE, _LOOKS)


def _nothing_wrong(office: Office, lang: Lang) -> str:
    """What a slip says where there is no problem: what could not be checked, or that all is corrected."""
    return say(lang, "doubt_only", n=office.unassessable) if office.unassessable else say(lang, "slip.corrected")


def _day(day: str, lang: Lang) -> str:
    """A date as a letter writes it."""
    year, month, of_month = (int(part) for part in day.split("-"))
    return say(lang, "slip.on_day", year=year, month=month, day=of_month)


def _line(text: str, style: str = "Normal", properties: str = "", *, keep: bool = False) -> str:
    """A paragraph; ``keep``: on the sheet of the next one."""
    of_paragraph = f'<w:pStyle w:val="{style}"/>{"<w:keepNext/>" if keep else ""}'
    return f"<w:p><w:pPr>{of_paragraph}</w:pPr>{new.runs(text, properties) if text else ''}</w:p>"


def _causes(office: Office, lang: Lang) -> str:
    keys = ("col_number", "col_severity", "slip.what", "advice")
    heads = [_cell([_line(say(lang, key), "Centred", _BOLD)], n, _HEAD) for n, key in enumerate(keys)]
    # Heads stand on every page.
    rows = [f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{''.join(heads)}</w:tr>"]
    for number, cause in enumerate(office.causes, start=1):
        title, *rest = _what(cause, office, lang)
        what = [_line(title.strip(), "Cell", _BOLD)]
        what += [_line(line.strip(), "Cell", _FAINT if line.startswith("  ") else "") for line in rest]
        cells = [
            _cell([_line(str(number), "Centred")], 0),
            _cell([_line(say(lang, f"severity_{cause.severity}"), "Centred")], 1, _FILLS[cause.severity]),
            _cell(what, 2),
            _cell([_line(line.strip(), "Cell") for line in cause.advice[:3] or [""]], 3),
        ]
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
        picture = of_cause(cause, lang) if number <= _PICTURES else None
        if picture is not None and len(picture.rows) <= _MOST_ROWS:
            rows.append(_picture(picture))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(_WIDTHS)}" w:type="dxa"/><w:jc w:val="center"/>{new.borders(4)}'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _picture(picture: Picture) -> str:
    """The printed cells around what is wrong, as a small table in a row of its own: what must change is red."""
    inner = sum(_WIDTHS) - 400
    label = max(_LABEL, inner - _FIGURE * len(picture.heads))
    widths = [label, *[(inner - label) // max(len(picture.heads), 1)] * len(picture.heads)]

    def small(texts: Sequence[PictureCell], head: bool = False) -> str:
        cells = []
        for i, (cell, width) in enumerate(zip(texts, widths, strict=True)):
            fill = _MARKED.get(cell.mark or "", _HEAD if head else "")
            look = "<w:b/>" if cell.mark == "wrong" else ""
            colour = '<w:color w:val="666666"/>' if cell.sum else ""
            style = "Small" if i == 0 and not head else "SmallCentred"
            text = f"（{cell.text}）" if cell.sum and cell.text else cell.text
            paragraph = _line(text, style, f"<w:rPr>{look}{colour}</w:rPr>")
            ground = new.shade(fill) if fill else ""
            cells.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{ground}</w:tcPr>{paragraph}</w:tc>')
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"

    lines = [small([PictureCell(""), *(PictureCell(h) for h in picture.heads)], head=True)]
    lines += [small([PictureCell(row), *cells]) for row, cells in picture.rows]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    table = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>{new.borders(2)}'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(lines)}</w:tbl>'
    )
    span = f'<w:tcPr><w:tcW w:w="{sum(_WIDTHS)}" w:type="dxa"/><w:gridSpan w:val="{len(_WIDTHS)}"/></w:tcPr>'
    return f"<w:tr><w:tc>{span}{_line(picture.title, 'Small')}{table}{_line('', 'Small')}</w:tc></w:tr>"


def _cell(paragraphs: Sequence[str], column: int, fill: str = "") -> str:
    ground = new.shade(fill) if fill else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{_WIDTHS[column]}" w:type="dxa"/>{ground}</w:tcPr>{"".join(paragraphs)}</w:tc>'


def _what(cause: Cause, office: Office, lang: Lang) -> Sequence[str]:
    statuses = {office.reviewed.status.get(f.finding_id) for f in cause.findings} - {None}
    status = f"{say(lang, f'round_{s}')}" if len(statuses) == 1 and (s := statuses.pop()) else ""
    if cause.severity == "note" and status == say(lang, "round_open"):
        # Nobody has to correct it.
        status = ""
    title = cause.title + (say(lang, "aside", text=status) if status else "")
    messages = [m for m in message_lines(cause, lang, _MOST) if not m.startswith(f"  {say(lang, 'advice')}")]
    where = whereabouts(cause.report, cause.findings[0].place, lang) if not messages else ""
    return [title, *messages, *([where] if where else []), *explanation_lines(cause, lang)]
