"""Rules about the words of a report: its sections, what they have to say, what an edit left behind.

Belongs here: evaluators that look at text. Does not belong here: names (`name_rules`), years and days (`time_rules`),
figures in sentences (`sentence_rules`), wording (`prose.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from schemas import forms
from schemas.findings import Finding
from schemas.forms.model import HAN
from schemas.labels import fold, han_number

from .context import Context
from .prose import Section, holds_one, may_match, pattern
from .quoting import as_printed, cut
from .rows import odd_ones
from .rules import Rule, data
from .similar import masked
from .title_rules import distance

_HALVES = ("problems", "improvements")
_EXCERPT = 40
_SHORT = 4
_DATE = r"[0-9〇○零一二三四五六七八九]{4}年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日"
_DATED = re.compile(f"{_DATE}$")
_SPACE = re.compile(r"\s")


# -- sections ----------------------------------------------------------------------------------------------------------


def section(rule: Rule, context: Context) -> Iterator[Finding]:
    """The form's sections: there, numbered as the form has them, in order. ``{sections}`` are their numbers and titles."""
    if not context.is_annual:
        return
    prose, report = context.prose, context.report
    found = {h.n for h in prose.headings}
    context.holds(rule)
    names = {n: _section_name(context, s) for n, s in prose.form.sections.items()}
    tables = {layout.table for layout in report.layouts}
    of_table = {t.section for t in context.form.tables.values() if t.code in tables} if context.form else set()
    missing = [n for n in names if n not in found and n not in of_table]
    missing = missing or _untitled(context, [n for n in names if n not in found])
    if missing:
        # With hardly a heading found, or text left out, it may be the reading that fails.
        sure = len(found) >= rule.options["least_found"] and not prose.is_cut and not report.has_pictures
        yield context.finding(
            rule,
            "broken" if sure else "not_assessable",
            key="missing",
            message=rule.say(context.lang, "message", sections=context.listed([names[n] for n in missing])),
        )
    yield from _misnumbered(rule, context, names)
    yield from _mistitled(rule, context)
    as_sections = list(_topics_as_sections(rule, context))
    yield from as_sections or _topics_misnumbered(rule, context)
    late = _out_of_order(context)
    if late:
        yield context.finding(
            rule,
            "broken",
            key="order",
            message=rule.say(context.lang, "order", sections=context.listed([names[n] for n in late])),
        )


def _untitled(context: Context, without: list[int]) -> list[int]:
    """The one section whose table stands there without its title, between two that have theirs and their numbers.

    Where several lack it, titles stand in the tables' own first rows, or were not read.
    """
    prose = context.prose
    if len(without) != 1 or prose.is_cut or context.report.has_pictures:
        return []
    (n,) = without
    numbered = {h.n for h in prose.headings if h.number == h.n}
    title = pattern("heading_free").sub("", fold(prose.form.sections[n].heading.partition("、")[2]))
    here = pattern("heading_free").sub("", prose.whole)
    said = title in here or re.search(rf"(?:^|\n|。){HAN[n - 1]}[、.]", prose.whole) is not None
    return without if {n - 1, n + 1} <= numbered and not said else []


def _as_numbered(n: int, lang: str) -> str:
    """A section's number as its heading has it."""
    return HAN[n - 1] if lang == "zh" and n <= len(HAN) else str(n)


def _misnumbered(rule: Rule, context: Context, names: dict[int, str]) -> Iterator[Finding]:
    """Every section with another number than the form's; a heading that is printed again is told once."""
    told: set[int] = set()
    for heading in context.prose.headings:
        if heading.number is None or heading.number == heading.n or heading.n in told:
            continue
        told.add(heading.n)
        yield context.finding(
            rule,
            "broken",
            key=f"number.{heading.n}",
            message=rule.say(
                context.lang, "number", sections=names[heading.n], printed=_as_numbered(heading.number, context.lang)
            ),
            printed=heading.number,
            expected=heading.n,
            place=context.report.passages[heading.passage].place,
        )


