"""A table told as a list: 一、本年新收…：自然人3，商业企业0，…，总计3, a line for every row.

Belongs here: such lines one below the other, made the table that they are. Does not belong here: sentences about single
figures (`parsers.prose.statements`), what a label means beyond being one (`parsers.grammar`).

Only lines that all name the same heads, known ones and each once, are a table, and only where no table of the document
has such heads: what is told beside a table may be another year's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.document import Cell, Document, Paragraph, Table
from parsers.grammar.labels import places_of
from schemas.labels import label

from .text.doubts import groups

# Rows and heads at the least.
_FEWEST_ROWS, _FEWEST_HEADS = 4, 3
_LONGEST = 300
_GLANCE = re.compile(r"[:：]\s*[一-鿿]{2,12}\s*[:：为]?\s*\d")
_LINE = re.compile(r"(?P<label>[^:：。]{2,80})[:：]\s*(?P<pairs>[^。]+?)[。;；]?")
# A comma between digits parts thousands.
_BETWEEN = re.compile(r"\s*(?:[，、；;]|,(?=\D))\s*|\s+(?=[一-鿿])")
_PAIR = re.compile(r"(?P<head>[^\d:：]{2,20}?)\s*[:：为]?\s*(?P<figure>\d[\d,]*|[/／—－○-])\s*件?")

# A row's label and its pairs of head and figure.
_Told = tuple[str, list[tuple[str, str]]]


def gather(document: Document) -> Document:
    """The document with the tables that its lines tell."""
    blocks = document.blocks
    if not any(isinstance(b, Paragraph) and _GLANCE.search(b.text[:_LONGEST]) for b in blocks):
        return document
    heads = {c.text.strip() for b in blocks if isinstance(b, Table) for c in b.cells}
    number = max((table.number for table in document.tables), default=0)
    for start, end, rows in reversed(list(_runs(blocks))):
        names = [head for head, _ in next(pairs for _, pairs, _ in rows if pairs)]
        if sum(name in heads for name in names) < _FEWEST_HEADS:
            number += 1
            blocks[start:end] = [_table(number, names, rows)]
    return document


_Row = tuple[str, list[tuple[str, str]], int | None]


def _runs(blocks: Sequence[Paragraph | Table]) -> Iterator[tuple[int, int, list[_Row]]]:
    """Stretches of blocks that tell the rows of one table: from where, up to where, and the rows."""
    i = 0
    while i < len(blocks):
        start, rows, names = i, [], None
        while i < len(blocks) and isinstance(block := blocks[i], Paragraph):
            told = _told(block.text)
            if told is not None and names in (None, [head for head, _ in told[1]]):
                names = [head for head, _ in told[1]]
                rows.append((*told, block.place.line))
            elif rows and label(block.text.rstrip(":： ")).key in groups():
                # The label of a group, whose rows follow.
                rows.append((block.text.rstrip(":： "), [], block.place.line))
            else:
                break
            i += 1
        while rows and not rows[-1][1]:
            rows.pop()
        if sum(bool(pairs) for _, pairs, _ in rows) >= _FEWEST_ROWS:
            yield start, start + len(rows), rows
        i = max(i, start + 1)


def _told(text: str) -> _Told | None:
    """The label and the figures by their heads of a line that tells a row; None where it is anything else."""
    m = _LINE.fullmatch(text.strip()) if len(text) <= _LONGEST and _GLANCE.search(text) else None
    if m is None or "row" not in places_of(m["label"].strip()):
        return None
    pairs = [_PAIR.fullmatch(piece) for piece in _BETWEEN.split(m["pairs"].strip())]
    found = [(p["head"].strip(), p["figure"]) for p in pairs if p is not None]
    heads = [head for head, _ in found]
    if len(found) < max(_FEWEST_HEADS, len(pairs)) or len(set(heads)) < len(heads):
        return None
    return (m["label"].strip(), found) if all("column" in places_of(head) for head in heads) else None


def _table(number: int, names: Sequence[str], rows: Sequence[_Row]) -> Table:
    line = rows[0][2]
    cells = [Cell(name, 0, k, line=line) for k, name in enumerate(("", *names))]
    for r, (name, pairs, at) in enumerate(rows, start=1):
        cells += [Cell(text, r, k, line=at) for k, text in enumerate((name, *(figure for _, figure in pairs)))]
    return Table(number, cells, len(rows) + 1, len(names) + 1, line=line)
