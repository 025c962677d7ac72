"""Plain text and Markdown: paragraphs, pipe tables, tab-separated rows, and tables with one cell a line.

Belongs here: finding the grid of a table in running lines, with the line of every cell, and the header that scraped
files carry in front of their text. Does not belong here: what a label means (`matching`), and digits whose cell
borders are lost (`joined`): those stay in their paragraph.

Labels of the forms decide one question only: whether a short line in a table with one cell a line is a label, and
whether it heads a column or a row. Nothing is invented: a blank cell that the layout lost stays lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import pairwise
from typing import Literal

from parsers.document import Cell, Document, Paragraph, Table, UnreadableError
from parsers.files.encoding import decode
from schemas.characters import has_lost, lost_as_one, without_controls
from schemas.facts import Place
from schemas.forms import load_all
from schemas.labels import fold, label

MAX_BYTES = 30 * 1024 * 1024
MAX_LINES = 200_000

# Blank in print: the full-width space, no-break spaces, form feeds and zero-width characters too.
_BLANK = " \t\u00a0\u3000\u2000-\u200b\u202f\f\v\ufeff"
_STRIP = " \u00a0\u3000\u2002\u2003\u2009\u200b\u202f\f\v\ufeff"
_NEWLINE = re.compile(r"\r\n|\r|\n")
_BODY = re.compile(r"[=＝]{3,}\s*正文\s*[=＝]{3,}")
_META = re.compile(r"([^:：\s][^:：]{0,19})[:：]\s*(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(?=\S)")
_RULE = re.compile(r"\s*([-*_=])(?:\s*\1){2,}\s*")
_HTML_TABLE = re.compile(r"\s*<table[\s>]", re.IGNORECASE)
_FENCE = re.compile(r"\s*(```|~~~)")
_BAR = re.compile(r"(?<!\\)\|")
_DASHES = re.compile(r"\s*:?-+:?\s*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_PICTURE = re.compile(r"!\[[^\]\[]{0,300}\]\([^()]{0,2000}\)")
_LINK = re.compile(r"\[([^\]\[]{0,300})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,300}\")?\)")
_SENTENCE = re.compile(r"[。；;！!？?]")
_PAGE_NUMBER = re.compile(r"[-—–－]\s*\d{1,4}\s*[-—–－]|第\s*\d{1,4}\s*页(?:\s*共\s*\d{1,4}\s*页)?")

# Simplified, as after folding.
_UNITS = frozenset(
    ("件", "条", "项", "次", "人", "个", "篇", "份", "宗", "笔", "起", "例", "元", "万元", "亿元", "人次", "期")
)
_UNITS |= {"场", "册", "家", "处", "部", "类", "%", "万件", "万条"}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
# A cell that holds a figure or a mark and nothing else; applied to folded text.
_FIGURE = re.compile(
    rf"(?:约|近|超过?|新增|增加|减少|增|减|[+\-−↑↓±])?[+\-−]?\d[\d,]*(?:\.\d+)?(?:多|余)?(?:{_UNIT})?(?:左右)?(?:\([^()]*\))?"
    r"|[-—–－_]+|[/\\*○〇×]|无|空|暂无|没有|不涉及|不适用|n/?a|N/?A"
)
# How such a cell can begin, before folding.
_FIGURE_START = re.compile(r"[\d０-９约約近超新增加减減没不无無空暂暫n N/+\-−↑↓±\\*○〇×／＊＋—–－_(（]")


def read(data: bytes, name: str) -> Document:
    """The paragraphs and tables of a text or Markdown file.

    Raises `UnreadableError` of kind `too_large` beyond `MAX_BYTES` or `MAX_LINES`, `empty` when nothing is printed.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(
            "too_large", f"《{name}》的文本超过 {MAX_BYTES // 1024 // 1024} MB，不像是年度报告；请拆分后再提交。"
        )
    lines = _NEWLINE.split(without_controls(decode(data).lstrip("\ufeff")))
    if len(lines) > MAX_LINES:
        raise UnreadableError("too_large", f"《{name}》的文本超过 {MAX_LINES} 行，不像是年度报告；请拆分后再提交。")
    if not any(line.strip(_STRIP + "\t") for line in lines):
        raise UnreadableError("empty", f"《{name}》里没有文字；请核对后重新提交。")
    return _Reader(lines, name).read()


@dataclass(slots=True)
class _Row:
    """A row of a table as found: text and line of each cell; None where a cell is absent."""

    cells: list[tuple[str, int]]


