"""Which body a name means: 淮安市洪泽区人民政府 and 洪泽区人民政府 are one, a government and its office are two.

Belongs here: what tells one body from another (its division, its kind, and for departments, townships and zones what
they are called there), the names that one body goes by (`bodies.toml`).
Does not belong here: taking a name apart (`issuers`), divisions (`divisions`), reading names in a document or a list.

A name that gives no place (县教育局), or a short one (文旅局), may mean another: that is for the caller to settle, who
knows which bodies are at hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from . import kept
from .divisions import Division, by_code, clean, history, inside, key_of, parents, stemmed
from .issuers import IssuerMatch, kind_of, match_issuer
from .labels import fold
from .report_identity import ReportIdentity

Relation = Literal["same", "possible", "other"]

_PLACELESS = re.compile(r"^[我本全]?(?P<hint>[省市州盟区县旗])(?=\S)")
# The place in a name that no division bears (沐阳县水利局); 城市 and 县市 are words.
_PLACE = re.compile(r"(?!城市|都市|县市)\w{1,8}?[省市州盟区县旗](?=\w{2})")
_PARTY = re.compile(r"^委(?:员会)?(?!办)(?=\w{3})")
_BRACKETS = re.compile(r"\([^()]*\)")
# A township named without its kind (陇集).
_TOWNSHIP_KINDS = ("镇", "乡", "街道", "民族乡", "苏木")


@dataclass(slots=True, frozen=True)
class Body:
    """What tells a body from others. ``division`` is the key of its division (`divisions.key_of`), None where not known.

    ``name`` is empty for a government and its office, else what the body is called at home in its shortest wording;
    ``candidates`` are the divisions that may be meant, ``hint`` how the name of the division must end (县教育局 → 县),
    ``place`` the place printed where no division is known by it. ``printed`` is the whole name, folded. ``town`` is what a
    township is called if the hint is the beginning of its own name (县河镇, 市中街道), else empty.
    """

    division: str | None
    kind: str | None
    name: str
    printed: str
    candidates: tuple[str, ...] = ()
    hint: str = ""
    place: str = ""
    town: str = ""

    @property
    def key(self) -> str | None:
        """A name for good: the same for every spelling, None where the place is not known."""
        return f"{self.division}/{self.kind}/{self.name}" if self.division and self.kind else None


@dataclass(slots=True, frozen=True)
class _Renamed:
    before: str
    after: tuple[str, ...]
    year: int


@dataclass(slots=True, frozen=True)
class _Names:
    """`bodies.toml`, ready for use."""

    endings: tuple[str, ...]
    fillers: re.Pattern[str]
    departments: dict[str, str]
    renamed: tuple[_Renamed, ...]
    zones: tuple[tuple[str, str], ...]
    committee: re.Pattern[str]
    zone_office: re.Pattern[str]
    zone_place: re.Pattern[str]
    generic_zones: dict[str, list[str]]
    township_tail: re.Pattern[str]
    township_short: dict[str, str]
    parents: dict[tuple[str, str], str]


@cache
def _names() -> _Names:
    data = kept.toml(Path(__file__).with_name("bodies.toml"))
    departments = {short: full for full, shorts in data["departments"].items() for short in (full, *shorts)}
    zones = {k: v for k, v in data["zones"].items() if isinstance(v, list)}
    spellings = [(spelt, name) for name, spellings in zones.items() for spelt in spellings]
    return _Names(
        endings=tuple(sorted(data["endings"], key=len, reverse=True)),
        fillers=re.compile("|".join(data["fillers"])),
        departments=departments,
        renamed=tuple(_Renamed(r["before"], tuple(r["after"]), r["year"]) for r in data["renamed"]),
        zones=tuple(sorted(spellings, key=lambda s: len(s[0]), reverse=True)),
        committee=re.compile(data["zones"]["committee"]),
        zone_office=re.compile(data["zones"]["office"] + "$"),
        zone_place=re.compile(data["zones"]["place"] + "$"),
        generic_zones=data["zones"]["generic"],
        township_tail=re.compile(data["townships"]["tail"] + "$"),
        township_short=data["townships"]["short"],
        parents={(p["division"], p["kind"]): p["parent"] for p in data["parents"]},
    )


# --- what a body is called at home


def _department(rest: str) -> str:
    """A department's name in one wording: without its ending and fillers where the registry knows what it is about."""
    names = _names()
    bare = _PARTY.sub("", names.fillers.sub("", _BRACKETS.sub("", rest)))
    for text in (bare, bare.removeprefix("人民政府"), bare.removeprefix("政府")):
        if text in names.departments:
            return names.departments[text]
        ending = next((e for e in names.endings if text.endswith(e) and len(text) > len(e)), "")
        if ending and (about := names.departments.get(text.removesuffix(ending))):
            return about
    return bare.replace("委员会", "委").replace("办公室", "办").replace("办公厅", "办")


