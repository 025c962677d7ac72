"""Texts without a title that names anybody: whose report it is by who compiled it, who gathered it.

Belongs here: texts of our own, each with one such trait, and texts in which the trait must say nothing. Does not belong
here: pages that have a title (`test_who_and_when`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import extract
from parsers.prose.identity.spoken import body_of
from schemas.issuers import match_issuer

from .test_who_and_when import report_of

LAW = "根据《中华人民共和国政府信息公开条例》"
PARTS = "全文包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况。"
PERIOD = "本报告中所列数据的统计期限自2021年1月1日起至2021年12月31日止。"
PREAMBLE = f"本年度报告{LAW}要求编制。{PARTS}{PERIOD}"
BUREAU = "\n一、总体情况\n2021年，我局认真做好政府信息公开工作。\n"
COUNTY = "\n一、总体情况\n2021年，我县认真做好政府信息公开工作，全县公开政府信息812条。\n"
TOWN = "\n一、总体情况\n2021年，我镇认真做好政府信息公开工作。\n"


def ask(name: str) -> str:
    return f"如对本报告有疑问，请与{name}联系（地址：人民路8号，电话：0319-8160000）。"


# What the text says, what follows it, and whose report that is: issuer, kind, division.
NAMED = [
    # the year in front of the name; who makes it public
    (
        f"{LAW}，现公布2021年度清河县水务局政府信息公开工作报告。{PERIOD}" + BUREAU,
        "清河县水务局",
        "department",
        "130534",
    ),
    (
        f"{LAW}要求，清河县水务局向社会公布本单位2021年政府信息公开工作年度报告。" + BUREAU,
        "清河县水务局",
        "department",
        "130534",
    ),
    # who compiled it, and from what
    (
        f"本报告由清河县水务局{LAW}和有关要求，结合工作实际编制而成。{PERIOD}" + BUREAU,
        "清河县水务局",
        "department",
        "130534",
    ),
    (
        f"{LAW}要求，清河县人民政府根据全县2021年度政府信息公开情况，编制本报告。{PERIOD}" + COUNTY,
        "清河县人民政府",
        "government",
        "130534",
    ),
    (
        f"本报告由清河县人民政府信息公开工作领导小组办公室{LAW}，汇总各乡镇、各部门情况编制而成。{PERIOD}" + COUNTY,
        "清河县人民政府",
        "government",
        "130534",
    ),
    (
        f"本报告由清河县政府办公室综合各乡镇政府和各部门年度报告编写而成。{PERIOD}" + COUNTY,
        "清河县政府",
        "government",
        "130534",
    ),
    # who acts, behind whose lead it was
    (
        PREAMBLE + "\n一、总体情况\n2021年，在县委、县政府的领导下，清河县水务局深入推进政务公开。\n",
        "清河县水务局",
        "department",
        "130534",
    ),
]


@pytest.mark.parametrize(("text", "issuer", "kind", "code"), NAMED)
def test_a_text_without_a_title_says_whose_it_is(text: str, issuer: str, kind: str, code: str | None) -> None:
    report = report_of(text)
    assert (report.issuer, report.identity.kind, report.identity.division_code) == (issuer, kind, code)
    assert report.year == 2021


NAMED += [
    (
        f"本年报由清河县政务公开和政府信息公开领导小组办公室编制。2021年度清河县政府信息公开年度报告全文包括概述等。{PERIOD}{COUNTY}",
        "清河县",
        "government",
        "130534",
    ),
]


# What must name nobody.
NOBODY = [
    # Whom to ask: a bureau may be asked about all of a county's figures, and about a town's.
    PREAMBLE + ask("清河县政务服务局") + COUNTY,
    PREAMBLE + ask("清河县政务服务局") + TOWN,
    PREAMBLE + ask("清河县信息化中心办公室") + COUNTY,
    PREAMBLE + ask("县政府办公室") + COUNTY,
    # A bureau that gathers what all others did compiles the county's report.
    f"本报告由清河县政务服务局{LAW}，汇总各乡镇、各部门情况编制而成。{PERIOD}" + COUNTY,
    # two towns, two bureaus
    PREAMBLE + TOWN + "“连庄镇人民政府”微信公众号发布信息68条，“油坊镇人民政府”微信公众号发布20条。",
    f"县水务局2021年度政府信息公开工作年度报告{BUREAU}信息在清河县水务局网站、威县水务局网站公开。",
    # Words in place of the authority's name.
    f"邢台市手机彩票网水务局2021年政府信息公开工作年度报告\n{PREAMBLE}" + BUREAU,
    f"{LAW}，现公布AbcBet体育水务局（以下简称水务局）2021年政府信息公开工作年度报告。{PERIOD}" + BUREAU,
    f"{LAW}，由市区编制2021年度政府信息公开报告。{PERIOD}" + BUREAU,
]


@pytest.mark.parametrize("text", NOBODY)
def test_what_stands_near_names_nobody(text: str) -> None:
    report = report_of(text)
    assert report.identity.division_code is None
    assert report.issuer is None or match_issuer(report.issuer).division_code is None


def test_whom_to_ask_never_outweighs_what_is_said_of_the_report() -> None:
    report = report_of(f"清河县水务局2021年政府信息公开工作年度报告\n{PREAMBLE}{ask('清河县政务服务局')}{BUREAU}")
    assert report.issuer == "清河县水务局"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("清河县公安局行政审批办公室", "清河县公安局"),
        ("清河县教育局办公室", "清河县教育局"),
        ("清河县人民政府办公室政府信息公开科", "清河县人民政府办公室"),
        ("清河县人民政府信息公开办公室", "清河县人民政府"),
        ("连庄镇党政综合办公室", "连庄镇"),
        ("清河经济开发区管委会党政办公室", "清河经济开发区管委会"),
        ("天津海关办公室新闻科", "天津海关"),
        # Whose part the rest is, is not known.
        ("清河县文化馆办公室", None),
        ("清河县", None),
    ],
)
def test_an_inner_office_is_its_bodys(name: str, body: str | None) -> None:
    assert body_of(name) == body


# --- whether it is a report


@pytest.mark.parametrize(
    "text",
    [
        f"本报告是{LAW}要求编制。{PARTS}\n本报告中所列数据的统计期限自2021年1月1日《条例》实施之日起，至2021年12月31日止。",
        f"本年报{LAW}以及各单位年度报告编制。本年报由概述、主动公开情况、依申请公开情况等七部分组成。{PERIOD}",
        "一、总体情况\n新条例实施以来，明确公开主体。\n（一）主动公开情况\n1、2021年县政府办公室主动公开政府信息89条。\n（二）依申请公开情况\n没有收到申请。",
        f"{LAW}要求，特编制完成本报告。\n一、工作概述\n2021年，清河县水务局以《条例》为遵循。\n（一）主动公开情况。公开8条。\n（二）依申请公开情况。没有收到申请。",
        f"{LAW}，现将我乡2021年政府信息公开工作报告如下，汇报我乡2021年政府信息公开工作。\n一、总体情况\n公开8条。",
        "一、概述\n2021年，我局继续开展公开工作。\n二、政府信息主动公开情况\n公开175条。\n六、行政复议和行政诉讼情况\n没有。",
        "一、总体情况\n2021年市水务局共受理申请2件。\n1.主动公开\n公开9条。\n2.依申请公开\n受理2件。",
        "一、总体情况\n2021年医院在网上公开信息22条。\n（一）主动公开情况\n公开22条。\n（二）依申请公开情况\n没有。",
        "一、总体情况\n截止2021年12月31日我局发布信息34条。\n（一）主动公开信息情况\n公开34条。\n（二）依申请公开工作情况\n没有。",
        f"关于2021年水利部政府信息公开工作年度报告的公告\n本年度报告是{LAW}要求，由中华人民共和国水利部编制。{PARTS}",
    ],
)
def test_a_text_that_calls_itself_a_report_is_one(text: str) -> None:
    assert report_of(text).year == 2021


@pytest.mark.parametrize(
    "text",
    [
        # what others published, told by a paper
        "某省发布2021年政府信息公开工作年度报告\n27日，省人民政府正式向社会发布2021年政府信息公开工作年度报告。报告显示，全省收到申请5319件。",
        # what such reports must hold
        "第二条 报告的内容：\n各单位的政府信息公开工作年度报告应涵盖本年度自1月1日起至12月31日止的工作：\n（一）主动公开政府信息的情况\n（二）依申请公开情况",
        # where to ask for information
        f"为{LAW[2:]}，本机关编制了《清河县水务局政府信息公开指南》。\n一、主动公开\n（一）公开内容\n二、依申请公开",
        "各单位：请于1月20日前报送2021年政府信息公开工作年度报告，报告全文包括总体情况等六部分，统计期限为2021年1月1日至12月31日。",
    ],
)
def test_what_only_speaks_of_reports_is_none(text: str) -> None:
    extraction = extract(Path("页面.txt"), text.encode())
    assert [p.kind for p in extraction.problems] == ["no_report"]


def test_a_report_of_words_behind_a_notice_and_the_titles_of_the_page() -> None:
    words = "我部认真落实条例要求，制定责任分工方案，发布主动公开基本目录，及时公开预案和监督检查情况。" * 12
    text = (
        "水利部2022年政府信息公开工作报告\n中华人民共和国水利部\n公告\n2022年第2号\n附件：水利部2021年政府信息公开工作报告\n"
        f"水利部2021年政府信息公开工作报告\n一、总体情况\n{words}\n"
    )
    report = report_of(text)
    assert (report.issuer, report.year) == ("水利部", 2021)
    links = "水利部2022年政府信息公开工作报告\n\n相关阅读\n\n水利部2021年政府信息公开工作报告\n"
    assert extract(Path("页面.txt"), links.encode()).reports == []


# --- copied pages


def test_a_pronunciation_in_brackets_is_no_part_of_a_word() -> None:
    text = (
        "清河縣水務(wù)局2021年政府信息公開(kāi)工作年度報(bào)告\n"
        "本報(bào)告中所列數(shù)據(jù)的統(tǒng)計(jì)期限自2021年1月1日起至2021年12月31日止。\n"
        "一、總體情況\n2021年，我局共收到政府信息公開(kāi)申請(qǐng)4件。\n"
    )
    report = report_of(text)
    assert (report.issuer, report.year, report.identity.division_code) == ("清河县水务局", 2021, "130534")
    assert [(s.code, s.value) for s in report.statements] == [("requests_received", 4)]


def test_an_address_before_a_name_is_no_part_of_it() -> None:
    report = report_of(f"{LAW}，特向社会公布2021年度example.com连庄镇人民政府信息公开年度报告。{PERIOD}{TOWN}")
    assert (report.issuer, report.year) == ("连庄镇人民政府", 2021)


def test_what_a_body_is_called_from_there_on_is_no_part_of_its_name() -> None:
    report = report_of(f"{LAW}，现公布清河县水务局（以下简称县水务局）2021年政府信息公开工作年度报告。{PERIOD}{BUREAU}")
    assert report.issuer == "清河县水务局"


def test_what_a_customs_office_is_in_charge_of_is_no_part_of_its_name() -> None:
    report = report_of(f"天津海关关区2021年政府信息公开工作年度报告\n{PREAMBLE}{BUREAU}")
    assert (report.issuer, report.identity.kind) == ("天津海关", "vertical")
    assert report.identity.issuer_printed == "天津海关关区"


@pytest.mark.parametrize(
    ("year", "code", "kind", "level"), [(2023, "500000", "zone", "zone"), (2025, "500157", "government", "county")]
)
def test_a_zone_that_became_a_district_is_one_from_that_year(year: int, code: str, kind: str, level: str) -> None:
    identity = report_of(f"重庆两江新区{year}年政府信息公开工作年度报告\n一、总体情况\n全区公开信息8条。").identity
    assert (identity.division_code, identity.kind, identity.level) == (code, kind, level)


def test_a_title_whose_letters_were_set_in_another_order_is_one() -> None:
    report = report_of(f"清河县连庄镇2021年政府信息公开 工作告年度报\n来源：县政府办\n一、总体情况{TOWN}")
    assert (report.issuer, report.year) == ("清河县连庄镇", 2021)
