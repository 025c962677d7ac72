"""The files that a check leaves: reviewed copies, the report on the folder, return slips.

Belongs here: which are asked for, where each goes, what is said where one cannot be written. Does not belong here: how any
of them looks (`show`, `word`, `excel`, `pdf`), the screen (`commands.check`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gouji import console, outputs
from gouji.outputs import Refused, Target
from gouji.show import standard
from gouji.words import Lang, say
from parsers.files import marks

from .options import Options
from .reviewed import Reviewed

if TYPE_CHECKING:
    from parsers.files.marks import Kind

    from .roster import Attendance


def target_of(path: Path | None, kind: Kind) -> Target | None:
    """A file that is asked for, marked as ours."""
    return None if path is None else Target(path, kind)


def report_target(path: Path) -> Target:
    """A report on the whole batch: as JSON it is what ``--output`` writes."""
    return Target(path, "result" if path.suffix.lower() == ".json" else "report")


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


def _say_where(options: Options, key: str, **values: object) -> None:
    if not options.quiet:
        _tell(say(options.lang, key, **values))


def write_files(
    reviewed: Sequence[Reviewed],
    attendance: Attendance | None,
    paths: Sequence[Path],
    options: Options,
    notes_too: Sequence[str] = (),
) -> int:
    """All that is asked for; returns 0, or 2 where something could not be written (which is told).

    ``notes_too`` are to be known of the drafts as a whole, and stand in every report.
    """
    lang, status = options.lang, 0
    if options.annotate is not None:
        from gouji.batch.annotate import annotate

        try:
            problems, notes = annotate(reviewed, options.annotate, paths, lang)
            for note in notes:
                _tell(note)
            if any(r.checked.extraction.reports or r.checked.extraction.circulars for r in reviewed):
                _say_where(options, "copies_written", path=options.annotate)
            else:
                _tell(say(lang, "copies_none"))
        except OSError as error:
            problems = [outputs.cannot_write(error, options.annotate, lang)]
        for problem in problems:
            _tell(problem)
            status = 2
    for report in options.report:
        status = max(status, write_report(reviewed, attendance, paths, report, options, notes_too))
    if options.slips is not None:
        from gouji.batch.slips import write_slips

        try:
            n, notes = write_slips(reviewed, options.slips, lang, options.letter)
            for note in notes:
                _tell(note)
            _say_where(options, "slips_written", path=options.slips, n=n)
        except OSError as error:
            _tell(outputs.cannot_write(error, options.slips, lang))
            status = 2
    return status


def write_report(
    reviewed: Sequence[Reviewed],
    attendance: Attendance | None,
    paths: Sequence[Path],
    target: Path,
    options: Options,
    notes_too: Sequence[str] = (),
) -> int:
    """One report on the batch, by the ending of its name; returns 0, or 2 where it could not be written."""
    lang = options.lang
    try:
        if target.suffix.lower() == ".json":
            with outputs.results(report_target(target), "json", lang) as stream:
                console.write_json_list(stream, (r.to_json(everything=options.everything) for r in reviewed))
            _say_where(options, "written", path=target)
            return 0
        if target.suffix.lower() == ".xlsx":
            from gouji.show import workbook

            about = standard.about(reviewed, attendance, paths, options.profile, lang, options.in_round, notes_too)
            content = workbook.content(reviewed, attendance, about, lang)
        else:
            from gouji.show import page

            about = standard.with_what(reviewed, options.profile, lang)
            seen = options.told() if options.told is not None else ()
            told = [*(note for note in notes_too if note not in seen), *seen]
            content = page.content(
                reviewed, attendance, about, lang, codes=options.codes, in_round=options.in_round, told=told
            )
        sources = [(str(path), r.checked.extraction.source.sha256) for path in paths for r in reviewed]
        notes = outputs.write(Target(target, "report", marks.origin(sources)), content, lang)
    except (OSError, Refused) as error:
        _tell(_why_not(error, target, lang))
        return 2
    for note in notes:
        _tell(note)
    _say_where(options, "written", path=target)
    return 0


def _why_not(error: OSError | Refused, target: Path, lang: Lang) -> str:
    return str(error) if isinstance(error, Refused) else outputs.cannot_write(error, target, lang)
