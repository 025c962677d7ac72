"""Kinds of sentences that a table of words alone does not settle: brackets, lists, denials, other business.

Each text is of a report of 2023 of an area; what stands beside it is all that it states of itself and its year.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from parsers.prose import statements
from schemas.facts import Passage, Place

from .test_statements import YEAR, counts, find

BRACKETS = {
    # A year in brackets is that of what stands in the brackets.
    "全年办结申请57件（含2022年转来的结转件4件），其中，予以公开30件，部分公开11件，不予公开9件，无法提供7件。": {
        "closed": 57,
        "replied_granted": 30,
        "replied_partially_granted": 11,
        "replied_denied": 9,
        "unavailable": 7,
    },
    "办结申请57件（其中2022年结转4件），予以公开30件。": {"closed": 57, "carried_over": 4, "replied_granted": 30},
    "办结申请57件，含2022年结转的4件，其中予以公开30件，不予公开9件。": {
        "closed": 57,
        "carried_over": 4,
        "replied_granted": 30,
        "replied_denied": 9,
    },
    "收到政府信息公开申请44件（2022年为51件），办结40件。": {"requests_received": 44, "closed": 40},
    "收到政府信息公开申请44件，比2022年（51件）减少7件，办结40件。": {"requests_received": 44, "closed": 40},
    "收到政府信息公开申请44件（比上年增加9件），办结40件。": {"requests_received": 44, "closed": 40},
    "与2022年相比减少7件，全年办结申请40件。": {"closed": 40},
    "收到政府信息公开申请44件（其中县政府办公室12件），办结40件。": {"requests_received": 44, "closed": 40},
    "因政府信息公开被提起行政诉讼9件（其中复议后起诉2件），结果维持6件，尚未审结3件。": {
        "litigation": 9,
        "litigation_after_reconsideration": 2,
        "litigation_upheld": 6,
        "litigation_pending": 3,
    },
    "2022年，收到申请40件，上年结转5件。2023年，收到申请44件，上年结转6件。": {
        "requests_received": 44,
        "carried_over": 6,
    },
}

YEARS = {
    "2020年至2023年，共收到政府信息公开申请390件。2023年收到88件。": {"requests_received": 88},
    "2020—2023年共受理政府信息公开申请390件，其中2023年受理88件。": {"requests_received": 88},
    "2020年1月1日至2023年12月31日，共收到政府信息公开申请390件。": {},
    "自2020年以来，共收到政府信息公开申请390件。": {},
    "2020年起，累计受理政府信息公开申请390件。": {},
    "2023年以来，全县共收到政府信息公开申请88件。": {"requests_received": 88},
    "2022年、2023年两年共收到政府信息公开申请170件。": {},
    # The same of the own year, behind another's.
    "2022年全年收到申请92件，2023年为210件，其中自然人200件。": {
        "requests_received": 210,
        "requests_received.natural_person": 200,
    },
    "上年受理政府信息公开申请61件，今年77件，办结75件。": {"requests_received": 77, "closed": 75},
    "2021年因政府信息公开被申请行政复议3件，2023年是5件。": {"reconsideration": 5},
    "2020年以来共收到申请390件，今年88件。": {},
    "2022年收到申请92件，2023年84件已上网公示。": {},
}

# 件 left out in a list.
BARE = {
    "办结申请50件，其中，予以公开30件，占60%；部分公开9，占18%；不予公开11件，占22%。": {
        "closed": 50,
        "replied_granted": 30,
        "replied_partially_granted": 9,
        "replied_denied": 11,
    },
    "收到政府信息公开申请25，办结24件，结转下年度继续办理1件。": {
        "requests_received": 25,
        "closed": 24,
        "carried_forward": 1,
    },
    "办结申请50件：予以公开30件、部分公开9、不予公开11件。": {
        "closed": 50,
        "replied_granted": 30,
        "replied_partially_granted": 9,
        "replied_denied": 11,
    },
    "因政府信息公开引起的行政复议、行政诉讼分别为3、2件。": {"reconsideration": 3, "litigation": 2},
    # No count: an ordinal, a number of another kind, a figure without another with 件, one that goes on.
    "收到政府信息公开申请25件，文号12345，办结24件。": {"requests_received": 25, "closed": 24},
    "详见附件3，收到政府信息公开申请25件。": {"requests_received": 25},
    "收到政府信息公开申请25，均已答复。": {},
    "收到政府信息公开申请12，345件。": {},
    "办结申请50件，其中予以公开第3，不予公开11件。": {"closed": 50, "replied_denied": 11},
}

RECEIVED = {
    "全年收政府信息公开申请46件，结转上年度政府信息公开申请3件，办结41件，剩余8件结转下年度办理。": {
        "requests_received": 46,
        "carried_over": 3,
        "closed": 41,
        "carried_forward": 8,
    },
    "全县共收申请167件，结转上年度3件。": {"requests_received": 167, "carried_over": 3},
    "本年度，我县收到政府信息公开申请31件，上年度转入2件。": {"requests_received": 31, "carried_over": 2},
    "转下一年度办理答复的有2件。": {"carried_forward": 2},
    "结转2024年度继续办理3件。": {"carried_forward": 3},
    "收到申请14件，其余工作按要求推进。": {"requests_received": 14},
    # What was done of last year's and of this year's is not what came in.
    "年内办理上年结转申请5件、当年申请290件，另有4件转入下一年度。": {"carried_over": 5, "carried_forward": 4},
    "全年办结上年度结转申请7件、新收申请61件。": {},
    "共答复去年结转的政府信息公开申请3件和今年的申请40件。": {},
    "办理上年结转申请5件，当年申请290件。": {"carried_over": 5},
    "办理上年结转申请5件，新收申请290件，办结288件。": {"carried_over": 5, "requests_received": 290, "closed": 288},
    # Not of requests for information.
    "受理不动产登记申请860件，办结855件。": {},
    "窗口受理婚姻登记申请120件。全年收到政府信息公开申请14件。": {"requests_received": 14},
    "收到政府信息公开申请14件。办理民生实事23件，办结23件。": {"requests_received": 14},
    "收到政府信息公开申请14件。受理老旧小区改造申请30件，答复30件。": {"requests_received": 14},
    "验收项目12件，回收旧件30件。": {},
    "收到申请30件，其中有效申请25件，无效申请5件。": {"requests_received": 30},
    "政务大厅线上受理20件，线下受理15件。": {},
    "收到政府信息公开申请30件，人均办理3件。": {"requests_received": 30},
    "全年收到申请0件的部门有12个。": {},
    "收到申请10件的单位3个，收到申请5件的乡镇2个。": {},
    "下属单位中有29家全年收到申请0件，另有3家收到申请2件。": {},
    "收到申请14件，办结12件，另有2件尚在办理期限内，结转下一年度继续办理。": {
        "requests_received": 14,
        "closed": 12,
        "carried_forward": 2,
    },
    "收到申请14件，审查材料2件，均未结转下年度。": {"requests_received": 14, "carried_forward": 0},
}

OUTCOMES = {
    "全年收到政府信息公开申请25件。办结的申请中予以公开8件，部分公开3件。": {
        "requests_received": 25,
        "replied_granted": 8,
        "replied_partially_granted": 3,
    },
    "所收到的政府信息公开申请中自然人申请21件。": {"requests_received.natural_person": 21},
    "收到信息公开申请22起，答复22起。其中公开1起，不属于政府信息4起，告知其他途径8起，不存在9起。": {
        "requests_received": 22,
        "replied": 22,
        "replied_granted": 1,
        "denied_not_government_information": 4,
        "replied_other_channel": 8,
        "replied_not_existing": 9,
    },
    "收到申请20件，19件已按照规定时限依法进行了答复，1件结转下年。": {
        "requests_received": 20,
        "replied": 19,
        "carried_forward": 1,
    },
    "收到申请20件，回复共计18件。": {"requests_received": 20, "replied": 18},
    "收到申请20件，答复20件，其中15件按时答复，5件延期答复。": {"requests_received": 20, "replied": 20},
    "收到申请20件，办结20件，其中主动公开3件。": {"requests_received": 20, "closed": 20},
    "涉及征地的申请中予以公开8件。": {},
    "收到申请25件，公开15件，部分公开3件，不公开2件，暂不公开1件，不宜公开2件。": {
        "requests_received": 25,
        "replied_granted": 15,
        "replied_partially_granted": 3,
        "replied_denied": 2,
    },
}

ALL_OF_THEM = {
    "全年收到政府信息公开申请14件，全部为自然人提出。": {
        "requests_received": 14,
        "requests_received.natural_person": 14,
    },
    "收到申请16件，申请人均为自然人，均已按期答复。": {
        "requests_received": 16,
        "requests_received.natural_person": 16,
    },
    "收到申请7件（均系法人或其他组织提出），已全部办结。": {
        "requests_received": 7,
        "requests_received.organizations": 7,
    },
    "发生1起有关政府信息公开的行政复议案件，该案件至本报告发布之时尚未审结。": {
        "reconsideration": 1,
        "reconsideration_pending": 1,
    },
    "因政府信息公开被纠错的行政复议案件4件。": {"reconsideration_corrected": 4},
    "政府信息公开行政诉讼被纠正2件。": {"litigation_corrected": 2},
    "涉政府信息公开的行政复议获维持3件。": {"reconsideration_upheld": 3},
    "因政府信息公开被申请行政复议1件，结果维持。": {"reconsideration": 1, "reconsideration_upheld": 1},
    "因政府信息公开被申请行政复议4件，均已维持。": {"reconsideration": 4, "reconsideration_upheld": 4},
    "因政府信息公开被提起行政诉讼2件，目前均未审结。": {"litigation": 2, "litigation_pending": 2},
    # One of several, the rest, most.
    "因政府信息公开被申请行政复议4件，尚未审结。": {"reconsideration": 4},
    "因政府信息公开被申请行政复议4件，其余均未审结。": {"reconsideration": 4},
    "因政府信息公开被申请行政复议4件，维持3件，其余尚未审结。": {"reconsideration": 4, "reconsideration_upheld": 3},
    "收到申请16件，多数为自然人提出。": {"requests_received": 16},
    "收到申请16件，办结15件，均为自然人。": {"requests_received": 16, "closed": 15},
    "收到申请16件，均为自然人和企业提出。": {"requests_received": 16},
}

NOTHING = {
    "我县2023年度没有发生针对本单位政府信息公开事务的行政复议案、行政诉讼案。": {"reconsideration": 0, "litigation": 0},
    "没有接到公民、法人和其他组织的政府信息公开申请。": {"requests_received": 0},
    "没有接到任何政府信息公开申请，未发生因此引起的行政复议和行政诉讼。": {
        "requests_received": 0,
        "reconsideration": 0,
        "litigation": 0,
    },
    "未发生政府信息公开方面的行政复议、行政诉讼。": {"reconsideration": 0, "litigation": 0},
    "无上年结转申请。": {"carried_over": 0},
    "上年无结转，本年度收到政府信息公开申请6件。": {"carried_over": 0, "requests_received": 6},
    "收到政府信息公开申请20件，全部按期答复，无结转。": {"requests_received": 20, "carried_forward": 0},
    "收到政府信息公开申请20件，2022年无结转。": {"requests_received": 20, "carried_over": 0},
    "收到政府信息公开申请20件，本年无结转。": {"requests_received": 20},
    "收到政府信息公开申请20件，去年无结转。": {"requests_received": 20, "carried_over": 0},
    "收到政府信息公开申请20件。审查合同3件，无结转。": {"requests_received": 20},
    "申请信息不存在。": {},
    "不存在行政复议、行政诉讼情况。": {"reconsideration": 0, "litigation": 0},
    "无障碍浏览申请页面改版1次。": {},
}

AS_AUTHORITY = {
    "县政府作为行政复议机关，办理涉及政府信息公开的行政复议案件33件，审结30件，其中维持20件。": {},
    "以行政复议机关身份受理政府信息公开行政复议申请12件。": {},
    "全年受理不服政府信息公开行为的行政复议申请12件，审结11件，其中维持8件。": {},
    "办理不服信息公开答复的行政复议案件12件。": {},
    "因申请人不服政府信息公开答复，被申请行政复议3件，结果维持3件。": {
        "reconsideration": 3,
        "reconsideration_upheld": 3,
    },
    "因不服政府信息公开答复提起的行政复议案件2件。": {"reconsideration": 2},
    "（五）监督保障。全年被提起行政诉讼9件。": {"litigation": 9},
    "（五）监督保障。全年应诉行政诉讼案件9件。": {},
    "因政府信息公开引发行政复议7件，行政诉讼14件。行政复议7件（结果维持5件、其他结果2件）。": {
        "reconsideration": 7,
        "litigation": 14,
        "reconsideration_upheld": 5,
        "reconsideration_other": 2,
    },
    "（二）依申请公开。规范答复文书。行政复议7件（结果维持5件、其他结果2件）。": {
        "reconsideration": 7,
        "reconsideration_upheld": 5,
        "reconsideration_other": 2,
    },
    "（二）依申请公开。规范答复文书。办理行政复议案件7件。": {},
    "（五）法治建设。行政复议7件。": {},
    "因政府信息公开引发行政复议7件。全年办理行政复议案件563件。": {"reconsideration": 7},
}

MEMBERS = {
    "县政府办公室收到申请205件，各部门、各乡镇收到申请400件，全县合计605件。": {"requests_received": 605},
    "各部门、各乡镇共收到申请605件。": {"requests_received": 605},
    "全县合计605件。": {},
    "县政府办公室收到申请205件，各部门收到申请300件，办结申请290件，全县合计605件。": {},
}

DISCLOSED = {
    "编印政府公报12期，公开政府信息86条。": {"channel_gazette": 86},
    "印发公报10期，公开政府信息107条；全年主动公开政府信息2000条。": {"channel_gazette": 107, "disclosed": 2000},
    "印发公报10期，主动公开政府信息2000条。": {},
    "全县公开各类信息共计3921条，其中通过政府网站公开信息2766条。": {"disclosed": 3921, "channel_website": 2766},
    "公开相关信息51条。": {},
    "全年举办19场市政府新闻发布活动，领导出席新闻发布会25人次。": {"press_conferences": 19},
}

TABLE_TWO = {
    "全年作出行政许可决定670件、行政处罚决定533件、行政强制决定35件。行政事业性收费551.44万元。": {
        "licensing.decisions": 670,
        "penalty.decisions": 533,
        "coercion.decisions": 35,
        "fees.amount": "551.44",
    },
    "作出行政许可决定670件、行政处罚533件、行政强制35件。": {
        "licensing.decisions": 670,
        "penalty.decisions": 533,
        "coercion.decisions": 35,
    },
    "行政许可处理决定数量670件，行政处罚处理决定数量533件。": {"licensing.decisions": 670, "penalty.decisions": 533},
    "全年未作出行政强制决定。": {"coercion.decisions": 0},
    "全年未收取行政事业性收费。": {"fees.amount": 0},
    "全年制发行政规范性文件7件，废止2件，现行有效63件。": {
        "normative_documents.issued": 7,
        "normative_documents.repealed": 2,
        "normative_documents.in_force": 63,
    },
    "截至年底，现行有效行政规范性文件14件，全年制发规范性文件2件、废止1件。": {
        "normative_documents.issued": 2,
        "normative_documents.repealed": 1,
        "normative_documents.in_force": 14,
    },
    "制发规章1件、规范性文件2件，废止3件。": {"regulations.issued": 1, "normative_documents.issued": 2},
    # What was published of decisions, applied for, or handled is not what was decided.
    "公开行政许可决定320件、行政处罚决定45件。": {},
    "公示行政许可决定320件，行政处罚决定45件。": {},
    "公开行政许可信息320条、行政处罚信息45条。": {},
    "办理行政许可事项2300件，办结2290件。": {},
    "收到政府信息公开申请14件，内容涉及行政许可3件、行政处罚2件。": {"requests_received": 14},
    "废止2件，现行有效63件。": {},
}

KINDS = {
    **{f"bracket {i}": pair for i, pair in enumerate(BRACKETS.items())},
    **{f"year {i}": pair for i, pair in enumerate(YEARS.items())},
    **{f"bare {i}": pair for i, pair in enumerate(BARE.items())},
    **{f"received {i}": pair for i, pair in enumerate(RECEIVED.items())},
    **{f"outcome {i}": pair for i, pair in enumerate(OUTCOMES.items())},
    **{f"all {i}": pair for i, pair in enumerate(ALL_OF_THEM.items())},
    **{f"nothing {i}": pair for i, pair in enumerate(NOTHING.items())},
    **{f"authority {i}": pair for i, pair in enumerate(AS_AUTHORITY.items())},
    **{f"member {i}": pair for i, pair in enumerate(MEMBERS.items())},
    **{f"disclosed {i}": pair for i, pair in enumerate(DISCLOSED.items())},
    **{f"table two {i}": pair for i, pair in enumerate(TABLE_TWO.items())},
}


@pytest.mark.parametrize("name", KINDS)
def test_kind(name: str) -> None:
    text, want = KINDS[name]
    assert counts(find(text)) == {code: Decimal(str(value)) for code, value in want.items()}, text


def test_a_figure_in_brackets_behind_a_comparison_is_of_the_year_compared() -> None:
    found = find("收到政府信息公开申请44件，比2022年（51件）减少7件。")
    assert [(s.code, s.value, s.year) for s in found] == [
        ("requests_received", 44, YEAR),
        ("requests_received", 51, YEAR - 1),
        ("requests_received.change", -7, YEAR),
    ]


def test_a_share_behind_a_figure_that_is_not_read_is_nobodys() -> None:
    found = find("办结申请50件，其中，予以公开30件，占60%；情况特殊9，占18%。")
    assert [(s.code, s.value) for s in found if s.share_of] == [("replied_granted", 60)]


def test_a_share_of_a_bare_figure_is_its_own() -> None:
    found = find("办结申请50件，其中，予以公开30件，占60%；部分公开9，占18%。")
    assert [(s.code, s.value) for s in found if s.share_of] == [
        ("replied_granted", 60),
        ("replied_partially_granted", 18),
    ]
    (bare,) = [s for s in found if s.code == "replied_partially_granted" and not s.share_of]
    assert (bare.printed, bare.unit) == ("9", "件")


@pytest.mark.parametrize(
    "text",
    [
        "收到申请20件，所有申请均已按要求办理完成。",
        "收到申请20件，均已办理完毕。",
        "收到申请20件，已全部按期办结。",
        "收到申请20件已全部办结。",
    ],
)
def test_all_is_done(text: str) -> None:
    assert [(s.code, s.value, s.share_of) for s in find(text)][1:] == [("closed.rate", 100, "requests_received")]


@pytest.mark.parametrize(
    "text",
    [
        "收到申请20件，1件结转下年度继续办理，其余均已办结。",
        "收到申请20件，到期的均已办结。",
        "收到申请20件，除1件结转外全部办结。",
        "收到申请20件，均已按期答复。",
        "收到申请20件，上年无结转。",
        "收到申请20件。去年结转的2件已全部办结。",
        "所有栏目均已整改办理完成。",
    ],
)
def test_not_all_is_done(text: str) -> None:
    assert not [s for s in find(text) if s.code.endswith(".rate")]


# Results named as the form names them need nothing else to be about requests; and what only sounds like them.
RESULTS = {
    # What was not upheld has another result.
    "2件行政复议均未维持。": {},
    "1件行政复议未被维持，2件行政复议均维持。": {"reconsideration_upheld": 2},
    "在已办结的57件中，予以公开30件，部分公开11件，不予公开9件，无法提供7件。": {
        "closed": 57,
        "replied_granted": 30,
        "replied_partially_granted": 11,
        "replied_denied": 9,
        "unavailable": 7,
    },
    "不予公开3件（保护第三方合法权益1件、过程性信息2件）。": {
        "replied_denied": 3,
        "denied_third_party_rights": 1,
        "denied_deliberative_process": 2,
    },
    "依法予以公开30件；区分处理、部分公开11件，不属于本机关掌握的4件。": {
        "replied_granted": 30,
        "replied_partially_granted": 11,
        "unavailable_not_held": 4,
    },
    "被申请行政复议3件，全部维持；复议后又提起诉讼2件，维持1件，其他结果1件。": {
        "reconsideration": 3,
        "reconsideration_upheld": 3,
        "litigation_after_reconsideration": 2,
        "litigation_after_reconsideration.upheld": 1,
        "litigation_after_reconsideration.other": 1,
    },
    "因政府信息公开引发的行政复议案件3件（结果维持3件），经复议后又起诉的2件（结果维持1件、其他结果1件）。": {
        "reconsideration": 3,
        "reconsideration_upheld": 3,
        "litigation_after_reconsideration": 2,
        "litigation_after_reconsideration.upheld": 1,
        "litigation_after_reconsideration.other": 1,
    },
    "行政诉讼9件：直接起诉7件，复议后起诉2件。": {
        "litigation": 9,
        "litigation_direct": 7,
        "litigation_after_reconsideration": 2,
    },
    "上年结转5件，本年新收57件，本年办结55件，转下年7件。": {
        "carried_over": 5,
        "requests_received": 57,
        "closed": 55,
        "carried_forward": 7,
    },
    "2023年新收57件（2022年结转5件另计）。": {"requests_received": 57, "carried_over": 5},
    "依申请公开：受理57件，答复50件，结转7件。": {"requests_received": 57, "replied": 50, "carried_forward": 7},
    # 其他处理 behind a part of its own group is the rest of it.
    "收到申请9件，逾期不补正而不再处理6件，其他处理3件。": {"requests_received": 9, "other_overdue_correction": 6},
    # A court's cases, bodies, and what comes in otherwise.
    "县法院审理行政诉讼案件45件，其中直接起诉31件，复议后起诉14件，涉政府信息公开的10件。": {},
    "全县29个部门中，收到申请的21个，零申请的8个。": {},
    "处理行政执法案卷查阅申请12件，信访事项86件。": {},
    # Bills before the council, and what documents are.
    "办理建议86件，予以公开79件，部分公开3件，不予公开4件。": {},
    "制发文件120件，其中主动公开80件，依申请公开30件，不予公开10件。": {},
}

REPLIES = {
    # Replies in time are all replies only where none took longer.
    "收到申请31件，答复31件，其中延期答复4件，按期答复27件。": {"requests_received": 31, "replied": 31},
    "收到申请31件，按期答复27件，延期答复4件。": {"requests_received": 31},
    "收到申请31件，按期答复31件。": {"requests_received": 31, "replied": 31},
    "收到申请叁件，答复叁件。": {"requests_received": 3, "replied": 3},
    "全年共收到依申请公开信息3件，均为自然人申请。": {"requests_received": 3, "requests_received.natural_person": 3},
    # One of each, not one of both.
    "收到依申请公开3件，行政复议、行政诉讼均为1件。": {"requests_received": 3, "reconsideration": 1, "litigation": 1},
}

# Words between two figures, names of several in one, results of both kinds of lawsuit.
JOINED = {
    "57件新收申请与5件上年结转申请中，已有55件办结。": {"requests_received": 57, "carried_over": 5, "closed": 55},
    "收到政府信息公开申请29件，均由自然人、企业和律师事务所提出。": {"requests_received": 29},
    "从办理结果看，全部或部分公开的有41件，不予公开的有9件。": {
        "granted_or_partially_granted": 41,
        "replied_denied": 9,
    },
    "不予处理12件，分别为信访举报投诉类8件、重复申请3件。": {
        "not_processed": 12,
        "not_processed_petition": 8,
        "not_processed_repeat": 3,
    },
    "涉及政府信息公开的行政诉讼9件，直接起诉的6件，经复议后起诉的3件，维持5件，尚未审结3件。": {
        "litigation": 9,
        "litigation_direct": 6,
        "litigation_after_reconsideration": 3,
        "litigation_upheld": 5,
        "litigation_pending": 3,
    },
    "收到政府信息公开申请：57件；办结：55件；结转：7件。": {
        "requests_received": 57,
        "closed": 55,
        "carried_forward": 7,
    },
}

COMPARED = {
    "政府信息公开申请受理量由2022年的51件下降到2023年的44件。": {"requests_received": 44},
    "收到政府信息公开申请44件，与2022年（51件）相比减少7件；办结40件。": {"requests_received": 44, "closed": 40},
    "现行有效规范性文件五十二件，本年制发四件，废止六件。": {
        "normative_documents.in_force": 52,
        "normative_documents.issued": 4,
        "normative_documents.repealed": 6,
    },
}


@pytest.mark.parametrize(("text", "want"), [*RESULTS.items(), *REPLIES.items(), *JOINED.items(), *COMPARED.items()])
def test_results_replies_and_comparisons(text: str, want: dict[str, int]) -> None:
    assert counts(find(text)) == want


@pytest.mark.parametrize(
    ("title", "text", "own"),
    [
        ("清河县人民政府", "全市共收到政府信息公开申请2100件，办结2000件。", False),
        ("邢台市信都区人民政府", "全省行政机关共收到政府信息公开申请2100件。", False),
        ("清河县人民政府", "全县共收到政府信息公开申请44件。", True),
        # A city of a county's rank calls its own area 全市; a ministry's is the nation.
        ("昆山市人民政府", "全市共收到政府信息公开申请44件。", True),
        ("邢台市信都区人民政府办公室", "我区共收到政府信息公开申请44件。", True),
    ],
)
def test_figures_of_a_larger_area_are_not_the_reporters(title: str, text: str, own: bool) -> None:
    passages = [Passage(f"{title}2023年政府信息公开工作年度报告", Place()), Passage(text, Place(line=2))]
    found = statements.find(passages, year=YEAR, scope="area", form="2021")
    assert all((s.scope == "area") == own for s in found) and bool(found) >= own


def test_a_sum_within_a_list_of_kinds_is_no_kind() -> None:
    found = find("收到政府信息公开申请67件，其中涉及土地征收33件、房屋拆迁11件，以上两类合计44件。")
    assert [s.value for s in found if s.code == "requests_received.category"] == [33, 11]


OTHERS_WORK = (
    "协助县政府办公室办理申请15件。",
    "受上级委托办理申请19件。",
    "受县政府办公室委托，代为办理申请11件。",
    "会同县水务局共同办理申请12件。",
    "承诺制办理4562件。",
    "不见面办结653件。",
    "信用修复申请受理378件，办结378件。",
    "教师资格认定申请456件，全部按时办结。",
    "组织模拟申请测评60件，按时答复58件，未答复2件。",
    "查阅点接待589人次，代收申请4件。",
    "因征地补偿等引发行政复议48件、行政诉讼27件，均与政府信息公开无关。",
    "办理与政府信息公开无关的行政复议41件、行政诉讼29件。",
    "备案审查规范性文件44件，纠正2件。",
    "2024年，计划举办培训3期，主动公开信息2000条。",
    "明年，力争主动公开政府信息4500条。",
    "2020年至2023年，行政复议案件由45件降至12件。",
)


def figures(text: str) -> set[tuple[str, int, int | None]]:
    """Code, figure and year of what a text states of a year."""
    return {(s.code, int(s.value), s.year) for s in find(text) if s.year is not None}


@pytest.mark.parametrize("sentence", OTHERS_WORK)
def test_what_is_done_for_others_planned_or_of_another_kind_is_no_figure_of_the_table(sentence: str) -> None:
    before = "全年收到政府信息公开申请64件，因政府信息公开引发行政复议13件。"
    assert figures(before + sentence) == figures(before)


@pytest.mark.parametrize(
    ("sentence", "want"),
    [
        # Each year has its own figure, whether the verb stands behind or in front of 分别.
        (
            "2022年、2023年分别收到政府信息公开申请51件、59件。",
            {("requests_received", 51, 2022), ("requests_received", 59, 2023)},
        ),
        (
            "2022年、2023年新收政府信息公开申请分别为88件、96件。",
            {("requests_received", 88, 2022), ("requests_received", 96, 2023)},
        ),
        (
            "全年收到申请60件，办结60件。办结的60件中，含上年结转2件、本年新收58件。",
            {("requests_received", 60, 2023), ("closed", 60, 2023), ("carried_over", 2, 2023)},
        ),
        (
            "全年受理政府信息公开申请60件（新收55件、结转5件）。",
            {("requests_in_hand", 60, 2023), ("requests_received", 55, 2023), ("carried_over", 5, 2023)},
        ),
        (
            "2022、2023两年分别收到申请44件和64件。",
            {("requests_received", 44, 2022), ("requests_received", 64, 2023)},
        ),
        ("2022年和2023年分别收到申请44件、64件。", {("requests_received", 44, 2022), ("requests_received", 64, 2023)}),
        # A year and a figure alone beside a count are the count of that year; with words of their own they are not.
        (
            "全年收到政府信息公开申请64件，增加20件（上年为44件）。",
            {("requests_received", 64, 2023), ("requests_received.change", 20, 2023), ("requests_received", 44, 2022)},
        ),
        (
            "全年收到政府信息公开申请64件（2022年44件），办结60件。",
            {("requests_received", 64, 2023), ("requests_received", 44, 2022), ("closed", 60, 2023)},
        ),
        ("全年收到政府信息公开申请64件（2022年2件未办）。", {("requests_received", 64, 2023)}),
        (
            "收到政府信息公开申请64件；接续办理2022年申请3件。",
            {("requests_received", 64, 2023), ("carried_over", 3, 2023)},
        ),
        ("接续办理上年政府信息公开申请3件。", {("carried_over", 3, 2023)}),
        ("2022年办理政府信息公开申请3件。", {("closed", 3, 2022)}),
        # What stands behind 中 tells of some of the cases, without a figure of its own.
        ("政府信息公开行政诉讼9件中尚未审结的由律师跟进。", {("litigation", 9, 2023)}),
        ("政府信息公开行政复议8件中维持的占多数。", {("reconsideration", 8, 2023)}),
        (
            "政府信息公开行政复议8件中维持5件。",
            {("reconsideration", 8, 2023), ("reconsideration_upheld", 5, 2023)},
        ),
        # Guards: these still say what was done.
        ("全年收到政府信息公开申请64件，顺利办结60件。", {("requests_received", 64, 2023), ("closed", 60, 2023)}),
        ("全年收到政府信息公开申请64件，我局办结60件。", {("requests_received", 64, 2023), ("closed", 60, 2023)}),
    ],
)
def test_whose_year_and_what_part(sentence: str, want: set[tuple[str, int, int | None]]) -> None:
    assert figures(sentence) == want


def test_an_office_within_a_department_is_not_the_department() -> None:
    for text in ("划入的招生办公室全年收到申请6件。", "学生资助办公室收到政府信息公开申请6件。"):
        assert [(s.code, s.scope) for s in find(text, scope="body", form="2021")] == [("requests_received", "part")]
    (own,) = find("某县人民政府办公室收到政府信息公开申请6件。", scope="office", form="2021")
    assert own.scope == "office"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("收到申请64件。制发公文12件。不予公开6件。", {}),
        ("收到申请64件，起草文稿30件，其中不予公开6件。", {}),
        ("收到申请64件。发布信息120条，其中自然人9件。", {}),
        ("收到申请64件。转办信件32件，答复31件。", {}),
        ("收到申请64件，其中自然人60件；审查合同20件，办结18件。", {"requests_received.natural_person": 60}),
        ("收到申请64件，制发公文12件，全部办结。", {}),
        # The words name requests again, or only the form has such results.
        ("收到申请64件。制发公文12件。不予公开政府信息公开申请6件。", {"replied_denied": 6}),
        ("收到申请64件。制发公文12件。不予公开6件，无法提供3件。", {"replied_denied": 6, "unavailable": 3}),
        # A count of the same requests ends nothing; nor does what a bracket says of another thing.
        ("收到申请64件。延期答复3件。不予公开6件。", {"replied_denied": 6}),
        ("收到申请64件（另发布信息12条）。不予公开6件。", {"replied_denied": 6}),
    ],
)
def test_a_count_of_another_thing_leaves_open_what_the_next_is_of(text: str, want: dict[str, int]) -> None:
    assert counts(find(text)) == {"requests_received": 64, **want}
    assert not any(s.code == "closed.rate" for s in find(text))


# Wordings of kinds that are easily missed: replied with words between, both kinds of case with a nil, received in other words.
WORDINGS = {
    "收到政府信息公开申请31件，29件已在规定期限内予以答复，2件结转下年。": {
        "requests_received": 31,
        "replied": 29,
        "carried_forward": 2,
    },
    "受理政府信息公开申请26件，其中25件在法定时限内作出了答复。": {"requests_received": 26, "replied": 25},
    "收到政府信息公开申请9件，9件均已依法按时进行答复。": {"requests_received": 9, "replied": 9},
    "收到申请12件，10件按期答复，2件延期答复。": {"requests_received": 12},
    "本年度行政复议0件，行政诉讼0件。": {"reconsideration": 0, "litigation": 0},
    "行政复议、行政诉讼均为零。": {"reconsideration": 0, "litigation": 0},
    "行政复议、行政诉讼均为0。": {"reconsideration": 0, "litigation": 0},
    "没有发生行政复议、行政诉讼、举报投诉等情况。": {"reconsideration": 0, "litigation": 0},
    "没有发生行政诉讼案件，发生行政复议案件2件。": {"litigation": 0, "reconsideration": 2},
    "发生行政诉讼2起，均未审结；未发生行政复议。": {"litigation": 2, "litigation_pending": 2, "reconsideration": 0},
    # Without a nil beside it the words alone do not say that these are about disclosure.
    "发生行政诉讼2起，行政复议3起。": {},
    "作为复议机关办理行政复议0件。": {},
    "申请167件，结转上年度3件，办结165件，5件结转下年度继续办理。": {
        "requests_received": 167,
        "carried_over": 3,
        "closed": 165,
        "carried_forward": 5,
    },
    "我县接政府信息公开申请22件，承接上年结转2件，已办结24件。": {
        "requests_received": 22,
        "carried_over": 2,
        "closed": 24,
    },
    "直接受理信访举报申请6件，接待来访3人次。": {},
    "收到政府信息公开申请8件，全部系自然人申请。": {
        "requests_received": 8,
        "requests_received.natural_person": 8,
    },
    "办结申请40件，其中予以公开22件（55.00%）、部分公开8（20.00%）、不予公开10件（25.00%）。": {
        "closed": 40,
        "replied_granted": 22,
        "replied_partially_granted": 8,
        "replied_denied": 10,
    },
    "收到信息公开申请14次，答复14次，其中公开6次，政府信息不存在8次。": {
        "requests_received": 14,
        "replied": 14,
        "replied_granted": 6,
        "replied_not_existing": 8,
    },
    "收到政府信息公开申请26件。新收申请中商业企业3件。": {
        "requests_received": 26,
        "requests_received.commercial_enterprise": 3,
    },
    "收到政府信息公开申请26件。新收企业设立申请3件。": {"requests_received": 26},
    "因政府信息公开被诉7件。": {"litigation": 7},
    "因土地征收被诉7件。": {},
    "因行政处罚被诉2件。": {},
    "举办了8次政策例行吹风会和新闻发布会。": {"press_conferences": 8},
    "举办政策吹风会8次。": {},
}


@pytest.mark.parametrize("text", list(WORDINGS))
def test_wordings(text: str) -> None:
    assert counts(find(text)) == WORDINGS[text]


@pytest.mark.parametrize(
    "text",
    [
        "机构改革五年来，办结申请304件，其中不予公开64件。",
        "平台上线以来，网上受理申请105件，答复101件。",
        "系统启用后，累计登记申请93件，已办结89件。",
        "《条例》修订实施以来，累计收到申请223件，办结217件。",
        "本届政府任期内共收到申请176件。",
    ],
)
def test_a_stretch_of_several_years_holds_for_the_whole_sentence(text: str) -> None:
    found = find(text)
    assert found and all(s.year is None for s in found)
    (own,) = find(text + "今年收到政府信息公开申请40件。")[len(found) :]
    assert (own.value, own.year) == (40, 2023)


def test_a_stretch_of_one_year_is_the_year() -> None:
    for text in (
        "今年以来，收到申请64件，办结60件。",
        "2023年以来，收到申请64件，办结60件。",
        "一年来，收到申请64件，办结60件。",
    ):
        assert counts(find(text)) == {"requests_received": 64, "closed": 60}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # A matter, and decisions that are shown or looked into, are a part of all.
        ("收到申请64件。针对土地征收、房屋拆迁等热点，答复18件，其中同意公开9件。", {"requests_received": 64}),
        ("收到申请64件。发布示范文本：予以公开类9份、不予处理类4份。", {"requests_received": 64}),
        ("收到申请64件。案卷评查中抽取予以公开14件、不予公开7件。", {"requests_received": 64}),
        # A level in front of its sentences.
        ("（1）县本级。收到申请12件，办结12件。（2）镇街。收到申请23件，办结21件。", {}),
        # An item that is none goes on with what the text was about.
        ("收到申请64件。（1）予以公开。予以公开9件。", {"requests_received": 64, "replied_granted": 9}),
        (
            "收到申请64件。选取答复2件通报。全年予以公开政府信息公开申请9件。",
            {"requests_received": 64, "replied_granted": 9},
        ),
    ],
)
def test_figures_of_a_part_that_stand_under_its_name(text: str, want: dict[str, int]) -> None:
    assert counts(find(text)) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # Those who asked, where the sentence states no total.
        (
            "收到的政府信息公开申请中，自然人提出40件，法人或其他组织4件。",
            {"requests_received.natural_person": 40, "requests_received.organizations": 4},
        ),
        (
            "按申请主体划分，自然人40件，法人或其他组织4件。",
            {"requests_received.natural_person": 40, "requests_received.organizations": 4},
        ),
        (
            "申请人中自然人40件、商业企业3件、法律服务机构1件。",
            {
                "requests_received.natural_person": 40,
                "requests_received.commercial_enterprise": 3,
                "requests_received.legal_service_institution": 1,
            },
        ),
        ("受理不动产登记申请90件。按申请人看，自然人80件，商业企业10件。", {}),
        ("因土地征收发生行政复议9件。从申请人看，自然人8件，商业企业1件。", {}),
        # 答复 with kinds of reply, and no word of requests.
        (
            "答复19件，其中公开7件，不公开3件，信息不存在9件。",
            {"replied": 19, "replied_granted": 7, "replied_denied": 3, "replied_not_existing": 9},
        ),
        ("答复咨询19件，其中同意公开7件，不予公开3件。", {}),
        (
            "2023年度共办理答复29件〔含上年（2022年）结转3件〕，予以公开15件，部分公开6件。",
            {"replied": 29, "replied_granted": 15, "replied_partially_granted": 6},
        ),
        # 其他 is 其他处理 where all other kinds were named.
        (
            "办结的40件申请中，予以公开20件，不予公开6件，无法提供8件，不予处理4件，其他2件。",
            {
                "closed": 40,
                "replied_granted": 20,
                "replied_denied": 6,
                "unavailable": 8,
                "not_processed": 4,
                "other_handling": 2,
            },
        ),
        *(
            (
                f"办结40件申请。予以公开20件；不予公开6件；无法提供8件；不予处理4件；{rest}2件。",
                {
                    "closed": 40,
                    "replied_granted": 20,
                    "replied_denied": 6,
                    "unavailable": 8,
                    "not_processed": 4,
                    "other_handling": 2,
                },
            )
            for rest in ("其他情形", "其他情况", "其他办理")
        ),
        (
            "办结的40件申请中，予以公开20件，不予公开6件，其他情形14件。",
            {"closed": 40, "replied_granted": 20, "replied_denied": 6},
        ),
        (
            "办结的40件申请中，予以公开20件，不予公开6件，其他14件。",
            {"closed": 40, "replied_granted": 20, "replied_denied": 6},
        ),
        # Not all that was received.
        ("还有1件依申请公开申请未到答复期限。", {}),
        ("公民对政府信息公开答复不服申请行政复议3件。", {"reconsideration": 3}),
        ("受理公民不服其他行政机关答复的行政复议案件30件。", {}),
        ("依法履行行政复议职责，办理行政复议案件30件，维持26件。", {}),
        ("新收政府信息公开申请44件（不含上年结转6件）。", {"requests_received": 44, "carried_over": 6}),
        ("承接上年未办结的政府信息公开申请6件，新收44件。", {"carried_over": 6, "requests_received": 44}),
        (
            "应办理政府信息公开申请50件，其中新收44件、上年结转6件。",
            {"requests_in_hand": 50, "requests_received": 44, "carried_over": 6},
        ),
        ("应办结政府信息公开申请45件。", {}),
        ("公开信息共计612条，通过政府网站公开512条。", {"disclosed": 612, "channel_website": 512}),
        ("通过政府网站公开信息512条。", {"channel_website": 512}),
        ("本报告期内作出行政许可处理决定72件。", {"licensing.decisions": 72}),
        ("据统计，全省各级行政机关收到信息公开申请4390件，其中我县收到45件。", {"requests_received": 45}),
        (
            "收到涉及政府信息公开的行政复议申请3件。据统计，全省各级行政机关共收到信息公开申请4390件，我县8件。",
            {"reconsideration": 3},
        ),
        # Requests by other words, and none of them.
        ("全县共收到政府信息申请公开件44件。", {"requests_received": 44}),
        ("受理政府信息依申请公开事项44件，办结40件。", {"requests_received": 44, "closed": 40}),
        ("共办理回复依申请公开事项44件，其中网上政府信息公开申请件40件。", {"replied": 44, "requests_online": 40}),
        ("本单位未收到申请公开政府信息件。", {"requests_received": 0}),
        ("未收到过公开申请。", {"requests_received": 0}),
        ("目前未收到依申请公开请求。", {"requests_received": 0}),
        ("没有接到依申请公开政府信息的请求。", {"requests_received": 0}),
        ("没有接到群众主动要求公开政府信息的申请。", {"requests_received": 0}),
        ("未收到任何公民、法人和其他组织提出的公开政府信息的申请。", {"requests_received": 0}),
        ("全年无依申请公开的情况。", {"requests_received": 0}),
        ("线上、线下均无依申请公开信件。", {"requests_received": 0}),
        ("未发生因政府信息公开引发的举报、投诉和行政诉讼。", {"litigation": 0}),
        ("收到举报、投诉、行政诉讼共3件。", {}),
        # One way of disclosure named in front is the way of what follows; of several each has its part.
        ("在某市政府门户网站，全年主动公开信息90条。", {"channel_website": 90}),
        ("通过“清河发布”门户网站，全年发布政务信息90条。", {"channel_website": 90}),
        ("通过某县政府网站和微信公众号，主动公开政府信息90条。", {"disclosed": 90}),
        ("通过广播、某县政府门户网站，主动公开政府信息90条。", {"disclosed": 90}),
        ("在某县政府门户网站统一设置专栏，全年公开信息9条。", {}),
        ("上年度转接政府信息公开申请3件。", {"carried_over": 3}),
        ("无行政复议、行政诉讼等情况发生。", {"reconsideration": 0, "litigation": 0}),
        ("通过政务公开专区接收政府信息公开申请12件。全县收到政府信息公开申请44件。", {"requests_received": 44}),
        ("本年度无申请政府信息公开的情况。", {"requests_received": 0}),
        ("未申请专项经费，当事人没有申请听证。", {}),
        ("因申请政府信息公开引起的行政复议3件。", {"reconsideration": 3}),
        # What is answered beside it was asked for; what papers are open to is not.
        ("依申请公开数为44件，已答复40件。", {"requests_received": 44, "replied": 40}),
        (
            "依申请公开政府信息共4件，其中，予以公开2件，不掌握信息2件。",
            {"requests_received": 4, "replied_granted": 2, "unavailable_not_held": 2},
        ),
        ("制发公文30件，其中主动公开12件，依申请公开8件，不予公开10件。", {}),
        ("主动公开文件20件，依申请公开5件，答复人大建议3件。", {}),
        (
            "办结44件，其中予以公开30件，信息无法提供10件、不予处理3件，其他处理1件。",
            {"closed": 44, "replied_granted": 30, "unavailable": 10, "not_processed": 3, "other_handling": 1},
        ),
    ],
)
def test_what_a_sentence_leaves_to_its_other_words(text: str, want: dict[str, int]) -> None:
    title = Passage("某县人民政府2023年政府信息公开工作年度报告", Place(line=1))
    found = statements.find([title, Passage(text, Place(line=2))], year=YEAR, scope="area", form="2021")
    assert counts(found) == want


def test_a_share_of_what_was_closed_is_of_no_other_total() -> None:
    found = find("收到政府信息公开申请26件，予以公开和部分公开合计18件，占答复总数的75%。")
    assert [s.code for s in found if s.unit == "%"] == []
    found = find("收到政府信息公开申请26件，答复24件，予以公开18件，占答复总数的75%。")
    assert [(s.code, s.share_of) for s in found if s.unit == "%"] == [("replied_granted", "replied")]


def test_what_a_change_begins_with_is_last_years() -> None:
    for text in ("政府信息公开申请由203件变为157件。", "政府信息公开申请从203件下降到157件。"):
        assert [(s.value, s.year) for s in find(text)] == [(203, YEAR - 1), (157, YEAR)]
    assert not [s for s in find("2020年至2023年，政府信息公开申请由45件降至12件。") if s.year == YEAR - 1]


def test_a_share_of_several_together_is_of_none_of_them() -> None:
    found = find("收到申请157件，其中自然人135件、商业企业10件，两项合计占92.4%。")
    assert not [s for s in found if s.unit == "%"]
    assert [s for s in find("收到申请157件，其中自然人135件，占86%。") if s.unit == "%"]


@pytest.mark.parametrize(
    "text",
    ["约15件依申请公开申请与征地有关。", "12件政府信息公开申请涉及土地征收。", "12件政府信息公开申请属于信访事项。"],
)
def test_what_stands_behind_says_of_which_they_are(text: str) -> None:
    assert not find(text)
