"""Tables without (enough) ruling lines: rows anchored at their labels, columns from the heads and from the figures.

Belongs here: dividing a strip of lines into rows and columns, and saying where the division is not certain.
Does not belong here: finding the strip (`strips`), and which row of a form a label is (`parsers.tables.matching`).

A strip is taken apart into blocks, each a head with the rows below it. In a block the columns are those of the rows that
have a figure in every column, and of the heads. What stands left of the first column are labels: they are cut into
whole labels by what the forms call their rows, then by numbering, rules and spacing; a line of figures belongs to the
label whose lines it stands beside. Where two labels claim a line of figures, its cells carry a doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from parsers.grammar.figures import has_digit, is_figure_word
from parsers.grammar.labels import vocabulary
from schemas.facts import Box
from schemas.labels import label

from .blocks import (
    HEADS_OF_A_TABLE,
    Block,
    blocks_of,
    border_of,
    ends_head,
    figures_of,
    own_border_of,
    without_repeated_heads,
)
from .columns import Column, columns_of, runs_of, stacks_of
from .content import UNMAPPED
from .figure_rows import assign
from .grid import CellText, Fragment, GridCell, read_cell
from .heads import is_column, is_head, place_heads, stands_over_one
from .heads_by_figures import heads_over
from .pieces import FigureLine, Piece
from .respaced import Places, parts_of
from .row_doubts import Row, count_rows, doubt_over_cut, doubt_shifted
from .side_labels import Label, side_labels
from .spread import TWO_CELLS, doubt_all, doubt_single_digits, doubt_two_in_one
from .strips import Strip

# With more lines on top of others, something else is printed over the table.
_MOST_OVERPRINTED = 2
# Shares of a line's height: how much higher than one of its characters, and how much of it another one shares.
_ONE_LINE, _LINES_SHARE = 1.15, 0.3


def fragment(strip: Strip) -> Fragment | None:
    """The strip as a grid; None where nothing in it can be divided."""
    lines = without_repeated_heads(strip.lines)
    top = Block(head=list(takewhile(lambda line: not ends_head(line), lines)))
    border = border_of(lines, top.leaves)
    rows: list[list[GridCell]] = []
    blocks = blocks_of(lines, border)
    if blocks[0].head == top.head:
        # What its head says is known by now.
        top.body, blocks[0] = blocks[0].body, top
        farther = _border_of_touching_heads(lines, top, border)
        if farther < border:
            border = farther
            blocks = blocks_of(lines, border)
    widths: list[int] = []
    laid: list[_Laid] = []
    for n, block in enumerate(blocks):
        before = laid[-1] if laid else None
        one = _lay_out(block, strip, own_border_of(block, border) if n else border, before)
        if one is not None:
            laid.append(one)
            widths.append(len(one.columns))
    if not laid:
        return None
    for upper, lower in pairwise(laid):
        if len(upper.columns) == len(lower.columns):
            doubt_over_cut(upper.rows, lower.rows, len(lower.columns))
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
    if any(UNMAPPED in piece.text and not _is_part_of_figure(piece.text) for line in strip.lines for piece in line):
        doubt_all(cells, "characters")
    else:
        over = Counter(line[0].page for line in strip.lines if any(piece.overprinted for piece in line))
        pages = {page for page, lines in over.items() if lines > _MOST_OVERPRINTED}
        # What stands on other pages has its heads on one of its own.
        doubt_all([c for c in cells if strip.pages[0] in pages or c.page in pages], "joined")
    doubt_single_digits(cells)
    doubt_two_in_one(cells)
    edges = [float(i) for i in range(label_columns + value_columns + 1)]
    return Fragment(
        strip.pages[0],
        strip.box,
        edges,
        len(rows),
        cells,
        "ocr" if strip.ocr else "anchored",
        whole=not (strip.ocr or strip.obscured) and _is_whole(laid, cells),
    )


def _border_of_touching_heads(lines: Sequence[list[Piece]], top: Block, border: float) -> float:
    """Where labels end, if the head's first words touch what stands beside them: the figures tell where they begin."""
    figures = [FigureLine(found) for line in top.body if (found := figures_of(line))]
    if not figures or not 1 < len(top.leaves) < len(runs_of(figures, (), 0)):
        return border
    heads = heads_over(top.head, top.heads, figures)
    return min(border, border_of(lines, sorted((p.x0, p.x1) for p in heads))) if heads else border


def _is_part_of_figure(text: str) -> bool:
    """Whether unknown characters stand beside digits in a figure, so that they leave no more than its cell uncertain."""
    return has_digit(text) and is_figure_word(text.replace(UNMAPPED, "0"))