def _township(rest: str) -> str:
    names = _names()
    bare = names.township_tail.sub("", _BRACKETS.sub("", rest)) or rest
    # 沭阳县人民政府沭城街道办事处: the county's office in the street, which is the street's own.
    bare = bare.removeprefix("人民政府") or bare
    for long, short in names.township_short.items():
        if bare.endswith(long):
            return bare.removesuffix(long) + short
    return bare


def _zone(rest: str) -> str:
    """A zone's name with its type in one wording; its office is told apart."""
    names = _names()
    bare = _BRACKETS.sub("", rest)
    committee = names.committee.search(bare)
    office = "办" if committee and names.zone_office.search(bare, committee.end()) else ""
    bare = bare[: committee.start()] if committee else names.zone_office.sub("", bare)
    for spelt, name in names.zones:
        if bare.endswith(spelt):
            bare = bare.removesuffix(spelt) + name
            break
    return bare + office


def _at_home(kind: str | None, rest: str) -> str:
    if kind in ("government", "office"):
        return ""
    if kind is None:
        return fold(rest)
    if kind == "township":
        return _township(rest)
    return _zone(rest) if kind == "zone" else _department(rest)


# --- names and reports


@lru_cache(maxsize=4096)
def body_named(name: str, year: int | None = None) -> Body:
    """The body that a name means, as far as the name alone tells."""
    return _body(match_issuer(name, year), name)


def body_of(identity: ReportIdentity) -> Body | None:
    """The body that a report is of; None where it does not say whose it is."""
    name = identity.issuer or identity.issuer_printed
    if not name:
        return None
    match = match_issuer(name, identity.year)
    body = _body(match, name)
    if identity.division_code is not None and body.division is None:
        # Other evidence than the name told the place.
        kind = body.kind or identity.kind
        return Body(_key_in(identity.division_code, identity.year), kind, body.name, body.printed, town=body.town)
    return body


def _body(match: IssuerMatch, name: str) -> Body:
    printed = fold(clean(name))
    if match.division is not None:
        # A local office of a national body is what it is called at home: 国家税务总局沭阳县税务局.
        kind = "department" if match.kind == "vertical" else match.kind
        return Body(key_of(match.division), kind, _at_home(match.kind, match.rest), printed)
    text = fold(match.issuer)
    kind = "department" if match.kind == "vertical" else match.kind
    if match.candidates:
        codes = tuple(sorted({key_of(d) for d in match.candidates}))
        return Body(None, kind, _at_home(match.kind, match.rest), printed, codes)
    # 市监局 and 市场监管局 say nothing of a city.
    hint = _PLACELESS.match(text) if not is_known(text) else None
    if hint and "no_place" in match.flags:
        # 县城关镇 is the county's 城关镇, 县河镇 is called so: which it is, only the bodies at hand tell.
        town = _township(text) if kind == "township" and hint.start("hint") == 0 else ""
        return Body(None, kind, _at_home(match.kind, text[hint.end() :]), printed, hint=hint["hint"], town=town)
    place = ""
    if match.kind is not None:
        m = _PLACE.match(text)
        place = m[0] if m and not is_known(text) and kind_of(text[m.end() :]) else ""
        if match.kind == "zone" and _names().zone_place.search(place):
            place = ""
    return Body(None, kind, _at_home(match.kind, text[len(place) :]), printed, place=place)


def is_known(text: str) -> bool:
    """Whether a name without a place is that of a department as every place has one (教育局, 卫健委)."""
    return _department(text) in _names().departments and text not in _names().departments


def _key_in(code: str, year: int | None) -> str:
    """The key of the division that bore a code in a year; the code itself where none did."""
    found = by_code(code, year) or by_code(code)
    return key_of(found[-1]) if found else code


def government_of(division: Division) -> str:
    """The key of a division's government, the same under all names and codes of the division."""
    return f"{key_of(division)}/government/"


def codes_of(body: Body) -> list[str]:
    """The codes under which a body's division stood, oldest first; of a name that several bear, those of all."""
    found = [d for code in (body.division, *body.candidates) if code for d in by_code(code)]
    return list(dict.fromkeys(h.code for d in found for h in history(d)))


