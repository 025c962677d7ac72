"""Whose report it is and of which year, whatever a page did to it: kinds of pages, each in many variants.

Belongs here: texts of our own with one trait each, and what is right; places and bodies are real names or invented ones,
figures and sentences invented. Does not belong here: titles as such (`test_identity`), names as such
(`tests/schemas`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import docx
import pytest

from data.generator import clean_layout, make_truth, render
from parsers import extract
from parsers.prose import identity
from schemas.facts import Passage, Place, Report
from schemas.report_identity import ReportIdentity


def report_of(text: str, name: str = "页面.txt") -> Report:
    extraction = extract(Path(name), text.encode())
    assert [p.kind for p in extraction.problems] == [], extraction.problems
    (report,) = extraction.reports
    return report


BODY = "一、总体情况\n本年度共办理政府信息公开申请4件，均已按时答复。\n"
# What pages print above a title.
ABOVE = (
    "登录 注册",
    "  • 打印",
    "附件",
    "附件1",
    "附件2：",
    "正文",
    "送审稿",
    "（征求意见稿）",
    "无障碍浏览",
    "无障碍 长者模式 繁体",
    "来源：县政府办",
    "来源: 邢台日报 作者：本站",
    "更新时间：2023-05-04 10:20",
    "公开类别：主动公开",
    "所属机构：县政府办公室",
    "字体：大 中 小",
    "首页 > 政务公开 > 信息公开年报",
    "当前位置：首页>政府信息公开>年报",
    "政府信息公开",
    "政府信息公开年报",
    "法定主动公开内容",
    "索引号：000014349/2023-00012",
    "分享到：微信 微博",
    "浏览次数：128",
    "字号：【大】【中】【小】",
    "欢迎您！今天是2024年3月5日 星期二",
)
# How a title names body and year.
TITLES = (
    ("{n}2022年政府信息公开工作年度报告",),
    ("2022年{n}政府信息公开工作年度报告",),
    ("{n}2022年度政府信息公开工作年度报告",),
    ("{n}", "2022年政府信息公开工作年度报告"),
    ("{n}2022年", "政府信息公开工作年度报告"),
    ("{n}2022年政府信息公开", "工作年度报告"),
    ("{n}", "2022年", "政府信息公开工作年度报告"),
    ("{n}政府信息公开工作年度报告（2022年度）",),
    ("{n}关于2022年政府信息公开工作情况的报告",),
    ("Page 8 - {n}2022年政府信息公开工作年度报告",),
    ("{n}2022年政府信息公开年报 | ||",),
    ("政府信息公开年报 {n}2022年政府信息公开工作年度报告 字体：大 中 小",),
)
NAMES = (
    ("清河县人民政府", "130534", "government"),
    ("清河县教育局", "130534", "department"),
    ("清河县油坊镇人民政府", "130534", "township"),
    ("临江市建国街道办事处", "220681", "township"),
    ("淮安市洪泽区人民政府办公室", "320813", "office"),
    ("清河县市场监督管理局", "130534", "department"),
)


@pytest.mark.parametrize("above", ABOVE)
def test_what_stands_above_a_title_is_not_the_name(above: str) -> None:
    for i, (title, (name, code, kind)) in enumerate(product(TITLES, NAMES)):
        if (i + len(above)) % 3:
            continue
        lines = [above, *(["其他"] if i % 4 == 0 else []), *(line.format(n=name) for line in title)]
        found = report_of("\n\n".join(lines) + "\n" + BODY)
        assert (found.issuer, found.division_code, found.kind, found.year) == (name, code, kind, 2022), lines


@pytest.mark.parametrize(("name", "code", "kind"), NAMES)
def test_other_bodies_above_a_whole_title_are_not_its_issuer(name: str, code: str, kind: str) -> None:
    for other in ("邢台市人民政府", "威县教育局", "河北省人民政府办公厅文件", "县政府办公室"):
        found = report_of(f"{other}\n{name}2022年政府信息公开工作年度报告\n{BODY}")
        assert (found.issuer, found.division_code, found.year) == (name, code, 2022)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("清河县发展和改", "革局2022年政府信息公开工作年度报告"), "清河县发展和改革局"),
        (("清河县", "教育局2022年政府信息公开工作年度报告"), "清河县教育局"),
        (("清河县教育局2022年政府信", "息公开工作年度报告"), "清河县教育局"),
        (("清 河 县 教 育 局", "2022 年 政 府 信 息 公 开 工 作 年 度 报 告"), "清河县教育局"),
        (("邢台市 清河县教育局 2022年政府信息公开工作年度报告",), "邢台市清河县教育局"),
        (("清河县人民 政府2022年政府信息公开工作年度报告",), "清河县人民政府"),
        (("2022年清河县油坊镇人民政府信息公开年度报告",), "清河县油坊镇人民政府"),
        (("清河县人民政府信息公开工作2022年度报告",), "清河县人民政府"),
        (("正文清河县教育局2022年政府信息公开工作年度报告",), "清河县教育局"),
        (("欢迎光临清河县教育局2022年政府信息公开工作年度报告",), "清河县教育局"),
        (("2022年政府信息公开工作年度报告", "清河县教育局", "（2023年1月20日）"), "清河县教育局"),
        (("关于清河县教育局2022年政府信息公开工作年度报告",), "清河县教育局"),
    ],
)
def test_a_title_is_joined_with_what_can_be_part_of_it(lines: tuple[str, ...], name: str) -> None:
    found = report_of("\n".join(("打印", *lines)) + "\n" + BODY)
    assert (found.issuer, found.division_code, found.year) == (name, "130534", 2022)


# --- without a title


@pytest.mark.parametrize(
    ("opening", "name", "year"),
    [
        ("现公布清河县人民政府2025年政府信息公开工作年度报告。", "清河县人民政府", 2025),
        ("现将清河县教育局2025年度政府信息公开工作年度报告公布如下。", "清河县教育局", 2025),
        ("根据条例要求，特编制清河县教育局2025年政府信息公开年度报告。", "清河县教育局", 2025),
        ("本报告由清河县教育局编制，统计期限自2025年1月1日起至2025年12月31日止。", "清河县教育局", 2025),
        ("根据《条例》，清河县教育局编制本报告，统计期限为2025年1月1日至12月31日。", "清河县教育局", 2025),
    ],
)
def test_a_preamble_stands_for_a_title(opening: str, name: str, year: int) -> None:
    for text in (f"{opening}\n{BODY}", f"一、总体情况\n{opening}\n二、主动公开政府信息情况\n"):
        found = report_of(text + "三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n")
        assert (found.issuer, found.year, found.division_code) == (name, year, "130534"), text


def test_a_short_title_takes_its_full_name_from_the_text() -> None:
    for place in (
        "根据《条例》，现公开清河县教育局2025年政府信息公开工作年度报告。\n" + BODY,
        "本报告由清河县教育局编制。\n" + BODY,
        BODY + "清河县教育局\n2026年1月20日\n",
        "发布机构：清河县教育局 发布日期：2026-01-20\n" + BODY,
    ):
        for title in ("县教育局2025年政府信息公开工作年度报告", "教育局2025年政府信息公开工作年度报告"):
            found = report_of(f"{title}\n{place}")
            assert (found.issuer, found.division_code, found.year) == ("清河县教育局", "130534", 2025), (title, place)


@pytest.mark.parametrize(
    "said",
    [
        "地址：河北省邢台市清河县泰山路1号",
        "联系地址为清河县油坊镇政府街2号",
        "当前位置：首页 > 清河县人民政府 > 油坊镇",
        "发布单位：清河县人民政府",
    ],
)
def test_a_township_is_placed_by_what_else_the_page_says(said: str) -> None:
    found = report_of(f"{said}\n2018年油坊镇政府信息公开工作年度报告\n{BODY}")
    assert (found.division_code, found.level, found.year) == ("130534", "township", 2018)


def test_the_code_of_the_site_places_a_body_named_without_its_place() -> None:
    page = (
        '<html><head><meta name="SiteIDCode" content="{code}"></head><body><p>{title}</p><p>一、总体情况</p>'
        "<p>收到政府信息公开申请4件。</p></body></html>"
    )
    title = "油坊镇2018年政府信息公开工作年度报告"
    assert report_of(page.format(code="1305340001", title=title), "页.html").division_code == "130534"
    # A prefecture's site shows townships of all its counties.
    assert report_of(page.format(code="1305000001", title=title), "页.html").division_code is None
    ambiguous = "鼓楼区人民政府2018年政府信息公开工作年度报告"
    assert report_of(page.format(code="3201000001", title=ambiguous), "页.html").division_code == "320106"
    assert report_of(page.format(code="1305000001", title=ambiguous), "页.html").division_code is None


# --- the year


@pytest.mark.parametrize(
    ("text", "year", "name"),
    [
        ("清河县2015年政府信息公开情况统计表\n" + BODY, 2015, "年报2014.txt"),
        ("一、总体情况\n统计期限自2025年1月1日起至2025年12月31日止。\n二、主动公开政府信息情况\n", 2025, "新建.txt"),
        ("政府信息公开工作年度报告\n2021年，我局高度重视。2021年，收到申请4件。\n" + BODY, 2021, "新建.txt"),
        ("政府信息公开工作年度报告\n" + BODY, 2021, "清河县教育局2021年年报.txt"),
        ("2022年度报告见附件：清河县教育局2022年政府信息公开工作年度报告.docx\n" + BODY * 2 + "二、主动公开政府信息情况\n", 2022, "a.txt"),
        # All else speaks for the year after the title's.
        (
            "清河县教育局2023年政府信息公开工作年度报告\n统计期限自2024年1月1日起至2024年12月31日止。\n一、总体情况\n"
            "2024年，收到申请4件。\n清河县教育局\n2025年1月20日\n",
            2024,
            "a.txt",
        ),
        # A span left over from last year outweighs nothing.
        (
            "清河县教育局2024年政府信息公开工作年度报告\n统计期限自2023年1月1日起至2023年12月31日止。\n一、总体情况\n"
            "2024年，收到申请4件。\n",
            2024,
            "a.txt",
        ),
        # Divided evidence is none.
        (
            "清河县教育局2023年政府信息公开工作年度报告\n统计期限自2024年1月1日起至2024年12月31日止。\n一、总体情况\n"
            "2024年，收到申请4件。\n",
            None,
            "a.txt",
        ),
    ],
)  # fmt: skip
def test_the_year_that_the_evidence_is_for(text: str, year: int | None, name: str) -> None:
    assert report_of(text, name).year == year


def test_a_title_printed_twice_is_one_witness() -> None:
    page = (
        "<html><head><title>清河县教育局2023年政府信息公开工作年度报告</title></head><body>"
        "<h1>清河县教育局2023年政府信息公开工作年度报告</h1><p>统计期限自2024年1月1日起至2024年12月31日止。</p>"
        "<p>一、总体情况</p><p>2024年，收到申请4件。</p><p>清河县教育局</p><p>2025年1月20日</p></body></html>"
    )
    assert report_of(page, "页.html").year == 2024


@pytest.mark.parametrize(
    "line",
    [
        "发表时间：2021-02-03 09:15",
        "发布日期：2021年2月3日 点击：12",
        "公开日期：2021/02/03",
        "信息来源：县财政局 发布时间：2021-02-03 浏览次数：8",
        "公布时间: 2021.02.03",
        "【发布日期】2021-02-03",
        "发布日期 | 2021-02-03 |\n索引号 | 000014349/2021-1 |",
        "时间：2021-02-03",
    ],
)
def test_the_date_of_publication_as_pages_print_it(line: str) -> None:
    found = report_of(f"清河县财政局2020年政府信息公开工作年度报告\n{line}\n{BODY}清河县财政局\n2021年1月10日\n")
    assert (found.published, found.issuer, found.year) == ("2021-02-03", "清河县财政局", 2020)


# --- names that are none


@pytest.mark.parametrize(
    "last",
    [
        "三、本年度办",
        "（七）总",
        "四、结转下年度继续办",
        "信息公开办",
        "附件：统计表",
        "打印 关闭",
        "各乡镇",
        "主办单位",
        "本年度办理结果",
    ],
)
def test_a_cut_label_or_a_word_of_the_page_is_nobodys_name(last: str) -> None:
    found = report_of(f"根据条例，现将我办2022年度政府信息公开情况报告如下：\n{BODY}{last}\n")
    assert found.issuer is None and found.year == 2022


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("清河县第一中学2022年信息公开工作年度报告", "institution"),
        ("河北师范大学2021-2022学年信息公开工作年度报告", "institution"),
        ("清河县人民医院2022年信息公开年度报告", "institution"),
        ("清河县自来水公司2022年政府信息公开工作年度报告", "institution"),
        ("清河县党校2022年政府信息公开工作年度报告", "department"),
    ],
)
def test_schools_hospitals_and_enterprises_are_told_as_such(title: str, kind: str) -> None:
    assert report_of(f"{title}\n{BODY}").kind == kind


# --- several places


def test_a_title_in_a_table(tmp_path: Path) -> None:
    truth = make_truth(3, "2021")
    data = render(truth, clean_layout())
    (report,) = extract(Path("年报.docx"), data).reports
    assert (report.issuer, report.year) == (truth.issuer.name, truth.year)
    page = (
        "<html><body><table><tr><td colspan=2>清河县教育局2022年政府信息公开工作年度报告</td></tr>"
        "<tr><td>信息内容</td><td>本年处理决定数量</td></tr><tr><td>行政许可</td><td>7</td></tr></table></body></html>"
    )
    found = report_of(page, "页.html")
    assert (found.issuer, found.year, found.title) == (
        "清河县教育局",
        2022,
        "清河县教育局2022年政府信息公开工作年度报告",
    )


@pytest.mark.parametrize(
    "head",
    [
        "清河县教育局2022年政府信息公开工作年度报告",
        "清河县教育局",
        "第 1 页 清河县教育局2022年政府信息公开工作年度报告",
    ],
)
def test_a_title_in_the_head_of_the_pages(head: str) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = head
    for line in ("一、总体情况", "统计期限自2022年1月1日起至2022年12月31日止。", "二、主动公开政府信息情况"):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    (report,) = extract(Path("新建文档.docx"), stream.getvalue()).reports
    assert (report.issuer, report.division_code, report.year) == ("清河县教育局", "130534", 2022)


def test_evidence_is_kept_with_its_weight() -> None:
    found = report_of(
        "发布机构：清河县教育局 发布日期：2023-01-20\n清河县教育局2022年政府信息公开工作年度报告\n"
        "统计期限自2022年1月1日起至2022年12月31日止。\n" + BODY + "清河县教育局\n2023年1月18日\n"
    )
    said = {(e.about, e.source, e.says) for e in found.identity.evidence}
    assert said >= {
        ("issuer", "title", "清河县教育局"),
        ("issuer", "publisher", "清河县教育局"),
        ("issuer", "signature", "清河县教育局"),
        ("year", "title", "2022"),
        ("year", "period", "2022"),
        ("year", "published", "2022"),
    }
    assert found.to_json()["evidence"][0].keys() == {"about", "source", "says", "printed", "weight"}


def test_two_bodies_that_contradict_each_other_leave_the_issuer_open() -> None:
    found = report_of(
        "发布机构：清河县教育局\n清河县民政局2022年政府信息公开工作年度报告\n" + BODY + "清河县教育局\n2023年1月18日\n"
    )
    assert found.issuer is None and found.identity.issuer_flags == ("contradictory",)
    # Who publishes for others contradicts nobody.
    found = report_of("发布机构：清河县人民政府办公室\n清河县民政局2022年政府信息公开工作年度报告\n" + BODY)
    assert (found.issuer, found.kind) == ("清河县民政局", "department")


@pytest.mark.parametrize("own", ["我镇", "我局", "我委", "我街道", "我县", "本局", "本单位", "该局"])
def test_a_bodys_word_for_itself_is_nobodys_name(own: str) -> None:
    """Announced by such a word, the report is of whom its signature names."""
    text = (
        f"一、总体情况\n现向社会公布{own}2020年政府信息公开工作年度报告。\n正文。\n清河县油坊镇人民政府\n2021年1月9日\n"
    )
    report = extract(Path("年报.txt"), text.encode()).reports
    assert all(r.identity.issuer in (None, "清河县油坊镇人民政府") for r in report)


def test_links_to_neighbours_below_the_tables_are_no_reports() -> None:
    """A page whose title stands in its head alone: its tables are its own, not lost to the neighbours' links below."""
    page = render(make_truth(5, size="small"), clean_layout("html", html_style="plain")).decode()
    tables = page[page.index("<table") : page.rindex("</table>") + 8]
    links = "".join(f"<p>清河县{body}2024年政府信息公开工作年度报告</p>" for body in ("档案馆", "气象局"))
    whole = (
        "<html><head><title>清河县应急管理局2024年政府信息公开工作年度报告_清河县人民政府</title></head><body>"
        f"<p>一、总体情况</p>{tables}<p>相关文档</p>{links}<p>浏览次数：24</p></body></html>"
    )
    (found,) = extract(Path("年报.html"), whole.encode()).reports
    assert len(found.facts) > 100
    assert found.identity.issuer == "清河县应急管理局"
    assert found.identity.year == 2024


