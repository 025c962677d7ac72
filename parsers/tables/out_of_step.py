"""Running text in which labels and figures of a table are out of step: which figures are whose is not known.

Belongs here: facts of running text that their own table refutes. Does not belong here: reading text (`lost_grid`,
`matching`), seeing labels (`traces`).

A page's pieces come in some order, and a label's figures ought to follow it. Where hardly any label is followed by
figures, or some by those of two rows and others by none, the order is another one, and what does follow a label may be
the figures of any row.
"""

from __future__ import annotations

import re
from collections import Counter

from schemas import forms
from schemas.facts import Fact, Report, Unresolved

# Of so small a share of a table's rows the figures were known, and the labels of so many others stood alone.
_SHARE, _ALONE = 0.2, 2
# The figures of two rows behind one label.
_TWICE = 2
_BETWEEN = re.compile(r"[\s|｜]+")
# How a figure of running text became a cell; tables that a text's markup draws have cells.
_METHODS = frozenset({"order", "solved"})


def doubt(report: Report, form_id: str) -> None:
    """Open the facts of a report's text that stand where labels and figures are out of step."""
    form = forms.load(form_id)
    for table in {t.table for t in report.traces if t.row is not None and t.place.line is not None}:
        own = [f for f in report.facts if f.address.startswith(f"{table}.") and f.method in _METHODS]
        own = [f for f in own if f.place.line is not None]
        rows = {f.address.split(".")[1] for f in own}
        # What stands for several rows is no label.
        alone = Counter(t.place.line for t in report.traces if t.table == table and t.row and t.row not in rows)
        lines = sorted(line for line, count in alone.items() if line is not None and count == 1)
        if len(lines) >= _ALONE and len(rows) <= _SHARE * len(form.rows(table, report.variant)):
            # Several in front of all that is in disorder are in order; one is chance.
            _open(report, [f for f in own if len(rows) == 1 or (f.place.line or 0) > lines[0]])
            continue
        twice = _twice(report, table) if lines else ()
        if twice:
            among = sorted([*twice, *lines])
            _open(report, [f for f in own if among[0] < (f.place.line or 0) < among[-1]])


def _twice(report: Report, table: str) -> set[int]:
    """The lines at which the figures of two rows stand behind one label."""
    width = len(forms.load(report.form).tables[table].columns)
    return {
        u.place.line
        for u in report.unresolved
        if u.reason == "count"
        and u.place.line is not None
        and u.address.startswith(f"{table}.")
        and width > 1
        and len(_BETWEEN.split(u.printed)) >= _TWICE * width
    }


def _open(report: Report, facts: list[Fact]) -> None:
    gone = {f.address for f in facts}
    report.facts = [f for f in report.facts if f.address not in gone]
    report.unresolved += [Unresolved(f.address, f.printed, "label", [], f.place) for f in facts]
