"""Generated reports: their figures, their planted errors, and that what they claim to print is really there.

The files are opened here by other means than the project's readers: what is tested must not vouch for itself.
"""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from reportlab.pdfgen.canvas import Canvas

from data.generator import (
    ERROR_KINDS,
    STATEMENT_ERRORS,
    TABLE_ERRORS,
    Layout,
    Truth,
    chromium,
    clean_layout,
    compose,
    libreoffice,
    make_truth,
    random_layout,
    render,
    render_pdfs,
)
from data.generator.__main__ import main
from data.generator.compose import Text, borders
from data.generator.pdf import is_overprinted

FORMS = [("2021", None), ("2021", "single_other"), ("2019", None)]
OLDER = [("2014", None), ("zhejiang-2013", None), ("fujian", None)]
APPLICANTS = ["natural_person", "commercial_enterprise", "research_institution", "social_welfare_organization"]
APPLICANTS += ["legal_service_institution", "other"]
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def violations(truth: Truth) -> set[tuple[str, str]]:
    """The identities of forms 2019 and 2021, written out by hand as the forms print them."""
    v = truth.values
    rows = sorted({a.split(".")[1] for a in v if a.startswith("requests.")})
    outcomes = [r for r in rows if r not in ("new_received", "carried_over", "processed_total", "carried_forward")]
    found = set()
    for column in [*APPLICANTS, "total"]:
        cell = {r: v[f"requests.{r}.{column}"] for r in rows}
        if cell["new_received"] + cell["carried_over"] != cell["processed_total"] + cell["carried_forward"]:
            found.add(("requests.balance", column))
        if cell["processed_total"] != sum(cell[r] for r in outcomes):
            found.add(("requests.outcomes", column))
    for row in rows:
        if v[f"requests.{row}.total"] != sum(v[f"requests.{row}.{c}"] for c in APPLICANTS):
            found.add(("requests.applicants", row))
    for group in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        parts = sum(v[f"disputes.{group}.{c}"] for c in ("upheld", "corrected", "other", "pending"))
        if v[f"disputes.{group}.total"] != parts:
            found.add(("disputes.total", group))
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(FORMS))
def test_figures_satisfy_every_identity(seed: int, form: tuple[str, str | None]) -> None:
    truth = make_truth(seed, *form)
    assert violations(truth) == set()
    assert truth.broken == frozenset()
    assert all(v >= 0 for a, v in truth.values.items() if not a.endswith("items_change"))
    assert list(truth.values) and set(truth.cells) == set(truth.form_data.addresses(truth.variant))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_figures_of_the_older_forms_add_up(seed: int) -> None:
    v = make_truth(seed, "2014").values
    ways = ("in_person", "fax", "online", "letter")
    assert v["statistics.requests_received.value"] == sum(v[f"statistics.requests_{w}.value"] for w in ways)
    assert v["statistics.staff.value"] == v["statistics.staff_full_time.value"] + v["statistics.staff_part_time.value"]
    results = ("upheld", "corrected", "other")
    assert v["statistics.litigation.value"] >= sum(v[f"statistics.litigation_{r}.value"] for r in results)
    v = make_truth(seed, "zhejiang-2013").values
    closed = v["statistics.closed_on_time.value"] + v["statistics.closed_extended.value"]
    assert v["statistics.accepted.value"] == closed
    truth = make_truth(seed, "fujian")
    for column in ("year", "cumulative"):
        kinds = ("granted", "partially_granted", "denied", "other")
        parts = [f"statistics.replied_{k}.{column}" for k in kinds if f"replied_{k}" not in truth.omitted]
        assert truth.values[f"statistics.replied.{column}"] == sum(truth.values[a] for a in parts)