@pytest.mark.parametrize(
    ("text", "issuer", "year"),
    [
        ("清河县民政局政府信息公开工作年度报告\n二○二二年度\n" + BODY, "清河县民政局", 2022),
        ("现将《清河县水利局2022年政府信息公开工作年度报告》公布如下：\n" + BODY, "清河县水利局", 2022),
        ("清河县信访局2010年度\n信息公开年度工作总结报告\n" + BODY, "清河县信访局", 2010),
        ("镇政府2018年政府信息公开工作年度报告\n" + BODY + "清河县油坊镇人民政府\n", "清河县油坊镇人民政府", 2018),
        ("县府办2022年政府信息公开工作年度报告\n本报告由清河县人民政府办公室编制。\n", "清河县人民政府办公室", 2022),
        ("现将我办2022年政府信息公开年报公布如下：\n一、总体情况\n2022年，清河县人民政府办公室推进公开。\n", "清河县人民政府办公室", 2022),
        ("中共清河县委机构编制委员会办公室2022年政府信息公开工作年度报告\n" + BODY, "中共清河县委机构编制委员会办公室", 2022),
    ],
)  # fmt: skip
def test_more_places_that_say_whose_and_when(text: str, issuer: str, year: int) -> None:
    found = report_of(text)
    assert (found.issuer, found.year) == (issuer, year)


