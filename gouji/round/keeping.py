"""What a check of a round takes from the disk beside its drafts, and what it leaves there.

Belongs here: the roster, last year's reports and reasons as the state knows them; writing the outputs of a check, then the
state. Does not belong here: the check (`work`), what is said of it (`telling`), how outputs look (`show`, `word`).

The state is replaced last, in one step: a run that is killed before leaves the state that was there, and its outputs are
written again by the next one under the same number.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from gouji import outputs
from gouji.batch import previous, roster, waivers
from gouji.batch.sheets import SheetError
from gouji.words import Lang, say
from parsers.files import marks

from . import as_json, telling, work
from .state import OUTPUTS, Check, State, save
from .work import Brought, Done


def brought(folder: Path, state: State, lang: Lang) -> tuple[Brought, int, list[str]]:
    """What the round's settings name, an exit status (2 where something is not there), and what is to be told."""
    out, status, notes = Brought(), 0, []
    if state.roster is not None:
        path = state.roster.find(folder)
        try:
            out.roster = roster.load(path)
            state.roster.rows = work.plain_rows(out.roster)
            notes += out.roster.notes
        except (OSError, SheetError) as error:
            out.roster = roster.from_rows(state.roster.rows, path.name)
            n = len(state.roster.rows)
            if path.exists():
                notes.append(say(lang, "round.roster_unread", path=path, why=error, n=n))
            else:
                gone = [
                    say(lang, "round.roster_gone", path=path, n=n, how=say(lang, how, folder=folder))
                    for how in ("round.roster_how", "round.roster_how_page")
                ]
                notes.append(gone[0])
                out.on_page[gone[0]] = gone[1]
            status = 2
    if state.previous is not None:
        path = state.previous.find(folder)
        if path.exists():
            out.previous, problems = previous.load(path, lang)
            notes += problems
        else:
            notes.append(say(lang, "round.previous_gone", path=path))
            status = 2
    # What an earlier version has kept of them counts for nothing.
    for number in sorted(work.for_errors(state), reverse=True):
        state.dropped.append({**state.waivers.pop(number), work.FOR_ERROR: True})
    for book in _worked_in(folder):
        try:
            notes += taken(f"{book.parent.name}/{book.name}", *take(state, book), lang, silent=True)
        except (OSError, SheetError) as error:
            notes.append(say(lang, "round.reasons_unread", path=book, why=error))
            status = 2
    return out, status, notes


def _worked_in(folder: Path) -> list[Path]:
    """The workbooks of earlier checks in which a person has worked since, oldest first."""
    found = []
    for path in (folder / OUTPUTS).glob("*/*.xlsx"):
        if path.name.startswith("~$"):
            continue
        try:
            mark = marks.of(path.read_bytes())
        except OSError:
            continue
        if mark is not None and mark.kind == "report" and not mark.written:
            found.append(path)
    return sorted(found, key=lambda p: p.stat().st_mtime)


def take(state: State, path: Path) -> tuple[int, int]:
    """Keep the reasons of a file in the state; returns how many are new or other than before, and how many were for errors
    and so are not kept. Raises SheetError, OSError."""
    taken = errors = 0
    for line in waivers.load(path):
        kept = work.kept_line(line, date.today())
        about = [kept[k] for k in ("finding_id", "rule", "address", "issuer", "year")]
        if kept["rule"]:
            # By rule and place a reason goes with the office's next draft, whose findings have other ids.
            kept["finding_id"] = about[0] = None
        same = [
            w for w in state.waivers if [w.get(k) for k in ("finding_id", "rule", "address", "issuer", "year")] == about
        ]
        if any(w.get("reason") == kept["reason"] for w in same):
            continue
        if _dropped(state, kept):
            continue
        if work.is_for_errors(state, kept):
            # Told once: it stays in the file that it was written in, also when the error is corrected.
            state.dropped.append({**kept, work.FOR_ERROR: True})
            errors += 1
            continue
        state.waivers = [w for w in state.waivers if w not in same] + [kept]
        taken += 1
    return taken, errors


def taken(path: str | Path, n: int, errors: int, lang: Lang, *, silent: bool = False) -> list[str]:
    """How many reasons were taken from a file, and how many were not; ``silent`` where there was nothing new."""
    said = [] if silent and not n else [say(lang, "round.reasons_taken", path=path, n=n)]
    return said + ([say(lang, "round.reasons_left", path=path, n=errors)] if errors else [])


def _dropped(state: State, kept: dict[str, Any]) -> bool:
    """Whether a person has taken this reason back: it stays in the workbook that it was written in."""
    names = ("rule", "address", "issuer", "year", "reason")
    return any([d.get(n) for n in names] == [kept.get(n) for n in names] for d in state.dropped)


def drop(state: State, number: int) -> None:
    """Take back a reason, by its number from 1. What it explained is told again from the next check on."""
    state.dropped.append({**state.waivers.pop(number - 1), work.AFTER: state.last.number if state.last else 0})


# -- what is left --------------------------------------------------------------------------------------------------


def keep(folder: Path, state: State, done: Done, now: datetime, lang: Lang) -> tuple[Path | None, list[str], bool]:
    """Write a check's outputs and then the state; returns where they are, what went wrong, whether they were written now."""
    name = say(lang, "round.number_name", n=done.number)
    last = state.last
    if last is not None and done.unchanged:
        name = last.outputs
    target = folder / OUTPUTS / name
    there = done.unchanged and last is not None and last.complete and target.is_dir()
    problems: list[str] = []
    if done.reviewed and not there:
        problems = _write(folder, target, done, state, now, lang)
    entry = Check(
        done.number, now.isoformat(timespec="seconds"), done.fingerprint, name, len(done.files.drafts), not problems
    )
    if not there:
        state.checks = [*(c for c in state.checks if c.number != done.number), entry]
        state.offices = [as_json.office_json(o, state, folder) for o in done.offices] + _gone(state, done)
        state.lists = [*done.lists, *done.notes]
        state.missing = [m.name for m in done.attendance.to_remind] if done.attendance is not None else []
        state.unfiled = [m.name for m in done.attendance.unfiled] if done.attendance is not None else []
    save(state, folder, target if done.reviewed and not there else None)
    return (target if done.reviewed else None), problems, not there


def _gone(state: State, done: Done) -> list[dict[str, Any]]:
    """Offices whose file is away: what is known of them is kept."""
    return [{**o, "coming": "gone"} for o in state.offices if o["office"] in done.gone]


def _write(folder: Path, target: Path, done: Done, state: State, now: datetime, lang: Lang) -> list[str]:
    """Workbook, page, slips and copies; returns what could not be done."""
    from gouji.batch.options import Options
    from gouji.batch.writing import write_files, write_report
    from gouji.word.slip import Letter

    into = outputs.Folder(target, lang)
    name = say(lang, "round.report_name")
    workbook = into.free(Path(f"{name}.xlsx"), "report")
    options = Options(
        annotate=target / say(lang, "round.copies_name"),
        report=(workbook,),
        slips=target / say(lang, "round.slips_name"),
        letter=Letter(state.sender, state.deadline, state.dated, state.year),
        lang=lang,
        quiet=True,
        in_round=telling.on_page(folder, state, done, now, lang),
    )
    failed = write_files(done.reviewed, done.attendance, [folder], options)
    page = into.free(Path(f"{name}.html"), "report")
    failed |= write_report(done.reviewed, done.attendance, [folder], page, options)
    return [say(lang, "round.not_all_written", path=target)] if failed else []
