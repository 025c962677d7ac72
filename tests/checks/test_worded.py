"""Figures, sums and shares in wordings of the data: told where the table or their own figures say otherwise, and only there."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

import pytest

from checks import check_report
from checks.breakdowns import breakdowns, sums
from checks.context import Context, Evaluator
from checks.reckoned import (
    changes_by_wording,
    differences_by_wording,
    persons_above,
    shares_above_all,
    shares_by_wording,
    shares_of_a_whole,
    sums_by_wording,
)
from checks.rules import Rule, catalogue
from checks.telling import Step
from checks.telling import told as telling
from schemas.facts import Passage, Place
from schemas.findings import Finding

from .reports import findings, put, say, sound_report

CELLS = {
    "requests.new_received.natural_person": 57,
    "requests.new_received.commercial_enterprise": 4,
    "requests.new_received.total": 64,
    "requests.denied_state_secret.total": 6,
    "requests.unavailable_not_held.total": 5,
    "article20.licensing.decisions": 8,
    "article20.penalty.decisions": 3,
}


def told(text: str) -> list[Finding]:
    r = put(sound_report(), CELLS)
    r.passages, r.statements = [Passage(text, Place(line=1))], []
    return [f for f in findings(r, "statement.disagrees") if f.outcome == "broken"]


def concluded(text: str) -> list[tuple[object, object]]:
    """The sound report has ten reviews, four of them pending, and as many lawsuits as its table says."""
    r = sound_report()
    r.passages, r.statements = [Passage(text, Place(line=1))], []
    return [(f.printed, f.expected) for f in findings(r, "statement.disagrees") if f.outcome == "broken"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("发生行政复议10件，均已审结。", True),
        ("被申请复议10件，目前已全部结案。", True),
        ("政府信息公开行政复议10件，全部审理完毕，无一纠错。", True),
        # Of some, of another year, of other cases.
        ("发生行政复议10件，均已受理。", False),
        ("发生行政复议10件，其中6件均已审结。", False),
        ("2022年发生行政复议10件，均已审结。", False),
        ("办理土地类行政复议25件，均已审结。", False),
    ],
)
def test_all_cases_decided_by_words_alone(text: str, told: bool) -> None:
    assert concluded(text) == [(0, 4)] * told
    r = put(sound_report(), {"disputes.reconsideration.pending": 0})
    r.passages, r.statements = [Passage(text, Place(line=1))], []
    assert not findings(r, "statement.disagrees")


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("办结申请189件，其余20件留待次年继续办理。", 20),
        ("答复189件，尚余22件正在依法办理。", 22),
        ("已答复189件，另有19件申请尚在答复期限内。", 19),
        ("办结申请189件，18件留到来年办理。", 18),
        ("办结申请189件，仍有17件尚未到期限。", 17),
        ("已办结189件，尚有23件在法定期限内正在办理。", 23),
        ("答复189件，其余24件均在答复期限内，正在办理。", 24),
        ("办结申请189件，其余21件在规定时限内办理中。", None),
        ("办结申请189件，其余21件未办结。", None),
        ("办结申请189件，其余21件留至下年办理。", None),
        ("办结189件，还有21件仍在办理之中。", None),
        # Other business, or not of this report's requests.
        ("办结申请189件。投诉处置中，尚有5件正在办理。", None),
        ("另有5件正在办理。", None),
    ],
)
def test_what_is_left_at_the_years_end(text: str, stated: int | None) -> None:
    r = sound_report()
    r.passages, r.statements = [Passage(text, Place(line=1))], []
    if "189" in text:
        say(r, "closed", 189, text)
        r.statements[-1] = replace(r.statements[-1], passage=1)
    found = [(f.printed, f.expected) for f in findings(r, "statement.disagrees") if f.statement == "carried_forward"]
    assert found == ([] if stated is None else [(stated, 21)])


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("收到的64件申请中，58件来自自然人。", 58, 57),
        ("受理的64件政府信息公开申请里，自然人提出75件。", 75, 57),
        ("64件信息公开申请中自然人占58件。", 58, 57),
        ("58件由自然人提出。", 58, 57),
        ("5件由自然人提出，58件由商业企业提出。", 5, 57),
        ("商业企业申请40件。", 40, 4),
        ("收到商业企业提出的政府信息公开申请40件。", 40, 4),
        ("商业企业申请4件，自然人58件。", 58, 57),
        ("自然人和商业企业分别申请57件和40件。", 40, 4),
        ("有7件申请的信息本机关不掌握。", 7, 5),
    ],
)
def test_told(text: str, printed: int, expected: int) -> None:
    found = told(text)
    assert (found[0].printed, found[0].expected, found[0].severity) == (printed, expected, "warning")


@pytest.mark.parametrize(
    "text",
    [
        "57件由自然人提出，4件由商业企业提出。",
        "收到的64件申请中，57件来自自然人，4件来自商业企业。",
        "64件申请里，自然人提出57件。",
        # Of others than those received.
        "不予公开的60件申请中，58件来自自然人。",
        "59件申请中自然人提出50件。",
        "商业企业申请4件。",
        "自然人和商业企业分别申请57件和4件。",
        "有5件申请的信息本机关不掌握。",
        # Of some, of another year, of parts.
        "涉及征地的申请中，9件由自然人提出。",
        "上年商业企业申请9件。",
        "2022年商业企业申请9件。",
        "商业企业申请9件涉及招投标。",
        "9件由自然人提出的申请涉及征地。",
        "各部门商业企业申请9件。",
    ],
)
def test_not_told(text: str) -> None:
    assert not told(text)


# Wordings that the words of the reading do not cover (`compare.toml`, [[nearly]] and [[listed]]): with the wrong figure, and the right one.
FREE = {
    "carried_forward": {
        "截至2023年底，未办结的政府信息公开申请共{}件。": (23, 21),
        "收到申请64件。仍在办理的申请{}件。": (23, 21),
        "依申请公开。年底尚在办理的{}件拟于2024年初办结。": (23, 21),
        "新收申请64件，办结45件、跨年{}件。": (23, 21),
    },
    "closed": {"信息公开申请已结案{}件，无超期。": (180, 189), "2023年申请事项结案{}件。": (180, 189)},
    "requests_received.natural_person": {
        "申请主体以自然人为主，共{}件。": (59, 57),
        "申请人多数是公民，达{}件，占比较高。": (59, 57),
        "申请中，{}件出自个人，其余为组织提出。": (59, 57),
        "2023年信息公开申请有增有减：总数64件；其中自然人{}件。": (59, 57),
    },
    "requests_received": {
        "受理的{}件申请中，20件已延期。": (71, 64),
        "2023年。全年收到的{}件政府信息公开申请当中，申请人多为企业。": (71, 64),
        "与2022年的90件相比，2023年收到的依申请公开为{}件。": (71, 64),
        "全年受理的信息公开申请数量共{}件，多于上年。": (71, 64),
        "本机关全年依申请公开申请共计{}件。": (71, 64),
        "2023年信息公开申请总数（{}件）与上年相当。": (71, 64),
        "2021年至2023年申请量分别是60件、61件、{}件。": (71, 64),
        "自施行以来累计受理政府信息公开申请900件，其中2023年{}件。": (71, 64),
        "转来的4件已计入本年度新收申请数量{}件中。": (71, 64),
        "2023年政府信息公开申请总体平稳：总量{}件，略有上升。": (71, 64),
    },
    "replied": {
        "收到申请64件，共发出告知书{}份。": (188, 189),
        "处理申请，累计制作政府信息公开答复书{}份。": (198, 189),
    },
    "reconsideration": {
        "办理行政复议应诉案件40件，其中涉政府信息公开{}件。": (13, 10),
        "被申请行政复议30件（其中信息公开类{}件）。": (13, 7),
        "受理行政复议案件90件，其中政府信息公开类以本机关为被申请人的{}件。": (13, 10),
    },
    "litigation": {
        "全年被诉案件50件，其中因政府信息公开引发{}件。": (22, 20),
        "应诉行政诉讼案件50件，其中有关政府信息公开的{}件。": (22, 12),
    },
    "normative_documents.in_force": {
        "梳理行政规范性文件60件，废止5件，继续有效{}件。": (45, 40),
        "清理规范性文件47件，其中继续有效{}件。": (45, 30),
    },
    "normative_documents.issued": {
        "出台各类政策文件30件，含行政规范性文件{}件。": (6, 5),
        "印发文件30份，其中规范性文件{}份。": (6, 2),
    },
    "licensing.decisions": {
        "归集行政许可信息30条，全年作出行政许可决定{}件。": (9, 8),
        "全年作出行政许可{}件、行政处罚3件和行政强制0件。": (10, 8),
        "办理行政许可事项{}件，行政处罚3件，行政强制措施0件。": (10, 8),
    },
    "penalty.decisions": {
        "上传处罚信息30条，依法作出行政处罚决定{}件。": (9, 3),
        "2023年，行政许可8件、行政处罚{}件、行政强制0件。": (9, 3),
    },
}


@pytest.mark.parametrize(
    ("code", "text", "wrong", "right"), [(code, text, *of) for code, each in FREE.items() for text, of in each.items()]
)
def test_free_wordings(code: str, text: str, wrong: int, right: int) -> None:
    (found,) = told(text.format(wrong))
    assert (found.statement, found.printed, found.severity) == (code, wrong, "warning")
    assert not told(text.format(right))


@pytest.mark.parametrize(
    "text",
    [
        "截至目前，未办结申请3件。",
        "截至2024年1月10日，未办结申请3件。",
        "收到建议30件，办结28件，在办2件。",
        "承办提案30件。尚在办理的2件拟于下年办结。",
        "2022年收到申请92件，结案80件，在办12件。",
        "上半年办结申请20件，在办3件。",
        "县水利局办结申请20件，在办3件。",
        "涉及征地的申请中，9件来自公民个人。",
        "上年申请人主要为自然人，共9件。",
        "2022年收到的信息公开申请为90件。",
        "收到的信息公开申请为90件，涉及征地。",
        "2022年申请数量（90件）。",
        "2020年至2022年申请量分别为60件、61件、71件。",
        "依申请公开共计71件，主动公开文件90件。",
        "收到申请64件，发出答复书150份。",
        "县法院审理行政诉讼案件400件，其中信息公开类60件。",
        "全县清理规范性文件90件，继续有效70件。",
        "备案审查文件30件，其中规范性文件9件。",
        "公示行政处罚信息30条，公开行政许可9件。",
        "上年办理行政许可10件、行政处罚3件、行政强制0件。",
        # Two are not the table's: something else is counted.
        "办理行政许可50件、行政处罚60件、行政强制0件。",
    ],
)
def test_free_wordings_of_something_else(text: str) -> None:
    assert not told(text)


@pytest.mark.parametrize(
    "text",
    [
        "发生行政复议21件、行政诉讼10件，两类案件合计31件",
        "举报投诉1件、行政复议21件、行政诉讼10件，合计32件",
        "办结上年结转申请5件、今年新收申请60件，合计办结65件",
        "市本级收到3件，以县政府名义受理40件，其余60件由部门受理，合计103件",
        "申请总量195，上年结转15，合计210",
    ],
)
def test_sums_that_are_right_or_of_more(text: str) -> None:
    assert not list(sums_by_wording(text.replace("，", ",")))


@pytest.mark.parametrize(("received", "closed", "broken"), [(195, 189, 0), (201, 189, 1), (201, 150, 0)])
def test_times_are_the_tables_cases_where_another_of_them_is(received: int, closed: int, broken: int) -> None:
    """件次 count something else, unless the sentence shows that they do not."""
    r, text = sound_report(), f"收到申请{received}件次，办结{closed}件次。"
    say(say(r, "requests_received", received, text, unit="件次"), "closed", closed, text, unit="件次")
    assert sum(f.outcome == "broken" for f in findings(r, "statement.disagrees")) == broken


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("发生行政复议21件、行政诉讼10件,两类案件合计18件", 31),
        ("行政诉讼案件10件,行政复议案件21件,共30件", 31),
        ("办结上年结转申请5件、今年新收申请60件,合计办结66件", 65),
        ("答复当年受理件60件,答复上年遗留件5件,共计66件", 65),
        ("全县收到申请100件,其中县政府办公室受理40件,各乡镇、各部门受理61件", 101),
        ("以县政府名义受理40件,其余60件由部门受理,合计101件", 100),
        ("申请总量195,上年结转15,合计211", 210),
        ("第一项160件与第二项8件之和为171件", 168),
        ("行政诉讼一审32件、二审8件,合计34件", 40),
        ("当年新发生行政复议10件,上年未审结6件,合计13件", 16),
        ("通过网络收到申请262件,信函收到121件,当面收到44件,合计420件", 427),
        ("主动公开5404条,其中门户网站公开4053条,政务新媒体公开1356条,两渠道合计5404条", 5409),
        ("网络、信函、当面三种方式分别收到申请43件、22件、9件,共73件", 74),
        ("公开203件(全部公开164件、部分公开46件)", 210),
        ("公开信息96条,其中网站61条、其余45条由公众号发布", 106),
        ("发布消息300条,其中通过网站发布180条、公众号发布100条,其余30条张贴公示", 310),
        ("公开96条,由网站61条和公众号45条组成", 106),
    ],
)
def test_sums(text: str, total: int) -> None:
    (found,) = sums_by_wording(text)
    assert found.total == total
    # The sum itself is right.
    assert not list(sums_by_wording(text.replace(found.printed, f"{total}{found.printed.lstrip('0123456789')}")))


def test_shares() -> None:
    for text in (
        "收到的730件申请中,自然人提出664件,占76.0%。",
        "网络平台提交93件,占比68.1%,全年共收到申请160件。",
        "办结率为80.4%(85/94)。",
    ):
        (found,) = shares_by_wording(text)
        right = f"{found.computed:.1f}%"
        assert not list(shares_by_wording(text.replace(found.stated, right)))
    assert [p for p, _ in shares_above_all("自然人申请118件,占申请总数的120.5%。")] == ["120.5%"]
    assert not list(shares_above_all("占申请总数的100%,占计划的112.5%。"))


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("办理行政许可75件、行政处罚12件、行政强制3件,三项合计80件", 90),
        ("作出许可决定75件,处罚决定12件,强制决定3件,三项共计99件", 90),
        ("受理公开申请50件,其中予以公开14件、不予公开11件、无法提供9件,以上不予处理2件,四项合计40件", 36),
        ("办理行政许可75件、行政处罚12件、行政强制3件,三项合计90件", None),
        # Not what stands in front of it.
        ("办理行政许可75件(含变更5件)、行政处罚12件、行政强制3件,三项合计80件", None),
        ("上年75件、今年12件、办结3件,三项合计80件", None),
        ("行政许可75件、行政处罚12件,三项合计80件", None),
    ],
)
def test_as_many_items_as_the_sum_says(text: str, total: int | None) -> None:
    assert [s.total for s in sums(text)] == ([] if total is None else [total])


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("培训120人次,其中县直干部70人次、村干部60人次。", 130),
        ("召开会议,参会90人,其中机关工作人员50人,社区工作者45人。", 95),
        ("培训60名,其中乡镇干部40名和村居代表30名。", 70),
        ("培训120人次,其中县直干部70人次、村干部50人次。", None),
        # Who may be both, or nobody can tell.
        ("培训120人次,其中党员干部70人次,村干部60人次。", None),
        ("培训120人次,其中机关干部70人次,年轻村干部60人次。", None),
        ("培训120人次,其中乡镇机关干部70人次,村干部60人次。", None),
        ("培训近120人次,其中机关干部70人次,村干部60人次。", None),
    ],
)
def test_persons_by_where_they_serve(text: str, total: int | None) -> None:
    assert [b.total for b in persons_above(text)] == ([] if total is None else [total])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("受理的40件申请中,线上提交31件,信函9件,窗口5件。", "members"),
        ("收到的40件申请中,网络31件,窗口31件,网络5件。", "open"),
        ("收到的40件申请中,网络平台31件,邮件20件,信函5件。", "open"),
        ("发布水利信息120条,分别为:防汛信息52条、河长制信息33条、水库移民信息25条。", "kinds"),
        ("发布信息120条,分别是:网站发布100条、微信发布60条、微博发布20条。", "open"),
        ("办理信件30件,分别为:自然人20件、企业10件、网络16件。", "open"),
        ("发布信息120条,其中政策文件52条、工作动态33条、通知25条。", "open"),
    ],
)
def test_what_is_named_one_by_one_is_all_of_it(text: str, kind: str) -> None:
    found = [b.kind for b in breakdowns(text)]
    assert found == [kind] or (kind == "open" and found in (["open"], ["over"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("访问量58万次,比上年的40万次增长38.2%。", 45),
        ("公开120条,较去年同期的100条增加30.0%。", 20),
        ("公开90条,比上年的100条减少12%。", 10),
        # Ten thousands are rounded, and so are percentages, or cut.
        ("访问量58万次,比上年40万次增长43.1%。", None),
        ("公开133条,较上年100条增长33.0%。", None),
        ("公开120条,较上年100条增长20%。", None),
        # About right, or the other way round, which another rule tells.
        ("公开约120条,较上年100条增长30%。", None),
        ("公开120条,较上年100条下降30%。", None),
    ],
)
def test_changes_of_any_count_are_reckoned_again(text: str, expected: int | None) -> None:
    assert [round(c.computed) for c in changes_by_wording(text)] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("行政检查2997件,比上年2605件增加492件。", 392),
        ("接听来电515个,较2022年的600个减少75个。", -85),
        ("公开信息90条(去年为100条,减少15条)。", -10),
        ("公开信息90条,去年为100条,减少15条。", -10),
        ("工单量由2022年的35件上升到43件,增加了10件。", 8),
        ("从上年的500件降至300件,减少了210件。", -200),
        ("检查2997件,较上年(2605件)增加492件。", 392),
        ("检查2997件,同比增加492件(2022年2605件)。", 392),
        ("工单由35件上升到43件,增加了10件。", 8),
        ("检查2997件,同比增加392件(2022年2605件)。", None),
        ("2022年35件,2023年43件,增加8件。", None),
        # The wrong way.
        ("公开120条,较上年100条减少20条。", 20),
        ("行政检查2997件,比上年2605件增加392件。", None),
        ("工单量由2022年的35件上升到43件,增加了8件。", None),
        ("从上年的500件降至300件,减少了200件。", None),
        # About right, of several at once, of another unit.
        ("公开约120条,较上年100条增加30条。", None),
        ("许可12件,处罚5件,分别比上年10件、6件增加3件。", None),
        ("检查43次,比上年35次增加10家。", None),
        ("新收43件,上年结转35件,增加10件。", None),
    ],
)
def test_what_lies_between_two_counts(text: str, expected: int | None) -> None:
    assert [c.difference for c in differences_by_wording(text)] == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("诉求1.2万件,其中咨询类7200件,占65%;投诉类3000件,占25%;建议类1800件,占15%。", ["65%"]),
        ("来电800个,其中求助400个(占50%)、投诉200个(占35%)、其他200个(占25%)。", ["35%"]),
        ("发放问卷200份,其中满意150份,占85%。", ["85%"]),
        ("诉求1.2万件,其中咨询类7200件,占60%;投诉类3000件,占25%。", []),
        # What is rounded may be a little more or less.
        ("诉求1.2万件,其中咨询类7200件,占61%;投诉类3000件,占25%。", []),
        # None is right of it: of another whole. One that another count gives.
        ("检查300次,其中夜间60次,占60%;节日40次,占40%。", []),
        ("检查300次,其中夜间150次,占50%;节日75次,占50%。", []),
        ("文件30件,减少了5件,其中公开20件,占66.7%。", []),
        ("文件30件,减少5件,其中公开3件,占10%。", []),
        ("收到申请43件,办结44件,其中公开14件,占32.6%。", []),
    ],
)
def test_shares_of_the_whole_before_a_list(text: str, told: list[str]) -> None:
    assert [r.stated for r in shares_of_a_whole(text)] == told


@pytest.mark.parametrize("text", ["群众满意率达到102%。", "事项公开率105%,超过去年。", "满意度为120.5%。"])
def test_rates_of_more_than_all(text: str) -> None:
    assert len(list(shares_above_all(text))) == 1


@pytest.mark.parametrize(
    "text", ["满意率达100%。", "任务完成率105%。", "满意率提升了102%。", "办结率106%。", "公开率同比增长120%。"]
)
def test_rates_that_may_be_more_than_all(text: str) -> None:
    assert not list(shares_above_all(text))


def test_a_change_the_other_way_is_told_in_both_languages() -> None:
    r = sound_report()
    r.passages, r.statements = [Passage("培训30场，比上年20场减少10场。", Place(line=1))], []
    for lang, words in (("zh", "增和减写反了"), ("en", "it is the other way")):
        (found,) = (f for f in check_report(r, "draft", lang) if f.rule == "statement.share")
        assert words in found.message


def test_one_mistake_is_told_by_the_first_who_finds_it() -> None:
    """Whoever comes later minds what is left; what is told once is so within a step, too; what nobody minds is told again."""
    context = Context(sound_report(), "draft", "zh")
    rule = catalogue()[0]

    def look(*printed: int) -> Evaluator:
        def found(rule: Rule, context: Context) -> Iterator[Finding]:
            yield from (context.finding(rule, "broken", key=f"{n}", message="", printed=n) for n in printed)

        return found

    def by_figure(finding: Finding) -> Hashable:
        return finding.printed

    steps = (
        Step(look(1, 2, 2), leaves=[by_figure]),
        Step(look(2, 3, 3), minds=[by_figure]),
        Step(look(4, 4, 1), once=[by_figure]),
        Step(look(3)),
    )
    assert [f.printed for f in telling(steps, rule, context)] == [1, 2, 2, 3, 3, 4, 3]
