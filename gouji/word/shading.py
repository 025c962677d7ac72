"""The ground of a cell in somebody's Word file.

Belongs here: w:shd, where the schema wants it. Does not belong here: which cells (`reviewed_copy`, `summing.filling`).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

# What may stand in w:tcPr behind w:shd, by the schema.
_AFTER_SHADING = frozenset(
    [
        "noWrap",
        "tcMar",
        "textDirection",
        "tcFitText",
        "vAlign",
        "hideMark",
        "headers",
        "cellIns",
        "cellDel",
        "cellMerge",
        "tcPrChange",
    ]
)


def shade(cell: Any, fill: str) -> None:
    """Give a w:tc a ground; all else of it stays."""
    w = f"{{{etree.QName(cell).namespace}}}"
    properties = cell.find(f"{w}tcPr")
    if properties is None:
        properties = etree.Element(f"{w}tcPr")
        cell.insert(0, properties)
    shading = properties.find(f"{w}shd")
    if shading is None:
        shading = etree.Element(f"{w}shd")
        behind = next((c for c in properties if etree.QName(c).localname in _AFTER_SHADING), None)
        if behind is not None:
            behind.addprevious(shading)
        else:
            properties.append(shading)
    for attribute in list(shading.attrib):
        del shading.attrib[attribute]
    shading.set(f"{w}val", "clear")
    shading.set(f"{w}color", "auto")
    shading.set(f"{w}fill", fill)
