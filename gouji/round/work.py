"""One check of a round, from the files of its folder to what is known of each office.

Belongs here: the order of that work, and what of it the state keeps. Does not belong here: writing outputs and saying what
came out (`commands.round`), each step (`folder`, `versions`, `offices`, `batch`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import checks
from checks.rules import Profile
from gouji.batch import judging, mutual, not_compared, roster, waivers
from gouji.batch.previous import Previous
from gouji.batch.read_files import read_all
from gouji.batch.reviewed import Reviewed, Waiver
from gouji.batch.roster import Attendance, RosterFile
from gouji.words import Lang, say
from schemas.facts import Extraction, Source
from schemas.findings import Checked, Finding

from . import kept, kept_figures, offices
from .folder import Files, files_of, inside
from .offices import Aside, Office
from .state import State, Submission

_PROFILE: Profile = "draft"
_MOSTLY = 2 / 3
# Of a reason that was not taken, as it is for an error.
FOR_ERROR = "for_error"
# Of a reason that was taken back: after which check.
AFTER = "after_check"


@dataclass
class Brought:
    """What a person brought to a check: the roster, last year's reports, reasons."""

    roster: RosterFile | None = None
    previous: Previous | None = None
    lines: list[waivers.Line] = field(default_factory=list)
    aside: list[Path] = field(default_factory=list)
    # What is told on the page in other words than on the screen: without commands.
    on_page: dict[str, str] = field(default_factory=dict)


@dataclass
class Done:
    """A check that is done. ``reviewed`` are the drafts that count; ``older`` those left aside, as paths.

    ``gone`` are offices of the last check that have no file any more; ``unchanged``: nothing that went in has changed since.
    """

    number: int
    fingerprint: str
    files: Files
    reviewed: list[Reviewed]
    offices: list[Office]
    attendance: Attendance | None
    nobodys: list[Finding]
    gone: list[str]
    years: Counter[int]
    unchanged: bool = False
    used: set[int] = field(default_factory=set)
    errors_waived: int = 0
    # The offices whose errors these are.
    waived_in: list[str] = field(default_factory=list)
    # Files that are a list of bodies and no draft, and texts that are no reports: covering notes.
    lists: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # How many files this program wrote itself, which lie among the drafts.
    own: int = 0
    # Drafts of another year, each with the office that has one of the round's.
    aside: list[tuple[Aside, Office]] = field(default_factory=list)
    # Files with another office's name than that of the report in them, and whose it is.
    misnamed: list[tuple[str, str]] = field(default_factory=list)
    # Of whom nothing was compared with last year's, as lines.
    not_compared: list[str] = field(default_factory=list)
    # What was to be told before it began: a list that is gone, reasons that were taken.
    told: list[str] = field(default_factory=list)


