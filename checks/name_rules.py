"""Rules about names: what a report calls its own body, other bodies' names in its place, persons.

Belongs here: evaluators that look for names and numbers of persons. Does not belong here: which body a name means
(`schemas.bodies`), wording (`prose.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from schemas import forms
from schemas.bodies import Body, body_named, body_of, codes_of, relation
from schemas.divisions import by_code, inside
from schemas.facts import Place, Report
from schemas.findings import Finding
from schemas.labels import fold

from .context import Context
from .prose import holds_one, may_match, pattern
from .rules import Rule, data

# Kinds of bodies of which one may stand in another's place by mistake; a government and its office are one here.
_COMPARED = frozenset(("government", "office", "department", "township"))
_GROUPS: dict[str | None, str] = {"office": "government"}
_SUBORDINATE = ("中心", "队", "所", "站", "院", "馆", "处", "校")
_EXCERPT = 60
_OF_DISCLOSURE = re.compile("公开|信息")
_TITLE = re.compile("《[^》]*》")
_COUNTED = re.compile(r"(?:收到|办结)[^\d,。;]{0,12}\d")
_OF_A_PLACE = re.compile("[省市州盟区县旗]")


def body(rule: Rule, context: Context) -> Iterator[Finding]:
    """What the report calls its own body is of its kind, and is not another body's name."""
    report = context.report
    if not context.is_annual or report.kind is None:
        return
    context.holds(rule)
    own = _own(context)
    # What stands in a title is another's voice: 根据《县民政局关于我局救助工作的通知》.
    voice = [_TITLE.sub(lambda m: "·" * len(m[0]), t) if "《" in t else t for t in context.prose.texts]
    if own is not None:
        yield from _in_its_place(rule, context, own, voice)
    for each in data("prose.toml")["self"]:
        texts = context.prose.holding(each["needs"]) if report.kind not in each["kinds"] else ()
        if not texts or _is_its_own(report, each):
            continue
        words = re.compile(each["words"])
        at = next(((i, m) for i, _ in texts if (m := words.search(voice[i]))), None)
        if at is not None:
            i, m = at
            text = context.prose.texts[i]
            yield context.finding(
                rule,
                "broken",
                key=each["zh"],
                message=rule.say(context.lang, "message", printed=m[0], issuer=report.issuer or "—"),
                printed=m[0],
                sentence=text[max(0, m.start() - 15) : m.end() + 25],
                place=report.passages[i].place,
            )
    yield from _other_body(rule, context)


def _is_its_own(report: Report, words: dict[str, Any]) -> bool:
    """Whether a body may call itself so: its name or its place ends as the word asks, or too little is known of it."""
    named = "".join(n for n in (report.issuer, report.issuer_printed) if n)
    if "names" in words and (not named or re.search(words["names"], named) is not None):
        return True
    if "division" not in words:
        # Of a name that says neither 镇 nor 乡 nor 街道 too little is known.
        return "names" in words and (report.kind != "township" or re.search("[镇乡街]", named) is None)
    code = report.division_code
    if code is None or code[:2] in words.get("never_in", ()):
        return True
    # Of one name before and another since, both will do.
    found = by_code(code, report.year) or by_code(code)
    return any(d.level != "county" or re.search(words["division"], d.name) is not None for d in found) or not found


def _own(context: Context) -> Body | None:
    """The body that the report is of, or that its title names."""
    identity = context.report.identity
    known = body_of(identity)
    if known is not None:
        return known
    title = next((e.says for e in identity.evidence if (e.about, e.source) == ("issuer", "title")), None)
    return body_named(title, identity.year) if title else None


