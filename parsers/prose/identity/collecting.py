"""Everything in a document that says whose report it is, of which year, and where the body is.

Belongs here: one function for each place that evidence stands in. Does not belong here: which evidence wins
(`deciding`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from schemas import issuers
from schemas.divisions import by_code, parents
from schemas.facts import Passage
from schemas.labels import fold
from schemas.report_identity import Evidence

from .dates import DATE, date_in, in_figures, period_of, year_of, years_in
from .metadata import Metadata
from .names import PLACED, is_place, is_typical, on_its_own, quality, unsealed
from .patterns import clean, line_of, patterns
from .several import without_link_lists
from .spoken import body_of, calls_itself_a_report, is_news
from .titles import Found, Title, is_year_line, parse, scan, table_title

# How far into a report its title may stand, how long its preamble may be, how near to its end it is signed.
_HEAD = 40
_PREAMBLE_CHARACTERS = 2000
_TAIL = 12
_OPENING = 60
_BEGINNING = 20
_NUMBERED = frozenset("(（|丨12345")
# How the headings of the six parts begin.
_FIRST_RANK = re.compile("[|丨]?[一二三四五六七第]")
# In how many passages sentences are looked at for a year and a name.
_SENTENCES = 60

# So many characters of a name a verb in front of it may have taken.
_VERB = 3

_SECTION = re.compile(r"(?:^|(?<=[。\]\s]))(?:第?一(?:、|部分)|[二三]、)")
_GATHERED = re.compile("[^。]{0,300}?(?:汇总|综合)[^。系]{0,20}各")
_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+(?:com|cn|net|org|vip|cc|top)(?![a-z])/?")
_SENTENCE_YEAR = re.compile(
    r"(?:^|[。;!])(?:截[至止]到?(?P<end>20\d\d)年(?:12月|底)|(?:[(（][一二三四五六七八九十][)）]|\d{1,2}[、.])?(?P<year>20\d\d)年(?:度|以来|,|，|我|本|全|,|[一-鿿]{0,10}?(?:[省市县区旗镇乡局委厅]|医院|学校|中心|街道|单位)(?=政府|人民|在|通过|共|累计|主动|未|没)))"
)


@dataclass
class Collected:
    """What a document says of itself."""

    title: Title | None = None
    # The first line below the title.
    below: int = 0
    preamble: str = ""
    span: re.Match[str] | None = None
    signed: str | None = None
    from_name: Title | None = None
    evidence: list[Evidence] = field(default_factory=list)
    # What says that this is a report although no title does.
    headings: int = 0
    speaks_of_itself: bool = False
    is_news: bool = False

    def add(self, about: str, source: str, says: str | int | None, printed: str) -> None:
        """Keep a piece of evidence; the same said twice by one source is one."""
        if says is None or says == "":
            return
        weights = patterns().year_weights if about == "year" else patterns().issuer_weights
        evidence = Evidence(about, source, str(says), printed[:80], weights.get(source, 0))
        if not any((e.about, e.source, e.says) == (about, source, evidence.says) for e in self.evidence):
            self.evidence.append(evidence)

    def about(self, what: str) -> list[Evidence]:
        return [e for e in self.evidence if e.about == what]


def collect(
    titles: Sequence[str],
    passages: Sequence[Passage],
    about: Metadata,
    file_name: str,
    found: Sequence[Found] | None = None,
    cells: Sequence[str] = (),
) -> Collected:
    """All evidence. ``found`` are the titles among the passages, if known; ``cells`` stand alone in tables' first rows."""
    lines = [p.text for p in passages]
    out = Collected(preamble=preamble_of(lines))
    out.span = next((m for m in patterns().span.finditer(in_figures(out.preamble))), None)
    if out.span is None:
        head = (in_figures(fold(line[:1000])) for line in lines[:_HEAD])
        out.span = next((m for line in head for m in patterns().span.finditer(line)), None)
    span_year = year_of(out.span["year"]) if out.span and out.span["year2"] in {None, out.span["year"]} else None
    _titles(out, titles, lines, about, found, cells, span_year)
    if out.span is not None:
        out.add("year", "period", span_year, out.span[0])
    # A text without a title may say it in its first section.
    opening = out.preamble if len(out.preamble) > _OPENING else "\n".join(fold(line[:600]) for line in lines[:8])
    _announced(out, opening)
    _sentences(out, lines)
    _signed(out, lines)
    _of_the_page(out, about, lines)
    _file_name(out, file_name)
    _full_names(out, lines)
    folded = [text for line in lines if len(line) < 60 and _FIRST_RANK.match(text := fold(line[:40]))]
    out.headings = sum(any(h.match(text) for text in folded) for h in patterns().headings)
    # 一、总体情况 stands alone, （一）主动公开情况 often not.
    begun = (fold(line[:_BEGINNING]) for line in lines if line.lstrip()[:1] in _NUMBERED)
    out.headings += sum(patterns().aspects.match(text) is not None for text in begun) > 1
    out.speaks_of_itself = calls_itself_a_report(out.preamble)
    out.is_news = out.headings == 0 and not out.speaks_of_itself and is_news(lines)
    return out


