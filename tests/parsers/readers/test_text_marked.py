"""Tables in the markup of wikis: their signs are no cells, their blanks are."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from parsers.readers import text
from parsers.tables import matching

HEAD = ["办理情况", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
ROWS = [
    ["一、本年新收政府信息公开申请数量", "37", "", "", "", "", "", "37"],
    ["二、上年结转政府信息公开申请数量", "", "", "4", "", "", "", "4"],
    ["（一）予以公开", "30", "", "", "", "", "1", "31"],
    ["（七）总计", "30", "", "", "", "", "1", "31"],
]
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
    "cells": _fenced(_cells(" ")),
    "tight cells": _fenced(_cells("")),
    "rows": _fenced(_rows(" || ")),
    "tight rows": _fenced(_rows("||")),
    "set cells": _fenced(_cells(' align="right" | ')),
    "without fences": _cells(" "),
    "list": _list,
}


@pytest.mark.parametrize("how", WRITTEN)
def test_signs_are_no_cells_and_blanks_are(how: str) -> None:
    page = f"三、收到和处理政府信息公开申请情况\n{WRITTEN[how](GRID)}\n四、其他\n"
    document = text.read(page.encode(), "报告.txt")
    assert [[c.text for c in row if c is not None] for row in document.tables[0].grid()] == GRID
    assert document.paragraphs[-1].text == "四、其他"
    found = matching.match(document.blocks, 2023)
    assert found is not None and not found.unresolved
    assert [f.value for f in found.facts] == [int(c) if c else None for row in ROWS for c in row[1:]]


def test_spans_are_those_of_the_markup() -> None:
    page = '{|\n|-\n| rowspan="2" | 甲 || colspan=2 | 乙\n|-\n| 1 || 2\n|}\n'
    (table,) = text.read(page.encode(), "报告.txt").tables
    assert [[c and c.text for c in row] for row in table.grid()] == [["甲", "乙", "乙"], ["甲", "1", "2"]]
    assert [(c.rowspan, c.colspan) for c in table.cells] == [(2, 1), (1, 2), (1, 1), (1, 1)]


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


def test_rows_of_unlike_length_are_in_doubt() -> None:
    page = "{|\n| 办理情况 || 自然人\n|-\n| （一）予以公开 || 1 || 2\n|}\n"
    (table,) = text.read(page.encode(), "报告.txt").tables
    assert {c.doubt for c in table.cells} == {"label"}


@pytest.mark.parametrize("line", ["{|", "| a", "|-", "* - a", "* - a\n", "{|\n| a"])
def test_hostile_markup_takes_no_longer_than_other_text(line: str) -> None:
    start = time.monotonic()
    text.read((f"{line}\n" * 4_000).encode(), "报告.txt")
    assert time.monotonic() - start < 5
