"""The result page (`check --report out.html`): what was checked as one page in one file.

Belongs here: the page around everything, for one report or for a folder. Its parts have modules of their own: `office` (one
report), `grid` and `marks` (its tables), `sentences`, `folder` (the overview), `style`. Does not belong here: what is wrong
(`causes`), what the rows of the overview say (`overview`).

Nothing is fetched from anywhere and nothing runs: no script, no font, no picture. All text is escaped where it is put in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from gouji.batch.reviewed import InRound, Reviewed
from gouji.batch.roster import Attendance
from gouji.show.names import report_name
from gouji.show.overview import Office, offices
from gouji.words import Lang, say

from .folder import overview
from .office import OfficePart
from .style import STYLE


def content(
    all_reviewed: Sequence[Reviewed],
    attendance: Attendance | None = None,
    about: Sequence[tuple[str, str]] = (),
    lang: Lang = "zh",
    *,
    codes: bool = False,
    in_round: InRound | None = None,
    told: Sequence[str] = (),
) -> bytes:
    """The page in UTF-8 for checked files in any number.

    ``about`` are lines on what was checked, with what, for the foot of the page, ``told`` what is to be known of the files as a
    whole, for its head; ``codes`` shows the rules' ids. Paths are
    shown as far as they differ: no folder of this machine stands on the page.
    """
    found = offices(all_reviewed, lang)
    files = _short([r.path for r in all_reviewed])
    single = len(found) == 1 and attendance is None and in_round is None
    if single and found[0].report is not None:
        title = say(lang, "page.title_of", report=report_name(found[0].report, lang))
    else:
        title = say(lang, "page.title")
    body = "\n".join(
        _body(found, all_reviewed, attendance, files, about, lang, in_round, told, single=single, codes=codes)
    )
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main id="top"{"" if single else " class=many"}>\n{body}\n</main>\n</body>\n</html>\n'
    ).encode()


def _body(
    found: Sequence[Office],
    all_reviewed: Sequence[Reviewed],
    attendance: Attendance | None,
    files: dict[str, str],
    about: Sequence[tuple[str, str]],
    lang: Lang,
    in_round: InRound | None,
    told: Sequence[str],
    *,
    single: bool,
    codes: bool,
) -> Iterator[str]:
    anchors = {id(o): f"o{i}" for i, o in enumerate(found, start=1)}
    if not single:
        yield from overview(found, all_reviewed, attendance, anchors, files, lang, in_round, told)
    for office in found:
        part = OfficePart(
            office, anchors[id(office)], files.get(office.file, Path(office.file).name), lang, codes=codes
        )
        yield from part.lines(single=single, heading="h1" if single else "h2")
    if single:
        yield from (f'<p class="quiet">{escape(line)}</p>' for line in told)
    yield "<footer>"
    when = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    yield f"<p>{escape(say(lang, 'page.limit'))}</p><p>{escape(say(lang, 'page.at', when=when))}</p>"
    yield from (f"<p>{escape(name + say(lang, 'colon') + text)}</p>" for name, text in about)
    yield "</footer>"


def _short(paths: Sequence[str]) -> dict[str, str]:
    """Paths without the folders that they have in common; names alone where they have none."""
    folders = [Path(p).parent for p in paths]
    try:
        common = Path(os.path.commonpath(folders)) if folders else Path()
        return {p: str(Path(p).relative_to(common)) for p in paths}
    except ValueError:
        # Several drives, or some paths from the root and some not.
        return {p: Path(p).name for p in paths}
