"""Who reports: a real division, a kind of body, and how its name is written on a page.

Belongs here: names of bodies and what an answer to "who issued this?" may be. Does not belong here: titles around the
names (`report`) and what sites print near them (`saved`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.wild.drawing import Draw

_DIVISIONS = Path(__file__).parents[2] / "schemas/divisions.csv"
_DEPARTMENTS = [
    "教育局",
    "民政局",
    "财政局",
    "司法局",
    "水利局",
    "水务局",
    "农业农村局",
    "卫生健康委员会",
    "卫生健康局",
    "发展和改革局",
    "发展和改革委员会",
    "人力资源和社会保障局",
    "自然资源局",
    "自然资源和规划局",
    "住房和城乡建设局",
    "交通运输局",
    "文化和旅游局",
    "文化广电和旅游局",
    "应急管理局",
    "审计局",
    "统计局",
    "医疗保障局",
    "市场监督管理局",
    "城市管理局",
    "信访局",
    "退役军人事务局",
    "工业和信息化局",
    "商务局",
    "科学技术局",
    "行政审批服务局",
    "林业局",
    "公安局",
    "民族宗教事务局",
    "乡村振兴局",
    "机关事务管理局",
]
# Towns are made up of two of these; a town may share its name with a place elsewhere, as real ones do.
_FIRST = [
    "石",
    "柳",
    "双",
    "大",
    "白",
    "清",
    "龙",
    "青",
    "高",
    "沙",
    "李",
    "王",
    "张",
    "杨",
    "红",
    "古",
    "金",
    "新",
    "三",
    "黄",
    "马",
    "太",
    "永",
    "和",
    "平",
]
_SECOND = [
    "桥",
    "河",
    "店",
    "庄",
    "塘",
    "泉",
    "岗",
    "湖",
    "溪",
    "坪",
    "沟",
    "集",
    "山",
    "林",
    "堡",
    "寨",
    "滩",
    "湾",
    "楼",
    "井",
    "坝",
    "岭",
    "渡",
    "埠",
    "墩",
]


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    name: str
    level: str
    parent: str
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Body:
    """One authority: the name it goes by, the division it belongs to, and every right way to name it."""

    name: str
    kind: str
    division: Division
    # What people call it within its own text: 我县, 我局, 我镇.
    we: str
    accepted: frozenset[str]
    # The name with the prefecture (and province) in front.
    long_name: str


@cache
def divisions() -> dict[str, Division]:
    """All divisions that once were; of two entries for one code the last."""
    with _DIVISIONS.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if not r["inferred"] and r["level"] != "zone"]
    return {
        r["code"]: Division(
            r["code"],
            r["name"],
            r["level"],
            r["parent"],
            int(r["valid_from"] or 0),
            int(r["valid_to"] or 9999),
        )
        for r in rows
    }


@cache
def _candidates(level: str) -> list[Division]:
    """Divisions that were there, under this name, all through the years we draw."""
    names: dict[str, int] = {}
    for division in divisions().values():
        names[division.name] = names.get(division.name, 0) + 1
    return [
        d
        for d in divisions().values()
        if d.level == level
        and d.since <= 2018
        and d.until > 2026
        and d.name not in ("市辖区", "县", "省直辖县级行政区划")
        and (level != "county" or d.parent in divisions())
    ]


@cache
def is_unique(name: str) -> bool:
    return sum(d.name == name for d in divisions().values()) == 1


def _prefixes(division: Division) -> list[str]:
    """What may stand in front of the name: nothing, the prefecture, province and prefecture, the province."""
    above: list[str] = []
    at = divisions().get(division.parent)
    while at:
        above.insert(0, at.name)
        at = divisions().get(at.parent)
    return ["", *("".join(above[i:]) for i in range(len(above) - 1, -1, -1)), *above[:1]]


def draw_body(draw: Draw) -> Body:
    kind = draw.pick(
        "body",
        {"county": 28, "prefecture": 8, "office": 6, "department": 30, "city department": 10, "town": 13, "street": 5},
    )
    level = "prefecture" if kind in ("prefecture", "city department") else "county"
    division = draw.one(_candidates(level))
    unit = division.name[-1] if division.name[-1] in "县市区旗州盟" else "区"
    we = f"我{unit}"
    if kind in ("county", "prefecture"):
        tail, kind = "人民政府", "government"
    elif kind == "office":
        tail, we = "人民政府办公室", "我办"
    elif kind in ("department", "city department"):
        tail, kind = draw.one(_DEPARTMENTS), "department"
        we = "我委" if tail.endswith("委员会") else "我局"
    elif kind == "town":
        town = draw.one(_FIRST) + draw.one(_SECOND)
        suffix = draw.weighted({"镇": 3, "乡": 1})
        tail, we, kind = f"{town}{suffix}人民政府", f"我{suffix}", "township"
    else:
        tail, we, kind = f"{draw.one(_FIRST)}{draw.one(_SECOND)}街道办事处", "我街道", "township"
    prefixes = _prefixes(division)
    accepted = {f"{p}{division.name}{tail}" for p in prefixes}
    # A short place name that several places share cannot be told on its own.
    long = not is_unique(division.name) or draw.chance(0.35, "name with the prefecture")
    name = f"{prefixes[1] if long and len(prefixes) > 1 else ''}{division.name}{tail}"
    return Body(name, kind, division, we, frozenset(accepted), f"{prefixes[-2]}{division.name}{tail}")