def check(folder: Path, state: State, brought: Brought, lang: Lang, now: datetime) -> Done:
    """Check a round's folder. The state learns the drafts; nothing is written."""
    files = files_of(folder, state, brought.aside)
    everything = list(read_all(files.drafts, lang, label=say(lang, "checking"))) if files.drafts else []
    lists = [e for e in everything if roster.is_list(e)]
    notes = offices.notes_among([e for e in everything if e not in lists], brought.roster)
    no_drafts = {id(e) for e in (*lists, *notes)}
    read = [e for e in everything if id(e) not in no_drafts]
    for each in read:
        judging.mean_year(each)
    paths = {inside(e.source.path, folder): e for e in read}
    contents = {path: _content(path, e) for path, e in paths.items()}
    unopened = {
        sha: kept.earlier(state, sha, paths[p]) is not None for p, sha in contents.items() if kept.unopened(paths[p])
    }
    stand_ins = _kept(paths, contents, state)
    years = Counter(r.year for e in read for r in e.reports if r.year)
    state.year = state.year or most_of(years)
    # What was read without the second engine is not what the whole program reads in it.
    looked_at = {p: f"{sha} {paths[p].unusable.get('second_engine', '')}".strip() for p, sha in contents.items()}
    fingerprint = _fingerprint(looked_at, state, brought, unopened)
    last = state.last
    unchanged = last is not None and last.fingerprint == fingerprint
    number = last.number if last is not None and unchanged else (last.number if last else 0) + 1
    for path, extraction in paths.items():
        _learn(state, path, contents[path], extraction, folder, number, now, stands=path in stand_ins)
    known = set(contents.values())
    kept.without_cells(mine for sha, mine in state.submissions.items() if sha not in known)
    of_roster = _roster(brought.roster, state, read)
    reports = {p: e.reports for p, e in paths.items()}
    groups = offices.put_together(contents, state, reports, of_roster)
    groups, aside = offices.set_aside(groups, reports, state.year, of_roster)
    done: list[Office] = []
    earlier: list[tuple[Office, Reviewed, Submission | None, Submission]] = []
    for group in groups:
        chosen, older, order = offices.newest(group, contents, state)
        office = Office("", older=older, order=order)
        # The older ones first: what was found in them is what the newest is set against.
        for path in sorted(group, key=lambda p: p in chosen):
            mine = state.submissions[contents[path]]
            if path not in chosen:
                if not mine.verdict and contents[path] not in {contents[p] for p in chosen}:
                    _remember(mine, judging.one(paths[path], brought.previous, _PROFILE, lang), number)
                continue
            reviewed = stand_ins.get(path) or judging.one(paths[path], brought.previous, _PROFILE, lang)
            if path in stand_ins:
                office.kept_problems = _problems_before(state, mine)
            office.drafts.append(reviewed)
            keys = offices.keys_of(reviewed.reports, path, of_roster)
            earlier.append(
                (office, reviewed, offices.before(path, contents[path], keys, state, of_roster, known), mine)
            )
        done.append(office)
    counted = [r for o in done for r in o.drafts]
    strays = [r for r in counted if r.reports and all(d.year not in (None, state.year) for d in r.reports)]
    nobodys = mutual.judge(
        counted, of_roster, profile=_PROFILE, lang=lang, strays=strays if state.year is not None else ()
    )
    kept.keep_what_is_alike((reviewed, mine) for _, reviewed, _, mine in earlier)
    of_year = _with_year(brought.roster, state)
    attendance = roster.attendance(of_year, counted) if of_year is not None else None
    # A draft whose last doubt has a reason is through.
    used, waived_in = _waive(counted, state, brought)
    for reviewed in counted:
        reviewed.uncounted = offices.uncounted(reviewed, state.year or most_of(years))
    for office, reviewed, before, mine in earlier:
        offices.compare(office, reviewed, before, mine, number)
    for office, reviewed, _, mine in earlier:
        office.name = office.name or offices.name_of(reviewed, lang, of_roster)
        _remember(mine, reviewed, number)
    offices.shut_out(done)
    out = Done(
        number,
        fingerprint,
        files,
        counted,
        done,
        attendance,
        nobodys,
        [],
        years,
        unchanged,
        used,
        sum(waived_in.values()),
    )
    out.waived_in = [offices.name_of(r, lang, of_roster) for r in counted if r.path in waived_in]
    out.aside = [(a, next(o for o in done if _has(o, a.chosen, folder))) for a in aside]
    out.misnamed = offices.misnamed([r for r in counted if r.uncounted is None], of_roster)
    if state.previous is not None:
        there = [r for r in counted if r.uncounted is None]
        out.not_compared = not_compared.lines(there, brought.previous, state.previous.find(folder), lang)
    out.own = max(len(files.drafts) - len(everything), 0)
    out.lists = [inside(e.source.path, folder) for e in lists]
    out.notes = [inside(e.source.path, folder) for e in notes]
    now_there = {s.sha256 for _, _, _, s in earlier}
    names = {o.name for o in done}
    out.gone = [
        o["office"]
        for o in state.offices
        # A file that has another content now, and with it perhaps another name in it, is not away.
        if not now_there & set(o["sha256"]) and o["office"] not in names and not contents.keys() & set(o["files"])
    ]
    return out


