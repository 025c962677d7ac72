"""Web pages: lxml parses, our own walk decides what is printed and rebuilds the grid of each table from its spans.

Belongs here: what of HTML and inline CSS decides what is printed where: blocks and lines, rowspan and colspan, layout
tables, hidden and struck text, form fields, note marks, Word's export markup; title and metadata of the page.
Does not belong here: how lines and grids are put together (`building`), encodings (`encoding`), any label's meaning.

The walk keeps its own stack, since a page may nest as deep as its author forgot end tags (lxml stops at 2,048).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from parsers.document import Document, UnreadableError
from parsers.files.encoding import decode
from parsers.files.sniff import HTML, sniff, unsupported_message
from schemas.characters import REPLACEMENT, without_controls

from .builder import MAX_COLUMNS, Builder, CellDraft, Flow, span
from .styles import Effect, Sheet

MAX_BYTES = 30_000_000
# Each tag costs time and memory whatever it holds; the longest pages have some 20,000.
MAX_TAGS = 400_000
# libxml2 compares each attribute of a tag with all before it. Only tags longer than LONG_TAG are looked at.
MAX_ATTRIBUTES = 500
LONG_TAG = 8_000
# HTML's own limit for a rowspan; 0 stands for all rows that follow.
_MANY = 65_534

_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[\s/]*[^\s>/][^\s=>/]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*))?")
_TAG_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_SPACES = re.compile(r"[ \t\n\r\f]+")
# No tree may hold these; lxml would end the page at the first of them. In HTML a vertical tab is no white space.
_CONTROLS = bytes([*range(9), 11, *range(14, 32)])
# Within and behind words they are dirt that no browser shows. Beside a figure one may have been a digit.
_DIRT = re.compile(r"(?<=[^\W\d_])[\x00-\x08\x0b\x0e-\x1f]+(?!(?:\s|&nbsp;|<[^<>]{0,500}>)*(?:\d|&#))")

_BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "p",
        "pre",
        "section",
        "summary",
        "ul",
    )
)
_CELLS = frozenset(("td", "th"))
_SPECIAL_BLOCKS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "pre"))
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
# Never printed, and not what an editor left over either.
_SKIPPED = frozenset(
    (
        "area",
        "audio",
        "base",
        "canvas",
        "col",
        "colgroup",
        "datalist",
        "frameset",
        "head",
        "link",
        "map",
        "meta",
        "noframes",
        "noscript",
        "param",
        "applet",
        "rp",
        "rt",
        "script",
        "style",
        "svg",
        "template",
        "title",
        "track",
        "video",
        "xml",
    )
)
_TABLE_PARTS = frozenset(("thead", "tbody", "tfoot", "tr", "td", "th"))
# The elements that most pages mostly consist of and that do nothing by themselves.
_INLINE = frozenset(("span", "font", "b", "strong", "i", "em", "u", "o:p", "small", "big", "label", "tt", "code"))
_TEXT_INPUTS = frozenset({"", "text", "number", "tel", "email", "search", "url", "date", "month"})
_ATTACHMENT = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|et|ofd|rtf|zip|rar|7z)(?:[?#]|$)", re.IGNORECASE)
# Smaller pictures are icons and rules.
_PICTURE_WIDTH, _PICTURE_HEIGHT = 200, 60

_CLASSED = etree.XPath("//*[@class or @id]")
# The words in a page without which no inline style matters here, and how lxml finds the elements that bear them: asking
# every element for its attributes would cost more than the walk.
_STYLE_WORDS = ("display", "visibility", "line-through", "super", "sub", "text-top", "text-bottom")
_STYLED = etree.XPath(
    "//*[@style[" + " or ".join(f"contains(., '{w}') or contains(., '{w.upper()}')" for w in _STYLE_WORDS) + "]]"
)
_HIDDEN = etree.XPath("//*[@hidden]")


def read(data: bytes, name: str) -> Document:
    """Reads a page or a fragment of one from its bytes. ``name`` is the file's, for messages.

    Raises `UnreadableError`: ``empty``, ``too_large``, ``scan`` (pictures only), ``unreadable`` (no page at all).
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableError(*unsupported_message("application/x-empty", name))
    if len(data) > MAX_BYTES:
        raise UnreadableError(
            "too_large", f"《{name}》超过{MAX_BYTES // 1_000_000}MB，未读取；请只保留年度报告正文，另存后再提交。"
        )
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"):
        raise UnreadableError(*unsupported_message(sniff(data, name), name))
    builder = Builder(name, HTML, collapse=_collapse)
    text = decode(data, _declared(data))
    root = _parse(text, builder)
    if root is None:
        raise UnreadableError("empty", f"《{name}》中没有任何文字，请核对文件内容。")
    title, metadata, sheet = _head(root)
    try:
        effects = _effects(root, sheet, text)
    except OverflowError as error:
        raise builder.too_large() from error
    _Walk(builder, effects).walk(root)
    return builder.document(title, metadata)


