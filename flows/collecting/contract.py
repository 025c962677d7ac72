"""What the parts of collecting tell one another.

Belongs here: a fetched answer, who fetches, a candidate for a report, what was found behind it, and the names of troubles.
Does not belong here: doing any of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol

from schemas.report_identity import Evidence

if TYPE_CHECKING:
    from .sources import Source

# What can be wrong with an answer (`Fetched.problem`), in the words of the record.
# Of the host and the way to it:
#   network, timed_out, certificate, private_address, private_elsewhere (on a host that is not the source's own), http_not_allowed, bad_address, too_many_redirects
# Of what it said:
#   gone (404, 410), forbidden (401, 403), busy (429, 503 after all tries), server_error (other 5xx), status (any other)
#   too_large, cut (less than announced, or gzip that ends early), challenge (a script that tests the visitor)
# Of what was decided by us:
#   robots, robots_unavailable, daily_cap, left_alone (of a host that did not answer: not asked in this run)
# Found by whoever reads the content:
#   soft_404, home_page, login_page, captcha, maintenance, no_list, encrypted_list, no_report, script_only, too_many_hops
#   replaced (no report where one was known), ends_early (a page or file without its end)
Problem = str


# A list that is only sent to whoever posts a form has its form in the address, behind this: https://…/list#post:page=1&size=20
POSTED = "#post:"


def named(address: str) -> str:
    """An address as it is asked and known by: without its fragment, unless that is a form."""
    plain, mark, form = address.partition(POSTED)
    return plain.partition("#")[0] + mark + form


def target(address: str) -> tuple[str, str | None]:
    """What is asked, and the form that is posted to it; None for a plain request."""
    plain, mark, form = address.partition(POSTED)
    return plain.partition("#")[0], form if mark else None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer. ``problem`` None: ``body`` is whole and may be read; else ``body`` is what there is, often nothing.

    ``asked`` is the address as given, ``address`` where redirects led. ``headers`` have lower-case names. ``body`` is
    decoded (gzip) but not from its charset. ``fetched_at`` is in UTC. ``not_modified``: the server said so, or sent the very
    same bytes; ``body`` is then the kept one, so whoever reads a list need not know. ``status`` is 0 where nobody answered.
    ``detail`` is for people: what the problem was in the library's or server's words.
    """

    asked: str
    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    not_modified: bool = False
    problem: Problem | None = None
    detail: str = ""

    @property
    def media_type(self) -> str:
        """What the server calls it, lower case, without parameters; often wrong."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher(Protocol):
    """Whoever fetches: politely, guarded, bounded. Never raises for what a server does: that is a ``problem``."""

    def fetch(self, address: str, *, source: Source, referer: str | None = None) -> Fetched: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address behind which a report should stand, and what is known of it before it is fetched.

    ``found_on`` is the page whose link it was (the source's own address where there is none), ``link_text`` the whole
    text of the link. ``date``, ``year`` and ``body`` are what the list says, None where it does not. ``evidence`` is what the
    place says of body and year, with weights (`standing`).
    """

    address: str
    source: str
    found_on: str
    link_text: str = ""
    date: date | None = None
    year: int | None = None
    body: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something a person should know of: at which source, at which address, what (`Problem`), in which words."""

    source: str
    address: str
    problem: Problem
    detail: str = ""


# page: the address itself; part: another page of the same report; attachment: a document that the page leads to.
Role = Literal["page", "part", "attachment"]


@dataclass(frozen=True, slots=True)
class Rendering:
    """One file of a publication. ``name`` is the file's name as server, link or address give it, decoded, with no path."""

    role: Role
    name: str
    fetched: Fetched
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """What was found behind a candidate: all files of one publication, in the order they were found.

    ``renderings`` are worth reading each by itself, but for parts, which `joined` makes one page of. ``hops`` are the addresses passed
    on the way. With a ``problem`` there may be no rendering; ``evidence`` is the candidate's, and what the pages add.
    """

    candidate: Candidate
    renderings: tuple[Rendering, ...] = ()
    hops: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    problem: Problem | None = None
    detail: str = ""
    troubles: tuple[Trouble, ...] = field(default=())

    @property
    def joined(self) -> bytes | None:
        """A report over several pages as one page of HTML (UTF-8); None where it is not over several pages."""
        from .parts import joined

        pages = [r.fetched for r in self.renderings if r.role in ("page", "part")]
        return joined(pages) if len(pages) > 1 else None
