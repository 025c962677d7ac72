"""Ranked lists and score tables of a circular, as assessments.

Belongs here: lists in sentences, tables with cells, tables in running lines. Does not belong here: figures that
sentences state (`sentences`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from parsers.document import Table
from parsers.prose.statements.lexicon import folded
from schemas.facts import Assessment, Passage, Value

from .blocks import Block, Categories, bare, wide
from .data import Data

# A bare page number has at most two digits here: 120急救中心 is a name.
_PAGES = r"(?:第\d{1,3}页(?:共\d{1,3}页)?|(?<!\d)\d{1,2}(?!\d)|[-—－–\s])+"
_EDGE = re.compile(rf"^{_PAGES}|{_PAGES}$")
# 等市州, 等县(市、区): the list does not claim to be complete.
_OPEN_END = re.compile(r"等[\u4e00-\u9fff]{0,8}(?:\([^)]*\))?[\u4e00-\u9fff]{0,4}$")
_ATTACHMENT = re.compile(r"附[件表]\d{0,2}")
_CELLS = re.compile(r"\s*\|\s*|\t+|\s{1,}")
_SCORE = re.compile(r"\d{1,3}(?:\.\d{1,3})?分?")

# -- ranked lists ------------------------------------------------------------------------------------------------------


def ranked(block: Block, categories: Categories, data: Data) -> list[Assessment]:
    """工作开展较好的市州(按得分排序)有: A、B、C. Page numbers run into a list do not break it."""
    found: list[Assessment] = []
    for m in data.listed.finditer(block.text):
        category = categories.at(block, m.start())
        ordered = data.ranked.search(m["how"] or "") is not None
        categories.ordered = categories.ordered or (ordered and "下同" in m["how"])
        if ordered or categories.ordered:
            group = wide(data.groups.get(m["g"], m["g"]))
            names = _items(block, m.start("items"), m["items"])
            found.extend(
                Assessment(category, None, group, rank, name, None) for rank, name in enumerate(names, start=1)
            )
    return found


def _items(block: Block, start: int, items: str) -> Iterator[str]:
    """The names of a list as printed, without what a page end left among them."""
    at = start
    for item in re.split(r"[、,]", _OPEN_END.sub("", items)):
        printed = bare(block.printed(at, at + len(item)))
        at += len(item) + 1
        name = _EDGE.sub("", printed)
        if len(name) > 1:
            yield name


# -- score tables ------------------------------------------------------------------------------------------------------


@dataclass
class _Caption:
    """What stands above a score table: the attachment it is, its title, the group of its rows."""

    table: str | None = None
    title: str | None = None
    group: str | None = None

    def notice(self, text: str) -> None:
        """A line above the table."""
        line = bare(text)
        key = folded(line).text
        if _ATTACHMENT.fullmatch(key):
            self.table, self.title, self.group = line, None, None
        elif len(key) <= 12 and re.fullmatch(r"[\u4e00-\u9fff()、“”]+", key):
            self.group = line
        elif 6 < len(key) <= 60 and not re.search(r"[。;!?]", key):
            self.title, self.group = line, None


def scores(passages: Sequence[Passage], tables: Sequence[Table], place: str, data: Data) -> list[Assessment]:
    lines = [p.text for p in passages]
    found = _scores_in_lines(lines, place, data)
    for table in tables:
        rows = [[c.text if c is not None else "" for c in row] for row in table.grid()]
        caption = _Caption()
        line = table.line or (table.cells[0].line if table.cells else None)
        for passage in passages:
            if line is None or (passage.place.line or 0) < line:
                caption.notice(passage.text)
        found.extend(_scores_in_rows(rows, caption, place, data))
    return found


@dataclass(frozen=True)
class _Head:
    """The columns of a score table's head; ``rank`` is None where it has none."""

    rank: int | None
    name: int
    score: int
    group: str | None

    @property
    def width(self) -> int:
        return self.score + 1


