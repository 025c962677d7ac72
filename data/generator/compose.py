"""A report laid out as a sequence of paragraphs and tables, before any format.

Belongs here: the official merged tables, labels with their misprints and breaks, exchanged rows, what stands where.
Does not belong here: markup (`docx`, `html`, `drawn`) and how figures are printed (`dress`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from schemas.forms import Column, Row, TableForm
from schemas.labels import distance, label

from . import prose
from .dress import dress, traditional
from .layout import Layout, Rules
from .truth import Truth, TruthCell

_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d[.、．]\s*)")
# Wrongly typed characters that look or sound like the right one.
_TYPOS = {
    "属": "署", "于": "与", "密": "蜜", "规": "规规", "安": "案", "法": "发", "部": "布", "性": "行", "政": "正",
    "信": "倍", "息": "悉", "申": "审", "请": "清", "提": "题", "复": "覆", "举": "据", "作": "做", "构": "购",
    "组": "租", "律": "率", "关": "管", "结": "节", "转": "传", "续": "序", "维": "唯", "纠": "究",
}  # fmt: skip


# Radicals that take the place of whole characters in text copied out of some fonts.
_RADICALS = str.maketrans(
    "一二人行力口工己干支文方日月木止水火生用目立竹米老自至色行言足身里长页风食首高",
    "⼀⼆⼈⾏⼒⼝⼯⼰⼲⽀⽂⽅⽇⽉⽊⽌⽔⽕⽣⽤⽬⽴⽵⽶⽼⾃⾄⾊⾏⾔⾜⾝⾥⻓⻚⻛⻝⾸⾼",
)


def _script(text: str, layout: Layout) -> str:
    """``text`` in the characters of the layout."""
    if layout.traditional:
        text = traditional(text)
    return text.translate(_RADICALS) if layout.radicals else text


@dataclass(slots=True)
class Text:
    """A paragraph. ``role``: title, heading, subheading, body, date, caption; or space, ``points`` high."""

    text: str
    role: str = "body"
    points: float = 0.0


@dataclass(slots=True)
class GridCell:
    """A table cell at its first row; ``address`` is set where it holds a figure."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    head: bool = False
    left: bool = False
    sideways: bool = False
    shaded: bool = False
    address: str | None = None
    # A raised mark behind the text, which is not part of it.
    mark: str = ""


