"""A column of codes in front of the figures: 指标名称 | 单位 | 代码 | 数量, with names of sections between marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import extract
from schemas import forms

ROWS = forms.load("2014").tables["statistics"].rows
TITLE = "清河县2016年政府信息公开工作年度报告"
HEADS = {
    "before": ("指标名称", "单位", "代码", "数量"),
    "first": ("代码", "指标名称", "计量单位", "统计数"),
    "unitless": ("统计指标", "代码", "统计数"),
}


def page(order: str, *, head: str | None = None, figures: bool = True) -> str:
    lines = [HEADS[order]]
    code = 0
    for n, row in enumerate(ROWS):
        if n % 7 == 0:
            code += 1
            lines.append(_line(order, "一、主动公开情况" if not n else "二、依申请公开", "——", f"{code:02d}", "——"))
        code += 1
        lines.append(_line(order, row.label, "件", f"{code:02d}", str(100 + n) if figures else ""))
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in line) + "</tr>" for line in lines)
    return f"<h1>{TITLE}</h1><p>政府信息公开情况统计表</p><table>{cells}</table>"


def _line(order: str, label: str, unit: str, code: str, figure: str) -> tuple[str, ...]:
    if order == "first":
        return code, label, unit, figure
    return (label, code, figure) if order == "unitless" else (label, unit, code, figure)


@pytest.mark.parametrize("order", HEADS)
@pytest.mark.parametrize("figures", [True, False])
def test_codes_are_no_figures(order: str, figures: bool) -> None:
    (report,) = extract(Path("年报.html"), page(order, figures=figures).encode()).reports
    right = {f"statistics.{row.code}.value": 100 + n for n, row in enumerate(ROWS)}
    found = {f.address: f.value for f in report.facts if f.kind == "number"}
    assert all(right[a] == v for a, v in found.items())
    assert len(found) >= (0.8 * len(right) if figures else 0)
    assert figures or not found
    unresolved = {u.address for u in report.unresolved} | {f.address for f in report.facts}
    assert unresolved >= set(right)
