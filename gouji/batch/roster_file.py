"""The list of those who must report, as people keep it: which rows are bodies, under which heads.

Belongs here: finding the heads, several sheets and lists side by side, rows that are groups, remarks and sums, names as
they are written. Does not belong here: reading files (`sheets`), what else a body's row says (`roster_entries`), which body a
name means (`schemas.bodies`), who has handed in (`roster`).

Nothing is left out silently: what was taken for no body, and every choice between sheets, is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise, zip_longest
from pathlib import Path

from checks.rules import data
from schemas.bodies import body_named
from schemas.labels import fold

from .roster_entries import CONTACT, TELEPHONE, day_of
from .sheets import HEADS_WITHIN, Grid, Row, bare_head, folded, grids, head_of, no_heads, text_lines

_NUMBERED = re.compile(r"^[(（]?\d{1,3}[)）、.．]\s*(?=\D)")
_GROUP_NUMBER = re.compile(r"^[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
# 县直部门（25个）, 各乡镇（街道）, 垂管单位: what bodies are, not one of them.
_GROUP = re.compile(
    r"[县市区省]?(?:各|直属?|级|属|政府)*(?:(?:组成|工作|职能|双管|垂直?管理?|派出|其他|有关)*(?:部门|单位|机构|机关)|乡镇|镇街|镇乡|乡|镇|街道|办事处"
    r"|园区|开发区|场|、|和|及)+[:：]?"
)
_SUM = r"(?:单位|部门|乡镇)?(?:合计|总计|小计|共计|总共|总数|共)"
_REMARK = re.compile(
    rf"^(?:注|备注|说明|合计|总计|小计|{_SUM}[:：]?(?:\d|$)|填表|制表|审核|联系人|填报时间|截止|抄送)|[。；！？;]"
)
# In a column before the names: what its whole row is. 一, （二）: the number of a group, where others are numbered 1, 2.
_SAYS_NONE = re.compile(rf"^(?:{_SUM}|注|备注|说明|附注)[:：]?$|^(?:注|备注|说明)[:：]")
_GROUP_ONLY = re.compile(r"^[(（]?[一二三四五六七八九十]{1,3}[)）、.．]?$")
# 60个单位, 共 60 家: how many there are.
_HOW_MANY = re.compile(rf"^(?:{_SUM}|计|以上)*\d+(?:个|家)\w{{0,6}}$")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_TOWN_HEAD = re.compile(r"[镇乡街]")
_COUNTING_HEAD = re.compile(r"^(?:序号|编号|顺序号|次序|No\.?)$", re.IGNORECASE)
# Between the names of several bodies in one cell or line, outside brackets.
_BETWEEN = re.compile(r"[、，,；;\n\t](?![^(（]*[)）])")
_LEADING = re.compile(r"^[^:：、，,；;]{1,20}[:：]")
# Marks that people put before or behind a name to tell of something else.
_STARS = re.compile(r"^[*＊★☆▲△●○■□※#]+|[*＊★☆▲△●○■□※#]+$")
# A head of the column of names in words of its own (被考核单位, 公开主体名称), and what is none (主管部门).
_NAME_HEAD = re.compile(r"(?:单位|部门|机关|机构|主体|乡镇|镇街|街道)(?:名称|全称|简称)?$")
_NO_NAME_HEAD = re.compile(r"^(?:主管|联系|分管|牵头|上级|审核|隶属|指导|挂靠)|类|性质|数")
# Days in a cell that has no format of a day, as Excel counts them.
_SERIAL = (40_000, 60_000)
_TITLE_YEAR = re.compile(r"(20\d\d)年(?:度|政府信息公开|政务公开|年报)")
_DUE_HEAD = re.compile(r"期限|时限|截止|应报|最迟|要求.*(?:日期|时间)")
_RECEIVED_HEAD = re.compile(
    r"^(?:实际|首次|初次)?(?:报送|上报|提交|收到|接收|收件|收稿|交稿|报来|送达|签收)(?:日期|时间|日)$"
    r"|^(?:实际)(?:报送|上报|提交|交稿)$|^(?:报送|上报|提交|交稿)(?:情况|日期|时间)?实际(?:日期|时间)?$"
)
# So many of a column's values are bodies where it is the list though no head says so.
_MOSTLY = 0.8
# A sheet of which so many names stand on another already is another edition of the list.
_EDITION = 0.5
# So much of a line that is no body's is shown.
_SHOWN = 20
# Fewer bodies in lines of a text are no list: a letter names two.
_LEAST_LINES = 3


@dataclass
class Listed:
    """The rows of a list, each under the heads of its columns; what a person has to know of how it was read."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(path: Path) -> Listed:
    """Raises `SheetError` (no column of names), OSError."""
    heads = _heads()
    out = Listed()
    found = list(_joined(grids(path)))
    headed = [(grid, at) for grid in found if (at := _head_line(grid)) is not None]
    if not headed and (lines := _in_lines(text_lines(path), out)) is not None:
        headed = [(lines, 0)]
    if headed:
        parts = [(grid, list(_blocks(grid, at)), _year(grid, at)) for grid, at in headed]
    else:
        parts = [(grid, list(_unheaded(grid, out)), None) for grid in found]
        if not any(blocks for _, blocks, _ in parts):
            raise no_heads(path, heads["name"])
    taken: set[str] = set()
    for grid, blocks, year in parts:
        rows = [row for block in blocks for row in _members(block, grid, year, out)]
        names = {_name(row) for row in rows}
        again = names & taken
        if taken and len(again) > _EDITION * len(names):
            out.notes.append(f"名单里表“{grid.name}”的单位大多与前面的表相同，没有再用。")
            continue
        if taken and names and grid.name:
            out.notes.append(f"名单用了多张表，“{grid.name}”里有 {len(names - again)} 个单位。")
        taken |= names
        out.rows += rows
    out.rows = list(_once(out.rows))
    out.notes += _unused(headed, {_name(row) for row in out.rows})
    out.notes = list(dict.fromkeys(out.notes))
    return out


