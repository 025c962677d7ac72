"""Plain text, Markdown and CSV: paragraphs, and tables in whatever way their cells were written.

Belongs here: which lines are a table and which are text, and the header that scraped files carry in front of their text.
Does not belong here: how tables are written (`separated`, `stream`), what a label means (`parsers.tables`), and digits
whose cell borders are lost (`parsers.tables.lost_grid`): those stay in their paragraph.
"""

from __future__ import annotations

import re
from functools import cached_property

from parsers.document import Cell, Document, Paragraph, Table, UnreadableError
from parsers.files.encoding import decode
from parsers.files.sniff import MARKDOWN, TEXT
from parsers.grammar.figures import is_figure
from parsers.grammar.labels import is_label
from schemas.characters import without_controls, without_overrides
from schemas.facts import Place

from . import doubts, markup, separated
from .markup import BLANKS, STRIP
from .raised import lowered
from .separated import Rows, Span
from .stream import Streams

MAX_BYTES = 30 * 1024 * 1024
MAX_LINES = 200_000

_NEWLINE = re.compile(r"\r\n|\r|\n")
_BODY = re.compile(r"[=＝]{3,}\s*正文\s*[=＝]{3,}")
_META = re.compile(r"([^:：\s][^:：]{0,19})[:：]\s*(.*)")
_HTML_TABLE = re.compile(r"\s*(?:<(?:!doctype|html|body|div|center|p)\b[^>]*>\s*)*<table[\s>]", re.IGNORECASE)


