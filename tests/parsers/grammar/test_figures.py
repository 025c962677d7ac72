"""What one printed cell says, and what any short printed piece stands for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.grammar.figures import (
    Said,
    is_digits,
    is_figure,
    is_figure_word,
    is_noted,
    is_unit,
    is_value_like,
    joined_figure,
    said,
)
from parsers.grammar.figures import read as read_figure


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("3119", 3119),
        ("3,119", 3119),
        ("３１１９", 3119),
        ("1 234", 1234),
        ("  7 ", 7),
        ("12.0", 12),
        ("150件", 150),
        ("2118筆", 2118),
        ("22（其中修订16件）", 22),
        ("55（含自然失效 29 件）", 55),
        ("22①", 22),
        ("3万件", 30000),
        ("-5", -5),
        ("0", 0),
    ],
)
def test_counts(printed: str, value: int) -> None:
    reading = read_figure(printed, unit="件")
    assert (reading.kind, reading.value, reading.doubt) == ("number", value, None)


@pytest.mark.parametrize("printed", ["", " ", "\xa0", "\u3000", "\n"])
def test_blank_is_not_zero(printed: str) -> None:
    reading = read_figure(printed)
    assert (reading.kind, reading.value) == ("blank", None)


@pytest.mark.parametrize(
    "printed",
    [
        "/",
        "—①",
        "/①",
        "无②",
        "—²",
        "／",
        "-",
        "--",
        "—",
        "－",
        "空",
        "无",
        "無",
        "不涉及",
        "不\n涉\n及",
        "不适用",
        "N/A",
        "NA",
        "○",
        "\\",
    ],
)
def test_marks(printed: str) -> None:
    reading = read_figure(printed)
    assert (reading.kind, reading.value) == ("mark", None)


@pytest.mark.parametrize("printed", ["约300", "300余", "见附件", "12%", "2021年", "增3减5", "五"])
def test_words_are_no_number(printed: str) -> None:
    assert read_figure(printed).kind == "text"


@pytest.mark.parametrize("printed", ["12 34", "1,2", "007", "1234567890123456", "1,2345"])
def test_digits_that_may_be_read_in_two_ways_have_no_value(printed: str) -> None:
    reading = read_figure(printed)
    assert reading.value is None
    assert reading.doubt == "characters"


def test_digits_on_two_lines_are_in_doubt() -> None:
    reading = read_figure("12\n345")
    assert (reading.value, reading.doubt, reading.readings) == (None, "wrapped", (12345,))


@pytest.mark.parametrize("printed", ["698\n98.", "12\n3,456", "1,234\n567件", "12件\n3件", "-\n12"])
def test_lines_that_are_figures_by_themselves_may_be_two(printed: str) -> None:
    reading = read_figure(printed)
    assert (reading.kind, reading.value, reading.doubt) == ("text", None, "wrapped")


@pytest.mark.parametrize(("printed", "value"), [("12,\n345", 12345), ("2,5\n57", 2557), ("38.\n0", 38), ("12\n件", 12)])
def test_a_separator_or_a_unit_tells_that_a_figure_goes_on(printed: str, value: int) -> None:
    reading = read_figure(printed)
    assert (reading.value, reading.doubt) == (value, None)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("增加5项", 5),
        ("+5", 5),
        ("减少5项", -5),
        ("减 少 5 项", -5),
        ("增　加　29", 29),
        ("減少5項", -5),
        ("↓5", -5),
        ("-5", -5),
        ("0", 0),
        ("新增3", 3),
    ],
)
def test_changes_are_signed(printed: str, value: int) -> None:
    assert read_figure(printed, unit="项", signed=True).value == value


@pytest.mark.parametrize(
    ("printed", "head_unit", "asked", "value", "unit"),
    [
        ("7730.28", "万元", "万元", Decimal("7730.28"), "万元"),
        ("7730.28", None, "万元", Decimal("7730.28"), "unknown"),
        ("0", None, "万元", Decimal(0), "万元"),
        ("27.5万", "万元", "万元", Decimal("27.5"), "万元"),
        ("27.5万", "元", "万元", Decimal("27.5"), "万元"),
        ("5514.4", "千元", "万元", Decimal("551.44"), "万元"),
        ("251000元", None, None, Decimal("25.1"), "万元"),
        ("251000元", None, "万元", Decimal("25.1"), "万元"),
        ("27042.62萬元", None, None, Decimal("27042.62"), "万元"),
        ("1.5亿元", None, "万元", Decimal(15000), "万元"),
        ("380", "元", "万元", Decimal("0.038"), "万元"),
        ("13575394", None, None, Decimal(13575394), "unknown"),
        ("250", "元", "元", Decimal(250), "元"),
        ("0.3万元", None, "元", Decimal(3000), "元"),
    ],
)
def test_amounts(printed: str, head_unit: str | None, asked: str | None, value: Decimal, unit: str) -> None:
    reading = read_figure(printed, unit=asked, amount=True, head_unit=head_unit)
    assert (reading.value, reading.unit) == (value, unit)


def test_money_where_a_count_is_asked_says_so() -> None:
    reading = read_figure("300元", unit="件")
    assert (reading.value, reading.unit) == (300, "元")


@given(st.integers(min_value=0, max_value=10**12))
def test_every_way_of_printing_a_count_gives_it_back(n: int) -> None:
    full = str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for printed in (str(n), f"{n:,}", full, f" {n} 件", f"{n}（其中 3 件重复）"):
        assert read_figure(printed, unit="件").value == n


@given(st.text(max_size=30))
def test_no_text_raises_and_only_numbers_have_values(text: str) -> None:
    for signed in (False, True):
        reading = read_figure(text, signed=signed, amount=signed)
        assert (reading.value is not None) == (reading.kind == "number")


@pytest.mark.parametrize(
    "lost", ["\ufffd", "\x0e", "\x00", "\x1c", "\x85", "\x9e", "\ue123", "\ufffc", "\uffff", "\U000f0001"]
)
@pytest.mark.parametrize("printed", ["25{}0", "{}25", "25{}", "25 {}", "{}", "{} ", "{}/", "2{}件", "3,1{}9"])
def test_what_could_not_be_decoded_may_have_been_a_digit(printed: str, lost: str) -> None:
    cell = printed.format(lost)
    reading = read_figure(cell, unit="件")
    assert (reading.kind, reading.value, reading.doubt) == ("text", None, "characters")
    assert is_value_like(cell)


@pytest.mark.parametrize("harmless", ["\u200b", "\ufeff"])
def test_characters_that_carry_nothing_do_no_harm(harmless: str) -> None:
    assert read_figure(f"{harmless}25{harmless}0", unit="件").value == 250


def test_lost_characters_in_words_are_words() -> None:
    reading = read_figure("不涉\ufffd", unit="件")
    assert (reading.kind, reading.doubt) == ("text", None)


def test_digits_of_other_scripts_are_no_figure() -> None:
    assert read_figure("25\u0660", unit="件").doubt == "characters"


@pytest.mark.parametrize("slash", "/\uff0f\u2044\u2215\u29f8\u2571")
def test_a_slash_is_a_mark_whatever_its_code_point(slash: str) -> None:
    """Big5 pages, and fonts of PDFs, have other slashes than the keyboard's."""
    assert read_figure(slash).kind == "mark"


