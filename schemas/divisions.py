"""Which division and what kind of authority a printed name stands for.

Belongs here: the registry of administrative divisions (`divisions.csv`, made by `data/divisions/build.py`), looking a
name up in it for a year, and taking an authority's name apart (`divisions.toml`).
Does not belong here: finding the name in a document, and evidence from the rest of the document (`parsers.prose.identity`).

A name is matched or it is not: where several divisions bear it, none is chosen. Names are compared as printed first
and converted to simplified characters second, so that no conversion can damage one (乾县).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

Level = Literal["nation", "province", "prefecture", "county", "township", "zone"]
IssuerKind = Literal["government", "office", "department", "township", "zone", "vertical"]
# Why a match is partial; printed with the report. `similar` is set by who weighs the evidence for it.
Flag = Literal["unmatched", "ambiguous", "out_of_years", "short_name", "similar", "no_place"]

# Full names have at most this many characters (双江拉祜族佤族布朗族傣族自治县).
_LONGEST = 20
_SPACE = re.compile(r"\s+")
# Nothing else stands in the name of an authority.
_NAME = re.compile(r"[\w()、·]+")


@dataclass(slots=True, frozen=True)
class Division:
    """One division under one name and code, in the years at whose end it stood.

    ``valid_from`` None: before the first edition (2002); ``valid_to`` None: still. ``inferred`` names the bounds
    (``from``, ``to``) that no edition shows: zones have none, and no edition of 2025 is at hand. ``successors`` are
    codes. ``stem`` is the name without its ending (临夏, 淮安), ``short`` the short forms that have one (临夏州);
    ``pinyin`` is the stem without tones.
    """

    code: str
    name: str
    short: tuple[str, ...]
    stem: str
    level: str
    parent: str | None
    valid_from: int | None
    valid_to: int | None
    inferred: frozenset[str]
    successors: tuple[str, ...]
    pinyin: str

    def stood(self, first: int, last: int | None = None) -> bool:
        """Whether it stood in any of the years ``first`` to ``last``."""
        last = first if last is None else last
        return (self.valid_from or 0) <= last and (self.valid_to or 9999) >= first


@dataclass(slots=True, frozen=True)
class IssuerMatch:
    """What a printed name stands for. ``issuer`` is the name in simplified characters where that is safe.

    ``division_code`` is the division that the body belongs to: its own for a government, the county for a township,
    the division around it for a zone. ``candidates`` are the divisions that remain when the name is ambiguous.
    """

    division_code: str | None
    level: Level | None
    kind: IssuerKind | None
    issuer: str
    flags: tuple[Flag, ...] = ()
    division: Division | None = None
    candidates: tuple[Division, ...] = ()


@dataclass(slots=True, frozen=True)
class _KindRule:
    """How a kind of body is told by what follows its place; see `divisions.toml`."""

    kind: IssuerKind
    pattern: re.Pattern[str] | None
    endings: tuple[str, ...]
    tail: re.Pattern[str] | None
    before: int
    but_not: tuple[str, ...]

    def fits(self, rest: str) -> bool:
        if self.pattern is not None:
            return self.pattern.fullmatch(rest) is not None
        if self.tail is not None and (m := self.tail.search(rest)):
            rest = rest[: m.start()]
        ending = next((e for e in self.endings if rest.endswith(e)), None)
        return ending is not None and len(rest) - len(ending) >= self.before and not rest.endswith(self.but_not)


@dataclass(slots=True, frozen=True)
class _Vocabulary:
    """`divisions.toml`, ready for use."""

    # Pattern, kind, level, code of the division around it.
    bodies: tuple[tuple[str, IssuerKind, Level, str | None], ...]
    local_offices: tuple[str, ...]
    party: tuple[str, ...]
    kinds: tuple[_KindRule, ...]
    placeless: str
    stems: dict[str, tuple[str, ...]]
    never_before: str

    @property
    def zone_endings(self) -> tuple[str, ...]:
        return next(rule.endings for rule in self.kinds if rule.kind == "zone" and rule.endings)

    def kind_of(self, rest: str) -> IssuerKind | None:
        """The kind of body that ``rest``, all that follows the place, names."""
        if not _NAME.fullmatch(rest):
            return None
        return next((rule.kind for rule in self.kinds if rule.fits(rest)), None)

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
    data = tomllib.loads(resources.files("schemas").joinpath("divisions.toml").read_text("utf-8"))
    stems = dict(data["stems"])
    never_before = stems.pop("never_before")
    return _Vocabulary(
        bodies=tuple((b["pattern"], b["kind"], b["level"], b.get("division")) for b in data["bodies"]),
        local_offices=tuple(sorted(data["local_offices"], key=len, reverse=True)),
        party=tuple(data["party"]),
        kinds=tuple(_kind_rule(rule) for rule in data["kinds"]),
        placeless=data["placeless"]["pattern"],
        stems={kind: tuple(levels) for kind, levels in stems.items()},
        never_before=never_before,
    )


class _Registry:
    """`divisions.csv` as one text that is searched: no index is built for the one name that a clerk's command asks.

    A `Division` is made when it is asked for, once.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._made: dict[int, Division] = {}

    def _division(self, start: int) -> Division:
        """The division of the line that begins at a position."""
        made = self._made.get(start)
        if made is None:
            cells = self.text[start : self.text.index("\n", start)].split(",")
            code, name, short, stem, level, parent, first, last, inferred, successors, pinyin = cells
            made = Division(
                code=code,
                name=name,
                short=tuple(short.split(";")) if short else (),
                stem=stem,
                level=level,
                parent=parent or None,
                valid_from=int(first) if first else None,
                valid_to=int(last) if last else None,
                inferred=frozenset(inferred.split("+")) if inferred else frozenset(),
                successors=tuple(successors.split()),
                pinyin=pinyin,
            )
            self._made[start] = made
        return made

    def _lines_with(self, words: str) -> list[Division]:
        """Divisions whose line holds the words anywhere."""
        out: list[Division] = []
        at = self.text.find(words)
        while at >= 0:
            end = self.text.index("\n", at)
            out.append(self._division(self.text.rfind("\n", 0, at) + 1))
            at = self.text.find(words, end)
        return out

    def named(self, name: str) -> list[Division]:
        """Divisions of this full name, and of this short form with an ending."""
        having = self._lines_with(name) if _NAME.fullmatch(name) else []
        return [d for d in having if d.name == name or name in d.short]

    def stemmed(self, stem: str) -> list[Division]:
        """Divisions of this name without its ending."""
        return [d for d in self._lines_with(stem) if d.stem == stem] if _NAME.fullmatch(stem) else []

    def coded(self, code: str) -> list[Division]:
        """Divisions that bore this code, oldest first."""
        return [d for d in self._lines_with(code) if d.code == code] if code.isdigit() else []

    def predecessors(self, code: str) -> list[Division]:
        """Divisions that ended and whose area went to this code."""
        return [d for d in self._lines_with(code) if code in d.successors] if code.isdigit() else []

    def all(self) -> list[Division]:
        starts = [0, *(m.end() for m in re.finditer("\n", self.text))]
        return [self._division(start) for start in starts[:-1]]


