"""Figures stated in sentences: what is found, with which year and scope, and what is rather left out."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.prose import statements
from parsers.prose.statements.lexicon import folded, lexicon
from parsers.prose.statements.scan import FIGURE, scan
from schemas.facts import Passage, Place, Statement
from tests.conftest import SHARED

YEAR = 2023
# Codes that belong to another code: shares, changes and lists are asked for by tests of their own.
BESIDES = (".change", ".category", ".rate")


def find(text: str, *, year: int | None = YEAR, scope: str = "area", form: str = "2021") -> list[Statement]:
    passages = [Passage(line, Place(line=i)) for i, line in enumerate(text.split("\n"), start=1)]
    return statements.find(passages, year=year, scope=scope, form=form)


def counts(found: Sequence[Statement], *, year: int | None = YEAR, scope: str = "area") -> dict[str, Any]:
    """Code → value of the report's own year and scope; a code stated twice with two values has both."""
    out: dict[str, Any] = {}
    for s in found:
        if s.share_of is None and s.year == year and s.scope == scope and not s.code.endswith(BESIDES):
            out[s.code] = s.value if out.get(s.code, s.value) == s.value else (out[s.code], s.value)
    return out


# What a county or city of 2023 may write, and all that it states of itself and its year.
SENTENCES: dict[str, dict[str, int | str]] = {
    # Received: verbs, objects, measure words, persons, ways.
    "2023年，全市各级行政机关共收到政府信息公开申请3119件，其中自然人3001件，法人或其他组织118件；上年结转134件。": {
        "requests_received": 3119,
        "requests_received.natural_person": 3001,
        "requests_received.organizations": 118,
        "carried_over": 134,
    },
    "全县共收到要求公开政府信息的申请8宗，其中同意公开5宗，同意部分公开1宗，不同意公开2宗。": {
        "requests_received": 8,
        "replied_granted": 5,
        "replied_partially_granted": 1,
        "replied_denied": 2,
    },
    "今年以来共收到依申请公开件15件（其中网络申请10件、信函申请5件），均已按时答复。": {
        "requests_received": 15,
        "requests_online": 10,
        "requests_letter": 5,
    },
    "收到申请50件。从申请主体看，自然人45件，法人或其他组织5件。从申请方式看，网络30件、邮寄15件、当面5件。": {
        "requests_received": 50,
        "requests_received.natural_person": 45,
        "requests_received.organizations": 5,
        "requests_online": 30,
        "requests_letter": 15,
        "requests_in_person": 5,
    },
    "共收到十二件政府信息公开申请，全部予以答复。": {"requests_received": 12},
    "受理的50件政府信息公开申请中，自然人申请45件。": {
        "requests_received": 50,
        "requests_received.natural_person": 45,
    },
    "本年度，我单位共收到书面政府信息公开申请3件，均以信函方式提出。": {"requests_received": 3},
    "全年收到公民、法人和其他组织提出的政府信息公开申请12件。": {"requests_received": 12},
    "政府信息公开申请0宗。": {"requests_received": 0},
    "收到政府信息公开申请１２，３４５件。": {},
    "收到政府信息公开申请12,345件，同比增加1,200件。": {"requests_received": 12345},
    # Clauses kept apart; received and accepted are two things; what is in hand is not what came in.
    "依申请公开方面，受理3259件，答复3278件。": {"requests_received": 3259, "replied": 3278},
    "2023年共收到政府信息公开申请50件，受理48件，办结47件。": {"requests_received": 50, "accepted": 48, "closed": 47},
    "全县共收到政府信息公开申请213件，其中，本年新收208件，上年结转5件。": {
        "requests_in_hand": 213,
        "requests_received": 208,
        "carried_over": 5,
    },
    "全年共办理政府信息公开申请57件，其中新收55件，上年结转2件。": {
        "closed": 57,
        "requests_received": 55,
        "carried_over": 2,
    },
    # 结转 beside the new ones, as a part of all there was to do, came from the year before.
    "全县全年处理信息公开申请57件，其中新收55件、结转2件。": {
        "closed": 57,
        "requests_received": 55,
        "carried_over": 2,
    },
    # Of those done: perhaps not all that came in, and none that is left.
    "年内办结信息公开申请57件，其中新收55件、结转2件。": {"closed": 57},
    "共办理信息公开申请57件（当年新收55件，结转2件），均已答复。": {
        "closed": 57,
        "requests_received": 55,
        "carried_over": 2,
    },
    "应办政府信息公开申请57件：新收55件，结转2件。": {
        "requests_in_hand": 57,
        "requests_received": 55,
        "carried_over": 2,
    },
    # Guards: what is left of the new ones, and of what was not divided.
    "全年办结申请53件（新收55件，结转2件）。": {"closed": 53, "requests_received": 55, "carried_forward": 2},
    "全年办理申请57件，新收55件，结转2件。": {"closed": 57, "requests_received": 55, "carried_forward": 2},
    "收到信息公开申请84件（含上年结转4件），答复80件，4件正在办理中。": {
        "requests_received": 84,
        "carried_over": 4,
        "replied": 80,
    },
    # Replies by kind; carried over and forward, also with the figure in front.
    "全年共受理依申请公开36件，其中予以公开12件，部分公开3件，不予公开5件，无法提供10件，不予处理4件，其他处理2件。": {
        "requests_received": 36,
        "replied_granted": 12,
        "replied_partially_granted": 3,
        "replied_denied": 5,
        "unavailable": 10,
        "not_processed": 4,
        "other_handling": 2,
    },
    "依申请公开情况。不予公开6件，其中属于国家秘密2件，属于三类内部事务信息1件，属于行政执法案卷3件。": {
        "replied_denied": 6,
        "denied_state_secret": 2,
        "denied_internal_affairs": 1,
        "denied_enforcement_file": 3,
    },
    "对5件申请作出予以公开决定，对2件申请作出不予公开决定。": {"replied_granted": 5, "replied_denied": 2},
    "依申请公开情况。3件予以公开、5件不予公开、2件部分公开。": {
        "replied_granted": 3,
        "replied_denied": 5,
        "replied_partially_granted": 2,
    },
    "依申请公开情况。予以公开或部分公开的33件，“不予公开”的0件，非本行政机关公开的9件。": {
        "granted_or_partially_granted": 33,
        "replied_denied": 0,
        "replied_not_this_agency": 9,
    },
    "在办结的48件申请中，予以公开20件。": {"closed": 48, "replied_granted": 20},
    "1件结转下年度继续办理，其余均已办结。": {"carried_forward": 1},
    "结转至2024年继续办理6件。": {"carried_forward": 6},
    "截至12月31日，办结申请118件，2件转下年度继续办理。": {"closed": 118, "carried_forward": 2},
    "2022年结转2件，2023年新收申请40件，均已办结。": {"carried_over": 2, "requests_received": 40},
    # Reviews and lawsuits.
    "因政府信息公开被申请行政复议3件，其中维持2件，纠正1件；被提起行政诉讼2件，均在审理中。": {
        "reconsideration": 3,
        "reconsideration_upheld": 2,
        "reconsideration_corrected": 1,
        "litigation": 2,
        "litigation_pending": 2,
    },
    "政府信息公开行政复议案件12件，其中结果维持8件、结果纠正1件、其他结果2件、尚未审结1件。": {
        "reconsideration": 12,
        "reconsideration_upheld": 8,
        "reconsideration_corrected": 1,
        "reconsideration_other": 2,
        "reconsideration_pending": 1,
    },
    "因政府信息公开提起行政诉讼9件，其中未经复议直接起诉6件（结果维持4件、尚未审结2件），复议后起诉3件。": {
        "litigation": 9,
        "litigation_direct": 6,
        "litigation_direct.upheld": 4,
        "litigation_direct.pending": 2,
        "litigation_after_reconsideration": 3,
    },
    "因政府信息公开引起的行政复议、行政诉讼案件分别为3件和2件。": {"reconsideration": 3, "litigation": 2},
    "因政府信息公开引起的行政复议、行政诉讼案件分别为3件。": {},
    "受理申请信息公开的行政复议1起、行政诉讼0起。": {"reconsideration": 1, "litigation": 0},
    "政府信息公开行政复议、诉讼案件共计7件。": {"reconsideration_and_litigation": 7},
    "收到1份有关政府信息公开行政复议申请，已结案。": {"reconsideration": 1},
    # Nothing happened.
    "2023年我局未收到政府信息公开申请。": {"requests_received": 0},
    "2023年，本级无政府信息公开申请。": {},
    "本年度未发生因政府信息公开引起的行政复议、行政诉讼案件。": {"reconsideration": 0, "litigation": 0},
    "全年未发生因依申请公开引发的行政复议案件，行政诉讼案件1件。": {"reconsideration": 0, "litigation": 1},
    "没有因政府信息公开被申请行政复议、提起行政诉讼的情况。": {"reconsideration": 0, "litigation": 0},
    "2023年我局没有被提起行政复议和行政诉讼。": {"reconsideration": 0, "litigation": 0},
    "全年共受理依申请公开政府信息件12件，没有结转到下一年度的申请件。": {"requests_received": 12, "carried_forward": 0},
    "未收到申请人对政府信息公开答复的异议。": {},
    # Disclosed.
    "全市各级各部门通过各类渠道主动公开政府信息超过10万条。": {"disclosed": 100000},
    "通过政府网站公开信息1,234条，通过政务微博公开信息300条，通过政务微信公开信息200条。": {
        "channel_website": 1234,
        "channel_weibo": 300,
        "channel_wechat": 200,
    },
    "《江口政报》全年出版6期，刊登文件85个。": {"channel_gazette": 85},
    "全年公开行政许可信息320条、行政处罚信息45条，主动公开规范性文件12件。": {"disclosed_normative": 12},
    "全年主动公开环境监测信息300条，主动公开政府信息5000余条。": {"disclosed": 5000},
    "主动公开事项26项，公开财政信息120条。": {},
    "在《江口日报》公开政府信息20条。": {},
    "全年新制发行政规范性文件8件，废止行政规范性文件3件，现行有效行政规范性文件56件。": {
        "normative_documents.issued": 8,
        "normative_documents.repealed": 3,
        "normative_documents.in_force": 56,
    },
    # Work done, people, money.
    "回应公众关注热点或重大舆情12次，举办新闻发布会4次，其中主要负责同志参加新闻发布会1次。": {
        "responses": 12,
        "press_conferences": 4,
        "press_conferences_by_head": 1,
    },
    "召开政务公开工作会议2次，举办政务公开培训班3期，接受培训人员150人次。": {
        "meetings": 2,
        "trainings": 3,
        "trained": 150,
    },
    "我局从事政府信息公开工作人员12人，其中专职人员3人，兼职人员9人。": {
        "staff": 12,
        "staff_full_time": 3,
        "staff_part_time": 9,
    },
    "没有从事信息公开工作的全职人员，兼职人员2人。": {"staff_full_time": 0, "staff_part_time": 2},
    "全年收到涉及政府信息公开的投诉举报2件。": {"complaints": 2},
    "未收取信息处理费。": {"fees_collected": 0},
    "2023年度收取政府信息公开信息处理费0元。": {"fees_collected": 0},
    "全年收取信息处理费1350元。": {"fees_collected": "0.135"},
    "全市行政机关收取政府信息公开信息处理费共计0.51万元。": {"fees_collected": "0.51"},
    "2023年有1件政府信息公开申请收取信息处理费200元。": {"fees_collected": "0.02"},
    "行政事业性收费收取2,300万元。": {"fees.amount": 2300},
    "政府信息公开工作经费支出1万元。": {},
    # Other years.
    "2022年，全市共收到政府信息公开申请403件；2023年共收到467件。": {"requests_received": 467},
    "去年收到政府信息公开申请100件，今年收到120件，同比增长20%。": {"requests_received": 120},
    "政府信息公开申请由上年的100件增加到120件。": {"requests_received": 120},
    "全市共收到申请45件，比2022年的60件下降了25%。": {"requests_received": 45},
    "自2008年条例施行以来，累计受理政府信息公开申请1200件。": {},
    "近五年共受理政府信息公开申请3800件。": {},
    "上半年受理信息公开申请30件，全年共受理信息公开申请66件。": {"requests_received": 66},
    "第一季度收到政府信息公开申请12件。": {},
    "1至6月收到政府信息公开申请120件。": {},
    "2023年1月1日至2023年12月31日，我市共收到政府信息公开申请380件。": {"requests_received": 380},
    # Others' figures.
    "其中，洪湖县收到政府信息公开申请12件。": {},
    "江口县2023年共受理政府信息公开申请12件，办结10件。": {},
    "市自然资源局收到政府信息公开申请最多，共88件。": {},
    "区政府办公室收到政府信息公开申请17件，全部按期办结；全区共收到政府信息公开申请95件。": {"requests_received": 95},
    "全区主动公开政府信息1300条，其中各镇（街道）500条，区级部门800条。": {"disclosed": 1300},
    "共收到政府信息公开申请50件，其中县自然资源局20件、县住建局15件、其他单位15件。": {"requests_received": 50},
    "受理申请100件，其中市本级30件，县区70件，办结95件。": {"requests_received": 100},
    "（一）县政府本级。受理政府信息公开申请8件，办结8件。": {},
    "“魅力江口”微信公众号发布信息1500条。": {},
    # Other matters.
    "市长信箱收到来信300封，答复300封。": {},
    "依申请公开平台收到咨询20件。": {},
    "政务服务平台共受理办件50万件，办结49万件。": {},
    "办理行政许可申请2300件，办结2290件。": {},
    "全年办理人大代表建议12件、政协提案20件，办结率100%。": {},
    "涉及土地征收类的政府信息公开申请120件。": {},
    "全年市司法局办理行政复议案件563件，审结500件。": {},
    "属于国家秘密2件，属于三类内部事务信息1件。": {},
    "拟于收到申请后5个工作日内答复。": {},
    # Figures that cannot be read with certainty.
    "收到政府信息公开申请 12 3 件。": {},
    "收到政府信息公开申请5至10件。": {},
    "收到政府信息公开申请第3件。": {},
}


