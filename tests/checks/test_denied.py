"""Decisions that a text says there were none of, against the table: told where there were some, whatever the words."""

from __future__ import annotations

import pytest

from parsers.prose import statements
from schemas.facts import Passage, Place
from schemas.findings import Finding

from .reports import Cells, findings, put, sound_report

CELLS: Cells = {
    "article20.licensing.decisions": 41,
    "article20.penalty.decisions": 7,
    "article20.coercion.decisions": 0,
    "article20.normative_documents.issued": 1,
    "article20.normative_documents.in_force": 9,
}


def told(text: str, cells: Cells = CELLS) -> list[Finding]:
    r = put(sound_report(2023), cells)
    r.passages = [Passage(text, Place(line=1))]
    r.statements = statements.find(r.passages, year=2023, scope=r.scope, form="2021")
    return [f for f in findings(r, "statement.disagrees") if f.outcome == "broken"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("我局不涉及行政许可、行政处罚和行政强制事项。", ["licensing", "penalty"]),
        ("本年度，本单位无行政许可及行政处罚案件。", ["licensing", "penalty"]),
        ("2023年未发生行政处罚。", ["penalty"]),
        ("本机关不承担行政许可职能，公开以服务信息为主。", ["licensing"]),
        ("行政许可、行政处罚、行政强制均为零。", ["licensing", "penalty"]),
        ("全年行政许可0件，行政处罚0件，行政强制0件。", ["licensing", "penalty"]),
        ("由于职能调整，我局不再承担行政许可事项。", ["licensing"]),
        # As the reading of sentences has it: once.
        ("全年没有作出行政处罚决定。", ["penalty"]),
    ],
)
def test_told(text: str, cells: list[str]) -> None:
    (found,) = told(text)
    assert found.severity == "warning" and found.cells == [f"article20.{c}.decisions" for c in cells]


@pytest.mark.parametrize(
    "text",
    [
        "我局无行政强制事项。",
        "行政强制为0。",
        # Of some, of another year, of what became of them.
        "下属服务中心不涉及行政许可事项。",
        "2022年未发生行政处罚。",
        "上年无行政处罚案件。",
        "无行政许可事项变更。",
        "全年未发生行政处罚被撤销的情形。",
        "疫情期间，未发生行政处罚。",
        "行政许可7天内公示。",
        "全年行政处罚0.7万元。",
    ],
)
def test_not_told(text: str) -> None:
    assert not told(text)


def test_without_the_tables_figure_nothing_is_said() -> None:
    assert not told("本年度无行政许可事项。", {"article20.licensing.decisions": None})


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("完成行政许可14件。", 14),
        ("办结行政许可事项42件。", 42),
        ("乡政府全年制发规范性文件1件，现行有效19件。", 19),
        ("镇政府制定规范性文件1件，废止2件，继续有效19件。", 19),
        ("街道办事处现行有效规范性文件19件。", 19),
        ("截至2023年底，本机关制发的规范性文件现行有效19件。", 19),
        ("本机关制定的规范性文件继续有效9件。", None),
        # Of what was decided some may have been refused, of what was looked into some let go.
        ("准予行政许可40件。", None),
        ("查处行政处罚案件8件。", None),
        ("完成行政许可41件。", None),
        ("乡政府全年制发规范性文件1件，现行有效9件。", None),
        ("市政府全年制发规范性文件10件，现行有效190件。", None),
    ],
)
def test_other_verbs_and_subjects(text: str, printed: int | None) -> None:
    assert [f.printed for f in told(text)] == ([] if printed is None else [printed])
