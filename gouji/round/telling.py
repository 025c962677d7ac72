"""What is said of a check of a round: on the screen, and above the page and the workbook.

Belongs here: which offices are named, in which words and order. Does not belong here: what was found (`work`), the same for
a program (`as_json`), how the round stood before (`status`), the outputs for single offices (`show`, `word`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from gouji.batch.files import called
from gouji.batch.mutual import PLACE
from gouji.batch.reviewed import InRound
from gouji.show.verdicts import summary, tally_of
from gouji.words import Lang, say
from parsers.files.paths import shown

from . import kept
from .folder import inside
from .offices import WORST, Office, is_astray, problems, verdict_of
from .state import State
from .versions import Order, words_of
from .work import Done, most_of

_MOST, _FEW = 40, 8
GROUPS = (
    ("again", "coming_again"), ("first", "first"), ("shut", "shut"), ("not_again", "not_again"), ("same", "same"),
)  # fmt: skip


def folder_name(folder: Path) -> str:
    """A round's folder for a headline: the one that a command runs in has no name of its own there."""
    return shown(str(folder) if folder.name else folder.resolve().name)


# -- the screen ----------------------------------------------------------------------------------------------------


def lines(folder: Path, state: State, done: Done, now: datetime, lang: Lang) -> Iterator[str]:
    """A check in words: who is there, what does not fit, every office that has something to do."""
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
        yield summary((r.verdict for r in counted), lang, "round.summary") + rest


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
    return say(lang, "round.head", path=folder_name(folder), n=done.number, at=at, year=year, **numbers) + _rest(
        done, lang
    )


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
    told_shut = {path for o in there for path in o.shut}
    beside: dict[str, list[str]] = {}
    for o in there:
        if not o.counted and o.name in through and not told_shut & {d.path for d in o.drafts}:
            files = say(lang, "list_mark").join(Path(d.path).name for d in o.drafts)
            said = say(lang, "round.besides", files=files, why=_why_uncounted(o, state, lang))
            beside.setdefault(o.name, []).append(said)
    for coming, key in GROUPS:
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
        yield title, [uncounted_line(o.name, _why_uncounted(o, state, lang), lang) for o in uncounted]
    if done.gone:
        yield say(lang, "round.gone", n=len(done.gone)), ["　" + say(lang, "list_mark").join(done.gone)]


def uncounted_line(name: str, why: str, lang: Lang) -> str:
    """An office of which nothing counts, and why."""
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
    return say(lang, "round.strange", n=len(names), files=some(names, lang))


def _rest(done: Done, lang: Lang) -> str:
    """What became of the files that are not counted, so that the numbers add up."""
    why = Counter(r.uncounted for r in done.reviewed)
    found = {
        "older": sum(len(o.older) for o in done.offices),
        "unread": why["unread"],
        "unfit": why["year"] + why["place"] + len(done.aside),
        "lists": len(done.lists),
        "own": done.own,
        "notes": len(done.notes),
    }
    said = [say(lang, f"round.rest_{key}", n=n) for key, n in found.items() if n]
    return say(lang, "aside", text=say(lang, "round.rest", what=say(lang, "list_mark").join(said))) if said else ""


def _is_offices(office: Office) -> bool:
    """Whether an office of the round is known to have sent it: a picture or a notice of which nothing is read is told by
    itself, and so is a draft of another place, which nobody will send again."""
    return any(d.reports or d.member for d in office.drafts) and not is_astray(office)


def _unfitting(folder: Path, state: State, done: Done, lang: Lang, *, screen: bool = False) -> Iterator[str]:
    """Years and places that do not fit the rest."""
    most = most_of(done.years)
    if state.year is not None and most is not None and most != state.year:
        how = _how("year", lang, screen, path=folder, most=most)
        yield say(lang, "round.most_other_year", year=state.year, most=most, how=how)
    yield from done.not_compared
    if done.notes:
        yield say(lang, "round.notes", n=len(done.notes), files=some(done.notes, lang))
    none = [called(r.path) for r in done.reviewed if not r.reports]
    if none:
        shut = any(kept.unopened(r.checked.extraction) for r in done.reviewed if not r.reports)
        todo = say(lang, "round.no_report_todo") if shut else ""
        yield say(lang, "round.no_report", n=len(none), files=some(none, lang)) + todo
    yield from _kept(state, done, lang)
    if (year := state.year or most) is not None:
        odd = [(r, d.year) for r in done.reviewed for d in r.reports if d.year not in (None, year)]
        if odd:
            files = [say(lang, "round.other_year_one", file=called(r.path), year=y) for r, y in odd]
            yield say(lang, "round.other_year", year=year, files=some(files, lang))
    for aside, office in done.aside:
        of = say(lang, "year", year=aside.year) if aside.year else say(lang, "round.no_year_said")
        chosen = say(lang, "list_mark").join(inside(d.path, folder) for d in office.drafts)
        yield say(lang, "round.aside", file=aside.path, year=of, office=office.name, chosen=chosen)
    if done.misnamed:
        named = [say(lang, "round.misnamed_one", file=called(path), office=office) for path, office in done.misnamed]
        yield say(lang, "round.misnamed", n=len(named), files=some(named, lang))
    places = [(r, f) for r in done.reviewed for f in r.open_findings if f.rule == PLACE]
    for each, finding in places[:_FEW]:
        yield say(lang, "round.odd_place", what=f"{called(each.path)}{say(lang, 'colon')}{finding.message}")
    yield from (f.message for f in done.nobodys if f.rule != "rollup.missing" or done.attendance is None)


