"""Tables with a row a line and something between the cells: bars, tabs, or what a spreadsheet puts into CSV.

Belongs here: where such a table ends, whether its cells stand under one another, and merged cells that were written out
in every column. Does not belong here: rows whose cells were pushed together (`stream`), Markdown's own signs (`markup`).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from parsers.grammar.figures import is_figure
from parsers.grammar.head_lines import awaits_figures
from parsers.grammar.labels import is_label, places_of

from . import markup

# A row's cells with the line of each; a cell may cover several columns.
Rows = list[list["Span"]]
_DELIMITERS = ",;\t"
_AS_TEXT = re.compile(r"""="((?:[^"]|"")+)"|['’](-?\d[\d,.]*)""")
# A comma or semicolon in a text is no delimiter unless nearly all lines have as many, and so many.
_FEWEST_CELLS, _FEWEST_ROWS, _SHARE = 3, 4, 0.8
# Merged cells are written out in every column: so many heads of a table stand twice side by side.
_FEWEST_REPEATED = 2
# Rows whose cells hold line ends, and how many lines are looked at around one to know how wide its table is.
_FEWEST_BROKEN, _ROWS_NEAR = 3, 30
# Drawn lines bound single rows where there are so many of them; one or two are a head and all the rest.
_FEWEST_BOXED = 3


# Not frozen: that makes them three times as dear, and a table has hundreds.
@dataclass(slots=True)
class Span:
    """A cell and how many columns it covers; ``doubt`` as `parsers.document.Cell` has it. ``before``: how many blank cells
    stand in front of a row's first one and are not listed."""

    text: str
    line: int
    columns: int = 1
    doubt: str | None = None
    before: int = 0


@dataclass(slots=True)
class Block:
    """A table and the line behind it. ``aligned``: its cells stand under one another; ``cut``: its last row may go on.

    ``blanks_seen``: whether an empty cell leaves a trace. ``spans``: cells are merged, and nothing says which.
    """

    rows: Rows
    end: int
    aligned: bool
    cut: bool = False
    blanks_seen: bool = True
    spans: bool = False


def bars(lines: Sequence[str], i: int) -> Block | None:
    """The table with bars that begins in line ``i``: under a head with a row of dashes, or several cells in each line."""
    first = _bars(lines, i)
    if first is None:
        return None
    head = 0 if _separates(lines, i) else 1 if _separates(lines, i + 1) else None
    if head is None and sum(1 for cell in first if cell) < 2 and not (any(first) and _as_wide_below(lines, i)):
        return None
    end = i
    while (cells := _bars(lines, end)) is not None and not (end > i + 1 and _separates(lines, end + 1, dashes=3)):
        if head is None and len(cells) < 2:
            break
        end += 1
    printed = [k for k in range(i, end) if head is None or k != i + head]
    if not printed or (head is None and len(printed) < 2 and not markup.ends_with_bar(lines[i])):
        return None
    # Bars stand around a row or only between its cells: lines without a bar at either end tell how many cells there are.
    between = [k for k in printed if not markup.begins_with_bar(lines[k]) and not markup.ends_with_bar(lines[k])]
    width = Counter(len(markup.split_bars(lines[k])) for k in between).most_common(1)[0][0] if between else 0
    opened = all(markup.begins_with_bar(lines[k]) for k in printed)
    rows = [[Span(markup.plain(text), k + 1) for text in _of_width(lines[k], width, opened=opened)] for k in printed]
    # A row shorter than the head ends in blank cells; a longer one no longer stands under its head.
    cut = head is None and end < len(lines) and markup.has_bars(lines[end]) and not _separates(lines, end + 1)
    aligned = max(map(len, rows)) <= len(rows[0])
    if head is None:
        # Without a row of dashes nothing says that shorter rows end in blank cells.
        aligned = aligned and len({len(row) for row in rows if any(is_figure(c.text) for c in row if c.text)}) < 2
    return Block(rows, end, aligned, cut)


