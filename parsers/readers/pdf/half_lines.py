"""Lines of figures half a line apart, which are one row's of a table without rules.

Belongs here: telling that figures wrapped in narrow cells are centred in one row. Does not belong here: which label a line of
figures belongs to (`figure_rows`), figures wrapped otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from .pieces import FigureLine, Piece
from .side_labels import Label

# Line heights between lines that stand beside one another's gaps, and by which what they are together is off its middle.
_BESIDE_GAPS, _OFF_TOGETHER = 1.2, 0.25


def together(lines: Sequence[FigureLine], labels: Sequence[Label]) -> list[FigureLine]:
    """Lines whose figures stand beside one another's gaps as one: cells of a row that hold figures on two lines, on three and
    on one are each centred in it, so that their lines are half a line apart.
    """
    out: list[FigureLine] = []
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and _stands_beside_gaps(lines[end - 1], lines[end]):
            end += 1
        # Rows of a table with many blanks have labels of their own.
        if end - start > 2 and _are_one(lines[start:end], labels):
            own = lines[start:end]
            out.append(FigureLine([p for line in own for p in line.pieces], any(line.cut for line in own)))
            out[-1].middle = (own[0].middle + own[-1].middle) / 2
        else:
            out += lines[start:end]
        start = end
    return out


def _stands_beside_gaps(above: FigureLine, below: FigureLine) -> bool:
    if above.pieces[0].page != below.pieces[0].page:
        return False
    if below.middle - above.middle > _BESIDE_GAPS * above.height:
        return False
    return not any(a.x0 < b.x1 and b.x0 < a.x1 for a in above.pieces for b in below.pieces)


def _are_one(lines: Sequence[FigureLine], labels: Sequence[Label]) -> bool:
    """Whether lines are one row's: what stands under one another in them is centred in all, and one label at most is known."""
    middle = (lines[0].middle + lines[-1].middle) / 2
    columns: list[list[Piece]] = []
    for piece in sorted((p for line in lines for p in line.pieces), key=lambda p: p.x0):
        if columns and piece.x0 < max(p.x1 for p in columns[-1]):
            columns[-1].append(piece)
        else:
            columns.append([piece])
    off = (abs(sum(p.middle for p in own) / len(own) - middle) for own in columns)
    if all(len(own) == 1 for own in columns) or max(off) > _OFF_TOGETHER * lines[0].height:
        return False
    beside = [one for one in labels if any(one.top < line.middle < one.bottom for line in lines)]
    return sum(one.kind == "row" for one in beside) < 2
