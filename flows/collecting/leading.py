"""What a page leads to: files, viewers, frames, its further pages, redirects that are none of HTTP's, the report's own page.

Belongs here: finding them in the markup, and judging what a page is (`following.toml`). Does not belong here: fetching them
(`following`), links on lists (`links`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from parsers.prose.identity.titles import parse
from schemas import kept
from schemas.labels import fold

from .pages import Link, Page, address_of, decoded, same_page, squeezed

_REFRESH = re.compile(r"^\s*\d+(?:\.\d+)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'\s>]+)", re.IGNORECASE)
_LOCATION = re.compile(
    r"(?:(?:window|self|top|document|parent)\.)?location(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']"
    r"|location\.(?:replace|assign)\(\s*[\"']([^\"']+)[\"']"
)
_QUOTED = re.compile(r"[\"']([^\"'\s<>]{3,400})[\"']")
_MARKED = ("onclick", "data-url", "data-href", "data-src", "data-file")


@dataclass(frozen=True, slots=True)
class _Rules:
    headings: tuple[re.Pattern[str], ...]
    least: int
    files: re.Pattern[str]
    downloads: re.Pattern[str]
    viewers: re.Pattern[str]
    viewed: tuple[str, ...]
    other: re.Pattern[str]
    most_files: int
    lost: re.Pattern[str]
    few: int
    home: re.Pattern[str]
    instead: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def rules() -> _Rules:
    data = kept.toml(Path(__file__).with_name("following.toml"))
    return _Rules(
        headings=tuple(re.compile(h) for h in data["headings"]),
        least=data["least"],
        files=re.compile(data["files"], re.IGNORECASE),
        downloads=re.compile("|".join(data["downloads"])),
        viewers=re.compile("|".join(data["viewers"])),
        viewed=tuple(data["viewed"]),
        other=re.compile("|".join(data["other"])),
        most_files=data["most_files"],
        lost=re.compile(data["lost"]),
        few=data["few"],
        home=re.compile(data["home"]),
        instead=tuple((name, re.compile(words)) for name, words in data["instead"].items()),
    )


# --- what a page is


def is_report(page: Page) -> bool:
    """Whether the page itself holds a report: enough of the headings of its parts."""
    text = fold(page.visible_text[:400_000])
    return sum(h.search(text) is not None for h in rules().headings) >= rules().least


def own_title(page: Page) -> str | None:
    """The report's title as the page bears it (metadata, headings, title of the page); None where it bears none."""
    said = [page.metadata.get("articletitle", "")]
    said += [squeezed("".join(h.itertext())) for h in page.root.iter("h1", "h2", "h3")]
    said += [page.metadata.get("og:title", ""), page.title]
    for text in said:
        title = parse(text) if text and len(text) < 200 else None
        if title is not None and (title.year is not None or title.issuer is not None):
            return title.text
    return None


def is_lost(page: Page) -> bool:
    """Whether the page says that there is nothing here, with whatever status it came."""
    if rules().lost.search(fold(page.title)):
        return True
    text = fold(page.visible_text)
    return len(text) <= rules().few and rules().lost.search(text) is not None


def is_home(page: Page) -> bool:
    """Whether the page is a site's first page, given instead of what was asked."""
    links = sum(1 for _ in page.links())
    return (
        links >= 20
        and own_title(page) is None
        and (rules().home.search(fold(page.title)) is not None or urlsplit(page.address).path in ("", "/"))
    )


def instead(page: Page) -> str | None:
    """What a page asks of its visitor, or says, in place of what was asked for (`contract.Problem`); None where it bears a report's title
    or says more."""
    text = fold(page.visible_text)
    if len(text) > rules().few or own_title(page) is not None:
        return None
    text = fold(page.title) + text
    return next((name for name, words in rules().instead if words.search(text)), None)


# --- where a page sends its visitor


def sent_on(page: Page) -> str | None:
    """Where ``meta refresh`` or a script sends the visitor; None where there is something to read here."""
    if len(fold(page.visible_text)) > rules().few:
        return None
    for meta in page.root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            m = _REFRESH.match(meta.get("content") or "")
            if m and (address := page.resolve(m[1])) and not same_page(address, page.address):
                return address
    for script in page.scripts:
        for m in _LOCATION.finditer(script):
            address = page.resolve(m[1] or m[2])
            if address and not same_page(address, page.address):
                return address
    return None