def most_of(years: Counter[int]) -> int | None:
    """The year that most drafts are of, where it is most of several."""
    if not years:
        return None
    year, n = years.most_common(1)[0]
    return year if n >= _MOSTLY * years.total() and n > 1 else None


# -- pieces --------------------------------------------------------------------------------------------------------


def _has(office: Office, paths: Sequence[str], folder: Path) -> bool:
    return any(inside(d.path, folder) in paths for d in office.drafts)


def _content(path: str, extraction: Extraction) -> str:
    """What tells a draft by its content; one that could not be opened is known by its path."""
    return extraction.source.sha256 or "path:" + hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()


def _kept(paths: dict[str, Extraction], contents: dict[str, str], state: State) -> dict[str, Reviewed]:
    """The drafts that cannot be opened now with their earlier result, by path; their extraction gets its reports."""
    out: dict[str, Reviewed] = {}
    for path, extraction in paths.items():
        known = kept.earlier(state, contents[path], extraction)
        if known is not None:
            extraction.reports, extraction.problems = kept.reports(known), []
            out[path] = kept.result(extraction, known)
    return out


def _problems_before(state: State, mine: Submission) -> dict[str, int] | None:
    """How many problems the last check counted in an office's only draft."""
    same = (o.get("problems") for o in state.offices if o.get("sha256") == [mine.sha256] and o.get("coming") != "gone")
    return next(same, None)


def _fingerprint(contents: dict[str, str], state: State, brought: Brought, unopened: dict[str, bool]) -> str:
    """All that goes into a check: files, list, reasons, versions of the rules, and what could not be opened.

    What an earlier check has read (True in ``unopened``) changes nothing where all else is as that check had it.
    """
    never = sorted(sha for sha, known in unopened.items() if not known)
    plain = _print(contents, state, brought, never)
    if (state.last is not None and state.last.fingerprint == plain) or len(never) == len(unopened):
        return plain
    return _print(contents, state, brought, sorted(unopened))


def _print(contents: dict[str, str], state: State, brought: Brought, unread: Sequence[str]) -> str:
    rows = brought.roster.rows if brought.roster is not None else None
    lines = [(line.waiver.reason, line.rule, line.address, line.issuer, line.year) for line in brought.lines]
    given = [
        sorted(contents.items()),
        rows,
        lines,
        state.waivers,
        state.previous.path if state.previous is not None else None,
        [state.year, state.deadline, state.sender, state.dated],
        checks.version(),
        *([unread] if unread else []),
    ]
    return hashlib.sha256(json.dumps(given, default=str, ensure_ascii=True).encode()).hexdigest()[:32]


def _learn(
    state: State, path: str, sha: str, extraction: Extraction, folder: Path, number: int, now: datetime, *, stands: bool
) -> None:
    known = state.submissions.get(sha)
    if known is None:
        modified = _modified(folder / path)
        known = Submission(sha, path, number, now.isoformat(timespec="seconds"), modified)
        state.submissions[sha] = known
    known.path = path
    if stands:
        return
    if known.verdict == "unreadable" and extraction.reports and not known.reports:
        # What is in it comes now, whenever its file did.
        known.first_read = number
    known.reports = [offices.identity_of(r) for r in extraction.reports]
    for report, mine in zip(extraction.reports, known.reports, strict=True):
        if cells := kept_figures.to_text(report):
            mine[kept.CELLS] = cells


def _modified(path: Path) -> float | None:
    """A file's own time; a document in an archive has none of its own."""
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def _with_year(given: RosterFile | None, state: State) -> RosterFile | None:
    if given is None or state.year is None:
        return given
    return replace(given, roster=replace(given.roster, year=state.year))


def _roster(given: RosterFile | None, state: State, read: Sequence[Extraction]) -> checks.Roster | None:
    """The roster for the round's year, at home among these reports."""
    with_year = _with_year(given, state)
    if with_year is None:
        return None
    stand_ins = [Reviewed(Checked(e)) for e in read]
    return roster.with_year(with_year, stand_ins)


