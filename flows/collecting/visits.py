"""A visit to a publication: what is there now, beside what the record says.

Belongs here: asking for the page and its files, cheaply where nothing has changed; which of them must be read; what a change of bytes
without a change of words is; what being away means. Does not belong here: finding the way behind a page (`following`), reading (`flows`),
writing it down (`store`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from lxml import etree, html

from parsers.files import sniff
from parsers.files.encoding import decode

from . import changing, following, leading, wholeness
from .contract import Candidate, Fetched, Trouble
from .contract import Publication as Behind
from .fetching import Web
from .pages import page_of
from .queue import day_of
from .sources import Source
from .store import Collected, File, Publication, of_candidate

# A counter, a clock, the way from neighbour to neighbour: different at every visit, and no part of a report.
_VOLATILE = re.compile(
    r"(?:浏览|点击|阅读|访问|访客)(?:次数|量|数|人次|人数)?\s*[:：]?\s*[\[（(【]?\s*\d*\s*[\]）)】]?\s*(?:次|人次)?"
    r"|(?:今天是|现在是|当前时间)?\s*[:：]?\s*\d{4}\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}\s*日?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?\s*(?:星期|周)[一二三四五六日天]"
    r"(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
)
_SPACES = re.compile(r"[\s\u3000\xa0]+")
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "iframe", "svg", "select", "option", "button"})
_CELLS = frozenset({"td", "th", "tr", "table"})
_BLOCKS = _CELLS | frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
        "form",
        "center",
        "body",
        "tbody",
        "br",
    ]
)
_LONGEST = 5_000_000
# An answer without its end is what is there when it came alike on so many days.
_DAYS = 3
# What is longer is no line of counters and dates.
_LINE = 120


@dataclass(slots=True)
class Seen:
    """A file at this visit. ``sha256`` is what would be read, ``raw`` what the server sent (they differ where several pages are
    one report); ``read``: it must be read, ``joined`` holds its bytes where no answer does."""

    address: str
    answered_by: str
    role: str
    name: str
    link_text: str
    sha256: str
    raw: str
    size: int
    headers: dict[str, str]
    at: str
    skeleton: str | None
    read: bool
    known: File | None
    joined: bytes | None = None
    # Another address of a content that the publication had before: no news.
    renamed: bool = False


@dataclass(slots=True)
class Visit:
    """What a visit found. ``outcome``: ``new``, ``changed`` (to be read), ``unchanged``, ``missing`` (404, 410),
    ``moved`` (its address sends on to another publication, ``to``), ``trouble``."""

    publication: Publication
    outcome: str
    seen: list[Seen] = field(default_factory=list)
    hops: tuple[str, ...] = ()
    troubles: list[Trouble] = field(default_factory=list)
    # Files of the record that answer 404 or 410 now, and those that the page no longer leads to, also those of them that answer so and
    # have another one instead.
    lost: list[File] = field(default_factory=list)
    unlinked: list[File] = field(default_factory=list)
    to: str = ""


def skeleton(body: bytes) -> str | None:
    """A hash of the words of a page as they stand in its tables and paragraphs, without what is different at every visit.

    Equal skeletons read alike; unequal ones may do so too, and are read to know it. None for what is no page.
    """
    if sniff.sniff(body, "page.html") != sniff.HTML or len(body) > _LONGEST:
        return None
    try:
        root = html.document_fromstring(decode(body))
    except (etree.ParserError, ValueError):
        return None
    blocks = [""]
    _gather(root, blocks)
    text = "".join(_settled(block) for block in blocks)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _settled(block: str) -> str:
    """A piece of text without what is volatile. A sentence is never touched: what it counts is the report's."""
    text = _SPACES.sub("", block)
    if len(text) > _LINE or any(mark in text for mark in "。；"):
        return text
    return _VOLATILE.sub("", text)


