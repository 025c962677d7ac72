"""What text of a Word document stands on, and whether it is seen there.

Belongs here: which colours and grounds a document uses, the grounds of tables' styles, the one that is open in a walk.
Does not belong here: what a property says of a colour (`looks`), how near two colours are (`readers.colours`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from parsers.readers.colours import WHITE, Colour, Seen, of_hex, seen

from .looks import MAX_STYLE_DEPTH, OF_THEME, Look, Paint, ground_of, highlighted
from .markup import W_SHADING, W_TABLE_STYLE, W_TYPE, W_VAL, qn

_COLOUR_IN = re.compile(rb"<w:color ([^>]*)>")
_GROUND_IN = re.compile(rb"<w:(?:shd|highlight) ([^>]*)>")
_SAID = re.compile(rb"[\"'](\w+)[\"']")


class Grounds:
    """The grounds of one document. ``matter``: some text in it may have the colour of what it stands on."""

    def __init__(self, styles: Any | None, looks: Iterable[Look]) -> None:
        looks = list(looks)
        self._colours = {look.colour for look in looks if isinstance(look.colour, tuple)}
        self._grounds = {look.ground for look in looks if isinstance(look.ground, tuple)}
        self._of_tables = _table_grounds(styles)
        self.matter = False
        # Of the open cell: its own shading, or paper; None where the style of its table may give it one of these.
        self.open: Paint | None = WHITE
        self._of_style: frozenset[Colour] = frozenset()

    def look_at(self, blob: bytes) -> None:
        """Take in the colours of the main part."""
        given = {colour for word in _words(_COLOUR_IN, blob) if (colour := of_hex(word) or OF_THEME.get(word))}
        colours = self._colours | given
        if colours:
            grounds = (self._grounds | _grounds_in(blob)).union(*self._of_tables.values())
            self.matter = _some_unseen(colours, grounds)

    def enter(self, tbl: Any) -> None:
        """A table begins."""
        if not self.matter or self.open != WHITE:
            return
        style = next(tbl.iterfind(f"*/{W_TABLE_STYLE}"), None)
        if style is not None:
            self.open, self._of_style = None, self._of_tables.get(style.get(W_VAL, ""), frozenset())

    def seen(self, look: Look) -> Seen:
        """Whether text of this look is seen where the walk is."""
        ground = look.ground or self.open
        if not self.matter or not isinstance(look.colour, tuple) or isinstance(ground, str):
            return Seen.YES
        if ground is not None:
            return seen(look.colour, ground)
        return Seen.UNCERTAIN if _some_unseen((look.colour,), self._of_style) else Seen.YES


def _grounds_in(blob: bytes) -> set[Colour]:
    """The colours that a part gives to what text stands on."""
    found = (of_hex(word) or OF_THEME.get(word) or highlighted(word) for word in _words(_GROUND_IN, blob))
    return {ground for ground in found if not isinstance(ground, str)}


def _words(pattern: re.Pattern[bytes], blob: bytes) -> set[str]:
    """What the elements of a kind say."""
    return {word.decode() for said in set(pattern.findall(blob)) for word in _SAID.findall(said)}


def _some_unseen(colours: Iterable[Colour], grounds: Iterable[Colour]) -> bool:
    """Whether text of one of these colours may not be seen on one of these grounds, or on paper."""
    stood_on = {WHITE, *grounds}
    return any(seen(colour, ground) is not Seen.YES for colour in colours for ground in stood_on)


def _table_grounds(root: Any | None) -> dict[str, frozenset[Colour]]:
    """The grounds that each table style may give cells, with those of the styles it is based on."""
    own: dict[str, tuple[set[Colour], str]] = {}
    for style in root.iterchildren(qn("w:style")) if root is not None else ():
        if style.get(W_TYPE) == "table":
            base = style.find(qn("w:basedOn"))
            grounds = {g for shading in style.iter(W_SHADING) if isinstance(g := ground_of(shading), tuple)}
            own[style.get(qn("w:styleId"), "")] = (grounds, "" if base is None else base.get(W_VAL, ""))
    found = {}
    for name in own:
        grounds, at, steps = set(), name, 0
        while at in own and steps < MAX_STYLE_DEPTH:
            grounds |= own[at][0]
            at, steps = own[at][1], steps + 1
        found[name] = frozenset(grounds)
    return found
