"""Figures in running rows that may be none of their row's form.

Belongs here: numbers that count the rows, one figure where the heads are of two years, rows of two tables in one line,
figures that go on in the next line.
Does not belong here: finding rows (`stream`, `page`), and which column a figure is (`parsers.tables`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain, groupby, pairwise

from parsers.grammar.figures import is_figure, is_unit
from parsers.grammar.heads import head_words
from parsers.grammar.labels import places_of
from schemas.forms import load_all
from schemas.labels import label

from .separated import Rows, Span

# Numbers count the rows where so many stand in them, of so large a share of the rows, and such a share counts on.
_FEWEST, _SHARE, _COUNTING = 4, 0.8, 0.8
_LONGEST_NUMBER = 3
_LONGEST_HEADS = 60
# So many figures behind words are a row.
_MANY = 3
# The end of a figure, or its beginning, stands on another line: 9, over 654; 0,625 under 2.
_BROKEN, _AT_ITS_ENDS = re.compile(r"\d[\d,，]*[,，]|[,，]\d[\d,，]*|[0０][,，]\d[\d,，]*"), frozenset(",，0０")
_DIGITS = re.compile(r"[\d,.，．]+")


def doubt_numbers(rows: Rows) -> None:
    """Doubt numbers that count on from row to row: they are no values, but the row's own number or the next row's.

    The first number of each row counts them, or the last one: it stands in front of the next row's label.
    """
    found = [own for row in rows if (own := [span for span in row if _may_count(span)])]
    if len(found) < _FEWEST:
        return
    for at in (0, -1):
        numbers = [own[at] for own in found]
        counted = [(a, b) for a, b in pairwise(numbers) if int(b.text) == int(a.text) + 1]
        # Most often this alone says no.
        if len(counted) >= _COUNTING * (len(numbers) - 1) and len(found) >= _SHARE * _with_figures(rows):
            for span in chain.from_iterable(counted):
                span.doubt = span.doubt or "label"


def _with_figures(rows: Rows) -> int:
    """How many rows hold figures."""
    return sum(any(is_figure(span.text) for span in row if span.text) for row in rows)


def _may_count(span: Span) -> bool:
    text = span.text
    return len(text) <= _LONGEST_NUMBER and text.isdecimal() and text.isascii()


def are_of_two_years(lines: Sequence[str]) -> bool:
    """Whether a line of heads with spaces between them names this year and another one."""
    for line in lines:
        if len(line) > 2 * _LONGEST_HEADS or not ("上" in line or "去" in line or "同期" in line):
            continue
        parts = line.split()
        if len(parts) > 2 and sum(map(len, parts)) <= _LONGEST_HEADS:
            kinds = {head_words(part).kind for part in parts}
            if {"this", "other"} <= kinds:
                return True
    return False


def doubt_single(rows: Rows) -> None:
    """Doubt the one figure behind a unit, where each row has one of two years and blanks left no trace: either is it."""
    for row in rows:
        figures = [span for span in row if span.text and is_figure(span.text)]
        if len(figures) == 1 and any(is_unit(span.text) for span in row):
            figures[0].doubt = figures[0].doubt or "count"


def stands_twice(parts: Sequence[str]) -> bool:
    """Whether the same words stand twice on a line that spaces part, each time in front of many figures."""
    if len(parts) <= 2 * _MANY or not is_figure(parts[-1]):
        return False
    words = [part for part in parts if not is_figure(part)]
    if len(words) == len(set(words)):
        return False
    before: list[str] = []
    for figures, group in groupby(enumerate(parts), key=lambda part: is_figure(part[1])):
        found = list(group)
        if figures and len(found) >= _MANY and found[0][0]:
            before.append(parts[found[0][0] - 1])
    return len(before) > len(set(before))


def doubt_wrapped(rows: Rows, *, ragged: bool) -> None:
    """Doubt the figures of a row of which one is a piece, or, in running rows, whose label goes on in the next row: its
    figures may go on there too; or, in columns, under which a row has figures and no words, in a table that breaks words."""
    if not ragged:
        _doubt_over_rests(rows)
    # No piece of a figure is one without its comma.
    printed = "".join([span.text for row in rows for span in row])
    broken = "," in printed or "，" in printed
    for k, row in enumerate(rows):
        if broken and any(
            span.text and (span.text[0] in _AT_ITS_ENDS or span.text[-1] in ",，") and _BROKEN.fullmatch(span.text)
            for span in row
        ):
            _doubt_figures(row)
        elif ragged and k + 1 < len(rows) and _goes_on(row, rows[k + 1]):
            _doubt_figures(row)
            _doubt_figures(rows[k + 1])


def _doubt_figures(row: Sequence[Span]) -> None:
    for span in row:
        if not span.text or is_figure(span.text):
            span.doubt = span.doubt or "wrapped"


def _doubt_over_rests(rows: Rows) -> None:
    """Doubt figures under which a row without words has more digits, where words go on in the next row of the table."""
    rests = [k for k, (a, b) in enumerate(pairwise(rows), start=1) if _is_rest(b) and any(is_figure(s.text) for s in a)]
    if not rests or not any(_breaks_words(a, b) for a, b in pairwise(rows)):
        return
    for k in rests:
        for above, below in zip(rows[k - 1], rows[k], strict=False):
            if below.text and is_figure(above.text):
                above.doubt = above.doubt or "wrapped"
                below.doubt = below.doubt or "wrapped"


def _is_rest(row: Sequence[Span]) -> bool:
    """Whether a row is digits under blank cells."""
    filled = [span.text for span in row if span.text]
    return bool(filled) and not row[0].text and all(map(_DIGITS.fullmatch, filled))


def _breaks_words(row: Sequence[Span], following: Sequence[Span]) -> bool:
    """Whether the first words of a row are the rest of a label that began in the row in front."""
    first, rest = row[0].text, following[0].text
    if not first or not rest or is_figure(first) or is_figure(rest) or places_of(rest):
        return False
    return bool(places_of(first + rest))


def _goes_on(row: Sequence[Span], following: Sequence[Span]) -> bool:
    """Whether words in front of figures, alone no label, end the label of the row in front."""
    words = following[0].text
    if len(following) < 2 or not words or is_figure(words) or not is_figure(following[1].text) or places_of(words):
        return False
    own = next((span.text for span in reversed(row) if span.text and not is_figure(span.text)), None)
    return own is not None and is_figure(row[-1].text) and "row" in places_of(own + words)


@cache
def figures_in_head() -> frozenset[int]:
    """How many figures the line of a table has whose rows stand in its head."""
    tables = [table for form in load_all() for table in form.tables.values() if table.rows_in_head]
    return frozenset(len(table.rows) * len(table.columns) for table in tables)


@cache
def groups() -> frozenset[str]:
    """What rows of any form are grouped under; some of it is a row's label on another form."""
    rows = [row for form in load_all() for table in form.tables.values() for row in table.rows]
    return frozenset(label(text).key for row in rows for text in (row.group, row.parent) if text)
