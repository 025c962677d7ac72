"""What Markdown adds to a text: headings, emphasis, links, pictures, rows of dashes under a table's head.

Belongs here: recognising that and taking it off. Does not belong here: tables (`separated`, `stream`).
"""

from __future__ import annotations

import re
from html import unescape
from unicodedata import east_asian_width

# Blank in print, apart from tabs: the full-width space, no-break spaces, form feeds and zero-width characters too.
STRIP = " \u00a0\u3000\u2002\u2003\u2009\u200b\u202f\f\v\ufeff"
BLANKS = STRIP + "\t"
_EDGES = STRIP + "\t\n"

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(?=\S)")
_RULE = re.compile(r"\s*([-*_=])(?:\s*\1){2,}\s*")
_FENCE = re.compile(r"\s*(```|~~~)")
_DASHES = re.compile(r":?-{3,}:?")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
PICTURE = re.compile(r"!\[[^\]\[]{0,300}\]\([^()]{0,2000}\)")
_LINK = re.compile(r"\[([^\]\[]{0,300})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,300}\")?\)")
# A line drawn between the rows of a box, with or without its ends.
_DRAWN = re.compile(r"[+┌├└╔╠╚┏┣┗╞╟┼╬╋]?(?:[-=─━═]+[+┬┼┴╦╬╩┳╋┻╪╫])*[-=─━═]*[+┐┤┘╗╣╝┓┫┛╡╢┼╬╋]?")
_STROKES = frozenset("+┌├└╔╠╚┏┣┗╞╟┼╬╋┬┴╦╩┳┻╪╫┐┤┘╗╣╝┓┫┛╡╢-=─━═")
# Bars, and the lines that draw a box on a screen; the slash keeps a bar in its cell.
_BARS = frozenset("|｜│┃║")
_BAR = re.compile(r"(?<!\\)[|｜│┃║]")
# Shorter ones, alone in a line, may be a mark.
_UNDER_COLUMNS = re.compile(r"(?:-{4,}|={4,})(?:[ \t]+(?:-{4,}|={4,}))+|-{8,}|={8,}")
# What all that is taken off a text begins with.
_MARKED = re.compile(r"[\[<*_`\\&]")


def heading(line: str) -> tuple[int, str] | None:
    """Level and text of a heading line of Markdown."""
    m = _HEADING.match(line) if "#" in line else None
    return (len(m[1]), line[m.end() :].rstrip().rstrip("#").rstrip()) if m else None


def is_rule(text: str) -> bool:
    """Whether a line is drawn across the page, or opens or closes a block of code."""
    return _RULE.fullmatch(text) is not None or _FENCE.match(text) is not None


def underlines(line: str) -> bool:
    """Whether a line makes the one above it a first heading."""
    return re.fullmatch(r"={3,}\s*", line) is not None


def is_dashes(line: str) -> bool:
    """Whether a line is the row of dashes under a table's head, beyond doubt."""
    return "|" in line and "---" in line and all(_DASHES.fullmatch(cell) for cell in split_bars(line))


def is_drawn(line: str) -> bool:
    """Whether a line is drawn between the rows of a box, with corners or crossings in it."""
    text = line.strip(BLANKS)
    return len(text) > 2 and text[0] in _STROKES and text.strip("-=─━═") != "" and _DRAWN.fullmatch(text) is not None


def is_drawn_under_columns(line: str) -> bool:
    """Whether a line is drawn under several columns, or under all of them: no row of marks."""
    text = line.strip(BLANKS)
    return text.startswith(("-", "=")) and _UNDER_COLUMNS.fullmatch(text) is not None


def plain(text: str) -> str:
    """Text without emphasis, links, escapes and entities; stars that stand alone are left, line breaks become ones."""
    if _MARKED.search(text) is None:
        return text.strip(_EDGES)
    text = _LINK.sub(r"\1", PICTURE.sub("", _BREAK.sub("\n", text)))
    for _ in range(3):
        shorter = _EMPHASIS.sub(r"\2", text)
        if shorter == text:
            break
        text = shorter
    return unescape(_ESCAPED.sub(r"\1", text)).strip(_EDGES)


def has_bars(line: str) -> bool:
    """Whether cells of a line are parted by bars."""
    if not ("|" in line or _holds_another_bar(line)) or ("\\" in line and _BAR.search(line) is None):
        return False
    return "#" not in line or heading(line) is None


def _holds_another_bar(text: str) -> bool:
    return not text.isascii() and ("｜" in text or "│" in text or "┃" in text or "║" in text)


def _is_usual(text: str) -> bool:
    """Whether all bars of a text are the usual ones, and none belongs to its cell: then no pattern is needed."""
    return "\\" not in text and not _holds_another_bar(text)


def bars_in(text: str) -> int:
    """How many bars a line has."""
    return text.count("|") if _is_usual(text) else len(_BAR.findall(text))


def begins_with_bar(line: str) -> bool:
    """Whether a bar is the first thing on a line."""
    text = line.strip(BLANKS)
    return bool(text) and text[0] in _BARS


def ends_with_bar(line: str) -> bool:
    """Whether a bar is the last thing on a line."""
    text = line.rstrip(BLANKS)
    return bool(text) and text[-1] in _BARS and text[-2:-1] != "\\"


def split_bars(line: str, *, opened: bool = True, closed: bool = True) -> list[str]:
    """The cells of a line with bars. ``opened``, ``closed``: a bar at the line's beginning, or end, bounds no other cell."""
    text = line.strip(BLANKS)
    cells = text.split("|") if _is_usual(text) else _BAR.split(text)
    if opened and cells and not cells[0].strip() and text and text[0] in _BARS:
        cells = cells[1:]
    if closed and cells and not cells[-1].strip() and len(cells) > 1:
        cells = cells[:-1]
    return [cell.strip(BLANKS) for cell in cells]


def width_of(text: str, wide: str = "WFA") -> int:
    """How many columns of a page of equal advances a text takes, if characters of some East Asian widths take two."""
    return sum(2 if east_asian_width(c) in wide else 1 for c in text)


def bare(text: str) -> str:
    """A line without the bars and the blanks around it."""
    return (text.replace("|", "") if _is_usual(text) else _BAR.sub("", text)).strip(BLANKS)
