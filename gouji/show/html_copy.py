"""The reviewed copy of a PDF, a page or a text: what was read, in its order, with marks and remarks.

Belongs here: putting remarks beside the blocks of a document. Does not belong here: what is said and where
(`remarks`), the page around it (`html`), reading (`parsers`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from gouji.words import Lang, say
from parsers.document import Cell, Paragraph, Table
from schemas.facts import Place
from schemas.findings import Checked

from .html import cause_block, page, tag
from .names import report_name
from .remarks import CellPlace, Remark, Remarks, softened
from .text import subjects
from .verdicts import unassessable, verdict_words


def blocks_of(path: Path) -> list[Paragraph | Table]:
    """What a document holds, in order; it may lie in an archive. Raises `UnreadableError`, OSError."""
    from parsers import read_document

    return read_document(bytes_of(path), path.name).blocks


def bytes_of(path: Path) -> bytes:
    """A file's bytes; it may lie in an archive. Raises `UnreadableError`, OSError."""
    from parsers.files import zips

    return path.read_bytes() if path.is_file() else zips.read_bytes(path)


def html_copy(checked: Checked, blocks: Sequence[Paragraph | Table], remarks: Remarks, lang: Lang) -> str:
    """The whole page: verdict, remarks, the document as read with the cells concerned marked."""
    return page(Path(checked.extraction.source.path).name, _Copy(checked, blocks, remarks, lang).body(), lang)


class _Copy:
    def __init__(self, checked: Checked, blocks: Sequence[Paragraph | Table], remarks: Remarks, lang: Lang) -> None:
        self.checked, self.blocks, self.remarks, self.lang = checked, blocks, remarks, lang
        self.at_cells: dict[CellPlace, list[Remark]] = {}
        self.at_text: dict[tuple[int | None, int | None, int | None], list[Remark]] = {}
        first_cell: dict[int, CellPlace] = {}
        for block in blocks:
            if isinstance(block, Table) and block.cells:
                first_cell[block.number] = _cell_place(block, block.cells[0])
        for remark in (r for r in remarks.remarks if r.number):
            cell = remark.cell
            if cell is not None:
                there = cell if remark.place.row else first_cell.get(cell[0], cell)
                self.at_cells.setdefault(there, []).append(remark)
            else:
                self.at_text.setdefault(_key(remark.place), []).append(remark)

    def body(self) -> Iterator[str]:
        lang, checked = self.lang, self.checked
        verdict = tag(checked.verdict, say(lang, f"verdict_{checked.verdict}"))
        yield f"<h1>{verdict} {escape(say(lang, 'review_copy'))}</h1>"
        yield f'<p class="quiet path">{escape(Path(checked.extraction.source.path).name)}</p>'
        for report in checked.extraction.reports:
            yield f"<p>{escape(report_name(report, lang))}</p>"
        yield from (f"<p>{escape(p.message)}</p>" for p in checked.extraction.problems)
        doubts = [f for report in subjects(checked) for f in unassessable(checked, report)]
        said = verdict_words(checked.verdict, self.remarks.causes, doubts, checked.extents, lang)
        yield f"<p><b>{escape(said)}</b></p>" if said else ""
        for remark in self.remarks.remarks:
            # What is about the whole stands above, not at a place.
            yield from (f"<p>{escape(line)}</p>" for line in (remark.lines[1:] if not remark.number else ()))
        causes = self.remarks.causes
        yield f"<h2>{escape(say(lang, 'remarks', n=len(causes)))}</h2>"
        yield from (cause_block(cause, i, lang, anchor=f"r{i}") for i, cause in enumerate(causes, start=1))
        yield f"<h2>{escape(say(lang, 'as_read'))}</h2>"
        yield f'<p class="quiet">{escape(say(lang, "as_read_note"))}</p>'
        number = 0
        for block in self.blocks:
            at = block.place.page if isinstance(block, Paragraph) else block.page
            if at and at != number:
                number = at
                yield f'<p class="quiet">—— {escape(say(lang, "place_page", n=number))} ——</p>'
            yield self._paragraph(block) if isinstance(block, Paragraph) else self._table(block)

    def _paragraph(self, block: Paragraph) -> str:
        remarks = self.at_text.get(_key(block.place), [])
        name = "h3" if block.heading else "p"
        if not remarks:
            return f"<{name}>{escape(block.text)}</{name}>"
        text = block.text
        said = (r.sentence.strip("…") for r in remarks if r.sentence)
        sentence = next((s for s in said if s and s in text), None)
        mark = f'<mark class="m-{remarks[0].severity}" title="{_title(remarks)}">'
        if sentence is None:
            inner = f"{mark}{escape(text)}</mark>"
        else:
            before, _, after = text.partition(sentence)
            inner = f"{escape(before)}{mark}{escape(sentence)}</mark>{_numbers(remarks)}{escape(after)}"
            return f"<{name}>{inner}</{name}>"
        return f"<{name}>{inner}{_numbers(remarks)}</{name}>"

    def _table(self, table: Table) -> str:
        rows = []
        for i, row in enumerate(table.grid()):
            cells = []
            for j, cell in enumerate(row):
                if cell is None:
                    cells.append("<td></td>")
                    continue
                if (cell.row, cell.column) != (i, j):
                    continue
                here = _cell_place(table, cell)
                remarks = self.at_cells.get(here, [])
                severity = self.remarks.shaded.get(here) or (softened(remarks[0].severity) if remarks else None)
                classes = ["n"] if cell.text.strip().isdecimal() else []
                classes += [f"m-{severity}"] if severity else []
                spans = "".join(
                    f' {name}="{n}"' for name, n in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if n > 1
                )
                title = f' title="{_title(remarks)}"' if remarks else ""
                text = escape(cell.text).replace("\n", "<br>")
                cells.append(f'<td class="{" ".join(classes)}"{spans}{title}>{text}{_numbers(remarks)}</td>')
            rows.append(f"<tr>{''.join(cells)}</tr>")
        return f'<div class="scroll"><table>{"".join(rows)}</table></div>'


def _cell_place(table: Table, cell: Cell) -> CellPlace:
    """A cell as findings name it: in a workbook by the sheet's rows and columns."""
    place = table.place(cell)
    return table.number, place.row or cell.row + 1, place.column or cell.column + 1


def _key(place: Place) -> tuple[int | None, int | None, int | None]:
    return place.page, place.line, place.paragraph


def _title(remarks: Sequence[Remark]) -> str:
    return escape("\n".join(line for r in remarks for line in r.lines))


def _numbers(remarks: Sequence[Remark]) -> str:
    numbers = dict.fromkeys(r.number for r in remarks)
    return "".join(f'<sup class="r"><a href="#r{n}">[{n}]</a></sup>' for n in numbers)
