"""Cells of rows that stand in a document and were not read, and the figures that may be theirs: they are open.

Belongs here: what follows from what was seen (`traces`) and from figures that no row took. Does not belong here: seeing
labels, heads and tables (`traces`), what is said of them (`checks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.document import Paragraph, Table
from parsers.grammar.figures import is_value_like
from parsers.grammar.figures import read as read_figure
from parsers.grammar.labels import FormIndex, form_index
from schemas.facts import Leftover, Place, Report, Residue, TableLayout, Trace, Unresolved
from schemas.labels import label

from .letters import Letters
from .traces import excerpt, heading, not_there, pieces

# Fewer characters of a head are words of anything.
_NAME = 3
# So many figures on a line of text are a row's.
_STRAY = 3
# Why a figure of a table is left over that may be a cell of a row that was not placed.
_WITHOUT_PLACE = frozenset({"column", "row", "note"})
_SENTENCE = re.compile(r"[。；;!?！？]")
_FIGURE = re.compile(r"\d[\d,.]*")
_EXCERPT = 60


def hidden_columns(
    layouts: Sequence[TableLayout], hidden: Sequence[Residue], form_id: str, variant: str | None
) -> list[Unresolved]:
    """The cells of columns called missing whose heads stand in what a document hides: they are there, and nobody sees them."""
    form = form_index(form_id).form
    out: list[Unresolved] = []
    for residue in hidden:
        said = label(residue.text).key
        for layout in layouts:
            table = form.tables[layout.table]
            columns = [table.column[code] for code in layout.missing_columns]
            for column in (c for c in columns if len(key := label(c.label).key) >= _NAME and key in said):
                cells = [
                    f"{table.code}.{row.code}.{column.code}"
                    for row in form.rows(table.code, variant)
                    if column in table.columns_of(row)
                ]
                out += [Unresolved(a, residue.text[:_EXCERPT], "hidden", [], residue.place) for a in cells]
    return out


def stray_figures(blocks: Sequence[Paragraph | Table], rows: Sequence[Trace], told: set[Place]) -> list[Leftover]:
    """Figures on lines of their own between the rows of a table that were seen and not read. ``told`` are the places of
    what is a fact, or unresolved, already."""
    lines = {r.place: r.table for r in rows if r.row is not None}
    out: list[Leftover] = []
    table: str | None = None
    for block in blocks:
        if isinstance(block, Table):
            continue
        table = lines.get(block.place, table)
        text = block.text.strip()
        if block.place in lines or not is_value_like(text):
            # What is neither a figure nor the label of a row ends the table.
            table = table if block.place in lines or label(text).number is not None else None
        elif table is not None and _FIGURE.search(text) and block.place not in told:
            out.append(Leftover(table, text, "row", block.place))
    return out


def of_leftovers(report: Report, form_id: str) -> list[Trace]:
    """Rows of printed pages of which cells are not known, where figures of their table have no place: they may be theirs.

    What markup calls a row is one: there a figure under a label of its own is no other row's.
    """
    index = form_index(form_id)
    known = {f.address for f in report.facts} | {u.address for u in report.unresolved}
    seen = {(trace.table, trace.row) for trace in report.traces}
    out: list[Trace] = []
    for layout in report.layouts:
        of_table = (x for x in report.leftovers if x.table == layout.table and x.place.page is not None)
        # In markup a row of figures that bears no words at all is nobody's, or that of any row not met.
        nameless = (Leftover(layout.table, "", "row", x.place) for x in layout.extra if not x.printed.strip())
        left = next((x for x in of_table if x.reason in _WITHOUT_PLACE), None) or next(nameless, None)
        there = {row.code for row in layout.rows}
        for row in index.form.rows(layout.table, report.variant) if left is not None else ():
            columns = index.columns_of(layout.table, row.code)
            unread = any(f"{layout.table}.{row.code}.{c.code}" not in known for c in columns)
            if left is None or (layout.table, row.code) in seen:
                continue
            if unread and (row.code in there or not row.optional):
                out.append(Trace(layout.table, row.code, left.printed, left.place))
    return out


def of_lines(blocks: Sequence[Paragraph | Table], report: Report, form_id: str) -> list[Trace]:
    """Rows of a text that were not met, where a line of figures between the rows of their table, or under its heading,
    is nobody's: it may be theirs. What it says goes to the report's leftovers."""
    index = form_index(form_id)
    seen = {(trace.table, trace.row) for trace in report.traces}
    told = {f.place.line for f in report.facts} | {u.place.line for u in report.unresolved}
    told |= {t.place.line for t in report.traces} | {x.place.line for x in report.leftovers}
    out: list[Trace] = []
    for layout in report.layouts:
        lines = [row.place.line for row in layout.rows if row.place.line is not None]
        missing = [code for code in sorted(not_there(index.form, layout)) if (layout.table, code) not in seen]
        for line, under in _lines_of_figures(blocks, index) if missing and lines else ():
            at = line.place.line
            if at is None or at in told or not (under == layout.table or min(lines) < at < max(lines)):
                continue
            report.leftovers.append(Leftover(layout.table, line.text, "row", line.place))
            out += [Trace(layout.table, code, excerpt(line.text), line.place) for code in missing]
            break
    return out


def _lines_of_figures(blocks: Sequence[Paragraph | Table], index: FormIndex) -> Iterator[tuple[Paragraph, str | None]]:
    """The lines of a text that hold a row's figures, and the table under whose heading each stands. Only the figures of
    one are its text."""
    under: str | None = None
    for block in blocks:
        if not isinstance(block, Paragraph) or block.place.line is None:
            continue
        figures = [part for part in block.text.split() if read_figure(part).kind == "number"]
        if len(figures) < _STRAY or _SENTENCE.search(block.text):
            named = heading(block.text, index)
            under = under if named is None else named
        else:
            yield Paragraph(" ".join(figures), block.place), under


def of_trace(trace: Trace, form_id: str, variant: str | None) -> list[Unresolved]:
    """The cells of what was seen: the form has them, the document shows them, and nothing of them is known."""
    form = form_index(form_id).form
    table = form.tables[trace.table]
    return [
        Unresolved(f"{trace.table}.{row.code}.{column.code}", trace.printed, "label", [], trace.place)
        for row in (form.rows(trace.table, variant) if trace.row is None else [table.row[trace.row]])
        for column in table.columns_of(row)
    ]


def unread_cells(
    report: Report, form_id: str, blocks: Sequence[Paragraph | Table], aside: Sequence[Paragraph] = ()
) -> list[Unresolved]:
    """The other cells of rows that are there: none of them is without a word but those of columns that are not printed."""
    index = form_index(form_id)
    known = {f.address for f in report.facts} | {u.address for u in report.unresolved}
    letters: Letters | None = None
    out: list[Unresolved] = []
    for layout in report.layouts:
        for row in layout.rows:
            for column in index.columns_of(layout.table, row.code):
                address = f"{layout.table}.{row.code}.{column.code}"
                if address in known:
                    continue
                if column.code in layout.missing_columns:
                    letters = letters or Letters(pieces(blocks, index, aside))
                    if letters.column(form_id, layout.table, column.code) is None:
                        continue
                known.add(address)
                out.append(Unresolved(address, row.printed, "label", [], row.place))
    return out
