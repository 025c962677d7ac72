"""What is said of a round: on the screen, and as JSON.

Belongs here: which offices are named, in which words and order. Does not belong here: what was found (`work`), the outputs
for single offices (`show`, `word`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from checks.rules import data
from gouji.batch.files import called
from gouji.batch.mutual import PLACE
from gouji.batch.reviewed import InRound
from gouji.batch.roster_entries import by_head
from gouji.show.causes import SEVERITIES, causes_of
from gouji.show.verdicts import tally, tally_of
from gouji.words import Lang, say
from parsers.files.paths import shown

from .folder import gone_since, inside, since_then
from .offices import Office
from .state import OUTPUTS, State
from .versions import Order, words_of
from .work import Done, most_of

_MOST, _FEW = 40, 8
_GROUPS = (("again", "coming_again"), ("first", "first"), ("not_again", "not_again"), ("same", "same"))
_ORDER = {"unreadable": 0, "fail": 1, "warn": 2, "pass": 3}


def _called(folder: Path) -> str:
    """A round's folder for a headline: the one that a command runs in has no name of its own there."""
    return shown(str(folder) if folder.name else folder.resolve().name)


def verdict_of(office: Office) -> str:
    """The worst of an office's drafts that count."""
    return min((r.verdict for r in office.drafts), key=lambda v: _ORDER[v], default="unreadable")


def office_json(office: Office, state: State, folder: Path) -> dict[str, Any]:
    """An office as the state and `--format json` have it."""
    order = office.order
    member = next((r.member["member"] for r in office.drafts if r.member is not None), None)
    report = next((r for d in office.drafts for r in d.reports), None)
    return {
        "office": office.name,
        "member": member,
        "year": report.year if report is not None else None,
        "verdict": verdict_of(office),
        "coming": office.coming,
        "since": office.number,
        "files": [inside(d.path, folder) for d in office.drafts],
        "sha256": [d.checked.extraction.source.sha256 for d in office.drafts],
        "older": list(office.older),
        "chosen_by": order.by if order is not None and order.newest is not None else None,
        "chosen_against": list(order.against) if order is not None else [],
        "clash": office.clash,
        "astray": _is_astray(office),
        "counted": office.counted,
        "problems": problems(office),
        "compared": {name: office.compared[name] for name in ("closed", "open", "new", "notes")},
        **office.counts(),
    }


def problems(office: Office) -> dict[str, int]:
    """An office's problems by severity, and in how many places, as all outputs count them; of versions the worst's."""
    out: Counter[str] = Counter()
    for each in [office.worst] if office.clash else office.drafts:
        for report in each.reports:
            out.update(tally(causes_of(each.checked, report, "zh", without=each.waived)))
    return {name: out[name] for name in (*SEVERITIES, "places")}


def as_json(folder: Path, state: State, done: Done, outputs: Path | None) -> dict[str, Any]:
    """All that a check of a round found."""
    return {
        "round": shown(str(folder)),
        "number": done.number,
        "year": state.year,
        "unchanged": done.unchanged,
        "outputs": shown(str(outputs)) if outputs is not None else None,
        "offices": [office_json(o, state, folder) for o in done.offices],
        "roster": [m.to_json() for m in done.attendance.members] if done.attendance is not None else None,
        "missing": [m.name for m in done.attendance.to_remind] if done.attendance is not None else None,
        "gone": done.gone,
        "aside": [
            {"file": a.path, "year": a.year, "office": o.name, "counts": [inside(d.path, folder) for d in o.drafts]}
            for a, o in done.aside
        ],
        "strange": [inside(p, folder) for p in done.files.strange],
        "messages": [f.message for f in done.nobodys],
        "files": [r.to_json() for r in done.reviewed],
    }


# -- the screen ----------------------------------------------------------------------------------------------------


def lines(folder: Path, state: State, done: Done, now: datetime, lang: Lang) -> Iterator[str]:
    """A check in words: who is there, what does not fit, every office that has something to do."""
    from gouji.commands.check import summary
    from gouji.show.attendance import roster_lines

    yield head(folder, state, done, now, lang)
    if done.unchanged:
        yield say(lang, "round.unchanged", n=done.number)
    yield from _settings(folder, state, done, now, lang, screen=True)
    if done.attendance is not None:
        yield from roster_lines(done.attendance, lang)
    yield from _unfitting(folder, state, done, lang, screen=True)
    for title, mine in groups(done, state, lang):
        yield ""
        yield f"{title}{say(lang, 'colon')}"
        yield from mine
    if done.files.strange:
        yield _strange(done, lang)
    if done.reviewed:
        yield ""
        counted = [r for r in done.reviewed if r.uncounted is None]
        unfinished = sum(r.verdict == "unreadable" for r in counted)
        rest = say(lang, "round.unfinished", n=unfinished) if unfinished else ""
        yield summary(counted, lang, "round.summary") + rest


