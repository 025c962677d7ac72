"""What an operator sees: what cannot be read stays on the list as long as it is so, and no longer."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest

from flows import lock, status
from flows.collecting.contract import Trouble
from flows.collecting.store import Collected, now
from flows.errors import PipelineError
from flows.home import Home
from gouji.cli import main

from .helpers import READER, document, examine, ingest_plainly, report, write


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_READER", READER)


def test_what_was_set_aside_is_on_the_list_until_it_is_mended(tmp_path: Path) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    write(folder, {"good.json": document(report()), "bad.json": "x", "gone.json": "y", "none.json": document()})
    ingest_plainly([folder], home)
    found = status.look(home_dir=home)
    assert [(Path(a.path).name, a.kind) for a in found.set_aside] == [
        ("bad.json", "unreadable"),
        ("gone.json", "unreadable"),
        ("none.json", "no_report"),
    ]
    # A file in which nothing was expected needs nobody.
    assert ("set_aside", 2) in found.needs
    write(folder, {"bad.json": document(report("机关2"))})
    (folder / "gone.json").unlink()
    ingest_plainly([folder], home)
    healed = status.look(home_dir=home)
    assert [Path(a.path).name for a in healed.set_aside] == ["none.json"]
    assert not [n for n in healed.needs if n[0] == "set_aside"]
    assert [load["load_id"] for load in healed.loads] == [2, 1]


def test_runs_that_were_broken_off_and_sources_in_trouble(tmp_path: Path) -> None:
    folder, home = write(tmp_path / "in", {"a.json": document(report())}), tmp_path / "home"
    ingest_plainly([folder], home)
    record = Collected(home / "collected.sqlite")
    run, broken = record.begin()
    assert broken is None
    record.put_troubles(run, ["甲"], [Trouble("甲", "https://a.test/", "network", "no answer")], now())
    found = status.look(home_dir=home)
    assert found.collects[0]["state"] == "broken" and {"trouble", "broken"} <= {what for what, _ in found.needs}
    with lock.writing(home / "lock"):
        at_work = status.look(home_dir=home)
        assert at_work.running is not None and "pid" in at_work.running
        assert at_work.collects[0]["state"] == "running"
    # The next run closes it; what its source is asked for without trouble is over.
    again, before = record.begin()
    assert before is not None and [r.state for r in record.runs()] == ["running", "broken"]
    record.put_troubles(again, ["甲"], [], now())
    record.end(again, "done", {"new": 1})
    record.close()
    assert status.look(home_dir=home).needs == []


@pytest.mark.parametrize(
    ("load", "started", "failed"),
    # A clock that was wrong says nothing, the record's numbers do; notes of earlier versions have none.
    [(3, "2099", False), (4, "1999", True), (None, "2099", True), (None, "1999", False)],
)
def test_a_run_that_did_not_end_is_told_until_one_has(load: int | None, started: str, failed: bool) -> None:
    found = status.Status("", "", {}, loads=[{"load_id": 4, "started": "2026-01-01"}])
    found.failed = [{"load": load, "started": started}]
    assert status._failed_last(found) == failed


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be another")
@pytest.mark.parametrize("at_work", [False, True])
def test_a_home_that_one_may_only_read_is_looked_at(at_work: bool) -> None:
    with tempfile.TemporaryDirectory() as room:
        home = Path(room) / "home"
        ingest_plainly([write(Path(room) / "in", {"a.json": document(report())})], home)
        record = Collected(home / "collected.sqlite")
        run, _ = record.begin()
        record.end(run, "done", {"new": 7})
        if not at_work:
            record.close()
        Path(room).chmod(0o755)
        assert (home / "collected.sqlite-wal").exists() == at_work
        os.setresuid(65534, 65534, 0)
        try:
            found, sound = status.look(home_dir=home), examine(home)
        finally:
            os.setresuid(0, 0, 0)
        assert [c["new"] for c in found.collects] == [7] and found.unseen == [] and sound.unseen == []
        home.chmod(0o700)
        os.setresuid(65534, 65534, 0)
        try:
            with pytest.raises(PipelineError, match="cannot be read"):
                status.look(home_dir=home)
        finally:
            os.setresuid(0, 0, 0)
            record.close()


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_machines_may_ask_for_json_by_a_short_name(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Home(tmp_path).create()
    main([command, "--home", str(tmp_path), "--json"])
    assert json.loads(capsys.readouterr().out)["home"] == str(tmp_path)


def test_another_version_is_something_to_look_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest_plainly([write(tmp_path / "in", {"a.json": document(report())})], tmp_path / "home")
    monkeypatch.setenv("FAKE_PARSER", "2")
    assert status.look(home_dir=tmp_path / "home").needs == [("reparse", 1)]


def test_a_file_without_a_report_is_a_failure_once_and_an_empty_folder_always(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"README.md": document(), "good.json": document(report())})
    assert [ingest_plainly([folder], tmp_path / "home").ok for _ in range(2)] == [False, True]
    write(folder, {"bad.json": "x"})
    assert [ingest_plainly([folder], tmp_path / "home").ok for _ in range(2)] == [False, False]
    (tmp_path / "empty").mkdir()
    missing = ingest_plainly([tmp_path / "empty"], tmp_path / "home").missing
    assert len(missing) == 1 and "挂载" in missing[0].zh
