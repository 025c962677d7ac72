"""Which report it is: whose, of which year, scope and period; when published; where a new report begins in a file.

Belongs here: reading titles, preambles, signatures, page metadata and file names, by the patterns of `identity.toml`.
Does not belong here: which division a name stands for (`schemas.divisions`), and the report's figures, except as
evidence of its scope.

The title comes first, then the text, then the page's metadata, the file name last. What none of them says is None
or `unknown`; nothing is guessed.
"""

from __future__ import annotations

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from schemas import divisions
from schemas.divisions import IssuerMatch
from schemas.facts import Fact, Passage
from schemas.labels import fold
from schemas.report_identity import ReportIdentity

FIRST_YEAR, LAST_YEAR = 2008, 2100

# How far into a report its title may stand, how long its preamble may be, how near to its end it is signed.
_HEAD_PASSAGES = 40
_PREAMBLE_CHARACTERS = 2000
_TAIL_PASSAGES = 12
_INLINE_CHARACTERS = 600
# Titles are broken over at most this many lines.
_TITLE_LINES = 3

_SPACE = re.compile(r"\s+")
_HAN_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys("○零0oOＯ", "0")
_YEAR = re.compile(
    r"(?<!\d)(?P<arabic>20\d\d)(?!\d)(?:年度|年)?(?:年度|度)?|(?P<han>[二2][〇○零0oO][〇○零0oO一二三四五六七八九]{2})年(?:度)?"
)
_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?:年|[-/.])(?P<m>\d{1,2})(?:月|[-/.])(?P<d>\d{1,2})(?!\d)日?"
    r"|(?<!\d)(?P<Y>20\d\d)(?P<M>[01]\d)(?P<D>[0-3]\d)(?!\d)"
    r"|(?P<hy>[二2][〇○零0oO][〇○零0oO一二三四五六七八九]{2})年(?P<hm>[一二三四五六七八九十]{1,2})月(?P<hd>[一二三四五六七八九十]{1,3})日"
)
_SECTION = re.compile(r"(?:^|(?<=[。\]\s]))(?:第?一(?:、|部分)|[二三]、)")
# What another paper is called says nothing about this one.
_QUOTED = re.compile(r"《[^》]*》")
_BRACKETS = re.compile(r"[\[(【〔《](.*?)[\])】〕》]")


@dataclass(slots=True, frozen=True)
class Identified:
    """Which report it is, as far as its words say, and how its figures may still refute them (see `weigh_figures`).

    ``stated_received`` are the counts of requests by which the text's own words about its scope can be held against
    the table; ``weaker`` are scope and evidence to fall back on when the table refutes them.
    """

    identity: ReportIdentity
    stated_received: tuple[int, ...] = ()
    weaker: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, frozen=True)
class Span:
    """Where a report stands among the texts of a file: from ``start`` up to, not including, ``end``."""

    start: int
    end: int
    title: str


@dataclass(slots=True, frozen=True)
class _Title:
    """A title taken apart; ``text`` as printed without spaces, the issuer too."""

    text: str
    issuer: str | None
    year: int | None
    period: str

    @property
    def complete(self) -> int:
        return (self.issuer is not None) + (self.year is not None)


# --- patterns


@dataclass(slots=True, frozen=True)
class _ScopeRule:
    scope: str
    where: str
    kinds: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(slots=True, frozen=True)
class _Patterns:
    """`identity.toml`, compiled."""

    phrase: re.Pattern[str]
    before: re.Pattern[str]
    never: re.Pattern[str]
    no_issuer: re.Pattern[str]
    nobody: re.Pattern[str]
    some_place: re.Pattern[str]
    most: int
    periods: tuple[tuple[str, re.Pattern[str]], ...]
    shorter: re.Pattern[str]
    span: re.Pattern[str]
    announced: re.Pattern[str]
    compiled: re.Pattern[str]
    keys: dict[str, tuple[str, ...]]
    inline: re.Pattern[str]
    document_number: re.Pattern[str]
    index_number: re.Pattern[str]
    scopes: tuple[_ScopeRule, ...]


