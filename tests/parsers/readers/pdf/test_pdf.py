"""PDFs read whole: layouts, page ends, odd pages, files that cannot be read; the second engine in every cell of them."""

from __future__ import annotations

import io
import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.generator import (
    Layout,
    Truth,
    chromium,
    clean_layout,
    libreoffice,
    make_truth,
    random_layout,
    render,
    render_pdfs,
)
from parsers.document import Paragraph, Table, UnreadableError
from parsers.readers import pdf
from parsers.tables import matching

SOAK = bool(os.environ.get("GOUJI_SOAK"))


def read_facts(data: bytes, year: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts and unresolved cells by address."""
    found = matching.match(pdf.read(data, "报告.pdf").blocks, year)
    if found is None:
        return {}, {}
    return {f.address: f for f in found.facts}, {u.address: u for u in found.unresolved}


def compare(data: bytes, truth: Truth, layout: Layout) -> tuple[int, list[str], int]:
    """(right cells, wrong cells with what was read, all cells). Unresolved and missing cells are neither."""
    facts, _ = read_facts(data, truth.year)
    right, wrong = 0, []
    expected = truth.expected(layout)
    for address, cell in expected.items():
        fact = facts.get(address)
        if fact is None:
            continue
        same = fact.value is None if cell.kind != "number" else fact.value == cell.value
        if same:
            right += 1
        else:
            wrong.append(f"{address}: {cell.printed!r} read as {fact.printed!r}")
    return right, wrong, len(expected)


def assert_exact(truth: Truth, layout: Layout) -> None:
    right, wrong, all_cells = compare(render(truth, layout), truth, layout)
    assert (wrong, right) == ([], all_cells), layout


def assert_seen_again(data: bytes, year: int | None) -> None:
    """The second engine sees in the box of every cell the characters that the first read there."""
    facts, _ = read_facts(data, year)
    asked = [f for f in facts.values() if f.place.page and f.place.box]
    again = pdf.read_again(data, "报告.pdf", [(f.place.page, f.place.box) for f in asked])
    assert len(asked) > 20
    assert [(f.address, t.text, t.doubt) for f, t in zip(asked, again, strict=True)] == [
        (f.address, f.printed, None) for f in asked
    ]


# -- the real report -----------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_real_report_exactly_and_cell_by_cell_again(shared: Path) -> None:
    gold = json.loads((shared / "gold/2023-hongze-district.json").read_text("utf-8"))
    data = (shared / "reports/2023-hongze-district.pdf").read_bytes()
    facts, unresolved = read_facts(data, 2023)
    assert not unresolved
    assert_seen_again(data, 2023)
    assert {a: f.value for a, f in facts.items()} == {a: Decimal(str(v)) for a, v in gold["facts"].items()}
    assert {f.method for f in facts.values()} == {"ruled"}


@pytest.mark.shared
def test_real_report_in_reading_order(shared: Path) -> None:
    document = pdf.read((shared / "reports/2023-hongze-district.pdf").read_bytes(), "洪泽.pdf")
    assert document.evidence.text_layer == "ok"
    shapes = [(b.n_rows, b.n_columns) if isinstance(b, Table) else b.text[:8] for b in document.blocks]
    wanted: list[object] = [
        "二、主动公开政府",
        (14, 4),
        "三、收到和处理政",
        (26, 10),
        "四、政府信息公开",
        (4, 15),
        "五、存在的主要问",
    ]
    assert [s for s in shapes if s in wanted] == wanted
    # Page numbers are no text, and a paragraph goes on over a page end.
    texts = [p.text for p in document.paragraphs]
    assert not any("- 3 -" in t or t == "3" for t in texts)
    assert any("分级审核、先审后发" in t for t in texts)


# -- layouts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rules", ["full", "none", "horizontal", "half"])
@pytest.mark.parametrize("form", ["2021", "2019", "2014"])
def test_every_layout_and_its_cells_again(form: str, rules: Any) -> None:
    for seed in range(2):
        truth, layout = make_truth(seed, form), clean_layout("pdf-drawn", seed=seed, rules=rules)
        assert_exact(truth, layout)
        assert_seen_again(render(truth, layout), truth.year)


@pytest.mark.parametrize(("rules", "turn"), [("full", 0), ("none", 1), ("horizontal", 1), ("half", 0)])
def test_page_end_anywhere(rules: Any, turn: int) -> None:
    """The page end runs through head and rows of table 三; heads are repeated or not, rows cut or kept whole. Every place is tried
    with lines and without all of them, in `make soak` with each of the four."""
    for step in (s for s in range(14) if SOAK or s // 4 % 2 == turn):
        layout = clean_layout(
            "pdf-drawn",
            seed=step,
            rules=rules,
            shift=(0.0, 140.0 + 31.0 * step, 0.0),
            repeat_head=step % 4 == 3,
            row_height=(0, 24)[step % 2],
        )
        assert_exact(make_truth(step, ("2021", "2019")[step % 2]), layout)


ODD: dict[str, dict[str, Any]] = {
    "turned pages": {"turned_pages": True},
    "turned, no rules": {"turned_pages": True, "rules": "none"},
    "sideways label": {"sideways": True},
    "bold drawn twice": {"bold_twice": True},
    "bold drawn twice, no rules": {"bold_twice": True, "rules": "none"},
    "seal over the table": {"seal": True},
    "form fields": {"form_fields": True},
    "form fields, no rules": {"form_fields": True, "rules": "none"},
    "footnote marks": {"footnote": "①"},
    "raised footnotes": {"footnote": "1"},
    "full-width digits": {"digits": "fullwidth", "rules": "none"},
    "spaces in thousands": {"thousands": " ", "rules": "none"},
    "radicals": {"radicals": True},
    "traditional": {"traditional": True, "font": "Noto Serif CJK TC"},
    "group repeated": {"repeated_group": True, "shift": (0.0, 400.0, 0.0)},
    "flat labels": {"flat_labels": True, "rules": "horizontal"},
    "table parted by hand": {"parted": True},
    "three tables of five": {"disputes": "three", "rules": "none"},
    "landscape": {"landscape": True, "rules": "none"},
    "blanks": {"zero": "blank", "rules": "none"},
    "marks": {"zero": "mark", "rules": "horizontal"},
    "notes in cells": {"notes_in_cells": True, "rules": "none"},
    "broken labels": {"label_breaks": "break", "rules": "none"},
    "an appendix": {"appendix": True},
}


@pytest.mark.parametrize("name", ODD)
def test_odd_pages(name: str) -> None:
    truth, layout = make_truth(3, "2021"), clean_layout("pdf-drawn", seed=3, **ODD[name])
    assert_exact(truth, layout)
    assert_seen_again(render(truth, layout), truth.year)


def test_random_layouts_never_wrong() -> None:
    """Whatever a layout combines: no wrong value, and hardly a cell that is not read."""
    right = total = 0
    for seed in range(9000, 9060 if SOAK else 9020):
        layout = replace(random_layout(seed, "pdf-drawn"), scan="")
        truth = make_truth(seed, random.Random(seed).choice(("2021", "2019")))
        good, wrong, cells = compare(render(truth, layout), truth, layout)
        assert wrong == [], layout
        right, total = right + good, total + cells
    assert right >= 0.995 * total


@pytest.mark.skipif(libreoffice() is None or chromium() is None, reason="LibreOffice or Chromium is not installed")
def test_printed_by_office_programs(tmp_path: Path) -> None:
    items = []
    for n, (program, rules) in enumerate(
        (p, r) for p in ("pdf-libreoffice", "pdf-chromium") for r in ("full", "none", "half")
    ):
        layout = clean_layout(program, seed=n, rules=rules, shift=(0.0, 330.0, 0.0))  # type: ignore[arg-type]
        items.append((f"{n}", make_truth(n, "2021"), layout))
    made = render_pdfs(items, tmp_path)
    for name, truth, layout in items:
        right, wrong, cells = compare(made[name].read_bytes(), truth, layout)
        assert (wrong, right) == ([], cells), (layout.format, layout.rules)
        assert_seen_again(made[name].read_bytes(), truth.year)


# -- what the evidence says ----------------------------------------------------------------------------------------


def test_evidence_of_a_plain_report() -> None:
    document = pdf.read(render(make_truth(1, "2021"), clean_layout("pdf-drawn")), "报告.pdf")
    assert document.evidence.text_layer == "ok"
    assert {t.method for t in document.tables} == {"ruled"}


def test_places_are_on_the_page_as_shown() -> None:
    """A turned page's boxes are those of the page as it is seen: within it, and rows below one another."""
    for turned in (False, True):
        data = render(make_truth(1, "2021"), clean_layout("pdf-drawn", turned_pages=turned))
        table = max(pdf.read(data, "报告.pdf").tables, key=lambda t: t.n_rows)
        boxes = [(c.page, c.box) for c in table.cells if c.column == table.n_columns - 1 and c.box]
        assert all(0 <= b[0] < b[2] <= 842 and 0 <= b[1] < b[3] <= 842 for _, b in boxes)
        assert boxes == sorted(boxes, key=lambda pb: (pb[0] or 0, pb[1][1]))


def test_reader_s_text_under_a_scan_is_ocr() -> None:
    data = render(make_truth(1, "2021"), clean_layout("pdf-drawn", scan="layer"))
    document = pdf.read(data, "扫描.pdf")
    assert document.evidence.text_layer == "ocr"
    assert {t.method for t in document.tables} == {"ocr"}


# -- pages drawn by hand -------------------------------------------------------------------------------------------


def drawn(draw: Callable[[Any], None], **options: Any) -> bytes:
    """A PDF of what ``draw`` puts on a reportlab canvas; Chinese is set in STSong-Light at 10 points."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1, **options)
    canvas.setFont("STSong-Light", 10)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


HEADS = ["自然人", "商业企业", "科研机构", "社会公益", "法律服务", "其他", "总计"]
LABELS = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "四、结转下年度继续办理"]


def small_table(canvas: Any, rows: list[list[str]], *, top: float = 700, ruled: bool = True, extra: Any = None) -> None:
    """Three rows of table 三 under a head, 60 points a column of figures."""
    edges = [50, 230, *(230 + 45 * k for k in range(1, 8))]
    lines = [["", *HEADS]] + [[name, *row] for name, row in zip(LABELS, rows, strict=False)]
    for r, line in enumerate(lines):
        y = top - 20 * r
        for c, text in enumerate(line):
            canvas.drawString(edges[c] + 3, y + 6, text)
    if ruled:
        canvas.grid(edges, [top + 20 - 20 * r for r in range(len(lines) + 1)])
    if extra:
        extra(canvas, edges, top)


def small(rows: list[list[str]], **how: Any) -> bytes:
    def draw(canvas: Any) -> None:
        canvas.drawString(60, 780, "三、收到和处理政府信息公开申请情况")
        small_table(canvas, rows, **how)

    return drawn(draw)


ZEROS = ["0"] * 7


@pytest.mark.parametrize("ruled", [True, False])
def test_eleven_stays_eleven_and_a_double_is_one(ruled: bool) -> None:
    def again(canvas: Any, edges: list[int], top: float) -> None:
        canvas.drawString(edges[1] + 3.4, top - 20 + 6, "1")
        canvas.drawString(edges[2] + 3.3, top - 20 + 6, "11")

    data = small([["1", "11", *ZEROS[2:]], ZEROS, ZEROS], ruled=ruled, extra=again)
    facts, _ = read_facts(data, 2021)
    assert facts["requests.new_received.natural_person"].value == 1
    assert facts["requests.new_received.commercial_enterprise"].value == 11


def test_different_figures_on_top_of_one_another_are_not_read() -> None:
    def over(canvas: Any, edges: list[int], top: float) -> None:
        canvas.drawString(edges[1] + 4, top - 20 + 6, "7")

    data = small([["3", *ZEROS[1:]], ZEROS, ZEROS], extra=over)
    facts, unresolved = read_facts(data, 2021)
    assert "requests.new_received.natural_person" not in facts
    assert unresolved["requests.new_received.natural_person"].reason == "joined"


def test_a_figure_that_runs_over_its_cell_is_not_read() -> None:
    data = small([["1234567890", "5", *ZEROS[2:]], ZEROS, ZEROS])
    facts, unresolved = read_facts(data, 2021)
    for column in ("natural_person", "commercial_enterprise"):
        assert f"requests.new_received.{column}" not in facts
        assert unresolved[f"requests.new_received.{column}"].reason == "joined"


def test_page_number_in_a_cell_is_none() -> None:
    """``- 1 -`` printed over the table's last row is the page's number, not the row's."""

    def number(canvas: Any, edges: list[int], top: float) -> None:
        canvas.drawString(edges[4] + 4, top - 60 + 6, "- 1 -")

    data = small([ZEROS, ZEROS, [*ZEROS[:3], "", *ZEROS[4:]]], top=100, extra=number)
    facts, _ = read_facts(data, 2021)
    assert facts["requests.carried_forward.social_welfare_organization"].kind == "blank"


def test_picture_in_an_empty_cell_is_not_nothing() -> None:
    """A figure drawn as curves leaves its cell without text: that is not certainly a blank."""

    def shape(canvas: Any, edges: list[int], top: float) -> None:
        canvas.circle(edges[1] + 10, top - 10, 4)

    data = small([["", *ZEROS[1:]], ZEROS, ZEROS], extra=shape)
    facts, unresolved = read_facts(data, 2021)
    assert "requests.new_received.natural_person" not in facts
    assert unresolved["requests.new_received.natural_person"].reason == "characters"


def test_hidden_text_is_left_out_and_noted() -> None:
    def hidden(canvas: Any, edges: list[int], top: float) -> None:
        text = canvas.beginText(edges[1] + 3, top - 20 + 6)
        text.setTextRenderMode(3)
        text.textOut("9")
        canvas.drawText(text)

    data = small([["", *ZEROS[1:]], ZEROS, ZEROS], extra=hidden)
    facts, _ = read_facts(data, 2021)
    assert facts["requests.new_received.natural_person"].kind == "blank"
    residue = pdf.read(data, "报告.pdf").residue
    assert [(r.kind, r.text) for r in residue] == [("hidden", "9")]


def test_two_reports_in_a_file_stay_apart() -> None:
    """The second report's table begins at the top of the next page, with the same head and nothing in between."""

    def draw(canvas: Any) -> None:
        canvas.drawString(60, 780, "三、收到和处理政府信息公开申请情况")
        small_table(canvas, [["1", *ZEROS[1:6], "1"], ZEROS, ZEROS], top=100)
        canvas.showPage()
        canvas.setFont("STSong-Light", 10)
        small_table(canvas, [["2", *ZEROS[1:6], "2"], ZEROS, ZEROS], top=780)

    tables = pdf.read(drawn(draw), "两份.pdf").tables
    assert [next(c.text for c in t.cells if c.row == 1 and c.column > 0) for t in tables] == ["1", "2"]


def test_a_following_page_with_the_same_columns_goes_on() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(60, 780, "三、收到和处理政府信息公开申请情况")
        small_table(canvas, [["1", *ZEROS[1:6], "1"]], top=80)
        canvas.drawString(290, 30, "- 1 -")
        canvas.showPage()
        canvas.setFont("STSong-Light", 10)
        edges = [50, 230, *(230 + 45 * k for k in range(1, 8))]
        for c, text in enumerate([LABELS[1], *ZEROS]):
            canvas.drawString(edges[c] + 3, 786, text)
        canvas.grid(edges, [780, 800])

    (table,) = pdf.read(drawn(draw), "报告.pdf").tables
    assert (table.n_rows, table.n_columns) == (3, 8)
    assert [c.page for c in table.cells if c.column == 1] == [1, 1, 2]


# -- files that cannot be read -------------------------------------------------------------------------------------


def refusal(data: bytes) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        pdf.read(data, "文件.pdf")
    assert "文件.pdf" in caught.value.message
    return caught.value


def test_refusals() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    good = small([ZEROS])
    assert refusal(b"").kind == "empty"
    assert refusal(b"%PDF-1.7\n").kind == "unreadable"
    assert refusal(bytes(range(256)) * 40).kind == "unreadable"
    assert refusal(drawn(lambda canvas: canvas.showPage())).kind == "empty"
    locked = drawn(lambda c: small_table(c, [ZEROS]), encrypt=StandardEncryption("口令", "所有者"))
    assert refusal(locked).kind == "encrypted"
    assert len(pdf.read(good, "文件.pdf").tables) == 1


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    owned = drawn(lambda c: small_table(c, [ZEROS]), encrypt=StandardEncryption("", "所有者"))
    assert len(pdf.read(owned, "文件.pdf").tables) == 1


def test_scan_without_text() -> None:
    data = render(make_truth(1, "2021"), clean_layout("pdf-drawn", scan="picture"))
    assert refusal(data).kind == "scan"


def identity_font(text_codes: bytes) -> bytes:
    """Text in a composite font without a ToUnicode map: codes that stand for glyphs only."""
    from tests.hostile.pdfs import pdf as assembled
    from tests.hostile.pdfs import stream

    content = b"BT /F 12 Tf 72 700 Td 16 TL " + b" ".join(
        b"<%s> Tj T*" % text_codes[i : i + 40].hex().encode() for i in range(0, len(text_codes), 40)
    )
    return assembled(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            4: stream(content + b" ET"),
            5: b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
            6: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor 7 0 R/DW 1000>>",
            7: b"<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 880"
            b"/Descent -120/CapHeight 700/StemV 80>>",
        }
    )