@dataclass(slots=True)
class Grid:
    """A table: relative column widths, and rows of the cells that begin in them. The first ``head`` rows are its head.

    ``large``: the one over which a seal is set.
    """

    table: str
    widths: list[float]
    rows: list[list[GridCell]]
    head: int
    large: bool = False

    def positions(self) -> list[tuple[int, int, GridCell]]:
        """Every cell with its row and column, from 0."""
        taken: set[tuple[int, int]] = set()
        out = []
        for r, row in enumerate(self.rows):
            c = 0
            for cell in row:
                while (r, c) in taken:
                    c += 1
                out.append((r, c, cell))
                taken |= {(r + i, c + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
                c += cell.colspan
        return out


Block = Text | Grid


@dataclass
class Composition:
    """The document's blocks, and what was done to its labels: (table, row or column code, printed label)."""

    blocks: list[Block] = field(default_factory=list)
    misprinted: list[tuple[str, str, str]] = field(default_factory=list)
    exchanged: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def grids(self) -> list[Grid]:
        return [b for b in self.blocks if isinstance(b, Grid)]


def borders(grid: Grid, rules: Rules, seed: int) -> dict[tuple[int, int], str]:
    """Which sides of each cell are ruled, as letters out of ``tlbr``, by the cell's row and column.

    ``half`` is one of the ways in which published tables lack some of their lines.
    """
    how = "plain"
    if rules == "half":
        how = random.Random(f"rules/{seed}/{grid.table}").choice(("open_sides", "labels", "head", "no_rows"))
    last = len(grid.widths)
    sides: dict[tuple[int, int], str] = {}
    for r, c, cell in grid.positions():
        bottom = r + cell.rowspan >= len(grid.rows)
        if rules == "full":
            drawn = "tlbr"
        elif rules == "none":
            drawn = ""
        elif rules == "horizontal":
            drawn = "tb"
        elif how == "open_sides":
            drawn = "tb" + ("l" if c > 0 else "") + ("r" if c + cell.colspan < last else "")
        elif how == "labels":
            drawn = "tlbr" if cell.address is None else "tb"
        elif how == "head":
            drawn = "tlbr" if r < grid.head else "lr" + ("b" if bottom else "")
        else:
            drawn = "lr" + ("t" if r == 0 else "") + ("b" if bottom else "")
        sides[r, c] = drawn
    return sides


# --- labels ---------------------------------------------------------------------------------------------------------


class _Labels:
    """Prints the labels of one table with the layout's habits; remembers what it did."""

    def __init__(self, table: TableForm, rows: tuple[Row, ...], layout: Layout, out: Composition) -> None:
        self.table, self.layout, self.out = table, layout, out
        self.rng = random.Random(f"labels/{layout.seed}/{table.code}")
        self.rows = rows
        # Everything a reader may know of: a misprint must stay nearest to the label it was made from.
        self.known = {
            code: {label(text).key for text in (item.label, *item.aliases)}
            for items in (self.rows, table.columns)
            for item in items
            for code in (item.code,)
        }
        self.misprinted = self._choose_misprints()

    def _choose_misprints(self) -> dict[str, str]:
        if self.table.role != "requests":
            return {}
        long_enough = [r for r in self.rows if len(label(r.label).key) >= 6]
        chosen = self.rng.sample(long_enough, min(self.layout.misprints, len(long_enough)))
        printed = {r.code: text for r in chosen if (text := self._misprint(r)) is not None}
        self.out.misprinted += [(self.table.code, code, text) for code, text in printed.items()]
        return printed

    def _misprint(self, row: Row) -> str | None:
        """The label with one character dropped or mistyped; None if another label were then as near."""
        number = _NUMBER.match(row.label)
        start = number.end() if number else 0
        # Only the words in front of a bracket: a slip in the explanation is not the label's.
        end = row.label.find("（", start) if "（" in row.label[start:] else len(row.label)
        places = [i for i in range(start, end) if row.label[i].isalpha()]
        for i in self.rng.sample(places, len(places)):
            typo = "" if self.rng.random() < 0.5 else _TYPOS.get(row.label[i], "")
            text = row.label[:i] + typo + row.label[i + 1 :]
            key = label(text).key
            own = min(distance(key, k) for k in self.known[row.code])
            others = min(distance(key, k) for code, keys in self.known.items() if code != row.code for k in keys)
            if own == 0 or others >= own + 2:
                return text
        return None

    def _alias(self, item: Row | Column) -> str:
        official = item.label
        if not self.layout.aliases or not item.aliases or self.rng.random() < 0.6:
            return official
        alias = self.rng.choice(item.aliases)
        number = _NUMBER.match(official)
        return alias if number is None or _NUMBER.match(alias) else number.group() + alias

    def _finish(self, text: str, *, breakable: bool = True) -> str:
        if self.layout.numbering != "1.":
            text = re.sub(r"^(\d)\.", lambda m: m[1] + self.layout.numbering[1:], text)
        if breakable and self.layout.label_breaks and len(text) >= 4 and self.rng.random() < 0.5:
            at = self.rng.randint(2, len(text) - 1)
            text = text[:at] + ("\n" if self.layout.label_breaks == "break" else " ") + text[at:]
        return _script(text, self.layout)

    def row(self, row: Row) -> str:
        return self._finish(self.misprinted.get(row.code) or self._alias(row))

    def column(self, column: Column) -> str:
        if self.layout.lost_breaks and self.table.role == "proactive" and len(column.label) >= 6:
            return self._finish(column.label[: 2 + len(column.label) // 4], breakable=False)
        return self._finish(self._alias(column))

    def fixed(self, text: str, *, breakable: bool = True) -> str:
        """A label that is neither row nor column: stubs and group heads."""
        return self._finish(text, breakable=breakable)


# --- tables ---------------------------------------------------------------------------------------------------------

Figures = Callable[[str], GridCell]


def _article20(table: TableForm, rows: tuple[Row, ...], labels: _Labels, figure: Figures) -> list[Grid]:
    """Parts headed by their item of Article 20, each with a line of column heads; as wide as its widest row."""
    out: list[list[GridCell]] = []
    part, heads = None, None
    corner = table.drawing.corner if table.drawing else table.stubs[0]
    most = max(len(table.columns_of(row)) for row in rows)
    for row in rows:
        columns = table.columns_of(row)
        spans = _share(most, len(columns))
        if row.group != part and row.group:
            part, heads = row.group, None
            out.append([GridCell(labels.fixed(row.group, breakable=False), most + 1, head=True, shaded=True)])
        if [c.code for c in columns] != heads:
            heads = [c.code for c in columns]
            head = [GridCell(labels.fixed(corner, breakable=False), head=True)]
            out.append(head + [GridCell(labels.column(c), n, head=True) for c, n in zip(columns, spans, strict=True)])
        cells = [figure(f"{table.code}.{row.code}.{c.code}") for c in columns]
        line = [replace(cell, colspan=n) for cell, n in zip(cells, spans, strict=True)]
        out.append([GridCell(labels.row(row), left=True), *line])
    return [Grid(table.code, [1.0] * (most + 1), out, 2)]


def _share(width: int, parts: int) -> list[int]:
    """``width`` grid columns over ``parts`` cells, the last one taking what is over."""
    each = width // parts
    return [each] * (parts - 1) + [width - each * (parts - 1)]


def _requests_head(table: TableForm, labels: _Labels, stub_columns: int) -> list[list[GridCell]]:
    columns = table.columns
    inner = [c for c in columns if c.group]
    stub, over = (table.drawing.corner, table.drawing.over) if table.drawing else ("项目", "申请人情况")
    top = [
        GridCell(labels.fixed(stub, breakable=False), stub_columns, 3, head=True, left=True),
        GridCell(labels.fixed(over, breakable=False), len(columns), head=True),
    ]
    middle: list[GridCell] = []
    for column in columns:
        if not column.group:
            middle.append(GridCell(labels.column(column), 1, 2, head=True))
        elif column is inner[0]:
            middle.append(GridCell(labels.fixed(column.group, breakable=False), len(inner), head=True))
    return [top, middle, [GridCell(labels.column(c), head=True) for c in inner]]


def _requests(table: TableForm, rows: tuple[Row, ...], labels: _Labels, figure: Figures, layout: Layout) -> list[Grid]:
    """Three merged label columns in front of seven columns of figures, as on the official form."""
    rng = random.Random(f"requests/{layout.seed}")
    stub_columns = 1 if layout.flat_labels else 3
    results = table.parts[0]
    head = _requests_head(table, labels, stub_columns)
    width = len(table.columns)
    inside = [i for i, r in enumerate(rows) if "outcome" in r.roles or "processed" in r.roles]
    body: list[list[GridCell]] = []
    restart = rng.randint(inside[0] + 4, inside[-1] - 3) if layout.repeated_group else None
    cut = rng.randint(inside[0] + 3, inside[-1] - 2) if layout.parted and not layout.flat_labels else None
    breaks = sorted({inside[0], inside[-1] + 1} | ({restart} if restart else set()) | ({cut} if cut else set()))
    for i, row in enumerate(rows):
        figures = [figure(f"{table.code}.{row.code}.{c.code}") for c in table.columns]
        first_of_group = i == 0 or rows[i - 1].group != row.group or i in breaks
        if layout.flat_labels:
            body += _flat_row(i, row, rows, labels, figures, results if i == inside[0] else None, width)
            continue
        line: list[GridCell] = []
        if i not in inside:
            line.append(GridCell(labels.row(row), 3, left=True))
        else:
            if i in breaks:
                until = next(b for b in breaks if b > i)
                line.append(GridCell(labels.fixed(results), 1, until - i, sideways=layout.sideways))
            if row.group is None:
                line.append(GridCell(labels.row(row), 2, left=True))
            else:
                if first_of_group:
                    members = _group_length(rows, i, breaks)
                    line.append(GridCell(labels.fixed(row.group), 1, members))
                line.append(GridCell(labels.row(row), left=True))
        body.append(line + figures)
    widths = [4.2] if layout.flat_labels else [0.55, 0.95, 2.7]
    widths += [0.3 if layout.narrow else 0.62] * width
    if cut is None:
        return [Grid(table.code, widths, head + body, len(head), large=True)]
    second = head if layout.repeat_head else []
    return [
        Grid(table.code, widths, head + body[:cut], len(head), large=True),
        Grid(table.code, widths, [*second, *body[cut:]], len(second), large=True),
    ]


def _group_length(rows: tuple[Row, ...], start: int, breaks: list[int]) -> int:
    end = start + 1
    while end < len(rows) and rows[end].group == rows[start].group and end not in breaks:
        end += 1
    return end - start


def _flat_row(
    i: int,
    row: Row,
    rows: tuple[Row, ...],
    labels: _Labels,
    figures: list[GridCell],
    results: str | None,
    width: int,
) -> list[list[GridCell]]:
    """One label column: a group's name is a row of its own, across the table."""
    out = []
    if results:
        out.append([GridCell(labels.fixed(results), width + 1, left=True)])
    if row.group and (i == 0 or rows[i - 1].group != row.group):
        out.append([GridCell(labels.fixed(row.group), width + 1, left=True)])
    out.append([GridCell(labels.row(row), left=True), *figures])
    return out


def _disputes(table: TableForm, rows: tuple[Row, ...], labels: _Labels, figure: Figures, layout: Layout) -> list[Grid]:
    """Fifteen figures in one line under a head of three rows; or one table of five for each kind of case."""
    n = len(table.columns)

    def leaves() -> list[GridCell]:
        return [GridCell(_two_lines(labels.column(c)), head=True) for c in table.columns]

    def line(row: Row) -> list[GridCell]:
        return [figure(f"{table.code}.{row.code}.{c.code}") for c in table.columns]

    if layout.disputes == "three":
        grids = []
        for row in rows:
            name = labels.row(row)
            # Some names of a row say what stands above it.
            if row.parent and not name.startswith(row.parent[:2]):
                name = f"{labels.fixed(row.parent, breakable=False)}（{name}）"
            grids.append(Grid(table.code, [1.0] * n, [[GridCell(name, n, head=True)], leaves(), line(row)], 2))
        return grids
    alone = [r for r in rows if not r.parent]
    nested = [r for r in rows if r.parent]
    top = [GridCell(labels.row(r), n, 2, head=True) for r in alone]
    top.append(GridCell(labels.fixed(nested[0].parent or "", breakable=False), n * len(nested), head=True))
    second = [GridCell(labels.row(r), n, head=True) for r in nested]
    third = [leaf for _ in rows for leaf in leaves()]
    figures = [cell for r in rows for cell in line(r)]
    return [Grid(table.code, [1.0] * (n * len(rows)), [top, second, third, figures], 3)]


def _two_lines(text: str) -> str:
    """Heads of fifteen narrow columns are always set in two lines: 结果 / 维持."""
    return text if "\n" in text or len(text) != 4 else f"{text[:2]}\n{text[2:]}"


def _statistics(table: TableForm, rows: tuple[Row, ...], labels: _Labels, figure: Figures) -> list[Grid]:
    """The older forms: a list of labels, the unit beside each, one or two columns of figures."""
    head = [GridCell(labels.fixed("统计指标", breakable=False), head=True)]
    if table.unit_column:
        head.append(GridCell(labels.fixed("单位", breakable=False), head=True))
    head += [GridCell(labels.column(c), head=True) for c in table.columns]
    body = []
    part = None
    for row in rows:
        # A group that is itself a row of figures has no line of its own.
        if row.group != part and row.group in table.parts:
            body.append([GridCell(labels.fixed(row.group or ""), len(head), left=True)])
        part = row.group
        line = [GridCell(labels.row(row), left=True)]
        if table.unit_column:
            line.append(GridCell(labels.fixed(row.unit or table.unit or "", breakable=False)))
        body.append(line + [figure(f"{table.code}.{row.code}.{c.code}") for c in table.columns_of(row)])
    widths = [4.0, *([0.8] if table.unit_column else []), *([1.4] * len(table.columns))]
    return [Grid(table.code, widths, [head, *body], 1)]


def _exchange(rows: tuple[Row, ...], layout: Layout, table: str, out: Composition) -> tuple[Row, ...]:
    """Two neighbouring rows of a group exchanged together with their labels."""
    rng = random.Random(f"exchange/{layout.seed}/{table}")
    pairs = [
        i
        for i in range(len(rows) - 1)
        if rows[i].group and rows[i].group == rows[i + 1].group and "outcome" in rows[i].roles
    ]
    changed = list(rows)
    for i in rng.sample(pairs, min(layout.exchanged_rows, len(pairs))):
        changed[i], changed[i + 1] = changed[i + 1], changed[i]
        out.exchanged.append((table, rows[i].code, rows[i + 1].code))
    return tuple(changed)


def tables(truth: Truth, layout: Layout, out: Composition) -> dict[str, list[Grid]]:
    """The report's statutory tables by their code, each as one grid or several."""
    form = truth.form_data
    cells = dress(truth, layout)

    marked = _marked(cells, layout)

    def figure(address: str) -> GridCell:
        return GridCell(cells[address].printed, address=address, mark=layout.footnote if address in marked else "")

    grids: dict[str, list[Grid]] = {}
    for code, table in form.tables.items():
        rows = _exchange(truth.rows(code), layout, code, out)
        labels = _Labels(table, rows, layout, out)
        drawn = table.drawing.layout if table.drawing is not None else None
        if drawn == "parts":
            grids[code] = _article20(table, rows, labels, figure)
        elif drawn == "groups":
            grids[code] = _requests(table, rows, labels, figure, layout)
        elif drawn == "line":
            grids[code] = _disputes(table, rows, labels, figure, layout)
        else:
            grids[code] = _statistics(table, rows, labels, figure)
    return grids


def _marked(cells: dict[str, TruthCell], layout: Layout) -> set[str]:
    """The figures that carry a footnote mark."""
    if not layout.footnote:
        return set()
    numbers = [a for a, c in cells.items() if c.kind == "number" and c.printed[-1].isdigit()]
    return set(random.Random(f"footnote/{layout.seed}").sample(numbers, min(2, len(numbers))))


def _appendix(truth: Truth) -> list[Block]:
    """Applications by member of the body, as governments annex them."""
    rng = random.Random(f"appendix/{truth.seed}")
    heads = ("单位名称", "收到申请", "予以公开", "总计")
    members = ("城关镇", "东风街道", "新华街道", "教育局", "民政局")
    head = [GridCell(h, head=True) for h in heads]
    rows = [[GridCell(m, left=True), *(GridCell(str(rng.randint(0, 40))) for _ in heads[1:])] for m in members]
    grid = Grid("appendix", [1.6, 1.0, 1.0, 1.0], [head, *rows], 1)
    return [Text("附件：各单位办理政府信息公开申请情况", "caption"), grid]


def compose(truth: Truth, layout: Layout) -> Composition:
    """The whole report as blocks, in reading order; the one that follows it in the same file behind it."""
    out = _compose_one(truth, layout)
    if truth.followed_by is not None:
        more = compose(truth.followed_by, layout)
        out.blocks += more.blocks
        out.misprinted += more.misprinted
        out.exchanged += more.exchanged
    return out


def _compose_one(truth: Truth, layout: Layout) -> Composition:
    out = Composition()

    def text(passage: prose.Passage) -> Text:
        return Text(_script(passage.text, layout), passage.role)

    out.blocks.append(text(prose.Passage(truth.title, "title")))
    if truth.published:
        year, month, day = (int(part) for part in truth.published.split("-"))
        out.blocks.append(text(prose.Passage(f"{year}年{month}月{day}日", "date")))
    out.blocks += [text(p) for p in prose.opening(truth)]
    by_section: dict[int, list[Grid]] = {}
    for code, grids in tables(truth, layout, out).items():
        # A table that belongs to no section is annexed after the last one.
        by_section.setdefault(truth.form_data.tables[code].section or 6, []).extend(grids)
    paddings = dict(
        zip((2, 3, 4) if 2 in by_section else (6,), zip(layout.padding, layout.shift, strict=False), strict=False)
    )
    for number, passages in prose.sections(truth, layout.seed).items():
        out.blocks += [text(p) for p in passages]
        paragraphs, points = paddings.get(number, (0, 0.0))
        out.blocks += [text(p) for p in prose.filling(layout.seed * 10 + number, paragraphs)]
        if points:
            out.blocks.append(Text("", "space", points))
        for i, grid in enumerate(by_section.get(number, ())):
            # Two tables without a paragraph between them would become one in a word processor.
            if i:
                out.blocks.append(Text("", "space", 6.0))
            out.blocks.append(grid)
    if layout.appendix:
        out.blocks += _appendix(truth)
    return out