@pytest.mark.parametrize("kind", TABLE_ERRORS)
@pytest.mark.parametrize("form", FORMS, ids=lambda f: f"{f[0]}-{f[1]}")
def test_planted_error_breaks_exactly_what_it_says(kind: str, form: tuple[str, str | None]) -> None:
    for seed in range(12):
        truth = make_truth(seed, *form, errors=(kind,))
        (error,) = truth.errors
        assert error.kind == kind
        assert error.breaks == truth.broken == violations(truth) != set()
        changed = {a for a in truth.values if truth.values[a] != truth.right[a]}
        assert changed == {a for a, _, _ in error.changes}
        right = Truth(**{**vars(truth), "values": truth.right})
        assert violations(right) == set()


def test_kinds_of_error_are_what_their_names_say() -> None:
    for seed in range(20):
        ((address, right, printed),) = make_truth(seed, errors=("digit_swap",)).errors[0].changes
        assert sorted(str(right)) == sorted(str(printed).zfill(len(str(right)))), address
        ((_, right, printed),) = make_truth(seed, errors=("digit_drop",)).errors[0].changes
        assert not Counter(str(printed).lstrip("0")) - Counter(str(right)) and printed < right
        ((_, right, printed),) = make_truth(seed, errors=("off_by_one",)).errors[0].changes
        assert abs(right - printed) == 1
        ((address, right, printed),) = make_truth(seed, errors=("disputes_zero",)).errors[0].changes
        assert address.endswith(".total") and printed == 0 < right
        balance = make_truth(seed, errors=("column_balance",))
        assert {rule for rule, _ in balance.broken} == {"requests.balance"} and len(balance.broken) == 2
        misplaced = make_truth(seed, errors=("misplaced_applicant",))
        assert {rule for rule, _ in misplaced.broken} == {"requests.outcomes"} and len(misplaced.broken) == 2
        ((_, right, printed),) = make_truth(seed, errors=("negative",)).errors[0].changes
        assert printed == -right < 0


def test_errors_in_sentences_leave_the_tables_right() -> None:
    for kind in STATEMENT_ERRORS:
        for seed in range(10):
            truth = make_truth(seed, errors=(kind,))
            v = truth.values
            assert not truth.broken and truth.values == truth.right
            stated, received = truth.claims["requests_received"], v["requests.new_received.total"]
            assert stated != received
            sums = {received + v["requests.carried_over.total"], v["requests.processed_total.total"]}
            assert (stated in sums) == (kind == "statement_received_slip")
            text = "".join(b.text for b in compose(truth, Layout()).blocks if hasattr(b, "role"))
            assert f"申请{stated}件" in text


def test_several_errors_together() -> None:
    truth = make_truth(4, errors=("digit_swap", "disputes_zero", "statement_received_wrong"))
    assert [e.kind for e in truth.errors] == ["digit_swap", "disputes_zero", "statement_received_wrong"]
    assert truth.broken == violations(truth)
    with pytest.raises(ValueError, match="no figures"):
        make_truth(4, "2014", errors=("disputes_zero",))


# --- what is printed ------------------------------------------------------------------------------------------------


def printed_figures(truth: Truth, layout: Layout) -> list[str]:
    """The texts of all figure cells in reading order, from the composition: what must be in the file."""
    return [c.text for g in compose(truth, layout).grids for _, _, c in g.positions() if c.address]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(FORMS + OLDER))
def test_every_cell_of_the_form_is_printed_once(seed: int, form: tuple[str, str | None]) -> None:
    truth, layout = make_truth(seed, *form), random_layout(seed)
    expected = truth.expected(layout)
    cells = [c for g in compose(truth, layout).grids for _, _, c in g.positions() if c.address]
    assert sorted(c.address or "" for c in cells) == sorted(expected)
    for cell in cells:
        assert cell.text == expected[cell.address or ""].printed
    for address, cell in expected.items():
        if cell.kind == "number":
            assert cell.value == truth.values[address]
        else:
            assert cell.value is None and cell.unit is None
            assert (cell.printed == "") == (cell.kind == "blank")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(FORMS + OLDER))
