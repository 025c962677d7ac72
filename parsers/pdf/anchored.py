"""Tables without (enough) ruling lines: rows anchored at their labels, columns from the heads and from the figures.

Belongs here: dividing a strip of lines into rows and columns, and saying where the division is not certain.
Does not belong here: finding the strip (`strips`), and which row of a form a label is (`parsers.matching`).

A strip is taken apart into blocks, each a head with the rows below it. In a block the columns are those of the rows that
have a figure in every column, and of the heads. What stands left of the first column are labels: they are cut into
whole labels by what the forms call their rows, then by numbering, rules and spacing; a line of figures belongs to the
label whose lines it stands beside. Where two labels claim a line of figures, its cells carry a doubt.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from parsers.form_index import head_label
from schemas.facts import Box
from schemas.labels import label

from .content import UNMAPPED, Glyph, Rule, cut_at_gaps, text_of
from .grid import CellText, Fragment, GridCell, read_cell
from .strips import Piece, Strip, is_figure_word
from .vocabulary import vocabulary

_MOST_LABEL_LINES = 16
# So many known column heads are a table even without a figure below them.
_HEADS_OF_A_TABLE = 5
# Two labels beside one another have at least this room between them, in line heights.
_ROOM = 0.08
# Heads of neighbouring columns have at least this room, in font sizes.
_HEADS_APART = 0.2
# A figure farther from its column's middle than this share of the distance to the next one is not certain.
_FAR = 0.45
# Line heights beyond which a label and figures cannot belong together; the cost of pairing them all the same.
_MOST_BETWEEN = 200
_OUT_OF_SIGHT, _NEVER = 8.0, 30.0
# Figures that no label claims, nearer to one than so many line heights, are pieces of figures wrapped in their cells.
_WRAPPED = 2.0
# A figure with a note in brackets, which may be broken over lines anywhere.
_NOTED = re.compile(r"[\d０-９][\d０-９,，.]*[(（][^()（）]*[)）]")


@dataclass(slots=True)
class Column:
    """A column of figures: its extent, and the head over it."""

    x0: float
    x1: float
    head: list[Piece] = field(default_factory=list)

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class Label:
    """The lines of one label. ``kind``: ``row``, ``group`` (heads several rows, or none), ``unknown``."""

    pieces: list[Piece]
    kind: str
    key: str
    track: int = 0
    top: float = field(init=False)
    bottom: float = field(init=False)
    middle: float = field(init=False)

    def __post_init__(self) -> None:
        self.top = self.pieces[0].top
        self.bottom = max([p.bottom for p in self.pieces])
        self.middle = (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.pieces)


@dataclass(slots=True)
class FigureLine:
    """Figures on one baseline."""

    pieces: list[Piece]
    middle: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        tops, bottoms = [p.top for p in self.pieces], [p.bottom for p in self.pieces]
        self.middle = (median(tops) + median(bottoms)) / 2
        self.height = max(median(bottoms) - median(tops), 1.0)


@dataclass(slots=True)
class Row:
    """A label and its words by column. ``doubt`` is for the whole row, ``wrapped`` names columns of broken figures."""

    label: Label | None
    cells: dict[int, list[Piece]] = field(default_factory=dict)
    doubt: str | None = None
    where: float | None = None
    wrapped: set[int] = field(default_factory=set)
    # Columns of figures broken over lines that certainly are one.
    whole: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Block:
    """A head and the lines below it, before they are divided further."""

    head: list[list[Piece]] = field(default_factory=list)
    body: list[list[Piece]] = field(default_factory=list)


def fragment(strip: Strip) -> Fragment | None:
    """The strip as a grid; None where nothing in it can be divided."""
    lines = _without_repeated_heads(strip.lines)
    border = _border(lines)
    rows: list[list[GridCell]] = []
    blocks = _blocks(lines, border)
    widths: list[int] = []
    laid: list[_Laid] = []
    for block in blocks:
        one = _lay_out(block, strip, border)
        if one is not None:
            laid.append(one)
            widths.append(len(one.columns))
    if not laid:
        return None
    label_columns = max(max(one.tracks, 1 if one.stub else 0) for one in laid)
    value_columns = max(widths)
    for one in laid:
        rows.extend(_rows(one, label_columns, value_columns))
    cells: list[GridCell] = []
    for r, row in enumerate(rows):
        for cell in row:
            cell.row = r
            cells.append(cell)
    _span_groups(cells, len(rows))
    if any(UNMAPPED in piece.text for line in strip.lines for piece in line):
        _doubt_all(cells)
    edges = [float(i) for i in range(label_columns + value_columns + 1)]
    return Fragment(
        strip.pages[0],
        strip.box,
        edges,
        len(rows),
        cells,
        "ocr" if strip.ocr else "anchored",
        ["anchored"] if any(one.doubtful for one in laid) else [],
    )


# -- blocks --------------------------------------------------------------------------------------------------------


def _figures(line: Sequence[Piece], border: float = float("-inf")) -> list[Piece]:
    """The figures of a line that stand to the right of every label in it, and of ``border``."""
    found: list[Piece] = []
    vocab = vocabulary()
    for piece in line:
        if piece.is_figure:
            if piece.x1 > border:
                found.append(piece)
        elif found and (len(piece.text) > 6 or vocab.knows(label(piece.text).key)) and not _is_note(piece.text):
            found.clear()
    return found


def _is_note(text: str) -> bool:
    return text[:1] in "(（"


def _without_repeated_heads(lines: list[list[Piece]]) -> list[list[Piece]]:
    """Leave out the lines at the top of a page that repeat the words of the head."""
    first_page = lines[0][0].page if lines and lines[0] else 0
    head: Counter[str] = Counter()
    for line in lines:
        if _figures(line):
            break
        if line[0].page == first_page:
            head.update(p.text for p in line)
    if not head:
        return lines
    out: list[list[Piece]] = []
    page = first_page
    dropping = False
    for line in lines:
        if line[0].page != page:
            page = line[0].page
            dropping = True
        if dropping:
            if all(p.text in head for p in line) and not _figures(line):
                continue
            dropping = False
        out.append(line)
    return out


def _border(lines: Sequence[Sequence[Piece]]) -> float:
    """Left of this stand labels: the left edge of the leftmost figures that stand beside a label."""
    lefts: list[float] = []
    for line in lines:
        figures = _figures(line)
        if figures:
            lefts.append(min(p.x0 for p in figures))
    if not lefts:
        return 0.0
    head: list[Piece] = []
    for line in lines:
        if _figures(line):
            break
        head.extend(part for p in line for part in _apart(p))
    leaves = _leaf_heads(_whole_heads(head))
    lefts.sort()
    if len(leaves) > 1:
        # A figure may be wider than its head, but a mark among the labels (无 of 无法提供) is none.
        farthest = leaves[0][0] - 0.6 * (leaves[1][0] - leaves[0][0])
        return min([leaves[0][0], *(x for x in lefts if x > farthest)])
    # One stray digit in a label doesn't move the border.
    return lefts[min(len(lefts) // 20, len(lefts) - 1)]


def _blocks(lines: Sequence[list[Piece]], border: float) -> list[Block]:
    """Heads and the rows below them: a new block begins where column heads or a part's title follow figures."""
    blocks = [Block()]
    vocab = vocabulary()
    pending: list[list[Piece]] = []
    in_head = True
    for line in lines:
        figures = _figures(line, border)
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
        heads = [p for p in right if _is_head(p.text) or (p.x0 > border and label(p.text).key in vocab.rows)]
        if heads:
            # A head, or the title of a part; a line before it that is its own stub goes with it.
            stub = _trailing_stub(pending, line)
            if len(pending) > stub:
                blocks[-1].body.extend(pending[: len(pending) - stub])
            blocks.append(Block(head=[*pending[len(pending) - stub :], line]))
            pending = []
            in_head = True
            continue
        pending.append(line)
    blocks[-1].body.extend(pending)
    return blocks


