"""Small pages drawn as text, and the tables that are read from them: the reader seen from outside.

Under each picture stand the tables: a line for each row, `·` for an empty cell, `×5` behind a cell over five columns,
`↓2` behind one over two rows, `⏎` between its lines; what is not certain in brackets, with the reason and the readings.
"""

from __future__ import annotations

from typing import Any

import pytest

from parsers.document import Cell, Table
from parsers.readers import pdf

from .pictures import drawn_over, printed


def shown(table: Table) -> list[str]:
    rows: list[list[Cell]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(cell)
    return [" ".join(map(_shown, sorted(row, key=lambda c: c.column))) for row in rows]


def _shown(cell: Cell) -> str:
    text = cell.text.replace("\n", "⏎").replace(" ", "_") or "·"
    if cell.doubt:
        text = f"({text} {cell.doubt}{''.join(f' {r}' for r in cell.readings)})"
    return text + (f"×{cell.colspan}" if cell.colspan > 1 else "") + (f"↓{cell.rowspan}" if cell.rowspan > 1 else "")


PICTURES: dict[str, tuple[str, str]] = {}


def picture(name: str, page: str, tables: str) -> None:
    assert name not in PICTURES
    PICTURES[name] = (page, tables)


picture(
    "groups of heads cover the runs in which the heads below come again, wherever their words stand",
    """
                                                                                   行政诉讼
    行政复议                                        未经复议直接起诉                                  复议后起诉
结果维持  结果纠正  其他结果  尚未审结  总计    结果维持  结果纠正  其他结果  尚未审结  总计    结果维持  结果纠正  其他结果  尚未审结  总计
1         2         3         4         10      0         1         0         0         1       5         0         0         0         5
""",
    """
行政诉讼×10
行政复议×5 未经复议直接起诉×5 复议后起诉×5
结果维持 结果纠正 其他结果 尚未审结 总计 结果维持 结果纠正 其他结果 尚未审结 总计 结果维持 结果纠正 其他结果 尚未审结 总计
1 2 3 4 10 0 1 0 0 1 5 0 0 0 5
""",
)

picture(
    "a group's head covers the columns that the forms put under it",
    """
                                              申请人情况
                                          法人或其他组织
                    自然人   商业企业   科研机构   社会公益组织   法律服务机构   其他   总计
（一）予以公开           3          1          0              0              0      0      4
（二）部分公开           2          1          0              0              0      0      3
""",
    """
申请人情况×7
法人或其他组织×5
自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计
（一）予以公开 3 1 0 0 0 0 4
（二）部分公开 2 1 0 0 0 0 3
""",
)

picture(
    "the last lines of labels spread over their cells",
    """
                          本年制发件数   本年废止件数   现行有效件数
规          章                    1              2             30
行政规范性文件                    4              5             60
                          本年处理决定数量
行  政  许  可                  700
""",
    """
本年制发件数 本年废止件数 现行有效件数
规章 1 2 30
行政规范性文件 4 5 60
本年处理决定数量×3
行政许可 700×3
""",
)

picture(
    "a group's label over the whole width is a row of no figures",
    """
                        自然人   商业企业   科研机构   社会公益组织   法律服务机构   其他   总计
（一）予以公开               3          1          0              0              0      0      4
                                             （三）不予公开
1.属于国家秘密               2          1          0              0              0      0      3
2.其他法律行政法规禁止公开   1          0          0              0              0      0      1
""",
    """
自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计
（一）予以公开 3 1 0 0 0 0 4
1.属于国家秘密 2 1 0 0 0 0 3
2.其他法律行政法规禁止公开 1 0 0 0 0 0 1
""",
)

picture(
    "numbers that count the rows are no labels and no figures",
    """
                                  自然人   商业企业   科研机构   社会公益组织   法律服务机构   其他   总计
（一）予以公开              1          3          1          0              0              0      0      4
（二）部分公开              2          2          1          0              0              0      0      3
1.属于国家秘密              3          1          0          0              0              0      0      1
2.其他法律行政法规禁止公开  4          1          0          0              0              0      0      1
""",
    """
自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计
（一）予以公开 3 1 0 0 0 0 4
（二）部分公开 2 1 0 0 0 0 3
1.属于国家秘密 1 0 0 0 0 0 1
2.其他法律行政法规禁止公开 1 0 0 0 0 0 1
""",
)

picture(
    "a row of heads that a page end cut in the middle of its open cells",
    """
+--------------------------------+-------------------------------------+
| 行政复议                       | 行政诉讼                            |
+----------+----------+----------+-------------------------------------+
| 结果     | 结果     | 总       | 未经复议直接起诉                    |
|          |          |          +------------+------------+-----------+
  维持       纠正       计
~~~
|          |          |          | 结果维持   | 结果纠正   | 总计      |
+----------+----------+----------+------------+------------+-----------+
|        1 |        0 |        1 |          2 |          3 |         5 |
+----------+----------+----------+------------+------------+-----------+
""",
    """
行政复议×3 行政诉讼×3
结果⏎维持↓2 结果⏎纠正↓2 总⏎计↓2 未经复议直接起诉×3
结果维持 结果纠正 总计
1 0 1 2 3 5
""",
)

picture(
    "heads on the right and figures on the left of their columns: which figure is whose is not certain",
    """
                              结果维持             结果纠正             其他结果             尚未审结                 总计
行政复议      7                    8                    0                    1                    16

行政诉讼      2                    0                    0                    1                    3
""",
    """
结果维持 结果纠正 其他结果 尚未审结 总计
行政复议×2 (8 label) (0 label) (1 label) (16 label) (· label)
7 (· label) (· label) (· label) (· label) (· label)
行政诉讼 2 (0 label) (0 label) (1 label) (3 label) (· label)
""",
)

picture(
    "a ruled head over rows without rules is one table with them",
    """
+--------------------+----------------+----------------+----------------+
| 信息内容           | 本年制发件数   | 本年废止件数   | 现行有效件数   |
+--------------------+----------------+----------------+----------------+
  规章                              1                /               30
  行政规范性文件                    2                3               40
""",
    """
信息内容 本年制发件数 本年废止件数 现行有效件数
规章 1 / 30
行政规范性文件 2 3 40
""",
)


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str) -> None:
    page, wanted = PICTURES[name]
    found = "\n\n".join("\n".join(shown(table)) for table in pdf.read(printed(page), "页.pdf").tables)
    assert found == wanted.strip("\n")


def test_rules_of_one_table_are_not_those_of_another_however_near() -> None:
    """The double frame of the first table, the upright rules of the second two points beside its own."""
    upper = """
+------------+------------+------------+
| 本年制发   | 本年废止   | 现行有效   |
+------------+------------+------------+
|          1 |          2 |         30 |
+------------+------------+------------+
"""
    double, lower = drawn_over(upper, 2.5, 0), drawn_over(upper.replace("30", "40"), 1.2, 120)

    def draw(canvas: Any) -> None:
        for part in (double, lower):
            canvas.saveState()
            part(canvas)
            canvas.restoreState()

    tables = pdf.read(printed(upper, draw), "页.pdf").tables
    assert [shown(table)[0] for table in tables] == ["本年制发 本年废止 现行有效"] * 2
    assert [table.n_columns for table in tables] == [3, 3]
