"""Offices below a government and their drafts, with known sums, for the tests of the roll-up.

Belongs here: reports with the figures one wants, as documents or as already read. Does not belong here: any sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from data.generator import Truth, clean_layout, make_truth, render
from data.generator.issuers import Issuer
from parsers import extract
from schemas import forms
from schemas.facts import Extraction, Fact, Place, Report, Source, TableLayout, Unresolved, Value
from schemas.report_identity import ReportIdentity

YEAR = 2024
_WE = {"department": "我局", "township": "我镇", "office": "我办", "vertical": "我局"}


def issuer(name: str, kind: str = "department", level: str = "county", scope: str = "body") -> Issuer:
    return Issuer(name, kind, level, _WE.get(kind, "我县"), "全县" if scope == "area" else "本单位", scope, "32")


# A county: its office, departments, townships, and one that is not the county's.
COUNTY = (
    issuer("沭阳县人民政府办公室", "office", scope="office"),
    issuer("沭阳县发展和改革局"),
    issuer("沭阳县教育局"),
    issuer("沭阳县马厂镇人民政府", "township", "township"),
    issuer("沭阳县沭城街道办事处", "township", "township"),
)
VERTICAL = issuer("国家税务总局沭阳县税务局", "vertical")


def truth_of(who: Issuer, seed: int = 1, **options: object) -> Truth:
    return make_truth(seed, "2021", issuer=who, year=YEAR, size="small", **options)  # type: ignore[arg-type]


def truths(offices: Iterable[Issuer] = COUNTY) -> list[Truth]:
    return [truth_of(o, i) for i, o in enumerate(offices)]


def total(these: Iterable[Truth]) -> dict[str, Value]:
    out: dict[str, Value] = {}
    for truth in these:
        for address, value in truth.values.items():
            out[address] = out.get(address, 0) + value
    return out


def write(folder: Path, these: Iterable[Truth], **layout: object) -> None:
    for truth in these:
        (folder / f"{truth.issuer.name}.docx").write_bytes(render(truth, clean_layout(**layout)))


def read(truth: Truth, **layout: object) -> Extraction:
    """The draft as the reader reads it."""
    return extract(Path(f"{truth.issuer.name}.docx"), render(truth, clean_layout(**layout)))


def given(
    name: str | None,
    kind: str | None,
    scope: str,
    code: str | None,
    values: Mapping[str, Value] | None = None,
    *,
    level: str | None = None,
    file: str | None = None,
    **fields: object,
) -> Extraction:
    """A draft already read: every cell 1 unless ``values`` says otherwise, totals as they come."""
    form = forms.load(str(fields.get("form", "2021")))
    addresses = form.addresses()
    facts = [
        Fact(a, (values or {}).get(a, 1), "number", str((values or {}).get(a, 1)), _unit(a), Place(), "cells")
        for a in addresses
    ]
    report = Report(
        f"{name}{file}",
        ReportIdentity(
            issuer=name, issuer_printed=name, division_code=code, level=level, kind=kind, year=YEAR, scope=scope
        ),
        form.id,
        facts=facts,
        layouts=[TableLayout(t) for t in form.tables],
    )
    who = {name: fields.pop(name) for name in list(fields) if name in ReportIdentity.__slots__}
    report = replace(report, identity=replace(report.identity, **who), **fields)  # type: ignore[arg-type]
    return Extraction(Source(file or f"{name}.docx", "", "", 0), {}, reports=[report])


def _unit(address: str) -> str:
    return "万元" if address.endswith("fees.amount") else "件"


def emptied(extraction: Extraction, addresses: Iterable[str], kind: str = "blank", printed: str = "") -> Extraction:
    """The draft with some cells blank, a mark or words."""
    [report] = extraction.reports
    gone = set(addresses)
    assert gone <= {f.address for f in report.facts}
    for fact in report.facts:
        if fact.address in gone:
            fact.value, fact.kind, fact.printed = None, kind, printed  # type: ignore[assignment]
    return extraction


def unread(extraction: Extraction, address: str) -> Extraction:
    """The draft with one cell that could not be read."""
    [report] = extraction.reports
    report.facts = [f for f in report.facts if f.address != address]
    report.unresolved.append(Unresolved(address, "1 2", "joined", [1, 12], Place()))
    return extraction
