"""`check --slips DIR`: a return slip for every office that has something to correct.

Belongs here: which offices get a slip, and under which name. Does not belong here: its layout (`show.slip`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.outputs import Folder
from gouji.show.overview import Office, offices
from gouji.words import Lang, say

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
    for office in offices(all_reviewed, lang):
        if not _gets_one(office):
            continue
        source = office.reviewed.checked.extraction.source
        stem = REFUSED.sub("_", _stem(office, lang))[:120].strip(". ")
        folder.write(Path(f"{stem}.docx"), slip(office, letter or Letter(), lang), "slip", source)
        count += 1
    return count, folder.notes


def _stem(office: Office, lang: Lang) -> str:
    """The office, year and what it is; of a report that names nobody the file's name."""
    if office.report is None or not (office.report.issuer_printed or office.report.issuer):
        return f"{Path(office.file).stem} {say(lang, 'slip_title')}"
    year = say(lang, "slip_year", year=office.year) if office.year else ""
    return say(lang, "slip_file", office=office.name, year=year)


def _gets_one(office: Office) -> bool:
    """Who has something to correct, or has corrected something since the last round."""
    return office.report is not None and bool(office.causes or office.unassessable or office.reviewed.closed)
