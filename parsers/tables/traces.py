"""What of the form's tables stands in a document that was not placed: nothing of it is missing, and nothing of it is read.

Belongs here: seeing labels, heads and lines of figures of tables that yielded nothing, and labels of rows that did not.
Does not belong here: reading them (`matching`, `lost_grid`), which cells are open for it (`open_cells`), what is said of
them (`checks`).

A heading alone is no trace: the section of a table that is not there has one too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.document import Paragraph, Table
from parsers.grammar.figures import is_value_like
from parsers.grammar.figures import read as read_figure
from parsers.grammar.labels import FormIndex, form_index
from schemas.facts import Place, Residue, TableLayout, Trace
from schemas.forms import Form
from schemas.labels import fold, label

from .data_rows import row_cells
from .letters import Letters, Piece

# So many different labels of a table, or figures in a row under its heading, are more than chance.
_LABELS, _FIGURES = 2, 5
_SENTENCE = re.compile(r"[。；;!?！？]")
_FIGURE = re.compile(r"\d[\d,.]*")
_PLAIN = re.compile(r"[\s\d,.|/\\—–\-－／○()（）:：一二三四五六七八九十、]*")
# Letters on lines of their own: heads that stand upright.
_UPRIGHT = 4
_EXCERPT = 60
_SHORT = 24
# A line of labels is no longer.
_LONGEST_LINE = 3 * _EXCERPT
# So many characters follow a heading's number.
_SHORTEST_HEADING = 4
# A label may be cut at a line's end: so many characters of it tell it.
_CUT = 4
# The heading of a section behind that of the tables whose rows have numbers, and such a number.
_LATER, _NUMBERED = re.compile(r"\s*[四五六七八]、\S{3,}"), re.compile(r"\d|[(（]")
# What parts the columns of a line without rules.
_ASIDE = re.compile(r"\s{2,}|[\t|｜]")
_FIRST_CELL = re.compile(r"[\s,，|｜]+")
_FIGURES_BEHIND = re.compile(r"[\s\d.,/|—–-]+$")


@dataclass(slots=True)
class _Seen:
    """What of one table was seen: its labels, and the longest line of figures under its heading."""

    labels: set[str] = field(default_factory=set)
    figures: int = 0
    # A label in a grid under the table's own heading.
    at_home: bool = False
    printed: str = ""
    place: Place | None = None

    def note(self, printed: str, place: Place) -> None:
        if self.place is None:
            self.printed, self.place = excerpt(printed), place

    @property
    def enough(self) -> bool:
        return (
            self.at_home
            or len(self.labels) >= _LABELS
            or self.figures >= _FIGURES
            or (bool(self.labels) and self.figures > 1)
        )


@dataclass(slots=True)
class _Line:
    """A printed line: a paragraph, a row of a grid, letters that stand one below the other."""

    text: str
    place: Place
    figures: int
    in_grid: bool = False


def _lines(blocks: Sequence[Paragraph | Table]) -> Iterator[_Line]:
    upright: list[Paragraph] = []
    numbers: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            text = block.text.strip()
            short = len(text) <= 2 and not is_value_like(text)
            number = is_value_like(text) and bool(text)
            if not short and not number and (upright or numbers):
                yield from _standing(upright, numbers)
                upright, numbers = [], []
            if short:
                upright.append(block)
            elif number:
                numbers.append(block)
            else:
                yield _Line(
                    text,
                    block.place,
                    len(_FIGURE.findall(unicodedata.normalize("NFKC", text))) if not _words(text) else 0,
                )
            continue
        yield from _standing(upright, numbers)
        upright, numbers = [], []
        grid = block.grid()
        for r in range(block.n_rows):
            cells = [c for c in row_cells(grid, r) if c.row == r and c.text.strip()]
            if cells:
                figures = sum(read_figure(c.text).kind == "number" for c in cells)
                yield _Line("\n".join(c.text for c in cells), block.place(cells[0]), figures, in_grid=True)
    yield from _standing(upright, numbers)


def _standing(upright: Sequence[Paragraph], numbers: Sequence[Paragraph]) -> Iterator[_Line]:
    """Letters and figures on lines of their own, each as one line."""
    if len(upright) >= _UPRIGHT:
        yield _Line("".join(p.text.strip() for p in upright), upright[0].place, 0)
    if numbers:
        figures = sum(read_figure(p.text).kind == "number" for p in numbers)
        yield _Line(" ".join(p.text.strip() for p in numbers), numbers[0].place, figures)


def _words(text: str) -> str:
    """What a line says beside figures, marks and numbers of items."""
    return _PLAIN.sub("", fold(text))


def of_tables(
    blocks: Sequence[Paragraph | Table], form_id: str, there: set[str], aside: Sequence[Paragraph] = ()
) -> list[Trace]:
    """The tables of a form that are not ``there`` and of which something was seen: in blocks, or ``aside`` of them."""
    index = form_index(form_id)
    wanted = {code: names for code, names in index.distinctive.items() if code not in there}
    if not wanted:
        return []
    seen = {code: _Seen() for code in wanted}
    under: str | None = None
    for line in _lines(blocks):
        named = heading(line.text, index)
        if named is not None:
            under = named if named in index.form.tables else None
        if _SENTENCE.search(line.text):
            continue
        for code, names in wanted.items():
            found = _labels_in(line.text, names)
            if found:
                seen[code].labels |= found
                seen[code].note(line.text, line.place)
                seen[code].at_home |= line.in_grid and under == code
        if under in wanted and line.figures > 1:
            seen[under].figures = max(seen[under].figures, line.figures)
            seen[under].note(line.text, line.place)
    for code, place in _empty_grids(blocks, index):
        if code in seen:
            # Its letters are drawn, or were lost on the way to the page.
            seen[code].at_home = True
            seen[code].note("", place)
    letters = Letters(pieces(blocks, index, aside))
    out: list[Trace] = []
    for code, one in seen.items():
        if one.enough and one.place is not None:
            out.append(Trace(code, None, one.printed, one.place))
        elif (piece := letters.table(form_id, code)) is not None:
            out.append(Trace(code, None, excerpt(piece.text), piece.place))
    return out


def _empty_grids(blocks: Sequence[Paragraph | Table], index: FormIndex) -> Iterator[tuple[str, Place]]:
    """The tables under whose headings grids without a word stand, or lines of blank cells and marks."""
    under: str | None = None
    for block in blocks:
        if isinstance(block, Paragraph):
            named = heading(block.text, index)
            under = under if named is None else named
            if under and block.text.count("|") > _FIGURES and not _PLAIN.sub("", block.text):
                yield under, block.place
        elif under:
            blank = not any(c.text.strip() for c in block.cells) and min(block.n_rows, block.n_columns) > 1
            if blank or (block.n_columns > _FIGURES and all(is_value_like(c.text) for c in block.cells)):
                yield under, block.place(block.cells[0])


def pieces(blocks: Sequence[Paragraph | Table], index: FormIndex, aside: Sequence[Paragraph]) -> list[Piece]:
    """The cells and lines of a document that are no sentences; what a reader put aside may be any table's."""
    out: list[Piece] = []
    under: str | None = None
    for block in blocks:
        if isinstance(block, Table):
            out += [Piece(c.text, block.place(c), under, in_grid=True) for c in block.cells if c.text.strip()]
            continue
        named = heading(block.text, index)
        if named is not None:
            under = named
        # A row's label that was taken for a heading stands in no section.
        if named is not None or (len(block.text) <= _LONGEST_LINE and not _SENTENCE.search(block.text)):
            out.append(Piece(block.text, block.place, under if named is None else None))
    return out + [Piece(p.text, p.place, None) for p in aside if len(p.text) <= _LONGEST_LINE]


