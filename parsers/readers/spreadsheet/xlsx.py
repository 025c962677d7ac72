"""Excel's .xlsx and .xlsm: a walk over the sheets' XML.

Belongs here: shared strings, styles as far as they decide what is shown, merged ranges, hidden rows, columns and sheets,
comments. Does not belong here: how numbers are shown (`display`), where tables begin (`sheets`), zip bounds (`archive`).

openpyxl is not used: it builds an object for every cell and style, unbounded, and takes longer to import than a
workbook takes to read.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import product, takewhile
from typing import Any, NamedTuple, TypeVar

from lxml import etree

from parsers.document import Document, UnreadableError
from parsers.files.archive import Archive
from parsers.files.marks import AUTHOR, BELOW
from parsers.files.sniff import XLSX
from parsers.readers.colours import WHITE, Colour, Seen, seen
from parsers.readers.packages import Package

from . import display, sheets
from .shades import Shades
from .sheets import Sheet, SheetCell

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OFF = frozenset({"0", "false", "off"})
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Style:
    """What of a cell's style decides what is shown."""

    code: str = display.GENERAL
    struck: bool = False
    bordered: bool = False
    # Its ground, if that is one colour, and whether its text is seen on it.
    ground: Colour | None = WHITE
    sight: Seen = Seen.YES
    raised: bool = False


def read(data: bytes, name: str) -> Document:
    """Reads an .xlsx or .xlsm. Raises `UnreadableError`."""
    archive = Archive(data, name)
    try:
        return _Workbook(archive).document()
    except (etree.XMLSyntaxError, LookupError, ValueError, TypeError, RecursionError) as error:
        raise UnreadableError(
            "unreadable", f"《{name}》内部结构已损坏，无法读取；请用 Excel 或 WPS 打开后另存为新的 .xlsx，再重新提交。"
        ) from error


def _on(element: Any, attribute: str) -> bool:
    return element.get(attribute, "0").lower() not in _OFF


def _listed(found: list[_T], index: str | None, other: _T) -> _T:
    """What stands in a list at an index that a style gives, if anything does."""
    i = int(index or 0)
    return found[i] if i < len(found) else other


def _at(reference: str) -> tuple[int, int] | None:
    """Row and column, from 0, of a reference such as B12."""
    m = _REFERENCE.fullmatch(reference)
    if m is None:
        return None
    column = 0
    for letter in m[1]:
        column = column * 26 + ord(letter) - 64
    return int(m[2]) - 1, column - 1


class _RichText(NamedTuple):
    """The text of a string item as it is seen: without what is struck or raised as a note mark.

    ``doubt`` says why a figure in it is not certain. ``own``: every run that is left has a look of its own, which the
    cell's does not touch. ``colours``: those of its runs with digits, seen or not by the ground of the cell.
    """

    text: str
    doubt: str | None = None
    own: bool = False
    colours: tuple[Any, ...] = ()


def _rich_text(element: Any) -> _RichText:
    """The text of a string item, runs joined; furigana is left out."""
    parts: list[str] = []
    doubt = None
    own = True
    colours = []
    for child in element:
        if child.tag == f"{_S}t":
            own = False
            parts.append(child.text or "")
        elif child.tag == f"{_S}r":
            look = child.find(f"{_S}rPr")
            if look is not None and _is_on(look.find(f"{_S}strike")):
                continue
            own = own and look is not None
            text = "".join(t.text or "" for t in child.iterchildren(f"{_S}t"))
            if look is not None and any(c.isdecimal() for c in text):
                colours.append(look.find(f"{_S}color"))
            raised = look is not None and _is_raised(look)
            if raised and parts and parts[-1][-1:].isdecimal():
                continue
            if raised and not parts:
                doubt = "raised"
            parts.append(text)
    text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), "".join(parts)).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _RichText(text, doubt if any(c.isdecimal() for c in text) else None, own, tuple(colours))


def _is_on(element: Any | None) -> bool:
    return element is not None and element.get("val", "1").lower() not in _OFF


def _is_raised(look: Any) -> bool:
    align = look.find(f"{_S}vertAlign")
    return align is not None and align.get("val") in ("superscript", "subscript")


