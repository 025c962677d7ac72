"""Titles of reports: one taken apart, and those among lines.

Belongs here: what a title is, and which lines can be parts of one. Does not belong here: names as such (`names`), where
the reports of a file begin (`several`), and which of several titles is the report's (`collecting`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from parsers.document import Table
from schemas.bodies import body_named, relation
from schemas.issuers import match_issuer
from schemas.labels import fold

from .dates import DATE, YEAR, period_of, year_of, years_in
from .names import (
    PLACED,
    PLACELESS,
    Ending,
    Piece,
    at_the_end,
    is_place,
    is_typical,
    letters_joined,
    on_its_own,
    quality,
)
from .patterns import Line, line_of, patterns

# Titles are broken over at most this many lines.
_TITLE_LINES = 4
# In a line longer than this only the first title is looked for, near its beginning.
_LONG = 120
_LOOKED_AT = 600
_LONG_LINES = 3
# In how many of a table's first rows a title may stand.
_ROWS = 8

# What parts one piece of a line from the next, beside blanks and years.
_HARD = re.compile(r"[。;!?|<>\"“”,*#●■◆★☆→»›/\\]")
_SOFT = re.compile(r"[:_—–~·•\-.=]+")
# Words between a name and the phrase.
_TRAIL = re.compile(r"(?:的|关于|關於|学年度?|學年度?)+$")
_WHOLE_QUOTE = re.compile(r"\s*[《〈](?P<title>[^《》〈〉]+)[》〉]\s*")
_OPEN_QUOTE = re.compile(r"[《〈「『]")
# A name or a phrase may be followed by these, or by a gap.
_ENDS = re.compile(r"[。.;*#]*$|[|_—–\-<>»›/~:]|[(\[【〔]")
# The preamble of a report, or its first section, right behind its title: printed in the text's own size, the two run on.
_BEGINS = re.compile(r"(?:现?根据|依据|按照|依照|遵照)《?(?:中华人民共和国)?政府信息公开条例|一、(?:总体|概述)")
# …年度报告附表1: what stands here is annexed to it.
_ANNEX = re.compile(r"附[表件][一二三四五六七八九十\d]{0,3}[。.:]?$")
_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|zip|rar|ofd|html?|txt)\b")
_LEADERS = re.compile(r"\.{2,}|…")
_YEAR_LINE = re.compile(
    r"\(?(?:(?P<year>20\d\d)(?:年度?)?|(?P<han>[二2][〇○零0oO][〇○零0oO一二三四五六七八九]{2})年度?)\)?"
)
_MONTH = re.compile(r"20\d\d年\d{1,2}月(?:\d{1,2}日)?")
_TELLS = re.compile("[报報告结結年]")
# What a title has beside 公, or one of the statistics.
_TELLS_OF_TABLES = re.compile("[报報结結表]")
_BRACKETED = re.compile(r"[(\[【〔].{1,16}[)\]】〕]")


@dataclass(slots=True, frozen=True)
class Title:
    """A title taken apart; ``text`` as printed without spaces, the issuer too. ``link``: the name of a file or a link.

    ``whole``: the line holds nothing else. ``site`` is what follows it in a page's title (…_清河县人民政府门户网站).
    """

    text: str
    issuer: str | None
    year: int | None
    period: str
    whole: bool = True
    link: bool = False
    site: str | None = None

    @property
    def complete(self) -> int:
        return (self.issuer is not None) + (self.year is not None)


@dataclass(slots=True, frozen=True)
class Found:
    """A title in a sequence of lines: from ``start`` up to ``end``; ``above`` and ``below`` are names next to it that may be
    its own, ``near`` one on the line above a title that has a name already."""

    title: Title
    start: int
    end: int
    above: str | None = None
    below: str | None = None
    near: str | None = None

    def moved(self, by: int) -> Found:
        """The same title where the lines are counted from elsewhere."""
        return replace(self, start=self.start + by, end=self.end + by)


# --- one line


@lru_cache(maxsize=2048)
def parse(text: str) -> Title | None:
    """The title of a report that a line is or holds; None where it holds none. The line may quote it as a whole (《…》)."""
    if (quoted := _WHOLE_QUOTE.fullmatch(text)) is not None:
        text = quoted["title"]
    if "公" not in text or not any(c in text for c in "报報结結"):
        return None
    line = line_of(text[:_LOOKED_AT])
    found = [t for m in patterns().phrase.finditer(line.folded) if (t := _taken_apart(line, m)) is not None]
    return max(found, key=lambda t: t.complete, default=None)


def _taken_apart(line: Line, phrase: re.Match[str]) -> Title | None:
    end = phrase.end()
    # A title that is cut with dots, or led by them to a page, is an entry of a list.
    link = _FILE.match(line.folded, end) is not None or _LEADERS.match(line.folded, end) is not None
    annex = _ANNEX.match(line.folded, end) is not None
    begins = _BEGINS.match(line.folded, end) is not None
    if not (link or annex or begins or end in line.gaps or _ENDS.match(line.folded, end)):
        return None
    named = _before(line, phrase)
    if named is None:
        return None
    begin, spans, start, issuer = named
    if issuer is None and phrase["bracket"]:
        # 2022年度报告（清河县教育局）.
        issuer = on_its_own(line.printed[phrase.start("bracket") : phrase.end("bracket")])
    # A year in front of the name is the title's, too.
    for a, b in reversed(spans):
        if b <= start and not line.folded[b:start].strip(" :-_·.()"):
            start = a
    folded = line.folded[start:end]
    if (
        phrase["bracket"]
        and _MONTH.fullmatch(phrase["bracket"])
        and years_in(line.folded[start : phrase.start("bracket")])
    ):
        # …2024年…年度报告（2025年1月）: when it was written.
        folded = line.folded[start : phrase.start("bracket") - 1]
    period = period_of(folded)
    if len(folded) > patterns().most or (period == "year" and patterns().shorter.search(folded)):
        return None
    if start == begin and end - begin < 6:
        return None
    years = set(years_in(folded))
    before, after = line.folded[:start], line.folded[end:]
    if begins and before and end not in line.gaps:
        return None
    if patterns().link.search(before[-12:]) or (patterns().numbered.search(before) and not (issuer and years)):
        return None
    rest = line.printed[end:].strip("_—–-|<>·.。 *#")
    return Title(
        text=line.printed[start:end],
        issuer=issuer,
        year=years.pop() if len(years) == 1 else None,
        period=period,
        whole=(not before.strip("*#•·—-:") and (annex or not after.strip("。.*#")))
        or patterns().lead.fullmatch(before) is not None,
        link=link,
        site=rest if rest and len(rest) <= 40 and "_|-—–<>".find(after[0]) >= 0 else None,
    )


def _before(line: Line, phrase: re.Match[str]) -> tuple[int, list[tuple[int, int]], int, str | None] | None:
    """Where the phrase begins, the spans of years before it, where its title starts, whom that names; None: it has no title."""
    begin = phrase.start()
    # 清河县人民 + 政府信息公开: 政府 is printed once for both.
    if line.folded.endswith("人民", 0, begin) and line.folded.startswith("政府", begin):
        begin += 2
    pieces, spans, edge = _pieces(line, begin)
    if edge is None:
        return None
    start, issuer = _issuer_of(pieces, spans, begin, line)
    return None if start is None else (begin, spans, start, issuer)


def _pieces(line: Line, end: int) -> tuple[list[Piece], list[tuple[int, int]], int | None]:
    """What stands before the phrase: its pieces, the spans of years and periods, and where the looking ends.

    None for the edge: the phrase is quoted, or part of a sentence.
    """
    folded = line.folded
    edge = 0
    for m in _HARD.finditer(folded, 0, end):
        edge = m.end()
    if (quote := _last(_OPEN_QUOTE, folded, end)) is not None and "》" not in folded[quote:end]:
        return [], [], None
    spans: list[tuple[int, int]] = []
    # 2022年1-6月 is a half, and 2022年1-6 in it no date.
    for pattern in (*(p for _, p in patterns().periods), DATE, YEAR):
        for m in pattern.finditer(folded, edge, end):
            if not any(a < m.end() and m.start() < b for a, b in spans):
                spans.append(m.span())
    spans.sort()
    cuts: set[int] = {g for g in line.gaps if edge < g < end}
    covered = [False] * len(folded)
    for a, b in [*spans, *(m.span() for m in _SOFT.finditer(folded, edge, end))]:
        covered[a:b] = [True] * (b - a)
    pieces: list[Piece] = []
    start: int | None = None
    for i in range(edge, end + 1):
        stop = i == end or covered[i] or i in cuts
        if start is not None and stop:
            pieces.append(
                Piece(line.printed[start:i], start, i in cuts or (i < end and _SOFT.match(folded[i]) is not None))
            )
            start = None
        if i < end and not covered[i] and start is None:
            start = i
    return letters_joined(pieces), spans, edge


def _last(pattern: re.Pattern[str], text: str, end: int) -> int | None:
    found = [m.start() for m in pattern.finditer(text, 0, end)]
    return found[-1] if found else None


def _issuer_of(
    pieces: list[Piece], spans: list[tuple[int, int]], begin: int, line: Line
) -> tuple[int | None, str | None]:
    """Where the title starts and whom it names; a start of None: what stands before the phrase makes it no title."""
    first_year = min((a for a, b in spans if not line.folded[b:begin].strip(":-_·.()关于的")), default=begin)
    lead = None
    last: Piece | None = None
    for piece in reversed(pieces):
        text = _TRAIL.sub("", piece.text)
        folded = fold(text)
        lead = patterns().lead.match(folded) if len(folded) == len(text) else None
        cut = lead.end() if lead else 0
        last = Piece(text[cut:], piece.start + cut, piece.parted)
        if last.text or lead:
            break
        pieces = pieces[:-1]
    if last is None or not last.text:
        return (last.start if last and lead else first_year), None
    bare = _BRACKETED.sub("", fold(last.text)).strip("()[]【】")
    if not bare:
        return first_year, None
    if patterns().sentence.search(fold("".join(p.text for p in pieces[-2:]))):
        return None, None
    if patterns().nobody.fullmatch(bare):
        return last.start, None
    name = at_the_end([*pieces[:-1], last])
    if name is not None:
        return _without_brackets(name)
    if last.parted or patterns().site_words.fullmatch(bare):
        # Words of the page, which a gap parts from the title.
        return first_year, None
    return None, None


def _without_brackets(name: Ending) -> tuple[int, str]:
    """A remark in brackets around or behind a name is not the name's, one inside it is (经开区（东区）管委会)."""
    text = name.name
    bare = re.sub(r"^[(\[【〔][^()\[\]]*[)\]】〕]|[(\[【〔][^()\[\]]*[)\]】〕]$", "", text)
    return name.start, bare or text


