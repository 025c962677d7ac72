"""Running text whose labels and figures are out of step: nothing that follows a label by chance is certain.

Belongs here: cells a line in disorder. Does not belong here: what leaves a trace (`test_seen`, `test_badly_read`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import extract
from schemas import forms
from schemas.facts import Report

FORM = forms.load("2021")
TABLE = FORM.tables["requests"]
HEADS = [c.label for c in TABLE.columns]
LABELS = [row.label for row in FORM.rows("requests", "single_other")]
FIGURES = ["7", "0", "0", "1", "0", "0", "8"]


def read(*lines: str) -> Report:
    text = ("清河县民政局2024年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况", *HEADS, *lines)
    (found,) = extract(Path("年报.txt"), "\n".join(text).encode()).reports
    return found


def facts(report: Report) -> set[str]:
    return {f.address.split(".")[1] for f in report.facts if f.address.startswith("requests.")}


def test_one_row_among_labels_without_figures_is_chance() -> None:
    strays = ["12", "31", "5"]
    report = read(LABELS[0], *FIGURES, *LABELS[1:20], *strays, *LABELS[20:])
    assert facts(report) == set()
    assert {u.address.split(".")[1] for u in report.unresolved} >= {"new_received", "granted", "carried_forward"}


@pytest.mark.parametrize("rows", [6, len(LABELS)])
def test_rows_with_their_figures_are_read_however_many_stand_there(rows: int) -> None:
    report = read(*(cell for label in LABELS[:rows] for cell in (label, *FIGURES)))
    assert len(facts(report)) == rows


def test_between_a_label_with_the_figures_of_two_rows_and_one_with_none_nothing_is_certain() -> None:
    cells = [[label, *FIGURES] for label in LABELS]
    # Figures stand in front of the labels of the rows 3 to 6.
    cells[2] += FIGURES
    cells[6] = cells[6][:1]
    found = facts(read(*(cell for row in cells for cell in row)))
    codes = [row.code for row in FORM.rows("requests", "single_other")]
    assert found.isdisjoint(codes[2:7])
    assert found >= {*codes[:2], *codes[8:]}
    # A label without figures alone says nothing of the others.
    cells[2] = [LABELS[2], *FIGURES]
    assert facts(read(*(cell for row in cells for cell in row))) >= {*codes[:6], *codes[8:]}
