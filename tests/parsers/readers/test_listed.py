"""Rows told in lines of words: 一、本年新收…：自然人3，商业企业0，…; every figure in its cell, or none read."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import extract
from schemas import forms

FORM = forms.load("2021")
CODES = [column.code for column in FORM.tables["requests"].columns]
HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
LABELS = [row.label for row in FORM.rows("requests", "single_other")]
FIGURES = ("1204", "0", "11", "0", "0", "0", "1215")
ABOVE = ("清河县教育局2023年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况")


def told(colon: str, between: str, pair: str, end: str = "") -> list[str]:
    pairs = between.join(pair.format(h, f) for h, f in zip(HEADS, FIGURES, strict=True))
    return [f"{label}{colon}{pairs}{end}" for label in LABELS]


COMMAS = told("：", "，", "{}{}")
SEMICOLONS = told(": ", "；", "{}:{}件", "。")


@pytest.mark.parametrize("name", ["年报.txt", "年报.html"])
@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (COMMAS, True),
        (SEMICOLONS, True),
        ([*COMMAS[:4], "（三）不予公开：", *COMMAS[4:]], True),
        # An unknown head, a head twice, a few lines among others: nothing is certain.
        ([line.replace("自然人", "公民") for line in COMMAS], False),
        ([line.replace("其他0", "总计0") for line in COMMAS], False),
        (COMMAS[:3], False),
    ],
)
def test_rows_told_in_lines(name: str, lines: list[str], whole: bool) -> None:
    text = "\n".join([*ABOVE, *lines])
    if name.endswith("html"):
        text = "<html><body>" + "".join(f"<p>{line}</p>" for line in text.split("\n")) + "</body></html>"
    (report,) = extract(Path(name), text.encode()).reports
    found = {f.address: f.value for f in report.facts if f.kind == "number"}
    right = dict(zip(CODES, map(int, FIGURES), strict=True))
    assert all(value == right[address.rpartition(".")[2]] for address, value in found.items())
    assert len(found) == (len(LABELS) * len(CODES) if whole else 0)


def test_what_is_told_beside_a_table_may_be_another_years() -> None:
    table = ["\t".join(("项目", *HEADS)), *("\t".join((label, *"4000004")) for label in LABELS)]
    (report,) = extract(Path("年报.txt"), "\n".join([*ABOVE, *table, "上年情况", *COMMAS]).encode()).reports
    assert {f.value for f in report.facts} == {0, 4}