def test_the_year_of_a_report_that_is_compiled_goes_before_the_files_name() -> None:
    text = "清河县民政局政府信息公开年度报告\n一、概述\n根据要求，编制2013年度报告。全年收到申请2件。\n"
    assert report_of(text, "2015.txt").year == 2013


def test_a_district_that_a_zone_names_in_brackets_is_the_place() -> None:
    found = report_of("金华市金义新区（金东区）人民政府2022年政府信息公开工作年度报告\n" + BODY)
    assert (found.division_code, found.kind) == ("330703", "government")
    # What a zone names in brackets and is no district of its city changes nothing.
    found = report_of("金华市经济技术开发区（南区）管理委员会2022年政府信息公开工作年度报告\n" + BODY)
    assert (found.division_code, found.kind) == ("330700", "zone")


@pytest.mark.parametrize("line", ["录入时间：2023-01-12", "上网日期:2023年1月12日", "公示时间：2023/01/12 10:00"])
def test_more_words_for_the_day_of_publication(line: str) -> None:
    assert report_of(f"清河县财政局2022年政府信息公开工作年度报告\n{line}\n{BODY}").published == "2023-01-12"


def test_clerks_number_their_files() -> None:
    text = "一、总体情况\n2022年，本单位收到申请4件。\n二、主动公开政府信息情况\n"
    assert report_of(text, "3、清河县民政局（2022年报定稿）.txt").issuer == "清河县民政局"


