"""What one printed cell says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.grammar.figures import is_value_like
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
    ["/", "／", "-", "--", "—", "－", "空", "无", "無", "不涉及", "不\n涉\n及", "不适用", "N/A", "NA", "○", "\\"],
)
def test_marks(printed: str) -> None:
    reading = read_figure(printed)
    assert (reading.kind, reading.value) == ("mark", None)


@pytest.mark.parametrize("printed", ["约300", "300余", "见附件", "12%", "2021年", "增3减5", "①", "五"])
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
    [("增加5项", 5), ("+5", 5), ("减少5项", -5), ("減少5項", -5), ("↓5", -5), ("-5", -5), ("0", 0), ("新增3", 3)],
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
