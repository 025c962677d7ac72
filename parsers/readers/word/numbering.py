"""Numbers that Word sets in front of paragraphs by itself.

Belongs here: the definitions of lists, and what stands in front of a paragraph of one, where that is certain.
Does not belong here: what becomes of it (`walk`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import markup

# Nothing stands in front of a paragraph of these.
_NOTHING = frozenset({"none", "bullet"})
_FIRST = "%1"


@dataclass(frozen=True, slots=True)
class Number:
    """What Word sets in front of a paragraph; ``text`` is None where that is not certain."""

    text: str | None


class Numbering:
    """The lists of one document, and how far each is. ``root``: its part with the lists; ``body``: the main part;
    ``styles``: the part with those, which put paragraphs into lists as well.
    """

    def __init__(self, root: Any | None, body: Any, styles: Any | None = None) -> None:
        self._lists: dict[str, Any] = {}
        self._nums: dict[str, Any] = {}
        self._counts: dict[str, int] = {}
        if root is None:
            return
        self._lists = {
            e.get(markup.qn("w:abstractNumId"), ""): e for e in root.iterchildren(markup.qn("w:abstractNum"))
        }
        self._nums = {e.get(markup.W_NUM_ID, ""): e for e in root.iterchildren(markup.qn("w:num"))}
        # Lists of more than one level, of several numbers, of styles, with paragraphs that come and go or stand in boxes
        # are not counted: other paragraphs than those seen here may be among them.
        self._uncertain: set[str] = set()
        if styles is not None:
            self._uncertain.update(self._list_of(_of(properties)[0]) for properties in styles.iter(markup.W_NUM_PR))
        known: dict[str, str] = {}
        for properties in body.iter(markup.W_NUM_PR):
            number, level = _of(properties)
            abstract = self._list_of(number)
            deleted = next(properties.getparent().iter(markup.W_DEL, markup.W_MOVE_FROM), None) is not None
            boxed = next(properties.iterancestors(markup.W_TXBX_CONTENT), None) is not None
            if level != "0" or deleted or boxed or known.setdefault(abstract, number) != number:
                self._uncertain.add(abstract)

    def _list_of(self, number: str) -> str:
        num = self._nums.get(number)
        child = num.find(markup.W_ABSTRACT_NUM_ID) if num is not None else None
        return "" if child is None else child.get(markup.W_VAL, "")

    def next(self, properties: Any) -> Number | None:
        """What stands in front of the next paragraph, of these w:numPr; None for nothing, or for a bullet."""
        number, level = _of(properties)
        name = self._list_of(number)
        abstract = self._lists.get(name)
        if abstract is None:
            return None
        definition = _level(abstract.iterchildren(markup.W_LVL), level)
        for override in self._nums[number].iterchildren(markup.qn("w:lvlOverride")):
            if override.get(markup.W_ILVL) == level:
                own = _level(override.iterchildren(markup.W_LVL), level)
                start = override.find(markup.qn("w:startOverride"))
                definition = definition if own is None else own
                if start is not None:
                    self._counts.setdefault(name, _whole(start) - 1)
        if definition is None:
            # Kept in another part, as the lists of styles are.
            return Number(None)
        kind, pattern = (definition.find(tag) for tag in (markup.W_NUM_FMT, markup.qn("w:lvlText")))
        shape = "" if pattern is None else pattern.get(markup.W_VAL, "")
        if (kind is not None and kind.get(markup.W_VAL) in _NOTHING) or not shape:
            return None
        start = definition.find(markup.W_START)
        count = self._counts[name] = self._counts.get(name, (0 if start is None else _whole(start)) - 1) + 1
        plain = kind is None or kind.get(markup.W_VAL) == "decimal"
        hidden = next(definition.iter(markup.W_VANISH, markup.W_COLOR), None) is not None
        hidden = hidden or next(properties.getparent().iter(markup.W_VANISH, markup.W_COLOR), None) is not None
        styled = definition.find(markup.W_PSTYLE) is not None
        if not plain or hidden or styled or name in self._uncertain or shape.replace(_FIRST, "", 1).count("%"):
            return Number(None)
        return Number(shape.replace(_FIRST, str(count)))


def _of(properties: Any) -> tuple[str, str]:
    """The number of the list and the level, from 0, of a paragraph."""
    number, level = properties.find(markup.W_NUM_ID), properties.find(markup.W_ILVL)
    return "" if number is None else number.get(markup.W_VAL, ""), "0" if level is None else level.get(
        markup.W_VAL, "0"
    )


def _level(levels: Iterable[Any], wanted: str) -> Any | None:
    return next((level for level in levels if level.get(markup.W_ILVL) == wanted), None)


def _whole(element: Any) -> int:
    value = element.get(markup.W_VAL, "0")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0
