"""Runs that did not end: what stopped them, and when.

Belongs here: a note for each, beside the record's loads, read by `status` and the database. Does not belong here: what a person is told at
once (`surroundings`), loads (`record`).

A run that fails writes its note itself. One that is killed cannot: what it left in the staging folder says when it began, and
whoever comes next writes the note.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from parsers.files import whole

from .home import Home

FOLDER = "failed"
# In a run's staging folder: when it began, by which versions.
BEGUN = "begun.json"
KILLED = ("被终止，没有做完", "it was killed before its end")
STOPPED = ("被人中断", "it was stopped by hand")


@dataclass(frozen=True, slots=True)
class Failure:
    """Instants in UTC, in ISO form."""

    started: str
    ended: str
    versions: dict[str, str]
    zh: str
    en: str
    # The last load in the record then; None in notes of earlier versions.
    load: int | None = None


def note(home: Home, started: str, versions: dict[str, str], why: tuple[str, str], ended: str | None = None) -> None:
    """Write a note, where that is possible."""
    found = Failure(
        started,
        ended or datetime.now(UTC).isoformat(timespec="microseconds"),
        versions,
        *why,
        load=max(_loads(home), default=0),
    )
    folder = home.record / FOLDER
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
        name = re.sub(r"\D", "", started)[:20]
        whole.write(folder / f"{name}.json", json.dumps(asdict(found), ensure_ascii=False, indent=1).encode())


def _loads(home: Home) -> list[int]:
    from .record import load_ids

    return load_ids(home)


def every(home: Home) -> list[Failure]:
    """All of them, oldest first; notes that cannot be read are none."""
    out = []
    for path in sorted((home.record / FOLDER).glob("*.json")):
        with suppress(OSError, ValueError, TypeError):
            out.append(Failure(**json.loads(path.read_text(encoding="utf-8"))))
    return out


def begin(folder: Path, started: str, versions: dict[str, str]) -> None:
    """Put down in a run's staging folder that it has begun."""
    (folder / BEGUN).write_text(json.dumps({"started": started, "versions": versions}), encoding="utf-8")


def killed(home: Home, folder: Path, last: str | None) -> None:
    """Note the run that left a staging folder, unless all of it is in the record (``last``: when the last load there began)."""
    path = folder / BEGUN
    with suppress(OSError, ValueError, TypeError, KeyError):
        begun = json.loads(path.read_text(encoding="utf-8"))
        if begun["started"] != last:
            ended = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="microseconds")
            note(home, begun["started"], begun["versions"], KILLED, ended)