def excerpt(text: str) -> str:
    """The beginning of what is printed, for a trace."""
    return " ".join(text.split())[:_EXCERPT]


def heading(text: str, index: FormIndex) -> str | None:
    """The table that a heading names; '' for any other heading of a section."""
    if len(text) > _EXCERPT:
        return None
    said = label(text)
    if said.key in index.parts and said.key not in index.rows:
        table = index.form.tables[index.parts[said.key]]
        if said.key in {label(t).key for t in (table.title, *table.titles)}:
            return table.code
    if said.number is None or said.number[0] != 1 or len(said.key) < _SHORTEST_HEADING:
        return None
    # A row's label, or the beginning of one, may have such a number as well; its figures may stand behind it.
    first = _FIRST_CELL.split(text.strip(), maxsplit=1)[0]
    return None if index.hits(text) or index.hits(first) or index.is_part(first) else ""


def _labels_in(text: str, names: dict[str, set[str]]) -> set[str]:
    """The labels that a line consists of; none where it says much else."""
    key = label(text).key
    if key in names:
        return {key}
    parts = {k for piece in re.split(r"[\s|]+", fold(text.replace("\n", "|"))) if (k := label(piece).key) in names}
    if parts:
        return parts
    inside = {name for name in names if name in key}
    rest = len(key) - sum(map(len, inside))
    return inside if inside and rest <= len(key) // 2 else set()


def of_rows(
    blocks: Sequence[Paragraph | Table],
    form_id: str,
    layouts: Sequence[TableLayout],
    hidden: Sequence[Residue] = (),
    aside: Sequence[Paragraph] = (),
) -> list[Trace]:
    """Rows called missing whose labels stand in a grid all the same, on a line of their own, in what a document hides
    (rows under a filter) or a reader put ``aside``; broken and run into others, too."""
    index = form_index(form_id)
    missing = {(layout.table, code) for layout in layouts for code in not_there(index.form, layout)}
    found = _labels_alone(blocks, index, missing)
    found |= _groups_as_rows(blocks, index, missing - found.keys(), {r for _, r in found} | _met(layouts))
    for layout in layouts:
        known = {row.code for row in layout.rows}
        for extra in layout.extra:
            # A row of another edition, beside rows of this one.
            rows = {h.code for h in index.hits(extra.printed) if h.table == layout.table} - known
            if len(rows) == 1:
                (code,) = rows
                found.setdefault((layout.table, code), Trace(layout.table, code, excerpt(extra.printed), extra.place))
    if missing - found.keys():
        unseen = [Piece(r.text, r.place, None) for r in hidden]
        letters = Letters(pieces(blocks, index, aside) + unseen)
        for table, code in sorted(missing - found.keys()):
            piece = letters.row(form_id, table, code)
            if piece is not None:
                found[table, code] = Trace(table, code, excerpt(piece.text), piece.place)
    there = {row for _, row in found} | _met(layouts)
    # Where a row of the group stands, its label is no row's.
    groups = {(v.table, row) for v in index.form.variants if there & set(v.absent) for row in v.present}
    return [trace for row, trace in found.items() if row not in groups]


