"""Every real report and seed against its gold values, end to end from the file."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from parsers import extract
from schemas import forms
from schemas.facts import Extraction, Report
from tests.conftest import SHARED

GOLD = sorted(p for p in (SHARED / "gold").glob("*.json") if p.stem != "seeds-circulars")


@cache
def _read(path: Path) -> Extraction:
    return extract(path)


def _report(gold: dict[str, Any]) -> Report:
    source = SHARED / "reports" / gold["source"]
    if not source.exists():
        source = SHARED / "seeds" / gold["source"]
    reports = [r for r in _read(source).reports if r.year == gold["year"]]
    named = [r for r in reports if r.issuer in (gold["issuer"], *gold.get("issuer_variants", ()))]
    assert len(named) == 1, [(r.issuer, r.year) for r in reports]
    return named[0]


def _hard(gold: dict[str, Any], address: str) -> bool:
    return any(address == key or address.startswith(key + ".") for key in gold.get("hard", {}))


@pytest.mark.skipif(not GOLD, reason="the real documents (../shared, or GOUJI_SHARED) are not here")
@pytest.mark.parametrize("path", GOLD, ids=lambda p: p.stem)
class TestGold:
    def test_facts(self, path: Path) -> None:
        gold = json.loads(path.read_text("utf-8"))
        report = _report(gold)
        assert report.form == gold["form"]
        facts = {f.address: f for f in report.facts}
        unresolved = {u.address for u in report.unresolved}
        for address, value in gold["facts"].items():
            if address in unresolved and _hard(gold, address):
                continue
            assert address in facts, address
            assert (facts[address].kind, facts[address].value) == ("number", Decimal(str(value))), address
        for address in gold.get("blank", ()):
            assert (facts[address].kind, facts[address].value) == ("blank", None), address
        assert set(gold.get("unresolved", ())) <= unresolved
        assert not set(facts) - set(gold["facts"]) - set(gold.get("blank", ()))
        assert unresolved <= set(gold.get("unresolved", ())) | {a for a in gold["facts"] if _hard(gold, a)}

    def test_which_report_it_is(self, path: Path) -> None:
        gold = json.loads(path.read_text("utf-8"))
        report = _report(gold)
        assert report.period == "year"
        if "published" in gold:
            assert report.published == gold["published"]
        if "issuer_printed" in gold:
            assert report.issuer_printed == gold["issuer_printed"]

    def test_claims(self, path: Path) -> None:
        """Each listed claim is stated with its figure, and with no other at the report's own scope and year."""
        gold = json.loads(path.read_text("utf-8"))
        report = _report(gold)
        stated: dict[str, set[float]] = {}
        for s in report.statements:
            if s.share_of is None and not s.approximate and (s.year, s.scope) == (report.year, report.scope):
                stated.setdefault(s.code, set()).add(float(s.value))
        claims = {**gold.get("claims", {}), **gold.get("claims_amount", {})}
        missing = [c for c in claims if c not in stated]
        wrong = {c: stated[c] for c in claims if c in stated and stated[c] != {float(claims[c])}}
        assert not wrong
        # A scope that the document does not tell keeps a sentence about 全区 from being the report's own.
        assert not missing or (report.scope == "unknown" and len(missing) == 1)


def test_circular_seeds_are_no_reports(shared: Path) -> None:
    seeds = [p for p in sorted((shared / "seeds").glob("*.txt")) if "annual-reports" not in p.name]
    assert len(seeds) == 4
    for seed in seeds:
        extraction = _read(seed)
        assert not extraction.reports
        assert len(extraction.circulars) == 1


def test_hongze_by_the_first_engine_alone_and_by_both(shared: Path) -> None:
    from parsers.readers import pdf
    from parsers.tables import matching

    path = shared / "reports/2023-hongze-district.pdf"
    gold = json.loads((shared / "gold/2023-hongze-district.json").read_text("utf-8"))
    found = matching.match(pdf.read(path.read_bytes(), path.name).blocks, 2023)
    assert found is not None
    assert {f.address: float(f.value or 0) for f in found.facts} == gold["facts"]
    assert not found.unresolved
    (report,) = _read(path).reports
    assert {f.address: float(f.value or 0) for f in report.facts} == gold["facts"]
    assert all(f.place.page and f.place.box for f in report.facts)


def test_the_official_blank_form_filled_in_reads_back_exactly(shared: Path, tmp_path: Path) -> None:
    """Known figures written into the official form's cells by position, then read by their labels."""
    import docx

    document = docx.Document(str(shared / "reports/blank-form-2021.docx"))
    form = forms.load("2021")
    expected: dict[str, int] = {}
    number = iter(range(1, 10_000))

    def fill(cell: Any, address: str) -> None:
        expected[address] = next(number)
        cell.text = str(expected[address])

    article20, requests, disputes = document.tables
    rows = {" ".join(r.cells[0].text.split()): list(r.cells) for r in article20.rows}
    for row in form.tables["article20"].rows:
        cells = rows[row.label]
        for i, column in enumerate(form.tables["article20"].columns_of(row)):
            fill(cells[i + 1], f"article20.{row.code}.{column.code}")
    for row, line in zip(form.rows("requests"), list(requests.rows)[3:], strict=True):
        for column, cell in zip(form.tables["requests"].columns, list(line.cells)[-7:], strict=True):
            fill(cell, f"requests.{row.code}.{column.code}")
    line = iter(list(disputes.rows)[3].cells)
    for row in form.tables["disputes"].rows:
        for column in form.tables["disputes"].columns:
            fill(next(line), f"disputes.{row.code}.{column.code}")
    stream = io.BytesIO()
    document.save(stream)
    target = tmp_path / "填好的表.docx"
    target.write_bytes(stream.getvalue())

    (report,) = extract(target).reports
    assert {f.address: f.value for f in report.facts} == expected
    assert set(expected) == set(form.addresses())
    assert not report.unresolved


def test_the_blank_form_itself_is_all_blanks(shared: Path) -> None:
    (report,) = _read(shared / "reports/blank-form-2021.docx").reports
    assert {f.kind for f in report.facts} == {"blank"}
    assert len(report.facts) == 200


@pytest.mark.parametrize("name", ["notice-2019-no60.txt", "notice-2021-no30.txt"])
def test_a_notice_with_its_blank_forms_yields_no_figures(shared: Path, name: str) -> None:
    extraction = _read(shared / "reports" / name)
    assert not [f for r in extraction.reports for f in r.facts if f.kind == "number"]
