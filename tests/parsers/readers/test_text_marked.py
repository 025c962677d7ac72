"""Tables in the markup of wikis: their signs are no cells, and nothing of them is read as anything else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from parsers import extract
from parsers.readers import text
from schemas import forms

HEAD = ["办理情况", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
ROWS = [[row.label, "37", "", "4", "", "", "1", "42"] for row in forms.load("2021").rows("requests", "single_other")]
GRID = [HEAD, *ROWS]
Written = Callable[[list[list[str]]], str]


def _cells(sign: str) -> Written:
    return lambda rows: "\n|-\n".join("\n".join(f"|{sign}{c}".rstrip() for c in row) for row in rows)


def _rows(between: str) -> Written:
    return lambda rows: "\n|-\n".join(f"| {between.join(row)}" for row in rows)


def _fenced(inner: Written) -> Written:
    return lambda rows: f'{{| class="wikitable"\n|+ 附表\n|- style="x"\n{inner(rows)}\n|}}'


def _list(rows: list[list[str]]) -> str:
    lines = ["\n".join(("   * - " if k == 0 else "     - ") + c for k, c in enumerate(row)).rstrip() for row in rows]
    return ".. list-table::\n\n" + "\n".join(lines)


WRITTEN: dict[str, Written] = {
    "tight cells": _fenced(_cells("")),
    "rows": _fenced(_rows(" || ")),
    "set cells": _fenced(_cells(' align="right" | ')),
    "without fences": _cells(" "),
    "list": _list,
}


@pytest.mark.parametrize("how", WRITTEN)
def test_no_cell_of_them_is_certain_and_no_row_missing(how: str) -> None:
    above = "清河县教育局2023年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况"
    page = f"{above}\n{WRITTEN[how](GRID)}\n四、其他\n"
    document = text.read(page.encode(), "报告.txt")
    assert document.paragraphs[-1].text == "四、其他"
    (report,) = extract(Path("报告.txt"), page.encode()).reports
    assert not report.facts
    unread = {u.address.split(".")[1] for u in report.unresolved if u.address.startswith("requests.")}
    assert unread >= {row.code for row in forms.load("2021").rows("requests", "single_other")}


@pytest.mark.parametrize(
    "lines",
    [
        ["|甲|乙|", "|---+---|", "|1|2|", "|---+---|", "|3|4|", "|---+---|"],
        ["| 甲", "| -", "| 乙", "| -"],
        ["| 甲 | 乙 |", "|---|---|", "| 1 | - |"],
        ["* - ", "正文"],
    ],
)
def test_tables_of_other_programs_are_left_to_the_other_ways(lines: list[str]) -> None:
    from parsers.readers.text import marked

    assert all(marked.table(lines, i) is None for i in range(len(lines)))


@pytest.mark.parametrize("line", ["{|", "| a", "|-", "* - a", "* - a\n", "{|\n| a"])
def test_hostile_markup_takes_no_longer_than_other_text(line: str) -> None:
    start = time.monotonic()
    text.read((f"{line}\n" * 4_000).encode(), "报告.txt")
    assert time.monotonic() - start < 5
