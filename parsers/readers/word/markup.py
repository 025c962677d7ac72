"""The names of WordprocessingML that the reader knows, and text straight from its elements.

Belongs here: tags, attributes, and which of them wrap, hide or end text. Does not belong here: what follows from them
(`looks`, `walk`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.characters import REPLACEMENT

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"

_NAMESPACES = {
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
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
W_BDO = qn("w:bdo")
W_NUM_PR, W_NUM_ID, W_ILVL, W_LVL, W_START, W_NUM_FMT, W_ABSTRACT_NUM_ID = (
    qn(f"w:{t}") for t in ("numPr", "numId", "ilvl", "lvl", "start", "numFmt", "abstractNumId")
)
W_DEL_TEXT = qn("w:delText")
# Text of a run that is not shown: deleted, or the code of a field.
UNSHOWN_TEXT = frozenset(map(qn, ("w:delText", "w:instrText", "w:delInstrText")))
W_TXBX_CONTENT = qn("w:txbxContent")
W_COMMENT_REFERENCE = qn("w:commentReference")
W_FLD_CHAR, W_FLD_CHAR_TYPE = qn("w:fldChar"), qn("w:fldCharType")
W_TAB, W_BR, W_CR, W_NO_BREAK_HYPHEN, W_SYM = (qn(f"w:{t}") for t in ("tab", "br", "cr", "noBreakHyphen", "sym"))
W_PTAB, W_ALT_CHUNK, R_ID = qn("w:ptab"), qn("w:altChunk"), qn("r:id")
W_RUBY, W_RUBY_BASE = qn("w:ruby"), qn("w:rubyBase")
W_DRAWING, W_PICT, W_OBJECT = qn("w:drawing"), qn("w:pict"), qn("w:object")
W_FOOTNOTE_REFERENCE, W_ENDNOTE_REFERENCE = qn("w:footnoteReference"), qn("w:endnoteReference")
W_VANISH, W_STRIKE, W_DSTRIKE, W_VERT_ALIGN, W_RSTYLE = (
    qn(f"w:{t}") for t in ("vanish", "strike", "dstrike", "vertAlign", "rStyle")
)
W_COLOR, W_SIZE, W_POSITION, W_SHADING, W_HIGHLIGHT = (
    qn(f"w:{t}") for t in ("color", "sz", "position", "shd", "highlight")
)
W_THEME_COLOR, W_FILL, W_TABLE_STYLE = qn("w:themeColor"), qn("w:fill"), qn("w:tblStyle")
W_THEME_FILL, W_SHADE_COLOR = qn("w:themeFill"), qn("w:color")
W_INSTRUCTION = qn("w:instrText")
W_DROP_DOWN, W_CHECK_BOX = qn("w:ddList"), qn("w:checkBox")
W_PSTYLE, W_OUTLINE = qn("w:pStyle"), qn("w:outlineLvl")
W_GRID_SPAN, W_VMERGE, W_HMERGE, W_CELL_DEL = (qn(f"w:{t}") for t in ("gridSpan", "vMerge", "hMerge", "cellDel"))
W_GRID_BEFORE, W_HIDDEN = qn("w:gridBefore"), qn("w:hidden")
MC_ALTERNATE, MC_CHOICE, MC_FALLBACK = f"{_MC}AlternateContent", f"{_MC}Choice", f"{_MC}Fallback"
M_MATH, M_MATH_PARA, M_T = f"{_MATH}oMath", f"{_MATH}oMathPara", f"{_MATH}t"
A_BLIP = qn("a:blip")
V_IMAGE = f"{_VML}imagedata"
WP_INLINE = qn("wp:inline")

# What only wraps content of its own level and changes nothing of it.
WRAPPERS = frozenset(
    [*(qn(f"w:{t}") for t in ("customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo")), W_INS, W_MOVE_TO]
)
# The properties that decide what is printed, and the elements that hold them.
PROPERTIES = (
    *(W_PSTYLE, W_OUTLINE, W_VANISH, W_STRIKE, W_DSTRIKE, W_VERT_ALIGN, W_RSTYLE, W_DEL, W_MOVE_FROM),
    *(W_GRID_BEFORE, W_HIDDEN, W_GRID_SPAN, W_VMERGE, W_HMERGE, W_CELL_DEL),
)
PROPERTY_ELEMENTS = frozenset({W_PPR, W_RPR, W_TRPR, W_TCPR})
# Met in nearly every paragraph, without text.
NOT_INLINE = frozenset(qn(f"w:{t}") for t in ("pPr", "bookmarkStart", "bookmarkEnd", "proofErr"))
# What ends a paragraph or run, and ends no properties: asked of every element without text, so no more than a look.
ENDS_OF_CONTENT = frozenset([W_R, W_T, W_TAB, W_BR, *(qn(f"w:{t}") for t in ("bookmarkEnd", "proofErr"))])
_OFF = frozenset({"0", "false", "off", "none"})


def toggle(element: Any) -> bool:
    return element.get(W_VAL, "1").lower() not in _OFF


def text_of(element: Any) -> str:
    """The text of a w:t; comments inside it (nobody prints them) do not cut it off."""
    if len(element):
        return (element.text or "") + "".join(child.tail or "" for child in element)
    return element.text or ""


def all_text(element: Any) -> str:
    return "".join(text_of(t) for t in element.iter(W_T, W_DEL_TEXT, M_T))


def chosen_of(alternate: Any) -> Any | None:
    """The one branch of an mc:AlternateContent that is printed: the first choice, else the fallback."""
    choice = next(alternate.iterchildren(MC_CHOICE), None)
    return choice if choice is not None else next(alternate.iterchildren(MC_FALLBACK), None)


def content_of(element: Any) -> Any:
    """What stands in an element that only wraps content of its own level; nothing in any other."""
    if element.tag in WRAPPERS:
        return element
    inside = element.find(W_SDT_CONTENT) if element.tag == W_SDT else None
    inside = chosen_of(element) if element.tag == MC_ALTERNATE else inside
    return () if inside is None else inside


def text_boxes(element: Any) -> Iterator[Any]:
    """The text boxes of a drawing, each once; those inside a text box belong to it."""
    for child in element.iterchildren("*"):
        tag = child.tag
        if tag == W_TXBX_CONTENT:
            yield child
        elif tag == MC_ALTERNATE:
            chosen = chosen_of(child)
            if chosen is not None:
                yield from text_boxes(chosen)
        else:
            yield from text_boxes(child)


def symbol(sym: Any) -> str:
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
