"""One mistake that several rules tell, or of which a sentence says several things, is one problem; two mistakes are two."""

from __future__ import annotations

import pytest

import checks
from gouji.show.causes import Cause, causes_of
from gouji.show.text import explanation_lines
from parsers.prose import statements
from schemas.facts import Extraction, Passage, Place, Source
from tests.checks.reports import Cells, put, sound_report

VALUES = {a: int(v) for a, v in sound_report(2023).values().items() if a.startswith(("requests", "disputes"))}
NEW, OVER, FORWARD, DONE = (
    VALUES[f"requests.{row}.total"] for row in ("new_received", "carried_over", "carried_forward", "processed_total")
)
APPEALS = "disputes.reconsideration"


def causes(text: str, cells: Cells | None = None) -> list[Cause]:
    r = put(sound_report(2023), cells or {})
    # One paragraph each, as the sections of a sound report have them.
    r.passages = [*r.passages, *(Passage(t, Place(line=90 + i)) for i, t in enumerate(text.split("|")))]
    r.statements = statements.find(r.passages, year=2023, scope=r.scope, form="2021")
    found = causes_of(checks.check(Extraction(Source("草稿.docx", "0", "x", 1), {}, [r])), r, "zh")
    return [
        c
        for c in found
        if any(f.rule.startswith(("statement.d", "statement.c", "statement.s", "disputes")) for f in c.findings)
    ]


@pytest.mark.parametrize(
    ("text", "rules", "severity"),
    [
        (
            f"全年收到政府信息公开申请{NEW}件，全部办结，无结转。",
            ["statement.disagrees", "statement.contradiction"],
            "error",
        ),
        ("未发生因政府信息公开被申请行政复议、提起行政诉讼的情况。", ["statement.disagrees"] * 2, "error"),
        ("因政府信息公开工作，没有发生行政诉讼和行政复议案件。", ["statement.disagrees"] * 2, "error"),
        (
            f"全年受理政府信息公开申请{NEW}件，办结{NEW + 40}件，均按期答复。",
            ["statement.disagrees", "statement.share"],
            "error",
        ),
    ],
)
def test_what_one_sentence_says_wrong_is_one_problem(text: str, rules: list[str], severity: str) -> None:
    (found,) = causes(text)
    assert [f.rule for f in found.findings] == rules and found.severity == severity


@pytest.mark.parametrize(
    "text",
    [
        # Two sentences; a rate that has nothing to do with the count.
        f"全年收到政府信息公开申请{NEW + 7}件。|受理热线117件，办结171件。",
        f"全年收到政府信息公开申请{NEW + 7}件。|回访20人，满意15人，满意率95%。",
    ],
)
def test_two_mistakes_are_two_problems(text: str) -> None:
    assert len(causes(text)) == 2


def test_two_rows_in_each_others_place_are_named() -> None:
    text = f"全年新收政府信息公开申请{OVER}件，上年结转{NEW}件。"
    (found,) = causes(text)
    first, second = found.findings
    assert "正好相反" in first.message and "上年结转" in first.message and "收到申请" in second.message
    assert len(found.advice) == 1 and "换过来" in found.advice[0]
    (one,) = causes(f"全年新收政府信息公开申请{OVER}件，上年结转{OVER}件。")
    assert len(one.findings) == 1 and "相反" not in one.findings[0].message


def test_what_a_note_says_again_of_a_cell_is_left_out() -> None:
    """A fee in yuan is ten thousand times last year's, which need not be said twice; a jump of another cell is."""
    fees, licences = "article20.fees.amount", "article20.licensing.decisions"
    then, now = sound_report(2022), put(sound_report(2023), {fees: 251000, licences: 70000})
    put(then, {fees: 25, licences: 70})
    checked = checks.check(Extraction(Source("草稿.docx", "0", "x", 1), {}, [now]), previous=[then], same_body=True)
    told = [(f.rule, f.cells) for c in causes_of(checked, now, "zh") for f in c.findings if f.cells]
    assert ("value.unit", [fees]) in told and ("series.jump", [licences]) in told
    assert ("series.jump", [fees]) not in told and "series.jump" in {
        f.rule for f in checked.findings if f.cells == [fees]
    }


@pytest.mark.parametrize(
    ("text", "singled"),
    [
        ("因政府信息公开被申请行政复议10件，其中维持1件。", True),
        ("政府信息公开行政复议10件。", True),
        # It has neither side of the sum, or nothing is said.
        ("因政府信息公开被申请行政复议12件。", False),
        ("公开工作有序开展。", False),
    ],
)
def test_a_sentence_singles_out_the_total(text: str, singled: bool) -> None:
    found = next(c for c in causes(text, {f"{APPEALS}.total": 11}) if c.sums)
    lines = "".join(explanation_lines(found, "zh"))
    if singled:
        assert found.marked == {f"{APPEALS}.total": "maybe"} and not found.proposed
        assert "各格都可能有误" not in lines and "“总计”" in found.advice[0]
    else:
        assert len(found.marked) == 5 and "各格都可能有误" in lines