class _Reader:
    """Walks the lines once; each kind of block takes the lines that are its own."""

    def __init__(self, lines: list[str], name: str) -> None:
        self.lines = lines
        self.name = name
        self.markdown = name.lower().endswith((".md", ".markdown")) or _looks_like_markdown(lines)
        self.document = Document("text/markdown" if self.markdown else "text/plain")
        self.tables = 0
        self.cells_a_line = _CellRuns(lines)
        # Lines that a search for rows with tabs has passed in vain.
        self.no_tabs_before = 0

    def read(self) -> Document:
        i = self._header()
        while i < len(self.lines):
            i = self._markup(i) or self._pipes(i) or self._tabs(i) or self._one_cell_a_line(i) or self._paragraph(i)
        if self.document.title is None:
            self.document.title = next((p.text for p in self.document.paragraphs if p.heading == 1), None)
        return self.document

    # --- what stands in front of the text

    def _header(self) -> int:
        """Take ``key: value`` lines up to the line that opens the text, or a front matter between two ``---``."""
        start, end = 0, next((i for i, line in enumerate(self.lines[:60]) if _BODY.fullmatch(line.strip(_STRIP))), None)
        if end is None and self.lines[0].strip() == "---":
            start = 1
            end = next((i for i, line in enumerate(self.lines[1:60], start=1) if line.strip() == "---"), None)
        if end is None:
            return 0
        for line in self.lines[start:end]:
            if m := _META.fullmatch(line.strip(_STRIP)):
                self.document.metadata.setdefault(m[1].strip(), m[2].strip().strip("\"'"))
        title = self.document.metadata.get("标题") or self.document.metadata.get("title")
        self.document.title = title or None
        return end + 1

    # --- paragraphs

    def _paragraph(self, i: int) -> int:
        text = self.lines[i].strip(_STRIP + "\t")
        if not text or _FENCE.match(text) or (_RULE.fullmatch(text) and "=" not in text):
            return i + 1
        heading: int | None = None
        if found := _heading(self.lines[i]):
            heading, text = found
        elif self.markdown and i + 1 < len(self.lines) and re.fullmatch(r"={3,}\s*", self.lines[i + 1]):
            heading = 1
        elif _RULE.fullmatch(text):
            return i + 1
        text = self._plain(text)
        if text:
            self.document.blocks.append(Paragraph(text, Place(line=i + 1), heading))
        return i + 1

    def _plain(self, text: str) -> str:
        if not self.markdown:
            return text
        if _PICTURE.search(text):
            self.document.has_pictures = True
        return _without_markup(text)

    # --- tables

    def _emit(self, rows: list[_Row], *, ragged: bool) -> None:
        self.tables += 1
        self.document.blocks.append(
            Table(
                number=self.tables,
                cells=[
                    Cell(text, r, c, line=line)
                    for r, row in enumerate(rows)
                    for c, (text, line) in enumerate(row.cells)
                ],
                n_rows=len(rows),
                n_columns=max(len(row.cells) for row in rows),
                method="cells",
                ragged=ragged,
                line=rows[0].cells[0][1],
            )
        )

    def _markup(self, i: int) -> int | None:
        """A table in HTML inside Markdown, as character readers write it."""
        if not (self.markdown and _HTML_TABLE.match(self.lines[i])):
            return None
        from . import html

        # The tag that closes the table may share its line with other text; the page's reader takes that too.
        depth = 0
        for end in range(i, len(self.lines)):
            line = self.lines[end].lower()
            depth += line.count("<table") - line.count("</table")
            if depth <= 0:
                break
        markup = "\n".join(self.lines[i : end + 1])
        try:
            inner = html.read(f"<meta charset=utf-8><body>{markup}".encode(), self.name)
        except UnreadableError:
            return None
        for block in inner.blocks:
            if isinstance(block, Table):
                self.tables += 1
                block.number, block.line = self.tables, i + 1
                for cell in block.cells:
                    cell.line = i + 1
            else:
                block.place = Place(line=i + 1)
            self.document.blocks.append(block)
        return end + 1

    def _pipes(self, i: int) -> int | None:
        """A pipe table: under a head with a row of dashes, or a run of lines that hold several cells between bars."""
        first = self._bars(i)
        if first is None:
            return None
        head = 0 if self._separates(i) else 1 if self._separates(i + 1) else None
        if head is None and sum(1 for cell in first if cell) < 2:
            return None
        rows: list[_Row] = []
        end = i
        while (cells := self._bars(end)) is not None and not (end > i + 1 and self._separates(end + 1, dashes=3)):
            if head is None and len(cells) < 2:
                break
            if head is None or end != i + head:
                rows.append(_Row([(_without_markup(_BREAK.sub("\n", text)), end + 1) for text in cells]))
            end += 1
        closed = self.lines[i].strip(_STRIP + "\t").endswith("|")
        if not rows or (head is None and len(rows) < 2 and not closed):
            return None
        # A row shorter than the head ends in blank cells; a longer one no longer stands under its head.
        self._emit(rows, ragged=max(len(r.cells) for r in rows) > len(rows[0].cells))
        return end

    def _bars(self, i: int) -> list[str] | None:
        """The cells of a line that has bars."""
        if i >= len(self.lines) or not _BAR.search(self.lines[i]) or _heading(self.lines[i]):
            return None
        return _split_bars(self.lines[i])

    def _separates(self, i: int, *, dashes: int = 1) -> bool:
        """Whether a line is the row of dashes under a head. Single dashes may be marks, if no row follows."""
        cells = self._bars(i)
        if not cells or not all(_DASHES.fullmatch(c) and c.count("-") >= dashes for c in cells):
            return False
        return any(len(c) > 1 for c in cells) or self._bars(i + 1) is not None

    def _tabs(self, i: int) -> int | None:
        """Rows of cells with tabs between them. A line that is a label alone may stand among them."""
        end = i
        while self.no_tabs_before <= end < len(self.lines):
            line = self.lines[end]
            following = self.lines[end + 1] if end + 1 < len(self.lines) else ""
            has_cells = _inner_tabs(line) or (end > i and "\t" in line and line.strip())
            between = end > i and _inner_tabs(following) and _is_label(line)
            if not (has_cells or between):
                break
            end += 1
        counts = [_inner_tabs(line) for line in self.lines[i:end]]
        repeated = any(a == b > 0 for a, b in pairwise(counts))
        if end == i or not (repeated or max(counts) >= 2):
            self.no_tabs_before = end
            return None
        rows = [
            _Row([(cell.strip(_STRIP), i + k + 1) for cell in line.strip("\ufeff").split("\t")])
            for k, line in enumerate(self.lines[i:end])
        ]
        self._emit(rows, ragged=len({len(r.cells) for r in rows if len(r.cells) > 1}) > 1)
        return end

    def _one_cell_a_line(self, i: int) -> int | None:
        found = self.cells_a_line.starting_at(i)
        if found is None:
            return None
        self._emit(found.rows, ragged=True)
        return found.end


