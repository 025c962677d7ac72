"""A reading put beside the truth, cell by cell.

Belongs here: what is right, wrong, flagged, unresolved or missing in an extraction. Does not belong here: where
extraction and truth come from (`accuracy`, `soak`) and the product's own opinion (`checks`).

A wrong figure is *flagged* when somebody who looks at the result is told: the cell is unresolved, or it stands in an
identity of the form that does not hold, or the file has a problem. Everything else is a silent wrong number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from data.generator import Truth, TruthCell
from schemas import identities
from schemas.facts import Extraction, Fact, Report


@dataclass(slots=True)
class Tally:
    """Cells of one document, or of many."""

    cells: int = 0
    right: int = 0
    # Wrong and said by nothing; these must be none.
    silent: int = 0
    flagged: int = 0
    unresolved: int = 0
    missing: int = 0

    def add(self, other: Tally) -> None:
        self.cells += other.cells
        self.right += other.right
        self.silent += other.silent
        self.flagged += other.flagged
        self.unresolved += other.unresolved
        self.missing += other.missing


@dataclass(slots=True)
class Judgement:
    """One document: its cells, and in words what is not right about it."""

    tally: Tally = field(default_factory=Tally)
    silent: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    # Issuer, year, form, variant, scope, sentences: what was read otherwise than printed.
    identity: list[str] = field(default_factory=list)


def broken_addresses(report: Report) -> set[str]:
    """All cells of a report that stand in an identity which does not hold."""
    if not report.facts:
        return set()
    cells = identities.cells_of(report)
    return {
        address
        for equation in identities.of_report(report)
        if identities.evaluate(equation, cells).outcome == "broken"
        for address in (*equation.left, *equation.right)
    }


def equal(fact: Fact, cell: TruthCell) -> bool:
    """Whether a fact says what the cell prints: the same kind, and the same value in the same unit.

    A unit that the document itself does not state (a head that lost it, a wording without it) may be ``unknown``.
    """
    if fact.kind != cell.kind:
        return False
    return cell.kind != "number" or (fact.value == cell.value and fact.unit in (cell.unit or fact.unit, "unknown"))


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fact that is not what is printed, and whether that is flagged. ``cell`` is None where nothing is printed."""

    fact: Fact
    report: Report
    cell: TruthCell | None
    flagged: bool

    def words(self) -> str:
        fact, cell = self.fact, self.cell
        printed = f"printed {cell.kind} {cell.printed!r} = {cell.value} {cell.unit}" if cell else "not printed"
        return f"{fact.address}: {printed}, read {fact.kind} {fact.value} {fact.unit} ({fact.printed!r}, {fact.method})"


def wrong_facts(extraction: Extraction, expected: Mapping[str, TruthCell]) -> list[Wrong]:
    """Facts that differ from what is printed, stand where nothing is printed, or are there a second time."""
    told = bool(extraction.problems)
    unresolved = {u.address for report in extraction.reports for u in report.unresolved}
    seen: set[str] = set()
    out = []
    for report in extraction.reports:
        broken = broken_addresses(report)
        for fact in report.facts:
            cell = None if fact.address in seen else expected.get(fact.address)
            seen.add(fact.address)
            if cell is None or not equal(fact, cell):
                flagged = told or fact.address in broken or fact.address in unresolved
                out.append(Wrong(fact, report, cell, flagged))
    return out


def judge_cells(extraction: Extraction, expected: Mapping[str, TruthCell]) -> Judgement:
    """Every printed cell once, in the order of the form; facts at addresses that are not printed count as wrong."""
    out = Judgement()
    tally = out.tally
    tally.cells = len(expected)
    wrong = wrong_facts(extraction, expected)
    out.silent = [w.words() for w in wrong if not w.flagged]
    out.others = [f"flagged {w.words()}" for w in wrong if w.flagged]
    tally.silent, tally.flagged = len(out.silent), len(out.others)
    read = {f.address for report in extraction.reports for f in report.facts}
    tally.right = len(read & expected.keys()) - len({w.fact.address for w in wrong if w.cell is not None})
    unresolved = {u.address: u for report in extraction.reports for u in report.unresolved}
    for address, cell in expected.items():
        if address in read:
            continue
        if address in unresolved:
            tally.unresolved += 1
            why = unresolved[address]
            out.others.append(f"unresolved {address}: printed {cell.printed!r}, {why.reason} {list(why.readings)}")
        else:
            tally.missing += 1
            out.others.append(f"missing {address}: printed {cell.printed!r}")
    return out


def judge(extraction: Extraction, truth: Truth, expected: Mapping[str, TruthCell]) -> Judgement:
    """A document of which everything is known."""
    out = judge_cells(extraction, expected)
    out.identity += [f"problem {p.kind}: {p.message}" for p in extraction.problems]
    if len(extraction.reports) != 1:
        out.identity.append(f"{len(extraction.reports)} reports read, 1 is there")
        return out
    report = extraction.reports[0]
    wanted = {
        "form": truth.form,
        "variant": truth.variant,
        "year": truth.year,
        "issuer": truth.issuer.name,
        "scope": truth.issuer.scope,
        "level": truth.issuer.level,
        "kind": truth.issuer.kind,
    }
    out.identity += [
        f"{name}: {getattr(report, name)!r}, is {right!r}"
        for name, right in wanted.items()
        if getattr(report, name) != right
    ]
    out.identity += _claims(report, truth)
    return out


def _claims(report: Report, truth: Truth) -> Iterable[str]:
    """Sentences that state this report's figures otherwise than they are printed."""
    for statement in report.statements:
        stated = truth.claims.get(statement.code)
        same = statement.year in (None, truth.year) and statement.scope == report.scope
        if stated is not None and same and not statement.share_of and statement.value != stated:
            yield f"sentence {statement.code}: read {statement.value}, states {stated}: {statement.sentence[:80]}"
