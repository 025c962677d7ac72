"""Lines of heads under which one line of figures stands, and no label beside it: disputes.

Belongs here: telling such a line by its words, for every reader that must know whether an empty line under it is a row.
Does not belong here: single heads (`heads`), which column a figure is (`parsers.tables`).

An empty line in a sheet or a text parts its blocks. Under the heads of a table that has one line of figures it is that
line, blank, unless what follows is figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from schemas.forms import load_all
from schemas.labels import label


@cache
def _columns() -> tuple[int, frozenset[str]]:
    """How many columns the tables have whose rows stand in their heads, at the least, and what these are called."""
    tables = [table for form in load_all() for table in form.tables.values() if table.rows_in_head]
    names = (text for table in tables for c in table.columns for text in (c.label, *c.aliases))
    return min(len(table.columns) for table in tables), frozenset(label(text).key for text in names)


def awaits_figures(line: Iterable[str]) -> bool:
    """Whether the words of a line are heads of such a table, all of its columns at least, and nothing else."""
    fewest, names = _columns()
    words = [text for text in line if text.strip()]
    return len(words) >= fewest and all(label(text).key in names for text in words)
