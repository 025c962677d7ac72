"""Which division and what kind of authority a printed name stands for.

Belongs here: taking an authority's name apart (`issuers.toml`) into its place and what kind of body it is there.
Does not belong here: the registry of divisions (`divisions`), which names mean one body (`bodies`), finding the name in
a document and evidence from the rest of it (`parsers.prose.identity`).

A name is matched or it is not: where several divisions bear it, none is chosen. Names are compared as printed first
and converted to simplified characters second, so that no conversion can damage one (乾县).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from . import kept
from .divisions import NAME, Division, by_code, clean, inside, is_heir, key_of, named, parents, stemmed
from .scripts import plainly_simplified, simplified

Level = Literal["nation", "province", "prefecture", "county", "township", "zone"]
IssuerKind = Literal["government", "office", "department", "township", "zone", "vertical", "institution"]
# Why a match is partial; printed with the report. `similar` is set by who weighs the evidence for it.
Flag = Literal["unmatched", "ambiguous", "out_of_years", "short_name", "similar", "no_place"]

# Full names have at most this many characters (双江拉祜族佤族布朗族傣族自治县).
_LONGEST = 20
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.]")
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(slots=True, frozen=True)
class IssuerMatch:
    """What a printed name stands for. ``issuer`` is the name in simplified characters where that is safe.

    ``division_code`` is the division that the body belongs to: its own for a government, the county for a township,
    the division around it for a zone. ``candidates`` are the divisions that remain when the name is ambiguous.
    ``rest`` is what follows the place in ``issuer``: empty for a government named by its place alone.
    """

    division_code: str | None
    level: Level | None
    kind: IssuerKind | None
    issuer: str
    flags: tuple[Flag, ...] = ()
    division: Division | None = None
    candidates: tuple[Division, ...] = ()
    rest: str = ""


@dataclass(slots=True, frozen=True)
class _KindRule:
    """How a kind of body is told by what follows its place; see `issuers.toml`."""

    kind: IssuerKind
    pattern: re.Pattern[str] | None
    endings: tuple[str, ...]
    tail: re.Pattern[str] | None
    before: int
    but_not: tuple[str, ...]

    def fits(self, rest: str, bare: str) -> bool:
        """``bare`` is the rest without what stands in brackets."""
        if self.pattern is not None:
            return (self.pattern.fullmatch(rest) or self.pattern.fullmatch(bare)) is not None
        rest = bare
        if self.tail is not None and (m := self.tail.search(rest)):
            rest = rest[: m.start()]
        ending = next((e for e in self.endings if rest.endswith(e)), None)
        return ending is not None and len(rest) - len(ending) >= self.before and not rest.endswith(self.but_not)


@dataclass(slots=True, frozen=True)
class _SpecialBody:
    """A body that no division's name opens. ``codes`` give the division by what the pattern's group ``number`` holds."""

    pattern: re.Pattern[str]
    kind: IssuerKind
    level: Level | None
    division: str | None
    codes: dict[str, str]


@dataclass(slots=True, frozen=True)
class _Vocabulary:
    """`issuers.toml`, ready for use."""

    bodies: tuple[_SpecialBody, ...]
    local_offices: tuple[str, ...]
    party: tuple[str, ...]
    of_an_organisation: re.Pattern[str]
    kinds: tuple[_KindRule, ...]
    placeless: str
    stems: dict[str, tuple[str, ...]]
    never_before: str
    common_words: frozenset[str]
    zone_type: re.Pattern[str]
    zone_endings: tuple[str, ...]
    township_ending: re.Pattern[str]

    def kind_of(self, rest: str) -> IssuerKind | None:
        """The kind of body that ``rest``, all that follows the place, names."""
        if not NAME.fullmatch(rest) or _NUMBERED.match(rest) or self.only_ends(rest):
            return None
        bare = _BRACKETS.sub("", rest)
        return next((rule.kind for rule in self.kinds if rule.fits(rest, bare)), None)

    def only_ends(self, rest: str) -> bool:
        """Whether ``rest`` is nothing but the ending of a township's name: then it has none before it (东区街道办事处)."""
        return self.township_ending.fullmatch(rest) is not None

    def names_only_a_type(self, rest: str) -> bool:
        """Whether ``rest`` begins with what a zone is (经济技术开发区…), and with no name of its own (花桥开发区)."""
        return self.zone_type.match(rest) is not None

    def zone_department(self, rest: str) -> IssuerKind | None:
        """The kind of a zone's own department (综合实验区地方税务局), or None where ``rest`` names none."""
        for end in range(2, len(rest) - 1):
            if rest[:end].endswith(self.zone_endings):
                inner = self.kind_of(rest[end:])
                if inner is not None and inner not in {"township", "zone"}:
                    return "department" if inner in {"government", "office"} else inner
        return None


