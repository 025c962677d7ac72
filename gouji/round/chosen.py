"""The drafts that a round has chosen, for whoever works on with them: summing up, next year's drafts.

Belongs here: which files of a round's folder count by its last check, what is to be told of the others, the figures kept of
those that cannot be opened now. Does not belong here: choosing (`offices`), what is done with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gouji.batch import roster
from gouji.batch.called import name_in
from gouji.batch.roster import RosterFile
from gouji.batch.sheets import SheetError
from gouji.words import Lang, say
from schemas.facts import Extraction
from schemas.findings import Finding

from . import kept, state
from .folder import since_then
from .state import State

_MOST = 8


@dataclass(frozen=True)
class Left:
    """A file of the round that none of its counting drafts is: whose, and why (``unread``, ``odd``, ``since``).

    ``earlier``: another draft of the office counts.
    """

    office: str
    file: str
    why: str
    earlier: bool = False


@dataclass
class Chosen:
    """``files`` count. ``notes`` say which round they are of; ``left`` what of it does not count or has not been checked,
    ``left_files`` the same file by file. ``roster`` is the round's list of who has to report."""

    folder: Path
    state: State
    files: list[Path]
    notes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    left_files: list[Left] = field(default_factory=list)
    roster: RosterFile | None = None

    def stand_in(self, extractions: Sequence[Extraction], lang: Lang) -> None:
        """Give what cannot be opened now the figures that a check of the round has read in it, and say so in the notes.

        A draft is known by its content: one that has changed since is what it is.
        """
        by_check: dict[int, list[str]] = {}
        without: list[str] = []
        for each in extractions:
            known = kept.earlier(self.state, each.source.sha256, each)
            if known is None:
                continue
            if found := kept.with_cells(known):
                each.reports, each.problems = found, []
                by_check.setdefault(known.read_in or known.first_check, []).append(Path(each.source.path).name)
            else:
                without.append(Path(each.source.path).name)
        for number, names in sorted(by_check.items()):
            self.notes.append(say(lang, "round.of_round_kept", number=number, n=len(names), files=_some(names, lang)))
        if without:
            self.notes.append(say(lang, "round.of_round_not_kept", n=len(without), files=_some(without, lang)))

    def found(self, extractions: Sequence[Extraction]) -> dict[str, list[Finding]]:
        """What the checks of the round have found in these files as they are and no reason explains, by path."""
        from .work import open_findings

        known = {e.source.path: self.state.submissions.get(e.source.sha256) for e in extractions}
        return {path: open_findings(self.state, k) for path, k in known.items() if k is not None and k.reports}


def of_round(folder: Path, lang: Lang) -> Chosen | None:
    """What counts in a round's folder; None for a folder that is no round's, or whose drafts were never checked.

    Raises `StateError`, OSError.
    """
    files = state.counted(folder, lang) if folder.is_dir() else None
    known = state.load(folder, lang) if files else None
    if not files or known is None or known.last is None:
        return None
    out = Chosen(folder, known, files)
    if known.roster is not None and known.roster.rows:
        with suppress(SheetError):
            out.roster = roster.from_rows(known.roster.rows, Path(known.roster.path).name)
    out.notes.append(say(lang, "round.of_round", path=folder, n=known.last.number, files=len(files)))
    here = [o for o in known.offices if o.get("coming") != "gone"]
    through = {o.get("office") for o in here if o.get("counted", True)}
    there = [o for o in here if not o.get("counted", True)]
    for key, wanted in (("unread", True), ("odd", False)):
        mine = [
            Left(_office(o, f), Path(f).name, key, o.get("office") in through)
            for o in there
            if (o.get("verdict") == "unreadable") == wanted
            for f in o["files"]
        ]
        _leave(out, mine, key, lang)
    came, changed = since_then(folder, known)
    _leave(out, [Left(name_in(f) or "", Path(f).name, "since") for f in (*came, *changed)], "since", lang)
    return out


def _leave(out: Chosen, these: Sequence[Left], key: str, lang: Lang) -> None:
    if these:
        files = _some([each.file for each in these], lang)
        out.left.append(say(lang, f"round.of_round_{key}", n=len(these), files=files, path=out.folder))
        out.left_files += these


def _office(office: dict[str, object], file: str) -> str:
    """Whose a file is: by the roster, by the report in it, else by its own name."""
    name = str(office.get("member") or office.get("office") or "")
    return name if name and name != Path(file).name else name_in(file) or ""


def _some(names: Sequence[str], lang: Lang) -> str:
    more = say(lang, "and_files", n=len(names)) if len(names) > _MOST + 1 else ""
    return say(lang, "list_mark").join(names[:_MOST] if more else names) + more
