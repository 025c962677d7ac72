"""`gouji check`: what is wrong with them.

Belongs here: arguments, the order of a check's work, the screen, its exit status. Does not belong here: rules and verdicts
(`checks`), how findings look (`show`), what a check writes and the files that people bring to it (`gouji.batch`: `writing`,
`waivers`, `rounds`, `roster`, `previous`).

What only some checks need is imported when it is asked for: a clerk's `gouji check draft.docx` must start fast.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING

import checks
from gouji import console, outputs
from gouji.batch import judging
from gouji.batch.options import Options
from gouji.batch.read_files import faults_of, read_all
from gouji.batch.reviewed import Reviewed
from gouji.batch.writing import report_target, target_of, write_files
from gouji.show.text import Screen, lines_of
from gouji.show.verdicts import summary
from gouji.words import Lang, say
from schemas.facts import Extraction, Problem
from schemas.findings import Finding

if TYPE_CHECKING:
    from gouji.batch.previous import Previous
    from gouji.batch.roster import Attendance, RosterFile
    from gouji.batch.rounds import Round
    from gouji.batch.waivers import Line
    from gouji.word.slip import Letter


HELP = "核对年报，指出哪一格有问题（check 可以不写） | what is wrong with them"
EXAMPLE = """示例： | Example:
  gouji check data/samples
  gouji check 草稿.docx --previous 去年年报.docx --annotate 审阅稿
  gouji check 草稿文件夹 --roster 名单.xlsx --report 核对报告.xlsx --slips 反馈意见单
  gouji check 草稿文件夹 --format json --output 结果.json"""


# Of more files the screen shows what is wrong, and the page the rest; in this order.
_FEW = 5
_ORDER = ("pass", "warn", "fail", "unreadable")


@dataclass
class _Given:
    """What the options' files hold."""

    previous: Previous | None = None
    roster: RosterFile | None = None
    since: Round | None = None
    waivers: list[Line] | None = None
    # What is to be known of the drafts as a whole.
    notes: list[str] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="写入文件（UTF-8） | write to a file")
    parser.add_argument(
        "--profile", choices=("draft", "published"), default="draft", help="草稿或已公布 | draft or published"
    )
    parser.add_argument("--all", action="store_true", help="连无法核对的也列出 | also list what cannot be assessed")
    parser.add_argument("--codes", action="store_true", help="连规则代码一并列出 | also show the rules' codes")
    parser.add_argument(
        "--previous",
        type=Path,
        metavar="PATH",
        help="上一年的报告：文件、文件夹或数据库 | last year: file, folder, database",
    )
    parser.add_argument("--annotate", type=Path, metavar="DIR", help="写出加批注的审阅稿 | write reviewed copies")
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="整批的核对报告（.xlsx、.html 或 .json，可写多次） | report on the whole batch, may be given again",
    )
    parser.add_argument(
        "--roster", type=Path, metavar="FILE", help="应报单位名单（Excel、CSV 或 Word 表） | who must report"
    )
    parser.add_argument("--slips", type=Path, metavar="DIR", help="给每个单位写反馈意见单（Word） | return slips")
    parser.add_argument("--slip-from", metavar="NAME", help="反馈意见单的落款单位 | who signs the slips")
    parser.add_argument("--slip-deadline", metavar="DATE", help="反馈意见单上的更正期限 | by when to correct")
    parser.add_argument("--slip-date", metavar="DATE", help="反馈意见单的日期 | date of the slips")
    parser.add_argument(
        "--since",
        type=Path,
        metavar="FILE",
        help="与上一轮比对：上一轮的核对报告（.xlsx）或结果（.json） | compare with last round's workbook or JSON",
    )
    parser.add_argument(
        "--waivers",
        type=Path,
        metavar="FILE",
        help="已说明的疑点不再列：“问题”表里填好“原因”的核对报告（.xlsx），或有同样各列的 .csv | reasons for findings: the workbook with the column of reasons filled in, or a .csv with its columns",
    )


def run(args: argparse.Namespace, lang: Lang) -> int:
    """Returns 0, 1 for findings of severity error, 2 if something could not be done (2 wins)."""
    letter, unread = _letter(args)
    if unread is not None:
        from gouji.batch.roster_entries import why_no_day

        _tell(why_no_day(unread, lang))
        return 2
    options = Options(
        output_format=args.format,
        output=args.output,
        profile=args.profile,
        everything=args.all,
        codes=args.codes,
        previous=args.previous,
        roster=args.roster,
        annotate=args.annotate,
        report=tuple(args.report),
        slips=args.slips,
        since=args.since,
        waivers=args.waivers,
        letter=letter,
        lang=lang,
    )
    return check(args.paths, options)