def _remember(mine: Submission, reviewed: Reviewed, number: int) -> None:
    if reviewed.kept_from:
        return
    mine.read_in = number
    mine.verdict = reviewed.verdict
    mine.findings = offices.findings_of(reviewed)


def _waive(counted: Sequence[Reviewed], state: State, brought: Brought) -> tuple[set[int], dict[str, int]]:
    """Close what reasons explain: those of the round and those brought; returns which of all were used, and by path errors
    that no reason closes."""
    lines = [*(_line(i, w) for i, w in enumerate(state.waivers, start=1)), *brought.lines]
    used: set[int] = set()
    errors: dict[str, int] = {}
    # They close nothing and are on no list; as long as the error is there it is said that no reason closes it.
    of_errors = [_line(0, w) for w in state.dropped if w.get(FOR_ERROR)]
    for each in counted if lines or of_errors else ():
        mine, left = waivers.apply(each, lines)
        used |= mine
        if left := left or waivers.errors_named(each, of_errors):
            errors[each.path] = left
    return used, errors


def for_errors(state: State) -> set[int]:
    """Which of the round's reasons (from 0) are for errors of the drafts as they were last checked: no reason closes these."""
    return {i for i, reason in enumerate(state.waivers) if is_for_errors(state, reason)}


def is_for_errors(state: State, reason: dict[str, Any]) -> bool:
    """Whether a reason is for errors of the drafts as they were last checked, and explains nothing else."""
    there = {sha for o in state.offices if o.get("coming") != "gone" for sha in o.get("sha256", ())}
    errors = 0
    for known in (state.submissions[sha] for sha in there if sha in state.submissions):
        if not known.reports:
            continue
        as_it_was = _as_it_was(known)
        errors += waivers.apply(as_it_was, [_line(0, reason)])[1]
        if as_it_was.waived:
            return False
    return errors > 0


def reopened(state: State, office: Mapping[str, Any]) -> int:
    """How many findings of an office the reasons closed that were taken back since the last check."""
    lines = [_line(0, w) for w in state.dropped if state.last is not None and w.get(AFTER) == state.last.number]
    count = 0
    for known in (state.submissions[sha] for sha in office.get("sha256", ()) if sha in state.submissions):
        if lines and known.reports:
            as_it_was = _as_it_was(known)
            waivers.apply(as_it_was, lines)
            count += len(as_it_was.waived)
    return count


def open_findings(state: State, known: Submission) -> list[Finding]:
    """What was found in a draft when it was last checked, but for what a reason explains."""
    as_it_was = _as_it_was(known)
    waivers.apply(as_it_was, [_line(i, w) for i, w in enumerate(state.waivers, start=1)])
    return as_it_was.open_findings


def _as_it_was(known: Submission) -> Reviewed:
    extraction = Extraction(Source(known.path, known.sha256, "", 0), {}, reports=kept.reports(known))
    return kept.result(extraction, known)


def _line(number: int, kept: dict[str, Any]) -> waivers.Line:
    waiver = Waiver(str(kept.get("reason", "")), kept.get("who"), kept.get("date"))
    return waivers.Line(number, waiver, *(kept.get(k) for k in ("finding_id", "rule", "address", "issuer", "year")))


def kept_line(line: waivers.Line, today: date) -> dict[str, Any]:
    """A reason as the state keeps it."""
    return {
        "reason": line.waiver.reason,
        "who": line.waiver.who,
        "date": line.waiver.date or today.isoformat(),
        "finding_id": line.finding_id,
        "rule": line.rule,
        "address": line.address,
        "issuer": line.issuer,
        "year": line.year,
    }


def plain_rows(given: RosterFile) -> list[dict[str, Any]]:
    """A roster's rows as JSON holds them."""
    return [
        {head: value.isoformat()[:10] if isinstance(value, date) else value for head, value in row.items()}
        for row in given.rows.values()
    ]
