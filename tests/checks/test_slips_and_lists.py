"""Slips of the pen, and wholes that the sentences themselves take apart: what is told, and what only looks like it."""

from __future__ import annotations

import pytest

from schemas.facts import Passage, Place, Report
from schemas.findings import Finding

from .reports import Cells, findings, put, report, retext, say, sound_cells, sound_report


def written(*texts: str) -> Report:
    r = sound_report()
    r.passages = [Passage(t, Place(paragraph=i)) for i, t in enumerate(texts, start=1)]
    return r


def slips(*texts: str) -> list[Finding]:
    return findings(written(*texts), "statement.slip")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我县加大资金资金投入，完善制度。", "资金资金"),
        ("全年编制政府信息政府信息目录，按时更新。", "政府信息政府信息"),
        ("完善制度，，按时更新。", "，，"),
        ("完善制度，按时更新。。", "。。"),
        ("完善制度、，按时更新。", "、，"),
        ("完善制度,按时更新，逐项核对。", "度,按"),
        ("完善制度（含目录，按时更新。", "（含目录"),
        ("完善制度含目录），按时更新。", "目录）"),
        ("根据《条例的要求，按时更新。", "《条例的"),
        ("进一步提升公开的的质量，按时更新。", "公开的的质量"),
        ("网站和和微信同步，按时更新。", "和和"),
        ("政府信息息公开工作有序推进，按时更新。", "信息息"),
        ("扎实推进政务公开工作工作，按时更新。", "工作工作"),
        ("依法主动公开公开信息120条，按时更新。", "公开公开"),
        ("加强政府信息管理管理，按时更新。", "管理管理"),
        ("政府信公开工作有序推进，按时更新。", "政府信公开"),
        ("认真执行《政府信息公开条列》，按时更新。", "公开条列"),
        ("依申清公开办理规范，按时更新。", "申清"),
        ("未发生行政诉颂，按时更新。", "行政诉颂"),
        ("2025年度年政府信息公开工作有序，按时更新。", "年度年"),
        ("落实“三审三校制度，按时更新。", "“三审"),
        ("落实三审三校”制度，按时更新。", "三校”制度"),
        ("落实“三审“制度，按时更新。", "“三审"),
    ],
)
def test_slips_are_told(text: str, shown: str) -> None:
    (found,) = slips("一、总体情况", text)
    assert found.severity == "note" and shown in found.message


@pytest.mark.parametrize(
    "text",
    [
        "严格规范规范性文件制定，更新政府信息公开公开指南，服务服务对象。",
        "一项一项落实，一件一件办理，认真研究研究。",
        "健全政务公开工作工作机制，编制主动公开公开目录，落实信息管理管理办法，公开公开栏信息。",
        "（二）依申请公开依申请公开方面，全年逐件答复。",
        "1）主动公开。2）依申请公开。一）监督保障，按时考核。",
        "全年更新目录（含指南)，按时发布(含图解）。",
        "完善制度……按时更新——逐项核对。",
        "达到公开目的的措施，做到有的的放矢，的的确确，以及及时更新，和和谐相关，每年年报。",
        "参与与会人员、现在在线办理，网站温和和气，了了解情况，公开开展。",
        "落实“三审”和“三校”，做到“应公开尽公开”。",
        "落实“三审三校",
        "年底报告、信息公示、公开发布、公开工作、申请公开、政府信息公开申请、公升级。",
        "主要做法：1）定目录；2）定时限，3）定责任、4）定考核。",
        "完善制度,按时更新,逐项核对。",
        "联系电话:0319-1234567，网址:www.example.gov.cn。",
        "首页政务公开政府信息公开政府信息公开年报 正文。",
        "为了了解情况，方方面面都要顾到，的的确确做到。",
    ],
)
def test_what_only_looks_like_a_slip(text: str) -> None:
    assert not slips("一、总体情况", text)