def _heading(line: str) -> tuple[int, str] | None:
    """Level and text of a heading line of Markdown."""
    m = _HEADING.match(line)
    return (len(m[1]), line[m.end() :].rstrip().rstrip("#").rstrip()) if m else None


def _looks_like_markdown(lines: list[str]) -> bool:
    """Whether there is a heading or a row of dashes under a table's head."""
    return any(
        _heading(line) or ("|" in line and all(re.fullmatch(r":?-{3,}:?", c) for c in _split_bars(line)))
        for line in lines[:2000]
    )


def _without_markup(text: str) -> str:
    """Text without Markdown's emphasis, links, escapes and entities; stars that stand alone are left."""
    text = _LINK.sub(r"\1", _PICTURE.sub("", text))
    for _ in range(3):
        shorter = _EMPHASIS.sub(r"\2", text)
        if shorter == text:
            break
        text = shorter
    return unescape(_ESCAPED.sub(r"\1", text)).strip(_STRIP + "\t\n")


# --- pipe tables


def _split_bars(line: str) -> list[str]:
    """The cells of a line with bars; an outer bar closes a cell and opens none."""
    text = line.strip(_STRIP + "\t")
    cells = _BAR.split(text)
    if cells and not cells[0].strip() and text.startswith("|"):
        cells = cells[1:]
    if cells and not cells[-1].strip() and len(cells) > 1:
        cells = cells[:-1]
    return [cell.strip(_STRIP + "\t") for cell in cells]


# --- tab-separated rows


def _inner_tabs(line: str) -> int:
    """How many tabs a line has, if at least one stands between two cells or after the first one; else 0."""
    stripped = line.strip(_STRIP)
    return stripped.count("\t") if "\t" in stripped.strip("\t" + _STRIP) else 0


# --- one cell a line

_Kind = Literal["bar", "blank", "figure", "label", "unit", "cell", "skip"]


@dataclass(slots=True)
class _Item:
    """A line of a table with one cell a line: its text without the bar, and what it can be."""

    kind: _Kind
    text: str
    line: int
    # Which of row and column the label can be, by the forms.
    roles: frozenset[str] = frozenset()
    barred: bool = False


