"""What a body's row on a roster says beside its name: days, whom to ask, remarks.

Belongs here: entries as people write them, under the heads of their columns. Does not belong here: finding heads and rows
(`roster_file`), what follows from a day (`roster`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from checks import day_written
from gouji.words import Lang, say
from schemas.labels import fold

from .sheets import Row

CONTACT = ("联系人", "经办人", "联络员", "填报人", "负责人", "分管领导", "姓名", "contact")
TELEPHONE = ("电话", "联系电话", "手机", "手机号", "手机号码", "办公电话", "联系方式", "telephone")
REMARK = ("备注", "备注说明", "情况说明", "说明", "remark", "remarks")
# Days from here on are of the report's year itself.
_AUTUMN = 9
# The 29th of February is a day in some years.
_LEAP_YEAR = 2023
_MONTH_DAY = re.compile(
    r"^(?:于|至|截[止至]|最迟|[不最]晚于?|不迟于)?[:：]?(?:次年|明年|当年)?(\d{1,2})(?:月(\d{1,2})[日号]?|[/.-](\d{1,2})|月([底末]))"
    r"(?:[(（].*|[上下中]午.*|下班.*|\s*\d{1,2}[:：时点].*)?(?:前|之前|以前|止|为止)?$"
)
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
# What a remark says of a body from which nothing is to come.
_EXCUSED = re.compile(
    r"(?<![未没不])(?:撤销|撤并|合并|并入|划入|划归|划转|注销)|(?:无需|不用|不必|不需要?|免于|不再)(?:单独|另行|再)?(?:报|编|发布|公开)|(?<!负责)代为?(?:报|编)"
    r"|(?:自行|另行|单独)(?:公开|发布|报送|编制)|垂直?管"
)

_OWN = re.compile(r"^(?:本机关|本单位|本办|我办|我单位)(?:$|[(，,；;。、])")
# 未与工信局合并: what follows has not come about.
_NOT_YET = re.compile(r"[未没不](?:曾|有)?[与和同][^，,。；;]*")
_RENAMED = re.compile(
    r"(?:(?<![未没不])(?:更名|改名|改称|合并|重组|改组|组建|整合)(?:组建|成立)?(?:为|成)|(?:合并|重组|改组|整合)(?:组建|成立)|现名|现称|现为)[:：“\"]?"
    r"(?P<name>[\u4e00-\u9fff]{1,24}(?:局|办公室|委员会|委|中心|街道办事处|街道|镇|乡|人民政府))"
)


def day_of(value: object, year: int | None) -> date | None:
    """A day as people write it. One without its year (1月20日前, 1月底) is of the months after the report's year, or its last."""
    if value is None or (day := day_written(value)) is not None:
        return day if value is not None else None
    m = _MONTH_DAY.match(fold(value)) if year is not None and isinstance(value, str) else None
    if m is None or year is None:
        return None
    month = int(m[1])
    of_year = year + (month < _AUTUMN)
    try:
        last = m[4] and monthrange(of_year, month)[1]
        return date(of_year, month, last or int(m[2] or m[3]))
    except ValueError:
        return None


def why_no_day(text: str, lang: Lang) -> str:
    """What to say of a text that is to be a day and is none: that there is no such day, or how a day is written."""
    plain = fold(text)
    m = _YEAR_MONTH_DAY.search(plain) or _MONTH_DAY.match(plain)
    numbers = [int(g) for g in m.groups() if g and g.isdecimal()] if m is not None else []
    return say(lang, "no_such_day" if len(numbers) > 1 else "bad_day", day=text)


def is_day(value: object) -> bool:
    """Whether a value says a day once the report's year is known."""
    return day_of(value, _LEAP_YEAR) is not None


# 与工信局合并为…, 由科技局、工信局合并组建…: who goes into the new body with the one that the remark is on.
_MERGED_WITH = re.compile(
    r"(?<![未没不])(?:与|和|同|由)(?P<names>[\u4e00-\u9fff、]{2,40}?)(?:等(?:单位|部门)?)?(?:职[能责])?(?<![未没不])(?:合并|重组|整合)(?:组建|成立)?(?:为|成|(?<=组建)|(?<=成立))"
)


def partners(row: Row) -> list[str]:
    """Who a row's remark says has gone into a new body together with the row's own."""
    found = _MERGED_WITH.search(fold(by_head(row, REMARK) or ""))
    if found is None:
        return []
    # 工业和信息化局 is one name.
    return list(dict.fromkeys(n for marks in ("、", "[、和与及]") for n in re.split(marks, found["names"]) if n))


def is_made_of_others(row: Row) -> bool:
    """Whether a row's remark says of which others its own body was made: 由科技局、工信局合并组建."""
    found = _MERGED_WITH.search(fold(by_head(row, REMARK) or ""))
    return found is not None and found[0].startswith("由")


def excused(row: Row) -> str | None:
    """What a row remarks of a body from which nothing is to come: done away with, reports elsewhere."""
    remark = str(by_head(row, REMARK) or "").strip()
    said = _NOT_YET.sub("", remark)
    return remark if _EXCUSED.search(said) or _MERGED_WITH.search(fold(said)) else None


def is_own(row: Row) -> bool:
    """Whether a row remarks that the body is the one that keeps the list."""
    return _OWN.match(fold(by_head(row, REMARK) or "")) is not None


def renamed(row: Row) -> str | None:
    """What a row remarks that a body is called by now, or has become part of: 更名为…, 合并为…."""
    found = _RENAMED.search(fold(by_head(row, REMARK) or ""))
    return found["name"] if found is not None else None


def by_head(row: Row, heads: Sequence[str]) -> object:
    """A row's entry under the first of these heads that it has one under."""
    named = {fold(k).lower(): v for k, v in row.items()}
    return next((v for h in heads if (v := named.get(fold(h).lower())) not in (None, "")), None)


def whom_to_ask(row: Row) -> tuple[str | None, str | None]:
    """A row's contact and the telephone that is this one's: the one behind the name, not another person's."""
    contacts, telephones = ({fold(h) for h in heads} for heads in (CONTACT, TELEPHONE))
    people: dict[str, str | None] = {}
    called: list[str] = []
    of_office: str | None = None
    answered = False
    for head, value in row.items():
        name = fold(head).lower()
        if value in (None, ""):
            continue
        if name in contacts:
            called = [name] if answered else [*called, name]
            answered = False
            people[name] = None
        elif name in telephones:
            answered = True
            text = as_text(value)
            for each in called:
                people[each] = people[each] or text
            of_office = of_office or (text if not called else None)
    order = [h for h in CONTACT if fold(h) in people]
    if not order:
        return None, of_office
    first = next((h for h in order if people[fold(h)]), order[0])
    return as_text(by_head(row, [first])), people[fold(first)] or of_office


def as_text(value: object) -> str:
    """A cell for a person to read; a telephone number is no amount."""
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value).strip()
