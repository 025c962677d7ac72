"""One walk over a page's tree, feeding the builder with what is printed.

Belongs here: blocks and lines, layout tables, hidden and struck text, form fields, note marks, Word's export markup.
Does not belong here: how lines and grids are put together (`builder`), the tree (`page`), grids (`tables`), styles
(`effects`, `styles`).

The walk keeps its own stack, since a page may nest as deep as its author forgot end tags (lxml stops at 2,048).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from parsers.grammar.labels import is_label
from parsers.readers.builder import MAX_COLUMNS, Builder, Flow, span

from .page import collapse
from .styles import Effect
from .tables import RawCell, RawTable, placed, rowspan_of

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p pre section summary ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset(("td", "th"))
_SPECIAL_BLOCKS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "pre", "details"))
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
# Never printed, and not what an editor left over either.
_SKIPPED_NAMES = (
    "area audio base canvas col colgroup datalist head link map meta noframes noscript param applet rp rt script "
    "style svg template title track video xml"
)
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
# Of these a picture is seen.
_DRAWN = frozenset(("canvas", "svg", "video", "applet"))
_TABLE_PARTS = frozenset(("thead", "tbody", "tfoot", "tr", "td", "th"))
# The elements that most pages mostly consist of and that do nothing by themselves.
_INLINE = frozenset(("span", "font", "b", "strong", "i", "em", "u", "o:p", "small", "big", "label", "tt", "code"))
_TEXT_INPUTS = frozenset({"", "text", "number", "tel", "email", "search", "url", "date", "month"})
_ATTACHMENT = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|et|ofd|rtf|zip|rar|7z)(?:[?#]|$)", re.IGNORECASE)
# As scripts write characters.
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_CELL_WRITTEN = re.compile(r"<t[dh]\b[^<>]{0,300}>([^<>]{2,80})<")
# Smaller pictures are icons and rules.
_PICTURE_WIDTH, _PICTURE_HEIGHT = 200, 60


class Walk:
    """One pass over the tree, feeding the builder."""

    def __init__(self, builder: Builder, effects: dict[Any, Effect]) -> None:
        self.builder = builder
        self.effects = effects
        self.tables: list[RawTable] = []
        # The flows around the open cells.
        self.flows: list[Flow] = []
        # Text that is there but not printed, while it is being walked through: why, and its pieces.
        self.muted: tuple[str, list[str]] | None = None
        # For every element around that is off its line whether it is raised for certain.
        self.off_line: list[bool] = []
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
                    said = element.text
                    if said:
                        text(said)
                    if len(element):
                        stack.append((children, element, opened))
                        children = iter(element)
                        continue
                    for ending in opened:
                        ending()
            said = element.tail
            if said:
                text(said)

    def _text(self, text: str) -> None:
        if self.muted is None and not self.off_line and not self.preformatted:
            self.builder.flow.parts.append(text)
        elif self.muted is not None:
            self.muted[1].append(text)
        elif self.off_line:
            self.builder.raised(text, sure=any(self.off_line))
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
            if tag in _DRAWN and self.tables and self.muted is None:
                self.builder.opaque()
            if tag == "script" and _writes_a_table(element.text or ""):
                # It is seen in a browser, and what of it the page's script changes nobody knows.
                self.builder.has_pictures = True
                self.builder.apart.add("object")
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
            if tag not in ("td", "th", "tr", "img") and not block and (effect.raised or effect.lifted):
                endings.append(self._raise(sure=effect.raised))
            kind = "struck" if effect.struck else "hidden" if effect.invisible else None
            # Scripts fade whole pages in.
            if kind and tag not in ("html", "body") and not self._mute(element, tag, kind, endings):
                return None
        handler = _HANDLERS.get(tag)
        if handler is not None:
            if not handler(self, element, tag, endings):
                return None
        elif block:
            self._block(tag, endings)
        if effect is not None and (effect.doubtful or effect.generated or effect.reversed):
            self.builder.doubt("hidden")
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
            self.builder.note(kind, collapse(text), apart=True)

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
        self.builder.note(kind, collapse("".join(parts)), apart=True)

    def _raise(self, *, sure: bool) -> _Ending:
        self.off_line.append(sure)
        return self._lower

    def _lower(self) -> None:
        self.off_line.pop()

    def _on_raised(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        endings.append(self._raise(sure=True))
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
            self.builder.apart.add("attachment")
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
        self.tables.append(RawTable())
        endings.append(self._end_table)
        return True

    def _end_table(self) -> None:
        drafts, n_rows = placed(self.tables.pop().in_printed_order())
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
        cell = RawCell(
            flow,
            1 if rowspan is None else rowspan_of(rowspan),
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
        kind = (element.get("type") or "").strip().lower()
        if kind in _TEXT_INPUTS:
            self._text(element.get("value") or "")
        elif kind != "hidden" and self.tables and self.muted is None:
            self.builder.opaque()
        return True

    def _on_textarea(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        for number, line in enumerate((element.text or "").split("\n")):
            if number:
                self.builder.break_line()
            self._text(line)
        return False

    def _on_select(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        options = list(element.iter("option"))
        if len(options) > 1 and not self.tables:
            # A choice beside the text is the page's: which bodies, which years there are.
            return False
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

    def _on_details(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        """Folded text beside a cell's own is not seen; a cell, or a part of the page, that is folded as a whole is."""
        cell = next((a for a in element.iterancestors("td", "th")), None) if self.tables else None
        folded = "".join(element.itertext())
        own = len("".join("".join(cell.itertext()).split())) if cell is not None else 0
        if self.muted is not None or element.get("open") is not None or own <= len("".join(folded.split())):
            self._block(tag, endings)
            return True
        self.builder.break_line()
        self._text("".join(text for summary in element.iterchildren("summary") for text in summary.itertext()))
        self.builder.break_line()
        self._leave_out(element, "hidden")
        return False

    def _on_image(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        if self.muted is not None:
            return True
        # A linked picture leads elsewhere; it is not part of the report.
        if not self.links and _may_hold_a_table(element):
            self.builder.has_pictures = True
        # A picture of next to no size keeps a place free, or counts visits.
        spacer = any(re.fullmatch(r"[0-3](?:px)?", (element.get(a) or "").strip()) for a in ("width", "height"))
        if self.tables and not spacer:
            self.builder.opaque()
        return True

    def _on_frame(self, element: Any, tag: str, endings: list[_Ending]) -> bool:
        self.builder.has_pictures = True
        self.builder.apart.add("object")
        address = (element.get("src") or element.get("data") or "").strip()
        if address and self.muted is None:
            self.builder.elsewhere.append(address)
        if self.tables:
            self.builder.opaque()
        return False


def _writes_a_table(script: str) -> bool:
    """Whether a script holds cells with labels of the forms: it puts a table into the page."""
    if "\\" in script:
        script = _ESCAPED.sub(lambda m: chr(int(m[1] or m[2], 16)), script)
    return "<td" in script and any(is_label(m[1].strip()) for m in _CELL_WRITTEN.finditer(script))


def _may_hold_a_table(image: Any) -> bool:
    for attribute, least in (("width", _PICTURE_WIDTH), ("height", _PICTURE_HEIGHT)):
        m = re.fullmatch(r"(\d{1,5})(?:\.\d+)?(?:px)?", (image.get(attribute) or "").strip())
        if m and int(m[1]) < least:
            return False
    return bool((image.get("src") or "").strip())


_Ending = Callable[[], None]
_Handler = Callable[[Walk, Any, str, list[_Ending]], bool]
_HANDLERS: dict[str, _Handler] = {
    "table": Walk._on_table,
    "thead": Walk._on_group,
    "tbody": Walk._on_group,
    "tfoot": Walk._on_group,
    "tr": Walk._on_row,
    "td": Walk._on_cell,
    "th": Walk._on_cell,
    "br": Walk._on_br,
    "sup": Walk._on_raised,
    "sub": Walk._on_raised,
    "del": Walk._on_struck,
    "s": Walk._on_struck,
    "strike": Walk._on_struck,
    "a": Walk._on_link,
    "input": Walk._on_input,
    "textarea": Walk._on_textarea,
    "select": Walk._on_select,
    "pre": Walk._on_pre,
    "details": Walk._on_details,
    "img": Walk._on_image,
    "frame": Walk._on_frame,
    "iframe": Walk._on_frame,
    "embed": Walk._on_frame,
    "object": Walk._on_frame,
}
