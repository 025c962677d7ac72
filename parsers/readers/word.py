"""Word documents: the package's relationships lead to its parts, our own walk over the tree reads them.

Belongs here: everything of WordprocessingML that decides what is printed where: spans and merges, nested tables, text
boxes, content controls, tracked changes, hidden and struck text, fields, note marks.
Does not belong here: how lines and grids are put together (`building`), zip bounds (`archive`), any label's meaning.

python-docx is not used: it loads every part of a package, unbounded, refuses files that Word opens (macros, strict
OOXML, WPS's dangling relationships), and importing it takes longer than reading a draft. The parser leaves entities
alone and stops at 256 levels of nesting, on which the recursion relies.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from parsers.document import Document, UnreadableError
from parsers.files.archive import MAX_PART_BYTES, Archive, looks_like_zip
from parsers.files.sniff import DOCX, sniff, unsupported_message
from schemas.characters import REPLACEMENT

from .builder import MAX_COLUMNS, MAX_ROWS, Builder, CellDraft, Flow, Line, span

# Each tag costs time and memory whatever it holds.
MAX_TAGS = 800_000
MAX_SIDE_PART_BYTES = 8_000_000
# Word itself stops at about a dozen.
MAX_STYLE_DEPTH = 15
MAX_FIELD_DEPTH = 30
# The author of the comments in a reviewed copy: they are no trace of an edit, so the copy checks as the draft does.
OUR_AUTHOR = "勾稽"

# huge_tree stays off: that is what bounds depth and entity growth.
_PARSER = etree.XMLParser(
    resolve_entities=False,
    remove_blank_text=True,
    remove_comments=True,
    remove_pis=True,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    collect_ids=False,
)

# Strict OOXML differs from the usual kind in its namespaces only.
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMESPACES = (
    (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
    (b"drawingml/main", b"drawingml/2006/main"),
    (b"drawingml/wordprocessingDrawing", b"drawingml/2006/wordprocessingDrawing"),
    (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
    (b"officeDocument/math", b"officeDocument/2006/math"),
)
_DOCTYPES = tuple("<!DOCTYPE".encode(e) for e in ("utf-8", "utf-16-le", "utf-16-be"))

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}


def qn(name: str) -> str:
    """A tag or attribute as lxml names it: ``w:p`` → ``{…wordprocessingml…}p``."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


W_P, W_R, W_T, W_TBL, W_TR, W_TC = (qn(f"w:{t}") for t in ("p", "r", "t", "tbl", "tr", "tc"))
W_PPR, W_RPR, W_TRPR, W_TCPR = (qn(f"w:{t}") for t in ("pPr", "rPr", "trPr", "tcPr"))
W_VAL, W_ID, W_TYPE, W_AUTHOR = (qn(f"w:{t}") for t in ("val", "id", "type", "author"))
W_SDT, W_SDT_CONTENT = qn("w:sdt"), qn("w:sdtContent")
W_INS, W_MOVE_TO, W_DEL, W_MOVE_FROM = (qn(f"w:{t}") for t in ("ins", "moveTo", "del", "moveFrom"))
W_DEL_TEXT = qn("w:delText")
# Text of a run that is not shown: deleted, or the code of a field.
_UNSHOWN_TEXT = frozenset(map(qn, ("w:delText", "w:instrText", "w:delInstrText")))
W_TXBX_CONTENT = qn("w:txbxContent")
W_COMMENT_REFERENCE = qn("w:commentReference")
W_FLD_CHAR, W_FLD_CHAR_TYPE = qn("w:fldChar"), qn("w:fldCharType")
W_TAB, W_BR, W_CR, W_NO_BREAK_HYPHEN, W_SYM = (qn(f"w:{t}") for t in ("tab", "br", "cr", "noBreakHyphen", "sym"))
W_PTAB, W_ALT_CHUNK = qn("w:ptab"), qn("w:altChunk")
W_RUBY, W_RUBY_BASE = qn("w:ruby"), qn("w:rubyBase")
W_DRAWING, W_PICT, W_OBJECT = qn("w:drawing"), qn("w:pict"), qn("w:object")
W_FOOTNOTE_REFERENCE, W_ENDNOTE_REFERENCE = qn("w:footnoteReference"), qn("w:endnoteReference")
W_VANISH, W_STRIKE, W_DSTRIKE, W_VERT_ALIGN, W_RSTYLE = (
    qn(f"w:{t}") for t in ("vanish", "strike", "dstrike", "vertAlign", "rStyle")
)
W_PSTYLE, W_OUTLINE = qn("w:pStyle"), qn("w:outlineLvl")
W_GRID_SPAN, W_VMERGE, W_HMERGE, W_CELL_DEL = (qn(f"w:{t}") for t in ("gridSpan", "vMerge", "hMerge", "cellDel"))
W_GRID_BEFORE, W_HIDDEN = qn("w:gridBefore"), qn("w:hidden")
MC_ALTERNATE, MC_CHOICE, MC_FALLBACK = f"{_MC}AlternateContent", f"{_MC}Choice", f"{_MC}Fallback"
M_MATH, M_MATH_PARA, M_T = f"{_MATH}oMath", f"{_MATH}oMathPara", f"{_MATH}t"
A_BLIP = qn("a:blip")
V_IMAGE = f"{_VML}imagedata"
WP_INLINE = qn("wp:inline")

