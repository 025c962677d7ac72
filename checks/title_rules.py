"""Rules about a draft's title, and about its own name where two places of the draft spell it differently.

Belongs here: titles that are not there or are misprinted, names that are one character apart. Does not belong here: another
body's name (`name_rules`), the title's year (`time_rules`), what a title says (`parsers.prose.identity`).
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.bodies import body_named
from schemas.facts import Place
from schemas.findings import Finding
from schemas.labels import fold

from .context import Context
from .prose import pattern
from .rules import Rule, data

_PLACES = ("title", "announced", "compiled", "signature")


def title(rule: Rule, context: Context) -> Iterator[Finding]:
    """A draft begins with its title. Whether a published page does, its design decides."""
    report = context.report
    headings = context.prose.headings
    found = len({h.n for h in headings})
    if not context.is_annual or context.profile != "draft" or found < rule.options["least_found"]:
        return
    context.holds(rule)
    if (doubled := _doubled(rule, context)) is not None:
        yield doubled
        return
    if any(e.source.endswith("title") for e in report.identity.evidence) or report.has_pictures or context.prose.is_cut:
        return
    texts = [(i, t) for i, t in enumerate(context.prose.texts[: headings[0].passage + 1]) if t]
    lines = [(i, t) for i, t in texts if len(t) <= rule.options["most"] and not pattern("title", "no_line").search(t)]
    if any(pattern("title", "right").search(t) for _, t in lines):
        return
    for i, text in lines:
        if (right := _misprinted(text)) is not None:
            place = report.passages[i].place
            yield context.finding(
                rule,
                "broken",
                case="misprint",
                key="misprint",
                message=rule.say(context.lang, "misprint", printed=context.quoted(text, place), right=right),
                advice=rule.say(context.lang, "advice_misprint"),
                printed=text,
                sentence=text,
                place=place,
            )
            return
    if report.title is not None:
        return
    first = lines[0] if lines and lines[0][0] == texts[0][0] and lines[0][0] < headings[0].passage else None
    place = report.passages[first[0]].place if first is not None else Place()
    yield context.finding(
        rule,
        "broken",
        key="none",
        message=rule.say(
            context.lang,
            "message" if first is None else "other",
            printed=context.quoted(first[1], place) if first is not None else "",
        ),
        printed=first[1] if first is not None else None,
        place=place,
    )


def _doubled(rule: Rule, context: Context) -> Finding | None:
    """A word that stands twice in a line of the title: 年度报告报告."""
    for i, text in enumerate(context.prose.texts[: context.prose.headings[0].passage]):
        if len(text) > rule.options["most"] or "公开" not in text or not ("报告" in text or "年报" in text):
            continue
        m = pattern("title", "doubled").search(text)
        if m is not None and not pattern("title", "no_line").search(text):
            place = context.report.passages[i].place
            return context.finding(
                rule,
                "broken",
                case="misprint",
                key="doubled",
                message=rule.say(context.lang, "doubled", printed=context.quoted(text, place), word=m["word"]),
                advice=rule.say(context.lang, "advice_misprint"),
                printed=text,
                sentence=text,
                place=place,
            )
    return None


def _misprinted(line: str) -> str | None:
    """The title's words that a line all but ends with."""
    line = pattern("title", "behind").sub("", line)
    for right in data("prose.toml")["title"]["words"]:
        for n in range(len(right) - 2, len(right) + 3):
            if len(line) >= n and 0 < distance(line[-n:], right) <= (2 if n == len(right) else 1):
                return str(right)
    return None


def distance(a: str, b: str) -> int:
    """How many characters are to be put in, left out or changed to make one of two strings the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def own_name(rule: Rule, context: Context) -> Iterator[Finding]:
    """Title, preamble and signature spell the body's name alike, to a character."""
    report = context.report
    if not context.is_annual:
        return
    said = {e.source: e.says for e in reversed(report.identity.evidence) if e.about == "issuer" and e.source in _PLACES}
    title = said.get("title")
    if title is None:
        return
    others = [(source, name) for source, name in said.items() if source != "title"]
    if "signature" not in said and context.prose.headings:
        # A name with a character missing may be no body's, and be taken for no signature.
        behind = context.prose.texts[context.prose.headings[-1].passage + 1 :]
        others += [("signature", t) for t in behind[-4:] if len(t) > 3 and not pattern("title", "no_line").search(t)]
    context.holds(rule)
    for source, name in others:
        # The same name in traditional characters is no misprint of it.
        if fold(title) == fold(name) or not _one_off(title, name, report.year):
            continue
        place = next((p.place for p in reversed(report.passages) if name in fold(p.text)), Place())
        two = len(title) == len(name) and _may_be_two(title, name, report.year)
        yield context.finding(
            rule,
            "broken",
            key=f"{source}.{name}",
            message=rule.say(
                context.lang,
                "two" if two else "message",
                title=title,
                printed=name,
                where=rule.say(context.lang, source),
            ),
            advice=rule.say(context.lang, "advice_two" if two else "advice"),
            printed=name,
            place=place,
        )
        return


def _may_be_two(a: str, b: str, year: int | None) -> bool:
    """Whether two names may be two departments of one place: 某县民政局 and 某县财政局 are no misprint of each other."""
    one, other = body_named(a, year), body_named(b, year)
    return one.division is not None and one.kind == other.kind == "department"


def _one_off(a: str, b: str, year: int | None) -> bool:
    """Whether two names are one, with a character wrong or missing in either."""
    if distance(a, b) != 1 or min(len(a), len(b)) < 4:
        return False
    if len(a) != len(b):
        long, short = (a, b) if len(a) > len(b) else (b, a)
        i = next((i for i, (x, y) in enumerate(zip(long, short, strict=False)) if x != y), len(short))
        return i > 0 and pattern("title", "may_lack").search(long[i]) is None
    x, y = next((x, y) for x, y in zip(a, b, strict=True) if x != y)
    if pattern("title", "may_differ").fullmatch(x + y):
        return False
    # 城东街道 and 城西街道, 威县 and 成县: both are, and are others.
    one, other = body_named(a, year), body_named(b, year)
    return None in (one.division, other.division) or (
        one.division == other.division and one.kind == other.kind == "department"
    )