def _is_head(text: str) -> bool:
    vocab = vocabulary()
    key = label(text).key
    if key in vocab.others:
        return True
    if label(text).number is not None:
        return False
    if key in vocab.columns or head_label(text)[0].key in vocab.columns:
        return True
    return len(key) >= 4 and any(column.startswith(key) for column in vocab.columns)


def _is_row(text: str) -> bool:
    """Whether a word left of the figures is a row's label or begins one."""
    vocab = vocabulary()
    key = label(text).key
    if key in vocab.columns:
        return False
    return key in vocab.beside or (len(key) > 2 and any(row.startswith(key) for row in vocab.beside))


def _trailing_stub(pending: Sequence[Sequence[Piece]], line: Sequence[Piece]) -> int:
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


# -- columns -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Laid:
    """A block divided: columns, label tracks, and rows as (label, figures by column)."""

    block: Block
    columns: list[Column]
    upper: list[list[tuple[str, int, int, list[Piece]]]]
    stub: list[Piece]
    labels: list[Label]
    groups: list[Label]
    rows: list[Row]
    tracks: int
    doubtful: bool = False


def _lay_out(block: Block, strip: Strip, border: float) -> _Laid | None:
    rules = strip.rules
    lines = [FigureLine(f) for f in (_figures(line, border) for line in block.body) if f]
    if not lines and not block.head:
        return None
    whole = _whole_heads([part for line in block.head for p in line for part in _apart(p)])
    columns = _columns(lines, whole)
    if not columns:
        return None
    left = min(columns[0].x0, *(f.pieces[0].x0 for f in lines if len(f.pieces) == len(columns)), float("inf"))
    for line in lines:
        # A label's own number may stand alone in its line.
        line.pieces = [p for p in line.pieces if p.x1 > left]
    lines = [line for line in lines if line.pieces]
    pitch = (columns[1].center - columns[0].center) if len(columns) > 1 else columns[0].x1 - columns[0].x0
    label_pieces = [p for line in block.body for p in line if p.x1 <= left + 1.0]
    right_edge = max((p.x1 for p in label_pieces), default=left - pitch / 2)
    zone = max((right_edge + left) / 2, left - pitch)

    def is_beside(piece: Piece) -> bool:
        return piece.x1 <= zone + 1.0 or (piece.center < zone and not _is_head(piece.text))

    beside_head = [p for line in block.head for p in line if is_beside(p)]
    upper = _heads([p for p in whole if not is_beside(p)], columns)
    labels, groups, tracks = _labels([*beside_head, *label_pieces], rules)
    # What stands beside the head and names no row is the head's own stub.
    in_head = {id(p) for p in beside_head}
    stubs = [one for one in (*labels, *groups) if one.kind != "row" and all(id(p) in in_head for p in one.pieces)]
    labels = [one for one in labels if not any(one is s for s in stubs)]
    groups = [one for one in groups if not any(one is s for s in stubs)]
    stub = [p for one in stubs for p in one.pieces]
    rows, doubtful = _assign(lines, block.body, labels, columns, rules, left)
    if not lines and not labels and len(columns) >= _HEADS_OF_A_TABLE:
        # A head and nothing below it: all its figures are blank, if more text follows on the page.
        blank = Row(None, doubt=None if strip.closed else "label")
        return _Laid(block, columns, upper, stub, labels, groups, [blank], tracks, not strip.closed)
    return _Laid(block, columns, upper, stub, labels, groups, rows, tracks, doubtful)