def who(*lines: str, titles: Sequence[str] = (), metadata: dict[str, str] | None = None) -> ReportIdentity:
    passages = [Passage(text, Place(line=i)) for i, text in enumerate(lines, start=1)]
    return identity.identify(titles=titles, passages=passages, metadata=metadata or {}, file_name="").identity


@pytest.mark.parametrize(
    ("title", "lines", "code"),
    [
        # Three districts of the name, and one full name in a place of the report's own.
        ("新华区教育局", ["平顶山市新华区教育体育局现公布2023年政府信息公开工作年度报告。"], "410402"),
        ("通州区人民政府", ["本年度报告由南通市通州区人民政府办公室根据各部门报告汇编而成。"], "320612"),
        ("和平区人民政府", ["2023年，沈阳市和平区人民政府认真落实条例。"], "210102"),
        # Others named in passing settle nothing; two settle nothing either.
        ("新华区教育局", ["认真学习平顶山市新华区教育局的经验。"], None),
        ("新华区教育局", ["平顶山市新华区和沧州市新华区都有同名单位。"], None),
    ],
)
def test_a_full_name_settles_which_of_the_bearers(title: str, lines: list[str], code: str | None) -> None:
    texts = [f"{title}2023年政府信息公开工作年度报告", *lines, "一、总体情况", "公开信息12条。"]
    assert who(*texts).division_code == code


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("清河县水务局2022年1-6月政府信息公开工作总结报告", "half"),
        ("清河县水务局2022年1至6月政府信息公开工作报告", "half"),
        ("清河县水务局2022年4-6月政府信息公开工作报告", "quarter"),
        ("清河县水务局2022年7-12月政府信息公开工作报告", "half"),
    ],
)
def test_months_of_a_period(text: str, period: str) -> None:
    found = who(text, "一、总体情况", "公开信息12条。")
    assert (found.issuer, found.year, found.period) == ("清河县水务局", 2022, period)


def test_a_department_behind_a_bare_title() -> None:
    texts = ["2022年政府信息公开工作年度报告", "一、总体情况", "公开信息12条。"]
    page = ["2022年政府信息公开工作年度报告_晋江市农业农村局_晋江市人民政府门户网站"]
    assert who(*texts, titles=page).issuer == "晋江市农业农村局"
    # The government's name there is its site's.
    assert who(*texts, titles=["2022年政府信息公开工作年度报告-晋江市人民政府"]).issuer is None
    assert who(*texts, metadata={"ContentSource": "攸县水利局"}).issuer == "攸县水利局"
    assert who(*texts, metadata={"ContentSource": "攸县人民政府办公室"}).issuer is None


