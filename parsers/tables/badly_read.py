"""Tables of which rows were seen and not read: their edition, and their other rows.

Belongs here: what may be said of rows that were neither met nor seen. Does not belong here: seeing rows and tables
(`traces`), reading them (`matching`, `lost_grid`), what is said of them (`checks`).

That a row is not there is told by the rows that are. Where labels of a table stand in a document and nothing could be
made of them, the label of another row may stand there as well, in a shape in which nobody knows it: such a row is open,
not missing.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.document import Paragraph, Table
from parsers.grammar.labels import FormIndex, form_index
from schemas.facts import Report, Trace
from schemas.forms import Variant

from .letters import Letters
from .traces import pieces

# So many rows of a table were seen and not read: more than one misprint, and a row that the page's end cut.
_UNREAD = 3
# Share of the labels of a table that must be legible, so that one that is not among them is not there.
_LEGIBLE = 0.5


def settle(report: Report, form_id: str, blocks: Sequence[Paragraph | Table], aside: Sequence[Paragraph]) -> None:
    """Give a report the edition that its labels tell, and traces of the rows that tables read badly may have as well."""
    index = form_index(form_id)
    unread: dict[str, list[Trace]] = {}
    for trace in report.traces:
        unread.setdefault(trace.table, []).append(trace)
    letters: Letters | None = None
    for table, own in unread.items():
        seen = {t.row for t in own}
        if None not in seen and len(seen) < _UNREAD:
            continue
        # The editions of a table that was read are told by its rows.
        met = {row.code for layout in report.layouts if layout.table == table for row in layout.rows}
        for variant in (v for v in index.form.variants if v.table == table):
            letters = letters or Letters(pieces(blocks, index, aside))
            if report.variant is None and met.isdisjoint(variant.absent) and _is_there(letters, index, variant):
                report.variant = variant.id
            elif report.variant == variant.id and _others(letters, index, variant):
                # Its row was met and may be its group's label: its cells are told, and those of the group as well.
                report.variant = None
        if None not in seen:
            report.traces += [
                Trace(table, row.code, own[0].printed, own[0].place)
                for row in index.form.rows(table, report.variant)
                if not row.optional and row.code not in met | seen
            ]


def _is_there(letters: Letters, index: FormIndex, variant: Variant) -> bool:
    """Whether a table's labels are those of a variant: its own stand there, and of those that it has not, none does."""
    form = index.form
    if not any(letters.row(form.id, variant.table, row) for row in variant.present) or _others(letters, index, variant):
        return False
    rows = [row.code for row in form.rows(variant.table, variant.id) if letters.knows(form.id, variant.table, row.code)]
    legible = sum(letters.row(form.id, variant.table, row) is not None for row in rows)
    return legible >= _LEGIBLE * len(rows)


def _others(letters: Letters, index: FormIndex, variant: Variant) -> bool:
    """Whether labels stand there of rows that a variant has not."""
    return any(letters.row(index.form.id, variant.table, row) for row in variant.absent)
