"""A table as a stream of cells: printed pieces in reading order, and what parts each from the next.

Belongs here: runs of lines that are the cells of one table, in whatever way their borders were written: a cell a line, bars
or tabs or spaces between cells, bars that stand alone. Does not belong here: where one row ends and the next begins
(`runs`), tables whose cells stand under one another (`separated`), which column a figure is (`parsers.tables`).

A bar closes the cell in front of it, on the same line or on the one before; where nothing is in front of it, it closes a
blank one. So a line of one bar is a blank cell behind a closed one, and no cell behind one that nothing closed. Rows begin
at the label behind figures. Labels of the forms decide whether a short line without bars is a cell at all, and whether a
label heads a column or a row. Nothing is invented: a blank cell that left no bar stays lost.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import groupby, pairwise

from parsers.grammar.figures import is_figure, is_unit
from parsers.grammar.heads import is_period
from parsers.grammar.labels import LONGEST_LABEL, is_label, places_of

from . import markup
from .bars import Bars
from .doubts import figures_in_head, stands_twice
from .runs import OVER_COLUMNS, Piece, rows_of, with_row_ends, with_words
from .separated import Block, is_blank_row

_SENTENCE = re.compile(r"[。；;！!？?]")
_PAGE_NUMBER = re.compile(r"[-—–－]\s*\d{1,4}\s*[-—–－]|第\s*\d{1,4}\s*页(?:\s*共\s*\d{1,4}\s*页)?")
_SPACES = re.compile(rf"[{markup.STRIP}\t]+")
# Figures that nothing parts: no number begins with a zero.
_JOINED, _ZEROS = re.compile(r"[0０]\d+\Z"), ("0", "０")
# A longer text between bars is no cell of these tables; a longer line without is none.
_LONGEST_CELL, _LONGEST_LINE = 500, 60
# So many figures with spaces between them are a row, whatever stands in front of them.
_MANY_FIGURES = 3
# How many rows beside a line of figures without a label are looked at for a label without figures.
_FAR = 6
_PART = 2  # characters of a part of a merged label


class Streams:
    """Finds the runs of lines that are the cells of one table each."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.bars = Bars(lines)
        # Most files have none: a glance tells, and the forms need not be read for it.
        self.possible = len(self._figures) >= 2
        # No run begins before this line: one that reached up to it was no table, and its parts are none either.
        self.none_before = 0
        # The line that was glanced at last, and what begins on it: most often it is asked for next.
        self._glanced: tuple[int, tuple[list[Piece], int]] | None = None

    @cached_property
    def _figures(self) -> list[int]:
        """Lines that end in a figure or a mark, as rows and cells do; words for nothing are in any text."""
        found: list[int] = []
        for i, line in enumerate(self.lines):
            text = markup.bare(line)
            last = _SPACES.split(text)[-1] if len(text) <= _LONGEST_CELL else ""
            if last and (not last.isalpha() or last.isdigit()) and is_figure(last):
                found.append(i)
        return found

    @cached_property
    def _doubled(self) -> list[int]:
        """The lines on which one row stands twice with figures each time: this year's table beside last year's."""
        rows = self._figures if self.possible else []
        return [i for i in rows if stands_twice(_SPACES.split(self.lines[i].strip(markup.BLANKS)))]

    def _is_beside_another(self, first: int, last: int) -> bool:
        """Whether a row stands twice on some line between the titles around the lines ``first`` to ``last``."""
        if not self._doubled:
            return False
        around = (
            next((i for i in lines if "title" in places_of(markup.bare(self.lines[i]))), end)
            for lines, end in ((range(first, -1, -1), -1), (range(last + 1, len(self.lines)), len(self.lines)))
        )
        start, end = around
        return any(start < i < end for i in self._doubled)

    def may_start_at(self, i: int) -> bool:
        """Whether line ``i`` holds a first cell at all; a glance at the one line."""
        if not self.possible or i < self.none_before:
            return False
        self._glanced = i, self._pieces(i, [])
        return bool(self._glanced[1][0])

    def starting_at(self, i: int) -> Block | None:
        """The run whose first cell stands in line ``i``, or None."""
        if not self.possible or i < self.none_before:
            return None
        pieces: list[Piece] = []
        glanced, self._glanced = self._glanced, None
        while i < len(self.lines):
            is_known = not pieces and glanced is not None and glanced[0] == i
            found, after = glanced[1] if glanced is not None and is_known else self._pieces(i, pieces)
            if not found or (not pieces and found[0].kind == "skip"):
                break
            pieces += found
            i = after
        while pieces and (pieces[-1].kind in ("skip", "unit", "label") and not pieces[-1].barred):
            pieces.pop()
        if not _is_table(pieces) or any(p.text[:1] in _ZEROS and p.is_value and _JOINED.match(p.text) for p in pieces):
            self.none_before = max(i, self.none_before)
            return None
        last = max(pieces[-1].line, *(piece.end for piece in pieces))
        self._doubt_beside_orphans(pieces)
        if self._is_beside_another(pieces[0].line - 1, last - 1):
            for piece in pieces:
                piece.doubt = "label" if piece.is_value else None
        pieces = with_words([p for p in pieces if p.kind != "skip"])
        rows = rows_of(with_row_ends(pieces) if any(p.bars for p in pieces) else pieces)
        seen = any(p.kind == "blank" for p in pieces)
        return Block(rows, last, aligned=False, blanks_seen=seen) if rows else None

    def _doubt_beside_orphans(self, pieces: list[Piece]) -> None:
        """Where rows stand on lines of their own, a line of figures without a label may be the rest of a neighbour's.

        Or it is a row whose label stands higher, and so are all between it and the nearest label without figures.
        """
        if any(piece.barred for piece in pieces):
            return
        lines = [list(group) for _, group in groupby((p for p in pieces if p.kind != "skip"), key=lambda p: p.line)]
        named = [any(p.is_words for p in line) for line in lines]
        rows = [named[n] and any(p.is_value for p in line) for n, line in enumerate(lines)]
        if 2 * sum(rows) < len(lines):
            return
        orphans = [
            n
            for n, line in enumerate(lines)
            if not any(p.is_words for p in line)
            and not (n and lines[n - 1][-1].roles & OVER_COLUMNS and not rows[n - 1])
        ]
        if self._is_orphan(lines[0][0].line - 2):
            orphans.append(-1)
        if self._is_orphan(lines[-1][0].line):
            orphans.append(len(lines))
        for orphan in orphans:
            for step in (-1, 1):
                n = orphan + step
                while 0 <= n < len(lines) and rows[n]:
                    for piece in lines[n]:
                        piece.doubt = "wrapped" if piece.is_value else None
                    n += step
                    if abs(n - orphan) > 1 and not self._label_alone_within(lines, rows, n, step):
                        break

    @staticmethod
    def _label_alone_within(lines: list[list[Piece]], rows: list[bool], n: int, step: int) -> bool:
        """Whether the next line that is no row, in one direction and not far, is a label of a row without figures."""
        for k in range(n, n + step * _FAR, step):
            if not 0 <= k < len(lines):
                return False
            if not rows[k]:
                return any("row" in p.roles and not p.roles & OVER_COLUMNS for p in lines[k])
        return False

    def _is_orphan(self, i: int) -> bool:
        """Whether a line outside a run ends in figures: the rest of a row, with part of its label or without."""
        if not 0 <= i < len(self.lines):
            return False
        parts = _SPACES.split(self.lines[i].strip(markup.BLANKS))
        return len(parts) > 1 and all(is_figure(part) for part in parts[-2:])

    # --- one line

    def _pieces(self, i: int, before: list[Piece]) -> tuple[list[Piece], int]:
        """The cells that begin in line ``i``, and the index of the line after them; none where the run ends."""
        line = self.lines[i]
        text = line.strip(markup.BLANKS)
        if not text and before and is_blank_row(line, (p.text for p in before if p.line == before[-1].line)):
            return [Piece("blank", "", i + 1, barred=True) for _ in line.split("\t")], i + 1
        if not text or markup.is_drawn_under_columns(text):
            # Blank lines may stand between cells, up to three in a row.
            near = bool(before) and not all(piece.kind == "skip" for piece in before[-3:])
            return ([Piece("skip", "", i + 1)] if near else []), i + 1
        if markup.has_bars(line):
            return self._between_bars(line, i, before), i + 1
        if "\t" in text or (
            text and "\t" in line.rstrip(markup.STRIP)[-1] and any(piece.barred for piece in before[-8:])
        ):
            cells = line.strip("\ufeff").split("\t")
            return _behind_nothing([_cell(cell.strip(markup.STRIP), i, barred=True) for cell in cells]), i + 1
        # A space or two may stand in a figure.
        if is_figure(text) and len(_SPACES.split(text)) <= _MANY_FIGURES:
            return [Piece("figure", text, i + 1)], i + 1
        if is_unit(text):
            return [Piece("unit", text, i + 1)], i + 1
        if _PAGE_NUMBER.fullmatch(text):
            return ([Piece("skip", "", i + 1)] if before else []), i + 1
        if markup.heading(line):
            return [], i
        # Marks behind a label are its row's figures, though to a label they say nothing.
        marked = not text[-1].isalnum() and len(parts := _SPACES.split(text)) > 1 and is_figure(parts[-1])
        if marked and (spaced := _between_spaces(text, i, before)):
            return spaced, i + 1
        if broken := self._broken_label(i, text):
            return [broken[0]], broken[1]
        if roles := places_of(text) - {"title"}:
            return [Piece("label", text, i + 1, roles)], i + 1
        if "title" in places_of(text):
            return [], i
        if spaced := _between_spaces(text, i, before):
            return spaced, i + 1
        if before and len(text) <= _PART and (len(text) == 1 or line.startswith("  ")):
            return [Piece("skip", "", i + 1)], i + 1
        return ([Piece("cell", text, i + 1)] if self._is_unknown_label(i, text, before) else []), i + 1

    def _between_bars(self, line: str, i: int, before: list[Piece]) -> list[Piece]:
        """The cells of a line with bars. It may close the last cell of the lines before it."""
        last = before[-1] if before else None
        if last is not None and last.kind == "skip":
            last = next((p for p in reversed(before) if p.kind != "skip"), None)
        still_open = last is not None and not last.barred and self.bars.style in ("behind", "around")
        cells = self.bars.cells[line]
        if markup.is_dashes(line):
            return [Piece("skip", "", i + 1)]
        if not any(cells) and not markup.bare(line):
            count = markup.bars_in(line)
            if still_open and last is not None:
                last.barred = True
                count -= 1
            elif self.bars.style == "around" and count == 2:
                return [Piece("blank", "", i + 1, barred=True)]
            elif count > 1 and self.bars.spare_behind:
                return [Piece("blank", "", i + 1, barred=True), Piece("blank", "", i + 1, barred=True, bars=count)]
            return [Piece("blank", "", i + 1, barred=True, bars=count)] if count else [Piece("skip", "", i + 1)]
        # A bar at the line's beginning closes what is open, a blank cell if nothing is; but bars may stand around rows.
        opened = self.bars.style in ("before", "around") or still_open or last is None
        if not opened or self.bars.style == "between":
            cells = markup.split_bars(line, opened=opened, closed=self.bars.style != "between")
        cells = [markup.plain(cell) for cell in cells]
        if len(line) > _LONGEST_CELL and any(len(cell) > _LONGEST_CELL for cell in cells):
            return []
        if still_open and last is not None and markup.begins_with_bar(line):
            last.barred = True
        out = [_cell(cell, i, barred=True) for cell in cells]
        out[-1].barred = markup.ends_with_bar(line)
        return _behind_nothing(out)

    def _next(self, i: int) -> str:
        """The next line with text on it, without its bars."""
        return next((text for line in self.lines[i + 1 : i + 5] if (text := markup.bare(line))), "")

    def _broken_label(self, i: int, text: str) -> tuple[Piece, int] | None:
        """A label printed over two or three lines (结果 / 维持), where its pieces are not all labels themselves."""
        if len(text) > LONGEST_LABEL:
            return None
        parts = [text]
        best: tuple[Piece, int] | None = None
        for k in range(i + 1, min(i + 3, len(self.lines))):
            part = self.lines[k].strip(markup.BLANKS)
            if not part or markup.has_bars(part) or is_figure(part):
                break
            parts.append(part)
            roles = places_of("".join(parts)) - {"title"}
            if roles and not all(is_label(p) for p in parts):
                best = Piece("label", "\n".join(parts), i + 1, roles, end=k + 1), k + 1
        return best

    def _is_unknown_label(self, i: int, text: str, before: list[Piece]) -> bool:
        """A short line among the cells that no form knows: a misprinted label before figures, or a head among heads."""
        cells = [piece for piece in before[-4:] if piece.kind not in ("skip", "blank")]
        if not cells or len(text) > _LONGEST_LINE or _SENTENCE.search(text):
            return False
        if cells[-1].is_words and is_period(text):
            return True
        following = self._next(i)
        if cells[-1].kind == "figure":
            return is_figure(following) or is_unit(following)
        return cells[-1].kind in ("label", "unit") and (is_figure(following) or is_label(following))


