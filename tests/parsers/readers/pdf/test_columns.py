"""Figures that may stand in either of two columns, and blanks beside them."""

from __future__ import annotations

from parsers.readers.pdf import figure_rows
from parsers.readers.pdf.columns import Column
from parsers.readers.pdf.content import PageContent
from parsers.readers.pdf.grid import CellText, GridCell, note_doubts
from parsers.readers.pdf.pieces import FigureLine, Piece
from parsers.readers.pdf.respaced import Places


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
