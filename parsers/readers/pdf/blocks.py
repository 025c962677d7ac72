"""The blocks of a strip: each a head with the rows below it.

Belongs here: where a head begins and ends, heads that come again on the next page, what is a figure beside labels.
Does not belong here: the rows and columns of a block (`anchored`), what a head covers (`heads`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, takewhile

from parsers.grammar.labels import vocabulary
from schemas.labels import label

from .heads import is_head, leaf_heads, whole_heads, words_apart
from .pieces import Piece

# So many known column heads are a table even without a figure below them.
HEADS_OF_A_TABLE = 5
# The first line of a wrapped head says this many characters at least.
_BEGINNING = 5
# Points by which the middles of heads that come again differ on another page, all of them by the same.
_MOVED = 4.0


@dataclass
class Block:
    """A head and the lines below it, before they are divided further. What is read from the head is asked for later."""

    head: list[list[Piece]] = field(default_factory=list)
    body: list[list[Piece]] = field(default_factory=list)

    @cached_property
    def heads(self) -> list[Piece]:
        """The words of the head, wrapped ones put together."""
        return whole_heads(words_apart(self.head))

    @cached_property
    def leaves(self) -> list[tuple[float, float]]:
        """Extents of the known column heads, from left to right."""
        return leaf_heads(self.heads)


def figures_of(line: Sequence[Piece], border: float = float("-inf")) -> list[Piece]:
    """The figures of a line that stand to the right of every label in it, and of ``border``."""
    found: list[Piece] = []
    for piece in line:
        if piece.is_figure:
            if piece.x1 > border:
                found.append(piece)
        elif (
            found and (len(piece.text) > 6 or vocabulary().knows(label(piece.text).key)) and piece.text[:1] not in "(（"
        ):
            found.clear()
    return found


def ends_head(line: Sequence[Piece]) -> bool:
    """Whether a line belongs to the first row: it has figures, or a row's label."""
    return bool(figures_of(line)) or any(_is_row(p.text) for p in line)


def without_repeated_heads(lines: list[list[Piece]]) -> list[list[Piece]]:
    """Leave out the lines at the top of a page that repeat the words of the head."""
    head: Counter[str] = Counter()
    middles: dict[str, float] = {}
    first_page = -1
    for line in lines:
        if ends_head(line):
            first_page = line[0].page
            break
        head.update(p.text for p in line)
        middles.update((p.text, p.center) for p in line)
    if not head or first_page < 0 or lines[-1][0].page == first_page:
        return lines
    first = {p.text for p in lines[0]}
    out: list[list[Piece]] = []
    for _, group in groupby(lines, key=lambda line: line[0].page):
        on_page = list(group)
        is_other = on_page[0][0].page == first_page or _is_elsewhere(middles, head, on_page)
        out += on_page if is_other else _without_head(head, first, on_page)
    return out


def _is_elsewhere(middles: Mapping[str, float], head: Counter[str], lines: Sequence[list[Piece]]) -> bool:
    """Whether the heads at the top of a page stand farther from one another than those above: its columns are its own."""
    own = takewhile(lambda line: not ends_head(line), lines)
    moved = [p.center - middles[p.text] for line in own for p in line if head[p.text] == 1]
    return len(moved) > 1 and max(moved) - min(moved) > _MOVED


def _without_head(head: Counter[str], first: set[str], lines: list[list[Piece]]) -> list[list[Piece]]:
    """The lines of a page without the head at its top, if it has it; merged labels may stand on the same lines."""
    end = next((n for n, line in enumerate(lines) if ends_head(line)), 0)
    repeated = sum(piece.text in head for line in lines[:end] for piece in line)
    # A head that goes on after being cut by the page end does not begin again.
    begins = any(piece.text in first for line in lines[:end] for piece in line)
    if not begins or repeated < max(2, 0.5 * len(head)):
        return lines
    rest = [[piece for piece in line if piece.text not in head] for line in lines[:end]]
    vocab = vocabulary()
    if any(label(piece.text).key in vocab.rows - vocab.beside for line in rest for piece in line):
        # Another table with the same columns: its own row's name stands over them.
        return lines
    return [line for line in rest if line] + lines[end:]