def on_page(folder: Path, state: State, done: Done, now: datetime, lang: Lang) -> InRound:
    """The same for the page and the workbook, which show the offices of a first check and the list by themselves."""
    told = [*done.told, *_settings(folder, state, done, now, lang), *_unfitting(folder, state, done, lang)]
    if done.files.strange:
        told.append(_strange(done, lang))
    first = done.number == 1
    out = list(groups(done, state, lang, names_only=first))
    return InRound(head(folder, state, done, now, lang), told, out)


def head(folder: Path, state: State, done: Done, now: datetime, lang: Lang) -> str:
    """Which check it is, and what became of all files of the folder."""
    at = now.strftime("%Y-%m-%d %H:%M")
    year = say(lang, "round.begun_year", year=state.year) if state.year else ""
    counted = sum(r.uncounted is None for r in done.reviewed)
    numbers = {"files": len(done.files.drafts), "counted": counted}
    return say(lang, "round.head", path=_called(folder), n=done.number, at=at, year=year, **numbers) + _rest(done, lang)


def _settings(
    folder: Path, state: State, done: Done, now: datetime, lang: Lang, *, screen: bool = False
) -> Iterator[str]:
    """What of the round itself has to be known: nothing there, lists among the drafts, reasons that count for nothing.

    Only on the ``screen`` stand commands: who reads the page may never have typed one.
    """
    if not done.files.drafts:
        yield say(lang, "round.no_drafts", path=folder)
    for name in done.lists:
        key = "round.list_unused" if done.attendance is not None else "round.list_found"
        how = _how("list", lang, screen, path=folder, roster=folder / name)
        yield say(lang, key, file=name, how=how)
    if done.errors_waived:
        names = say(lang, "list_mark").join(dict.fromkeys(done.waived_in))
        yield say(lang, "waivers_errors", n=done.errors_waived) + say(lang, "aside", text=names)
    if state.deadline is not None and state.deadline < now.date().isoformat():
        how = _how("deadline", lang, screen, path=folder)
        yield say(lang, "round.deadline_past", day=state.deadline, how=how)


def _how(what: str, lang: Lang, screen: bool, **about: Any) -> str:
    """What to do: the command on the screen, words elsewhere."""
    return say(lang, f"round.{what}_how" if screen else f"round.{what}_how_page", **about)


def groups(done: Done, state: State, lang: Lang, *, names_only: bool = False) -> Iterator[tuple[str, list[str]]]:
    """The offices by what became of them, each group with its title; those whose drafts do not count in one of their own.

    ``names_only``: of offices that are new only which of their drafts counts.
    """
    # As on the list; whoever is not on it comes behind.
    members = [m.name for m in done.attendance.members] if done.attendance is not None else []
    at_home = {name: i for i, name in enumerate(members)}
    listed = sorted(done.offices, key=lambda o: (at_home.get(o.name, len(at_home)), o.name))
    there = [o for o in listed if _is_offices(o)]
    through = {o.name for o in there if o.counted}
    # What else came from one whose draft counts is told beside it: an office is in one group.
    beside: dict[str, list[str]] = {}
    for o in there:
        if not o.counted and o.name in through:
            files = say(lang, "list_mark").join(Path(d.path).name for d in o.drafts)
            said = say(lang, "round.besides", files=files, why=_why_uncounted(o, state, lang))
            beside.setdefault(o.name, []).append(said)
    for coming, key in _GROUPS:
        mine = [o for o in there if o.coming == coming and o.counted]
        title = say(lang, f"round.{key}", n=len(mine))
        if coming == "first" and names_only:
            chosen = [line.strip("　 ") for o in mine for line in (*_version_lines(o, lang), *beside.get(o.name, ()))]
            if chosen:
                yield say(lang, "round.versions", n=len(chosen)), chosen
        elif mine:
            yield title, list(_group(mine, done.number, lang, all_of_them=coming != "same", beside=beside))
    if uncounted := [o for o in there if not o.counted and o.name not in through]:
        title = say(lang, "round.uncounted", n=len(uncounted))
        yield title, [_uncounted_line(o.name, _why_uncounted(o, state, lang), lang) for o in uncounted]
    if done.gone:
        yield say(lang, "round.gone", n=len(done.gone)), ["　" + say(lang, "list_mark").join(done.gone)]