def _gather(element: etree._Element, blocks: list[str]) -> None:
    """The text below an element in its blocks. Cells are kept apart, with what they span; lists of links to neighbours say nothing."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    if element.tag in ("ul", "ol") and _only_links(element):
        return
    block = element.tag in _BLOCKS
    if block:
        spans = "".join(f"{k}{element.get(k)}" for k in ("rowspan", "colspan") if element.get(k))
        blocks.append(f"<{element.tag}{spans}>" if element.tag in _CELLS else "")
        blocks.append("")
    blocks[-1] += element.text or ""
    for child in element:
        _gather(child, blocks)
        blocks[-1] += child.tail or ""
    if block:
        blocks.append("")


def _only_links(element: etree._Element) -> bool:
    """Whether all words of a list are those of links, and dates beside them."""
    whole = "".join(element.itertext())
    linked = "".join("".join(a.itertext()) for a in element.iter("a"))
    return bool(linked.strip()) and len(re.sub(r"[\s\d\-/.年月日\[\]（）()·|>»]+", "", whole)) <= len(
        re.sub(r"[\s\d\-/.年月日\[\]（）()·|>»]+", "", linked)
    )


def visit(candidate: Candidate, source: Source, web: Web, record: Collected, at: str, met: Mapping[str, str]) -> Visit:
    """Visit what a candidate leads to. ``met``: the outcomes of this run's visits, which the record need not know yet."""
    known = record.publication(candidate.address)
    files = record.files(candidate.address) if known is not None else []
    publication = known or of_candidate(candidate, at)
    if known is not None and (to := _moved(known, source, web, record, met)) is not None:
        return Visit(known, "moved", to=to)
    if known is not None and _quiet(known, files, source, web):
        return Visit(known, "unchanged")
    page = web.fetch(candidate.address, source=source, referer=candidate.found_on, body=True)
    if page.problem == "gone":
        if known is not None:
            return Visit(publication, "missing")
        return Visit(publication, "trouble", troubles=[Trouble(source.name, candidate.address, "gone", page.detail)])
    care = _Care(web, source, record, at, {f.address: f for f in files})
    page, why = care.whole(page, page.asked, candidate.found_on)
    if why is not None:
        return Visit(publication, "trouble", troubles=[Trouble(source.name, candidate.address, "ends_early", why)])
    behind = following.follow(candidate, source, web, fetched=page)
    out = Visit(
        publication, "changed" if known is not None else "new", hops=behind.hops, troubles=list(behind.troubles)
    )
    # What is wrong behind the page is told once, where it is.
    if behind.problem is not None and behind.problem not in {t.problem for t in out.troubles}:
        out.troubles.append(Trouble(source.name, candidate.address, behind.problem, behind.detail))
    if known is not None and behind.problem == "no_report" and not behind.troubles and care.had_report(files):
        # The report stays what it is; whatever stands in its place is no correction of it.
        troubles = [Trouble(source.name, candidate.address, "replaced", behind.detail)]
        return Visit(publication, "trouble", troubles=troubles)
    if not behind.renderings:
        out.outcome = "trouble"
        return out
    publication.evidence = behind.evidence
    if candidate.link_text:
        publication.found_on, publication.link_text = candidate.found_on, candidate.link_text
        # Next year's report may stand at the same address.
        publication.year, publication.body = candidate.year or publication.year, candidate.body or publication.body
        if candidate.date is not None:
            publication.date = candidate.date.isoformat()
    if not _compare(out, behind, files, care):
        out.outcome, out.seen = "trouble", []
        return out
    if known is not None and not any(s.read for s in out.seen) and not out.lost and not out.unlinked:
        out.outcome = "unchanged"
    return out


def _moved(known: Publication, source: Source, web: Web, record: Collected, met: Mapping[str, str]) -> str | None:
    """The publication that a known one's address sends on to: a site that has gone over to https or to another host, a second
    address of one page."""
    answer = web.fetch(known.address, source=source, referer=known.found_on, body=False)
    if answer.problem is not None or answer.address in (answer.asked, known.address):
        return None
    if met.get(answer.address) in ("new", "changed", "unchanged"):
        return answer.address
    other = record.publication(answer.address)
    return other.address if other is not None and other.gone is None else None


def _quiet(known: Publication, files: list[File], source: Source, web: Web) -> bool:
    """Whether the page and all its files are what they were at the last visit: conditional requests and nothing more."""
    if not files or known.missing or known.gone:
        return False
    ordered = sorted((f for f in files if f.gone is None), key=lambda f: f.address != known.address)
    for each in ordered:
        referer = known.found_on if each.address == known.address else known.address
        answer = web.fetch(each.address, source=source, referer=referer, body=False)
        if answer.problem is not None or web.sha256(each.address) != each.seen_sha256 or web.lacks(each.sha256):
            return False
    return True


