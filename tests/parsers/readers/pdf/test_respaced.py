"""A second piece of a table whose columns are elsewhere: where it begins, and what its columns are."""

from __future__ import annotations

from parsers.readers.pdf.columns import Column
from parsers.readers.pdf.pieces import FigureLine, Piece
from parsers.readers.pdf.respaced import Places, parts_of


def _piece(text: str, center: float, line: int) -> Piece:
    box = (center - 3.0 * len(text), 20.0 * line, center + 3.0 * len(text), 20.0 * line + 10)
    return Piece(*box, text, [], 1, box, is_figure=text.isdecimal(), line=line)


def _lines(*rows: dict[float, str], first: int = 0) -> list[FigureLine]:
    return [
        FigureLine([_piece(text, x, n) for x, text in row.items()]) for n, row in enumerate(rows, start=first) if row
    ]


def _columns(*centers: float) -> list[Column]:
    return [Column(x - 15, x + 15, [], [(x - 9, x + 9, None)]) for x in centers]


UPPER = [{100.0: "12", 150.0: "0", 200.0: "12"}, {100.0: "3", 150.0: "170", 200.0: "173"}]


def test_figures_that_keep_their_places_are_one_piece() -> None:
    assert len(parts_of(_lines(*UPPER, {150.0: "5"}, {100.0: "1", 200.0: "1"}), 3)) == 1
    at_right = [
        FigureLine([Piece(x - 6 * n, 0, x, 9, "1" * n, [], 1, (0, 0, 0, 0))]) for x in (90, 140) for n in (1, 4)
    ]
    assert len(parts_of(at_right, 3)) == 1


def test_a_full_piece_with_other_widths_has_its_columns_in_their_order() -> None:
    lower = [{70.0: "5", 112.0: "1", 200.0: "6"}, {70.0: "4", 112.0: "20", 200.0: "24"}]
    parts = parts_of(_lines(*UPPER, *lower), 3)
    assert [len(part.lines) for part in parts] == [2, 2]
    places = Places(_columns(100, 150, 200), parts)
    assert places.at(_piece("0", 150, 1)) == (places.columns, True)
    columns, certain = places.at(_piece("1", 112, 2))
    assert certain
    assert [column.center for column in columns] == [70, 112, 200]
    assert places.left(_piece("5", 70, 2)) == 67.0


def test_one_line_with_a_figure_beside_the_places_begins_no_piece() -> None:
    stray = {92.0: "9", 150.0: "0", 200.0: "9"}
    assert len(parts_of(_lines(*UPPER, stray, *UPPER), 3)) == 1
    assert len(parts_of(_lines(*UPPER, stray, stray), 3)) == 2


def test_a_piece_with_other_widths_that_has_a_blank_column_is_not_certain() -> None:
    parts = parts_of(_lines(*UPPER, {112.0: "5", 200.0: "5"}), 3)
    assert [len(part.lines) for part in parts] == [2, 1]
    places = Places(_columns(100, 150, 200), parts)
    assert places.at(_piece("5", 112, 2)) == (places.columns, False)
    assert places.at(_piece("0", 150, 1)) == (places.columns, True)


def test_figures_that_stand_anywhere_are_not_taken_apart() -> None:
    anywhere = [{100.0 + 7 * n: "11", 200.0: "9"} for n in (0, 1, 0, 2, 1, 0, 2)]
    assert len(parts_of(_lines(*anywhere), 3)) == 1


def test_a_column_of_remarks_is_none_that_a_lower_piece_lacks() -> None:
    parts = parts_of(_lines(*UPPER, {70.0: "5", 112.0: "1", 200.0: "6"}), 4)
    remark = Column(230, 260, [_piece("备注", 245, 0)])
    columns, certain = Places([*_columns(100, 150, 200), remark], parts).at(_piece("5", 70, 2))
    assert certain
    assert [bool(column.figures) for column in columns] == [True, True, True, False]


def test_beside_figures_before_all_columns_none_is_certain() -> None:
    def beside(*strays: tuple[str, float]) -> bool:
        lines = _lines(*UPPER)
        labels = [_piece("予以公开", 30, 0), _piece("部分公开", 30, 1)]
        body = [[labels[0], *lines[0].pieces], [labels[1], *(_piece(t, x, 1) for t, x in strays), *lines[1].pieces]]
        places = Places(_columns(100, 150, 200))
        places.note_strays(body, lines)
        assert places.at(lines[0].pieces[0])[1]
        return places.at(lines[1].pieces[0])[1]

    assert beside()
    assert not beside(("7681", 70))
    # A figure of the first column that was not among those that told of it.
    assert beside(("3", 97))
    # A number before its label's second line.
    assert beside(("7", 5))


def test_ticks_beside_figures_are_no_columns() -> None:
    rows = [{**row, 215.0: "√"} for row in UPPER] + [{70.0: "5", 112.0: "1", 190.0: "6", 203.0: "√"}]
    parts = parts_of(_lines(*rows), 3)
    columns, certain = Places(_columns(100, 150, 200), parts).at(_piece("5", 70, 2))
    assert certain
    assert [column.center for column in columns] == [70, 112, 190]
