"""The one line of figures of a table, blank: in a sheet without borders, in CSV, behind tabs.

Belongs here: which empty line under heads is a row. Does not belong here: what is read of rows with labels.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from parsers import extract
from schemas import forms
from schemas.facts import Report

CELLS = [a for a in forms.load("2021").addresses(None) if a.startswith("disputes.")]
FIVE = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
GROUPS = ["行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"]
ONE_LINE = [
    ["行政复议", *[""] * 4, "行政诉讼", *[""] * 9],
    [*FIVE, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4],
]
ONE_LINE += [[*[""] * 5, *FIVE, *FIVE]]
BEFORE = [["清河县教育局2024年政府信息公开工作年度报告"], ["四、政府信息公开行政复议、行政诉讼情况"]]
AFTER = [["五、存在的主要问题及改进情况"], ["培训不够。"]]


def read(way: str, rows: Sequence[Sequence[str]]) -> Report:
    if way == "xlsx":
        book = openpyxl.Workbook()
        for r, row in enumerate(rows, start=1):
            for c, text in enumerate(row, start=1):
                if text:
                    book.active.cell(r, c, int(text) if text.isdecimal() else text)
        out = io.BytesIO()
        book.save(out)
        data = out.getvalue()
    else:
        width = max(map(len, rows))
        lines = [",".join([*row, *[""] * (width - len(row))]) for row in rows]
        if way == "txt":
            # A copied page: merged cells leave nothing in the places they cover.
            lines = ["\t".join(filled if (filled := [t for t in row if t]) else row) for row in rows]
        data = "\n".join(lines).encode()
    (report,) = extract(Path(f"年报.{way}"), data).reports
    return report


def blanks(report: Report) -> int:
    return sum(f.kind == "blank" for f in report.facts if f.address in CELLS)


@pytest.mark.parametrize("way", ["xlsx", "csv", "txt"])
@pytest.mark.parametrize("behind", [AFTER, []], ids=["text behind", "nothing behind"])
def test_an_empty_line_under_the_heads_of_one_line_is_that_line(way: str, behind: list[list[str]]) -> None:
    report = read(way, [*BEFORE, *ONE_LINE, [""] * 15, *behind])
    assert (blanks(report), report.unresolved) == (15, [])
    three = [line for group in GROUPS for line in ([group], FIVE, [""] * 5)]
    if way != "csv":
        report = read(way, [*BEFORE, *three, *behind])
        assert (blanks(report), report.unresolved) == (15, [])


@pytest.mark.parametrize("way", ["xlsx", "csv", "txt"])
def test_an_empty_line_between_heads_and_figures_is_none(way: str) -> None:
    figures = ["1", "0", "0", "0", "1", "0", "2", "0", "0", "2", "0", "0", "0", "3", "3"]
    report = read(way, [*BEFORE, *ONE_LINE, [""] * 15, figures, *AFTER])
    found = {f.address: f.value for f in report.facts}
    assert blanks(report) == 0
    assert found == {} or [found[a] for a in CELLS] == [int(figure) for figure in figures]


def test_heads_with_words_right_under_them_have_no_line() -> None:
    report = read("xlsx", [*BEFORE, *ONE_LINE, *AFTER])
    assert blanks(report) == 0 and {u.address for u in report.unresolved} >= set(CELLS)


def test_a_caption_over_a_table_between_bars_is_not_part_of_it() -> None:
    """Heads in two rows, and the caption without a bar: the cells stand under one another all the same."""
    columns = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    rows = [["类别", "", "", "申请人情况", *[""] * 6], ["", "", "", "自然人", "法人或其他组织", *[""] * 4, "总计"]]
    rows += [["", "", "", "", *columns[1:6], ""], ["一、本年新收政府信息公开申请数量", "", "", *"4200006"]]
    rows += [
        ["三、本年度办理结果", "（一）予以公开", "", *"2100003"],
        ["", "（三）不予公开", "1.属于国家秘密", *"1000001"],
    ]
    rows += [["", "", "2.其他法律行政法规禁止公开", *"1100002"]]
    caption = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    lines = ["三、收到和处理政府信息公开申请情况", caption, *(" | ".join(row) for row in rows)]
    (report,) = extract(Path("年报.txt"), "\n".join([BEFORE[0][0], *lines, *AFTER[0]]).encode()).reports
    found = {f.address: f.value for f in report.facts}
    assert found["requests.denied_state_secret.total"] == 1 and found["requests.granted.commercial_enterprise"] == 1
    assert len(found) == 28


NUMBERED = """
（本列数据的勾稽关系为：第一项加第二项之和，等于第三项  行次    申请人情况
加第四项之和）
                                                                自然人  法人或其他组织                          总计
                                                                        商业企  科研机  社会公  法律服  其他
                                                                        业      构      益组织  务机构
一、本年新收政府信息公开申请数量                        1       4       1       0       0       0       0       5
二、上年结转政府信息公开申请数量                        2       4       1       0       0       0       0       5
三、本
年度办  （一）予以公开                                  3       4       1       0       0       0       0       5
理结果
        （二）部分公开（区分处理的，只计这一情形，不计  4       4       1       0       0       0       0       5
        其他情形）
        （三）不予公开  1.属于国家秘密                  5       4       1       0       0       0       0       5
                        2.其他法律行政法规禁止公开      6       4       1       0       0       0       0       5
        （七）总计                                      7       4       1       0       0       0       0       5
四、结转下年度继续办理                                  8       4       1       0       0       0       0       5
"""


def test_the_head_of_row_numbers_stands_over_no_figures() -> None:
    """Columns held apart by spaces: the numbers of the rows are left out, and so is their head."""
    text = "\n".join([BEFORE[0][0], "三、收到和处理政府信息公开申请情况", NUMBERED, AFTER[0][0]])
    (report,) = extract(Path("年报.txt"), text.encode()).reports
    facts = [f for f in report.facts if f.address.startswith("requests.")]
    assert len(facts) == 7 * 8
    assert {f.value for f in facts if f.address.endswith(".total")} == {5}