def test_tables_are_rectangles_without_holes(seed: int, form: tuple[str, str | None]) -> None:
    layout = random_layout(seed)
    for grid in compose(make_truth(seed, *form), layout).grids:
        taken = Counter(
            (r + i, c + j) for r, c, cell in grid.positions() for i in range(cell.rowspan) for j in range(cell.colspan)
        )
        whole = {(r, c) for r in range(len(grid.rows)) for c in range(len(grid.widths))}
        assert set(taken) == whole and set(taken.values()) == {1}
        assert set(borders(grid, layout.rules, layout.seed)) == {(r, c) for r, c, _ in grid.positions()}


def word_cells(data: bytes) -> list[str]:
    """The texts of a Word file's own cells; continued vertical merges are not cells of their own."""
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    texts = []
    for cell in root.iter(f"{_W}tc"):
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        if merge is None or merge.get(f"{_W}val") == "restart":
            parts = [("\n" if e.tag == f"{_W}br" else e.text or "") for e in cell.iter(f"{_W}t", f"{_W}br")]
            texts.append("".join(parts))
    return texts


@pytest.mark.parametrize("seed", range(24))
def test_word_holds_all_that_is_composed(seed: int) -> None:
    truth, layout = make_truth(seed, *(FORMS + OLDER)[seed % 6]), random_layout(seed, "docx")
    composed = [c.text + c.mark for g in compose(truth, layout).grids for _, _, c in g.positions()]
    assert word_cells(render(truth, layout)) == composed


def test_word_grid_columns_fit_their_spans() -> None:
    data = render(make_truth(1), clean_layout("docx"))
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    for table in root.iter(f"{_W}tbl"):
        width = len(table.findall(f"{_W}tblGrid/{_W}gridCol"))
        for row in table.iter(f"{_W}tr"):
            spans = [int(s.get(f"{_W}val") or 1) for s in row.iter(f"{_W}gridSpan")]
            assert sum(spans) + len(row.findall(f"{_W}tc")) - len(spans) == width


@pytest.mark.parametrize("seed", range(24))
def test_html_holds_all_that_is_composed(seed: int) -> None:
    truth, layout = make_truth(seed, *(FORMS + OLDER)[seed % 6]), random_layout(seed, "html")
    composed = [c.text + c.mark for g in compose(truth, layout).grids for _, _, c in g.positions()]
    text = render(truth, layout).decode(layout.encoding)
    root = html.document_fromstring(text.partition('<div class="mobile"')[0])
    # Cells of the innermost tables only: the others lay out the page.
    cells = [c for t in root.iter("table") if t.find(".//table") is None for c in t.iter("td", "th")]
    read = ["".join(c.itertext()).replace("\xa0", "").strip() for c in cells]
    assert [t.replace("\n", "").strip() for t in composed] == read[-len(composed) :]
    assert (layout.hidden_duplicate) == ("display:none" in text)


def test_drawn_pdf_is_legible_in_traditional_characters() -> None:
    truth, layout = make_truth(5), clean_layout("pdf-drawn", traditional=True)
    assert "二、上年結轉政府信息公開申請數量" in page_texts(render(truth, layout))
    with pdfplumber.open(io.BytesIO(render(truth, layout))) as pdf:
        cells = [c for page in pdf.pages for t in page.extract_tables() for row in t for c in row if c]
    assert "二、上年結轉政府信息公開申請數量" in cells


@pytest.mark.parametrize("seed", range(12))
def test_drawn_pdf_holds_all_figures_on_several_pages(seed: int) -> None:
    truth, layout = make_truth(seed, *FORMS[seed % 3]), random_layout(seed, "pdf-drawn")
    pdf = pypdfium2.PdfDocument(render(truth, layout))
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    squeezed = "".join(text.split())
    assert len(pdf) >= 2
    for figure in printed_figures(truth, layout):
        assert "".join(figure.split()) in squeezed