@dataclass(slots=True)
class _Run:
    rows: list[_Row]
    end: int


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    """Label key → what it can be on some form: ``row``, ``column``, ``title``."""
    roles: dict[str, set[str]] = {}

    def add(role: str, texts: Iterable[str | None]) -> None:
        for text in texts:
            if text and (key := label(text).key):
                roles.setdefault(key, set()).add(role)

    for form in load_all():
        for table in form.tables.values():
            for row in table.rows:
                add("row", (row.label, *row.aliases))
                add("column" if table.rows_in_head else "row", (row.group, row.parent))
                if table.rows_in_head:
                    add("column", (row.label, *row.aliases))
            for column in table.columns:
                add("column", (column.label, column.group, *column.aliases))
            add("column" if table.rows_in_head else "row", table.parts)
            add("column", table.stubs)
            add("title", (table.title, *table.titles))
    return {key: frozenset(r) for key, r in roles.items()}


def _roles(text: str) -> frozenset[str]:
    """What a line can be as a label; empty when no form knows it. A printed number rules a column out."""
    if len(text) > 80:
        return frozenset()
    found = label(text)
    roles = _vocabulary().get(found.key, frozenset())
    if found.number is not None and "row" in roles:
        roles = roles - {"column"}
    return roles


def _is_label(text: str) -> bool:
    return bool(_roles(text.strip(_STRIP)) & {"row", "column"})


def _is_figure(text: str) -> bool:
    if has_lost(text):
        # A figure that lost a digit keeps its cell.
        text = lost_as_one(text, "")
        if not text:
            return True
    return len(text) <= 60 and bool(_FIGURE_START.match(text)) and _FIGURE.fullmatch(fold(text)) is not None


def _is_unit(text: str) -> bool:
    return len(text) <= 4 and fold(text) in _UNITS


