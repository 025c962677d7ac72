"""Circulars (通报) that check, rank or score authorities: recognised as such, never read as a report.

Belongs here: telling a circular, its issuer, number and year, and putting its readings together.
Does not belong here: its lists and score tables (`lists`), the counts and shares of its sentences (`sentences`), what
patterns and names it knows (`circulars.toml`), and whether a figure can be right (`checks`).

Codes of counts and shares name what is counted: ``依申请公开 9分及以上 省政府部门``. A share has `share_of` the group or
thing it is of; a change against the year before has ``.change`` behind its code; a part of a thing counted is
``THING.PART``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from parsers.document import Table
from parsers.prose import statements
from parsers.prose.statements.lexicon import folded
from parsers.prose.statements.scan import lost_figure
from schemas.characters import REPLACEMENT
from schemas.facts import Circular, Passage, Statement

from .blocks import SHORT, Block, Categories, bare, blocks_of, sentences_of
from .data import Data, data_of_circulars
from .lists import ranked, scores
from .sentences import Sayer

__all__ = ["find"]

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
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:自治[州县区]|[省市县区州旗])")


def find(
    titles: Sequence[str], passages: Sequence[Passage], tables: Sequence[Table], metadata: dict[str, str]
) -> Circular | None:
    """The circular that this document is, or None. ``circular_id`` is left empty. Never raises for what is printed."""
    head = [t[:_HEAD_CHARACTERS] for t in (*titles, *(p.text for p in passages[:_HEAD_PASSAGES]))]
    if not any(_MAY_BE.search(t) for t in head):
        return None
    data = data_of_circulars()
    title = _title([folded(t).text for t in head], data)
    if title is None:
        return None
    blocks = blocks_of(passages)
    if not any(_TELLS.search(b.text) for b in blocks):
        return None
    year = _year(title[0], blocks)
    circular = Circular("", title=title[0], year=year)
    circular.issuer = title[1] or _signature(blocks) or _publisher(blocks, metadata, data)
    circular.document_number = _document_number(title[0], blocks)
    categories = Categories(title[0])
    departments = _departments(blocks, data)
    for block in blocks:
        circular.assessments.extend(ranked(block, categories, data))
        sayer = Sayer(block, year, departments, data)
        for sentence in sentences_of(block):
            if REPLACEMENT in sentence[1] and lost_figure().search(sentence[1]):
                # Whatever else it says may be said of the figure that cannot be read.
                continue
            sayer.sentence(sentence, categories.at(block, sentence[0]))
        circular.statements.extend(sayer.statements())
    place = _PLACE.match(circular.issuer or title[0])
    circular.assessments.extend(scores(passages, tables, place[0] if place else "", data))
    circular.statements.extend(_disclosure(blocks, year))
    return circular


def _title(head: Sequence[str], data: Data) -> tuple[str, str | None] | None:
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


def _year(title: str, blocks: Sequence[Block]) -> int | None:
    """The year assessed: in the title, else in the text, else of the date below."""
    m = _YEAR.search(title)
    if m is not None:
        return int(m[1])
    dated = [int(d[1]) for b in blocks if (d := _DATE.search(b.text)) is not None and len(b.text) <= SHORT]
    return dated[-1] if dated else None


def _signature(blocks: Sequence[Block]) -> str | None:
    """The body that stands alone above the date."""
    for above, below in pairwise(blocks):
        if _DATE.fullmatch(below.text) and len(above.text) <= 30:
            name = re.sub(r"\([^)]*\)$", "", above.text)
            if _ISSUER_ENDS.search(name):
                return name
    return None


def _publisher(blocks: Sequence[Block], metadata: dict[str, str], data: Data) -> str | None:
    for block in blocks[:10]:
        m = data.publisher.search(block.text)
        if m is not None and len(block.text) <= SHORT * 2:
            return m["who"]
    known = (metadata.get(key, "").strip() for key in ("发布机构", "来源", "publisher", "author"))
    return next((k for k in known if k), None)


def _document_number(title: str, blocks: Sequence[Block]) -> str | None:
    """The circular's own number: alone on its line, labelled, or right behind its title. Numbers cited are others'."""
    for block in blocks[:12]:
        m = _NUMBER.fullmatch(block.text) or _NUMBER_LABEL.search(block.text)
        if m is not None:
            start, end = m.span("number") if "number" in m.groupdict() else m.span()
            return bare(block.printed(start, end))
        at = block.text.find(title)
        if at >= 0:
            m = _NUMBER.match(block.text, at + len(title))
            if m is not None:
                return bare(block.printed(*m.span()))
    return None


def _departments(blocks: Sequence[Block], data: Data) -> str:
    """What bare 部门 means here: the one kind of departments that the circular names, if there is one."""
    kinds = {kept for printed, kept in data.groups.items() if kept.endswith("部门") and kept != "部门"}
    named = {k for k in kinds if any(k in b.text for b in blocks)}
    return named.pop() if len(named) == 1 else "部门"


def _disclosure(blocks: Sequence[Block], year: int | None) -> list[Statement]:
    """Figures of disclosure and of requests, as reports state them; of a quarter they are of no year."""
    passages = [Passage(b.folded.printed, b.places[0][1]) for b in blocks]
    wanted = ("disclosed", "requests_received", "channel_", "replied", "closed", "reconsideration", "litigation")
    found = statements.find(passages, year=year, scope="area", form="prose")
    return [s for s in found if s.code.startswith(wanted)]
