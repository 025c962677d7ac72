"""Workbooks: both formats, what is shown and what is not, broken and hostile files."""

from __future__ import annotations

import base64
import io
import random
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Border, Color, Font, PatternFill, Side

import checks
from data.generator import Layout, Truth, clean_layout, make_truth
from parsers import extract
from parsers.document import Document, Paragraph, UnreadableError
from parsers.readers.spreadsheet import read
from parsers.readers.spreadsheet.display import show
from schemas.facts import Report

from .workbooks import saved, xls_of, xlsx_of


def report_of(data: bytes, name: str = "草稿.xlsx") -> Report:
    extraction = extract(Path(name), data)
    assert not extraction.problems
    assert len(extraction.reports) == 1
    return extraction.reports[0]


def assert_truth(report: Report, truth: Truth, layout: Layout) -> None:
    expected = truth.expected(layout)
    assert {a: (c.kind, c.value) for a, c in expected.items()} == {f.address: (f.kind, f.value) for f in report.facts}
    assert not report.unresolved


Maker = Callable[[Truth, Layout, bool], bytes]
MAKERS: dict[str, Maker] = {
    "xlsx": lambda t, y, b: saved(xlsx_of(t, y, borders=b)),
    "xls": lambda t, y, b: xls_of(t, y, borders=b),
}


@pytest.mark.parametrize("form", ["2021", "2019", "2014"])
@pytest.mark.parametrize("borders", [True, False])
@pytest.mark.parametrize("kind", MAKERS)
def test_every_cell_of_a_generated_workbook_is_read(kind: str, borders: bool, form: str) -> None:
    for seed in range(2):
        truth = make_truth(seed, form)
        layout = clean_layout(zero="blank" if seed else "0")
        report = report_of(MAKERS[kind](truth, layout, borders), f"草稿.{kind}")
        assert_truth(report, truth, layout)
        assert (report.issuer_printed, report.year) == (truth.issuer.name, truth.year)


def test_a_variant_of_the_form_and_a_table_in_two_parts() -> None:
    truth = make_truth(3, "2021", "single_other")
    layout = clean_layout(disputes="three", flat_labels=True)
    report = report_of(saved(xlsx_of(truth, layout)))
    assert report.variant == "single_other"
    assert_truth(report, truth, layout)


def test_places_are_those_of_the_sheet() -> None:
    truth = make_truth(1)
    book = xlsx_of(truth, clean_layout())
    report = report_of(saved(book))
    sheet = book.active
    for fact in report.facts:
        cell = sheet.cell(fact.place.row, fact.place.column)
        assert str(cell.value) == fact.printed, fact.address


@pytest.mark.parametrize(
    ("stored", "code", "text", "full"),
    [
        (12, "General", "12", None),
        (12.0, "G/通用格式", "12", None),
        ("25.100000000000001", "General", "25.1", None),
        (0.1 + 0.2, "General", "0.3", None),
        ("1E+3", "General", "1000", None),
        (12, "0.00", "12.00", None),
        (2.345, "0.00", "2.35", None),
        (1234567, "#,##0", "1,234,567", None),
        (1234.5, "#,##0.00_ ;[Red]-#,##0.00", "1,234.50", None),
        (-1234.5, "#,##0.00_);[Red](#,##0.00)", "-1,234.50", None),
        (-5, "#,##0", "-5", None),
        (0.256, "0.0%", "25.6%", None),
        (150, '0"件"', "150件", None),
        (3, '0_ "项"', "3项", None),
        (7, "@", "7", None),
        (12.5, "0.##", "12.5", None),
        # a cell is what it shows: a zero may be nothing, a dash or a word there
        (0, "0;-0;;@", "", None),
        (0, "#,###", "", None),
        (0, '0;-0;"-"', "-", None),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-", None),
        (7, "0;-0;;@", "7", None),
        (-7, "0;-0;;@", "-7", None),
        # other numbers that a format hides are not certain
        (7, ";;;", "", "7"),
        (45322, "yyyy-mm-dd", "2024年1月31日", None),
        (45322.5, 'yyyy"年"m"月"d"日"', "2024年1月31日", None),
        (1, "m/d/yyyy", "1900年1月1日", None),
        # digits that a format hides altogether
        (25.4, "0", "25", "25.4"),
        (12345, "#,##0,", "12", "12345"),
        (5, '"无"', "无", "5"),
        # formats that nobody would guess show the number as it is
        (0.5, "# ?/?", "0.5", None),
        (123, "[DBNum1]General", "123", None),
        (7, '[>=5]"多";"少"', "7", None),
    ],
)
def test_a_number_as_its_format_shows_it(stored: float | str, code: str, text: str, full: str | None) -> None:
    shown = show(stored, code)
    assert (shown.text, shown.full) == (text, full)


