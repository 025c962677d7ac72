"""What would be collected: the sources' lists read, nothing else asked for, nothing kept but answers for the next time.

Belongs here: a web to look with that is as polite as a collect. Does not belong here: reading lists (`discovery`), words (`gouji`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from flows import files, home, lock, store, surroundings
from flows.home import Home

from .contract import Candidate, Fetcher, Trouble
from .discovery import Found, discover
from .sources import Source

# Seconds and tries for a look, at most: a person waits for it.
_SECONDS, _RETRIES = 30.0, 1


@dataclass(slots=True)
class Looked:
    """What a source has to give. A folder's candidates are its files."""

    source: Source
    candidates: list[Candidate] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


@contextmanager
def web(where: Home) -> Iterator[Fetcher]:
    """A fetcher that keeps to the pauses and caps of the home's collects. Raises PipelineError while one of these is at work."""
    from .answers import Answers
    from .fetching import Web
    from .limits import limits_of
    from .queue import Queue

    folder = where.collecting
    given = limits_of(home.settings(where))
    limits = replace(given, seconds=min(given.seconds, _SECONDS), retries=min(given.retries, _RETRIES))
    with surroundings.told(where.root, lambda: surroundings.UNCHANGED):
        folder.mkdir(parents=True, exist_ok=True)
        snapshots = os.fspath(where.snapshots)
        with lock.writing(folder / "lock"):
            answers = Answers(folder, lambda sha256: store.stored_at(snapshots, sha256))
            queue = Queue(folder / "hosts.sqlite")
            going = Web(queue, answers, limits)
            try:
                yield going
            finally:
                going.close()
                queue.close()
                answers.close()


def look(sources: list[Source], home_dir: str | os.PathLike[str] | None = None) -> Iterator[Looked]:
    """What each source would give, one after the other. Raises PipelineError."""
    where = home.find(home_dir)
    if all(s.kind == "folder" for s in sources):
        yield from (_folder(s, where) for s in sources)
        return
    with web(where) as fetcher:
        for source in sources:
            yield _folder(source, where) if source.kind == "folder" else looked(source, fetcher)


def looked(source: Source, fetcher: Fetcher) -> Looked:
    """What a source on the web would give."""
    out = Looked(source)
    for found in discover(source, fetcher):
        if isinstance(found, Found):
            out.candidates.append(found.candidate)
        else:
            out.troubles.append(found)
    return out


def _folder(source: Source, where: Home) -> Looked:
    out = Looked(source)
    for address in source.addresses:
        listing = files.listing([address], where.root)
        out.candidates += [Candidate(f.name, source.name, address, Path(f.name).stem) for f in listing.files]
        out.troubles += [Trouble(source.name, m.name, "unreadable_path") for m in listing.missing]
        with suppress(OSError):
            if not listing.files and not listing.missing:
                # An empty folder is most often a share that is not there today.
                out.troubles.append(Trouble(source.name, address, "empty_folder"))
    return out
