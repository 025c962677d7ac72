"""The first engine's grids: from ruling lines to cells.

Belongs here: finding bands of a page that are ruled, and their cells with spans and glyphs.
Does not belong here: where rules come from (`pdfium`), joining them (`strokes`), other pages (`joining`), tables without rules (`anchored`).

Rules are grouped by the vertical band they stand in and not by touching one another: browsers leave the rules of
merged label cells loose, and a page end cuts some of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.grammar.figures import is_digits, is_figure, joined_figure
from parsers.grammar.labels import key_of, likeness, vocabulary
from schemas.facts import Box

from .content import Glyph, PageContent, lines_of
from .edges import leaves_part
from .grid import (
    CellText,
    Fragment,
    GridCell,
    lies_on,
    note_doubts,
    read_cell,
    settle_spread,
    stands_in,
)
from .strokes import NO_ROOM, SHORTEST, SNAP, Merged, box_of, merged, one_of, set_loose_apart

# A cell's side is there if this share of it is drawn.
_DRAWN = 0.55
# What hangs at one side of a row, at most so high, and ends so many points before the other is a figure's stroke, no
# side. Those that end before both are told apart before (`strokes`).
_STROKE, _FREE = 16.0, 2.0
# Borders that overhang the outermost rule by more than this stand for a side that is not drawn.
_OVERHANG = 8.0
# Cells that stand apart from one another have no more room between them.
_BETWEEN = 6.5
# A row is at least so high, and rules no farther apart than this are one.
_FLAT, _SAME = 1.5, 0.5
_MOST_EDGES = 400
# A label is nearly whole from so much likeness on.
_LIKE_A_LABEL = 0.7

_Span = tuple[int, int, int, int]


@dataclass(slots=True)
class Band:
    """A ruled part of a page: edges between columns and rows, drawn or implied."""

    xs: list[float]
    ys: list[float]
    horizontal: list[Merged]
    vertical: list[Merged]
    # What `sort_in` adds: all glyphs, the cells as (row, column, rowspan, colspan) with the glyphs of each, and whether
    # the rules make other shapes than rectangles.
    glyphs: list[Glyph] = field(default_factory=list)
    spans: list[_Span] = field(default_factory=list)
    contents: list[list[Glyph]] = field(default_factory=list)
    # Pieces of rules that are no cell's side.
    loose: list[Box] = field(default_factory=list)
    # The pieces of merged shapes that are no rectangles: what stands in one may be another's.
    irregular: set[int] = field(default_factory=set)

    @property
    def box(self) -> Box:
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


def bands(page: PageContent) -> list[Band]:
    """The ruled parts of a page from top to bottom. A part needs two upright rules, or one and open sides."""
    set_loose_apart(page)
    vertical = [m for m in merged(page.vertical) if m[1]]
    if not vertical or len(vertical) > _MOST_EDGES:
        return []
    horizontal = merged(page.horizontal)
    if len(horizontal) > _MOST_EDGES:
        return []
    vertical = _without_frame(vertical, horizontal, page)
    spans = sorted(piece for _, pieces in vertical for piece in pieces)
    groups: list[tuple[float, float]] = []
    for start, end in spans:
        if groups and start <= groups[-1][1] + SNAP:
            groups[-1] = (groups[-1][0], max(groups[-1][1], end))
        else:
            groups.append((start, end))
    found: list[Band] = []
    for top, bottom in groups:
        own = vertical
        if len(groups) > 1:
            # Rules of another table may stand so near that they would be taken for one with this table's.
            sides = [rule for rule in page.vertical if rule[2] > top - 1 and rule[1] < bottom + 1]
            own = _without_frame([m for m in merged(sides) if m[1]], horizontal, page)
        band = _band(top, bottom, horizontal, _without_gaps(own))
        if band is not None:
            _close_gaps(band, page)
            _part_flat_row(band, page)
            found.append(band)
    return found


def _close_gaps(band: Band, page: PageContent) -> None:
    """Take the gaps between rows out whose cells have each a border of its own: no side of a cell goes through them."""
    found = [i for i, (a, b) in enumerate(pairwise(band.ys)) if b - a < _BETWEEN]
    for i in reversed(found):
        upper, lower = band.ys[i], band.ys[i + 1]
        both = [not (a or b) for a, b in zip(*(_open(band.horizontal[k][1], band.xs) for k in (i, i + 1)), strict=True)]
        middle = (upper + lower) / 2
        through = [x for x, top, bottom in page.vertical if top < middle < bottom]
        # The side of a cell that goes on below is one where its column has no rules here.
        sides = [x for x, left, right in zip(band.xs, [True, *both], [*both, True], strict=True) if left and right]
        if len(band.ys) > 2 and any(both) and not any(abs(x - side) < NO_ROOM for x in through for side in sides):
            pieces = [(middle, a, b) for k in (i, i + 1) for a, b in band.horizontal[k][1]]
            band.ys[i : i + 2] = [middle]
            band.horizontal[i : i + 2] = [(middle, one_of(pieces)[1])]


def _part_flat_row(band: Band, page: PageContent) -> None:
    """Part the two rules of a row under the heads of columns that has nothing in it, and no height but its paddings.

    A table's double frame has two rules above as well, and the rules between its columns end at the inner one.
    """
    top, bottom, left, right = band.ys[0], band.ys[-1], band.xs[0] + SNAP, band.xs[-1] - SNAP
    drawn = [r for r in page.horizontal if r[2] - r[1] > SHORTEST]
    under = sorted(r for r in drawn if abs(r[0] - bottom) <= SNAP)
    over = [y for y, _, _ in drawn if abs(y - top) <= SNAP]
    if not under or not _FLAT < under[-1][0] - under[0][0] <= SNAP or (over and max(over) - min(over) > _SAME):
        return
    upper, lower = under[0][0], under[-1][0]
    ends = [pieces[-1][1] for _, pieces in band.vertical[1:-1] if pieces[-1][1] > upper - SNAP]
    if not ends or min(ends) < lower - _SAME or any(min(y - upper, lower - y) > _SAME for y, _, _ in under):
        return
    parted = [m for y in (upper, lower) for m in merged([rule for rule in under if abs(rule[0] - y) <= _SAME])]
    # At the foot of a page it may be what the page end left of a row.
    goes_on = any(glyph[1] > lower and glyph[4] >= "\u2e80" for glyph in page.glyphs)
    is_whole = all(len(pieces) == 1 and pieces[0][0] < left and pieces[0][1] > right for _, pieces in parted)
    if len(parted) == 2 and is_whole and goes_on and _ends_with_heads(band, page):
        band.ys[-1:], band.horizontal[-1:] = [y for y, _ in parted], parted


def _ends_with_heads(band: Band, page: PageContent) -> bool:
    """Whether the last words of every column are its head."""
    top, bottom = band.ys[0], band.ys[-1]
    inside = [g for g in page.glyphs if top < (g[1] + g[3]) / 2 < bottom]
    columns = vocabulary().columns
    for left, right in pairwise(band.xs):
        # The head of a group may stand over the column's own, which may reach over several rows.
        lines = [line.text for line in lines_of([g for g in inside if left < (g[0] + g[2]) / 2 < right])]
        if not any(key_of("".join(lines[n:])) in columns for n in range(len(lines))):
            return False
    return True


def _without_frame(vertical: list[Merged], horizontal: list[Merged], page: PageContent) -> list[Merged]:
    """Leave out a frame drawn around the whole page: tall rules that no rule but the frame's own meets."""
    out: list[Merged] = []
    for x, pieces in vertical:
        tall = [p for p in pieces if p[1] - p[0] > 0.8 * page.height]
        if tall:
            top, bottom = tall[0]
            meeting = sum(
                1
                for y, parts in horizontal
                if top + _OVERHANG < y < bottom - _OVERHANG and any(a - SNAP <= x <= b + SNAP for a, b in parts)
            )
            if not meeting:
                continue
        out.append((x, pieces))
    return out


