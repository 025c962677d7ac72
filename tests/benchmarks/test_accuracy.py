"""The judge sees every way in which a reading can be wrong, and the command says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import accuracy, oracle
from benchmarks.corpus import Corpus, draw
from benchmarks.judging import Judgement, equal, judge
from data.generator import TruthCell, clean_layout, make_truth, render
from parsers import extract
from schemas.facts import Extraction, Fact, Place, Problem, Unresolved

TRUTH = make_truth(11, size="small")
LAYOUT = clean_layout("docx")
# In no identity of the form, and in two.
LONE, BOUND = "article20.licensing.decisions", "requests.granted.natural_person"

Change = Callable[[Extraction, dict[str, Fact]], None]


@pytest.fixture
def extraction(tmp_path: Path) -> Extraction:
    path = tmp_path / "年报.docx"
    path.write_bytes(render(TRUTH, LAYOUT))
    return extract(path)


def judged(extraction: Extraction, change: Change | None = None) -> Judgement:
    if change is not None:
        facts = {f.address: f for f in extraction.reports[0].facts}
        change(extraction, facts)
        extraction.reports[0].facts = list(facts.values())
    return judge(extraction, TRUTH, TRUTH.expected(LAYOUT))


def test_a_right_reading(extraction: Extraction) -> None:
    out = judged(extraction)
    assert out.tally.right == out.tally.cells == len(TRUTH.cells) > 190
    assert (out.silent, out.others, out.identity) == ([], [], [])


def value(address: str) -> Change:
    def change(extraction: Extraction, facts: dict[str, Fact]) -> None:
        facts[address] = replace(facts[address], value=facts[address].value + 1)

    return change


def test_a_wrong_figure_in_no_identity_is_silent(extraction: Extraction) -> None:
    out = judged(extraction, value(LONE))
    assert (out.tally.silent, out.tally.flagged, out.tally.right) == (1, 0, out.tally.cells - 1)
    assert LONE in out.silent[0]


def test_a_wrong_figure_in_a_broken_identity_is_flagged(extraction: Extraction) -> None:
    out = judged(extraction, value(BOUND))
    assert (out.tally.silent, out.tally.flagged) == (0, 1)


def test_a_problem_of_the_file_flags_its_figures(extraction: Extraction) -> None:
    extraction.problems.append(Problem("unreadable", "第3页读不了"))
    assert judged(extraction, value(LONE)).tally.silent == 0


def test_another_kind_and_another_unit_are_wrong(extraction: Extraction) -> None:
    def change(extraction: Extraction, facts: dict[str, Fact]) -> None:
        facts[LONE] = replace(facts[LONE], kind="blank", value=None)
        facts["article20.fees.amount"] = replace(facts["article20.fees.amount"], unit="元")

    assert judged(extraction, change).tally.silent == 2


def test_a_figure_that_is_not_printed_is_wrong(extraction: Extraction) -> None:
    def change(extraction: Extraction, facts: dict[str, Fact]) -> None:
        facts["x"] = replace(facts[LONE], address="requests.other_handling.other")

    assert judged(extraction, change).tally.silent == 1


def test_a_figure_read_twice_is_wrong(extraction: Extraction) -> None:
    def change(extraction: Extraction, facts: dict[str, Fact]) -> None:
        facts["x"] = facts[LONE]

    assert judged(extraction, change).tally.silent == 1


def test_missing_and_unresolved_are_neither_right_nor_wrong(extraction: Extraction) -> None:
    def change(extraction: Extraction, facts: dict[str, Fact]) -> None:
        del facts[LONE]
        fact = facts.pop(BOUND)
        extraction.reports[0].unresolved.append(Unresolved(BOUND, fact.printed, "joined", [1, 2], fact.place))

    tally = judged(extraction, change).tally
    assert (tally.silent, tally.flagged, tally.unresolved, tally.missing) == (0, 0, 1, 1)
    assert tally.right == tally.cells - 2


def test_who_and_when_are_judged_too(extraction: Extraction) -> None:
    extraction.reports[0].identity = replace(extraction.reports[0].identity, year=1999)
    assert judged(extraction).identity == [f"year: 1999, is {TRUTH.year}"]


def test_a_sentence_read_otherwise_is_seen(extraction: Extraction) -> None:
    statement = next(s for s in extraction.reports[0].statements if s.code == "requests_received")
    statement.value = 999_999
    assert "sentence requests_received" in judged(extraction).identity[0]


def test_documents_are_made_once_and_are_what_their_seed_says(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    made: list[int] = []
    first = corpus.make(range(3), ["docx", "html"], made.append)
    assert len(first) == len(made) == 6
    assert corpus.make(range(3), ["docx", "html"], made.append) == first
    assert len(made) == 6
    truth, layout = draw(first[0].seed, first[0].format)
    assert first[0].path.read_bytes() == render(truth, layout)


@pytest.mark.soak
def test_a_small_campaign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As `make soak` runs it, in the formats that need no other program; of one seed, so that a failure stays."""
    status = accuracy.main(
        ["--seed", "60", "--count", "16", "--formats", "docx,html", "--work", str(tmp_path), "--workers", "1"]
    )
    out = capsys.readouterr().out
    print(out)
    assert status == 0
    assert "silent" not in out.partition("\n\n")[2]


