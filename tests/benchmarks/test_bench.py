"""The measurements run from end to end at their smallest, and the page says what was measured."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import authorities, ingest, queries
from benchmarks.engines import watched
from benchmarks.results import Goal, Part, page, with_unseen
from data.generator import chromium, libreoffice
from tests.conftest import LONG


@LONG
def test_reading_and_start_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not (chromium() and libreoffice()):
        pytest.skip("LibreOffice and Chromium print the PDFs that are measured, and one is missing here")
    before = bench.RESULTS.read_bytes() if bench.RESULTS.exists() else None
    assert bench.main(["--quick", "--only", "startup", "--only", "reading", "--work", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    rows = {line.split("|")[1].strip(): line.split("|")[2:-1] for line in text.splitlines() if line.startswith("| ")}
    for name in ("html", "docx", "txt", "all PDFs", "`gouji check one.docx`"):
        assert float(rows[name][0]) > 0
    reader, bare, naive = (float(rows["all PDFs"][i]) for i in (0, 3, 5))
    assert 0 < bare < naive
    assert reader < naive
    assert re.search(r"Measured \d{4}-\d\d-\d\d .* on \d+ cores", text)
    assert re.search(r"pypdfium2 \d", text)
    # A part of the measurements does not overwrite the page of the whole.
    assert (bench.RESULTS.read_bytes() if bench.RESULTS.exists() else None) == before


@LONG
def test_ingest_and_queries(tmp_path: Path) -> None:
    if not (chromium() and libreoffice()):
        pytest.skip("LibreOffice and Chromium print the PDFs that are ingested, and one is missing here")
    part = queries.run(tmp_path, quick=True, told=lambda text: None)
    assert [row[0] for row in part.rows] == list(queries.QUERIES)
    assert all(int(row[3]) > 0 for row in part.rows)
    facts = int(re.sub(r"\D", "", part.title))
    assert facts >= queries.FACTS_QUICK


def test_reports_of_the_large_folder_are_all_different() -> None:
    many = len(authorities.counties()) * len(authorities.YEARS)
    assert many >= ingest.FULL - 2000
    keys = {(t.issuer.name, t.year) for t in map(authorities.truth, range(300))}
    assert len(keys) == 300


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory of processes is told on Linux only")
def test_memory_of_all_processes_is_seen() -> None:
    """A child of a child that holds 200 MB."""
    hold = "b = bytearray(b'1') * (200 << 20); print(1, flush=True); input()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        pids = ingest._descendants(parent.pid)
        assert len(pids) == 2
        assert 200e6 < sum(map(ingest._pss, pids)) < 400e6
        parent.communicate(b"\n")
    assert ingest._pss(pids[1]) == 0


def test_peaks_by_stage() -> None:
    stages = [("list", 0.0), ("parse", 10.0), ("load", 20.0)]
    memory = [(5.0, 10**6), (12.0, 3 * 10**6), (18.0, 4 * 10**6), (25.0, 9 * 10**6)]
    one = ingest.Watched({}, stages, memory)
    assert (one.peak(), one.peak("parse"), one.peak("parse", 0), one.peak("parse", 1)) == (9, 4, 3, 4)
    assert one.peak("load") == 9


def test_both_engines_are_seen_and_put_back(tmp_path: Path) -> None:
    from data.generator import clean_layout, make_truth, render
    from parsers.readers import pdf

    data = render(make_truth(3, size="tiny"), clean_layout("pdf-drawn"))
    inner = (pdf.read, pdf.read_again)
    with watched() as engines:
        start = time.process_time()
        pdf.read(data, "a.pdf")
        pdf.read_again(data, "a.pdf", [(1, (0.0, 0.0, 100.0, 100.0))])
        spent = time.process_time() - start
    assert (pdf.read, pdf.read_again) == inner
    assert engines.second_ran
    (first,), (second,) = engines.seconds["pdfium"], engines.seconds["pdfplumber"]
    assert 0 < first + second <= spent


def test_the_page_names_goals_that_are_missed() -> None:
    part = Part("Speed", ["A note."], ("what", "ms"), [("pdf", "12.0")], [Goal("fast", "at most 5", "12.0", False)])
    text = page([part], ["Measured somewhere."], 60)
    assert "| fast | at most 5 | 12.0 | **no** |" in text
    assert "## Speed" in text
    assert "| pdf | 12.0 |" in text


def test_the_page_ends_with_the_documents_of_the_second_generator_once() -> None:
    speed = page([], ["Measured."], 60)
    once = with_unseen(speed, "# The second generator, seed 7\n\n## Goals\n")
    again = with_unseen(once, "# The second generator, seed 8\n")
    assert once.startswith(speed.rstrip()) and "\n## The second generator, seed 7\n\n### Goals\n" in once
    assert again.startswith(speed.rstrip()) and "seed 8" in again and "seed 7" not in again
