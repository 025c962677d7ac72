"""From a reader's walk through markup to a document: lines, cells, tables within tables, and what was left out.

Belongs here: how lines and grids are put together, note marks, layout tables, numbering, and the bounds on all of it.
Does not belong here: any format's own markup (`word`, `html`) and any meaning of a label (`matching`).

A reader opens a `Flow` for the body and one for every cell, feeds text and line breaks into the flow that is open,
and hands over the cells of each table when it ends. Everything is settled in `Builder.document`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from parsers.document import Cell, Document, Paragraph, Table, UnreadableError
from schemas.characters import overridden, without_controls, without_overrides
from schemas.facts import Place, Problem, Residue

# A statutory table has 27 rows and 10 columns; a roster of a province a few thousand rows.
MAX_ROWS = 4_000
MAX_COLUMNS = 200
MAX_CELLS = 100_000
MAX_LINES = 300_000
# Grid positions of all tables of a file together, spans included.
MAX_POSITIONS = 2_000_000
MAX_RESIDUES = 500
MAX_RESIDUE_TEXT = 200

# Characters that nothing is printed for. Direction marks are among them, once what they turn round is settled.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# What may stand before a note mark, a figure apart: a character of a label, a closing bracket, a percent sign.
_WORD = re.compile(r"[\u3400-\u9fff）)〉》”%％]")
# What stands raised as a reference to a note: 1, ①, [1], （2）, *, 注, 注1, a.
_MARK = re.compile(
    r"[\[(（【〔]?注?(?:[0-9０-９]{1,2}|[\u2460-\u249b\u24ea\u2776-\u2793\u3220-\u3229]|[*＊※†‡#＃]{1,3}|[A-Za-z])?[\])）】〕]?"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
# In a row of figures with tables in its cells stand so many cells at least, and in these tables no more characters.
_MANY_CELLS, _SHORT = 5, 12
# A neighbour of raised text is looked for so many pieces away.
_NEAR = 40
_RARE = re.compile("[\u00ad\u00b2\u00b3\u00b9\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\u2070\u2074-\u2079\ufeff]")
_RAISED_DIGITS = re.compile(r"(?<=[0-9０-９])[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+")


@dataclass(slots=True, eq=False)
class Line:
    """A line of text. ``paragraph`` is its number once it stands in the body; ``origin`` is for the reader."""

    text: str = ""
    origin: Any = None
    heading: int | None = None
    paragraph: int | None = None


@dataclass(slots=True, eq=False)
class Flow:
    """Lines and tables in reading order: the body, a cell or a text box."""

    items: list[Line | Grid] = field(default_factory=list)
    # The open line; made when there is something to remember of it.
    line: Line | None = None
    parts: list[str] = field(default_factory=list)
    # Positions in `parts` that are raised or lowered.
    raised: list[int] | None = None
    # Those of them that may be raised for the looks of it alone.
    lifted: set[int] | None = None
    # Why a figure in it is not certain, and whether something is seen in it that is no text.
    doubt: str | None = None
    opaque: bool = False
    heading: int | None = None
    # What the reader's open line comes from, if it wants to know it again.
    origin: Any = None
    # A table of more than one cell stands in it.
    inner: bool = False
    moved_to: Flow | None = None
    table: Grid | None = None
    cell: Cell | None = None

    def lines(self) -> list[str]:
        return [item.text for item in self.items if isinstance(item, Line)]


@dataclass(slots=True)
class CellDraft:
    """A cell with its place (from 0) and spans as they hold, and its content."""

    flow: Flow
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(slots=True, eq=False)
class Grid:
    """A table as it is being built."""

    drafts: list[CellDraft]
    n_rows: int
    n_columns: int
    table: Table | None = None


@dataclass(slots=True)
class _Note:
    kind: str
    text: str
    line: Line
    flow: Flow


def _is_mark(raised: str, before: str, after: str) -> bool:
    """Whether raised text is a note mark here. Raised digits beside other digits are never part of the figure."""
    if before.isdecimal() or after.isdecimal():
        return raised.isdecimal() or _MARK.fullmatch(raised) is not None
    return _WORD.match(before) is not None and _MARK.fullmatch(raised) is not None


def span(printed: str | None, most: int) -> int:
    """A span as programs read it: leading digits count, anything else and 0 mean 1, and ``most`` is the most."""
    if not printed:
        return 1
    m = re.match(r"\s*\+?([0-9]{1,9})", printed)
    return min(max(int(m[1]), 1), most) if m else 1


@dataclass
class Builder:
    """Collects a document. ``name`` is the file's, for messages; ``collapse`` puts runs of white space into one."""

    name: str
    media_type: str
    collapse: Callable[[str], str] | None = None
    body: Flow = field(default_factory=Flow)
    flow: Flow = field(init=False)
    has_pictures: bool = False
    apart: set[str] = field(default_factory=set)
    # Addresses of what a page shows and does not hold.
    elsewhere: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _notes: list[_Note] = field(default_factory=list)
    _cells: int = 0
    _lines: int = 0
    _positions: int = 0

    def __post_init__(self) -> None:
        self.flow = self.body

    # -- text ---------------------------------------------------------------------------------------------------------

    def text(self, text: str) -> None:
        """Adds to the open line."""
        self.flow.parts.append(text)

    def raised(self, text: str, *, sure: bool = True) -> None:
        """Adds superscript or subscript text to the open line: a note mark, if it looks like one and stands like one.

        Not ``sure``: it is off its line without being called raised; beside a figure nobody can say what it is.
        """
        flow = self.flow
        if flow.raised is None:
            flow.raised = []
        flow.raised.append(len(flow.parts))
        if not sure:
            flow.lifted = (flow.lifted or set()) | {len(flow.parts)}
        flow.parts.append(text)

    def doubt(self, reason: str) -> None:
        """A figure in the open cell is not certain, for this reason (`Unresolved.reason`)."""
        self.flow.doubt = reason

    def numbered(self, number: str | None) -> None:
        """A program sets a number in front of the open line of a cell, or what is not known (None).

        Where nothing else stands in the line, it is the cell's figure; before a figure nobody can say what it is.
        """
        if any(part and not part.isspace() for part in self.flow.parts):
            self.flow.doubt = "joined"
        elif number is None:
            self.opaque()
        else:
            self.text(number)

    def turned(self, walk: Callable[[], None]) -> None:
        """What ``walk`` adds is shown from right to left, whatever it is."""
        begin, end = overridden("|").split("|")
        self.text(begin)
        walk()
        self.text(end)

    def opaque(self) -> None:
        """Something stands in the open cell that a person sees and that is no text: a picture, a drawing, a control."""
        self.flow.opaque = True

    def break_line(self) -> None:
        """Ends the open line; an empty one is dropped."""
        flow = self.flow
        parts = flow.parts
        if not parts:
            return
        if flow.raised is not None:
            self._settle_raised(flow, flow.raised)
            flow.raised = flow.lifted = None
        text = "".join(parts)
        parts.clear()
        if "\x85" in text:
            # No white space but a byte that was taken for a character.
            text = without_controls(text)
        text = text.strip()
        if not text:
            return
        if self.collapse:
            text = self.collapse(text)
        if not text.isascii() and _RARE.search(text):
            text = _RAISED_DIGITS.sub(self._drop_mark, _INVISIBLE.sub("", without_overrides(text))).strip()
            if not text:
                return
        self._lines += 1
        if self._lines > MAX_LINES:
            raise self.too_large()
        line = flow.line or Line()
        line.text = text
        line.heading = flow.heading
        line.origin = flow.origin
        flow.items.append(line)
        flow.line = None

    def _drop_mark(self, m: re.Match[str]) -> str:
        self.note("note_mark", m[0], apart=True)
        return ""

    def _settle_raised(self, flow: Flow, positions: list[int]) -> None:
        """Takes note marks out of the line, so that none is joined to a figure or a label."""
        parts, raised = flow.parts, set(positions)
        i = 0
        while i < len(parts):
            if i not in raised:
                i += 1
                continue
            end = i + 1
            while end < len(parts) and (end in raised or not parts[end]):
                end += 1
            mark = "".join(parts[i:end]).strip()
            before = next((p.rstrip()[-1] for p in reversed(parts[max(0, i - _NEAR) : i]) if p.strip()), "")
            after = next((p.lstrip()[0] for p in parts[end : end + _NEAR] if p.strip()), "")
            if mark and flow.lifted and not flow.lifted.isdisjoint(range(i, end)) and (before + after).isdecimal():
                flow.doubt = "raised"
            elif mark and _is_mark(mark, before, after):
                self.note("note_mark", mark, apart=True)
                parts[i:end] = [""] * (end - i)
            i = end

    def note(self, kind: str, text: str, *, apart: bool = False) -> None:
        """Remembers something left over or left out at the open line; pieces of a line become one note unless ``apart``."""
        flow = self.flow
        if flow.line is None:
            flow.line = Line()
        last = self._notes[-1] if self._notes else None
        joins = last is not None and last.kind == kind and last.line is flow.line and not apart
        # Some slack for characters that are not shown.
        text = _INVISIBLE.sub("", text[: 4 * MAX_RESIDUE_TEXT])
        if last is not None and joins:
            if len(last.text) < MAX_RESIDUE_TEXT:
                last.text += text
        elif len(self._notes) < MAX_RESIDUES and text.strip():
            self._notes.append(_Note(kind, text, flow.line, flow))

    # -- tables -------------------------------------------------------------------------------------------------------

    def count_cell(self) -> None:
        """Call for every cell met. Raises `UnreadableError` (``too_large``) beyond `MAX_CELLS`."""
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise self.too_large()

    def too_large(self) -> UnreadableError:
        """The answer to a file beyond the bounds."""
        return UnreadableError(
            "too_large", f"《{self.name}》内容过多（疑为异常文件），未读取；请核对文件来源，只保留年度报告正文后再试。"
        )

    def table(self, drafts: Sequence[CellDraft], n_rows: int) -> None:
        """Adds a table to the open flow, or what stands in it if it only serves the layout."""
        self.break_line()
        kept = [d for d in drafts if d.row < MAX_ROWS and d.column < MAX_COLUMNS]
        if not kept:
            return
        if len(kept) < len(drafts):
            self.problems.append(
                Problem(
                    "too_large",
                    f"《{self.name}》中有表格超过{MAX_ROWS}行或{MAX_COLUMNS}列，超出部分未读取；请核对该表格。",
                )
            )
        n_rows = min(n_rows, MAX_ROWS)
        n_columns = min(max(d.column + d.colspan for d in kept), MAX_COLUMNS)
        for d in kept:
            d.rowspan = min(d.rowspan, n_rows - d.row)
            d.colspan = min(d.colspan, n_columns - d.column)
        self._positions += n_rows * n_columns
        if self._positions > MAX_POSITIONS:
            raise self.too_large()
        grid = Grid(kept, n_rows, n_columns)
        inner = [d for d in kept if d.flow.inner]
        if len(kept) == 1 or (inner and not _is_data(grid)):
            for d in kept:
                self.pour(d.flow)
            return
        for d in kept:
            d.flow.table = grid
        self.flow.items.append(grid)
        self.flow.inner = True
        for d in inner:
            self._pour_copy(d.flow)

    def pour(self, source: Flow) -> None:
        """What stands in a layout cell or a text box belongs to the flow around it."""
        target = self.flow
        if target.items:
            target.items.extend(source.items)
        else:
            target.items = source.items
        target.inner = target.inner or source.inner
        target.opaque = target.opaque or source.opaque
        target.doubt = target.doubt or source.doubt
        source.moved_to = target

    def _pour_copy(self, source: Flow) -> None:
        """Tables in a cell of a data table follow it; the cell keeps its lines."""
        self.flow.items.extend(item for item in source.items if isinstance(item, Grid))

    # -- the whole ----------------------------------------------------------------------------------------------------

    def document(self, title: str | None, metadata: dict[str, str]) -> Document:
        """The document. Raises `UnreadableError` (``empty`` or ``scan``) where nothing is printed in it."""
        self.break_line()
        blocks: list[Paragraph | Table] = []
        paragraphs = tables = 0
        for item in self.body.items:
            if isinstance(item, Line):
                paragraphs += 1
                item.paragraph = paragraphs
                blocks.append(Paragraph(item.text, Place(paragraph=paragraphs), item.heading))
            else:
                tables += 1
                blocks.append(_settled(item, tables))
        if not blocks:
            if self.elsewhere:
                places = "、".join(self.elsewhere[:3])
                raise UnreadableError(
                    "scan", f"《{self.name}》的正文不在这个网页里，而在它嵌入的 {places} 里；请打开该地址另存后再提交。"
                )
            if self.problems:
                raise UnreadableError(self.problems[0].kind, self.problems[0].message)
            if self.has_pictures:
                raise UnreadableError(
                    "scan", f"《{self.name}》中只有图片、没有文字，无法读取；请提供可复制文字的 .docx 或 PDF 原件。"
                )
            raise UnreadableError("empty", f"《{self.name}》中没有任何文字，请核对文件内容。")
        return Document(
            media_type=self.media_type,
            blocks=blocks,
            title=title or None,
            metadata=metadata,
            residue=[Residue(n.kind, n.text.strip()[:MAX_RESIDUE_TEXT], _place(n)) for n in self._notes],
            problems=self.problems,
            has_pictures=self.has_pictures,
            apart=frozenset(self.apart),
            elsewhere=self.elsewhere,
        )


