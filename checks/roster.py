"""Who has to report: the members of a roster, and which report is whose.

Belongs here: a roster from its rows, which body a member's name means among the bodies at hand, days as people write them.
Does not belong here: reading a roster's file (`gouji`), rules over a batch (`batch_rules`), which names are one body
(`schemas.bodies`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from schemas.bodies import Body, Relation, body_named, body_of, is_known, relation
from schemas.divisions import by_code
from schemas.facts import Report
from schemas.labels import fold

from .rules import data

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})|(\d\d)(\d\d))(?!\d)")
# So many bodies of one division make it the roster's home.
_AT_HOME = 3
_TOWN_OFFICE = re.compile(r"(?P<town>\w+(?:镇|乡|街道))(?:党政(?:综合)?办(?:公室)?|人民政府办公室|政府办)")


@dataclass(frozen=True)
class Member:
    """One authority on a roster. ``parent`` sums up the others.

    ``due`` is the day by which it has to hand in, where the roster gives one: nothing that is said of publication.
    """

    name: str
    due: date | None = None
    parent: bool = False
    # A vertical agency reports to its own system: it must be there, and is not summed.
    summed: bool = True
    aliases: tuple[str, ...] = ()
    # An adjustment takes part in a sum, and is no authority.
    is_body: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class Roster:
    """Who has to report for a year. ``unclear`` names, by member, the bodies at hand of which more than one may be it.

    ``home`` is the code of the division whose bodies most of them are, where that is certain: there 教育局 means its own.
    """

    members: tuple[Member, ...]
    year: int | None = None
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    home: str | None = None
    # Townships whose own names begin like a short form (县河镇), by reports or members that give their place.
    towns: frozenset[str] = frozenset()

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]], year: int | None = None) -> Roster:
        """From a table's rows with Chinese or English heads: 单位, 截止日期, 汇总单位, 不计入汇总, 别名.

        Raises ValueError for rows without a name and for dates that are none.
        """
        heads: dict[str, list[str]] = data("rules.toml")["roster"]
        members: list[Member] = []
        for number, row in enumerate(rows, start=1):
            given = {fold(str(k)).lower(): v for k, v in row.items() if k is not None}

            def cell(what: str, given: Mapping[str, object] = given) -> object:
                return next((v for h in heads[what] if (v := given.get(fold(h).lower())) not in (None, "")), None)

            name = cell("name")
            if name is None:
                if any(v not in (None, "") for v in given.values()):
                    raise ValueError(f"名单第 {number} 行没有单位名称。")
                continue
            aliases = tuple(a for a in str(cell("aliases") or "").replace("；", ";").replace("、", ";").split(";") if a)
            members.append(
                Member(
                    str(name).strip(),
                    _date(cell("due"), number),
                    _yes(cell("parent")),
                    not _yes(cell("not_summed")),
                    aliases,
                )
            )
        return cls(tuple(members), year)

    @property
    def parent(self) -> Member | None:
        return next((m for m in self.members if m.parent), None)

    def member(self, report: Report) -> Member | None:
        """The member whose report this is: the same body, or the one member that it can be (县教育局)."""
        body = body_of(report.identity)
        if body is None:
            return None
        if (known := self._by_key.get(body.key or "")) is not None:
            return known
        relations = [(m, self._relation(m, body, report.year)) for m in self.members]
        same = [m for m, r in relations if r == "same"]
        possible = [m for m, r in relations if r == "possible" and m.name not in self.unclear]
        if same:
            return same[0]
        # 文广旅局 is meant by its name, 文旅局 as its short one: where both are listed the first is it.
        named = [m for m in possible if any(self._body(n).name == body.name for n in m.names)]
        possible = named or possible
        return possible[0] if len(possible) == 1 else None

    def _relation(self, member: Member, body: Body, year: int | None) -> Relation:
        if not member.is_body:
            return "same" if fold(member.name) == body.printed else "other"
        relations = {relation(self._body(n), body, self.year, year) for n in member.names}
        return "same" if "same" in relations else "possible" if "possible" in relations else "other"

    def candidates(self, report: Report) -> list[str]:
        """The members of which a report may be one's as well as the other's; empty where it is one's or nobody's."""
        body = body_of(report.identity)
        if body is None or self.member(report) is not None:
            return []
        return [m.name for m in self.members if self._relation(m, body, report.year) == "possible"]

    @cached_property
    def _by_key(self) -> dict[str, Member]:
        """The members whose place is known or that of all, by the names for good of their bodies."""
        bodies = [(m, self._body(n)) for m in self.members if m.is_body for n in m.names]
        out: dict[str, Member] = {}
        for member, body in bodies:
            if body.key is not None:
                out.setdefault(body.key, member)
        return out

    @cached_property
    def _bodies(self) -> dict[str, Body]:
        return {}

    def _body(self, name: str) -> Body:
        """The body that a name on the roster means: without a place, the one at home."""
        if name not in self._bodies:
            self._bodies[name] = self._at_home(name)
        return self._bodies[name]

    def _at_home(self, name: str) -> Body:
        body = body_named(name, self.year)
        if body.town and body.town in self.towns:
            body = replace(body, name=body.town, hint="", town="")
        body = self._of_home(body)
        if self.home is None or body.division or body.candidates or body.place or body.kind is None:
            return body
        found = by_code(self.home)
        if body.hint and body.kind != "township" and not (found and found[-1].name.endswith(body.hint)):
            return body
        return replace(body, division=self.home, hint="")

    def _of_home(self, body: Body) -> Body:
        """A department named by its home's short name (竹溪民政局), a town by its office for general affairs (某某镇党政办)."""
        found = by_code(self.home) if self.home is not None else ()
        if not found or body.division or body.candidates or body.kind not in ("department", "office"):
            return body
        stem = found[-1].stem
        rest = body.printed.removeprefix(stem) if len(stem) > 1 else body.printed
        if rest != body.printed and is_known(rest):
            return replace(body_named(rest, self.year), division=self.home, printed=body.printed)
        m = _TOWN_OFFICE.fullmatch(body.printed)
        town = body_named(m["town"], self.year) if m is not None else None
        if town is None or town.kind != "township" or town.division not in (None, self.home) or town.place:
            return body
        # Where the town is listed as well, its office is another entry.
        listed = (body_named(n, self.year) for member in self.members for n in member.names)
        if any(b.kind == "township" and relation(town, b) != "other" for b in listed):
            return body
        return replace(town, printed=body.printed)

    def among(self, reports: Iterable[Report]) -> Roster:
        """The roster at home among these reports, with the members unclear that more than one body of them can be."""
        found = [(b, r.year) for r in reports if (b := body_of(r.identity)) is not None]
        bodies = [*(b for b, _ in found), *(body_named(n, self.year) for m in self.members for n in m.names)]
        towns = frozenset(
            b.name for b in bodies if b.kind == "township" and not b.hint and (b.division or b.candidates or b.place)
        )
        return replace(self, home=self._home([b for b, _ in found]), towns=towns)._unclear(found)

    def _home(self, found: Sequence[Body]) -> str | None:
        """The division of more than half of those whose division is known, members and reports, and of some at least."""
        bodies = [body_named(m.name, self.year) for m in self.members if m.is_body]
        votes = Counter(b.division for b in (*bodies, *found) if b.division)
        code, n = max(votes.items(), key=lambda v: v[1], default=(None, 0))
        return code if n >= _AT_HOME and 2 * n > votes.total() else None

    def _unclear(self, found: Sequence[tuple[Body, int | None]]) -> Roster:
        unclear: dict[str, tuple[str, ...]] = {}
        keys = {b.key for b, _ in found if b.key is not None}
        for member in self.members:
            if any(self._body(n).key in keys for n in member.names):
                continue
            relations = [(b, self._relation(member, b, year)) for b, year in found]
            possible = [b for b, r in relations if r == "possible"]
            if any(r == "same" for _, r in relations) or not possible:
                continue
            own = {self._body(n).name for n in member.names}
            possible = [b for b in possible if b.name in own] or possible
            different = [b for i, b in enumerate(possible) if all(relation(b, o) != "same" for o in possible[:i])]
            if len(different) > 1:
                unclear[member.name] = tuple(b.printed for b in different)
        return replace(self, unclear=unclear)


def _yes(value: object) -> bool:
    return fold(str(value or "")).lower() in ("是", "y", "yes", "true", "1", "√", "✓")


def day_written(value: object) -> date | None:
    """A day as people write it (2026年1月15日前, 2026/1/15 18:00, 20260115), or None: a day without its year is none."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    m = _DAY.search(unicodedata.normalize("NFKC", str(value)))
    try:
        return date(*(int(g) for g in m.groups() if g)) if m else None
    except ValueError:
        return None


def _date(value: object, row: int) -> date | None:
    if value is None:
        return None
    day = day_written(value)
    if day is None:
        raise ValueError(f"名单第 {row} 行的截止日期“{value}”不是日期，请写成 2026-01-15 这样。")
    return day
