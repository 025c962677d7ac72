"""Which name and which year the evidence speaks for, and which place the body is in.

Belongs here: weighing evidence. Does not belong here: finding it (`collecting`), scope (`scope`).

What is said most strongly wins if nothing nearly as strong contradicts it; then it is completed by what agrees with it.
A contradiction leaves the field empty: a wrong key is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schemas import bodies, divisions, issuers
from schemas.bodies import Body, body_named, relation
from schemas.divisions import Division
from schemas.issuers import IssuerMatch
from schemas.report_identity import Evidence, ReportIdentity

from .collecting import Collected, places_in

# By how much the strongest must outweigh what contradicts it.
_MARGIN = 2
# What weighs less names nobody by itself.
_LEAST = 3
# What names a body in passing counts only with its place.
_WEAK = {"link", "sentences"}
# Townships of these prefectures have no county around them.
_WITHOUT_COUNTIES = {"441900", "442000", "460400", "620200"}


# --- the year


def decide_year(collected: Collected) -> int | None:
    """The year that most of the evidence is for; None where it is divided, or only a date of publication speaks."""
    weights: dict[int, dict[str, int]] = {}
    named: set[int] = set()
    for e in collected.about("year"):
        year = int(e.says)
        # A page prints its title several times: one slip, not three witnesses.
        origin = "title" if e.source.endswith("title") else e.source
        of_year = weights.setdefault(year, {})
        of_year[origin] = max(of_year.get(origin, 0), e.weight)
        if e.source not in ("signature", "published"):
            named.add(year)
    if not named:
        return None
    ranked = sorted(((y, sum(w.values())) for y, w in weights.items()), key=lambda item: -item[1])
    best, weight = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0
    return best if best in named and weight - second >= _MARGIN else None


# --- the body


@dataclass(frozen=True)
class _Named:
    """A name with what it may mean."""

    evidence: Evidence
    match: IssuerMatch
    body: Body

    @property
    def is_placed(self) -> bool:
        return self.body.division is not None


def decide_issuer(identity: ReportIdentity, collected: Collected) -> ReportIdentity:
    """The identity with the body that the evidence is for; without a name, and flagged, where it is divided."""
    year = identity.year
    by_weight = sorted(collected.about("issuer"), key=lambda e: -e.weight)
    named = [_Named(e, issuers.match_issuer(n, year), body_named(n, year)) for e in by_weight if (n := _bare(e.says))]
    named = [n for n in named if n.evidence.source not in _WEAK or n.is_placed or n.match.candidates]
    if not named:
        return replace(identity, issuer_flags=("unmatched",))
    best, group, against = _strongest(named, year)
    if _sum(group) < _LEAST and not (against is None and _is_told_by_its_source(best)):
        return replace(identity, issuer_flags=("unmatched",))
    if against is not None and _sum(group) - _sum(against) < _MARGIN:
        return replace(identity, issuer_flags=("contradictory",))
    chosen = best
    if not best.is_placed:
        # The same body with its place: a signature, a preamble, the publisher.
        full = next((n for n in group if n.is_placed), None)
        rival = full and next((n for n in group if n.is_placed and n.body.division != full.body.division), None)
        if full is not None and rival is None:
            chosen = full
    match = chosen.match
    code = match.division_code
    flags: tuple[str, ...] = match.flags
    level: str | None = match.level
    kind = match.kind
    if match.division is not None and _was_a_zone(match.division, year):
        # 两江新区 before it became a district: the zone of its city.
        code, level = match.division.parent, "zone"
        kind = "zone" if kind == "government" else kind
    if code is None and match.level != "nation":
        code = _place_of(chosen, named, collected, year)
        if code is not None:
            flags = tuple(f for f in flags if f not in ("ambiguous", "unmatched", "no_place"))
            level = level or _level(code, year)
    elif "short_name" in flags and match.kind != "vertical" and code is not None:
        around = [c for e in collected.about("place") for c in _codes(e)]
        if around and not any(_near(code, c) for c in around):
            # 滨海高新区 on a site of Tianjin's is not in 滨海县.
            code = None
    return replace(
        identity,
        issuer=match.issuer,
        issuer_printed=chosen.evidence.says,
        issuer_evidence=f"{chosen.evidence.source}: {chosen.evidence.says}",
        division_code=code,
        level=level,
        kind=kind,
        issuer_flags=flags,
    )


def _was_a_zone(division: Division, year: int | None) -> bool:
    """Whether a district bears the name that a zone had, and was none yet in that year."""
    since = division.valid_from
    return division.name.endswith("新区") and year is not None and since is not None and year < since


def _bare(name: str) -> str:
    """A name without the word for all that the body is in charge of: 清河海关关区 is reported on by 清河海关."""
    return name.removesuffix("关区") if name.endswith("海关关区") else name


def _is_told_by_its_source(best: _Named) -> bool:
    """来源：清河县林业局 over a report that names nobody: a department publishes its own; a government's office anybody's."""
    return best.evidence.source == "source" and best.is_placed and best.body.kind in ("department", "township")


def _strongest(named: Sequence[_Named], year: int | None) -> tuple[_Named, list[_Named], list[_Named] | None]:
    """The strongest name with those that mean the same body, and the heaviest group that contradicts it."""
    groups: list[list[_Named]] = []
    for one in named:
        home = next((g for g in groups if all(relation(one.body, o.body, year, year) != "other" for o in g)), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    # A text that only gives its compiler or its site names whoever publishes for others as well.
    groups.sort(key=lambda g: (-_sum(g), -g[0].evidence.weight))
    best = groups[0]
    against = [g for g in groups[1:] if not _stands_beside(g[0], best[0])]
    return best[0], best, against[0] if against else None


def _sum(group: Iterable[_Named]) -> int:
    """What a group weighs: each source once."""
    by_source: dict[str, int] = {}
    for n in group:
        by_source[n.evidence.source] = max(by_source.get(n.evidence.source, 0), n.evidence.weight)
    return sum(by_source.values())


def _stands_beside(other: _Named, best: _Named) -> bool:
    """Whether another name is no contradiction: the government of the place, its office, whoever publishes for all."""
    mine, its = best.body, other.body
    if its.kind not in ("government", "office", "zone") and best.body.kind not in ("government", "office", "zone"):
        return False
    if its.kind in ("government", "office"):
        if other.evidence.source in ("publisher", "source", "page header", "compiled", "link") or mine.kind == "office":
            return True
        return mine.kind in ("government", "zone", "township") and (
            its.division is None or mine.division is None or _near(its.division, mine.division)
        )
    return its.kind == "zone" and mine.kind == "zone" and its.division == mine.division


# --- the place


def _place_of(chosen: _Named, named: Sequence[_Named], collected: Collected, year: int | None) -> str | None:
    """The one division in which the body can be, by what else the document names; None where there are two."""
    strong = [n.match.division_code for n in named if n.match.division_code is not None]
    for codes in (strong, *(list(_codes(e)) for e in _ordered(collected.about("place")))):
        fitting = {d for c in codes for d in _fitting(c, chosen, year)}
        if len(fitting) == 1:
            return fitting.pop()
        if fitting:
            return None
    return None


def _ordered(evidence: Sequence[Evidence]) -> list[Evidence]:
    order = ("full name", "publisher", "line above", "address", "breadcrumbs", "source", "site", "site code")
    return sorted(evidence, key=lambda e: order.index(e.source) if e.source in order else len(order))


def _codes(evidence: Evidence) -> list[str]:
    return [evidence.says] if evidence.source == "site code" else list(places_in(evidence.says))


def _fitting(code: str, chosen: _Named, year: int | None) -> list[str]:
    """The divisions that the code allows: itself, or the one of several bearers of the name that lies in it."""
    body = chosen.body
    if chosen.match.candidates:
        return [d.code for d in chosen.match.candidates if divisions.inside(d.code, code) or d.code == code]
    found = divisions.by_code(code, year) or divisions.by_code(code)
    if not found or body.place:
        return []
    division = found[-1]
    if body.kind == "township":
        return [code] if division.level == "county" or code in _WITHOUT_COUNTIES else []
    if body.hint:
        level = {"省": "province", "州": "prefecture", "盟": "prefecture"}.get(body.hint)
        return [code] if division.name.endswith(body.hint) and level in (None, division.level) else []
    if body.kind == "department" and bodies.is_known(body.printed):
        province = body.printed.endswith("厅")
        return [code] if province == (division.level == "province") else []
    return []


def _level(code: str, year: int | None) -> str | None:
    found = divisions.by_code(code, year) or divisions.by_code(code)
    return found[-1].level if found else None


def _near(a: str, b: str) -> bool:
    return divisions.inside(a, b) or divisions.inside(b, a)
