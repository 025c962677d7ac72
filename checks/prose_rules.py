"""Rules about the words of a report: sections, legal bases, names, what should not be on a public page.

Belongs here: evaluators that look at text. Does not belong here: figures in sentences (`sentence_rules`), wording
(`prose.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from schemas import forms
from schemas.facts import Place, Statement
from schemas.findings import Finding
from schemas.labels import fold

from .context import Context, show
from .prose import Section, pattern
from .rules import Rule, data
from .similar import masked

_HALVES = ("problems", "improvements")
_EXCERPT = 40


def _annual(context: Context) -> bool:
    return context.report.period == "year" and bool(context.report.passages)


# -- sections ----------------------------------------------------------------------------------------------------------


def section(rule: Rule, context: Context) -> Iterator[Finding]:
    """The form's sections: there, numbered as the form has them, in order. ``{sections}`` are their numbers and titles."""
    if not _annual(context):
        return
    prose, report = context.prose, context.report
    found = {h.n for h in prose.headings}
    context.holds(rule)
    names = {n: _section_name(context, s) for n, s in prose.form.sections.items()}
    tables = {layout.table for layout in report.layouts}
    of_table = {t.section for t in context.form.tables.values() if t.code in tables} if context.form else set()
    missing = [n for n in names if n not in found and n not in of_table]
    if missing:
        # With hardly a heading found, or text left out, it may be the reading that fails.
        sure = len(found) >= rule.options["least_found"] and not prose.is_cut and not report.has_pictures
        yield context.finding(
            rule,
            "broken" if sure else "not_assessable",
            key="missing",
            message=rule.say(context.lang, "message", sections=context.listed([names[n] for n in missing])),
        )
    for heading in prose.headings:
        if heading.number is not None and heading.number != heading.n:
            yield context.finding(
                rule,
                "broken",
                key=f"number.{heading.n}",
                message=rule.say(context.lang, "number", sections=names[heading.n], printed=heading.number),
                printed=heading.number,
                expected=heading.n,
                place=report.passages[heading.passage].place,
            )
            return
    late = _out_of_order(context)
    if late:
        yield context.finding(
            rule,
            "broken",
            key="order",
            message=rule.say(context.lang, "order", sections=context.listed([names[n] for n in late])),
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
    if not _annual(context) or text is None:
        return
    context.holds(rule)
    if context.prose.leaves_out(text.text):
        yield _cannot(rule, context, f"{text.n}", text.place)
        return
    nothing = len(text.text) < rule.options["least"] or pattern("halves", "nothing").match(text.text)
    lacking = [] if nothing else [h for h in _HALVES if not pattern("halves", h).search(text.text)]
    if nothing or lacking:
        what = "message" if nothing else lacking[0]
        yield context.finding(
            rule,
            "broken",
            key=what,
            message=rule.say(context.lang, what if text.text else "nothing", printed=text.text[:_EXCERPT]),
            printed=text.text[:_EXCERPT],
            place=text.place,
        )


def _asking(context: Context, demand: forms.Demand) -> Section | None:
    """The text of the section that has to say something, where it has a heading."""
    asked = context.prose.form.asking(demand)
    return context.prose.sections.get(asked.n) if asked is not None else None


def _cannot(rule: Rule, context: Context, key: str, place: Place) -> Finding:
    return context.finding(rule, "not_assessable", key=key, message=rule.say(context.lang, "cut"), place=place)


def length(rule: Rule, context: Context) -> Iterator[Finding]:
    """The overview: at most as many characters as the form allows, and all its aspects."""
    text, asked = context.prose.section("overview"), context.prose.form.section("overview")
    if not _annual(context) or text is None or asked is None:
        return
    context.holds(rule)
    if context.prose.leaves_out(text.text):
        yield _cannot(rule, context, "cut", text.place)
        return
    most = asked.most
    if len(text.text) > most:
        yield context.finding(
            rule,
            "broken",
            key="length",
            message=rule.say(context.lang, "message", n=len(text.text), most=most),
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
            message=rule.say(context.lang, "aspects", aspects=context.listed(lacking)),
            place=text.place,
        )


def fees(rule: Rule, context: Context) -> Iterator[Finding]:
    """The section that asks for it says what was charged for handling requests, and the same as elsewhere."""
    if not _annual(context):
        return
    text = _asking(context, "fees")
    if text is not None:
        context.holds(rule)
        if context.prose.leaves_out(text.text):
            yield _cannot(rule, context, "cut", text.place)
        elif not pattern("fees", "said").search(text.text):
            yield context.finding(
                rule,
                "broken",
                key="unreported",
                message=rule.say(context.lang, "message", printed=text.text[:_EXCERPT]),
                printed=text.text[:_EXCERPT],
                place=text.place,
            )
    stated = [s for s in context.own_statements if s.code == rule.options["code"]]
    differing = next((s for s in stated if s.value != stated[0].value), None)
    if differing is not None:
        yield context.finding(
            rule,
            "broken",
            key="contradiction",
            message=rule.say(context.lang, "contradiction", one=stated[0].printed, other=differing.printed),
            statement=differing.code,
            printed=differing.value,
            expected=stated[0].value,
            sentence=differing.sentence,
            place=differing.place,
        )


# -- what is cited and named -------------------------------------------------------------------------------------------


def period(rule: Rule, context: Context) -> Iterator[Finding]:
    """The days that the figures cover are those of the report's year."""
    report = context.report
    if not _annual(context) or report.year is None:
        return
    first = data("prose.toml")["period"]["first_year_from"] if report.year == rule.options["first_year"] else "01-01"
    for i, text in enumerate(context.prose.texts):
        for m in pattern("period", "pattern").finditer(text):
            if not pattern("period", "about").search(text[max(0, m.start() - 40) : m.start() + 1]):
                continue
            context.holds(rule)
            y2 = int(m["y2"]) if m["y2"] and m["y2"].isdigit() else int(m["y1"])
            stated = (f"{m['y1']}-{int(m['m1']):02d}-{int(m['d1']):02d}", f"{y2}-{int(m['m2']):02d}-{int(m['d2']):02d}")
            if stated != (f"{report.year}-{first}", f"{report.year}-12-31"):
                yield context.finding(
                    rule,
                    "broken",
                    key=f"{i}.{m.start()}",
                    message=rule.say(context.lang, "message", first=stated[0], last=stated[1], year=report.year),
                    printed=f"{stated[0]}/{stated[1]}",
                    place=report.passages[i].place,
                )


def basis(rule: Rule, context: Context) -> Iterator[Finding]:
    """The legal bases cited are in force for the report's year, each with its own title."""
    report = context.report
    if not _annual(context) or report.year is None:
        return
    for each in _bases():
        number = re.compile(each.number)
        for i, text in enumerate(context.prose.texts):
            m = number.search(text)
            if m is None:
                continue
            context.holds(rule)
            place = report.passages[i].place
            if not each.years[0] <= report.year <= each.years[1]:
                right = forms.national(report.year)
                now = each.now or (right.basis if right is not None else "—")
                yield context.finding(
                    rule,
                    "broken",
                    key=each.zh,
                    message=rule.say(context.lang, "message", printed=each.zh, year=report.year, now=now),
                    printed=each.zh,
                    place=place,
                )
            elif each.title and each.others:
                before = text[max(0, m.start() - 70) : m.start()].rpartition("《")[2]
                if re.search(each.others, before) and not re.search(each.title, before):
                    yield context.finding(
                        rule,
                        "broken",
                        key=f"{each.zh}.title",
                        message=rule.say(context.lang, "title", printed=each.zh),
                        printed=each.zh,
                        place=place,
                    )
            break


class _Basis(NamedTuple):
    """A paper that reports cite: its number (a pattern), the years it is in force for, patterns of titles.

    ``now`` is cited in its place, where that is always the same paper; ``others``: words of other papers' titles.
    """

    zh: str
    number: str
    years: tuple[int, int]
    now: str = ""
    title: str = ""
    others: str = ""


@cache
def _bases() -> tuple[_Basis, ...]:
    """The regulations (`prose.toml`), then the notices that prescribe the forms, oldest first."""
    out = [_Basis(b["zh"], b["number"], (b["years"][0], b["years"][1]), b["now"]) for b in data("prose.toml")["basis"]]
    noticed = [(f, f.notice) for f in map(forms.load, reversed(forms.newest_first())) if f.notice is not None]
    for form, notice in noticed:
        others = "|".join(dict.fromkeys(n.own for _, n in noticed if n.own != notice.own))
        out.append(_Basis(form.basis, _number(form.basis), form.in_force, "", notice.title, others))
    return tuple(out)


def _number(basis: str) -> str:
    """A pattern for the number of a paper, whatever brackets are printed around its year."""
    return re.sub(r"[〔\[(【]([^〕\])】]*)[〕\])】]", r"[〔\\[(【]\1[〕\\])】]", fold(basis))


def body(rule: Rule, context: Context) -> Iterator[Finding]:
    """What the report calls its own body is of its kind, and is not another body's name."""
    report = context.report
    if not _annual(context) or report.kind is None:
        return
    context.holds(rule)
    for each in data("prose.toml")["self"]:
        if report.kind in each["kinds"]:
            continue
        words = re.compile(each["words"])
        at = next(((i, m) for i, t in enumerate(context.prose.texts) if (m := words.search(t))), None)
        if at is not None:
            i, m = at
            text = context.prose.texts[i]
            yield context.finding(
                rule,
                "broken",
                key=each["zh"],
                message=rule.say(context.lang, "message", printed=each["zh"], issuer=report.issuer or "—"),
                printed=each["zh"],
                sentence=text[max(0, m.start() - 15) : m.end() + 25],
                place=report.passages[i].place,
            )
    yield from _other_body(rule, context)


def _other_body(rule: Rule, context: Context) -> Iterator[Finding]:
    report = context.report
    own = "".join(fold(n) for n in (report.issuer, report.issuer_printed, report.title) if n)
    if not own:
        return
    for i, text in enumerate(context.prose.texts):
        for m in pattern("named", "pattern").finditer(text):
            name = pattern("named", "lead").sub("", m["name"])
            if pattern("named", "never").search(name) or len(name) < 4 or _shares(name, own):
                continue
            yield context.finding(
                rule,
                "broken",
                key=name,
                message=rule.say(context.lang, "other", printed=name, issuer=report.issuer or "—"),
                printed=name,
                sentence=m[0],
                place=report.passages[i].place,
            )
            return


def _shares(name: str, own: str) -> bool:
    """Whether two characters of what is particular to a name stand together in the body's own names."""
    stem = pattern("named", "generic").sub("", name)
    return len(stem) < 2 or any(stem[k : k + 2] in own for k in range(len(stem) - 1))


# -- what should not be there ------------------------------------------------------------------------------------------


def personal(rule: Rule, context: Context) -> Iterator[Finding]:
    """Identity numbers, mobile numbers, names of applicants. The finding does not repeat them in full."""
    if not context.report.passages:
        return
    context.holds(rule)
    raw = data("prose.toml")["personal"]
    applicant = re.compile(raw["applicant"].replace("{surnames}", raw["surnames"]))
    for i, text in enumerate(context.prose.texts):
        found = [("identity", m[0]) for m in pattern("personal", "identity").finditer(text) if _is_identity(m[0])]
        found += [
            ("mobile", m[0])
            for m in pattern("personal", "mobile").finditer(text)
            if not pattern("personal", "contact").search(text[max(0, m.start() - 30) : m.start()])
            and not text[: m.start()].endswith(_labels())
        ]
        found += [
            ("applicant", m["name"])
            for m in applicant.finditer(text)
            if not pattern("personal", "no_name").search(m["name"])
        ]
        for what, value in found:
            shown = value[0] + "*" * (len(value) - 1) if what == "applicant" else f"{value[:3]}****{value[-2:]}"
            yield context.finding(
                rule,
                "broken",
                key=f"{i}.{what}.{value}",
                message=rule.say(context.lang, what, printed=shown),
                printed=shown,
                place=context.report.passages[i].place,
            )


@cache
def _labels() -> tuple[str, ...]:
    """How the labels of all forms' rows end: joined figures behind one are no telephone number."""
    rows = (row for form in forms.load_all() for table in form.tables.values() for row in table.rows)
    texts = {fold(text)[-4:] for row in rows for text in (row.label, *row.aliases)}
    return tuple(sorted(texts | {text.rstrip('”")') for text in texts}))


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_identity(number: str) -> bool:
    """Whether the last digit of an identity number is right."""
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def residue(rule: Rule, context: Context) -> Iterator[Finding]:
    """What a template or an edit left behind: what the reader set apart, and words of templates in the text."""
    report = context.report
    context.holds(rule)
    shown = masked("".join(context.prose.texts))
    for i, left in enumerate(report.residue):
        if left.kind not in rule.options["kinds"] or (left.kind == "hidden" and _is_shown_too(left.text, shown)):
            continue
        kind = rule.words[context.lang][left.kind]
        yield context.finding(
            rule,
            "broken",
            key=f"{left.kind}.{i}",
            message=rule.say(context.lang, "message", kind=kind, printed=left.text[:_EXCERPT]),
            printed=left.text[:_EXCERPT],
            place=left.place,
        )
    words = [re.compile(r["pattern"]) for r in data("prose.toml")["residue"]]
    for i, text in enumerate(context.prose.texts):
        m = next((m for w in words if (m := w.search(text))), None)
        if m is not None:
            yield context.finding(
                rule,
                "broken",
                key=f"text.{i}",
                message=rule.say(context.lang, "text", printed=m[0]),
                printed=m[0],
                place=report.passages[i].place,
            )


def _is_shown_too(text: str, shown: str) -> bool:
    """Whether most of a hidden text is there openly as well: a page may hold its text twice, once for another screen."""
    pieces = [masked(fold(piece)) for piece in text.split()]
    return 2 * sum(len(p) for p in pieces if p in shown) >= sum(len(p) for p in pieces)


def year(rule: Rule, context: Context) -> Iterator[Finding]:
    """A figure of another year where the sentence compares nothing and the year's own figure is not stated."""
    report = context.report
    if not _annual(context) or report.year is None:
        return
    own = {s.code for s in report.statements if s.year == report.year and s.scope == report.scope}
    for statement in report.statements:
        if statement.code not in rule.options["codes"] or statement.scope != report.scope:
            continue
        context.holds(rule)
        if statement.year in (None, report.year) or statement.code in own or statement.share_of:
            continue
        sentence = fold(statement.sentence)
        if str(report.year) in sentence or pattern("year", "other").search(sentence):
            continue
        yield context.finding(
            rule,
            "broken",
            key=_key(statement),
            message=rule.say(
                context.lang, "message", stated=statement.year, printed=statement.printed, year=report.year
            ),
            statement=statement.code,
            printed=show(statement.value),
            sentence=statement.sentence,
            place=statement.place,
        )


def _key(statement: Statement) -> str:
    return f"{statement.code}.{statement.year}.{show(statement.value)}"