def is_title(text: str) -> bool:
    """Whether a line is, as a whole, the title of a report on information disclosure (of a year, half or quarter)."""
    title = parse(text)
    return title is not None and title.whole and not title.link


def running_title(heads: Sequence[str]) -> str | None:
    """The title that a document's running heads are; None where they hold none, or several."""
    whole = {line_of(text).printed: text for text in heads if is_title(text)}
    return next(iter(whole.values())) if len(whole) == 1 else None


# --- the lines of a file


def scan(lines: Sequence[str]) -> list[Found]:
    """The titles among the lines, in order; broken ones put together, names above and below them noted."""
    found: list[Found] = []
    long_lines = 0
    for i, text in enumerate(lines):
        if not text or not _TELLS.search(text):
            continue
        if len(text) > _LONG:
            long_lines += 1
            if long_lines > _LONG_LINES:
                continue
        at = found[-1].end if found else 0
        title = _title_ending_at(lines, i, at)
        if title is not None:
            found.append(title)
    return found


def _title_ending_at(lines: Sequence[str], i: int, first: int) -> Found | None:
    """The title that ends on line ``i``, with what lines above it (not before ``first``) belong to it."""
    own = parse(lines[i])
    if own is not None and not own.link:
        return _with_neighbours(lines, Found(own, i, i + 1), first)
    if own is not None or len(lines[i]) > patterns().most:
        return None
    for n in range(2, _TITLE_LINES + 1):
        if i - n + 1 < first:
            return None
        pieces = lines[i - n + 1 : i + 1]
        if not pieces[0].strip() or len(pieces[0]) > patterns().most or _is_of_the_site(pieces[0]):
            return None
        joined = parse("".join(p.strip() for p in pieces))
        if joined is not None and joined.whole and not joined.link and not parse(pieces[0]):
            return _with_neighbours(lines, Found(joined, i - n + 1, i + 1), first)
    return None


