"""What a reviewed copy says, and where: remarks at cells and paragraphs, and the cells to shade.

Belongs here: turning causes into remarks with places. Does not belong here: how a remark gets into a Word file
(`word.reviewed_copy`) or a page (`html_copy`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from gouji.words import Lang, say
from schemas.facts import Place, Report
from schemas.findings import Checked, Finding, Severity

from .causes import SEVERITIES, Cause, causes_of, rule_name
from .text import explanation_lines, message_lines, said, subjects
from .verdicts import is_doubt_only, reasons_of_doubt, unassessable, whole_tables

CellPlace = tuple[int, int, int]
# Of more findings of one kind a remark on the first speaks for all.
_EACH = 6


@dataclass
class Remark:
    """One remark: its lines, the place it is attached to, the sentence it is about.

    ``cell`` is (table, row, column) as places count; where there is none, ``place`` names a paragraph or a line, and
    where that is empty too the remark is about the report as a whole. ``number`` is that of its cause, 0 for none.
    """

    number: int
    severity: Severity
    lines: list[str]
    place: Place
    sentence: str | None = None

    @property
    def cell(self) -> CellPlace | None:
        place = self.place
        if place.table is None:
            return None
        return place.table, place.row or 1, place.column or 1


@dataclass
class Remarks:
    """The causes found in a file, their remarks by number (from 1), and the worst severity of every cell to shade.

    ``places`` are all cells of the file's tables: where they stand on a page or in a sheet; ``titles`` what those that
    are shaded are shaded for, in one line.
    """

    causes: list[Cause] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    shaded: dict[CellPlace, Severity] = field(default_factory=dict)
    places: dict[CellPlace, Place] = field(default_factory=dict)
    titles: dict[CellPlace, str] = field(default_factory=dict)


def remarks_on(checked: Checked, lang: Lang, *, without: Collection[str] = ()) -> Remarks:
    """The remarks on every report of a file; findings whose ids are in ``without`` are closed and say nothing."""
    out = Remarks()
    for report in subjects(checked):
        places = {address: cell.place for address, cell in report.printed().items()}
        out.places.update((here, place) for place in places.values() if (here := _cell(place)) is not None)
        causes = causes_of(checked, report, lang, without=without)
        sheet = next((place.sheet for place in places.values() if place.sheet is not None), None)
        out.remarks.extend(_in_its_sheet(r, sheet) for r in _on_the_whole(checked, report, causes, lang, without))
        for cause in causes:
            out.causes.append(cause)
            mine = list(_remarks(cause, len(out.causes), places, lang))
            mine += _on_bare_cells(cause, len(out.causes), mine, places, lang)
            out.remarks.extend(_in_its_sheet(r, sheet) for r in mine)
            _shade(out, cause, places, lang)
    return out


def _on_the_whole(
    checked: Checked, report: Report, causes: Sequence[Cause], lang: Lang, without: Collection[str]
) -> Iterator[Remark]:
    """Why a report is doubtful that has no problem, and which tables may be pictures: a remark without a number."""
    doubts = unassessable(checked, report, without)
    if shown := doubts if is_doubt_only(checked.verdict, causes) else whole_tables(doubts):
        head = _head("warning", say(lang, "not_assessable"), lang)
        yield Remark(0, "warning", [head, *reasons_of_doubt(shown, lang, most=12)], Place())


def _in_its_sheet(remark: Remark, sheet: str | None) -> Remark:
    """What is said of a report as a whole stands in the sheet of its tables: a workbook may hold several reports."""
    return replace(remark, place=Place(sheet=sheet)) if sheet is not None and remark.place == Place() else remark


def _on_bare_cells(
    cause: Cause, number: int, remarks: Sequence[Remark], places: dict[str, Place], lang: Lang
) -> Iterator[Remark]:
    """What a cell is shaded for, where no remark stands at it: a sentence's other side, a sum's parts.

    Of many one remark has said it for all.
    """
    noted = {r.cell for r in remarks if not r.sentence or r.place.table is not None}
    bare = [a for a in cause.marked if a in places and _cell(places[a]) not in (None, *noted)]
    if len(bare) > _EACH:
        return
    for address in bare:
        said = [f for f in cause.findings if address in f.cells]
        if said:
            head = _head(said[0].severity, rule_name(said[0].rule, lang), lang)
            yield Remark(number, cause.severity, [head, *dict.fromkeys(f.message for f in said)], places[address])


def _shade(out: Remarks, cause: Cause, places: dict[str, Place], lang: Lang) -> None:
    for address in cause.marked:
        here = _cell(places[address]) if address in places else None
        if here is not None:
            out.titles.setdefault(here, _head(cause.severity, cause.title, lang))
            out.shaded[here] = min(out.shaded.get(here, "note"), _shade_of(cause, address), key=SEVERITIES.index)


def _cell(place: Place) -> CellPlace | None:
    return (place.table, place.row, place.column) if place.table and place.row and place.column else None


def _shade_of(cause: Cause, address: str) -> Severity:
    """Red is for a cell that must change: one at fault by itself, or that the only smallest explanation changes."""
    certain = address in cause.proposed or (not cause.sums and cause.marks.get(address) == "wrong")
    return cause.severity if certain else softened(cause.severity)


def softened(severity: Severity) -> Severity:
    """The shade of a cell that a remark stands at, and that may be right."""
    return "warning" if severity == "error" else severity


def _remarks(cause: Cause, number: int, places: dict[str, Place], lang: Lang) -> Iterator[Remark]:
    head = _head(cause.severity, cause.title, lang)
    advice = [_advice(text, lang) for text in cause.advice]
    if cause.sums and cause.accused:
        # At the cells that an explanation changes, not at the sums that they break.
        lines = [head, *message_lines(cause, lang), *explanation_lines(cause, lang)]
        first, *others = sorted(cause.accused, key=list(places).index)
        yield Remark(number, cause.severity, [*lines, *_only(advice)], places.get(first, Place()))
        for address in others[: _EACH - 1]:
            yield Remark(number, cause.severity, [head, *_changes(cause, address, lang)], places.get(address, Place()))
        yield from _sentences(cause, number, head, lang)
    elif len(cause.findings) > _EACH and (cause.of_cells or (cause.severity == "note" and not cause.sums)):
        lines = [head, *message_lines(cause, lang), *_only(advice)]
        yield Remark(number, cause.severity, lines, cause.findings[0].place, cause.findings[0].sentence)
    else:
        yield from _at_each_place(cause, number, lang)
        if cause.sums:
            yield from _sentences(cause, number, head, lang)


def _at_each_place(cause: Cause, number: int, lang: Lang) -> Iterator[Remark]:
    """One remark at every place, for all findings that stand there; what explains them all is said once."""
    by_place: dict[tuple[Place, str | None], list[Finding]] = {}
    for finding in cause.findings:
        if not (cause.sums and finding.statement):
            by_place.setdefault((finding.place, finding.sentence), []).append(finding)
    explained = explanation_lines(cause, lang) if cause.sums else []
    for (place, sentence), findings in by_place.items():
        lines = [_head(findings[0].severity, rule_name(findings[0].rule, lang), lang)]
        lines.extend(f.message for f in findings)
        lines.extend(explained)
        lines.extend(_advice(text, lang) for text in dict.fromkeys(f.advice for f in findings if f.advice))
        explained = []
        yield Remark(number, cause.severity, lines, place, sentence)


def _head(severity: Severity, what: str, lang: Lang) -> str:
    return say(lang, "remark_head", severity=say(lang, f"severity_{severity}"), what=what)


def _advice(text: str, lang: Lang) -> str:
    return f"{say(lang, 'advice')}{say(lang, 'colon')}{text}"


def _only(advice: Sequence[str]) -> Sequence[str]:
    """Advice where there is one; where there are several each stands with its finding."""
    return advice if len(advice) == 1 else ()


def _sentences(cause: Cause, number: int, head: str, lang: Lang) -> Iterator[Remark]:
    """A cause of sums may have sentences that state the figure an explanation gives."""
    for finding in cause.findings:
        if finding.statement:
            yield Remark(number, cause.severity, [head, finding.message], finding.place, finding.sentence)


def _changes(cause: Cause, address: str, lang: Lang) -> Iterator[str]:
    """The smallest explanations that change a cell, each in a line."""
    if len(cause.explanations) > 1:
        yield say(lang, "one_of_several", n=len(cause.explanations))
    for explanation in cause.explanations:
        if any(c.address == address for c in explanation.changes or ()):
            yield said(explanation, cause, lang, alone=len(cause.explanations) == 1)