def test_who_filled_in_a_form_with_its_seal() -> None:
    texts = ["政府信息公开情况统计表", "（2016年度）", "填报单位（盖章）：沭阳县教育局　　填报人：王某"]
    assert who(*texts).issuer == "沭阳县教育局"


def test_banners_are_called_by_short_names() -> None:
    for name, code in (("科左中旗", "150521"), ("达茂旗", "150223"), ("东乌旗", "152525")):
        assert who(f"{name}自然资源局2023年政府信息公开工作年度报告").division_code == code


@pytest.mark.parametrize("dots", ["…", "...", "……"])
def test_titles_that_are_cut_with_dots_are_entries_of_a_list(dots: str) -> None:
    """Neighbours above and below a report whose own title only the page's head has."""
    neighbours = "".join(
        f"<li><a>{name}{dots}</a></li>"
        for name in (
            "清河县人民政府2021年政府信息公开工作年度报",
            "清河县档案馆2022年政府信息公开工作年度报告",
            "清河县气象局2022年政府信息公开工作年度报告",
            "清河县供销合作社联合社2022年政府信息公开工",
        )
    )
    text = (
        "<html><head><title>清河县人民政府2022年政府信息公开工作年度报告</title></head><body>"
        f"<ul>{neighbours}</ul><p>数据统计期限为2022年1月1日至2022年12月31日。</p>"
        f"<p>{BODY.replace(chr(10), '</p><p>')}</p><ul>{neighbours}</ul></body></html>"
    )
    report = report_of(text, "页面.html")
    assert (report.issuer, report.year) == ("清河县人民政府", 2022)


@pytest.mark.parametrize(
    "name",
    [
        "共青团清河县委员会",
        "政协清河县委员会办公室",
        "共青团清河县油坊镇委员会",
        "某某协会清河县委员会",
        "国家统计局清河调查队",
    ],
)
def test_what_stands_before_the_place_and_belongs_to_the_name(name: str) -> None:
    texts = ["一、总体情况", "公开信息12条。", name, "2024年1月9日"]
    for title in (f"{name}2023年政府信息公开工作年度报告", f"首页 正文 {name}2023年政府信息公开工作年度报告"):
        assert who(title, *texts).issuer == name
    assert who("2023年政府信息公开工作年度报告", *texts).issuer == name


def test_the_league_and_the_conference_are_bodies_of_their_place() -> None:
    for name in ("共青团清河县委员会", "政协清河县委员会", "国家统计局沭阳调查队"):
        assert who(f"{name}2023年政府信息公开工作年度报告").division_code in ("130534", "321322")
    # Several bear the stem.
    assert who("国家统计局清河调查队2023年政府信息公开工作年度报告").division_code is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("徐州市鼓樓區司法局", "320302"),
        ("台州市黃巖區財政局", "331003"),
        ("鞍山市鐵西區民政局", "210303"),
        ("乾县财政局", "610424"),
        ("邢台市清河縣財政局", "130534"),
    ],
)
def test_a_district_in_traditional_characters_in_a_city_written_alike(name: str, code: str) -> None:
    assert who(f"{name}2023年政府信息公開工作年度報告").division_code == code


@pytest.mark.parametrize("verb", ["现公布", "编制", "特发布", "兹公布", "向社会公布"])
@pytest.mark.parametrize(
    ("place", "code"),
    [("本溪市", "210500"), ("和县", "340523"), ("开化县", "330824"), ("将乐县", "350428"), ("清河县", "130534")],
)
def test_a_verb_takes_nothing_of_a_places_name(verb: str, place: str, code: str) -> None:
    found = who(f"{verb}{place}民政局2023年政府信息公开工作年度报告，内容如下。", "一、总体情况", "公开信息12条。")
    assert (found.issuer, found.year, found.division_code) == (f"{place}民政局", 2023, code)


@pytest.mark.parametrize("whom", ["清河县人民政府办公室：", "县政府办：", "邢台市审计局:", "清河县数据局："])
@pytest.mark.parametrize("below", [False, True])
def test_whom_a_letter_is_addressed_to_is_not_its_sender(whom: str, below: bool) -> None:
    title = "2023年政府信息公开工作年度报告"
    lines = [title, whom] if below else [whom, title]
    assert who(*lines, "一、总体情况", "公开信息12条。").issuer is None
    assert who(*lines, "一、总体情况", "公开信息12条。", "清河县审计局", "2024年1月9日").issuer == "清河县审计局"


def test_a_list_of_bodies_above_a_title_names_none() -> None:
    title = ["2023年政府信息公开工作年度报告", "一、总体情况", "公开信息12条。"]
    assert who("清河县教育局", "清河县民政局", "清河县水务局", *title).issuer is None
    # The government's name over its department's is a letterhead.
    assert who("清河县人民政府", "清河县教育局", *title).issuer == "清河县教育局"


@pytest.mark.parametrize(
    "line",
    [
        "单位（盖章）：清河县审计局",
        "报送单位：清河县审计局（公章）",
        "编制单位：清河县审计局    审核人：王某",
        "责任单位：清河县审计局办公室    承办人：王某",
        "单位：清河县审计局　日期：2024年1月9日",
        "填报单位（公章）：清河县审计局      填报时间：2024年1月",
    ],
)
def test_lines_that_say_who_filled_it_in(line: str) -> None:
    assert who(line, "2023年政府信息公开工作年度报告", "一、总体情况", "公开信息12条。").issuer == "清河县审计局"


@pytest.mark.parametrize(
    "signed", ["清河县审计局（盖章）", "清河县审计局（印章）", "清河县审计局 （代章）", "（清河县审计局）"]
)
def test_where_the_seal_goes_is_no_part_of_a_name(signed: str) -> None:
    texts = ["2023年政府信息公开工作年度报告", "一、总体情况", "公开信息12条。", signed, "2024年1月9日"]
    assert who(*texts).issuer == "清河县审计局"