def _without_gaps(vertical: list[Merged]) -> list[Merged]:
    """Rules with no room for a character between them are the two sides of one border."""
    out: list[Merged] = []
    for x, pieces in vertical:
        if out and x - out[-1][0] < NO_ROOM:
            both = [(x, start, end) for start, end in (*out[-1][1], *pieces)]
            out[-1] = ((out[-1][0] + x) / 2, one_of(both)[1])
        else:
            out.append((x, pieces))
    return out


def _band(top: float, bottom: float, horizontal: list[Merged], vertical: list[Merged]) -> Band | None:
    upright = [
        (x, [p for p in pieces if p[1] > top - 1 and p[0] < bottom + 1])
        for x, pieces in vertical
        if any(p[1] > top - 1 and p[0] < bottom + 1 for p in pieces)
    ]
    left, right = upright[0][0], upright[-1][0]
    level = []
    for y, pieces in horizontal:
        if top - SNAP <= y <= bottom + SNAP:
            inside = [p for p in pieces if p[1] > left - SNAP and p[0] < right + SNAP]
            if inside:
                level.append((y, inside))
    if len(upright) < 2 and not level:
        return None
    xs = [x for x, _ in upright]
    ys = [y for y, _ in level]
    # Sides that are not drawn: an open left or right, a row that the page end cuts.
    starts = sorted(p[0] for _, pieces in level for p in pieces)
    ends = sorted(p[1] for _, pieces in level for p in pieces)
    if starts and starts[0] < xs[0] - _OVERHANG:
        xs.insert(0, starts[0])
        upright.insert(0, (starts[0], [(top, bottom)]))
    if ends and ends[-1] > xs[-1] + _OVERHANG:
        xs.append(ends[-1])
        upright.append((ends[-1], [(top, bottom)]))
    if len(xs) < 2:
        return None
    if not ys or ys[0] > top + SNAP:
        ys.insert(0, top)
        level.insert(0, (top, [(xs[0], xs[-1])]))
    if ys[-1] < bottom - SNAP:
        ys.append(bottom)
        level.append((bottom, [(xs[0], xs[-1])]))
    if len(ys) < 2 or ys[-1] - ys[0] < 6 or xs[-1] - xs[0] < 12:
        return None
    return Band(xs, ys, level, upright)


