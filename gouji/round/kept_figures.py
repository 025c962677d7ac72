"""The cells of a draft as the state keeps them, so that a round can be summed up where its files cannot be opened.

Belongs here: a report's cells as one short text and back. Does not belong here: which drafts stand in (`kept`, `chosen`).

A text and no JSON of its own: thousands of cells, a line each, would make the state's file unreadable. A number that is printed
as such in the form's unit is kept as that number, anything else with its kind, print and unit.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from schemas import forms
from schemas.facts import Fact, Place, PrintedLabel, Report, TableLayout, Unresolved, Value
from schemas.forms import Form


def to_text(report: Report) -> str:
    """The cells of a report's tables; empty for one without tables."""
    if report.form == "prose" or not (report.facts or report.unresolved):
        return ""
    form = forms.load(report.form)
    kept = {
        "tables": {x.table: [row.code for row in x.rows] for x in report.layouts},
        "cells": {f.address: _kept(f, form) for f in report.facts},
        "unread": {u.address: [u.printed, u.reason, [str(v) for v in u.readings], u.closed] for u in report.unresolved},
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def put_back(report: Report, text: str) -> None:
    """Give a report, whose form and variant are known, its cells. Raises ValueError, LookupError, TypeError for what is no such text."""
    kept = json.loads(text)
    form = forms.load(report.form)
    report.layouts = [
        TableLayout(table, [PrintedLabel(code, "", "official", Place()) for code in rows])
        for table, rows in kept["tables"].items()
    ]
    report.facts = [_fact(address, value, form) for address, value in kept["cells"].items()]
    report.unresolved = [
        Unresolved(address, printed, reason, [_value(v) for v in readings], Place(), closed)
        for address, (printed, reason, readings, closed) in kept["unread"].items()
    ]


def _kept(fact: Fact, form: Form) -> int | list[Any]:
    if type(fact.value) is int and fact.printed == str(fact.value) and fact.unit == _unit(form, fact.address):
        return fact.value
    return [fact.kind, None if fact.value is None else str(fact.value), fact.printed, fact.unit]


def _fact(address: str, kept: int | list[Any], form: Form) -> Fact:
    if isinstance(kept, int):
        return Fact(address, kept, "number", str(kept), _unit(form, address), Place(), "cells")
    kind, value, printed, unit = kept
    return Fact(address, None if value is None else _value(value), kind, printed, unit, Place(), "cells")


def _value(text: str) -> Value:
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _unit(form: Form, address: str) -> str | None:
    code, row, column = address.split(".")
    table = form.tables[code]
    return table.unit_of(table.row[row], table.column[column])