def _uncounted_line(name: str, why: str, lang: Lang) -> str:
    return say(lang, "round.uncounted_one", name=name, why=why)


def _why_uncounted(office: Office, state: State, lang: Lang) -> str:
    """Why nothing that an office has sent counts."""
    years = [r.year for d in office.drafts for r in d.reports if r.year not in (None, state.year)]
    if years:
        return say(lang, "round.why_year", year=years[0], wanted=state.year)
    problems = [p.message for d in office.drafts for p in d.checked.extraction.problems]
    return problems[0] if problems else say(lang, "verdict_unreadable")


def _strange(done: Done, lang: Lang) -> str:
    names = [p.name for p in done.files.strange]
    return say(lang, "round.strange", n=len(names), files=_some(names, lang))


def _rest(done: Done, lang: Lang) -> str:
    """What became of the files that are not counted, so that the numbers add up."""
    why = Counter(r.uncounted for r in done.reviewed)
    found = {
        "older": sum(len(o.older) for o in done.offices),
        "unread": why["unread"],
        "unfit": why["year"] + why["place"] + len(done.aside),
        "lists": len(done.lists),
        "notes": len(done.notes),
    }
    said = [say(lang, f"round.rest_{key}", n=n) for key, n in found.items() if n]
    return say(lang, "aside", text=say(lang, "round.rest", what=say(lang, "list_mark").join(said))) if said else ""


def _is_offices(office: Office) -> bool:
    """Whether an office of the round is known to have sent it: a picture or a notice of which nothing is read is told by
    itself, and so is a draft of another place, which nobody will send again."""
    return any(d.reports or d.member for d in office.drafts) and not _is_astray(office)


def _is_astray(office: Office) -> bool:
    return bool(office.drafts) and all(any(f.rule == PLACE for f in d.open_findings) for d in office.drafts)


def _unfitting(folder: Path, state: State, done: Done, lang: Lang, *, screen: bool = False) -> Iterator[str]:
    """Years and places that do not fit the rest."""
    most = most_of(done.years)
    if state.year is not None and most is not None and most != state.year:
        how = _how("year", lang, screen, path=folder, most=most)
        yield say(lang, "round.most_other_year", year=state.year, most=most, how=how)
    if done.notes:
        yield say(lang, "round.notes", n=len(done.notes), files=_some(done.notes, lang))
    none = [called(r.path) for r in done.reviewed if not r.reports]
    if none:
        yield say(lang, "round.no_report", n=len(none), files=_some(none, lang))
    if (year := state.year or most) is not None:
        odd = [(r, d.year) for r in done.reviewed for d in r.reports if d.year not in (None, year)]
        if odd:
            files = [say(lang, "round.other_year_one", file=called(r.path), year=y) for r, y in odd]
            yield say(lang, "round.other_year", year=year, files=_some(files, lang))
    for aside, office in done.aside:
        of = say(lang, "year", year=aside.year) if aside.year else say(lang, "round.no_year_said")
        chosen = say(lang, "list_mark").join(inside(d.path, folder) for d in office.drafts)
        yield say(lang, "round.aside", file=aside.path, year=of, office=office.name, chosen=chosen)
    if done.misnamed:
        named = [say(lang, "round.misnamed_one", file=called(path), office=office) for path, office in done.misnamed]
        yield say(lang, "round.misnamed", n=len(named), files=_some(named, lang))
    places = [(r, f) for r in done.reviewed for f in r.open_findings if f.rule == PLACE]
    for each, finding in places[:_FEW]:
        yield say(lang, "round.odd_place", what=f"{called(each.path)}{say(lang, 'colon')}{finding.message}")
    yield from (f.message for f in done.nobodys if f.rule != "rollup.missing" or done.attendance is None)


def _some(names: Sequence[str], lang: Lang) -> str:
    more = say(lang, "and_files", n=len(names)) if len(names) > _FEW else ""
    return say(lang, "list_mark").join(names[:_FEW]) + more


def _group(
    offices: Sequence[Office], number: int, lang: Lang, *, all_of_them: bool, beside: Mapping[str, list[str]]
) -> Iterator[str]:
    """The offices of one group, the worst first, else as they come; those that are through by name alone."""
    ordered = sorted(offices, key=lambda o: (_ORDER[verdict_of(o)], -o.counts()["errors"]))
    listed = [o for o in ordered if all_of_them and verdict_of(o) != "pass"]
    for office in listed[:_MOST]:
        yield _office_line(office, number, lang)
        yield from _version_lines(office, lang)
        yield from beside.get(office.name, ())
    if len(listed) > _MOST:
        yield say(lang, "round.more_offices", n=len(listed) - _MOST)
    through = [o for o in ordered if o not in listed]
    if through:
        names = [o.name + (say(lang, "aside", text=said) if (said := _beside_a_pass(o, lang)) else "") for o in through]
        # All by name: whoever is told nowhere may be taken for missing.
        shown_names = say(lang, "list_mark").join(names)
        yield say(lang, "round.office", verdict=say(lang, "verdict_pass"), name=shown_names, counts="")
        for office in through:
            yield from _version_lines(office, lang)
            yield from beside.get(office.name, ())


