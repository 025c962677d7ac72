"""Text of a page that has the colour of what it stands on.

Belongs here: colours and grounds as they are handed down through the tree, and which text is not seen for them.
Does not belong here: how near two colours are (`readers.colours`), which styles hold for an element (`styles`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from parsers.readers.colours import BLACK, WHITE, Colour, Seen, of_css, over, seen

from .styles import Sheet

_VALUE = re.compile(r"\s*[:=]\s*[\"']?\s*([^;\"'{}<>!]{1,60})")
_GROUND_VALUE = re.compile(r"(?:-color)?\s*[:=]\s*[\"']?([^;\"'{}<>!]{1,200})")
_NAMED_VALUE = re.compile(r"--[\w-]{1,60}\s*:\s*([^;\"'{}<>!]{1,60})")
# The words of a background, with what stands in brackets kept together.
_WORDS = re.compile(r"[\w#.-]+(?:\([^()]*\))?")
# Their colours are the browser's own.
_OWN_LOOK = frozenset(("a", "button", "input", "mark", "option", "select", "textarea"))
_SPOKEN = frozenset(("class", "id", "style", "color", "bgcolor", "background"))
_NEVER_TEXT = frozenset(("head", "script", "style", "title", "noscript", "template"))


@dataclass(frozen=True, slots=True)
class _Paint:
    """Colour and ground of text; None where they are not one known colour. ``sure``: nothing that is not in the file can
    have changed them.
    """

    colour: Colour | None = BLACK
    ground: Colour | None = WHITE
    sure: bool = True


def shades_of(root: Any, sheet: Sheet, text: str, markup: bytes) -> tuple[list[Any], list[Any]]:
    """The elements of which nothing is seen, the outermost ones only, and those whose own text is seen by some.

    ``markup``: the page's bytes in small letters.
    """
    if not _may_vanish(markup):
        return [], []
    verdicts = _verdicts(root, sheet, sheet.further(root, text, colours=True))
    # Children stand behind their parents: from the end, all of an element is known before itself.
    seen_within: set[Any] = set()
    for element, verdict in reversed(verdicts.items()):
        if verdict is not Seen.NO or element.tag in ("html", "body"):
            if _has_text(element) or element in seen_within:
                seen_within.add(element.getparent())
                seen_within.add(element)
        elif element in seen_within:
            seen_within.add(element.getparent())
    unseen: dict[Any, None] = {}
    doubtful = []
    for element, verdict in verdicts.items():
        if verdict is Seen.YES or not (len(element) or _has_text(element)):
            continue
        if verdict is Seen.NO and element not in seen_within:
            if not any(above in unseen for above in element.iterancestors()):
                unseen[element] = None
        elif _has_text(element):
            doubtful.append(element)
    return list(unseen), doubtful


def _may_vanish(markup: bytes) -> bool:
    """Whether a page names a colour for text that is near one of a ground: most pages do not."""
    if b"background" not in markup and b"color" not in markup and b"var(" not in markup:
        return False
    text = markup.decode("utf-8")
    named = set(_NAMED_VALUE.findall(text)) if "var(" in text else set()
    given = {*_values(text.split("background"), _GROUND_VALUE, ""), *_values(text.split("bgcolor"), _VALUE, "")}
    grounds = {WHITE, *_colours({*given, *named})}
    said = {*_values(text.split("color"), _VALUE, "-"), *_values(text.split("-fill-color"), _VALUE, "")}
    return any(seen(c, g) is not Seen.YES for c in {BLACK, *_colours({*said, *named})} for g in grounds)


def _values(pieces: list[str], pattern: re.Pattern[str], not_behind: str) -> Iterator[str]:
    """What is said behind a word that ``pieces`` were parted at, unless it is the end of a longer one."""
    for before, after in pairwise(pieces):
        if not_behind and (before[-1:].isalnum() or before[-1:] == not_behind):
            continue
        if m := pattern.match(after, 0, 300):
            yield m[1]


def _colours(values: Iterable[str]) -> set[Colour]:
    found = set()
    for value in values:
        for word in _WORDS.findall(value):
            if (colour := of_css(word)) is not None and colour[1] > 0:
                found.add(over(*colour, WHITE))
    return found


def _verdicts(root: Any, sheet: Sheet, further: dict[Any, list[Any]]) -> dict[Any, Seen]:
    """Whether text right in an element is seen, in the order of the page."""
    paints: dict[Any, _Paint] = {}
    verdicts: dict[Any, Seen] = {}
    known: dict[_Paint, Seen] = {}
    for element in root.iter("*"):
        above = paints.get(element.getparent())
        if element.tag in _NEVER_TEXT:
            continue
        paint = _Paint(sure=not sheet.foreign) if above is None else above
        if element in further or element.tag in _OWN_LOOK or not _SPOKEN.isdisjoint(element.keys()):
            paint = _painted(element, paint, sheet, further.get(element, ()))
        elif element.tag == "table" and paint.colour != BLACK:
            # Pages without a type of document hand no colour down into tables.
            paint = replace(paint, sure=False)
        paints[element] = paint
        if paint not in known:
            known[paint] = _verdict(paint)
        verdicts[element] = known[paint]
    return verdicts


def _verdict(paint: _Paint) -> Seen:
    if paint.colour is None or paint.ground is None:
        return Seen.YES
    found = seen(paint.colour, paint.ground)
    return Seen.UNCERTAIN if found is Seen.NO and not paint.sure else found


def _painted(element: Any, above: _Paint, sheet: Sheet, further: Any) -> _Paint:
    """The paint of an element that something is said of."""
    colour, grounds = sheet.paint(element, element.get("style"), further)
    colour = colour or (element.get("color", "") if element.tag in ("font", "basefont") else "")
    if not grounds and element.get("background"):
        grounds = ["url()"]
    grounds = grounds or [value for value in (element.get("bgcolor"),) if value]
    paint = above
    ground = _ground(grounds, above.ground)
    if not isinstance(ground, str):
        # What stands on a ground that the page gives itself is no longer a matter of other sheets.
        paint = replace(paint, ground=ground, sure=True if colour else paint.sure)
    if element.tag in _OWN_LOOK and not colour:
        return replace(paint, colour=None)
    if colour and colour != "inherit":
        given = of_css(colour)
        if given is None or given[1] == 0.0 or paint.ground is None:
            # What is clear altogether is hidden by its style.
            return replace(paint, colour=given[0] if given and given[1] == 1.0 else None)
        paint = replace(paint, colour=over(*given, paint.ground))
        if element.tag in ("html", "body"):
            # Of the page as a whole scripts and pictures take care.
            paint = replace(paint, sure=False)
    return paint


def _ground(said: list[str], above: Colour | None) -> Colour | str | None:
    """The ground that backgrounds give: a colour, None for a picture or what is no colour, "" for none of its own."""
    found: Colour | str | None = ""
    for value in said:
        for word in _WORDS.findall(value):
            colour = of_css(word)
            if colour is not None and colour[1] == 0.0:
                continue
            if colour is not None:
                found = colour[0] if colour[1] == 1.0 else None if above is None else over(*colour, above)
            elif "(" in word:
                return None
    return found


def _has_text(element: Any) -> bool:
    """Whether words or figures stand right in an element."""
    return any(text and not text.isspace() for text in (element.text, *(child.tail for child in element)))