def _unused(headed: Sequence[tuple[Grid, int]], taken: set[str]) -> Iterator[str]:
    """Columns of bodies of which none was taken for the list's: told, lest half a list is lost."""
    aliases = _wanted("aliases")
    for grid, at in headed:
        for column, head in enumerate(grid.lines[at]):
            lines = [(n, line) for n, line in enumerate(grid.lines) if n > at and n not in grid.wide]
            if head is None or _NO_NAME_HEAD.search(bare_head(head)) or head_of(head, aliases) is not None:
                # Other names of the list's own bodies are taken as such.
                continue
            if not _are_bodies(column, lines):
                continue
            values = {fold(str(line[column])) for _, line in lines if column < len(line) and line[column]}
            if not any(name in value for value in values for name in taken):
                yield f"名单里“{bare_head(head)}”一列也像是单位，没有当作应报单位；要算，请放到“{_heads()['name'][0]}”一列。"


def _heads() -> dict[str, list[str]]:
    heads: dict[str, list[str]] = data("rules.toml")["roster"]
    return heads


def _wanted(*which: str) -> set[str]:
    return {fold(h).lower() for w in which for h in _heads()[w]}


def _all_heads() -> set[str]:
    return _wanted("name", "due", "received", "parent", "not_summed", "aliases") | {
        fold(h) for h in CONTACT + TELEPHONE
    }


def _joined(given: Iterable[Grid]) -> Iterator[Grid]:
    """Tables of a document, those that only go on below a page's end or a line of text put to the one before."""
    last: Grid | None = None
    for grid in given:
        if last is not None and not grid.name and _width(grid) == _width(last) and _head_line(grid) is None:
            last.wide |= {len(last.lines) + r for r in grid.wide}
            if grid.above:
                last.lines.append([grid.above])
            last.lines += grid.lines
            continue
        if last is not None:
            yield last
        last = grid
    if last is not None:
        yield last


def _width(grid: Grid) -> int:
    return max((len(line) for line in grid.lines), default=0)


# -- heads ---------------------------------------------------------------------------------------------------------


def _head_line(grid: Grid) -> int | None:
    """The line of heads: one that names the column of bodies, else one that names others, over a column of bodies.

    A merged title is none.
    """
    lines = [(i, line) for i, line in enumerate(grid.lines[: HEADS_WITHIN + 1]) if i not in grid.wide]
    names, others = _wanted("name"), _all_heads() | {"序号"}
    for is_head in (
        lambda v: head_of(v, names) is not None,
        _may_be_names,
        lambda v: (
            head_of(v, others) is not None or _DUE_HEAD.search(bare_head(v)) or _RECEIVED_HEAD.search(bare_head(v))
        ),
    ):
        for i, line in lines:
            if any(is_head(v) for v in line) and any(
                _is_body(folded(v)) for later in grid.lines[i + 1 :] for v in later
            ):
                return i
    return next((i for i, line in lines if any(head_of(v, names) for v in line)), None)


def _may_be_names(value: object) -> bool:
    bare = bare_head(value)
    if _GROUP_NUMBER.match(bare) or _is_group(bare):
        return False
    return bool(_NAME_HEAD.search(bare)) and not _NO_NAME_HEAD.search(bare) and not _is_body(fold(bare).lower())