def read(data: bytes, name: str) -> Document:
    """The paragraphs and tables of a text or Markdown file.

    Raises `UnreadableError` of kind `too_large` beyond `MAX_BYTES` or `MAX_LINES`, `empty` when nothing is printed.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(
            "too_large", f"《{name}》的文本超过 {MAX_BYTES // 1024 // 1024} MB，不像是年度报告；请拆分后再提交。"
        )
    lines = _NEWLINE.split(without_overrides(without_controls(decode(data).lstrip("\ufeff"))))
    if len(lines) > MAX_LINES:
        raise UnreadableError("too_large", f"《{name}》的文本超过 {MAX_LINES} 行，不像是年度报告；请拆分后再提交。")
    if not any(line.strip(BLANKS) for line in lines):
        raise UnreadableError("empty", f"《{name}》里没有文字；请核对后重新提交。")
    return _Reader(lowered(lines), name).read()


class _Reader:
    """Walks the lines once; each kind of block takes the lines that are its own."""

    def __init__(self, lines: list[str], name: str) -> None:
        self.lines = lines
        self.name = name
        self.markdown = name.lower().endswith((".md", ".markdown")) or any(
            markup.heading(line) or markup.is_dashes(line) for line in lines[:2000]
        )
        self.document = Document(MARKDOWN if self.markdown else TEXT)
        self.tables = 0
        self.streams = Streams(lines)
        # What stands in rows that go on in the next lines is known to be nowhere for certain.
        self.broken = separated.broken_rows(lines)
        # Lines that a search for rows with tabs has passed in vain.
        self.no_tabs_before = 0

    def read(self) -> Document:
        if (sheet := separated.spreadsheet(self.lines, self.name)) is not None:
            self._sheet(sheet)
        else:
            i = start = self._header()
            while i < len(self.lines):
                i = self._html(i) or self._marked(i) or self._separated(i) or self._stream(i) or self._paragraph(i)
            self._lay_out(start)
        if self.document.title is None:
            self.document.title = next((p.text for p in self.document.paragraphs if p.heading == 1), None)
        return self.document

    # --- what stands in front of the text

    def _header(self) -> int:
        """Take ``key: value`` lines up to the line that opens the text, or a front matter between two ``---``."""
        start, end = 0, next((i for i, line in enumerate(self.lines[:60]) if _BODY.fullmatch(line.strip(STRIP))), None)
        if end is None and self.lines[0].strip() == "---":
            start = 1
            end = next((i for i, line in enumerate(self.lines[1:60], start=1) if line.strip() == "---"), None)
        if end is None:
            return 0
        for line in self.lines[start:end]:
            if m := _META.fullmatch(line.strip(STRIP)):
                self.document.metadata.setdefault(m[1].strip(), m[2].strip().strip("\"'"))
        title = self.document.metadata.get("标题") or self.document.metadata.get("title")
        self.document.title = title or None
        return end + 1

    # --- paragraphs

    def _paragraph(self, i: int) -> int:
        text = self.lines[i].strip(BLANKS)
        underlined = self.markdown and i + 1 < len(self.lines) and markup.underlines(self.lines[i + 1])
        if not text or (markup.is_rule(text) and not underlined):
            return i + 1
        level: int | None = 1 if underlined else None
        if found := markup.heading(self.lines[i]):
            level, text = found
        self._say(text, i + 1, level)
        return i + 1

    def _say(self, text: str, line: int, level: int | None = None) -> None:
        if self.markdown:
            self.document.has_pictures = self.document.has_pictures or markup.PICTURE.search(text) is not None
            text = markup.plain(text)
        if text:
            self.document.blocks.append(Paragraph(text, Place(line=line), level))

    # --- tables

    @cached_property
    def _of_two_years(self) -> bool:
        return doubts.are_of_two_years(self.lines)

    def _emit(self, rows: Rows, *, ragged: bool, blanks_seen: bool = True) -> None:
        """A table; words alone in its first rows that are no label are text above it: a title."""
        while len(rows) > 1 and len(rows[0]) > 1 and (title := _alone(rows[0], ragged=ragged)) is not None:
            self._say(title.text, title.line)
            rows = rows[1:]
        doubts.doubt_wrapped(rows, ragged=ragged)
        if ragged:
            doubts.doubt_numbers(rows)
            if not blanks_seen and self._of_two_years:
                doubts.doubt_single(rows)
        cells: list[Cell] = []
        width = 0
        for r, row in enumerate(rows):
            column = row[0].before
            # A blank may be what goes on below, and then its neighbours are not where they seem.
            broken = bool(self.broken) and any(not s.text for s in row) and any(s.line in self.broken for s in row)
            for span in row:
                doubt = span.doubt or ("wrapped" if broken and (not span.text or is_figure(span.text)) else None)
                cells.append(Cell(span.text, r, column, 1, span.columns, line=span.line, doubt=doubt))
                column += span.columns
            width = max(width, column)
        self.tables += 1
        line = rows[0][0].line
        self.document.blocks.append(
            Table(self.tables, cells, len(rows), width, ragged=ragged, blanks_seen=blanks_seen, line=line)
        )

    def _sheet(self, rows: list[list[Span]]) -> None:
        for block in separated.sheet_blocks(rows):
            if isinstance(block, Span):
                self._say(block.text, block.line)
            else:
                self._emit(separated.with_spans(block), ragged=False)

    def _html(self, i: int) -> int | None:
        """A table in HTML among the lines, as character readers write it."""
        if not _HTML_TABLE.match(self.lines[i]):
            return None
        from parsers.readers import html

        # The tag that closes the table may share its line with other text; the page's reader takes that too.
        depth = 0
        for end in range(i, len(self.lines)):
            line = self.lines[end].lower()
            depth += line.count("<table") - line.count("</table")
            if depth <= 0:
                break
        page = "\n".join(self.lines[i : end + 1])
        try:
            inner = html.read(f"<meta charset=utf-8><body>{page}".encode(), self.name)
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

    def _marked(self, i: int) -> int | None:
        """A table in the markup of a wiki, of which nothing is certain."""
        from . import marked

        block = marked.table(self.lines, i)
        if block is None:
            return None
        self._emit(block.rows, ragged=False)
        return block.end

    def _separated(self, i: int) -> int | None:
        block = separated.boxes(self.lines, i) or separated.bars(self.lines, i)
        if block is None and i >= self.no_tabs_before:
            block, end = separated.tabs(self.lines, i)
            if block is None:
                self.no_tabs_before = end
        if block is None:
            return None
        if block.spans:
            self._emit(block.rows, ragged=False)
            return block.end
        if block.cut or not separated.stands_in_columns(block.rows):
            if (after := self._stream(i)) is not None:
                return after
            block.aligned = False
        rows = separated.with_spans(block.rows) if block.aligned else block.rows
        self._emit(rows, ragged=not block.aligned)
        return block.end

    def _stream(self, i: int) -> int | None:
        if not self.streams.may_start_at(i):
            return None
        if self.markdown and separated.stands_above_a_table(self.lines, i):
            return None
        if separated.stands_above_a_whole_table(self.lines, i):
            return None
        run = self.streams.starting_at(i)
        if run is None:
            return None
        self._emit(run.rows, ragged=True, blanks_seen=run.blanks_seen)
        return run.end

    def _lay_out(self, start: int) -> None:
        """Read the lines as a page instead, where spaces hold columns apart and more whole rows come out that way."""
        from . import page

        lines = [*[""] * start, *self.lines[start:]]
        if not page.is_laid_out(lines):
            return
        blocks, aside = page.read(lines)
        found = [[[Span(c.text, 0, 1, c.doubt) for c in row if c] for row in t.grid()] for t in self.document.tables]
        laid = [block.rows for block in blocks if not isinstance(block, Paragraph)]
        if page.figures_under_labels(laid) <= page.figures_under_labels(found):
            return
        self.document.blocks, self.document.aside, self.tables = [], aside, 0
        for block in blocks:
            if isinstance(block, Paragraph):
                self.document.blocks.append(block)
            else:
                self._emit(block.rows, ragged=True, blanks_seen=block.blanks_seen)


def _alone(row: list[Span], *, ragged: bool) -> Span | None:
    """The words that stand alone in a row, once or in every column, if they are no label."""
    filled = [span for span in row if span.text]
    if not filled or len({span.text for span in filled}) > 1 or is_label(filled[0].text):
        return None
    if len(filled) > 1 and (ragged or len(filled) < len(row)):
        return None
    return None if is_figure(filled[0].text) else filled[0]