def test_what_a_line_end_cuts_is_no_slip() -> None:
    assert not slips("本报告所称信息（含各部门报送的", "目录信息）均已更新。", "按时发布。")
    # A paragraph that ends is whole.
    assert slips("本报告所称信息（含各部门报送的目录。", "均已更新。")


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("本年新收的12件中，", True),
        ("办结率、答复率、", False),
        ("按时更新，逐项核对。", False),
        ("说明如下，包括：", False),
    ],
)
def test_a_paragraph_that_breaks_off_before_the_next_section(last: str, told: bool) -> None:
    r = retext(sound_report(), 1, "依申请公开规范。", last)
    assert bool(findings(r, "statement.slip")) == told
    # Within a section a line may end so.
    r = retext(sound_report(), 1, "依申请公开规范。", last, "如实填报。")
    assert not findings(r, "statement.slip")


def test_slips_stand_in_one_finding() -> None:
    (found,) = slips("完善制度，，按时更新。", "落实资金资金保障。", "更新（含目录。")
    assert "3 处" in found.message and found.place == Place(paragraph=1)


def sums(text: str, r: Report | None = None, rule: str = "statement.sum") -> list[Finding]:
    r = r or sound_report()
    r.passages = [Passage(text, Place(paragraph=1))]
    return findings(r, rule)


def shares(text: str, r: Report | None = None) -> list[Finding]:
    return sums(text, r, "statement.share")


@pytest.mark.parametrize(
    ("text", "total"),
    [
        # Two members that are no part of each other exceed the whole.
        ("全年公开信息1503条，其中，县直部门1187条，各乡镇340条。", 1527),
        ("全年公开信息1503条（其中区直1187条、各镇街340条）。", 1527),
        # Kinds that leave nothing out.
        ("全年公开信息943条，其中概况类100条，法规类200条，规划类300条，其他类341条。", 941),
        ("全年编发信息943条，其中概况类100条、法规类200条、规划类345条、人事类300条。", 945),
        ("全年公开信息1,943条，其中概况信息1,100条，法规信息502条，其他信息331条。", 1933),
    ],
)
def test_lists_that_do_not_add_up(text: str, total: int) -> None:
    (found,) = sums(text)
    assert (found.severity, found.expected) == ("warning", total)


def test_many_kinds_just_short_of_the_whole_are_worth_a_look() -> None:
    kinds = "".join(
        f"，{name}{n}条"
        for name, n in zip(("概况", "法规", "规划", "人事", "财政", "民生"), range(200, 206), strict=True)
    )
    (found,) = sums(f"全年公开信息1217条，其中{kinds[1:]}。")
    assert (found.severity, found.difference) == ("note", 2)
    assert not sums(f"全年公开信息1990条，其中{kinds[1:]}。")


@pytest.mark.parametrize(
    "text",
    [
        "全年公开信息1527条，其中，县直部门1187条，各乡镇340条。",
        # The office itself may have published the rest.
        "全年公开信息1600条，其中，县直部门1187条，各乡镇340条。",
        # One item goes out by several ways.
        "全年公开信息300条，其中网站290条，微信公众号120条，其他渠道40条。",
        # Broken down by two things.
        "全年收到来件25件，其中个人20件、企业5件、网络16件、信函9件、其他0件。",
        "全年公开信息943条，其中主要涉及概况类100条，法规类200条，其他类41条。",
        "全年公开信息943条，其中概况类100条，法规类200条。",
        "全年公开信息约943条，其中概况类100条，法规类200条，其他类41条。",
        "全年公开信息943条，其中概况类100余条，法规类200条，其他类41条。",
        "公开信息2件，其中1件为规章。",
    ],
)
def test_lists_that_need_not_add_up(text: str) -> None:
    assert not sums(text)


def test_more_done_than_received() -> None:
    (found,) = shares("办理群众来信，受理117件，办结171件。")
    assert (found.printed, found.expected, found.difference) == (171, 117, 54)
    assert "117件" in found.message and "171件" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "办理群众来信，受理117件，办结117件。",
        "受理来信117件，办结171件（含上年结转54件）。",
        "受理来信117件，办结171件次。",
        "累计受理来信117件，办结171件。",
        "受理来信近117件，办结171件。",
        "受理来信117件，办结率171%。",
    ],
)
def test_more_done_than_received_for_a_reason(text: str) -> None:
    assert not shares(text)