def _kind_rule(rule: dict[str, Any]) -> _KindRule:
    return _KindRule(
        kind=rule["kind"],
        pattern=re.compile(rule["pattern"]) if "pattern" in rule else None,
        endings=tuple(sorted(rule.get("endings", ()), key=len, reverse=True)),
        tail=re.compile(f"(?:{rule['tail']})$") if "tail" in rule else None,
        before=rule.get("before", 0),
        but_not=tuple(rule.get("except", ())),
    )


@cache
def _vocabulary() -> _Vocabulary:
    data = kept.toml(Path(__file__).with_name("issuers.toml"))
    stems = dict(data["stems"])
    never_before, common = stems.pop("never_before"), stems.pop("common_words")
    kinds = tuple(_kind_rule(rule) for rule in data["kinds"])
    endings = {rule.kind: rule.endings for rule in kinds if rule.endings}
    return _Vocabulary(
        bodies=tuple(
            _SpecialBody(re.compile(b["pattern"]), b["kind"], b.get("level"), b.get("division"), b.get("codes", {}))
            for b in data["bodies"]
        ),
        local_offices=tuple(sorted(data["local_offices"], key=len, reverse=True)),
        party=tuple(sorted(data["party"], key=len, reverse=True)),
        of_an_organisation=re.compile(data["of_an_organisation"]),
        kinds=kinds,
        placeless=data["placeless"]["pattern"],
        stems={kind: tuple(levels) for kind, levels in stems.items()},
        never_before=never_before,
        common_words=frozenset(common),
        zone_type=re.compile(f"(?:{data['zones']['words']})*(?:{'|'.join(endings['zone'])})"),
        zone_endings=endings["zone"],
        township_ending=re.compile(f"(?:{'|'.join(endings['township'])})(?:{data['zones']['township_tail']})?"),
    )


@dataclass(slots=True, frozen=True)
class _Place:
    """The place that opens a name: its candidates, where the rest begins, the place in the registry's characters."""

    candidates: tuple[Division, ...]
    end: int
    text: str
    by_stem: bool = False


def _place(text: str, converted: str, year: int | None) -> _Place | None:
    """The nested divisions that a name begins with; the last one's candidates are kept."""
    place = _behind_a_stem(text, converted, year)
    while True:
        start = place.end if place else 0
        step = _step(text, converted, start, place.candidates if place else None)
        if step is None:
            return place
        candidates = _in_year(step.candidates, year, step.text)
        place = _Place(candidates, step.end, (place.text if place else "") + step.text)


def _in_brackets(place: _Place, text: str, converted: str, year: int | None) -> _Place | None:
    """The district that bears a zone's name as well, which it gives in brackets: 金义新区(金东区)人民政府."""
    m = re.compile(r"[^()]{2,12}\((?P<name>[^()]{2,})\)(?=\w)").match(converted, place.end)
    if m is None or not converted[place.end : m.start("name") - 1].endswith(_vocabulary().zone_endings):
        return None
    step = _step(text, converted, m.start("name"), place.candidates)
    if step is None or step.end != m.end("name"):
        return None
    return _Place(_in_year(step.candidates, year, step.text), m.end(), place.text + converted[place.end : m.end()])


def _behind_a_stem(text: str, converted: str, year: int | None) -> _Place | None:
    """A division behind the short name of the one around it: 河北清河县."""
    for length in (3, 2):
        around = [d for d in stemmed(text[:length]) if d.level in {"province", "prefecture"}]
        if around and (step := _step(text, converted, length, around)) is not None:
            return _Place(_in_year(step.candidates, year, step.text), step.end, text[:length] + step.text)
    return None