def _in_its_place(rule: Rule, context: Context, own: Body, voice: Sequence[str]) -> Iterator[Finding]:
    """Another body of the same kind where the report's own should stand: title, preamble, signature, subjects."""
    report = context.report
    seen: set[str] = set()
    for e in report.identity.evidence:
        if e.about != "issuer" or e.source not in rule.options["places"] or e.says in seen:
            continue
        if e.says == report.issuer_printed:
            # A misprint of the body's own name.
            continue
        other = body_named(e.says, report.year)
        if _takes_the_place(own, other, report.year) or (e.source == "signature" and _cannot_sign(own, other)):
            seen.add(e.says)
            printed = fold(e.printed)
            # A body signs where the text ends.
            passages = reversed(report.passages) if e.source == "signature" else report.passages
            place = next((p.place for p in passages if printed and printed in fold(p.text)), Place())
            yield _name_finding(rule, context, e.source, e.says, e.printed, place)
    yield from _subjects(rule, context, own, voice, seen)
    yield from _as_its_own(rule, context, own, voice, seen)
    yield from _elsewhere(rule, context, own, voice, seen)
    contact = pattern("subject", "contact")
    for i, text in context.prose.searched("subject", "contact"):
        for m in contact.finditer(text):
            name = m["name"]
            other = body_named(name, report.year)
            if name in seen or pattern("subject", "in_charge").search(name):
                continue
            if _takes_the_place(own, other, report.year) or _cannot_sign(own, other):
                seen.add(name)
                yield _name_finding(rule, context, "contact", name, m[0][:_EXCERPT], report.passages[i].place)


def _subjects(rule: Rule, context: Context, own: Body, voice: Sequence[str], seen: set[str]) -> Iterator[Finding]:
    """Another body as a subject; a place elsewhere that leads the report's own, has its site or its rules."""
    subject, about, year = pattern("subject", "pattern"), pattern("subject", "about"), context.report.year
    # A town is asked for by its name alone, others where the sentence is about disclosure.
    asked = () if own.kind == "township" else data("prose.toml")["subject"]["about_needs"]
    acting = {i for i, _ in context.prose.holding(asked)}
    others = {what: {i for i, _ in context.prose.searched("subject", what)} for what in ("led", "site", "rules")}
    for i in sorted(acting.union(*others.values())):
        text, place = voice[i], context.report.passages[i].place
        for m in subject.finditer(text) if i in acting else ():
            name, sentence = m["name"], m["sentence"]
            if name in seen or own.printed in sentence or pattern("subject", "phrase").search(name):
                continue
            town = own.kind == "township" and pattern("subject", "town").search(name)
            if not town and not about.search(sentence):
                continue
            if _COUNTED.search(m[0]) is not None and pattern("subject", "beside").search(sentence):
                # 兴隆镇收到申请6件，我镇收到11件.
                continue
            other = _at_home(own, body_named(name, year), name, sentence)
            if _takes_the_place(own, other, year) or _is_elsewhere(own, other):
                seen.add(name)
                yield _name_finding(rule, context, "subject", name, _said(context, i, m), place)
        for what in (what for what, passages in others.items() if i in passages):
            # Rules are called by their titles.
            for m in pattern("subject", what).finditer(context.prose.texts[i] if what == "rules" else text):
                name = m["name"]
                # Of a place alone its government is meant.
                other = body_named(name if what == "led" else f"{name}人民政府", year)
                if name not in seen and _is_elsewhere(own, other):
                    seen.add(name)
                    yield _name_finding(rule, context, what, name, m[0].lstrip("。;,")[:_EXCERPT], place)


def _elsewhere(rule: Rule, context: Context, own: Body, voice: Sequence[str], seen: set[str]) -> Iterator[Finding]:
    """A place elsewhere in what a report says of its own doing: who leads it, its site, its papers (`prose.toml`, [elsewhere])."""
    raw, year = data("prose.toml")["elsewhere"], context.report.year
    if own.division is None or own.kind not in _COMPARED:
        return
    # All of them name a place.
    placed = {i for i, text in enumerate(context.prose.texts) if _OF_A_PLACE.search(text) is not None}
    for each in raw["places"]:
        for i, printed in context.prose.holding(each["needs"]):
            if i not in placed:
                continue
            text = printed if "titles" in each else voice[i]
            for m in re.finditer(each["pattern"], text) if "titles" in each or holds_one(text, each["needs"]) else ():
                name = m["name"]
                start = max(text.rfind(stop, 0, m.start("name")) for stop in "。;!?") + 1
                end = min((at for stop in "。;!?" if (at := text.find(stop, m.end())) >= 0), default=len(text))
                sentence = printed[start:end]
                if name in seen or own.printed in sentence or re.fullmatch(raw["common"], name):
                    continue
                if re.search(raw["with_others"], sentence):
                    continue
                # Of a place alone its government is meant.
                if _is_elsewhere(own, body_named(f"{name}人民政府", year)):
                    seen.add(name)
                    place = context.report.passages[i].place
                    yield _name_finding(rule, context, each["says"], name, sentence[:_EXCERPT], place)