def _met(layouts: Sequence[TableLayout]) -> set[str]:
    return {row.code for layout in layouts for row in layout.rows}


def not_there(form: Form, layout: TableLayout) -> set[str]:
    """The rows of a table that were not met: those that its variant has, and those that stand for rows not met either."""
    known = {row.code for row in layout.rows}
    out = {row.code for row in form.tables[layout.table].rows if row.variant is None} - known
    for variant in (v for v in form.variants if v.table == layout.table):
        if known.isdisjoint(variant.present):
            out |= set() if known & set(variant.absent) else set(variant.present)
        else:
            out -= set(variant.absent)
    return out


def _labels_alone(
    blocks: Sequence[Paragraph | Table], index: FormIndex, missing: set[tuple[str, str]]
) -> dict[tuple[str, str], Trace]:
    """The labels of missing rows on lines of their own, whole or cut, with figures behind them or without.

    One that several rows bear (3.其他) is that of the row behind the last one met, else of any of them that is missing.
    """
    found: dict[tuple[str, str], Trace] = {}
    last: tuple[str, int] | None = None
    at = {(code, row.code): i for code, table in index.form.tables.items() for i, row in enumerate(table.rows)}
    for text, place in _alone(blocks) if missing else ():
        said = _FIGURES_BEHIND.sub("", text) if len(text) <= 2 * _EXCERPT else ""
        rows = _rows_named(said, index)
        # 其他 alone is a column's head as well, but for the row that it stands behind.
        named = rows or (_rows_named(said, index, alone=True) if last is not None and said else [])
        following = [row for row in named if last == (row[0], at[row] - 1)]
        several = [row for row in rows if row in missing]
        one = rows if len(rows) == 1 else following or several
        if len(one) == 1:
            last = (one[0][0], at[one[0]])
        for row in one:
            if row in missing:
                found.setdefault(row, Trace(*row, excerpt(text), place))
    return found


def _alone(blocks: Sequence[Paragraph | Table]) -> Iterator[tuple[str, Place]]:
    """What may be a label: lines, what stands in them columns apart (behind the label of a group), and cells."""
    behind = False
    for block in blocks:
        if isinstance(block, Paragraph):
            behind = behind or _LATER.match(block.text) is not None
            # A short line may be the last words of labels side by side, of which the last has a number.
            words = block.text.split()[-1:] if len(block.text) <= _SHORT and not behind else ()
            texts = dict.fromkeys((block.text, *_ASIDE.split(block.text), *(w for w in words if _NUMBERED.match(w))))
            yield from ((text, block.place) for text in texts if text)
        else:
            yield from ((cell.text, block.place(cell)) for cell in block.cells)


def _groups_as_rows(
    blocks: Sequence[Paragraph | Table], index: FormIndex, missing: set[tuple[str, str]], met: set[str]
) -> dict[tuple[str, str], Trace]:
    """Missing rows whose label is also that of a group (其他处理), where no row of the group stands in the document."""
    wanted = {(v.table, row) for v in index.form.variants if met.isdisjoint(v.absent) for row in v.present}
    # Rows of this form that another one has a group for.
    wanted |= {(t, r) for t, r in missing if index.form.tables[t].row[r].variant is None}
    wanted &= missing
    found: dict[tuple[str, str], Trace] = {}
    for text, place in _alone(blocks) if wanted else ():
        said = _FIGURES_BEHIND.sub("", text)
        for hit in index.hits(said) if len(said) <= _EXCERPT and index.is_part(said) else ():
            row = (hit.table, hit.code)
            if row in wanted:
                found.setdefault(row, Trace(*row, excerpt(text), place))
    return found


def _rows_named(text: str, index: FormIndex, *, alone: bool = False) -> list[tuple[str, str]]:
    """The rows, as (table, row), that a text is the label of, or the beginning of the label of; with ``alone`` also where
    it is a column's as well."""
    said = label(text)
    key = said.key
    # 总计 and 其他 are columns as well, but for their number.
    is_column = not alone and said.number is None and key in index.heads
    if _SENTENCE.search(text) or index.is_part(text) or is_column:
        return []
    hits = {(h.table, h.code) for h in index.hits(text)}
    if not hits and len(key) >= _CUT:
        hits = {(h.table, h.code) for known, named in index.rows.items() if known.startswith(key) for h in named}
    return sorted(hits)