def _columns(lines: Sequence[FigureLine], heads: Sequence[Piece]) -> list[Column]:
    """Columns of a block, from the lines with a figure in each, and from its leaf heads."""
    leaves = _leaf_heads(heads)
    counts = Counter(len(line.pieces) for line in lines)
    n = 0
    if counts:
        support = max(1, len(lines) // 5)
        n = max((k for k, v in counts.items() if v >= support), default=max(counts))
    if leaves and len(leaves) >= n:
        wanted = len(leaves)
    else:
        wanted = n
        leaves = [] if len(leaves) != wanted else leaves
    full = [line for line in lines if len(line.pieces) == wanted]
    if full:
        return [
            Column(
                median(line.pieces[i].x0 for line in full),
                median(line.pieces[i].x1 for line in full),
            )
            for i in range(wanted)
        ]
    return [Column(x0, x1) for x0, x1 in leaves] or _by_overlap(lines)


def _by_overlap(lines: Sequence[FigureLine]) -> list[Column]:
    out: list[Column] = []
    for piece in sorted((p for line in lines for p in line.pieces), key=lambda p: p.x0):
        if out and piece.x0 < out[-1].x1:
            out[-1].x1 = max(out[-1].x1, piece.x1)
        else:
            out.append(Column(piece.x0, piece.x1))
    return out


def _leaf_heads(heads: Sequence[Piece]) -> list[tuple[float, float]]:
    """Extents of the known column heads, from left to right, out of what `_whole_heads` gives."""
    vocab = vocabulary()
    stacks: list[list[Piece]] = []
    for piece in heads:
        key = label(piece.text).key
        if (key in vocab.others or key in vocab.rows) and head_label(piece.text)[0].key not in vocab.columns:
            continue
        best = None
        for stack in stacks:
            last = stack[-1]
            over = min(last.x1, piece.x1) - max(last.x0, piece.x0)
            if over > 0.5 * min(last.x1 - last.x0, piece.x1 - piece.x0) and piece.top >= last.top + 0.5 * last.height:
                best = stack
        if best is None:
            stacks.append([piece])
        elif _goes_on(best, piece):
            best.append(piece)
        else:
            stacks.append([piece])
    found = []
    for stack in stacks:
        # The longest beginning of a stack that is a head: what stands below it is something else.
        for n in range(len(stack), 0, -1):
            if _column_key(stack[:n]) in vocab.columns:
                found.append((min(p.x0 for p in stack[:n]), max(p.x1 for p in stack[:n])))
                break
    found.sort()
    # Two heads over one another are no two columns.
    out: list[tuple[float, float]] = []
    for x0, x1 in found:
        if out and x0 < out[-1][1] - 0.5 * min(x1 - x0, out[-1][1] - out[-1][0]):
            return []
        out.append((x0, x1))
    return out


def _column_key(pieces: Sequence[Piece]) -> str:
    """The key of a column's head; nothing for a text with numbering, which a row has."""
    text = "".join(p.text for p in pieces)
    return "" if label(text).number is not None else head_label(text)[0].key


def _goes_on(stack: Sequence[Piece], piece: Piece) -> bool:
    """Whether a word below a head, or the beginning of one, belongs to it."""
    columns = vocabulary().columns
    if _column_key(stack) not in columns:
        return True
    key = _column_key([*stack, piece])
    return bool(key) and any(column.startswith(key) for column in columns)


def _nearest(columns: Sequence[Column], x: float) -> int:
    distances = [abs(c.center - x) for c in columns]
    return distances.index(min(distances))


def _heads(pieces: Sequence[Piece], columns: list[Column]) -> list[list[tuple[str, int, int, list[Piece]]]]:
    """Give each column its leaf head, and return the rows of heads above as (text, first column, count, pieces)."""
    vocab = vocabulary()
    above: list[Piece] = []
    for piece in pieces:
        covered = [i for i, c in enumerate(columns) if piece.x0 - 1 <= c.center <= piece.x1 + 1]
        key = label(piece.text).key
        if key in vocab.others or (key in vocab.rows and key not in vocab.columns):
            above.append(piece)
        elif len(covered) > 1 and key not in vocab.columns:
            # Heads that touch: each character goes to the column it stands over.
            _share_out(piece, columns)
        else:
            columns[_nearest(columns, piece.center)].head.append(piece)
    levels: list[list[Piece]] = []
    for piece in sorted(above, key=lambda p: (p.top, p.x0)):
        for level in levels:
            if abs(level[0].middle - piece.middle) < 0.6 * piece.height:
                level.append(piece)
                break
        else:
            levels.append([piece])
    out: list[list[tuple[str, int, int, list[Piece]]]] = []
    ranges = [(0, len(columns))]
    for level in levels:
        placed: list[tuple[str, int, int, list[Piece]]] = []
        for start, stop in ranges:
            left = columns[start - 1].x1 if start else float("-inf")
            right = columns[stop].x0 if stop < len(columns) else float("inf")
            inside = sorted((p for p in level if left < p.center < right), key=lambda p: p.x0)
            spans = _partition(inside, columns[start:stop])
            placed += [(p.text, start + a, b - a, [p]) for p, (a, b) in zip(inside, spans, strict=False)]
        if placed:
            out.append(placed)
        # What stands below a head divides its columns, not its neighbours'.
        ranges = [(start, start + count) for _, start, count, _ in placed] or ranges
    return out


def _apart(piece: Piece) -> list[Piece]:
    """A word of a head cut at its gaps, if it is no label as it is: heads of narrow columns stand near one another."""
    if " " not in piece.text and len(piece.text) < 4:
        return [piece]
    vocab = vocabulary()
    key = label(piece.text).key
    if vocab.knows(key) or vocab.begins(key):
        return [piece]
    groups = cut_at_gaps(piece.glyphs, _HEADS_APART)
    return [part_of(piece, glyphs) for glyphs in groups] if len(groups) > 1 else [piece]


def _whole_heads(pieces: Sequence[Piece]) -> list[Piece]:
    """The words of a head, wrapped heads of groups put together."""
    vocab = vocabulary()
    singles = [Label([p], "unknown", label(p.text).key) for p in sorted(pieces, key=lambda p: (p.top, p.x0))]
    out: list[Piece] = []
    gone: set[int] = set()
    for i, one in enumerate(singles):
        if id(one) in gone:
            continue
        piece = one.pieces[0]
        found = _completed(one, [o for o in singles[i + 1 :] if id(o) not in gone])
        members = [piece, *(o.pieces[0] for o in found or ())]
        if found and label("".join(p.text for p in members)).key not in vocab.columns:
            gone.update(id(o) for o in found)
            piece = replace(
                piece,
                x0=min(p.x0 for p in members),
                x1=max(p.x1 for p in members),
                bottom=members[-1].bottom,
                text="\n".join(p.text for p in members),
                glyphs=[g for p in members for g in p.glyphs],
            )
        out.append(piece)
    return out


def _share_out(piece: Piece, columns: list[Column]) -> None:
    by_column: dict[int, list[Glyph]] = {}
    for glyph in piece.glyphs:
        by_column.setdefault(_nearest(columns, (glyph[0] + glyph[2]) / 2), []).append(glyph)
    for i, glyphs in by_column.items():
        columns[i].head.append(part_of(piece, glyphs))


def _partition(level: Sequence[Piece], columns: Sequence[Column]) -> list[tuple[int, int]]:
    """Which columns (from, to) each head of one level covers, in order, all columns divided among them.

    Of all divisions the one whose middles, or left edges, fit the heads best. A single head covers the widest run of
    columns that it stands over the middle of.
    """
    n, k = len(columns), len(level)
    if k == 0 or k > n:
        return []
    if k == 1:
        piece = level[0]
        fits = [
            (round(abs(piece.center - (columns[a].x0 + columns[b - 1].x1) / 2) / 6), a - b, a, b)
            for a in range(n)
            for b in range(a + 1, n + 1)
        ]
        _, _, a, b = min(fits)
        return [(a, b)]
    best: tuple[float, list[tuple[int, int]]] | None = None
    for by_left in (False, True):
        inf = float("inf")
        # cost[i][j]: the first i heads cover exactly the first j columns.
        cost = [[inf] * (n + 1) for _ in range(k + 1)]
        back = [[0] * (n + 1) for _ in range(k + 1)]
        cost[0][0] = 0.0
        for i in range(1, k + 1):
            piece = level[i - 1]
            for end in range(i, n + 1):
                for start in range(i - 1, end):
                    if cost[i - 1][start] == inf:
                        continue
                    x0, x1 = columns[start].x0, columns[end - 1].x1
                    off = abs(piece.x0 - x0) if by_left else abs(piece.center - (x0 + x1) / 2)
                    off += max(0.0, (piece.x1 - piece.x0) - (x1 - x0)) * 0.5
                    if cost[i - 1][start] + off < cost[i][end] - 1e-6:
                        cost[i][end], back[i][end] = cost[i - 1][start] + off, start
        spans: list[tuple[int, int]] = []
        end = n
        for i in range(k, 0, -1):
            spans.append((back[i][end], end))
            end = back[i][end]
        if best is None or cost[k][n] < best[0] - 1e-6:
            best = (cost[k][n], spans[::-1])
    assert best is not None
    return best[1]


# -- labels --------------------------------------------------------------------------------------------------------


def _labels(pieces: Sequence[Piece], rules: Sequence[Rule]) -> tuple[list[Label], list[Label], int]:
    """Labels of rows and of groups, from the words left of the figures; and how many tracks they stand in."""
    tracks = _tracks(pieces)
    rows: list[Label] = []
    groups: list[Label] = []
    for number, track in enumerate(tracks):
        for one in _cut(track, rules):
            one.track = number
            (groups if one.kind == "group" else rows).append(one)
    rows, groups = _mended(rows, groups)
    under = vocabulary().groups
    headed = {group for one in rows for group in under.get(one.key, ())}
    for one in [r for r in rows if r.key in headed]:
        # The same words name a row where it has no parts, and head the parts where it has.
        if any(r.track > one.track and one.key in under.get(r.key, ()) for r in rows):
            rows.remove(one)
            one.kind = "group"
            groups.append(one)
    rows.sort(key=lambda one: one.middle)
    groups.sort(key=lambda one: (one.track, one.middle))
    return rows, groups, len(tracks)


def _mended(rows: list[Label], groups: list[Label]) -> tuple[list[Label], list[Label]]:
    """Put pieces of labels together that stand in different tracks because their lines are centred."""
    vocab = vocabulary()
    everything = sorted((*rows, *groups), key=lambda one: (one.top, one.pieces[0].x0))
    done: list[Label] = []
    gone: set[int] = set()
    for i, one in enumerate(everything):
        if id(one) in gone:
            continue
        found = _completed(one, [o for o in everything[i + 1 :] if id(o) not in gone and o.kind == "unknown"])
        if found is not None:
            gone.update(id(o) for o in found)
            pieces = [p for o in (one, *found) for p in o.pieces]
            key = label("".join(p.text for p in pieces)).key
            kind = "row" if key in vocab.rows else "group"
            done.append(Label(pieces, kind, key, min(o.track for o in (one, *found))))
        else:
            done.append(one)
    return [o for o in done if o.kind != "group"], [o for o in done if o.kind == "group"]


def _completed(one: Label, below: Sequence[Label]) -> list[Label] | None:
    """The labels below that make this one a known label, each close under the last and over the same place."""
    vocab = vocabulary()
    if one.key and one.key not in vocab.prefixes:
        return None
    chain: list[Label] = []
    last = one
    text = "".join(p.text for p in one.pieces)
    for other in below:
        piece, before = other.pieces[0], last.pieces[-1]
        far = (piece.top - before.bottom) / before.height
        if far > (1.2 if piece.page == before.page else 2.2):
            break
        if far < -0.2:
            # On the same line: the second half of a label with a gap in it.
            if abs(piece.middle - before.middle) > 0.3 * before.height or not -1 < piece.x0 - before.x1 < before.height:
                continue
        else:
            over = min(max(p.x1 for p in last.pieces), piece.x1) - max(min(p.x0 for p in last.pieces), piece.x0)
            if over < 0.5 * min(piece.x1 - piece.x0, before.x1 - before.x0):
                continue
        longer = text + "".join(p.text for p in other.pieces)
        key = label(longer).key
        possible = key in vocab.prefixes
        if far < -0.2 and not possible:
            continue
        text = longer
        chain.append(other)
        if vocab.knows(key):
            return chain
        if not possible:
            return None
        last = other
    return None


def _tracks(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Label words by the column of labels they stand in, by their left edges; then top to bottom."""
    tracks = _by_left_edge(pieces)
    starts = [_left_edge(track) for track in tracks if len(track) > 2]
    parted = [part for piece in pieces for part in _parted(piece, starts)]
    if len(parted) > len(pieces):
        tracks = _by_left_edge(parted)
    for track in tracks:
        track.sort(key=lambda p: (p.top, p.x0))
    return tracks


def _by_left_edge(pieces: Sequence[Piece]) -> list[list[Piece]]:
    tracks: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.x0):
        if tracks and piece.x0 - tracks[-1][0].x0 < 0.9 * piece.height:
            tracks[-1].append(piece)
        else:
            tracks.append([piece])
    return tracks


def _left_edge(track: Sequence[Piece]) -> float:
    return median(p.x0 for p in track)


def _parted(piece: Piece, starts: Sequence[float]) -> list[Piece]:
    """A word cut where another column of labels begins, if there is some room between the two characters."""
    for before, after in pairwise(piece.glyphs):
        room = after[0] - before[2]
        if room > _ROOM * piece.height and any(abs(after[0] - x) < 0.3 * piece.height for x in starts):
            at = piece.glyphs.index(after)
            left, right = part_of(piece, piece.glyphs[:at]), part_of(piece, piece.glyphs[at:])
            return [left, *_parted(right, starts)]
    return [piece]


def part_of(piece: Piece, glyphs: list[Glyph]) -> Piece:
    """Some neighbouring glyphs of a word as a word of their own."""
    x0, x1 = glyphs[0][0], max(g[2] for g in glyphs)
    text = text_of(glyphs)
    box = (x0, piece.box[1], x1, piece.box[3])
    return replace(piece, x0=x0, x1=x1, text=text, glyphs=glyphs, box=box, is_figure=is_figure_word(text))


def _cut(track: Sequence[Piece], rules: Sequence[Rule]) -> list[Label]:
    """Cut the lines of a track into labels, the best division over all: known labels first, then numbering and space."""
    n = len(track)
    best: list[tuple[float, int, str]] = [(0.0, 0, "")] + [(float("-inf"), 0, "")] * n
    strains = _strains(track)
    ruled = [True, *(_rule_between(a, b, rules) for a, b in pairwise(track))]
    for end in range(1, n + 1):
        text = ""
        for start in range(end - 1, max(-1, end - 1 - _MOST_LABEL_LINES), -1):
            text = track[start].text + text
            score, kind = _worth(text, end - start, strains[end - 1] - strains[start])
            total = best[start][0] + score
            if total > best[end][0]:
                best[end] = (total, start, kind)
            if ruled[start]:
                break
    labels: list[Label] = []
    end = n
    while end:
        _, start, kind = best[end]
        members = list(track[start:end])
        labels.append(Label(members, kind, label("".join(p.text for p in members)).key))
        end = start
    return labels[::-1]


def _strains(track: Sequence[Piece]) -> list[float]:
    """How much speaks against each line's being one label with the line above, summed up from the top.

    Lines of one label stand as close as most lines do; a label's later lines have no numbering of their own.
    """
    gaps = sorted(b.top - a.bottom for a, b in pairwise(track) if a.page == b.page)
    leading = min(gaps[len(gaps) // 3], 0.8 * track[0].height) if gaps else 0.0
    out = [0.0]
    for before, after in pairwise(track):
        room = 0.3 if after.page == before.page else 1.3
        strain = max(0.0, (after.top - before.bottom - leading) / max(before.height, 1.0) - room)
        own = label(after.text)
        if own.number is not None and own.key:
            strain += 1.0
        out.append(out[-1] + strain)
    return out


def _worth(text: str, lines: int, strain: float) -> tuple[float, str]:
    """How good a text of so many lines is as one label, and what kind of label it is.

    A known label counts for its characters, so that a long one is better than the shorter ones it could be cut into.
    """
    vocab = vocabulary()
    key = label(text).key
    if key in vocab.rows:
        return len(key) - 1.5 - strain, "row"
    if key in vocab.others:
        return len(key) - 1.5 - strain, "group"
    return -1.0 - 3.0 * strain - 0.2 * lines, "unknown"


def _rule_between(above: Piece, below: Piece, rules: Sequence[Rule]) -> bool:
    """Whether a level rule parts two lines of a track. Rules are sorted by height."""
    if above.page != below.page:
        return False
    center, end = above.center, below.middle
    for y, x0, x1 in rules[bisect_right(rules, (above.middle, float("inf"), float("inf"))) :]:
        if y >= end:
            return False
        if x0 < center + 2 and x1 > center - 2:
            return True
    return False


# -- rows ----------------------------------------------------------------------------------------------------------


def _assign(
    lines: Sequence[FigureLine],
    body: Sequence[Sequence[Piece]],
    labels: Sequence[Label],
    columns: Sequence[Column],
    rules: Sequence[Rule],
    left: float,
) -> tuple[list[Row], bool]:
    """Rows of a block from top to bottom, and whether any of them is not certain."""
    if not labels:
        return _rows_without_labels(lines, columns)
    rows: list[Row] = []
    loose: list[FigureLine] = []
    for one, line in _paired(lines, labels, rules):
        if line is None:
            rows.append(Row(one))
            continue
        by_column, unsure = _by_column(line, columns)
        if one is None and any(_gap(label_, line) < _WRAPPED for label_ in labels):
            loose.append(line)
            continue
        certain = one is not None and _beside(one, line, labels) and not unsure
        rows.append(Row(one, by_column, None if certain else "label", line.middle))
    for piece in _others(body, lines, left):
        _attach(piece, rows, columns)
    _merge_wrapped(loose, rows, columns)
    _doubt_beside_orphans(rows)
    return rows, any(row.doubt or row.wrapped for row in rows)


def _rows_without_labels(lines: Sequence[FigureLine], columns: Sequence[Column]) -> tuple[list[Row], bool]:
    """Rows of a block whose head says everything: lines close under one another are figures broken in narrow cells."""
    rows: list[Row] = []
    groups: list[list[FigureLine]] = []
    for line in lines:
        if groups and line.middle - groups[-1][-1].middle < 1.5 * line.height:
            groups[-1].append(line)
        else:
            groups.append([line])
    for group in groups:
        row = Row(None, where=(group[0].middle + group[-1].middle) / 2)
        unsure = False
        for line in group:
            by_column, doubtful = _by_column(line, columns)
            unsure = unsure or doubtful
            for i, pieces in by_column.items():
                row.cells.setdefault(i, []).extend(pieces)
        capacity = max(len(p.text) for pieces in row.cells.values() for p in pieces)
        for i, pieces in row.cells.items():
            if len(pieces) > 1 or (
                len(group) > 1 and abs(pieces[0].middle - (row.where or 0.0)) > 0.35 * pieces[0].height
            ):
                (row.whole if _is_one_figure(row, pieces, capacity) else row.wrapped).add(i)
        row.doubt = "label" if unsure else None
        rows.append(row)
    return rows, any(row.doubt or row.wrapped for row in rows)


def _gap(one: Label, line: FigureLine) -> float:
    """Line heights between a line of figures and a label, 0.0 beside it."""
    return max(0.0, one.top - line.middle, line.middle - one.bottom) / max(line.height, 1.0)


def _merge_wrapped(loose: Sequence[FigureLine], rows: Sequence[Row], columns: Sequence[Column]) -> None:
    """Figures on lines that no label claims are parts of figures broken in narrow cells: they go to the nearest row.

    Where it is not beyond doubt that a row's pieces are one figure, and its own, they are not certain, nor is the
    same column in a row that is nearly as near.
    """
    placed = [r for r in rows if r.label is not None or r.where is not None]
    if not placed:
        return
    capacity = max((len(p.text) for row in rows for ps in row.cells.values() for p in ps), default=0)
    rivals: dict[tuple[int, int], list[Row]] = {}
    for line in loose:
        by_column, _ = _by_column(line, columns)
        order = sorted(placed, key=lambda row: abs(_where(row) - line.middle))
        away = [abs(_where(row) - line.middle) / max(line.height, 1.0) for row in order[:2]]
        near = [row for row, far in zip(order[1:2], away[1:], strict=True) if far < away[0] + 1.2]
        for i, pieces in by_column.items():
            order[0].cells.setdefault(i, []).extend(pieces)
            rivals.setdefault((id(order[0]), i), []).extend(near)
    for row in placed:
        for i in [i for owner, i in rivals if owner == id(row)]:
            others = rivals[id(row), i]
            if _is_noted(row.cells[i]):
                row.whole.add(i)
                continue
            if _is_one_figure(row, row.cells[i], capacity) and not any(_takes_part(o, i, row) for o in others):
                row.whole.add(i)
                continue
            row.wrapped.add(i)
            for rival in others:
                rival.wrapped.add(i)


def _doubt_beside_orphans(rows: Sequence[Row]) -> None:
    """Figures without a label may be the missing part of those above or below them."""
    for before, after in pairwise(rows):
        for orphan, other in ((before, after), (after, before)):
            if orphan.label is None and other.label is not None:
                other.wrapped.update(orphan.cells)


def _takes_part(rival: Row, column: int, row: Row) -> bool:
    """Whether a neighbouring row could be short of the piece: it has none in this column, or one off its own line."""
    pieces = rival.cells.get(column, [])
    return not pieces or len(pieces) > 1 or abs(pieces[0].middle - _where(rival)) > 0.35 * pieces[0].height


def _where(row: Row) -> float:
    """The height at which a row's cells are centred."""
    if row.label is not None:
        return row.label.middle
    return row.where or 0.0


def _is_noted(pieces: list[Piece]) -> bool:
    """Whether the pieces of a cell are one figure with its note in brackets."""
    pieces.sort(key=lambda p: (p.line, p.x0))
    return _NOTED.fullmatch("".join(p.text for p in pieces)) is not None


def _is_one_figure(row: Row, pieces: list[Piece], capacity: int) -> bool:
    """Whether pieces in one column are certainly one figure of this row.

    As many digits as any line holds on every line but the last, close under one another, centred on the row.
    """
    pieces.sort(key=lambda p: p.top)
    if len(pieces) < 2 or not all(p.text.isdigit() for p in pieces):
        return False
    height = pieces[0].height
    if any(len(p.text) < capacity for p in pieces[:-1]) or any(p.page != pieces[0].page for p in pieces):
        return False
    if any(b.top - a.bottom > 0.5 * height for a, b in pairwise(pieces)):
        return False
    return abs((pieces[0].middle + pieces[-1].middle) / 2 - _where(row)) < 0.35 * height


def _others(body: Sequence[Sequence[Piece]], lines: Sequence[FigureLine], left: float) -> list[Piece]:
    """Words in the columns of figures that are no figures: notes, units, text."""
    used = {id(p) for line in lines for p in line.pieces}
    return [p for line in body for p in line if p.x1 > left + 1.0 and id(p) not in used]


def _attach(piece: Piece, rows: Sequence[Row], columns: Sequence[Column]) -> None:
    """Put a word beside figures into the cell of the nearest row."""
    best: tuple[float, Row] | None = None
    for row in rows:
        where = row.where if row.where is not None else row.label.middle if row.label is not None else None
        if where is not None and (best is None or abs(where - piece.middle) < best[0]):
            best = (abs(where - piece.middle), row)
    if best is not None:
        best[1].cells.setdefault(_nearest(columns, piece.center), []).append(piece)


def _paired(
    lines: Sequence[FigureLine], labels: Sequence[Label], rules: Sequence[Rule]
) -> list[tuple[Label | None, FigureLine | None]]:
    """Labels and lines of figures in order, one to one where both are there; the cheapest of all such pairings."""
    n, m = len(labels), len(lines)
    inf = float("inf")
    cost = [[inf] * (m + 1) for _ in range(n + 1)]
    step: list[list[str]] = [[""] * (m + 1) for _ in range(n + 1)]
    cost[0][0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            here = cost[i][j]
            if here == inf:
                continue
            if i < n:
                # A label without figures: a row of blanks, or a heading that no form knows.
                skip = here + (6.0 if labels[i].kind == "row" else 2.0)
                if skip < cost[i + 1][j]:
                    cost[i + 1][j], step[i + 1][j] = skip, "label"
            if j < m:
                orphan = here + 12.0
                if orphan < cost[i][j + 1]:
                    cost[i][j + 1], step[i][j + 1] = orphan, "line"
            if i < n and j < m:
                both = here + _distance(labels[i], lines[j], rules)
                if both < cost[i + 1][j + 1]:
                    cost[i + 1][j + 1], step[i + 1][j + 1] = both, "both"
    out: list[tuple[Label | None, FigureLine | None]] = []
    i, j = n, m
    while i or j:
        move = step[i][j]
        if move == "both":
            i, j = i - 1, j - 1
            out.append((labels[i], lines[j]))
        elif move == "label":
            i -= 1
            out.append((labels[i], None))
        else:
            j -= 1
            out.append((None, lines[j]))
    return out[::-1]


def _distance(one: Label, line: FigureLine, rules: Sequence[Rule]) -> float:
    """How far a line of figures is from standing beside a label, in line heights."""
    y = line.middle
    nearest = min(max(y, one.top), one.bottom)
    off = abs(y - nearest) / line.height
    if off > _OUT_OF_SIGHT:
        return _NEVER
    # Beside the middle, the first or the last line are all usual; anything between is a little less so.
    first, last = one.pieces[0].middle, one.pieces[-1].middle
    off += 0.3 * min(abs(y - one.middle), abs(y - first), abs(y - last)) / line.height
    if y != nearest:
        low, high, right = min(y, nearest), max(y, nearest), one.pieces[0].x1
        first_rule = bisect_right(rules, (low, float("inf"), float("inf")))
        for ry, x0, x1 in rules[first_rule : first_rule + _MOST_BETWEEN]:
            if ry >= high:
                break
            if x1 - x0 > 40 and x0 < right:
                off += 8.0
                break
    return min(off * 3, _NEVER)


def _beside(one: Label, line: FigureLine, labels: Sequence[Label]) -> bool:
    """Whether a line of figures stands beside this label and no other."""
    height = line.height
    if not one.top - 0.6 * height <= line.middle <= one.bottom + 0.6 * height:
        return False
    own = max(0.0, one.top - line.middle, line.middle - one.bottom)
    for other in labels:
        if other is not one:
            theirs = max(0.0, other.top - line.middle, line.middle - other.bottom)
            if theirs <= own and other.kind != "unknown":
                return False
    return True


def _by_column(line: FigureLine, columns: Sequence[Column]) -> tuple[dict[int, list[Piece]], bool]:
    """The figures of a line by column; and whether any of them could be in another."""
    out: dict[int, list[Piece]] = {}
    unsure = False
    if len(line.pieces) == len(columns):
        return {i: [p] for i, p in enumerate(line.pieces)}, False
    for piece in line.pieces:
        i = _nearest(columns, piece.center)
        pitch = min(
            (abs(columns[k].center - columns[i].center) for k in (i - 1, i + 1) if 0 <= k < len(columns)),
            default=float("inf"),
        )
        if abs(columns[i].center - piece.center) > _FAR * pitch or i in out:
            unsure = True
        out.setdefault(i, []).append(piece)
    return out, unsure


# -- the grid ------------------------------------------------------------------------------------------------------


def _rows(one: _Laid, label_columns: int, value_columns: int) -> list[list[GridCell]]:
    """The rows of a block as cells; rows are numbered by the caller."""
    rows = [
        [_cell(pieces, label_columns + start, count, text) for text, start, count, pieces in level]
        for level in one.upper
    ]
    n = len(one.columns)
    head: list[GridCell] = []
    if one.stub and label_columns:
        head.append(_cell(one.stub, 0, label_columns))
    for i, column in enumerate(one.columns):
        if column.head:
            head.append(_cell(column.head, label_columns + i, value_columns - i if i == n - 1 else 1))
    if head:
        rows.append(head)
    groups = _groups_by_row(one)
    for k, laid in enumerate(one.rows):
        row_label, by_column, doubt = laid.label, laid.cells, laid.doubt
        row = [_cell(group.pieces, group.track, 1) for group in groups.get(k, ())]
        for cell in row:
            cell.rowspan = 0
        if row_label is not None:
            row.append(_cell(row_label.pieces, row_label.track, label_columns - row_label.track))
        beside = [p for ps in by_column.values() for p in ps]
        beside = beside or (row_label.pieces if row_label else one.columns[-1].head[-1:])
        for i, column in enumerate(one.columns):
            span = value_columns - i if i == n - 1 else 1
            cell = _cell(by_column.get(i, []), label_columns + i, span)
            if not cell.text and beside:
                cell.page = beside[0].page
                cell.box = (column.x0, beside[0].box[1], column.x1, beside[0].box[3])
            if i in laid.whole:
                text = cell.text.replace("\n", "")
                cell.content = CellText(text, (), doubt)
            elif i in laid.wrapped:
                joined = cell.text.replace("\n", "")
                cell.content = CellText(cell.text, (joined,) if joined != cell.text else (), "wrapped")
            elif doubt and cell.content.doubt is None:
                cell.content = CellText(cell.text, cell.content.readings, doubt)
            row.append(cell)
        rows.append(row)
    return rows


def _groups_by_row(one: _Laid) -> dict[int, list[Label]]:
    """Each merged label at the first row it stands beside: the first that the forms put under it, else the nearest."""
    under = vocabulary().groups
    out: dict[int, list[Label]] = {}
    taken: set[tuple[int, int]] = set()
    for group in one.groups:
        own = [k for k, r in enumerate(one.rows) if r.label is not None and r.label.track > group.track]
        # The same words may head two runs of rows; each takes the nearer ones.
        rows = [k for k in own if group.key in under.get(_key(one, k), ())]
        if not rows:
            rows = sorted(own, key=lambda k: abs(_middle(one, k) - group.middle))[:1]
        first = next((k for k in rows if (k, group.track) not in taken), None)
        if first is not None:
            taken.add((first, group.track))
            out.setdefault(first, []).append(group)
    return out


def _key(one: _Laid, k: int) -> str:
    row_label = one.rows[k].label
    return row_label.key if row_label is not None else ""


def _middle(one: _Laid, k: int) -> float:
    row_label = one.rows[k].label
    return row_label.middle if row_label is not None else 0.0


def _cell(pieces: Sequence[Piece], column: int, colspan: int, text: str | None = None) -> GridCell:
    """A cell of these words; those on different lines become lines of its text."""
    if not pieces:
        return GridCell((0.0, 0.0, 0.0, 0.0), 0, 1, CellText(), 0, column, colspan)
    if len(pieces) == 1 and len(pieces[0].glyphs) == 1:
        only = pieces[0]
        return GridCell(only.box, 0, 1, read_cell(only.glyphs, only.box), only.page, column, colspan)
    ordered = sorted(pieces, key=lambda p: (p.line, p.x0))
    first = ordered[0]
    on_page = [p for p in ordered if p.page == first.page]
    box: Box = (
        min(p.box[0] for p in on_page),
        min(p.box[1] for p in on_page),
        max(p.box[2] for p in on_page),
        max(p.box[3] for p in on_page),
    )
    if text is not None:
        content = CellText(text)
    elif len(on_page) == len(ordered):
        content = read_cell([g for p in ordered for g in p.glyphs], box)
    else:
        content = CellText("\n".join(p.text for p in ordered))
    if len(ordered) > 1 and all(is_figure_word(p.text) for p in ordered) and content.doubt is None:
        content = CellText(content.text, (), "joined")
    return GridCell(box, 0, 1, content, first.page, column, colspan)


def _doubt_all(cells: Sequence[GridCell]) -> None:
    """Where a head or a label cannot be read, nothing tells for certain what a figure beside it is."""
    for cell in cells:
        if cell.content.doubt is None and (not cell.text or is_figure_word(cell.text)):
            cell.content = CellText(cell.text, cell.content.readings, "characters")


def _span_groups(cells: list[GridCell], n_rows: int) -> None:
    """A group's label (rowspan still 0) goes down to the row before the next label in its own or an earlier track."""
    starts: dict[int, list[int]] = {}
    for cell in cells:
        if cell.text:
            starts.setdefault(cell.row, []).append(cell.column)
    for cell in cells:
        if cell.rowspan:
            continue
        row = cell.row + 1
        while row < n_rows and starts.get(row) and min(starts[row]) > cell.column:
            row += 1
        cell.rowspan = row - cell.row


__all__ = ["fragment"]