def _as_its_own(rule: Rule, context: Context, own: Body, voice: Sequence[str], seen: set[str]) -> Iterator[Finding]:
    """Another body as the subject of what a report says of its own year's work, or of a town's own people."""
    year = context.report.year
    for what in ("did", "people", "counts", "signed"):
        if what == "people" and own.kind != "township":
            continue
        if what != "people" and (own.kind not in ("department", "township") or _is_in_charge(own)):
            continue
        for i, _ in context.prose.searched("subject", what):
            for m in pattern("subject", what).finditer(voice[i]):
                name, sentence = m["name"], m["sentence"]
                if name in seen or own.printed in sentence or pattern("subject", "phrase").search(name):
                    continue
                if what == "did" and not _OF_DISCLOSURE.search(sentence):
                    continue
                if what == "counts" and pattern("subject", "beside").search(sentence):
                    continue
                other = _at_home(own, body_named(name, year), name, sentence)
                # What others in the place have held or organised is told of as well.
                here = what == "did" and m["weak"] is None
                here = here and (_takes_the_place(own, other, year) or _is_neighbour(own, other))
                here = here or (what in ("counts", "signed") and _takes_the_place(own, other, year))
                if here or _is_elsewhere(own, other):
                    seen.add(name)
                    place = context.report.passages[i].place
                    yield _name_finding(rule, context, "subject", name, _said(context, i, m), place)


def _said(context: Context, i: int, m: re.Match[str]) -> str:
    """The beginning of a sentence as the text has it: what is looked through has dots in place of titles."""
    return context.prose.texts[i][m.start("sentence") : m.end("sentence")][:_EXCERPT]


def _is_in_charge(own: Body) -> bool:
    """Whether a bureau may tell of all others' disclosure."""
    return own.kind == "department" and pattern("subject", "in_charge").search(own.printed) is not None


def _is_neighbour(own: Body, other: Body) -> bool:
    """Whether one is a bureau and the other a town: neither is the other's."""
    return {own.kind, other.kind} == {"department", "township"} and (
        other.division is None or own.division is None or other.division == own.division
    )


def _at_home(own: Body, other: Body, name: str, sentence: str) -> Body:
    """市民政局 in the report of 某市财政局 is that city's, where the sentence tells what only a body itself does."""
    if (
        own.kind != "department"
        or own.division is None
        or not other.hint
        or pattern("subject", "in_charge").search(name)
    ):
        return other
    here = [d.name for d in by_code(own.division)]
    leads = pattern("subject", "leads").match(sentence[sentence.index(name) + len(name) :])
    same = leads is not None and here and all(place.endswith(other.hint) for place in here)
    return replace(other, division=own.division, hint="") if same else other


def _name_finding(rule: Rule, context: Context, what: str, name: str, sentence: str, place: Place) -> Finding:
    return context.finding(
        rule,
        "broken",
        key=f"{what}.{name}",
        message=rule.say(context.lang, what, printed=name, issuer=context.report.issuer or "—"),
        printed=name,
        sentence=sentence,
        place=place,
    )


def _takes_the_place(own: Body, other: Body, year: int | None) -> bool:
    """Whether a name is that of another body of the same kind, and of none above or below it."""
    if _GROUPS.get(other.kind, other.kind) != _GROUPS.get(own.kind, own.kind) or other.kind not in _COMPARED:
        return False
    if relation(own, other, year, year) != "other" or _misread(own.printed, other):
        return False
    if own.division and other.division:
        if own.division == other.division:
            # A centre or a team stands under a bureau of its place, an office under its government.
            return own.kind not in ("government", "office") and not own.printed.endswith(_SUBORDINATE)
        return not inside(own.division, other.division) and not inside(other.division, own.division)
    if own.kind == "township":
        return other.division in (None, own.division)
    if own.division and other.place:
        return other.place[-1] in "省市县旗"
    # Of two places that no registry knows one may lie in the other, unless they are of one rank.
    return bool(own.place and other.place) and own.place[-1] == other.place[-1] and own.name == other.name


