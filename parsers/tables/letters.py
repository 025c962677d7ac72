"""Whether anything of a label stands in a document, by the pairs of letters that no other label of the form has.

Belongs here: labels broken over cells, lines and pages, run into one another, or followed by what is no figure, of rows,
columns and tables that were not read. Does not belong here: reading any of it (`matching`), what follows (`traces`).

A label that is printed whole is found by its key. This is the last look, before a row is said not to be there: half of
its own pairs of letters, anywhere among the table's pieces, are more than chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from parsers.grammar.labels import form_index
from schemas.facts import Place
from schemas.labels import fold

# Share of a label's pairs that are its own, at the least, and of these that must be there; so many pairs of a table's labels, and such a share of them.
_SHARE_OF_LABEL, _SHARE = 0.25, 0.5
_FEWEST_OF_TABLE, _SHARE_OF_TABLE = 4, 0.25
_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed piece: a cell or a line, and the table under whose heading it stands ('' for any other section)."""

    text: str
    place: Place
    under: str | None
    in_grid: bool = False

    def may_be_of(self, table: str) -> bool:
        """Whether it may belong to a table: nothing says that it stands in another's section."""
        return self.in_grid or self.under in (None, table)


@dataclass(slots=True)
class Letters:
    """The pairs of letters of a document's pieces, and the first piece each stands in."""

    pieces: Sequence[Piece]
    _of_table: dict[str, dict[str, Piece]] = field(default_factory=dict)

    def _pairs(self, table: str) -> dict[str, Piece]:
        if table not in self._of_table:
            found: dict[str, Piece] = {}
            last = ""
            for piece in self.pieces:
                if piece.may_be_of(table):
                    letters = last + _han(piece.text)
                    for a, b in pairwise(letters):
                        found.setdefault(a + b, piece)
                    last = letters[-1:]
            self._of_table[table] = found
        return self._of_table[table]

    def row(self, form_id: str, table: str, code: str) -> Piece | None:
        """The piece in which the label of a row begins, or None where nothing of it is there."""
        return self._any(_own_pairs(form_id)[0].get((table, code), ()), table)

    @staticmethod
    def knows(form_id: str, table: str, code: str) -> bool:
        """Whether a row's label has enough letters of its own to be looked for."""
        return (table, code) in _own_pairs(form_id)[0]

    def column(self, form_id: str, table: str, code: str) -> Piece | None:
        """The piece in which the head of a column begins, or None where nothing of it is there."""
        return self._any(_own_pairs(form_id)[1].get((table, code), ()), table)

    def _any(self, spellings: Iterable[tuple[str, ...]], table: str) -> Piece | None:
        there = self._pairs(table)
        for pairs in spellings:
            hits = [there[p] for p in pairs if p in there]
            if hits and len(hits) >= _SHARE * len(pairs):
                return hits[0]
        return None

    def table(self, form_id: str, table: str) -> Piece | None:
        """The first piece with labels of a table, or None where too little of it is there."""
        own = _own_pairs(form_id)[2].get(table, frozenset())
        there = self._pairs(table)
        hits = [there[p] for p in there if p in own]
        return hits[0] if len(hits) >= max(_FEWEST_OF_TABLE, _SHARE_OF_TABLE * len(own)) else None


def _han(text: str) -> str:
    return "".join(c for c in fold(text) if _FIRST_HAN <= c <= _LAST_HAN)


def _pairs_of(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a + b for a, b in pairwise(_han(text))))


_Own = dict[tuple[str, str], list[tuple[str, ...]]]


@lru_cache(maxsize=8)
def _own_pairs(form_id: str) -> tuple[_Own, _Own, dict[str, frozenset[str]]]:
    """Of every row and column the pairs of letters of each spelling that no other label of its form has; and of every
    table those that only its rows and columns have."""
    index = form_index(form_id)
    owners: dict[str, set[tuple[str, str, str]]] = {}
    tables: dict[str, set[str]] = {}
    for s in index.spellings:
        # A group may be printed as one row, and is its label then.
        if s.role in ("joined", "grouped") or (s.role in ("group", "part") and s.key in index.rows):
            continue
        for pair in _pairs_of(s.key):
            owners.setdefault(pair, set()).add((s.table, s.role, s.code))
            tables.setdefault(pair, set()).add(s.table if s.role in ("row", "column", "over") else "")
    rows: _Own = {}
    columns: _Own = {}
    for s in index.spellings:
        # Without its number: 六、其 begins a section as well.
        pairs = _pairs_of(s.key)
        own = tuple(p for p in pairs if owners.get(p) == {(s.table, s.role, s.code)})
        if own and len(own) >= _SHARE_OF_LABEL * len(pairs) and s.role in ("row", "column"):
            (rows if s.role == "row" else columns).setdefault((s.table, s.code), []).append(own)
    of_table: dict[str, set[str]] = {}
    for pair, names in tables.items():
        if len(names) == 1 and (name := next(iter(names))):
            of_table.setdefault(name, set()).add(pair)
    return rows, columns, {code: frozenset(pairs) for code, pairs in of_table.items()}