@pytest.mark.parametrize("text", SENTENCES)
def test_sentence(text: str) -> None:
    want = {code: Decimal(value) for code, value in SENTENCES[text].items()}
    assert counts(find(text)) == want


@pytest.mark.parametrize(
    "text",
    [
        "从受理单位看，办公室受理申请30件，下属事业单位受理申请3件。",
        "从承办单位来看，机关科室受理申请3件，其余单位受理申请4件。",
        "分单位看：办公室收到申请3件；所属单位收到申请4件。",
        "从时间看，节假日收到申请3件，工作日收到申请2件。",
        "按受理部门划分，规划股受理申请3件，耕保股受理申请4件。",
        "从机关内部看，规划股收到申请3件，耕保股收到申请4件。",
    ],
)
def test_figures_of_a_sentence_by_units_or_times_are_parts(text: str) -> None:
    found = find(text, scope="body")
    assert [s.code for s in found] == ["requests_received"] * 2 and {s.scope for s in found} == {"part"}


@pytest.mark.parametrize(
    "text",
    [
        "从总体情况来看，全年收到申请7件。",
        "从统计数据看，收到申请7件。",
        "从受理情况看，全年共受理申请7件。",
        "分单位看，办公室最多。全年收到申请7件。",
        "按照《条例》要求，依法收到申请7件。",
    ],
)
def test_other_views_are_of_the_whole(text: str) -> None:
    assert counts(find(text, scope="body"), scope="body") == {"requests_received": 7}


