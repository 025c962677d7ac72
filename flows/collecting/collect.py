"""A collect: the sources' lists, a visit to every publication, an ingest of what is new, the record of it.

Belongs here: the order of these, threads, the locks, what a run tells. Does not belong here: how each is done (`discovery`, `visits`,
`flows.run`, `store`).

What is asked for and answered lies in the cache. An ingest keeps, reads and loads what is news, at the end and whenever much has come
together, and as soon as its results are in the record the collector's own record follows. A run that is killed on the way has lost nothing: what it was told
lies in the cache, and the next run does not ask for it again.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flows import home, lock, publishing, run, store, surroundings
from flows import record as loaded
from flows.errors import PipelineError
from flows.files import Found, Origin
from flows.home import Home, Settings
from flows.index import Index
from flows.progress import Progress, Silent
from flows.summary import Summary

from . import adopting, changing, discovery, listed, notifying, restoring
from .answers import Answers
from .contract import Candidate, Trouble
from .fetching import Web
from .guard import Resolver, system_resolver
from .limits import limits_of
from .outcome import Collect, changes, late, stands, tables
from .queue import Queue
from .robots import origin_of
from .settling import OF_THE_HOST, Settled, settle
from .sources import Source
from .store import Collected, File, Publication, now
from .visits import Visit, visit

# Seconds between two looks at how much was found.
_LOOK = 1.0
# A run that was broken off longer ago is not gone on with: everything is asked anew.
_RESUMED = timedelta(hours=20)
# Seconds that what was fetched waits for another run, which began meanwhile, to end writing.
_PATIENCE = 3600.0
# What is gone is looked for again at least so often.
_LONGEST = timedelta(days=180)


def collect(
    *,
    sources: str | os.PathLike[str] | None = None,
    only: str | None = None,
    home_dir: str | os.PathLike[str] | None = None,
    database: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    resolver: Resolver = system_resolver,
    **given: Any,
) -> Collect:
    """Collect what is new at the sources of a list (``sources.toml`` of the home), and ingest it. ``given`` are `Settings` by name.

    Raises PipelineError for what a person must mend, as `flows.run.ingest` does; it says what is kept.
    """
    where = home.find(home_dir)
    settings = home.settings(where, **given)
    every = listed.load(Path(sources) if sources is not None else where.sources)
    chosen = listed.chosen(every, only)
    start = time.monotonic()
    try:
        with surroundings.told(where.root, lambda: surroundings.UNCHANGED):
            where.create()
            where.collecting.mkdir(exist_ok=True)
            with (
                lock.writing(where.collecting / "lock"),
                _Run(where, settings, resolver, progress or Silent()) as going,
            ):
                going.adopt(every)
                out = going.all(chosen, database, given)
    except PipelineError as error:
        notifying.failed(settings, where, error)
        raise
    out.seconds = round(time.monotonic() - start, 3)
    out.untold = notifying.told(settings, where, out.counts(), tables(out))
    return out


class _Run:
    """One run, with its files open."""

    def __init__(self, where: Home, settings: Settings, resolver: Resolver, progress: Progress) -> None:
        self.where = where
        self.settings = settings
        self.progress = progress
        self.record = Collected(where.collected)
        self.id, broken = self.record.begin()
        self.at = now()
        snapshots = os.fspath(where.snapshots)
        self.answers = Answers(where.collecting, lambda sha256: store.stored_at(snapshots, sha256))
        self.queue = Queue(where.collecting / "hosts.sqlite", patience=settings.retry_wait)
        since = datetime.fromisoformat(broken) if broken else None
        if since is not None and datetime.fromisoformat(self.at) - since > _RESUMED:
            since = None
        self.web = Web(self.queue, self.answers, limits_of(settings), resolver=resolver, resume=since)
        self.out = Collect(resumed=since is not None)
        self.visits: list[Visit] = []
        self._quiet: list[str] = []
        self._moved: set[str] = set()
        # Contents whose snapshot is lost, by their hash.
        self._wanting: dict[str, File] = {}
        # Publications with something to read since the last ingest; nothing more is to be asked for.
        self._found = 0
        self._stopped = False
        self._sources: list[Source] = []
        self._database: Any = None
        self._lock = threading.Lock()
        # Publications that sources with overlapping lists both name: who is at it, and whether it was visited.
        self._at: dict[str, threading.Lock] = {}
        self._visits: dict[str, str] = {}
        # Hosts of a source that were told of as a whole.
        self._told: set[tuple[str, str, str]] = set()
        # What is in trouble with a list itself: then entries are wanting.
        self._of_lists: set[tuple[str, str]] = set()
        self._done = False

    def __enter__(self) -> _Run:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if not self._done:
            self.out.requests = self.queue.requests
            # Killed it would have stayed open, and the next run would go on with it; this one has ended by itself.
            self.record.end(
                self.id, "broken" if kind in (KeyboardInterrupt, SystemExit) else "failed", self.out.counts()
            )
        self.web.close()
        self.answers.close()
        self.queue.close()
        self.record.close()

    def adopt(self, every: list[Source]) -> None:
        """Bring what is known up to the whole list of sources."""
        adopting.adopt(self.record, every)
        self._moved = self.record.moved()
        self._wanting = restoring.wanting(self.where, self.record)
        self.answers.wanting = frozenset(self._wanting)
        for each in self._wanting.values():
            self.answers.forget(each.address)

    def all(self, sources: list[Source], database: Any, given: dict[str, Any]) -> Collect:
        out = self.out
        self._database = database
        out.sources = len(sources)
        self._sources = sources
        on_the_web = [s for s in sources if s.kind != "folder"]
        folders = [s for s in sources if s.kind == "folder"]
        paths, empty = _folders(folders)
        self._ask(on_the_web, lambda: self._ingest([], database, given, last=False))
        out.requests = self.queue.requests
        out.troubles += empty
        self._ingest(paths, database, given, last=True)
        if out.ingest is not None:
            self._files_set_aside(out.ingest)
            out.troubles += _unread(folders, out.ingest, empty)
            out.changes = changes(Path(out.ingest.database), out.listed.get("revised", []))
        self.answers.tidy()
        self._end(sources)
        self._done = True
        if out.ingest is None:
            self._note(database)
        return out

    def _end(self, sources: list[Source]) -> None:
        of_sources = {(s.name, address) for s in sources for address in s.addresses}
        since = {(t["source"], t["address"], t["problem"]): t["since"] for t in self.record.troubles()}
        self.out.standing = [
            t
            for t in self.out.troubles
            if (t.source, t.address) not in self._of_lists | of_sources
            and stands(t.problem, since.get((t.source, t.address, t.problem), self.at), self.at)
        ]
        # An answer that was no answer is told when the next run has none either; what was asked is what is told of now.
        self.record.put_troubles(self.id, [s.name for s in sources], self.out.troubles, self.at, self.out.standing)
        self.record.end(self.id, "done", self.out.counts())

    def _ingest(self, paths: list[Path], database: Any, given: dict[str, Any], *, last: bool) -> None:
        """Keep, read and load what was found since the last time."""
        with self._lock:
            visits, self.visits = self.visits, []
        received, gone = list(self._received(visits)), list(self._gone(visits))
        if last:
            again = list(self._restored())
            received += again
            self.out.restored = len(again)
        if not (received or gone or paths or (last and self._behind(database))):
            self._committed(visits, None, last=last)
            return

        def committed(summary: Summary) -> None:
            self._committed(visits, summary, last=last)

        before = self.out.ingest
        self.out.ingest = summary = run.ingest(
            paths,
            home_dir=self.where.root,
            database=database,
            progress=self.progress,
            received=received,
            on_committed=committed,
            tables=self._tables,
            gone=gone,
            patience=_PATIENCE,
            **given,
        )
        self.out.reports += summary.reports
        if before is not None:
            summary.missing = [*before.missing, *summary.missing]
            summary.left = dict(Counter(before.left) + Counter(summary.left))
            summary.unusable = sorted({*before.unusable, *summary.unusable})

    def _note(self, database: Any) -> None:
        """What was seen, in the database too, where nobody is at work there; else the next run brings it there."""
        target = self.where.database(database)
        try:
            with lock.writing(self.where.lock), tempfile.TemporaryDirectory(dir=self.where.staging) as room:
                publishing.note(self.where, target, self.settings, Path(room))
        except PipelineError:
            pass

    def _behind(self, database: Any) -> bool:
        """Whether results are in the record that the database may not have: the last run was killed in between."""
        target = self.where.database(database)
        loads = loaded.load_ids(self.where)
        if not loads:
            return False
        index = Index(self.where.index)
        try:
            return not index.published(target) or index.synced() != loads[-1]
        finally:
            index.close()

    # -- asking ----------------------------------------------------------------------------------------------------------

    def _ask(self, sources: list[Source], slice_: Callable[[], None]) -> None:
        """All sources, hosts side by side; a host's own turn is the queue's business. ``slice_`` is called whenever so much was found
        that it should be safe, while the asking goes on."""
        self.progress.stage("collect", None)
        if not sources:
            return
        with ThreadPoolExecutor(min(self.settings.hosts, len(sources)), thread_name_prefix="source") as pool:
            asked = {pool.submit(self._source, source) for source in sources}
            try:
                while asked:
                    done, asked = wait(asked, timeout=_LOOK, return_when=FIRST_COMPLETED)
                    for each in done:
                        each.result()
                    if asked and self._found >= self.settings.slice_publications:
                        self._found = 0
                        slice_()
                        self.progress.stage("collect", None)
            except BaseException:
                # Nothing more is asked for; what was answered is kept for the next run.
                self._stopped = True
                raise

    def _source(self, source: Source) -> None:
        """One source; a fault of ours in it costs this source only, and is told."""
        try:
            self._visited(source)
        except Exception as error:
            text = "".join(traceback.format_exception(error))
            with self._lock, (self.where.root / "error.log").open("a", encoding="utf-8") as log:
                log.write(f"{self.at} {source.name}\n{text}\n")
            with self._lock:
                self.out.troubles.append(
                    Trouble(source.name, source.address, "failed", f"{type(error).__name__}: {error}"[:300])
                )

    def _visited(self, source: Source) -> None:
        visited: set[str] = set()
        for candidate in self._candidates(source):
            if self._stopped:
                return
            if candidate.address in visited:
                continue
            visited.add(candidate.address)
            with self._lock:
                alone = self._at.setdefault(candidate.address, threading.Lock())
            with alone:
                if candidate.address in self._visits:
                    # Another source's list names it too; what that one may not ask for, this one perhaps may.
                    continue
                found = visit(candidate, source, self.web, self.record, self.at, self._visits)
                if found.outcome != "trouble":
                    self._visits[candidate.address] = found.outcome
            self.progress.advance()
            with self._lock:
                if found.outcome == "unchanged" and not found.seen:
                    self._quiet.append(found.publication.address)
                else:
                    self.visits.append(found)
                    self._found += any(seen.read for seen in found.seen)
                self._tell(found.troubles)
            if any(t.problem == "daily_cap" for t in found.troubles):
                # The rest is asked for tomorrow, new ones first, then those that were not looked at for longest.
                return

    def _candidates(self, source: Source) -> Iterator[Candidate]:
        """What the lists name, new ones first, then all that is known, those visited longest ago first."""
        listed_now: dict[str, Candidate] = {}
        for found in discovery.discover(source, self.web):
            if isinstance(found, Trouble):
                with self._lock:
                    self._tell([found])
                    self._of_lists.add((found.source, found.address))
            else:
                listed_now.setdefault(found.candidate.address, found.candidate)
        known = self.record.publications(source.name)
        # Where one is now it is visited; at its old address only as long as the list names that.
        known = [p for p in known if p.address not in self._moved or p.address in listed_now]
        listed_now = self._where_they_stand(listed_now, known)
        old = {p.address for p in known}
        # What has failed before must not use up the day, nor the patience with a slow host, before all else was looked at.
        failed = {t["address"] for t in self.record.troubles() if t["source"] == source.name}
        fresh = [c for address, c in listed_now.items() if address not in old]
        yield from (c for c in fresh if c.address not in failed)
        for publication in known:
            if publication.address in listed_now or self._is_due(publication):
                yield listed_now.get(publication.address) or _again(publication)
        yield from (c for c in fresh if c.address in failed)

    def _is_due(self, known: Publication) -> bool:
        """Whether a publication that no list names is to be visited: one that is gone after twice the time each time, at least twice a
        year."""
        if known.gone is None:
            return True
        gone, checked, now = (datetime.fromisoformat(at) for at in (known.gone, known.checked, self.at))
        # A clock that was set back is no reason to wait.
        return now < checked or now - checked >= min(checked - gone, _LONGEST)

    def _where_they_stand(self, listed_now: dict[str, Candidate], known: list[Publication]) -> dict[str, Candidate]:
        """The same, with publications whose address is another at every visit by the one that they are known by."""
        stands = changing.standing_for(listed_now, known)
        for now_at, address in stands.items():
            self.web.stands(address, now_at)
        return {
            (at := stands.get(address, address)): replace(candidate, address=at)
            for address, candidate in listed_now.items()
        }

    def _tell(self, troubles: Iterable[Trouble]) -> None:
        """Note troubles; what holds for a host is told of the host, once. The lock is held."""
        for each in troubles:
            trouble = each
            if trouble.problem in OF_THE_HOST:
                trouble = replace(trouble, address=f"{origin_of(trouble.address)}/")
                key = (trouble.source, trouble.problem, trouble.address)
                if key in self._told:
                    continue
                self._told.add(key)
            self.out.troubles.append(trouble)

    # -- keeping ---------------------------------------------------------------------------------------------------------

    def _received(self, visits: Sequence[Visit]) -> Iterator[Found]:
        """What the ingest has to keep, and of that what it has to read."""
        for found in visits:
            publication = found.publication
            # What was gone is there again, changed or not.
            back = publication.gone is not None
            for seen in found.seen:
                known = seen.known
                worth = seen.read or (back and seen.role in ("page", "attachment"))
                wanted = seen.joined is not None and seen.sha256 in self._wanting
                if not worth and not wanted and known is not None and known.seen_sha256 == seen.raw:
                    continue
                origin = Origin(seen.address, publication.address, seen.name or "page.html", publication.evidence)
                if seen.joined is not None:
                    joined = self.answers.hold(seen.joined)
                    if worth:
                        yield _found(joined, seen.address, seen.sha256, len(seen.joined), origin)
                    origin = replace(origin, read=False)
                # Bytes that only differ by decoration are not kept again.
                elif known is not None and not worth:
                    continue
                path = self.answers.path(seen.raw)
                if path is not None:
                    size = os.stat(path).st_size  # noqa: PTH116
                    yield _found(path, seen.address, seen.raw, size, replace(origin, read=origin.read and worth))

    def _restored(self) -> Iterator[Found]:
        """Contents whose snapshot was lost and that have come again: to be kept, not to be read."""
        for sha256, known in self._wanting.items():
            if self.answers.body(sha256) is not None and (path := self.answers.path(sha256)) is not None:
                origin = Origin(known.address, known.publication, known.name or "page.html", (), read=False)
                yield _found(path, known.address, sha256, os.stat(path).st_size, origin)  # noqa: PTH116

    def _gone(self, visits: Sequence[Visit]) -> Iterator[str]:
        """Addresses that count as gone from now on, and files that their page does not lead to any more."""
        for found in visits:
            known = found.publication
            if found.outcome == "missing":
                if known.gone is None and known.missing + 1 >= self.settings.gone_after:
                    yield from (f.address for f in self.record.files(known.address) if f.gone is None)
                continue
            if found.outcome == "moved":
                if known.gone is None:
                    there = {f.address for f in self.record.files(found.to)}
                    there |= {s.address for v in visits if v.publication.address == found.to for s in v.seen}
                    files = self.record.files(known.address)
                    yield from (f.address for f in files if f.gone is None and f.address not in there)
                continue
            yield from (f.address for f in found.lost if f.gone is None and f.missing + 1 >= self.settings.gone_after)
            yield from (f.address for f in found.unlinked)

    def _committed(self, visits: Sequence[Visit], summary: Summary | None, *, last: bool) -> None:
        """The results are in the record: now ours follows. The database comes after both."""
        with self._lock:
            quiet, self._quiet = self._quiet, []
        for begun in range(0, len(quiet), 1000):
            self.record.seen_again(quiet[begun : begun + 1000], self.at)
        self.out.unchanged += len(quiet)
        settled = Settled(self.record, self.id, self.at, self.settings.gone_after, summary)
        for begun in range(0, len(visits), 100):
            with self.record.changing():
                for found in visits[begun : begun + 100]:
                    self._count(found, settle(found, settled))
        self.out.reasons |= settled.reasons
        if last:
            self._end(self._sources)

    def _count(self, found: Visit, states: set[str]) -> None:
        address = found.publication.address
        for state in sorted(states):
            self.out.add(state, address)
        for name in ("new", "revised", "unchanged", "gone", "returned", "set_aside"):
            if name in states:
                setattr(self.out, name, getattr(self.out, name) + 1)

    def _files_set_aside(self, summary: Summary) -> None:
        """Files of folders that could not be used: they stand for themselves."""
        for name, _, message in summary.bad:
            if name not in summary.addresses and name not in summary.expected:
                self.out.add("set_aside", name)
                self.out.reasons[name] = message
                self.out.set_aside += 1

    def _tables(self) -> dict[str, list[dict[str, str]]]:
        return tables(self.out) | {"late": late(self.where.database(self._database))}


def _again(known: Publication) -> Candidate:
    """A publication of the record as a candidate: its list may not name it any more."""
    date = datetime.fromisoformat(known.date).date() if known.date else None
    return Candidate(
        known.address, known.source, known.found_on, known.link_text, date, known.year, known.body, known.evidence
    )


def _found(path: str, address: str, sha256: str, size: int, origin: Origin) -> Found:
    """A content as the ingest takes files; its hash stands for its time."""
    return Found(path, address, size, int(sha256[:15], 16), origin=origin)


def _folders(sources: Sequence[Source]) -> tuple[list[Path], list[Trouble]]:
    """The folders to ingest, and those in which nothing is: a share that is not mounted looks like that."""
    paths: list[Path] = []
    troubles: list[Trouble] = []
    for source in sources:
        for address in source.addresses:
            path = Path(address)
            # One that cannot be looked into is told by the ingest.
            with suppress(OSError):
                if path.is_dir() and next(path.iterdir(), None) is None:
                    troubles.append(Trouble(source.name, address, "empty_folder"))
            paths.append(path)
    return paths, troubles


def _unread(sources: Sequence[Source], summary: Summary, told: Sequence[Trouble]) -> list[Trouble]:
    """Folders, and files in them, that could not even be opened: they stay in sight until they can."""
    known = {os.path.normcase(os.path.abspath(t.address)) for t in told}  # noqa: PTH100
    out = []
    for missing in summary.missing:
        path = os.path.normcase(missing.name)
        for source in sources:
            folders = [os.path.normcase(os.path.abspath(a)) for a in source.addresses]  # noqa: PTH100
            if path not in known and any(path == f or path.startswith(os.path.join(f, "")) for f in folders):  # noqa: PTH118
                out.append(Trouble(source.name, missing.name, "unreadable_path"))
                break
    return out