# What only wraps content of its own level and changes nothing of it.
_WRAPPERS = frozenset(
    [*(qn(f"w:{t}") for t in ("customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo")), W_INS, W_MOVE_TO]
)
# The properties that decide what is printed, and the elements that hold them.
_PROPERTIES = (
    *(W_PSTYLE, W_OUTLINE, W_VANISH, W_STRIKE, W_DSTRIKE, W_VERT_ALIGN, W_RSTYLE, W_DEL, W_MOVE_FROM),
    *(W_GRID_BEFORE, W_HIDDEN, W_GRID_SPAN, W_VMERGE, W_HMERGE, W_CELL_DEL),
)
_PROPERTY_ELEMENTS = frozenset({W_PPR, W_RPR, W_TRPR, W_TCPR})
# Met in nearly every paragraph, without text.
_NOT_INLINE = frozenset(qn(f"w:{t}") for t in ("pPr", "bookmarkStart", "bookmarkEnd", "proofErr"))
# What ends a paragraph or run, and ends no properties: asked of every element without text, so no more than a look.
_ENDS_OF_CONTENT = frozenset([W_R, W_T, W_TAB, W_BR, *(qn(f"w:{t}") for t in ("bookmarkEnd", "proofErr"))])
_HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_TITLE_NAMES = frozenset({"title", "标题", "標題"})
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(slots=True, frozen=True)
class _Look:
    """What of a style or a run decides whether its text is printed as text; None is left to the style below."""

    heading: int | None = None
    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None

    def over(self, base: _Look) -> _Look:
        def first(mine: Any, theirs: Any) -> Any:
            return theirs if mine is None else mine

        return _Look(
            first(self.heading, base.heading),
            first(self.hidden, base.hidden),
            first(self.struck, base.struck),
            first(self.raised, base.raised),
        )


_PLAIN = _Look()


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
    if not looks_like_zip(data):
        media_type = sniff(data, name)
        raise UnreadableError(*unsupported_message(media_type, name))
    archive = Archive(data, name)
    try:
        package = _Package(archive)
        if package.main is None:
            raise UnreadableError(*unsupported_message(sniff(data, name), name))
        walk = _Walk(package)
        return walk.document(), walk
    except (etree.XMLSyntaxError, RecursionError, LookupError, ValueError, TypeError) as error:
        raise UnreadableError(
            "unreadable",
            f"《{name}》内部结构已损坏，无法读取；请在 Word/WPS 中打开后另存为新的 .docx，再重新提交。",
        ) from error


