"""Sheets with two pages, numbers that count the lines, sentences over line ends: how a page is laid out."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.document import Table
from parsers.readers import pdf
from parsers.readers.pdf import content, figure_rows
from parsers.readers.pdf.columns import Column
from parsers.readers.pdf.pieces import FigureLine, Piece
from parsers.readers.pdf.respaced import Places

from .pictures import FONT, HALF, LINE, MARGIN, at, printed, width

LEFT = """
清河县教育局2024年政府信息公开工作年度报告

    本报告依据条例编制，数据截至年末，全部内容由本局负责解释说明。
四、政府信息公开行政复议、行政诉讼情况
+----------+----------+----------+----------+----------+
| 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计     |
+----------+----------+----------+----------+----------+
|        5 |        3 |        0 |          |        8 |
"""
RIGHT = """
|        6 |        1 |        0 |        2 |        9 |
+----------+----------+----------+----------+----------+
五、存在的主要问题及改进情况
    人手不足，更新不够及时；下一年将加强培训，完善制度，改进工作方式。
"""


def _side_by_side(left: str, right: str, columns: int) -> str:
    """Two pictures beside one another."""
    rows = zip(left.strip("\n").split("\n"), [*right.strip("\n").split("\n"), *[""] * 20], strict=False)
    return "\n".join(a + " " * (columns - width(a)) + b for a, b in rows)


def test_two_pages_on_one_sheet_are_read_one_after_the_other() -> None:
    sheet = (1190.0, 842.0)
    # The right page begins in the middle of the sheet.
    columns = int(sheet[0] / 2 / HALF)
    document = pdf.read(printed(_side_by_side(LEFT, RIGHT, columns), page=sheet), "册.pdf")
    assert [b.n_rows if isinstance(b, Table) else b.text[:6] for b in document.blocks] == [
        "清河县教育局",
        "本报告依据条",
        "四、政府信息",
        3,
        "五、存在的主",
        "人手不足，更",
    ]
    table = document.tables[0]
    assert [c.text for c in table.cells if c.row == 2] == ["6", "1", "0", "2", "9"]
    # Places are those on the sheet.
    six = next(c for c in table.cells if c.text == "6")
    assert six.page == 1 and six.box is not None and six.box[0] > sheet[0] / 2


def test_a_page_of_rows_without_rules_beside_another_is_a_page() -> None:
    """Neither text nor rules are wide on it: the labels of rows tell."""
    left = LEFT.replace("四、政府信息公开行政复议、行政诉讼情况", "三、收到和处理政府信息公开申请情况").split("+---")[0]
    left += "                  自然人   商业企业   总计\n（一）予以公开     1        2          3"
    right = "（二）部分公开     4        5          9\n（六）其他处理     1        0          1\n（七）总计         6        7          13"
    sheet = (1190.0, 842.0)
    document = pdf.read(printed(_side_by_side(left, right, int(sheet[0] / 2 / HALF)), page=sheet), "册.pdf")
    (table,) = document.tables
    assert [[c.text for c in table.cells if c.row == r] for r in (1, 2, 4)] == [
        ["（一）予以公开", "1", "2", "3"],
        ["（二）部分公开", "4", "5", "9"],
        ["（七）总计", "6", "7", "13"],
    ]


def test_a_wide_table_is_no_two_pages() -> None:
    """Without rules, and with the room between two columns in the middle of the page."""
    sheet = (842.0, 595.0)
    rows = [("结果维持", "结果纠正", "其他结果", "尚未审结"), ("5", "3", "0", "1"), ("6", "2", "7", "4")]
    picture = "\n".join("".join(c + " " * (38 - width(c)) for c in row) for row in rows)
    document = pdf.read(printed(picture, page=sheet), "表.pdf")
    texts = [[c.text for c in t.cells] for t in document.tables] or [[p.text] for p in document.paragraphs]
    assert any("结果维持" in "".join(t) and "尚未审结" in "".join(t) for t in texts)


@pytest.mark.parametrize(("first", "step"), [(1, 1), (5, 5)])
@pytest.mark.parametrize("right", [False, True])
def test_numbers_of_lines_are_no_text(first: int, step: int, *, right: bool) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 7)
        for n in range(40 if step == 1 else 9):
            canvas.drawRightString(570 if right else 25, at(0, n * step)[1], str(first + n * step))

    document = pdf.read(printed(LEFT + RIGHT, draw), "报告.pdf")
    assert [p.text[:6] for p in document.paragraphs] == [
        "清河县教育局",
        "本报告依据条",
        "四、政府信息",
        "五、存在的主",
        "人手不足，更",
    ]
    assert [c.text for c in document.tables[0].cells if c.row == 1] == ["5", "3", "0", "", "8"]


def test_numbers_of_a_table_s_rows_stay() -> None:
    rows = "\n".join(f"|  {n} | 第{n}个单位 | {n + 3} |\n+----+-----------+----+" for n in range(1, 10))
    document = pdf.read(printed("+----+-----------+----+\n" + rows), "表.pdf")
    assert [c.text for c in document.tables[0].cells if c.row == 4] == ["5", "第5个单位", "8"]


def _ragged(pitch: float) -> Any:
    lines = [
        "    全年新收政府信息公开申请25件，上年结转2件，共办结24件，其中予",
        "以公开12件，部分公开3件，不予公开5件，无法提供4件；结转下年度继",
        "续办理3件。",
        "    完善发布审核制度。",
    ]

    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 2 * HALF)
        for n, line in enumerate(lines):
            canvas.drawString(MARGIN + HALF * (len(line) - len(line.lstrip())), 700 - n * pitch, line.lstrip())

    return draw


@pytest.mark.parametrize("pitch", [LINE, 31.0, 45.0])
def test_a_sentence_goes_on_over_line_ends_however_far_apart(pitch: float) -> None:
    texts = [p.text for p in pdf.read(printed("一、总体情况", _ragged(pitch)), "报告.pdf").paragraphs]
    assert texts[1].endswith("结转下年度继续办理3件。")
    assert texts[2] == "完善发布审核制度。"


def test_a_line_that_ends_early_ends_its_paragraph() -> None:
    picture = """
    本报告依据条例编制，数据截至年末，全部内容由本局负责解释说明，请