def _drawn(pieces: list[tuple[float, float]], start: float, end: float) -> bool:
    """Whether pieces of a rule cover enough of one side of a cell."""
    covered = 0.0
    for a, b in pieces:
        if b > start and a < end:
            covered += min(b, end) - max(a, start)
    return covered >= _DRAWN * (end - start)


def _open(pieces: list[tuple[float, float]], edges: list[float]) -> list[bool]:
    """Between which neighbouring edges a rule is not drawn."""
    if len(pieces) == 1:
        start, end = pieces[0]
        room = 1 - _DRAWN
        if start <= edges[0] + room * (edges[1] - edges[0]) and end >= edges[-1] - room * (edges[-1] - edges[-2]):
            return [False] * (len(edges) - 1)
        # Asked of every side of a cell: comparisons are cheaper than calls.
        return [(b if b < end else end) - (a if a > start else start) < _DRAWN * (b - a) for a, b in pairwise(edges)]
    return [not _drawn(pieces, a, b) for a, b in pairwise(edges)]


def _sides(pieces: list[tuple[float, float]], edges: list[float]) -> list[tuple[float, float]]:
    """The pieces of an upright rule; none where all of them are strokes: a 1 that is drawn parts no cell."""
    return [] if all(_is_stroke(*piece, edges) for piece in pieces) else pieces


def _is_stroke(start: float, end: float, edges: list[float]) -> bool:
    if end - start >= _STROKE:
        return False
    n = bisect_right(edges, (start + end) / 2, 1, len(edges) - 1) - 1
    above, below = start - edges[n], edges[n + 1] - end
    return -SNAP < min(above, below) < _FREE < max(above, below)


def _partly(pieces: list[tuple[float, float]], edges: list[float], gaps: list[bool]) -> list[tuple[float, float]]:
    """What is drawn of sides that are not drawn: pieces of no cell's side."""
    found: list[tuple[float, float]] = []
    for a, b in pieces:
        first = max(bisect_right(edges, a) - 1, 0)
        for n in range(first, len(gaps)):
            if edges[n] >= b - SNAP:
                break
            start, end = max(a, edges[n]), min(b, edges[n + 1])
            if gaps[n] and end - start > SNAP:
                found.append((start, end))
    return found