def _cell(text: str, i: int, *, barred: bool) -> Piece:
    """A cell between borders."""
    if not text:
        return Piece("blank", "", i + 1, barred=barred)
    if is_figure(text):
        return Piece("figure", text, i + 1, barred=barred)
    if is_unit(text):
        return Piece("unit", text, i + 1, barred=barred)
    roles = places_of(text) - {"title"}
    return Piece("label" if roles else "cell", text, i + 1, roles, barred)


def _behind_nothing(pieces: list[Piece]) -> list[Piece]:
    """The cells of a line without the blank ones in front of its words: those reach down from the rows above."""
    if pieces[0].kind != "blank":
        return pieces
    first = next((k for k, piece in enumerate(pieces) if piece.kind != "blank"), 0)
    if not pieces[first].is_words:
        return pieces
    pieces[first].before = first
    return pieces[first:]


def _between_spaces(text: str, i: int, before: list[Piece]) -> list[Piece]:
    """The cells of a line with spaces between them: heads, or a label and its figures; none if it is neither."""
    parts = _SPACES.split(text)
    if len(parts) < 2:
        return []
    first = len(parts)
    while first and is_figure(parts[first - 1]):
        first -= 1
    figures = [Piece("figure", part, i + 1) for part in parts[first:]]
    if first and is_unit(parts[first - 1]):
        first -= 1
        figures.insert(0, Piece("unit", parts[first], i + 1))
    # A character or two that no form knows are part of a label that reaches over several rows.
    labels = [p for p in _labels(parts[:first], i) if p.kind == "label" or len(p.text) > _PART]
    if not figures:
        return labels if labels and all(p.kind == "label" for p in labels) else []
    if not labels:
        return figures if len(figures) >= _MANY_FIGURES or (before and before[-1].kind != "cell") else []
    known = labels[-1].kind == "label" and "row" in labels[-1].roles
    unknown = len(figures) >= _MANY_FIGURES and len(text) <= 2 * _LONGEST_LINE and not _SENTENCE.search(text)
    return [*labels, *figures] if known or unknown else []


