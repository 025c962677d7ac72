"""What a page's styles do to its elements: hidden, struck, raised, on a line of their own.

Belongs here: finding the elements that styles say something about. Does not belong here: CSS itself (`styles`).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from .styles import Effect, Sheet

_CLASSED = etree.XPath("//*[@class or @id]")
# The words in a page without which no inline style matters here, and how lxml finds the elements that bear them: asking
# every element for its attributes would cost more than the walk.
_STYLE_WORDS = ("display", "visibility", "line-through", "super", "sub", "text-top", "text-bottom")
_STYLED = etree.XPath(
    "//*[@style[" + " or ".join(f"contains(., '{w}') or contains(., '{w.upper()}')" for w in _STYLE_WORDS) + "]]"
)
_HIDDEN = etree.XPath("//*[@hidden]")


def effects_of(root: Any, sheet: Sheet, text: str) -> dict[Any, Effect]:
    """What styles do to an element, for those they do something to."""
    found: dict[Any, None] = dict.fromkeys(_CLASSED(root)) if sheet else {}
    lower = text.lower()
    if any(word in lower for word in _STYLE_WORDS):
        found.update(dict.fromkeys(_STYLED(root)))
    if "hidden" in lower:
        found.update(dict.fromkeys(_HIDDEN(root)))
    effects: dict[Any, Effect] = {}
    for element in found:
        effect = sheet.effect(element.tag, element.get("id"), element.get("class"), element.get("style"))
        if element.get("hidden") is not None and not (effect and effect.display):
            effect = GONE
        if effect is not None:
            effects[element] = effect
    return effects


GONE = Effect(display="none")
