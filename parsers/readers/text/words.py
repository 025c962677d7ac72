"""What a short text in a table can be: a figure or a mark, a unit, a label of some form.

Belongs here: deciding that for one piece of text. Does not belong here: which row or column it is (`parsers.tables`),
what the figure is worth (`grammar.figures`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from schemas.characters import has_lost, lost_as_one
from schemas.forms import load_all
from schemas.labels import fold, label

from .markup import STRIP

# Simplified, as after folding.
_UNITS = frozenset(
    ("件", "条", "项", "次", "人", "个", "篇", "份", "宗", "笔", "起", "例", "元", "万元", "亿元", "人次", "期")
)
_UNITS |= {"场", "册", "家", "处", "部", "类", "%", "万件", "万条"}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
# A cell that holds a figure or a mark and nothing else; applied to folded text.
_FIGURE = re.compile(
    rf"(?:约|近|超过?|新增|增加|减少|增|减|[+\-−↑↓±])?[+\-−]?\d[\d,]*(?:\.\d+)?(?:多|余)?(?:{_UNIT})?(?:左右|上下)?[?]*(?:\([^()]*\))?"
    r"|[-—–－―_]+|[/\\⁄∕╱×*○◯〇丨]|无|空|暂无|没有|不涉及|不适用|n/?a|N/?A"
)
# How such a cell can begin, before folding.
_FIGURE_START = re.compile(r"[\d０-９約约近超新增加减減没不无無空暂暫n N/+\-−↑↓±\\*○◯〇×／＊＋—–－―⁄∕╱丨_(（\ufffd]")
_LONGEST_FIGURE, _LONGEST_LABEL = 60, 80
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d年?(?:度|全年)?|上一?年(?:度|同期)?|去年(?:同期)?|[本今]年度?|[上本]期|同期|累计|增减|同比|变化)[数量值额]?(?:\(\w{1,4}\))?"
)
_LONGEST_PERIOD = 14
_NOTE = re.compile(r"(?<=\S)[（(][^（）()]{1,20}[）)]$")
# The number of an item within a label.
_NUMBER = re.compile(r"(?<=\S)（[一二三四五六七八九十]{1,3}）")


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    """Label key → what it can be on some form: ``row``, ``column``, ``head`` (words over columns), ``title``."""
    roles: dict[str, set[str]] = {}

    def add(role: str, texts: Iterable[str | None]) -> None:
        for text in texts:
            if text and (key := label(text).key):
                roles.setdefault(key, set()).add(role)

    for form in load_all():
        for table in form.tables.values():
            for row in table.rows:
                add("head" if table.rows_in_head else "row", (row.label, *row.aliases, row.group, row.parent))
            for column in table.columns:
                add("column", (column.label, *column.aliases))
                add("head", (column.group,))
            add("head" if table.rows_in_head else "row", table.parts)
            add("head", table.stubs)
            add("title", (table.title, *table.titles))
            # The number of an item may be lost: 第二十条第.
            add("row", (_NUMBER.sub("", text) for text in table.parts if _NUMBER.search(text)))
            add("row", (_NUMBER.split(text)[0] for text in table.parts if _NUMBER.search(text)))
    return {key: frozenset(r) for key, r in roles.items()}


@cache
def figures_in_head() -> frozenset[int]:
    """How many figures the line of a table has whose rows stand in its head."""
    tables = [table for form in load_all() for table in form.tables.values() if table.rows_in_head]
    return frozenset(len(table.rows) * len(table.columns) for table in tables)


def roles(text: str) -> frozenset[str]:
    """What a text can be as a label; empty when no form knows it. A printed number rules heads out."""
    if len(text) > _LONGEST_LABEL:
        return frozenset()
    found = label(text)
    known = _vocabulary().get(found.key, frozenset())
    if not known and (m := _NOTE.search(text)):
        # A unit or a note behind the label.
        known = _vocabulary().get(label(text[: m.start()]).key, frozenset())
    return known - {"column", "head"} if found.number is not None and "row" in known else known


def is_label(text: str) -> bool:
    """Whether a text is the label of a row, a column or a group of either."""
    return bool(roles(text.strip(STRIP)) - {"title"})


def is_figure(text: str) -> bool:
    """Whether a text is a figure, or a mark or words that stand for one."""
    if has_lost(text):
        # A figure that lost a digit keeps its cell.
        text = lost_as_one(text, "")
        if not text:
            return True
    if len(text) > _LONGEST_FIGURE or not _FIGURE_START.match(text):
        return False
    return _FIGURE.fullmatch(fold(text)) is not None


def is_period(text: str) -> bool:
    """Whether a text alone names a year or what is set against another: the head of a column that no form has."""
    return len(text) <= _LONGEST_PERIOD and _PERIOD.fullmatch(fold(text)) is not None


def is_unit(text: str) -> bool:
    """Whether a text is a unit alone."""
    return len(text) <= 4 and fold(text) in _UNITS
