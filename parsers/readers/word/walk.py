"""One walk over a Word document's body, in the order in which it is printed.

Belongs here: everything of WordprocessingML that decides what is printed where: spans and merges, nested tables, text
boxes, content controls, tracked changes, hidden and struck text, fields, note marks.
Does not belong here: how lines and grids are put together (`builder`), the package (`package`), styles (`looks`), any
label's meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lxml import etree

from parsers.document import Document, UnreadableError
from parsers.files.archive import Archive, looks_like_zip
from parsers.files.sniff import DOCX, FLAT_DOCX, HTML, sniff, unsupported_message
from parsers.grammar.figures import is_value_like
from parsers.readers.builder import MAX_COLUMNS, MAX_ROWS, Builder, CellDraft, Flow, Line
from parsers.readers.colours import Seen
from schemas.characters import REPLACEMENT
from schemas.facts import Problem

from . import markup
from .grounds import Grounds
from .looks import PLAIN, Look, Paint, ground_of, level_of, of_interest, properties_of, run_look, styles_of
from .numbering import Number, Numbering
from .package import FlatParts, Package, parsed
from .rows import RawCell, cells_of, row_properties, within

MAX_FIELD_DEPTH = 30
# Programs that merge documents make one part for each.
MOST_CHUNKS = 20
# The author of the comments in a reviewed copy: they are no trace of an edit, so the copy checks as the draft does.
OUR_AUTHOR = "勾稽"


@dataclass(slots=True, frozen=True)
class Origins:
    """Where in the main part (``member`` of the package) stands what a document's places name.

    ``cells`` by (table, row, column) and ``paragraphs`` by number, counted as in `Place`; the values are positions of
    w:tc and w:p among all elements of the part, from 0.
    """

    member: str
    cells: dict[tuple[int, int, int], int]
    paragraphs: dict[int, int]


def origins(data: bytes, name: str) -> Origins:
    """The elements behind the places of a Word document, found by the same walk that `read` makes.

    Raises `UnreadableError` as `read` does.
    """
    return _walked(data, name)[1].origins()


def read(data: bytes, name: str) -> Document:
    """Reads a .docx or .docm from its bytes. ``name`` is the file's, for messages.

    Raises `UnreadableError`: ``unreadable``, ``encrypted``, ``empty``, ``too_large``, ``scan``.
    """
    return _walked(data, name)[0]


def _walked(data: bytes, name: str) -> tuple[Document, _Walk]:
    media_type = DOCX if looks_like_zip(data) else sniff(data, name)
    if media_type not in (DOCX, FLAT_DOCX):
        raise UnreadableError(*unsupported_message(media_type, name))
    try:
        package = Package(Archive(data, name) if media_type == DOCX else FlatParts(data, name))
        if package.main is None:
            raise UnreadableError(*unsupported_message(sniff(data, name), name))
        walk = _Walk(package, media_type)
        return walk.document(), walk
    except (etree.XMLSyntaxError, RecursionError, LookupError, ValueError, TypeError) as error:
        raise UnreadableError(
            "unreadable",
            f"《{name}》内部结构已损坏，无法读取；请在 Word/WPS 中打开后另存为新的 .docx，再重新提交。",
        ) from error


class _Walk:
    """One pass over the body, in the order in which it is printed."""

    def __init__(self, package: Package, media_type: str) -> None:
        self.package = package
        self.builder = Builder(package.archive.name, media_type)
        self.styles_part = package.part("styles")
        self.styles = styles_of(self.styles_part)
        self.grounds = Grounds(self.styles_part, self.styles.values())
        self.properties: dict[Any, list[Any]] = {}
        self.comments: dict[str, str | None] | None = None  # by id; None for a comment of ours
        # Open fields: True where the result is being read, False where it is still the instruction.
        self.fields: list[bool] = []
        self.formula = False
        # Text boxes met in the open paragraph, to be set behind it (or behind the table it stands in).
        self.boxes: list[Flow] = []
        self.depth = 0  # tables that the walk is inside of
        self.chunks = 0  # other documents that were pulled in so far
        self.inserting = False  # inside a tracked insertion, which is noted once as a whole
        self.base = PLAIN  # what the style of the open paragraph says
        self.numbering: Numbering | None = None
        self.root: Any = None
        self.cell_elements: list[tuple[Flow, Any]] = []

    def origins(self) -> Origins:
        """Only after `document`: places are known when everything is settled."""
        assert self.package.main is not None
        position = {element: i for i, element in enumerate(self.root.iter("*"))}
        cells = {}
        for flow, element in self.cell_elements:
            if flow.cell is not None and flow.table is not None and flow.table.table is not None:
                place = flow.table.table.place(flow.cell)
                assert place.table and place.row and place.column
                cells[place.table, place.row, place.column] = position[element]
        lines = [item for item in self.builder.body.items if isinstance(item, Line)]
        paragraphs = {n.paragraph: position[n.origin] for n in lines if n.paragraph and n.origin is not None}
        return Origins(self.package.main.lstrip("/"), cells, paragraphs)

    def document(self) -> Document:
        assert self.package.main is not None
        blob = self.package.checked(self.package.main)
        root = self.root = parsed(blob)
        body = root.find(markup.qn("w:body"))
        if body is None:
            raise ValueError("no w:body")
        self.grounds.look_at(blob)
        also = of_interest(blob, grounds=self.grounds.matter)
        if markup.W_NUM_PR in also:
            self.numbering = Numbering(self.package.part("numbering"), root, self.styles_part)
        self.properties = properties_of(root, also)
        self._blocks(body)
        self._place_boxes()
        return self.builder.document((metadata := self.package.metadata()).get("title"), metadata)

    # -- blocks -------------------------------------------------------------------------------------------------------

    def _blocks(self, parent: Any) -> None:
        for element in parent:
            tag = element.tag
            if tag == markup.W_P:
                self._paragraph(element)
            elif tag == markup.W_TBL:
                self._table(element)
            elif tag == markup.W_TCPR:
                # Met in every cell, without text.
                if len(element) and element[-1].tag in markup.ENDS_OF_CONTENT:
                    self._misplaced(element)
            elif tag == markup.W_ALT_CHUNK:
                self._pulled_in(element)
            else:
                self._wrapped(element, tag, self._blocks)

    def _pulled_in(self, element: Any) -> None:
        """Of other documents, shown where they are pulled in when this one is opened, pages are read; others are told."""
        from parsers.readers import html

        builder = self.builder
        builder.break_line()
        self.chunks += 1
        parts = {id_: target for id_, _, target in self.package.relationships(self.package.main or "/")}
        try:
            blob = self.package.archive.read(parts[element.get(markup.R_ID)]) if self.chunks <= MOST_CHUNKS else b""
            page = html.walked(blob if sniff(blob, "") == HTML else b"", builder.name)[0]
        except (UnreadableError, KeyError):
            builder.has_pictures = True
            builder.apart.add("object")
            builder.opaque()
            why = f"《{builder.name}》里插入的另一份文档没有读入；请用 Word 打开本文件后另存为新的 .docx，再重新提交。"
            builder.problems += [Problem("unreadable", why)] if all(p.message != why for p in builder.problems) else []
            return
        page.break_line()
        builder.pour(page.body)
        builder.has_pictures = builder.has_pictures or page.has_pictures
        builder.apart |= page.apart
        builder.problems += page.problems
        builder.elsewhere += page.elsewhere

    def _wrapped(self, element: Any, tag: str, walk: Callable[[Any], None]) -> None:
        """Handles what only wraps content of the level that ``walk`` reads; anything else should hold no text."""
        if tag in (markup.W_INS, markup.W_MOVE_TO) and not self.inserting:
            self.builder.note("tracked_insertion", markup.all_text(element))
            self.inserting = True
            walk(element)
            self.inserting = False
        elif tag == markup.W_BDO and element.get(markup.W_VAL) == "rtl":
            self.builder.turned(partial(walk, element))
        elif tag in (markup.W_SDT, markup.MC_ALTERNATE) or tag in markup.WRAPPERS:
            walk(markup.content_of(element))
        elif tag in (markup.W_DEL, markup.W_MOVE_FROM):
            self.builder.note("tracked_deletion", markup.all_text(element))
        elif len(element) and element[-1].tag in markup.ENDS_OF_CONTENT:
            self._misplaced(element)

    def _paragraph(self, p: Any) -> None:
        builder = self.builder
        base, heading, mark_deleted = PLAIN, None, False
        ground: Paint | None = None
        number: Number | None = None
        for child in self.properties.get(p, ()):
            tag = child.tag
            if tag == markup.W_PSTYLE:
                base = self.styles.get(child.get(markup.W_VAL, ""), PLAIN)
            elif tag == markup.W_OUTLINE:
                heading = level_of(child)
            elif tag in (markup.W_DEL, markup.W_MOVE_FROM):
                mark_deleted = True
            elif tag == markup.W_NUM_PR:
                number = self.numbering.next(child) if self.numbering is not None else None
            else:
                ground = ground or ground_of(child)
        if ground is not None:
            base = replace(base, ground=ground)
        builder.flow.heading = heading or base.heading
        builder.flow.origin = p
        outer, self.base = self.base, base
        self._inlines(p)
        self.base = outer
        if number is not None and self.depth:
            self.builder.numbered(number.text)
        if self.fields:
            # An instruction without an end in its paragraph must not swallow the rest of the document.
            self.fields = [shown for shown in self.fields if shown]
        if not mark_deleted:
            builder.break_line()
            builder.flow.heading = None
            if not self.depth and self.boxes:
                self._place_boxes()

    def _place_boxes(self) -> None:
        """Text boxes float: their text belongs to no sentence, so it stands behind the paragraph or table."""
        self.builder.break_line()
        for box in self.boxes:
            self.builder.pour(box)
        self.boxes.clear()

    # -- runs ---------------------------------------------------------------------------------------------------------

    def _inlines(self, parent: Any) -> None:
        for element in parent:
            tag = element.tag
            if tag == markup.W_R:
                self._run(element)
            elif tag in markup.NOT_INLINE:
                if len(element) and element[-1].tag in markup.ENDS_OF_CONTENT:
                    self._misplaced(element)
            elif tag in (markup.M_MATH, markup.M_MATH_PARA):
                for t in element.iter(markup.M_T, markup.W_T):
                    self._emit(markup.text_of(t), self.base)
            # The next three are written straight into a paragraph by some converters.
            elif tag == markup.W_T:
                self._emit(markup.text_of(element), self.base)
            elif tag == markup.W_TBL:
                self._table(element)
            elif tag == markup.W_P:
                self._paragraph(element)
            else:
                self._wrapped(element, tag, self._inlines)

    def _run(self, run: Any) -> None:
        look = self.base
        if (properties := self.properties.get(run)) is not None:
            look = run_look(properties, self.styles).over(look)
        for child in run:
            tag = child.tag
            if tag == markup.W_T:
                self._emit(markup.text_of(child) if len(child) else child.text, look)
            elif tag == markup.W_RPR:
                if child.text:
                    self._misplaced(child)
            elif tag in (markup.W_TAB, markup.W_PTAB):
                self._emit("\t", look)
            elif tag in (markup.W_BR, markup.W_CR):
                if not look.hidden and all(self.fields):
                    self.builder.break_line()
            elif tag == markup.W_NO_BREAK_HYPHEN:
                self._emit("-", look)
            elif tag == markup.W_SYM:
                self._emit(markup.symbol(child), look)
            elif tag in (markup.W_FOOTNOTE_REFERENCE, markup.W_ENDNOTE_REFERENCE):
                # A mark of the author's own choice follows in the same run.
                look = replace(look, raised=True)
            else:
                self._in_run(child, tag, look)

    def _in_run(self, child: Any, tag: Any, look: Look) -> None:
        """What stands in a run beside its characters: fields, comments, what is drawn."""
        if tag == markup.W_FLD_CHAR:
            self._field(child.get(markup.W_FLD_CHAR_TYPE))
            if next(child.iter(markup.W_DROP_DOWN, markup.W_CHECK_BOX), None) is not None:
                # Its choice is a number in the form's data, what is shown stands nowhere as text.
                self.builder.opaque()
        elif tag == markup.W_INSTRUCTION:
            instruction = (child.text or "").strip().upper()
            self.formula = self.formula or instruction.startswith("=")
            if instruction.startswith("EQ "):
                # A formula is drawn from its instruction.
                self.builder.opaque()
        elif tag == markup.W_COMMENT_REFERENCE:
            self._comment(child.get(markup.W_ID))
        elif tag == markup.W_RUBY:
            for base in child.iterchildren(markup.W_RUBY_BASE):
                self._inlines(base)
        elif tag in (markup.W_DRAWING, markup.W_PICT, markup.W_OBJECT):
            if look.hidden:
                self.builder.note("hidden", markup.all_text(child))
            else:
                self._drawing(child)
        elif tag == markup.MC_ALTERNATE:
            if (chosen := markup.chosen_of(child)) is not None:
                self._run(chosen)
        elif child.text and tag not in markup.UNSHOWN_TEXT and isinstance(tag, str):
            self._misplaced(child)

    def _misplaced(self, element: Any) -> None:
        """Text where the format has none, in a damaged file: something stood there."""
        if any(text and not text.isspace() for text in (element.text, *(t.text for t in element.iter(markup.W_T)))):
            self._emit(REPLACEMENT, self.base)

    def _emit(self, text: str | None, look: Look) -> None:
        if not text or (self.fields and not all(self.fields)):
            return
        if look is PLAIN:
            self.builder.flow.parts.append(text.replace("\n", " ") if "\n" in text else text)
            return
        sight = self.grounds.seen(look)
        if look.hidden or sight is Seen.NO:
            self.builder.note("hidden", text)
        elif look.struck:
            self.builder.note("struck", text)
        elif look.raised or look.lifted:
            self.builder.raised(text, sure=bool(look.raised))
        else:
            if sight is Seen.UNCERTAIN:
                self.builder.doubt("hidden")
            self.builder.text(text.replace("\n", " ") if "\n" in text else text)

    def _field(self, kind: str | None) -> None:
        """Of a field its result is printed, not its instruction, nor what fields inside the instruction give."""
        if kind == "begin" and len(self.fields) < MAX_FIELD_DEPTH:
            self.fields.append(False)
        elif kind == "separate" and self.fields:
            self.fields[-1], self.formula = True, False
        elif kind == "end" and self.fields:
            self.fields.pop()
            if self.formula:
                # A sum whose result was not stored: Word works it out when it is opened.
                self.builder.opaque()
                self.formula = False

    def _comment(self, comment_id: str | None) -> None:
        if self.comments is None:
            root = self.package.part("comments")
            comments = () if root is None else root.iterchildren(markup.qn("w:comment"))
            self.comments = {
                c.get(markup.W_ID): None if c.get(markup.W_AUTHOR) == OUR_AUTHOR else markup.all_text(c)
                for c in comments
            }
        text = self.comments.get(comment_id or "", "")
        if text is None:
            return
        self.builder.note("comment", text or "（批注）", apart=True)

    # -- drawings and text boxes --------------------------------------------------------------------------------------

    def _drawing(self, element: Any) -> None:
        if (
            element.tag == markup.W_OBJECT
            or next(element.iter(markup.A_BLIP, markup.V_IMAGE, markup.CHART), None) is not None
        ):
            self.builder.has_pictures = True
            if element.tag == markup.W_OBJECT:
                self.builder.apart.add("object")
        in_line = next(element.iterchildren(markup.WP_INLINE), None) is not None
        boxes = list(markup.text_boxes(element))
        if self.depth and (not boxes or any(is_value_like(markup.all_text(box)) for box in boxes if not in_line)):
            # In a cell, what is seen and is no text, or a box that floats over it, may be its figure.
            self.builder.opaque()
        for box in boxes:
            self._text_box(box, in_line)

    def _text_box(self, content: Any, in_line: bool) -> None:
        builder = self.builder
        outer_flow, outer_boxes, outer_fields, outer_base = builder.flow, self.boxes, self.fields, self.base
        builder.flow, self.boxes, self.fields = Flow(), [], []
        depth, self.depth = self.depth, 0
        self._blocks(content)
        self._place_boxes()
        box = builder.flow
        builder.flow, self.boxes, self.fields = outer_flow, outer_boxes, outer_fields
        self.base, self.depth = outer_base, depth
        if in_line and depth:
            # It stands in the cell like a character.
            builder.break_line()
            builder.pour(box)
        else:
            self.boxes.append(box)

    # -- tables -------------------------------------------------------------------------------------------------------

    def _table(self, tbl: Any) -> None:
        builder = self.builder
        builder.break_line()
        rows: list[tuple[int, list[RawCell]]] = []
        for tr in within(tbl, markup.W_TR):
            before, hidden = row_properties(self.properties.get(tr, ()))
            if hidden:
                builder.note(hidden, markup.all_text(tr), apart=True)
                continue
            rows.append((before, cells_of(tr, self.properties, builder)))
        extent = max((b + sum(1 if c.absurd else c.colspan for c in cells) for b, cells in rows), default=0)
        drafts: list[CellDraft] = []
        # The cell that a continued merge joins, by its first column.
        above: dict[int, CellDraft] = {}
        self.depth += 1
        ground = self.grounds.open
        self.grounds.enter(tbl)
        for row, (before, cells) in enumerate(rows):
            column = before
            slack = extent - before - sum(1 if c.absurd else c.colspan for c in cells)
            for raw in cells:
                colspan = raw.colspan
                if raw.absurd:
                    colspan, slack = 1 + max(slack, 0), 0
                builder.count_cell()
                self._cell(raw, CellDraft(Flow(), row, column, 1, colspan), drafts, above)
                column += colspan
        self.depth -= 1
        self.grounds.open = ground
        builder.table(drafts, len(rows))
        if not self.depth:
            self._place_boxes()

    def _cell(self, raw: RawCell, draft: CellDraft, drafts: list[CellDraft], above: dict[int, CellDraft]) -> None:
        builder = self.builder
        merged = above.get(draft.column) if raw.merge == "continue" else None
        if merged and (merged.colspan != draft.colspan or merged.row + merged.rowspan != draft.row):
            merged = None
        left = drafts[-1] if raw.joins_left and drafts and drafts[-1].row == draft.row else None
        if merged or left:
            # Word shows nothing of what stands in the joined cell itself.
            builder.note("hidden", markup.all_text(raw.element), apart=True)
            if merged:
                merged.rowspan += 1
            elif left:
                left.colspan += draft.colspan
            return
        if raw.merge:
            above[draft.column] = draft
        drafts.append(draft)
        self.cell_elements.append((draft.flow, raw.element))
        # Beyond the bounds nothing is kept, so nothing need be read.
        if draft.row >= MAX_ROWS or draft.column >= MAX_COLUMNS:
            return
        outer, fields, ground = builder.flow, self.fields, self.grounds.open
        builder.flow, self.fields = draft.flow, [f for f in fields if f] if fields else []
        if raw.ground is not None:
            self.grounds.open = raw.ground
        self._blocks(raw.element)
        builder.break_line()
        builder.flow, self.fields, self.grounds.open = outer, fields, ground
