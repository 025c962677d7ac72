"""Small pages drawn as text, and what is read from them: the reader seen from outside.

The pictures stand in `drawn/*.txt`: a name, the page, ``=>``, and what is read. ``%half`` before a page gives its lines
half the height, so that text can stand between two lines; ``%foot`` puts what stands behind the last empty line of a
page (or all of it) at the page's foot.

Under each picture stand the tables: a line for each row, `·` for an empty cell, `×5` behind a cell over five columns,
`↓2` behind one over two rows, `⏎` between its lines; what is not certain in brackets, with the reason and the readings.
Text around the tables stands behind `>`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from parsers.document import Cell, Document, Table
from parsers.readers import pdf

from .pictures import HALF, LINE, MARGIN, PAGE, SIZE, Draw, at, drawn_over, printed

DRAWN = Path(__file__).parent / "drawn"


class Picture(NamedTuple):
    page: str
    wanted: str
    options: frozenset[str]

    def printed(self, *, shuffled: int | None = None) -> bytes:
        height = LINE / 2 if "half" in self.options else LINE
        page = self.page
        if "foot" in self.options:
            page = "~~~\n".join(_lowered(one, int((PAGE[1] - 2 * MARGIN) / height)) for one in page.split("~~~\n"))
        return printed(page, height=height, shuffled=shuffled)


def _lowered(page: str, lines: int) -> str:
    """A page of so many lines whose last block stands at its foot."""
    above, _, below = page.rpartition("\n\n")
    return above + "\n" * (lines - above.count("\n") - below.count("\n")) + below


def _pictures() -> dict[str, Picture]:
    out: dict[str, Picture] = {}
    for path in sorted(DRAWN.glob("*.txt")):
        for part in re.split(r"^# ", path.read_text("utf-8"), flags=re.M)[1:]:
            name, _, rest = part.partition("\n")
            page, _, wanted = rest.partition("=>\n")
            options = frozenset(re.findall(r"^%(\w+)\n", page, flags=re.M))
            page = re.sub(r"^%\w+\n", "", page, flags=re.M)
            assert name not in out, name
            assert options <= {"half", "foot"}, options
            out[f"{path.stem}: {name}"] = Picture(page, wanted.strip("\n"), options)
    return out


def shown(document: Document) -> str:
    return "\n".join(_rows(b) if isinstance(b, Table) else f"> {b.text}" for b in document.blocks)


def _rows(table: Table) -> str:
    rows: list[list[Cell]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(cell)
    return "\n".join(" ".join(map(_cell, sorted(row, key=lambda c: c.column))) for row in rows)


def _cell(cell: Cell) -> str:
    text = cell.text.replace("\n", "⏎").replace(" ", "_") or "·"
    if cell.doubt:
        text = f"({text} {cell.doubt}{''.join(f' {r}' for r in cell.readings)})"
    return text + (f"×{cell.colspan}" if cell.colspan > 1 else "") + (f"↓{cell.rowspan}" if cell.rowspan > 1 else "")


PICTURES = _pictures()


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str) -> None:
    assert shown(pdf.read(PICTURES[name].printed(), "页.pdf")) == PICTURES[name].wanted


@pytest.mark.parametrize("name", PICTURES)
def test_in_which_order_a_page_is_drawn_changes_nothing(name: str) -> None:
    assert shown(pdf.read(PICTURES[name].printed(shuffled=len(name)), "页.pdf")) == PICTURES[name].wanted


# -- what a picture alone cannot show ------------------------------------------------------------------------------


def read(picture: str, *over: Draw) -> list[str]:
    return shown(pdf.read(printed(picture, *over), "页.pdf")).split("\n")


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

    assert read(upper, draw) == [
        "本年制发 本年废止 现行有效",
        "1 2 30",
        "本年制发 本年废止 现行有效",
        "1 2 40",
    ]


def test_rules_a_little_apart_are_one() -> None:
    frame = """
+----------------+----------------+
|                |                |
+----------------+----------------+
|                |                |
+----------------+----------------+
"""
    page = """
+----------------+----------------+
| 信息内容       | 现行有效件数   |
+----------------+----------------+
| 规章           |             30 |
+----------------+----------------+
"""
    assert read(page, drawn_over(frame, 1.5, 1.2)) == ["信息内容 现行有效件数", "规章 30"]


def test_a_frame_around_the_page_is_no_side_of_its_table() -> None:
    page = """
某某县2023年政府信息公开工作年度报告

