"""What styles and properties make of text: hidden, struck, raised, a heading.

Belongs here: paragraph and character styles with what they inherit, and the properties of paragraphs, runs, rows and
cells that decide what is printed. Does not belong here: the walk over the text (`walk`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .markup import (
    PROPERTIES,
    PROPERTY_ELEMENTS,
    W_DEL,
    W_DSTRIKE,
    W_MOVE_FROM,
    W_OUTLINE,
    W_PPR,
    W_RPR,
    W_RSTYLE,
    W_STRIKE,
    W_TYPE,
    W_VAL,
    W_VANISH,
    W_VERT_ALIGN,
    qn,
    toggle,
)

# Word itself stops at about a dozen.
MAX_STYLE_DEPTH = 15
_HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_TITLE_NAMES = frozenset({"title", "标题", "標題"})


@dataclass(slots=True, frozen=True)
class Look:
    """What of a style or a run decides whether its text is printed as text; None is left to the style below."""

    heading: int | None = None
    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None

    def over(self, base: Look) -> Look:
        def first(mine: Any, theirs: Any) -> Any:
            return theirs if mine is None else mine

        return Look(
            first(self.heading, base.heading),
            first(self.hidden, base.hidden),
            first(self.struck, base.struck),
            first(self.raised, base.raised),
        )


PLAIN = Look()


def run_look(properties: Iterable[Any], styles: dict[str, Look]) -> Look:
    """What the children of a w:rPr say, over the character style that is among them."""
    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    style = PLAIN
    for child in properties:
        tag = child.tag
        if tag == W_VANISH:
            hidden = toggle(child)
        elif tag == W_RSTYLE:
            style = styles.get(child.get(W_VAL, ""), PLAIN)
        elif tag == W_VERT_ALIGN:
            raised = child.get(W_VAL) in ("superscript", "subscript")
        elif tag in (W_STRIKE, W_DSTRIKE):
            struck = bool(struck) or toggle(child)
    if style is PLAIN and hidden is struck is raised is None:
        return PLAIN
    return Look(None, hidden, struck, raised).over(style)


def properties_of(root: Any) -> dict[Any, list[Any]]:
    """The properties that matter (`PROPERTIES`), by the paragraph, run, row or cell that they are of.

    Found in one pass of lxml's own: asking every paragraph, run and cell for them costs more than all the rest.
    """
    found: dict[Any, list[Any]] = {}
    for element in root.iter(*PROPERTIES):
        holder = element.getparent()
        if holder.tag == W_RPR and element.tag in (W_DEL, W_MOVE_FROM):
            # A deleted paragraph mark stands in the run properties of the paragraph's properties.
            holder = holder.getparent()
        owner = holder.getparent() if holder is not None and holder.tag in PROPERTY_ELEMENTS else None
        if owner is not None:
            found.setdefault(owner, []).append(element)
    return found


def styles_of(root: Any | None) -> dict[str, Look]:
    """Paragraph and character styles by id, with what they inherit."""
    if root is None:
        return {}
    own: dict[str, tuple[Look, str | None]] = {}
    for style in root.iterchildren(qn("w:style")):
        if style.get(W_TYPE) not in ("paragraph", "character"):
            continue
        rpr = style.find(W_RPR)
        look = run_look(rpr, {}) if rpr is not None else PLAIN
        heading = _style_heading(style)
        if heading is not None:
            look = Look(heading, look.hidden, look.struck, look.raised)
        base = style.find(qn("w:basedOn"))
        own[style.get(qn("w:styleId"), "")] = (look, None if base is None else base.get(W_VAL))
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
    name_element = style.find(qn("w:name"))
    name = "" if name_element is None else name_element.get(W_VAL, "").strip()
    if m := _HEADING_NAME.fullmatch(name):
        return int(m[1])
    if name.lower() in _TITLE_NAMES:
        return 1
    outline = style.find(f"{W_PPR}/{W_OUTLINE}")
    return None if outline is None else level_of(outline)


def level_of(outline: Any) -> int | None:
    value = outline.get(W_VAL, "")
    return int(value) + 1 if value.isascii() and value.isdigit() and int(value) < 9 else None