def test_fonts_without_a_character_map_are_refused() -> None:
    codes = b"".join((k % 300 + 3).to_bytes(2, "big") for k in range(400))
    error = refusal(identity_font(codes))
    assert error.kind == "unreadable"
    assert "字体编码" in error.message


def test_long_file_is_read_in_part_and_quickly() -> None:
    def draw(canvas: Any) -> None:
        for n in range(360):
            canvas.setFont("STSong-Light", 10)
            canvas.drawString(60, 700, f"第{n}页的文字，没有表格。")
            canvas.showPage()

    document = pdf.read(drawn(draw), "很长.pdf")
    assert [p.kind for p in document.problems] == ["too_large"]
    assert document.evidence.pages == 300


def test_a_page_that_is_a_picture_among_others_is_named() -> None:
    from reportlab.lib.utils import ImageReader

    picture = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (60, 80), "white").save(picture, "PNG")

    def draw(canvas: Any) -> None:
        small_table(canvas, [ZEROS])
        canvas.showPage()
        canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 0, 0, 595, 842)

    document = pdf.read(drawn(draw), "夹图.pdf")
    assert [p.kind for p in document.problems] == ["scan"]
    assert "第 2 页" in document.problems[0].message
    assert document.has_pictures


# -- text around the tables ----------------------------------------------------------------------------------------