def boxes(lines: Sequence[str], i: int) -> Block | None:
    """The table that begins in line ``i`` with a drawn line and has one below every row, whose cells go over several
    lines: +---+---+ with rows between bars.

    Between two drawn lines stands one row. Only drawn lines that bound three rows or more are taken for that; where one
    holds the labels of several rows the table is left to the other ways. What goes on of a figure below it is part of it
    for certain only if the figure is as wide as its column.
    """
    if not markup.is_drawn(lines[i]):
        return None
    printed: list[list[list[str]]] = []
    starts: list[int] = []
    end, k = i, i
    while k < len(lines) and markup.is_drawn(lines[k]):
        end = k = start = k + 1
        while k < len(lines) and markup.has_bars(lines[k]) and not markup.is_drawn(lines[k]):
            k += 1
        parts = [markup.split_bars(line) for line in lines[start:k]]
        if not parts:
            break
        closed = k < len(lines) and markup.is_drawn(lines[k])
        if (not closed and len(printed) < _FEWEST_BOXED) or _holds_rows(parts):
            return None
        end = k
        if len({len(part) for part in parts}) > 1:
            return None
        printed.append(parts)
        starts.append(start)
    if len(printed) < _FEWEST_BOXED:
        return None
    measure = _measure_of(lines[i:end])
    # Merged cells have no bar between them, and nobody counts which columns they cover: no cell is certain then.
    spans = len({len(parts[0]) for parts in printed}) > 1
    # How wide the widest line of a cell in each column is.
    widest: Counter[int] = Counter()
    for parts in printed:
        for n, column in enumerate(zip(*parts, strict=True)):
            widest[n] = max(widest[n], *(measure(a) if measure else 0 for a in column))
    rows: Rows = []
    for start, parts in zip(starts, printed, strict=True):
        row: list[Span] = []
        first = next((k for k, part in enumerate(parts) if any(is_figure(cell) for cell in part if cell)), 0)
        for n, column in enumerate(zip(*parts, strict=True)):
            line = next((k for k, cell in enumerate(column) if cell), 0)
            gone_on = (a for a, b in pairwise(column) if a and b and is_figure(a) and is_figure(b))
            whole = not spans and all(measure is not None and measure(a) == widest[n] for a in gone_on)
            if line > first and is_figure(column[line]):
                # On another line than the other figures: another row's, perhaps.
                whole = False
            doubt = None if whole else "wrapped"
            row.append(Span(markup.plain("".join(column)), start + 1 + line, doubt=doubt))
        rows.append(row)
    return Block(rows, end, aligned=True, spans=spans)


def _measure_of(lines: Sequence[str]) -> Callable[[str], int] | None:
    """How the lines of a drawn table are all as wide: some programs count a Chinese character as one column."""
    ways: Iterable[Callable[[str], int]] = (len, markup.width_of, partial(markup.width_of, wide="WF"))
    return next((way for way in ways if len({way(line.strip()) for line in lines}) == 1), None)


def _holds_rows(parts: Sequence[Sequence[str]]) -> bool:
    """Whether several lines between two drawn ones bear figures, a later one beside the label of a row of its own."""
    with_figures = [part for part in parts if any(is_figure(cell) for cell in part if cell)]
    labels = [n for n, cell in enumerate(with_figures[0]) if cell and "row" in places_of(cell)] if with_figures else []
    return any("row" in places_of(part[n]) for part in with_figures[1:] for n in labels if part[n])


def _as_wide_below(lines: Sequence[str], i: int) -> bool:
    """Whether a line of words and blank cells has as many bars as the one below it: a caption in a padded table."""
    below = lines[i + 1] if i + 1 < len(lines) else ""
    return 2 < markup.bars_in(lines[i]) == markup.bars_in(below) and markup.ends_with_bar(lines[i])


def stands_above_a_table(lines: Sequence[str], i: int) -> bool:
    """Whether a line without bars stands above a table of Markdown, whose head has a row of dashes under it."""
    below = next((k for k in range(i + 1, min(i + 5, len(lines))) if lines[k].strip(markup.BLANKS)), None)
    return not markup.has_bars(lines[i]) and below is not None and _separates(lines, below + 1, dashes=3)