def _beside_a_pass(office: Office, lang: Lang) -> str:
    """What has become of one that is through since it was last seen; else how many notes there are."""
    return _compared(office, lang).strip("　") or tally_of(problems(office), lang)


def _office_line(office: Office, number: int, lang: Lang) -> str:
    verdict = verdict_of(office)
    tallied = tally_of(problems(office), lang) if verdict != "unreadable" else ""
    said = "　" * bool(tallied) + tallied
    if office.clash and tallied:
        said += say(lang, "round.of_worst")
    since = say(lang, "round.since", n=office.number) if office.coming == "not_again" else ""
    return say(
        lang,
        "round.office",
        verdict=say(lang, f"verdict_{verdict}"),
        name=office.name,
        counts=said + _compared(office, lang) + since,
    )


def _compared(office: Office, lang: Lang) -> str:
    if not any(d.seen_before for d in office.drafts):
        return ""
    counts = office.compared
    if office.coming in ("not_again", "same") and not counts["new"] and not counts["closed"]:
        return ""
    unclear = say(lang, "round.unclear", n=counts["unclear"]) if counts["unclear"] else ""
    if verdict_of(office) == "pass" and not counts["open"] and not counts["new"]:
        # What is left of one that is through are notes.
        rest = say(lang, "round.compared_notes", n=counts["notes"]) if counts["notes"] else ""
        if not counts["closed"]:
            # One that had passed and has sent another draft has corrected nothing.
            return unclear
        return say(lang, "round.compared_pass", closed=counts["closed"]) + rest + unclear
    return say(lang, "round.compared", closed=counts["closed"], open=counts["open"], new=counts["new"]) + unclear


def _version_lines(office: Office, lang: Lang) -> Iterator[str]:
    """Which of several drafts counts, and why."""
    order = office.order
    if order is None:
        return
    if order.newest is None:
        files = say(lang, "list_mark").join(Path(d.path).name for d in office.drafts)
        yield say(lang, "round.clash", files=files)
        return
    named = order.by == "name" and not order.value
    why = say(lang, "round.why_name_other" if named else f"round.why_{order.by}", value=order.other or order.value)
    if order.against == ["names"]:
        why += say(lang, "semicolon") + say(lang, "round.against_names")
    elif order.against:
        said = [_contrary(a, order, lang) for a in order.against]
        why += say(lang, "round.against", what=say(lang, "list_mark").join(said))
    elif order.by == "modified":
        why += say(lang, "round.chosen_weak")
    yield say(lang, "round.chosen", file=order.newest.path, why=why, older=say(lang, "list_mark").join(office.older))


def _contrary(what: str, order: Order, lang: Lang) -> str:
    """What says that another draft is the newer one."""
    value = order.contrary.get(what, "")
    if not value:
        # The other's name says nothing: this one's says that it is the older.
        return say(lang, "round.against_own_name", value=words_of(order.newest.path) if order.newest else "")
    return say(lang, f"round.against_{what}", value=value)


# -- status and reasons --------------------------------------------------------------------------------------------


def _as_listed(state: State) -> Callable[[dict[str, Any]], tuple[int, str]]:
    """The order of the list: an office's place on it, and behind it whoever is not there."""
    rows = state.roster.rows if state.roster is not None else []
    heads = data("rules.toml")["roster"]["name"]
    at = {str(by_head(row, heads)).strip(): i for i, row in enumerate(rows)}
    return lambda o: (at.get(str(o.get("member") or o["office"]), len(at)), str(o["office"]))


