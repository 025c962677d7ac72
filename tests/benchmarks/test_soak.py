"""The fuzzing campaign sees what it is there to see, forgives what a document really prints, and is repeatable.

A sample of the killed ingests is `tests/flows/test_killed.py`; here is only what the campaign looks at afterwards.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import parsers
from benchmarks import damage, oracle, soak
from data.generator import Format, clean_layout, make_truth, render
from schemas.facts import Extraction, Fact

TRUTH = make_truth(11, size="small")
# In no identity of the form: nothing but the campaign would see it wrong.
LONE = "article20.licensing.decisions"
FORMATS: dict[str, Format] = {"docx": "docx", "html": "html", "txt": "md", "pdf": "pdf-drawn"}


def folder(tmp_path: Path, format: str) -> Path:
    out = tmp_path / format
    out.mkdir()
    for i, truth in enumerate((TRUTH, make_truth(12))):
        made = FORMATS[format]
        ending = "pdf" if format == "pdf" else made
        (out / f"{i}.{ending}").write_bytes(render(truth, clean_layout(made)))
    return out


@pytest.fixture(autouse=True)
def fresh() -> None:
    soak._originals.cache_clear()
    soak._original.cache_clear()


@pytest.mark.parametrize("format", FORMATS)
def test_a_number_stands_for_one_mutant(tmp_path: Path, format: str) -> None:
    documents = folder(tmp_path, format)
    paths = [documents / f"1-{i}" for i in range(40)]
    first = [soak.mutant_of(p) for p in paths]
    assert [soak.mutant_of(p) for p in paths] == first
    originals = {p.read_bytes() for p in documents.iterdir()}
    assert sum(m.data not in originals for _, m in first) > 30
    assert len({m.how for _, m in first}) > 8


@pytest.mark.parametrize(
    ("way", "format"),
    [*((w, "html") for w in damage.SAME_HTML), *((w, "docx") for w in damage.SAME_WORD)],
    ids=lambda x: getattr(x, "__name__", x),
)
def test_what_shows_the_same_is_still_the_same_text(way: damage.Bytes, format: str) -> None:
    """By the plain second reading, which has no part in the readers under test."""
    data = render(make_truth(11, size="large"), clean_layout(FORMATS[format], html_style="cms"))
    main = "word/document.xml"
    inner = damage.members(data)[main] if format == "docx" else data
    changed = way(random.Random(5), inner)
    assert changed != inner
    if format == "docx":
        changed = damage.zipped(random.Random(5), damage.members(data) | {main: changed})
    assert oracle.rows(changed, format) == oracle.rows(data, format)


def read_as(monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Fact]], None], data: bytes) -> None:
    """From now on what is read from this content is changed afterwards."""
    inner = parsers.extract

    def extract(path: Path, given: bytes | None = None) -> Extraction:
        extraction = inner(path, given)
        if given == data:
            facts = {f.address: f for f in extraction.reports[0].facts}
            change(facts)
            extraction.reports[0].facts = list(facts.values())
        return extraction

    monkeypatch.setattr(parsers, "extract", extract)


def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, mutant: damage.Mutant) -> Path:
    """A path that stands for this mutant."""
    path = folder(tmp_path, format) / "1-0"
    base = sorted(path.parent.iterdir())[0]
    monkeypatch.setattr(soak, "mutant_of", lambda _: (base, mutant))
    return path


def wrong(facts: dict[str, Fact]) -> None:
    facts[LONE] = replace(facts[LONE], value=987, printed="987")


def lost(facts: dict[str, Fact]) -> None:
    del facts[LONE]


@pytest.mark.parametrize("format", FORMATS)
def test_a_wrong_figure_that_is_not_printed_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    data = render(TRUTH, clean_layout(FORMATS[format])) + b"\n"
    path = one(tmp_path, monkeypatch, format, damage.Mutant(data, "nothing", False))
    assert soak.damaged(path).findings == []
    read_as(monkeypatch, wrong, data)
    (finding,) = soak.damaged(path).findings
    assert LONE in finding


@pytest.mark.parametrize("change", [wrong, lost])
def test_a_preserving_change_must_preserve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Fact]], None]
) -> None:
    data = render(TRUTH, clean_layout("html")) + b"\n"
    path = one(tmp_path, monkeypatch, "html", damage.Mutant(data, "nothing", True))
    assert soak.damaged(path).findings == []
    read_as(monkeypatch, change, data)
    assert "changes nothing that is shown" in soak.damaged(path).findings[0]


def test_a_figure_that_is_printed_so_is_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    html = render(TRUTH, clean_layout("html")).decode()
    printed = TRUTH.cells[LONE].printed
    label = "行政许可"
    row = html[html.index(label) :]
    data = html.replace(row, row.replace(f">{printed}<", ">987<", 1)).encode()
    path = one(tmp_path, monkeypatch, "html", damage.Mutant(data, "other figure", False))
    out = soak.damaged(path)
    assert (out.outcome, out.findings) == ("different", [])


def test_a_file_that_says_nothing_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"x"
    path = one(tmp_path, monkeypatch, "html", damage.Mutant(data, "gone", False))
    inner = parsers.extract

    def extract(path: Path, given: bytes | None = None) -> Extraction:
        extraction = inner(path, given)
        if given == data:
            extraction.problems.clear()
        return extraction

    monkeypatch.setattr(parsers, "extract", extract)
    assert soak.damaged(path).findings == ["gone: neither a report nor a problem"]


def test_exceptions_are_findings_and_crashes_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [("failed", "KeyError: 'x'"), ("died", -11), ("time", "60"), ("done", soak.Fuzzed(outcome="same"))]
    monkeypatch.setattr(soak, "each", lambda *_: iter(outcomes))
    monkeypatch.setattr(soak, "bases", lambda *_: folder(tmp_path, "html"))
    kept, told = tmp_path / "kept", []
    tally = soak.fuzz("html", 1, 4, 1, tmp_path, kept, told.append)
    assert (tally.findings, dict(tally.outcomes)) == (1, {"failed": 1, "died": 1, "time": 1, "same": 1})
    assert "KeyError" in told[0]
    assert "KeyError" in (kept / "html-1-0.log").read_text()
    assert (kept / "html-1-0.html").exists()
    assert (kept / "html-1-0-original.html").exists()
    assert (kept / "survived" / "html-1-1.log").read_text().splitlines()[1] == "died: -11"


def test_pictures_and_text_of_pages_are_compared(tmp_path: Path) -> None:
    plain = render(TRUTH, clean_layout("pdf-drawn", compressed=False))
    assert oracle.pages(plain) == oracle.pages(plain + b"\n% comment\n")
    assert oracle.pages(plain) != oracle.pages(render(TRUTH, clean_layout("pdf-drawn", margin_mm=27)))
    assert oracle.pages(b"%PDF-1.4") is None


def test_members_survive_packing() -> None:
    data = render(TRUTH, clean_layout("docx"))
    again = damage.zipped(random.Random(1), damage.members(data))
    assert damage.members(again) == damage.members(data)
    assert zipfile.is_zipfile(io.BytesIO(again))


@pytest.mark.soak
@pytest.mark.parametrize(("format", "count"), [("docx", 60), ("html", 60), ("txt", 40), ("pdf", 16)])
def test_a_small_campaign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], format: str, count: int
) -> None:
    """As `make soak` runs it, without the programs that print PDFs."""
    monkeypatch.setattr("shutil.which", lambda *_: None)
    monkeypatch.setattr(soak, "_BASES", 4)
    arguments = ["--only", "fuzz", "--seed", "20", "--count", str(count), "--formats", format, "--workers", "1"]
    status = soak.main([*arguments, "--work", str(tmp_path), "--keep", str(tmp_path / "kept")])
    out = capsys.readouterr().out
    assert status == 0, out
    assert "seed 20: 0 findings" in out


def test_a_damaged_database_is_seen(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "gouji.duckdb"
    assert soak._whole(path) is None
    path.write_bytes(b"no database")
    assert "cannot be opened" in str(soak._whole(path))
    path.unlink()
    con = duckdb.connect(str(path))
    con.execute("CREATE TABLE load AS SELECT 1 AS load_id, 2 AS reports")
    con.execute("CREATE TABLE report AS SELECT unnest([7, 8]) AS report_key, TIMESTAMP '2026-01-01' AS retrieved_at")
    con.execute("CREATE TABLE fact AS SELECT 7 AS report_key, 3119 AS value")
    con.close()
    assert soak._whole(path) is None
    before = soak._content(path)
    con = duckdb.connect(str(path))
    con.execute("UPDATE report SET retrieved_at = TIMESTAMP '2026-02-02'")
    con.close()
    assert soak._content(path) == before
    con = duckdb.connect(str(path))
    con.execute("INSERT INTO fact VALUES (9, 1)")
    con.close()
    assert "1 facts without a report" in str(soak._whole(path))
    assert soak._content(path)["fact"] != before["fact"]