def stands_above_a_whole_table(lines: Sequence[str], i: int) -> bool:
    """Whether a line of words alone stands above a table whose cells stand under one another and that has its own heads."""
    if markup.has_bars(lines[i]) or inner_tabs(lines[i]):
        return False
    below = next((k for k in range(i + 1, min(i + 5, len(lines))) if lines[k].strip(markup.STRIP)), None)
    if below is None or not (markup.has_bars(lines[below]) or "\t" in lines[below]):
        return False
    block = bars(lines, below) if markup.has_bars(lines[below]) else tabs(lines, below)[0]
    if block is None or block.cut or not block.aligned or not stands_in_columns(block.rows):
        return False
    first = next((k for k, row in enumerate(block.rows) if any(is_figure(cell.text) for cell in row if cell.text)), 0)
    # The heads may stand in several rows.
    return any("column" in places_of(cell.text) for row in block.rows[:first] for cell in row if cell.text)


def _of_width(line: str, width: int, *, opened: bool) -> list[str]:
    """The cells of a line with bars: as many as other lines have, if bars at its ends bound blank cells or none."""
    ways = [
        markup.split_bars(line, opened=o, closed=c)
        for o, c in ((True, True), (False, True), (True, False), (False, False))
    ]
    return next((way for way in ways if len(way) == width), ways[not opened])


def tabs(lines: Sequence[str], i: int) -> tuple[Block | None, int]:
    """The table with tabs between cells that begins in line ``i``, and the line up to which none begins if it is none.

    A line that is a label alone may stand among the rows, and one of tabs alone below them.
    """
    end = i
    while end < len(lines):
        line = lines[end]
        following = lines[end + 1] if end + 1 < len(lines) else ""
        has_cells = inner_tabs(line) or (end > i and "\t" in line and line.strip())
        # Tabs alone, as many as in the line above, are a row of blank cells.
        has_cells = has_cells or (end > i and 1 < line.count("\t") == lines[end - 1].count("\t"))
        # So they are under heads that have one line of figures, as many of which stand in the lines above.
        has_cells = has_cells or (end > i and is_blank_row(line, lines[end - 1].split("\t")))
        between = end > i and inner_tabs(following) and is_label(line)
        if not (has_cells or between):
            break
        end += 1
    counts = [inner_tabs(line) for line in lines[i:end]]
    repeated = any(a == b > 0 for a, b in pairwise(counts))
    if end == i or not (repeated or max(counts) >= 2):
        return None, end
    rows = [
        [Span(cell.strip(markup.STRIP), i + k + 1) for cell in line.strip("\ufeff").split("\t")]
        for k, line in enumerate(lines[i:end])
    ]
    return _tabbed(rows, end), end


def is_blank_row(line: str, above: Iterable[str]) -> bool:
    """Whether a line of tabs alone is a row of blank cells under its heads: as many as these are, or more."""
    return line.count("\t") > 1 and not line.strip() and awaits_figures(above)


def _tabbed(rows: Rows, end: int) -> Block:
    """Rows with tabs between their cells. Editors take tabs off the ends of lines: rows may be shorter than their heads."""
    if len({len(row) for row in rows if len(row) > 1}) == 1:
        return Block(rows, end, aligned=True)
    first = next((k for k, row in enumerate(rows) if any(is_figure(cell.text) for cell in row if cell.text)), 0)
    heads = [row for row in rows[:first] if any("column" in places_of(cell.text) for cell in row if cell.text)]
    width = max(map(len, heads), default=0)
    # Where no blank cell stands in front of a filled one, blanks leave no trace at all.
    seen = any(not cell.text for row in rows for cell in row[:-1])
    if not seen or max(map(len, rows)) > width or any(not row[-1].text for row in rows if len(row) > 1):
        return Block(rows, end, aligned=False)
    padded = [[*row, *(Span("", row[0].line) for _ in range(width - len(row)))] for row in rows]
    return Block(padded, end, aligned=stands_in_columns(padded))


def broken_rows(lines: Sequence[str]) -> frozenset[int]:
    """The lines, from 1, of rows with tabs whose cells hold line ends: as a browser gives what was marked on its page.

    Such a row ends in a tab, and the next line goes on with tabs as if it were its rest, or is a figure alone. One may
    be a blank last cell and something else below it; several are not.
    """
    if not any(line.endswith("\t") for line in lines):
        return frozenset()
    tabs_in = [line.count("\t") for line in lines]
    found: set[int] = set()
    rows = 0
    for i, line in enumerate(lines):
        if not line.endswith("\t") or not line.strip():
            continue
        below = next((k for k in range(i + 1, min(i + 3, len(lines))) if lines[k]), None)
        widest = max(tabs_in[max(0, i - _ROWS_NEAR) : i + _ROWS_NEAR])
        if below is None:
            continue
        goes_on = lines[below][0] == "\t" and tabs_in[i] + tabs_in[below] <= widest
        if goes_on or is_figure(lines[below].strip(markup.STRIP)):
            rows += 1
            end = below + 1
            while end < len(lines) and lines[end][:1] in ("", "\t") and end < i + _ROWS_NEAR:
                end += 1
            found.update(range(i + 1, end + 1))
    return frozenset(found) if rows >= _FEWEST_BROKEN else frozenset()