@pytest.mark.parametrize("format", ["txt", "md"])
def test_any_report_can_be_a_text(format: str) -> None:
    for seed in range(60):
        truth, layout = make_truth(seed, *(FORMS + OLDER)[seed % 6]), random_layout(seed, format)  # type: ignore[arg-type]
        text = render(truth, layout).decode("utf-8" if format == "md" else layout.encoding)
        for figure in printed_figures(truth, layout):
            assert figure.replace("\n", " ") in text


def test_text_and_markdown_hold_the_rows() -> None:
    truth = make_truth(3, size="medium")
    received = [truth.cells[f"requests.new_received.{c}"].printed for c in [*APPLICANTS, "total"]]
    markdown = render(truth, clean_layout("md")).decode()
    assert f"| 一、本年新收政府信息公开申请数量 | {' | '.join(received)} |" in markdown
    cells = render(truth, clean_layout("txt")).decode()
    assert "一、本年新收政府信息公开申请数量 |\n" + " |\n".join(received) + " |\n||\n" in cells
    tabs = render(truth, clean_layout("txt", text_style="tabs")).decode()
    assert "一、本年新收政府信息公开申请数量\t" + "\t".join(received) + "\n" in tabs
    joined = render(truth, clean_layout("txt", text_style="joined")).decode()
    assert "一、本年新收政府信息公开申请数量" + "".join(received) + "二、上年结转" in joined


@pytest.mark.parametrize("format", ["docx", "html", "pdf-drawn", "txt", "md"])
def test_the_same_seed_gives_the_same_bytes(format: str) -> None:
    for seed in (0, 5, 9):
        once = render(make_truth(seed), random_layout(seed, format))  # type: ignore[arg-type]
        again = render(make_truth(seed), random_layout(seed, format))  # type: ignore[arg-type]
        other = render(make_truth(seed + 1), random_layout(seed, format))  # type: ignore[arg-type]
        assert once == again != other


# --- habits ---------------------------------------------------------------------------------------------------------


def test_habits_of_figures() -> None:
    truth = make_truth(11, "2019", size="large", issuer="衢州市人民政府")

    def printed(**habits: object) -> dict[str, str]:
        return {a: c.printed for a, c in truth.expected(clean_layout(**habits)).items()}  # type: ignore[arg-type]

    assert any("," in p for p in printed(thousands=",").values())
    assert not any(c in "0123456789" for p in printed(digits="fullwidth").values() for c in p)
    units = printed(units_in_cells=True)
    assert any(p.endswith("项") for p in units.values()) and any(p.endswith("件") for p in units.values())
    assert truth.expected(clean_layout(units_in_cells=True))["article20.procurement.amount"].unit == "万元"
    assert truth.expected(clean_layout())["article20.procurement.amount"].unit == "unknown"
    assert any("（" in p for p in printed(notes_in_cells=True).values())
    assert any(p.endswith(".0") for p in printed(decimals_in_counts=True).values())
    blank = truth.expected(clean_layout(zero="blank"))
    zeros = {a for a, v in truth.values.items() if v == 0 and not a.startswith("article20")}
    assert {a for a, c in blank.items() if c.kind == "blank"} == zeros != set()
    marked = truth.expected(clean_layout(zero="mark", mark="—"))
    assert {a for a, c in marked.items() if c.kind == "mark" and c.printed == "—"} == zeros


def test_footnote_marks_are_raised_and_not_part_of_the_figure() -> None:
    truth = make_truth(5)
    for format, markup in (("html", "<sup>1</sup>"), ("docx", None)):
        layout = clean_layout(format, footnote="1")  # type: ignore[arg-type]
        marked = [c for g in compose(truth, layout).grids for _, _, c in g.positions() if c.mark]
        assert len(marked) == 2 and all(c.text == truth.cells[c.address or ""].printed for c in marked)
        data = render(truth, layout)
        if markup:
            assert data.decode().count(markup) == 2
        else:
            xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
            assert xml.count('<w:vertAlign w:val="superscript"/>') == 2


