"""Real Prefect runs: the same folder twice, one file changed, two lineages, broken files, readers, summaries."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from contextlib import nullcontext
from pathlib import Path

import duckdb
import httpx
import pytest

from flows import lock, record, run
from flows.errors import PipelineError
from flows.run import Summary
from parsers.readers import convert

from .helpers import (
    READER,
    children,
    document,
    dump,
    give_prefect_a_database,
    in_this_process,
    ingest_plainly,
    report,
    rows,
    until,
    write,
)

ROOT = Path(__file__).resolve().parents[2]
# One home goes through all of these, so that Prefect is started once: they run in order, on one worker.
pytestmark = pytest.mark.xdist_group("prefect")


def ingest(home: Path, *paths: Path, here: bool = False, **more: object) -> Summary:
    """``here``: Prefect as it is, but reading and loading in this process; the first run and others have all processes."""
    with in_this_process() if here else nullcontext():
        return run.ingest(paths, home_dir=home, reader=READER, workers=2, **more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {f"{n:02d}.json": document(report(f"机关{n}", bad=n % 3 == 0, statements=1)) for n in range(20)}
    return write(tmp_path_factory.mktemp("in"), files | {"broken.json": "x", "crash.json": document(do="exit")})


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, folder: Path, prefect_api: str) -> tuple[Path, Summary]:
    home = tmp_path_factory.mktemp("home")
    return home, ingest(home, folder)


def test_a_first_run_loads_all_that_is_good(first: tuple[Path, Summary]) -> None:
    summary = first[1]
    assert (summary.files, summary.new, summary.set_aside, summary.unchanged) == (22, 22, 2, 0)
    assert (summary.reports, summary.facts, summary.findings) == (20, 60, 7)
    assert {Path(name).name for name, _, _ in summary.bad} == {"broken.json", "crash.json"}
    assert not summary.ok
    assert summary.totals["report"] == summary.totals["current_reports"] == 20
    database = Path(summary.database)
    assert rows(database, "SELECT count(*) FROM requests") == [(60,)]
    load = rows(database, "SELECT load_id, files, files_new, files_set_aside, reports, facts, findings FROM load")
    assert load == [(1, 22, 22, 2, 20, 60, 7)]
    meta = dict(rows(database, "SELECT key, value FROM meta"))
    assert meta["parser"] == "1" and {"schema", "forms", "rules", "gouji"} <= meta.keys()
    # Nothing is left in the way of the next run.
    assert not list((first[0] / "staging").iterdir())
    assert not list(first[0].glob("*.tmp*"))


def test_the_run_is_a_prefect_flow_with_a_task_per_batch_and_an_artifact(
    first: tuple[Path, Summary], prefect_api: str
) -> None:
    runs = httpx.post(f"{prefect_api}/flow_runs/filter", json={}).json()
    assert any(r["state_type"] == "COMPLETED" for r in runs)
    tasks = httpx.post(f"{prefect_api}/task_runs/filter", json={}).json()
    names = {t["name"].rsplit("-", 1)[0] for t in tasks}
    assert {"snapshot", "parse and check", "load", "commit", "publish"} <= names
    artifacts = httpx.post(f"{prefect_api}/artifacts/filter", json={}).json()
    assert any(a["key"] == "gouji-ingest" and "set aside" in a["data"] for a in artifacts)


def test_the_same_again_adds_a_load_and_nothing_else(first: tuple[Path, Summary], folder: Path) -> None:
    home, summary = first
    database = Path(summary.database)
    before, loads = dump(database), len(rows(database, "SELECT * FROM load"))
    kept = {p: p.stat().st_mtime_ns for p in (home / "record").rglob("*.parquet")}
    again = ingest(home, folder)
    assert (again.files, again.unchanged, again.new, again.reports) == (22, 22, 0, 0)
    assert again.set_aside == 2 and len(again.bad) == 2
    assert dump(database) == before
    assert rows(database, "SELECT count(*) FROM load") == [(loads + 1,)]
    assert {p: p.stat().st_mtime_ns for p in (home / "record").rglob("*.parquet")} == kept


def test_one_changed_file_is_one_revision(first: tuple[Path, Summary], folder: Path) -> None:
    home, summary = first
    database = Path(summary.database)
    before = {table: len(found) for table, found in dump(database).items()}
    write(folder, {"04.json": document(report("机关4", facts={"requests.granted.total": 77}))})
    changed = ingest(home, folder, here=True)
    assert (changed.revised, changed.unchanged, changed.new, changed.reports) == (1, 21, 0, 1)
    after = {table: len(found) for table, found in dump(database).items()}
    assert after["report"] == before["report"] + 1 and after["source"] == before["source"] + 1
    revisions = rows(database, "SELECT revision, is_current FROM report WHERE issuer = '机关4' ORDER BY revision")
    assert revisions == [(1, False), (2, True)]
    assert rows(database, "SELECT total FROM requests WHERE issuer = '机关4'") == [(77,)]
    assert rows(database, "SELECT count(*) FROM report WHERE revision > 1") == [(1,)]


def test_the_same_report_from_two_places_is_two_current_ones_flagged(
    first: tuple[Path, Summary], folder: Path, tmp_path: Path
) -> None:
    home, summary = first
    other = write(tmp_path / "网页", {"05.json": document(report("机关5", title="同一报告的网页"))})
    ingest(home, folder, other, here=True)
    database = Path(summary.database)
    assert rows(database, "SELECT is_current FROM report WHERE issuer = '机关5'") == [(True,), (True,)]
    flagged = "SELECT issuer, severity FROM finding JOIN report USING (report_key) WHERE rule = 'batch.duplicate'"
    assert rows(database, flagged) == [("机关5", "warning"), ("机关5", "warning")]


def test_a_rebuild_gives_the_same_database(first: tuple[Path, Summary]) -> None:
    home, summary = first
    database = Path(summary.database)
    before = dump(database, without=())
    with in_this_process():
        run.rebuild(home_dir=home, database="again.duckdb")
    assert dump(home / "again.duckdb", without=()) == before
    assert dump(database, without=()) == before
    run.rebuild(home_dir=home)
    assert dump(database, without=()) == before


def test_readers_keep_what_they_opened(first: tuple[Path, Summary], folder: Path) -> None:
    home, summary = first
    reader = duckdb.connect(summary.database, read_only=True)
    try:
        before = reader.execute("SELECT count(*) FROM load").fetchone()
        ingest(home, folder)
        assert reader.execute("SELECT count(*) FROM load").fetchone() == before
        assert reader.execute("SELECT count(*) FROM fact").fetchone() is not None
    finally:
        reader.close()
    assert rows(Path(summary.database), "SELECT count(*) FROM load")[0][0] == (before or (0,))[0] + 1


def test_a_new_parser_version_reads_again_and_replaces(
    first: tuple[Path, Summary], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, summary = first
    database = Path(summary.database)
    before = {table: len(found) for table, found in dump(database).items()}
    monkeypatch.setenv("FAKE_PARSER", "2")
    again = ingest(home, folder)
    assert (again.reread, again.new, again.revised) == (22, 0, 0)
    assert {table: len(found) for table, found in dump(database).items()} == before
    assert rows(database, "SELECT value FROM meta WHERE key = 'parser'") == [("2",)]
    stale = "SELECT count(*) FROM report WHERE versions.parser = '1'"
    # Old revisions and files outside the folder were not given to this run.
    assert rows(database, stale) == [(before["report"] - 20,)]


def test_a_busy_home_and_a_foreign_database_are_refused_before_any_work(tmp_path: Path, folder: Path) -> None:
    home = tmp_path / "home"
    with lock.writing(home / "lock"), pytest.raises(PipelineError, match="another run"):
        ingest(home, folder)
    mine = tmp_path / "mine.duckdb"
    mine.write_bytes(b"precious")
    with pytest.raises(PipelineError, match="not a database of this program"):
        ingest(home, folder, database=mine)
    assert mine.read_bytes() == b"precious"
    assert record.load_ids(run.home.find(home)) == []
    with pytest.raises(PipelineError, match="no record"):
        run.rebuild(home_dir=home)


def test_an_archive_of_drafts_gives_what_its_folder_would(tmp_path: Path) -> None:
    """Every member is recorded once under its own path in the archive, whatever was dropped in beside it."""
    samples = sorted(p for p in (ROOT / "data/samples").iterdir() if p.suffix in (".docx", ".pdf", ".html"))
    plain, zipped = tmp_path / "散", tmp_path / "包"
    (plain / "东 乡").mkdir(parents=True)
    zipped.mkdir()
    with zipfile.ZipFile(zipped / "上报.zip", "w") as archive:
        for sample in samples:
            (plain / "东 乡" / sample.name).write_bytes(sample.read_bytes())
            archive.write(sample, f"东 乡/{sample.name}")
    found = {}
    for folder, name in ((plain, "散"), (zipped, "包/上报.zip")):
        summary = ingest_plainly([folder], tmp_path / f"home-{folder.name}", reader="flows.read_one")
        assert (summary.new, summary.set_aside, len(summary.missing)) == (len(samples), 1, 0)
        database = Path(summary.database)
        facts = "SELECT issuer, year, count(*), sum(value) FROM report JOIN fact USING (report_key) GROUP BY ALL ORDER BY ALL"
        paths = rows(database, "SELECT path FROM source ORDER BY path")
        assert paths == [(str(tmp_path / name / "东 乡" / s.name),) for s in samples]
        found[name] = rows(database, facts), rows(database, "SELECT count(*) FROM report")
        again = ingest_plainly([folder], tmp_path / f"home-{folder.name}", reader="flows.read_one")
        assert (again.unchanged, again.new, again.reports) == (len(samples), 0, 0)
    assert found["散"] == found["包/上报.zip"]
    assert found["散"][1] == [(len(samples) - 1,)]


@pytest.mark.skipif(convert.program() is None or sys.platform == "win32", reason="needs LibreOffice and sh")
def test_old_formats_are_converted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rtf = "{\\rtf1\\ansi\\ansicpg936 %s}"
    folder = tmp_path / "旧"
    folder.mkdir()
    for n, text in enumerate(("one", "two", "three")):
        (folder / f"{n}.doc").write_text(rtf % text, "ascii")
    # Counts the runs of LibreOffice, those of workers too.
    log, program = tmp_path / "runs", tmp_path / "soffice"
    program.write_text(f'#!/bin/sh\necho run >> "{log}"\nexec "{convert.program()}" "$@"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv(convert.PROGRAM, str(program))
    summary = ingest_plainly([folder], tmp_path / "home", reader="flows.read_one")
    # Read, and found to be no reports: once for all, and nothing is converted again on its own.
    assert [kind for _, kind, _ in summary.bad] == ["no_report"] * 3
    assert log.read_text("utf-8").split() == ["run"]


@pytest.mark.shared
def test_real_reports_through_the_real_reader(shared: Path, tmp_path: Path, prefect_api: str) -> None:
    """Nothing put in the place of anything: parsers and checks as they are, four real reports and what is none."""
    names = ("2023-hongze-district.pdf", "2019-shanghai-gov-office.html", "2025-shuyang-county.md", "README.md")
    given = [shared / "reports" / name for name in names]
    summary = run.ingest(given, home_dir=tmp_path, workers=2)
    database = Path(summary.database)
    assert (summary.files, summary.reports, summary.set_aside) == (4, 3, 1)
    found = rows(database, "SELECT issuer, year, form FROM report ORDER BY year")
    assert found == [
        ("上海市人民政府办公厅", 2019, "2019"),
        ("洪泽区人民政府", 2023, "2021"),
        ("沭阳县人民政府", 2025, "2021"),
    ]
    errors = 'SELECT rule, "row", printed, expected FROM finding JOIN report USING (report_key) WHERE year = 2023'
    assert sorted(rows(database, errors + " AND severity = 'error'")) == [
        ("disputes.total", "litigation_after_reconsideration", 0, 5),
        ("disputes.total", "reconsideration", 0, 11),
    ]
    assert rows(database, "SELECT printed FROM fact_place JOIN fact USING (report_key) WHERE page > 0 LIMIT 1")


@pytest.mark.shared
def test_no_seed_is_lost(shared: Path, tmp_path: Path) -> None:
    """Circulars whose shares are broken are kept with what is wrong with them, like reports."""
    summary = ingest_plainly([shared / "seeds"], tmp_path, reader="flows.read_one")
    assert (summary.bad, summary.missing) == ([], [])
    assert summary.new == len(list((shared / "seeds").iterdir()))
    found = rows(Path(summary.database), "SELECT DISTINCT rule FROM finding JOIN circular USING (circular_id)")
    assert found == [("statement.share",)]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds child processes in /proc")
def test_its_own_server_ends_with_a_killed_run(
    tmp_path: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    give_prefect_a_database(tmp_path, tmp_path_factory)
    code = f"from flows import run; run.ingest([{str(folder)!r}], home_dir={str(tmp_path)!r}, reader={READER!r})"
    program = tmp_path / "program.py"
    program.write_text(f"if __name__ == '__main__':\n    {code}\n")
    env = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {"PYTHONPATH": str(ROOT)}
    started = subprocess.Popen([sys.executable, program], env=env)
    try:
        until(lambda: any("flows.server" in name for name in children(started.pid).values()))
        servers = children(started.pid)
    finally:
        started.kill()
        started.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in servers))