def test_a_silent_wrong_figure_fails_the_campaign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(path: Path) -> accuracy.Read:
        one = accuracy.read(path)
        one.judgement.tally.silent, one.judgement.silent = 1, ["requests.granted.total: printed 3, read 4"]
        return one

    def here(work: object, paths: list[Path], *_: object) -> list[tuple[str, object]]:
        return [("done", wrong(path)) for path in paths]

    monkeypatch.setattr(accuracy, "each", here)
    assert accuracy.main(["--seed", "1", "--count", "1", "--formats", "docx", "--work", str(tmp_path)]) == 1
    assert "SILENT requests.granted.total" in capsys.readouterr().out


def test_a_document_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accuracy, "each", lambda *_: [("time", "120")])
    accuracy.main(["--seed", "1", "--count", "1", "--formats", "html", "--work", str(tmp_path)])
    assert "failed: 1.html: time 120" in capsys.readouterr().out


def test_a_cell_without_a_unit_of_its_own_takes_any() -> None:
    fact = Fact("requests.granted.total", 3, "number", "3", "件", Place(), "cells")
    assert equal(fact, TruthCell("3", "number", 3, None))
    assert not equal(fact, TruthCell("3", "number", 3, "人"))


def test_rows_that_the_printing_program_left_out_are_not_the_reader_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drawn document that stands for a printed one; printed are another report's figures."""
    folder = tmp_path / "pdf-chromium"
    folder.mkdir()
    path = folder / "7.pdf"
    truth, _ = draw(7, "pdf-chromium")
    drawn = clean_layout("pdf-drawn")
    path.write_bytes(render(truth, drawn))
    expected = truth.expected(drawn)
    printed = accuracy._texts(truth, drawn)
    assert oracle.prints_all(path.read_bytes(), printed)
    assert not oracle.prints_all(path.read_bytes(), [*printed, *["987654321"] * 100])
    assert not oracle.prints_all(path.read_bytes(), [*printed, "结转下年度继续办理"])
    lost_texts = [*printed, *["98765"] * 100]
    monkeypatch.setattr(accuracy, "_texts", lambda truth, layout: lost_texts)
    lost = {f"requests.new_received.c{n}": TruthCell("98765", "number", 98765, "件") for n in range(100)}
    monkeypatch.setattr(type(truth), "expected", lambda self, layout: expected | lost)
    one = accuracy.read(path)
    assert (one.unprinted, one.judgement.tally.missing, one.judgement.tally.cells) == (100, 0, len(expected))
    assert any("left rows out" in line for line in accuracy.table(_outcome(one)))


def _outcome(one: accuracy.Read) -> accuracy.Outcome:
    outcome = accuracy.Outcome()
    outcome.groups.setdefault(one.look, accuracy.Group()).add(one)
    return outcome
