"""Last year's figures beside this year's.

Belongs here: which figures are compared, and the picture of them. Does not belong here: whether they fit together
(`checks`).
"""

from __future__ import annotations

import unicodedata

from gouji.words import Lang, say
from schemas.facts import Fact, Place, Report, Value
from schemas.forms import same_series

from .names import Names
from .picture import Picture, PictureCell, figure


def beside_last_year(report: Report, previous: Report, lang: Lang) -> list[Picture]:
    """A picture for each table of the form that both reports are on: last year, this year, the change."""
    names = Names(report, lang)
    form = names.form
    if form is None or previous.form not in same_series(report.form):
        return []
    now = report.read()
    then = previous.read()
    heads = [
        str(previous.year or say(lang, "last_year")),
        str(report.year or say(lang, "this_year")),
        say(lang, "change_head"),
    ]
    out = []
    for code, table in form.tables.items():
        rows = []
        for row in form.rows(code, report.variant):
            columns = table.columns_of(row)
            # Where a row has a total, only that is compared.
            totals = [c for c in columns if "total" in c.roles]
            for column in totals or columns:
                address = table.address(row, column)
                cells = (then.get(address), now.get(address))
                if any(c is not None and c.value != 0 and c.printed.strip() for c in cells):
                    label = names.printed_row(code, row.code)
                    if len(columns) > 1 and not totals:
                        label = f"{label} {names.printed_column(code, column.code)}"
                    rows.append((label, _row(*cells)))
        if rows:
            out.append(Picture(names.table(code), Place(), heads, rows))
    return out


def _row(then: Fact | None, now: Fact | None) -> list[PictureCell]:
    values: list[Value | None] = [c.value if c else None for c in (then, now)]
    change = ""
    if values[0] is not None and values[1] is not None:
        difference = values[1] - values[0]
        change = f"+{figure(difference)}" if difference > 0 else figure(difference) if difference else ""
    # As printed, in digits of one width: figures of two years stand beside one another.
    texts = [unicodedata.normalize("NFKC", " ".join(c.printed.split())) if c else "" for c in (then, now)]
    return [PictureCell(texts[0]), PictureCell(texts[1]), PictureCell(change)]
