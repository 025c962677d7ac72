"""Heads that a page for small screens repeats in every cell: 自然人：112 under the head 自然人.

Belongs here: when what stands in front of a colon is the cell's own head, and no text of the cell. Does not belong here: what
a head means (`parsers.tables`).
"""

from __future__ import annotations

import re

from parsers.document import Document, Table
from parsers.grammar.figures import is_value_like

_NAMED = re.compile(r"(?P<head>[\u4e00-\u9fff()（）、]{2,20})\s*[:：]\s*(?P<figure>\S+)")
# One or two such cells are notes.
_FEWEST = 7


def strip(document: Document) -> Document:
    """The document, the figures of such cells without their heads."""
    for block in document.blocks:
        if isinstance(block, Table) and sum("：" in c.text or ":" in c.text for c in block.cells) >= _FEWEST:
            _strip(block)
    return document


def _strip(table: Table) -> None:
    heads: dict[int, set[str]] = {}
    for cell in table.cells:
        heads.setdefault(cell.column, set()).add("".join(cell.text.split()))
    named = [(c, m) for c in table.cells if (m := _NAMED.fullmatch(c.text.strip())) is not None]
    own = [(c, m["figure"]) for c, m in named if m["head"] in heads[c.column] and is_value_like(m["figure"])]
    for cell, figure in own if len(own) >= _FEWEST else ():
        cell.text = figure