@dataclass(slots=True)
class _Care:
    """Care for what is known of a publication: nothing that is no whole report takes its place."""

    web: Web
    source: Source
    record: Collected
    at: str
    # By the addresses that are asked for.
    known: dict[str, File]
    _looked_at: set[str] = field(default_factory=set)

    def whole(self, answer: Fetched, address: str, referer: str | None) -> tuple[Fetched, str | None]:
        """An answer as it is to be used, asked for once more where it is not whole, and why it is not to be used at all."""
        if address in self._looked_at:
            return answer, None
        self._looked_at.add(address)
        if answer.problem is not None or self._why_cut(answer, address) is None:
            return answer, None
        answer = self.web.again(answer, source=self.source, referer=referer)
        if answer.problem is not None or (why := self._why_cut(answer, address)) is None:
            return answer, None
        content = skeleton(answer.body) or hashlib.sha256(answer.body).hexdigest()
        if self.record.hold(address, content, day_of(datetime.fromisoformat(self.at))) >= _DAYS:
            return answer, None
        self.web.forget(answer)
        return answer, why

    def _why_cut(self, answer: Fetched, address: str) -> str | None:
        known = self.known.get(address)
        if known is None:
            return wholeness.why_cut(answer.body, answer.headers, None)
        if self.web.sha256(answer.asked) in (known.sha256, known.seen_sha256):
            return None
        return wholeness.why_cut(answer.body, answer.headers, self.web.kept(known.sha256))

    def had_report(self, files: list[File]) -> bool:
        """Whether a publication held a report, by the same marks that its page is held to now."""
        return any(f.gone is None and (f.role == "attachment" or self._is_report(f)) for f in files)

    def _is_report(self, known: File) -> bool:
        body = self.web.kept(known.sha256) if known.role in ("page", "part") else None
        if body is None:
            return False
        there = datetime.fromisoformat(self.at)
        return leading.is_report(page_of(Fetched(known.address, known.address, 200, {}, body, there)))


def _compare(out: Visit, behind: Behind, files: list[File], care: _Care) -> bool:
    """Put what is there beside what was there; False where a page came in part only, so that what it leads to is not known."""
    known, web, source = care.known, care.web, care.source
    # A file whose address is another at every visit is the file that it was.
    asked = [r.fetched.asked for r in behind.renderings] + list(behind.hops)
    stands = changing.partners(
        [a for a in asked if a not in known], [f.address for f in files if f.gone is None and f.address not in asked]
    )
    known |= {address: known[other] for address, (other, _) in stands.items()}
    # What could not be had, or not whole, is neither lost nor unlinked.
    waited = {t.address for t in behind.troubles}
    renderings = []
    for rendering in behind.renderings:
        answer, why = care.whole(rendering.fetched, rendering.fetched.asked, out.publication.address)
        if why is not None:
            out.troubles.append(Trouble(source.name, answer.asked, "ends_early", why))
            waited.add(known[answer.asked].address if answer.asked in known else answer.asked)
            if rendering.role != "attachment":
                return False
            continue
        renderings.append(replace(rendering, fetched=answer))
    behind = replace(behind, renderings=tuple(renderings))
    joined = behind.joined
    first = next((r for r in behind.renderings if r.role in ("page", "part")), None)
    for rendering in behind.renderings:
        answer = rendering.fetched
        together = joined if joined is not None and rendering is first else None
        part_of_first = joined is not None and rendering is not first and rendering.role in ("page", "part")
        out.seen.append(
            _seen(answer, rendering.role, rendering.name, rendering.link_text, known, web, together, not part_of_first)
        )
    there = {s.address for s in out.seen}
    had = {f.sha256 for f in files}
    for seen in out.seen:
        seen.renamed = seen.known is None and seen.sha256 in had
    for hop in dict.fromkeys((out.publication.address, *behind.hops)):
        if (known[hop].address if hop in known else hop) not in there:
            answer = web.fetch(hop, source=source)
            if answer.problem is None and web.sha256(hop):
                out.seen.append(_seen(answer, "hop", "", "", known, web, None, False))
                there.add(out.seen[-1].address)
    replaced = any(s.known is None and s.role == "attachment" for s in out.seen)
    for each in files:
        if each.address in there or each.address in waited or each.gone is not None:
            continue
        answer = web.fetch(each.address, source=source, referer=out.publication.address, body=False)
        if answer.problem == "gone" and not replaced:
            out.lost.append(each)
        elif answer.problem in (None, "gone"):
            out.unlinked.append(each)
    return bool(out.seen)


def _seen(
    answer: Fetched,
    role: str,
    name: str,
    text: str,
    known: dict[str, File],
    web: Web,
    joined: bytes | None,
    worth: bool,
) -> Seen:
    before = known.get(answer.asked)
    raw = web.sha256(answer.asked)
    body = joined if joined is not None else answer.body
    sha256 = hashlib.sha256(joined).hexdigest() if joined is not None else raw
    bones = before.skeleton if before is not None and before.sha256 == sha256 else None
    read = (
        worth
        and (before is None or before.sha256 != sha256)
        and not (before is not None and before.seen_sha256 == raw and joined is None)
    )
    if worth and bones is None:
        bones = skeleton(body)
    if read and before is not None and bones is not None and bones == before.skeleton:
        read = False
    return Seen(
        before.address if before is not None else answer.asked,
        answer.address,
        role,
        name,
        text,
        sha256,
        raw,
        len(body),
        dict(answer.headers),
        answer.fetched_at.isoformat(timespec="seconds"),
        bones,
        read,
        before,
        joined,
    )
