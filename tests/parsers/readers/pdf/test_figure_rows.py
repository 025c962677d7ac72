"""Which column of a row without rules a word is dealt out to, and when that is not certain."""

from dataclasses import replace

import pytest

from parsers.readers.pdf import anchored, columns, figure_rows, row_doubts
from parsers.readers.pdf.blocks import Block
from parsers.readers.pdf.columns import Column
from parsers.readers.pdf.pieces import FigureLine, Piece
from parsers.readers.pdf.respaced import Places
from parsers.readers.pdf.row_doubts import Row
from parsers.readers.pdf.side_labels import Label
from schemas.labels import label


def _word(text: str, x0: float) -> Piece:
    box = (x0, 0.0, x0 + 8.0, 10.0)
    return Piece(*box, text, [(*box, text)], 1, box, is_figure=text.isdecimal())


def test_digits_dealt_out_crosswise_are_neither_columns_for_certain() -> None:
    crossed = Row(
        None, {0: [_word("3", 10)], 1: [_word("1", 40), _word("7", 90)], 2: [_word("5", 70), _word("件", 99)]}
    )
    plain = Row(None, {0: [_word("3", 10)], 1: [], 2: [_word("5", 70), _word("件", 99)], 3: [_word("8", 120)]})
    row_doubts._doubt_crossed([crossed, plain])
    assert crossed.unsure == {1, 2}
    assert plain.unsure == set()


def test_half_a_word_was_spread_over_its_cell_into_the_next_ones() -> None:
    spread = Row(None, {0: [_word("减", 10)], 1: [_word("少", 40)], 2: [_word("4", 70)]})
    whole = Row(None, {0: [_word("9", 10)], 1: [_word("减少", 40)], 2: [_word("4", 70)]})
    row_doubts._doubt_crossed([spread, whole])
    assert (spread.doubt, whole.doubt) == ("label", None)


def _row(words: str, kind: str, cells: dict[int, str]) -> Row:
    return Row(Label([_word(words, 0)], kind, words), {i: [_word(text, 50 + 30 * i)] for i, text in cells.items()})


def test_figures_beside_a_word_that_names_no_row_may_be_those_that_the_row_above_lacks() -> None:
    above, word = _row("部分公开", "row", {2: "11"}), _row("其他情形", "unknown", {0: "0", 1: "64", 2: "9"})
    below = _row("予以公开", "row", {0: "1", 1: "2", 2: "3"})
    row_doubts._doubt_beside_orphans([above, word, below], 3)
    assert above.unsure == {0, 1, 2}
    assert below.unsure == set()


def test_two_rows_with_one_label_are_not_certain() -> None:
    first, second = _row("其他处理", "row", {2: "7"}), _row("其他处理", "row", {0: "1", 1: "2"})
    other = _row("总计", "row", {0: "5"})
    row_doubts._doubt_repeated([first, second, other], 3)
    assert first.unsure == second.unsure == {0, 1, 2}
    assert other.unsure == set()


def test_a_row_whose_figures_may_be_another_s_is_not_settled_by_their_sum() -> None:
    """Of figures that may be broken the sum tells; of whole ones it tells as much if they are the next row's."""
    whole = _row("总计", "row", {0: "2", 1: "3", 2: "5"})
    broken = _row("总计", "row", {0: "2", 1: "3", 2: "5"})
    broken.cells[0].append(_word("4", 50))
    columns = [Column(50 + 30 * i, 58 + 30 * i) for i in range(3)]
    doubts: list[list[str | None]] = []
    for row in (whole, broken):
        row.doubt, row.wrapped = "label", {0, 1, 2}
        laid = anchored._Laid(Block(), columns, [], [], [], [], [row], 1, [], [])
        (cells,) = anchored._rows(laid, 1, 3)
        doubts.append([cell.content.doubt for cell in cells[1:]])
    assert doubts == [["label"] * 3, ["wrapped"] * 3]


def test_beside_digits_without_a_label_a_sum_settles_nothing() -> None:
    """1,4|0|4 in a part and in its total: what is left of both, or gone to both, adds up as well."""
    row, orphan = _row("上年结转", "row", {0: "0", 1: "40", 2: "40"}), _row("", "row", {1: "4", 2: "4"})
    orphan.label, row.wrapped = None, {1, 2}
    row_doubts._doubt_beside_orphans([row, orphan], 3)
    assert (row.short, row.wrapped) == ({1, 2}, set())


def _at(text: str, top: float, bottom: float, x0: float) -> Piece:
    box = (x0, top, x0 + 8.0, bottom)
    return Piece(*box, text, [(*box, text)], 1, box, is_figure=text.isdecimal())