def _letter(args: argparse.Namespace) -> tuple[Letter | None, str | None]:
    """What stands on the slips beside the findings; the day that could not be read, where one could not."""
    given = (args.slip_deadline, args.slip_date)
    if args.slip_from is None and given == (None, None):
        return None, None
    from gouji.batch.roster_entries import day_of
    from gouji.word.slip import Letter

    # One without its year is of this season: reports are handed in in the months after their year.
    days = [day_of(day, date.today().year - 1) for day in given]
    for text, day in zip(given, days, strict=True):
        if text is not None and day is None:
            return None, text
    deadline, dated = (day.isoformat() if day is not None else None for day in days)
    return Letter(args.slip_from, deadline, dated), None


def check(paths: Sequence[Path], options: Options) -> int:
    """Check every file; returns 0, 1 for findings of severity error, 2 if something could not be done (2 wins)."""
    lang = options.lang
    given, status = _load(paths, options)
    if given is None:
        return 2
    drafts: Iterable[Extraction] = _drafts(paths, options)
    if given.previous is not None and given.previous.waiting:
        drafts = list(drafts)
        if len(drafts) > 1:
            # An archive of drafts: all of last year's may be asked for.
            given.previous.read(given.previous.waiting)
    reviewed = [judging.one(extraction, given.previous, options.profile, lang) for extraction in drafts]
    if given.previous is not None:
        given.previous.close()
        for problem in given.previous.problems:
            _tell(problem)
            status = 2
    elif options.profile == "draft" and len({r.year for each in reviewed for r in each.reports}) > 1:
        from gouji.batch.previous import beside_each_other

        if said := beside_each_other([r for each in reviewed for r in each.reports], lang):
            _tell(said)
            # Where it is not on the screen only, above sixty drafts: in every report.
            given.notes.append(said)
    attendance, nobodys = _batch(reviewed, given.roster, options)
    if given.previous is not None:
        from gouji.batch import not_compared

        # By name as the roster has them, and in every report.
        for said in not_compared.lines(reviewed, given.previous, options.previous, lang):
            _tell(said)
            given.notes.append(said)
    given.notes += faults_of((each.checked.extraction for each in reviewed), lang)
    _rounds(reviewed, given, lang)
    status = max([status, *(_status(r) for r in reviewed)])
    _write(reviewed, attendance, nobodys, options)
    return max(status, write_files(reviewed, attendance, paths, options, given.notes))


def _drafts(paths: Sequence[Path], options: Options) -> Iterator[Extraction]:
    """What the files hold; lists of bodies among the drafts are named, one alone is told as what it is."""
    lists: list[Extraction] = []
    others = 0
    for extraction in read_all(paths, options.lang, label=say(options.lang, "checking"), watch=options.watch):
        # What has figures is none, and needs no more to be loaded.
        if not any(r.facts for r in extraction.reports) and import_module("gouji.batch.roster").is_list(extraction):
            lists.append(extraction)
            continue
        others += 1
        yield extraction
    named = {Path(e.source.path).name: e for e in lists}
    if named and others:
        key = "list_no_draft" if options.roster else "list_no_roster"
        _tell(say(options.lang, key, files=say(options.lang, "list_mark").join(named)))
    for name, each in named.items() if not others else ():
        yield replace(each, reports=[], problems=[Problem("no_report", say(options.lang, "list_alone", file=name))])


def _status(reviewed: Reviewed) -> int:
    if reviewed.checked.extraction.problems or reviewed.verdict == "unreadable":
        return 2
    return 1 if reviewed.verdict == "fail" else 0


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


# -- before --------------------------------------------------------------------------------------------------------


def _load(paths: Sequence[Path], options: Options) -> tuple[_Given | None, int]:
    """Read the files the options name; None where one cannot be used, so that no long check ends for nothing."""
    lang, given, status = options.lang, _Given(), 0
    for report in options.report:
        if report.suffix.lower() not in (".xlsx", ".html", ".htm", ".json"):
            _tell(say(lang, "report_type", path=report))
            return None, 2
    for target in (options.annotate, *options.report, options.slips, options.output):
        if target is not None and any(_is_inside(target, p) for p in paths):
            itself = any(target.resolve() == p.resolve() for p in paths)
            _tell(say(lang, "is_input" if itself else "inside_input", path=target))
            return None, 2
    # Whatever is wrong with these names must not cost a long run.
    inputs = (*paths, options.previous, options.roster, options.since, options.waivers)
    try:
        outputs.allow((target_of(options.output, "result"), *map(report_target, options.report)), inputs, lang)
        for folder in (options.annotate, options.slips):
            outputs.allow_folder(folder, lang)
    except outputs.Refused as refused:
        raise outputs.Refused(str(refused) + say(lang, "nothing_checked")) from refused
    if not (options.previous or options.roster or options.since or options.waivers):
        return given, 0
    from gouji.batch.sheets import SheetError

    path: Path | None = None
    try:
        if (path := options.roster) is not None:
            from gouji.batch import roster

            given.roster = roster.load(path)
            for note in given.roster.notes:
                _tell(note)
        if (path := options.waivers) is not None:
            from gouji.batch import waivers

            given.waivers = waivers.load(path)
        if (path := options.since) is not None:
            from gouji.batch import rounds

            given.since = rounds.load(path)
        if (path := options.previous) is not None:
            from gouji.batch import previous

            given.previous, problems = previous.load(path, lang, for_one=len(paths) == 1 and paths[0].is_file())
            for problem in problems:
                _tell(problem)
                status = 2
    except SheetError as error:
        _tell(str(error))
        return None, 2
    except OSError as error:
        key = "no_access" if path is not None and path.exists() else "no_file"
        _tell(say(lang, key, path=path, why=outputs.fault(error, lang)))
        return None, 2
    return given, status


