"""Which report it is: titles, issuers, years, scopes, dates, and where a new report begins."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Paragraph
from parsers.prose.identity import (
    Identified,
    identify,
    is_title,
    page_metadata,
    report_spans,
    titles,
    weigh_figures,
)
from parsers.readers import text
from schemas.facts import Fact, Passage, Place
from schemas.report_identity import ReportIdentity


def passages(*lines: str) -> list[Passage]:
    return [Passage(line, Place(line=n)) for n, line in enumerate(lines, start=1)]


def of(*lines: str, **more: Any) -> ReportIdentity:
    return said(*lines, **more).identity


def said(*lines: str, **more: Any) -> Identified:
    return identify(titles=[], passages=passages(*lines), **more)


# --- titles


@pytest.mark.parametrize(
    ("line", "issuer", "year", "period"),
    [
        ("沐阳县人民政府 2025 年 政府信息公开工作年度报告", "沐阳县人民政府", 2025, "year"),
        ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅", 2019, "year"),
        ("二〇二三年度沭阳县水利局政府信息公开工作年度报告", "沭阳县水利局", 2023, "year"),
        ("二0一五年沭阳县政府信息公开工作年度报告", "沭阳县", 2015, "year"),
        ("２０２３年度沭阳县政府信息公开工作年度报告", "沭阳县", 2023, "year"),
        ("洪泽区2 0 2 3 年政府信息公开年度报告", "洪泽区", 2023, "year"),
        ("衢州市人民政府2018年政府信息公開工作年度報告。", "衢州市人民政府", 2018, "year"),
        ("廣東省人民政府2018年政府信息公開工作年度報告", "廣東省人民政府", 2018, "year"),
        ("关于2022年度政府信息公开工作年度报告", None, 2022, "year"),
        ("沭阳县发展和改革局关于2022年度政府信息公开工作的报告", "沭阳县发展和改革局", 2022, "year"),
        ("2023政府信息公开年报", None, 2023, "year"),
        ("政府信息公开工作年度报告", None, None, "year"),
        ("政府信息公开工作报告（2010年度）", None, 2010, "year"),
        ("沭阳县人民政府政府信息公开工作2022年度报告", "沭阳县人民政府", 2022, "year"),
        ("附件1：沭阳县2022年政府信息公开工作年度报告", "沭阳县", 2022, "year"),
        ("平潭综合实验区地方税务局2013年信息公开年度报告", "平潭综合实验区地方税务局", 2013, "year"),
        ("沭阳县残联2021年政府信息公开工作年度报告", "沭阳县残联", 2021, "year"),
        # Bodies whose names hold words that sentences about reports are made of.
        ("沭阳县数据局2025年政府信息公开工作年度报告", "沭阳县数据局", 2025, "year"),
        ("沭阳县大数据管理中心2024年政府信息公开工作年度报告", "沭阳县大数据管理中心", 2024, "year"),
        ("沭阳县机构编制委员会办公室2025年政府信息公开工作年度报告", "沭阳县机构编制委员会办公室", 2025, "year"),
        ("2021年第一季度洪泽区政府信息公开情况报告", "洪泽区", 2021, "quarter"),
        ("沭阳县2022年上半年政府信息公开工作报告", "沭阳县", 2022, "half"),
        ("沭阳县2021-2022年政府信息公开工作年度报告", "沭阳县", None, "year"),
        ("沭阳县2022年政府信息公开工作年度报告附表1", "沭阳县", 2022, "year"),
        ("沭阳县2022年政府信息公开工作年度报告附件", "沭阳县", 2022, "year"),
        # Before the regulations, and beyond what a year can be.
        ("沭阳县2007年政府信息公开工作年度报告", "沭阳县", None, "year"),
    ],
)
def test_titles_are_taken_apart(line: str, issuer: str | None, year: int | None, period: str) -> None:
    assert is_title(line)
    title = titles.parse(line)
    assert title is not None
    assert (title.issuer, title.year, title.period) == (issuer, year, period)


@pytest.mark.parametrize(
    "line",
    [
        "廣東省人民政府2018年政府信息公開工作年度報告.pdf",
        "关于做好2022年政府信息公开工作年度报告编制的通知",
        "《中华人民共和国政府信息公开工作年度报告格式》",
        "平潭综合实验区2013年政府信息公开情况统计表",
        "根据条例规定，现公布沭阳县2022年政府信息公开工作年度报告",
        "现公布沭阳县2022年政府信息公开工作年度报告",
        "首页政务公开政府信息公开政府信息公开年报",
        "上一篇：沭阳县2021年政府信息公开工作年度报告",
        "2022年3月份政府信息公开情况报告",
        "数据来自沭阳县2022年政府信息公开工作年度报告",
        "沭阳县编制2022年政府信息公开工作年度报告",
        "格式:pdf 大小:34KB 評分: 4.5",
        "一、政府信息公开年度报告",
        "沭阳县2022年政府信息公开工作年度报告附件已上传",
        "政府信息公开",
        "",
        "　",
    ],
)
def test_what_is_no_title(line: str) -> None:
    assert not is_title(line)


def test_a_title_broken_over_lines_is_put_together() -> None:
    two = of("洪泽区人民政府", "2023 年政府信息公开工作年度报告", "一、总体情况")
    assert (two.issuer, two.year, two.division_code) == ("洪泽区人民政府", 2023, "320813")
    three = of("沭阳县人民政府办公室", "2021年度政府信息", "公开工作年度报告")
    assert (three.issuer, three.year, three.kind) == ("沭阳县人民政府办公室", 2021, "office")
    by_line = of("2021年度政府信息公开工作年度报告", "沭阳县水利局", "（2022年1月12日）")
    assert (by_line.issuer, by_line.published) == ("沭阳县水利局", "2022-01-12")


def test_text_without_line_breaks() -> None:
    line = (
        "当前位置： 首页政府信息公开年报 沭阳县水利局2013年 信息公开年度报告 来源：沭阳县人民政府 "
        "时间：2014-02-25 00:00 微信 微博 --> 沭阳县水利局2013年 信息公开年度报告 " + "本报告由以下部分组成。" * 30
    )
    found = of(line)
    assert (found.issuer, found.year, found.published) == ("沭阳县水利局", 2013, "2014-02-25")


# --- issuers


def test_the_signature_names_the_issuer_of_a_title_without_one() -> None:
    found = of(
        "政府信息公开工作年度报告",
        "统计期限自2020年1月1日起至12月31日止。",
        "一、总体情况",
        *["……"] * 9,
        "沭阳县水利局",
        "2021年1月20日",
    )
    assert (found.issuer, found.division_code, found.year) == ("沭阳县水利局", "321322", 2020)
    assert (found.published, found.published_from) == ("2021-01-20", "signature")
    assert found.issuer_evidence == "signature: 沭阳县水利局"


def test_page_metadata_names_the_issuer_last_before_the_file_name() -> None:
    page = {
        "发布机构": "沭阳县水利局",
        "索引号": "014318878/2021-00012",
        "文号": "沭水发〔2021〕5号",
        "发布日期": "2021-01-28",
    }
    found = of("2020年政府信息公开工作年度报告", "一、总体情况", metadata=page, file_name="2020年沭阳县财政局年报.docx")
    assert (found.issuer, found.published, found.published_from) == ("沭阳县水利局", "2021-01-28", "metadata")
    assert (found.document_number, found.index_number) == ("沭水发〔2021〕5号", "014318878/2021-00012")
    signed = of("2020年政府信息公开工作年度报告", "一、总体情况", "……", "沭阳县民政局", metadata=page)
    assert signed.issuer == "沭阳县民政局"


def test_metadata_in_a_line_of_the_text() -> None:
    found = of(
        "索 引 号：014318878/2022-00011 发布机构：沭阳县水利局 发布日期：2022-01-11 文号：无",
        "2021年政府信息公开工作年度报告",
    )
    assert (found.issuer, found.published, found.published_from) == ("沭阳县水利局", "2022-01-11", "text")
    assert (found.index_number, found.document_number) == ("014318878/2022-00011", None)


def test_the_file_name_is_asked_last() -> None:
    found = of("一、总体情况", file_name="沭阳县财政局2019年政府信息公开工作年度报告.docx")
    assert (found.issuer, found.year, found.title) == ("沭阳县财政局", 2019, None)
    assert of("2020年政府信息公开工作年度报告", file_name="2019.docx").year == 2020
    assert of("一、总体情况", file_name="2019-shuyang.docx").issuer is None


def test_a_name_used_at_home_is_completed_by_the_signature() -> None:
    found = of(
        "县政府办公室2020年政府信息公开工作年度报告", "一、总体情况", "沭阳县人民政府办公室", "二○二一年一月二十日"
    )
    assert (found.issuer, found.division_code, found.kind) == ("沭阳县人民政府办公室", "321322", "office")
    assert found.published == "2021-01-20"


def test_a_document_that_says_nothing_yields_nothing() -> None:
    nothing = identify().identity
    assert nothing == ReportIdentity(issuer_flags=("unmatched",))
    assert nothing.issuer is None and nothing.year is None and nothing.scope == "unknown" and nothing.published is None


def test_the_file_properties_are_no_publication_dates() -> None:
    page = {"creationdate": "D:20240105", "moddate": "2024-01-05", "created": "2024-01-05", "author": "沭阳县水利局"}
    found = of("2023年政府信息公开工作年度报告", metadata=page)
    assert found.published is None and found.issuer is None


def test_a_misread_name_is_read_right_only_with_other_evidence() -> None:
    title = "沐阳县人民政府2025年政府信息公开工作年度报告"
    bare = of(title, file_name="report.md")
    assert (bare.issuer, bare.division_code, bare.issuer_flags) == ("沐阳县人民政府", None, ("unmatched",))
    for evidence in (
        {"file_name": "2025-shuyang-county.md"},
        {"metadata": {"原文链接": "https://www.shuyang.gov.cn/a.html"}},
    ):
        found = of(title, **evidence)  # type: ignore[arg-type]
        assert (found.issuer, found.issuer_printed) == ("沭阳县人民政府", "沐阳县人民政府")
        assert (found.division_code, found.issuer_flags) == ("321322", ("similar",))
    # A name that is somebody's is never read as another's.
    assert of("泗阳县人民政府2025年政府信息公开工作年度报告", file_name="2025-shuyang.md").issuer == "泗阳县人民政府"


def test_an_ambiguous_county_needs_its_parent() -> None:
    lines = ("鼓楼区人民政府2022年政府信息公开工作年度报告", "一、总体情况")
    alone = of(*lines)
    assert (alone.issuer, alone.division_code, alone.level, alone.issuer_flags) == (
        "鼓楼区人民政府",
        None,
        "county",
        ("ambiguous",),
    )
    told = of(lines[0], "本报告由南京市鼓楼区人民政府办公室编制。", lines[1])
    assert (told.division_code, told.issuer_flags) == ("320106", ())
    assert of(*lines, metadata={"SiteName": "福州市鼓楼区人民政府"}).division_code == "350102"


# --- year, period, date


def test_the_year_is_the_reports_not_that_of_its_publication() -> None:
    assert of("沭阳县2022年政府信息公开工作年度报告", metadata={"PubDate": "2023-02-20"}).year == 2022
    assert of("政府信息公开工作年度报告", "现公布沭阳县2011年度政府信息公开年度报告。").year == 2011
    assert of("政府信息公开工作年度报告", metadata={"PubDate": "2023-02-20"}).year is None


def test_periods() -> None:
    assert of("政府信息公开工作报告", "统计期限自2022年1月1日起至6月30日止").period == "half"
    assert of("政府信息公开情况报告", "统计期限自2022年1月1日至3月31日").period == "quarter"
    # A wrong closing date in an annual report is the sentence's error, not another period.
    assert of("2022年政府信息公开工作年度报告", "统计期限自2022年1月1日起至6月30日止").period == "year"


@pytest.mark.parametrize(
    ("printed", "date"),
    [
        ("2024-03-08 15:34", "2024-03-08"),
        ("2024/3/8", "2024-03-08"),
        ("2024.03.08", "2024-03-08"),
        ("2024 年 3 月 8 日", "2024-03-08"),
        ("20240308", "2024-03-08"),
        ("二○一二年二月二十日", "2012-02-20"),
        ("二〇二三年十二月三十一日", "2023-12-31"),
        ("２０２４年３月８日", "2024-03-08"),
        ("2024-13-40", None),
        ("1999-01-01", None),
        ("二月二十日", None),
    ],
)
def test_dates(printed: str, date: str | None) -> None:
    assert of("沭阳县2022年政府信息公开工作年度报告", metadata={"发布日期": printed}).published == date


# --- scope


@pytest.mark.parametrize(
    ("title", "lines", "scope", "evidence"),
    [
        ("沭阳县人民政府2022年", ["由县政府办公室汇总全县各乡镇、各部门情况编制而成。"], "area", "preamble: 汇总"),
        ("沭阳县人民政府2022年", ["综合县政府各部门的情况编制本报告。"], "level", "preamble: 综合"),
        ("沭阳县人民政府2022年", ["本报告以沭阳县人民政府和县政府办公室名义发布。"], "office", "preamble: 以"),
        ("沭阳县人民政府2022年", ["一、总体情况", "全县共收到政府信息公开申请30件。"], "area", "text: 全县"),
        ("沭阳县人民政府办公室2022年", ["一、总体情况", "全县共收到政府信息公开申请30件。"], "area", "text: 全县"),
        ("沭阳县人民政府办公室2022年", ["一、总体情况"], "office", "title: 办公室"),
        ("沭阳县人民政府2022年", ["一、总体情况"], "unknown", None),
        ("沭阳县水利局2022年", ["一、总体情况", "我局高度重视。"], "body", "text: 我局"),
        ("沭阳县马厂镇2022年", ["一、总体情况"], "body", "title: "),
        ("国家税务总局淮安市税务局2022年", ["汇总全市税务系统各单位数据。"], "system", "preamble: 汇总"),
        # The name of the notice is no statement about this report.
        ("沭阳县人民政府2022年", ["根据《关于汇总各县区各部门年度报告的通知》编制。"], "unknown", None),
    ],
)
def test_scope_by_its_evidence(title: str, lines: Sequence[str], scope: str, evidence: str | None) -> None:
    found = of(f"{title}政府信息公开工作年度报告", *lines)
    assert found.scope == scope
    assert (found.scope_evidence or "").startswith(evidence or "") and (found.scope_evidence is None) == (
        evidence is None
    )


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        # Form 2021 has no place before 一、: what the preamble says stands in it.
        ("本报告由县政府办公室综合各乡镇、各部门政府信息公开工作年度报告汇总编制。", "area"),
        ("主动公开信息30条。县政府办公室汇总各乡镇、各部门数据,编制本报告。", "area"),
        ("本年度报告所列数据的统计范围为全县各乡镇和县直各部门。", "area"),
        ("本年度报告综合县政府各部门的情况编制。", "level"),
        ("本报告反映以县政府和县政府办公室\n名义办理的政府信息公开情况。", "office"),
        # Of the work of others, of other reports, of what is left out, or two things at once: nothing is said.
        ("县政府办公室汇总各乡镇、各部门公开情况,以县政府办公室名义通报。", "figures"),
        ("各乡镇、各部门信息公开工作年度报告均按时编制并发布。", "figures"),
        ("指导各乡镇、各部门汇总公开情况,编制本年度报告。", "figures"),
        ("本报告期内,以县政府办公室名义印发文件30件。", "figures"),
        ("本报告由县政府办公室编制,2022年以县政府办公室名义公开文件30件。", "figures"),
        ("本报告由县政府办公室综合科编制,各界如有疑问请联系。", "figures"),
        ("本报告数据不包括各乡镇、各部门汇总数据。", "figures"),
        ("本报告以县政府办公室名义发布。本报告汇总各乡镇、各部门数据。", "figures"),
    ],
)
def test_what_a_government_says_of_its_figures_counts_wherever_it_stands(sentence: str, scope: str) -> None:
    found = said("沭阳县人民政府2022年政府信息公开工作年度报告", "一、总体情况", *sentence.split("\n"), "二、主动公开")
    for licences, suggested in ((0, "office"), (20_000, "area")):
        figures = {"normative_documents.issued": 12, "licensing.decisions": licences, "penalty.decisions": licences}
        weighed = weigh_figures(found, [fact(f"article20.{a}", v) for a, v in figures.items()], "2021")
        source = "figures: " if scope == "figures" else "stated: "
        assert (weighed.scope, (weighed.scope_evidence or "")[: len(source)]) == (
            suggested if scope == "figures" else scope,
            source,
        )


def fact(address: str, value: int) -> Fact:
    return Fact(address, value, "number", str(value), None, Place(), "cells")


def test_a_sentence_about_the_area_counts_only_beside_a_table_of_its_size() -> None:
    found = said("沭阳县人民政府2024年政府信息公开工作年度报告", "一、总体情况", "全县共收到政府信息公开申请95件。")
    assert (found.identity.scope, found.stated_received) == ("area", (95,))
    assert weigh_figures(found, [fact("requests.new_received.total", 95)], "2021").scope == "area"
    # The stated figure may be the wrong one; then the report is still the area's.
    assert weigh_figures(found, [fact("requests.new_received.total", 91)], "2021").scope == "area"
    assert weigh_figures(found, [fact("requests.new_received.total", 17)], "2021").scope == "unknown"
    assert weigh_figures(found, [], "2021").scope == "area"


def test_figures_tell_an_office_from_an_area_where_nothing_stronger_does() -> None:
    found = said("沭阳县人民政府2024年政府信息公开工作年度报告", "一、总体情况")
    documents = fact("article20.normative_documents.issued", 12)
    none = [documents, fact("article20.licensing.decisions", 0), fact("article20.penalty.decisions", 0)]
    many = [documents, fact("article20.licensing.decisions", 517645), fact("article20.penalty.decisions", 0)]
    some = [documents, fact("article20.licensing.decisions", 500), fact("article20.penalty.decisions", 3)]
    assert [weigh_figures(found, facts, "2021").scope for facts in (none, many, some)] == ["office", "area", "unknown"]
    assert (weigh_figures(found, many, "2021").scope_evidence or "").startswith("figures: ")
    # Tables without a sentence, but a note, may be part of another file's report.
    alone = said(
        "沭阳县人民政府2024年政府信息公开工作年度报告",
        "二、主动公开政府信息情况",
        "(本列数据的勾稽关系为:第一项加第二项之和。)",
    )
    assert weigh_figures(alone, some, "2021").scope_evidence == "tables alone"
    assert (weigh_figures(alone, many, "2021").scope_evidence or "").endswith("(tables alone)")
    spoken = said(
        "沭阳县人民政府2024年政府信息公开工作年度报告", "一、总体情况", "2024年，县政府办公室扎实推进政务公开。"
    )
    assert weigh_figures(spoken, some, "2021").scope_evidence is None
    department = said("沭阳县水利局2024年政府信息公开工作年度报告")
    assert weigh_figures(department, many, "2021").scope == "body"


# --- several reports in a file


def test_spans() -> None:
    body = ["一、总体情况", "……", ""]
    texts = [
        "甘州区人民政府2018年政府信息公开工作年度报告",
        *body,
        "格式:pdf",
        "甘州区人民政府",
        "2019年政府信息公开工作年度报告",
        *body,
        "2019年政府信息公开工作年度报告",
        "廣東省人民政府2019年政府信息公開工作年度報告。",
        *body,
        "廣東省人民政府2019年政府信息公開工作年度報告.pdf",
    ]
    spans = report_spans(texts)
    assert [(s.start, s.end) for s in spans] == [(0, 5), (5, 11), (11, 16)]
    assert spans[1].title == "甘州区人民政府2019年政府信息公开工作年度报告"


def test_a_single_report_has_all_of_its_file() -> None:
    assert [(s.start, s.end) for s in report_spans(["站点导航", "2019年政府信息公开工作年度报告", "正文"])] == [(0, 3)]
    assert report_spans(["正文", ""]) == [] and report_spans([]) == []


def test_links_to_other_years_are_no_reports() -> None:
    links = [f"{year}年政府信息公开工作年度报告" for year in (2019, 2020, 2021)]
    assert len(report_spans([*links, "", "沭阳县2022年政府信息公开工作年度报告", "正文"])) == 1
    assert len(report_spans([*links, "沭阳县2022年政府信息公开工作年度报告", "正文"])) == 1
    found = of(*links, "本报告统计期限自2020年1月1日起至2020年12月31日。")
    assert found.year == 2020


def test_header_lines_belong_to_the_report_below_them() -> None:
    texts = [
        "沭阳县2019年政府信息公开工作年度报告",
        "正文",
        "发布时间: 2021-01-01",
        "沭阳县2020年政府信息公开工作年度报告",
        "正文",
    ]
    assert [(s.start, s.end) for s in report_spans(texts)] == [(0, 2), (2, 5)]


def test_page_metadata_tables() -> None:
    rows = [
        ["索 引 号", "0143/2021-12", "发布机构", "沭阳县水利局"],
        ["文 号：", "沭水发〔2021〕5号", "发布日期：2021-01-28"],
    ]
    assert page_metadata(rows) == {
        "索引号": "0143/2021-12",
        "发布机构": "沭阳县水利局",
        "文号": "沭水发〔2021〕5号",
        "发布日期": "2021-01-28",
    }
    assert page_metadata([["信息内容", "本年制发件数"], ["规章", "0"]]) == {}


# --- real documents


def _paragraphs(path: Path) -> tuple[list[str], str | None, dict[str, str]]:
    """Texts of a document, its title and metadata; read plainly, so that only this module is on trial."""
    if path.suffix == ".pdf":
        import pypdfium2

        pages = pypdfium2.PdfDocument(str(path))
        return [line for page in pages for line in page.get_textpage().get_text_range().splitlines()], None, {}
    if path.suffix == ".html":
        import lxml.html

        root = lxml.html.fromstring(path.read_text("utf-8"))
        return [p.text_content() for p in root.iter("p")], None, {}
    document = text.read(path.read_bytes(), path.name)
    lines = [b.text if isinstance(b, Paragraph) else "" for b in document.blocks]
    return lines, document.title, document.metadata


def test_gold_identities(shared: Path) -> None:
    gold: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((shared / "gold").glob("*.json")):
        entry = json.loads(path.read_text("utf-8"))
        if "source" in entry:
            gold.setdefault(entry["source"], []).append(entry)
    assert sum(map(len, gold.values())) == 16
    for source, entries in gold.items():
        path = next(p for p in (shared / "reports" / source, shared / "seeds" / source) if p.exists())
        lines, title, metadata = _paragraphs(path)
        spans = report_spans(lines)
        alone = len(spans) < 2
        parts = [lines] if alone else [lines[s.start : s.end] for s in spans]
        assert len(parts) == len(entries), source
        found = [
            identify(
                titles=([title] if title and alone else []) + part[:12],
                passages=passages(*part),
                metadata=metadata if alone else {},
                file_name=source if alone else "",
            ).identity
            for part in parts
        ]
        for entry in entries:
            (one,) = [
                f
                for f in found
                if f.year == entry["year"] and f.issuer in {entry["issuer"], *entry.get("issuer_variants", [])}
            ]
            assert one.published == entry.get("published"), source
            assert one.issuer_printed is not None and one.division_code is not None and one.period == "year"
            if "issuer_printed" in entry:
                assert one.issuer_printed == entry["issuer_printed"] and "similar" in one.issuer_flags
            assert one.scope != "unknown" or "2019-pingtan" in source
        if source == "2019-shanghai-gov-office.html":
            assert found[0].scope == "office"


@pytest.mark.parametrize("name", ["notice-2019-no60.txt", "notice-2021-no30.txt"])
def test_notices_are_no_reports(shared: Path, name: str) -> None:
    assert report_spans(_paragraphs(shared / "reports" / name)[0]) == []


def test_circulars_are_no_reports(shared: Path) -> None:
    for path in (shared / "seeds").glob("*.txt"):
        if "annual-reports" not in path.name:
            assert report_spans(path.read_text("utf-8").splitlines()) == [], path.name


# --- anything at all

_PIECES = st.lists(
    st.sampled_from(
        [
            "2023年",
            "二〇二三年",
            "沭阳县",
            "人民政府",
            "政府信息公开",
            "工作年度报告",
            "\n",
            " ",
            "（",
            "）",
            "发布日期：",
            "2024-13-01",
            "我局",
            "；",
            "①",
        ]
    ),
    max_size=9,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(lines=st.lists(st.one_of(_PIECES, st.text(max_size=40)), max_size=8), name=st.text(max_size=20))
def test_nothing_raises(lines: list[str], name: str) -> None:
    found = identify(
        titles=lines[:2], passages=passages(*lines), metadata={"title": name, "发布时间": name}, file_name=name
    ).identity
    assert found.year is None or 2008 <= found.year <= 2100
    spans = report_spans(lines)
    assert all(0 <= s.start < s.end <= len(lines) for s in spans)
    assert all(a.end == b.start for a, b in pairwise(spans))
    page_metadata([lines])