@cache
def _patterns() -> _Patterns:
    data: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("identity.toml").read_text("utf-8"))
    title, period, metadata = data["title"], data["period"], dict(data["metadata"])
    words = "|".join(sorted(map(re.escape, title["middle"]), key=len, reverse=True))
    middle = (
        rf"(?:{words}|\(?20\d\d年?(?:年?度)?\)?|[二2][〇○零0oO]\w{{2}}年(?:度)?|{period['quarter']}|{period['half']})*?"
    )
    phrase = title["phrase"].replace("{mid}", middle)
    inline, number, index = (metadata.pop(k) for k in ("inline", "document_number_form", "index_number_form"))
    keys = {name: tuple(k.lower() for k in names) for name, names in metadata.items()}
    spoken = sorted(
        {k for ks in keys.values() for k in ks if not k.isascii() and k not in {"时间", "日期"}}, key=len, reverse=True
    )
    return _Patterns(
        phrase=re.compile(f"(?:{phrase}){title['after']}$"),
        before=re.compile(f"(?:{title['before']})+"),
        never=re.compile(title["never"]),
        no_issuer=re.compile(title["no_issuer"]),
        nobody=re.compile(title["nobody"]),
        some_place=re.compile(title["some_place"]),
        most=title["most"],
        periods=(("quarter", re.compile(period["quarter"])), ("half", re.compile(period["half"]))),
        shorter=re.compile(period["shorter"]),
        span=re.compile(period["span"]),
        announced=re.compile(data["announced"]["pattern"]),
        compiled=re.compile(data["announced"]["compiled"]),
        keys=keys,
        inline=re.compile(
            inline.format(keys="|".join(r"\s*".join(map(re.escape, key)) for key in [*spoken, "时间", "日期"]))
        ),
        document_number=re.compile(number),
        index_number=re.compile(index),
        scopes=tuple(
            _ScopeRule(s["scope"], s["where"], tuple(s.get("kinds", ())), re.compile(s["pattern"]))
            for s in data["scope"]
        ),
    )


# --- titles


def _clean(text: str) -> str:
    """Half width and without spaces, in the characters printed."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def _folded(text: str) -> tuple[str, str]:
    """The text in the characters printed and folded, position by position alike."""
    printed = _clean(text)
    folded = fold(text)
    # Invisible characters and the rare conversion that changes the length: then the folded text stands for both.
    return (printed, folded) if len(printed) == len(folded) else (folded, folded)


def _year(arabic: str | None, han: str | None) -> int | None:
    digits = arabic or "".join(_HAN_DIGITS.get(c, c) for c in han or "")
    if not re.fullmatch(r"\d{4}", digits):
        return None
    year = int(digits)
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _years(folded: str) -> list[int]:
    found = (_year(m["arabic"], m["han"]) for m in _YEAR.finditer(folded))
    return [y for y in found if y is not None]


def _period(folded: str) -> str:
    return next((period for period, pattern in _patterns().periods if pattern.search(folded)), "year")


def _parse_title(text: str) -> _Title | None:
    """Take a line apart that is the title of a report, and nothing else; None where it is not."""
    patterns = _patterns()
    printed, folded = _folded(text)
    printed, folded = printed.rstrip("。.*#"), folded.rstrip("。.*#")
    if lead := patterns.before.match(folded):
        printed, folded = printed[lead.end() :], folded[lead.end() :]
    if not 6 <= len(folded) <= patterns.most or patterns.never.search(folded):
        return None
    phrase = patterns.phrase.search(folded)
    if phrase is None:
        return None
    period = _period(folded)
    if period == "year" and patterns.shorter.search(folded):
        return None
    # What is left in front of the phrase without year and period is the issuer.
    kept = [True] * phrase.start()
    for pattern in (_YEAR, *(p for _, p in patterns.periods)):
        for m in pattern.finditer(folded, 0, phrase.start()):
            kept[m.start() : m.end()] = [False] * (m.end() - m.start())
    issuer = "".join(c for c, keep in zip(printed, kept, strict=False) if keep)
    issuer = (
        issuer.removeprefix("关于").removeprefix("關於").strip("的:-—_、.·").removesuffix("关于").removesuffix("關於")
    )
    bare = _BRACKETS.sub("", issuer)
    if patterns.nobody.fullmatch(fold(bare)):
        bare = ""
    elif bare and not _names_body(bare):
        return None
    years = set(_years(folded))
    return _Title(printed, bare or None, years.pop() if len(years) == 1 else None, period)


def _names_authority(name: str) -> bool:
    """Whether a name, wherever it stands, is that of an authority."""
    if not 2 <= len(name) <= 40 or any(c.isdigit() for c in name) or _patterns().no_issuer.search(name):
        return False
    return divisions.match_issuer(name).kind is not None


def _names_body(name: str) -> bool:
    """The same of what stands in front of a title's phrase, where it can hardly be anything else."""
    if _names_authority(name):
        return True
    if not 2 <= len(name) <= 40 or any(c.isdigit() for c in name) or _patterns().no_issuer.search(name):
        return False
    match = divisions.match_issuer(name)
    return (
        match.division_code is not None
        or bool(match.candidates)
        or _patterns().some_place.search(fold(name)) is not None
    )


