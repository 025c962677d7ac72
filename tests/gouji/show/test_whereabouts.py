"""Where something stands, as a person finds it.

Belongs here: places of sentences in words. Does not belong here: cells (`test_text`, `test_page`).
"""

from __future__ import annotations

from gouji.show.names import whereabouts
from schemas.facts import Passage, Place, Report
from schemas.report_identity import ReportIdentity

_TEXTS = (
    "某县2025年政府信息公开工作年度报告",
    "一、总体情况",
    "（一）主动公开。全年公开各类信息615条，其中政策文件12条。",
    "（二）依申请公开。",
    "二、主动公开政府信息情况",
)


def _report(texts: tuple[str, ...] = _TEXTS) -> Report:
    out = Report("r", ReportIdentity(year=2025), "2021", None)
    out.passages = [Passage(text, Place(paragraph=n)) for n, text in enumerate(texts, start=1)]
    return out


def test_a_paragraph_is_named_by_its_section_and_its_first_words() -> None:
    report = _report()
    assert whereabouts(report, Place(paragraph=3), "zh") == "第一部分“（一）主动公开…”"
    assert whereabouts(report, Place(paragraph=4), "zh") == "第一部分“（二）依申请公开”"
    assert whereabouts(report, Place(paragraph=1), "zh").startswith("开头“某县2025年")
    assert whereabouts(report, Place(paragraph=3), "en").startswith("section 1")
    # Of another report the sections are its own.
    other = _report(("一、总体情况", "二、主动公开政府信息情况", "本年制发规章0件。"))
    assert whereabouts(other, Place(paragraph=3), "zh") == "第二部分“本年制发规章0件”"


def test_other_places_are_told_as_before() -> None:
    report = _report()
    assert whereabouts(report, Place(table=2, row=7, column=4), "zh") == "第2个表第7行第4列"
    assert whereabouts(report, Place(line=13), "zh") == "第13行文字"
    assert whereabouts(report, Place(page=2, paragraph=3), "zh") == "第2页"
    assert whereabouts(report, Place(paragraph=99), "zh") == "第99段"


def test_a_paragraph_of_a_pdf_is_named_as_in_other_formats_with_its_page() -> None:
    report = _report()
    report.passages = [Passage(t, Place(page=1 + n // 3, paragraph=n)) for n, t in enumerate(_TEXTS, start=1)]
    assert whereabouts(report, Place(page=2, paragraph=3), "zh") == "第一部分“（一）主动公开…”，第2页"
    assert whereabouts(report, Place(page=2, paragraph=3), "en").endswith(", page 2")
    # A place that no passage is at, and a cell's, have their page.
    assert whereabouts(report, Place(page=1, paragraph=9), "zh") == "第1页"
    assert whereabouts(report, Place(page=3, table=1, row=2), "zh").startswith("第3页")
