"""Figures in text that go on in the next line: the pieces are no figures.

Belongs here: rows whose digits broke where their cell ended. Does not belong here: labels over several lines
(`test_text_shapes`), which column a figure is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from parsers import extract
from schemas.facts import Report

TITLE = "清河县民政局2024年政府信息公开工作年度报告"
HEADS = "自然人  商业企业  科研机构  社会公益组织  法律服务机构  其他  总计"


def read(*lines: str) -> Report:
    (found,) = extract(Path("年报.txt"), "\n".join((TITLE, *lines)).encode()).reports
    return found


def told(report: Report, row: str) -> tuple[set[str | None], int]:
    """What is a fact of a row, and how many of its cells are open."""
    facts = {f.printed for f in report.facts if f.address.startswith(row)}
    return facts, sum(u.address.startswith(row) for u in report.unresolved)


@pytest.mark.parametrize(
    ("row", "whole"),
    [
        ("一、本年新收政府信息公开申请数量  9,  0  0  2  0  0  9,", False),
        ("一、本年新收政府信息公开申请数量  0  0  0  0，625  1，654  0  8，206", False),
        ("一、本年新收政府信息公开申请数量  ,625  0  0  0  0  0  ,625", False),
        ("一、本年新收政府信息公开申请数量  1,625  0  0  0  0  0  1,625", True),
    ],
)
def test_of_a_row_with_a_piece_of_a_figure_nothing_is_certain(row: str, whole: bool) -> None:
    report = read(
        "三、收到和处理政府信息公开申请情况", HEADS, row, "二、上年结转政府信息公开申请数量  0  4  0  0  0  0  4"
    )
    assert told(report, "requests.new_received") == (({"1,625", "0"}, 0) if whole else (set(), 7))
    assert told(report, "requests.carried_over")[0] == {"0", "4"}


def test_where_a_label_goes_on_the_figures_behind_its_rest_may_be_the_rest_of_figures() -> None:
    heading = "三、收到和处理政府信息公开申请情况"
    above, below = (
        "一、本年新收政府信息公开申请数量  26  1  0  2  0  0  29",
        "四、结转下年度继续办理  1  0  0  0  0  0  1",
    )
    broken = read(heading, HEADS, above, "1.信访举报投诉  9  0  0  0  2  0  9", "类申请  65  5  65", below)
    assert told(broken, "requests.not_processed_petition") == (set(), 7)
    # Another row's label, misprinted or not, is no rest of this one's.
    for label in ("2.重复申请", "2.重复的申情"):
        whole = read(heading, HEADS, above, "1.信访举报投诉类申请  9  0  0  0  2  0  11", f"{label}  65  5  65", below)
        assert told(whole, "requests.not_processed_petition") == ({"9", "0", "2", "11"}, 0)


@pytest.mark.parametrize(("breaks", "certain"), [(True, set()), (False, {"12260"})])
def test_in_drawn_columns_digits_without_words_go_on_the_figure_above(breaks: bool, certain: set[str]) -> None:
    """Where the columns are so narrow that words break in them; else it is a row whose label is not there."""
    item = ["|第二十条第（八）|     |", "|项              |     |"] if breaks else ["|第二十条第（八）项|     |"]
    rows = ["|信息内容        |本年收费金额（单位：万元）|", "|行政事业性收费  |12260|", "|                |5    |"]
    report = read("二、主动公开政府信息情况", "|行政许可        |21   |", *item, *rows)
    assert told(report, "article20.fees")[0] == certain
    assert told(report, "article20.licensing")[0] == {"21"}


def test_a_unit_in_the_figures_place_is_no_words() -> None:
    rows = [
        "|指标名称|单位|统计数|",
        "|---|---|---|",
        "|（一）收到申请数|件|21|",
        "|1.当面申请数||件<br>2|",
        "|2.传真申请数||件|",
    ]
    (report,) = extract(
        Path("年报.md"), "\n".join(("清河县民政局2016年政府信息公开工作年度报告", "三、依申请公开情况", *rows)).encode()
    ).reports
    assert told(report, "statistics.requests_received")[0] == {"21"}
    assert told(report, "statistics.requests_in_person") == (set(), 1)
    assert told(report, "statistics.requests_fax") == (set(), 1)


_HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
_CELLS = (
    ("一、本年新收政府信息公开申请数量", "3", "0", "0", "0", "0", "0", "3"),
    ("二、上年结转政府信息公开申请数量", "1", "0", "0", "0", "0", "0", "1"),
    ("（七）总计", "4", "0", "0", "0", "未发生", "0", "4"),
    ("四、结转下年度继续办理", "0", "0", "0", "0", "0", "0", "0"),
)


def _a_cell_a_line(bar: str) -> list[str]:
    lines = ["三、收到和处理政府信息公开申请情况"]
    for row in (("", *_HEADS), *_CELLS):
        for cell in row:
            lines += [cell, bar] if bar else [cell]
    return [line for line in lines if line or bar]


def test_words_among_the_figures_of_a_cell_a_line_are_a_cell() -> None:
    """未发生 in a row of seven: what stands behind it are its last figures, not another row's."""
    report = read(*_a_cell_a_line("|"))
    facts, _ = told(report, "requests.processed_total")
    assert {f.printed for f in report.facts if f.address == "requests.processed_total.total"} == {"4"}
    assert "未发生" in facts and "" not in facts


def test_where_nothing_shows_blanks_they_may_be_a_label() -> None:
    report = read(*_a_cell_a_line(""))
    printed = {f.address.rsplit(".", 1)[1]: f.printed for f in report.facts if "processed_total" in f.address}
    assert printed.get("total", "4") == "4"
    assert "" not in printed.values()


def test_heads_without_figures_on_a_laid_out_page_are_seen() -> None:
    """Heads that no figure stands under are in no table: what they say is kept, and their table is not missing."""

    def columns(label: str, cells: Sequence[str]) -> str:
        return "".join(
            text + " " * (wide - len(text.encode("gbk"))) for text, wide in ((label, 40), *((c, 16) for c in cells))
        )

    requests = [columns(label, figures) for label, *figures in _CELLS]
    heads = ["行政复议", "结果维  纠正    其他    尚未审  总计", "持                      结", "", "", ""]
    report = read(
        "三、收到和处理政府信息公开申请情况",
        columns("", _HEADS),
        *requests,
        "",
        "四、政府信息公开行政复议、行政诉讼情况",
        "",
        *heads,
        *(line.replace("行政复议", "行政诉讼（未经复议直接起诉）") for line in heads),
        "五、存在的主要问题及改进情况",
        "没有。",
    )
    assert any(f.address == "requests.processed_total.total" and f.printed == "4" for f in report.facts)
    assert sum(u.address.startswith("disputes.") for u in report.unresolved) == 15