@pytest.mark.parametrize("text", SENTENCES)
def test_traditional_characters_and_spaces_change_nothing(text: str) -> None:
    from opencc import OpenCC

    traditional = OpenCC("s2t").convert(text)
    spaced = re.sub(r"(?<=[\u4e00-\u9fff])(?=[\d])|(?<=\d)(?=[\u4e00-\u9fff])", " ", traditional)
    plain = [(s.code, s.value, s.year, s.scope, s.share_of) for s in find(text)]
    assert [(s.code, s.value, s.year, s.scope, s.share_of) for s in find(spaced)] == plain


def test_place_printed_and_sentence_are_as_printed() -> None:
    found = find("一、總體情況\n2023年工作有序。全市共收到政府信息公開申請 1,234 件，均已答覆。無其他事項。")
    (s,) = [s for s in found if s.code == "requests_received"]
    assert (s.value, s.unit, s.printed, s.place.line) == (1234, "件", "1,234 件", 2)
    assert s.sentence == "全市共收到政府信息公開申請 1,234 件，均已答覆。"


def test_full_width_figures() -> None:
    assert counts(find("收到政府信息公开申请１２３件。")) == {"requests_received": 123}


def test_approximate_figures_are_marked() -> None:
    texts = {
        "全年新增主动公开政府信息3.99万多条。": 39900,
        "全年主动公开政府信息近3000条。": 3000,
        "主动公开政府信息约1.2亿条。": 120_000_000,
        "主动公开政府信息800条左右。": 800,
        "主动公开政府信息600余条。": 600,
    }
    for text, value in texts.items():
        (s,) = find(text)
        assert (s.code, s.value, s.approximate) == ("disclosed", value, True), text
    (exact,) = find("主动公开政府信息3990条。")
    assert not exact.approximate