@cache
def _registry() -> _Registry:
    text = resources.files("schemas").joinpath("divisions.csv").read_text("utf-8")
    return _Registry(text.partition("\n")[2])


@lru_cache(maxsize=16_384)
def _named(name: str) -> tuple[Division, ...]:
    return tuple(_registry().named(name))


@lru_cache(maxsize=4096)
def _stemmed(stem: str) -> tuple[Division, ...]:
    return tuple(_registry().stemmed(stem))


# --- looking up


def by_code(code: str, year: int | None = None) -> list[Division]:
    """Divisions that bore a code, oldest first; only those that stood in ``year`` where one is given."""
    found = _registry().coded(code)
    return found if year is None else [d for d in found if d.stood(year)]


def lookup(name: str, year: int | None = None, within: str | None = None) -> list[Division]:
    """Divisions of a name (full, or short with its ending), in the registry's order.

    ``year`` keeps those that stood at its end or in the year before or after (names outlive a change by months);
    ``within`` keeps those in a division of that code or name. An empty list: nobody bears the name.
    """
    found = list(_named(_clean(name)))
    if year is not None:
        found = [d for d in found if d.stood(year - 1, year + 1)]
    if within is not None:
        codes = [within] if within.isdigit() else [d.code for d in _named(_clean(within))]
        found = [d for d in found if any(_inside(d.code, c) for c in codes)]
    return found


