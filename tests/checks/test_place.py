"""A report against where it stood: told where they disagree, and nothing said where the place may mean the same."""

from __future__ import annotations

import pytest

from schemas.report_identity import Evidence

from .reports import findings, sound_report


def of(*evidence: tuple[str, str, str], issuer: str = "沭阳县教育局", year: int = 2023) -> list[str]:
    found = tuple(Evidence(about, source, says, says, 5) for about, source, says in evidence)
    r = sound_report(year, issuer=issuer, division_code="321322", evidence=found)
    return [f.message for f in findings(r, "statement.place")]


def test_another_year_and_another_body_are_told() -> None:
    (message,) = of(("year", "parameter", "2024"))
    assert "网址参数" in message and "2024" in message and "2023" in message
    (message,) = of(("issuer", "stated", "沭阳县水利局"))
    assert "来源清单" in message and "沭阳县水利局" in message and "沭阳县教育局" in message
    assert len(of(("year", "list link", "2022"), ("issuer", "list link", "沭阳县财政局"))) == 2


@pytest.mark.parametrize(
    ("issuer", "evidence"),
    [
        ("沭阳县教育局", ("year", "list link", "2023")),
        ("沭阳县教育局", ("issuer", "list link", "县教育局")),
        ("沭阳县教育局", ("issuer", "list link", "教育局")),
        ("沭阳县教育局", ("issuer", "column", "沭阳县人民政府")),
        ("沭阳县教育局", ("year", "column", "2024")),
        ("沭阳县人民政府", ("issuer", "list link", "沭阳县人民政府办公室")),
        ("沭阳县人民政府办公室", ("issuer", "list link", "沭阳县")),
        ("沭阳县教育局", ("place", "site code", "110000")),
    ],
)
def test_what_may_mean_the_same_is_no_disagreement(issuer: str, evidence: tuple[str, str, str]) -> None:
    assert of(evidence, issuer=issuer) == []


def test_a_draft_on_a_clerks_disk_stood_nowhere() -> None:
    assert findings(sound_report(), "statement.place") == []