def test_any_format_shows_something() -> None:
    rng = random.Random(1)
    pieces = [
        "0",
        "#",
        "?",
        ".",
        ",",
        ";",
        '"件',
        '"',
        "\\",
        "_",
        "*",
        "[",
        "]",
        "[Red]",
        "E+",
        "yy",
        "m",
        "General",
        "%",
        "@",
        "年",
    ]
    for _ in range(3000):
        code = "".join(rng.choice(pieces) for _ in range(rng.randrange(9)))
        number = rng.choice([0, 1, -3, 25.4, 45322, 1e12, -0.001])
        assert isinstance(show(number, code).text, str), code


# -- what is not shown ---------------------------------------------------------------------------------------------


def small_book() -> openpyxl.Workbook:
    """Table 二 alone, under a title."""
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [
        ["沭阳县发展和改革局2024年政府信息公开工作年度报告"],
        [],
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", 0, 0, 0],
        ["行政规范性文件", 4, 2, 15],
        ["信息内容", "本年处理决定数量"],
        ["行政许可", 120],
        ["行政处罚", 33],
        ["行政强制", 2],
        ["信息内容", "本年收费金额（单位：万元）"],
        ["行政事业性收费", 25.1],
    ]
    for row in rows:
        sheet.append(row)
        if len(row) == 2:
            sheet.merge_cells(start_row=sheet.max_row, start_column=2, end_row=sheet.max_row, end_column=4)
    return book


def values(report: Report) -> dict[str, object]:
    return {f.address.removeprefix("article20."): f.value for f in report.facts}


def test_a_plain_sheet_is_read() -> None:
    report = report_of(saved(small_book()))
    assert values(report)["normative_documents.in_force"] == 15
    assert str(values(report)["fees.amount"]) == "25.1"
    assert (report.issuer, report.year, report.kind) == ("沭阳县发展和改革局", 2024, "department")


def test_hidden_rows_columns_and_sheets_are_left_out_and_noted() -> None:
    book = small_book()
    sheet = book.active
    for column, value in enumerate(("行政规范性文件", 99, 98, 97), start=1):
        sheet.cell(12, column, value)
    sheet.row_dimensions[12].hidden = True
    for row in range(3, 13):
        sheet.cell(row, 5, 77)
    sheet.column_dimensions["E"].hidden = True
    other = book.create_sheet("去年")
    other.append(["行政许可", 555])
    other.sheet_state = "hidden"
    report = report_of(saved(book))
    assert values(report)["normative_documents.issued"] == 4
    assert values(report)["normative_documents.in_force"] == 15
    assert values(report)["licensing.decisions"] == 120
    hidden = [r.text for r in report.residue if r.kind == "hidden"]
    assert any("99 98 97" in t for t in hidden)
    assert any("77 77" in t for t in hidden)
    assert any("去年" in t for t in hidden)
    assert not report.unresolved


def test_hidden_lines_within_merged_cells() -> None:
    truth, layout = make_truth(4), clean_layout()
    book = xlsx_of(truth, layout)
    whole = report_of(saved(book))
    sheet = book.active
    gone = "requests.not_processed_repeat."
    row = next(f.place.row for f in whole.facts if f.address.startswith(gone))
    column = next(f.place.column for f in whole.facts if f.address == "requests.granted.research_institution")
    assert row is not None
    assert column is not None
    sheet.row_dimensions[row].hidden = True
    report = report_of(saved(book))
    assert {f.address: f.value for f in report.facts} == {
        f.address: f.value for f in whole.facts if not f.address.startswith(gone)
    }
    assert next(t for t in report.layouts if t.table == "requests").missing_rows == ["not_processed_repeat"]
    sheet.row_dimensions[row].hidden = False
    sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].hidden = True
    # A table that lacks a column is read where its heads leave no doubt, and never wrong.
    right = {f.address: f.value for f in whole.facts}
    assert all(right[f.address] == f.value for f in report_of(saved(book)).facts)
    # What is hidden is there: its cells are open, and nobody calls the column missing.
    report = report_of(saved(book))
    open_cells = {u.address for u in report.unresolved}
    assert "requests.granted.research_institution" in open_cells
    assert not [f for f in checks.check_report(report) if f.rule == "structure.missing_row" and f.column]