def test_share_names_its_whole_and_follows_its_part() -> None:
    found = find("共收到政府信息公开申请200件，答复190件。予以公开95件，占50%；不予公开10件，占5.3%。")
    shares = [(s.code, s.value, s.share_of) for s in found if s.share_of]
    assert shares == [("replied_granted", 50, "replied"), ("replied_denied", Decimal("5.3"), "replied")]
    order = [(s.code, s.unit) for s in found]
    assert order.index(("replied_granted", "%")) == order.index(("replied_granted", "件")) + 1


def test_share_of_a_part_in_another_scope() -> None:
    found = find("全区主动公开政府信息2000条。其中，区直部门主动公开政府信息1500条，占75%。")
    assert [(s.code, s.value, s.scope, s.share_of) for s in found] == [
        ("disclosed", 2000, "area", None),
        ("disclosed", 1500, "level", None),
        ("disclosed", 75, "level", "disclosed"),
    ]


def test_changes_are_signed_and_no_figures_of_the_year() -> None:
    found = find("收到政府信息公开申请10件，比上年减少5件，同比下降33.3%。")
    assert [(s.code, s.value, s.unit) for s in found] == [
        ("requests_received", 10, "件"),
        ("requests_received.change", -5, "件"),
        ("requests_received.change", Decimal("-33.3"), "%"),
    ]


