"""A roster as people write it: heads, short names, the two clocks of handing in and of publication."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import checks
from data.generator import clean_layout, render
from gouji.batch import roster
from gouji.batch.reviewed import Reviewed
from parsers import extract
from tests.gouji.drafts import SHUYANG
from tests.gouji.offices import issuer as office
from tests.gouji.offices import truth_of


def listed(tmp_path: Path, text: str) -> roster.RosterFile:
    path = tmp_path / "名单.csv"
    path.write_text(text, "utf-8-sig")
    return roster.load(path)


def folder() -> list[Reviewed]:
    return [Reviewed(checks.check(extract(SHUYANG)))]


def test_a_roster_as_people_write_it(tmp_path: Path) -> None:
    """Heads with notes and marks, short names; what more than one body may be is named."""
    for head in ("责任单位", "单位全称", "*单位名称（盖章）", "部门名称", "乡镇（街道）", "公开主体"):
        given = listed(tmp_path, f"2025年度名单\n序号,{head},联系人\n1,县人民政府,某甲\n2,某某镇,某乙\n")
        found = roster.attendance(given, folder(), today=date(2026, 2, 1))
        assert [(m.name, m.state) for m in found.members] == [("县人民政府", "received"), ("某某镇", "missing")], head


def test_a_name_that_two_bodies_at_hand_may_bear_is_nobodys(tmp_path: Path) -> None:
    two = [truth_of(office(f"{place}教育局"), i) for i, place in enumerate(("沭阳县", "泗阳县"))]
    both = [Reviewed(checks.check(extract(Path(f"{i}.docx"), render(t, clean_layout())))) for i, t in enumerate(two)]
    found = roster.attendance(listed(tmp_path, "单位\n县教育局\n"), both, today=date(2026, 2, 1))
    assert [(m.state, m.candidates) for m in found.members] == [("missing", ("沭阳县教育局", "泗阳县教育局"))]
    found = roster.attendance(listed(tmp_path, "单位\n县教育局\n"), both[:1], today=date(2026, 2, 1))
    assert [(m.state, m.candidates) for m in found.members] == [("received", ())]


@pytest.mark.parametrize(
    ("row", "state", "late"),
    [
        # Handed in in time, signed and published later.
        ("2025-01-15,2025-01-10", "received", None),
        ("2025-01-15,2025-01-17", "late", 2),
        # Nobody noted when it came in: what the report says of publication is another clock.
        ("2025-01-15,", "received", None),
        (",2025-03-01", "received", None),
    ],
)
def test_handing_in_is_not_publication(row: str, state: str, late: int | None, tmp_path: Path) -> None:
    truth = truth_of(office("沭阳县教育局"), 1)
    extraction = extract(Path("1.docx"), render(truth, clean_layout()))
    (report,) = extraction.reports
    report.identity = replace(report.identity, published="2025-01-20")
    given = listed(tmp_path, f"单位,报送期限,报送日期\n沭阳县教育局,{row}\n")
    found = roster.attendance(given, [Reviewed(checks.check(extraction))], today=date(2025, 2, 1))
    assert [(m.state, m.late) for m in found.members] == [(state, late)]