def border_of(lines: Sequence[Sequence[Piece]], leaves: Sequence[tuple[float, float]]) -> float:
    """Left of this stand labels: the left edge of the leftmost figures that stand beside a label.

    ``leaves`` are the extents of the columns' heads above all rows.
    """
    lefts: list[float] = []
    alone: list[float] = []
    for line in lines:
        figures = figures_of(line)
        if figures:
            x0 = min(p.x0 for p in figures)
            (lefts if any(p.x1 <= x0 for p in line) else alone).append(x0)
    # A figure that begins its line may be the rest of a label.
    lefts = sorted(lefts or alone)
    if len(leaves) > 1:
        # A figure may be wider than its head, but a mark among the labels (无 of 无法提供) is none.
        farthest = leaves[0][0] - 0.6 * (leaves[1][0] - leaves[0][0])
        return min([leaves[0][0], *(x for x in lefts if x > farthest)])
    if not lefts:
        return 0.0
    # One stray digit in a label doesn't move the border.
    return lefts[min(len(lefts) // 20, len(lefts) - 1)]


def own_border_of(block: Block, border: float) -> float:
    """The border of a block in the strip of another; farther left where it has a whole table's heads that begin there."""
    if len(block.leaves) < HEADS_OF_A_TABLE:
        return border
    lines = [*block.head, *block.body]
    head = list(takewhile(lambda line: not ends_head(line), lines))
    return min(border, border_of(lines, block.leaves if head == block.head else Block(head).leaves))


def blocks_of(lines: Sequence[list[Piece]], border: float) -> list[Block]:
    """Heads and the rows below them: a new block begins where column heads or a part's title follow figures."""
    blocks = [Block()]
    pending: list[list[Piece]] = []
    in_head = True
    for n, line in enumerate(lines):
        figures = figures_of(line, border)
        if _is_caption(line, lines[n + 1] if n + 1 < len(lines) else (), border):
            continue
        if figures:
            if pending:
                blocks[-1].body.extend(pending)
                pending = []
            in_head = False
            blocks[-1].body.append(line)
            continue
        if in_head and not any(p.x1 <= border and _is_row(p.text) for p in line):
            blocks[-1].head.append(line)
            continue
        in_head = False
        right = [p for p in line if p.center > border]
        # A row's label over the figures is a head as well, where the form has its rows in the head.
        heads = [p for p in right if is_head(p.text) or _is_row_in_head(p, border)]
        if heads:
            # A head, or the title of a part; a line before it that is its own stub goes with it.
            stub = _trailing_stub(pending)
            if len(pending) > stub:
                blocks[-1].body.extend(pending[: len(pending) - stub])
            blocks.append(Block(head=[*pending[len(pending) - stub :], line]))
            pending = []
            in_head = True
            continue
        pending.append(line)
    blocks[-1].body.extend(pending)
    return blocks


def _is_caption(line: Sequence[Piece], below: Sequence[Piece], border: float) -> bool:
    """Whether a line is the label of a group of rows over the whole table's width: a row of it follows."""
    groups = vocabulary().group_keys
    if not all(label(p.text).key in groups for p in line) or max(p.x1 for p in line) <= border:
        return False
    figures = figures_of(below)
    edge = figures[0].x0 if figures else border
    return any(p.x1 <= edge and (_is_row(p.text) if not figures else not is_head(p.text)) for p in below)


def _is_row_in_head(piece: Piece, border: float) -> bool:
    """Whether a word is a row's label that stands over the figures."""
    vocab = vocabulary()
    key = label(piece.text).key
    if key in vocab.rows:
        return piece.x0 > border or key not in vocab.beside
    return len(key) >= _BEGINNING and key in vocab.in_head_prefixes


def _is_row(text: str) -> bool:
    """Whether a word left of the figures is a row's label or begins one."""
    vocab = vocabulary()
    key = label(text).key
    if key in vocab.beside:
        return key not in vocab.columns
    return len(key) > 2 and key in vocab.beside_prefixes and not vocab.knows(key)


def _trailing_stub(pending: Sequence[Sequence[Piece]]) -> int:
    """How many of the waiting lines are the stub of the head that begins: known words that name no row."""
    vocab = vocabulary()
    count = 0
    for before in reversed(pending):
        keys = [label(p.text).key for p in before]
        if any(k in vocab.others for k in keys) and not any(k in vocab.rows for k in keys):
            count += 1
        else:
            break
    return count
