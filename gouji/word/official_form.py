"""The statutory form as a Word file, drawn in the official merged layout.

Belongs here: the ways in which official tables are laid out, as grids, and a report around them as WordprocessingML.
Does not belong here: which figures stand in it (`rollup`, `prefill`), filling a form that somebody else drew (`templates`),
labels, widths and titles (`schemas/forms`), what every new Word file is made of (`new`).

The same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from schemas.facts import Value
from schemas.forms import Drawing, Form, Row, TableForm
from schemas.forms.model import HAN

from . import new

Role = Literal["part", "head", "label", "figure"]
ParagraphRole = Literal["title", "heading", "subheading", "body", "signature"]


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell where it begins. ``address`` is set where a figure stands."""

    text: str = ""
    colspan: int = 1
    rowspan: int = 1
    role: Role = "head"
    address: str | None = None


@dataclass(frozen=True, slots=True)
class FormTable:
    """A statutory table: column widths in twips, rows of the cells that begin in them, rows of the head."""

    code: str
    widths: tuple[int, ...]
    rows: tuple[tuple[FormCell, ...], ...]
    head: int

    def positions(self) -> list[tuple[int, int, FormCell]]:
        """Every cell with its row and column, from 0."""
        taken: set[tuple[int, int]] = set()
        out = []
        for r, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while (r, column) in taken:
                    column += 1
                out.append((r, column, cell))
                taken |= {(r + i, column + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
        return out


# -- the tables ----------------------------------------------------------------------------------------------------


def _figures(table: TableForm, row: Row, spans: Sequence[int]) -> list[FormCell]:
    return [
        FormCell(colspan=span, role="figure", address=f"{table.code}.{row.code}.{column.code}")
        for column, span in zip(table.columns_of(row), spans, strict=True)
    ]


# What a layout gives: rows of cells, rows of the head, columns of figures.
_Grid = tuple[list[list[FormCell]], int, int]


def _parts(table: TableForm, drawing: Drawing, rows: Sequence[Row]) -> _Grid:
    """Parts headed by their group, each with a line of heads of its own; the figures share as many columns as any row has."""
    most = max(len(table.columns_of(row)) for row in rows)
    out: list[list[FormCell]] = []
    for i, row in enumerate(rows):
        columns = table.columns_of(row)
        spans = [1] * (len(columns) - 1) + [most + 1 - len(columns)]
        new_part = i == 0 or rows[i - 1].group != row.group
        if new_part and row.group:
            out.append([FormCell(row.group, most + 1, role="part")])
        if new_part or table.columns_of(rows[i - 1]) != columns:
            heads = [FormCell(c.label, span) for c, span in zip(columns, spans, strict=True)]
            out.append([FormCell(drawing.corner), *heads])
        out.append([FormCell(row.label), *_figures(table, row, spans)])
    return out, 0, most


def _groups(table: TableForm, drawing: Drawing, rows: Sequence[Row]) -> _Grid:
    """Three label columns, merged by part and group, before a column for each applicant."""
    inner = [c for c in table.columns if c.group]
    top = [FormCell(drawing.corner, 3, 3, "label"), FormCell(drawing.over, len(table.columns))]
    middle = []
    for column in table.columns:
        if not column.group:
            middle.append(FormCell(column.label, 1, 2))
        elif column is inner[0]:
            middle.append(FormCell(column.group, len(inner)))
    out = [top, middle, [FormCell(_in_two(c.label)) for c in inner]]
    # The results: from the first outcome to their sum.
    results = [i for i, r in enumerate(rows) if "outcome" in r.roles or "processed" in r.roles]
    ones = [1] * len(table.columns)
    for i, row in enumerate(rows):
        line: list[FormCell] = []
        if not results[0] <= i <= results[-1]:
            line.append(FormCell(row.label, 3, role="label"))
        else:
            if i == results[0]:
                line.append(FormCell(table.parts[0], 1, results[-1] - i + 1, "label"))
            if row.group is None:
                line.append(FormCell(row.label, 2, role="label"))
            else:
                if rows[i - 1].group != row.group:
                    line.append(FormCell(row.group, 1, sum(r.group == row.group for r in rows), "label"))
                line.append(FormCell(row.label, role="label"))
        out.append([*line, *_figures(table, row, ones)])
    return out, 3, len(table.columns)


def _line(table: TableForm, drawing: Drawing, rows: Sequence[Row]) -> _Grid:
    """All figures in one line under heads of three lines."""
    n = len(table.columns)
    leaves = [_in_two(c.label) for c in table.columns]
    alone, nested = [r for r in rows if not r.parent], [r for r in rows if r.parent]
    top = [FormCell(r.label, n) for r in alone]
    if nested:
        top.append(FormCell(nested[0].parent or "", n * len(nested)))
    second = [FormCell(leaf, 1, 2) for _ in alone for leaf in leaves] + [FormCell(r.label, n) for r in nested]
    third = [FormCell(leaf) for _ in nested for leaf in leaves]
    figures = [cell for row in (*alone, *nested) for cell in _figures(table, row, [1] * n)]
    return [top, second, third, figures], 3, len(figures)


def _in_two(label: str) -> str:
    """Heads of narrow columns are set in two lines: 结果 / 维持."""
    return f"{label[:2]}\n{label[2:]}" if len(label) == 4 else label


_LAYOUTS: dict[str, Callable[[TableForm, Drawing, Sequence[Row]], _Grid]] = {
    "parts": _parts,
    "groups": _groups,
    "line": _line,
}


def can_draw(form: Form) -> bool:
    """Whether the form says of every table how it is drawn."""
    return all(table.drawing is not None for table in form.tables.values())


def layout(form: Form, code: str, variant: str | None = None, rows_shown: Sequence[Row] | None = None) -> FormTable:
    """One table of a form as it is laid out officially, with all its rows or those given.

    Raises KeyError for tables without a drawing.
    """
    table = form.tables[code]
    if table.drawing is None:
        raise KeyError(code)
    rows, head, figures = _LAYOUTS[table.drawing.layout](table, table.drawing, rows_shown or form.rows(code, variant))
    return FormTable(code, _widths(table.drawing, rows, figures), tuple(tuple(row) for row in rows), head)


def _widths(drawing: Drawing, rows: Sequence[Sequence[FormCell]], figures: int) -> tuple[int, ...]:
    """The columns' widths: those of labels as given or like all others, those of figures in equal shares of the rest."""
    columns = sum(cell.colspan for cell in rows[0])
    equal = columns - len(drawing.labels)
    share, over = divmod(drawing.width - sum(drawing.labels), equal)
    return (*drawing.labels, *(share + (i < over) for i in range(equal)))


def printed(value: Value | None) -> str:
    """A figure as the form prints it: no exponent, no separators; empty where there is none."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


# -- the report around them ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of the report."""

    text: str
    role: ParagraphRole = "body"


@dataclass
class Content:
    """What is to be printed: the title, paragraphs before section 一, those of each section, figures by address."""

    form: Form
    title: str
    opening: Sequence[str] = ()
    sections: Mapping[int, Sequence[Text]] = field(default_factory=dict)
    figures: Mapping[str, str] = field(default_factory=dict)
    variant: str | None = None
    # What a person has to see before the report is published, by address: the cell is shaded and has this as a comment.
    notes: Mapping[str, str] = field(default_factory=dict)
    # Cells that wait for a figure: they are shaded.
    open: Collection[str] = ()
    # Who signs, and when, at the end on the right.
    signature: Sequence[str] = ()
    # What has to be seen before all else, a line each.
    notice: Sequence[str] = ()


def hints(form: Form) -> dict[int, list[Text]]:
    """What the official blank prints in the sections that have no table."""
    return {n: [Text(section.hint)] for n, section in form.sections.items() if section.hint}


def signed(issuer: str | None, year: int | None) -> list[str]:
    """The signature of a draft: who, and a day that is still to be written, in the months after the report's year."""
    return [issuer, f"{year + 1}年　月　日"] if issuer and year else []


def to_be_written(form: Form, written: Sequence[Text] = ()) -> dict[int, list[Text]]:
    """The same, in the overview one below each aspect, but for those that are ``written``: a subheading and its text each."""
    out = hints(form)
    overview = form.section("overview")
    if overview is None or not overview.aspects:
        return out
    bodies: dict[str, list[Text]] = {}
    for text in written:
        if text.role == "subheading":
            bodies[text.text.rpartition("）")[2]] = []
        elif bodies:
            next(reversed(bodies.values())).append(text)
    paragraphs = []
    for i, aspect in enumerate(overview.aspects):
        paragraphs.append(Text(f"（{HAN[i]}）{aspect.zh}", "subheading"))
        paragraphs += bodies.pop(aspect.zh, []) or out.get(overview.n, ())
    # What the form does not know as an aspect is not lost.
    out[overview.n] = paragraphs if not bodies else list(written)
    return out


def document(content: Content) -> bytes:
    """The report as a .docx file. Raises KeyError for a form that cannot be drawn (`can_draw`)."""
    form = content.form
    body = [_paragraph(Text(content.title, "title"))]
    body += [*new.boxed(content.notice), *([_GAP] if content.notice else [])]
    body += [_paragraph(Text(text)) for text in content.opening]
    by_section = {t.section: code for code, t in form.tables.items() if t.section}
    for n, section in form.sections.items():
        code = by_section.get(n)
        drawing = form.tables[code].drawing if code is not None else None
        # The large table gets a page of its own, as in the official blank.
        own_page = drawing is not None and drawing.own_page
        body.append(_paragraph(Text(section.heading, "heading"), new_page=own_page))
        body += [_paragraph(text) for text in content.sections.get(n, ())]
        if code is not None:
            grid = layout(form, code, content.variant)
            body += [_table(grid, content.figures, list(content.notes), content.open), _GAP]
    if content.signature:
        body += ["<w:p/>", *(_paragraph(Text(line, "signature")) for line in content.signature)]
    comments = "".join(new.comment(i, text) for i, text in enumerate(content.notes.values()))
    return new.package("".join(body) + _PAGE, _LOOKS, comments)


_GAP = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="exact"/></w:pPr></w:p>'
_PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1247" w:right="1474" w:bottom="1247" w:left="1474" w:header="720" w:footer="720" w:gutter="0"/>'
    "</w:sectPr>"
)
_SHADE = "C6D9F1"
_NOTED = "FFF0C2"
# Of cells that wait for a figure, here and in somebody's own form.
OPEN_SHADE = "F8CBAD"
_LEAST_HEIGHT = 340
_SMALL = 20


_STYLES = {"title": "Title", "heading": "Heading1", "subheading": "Heading2", "body": "Body", "signature": "Signature"}


def _paragraph(text: Text, *, new_page: bool = False) -> str:
    page = "<w:pageBreakBefore/>" if new_page else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{_STYLES[text.role]}"/>{page}</w:pPr>{new.runs(text.text)}</w:p>'


def _cell(cell: FormCell, width: int, text: str, merge: str, keep: str, note: int | None, *, waits: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    ground = _NOTED if note is not None else OPEN_SHADE if waits else _SHADE if cell.role == "part" else None
    shade = new.shade(ground) if ground is not None else ""
    content = new.runs(text) if text else ""
    if note is not None:
        content = new.commented(content, note)
    left = '<w:jc w:val="left"/>' if cell.role in ("part", "label") else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Cell"/>{keep}{left}</w:pPr>{content}</w:p></w:tc>'
    )


def _table(table: FormTable, figures: Mapping[str, str], noted: Sequence[str], waiting: Collection[str]) -> str:
    starts = {(r, c): cell for r, c, cell in table.positions()}
    covered = {(r + i, c): (r, c) for (r, c), cell in starts.items() for i in range(1, cell.rowspan)}
    rows = []
    # The small tables stay on one page, the large one only with its head.
    together = len(table.rows) if len(table.rows) <= _SMALL else table.head + 1
    for r in range(len(table.rows)):
        keep = "<w:keepNext/>" if r < together - 1 else ""
        cells = []
        for c in sorted([c for at, c in starts if at == r] + [c for at, c in covered if at == r]):
            origin = covered.get((r, c), (r, c))
            cell = starts[origin]
            merge = ""
            if cell.rowspan > 1:
                merge = '<w:vMerge w:val="restart"/>' if origin == (r, c) else "<w:vMerge/>"
            text = figures.get(cell.address, "") if cell.address else cell.text
            width = sum(table.widths[c : c + cell.colspan])
            note = noted.index(cell.address) if cell.address in noted and origin == (r, c) else None
            text = text if origin == (r, c) else ""
            cells.append(_cell(cell, width, text, merge, keep, note, waits=cell.address in waiting))
        head = "<w:tblHeader/>" if r < table.head else ""
        height = f'<w:trHeight w:val="{_LEAST_HEIGHT}" w:hRule="atLeast"/>'
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{height}{head}</w:trPr>{''.join(cells)}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in table.widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(table.widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'{new.borders(8)}<w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


_LINE = '<w:spacing w:line="520" w:lineRule="exact"/>'
_SPACED = '<w:spacing w:before="60" w:after="100" w:line="520" w:lineRule="exact"/>'
# What the parts of the report look like.
_LOOKS = (
    new.style("Normal", "Normal", "", "")
    + new.style(
        "Title",
        "Title",
        '<w:keepNext/><w:spacing w:before="240" w:after="240"/><w:jc w:val="center"/>',
        f"{new.font('宋体')}<w:b/>{new.size(18)}",
    )
    + new.style(
        "Heading1",
        "heading 1",
        f'<w:keepNext/>{_SPACED}<w:ind w:firstLineChars="200" w:firstLine="560"/><w:outlineLvl w:val="0"/>',
        f"{new.font('宋体')}<w:b/>{new.size(14)}",
    )
    + new.style(
        "Heading2",
        "heading 2",
        f'<w:keepNext/>{_LINE}<w:ind w:firstLineChars="200" w:firstLine="560"/><w:outlineLvl w:val="1"/>',
        f"{new.font('仿宋')}<w:b/>{new.size(14)}",
    )
    + new.style(
        "Body",
        "Body Text",
        f'{_LINE}<w:ind w:firstLineChars="200" w:firstLine="560"/><w:jc w:val="both"/>',
        f"{new.font('仿宋')}{new.size(14)}",
    )
    + new.style(
        "Signature",
        "Signature",
        f'{_LINE}<w:ind w:rightChars="200" w:right="560"/><w:jc w:val="right"/>',
        f"{new.font('仿宋')}{new.size(14)}",
    )
    + new.style(
        "Cell",
        "Table Cell",
        '<w:spacing w:before="0" w:after="0" w:line="260" w:lineRule="atLeast"/><w:jc w:val="center"/>',
        f"{new.font('宋体')}{new.size(10)}",
    )
)
