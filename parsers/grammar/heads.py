"""What the head of a column says beside a form's labels: which period it is of, that it holds no figures, its unit.

Belongs here: the words that heads of published tables bear and no form has. Does not belong here: the forms' own labels
(`labels`), which column a head stands over (`tables`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from schemas.labels import fold, label

from .figures import COUNT_UNITS, MONEY_UNITS, UNITS

# ``this`` and ``other`` period; ``serial`` numbers and codes; ``remark``: notes, checks, subtotals of the author's own;
# ``unit``; ``blank`` names nothing (数据1, 第2列, -); ``words`` are any others.
HeadKind = Literal["this", "other", "serial", "remark", "unit", "blank", "words"]

# （单位：万元）, (元), …/元, 单位元, …（万件）
_HEAD_UNIT = re.compile(
    rf"[(（\[]?(?:计量)?(?:金额)?单位[:：]?(?:人民币)?(?P<u>{UNITS})[)）\]]?|[(（\[](?:人民币)?(?P<b>{UNITS})[)）\]]|/(?P<s>{UNITS})$"
)
_UNITS_ABOVE = re.compile(r"单位[:：]?(?P<units>[^。；:：]{1,16})")
_MONEY = re.compile("|".join(MONEY_UNITS))
# 单位：万 ⏎ 信息内容 ⏎ 元）: a head broken over lines, with its neighbour's words between them.
_BROKEN_UNIT = re.compile(r"([万亿千百])(?!元)[^、,，]*元[)）]")
_YEAR = re.compile(r"[(（]?(?:19|20)\d\d年?(?:度|全年)?[)）]?")
_YEAR_DIGITS = re.compile(r"(?:19|20)\d\d")
_NOTE = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]?$")

_THIS = {
    *("本年", "本年度", "本期", "当年", "当期", "今年", "全年", "本报告期", "报告期"),
    *("本年数", "本年度数", "本期数", "本期发生", "本年发生"),
}
_OTHER = re.compile(
    r"上一?年|去年|前年|上期|上一?季|同期|累计|历年|往年|以前年|同比|环比|增减|增长|增幅|增加|减少|升降|变化|差额|差异|差数|相差|占比|比重|比例|百分比|比率|[%％]|率$"
)
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d年?(?:度|全年)?|上一?年(?:度|同期)?|去年(?:同期)?|[本今]年度?|[上本]期|同期|累计|增减|同比|变化)[数量值额]?(?:\(\w{1,4}\))?"
)
_LONGEST_PERIOD = 14
_SERIAL = re.compile(
    r"(?:指标|项目|行|栏|列|栏目|内容|事项|单位)?(?:序号?|行次|栏次|列次|行号|代码|编码|编号|代号|号码|顺序号?|排序|号)|no|id|行|栏"
)
_REMARK = re.compile(
    r"备注|备考|备 注|说明|附注|注释|注|校验|校核|审核|核对|核验|检查|勾稽|验证|计算|公式|小计|合计数?核对|填报人|填表人|负责人|联系人|联系电话|来源|情况说明|误差|是否.*|口径|指标解释|解释|依据|状态|时间|日期|填报.*时间"
)
_BLANK = re.compile(
    r"(?:数据|列|栏|字段|值|数|数值|数据列|column|col|unnamed|field|data|value)?:?_?[0-9一二三四五六七八九十]{0,3}|第[0-9一二三四五六七八九十]{1,3}[列栏项]|[a-z]"
)


@dataclass(frozen=True, slots=True)
class HeadWords:
    """A head made comparable: its words without unit, year and note in brackets; ``kind`` where no form knows them.

    ``full`` are the words with their notes. ``year`` is the one it names, ``period`` what its note says of the period.
    """

    key: str
    full: str
    unit: str | None
    year: int | None
    period: Literal["this", "other"] | None
    kind: HeadKind


@lru_cache(maxsize=16_384)
def head_words(text: str) -> HeadWords:
    """What one head says."""
    folded = fold(text)
    unit = None
    if m := _HEAD_UNIT.search(folded):
        unit = m["u"] or m["b"] or m["s"]
        folded = folded[: m.start()] + folded[m.end() :]
    years = {int(y) for y in _YEAR_DIGITS.findall(folded) if not re.search(rf"\d{y}|{y}\d", folded)}
    folded = _YEAR.sub("", folded)
    full = label(folded).key
    period: Literal["this", "other"] | None = None
    if m := _NOTE.search(folded):
        note = label(m[0]).key
        if note in _THIS:
            period = "this"
        elif note and _kind(note) in ("other", "serial", "remark"):
            period = "other"
        if folded[: m.start()].strip():
            folded = folded[: m.start()]
    key = label(folded).key
    year = years.pop() if len(years) == 1 else None
    return HeadWords(key, full, unit, year, period, _kind(key))


def is_period(text: str) -> bool:
    """Whether a text alone names a year or what is set against another: the head of a column that no form has."""
    return len(text) <= _LONGEST_PERIOD and _PERIOD.fullmatch(fold(text)) is not None


def unit_of_money(text: str) -> str | None:
    """The unit of money that a line above a table says: 单位：件、万元."""
    folded = fold(text)
    m = _UNITS_ABOVE.search(folded) if "单位" in folded else None
    if m is None:
        return None
    if broken := _BROKEN_UNIT.match(m["units"]):
        return f"{broken[1]}元" if broken[1] + "元" in MONEY_UNITS else None
    found = set(_MONEY.findall(m["units"]))
    return found.pop() if len(found) == 1 else None


def _kind(key: str) -> HeadKind:
    key = key.casefold()
    if key in _THIS:
        return "this"
    if _SERIAL.fullmatch(key):
        return "serial"
    if key in COUNT_UNITS or key in ("单位", "计量单位"):
        return "unit"
    if _BLANK.fullmatch(key):
        return "blank"
    if _REMARK.fullmatch(key):
        return "remark"
    if _OTHER.search(key):
        return "other"
    return "words"