def _head(cells: Sequence[str], place: str, data: Data) -> _Head | None:
    """A head of a score table in these cells, from the first on."""
    keys = [folded(c).text for c in cells[:3]]
    rank = 0 if keys and keys[0] in data.rank_heads else None
    name = 1 if rank is not None else 0
    if len(keys) < name + 2 or keys[name + 1] not in data.score_heads or len(keys[name]) > 24:
        return None
    plain = re.sub(r"\([^)]*\)$", "", keys[name])
    if not plain.endswith(data.name_ends):
        return None
    group = bare(cells[name]).removeprefix(place).removesuffix("名称")
    return _Head(rank, name, name + 1, wide(group) if group not in ("单位", "部门", "地区", "机构", "") else None)


def _row(cells: Sequence[str], head: _Head) -> tuple[int | None, str, Value] | None:
    """Rank, unit and score of a row, if it is one."""
    if len(cells) < head.width:
        return None
    rank = folded(cells[head.rank]).text if head.rank is not None else None
    name, score = bare(cells[head.name]), folded(cells[head.score]).text
    if (rank is not None and not (rank.isdecimal() and len(rank) <= 3)) or not _SCORE.fullmatch(score):
        return None
    if not name or folded(name).text.replace(".", "").isdecimal():
        return None
    number = Decimal(score.removesuffix("分"))
    value: Value = int(number) if number == number.to_integral_value() else number
    return (int(rank) if rank is not None else None), name, value


def _assessment(
    row: tuple[int | None, str, Value], head: _Head, caption: _Caption, place: str, data: Data
) -> Assessment:
    rank, unit, score = row
    category = _field_of(caption.title or "", place, data)
    group = caption.group if caption.group is not None else head.group
    return Assessment(category, caption.table, wide(group) if group else None, rank, unit, score)


def _field_of(title: str, place: str, data: Data) -> str:
    """The field that a table's title says was assessed: 2020年某县政务公开年度绩效考核评分表 → 政务公开."""
    quoted = re.search(r"[“\"]([^”\"]+)[”\"]", title)
    if quoted is not None:
        return quoted[1]
    text = re.sub(r"(?:20)?\d\d年度?", "", title).removeprefix(place)
    return data.caption.split(text, maxsplit=1)[0] or title


def _scores_in_lines(lines: Sequence[str], place: str, data: Data) -> list[Assessment]:
    """Score tables in running lines: one cell a line, or a row a line."""
    found: list[Assessment] = []
    caption = _Caption()
    i = 0
    while i < len(lines):
        split = [c for c in _CELLS.split(lines[i].strip()) if c]
        head, step = _head(split, place, data), 1
        if head is None:
            head, step = _head(lines[i : i + 3], place, data), 3
            step = head.width if head is not None else 1
        if head is None:
            caption.notice(lines[i])
            i += 1
            continue
        i += step
        while i < len(lines):
            cells = lines[i : i + step] if step > 1 else [c for c in _CELLS.split(lines[i].strip()) if c]
            row = _row(cells, head)
            if row is None:
                break
            found.append(_assessment(row, head, caption, place, data))
            i += step
        caption.group = None
    return found


def _scores_in_rows(rows: Sequence[Sequence[str]], caption: _Caption, place: str, data: Data) -> list[Assessment]:
    """Score tables with cells; two or three of them may stand side by side under one head."""
    found: list[Assessment] = []
    heads: list[tuple[int, _Head]] = []
    for cells in rows:
        new: list[tuple[int, _Head]] = []
        k = 0
        while k < len(cells):
            head = _head(cells[k:], place, data)
            if head is not None:
                new.append((k, head))
            k += head.width if head is not None else 1
        if new:
            heads = new
            continue
        distinct = {c for c in cells if c}
        if len(distinct) == 1 and not any(_row(cells[k:], h) for k, h in heads):
            caption.notice(next(iter(distinct)))
        for k, head in heads:
            row = _row(cells[k:], head)
            if row is not None:
                found.append(_assessment(row, head, caption, place, data))
    return found