@pytest.mark.parametrize(
    ("text", "top", "unsure"),
    [("10", 39.0, {0}), ("10", 60.0, set()), ("注", 39.0, set())],
    ids=["beside the label above", "on the row's line", "words"],
)
def test_a_figure_off_the_row_s_line_may_be_of_the_label_it_stands_beside(
    text: str, top: float, unsure: set[int]
) -> None:
    """Where a column's figures were not among the lines, each goes to the nearest line of the others."""
    labels = [Label([_at(words, *heights, 0.0)], "row", words) for words, heights in _HEIGHTS.items()]
    rows = [Row(labels[0], {2: [_at("51", 0.0, 10.0, 110.0)]}, None, 5.0)]
    rows.append(Row(labels[1], {2: [_at("42", 60.0, 70.0, 110.0)]}, None, 65.0))
    places = Places([Column(50.0 + 30 * i, 58.0 + 30 * i) for i in range(3)])
    figure_rows._attach(_at(text, top, top + 10.0, 50.0), rows, places)
    assert [p.text for p in rows[1].cells[0]] == [text]
    assert [row.unsure for row in rows] == [unsure, unsure]


# From where to where two labels reach.
_HEIGHTS = {"逾期不补正": (0.0, 50.0), "逾期未缴费": (56.0, 110.0)}


def test_figures_beside_a_word_that_names_no_row_may_be_the_ends_of_those_above() -> None:
    above = _row("无正当理由大量", "unknown", {0: "10", 1: "2", 2: "12"})
    rest = _row("反复申请", "unknown", {0: "3", 2: "5"})
    row_doubts._doubt_beside_orphans([above, rest], 3)
    assert above.unsure == {0, 2}
    # As many figures as the row above has are a row's own.
    whole = _row("无正当理由大量", "unknown", {0: "10", 2: "2"})
    row_doubts._doubt_beside_orphans([whole, rest], 3)
    # And those of another row, though its label is another than the form's.
    row_doubts._doubt_beside_orphans([row := _row("本年新收数", "unknown", {0: "10", 1: "1", 2: "2"}), rest], 3)
    assert whole.unsure == row.unsure == set()


def test_rows_one_of_which_has_the_end_of_the_other_s_figure_are_not_certain() -> None:
    """A label on several lines, taken for two: 52，above 762, and a whole figure beside the first of its lines."""
    for upper, lower, certain in (
        ("52，", "762", False),
        ("11", "039", False),
        ("52", "762", True),
        ("5", "0", True),
        ("240（含", "6", False),
        ("240", "上年）", False),
    ):
        rows = [_row("一、", "group", {0: upper, 2: "409"}), _row("本年新收", "row", {0: lower})]
        row_doubts._doubt_cut_off(rows, 3)
        assert [row.unsure == set() for row in rows] == [certain] * 2, (upper, lower)


def test_two_ends_of_labels_around_a_line_of_another_are_no_row_for_certain() -> None:
    ends, between = _row("府信息", "unknown", {1: "4273"}), _row("没有现成信息", "unknown", {})
    below = _row("补正后", "unknown", {1: "5"})
    for row, lines in ((ends, (1, 3)), (between, (2,)), (below, (4, 5))):
        assert row.label is not None
        row.label.pieces[:] = [replace(_word("词", 0), line=line) for line in lines]
    row_doubts._doubt_interleaved([ends, between, below], 2)
    assert [row.unsure for row in (ends, between, below)] == [{0, 1}, {0, 1}, set()]


def test_figures_at_a_page_s_end_may_be_either_row_s() -> None:
    """549 and 7, at the foot of a page: the next page's first row stands nearer, and its total goes with them."""
    column = [Column(50 + 30 * i, 58 + 30 * i, [], [(50 + 30 * i, 58 + 30 * i, None)]) for i in range(2)]
    for page, short in ((2, {1}), (1, set())):
        last, own = _row("不掌握", "row", {1: "549"}), _row("需要另行制作", "row", {0: "0", 1: "0"})
        assert own.label is not None
        own.label.middle, own.label.top = 80.0, 75.0
        for pieces in (*own.cells.values(), own.label.pieces):
            pieces[:] = [replace(piece, page=page) for piece in pieces]
        rest = replace(_word("7", 80), top=65.0, bottom=75.0)
        figure_rows._merge_wrapped([FigureLine([rest])], [last, own], Places(column))
        assert (last.short, own.short) == (short, short)