class _Workbook(Package):
    """One package: its parts, found by their relationships, and what all sheets share."""

    def __init__(self, archive: Archive) -> None:
        super().__init__(archive)
        package = self._targets("/")
        main = next(
            (t for kind, t in package.values() if kind == "officeDocument" and t in archive), "/xl/workbook.xml"
        )
        self.book = self.parse(main)
        self.targets = self._targets(main)
        by_kind = dict(self.targets.values())
        self.strings = self._strings(by_kind.get("sharedStrings"))
        # A workbook whose theme is broken is read all the same.
        self.shades = Shades(self.side_part(by_kind.get("theme")))
        self.styles = self._styles(by_kind.get("styles"))
        properties = self.book.find(f"{_S}workbookPr")
        # Of the sheet that is being read: zeros are shown as nothing.
        self.hides_zeros = False
        self.from_1904 = properties is not None and _on(properties, "date1904")

    # -- parts --------------------------------------------------------------------------------------------------------

    def _targets(self, source: str) -> dict[str, tuple[str, str]]:
        """What a part refers to by id: the last word of the relationship's type, and the part."""
        return {id_: (kind, target) for id_, kind, target in self.relationships(source)}

    def _strings(self, member: str | None) -> list[_RichText]:
        if member is None or member not in self.archive:
            return []
        return [_rich_text(si) for si in self.parse(member).iterchildren(f"{_S}si")]

    def _styles(self, member: str | None) -> list[_Style]:
        if member is None or member not in self.archive:
            return []
        root = self.parse(member)
        codes = dict(display.BUILTIN)
        for fmt in root.iterfind(f"{_S}numFmts/{_S}numFmt"):
            codes[int(fmt.get("numFmtId", "0"))] = fmt.get("formatCode", display.GENERAL)
        fonts = [
            (_is_on(font.find(f"{_S}strike")), _is_raised(font), self.shades.colour(font.find(f"{_S}color")))
            for font in root.iterfind(f"{_S}fonts/{_S}font")
        ]
        grounds = [self.shades.ground(fill) for fill in root.iterfind(f"{_S}fills/{_S}fill")]
        bordered = [
            any(side.get("style", "none") != "none" for side in border)
            for border in root.iterfind(f"{_S}borders/{_S}border")
        ]
        out = []
        for xf in root.iterfind(f"{_S}cellXfs/{_S}xf"):
            struck, raised, colour = _listed(fonts, xf.get("fontId"), (False, False, None))
            ground = _listed(grounds, xf.get("fillId"), WHITE)
            sight = Seen.YES if colour is None or ground is None else seen(colour, ground)
            code = codes.get(int(xf.get("numFmtId", "0")), display.GENERAL)
            out.append(_Style(code, struck, _listed(bordered, xf.get("borderId"), False), ground, sight, raised))
        return out

    # -- sheets -------------------------------------------------------------------------------------------------------

    def document(self) -> Document:
        out: list[Sheet] = []
        hidden: list[str] = []
        pictures = False
        for entry in self.book.iterfind(f"{_S}sheets/{_S}sheet"):
            kind, member = self.targets.get(entry.get(f"{_R}id", ""), ("", ""))
            if kind != "worksheet" or member not in self.archive:
                continue
            name = entry.get("name", "")
            if entry.get("state", "visible") != "visible":
                hidden.append(name)
                continue
            sheet, has_pictures = self._sheet(name, member)
            pictures = pictures or has_pictures
            out.append(sheet)
        document = sheets.document(out, self.archive.name, XLSX, has_pictures=pictures)
        sheets.note_hidden_sheets(document, hidden)
        return document

    def _sheet(self, name: str, member: str) -> tuple[Sheet, bool]:
        root = self.parse(member)
        sheet = Sheet(name)
        view = root.find(f"{_S}sheetViews/{_S}sheetView")
        self.hides_zeros = view is not None and view.get("showZeros", "1").lower() in _OFF
        for column in root.iterfind(f"{_S}cols/{_S}col"):
            if _on(column, "hidden"):
                first, last = int(column.get("min", "1")), int(column.get("max", "1"))
                sheet.hidden_columns.update(range(first - 1, min(last, first + 16_384)))
        default = root.find(f"{_S}sheetFormatPr")
        hidden_unless = default is not None and _on(default, "zeroHeight")
        row_number = -1
        for row in root.iterfind(f"{_S}sheetData/{_S}row"):
            row_number = int(row.get("r", row_number + 2)) - 1
            if _on(row, "hidden") or (hidden_unless and row.get("hidden") is None):
                sheet.hidden_rows.add(row_number)
            column_number = -1
            for c in row.iterchildren(f"{_S}c"):
                at = _at(c.get("r", ""))
                column_number = at[1] if at is not None else column_number + 1
                cell = self._cell(c, row_number, column_number)
                if cell is not None:
                    sheet.cells[row_number, column_number] = cell
        for merge in root.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
            first_at, _, last_at = merge.get("ref", "").partition(":")
            top, bottom = _at(first_at), _at(last_at or first_at)
            if top is not None and bottom is not None:
                sheet.merged.append((*top, *bottom))
        targets = self._targets(member)
        for kind, target in targets.values():
            if kind == "comments" and target in self.archive:
                self._comments(sheet, target)
        drawings = [t for kind, t in targets.values() if kind == "drawing" and t in self.archive]
        for drawing in drawings:
            self._drawn(sheet, drawing)
        return sheet, any(kind == "image" for d in drawings for kind, _ in self._targets(d).values())

    def _drawn(self, sheet: Sheet, member: str) -> None:
        """Empty cells under a picture, a shape or a text box are not blank: what is seen there may be their figure."""
        for anchor in self.parse(member):
            start, end = anchor.find(f"{_DRAWING}from"), anchor.find(f"{_DRAWING}to")
            if start is None:
                continue
            top, left = (int(start.findtext(f"{_DRAWING}{part}", "0")) for part in ("row", "col"))
            bottom, right = top, left
            if end is not None:
                bottom, right = (int(end.findtext(f"{_DRAWING}{part}", "0")) for part in ("row", "col"))
            self._keep_unruled(sheet, range(top, bottom + 1), range(left, right + 1))
            for at, cell in sheet.cells.items():
                if top <= at[0] <= bottom and left <= at[1] <= right and not cell.text:
                    cell.doubt = cell.doubt or "picture"

    @staticmethod
    def _keep_unruled(sheet: Sheet, rows: range, columns: range) -> None:
        """Empty cells without borders count as well in a row of a table: one of several cells, or one below cells of the
        same column, its head at the least.
        """
        filled = {at for at, cell in sheet.cells.items() if cell.text}
        within = Counter(row for row, _ in filled)
        for row, column in product(filter(rows.__contains__, within), {c for _, c in filled if c in columns}):
            at = (row, column)
            above = takewhile(within.__contains__, range(row - 1, -1, -1))
            if within[row] < 2 and not any((other, column) in filled for other in above):
                continue
            if at not in sheet.cells and not any(
                top <= at[0] <= low and left <= at[1] <= right and at != (top, left)
                for top, left, low, right in sheet.merged
            ):
                sheet.cells[at] = SheetCell(*at, "", False)

    def _comments(self, sheet: Sheet, member: str) -> None:
        """Notes of others: our own are no trace of an edit, so a reviewed copy checks as the draft does."""
        root = self.parse(member)
        authors = [a.text for a in root.iterfind(f"{_S}authors/{_S}author")]
        for comment in root.iterfind(f"{_S}commentList/{_S}comment"):
            at, text = _at(comment.get("ref", "")), comment.find(f"{_S}text")
            number = int(comment.get("authorId") or 0)
            if at is not None and not (number < len(authors) and authors[number] == AUTHOR):
                sheet.comments[at] = _rich_text(text).text.partition(BELOW)[0].rstrip() if text is not None else ""

    def _cell(self, c: Any, row: int, column: int) -> SheetCell | None:
        """A cell as shown; None for an empty one without borders."""
        index = int(c.get("s", "0"))
        style = self.styles[index] if index < len(self.styles) else _Style()
        cell = SheetCell(row, column, "", style.bordered)
        own = False
        colours: tuple[Any, ...] = ()
        kind = c.get("t", "n")
        value, inline, formula = c.find(f"{_S}v"), c.find(f"{_S}is"), c.find(f"{_S}f")
        stored = (value.text or "").strip() if value is not None else ""
        if kind == "inlineStr":
            cell.text, cell.doubt, own, colours = _rich_text(inline) if inline is not None else _RichText("")
        elif kind == "s" and stored:
            cell.text, cell.doubt, own, colours = self.strings[int(stored)]
        elif kind in ("str", "d"):
            cell.text = stored
        elif kind == "b":
            cell.text = {"1": "TRUE", "0": "FALSE"}.get(stored, stored)
        elif kind == "e":
            cell.text, cell.doubt = stored, "characters"
        elif stored:
            sheets.put_number(cell, stored, style.code, from_1904=self.from_1904)
            if self.hides_zeros and cell.text.strip("0.") == "" and cell.doubt is None:
                cell.text = ""
        if formula is not None and not stored and kind not in ("inlineStr", "str"):
            # Written by a program that does not calculate: what Excel would show is not known.
            cell.doubt = "formula"
            cell.note = ("formula", f"={formula.text or ''}")
        if style.struck and cell.text and own:
            # The cell is struck and what is left of its text is not: some programs give a cell the look of its first run.
            cell.doubt = "hidden" if any(c.isdecimal() for c in cell.text) else cell.doubt
        elif style.struck and cell.text:
            cell.note, cell.text, cell.doubt, cell.readings = ("struck", cell.text), "", None, ()
        elif style.sight is Seen.NO and cell.text and not own and not colours:
            cell.note, cell.text, cell.doubt, cell.readings = ("hidden", cell.text), "", None, ()
        elif any(c.isdecimal() for c in cell.text) and (
            (style.sight is not Seen.YES and not own) or any(not self._is_seen(color, style) for color in colours)
        ):
            cell.doubt = "hidden"
        return cell if cell.text or cell.bordered or cell.doubt or cell.note else None

    def _is_seen(self, color: Any | None, style: _Style) -> bool:
        """Whether a run of this colour, black where it has none, is seen in a cell of this style."""
        colour = self.shades.colour(color)
        return colour is None or style.ground is None or seen(colour, style.ground) is Seen.YES