def _mistitled(rule: Rule, context: Context) -> Iterator[Finding]:
    """Lines numbered as a section that has no heading, its title with a character wrong or missing, or without 申请."""
    free = pattern("heading_free")
    there = {h.n for h in context.prose.headings}
    missing = {n: s for n, s in context.prose.form.sections.items() if n not in there}
    if not missing:
        return
    for text, passage in zip(context.prose.texts, context.report.passages, strict=True):
        m = pattern("heading_line").match(text)
        section = missing.get(han_number(m["n"]) or 0) if m is not None else None
        if m is None or section is None:
            continue
        official = section.heading.partition("、")[2]
        printed, right = free.sub("", m["title"]), free.sub("", fold(official))
        if printed == right or not (distance(printed, right) == 1 or printed == right.replace("申请", "")):
            continue
        yield context.finding(
            rule,
            "broken",
            case="topics",
            key=f"title.{section.n}",
            message=rule.say(context.lang, "mistitled", printed=text, right=official),
            advice=rule.say(context.lang, "advice_mistitled"),
            printed=text,
            place=passage.place,
        )


def _topics_as_sections(rule: Rule, context: Context) -> Iterator[Finding]:
    """Topics of the overview that are numbered as the form numbers its sections: 一、总体情况 / 一、主动公开 / 二、依申请公开.

    One alone is a topic for certain where the others have bracketed numbers and it stands in their row.
    """
    overview = context.prose.form.section("overview")
    inside = context.prose.paragraphs(overview.n) if overview is not None and _is_followed(context, overview) else []
    topics = [(i, m) for i, text in inside if (m := pattern("topic").match(text))]
    if len(topics) == 1:
        bracketed = {(han_number(m["n"]), m["label"]) for _, m in _bracketed(inside)}
        numbers = {n for n, _ in bracketed}
        n, label = han_number(topics[0][1]["n"]), topics[0][1]["label"]
        in_row = n not in numbers and {n - 1, n + 1} - {0} <= numbers if n is not None else False
        if not in_row and (n, label) not in bracketed:
            return
    if topics:
        i = topics[0][0]
        printed = [m[0] for _, m in topics]
        yield context.finding(
            rule,
            "broken",
            key="topics",
            message=rule.say(context.lang, "topics", topics=context.listed([f"“{t}”" for t in printed])),
            advice=rule.say(context.lang, "advice_topics"),
            printed=printed[0],
            place=context.report.passages[i].place,
        )


def _is_followed(context: Context, section: forms.Section) -> bool:
    """Whether another section's heading ends this one: else anything may stand behind its text."""
    at = next((i for i, h in enumerate(context.prose.headings) if h.n == section.n), None)
    return at is not None and at + 1 < len(context.prose.headings)


def _bracketed(paragraphs: Sequence[tuple[int, str]]) -> list[tuple[int, re.Match[str]]]:
    """Topics with bracketed numbers, （一）, in reading order."""
    found = pattern("bracketed")
    return [(i, m) for i, text in paragraphs if may_match(text, "bracketed") for m in found.finditer(text)]


def _topics_misnumbered(rule: Rule, context: Context) -> Iterator[Finding]:
    """（一）（二）（二）（四）: topics whose numbers do not follow one another; lists within a topic begin anew."""
    prose = context.prose
    for section in (prose.form.section("overview"), prose.form.asking("halves")):
        if section is None or prose.is_cut or not _is_followed(context, section):
            continue
        topics = _bracketed(prose.paragraphs(section.n))
        if len(topics) < rule.options["least_topics"]:
            continue
        context.holds(rule)
        odd = odd_ones([han_number(m["n"]) or 0 for _, m in topics])
        if odd:
            i, m = topics[odd[0]]
            yield context.finding(
                rule,
                "broken",
                case="topics",
                key=f"topics.{section.n}",
                message=rule.say(
                    context.lang,
                    "topic_numbers",
                    sections=_section_name(context, section),
                    topics="".join(f"（{t['n']}）" for _, t in topics),
                ),
                advice=rule.say(context.lang, "advice_topic_numbers"),
                printed=m["n"],
                place=context.report.passages[i].place,
            )


def _section_name(context: Context, section: forms.Section) -> str:
    return section.heading if context.lang == "zh" else f"{section.n} ({section.en})"


def _out_of_order(context: Context) -> list[int]:
    """Sections that do not follow the one before them anywhere; those whose tables are annexed are left aside."""
    positions: dict[int, list[int]] = {}
    for i, heading in enumerate(context.prose.headings):
        positions.setdefault(heading.n, []).append(i)
    late: list[int] = []
    at = -1
    for n in sorted(positions):
        following = [p for p in positions[n] if p > at]
        if following:
            at = following[0]
        else:
            late.append(n)
    # Tables annexed after the prose are legitimate: theirs then stand behind the last of the others.
    form = context.prose.form
    with_table = {t.section for t in form.tables.values() if t.section}
    annexed = with_table & positions.keys()
    words = [n for n in form.sections if n > max(with_table, default=0)]
    last = next((positions[n] for n in reversed(words) if n in positions), [-1])
    behind = all(min(positions[n]) > max(last) for n in annexed)
    return [] if annexed and behind and set(late) <= set(words) else late


