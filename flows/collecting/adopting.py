"""Publications whose source the list does not name any more: who visits them from now on.

Belongs here: giving them to a source that stands for the same place. Does not belong here: the list (`listed`), visiting (`visits`).

A source that was given another name is the same source: what its lists do not name any more would else never be looked at again, and
nobody would know of its revisions and its end. What no source of the list stands for was taken off by the operator; it keeps its data, and
`gouji status` says how much of it there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from .sources import Source
from .store import Collected, Publication


def adopt(record: Collected, sources: Sequence[Source]) -> int:
    """Give publications of sources that are not in the whole list to those that stand for their places; returns how many had none."""
    names = {s.name for s in sources}
    left = 0
    with record.changing():
        for each in record.publications():
            if each.source in names:
                continue
            found = _heir(each, sources)
            if found is None:
                left += 1
            else:
                record.put(replace(each, source=found.name))
        record.forget_troubles(names)
    return left


def _heir(publication: Publication, sources: Iterable[Source]) -> Source | None:
    """The source that names the list it was found on, or itself; else the first with an address at one of their hosts."""
    places = (publication.found_on, publication.address)
    hosts = {urlsplit(place).hostname for place in places if place}
    near: Source | None = None
    for source in sources:
        if source.kind == "folder":
            continue
        if any(place in source.addresses for place in places):
            return source
        if near is None and hosts & source.hosts:
            near = source
    return near