@pytest.mark.parametrize(
    "title",
    [
        "清河县审计局2023年政务公开（政府信息公开）工作年度报告",
        "清河县审计局2023年政府信息公开工作年度报告（2024年1月）",
    ],
)
def test_brackets_in_and_behind_a_title(title: str) -> None:
    found = who(title, "一、总体情况", "公开信息12条。")
    assert (found.issuer, found.year) == ("清河县审计局", 2023)


def test_a_choice_on_a_page_is_no_evidence() -> None:
    page = (
        "<html><body><select><option>清河县水务局</option><option>清河县民政局</option></select>"
        "<h1>2023年政府信息公开工作年度报告</h1><p>本年度收到申请4件。</p>{signed}</body></html>"
    )
    assert report_of(page.format(signed=""), "页面.html").issuer is None
    signed = page.format(signed="<p>清河县审计局</p><p>2024年1月9日</p>")
    assert report_of(signed, "页面.html").issuer == "清河县审计局"


@pytest.mark.parametrize(
    "text",
    [
        "页面不存在\n您访问的页面已删除\n政府信息公开年报\n返回首页\n",
        "政府信息公开年报\n清河县教育局2023年政府信息公开工作年度报告 2024-01-20\n清河县民政局2023年政府信息公开工作年度报告 2024-01-21\n"
        "清河县审计局2023年政府信息公开工作年度报告 2024-01-22\n",
    ],
)
def test_a_name_of_a_column_and_a_list_are_no_report(text: str) -> None:
    assert extract(Path("页面.txt"), text.encode()).reports == []


def test_heads_of_paper_and_the_way_to_the_page_name_the_body() -> None:
    texts = ["2023年政府信息公开工作年度报告", "一、总体情况", "公开信息12条。"]
    assert who("清河县审计局文件", *texts).issuer == "清河县审计局"
    assert who("当前位置：首页 > 清河县人民政府 > 部门 > 清河县审计局 > 年报", *texts).issuer == "清河县审计局"
    assert who("当前位置：首页 > 清河县人民政府 > 年报", *texts).issuer is None
    # Who signs it goes before both.
    signed = [*texts, "清河县民政局", "2024年1月9日"]
    assert who("清河县审计局文件", *signed).issuer == "清河县民政局"
    assert who("当前位置：首页 > 部门 > 清河县审计局 > 年报", *signed).issuer == "清河县民政局"


@pytest.mark.parametrize("zero", "〇○零")
def test_a_period_in_words(zero: str) -> None:
    span = f"统计期限为二{zero}二三年一月一日至二{zero}二三年十二月三十一日。"
    found = who("清河县审计局政府信息公开工作年度报告", span, "一、总体情况")
    assert (found.year, found.period) == (2023, "year")


def test_a_name_that_a_gap_breaks() -> None:
    lines = ["清河县应急 管理局", "2023年政府信息公开", "工作年度报告", "一、总体情况", "公开信息12条。"]
    assert who(*lines).issuer == "清河县应急管理局"


def test_a_name_in_the_row_above_a_title_in_a_table() -> None:
    page = (
        "<table><tr><td>清河县审计局</td></tr><tr><td>2023年政府信息公开工作年度报告</td></tr></table>"
        "<p>一、总体情况</p><p>本年度收到申请4件。</p>"
    )
    report = report_of(page, "页面.html")
    assert (report.issuer, report.year) == ("清河县审计局", 2023)


def compiled(heads: Sequence[str], signed: Sequence[str]) -> list[tuple[str | None, int | None]]:
    """Who and when of the reports in a file that hold the same sections and tables one after the other."""
    table = "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n|---|---|---|---|\n| 规章 | 0 | 0 | 0 |\n| 行政规范性文件 | 1 | 0 | 2 |\n"
    parts = (
        f"{head}\n本报告数据统计期限为2023年1月1日至2023年12月31日。\n一、总体情况\n加强信息公开。\n二、主动公开政府信息情况\n"
        f"第二十条第（一）项\n{table}\n五、存在的主要问题\n公开不够及时。\n六、其他需要报告的事项\n无。\n{name}\n2024年1月9日\n"
        for head, name in zip(heads, signed, strict=True)
    )
    return [(r.issuer, r.year) for r in extract(Path("汇编.txt"), "".join(parts).encode()).reports]


TITLE = "2023年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("heads", "names"),
    [
        # Each has the other's name in its own.
        ((f"清河县公安局{TITLE}", f"清河县公安局交通警察大队{TITLE}"), ("清河县公安局", "清河县公安局交通警察大队")),
        ((f"清河县人民政府{TITLE}", f"清河县人民政府办公室{TITLE}"), ("清河县人民政府", "清河县人民政府办公室")),
        ((f"清河县人民政府办公室{TITLE}", f"清河县人民政府{TITLE}"), ("清河县人民政府办公室", "清河县人民政府")),
        # One title for all, or only numbers.
        ((TITLE, TITLE), ("清河县教育局", "清河县民政局")),
        (
            ("（一）清河县教育局", "（二）清河县民政局", "（三）清河县审计局"),
            ("清河县教育局", "清河县民政局", "清河县审计局"),
        ),
    ],
)
def test_a_second_whole_report_of_another_body_is_one_of_its_own(heads: Sequence[str], names: Sequence[str]) -> None:
    assert compiled(heads, names) == [(name, 2023) for name in names]


@pytest.mark.parametrize("heads", [(f"清河县教育局{TITLE}", f"教育局{TITLE}"), (TITLE, TITLE)])
def test_the_same_report_over_again_is_one(heads: Sequence[str]) -> None:
    assert compiled(heads, ["清河县教育局"] * 2) == [("清河县教育局", 2023)]


