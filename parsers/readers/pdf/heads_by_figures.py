"""Heads of columns that their own spacing does not tell apart: the figures below them do.

Belongs here: giving each character of a head to the column of figures that it stands over, and when that is right.
Does not belong here: heads that gaps and borders part (`heads`), columns of figures (`columns`).

Heads of narrow columns touch one another, and a head that is spread over its cell falls apart. What every line of figures
has is as many columns; if the characters over each of them are the head of a column, and no two are the same, that is how
the head is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import dropwhile, groupby, pairwise

from parsers.grammar.labels import head_label, vocabulary
from schemas.labels import label

from .columns import runs_of
from .content import Glyph
from .pieces import FigureLine, Piece

_FEWEST = 4
# Points by which a head may begin before its figures or end behind them where both are aligned.
_SAME = 2.0
_CLOSING = "）)"


def heads_over(head: Sequence[Sequence[Piece]], whole: Sequence[Piece], lines: Sequence[FigureLine]) -> list[Piece]:
    """The heads over single columns, a piece for each line of each; nothing where the figures do not tell them.

    ``whole`` are the words of the head as far as they are put together.
    """
    columns = runs_of(lines, (), max((len(line.pieces) for line in lines), default=0))
    if len(columns) < _FEWEST:
        return []
    vocab = vocabulary()
    groups = {
        id(g)
        for p in whole
        if (key := label(p.text).key) in vocab.others and key not in vocab.columns
        for g in p.glyphs
    }
    for borders in _borders(columns):
        found = _parted(head, groups, borders)
        if _are_heads(found):
            return [piece for own in found for piece in own]
    return []


def _borders(columns: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Where columns part whose heads and figures are centred, begin or end together; with the outer sides."""
    centers, lefts, rights = ([w * a + (1 - w) * b for a, b in columns] for w in (0.5, 1.0, 0.0))
    middles = [(a + b) / 2 for a, b in pairwise(centers)]
    first, last = centers[1] - centers[0], centers[-1] - centers[-2]
    return [
        [centers[0] - first / 2, *middles, centers[-1] + last / 2],
        [*(x - _SAME for x in lefts), lefts[-1] + last],
        [rights[0] - first, *(x + _SAME for x in rights)],
    ]


def _parted(head: Sequence[Sequence[Piece]], groups: set[int], borders: Sequence[float]) -> list[list[Piece]]:
    """The pieces over each column, a line after the other."""
    out: list[list[Piece]] = [[] for _ in borders[1:]]
    for line in head:
        placed: list[tuple[int, Piece, Glyph]] = []
        for piece in line:
            if any(id(glyph) in groups for glyph in piece.glyphs) or piece.x1 <= borders[0]:
                continue
            for glyph in piece.glyphs:
                x = (glyph[0] + glyph[2]) / 2
                at = next((k for k, (a, b) in enumerate(pairwise(borders)) if a <= x < b), None)
                if at is not None:
                    # What stands beside all columns is a stub, or the head of remarks.
                    placed.append((at, piece, glyph))
        placed.sort(key=lambda one: (one[0], one[2][0]))
        for k, own in groupby(placed, key=lambda one: one[0]):
            members = [*own]
            # A stub that touches the first head may end in it.
            glyphs = [*dropwhile(lambda glyph: glyph[4] in _CLOSING, [glyph for _, _, glyph in members])]
            if not glyphs:
                continue
            lefts, tops, rights, feet, chars = zip(*glyphs, strict=True)
            piece = members[0][1]
            box = (min(lefts), min(tops), max(rights), max(feet))
            out[k].append(
                replace(piece, x0=box[0], x1=box[2], text="".join(chars), glyphs=glyphs, box=box, is_figure=False)
            )
    return out


def _are_heads(found: Sequence[Sequence[Piece]]) -> bool:
    """Whether every column has the head of one, and each another."""
    keys = [_key("".join(piece.text for piece in own)) for own in found]
    return len(set(keys)) == len(keys) and all(key in vocabulary().columns for key in keys)


def _key(text: str) -> str:
    return "" if label(text).number is not None else head_label(text)[0].key
