"""The rows of a run of cells: where each ends, and which words among its figures are a cell.

Belongs here: what only all cells of a run together tell. Does not belong here: finding the cells (`stream`), which column a
figure is (`parsers.tables`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from parsers.grammar.labels import vocabulary
from schemas.labels import label

from .doubts import groups
from .separated import Rows, Span

OVER_COLUMNS = frozenset({"column", "head"})

Kind = Literal["blank", "figure", "unit", "label", "cell", "end", "skip"]


@dataclass(slots=True)
class Piece:
    """One cell of the stream. ``barred``: a bar or a tab parts it from the next; ``bars``: a line of so many bars alone."""

    kind: Kind
    text: str
    line: int
    # What the label can be, by the forms.
    roles: frozenset[str] = frozenset()
    barred: bool = False
    bars: int = 0
    doubt: str | None = None
    # The last line of a label that was printed over several.
    end: int = 0
    # Blank cells in front of it that are not listed.
    before: int = 0

    @property
    def is_value(self) -> bool:
        return self.kind in ("figure", "unit", "blank")

    @property
    def is_words(self) -> bool:
        return self.kind in ("label", "cell")

    @property
    def is_row(self) -> bool:
        """Whether it is the label of a row beside its figures, and nothing else."""
        return self.roles == {"row"} and label(self.text).key in vocabulary().beside

    @property
    def is_head(self) -> bool:
        """Whether it is a label that can only stand over columns."""
        return bool(self.roles) and "row" not in self.roles


def with_row_ends(pieces: list[Piece]) -> list[Piece]:
    """Lines of bars alone: several bars end a row, with what merged cells left over; one is a blank cell, but where such
    a line stands in front of every row it only ends the row before.
    """
    ends = [k for k, (a, b) in enumerate(pairwise(pieces)) if a.is_value and b.is_words]
    if pieces and pieces[-1].bars:
        ends.append(len(pieces) - 1)
    gone = {k for k, piece in enumerate(pieces) if piece.bars > 1}
    if len(ends) > 1 and all(pieces[k].bars for k in ends):
        gone.update(ends)
        label: Piece | None = None
        for k, piece in enumerate(pieces):
            if piece.bars and label is not None:
                gone.add(k)
            if piece.kind != "blank" or piece.bars or (label is not None and piece.line != label.line):
                label = piece if piece.roles & OVER_COLUMNS else None
    for k in gone:
        pieces[k].kind = "end"
    return pieces


def with_words(pieces: list[Piece]) -> list[Piece]:
    """Words that no form knows among figures (未发生) are a cell, where the row they part has as many as most rows with it.

    Where nothing shows blank cells they may as well be another row's label.
    """
    if "cell" not in {piece.kind for piece in pieces}:
        return pieces
    starts = [k for k, piece in enumerate(pieces) if piece.kind == "label"] + [len(pieces)]
    runs = [range(a + 1, b) for a, b in pairwise(starts) if b - a > 1]
    widths = Counter(len(run) for run in runs if all(pieces[k].is_value for k in run))
    (width, _), *_ = [*widths.most_common(1), (0, 0)]
    for run in runs:
        words = [k for k in run if not pieces[k].is_value]
        if len(run) == width and len(words) == 1 and run[0] < words[0] and pieces[words[0]].kind == "cell":
            if all(pieces[k].barred for k in run):
                pieces[words[0]].kind = "figure"
            else:
                for k in run:
                    pieces[k].doubt = "label" if pieces[k].is_value else None
    return pieces


def _may_be_of_another(own: list[Piece], heads: list[Piece]) -> bool:
    """Whether a row whose figures are not there stands in front of a row's label, so that what follows may be its."""
    alone = [*heads, *(piece for piece in own[:-1] if label(piece.text).key not in groups())]
    return any(piece.is_row and not piece.barred for piece in alone)


def rows_of(pieces: list[Piece]) -> Rows:
    """A row begins at a label after figures, or where one ended; heads in front of it are a row of their own."""
    rows: Rows = []
    labels: list[Piece] = []
    values: list[Piece] = []

    def close() -> None:
        heads, own = _heads_and_own(labels) if values else (list(labels), [])
        while heads and not own and values and values[0].kind == "blank" and values[0].line == heads[-1].line:
            # What merged heads left over.
            values.pop(0)
        if own and own[-1].line != values[0].line and _may_be_of_another(own, heads):
            # A row whose figures are not there stands before this one or its heads, and figures stand on lines of their
            # own: these may be its.
            for piece in values:
                piece.doubt = piece.doubt or "label"
        rows.extend(
            [Span(piece.text, piece.line, 1, piece.doubt, piece.before) for piece in group]
            for group in (heads, own + values)
            if group
        )
        labels.clear()
        values.clear()

    for piece in pieces:
        if piece.kind == "end":
            close()
        elif piece.is_words:
            if values:
                close()
            labels.append(piece)
        elif labels or values or piece.kind != "blank":
            values.append(piece)
    close()
    return rows


def _heads_and_own(labels: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Split the labels in front of figures into column heads and the row's own labels (its group first).

    A label that can be both (总计) is a head right behind one that can only be a head: 尚未审结, 总计, then figures.
    """
    if not labels:
        return [], []
    last = labels[-1]
    if last.is_head or (len(labels) > 1 and last.roles & OVER_COLUMNS and labels[-2].is_head):
        return labels, []
    start = len(labels) - 1
    while start > 0 and "row" in labels[start - 1].roles and not labels[start - 1].roles & OVER_COLUMNS:
        start -= 1
    return labels[:start], labels[start:]
