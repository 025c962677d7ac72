"""What styles and properties make of text: hidden, struck, raised, a heading.

Belongs here: paragraph and character styles with what they inherit, and the properties of paragraphs, runs, rows and
cells that decide what is printed. Does not belong here: the walk over the text (`walk`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from parsers.readers.colours import BLACK, WHITE, Colour, of_css, of_hex

from . import markup

# Word itself stops at about a dozen.
MAX_STYLE_DEPTH = 15
_HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_TITLE_NAMES = frozenset({"title", "标题", "標題"})
# Half points: what is set this small is a dot on paper.
TOO_SMALL = 4
# Colours of a theme that are the same in nearly all of them.
OF_THEME = {
    **dict.fromkeys(("background1", "light1", "bg1", "lt1"), WHITE),
    **dict.fromkeys(("text1", "dark1", "tx1", "dk1"), BLACK),
}
# What a style or a run says of a colour: one, or that it is chosen to be seen or is no single one; None: nothing.
Paint = Colour | str
OTHER = "other"
_SMALL_IN = re.compile(rb"<w:sz w:val=[\"'][0-4][\"']")


@dataclass(slots=True, frozen=True)
class Look:
    """What of a style or a run decides whether its text is seen as text; None is left to the style below.

    ``colour`` of the text and ``ground`` of its own: the one is not seen on the like of it. ``lifted``: off its line by
    so many points or so, which may make it a note mark or nothing at all.
    """

    heading: int | None = None
    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    colour: Paint | None = None
    ground: Paint | None = None
    lifted: bool | None = None

    def over(self, base: Look) -> Look:
        if base is PLAIN:
            return self
        return Look(
            *[theirs if mine is None else mine for mine, theirs in zip(_parts(self), _parts(base), strict=True)]
        )


_parts = attrgetter(*(f.name for f in fields(Look)))
PLAIN = Look()


def run_look(properties: Iterable[Any], styles: dict[str, Look]) -> Look:
    """What the children of a w:rPr say, over the character style that is among them."""
    found: dict[str, Any] = {}
    style = PLAIN
    for child in properties:
        tag = child.tag
        if tag == markup.W_VANISH:
            found["hidden"] = found.get("hidden", False) or markup.toggle(child)
        elif tag == markup.W_RSTYLE:
            style = styles.get(child.get(markup.W_VAL, ""), PLAIN)
        elif tag == markup.W_VERT_ALIGN:
            found["raised"] = child.get(markup.W_VAL) in ("superscript", "subscript")
        elif tag in (markup.W_STRIKE, markup.W_DSTRIKE):
            found["struck"] = found.get("struck", False) or markup.toggle(child)
        elif tag == markup.W_COLOR:
            found["colour"] = _colour(child.get(markup.W_VAL, ""), child.get(markup.W_THEME_COLOR, ""))
        elif tag == markup.W_POSITION:
            found["lifted"] = child.get(markup.W_VAL, "0").lstrip("-+0") != ""
        elif tag == markup.W_SIZE:
            if _half_points(child) <= TOO_SMALL:
                found["hidden"] = True
        elif (ground := ground_of(child)) is not None:
            # A highlight lies over a shading.
            found["ground"] = found.get("ground", ground) if tag == markup.W_SHADING else ground
    return Look(**found).over(style) if found else style


def _half_points(size: Any) -> int:
    value = size.get(markup.W_VAL, "")
    return int(value) if value.isascii() and value.isdigit() else TOO_SMALL + 1


def _colour(value: str, theme: str) -> Paint:
    """A colour as it is given, or that of the theme where none is worked out; one chosen by Word is always seen."""
    colour = of_hex(value)
    return OF_THEME.get(theme, OTHER) if colour is None else colour


def ground_of(element: Any) -> Paint | None:
    """The ground that a w:shd or w:highlight gives text; None for another element and for one that gives none."""
    if element.tag == markup.W_HIGHLIGHT:
        name = element.get(markup.W_VAL, "none")
        return None if name == "none" else highlighted(name)
    if element.tag != markup.W_SHADING:
        return None
    pattern, fill = (
        element.get(markup.W_VAL, "clear"),
        _colour(element.get(markup.W_FILL, "auto"), element.get(markup.W_THEME_FILL, "")),
    )
    if pattern == "solid":
        return _colour(element.get(markup.W_SHADE_COLOR, "auto"), "")
    if pattern not in ("clear", "nil"):
        # It is drawn in a colour of its own.
        return OTHER
    return None if fill == OTHER else fill


def highlighted(name: str) -> Paint:
    named = of_css(name)
    return OTHER if named is None else named[0]


def of_interest(blob: bytes, *, grounds: bool) -> tuple[str, ...]:
    """The properties of looks that this part uses in a way that hides something; most parts use none.

    ``grounds``: some text may have the colour of what it stands on.
    """
    found: list[str] = []
    if grounds:
        found += [markup.W_COLOR, markup.W_SHADING, markup.W_HIGHLIGHT]
    if b"<w:numPr" in blob:
        found.append(markup.W_NUM_PR)
    if b"<w:position " in blob:
        found.append(markup.W_POSITION)
    if b"<w:sz " in blob and _SMALL_IN.search(blob):
        found.append(markup.W_SIZE)
    return tuple(found)


def properties_of(root: Any, also: Iterable[str] = ()) -> dict[Any, list[Any]]:
    """The properties that matter (`PROPERTIES` and ``also``), by the paragraph, run, row or cell that they are of.

    Found in one pass of lxml's own: asking every paragraph, run and cell for them costs more than all the rest.
    """
    found: dict[Any, list[Any]] = {}
    for element in root.iter(*markup.PROPERTIES, *also):
        holder = element.getparent()
        if holder.tag == markup.W_RPR and element.tag in (markup.W_DEL, markup.W_MOVE_FROM):
            # A deleted paragraph mark stands in the run properties of the paragraph's properties.
            holder = holder.getparent()
        owner = holder.getparent() if holder is not None and holder.tag in markup.PROPERTY_ELEMENTS else None
        if owner is not None:
            found.setdefault(owner, []).append(element)
    return found


def styles_of(root: Any | None) -> dict[str, Look]:
    """Paragraph and character styles by id, with what they inherit."""
    if root is None:
        return {}
    own: dict[str, tuple[Look, str | None]] = {}
    for style in root.iterchildren(markup.qn("w:style")):
        if style.get(markup.W_TYPE) not in ("paragraph", "character"):
            continue
        rpr = style.find(markup.W_RPR)
        look = run_look(rpr, {}) if rpr is not None else PLAIN
        heading = _style_heading(style)
        if heading is not None:
            look = replace(look, heading=heading)
        base = style.find(markup.qn("w:basedOn"))
        own[style.get(markup.qn("w:styleId"), "")] = (look, None if base is None else base.get(markup.W_VAL))
    looks: dict[str, Look] = {}
    for style_id, (own_look, own_base) in own.items():
        look, base_id = own_look, own_base
        seen = {style_id}
        while base_id in own and base_id not in seen and len(seen) < MAX_STYLE_DEPTH:
            seen.add(base_id)
            below, base_id = own[base_id]
            if below is not PLAIN:
                look = look.over(below)
        if look != PLAIN:
            looks[style_id] = look
    return looks


def _style_heading(style: Any) -> int | None:
    name_element = style.find(markup.qn("w:name"))
    name = "" if name_element is None else name_element.get(markup.W_VAL, "").strip()
    if m := _HEADING_NAME.fullmatch(name):
        return int(m[1])
    if name.lower() in _TITLE_NAMES:
        return 1
    outline = style.find(f"{markup.W_PPR}/{markup.W_OUTLINE}")
    return None if outline is None else level_of(outline)


def level_of(outline: Any) -> int | None:
    value = outline.get(markup.W_VAL, "")
    return int(value) + 1 if value.isascii() and value.isdigit() and int(value) < 9 else None
