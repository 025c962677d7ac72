"""Rules about time: of which year the parts of a report say that it is, its period, its date, the bases in force then.

Belongs here: evaluators that compare years and days. Does not belong here: finding what a report says of its year
(`parsers/prose/identity`), figures of other years against tables (`sentence_rules`), wording (`prose.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from schemas import forms
from schemas.facts import Place, Report, Statement
from schemas.findings import Finding
from schemas.labels import fold
from schemas.report_identity import Evidence

from .comparisons import Sentence, sentence_at
from .context import Context, show
from .prose import pattern
from .quoting import cut
from .rules import Rule, data
from .stale import no_days, stale

# What says of itself which year a report is of; what else may say it is weaker.
_SAYING = ("title", "page title", "announced", "period", "sentences", "signature")

# So much is quoted.
_EXCERPT = 30


@dataclass(frozen=True)
class Odd:
    """A title whose year nothing else in the report says; ``others`` are the parts that agree on ``year``."""

    stated: int
    year: int
    printed: str
    others: tuple[str, ...]


def _said(context: Context) -> dict[str, Evidence]:
    """What the parts of the report say of its year, by part."""
    said: dict[str, Evidence] = {}
    for e in context.report.identity.evidence:
        if e.about == "year" and e.source in _SAYING:
            said.setdefault(e.source, e)
    return said


def odd_title(context: Context) -> Odd | None:
    """The title, where its year is one thing and all the rest of the report says another."""
    said = _said(context)
    title = said.get("title") or said.get("page title")
    others = {part: said[part] for part in ("announced", "period", "sentences", "signature") if part in said}
    years = {e.says for e in others.values()}
    if title is None or len(others) < 2 or len(years) != 1 or not {"announced", "period"} & others.keys():
        return None
    (year,) = years
    return None if year == title.says else Odd(int(title.says), int(year), title.printed, tuple(others))


def year_meant(report: Report) -> int | None:
    """The year of a report whose title alone says another; None where its own year is known, or nothing tells."""
    if report.year is not None or report.period != "year":
        return None
    odd = odd_title(Context(report, "draft", "zh"))
    return odd.year if odd is not None else None


def _day_words(day: str, lang: str) -> str:
    """A day as an office writes it: 2024年1月1日."""
    year, month, of_month = day.split("-")
    return f"{year}年{int(month)}月{int(of_month)}日" if lang == "zh" else day


def period(rule: Rule, context: Context) -> Iterator[Finding]:
    """The days that the figures cover are those of the report's year."""
    report = context.report
    if not context.is_annual or report.year is None:
        return
    if odd_title(context) is not None:
        # The title is wrong, not the period.
        context.holds(rule)
        return
    first = data("prose.toml")["period"]["first_year_from"] if report.year == rule.options["first_year"] else "01-01"
    span = pattern("period", "pattern")
    for i, text in context.prose.searched("period", "pattern"):
        for m in span.finditer(text):
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
                    message=rule.say(
                        context.lang,
                        "message",
                        first=_day_words(stated[0], context.lang),
                        last=_day_words(stated[1], context.lang),
                        year=report.year,
                    ),
                    printed=f"{stated[0]}/{stated[1]}",
                    place=report.passages[i].place,
                )


def _misnumbered_notice(rule: Rule, context: Context) -> Iterator[Finding]:
    """The title of a notice that prescribes a form beside a number of the same office and year that is not its own."""
    cited = context.prose.holding("》")
    for notice, known, number in _notices() if cited else ():
        for i, text in cited:
            m = number.search(text)
            if m is not None and m["n"] != known["n"]:
                printed = f"{known['who']}〔{known['year']}〕{m['n']}号"
                yield context.finding(
                    rule,
                    "broken",
                    key=f"{notice}.number",
                    message=rule.say(context.lang, "number", printed=printed, now=notice),
                    printed=printed,
                    expected=int(known["n"]),
                    place=context.report.passages[i].place,
                )
                return


@cache
def _notices() -> tuple[tuple[str, re.Match[str], re.Pattern[str]], ...]:
    """Every notice that prescribes a form: as it is cited, its office, year and number, and a pattern for its title beside any
    number of that office and year."""
    out = []
    for each in _bases():
        known = re.search(r"(?P<who>[^〔]+)〔(?P<year>\d{4})〕(?P<n>\d+)号", each.zh) if each.title else None
        if known is not None:
            cited = rf"[^《。;]{{0,4}}?{known['who']}.?{known['year']}.?(?P<n>\d{{1,3}})号"
            out.append((each.zh, known, re.compile(rf"《[^》]*(?:{each.title})[^》]*》{cited}")))
    return tuple(out)


