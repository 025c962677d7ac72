"""Reviewed copies of workbooks: the draft's own file with notes and grounds, and nothing else of it touched."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName

import checks
from data.generator import clean_layout, make_truth
from gouji.cli import main
from gouji.excel.reviewed_copy import excel_copy
from gouji.show.remarks import remarks_on
from parsers import extract
from parsers.files import marks
from schemas.findings import Checked
from tests.gouji.drafts import with_part
from tests.parsers.readers.workbooks import xlsx_of

RED, AMBER = "FFFFD6D6", "FFFFF0C2"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = b"http://purl.oclc.org/ooxml/"
# One wrong figure in a row and a column of sums.
SUMMED = "requests.granted.natural_person"


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def check_bytes(data: bytes) -> Checked:
    return checks.check(extract(Path("草稿.xlsx"), data))


def findings(checked: Checked) -> list[tuple[object, ...]]:
    return [(f.rule, f.outcome, f.severity, f.cells, f.place, f.message) for f in checked.findings]


def copy_of(data: bytes) -> bytes:
    return excel_copy(data, remarks_on(check_bytes(data), "zh"))


def loaded(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), rich_text=True)


def marked(data: bytes, colour: str) -> list[str]:
    """The cells with a ground of ours."""
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in loaded(data)
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == colour
    ]


def notes(data: bytes) -> dict[str, str]:
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in loaded(data)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {n: package.read(n) for n in package.namelist()}


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None], **new: str) -> bytes:
    """A package with parts changed, left out (None) and added."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts(data).items():
            if (changed := change(name, content)) is not None:
                package.writestr(name, changed)
        for name, text in new.items():
            package.writestr(name, text)
    return out.getvalue()


@pytest.fixture(scope="module")
def right() -> bytes:
    """A report without a fault on one sheet, 年报."""
    book = xlsx_of(make_truth(3, "2021", year=2024, size="small"), clean_layout())
    book.active.title = "年报"
    return saved(book)


@pytest.fixture(scope="module")
def wrong(right: bytes) -> tuple[bytes, str]:
    """The same with one wrong figure, and which cell that is."""
    (report,) = extract(Path("草稿.xlsx"), right).reports
    place = report.printed()[SUMMED].place
    book = loaded(right)
    cell = book.active.cell(place.row, place.column)
    cell.value = 9876
    return saved(book), f"年报!{cell.coordinate}"


def test_the_wrong_cell_alone_is_red_and_has_the_note(wrong: tuple[bytes, str]) -> None:
    data, cell = wrong
    copy = copy_of(data)
    assert marked(copy, RED) == [cell]
    assert "最可能的改法" in notes(copy)[cell] and f"（{cell}）" in notes(copy)[cell]
    assert "最可能的改法" not in "".join(text for at, text in notes(copy).items() if at != cell)


def _bare(sheet: bytes) -> bytes:
    """A sheet without styles and without what refers to its notes."""
    root = etree.fromstring(sheet)
    for drawing in root.iterfind("{*}legacyDrawing"):
        root.remove(drawing)
    return re.sub(rb' s="\d+"', b"", etree.tostring(root, method="c14n"))


