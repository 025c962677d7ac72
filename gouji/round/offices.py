"""What became of each office: which of its drafts counts, what of its findings is closed, whether it has sent a new one.

Belongs here: drafts put together by office, over all checks of a round, and set against the office's draft before. Does not
belong here: which draft is the newest (`versions`), comparing findings (`batch.rounds`), the roster (`batch.roster`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from checks import Roster
from gouji.batch import rounds
from gouji.batch.called import member_called, name_in
from gouji.batch.mutual import PLACE
from gouji.batch.reviewed import Reviewed, Uncounted
from gouji.batch.roster import RosterFile
from gouji.show.causes import SEVERITIES, causes_of
from gouji.show.verdicts import tally
from gouji.words import Lang
from schemas.bodies import body_named, body_of, relation
from schemas.facts import Extraction, Report
from schemas.report_identity import ReportIdentity

from .state import State, Submission
from .versions import Order, Version, base, is_copy, order, sorted_by_age

# A first draft; a new one after one that was checked; the same as before, with problems that are open; the same without.
# Or of one that had come before, and a new one came in which nothing can be read.
Coming = Literal["first", "again", "not_again", "same", "shut"]
Key = tuple[object, ...]
# Verdicts by how bad they are.
WORST = {"unreadable": 0, "fail": 1, "warn": 2, "pass": 3}
_IDENTITY = ("issuer", "issuer_printed", "division_code", "level", "kind", "year", "scope", "period", "published")
_FINDING = ("rule", "outcome", "severity", "table", "row", "column", "statement", "printed", "message")


@dataclass
class Office:
    """An office in a check. ``drafts`` count (several where nothing tells which is newer), ``older`` are left aside.

    ``number`` is the check in which the counted draft was first seen. ``clash``: no draft is known to be the newest.
    """

    name: str
    drafts: list[Reviewed] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    order: Order | None = None
    coming: Coming = "first"
    number: int = 1
    # Files that came from it beside those that count, of which nothing could be read.
    shut: list[str] = field(default_factory=list)
    # As the check before had them, where its result is kept.
    kept_problems: dict[str, int] | None = None
    # Its file is that of an earlier check, which could not read it.
    read_now: bool = False

    @property
    def counted(self) -> bool:
        """Whether a draft of its is one of the round's."""
        return any(d.uncounted is None for d in self.drafts)

    @property
    def clash(self) -> bool:
        return self.order is not None and self.order.newest is None

    @property
    def worst(self) -> Reviewed:
        """Of several drafts the one with the most that is wrong."""
        return max(self.drafts, key=lambda d: [sum(f.severity == s for f in d.open_findings) for s in SEVERITIES])

    @property
    def waived(self) -> int:
        """In how many places a reason explains what is found."""
        drafts = [self.worst] if self.clash else self.drafts
        found = [f for d in drafts for f in d.checked.findings if f.outcome == "broken" and f.finding_id in d.waived]
        return sum(f.places for f in found)

    @property
    def compared(self) -> Counter[str]:
        """What has become of the round before, as every output counts it; of versions that of the worst."""
        out: Counter[str] = Counter()
        for each in [self.worst] if self.clash else self.drafts:
            out.update(each.compared)
            out["unclear"] += len(each.unclear)
        return out

    def counts(self) -> dict[str, int]:
        """Findings closed, open from before, new, unclear; errors and warnings that are open.

        Of several versions of one report those of the worst: together they are nobody's.
        """
        out: Counter[str] = Counter()
        for each in [self.worst] if self.clash else self.drafts:
            states = Counter(each.status.get(f.finding_id) for f in each.open_findings)
            out.update(
                {"closed": len(each.closed), "open": states["open"], "new": states["new"], "unclear": len(each.unclear)}
            )
            out.update(f"{f.severity}s" for f in each.open_findings)
        return {k: out[k] for k in ("closed", "open", "new", "unclear", "errors", "warnings", "notes")}


