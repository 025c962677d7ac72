"""The real documents: every error that the gold files list is found, and nothing else of severity error."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import checks
from parsers import extract
from schemas.facts import Extraction, Report
from schemas.findings import Finding
from tests.conftest import SHARED

pytestmark = pytest.mark.shared
GOLD = sorted(p.stem for p in (SHARED / "gold").glob("*.json") if p.stem != "seeds-circulars")


@cache
def extraction(name: str) -> Extraction:
    folder = "reports" if (SHARED / "reports" / name).exists() else "seeds"
    return extract(SHARED / folder / name)


def gold(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SHARED / "gold" / f"{name}.json").read_text("utf-8"))
    return loaded


def file_of(name: str) -> str:
    here = sorted(p.name for p in (SHARED / "reports").iterdir() if p.stem == name)
    return here[0] if here else "quzhou-guangdong-annual-reports.txt"


def report_of(name: str) -> Report:
    wanted = gold(name)
    return next(
        r
        for r in extraction(file_of(name)).reports
        if r.year == wanted["year"] and r.issuer in (wanted["issuer"], *wanted.get("issuer_variants", ()))
    )


def is_it(finding: Finding, listed: dict[str, Any]) -> bool:
    """Whether a finding is the listed error: rule, place and figures."""
    if finding.rule != listed["rule"]:
        return False
    if "row" in listed and finding.row != listed["row"]:
        return False
    if "explained_by" in listed and finding.explained_by != listed["explained_by"]:
        return False
    printed = Decimal(str(listed.get("stated", listed.get("printed"))))
    expected = Decimal(str(listed.get("table", listed.get("computed"))))
    return (finding.printed, finding.expected) == (printed, expected)


@pytest.mark.parametrize("name", GOLD)
def test_every_listed_error_is_found(name: str, shared: Path) -> None:
    found = [f for f in checks.check_report(report_of(name)) if f.outcome == "broken"]
    for listed in gold(name)["errors"]:
        matching = [f for f in found if is_it(f, listed)]
        assert matching, listed
        assert matching[0].severity == listed["severity"]
        assert matching[0].message
        assert matching[0].cells or matching[0].sentence


@pytest.mark.parametrize("name", GOLD)
@pytest.mark.parametrize("profile", ["draft", "published"])
def test_nothing_else_is_an_error(name: str, profile: str, shared: Path) -> None:
    listed = gold(name)["errors"]
    for finding in checks.check_report(report_of(name), profile):  # type: ignore[arg-type]
        if finding.outcome == "broken" and finding.severity == "error":
            assert any(is_it(finding, each) for each in listed), finding


@pytest.mark.parametrize("name", GOLD)
def test_statements_give_no_warning_that_is_not_listed(name: str, shared: Path) -> None:
    """What looks wrong but is not: adjusted shares, other wholes, figures of a part, results of concluded cases."""
    known = gold(name)["errors"] + gold(name)["either_way"]
    codes = {str(k.get("code", "")).split()[0] for k in known if k.get("code")}
    for finding in checks.check_report(report_of(name)):
        if finding.outcome == "broken" and finding.severity != "note" and finding.rule.startswith("statement."):
            assert any(is_it(finding, k) for k in gold(name)["errors"]) or finding.statement in codes, finding


def test_hongze_both_groups_are_shown_and_no_cell_accused(shared: Path) -> None:
    checked = checks.check(extraction("2023-hongze-district.pdf"))
    assert checked.verdict == "fail"
    assert [(e.equation, e.changes) for e in checked.explanations] == [
        ("disputes.total reconsideration", None),
        ("disputes.total litigation_after_reconsideration", None),
    ]


def test_the_circulars(shared: Path) -> None:
    """Shares above 100 % in the copy on a document-sharing site; 70 of 78 accounts is no error."""
    copy = checks.check(extraction("gansu-2022-assessment-circular-repost.txt"))
    assert {f.printed for f in copy.findings} >= {101, Decimal("101.1")}
    assert {f.severity for f in copy.findings} == {"warning"}
    for name in ("gansu-2021-assessment-circular.txt", "ganzhou-2021q1-disclosure-circular.txt"):
        assert not checks.check(extraction(name)).findings


def test_pingtan_as_a_series(shared: Path) -> None:
    """Scraped years with unread cells: nothing of severity error, and the gaps are named."""
    reports = [report_of(n) for n in GOLD if "pingtan-district" in n]
    found = checks.check_series(reports)
    assert not [f for f in found if f.outcome == "broken" and f.severity == "error"]
    assert "series.missing_year" in {f.rule for f in found}
