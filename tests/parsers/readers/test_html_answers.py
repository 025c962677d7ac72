"""Answers in JSON whose characters are numbers, fields of LibreOffice: what a page shows."""

from __future__ import annotations

import json

from parsers.readers import html

LABELS = "1.申请人无正当理由逾期不补正<br>2.申请人逾期未按收费通知要求缴纳费用<br>3.其他"


def rows(page: str) -> list[list[str]]:
    (table,) = html.read(f"<meta charset=utf-8><body><p>报告</p>{page}".encode(), "报告.html").tables
    return [[cell.text if cell is not None else "" for cell in row] for row in table.grid()]


def page(labels: str, *figures: str) -> str:
    cells = "".join(f"<td>{f}</td>" for f in figures)
    return (
        f"<table><tr><td rowspan=3>三、结果</td><td colspan=2>（五）</td>{'<td>9</td>' * len(figures)}</tr>"
        f"<tr><td>（六）其他处理</td><td>{labels}</td>{cells}</tr>"
        f"<tr><td colspan=2>（七）总计</td>{'<td>8</td>' * len(figures)}</tr></table>"
    )


def test_an_answer_in_json_is_read_with_its_characters() -> None:
    content = page(LABELS, "1", "2")
    for ascii_only in (True, False):
        answer = json.dumps({"data": {"title": "清河县教育局2023年报告", "content": content}}, ensure_ascii=ascii_only)
        (table,) = html.read(answer.encode(), "x.json").tables
        assert "（七）总计" in [c.text for c in table.cells]


def test_the_ends_of_a_field_are_none_of_its_text() -> None:
    assert rows("<table><tr><td>总计</td><td>\x0412\x05</td></tr></table>") == [["总计", "12"]]
    # One alone may have been a digit.
    assert rows("<table><tr><td>总计</td><td>\x0412</td></tr></table>") != [["总计", "12"]]


def test_a_head_repeated_in_its_own_column_is_no_text_of_the_cell() -> None:
    heads = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    first = "<tr><td></td>" + "".join(f"<td>{h}</td>" for h in heads) + "</tr>"

    def row(names: tuple[str, ...]) -> str:
        return "<tr><td>新收</td>" + "".join(f"<td>{h}：{i}</td>" for i, h in enumerate(names)) + "</tr>"

    assert rows(f"<table>{first}{row(heads)}</table>")[1][1:] == ["0", "1", "2", "3", "4", "5", "6"]
    # Heads of other columns say that the row has moved: that is not certain.
    moved = (*heads[1:], heads[0])
    assert rows(f"<table>{first}{row(moved)}</table>")[1][1] == "商业企业：0"