def test_more_done_than_received_where_cases_were_carried_over() -> None:
    """Requests: what the table carries over is done as well; beyond it nothing can be."""
    r = put(report(sound_cells()), {"requests.carried_over.total": 54})
    text = "全年受理政府信息公开申请117件，办结171件。"
    assert not shares(text, say(r, "closed", 171))
    r = put(report(sound_cells()), {"requests.carried_over.total": 3})
    assert shares(text, say(r, "closed", 171))
    # The table itself tells what was done, whether or not the sentence was understood.
    r = put(report(sound_cells()), {"requests.carried_over.total": 54, "requests.processed_total.total": 171})
    assert not shares("本年收到117件、办结171件。", r)
    # What was carried over in another year this report does not tell.
    assert not shares("2022年度：收到117件，办结171件。2023年度：收到171件，办结117件。")
    assert shares("2023年度，受理来信117件，办结171件。")


@pytest.mark.parametrize(
    ("text", "total"),
    [
        # A sum behind its list.
        ("申请渠道：当面12件，网络平台120件，邮寄45件，合计167件。", 177),
        ("主要涉及土地征收（73件）、规划许可（41件）、民生保障（25件）及其他（38件），共167件。", 177),
        ("予以公开58件、部分公开13件，两项合计75件，占43.0%。", 71),
        ("予以公开17件，部分公开8件，不予处理3件，其他处理2件，合计33件。", 30),
        ("新收申请167件，较上年的203件下降17.7%，上年结转5件，共计174件。", 172),
        ("全年公开财政信息120条、就业信息80条、教育信息65条，共计285条。", 265),
        ("培训第一期20人、第二期25人、第三期30人，共计85人。", 75),
        # Works of one kind.
        ("发布解读信息96条，其中文字解读60条、图片解读42条、表格解读6条。", 108),
        # Bodies, each of which counts for itself.
        ("全县167件申请中，县公安局71件，县住建局33件，各乡镇74件。", 178),
    ],
)
def test_sums_behind_their_list_and_lists_of_bodies(text: str, total: int) -> None:
    (found,) = sums(text)
    assert (found.severity, found.expected) == ("warning", total)


@pytest.mark.parametrize(
    "text",
    [
        "申请渠道：当面12件，网络平台110件，邮寄45件，合计167件。",
        "全年公开财政信息120条、就业信息80条、教育信息65条，共计265条。",
        "培训第一期20人、第二期25人、第三期30人，共计75人。",
        "全年公开信息300条、图文20条、视频5条，合计300条。",
        # Of the last parts alone.
        "答复31件、回函12件、网络110件、邮寄45件，后两项合计155件。",
        "收到来件167件，网上104件、信函63件，合计167件。",
        "公开信息58条，解读稿件13篇，回应4次，合计75件。",
        "新收申请167件，上年结转5件，共计172件。",
        "新收申请167件，上年结转5件，补正转入3件，共计175件。",
        "全县167件申请中，县公安局71件，县住建局33件。",
        # The organisations alone are not all applicants.
        "全县新收申请325件中，商业企业20件、科研机构4件、法律服务机构31件、其他18件。",
        "全县新收申请325件，其中商业企业20件、科研机构4件、法律服务机构31件、其他18件。",
        # The results are of those concluded, not of those pending.
        "行政诉讼共10件，已审结7件，尚未审结3件，其中维持5件、纠正1件、其他1件。",
    ],
)
def test_sums_and_lists_that_are_right(text: str) -> None:
    assert not sums(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("政务新媒体账号统一备案管理.", "备案管理."),
        ("落实“谁公开、谁负责”,逐项核对。", "负责”,逐项"),
        ("根据《条例》(国务院令第711号)的规定编制。", "(国务院令"),
        ("按期办结率达100%,没有超期。", "100%,没有"),
    ],
)
def test_narrow_marks_in_a_report_that_has_the_wide_ones(text: str, shown: str) -> None:
    usual = "（一）主动公开，按时更新。（二）依申请公开，逐件答复。（三）平台建设，专人维护。（四）监督保障，定期培训。"
    (found,) = slips(usual, "专栏有人维护。" + text)
    assert (found.severity, found.rule) == ("note", "statement.slip") and shown in found.message
    # Throughout, it is a way of writing.
    assert not slips("完善(各类)制度.", "更新(各类)目录.", "报送(各类)信息.", "专栏有人维护。")


