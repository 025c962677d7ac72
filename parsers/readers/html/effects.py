"""What a page's styles do to its elements: hidden, struck, raised, on a line of their own.

Belongs here: finding the elements that styles say something about. Does not belong here: CSS itself (`styles`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import Any

from lxml import etree

from .shades import shades_of
from .styles import Effect, Sheet

_CLASSED = etree.XPath("//*[@class or @id]")
# The words in a page without which no inline style matters here; a space may stand behind a colon.
_STYLE_WORDS = (
    "display visibility line-through super sub text-top text-bottom opacity font:0 font-size:0 font-size:1px rgba( "
    "transparent indent:- left:- top:- clip scale(0 height:0 width:0 float filter var( hsl vertical-align relative "
    "translate -override -reverse"
)
_STYLE_WORD = re.compile("|".join(re.escape(word).replace(":", ": ?") for word in _STYLE_WORDS.split()), re.IGNORECASE)
_STYLES = etree.XPath("//@style", smart_strings=False)
_STYLED = etree.XPath("//*[@style]")
_UNTIL_SET = re.compile(r"visibility\s*:\s*hidden|(?<![\w-])opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)", re.IGNORECASE)
_UNSEEN = frozenset(("script", "style", "title", "noscript"))
_HIDDEN = etree.XPath("//*[@hidden]")
_TURNED = etree.XPath("//bdo[@dir]")


def effects_of(root: Any, sheet: Sheet, text: str, markup: bytes) -> dict[Any, Effect]:
    """What styles do to an element, for those they do something to. ``markup``: the page's bytes in small letters."""
    further = sheet.further(root, text) if sheet else {}
    found: dict[Any, None] = dict.fromkeys(_CLASSED(root)) if sheet else {}
    found.update(dict.fromkeys(further))
    # Pages repeat a few styles in hundreds of elements.
    matters = {style for style in set(_STYLES(root)) if _STYLE_WORD.search(style)}
    if matters:
        found.update((element, None) for element in _STYLED(root) if element.get("style") in matters)
    if b"hidden" in markup:
        found.update(dict.fromkeys(_HIDDEN(root)))
    turned = [e for e in _TURNED(root) if e.get("dir").strip().lower() == "rtl"] if b"<bdo" in markup else []
    found.update(dict.fromkeys(turned))
    found.update(dict.fromkeys(sheet.uncertain))
    effects: dict[Any, Effect] = {}
    for element in found:
        effect = sheet.effect(
            element.tag, element.get("id"), element.get("class"), element.get("style"), further.get(element, ())
        )
        if element.get("hidden") is not None and not (effect and effect.display):
            effect = GONE
        if element in turned:
            effect = replace(effect or Effect(), reversed=True)
        if element in sheet.uncertain:
            effect = replace(effect or Effect(), doubtful=True)
        if effect is not None:
            effects[element] = effect
    _lift(root, effects)
    _settle(effects, sheet)
    unseen, doubtful = shades_of(root, sheet, text, markup)
    for element in unseen:
        effects[element] = replace(effects.get(element) or Effect(), invisible=True)
    for element in doubtful:
        effects[element] = replace(effects.get(element) or Effect(), doubtful=True)
    return effects


# Of the letters of a page so much stands in the element that its script shows.
_MOST_OF_PAGE = 0.8


def _lift(root: Any, effects: dict[Any, Effect]) -> None:
    """Articles that stay out of sight until the page's own script has set them, as saved ones say ever after.

    Only what its own style hides without taking it out of the page, and what is nearly all that the page says.
    """
    whole = tables = -1
    for element, effect in effects.items():
        style = element.get("style")
        if not (effect.invisible and style and _UNTIL_SET.search(style)):
            continue
        if any(
            e in effects and (effects[e].invisible or effects[e].display == "none") for e in element.iterancestors()
        ):
            continue
        if whole < 0:
            whole, tables = _letters(root), sum(1 for _ in root.iter("table"))
        if _letters(element) >= _MOST_OF_PAGE * whole > 0 and tables == sum(
            1 for _ in element.iterdescendants("table")
        ):
            effects[element] = replace(effect, invisible=False, inherited=False)
            return


def _letters(element: Any) -> int:
    """How many characters of text stand in an element, without scripts and styles."""
    found = 0
    for e in element.iter():
        texts = (None if e.tag in _UNSEEN else e.text, None if e is element else e.tail)
        found += sum(len("".join(t.split())) for t in texts if t)
    return found


# Descendants looked at for taking back what they inherit.
_LOOKED_AT = 200


def _settle(effects: dict[Any, Effect], sheet: Sheet) -> None:
    """What is hidden by inheritance is hidden only if nothing inside takes it back; if something does, it is uncertain."""
    for element in list(effects):
        effect = effects[element]
        if effect.reversed and next(element.iterdescendants("td", "th"), None) is not None:
            # The parts of a page stand in another order, and no figure is made of these.
            effects[element] = replace(effect, reversed=False)
        elif effect.invisible and effect.inherited:
            inside = islice(element.iterdescendants("*"), _LOOKED_AT)
            if any(sheet.takes_back(e) for e in inside):
                effects[element] = replace(effect, invisible=False, doubtful=True)
                for cell in element.iterdescendants("td", "th"):
                    if not sheet.takes_back(cell):
                        effects[cell] = replace(effects.get(cell) or Effect(), doubtful=True)


GONE = Effect(display="none")