def empty_section(rule: Rule, context: Context) -> Iterator[Finding]:
    """The section that asks for two halves: at least some words, on problems and on improvements."""
    text = _asking(context, "halves")
    if not context.is_annual or text is None:
        return
    context.holds(rule)
    if context.prose.leaves_out(text.text):
        yield _cannot(rule, context, f"{text.n}", text)
        return
    nothing = len(text.text) < rule.options["least"] or pattern("halves", "nothing").match(text.text)
    lacking = [] if nothing else [h for h in _HALVES if _lacks(text.text, h)]
    if nothing or lacking:
        what = "message" if nothing else lacking[0]
        yield context.finding(
            rule,
            "broken",
            key=what,
            message=_say(
                rule, context, what if _own_text(context, text) else "nothing", text.n, printed=_excerpt(context, text)
            ),
            printed=_excerpt(context, text) or None,
            place=text.place,
        )


def _lacks(text: str, half: str) -> bool:
    """Whether a section surely has nothing of one half: 目录编号混乱。重新编号 has both, and none of the usual words for them."""
    if pattern("halves", half).search(text) is not None:
        return False
    begins, intro, sure = (pattern("halves", name) for name in ("begins", "intro", f"without_{half}"))
    told = [begins.sub("", s).strip(",") for s in re.split("[。;!?]", text) if s]
    # What is wrong comes first, what was done about it last.
    at = 0 if half == "problems" else -1
    return all(sure.search(s.split(",")[at]) is not None or intro.search(s) is not None for s in told if s)


def _asking(context: Context, demand: forms.Demand) -> Section | None:
    """The text of the section that has to say something, where it has a heading."""
    asked = context.prose.form.asking(demand)
    return context.prose.sections.get(asked.n) if asked is not None else None


def _say(rule: Rule, context: Context, what: str, number: int, /, **values: object) -> str:
    """The rule's words with the number of the section: 第五部分."""
    section = f"第{HAN[number - 1]}部分" if context.lang == "zh" else f"section {number}"
    return rule.say(context.lang, what, section=section, **values)


def _excerpt(context: Context, text: Section) -> str:
    """The beginning of a section's own text as it is printed; empty where there is none."""
    own = _own_text(context, text)
    if not own:
        return ""
    whole = "".join(p.text for p in context.report.passages)
    return cut(as_printed(own[: 2 * _EXCERPT], (*(p.text for p in context.report.passages), whole)), _EXCERPT)


def _own_text(context: Context, text: Section) -> str:
    """A section's text without the signature and date that stand below the last one."""
    if _DATED.search(text.text) is None:
        return text.text
    identity = context.report.identity
    names = [re.escape(fold(n)) for n in (identity.issuer_printed, identity.issuer) if n]
    # A date alone is the signature's only behind a whole sentence.
    signed = re.search(rf"(?:{'|'.join([*names, '(?<=[。.!?;])'])}){_DATE}$", text.text)
    own = text.text[: signed.start()] if signed is not None else text.text
    # A name and a date, and not a word more.
    return "" if re.fullmatch(rf"(?!.*(?:[无没未]|事项|报告))[\u4e00-\u9fff()]{{0,40}}{_DATE}", own) else own


def _cannot(rule: Rule, context: Context, key: str, text: Section) -> Finding:
    message = _say(rule, context, "cut", text.n)
    return context.finding(rule, "not_assessable", key=key, message=message, place=text.place)


def length(rule: Rule, context: Context) -> Iterator[Finding]:
    """The overview: at most as many characters as the form allows, and all its aspects."""
    text, asked = context.prose.section("overview"), context.prose.form.section("overview")
    if not context.is_annual or text is None or asked is None:
        return
    context.holds(rule)
    if context.prose.leaves_out(text.text):
        yield _cannot(rule, context, "cut", text)
        return
    most = asked.most
    advice = rule.say(context.lang, "advice", most=most)
    if len(text.text) > most:
        yield context.finding(
            rule,
            "broken",
            key="length",
            message=_say(rule, context, "message", text.n, n=len(text.text), most=most),
            advice=advice,
            printed=len(text.text),
            expected=most,
            difference=len(text.text) - most,
            place=text.place,
        )
    lacking = [getattr(a, context.lang) for a in asked.aspects if not re.search(a.pattern, text.text)]
    if lacking and len(text.text) >= rule.options["least"]:
        yield context.finding(
            rule,
            "broken",
            key="aspects",
            message=_say(rule, context, "aspects", text.n, aspects=context.listed(lacking)),
            advice=rule.say(context.lang, "add" if len(text.text) <= most else "advice", most=most),
            place=text.place,
        )