@pytest.mark.parametrize(
    "text",
    [
        "一.主动公开方面，按时更新。",
        "网址是www.某县.cn，邮箱另行公布。",
        "比例为3.5%，较上年提高0.5个百分点。",
        "咨询电话(0319-1234567)、网站(www.example.gov.cn)，均已公布。",
        "本机关(简称：某局)，地址见附件。",
        "(一)主动公开，按时更新。",
    ],
)
def test_narrow_marks_that_belong_there(text: str) -> None:
    usual = "（一）主动公开，按时更新。（二）依申请公开，逐件答复。（三）平台建设，专人维护。（四）监督保障，定期培训。"
    assert not slips(usual, text)


def decisions(text: str, value: int | None) -> list[Finding]:
    return sums(text, put(sound_report(), {"article20.licensing.decisions": value}), "statement.disagrees")


@pytest.mark.parametrize(
    "text", ["办理行政许可41件。", "全年行政许可41件，行政处罚0件。", "本年度共办理行政许可41件。"]
)
def test_decisions_all_but_the_tables_figure(text: str) -> None:
    (found,) = decisions(text, 40)
    assert (found.severity, found.printed, found.expected) == ("note", 41, 40)
    assert not decisions(text, 41) and not decisions(text, None)


def test_decisions_ten_times_the_tables_figure() -> None:
    for text, value in (("办理行政许可2110件。", 211), ("办理行政许可21件。", 210)):
        (found,) = decisions(text, value)
        assert found.severity == "note"
    # Of few, ten times as many are not strange.
    assert not decisions("办理行政许可40件。", 4)


@pytest.mark.parametrize(
    "text", ["办理行政许可57件。", "公开行政许可信息41件。", "县住建局行政许可41件。", "行政许可41件的公示。"]
)
def test_other_figures_of_decisions(text: str) -> None:
    """So far apart they may count other things; and others' figures are others'."""
    assert not decisions(text, 40)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("一是完善制度；二是加强培训；二是优化平台。", "二是优化"),
        ("一是完善制度；二是加强培训；四是优化平台。", "四是优化"),
        ("①完善制度；②加强培训；②优化平台；④考核。", "②优化平台"),
    ],
)
def test_items_out_of_their_row(text: str, shown: str) -> None:
    (found,) = slips("一、总体情况", text)
    assert found.severity == "note" and shown in found.message
    # Each in a paragraph of its own.
    assert slips("一、总体情况", *text.replace("。", "").split("；"), "均已落实，按时完成。")


@pytest.mark.parametrize(
    "text",
    [
        "一是完善制度；二是加强培训；三是优化平台。下一步，一是开展自查；二是公开考核。",
        "一是完善制度；二要加强培训；三是优化平台。",
        "一是制度（一是目录，二是指南）；二是培训，按时开展。",
        "①完善制度；②加强培训。另有：①自查；②考核。",
        "三是指导基层，三是非必要不开会，按时完成。",
        "统一是前提，规范二是关键，按时更新。",
    ],
)
def test_items_in_their_row(text: str) -> None:
    assert not slips("一、总体情况", text)


def disputed(text: str, litigation: int | None = 3) -> list[Finding]:
    cells: Cells = {
        "disputes.litigation_direct.total": litigation,
        "disputes.litigation_after_reconsideration.total": 0,
    }
    if litigation is None:
        # Nor can its parts be added up.
        cells["disputes.litigation_direct.upheld"] = None
    return sums(text, put(sound_report(), cells), "statement.disagrees")