def history(division: Division) -> list[Division]:
    """The same area under its earlier and later names and codes, oldest first, the division itself included.

    A county that became a district is one history. A division that was merged into one already standing ends there.
    """
    chain = [division]
    while earlier := [
        d
        for d in _registry().predecessors(chain[0].code)
        if d.valid_to is not None and chain[0].valid_from is not None and chain[0].valid_from - d.valid_to in {0, 1}
    ]:
        chain = [*sorted(earlier, key=lambda d: d.code), *chain]
    while chain[-1].valid_to is not None:
        ended = chain[-1].valid_to
        later = [d for c in chain[-1].successors for d in by_code(c) if d.valid_from in {ended, ended + 1}]
        if len(later) != 1:
            break
        chain.append(later[0])
    return chain


def parents(division: Division) -> list[Division]:
    """The divisions around one, nearest first, under the names they bore while it stood."""
    out: list[Division] = []
    code = division.parent
    while code is not None:
        around = by_code(code)
        if not around:
            break
        standing = [p for p in around if p.stood(division.valid_from or 0, division.valid_to)] or around
        out.append(standing[-1])
        code = standing[-1].parent
    return out


def similar(name: str, year: int | None = None) -> list[Division]:
    """Divisions whose full name differs from the name's beginning in exactly one character (沐阳县 → 沭阳县, …).

    Only a list of what may have been meant: choosing one takes other evidence.
    """
    text = _clean(name)
    found: list[Division] = []
    for d in _registry().all():
        head = text[: len(d.name)]
        if len(head) < len(d.name) or len(d.name) < 3 or head[-1] != d.name[-1]:
            continue
        if sum(a != b for a, b in zip(head, d.name, strict=True)) == 1:
            found.append(d)
    return found if year is None else [d for d in found if d.stood(year - 1, year + 1)]


def _inside(code: str, around: str) -> bool:
    """Whether a code lies in another's area (or is it), which its leading digits tell."""
    significant = around[:2] if around.endswith("0000") else around[:4] if around.endswith("00") else around
    return code.startswith(significant)


# --- taking an authority's name apart