def parents_apart() -> dict[tuple[str, str], str]:
    """The bodies whose parent is not the division around them: code and kind, code of the parent."""
    return dict(_names().parents)


def parent_of(body: Body) -> str | None:
    """The code of the division that a body answers to: its own, for a government the one around it."""
    if body.division is None:
        return None
    if (own := _names().parents.get((body.division, body.kind or ""))) is not None:
        return own
    if body.kind not in ("government", "office"):
        return body.division
    found = by_code(body.division)
    around = parents(found[-1]) if found else []
    return around[0].code if around else None


# --- one body or two


@lru_cache(maxsize=65_536)
def relation(a: Body, b: Body, year_a: int | None = None, year_b: int | None = None) -> Relation:
    """Whether two names mean one body; ``possible``: a place is missing, or one name is short for the other's."""
    if a.printed == b.printed and not (a.division and b.division and a.division != b.division):
        return "same"
    for one, other in ((a, b), (b, a)):
        local = _stationed(one)
        if local is not None and relation(local, other, year_a, year_b) != "other":
            return "possible"
    called = _called_alike(a, b, year_a, year_b)
    if called == "other":
        return "other"
    where = _same_place(a, b)
    if where == "other":
        return "other"
    return "same" if called == where == "same" else "possible"


def _same_place(a: Body, b: Body) -> Relation:
    if a.division and b.division:
        return "same" if a.division == b.division else "other"
    known, open_ = (a, b) if a.division else (b, a)
    if open_.place or known.place:
        return "same" if open_.place == known.place else "other"
    if known.division is None:
        both = set(a.candidates) & set(b.candidates)
        return "possible" if both or not (a.candidates and b.candidates) else "other"
    if open_.candidates:
        return "possible" if known.division in open_.candidates else "other"
    if open_.hint and open_.kind != "township":
        found = by_code(known.division)
        return "possible" if found and found[-1].name.endswith(open_.hint) else "other"
    return "possible"


def _called_alike(a: Body, b: Body, year_a: int | None, year_b: int | None) -> Relation:
    kinds = {a.kind, b.kind}
    if len(kinds) > 1 and None not in kinds:
        return "other"
    if a.name == b.name or (a.town and a.town == b.name) or (b.town and b.town == a.name):
        return "same"
    if "department" in kinds and _renamed(a, b, year_a, year_b):
        return "same"
    if kinds & {"department", "zone"} and (_short_for(a.name, b.name) or _short_for(b.name, a.name)):
        return "possible"
    if any(_loosely(one, other) for one, other in ((a, b), (b, a))):
        return "possible"
    return "other"


def _loosely(short: Body, long: Body) -> bool:
    """A zone named by what it is (开发区), a township without its kind (陇集)."""
    if long.kind == "zone" and short.kind in ("zone", None):
        return long.name.endswith(tuple(_names().generic_zones.get(short.name, ())))
    if short.kind is None and long.kind == "township" and len(short.name) > 1:
        return long.name.removeprefix(short.name) in _TOWNSHIP_KINDS
    return False


@lru_cache(maxsize=4096)
def _stationed(body: Body) -> Body | None:
    """The county's office that a department of the prefecture keeps there is called like (宿迁市沭阳生态环境局)."""
    if body.kind != "department" or body.division is None or not body.division.endswith("00"):
        return None
    for length in (2, 3, 4):
        for county in stemmed(body.name[:length]):
            rest = body.name[length:]
            if county.code != body.division and inside(county.code, body.division) and is_known(rest):
                return Body(key_of(county), "department", _department(rest), body.printed)
    return None


def _renamed(a: Body, b: Body, year_a: int | None, year_b: int | None) -> bool:
    """Whether one department became the other between the two years; without years whether it ever did."""
    for old, new, year_old, year_new in ((a, b, year_a, year_b), (b, a, year_b, year_a)):
        for r in _names().renamed:
            if old.name == r.before and new.name in r.after:
                # Counties follow a year later, and reports come out in the year after.
                return (year_old is None or year_old <= r.year + 2) and (year_new is None or year_new >= r.year - 1)
    return False


def _short_for(short: str, long: str) -> bool:
    """Whether the characters of one name stand in the other in order, the first one first (文旅 in 文化广电旅游)."""
    if len(short) < 2 or len(short) >= len(long) or short[0] != long[0]:
        return False
    at = iter(long)
    return all(c in at for c in short)