def test_paragraphs_and_titles() -> None:
    full = "这一行的文字写满了整个版心的宽度所以下一行仍然属于同一个自然段落不另起一段"

    def draw(canvas: Any) -> None:
        for n in range(3):
            canvas.setFont("STSong-Light", 20)
            if n == 0:
                canvas.drawCentredString(297, 790, "某县人民政府2023年政府信息公开工作年度报告")
            canvas.setFont("STSong-Light", 12)
            canvas.drawString(60, 815, "某县人民政府办公室文件")
            canvas.drawString(84, 740, f"一、总体情况{n}")
            canvas.drawString(84, 720, full)
            canvas.drawString(60, 700, full + "续行")
            canvas.drawString(60, 680, "末行。")
            canvas.drawString(84, 660, "（一）主动公开。" + full[:20])
            canvas.drawCentredString(297, 30, str(n + 1))
            canvas.showPage()

    document = pdf.read(drawn(draw), "报告.pdf")
    texts = [p.text for p in document.paragraphs]
    assert texts[0] == "某县人民政府2023年政府信息公开工作年度报告"
    assert document.paragraphs[0].heading == 1
    assert texts[1] == "一、总体情况0"
    assert texts[2] == full + full + "续行末行。"
    assert texts[3].startswith("（一）主动公开。")
    # Running heads and page numbers are no text.
    assert not any("办公室文件" in t or t.isdigit() for t in texts)
    assert all(isinstance(b, Paragraph) for b in document.blocks)
    assert [p.place.paragraph for p in document.paragraphs] == list(range(1, len(texts) + 1))