def _collapse(text: str) -> str:
    return _SPACES.sub(" ", text)


def _declared(data: bytes) -> str | None:
    m = _XML_ENCODING.match(data[:300]) or _CHARSET.search(data[:8192])
    return m[1].decode("ascii", errors="replace") if m else None


def _parse(text: str, builder: Builder) -> Any | None:
    if text.count("<") > MAX_TAGS or _has_endless_tag(text):
        raise builder.too_large()
    # huge_tree: pages that never close a <font> nest deeper than 256 levels; 2,048 is the limit then.
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = etree.fromstring(_markup(text), parser)
    except etree.XMLSyntaxError as error:
        if text.strip():
            raise UnreadableError(
                "unreadable", f"《{builder.name}》不是可以识别的网页，无法读取；请在浏览器中打开后另存为 .html 再提交。"
            ) from error
        return None
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        # The rest of the page is missing from the tree; half a report is worse than none.
        raise builder.too_large()
    return root


def _markup(text: str) -> bytes:
    """The page in UTF-8, as a tree may hold it: what a control character stood for is lost, and must be seen to be."""
    markup = text.encode("utf-8", errors="replace")
    if len(markup.translate(None, _CONTROLS)) < len(markup):
        seen = _DIRT.sub("", markup.decode("utf-8")).replace("\x0b", REPLACEMENT)
        markup = without_controls(seen).encode("utf-8")
    return markup


def _has_endless_tag(text: str) -> bool:
    """Whether a tag has so many attributes that parsing it would take minutes."""
    if max(map(len, text.split("<"))) < LONG_TAG:
        return False
    return any(
        len(piece) >= LONG_TAG and _attributes(piece) > MAX_ATTRIBUTES for piece in _without_scripts(text).split("<")
    )


def _attributes(tag: str) -> int:
    """How many attributes a tag has, written without its ``<``; counts no further than is needed."""
    m = _TAG_NAME.match(tag)
    count = 0
    while m and count <= MAX_ATTRIBUTES:
        m = _ATTRIBUTE.match(tag, m.end())
        count += m is not None
    return count


def _without_scripts(text: str) -> str:
    """The page without its scripts, in which ``<`` begins no tag."""
    lower = text.lower()
    kept, at = [], 0
    while (start := lower.find("<script", at)) >= 0:
        kept.append(text[at:start])
        at = lower.find("</script", start)
        if at < 0:
            return "".join(kept)
    return "".join([*kept, text[at:]])


def _head(root: Any) -> tuple[str | None, dict[str, str], Sheet]:
    """Title, metadata and style rules of the page."""
    title: str | None = None
    metadata: dict[str, str] = {}
    sheet = Sheet()
    for element in root.iter("title", "meta", "style"):
        if element.tag == "title":
            title = title or _collapse("".join(element.itertext())).strip() or None
        elif element.tag == "style":
            sheet.add(element.text or "", element.get("media", ""))
        else:
            key = (element.get("name") or element.get("property") or "").strip().lower()
            content = (element.get("content") or "").strip()
            if key and content:
                metadata.setdefault(key, content)
    return title, metadata, sheet


def _effects(root: Any, sheet: Sheet, text: str) -> dict[Any, Effect]:
    """What styles do to an element, for those they do something to."""
    found: dict[Any, None] = dict.fromkeys(_CLASSED(root)) if sheet else {}
    lower = text.lower()
    if any(word in lower for word in _STYLE_WORDS):
        found.update(dict.fromkeys(_STYLED(root)))
    if "hidden" in lower:
        found.update(dict.fromkeys(_HIDDEN(root)))
    effects: dict[Any, Effect] = {}
    for element in found:
        effect = sheet.effect(element.tag, element.get("id"), element.get("class"), element.get("style"))
        if element.get("hidden") is not None and not (effect and effect.display):
            effect = _GONE
        if effect is not None:
            effects[element] = effect
    return effects