def test_figures_of_other_years_keep_their_year() -> None:
    found = find("全市共收到申请45件，比2022年的60件下降了25%。")
    assert [(s.code, s.value, s.year) for s in found[:2]] == [
        ("requests_received", 45, 2023),
        ("requests_received", 60, 2022),
    ]
    assert (found[2].code, found[2].year) == ("requests_received.change", 2023)


def test_members_keep_their_scope() -> None:
    found = find("全市共受理政府信息公开申请100件，其中市级行政机关30件，各县（市、区）70件。")
    assert [(s.value, s.scope) for s in found] == [(100, "area"), (30, "level"), (70, "part")]


@pytest.mark.parametrize(
    ("text", "scope", "want"),
    [
        ("我局共收到政府信息公开申请3件。", "body", "body"),
        ("共收到政府信息公开申请3件。", "office", "office"),
        ("我办共收到政府信息公开申请3件。", "office", "office"),
        ("我办共收到政府信息公开申请3件。", "area", "office"),
        ("全市共收到政府信息公开申请3件。", "office", "area"),
        ("市本级共收到政府信息公开申请3件。", "area", "level"),
        ("全系统共收到政府信息公开申请3件。", "body", "system"),
        ("共收到政府信息公开申请3件。", "unknown", "unknown"),
        ("我县共收到政府信息公开申请3件。", "unknown", "unknown"),
        ("我县共收到政府信息公开申请3件。", "body", "area"),
        ("全县共收到政府信息公开申请3件。", "unknown", "area"),
    ],
)
def test_scope(text: str, scope: str, want: str) -> None:
    (s,) = find(text, scope=scope)
    assert s.scope == want


