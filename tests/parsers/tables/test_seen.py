"""What stands in a text is read, open or left over: rows without figures, wordy cells, heads of years, in each way of writing.

Belongs here: whole reports as text with one trait each. Does not belong here: one table laid against its heads
(`test_columns`, `test_ragged`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import extract
from schemas import forms
from schemas.facts import Report

FORM = forms.load("2021")
HEADS = ("第二十条第（一）项", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
TITLE = "清河县民政局2024年政府信息公开工作年度报告"
TWO, FOUR = "二、主动公开政府信息情况", "四、政府信息公开行政复议、行政诉讼情况"
DISPUTES = (
    ("行政复议", "行政诉讼"),
    ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计", "未经复议直接起诉", "复议后起诉"),
    ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 2,
)
FIFTEEN = ("2", "0", "1", "0", "3", "1", "0", "0", "0", "1", "2", "0", "0", "1", "3")


def written(way: str, *parts: str | tuple[tuple[str, ...], ...]) -> Report:
    """A report of lines and tables: a cell a line, bars or tabs between the cells of a row, or CSV."""
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
        elif way == "cells":
            lines += [cell for row in part for cell in row]
        else:
            lines += [{"bars": " | ", "tabs": "\t", "csv": ","}[way].join(row) for row in part]
    name = "年报.csv" if way == "csv" else "年报.txt"
    (found,) = extract(Path(name), "\n".join(lines).encode()).reports
    return found


def values(report: Report) -> dict[str, object]:
    return {f.address: f.value for f in report.facts}


@pytest.mark.parametrize("way", ["cells", "bars", "tabs"])
def test_years_over_columns_are_no_columns_of_the_form(way: str) -> None:
    rows = (
        ("规章", "0", "0", "0"),
        ("行政规范性文件", "2", "1", "11"),
        ("信息内容", "本年处理决定数量"),
        ("行政许可", "670"),
    )
    years = (*HEADS[:2], "2022年", "2023年", "2024年")
    found = values(written(way, TITLE, TWO, (years, *rows)))
    assert not any(a.startswith(("article20.regulations", "article20.normative")) for a in found)
    assert found["article20.licensing.decisions"] == 670
    right = values(written(way, TITLE, TWO, (HEADS, *rows)))
    assert right["article20.normative_documents.in_force"] == 11


@pytest.mark.parametrize("way", ["cells", "bars", "tabs"])
@pytest.mark.parametrize(("at", "words"), [(0, "约2件"), (1, "暂无"), (7, "1?"), (14, "3件左右")])
def test_a_wordy_cell_costs_one_cell(way: str, at: int, words: str) -> None:
    line = (*FIFTEEN[:at], words, *FIFTEEN[at + 1 :])
    report = written(way, TITLE, FOUR, (*DISPUTES, line))
    addresses = [
        f"disputes.{r.code}.{c.code}" for r in FORM.tables["disputes"].rows for c in FORM.tables["disputes"].columns
    ]
    found = values(report)
    for i, (address, figure) in enumerate(zip(addresses, FIFTEEN, strict=True)):
        if i != at:
            assert found[address] == int(figure)
    assert found.get(addresses[at]) is None
    assert addresses[at] in found or addresses[at] in {u.address for u in report.unresolved}


REQUESTS = FORM.tables["requests"]
APPLICANTS = tuple(c.label for c in REQUESTS.columns)


def test_labels_without_figures_are_not_missing_and_stray_figures_are_left_over() -> None:
    """A cell a line, blanks lost: what stands between the labels is nobody's for certain, and nothing of it is lost."""
    first = [
        ("一、本年新收政府信息公开申请数量", *["20", "4", "0", "0", "1", "0", "25"]),
        ("二、上年结转政府信息公开申请数量", *["2", "0", "0", "0", "0", "0", "2"]),
    ]
    rest = ("\n" * 7).join(
        ("1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "7", "4.保护第三方合法权益", "8")
    )
    report = written(
        "cells", TITLE, "三、收到和处理政府信息公开申请情况", (APPLICANTS, *first), "（三）不予公开", rest, FOUR
    )
    open_rows = {u.address.split(".")[1] for u in report.unresolved}
    assert {"denied_state_secret", "denied_prohibited_by_law", "denied_third_party_rights"} <= open_rows
    assert {t.row for t in report.traces} >= {"denied_state_secret", "denied_prohibited_by_law"}
    assert values(report)["requests.new_received.total"] == 25
    assert [(x.table, x.printed, x.reason) for x in report.leftovers] == [
        ("requests", "7", "row"),
        ("requests", "8", "row"),
    ]


def test_csv_without_delimiters_behind_the_last_cell() -> None:
    rows = (HEADS, ("", "规章", "0", "0", "0"), ("", "行政规范性文件", "2", "1", "11"), ("", "行政许可", "670"))
    found = values(written("csv", TITLE, TWO, rows, FOUR, (*DISPUTES, FIFTEEN)))
    assert found["article20.normative_documents.issued"] == 2
    assert found["disputes.reconsideration.total"] == 3


def test_rows_of_blanks_and_labels_cut_at_a_lines_end_leave_a_trace() -> None:
    rows = (HEADS[1:], ("行政规范性文件", "2", "1", "11"))
    report = written("tabs", TITLE, TWO, rows, "规章", "", "", "", "", "行政处罚", FOUR)
    assert {("article20", "regulations"), ("article20", "penalty")} <= {(t.table, t.row) for t in report.traces}
    first = [("一、本年新收政府信息公开申请数量", *["20", "4", "0", "0", "1", "0", "25"])]
    cut = "（二）部分公开（区分处理的，只计这一情形，不计   4   0  6  0"
    report = written(
        "tabs", TITLE, "三、收到和处理政府信息公开申请情况", (("", *APPLICANTS), *first), "", "", "", "", cut
    )
    (trace,) = [t for t in report.traces if t.row == "partially_granted"]
    assert "4 0 6 0" in trace.printed
    assert "requests.partially_granted.total" in {u.address for u in report.unresolved}


def test_rows_without_figures_whose_labels_stand_behind_their_groups_leave_a_trace() -> None:
    """Columns of spaces: the group again in every row, and 其他处理 is the row where no row of its group stands."""
    rows = ("1.属于国家秘密", "2.其他法律行政法规禁止公开", "5.属于三类内部事务信息", "7.属于行政执法案卷")
    lines = [line for row in rows for line in ("三、本", f"年度办  （三）不予公开  {row}", "理结果")]
    first = [("一、本年新收政府信息公开申请数量", *["20", "4", "0", "0", "1", "0", "25"])]
    table = ("三、收到和处理政府信息公开申请情况", (("", *APPLICANTS), *first))
    report = written("tabs", TITLE, *table, "", "", *lines, "三、本", "年度办  （六）其他处理", "理结果", FOUR)
    seen = {t.row for t in report.traces}
    assert {"denied_state_secret", "denied_enforcement_file", "other_handling"} <= seen
    parts = ("三、本", "年度办  （六）其他处理", "年度办  （六）其他处理  1.申请人无正当理由逾期不补正")
    whole = written("tabs", TITLE, *table, "", "", *parts, FOUR)
    assert "other_handling" not in {t.row for t in whole.traces}


@pytest.mark.parametrize("line", ["| / " * 15 + "|", "|" * 16, "| " * 16, "/\t" * 14 + "/"])
def test_a_line_of_marks_or_blank_cells_under_a_heading_is_a_table_that_was_seen(line: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    rows = "\n".join(
        f"| {label} | 0 | 0 | 0 | 0 | 0 | 0 | 0 |" for label in ("一、本年新收政府信息公开申请数量", "（七）总计")
    )
    heads = "| 项目 | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |"
    before = f"清河县教育局2023年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n{heads}\n{rows}\n"
    for text, there in (
        (f"四、政府信息公开行政复议、行政诉讼情况\n{line}\n五、存在的主要问题及改进情况\n", True),
        ("", False),
    ):
        path.write_text(before + text, encoding="utf-8")
        (report,) = extract(path).reports
        seen = [a for a in (*report.facts, *report.unresolved) if a.address.startswith("disputes.")]
        assert len(seen) == (15 if there else 0)


def test_a_line_of_figures_that_is_nobodys_may_be_that_of_a_row_that_was_not_met(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    heads = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
    rows = [
        "一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3",
        "（一）予以公开 2 0 0 0 0 0 2",
        "（七）总计 3 0 0 0 0 0 3",
    ]
    rows += ["四、结转下年度继续办理 0 0 0 0 0 0 0"]
    for stray in ("其他 1 0 0 0 0 0 1 含转办2", "本行为其他事项合计若干 1 0 0 0 0 0 1 见附件2"):
        text = "\n".join(
            [
                "清河县教育局2023年政府信息公开工作年度报告",
                "三、收到和处理政府信息公开申请情况",
                heads,
                *rows[:2],
                stray,
                *rows[2:],
            ]
        )
        path.write_text(text, encoding="utf-8")
        (report,) = extract(path).reports
        open_rows = {u.address.split(".")[1] for u in report.unresolved}
        assert "other_remaining" in open_rows and "granted" not in open_rows
        path.write_text(text.replace(stray + "\n", ""), encoding="utf-8")
        (report,) = extract(path).reports
        assert "other_remaining" not in {u.address.split(".")[1] for u in report.unresolved}


@pytest.mark.parametrize("mark", ["－", "—", "/", "-"])
def test_a_row_of_marks_behind_its_label_is_a_row(mark: str) -> None:
    """Spaces between the cells: to a label marks say nothing, and a line of label and marks is no label alone."""
    labels = [row.label for row in REQUESTS.rows[:3]]
    rows = [labels[0] + " 3 0 0 0 0 0 3", f"{labels[1]} {' '.join(mark * 7)}", labels[2] + " 3 0 0 0 0 0 3"]
    power = [" ".join(HEADS[1:]), f"规章 {mark} {mark} {mark}", "行政规范性文件 2 1 11"]
    asked = ["三、收到和处理政府信息公开申请情况", " ".join(APPLICANTS), *rows]
    report = written("cells", TITLE, TWO, *power, *asked, FOUR)
    marks = {f.address.rpartition(".")[0] for f in report.facts if f.kind == "mark"}
    assert marks == {"article20.regulations", "requests.carried_over"}
    assert values(report)["requests.granted.total"] == 3
    assert not report.traces


def test_rows_whose_labels_are_broken_over_short_lines_are_not_missing(tmp_path: Path) -> None:
    """Narrow columns of labels: the rows whose labels were not put together stand under their heading all the same."""
    path = tmp_path / "report.txt"
    narrow = [
        "三、  （一）予以公   14   0   0    0    0    0   14",
        "本年  开",
        "度办   （二）部分公    6   0   0   0   0   0   6",
    ]
    narrow += ["理结   开（区分处理", "     （三  1.属   2   0   0   0   0   0   2", "     ）不  于国"]
    whole = ["（七）总计 22 0 0 0 0 0 22", "四、结转下年度继续办理 0 0 0 0 0 0 0"]
    other = ["五、存在的主要问题及改进情况", "附： 14   0   0    0    0    0   14"]
    for lines, there in (([*narrow, *whole], True), ([*whole, *other], False)):
        path.write_text("\n".join([TITLE, "三、收到和处理政府信息公开申请情况", *lines]), encoding="utf-8")
        (report,) = extract(path).reports
        seen = {a.address.split(".")[1] for a in (*report.facts, *report.unresolved)}
        assert ("denied_enforcement_file" in seen) == there
        assert not {
            f.address for f in report.facts if f.address.split(".")[1] not in ("processed_total", "carried_forward")
        }