def _labels(parts: list[str], i: int) -> list[Piece]:
    """Words with spaces between them as known labels, the longest first from the end; what is left is one cell."""
    out: list[Piece] = []
    end = len(parts)
    while end:
        for start in range(end):
            if roles := places_of("".join(parts[start:end])) - {"title"}:
                out.insert(0, Piece("label", " ".join(parts[start:end]), i + 1, roles))
                end = start
                break
        else:
            out.insert(0, Piece("cell", " ".join(parts[:end]), i + 1))
            end = 0
    return out


# --- all lines of a run


def _is_table(pieces: list[Piece]) -> bool:
    """Bars make a table of anything; without them there must be labels of a form with figures after them."""
    if sum(piece.barred for piece in pieces) >= 3:
        return any(piece.kind in ("label", "cell", "figure") for piece in pieces)
    cells = [piece for piece in pieces if piece.kind not in ("skip", "blank")]
    figures = sum(1 for piece in cells if piece.kind == "figure")
    if figures == len(cells) and figures in figures_in_head() and len({piece.line for piece in cells}) == 1:
        # The one line of a table whose heads cannot be used.
        return True
    after_label = any(a.kind == "label" and b.kind in ("figure", "unit") for a, b in pairwise(cells))
    return figures >= 2 and after_label