def test_the_reporters_own_name_is_its_own_scope() -> None:
    text = "江口县人民政府2023年政府信息公开工作年度报告\n2023年，江口县人民政府共收到政府信息公开申请5件。"
    assert counts(find(text)) == {"requests_received": 5}


def test_listed_kinds_of_a_total() -> None:
    found = find("全年主动公开政府信息100条，其中机构职能类信息20条，规划计划类信息30条，其他信息50条。")
    listed = [(s.value, s.printed) for s in found if s.code == "disclosed.category"]
    assert listed == [(20, "机构职能类信息20条"), (30, "规划计划类信息30条"), (50, "其他信息50条")]


def test_rates() -> None:
    found = find("共收到政府信息公开申请20件，办结20件，办结率100%。")
    assert [(s.code, s.value, s.share_of) for s in found][-1] == ("closed.rate", 100, "requests_received")
    found = find("共收到政府信息公开申请20件，已全部办理完毕。")
    assert [(s.code, s.value) for s in found][-1] == ("closed.rate", 100)
    found = find("今年共受理审批事项50件，办结60件，办结率100%。")
    assert [(s.code, s.value, s.share_of) for s in found] == [
        ("matters_received", 50, None),
        ("matters_closed", 60, None),
        ("matters_closed", 100, "matters_received"),
    ]
    # A rate behind a count of something else may be of that alone.
    for between in ("转办热线工单90件，按期办结率100%", "代办帮办30件，满意件办结率100%"):
        assert not [s for s in find(f"今年共受理审批事项50件，办结48件；{between}。") if s.unit == "%"]


def test_form_decides_between_codes() -> None:
    text = "全年制发规范性文件12件。"
    assert list(counts(find(text))) == ["normative_documents.issued"]
    assert list(counts(find(text, form="2014"))) == ["normative_issued"]


def test_headings_tell_what_bare_verbs_are_of() -> None:
    assert counts(find("（二）依申请公开情况\n全年收到21件，办结21件。")) == {"requests_received": 21, "closed": 21}
    assert counts(find("（五）信访工作情况\n全年收到21件，办结21件。")) == {}
    assert counts(find("（二）依申请公开情况2023年受理21件，办结20件。")) == {"requests_received": 21, "closed": 20}


def test_unknown_year() -> None:
    found = find("2023年，全市共收到政府信息公开申请5件，去年收到6件。", year=None)
    assert [(s.value, s.year) for s in found] == [(5, 2023), (6, None)]


# -- the data ------------------------------------------------------------------------------------------------------------


def test_claims_use_only_symbols_and_codes_that_exist() -> None:
    folder = resources.files(statements)
    words = tomllib.loads((folder / "words.toml").read_text("utf-8"))
    claims = tomllib.loads((folder / "claims.toml").read_text("utf-8"))
    symbols = {s for section in ("plain", "words", "breakdowns") for s in words[section]}
    together = {t["is"] for t in claims["together"]}
    codes = (
        {c["code"] for c in claims["claims"]}
        | {c["renames"][1] for c in claims["claims"] if "renames" in c}
        | set(claims["disputes"])
        | {"{dispute}"}
    )
    for claim in claims["claims"]:
        used = {s for group in claim["need"] for s in group} | {*claim.get("allow", ()), *claim.get("without", ())}
        assert used <= symbols | together, claim["code"]
        assert {
            *claim.get("of", ()),
            *claim.get("after", ()),
            *claim.get("each", ()),
            *claim.get("beside", ()),
            *claim.get("not_beside", ()),
        } <= codes, claim["code"]
        assert set(claim.get("topic", ())) <= set(claims["topics"]), claim["code"]
        assert set(claim.get("units", ())) <= set(words["measures"]), claim["code"]
    assert set(claims["verbs"]["symbols"]) <= symbols
    assert {s for listed in claims["topics"].values() for s in listed} <= symbols


