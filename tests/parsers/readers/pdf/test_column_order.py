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


def test_of_two_figures_under_one_head_the_second_may_be_that_of_an_empty_column_beside() -> None:
    runs = [(0.0, 10.0), (16.0, 20.0), (60.0, 70.0)]
    heads = [(0.0, 24.0), (30.0, 44.0), (60.0, 70.0)]
    both = [FigureLine([_figure(1, 9), _figure(16, 20), _figure(61, 69)])]
    apart = [FigureLine([_figure(1, 9), _figure(61, 69)]), FigureLine([_figure(16, 20), _figure(61, 69)])]
    assert columns._under(runs, heads, both, {0, 1, 2}, True) == [(0, None), (0, 1), (2, None)]
    assert columns._under(runs, heads, apart, {0, 1, 2}, True) == [(0, None), (0, None), (2, None)]


def _full(*at: float) -> FigureLine:
    return FigureLine([_figure(x, x + 8) for x in at])


def test_an_empty_column_and_a_doubled_one_leave_all_between_open() -> None:
    runs = [(28.0, 36.0), (68.0, 76.0), (105.0, 113.0), (120.0, 130.0)]
    heads = [(0.0, 20.0), (40.0, 60.0), (80.0, 100.0), (110.0, 118.0)]
    found: list[tuple[int | None, int | None]] = [(1, None), (2, None), (3, None), (3, None)]
    line = _full(28, 68, 105, 121)
    assert columns._doubted(found, runs, heads, [line]) == [(1, 0), (2, 1), (3, 2), (3, None)]
    assert columns._doubted(found, runs, heads, [_full(28, 68, 105), _full(121)]) == found


def test_what_a_space_parts_makes_no_column_of_two() -> None:
    rows = [FigureLine([_figure(1, 9), _figure(21, 29)]), FigureLine([_figure(5, 25)])]
    rows[1].pieces[0].text = "0 0"
    assert columns.runs_of(rows, [], 2) == [(1.0, 9.0), (21.0, 29.0)]
