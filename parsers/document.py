"""One model for all formats: a document is a sequence of paragraphs and tables; a table is a grid of cells with spans.

Belongs here: the shape that every reader returns and the grid arithmetic on it.
Does not belong here: any format's own markup (the readers) and any meaning of a label (`matching`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from schemas.facts import Box, Method, Place, Problem, ProblemKind, Residue


@dataclass(slots=True)
class Cell:
    """A printed cell at its top-left grid position (rows and columns count from 0), covering its spans.

    ``text`` is what is printed, inner line breaks as ``\\n``. ``readings`` holds the texts that differ when a reader
    is not certain (two engines, overlapping characters); ``doubt`` then says why, in the words of `Unresolved.reason`.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    page: int | None = None
    box: Box | None = None
    line: int | None = None
    readings: tuple[str, ...] = ()
    doubt: str | None = None


@dataclass(slots=True)
class Paragraph:
    """A run of text outside tables."""

    text: str
    place: Place
    # 1 for a title or first heading, 2 … for lower ones, where the format says so; None for plain text.
    heading: int | None = None


@dataclass(slots=True)
class Table:
    """A grid. ``number`` counts the tables of a document from 1. ``method`` says how its cells were found.

    ``ragged``: rows come from running text and cells of different rows do not stand under one another; of such a table
    ``blanks_seen`` says whether an empty cell leaves a trace. ``whole``: of a
    table without cells in its format, that every figure in it has its place, so that an empty row is empty.
    """

    number: int
    cells: list[Cell]
    n_rows: int
    n_columns: int
    method: Method = "cells"
    ragged: bool = False
    blanks_seen: bool = True
    whole: bool = False
    page: int | None = None
    line: int | None = None
    # In a workbook.
    sheet: str | None = None

    def grid(self) -> list[list[Cell | None]]:
        """Rows of cells by grid position; a spanning cell stands at every position it covers.

        Where spans collide the cell that came first keeps the place.
        """
        rows: list[list[Cell | None]] = [[None] * self.n_columns for _ in range(self.n_rows)]
        for cell in self.cells:
            if cell.rowspan == 1 == cell.colspan and cell.row < self.n_rows and cell.column < self.n_columns:
                row = rows[cell.row]
                if row[cell.column] is None:
                    row[cell.column] = cell
                continue
            for r in range(cell.row, min(cell.row + cell.rowspan, self.n_rows)):
                row = rows[r]
                for c in range(cell.column, min(cell.column + cell.colspan, self.n_columns)):
                    if row[c] is None:
                        row[c] = cell
        return rows

    def place(self, cell: Cell) -> Place:
        """The cell's place as the interface prints it: counted from 1."""
        return Place(cell.page, self.number, cell.row + 1, cell.column + 1, cell.box, cell.line)


@dataclass(slots=True)
class Evidence:
    """What a PDF's reader says of its text as a whole; what it doubts of a cell the cell says."""

    text_layer: Literal["none", "ocr", "broken", "ok"] = "ok"
    pages: int = 0


@dataclass(slots=True)
class Document:
    """What a reader returns. ``metadata`` holds what the page or file says of itself, keys in lower case.

    ``elsewhere``: addresses of frames and viewers, whose content the page shows and the file does not hold.
    """

    media_type: str
    blocks: list[Paragraph | Table] = field(default_factory=list)
    title: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    residue: list[Residue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    has_pictures: bool = False
    # What else is there and not read, beside pictures: ``object`` (an embedded workbook, a frame), ``attachment``.
    apart: frozenset[str] = frozenset()
    elsewhere: list[str] = field(default_factory=list)
    # What a reader saw and found no place for: running heads, labels of rows that it could not divide.
    aside: list[Paragraph] = field(default_factory=list)
    # Of formats that only show where their cells are.
    evidence: Evidence | None = None

    @property
    def tables(self) -> list[Table]:
        return [b for b in self.blocks if isinstance(b, Table)]

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [b for b in self.blocks if isinstance(b, Paragraph)]


class UnreadableError(Exception):
    """A file that yields nothing: ``kind`` as in the interface's problems, the message says what to do."""

    def __init__(self, kind: ProblemKind, message: str) -> None:
        super().__init__(message)
        self.kind: ProblemKind = kind
        self.message = message

    def __reduce__(self) -> tuple[type[UnreadableError], tuple[ProblemKind, str]]:
        return (type(self), (self.kind, self.message))


class IncompleteError(UnreadableError):
    """A part of the installation cannot be used, and ``why``: nothing is said of the file."""

    _SIGN = "：安装不完整，"

    def __init__(self, name: str, why: str) -> None:
        super().__init__("unreadable", f"{name}{self._SIGN}读取程序的一部分不能用（{why}）。请重新安装本程序。")
        self.name = name
        self.why = why

    @classmethod
    def is_told_in(cls, message: str) -> bool:
        """Whether a file was refused for this, as its message says."""
        return cls._SIGN in message

    def __reduce__(self) -> tuple[type[IncompleteError], tuple[str, str]]:  # type: ignore[override]
        return (type(self), (self.name, self.why))


@contextmanager
def importing() -> Iterator[None]:
    """Within, libraries are imported: whatever they raise is raised as ImportError, for it is no word on a file.

    But for the want of memory: there may be more of it for the next file.
    """
    try:
        yield
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # native extensions raise outside Exception
        if "allocate memory" in str(error):
            raise MemoryError from error
        if isinstance(error, ImportError):
            raise
        raise ImportError(f"{type(error).__name__}: {error}") from error