def _step(text: str, converted: str, start: int, around: Sequence[Division] | None) -> _Place | None:
    if around is not None and all(d.level in {"county", "zone"} for d in around):
        # Nothing of the registry lies in a county.
        return None
    for length in range(min(_LONGEST, len(text) - start), 1, -1):
        for version in (text, converted) if converted != text else (text,):
            name = version[start : start + length]
            found = named(name)
            if around is not None:
                found = tuple(d for d in found if any(d.code != a.code and inside(d.code, a.code) for a in around))
            if found:
                return _Place(found, start + length, name)
    return None


def _place_by_stem(text: str, converted: str, year: int | None) -> tuple[_Place, IssuerKind] | None:
    """A place named without its ending, where what follows leaves no doubt that it is one."""
    vocabulary = _vocabulary()
    for length in range(min(_LONGEST, len(text) - 1), 1, -1):
        for version in (text, converted) if converted != text else (text,):
            stem, rest = version[:length], converted[length:]
            found = stemmed(stem)
            if not found or re.match(vocabulary.never_before, rest):
                continue
            kind: IssuerKind | None = "zone" if vocabulary.zone_department(rest) else vocabulary.kind_of(rest)
            if kind == "zone":
                place = _zone_by_stem(found, stem, converted, year)
            else:
                found = tuple(d for d in found if d.level in vocabulary.stems.get(kind or "", ()))
                place = _Place(_in_year(found, year, stem), length, stem, by_stem=True) if found else None
            if kind and place is not None:
                return place, kind
    return None


def _zone_by_stem(found: Sequence[Division], stem: str, text: str, year: int | None) -> _Place | None:
    """The place of a zone named after a stem: 南京江北新区, 沭阳经济技术开发区, 重庆合川工业园区.

    A district's short name alone is evidence of nothing (东湖高新区 is not in 东湖区), nor is a stem that others bear or
    that is a word of its own; a province's says only where to look for the name that follows it.
    """
    vocabulary = _vocabulary()
    standing = _in_year(found, year, stem)
    plain = vocabulary.names_only_a_type(text[len(stem) :])
    around = tuple(d for d in standing if d.level in {"province", "prefecture"})
    if around:
        place = _Place(around, len(stem), stem, by_stem=True)
        inner = _zone_inside(place, text, year)
        if inner is not None:
            return inner
        outside = [d for d in standing if not any(d is a or inside(d.code, a.code) for a in around)]
        if outside or not (plain or all(d.level == "prefecture" for d in around)):
            return None
        return place
    if len(standing) != 1 or not plain or stem in vocabulary.common_words or standing[0].name.endswith("区"):
        return None
    return _Place(standing, len(stem), stem, by_stem=True)


def _zone_inside(place: _Place, text: str, year: int | None) -> _Place | None:
    """A division inside the place whose stem follows it and opens the zone's name; None where none does."""
    vocabulary = _vocabulary()
    for length in range(min(_LONGEST, len(text) - place.end - 1), 1, -1):
        stem = text[place.end : place.end + length]
        found = tuple(
            d for d in stemmed(stem) if any(d.code != a.code and inside(d.code, a.code) for a in place.candidates)
        )
        if not found:
            continue
        inner = _Place(_in_year(found, year, stem), place.end + length, place.text + stem, by_stem=True)
        deeper = _zone_inside(inner, text, year)
        if deeper is not None:
            return deeper
        if vocabulary.names_only_a_type(text[inner.end :]):
            return inner
    return None


def _in_year(found: Iterable[Division], year: int | None, name: str) -> tuple[Division, ...]:
    """Those of the year, else of the years next to it, else all; one row per division that merely changed name or code.

    Of those that stood in one year, the bearers of the full name go before those of the short form.
    """
    kept = list(found)
    if year is not None:
        near = [d for d in kept if d.stood(year)] or [d for d in kept if d.stood(year - 1, year + 1)]
        kept = [d for d in near if d.name == name] or near or kept
    if len(kept) > 1:
        newest: dict[str, Division] = {}
        for d in kept:
            newest[key_of(d)] = d
        kept = list(newest.values())
    if len(kept) > 1:
        # A district made of two that bears the name of one of them: without a year it is the one that stands now.
        kept = [d for d in kept if not any(other is not d and is_heir(other, d) for other in kept)]
    return tuple(kept)