def preamble_of(lines: Sequence[str]) -> str:
    """Folded text up to the first section, or what may be of it; of a text that begins with a section, that one."""
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


# --- titles


def _titles(
    out: Collected,
    titles: Sequence[str],
    lines: Sequence[str],
    about: Metadata,
    found: Sequence[Found] | None,
    cells: Sequence[str],
    span_year: int | None,
) -> None:
    in_text = [f for f in (scan(lines[:_HEAD]) if found is None else found) if f.start < _HEAD]
    # Links to the reports of other years stand together; only their years can tell which is this one's.
    listed = without_link_lists(in_text)
    listed += [Found(t, 0, 0) for t in map(parse, cells) if t is not None and not t.link]
    if listed:
        # A title without a year may be the report's, one of another year than its figures' is a link to another.
        fits = (None, span_year) if span_year else ()
        of_year = [f for f in listed if f.title.year in fits and f.title.issuer] or listed
        best = max(of_year, key=lambda f: (f.title.year is not None and f.title.year == span_year, f.title.complete))
        # A name below the title is no signature as well.
        named = (i + 1 for i in range(best.end, min(best.end + 3, len(lines))) if on_its_own(lines[i]) == best.below)
        out.title, out.below = best.title, next(named, best.end) if best.below else best.end
        if span_year not in (None, best.title.year) and _has_its_year_apart(best, lines):
            # 2024年 on a line of its own above …年度报告, and figures of 2023: the page's.
            best = replace(best, title=replace(best.title, year=None))
            out.title = best.title
        source = "line above" if best.above and best.title.issuer == best.above else "title"
        out.add("issuer", source, best.title.issuer, best.title.text)
        out.add("issuer", "line below", best.below, best.below or "")
        out.add("place", "line above", best.near, best.near or "")
        out.add("year", "title", best.title.year, best.title.text)
        for other in listed:
            if other is not best and other.title.issuer:
                out.add("issuer", "link", other.title.issuer, other.title.text)
    pages = [*titles, *about.all("title")]
    for text in pages:
        title = parse(text)
        if title is None:
            continue
        if out.title is None or (out.title.complete < 2 and title.complete > out.title.complete and title.whole):
            out.title = replace(title, link=False)
        out.add("issuer", "page title", title.issuer, title.text)
        out.add("year", "page title", title.year, title.text)
        out.add("place", "site", title.site, text)
        if title.issuer is None and title.site is not None:
            out.add("issuer", "page title", _one_department(title.site), text)
    below = [*lines[1:_HEAD], ""]
    for text, following in [*zip(lines[:_HEAD], below, strict=False), *((t, "") for t in (*cells, *pages))]:
        if (table := table_title(text, following)) is not None:
            out.add("issuer", "table title", table.issuer, table.text)
            out.add("year", "table title", table.year, table.text)
    for text in (line for value in about.all("header") for line in value.splitlines()):
        title = parse(text)
        out.add("issuer", "page header", title.issuer if title else on_its_own(text), text)
        if title is not None:
            out.add("year", "page title", title.year, title.text)
            out.title = out.title or title
    for text in lines[:_HEAD]:
        title = parse(text) if len(text) < 200 else None
        if title is not None and title.link:
            out.add("issuer", "link", title.issuer, title.text)
            out.add("year", "link", title.year, title.text)


def _has_its_year_apart(found: Found, lines: Sequence[str]) -> bool:
    """Whether the year of a title stands on a line of its own, above or below it."""
    own = lines[found.start : found.end]
    return len(own) > 1 and any(is_year_line(line) for line in (own[0], own[-1]))


def _one_department(site: str) -> str | None:
    """The one department or township among the names behind a page's title or on the way to it; a government is whose site it is."""
    names = {n for piece in re.split(r"[_|—–>»›/\\-]", site) if (n := on_its_own(piece)) and quality(n) == PLACED}
    names = {n for n in names if issuers.match_issuer(n).kind in ("department", "township", "vertical")}
    return names.pop() if len(names) == 1 else None


# --- the text


