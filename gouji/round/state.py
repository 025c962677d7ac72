"""What a round remembers: one small file beside the drafts, readable as it is.

Belongs here: its content, reading and writing it whole, getting an earlier state back. Does not belong here: what follows
from it (`offices`), which files the folder has (`folder`).

The file is replaced in one step and never begun anew by itself: one that cannot be read is told, and stays as it is. Whatever
changes it leaves a copy, a check beside its outputs, all else (reasons, settings) among them; `restored` takes the newest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gouji.words import Lang, say
from parsers.files import whole

# The state's file, the folder of outputs in the round's folder, and the copies there: of each check, and of what changed since.
FILE = "勾稽轮次.json"
OUTPUTS = "核对结果"
COPY = "轮次记录.json"
VERSION = 1
_MOST_BYTES = 200_000_000


class StateError(Exception):
    """A state that is not to be used; the message says why and what to do. ``damaged``: a copy may take its place."""

    def __init__(self, message: str, *, damaged: bool = False) -> None:
        super().__init__(message)
        self.damaged = damaged


@dataclass
class Linked:
    """A file or folder that the round uses: its path, and where it lies as seen from the round's folder."""

    path: str
    beside: str | None = None
    # A roster's rows as they were read last, for when its file is gone.
    rows: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def to(cls, path: Path, folder: Path) -> Linked:
        try:
            beside = Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
        except ValueError:  # another drive
            beside = None
        return cls(str(path.resolve()), beside)

    def find(self, folder: Path) -> Path:
        """Where it is now: it may have moved with the folder. The path as given where it is nowhere."""
        beside = folder / self.beside if self.beside is not None else None
        return beside if beside is not None and beside.exists() else Path(self.path)


@dataclass
class Submission:
    """A draft by its content. ``first_check`` counts the checks from 1; ``findings`` are those of its last check,
    ``read_in`` the last one that could open it (0 in a state of an earlier version), ``first_read`` the one that read it
    when the first to see it could not (0 for all others).

    ``modified`` is the file's own time when it was first seen; None in an archive.
    """

    sha256: str
    path: str
    first_check: int
    first_at: str
    modified: float | None
    verdict: str = ""
    reports: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    read_in: int = 0
    first_read: int = 0

    def as_file(self) -> dict[str, Any]:
        """As `check --format json` has it, for comparing."""
        source = {"path": self.path, "sha256": self.sha256}
        return {"source": source, "verdict": self.verdict, "reports": self.reports, "findings": self.findings}


@dataclass
class Check:
    """One check: when, of what (a fingerprint of all that went in), its outputs, whether all were written."""

    number: int
    at: str
    fingerprint: str
    outputs: str
    files: int
    complete: bool = False


@dataclass
class State:
    """A round. ``offices`` are the last check's, for reading and for `gouji round status`; ``saved`` counts its changes."""

    begun: str
    saved: int = 0
    year: int | None = None
    roster: Linked | None = None
    previous: Linked | None = None
    deadline: str | None = None
    sender: str | None = None
    dated: str | None = None
    checks: list[Check] = field(default_factory=list)
    waivers: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[dict[str, Any]] = field(default_factory=list)
    offices: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    # Of which the roster has a day on which they came, and no file is here.
    unfiled: list[str] = field(default_factory=list)
    # Files that are lists of bodies and no drafts.
    lists: list[str] = field(default_factory=list)
    submissions: dict[str, Submission] = field(default_factory=dict)

    @property
    def last(self) -> Check | None:
        return self.checks[-1] if self.checks else None

    def to_bytes(self) -> bytes:
        out = {
            "gouji_round": VERSION,
            "note": "勾稽用这个文件记住这一轮的核对情况，请留在文件夹里，不要改动。",
            **asdict(self),
        }
        return (json.dumps(out, ensure_ascii=False, indent=1) + "\n").encode()


def load(folder: Path, lang: Lang) -> State | None:
    """The state of a round's folder; None where it has none. Raises `StateError`, OSError."""
    path = folder / FILE
    return read(path, lang) if path.exists() else None


def read(path: Path, lang: Lang) -> State:
    """A state's file. Raises `StateError`, OSError."""
    if path.stat().st_size > _MOST_BYTES:
        raise StateError(say(lang, "round.damaged", path=path, folder=path.parent, why="> 200 MB"), damaged=True)
    try:
        given = json.loads(path.read_text("utf-8-sig"))
        version = given["gouji_round"]
    except (ValueError, KeyError, TypeError) as error:
        raise StateError(
            say(lang, "round.damaged", path=path, folder=path.parent, why=_where(error, lang)), damaged=True
        ) from error
    if isinstance(version, int) and version > VERSION:
        raise StateError(say(lang, "round.newer", path=path))
    try:
        return _made(given)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateError(
            say(lang, "round.damaged", path=path, folder=path.parent, why=_where(error, lang)), damaged=True
        ) from error