def parts_of(page: Page) -> list[str]:
    """Further pages of the same article: ``NAME_2.html`` beside ``NAME.html``, in their order."""
    stem, dot, ending = urlsplit(page.address).path.rpartition(".")
    if not dot or "/" in ending:
        return []
    found: dict[int, str] = {}
    for link in page.links():
        path = urlsplit(link.address).path
        m = re.fullmatch(re.escape(stem) + r"_(\d{1,2})\." + re.escape(ending), path)
        if m and urlsplit(link.address).netloc == urlsplit(page.address).netloc:
            found.setdefault(int(m[1]), link.address)
    return [found[n] for n in sorted(found)]


# --- files and frames


def files_of(page: Page) -> list[Link]:
    """What may be the report as a file: attachments, files in viewers and frames. Those that belong to the report by their words
    where any do; each once."""
    found: dict[str, Link] = {}
    for link in (*_linked_files(page), *_framed_files(page)):
        if not same_page(link.address, page.address):
            found.setdefault(link.address, link)
    kept_ones = [link for link in found.values() if not rules().other.search(fold(link.text)) or parse(link.text)]
    named = [
        link for link in kept_ones if parse(link.text) is not None or parse(decoded(link.address.rpartition("/")[2]))
    ]
    return (named or kept_ones)[: rules().most_files]


def _linked_files(page: Page) -> Iterator[Link]:
    for link in page.links():
        if (inner := _in_viewer(page, link.address)) is not None:
            yield Link(inner, link.text)
        elif is_file(link.address, link.text):
            yield link
    for element in page.root.iter("a", "button", "span", "div", "p", "li", "td", "input"):
        for name in _MARKED:
            for m in _QUOTED.finditer(element.get(name) or ""):
                if rules().files.search(urlsplit(m[1]).path) and (address := page.resolve(m[1])):
                    yield Link(address, squeezed("".join(element.itertext())))
            value = (element.get(name) or "").strip()
            if name != "onclick" and rules().files.search(urlsplit(value).path) and (address := page.resolve(value)):
                yield Link(address, squeezed("".join(element.itertext())))


def _framed_files(page: Page) -> Iterator[Link]:
    for element in page.root.iter("iframe", "frame", "embed", "object"):
        source = element.get("src") or element.get("data") or element.get("data-src") or ""
        address = page.resolve(source)
        if address is None:
            continue
        if (inner := _in_viewer(page, address)) is not None:
            yield Link(inner, "")
        elif is_file(address, "") or (element.get("type") or "") == "application/pdf":
            yield Link(address, "")


def is_file(address: str, text: str) -> bool:
    """Whether an address answers with a document, by its end, its parameters or the link's words."""
    parts = urlsplit(address)
    if rules().files.search(decoded(parts.path)) or rules().downloads.search(f"{parts.path}?{parts.query}"):
        return True
    return bool(parts.query) and names_file(text)


def names_file(text: str) -> bool:
    """Whether words end like a file's name."""
    return rules().files.search(text) is not None


def _in_viewer(page: Page, address: str) -> str | None:
    """The file that a viewer shows, by the parameter that names it."""
    parts = urlsplit(address)
    if not rules().viewers.search(parts.path) or not parts.query:
        return None
    given = dict(parse_qsl(parts.query))
    named = next((given[k] for k in rules().viewed if given.get(k)), None)
    return address_of(address, named) if named else None


def frames_of(page: Page) -> list[str]:
    """Frames that hold a page of their own."""
    found = []
    for element in page.root.iter("iframe", "frame"):
        address = page.resolve(element.get("src") or element.get("data-src") or "")
        if (
            address
            and _in_viewer(page, address) is None
            and not is_file(address, "")
            and not same_page(address, page.address)
        ):
            found.append(address)
    return list(dict.fromkeys(found))


def report_links(page: Page, year: int | None) -> list[Link]:
    """Links to the page of the report that this page only tells of: of the same year, not of a neighbour."""
    found: dict[str, Link] = {}
    for link in page.links():
        title = parse(link.text)
        if title is None or same_page(link.address, page.address) or _is_neighbour(link.element):
            continue
        if (title.year or year) == year and (title.year is not None or title.issuer is not None):
            found.setdefault(link.address, link)
    return list(found.values())


def _is_neighbour(a: Any) -> bool:
    around = a.getparent()
    before = squeezed("".join(around.itertext())) if around is not None else ""
    return re.match(r"[上下前后]一?[篇条页]", before) is not None
