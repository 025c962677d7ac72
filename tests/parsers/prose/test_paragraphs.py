"""Paragraphs put together again: lines that a fixed width, a page or a copy cut, and lines that stand for themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.prose import statements
from parsers.prose.paragraphs import joined
from schemas.facts import Passage, Place

from .test_statements import counts


def passages(text: str) -> list[Passage]:
    return [Passage(line, Place(line=i)) for i, line in enumerate(text.split("\n"), start=1)]


def texts(text: str) -> list[str]:
    return [p.text for p in joined(passages(text))]


def stated(text: str) -> dict[str, object]:
    return counts(statements.find(joined(passages(text)), year=2023, scope="area", form="2021"))


PARAGRAPH = (
    "（二）依申请公开。严格落实登记、审核、答复各环节要求，持续优化流程并做好督促检查。全年新收政府信息公开申请25件，"
    "上年结转2件，共办结24件，其中予以公开12件，部分公开3件，不予公开3件，无法提供4件，其他处理2件；结转下年度继续办理3件。"
)
WANT = {
    "requests_received": 25,
    "carried_over": 2,
    "closed": 24,
    "replied_granted": 12,
    "replied_partially_granted": 3,
    "replied_denied": 3,
    "unavailable": 4,
    "other_handling": 2,
    "carried_forward": 3,
}


OTHER = (
    "（一）主动公开。围绕群众关切及时更新专栏，公开内容逐件审核，历史文件逐件清理，栏目作了归并，检索更加便捷，"
    "文件解读与文件同步发布，通过座谈等方式听取意见，推动公开工作再上新台阶。"
)


@pytest.mark.parametrize("width", range(20, 46))
def test_a_paragraph_of_any_width_says_the_same(width: int) -> None:
    def cut(text: str) -> list[str]:
        return [text[i : i + width] for i in range(0, len(text), width)]

    title, end = "清河县2023年政府信息公开工作年度报告", "（三）平台建设。优化专栏设置。"
    lines = [title, "一、总体情况", *cut(OTHER), *cut(PARAGRAPH), end]
    said = stated("\n".join(lines))
    assert said.items() <= WANT.items()
    breaks = range(width, len(PARAGRAPH), width)
    if not any(PARAGRAPH[b - 1] in "。" or PARAGRAPH[b - 1 : b + 1].isdecimal() for b in breaks):
        assert said == WANT
        assert texts("\n".join(lines))[-2:] == [PARAGRAPH, end]


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("全年办结24件，结转下年度继续", "办理3件。"),
        ("办结申请24件，转下一", "年度办理答复的有1件。"),
        ("予以公开20件；部分公开8件；其", "他处理17件。"),
        ("全年收到申请，", "办结24件。"),
        ("予以公开15件；不予公开5件；", "作其他处理2件。"),
        ("全年收到申请25", "件，办结24件。"),
        ("全年收到申请25件", "，办结24件。"),
        ("收到政府信息公开申请25件，其中自然人20件、", "法人或其他组织5件。"),
    ],
)
def test_what_follows_decides(line: str, following: str) -> None:
    assert texts(f"{line}\n{following}") == [line + following]


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("全年收到申请25件，办结24件。", "结转下年度继续办理1件。"),
        ("（二）依申请公开", "申请办理情况如下。"),
        ("二、主动公开政府信息情况", "公开信息12条。"),
        ("四、政府信息公开行政复议、行政诉讼情况", "行政复议3件。"),
        ("清河县2023年政府信息公开工作年度报告", "根据条例要求，编制本报告。"),
        ("清河县人民政府", "2024年1月20日"),
        ("发布日期：2024-01-20", "根据条例要求，编制本报告。"),
        ("全年公开信息12条，回应关切3次", "（三）平台建设。"),
        ("全年公开信息12条，回应关切3次", "附件：统计表"),
        ("自然人", "12"),
        ("本年新收政府信息公开申请数量", "12"),
        ("其他处理", "3.其他"),
        ("存在的主要问题：", "解读形式单调，存在不足。"),
        ("收到申请25件；", "（三）平台建设。"),
    ],
)
def test_what_stands_for_itself(line: str, following: str) -> None:
    assert texts(f"{line}\n{following}") == [line, following]


def test_digits_on_both_sides_of_a_break_are_no_figure() -> None:
    for text in ("全年收到申请，共1\n25件，办结24件。", "2023年，全县收到政府信息公开申请，1\n25件。"):
        assert not {1, 25, 125} & set(stated(text).values())


def test_each_statement_has_the_line_of_its_figure() -> None:
    found = statements.find(
        joined(passages("全年收到申请25件，办结24件，结转下年度继续\n办理3件。")), year=2023, scope="area", form="2021"
    )
    assert [(s.code, s.place.line) for s in found] == [
        ("requests_received", 1),
        ("closed", 1),
        ("carried_forward", 2),
    ]
    assert {s.number for s in found} == {found[0].number} and {s.passage for s in found} == {1}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_nothing_is_lost(lines: list[str]) -> None:
    given_ = [Passage(text, Place(line=i)) for i, text in enumerate(lines, start=1)]
    out = joined(given_)
    assert "".join("".join(p.text.split()) for p in out) == "".join("".join(text.split()) for text in lines)
    assert [place for p in out for place in ([pl for _, pl in p.lines] or [p.place])] == [p.place for p in given_]


def test_a_count_in_the_next_line() -> None:
    """A line that ends before its figure, and a short one that ends within a word."""
    text = "2023年，全县共收到政府信息公开申请\n57件，其中予以公开30\n件，部分公开11件。"
    assert stated(text) == {"requests_received": 57, "replied_granted": 30, "replied_partially_granted": 11}
    text = "本年度共收到政府信息\n公开申请57件，结转下\n年度继续办理7件。"
    assert stated(text) == {"requests_received": 57, "carried_forward": 7}
    # A heading, and a title, stand for themselves.
    assert texts("一、依申请公开情况\n57件，均已答复。") == ["一、依申请公开情况", "57件，均已答复。"]
    assert len(texts("清河县教育局政府信息\n公开工作年度报告")) == 2