def test_words_are_folded_already() -> None:
    for word in lexicon().words:
        assert folded(word).text == word


# -- properties ------------------------------------------------------------------------------------------------------------

_words = st.sampled_from(list(lexicon().words))
_marks = st.sampled_from("，。；：、（）“”《》%·-—至到\n 　")
_figures = st.one_of(
    st.integers(0, 10**7).map(str),
    st.integers(0, 10**7).map(lambda n: f"{n:,}"),
    st.decimals(0, 1000, places=2).map(str),
    st.sampled_from(["十二", "两", "三百零五", "１２", "3.99万多", "近3000", "2022年", "2023年", "12月31日"]),
)
_measures = st.sampled_from(list(lexicon().measures))
_texts = st.lists(st.one_of(_words, _marks, st.tuples(_figures, _measures).map("".join)), max_size=40).map("".join)


def _certain(s: Statement) -> bool:
    """Whether the value stands in its printed text: its digits, or the denial or the whole that states it."""
    if s.value == 0 and any(w in folded(s.printed).text for w in ("未", "没", "无", "不存在", "零")):
        return True
    if s.value == 100 and s.code.endswith(".rate") and "办" in folded(s.printed).text:
        return True
    figures = [t.figure for t in scan(folded(s.printed).text) if t.symbol == FIGURE and t.figure is not None]
    if not figures:
        return False
    value = Decimal(figures[-1].value)
    if s.unit == "万元":
        value *= {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}[figures[-1].measure]
    return abs(Decimal(s.value)) == value and folded(s.printed).text in folded(s.sentence).text


@settings(max_examples=400, deadline=None)
@given(_texts)
def test_every_value_stands_in_its_sentence(text: str) -> None:
    for s in find(text):
        assert _certain(s), s


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    for s in find(text, year=None):
        assert _certain(s), s


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from("件宗条起份例"))
def test_clauses_never_exchange_their_figures(received: int, closed: int, forward: int, measure: str) -> None:
    text = f"共收到政府信息公开申请{received}{measure}，办结{closed}{measure}，结转下年度{forward}{measure}。"
    want = {"requests_received": received, "closed": closed, "carried_forward": forward}
    assert counts(find(text)) == want


# -- the real documents ----------------------------------------------------------------------------------------------------


def _passages(gold: dict[str, Any], name: str, shared: Path) -> list[str]:
    """The running text of a gold file's report, as far as its format can be read without the readers."""
    source = shared / "reports" / gold["source"]
    if not source.exists():
        source = shared / "seeds" / gold["source"]
    if source.suffix == ".html":
        from lxml import html

        return [str(p.text_content()) for p in html.fromstring(source.read_bytes().decode("utf-8")).iter("p")]
    if source.suffix == ".pdf":
        import pypdfium2

        pages = pypdfium2.PdfDocument(source)
        text = "".join(pages[i].get_textpage().get_text_bounded() for i in range(len(pages)))
        return re.split(r"(?<=[。：])\s*\n", text)
    text = source.read_text("utf-8")
    if "quzhou-guangdong" in source.name:
        issuer, year = {"quzhou": "衢州市", "guangdong": "廣東省"}[name.partition("-")[0]], gold["year"]
        titles = [m.start() for m in re.finditer(r"^[^\n]{3}人民政府20\d\d年政府信息公開工作年度報告。", text, re.M)]
        start = text.index(f"{issuer}人民政府{year}年政府信息公開工作年度報告。")
        text = text[start : next((t for t in titles if t > start), len(text))]
    return text.split("\n")


def _gold_names() -> list[str]:
    gold = Path(SHARED, "gold").glob("*.json")
    names: list[str] = sorted(p.stem for p in gold if p.stem != "seeds-circulars")
    return names or ["no gold files"]


