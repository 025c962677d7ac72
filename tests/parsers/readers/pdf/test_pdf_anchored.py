"""Tables without rules, from words made by hand: what page ends and narrow cells tear apart, and what is then certain."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.readers.pdf import anchored, pieces, side_labels, strips
from parsers.readers.pdf.grid import Fragment

from .test_pdf_parts import piece

COLUMNS = range(300, 790, 70)
HEADS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def figures(*texts: str) -> list[tuple[str, float]]:
    return [(text, x + 10) for text, x in zip(texts, COLUMNS, strict=True) if text]


def strip(rows: Sequence[tuple[int, float, Sequence[tuple[str, float]]]]) -> strips.Strip:
    """Lines of words, each with its page, its height and its words with their left edges."""
    lines = [[piece(text, x, y, number) for text, x in words] for number, y, words in rows]
    for n, line in enumerate(lines):
        for word in line:
            word.line = n
    return strips.Strip(lines, [], pages=sorted({number for number, _, _ in rows}), closed=True)


def texts(fragment: Fragment | None) -> dict[str, list[str]]:
    """The figures beside each label, those that are not certain with a question mark."""
    assert fragment is not None
    out: dict[str, list[str]] = {}
    for row in range(fragment.n_rows):
        cells = sorted((c for c in fragment.cells if c.row == row), key=lambda c: c.column)
        words = [c for c in cells if c.text and not pieces.is_figure_word(c.text)]
        if len(cells) > len(COLUMNS) and words and words[-1] not in cells[-len(COLUMNS) :]:
            name = words[-1].text.replace("\n", "")
            out[name] = [c.text + ("?" if c.content.doubt else "") for c in cells[-len(COLUMNS) :]]
    return out


def test_parts_of_a_merged_label_are_no_rows() -> None:
    column = [piece("三、本", 50, 0), piece("年度办", 50, 12), piece("果", 55, 150, number=2)]
    rows = [piece("1.属于国家秘密", 130, 6), piece("2.其他法律行政法规禁止公开", 130, 30), piece("3.其它的", 130, 60)]
    labels, groups, _ = side_labels.side_labels([*column, piece("（三", 90, 40), *rows], [])
    assert [one.text for one in labels] == ["1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.其它的"]
    assert {p.text for one in groups for p in one.pieces} == {"三、本", "年度办", "果", "（三"}


def test_a_label_cut_by_a_page_end_above_a_repeated_head() -> None:
    head = [(text, float(x)) for text, x in zip(HEADS, COLUMNS, strict=True)]
    found = texts(
        anchored.fragment(
            strip(
                [
                    (1, 0, head),
                    (1, 20, [("二、上年结转政府信息公开申请数量", 10), *figures("/", "/", "/", "/", "/", "/", "/")]),
                    (1, 40, [("（一）", 10), *figures("1", "/", "/", "/", "/", "/", "1")]),
                    (2, 60, head),
                    (2, 140, [("予以公开", 10)]),
                    (2, 160, [("（七）总计", 10), *figures("1", "/", "/", "/", "/", "/", "1")]),
                ]
            )
        )
    )
    assert found["二、上年结转政府信息公开申请数量"] == ["/"] * 7
    assert found["（一）予以公开"] == ["1", "/", "/", "/", "/", "/", "1"]


def test_figures_nobody_claims_may_be_those_of_the_empty_row_beyond() -> None:
    head = [(text, float(x)) for text, x in zip(HEADS, COLUMNS, strict=True)]
    found = texts(
        anchored.fragment(
            strip(
                [
                    (1, 0, head),
                    (1, 20, [("二、上年结转政府信息公开申请数量", 10), *figures("/", "/", "/", "/", "/", "/", "/")]),
                    (1, 34, figures("1", "/", "/", "/", "/", "/", "1")),
                    (2, 140, [("（一）予以公开", 10)]),
                    (2, 160, [("（七）总计", 10), *figures("1", "/", "/", "/", "/", "/", "1")]),
                ]
            )
        )
    )
    assert all(text.endswith("?") for text in found["（一）予以公开"])
    assert found["（七）总计"] == ["1", "/", "/", "/", "/", "/", "1"]


GROUPS: list[tuple[str, float]] = [("行政复议", 80), ("未经复议直接起诉", 210), ("复议后起诉", 375)]
TIMES = (("结果", "维持"), ("结果", "纠正"), ("其他", "结果"), ("尚未", "审结"), ("总计", ""))
WIDE = [(pair, 30.0 + 30 * n) for n, pair in enumerate(TIMES * 3)]


# The head over appeals and lawsuits, the head of the first group printed between the levels of the others.
ROWS_OF_DISPUTES: list[tuple[int, float, list[tuple[str, float]]]] = [
    (1, 0, [("行政诉讼", 305)]),
    (1, 7, [GROUPS[0]]),
    (1, 14, GROUPS[1:]),
    (1, 28, [(upper, x) for (upper, lower), x in WIDE]),
    (1, 40, [(lower, x) for (upper, lower), x in WIDE if lower]),
]


def test_a_group_s_head_covers_what_the_heads_below_it_cover() -> None:
    figures = [(str(n), 38.0 + 30 * n) for n in range(15)]
    fragment = anchored.fragment(strip([*ROWS_OF_DISPUTES, (1, 60, figures)]))
    assert fragment is not None
    spans = {c.text: (c.column, c.colspan) for c in fragment.cells if c.row < 2}
    assert spans == {"行政诉讼": (5, 10), "行政复议": (0, 5), "未经复议直接起诉": (5, 5), "复议后起诉": (10, 5)}
    assert [c.text for c in fragment.cells if c.row == 3] == [str(n) for n in range(15)]


def test_a_head_with_no_figure_below_it_has_blank_ones() -> None:
    fragment = anchored.fragment(strip(ROWS_OF_DISPUTES))
    assert fragment is not None
    assert [c.text for c in fragment.cells if c.row == 3] == [""] * 15


def test_rows_of_blanks_below_a_head_that_comes_again() -> None:
    head = [(text, float(x)) for text, x in zip(HEADS, COLUMNS, strict=True)]
    rows: list[tuple[int, float, list[tuple[str, float]]]] = [
        (1, 0, head),
        (1, 20, [("一、本年新收政府信息公开申请数量", 10)]),
        (1, 40, [("二、上年结转政府信息公开申请数量", 10)]),
        (2, 60, head),
        (2, 80, [("（一）予以公开", 30)]),
        (2, 100, [("（七）总计", 30)]),
    ]
    found = texts(anchored.fragment(strip(rows)))
    assert found == {row[2][0][0]: [""] * 7 for row in rows if len(row[2]) == 1}


def test_a_table_below_another_whose_labels_are_wider() -> None:
    """The figures of the second table begin where the first one's labels stand."""
    head = [(text, float(x)) for text, x in zip(HEADS, COLUMNS, strict=True)]
    row = [(str(n), x + 10.0) for n, x in enumerate(COLUMNS)]
    second = [(number, y + 80, words) for number, y, words in ROWS_OF_DISPUTES]
    figures = (1, 140, [(str(n), 38.0 + 30 * n) for n in range(15)])
    fragment = anchored.fragment(strip([(1, 0, head), (1, 20, [("（七）总计", 10), *row]), *second, figures]))
    assert fragment is not None
    last = [c for c in fragment.cells if c.row == fragment.n_rows - 1 and c.text]
    assert [c.text for c in last] == [str(n) for n in range(15)]


def test_a_row_s_label_near_a_merged_one_is_cut_off_where_its_column_begins() -> None:
    """Most labels of the column are those of groups, centred a little farther right."""
    near = piece("度办", 10, 40)
    near.glyphs += piece("（二）部分公开", 36, 40).glyphs
    near.text, near.x1 = "度办（二）部分公开", 106
    centred = [piece("（三）不", 41, 80), piece("予公开", 41, 92), piece("（四）无", 41, 120), piece("法提供", 41, 132)]
    rows = [
        piece("1.属于国家秘密", 130, 86),
        piece("1.本机关不掌握相关政府信息", 130, 126),
        piece("（一）予以公开", 36, 10),
    ]
    labels, _, _ = side_labels.side_labels(
        [piece("三、本年", 10, 20), near, piece("理结果", 10, 52), *centred, *rows], []
    )
    assert "（二）部分公开" in [one.text for one in labels]