def test_a_place_over_a_cover_and_a_body_below_it() -> None:
    cover = ["河北省清河县", "政府信息公开工作", "年 度 报 告", "（2023年）", "清河县审计局", "二〇二四年一月"]
    texts = [*cover, "2023年政府信息公开工作年度报告", "一、总体情况", *["公开信息12条。"] * 15]
    # Whose of the two it is only the signature tells.
    assert who(*texts).issuer is None
    assert who(*texts, "清河县审计局", "2024年1月9日").issuer == "清河县审计局"
    assert who(*texts[:4], *texts[5:]).issuer == "河北省清河县"


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("本报告由清河县人民政府办公室根据全县各乡镇（街道）、县直各部门年度报告汇总编制。", "area"),
        ("以下统计数据为全县汇总数据。", "area"),
        ("本报告数据为县政府办公室数据，不含全县各乡镇报告汇总。", "office"),
    ],
)
def test_what_an_offices_report_counts(text: str, scope: str) -> None:
    texts = ["清河县人民政府办公室2023年政府信息公开工作年度报告", text, "一、总体情况", "公开信息12条。"]
    assert who(*texts).scope == scope


@pytest.mark.parametrize(
    ("signed", "issuer"),
    [
        ("中共清河县审计局党组　清河县审计局", "清河县审计局"),
        ("清河县审计局 清河县民政局", None),
        ("清河县 审计局", "清河县审计局"),
        ("河北省邢台市 清河县审计局", "河北省邢台市清河县审计局"),
    ],
)
def test_two_names_in_one_line_of_a_signature(signed: str, issuer: str | None) -> None:
    texts = ["2023年政府信息公开工作年度报告", "一、总体情况", "公开信息12条。"]
    assert who(*texts, signed, "2024年1月9日").issuer == issuer


PERIODS = (
    "统计期限自2023年1月1日起，至2023年12月31日止。",
    "统计周期为2023.1.1-2023.12.31。",
    "统计周期为2023.1.1-12.31。",
    "数据统计期限为2023-01-01至2023-12-31。",
    "统计时间为2023年1月1日0时至2023年12月31日24时。",
    "统计期限为2023年1月至12月。",
    "统计期限自2023年1月1日始，至当年12月31日止。",
    "所列数据的统计期限为2023年度。",
)


@pytest.mark.parametrize("period", PERIODS)
def test_the_period_gives_the_year_however_it_is_written(period: str) -> None:
    assert who("一、总体情况", f"所列数据的{period}", "二、主动公开政府信息情况").year == 2023


@pytest.mark.parametrize(
    ("said", "issuer"),
    [
        ("本报告是沭阳县陇集镇人民政府根据《条例》编制的。", "沭阳县陇集镇人民政府"),
        ("本年度报告由沭阳县陇集镇人民政府按照《条例》要求编制。", "沭阳县陇集镇人民政府"),
        ("根据有关规定，沭阳县教育局编制并公布2023年政府信息公开工作年度报告。", "沭阳县教育局"),
        ("根据《条例》要求，沭阳县教育局现公布2023年政府信息公开工作年度报告。", "沭阳县教育局"),
        ("现由沭阳县教育局向社会公布2023年政府信息公开工作年度报告。", "沭阳县教育局"),
        ("根据《条例》，沭阳县教育局编写了2023年度政府信息公开工作报告。", "沭阳县教育局"),
        ("特由沭阳县教育局编制2023年政府信息公开工作年度报告。", "沭阳县教育局"),
        ("编制单位：沭阳县教育局。", "沭阳县教育局"),
        (
            "本报告由中国（上海）自由贸易试验区临港新片区管理委员会编制。",
            "中国(上海)自由贸易试验区临港新片区管理委员会",
        ),
        # Whose words or figures it follows is not whose report it is.
        ("本报告是根据《条例》和沭阳县人民政府要求编制的。", None),
        ("本报告依据沭阳县教育局统计数据编制。", None),
    ],
)
def test_who_compiled_it(said: str, issuer: str | None) -> None:
    texts = ["一、总体情况", said, "统计期限自2023年1月1日至2023年12月31日。", "二、主动公开政府信息情况"]
    assert who(*texts).issuer == issuer


@pytest.mark.parametrize("below", ["（2015年度）", "2015年", "（二〇一五年度）"])
def test_the_year_below_the_title_of_the_statistics(below: str) -> None:
    texts = ["政府信息公开情况统计表", below, "填报单位：沭阳县教育局"]
    assert who(*texts).year == 2015


@pytest.mark.parametrize("name", ["中国（上海）自由贸易试验区临港新片区管理委员会", "中国（绵阳）科技城管理委员会"])
def test_a_place_in_brackets_behind_the_country(name: str) -> None:
    want = name.replace("（", "(").replace("）", ")")
    for texts in (
        [f"{name}2024年政府信息公开工作年度报告"],
        [f"2024年度政府信息公开工作年度报告（{name}）"],
        ["2024年政府信息公开工作年度报告", f"根据要求，现公布{name}2024年政府信息公开工作年度报告。"],
        ["2024年政府信息公开工作年度报告", "一、总体情况", "公开信息12条。", name, "2025年1月20日"],
    ):
        found = who(*texts)
        assert (found.issuer, found.kind, found.division_code) == (want, "zone", None)


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("2024-01-16 09:30　来源：县政府办", "2024-01-16"),
        ("2024年1月16日 来源：县政府办 浏览次数：12", "2024-01-16"),
        ("信息发布时间 2024年01月16日", "2024-01-16"),
        ("2024年1月16日召开会议，来源：县政府办", None),
    ],
)
def test_a_date_below_the_title(line: str, published: str | None) -> None:
    texts = ["清河县教育局2023年政府信息公开工作年度报告", line, "一、总体情况", "公开信息12条。"]
    assert who(*texts).published == published


