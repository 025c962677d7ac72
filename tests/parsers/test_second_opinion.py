"""What becomes of a PDF's figures when the second engine cannot be asked, and when a font shifts its digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import checks
from data.generator import clean_layout, make_truth, render
from parsers import extract, second_opinion
from parsers.document import UnreadableError
from parsers.readers import pdf
from parsers.readers.pdf.grid import CellText
from schemas import forms
from schemas.facts import Box, Extraction, Method, Place, Report, Unresolved
from tests.checks.reports import report, sound_cells

TRUTH = make_truth(5, size="small")
PDF = render(TRUTH, clean_layout("pdf-drawn", rules="full"))
NAME = Path("报告.pdf")


def _engines(
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Any], None] = lambda document: None,
    error: Exception | None = None,
    again: Callable[[CellText], CellText] = lambda text: text,
) -> list[tuple[int, Box]]:
    """The first engine's document as ``change`` leaves it, and the second's texts as ``again`` does, or its failure.

    Returns the boxes that the second is asked for.
    """
    first, second = pdf.read, pdf.read_again
    asked: list[tuple[int, Box]] = []

    def read(data: bytes, name: str) -> Any:
        document = first(data, name)
        change(document)
        return document

    def read_again(data: bytes, name: str, places: Sequence[tuple[int, Box]]) -> list[CellText]:
        asked.extend(places)
        if error is not None:
            raise error
        return [again(text) for text in second(data, name, places)]

    monkeypatch.setattr(pdf, "read", read)
    monkeypatch.setattr(pdf, "read_again", read_again)
    return asked


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


def test_nothing_is_left_open_where_no_second_reading_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _figures(extract(NAME, PDF))
    _engines(monkeypatch, error=MemoryError())
    assert _figures(extract(NAME, PDF)) == whole


def test_only_the_cells_of_sums_that_do_not_hold_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A total misread by the first engine: its row and its column are read again, and the total is not certain."""
    asked = _engines(monkeypatch, _misread)
    (read,) = extract(NAME, PDF).reports
    cells = {(f.place.page, f.place.box) for f in (*read.facts, *read.unresolved)}
    assert 0 < len(asked) < 45
    assert len(cells) > 150
    assert cells.issuperset(asked)
    (total,) = read.unresolved
    assert (total.address, total.reason) == ("requests.new_received.total", "engines")
    assert len(total.readings) == 2
    assert int(total.printed) == total.readings[0] == int(total.readings[1]) + 7


def test_an_office_s_wrong_sum_stands_when_both_engines_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    data = render(make_truth(5, size="small", errors=("wrong_total",)), clean_layout("pdf-drawn", rules="full"))
    asked = _engines(monkeypatch)
    extraction = extract(NAME, data)
    assert asked
    assert not extraction.reports[0].unresolved
    assert len(_figures(extraction)) > 150
    assert checks.check(extraction).verdict == "fail"


@pytest.mark.parametrize(
    ("seen", "stands"),
    [
        (lambda t: CellText(f" {t.text} "), True),
        (lambda t: CellText(t.text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))), True),
        # Nothing, or nothing certain, is no other reading: the sum is wrong by the only one there is.
        (lambda t: CellText(), False),
        (lambda t: CellText("\ufffd" * len(t.text), (), "characters"), False),
    ],
    ids=["spaces", "wide digits", "nothing", "no characters"],
)
def test_what_confirms_a_figure(
    monkeypatch: pytest.MonkeyPatch, seen: Callable[[CellText], CellText], stands: bool
) -> None:
    data = render(make_truth(5, size="small", errors=("wrong_total",)), clean_layout("pdf-drawn", rules="full"))
    asked = _engines(monkeypatch, again=seen)
    extraction = extract(NAME, data)
    (read,) = extraction.reports
    assert asked
    assert {u.reason for u in read.unresolved} == (set() if stands else {"unconfirmed"})
    assert checks.check(extraction).verdict == "fail"