def test_a_formula_without_a_value_is_not_read_and_one_with_a_value_is() -> None:
    book = small_book()
    book.active["B7"] = "=SUM(B4:B5)"
    report = report_of(saved(book))
    assert [u.address for u in report.unresolved] == ["article20.licensing.decisions"]
    assert "licensing.decisions" not in values(report)
    assert any(r.kind == "formula" and "SUM(B4:B5)" in r.text for r in report.residue)
    # The same with what Excel calculated.
    data = edited(saved(book), "xl/worksheets/sheet1.xml", r"<v ?/>|<v></v>", "<v>124</v>")
    report = report_of(data)
    assert values(report)["licensing.decisions"] == 124
    assert not report.unresolved


def edited(data: bytes, member: str, pattern: str, replacement: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == member:
                text, count = re.subn(pattern, replacement, content.decode())
                assert count
                content = text.encode()
            new.writestr(name, content)
    return out.getvalue()


def test_an_error_value_is_no_figure() -> None:
    book = small_book()
    book.active["B7"] = "#REF!"
    report = report_of(saved(book))
    assert [(u.address, u.printed) for u in report.unresolved] == [("article20.licensing.decisions", "#REF!")]


def test_a_count_whose_digits_are_hidden_is_not_certain() -> None:
    book = small_book()
    book.active["B7"] = 120.4
    book.active["B7"].number_format = "0"
    book.active["B11"] = 25.126
    book.active["B11"].number_format = "0.00"
    report = report_of(saved(book))
    [cell] = report.unresolved
    assert (cell.address, cell.printed) == ("article20.licensing.decisions", "120")
    assert [float(v) for v in cell.readings] == [120, 120.4]
    assert str(values(report)["fees.amount"]) == "25.13"


def test_struck_figures_and_comments_are_noted() -> None:
    book = small_book()
    book.active["B7"].font = Font(strike=True)
    book.active["B8"].comment = Comment("请核对", "科长")
    report = report_of(saved(book))
    fact = next(f for f in report.facts if f.address == "article20.licensing.decisions")
    assert (fact.kind, fact.value) == ("blank", None)
    kinds = {r.kind: r for r in report.residue}
    assert kinds["struck"].text == "120"
    assert "请核对" in kinds["comment"].text
    assert (kinds["comment"].place.row, kinds["comment"].place.column) == (8, 2)


def test_a_figure_behind_a_struck_one_in_a_struck_cell_is_open() -> None:
    book = small_book()
    book.active["B7"] = CellRichText(TextBlock(InlineFont(strike=True), "8 "), TextBlock(InlineFont(sz=11), "41"))
    book.active["B7"].font = Font(strike=True)
    report = report_of(saved(book))
    assert "article20.licensing.decisions" not in {f.address for f in report.facts}
    assert [(u.address, u.printed) for u in report.unresolved] == [("article20.licensing.decisions", "41")]


def test_several_sheets_and_tables_side_by_side() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["攸县教育局2023年政府信息公开工作年度报告"])
    second = book.create_sheet("行政复议诉讼")
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    second.append(["行政复议"])
    second.append(heads)
    second.append([1, 2, 0, 0, 3])
    for c, text in enumerate(["规章", 0, 0, 0], start=8):
        second.cell(3, c, text)
    for c, text in enumerate(["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], start=8):
        second.cell(2, c, text)
    report = report_of(saved(book))
    found = {f.address: f.value for f in report.facts}
    assert found["disputes.reconsideration.total"] == 3
    assert found["article20.regulations.in_force"] == 0


def test_empty_sheets_and_text_only() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(saved(openpyxl.Workbook()), "空.xlsx")
    assert caught.value.kind == "empty"
    book = openpyxl.Workbook()
    book.active["A1"] = "说明"
    document: Document = read(saved(book), "x.xlsx")
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["说明"]


# -- broken and hostile --------------------------------------------------------------------------------------------


def survives(data: bytes, name: str) -> None:
    started = time.process_time()
    try:
        read(data, name)
    except UnreadableError as error:
        assert name in error.message
        assert error.message.endswith("。")
    assert time.process_time() - started < 5


@pytest.mark.parametrize("kind", MAKERS)
def test_damaged_files_end_in_a_sentence(kind: str) -> None:
    data = MAKERS[kind](make_truth(2), clean_layout(), True)
    rng = random.Random(kind)
    for _ in range(30):
        survives(data[: rng.randrange(len(data))] or b"PK\x03\x04", f"坏.{kind}")
        broken = bytearray(data)
        for _ in range(rng.randrange(1, 40)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        survives(bytes(broken), f"坏.{kind}")


def test_damaged_xml_inside_the_package() -> None:
    data = saved(xlsx_of(make_truth(2), clean_layout()))
    rng = random.Random(5)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    for _ in range(60):
        at = rng.randrange(len(sheet))
        text = sheet[:at] + rng.choice(["9" * 40, "<", "A1048577", "&lol;", "-1", ""]) + sheet[at + rng.randrange(30) :]
        survives(edited(data, "xl/worksheets/sheet1.xml", r"(?s)\A.*\Z", text.replace("\\", "")), "坏.xlsx")


def test_what_claims_more_than_it_holds_is_refused() -> None:
    data = saved(small_book())
    merges = "".join(f'<mergeCell ref="A{n}:GR{n + 3900}"/>' for n in range(1, 200))
    many = edited(data, "xl/worksheets/sheet1.xml", "</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")
    with pytest.raises(UnreadableError) as caught:
        read(many, "大.xlsx")
    assert caught.value.kind == "too_large"
    entity = edited(data, "xl/worksheets/sheet1.xml", r"<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
    with pytest.raises(UnreadableError) as caught:
        read(entity, "实体.xlsx")
    assert caught.value.kind == "unreadable"
    # Borders down to the last row of the sheet are no cells.
    far = edited(
        data, "xl/worksheets/sheet1.xml", "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    )
    assert values(report_of(far))["licensing.decisions"] == 120


# -- seen and unseen ---------------------------------------------------------------------------------------------------


def _second(book: openpyxl.Workbook) -> tuple[str, str | None]:
    out = io.BytesIO()
    book.save(out)
    cell = next(c for t in read(out.getvalue(), "x.xlsx").tables for c in t.cells if (c.row, c.column) == (1, 1))
    return cell.text, cell.doubt


def _book(value: object) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    line = Side(style="thin")
    for row, values in enumerate([("行", "列"), ("甲", value), ("乙", 3)], start=1):
        for column, v in enumerate(values, start=1):
            sheet.cell(row, column, v).border = Border(line, line, line, line)
    return book


def test_a_white_figure_is_not_seen_unless_its_cell_has_a_ground() -> None:
    book = _book(558)
    book.active["B2"].font = Font(color="FFFFFFFF")
    assert _second(book) == ("", None)
    book.active["B2"].fill = PatternFill("solid", fgColor="FF1F497D")
    assert _second(book) == ("558", None)


def test_zeros_that_the_sheet_does_not_show_are_blank() -> None:
    book = _book(0)
    assert _second(book) == ("0", None)
    book.active.sheet_view.showZeros = False
    assert _second(book) == ("", None)
    assert _second(_book(10)) == ("10", None)


def test_a_figure_in_the_colour_of_its_ground_is_not_seen() -> None:
    book = _book(558)
    book.active["B2"].font = Font(color="FF336699")
    book.active["B2"].fill = PatternFill("solid", fgColor="FF336699")
    assert "558" not in (_second(book)[0] or "") or _second(book)[1] is not None
    book.active["B2"].fill = PatternFill("solid", fgColor="FFCCDDEE")
    assert _second(book) == ("558", None)


def test_a_figure_in_nearly_the_colour_of_its_ground() -> None:
    book = _book(558)
    cell = book.active["B2"]
    cell.fill = PatternFill("solid", fgColor="FF000000")
    # What has no colour of its own is black in a workbook.
    for black in (Font(color="FF040404"), Font(color=Color(theme=1)), Font(color=Color(indexed=8)), Font()):
        cell.font = black
        assert _second(book)[0] == ""
    cell.font = Font(color="FF181818")
    assert _second(book) == ("558", "hidden")
    cell.font = Font(color=Color(theme=0))
    assert _second(book) == ("558", None)
    cell.fill = PatternFill("solid", fgColor=Color(theme=0, tint=-0.05))
    assert _second(book)[0] == ""
    cell.fill = PatternFill("lightGrid", fgColor="FF000000")
    assert _second(book) == ("558", None)


def test_digits_under_an_override_are_not_read_as_they_are_written() -> None:
    assert _second(_book("\u202e62\u202c"))[0] == "\ufffd\ufffd"


def test_runs_are_seen_or_not_by_the_ground_of_their_cell() -> None:
    dark = PatternFill("solid", fgColor="FF1F497D")
    runs = CellRichText(TextBlock(InlineFont(color="FFFFFFFF"), "9"), TextBlock(InlineFont(color="FFFFFF00"), "558"))
    book = _book(runs)
    assert _second(book) == ("9558", "hidden")
    book.active["B2"].fill = dark
    assert _second(book) == ("9558", None)
    book = _book(
        CellRichText(TextBlock(InlineFont(color="FF1F497D"), "9"), TextBlock(InlineFont(color="FFFFFFFF"), "558"))
    )
    book.active["B2"].fill = dark
    assert _second(book) == ("9558", "hidden")


def test_raised_and_white_runs_of_a_text() -> None:
    raised = CellRichText("558", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    assert _second(_book(raised)) == ("558", None)
    white = CellRichText(TextBlock(InlineFont(color="FFFFFFFF"), "9"), "558")
    assert _second(_book(white)) == ("9558", "hidden")


def test_an_empty_cell_under_a_shape_is_not_blank() -> None:
    book = _book(None)
    assert _second(book) == ("", None)
    picture = Image(io.BytesIO(base64.b64decode(DOT)))
    book.active.add_image(picture, "B2")
    assert _second(book) == ("", "picture")


def test_a_picture_in_a_table_without_borders_leaves_no_blank() -> None:
    book = openpyxl.Workbook()
    for row in (["一、标题"], ["项目", "本年处理决定数量"], ["行政许可", None], ["行政强制", "3", None]):
        book.active.append(row)
    for at in ("B1", "B3", "C4"):
        book.active.add_image(Image(io.BytesIO(base64.b64decode(DOT))), at)
    out = io.BytesIO()
    book.save(out)
    cells = [c for t in read(out.getvalue(), "x.xlsx").tables for c in t.cells]
    assert [(c.text, c.doubt) for c in cells if c.doubt or c.text in ("3", "行政许可")] == [
        ("行政许可", None),
        ("", "picture"),
        ("3", None),
    ]


# A picture of one pixel.
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


STACKED = ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def packed_book(*, blanks: bool = False) -> openpyxl.Workbook:
    """A report without an empty line or a border: sections begin right below tables, and disputes stand in three parts."""
    book = openpyxl.Workbook()
    sheet = book.active
    lines: list[tuple[object, ...]] = [
        ("清河县教育局2024年政府信息公开工作年度报告",),
        ("三、收到和处理政府信息公开申请情况",),
        ("本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和", "", *APPLICANTS),
        ("一、本年新收政府信息公开申请数量", "", 3, 1, 0, 0, 0, 0, 4),
        ("二、上年结转政府信息公开申请数量",),
        ("三、本年度办理结果", "（一）予以公开", 3, 1, 0, 0, 0, 0, 4),
        ("四、政府信息公开行政复议、行政诉讼情况",),
    ]
    for i, label in enumerate(STACKED):
        lines += [(label,), RESULTS, ("",) * 5 if blanks and i == 1 else (i, 0, 1, 2, i + 3)]
    lines += [
        ("五、存在的主要问题及改进情况",),
        ("主要问题：培训不够",),
        ("六、其他需要报告的事项",),
        ("无其他事项。",),
    ]
    for r, line in enumerate(lines, start=1):
        for c, value in enumerate(line, start=1):
            sheet.cell(r, c, value if value != "" else None)
    return book


@pytest.mark.parametrize("bordered", [False, True])
@pytest.mark.parametrize("column", [None, 9])
def test_a_section_may_begin_right_below_a_table(bordered: bool, column: int | None) -> None:
    """A table of five columns is read the same in the grid of a wider one; what is no row of it is none."""
    book = packed_book()
    sheet = book.active
    if bordered:
        for row in sheet.iter_rows(3, 16, 1, 9):
            for cell in row:
                cell.border = Border(*[Side("thin")] * 4)
    if column:
        sheet.cell(6, column + 1, "备注")
    report = report_of(saved(book))
    found = {f.address: f.value for f in report.facts}
    for i, row in enumerate(("reconsideration", "litigation_direct", "litigation_after_reconsideration")):
        wanted = dict(zip(("upheld", "corrected", "other", "pending", "total"), (i, 0, 1, 2, i + 3), strict=True))
        assert {k: found.get(f"disputes.{row}.{k}") for k in wanted} == wanted
    assert found["requests.carried_over.total"] is None
    assert found["requests.granted.total"] == 4
    assert not report.unresolved


def test_an_empty_line_of_disputes_is_blank_and_not_another_line() -> None:
    found = {f.address: f.value for f in report_of(saved(packed_book(blanks=True))).facts}
    assert found["disputes.litigation_after_reconsideration.total"] == 5
    assert found.get("disputes.litigation_direct.total") is None


def test_nothing_under_a_head_over_several_columns_is_blank() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for r, line in enumerate(
        [
            ("二、主动公开政府信息情况",),
            ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
            ("规章", 1, 2, 3),
            ("行政规范性文件", 4, 5, 6),
            ("信息内容", "本年处理决定数量"),
            ("行政许可",),
            ("行政处罚", 7, 8),
        ],
        start=1,
    ):
        for c, value in enumerate(line, start=1):
            sheet.cell(r, c, value)
    sheet.merge_cells("B5:D5")
    found = report_of(saved(book))
    kinds = {f.address: f.kind for f in found.facts}
    assert kinds["article20.licensing.decisions"] == "blank"
    # Two figures under one head are none for certain.
    assert "article20.penalty.decisions" in {u.address for u in found.unresolved}


@pytest.mark.parametrize(
    ("runs", "text", "doubt"),
    [
        ((("790", ""), ("2", "raised")), "790", None),
        ((("8", "struck"), ("41", "")), "41", None),
        ((("2", "raised"), ("41", "")), "241", "raised"),
        ((("41", ""), ("7", "white")), "417", "hidden"),
        ((("41", "white"),), "41", "hidden"),
        ((("总计", ""), ("1", "raised")), "总计1", None),
    ],
)
def test_what_an_old_workbook_shows_of_text_in_several_looks(
    runs: tuple[tuple[str, str], ...], text: str, doubt: str | None
) -> None:
    looks = {
        "": xlwt.easyfont(""),
        "raised": xlwt.easyfont("escapement superscript"),
        "struck": xlwt.easyfont("struck_out true"),
        "white": xlwt.easyfont("colour_index white"),
    }
    book = xlwt.Workbook()
    sheet = book.add_sheet("年报")
    boxed = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin")
    sheet.write(0, 0, "项目", boxed)
    sheet.write(1, 0, "行", boxed)
    sheet.write_rich_text(0, 1, [(piece, looks[look]) for piece, look in runs], boxed)
    (table,) = read(saved(book), "a.xls").tables
    cell = next(c for c in table.cells if (c.row, c.column) == (0, 1))
    assert (cell.text, cell.doubt) == (text, doubt)


@pytest.mark.parametrize("code", ["General", "0", "0.00", "#,##0"])
def test_the_noise_of_sums_is_no_digit_of_a_figure(code: str) -> None:
    for stored, whole in (("5.000000000000002", "5"), ("839.0000000000017", "839"), ("29.00000000000006", "29")):
        shown = show(stored, code)
        assert (shown.text.removesuffix(".00"), shown.full) == (whole, None)
    assert show("5940.7714999999998", "General").text == "5940.7715"
    # What has many digits of its own keeps them, and a half is hidden by a format without decimals.
    assert show("123.456789012345", "General").text == "123.456789012345"
    assert show("839.0000001", "0").full == "839.0000001"