_GONE = Effect(display="none")


@dataclass(slots=True)
class _RawCell:
    """A td or th with its spans as they are written."""

    flow: Flow
    rowspan: int
    colspan: int


class _RawTable:
    """A table while it is open: rows by group (thead, tbody, tfoot), since no cell reaches beyond its group."""

    __slots__ = ("_rows", "groups", "in_row")

    def __init__(self) -> None:
        self.groups: list[tuple[str, list[list[_RawCell]]]] = []
        self._rows: list[list[_RawCell]] | None = None
        self.in_row = False

    def open_group(self, tag: str) -> None:
        self._rows = []
        self.groups.append((tag, self._rows))
        self.in_row = False

    def close_group(self) -> None:
        self._rows = None
        self.in_row = False

    def open_row(self) -> None:
        if self._rows is None:
            self.open_group("tbody")
        assert self._rows is not None
        self._rows.append([])
        self.in_row = True

    def close_row(self) -> None:
        self.in_row = False

    def add(self, cell: _RawCell) -> None:
        if not self.in_row:
            self.open_row()
        assert self._rows is not None
        self._rows[-1].append(cell)

    def in_printed_order(self) -> list[list[list[_RawCell]]]:
        """The groups with the first head on top and the first foot at the bottom, wherever they are written."""
        heads = [rows for tag, rows in self.groups if tag == "thead"][:1]
        feet = [rows for tag, rows in self.groups if tag == "tfoot"][:1]
        between = [rows for _, rows in self.groups if not any(rows is other for other in (*heads, *feet))]
        return [*heads, *between, *feet]


def _placed(groups: list[list[list[_RawCell]]]) -> tuple[list[CellDraft], int]:
    """The cells at their grid positions, and the number of rows.

    HTML's own algorithm: a cell takes the first free place of its row. A colspan beyond all bounds reaches to where
    the other rows of the table end.
    """
    drafts, n_rows, free = _place(groups, {})
    absurd = {id(c): c for rows in groups for row in rows for c in row if c.colspan > MAX_COLUMNS}
    if absurd:
        stretched: dict[int, int] = {}
        for row, slack in zip((row for rows in groups for row in rows), free, strict=True):
            wide = next((c for c in row if id(c) in absurd), None)
            if wide is not None:
                stretched[id(wide)] = 1 + slack
        drafts, n_rows, _ = _place(groups, stretched)
    return drafts, n_rows


def _place(groups: list[list[list[_RawCell]]], stretched: dict[int, int]) -> tuple[list[CellDraft], int, list[int]]:
    """Drafts, number of rows, and for every row how many columns of the table it leaves free at its end."""
    drafts: list[CellDraft] = []
    used: list[int] = []
    first_row = 0
    for rows in groups:
        # For every column the row of this group up to which it is taken by a cell from above.
        taken: list[int] = []
        for r, row in enumerate(rows):
            column = 0
            width = sum(1 for until in taken if until > r)
            for cell in row:
                while column < len(taken) and taken[column] > r:
                    column += 1
                colspan = stretched.get(id(cell), 1 if cell.colspan > MAX_COLUMNS else cell.colspan)
                rowspan = min(cell.rowspan, len(rows) - r)
                drafts.append(CellDraft(cell.flow, first_row + r, column, rowspan, colspan))
                width += colspan
                end = column + colspan
                if end <= MAX_COLUMNS:
                    taken.extend([0] * (end - len(taken)))
                    for c in range(column, end):
                        taken[c] = max(taken[c], r + rowspan)
                column = end
            used.append(width)
        first_row += len(rows)
    most = max(used, default=0)
    return drafts, first_row, [most - width for width in used]


