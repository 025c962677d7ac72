"""What each cell of a report's tables is marked with on the result page.

Belongs here: which cells are wrong, may be wrong, stand in a sum that does not hold, and what is written beside them. Does
not belong here: which findings belong together (`causes`), the tables (`grid`).

A cell that is right is never red: where the cause is known only the cause is, and the sums that it breaks are marked
lightly. Where it is not, all that may be the cause is amber.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from gouji.show.causes import Cause
from gouji.show.picture import figure
from gouji.words import Lang, say
from schemas import identities
from schemas.findings import Finding, Severity

Kind = Literal["said", "sum", "hint", "doubt", "bad"]
_ORDER: tuple[Kind, ...] = ("said", "sum", "hint", "doubt", "bad")
_AT_FAULT: dict[Severity, Kind] = {"error": "bad", "warning": "doubt", "note": "hint"}
_CARRY = "series.carry"
# Of more cells with one fault none has the number of the problem beside it.
_EACH = 4


@dataclass
class CellMark:
    """``proposed``: what to write instead; ``said``: what stands under the figure; ``problems``: numbers of the causes.

    ``many``: one of many with the same fault, so that the number beside each of them would say nothing; ``faint``: and
    so would a frame around each.
    """

    kind: Kind = "sum"
    proposed: str = ""
    said: list[str] = field(default_factory=list)
    problems: list[int] = field(default_factory=list)
    many: bool = False
    faint: bool = False


@dataclass
class Marks:
    """The marks of a report's cells by address, and the sums along columns that do not hold, by table."""

    cells: dict[str, CellMark] = field(default_factory=dict)
    columns: dict[str, list[Finding]] = field(default_factory=dict)


def marks_of(causes: Sequence[Cause], lang: Lang) -> Marks:
    """The marks that the causes of one report give; a cause's number is its place in the list, from 1."""
    marks = Marks()
    for number, cause in enumerate(causes, start=1):
        if cause.sums:
            _sums(marks, number, cause, lang)
        for finding in cause.findings:
            if finding.statement:
                _sentence(marks, number, finding, lang, known=bool(cause.proposed))
            elif not cause.sums:
                _of_cells(marks, number, finding, lang, many=len(cause.findings) > _EACH)
            elif len(finding.cells) == 1:
                _set(marks, number, finding.cells[0], _AT_FAULT[finding.severity])
    return marks


def _set(marks: Marks, number: int, address: str, kind: Kind, *said: str) -> CellMark:
    mark = marks.cells.setdefault(address, CellMark(kind))
    mark.kind = max(mark.kind, kind, key=_ORDER.index)
    mark.said += [s for s in said if s and s not in mark.said]
    if number not in mark.problems:
        mark.problems.append(number)
    return mark


def _sums(marks: Marks, number: int, cause: Cause, lang: Lang) -> None:
    accused = cause.marked
    for address, how in accused.items():
        severe = cause.severity == "error"
        mark = _set(marks, number, address, ("bad" if severe else "doubt") if how == "wrong" else "doubt")
        mark.many = mark.many or len(accused) > _EACH
        if address in cause.proposed:
            mark.proposed = figure(cause.proposed[address])
    equations = _equations(cause)
    for finding in cause.findings:
        if finding.statement or finding.expected is None:
            continue
        left = equations.get((finding.rule, finding.row, finding.column))
        if finding.row is None and finding.column is not None:
            marks.columns.setdefault(finding.table or "", []).append(finding)
        if left is not None and len(left) == 1:
            bounded = any(t.value is None for t in finding.terms)
            value = figure(finding.expected, at_least=bounded)
            # A cell of totals stands in two sums: which is which has to be said.
            key = "adds_up_row" if finding.column is None else "adds_up_column" if finding.row is None else "adds_up"
            _set(marks, number, left[0], "sum", say(lang, f"page.{key}", value=value))


def _equations(cause: Cause) -> dict[tuple[str, str | None, str | None], tuple[str, ...]]:
    """The left sides of the form's equations."""
    report = cause.report
    return {(e.rule, e.row, e.column): e.left for e in identities.equations(report.form, report.variant)}


def _sentence(marks: Marks, number: int, finding: Finding, lang: Lang, *, known: bool) -> None:
    """A sentence that says another figure: either may be wrong, unless the figure is another sum's or the cause is known."""
    likely = finding.explained_by is not None or known or len(finding.cells) > 1
    kind: Kind = "said" if likely else "doubt" if finding.severity == "error" else "hint"
    stated = figure(finding.printed) if finding.printed is not None and not isinstance(finding.printed, str) else ""
    for address in finding.cells:
        says = say(lang, "page.says", value=stated) if stated and len(finding.cells) == 1 else ""
        _set(marks, number, address, kind, says)


def _of_cells(marks: Marks, number: int, finding: Finding, lang: Lang, *, many: bool) -> None:
    if finding.rule == _CARRY and finding.cells:
        # With last year's report at hand, what it says stands beside the cell.
        value = figure(finding.expected)
        said = say(lang, "page.forward", value=value) if value else ""
        _set(marks, number, finding.cells[0], "bad" if finding.severity == "error" else "doubt", said)
        return
    certain = len(finding.cells) == 1 and len(finding.terms) <= 1
    light: Kind = "hint" if finding.severity == "note" else "doubt"
    for address in finding.cells:
        mark = _set(marks, number, address, _AT_FAULT[finding.severity] if certain else light)
        mark.many = mark.faint = mark.many or many