def _unread(address_of: Callable[[Report], str], reason: str) -> Report:
    """A report of which one figure could not be read."""
    cells = sound_cells()
    r = report(cells)
    address = address_of(r)
    (fact,) = [f for f in r.facts if f.address == address]
    r.facts.remove(fact)
    place = Place(page=1, box=(0.0, 0.0, 10.0, 10.0))
    r.unresolved.append(
        Unresolved(address, "\ufffd" if reason != "wrapped" else "\n".join(fact.printed), reason, [], place)
    )
    return r


def _largest(r: Report) -> str:
    return max(
        (f for f in r.facts if f.address.startswith("requests.") and f.value), key=lambda f: f.value or 0
    ).address


@pytest.mark.parametrize(("added", "stands"), [(0, True), (1, False)], ids=["adds up", "does not"])
def test_what_the_second_alone_reads_stands_if_every_sum_bears_it_out(
    monkeypatch: pytest.MonkeyPatch, added: int, stands: bool
) -> None:
    value = {f.address: f.value for f in report(sound_cells()).facts}
    r = _unread(_largest, "characters")
    (address,) = [u.address for u in r.unresolved]
    monkeypatch.setattr(pdf, "read_again", lambda *_: [CellText(str(int(value[address] or 0) + added))])
    second_opinion.review(r, b"", "报告.pdf")
    assert {f.address: f.value for f in r.facts}.get(address) == (value[address] if stands else None)
    assert [u.address for u in r.unresolved] == ([] if stands else [address])


def test_a_nought_fits_any_sum_and_never_stands_by_the_second_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    r = _unread(
        lambda r: next(f.address for f in r.facts if f.address.startswith("requests.") and f.value == 0), "joined"
    )
    monkeypatch.setattr(pdf, "read_again", lambda *_: [CellText("0")])
    second_opinion.review(r, b"", "报告.pdf")
    assert [u.reason for u in r.unresolved] == ["joined"]


def test_a_figure_broken_by_its_cell_stands_if_every_sum_bears_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second engine is asked: which characters they are is not in question."""

    def fails(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(pdf, "read_again", fails)
    value = {f.address: f.value for f in report(sound_cells()).facts}
    r = _unread(_largest, "wrapped")
    second_opinion.review(r, b"", "报告.pdf")
    assert {f.address: f.value for f in r.facts} == value
    other = _unread(_largest, "wrapped")
    other.unresolved[0].printed += "\n1"
    second_opinion.review(other, b"", "报告.pdf")
    assert [u.reason for u in other.unresolved] == ["wrapped"]


@pytest.mark.parametrize(
    ("method", "below"),
    [
        ("anchored", ("0\n1", "wrapped")),
        ("anchored", ("", "label")),
        ("ruled", ("0\n1", "wrapped")),
        ("anchored", None),
    ],
)
def test_one_sum_does_not_tell_of_two_broken_figures_that_no_rules_hold(
    method: Method, below: tuple[str, str] | None
) -> None:
    """Both may have left a digit of the same value in another row, or be figures of one that has none; in cells of their
    own no digit is another's."""
    row = "requests.granted."
    cells = dict.fromkeys((f"{row}{c.code}" for c in forms.load("2021").tables["requests"].columns), 0)
    cells |= {f"{row}natural_person": 38, f"{row}other": 31, f"{row}total": 69}
    r = report(cells)
    columns = {f.address: n for n, f in enumerate(r.facts)}
    r.facts = [
        replace(f, method=method, place=Place(page=1, table=1, row=3, column=columns[f.address])) for f in r.facts
    ]
    broken = (f"{row}natural_person", f"{row}total")
    for address in broken:
        (fact,) = [f for f in r.facts if f.address == address]
        r.facts.remove(fact)
        r.unresolved.append(Unresolved(address, "\n".join(fact.printed), "wrapped", [], fact.place))
        if below:
            place = replace(fact.place, row=4)
            printed, reason = below
            r.unresolved.append(Unresolved(address.replace("granted", "partially_granted"), printed, reason, [], place))
    second_opinion.review(r, b"", "报告.pdf")
    left = {u.address for u in r.unresolved} & set(broken)
    assert left == (set(broken) if method == "anchored" and below else set())


