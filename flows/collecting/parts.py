"""A report over several pages as one page.

Belongs here: putting the pages of one report together. Does not belong here: finding them (`following`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

from .contract import Fetched
from .pages import page_of, squeezed

_BLOCKS = ("p", "h1", "h2", "h3", "h4", "li", "a", "title", "span", "div")


def joined(pages: Sequence[Fetched]) -> bytes:
    """One page of HTML in UTF-8: the first as it is, of the others what the first does not have.

    Menus, the title and the foot of a site stand on every page; of these each later page would repeat a title, and two titles are two
    reports. Tables are never touched: a row of blanks may well be there twice.
    """
    first = page_of(pages[0]).root
    body = _body(first)
    known = {text for e in first.iter(*_BLOCKS) if (text := squeezed("".join(e.itertext())))}
    for fetched in pages[1:]:
        other = _body(page_of(fetched).root)
        for element in list(other.iter("script", "style", "title", "meta", "link")):
            _drop(element)
        for element in list(other.iter(*_BLOCKS)):
            in_table = (
                any(True for _ in element.iterancestors("table")) or next(element.iter("table"), None) is not None
            )
            if not in_table and squeezed("".join(element.itertext())) in known:
                _drop(element)
        body.extend(list(other))
    for meta in list(first.iter("meta")):
        if meta.get("charset") or "charset" in (meta.get("content") or "").lower():
            _drop(meta)
    markup = str(etree.tostring(first, encoding="unicode", method="html"))
    return f'<!DOCTYPE html><meta charset="utf-8">{markup}'.encode()


def _body(root: Any) -> Any:
    return next(root.iter("body"), root)


def _drop(element: Any) -> None:
    """Take an element out, and leave what stands behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
