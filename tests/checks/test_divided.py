"""What became of a part of the requests is no figure of the whole; both parts together are."""

from __future__ import annotations

import dataclasses

import pytest

from parsers.prose import statements
from schemas import forms
from schemas.findings import Finding

from .reports import PROSE, Cells, findings, report

_ROWS = {
    "new_received": (7, 4),
    "carried_over": (2, 0),
    "granted": (4, 1),
    "partially_granted": (1, 1),
    "unavailable_not_held": (2, 2),
    "not_processed_repeat": (1, 0),
    "processed_total": (8, 4),
    "carried_forward": (1, 0),
}


def told(text: str) -> list[Finding]:
    """What is told of a sentence in a bureau's report: 11 new ones and 2 of last year, 5 granted, 1 left over."""
    cells: Cells = dict.fromkeys(forms.load("2021").addresses(None), 0)
    for row, (persons, firms) in _ROWS.items():
        cells |= {f"requests.{row}.natural_person": persons, f"requests.{row}.commercial_enterprise": firms}
        cells[f"requests.{row}.total"] = persons + firms
    prose = PROSE | {1: (*PROSE[1], text)}
    r = report(cells, issuer="某县水利局", scope="body", prose=prose)
    r.identity = dataclasses.replace(r.identity, kind="department")
    r.statements = statements.find(r.passages, year=2023, scope="body", form="2021")
    return [f for f in findings(r) if f.outcome == "broken" and f.rule.startswith("statement.")]


@pytest.mark.parametrize(
    "text",
    [
        "新收11件中公开4件、部分公开2件、无法提供4件、在办1件；上年结转的2件，1件公开、1件重复。",
        "去年结转的2件申请，1件予以公开、1件不予处理。今年新收11件，其中予以公开4件、部分公开2件、无法提供4件，1件结转下年。",
        "本年新收11件，已办结10件（公开4件、部分公开2件、无法提供4件），1件在办。上年结转2件，已办结（公开1件、重复申请1件）。",
        "办结12件：新收的办结10件，公开4件、部分公开2件、无法提供4件；结转的办结2件，公开1件、不予处理1件。",
        "收到申请11件，按期答复10件，延期答复2件，延期的2件中予以公开1件。",
        "商业企业提交4件，予以公开1件，部分公开1件，无法提供2件；自然人提交7件，予以公开3件，部分公开1件，无法提供2件，1件在办。",
        "自然人提出的申请中，予以公开4件，部分公开1件，无法提供2件。",
        "涉及粮价的申请3件，予以公开1件，2件无法提供。",
        # What is being done is no part of what is done.
        "收到申请11件，办结12件、办理中1件。",
        "已答复12件，1件办理中。",
        # What came in and is not counted.
        "收到并登记申请12件，其中1件申请人当日撤回，未计入统计；计入统计的11件。",
        "收到申请14件，其中申请人撤回2件、误投1件，均不计入统计。",
        # Another body's cases; of a time; of a topic; in one manner of several.
        "代县水务中心答复申请3件，不计入本局。",
        "县防汛中心收到申请3件，单独编制年报，不计入我局。",
        "局属灌溉管理所收到申请5件，由该所登记。",
        "申请最多的一个月是5月，收到3件。",
        "单月最多收到申请3件，最少的月份一件也没有。",
        "申请集中在二季度，收到5件。",
        "水价方面的申请最多，收到6件，答复6件。",
        "同一人提出的申请收到3件。",
        "（二）依申请公开。当场答复的有4件，书面答复的8件。",
        "（二）依申请公开。当天就答复的2件，其余的10件书面答复。",
    ],
)
def test_a_part_is_not_held_against_the_whole(text: str) -> None:
    assert not told(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "新收11件中公开3件、部分公开2件、无法提供5件、在办1件；上年结转的2件，1件公开、1件重复。",
            "正文写无法提供 5件，表格里是 4。",
        ),
        (
            "新收11件中公开3件、部分公开2件、无法提供4件、在办2件；上年结转的2件，1件公开、1件重复。",
            "正文分别写予以公开 3件、1件，合计 4，表格里是 5。",
        ),
        ("收到申请11件，办结9件、办理中1件。", "正文写办结 9件，表格里是 12。"),
        ("收到申请14件，其中申请人撤回2件，不计入统计。", "正文写收到申请 14件，表格里是 11。"),
        ("代县水务中心答复申请3件，我局答复申请9件。", "正文写答复 9件，表格里是 12。"),
        ("申请集中在二季度，全年收到申请10件。", "正文写收到申请 10件，表格里是 11。"),
        ("单月最多收到申请14件。", "正文写收到申请 14件，表格里是 11。"),
        ("今年申请较多，收到申请10件。", "正文写收到申请 10件，表格里是 11。"),
        ("（二）依申请公开。当场答复5件，书面答复8件。", "正文写答复 8件，表格里是 12。"),
        ("收到申请11件，予以公开4件、部分公开2件、无法提供4件、不予处理1件。", "正文写予以公开 4件，表格里是 5。"),
        (
            "收到申请11件，上年结转2件；予以公开4件，部分公开2件，无法提供4件，不予处理1件。",
            "正文写予以公开 4件，表格里是 5。",
        ),
        (
            "新收11件，公开4件、部分公开2件、无法提供4件、在办1件。加上上年结转件，全年予以公开4件、部分公开2件、无法提供4件。",
            "正文写予以公开 4件，表格里是 5。",
        ),
    ],
)
def test_what_is_said_of_the_whole_or_of_both_parts_is(text: str, message: str) -> None:
    assert message in [f.message for f in told(text)]
