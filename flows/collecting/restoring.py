"""Snapshots that are missing, or are not what they were: what must come whole from the web to take their place again.

Belongs here: which contents of the collector's record those are. Does not belong here: asking for them (`fetching`), keeping
(`flows.store`), rehashing all of them (`flows.doctor`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from flows import store
from flows.home import Home
from flows.index import Index

from .store import Collected, File


def wanting(where: Home, record: Collected) -> dict[str, File]:
    """By the hash of what would have to come: the files whose content is not kept as it was received. A look at each snapshot's size and
    time; what another has changed without a trace `doctor` finds, and from then on it is known here."""
    if not where.index.is_file():
        return {}
    index = Index(where.index)
    try:
        return {f.sha256: f for f in record.all_files() if f.gone is None and _is_lost(where, index, f)}
    finally:
        index.close()


def _is_lost(where: Home, index: Index, known: File) -> bool:
    return any(_is_damaged(where, index, sha256) for sha256 in _kept_of(index, known))


def _kept_of(index: Index, known: File) -> Iterator[str]:
    """The contents that are kept of a file: its own, or where it is an archive those of its members."""
    members = [] if index.place(known.address) is not None else index.not_seen(f"{known.address}/")
    yield from (sha256 for place in members if (sha256 := index.place(place)) is not None)
    if not members and not known.name.lower().endswith(".zip"):
        yield known.sha256


def _is_damaged(where: Home, index: Index, sha256: str) -> bool:
    path = store.stored_at(os.fspath(where.snapshots), sha256)
    try:
        state = os.stat(path)  # noqa: PTH116
        if index.stored(sha256) == (state.st_size, state.st_mtime_ns):
            return False
        return store.digest(path)[0] != sha256
    except FileNotFoundError:
        return True
    except OSError:
        # A disk that fails is no lost snapshot.
        return False