def _issuer_line(text: str) -> str | None:
    """The name of an authority that stands on a line of its own."""
    printed, _ = _folded(text)
    return printed if len(printed) <= 30 and _names_authority(printed) else None


def is_title(text: str) -> bool:
    """Whether a line is, as a whole, the title of a report on information disclosure (of a year, half or quarter)."""
    return _parse_title(text) is not None


@dataclass(slots=True, frozen=True)
class _Found:
    """A title in a sequence of lines: from ``start`` up to ``end``."""

    title: _Title
    start: int
    end: int


def _titles(lines: Sequence[str]) -> Iterator[_Found]:
    """The titles among the lines, in order, broken ones put together and the issuer's line above one included."""
    i = 0
    while i < len(lines):
        found = _title_at(lines, i)
        if found is None:
            i += 1
            continue
        yield found
        i = found.end


def _title_at(lines: Sequence[str], i: int) -> _Found | None:
    most = _patterns().most
    for n in range(1, _TITLE_LINES + 1):
        pieces = lines[i : i + n]
        if len(pieces) < n or not all(p.strip() for p in pieces) or any(len(p) > 2 * most for p in pieces):
            return None
        title = _parse_title("".join(pieces))
        if title is not None:
            return _Found(title, i, i + n)
        inner = _parse_title("".join(pieces[1:])) if n > 1 else None
        if inner is not None and inner.issuer is not None:
            return None
    return None


def split_titles(passages: Sequence[Passage]) -> list[int]:
    """Indices of the passages at which a new report begins."""
    return [span.start for span in report_spans([p.text for p in passages])]


def report_spans(texts: Sequence[str]) -> list[Span]:
    """Where each report stands among the texts (paragraphs; an empty text for a table).

    One span per title that is not the one before over again (a running head, a breadcrumb). Three or more different
    titles in a row are a list of links. The single report of a file has all of it. No title: an empty list.
    """
    found = _without_link_lists(list(_titles(texts)))
    starts: list[_Found] = []
    for f in found:
        if starts and _same_report(starts[-1].title, f.title):
            if f.title.complete > starts[-1].title.complete:
                starts[-1] = replace(starts[-1], title=f.title)
            continue
        starts.append(f)
    if len(starts) == 1:
        return [Span(0, len(texts), starts[0].title.text)]
    spans: list[Span] = []
    for k, f in enumerate(starts):
        start = f.start
        while start > (starts[k - 1].end if k else 0) and _header_line(texts[start - 1]):
            start -= 1
        if spans:
            spans[-1] = replace(spans[-1], end=start)
        spans.append(Span(start, len(texts), f.title.text))
    return spans


def _same_report(a: _Title, b: _Title) -> bool:
    if a.period != b.period or (a.year and b.year and a.year != b.year):
        return False
    if a.issuer is None or b.issuer is None:
        # A title without a year and an issuer says nothing of its own.
        return (a.year is not None and a.year == b.year) or not a.complete or not b.complete
    x, y = fold(a.issuer), fold(b.issuer)
    return x in y or y in x