def _where(error: Exception, lang: Lang) -> str:
    if isinstance(error, json.JSONDecodeError):
        return say(lang, "round.damaged_line", line=error.lineno)
    return say(lang, "round.damaged_content")


def _made(given: Mapping[str, Any]) -> State:
    """From JSON; anything of another shape raises."""
    state = State(_text(given["begun"]), _number(given.get("saved")) or 0, _number(given.get("year")))
    state.roster, state.previous = _linked(given.get("roster")), _linked(given.get("previous"))
    state.deadline, state.sender, state.dated = (_or_none(given.get(k)) for k in ("deadline", "sender", "dated"))
    state.checks = [Check(**each) for each in given["checks"]]
    if any(not isinstance(c.number, int) or not isinstance(c.outputs, str) for c in state.checks):
        raise TypeError("checks")
    for name in ("waivers", "dropped", "offices", "missing", "unfiled", "lists"):
        value = given.get(name, [])
        if not isinstance(value, list):
            raise TypeError(name)
        setattr(state, name, value)
    state.submissions = {_text(sha): Submission(**each) for sha, each in given["submissions"].items()}
    for each in state.submissions.values():
        if (
            not isinstance(each.first_check, int)
            or not isinstance(each.path, str)
            or not isinstance(each.findings, list)
        ):
            raise TypeError("submissions")
    return state


def _linked(given: Any) -> Linked | None:
    return None if given is None else Linked(**given)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> int | None:
    if value is not None and not isinstance(value, int):
        raise TypeError(value)
    return value


def save(state: State, folder: Path, outputs: Path | None = None) -> None:
    """Replace the state's file in one step, after a copy: in a check's ``outputs``, or among all of them. Raises OSError.

    A state that is there as it is stays.
    """
    begun = (folder / FILE).exists()
    if begun and outputs is None and (folder / FILE).read_bytes() == state.to_bytes():
        return
    state.saved += 1
    content = state.to_bytes()
    if begun or outputs is not None:
        _keep_copy(content, outputs or folder / OUTPUTS)
    whole.write(folder / FILE, content)
    if not begun and outputs is None:
        # Of a round whose beginning was cut short there is no copy: there is nothing to lose yet.
        _keep_copy(content, folder / OUTPUTS)


def _keep_copy(content: bytes, outputs: Path) -> None:
    outputs.mkdir(parents=True, exist_ok=True)
    whole.write(outputs / COPY, content)


def copies(folder: Path) -> list[Path]:
    """The copies of a round's state, the newest file first."""
    outputs = folder / OUTPUTS
    found = [p for p in (outputs / COPY, *outputs.glob(f"*/{COPY}")) if p.is_file()]
    return sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)


def counted(folder: Path, lang: Lang) -> list[Path] | None:
    """The drafts that count in a round's folder, as its last check has them; None for a folder that is no round's.

    Raises `StateError`, OSError.
    """
    state = load(folder, lang)
    if state is None or not state.offices:
        return None
    there = [office for office in state.offices if office.get("coming") != "gone" and office.get("counted", True)]
    files = [folder / name for office in there for name in office.get("files", ())]
    return [f for f in files if f.exists() or not f.parent.is_dir()]


def restored(folder: Path, lang: Lang) -> tuple[State, Path, list[Path]] | None:
    """The newest copy that can be read, where it is, and those written after it that cannot be."""
    found: list[tuple[State, Path]] = []
    unread: list[Path] = []
    for path in copies(folder):
        try:
            found.append((read(path, lang), path))
        except (StateError, OSError):
            unread.append(path)
    if not found:
        return None
    # Copies of an earlier version do not count their changes.
    state, path = max(found, key=lambda f: (f[0].saved, f[0].last.number if f[0].last else 0))
    written = path.stat().st_mtime
    return state, path, [p for p in unread if p.stat().st_mtime >= written]


def set_aside(folder: Path) -> Path:
    """Rename a state's file that is not to be used; nothing is deleted. Returns its new path. Raises OSError."""
    path = folder / FILE
    number = 1
    while (aside := path.with_name(f"{path.stem}.损坏{number}.json")).exists():
        number += 1
    path.rename(aside)
    return aside