@pytest.mark.shared
@pytest.mark.parametrize("name", _gold_names())
def test_gold_claims(shared: Path, name: str) -> None:
    gold = json.loads((shared / "gold" / f"{name}.json").read_text("utf-8"))
    scope = "office" if "office" in name else "body" if "bureau" in name else "area"
    texts = _passages(gold, name, shared)
    passages = [Passage(t, Place(line=i)) for i, t in enumerate(texts, start=1)]
    found = statements.find(passages, year=gold["year"], scope=scope, form=gold["form"])
    stated: dict[str, set[float]] = {}
    for s in found:
        if s.share_of is None and (s.year, s.scope) == (gold["year"], scope) and not s.approximate:
            stated.setdefault(s.code, set()).add(float(s.value))
    for code, value in {**gold.get("claims", {}), **gold.get("claims_amount", {})}.items():
        assert stated.get(code) == {float(value)}, code
    approximate = {s.code: float(s.value) for s in found if s.approximate}
    for code, value in gold.get("claims_approximate", {}).items():
        if code != "visits":
            assert approximate[code] == value
    for code, value in gold.get("claims_scoped", {}).items():
        scoped = {float(s.value) for s in found if s.code == code and s.scope != scope}
        assert not scoped or float(value) in scoped


# -- what could not be decoded


@pytest.mark.parametrize("lost", ["\ufffd", "\x0e", "\x1c", "\ue123"])
@pytest.mark.parametrize("figure", ["4{}件", "{}2件", "4{}2件", "{}件", "{} 2件", "四{}十二件", "四十{}件"])
def test_a_figure_that_lost_a_character_is_not_stated(figure: str, lost: str) -> None:
    printed = figure.format(lost)
    assert not find(f"2023年共收到政府信息公开申请{printed}。")
    # Shares and parts may be of the figure that is lost.
    found = find(f"2023年共收到政府信息公开申请88件，其中予以公开{printed}，占50%，不予公开8件。")
    assert counts(found) == {"requests_received": 88}
    assert not [s for s in found if s.share_of]


def test_another_sentence_is_read_behind_a_lost_figure() -> None:
    found = find("2023年共收到政府信息公开申请8\ufffd件。因政府信息公开工作被申请行政复议3件。")
    assert counts(found) == {"reconsideration": 3}


def test_a_lost_character_in_words_loses_no_figure() -> None:
    assert counts(find("2023年，张\ufffd同志主持工作，共收到政府信息公开申请88件。")) == {"requests_received": 88}


# -- endless sentences


def test_a_statement_carries_what_stands_around_its_figure_of_an_endless_sentence() -> None:
    filling = "积极推进各项工作、" * 200
    found = find(f"2023年{filling}共收到政府信息公开申请88件，{filling}办结41件，占46.6%。下一句。")
    by_code = {(s.code, s.unit): s for s in found}
    received, closed = by_code["requests_received", "件"], by_code["closed", "件"]
    for s in (received, closed):
        assert len(s.sentence) < 500
        assert s.sentence.startswith("…") and s.sentence.endswith(("…", "。"))
        assert s.printed in s.sentence and "下一句" not in s.sentence
    assert received.sentence != closed.sentence
    assert received.number == closed.number > 0


def test_sentences_of_usual_length_are_carried_whole() -> None:
    text = "2023年" + "积极推进各项工作、" * 80 + "共收到政府信息公开申请88件。"
    assert find(text)[0].sentence == text


def test_the_number_of_statements_has_a_bound() -> None:
    text = "收到政府信息公开申请12件，同比增长5%，" * (statements.MOST_STATEMENTS + 100)
    begin = time.process_time()
    assert len(find(text)) == statements.MOST_STATEMENTS
    assert len(find("。\n".join([text] * 3))) == statements.MOST_STATEMENTS
    assert time.process_time() - begin < 20


def test_rows_of_a_table_without_borders_are_no_sentence() -> None:
    """The first figure behind a row's label is its first column's, and not what the report says of the row."""
    row = "一、本年新收政府信息公开申请数量546件114件85件40件126件109件1020件"
    assert not find(row)
    assert counts(find("本年新收政府信息公开申请546件，上年结转114件。")) == {
        "requests_received": 546,
        "carried_over": 114,
    }
