"""A page from its bytes to a tree that is safe to walk: encoding, bounds, what lxml must not see; title and metadata.

Belongs here: everything before the walk. Does not belong here: what is printed (`walk`), styles (`styles`).
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import etree

from parsers.document import UnreadableError
from parsers.files.encoding import decode
from parsers.readers.builder import Builder
from schemas.characters import REPLACEMENT, without_controls

from .styles import Sheet

MAX_BYTES = 30_000_000
# Each tag costs time and memory whatever it holds; the longest pages have some 20,000.
MAX_TAGS = 400_000
# libxml2 compares each attribute of a tag with all before it. Only tags longer than LONG_TAG are looked at.
MAX_ATTRIBUTES = 500
LONG_TAG = 8_000

_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[\s/]*[^\s>/][^\s=>/]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?")
_TAG_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
# No tree may hold these; lxml would end the page at the first of them. In HTML a vertical tab is no white space.
_CONTROLS = bytes([*range(9), 11, *range(14, 32)])
# Where a field begins and ends in what LibreOffice writes: a pair, which no lost digit is.
_FIELD = re.compile(r"\x04([^\x00-\x08\x0b\x0e-\x1f]*?)\x05")
# Within and behind words they are dirt that no browser shows. Beside a figure one may have been a digit.
_DIRT = re.compile(r"(?<=[^\W\d_])[\x00-\x08\x0b\x0e-\x1f]+(?!(?:\s|&nbsp;|<[^<>]{0,500}>)*(?:\d|&#))")

# What stands behind the end of a page is shown by browsers, and thrown away by lxml: pages one behind another in a file,
# a report that a site's frame was closed before.
_END = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)

_DATA = re.compile(r"data:(?:text/html|application/xhtml\+xml)[^,]{0,80}?(;base64)?,(.*)", re.IGNORECASE | re.DOTALL)

_SPACES = re.compile(r"[ \t\n\r\f]+")


def collapse(text: str) -> str:
    return _SPACES.sub(" ", text)


def declared(data: bytes) -> str | None:
    m = _XML_ENCODING.match(data[:300]) or _CHARSET.search(data[:8192])
    return m[1].decode("ascii", errors="replace") if m else None


def parse(text: str, builder: Builder) -> Any | None:
    """The tree of a page, with the pages in it that it holds itself; None where it is empty."""
    root = _tree(text, builder)
    if root is not None:
        _open_frames(root, builder)
    return root


def _tree(text: str, builder: Builder) -> Any | None:
    if text.count("<") > MAX_TAGS or _has_endless_tag(text):
        raise builder.too_large()
    # huge_tree: pages that never close a <font> nest deeper than 256 levels; 2,048 is the limit then.
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = etree.fromstring(_markup(text), parser)
    except etree.XMLSyntaxError as error:
        if text.strip():
            raise UnreadableError(
                "unreadable", f"《{builder.name}》不是可以识别的网页，无法读取；请在浏览器中打开后另存为 .html 再提交。"
            ) from error
        return None
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        # The rest of the page is missing from the tree; half a report is worse than none.
        raise builder.too_large()
    return root


def _open_frames(root: Any, builder: Builder) -> None:
    """Pages that stand in a frame's own attributes (``srcdoc``, an address ``data:``) are shown in its place."""
    for frame in list(root.iter("iframe", "embed", "object")):
        text = frame.get("srcdoc") or _of_address(frame.get("src") or frame.get("data") or "")
        if not text.strip():
            continue
        shown = _tree(text, builder)
        if shown is None:
            continue
        for child in list(frame):
            frame.remove(child)
        frame.text, frame.tag = None, "div"
        frame.extend([part for half in shown for part in half] if shown.tag == "html" else [shown])


def _of_address(address: str) -> str:
    """The page that an address of its kind holds, empty where it holds none."""
    m = _DATA.match(address.strip())
    if m is None:
        return ""
    data = unquote_to_bytes(m[2])
    try:
        return decode(b64decode(data) if m[1] else data, declared(data))
    except ValueError:
        return ""


def spelled_out(text: str) -> str:
    """A page that a site's interface answered in JSON, with its characters in place of their numbers (\\u653f)."""
    if "\\u" not in text or text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _markup(text: str) -> bytes:
    """The page in UTF-8, as a tree may hold it: what a control character stood for is lost, and must be seen to be."""
    markup = text.encode("utf-8", errors="replace")
    if len(markup.translate(None, _CONTROLS)) < len(markup):
        seen = _DIRT.sub("", _FIELD.sub(r"\1", markup.decode("utf-8"))).replace("\x0b", REPLACEMENT)
        markup = without_controls(seen).encode("utf-8")
    return _END.sub(b"", markup)


def _has_endless_tag(text: str) -> bool:
    """Whether a tag has so many attributes that parsing it would take minutes."""
    if not _has_long_piece(text):
        return False
    return any(
        len(piece) >= LONG_TAG and _attributes(piece) > MAX_ATTRIBUTES for piece in _without_scripts(text).split("<")
    )


def _has_long_piece(text: str) -> bool:
    """Whether `LONG_TAG` characters without a ``<`` stand one behind the other: a few looks backwards tell."""
    start = 0
    while start + LONG_TAG <= len(text):
        last = text.rfind("<", start, start + LONG_TAG)
        if last < 0:
            return True
        start = last + 1
    return False


def _attributes(tag: str) -> int:
    """How many attributes a tag has, written without its ``<``; counts no further than is needed."""
    m = _TAG_NAME.match(tag)
    count = 0
    while m and count <= MAX_ATTRIBUTES:
        m = _ATTRIBUTE.match(tag, m.end())
        count += m is not None
    return count


def _without_scripts(text: str) -> str:
    """The page without its scripts, in which ``<`` begins no tag."""
    lower = text.lower()
    kept, at = [], 0
    while (start := lower.find("<script", at)) >= 0:
        kept.append(text[at:start])
        at = lower.find("</script", start)
        if at < 0:
            return "".join(kept)
    return "".join([*kept, text[at:]])


def head_of(root: Any) -> tuple[str | None, dict[str, str], Sheet]:
    """Title, metadata and style rules of the page."""
    title: str | None = None
    metadata: dict[str, str] = {}
    sheet = Sheet()
    for element in root.iter("title", "meta", "style", "link"):
        if element.tag == "title":
            title = title or collapse("".join(element.itertext())).strip() or None
        elif element.tag == "style":
            sheet.add(element.text or "", element.get("media", ""))
            sheet.foreign = sheet.foreign or "@import" in (element.text or "")
        elif element.tag == "link":
            sheet.foreign = sheet.foreign or "stylesheet" in element.get("rel", "").lower()
        else:
            key = (element.get("name") or element.get("property") or "").strip().lower()
            content = (element.get("content") or "").strip()
            if key and content:
                metadata.setdefault(key, content)
    return title, metadata, sheet


def text_between(element: Any) -> bool:
    """Whether something is printed between the parts of an element, which would lose its place."""
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)