def _with_neighbours(lines: Sequence[str], found: Found, first: int) -> Found:
    """The title completed by the lines above it that can only be its own, and the names next to it."""
    title, start, end = found.title, found.start, found.end
    following = lines[end].strip() if end < len(lines) else ""
    if title.year is None and following[:1] in ("(", "（") and (m := _year_line(following)) is not None:
        # A year in brackets below it is the title's before one above it.
        title, end = replace(title, year=year_of(m["year"], m["han"])), end + 1
    if title.whole or line_of(lines[start]).folded.startswith(fold(title.text)):
        for n in (1, 2, 3, 1, 2):
            upper = [line.strip() for line in lines[start - n : start]] if start - n >= first else []
            more = _completed("".join(upper), title) if all(upper) and not _no_part(lines, start, upper) else None
            if more is not None and found.end - start < _TITLE_LINES:
                title, start = replace(more, year=title.year if end > found.end else more.year), start - n
    above = title.issuer if found.title.issuer is None else None
    below = None
    if title.year is None and end < len(lines) and (m := _year_line(lines[end])):
        title, end = replace(title, year=year_of(m["year"], m["han"])), end + 1
    if title.issuer is None or (above is not None and is_place(above)):
        # On a cover a place may stand over the title, and the body below it.
        below = next((name for text in lines[end : end + 3] if text and (name := on_its_own(text))), None)
    near = on_its_own(lines[start - 1]) if above is None and start > first else None
    return Found(title, start, end, above, below, near)


