"""What the heads of columns say beside the forms' labels."""

from __future__ import annotations

import pytest

from parsers.grammar.heads import head_words, unit_of_money


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        *(
            (text, "serial")
            for text in ("序号", "行次", "代码", "指标代码", "栏次", "编 号", "项目编码", "行号", "NO.")
        ),
        *((text, "remark") for text in ("备注", "备 注", "说明", "校验", "审核", "小计", "填报人", "来源")),
        *(
            (text, "other")
            for text in ("上年", "去年", "上年同期", "累计", "上年总计", "同比增减", "增减", "增长率", "比上年")
        ),
        *((text, "this") for text in ("本年", "本期", "本年度", "当年", "本年数")),
        *((text, "blank") for text in ("", "-", "数据1", "数据 12", "第3列", "列2", "1", "二", "A", "数值", "/")),
        *((text, "unit") for text in ("单位", "计量单位", "件", "人次")),
        *((text, "words") for text in ("自然人", "城关镇", "个人", "企业单位", "统计数", "结果维持")),
    ],
)
def test_kinds(printed: str, kind: str) -> None:
    assert head_words(printed).kind == kind


@pytest.mark.parametrize(
    ("printed", "key", "unit"),
    [
        ("本年收费金额（单位：万元）", "本年收费金额", "万元"),
        ("本年收费金额（元）", "本年收费金额", "元"),
        ("收费金额/元", "收费金额", "元"),
        ("采购总金额(亿元)", "采购总金额", "亿元"),
        ("收费金额（单位：人民币元）", "收费金额", "元"),
        ("处理决定数量（万件）", "处理决定数量", "万件"),
        ("处理决定数量\n（件）", "处理决定数量", "件"),
        ("本年处理决定数量（指全年办件量）", "本年处理决定数量", None),
        ("自然人", "自然人", None),
    ],
)
def test_units_and_notes(printed: str, key: str, unit: str | None) -> None:
    words = head_words(printed)
    assert (words.key, words.unit) == (key, unit)


@pytest.mark.parametrize(
    ("printed", "year", "period"),
    [
        ("2023年", 2023, None),
        ("2023年度数量", 2023, None),
        ("本年(2023)制发件数", 2023, None),
        ("自然人（上年）", None, "other"),
        ("总计（本年）", None, "this"),
        ("2022年与2023年", None, None),
        ("自然人（含境外）", None, None),
    ],
)
def test_years_and_periods(printed: str, year: int | None, period: str | None) -> None:
    words = head_words(printed)
    assert (words.year, words.period) == (year, period)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"),
        ("单位：件、元", "元"),
        ("（单位：万\n信息内容\n元）", "万元"),
        ("（单位：百\n元）", "百元"),
        ("件", None),
    ],
)
def test_the_unit_of_money_that_a_line_says_is_read_whole(line: str, unit: str | None) -> None:
    assert unit_of_money(line) == unit
