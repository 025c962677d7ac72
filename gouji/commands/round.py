"""`gouji round`: a round of checking in one folder, from the first drafts to the last correction.

Belongs here: arguments, what is written where, what is said. Does not belong here: the round itself (`gouji.round`), a single
check and its outputs (`commands.check`).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji.words import Lang, say
from parsers.files.paths import shown

if TYPE_CHECKING:
    from gouji.round.state import State

HELP = "一轮核对：一个文件夹从收稿到改好 | a round of checking is a folder"
EXAMPLE = """示例： | Example:
  gouji round start 2025年报 --roster 名单.xlsx --previous 2024年报
  gouji round check 2025年报
  gouji round status 2025年报

怎样做： | How it goes:
  1. start 建好（或认定）文件夹，记下名单；各单位报来的草稿都放进这个文件夹。
  2. check 想核对几次就几次。工作簿、网页、反馈意见单、审阅稿写在“2025年报/核对结果/第N次”。
     改好的稿直接放进来（代替旧稿，或另取名如“修改稿”），再 check：会说哪些已改、未改、新出现，谁没有再报。
  3. 确有特殊原因的，在 核对报告.xlsx 的“问题”表“原因”一列写明，保存后再 check 就记下了。"""


WAIVE_EXAMPLE = """示例： | Example:
  gouji round waive 2025年报
  gouji round waive 2025年报 说明.xlsx
  gouji round waive 2025年报 --drop 1"""


def _part(parts: Any, name: str, what: str) -> argparse.ArgumentParser:
    """A part of the command; what it does stands in its own help too."""
    part: argparse.ArgumentParser = parts.add_parser(name, help=what, description=what)
    return part


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command and of its parts."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    start = _part(parts, "start", "开始一轮，或改它的设置 | begin a round, or change its settings")
    start.add_argument("folder", type=Path, metavar="FOLDER", help="这一轮的文件夹 | the round's folder")
    start.add_argument(
        "--roster", type=Path, metavar="FILE", help="应报单位名单（Excel、CSV 或 Word 表） | who must report"
    )
    start.add_argument(
        "--previous", type=Path, metavar="PATH", help="上一年的年报：文件夹、上一轮或数据库 | last year's"
    )
    start.add_argument("--year", type=int, metavar="YEAR", help="年度（不写则看文件夹名） | the year of the reports")
    check = _part(parts, "check", "核对，想做几次就几次 | check, as often as wanted")
    status = _part(parts, "status", "到哪一步了，不重新核对 | how it stands, without checking")
    restore = _part(parts, "restore", "记录文件损坏或丢失时恢复 | get a damaged state back")
    for part in (check, status, restore):
        part.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="不写则是当前文件夹 | default: here")
    waive = _part(parts, "waive", "看、记下、撤销原因 | show, take, drop reasons for findings")
    waive.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="FOLDER|FILE",
        help="文件夹；情况说明（.xlsx 或 .csv） | folder; a file of reasons",
    )
    waive.epilog, waive.formatter_class = WAIVE_EXAMPLE, argparse.RawDescriptionHelpFormatter
    waive.add_argument("--drop", type=int, metavar="N", help="撤销第 N 条 | drop a reason")
    for part in (start, check):
        part.add_argument(
            "--deadline", metavar="DATE", help="反馈意见单上的更正期限 | by when to correct, for the slips"
        )
        part.add_argument("--from", dest="sender", metavar="NAME", help="反馈意见单的落款单位 | who signs the slips")
        part.add_argument("--date", dest="dated", metavar="DATE", help="反馈意见单的日期 | date of the slips")
    for part in (check, status):
        part.add_argument("--format", choices=("text", "json"), default="text")
    for part in (start, check, status, waive, restore):
        part.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0; 1 for drafts with errors; 2 if something could not be read or done (2 wins)."""
    from gouji.batch.sheets import SheetError
    from gouji.round.state import StateError

    parts: dict[str, Callable[[argparse.Namespace, Lang], int]] = {
        "start": _start, "check": _check, "status": _status, "waive": _waive, "restore": _restore,
    }  # fmt: skip
    try:
        return parts[args.part](args, lang)
    except (StateError, SheetError) as error:
        _tell(str(error))
        return 2


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


def _folder(given: Path | None, lang: Lang) -> Path:
    """The round's folder: the one named, else the current one, else the only one in it. Raises `StateError`."""
    from gouji.round.folder import rounds_below
    from gouji.round.state import StateError

    if given is not None:
        if given.is_file():
            raise StateError(say(lang, "round.is_file", path=given))
        if not given.exists():
            raise StateError(say(lang, "round.no_folder", path=given))
        return given
    found = rounds_below(Path())
    if len(found) > 1:
        names = say(lang, "list_mark").join(p.name for p in found)
        raise StateError(say(lang, "round.several", n=len(found), names=names))
    return found[0] if found else Path()


