"""Circulars (通报) that check, rank or score authorities: recognised as such, never read as a report.

Belongs here: telling a circular, its issuer, number and year; its ranked lists and score tables as assessments; the
shares and counts its sentences state. What patterns and names it knows is data (`circulars.toml`).
Does not belong here: figures of disclosure as reports state them (`statements`, asked for them here too), and whether
a figure can be right (`checks`).

Codes of counts and shares name what is counted: ``依申请公开 9分及以上 省政府部门``. A share has `share_of` the group or
thing it is of; a change against the year before has ``.change`` behind its code; a part of a thing counted is
``THING.PART``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from parsers.document import Table
from parsers.prose.statements.lexicon import Folded, folded
from parsers.prose.statements.scan import lost_figure
from parsers.prose.statements.walk import excerpt
from schemas.characters import REPLACEMENT
from schemas.facts import Assessment, Circular, Passage, Place, Statement, Value

from . import statements

# A circular shows what it is at its head.
_HEAD_PASSAGES = 40
_HEAD_CHARACTERS = 600
_TITLE = re.compile(r"(?P<issuer>[\u4e00-\u9fff()]{2,40}?)?关于(?P<about>[^,，。;；《》]{4,80}?)的通报")
_MAY_BE = re.compile(r"通\s*[报報]")
# A link to a circular in a page's margin makes no circular: the text itself must say that it is one.
_TELLS = re.compile(r"通报如下|予以通报|进行通报|通报(?:有关)?情况|现通报")
_ISSUER_ENDS = re.compile(r"(?:政府|办公室|办公厅|小组|委员会|管委会|局|厅|委|办|中心|部)$")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,10}[发函字电通办][〔\[(]?20\d\d[〕\])]?\d{1,4}号")
_NUMBER_LABEL = re.compile(
    r"(?:发文字号|文号|发文号)[:：|]*(?P<number>[\u4e00-\u9fff]{2,10}[〔\[(]20\d\d[〕\])]\d{1,4}号)"
)
_YEAR = re.compile(r"(20\d\d)年")
_DATE = re.compile(r"(20\d\d)年\d{1,2}月\d{1,2}日$")
_FINISHED = re.compile(r"[。！？；：!?;:”》]$")
_SHORT = 25
_PAGE = re.compile(r"[-—－–]*\d{1,3}[-—－–]*|第\d{1,3}页(?:共\d{1,3}页)?")
_SEGMENT = re.compile(r"(\d{1,3})[、.．]")
_HEADING = re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）](?P<what>[^。,，:：;；]{2,24}?)(?:工作|方面|情况)?。")
# A bare page number has at most two digits here: 120急救中心 is a name.
_PAGES = r"(?:第\d{1,3}页(?:共\d{1,3}页)?|(?<!\d)\d{1,2}(?!\d)|[-—－–\s])+"
_EDGE = re.compile(rf"^{_PAGES}|{_PAGES}$")
# 等市州, 等县(市、区): the list does not claim to be complete.
_OPEN_END = re.compile(r"等[\u4e00-\u9fff]{0,8}(?:\([^)]*\))?[\u4e00-\u9fff]{0,4}$")
_ATTACHMENT = re.compile(r"附[件表]\d{0,2}")
_CELLS = re.compile(r"\s*\|\s*|\t+|\s{1,}")
_SCORE = re.compile(r"\d{1,3}(?:\.\d{1,3})?分?")
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:自治[州县区]|[省市县区州旗])")


@dataclass(frozen=True)
class _Count:
    scan: re.Pattern[str]
    each: re.Pattern[str] | None
    code: str
    unit: str


@dataclass(frozen=True)
class _Data:
    """`circulars.toml`, compiled."""

    subjects: tuple[str, ...]
    report: tuple[str, ...]
    publisher: re.Pattern[str]
    groups: dict[str, str]
    assessed: dict[str, str]
    short: dict[str, str]
    things: dict[str, str]
    rate_subjects: tuple[str, ...]
    listed: re.Pattern[str]
    ranked: re.Pattern[str]
    rank_heads: frozenset[str]
    score_heads: frozenset[str]
    name_ends: tuple[str, ...]
    caption: re.Pattern[str]
    counts: tuple[_Count, ...]
    indicator: re.Pattern[str]
    share: re.Pattern[str]
    whole: re.Pattern[str]
    part: re.Pattern[str]
    before_part: re.Pattern[str]
    part_rate: re.Pattern[str]
    quality: re.Pattern[str]


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@cache
def _data() -> _Data:
    raw: dict[str, Any] = tomllib.loads((resources.files(__package__) / "circulars.toml").read_text("utf-8"))
    pieces = {**raw["pieces"], "g": f"(?P<g>{_any(list(raw['groups']))})"}

    def pattern(text: str) -> re.Pattern[str]:
        for name, piece in pieces.items():
            text = text.replace("{" + name + "}", piece)
        return re.compile(text)

    lists, scores, parts = raw["lists"], raw["scores"], raw["parts"]
    grades, groups = _any(lists["grades"].split()), _any(list(raw["groups"]))
    return _Data(
        subjects=tuple(raw["recognise"]["subjects"].split()),
        report=tuple(raw["recognise"]["report"].split()),
        publisher=re.compile(
            rf"(?:{_any(raw['recognise']['publisher'].split())})[:：](?P<who>[\u4e00-\u9fff]{{4,30}})"
        ),
        groups=raw["groups"],
        assessed=raw["assessed"],
        short=raw["short"],
        things=raw["things"],
        rate_subjects=tuple(raw["rates"]["subjects"].split()),
        listed=re.compile(
            rf"(?:{grades})的(?P<g>{groups}|[^\d():,。;为有是]{{2,12}})(?P<how>\([^)]*\))?(?:依次|分别)?(?:为|有|是|包括):?(?P<items>[^。;:]{{2,}})"
        ),
        ranked=re.compile(_any(lists["ranked"].split())),
        rank_heads=frozenset(scores["rank"].split()),
        score_heads=frozenset(scores["score"].split()),
        name_ends=tuple(scores["name"].split()),
        caption=re.compile(_any(scores["caption"].split())),
        counts=tuple(
            _Count(pattern(c["scan"]), pattern(c["each"]) if "each" in c else None, c["code"], c.get("unit", "个"))
            for c in raw["counts"]
        ),
        indicator=pattern(raw["shares"]["indicator"]),
        share=pattern(raw["shares"]["share"]),
        whole=pattern(parts["whole"]),
        part=pattern(parts["part"]),
        before_part=re.compile(rf"^.*(?:{parts['before']})"),
        part_rate=pattern(parts["rate"]),
        quality=pattern(raw["quality"]["rate"]),
    )


# -- the text in one piece -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Block:
    """A paragraph put together again from passages that a page end or a copy cut, with commas and brackets half width."""

    text: str
    folded: Folded
    places: tuple[tuple[int, Place], ...]

    def place(self, at: int) -> Place:
        """The place of the passage that holds this position of the folded text."""
        printed = self.folded.at[at] if at < len(self.folded.at) else 0
        return [p for start, p in self.places if start <= printed][-1]

    def printed(self, start: int, end: int) -> str:
        return self.folded.slice(start, end)


def _blocks(passages: Sequence[Passage]) -> list[_Block]:
    pieces: list[list[tuple[str, Place]]] = []
    segment = 0
    finished = True
    for passage in passages:
        text = passage.text.strip()
        bare = re.sub(r"\s", "", text)
        if not bare or (not finished and _PAGE.fullmatch(bare)):
            continue
        m = _SEGMENT.match(text)
        if m is not None and int(m[1]) == segment + 1:
            # A document-sharing site cuts a text anywhere and numbers the pieces: 2、庆阳市、……
            segment += 1
            if not finished:
                text = text[m.end() :]
        if finished or not pieces:
            pieces.append([])
        pieces[-1].append((text, passage.place))
        finished = bool(_FINISHED.search(bare)) or len(bare) <= _SHORT
    return [_block(p) for p in pieces]


def _block(pieces: Sequence[tuple[str, Place]]) -> _Block:
    text = ""
    places: list[tuple[int, Place]] = []
    for piece, place in pieces:
        places.append((len(text), place))
        text += piece
    half = folded(text)
    return _Block(half.text.replace("，", ","), half, tuple(places))


def _sentences(block: _Block) -> Iterator[tuple[int, str]]:
    """Sentences with their start, each with its closing mark."""
    start = 0
    for m in re.finditer(r"[。;!?]", block.text):
        yield start, block.text[start : m.end()]
        start = m.end()
    if start < len(block.text):
        yield start, block.text[start:]


# -- the circular --------------------------------------------------------------------------------------------------------


def find(
    titles: Sequence[str], passages: Sequence[Passage], tables: Sequence[Table], metadata: dict[str, str]
) -> Circular | None:
    """The circular that this document is, or None. ``circular_id`` is left empty. Never raises for what is printed."""
    head = [t[:_HEAD_CHARACTERS] for t in (*titles, *(p.text for p in passages[:_HEAD_PASSAGES]))]
    if not any(_MAY_BE.search(t) for t in head):
        return None
    data = _data()
    title = _title([folded(t).text for t in head], data)
    if title is None:
        return None
    blocks = _blocks(passages)
    if not any(_TELLS.search(b.text) for b in blocks):
        return None
    year = _year(title[0], blocks)
    circular = Circular("", title=title[0], year=year)
    circular.issuer = title[1] or _signature(blocks) or _publisher(blocks, metadata, data)
    circular.document_number = _document_number(title[0], blocks)
    categories = _Categories(title[0])
    departments = _departments(blocks, data)
    for block in blocks:
        circular.assessments.extend(_ranked(block, categories, data))
        sayer = _Sayer(block, year, departments, data)
        for sentence in _sentences(block):
            if REPLACEMENT in sentence[1] and lost_figure().search(sentence[1]):
                # Whatever else it says may be said of the figure that cannot be read.
                continue
            sayer.sentence(sentence, categories.at(block, sentence[0]))
        circular.statements.extend(sayer.statements())
    place = _PLACE.match(circular.issuer or title[0])
    circular.assessments.extend(_scores(passages, tables, place[0] if place else "", data))
    circular.statements.extend(_disclosure(blocks, year))
    return circular


def _title(head: Sequence[str], data: _Data) -> tuple[str, str | None] | None:
    """The circular's title and the issuer in front of it; None where a report's title comes first or there is none."""
    for text in head:
        m = _TITLE.search(text)
        if any(r in text and len(text) <= 60 for r in data.report) and m is None:
            return None
        # 下发了《……的通报》 and 按照……的通报要求 cite a circular.
        if m is None or m.start() > 12 or not any(s in m["about"] for s in data.subjects):
            continue
        issuer = m["issuer"] or ""
        issuer = issuer if _ISSUER_ENDS.search(issuer) else ""
        return f"{issuer}关于{m['about']}的通报", issuer or None
    return None


def _year(title: str, blocks: Sequence[_Block]) -> int | None:
    """The year assessed: in the title, else in the text, else of the date below."""
    m = _YEAR.search(title)
    if m is not None:
        return int(m[1])
    dated = [int(d[1]) for b in blocks if (d := _DATE.search(b.text)) is not None and len(b.text) <= _SHORT]
    return dated[-1] if dated else None


def _signature(blocks: Sequence[_Block]) -> str | None:
    """The body that stands alone above the date."""
    for above, below in pairwise(blocks):
        if _DATE.fullmatch(below.text) and len(above.text) <= 30:
            name = re.sub(r"\([^)]*\)$", "", above.text)
            if _ISSUER_ENDS.search(name):
                return name
    return None


def _publisher(blocks: Sequence[_Block], metadata: dict[str, str], data: _Data) -> str | None:
    for block in blocks[:10]:
        m = data.publisher.search(block.text)
        if m is not None and len(block.text) <= _SHORT * 2:
            return m["who"]
    known = (metadata.get(key, "").strip() for key in ("发布机构", "来源", "publisher", "author"))
    return next((k for k in known if k), None)


def _document_number(title: str, blocks: Sequence[_Block]) -> str | None:
    """The circular's own number: alone on its line, labelled, or right behind its title. Numbers cited are others'."""
    for block in blocks[:12]:
        m = _NUMBER.fullmatch(block.text) or _NUMBER_LABEL.search(block.text)
        if m is not None:
            start, end = m.span("number") if "number" in m.groupdict() else m.span()
            return _bare(block.printed(start, end))
        at = block.text.find(title)
        if at >= 0:
            m = _NUMBER.match(block.text, at + len(title))
            if m is not None:
                return _bare(block.printed(*m.span()))
    return None


def _bare(printed: str) -> str:
    return re.sub(r"\s", "", printed)


class _Categories:
    """The field assessed that a place of the text belongs to, and whether lists stand in order of their scores."""

    def __init__(self, title: str) -> None:
        self.current = next((w for w in ("政务公开", "政府信息公开", "政府网站") if w in title), "政务公开")
        # 按得分排序,下同: said once, it holds for the lists behind it.
        self.ordered = False

    def at(self, block: _Block, position: int) -> str:
        """The field at this place of the text: that of the heading last read."""
        for m in _HEADING.finditer(block.text, 0, position + 1):
            self.current = _unquoted(m["what"])
        return self.current


def _unquoted(text: str) -> str:
    return re.sub(r"[“”‘’\"']", "", text)


# -- ranked lists --------------------------------------------------------------------------------------------------------


def _ranked(block: _Block, categories: _Categories, data: _Data) -> list[Assessment]:
    """工作开展较好的市州(按得分排序)有: A、B、C. Page numbers run into a list do not break it."""
    found: list[Assessment] = []
    for m in data.listed.finditer(block.text):
        category = categories.at(block, m.start())
        ordered = data.ranked.search(m["how"] or "") is not None
        categories.ordered = categories.ordered or (ordered and "下同" in m["how"])
        if ordered or categories.ordered:
            group = _wide(data.groups.get(m["g"], m["g"]))
            names = _items(block, m.start("items"), m["items"])
            found.extend(
                Assessment(category, None, group, rank, name, None) for rank, name in enumerate(names, start=1)
            )
    return found


def _items(block: _Block, start: int, items: str) -> Iterator[str]:
    """The names of a list as printed, without what a page end left among them."""
    at = start
    for item in re.split(r"[、,]", _OPEN_END.sub("", items)):
        printed = _bare(block.printed(at, at + len(item)))
        at += len(item) + 1
        name = _EDGE.sub("", printed)
        if len(name) > 1:
            yield name


def _wide(text: str) -> str:
    """Group names are kept with full-width brackets."""
    return text.replace("(", "（").replace(")", "）")


# -- score tables --------------------------------------------------------------------------------------------------------


@dataclass
class _Caption:
    """What stands above a score table: the attachment it is, its title, the group of its rows."""

    table: str | None = None
    title: str | None = None
    group: str | None = None

    def notice(self, text: str) -> None:
        """A line above the table."""
        line = _bare(text)
        key = folded(line).text
        if _ATTACHMENT.fullmatch(key):
            self.table, self.title, self.group = line, None, None
        elif len(key) <= 12 and re.fullmatch(r"[\u4e00-\u9fff()、“”]+", key):
            self.group = line
        elif 6 < len(key) <= 60 and not re.search(r"[。;!?]", key):
            self.title, self.group = line, None


def _scores(passages: Sequence[Passage], tables: Sequence[Table], place: str, data: _Data) -> list[Assessment]:
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


def _head(cells: Sequence[str], place: str, data: _Data) -> _Head | None:
    """A head of a score table in these cells, from the first on."""
    keys = [folded(c).text for c in cells[:3]]
    rank = 0 if keys and keys[0] in data.rank_heads else None
    name = 1 if rank is not None else 0
    if len(keys) < name + 2 or keys[name + 1] not in data.score_heads or len(keys[name]) > 24:
        return None
    bare = re.sub(r"\([^)]*\)$", "", keys[name])
    if not bare.endswith(data.name_ends):
        return None
    group = _bare(cells[name]).removeprefix(place).removesuffix("名称")
    return _Head(rank, name, name + 1, _wide(group) if group not in ("单位", "部门", "地区", "机构", "") else None)


def _row(cells: Sequence[str], head: _Head) -> tuple[int | None, str, Value] | None:
    """Rank, unit and score of a row, if it is one."""
    if len(cells) < head.width:
        return None
    rank = folded(cells[head.rank]).text if head.rank is not None else None
    name, score = _bare(cells[head.name]), folded(cells[head.score]).text
    if (rank is not None and not (rank.isdecimal() and len(rank) <= 3)) or not _SCORE.fullmatch(score):
        return None
    if not name or folded(name).text.replace(".", "").isdecimal():
        return None
    number = Decimal(score.removesuffix("分"))
    value: Value = int(number) if number == number.to_integral_value() else number
    return (int(rank) if rank is not None else None), name, value


def _assessment(
    row: tuple[int | None, str, Value], head: _Head, caption: _Caption, place: str, data: _Data
) -> Assessment:
    rank, unit, score = row
    category = _field_of(caption.title or "", place, data)
    group = caption.group if caption.group is not None else head.group
    return Assessment(category, caption.table, _wide(group) if group else None, rank, unit, score)


def _field_of(title: str, place: str, data: _Data) -> str:
    """The field that a table's title says was assessed: 2020年某县政务公开年度绩效考核评分表 → 政务公开."""
    quoted = re.search(r"[“\"]([^”\"]+)[”\"]", title)
    if quoted is not None:
        return quoted[1]
    text = re.sub(r"(?:20)?\d\d年度?", "", title).removeprefix(place)
    return data.caption.split(text, maxsplit=1)[0] or title