class _Package:
    """The parts of a Word package that are read, found through its relationships."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        package = self._targets("/")
        main = package.get("officeDocument")
        # Some writers forget the relationship, none puts the text elsewhere.
        if main is None or main not in archive:
            main = "/word/document.xml"
        self.main = main if main in archive else None
        self.core = package.get("core-properties")
        self.targets = self._targets(main) if self.main else {}

    def _targets(self, source: str) -> dict[str, str]:
        """Parts by the last word of the relationship's type, for the package itself (``/``) or one of its parts."""
        folder, base = posixpath.split(source)
        member = posixpath.join(folder, "_rels", f"{base}.rels")
        if member not in self.archive:
            return {}
        out: dict[str, str] = {}
        for rel in self.parse(member, MAX_SIDE_PART_BYTES).iterchildren(_RELATIONSHIP):
            kind, target = rel.get("Type"), rel.get("Target")
            if kind and target and rel.get("TargetMode") != "External":
                # A target with a leading slash counts from the package, others from the folder of the part.
                out.setdefault(kind.rpartition("/")[2], posixpath.normpath(posixpath.join(folder, target)))
        return out

    def parse(self, member: str, limit: int = MAX_PART_BYTES) -> Any:
        """The root element of an XML part."""
        return etree.fromstring(self._checked(member, limit), _PARSER)

    def _checked(self, member: str, limit: int) -> bytes:
        """A part's bytes, if they are safe to parse; strict OOXML comes as the usual kind."""
        blob = self.archive.read(member, limit)
        if blob.count(b"<") > MAX_TAGS:
            raise UnreadableError(
                "too_large", f"《{self.archive.name}》内容过多（疑为异常文件），未读取；请核对文件来源后再试。"
            )
        # No office program writes a DTD; one is only there to do harm.
        if any(d in blob for d in _DOCTYPES):
            raise UnreadableError(
                "unreadable",
                f"《{self.archive.name}》含有不允许的 XML 实体定义，未读取；请在 Word/WPS 中另存为新的 .docx。",
            )
        if _STRICT in blob:
            for strict, usual in _STRICT_NAMESPACES:
                blob = blob.replace(_STRICT + strict, b"http://schemas.openxmlformats.org/" + usual)
        return blob

    def side_part(self, kind: str) -> Any | None:
        """The part that the text refers to by this kind of relationship, or None where it is missing or broken."""
        member = self.targets.get(kind)
        if member is None or member not in self.archive:
            return None
        try:
            return self.parse(member, MAX_SIDE_PART_BYTES)
        except etree.XMLSyntaxError:
            return None


def _toggle(element: Any) -> bool:
    return element.get(W_VAL, "1").lower() not in _OFF


def _text_of(element: Any) -> str:
    """The text of a w:t; comments inside it (nobody prints them) do not cut it off."""
    if len(element):
        return (element.text or "") + "".join(child.tail or "" for child in element)
    return element.text or ""


def _all_text(element: Any) -> str:
    return "".join(_text_of(t) for t in element.iter(W_T, W_DEL_TEXT, M_T))


def _run_look(properties: Iterable[Any], styles: dict[str, _Look]) -> _Look:
    """What the children of a w:rPr say, over the character style that is among them."""
    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    style = _PLAIN
    for child in properties:
        tag = child.tag
        if tag == W_VANISH:
            hidden = _toggle(child)
        elif tag == W_RSTYLE:
            style = styles.get(child.get(W_VAL, ""), _PLAIN)
        elif tag == W_VERT_ALIGN:
            raised = child.get(W_VAL) in ("superscript", "subscript")
        elif tag in (W_STRIKE, W_DSTRIKE):
            struck = bool(struck) or _toggle(child)
    if style is _PLAIN and hidden is struck is raised is None:
        return _PLAIN
    return _Look(None, hidden, struck, raised).over(style)