@dataclass
class _Block:
    """One list of a grid: its lines with their numbers (from 0), the heads of its columns, where the names stand."""

    heads: list[str]
    lines: list[tuple[int, Sequence[object]]]
    name: int


def _blocks(grid: Grid, at: int) -> Iterator[_Block]:
    """The lists under a line of heads: mostly one; lists side by side each by itself."""
    all_heads, names = _all_heads(), _wanted("name")
    heads = [_called(v, all_heads) for v in grid.lines[at]]
    first = at + 1
    if first < len(grid.lines) and _is_second_head(grid.lines[first], heads, all_heads):
        below = [_called(v, all_heads) if v else "" for v in grid.lines[first]]
        heads = _both(heads, below)
        first += 1
    lines = list(enumerate(grid.lines))[first:]
    columns = [c for c, h in enumerate(heads) if fold(h).lower() in names]
    if not columns:
        # By its own words, or by what stands below it, the column of names; it is called like all others.
        width = max(len(heads), *(len(line) for _, line in lines), 0)
        heads += [""] * (width - len(heads))
        likely = [c for c, h in enumerate(heads) if _may_be_names(h)] or list(range(width))
        best = max(likely, key=lambda c: _bodies(c, lines))
        heads[best], columns = _heads()["name"][0], [best]
    sides = _side_by_side(heads, lines, columns)
    if len(sides) > 1:
        for left, right, name in sides:
            others = [c for c in columns if left <= c < right]
            mine = _without_others(heads, others, name)[left:right]
            mine[name - left] = _heads()["name"][0]
            yield _Block(mine, [(n, line[left:right]) for n, line in lines], name - left)
        return
    best = _best(columns, heads, lines)
    yield _Block(_without_others(heads, columns, best), lines, best)


