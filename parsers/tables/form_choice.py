"""Which form a report stands on, by what is printed of each.

Belongs here: weighing the labels found of every form against one another and against the year.
Does not belong here: finding labels (in grids: `matching`; in running text: `lost_grid`), reading figures.

What is printed decides, then the year, then whatever else the document says of its form, then what is missing. A form that
knows one label more than the one in force is no better for it: a form grown out of another knows all labels of that other,
and one more is met by chance. Nor is a form the better one for being the newer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from schemas import forms
from schemas.forms.model import HAN
from schemas.labels import fold

# By how many printed labels another form must be ahead of the one in force.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """What is printed of one form. ``rows`` and ``columns`` are (table, code).

    ``pieces`` tells which printed labels these are, by anything that is the same for every form: the words of a cell,
    the offset in a text; ``official`` counts the labels that are worded and numbered as on the form.
    """

    form: str
    rows: frozenset[tuple[str, str]]
    columns: frozenset[tuple[str, str]]
    pieces: frozenset[Hashable]
    official: Callable[[], int] = int


@dataclass(frozen=True)
class Told:
    """What a document says beside its tables: asked only where several forms fit these equally.

    ``years`` are all that it says of its year where that is not settled; ``published`` is a date as ``2025-02-18``.
    """

    texts: Iterable[str] = ()
    years: tuple[int, ...] = ()
    published: str | None = None

    @cached_property
    def text(self) -> str:
        """All its words, folded, a paragraph or cell in each line."""
        return "\n".join(fold(text) for text in self.texts)

    @property
    def years_before(self) -> tuple[int, ...]:
        """The years that a report published on its day may be of: the one before, at a year's end its own too."""
        if self.published is None:
            return ()
        year, month = int(self.published[:4]), self.published[5:7]
        return (year - 1, year) if month == "12" else (year - 1,)


@dataclass(frozen=True, slots=True)
class Choice:
    """The form that fits best, and those that fit as well: nothing in the document tells them apart. Oldest first."""

    form: str
    equal: tuple[str, ...] = ()


def choose(
    look: Callable[[str], Seen | None],
    pieces: frozenset[Hashable] | None,
    year: int | None,
    told: Told | None = None,
) -> Choice | None:
    """The form that a document stands on, or None where no form's labels are in it.

    ``look`` gives what is printed of a form, by its id, or None for nothing; it is asked for as few forms as can be
    (loading one takes a while), so let it do the work. ``pieces`` are all printed labels, those of no form too; None
    where nobody knows them.
    ``year`` is the report's, None where it is not known.

    Of forms that fit equally the one in force for the year is taken. A form that is not in force is taken only where it
    is ahead of that one by two printed labels, and by two more for each that only the one in force has. Without a year,
    and where none of them is in force, what else the document has ``told`` decides (`_settled`); where nothing does, the
    caller reads the ``equal`` ones too and keeps what all of them say.
    """
    in_force = forms.in_force(year) if year is not None else ()
    seen: list[Seen] = []
    for form_id in (*in_force, *(i for i in forms.newest_first() if i not in in_force)):
        found = look(form_id)
        if found is None or not found.rows:
            continue
        seen.append(found)
        if form_id not in in_force or pieces is None:
            continue  # another may fit as well
        if found.pieces >= pieces and not _missing(found, everything=True):
            break  # all of it is printed, and nothing that another form could know better
    if not seen:
        return None
    seen.sort(key=lambda s: _fit(s, in_force), reverse=True)
    best = seen[0]
    rival = next((s for s in seen if s.form in in_force), best)
    if not _is_ahead(best, rival):
        best = rival
    if best.form in in_force:
        return Choice(best.form)
    equal = _settled([s for s in seen if len(s.pieces) == len(best.pieces)], year, told or Told())
    first, *others = (i for i in reversed(forms.newest_first()) if any(s.form == i for s in equal))
    return Choice(first, tuple(others))


def _settled(equal: Sequence[Seen], year: int | None, told: Told) -> Sequence[Seen]:
    """Of forms whose labels fit equally those that the document means by all else that it says, from the surest."""
    for score in _SCORES:
        if len(equal) == 1:
            break
        scores = score(equal, year, told)
        best = max(scores)
        equal = [s for s, mine in zip(equal, scores, strict=True) if mine == best]
    return equal


def _by_distance(equal: Sequence[Seen], year: int | None, told: Told) -> list[int]:
    """None is in force for the year: which was or will be soonest."""
    bounds = [forms.load(s.form).in_force for s in equal]
    return [0 if year is None else -max(first - year, year - last) for first, last in bounds]


def _by_titles(equal: Sequence[Seen], year: int | None, told: Told) -> list[int]:
    """How many titles of sections and tables are printed that not all of them have."""
    finders = _titles(tuple(s.form for s in equal))
    if not any(finders):
        return [0] * len(equal)
    found = [{m.start() for m in finder.finditer(told.text)} if finder else set() for finder in finders]
    of_all = set.intersection(*found)
    return [len(own - of_all) for own in found]


@cache
def _titles(form_ids: tuple[str, ...]) -> tuple[re.Pattern[str] | None, ...]:
    """For each of some forms what finds its own titles in folded text: behind a number, or alone in a line."""
    of_each = [dict.fromkeys(_title_patterns(forms.load(i))) for i in form_ids]
    out: list[re.Pattern[str] | None] = []
    for patterns in of_each:
        own = "|".join(p for p in patterns if not all(p in others for others in of_each))
        numbered = rf"(?<=[{HAN}][、.)])"
        out.append(re.compile(rf"{numbered}(?:{own})|^(?:{own})$", re.MULTILINE) if own else None)
    return tuple(out)


def _title_patterns(form: forms.Form) -> Iterator[str]:
    for section in form.sections.values():
        yield section.pattern
    for table in form.tables.values():
        yield from (re.escape(fold(title)) for title in (table.title, *table.titles))


def _by_years(equal: Sequence[Seen], year: int | None, told: Told) -> list[bool]:
    """Whether a form is in force for every year that the document may be of."""
    return [_is_for_all(s, told.years) for s in equal]


def _by_basis(equal: Sequence[Seen], year: int | None, told: Told) -> list[int]:
    """Whether the paper that prescribes a form is cited: by its number, less surely by words that only its title has."""
    out = []
    for form in (forms.load(s.form) for s in equal):
        titled = form.notice is not None and re.search(form.notice.own, told.text) is not None
        out.append(2 if form.number.search(told.text) is not None else int(titled))
    return out


def _by_date(equal: Sequence[Seen], year: int | None, told: Told) -> list[bool]:
    """Whether a form is in force for the year before the document was published."""
    return [_is_for_all(s, told.years_before) for s in equal]


def _is_for_all(seen: Seen, years: tuple[int, ...]) -> bool:
    return bool(years) and all(map(forms.load(seen.form).is_for, years))


def _by_wording(equal: Sequence[Seen], year: int | None, told: Told) -> list[int]:
    """How many labels are worded as on the form itself."""
    return [s.official() for s in equal]


def _by_what_is_there(equal: Sequence[Seen], year: int | None, told: Told) -> list[int]:
    return [-_missing(s) for s in equal]


_SCORES: tuple[Callable[[Sequence[Seen], int | None, Told], Sequence[int]], ...] = (
    _by_distance,
    _by_titles,
    _by_years,
    _by_basis,
    _by_date,
    _by_wording,
    _by_what_is_there,
)


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
