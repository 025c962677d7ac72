"""What becomes of a PDF's figures when the second engine cannot be asked, and when a font shifts its digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import checks
from data.generator import clean_layout, make_truth, render
from parsers import extract, second_opinion
from parsers.document import UnreadableError
from parsers.readers import pdf
from schemas.facts import Extraction, Fact, Place, PrintedLabel, Report, TableLayout
from tests.checks.reports import report, sound_cells

TRUTH = make_truth(5, size="small")
PDF = render(TRUTH, clean_layout("pdf-drawn", rules="full"))
NAME = Path("报告.pdf")


def _engines(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], None], error: Exception | None) -> None:
    """The first engine's document as ``change`` leaves it; the second fails."""
    real = pdf.read

    def read(data: bytes, name: str, *, engine: pdf.Engine = "pdfium", pages: frozenset[int] | None = None) -> Any:
        if engine == "pdfplumber" and error is not None:
            raise error
        document = real(data, name, engine=engine, pages=pages)
        if engine == "pdfium":
            change(document)
        return document

    monkeypatch.setattr(pdf, "read", read)


def _figures(extraction: Extraction) -> dict[str, object]:
    return {f.address: f.value for r in extraction.reports for f in r.facts if f.value is not None}


def _misread(document: Any) -> None:
    """One total of the requests becomes another."""
    table = next(t for t in document.tables if any("新收" in c.text for c in t.cells))
    row = next(c.row for c in table.cells if "新收" in c.text)
    cell = max((c for c in table.cells if c.row == row), key=lambda c: c.column)
    cell.text = str(int(cell.text) + 7)


ERRORS = [MemoryError(), UnreadableError("unreadable", "…")]


@pytest.mark.parametrize("error", ERRORS, ids=["memory", "unreadable"])
def test_sums_that_do_not_hold_are_not_certain_without_a_second_reading(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    whole = _figures(extract(NAME, PDF))
    _engines(monkeypatch, _misread, error)
    extraction = extract(NAME, PDF)
    (read,) = extraction.reports
    open_cells = {u.address: u for u in read.unresolved}
    assert open_cells["requests.new_received.total"].reason == "unconfirmed"
    assert "requests.new_received.total" not in _figures(extraction)
    # What no broken sum names stands.
    assert {a: v for a, v in whole.items() if a not in open_cells} == _figures(extraction)
    assert "disputes.reconsideration.total" in _figures(extraction)
    # The sum is wrong by the only reading there is.
    assert checks.check(extraction).verdict == "fail"


@pytest.mark.parametrize("error", ERRORS, ids=["memory", "unreadable"])
def test_doubt_about_a_table_s_lines_leaves_all_its_figures_open(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    _engines(monkeypatch, lambda d: d.evidence.doubts.append("rules"), error)
    assert not _figures(extract(NAME, PDF))


def test_nothing_is_left_open_where_no_second_reading_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _figures(extract(NAME, PDF))
    _engines(monkeypatch, lambda d: None, MemoryError())
    assert _figures(extract(NAME, PDF)) == whole


def test_a_table_with_a_row_missing_is_left_open() -> None:
    r = Report(
        "r",
        form="2021",
        facts=[
            Fact("requests.granted.total", 5, "number", "5", "件", Place(), "anchored"),
            Fact("disputes.reconsideration.total", 2, "number", "2", "件", Place(), "anchored"),
        ],
        layouts=[
            TableLayout(
                "requests", rows=[PrintedLabel("granted", "予以公开", "official", Place())], missing_rows=["x"]
            ),
            TableLayout("disputes"),
        ],
    )
    second_opinion.leave_open(r, [])
    assert [u.address for u in r.unresolved] == ["requests.granted.total"]
    assert [f.address for f in r.facts] == ["disputes.reconsideration.total"]


def test_a_table_that_is_not_there_asks_the_other_engine() -> None:
    read = Report("", form="2021", layouts=[TableLayout(code) for code in ("article20", "requests", "disputes")])
    document = pdf.PdfDocument("application/pdf", evidence=pdf.PdfEvidence("pdfium", table_pages=[1]))
    assert not second_opinion.wanted(document, read)
    del read.layouts[-1]
    assert second_opinion.wanted(document, read)
    # A report in sentences, beside a table of something else.
    assert second_opinion.wanted(document, Report("", form="prose"))


def test_the_second_engine_s_want_of_memory_is_not_the_file_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("parsers.readers.pdf.plumber.read", fails)
    with pytest.raises(MemoryError):
        pdf.read(PDF, "报告.pdf", engine="pdfplumber")


def _every_figure(change: Callable[[str], str]) -> Callable[[Any], None]:
    def edit(document: Any) -> None:
        for table in document.tables:
            for cell in table.cells:
                if re.fullmatch(r"\d+", cell.text):
                    cell.text = change(cell.text)

    return edit


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "".join(str((int(c) + 1) % 10) for c in text),
        lambda text: "".join("九〇甲乙丙丁戊己庚辛"[int(c)] for c in text),
    ],
    ids=["digits to digits", "digits to words"],
)
def test_a_font_that_shifts_all_digits_leaves_no_figure_certain(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]
) -> None:
    """Both engines read the same character map, so that the second confirms what the first was told."""
    real = pdf.read

    def read(data: bytes, name: str, **asked: Any) -> Any:
        document = real(data, name, **asked)
        _every_figure(change)(document)
        return document

    monkeypatch.setattr(pdf, "read", read)
    extraction = extract(NAME, PDF)
    assert not _figures(extraction)
    assert "characters" in {u.reason for u in extraction.reports[0].unresolved}
    assert checks.check(extraction).verdict in ("warn", "fail")


def test_an_office_s_own_wrong_sums_stand_as_printed() -> None:
    cells = sound_cells()
    for row in ("new_received", "carried_over", "granted", "processed_total"):
        cells[f"requests.{row}.total"] = 999
    r = report(cells)
    before = len(r.facts)
    second_opinion.doubt_digits(r)
    assert len(r.facts) == before


@pytest.mark.parametrize("error", [None, *ERRORS], ids=["read", "memory", "unreadable"])
def test_a_report_in_sentences_beside_a_table_of_something_else(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    """It is of no form, whether the second engine finds a table in it or not."""

    def change(document: Any) -> None:
        for cell in (c for table in document.tables for c in table.cells):
            cell.text = "城关镇"

    _engines(monkeypatch, change, error)
    (found,) = extract(NAME, PDF).reports
    assert (found.form, found.facts, found.unresolved) == ("prose", [], [])
    assert found.statements


def test_an_engine_that_cannot_be_imported_is_a_fault_of_the_installation(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = _figures(extract(NAME, PDF))
    _engines(monkeypatch, _misread, ImportError("No module named 'cryptography'"))
    for _ in range(2):
        found = extract(NAME, PDF)
        assert len(_figures(found)) == len(whole)
        assert not any(u.reason in ("unconfirmed", "engines") for r in found.reports for u in r.unresolved)
    assert [r.getMessage().count("cryptography") for r in caplog.records] == [1]
