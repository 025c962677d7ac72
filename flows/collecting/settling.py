"""After the ingest: what a visit means for the record.

Belongs here: new, revised, the same, away, gone, back, set aside; the rows and receipts that say so.
Does not belong here: visiting (`visits`), the order of a run (`collect`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flows.summary import Summary

from .store import Collected, File, Receipt
from .visits import Seen, Visit

# Troubles with which nothing was asked for at an address: they are its host's.
OF_THE_HOST = frozenset({"left_alone", "robots_unavailable", "daily_cap"})


@dataclass(slots=True)
class Settled:
    """What settling needs to know of a run. ``reasons``: address → why nothing could be read there."""

    record: Collected
    run: int
    at: str
    gone_after: int
    summary: Summary | None
    reasons: dict[str, str] = field(default_factory=dict)
    _states: dict[str, set[str]] = field(default_factory=dict)
    _bad: dict[str, str] = field(default_factory=dict)
    _good: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.summary is None:
            return
        bad = {place: message for place, _, message in self.summary.bad}
        for place, address in self.summary.addresses.items():
            self._states.setdefault(address, set()).add(self.summary.states[place])
            if place in bad:
                self._bad[address] = bad[place]
            else:
                # In an archive one document that was read is enough.
                self._good.add(address)

    def states(self, address: str) -> set[str]:
        """What became of an address in the ingest; nothing where it had nothing to read there."""
        return self._states.get(address, set())

    def bad(self, address: str) -> str | None:
        """Why nothing was read at an address."""
        return None if address in self._good else self._bad.get(address)


def settle(visit: Visit, run: Settled) -> set[str]:
    """Write down a visit; returns what it was: ``new``, ``revised``, ``unchanged``, ``missing``, ``gone``, ``moved``, ``returned``,
    ``set_aside``."""
    if visit.outcome == "missing":
        return _missing(visit, run)
    if visit.outcome == "moved":
        return _moved(visit, run)
    if visit.outcome == "trouble":
        known = run.record.publication(visit.publication.address)
        # What was not asked for keeps its turn.
        if known is not None and not all(t.problem in OF_THE_HOST for t in visit.troubles):
            run.record.put(replace(known, checked=run.at))
        return set()
    publication = visit.publication
    states: set[str] = set()
    said = [_file(seen, visit, run) for seen in visit.seen]
    read = [s for s in visit.seen if s.read]
    reasons = [why for s in read if (why := run.bad(s.address)) is not None]
    if publication.gone is not None:
        states.add("returned")
        run.record.tell(run.run, publication.address, publication.address, "returned", run.at)
        publication.gone, publication.returned = None, run.at
    before = publication.changed
    publication.missing = 0
    publication.last_seen = publication.checked = run.at
    for lost in visit.lost:
        _lost_file(lost, run)
    for each in visit.unlinked:
        run.record.tell(run.run, publication.address, each.address, "unlinked", run.at)
        run.record.put_file(replace(each, gone=run.at))
    if visit.outcome == "new":
        states.add("new")
    elif "revised" in said or ("new" in said and visit.outcome == "changed"):
        states.add("revised")
        publication.changed = run.at
    else:
        states.add("unchanged")
    # A page that leads to a report need not hold it too.
    if reasons and len(reasons) == len(read):
        # Nor is what cannot be read a correction of what could.
        if "revised" in states:
            publication.changed = before
        states -= {"new", "revised"}
        states.add("set_aside")
        run.reasons[publication.address] = reasons[0]
    run.record.put(publication)
    return states


def _file(seen: Seen, visit: Visit, run: Settled) -> str:
    """Write down a file; returns ``new``, ``revised`` or ``same``."""
    known = seen.known
    publication = visit.publication.address
    states = run.states(seen.address) if seen.read else set()
    if known is None:
        state = "new" if seen.role != "hop" and not seen.renamed else "same"
        row = File(
            *(publication, seen.address, seen.role, seen.name, seen.link_text, seen.sha256, seen.raw, seen.skeleton),
            first_seen=run.at,
            last_seen=run.at,
        )
    else:
        # What comes back is new at its place, and may be what it was.
        back = visit.publication.gone is not None and seen.sha256 == known.sha256
        changed = bool(states & {"revised", "new"}) and not back
        state = "revised" if changed else "same"
        row = replace(
            known,
            role=seen.role,
            name=seen.name,
            link_text=seen.link_text,
            seen_sha256=seen.raw,
            skeleton=seen.skeleton,
        )
        row.last_seen, row.missing, row.gone = run.at, 0, None
    if visit.troubles and seen.address == publication:
        # Something behind the page could not be had: the page is gone through again, whether it changes or not.
        row.seen_sha256 = ""
    if known is not None:
        if seen.read and not states <= {"same"}:
            row.sha256 = seen.sha256
        if changed:
            row.changed = run.at
    run.record.put_file(row)
    if known is None or seen.raw not in (known.seen_sha256, known.sha256):
        receipt = Receipt(
            *(
                publication,
                seen.address,
                seen.answered_by,
                seen.role,
                seen.raw,
                seen.size,
                seen.at,
                seen.headers,
                seen.name,
            ),
            hops=visit.hops,
            state=state,
        )
        run.record.receive(run.run, receipt)
    return state


def _missing(visit: Visit, run: Settled) -> set[str]:
    """A page that answers 404 or 410: so many visits in a row, and it is gone; what was read of it stays."""
    known = visit.publication
    # What is gone already is no news.
    states = {"missing"} if known.gone is None else set()
    known.missing += 1
    known.checked = run.at
    run.record.tell(run.run, known.address, known.address, "missing", run.at)
    if known.gone is None and known.missing >= run.gone_after:
        known.gone = run.at
        states.add("gone")
        run.record.tell(run.run, known.address, known.address, "gone", run.at)
    run.record.put(known)
    return states


def _moved(visit: Visit, run: Settled) -> set[str]:
    """A page that is at another address now, which is a publication of its own: this one goes on there."""
    known = visit.publication
    states = set()
    if known.gone is None:
        known.gone = run.at
        states.add("moved")
        run.record.tell(run.run, known.address, visit.to, "moved", run.at)
    known.missing, known.checked = 0, run.at
    run.record.put(known)
    return states


def _lost_file(known: File, run: Settled) -> None:
    known.missing += 1
    run.record.tell(run.run, known.publication, known.address, "missing", run.at)
    if known.gone is None and known.missing >= run.gone_after:
        known.gone = run.at
        run.record.tell(run.run, known.publication, known.address, "gone", run.at)
    run.record.put_file(known)