def _properties(root: Any) -> dict[Any, list[Any]]:
    """The properties that matter (`_PROPERTIES`), by the paragraph, run, row or cell that they are of.

    Found in one pass of lxml's own: asking every paragraph, run and cell for them costs more than all the rest.
    """
    found: dict[Any, list[Any]] = {}
    for element in root.iter(*_PROPERTIES):
        holder = element.getparent()
        if holder.tag == W_RPR and element.tag in (W_DEL, W_MOVE_FROM):
            # A deleted paragraph mark stands in the run properties of the paragraph's properties.
            holder = holder.getparent()
        owner = holder.getparent() if holder is not None and holder.tag in _PROPERTY_ELEMENTS else None
        if owner is not None:
            found.setdefault(owner, []).append(element)
    return found


def _styles(root: Any | None) -> dict[str, _Look]:
    """Paragraph and character styles by id, with what they inherit."""
    if root is None:
        return {}
    own: dict[str, tuple[_Look, str | None]] = {}
    for style in root.iterchildren(qn("w:style")):
        if style.get(W_TYPE) not in ("paragraph", "character"):
            continue
        rpr = style.find(W_RPR)
        look = _run_look(rpr, {}) if rpr is not None else _PLAIN
        heading = _style_heading(style)
        if heading is not None:
            look = _Look(heading, look.hidden, look.struck, look.raised)
        base = style.find(qn("w:basedOn"))
        own[style.get(qn("w:styleId"), "")] = (look, None if base is None else base.get(W_VAL))
    looks: dict[str, _Look] = {}
    for style_id, (own_look, own_base) in own.items():
        look, base_id = own_look, own_base
        seen = {style_id}
        while base_id in own and base_id not in seen and len(seen) < MAX_STYLE_DEPTH:
            seen.add(base_id)
            below, base_id = own[base_id]
            if below is not _PLAIN:
                look = look.over(below)
        if look != _PLAIN:
            looks[style_id] = look
    return looks


def _style_heading(style: Any) -> int | None:
    name_element = style.find(qn("w:name"))
    name = "" if name_element is None else name_element.get(W_VAL, "").strip()
    if m := _HEADING_NAME.fullmatch(name):
        return int(m[1])
    if name.lower() in _TITLE_NAMES:
        return 1
    outline = style.find(f"{W_PPR}/{W_OUTLINE}")
    return None if outline is None else _level(outline)


def _level(outline: Any) -> int | None:
    value = outline.get(W_VAL, "")
    return int(value) + 1 if value.isascii() and value.isdigit() and int(value) < 9 else None


@dataclass(slots=True)
class _RawCell:
    """A w:tc as it stands in its row."""

    element: Any
    colspan: int
    absurd: bool
    merge: str | None
    joins_left: bool