def _clean(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def _simplified(text: str) -> str:
    """Converted character by character; text that changes its length in conversion stays as it is."""
    from .labels import fold

    converted = fold(text)
    return converted if len(converted) == len(text) else text


def _plainly_simplified(text: str) -> str:
    """Only what no paper in simplified characters holds is converted: 財, but not the 乾 of 乾陵."""
    return "".join(c if _in_gb2312(c) else _simplified(c) for c in text)


@cache
def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@dataclass(slots=True, frozen=True)
class _Place:
    """The place that opens a name: its candidates, where the rest begins, the place in the registry's characters."""

    candidates: tuple[Division, ...]
    end: int
    text: str
    by_stem: bool = False


def _place(text: str, converted: str, year: int | None) -> _Place | None:
    """The nested divisions that a name begins with; the last one's candidates are kept."""
    place: _Place | None = None
    while True:
        start = place.end if place else 0
        step = _step(text, converted, start, place.candidates if place else None)
        if step is None:
            return place
        candidates = _in_year(step.candidates, year, step.text)
        place = _Place(candidates, step.end, (place.text if place else "") + step.text)


def _step(text: str, converted: str, start: int, around: Sequence[Division] | None) -> _Place | None:
    if around is not None and all(d.level in {"county", "zone"} for d in around):
        # Nothing of the registry lies in a county.
        return None
    for length in range(min(_LONGEST, len(text) - start), 1, -1):
        for version in (text, converted) if converted != text else (text,):
            name = version[start : start + length]
            found = _named(name)
            if around is not None:
                found = tuple(d for d in found if any(d.code != a.code and _inside(d.code, a.code) for a in around))
            if found:
                return _Place(found, start + length, name)
    return None


def _place_by_stem(text: str, converted: str, year: int | None) -> tuple[_Place, IssuerKind] | None:
    """A place named without its ending, where what follows leaves no doubt that it is one."""
    vocabulary = _vocabulary()
    for length in range(min(_LONGEST, len(text) - 1), 1, -1):
        for version in (text, converted) if converted != text else (text,):
            stem, rest = version[:length], converted[length:]
            found = _stemmed(stem)
            if not found or re.match(vocabulary.never_before, rest):
                continue
            kind: IssuerKind | None = "zone" if vocabulary.zone_department(rest) else vocabulary.kind_of(rest)
            levels = vocabulary.stems.get(kind or "", ())
            found = tuple(d for d in found if d.level in levels)
            if kind and found:
                return _Place(_in_year(found, year, stem), length, stem, by_stem=True), kind
    return None


def _in_year(found: Iterable[Division], year: int | None, name: str) -> tuple[Division, ...]:
    """Those of the year, else of the years next to it, else all; one row per division that merely changed its name.

    Of those that stood in one year, the bearers of the full name go before those of the short form.
    """
    kept = list(found)
    if year is not None:
        near = [d for d in kept if d.stood(year)] or [d for d in kept if d.stood(year - 1, year + 1)]
        kept = [d for d in near if d.name == name] or near or kept
    if len(kept) > 1:
        newest: dict[str, Division] = {}
        for d in kept:
            newest[history(d)[-1].code] = d
        kept = list(newest.values())
    return tuple(kept)


def _in_context(candidates: Sequence[Division], context: Sequence[str], sources: Sequence[str]) -> list[Division]:
    """The candidates that the context names with a division around them, or whose surroundings a source names."""
    named: list[Division] = []
    for d in candidates:
        around = [form for p in parents(d) for form in (p.name, *p.short, p.stem)]
        if any(form + d.name in _clean(text) for text in context for form in around):
            named.append(d)
    if named:
        return named
    return [d for d in candidates if any(p.name in _clean(text) for text in sources for p in parents(d))]


@lru_cache(maxsize=4096)
def _match(printed: str, year: int | None, context: tuple[str, ...], sources: tuple[str, ...]) -> IssuerMatch:
    text = _clean(printed)
    vocabulary = _vocabulary()
    place = _place(text, text, year)
    converted = text
    kind = vocabulary.kind_of(text[place.end :]) if place is not None else None
    if place is None or kind is None:
        converted = _simplified(text)
        place = _place(text, converted, year)
    elif kind not in ("township", "zone"):
        # 衢州市財政局: the place is written as in the registry, the office is not. Townships and zones have names of
        # their own (於潜镇).
        converted = text[: place.end] + _plainly_simplified(text[place.end :])
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
        return None
    kind: IssuerKind | None = local.kind
    if kind == "department" and national not in vocabulary.party:
        kind = "vertical"
    return replace(local, kind=kind, issuer=national + local.issuer)


def _body(converted: str) -> IssuerMatch | None:
    for pattern, kind, level, code in _vocabulary().bodies:
        if re.fullmatch(pattern, converted):
            return IssuerMatch(code, level, kind, converted, division=by_code(code)[-1] if code else None)
    return None


def _matched(
    place: _Place, converted: str, year: int | None, context: tuple[str, ...], sources: tuple[str, ...]
) -> IssuerMatch:
    vocabulary = _vocabulary()
    rest = converted[place.end :]
    candidates = list(place.candidates)
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


def match_issuer(
    printed: str, year: int | None = None, *, context: Sequence[str] = (), sources: Sequence[str] = ()
) -> IssuerMatch:
    """What the printed name of an authority stands for in a report year; never raises.

    ``context`` is text of the document: a name that several divisions bear is settled where the text names it with
    a division around it (长春市朝阳区). ``sources`` are names of the site or the publisher: naming a division around
    it is enough there. What stays open is flagged, with no division.
    """
    return _match(printed, year, tuple(context), tuple(sources))