def test_a_note_that_does_not_end_leaves_its_figure_uncertain() -> None:
    reading = read_figure("14（其中：修改2")
    assert (reading.kind, reading.value, reading.doubt, reading.readings) == ("text", None, "wrapped", (14,))
    assert read_figure("14（其中：修改2件）").value == 14
    assert read_figure("（未开展").doubt is None


# --- what a piece stands for


# Every kind of printed piece, and what it stands for: what a reader, a table or a page asks follows from that alone.
SAID: dict[Said, tuple[str, ...]] = {
    "blank": ("",),
    "figure": (
        "0",
        "7",
        "12",
        "3119",
        "3,119",
        "3，119",
        "３１１９",
        "３，１１９",
        "1 234",
        "12 345 678",
        " 5",
        "5 ",
        "12.0",
        "12.5",
        "0.25",
        "0.0",
        "０．０",
        "123456789012345",
        "+5",
        "-5",
        "－5",
        "−5",
        "＋5",
        "↑3",
        "↓3",
        "增5",
        "减3",
        "增加5项",
        "减少5项",
        "减 少 5 项",
        "净增3",
        "净减2",
        "新增4",
        "下降3",
        "减少了5",
        "150件",
        "150 件",
        "３件",
        "27.5万",
        "27.5万元",
        "3万",
        "3亿元",
        "251000元",
        "12元",
        "5千元",
        "20条",
        "8项",
        "9次",
        "4人",
        "2人次",
        "6宗",
        "7起",
        "5笔",
        "3份",
        "2篇",
        "1册",
        "3家",
        "3场",
        "2处",
        "1部",
        "4类",
        "9期",
        "3个",
        "3例",
        "150件。",
        "5件;",
        "12万件",
        "1.5万条",
        "3千",
        "5個",
        "3條",
        "3萬元",
        "22（其中修订16件）",
        "22(其中修订16件)",
        "22（注1）",
        "22①",
        "22※",
        "22²",
        "22*",
        "22†",
        "2021",
        "1,\n641",
        "1641\n\u4ef6",
        "22\n\uff08\u6ce8\uff09",
        "1,234.56",
        "１．５",
        "１2",
        "5个",
        "0件",
    ),
    "mark": (
        "/",
        "／",
        "⁄",
        "∕",
        "⧸",
        "╱",
        "\\",
        "＼",
        "-",
        "--",
        "---",
        "—",
        "——",
        "–",
        "―",
        "－",
        "－－",
        "−",
        "_",
        "__",
        "*",
        "**",
        "＊",
        "×",
        "○",
        "◯",
        "〇",
        "空",
        "无",
        "無",
        "不涉及",
        "不适用",
        "不適用",
        "N/A",
        "n/a",
        "NA",
        "null",
        "none",
        "…",
        "……",
        "丨",
        "/ ",
        "— —",
    ),
    "nothing": (
        "没有",
        "暂无",
        "暫無",
    ),
    "rough": (
        "1 2",
        "1 4",
        ".5",
        "1,6",
        "1,64",
        "001",
        "00",
        "1234567890123456",
        "±3",
        "9％",
        "9%",
        "12.5%",
        "约300",
        "约 300",
        "約300",
        "近300",
        "超100",
        "超过100",
        "300余",
        "300多件",
        "300左右",
        "约14件",
        "14?",
        "14？",
        ">5",
        "≈3",
        "共5件",
        "12 13",
        "12  13",
        "3 4 5",
        "0 0",
        "1,,2",
        "1,2,3",
        "12,34",
        "1,2345",
        "1234,567",
        "١٢",
    ),
    "part": (
        "12,",
        "12，",
        "1,641,",
        "1，641，",
        "22（其中",
        "22(",
        "12\n13",
        "1\n2",
        "12\n/",
    ),
    "lost": (
        "\ufffd",
        "1\ufffd",
        "\ufffd1",
        "3\ufffd9",
        "\uff11\uff12\ufffd",
    ),
    "item": (
        ".",
        "|",
        "5.",
        "5．",
        "（1）",
        "(1)",
        "(12)",
        "1)",
        "1）",
        "1、",
        "1.",
        "（一）",
        "一、",
        "(一)",
    ),
    "unit": (
        "件",
        "元",
        "万元",
        "人次",
        "条",
        "项",
        "%",
        "％",
        "亿元",
        "万件",
        "百元",
    ),
    "loose": (
        "100字",
        "①",
        "合计5",
        "2021年",
        "2021年度",
        "3月",
        "3月5日",
        "3/5",
        "12:30",
        "1-2",
        "1/2",
        "第3页",
        "- 3 -",
        "5天",
        "5个工作日",
        "12a",
        "A4",
        "1O",
        "12 件 3",
        "12/13",
        "12 /",
        "1.2.3",
        "½",
        "1½",
        "2年以上",
        "12申请",
    ),
    "words": (
        "增",
        "减",
        "一",
        "二",
        "一件",
        "十二",
        "三十",
        "─",
        "X",
        "O",
        "●",
        "。",
        "·",
        "、",
        "，",
        ",",
        ":",
        "?",
        "（）",
        "（无）",
        "无。",
        "不涉及。",
        "2021-03-05",
        "2021.3.5",
        "\ufffd\u4ef6",
        "abc",
        "/ /",
        "1..2",
        "Ⅲ",
        "百分之五",
        "单位",
        "计量单位",
        "总计",
        "其他",
        "自然人",
        "3.其他处理",
        "（七）总计",
        "1.属于国家秘密",
        "第二十条第（一）项",
        "零",
        "○件",
        "无件",
        "1.有",
    ),
}