class _Walk:
    """One pass over the tree, feeding the builder."""

    def __init__(self, builder: Builder, effects: dict[Any, Effect]) -> None:
        self.builder = builder
        self.effects = effects
        self.tables: list[_RawTable] = []
        # The flows around the open cells.
        self.flows: list[Flow] = []
        # Text that is there but not printed, while it is being walked through: why, and its pieces.
        self.muted: tuple[str, list[str]] | None = None
        self.raised = 0
        self.links = 0
        self.preformatted = 0
        self.line_end: tuple[_Ending, ...] = (builder.break_line,)
        self.cell_end: tuple[_Ending, ...] = (self._end_cell,)

    def walk(self, root: Any) -> None:
        """Walks through ``root`` without recursion: what the end of an element has to do waits on the stack."""
        stack: list[tuple[Iterator[Any], Any, tuple[_Ending, ...]]] = []
        children = iter((root,))
        text, start, effects = self._text, self._start, self.effects
        while True:
            element = next(children, None)
            if element is None:
                if not stack:
                    return
                children, element, endings = stack.pop()
                for ending in endings:
                    ending()
            else:
                tag = element.tag
                opened = () if tag in _INLINE and element not in effects else start(element, tag)
                if opened is not None:
                    if element.text:
                        text(element.text)
                    if len(element):
                        stack.append((children, element, opened))
                        children = iter(element)
                        continue
                    for ending in opened:
                        ending()
            if element.tail:
                text(element.tail)

    def _text(self, text: str) -> None:
        if self.muted is not None:
            self.muted[1].append(text)
        elif self.raised:
            self.builder.raised(text)
        elif self.preformatted and "\n" in text:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.builder.break_line()
                self.builder.text(line)
        else:
            self.builder.text(text)

    # -- elements -----------------------------------------------------------------------------------------------------

    def _start(self, element: Any, tag: Any) -> tuple[_Ending, ...] | None:
        """Opens an element: what its end has to do, in order, or None for one that is not gone into."""
        if not isinstance(tag, str):
            # An unknown entity is printed as it stands.
            self._text(element.text or "")
            return None
        if tag in _SKIPPED:
            return None
        effect = self.effects.get(element)
        block = tag in _BLOCKS
        if effect is None:
            # The two that pages hold by the hundred.
            if block and tag not in _SPECIAL_BLOCKS:
                self.builder.break_line()
                return self.line_end
            if tag in _CELLS and self.tables:
                self._open_cell(element)
                return self.cell_end
        endings: list[_Ending] = []
        if effect is not None:
            if effect.display == "none" and tag not in ("html", "body"):
                self._leave_out(element, "hidden")
                return None
            block = block or effect.display == "block"
            if effect.raised and tag not in ("td", "th", "tr", "img"):
                endings.append(self._raise())
            kind = "struck" if effect.struck else "hidden" if effect.invisible else None
            if kind and not self._mute(element, tag, kind, endings):
                return None
        handler = _HANDLERS.get(tag)
        if handler is not None:
            if not handler(self, element, tag, endings):
                return None
        elif block:
            self._block(tag, endings)
        # What was opened last ends first.
        return tuple(reversed(endings))

    def _block(self, tag: str, endings: list[_Ending]) -> None:
        builder = self.builder
        builder.break_line()
        if tag in _HEADINGS:
            builder.flow.heading = _HEADINGS[tag]
            endings.append(self._end_heading)
        endings.append(builder.break_line)

    def _end_heading(self) -> None:
        self.builder.flow.heading = None

    def _leave_out(self, element: Any, kind: str) -> None:
        text = "".join(element.itertext())
        if self.muted is not None:
            self.muted[1].append(text)
        else:
            self.builder.note(kind, _collapse(text), apart=True)

    def _mute(self, element: Any, tag: str, kind: str, endings: list[_Ending]) -> bool:
        """Leaves out what stands in the element but keeps cells in their places. False if there is nothing to go into."""
        if self.muted is not None:
            return True
        if tag not in _TABLE_PARTS and next(element.iter("table"), None) is not None:
            # An empty grid would look like a table without figures.
            self._leave_out(element, kind)
            return False
        self.muted = (kind, [])
        endings.append(self._unmute)
        return True

    def _unmute(self) -> None:
        assert self.muted is not None
        kind, parts = self.muted
        self.muted = None
        self.builder.note(kind, _collapse("".join(parts)), apart=True)

    def _raise(self) -> _Ending:
        self.raised += 1
        return self._lower

    def _lower(self) -> None:
        self.raised -= 1

    def _on_raised(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        endings.append(self._raise())
        return True

    def _on_struck(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        return self._mute(element, tag, "struck", endings)

    def _on_br(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        self.builder.break_line()
        # Left without an end tag, it may hold what follows.
        return True

    def _on_link(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        if _ATTACHMENT.search(element.get("href") or ""):
            # What is attached may hold the tables that the page lacks.
            self.builder.has_pictures = True
        self.links += 1
        endings.append(self._end_link)
        return True

    def _end_link(self) -> None:
        self.links -= 1

    # -- tables -------------------------------------------------------------------------------------------------------

    def _on_table(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        if self.muted is not None:
            self._leave_out(element, self.muted[0])
            return False
        self.builder.break_line()
        self.tables.append(_RawTable())
        endings.append(self._end_table)
        return True

    def _end_table(self) -> None:
        drafts, n_rows = _placed(self.tables.pop().in_printed_order())
        self.builder.table(drafts, n_rows)

    def _on_group(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        if self.tables:
            self.tables[-1].open_group(tag)
            endings.append(self.tables[-1].close_group)
        return True

    def _on_row(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        if self.tables:
            self.tables[-1].open_row()
            endings.append(self.tables[-1].close_row)
        else:
            self._block(tag, endings)
        return True

    def _on_cell(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        if not self.tables:
            # Browsers ignore the tag, too; only the texts of two cells must not run together.
            self._block(tag, endings)
            return True
        self._open_cell(element)
        # What a style does to the cell ends before the cell does.
        endings.insert(0, self._end_cell)
        return True

    def _open_cell(self, element: Any) -> None:
        builder = self.builder
        builder.count_cell()
        flow = Flow()
        rowspan, colspan = element.get("rowspan"), element.get("colspan")
        cell = _RawCell(
            flow,
            1 if rowspan is None else _rowspan(rowspan),
            1 if colspan is None else span(colspan, MAX_COLUMNS + 1),
        )
        self.tables[-1].add(cell)
        self.flows.append(builder.flow)
        builder.flow = flow

    def _end_cell(self) -> None:
        self.builder.break_line()
        self.builder.flow = self.flows.pop()

    # -- fields and pictures ------------------------------------------------------------------------------------------

    def _on_input(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        if (element.get("type") or "").strip().lower() in _TEXT_INPUTS:
            self._text(element.get("value") or "")
        return True

    def _on_textarea(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        for number, line in enumerate((element.text or "").split("\n")):
            if number:
                self.builder.break_line()
            self._text(line)
        return False

    def _on_select(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        options = list(element.iter("option"))
        chosen = next((o for o in options if o.get("selected") is not None), options[0] if options else None)
        if chosen is not None:
            self._text("".join(chosen.itertext()))
        return False

    def _on_pre(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        self._block(tag, endings)
        self.preformatted += 1
        endings.append(self._end_pre)
        return True

    def _end_pre(self) -> None:
        self.preformatted -= 1

    def _on_image(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        # A linked picture leads elsewhere; it is not part of the report.
        if not self.links and self.muted is None and _may_hold_a_table(element):
            self.builder.has_pictures = True
        return True

    def _on_frame(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        self.builder.has_pictures = True
        return False


def _rowspan(printed: str) -> int:
    """HTML's own reading of a rowspan: 0 means all rows that follow in the group."""
    return _MANY if re.match(r"\s*\+?0+(?![0-9])", printed) else span(printed, _MANY)


def _may_hold_a_table(image: Any) -> bool:
    for attribute, least in (("width", _PICTURE_WIDTH), ("height", _PICTURE_HEIGHT)):
        m = re.fullmatch(r"(\d{1,5})(?:\.\d+)?(?:px)?", (image.get(attribute) or "").strip())
        if m and int(m[1]) < least:
            return False
    return bool((image.get("src") or "").strip())


_Ending = Callable[[], None]
_Handler = Callable[[_Walk, Any, str, list[_Ending]], bool]
_HANDLERS: dict[str, _Handler] = {
    "table": _Walk._on_table,
    "thead": _Walk._on_group,
    "tbody": _Walk._on_group,
    "tfoot": _Walk._on_group,
    "tr": _Walk._on_row,
    "td": _Walk._on_cell,
    "th": _Walk._on_cell,
    "br": _Walk._on_br,
    "sup": _Walk._on_raised,
    "sub": _Walk._on_raised,
    "del": _Walk._on_struck,
    "s": _Walk._on_struck,
    "strike": _Walk._on_struck,
    "a": _Walk._on_link,
    "input": _Walk._on_input,
    "textarea": _Walk._on_textarea,
    "select": _Walk._on_select,
    "pre": _Walk._on_pre,
    "img": _Walk._on_image,
    "iframe": _Walk._on_frame,
    "embed": _Walk._on_frame,
    "object": _Walk._on_frame,
}
