"""The rows of figures in a document's grids, each with the heads and labels that apply to it.

Belongs here: telling heads, captions and rows of figures apart; which head stands over which column.
Does not belong here: which row or column of a form it is (`row_choice`, `matching`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from parsers.document import Cell, Paragraph, Table
from parsers.grammar.figures import is_unit, is_value_like
from parsers.grammar.figures import read as read_figure
from parsers.grammar.heads import HeadWords, head_words, unit_of_money
from parsers.grammar.labels import FormIndex
from parsers.grammar.spellings import Spelling
from schemas.labels import label


@dataclass(slots=True)
class Head:
    """The lowest head cell over some columns, from ``start`` to before ``end``, with what the heads above it say."""

    cell: Cell
    start: int
    end: int
    path: list[HeadWords]
    # Asked for again and again: its own words, what they are called by, and the unit that it or a head above it names.
    words: HeadWords = field(init=False)
    key: str = field(init=False)
    unit: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.words = self.path[-1]
        self.key = self.words.full
        self.unit = None
        for words in self.path:
            # The lowest one says it.
            self.unit = words.unit or self.unit


@dataclass(slots=True)
class Zone:
    """The heads that apply to rows of figures.

    ``heads`` stand over columns; ``reading`` are their ``cells`` in reading order, each as wide as a cell, by its place
    in that order. ``packed``:
    the cells of the table were pushed together to the left, so that nothing stands over anything. ``bare`` are the
    columns over which an empty head stands; ``width`` and ``number`` are those of the table they were printed in.
    """

    heads: list[Head]
    cells: list[tuple[int, Cell]]
    packed: bool = False
    bare: frozenset[int] = frozenset()
    width: int = 0
    number: int = 0
    # Seldom asked for.
    _reading: list[Head] | None = None

    @property
    def reading(self) -> list[Head]:
        if self._reading is None:
            self._reading = [Head(cell, i, i + 1, [head_words(cell.text)]) for i, cell in self.cells]
        return self._reading


@dataclass(slots=True)
class DataRow:
    """A row of figures: its label cells, its figure cells, the heads above and the labels met before it."""

    table: Table
    labels: list[Cell]
    figures: list[Cell]
    zone: Zone
    recent: list[str]
    # Keys of the short texts between the last figures and this row, nearest last.
    captions: list[str]
    hits: list[Spelling]
    in_head: bool = False
    # The label cell that hit, before groups and numbers narrow its candidates down.
    hit_cell: Cell | None = None
    # The unit in a column of its own, as printed.
    unit: str | None = None
    # The label of a group on a line of its own, with empty cells behind it.
    is_group: bool = False
    # The unit of money that a line above the table says: 单位：元.
    money: str | None = None
    # Keys of the labels of rows that stand directly behind this row, under no figures of their own so far.
    behind: list[str] = field(default_factory=list)

    @property
    def loose(self) -> bool:
        """Whether its cells do not stand under their heads."""
        zone = self.zone
        # Columns of lines without rules are counted anew in each table.
        counted = self.table.method != "anchored" or zone.number in (0, self.table.number)
        return (
            self.table.ragged or zone.packed or (bool(zone.width) and zone.width != self.table.n_columns) or not counted
        )

    @property
    def heads(self) -> list[Head]:
        """The heads, in reading order where they stand over nothing."""
        return self.zone.reading if self.table.ragged or self.zone.packed else self.zone.heads

    @property
    def label_end(self) -> int:
        """The first column behind the labels."""
        return max([c.column + c.colspan for c in self.labels], default=0)


def row_cells(grid: list[list[Cell | None]], r: int) -> list[Cell]:
    """The distinct cells that cover a row, from left to right."""
    seen: list[Cell] = []
    for cell in grid[r]:
        if cell is not None and (not seen or seen[-1] is not cell):
            seen.append(cell)
    return seen


def _zone(grid: list[list[Cell | None]], rows: list[int], table: Table, index: FormIndex) -> Zone:
    """The heads printed in some rows of a table."""
    no_heads = {id(c) for r in rows[1:] for c in _marks_of_section(grid, r)}
    printed = [c for r in rows for c in row_cells(grid, r) if c.row == r or r == rows[0]]
    cells = [(i, c) for i, c in enumerate(printed) if c.text.strip() and id(c) not in no_heads]
    heads: list[Head] = []
    if table.ragged:
        zone = Zone(heads, cells, packed=True, width=table.n_columns, number=table.number)
        zone.heads = zone.reading
        return zone
    bare: set[int] = set()
    packed = False
    captions = [(r, _caption(grid, r, index)) for r in rows]
    for c in range(table.n_columns):
        path: list[Cell] = []
        for r, caption in captions:
            head = caption or grid[r][c]
            if head is None or (path and path[-1] is head) or id(head) in no_heads:
                continue
            if head.text.strip():
                path.append(head)
        if not path:
            if any(grid[r][c] is not None for r in rows):
                bare.add(c)
            continue
        words = [head_words(p.text) for p in path]
        if heads and heads[-1].cell is path[-1] and heads[-1].end == c:
            if not _stands_under_another(words, index):
                heads[-1].end = c + 1
                continue
            path.pop()
            words.pop()
        else:
            packed = packed or _names_two_columns(words, index)
        heads.append(Head(path[-1], c, c + 1, words))
    return Zone(heads, cells, packed, frozenset(bare), table.n_columns, table.number)


def _caption(grid: list[list[Cell | None]], r: int, index: FormIndex) -> Cell | None:
    """The label of a row that stands in the head, alone on its line: it is over all columns, merged or not."""
    cells = [c for c in row_cells(grid, r) if c.text.strip()]
    if len(cells) == 1 and cells[0].column == 0 and any(h.in_head for h in index.hits(cells[0].text)):
        return cells[0]
    return None


def _marks_of_section(grid: list[list[Cell | None]], r: int) -> list[Cell]:
    """The marks behind the name of a section, below the heads, and its number before it or its code among them:
    1 | 一、主动公开情况 | —— | ——, 一、主动公开情况 | —— | 01 | ——. They are heads of nothing."""
    cells = [c for c in row_cells(grid, r) if c.row == r and c.text.strip()]
    if len(cells) > 2 and cells[0].text.strip().isdecimal() and not cells[1].text.strip().isdecimal():
        marks = _marks_behind(cells[1:])
        return [cells[0], *marks] if marks else []
    codes = [c for c in cells[1:-1] if c.text.strip().isdecimal()]
    if len(codes) == 1:
        marks = _marks_behind([c for c in cells if c is not codes[0]])
        return [*codes, *marks] if marks else []
    return _marks_behind(cells)


def _marks_behind(cells: list[Cell]) -> list[Cell]:
    """The marks that are all of a row behind its first cell."""
    marks = [c for c in cells if not label(c.text).key and read_figure(c.text).kind == "mark"]
    return marks if len(marks) == len(cells) - 1 and cells[0] not in marks else []


def _is_of_units(cells: list[Cell], r: int) -> bool:
    """Whether a row below heads says what is counted in each column and nothing else: 单位 | 件 | 件."""
    own = [c.text for c in cells if c.row == r and c.text.strip()]
    units = sum(map(is_unit, own))
    if own and label(own[0]).key in _UNIT_HEADS:
        return units == len(own) - 1 > 0
    return units == len(own) > 1


def _names_two_columns(path: list[HeadWords], index: FormIndex) -> bool:
    """Whether one column of a form stands over another: where cells keep their places that cannot be."""
    words = [w.full for w in path if w.full in index.heads and w.full not in index.rows]
    return len(words) > 1 and any(
        len({columns[word][0] for word in words if word in columns}) > 1 for columns in index.columns.values()
    )


def _stands_under_another(path: list[HeadWords], index: FormIndex) -> bool:
    """Whether a head names one column right below the head of another, into whose place its words were written once more."""
    below, above = path[-1].full, path[-2].full if len(path) > 1 else ""
    return (above in index.heads and below in index.heads) and any(
        above in columns and below in columns and columns[above][0] != columns[below][0]
        for columns in index.columns.values()
    )


class Scanner:
    """Collects the rows of figures of one report's blocks, with an eye on one form's labels."""

    def __init__(self, index: FormIndex) -> None:
        self.index = index
        self.rows: list[DataRow] = []
        self._unit_column = any(t.unit_column for t in index.form.tables.values())
        self._recent: list[str] = []
        self._captions: list[str] = []
        self._money: str | None = None
        # Whether nothing but labels has stood behind the last row so far.
        self._behind = False
        self._asked: tuple[Zone, str | None] | None = None

    def scan(self, blocks: Iterable[Paragraph | Table]) -> None:
        """Collect the data rows of all tables, each with the heads and labels that apply to it."""
        zone = Zone([], [])
        for block in blocks:
            if isinstance(block, Paragraph):
                self._remember(block.text)
                continue
            zone = self._scan_table(block, zone)

    def _remember(self, text: str) -> None:
        key = label(text).key if len(text) <= 60 else text
        if self._behind and key in self.index.rows:
            self.rows[-1].behind.append(key)
        elif key and key not in self.index.parts:
            self._behind = False
        if len(text) <= 60:
            self._money = unit_of_money(text) or self._money
            if key and not text.rstrip().endswith(("。", "；")):
                self._captions.append(key)
            if key in self.index.parts or key in self.index.rows:
                self._recent.append(key)

    def _scan_table(self, table: Table, zone: Zone) -> Zone:
        grid = table.grid()
        head_rows: list[int] = []
        for r in range(table.n_rows):
            cells = row_cells(grid, r)
            if not cells:
                continue
            if head_rows and _is_of_units(cells, r):
                continue
            above = self._zone_of(grid, head_rows, table, zone)
            row = self._by_label(table, cells, above, in_head=bool(head_rows)) or self._by_place(table, cells, r, above)
            if row is None or (row.hits and self._is_caption_of_heads(row, grid, r)):
                if any(c.row == r and c.text.strip() for c in cells):
                    head_rows.append(r)
                    for cell in cells:
                        if cell.row == r:
                            self._remember(cell.text)
                continue
            row.zone = zone = above
            row.money = self._money
            head_rows = []
            row.recent = self._recent[-24:]
            row.captions, self._captions = self._captions[-24:], []
            if row.hit_cell is not None:
                self._recent.append(self.index.row_key(row.hit_cell.text))
            for cell in row.labels:
                if cell is not row.hit_cell and cell.row == r:
                    self._remember(cell.text)
            self.rows.append(row)
            self._behind = True
        if table.n_rows > 1:
            self._money = None
        return self._zone_of(grid, head_rows, table, zone)

    def _is_caption_of_heads(self, row: DataRow, grid: list[list[Cell | None]], r: int) -> bool:
        """Whether a row's label with nothing behind it stands over the heads of its own figures, in a wider table's grid."""
        if any(c.text.strip() for c in row.figures) or r + 1 >= len(grid):
            return False
        tables = {h.table for h in row.hits if h.in_head}
        below = [head_words(c.text).key for c in row_cells(grid, r + 1) if c.row == r + 1 and c.text.strip()]
        return any(len(below) > 1 and all(key in self.index.columns[t] for key in below) for t in tables)

    # -- heads ---------------------------------------------------------------------------------------------------------

    def _zone_of(self, grid: list[list[Cell | None]], rows: list[int], table: Table, before: Zone) -> Zone:
        """The heads printed in ``rows``; those from before where these are none but captions and labels of groups."""
        if not rows:
            return before
        zone = _zone(grid, rows, table, self.index)
        if any(self._names_column(h) for h in zone.heads):
            return zone
        # A repeated label of a group between two rows is no head: it names no column at all.
        others = [h for h in zone.heads if h.start > 0 and not self._is_caption(h)]
        under_stub = bool(zone.heads) and (zone.heads[0].start > 0 or self.index.is_part(zone.heads[0].cell.text))
        return zone if len(others) > 1 or (others and under_stub) else before

    def _names_column(self, head: Head) -> bool:
        known = self.index.heads
        return head.key in known or (len(head.path) > 1 and any(w.full in known for w in head.path))

    def _is_caption(self, head: Head) -> bool:
        """Whether what stands above rows is no head of a column: the label of a group or a row, its code, or a title."""
        key = label(head.cell.text).key
        is_code = key.isdecimal() and len(key) <= _LONGEST_CODE
        return not key or is_code or key in self.index.parts or key in self.index.rows

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _without_unit(self, cells: list[Cell]) -> tuple[list[Cell], str | None]:
        """The cells of a row without the one that holds its unit."""
        if not self._unit_column or len(cells) <= 2:
            return cells, None
        unit = next((c for c in cells[1:] if is_unit(c.text)), None)
        if unit is None:
            return cells, None
        return [c for c in cells if c is not unit], unit.text

    def _by_label(self, table: Table, cells: list[Cell], zone: Zone, *, in_head: bool) -> DataRow | None:
        """A row of figures under a label of the form. ``in_head``: the lines before it are heads."""
        rows_in_head = self._heads_hold_rows(zone) if zone.number == table.number else None
        cells, unit = self._without_unit(cells)
        like = [is_value_like(c.text) for c in cells]
        hit_at = len(cells) - 1
        while hit_at >= 0 and (like[hit_at] or not self.index.hits(cells[hit_at].text)):
            hit_at -= 1
        if hit_at < 0 or not self._is_row_of(cells, like, hit_at):
            return None
        hit = cells[hit_at]
        if rows_in_head is not None and all(h.table != rows_in_head for h in self.index.hits(hit.text)):
            return None  # 合计 before the figures of another table
        if (
            in_head
            and table.ragged
            and rows_in_head is not None
            and not any(c.text.strip() for c in cells[hit_at + 1 :])
        ):
            return None  # a piece of the head on a line of its own, and columns to spare
        return DataRow(
            table, cells[: hit_at + 1], cells[hit_at + 1 :], _NONE, [], [], self.index.hits(hit.text), False, hit, unit
        )

    def _is_row_of(self, cells: list[Cell], like: list[bool], hit_at: int) -> bool:
        """Whether the cell that bears a row's label heads figures here, and not other labels or nothing."""
        after, after_like = cells[hit_at + 1 :], like[hit_at + 1 :]
        if not after:
            return False
        if not all(after_like) and any(self._is_label(c) for c, v in zip(after, after_like, strict=True) if not v):
            return False
        if hit_at and any(self._is_column(c) and not self.index.hits(c.text) for c in cells[:hit_at]):
            # 自然人 | … | 总计, and columns to spare: a head.
            return False
        widths = {len(self.index.columns_of(h.table, h.code)) for h in self.index.hits(cells[hit_at].text)}
        if not any(after_like):
            # Words where figures belong, one in each column or one across them.
            return len(after) in widths or (len(after) == 1 and after[0].colspan in widths)
        goes_on = cells[hit_at].rowspan > after[0].rowspan
        is_code = after[0].text.strip().isdecimal()
        is_label = not after_like[0] and not is_code
        if is_label and len(after) > max(widths) and (goes_on or all(after_like[1:])):
            # The label of a group, and behind it the label of a row that is not the form's wording.
            return False
        # Fewer blanks than any row has columns are a caption's.
        return any(c.text.strip() for c in after) or sum(c.colspan for c in after) >= min(widths)

    def _by_place(self, table: Table, cells: list[Cell], r: int, zone: Zone) -> DataRow | None:
        """A row of figures under no label of the form, known by the heads above it or by its figures."""
        if all(c.row != r for c in cells):
            return None
        cells, unit = self._without_unit(cells)
        like = [is_value_like(c.text) for c in cells]
        in_head = self._heads_hold_rows(zone) is not None
        # The words of a column (其他) may be a group's, numbered as rows are and beside several of them.
        if any(self._is_column(c) and not (c.rowspan > 1 and label(c.text).number) for c in cells[in_head:]):
            return None
        known = next(
            (c for c, v in zip(reversed(cells), reversed(like), strict=True) if not v and self.index.hits(c.text)), None
        )
        if known is cells[-1] or (in_head and known is not None and sum(bool(c.text.strip()) for c in cells) == 1):
            return None
        start = None if table.ragged or zone.packed or zone.width != table.n_columns else self._first_figure(zone)
        if start is None:
            split = max((i for i, v in enumerate(like) if not v), default=-1) + 1
            if in_head and table.ragged and known is None and len(cells) == self._heads_of_columns(zone):
                # As many cells as heads: words among them (约2件, 暂无) are no label.
                split = 0
            if split == 0 and len(cells) < 2:
                return None
        else:
            split = next((i for i, c in enumerate(cells) if c.column + c.colspan > start), len(cells))
            if split < len(cells) and cells[split].column < start:
                return None  # a line across labels and figures
        labels, figures = cells[:split], cells[split:]
        kinds = [read_figure(c.text).kind for c in figures]
        if in_head:
            worth = any(is_value_like(c.text) for c in figures) or any(
                c.text.strip() and c.colspan > 1 for c in figures
            )
        else:
            numbers = "number" in kinds
            worth = numbers if not labels or not any(c.text.strip() for c in labels) else numbers or len(figures) >= 3
        if not worth or (known is not None and known is (labels or cells)[-1] and not in_head):
            return None
        named = bool(labels) and (self.index.is_part(labels[-1].text) or (in_head and known is not None))
        if named and not any(c.text.strip() for c in figures):
            return None  # the label of a group, or a piece of the head, on a line of its own
        if not in_head and start is not None and not any(is_value_like(c.text) for c in figures):
            return None
        return DataRow(table, labels, figures, _NONE, [], [], [], in_head, None, unit)

    def _first_figure(self, zone: Zone) -> int | None:
        """The first column that holds figures, by the heads; numbers of lines in front of it are with them."""
        named = [h.start for h in zone.heads if h.key in self.index.heads]
        if not named:
            return None
        start = min(named)
        for head in reversed(zone.heads):
            if head.end == start and head.start > 0 and head.words.kind == "serial":
                start = head.start
        return start

    def _heads_of_columns(self, zone: Zone) -> int:
        """How many heads over a table whose rows stand in its head name one of its columns."""
        code = self._heads_hold_rows(zone)
        return sum(h.key in self.index.columns[code] for h in zone.reading) if code is not None else 0

    def _heads_hold_rows(self, zone: Zone) -> str | None:
        """The table whose heads these are, if its rows stand in its head."""
        # Asked for every row under the same heads.
        if self._asked is None or self._asked[0] is not zone:
            self._asked = (zone, self._table_of_heads(zone))
        return self._asked[1]

    def _table_of_heads(self, zone: Zone) -> str | None:
        heads = zone.reading if zone.packed else zone.heads
        named = {t: sum(h.key in cols for h in heads) for t, cols in self.index.columns.items()}
        best = max(named, key=lambda t: named[t], default=None)
        if best is None or named[best] < 2 or not self.index.form.tables[best].rows_in_head:
            return None
        return best

    def _is_label(self, cell: Cell) -> bool:
        return bool(self.index.hits(cell.text)) or self.index.is_part(cell.text) or self._is_column(cell)

    def _is_column(self, cell: Cell) -> bool:
        words = head_words(cell.text)
        return words.full in self.index.heads or words.key in self.index.heads


_NONE = Zone([], [])
# A longer number may be a year, which heads a column.
_LONGEST_CODE = 3
_UNIT_HEADS = frozenset(("单位", "计量单位"))