PIECES = [(text, kind) for kind, texts in SAID.items() for text in texts]


@pytest.mark.parametrize(("text", "kind"), PIECES, ids=repr)
def test_what_a_printed_piece_stands_for(text: str, kind: Said) -> None:
    assert said(text) == kind
    # Spaces around it, and the width of its characters, say nothing.
    assert said(f" {text}\u3000") == kind
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert said(wide) == kind or kind in ("loose", "words")
    # What is asked of it follows from that.
    numbered = kind == "item" and read_figure(text).kind != "text"
    assert is_value_like(text) is (kind in ("blank", "figure", "mark", "lost") or numbered)
    assert is_figure(text) is (kind in ("figure", "mark", "nothing", "rough", "part", "lost"))
    assert is_figure_word(text) is (kind in ("figure", "mark", "rough", "part", "lost", "loose"))
    assert is_unit(text) is (kind == "unit")
    # And so does what it is worth.
    readings = [read_figure(text), read_figure(text, signed=True), read_figure(text, amount=True, unit="万元")]
    kinds = {r.kind for r in readings}
    assert (kind == "figure") is ("number" in kinds and kind != "item")
    assert (kind == "mark") is ("mark" in kinds and kind != "item")
    assert (kind == "blank") is ("blank" in kinds)
    if kind == "lost":
        assert all(r.value is None for r in readings)


def test_pieces_of_a_figure() -> None:
    assert all(map(is_digits, ("12", "1,6", ",", "641.", "３，")))
    assert not any(map(is_digits, ("", "1 2", "5件", "-5", "12\n3")))
    assert joined_figure(["1,6", "41"]) == "1,641" and joined_figure(["１，", "６４１"]) == "１，６４１"
    assert joined_figure(["1,6", "4"]) == "" and joined_figure(["12", "３"]) == "" and joined_figure(["12", "件"]) == ""
    assert is_noted("22（注）") and is_noted("22①") and not is_noted("22（注") and not is_noted("22件")


def test_thousands_parted_by_apostrophes() -> None:
    assert [read_figure(text).value for text in ("25'282", "1’234’567", "1'234件")] == [25282, 1234567, 1234]
    assert {read_figure(text).kind for text in ("12'34", "1'2345", "'12", "1'23", "1234'567")} == {"text"}
