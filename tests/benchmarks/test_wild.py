"""The second generator: repeatable, true to the form, and judged by what the commands print.

How well the product reads its documents is measured by the campaign, not here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import pypdfium2
import pytest

from benchmarks.wild import campaign, figures, form, office, tally, text, touches
from benchmarks.wild.documents import KINDS, kind_of, make
from benchmarks.wild.drawing import Draw
from benchmarks.wild.judge import Truth, judge
from benchmarks.wild.report import Expected, Wish, draw_report
from schemas import forms
from tests.conftest import ROOT

SEED = 4242
Json = dict[str, Any]


def first(kind: str) -> int:
    return next(i for i in range(100) if kind_of(i) == kind)


def fingerprints() -> dict[str, str]:
    """One document of every kind, its source and its truth, as a hash."""
    made = {kind: make(SEED, first(kind)) for kind in KINDS}
    return {k: hashlib.sha256(s.data + campaign.truth_json(s.truth).encode()).hexdigest() for k, s in made.items()}


def test_a_seed_gives_the_same_documents_in_every_process() -> None:
    code = "import json; from tests.benchmarks.test_wild import fingerprints; print(json.dumps(fingerprints()))"
    for hash_seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        )
        assert json.loads(run.stdout) == fingerprints()


def test_another_seed_gives_other_documents() -> None:
    assert make(SEED, 1).data != make(SEED + 1, 1).data


@pytest.mark.parametrize("index", range(60))
def test_truths_satisfy_the_form(index: int) -> None:
    """Every cell of the form is there, and no sum is broken but those that were planted."""
    draw = Draw(f"truth/{index}")
    report = draw_report(draw, Wish(sentences=index % 3 == 0))
    assert set(report.cells) == set(form.addresses(report.form, single_other=report.single_other))
    planted = {(e.rule, e.row, e.column) for e in report.planted if e.printed is None}
    broken = figures.broken(report.cells, single_other=report.single_other)
    assert {(s.rule, s.row, s.column) for s in broken} == planted
    for grid in report.grids():
        assert {len(row) for row in grid.slots()} == {grid.width}
    printed = {b.address: b.text for g in report.grids() for b in g.boxes() if b.address}
    assert printed == {a: c.printed for a, c in report.cells.items()}


def test_the_two_copies_of_the_forms_have_the_same_cells() -> None:
    for form_id in ("2019", "2021"):
        theirs = forms.load(form_id)
        cells = set()
        for code, table in theirs.tables.items():
            for row in table.rows:
                if any(row.code in variant.present for variant in theirs.variants):
                    continue
                cells |= {f"{code}.{row.code}.{column}" for column in row.columns or [c.code for c in table.columns]}
        assert cells == set(form.addresses(form_id, single_other=form_id == "2019"))


@pytest.fixture
def truth() -> Truth:
    report = next(
        r
        for r in (draw_report(Draw(f"judge/{i}"), Wish()) for i in range(200))
        if not r.planted and r.form == "2021" and all(c.kind == "number" for c in r.cells.values())
    )
    body = report.body
    return Truth(
        "w00000",
        "text",
        [],
        body.accepted,
        body.name,
        body.division.code,
        report.year,
        report.single_other,
        report.cells,
    )


def answers(truth: Truth) -> tuple[Json, Json]:
    """What the commands would say if they read everything rightly."""
    facts = [
        {"address": a, "kind": c.kind, "value": c.value, "printed": c.printed, "method": "cells"}
        for a, c in truth.cells.items()
    ]
    report = {
        "issuer": truth.issuer,
        "year": truth.year,
        "division_code": truth.division_code,
        "facts": facts,
        "unresolved": [],
    }
    return {"reports": [report], "problems": []}, {"findings": []}


def finding(**fields: object) -> Json:
    return {"severity": "error", "row": None, "column": None, "printed": None, "message": "", **fields}


def test_a_perfect_reading_is_right_everywhere(truth: Truth) -> None:
    verdict = judge(truth, *answers(truth))
    assert verdict.fails == []
    assert verdict.right == verdict.cells == len(truth.cells)


def test_wrong_cells_are_counted_for_what_they_are(truth: Truth) -> None:
    extracted, checked = answers(truth)
    report = extracted["reports"][0]
    facts = report["facts"]
    facts[0]["value"] += 1
    facts[1] |= {"kind": "blank", "value": None}
    lost, doubted, allowed = facts.pop(), facts.pop(), facts.pop()
    report["unresolved"] += [
        {"address": doubted["address"], "printed": "", "reason": "joined"},
        {"address": allowed["address"], "printed": "", "reason": "joined"},
    ]
    truth.cells[allowed["address"]] = replace(truth.cells[allowed["address"]], open=True)
    blank, mark = facts[2]["address"], facts[3]["address"]
    truth.cells[blank] = figures.Cell("", "blank")
    truth.cells[mark] = figures.Cell("/", "mark")
    facts[3] |= {"kind": "blank", "value": None}
    facts.append({"address": "requests.other_handling.total", "kind": "number", "value": 3, "printed": "3"})
    verdict = judge(truth, extracted, checked)
    # A wrong number, a blank for a number, a number for a blank, a number in a cell that the form has not.
    assert len(verdict.silent) == 4
    assert len(verdict.other_kind) == 1
    assert [text.partition(":")[0] for text in verdict.lost] == [lost["address"]]
    assert [text.partition(":")[0] for text in verdict.unresolved] == [doubted["address"]]
    assert verdict.allowed == 1
    assert verdict.cells == len(truth.cells) - 1
    assert verdict.right == verdict.cells - 6
    assert {"silent", "lost", "unresolved"} <= set(verdict.fails)


def test_identity_is_wrong_open_or_right(truth: Truth) -> None:
    extracted, checked = answers(truth)
    report = extracted["reports"][0]
    report |= {"issuer": "打印" + truth.issuer, "year": truth.year - 1, "division_code": "999999"}
    assert {"issuer", "year", "code"} == set(judge(truth, extracted, checked).fails)
    report |= {"issuer": None, "year": None, "division_code": None}
    verdict = judge(truth, extracted, checked)
    assert verdict.fails == []
    assert verdict.open_issuer and verdict.open_year and verdict.open_code
    report["issuer"] = max(truth.issuers, key=len)
    assert judge(truth, extracted, checked).wrong_issuer is None


def test_no_report_is_told(truth: Truth) -> None:
    verdict = judge(truth, {"reports": [], "problems": [{"kind": "no_report"}]}, {"findings": []})
    assert verdict.no_report
    assert len(verdict.lost) == len(truth.cells)


def test_errors_are_true_or_false_and_planted_ones_found_or_missed(truth: Truth) -> None:
    extracted, checked = answers(truth)
    checked["findings"] = [
        finding(rule="requests.balance", column="total"),
        finding(rule="value.mark", severity="note"),
    ]
    assert len(judge(truth, extracted, checked).false_errors) == 1
    address = "disputes.reconsideration.total"
    wrong = (truth.cells[address].value or 0) + 5
    truth.cells[address] = figures.Cell(figures.plain(wrong), "number", wrong)
    truth.planted = [
        Expected("disputes.total", "reconsideration"),
        Expected("statement.disagrees", printed=77),
        Expected("statement.disagrees", printed=78),
    ]
    extracted, checked = answers(truth)
    checked["findings"] = [
        finding(rule="disputes.total", row="reconsideration"),
        finding(rule="statement.disagrees", printed=77),
        finding(rule="statement.disagrees", printed=99),
    ]
    verdict = judge(truth, extracted, checked)
    assert verdict.found == 2
    assert len(verdict.missed) == 1
    assert len(verdict.false_errors) == 1


def test_the_page_counts_and_names_traits(truth: Truth) -> None:
    truth.traits = ["page=odd"]
    extracted, checked = answers(truth)
    good = judge(truth, extracted, checked)
    extracted["reports"][0]["facts"][0]["value"] += 1
    bad = judge(truth, extracted, checked)
    other = replace(truth, traits=["page=plain"])
    page = tally.page([(truth, bad), (truth, bad), *[(other, good)] * 6], 1)
    assert "MISSED: silent in at most 1 of 500 documents: 2 of 8" in page
    assert "met: no wrong issuer or year: 0" in page
    assert "**silent** 2/8: page=odd 2/2" in page


def test_a_small_campaign_runs_through_the_commands(tmp_path: Path) -> None:
    wanted = list(campaign.indices(4, ("text", "saved")))
    command = [sys.executable, "-m", "gouji"]
    judged = campaign.run(SEED, wanted, tmp_path, command, keep=True, told=lambda text: None)
    assert [int(t.name[1:]) for t, _ in judged] == wanted
    for truth, verdict in judged:
        assert verdict.cells + verdict.allowed == len(truth.cells)
        assert (tmp_path / f"{truth.name}.truth.json").is_file()
    told = (tmp_path / "failures.jsonl").read_text("utf-8").splitlines()
    assert len(told) == sum(bool(v.fails) for _, v in judged)
    assert "| all | 4 |" in tally.page(judged, SEED)


@pytest.mark.parametrize("kind", ["css", "wordpdf"])
def test_printed_kinds_become_pdf(tmp_path: Path, kind: str) -> None:
    if reason := campaign.unavailable().get(kind):
        pytest.skip(reason)
    (path,) = campaign.write([make(SEED, first(kind))], tmp_path)
    assert path.read_bytes().startswith(b"%PDF-")
    if kind == "wordpdf":
        draft = tmp_path / "sources" / path.with_suffix(".docx").name
        assert office.is_whole(draft, path)
        printed = pypdfium2.PdfDocument(path)
        for page in range(len(printed) - 1, 0, -1):
            del printed[page]
        printed.save(tmp_path / "cut.pdf")
        printed.close()
        assert not office.is_whole(draft, tmp_path / "cut.pdf")


def test_a_drawn_grid_of_lines_keeps_every_place() -> None:
    """Each row of the grid is one band between two level lines, and every upright line stands in every line."""
    grid = next(g for g in draw_report(Draw("drawn"), Wish(plain=True)).grids() if g.name == "requests")
    lines = text.WRITERS["drawn lines"](Draw("lines"), grid)
    drawing = "+|-┌┬┐├┼┤└┴┘│─"
    assert (
        len({sum(2 if east_asian_width(c) in "WFA" and c not in drawing else 1 for c in line) for line in lines}) == 1
    )
    bands = [line for line in lines if line[0] in "+┌├└"]
    assert len(bands) == len(grid.rows) + 1
    assert {line.count(line[0]) for line in lines if line[0] in "|│"} == {grid.width + 1}


def test_drawn_digits_have_no_letters_and_as_many_strokes_as_the_panel_shows() -> None:
    drawn = touches.drawn("108")
    assert drawn.count("<line") == 2 + 6 + 7
    assert not re.search(r">\d", drawn)