def _cannot_sign(own: Body, other: Body) -> bool:
    """Whether a body of another kind can have nothing to do with a report: it is elsewhere, or a township under a bureau's."""
    if own.division == other.division and own.division is not None:
        return {own.kind, other.kind} == {"department", "township"}
    return _is_elsewhere(own, other)


def _is_elsewhere(own: Body, other: Body) -> bool:
    """Whether two bodies are in places of which neither lies in the other."""
    if own.division is None or other.division is None or not {own.kind, other.kind} <= _COMPARED:
        return False
    if own.division == other.division or _misread(own.printed, other):
        return False
    # A county may have stood under another city before.
    return not any(inside(a, b) or inside(b, a) for a in codes_of(own) for b in codes_of(other))


def _misread(own: str, other: Body) -> bool:
    """Whether a name may be the body's own, cut or with one character misread (干安县 for 乾安县)."""
    if other.printed in own:
        return True
    differing = sum(a != b for a, b in zip(own[-len(other.printed) :], other.printed, strict=False))
    return other.division is None and differing <= 1 and other.kind != "township"


def _other_body(rule: Rule, context: Context) -> Iterator[Finding]:
    report = context.report
    own = "".join(fold(n) for n in (report.issuer, report.issuer_printed, report.title) if n)
    if not own:
        return
    for i, text in context.prose.searched("named", "pattern"):
        found = list(_titles_in(text))
        if not found or pattern("named", "around").fullmatch(_without(text, found)):
            # Links to reports, which lines of a printed page may hold several of: nothing is said of them.
            continue
        for m in found:
            name = pattern("named", "lead").sub("", m["name"])
            if pattern("named", "never").search(name) or len(name) < 4 or _shares(name, own):
                continue
            if pattern("named", "link").search(text[: m.start()]):
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


def _titles_in(text: str) -> Iterator[re.Match[str]]:
    """The titles of reports in a text, with the names in front of them.

    They are looked for in front of what all of them end with, as far back as one of them is long: any word may begin one.
    """
    ends = [m.end() for m in pattern("named", "end").finditer(text)]
    most = data("prose.toml")["named"]["most"]
    while ends:
        first, last = ends[0] - most, ends.pop(0)
        while ends and ends[0] - most < last:
            last = ends.pop(0)
        yield from pattern("named", "pattern").finditer(text, max(first, 0), last)


def _without(text: str, found: Sequence[re.Match[str]]) -> str:
    """What is left of a text without some matches."""
    starts = [0, *(m.end() for m in found)]
    return "".join(text[a:b] for a, b in zip(starts, [*(m.start() for m in found), len(text)], strict=True))


def _shares(name: str, own: str) -> bool:
    """Whether two characters of what is particular to a name stand together in the body's own names."""
    stem, whole = pattern("named", "generic").sub("", name), pattern("named", "generic").sub("", own)
    return name in own or len(stem) < 2 or any(stem[k : k + 2] in own + whole for k in range(len(stem) - 1))


def personal(rule: Rule, context: Context) -> Iterator[Finding]:
    """Identity numbers, mobile numbers, names of applicants. The finding does not repeat them in full."""
    if not context.report.passages:
        return
    context.holds(rule)
    identity, mobile = pattern("personal", "identity"), pattern("personal", "mobile")
    announced = pattern("personal", "announced")
    applicant = _applicant()
    with_figures = {i for i, _ in context.prose.counting}
    naming = {i for i, _ in context.prose.searched("personal", "applicant")}
    for i in sorted(with_figures | naming):
        text = context.prose.texts[i]
        told = {m["number"] for m in announced.finditer(text)} if may_match(text, "personal", "announced") else set()
        found = [("identity", m[0]) for m in identity.finditer(text) if _is_identity(m[0]) or m[0] in told]
        found += [
            ("mobile", m[0])
            for m in mobile.finditer(text)
            if not (
                pattern("personal", "contact").search(text[max(0, m.start() - 30) : m.start()])
                and not pattern("personal", "person").search(text[max(0, m.start() - 40) : m.start()])
            )
            and not text[: m.start()].endswith(_labels())
        ]
        found += [
            ("applicant", m["name"])
            for m in (applicant.finditer(text) if i in naming else ())
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
def _applicant() -> re.Pattern[str]:
    raw = data("prose.toml")["personal"]
    return re.compile(raw["applicant"].replace("{surnames}", raw["surnames"]))


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
