"""A round's folder: its drafts, and what else lies there.

Belongs here: which files are drafts of the round, where its outputs go, that one run at a time works there. Does not belong
here: what a command takes for files at all (`batch.files`), whose drafts they are (`offices`).
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gouji.batch.files import content, expand, own_output
from gouji.words import Lang, say
from parsers.files import whole
from parsers.files.lock import try_lock

from .state import COPY, FILE, OUTPUTS, State, StateError

_LOCK = ".核对中"


@dataclass
class Files:
    """``drafts`` are to be checked; ``strange`` lie in the folder of outputs and were not written by this program."""

    drafts: list[Path] = field(default_factory=list)
    strange: list[Path] = field(default_factory=list)


def files_of(folder: Path, state: State, aside: Sequence[Path] = (), *, outputs_too: bool = True) -> Files:
    """The files of a round's folder. ``aside`` are others that are no drafts (a list of reasons that was handed in).

    Without ``outputs_too`` nobody looks for a stranger among the outputs, each of which has to be opened for that.
    """
    out = Files()
    used = [linked.find(folder) for linked in (state.roster, state.previous) if linked is not None]
    no_drafts = {_real(p) for p in (*used, *aside, folder / FILE)}
    outputs = _real(folder / OUTPUTS)
    for path, _ in expand([folder]):
        real = _real(path)
        if (
            real in no_drafts
            or any(p in no_drafts for p in real.parents)
            or path.name.startswith(f"{Path(FILE).stem}.")
        ):
            continue
        if outputs in real.parents:
            if outputs_too and path.name != COPY and own_output(path) is None:
                out.strange.append(path)
            continue
        out.drafts.append(path)
    return out


def _real(path: Path) -> Path:
    return Path(os.path.normcase(os.path.realpath(path)))


def inside(path: str | Path, folder: Path) -> str:
    """A draft's path as seen from the folder, with slashes on every system."""
    try:
        return Path(path).relative_to(folder).as_posix()
    except ValueError:
        return Path(path).as_posix()


def since_then(folder: Path, state: State) -> tuple[list[str], list[str]]:
    """Files that have come, and files that have another content, since a round's last check."""
    # A file that no office has may be a list, or passed over: it is told when it is checked.
    known = {s.path for s in state.submissions.values()}
    came, changed = [], []
    for path in files_of(folder, state, outputs_too=False).drafts:
        name = inside(path, folder)
        if name in known and not path.is_file():
            continue
        # A draft is known by its content, whatever it is called now; of several with one content the state names one.
        if hashlib.sha256(content(path)).hexdigest() in state.submissions:
            continue
        if name in known:
            changed.append(name)
        elif own_output(path) is None and name not in state.lists:
            came.append(name)
    return came, changed


def gone_since(folder: Path, state: State) -> list[str]:
    """Drafts that counted at the last check and are no longer there, under whatever name."""
    there = {hashlib.sha256(content(path)).hexdigest() for path in files_of(folder, state, outputs_too=False).drafts}
    shas = {s.path: s.sha256 for s in state.submissions.values()}
    files = [f for o in state.offices if o.get("coming") != "gone" for f in o.get("files", ())]
    return [f for f in dict.fromkeys(files) if not (folder / f).exists() and shas.get(f) not in there]


def rounds_below(folder: Path) -> list[Path]:
    """The folder itself, if it is a round's, else those directly in it that are."""
    if (folder / FILE).exists() or (folder / OUTPUTS).is_dir():
        return [folder]
    return sorted(p for p in folder.iterdir() if p.is_dir() and (p / FILE).exists())


@contextmanager
def alone(folder: Path, lang: Lang) -> Iterator[None]:
    """Work in a round's folder while nobody else does. Raises `StateError` where somebody does, OSError.

    The lock goes with its process however that ends; where a file system knows no locks nothing is locked.
    """
    (folder / OUTPUTS).mkdir(parents=True, exist_ok=True)
    path = folder / OUTPUTS / _LOCK
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _locked(fd):
            raise StateError(say(lang, "round.busy", path=folder))
        _hide(path)
        _sweep(folder)
        yield
    finally:
        os.close(fd)


def _hide(path: Path) -> None:
    """Keep a file that only the program needs out of sight: elsewhere its name does, Windows wants to be told."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetFileAttributesW(str(path), 0x2)


def _locked(fd: int) -> bool:
    try:
        return try_lock(fd)
    except OSError:
        return True


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed had not finished: temporary files of ours have an ending of their own."""
    for root in (folder.glob(f".*{whole.ENDING}"), (folder / OUTPUTS).rglob(f".*{whole.ENDING}")):
        for path in list(root):
            with suppress(OSError):
                path.unlink()
