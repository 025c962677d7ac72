"""What the collector knows, in the database and before the doctor; runs that did not end."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows import failures, record, steps
from flows.collecting.contract import Trouble
from flows.collecting.store import Collected, File, Publication, Receipt
from flows.home import Home
from flows.status import look
from schemas.report_identity import Evidence

from .helpers import Collection, document, examine, ingest_plainly, report, rows, write

# What a scope was told from that no words say.
FIGURES = "figures: penalty=12000"
PAGE = 'https://a.gov.cn/p,"1".html'
AT = "2026-01-0{}T02:00:00+00:00"


@pytest.fixture
def made(tmp_path: Path) -> Collection:
    """One publication, read and collected."""
    collection = Collection(tmp_path)
    collection.load({PAGE: document(report(evidence=FIGURES))}, publication=PAGE, publish=False)
    (sha256,) = {p.name for p in collection.home.snapshots.rglob("*") if p.is_file()} or {_keep(collection)}
    known = Collected(collection.home.collected)
    run, _ = known.begin()
    evidence = (Evidence("issuer", "list link", "某局", 1.0, "某局年报"),)
    known.put(
        Publication(PAGE, "one", "https://a.gov.cn/", "年报\n2024", date(2026, 1, 1).isoformat(), 2024, None, evidence, *[AT.format(1)] * 3)
    )  # fmt: skip
    known.put_file(File(PAGE, PAGE, "page", "p.html", "", sha256, sha256, None, AT.format(1), AT.format(1)))
    known.receive(run, Receipt(PAGE, PAGE, PAGE, "page", sha256, 3, AT.format(1), {}, "p.html", (), "new"))
    known.end(run, "done", {"new": 1, "requests": 2})
    known.close()
    collection.publish()
    return collection


def _keep(collection: Collection) -> str:
    from flows.index import Index
    from flows.store import Store

    index = Index(collection.home.index)
    sha256 = Store(collection.home.snapshots, index).keep(document(report(evidence=FIGURES)).encode())
    index.close()
    return sha256


def test_a_publication_and_what_happened_to_it(made: Collection) -> None:
    asked = "SELECT address, link_text, state, CAST(first_seen AS VARCHAR), missing FROM publication"
    assert made.query(asked) == [(PAGE, "年报\n2024", "there", "2026-01-01 02:00:00", 0)]
    assert made.query("SELECT what, length(sha256) FROM publication_event") == [("new", 64)]
    assert made.query("SELECT run, state, requests, new, trouble FROM collect_run") == [(1, "done", 2, 1, 0)]
    assert made.query("SELECT publication, issuer, year, revisions FROM history") == [(PAGE, "淮安市人民政府", 2024, 1)]
    mirror = "https://b.gov.cn/mirror.html"
    made.load({mirror: document(report(evidence=FIGURES))}, publication=mirror, publish=False)
    known = Collected(made.home.collected)
    known.put(replace(known.publications()[0], address=mirror))
    run, _ = known.begin()
    known.tell(run, PAGE, PAGE, "missing", AT.format(2))
    known.put_troubles(run, ["one"], [Trouble("one", PAGE, "gone")], AT.format(2))
    known.end(run, "failed", {})
    known.close()
    made.publish()
    asked = "SELECT publication, issuer, year, scope, revisions FROM history ORDER BY ALL"
    of = ("淮安市人民政府", 2024, "area")
    assert made.query(asked) == [(PAGE, *of, 1), (mirror, *of, 1)]
    # A revision is of the same line, whatever scope is read in it.
    made.load({PAGE: document(report(scope="unknown", facts={"requests.granted.total": 9}))}, publication=PAGE)
    assert made.query(asked) == [(PAGE, "淮安市人民政府", 2024, "unknown", 2), (mirror, *of, 1)]
    assert made.query("SELECT what FROM publication_event ORDER BY event") == [("new",), ("missing",)]
    assert made.query("SELECT state FROM collect_run ORDER BY run") == [("done",), ("failed",)]
    made.publish(anew=True)
    assert made.query("SELECT what FROM publication_event ORDER BY event") == [("new",), ("missing",)]


def _kinds(home: Home) -> list[tuple[str, str]]:
    return [(t.kind, t.name) for t in examine(home.root).troubles]


def test_the_doctor_holds_the_collectors_record_against_snapshots_and_record(made: Collection) -> None:
    assert _kinds(made.home) == []
    known = Collected(made.home.collected)
    (file,) = known.files(PAGE)
    file.sha256 = "0" * 64
    known.put_file(file)
    other = File(
        PAGE,
        "https://a.gov.cn/f.docx",
        "attachment",
        "f.docx",
        "",
        file.seen_sha256,
        "",
        None,
        AT.format(1),
        AT.format(1),
    )
    known.put_file(other)
    known.close()
    assert _kinds(made.home) == [("collected_lost", PAGE), ("collected_unread", other.address)]
    shutil.copy(made.home.collected, made.home.root / "kept")
    made.home.collected.unlink()
    Collected(made.home.collected).close()
    assert _kinds(made.home) == [("collected_behind", PAGE)]
    for damage in (b"no database at all" * 999, (made.home.root / "kept").read_bytes()[:5000]):
        made.home.collected.write_bytes(damage)
        assert [kind for kind, _ in _kinds(made.home)] == ["collected_damaged"]


def test_a_run_that_fails_or_is_killed_stands_in_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import run
    from flows.errors import PipelineError

    home = Home(tmp_path / "home")
    folder = write(tmp_path / "in", {"a.json": document(report())})
    with monkeypatch.context() as context, pytest.raises(PipelineError):
        context.setattr(steps.Run, "check", lambda self: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        run.ingest([folder], home_dir=home.root, reader="tests.flows.fake_reader")
    left = home.staging / "00000001-abc"
    left.mkdir()
    failures.begin(left, "2026-01-02T03:04:05.000000+00:00", {"gouji": "1", "parser": "1", "forms": "1", "rules": "1"})
    assert "failed" in dict(look(home_dir=home.root).needs)
    ingest_plainly([folder], home.root)
    found = rows(home.database(), "SELECT load_id, files_new, error FROM load ORDER BY load_id DESC")
    assert found[0] == (1, 1, None)
    assert {n for n, *_ in found} == {1, -1, -2}
    assert any("磁盘已满" in (error or "") for *_, error in found) and any(
        "被终止" in (error or "") for *_, error in found
    )
    assert record.load_ids(home) == [1] and _kinds(home) == []
    seen = look(home_dir=home.root)
    assert len(seen.failed) == 2 and "failed" not in dict(seen.needs)
    # Said once: it does not become more.
    ingest_plainly([folder], home.root)
    assert rows(home.database(), "SELECT count(*) FROM load WHERE error IS NOT NULL") == [(2,)]


def test_the_work_list_is_a_view(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    folder = write(tmp_path / "in", {"a.json": "x", "b.json": document(report())})
    ingest_plainly([folder], home.root)
    listed = "SELECT path, kind, since = (SELECT min(started) FROM load) FROM set_aside_now"
    assert rows(home.database(), listed) == [(str(folder / "a.json"), "unreadable", True)]
    write(folder, {"a.json": document(report("别的机关"))})
    ingest_plainly([folder], home.root)
    assert rows(home.database(), listed) == []