def test_of_groups_on_several_lines_only_what_some_form_has_as_a_row_is_one() -> None:
    line = FigureLine([Piece(*(60.0, 12.0, 68.0, 22.0), "3", [], 1, (60.0, 12.0, 68.0, 22.0), is_figure=True, line=1)])

    def group(key: str) -> Label:
        return Label(
            [replace(_word(key, 0), line=0), replace(_word(key, 0), top=12.0, bottom=22.0, line=1)], "group", key
        )

    row, downwards = group("其他处理"), group("本年度办理结果")
    labels: list[Label] = []
    groups = [row, downwards]
    anchored._note_sums(labels, groups, [line])
    assert (labels, groups) == ([row], [downwards])


def _labelled(words: str, kind: str, line: int, cells: dict[int, str]) -> Row:
    box = (0.0, 13.0 * line, 60.0, 13.0 * line + 10.0)
    piece = Piece(*box, words, [(*box, words)], 1, box, line=line)
    key = label(words).key
    return Row(Label([piece], kind, key), {i: [_word(text, 80 + 30 * i)] for i, text in cells.items()})


def test_a_label_that_begins_a_longer_one_is_not_certain_above_words_that_go_on_with_it() -> None:
    own = {0: "2", 1: "3"}
    begun = _labelled("2.其他", "row", 0, own)
    rest = _labelled("法津行政", "unknown", 1, {})
    row_doubts._doubt_begun([begun, rest])
    assert begun.doubt == "label"
    # What has a number, figures or room of its own is another row's; no longer label begins with 总计.
    for below in (
        _labelled("3.危急三安全", "unknown", 1, {}),
        _labelled("法津行政", "unknown", 1, own),
        _labelled("法津行政", "unknown", 3, {}),
    ):
        apart = _labelled("2.其他", "row", 0, own)
        row_doubts._doubt_begun([apart, below])
        assert apart.doubt is None
    total = _labelled("（七）总计", "row", 0, own)
    row_doubts._doubt_begun([total, rest])
    assert total.doubt is None


def test_blanks_beside_the_beginning_of_a_label_are_not_certain() -> None:
    """The rest of a centred label stands in another track, and the row's figures beside it."""
    cut, whole = _row("本年新收政府信息公开申", "unknown", {}), _row("部分公开", "row", {})
    filled, note = _row("本年新收政府信息公开申", "unknown", {0: "6"}), _row("备注说明", "unknown", {})
    assert [row_doubts._is_cut_short(row) for row in (cut, whole, filled, note)] == [True, False, False, False]


@pytest.mark.parametrize(("level", "certain"), [(424.4, False), (430.0, True), (426.5, True)])
def test_figures_in_the_lines_of_words_that_name_no_row_are_not_those_of_a_label_off_them(
    level: float, certain: bool
) -> None:
    """The end of the label above, taken together with words of this one's, has them in its own lines."""
    end = Label([_at("再处理申请", 421.0, 427.0, 0), _at("不再处理申请", 433.0, 439.0, 20)], "unknown", "申请")
    fee = Label([_at("逾期未缴费", 427.0, 433.0, 0), _at("用", 433.0, 439.0, 0)], "row", "费用")
    line = FigureLine([_at("121", level - 3, level + 3, 90)])
    assert figure_rows._beside(fee, line, [end, fee]) == certain


def test_a_way_of_aligning_figures_that_some_contradict_tells_nothing_for_certain_of_the_rest() -> None:
    """Rows on the page after their heads: middles under heads, and one figure at the beginning of a column of remarks."""
    heads = [(227.0, 234.7), (248.8, 256.4), (315.4, 330.7), (340.9, 356.2), (367.7, 383.0), (398.2, 413.5)]
    runs = [(228.4, 233.3), (320.6, 325.5), (373.0, 377.8), (393.8, 398.6)]
    lines = [FigureLine([_at("5", 50.0 + 10 * n, 58.0 + 10 * n, x0)]) for n, (x0, _) in enumerate(runs)]
    found = columns._under(runs, heads, lines, range(5), False)
    assert found[0] == (0, None)
    assert found[3] == (4, 5)


def test_a_word_that_may_stand_in_two_columns_is_of_neither_for_certain() -> None:
    row = Row(Label([_at("总计", 0.0, 10.0, 0.0)], "row", "总计"), {0: [_at("5", 0.0, 10.0, 50.0)]}, None, 5.0)
    places = Places(
        [Column(50.0, 58.0, [], [(50.0, 58.0, None)]), Column(80.0, 88.0, [], [(80.0, 88.0, 2)]), Column(98.0, 112.0)]
    )
    figure_rows._attach(_at("含转办", 0.0, 10.0, 80.0), [row], places)
    assert row.unsure == {1, 2}