+----------------+----------------+
| 信息内容       | 现行有效件数   |
+----------------+----------------+
| 规章           |             30 |
+----------------+----------------+
"""
    assert read(page, lambda canvas: canvas.rect(20, 20, 555, 800)) == [
        "> 某某县2023年政府信息公开工作年度报告",
        "信息内容 现行有效件数",
        "规章 30",
    ]


def _second_rule(gap: float, *, above: bool = False, uprights: bool = False) -> Draw:
    """A level rule so many points below the last rule of `_HEADS`, or above its first."""

    def draw(canvas: Any) -> None:
        line = 0 if above else _HEADS.count("\n") - 2
        y = at(0, line)[1] + 3.0 + (gap if above else -gap)
        canvas.line(MARGIN + HALF / 2, y, MARGIN + 39.5 * HALF, y)
        for column in (0, 13, 26, 39) if uprights else (0, 39):
            x = MARGIN + (column + 0.5) * HALF
            canvas.line(x, y, x, y + (-gap if above else gap))

    return draw


_HEADS = """
+------------+------------+------------+
| 结果维持   | 其他结果   | 总计       |
+------------+------------+------------+
"""
_WORDS = "  五、存在的主要问题\n"


def test_a_row_without_text_or_height_under_heads_is_a_row() -> None:
    """Browsers give a row of empty cells no height: two rules stand under the heads of the columns."""
    heads = "结果维持 其他结果 总计"
    after = ["> 五、存在的主要问题"]
    row = _second_rule(2.25, uprights=True)
    assert read(_HEADS + "\n" + _WORDS, row) == [heads, "· · ·", *after]
    # At a page's foot it may be the padding of a row whose figures stand on the next page.
    assert read(_HEADS + "\n~~~\n" + _WORDS, row) == [heads, *after]
    # A double frame: its inner line ends the rules between the columns; or it goes all around.
    assert read(_HEADS + "\n" + _WORDS, _second_rule(2.25)) == [heads, *after]

    def around(canvas: Any) -> None:
        row(canvas)
        _second_rule(2.25, above=True)(canvas)

    assert read(_HEADS + "\n" + _WORDS, around) == [heads, *after]
    # Under words that are no heads it is the end of the table.
    plain = _HEADS.replace("结果维持", "甲      ").replace("其他结果", "乙      ")
    assert read(plain + "\n" + _WORDS, row) == ["甲 乙 总计", *after]
    # One rule drawn twice.
    assert read(_HEADS + "\n" + _WORDS, _second_rule(0.75, uprights=True)) == [heads, *after]


def test_a_row_without_height_is_one_under_heads_that_reach_over_two_rows() -> None:
    heads = """
+------------+-------------------------+
| 结果维持   | 行政诉讼                |
|            +------------+------------+
|            | 其他结果   | 总计       |
+------------+------------+------------+
"""
    below = _second_rule(2.25, uprights=True)

    def draw(canvas: Any) -> None:
        canvas.translate(0, -2 * LINE)
        below(canvas)

    found = read(heads + "\n" + _WORDS, draw)
    assert found == ["结果维持↓2 行政诉讼×2", "其他结果 总计", "· · ·", "> 五、存在的主要问题"]


def _boxes(*rows: list[tuple[str, int, int]], gap: float = 3.75) -> Draw:
    """Cells of (text, columns, rows), each with a border of its own and so much room around it."""
    width, height = 70.0, 20.0

    def draw(canvas: Any) -> None:
        left, top = at(0, 0)
        taken: set[tuple[int, int]] = set()
        for n, row in enumerate(rows):
            column = 0
            for text, columns, down in row:
                while (n, column) in taken:
                    column += 1
                taken |= {(n + i, column + k) for i in range(down) for k in range(columns)}
                x, y = left + column * width, top - n * height
                wide, high = columns * width - gap, down * height - gap
                canvas.rect(x, y - high, wide, high)
                canvas.drawString(x + 5, y - high / 2 - 4, text)
                column += columns

    return draw


def test_cells_that_stand_apart_have_no_rows_between_them() -> None:
    rows = (
        [("结果维持", 1, 2), ("行政诉讼", 2, 1)],
        [("其他结果", 1, 1), ("总计", 1, 1)],
        [("3", 1, 1), ("", 1, 1), ("3", 1, 1)],
        [("4", 1, 1), ("1", 1, 1), ("5", 1, 1)],
    )
    assert read("", _boxes(*rows)) == ["结果维持↓2 行政诉讼×2", "其他结果 总计", "3 · 3", "4 1 5"]


def test_under_figures_a_second_rule_is_the_end_of_the_table() -> None:
    figures = _HEADS + "|          1 |          0 |          1 |\n+------------+------------+------------+\n"
    below = _second_rule(2.25, uprights=True)

    def draw(canvas: Any) -> None:
        canvas.translate(0, -2 * LINE)
        below(canvas)

    assert read(figures + "\n" + _WORDS, draw) == ["结果维持 其他结果 总计", "1 0 1", "> 五、存在的主要问题"]


def _close(words: str, line: float, column: float = 0.0, gap: float = 0.25) -> Draw:
    """Words on one line of a page, a quarter of a character apart: cells without paddings."""

    def draw(canvas: Any) -> None:
        x, y = at(column, line)
        for word in words.split():
            canvas.drawString(x, y, word)
            x += sum(SIZE if char >= "\u2e80" else HALF for char in word) + gap * SIZE

    return draw


def _all(*parts: Draw) -> Draw:
    def draw(canvas: Any) -> None:
        for part in parts:
            part(canvas)

    return draw


def test_a_label_and_the_figure_close_behind_it_are_two_words() -> None:
    page = """
信息内容     制发件数   现行有效件数
规章             3                30