def _is_inside(target: Path, given: Path) -> bool:
    return given.is_dir() and target.resolve().is_relative_to(given.resolve())


# -- the check itself ----------------------------------------------------------------------------------------------


def _batch(
    reviewed: Sequence[Reviewed], given: RosterFile | None, options: Options
) -> tuple[Attendance | None, list[Finding]]:
    """What reports say of one another. Findings about nobody's report are returned apart."""
    if given is None and len(reviewed) < 2:
        return None, []
    of_batch: checks.Roster | None = None
    attendance: Attendance | None = None
    if given is not None:
        from gouji.batch import roster

        of_batch = roster.with_year(given, reviewed)
        attendance = roster.attendance(given, reviewed)
    from gouji.batch import mutual

    return attendance, mutual.judge(reviewed, of_batch, profile=options.profile, lang=options.lang)


def _rounds(reviewed: Sequence[Reviewed], given: _Given, lang: Lang) -> None:
    """Reasons close findings, the round before says which are new."""
    if given.since is not None:
        for each in reviewed:
            given.since.compare(each)
        if given.since.not_met:
            _tell(say(lang, "round_not_met", files=say(lang, "list_mark").join(given.since.not_met)))
    if given.waivers is not None:
        from gouji.batch.waivers import apply

        used: set[int] = set()
        errors = 0
        for each in reviewed:
            lines, open_errors = apply(each, given.waivers)
            used |= lines
            errors += open_errors
        if len(used) < len(given.waivers):
            unused = [str(line.number) for i, line in enumerate(given.waivers) if i not in used]
            _tell(say(lang, "waivers_unused", n=len(unused), lines=say(lang, "list_mark").join(unused)))
        if errors:
            _tell(say(lang, "waivers_errors", n=errors))


# -- what is written -----------------------------------------------------------------------------------------------


def _write(
    reviewed: Sequence[Reviewed], attendance: Attendance | None, nobodys: Iterable[Finding], options: Options
) -> None:
    lang = options.lang
    as_json = options.output_format == "json"
    target = target_of(options.output, "result")
    with outputs.results(target, options.output_format, lang) as stream:
        if as_json:
            console.write_json_list(stream, (r.to_json(everything=options.everything) for r in reviewed))
        else:
            screen = _screen(stream, options)
            if len(reviewed) > _FEW and options.output is None and not options.everything:
                page = next((p for p in options.report if p.suffix.lower() in (".html", ".htm")), None)
                stream.write(say(lang, "screen_page" if page else "screen_no_page", page=page) + "\n\n")
                screen = replace(screen, brief=True)
                # What has to be done stands where a person looks: at the end.
                reviewed = sorted(reviewed, key=lambda r: _ORDER.index(r.verdict))
            before = 0
            for each in reviewed:
                lines = list(lines_of(each, screen, everything=options.everything))
                apart = before > 1 or (before and len(lines) > 1)
                stream.write("\n".join([*([""] if apart or (before and not screen.brief) else []), *lines, ""]))
                before = len(lines)
            if len(reviewed) > 1:
                stream.write(f"\n{summary((r.verdict for r in reviewed), lang)}\n")
    about_all: list[str] = []
    if attendance is not None:
        from gouji.show.attendance import roster_lines

        about_all += roster_lines(attendance, lang)
    about_all += [f.message for f in nobodys if f.rule != "rollup.missing" or attendance is None]
    # JSON has one object per file: what is said of the whole folder goes where a person reads it.
    for line in about_all:
        print(line, file=sys.stderr if as_json or options.output is not None else sys.stdout)
    if options.output is not None:
        _tell(say(lang, "written", path=options.output))


# -- the screen ----------------------------------------------------------------------------------------------------


def _screen(stream: IO[str], options: Options) -> Screen:
    """What the stream can show: colour and a width on terminals only, the width of ambiguous characters by encoding."""
    lang, to_file = options.lang, options.output is not None
    encoding = "utf-8" if to_file else (getattr(stream, "encoding", None) or "utf-8").lower()
    wide = encoding.startswith(("gb", "cp936", "big5", "cp950"))
    if to_file or not stream.isatty():
        return Screen(lang, wide_ambiguous=wide, encoding=encoding, codes=options.codes)
    columns = shutil.get_terminal_size((100, 24)).columns
    return Screen(lang, _colour(), max(columns - 1, 40), wide, encoding, options.codes)


def _colour() -> bool:
    """Colour where a terminal shows it: not against the user's wish, not in the old Windows console."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.platform != "win32" or bool(os.environ.get("WT_SESSION") or os.environ.get("ANSICON"))