class _Walk:
    """One pass over the body, in the order in which it is printed."""

    def __init__(self, package: _Package) -> None:
        self.package = package
        self.builder = Builder(package.archive.name, DOCX)
        self.styles = _styles(package.side_part("styles"))
        self.properties: dict[Any, list[Any]] = {}
        # By id; None for a comment of ours.
        self.comments: dict[str, str | None] | None = None
        # Open fields: True where the result is being read, False where it is still the instruction.
        self.fields: list[bool] = []
        # Text boxes met in the open paragraph, to be set behind it (or behind the table it stands in).
        self.boxes: list[Flow] = []
        # Tables that the walk is inside of.
        self.depth = 0
        # Inside a tracked insertion, which is noted once as a whole.
        self.inserting = False
        # What the style of the open paragraph says.
        self.base = _PLAIN
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
        root = self.root = self.package.parse(self.package.main)
        body = root.find(qn("w:body"))
        if body is None:
            raise ValueError("no w:body")
        self.properties = _properties(root)
        self._blocks(body)
        self._place_boxes()
        metadata = self._metadata()
        return self.builder.document(metadata.get("title"), metadata)

    def _metadata(self) -> dict[str, str]:
        core = self.package.core
        if core is None or core not in self.package.archive:
            return {}
        try:
            root = self.package.parse(core, MAX_SIDE_PART_BYTES)
        except etree.XMLSyntaxError:
            return {}
        found = ((etree.QName(e).localname.lower(), (e.text or "").strip()) for e in root.iterchildren("*"))
        return {key: value for key, value in found if value}

    # -- blocks -------------------------------------------------------------------------------------------------------

    def _blocks(self, parent: Any) -> None:
        for element in parent:
            tag = element.tag
            if tag == W_P:
                self._paragraph(element)
            elif tag == W_TBL:
                self._table(element)
            elif tag == W_ALT_CHUNK:
                # Another document, pulled in when Word opens this one.
                self.builder.has_pictures = True
            else:
                self._wrapped(element, tag, self._blocks)

    def _wrapped(self, element: Any, tag: str, walk: Callable[[Any], None]) -> None:
        """Handles what only wraps content of the level that ``walk`` reads; anything else should hold no text."""
        if tag == W_SDT:
            content = element.find(W_SDT_CONTENT)
            if content is not None:
                walk(content)
        elif tag in _WRAPPERS:
            if tag in (W_INS, W_MOVE_TO) and not self.inserting:
                self.builder.note("tracked_insertion", _all_text(element))
                self.inserting = True
                walk(element)
                self.inserting = False
            else:
                walk(element)
        elif tag in (W_DEL, W_MOVE_FROM):
            self.builder.note("tracked_deletion", _all_text(element))
        elif tag == MC_ALTERNATE:
            chosen = _chosen(element)
            if chosen is not None:
                walk(chosen)
        elif len(element) and element[-1].tag in _ENDS_OF_CONTENT:
            self._misplaced(element)

    def _paragraph(self, p: Any) -> None:
        builder = self.builder
        base, heading, mark_deleted = _PLAIN, None, False
        for child in self.properties.get(p, ()):
            tag = child.tag
            if tag == W_PSTYLE:
                base = self.styles.get(child.get(W_VAL, ""), _PLAIN)
            elif tag == W_OUTLINE:
                heading = _level(child)
            elif tag in (W_DEL, W_MOVE_FROM):
                mark_deleted = True
        builder.flow.heading = heading or base.heading
        builder.flow.origin = p
        outer, self.base = self.base, base
        self._inlines(p)
        self.base = outer
        # An instruction without an end in its paragraph must not swallow the rest of the document.
        self.fields = [shown for shown in self.fields if shown]
        if not mark_deleted:
            builder.break_line()
            builder.flow.heading = None
            if not self.depth:
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
            if tag == W_R:
                self._run(element)
            elif tag in _NOT_INLINE:
                if len(element) and element[-1].tag in _ENDS_OF_CONTENT:
                    self._misplaced(element)
            elif tag in (M_MATH, M_MATH_PARA):
                for t in element.iter(M_T, W_T):
                    self._emit(_text_of(t), self.base)
            # The next three are written straight into a paragraph by some converters.
            elif tag == W_T:
                self._emit(_text_of(element), self.base)
            elif tag == W_TBL:
                self._table(element)
            elif tag == W_P:
                self._paragraph(element)
            else:
                self._wrapped(element, tag, self._inlines)

    def _run(self, run: Any) -> None:  # noqa: C901 -- to become a table of tags like `_inlines`
        look = self.base
        if run in self.properties:
            look = _run_look(self.properties[run], self.styles).over(look)
        for child in run:
            tag = child.tag
            if tag == W_T:
                self._emit(_text_of(child), look)
            elif tag == W_RPR:
                if child.text:
                    self._misplaced(child)
            elif tag in (W_TAB, W_PTAB):
                self._emit("\t", look)
            elif tag in (W_BR, W_CR):
                if not look.hidden and all(self.fields):
                    self.builder.break_line()
            elif tag == W_NO_BREAK_HYPHEN:
                self._emit("-", look)
            elif tag == W_SYM:
                self._emit(_symbol(child), look)
            elif tag in (W_FOOTNOTE_REFERENCE, W_ENDNOTE_REFERENCE):
                # A mark of the author's own choice follows in the same run.
                look = _Look(None, look.hidden, look.struck, True)
            elif tag == W_FLD_CHAR:
                self._field(child.get(W_FLD_CHAR_TYPE))
            elif tag == W_COMMENT_REFERENCE:
                self._comment(child.get(W_ID))
            elif tag == W_RUBY:
                for base in child.iterchildren(W_RUBY_BASE):
                    self._inlines(base)
            elif tag in (W_DRAWING, W_PICT, W_OBJECT):
                if look.hidden:
                    self.builder.note("hidden", _all_text(child))
                else:
                    self._drawing(child)
            elif tag == MC_ALTERNATE:
                chosen = _chosen(child)
                if chosen is not None:
                    self._run(chosen)
            elif child.text and tag not in _UNSHOWN_TEXT and isinstance(tag, str):
                self._misplaced(child)

    def _misplaced(self, element: Any) -> None:
        """Text where the format has none, in a damaged file: something stood there."""
        texts = (element.text, *(t.text for t in element.iter(W_T)))
        if any(text and not text.isspace() for text in texts):
            self._emit(REPLACEMENT, self.base)

    def _emit(self, text: str, look: _Look) -> None:
        if not text or not all(self.fields):
            return
        if look.hidden:
            self.builder.note("hidden", text)
        elif look.struck:
            self.builder.note("struck", text)
        elif look.raised:
            self.builder.raised(text)
        else:
            self.builder.text(text.replace("\n", " ") if "\n" in text else text)

    def _field(self, kind: str | None) -> None:
        """Of a field its result is printed, not its instruction, nor what fields inside the instruction give."""
        if kind == "begin" and len(self.fields) < MAX_FIELD_DEPTH:
            self.fields.append(False)
        elif kind == "separate" and self.fields:
            self.fields[-1] = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _comment(self, comment_id: str | None) -> None:
        if self.comments is None:
            root = self.package.side_part("comments")
            comments = () if root is None else root.iterchildren(qn("w:comment"))
            self.comments = {c.get(W_ID): None if c.get(W_AUTHOR) == OUR_AUTHOR else _all_text(c) for c in comments}
        text = self.comments.get(comment_id or "", "")
        if text is None:
            return
        self.builder.note("comment", text or "（批注）", apart=True)

    # -- drawings and text boxes --------------------------------------------------------------------------------------

    def _drawing(self, element: Any) -> None:
        if element.tag == W_OBJECT or next(element.iter(A_BLIP, V_IMAGE, _CHART), None) is not None:
            self.builder.has_pictures = True
        in_line = next(element.iterchildren(WP_INLINE), None) is not None
        for box in _text_boxes(element):
            self._text_box(box, in_line)

    def _text_box(self, content: Any, in_line: bool) -> None:
        builder = self.builder
        outer_flow, outer_boxes, outer_fields, outer_base = builder.flow, self.boxes, self.fields, self.base
        builder.flow, self.boxes, self.fields = Flow(), [], []
        depth, self.depth = self.depth, 0
        self._blocks(content)
        self._place_boxes()
        box = builder.flow
        builder.flow, self.boxes, self.fields, self.base, self.depth = (
            outer_flow,
            outer_boxes,
            outer_fields,
            outer_base,
            depth,
        )
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
        rows: list[tuple[int, list[_RawCell]]] = []
        for tr in self._within(tbl, W_TR):
            before, hidden = self._row_properties(tr)
            if hidden:
                builder.note(hidden, _all_text(tr), apart=True)
                continue
            rows.append((before, self._raw_cells(tr)))
        extent = max((b + sum(1 if c.absurd else c.colspan for c in cells) for b, cells in rows), default=0)
        drafts: list[CellDraft] = []
        # The cell that a continued merge joins, by its first column.
        above: dict[int, CellDraft] = {}
        self.depth += 1
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
        builder.table(drafts, len(rows))
        if not self.depth:
            self._place_boxes()

    def _cell(self, raw: _RawCell, draft: CellDraft, drafts: list[CellDraft], above: dict[int, CellDraft]) -> None:
        builder = self.builder
        merged = above.get(draft.column) if raw.merge == "continue" else None
        if merged and (merged.colspan != draft.colspan or merged.row + merged.rowspan != draft.row):
            merged = None
        left = drafts[-1] if raw.joins_left and drafts and drafts[-1].row == draft.row else None
        if merged or left:
            # Word shows nothing of what stands in the joined cell itself.
            builder.note("hidden", _all_text(raw.element), apart=True)
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
        outer, fields = builder.flow, self.fields
        builder.flow, self.fields = draft.flow, [f for f in fields if f]
        self._blocks(raw.element)
        builder.break_line()
        builder.flow, self.fields = outer, fields

    def _within(self, parent: Any, wanted: str) -> Iterator[Any]:
        """Rows of a table or cells of a row, also inside content controls and the like."""
        for element in parent:
            tag = element.tag
            if tag == wanted:
                yield element
            elif tag == W_SDT:
                content = element.find(W_SDT_CONTENT)
                if content is not None:
                    yield from self._within(content, wanted)
            elif tag == MC_ALTERNATE:
                chosen = _chosen(element)
                if chosen is not None:
                    yield from self._within(chosen, wanted)
            elif tag in _WRAPPERS:
                yield from self._within(element, wanted)

    def _row_properties(self, tr: Any) -> tuple[int, str | None]:
        """Columns left free before the first cell, and why the row is left out, if it is."""
        before, hidden = 0, None
        for child in self.properties.get(tr, ()):
            tag = child.tag
            if tag == W_GRID_BEFORE:
                value = child.get(W_VAL, "")
                before = span(value, MAX_COLUMNS) if value.strip(" +0") else 0
            elif tag == W_DEL:
                hidden = "tracked_deletion"
            elif tag == W_HIDDEN and _toggle(child):
                hidden = hidden or "hidden"
        return before, hidden

    def _raw_cells(self, tr: Any) -> list[_RawCell]:
        cells = []
        for tc in self._within(tr, W_TC):
            colspan, merge, joins_left, deleted = 1, None, False, False
            for child in self.properties.get(tc, ()):
                tag = child.tag
                if tag == W_GRID_SPAN:
                    colspan = span(child.get(W_VAL), MAX_COLUMNS + 1)
                elif tag == W_VMERGE:
                    merge = "restart" if child.get(W_VAL) == "restart" else "continue"
                elif tag == W_HMERGE:
                    joins_left = child.get(W_VAL) != "restart"
                elif tag == W_CELL_DEL:
                    deleted = True
            if deleted:
                self.builder.note("tracked_deletion", _all_text(tc), apart=True)
                continue
            cells.append(_RawCell(tc, colspan, colspan > MAX_COLUMNS, merge, joins_left))
        return cells


def _chosen(alternate: Any) -> Any | None:
    """The one branch of an mc:AlternateContent that is printed: the first choice, else the fallback."""
    choice = next(alternate.iterchildren(MC_CHOICE), None)
    return choice if choice is not None else next(alternate.iterchildren(MC_FALLBACK), None)


def _text_boxes(element: Any) -> Iterator[Any]:
    """The text boxes of a drawing, each once; those inside a text box belong to it."""
    for child in element.iterchildren("*"):
        tag = child.tag
        if tag == W_TXBX_CONTENT:
            yield child
        elif tag == MC_ALTERNATE:
            chosen = _chosen(child)
            if chosen is not None:
                yield from _text_boxes(chosen)
        else:
            yield from _text_boxes(child)


def _symbol(sym: Any) -> str:
    """A character of a symbol font. Only the font Symbol has the usual digits and signs in the private area."""
    try:
        code = int(sym.get(qn("w:char"), ""), 16)
    except ValueError:
        return REPLACEMENT
    font = sym.get(qn("w:font"), "").lower()
    if 0xF020 <= code <= 0xF07E and font == "symbol":
        code -= 0xF000
    # Surrogates and control characters are no text.
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD else REPLACEMENT
