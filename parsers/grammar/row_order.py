"""In which order the forms' rows stand, by what their labels say.

Belongs here: the likest row to a printed label, and whether one row stands above another in some form.
Does not belong here: how a label is spelt (`labels`), and which row of one form a printed one is (`parsers.tables`).
"""

from __future__ import annotations

from functools import cache, lru_cache

from schemas import forms as form_data
from schemas.labels import label, similarity

from .labels import vocabulary


@lru_cache(maxsize=4_096)
def likest_row(key: str) -> tuple[str, float]:
    """The row's label of any form that a key is likest to, and how like that is: 1.0 for itself."""
    rows = vocabulary().rows
    if key in rows:
        return key, 1.0
    return max(((row, similarity(key, row)) for row in sorted(rows)), key=lambda found: found[1])


def are_in_order(first: str | None, second: str | None) -> bool:
    """Whether rows of these labels stand in one table of some form, the first above the second."""
    places = _row_places()
    below = places.get(second or "", ())
    return any(t == u and n < m for t, n in places.get(first or "", ()) for u, m in below)


@cache
def _row_places() -> dict[str, list[tuple[tuple[str, str], int]]]:
    """Where in their tables the rows of a label stand: form and table, and which row it is."""
    out: dict[str, list[tuple[tuple[str, str], int]]] = {}
    for form in form_data.load_all():
        for table in form.tables.values():
            for n, row in enumerate(table.rows):
                for text in (row.label, *row.aliases):
                    out.setdefault(label(text).key, []).append(((form.id, table.code), n))
    return out
