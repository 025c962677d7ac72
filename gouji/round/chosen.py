"""The drafts that a round has chosen, for whoever works on with them: summing up, next year's drafts.

Belongs here: which files of a round's folder count by its last check, and what is to be told of the others. Does not belong
here: choosing (`offices`), what is done with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gouji.batch import roster
from gouji.batch.roster import RosterFile
from gouji.batch.sheets import SheetError
from gouji.words import Lang, say

from . import state
from .folder import since_then

_MOST = 8


@dataclass
class Chosen:
    """``files`` count. ``notes`` say which round they are of; ``left`` what of it does not count or has not been checked.
    ``roster`` is the round's list of who has to report."""

    files: list[Path]
    notes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    roster: RosterFile | None = None


def of_round(folder: Path, lang: Lang) -> Chosen | None:
    """What counts in a round's folder; None for a folder that is no round's, or whose drafts were never checked.

    Raises `StateError`, OSError.
    """
    files = state.counted(folder, lang) if folder.is_dir() else None
    known = state.load(folder, lang) if files else None
    if not files or known is None or known.last is None:
        return None
    out = Chosen(files)
    if known.roster is not None and known.roster.rows:
        with suppress(SheetError):
            out.roster = roster.from_rows(known.roster.rows, Path(known.roster.path).name)
    out.notes.append(say(lang, "round.of_round", path=folder, n=known.last.number, files=len(files)))
    there = [o for o in known.offices if o.get("coming") != "gone" and not o.get("counted", True)]
    for key, wanted in (("of_round_unread", True), ("of_round_odd", False)):
        names = [Path(f).name for o in there if (o.get("verdict") == "unreadable") == wanted for f in o["files"]]
        if names:
            out.left.append(say(lang, f"round.{key}", n=len(names), files=_some(names, lang)))
    came, changed = since_then(folder, known)
    if came or changed:
        names = [Path(f).name for f in (*came, *changed)]
        out.left.append(say(lang, "round.of_round_since", n=len(names), files=_some(names, lang), path=folder))
    return out


def _some(names: Sequence[str], lang: Lang) -> str:
    more = say(lang, "and_files", n=len(names)) if len(names) > _MOST + 1 else ""
    return say(lang, "list_mark").join(names[:_MOST] if more else names) + more
