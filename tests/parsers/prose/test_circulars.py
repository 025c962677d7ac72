"""Circulars: recognised as such, their lists and score tables, their shares and counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Cell, Table
from parsers.prose import circulars
from schemas.facts import Circular, Passage, Place

TITLE = "江口市人民政府办公室关于2023年政务公开工作考核情况的通报"
OPENING = "市政府办公室对全市9个县（市、区）和30个市直部门政务公开工作进行了考核。现将有关情况通报如下："


def passages(*lines: str) -> list[Passage]:
    return [Passage(line, Place(line=i)) for i, line in enumerate(lines, start=1)]


def find(*lines: str, titles: Sequence[str] = (), tables: Sequence[Table] = ()) -> Circular:
    circular = circulars.find(titles, passages(*lines), tables, {})
    assert circular is not None
    return circular


def table(rows: Sequence[Sequence[str]], *, line: int = 1) -> Table:
    cells = [Cell(text, r, c, line=line + r) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return Table(1, cells, len(rows), max(map(len, rows)), line=line)


def ranks(circular: Circular) -> list[tuple[str, str | None, int | None, str]]:
    return [(a.category, a.group_name, a.rank, a.unit) for a in circular.assessments]


def scores(circular: Circular) -> list[tuple[str | None, str | None, int | None, str, object]]:
    return [(a.table, a.group_name, a.rank, a.unit, a.score) for a in circular.assessments]


# -- what is one, and whose ------------------------------------------------------------------------------------------------


def test_who_what_when() -> None:
    circular = find("江口市人民政府办公室文件", "江政办发〔2024〕12号", TITLE, "各县（市、区）人民政府：", OPENING)
    assert (circular.issuer, circular.document_number, circular.year) == (
        "江口市人民政府办公室",
        "江政办发〔2024〕12号",
        2023,
    )
    assert circular.title == TITLE


def test_issuer_and_year_from_signature_and_date() -> None:
    circular = find(
        "关于全市政务新媒体检查情况的通报",
        OPENING,
        "请认真整改。",
        "江口市政务公开领导小组办公室（代章）",
        "2022年5月6日",
    )
    assert (circular.issuer, circular.year) == ("江口市政务公开领导小组办公室", 2022)


def test_issuer_from_the_source_line() -> None:
    circular = find("关于2023年度政务公开考核结果的通报", "日期：2024-01-03", "来源：江口县政府办公室", OPENING)
    assert circular.issuer == "江口县政府办公室"


def test_numbers_cited_are_not_its_own() -> None:
    circular = find(TITLE, "按照《关于开展考核的通知》（江政办发〔2023〕5号）要求，进行了考核，现将情况通报如下：")
    assert circular.document_number is None


@pytest.mark.parametrize(
    "lines",
    [
        ("江口市2023年政府信息公开工作年度报告", "一、总体情况", "按照《关于政务公开考核情况的通报》整改，通报如下。"),
        ("关于做好2023年政务公开工作的通知", "现将有关事项通知如下："),
        ("关于2023年安全生产检查情况的通报", "现将有关情况通报如下："),
        ("政府信息公开年报", "关于2023年政务公开考核情况的通报", "2023年收到申请5件。"),
        ("全年三次下发关于政务公开情况的通报，督促整改。",),
        (),
    ],
)
def test_is_none(lines: tuple[str, ...]) -> None:
    assert circulars.find((), passages(*lines), (), {}) is None


def test_a_report_on_top_is_no_circular() -> None:
    lines = passages(TITLE, OPENING)
    assert circulars.find(["江口市2023年政府信息公开工作年度报告"], lines, (), {}) is None


def test_traditional_characters() -> None:
    circular = find(
        "江口市人民政府辦公室關於2023年政務公開工作考核情況的通報",
        "現將有關情況通報如下：考核較好的縣區（按得分排序）為：甲縣、乙區、東鎮。",
    )
    assert [a.unit for a in circular.assessments] == ["甲縣", "乙區", "東鎮"]


# -- ranked lists ------------------------------------------------------------------------------------------------------------


def test_ranked_lists_by_field_and_group() -> None:
    circular = find(
        TITLE,
        OPENING,
        "（一）政务公开工作。考核较好的县（市、区）（按得分排序，下同）为：甲县、乙区、丙市。考核较好的市直部门为：市财政局、市民政局。",
        "（二）政府网站建设管理方面。考核较好的县（市、区）有：乙区、甲县等县（市、区）。",
    )
    assert ranks(circular) == [
        ("政务公开", "县（市、区）", 1, "甲县"),
        ("政务公开", "县（市、区）", 2, "乙区"),
        ("政务公开", "县（市、区）", 3, "丙市"),
        ("政务公开", "市直部门", 1, "市财政局"),
        ("政务公开", "市直部门", 2, "市民政局"),
        ("政府网站建设管理", "县（市、区）", 1, "乙区"),
        ("政府网站建设管理", "县（市、区）", 2, "甲县"),
    ]


def test_a_list_without_an_order_ranks_nobody() -> None:
    circular = find(TITLE, OPENING, "（一）政务公开工作。考核较好的市直部门为：市财政局、市民政局。")
    assert circular.assessments == []


@pytest.mark.parametrize(
    "cut",
    [
        ("为：市财政局、市民", "政局、市水利局、市教育局。"),
        ("为：市财政局、市民政局、", "- 3 -", "市水利局、市教育局。"),
        ("为：市财政局、市民政局、— 3 —市水利局、市教育局。",),
        ("为：市财政局、市民政局、市水利局第 2 页 共 8 页、市教育局。",),
        ("为：市财政局、市民政局、", "第2页共8页", "市水利局、市教育局。"),
    ],
)
def test_page_ends_do_not_break_a_list(cut: tuple[str, ...]) -> None:
    head = "（一）政务公开工作。工作扎实推进，成效明显，各部门按时完成任务，考核较好的市直部门（按得分排序）"
    circular = find(TITLE, OPENING, head + cut[0], *cut[1:])
    assert [a.unit for a in circular.assessments] == ["市财政局", "市民政局", "市水利局", "市教育局"]


def test_names_that_begin_with_a_number_keep_it() -> None:
    circular = find(TITLE, OPENING, "（一）政务公开工作。较好的单位（按得分排序）为：120急救中心、12市财政局。")
    assert [a.unit for a in circular.assessments] == ["120急救中心", "市财政局"]


def test_segment_numbers_of_a_copy_do_not_break_a_list() -> None:
    circular = find(
        "《江口市通报.docx》由会员分享，可在线阅读。",
        f"1、{TITLE}江政办发202412号各县（市、区）：{OPENING}（一）政务公开方面。较好的县区（按得分排序）有：甲县、乙区、",
        "2、丙县、丁区；较好的市直部门有：市财政局。依申请公开指标（此项总分10分）县区得8分及以上的占93.",
        "3、3%。",
    )
    assert circular.document_number == "江政办发202412号"
    assert [a.unit for a in circular.assessments] == ["甲县", "乙区", "丙县", "丁区"]


# -- score tables --------------------------------------------------------------------------------------------------------------

ROWS = [("1", "甲乡", "98"), ("2", "乙镇", "94.5"), ("3", "丙农场", "87.8")]
WANT = [("附件1", "乡镇", 1, "甲乡", 98), ("附件1", "乡镇", 2, "乙镇", 94.5), ("附件1", "乡镇", 3, "丙农场", 87.8)]
CAPTION = ("附件1", "2023年江口市政务公开年度绩效考核评分表")


def _check(circular: Circular) -> None:
    assert [(*rest, float(str(score))) for *rest, score in scores(circular)] == WANT
    assert {a.category for a in circular.assessments} == {"政务公开"}


def test_scores_with_one_cell_a_line() -> None:
    cells = [cell for row in ROWS for cell in row]
    _check(find(TITLE, OPENING, *CAPTION, "乡镇", "序号", "单位名称", "考核得分", *cells, "关闭"))


@pytest.mark.parametrize("separator", [" ", "\t", " | ", "　"])
def test_scores_with_a_row_a_line(separator: str) -> None:
    rows = [separator.join(row) for row in (("排名", "单位", "得分"), *ROWS)]
    _check(find(TITLE, OPENING, *CAPTION, "乡镇", *rows))


def test_scores_in_a_grid() -> None:
    grid = table([("名次", "单位名称", "总分"), *ROWS], line=6)
    _check(find(TITLE, OPENING, *CAPTION, "乡镇", tables=[grid]))


def test_scores_side_by_side() -> None:
    grid = table(
        [
            ("序号", "单位", "得分", "序号", "单位", "得分"),
            ("1", "甲乡", "98", "3", "丙农场", "87.8"),
            ("2", "乙镇", "94.5", "", "", ""),
        ],
        line=6,
    )
    circular = find(TITLE, OPENING, *CAPTION, tables=[grid])
    assert sorted((a.rank, a.unit) for a in circular.assessments) == [(1, "甲乡"), (2, "乙镇"), (3, "丙农场")]


def test_the_group_may_stand_in_the_head_or_in_a_row() -> None:
    grid = table([("乡镇", "乡镇", "乡镇"), ("序号", "单位名称", "得分"), *ROWS[:1]], line=6)
    circular = find(TITLE, OPENING, *CAPTION, tables=[grid])
    assert scores(circular)[0][1] == "乡镇"
    circular = find(TITLE, OPENING, *CAPTION, "序号", "江口市平台相关单位（部门）名称", "评分情况", *ROWS[0])
    assert scores(circular)[0][1] == "平台相关单位（部门）"


def test_two_tables_under_one_attachment() -> None:
    rows = ["序号 单位 得分", "1 甲局 90"]
    circular = find(TITLE, OPENING, *CAPTION, "乡镇", "序号 单位 得分", "1 甲乡 98", "市直部门", *rows)
    assert [(a.group_name, a.unit) for a in circular.assessments] == [("乡镇", "甲乡"), ("市直部门", "甲局")]


def test_other_tables_give_no_scores() -> None:
    grid = table([("序号", "项目", "分值说明"), ("1", "主动公开", "40")])
    assert find(TITLE, OPENING, tables=[grid]).assessments == []


# -- figures in sentences --------------------------------------------------------------------------------------------------------


def stated(circular: Circular) -> list[tuple[str, float, str | None]]:
    return [(s.code, float(s.value), s.share_of) for s in circular.statements]


def test_counts_of_assessed_and_graded() -> None:
    circular = find(
        TITLE,
        "市政府办公室对全市14个市州和38个省政府部门2023年政务公开工作进行了量化考核，现将情况通报如下：",
        "（一）政务公开工作。得分80分以上的市州（含新区）有12个，同比增加2个；3个市州和9个省政府部门“依申请公开”指标考核满分。",
        "甲县等2个乡镇场和乙局等5个县直部门达到优秀等次；丙县等3个乡镇场达到良好等次。",
    )
    assert stated(circular) == [
        ("assessed_cities", 14, None),
        ("assessed_departments", 38, None),
        ("category 政务公开: 市州（含新区） 80分以上", 12, None),
        ("category 政务公开: 市州（含新区） 80分以上.change", 2, None),
        ("依申请公开 满分 市州", 3, None),
        ("依申请公开 满分 部门", 9, None),
        ("优秀 乡镇场", 2, None),
        ("优秀 县直部门", 5, None),
        ("良好 乡镇场", 3, None),
    ]


def test_shares_of_a_group_in_an_indicator() -> None:
    circular = find(
        TITLE,
        "现将有关情况通报如下：",
        "例如，决策公开指标（此项总分12分）市州得10分及以上的占93.3%，省政府部门得满分的占101%；特别是“主动公开”指标，部门得满分的占12%。",
    )
    assert stated(circular) == [
        ("决策公开 10分及以上 市州", 93.3, "市州"),
        ("决策公开 满分 省政府部门", 101, "省政府部门"),
        ("主动公开 满分 省政府部门", 12, "省政府部门"),
    ]
    assert circular.statements[1].printed == "101%"


def test_a_thing_and_its_parts() -> None:
    circular = find(
        TITLE,
        "现将有关情况通报如下：",
        "全市现有60个政务新媒体账号中，此次检查合格50个，不合格6个，正在注销4个，合格率89%。",
    )
    assert stated(circular) == [
        ("new_media_accounts", 60, None),
        ("new_media_accounts.合格", 50, None),
        ("new_media_accounts.不合格", 6, None),
        ("new_media_accounts.正在注销", 4, None),
        ("new_media_accounts.合格", 89, "new_media_accounts"),
    ]


def test_rates_of_quality() -> None:
    circular = find(
        TITLE, "现将有关情况通报如下：", "“年报编制”优良率达到85%以上。“第三方评估”优良率为83.3%，同比提高27个百分点。"
    )
    assert [(s.code, float(s.value), s.unit, s.approximate) for s in circular.statements] == [
        ("年报编制优良率", 85, "%", True),
        ("第三方评估优良率", 83.3, "%", False),
        ("第三方评估优良率.change", 27, "个百分点", False),
    ]


def test_disclosure_of_a_quarter_is_of_no_year() -> None:
    circular = find(
        "关于第一季度政府信息公开情况的通报",
        "现将有关情况通报如下：",
        "全市第一季度共主动公开政府信息300条，受理政府信息依申请公开2条。",
        "2023年4月1日",
    )
    assert [(s.code, s.value, s.year) for s in circular.statements] == [
        ("disclosed", 300, None),
        ("requests_received", 2, None),
    ]


_lines = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                TITLE,
                OPENING,
                "附件1",
                "序号",
                "单位",
                "得分",
                "1",
                "甲局",
                "98",
                "较好的部门（按得分排序）为：甲、乙",
                "2、",
            ]
        ),
    ),
    max_size=20,
)


@settings(max_examples=200, deadline=None)
@given(_lines)
def test_never_raises_and_invents_no_figure(lines: list[str]) -> None:
    circular = circulars.find((), passages(TITLE, "现将有关情况通报如下：", *lines), (), {})
    assert circular is not None
    text = "".join(lines) + TITLE + OPENING
    for a in circular.assessments:
        assert all(c in text for c in a.unit)
        assert a.score is None or str(a.score) in text


# -- the real ones -----------------------------------------------------------------------------------------------------------------

SEEDS = (
    "gansu-2021-assessment-circular.txt",
    "gansu-2022-assessment-circular-repost.txt",
    "jinghe-2020-assessment-scores.txt",
    "ganzhou-2021q1-disclosure-circular.txt",
)


@pytest.mark.shared
@pytest.mark.parametrize("name", SEEDS)
def test_seed(shared: Path, name: str) -> None:
    all_gold = json.loads((shared / "gold" / "seeds-circulars.json").read_text("utf-8"))["circulars"]
    gold = next(c for c in all_gold if c["file"] == name)
    lines = (shared / "seeds" / name).read_text("utf-8").split("\n")
    circular = find(*(line for line in lines if line.strip()))
    assert circular.issuer == gold["issuer"]
    assert circular.document_number == gold.get("document_number")
    assert circular.year == gold.get("assessed_year", 2021)
    ranked = [(a.category, a.group_name, a.rank, a.unit) for a in circular.assessments if a.score is None]
    assert ranked == [(r["category"], r["scope"], r["rank"], r["unit"]) for r in gold["rankings"]]
    scored = [(a.table, a.group_name, a.rank, a.unit, a.score) for a in circular.assessments if a.score is not None]
    assert [(*s[:4], float(s[4])) for s in scored] == [
        (s["table"], s["group"], s["rank"], s["unit"], s["score"]) for s in gold["scores"]
    ]
    by_code = {s.code: float(s.value) for s in circular.statements}
    values = [float(s.value) for s in circular.statements]
    for count in gold["counts"]:
        assert count["value"] in values, count["code"]
        if "change" in count:
            assert by_code[f"{count['code']}.change"] == count["change"]
    for share in gold["shares"]:
        if "indicator" in share:
            assert by_code[f"{share['indicator']} {share['threshold']} {share['group']}"] == share["stated"]
        else:
            assert share["stated"] in values, share["text"]


@pytest.mark.shared
def test_real_reports_are_no_circulars(shared: Path) -> None:
    for path in sorted((shared / "reports").glob("*.txt")):
        lines = path.read_text("utf-8").split("\n")
        assert circulars.find((), passages(*lines), (), {}) is None, path.name
    lines = (shared / "seeds" / "quzhou-guangdong-annual-reports.txt").read_text("utf-8").split("\n")
    assert circulars.find((), passages(*lines), (), {}) is None