def left_over(strip: Strip, made: Fragment | None) -> list[Piece]:
    """The words of a strip that are in no cell of the grid made of it."""
    texts = {cell.content.text for cell in made.cells} if made is not None else set()
    # Most words are a cell, or a line of one.
    known = {line for text in texts for line in text.split("\n")}
    others = [p for line in strip.lines for p in line if not p.is_figure and p.text not in known]
    if not others:
        return []
    cells = "\n".join("".join(text.split()) for text in texts)
    return [p for p in others if "".join(p.text.split()) not in cells]


def _is_whole(laid: Sequence[_Laid], cells: Sequence[GridCell]) -> bool:
    """Whether no cell is in doubt, every row has its label, and every figure of the blocks stands in a row."""
    if any(cell.content.doubt is not None for cell in cells):
        return False
    for one in laid:
        if any(row.label is None for row in one.rows) and len(one.rows) > 1:
            return False
        placed = {id(piece) for row in one.rows for pieces in row.cells.values() for piece in pieces}
        left = one.columns[0].x0
        lines = (*one.block.head, *one.block.body)
        if any(p.is_figure and p.x1 > left and id(p) not in placed for line in lines for p in line):
            return False
    return True


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
    # What the columns were told from: lines of figures, and the heads over single columns.
    lines: list[FigureLine]
    heads: list[Piece]


def _lay_out(block: Block, strip: Strip, border: float, before: _Laid | None) -> _Laid | None:
    rules, closed = strip.rules, strip.closed
    lines = [FigureLine(f) for f in (figures_of(line, border) for line in block.body) if f]
    if not lines and not block.head:
        return None
    whole = block.heads
    heads = [p for p in whole if stands_over_one(p) and (p.center > border or is_column(p.text) or _begins(p, border))]
    if lines and 1 < len(block.leaves) < len(runs_of(lines, (), 0)):
        heads = heads_over(block.head, whole, lines) or heads
    words = [p for line in block.body for p in line if p.x0 > border and not p.is_figure and not is_head(p.text)]
    is_under = bool(lines) and not block.leaves and before is not None and bool(before.heads)
    seen = lines
    if is_under and before is not None:
        # Without heads of its own a block stands under those of the one before.
        heads, seen = before.heads, [*before.lines, *lines]
    parts = parts_of(seen, len(stacks_of(heads)))
    if len(parts) > 1:
        ends = parts[0].lines[-1].pieces[0]
        words = [p for p in words if (p.page, p.line) <= (ends.page, ends.line)]
    columns = columns_of(parts[0].lines, words, heads, strip.walls) if lines or block.leaves else []
    if is_under:
        for column in columns:
            column.head = []
    if not columns:
        return None
    # A label may be longer than the first column's head is far away, and ends before its figures.
    places = Places(columns, parts)
    left = min((x0 for x0, _, _ in columns[0].figures), default=columns[0].x0)
    for line in lines:
        # A label's own number may stand alone in its line; what no word parts from the first figure may be its beginning.
        kept = [p for p in line.pieces if p.x1 > places.left(p)]
        gone = [p for p in line.pieces if p.x1 <= places.left(p) and has_digit(p.text)]
        if gone and kept:
            beside = [p for own in block.body for p in own if p.line == kept[0].line and not p.is_figure]
            line.cut = not any(gone[-1].x0 < p.x0 < kept[0].x0 for p in beside)
        line.pieces = kept
    lines = [line for line in lines if line.pieces]
    places.note_strays(block.body, lines)
    pitch = (columns[1].center - columns[0].center) if len(columns) > 1 else columns[0].x1 - columns[0].x0
    label_pieces = _without_numbers([p for line in block.body for p in line if p.x1 <= places.left(p) + 1.0])
    right_edge = max((p.x1 for p in label_pieces), default=left - pitch / 2)
    zone = max((right_edge + left) / 2, left - pitch)

    own = {id(glyph) for column in columns for head in column.head for glyph in head.glyphs}

    def is_beside(piece: Piece) -> bool:
        if not own.isdisjoint(map(id, piece.glyphs)):
            return False
        return piece.x1 <= zone + 1.0 or (piece.center < zone and not is_head(piece.text))

    beside_head = [p for line in block.head for p in line if is_beside(p)]
    above = [p for p in whole if own.isdisjoint(map(id, p.glyphs)) and not is_beside(p)]
    upper = place_heads(above, columns)
    labels, groups, tracks = side_labels([*beside_head, *label_pieces], rules)
    # What stands beside the head and names no row is the head's own stub.
    in_head = {id(p) for p in beside_head}
    stubs = [one for one in (*labels, *groups) if one.kind != "row" and all(id(p) in in_head for p in one.pieces)]
    labels = [one for one in labels if not any(one is s for s in stubs)]
    groups = [one for one in groups if not any(one is s for s in stubs)]
    stub = [p for one in stubs for p in one.pieces]
    _note_sums(labels, groups, lines)
    rows = assign(lines, block.body, labels, places, rules)
    doubt_shifted(rows, columns, block.body, lines, label_pieces, left)
    if not lines and not labels and len(columns) >= HEADS_OF_A_TABLE:
        # A head and nothing below it: all its figures are blank, if more text follows on the page.
        blank = Row(None, doubt=None if closed else "label")
        rows = [blank]
    return _Laid(block, columns, upper, stub, labels, groups, rows, tracks, seen, heads)


