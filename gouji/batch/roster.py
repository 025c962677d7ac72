"""Who must report, and who has: received, late, missing, whom to remind.

Belongs here: reading the roster's file, putting files beside its members. Does not belong here: rules over a batch
(`checks.check_batch`), how the list is shown (`show`).

Without a roster nothing here is said: no folder shows by itself that everyone is there. Two clocks are never mixed: where
the roster gives dates of its own, handing in is measured by them alone; else publication by the dates in force. A file's
own date says when it was copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import checks
from checks.rules import data
from parsers.files.paths import actual
from schemas.bodies import body_named
from schemas.facts import Extraction, Report
from schemas.labels import fold

from .called import member_called
from .reviewed import Reviewed
from .roster_entries import by_head, day_of, excused, is_day, is_made_of_others, is_own, partners, renamed, whom_to_ask
from .roster_file import read
from .sheets import Row, SheetError

# ``unfiled``: the list has a day on which it came, but no file is here; ``excused``: nothing came, and a remark on the list
# says that nothing is to come.
State = Literal["received", "late", "missing", "unreadable", "unfiled", "excused"]


@dataclass
class Standing:
    """One member of the roster: what came from it, when it was due, and whom to ask.

    ``due`` and ``received`` are both the roster's, or both of publication (the legal date, the report's own); ``late``
    counts days, None where either is not known. ``files`` are those that are this member's; ``by_name`` where only the
    file's name says so. ``candidates`` are bodies at hand of which more than one may be this member.
    """

    name: str
    state: State = "missing"
    due: date | None = None
    basis: str | None = None
    received: date | None = None
    late: int | None = None
    files: list[str] = field(default_factory=list)
    by_name: bool = False
    contact: str | None = None
    telephone: str | None = None
    candidates: tuple[str, ...] = ()
    # What came is of this year, which is another one; 0 where it does not say.
    other_year: int | None = None
    # Of one from whom nothing is to come, what the list says of it.
    remark: str | None = None
    # It is the body that keeps the list.
    own: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "member": self.name,
            "state": self.state,
            "due": self.due.isoformat() if self.due else None,
            "received": self.received.isoformat() if self.received else None,
            "late": self.late,
        }


@dataclass
class Attendance:
    """All members in the roster's order, the files that are nobody's on it, and members' reports of other years.

    ``either`` are files that may be one member's as well as another's, with these; they are among the strangers too.
    """

    members: list[Standing]
    strangers: list[str]
    other_years: list[str]
    year: int | None
    either: list[tuple[str, list[str]]] = field(default_factory=list)

    def count(self, state: State) -> int:
        return sum(m.state == state for m in self.members)

    @property
    def to_remind(self) -> list[Standing]:
        """Those from whom nothing usable has come; who keeps the list reminds nobody of its own."""
        return [m for m in self.members if m.state in ("missing", "unreadable") and not m.own]

    @property
    def own(self) -> list[Standing]:
        """Who keeps the list, where nothing usable of its own is here."""
        return [m for m in self.members if m.state in ("missing", "unreadable") and m.own]

    @property
    def unfiled(self) -> list[Standing]:
        """Those from whom something came by the list, of which there is no file here."""
        return [m for m in self.members if m.state == "unfiled"]

    @property
    def excused(self) -> list[Standing]:
        """Those from whom nothing has come, nor is to come by the list's remark."""
        return [m for m in self.members if m.state == "excused"]


@dataclass
class RosterFile:
    """A roster as its file gives it: the rules' own part, and what only a list for people needs; ``notes`` on the reading."""

    roster: checks.Roster
    rows: dict[str, Row]
    notes: list[str] = field(default_factory=list)

    @property
    def excused(self) -> dict[str, str]:
        """Members of whom nothing is to come, with the remark that says so: their own, or that of whom they merged with."""
        own = {name: remark for name, row in self.rows.items() if (remark := excused(row)) is not None}
        merged: dict[str, str] = {}
        for name, remark in list(own.items()):
            row = self.rows[name]
            gone = {body_named(p).name for p in partners(row)} - {body_named(renamed(row) or "").name}
            if is_made_of_others(row) and body_named(name).name not in gone:
                # It is the new body that the others have gone into.
                del own[name]
            merged |= {n: f"{name}备注：{remark}" for n in self.rows if n != name and body_named(n).name in gone}
        return merged | own