def _without_link_lists(found: list[_Found]) -> list[_Found]:
    kept: list[_Found] = []
    run: list[_Found] = []
    for f in [*found, None]:
        if f is not None and (not run or f.start == run[-1].end):
            run.append(f)
            continue
        different = {(r.title.issuer, r.title.year, r.title.period) for r in run}
        if len(different) < 3:
            kept.extend(run)
        elif run[-1].title.complete > max(r.title.complete for r in run[:-1]):
            # The report's own title under the list.
            kept.append(run[-1])
        run = [f] if f is not None else []
    return kept


def _header_line(text: str) -> bool:
    key, colon, _ = fold(text[:40]).partition(":")
    return bool(colon) and any(key in keys for keys in _patterns().keys.values())


# --- metadata


def page_metadata(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """What a table of a page's metadata says (索引号 | … | 发布机构 | …); empty where the table is none.

    Rows are cells in reading order, keys and values in turn. It is such a table when two keys at least are known.
    """
    known = {k for keys in _patterns().keys.values() for k in keys if not k.isascii()}
    out: dict[str, str] = {}
    for row in rows:
        cells = [c.strip() for c in row]
        i = 0
        while i < len(cells):
            key, colon, rest = fold(cells[i]).partition(":")
            if key in known:
                if colon and rest:
                    out.setdefault(key, cells[i].replace("：", ":").partition(":")[2].strip())
                elif i + 1 < len(cells) and fold(cells[i + 1]).rstrip(":") not in known:
                    out.setdefault(key, cells[i + 1])
                    i += 1
            i += 1
    return out if len(out) >= 2 else {}


class _Metadata:
    """The page's metadata and the lines of the text that say the same, by what they are about."""

    def __init__(self, metadata: Mapping[str, str], passages: Sequence[Passage]) -> None:
        self.values = {_SPACE.sub("", k).lower(): v.strip() for k, v in metadata.items() if v and v.strip()}
        self.inline: dict[str, str] = {}
        for passage in passages[:_TAIL_PASSAGES]:
            # Blanks part one key from the next, and a date from a time of day.
            text = " ".join(fold(word) for word in passage.text[:_INLINE_CHARACTERS].split())
            for m in _patterns().inline.finditer(text):
                self.inline.setdefault(_SPACE.sub("", m["key"]), m["value"].strip())

    def get(self, about: str) -> str | None:
        return next(iter(self.all(about)), None)

    def all(self, about: str) -> list[str]:
        keys = _patterns().keys[about]
        return [self.values[k] for k in keys if k in self.values] + [self.inline[k] for k in keys if k in self.inline]


def _date(text: str) -> str | None:
    """The first date in a text, as ISO."""
    spaced = unicodedata.normalize("NFKC", text)
    # Blanks part a date from a time of day (2024-03-08 15:34), and stand within a date (2024 年 3 月 8 日).
    return _first_date(spaced) or _first_date(_SPACE.sub("", spaced))


def _first_date(text: str) -> str | None:
    for m in _DATE.finditer(text):
        if m["hy"]:
            year = _year(None, m["hy"])
            month, day = _han(m["hm"]), _han(m["hd"])
        else:
            year, month, day = int(m["y"] or m["Y"]), int(m["m"] or m["M"]), int(m["d"] or m["D"])
        try:
            date = datetime.date(year or 0, month, day)
        except ValueError:
            continue
        if FIRST_YEAR <= date.year <= LAST_YEAR:
            return date.isoformat()
    return None


def _han(text: str) -> int:
    """一 to 三十一."""
    digits = {c: i for i, c in enumerate("一二三四五六七八九", start=1)}
    tens, ten, ones = text.partition("十")
    if not ten:
        return digits.get(text, 0)
    return 10 * digits.get(tens, 1 if not tens else 0) + (digits.get(ones, 0) if ones else 0)


def _bare_date(text: str) -> str | None:
    """The date of a line that holds nothing else, but for brackets and a word like 发布日期."""
    folded = fold(text)
    m = _DATE.search(folded)
    if m is None or len(folded) > 40:
        return None
    rest = (folded[: m.start()] + folded[m.end() :]).strip("()[]【】:：,.。 0123456789")
    return _date(text) if rest in {"", "发布日期", "发布时间", "日期", "时间", "公开日期", "公布日期", "印发"} else None


# --- putting it together


def identify(
    *,
    titles: Sequence[str] = (),
    passages: Sequence[Passage] = (),
    metadata: Mapping[str, str] | None = None,
    file_name: str = "",
) -> Identified:
    """Which report it is, by candidate title lines, its text, the page's metadata and the file's name; never raises."""
    about = _Metadata(metadata or {}, passages)
    lines = [p.text for p in passages]
    preamble = _preamble(lines)
    span = next((m for m in _patterns().span.finditer(preamble)), None)
    title, above, below = _best_title(titles, lines, about, _year(span["year"], None) if span else None)
    from_name = _from_file_name(file_name)
    announced = _patterns().announced.search(preamble)

    year = title.year if title else None
    if year is None and announced:
        year = _year(announced["year"], None)
    if year is None and span and span["year2"] in {None, span["year"]}:
        year = _year(span["year"], None)
    if year is None and from_name:
        year = from_name.year

    signature = _signature(lines)
    names = [
        ("title", title.issuer if title else None),
        ("title", above),
        ("title", below),
        ("signature", signature[0]),
        ("text", announced["issuer"] if announced else None),
        *(("metadata", v) for v in about.all("issuer")),
        ("text", _compiler(preamble)),
        ("file name", from_name.issuer if from_name else None),
    ]
    identity = ReportIdentity(
        year=year,
        title=title.text if title else None,
        period=_period_of(title, from_name, span),
        document_number=_form(about.get("document_number"), _patterns().document_number),
        index_number=_form(about.get("index_number"), _patterns().index_number),
    )
    identity = _with_issuer(identity, names, preamble, about, file_name)
    identity = _with_published(identity, about, lines, signature[1])
    return _with_scope(identity, preamble, lines, about)


def _preamble(lines: Sequence[str]) -> str:
    """Folded text up to the first section, or what may be of it."""
    out: list[str] = []
    length = 0
    for line in lines:
        folded = fold(line)
        cut = _SECTION.search(folded)
        out.append(folded[: cut.start()] if cut else folded)
        length += len(out[-1])
        if cut or length > _PREAMBLE_CHARACTERS:
            break
    return "\n".join(out)[:_PREAMBLE_CHARACTERS]


def _best_title(
    titles: Sequence[str], lines: Sequence[str], about: _Metadata, span_year: int | None
) -> tuple[_Title | None, str | None, str | None]:
    """The title, and the authorities named on the lines above and below it."""
    candidates: list[tuple[_Title, str | None, str | None]] = []
    head = list(lines[:_HEAD_PASSAGES])
    # Text without line breaks: its first words, parted by blanks.
    words = [w for line in head[:3] if len(line) > 200 for w in line[:600].split()]
    for sequence in (list(titles), head, words, about.all("title")):
        every = list(_titles(sequence))
        # Links to the reports of other years stand together; only their years can tell which is this one's.
        listed = _without_link_lists(every) or [f for f in every if f.title.year == span_year]
        for found in listed:
            above = _issuer_line(sequence[found.start - 1]) if found.start else None
            below = next((n for n in map(_issuer_line, sequence[found.end : found.end + 2]) if n), None)
            candidates.append((found.title, above, below))
    if not candidates:
        return None, None, None

    def rank(candidate: tuple[_Title, str | None, str | None]) -> tuple[bool, int]:
        title = candidate[0]
        return (title.year is not None and title.year == span_year, title.complete)

    best = max(candidates, key=rank)
    return best


def _from_file_name(file_name: str) -> _Title | None:
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", file_name)
    pieces = [stem, *re.split(r"[_\s\-—－+,，]+", stem)]
    found = next((t for t in map(_parse_title, pieces) if t is not None), None)
    years = set(_years(_clean(stem)))
    year = years.pop() if len(years) == 1 else None
    names = [n for n in map(_issuer_line, pieces[1:]) if n]
    if found is None:
        return _Title(stem, names[0] if len(names) == 1 else None, year, _period(fold(stem))) if year or names else None
    return replace(found, issuer=found.issuer or (names[0] if len(names) == 1 else None), year=found.year or year)


def _period_of(title: _Title | None, from_name: _Title | None, span: re.Match[str] | None) -> str:
    if title is not None and title.period != "year":
        return title.period
    if title is not None and "年度" in title.text:
        return "year"
    if span is not None and span["year2"] in {None, span["year"]}:
        return {"6": "half", "06": "half", "3": "quarter", "03": "quarter"}.get(span["month"], "year")
    return from_name.period if from_name is not None and title is None else "year"


def _form(text: str | None, form: re.Pattern[str]) -> str | None:
    m = form.search(_clean(text)) if text else None
    return m[0] if m else None


def _compiler(preamble: str) -> str | None:
    """The unit that compiled the report, where it can only be the issuer: no government's office."""
    m = _patterns().compiled.search(preamble)
    if m is None or not _names_authority(m["issuer"]):
        return None
    match = divisions.match_issuer(m["issuer"])
    return m["issuer"] if match.division is not None and match.kind in {"department", "township", "vertical"} else None


def _signature(lines: Sequence[str]) -> tuple[str | None, str | None]:
    """The authority and the date under the report."""
    name: str | None = None
    date: str | None = None
    for line in reversed(lines[-_TAIL_PASSAGES:]):
        folded = fold(line)
        if len(folded) > 60:
            continue
        dated = _DATE.search(folded)
        if date is None and dated is not None:
            rest = _DATE.sub("", folded).strip("()。 ")
            if not rest or _names_authority(rest):
                date = _date(line)
                name = name or (_issuer_line(rest) if rest else None)
                continue
        if name is None and not _parse_title(line):
            name = _issuer_line(line)
        if name and date:
            break
    return name, date


def _with_issuer(
    identity: ReportIdentity, names: Iterable[tuple[str, str | None]], preamble: str, about: _Metadata, file_name: str
) -> ReportIdentity:
    """The first name that says of which place; else the first there is, flagged."""
    context = (preamble, *about.all("title"))
    sources = (*about.all("site"), *about.all("issuer"), *about.all("column"))
    first: tuple[str, str, IssuerMatch] | None = None
    for origin, name in names:
        if not name or not _names_authority(name):
            continue
        match = divisions.match_issuer(name, identity.year, context=context, sources=sources)
        if first is None:
            first = (origin, name, match)
        placed = match.division_code is not None or match.level == "nation" or bool(match.candidates)
        # A later name may complete the first (县政府办公室), not replace a name of another place.
        if placed and (first[1] == name or "no_place" in first[2].flags):
            first = (origin, name, match)
            break
        if "no_place" not in first[2].flags:
            break
    if first is None:
        return replace(identity, issuer_flags=("unmatched",))
    origin, name, match = first
    identity = replace(
        identity,
        issuer=match.issuer,
        issuer_printed=name,
        issuer_evidence=f"{origin}: {name}",
        division_code=match.division_code,
        level=match.level,
        kind=match.kind,
        issuer_flags=match.flags,
    )
    return _misread(identity, name, match, about, file_name) if "unmatched" in match.flags else identity


def _misread(
    identity: ReportIdentity, name: str, match: IssuerMatch, about: _Metadata, file_name: str
) -> ReportIdentity:
    """A name one character from a division's, where the address of the page or the file's name spells that division.

    Names of sites and files are romanised (shuyang.gov.cn, 2025-shuyang-county): evidence that does not depend on the
    character in question. The printed name is kept and the reading flagged; without such evidence nothing changes.
    """
    words: set[str] = set()
    for text in (file_name, *about.all("address")):
        words.update(re.findall(r"[a-z]+", text.lower()))
    near = {d.name: d for d in divisions.similar(name, identity.year) if d.pinyin in words}
    if len(near) != 1:
        return identity
    division = next(iter(near.values()))
    meant = division.name + name[len(division.name) :]
    read = divisions.match_issuer(meant, identity.year)
    if read.division_code != division.code or read.kind is None:
        return identity
    return replace(
        identity,
        issuer=read.issuer,
        issuer_evidence=f"similar: {name} → {meant} ({division.pinyin})",
        division_code=read.division_code,
        level=read.level,
        kind=read.kind,
        issuer_flags=("similar", *read.flags),
    )


def _with_published(
    identity: ReportIdentity, about: _Metadata, lines: Sequence[str], signed: str | None
) -> ReportIdentity:
    keys = _patterns().keys["published"]
    for values, origin in ((about.values, "metadata"), (about.inline, "text")):
        date = next((d for k in keys if k in values and (d := _date(values[k]))), None)
        if date:
            return replace(identity, published=date, published_from=origin)
    under_title = next((d for d in map(_bare_date, lines[:6]) if d), None)
    if under_title:
        return replace(identity, published=under_title, published_from="text")
    if signed:
        return replace(identity, published=signed, published_from="signature")
    written = about.get("written")
    date = _date(written) if written else None
    return replace(identity, published=date, published_from="metadata") if date else identity


# --- scope


def _with_scope(identity: ReportIdentity, preamble: str, lines: Sequence[str], about: _Metadata) -> Identified:
    """The scope by the strongest evidence, with what is left should the table refute the text's own words."""
    texts = {
        "preamble": _QUOTED.sub("《》", preamble),
        "text": _QUOTED.sub("《》", "\n".join(fold(line) for line in lines)),
        "column": "\n".join(map(fold, about.all("column"))),
        "title": fold(identity.issuer or "") + " " + fold(identity.title or ""),
    }
    evidence: list[tuple[str, str]] = []
    received: list[int] = []
    for rule in _patterns().scopes:
        if rule.kinds and identity.kind not in rule.kinds:
            continue
        matches = list(rule.pattern.finditer(texts[rule.where]))
        if not matches:
            continue
        evidence.append((rule.scope, f"{rule.where}: {matches[0][0].strip()[:60]}"))
        groups = set(rule.pattern.groupindex)
        if groups and len(evidence) == 1:
            received = [int(m[g]) for m in matches for g in groups if m[g]]
    if not evidence:
        return Identified(identity)
    scope, words = evidence[0]
    return Identified(replace(identity, scope=scope, scope_evidence=words), tuple(received), tuple(evidence[1:]))


# Where the three forms state how many requests there were.
_RECEIVED = ("requests.new_received.total", "requests.processed_total.total", "statistics.requests_received")
_ONE_AREA = 10_000
_SAME_AREA = 0.8


def weigh_figures(identified: Identified, facts: Sequence[Fact]) -> ReportIdentity:
    """The identity with its scope held against the figures.

    A sentence about the whole area says that the report is the area's only where the table is of its size: if the
    table holds far less than the stated counts, the next weaker evidence takes its place. Where nothing else tells a
    government's report from its office's, documents without licences and penalties are the office's, licences or
    penalties in the tens of thousands the area's.
    """
    identity = identified.identity
    values = {f.address: f.value for f in facts if f.kind == "number" and f.value is not None}
    if identified.stated_received:
        stated = {values[a] for a in values if a.startswith(_RECEIVED)}
        new, over = values.get("requests.new_received.total"), values.get("requests.carried_over.total")
        if new is not None and over is not None:
            stated.add(new + over)
        # An office receives a part of what its area receives: a table that holds much less than the sentence says is
        # not the area's. A table that holds about as much, or more, is, and one of the two is wrong.
        if stated and max(stated) < _SAME_AREA * min(identified.stated_received):
            rest = [e for e in identified.weaker if not e[1].startswith("text:")]
            scope, words = rest[0] if rest else ("unknown", None)
            identity = replace(identity, scope=scope, scope_evidence=words)
    strong = identity.scope_evidence is not None and identity.scope_evidence.startswith(("preamble:", "text:"))
    if strong or identity.kind not in {"government", "office", "zone"}:
        return identity
    decisions = {row: values.get(f"article20.{row}.decisions") for row in ("licensing", "penalty")}
    documents = sum(
        values.get(f"article20.normative_documents.{c}") or 0 for c in ("issued", "in_force", "produced", "disclosed")
    )
    shown = "，".join(f"{row}={v}" for row, v in decisions.items())
    if any(v is not None and v >= _ONE_AREA for v in decisions.values()):
        return replace(identity, scope="area", scope_evidence=f"figures: {shown}")
    if all(v == 0 for v in decisions.values()) and documents > 0:
        return replace(identity, scope="office", scope_evidence=f"figures: {shown}")
    return identity
