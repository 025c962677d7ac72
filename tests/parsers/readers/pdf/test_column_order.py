"""Figures laid out by their order: a figure outside all columns leaves the order open and stops no reading."""

from parsers.readers.pdf import columns
from parsers.readers.pdf.pieces import FigureLine, Piece


def _figure(x0: float, x1: float) -> Piece:
    return Piece(x0, 0.0, x1, 10.0, "7", [], 1, (x0, 0.0, x1, 10.0), is_figure=True)


def test_a_figure_outside_all_columns_leaves_their_order_open() -> None:
    runs = [(0.0, 10.0), (20.0, 30.0), (40.0, 50.0)]
    inside = FigureLine([_figure(1, 9), _figure(21, 29), _figure(41, 49)])
    outside = FigureLine([_figure(1, 9), _figure(21, 29), _figure(90, 99)])
    assert columns._by_order(runs, [inside], 3) == [0, 1, 2]
    assert columns._by_order(runs, [inside, outside], 3) is None
