"""Which column of a row without rules a word is dealt out to, and when that is not certain."""

from parsers.readers.pdf import figure_rows
from parsers.readers.pdf.figure_rows import Row
from parsers.readers.pdf.pieces import Piece


def _word(text: str, x0: float) -> Piece:
    return Piece(x0, 0.0, x0 + 8.0, 10.0, text, [], 1, (x0, 0.0, x0 + 8.0, 10.0), is_figure=text.isdecimal())


def test_digits_dealt_out_crosswise_are_neither_columns_for_certain() -> None:
    crossed = Row(
        None, {0: [_word("3", 10)], 1: [_word("1", 40), _word("7", 90)], 2: [_word("5", 70), _word("件", 99)]}
    )
    plain = Row(None, {0: [_word("3", 10)], 1: [], 2: [_word("5", 70), _word("件", 99)], 3: [_word("8", 120)]})
    figure_rows._doubt_crossed([crossed, plain])
    assert crossed.unsure == {1, 2}
    assert plain.unsure == set()