class _CellRuns:
    """Finds the runs of lines that are the cells of one table each."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        # Most files have none: a glance tells, and the forms need not be read for it.
        self.possible = sum(1 for _ in self._lone_figures()) >= 2
        # No run begins before this line: one that reached up to it was no table, and its parts are none either.
        self.none_before = 0

    def _lone_figures(self) -> Iterator[int]:
        for i, line in enumerate(self.lines):
            text = line.strip(_STRIP + "\t|")
            if 0 < len(text) <= 60 and any(c.isdigit() for c in text) and _is_figure(text):
                yield i

    def starting_at(self, i: int) -> _Run | None:
        """The run whose first cell stands in line ``i``, or None."""
        if not self.possible or i < self.none_before:
            return None
        items: list[_Item] = []
        while i < len(self.lines):
            item, after = self._item(i, items)
            if item is None:
                break
            if not items and item.kind == "skip":
                return None
            items.append(item)
            i = after
        while items and (items[-1].kind == "skip" or (items[-1].kind in ("label", "unit") and not items[-1].barred)):
            items.pop()
        if not _is_table(items):
            self.none_before = i
            return None
        rows = _rows(items)
        last = max(item.line for item in items)
        return _Run(rows, last) if rows else None

    def _item(self, i: int, before: list[_Item]) -> tuple[_Item | None, int]:
        """The item that begins in line ``i`` and the index of the line after it; None where the run ends."""
        text = self.lines[i].strip(_STRIP + "\t")
        if not text:
            return (_Item("skip", "", i + 1), i + 1) if self._near(i, before) else (None, i)
        if not text.strip("|" + _STRIP):
            return _Item("blank" if text.count("|") == 1 else "bar", "", i + 1, barred=True), i + 1
        cells = _split_bars(text)
        if len(cells) > 1:
            return None, i
        barred, text = "|" in text, cells[0]
        if _is_figure(text):
            return _Item("figure", text, i + 1, barred=barred), i + 1
        if _is_unit(text):
            return _Item("unit", text, i + 1, barred=barred), i + 1
        if _PAGE_NUMBER.fullmatch(text) and before:
            return _Item("skip", "", i + 1), i + 1
        if not barred and (broken := self._broken_label(i, text)):
            return broken
        roles = _roles(text)
        if roles & {"row", "column"}:
            return _Item("label", text, i + 1, roles, barred), i + 1
        if barred and len(text) <= 500:
            return _Item("cell", text, i + 1, barred=True), i + 1
        if "title" not in roles and self._unknown_label(i, text, before):
            return _Item("cell", text, i + 1), i + 1
        return None, i

    def _near(self, i: int, before: list[_Item]) -> bool:
        """Blank lines may stand between cells, up to three in a row."""
        return bool(before) and not all(item.kind == "skip" for item in before[-3:])

    def _next(self, i: int) -> str:
        """The next line with text on it, without its bar."""
        for line in self.lines[i + 1 : i + 5]:
            if text := line.strip(_STRIP + "\t|"):
                return text
        return ""

    def _broken_label(self, i: int, text: str) -> tuple[_Item, int] | None:
        """A label printed over two or three lines (结果 / 维持), where its pieces are not all labels themselves."""
        pieces = [text]
        best: tuple[_Item, int] | None = None
        for k in range(i + 1, min(i + 3, len(self.lines))):
            piece = self.lines[k].strip(_STRIP + "\t")
            if not piece or "|" in piece or _is_figure(piece):
                break
            pieces.append(piece)
            roles = _roles("".join(pieces)) & {"row", "column"}
            if roles and not all(_is_label(p) for p in pieces):
                best = _Item("label", "\n".join(pieces), i + 1, roles), k + 1
        return best

    def _unknown_label(self, i: int, text: str, before: list[_Item]) -> bool:
        """A short line among the cells that no form knows: a misprinted label before figures, or a head among heads."""
        cells = [item for item in before[-4:] if item.kind not in ("skip", "bar", "blank")]
        if not cells or len(text) > 60 or _SENTENCE.search(text):
            return False
        following = self._next(i)
        if cells[-1].kind == "figure":
            return _is_figure(following) or _is_unit(following)
        return cells[-1].kind in ("label", "unit") and (_is_figure(following) or _is_label(following))


def _is_table(items: list[_Item]) -> bool:
    """Bars make a table of anything; without them there must be labels of a form with figures after them."""
    if sum(1 for item in items if item.barred) >= 3:
        return any(item.kind in ("label", "cell", "figure") for item in items)
    cells = [item for item in items if item.kind not in ("skip", "bar", "blank")]
    figures = sum(1 for item in cells if item.kind == "figure")
    after_label = any(a.kind == "label" and b.kind in ("figure", "unit") for a, b in pairwise(cells))
    return figures >= 2 and after_label


def _rows(items: list[_Item]) -> list[_Row]:
    """A row begins at a label after figures and after a line of bars alone; heads in front of it are a row of their own.

    A bar that stands alone ends a row, or is a blank cell: see `_bars_are_cells`.
    """
    blanks = _bars_are_cells(items)
    rows: list[_Row] = []
    labels: list[_Item] = []
    values: list[_Item] = []

    def close() -> None:
        heads, own = _heads_and_own(labels) if values else (list(labels), [])
        rows.extend(_Row([(item.text, item.line) for item in group]) for group in (heads, own + values) if group)
        labels.clear()
        values.clear()

    for item in items:
        if item.kind == "bar" or (item.kind == "blank" and not blanks):
            close()
        elif item.kind in ("label", "cell"):
            if values:
                close()
            labels.append(item)
        elif item.kind == "blank":
            if labels or values:
                values.append(item)
        elif item.kind in ("figure", "unit"):
            values.append(item)
    close()
    return rows


def _bars_are_cells(items: list[_Item]) -> bool:
    """Whether bars that stand alone are blank cells: several do so in a row, and with them all rows are as long.

    Where blank cells were lost and a bar ends a row, rows are of different lengths; one that seemed complete by its last
    bar would have its figures in other columns.
    """
    if not any(a.kind == b.kind == "blank" for a, b in pairwise(items)):
        return False
    lengths: set[int] = set()
    length = 0
    for item in [*items, _Item("bar", "", 0)]:
        if item.kind in ("figure", "unit", "blank"):
            length += 1
        elif item.kind != "skip":
            if length > 1:
                lengths.add(length)
            length = 0
    return len(lengths) == 1


def _heads_and_own(labels: list[_Item]) -> tuple[list[_Item], list[_Item]]:
    """Split the labels in front of figures into column heads and the row's own labels (its group first).

    A label that can be both (总计) is a head right behind one that can only be a head: 尚未审结, 总计, then figures.
    """
    if not labels:
        return [], []
    last = labels[-1]
    only_head = last.roles == {"column"}
    if len(labels) > 1 and "column" in last.roles and labels[-2].roles == {"column"}:
        only_head = True
    if only_head:
        return labels, []
    start = len(labels) - 1
    while start > 0 and "row" in labels[start - 1].roles and "column" not in labels[start - 1].roles:
        start -= 1
    return labels[:start], labels[start:]