"""
    assert read(page, _all(_close("行政规范性文件 564", 2), _close("984", 2, 32))) == [
        "信息内容 制发件数 现行有效件数",
        "规章 3 30",
        "行政规范性文件 564 984",
    ]


def test_a_space_in_a_figure_may_part_two_columns_where_no_rule_does() -> None:
    page = """
信息内容         制发件数   现行有效件数
规章                 3
行政规范性文件       5                40
"""
    assert read(page, _close("279 161", 1, 32, gap=0.3)) == [
        "信息内容 制发件数 现行有效件数",
        "规章 3 (279_161 joined)",
        "行政规范性文件 5 40",
    ]


def test_a_blank_beside_digits_that_a_space_parts_is_not_certain() -> None:
    page = """
信息内容         制发件数   现行有效件数
规章                 3                30

"""
    found = read(page, _all(_close("行政规范性文件", 2), _close("0 0", 2, 26, gap=0.3)))
    assert found == ["信息内容 制发件数 现行有效件数", "规章 3 30", "行政规范性文件 (· joined) (0_0 joined)"]


def test_heads_close_to_one_another_are_read_by_their_names() -> None:
    page = """
信息内容
规章                        3            4           30
行政规范性文件              5            6           40
"""
    assert read(page, _close("本年制发件数 本年废止件数 现行有效件数", 0, 22)) == [
        "信息内容 本年制发件数 本年废止件数 现行有效件数",
        "规章 3 4 30",
        "行政规范性文件 5 6 40",
    ]


def test_what_is_printed_over_a_table_leaves_none_of_it_certain() -> None:
    page = """
信息内容         制发件数   现行有效件数
规章                 3                30
行政规范性文件       5                40
"""
    clean = read(page)
    assert not any("(" in line for line in clean)
    other = page.replace(" 3 ", " 8 ").replace(" 5 ", " 7 ").replace("30", "16").replace("40", "29")
    found = read(page, drawn_over(other, 0.5, 0))
    assert not any(cell.isdigit() for line in found[1:] for cell in line.split(" ")), found


def test_a_slash_is_a_slash_whatever_its_code_point() -> None:
    page = """
+----------------+----------------+----------------+
| 信息内容       | 本年废止件数   | 现行有效件数   |
+----------------+----------------+----------------+
| 规章           |      ／        |       ∕       |
+----------------+----------------+----------------+
"""
    (table,) = pdf.read(printed(page), "页.pdf").tables
    assert [c.text for c in table.cells if c.row == 1] == ["规章", "／", "∕"]


def test_what_is_printed_over_one_page_leaves_the_figures_of_the_others_certain() -> None:
    head = "                    自然人   商业企业   总计\n"
    rows = ["（一）予以公开      3        1          4", "（二）部分公开      2        1          3"]
    last = [
        "（六）其他处理      1        1          2",
        "（七）总计          6        3          9",
        "四、结转下年度继续办理 1 0 1",
    ]
    over = "\n".join("                    5        8          7" for _ in last)
    page = head + "\n".join(rows) + "\n~~~\n" + "\n".join(last)
    (table,) = pdf.read(printed(page, lambda _: None, drawn_over(over, 2.0, 0)), "页.pdf").tables
    doubts = {c.page: {o.doubt for o in table.cells if o.page == c.page and o.text.isdigit()} for c in table.cells}
    assert (doubts[1], None in doubts[2]) == ({None}, False)


def test_what_is_clipped_off_a_table_is_not_blank() -> None:
    """The right half of the last column lies beyond what the page shows; its text was not drawn at all."""
    page = """
+------------+------------+------------
| 信息内容   | 本年制发   |
+------------+------------+------------
| 规章       |            |
+------------+------------+------------
| 规范性文件 |          1 |
+------------+------------+------------
"""
    edge = MARGIN + 30 * HALF

    def clipped(canvas: Any) -> None:
        path = canvas.beginPath()
        path.rect(0, 0, edge, PAGE[1])
        canvas.clipPath(path, stroke=0, fill=0)

    whole = page.replace("-\n", "-+\n").replace("|\n", "|            |\n")
    content = shown(pdf.read(printed(whole, under=clipped), "页.pdf")).split("\n")
    assert content == ["信息内容 本年制发 (· characters)", "规章 · (· characters)", "规范性文件 1 (· characters)"]
    # What reaches out of nothing is seen, and blank.
    assert read(whole) == ["信息内容 本年制发 ·", "规章 · ·", "规范性文件 1 ·"]


_HEADED = """
+------------+------------+------------+
| 信息内容   | 本年制发   | 现行有效   |
+------------+------------+------------+
| 规章       |          1 |         30 |
+------------+------------+------------+
| 规范性文件 |          2 |         40 |
+------------+------------+------------+
"""


def test_heads_of_a_table_that_come_again_at_one_place_stay() -> None:
    page = """
+------------+--------------------+--------------+
| 信息内容   | 本年处理决定数量   | 总计         |
+------------+--------------------+--------------+
| 行政许可   |                  1 |           30 |
+------------+--------------------+--------------+
"""
    assert read(page + "~~~\n" + page.replace("许可", "强制"))[0] == "信息内容 本年处理决定数量 总计"