def test_everything_else_of_a_rich_workbook_stays(wrong: tuple[bytes, str]) -> None:
    data, cell = wrong
    book = loaded(data)
    sheet = book.active
    sheet["A1"].value = CellRichText(TextBlock(InlineFont(b=True), "某县某局"), str(sheet["A1"].value))
    sheet[cell.partition("!")[2]].number_format = "0_);[Red]\\(0\\)"
    sheet[cell.partition("!")[2]].font = Font(name="楷体", sz=13, italic=True)
    sheet.protection.sheet = True
    sheet.conditional_formatting.add("D20:J30", CellIsRule("greaterThan", ["9"], fill=PatternFill(bgColor="FF0000")))
    first = book.create_sheet("填表说明", 0)
    first["A1"] = "各单位填写"
    sums = book.create_sheet("计算")
    for i in range(1, 4):
        sums.cell(i, 1, i), sums.cell(i, 2, f"=A{i}*2")
    book.create_sheet("底稿").sheet_state = "hidden"
    book.defined_names["合计"] = DefinedName("合计", attr_text="年报!$D$35")
    data = saved(book)
    copy = copy_of(data)
    before, after = parts(data), parts(copy)
    assert {n for n in before if before[n] != after[n]} == {
        *("xl/worksheets/sheet2.xml", "xl/styles.xml", "[Content_Types].xml"),
    }
    added = {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/worksheets/_rels/sheet2.xml.rels"}
    assert set(after) - set(before) == added
    # Of the sheet only the style of one cell and what refers to the notes.
    was, now = (_bare(p["xl/worksheets/sheet2.xml"]) for p in (before, after))
    assert was == now
    changed = loaded(copy)["年报"][cell.partition("!")[2]]
    assert (changed.number_format, changed.font.name, changed.font.italic) == ("0_);[Red]\\(0\\)", "楷体", True)
    assert changed.border.left.style == "thin"
    assert findings(check_bytes(copy)) == findings(check_bytes(data))


def test_notes_of_others_stay_and_ours_stands_below(wrong: tuple[bytes, str]) -> None:
    data, cell = wrong
    book = loaded(data)
    book.active[cell.partition("!")[2]].comment = Comment("请再核一下", "张三")
    book.active["A2"].comment = Comment("已阅", "李四")
    data = saved(book)
    copy = copy_of(data)
    assert notes(copy)[cell].startswith("请再核一下\n—— 勾稽 ——\n【")
    assert notes(copy)["年报!A2"].startswith("已阅")
    assert {loaded(copy)["年报"]["A2"].comment.author, loaded(copy)["年报"][cell.partition("!")[2]].comment.author} == {
        "张三",
        "李四",
    }
    assert findings(check_bytes(copy)) == findings(check_bytes(data))
    # Every note has its box, also by the writer whose drawing knows other prefixes.
    drawing = next(c for n, c in parts(copy).items() if n.endswith(".vml"))
    assert len(re.findall(rb"<(?:\w+:)?Row>", drawing)) == len(notes(copy))
    # Reviewed again it says the same, once.
    assert notes(copy_of(copy)) == notes(copy)


def test_a_conversation_gets_an_answer(wrong: tuple[bytes, str]) -> None:
    data, cell = wrong
    at = cell.partition("!")[2]
    book = loaded(data)
    book.active[at].comment = Comment("[Threaded comment]\n\nComment:\n    对吗", "tc={11111111-2222-3333-4444-5555}")
    namespace = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    kind = '<Relationship Id="rIdT" Type="http://schemas.microsoft.com/office/2017/10/relationships/{}" Target="{}"/>'

    def change(name: str, content: bytes) -> bytes:
        if name == "xl/worksheets/_rels/sheet1.xml.rels":
            added = kind.format("threadedComment", "/xl/threadedComments/threadedComment1.xml")
            return content.replace(b"</Relationships>", f"{added}</Relationships>".encode())
        if name == "xl/_rels/workbook.xml.rels":
            added = kind.format("person", "persons/person.xml")
            return content.replace(b"</Relationships>", f"{added}</Relationships>".encode())
        return content

    thread = (
        f'<ThreadedComments xmlns="{namespace}"><threadedComment ref="{at}" dT="2026-01-02T03:04:05.00" '
        'personId="{A}" id="{11111111-2222-3333-4444-5555}"><text>对吗</text></threadedComment></ThreadedComments>'
    )
    person = f'<personList xmlns="{namespace}"><person displayName="王五" id="{{A}}" userId="w" providerId="None"/></personList>'
    data = repacked(
        saved(book), change, **{"xl/threadedComments/threadedComment1.xml": thread, "xl/persons/person.xml": person}
    )
    copy = copy_of(data)
    for again in (copy, copy_of(copy)):
        text = parts(again)["xl/threadedComments/threadedComment1.xml"].decode()
        assert text.count("<threadedComment ") == 2
        assert f'ref="{at}"' in text and 'parentId="{11111111-2222-3333-4444-5555}"' in text and "最可能的改法" in text
        assert 'displayName="勾稽"' in parts(again)["xl/persons/person.xml"].decode()
    assert findings(check_bytes(copy)) == findings(check_bytes(data))


def _strict(name: str, content: bytes) -> bytes:
    content = content.replace(MAIN, STRICT + b"spreadsheetml/main")
    return content.replace(OFFICE, STRICT + b"officeDocument/relationships")


def _without_styles(name: str, content: bytes) -> bytes | None:
    if name == "xl/styles.xml":
        return None
    content = re.sub(rb'<Override PartName="/xl/styles.xml"[^>]*/>|<Relationship [^>]*styles.xml"[^>]*/>', b"", content)
    return re.sub(rb' s="\d+"', b"", content) if "worksheets" in name else content


def _without_numbers(name: str, content: bytes) -> bytes:
    """Rows and cells that leave their numbers to their order, where none is missing."""
    return re.sub(rb'<row r="\d+"', b"<row", content) if name.startswith("xl/worksheets/sheet") else content


def _button(name: str, content: bytes) -> bytes:
    """A drawing that is no sound XML, as Excel writes it for buttons."""
    return content.replace(b"<div", b"<br><div") if name.endswith(".vml") else content


@pytest.mark.parametrize("change", [_strict, _without_styles, _without_numbers, _button])
def test_workbooks_of_other_makers_get_copies(wrong: tuple[bytes, str], change: Any) -> None:
    data, cell = wrong
    book = loaded(data)
    book.active["A2"].comment = Comment("已阅", "李四")
    if change is _without_numbers:
        sheet = book.active
        for row in range(1, sheet.max_row + 1):
            sheet.cell(row, 1).font = Font(sz=12)
    data = repacked(saved(book), change)
    copy = copy_of(data)
    assert findings(check_bytes(copy)) == findings(check_bytes(data))
    if change is _strict:
        copy = repacked(
            copy,
            lambda _, c: c.replace(STRICT + b"spreadsheetml/main", MAIN).replace(
                STRICT + b"officeDocument/relationships", OFFICE
            ),
        )
    assert marked(copy, RED) == [cell]
    assert "最可能的改法" in notes(copy)[cell]


def test_hidden_text_stays_hidden_and_merged_cells_are_marked_at_their_first(wrong: tuple[bytes, str]) -> None:
    data, cell = wrong
    at = cell.partition("!")[2]
    book = loaded(data)
    book.active[at].font = Font(color="FFFFFFFF")
    hidden = saved(book)
    assert findings(check_bytes(copy_of(hidden))) == findings(check_bytes(hidden))
    assert RED not in {c.fill.fgColor.rgb for c in loaded(copy_of(hidden)).active[at:at][0]}
    # A blank cell that the sheet does not have is made.
    book = loaded(data)
    del book.active._cells[book.active[at].row, book.active[at].column]
    blank = saved(book)
    copy = copy_of(blank)
    assert cell in marked(copy, AMBER)
    assert findings(check_bytes(copy)) == findings(check_bytes(blank))


def test_a_corrected_cell_is_no_longer_red(wrong: tuple[bytes, str], right: bytes) -> None:
    data, cell = wrong
    at = cell.partition("!")[2]
    book = loaded(copy_of(data))
    book.active[at].value = loaded(right).active[at].value
    corrected = copy_of(saved(book))
    assert marked(corrected, RED) == []
    assert cell not in notes(corrected)
    # A ground of the office's own that happens to be of our colour stays in a draft that was never reviewed.
    book = loaded(right)
    book.active["A1"].fill = PatternFill("solid", fgColor=RED)
    assert marked(copy_of(saved(book)), RED) == ["年报!A1"]


def test_the_command_writes_workbook_and_page_that_are_known_again(
    wrong: tuple[bytes, str], right: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, cell = wrong
    drafts = tmp_path / "草稿"
    drafts.mkdir()
    (drafts / "甲.xlsx").write_bytes(data)
    macros = parts(data)["[Content_Types].xml"].replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    macros = macros.replace(
        b"application/vnd.openxmlformats-officedocument.sheet.macro", b"application/vnd.ms-excel.sheet.macro"
    )
    (drafts / "乙.xlsm").write_bytes(with_part(data, "[Content_Types].xml", macros))
    (drafts / "丙.xlsx").write_bytes(right)
    assert main(["check", str(drafts), "--annotate", str(tmp_path / "审阅")]) == 1
    out = capsys.readouterr().out
    assert f"（{cell}）" in out and "个表第" not in out and "（第" not in out
    written = {p.name: p.read_bytes() for p in (tmp_path / "审阅").iterdir()}
    assert set(written) == {f"{n}.勾稽{e}" for n, e in (("甲", ".xlsx"), ("乙", ".xlsm"), ("丙", ".xlsx"))} | {
        f"{n}.勾稽.html" for n in "甲乙丙"
    }
    assert marked(written["甲.勾稽.xlsx"], RED) == marked(written["乙.勾稽.xlsm"], RED) == [cell]
    assert written["甲.勾稽.html"].count(b'class="n m-error"') == 1
    assert all(m is not None and m.kind == "copy" and m.written for m in map(marks.of, written.values()))
    # Lying among the drafts they are passed over, also when Excel has saved them.
    book = loaded(written["甲.勾稽.xlsx"])
    book.save(drafts / "甲.勾稽.xlsx")
    (drafts / "丙.勾稽.xlsx").write_bytes(written["丙.勾稽.xlsx"])
    main(["check", str(drafts)])
    assert "勾稽.xlsx" not in capsys.readouterr().out