向本局反映
全年收到申请25件，办结24件，均在法定期限内答复，无一逾期，无一投诉。
"""
    texts = [p.text for p in pdf.read(printed(picture), "报告.pdf").paragraphs]
    assert texts[-1].startswith("全年收到申请25件")


def test_a_figure_whose_beginning_may_stand_farther_left_is_not_certain() -> None:
    def piece(text: str, x0: float) -> Piece:
        box = (x0, 0.0, x0 + 5.0, 10.0)
        return Piece(*box, text, [], 1, box, is_figure=True)

    columns = [Column(100.0, 120.0, [], [(100.0, 120.0, None)]), Column(200.0, 220.0, [], [(200.0, 220.0, None)])]
    for cut, unsure in ((False, set[int]()), (True, {0})):
        line = FigureLine([piece("2", 110.0), piece("82", 205.0)], cut)
        assert figure_rows._by_column(line, Places(columns))[1] == unsure


def test_lines_of_a_label_are_not_one_for_what_stands_between_them() -> None:
    """A larger word beside two lines, level with neither, is on the first one's line; the second is its own."""

    def run(text: str, x: float, top: float, size: float) -> list[content.Glyph]:
        return [(x + n * size, top, x + (n + 1) * size, top + size * 1.2, char) for n, char in enumerate(text)]

    first, second = run("申请人逾期未按", 150, 522.0, 6.8), run("求缴纳费用行政", 150, 528.9, 6.8)
    beside = run("其他处", 100, 523.9, 8.2)
    lines = content.lines_of([*beside, *first, *second])
    assert [line.text.replace(" ", "") for line in lines] == ["其他处申请人逾期未按", "求缴纳费用行政"]
