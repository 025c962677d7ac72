"""From a candidate to the files that hold its report: over redirects, viewers, frames, several pages, several hops.

Belongs here: which address is asked next, and when the way ends. Does not belong here: what a page is and leads to (`leading`), how it
is fetched (a `Fetcher`), whether a file holds a report: the reader says that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import unquote_to_bytes, urlsplit

from parsers.files import sniff
from parsers.prose.identity.titles import parse
from schemas.report_identity import Evidence

from . import leading, standing
from .contract import Candidate, Fetched, Fetcher, Publication, Rendering, Role, Trouble
from .pages import Page, decoded, page_of
from .sources import Source

# So many pages of one report, so many frames of a page are looked at.
_PARTS, _FRAMES = 12, 3
_ENDINGS = {
    sniff.DOCX: ".docx",
    sniff.XLSX: ".xlsx",
    sniff.DOC: ".doc",
    sniff.WPS: ".wps",
    sniff.XLS: ".xls",
    sniff.PDF: ".pdf",
    sniff.OFD: ".ofd",
    sniff.ODT: ".odt",
    sniff.RTF: ".rtf",
    sniff.ZIP: ".zip",
    sniff.HTML: ".html",
    sniff.MHTML: ".mht",
}
_PAGES = frozenset({sniff.HTML, sniff.TEXT, sniff.MARKDOWN, sniff.XML})
_BAD_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST_NAME = 120


def follow(candidate: Candidate, source: Source, fetcher: Fetcher, *, fetched: Fetched | None = None) -> Publication:
    """Everything behind a candidate. ``fetched``: its own answer, where it is at hand. Never raises for what is on the way."""
    return _Way(candidate, source, fetcher).go(fetched)


@dataclass
class _Way:
    candidate: Candidate
    source: Source
    fetcher: Fetcher
    hops: list[str] = field(default_factory=list)
    found: list[Rendering] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    def go(self, fetched: Fetched | None) -> Publication:
        address, referer = self.candidate.address, self.candidate.found_on
        while True:
            answer = fetched if fetched is not None else self._fetch(address, referer)
            fetched = None
            if answer.problem is not None:
                return self._end(answer.problem, answer.detail)
            if not is_page(answer):
                self._add("attachment" if self.hops else "page", answer, "")
                return self._end()
            page = page_of(answer)
            onward = self._looked_at(page, answer)
            if onward is None or isinstance(onward, Publication):
                return onward or self._end()
            if len(self.hops) >= self.source.hops or onward in (*self.hops, answer.asked, answer.address):
                return self._end("too_many_hops", onward)
            self.hops.append(answer.address)
            address, referer = onward, answer.address

    def _looked_at(self, page: Page, answer: Fetched) -> str | Publication | None:
        """Take what the page holds; returns where to go on, or the end of the way with a problem, or None: this is all."""
        if not answer.body.strip():
            return self._end("no_report", "0")
        if (address := leading.sent_on(page)) is not None:
            return address
        if leading.is_report(page):
            self._of_the_page(page)
            self._add("page", answer, "")
            for part in leading.parts_of(page)[:_PARTS]:
                self._also("part", part, answer.address, "")
            self._files(page, answer)
            return None
        if leading.is_lost(page):
            return self._end("soft_404", page.title)
        if leading.is_home(page):
            return self._end("home_page", page.title)
        self._of_the_page(page)
        if self._files(page, answer) or self._framed(page, answer):
            return None
        if self.troubles:
            # There is a file, and it cannot be had now: that is the trouble, not the page.
            return self._end(self.troubles[0].problem, self.troubles[0].detail)
        links = [link for link in leading.report_links(page, self.candidate.year) if link.address not in self.hops]
        if links:
            return links[0].address
        if (instead := leading.instead(page)) is not None:
            return self._end(instead, page.title)
        # Pictures of its tables, perhaps; a person sees more in it than nothing.
        self._add("page", answer, "")
        return self._end("no_report", page.title)

    def _of_the_page(self, page: Page) -> None:
        self.evidence += [e for e in standing.of_page(page) if e not in self.evidence]

    def _files(self, page: Page, answer: Fetched) -> int:
        return sum(self._also("attachment", link.address, answer.address, link.text) for link in leading.files_of(page))

    def _framed(self, page: Page, answer: Fetched) -> bool:
        for address in leading.frames_of(page)[:_FRAMES]:
            framed = self._fetch(address, answer.address)
            if framed.problem is not None:
                self._tell(framed)
            elif not is_page(framed):
                self._add("attachment", framed, "")
                return True
            elif leading.is_report(inner := page_of(framed)) or leading.files_of(inner):
                self._add("page", answer, "")
                if leading.is_report(inner):
                    self.found[-1] = Rendering("page", _name(framed, "", "page"), framed)
                else:
                    self.found.pop()
                    self._files(inner, framed)
                self.hops.append(answer.address)
                return True
        return False

    def _also(self, role: Role, address: str, referer: str, text: str) -> bool:
        """Fetch one more file of the same publication; a page that comes instead of a document is trouble, not a rendering."""
        if any(r.fetched.asked == address for r in self.found):
            return False
        fetched = self._fetch(address, referer)
        if fetched.problem is not None:
            self._tell(fetched)
            return False
        if role == "attachment" and is_page(fetched):
            page = page_of(fetched)
            if not leading.is_report(page):
                problem = leading.instead(page) or "no_report"
                self.troubles.append(Trouble(self.source.name, address, problem, page.title))
                return False
        self._add(role, fetched, text)
        return True

    def _fetch(self, address: str, referer: str | None) -> Fetched:
        return self.fetcher.fetch(address, source=self.source, referer=referer)

    def _tell(self, fetched: Fetched) -> None:
        self.troubles.append(Trouble(self.source.name, fetched.asked, fetched.problem or "", fetched.detail))

    def _add(self, role: Role, fetched: Fetched, text: str) -> None:
        self.found.append(Rendering(role, _name(fetched, text, role), fetched, text))

    def _end(self, problem: str | None = None, detail: str = "") -> Publication:
        if problem is None and self.troubles and not self.found:
            problem, detail = self.troubles[0].problem, self.troubles[0].detail
        evidence = (*self.candidate.evidence, *(e for e in self.evidence if e not in self.candidate.evidence))
        return Publication(
            self.candidate, tuple(self.found), tuple(self.hops), evidence, problem, detail, tuple(self.troubles)
        )


def is_page(fetched: Fetched) -> bool:
    """Whether an answer is a page, by its content whatever the server calls it."""
    return sniff.sniff(fetched.body[:200_000] if fetched.body[:2] != b"PK" else fetched.body, "") in (
        *_PAGES,
        sniff.EMPTY,
    )


# --- names of files


def _name(fetched: Fetched, text: str, role: Role) -> str:
    """A file's name as the server, the link or the address gives it, with the ending that its content has."""
    ending = _ENDINGS.get(sniff.sniff(fetched.body, ""), "")
    last = decoded(urlsplit(fetched.address).path.rpartition("/")[2])
    said = disposed(fetched.headers.get("content-disposition", ""))
    if not said and role == "attachment" and (parse(text) is not None or leading.names_file(text)):
        said = text
    name = _BAD_IN_NAMES.sub("_", said or last or urlsplit(fetched.address).hostname or "page").strip(" ._")
    stem, dot, old = name.rpartition(".")
    if ending and dot and re.fullmatch(r"[A-Za-z]{2,5}", old):
        # 年报.doc that is a .docx keeps its words, not its ending; download.jsp is no document.
        name = stem
    elif ending == "" and dot:
        return name[-_LONGEST_NAME:]
    return f"{name[:_LONGEST_NAME]}{ending}" if name else f"report{ending}"


def disposed(header: str) -> str:
    """The file name in a Content-Disposition: RFC 5987, percent-encoded, or raw bytes in UTF-8 or GBK; "" for none."""
    if not header:
        return ""
    if m := re.search(r"filename\*\s*=\s*\"?([\w-]*)'[^']*'([^;\"]+)", header, re.IGNORECASE):
        raw = unquote_to_bytes(m[2].strip())
        try:
            return raw.decode(m[1] or "utf-8").strip()
        except (LookupError, UnicodeDecodeError):
            return raw.decode("gb18030", errors="replace").strip()
    m = re.search(r"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]+))", header, re.IGNORECASE)
    name = (m[1] or m[2] or "").strip() if m else ""
    if re.search(r"%[0-9A-Fa-f]{2}", name):
        return decoded(name)
    if name and not name.isascii() and max(name) <= "\xff":
        # Headers are read as Latin-1: what was sent are bytes.
        raw = name.encode("latin-1")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("gb18030", errors="replace")
    if name.startswith("=?"):
        message = Message()
        message["x"] = name
        from email.header import decode_header, make_header

        return str(make_header(decode_header(message["x"])))
    return name
