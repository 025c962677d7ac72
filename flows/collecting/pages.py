"""A fetched page as a tree: its text, links, frames, metadata, breadcrumbs.

Belongs here: what every part of collecting asks of a page of HTML. Does not belong here: which link leads to a report
(`links`), what a list looks like (`families`), what a report says (`parsers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urldefrag, urljoin, urlsplit, urlunsplit

from lxml import etree, html

from parsers.files.encoding import decode
from parsers.readers.html.page import declared
from schemas.characters import without_controls

from .contract import Fetched

# Longer pages, and pages of more tags, are no pages of a site: they would cost minutes.
MOST_BYTES = 30_000_000
MOST_TAGS = 400_000

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/?#;]*", re.IGNORECASE)
_SESSION_IN_QUERY = re.compile(
    r"(?:^|(?<=&))(?:jsessionid|phpsessid|aspsessionid\w*|utm_\w+)=[^&]*(?:&|$)", re.IGNORECASE
)
_ENCODED = re.compile(r"%[0-9a-fA-F]{2}")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PORTS = {"http": ":80", "https": ":443"}
_SPACES = re.compile(r"\s+")
_UNSAFE = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|}]")
_OPENED = re.compile(r"\([^()]*?[\"']([^\"'\s<>]{1,300}?\.(?:s?html?|jsp|aspx?|php)(?:\?[^\"'\s<>]*)?)[\"']")
_SCHEMES = ("http", "https")
_INVISIBLE = frozenset({"script", "style", "noscript", "template", "head"})


def text_of(fetched: Fetched) -> str:
    """The characters of an answer, whatever charset it claims."""
    claimed = _CHARSET.search(fetched.headers.get("content-type", ""))
    return decode(fetched.body, declared(fetched.body) or (claimed[1] if claimed else None))


def squeezed(text: str | None) -> str:
    """With one blank for each run of white space, none around."""
    return _SPACES.sub(" ", text or "").strip()


def address_of(base: str, link: str, charset: str = "utf-8") -> str | None:
    """The absolute address that a link means, without fragment and session id; None where it leads to no page.

    A fragment that is a route of a single-page site (``#/…``) is no page of its own either. Characters that no request may hold are
    percent-encoded as UTF-8; what is already encoded stays. Spellings of one address are one: case of the host and of what is encoded,
    the port that goes without saying, dots in the path.
    """
    link = link.strip().replace("\t", "").replace("\n", "").replace("\r", "")
    if not link or link.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "about:")):
        return None
    try:
        joined = urljoin(base, link.replace("\\", "/") if "?" not in link else link)
        parts = urlsplit(urldefrag(joined)[0])
        if parts.scheme not in _SCHEMES or not parts.hostname:
            return None
        _ = parts.port
    except ValueError:
        return None
    path = _without_dots(_one_spelling(_UNSAFE.sub(lambda m: quote(m[0]), _SESSION.sub("", parts.path)))) or "/"
    query = _UNSAFE.sub(lambda m: quote(m[0], encoding=charset, errors="replace"), parts.query)
    query = _one_spelling(_SESSION_IN_QUERY.sub("", query).removesuffix("&"))
    try:
        host = parts.netloc.encode("ascii").decode() if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except UnicodeError:
        return None
    return urlunsplit((parts.scheme, host.lower().removesuffix(_PORTS[parts.scheme]), path, query, ""))


def _one_spelling(text: str) -> str:
    """Encoded bytes in capitals, and none that need no encoding."""

    def spelled(m: re.Match[str]) -> str:
        letter = chr(int(m[0][1:], 16))
        return letter if letter in _PLAIN else m[0].upper()

    return _ENCODED.sub(spelled, text)


def _without_dots(path: str) -> str:
    """A path without its ``.`` and ``..``."""
    if "/." not in path:
        return path
    out: list[str] = []
    pieces = path.split("/")
    for piece in pieces:
        if piece == "..":
            del out[max(1, len(out) - 1) :]
        elif piece != ".":
            out.append(piece)
    return "/".join(out) + ("/" if pieces[-1] in (".", "..") else "")


def same_page(a: str, b: str) -> bool:
    """Whether two addresses are one page's: https or http, with or without index file and last slash."""
    return _plain(a) == _plain(b)


def _plain(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    path = re.sub(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", "/", parts.path)
    return parts.netloc.removesuffix(":80").removesuffix(":443"), path.rstrip("/"), parts.query


def decoded(escaped: str) -> str:
    """What a percent-encoded piece of an address says, whether it was UTF-8 or GBK."""
    raw = unquote_to_bytes(escaped.replace("+", " "))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: where it leads, what it says (its title's whole text where it is cut), and what stands around it.

    ``around`` is the text of the row or list item that holds it, and nothing else; empty where that holds many links.
    ``heading`` is what stands above the list.
    """

    address: str
    text: str
    around: str = ""
    heading: str = ""
    element: Any = field(default=None, compare=False, repr=False)


class Page:
    """A page of HTML, parsed once. ``address`` is what its links are relative to."""

    def __init__(self, text: str, address: str) -> None:
        self.text = text
        self.address = address
        self.root = _parsed(text)
        base = next((b.get("href") for b in self.root.iter("base") if b.get("href")), None)
        self.base = urljoin(address, base.strip()) if base else address

    @cached_property
    def title(self) -> str:
        return squeezed(next(("".join(t.itertext()) for t in self.root.iter("title")), ""))

    @cached_property
    def metadata(self) -> Mapping[str, str]:
        """``meta`` by lower-case name, the first of each."""
        out: dict[str, str] = {}
        for element in self.root.iter("meta"):
            key = (element.get("name") or element.get("property") or "").strip().lower()
            if key and (content := squeezed(element.get("content"))):
                out.setdefault(key, content)
        return out

    @cached_property
    def visible_text(self) -> str:
        return squeezed(" ".join(_texts(self.root)))

    @cached_property
    def scripts(self) -> list[str]:
        """The text of every script that stands in the page."""
        return [s.text or "" for s in self.root.iter("script") if not s.get("src")]

    def links(self) -> Iterator[Link]:
        """Every ``a`` and ``area`` that leads somewhere, by script too, in the page's order."""
        for a in self.root.iter("a", "area"):
            href = a.get("href") or ""
            address = address_of(self.base, href) or self._by_script(href) or self._by_script(a.get("onclick") or "")
            if address is not None:
                yield Link(address, _said(a), element=a)

    def _by_script(self, script: str) -> str | None:
        """The page that a link's script opens: openUrl('/zwgk/1.html')."""
        m = _OPENED.search(script)
        return address_of(self.base, m[1]) if m else None

    def resolve(self, link: str) -> str | None:
        return address_of(self.base, link)


def page_of(fetched: Fetched) -> Page:
    """The page of an answer. Never raises: what cannot be a page has no links."""
    text = text_of(fetched) if len(fetched.body) <= MOST_BYTES else ""
    return Page(text if text.count("<") <= MOST_TAGS else "", fetched.address)


def fragment(markup: str, address: str) -> Page:
    """A piece of a page (a record of a list) as a page of its own."""
    return Page(f"<html><body>{markup}</body></html>", address)


def _parsed(text: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    markup = without_controls(text).encode("utf-8", errors="replace")
    try:
        root = html.document_fromstring(markup, parser) if markup.strip() else None
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    return html.document_fromstring("<html><body></body></html>") if root is None else root


def _said(a: Any) -> str:
    """What a link says: its text, or its title where that says more (lists cut long titles)."""
    text = squeezed("".join(a.itertext()))
    title = squeezed(a.get("title") or "")
    cut = re.sub(r"(?:\.{2,}|…+)$", "", text)
    if title and (not text or (cut != text and title.startswith(cut[:4])) or len(title) > len(text)):
        return title
    return text or squeezed(" ".join(i.get("alt") or i.get("title") or "" for i in a.iter("img")))


def _texts(root: Any) -> Iterator[str]:
    skip = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        hidden = element.tag in _INVISIBLE
        if event == "start":
            skip += hidden
            if not skip and element.text:
                yield element.text
        else:
            skip -= hidden
            if not skip and element.tail:
                yield element.tail