def test_a_title_that_the_line_quotes() -> None:
    r = report_of("登录 注册\n《清河县教育局2023年政府信息公开工作年度报告》\n" + BODY)
    assert (r.issuer, r.year) == ("清河县教育局", 2023)
    # A title in a sentence, and one of several in a list, stay what they are.
    (found,) = identity.scan(["2023年政府信息公开工作年度报告", "参见《清河县教育局2022年政府信息公开工作年度报告》。"])
    assert found.title.issuer is None


def test_a_sites_name_above_a_broken_title_is_no_part_of_it() -> None:
    for site in ("邢台市政务服务网", "清河县人民政府门户网站", "邢台市信息公开平台"):
        r = report_of(f"{site}\n清河县教育局\n2023年度\n政府信息公开工作报告\n{BODY}")
        assert (r.issuer, r.division_code, r.year) == ("清河县教育局", "130534", 2023)


def test_a_government_below_the_title_is_not_its_signature_as_well() -> None:
    text = "2023年政府信息公开工作年度报告\n清河县人民政府\n根据《条例》，现公布清河县教育局2023年政府信息公开工作年度报告。\n"
    r = report_of(text + BODY)
    assert r.issuer == "清河县教育局"


def test_a_second_name_in_brackets() -> None:
    for text in (
        f"2023年政府信息公开工作年度报告\n{BODY}清河县教育局（体育局）　　2024年1月18日\n",
        f"2023年政府信息公开工作年度报告\n由清河县教育局（体育局）编制。\n{BODY}",
        f"2023年政府信息公开工作年度报告\n现公布清河县教育局（体育局）2023年政府信息公开工作年度报告。\n{BODY}",
    ):
        r = report_of(text)
        assert r.issuer is not None and r.issuer.replace("（", "(").replace("）", ")") in (
            "清河县教育局",
            "清河县教育局(体育局)",
        )
    signed = report_of(f"2023年政府信息公开工作年度报告\n{BODY}清河县教育局\n（2024年1月18日）\n")
    assert (signed.issuer, signed.published) == ("清河县教育局", "2024-01-18")


OPENING = "根据《中华人民共和国政府信息公开条例》编制本年度报告，统计期限自2023年1月1日起至2023年12月31日止。\n"


def test_links_to_others_reports_above_the_title_name_nobody() -> None:
    links = "".join(f"清河县{name}2023年政府信息公开工作年度报告\n" for name in ("水利局", "民政局", "林业局"))
    for title in ("清河县教育局2023年政府信息公开工作年度报告", ""):
        assert report_of(f"{links}{title}\n{OPENING}{BODY}").issuer is None


def test_a_year_of_the_page_above_a_title_without_one() -> None:
    r = report_of(f"2024年\n清河县教育局政府信息公开工作年度报告\n{OPENING}{BODY}")
    assert (r.issuer, r.year) == ("清河县教育局", 2023)
    r = report_of(f"2022年\n清河县教育局政府信息公开工作年度报告\n（2023年）\n{BODY}")
    assert r.year == 2023
    r = report_of(f"2023年\n清河县教育局政府信息公开工作年度报告\n{BODY}")
    assert r.year == 2023


def test_a_government_above_a_broken_title_is_no_part_of_it() -> None:
    r = report_of(f"清河县人民政府\n邢台市清河县教育局\n2023年\n政府信息公开年度报告\n{BODY}")
    assert (r.issuer, r.division_code, r.year) == ("邢台市清河县教育局", "130534", 2023)
    r = report_of(f"邢台市\n清河县教育局\n2023年\n政府信息公开年度报告\n{BODY}")
    assert (r.division_code, r.year) == ("130534", 2023)


def test_links_to_other_years_below_a_title_without_one() -> None:
    links = "".join(f"清河县教育局{year}年政府信息公开工作年度报告\n" for year in (2022, 2024))
    r = report_of(f"清河县教育局政府信息公开工作报告\n{OPENING}{BODY}{links}")
    assert (r.issuer, r.year) == ("清河县教育局", 2023)


@pytest.mark.parametrize(
    ("line", "issuer"),
    [
        (
            f"清河县教育局{TITLE}根据《中华人民共和国政府信息公开条例》要求，编制本报告。",
            "清河县教育局",
        ),
        (f"清河县教育局{TITLE}一、总体情况", "清河县教育局"),
        (f"本县关于清河县教育局{TITLE}根据《中华人民共和国政府信息公开条例》编制一事另有说明。", None),
        (f"清河县教育局{TITLE}根据工作安排另行印发。", None),
        (f"清河县教育局关于印发{TITLE}的函", "清河县教育局"),
        (f"清河县教育局关于公布{TITLE}的公告", "清河县教育局"),
        # Whose report an office sends, or one in charge of disclosure, or that passes another's on, is not said.
        (f"清河县人民政府办公室关于印发{TITLE}的函", None),
        (f"清河县政务服务局关于公布{TITLE}的公告", None),
        (f"清河县教育局转发清河县卫生健康局关于印发{TITLE}的函", None),
    ],
)
def test_a_title_that_runs_on_and_one_of_a_covering_letter(line: str, issuer: str | None) -> None:
    text = "根据《中华人民共和国政府信息公开条例》，编制本报告。本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。\n"
    found = report_of(f"{line}\n{text}{BODY}")
    assert (found.issuer, found.year) == (issuer, 2023)


def test_a_title_in_the_first_line_of_every_page() -> None:
    own = f"清河县教育局{TITLE}"
    assert identity.running_title([own, "申请人情况", own]) == own
    assert identity.running_title([own, f"清河县水利局{TITLE}"]) is None
    assert identity.running_title(["申请人情况", f"详见清河县水利局{TITLE}。"]) is None
