"""Tables whose rows were seen and not read: which edition they are of, and that no other row of theirs is called missing.

Belongs here: reports as text whose table of requests cannot be read. Does not belong here: seeing single rows (`test_seen`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import extract
from schemas import forms
from schemas.facts import Report

FORM = forms.load("2021")
TABLE = FORM.tables["requests"]
PARTS, ONE = ("other_overdue_correction", "other_unpaid_fee", "other_remaining"), "other_handling"
HEADS = " ".join(c.label for c in TABLE.columns)
ZEROS = " 0" * 7


def read(*lines: str) -> Report:
    text = ("清河县民政局2024年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况", *lines)
    (found,) = extract(Path("年报.txt"), "\n".join(text).encode()).reports
    return found


def opened(report: Report) -> set[str]:
    return {u.address.split(".")[1] for u in report.unresolved if u.address.startswith("requests.")}


def labels(variant: str | None) -> list[str]:
    return [row.label for row in FORM.rows("requests", variant)]


@pytest.mark.parametrize("variant", [None, "single_other"])
def test_the_labels_of_a_table_that_was_not_read_tell_its_edition(variant: str | None) -> None:
    report = read(*labels(variant))
    assert report.variant == variant
    assert opened(report) == {row.code for row in FORM.rows("requests", variant)}
    # The group's label stands over the three parts as well.
    if variant is None:
        assert read("（六）其他处理", *labels(None)).variant is None


def test_an_edition_that_nobody_can_tell_is_the_one_in_force() -> None:
    """The word 其他处理 among a few labels: the others, of its parts too, may not have been legible."""
    report = read("一、本年新收政府信息公开申请数量", "（一）予以公开", "（六）其他处理", "四、结转下年度继续办理")
    assert report.variant is None
    assert set(PARTS) <= opened(report) and ONE not in opened(report)


@pytest.mark.parametrize(("unread", "open_too"), [(3, True), (2, False)])
def test_a_row_is_missing_only_where_the_others_were_read(unread: int, open_too: bool) -> None:
    rows = [row for row in FORM.rows("requests", "single_other") if row.code != "granted"]
    lines = [row.label + ("" if 4 <= i < 4 + unread else ZEROS) for i, row in enumerate(rows)]
    report = read(HEADS, *lines)
    assert {t.row for t in report.traces} >= {row.code for row in rows[4 : 4 + unread]}
    assert ("granted" in opened(report)) is open_too
    assert report.variant == "single_other"
    assert opened(report).isdisjoint(PARTS)


def test_a_label_of_a_row_with_its_figures_begins_no_other_section() -> None:
    """三、… before a row: the rows behind it are of the same table."""
    rows = [row.label for row in FORM.rows("requests", "single_other")]
    lines = [f"三、本年度办理结果,,{label},,/,/,x" if i == 2 else f",,{label},/,/,/,x" for i, label in enumerate(rows)]
    report = read(*lines)
    assert report.variant == "single_other" and ONE in opened(report)
