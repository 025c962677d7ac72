"""Which form a report stands on, by what is printed of each.

Belongs here: weighing the labels found of every form against one another and against the year.
Does not belong here: finding labels (in grids: `matching`; in running text: `lost_grid`), reading figures.

What is printed decides, then the year, then what is missing. A form that knows one label more than the one in force is
no better for it: a form grown out of another knows all labels of that other, and one more is met by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache

from schemas import forms

# By how many printed labels another form must be ahead of the one in force.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """What is printed of one form. ``rows`` and ``columns`` are (table, code).

    ``pieces`` tells which printed labels these are, by anything that is the same for every form: the words of a cell,
    the offset in a text.
    """

    form: str
    rows: frozenset[tuple[str, str]]
    columns: frozenset[tuple[str, str]]
    pieces: frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Choice:
    """The form that fits best, and those that fit as well: nothing printed tells them apart, nor does the year."""

    form: str
    equal: tuple[str, ...] = ()


def choose(look: Callable[[str], Seen | None], pieces: frozenset[Hashable] | None, year: int | None) -> Choice | None:
    """The form that a document stands on, or None where no form's labels are in it.

    ``look`` gives what is printed of a form, by its id, or None for nothing; it is asked for as few forms as can be
    (loading one takes a while), so let it do the work. ``pieces`` are all printed labels, those of no form too; None
    where nobody knows them.
    ``year`` is the report's, None where it is not known.

    Of forms that fit equally the one in force for the year is taken. A form that is not in force is taken only where it
    is ahead of that one by two printed labels, and by two more for each that only the one in force has. Without a year
    the one of whose tables least is missing is taken; the caller reads the ``equal`` ones too and keeps what all of
    them say.
    """
    in_force = forms.in_force(year) if year is not None else ()
    seen: list[Seen] = []
    for form_id in (*in_force, *(i for i in forms.newest_first() if i not in in_force)):
        found = look(form_id)
        if found is None or not found.rows:
            continue
        seen.append(found)
        if pieces is not None and found.pieces >= pieces and not _missing(found, everything=True):
            break  # all of it is printed, and nothing that another form could know better
    if not seen:
        return None
    seen.sort(key=lambda s: _fit(s, in_force), reverse=True)
    best = seen[0]
    rival = next((s for s in seen if s.form in in_force), best)
    if not _is_ahead(best, rival):
        best = rival
    if year is not None:
        return Choice(best.form)
    return Choice(best.form, tuple(s.form for s in seen if s is not best and _fit(s) == _fit(best)))


def _fit(seen: Seen, in_force: tuple[str, ...] = ()) -> tuple[int, bool, bool, int]:
    """Printed labels first; then the forms in force, of these the national one before a province's; then what is missing."""
    known = seen.form in in_force
    return len(seen.pieces), known, known and not forms.load(seen.form).issuer_prefixes, -_missing(seen)


def _is_ahead(best: Seen, rival: Seen) -> bool:
    """Whether a form is so far ahead of the one in force that it is no chance, nor a part taken from the form before."""
    return len(best.pieces - rival.pieces) - 2 * len(rival.pieces - best.pieces) >= _AHEAD


def _missing(seen: Seen, *, everything: bool = False) -> int:
    """How many rows and columns of a form are not printed: of the tables that are there, or of all its tables.

    A variant's rows stand for those that they replace.
    """
    tables = frozenset(t for t, _ in seen.rows)
    return min(
        len(rows - seen.rows) + len(columns - seen.columns)
        for rows, columns in _whole(seen.form, None if everything else tables)
    )


@cache
def _whole(
    form_id: str, tables: frozenset[str] | None
) -> tuple[tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]], ...]:
    """The rows that every edition has and the columns of a form's tables, once for each of its variants."""
    form = forms.load(form_id)
    codes = [c for c in form.tables if tables is None or c in tables]
    columns = frozenset((c, column.code) for c in codes for column in form.tables[c].columns)
    return tuple(
        (frozenset((c, row.code) for c in codes for row in form.rows(c, v) if not row.optional), columns)
        for v in (None, *(v.id for v in form.variants))
    )