def inner_tabs(line: str) -> int:
    """How many tabs a line has, if at least one stands between two cells or after the first one; else 0."""
    if "\t" not in line:
        return 0
    stripped = line.strip(markup.STRIP)
    return stripped.count("\t") if "\t" in stripped.strip(markup.BLANKS) else 0


def spreadsheet(lines: Sequence[str], name: str) -> list[list[Span]] | None:
    """The rows of a sheet that was saved as CSV, whatever its delimiter; None where the text is none."""
    named = name.lower().endswith((".csv", ".tsv"))
    for delimiter in _DELIMITERS:
        if sum(delimiter in line for line in lines) < _FEWEST_ROWS:
            continue
        if delimiter == "\t" and not named and not any('\t"' in line or '"\t' in line for line in lines):
            # Tabs alone are read line by line, with the text around them.
            continue
        rows = list(_parsed(lines, delimiter))
        widths = Counter(len(row) for row in rows if any(cell.text for cell in row))
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        fewest = 2 if named else _FEWEST_CELLS
        if width >= fewest and count >= _FEWEST_ROWS and count >= _SHARE * widths.total():
            return rows
        several = sum(n for w, n in widths.items() if w >= fewest)
        if named and several >= _FEWEST_ROWS and 2 * several > widths.total():
            # Some programs write no delimiters behind the last cell of a row.
            return rows
    return None


def _parsed(lines: Sequence[str], delimiter: str) -> Iterator[list[Span]]:
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    before = 0
    while True:
        try:
            row = next(reader)
        except (StopIteration, csv.Error):
            return
        yield [Span(_shown(cell.strip(markup.STRIP + "\t\n")), before + 1) for cell in row]
        before = reader.line_num


def _shown(cell: str) -> str:
    """What a spreadsheet shows of a cell whose digits were kept from being counted: ="12" and '12 are 12."""
    m = _AS_TEXT.fullmatch(cell)
    return (m[1] or m[2]).replace('""', '"') if m else cell


def sheet_blocks(rows: list[list[Span]]) -> Iterator[Span | Rows]:
    """The rows of a sheet as running text (a cell alone in its row that is no label) and tables between blank rows."""
    table: Rows = []
    for k, row in enumerate(rows):
        filled = [cell for cell in row if cell.text]
        if not filled and table and awaits_figures(cell.text for cell in table[-1]) and _ends_there(rows, k):
            table.append(row)
            continue
        alone = len(filled) == 1 and not is_label(filled[0].text) and not is_figure(filled[0].text)
        if filled and not alone:
            table.append(row)
            continue
        if table:
            yield _trimmed(table)
            table = []
        if filled:
            yield filled[0]
    if table:
        yield _trimmed(table)


def _ends_there(rows: Rows, k: int) -> bool:
    """Whether no figures follow right behind a blank row."""
    following = next((row for row in rows[k + 1 :] if any(cell.text for cell in row)), [])
    return not any(is_figure(cell.text) for cell in following if cell.text)


def _trimmed(rows: Rows) -> Rows:
    """Rows without the blank columns behind all of them, and as long as one another."""
    width = max(k + 1 for row in rows for k, cell in enumerate(row) if cell.text)
    return [[*row[:width], *(Span("", row[0].line) for _ in range(width - len(row)))] for row in rows]


def _bars(lines: Sequence[str], i: int) -> list[str] | None:
    """The cells of a line that has bars."""
    return markup.split_bars(lines[i]) if i < len(lines) and markup.has_bars(lines[i]) else None