def test_appendix_and_second_report_stand_behind_the_first() -> None:
    truth = make_truth(5)
    assert [g.table for g in compose(truth, clean_layout(appendix=True)).grids][-1] == "appendix"
    both = make_truth(5)
    both.followed_by = make_truth(6, "2019")
    text = render(both, clean_layout("txt")).decode()
    assert text.index(both.title) < text.index(both.followed_by.title)
    assert [g.table for g in compose(both, clean_layout()).grids] == ["article20", "requests", "disputes"] * 2


def page_texts(data: bytes) -> str:
    return "".join("".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(data)).split())


def test_pages_turned_filled_in_or_photographed() -> None:
    truth = make_truth(5, size="medium")
    plain = render(truth, clean_layout("pdf-drawn"))
    received = truth.cells["requests.new_received.total"].printed
    assert received in page_texts(plain)
    turned = pypdfium2.PdfDocument(render(truth, clean_layout("pdf-drawn", turned_pages=True)))
    assert turned[0].get_rotation() == 90
    assert turned[0].get_size() == pytest.approx(pypdfium2.PdfDocument(plain)[0].get_size())
    filled = render(truth, clean_layout("pdf-drawn", form_fields=True))
    assert b"/AcroForm" in filled and filled.count(b"/FT /Tx") == len(truth.cells)
    picture = render(truth, clean_layout("pdf-drawn", scan="picture"))
    assert page_texts(picture) == "" and len(picture) > 50_000
    layer = render(truth, clean_layout("pdf-drawn", scan="layer"))
    assert page_texts(layer) == page_texts(plain)
    assert len(pypdfium2.PdfDocument(layer)) == len(pypdfium2.PdfDocument(picture))


def test_narrow_columns_break_long_figures() -> None:
    truth = make_truth(5, size="large")
    received = truth.cells["requests.new_received.total"].printed
    assert len(received) > 2
    wide, narrow = (
        page_lines(render(truth, clean_layout("pdf-drawn", narrow=narrow, font_size=12))) for narrow in (False, True)
    )
    assert received in wide and received not in narrow


def page_lines(data: bytes) -> list[str]:
    return "\n".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(data)).split()


def test_radicals_fold_back() -> None:
    def texts(radicals: bool) -> str:
        blocks = compose(make_truth(5), clean_layout(radicals=radicals)).blocks
        return "".join(b.text for b in blocks if isinstance(b, Text))

    changed = texts(True)
    assert "⼀" in changed and "⼈" in changed
    # Unicode folds the Kangxi radicals; those of the supplement (⻓, ⻚) it does not.
    folded = [(a, b) for a, b in zip(texts(False), unicodedata.normalize("NFKC", changed), strict=False) if a != b]
    assert texts(False) != changed and len(texts(False)) == len(changed)
    assert all("\u2e80" <= b <= "\u2eff" for a, b in folded if a not in "，；：（）！？")


def test_an_error_is_never_hidden_behind_a_blank() -> None:
    for seed in range(20):
        truth = make_truth(seed, errors=("disputes_zero",))
        ((address, _, _),) = truth.errors[0].changes
        group = address.rsplit(".", 1)[0]
        cells = truth.expected(clean_layout(zero="blank"))
        assert {c.kind for a, c in cells.items() if a.startswith(group)} == {"number"}


def test_habits_of_labels() -> None:
    truth = make_truth(2)

    def texts(**habits: object) -> list[str]:
        grids = compose(truth, clean_layout(seed=8, **habits)).grids  # type: ignore[arg-type]
        return [c.text for g in grids for _, _, c in g.positions() if c.address is None]

    official = texts()
    assert sum(a != b for a, b in zip(official, texts(misprints=2), strict=True)) == 2
    assert any("\n" in t for t in texts(label_breaks="break")[:30])
    assert "5、属于三类内部事务信息" in texts(numbering="1、")
    assert "三、本年度辦理結果" in texts(traditional=True)
    assert set(texts(aliases=True)) != set(official)
    exchanged = texts(exchanged_rows=1)
    assert sorted(exchanged) == sorted(official) and exchanged != official
    assert texts(repeated_group=True).count("三、本年度办理结果") == 2
    assert len(compose(truth, clean_layout(parted=True)).grids) == 4
    assert len(compose(truth, clean_layout(disputes="three")).grids) == 5