def _begins(piece: Piece, border: float) -> bool:
    """Whether a word that reaches over the border begins a column's head."""
    return piece.x1 > border and label(piece.text).key in vocabulary().column_prefixes


def _note_sums(labels: list[Label], groups: list[Label], lines: Sequence[FigureLine]) -> None:
    """Groups' labels with figures on a line of theirs, and no row's label beside these, are rows' labels as well; of those
    on several lines, which may be written downwards, only what some form has as a row's, without rows of its own here."""
    words = vocabulary()
    middles = {line.pieces[0].line: line.middle for line in lines}
    for group in [*groups]:
        own = any(o.top > group.top and group.key in words.groups.get(o.key, ()) for o in labels)
        if len(group.pieces) > 1 and (own or group.key not in words.rows):
            continue
        beside = [middles[p.line] for p in group.pieces if p.line in middles]
        if beside and not any(one.top < middle < one.bottom for one in labels for middle in beside):
            groups.remove(group)
            labels.append(group)
    labels.sort(key=lambda one: one.middle)


def _without_numbers(pieces: list[Piece]) -> list[Piece]:
    """The words beside the figures without a column of numbers that counts the rows."""
    numbers = [p for p in pieces if p.text.isdecimal()]
    return [p for p in pieces if not p.text.isdecimal()] if count_rows(numbers) else pieces


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
        is_broken = any(len(by_column.get(i, ())) > 1 for i in laid.wrapped)
        for i, column in enumerate(one.columns):
            span = value_columns - i if i == n - 1 else 1
            cell = _cell(by_column.get(i, []), label_columns + i, span)
            text = cell.content.text
            if not text and beside:
                cell.page = beside[0].page
                cell.box = (column.x0, beside[0].box[1], column.x1, beside[0].box[3])
            if n > 1 and text and cell.content.doubt is None and is_figure_word(text) and TWO_CELLS.search(text):
                # No rule tells whether the space is one for thousands or parts two columns, or a tick has its own.
                cell.content = CellText(text, (), "joined")
            if i in laid.wrapped and (doubt is None or is_broken):
                joined = text.replace("\n", "")
                cell.content = CellText(text, (joined,) if joined != text else (), "wrapped")
            elif i in laid.short or ((doubt or i in laid.unsure) and cell.content.doubt is None):
                cell.content = CellText(text, cell.content.readings, doubt or "label")
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
    if len(pieces) == 1 and text is None:
        only = pieces[0]
        content = (
            CellText(only.text) if not only.text.isdigit() and _is_plain(only) else read_cell(only.glyphs, only.box)
        )
        return GridCell(only.box, 0, 1, content, only.page, column, colspan)
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
    elif _are_lines(ordered):
        content = CellText("\n".join([p.text for p in ordered]))
    elif len(on_page) == len(ordered):
        content = read_cell([g for p in ordered for g in p.glyphs], box)
    else:
        content = CellText("\n".join(p.text for p in ordered))
    if len(ordered) > 1 and all(is_figure_word(p.text) for p in ordered) and content.doubt is None:
        content = CellText(content.text, (), "joined")
    return GridCell(box, 0, 1, content, first.page, column, colspan)


def _is_plain(piece: Piece) -> bool:
    """Whether a word is as its line has it, without anything that may be uncertain: no digit, no unknown character.

    Lines so close that they were taken for one are higher than their characters.
    """
    text, first = piece.text, piece.glyphs[0]
    if " " in text or UNMAPPED in text or has_digit(text):
        return False
    return piece.bottom - piece.top <= _ONE_LINE * (first[3] - first[1])


def _are_lines(pieces: Sequence[Piece]) -> bool:
    """Whether words are plain, and each stands on a line of its own below the one before."""
    return all(map(_is_plain, pieces)) and all(
        a.line < b.line and a.bottom <= b.top + _LINES_SHARE * b.height for a, b in pairwise(pieces)
    )


def _span_groups(cells: list[GridCell], n_rows: int) -> None:
    """A group's label (rowspan still 0) goes down to the row before the next label in its own or an earlier track."""
    if all(cell.rowspan for cell in cells):
        return
    starts: dict[int, list[int]] = {}
    for cell in cells:
        if cell.content.text:
            starts.setdefault(cell.row, []).append(cell.column)
    for cell in cells:
        if cell.rowspan:
            continue
        row = cell.row + 1
        while row < n_rows and starts.get(row) and min(starts[row]) > cell.column:
            row += 1
        cell.rowspan = row - cell.row


__all__ = ["fragment"]