def load(path: Path) -> RosterFile:
    """Raises `SheetError` (no heads, no member), OSError."""
    listed = read(path)
    return from_rows(listed.rows, path.name, listed.notes)


def from_rows(rows: Sequence[Row], name: str, notes: Sequence[str] = ()) -> RosterFile:
    """The same of rows that were read before. Raises `SheetError`."""
    heads = data("rules.toml")["roster"]
    try:
        roster = checks.Roster.from_rows(_with_days_only(row) for row in rows)
    except ValueError as error:
        raise SheetError(f"{name}：{error}") from error
    if not roster.members:
        raise SheetError(f"{name}：名单里没有单位。请在“单位”列填写单位名称。")
    names = [(str(given).strip(), row) for row in rows if (given := by_head(row, heads["name"])) is not None]
    roster, by_name, twice = _each_once(roster, names)
    out = RosterFile(roster, by_name, [*notes, *twice])
    for what, zh in (("due", "报送期限"), ("received", "报送日期")):
        given = {n: v for n, row in out.rows.items() if (v := by_head(row, heads[what])) is not None and not is_day(v)}
        if given:
            said = "、".join(f"“{v}”" for v in list(dict.fromkeys(map(str, given.values())))[:3])
            out.notes.append(
                f"{_some(list(given))}的{zh}（{said}）看不出是哪一天，没有判断是否逾期（请写成 2026-01-15 这样）。"
            )
    return out


def _each_once(
    roster: checks.Roster, rows: Sequence[tuple[str, Row]]
) -> tuple[checks.Roster, dict[str, Row], list[str]]:
    """Every body once, though the list names it twice (枫林镇, 枫林镇人民政府): it would be reminded under one of its names.

    What the first line leaves empty the other fills in.
    """
    home = roster.among([]).home
    members: list[checks.Member] = []
    kept: dict[str, Row] = {}
    first_of: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    notes: list[str] = []
    for member, (name, row) in zip(roster.members, rows, strict=True):
        body = body_named(name)
        # A name without its place means the body at home; 市 or 县 in front of it says no more where nothing denies it.
        where = body.division or (home if not body.place else None)
        who = (body.name, body.kind, where, body.place if where is None else "") if body.kind else (name,)
        same = [n for n, hint in first_of.get(who, ()) if not (hint and body.hint and hint != body.hint)]
        if not same:
            first_of.setdefault(who, []).append((name, body.hint))
            members.append(member)
            kept[name] = row
            continue
        kept[same[0]] = {**row, **{k: v for k, v in kept[same[0]].items() if v not in (None, "")}}
        notes.append(f"名单里“{same[0]}”和“{name}”是同一个单位，按一个算，称“{same[0]}”。")
    days = {n: checks.day_written(by_head(row, data("rules.toml")["roster"]["due"])) for n, row in kept.items()}
    members = [m if m.due is not None else replace(m, due=days[m.name]) for m in members]
    # A name that it has got since, unless the list has that one too.
    for i, member in enumerate(members):
        now = renamed(kept[member.name])
        if now is not None and now not in kept and body_named(now).kind is not None:
            members[i] = replace(member, aliases=(*member.aliases, now))
    return replace(roster, members=tuple(members)), kept, notes


def _with_days_only(row: Row) -> Row:
    """A row without what stands under a date's head and is no day: it stops nothing, and is told."""
    heads = {fold(h).lower() for h in data("rules.toml")["roster"]["due"]}
    return {k: v for k, v in row.items() if fold(k).lower() not in heads or checks.day_written(v) is not None}


def is_list(extraction: Extraction) -> bool:
    """Whether a file is a list of those who must report, which lies among the drafts.

    A list with a line of sums may look like one of the form's tables, but it has no figure and no name in a title.
    """
    reports = extraction.reports
    if extraction.circulars or any(r.facts or r.statements or r.issuer or r.year for r in reports):
        return False
    if not reports and not any(p.kind == "no_report" for p in extraction.problems):
        return False
    try:
        given = load(actual(Path(extraction.source.path)))
    except (OSError, SheetError):
        return False
    known = [m for m in given.roster.members if body_named(m.name).kind is not None]
    return len(known) > 1 and 2 * len(known) > len(given.roster.members)


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:4]) + (f"等 {len(names)} 个单位" if len(names) > 4 else "")