def _scores_in_lines(lines: Sequence[str], place: str, data: _Data) -> list[Assessment]:
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


def _scores_in_rows(rows: Sequence[Sequence[str]], caption: _Caption, place: str, data: _Data) -> list[Assessment]:
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


# -- figures in sentences --------------------------------------------------------------------------------------------------


def _departments(blocks: Sequence[_Block], data: _Data) -> str:
    """What bare 部门 means here: the one kind of departments that the circular names, if there is one."""
    kinds = {kept for printed, kept in data.groups.items() if kept.endswith("部门") and kept != "部门"}
    named = {k for k in kinds if any(k in b.text for b in blocks)}
    return named.pop() if len(named) == 1 else "部门"


_Sentence = tuple[int, str]


class _Sayer:
    """States the counts and shares of one block. A sentence is its start in the block and its text."""

    def __init__(self, block: _Block, year: int | None, departments: str, data: _Data) -> None:
        self.block, self.year, self.departments, self.data = block, year, departments, data
        self.out: list[tuple[int, Statement]] = []

    def statements(self) -> list[Statement]:
        """What has been stated, in reading order."""
        return [s for _, s in sorted(self.out, key=lambda pair: pair[0])]

    def sentence(self, sentence: _Sentence, category: str) -> None:
        self._counts(sentence, category)
        self._shares(sentence)
        self._parts(sentence)
        self._quality(sentence)

    def _say(
        self,
        code: str,
        value: Value,
        unit: str,
        span: tuple[int, int],
        sentence: _Sentence,
        *,
        share_of: str | None = None,
        approximate: bool = False,
    ) -> None:
        """One statement; ``span`` is that of the printed figure in its sentence."""
        start, text = sentence
        printed = self.block.printed(start + span[0], start + span[1])
        whole = excerpt(self.block.folded, (start, start + len(text)), (start + span[0], start + span[1]))
        place = self.block.place(start + span[0])
        statement = Statement(code, value, unit, self.year, "area", approximate, share_of, printed, whole, place)
        self.out.append((start + span[0], statement))

    def _change(self, m: re.Match[str], code: str, sentence: _Sentence) -> None:
        """同比增加2个: behind the figure that it is said of."""
        if not m.groupdict().get("change"):
            return
        value = _value(m["change"])
        down = m["direction"] in ("减少", "下降", "降低")
        span = (m.start("change"), m.end("change_unit"))
        self._say(f"{code}.change", -value if down else value, m["change_unit"], span, sentence)

    def _counts(self, sentence: _Sentence, category: str) -> None:
        for count in self.data.counts:
            for m in count.scan.finditer(sentence[1]):
                each = [m]
                if count.each is not None:
                    each = list(count.each.finditer(sentence[1], *m.span("rest")))
                for one in each:
                    code = self._code(count.code, m, one, category)
                    more = one.groupdict().get("more") or ""
                    span = (one.start("n"), one.end("n") + len(more) + 1)
                    self._say(code, int(one["n"]), count.unit, span, sentence, approximate=bool(more))
                if count.each is None:
                    self._change(m, self._code(count.code, m, m, category), sentence)

    def _code(self, template: str, m: re.Match[str], each: re.Match[str], category: str) -> str:
        """The code of a count: the template with the pieces of its match."""
        data = self.data
        named = {k: v or "" for k, v in {**m.groupdict(), **each.groupdict()}.items()}
        group = data.groups.get(named.get("g", ""), "")
        if template == "assessed {g}" and group in data.assessed:
            return data.assessed[group]
        mark = re.sub(r"分(\(总分\d+分\))(及?以上)", r"分\2\1", named.get("t", ""))
        short = data.short
        named |= {"g": short.get(group, group), "t": mark, "category": short.get(category, category)}
        return _wide(template.format(**named))

    def _shares(self, sentence: _Sentence) -> None:
        """某某指标(此项总分10分)市州得7分及以上的占50%,部门得满分的占60%."""
        indicators = list(self.data.indicator.finditer(sentence[1]))
        for m in self.data.share.finditer(sentence[1]):
            named = [i for i in indicators if i.end("i") <= m.start()]
            if not named:
                continue
            group = self.data.groups[m["g"]]
            group = _wide(self.departments if group == "部门" else group)
            code = _wide(f"{_unquoted(named[-1]['i'])} {m['t']} {group}")
            self._say(code, _value(m["p"]), "%", (m.start("p"), m.end()), sentence, share_of=group)

    def _parts(self, sentence: _Sentence) -> None:
        """60个账号中,合格50个,不合格6个,注销4个,合格率89%."""
        data, text = self.data, sentence[1]
        m = data.whole.search(text)
        parts = list(data.part.finditer(text, m.end())) if m is not None else []
        if m is None or len(parts) < 2:
            return
        code = data.things.get(m["w"], m["w"])
        self._say(code, int(m["n"]), "个", (m.start("n"), m.end("n") + 1), sentence)
        for part in parts:
            name = data.before_part.sub("", part["w"]) or part["w"]
            self._say(f"{code}.{name}", int(part["n"]), "个", (part.start("n"), part.end("n") + 1), sentence)
        for rate in data.part_rate.finditer(text, parts[-1].end()):
            span = (rate.start("p"), rate.end("p") + 1)
            self._say(f"{code}.{rate['w']}", _value(rate["p"]), "%", span, sentence, share_of=code)

    def _quality(self, sentence: _Sentence) -> None:
        """“某某”优良率达到80%,同比提高5个百分点."""
        start, text = sentence
        if self.data.whole.search(text):
            return
        for m in self.data.quality.finditer(text):
            what = m["i"] or ""
            if not what:
                # 三是政务新媒体监管规范有序。……抽查合格率: the subject stands in this sentence or the one before.
                before = self.block.text[max(0, start - 60) : start + m.start()]
                known = [s for s in self.data.rate_subjects if s in before]
                what = (max(known, key=before.rfind) if known else "") + (m["j"] or "")
            code = what + m["w"]
            end = m.end("more") if m["more"] else m.end("p") + 1
            self._say(code, _value(m["p"]), "%", (m.start("p"), end), sentence, approximate=bool(m["more"]))
            self._change(m, code, sentence)


def _value(text: str) -> Value:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def _disclosure(blocks: Sequence[_Block], year: int | None) -> list[Statement]:
    """Figures of disclosure and of requests, as reports state them; of a quarter they are of no year."""
    passages = [Passage(b.folded.printed, b.places[0][1]) for b in blocks]
    wanted = ("disclosed", "requests_received", "channel_", "replied", "closed", "reconsideration", "litigation")
    found = statements.find(passages, year=year, scope="area", form="prose")
    return [s for s in found if s.code.startswith(wanted)]