def _no_part(lines: Sequence[str], start: int, upper: Sequence[str]) -> bool:
    """Whether lines above a title are no part of it: whom a letter is addressed to (清河县人民政府办公室：), one of a list of bodies."""
    if any(text.endswith((":", "：")) or _is_of_the_site(text) for text in upper):
        return True
    whole = [on_its_own(text) for text in upper]
    if any(a and b and not is_place(a) and quality(a) == quality(b) == PLACED for a, b in pairwise(whole)):
        # 清河县人民政府 above 清河县教育局: two whole names are not one.
        return True
    # Several bodies one below the other are a choice, and say of none that it is the reporter.
    at = start - len(upper)
    names = [n for text in lines[max(0, at - 1) : start] if (n := on_its_own(text)) and quality(n) == PLACED]
    return any(
        relation(body_named(a), body_named(b)) == "other" and match_issuer(a).kind == match_issuer(b).kind
        for a, b in pairwise(names)
    )


def _is_of_the_site(line: str) -> bool:
    """Whether a line names a site or a part of it: 清河县政务服务网."""
    return patterns().site_ends.search(line_of(line).folded) is not None


def _completed(upper: str, title: Title) -> Title | None:
    """The title with what stands above it, where that can only be its beginning; None where it is anything else.

    A name above it is its own if it is a body's name (清河县教育局), or if the name is broken (清河县发展和改 / 革局2024年…,
    荆门市沙 / 洋县民政局2024年…). What stands above a title with a whole name is another body's.
    """
    if not upper or len(upper) > patterns().most or DATE.search(line_of(upper).folded):
        return None
    joined = parse(upper + title.text)
    if joined is None or not joined.whole or joined.link or joined.complete < title.complete:
        return None
    if joined.issuer == title.issuer:
        return joined if joined.year != title.year and title.year is None else None
    if joined.issuer is None:
        return None
    if title.issuer is None:
        sure = quality(joined.issuer) > PLACELESS or on_its_own(joined.issuer) is not None
        return joined if sure else None
    front = joined.issuer.removesuffix(title.issuer)
    if quality(joined.issuer) != PLACED or front == joined.issuer:
        return None
    if quality(title.issuer) > PLACELESS:
        broken = _crosses(joined.issuer, len(front))
    else:
        own = on_its_own(title.issuer) is not None or not is_typical(joined.issuer)
        broken = is_place(front) or not (own and is_typical(front))
    return joined if broken else None


def _crosses(name: str, at: int) -> bool:
    """Whether the division that a name begins with stands on both sides of a position."""
    division = match_issuer(name).division
    start = name.find(division.name) if division is not None else -1
    return division is not None and start < at < start + len(division.name) and start >= 0


def is_year_line(line: str) -> bool:
    """Whether a line holds a year and nothing else."""
    return _year_line(line) is not None


def _year_line(line: str) -> re.Match[str] | None:
    return _YEAR_LINE.fullmatch(line_of(line[:40]).folded)


# --- in tables


def table_title(text: str, below: str = "") -> Title | None:
    """The title of the statistics (清河县2015年政府信息公开情况统计表); None where a line is none.

    A year that stands alone on the line ``below`` is its own.
    """
    if "表" not in text or "公" not in text:
        return None
    line = line_of(text)
    m = patterns().table.search(line.folded)
    if m is None or len(line.folded) > patterns().most:
        return None
    named = _before(line, m)
    if named is None:
        return None
    _, spans, start, issuer = named
    years = set(years_in(line.folded[min([start, *(a for a, _ in spans)]) :]))
    if not years and below and (m := _YEAR_LINE.fullmatch(line_of(below[:40]).folded)):
        years = {y for y in [year_of(m["year"], m["han"])] if y is not None}
    return Title(line.printed[start:], issuer, years.pop() if len(years) == 1 else None, period_of(line.folded))


def title_row(table: Table) -> str:
    """What stands alone in one of a table's first rows and is a title there; empty where none does."""
    first = [cell for cell in table.cells if cell.row < _ROWS]
    if not any("公" in cell.text and _TELLS_OF_TABLES.search(cell.text) for cell in first):
        return ""
    rows: dict[int, list[str]] = {}
    for cell in first:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell.text)
    alone = [texts[0] for texts in rows.values() if len(texts) == 1]
    at = next((i for i, t in enumerate(alone) if parse(t) is not None or table_title(t) is not None), None)
    if at is None:
        return ""
    whole = _completed(alone[at - 1], title) if at and (title := parse(alone[at])) is not None else None
    return alone[at] if whole is None or _no_part(alone, at, alone[at - 1 : at]) else whole.text