def _kept(state: State, done: Done, lang: Lang) -> Iterator[str]:
    """Whose earlier result stands as their files cannot be opened now, and whether their figures can be summed up."""
    by_check: dict[tuple[int, bool], list[str]] = {}
    for each in done.reviewed:
        if each.kept_from:
            mine = state.submissions.get(each.checked.extraction.source.sha256)
            summed = mine is not None and kept.has_cells(mine)
            by_check.setdefault((each.kept_from, summed), []).append(each.path)
    for (number, summed), paths in sorted(by_check.items()):
        endings = say(lang, "list_mark").join(sorted({Path(p).suffix.lower() for p in paths}))
        files = some([called(p) for p in paths], lang)
        said = say(lang, "round.kept", n=number, count=len(paths), endings=endings, files=files)
        yield said + say(lang, "round.kept_summed" if summed else "round.kept_not_summed")


def some(names: Sequence[str], lang: Lang) -> str:
    """The first of some names, and how many they are; for the sake of one no list is cut off."""
    more = say(lang, "and_files", n=len(names)) if len(names) > _FEW + 1 else ""
    return say(lang, "list_mark").join(names[:_FEW] if more else names) + more


def _group(
    offices: Sequence[Office], number: int, lang: Lang, *, all_of_them: bool, beside: Mapping[str, list[str]]
) -> Iterator[str]:
    """The offices of one group, the worst first, else as they come; those that are through by name alone."""
    ordered = sorted(offices, key=lambda o: (WORST[verdict_of(o)], -o.counts()["errors"]))
    listed = [o for o in ordered if all_of_them and (verdict_of(o) != "pass" or o.shut)]
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
    """What has become of one that is through since it was last seen, else how many notes there are; and what is explained."""
    said = _compared(office, lang).strip("　") or tally_of(problems(office), lang)
    waived = office.waived
    explained = say(lang, "round.waived", n=waived) if waived else ""
    read = say(lang, "round.read_now") if office.read_now else ""
    return say(lang, "list_mark").join(t for t in (read, said, explained) if t)


def _office_line(office: Office, number: int, lang: Lang) -> str:
    verdict = verdict_of(office)
    tallied = tally_of(problems(office), lang) if verdict != "unreadable" else ""
    said = "　" * bool(tallied) + tallied
    if office.clash and tallied:
        said += say(lang, "round.of_worst")
    since = say(lang, "round.since", n=office.number) if office.coming == "not_again" else ""
    if office.read_now:
        since = say(lang, "aside", text=say(lang, "round.read_now"))
    if office.shut:
        since = say(lang, "round.shut_one", files=say(lang, "list_mark").join(Path(p).name for p in office.shut))
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
    if office.coming in ("not_again", "same", "shut") and not counts["new"] and not counts["closed"]:
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
    """Which of several drafts counts, and why; of one that is through and has sent nothing since it was told then."""
    order = office.order
    if order is None or (office.coming == "same" and order.newest is not None):
        return
    if order.newest is None:
        files = say(lang, "list_mark").join(Path(d.path).name for d in office.drafts)
        yield say(lang, "round.clash", files=files)
        return
    named = order.by == "name" and not order.value
    value = order.other or order.value
    if order.by == "name":
        value = _name_says(value, lang)
    why = say(lang, "round.why_name_other" if named else f"round.why_{order.by}", value=value)
    if order.against == ["names"]:
        why += say(lang, "semicolon") + say(lang, "round.against_names")
    elif order.against:
        said = [_contrary(a, order, lang) for a in order.against]
        why += say(lang, "round.against", what=say(lang, "list_mark").join(said))
    elif order.by == "modified":
        why += say(lang, "round.chosen_weak")
    older = say(lang, "list_mark").join(office.older)
    yield say(lang, "round.chosen", name=office.name, file=order.newest.path, why=why, older=older)


def _contrary(what: str, order: Order, lang: Lang) -> str:
    """What says that another draft is the newer one."""
    value = order.contrary.get(what, "")
    if not value:
        # The other's name says nothing: this one's says that it is the older.
        own = words_of(order.newest.path) if order.newest else ""
        return say(lang, "round.against_own_name", value=_name_says(own, lang))
    return say(lang, f"round.against_{what}", value=_name_says(value, lang) if what == "name" else value)


def _name_says(words: str, lang: Lang) -> str:
    """The words of a file's name, and apart from them those of its folders (`versions.words_of`)."""
    said = []
    for each in words.split("、"):
        *folders, name = each.split("/")
        said += [say(lang, "round.name_says", value=name)] if name else []
        said += [say(lang, "round.folder_says", value=f) for f in folders]
    return say(lang, "list_mark").join(dict.fromkeys(said))