def basis(rule: Rule, context: Context) -> Iterator[Finding]:
    """The legal bases cited are in force for the report's year, each with its own title."""
    report = context.report
    if not context.is_annual or report.year is None:
        return
    yield from _misnumbered_notice(rule, context)
    for each in _bases():
        for i, text in context.prose.counting:
            m = each.number.search(text)
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
    number: re.Pattern[str]
    years: tuple[int, int]
    now: str = ""
    title: str = ""
    others: str = ""


@cache
def _bases() -> tuple[_Basis, ...]:
    """The regulations (`prose.toml`), then the notices that prescribe the forms, oldest first."""
    out = [
        _Basis(b["zh"], re.compile(b["number"]), (b["years"][0], b["years"][1]), b["now"])
        for b in data("prose.toml")["basis"]
    ]
    noticed = [(f, f.notice) for f in map(forms.load, reversed(forms.newest_first())) if f.notice is not None]
    for form, notice in noticed:
        others = "|".join(dict.fromkeys(n.own for _, n in noticed if n.own != notice.own))
        out.append(_Basis(form.basis, form.number, form.in_force, "", notice.title, others))
    return tuple(out)


def year(rule: Rule, context: Context) -> Iterator[Finding]:
    """A title, sentences or a figure of another year than the rest of the report.

    A figure only where its sentence compares nothing and the year's own figure is not stated.
    """
    report = context.report
    if not context.is_annual:
        return
    odd = odd_title(context)
    if odd is not None:
        yield _title_finding(rule, context, odd)
        return
    if report.year is None:
        return
    found = list(_figures_of_another_year(rule, context, report.year))
    found = found or list(_sentences_of_another_year(rule, context, report.year))
    yield from found
    yield from _left_behind(rule, context, report.year, [fold(f.sentence or "") for f in found])


def _left_behind(rule: Rule, context: Context, year: int, told: list[str]) -> Iterator[Finding]:
    """Single years of an older draft: an announcement, and places whose words ask for another year."""
    said = _said(context)
    title, announced = said.get("title") or said.get("page title"), said.get("announced")
    if title is None or title.says != str(year):
        return
    spans = {said[part].says for part in ("period", "announced") if part in said}
    if str(year) not in spans:
        return
    context.holds(rule)
    if announced is not None and announced.says == str(year - 1):
        yield _stale_finding(rule, context, "announcement", year - 1, year, announced.printed, None, None)
    for left in stale(context.prose, year):
        if not any(left.printed in sentence for sentence in told):
            told.append(left.sentence)
            place = context.report.passages[left.passage].place
            yield _stale_finding(
                rule, context, "left", left.year, left.right, left.sentence, place, left.case, printed=left.printed
            )


def _stale_finding(
    rule: Rule,
    context: Context,
    what: str,
    stated: int,
    right: int,
    sentence: str,
    place: Place | None,
    case: str | None,
    *,
    printed: str = "",
) -> Finding:
    words = cut(context.quoted(printed, place), _EXCERPT)
    printed = fold(sentence)
    place = place or next((p.place for p in context.report.passages if printed and printed in fold(p.text)), Place())
    return context.finding(
        rule,
        "broken",
        case=case,
        key=f"{what}.{stated}.{printed[:20]}",
        message=rule.say(context.lang, what, stated=stated, year=context.report.year, right=right, printed=words),
        printed=stated,
        expected=right,
        difference=stated - right,
        sentence=sentence,
        place=place,
    )


def _as_written(day: str, lang: str) -> str:
    return _day_words(day, lang) if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", day) else day


def _title_finding(rule: Rule, context: Context, odd: Odd) -> Finding:
    words = rule.words[context.lang]
    # The date below is of the year after: it says no year but fits one.
    dated = next(
        (e.printed for e in context.report.identity.evidence if e.about == "year" and e.source == "signature"), ""
    )
    others = context.listed([words[part] for part in odd.others if part != "signature"])
    if len(odd.others) > 1 + ("signature" in odd.others):
        others = rule.say(context.lang, "all_others", others=others)
    signed = (
        ""
        if "signature" not in odd.others
        else rule.say(context.lang, "signed", printed=_as_written(dated, context.lang), year=odd.year)
    )
    printed = fold(odd.printed)
    place = next((p.place for p in context.report.passages if printed and printed in fold(p.text)), Place())
    return context.finding(
        rule,
        "broken",
        key="title",
        message=rule.say(context.lang, "title", stated=odd.stated, year=odd.year, others=others, signed=signed),
        advice=rule.say(context.lang, "advice_title", year=odd.year),
        printed=odd.stated,
        expected=odd.year,
        difference=odd.stated - odd.year,
        sentence=odd.printed,
        place=place,
    )