def test_the_second_engine_s_want_of_memory_is_not_the_file_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("parsers.readers.pdf.plumber.read", fails)
    with pytest.raises(MemoryError):
        pdf.read_again(PDF, "报告.pdf", [])


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", PDF[: len(PDF) // 3]], ids=["empty", "head", "cut"])
def test_what_the_second_engine_cannot_open_is_told_in_one_kind(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        pdf.read_again(data, "报告.pdf", [(1, (0.0, 0.0, 100.0, 100.0))])


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
    """Both engines read the same character map, so that the second is not asked to confirm what the first was told."""
    asked = _engines(monkeypatch, _every_figure(change))
    extraction = extract(NAME, PDF)
    assert not asked
    assert not _figures(extraction)
    assert "characters" in {u.reason for u in extraction.reports[0].unresolved}
    assert checks.check(extraction).verdict in ("warn", "fail")


def test_an_office_s_own_wrong_sums_stand_as_printed() -> None:
    cells = sound_cells()
    for row in ("new_received", "carried_over", "granted", "processed_total"):
        cells[f"requests.{row}.total"] = 999
    r = report(cells)
    before = len(r.facts)
    second_opinion.review(r, b"", "报告.pdf")
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
        # For those who read in a child process, whose log nobody sees.
        assert found.unusable == {"second_engine": "No module named 'cryptography'"}
    assert [r.getMessage().count("cryptography") for r in caplog.records] == [1]


def _scanned(changes: dict[str, int]) -> Report:
    """A report read from the text under a picture of its pages, with other figures in some cells."""
    cells: dict[str, Any] = {**sound_cells(), **changes}
    found = report(cells)
    found.facts = [replace(f, method="ocr") for f in found.facts]
    second_opinion.review(found, b"", "扫描.pdf")
    return found


def test_a_character_reader_s_figures_are_certain_where_sums_bear_them_out() -> None:
    wrong, other = "requests.new_received.natural_person", "requests.new_received.research_institution"
    sound = {f.address for f in _scanned({}).facts}
    assert {wrong, other, "requests.granted.total", "disputes.reconsideration.total"} <= sound
    # No sum tells of these.
    assert not any(address.startswith("article20.") for address in sound)
    values = {f.address: f.value for f in report(sound_cells()).facts}
    value, beside = values[wrong], values[other]
    assert isinstance(value, int)
    assert isinstance(beside, int)
    misread = _scanned({wrong: value + 60})
    assert sound - {f.address for f in misread.facts} == {wrong}
    (told,) = [u for u in misread.unresolved if u.address == wrong]
    assert (told.reason, told.readings, told.closed) == ("unconfirmed", [value + 60], False)
    # Another wrong figure makes up for it in the row, whose sum holds; a third in the other's column explains no sum.
    both = _scanned({wrong: value + 60, other: beside - 60, "requests.granted.research_institution": 300})
    assert {wrong, other}.isdisjoint(f.address for f in both.facts)


@pytest.mark.parametrize("misnamed", [True, False])
def test_where_sums_do_not_hold_and_a_font_misnames_its_digits_no_figure_is_certain(
    monkeypatch: pytest.MonkeyPatch, misnamed: bool
) -> None:
    asked: list[set[int]] = []

    def look(data: bytes, name: str, pages: set[int]) -> bool:
        asked.append(pages)
        return misnamed

    monkeypatch.setattr(pdf, "has_misnamed_digits", look)
    monkeypatch.setattr(pdf, "read_again", lambda data, name, places: [CellText("9")] * len(places))
    sound, wrong = report(sound_cells()), report({**sound_cells(), "requests.new_received.total": 7})
    for one in (sound, wrong):
        one.facts = [replace(f, place=replace(f.place, page=2, box=(0.0, 0.0, 1.0, 1.0))) for f in one.facts]
        second_opinion.review(one, b"", "报告.pdf")
    assert asked == [{2}]
    assert not sound.unresolved
    assert bool(wrong.facts) is not misnamed
    assert {u.reason for u in wrong.unresolved} == ({"characters"} if misnamed else {"engines"})