def _state(folder: Path, lang: Lang) -> State:
    """The round's state. Raises `StateError` where there is none."""
    from gouji.round import state

    found = state.load(folder, lang)
    if found is None:
        lost = bool(state.copies(folder))
        raise state.StateError(say(lang, "round.lost" if lost else "round.not_begun", path=folder))
    return found


# -- start ---------------------------------------------------------------------------------------------------------


def _start(args: argparse.Namespace, lang: Lang) -> int:
    from gouji.round import state
    from gouji.round.folder import alone

    folder: Path = args.folder
    if folder.is_file():
        raise state.StateError(say(lang, "round.is_file", path=folder))
    missing = next((p for p in (args.roster, args.previous) if p is not None and not p.exists()), None)
    if missing is not None:
        _tell(say(lang, "no_file", path=missing))
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder, lang):
        known = state.load(folder, lang)
        if known is None and state.copies(folder):
            raise state.StateError(say(lang, "round.lost", path=folder))
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        made = known or state.State(now, year=_year_of(folder))
        changed = _settings(args, made, folder, lang)
        state.save(made, folder)
    if args.deadline is not None:
        _day_that_is_odd(args.deadline, made, folder, lang)
    if args.previous is not None and made.year is not None:
        from gouji.batch import not_compared

        if said := not_compared.at_once(args.previous, made.year, lang):
            _tell(say(lang, "round.previous_how", said=said, path=folder))
    if known is not None:
        what = say(lang, "list_mark").join(changed)
        print(say(lang, "round.again" if what else "round.again_nothing", n=len(made.checks), what=what))
        if args.year is not None and (most := _most_drafts(made)) not in (None, args.year):
            # A slip here would make every draft one of another year.
            print(say(lang, "round.again_other_year", year=args.year, most=most, path=folder), file=sys.stderr)
        return 0
    year = say(lang, "round.begun_year", year=made.year) if made.year else ""
    # As it is to be typed.
    typed = f'"{folder}"' if any(c in " &()^%;," for c in str(folder)) else str(folder)
    print(say(lang, "round.begun", path=shown(typed), year=year))
    for line in changed:
        print(f"  {line}")
    if made.year is None:
        print(say(lang, "round.no_year"))
    return 0


def _day_that_is_odd(given: str, state: State, folder: Path, lang: Lang) -> None:
    """Tell of a deadline that is over, or with its year before the end of the reports' own."""
    day, today = state.deadline or "", date.today().isoformat()
    if state.year and day <= f"{state.year}-12-31" and re.search(r"\d{4}", given):
        _tell(say(lang, "round.set_deadline_early", day=day, year=state.year, path=folder))
    elif day < today:
        _tell(say(lang, "round.set_deadline_past", day=day, today=today, path=folder))


def _most_drafts(state: State) -> int | None:
    """The year that most drafts of the last check are of."""
    from collections import Counter

    from gouji.round.work import most_of

    return most_of(Counter(o["year"] for o in state.offices if o.get("year")))


def _year_of(folder: Path) -> int | None:
    """The year that a folder's name says."""
    m = re.search(r"(?<!\d)(20\d\d)(?!\d)", folder.resolve().name)
    return int(m[1]) if m else None


def _settings(args: argparse.Namespace, state: State, folder: Path, lang: Lang) -> list[str]:
    """Put what the arguments say into the state; returns what changed, in words. Raises `StateError`, `SheetError`."""
    from gouji.round.state import Linked

    changed = _letter(args, state, lang, args.year)
    if args.year is not None and args.year != state.year:
        state.year = args.year
        changed.append(say(lang, "round.set_year", year=args.year))
    if args.roster is not None:
        from gouji.batch import roster
        from gouji.round.work import plain_rows

        given = roster.load(args.roster)
        for note in given.notes:
            _tell(note)
        state.roster = Linked.to(args.roster, folder)
        state.roster.rows = plain_rows(given)
        changed.append(say(lang, "round.set_roster", path=args.roster, n=len(given.roster.members)))
    if args.previous is not None:
        state.previous = Linked.to(args.previous, folder)
        changed.append(say(lang, "round.set_previous", path=args.previous))
    return changed


def _letter(args: argparse.Namespace, state: State, lang: Lang, year: int | None = None) -> list[str]:
    """What is to stand on the slips. A day without its year is of the round's season; of today's where that is not known."""
    from gouji.batch.roster_entries import day_of, why_no_day
    from gouji.round.state import StateError

    changed = []
    for name in ("deadline", "dated"):
        given = getattr(args, name)
        if given is None:
            continue
        day = day_of(given, year or state.year or date.today().year - 1)
        if day is None:
            raise StateError(why_no_day(given, lang))
        setattr(state, name, day.isoformat())
        changed.append(say(lang, f"round.set_{name}", day=day.isoformat()))
    if args.sender is not None:
        state.sender = args.sender
        changed.append(say(lang, "round.set_sender", name=args.sender))
    return changed