def status(folder: Path, state: State, lang: Lang) -> Iterator[str]:
    """How the round stood at its last check."""
    year = say(lang, "year", year=state.year) if state.year else say(lang, "unknown_year")
    last = state.last
    if last is None:
        yield say(lang, "round.status_new", path=_called(folder), year=year)
        return
    at = last.at[:16].replace("T", " ")
    yield say(lang, "round.status_head", path=_called(folder), year=year, n=last.number, at=at)
    if state.missing:
        yield say(lang, "to_remind", n=len(state.missing)) + say(lang, "list_mark").join(_missing(state, lang))
    if state.unfiled:
        yield say(lang, "unfiled_line", n=len(state.unfiled)) + say(lang, "list_mark").join(state.unfiled)
    order = _as_listed(state)
    there = [o for o in state.offices if not o.get("astray") and (o["verdict"] != "unreadable" or o.get("member"))]
    for coming, key in (*_GROUPS, ("gone", "gone")):
        mine = [o for o in there if o["coming"] == coming and (o.get("counted", True) or coming == "gone")]
        if not mine:
            continue
        yield f"{say(lang, f'round.{key}', n=len(mine))}{say(lang, 'colon')}"
        names = [_named(o, lang) for o in sorted(mine, key=order) if o["verdict"] == "pass"]
        # As the check tells them: the worst first.
        for o in sorted(mine, key=lambda o: (_ORDER[o["verdict"]], -o["errors"], order(o))):
            if o["verdict"] == "pass":
                continue
            if "problems" in o:
                counts = "　" * bool(said := tally_of(o["problems"], lang)) + said
            else:
                counts = say(lang, "round.open_counts", errors=o["errors"], warnings=o["warnings"])
            if o["coming"] == "again":
                # A state of an earlier version has the counts with their notes only.
                n = o.get("compared", o)
                counts += say(lang, "round.compared", closed=n["closed"], open=n["open"], new=n["new"])
            yield say(
                lang, "round.office", verdict=say(lang, f"verdict_{o['verdict']}"), name=o["office"], counts=counts
            )
        if names:
            listed = say(lang, "list_mark").join(names)
            yield say(lang, "round.office", verdict=say(lang, "verdict_pass"), name=listed, counts="")
    through = {o["office"] for o in there if o.get("counted", True)}
    uncounted = [
        o for o in there if o["coming"] != "gone" and not o.get("counted", True) and o["office"] not in through
    ]
    if uncounted:
        yield say(lang, "round.uncounted", n=len(uncounted)) + say(lang, "colon")
    for o in sorted(uncounted, key=order):
        of_year = o["verdict"] != "unreadable" and o["year"] is not None
        why = (
            say(lang, "round.why_year", year=o["year"], wanted=state.year)
            if of_year
            else say(lang, "verdict_unreadable")
        )
        yield _uncounted_line(o["office"], why, lang)
    yield from _since_then(folder, state, lang)
    yield say(lang, "round.outputs_still", path=folder / OUTPUTS / last.outputs)


def _named(office: dict[str, Any], lang: Lang) -> str:
    """An office that is through, with its notes."""
    notes = tally_of(office["problems"], lang) if "problems" in office else ""
    return str(office["office"]) + (say(lang, "aside", text=notes) if notes else "")


def _missing(state: State, lang: Lang) -> Iterator[str]:
    """Whom to remind, with what came that is of no use."""
    came = {o.get("member") or o["office"]: o for o in state.offices if not o.get("counted", True)}
    for name in state.missing:
        office = came.get(name)
        why = ""
        if office is not None and office["coming"] != "gone":
            of_year = office["verdict"] != "unreadable" and office["year"] is not None
            why = say(lang, "remind_year", year=office["year"]) if of_year else say(lang, "remind_unreadable")
        yield name + (say(lang, "aside", text=why) if why else "")


def _since_then(folder: Path, state: State, lang: Lang) -> Iterator[str]:
    """Files that have come, have another content, or have gone since the last check."""
    found = (*since_then(folder, state), gone_since(folder, state))
    for key, names in zip(("came", "changed", "went"), found, strict=True):
        if names:
            yield say(lang, f"round.{key}", n=len(names), files=_some(names, lang))


def status_json(folder: Path, state: State) -> dict[str, Any]:
    """The same for a program."""
    last = state.last
    return {
        "round": shown(str(folder)),
        "year": state.year,
        "number": last.number if last else 0,
        "at": last.at if last else None,
        "offices": state.offices,
        "missing": state.missing,
        "unfiled": state.unfiled,
        "reasons": state.waivers,
    }


def reasons(state: State, lang: Lang) -> Iterator[str]:
    """The reasons that the round keeps, by number."""
    if not state.waivers:
        yield say(lang, "round.no_reasons")
    for i, w in enumerate(state.waivers, start=1):
        from gouji.show.causes import rule_name

        what = rule_name(str(w["rule"]), lang) if w.get("rule") else str(w.get("finding_id") or "")
        who = say(lang, "aside", text=w["who"]) if w.get("who") else ""
        issuer = f"{w['issuer']} " if w.get("issuer") else ""
        yield say(lang, "round.reason", n=i, issuer=issuer, what=what, reason=w.get("reason", ""), who=who)
