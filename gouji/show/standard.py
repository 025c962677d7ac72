"""What a report on drafts says of itself: when, of what, by which standard and with which versions it was made.

Belongs here: those lines, for the workbook and the page. Does not belong here: findings, and how they look (`workbook`, `page`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from checks.rules import Profile
from gouji.words import Lang, say
from parsers.files.paths import shown

if TYPE_CHECKING:
    from gouji.batch.reviewed import InRound, Reviewed
    from gouji.batch.roster import Attendance


def about(
    reviewed: Sequence[Reviewed],
    attendance: Attendance | None,
    paths: Sequence[Path],
    profile: Profile,
    lang: Lang,
    in_round: InRound | None = None,
    notes: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """Head and text of each line; ``notes`` are on the drafts as a whole."""
    files = say(lang, "about_files", n=len(reviewed)) if in_round is None else in_round.head
    lines = [
        (say(lang, "about_when"), datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")),
        (say(lang, "about_what"), "；".join(shown(str(p)) for p in paths)),
        (say(lang, "col_file"), files),
        *(("", line) for line in (*notes, *(in_round.told if in_round is not None else ()))),
        *with_what(reviewed, profile, lang),
        (say(lang, "about_limit"), say(lang, "about_limit_text")),
    ]
    if attendance is None:
        lines.append((say(lang, "sheet_roster"), say(lang, "about_no_roster")))
    return lines


def with_what(reviewed: Sequence[Reviewed], profile: Profile, lang: Lang) -> list[tuple[str, str]]:
    """By which standard and with which versions it was checked."""
    versions = next((r.checked.extraction.versions for r in reviewed if r.checked.extraction.versions), {})
    return [
        (say(lang, "about_profile"), say(lang, f"profile_{profile}")),
        (
            say(lang, "about_versions"),
            say(lang, "list_mark").join(f"{say(lang, f'version_{k}')} {v}" for k, v in versions.items()),
        ),
    ]
