"""Sentences with figures about the tables that nothing was compared with: counted and listed, never a finding."""

from __future__ import annotations

import pytest

import checks
from gouji.batch.reviewed import Reviewed
from gouji.show import page
from gouji.show.text import Screen, lines_of
from parsers import extract
from schemas.facts import Passage, Place
from schemas.findings import Uncompared
from tests.gouji.drafts import HONGZE


def left(sentence: str) -> list[Uncompared]:
    """What is left of a paragraph that is put into a report with tables."""
    extraction = extract(HONGZE)
    report = extraction.reports[0]
    report.passages = [*report.passages, Passage(sentence, Place(paragraph=999))]
    (extent,) = checks.check(extraction).extents[:1]
    return [u for u in extent.uncompared if u.place.paragraph == 999]


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("全年会商疑难申请3件，答复文书均经审核。", ["3件"]),
        ("应诉7件。复议答复事项另行统计。", ["7件"]),
        ("其中，公民个人提出的当年申请1,204件。", ["1,204件"]),
        # Other matters, years, numbers of papers and changes are none of the tables'.
        ("办理人大代表建议6件、政协提案9件，组织培训2期。", []),
        ("依据国办公开办函〔2021〕30号第3项公开。", []),
        ("同比减少申请3件。", []),
        ("公开信息210条，开展自查4次。", []),
    ],
)
def test_what_is_left(sentence: str, figures: list[str]) -> None:
    assert [f for u in left(sentence) for f in u.figures] == figures


def test_it_is_said_with_a_pass_and_listed_on_the_page() -> None:
    extraction = extract(HONGZE)
    checked = checks.check(extraction)
    report = extraction.reports[0]
    checked.findings, checked.verdict = [], "pass"
    extent = checked.extent(report.report_id)
    extent.uncompared = [Uncompared(report.report_id, "全年会商疑难申请3件", ["3件"], Place())]
    reviewed = Reviewed(checked)
    told = "，全部相符（正文另有 1 句的数没有与表格对照），请自行核对：“全年会商疑难申请3件”"
    assert told in "\n".join(lines_of(reviewed, Screen()))
    shown = page.content([reviewed]).decode()
    assert "没有与表格对照的 1 句" in shown and "疑难申请<mark>3件</mark>" in shown
    assert checked.to_json()["checked"][0]["uncompared"] == [
        {"sentence": "全年会商疑难申请3件", "figures": ["3件"], "place": {}}
    ]
    extent.uncompared = []
    assert "没有与表格对照" not in "\n".join(lines_of(reviewed, Screen()))