def identity_of(report: Report) -> dict[str, Any]:
    """What of a report says whose it is, for the state, and on which form."""
    who = {name: value for name in _IDENTITY if (value := getattr(report.identity, name)) is not None}
    also = {r.form: r.variant for r in report.also}
    on = {"form": report.form} | ({"variant": report.variant} if report.variant else {})
    return who | on | ({"also_on": also} if also else {})


def findings_of(reviewed: Reviewed) -> list[dict[str, Any]]:
    """What of a draft's findings tells them again."""
    found = [f for f in reviewed.checked.findings if f.outcome == "broken"]
    return [_kept(f.to_json()) | ({"cells": f.cells} if f.places > 1 else {}) for f in found]


def _kept(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {name: finding[name] for name in _FINDING if finding[name] is not None}


def keys_of(reports: Iterable[Report], path: str, roster: Roster | None) -> set[Key]:
    """Whose drafts these are, of what; a draft that does not say is known by its file's name."""
    out: set[Key] = set()
    for report in reports:
        member = roster.member(report) if roster is not None else None
        body = body_of(report.identity)
        who = f"名单:{member.name}" if member is not None else (body.key or body.printed) if body is not None else None
        if who is not None:
            # A government's own office and its whole area are two reports of one year.
            area = report.scope == "area" if report.kind in ("government", "office") else None
            out.add((who, report.year, area, report.period))
    return out or {("文件", base(path))}


def reports_of(submission: Submission) -> list[Report]:
    """A submission's reports, as far as the state keeps them."""
    return [Report("", ReportIdentity(**{k: v for k, v in r.items() if k in _IDENTITY})) for r in submission.reports]


def put_together(
    paths: Mapping[str, str], state: State, reports: Mapping[str, Sequence[Report]], roster: Roster | None
) -> list[list[str]]:
    """The paths of drafts at hand in groups of one office each, in order; ``paths`` gives each path's content.

    Drafts with one key in common are one office's; copies of one content under one name are left out by `settled`.
    """
    groups: list[tuple[set[Key], list[str]]] = []
    for path in paths:
        keys = keys_of(reports[path], path, roster)
        mine = [g for g in groups if g[0] & keys]
        # A file with the reports of many offices is none's version.
        if len(keys) > 1 or not mine or any(len(g[0]) > 1 for g in mine):
            groups.append((keys, [path]))
        else:
            mine[0][1].append(path)
    return [members for _, members in groups]


@dataclass(frozen=True)
class Aside:
    """A draft of another year, or of none that it says, whose office has one of the round's year: the one in ``chosen``."""

    path: str
    year: int | None
    chosen: tuple[str, ...]


def set_aside(
    groups: Sequence[list[str]], reports: Mapping[str, Sequence[Report]], year: int | None, roster: Roster | None
) -> tuple[list[list[str]], list[Aside]]:
    """The groups without drafts that an office has replaced by one of the round's year, and those drafts."""

    def whose(group: Sequence[str], *, of_year: bool) -> set[Key]:
        mine = [(p, [r for r in reports[p] if (r.year == year) == of_year]) for p in group]
        return {(k[0], *k[2:]) for p, there in mine if there for k in keys_of(there, p, roster) if len(k) > 2}

    if year is None:
        return list(groups), []
    right = [(whose(g, of_year=True), g) for g in groups]
    kept: list[list[str]] = []
    aside: list[Aside] = []
    for (of_year, group), others in zip(right, [whose(g, of_year=False) for g in groups], strict=True):
        chosen = [g for keys, g in right if others and others <= keys]
        if of_year or not chosen:
            kept.append(group)
            continue
        aside += [Aside(p, next((r.year for r in reports[p]), None), tuple(chosen[0])) for p in group]
    return kept, aside


def version(path: str, submission: Submission) -> Version:
    """A draft at hand as a version of its office's."""
    printed = next((str(r["published"])[:10] for r in submission.reports if r.get("published")), None)
    return Version(path, submission.sha256, submission.first_check, printed, submission.modified)


def before(
    path: str, sha256: str, keys: set[Key], state: State, roster: Roster | None, here: set[str]
) -> Submission | None:
    """The draft that an office had sent before this one: the newest of those that an earlier check has seen.

    Where none is known for its, what stood in its file's place.
    """
    mine = state.submissions[sha256]
    others = [
        s for s in state.submissions.values() if s.sha256 != sha256 and s.verdict and s.first_check < mine.first_check
    ]
    same = [s for s in others if keys_of(reports_of(s), s.path, roster) & keys]
    if same:
        newest = sorted_by_age([version(s.path, s) for s in same])[-1]
        return state.submissions[newest.sha256]
    replaced = [s for s in others if s.path == path and s.sha256 not in here]
    return max(replaced, key=lambda s: s.first_check, default=None)


def compare(office: Office, reviewed: Reviewed, earlier: Submission | None, mine: Submission, number: int) -> None:
    """Set an office's draft against the one before it; one that has not changed against itself."""
    since = mine.first_read or mine.first_check
    if earlier is not None:
        rounds.Round([earlier.as_file()]).compare_with(0, reviewed)
    elif since < number:
        rounds.Round([mine.as_file()]).compare_with(0, reviewed)
        # What others' drafts no longer bring to light this office has not corrected.
        reviewed.closed = []
    office.number = since
    office.read_now = mine.first_check < since == number
    reviewed.same_since = since if since < number else 0
    if since < number:
        office.coming = "not_again" if reviewed.verdict in ("fail", "warn", "unreadable") else "same"
    else:
        office.coming = "again" if earlier is not None else "first"


def shut_out(done: Sequence[Office]) -> None:
    """Mark the offices that have sent another draft, in which nothing could be read: of them nobody says that nothing came."""
    unread = [d for o in done if not o.counted for d in o.drafts if d.uncounted == "unread"]
    for office in done if unread else ():
        if not office.counted or office.coming not in ("not_again", "same"):
            continue
        office.shut = [d.path for d in unread if _is_sent_by(d, office)]
        if office.shut:
            office.coming = "shut"
            for draft in office.drafts:
                draft.shut = [Path(path).name for path in office.shut]


def _is_sent_by(unread: Reviewed, office: Office) -> bool:
    """Whether a file of which nothing is read is an office's: by the list, else by the name that it bears."""
    if unread.member is not None:
        return str(unread.member["member"]) == office.name
    name = name_in(unread.path)
    bodies = [b for d in office.drafts for r in d.reports if (b := body_of(r.identity)) is not None]
    return name is not None and any(relation(body_named(name), b) == "same" for b in bodies)


def newest(
    paths: Sequence[str], contents: Mapping[str, str], state: State
) -> tuple[list[str], list[str], Order | None]:
    """Of one office's drafts those that count, and those that are left aside."""
    if len(paths) < 2:
        return list(paths), [], None
    # One content under two names is one draft; the name that is the office's own is kept, and that of no copy.
    once: dict[str, str] = {}
    for path in sorted(paths, key=lambda p: (not _is_called_so(p, state.submissions[contents[p]]), is_copy(p))):
        once.setdefault(contents[path], path)
    versions = [version(p, state.submissions[sha]) for sha, p in once.items()]
    if len(versions) == 1:
        other_names = len({base(p) for p in paths}) > 1
        rest = [p for p in paths if p != versions[0].path]
        return [versions[0].path], rest, Order(versions[0], "copy", against=["names"] if other_names else [])
    found = order(versions)
    kept = [v.path for v in versions] if found.newest is None else [found.newest.path]
    return kept, [p for p in paths if p not in kept], found


def _is_called_so(path: str, submission: Submission) -> bool:
    """Whether a file's name says whose report is in it."""
    name = base(path)
    issuers = [str(r.get("issuer_printed") or r.get("issuer") or "") for r in submission.reports]
    return any(i and (i in name or (len(name) > 1 and name in i)) for i in issuers)


def uncounted(reviewed: Reviewed, year: int | None) -> Uncounted | None:
    """Why a file is none of the round's drafts; None for a report of its year, of a place that fits."""
    if not reviewed.reports:
        return "unread"
    if all(year is not None and r.year not in (None, year) for r in reviewed.reports):
        return "year"
    return "place" if any(f.rule == PLACE for f in reviewed.open_findings) else None


def notes_among(read: Sequence[Extraction], given: RosterFile | None) -> list[Extraction]:
    """The files that are covering notes and no drafts: a few words without a table (`Extraction.few_words`).

    One that is called as an office is, of which nothing else is there, is taken for the draft that it was to send.
    """
    reports = [r for e in read for r in e.reports]
    bodies = [body for r in reports if (body := body_of(r.identity)) is not None]
    of_roster = given.roster.among(reports) if given is not None else None
    there = {m.name for r in reports if of_roster is not None and (m := of_roster.member(r)) is not None}
    # What cannot be read is an office's draft by its name.
    unread = [e.source.path for e in read if not e.reports and not e.few_words]
    there |= {m.name for p in unread if of_roster is not None and (m := member_called(of_roster, p)) is not None}
    bodies += [body_named(name) for p in unread if (name := name_in(p)) is not None]

    def stands_for_a_draft(path: str) -> bool:
        member = member_called(of_roster, path) if of_roster is not None else None
        if member is not None:
            return member.name not in there
        body = body_named(name_in(path) or base(path))
        return body.kind is not None and not any(relation(body, other) != "other" for other in bodies)

    return [e for e in read if e.few_words and not stands_for_a_draft(e.source.path)]


def misnamed(all_reviewed: Sequence[Reviewed], roster: Roster | None) -> list[tuple[str, str]]:
    """Files called by the name of another office than the one whose report is in them, and whose it is.

    A name counts that can be another office's at hand or on the list, and cannot be the report's own.
    """
    bodies = [b for each in all_reviewed for r in each.reports if (b := body_of(r.identity)) is not None]
    known = [*bodies, *(body_named(n) for m in (roster.members if roster is not None else ()) for n in m.names)]
    out = []
    for each in all_reviewed:
        own = body_of(each.reports[0].identity) if len(each.reports) == 1 else None
        named = body_named(base(each.path))
        if own is None or own.kind is None or named.kind is None or relation(named, own) != "other":
            continue
        if any(b.kind == named.kind and b.name == named.name and relation(named, b) != "other" for b in known):
            out.append((each.path, own.printed))
    return out


def name_of(reviewed: Reviewed, lang: Lang, roster: Roster | None = None) -> str:
    """What a person calls the office: as the list does, also where its draft is another year's."""
    report = next(iter(reviewed.reports), None)
    if reviewed.member is None and roster is not None and report is not None:
        member = roster.member(report)
        if member is not None:
            return member.name
    if reviewed.member is not None:
        return str(reviewed.member["member"])
    return (report.issuer_printed or report.issuer if report is not None else None) or Path(reviewed.path).name


def verdict_of(office: Office) -> str:
    """The worst of an office's drafts that count."""
    return min((r.verdict for r in office.drafts), key=lambda v: WORST[v], default="unreadable")


def problems(office: Office) -> dict[str, int]:
    """An office's problems by severity, and in how many places, as all outputs count them; of versions the worst's."""
    if office.kept_problems is not None:
        return dict(office.kept_problems)
    out: Counter[str] = Counter()
    for each in [office.worst] if office.clash else office.drafts:
        for report in each.reports:
            out.update(tally(causes_of(each.checked, report, "zh", without=each.waived)))
    return {name: out[name] for name in (*SEVERITIES, "places")}


def is_astray(office: Office) -> bool:
    """Whether all that an office has sent is of another place."""
    return bool(office.drafts) and all(any(f.rule == PLACE for f in d.open_findings) for d in office.drafts)
