"""Adding up: from drafts to the sum of every cell.

Belongs here: the order of the work, applying choices to cells, what the drafts and a parent's draft say of one another.
Does not belong here: who counts (`members`), what a draft contributes (`figures`), writing anything (`filling`,
`workbook`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import checks
from checks import Member, Roster
from gouji.words import Lang, say
from schemas import divisions, forms
from schemas.bodies import body_named, body_of, relation
from schemas.facts import Extraction, Fact, Place, Problem, Report, Value
from schemas.findings import Finding
from schemas.forms import Form
from schemas.issuers import kind_of
from schemas.report_identity import ReportIdentity

from . import absent, doubts, figures, members
from . import choices as choice_lines
from .choices import Choice
from .members import Area
from .model import CellSum, Draft, Figure, Reason, Rollup

# Where the draft prints nothing, or nothing that can be read.
_NOT_PRINTED = ("as_zero", "not_zero", "implied", "absent", "unresolved", "blank_table")
# Left out although the draft is the one that is waited for: no part of the sum by rule, or by a person's line.
_BY_RULE, _BY_LINE = "roster_vertical", "chosen_out"
# Of so many vertical agencies it is tried which of them the parent's draft contains.
_MOST_APART = 6
_OFFICE = ("办公厅（室）", "办公厅(室)", "办公室", "办公厅", "办")


def rollup(
    paths: Sequence[Path | str],
    *,
    own: Path | str | None = None,
    choices: Path | str | None = None,
    against: Path | str | None = None,
    template: Path | str | None = None,
    area: str | None = None,
    roster: Roster | None = None,
    excused: Mapping[str, str] | None = None,
    without: Collection[Path] = (),
    lang: Lang = "zh",
) -> Rollup:
    """Read drafts (files, folders, zip archives) and add up their tables cell by cell.

    ``own``: the own office's draft. ``choices``: lines that decide what is doubtful (`choices.read`). ``against``: the
    parent's draft to compare with. ``template``: a blank form whose variant the sum is to have. ``area``: name or code
    of the division that sums up, where the drafts leave it open. ``roster``: who has to be there; ``excused``: of whom its
    remarks say that nothing is to come, with the remark. ``without``: files in the folders given that are none of the drafts.

    Of a round's folder the drafts count that its last check has chosen; without ``roster`` the round's own decides as if it were given.

    Raises `choices.ChoiceError`, `round.state.StateError`, LookupError for an ``area`` that nobody bears, OSError for ``choices``; what is wrong
    with a draft is in the result's ``problems``.
    """
    from gouji.batch.files import expand
    from gouji.batch.read_files import read_all
    from gouji.round.chosen import Chosen, of_round

    def read(given: Sequence[Path | str]) -> list[Extraction]:
        return list(read_all([Path(p) for p in given], lang, label=say(lang, "reading"))) if given else []

    apart = {Path(p).resolve() for p in (own, against, template, choices, *without) if p is not None}
    given: list[Path] = []
    rounds: list[Chosen] = []
    for path in map(Path, paths):
        if (chosen := of_round(path, lang)) is not None:
            rounds.append(chosen)
            given += [f for f in chosen.files if f.resolve() not in apart]
            continue
        found = [f for f, _ in expand([path]) if f.resolve() not in apart]
        # An empty folder is read as it is: that says what is wrong with it.
        given += found or [path]
    of_one = next((c.roster for c in rounds if c.roster is not None), None) if len(rounds) == len(paths) == 1 else None
    if roster is None and of_one is not None:
        # The list by which its drafts were received.
        roster, excused = of_one.roster, of_one.excused
    extractions = read(given)
    for chosen in rounds:
        chosen.stand_in(extractions, lang)
    of_own, of_parent, of_template = (read([p] if p is not None else []) for p in (own, against, template))
    parent = next((r for e in of_parent for r in e.reports), None)
    blank = next((r for e in of_template for r in e.reports), None)
    if blank is not None and blank.also:
        # A blank form says little of which it is: it is the drafts' where it may be.
        blank = blank.on(_form_of([*of_own, *extractions]).id) or blank
    form = forms.load(blank.form) if blank is not None and blank.form != "prose" else None
    lines = choice_lines.read(Path(choices), form or _form_of([*of_own, *extractions])) if choices is not None else []
    result = sum_up(
        extractions,
        own=of_own,
        choices=lines,
        parent=parent,
        variant=blank.variant if blank is not None else _FREE,
        area=area_code(area) if area else None,
        roster=roster,
        excused=excused,
        lang=lang,
    )
    result.of_rounds = [note for chosen in rounds for note in chosen.notes]
    result.left_of_rounds = [note for chosen in rounds for note in chosen.left]
    absent.of_rounds(result, [each for chosen in rounds for each in chosen.left_files])
    doubts.note(result, {path: found for chosen in rounds for path, found in chosen.found(extractions).items()})
    for extraction in (*of_parent, *of_template):
        result.problems += extraction.problems
        result.beside += [(extraction.source.path, p.message) for p in extraction.problems]
    if against is not None and parent is None and not any(e.problems for e in of_parent):
        result.problems.append(Problem("no_report", f"{Path(against).name}：没有找到年度报告，无法比对。"))
    return result


# The variant follows from the drafts.
_FREE = "*"


def _form_of(extractions: Iterable[Extraction]) -> Form:
    reports = [r for e in extractions for r in e.reports]
    return forms.load(members.area_of(reports).form)


def area_code(text: str) -> str:
    """The code of a division by code or name. Raises LookupError with the candidates where it is not one."""
    if text.isdigit():
        if divisions.by_code(text):
            return text
        raise LookupError(f"没有代码为 {text} 的行政区划。")
    found = {d.code: d for d in divisions.lookup(text) if d.valid_to is None} or {
        d.code: d for d in divisions.lookup(text)
    }
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise LookupError(f"没有名为“{text}”的行政区划。请写全名（如“沭阳县”）或六位代码。")
    listed = "、".join(
        f"{''.join(p.name for p in reversed(divisions.parents(d)))}{d.name}（{c}）" for c, d in found.items()
    )
    raise LookupError(f"“{text}”不止一个：{listed}。请写代码。")


def sum_up(
    extractions: Sequence[Extraction],
    *,
    own: Sequence[Extraction] = (),
    choices: Sequence[Choice] = (),
    parent: Report | None = None,
    variant: str | None = _FREE,
    area: str | None = None,
    roster: Roster | None = None,
    excused: Mapping[str, str] | None = None,
    lang: Lang = "zh",
) -> Rollup:
    """The same from drafts already read. ``area`` is a division code, ``variant`` ``*`` to follow the drafts."""
    drafts, unread, notes = _drafts(extractions, own, choices)
    unclear = [note for choice in choices if (note := _who_is_meant(choice, drafts)) is not None]
    of_own = [d.report for d in drafts if d.role == "own"]
    known = [*of_own, *([parent] if parent is not None else [])]
    home = members.area_of([d.report for d in drafts], known=known, code=area)
    roster = roster.among(d.report for d in drafts) if roster is not None else None
    members.decide(drafts, home, choices, roster)
    form = forms.load(home.form)
    counted = [d for d in drafts if d.state == "counted"]
    if variant == _FREE:
        of_drafts = {d.report.variant for d in counted}
        variant = of_drafts.pop() if len(of_drafts) == 1 else None
    result = Rollup(
        _issuer(home, drafts, parent),
        home.code,
        home.level,
        home.year,
        home.form,
        variant,
        drafts,
        choices=list(choices),
        problems=[p for _, p in unread],
        unread=[(path, p.message) for path, p in unread],
        notes=notes,
        has_roster=roster is not None,
    )
    result.cells = _cells(counted, form, variant, choices)
    for draft in counted:
        draft.broken = figures.broken(draft.report)
    result.broken = figures.broken_sums(result.values, home.form, variant)
    result.broken_by_choice = figures.broken_by_choice(result.cells, home.form, variant)
    result.missing, result.set_apart = _missing(drafts, roster)
    # Before the parent's draft is compared: of whom nothing is to come is not missing from its sum.
    _excuse(result, excused or {})
    result.absent = absent.gathered(result, roster)
    result.compared = parent is not None and bool(counted)
    result.findings = _findings(result, roster, parent, lang)
    lines = {note.values["line"] for note in unclear}
    result.notes += unclear
    for choice in choices:
        if not choice.used and choice.line not in lines:
            result.notes.append(_without_effect(choice, result))
    result.notes += [
        Reason("below_zero", {"cell": cell.address})
        for cell in result.cells.values()
        if not cell.open and cell.known < 0
    ]
    return result


def _who_is_meant(choice: Choice, drafts: Sequence[Draft]) -> Reason | None:
    """Put the full name to a line that calls a body by a short one (县水利局); of two that it may be both are named."""
    if not choice.draft or set("*?") & set(choice.draft):
        return None
    if any(choice.means(d.path, choice_lines.names(d.report, d.name)) for d in drafts):
        return None
    given = body_named(choice.draft)
    if given.kind is None:
        return None
    found: dict[str, set[str]] = {}
    for draft in drafts:
        body = body_of(draft.report.identity)
        if body is not None:
            found.setdefault(relation(given, body, draft.report.year, draft.report.year), set()).add(draft.name)
    meant = sorted(found.get("same") or found.get("possible") or ())
    if len(meant) == 1:
        choice.body = meant[0]
    if len(meant) < 2:
        return None
    return Reason("choice_either", {"line": choice.line, "draft": choice.draft, "names": "、".join(meant)})


def _drafts(
    extractions: Sequence[Extraction], own: Sequence[Extraction], choices: Sequence[Choice]
) -> tuple[list[Draft], list[tuple[str, Problem]], list[Reason]]:
    """The reports as drafts, and what could not be read: a file that a line leaves out need not be readable."""
    drafts: list[Draft] = []
    unread: list[tuple[str, Problem]] = []
    notes: list[Reason] = []
    for extraction in (*own, *extractions):
        unwanted = [c for c in choices if c.action == "exclude" and c.means(extraction.source.path, ())]
        if unwanted and not extraction.reports:
            for choice in unwanted:
                choice.used = True
            continue
        unread += [(extraction.source.path, p) for p in extraction.problems]
        notes += [Reason("circular", {"path": extraction.source.path}) for _ in extraction.circulars]
        for report in extraction.reports:
            stem = extraction.source.path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
            drafts.append(Draft(extraction.source.path, report, report.issuer_printed or report.issuer or stem))
    own_reports = {id(r) for e in own for r in e.reports}
    for draft in drafts:
        if id(draft.report) in own_reports:
            draft.role = "own"
    return drafts, unread, notes


def _issuer(home: Area, drafts: Sequence[Draft], parent: Report | None) -> str:
    """The government that sums up, as its own papers call it."""
    if parent is not None and parent.issuer:
        return _government(parent.issuer)
    office = next((d.report for d in drafts if d.role == "own" and d.state == "counted" and d.report.issuer), None)
    if office is not None and office.kind in ("office", "government"):
        return _government(office.issuer or "")
    found = divisions.by_code(home.code, home.year) if home.code else []
    if not found:
        return ""
    division = found[-1]
    around = divisions.parents(division)
    # A name that several divisions bear is written with the one around it.
    alone = len({d.code for d in divisions.lookup(division.name, home.year)}) == 1
    return f"{'' if alone or not around else around[0].name}{division.name}人民政府"


def _government(name: str) -> str:
    for office in _OFFICE:
        if name.endswith(f"政府{office}") or name.endswith(f"委员会{office}"):
            return name.removesuffix(office)
    return name


# -- cells ---------------------------------------------------------------------------------------------------------


def _cells(counted: Sequence[Draft], form: Form, variant: str | None, choices: Sequence[Choice]) -> dict[str, CellSum]:
    cells = {address: CellSum(address) for address in form.addresses(variant)}
    for draft in counted:
        given = [
            c
            for c in choices
            if c.action == "set" and c.means(draft.path, choice_lines.names(draft.report, draft.name))
        ]
        for address, figure in figures.of(draft, form, variant).items():
            line = next((c for c in reversed(given) if c.means_cell(address) and _may_set(c, figure)), None)
            if line is None:
                cells[address].figures.append(figure)
            else:
                line.used = True
                was = figure.value if figure.how == "printed" else None
                cells[address].figures.append(Figure(draft, line.amount, "given", figure.printed, line, was))
    for choice in choices:
        if choice.action == "adjust" and choice.address in cells and _has_draft(choice, counted):
            choice.used = True
            cells[choice.address].adjustments.append(choice)
    return cells


def _may_set(choice: Choice, figure: Figure) -> bool:
    """A line that names one cell decides it; one that names many fills what the draft leaves open, and no printed figure."""
    return not choice.means_many or figure.how in _NOT_PRINTED


def _has_draft(choice: Choice, counted: Sequence[Draft]) -> bool:
    """An adjustment may name the draft that it is about; one that does not count has no figure to adjust."""
    return not choice.draft or any(choice.means(d.path, choice_lines.names(d.report, d.name)) for d in counted)


def _without_effect(choice: Choice, result: Rollup) -> Reason:
    """Why a line did nothing: nobody is called so, the draft is not in the sum, no such cell, nothing there to fill."""
    meant = [d for d in result.drafts if choice.means(d.path, choice_lines.names(d.report, d.name))]
    said = {"line": choice.line, "draft": choice.draft, "cell": choice.cell or choice.address or ""}
    if choice.draft and not meant:
        return Reason("choice_nobody" if choice.action == "adjust" else "choice_no_draft", said)
    if choice.draft and not any(d.state == "counted" for d in meant):
        return Reason("choice_not_counted", said)
    meant_cells = [c for address, c in result.cells.items() if choice.means_cell(address)]
    if not meant_cells:
        return Reason("choice_no_cell", said)
    # What the line could have filled a later one filled.
    of = {id(d) for d in meant}
    given = [(f.choice, f.was) for c in meant_cells for f in c.figures if id(f.draft) in of and f.choice is not None]
    overruled = any(by.line > choice.line and not (choice.means_many and was is not None) for by, was in given)
    return Reason("choice_overruled" if overruled else "choice_nothing_open", said)


# -- what the drafts say of one another ------------------------------------------------------------------------------


def _missing(drafts: Sequence[Draft], roster: Roster | None) -> tuple[list[str], list[str]]:
    """Members of whom nothing usable is there, and those who are there and left out by a line; by rule nobody is missing."""
    if roster is None:
        return [], []
    there: dict[str, set[str]] = {}
    for draft in drafts:
        member = roster.member(draft.report)
        # Another year's report, or one without tables, is not the one that is waited for.
        why = draft.reason.code if draft.state == "left_out" else draft.state
        if why == _BY_LINE and draft.report.kind == "vertical":
            why = _BY_RULE
        if member is not None and (draft.state != "left_out" or why in (_BY_RULE, _BY_LINE)):
            there.setdefault(member.name, set()).add(why)
    due = [m.name for m in roster.members if m.summed and not m.parent]
    apart = [n for n in due if n in there and "counted" not in there[n]]
    return [n for n in due if n not in there], [n for n in apart if there[n] != {_BY_RULE}]


def _excuse(result: Rollup, excused: Mapping[str, str]) -> None:
    """Take those of whom nothing is to come from the missing, and those who would be left out if they came."""
    result.excused = {name: excused[name] for name in result.missing if name in excused}
    vertical = [name for name in result.missing if name not in excused and kind_of(name) == "vertical"]
    result.by_rule = vertical
    result.missing = [name for name in result.missing if name not in excused and name not in vertical]


def _findings(result: Rollup, roster: Roster | None, parent: Report | None, lang: Lang) -> list[Finding]:
    counted = result.counted
    out = [f for f in checks.check_batch([d.report for d in counted], lang=lang) if f.rule == "batch.duplicate"]
    if parent is not None:
        out += _against(result, roster, parent, lang)
    return out


def _against(result: Rollup, roster: Roster | None, parent: Report, lang: Lang) -> list[Finding]:
    """The parent's draft held against the sums, by the rules of a batch.

    The members are the drafts that count, each with the figures that went into the sums, and the adjustments as one more.
    Without a roster nobody claims that everyone is there, so the sum is only a lower bound; where the parent's figure is
    above it, that is kept apart.
    """
    facts: dict[int, list[Fact]] = {}
    for cell in result.cells.values():
        for figure in cell.figures:
            if figure.value is not None:
                facts.setdefault(id(figure.draft), []).append(_fact(result, cell.address, figure.value))
    names = [f"{i} {d.name}" for i, d in enumerate(result.counted, start=1)]
    reports = [_stand_in(result, n, facts.get(id(d), [])) for n, d in zip(names, result.counted, strict=True)]
    adjusted = {
        c.address: sum((a.amount or 0 for a in c.adjustments), start=0) for c in result.cells.values() if c.adjustments
    }
    if adjusted:
        name = say(lang, "rollup.adjusted")
        names.append(name)
        reports.append(_stand_in(result, name, [_fact(result, a, adjusted.get(a, 0)) for a in result.cells]))
    at_hand = [Member(n, is_body=not (adjusted and n == names[-1])) for n in names]
    everyone = at_hand + [Member(n) for n in (*result.missing, *result.set_apart)]
    if not result.whole and not result.missing and not result.set_apart:
        everyone.append(Member("（名单以外）"))
    scope = "area" if parent.scope in ("unknown", "office", "body") else parent.scope
    area = replace(parent, identity=replace(parent.identity, scope=scope, year=result.year, period="year"))

    def held(who: Sequence[Member]) -> list[Finding]:
        return checks.check_batch([*reports, area], Roster(tuple(who), result.year), parent=area, lang=lang)

    found = held(everyone)
    result.taken_in = _taken_in(result, found) if result.whole else []
    if not result.whole:
        apart = [f for f in held(at_hand) if f.rule == "rollup.sum" and f.outcome == "broken"]
        result.above = [f for f in apart if f.difference is not None and f.difference > 0]
    return [f for f in found if f.rule in ("rollup.sum", "rollup.exceeds")]


def _taken_in(result: Rollup, found: Sequence[Finding]) -> list[str]:
    """The vertical agencies whose figures are all that the parent's draft has beyond the sum; none where that is not so."""
    left = [d for d in result.left_out if d.reason.code == _BY_RULE][:_MOST_APART]
    beyond = {c: f.difference for f in found if f.rule == "rollup.sum" and f.outcome == "broken" for c in f.cells}
    if not beyond:
        return []
    of = [figures.of(d, result.form_data, result.variant) for d in left]
    for n in range(1, len(left) + 1):
        for some in combinations(range(len(left)), n):
            sums = {a: [of[i][a].value for i in some if a in of[i]] for a in result.cells}
            total = {a: sum((v for v in values if v is not None), start=0) for a, values in sums.items()}
            if {a: v for a, v in total.items() if v} == beyond and not any(None in sums[a] for a in beyond):
                return [left[i].name for i in some]
    return []


def _stand_in(result: Rollup, name: str, facts: list[Fact]) -> Report:
    who = ReportIdentity(issuer=name, year=result.year, scope="body")
    return Report(name, who, result.form, result.variant, facts)


def _fact(result: Rollup, address: str, value: Value) -> Fact:
    table_code, row, column = address.split(".")
    table = result.form_data.tables[table_code]
    unit = table.unit_of(table.row[row], table.column[column])
    return Fact(address, value, "number", str(value), unit, Place(), "cells")