def _side_by_side(
    heads: Sequence[str], lines: Sequence[tuple[int, Sequence[object]]], columns: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Lists that stand side by side: each its first column, the one behind its last, its column of names."""
    again = [c for c in columns if heads[c] == heads[columns[0]]]
    if len(again) > 1:
        # 序号 单位 联系人 序号 单位 联系人
        before = again[0]
        return [(c - before, d - before, c) for c, d in pairwise([*again, len(heads) + before])]
    # 序号 部门 电话 序号 乡镇（街道） 手机: each begins with a column that counts.
    counts = [c for c, h in enumerate(heads) if _COUNTING_HEAD.match(h) and (c == 0 or heads[c - 1] != h)]
    if len(counts) > 1:
        sides = []
        for left, right in pairwise([0, *counts[1:], len(heads)]):
            within = [c for c in columns if left <= c < right] or [
                c for c in range(left, right) if _are_bodies(c, lines)
            ]
            if within and _bodies(name := _best(within, heads, lines), lines):
                sides.append((left, right, name))
        return sides
    # 部门 beside 乡镇（街道）, each a list of its own, with what stands behind it.
    best = _best(columns, heads, lines)
    towns = bool(_TOWN_HEAD.search(heads[best]))
    starts = [c for c in columns if c == best or (bool(_TOWN_HEAD.search(heads[c])) != towns and _are_bodies(c, lines))]
    return [(c if i else 0, d, c) for i, (c, d) in enumerate(pairwise([*starts, len(heads)]))]


def _both(heads: Sequence[str], below: Sequence[str]) -> list[str]:
    """Heads in two lines as one: below 联络员 stands 姓名, which is the 联络员's; of several people the one to be asked."""
    people = [h for h in CONTACT if any(h == u and fold(b) == "姓名" for u, b in zip(heads, below, strict=False))]
    out = []
    for upper, lower in zip_longest(heads, below, fillvalue=""):
        person = upper in CONTACT and bool(lower) and lower != upper
        both = bare_head(f"{upper}{lower}")
        if lower and lower != upper and (_RECEIVED_HEAD.search(both) or _DUE_HEAD.search(both)):
            # Below 报送 stand 时限 and 实际.
            out.append(_called(lower if lower in _all_heads() else both, _all_heads()))
            continue
        if person and people and upper != people[0]:
            out.append(f"{upper}{lower}")
        else:
            out.append(upper if person and fold(lower) == "姓名" else lower or upper)
    return out


def _are_bodies(column: int, lines: Sequence[tuple[int, Sequence[object]]]) -> bool:
    """Whether nearly all that stands in a column, but for numbers, groups and sums, are different bodies."""
    values = {v for _, line in lines if column < len(line) and (v := folded(line[column])) and not v.isdecimal()}
    values = {v for v in values if not (_is_group(v) or _HOW_MANY.match(v) or _REMARK.search(v))}
    return len(values) > 1 and sum(_is_body(v) for v in values) > _MOSTLY * len(values)


def _called(value: object, known: set[str]) -> str:
    """A column's head; one of days by what it asks for, however it is worded (报送时限, 交稿日期)."""
    if (head := head_of(value, known)) is not None:
        return head
    bare = bare_head(value)
    if any(h in bare for h in CONTACT) and any(h in bare for h in TELEPHONE):
        # 联系人及电话: both in one.
        return "联系方式"
    for what, pattern in (("due", _DUE_HEAD), ("received", _RECEIVED_HEAD)):
        if pattern.search(bare):
            return _heads()[what][0]
    return bare


def _is_second_head(line: Sequence[object], heads: Sequence[str], known: set[str]) -> bool:
    """Whether heads go on in the next line: below 联系方式 stand 联系人 and 电话, 单位 goes through both."""
    names = _wanted("name")
    of_names = [folded(v) for v, h in zip(line, heads, strict=False) if fold(h).lower() in names]
    inner = [v for v, h in zip(line, heads, strict=False) if head_of(v, known) and folded(v) != fold(h).lower()]
    return bool(inner) and all(not v or v in names for v in of_names)


def _best(columns: Sequence[int], heads: Sequence[str], lines: Sequence[tuple[int, Sequence[object]]]) -> int:
    """The column of names: of several that may be by their heads the one with the most different bodies."""

    order = [fold(h).lower() for h in _heads()["name"]]
    return max(columns, key=lambda c: (_bodies(c, lines), -order.index(fold(heads[c]).lower())))


def _bodies(column: int, lines: Sequence[tuple[int, Sequence[object]]]) -> int:
    """How many different bodies stand in a column."""
    return len({v for _, line in lines if column < len(line) and _is_body(v := folded(line[column]))})


def _without_others(heads: list[str], columns: Sequence[int], best: int) -> list[str]:
    """Heads in which no other column counts as that of names (a column of groups headed 部门)."""
    return [h if c == best or c not in columns else f"{h}（分组）" for c, h in enumerate(heads)]


def _is_body(text: str) -> bool:
    return bool(text) and not _is_group(text) and body_named(_bare(text)).kind is not None


def _unheaded(grid: Grid, out: Listed) -> Iterator[_Block]:
    """A list without heads: the column of which nearly all values are bodies."""
    width = max((len(line) for line in grid.lines), default=0)
    for column in range(width):
        values = [v for line in grid.lines if column < len(line) and (v := folded(line[column])) and not v.isdecimal()]
        names = [v for v in values if _is_body(v)]
        if len(set(names)) > 1 and len(names) >= _MOSTLY * sum(not _is_group(v) for v in values):
            head = _heads()["name"][0]
            out.notes.append(f"名单没有表头，按第 {column + 1} 列是单位名称来读。")
            yield _Block([head], [(n, line[column : column + 1]) for n, line in enumerate(grid.lines)], 0)
            return


def _in_lines(lines: Sequence[str], out: Listed) -> Grid | None:
    """A list that is a text with a body, or several (马厂镇、沂涛镇), in nearly every line; None for another text."""
    grid = Grid("", [[_heads()["name"][0]]])
    names, others = 0, 0
    for line in lines:
        text = line.strip().rstrip("。；;，,、")
        inner = _LEADING.sub("", text)
        if n := len(_several(text) or _several(inner)):
            text = text if _several(text) else inner
        elif not (n := int(_is_body(name := _bare(text)) and not _GROUP_NUMBER.match(name))) and text:
            grid.wide.add(len(grid.lines))
            others += not (_is_group(text) or _HOW_MANY.match(name) or text.endswith(("：", ":")))
        names += n
        if text:
            grid.lines.append([text])
    # A title and what was asked stand above.
    if names < _LEAST_LINES or others > max(2, names / 4):
        return None
    out.notes.append("名单没有表头，按每行写的单位名称来读。")
    return grid


def _several(text: str) -> list[str]:
    """The bodies that one cell or line names, where it names more than one and nothing else."""
    parts = [p for t in _BETWEEN.split(_GROUP_NUMBER.sub("", text.strip().rstrip("。"))) if (p := _bare(t))]
    return parts if len(parts) > 1 and all(_is_body(p) for p in parts) else []


# -- rows ----------------------------------------------------------------------------------------------------------


def _members(block: _Block, grid: Grid, year: int | None, out: Listed) -> Iterator[Row]:
    names = _wanted("name")
    left_out, together = [], []
    counted = any(_bare(str(v)).isdecimal() for _, line in block.lines for v in line[: block.name] if v is not None)
    for number, line in block.lines:
        text = "" if block.name >= len(line) or line[block.name] is None else str(line[block.name]).strip()
        if not text:
            rest = "　".join(str(v).strip() for v in line if v not in (None, "") and str(v).strip())
            if rest and not rest.isdecimal():
                left_out.append(rest)
            continue
        if fold(text).lower() in names:
            continue
        name = _bare(text)
        before = [_bare(str(v)) for v in line[: block.name] if v is not None and _bare(str(v)) not in ("", name)]
        if any(_SAYS_NONE.match(v) for v in before) or (counted and any(_GROUP_ONLY.match(v) for v in before)):
            left_out.append("　".join([*before, text]))
            continue
        several = _several(text) if number not in grid.wide else []
        others = [v for i, v in enumerate(line) if i != block.name and v not in (None, "") and str(v).strip() != text]
        alone = number in grid.wide or not others
        if not several and (
            name.isdecimal()
            or _REMARK.search(name)
            or _HOW_MANY.match(name)
            or _GROUP_NUMBER.match(text)
            or (_is_group(name) and (alone or all(_GROUP_ONLY.match(_bare(str(v))) for v in others)))
            or number in grid.wide
        ):
            if not (alone and _is_plain_heading(text)):
                left_out.append(text)
            continue
        row: Row = {}
        for head, value in zip(block.heads, line, strict=False):
            if head and value is not None and str(value).strip():
                row.setdefault(head, _with_year(value, head, year))
        if several:
            together.append(text)
        for each in several or [name]:
            yield {**row, block.heads[block.name]: each}
    if together:
        said = "、".join(f"“{' '.join(t.split())[:30]}”" for t in together[:3])
        out.notes.append(f"名单里一格写了几个单位的，分开来读：{said}{'等' if len(together) > 3 else ''}。")
    if left_out:
        said = "、".join(f"“{_beginning(t)}”" for t in dict.fromkeys(left_out[:6]))
        out.notes.append(f"名单里这些行没有当作单位：{said}{'等' if len(left_out) > 6 else ''}。")


def _beginning(text: str) -> str:
    """The first words of a line, to know it again: as far as its last part that is whole."""
    if len(text) <= _SHOWN:
        return text.rstrip("。")
    whole = re.match(rf".{{5,{_SHOWN}}}(?=[，,；;。！？!?\s])", text)
    return (whole[0] if whole else text[:_SHOWN]).rstrip("，,；;。 ") + "…"


def _bare(text: str) -> str:
    """A name without its number and without the spaces that set it."""
    return re.sub(r"\s+", "", _STARS.sub("", _NUMBERED.sub("", _STARS.sub("", text.strip())).strip()))


def _is_plain_heading(text: str) -> bool:
    """Whether a line is a numbered heading that names no body (一、县政府工作部门): nobody has to be told of it."""
    rest = _GROUP_NUMBER.sub("", text.strip())
    return rest != text.strip() and not _is_body(_bare(rest))


def _is_group(text: str) -> bool:
    bare = _GROUP_NUMBER.sub("", _bare(text))
    return bool(_GROUP.fullmatch(_BRACKETS.sub("", bare)))


def _name(row: Row) -> str:
    names = _wanted("name")
    return next((fold(str(v)) for h, v in row.items() if fold(h).lower() in names), "")


def _once(rows: Sequence[Row]) -> Iterator[Row]:
    """Each body once: a name that goes through several rows (two contacts) is one, the first row's entries count."""
    by_name: dict[str, Row] = {}
    for row in rows:
        known = by_name.setdefault(_name(row), row)
        for head, value in row.items():
            known.setdefault(head, value)
    yield from by_name.values()


def _year(grid: Grid, at: int) -> int | None:
    """The report year that the title above the heads, or the sheet's name, speaks of."""
    above = " ".join([grid.name, grid.above, *(str(v) for line in grid.lines[:at] for v in line if v)])
    m = _TITLE_YEAR.search(fold(above))
    return int(m[1]) if m else None


def _with_year(value: object, head: str, year: int | None) -> object:
    """A day without a format as one. A day without its year, as far as the title says the report's: in the months after that year, or its last."""
    if fold(head).lower() not in _wanted("due", "received"):
        return value
    if isinstance(value, int | float) and _SERIAL[0] < value < _SERIAL[1]:
        return date(1899, 12, 30) + timedelta(days=int(value))
    return day_of(value, year) or value
