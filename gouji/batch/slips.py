"""`check --slips DIR`: a return slip for every office that has something to correct.

Belongs here: which offices get a slip, and under which name. Does not belong here: its layout (`show.slip`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.outputs import Folder
from gouji.round.versions import Version, order
from gouji.show.overview import Office, offices
from gouji.words import Lang, say
from parsers.files.paths import actual
from schemas.bodies import body_of

from .mutual import PLACE
from .reviewed import Reviewed

if TYPE_CHECKING:
    from gouji.word.slip import Letter

# What file systems refuse in a name.
REFUSED = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def write_slips(
    all_reviewed: Sequence[Reviewed], directory: Path, lang: Lang, letter: Letter | None = None
) -> tuple[int, list[str]]:
    """Write the slips; returns how many, and what is to be known of their names. Raises OSError."""
    from gouji.word.slip import Letter, slip

    folder, count = Folder(directory, lang), 0
    addressed, notes = _addressed(offices(all_reviewed, lang), lang)
    for office in addressed:
        given = letter or Letter()
        if not _gets_one(office) and not given.wants_another(office):
            continue
        source = office.reviewed.checked.extraction.source
        stem = _stem(office, lang)
        if given.wants_another(office):
            stem = _asked_for(office, given, lang)
        stem = REFUSED.sub("_", stem)[:120].strip(". ")
        folder.write(Path(f"{stem}.docx"), slip(office, given, lang), "slip", source)
        count += 1
    return count, [*notes, *folder.notes]


def _addressed(found: Sequence[Office], lang: Lang) -> tuple[list[Office], list[str]]:
    """Whom slips are for, and who is left out: drafts of another place, an office's older drafts where that is known."""
    notes: list[str] = []
    by_office: dict[tuple[object, ...], list[Office]] = {}
    for office in found:
        if any(f.rule == PLACE for f in office.reviewed.open_findings):
            notes.append(say(lang, "slip.not_ours", file=Path(office.file).name))
            continue
        report = office.report
        body = body_of(report.identity) if report is not None else None
        who = (body.key or body.printed) if body is not None else office.file
        what = (report.year, report.scope, report.period) if report is not None else ()
        by_office.setdefault((who, *what), []).append(office)
    out = []
    for drafts in by_office.values():
        # Several reports in one file are no versions of one another.
        newest = (
            order([_version(o) for o in drafts]).newest if len({o.file for o in drafts}) == len(drafts) > 1 else None
        )
        if newest is None:
            out += drafts
            continue
        out += [o for o in drafts if o.file == newest.path]
        older = say(lang, "list_mark").join(Path(o.file).name for o in drafts if o.file != newest.path)
        name = Path(newest.path).name
        notes.append(say(lang, "slip.older", office=drafts[0].name, file=name, older=older))
    return out, notes


def _version(office: Office) -> Version:
    path = actual(Path(office.file))
    printed = office.report.published if office.report is not None else None
    try:
        modified = path.stat().st_mtime
    except OSError:
        modified = None
    return Version(office.file, office.reviewed.checked.extraction.source.sha256, 1, printed, modified)


def _stem(office: Office, lang: Lang) -> str:
    """The office, year and what it is, and whether it only points something out; of a report that names nobody the file's name."""
    if office.report is None or not (office.report.issuer_printed or office.report.issuer):
        return f"{Path(office.file).stem} {say(lang, 'slip.title')}"
    year = say(lang, "slip.in_year", year=office.year) if office.year else ""
    only = "" if office.verdict != "pass" else "slip.notes_only" if office.reviewed.open_findings else "slip.through"
    return say(lang, "slip.file", office=office.name, year=year) + (say(lang, only) if only else "")


def _asked_for(office: Office, letter: Letter, lang: Lang) -> str:
    """The name of a slip that asks for the report of the round's year."""
    year = say(lang, "slip.in_year", year=letter.year)
    return say(lang, "slip.file", office=office.name, year=year) + say(lang, "slip.sent_year", year=office.year)


def _gets_one(office: Office) -> bool:
    """Who has something to correct, or has corrected something since the last round; one that is through and has sent nothing
    since has its slip already."""
    reviewed = office.reviewed
    if reviewed.same_since and office.verdict == "pass" and "new" not in reviewed.status.values():
        return False
    return office.report is not None and bool(office.causes or office.unassessable or reviewed.closed)