def _announced(out: Collected, opening: str) -> None:
    """现公布X 2025年…报告; 由X编制."""
    # A name that a page was given another's address for is none.
    opening = _ADDRESS.sub("", opening)
    for pattern in patterns().announced:
        for m in pattern.finditer(opening):
            out.add("year", "announced", year_of(m["year"]), m[0])
            name = _whole_name(opening, m.start("issuer"), m.end("issuer")) if m["issuer"] else ""
            if name.endswith("人民") and opening.startswith("政府", m.end("issuer")):
                # 清河县人民 + 政府信息公开.
                name += "政府"
            name = re.sub(r"^(?:[我该]|本[县区市省州旗局委厅办镇乡街院单机部级年])\w*|的$", "", name)
            # （以下简称“市水务局”）: what it is called from here on.
            name = re.sub(r"\((?:以下|下文)[^()]*\)$", "", name)
            if name and quality(name) and not patterns().nobody.fullmatch(fold(name)):
                out.add("issuer", "announced", name, m[0])
    for m in patterns().compiled.finditer(opening):
        name = re.sub("^(?:特|现|兹)?由", "", m["issuer"] or m["issuer2"] or m["issuer3"] or m["issuer4"] or "")
        name = _without_inner_office(name) if quality(name) else body_of(name) or ""
        if name and _GATHERED.match(opening, m.end()) and issuers.match_issuer(name).kind == "department":
            # A bureau that gathers the reports of all others compiles its government's.
            continue
        if quality(name) and (quality(name) == PLACED or on_its_own(name)):
            out.add("issuer", "compiled", name, m[0])
    if any(e.source == "compiled" for e in out.about("issuer")):
        return
    for m in patterns().compiled_by.finditer(opening):
        name = body_of(m["issuer"] or m["issuer2"]) or ""
        kind = issuers.match_issuer(name).kind if name else None
        if "各" in (m["what"] or m["what2"] or ""):
            # A bureau that gathers the reports of all others compiles its government's, and so does the office.
            name = "" if kind in ("department", "institution") else re.sub(r"办公?[厅室]?$", "", name)
        if quality(name) == PLACED or (kind == "department" and quality(name)):
            out.add("issuer", "compiled by", name, m[0])


def _whole_name(text: str, start: int, end: int) -> str:
    """The name that ends at ``end``, from where a division begins it: no verb has a part of 本溪市, 开化县, 将乐县."""
    name = text[start:end]
    if quality(name) == PLACED:
        return name
    longer = (text[start - n : end] for n in range(1, _VERB + 1) if start >= n)
    return next((n for n in longer if issuers.match_issuer(n).division_code and quality(n) == PLACED), name)


def _sentences(out: Collected, lines: Sequence[str]) -> None:
    """The year that sentences begin with, and who acts in them."""
    years: Counter[int] = Counter()
    names: Counter[str] = Counter()
    for line in lines[:_SENTENCES]:
        if len(line) < 8:
            continue
        folded = fold(line[:3000])
        years.update(y for m in _SENTENCE_YEAR.finditer(folded) if (y := year_of(m["year"] or m["end"])))
        for m in patterns().subject.finditer(folded):
            if quality(m["issuer"]) == PLACED and not is_place(m["issuer"]):
                names[m["issuer"]] += 1
    if years:
        (year, n), *rest = years.most_common(2)
        if not rest or n > rest[0][1]:
            out.add("year", "sentences", year, f"{year}年 × {n}")
    if names:
        name, n = names.most_common(1)[0]
        out.add("issuer", "sentences", name, f"{name} × {n}")


def _signed(out: Collected, lines: Sequence[str]) -> None:
    # In a short text the lines above the title are near its end.
    name, out.signed = signature(lines[out.below :])
    out.add("issuer", "signature", name, name or "")
    if out.signed:
        out.add("year", "signature", _year_before(out.signed), out.signed)


def signature(lines: Sequence[str]) -> tuple[str | None, str | None]:
    """The authority and the date under the report."""
    name: str | None = None
    date: str | None = None
    for line in reversed(lines[-_TAIL:]):
        if len(line) > 80:
            continue
        folded = fold(line)
        if len(folded) > 60:
            continue
        dated = DATE.search(folded)
        if date is None and dated is not None:
            # Brackets around the date go with it, those of the name stay: 清河县教育局(体育局).
            rest = DATE.sub("", folded).replace("()", "").strip("。 ")
            named = on_its_own(rest) if rest else None
            if not rest or named:
                date = date_in(line)
                name = name or named
                continue
        if name is None:
            name = on_its_own(line)
        if name and date:
            break
    return name, date


def _year_before(date: str) -> int | None:
    """The year that a report signed or published on a day is of: in its first months the year before."""
    year, month = int(date[:4]), int(date[5:7])
    if month <= 6:
        return year - 1
    return year if month == 12 else None


