"""Shares, rates and quarters whose whole the sentence leaves out: told where no whole at hand gives them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from checks import check_report
from parsers.prose import statements
from schemas.facts import Passage, Place, Report
from schemas.findings import Finding

from .reports import findings, put, sound_report, unread

CELLS = {
    "new_received.total": 64,
    "new_received.natural_person": 57,
    "carried_over.total": 5,
    "granted.total": 20,
    "partially_granted.total": 4,
    "processed_total.total": 60,
    "carried_forward.total": 9,
}
_ORGANIZATIONS = (
    "commercial_enterprise",
    "research_institution",
    "social_welfare_organization",
    "legal_service_institution",
    "other",
)
CELLS |= {f"new_received.{c}": 7 * (i == 0) for i, c in enumerate(_ORGANIZATIONS)}
CELLS |= {f"{row}.{c}": 0 for row in ("carried_over", "processed_total") for c in _ORGANIZATIONS}
CELLS |= {"carried_over.natural_person": 5}


def draft(text: str) -> Report:
    r = put(sound_report(), {f"requests.{a}": v for a, v in CELLS.items()})
    r.passages = [Passage("某县2023年政府信息公开工作年度报告", Place(paragraph=1)), Passage(text, Place(paragraph=2))]
    r.statements = statements.find(r.passages, year=2023, scope=r.scope, form=r.form)
    return r


def told(text: str, rule: str = "statement.share") -> list[Finding]:
    return findings(draft(text), rule)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收到政府信息公开申请64件，自然人占79.1%。", "89.06"),
        ("对收到的政府信息公开申请，予以公开20件，占42.5%；部分公开4件，占6.7%。", "33.33"),
        ("本年度政府信息公开申请中，予以公开20件（占42.5%）。", "33.33"),
        ("收到政府信息公开申请69件（新收64件、上年结转5件），办结60件，办结率97.4%。", "86.96"),
        # Of the requests of two years, where no count names them together.
        ("新收政府信息公开申请64件，加上去年结转5件，办结60件，办结率为97.4%。", "86.96"),
        ("上年结转申请5件，新收申请40件，已办结44件，办结率97.1%。", "97.78"),
        ("收到申请58件，办结政府信息公开申请60件，办结率97.4%。", "86.96"),
    ],
)
def test_no_whole_gives_it(text: str, expected: str) -> None:
    found = told(text)
    assert [(f.severity, f.outcome, str(f.expected)) for f in found] == [("warning", "broken", expected)]


@pytest.mark.parametrize(
    "text",
    [
        "收到政府信息公开申请64件，自然人占89.1%。",
        "收到政府信息公开申请64件，自然人约占九成，占89%。",
        "对收到的政府信息公开申请，予以公开20件，占33.3%；部分公开4件，占6.7%。",
        # Of what was received, of all in hand, of those disclosed at all, of another figure of the paragraph.
        "本年度政府信息公开申请中，予以公开20件，占31.3%。",
        "本年度政府信息公开申请中，予以公开20件，占29.0%。",
        "公开或部分公开的政府信息公开申请中，予以公开20件，占83.3%。",
        "县政府办公室办理50件政府信息公开申请。予以公开20件，占40.0%。",
        # Of another whole, of last year, of what fell due; about so much.
        "我县收到政府信息公开申请64件，占全市总量（800件）的8%。",
        "收到政府信息公开申请64件，占比较上年提高3.2%。",
        "收到政府信息公开申请69件，办结60件，按时办结率98.4%。",
        "收到政府信息公开申请69件，办结60件，办结率87.0%。",
        "收到政府信息公开申请64件，办结率100%。",
        # Of this year's own: 64 less 9, of 64.
        "新收申请64件，上年结转5件，办结60件，当年办结率85.9%。",
        "收到建议提案12件，办结11件，办结率91.7%。",
    ],
)
def test_some_whole_gives_it(text: str) -> None:
    assert not told(text)


@pytest.mark.parametrize(
    "text",
    [
        "新收申请64件，加上上年结转0件，应办69件；已办60件，办结率87.1%。",
        "新收申请0件，上年结转0件，办结0件，办结率97.1%。",
        "收到政府信息公开申请0件，上年0件，增长12.5%，占全部的50%。",
        "收到政府信息公开申请64件，其中自然人0件，占0件的12.5%，予以公开0件，占33.3%，办结率99.9%。",
        "上年收到申请0件，本年收到申请64件，同比增长100%，增加64件，占全市总量0件的50%。",
    ],
)
def test_of_nothing_there_is_no_share(text: str) -> None:
    check_report(draft(text))


def test_a_change_since_another_year_is_left_to_its_own_two_figures() -> None:
    assert not told("收到政府信息公开申请64件，比2021年的90件下降28.9%，比上年增加20件。")
    (found,) = told("收到政府信息公开申请64件，比上年增加20件，增长40%。")
    assert str(found.expected) == "45.45"
    (found,) = told("新收政府信息公开申请64件，较上年（44件）净增30件。")
    assert (found.printed, found.expected) == (30, 20)


def test_all_of_what_fell_due_or_was_carried_over() -> None:
    for text in ("应办申请69件，到期应办60件，办结率100%。", "2022年结转至2023年办理的5件申请，均已办结。"):
        assert not told(text, "statement.contradiction")
    assert told("收到政府信息公开申请64件，上年结转5件，均已办结。", "statement.contradiction")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("上年底结转的5件已于一季度办结。新收政府信息公开申请64件，55件办结，9件结转下年度。", False),
        ("今年新收申请64件，已答复55件，结转2024年9件。去年结转5件也已答复。", False),
        ("上年度遗留申请5件。收到申请64件，其中办结55件，9件结转下年。", False),
        ("上年底结转5件，已于年初全部办结。全年新收申请64件，55件办结，9件结转。", False),
        # Of those done, so many were new, and so many came from the year before.
        ("全年处理申请60件（新收55件，结转5件），9件结转下年。", False),
        ("本年共办理政府信息公开申请60件，其中新收55件、上年结转5件。", False),
        ("全县新收申请55件，上年结转5件。", True),
        # Nothing of the year before, nothing of what is left, and all that was done.
        ("新收政府信息公开申请64件，55件办结，9件结转下年度。", True),
        ("上年底结转的5件已于一季度办结。新收政府信息公开申请64件，55件办结。", True),
        ("去年结转5件。新收政府信息公开申请64件，全年共办结55件，结转下年度9件。", True),
    ],
)
def test_those_of_the_year_by_what_the_paragraph_tells(text: str, told: bool) -> None:
    found = [f.printed for f in findings(draft(text), "statement.disagrees") if f.outcome == "broken"]
    assert found == [55] * told


@pytest.mark.parametrize(
    "text", ["上年结转5件，本年新收64件，全年办结64件，结转下年9件。", "本年新收64件，办结64件，结转下年9件。"]
)
def test_what_was_done_is_not_excused_by_the_clause_in_which_its_figure_is_what_came_in(text: str) -> None:
    assert [f.printed for f in findings(draft(text), "statement.disagrees") if f.outcome == "broken"] == [64]


def test_without_the_tables_figure_nothing_is_said() -> None:
    r = draft("收到政府信息公开申请64件，自然人占79.1%。")
    (found,) = findings(unread(r, "requests.new_received.natural_person"), "statement.share")
    assert found.outcome == "not_assessable"
    r.layouts, r.facts, r.unresolved, r.form = [], [], [], "prose"
    assert not findings(r, "statement.share")


@pytest.mark.parametrize(
    ("text", "whole", "total"),
    [
        ("收到政府信息公开申请64件，其中一季度16件，二季度16件，三季度16件，四季度21件。", 64, 69),
        ("收到政府信息公开申请64件。一季度收到16件，二季度16件，三季度16件，四季度21件。", 64, 69),
        ("主动公开信息1230条，其中第一季度300条、第二季度310条、第三季度320条、第四季度310条。", 1230, 1240),
    ],
)
def test_quarters_that_do_not_make_the_year(text: str, whole: int, total: int) -> None:
    (found,) = told(text, "statement.sum")
    assert (found.severity, found.printed, found.expected) == ("warning", whole, total)
    assert "季度" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "收到政府信息公开申请64件，其中一季度16件，二季度16件，三季度16件，四季度16件。",
        "收到政府信息公开申请64件。一季度收到16件，二季度16件，三季度16件，四季度16件。",
        "收到政府信息公开申请64件。不动产登记一季度受理16件，二季度16件，三季度16件，四季度21件，共69件。",
        "收到政府信息公开申请64件。一季度开展培训2次，二季度1次，三季度1次，四季度3次。",
        "收到政府信息公开申请64件，一季度较多，为20件，三季度为15件。",
        "收到政府信息公开申请64件，其中一季度约16件，二季度16件，三季度16件，四季度21件。",
        "一季度收到信访件16件，二季度16件，三季度16件，四季度21件。",
    ],
)
def test_quarters_that_may_be_right(text: str) -> None:
    assert not told(text, "statement.sum")


def test_what_was_to_be_done_is_what_came_in_and_what_was_carried_over() -> None:
    (found,) = told("新收申请64件，上年结转5件，共计应办70件。", "statement.sum")
    assert (found.printed, found.expected) == (70, 69)
    assert not told("新收申请64件，上年结转5件，共计应办69件。", "statement.sum")


@pytest.mark.parametrize(
    ("text", "whole", "total"),
    [
        ("收到政府信息公开申请64件，其中上半年30件、下半年31件。", 64, 61),
        ("收到政府信息公开申请64件，其中上半年40件、下半年31件。", 64, 71),
        ("上半年、下半年分别收到政府信息公开申请30件、34件，全年合计74件。", 74, 64),
        ("1至6月收到政府信息公开申请30件，7至12月收到31件。", 64, 61),
        ("市本级收到政府信息公开申请20件，下级收到44件，合计74件。", 74, 64),
    ],
)
def test_halves_of_a_year_and_levels_of_an_area(text: str, whole: int, total: int) -> None:
    (found,) = told(text, "statement.sum")
    assert (found.severity, found.printed, found.expected) == ("warning", whole, total)


@pytest.mark.parametrize(
    "text",
    [
        "收到政府信息公开申请64件，其中上半年30件、下半年34件。",
        "上半年收到政府信息公开申请30件，下半年34件。",
        "上半年、下半年分别收到政府信息公开申请30件、34件，合计64件。",
        # Of something else, changes, about so many.
        "上半年收到政府信息公开申请30件，下半年收到行政复议申请2件。",
        "收到政府信息公开申请64件，上半年增加3件、下半年减少2件。",
        "收到政府信息公开申请64件，其中上半年约30件、下半年31件。",
        "上半年收到信访件30件，下半年收到31件。",
        "市本级收到政府信息公开申请20件，下级收到44件，合计64件。",
    ],
)
def test_halves_that_may_be_right(text: str) -> None:
    assert not told(text, "statement.sum")


def test_a_share_is_of_the_total_its_own_sentence_names() -> None:
    # A total of a larger area, or another total, in the sentence before.
    assert not told("全省收到政府信息公开申请4150件。按申请人看，自然人57件，占89.1%。")
    assert not told("收到政府信息公开申请64件。予以公开和部分公开合计24件，占办结总数的40%。")
    (found,) = told("收到政府信息公开申请64件。予以公开和部分公开合计24件，占办结总数的52%。")
    assert str(found.expected) in ("40", "37.5")


def test_a_figure_that_is_the_end_of_another_is_taken_at_its_own_place() -> None:
    # 4件 ends 24件, too: the share behind 24 is not that of the four.
    text = "予以公开和部分公开24件，占40.0%；部分公开4件，占6.7%。"
    assert not told(text)
    assert not told("收到政府信息公开申请64件。" + text)


def test_all_there_was_to_do_is_compared() -> None:
    (found,) = told("应办理政府信息公开申请79件，其中新收64件、上年结转5件。", "statement.disagrees")
    assert (found.severity, found.printed, found.expected) == ("error", 79, 69)
    assert not told("应办理政府信息公开申请69件，其中新收64件、上年结转5件。", "statement.disagrees")
    assert not told("全年答复3件，其中予以公开（含部分公开）24件。", "statement.sum")


def test_what_the_last_day_left_open() -> None:
    (found,) = told("截至2023年12月31日，还有4件政府信息公开申请正在办理中。", "statement.disagrees")
    assert (found.severity, found.printed, found.expected) == ("note", 4, 9)
    for text in (
        "截至2023年12月31日，还有9件政府信息公开申请正在办理中。",
        "目前还有4件政府信息公开申请正在办理中。",
        "截至2023年12月31日，还有4件行政复议正在办理中。",
    ):
        assert not told(text, "statement.disagrees")


def test_a_rate_greater_than_its_whole_allows() -> None:
    assert told("办结30件，予以公开111件，予以公开率36.7%。")
    assert not told("2023年1月1日至12月31日办结60件，予以公开20件，予以公开率33.3%。")
    assert told("2023年1月1日至12月31日办结60件，予以公开20件，予以公开率36.3%。")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("自然人57件、法人或其他组织7件，两项合计占72.4%。", None),
        ("办结政府信息公开申请60件，予以公开20件、部分公开4件，两项合计占44%。", "40"),
        ("政府信息公开申请予以公开20件、部分公开4件，两者合计占51.5%。", "40"),
    ],
)
def test_the_share_of_several_together(text: str, expected: str | None) -> None:
    found = told(text)
    assert [str(f.expected) for f in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    "text",
    [
        "政府信息公开申请予以公开20件、部分公开4件，两者合计占40%。",
        "政府信息公开申请予以公开20件、部分公开4件，合计占37.5%。",
        "予以公开和部分公开合计24件，占办结总数60件的40%。",
        "按申请方式看，网上申请占60.1%，信函占29.3%，当面占10.6%。",
        # Of several wholes, or what may overlap.
        "自然人占89.1%，网上申请占60.1%。",
        "涉及土地征收占65.2%，涉及房屋拆迁占60.1%。",
    ],
)
def test_shares_that_may_be_right(text: str) -> None:
    assert not told(text)


def test_shares_beside_their_whole_and_shares_that_are_more_than_all() -> None:
    (found,) = told("予以公开和部分公开合计24件，占办结总数60件的56.8%。")
    assert found.expected == "40"
    (found,) = told("网上申请占65.2%，信函占30.1%，当面占14.7%。")
    assert str(found.expected) == "110.0"


@pytest.mark.parametrize(
    "text",
    [
        "收到政府信息公开申请约30件。",
        "收到政府信息公开申请近100件。",
        "收到政府信息公开申请超过100件。",
        "政府信息公开申请办结100余件。",
    ],
)
def test_about_so_many_and_far_from_it(text: str) -> None:
    (found,) = told(text, "statement.disagrees")
    assert found.severity == "warning" and "相差太远" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "收到政府信息公开申请约60件。",
        "收到政府信息公开申请近70件。",
        "收到政府信息公开申请超过30件。",
        "收到政府信息公开申请60余件。",
        # With those carried over; of some; of all years.
        "收到政府信息公开申请约69件。",
        "约15件政府信息公开申请与土地征收有关。",
        "2019年以来收到政府信息公开申请约400件。",
    ],
)
def test_about_so_many(text: str) -> None:
    assert not told(text, "statement.disagrees")


def test_a_month_has_no_more_than_the_year() -> None:
    (found,) = told("其中12月收到政府信息公开申请65件。", "statement.disagrees")
    assert (found.severity, found.printed, found.expected) == ("warning", 65, 64)
    for text in ("12月收到政府信息公开申请64件。", "12月收到信访件65件。", "2022年12月收到政府信息公开申请65件。"):
        assert not told(text, "statement.disagrees")


def test_more_decisions_published_than_made() -> None:
    for value, notes in ((9, 1), (8, 0)):
        r = put(draft(f"公开行政处罚决定{value}件。"), {"article20.penalty.decisions": 8})
        found = findings(r, "statement.disagrees")
        assert [f.severity for f in found] == ["note"] * notes


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("召开会议12次，其中专题会议8次、推进会9次。", 17),
        ("政策解读24次，其中图文16次、视频5次、新闻发布会13次。", 34),
        ("全年培训3期，参训人员第一期20人次、第二期25人次、第三期30人次，共计85人次。", 75),
        ("四个季度分别收到政府信息公开申请57件、1件、2件、3件。", 63),
    ],
)
def test_parts_that_are_more_than_their_whole(text: str, total: int) -> None:
    (found,) = told(text, "statement.sum")
    assert found.expected == total


@pytest.mark.parametrize(
    "text",
    [
        "召开会议12次，其中专题会议8次、推进会4次。",
        # The second is a count of its own.
        "召开会议12次，其中专题会议8次，培训9次。",
        # One item goes out by several ways, or counts under two heads.
        "发布信息24条，其中网站16条、微信15条。",
        "收到申请件24件，其中自然人20件、网络16件。",
        "全年培训3期，参训人员第一期20人次、第二期25人次、第三期30人次，共计75人次。",
        "四个季度分别收到政府信息公开申请57件、1件、2件、4件。",
    ],
)
def test_parts_that_may_overlap(text: str) -> None:
    assert not told(text, "statement.sum")


def test_results_of_what_was_carried_over_too() -> None:
    """收到64件 and 5 from the year before: 66 results are no more than all, 70 are."""
    assert not told("收到政府信息公开申请64件。予以公开62件，部分公开4件。", "statement.sum")
    assert told("收到政府信息公开申请64件。予以公开66件，部分公开4件。", "statement.sum")
    r = draft("收到政府信息公开申请64件。予以公开62件，部分公开4件。")
    assert not findings(unread(r, "requests.carried_over.total"), "statement.sum")


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        # 57 of 64 are natural persons; 5 carried over, 60 done.
        ("自然人申请59件，组织申请7件。", 59, 57),
        ("自然人57件，法人9件。", 9, 7),
        ("截至12月31日收到的66件申请，均已登记。", 66, 64),
        ("应办申请71件。", 71, 69),
        ("申请件数66件。办结件数60件。", 66, 64),
        ("申请件数64件。结转件数8件。", 8, 9),
    ],
)
def test_words_that_count_without_a_verb(text: str, printed: int, expected: int) -> None:
    (found,) = told(text, "statement.disagrees")
    assert (found.severity, found.printed, found.expected) == ("warning", printed, expected)


@pytest.mark.parametrize(
    "text",
    [
        "自然人申请57件，组织申请7件。自然人57件，法人7件。",
        # With those carried over, of what was answered, of one kind only, of a few of them.
        "截至12月31日收到的69件申请，均已登记。",
        "不服复议的自然人申请9件，组织申请1件。",
        "自然人申请57件，法人申请2件，其他组织5件。",
        "对收到的3件申请，均组织会商。收到的3件申请涉及第三方。",
        "应办申请69件。申请件数64件。结转件数9件。上年结转件数5件。",
        "收费员3万元工资已公开，信息处理费0元。",
    ],
)
def test_words_that_count_rightly(text: str) -> None:
    assert not told(text, "statement.disagrees")


def test_a_rate_without_counts_is_put_to_the_table() -> None:
    (found,) = told("政府信息公开申请办结率为93.1%。")
    assert (found.severity, str(found.expected)) == ("warning", "86.96")
    # Of all in hand, of those received, those of the year.
    for rate in ("86.96", "93.75", "85.9"):
        assert not told(f"政府信息公开申请办结率为{rate}%。"), rate
    assert not told("按期办结率为93.1%。") and not told("网上申请办结率为93.1%。")


def test_advice_says_how_the_other_sum_is_written() -> None:
    (found,) = told("本年新收政府信息公开申请69件，上年结转5件。", "statement.disagrees")
    assert found.severity == "warning" and "改成 64" in found.advice and "含上年结转" not in found.advice
    (found,) = told("答复政府信息公开申请60件，同意公开的有24件。", "statement.disagrees")
    assert "予以公开和部分公开共24件" in found.advice


def test_two_ways_of_doing_it_are_no_more_than_the_whole() -> None:
    (found,) = told("行政许可368件，其中网办361件、窗口9件。", "statement.sum")
    assert (found.printed, found.expected) == (368, 370)
    assert not told("行政许可368件，其中网办361件、窗口7件。", "statement.sum")
    # What goes out by several ways overlaps.
    assert not told("公开信息368条，其中网站361条、微信90条。", "statement.sum")


# Put to the table of above (64 new, 57 of them by persons; 5 carried over, 60 done, 9 left), 5 documents issued,
# one repealed, 40 in force, 10 reviews of which two were corrected, no lawsuits.
def of_an_office(text: str) -> Report:
    r = draft(text)
    cells = {a: 0 for a in r.values() if a.startswith("disputes.litigation")}
    return put(r, cells | {"article20.normative_documents.repealed": 1})


FREELY = {
    "年初手上有去年留下的5件，年中又陆续登记64件，到年底办完61件，还剩9件跨到2024年办理。": (61, 60),
    "上年遗留5件，当年登记64件，办毕60件，余下8件。": (8, 9),
    "依申请公开方面，程序规范。除5件因需征求第三方意见尚在办理外，其余64件均已办结。": (5, 9),
    "上年结转的5件已办结，今年新收的申请64件办结了64件。": (64, 55),
    "上年结转的5件已办结，今年新收的64件办结了64件。": (64, 55),
    "没有发生行政诉讼。本年新收的64件中，自然人56件、法人和其他组织7件。": (56, 57),
    "64件申请按申请人分，自然人56件，法人和其他组织7件。": (56, 57),
    "64件申请中，56件由个人提出，7件由单位提出。": (56, 57),
    "制定行政规范性文件5件，废止1件，期末有效41件。": (41, 40),
    "十起行政复议均被复议机关维持。": (0, 2),
    "60件答复中，有50件在15个工作日内作出，其余9件经延期后答复。": (60, 59),
    "制定规范性文件5件，废止1件，期末有效40件，较上年末净增5件。": (5, 6),
    "政府信息公开申请中，公开的20件占8.42%。": (Decimal("8.42"), Decimal("33.33")),
}


@pytest.mark.parametrize(("text", "told"), FREELY.items())
def test_sentences_in_an_offices_own_words(text: str, told: tuple[object, object]) -> None:
    found = [f for rule in OF_SENTENCES for f in findings(of_an_office(text), rule) if f.outcome == "broken"]
    assert [(f.printed, f.expected) for f in found] == [told]
    assert {f.severity for f in found} == {"warning"}


OF_SENTENCES = ("statement.disagrees", "statement.sum", "statement.share")


@pytest.mark.parametrize(
    "text",
    [
        "年初手上有去年留下的5件，年中又陆续登记64件，到年底办完60件，还剩9件跨到2024年办理。",
        "年初手头5件建议，全年登记64件，办完65件，还剩4件。",
        "上年结转5件，上半年登记30件，办完20件，还剩15件。",
        "上年遗留5件，当年登记64件，办毕59件，撤回1件，余下9件。",
        "除9件因需征求第三方意见尚在办理外，其余60件申请均已办结。",
        "依申请公开方面，除3件建议尚在办理外，其余11件均已办结。",
        "截至11月底，除4件申请尚在办理外，其余40件均已办结。",
        "上年结转的5件已办结，今年新收的64件办结了55件。",
        "本年度收到的64件办结55件。",
        "今年新收的64件建议办结了64件。",
        "本年新收的64件中，自然人57件、法人和其他组织7件。",
        "新收的20件中，自然人9件、法人和其他组织2件。",
        "64件申请按申请人分，自然人57件，法人和其他组织7件。",
        "5件建议中，3件由个人提出，1件由单位提出。",
        "64件申请中，57件由个人提出，7件由单位提出。",
        "制定行政规范性文件5件，废止1件，期末有效40件。",
        "清理规范性文件50件，废止5件，年末保留45件。",
        "代县政府办理复议十件，均维持。",
        "60件答复中，有50件在15个工作日内作出，其余10件经延期后答复。",
        "60件答复中，有50件在15个工作日内作出，其余约9件延期。",
        "制定规范性文件5件，废止1件，失效1件，净增3件。",
        "制定规范性文件5件，废止1件，期末有效40件，净增4件。",
        "政府信息公开申请中，公开的20件占33.3%。",
        "申请办理中，公开的32件占8.42%。",
        "依申请公开建议120件，公开的20件占16.7%。",
        "公开的文件20件占答复件的8.42%。",
    ],
)
def test_sentences_in_an_offices_own_words_that_are_right(text: str) -> None:
    assert not [f for rule in OF_SENTENCES for f in findings(of_an_office(text), rule) if f.outcome == "broken"]


@pytest.mark.parametrize(
    "text", [text for text, (printed, expected) in FREELY.items() if (printed, expected) not in ((60, 59), (5, 6))]
)
def test_sentences_in_an_offices_own_words_without_the_tables(text: str) -> None:
    r = of_an_office(text)
    r.facts = [replace(f, kind="blank", value=None) for f in r.facts]
    assert not [f for rule in OF_SENTENCES for f in findings(r, rule) if f.outcome == "broken"]
