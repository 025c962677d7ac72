"""What a text says of the year before, held against last year's report: figures, changes in cases and percent, words."""

from __future__ import annotations

import pytest

import checks
from parsers.prose import statements
from schemas.facts import Passage, Place, Report
from schemas.findings import Finding

from .reports import Cells, change, put, sound_report, unread

RECEIVED, CLOSED = "requests.new_received.total", "requests.processed_total.total"
REVIEWS, FORWARD = "disputes.reconsideration.total", "requests.carried_over.total"
NOW: Cells = {RECEIVED: 64, FORWARD: 5, CLOSED: 60, REVIEWS: 5}
LAST: Cells = {RECEIVED: 44, FORWARD: 3, CLOSED: 42, REVIEWS: 7}


def of_year(year: int, cells: Cells, text: str = "", **fields: object) -> Report:
    r = put(
        change(sound_report(year), **{"scope": "body", "issuer": "某县教育局", "kind": "department", **fields}), cells
    )
    r.passages[0] = Passage(f"某县教育局{year}年政府信息公开工作年度报告", Place(paragraph=0))
    r.passages.insert(3, Passage(text, Place(paragraph=3)))
    r.statements = statements.find(r.passages, year=year, scope=r.scope, form=r.form)
    return r


def told(text: str, last: Report | None = None, now: Report | None = None) -> list[Finding]:
    now = now or of_year(2025, NOW, text)
    found = [f for f in checks.check_series([last or of_year(2024, LAST), now]) if f.rule.startswith("statement.")]
    return found


@pytest.mark.parametrize(
    ("text", "rule", "printed", "expected"),
    [
        ("上年收到政府信息公开申请55件。", "statement.disagrees", 55, 44),
        ("2024年新收申请57件，2025年新收64件。", "statement.disagrees", 57, 44),
        ("收到政府信息公开申请64件，较上年的40件增加24件。", "statement.disagrees", 40, 44),
        ("2025年，我局共收到政府信息公开申请64件，比上年增加29件。", "statement.share", 29, 20),
        ("收到申请64件，比上年减少20件。", "statement.share", 20, 20),
        ("收到政府信息公开申请64件，同比增长66.5%。", "statement.share", "66.5", "45.45"),
        ("新收申请比上年增加10件。", "statement.share", 10, 20),
        ("办结申请60件，同比减少18件。", "statement.share", 18, 18),
        ("因政府信息公开被申请行政复议5件，比上年减少3件。", "statement.share", 3, 2),
        ("收到申请64件，与上年持平。", "statement.share", 64, 44),
        ("收到申请64件，较去年有所下降。", "statement.share", 64, 44),
        ("政府信息公开申请量较上年有所下降。", "statement.share", 64, 44),
    ],
)
def test_what_last_years_report_does_not_bear_out(text: str, rule: str, printed: object, expected: object) -> None:
    (found,) = told(text)
    assert (found.rule, found.severity, found.outcome) == (rule, "warning", "broken")
    assert (str(found.printed), str(found.expected)) == (str(printed), str(expected))
    assert "2024年" in found.message and found.sentence


@pytest.mark.parametrize(
    ("text", "last", "said"),
    [
        ("收到申请64件，比上年增加29件。", 44, "应为增加 20。"),
        ("收到申请64件，比上年增加5件。", 65, "应为减少 1。"),
        ("收到申请64件，比上年减少5件。", 64, "是持平。"),
    ],
)
def test_a_wrong_change_is_told_with_its_way(text: str, last: int, said: str) -> None:
    (found,) = told(text, of_year(2024, {**LAST, RECEIVED: last}))
    assert found.message.endswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "2025年，我局共收到政府信息公开申请64件，比上年增加20件，增长45.5%。",
        "收到政府信息公开申请64件，同比增长45.4%。",
        "收到政府信息公开申请64件，较上年的44件增加20件。",
        "上年收到政府信息公开申请44件，2024年办结申请42件。",
        "因政府信息公开被申请行政复议5件，比上年减少2件。",
        "收到申请64件，比上年略有增加。政府信息公开申请量较上年有所上升。",
        # Another figure of both years: with what was carried over.
        "2024年办理申请47件（含上年结转3件）。共收到申请69件（含上年结转5件），比上年增加22件。",
        # Another year, another time, others' figures, about so many.
        "收到申请64件，比2023年增加30件，环比增加3件。",
        "收到申请64件，一季度较上年减少3件。",
        "收到政府信息公开申请64件，同比增长约50%，与上年基本持平。",
        "县公安局2024年收到申请120件。2024年收到群众来信120件。",
        "受理不动产登记申请1200件。申请量较上年有所下降。",
        "机构合并后，按可比口径收到申请64件，较上年减少3件。",
        "2023年收到申请30件，2024年44件，2025年64件，逐年上升。",
        "2024年结转的5件申请已全部办结。",
    ],
)
def test_what_it_does(text: str) -> None:
    assert not told(text)


def test_one_misprint_is_told_once() -> None:
    """The percentage does not follow from its own two figures: that is said without last year's report."""
    now = of_year(2025, NOW, "2025年收到政府信息公开申请64件，同比增加20件，增长54.5%。")
    assert not told("", now=now)
    assert [f.rule for f in checks.check_report(now) if f.outcome == "broken"].count("statement.share") == 1
    # A figure that this year's table does not have: that is said, and its change may be right.
    assert not told("收到政府信息公开申请74件，比上年增加30件。")


@pytest.mark.parametrize("text", ["上年收到申请55件。", "收到申请64件，比上年增加29件。", "收到申请64件，与上年持平。"])
def test_without_last_years_figure_nothing_is_said(text: str) -> None:
    last = unread(of_year(2024, LAST), RECEIVED)
    assert [(f.outcome, f.severity) for f in told(text, last)] == [("not_assessable", "warning")]


def test_last_years_report_of_another_scope_is_no_measure() -> None:
    assert not told("上年收到申请55件，本年收到申请64件，比上年增加29件。", of_year(2024, LAST, scope="system"))
    assert not checks.check_series([of_year(2025, NOW, "上年收到申请55件。")])


def test_from_nothing_there_is_no_percentage() -> None:
    (found,) = told("收到申请64件，同比增长45%。", of_year(2024, {**LAST, RECEIVED: 0}))
    assert "算不出百分比" in found.message