def _is_data(grid: Grid) -> bool:
    """A table with tables in it is still one of data if three rows of it have three plain cells each, or if no more than
    a figure stands in any of these tables and a row has many cells: what frames a page holds more.
    """
    plain: Counter[int] = Counter()
    filled: Counter[int] = Counter()
    for d in grid.drafts:
        if d.flow.items:
            plain[d.row] += not d.flow.inner
            filled[d.row] += 1
    if sum(1 for n in plain.values() if n >= 3) >= 3:
        return True
    inner = [d.flow for d in grid.drafts if d.flow.inner]
    return max(filled.values()) >= _MANY_CELLS and all(_length(flow) <= _SHORT for flow in inner)


def _length(flow: Flow) -> int:
    """How many characters stand in a flow and the tables in it."""
    return sum(
        len(item.text) if isinstance(item, Line) else sum(_length(d.flow) for d in item.drafts) for item in flow.items
    )


def _settled(grid: Grid, number: int) -> Table:
    cells = []
    for d in grid.drafts:
        flow = d.flow
        lines = flow.lines() if flow.items else []
        cell = Cell("\n".join(lines), d.row, d.column, d.rowspan, d.colspan)
        if flow.inner:
            # Which of the figures inside is the cell's cannot be told.
            inside = [
                "\n".join(c.flow.lines()) for g in flow.items if isinstance(g, Grid) for c in g.drafts if c.flow.items
            ]
            cell.text = "\n".join([*lines, *inside])
            cell.doubt = "joined"
        elif (flow.opaque or flow.doubt) and not _HAN.search(cell.text):
            # Words are not doubted: what stands beside a label is an ornament.
            cell.doubt = "picture" if flow.opaque else flow.doubt
        flow.cell = cell
        cells.append(cell)
    grid.table = Table(number=number, cells=cells, n_rows=grid.n_rows, n_columns=grid.n_columns)
    # Flows know their grid: in a circle all of the document would wait for the garbage collector.
    grid.drafts = []
    return grid.table


def _place(note: _Note) -> Place:
    flow = note.flow
    while flow.moved_to is not None:
        flow = flow.moved_to
    if flow.cell is not None and flow.table is not None and flow.table.table is not None:
        return flow.table.table.place(flow.cell)
    return Place(paragraph=note.line.paragraph)
