"""What was not compared with last year although last year's reports were given: told once, whatever the offices' verdicts.

Belongs here: reports of another year given as last year's, offices of which there is none. Does not belong here: finding them
(`previous`), what of a single comparison has to be known (`previous.notes`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.words import Lang, say
from parsers.files.paths import shown

from .files import expand, own_output
from .read_files import read_all

if TYPE_CHECKING:
    from .previous import Previous
    from .reviewed import Reviewed

# So many files tell what a folder holds; all are read before it is said that they are of no use.
_SAMPLE = 3


def lines(reviewed: Sequence[Reviewed], previous: Previous | None, path: Path | None, lang: Lang) -> list[str]:
    """What is to be said of a check: that what was given is of no use, or of whom it has nothing."""
    asked = [(each, r) for each in reviewed if each.previous is not None and not each.kept_from for r in each.reports]
    without = [(each, r) for each, r in asked if r.report_id not in (each.previous or {})]
    if previous is None or path is None or not without:
        return []
    wanted = Counter(r.year - 1 for _, r in asked if r.year is not None).most_common(1)
    if len(without) == len(asked) and previous.database is None and wanted:
        years = {r.year for r in previous.reports if r.year is not None}
        # Of those that were not read, as they are others' for certain, no year is known.
        if said := _of_no_use(years, wanted[0][0], path, lang, read=not previous.waiting):
            return [said]
    if len(asked) < 2:
        # Of a single draft its own part says so.
        return []
    names = dict.fromkeys(
        str(each.member["member"]) if each.member else r.issuer_printed or r.issuer or Path(each.path).name
        for each, r in without
    )
    return [say(lang, "offices_not_compared", n=len(names), names=say(lang, "list_mark").join(names))]


def at_once(path: Path, year: int, lang: Lang) -> str | None:
    """Whether reports given as last year's can be of no use for drafts of a ``year``: why, or None.

    A few are looked at; only where these are none of the year before all are. Raises `StateError`, OSError.
    """
    from gouji.batch.previous import is_database
    from gouji.round.state import counted
    from parsers.readers import convert

    from .files import head

    if is_database(path):
        return None
    files = (counted(path, lang) if path.is_dir() else None) or [p for p, there in expand([path]) if there]
    files = [p for p in files if own_output(p) is None]
    # What has to be converted first is not looked at for this alone.
    files.sort(key=lambda p: convert.may_need(head(p)))
    years: set[int] = set()
    for some in (files[:_SAMPLE], files[_SAMPLE:]):
        years |= set(_years(some, lang))
        if year - 1 in years:
            return None
    return _of_no_use(years, year - 1, path, lang, read=True)


def _years(files: Sequence[Path], lang: Lang) -> Iterable[int]:
    found = read_all(files, lang, label=say(lang, "reading_previous")) if files else ()
    return [r.year for e in found for r in e.reports if r.year is not None]


def _of_no_use(years: set[int], wanted: int, path: Path, lang: Lang, *, read: bool) -> str:
    """That none of these years is the one that is wanted; empty where it is, or where that cannot be said."""
    if wanted in years or not (years or read):
        return ""
    of = say(lang, "list_mark").join(say(lang, "year", year=y).replace(" ", "") for y in sorted(years))
    key = "previous_other_year" if years else "previous_none"
    return say(lang, key, path=shown(path.name or str(path)), years=of, wanted=wanted)
