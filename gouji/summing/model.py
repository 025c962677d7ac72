"""What a roll-up is: drafts with the reason why each counts or not, sums with every contribution.

Belongs here: plain typed objects and how they show themselves. Does not belong here: how they come about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from gouji.words import Lang, say
from schemas import forms
from schemas.facts import Problem, Report, Value, as_number
from schemas.findings import Finding
from schemas.forms import Form

from . import doubts
from .absent import Absent, notice
from .choices import Choice

Role = Literal["own", "department", "township", "zone", "area"]
State = Literal["counted", "left_out", "doubtful"]
# How a cell's contribution came about. The last seven cannot be added.
How = Literal[
    "printed",  # the number in the draft
    "given",  # by a line of the choices
    "implied",  # blank, and the draft's own sums leave one value only
    "as_zero",  # blank or a mark, taken as 0 (zeros keep the draft's own sums)
    "parts",  # from the rows that this one stands for in another variant of the form, or the other way round
    "blank_table",  # like all other cells of its table: nobody has filled it in
    "unresolved",  # could not be read with certainty
    "words",  # words where a number belongs
    "not_zero",  # blank, but zero would break a sum that holds otherwise
    "absent",  # the draft has no such cell
    "undivided",  # the draft states several rows as one
    "unit",  # an amount whose unit is not the form's
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code with what it speaks of; `say` puts it in words (`gouji/words/rollup.py`)."""

    code: str
    values: dict[str, object] = field(default_factory=dict)

    def say(self, lang: Lang = "zh") -> str:
        return say(lang, f"rollup.{self.code}", **self.values)

    def __str__(self) -> str:
        return self.say()


@dataclass(slots=True)
class Draft:
    """One report among the drafts: whether it counts, as what, and why."""

    path: str
    report: Report
    name: str
    state: State = "counted"
    role: Role | None = None
    reason: Reason = field(default_factory=lambda: Reason("department"))
    choice: Choice | None = None
    # Equations of the form that do not hold in the draft itself; its sums will not hold either.
    broken: list[str] = field(default_factory=list)
    # Of a round's draft what its checks have found of its figures, in words.
    doubts: list[str] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The file's name without its folders."""
        return self.path.replace("\\", "/").rpartition("/")[2]


@dataclass(slots=True, frozen=True)
class Figure:
    """What one draft contributes to one cell: ``value`` is None where nothing can be added."""

    draft: Draft
    value: Value | None
    how: How
    printed: str
    choice: Choice | None = None
    # The figure that the draft prints, where a choice took another.
    was: Value | None = None


@dataclass(slots=True)
class CellSum:
    """One cell of the summed form. ``value`` is None where a draft's contribution is not known; ``known`` adds the rest."""

    address: str
    figures: list[Figure] = field(default_factory=list)
    adjustments: list[Choice] = field(default_factory=list)

    @property
    def known(self) -> Value:
        total: Value = 0
        for figure in self.figures:
            if figure.value is not None:
                total += figure.value
        for choice in self.adjustments:
            if choice.amount is not None:
                total += choice.amount
        return total

    @property
    def value(self) -> Value | None:
        known = self.known
        return None if self.open or not self.figures or known < 0 else known

    @property
    def open(self) -> list[Figure]:
        """Contributions that are not known."""
        return [f for f in self.figures if f.value is None]

    @property
    def as_zero(self) -> list[Figure]:
        """Blanks and marks that were taken as 0."""
        return [f for f in self.figures if f.how == "as_zero"]

    @property
    def implied(self) -> list[Figure]:
        return [f for f in self.figures if f.how == "implied"]