def _figures_of_another_year(rule: Rule, context: Context, year: int) -> Iterator[Finding]:
    report = context.report
    own = {s.code for s in report.statements if s.year == year and s.scope == report.scope}
    told: set[Sentence] = set()
    for statement in report.statements:
        if statement.code not in rule.options["codes"] or statement.scope != report.scope:
            continue
        context.holds(rule)
        if statement.year in (None, year) or statement.code in own or statement.share_of:
            continue
        sentence = pattern("year", "carried").sub("", fold(statement.sentence))
        if str(year) in sentence or pattern("year", "other").search(sentence) or sentence_at(statement) in told:
            continue
        if statement.year > year and pattern("year", "plan").search(sentence):
            continue
        told.add(sentence_at(statement))
        yield context.on_statement(
            rule,
            "broken",
            statement,
            key=_key(statement),
            message=rule.say(context.lang, "message", stated=statement.year, printed=statement.printed, year=year),
            printed=show(statement.value),
        )


def _sentences_of_another_year(rule: Rule, context: Context, year: int) -> Iterator[Finding]:
    """Sentences that begin with the year before, where title and period say this one and no sentence begins with it."""
    said = _said(context)
    title, span = said.get("title") or said.get("page title"), said.get("period") or said.get("announced")
    if title is None or span is None or not title.says == span.says == str(year):
        return
    context.holds(rule)
    if f"{year - 1}年" not in context.prose.whole:
        return
    begun: dict[int, list[tuple[int, str]]] = {}
    begins = pattern("year", "begins")
    for i, text in context.prose.counting:
        for m in begins.finditer(text):
            begun.setdefault(int(m["year"]), []).append((i, m["sentence"]))
    if year in begun:
        return
    for i, sentence in begun.get(year - 1, []):
        if str(year) in sentence or pattern("year", "other").search(pattern("year", "carried").sub("", sentence)):
            continue
        yield context.finding(
            rule,
            "broken",
            key=f"sentence.{i}",
            message=rule.say(context.lang, "sentence", stated=year - 1, year=year),
            printed=year - 1,
            expected=year,
            difference=-1,
            sentence=sentence,
            place=context.report.passages[i].place,
        )
        return


def _key(statement: Statement) -> str:
    return f"{statement.code}.{statement.year}.{show(statement.value)}"


def signed(rule: Rule, context: Context) -> Iterator[Finding]:
    """Signed, or put online, before the report's year was over; a day that there is not."""
    identity = context.report.identity
    yield from _no_days(rule, context)
    if not context.is_annual or identity.published is None:
        return
    odd = odd_title(context)
    year = odd.year if odd is not None else identity.year
    said = _said(context)
    sure = [said[part].says for part in ("title", "announced", "period") if part in said]
    if year is None or str(year) not in sure:
        return
    by_page = identity.published_from == "metadata"
    if by_page and set(sure) != {str(year)}:
        return
    context.holds(rule)
    if identity.published_from == "signature" and odd is None and _is_a_year_late(identity.published, year):
        yield context.finding(
            rule,
            "broken",
            case="late",
            key="late",
            message=rule.say(
                context.lang, "late", printed=_as_written(identity.published, context.lang), year=year, next=year + 1
            ),
            printed=identity.published,
        )
        return
    signed_in = int(identity.published[:4])
    if identity.published_from == "signature" and odd is None and signed_in - year - 1 >= rule.options["years_late"]:
        yield context.finding(
            rule,
            "broken",
            key="far",
            message=rule.say(
                context.lang,
                "far",
                printed=_as_written(identity.published, context.lang),
                year=year,
                next=year + 1,
                late=signed_in - year - 1,
            ),
            printed=identity.published,
        )
        return
    # 1 January is where the figures' period begins, and no day on which a report is signed.
    if identity.published >= f"{year}-12-31" or identity.published == f"{year}-01-01":
        return
    yield context.finding(
        rule,
        "broken",
        key="date",
        message=rule.say(
            context.lang,
            "published" if by_page else "message",
            printed=_as_written(identity.published, context.lang),
            year=year,
        ),
        printed=identity.published,
    )


def _is_a_year_late(day: str, year: int) -> bool:
    """2027年1月15日 below a report of 2025: the season is right, the year is the next. Later in the year it may be late indeed."""
    return f"{year + 2}-01-01" <= day < f"{year + 2}-04-01"


def _no_days(rule: Rule, context: Context) -> Iterator[Finding]:
    for i, text in context.prose.searched("day", "pattern"):
        passage = context.report.passages[i]
        for printed in no_days(text):
            yield context.finding(
                rule,
                "broken",
                key=f"no_day.{printed}",
                message=rule.say(context.lang, "no_day", printed=printed),
                advice=rule.say(context.lang, "advice_no_day"),
                printed=printed,
                sentence=printed,
                place=passage.place,
            )
