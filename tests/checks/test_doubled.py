"""Paragraphs and sentences that stand twice in one report: what is told, and what a page or a form repeats rightly."""

from __future__ import annotations

import pytest

from schemas.facts import Passage, Place, Report
from schemas.findings import Finding

from .reports import findings, sound_report

FIRST = "（一）主动公开。2023年通过网站发布各类文件和解读材料，栏目按月更新。"
SECOND = "（二）依申请公开。答复逐件登记、逐件审核，疑难事项集体研究后再作答复。"
FIVE = "公开内容与群众关心的事项还有距离，解读形式比较单调。"
NEXT = "下一步将丰富解读形式，加强业务培训，提高答复质量。"
FEES = "2023年度，本机关没有收取政府信息公开信息处理费，也没有减免。"


def draft(*lines: str) -> Report:
    r = sound_report()
    r.passages = [Passage(t, Place(paragraph=i)) for i, t in enumerate(lines, start=1)]
    return r


def told(*lines: str) -> list[Finding]:
    return findings(draft(*lines), "statement.twice")


WHOLE = ("一、总体情况", FIRST, SECOND, "五、存在的主要问题及改进情况", FIVE, NEXT, "六、其他需要报告的事项", FEES)


def test_a_paragraph_twice() -> None:
    for lines in (
        (*WHOLE[:3], FIRST, *WHOLE[3:]),
        (*WHOLE[:3], FIRST.replace("（一）", "（三）"), *WHOLE[3:]),
        (*WHOLE[:2], FIRST.replace("，", ","), *WHOLE[2:]),
    ):
        (found,) = told(*lines)
        assert found.severity == "warning" and "2023年通过网站" in found.message


def test_a_whole_section_twice_is_told_once() -> None:
    (found,) = told(*WHOLE[:6], FIVE, NEXT, *WHOLE[6:])
    assert "连续 2 段" in found.message and FIVE[:10] in found.message
    (found,) = told(*WHOLE[:7], FIVE + NEXT, NEXT + FIVE, FIVE + NEXT)
    assert found.place.paragraph == 10


@pytest.mark.parametrize(
    "text",
    [
        "强化管理，压实责任，提升质量。强化管理，压实责任，提升质量。",
        "按月更新栏目。定期组织培训；逐项抓好落实。定期组织培训；逐项抓好落实。",
        "对涉及面广、群众关注度高的事项，先解读后公开、边解读边公开。按月更新。对涉及面广、群众关注度高的事项，先解读后公开、边解读边公开。",
    ],
)
def test_a_sentence_twice(text: str) -> None:
    (found,) = told(*WHOLE[:3], f"（三）监督保障。{text}", *WHOLE[3:])
    assert found.severity == "note" and "写了两遍" in found.message


@pytest.mark.parametrize(
    "lines",
    [
        WHOLE,
        # A page that holds its text for another screen, or begins with a summary of it.
        (*WHOLE, *WHOLE),
        (FIRST, *WHOLE),
        # What the sections on requests and on fees both have to say.
        (*WHOLE[:3], FEES, *WHOLE[3:]),
        # The same words of two years' figures, and a short formula.
        (*WHOLE[:3], FIRST.replace("按月", "按周"), *WHOLE[3:]),
        (*WHOLE[:3], "按时更新。", "逐件审核。", "按时更新。", *WHOLE[3:]),
        ("一、总体情况", "有困难找政府，有困难找政府。一件一件办，一项一项查。"),
        # A table's cells are no paragraphs.
        (
            "一、总体情况",
            "行政许可 0 0",
            "行政许可 0 0",
            "政府信息公开工作机构名称和联系方式",
            "政府信息公开工作机构名称和联系方式",
        ),
    ],
)
def test_what_stands_twice_rightly(lines: tuple[str, ...]) -> None:
    assert not told(*lines)


def test_in_what_is_published_it_is_a_note() -> None:
    import checks

    r = draft(*WHOLE[:3], FIRST, *WHOLE[3:])
    (found,) = (f for f in checks.check_report(r, "published") if f.rule == "statement.twice")
    assert found.severity == "note"