def _separates(lines: Sequence[str], i: int, *, dashes: int = 1) -> bool:
    """Whether a line is the row of dashes under a head. Single dashes may be marks, if no row follows."""
    if i >= len(lines) or "-" not in lines[i]:
        return False
    cells = _bars(lines, i)
    if not cells or not all(set(c) <= set(":- ") and c.count("-") >= dashes for c in cells):
        return False
    return any(len(c) > 1 for c in cells) or _bars(lines, i + 1) is not None


# --- how cells stand


def stands_in_columns(rows: Rows) -> bool:
    """Whether the figures of a statutory table stand behind all labels of rows, and under heads.

    Where merged cells left nothing in the places they cover, rows are pushed to the left: a label stands where other
    rows have a figure, or a head over the labels, or none over a figure. Of other tables nothing is known, and the
    answer is yes.
    """
    label_end = -1
    labels: set[int] = set()
    figures: set[int] = set()
    heads: set[int] = set()
    named: set[int] = set()
    over_labels: set[int] = set()
    for row in rows:
        filled = [k for k, cell in enumerate(row) if cell.text]
        values = [k for k in filled if is_figure(row[k].text)]
        own = [k for k in filled if "row" in places_of(row[k].text)]
        if values and (not own or own[-1] < values[0]):
            labels.update(own)
            label_end = max(label_end, *own, -1)
            figures.update(values)
        elif not figures:
            heads.update(filled)
            named.update(k for k in filled if "column" in places_of(row[k].text))
            # 第二十条第（一）项, 信息内容: heads over labels.
            over_labels.update(k for k in filled if places_of(row[k].text) and k not in named)
    if not figures or not (labels or named):
        return True
    if named and any(k < min(named) and k in over_labels for k in figures):
        return False
    return label_end < min(figures) and (not named or (figures <= heads and min(named) > label_end))


def with_spans(rows: Rows) -> Rows:
    """Rows in which the places of merged cells are written out, with these cells as one again.

    They hold the cell's words once more, in every column, or are blank. Words side by side that are the same are one
    cell. A blank beside a head belongs to it, unless a head stands higher in its own column; one between a row's label
    and the columns of figures belongs to the label. Figures under one head are one cell, if they are the same, or blank
    behind the first.
    """
    repeated = sum(
        a.text == b.text and is_label(a.text) and not is_figure(a.text)
        for row in rows
        for a, b in pairwise(row)
        if a.text
    )
    heads = [row for row in rows if not any(is_figure(cell.text) for cell in row if cell.text)]
    starts = [k for row in heads for k, cell in enumerate(row) if "column" in places_of(cell.text)]
    if not starts or len(heads) == len(rows):
        return rows
    out: Rows = []
    # For every column the first column of the head over it, and whether some head of the zone stands in it.
    under = list(range(max(map(len, rows))))
    higher: set[int] = set()
    in_head = in_rows = False
    for row in rows:
        labels = [k for k, cell in enumerate(row) if cell.text and not is_figure(cell.text)]
        is_head = bool(labels) and len(labels) == sum(bool(cell.text) for cell in row)
        # A label alone beside the columns of figures, among rows, is a row's in whatever words.
        alone = in_rows and len(labels) == 1 and labels[0] < min(starts) and not places_of(row[labels[0]].text)
        is_head = is_head and (labels[0] >= min(starts) or any("row" not in places_of(row[k].text) for k in labels))
        is_head = is_head and not alone
        if is_head and not in_head:
            higher, under = set(), list(range(len(under)))
        in_head, in_rows = (
            is_head,
            in_rows or (bool(labels) and not is_head and "row" in places_of(row[labels[0]].text)),
        )
        first = list(range(len(row)))
        for k in range(1, len(row)):
            before, cell = row[first[k - 1]], row[k]
            if repeated >= _FEWEST_REPEATED:
                joins = bool(cell.text) and cell.text == before.text
                joins = joins and (not is_figure(cell.text) or under[k - 1] == under[k])
            elif is_head:
                joins = not cell.text and bool(before.text) and k not in higher
            elif k < min(starts):
                joins = not cell.text and bool(before.text)
            else:
                joins = not cell.text and under[k - 1] == under[k]
            if joins:
                first[k] = first[k - 1]
        if is_head:
            under[: len(first)] = first
            higher.update(labels)
        out.append([Span(row[k].text, row[k].line, first.count(k), row[k].doubt) for k in sorted(set(first))])
    return out