@pytest.mark.parametrize(
    "text", ["全年行政诉讼0件。", "2023年，我局发生行政复议12件、行政诉讼1件。", "发生行政诉讼1起。"]
)
def test_of_all_business_there_are_no_fewer_lawsuits_than_over_disclosure(text: str) -> None:
    (found,) = disputed(text)
    assert (found.severity, found.expected, found.statement) == ("warning", 3, "litigation")
    assert not disputed(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "全年行政诉讼12件。",
        "全年行政诉讼3件。",
        "2022年行政诉讼1件。",
        "因征地发生行政诉讼1件。",
        "其中，行政诉讼1件。",
    ],
)
def test_other_figures_of_lawsuits(text: str) -> None:
    assert not disputed(text)


def test_a_result_alone_in_its_sentence() -> None:
    def told(text: str) -> list[Finding]:
        r = say(sound_report(), "closed", 60, "办结60件。")
        r.statements[0].passage = 1
        return sums(text, r, "statement.disagrees")

    (found,) = [f for f in told("办结60件。依法不予公开政府信息2件，均说明理由。") if f.statement == "replied_denied"]
    assert found.severity == "note" and found.printed == 2
    for text in (
        "办结60件。2022年不予公开2件。",
        "办结60件，审核公文12件。不予公开2件。",
        "办结60件。县公安局不予公开2件。",
    ):
        assert not [f for f in told(text) if f.statement == "replied_denied"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("办结25件，予以公开6件，予以公开率44.0%。", "24"),
        ("满意15人，回访20人，满意率93.3%。", "75"),
        ("回访20人，满意15人，满意率为93.3%。", "75"),
        ("专栏共有栏目20个，其中按月更新15个，占85%。", "75"),
        ("抽查信息120条，合格111条，合格率为95.5%。", "92.5"),
    ],
)
def test_rates_that_their_own_two_counts_do_not_give(text: str, expected: str) -> None:
    (found,) = shares(text)
    assert (found.severity, found.expected) == ("warning", expected)


@pytest.mark.parametrize(
    "text",
    [
        "办结25件，予以公开6件，予以公开率24%。",
        "满意15人，回访20人，满意率75%。",
        "专栏共有栏目20个，其中按月更新15个，占75%。",
        "抽查信息120条，合格111条，合格率92.5%，整改后达100%。",
        # Of another count of the paragraph, or of two together.
        "收到申请30件，答复25件，予以公开6件，予以公开率20%。",
        "办结25件，予以公开6件、部分公开3件，公开率36%。",
        "回访20人，满意15人、基本满意4人，满意率95%。",
        # A rate of something else, or since last year.
        "栏目20个，更新15个，群众满意率98%。",
        "发布信息120条，更新80条，增长率12%。",
        "发布信息120条，解读15条，占比较大。",
    ],
)
def test_rates_that_are_right_or_of_something_else(text: str) -> None:
    assert not shares(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("更新不够及时。下一步将健全机制，加强对", True),
        ("更新不够及时，今后改进。二是", True),
        ("本年新收的11件中，办结10件，", True),
        ("更新不够及时，今后做好应对", False),
        ("更新不够及时，今后改进，工作水平进一步提升", False),
        ("更新不够及时，今后抓好普及", False),
    ],
)
def test_a_paragraph_breaks_off(text: str, told: bool) -> None:
    found = findings(retext(sound_report(), 5, text), "statement.slip")
    assert any("没有写完" in f.message for f in found) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("收到申请    件，均已答复。", True),
        ("全年收到申请 件，办结 件。", True),
        ("收到申请 11 件，公开 条例解读一篇，办结 件数另计。", False),
    ],
)
def test_a_number_left_as_spaces(text: str, told: bool) -> None:
    found = findings(retext(sound_report(), 6, text + "没有收取信息处理费。"), "structure.residue")
    assert any("没有填" in f.message for f in found) is told
