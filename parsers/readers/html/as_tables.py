"""Tables that a page's styles make of other elements, and heads that its styles print into the cells themselves.

Belongs here: ``display: table`` and its parts, and cells named by an attribute (``content: attr(data-label)``) while the
row of heads is out of sight. Does not belong here: grids that say their own places (`placed`), CSS itself (`styles`).

Nothing is made a table that holds anything beside rows of cells, and no cell is named unless all rows name it alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lxml import etree

from .page import collapse, text_between
from .styles import Effect

_Effects = dict[Any, Effect]

# Rows at the least, and characters of a cell at the most: longer ones are columns of a page.
_FEWEST, _LONGEST = 2, 500
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_SPANS = ("rowspan", "colspan")


def settle(root: Any, effects: _Effects) -> None:
    """Make tables of what styles draw as tables, and give those their heads whose cells say them."""
    for element in [e for e, effect in effects.items() if effect.part == "table" and e.tag != "table"]:
        _make_table(element, effects)
    tables: dict[Any, str] = {}
    for element, effect in effects.items():
        if effect.names and element.tag in ("td", "th"):
            table = next(element.iterancestors("table"), None)
            if table is not None:
                tables[table] = effect.names
    for table, attribute in tables.items():
        _name_columns(table, attribute, effects)


def _make_table(element: Any, effects: _Effects) -> None:
    found: list[tuple[Any, str]] = [(element, "table")]
    rows: list[list[Any]] = []
    for child in _children(element):
        part = _part(child, effects)
        inside = _children(child) if part in _GROUPS else [child]
        if part in _GROUPS:
            found.append((child, part))
        for row in inside:
            cells = _children(row)
            if _part(row, effects) != "tr" or not cells or any(_part(cell, effects) != "td" for cell in cells):
                return
            found += [(row, "tr"), *((cell, "td") for cell in cells)]
            rows.append(cells)
    if len(rows) < _FEWEST or max(map(len, rows)) < 2:
        return
    if any(text_between(e) for e, tag in found if tag != "td"):
        return
    for cell in (cell for row in rows for cell in row):
        tables = next(cell.iter("table"), None) is not None or any(
            e is not cell and e in effects and effects[e].part == "table" for e in cell.iter()
        )
        if tables or any(cell.get(name) for name in _SPANS) or len("".join(cell.itertext())) > _LONGEST:
            return
    for e, tag in found:
        e.tag = tag


def _children(element: Any) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str)]


def _part(element: Any, effects: _Effects) -> str | None:
    """What part of a table an element is drawn as; a table's own elements are left to the page."""
    effect = effects.get(element)
    seen = effect is not None and effect.display != "none" and element.tag not in ("table", "tr", "td", "th")
    return effect.part if effect is not None and seen else None


def _name_columns(table: Any, attribute: str, effects: _Effects) -> None:
    rows = list(table.iter("tr"))
    if next(table.iterdescendants("table"), None) is not None:
        return
    cells = {row: [c for c in row if c.tag in ("td", "th")] for row in rows}
    if any((c.get(name) or "1").strip() != "1" for row in rows for c in cells[row] for name in _SPANS):
        return
    named = [row for row in rows if any(_is_named(c, attribute, effects) for c in cells[row])]
    others = [row for row in rows if row not in named]
    said = {tuple(c.get(attribute) if _is_named(c, attribute, effects) else None for c in cells[row]) for row in named}
    if len(said) != 1 or len(others) > 1 or any(_is_out(e, effects) for row in named for e in (row, *cells[row])):
        return
    (labels,) = said
    if any(c.isdigit() for label in labels if label for c in label):
        # What a style prints there may be a figure.
        return
    if others and not _says_the_same([collapse("".join(c.itertext())) for c in cells[others[0]]], labels):
        return
    if others:
        head = others[0]
        for e in (head, *cells[head], *(a for a in head.iterancestors("thead", "tbody"))):
            if e in effects:
                effects[e] = replace(effects[e], display=None, invisible=False, inherited=False)
    else:
        group = etree.Element("thead")
        line = etree.SubElement(group, "tr")
        for label in labels:
            etree.SubElement(line, "th").text = label or ""
        table.insert(0, group)
    for row in named:
        for cell in cells[row]:
            if _is_named(cell, attribute, effects):
                effects[cell] = replace(effects[cell], generated=False)


def _is_named(cell: Any, attribute: str, effects: _Effects) -> bool:
    effect = effects.get(cell)
    return effect is not None and effect.names == attribute and bool((cell.get(attribute) or "").strip())


def _is_out(element: Any, effects: _Effects) -> bool:
    effect = effects.get(element)
    return effect is not None and (effect.display == "none" or effect.invisible or effect.doubtful)


def _says_the_same(heads: Sequence[str], labels: Sequence[str | None]) -> bool:
    return len(heads) == len(labels) and all(
        label is None or collapse(label).strip() == head.strip() for head, label in zip(heads, labels, strict=True)
    )