# -- check ---------------------------------------------------------------------------------------------------------


def _check(args: argparse.Namespace, lang: Lang) -> int:
    from gouji.batch.read_files import faults_of
    from gouji.round import keeping, work
    from gouji.round.folder import alone, files_of

    folder = _folder(args.folder, lang)
    known = _state(folder, lang)
    with alone(folder, lang):
        # What the run before has written in the meantime counts.
        known = _state(folder, lang)
        _letter(args, known, lang)
        if (n := len(files_of(folder, known, outputs_too=False).drafts)) > 1:
            # Last year's reports are read before the drafts are: nobody is to wait for the first word.
            print(say(lang, "round.checking", n=n), file=sys.stderr, flush=True)
        brought, status, notes = keeping.brought(folder, known, lang)
        for note in notes:
            _tell(note)
        now = datetime.now().astimezone()
        done = work.check(folder, known, brought, lang, now)
        done.told = [brought.on_page.get(note, note) for note in notes]
        done.told += faults_of((each.checked.extraction for each in done.reviewed), lang)
        if brought.previous is not None:
            brought.previous.close()
        outputs, problems, written = keeping.keep(folder, known, done, now, lang)
        for problem in problems:
            _tell(problem)
            status = 2
    status = max([status, *(_exit(r.verdict, bool(r.checked.extraction.problems)) for r in done.reviewed)])
    from gouji.round import as_json, telling

    if args.format == "json":
        _print_json(as_json.as_json(folder, known, done, outputs), lang)
    else:
        for line in telling.lines(folder, known, done, now, lang):
            print(line)
        if outputs is not None:
            print(say(lang, "round.outputs" if written else "round.outputs_still", path=outputs))
    return status


def _print_json(given: dict[str, Any], lang: Lang) -> None:
    from gouji.outputs import results

    with results(None, "json", lang) as stream:
        json.dump(given, stream, ensure_ascii=False, indent=1)
        stream.write("\n")


def _exit(verdict: str, problems: bool) -> int:
    return 2 if problems or verdict == "unreadable" else 1 if verdict == "fail" else 0


# -- status, reasons, restoring ------------------------------------------------------------------------------------


def _status(args: argparse.Namespace, lang: Lang) -> int:
    from gouji.round import as_json, status

    folder = _folder(args.folder, lang)
    known = _state(folder, lang)
    if args.format == "json":
        _print_json(as_json.status_json(folder, known), lang)
    else:
        for line in status.status(folder, known, lang):
            print(line)
    return 0


def _waive(args: argparse.Namespace, lang: Lang) -> int:
    from gouji.round import keeping, state, status
    from gouji.round.folder import alone

    folders = [p for p in args.paths if p.is_dir()]
    files = [p for p in args.paths if not p.is_dir()]
    folder = _folder(folders[0] if folders else None, lang)
    _state(folder, lang)
    with alone(folder, lang):
        known = _state(folder, lang)
        for path in files:
            if not path.exists():
                _tell(say(lang, "no_file", path=path))
                return 2
            for line in keeping.taken(path, *keeping.take(known, path), lang):
                print(line)
        if args.drop is not None:
            if not 1 <= args.drop <= len(known.waivers):
                _tell(say(lang, "round.no_such_reason", n=args.drop))
                return 2
            keeping.drop(known, args.drop)
            print(say(lang, "round.reason_dropped", n=args.drop, path=folder))
        if files or args.drop is not None:
            state.save(known, folder)
    for line in status.reasons(known, lang):
        print(line)
    return 0


def _restore(args: argparse.Namespace, lang: Lang) -> int:
    from gouji.round import state
    from gouji.round.folder import alone

    folder = _folder(args.folder, lang)
    with alone(folder, lang):
        try:
            if state.load(folder, lang) is not None:
                print(say(lang, "round.not_damaged", path=folder))
                return 0
        except state.StateError as error:
            if not error.damaged:
                raise
        found = state.restored(folder, lang)
        if found is None:
            _tell(say(lang, "round.nothing_to_restore", path=folder))
            return 2
        again, copy, unread = found
        if (folder / state.FILE).exists():
            print(say(lang, "round.restored_aside", path=state.set_aside(folder).name))
        state.save(again, folder)
        number = again.last.number if again.last else 0
        print(say(lang, "round.restored", copy=copy, n=number, reasons=len(again.waivers)))
        if unread:
            _tell(say(lang, "round.restored_not_all", copies=say(lang, "list_mark").join(str(p) for p in unread)))
    return 0