@dataclass
class Rollup:
    """The sum of many drafts. ``cells`` holds every cell of the form, by address, in form order."""

    issuer: str
    division_code: str | None
    level: str | None
    year: int | None
    form: str
    variant: str | None
    drafts: list[Draft] = field(default_factory=list)
    cells: dict[str, CellSum] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    # Files that could not be read.
    problems: list[Problem] = field(default_factory=list)
    # Of these, the files that a line of the choices may leave out: path and message.
    unread: list[tuple[str, str]] = field(default_factory=list)
    # What else could not be done: choices without effect, sums below zero.
    notes: list[Reason] = field(default_factory=list)
    # What the drafts say of one another and of the parent's draft.
    findings: list[Finding] = field(default_factory=list)
    # Equations that do not hold among the sums.
    broken: list[str] = field(default_factory=list)
    # Whose sums do not hold with what a line of the choices has set, by name; "" for what a line has added to the sums.
    broken_by_choice: list[str] = field(default_factory=list)
    # On the roster, and without a draft that counts, waits for a choice, or was left out for good reason.
    missing: list[str] = field(default_factory=list)
    # On the roster, and nothing is to come of them by its remark, which is given.
    excused: dict[str, str] = field(default_factory=dict)
    # On the roster, without a draft, and no part of a local sum if one came: vertical agencies.
    by_rule: list[str] = field(default_factory=list)
    # Vertical agencies at hand whose figures are all that the parent's draft has beyond the sum.
    taken_in: list[str] = field(default_factory=list)
    # On the roster, and at hand, and left out by a line of the choices.
    set_apart: list[str] = field(default_factory=list)
    has_roster: bool = False
    # Where not everyone is in the sum: cells in which the parent's draft is above it. Whoever is not here may account for that.
    above: list[Finding] = field(default_factory=list)
    # Of folders that are rounds: by which check the drafts were chosen, and what of them was left or not checked yet.
    of_rounds: list[str] = field(default_factory=list)
    left_of_rounds: list[str] = field(default_factory=list)
    # Whoever and whatever of all these is not in the sum, with its file.
    absent: list[Absent] = field(default_factory=list)
    # Files that were given beside the drafts and could not be read: the parent's draft, a template. Path and message.
    beside: list[tuple[str, str]] = field(default_factory=list)
    # Whether a parent's draft was held against the sums.
    compared: bool = False

    @property
    def incomplete(self) -> bool:
        """Whether something is still to come: beside what a person's line has left out."""
        return any(a.kind != "by_line" for a in self.absent)

    @property
    def form_data(self) -> Form:
        return forms.load(self.form)

    @property
    def counted(self) -> list[Draft]:
        return [d for d in self.drafts if d.state == "counted"]

    @property
    def left_out(self) -> list[Draft]:
        return [d for d in self.drafts if d.state == "left_out"]

    @property
    def doubtful(self) -> list[Draft]:
        """Left out, and waiting for a line in the choices."""
        return [d for d in self.drafts if d.state == "doubtful"]

    @property
    def whole(self) -> bool:
        """Whether everyone is in the sum who is on the roster and part of it."""
        return self.has_roster and not (self.missing or self.set_apart or self.doubtful)

    @property
    def replaced(self) -> list[tuple[str, Figure]]:
        """Printed figures that a line of the choices replaced by another, by address."""
        return [
            (cell.address, f)
            for cell in self.cells.values()
            for f in cell.figures
            if f.how == "given" and f.was is not None and f.was != f.value
        ]

    @property
    def open_cells(self) -> list[CellSum]:
        """Cells without a sum."""
        return [c for c in self.cells.values() if c.value is None]

    @property
    def zero_cells(self) -> list[CellSum]:
        """Cells in whose sum a blank was taken as 0."""
        return [c for c in self.cells.values() if c.as_zero]

    @property
    def values(self) -> dict[str, Value]:
        """The sums that are known, by address."""
        return {a: c.value for a, c in self.cells.items() if c.value is not None}

    def to_json(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "division_code": self.division_code,
            "year": self.year,
            "form": self.form,
            "variant": self.variant,
            "drafts": [
                {
                    "path": d.path,
                    "name": d.name,
                    "state": d.state,
                    "role": d.role,
                    "reason": d.reason.say(),
                    "doubts": d.doubts,
                }
                for d in self.drafts
            ],
            "cells": {
                a: {
                    "value": as_number(c.value),
                    "known": as_number(c.known),
                    "open": [{"draft": f.draft.name, "how": f.how, "printed": f.printed} for f in c.open],
                    "as_zero": [f.draft.name for f in c.as_zero],
                }
                for a, c in self.cells.items()
            },
            "problems": [p.to_json() for p in self.problems],
            "notes": [n.say() for n in self.notes],
            "findings": [f.to_json() for f in self.findings],
            "missing": list(self.missing),
            "complete": not self.incomplete,
            "absent": [
                {"office": a.office, "file": a.path or a.file, "kind": a.kind, "reason": a.reason("zh")}
                for a in self.absent
            ],
            "excused": dict(self.excused),
            "by_rule": list(self.by_rule),
            "taken_in": list(self.taken_in),
            "broken": list(self.broken),
            "rounds": [*self.of_rounds, *self.left_of_rounds],
        }

    def __repr__(self) -> str:
        return (
            f"<Rollup {self.issuer} {self.year}: {len(self.counted)} counted, {len(self.left_out)} left out, "
            f"{len(self.doubtful)} doubtful, {len(self.values)} of {len(self.cells)} cells>"
        )

    def _repr_html_(self) -> str:
        """The three tables with their sums; cells without one are marked."""
        from gouji.word import official_form

        form = self.form_data
        left = len(self.drafts) - len(self.counted)
        said = f"{self.issuer} {self.year} 年汇总：读到 {len(self.drafts)} 份，计入 {len(self.counted)} 份"
        said += (f"，不计入或待定 {left} 份" if left else "") + (
            f"，{n} 格没有数" if (n := len(self.open_cells)) else ""
        )
        parts = [f"<p><b>{escape(said)}</b></p>"]
        if (told := notice(self)) is not None:
            lines = "<br>".join(escape(line) for line in told.text().splitlines())
            parts.append(f'<p style="border:2px solid #c00;padding:6px">{lines}</p>')
        if doubted := doubts.on_paper(self):
            parts.append(f"<p>{'<br>'.join(map(escape, doubted))}</p>")
        for code in form.tables:
            table = official_form.layout(form, code, self.variant)
            rows: dict[int, list[str]] = {}
            for r, _, cell in table.positions():
                spans = f' colspan="{cell.colspan}" rowspan="{cell.rowspan}"'
                if cell.address is None:
                    align = "center" if cell.colspan > 1 else "left"
                    head = f'<th{spans} style="text-align:{align}">{escape(cell.text)}</th>'
                    rows.setdefault(r, []).append(head)
                    continue
                value = self.cells[cell.address].value if cell.address in self.cells else None
                fill = "" if value is not None else ";background:#f8d7da"
                rows.setdefault(r, []).append(
                    f'<td{spans} style="text-align:right{fill}">{escape(official_form.printed(value))}</td>'
                )
            body = "".join(f"<tr>{''.join(cells)}</tr>" for _, cells in sorted(rows.items()))
            parts.append(f'<table border="1" style="border-collapse:collapse">{body}</table>')
        return "".join(parts)

    def to_pandas(self) -> Any:
        """One row per cell and draft: address, draft, file, value, how, printed, and the cell's sum. Needs pandas."""
        import pandas as pd

        columns = ["address", "draft", "file", "value", "how", "printed", "sum"]
        return pd.DataFrame(
            [
                (c.address, f.draft.name, f.draft.path, as_number(f.value), f.how, f.printed, as_number(c.value))
                for c in self.cells.values()
                for f in c.figures
            ],
            columns=columns,
        )
