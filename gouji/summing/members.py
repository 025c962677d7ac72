"""Which drafts count towards a government's sum, as what, and why the others do not.

Belongs here: own office, departments, townships and lower areas told from what would be counted twice or belongs
elsewhere. Does not belong here: identifying a report's issuer (`parsers.prose.identity`), adding up (`sums`).

What is certain is decided; what is not is listed as doubtful and left out until a line of the choices says otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checks import Roster
from schemas import divisions, forms
from schemas.bodies import body_of, parent_of
from schemas.facts import Report
from schemas.labels import fold

from .choices import Choice, names
from .model import Draft, Reason, Role, Rollup, State

Verdict = tuple[State, Role | None, Reason]
# A township's name with no larger place in it: townships write it so.
_BARE_TOWNSHIP = re.compile(r"[^省市县区旗州盟镇乡]{1,6}(?:镇|乡|街道)(?:人民政府|办事处)?$")
# So many others have to be of a county before a bare name is taken to be of it, too.
_OTHERS = 3
_SUFFIX = re.compile(r"(?:人民政府|政府|办事处|管理委员会|管委会|党工委|党政|综合|办公室|办公厅)+$")


@dataclass(frozen=True, slots=True)
class Area:
    """The government that sums up: its division code (None where it is not known), year and form; ``given``: a person said so."""

    code: str | None
    level: str | None
    year: int | None
    form: str
    given: bool = False


# -- which area ----------------------------------------------------------------------------------------------------


def area_of(reports: Sequence[Report], *, known: Sequence[Report] = (), code: str | None = None) -> Area:
    """The area that the reports are summed for.

    ``known`` are reports of the government itself (its office's, its draft), which decide; without them it is the
    division that most of the reports belong to. ``code`` is given by a person.
    """
    codes = [code] if code else [r.division_code for r in known if r.division_code]
    if not codes:
        votes = Counter(c for r in reports if (c := _home(r)) is not None)
        most = votes.most_common(2)
        if most and (len(most) == 1 or most[0][1] > most[1][1]):
            codes = [most[0][0]]
    years = [r.year for r in known if r.year]
    if not years:
        counted = Counter(r.year for r in reports if r.year)
        years = [max(counted, key=lambda y: (counted[y], y))] if counted else []
    on_form = Counter(r.form for r in reports if r.facts and not r.also) or Counter(r.form for r in reports if r.facts)
    found = divisions.by_code(codes[0], years[0] if years else None) if codes else []
    return Area(
        codes[0] if codes else None,
        found[-1].level if found else None,
        years[0] if years else None,
        on_form.most_common(1)[0][0] if on_form else forms.newest().id,
        code is not None,
    )


def _home(report: Report) -> str | None:
    """The division whose government sums this report up."""
    if report.division_code is None or report.kind in (None, "vertical"):
        return None
    if report.kind in ("government", "office") and report.scope == "area":
        return _parent(report.division_code)
    body = body_of(report.identity) if report.kind == "zone" else None
    # A zone may answer to another government than that of the division it lies in.
    return (parent_of(body) if body is not None else None) or report.division_code


def _parent(code: str) -> str | None:
    found = divisions.by_code(code)
    around = divisions.parents(found[-1]) if found else []
    return around[0].code if around else None


def _inside(code: str, around: str) -> bool:
    """Whether a code lies in another's area and is not it."""
    significant = around[:2] if around.endswith("0000") else around[:4] if around.endswith("00") else around
    return code != around and code.startswith(significant)


# -- who counts ----------------------------------------------------------------------------------------------------


def decide(drafts: Sequence[Draft], area: Area, choices: Sequence[Choice], roster: Roster | None = None) -> None:
    """Set each draft's state, role and reason. Drafts with the role ``own`` were given as the own office's."""
    areas: set[str | None] = {
        d.report.division_code for d in drafts if d.report.division_code and _is_lower_area(d.report, area)
    }
    for draft in drafts:
        draft.report = draft.report.on(area.form) or draft.report
        draft.state, draft.role, draft.reason = _judge(draft, area, areas, drafts, roster)
    _once_each(drafts)
    _apply(drafts, choices)
    _after_choices(drafts)


def _judge(draft: Draft, area: Area, areas: set[str | None], drafts: Sequence[Draft], roster: Roster | None) -> Verdict:
    report = draft.report
    if report.form == "prose" or not (report.facts or report.unresolved):
        return "left_out", None, Reason("no_tables")
    if report.period != "year":
        return "left_out", None, Reason("not_a_year")
    if report.year is not None and area.year is not None and report.year != area.year:
        return "left_out", None, Reason("other_year", {"year": report.year, "wanted": area.year})
    if draft.role == "own":
        return _own(report, area)
    member = roster.member(report) if roster is not None else None
    if member is not None and (member.parent or not member.summed):
        return "left_out", None, Reason("roster_parent" if member.parent else "roster_not_summed")
    if report.kind == "vertical":
        # On a roster of who has to report, too: only a line of the choices adds it to a local sum.
        return "left_out", None, Reason("vertical" if member is None else "roster_vertical")
    if report.year is None:
        return "doubtful", None, Reason("no_year")
    if report.form != area.form:
        return "doubtful", None, Reason("other_form", {"form": report.form_said, "wanted": area.form})
    if member is not None:
        of = _outside(report, area)
        return "counted", _role(report), Reason("roster_outside", {"of": of}) if of else Reason("roster_member")
    if roster is not None:
        return "doubtful", None, Reason("not_on_roster")
    return _by_place(draft, area, areas, drafts)


def _own(report: Report, area: Area) -> Verdict:
    if report.form != area.form:
        return "doubtful", "own", Reason("other_form", {"form": report.form_said, "wanted": area.form})
    if report.scope == "area":
        return "doubtful", "own", Reason("own_is_area")
    return "counted", "own", Reason("own_given")


def _role(report: Report) -> Role:
    if report.kind in ("government", "office"):
        return "area" if report.scope == "area" else "own"
    return "township" if report.kind == "township" else "zone" if report.kind == "zone" else "department"


def _by_place(draft: Draft, area: Area, areas: set[str | None], drafts: Sequence[Draft]) -> Verdict:
    """By kind, scope and division."""
    report = draft.report
    if area.code is None:
        return "doubtful", None, Reason("no_area")
    if report.kind is None:
        return "doubtful", None, Reason("no_kind")
    code = report.division_code
    if code is None:
        if area.given and _is_of_the_others_county(report, area, drafts):
            name = _name_of(area.code, area.year)
            return "counted", "township", Reason("township_by_others", {"area": name})
        return "doubtful", None, Reason("no_place")
    if code == area.code:
        return _of_this_government(draft, area, drafts)
    if _inside(code, area.code):
        return _of_lower_government(report, area, areas)
    here = divisions.by_code(area.code, area.year)
    name = report.issuer_printed or report.issuer or ""
    if here and here[-1].name in name and (of := _outside(report, area)):
        # 淮安市生态环境局沭阳分局: which of the two sums it up no name says.
        return "doubtful", None, Reason("branch", {"of": of})
    return "doubtful", None, Reason("elsewhere")


def _is_of_the_others_county(report: Report, area: Area, drafts: Sequence[Draft]) -> bool:
    """Whether a township's bare name stands among drafts that are all of the county, and nothing in it says otherwise.

    It counts where a person has named the county (--area). Unasked that would be a guess: a stray draft of a neighbour's has
    such a name, too.
    """
    name = fold(report.issuer or report.issuer_printed or "")
    if report.kind != "township" or area.level != "county" or not _BARE_TOWNSHIP.match(name):
        return False
    if set(report.identity.issuer_flags) - {"no_place", "unmatched"}:
        return False
    if any(e.about == "place" and e.weight and e.says != area.code for e in report.identity.evidence):
        return False
    codes = [d.report.division_code for d in drafts if d.report.division_code and d.report.kind != "vertical"]
    return len(codes) >= _OTHERS and all(code == area.code for code in codes)


def settled_by_area(drafts: Sequence[Draft], result: Rollup) -> str:
    """The name to give with --area so that townships among these count; empty where that settles none."""
    if result.division_code is None:
        return ""
    area = Area(result.division_code, result.level, result.year, result.form)
    settled = any(_is_of_the_others_county(d.report, area, result.drafts) for d in drafts)
    return _name_of(result.division_code, result.year) if settled else ""


def _outside(report: Report, area: Area) -> str:
    """The division that a report is of by its name, where that is neither the area nor in it; else empty."""
    code = report.division_code
    if area.code is None or code is None or code == area.code or _inside(code, area.code):
        return ""
    return _name_of(code, report.year)


def _of_this_government(draft: Draft, area: Area, drafts: Sequence[Draft]) -> Verdict:
    report = draft.report
    if report.kind in ("government", "office"):
        if report.scope == "office":
            return "counted", "own", Reason("own_office")
        if report.scope == "area":
            return "left_out", None, Reason("the_sum_itself")
        if report.scope == "level":
            return "doubtful", None, Reason("own_level")
        return "doubtful", None, Reason("own_or_area")
    if report.kind == "township":
        return "counted", "township", Reason("township")
    if report.kind == "zone":
        return "counted", "zone", Reason("zone")
    if report.level == "zone":
        return _of_zone(draft, drafts)
    if report.scope in ("area", "system") and area.level != "county":
        return "doubtful", None, Reason("system")
    return "counted", "department", Reason("department")


def _of_zone(draft: Draft, drafts: Sequence[Draft]) -> Verdict:
    """A zone's own department beside the zone."""
    name = draft.report.issuer or ""
    zones = [d for d in drafts if d.report.kind == "zone" and (z := _bare(d.report)) and name.startswith(z)]
    if not zones:
        return "doubtful", None, Reason("zone_missing")
    if zones[0].report.scope == "area":
        return "left_out", None, Reason("in_the_sum_of", {"other": zones[0].name})
    return "doubtful", None, Reason("in_the_zone", {"other": zones[0].name})


def _is_lower_area(report: Report, area: Area) -> bool:
    return (
        area.code is not None
        and report.division_code is not None
        and report.kind in ("government", "office", "zone")
        and report.scope == "area"
        and report.period == "year"
        and report.year in (None, area.year)
        and bool(report.facts)
        and _inside(report.division_code, area.code)
    )


def _of_lower_government(report: Report, area: Area, areas: set[str | None]) -> Verdict:
    assert report.division_code is not None
    around = next((a for a in areas if a is not None and _inside(report.division_code, a)), None)
    if around is not None:
        return "left_out", None, Reason("in_the_sum_of", {"other": _name_of(around, report.year)})
    if _is_lower_area(report, area) and report.kind != "zone":
        if _parent(report.division_code) == area.code:
            return "counted", "area", Reason("lower_area")
        return "doubtful", None, Reason("two_levels_down")
    if report.division_code in areas:
        return "left_out", None, Reason("in_the_sum_of", {"other": _name_of(report.division_code, report.year)})
    if report.kind in ("government", "office") and report.scope == "office":
        return "doubtful", None, Reason("lower_office")
    if report.kind in ("government", "office"):
        return "doubtful", None, Reason("lower_unclear")
    return "doubtful", None, Reason("lower_body")


def _name_of(code: str, year: int | None) -> str:
    found = divisions.by_code(code, year) or divisions.by_code(code)
    return found[-1].name if found else code


# -- the same office twice -----------------------------------------------------------------------------------------


def _bare(report: Report) -> str:
    """An issuer's name without what one office adds and another leaves out."""
    name = fold(report.issuer or report.issuer_printed or "")
    return _SUFFIX.sub("", name) or name if report.kind in ("township", "zone", "government", "office") else name


def _key(draft: Draft) -> tuple[str, str] | None:
    if draft.role == "own":
        return "own", ""
    if draft.role == "area":
        return "area", draft.report.division_code or _bare(draft.report)
    body = body_of(draft.report.identity)
    return ("body", body.key or body.printed) if body is not None else None


def _groups(drafts: Sequence[Draft]) -> list[list[Draft]]:
    groups: dict[tuple[str, str], list[Draft]] = {}
    for draft in drafts:
        key = _key(draft)
        if key is not None and draft.state == "counted":
            groups.setdefault(key, []).append(draft)
    return [g for g in groups.values() if len(g) > 1]


def _figures(draft: Draft) -> frozenset[tuple[str, object, str]]:
    return frozenset((f.address, f.value, f.kind) for f in draft.report.facts)


def _beside(other: Draft, draft: Draft) -> str:
    """A file's name, with its folders where the draft that it is told of has the same."""
    if other.file != draft.file:
        return other.file
    return other.path if len(Path(other.path).parts) > 1 else "/".join(Path(other.path).resolve().parts[-2:])


def _once_each(drafts: Sequence[Draft]) -> None:
    for group in _groups(drafts):
        # What was given as the own office's comes first.
        group.sort(key=lambda d: d.reason.code != "own_given")
        first = group[0]
        if all(_figures(d) == _figures(first) for d in group):
            for draft in group[1:]:
                draft.state, draft.reason = "left_out", Reason("same_again", {"other": _beside(first, draft)})
            continue
        for draft in group:
            others = "、".join(_beside(d, draft) for d in group if d is not draft)
            draft.state, draft.reason = "doubtful", Reason("rivals", {"other": others})


# -- choices -------------------------------------------------------------------------------------------------------


def _apply(drafts: Sequence[Draft], choices: Sequence[Choice]) -> None:
    """Lines decide; the last line that means a draft wins."""
    for choice in choices:
        if choice.action not in ("include", "exclude"):
            continue
        for draft in drafts:
            if not choice.means(draft.path, names(draft.report, draft.name)):
                continue
            choice.used = True
            draft.choice = choice
            counted = choice.action == "include"
            draft.state = "counted" if counted else "left_out"
            draft.reason = Reason(
                "chosen_in" if counted else "chosen_out", {"line": choice.line, "reason": choice.reason}
            )
            if counted and draft.role is None:
                draft.role = _role(draft.report)


def _after_choices(drafts: Sequence[Draft]) -> None:
    """Where a line says which of an office's drafts counts, the others do not wait for one of their own."""
    chosen: dict[tuple[str, str], Draft] = {
        key: d for d in drafts if d.state == "counted" and d.choice is not None and (key := _key(d)) is not None
    }
    for draft in drafts:
        key = _key(draft)
        if draft.state == "doubtful" and draft.reason.code == "rivals" and key in chosen:
            draft.state, draft.reason = "left_out", Reason("rival_chosen", {"other": chosen[key].file})
