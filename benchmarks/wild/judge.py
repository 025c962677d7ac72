"""What the commands say of a document, put beside its truth.

Belongs here: comparing the JSON of `extract` and `check` with what was printed. Does not belong here: making documents,
running commands (`campaign`) and adding up (`tally`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from benchmarks.wild import figures
from benchmarks.wild.figures import Cell
from benchmarks.wild.report import Expected

Json = Mapping[str, Any]
# Findings that say a figure is wrong; a planted slip in a sentence must be told by one of them.
_STATED = "statement."


@dataclass(slots=True)
class Truth:
    """What is right to say about one document."""

    name: str
    kind: str
    traits: list[str]
    issuers: frozenset[str]
    issuer: str
    division_code: str
    year: int
    single_other: bool
    cells: dict[str, Cell]
    planted: list[Expected] = field(default_factory=list)


@dataclass(slots=True)
class Verdict:
    """One document: counts of cells, and in words everything that differs."""

    cells: int = 0
    right: int = 0
    silent: list[str] = field(default_factory=list)
    # A blank taken for a mark, a number for text: no figure is wrong, but the kind is.
    other_kind: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    # Doubt where doubt is allowed: neither for nor against.
    allowed: int = 0
    lost: list[str] = field(default_factory=list)
    false_errors: list[str] = field(default_factory=list)
    found: int = 0
    missed: list[str] = field(default_factory=list)
    wrong_issuer: str | None = None
    open_issuer: bool = False
    wrong_year: str | None = None
    open_year: bool = False
    wrong_code: str | None = None
    open_code: bool = False
    no_report: bool = False
    several: bool = False
    warnings: list[str] = field(default_factory=list)

    @property
    def fails(self) -> list[str]:
        """The kinds of failure of this document, for tables by trait."""
        marks = {
            "silent": self.silent, "lost": self.lost, "false error": self.false_errors, "missed": self.missed,
            "unresolved": self.unresolved, "issuer": self.wrong_issuer, "year": self.wrong_year, "code": self.wrong_code,
            "no_report": self.no_report,
        }  # fmt: skip
        return [name for name, there in marks.items() if there]


def judge(truth: Truth, extracted: Json, checked: Json) -> Verdict:
    verdict = Verdict()
    reports = list(extracted.get("reports", []))
    kinds = {p["kind"] for p in extracted.get("problems", [])}
    verdict.no_report = not reports or "no_report" in kinds
    verdict.several = len(reports) > 1
    report: Json = max(reports, key=lambda r: len(r["facts"])) if reports else {}
    _cells(truth, report, verdict)
    _identity(truth, report, verdict)
    _findings(truth, list(checked.get("findings", [])), verdict)
    return verdict


def _cells(truth: Truth, report: Json, verdict: Verdict) -> None:
    facts = {f["address"]: f for f in report.get("facts", [])}
    doubts = {u["address"]: u for u in report.get("unresolved", [])}
    for address, cell in truth.cells.items():
        fact = facts.pop(address, None)
        if fact is None and cell.open:
            verdict.allowed += 1
            if address not in doubts:
                verdict.lost.append(f"{address}: {cell.printed!r} is neither fact nor unresolved")
            continue
        verdict.cells += 1
        if fact is not None:
            _fact(address, cell, fact, verdict)
        elif address in doubts:
            doubt = doubts[address]
            verdict.unresolved.append(
                f"{address}: {cell.printed!r}, unresolved ({doubt.get('reason')}, {doubt.get('printed')!r})"
            )
        else:
            verdict.lost.append(f"{address}: {cell.printed!r} is neither fact nor unresolved")
    for address, fact in facts.items():
        if fact["kind"] == "number":
            verdict.silent.append(f"{address}: not on this form, read as {fact['value']}")
        else:
            verdict.other_kind.append(f"{address}: not on this form, read as {fact['kind']}")


def _fact(address: str, cell: Cell, fact: Json, verdict: Verdict) -> None:
    got = fact["value"] if fact["kind"] == "number" else fact["kind"]
    right = fact["kind"] == cell.kind or fact["kind"] in cell.also
    if right and cell.kind == "number":
        right = abs(float(fact["value"]) - (cell.value or 0)) < 1e-6
    if right:
        verdict.right += 1
        return
    said = f"{address}: {cell.printed!r} read as {got!r} (printed {fact.get('printed')!r}, {fact.get('method')})"
    # A number in words is no wrong figure: whoever looks at the cell is told that it holds text.
    if fact["kind"] == "number" or (cell.kind == "number" and fact["kind"] != "text"):
        verdict.silent.append(said)
    else:
        verdict.other_kind.append(said)


def _plain_name(name: str) -> str:
    return normalize("NFKC", name).replace(" ", "")


def _identity(truth: Truth, report: Json, verdict: Verdict) -> None:
    issuer, year, code = (report.get(k) for k in ("issuer", "year", "division_code"))
    verdict.open_issuer, verdict.open_year, verdict.open_code = issuer is None, year is None, code is None
    if issuer is not None and _plain_name(issuer) not in {_plain_name(n) for n in truth.issuers}:
        verdict.wrong_issuer = f"{truth.issuer} read as {issuer}"
    if year is not None and year != truth.year:
        verdict.wrong_year = f"{truth.year} read as {year}"
    if code is not None and code != truth.division_code:
        verdict.wrong_code = f"{truth.division_code} read as {code}"


def _findings(truth: Truth, findings: list[Json], verdict: Verdict) -> None:
    true = {(s.rule, s.row, s.column) for s in figures.broken(truth.cells, single_other=truth.single_other)}
    stated = [e for e in truth.planted if e.rule.startswith(_STATED)]
    told = set()
    for finding in findings:
        place = (finding["rule"], finding.get("row"), finding.get("column"))
        told.add(place)
        hit = [e for e in stated if finding["rule"].startswith(_STATED) and finding.get("printed") == e.printed]
        if finding["rule"] == "statement.disagrees":
            told |= {(e.rule, None, str(e.printed)) for e in hit}
        if finding["severity"] != "error":
            verdict.warnings.append(f"{finding['rule']}: {finding['message']}")
        elif place not in true and not hit:
            verdict.false_errors.append(f"{place}: {finding['message']}")
    for expected in truth.planted:
        place = (expected.rule, expected.row, expected.column)
        if expected.printed is not None:
            place = (expected.rule, None, str(expected.printed))
        if place in told:
            verdict.found += 1
        else:
            verdict.missed.append(f"{place} was planted and not told")