def fees(rule: Rule, context: Context) -> Iterator[Finding]:
    """The section that asks for it says what was charged for handling requests, and the same as elsewhere."""
    if not context.is_annual:
        return
    text, asked = _asking(context, "fees"), context.prose.form.asking("fees")
    advice = _say(rule, context, "advice", asked.n) if asked is not None else None
    if text is not None:
        context.holds(rule)
        if context.prose.leaves_out(text.text):
            yield _cannot(rule, context, "cut", text)
        elif not pattern("fees", "said").search(text.text):
            printed = _excerpt(context, text)
            yield context.finding(
                rule,
                "broken",
                key="unreported",
                message=_say(rule, context, "message" if printed else "nothing", text.n, printed=printed),
                advice=advice,
                printed=printed or None,
                place=text.place,
            )
    stated = [s for s in context.own_statements if s.code == rule.options["code"]]
    differing = next((s for s in stated if s.value != stated[0].value), None)
    if differing is not None:
        yield context.finding(
            rule,
            "broken",
            key="contradiction",
            advice=advice,
            message=rule.say(context.lang, "contradiction", one=stated[0].printed, other=differing.printed),
            statement=differing.code,
            printed=differing.value,
            expected=stated[0].value,
            sentence=differing.sentence,
            place=differing.place,
        )


# -- what should not be there ------------------------------------------------------------------------------------------


def residue(rule: Rule, context: Context) -> Iterator[Finding]:
    """What a template or an edit left behind: what the reader set apart, and words of templates in the text."""
    report = context.report
    context.holds(rule)
    shown = masked("".join(context.prose.texts)) if any(r.kind == "hidden" for r in report.residue) else ""
    for i, left in enumerate(report.residue):
        if left.kind not in rule.options["kinds"] or (left.kind == "hidden" and _is_shown_too(left.text, shown)):
            continue
        kind = rule.words[context.lang][left.kind]
        yield context.finding(
            rule,
            "broken",
            key=f"{left.kind}.{i}",
            message=rule.say(context.lang, "message", kind=kind, printed=cut(left.text, _EXCERPT)),
            printed=left.text[:_EXCERPT],
            place=left.place,
        )
    left_over = [r for r in data("prose.toml")["residue"] if holds_one(context.prose.whole, r["needs"])]
    words = [re.compile(r["pattern"]) for r in left_over]
    yield from _blanks(rule, context)
    for i, text in enumerate(context.prose.texts if words else ()):
        m = next((m for w in words if (m := w.search(text))), None)
        if m is not None:
            place = report.passages[i].place
            # ×× alone says nothing.
            around = 0 if len(m[0]) > _SHORT else _SHORT
            printed = context.quoted(text[max(0, m.start() - around) : m.end() + around], place)
            yield context.finding(
                rule,
                "broken",
                key=f"text.{i}",
                message=rule.say(context.lang, "text", printed=printed),
                printed=printed,
                place=place,
            )


def _blanks(rule: Rule, context: Context) -> Iterator[Finding]:
    """收到申请    件: a number that was left as spaces, which a folded text has not."""
    for i, _ in context.prose.holding(data("prose.toml")["blanks"]["needs"]):
        passage = context.report.passages[i]
        # Few have any spaces at all.
        m = pattern("blanks", "pattern").search(passage.text) if _SPACE.search(passage.text) else None
        if m is not None:
            printed = re.sub(r"\s+", " ", passage.text[max(0, m.start() - _SHORT) : m.end()])
            message = rule.say(context.lang, "blank", printed=printed)
            yield context.finding(
                rule, "broken", key=f"blank.{i}", message=message, printed=printed, place=passage.place
            )


def _is_shown_too(text: str, shown: str) -> bool:
    """Whether most of a hidden text is there openly as well: a page may hold its text twice, once for another screen."""
    pieces = [masked(fold(piece)) for piece in text.split()]
    return 2 * sum(len(p) for p in pieces if p in shown) >= sum(len(p) for p in pieces)
