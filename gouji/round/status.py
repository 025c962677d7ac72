"""How a round stood at its last check, and which reasons it keeps, in words.

Belongs here: what the state says without any draft being read. Does not belong here: what a check found (`telling`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from checks.rules import data
from gouji.batch.roster_entries import by_head, whom_to_ask
from gouji.show.attendance import asked
from gouji.show.verdicts import tally_of
from gouji.words import Lang, say

from .folder import gone_since, since_then
from .offices import WORST
from .state import OUTPUTS, State
from .telling import GROUPS, folder_name, some, uncounted_line
from .work import for_errors, reopened


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
        yield say(lang, "round.status_new", path=folder_name(folder), year=year)
        return
    at = last.at[:16].replace("T", " ")
    yield say(lang, "round.status_head", path=folder_name(folder), year=year, n=last.number, at=at)
    if state.missing:
        yield say(lang, "to_remind", n=len(state.missing)) + say(lang, "list_mark").join(_missing(state, lang))
    if state.unfiled:
        yield say(lang, "unfiled_line", n=len(state.unfiled)) + say(lang, "list_mark").join(state.unfiled)
    order = _as_listed(state)
    there = [o for o in state.offices if not o.get("astray") and (o["verdict"] != "unreadable" or o.get("member"))]
    for coming, key in (*GROUPS, ("gone", "gone")):
        mine = [o for o in there if o["coming"] == coming and (o.get("counted", True) or coming == "gone")]
        if not mine:
            continue
        yield f"{say(lang, f'round.{key}', n=len(mine))}{say(lang, 'colon')}"
        names = [_named(o, state, lang) for o in sorted(mine, key=order) if o["verdict"] == "pass"]
        # As the check tells them: the worst first.
        for o in sorted(mine, key=lambda o: (WORST[o["verdict"]], -o["errors"], order(o))):
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
        yield uncounted_line(o["office"], why, lang)
    yield from _since_then(folder, state, lang)
    yield say(lang, "round.outputs_still", path=folder / OUTPUTS / last.outputs)


def _named(office: dict[str, Any], state: State, lang: Lang) -> str:
    """An office that is through, with its notes, its reasons, and those of them that were taken back since."""
    back = reopened(state, office) if office.get("waived") else 0
    kept = office.get("waived", 0) - back
    said = [tally_of(office["problems"], lang)] if "problems" in office else []
    said += [say(lang, "round.waived", n=kept)] if kept > 0 else []
    said += [say(lang, "round.reopened", n=back)] if back else []
    text = say(lang, "list_mark").join(t for t in said if t)
    return str(office["office"]) + (say(lang, "aside", text=text) if text else "")


def _missing(state: State, lang: Lang) -> Iterator[str]:
    """Whom to remind, with what came that is of no use."""
    rows = state.roster.rows if state.roster is not None else []
    heads = data("rules.toml")["roster"]["name"]
    whom = {str(by_head(row, heads)).strip(): whom_to_ask(row) for row in rows}
    came = {o.get("member") or o["office"]: o for o in state.offices if not o.get("counted", True)}
    for name in state.missing:
        office = came.get(name)
        why = ""
        if office is not None and office["coming"] != "gone":
            of_year = office["verdict"] != "unreadable" and office["year"] is not None
            why = say(lang, "remind_year", year=office["year"]) if of_year else say(lang, "remind_unreadable")
        yield name + asked(why, whom.get(name, (None, None)), lang)


def _since_then(folder: Path, state: State, lang: Lang) -> Iterator[str]:
    """Files that have come, have another content, or have gone since the last check."""
    found = (*since_then(folder, state), gone_since(folder, state))
    for key, names in zip(("came", "changed", "went"), found, strict=True):
        if names:
            yield say(lang, f"round.{key}", n=len(names), files=some(names, lang))


def reasons(state: State, lang: Lang) -> Iterator[str]:
    """The reasons that the round keeps, by number."""
    if not state.waivers:
        yield say(lang, "round.no_reasons")
    errors = for_errors(state) if state.waivers else set()
    for i, w in enumerate(state.waivers, start=1):
        from gouji.show.causes import rule_name

        what = rule_name(str(w["rule"]), lang) if w.get("rule") else str(w.get("finding_id") or "")
        who = say(lang, "aside", text=w["who"]) if w.get("who") else ""
        issuer = f"{w['issuer']} " if w.get("issuer") else ""
        who += say(lang, "round.reason_of_error") if i - 1 in errors else ""
        yield say(lang, "round.reason", n=i, issuer=issuer, what=what, reason=w.get("reason", ""), who=who)
