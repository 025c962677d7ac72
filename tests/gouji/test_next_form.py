"""Next year's form as one file: this year's documents read as before, and its own are read, checked, drawn and summed up."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import checks
from data.generator import Layout, Truth, clean_layout, make_truth, random_layout, render, render_pdfs, suffix
from gouji.drafting.prefill import prefill, written
from gouji.round.kept import CELLS, with_cells
from gouji.round.kept_figures import to_text
from gouji.round.offices import identity_of
from gouji.round.state import Submission
from gouji.show.names import form_words
from gouji.summing import rollup
from gouji.summing.filling import drawn, filled
from gouji.word import official_form
from gouji.word.official_form import Content
from parsers import extract
from schemas import forms
from schemas.facts import Report
from schemas.forms import Form
from tests.gouji.offices import COUNTY
from tests.next_form import ALIKE, COLUMN, ID, LATER, LATER_ID, RESULT, ROW, TEXT, TITLE, YEAR, known, write

_YEAR = re.compile("20\\d\\d年".encode())


@pytest.fixture
def form() -> Iterator[Form]:
    with known() as it:
        assert it is not None
        yield it


def _documents() -> list[tuple[str, bytes]]:
    """Reports of the forms in force before, in many layouts, those of text without their year as well."""
    out: list[tuple[str, bytes]] = []
    for form_id in ("2021", "2019"):
        for seed in range(15):
            variant = "single_other" if form_id == "2021" and seed % 5 == 4 else None
            truth = make_truth(700 + seed, form_id, variant)
            layout: Layout = random_layout(seed, ("docx", "html", "txt", "md", "pdf-drawn")[seed % 5])  # type: ignore[arg-type]
            layouts = [replace(layout, encoding="utf-8")]
            if layout.format == "txt":
                layouts.append(replace(layouts[0], text_style="joined"))
            for each in layouts:
                data = render(truth, each)
                out.append((f"稿{suffix(each)}", data))
                if each.format in ("html", "txt", "md"):
                    out.append((f"稿{suffix(each)}", _YEAR.sub(b"", data)))
    blanks = (Content(forms.load(form_id), "政府信息公开工作年度报告") for form_id in ("2021", "2019"))
    out += [("空表.docx", official_form.document(blank)) for blank in blanks]
    return out


def test_the_documents_of_the_forms_before_read_as_without_it() -> None:
    documents = _documents()
    assert len(documents) > 50

    def read() -> list[list[Report]]:
        return [extract(Path(name), data).reports for name, data in documents]

    alone = read()
    assert sum(bool(r.facts) for reports in alone for r in reports) > 45
    with known():
        beside = read()
    for (name, _), before, after in zip(documents, alone, beside, strict=True):
        assert after == before, name


def test_of_forms_that_nothing_tells_apart_none_is_guessed(tmp_path: Path) -> None:
    template = tmp_path / "空表.docx"
    for truth in [make_truth(i, "2021", issuer=who, year=2024, size="small") for i, who in enumerate(COUNTY)]:
        (tmp_path / f"{truth.issuer.name}.docx").write_bytes(render(truth, clean_layout()))
    template.write_bytes(official_form.document(Content(forms.load("2021"), "政府信息公开工作年度报告")))
    (alone,) = extract(template).reports
    renamed = '[[tables.requests.rows]]\ncode = "processed_total"\nlabel = "（七）合计"\n'
    for told_by_its_words in (LATER, f"{ALIKE}{renamed}"):
        with known(told_by_its_words, LATER_ID):
            assert extract(template).reports == [alone]
    with known(ALIKE, LATER_ID):
        (blank,) = extract(template).reports
        said = blank.to_json()
        assert (said["form"], said["form_readings"], said["variant"]) == ("2021|2028", ["2021", "2028"], None)
        assert blank.facts == alone.facts and not blank.unresolved
        assert checks.check_report(blank) == checks.check_report(alone)
        assert form_words(blank, "zh").startswith("2021 或 2028")
        for form in said["form_readings"]:
            one = blank.on(form)
            assert one is not None and (one.form, one.form_said, one.facts) == (form, form, alone.facts)
        assert blank.on("2019") is None and alone.on("2021") is alone
        # As a round keeps it.
        state = Submission("x", "", 1, "", None, reports=[identity_of(blank) | {CELLS: to_text(blank)}])
        assert [r.form_said for r in with_cells(state)] == ["2021|2028"]
        # The drafts say which form they are on, and so may the template's be.
        result = rollup([tmp_path], template=template)
        assert result.form == "2021"
        (summed,) = extract(Path("汇总.docx"), filled(result, template)[0]).reports
        assert {f.address: f.value for f in summed.facts if f.value is not None} == result.values != {}


@pytest.mark.parametrize("format_", ["docx", "html", "md", "pdf-drawn"])
def test_its_own_documents_are_read_and_sound(form: Form, format_: str) -> None:
    for seed in range(3):
        truth = make_truth(seed, ID)
        layout = clean_layout(format_)
        (report,) = extract(Path(f"稿{suffix(layout)}"), render(truth, layout)).reports
        assert (report.form, report.year) == (ID, YEAR)
        expected = {a: (c.kind, c.value) for a, c in truth.expected(layout).items()}
        assert {f.address: (f.kind, f.value) for f in report.facts} == expected
        assert not [f.rule for f in checks.check_report(report) if f.severity != "note"]


@pytest.mark.parametrize("program", ["pdf-libreoffice", "pdf-chromium"])
def test_printed_documents_of_both_forms_are_read(tmp_path: Path, program: str) -> None:
    with known():
        # Next year's, and last year's beside it.
        truths = {"新": make_truth(502, ID), "旧": make_truth(903, "2021")}
        layout: Layout = random_layout(502, program)  # type: ignore[arg-type]
        printed = render_pdfs([(name, truth, layout) for name, truth in truths.items()], tmp_path)
        for name, truth in truths.items():
            (report,) = extract(printed[name]).reports
            assert report.form == truth.form
            expected = {a: (c.kind, c.value) for a, c in truth.expected(layout).items()}
            assert {f.address: (f.kind, f.value) for f in report.facts} == expected


def test_planted_errors_are_found_in_its_documents(form: Form) -> None:
    for seed, kind in enumerate(("column_balance", "misplaced_applicant", "wrong_total", "disputes_zero")):
        truth = make_truth(seed, ID, errors=(kind,))
        (report,) = extract(Path("稿.docx"), render(truth, clean_layout())).reports
        found = checks.check_report(report)
        assert {(f.rule, f.row or f.column) for f in found if f.severity == "error"} >= set(truth.broken)


def _files(folder: Path) -> list[Truth]:
    truths = [make_truth(i, ID, issuer=who, year=YEAR, size="small") for i, who in enumerate(COUNTY)]
    for truth in truths:
        (folder / f"{truth.issuer.name}.docx").write_bytes(render(truth, clean_layout()))
    return truths


def test_it_is_drawn_and_summed_up(form: Form, tmp_path: Path) -> None:
    truths = _files(tmp_path)
    result = rollup([tmp_path])
    assert result.form == ID
    for address in form.addresses():
        assert result.values[address] == sum(t.values[address] for t in truths), address
    (summed,) = extract(Path("汇总.docx"), drawn(result)).reports
    assert summed.form == ID
    assert {f.address: f.value for f in summed.facts if f.value is not None} == result.values
    assert any(TITLE in p.text for p in summed.passages)


def test_every_column_is_drawn_with_a_width(form: Form) -> None:
    for code, table in form.tables.items():
        drawn_table = official_form.layout(form, code)
        assert table.drawing is not None
        assert min(drawn_table.widths) > 300
        assert sum(drawn_table.widths) == table.drawing.width
        right = max(c + cell.colspan for _, c, cell in drawn_table.positions())
        assert right == len(drawn_table.widths)
    cells = {c.address for code in form.tables for _, _, c in official_form.layout(form, code).positions() if c.address}
    assert cells == set(form.addresses())
    assert {a.split(".")[1] for a in cells} >= {ROW} and {a.split(".")[2] for a in cells} >= {COLUMN, RESULT}


def test_its_first_draft_begins_with_what_the_form_before_left(form: Form) -> None:
    truth = make_truth(4, "2021", year=YEAR - 1, size="medium")
    (last,) = extract(Path("去年.docx"), render(truth, clean_layout())).reports
    made = prefill(last)
    assert (made.form, made.last_form, made.year) == (ID, "2021", YEAR)
    expected = {
        over: truth.values[over.replace("carried_over", "carried_forward")]
        for over in form.cells("requests", ["carried_over"])
        if not over.endswith(COLUMN)
    }
    expected |= {a: truth.values[a] for a in form.cells("proactive", columns=["stock"])}
    assert made.carried == expected
    assert made.left == [f"requests.carried_over.{COLUMN}"]
    (draft,) = extract(Path("草稿.docx"), made.content).reports
    assert (draft.form, draft.year) == (ID, YEAR)


def test_sentences_are_written_from_its_figures(form: Form) -> None:
    truth = make_truth(5, ID, size="medium")
    (report,) = extract(Path("稿.docx"), render(truth, clean_layout())).reports
    made = written(report)
    assert made.paragraphs
    assert not made.left_out


def test_a_wrong_form_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    write(tmp_path, TEXT.replace("label =", "lable =", 1))
    (tmp_path / "稿.docx").write_bytes(render(make_truth(1, "2021"), clean_layout()))
    run = subprocess.run(
        [sys.executable, "-m", "gouji", "check", str(tmp_path / "稿.docx")],
        env={**os.environ, forms.FOLDER: str(tmp_path)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    said = run.stderr.decode()
    assert run.returncode == 2
    assert "表式文件有误" in said and "lable" in said and "Traceback" not in said
