"""Evidence from where a report stood: it settles what the text leaves open, and overrules nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.extraction import extract
from parsers.prose.identity import identify, place_evidence
from schemas.facts import Passage, Place
from schemas.report_identity import Evidence, ReportIdentity


def said(*lines: str, standing: tuple[Evidence, ...] = ()) -> ReportIdentity:
    return identify(passages=[Passage(line, Place()) for line in lines], standing=standing).identity


LINK = (
    place_evidence("issuer", "list link", "沭阳县教育局", "沭阳县教育局2024年政府信息公开工作年度报告"),
    place_evidence("year", "list link", 2024, "沭阳县教育局2024年政府信息公开工作年度报告"),
)
NAMELESS = (
    "一、总体情况",
    "认真做好政府信息公开工作。",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
)


def test_what_the_text_leaves_open_the_place_settles() -> None:
    assert (said(*NAMELESS).issuer, said(*NAMELESS).year) == (None, None)
    found = said(*NAMELESS, standing=LINK)
    assert (found.issuer, found.year, found.division_code) == ("沭阳县教育局", 2024, "321322")
    assert found.issuer_evidence == "list link: 沭阳县教育局"


def test_a_name_without_its_place_gets_it_from_the_site() -> None:
    site = (place_evidence("place", "site code", "321322", "3213220001"),)
    alone = said("县教育局2024年政府信息公开工作年度报告", "一、总体情况")
    found = said("县教育局2024年政府信息公开工作年度报告", "一、总体情况", standing=site)
    assert alone.division_code is None
    assert found.division_code == "321322"


def test_a_title_is_never_overruled_and_what_contradicts_it_stands_beside() -> None:
    lines = ("沭阳县水利局2023年政府信息公开工作年度报告", "一、总体情况")
    every = (
        *LINK,
        place_evidence("year", "stated", 2024, "sources.toml"),
        place_evidence("year", "parameter", 2024, "y=2024"),
    )
    found = said(*lines, standing=every)
    assert (found.issuer, found.year) == ("沭阳县水利局", 2023)
    assert {("issuer", "list link"), ("year", "list link"), ("year", "stated")} <= {
        (e.about, e.source) for e in found.evidence
    }


def test_what_agrees_is_no_disagreement() -> None:
    found = said("沭阳县教育局2024年政府信息公开工作年度报告", "一、总体情况", standing=LINK)
    assert (found.issuer, found.year) == ("沭阳县教育局", 2024)


def test_a_place_that_contradicts_itself_settles_nothing() -> None:
    other = (place_evidence("year", "column", 2023, "2023年"), place_evidence("year", "parameter", 2022, "y=2022"))
    divided = (*LINK[1:], place_evidence("year", "parameter", 2022, "y=2022"))
    assert said(*NAMELESS, standing=divided).year is None
    assert said(*NAMELESS, standing=other).year == 2022


def test_the_column_of_a_government_holds_its_departments_reports() -> None:
    column = (place_evidence("issuer", "column", "沭阳县人民政府", "沭阳县人民政府信息公开年报"),)
    found = said("沭阳县教育局2024年政府信息公开工作年度报告", "一、总体情况", standing=column)
    assert found.issuer == "沭阳县教育局"


@pytest.mark.parametrize("source", ["stated", "parameter", "list link", "column"])
def test_every_source_has_a_weight_for_both(source: str) -> None:
    assert place_evidence("issuer", source, "沭阳县教育局", "").weight > 0
    assert place_evidence("year", source, 2024, "").weight > 0


def test_a_file_is_read_with_what_its_place_says(tmp_path: Path) -> None:
    text = "\n".join(f"<p>{line}</p>" for line in NAMELESS)
    path = tmp_path / "content.html"
    path.write_text(f"<html><body>{text}<p>本年共收到政府信息公开申请12件。</p></body></html>", "utf-8")
    (report,) = extract(path, standing=LINK).reports
    assert (report.issuer, report.year) == ("沭阳县教育局", 2024)
    assert ("year", "list link") in {(e.about, e.source) for e in report.identity.evidence}
