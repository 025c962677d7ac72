"""Figures that may stand in either of two columns, and blanks beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from parsers.readers import pdf
from parsers.readers.pdf import figure_rows
from parsers.readers.pdf.columns import Column
from parsers.readers.pdf.content import PageContent
from parsers.readers.pdf.grid import CellText, GridCell, note_doubts
from parsers.readers.pdf.pieces import FigureLine, Piece
from parsers.readers.pdf.respaced import Places

from .pictures import FONT, HALF, at, printed


def test_a_digit_set_apart_may_be_its_neighbour_s_though_that_has_one() -> None:
    """４   ７ in one cell: the next column is empty, and the second digit is not certainly its figure."""

    def piece(text: str, x0: float) -> Piece:
        box = (x0, 0.0, x0 + 6, 10.0)
        return Piece(*box, text, [(*box, text)], 1, box, is_figure=True)

    columns = [Column(0, 20, [], [(2, 8, None), (14, 20, 1)]), Column(30, 50)]
    line = FigureLine([piece("4", 2), piece("7", 14)])
    (row,) = figure_rows.assign([line], [line.pieces], [], Places(columns), [])
    assert row.unsure == {0, 1}


def test_a_blank_beside_digits_that_may_be_two_cells_is_not_certain() -> None:
    texts = [CellText("31", (), "joined"), CellText(), CellText()]
    cells = [GridCell((20.0 * n, 0, 20.0 * n + 20, 10), 0, 1, text, 1, n) for n, text in enumerate(texts)]
    note_doubts(cells, [[], [], []], PageContent(1, 600, 800))
    assert [cell.content.doubt for cell in cells] == ["joined", "joined", None]


def _sheet(row: Sequence[str]) -> bytes:
    """A row as spreadsheets print it without rules: words at the beginning of their cells, figures at the end."""

    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 2 * HALF)
        for k, head in enumerate(("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")):
            x, y = at(2 + 12 * k, 4)
            canvas.drawString(*at(2 + 12 * k, 3), head)
            if row[k][-1:].isdigit():
                canvas.drawRightString(x + 11.7 * HALF, y, row[k])
            else:
                canvas.drawString(x, y, row[k])

    return printed("\n四、政府信息公开行政复议、行政诉讼情况\n\n\n\n\n五、存在的主要问题及改进情况\n", draw)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (["3", "12", "6", "7", "28"], ["3", "12", "6", "7", "28"]),
        (["/", "/", "/", "/", "/"], ["/", "/", "/", "/", "/"]),
        (["3", "", "6", "", "/"], ["?", "?", "?", "?", "/"]),
        (["45", "/", "/", "/", "45"], ["?", "?", "?", "?", "?"]),
        (["3", "/", "", "", "3"], ["?", "?", "?", "?", "?", "?"]),
    ],
    ids=["one for each head", "marks alone", "either head's", "touching the next mark", "touching, and blanks"],
)
def test_figures_at_the_end_of_their_cells_are_not_the_next_head_s(row: list[str], shown: list[str]) -> None:
    """They stand nearer to the next head than to their own, and marks under theirs tell nothing of figures."""
    (table,) = pdf.read(_sheet(row), "表.pdf").tables
    assert ["?" if c.doubt else c.text for c in table.cells if c.row == 1] == shown