def _in_context(candidates: Sequence[Division], context: Sequence[str], sources: Sequence[str]) -> list[Division]:
    """The candidates that the context names with a division around them, or whose surroundings a source names."""
    named: list[Division] = []
    for d in candidates:
        around = [form for p in parents(d) for form in (p.name, *p.short, p.stem)]
        if any(form + d.name in clean(text) for text in context for form in around):
            named.append(d)
    if named:
        return named
    return [d for d in candidates if any(p.name in clean(text) for text in sources for p in parents(d))]


@lru_cache(maxsize=4096)
def _match(printed: str, year: int | None, context: tuple[str, ...], sources: tuple[str, ...]) -> IssuerMatch:
    text = clean(printed)
    vocabulary = _vocabulary()
    place = _place(text, text, year)
    converted = text
    kind = vocabulary.kind_of(text[place.end :]) if place is not None else None
    deeper = _place(text, simplified(text), year) if place is not None and kind is not None else None
    if place is not None and deeper is not None and deeper.end > place.end:
        # 徐州市鼓樓區司法局: the city is written alike in both scripts, the district is not.
        place = deeper
        kind = vocabulary.kind_of(text[place.end :])
    if place is None or kind is None:
        converted = simplified(text)
        place = _place(text, converted, year)
    elif kind not in ("township", "zone"):
        # 衢州市財政局: the place is written as in the registry, the office is not. Townships and zones have names of
        # their own (於潜镇).
        converted = text[: place.end] + plainly_simplified(text[place.end :])
    if place is not None:
        place = _in_brackets(place, text, converted, year) or place
    if place is not None and _vocabulary().only_ends(converted[place.end :]):
        # 东区街道办事处: the street is called so.
        place = None
    if place is None:
        special = _local_office(converted, year, context, sources) or _body(converted)
        if special is not None:
            return special
    by_stem = _place_by_stem(text, converted, year) if place is None else None
    if by_stem is not None:
        place = by_stem[0]
    if place is None:
        return _unmatched(text, converted)
    return _matched(place, converted, year, context, sources)


def _local_office(
    converted: str, year: int | None, context: tuple[str, ...], sources: tuple[str, ...]
) -> IssuerMatch | None:
    """A national body's or the party's local office, by the place that follows the national body's name."""
    vocabulary = _vocabulary()
    national = next((n for n in (*vocabulary.local_offices, *vocabulary.party) if converted.startswith(n)), None)
    if national is None:
        return None
    local = _match(converted.removeprefix(national), year, context, sources)
    if local.division is None and not local.candidates:
        stationed = _by_county_stem(converted[len(national) :], year)
        if stationed is None or national in vocabulary.party:
            return None
        local = stationed
    kind: IssuerKind | None = local.kind
    if kind == "department" and national not in vocabulary.party:
        kind = "vertical"
    rest = local.rest
    if national in vocabulary.party and not rest:
        return None
    if vocabulary.of_an_organisation.fullmatch(rest):
        # One place has many committees.
        rest = national + rest
    return replace(local, kind=kind, issuer=national + local.issuer, rest=rest)


def _by_county_stem(text: str, year: int | None) -> IssuerMatch | None:
    """A national body's office in a county named by its stem: 国家统计局沭阳调查队. Only behind the national body's name."""
    vocabulary = _vocabulary()
    for length in range(min(_LONGEST, len(text) - 2), 1, -1):
        if vocabulary.kind_of(text[length:]) != "vertical" or text[:length] in vocabulary.common_words:
            continue
        found = _in_year(stemmed(text[:length]), year, text[:length])
        if found:
            return _matched(_Place(found, length, text[:length], by_stem=True), text, year, (), ())
    return None