def with_year(given: RosterFile, reviewed: Sequence[Reviewed]) -> checks.Roster:
    """The roster for the year that most of its members' reports are of."""
    reports = [r for each in reviewed for r in each.reports if r.year and given.roster.member(r)]
    years = Counter(r.year for r in reports)
    year = given.roster.year or (max(years, key=lambda y: (years[y], y or 0)) if years else None)
    due = data("rules.toml")["roster"]["due"]
    members = tuple(
        m if m.due is not None else replace(m, due=day_of(by_head(given.rows.get(m.name, {}), due), year))
        for m in given.roster.members
    )
    return checks.Roster(members, year).among(r for each in reviewed for r in each.reports)


def attendance(given: RosterFile, reviewed: Sequence[Reviewed], today: date | None = None) -> Attendance:
    """Who is there. ``today`` is for tests; a member from whom nothing came is late by today's date."""
    roster = with_year(given, reviewed)
    standings = {m.name: Standing(m.name, due=m.due) for m in roster.members}
    handing_in = {m.name for m in roster.members if m.due or _received(given.rows.get(m.name, {}), roster.year)}
    strangers: list[str] = []
    other_years: list[str] = []
    either: list[tuple[str, list[str]]] = []
    for each in reviewed:
        member, report = _member(roster, each)
        standing = standings[member.name] if member else None
        if standing is None:
            known = [(m, r.year) for r in each.reports if (m := roster.member(r)) is not None]
            (other_years if known else strangers).append(each.path)
            for whose, year in known:
                standings[whose.name].other_year = year or 0
            either += [(each.path, c) for r in each.reports if len(c := roster.candidates(r)) > 1]
            continue
        standing.files.append(each.path)
        standing.by_name = standing.by_name or report is None
        if report is None:
            if standing.state == "missing":
                standing.state = "unreadable" if each.verdict == "unreadable" else "received"
            continue
        standing.state = "received"
        if standing.name not in handing_in:
            due = checks.due_date(report)
            if due is not None:
                standing.due, standing.basis = due[0], due[2]
            standing.received = standing.received or (
                checks.day_written(report.published) if report.published else None
            )
    nothing_due = given.excused
    for standing in standings.values():
        row = given.rows.get(standing.name, {})
        standing.contact, standing.telephone = whom_to_ask(row)
        standing.own = is_own(row)
        standing.received = _received(row, roster.year) or standing.received
        standing.candidates = roster.unclear.get(standing.name, ())
        if standing.state == "missing" and standing.other_year is None and standing.name in nothing_due:
            standing.state, standing.remark = "excused", nothing_due[standing.name]
            continue
        if standing.state == "missing" and standing.other_year is None and standing.received is not None:
            standing.state = "unfiled"
        _settle(standing, today or date.today())
    for each in reviewed:
        mine = next((s for s in standings.values() if each.path in s.files), None)
        each.member = mine.to_json() if mine else None
    return Attendance(list(standings.values()), strangers, other_years, roster.year, either)


def _settle(standing: Standing, today: date) -> None:
    """Whether it is late: what came by its date, what did not come by today's.

    Where the roster says when something came it is that day that counts, whatever it was.
    """
    # Of what came and cannot be read nobody knows when it came.
    until = standing.received or (None if standing.state in ("received", "unreadable") else today)
    if standing.due is None or until is None or until <= standing.due:
        return
    standing.late = (until - standing.due).days
    if standing.state == "received":
        standing.state = "late"


def _member(roster: checks.Roster, reviewed: Reviewed) -> tuple[checks.Member | None, Report | None]:
    """Whose file this is: by its reports, or where it does not say by the name of the file."""
    for report in reviewed.reports:
        member = roster.member(report)
        if member is not None and report.period == "year" and roster.year in (None, report.year):
            return member, report
    if any(r.issuer or r.issuer_printed for r in reviewed.reports):
        return None, None
    return member_called(roster, reviewed.path), None


def _received(row: Row, year: int | None) -> date | None:
    return day_of(by_head(row, data("rules.toml")["roster"]["received"]), year)