def sort_in(bands: Sequence[Band], glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Give every glyph to the cell that its middle stands in, of the first band there is. Returns those outside."""
    owners = [_divide(band) for band in bands]
    # Of two bands on one another the first has the glyph, which a cell of the second does not tell.
    are_apart = all(a.ys[-1] < b.ys[0] for a, b in pairwise(bands))
    rest: list[Glyph] = []
    # Most glyphs stand in the cell of the one before, or outside as it does. Twice the middle is compared with twice
    # the edges, which spares two divisions a glyph.
    left = right = top = bottom = upper = lower = 0.0
    content: list[Glyph] = []
    inside: list[Glyph] = []
    for glyph in glyphs:
        x0, y0, x1, y1, _ = glyph
        y = y0 + y1
        # One comparison after another: a chain of them costs more.
        if y < lower and y > upper:
            rest.append(glyph)
            continue
        x = x0 + x1
        if y < bottom and y >= top and x < right and x >= left:
            content.append(glyph)
            inside.append(glyph)
            continue
        x, y = x / 2, y / 2
        for band, owner in zip(bands, owners, strict=True):
            xs, ys = band.xs, band.ys
            if ys[0] <= y <= ys[-1] and xs[0] <= x <= xs[-1]:
                row = bisect_right(ys, y, 1, len(ys) - 1) - 1
                column = bisect_right(xs, x, 1, len(xs) - 1) - 1
                number = owner[row][column]
                content, inside = band.contents[number], band.glyphs
                content.append(glyph)
                inside.append(glyph)
                if are_apart:
                    row, column, rowspan, colspan = band.spans[number]
                    left, right = 2 * xs[column], 2 * xs[column + colspan]
                    top, bottom = 2 * ys[row], 2 * ys[row + rowspan]
                break
        else:
            rest.append(glyph)
            upper = 2 * max((b.ys[-1] for b in bands if b.ys[-1] < y), default=float("-inf"))
            lower = 2 * min((b.ys[0] for b in bands if b.ys[-1] >= y), default=float("inf"))
    return rest


def _divide(band: Band) -> list[list[int]]:
    """Divide a band into its cells, still empty. Returns the cell's number for each row and column."""
    xs, ys = band.xs, band.ys
    n_rows, n_columns = len(ys) - 1, len(xs) - 1
    # open_right[r][c]: no rule between (r, c) and (r, c + 1); open_down[r][c]: none between (r, c) and (r + 1, c).
    columns_open = [_open(_sides(band.vertical[c + 1][1], ys), ys) for c in range(n_columns - 1)]
    rows_open = [_open(band.horizontal[r + 1][1], xs) for r in range(n_rows - 1)]
    owner, band.spans, band.irregular = _cells(n_rows, n_columns, columns_open, rows_open)
    band.loose = [
        box_of(xs[c + 1], *piece, level=False)
        for c, gaps in enumerate(columns_open)
        if True in gaps
        for piece in _partly(band.vertical[c + 1][1], ys, gaps)
    ] + [
        box_of(ys[r + 1], *piece, level=True)
        for r, gaps in enumerate(rows_open)
        if True in gaps
        for piece in _partly(band.horizontal[r + 1][1], xs, gaps)
    ]
    band.contents = [[] for _ in band.spans]
    return owner


def fragment(band: Band, page: PageContent, before: Fragment | None = None) -> Fragment | None:
    """The cells of a band with the text `sort_in` gave them; None where it is a single cell (a frame around text).

    ``before`` is the last one, whose heads may be this one's as well.
    """
    xs, ys, contents = band.xs, band.ys, band.contents
    page.drawn += band.loose
    cells: list[GridCell] = []
    for (row, column, rowspan, colspan), glyphs in zip(band.spans, contents, strict=True):
        box = (xs[column], ys[row], xs[column + colspan], ys[row + rowspan])
        content = read_cell(glyphs, box)
        if content.crowded and any(stands_in(struck, box) for struck, _ in page.struck):
            # What is left of a figure stands apart where digits of the old one were.
            content = CellText(content.text, content.readings, content.doubt or "wrapped")
        elif content.crowded and any(lies_on(drawn, glyph) for drawn in _in(page.drawn, box) for glyph in glyphs):
            # Of two figures one may be struck, or drawn over by hand: no rule is missing between them.
            content = CellText(content.text, content.readings, content.doubt or "unconfirmed")
        if not glyphs and leaves_part(box, page):
            # What the page's edge leaves of a cell is empty.
            content = CellText("", (), "characters")
        cell = GridCell(box, row, rowspan, content, page.number, column, colspan)
        cells.append(cell)
    if len(cells) < 2 and not (cells and key_of(cells[0].text) in vocabulary().rows):
        return None
    settle_spread(cells, before)
    _settle_stacked(cells)
    note_doubts(cells, contents, page)
    for n in band.irregular:
        if is_figure(cells[n].text) and cells[n].content.doubt is None:
            cells[n].content = CellText(cells[n].text, (), "label")
    return Fragment(
        page.number,
        band.box,
        xs,
        len(ys) - 1,
        cells,
        "ocr" if page.ocr else "ruled",
        underdivided=any(cell.content.crowded for cell in cells) or _heads_over_heads(cells),
        glyphs=band.glyphs,
    )


def _in(boxes: Sequence[Box], cell: Box) -> list[Box]:
    """What stands in a cell and is no larger."""
    return [
        box
        for box in boxes
        if stands_in(box, cell) and box[2] - box[0] <= cell[2] - cell[0] and box[3] - box[1] <= cell[3] - cell[1]
    ]


def _settle_stacked(cells: Sequence[GridCell]) -> None:
    """Digits on many lines beside one label, or in a row without any, are one figure and no rows that no rule parts: where
    such rules are missing the labels stand together as well.
    """
    for cell in cells:
        if not cell.content.crowded or not _fill_their_cell(lines := cell.text.split("\n")):
            continue
        beside = [key_of(c.text) for c in cells if (c.row, c.rowspan) == (cell.row, cell.rowspan) and _is_words(c.text)]
        if all(vocabulary().holds(key) or likeness(key) >= _LIKE_A_LABEL for key in beside):
            # Of a figure that a page's end cut, too, there is only a part.
            figure = joined_figure(lines)
            cell.content = CellText(cell.text, (figure,) if figure else (), "wrapped")


def _fill_their_cell(lines: Sequence[str]) -> bool:
    """Whether lines of digits may be one figure's, of which only the last is shorter than the others."""
    widths = [len(line) for line in lines]
    even = len(lines) > 1 and max(widths) - min(widths[:-1]) <= 1 and widths[-1] <= widths[0] + 1
    return even and all(map(is_digits, lines))


def _is_words(text: str) -> bool:
    return bool(text) and not is_figure(text) and not is_digits(text)


def _heads_over_heads(cells: Sequence[GridCell]) -> bool:
    """Whether the head of a group is one line of a cell: no rule parts it from the heads below it, nor these from figures."""
    # Figures under one another are what no rule parts.
    if any("\n" not in cell.text and is_figure(cell.text) for cell in cells):
        return False
    words = vocabulary()
    for cell in cells:
        if "\n" in cell.text and not words.knows(key_of(cell.text)):
            keys = [key_of(line) for line in cell.text.split("\n")]
            if any(key in words.others or key in words.rows for key in keys):
                return True
    return False


def _cells(
    n_rows: int, n_columns: int, columns_open: list[list[bool]], rows_open: list[list[bool]]
) -> tuple[list[list[int]], list[_Span], set[int]]:
    """Merge base cells where no rule parts them: owner of each, (row, column, rowspan, colspan), and the irregular ones.

    A merged shape that is no rectangle is cut into rectangles row by row, which are irregular.
    """
    owner = [[-1] * n_columns for _ in range(n_rows)]
    spans: list[_Span] = []
    # Two base cells between which no rule stands, and which are not one cell.
    torn: list[tuple[int, int, int]] = []
    whole = [False] * n_columns
    for r, own in enumerate(owner):
        down = rows_open[r] if r + 1 < n_rows else whole
        right = [*(column[r] for column in columns_open), False]
        for c in range(n_columns):
            if own[c] >= 0:
                continue
            if not down[c] and not right[c]:
                own[c] = len(spans)
                spans.append((r, c, 1, 1))
                continue
            width = 1
            while c + width < n_columns and columns_open[c + width - 1][r] and own[c + width] < 0:
                width += 1
            height = 1
            while r + height < n_rows:
                row = r + height
                below = rows_open[row - 1][c : c + width]
                if True not in below:
                    break
                # The row below is the same cell only if no rule parts it and it ends where this one ends.
                parted = any(not columns_open[k][row] for k in range(c, c + width - 1))
                beyond = (c + width < n_columns and columns_open[c + width - 1][row]) or (
                    c > 0 and columns_open[c - 1][row]
                )
                if not all(below) or parted or beyond or any(owner[row][k] >= 0 for k in range(c, c + width)):
                    torn += [(row, k, len(spans)) for k in range(c, c + width) if below[k - c]]
                    break
                height += 1
            for i in range(r, r + height):
                for k in range(c, c + width):
                    owner[i][k] = len(spans)
            spans.append((r, c, height, width))
    return owner, spans, {n for row, k, above in torn for n in (above, owner[row][k])}