def _full_names(out: Collected, lines: Sequence[str]) -> None:
    """The report's own name with the place around it, where others bear it too: 平顶山市新华区 in a report of 新华区.

    Only at the beginning of a sentence or behind words that speak of the report itself: others are named in passing
    (学习福州市鼓楼区经验). All that are found are one piece of evidence, so that two of them settle nothing.
    """
    names = {e.says for e in out.about("issuer") if e.source in ("title", "page title", "file name", "announced")}
    forms = {
        fold(around.name + d.name)
        for name in names
        for d in issuers.match_issuer(name).candidates
        for around in parents(d)
        if around.level == "prefecture"
    }
    if not forms:
        return
    pattern = re.compile(f"{patterns().own_name.pattern}(?P<place>{'|'.join(sorted(forms))})(?![和与、等])")
    near = [*lines[:_HEAD], *lines[max(_HEAD, len(lines) - _TAIL) :]]
    found = sorted({m["place"] for line in near for m in pattern.finditer(fold(line[:3000]))})
    out.add("place", "full name", "、".join(found), "、".join(found))


# --- the page and the file


def _of_the_page(out: Collected, about: Metadata, lines: Sequence[str]) -> None:
    for value in about.all("issuer"):
        _publisher(out, "publisher", value)
    for value in about.all("source"):
        _publisher(out, "source", value)
    for value in about.all("site"):
        out.add("place", "site", value, value)
    for value in about.all("site_code"):
        found = by_code(clean(value)[:6])
        if found:
            out.add("place", "site code", found[-1].code, value)
    published = about.published()
    if published is not None:
        out.add("year", "published", _year_before(published[0]), published[0])
    for line in [*lines[:_HEAD], *lines[max(_HEAD, len(lines) - _TAIL) :]]:
        if (head := patterns().letterhead.fullmatch(line_of(line).printed)) and quality(head["name"]) == PLACED:
            out.add("issuer", "letterhead", head["name"], line)
        if len(line) > 1000 or not any(w in line for w in ("地址", "位置", "位于")):
            continue
        folded = fold(line)
        for m in patterns().address.finditer(folded):
            out.add("place", "address", m["address"], m[0])
        if crumbs := patterns().crumbs.search(folded):
            out.add("place", "breadcrumbs", crumbs["crumbs"], crumbs[0])
            out.add("issuer", "breadcrumbs", _one_department(crumbs["crumbs"]), crumbs[0])


def _publisher(out: Collected, source: str, value: str) -> None:
    printed = _without_inner_office(unsealed(line_of(value).printed))
    if quality(printed) > 1 or on_its_own(printed):
        out.add("issuer", source, printed, value)
    out.add("place", source, printed, value)


def _without_inner_office(name: str) -> str:
    """清河县教育局办公室 publishes for its bureau."""
    bureau = name.removesuffix("办公室")
    known = bureau.endswith(("局", "厅")) and (is_typical(bureau) or quality(bureau) == PLACED)
    return bureau if known else name


def _file_name(out: Collected, file_name: str) -> None:
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", file_name)
    if not stem:
        return
    # 3、清河县民政局（定稿）: clerks number their files.
    stem = re.sub(r"^\s*[(（]?\d{1,3}[)）、.．]\s*(?=\D)", "", stem) or stem
    pieces = [stem, *re.split(r"[_\s\-—－+,，()（）]+", stem)]
    title = next((t for t in map(parse, pieces) if t is not None), None)
    years = set(years_in(clean(stem)))
    year = years.pop() if len(years) == 1 else None
    names = [n for n in map(on_its_own, pieces) if n]
    name = (title.issuer if title else None) or (names[0] if len(set(names)) == 1 else None)
    if title is None and year is None and name is None:
        return
    year = title.year if title is not None and title.year else year
    out.from_name = replace(title, issuer=name, year=year) if title else Title(stem, name, year, period_of(fold(stem)))
    out.add("issuer", "file name", name, file_name)
    out.add("year", "file name", year, file_name)


def romanised(file_name: str, about: Metadata) -> set[str]:
    """Words in Latin letters in the file's name and the page's addresses (2025-shuyang-county, www.shuyang.gov.cn)."""
    words: set[str] = set()
    for text in (file_name, *about.all("address")):
        words.update(re.findall(r"[a-z]+", text.lower()))
    return words


def places_in(text: str) -> Iterator[str]:
    """Codes of divisions that a text names one inside the other from its beginning, or at the start of its pieces."""
    for piece in re.split(r"[>|/\\,，、。;；\s:：»›→-]+", text):
        match = issuers.match_issuer(piece) if piece else None
        if match is not None and match.division_code is not None:
            yield match.division_code
