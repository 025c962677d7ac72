"""When two labels are the same."""

from __future__ import annotations

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import labels
from schemas.labels import distance, fold, han_number, label, similarity


@pytest.mark.parametrize(
    ("printed", "official"),
    [
        ("本年新收政府信息公開申請數量", "一、本年新收政府信息公开申请数量"),
        ("⼀、本年新收政府信息公开申请数量", "一、本年新收政府信息公开申请数量"),
        ("1.属于国家\n秘密", "1.属于国家秘密"),
        ("３．其他", "3.其他"),
        ("総計", "総計"),
        ("（七）总 计", "（七）总计"),
        ("行政覆議", "行政复议"),
        ("危及「三安全一穩定」", "3.危及“三安全一稳定”"),
        ("1.信访、举报、投诉类申请", "1.信访举报投诉类申请"),
    ],
)
def test_same_key(printed: str, official: str) -> None:
    assert label(printed).key == label(official).key


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一、本年新收", (1, 1)),
        ("（七）总计", (2, 7)),
        ("3.其他", (3, 3)),
        ("3、其他", (3, 3)),
        ("三（一）予以公开", (2, 1)),
        ("12.其他", (3, 12)),
        ("三安全一稳定", None),
        ("第二十条第（一）项", None),
    ],
)
def test_numbers(text: str, number: tuple[int, int] | None) -> None:
    assert label(text).number == number


def test_a_numeral_without_a_mark_behind_it_belongs_to_the_label() -> None:
    assert label("三安全一稳定").key == "三安全一稳定"


def test_phrase_conversion_is_not_used() -> None:
    assert fold("規範性文件") == "规范性文件"


@pytest.mark.parametrize(
    ("text", "n"), [("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("7", 7), ("甲", None)]
)
def test_han_number(text: str, n: int | None) -> None:
    assert han_number(text) == n


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_a_metric(a: str, b: str) -> None:
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)
    assert 0.0 <= similarity(a, b) <= 1.0


@given(st.text("abc十二", max_size=80), st.text("abc十二", max_size=80))
def test_distance_is_the_fewest_changes(a: str, b: str) -> None:
    row = list(range(len(b) + 1))
    for i, own in enumerate(a, start=1):
        above, row = row, [i]
        for j, other in enumerate(b, start=1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (own != other)))
    assert distance(a, b) == row[-1]


@given(st.text(max_size=40))
@example("K¸")
def test_folding_settles(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("lost", ["\ufffd", "\ue123", "\x1c"])
def test_a_lost_character_may_have_been_a_word(lost: str) -> None:
    assert label(f"{lost}同意公开答复数").key != label("同意公开答复数").key


def test_text_in_plain_simplified_characters_needs_no_conversion() -> None:
    """Every character of GB 2312, alone and before every other one (of a sample): nothing is changed that we do not ask OpenCC about."""

    def convert(text: str) -> str:
        # 乾 stays whatever OpenCC says.
        return labels._kept(text, labels._opencc().convert(text))

    plain = [c for i in range(0x3000, 0xA000) if labels._is_simplified(c := chr(i))]
    assert len(plain) > 6900
    assert convert("\n".join(plain)) == "\n".join(plain)
    # A sample of them in the suite, every sixteenth; all in `make soak`.
    for first in plain if os.environ.get("GOUJI_SOAK") else plain[::16]:
        pairs = "\n".join(first + second for second in plain)
        assert convert(pairs) == pairs
    # And nothing is asked without need.
    for changed in labels._CHANGED:
        beside = "\n".join(f"{c}{changed}\n{changed}{c}" for c in plain)
        assert convert(beside) != beside, changed


@pytest.mark.parametrize("text", ["批覆", "藉口", "土坏房", "後", "昏沈", "英哩", "規範", "复议（覆议）"])
def test_what_looks_simplified_and_is_not_is_converted(text: str) -> None:
    assert not labels._is_simplified(text)


@pytest.mark.parametrize("text", ["咸阳市乾县教育局", "松原市乾安县", "珠海市乾务镇", "咸陽市乾縣教育局", "乾安县㐂镕"])
def test_the_first_character_of_a_place_stays(text: str) -> None:
    assert "乾" in fold(text)