def _body(converted: str) -> IssuerMatch | None:
    for body in _vocabulary().bodies:
        m = body.pattern.fullmatch(converted)
        if m is None:
            continue
        groups = m.groupdict()
        code = body.codes.get(groups.get("number") or "", body.division)
        rest = groups.get("rest") or ""
        kind, level = body.kind, body.level
        if rest:
            own = _body(rest) if groups.get("number") else None
            inner = own.kind if own is not None else _vocabulary().kind_of(rest)
            if inner is None:
                continue
            kind, level = inner, "township" if inner == "township" else level
        return IssuerMatch(code, level, kind, converted, division=by_code(code)[-1] if code else None, rest=rest)
    return None


def _matched(
    place: _Place, converted: str, year: int | None, context: tuple[str, ...], sources: tuple[str, ...]
) -> IssuerMatch:
    vocabulary = _vocabulary()
    inner_zone = None if place.by_stem else _zone_inside(place, converted, year)
    rest = converted[place.end :]
    candidates = list(inner_zone.candidates if inner_zone is not None else place.candidates)
    if len(candidates) > 1:
        candidates = _in_context(candidates, context, sources) or candidates
    flags: list[Flag] = []
    division = candidates[0] if len(candidates) == 1 else None
    own_level = {d.level for d in candidates}
    level = own_level.pop() if len(own_level) == 1 else None
    if division is None:
        flags.append("ambiguous")
    elif year is not None and not division.stood(year - 1, year + 1):
        flags.append("out_of_years")
    if place.by_stem:
        flags.append("short_name")
    kind: IssuerKind | None
    if not rest:
        kind = "zone" if level == "zone" else "government"
    else:
        kind = vocabulary.kind_of(rest)
        inner = vocabulary.zone_department(rest) if kind != "zone" else None
        if inner is not None:
            kind, level = inner, "zone"
    if kind in {"township", "zone"} and not (kind == "zone" and level == "county" and rest and rest[0] in "党管"):
        level = "township" if kind == "township" else "zone"
    if kind is None:
        flags.append("unmatched")
    return IssuerMatch(
        division.code if division else None,
        level,  # type: ignore[arg-type]
        kind,
        place.text + rest,
        tuple(flags),
        division,
        tuple(candidates) if division is None else (),
        converted[inner_zone.end :] if inner_zone is not None else rest,
    )


def _unmatched(text: str, converted: str) -> IssuerMatch:
    """No division of the registry opens the name: what kind of body it calls itself is all that can be said."""
    vocabulary = _vocabulary()
    flag: Flag = "unmatched"
    kind: IssuerKind | None = None
    if m := re.fullmatch(vocabulary.placeless, converted):
        rest = m["rest"] if m["rest"] is not None else m["own"]
        kind, flag = vocabulary.kind_of(rest) if rest else None, "no_place"
    else:
        for i, c in enumerate(converted):
            if i and c in "省市州盟区县旗" and (kind := vocabulary.kind_of(converted[i + 1 :])) is not None:
                break
        kind = kind or vocabulary.kind_of(converted)
        if kind in {"government", "office"} and vocabulary.kind_of(converted) == kind:
            flag = "no_place"
    level: Level | None = "township" if kind == "township" else "zone" if kind == "zone" else None
    # Without a division to vouch for it no conversion of the name is safe.
    return IssuerMatch(None, level, kind, text, (flag,))


def is_of_an_organisation(name: str) -> bool:
    """Whether a name is only that of a committee or branch, of which what stands before its place says whose (沭阳县委员会)."""
    match = match_issuer(name)
    return match.division_code is not None and _vocabulary().of_an_organisation.fullmatch(match.rest) is not None


def kind_of(rest: str) -> IssuerKind | None:
    """What kind of body the words behind a place's name call it (教育局 → department); None: they name none."""
    return _vocabulary().kind_of(rest)


def match_issuer(
    printed: str, year: int | None = None, *, context: Sequence[str] = (), sources: Sequence[str] = ()
) -> IssuerMatch:
    """What the printed name of an authority stands for in a report year; never raises.

    ``context`` is text of the document: a name that several divisions bear is settled where the text names it with
    a division around it (长春市朝阳区). ``sources`` are names of the site or the publisher: naming a division around
    it is enough there. What stays open is flagged, with no division.
    """
    return _match(printed, year, tuple(context), tuple(sources))