def test_exchanged_rows_keep_their_own_figures() -> None:
    truth = make_truth(6, size="large")
    layout = clean_layout(seed=3, exchanged_rows=1)
    composition = compose(truth, layout)
    ((_, first, second),) = composition.exchanged
    labels = {r.code: r.label for r in truth.rows("requests")}
    grid = next(g for g in composition.grids if g.table == "requests")
    for row in grid.rows:
        for code in (first, second):
            if any(c.text == labels[code] for c in row):
                assert {c.address.split(".")[1] for c in row if c.address} == {code}


def test_rules_of_a_table() -> None:
    grid = next(g for g in compose(make_truth(1), clean_layout()).grids if g.table == "requests")
    assert set(borders(grid, "full", 1).values()) == {"tlbr"}
    assert set(borders(grid, "none", 1).values()) == {""}
    assert set(borders(grid, "horizontal", 1).values()) == {"tb"}
    half = {tuple(borders(grid, "half", s).values()) for s in range(20)}
    assert len(half) == 4 and all(len(set(h)) > 1 for h in half)


def test_random_layouts_have_every_habit() -> None:
    layouts = [random_layout(s) for s in range(600)]
    for name in ("rules", "zero", "html_style", "encoding", "label_breaks", "disputes", "text_style"):
        assert len({getattr(x, name) for x in layouts}) > 1
    for name in ("traditional", "sideways", "repeat_head", "hidden_duplicate", "wrong_spans", "parted", "flat_labels"):
        assert 5 < sum(getattr(x, name) for x in layouts) < 300


# --- the command and the programs it needs --------------------------------------------------------------------------


def test_command_writes_files_and_their_truth(tmp_path: Path) -> None:
    assert main(["--seed", "7", "--count", "6", "--formats", "docx,html,pdf-drawn", "--out", str(tmp_path)]) == 0
    truths = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert len(truths) == 6 and all((tmp_path / name).stat().st_size > 1000 for name in truths)
    first = next(iter(truths.values()))
    assert {"form", "issuer", "year", "cells", "errors", "layout"} <= set(first)
    assert {e["kind"] for t in truths.values() for e in t["errors"]} <= set(ERROR_KINDS)


@pytest.mark.parametrize(("format", "program"), [("pdf-libreoffice", libreoffice), ("pdf-chromium", chromium)])
def test_programs_print_all_figures(format: str, program: object, tmp_path: Path) -> None:
    if program() is None:  # type: ignore[operator]
        pytest.skip(f"{format} needs a program that is not installed")
    items = [(f"r{s}", make_truth(s), random_layout(s, format)) for s in (21, 22)]  # type: ignore[arg-type]
    made = render_pdfs(items, tmp_path)
    for name, truth, layout in items:
        pdf = pypdfium2.PdfDocument(made[name])
        squeezed = "".join("".join(page.get_textpage().get_text_range() for page in pdf).split())
        missing = [f for f in printed_figures(truth, layout) if "".join(f.split()) not in squeezed]
        assert not missing


def test_characters_printed_over_one_another_are_noticed() -> None:
    """LibreOffice now and then prints two tables in one place: such a print does not show what its truth says."""

    def printed(*heights: int) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out)
        for height, text in zip(heights, ("0123456789", "9876504321"), strict=True):
            canvas.drawString(80, height, text)
        canvas.save()
        return out.getvalue()

    assert is_overprinted(printed(700, 702))
    assert not is_overprinted(printed(700, 680))
    assert not is_overprinted(render(make_truth(5), clean_layout("pdf-drawn")))
