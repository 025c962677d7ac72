"""What a form and the blocks of one report have in common, and which of several such readings is kept.

Belongs here: the result that every way of reading tables gives. Does not belong here: reading grids (`matching`) or
running text (`lost_grid`), choosing the form by its labels (`form_choice`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from schemas import forms
from schemas.facts import Fact, Leftover, TableLayout, Trace, Unresolved


@dataclass(slots=True)
class Match:
    """What a form and a report have in common: its tables as read, from grids or from running text that lost them."""

    form: str
    variant: str | None
    facts: list[Fact] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    layouts: list[TableLayout] = field(default_factory=list)
    # Figures in its tables that are no cells of the form.
    leftovers: list[Leftover] = field(default_factory=list)
    # Rows of the form that rows under no known label may be, and those whose label stands there without figures.
    traces: list[Trace] = field(default_factory=list)
    # Identities of the form that decided how something is read, and say nothing more about what was read.
    spent: set[tuple[str, str]] = field(default_factory=set)
    # What other forms make of it that fit as well.
    also: list[Match] = field(default_factory=list)

    @property
    def tables(self) -> set[str]:
        """The tables of the form that are there."""
        return {layout.table for layout in self.layouts}

    def add(self, other: Match) -> None:
        """Take over what was read of tables that are not there yet."""
        self.facts += other.facts
        self.unresolved += other.unresolved
        self.layouts += other.layouts
        self.leftovers += other.leftovers
        self.traces += other.traces
        self.spent |= other.spent
        self.variant = self.variant or other.variant

    def sort(self) -> None:
        """Put the cells into the order of the form."""
        order = _order(self.form)
        self.facts.sort(key=lambda f: order.get(f.address, len(order)))
        self.unresolved.sort(key=lambda u: order.get(u.address, len(order)))


@cache
def _order(form_id: str) -> dict[str, int]:
    """The place of every cell of a form, in all its variants."""
    form = forms.load(form_id)
    cells = (a for variant in (None, *(v.id for v in form.variants)) for a in form.addresses(variant))
    return {address: i for i, address in enumerate(dict.fromkeys(cells))}


def agreed(found: Sequence[Match]) -> Match | None:
    """Of readings by forms that fit equally well the one that leaves least open; where several do, what all of them say.

    A printed cell has a certain address or none. The first of these readings has the others with it.
    """
    if not found:
        return None
    if len(found) > 1:
        least = min(map(_open, found))
        found = [m for m in found if _open(m) == least]
    of_all = set.intersection(*({(f.address, f.place) for f in m.facts} for m in found)) if len(found) > 1 else None
    for match in found:
        if of_all is not None:
            for fact in (f for f in match.facts if (f.address, f.place) not in of_all):
                readings = [] if fact.value is None else [fact.value]
                match.unresolved.append(Unresolved(fact.address, fact.printed, "label", readings, fact.place))
            match.facts = [f for f in match.facts if (f.address, f.place) in of_all]
        match.sort()
    best, *best.also = found
    return best


def _open(found: Match) -> int:
    """How many cells of the tables that are there were not read."""
    form = forms.load(found.form)
    optional = {f"{code}.{row.code}." for code in found.tables for row in form.tables[code].rows if row.optional}
    cells = [a for a in form.addresses(found.variant) if a.partition(".")[0] in found.tables]
    read = {f.address for f in found.facts}
    return sum(a not in read and not a.startswith(tuple(optional)) for a in cells)
