"""What is received and what of it is new: listing, the store, the plan, the lock, the settings."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flows import files, home, lock
from flows.batches import cost, cut
from flows.errors import PipelineError
from flows.home import Home, Settings
from flows.index import Index, Reading, version_key
from flows.snapshots import Item, Plan, plan
from flows.steps import Summary

from .helpers import document, ingest_plainly, report, rows, write

VERSIONS = {"parser": "1", "forms": "1", "rules": "1"}


@pytest.fixture
def where(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def planned(where: Home, folder: Path, settings: Settings | None = None, versions: dict[str, str] = VERSIONS) -> Plan:
    index = Index(where.index)
    try:
        found = files.listing([folder], where.root).files
        return plan(found, where, settings or Settings(), index, versions)
    finally:
        index.close()


def settle(where: Home, made: Plan, load_id: int, kind: str | None = None) -> None:
    """Note a plan as done, as a committed load would."""
    index = Index(where.index)
    places = [(place, item.sha256) for item in made.items for place in item.places]
    readings = [(item.sha256, Reading(version_key(VERSIONS), kind, kind, 60, 1024)) for item in made.items]
    index.sync(load_id, places, readings)
    index.close()


def test_listing_takes_documents_and_leaves_leftovers(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "年报", {"b.docx": "b", "子目录/a.pdf": "a", "~$b.docx": "x", ".hidden": "x", "Thumbs.db": "x"}
    )
    write(folder / "home", {"snapshots/aa/x": "never"})
    listed = files.listing([folder, folder / "b.docx", tmp_path / "none"], folder / "home")
    assert [Path(f.name).name for f in listed.files] == ["b.docx", "a.pdf"]
    assert [m.name for m in listed.missing] == [str(tmp_path / "none")]
    assert "读不了" in listed.missing[0].zh


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only: pipes and byte names")
def test_listing_neither_waits_for_pipes_nor_fails_on_old_names(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    old = os.fsencode(tmp_path) + "/年报.txt".encode("gbk")
    with open(old, "wb") as f:  # noqa: PTH123
        f.write(b"x")
    listed = files.listing([tmp_path], tmp_path / "home")
    assert [Path(f.name).name for f in listed.files] == ["年报.txt"]
    assert Path(listed.files[0].path).read_bytes() == b"x"
    assert [Path(m.name).name for m in listed.missing] == ["pipe"]


def count(made: Plan, sort: str) -> int:
    """How many of a plan's files are of a sort."""
    return list(made.sorts.values()).count(sort)


def test_snapshots_are_kept_by_content_once(where: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a": "same", "b": "same", "c": "other"})
    made = planned(where, folder)
    assert (made.files, count(made, "new"), len(made.items)) == (3, 3, 2)
    assert [len(item.places) for item in made.items] == [2, 1]
    stored = sorted(p for p in where.snapshots.rglob("*") if p.is_file())
    assert [p.read_text() for p in stored].count("same") == 1
    for item in made.items:
        path = where.snapshots / item.sha256[:2] / item.sha256[2:4] / item.sha256
        assert path in stored
        # A copy of its own: what happens to the received file must not reach it.
        assert not any(path.samefile(f) for f in folder.iterdir())


def test_a_place_that_is_named_twice_is_one_place(where: Home, tmp_path: Path) -> None:
    """Two publications lead to one file: its content has its place once, or the load would refuse both."""
    write(tmp_path / "in", {"a.docx": "a"})
    index = Index(where.index)
    found = files.listing([tmp_path / "in"], where.root).files
    made = plan(found * 2, where, Settings(), index, VERSIONS)
    index.close()
    assert [len(item.places) for item in made.items] == [1]
    assert (made.files, count(made, "new")) == (1, 1)


def test_unchanged_files_are_not_opened_again(where: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "in", {"a": "1", "b": "2"})
    settle(where, planned(where, folder), 1)

    def opened(*_: object) -> None:
        raise AssertionError("a known file was read")

    monkeypatch.setattr("flows.snapshots.digest", opened)
    monkeypatch.setattr("flows.store.digest", opened)
    again = planned(where, folder)
    assert (again.unchanged, again.items) == (2, [])


def test_revised_renamed_and_new_versions(where: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a": "1", "b": "2"})
    settle(where, planned(where, folder), 1)
    write(folder, {"a": "changed", "c": "2"})
    made = planned(where, folder)
    assert (count(made, "new"), count(made, "revised"), made.unchanged) == (1, 1, 1)
    # The renamed copy is known and needs no reading.
    assert {Path(i.name).name: i.read for i in made.items} == {"a": True, "c": False}
    settle(where, made, 2)
    newer = planned(where, folder, versions={**VERSIONS, "parser": "2"})
    assert (count(newer, "reread"), len(newer.items), [i.places for i in newer.items]) == (3, 2, [[], []])


def archive(path: Path, members: dict[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def test_an_archive_of_documents_stands_for_its_members(where: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"b.txt": "same"})
    inner = archive(tmp_path / "inner.zip", {"c.txt": b"c"}).read_bytes()
    archive(
        folder / "上报 稿.zip", {"教育局/a.txt": b"a", "民政局/a.txt": b"same", "内/x.zip": inner, "~$a.docx": b"-"}
    )
    made = planned(where, folder)
    assert (made.files, count(made, "new"), made.missing) == (4, 4, [])
    root = str(folder) + os.sep
    names = [item.files for item in made.items]
    # The same content at two places is read once and known at both.
    assert names == [
        [f"{root}b.txt", f"{root}上报 稿.zip/民政局/a.txt"],
        [f"{root}上报 稿.zip/内/x.zip/c.txt"],
        [f"{root}上报 稿.zip/教育局/a.txt"],
    ]
    assert [i.size for i in made.items] == [4, 1, 1]
    store = {p.name: p.read_bytes() for p in where.snapshots.rglob("*") if p.is_file()}
    assert store == {i.sha256: c for i, c in zip(made.items, (b"same", b"c", b"a"), strict=True)}
    settle(where, made, 1)
    again = planned(where, folder)
    assert (again.unchanged, again.items) == (4, [])
    archive(folder / "上报 稿.zip", {"教育局/a.txt": b"new", "民政局/a.txt": b"same", "内/x.zip": inner})
    later = planned(where, folder)
    assert (count(later, "revised"), later.unchanged, [i.files for i in later.items]) == (
        1,
        3,
        [[f"{root}上报 稿.zip/教育局/a.txt"]],
    )


def test_known_members_are_not_inflated_again(where: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path / "in/a.zip", {"a.txt": b"a"})
    os.utime(path, (1_700_000_000, 1_700_000_000))
    settle(where, planned(where, path.parent), 1)

    def inflated(*_: object) -> None:
        raise AssertionError("a known document was inflated")

    monkeypatch.setattr("flows.snapshots.zips.read_bytes", inflated)
    assert planned(where, path.parent).unchanged == 1


def test_what_is_wrong_with_an_archive_is_said(where: Home, tmp_path: Path) -> None:
    whole = archive(tmp_path / "in/b.zip", {"a.txt": b"a" * 500, "b.txt": b"b" * 500}).read_bytes()
    # A member whose content was damaged, and an archive that was cut off.
    (tmp_path / "in/b.zip").write_bytes(whole.replace(b"b" * 500, b"c" * 500))
    (tmp_path / "in/cut.zip").write_bytes(whole[:300])
    made = planned(where, tmp_path / "in")
    assert [[Path(f).name for f in i.files] for i in made.items] == [["a.txt"], ["cut.zip"]]
    [missing] = made.missing
    assert missing.name.endswith("b.zip/b.txt")
    assert "损坏" in missing.zh


def test_a_recent_file_is_not_trusted_by_its_time(where: Home, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "a"
    path.write_text("one")
    settle(where, planned(where, folder), 1)
    times = path.stat().st_mtime_ns
    path.write_text("two")
    os.utime(path, ns=(times, times))
    assert count(planned(where, folder), "revised") == 1


def test_a_damaged_cache_is_only_a_cache(where: Home) -> None:
    where.index.write_bytes(b"not a database at all" * 100)
    index = Index(where.index)
    assert index.synced() == 0
    index.close()


def test_batches_hold_every_item_once_and_about_equal_work() -> None:
    items = [Item(f"{n}", f"{n}", f"{n:064d}", 200_000, b"%PDF-1.7" if n % 3 else b"<html>") for n in range(3000)]
    settings = Settings(workers=2, batch_seconds=6)
    batches = cut(items, settings)
    assert [i for b in batches for i in b] == items
    work = [sum(map(cost, b)) for b in batches[:-1]]
    assert min(work) > 0.8 * settings.batch_seconds and max(work) < 1.2 * settings.batch_seconds
    # Little work is still shared among the processes.
    assert len(cut(items[:100], settings)) >= 4
    assert cut([], settings) == []


def test_one_writer_at_a_time_and_no_lock_left_by_a_killed_one(where: Home) -> None:
    script = (
        "import sys, time; from pathlib import Path; from flows import lock\n"
        "with lock.writing(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    root = Path(__file__).resolve().parents[2]
    holder = subprocess.Popen([sys.executable, "-c", script, where.lock], stdout=subprocess.PIPE, cwd=root)
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(PipelineError) as refused, lock.writing(where.lock):
            pass
        assert f"pid {holder.pid}" in refused.value.zh and f"pid {holder.pid}" in refused.value.en
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    with lock.writing(where.lock):
        assert f"pid {os.getpid()}" in where.lock.read_text()


def test_the_home_is_found_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOUJI_HOME", str(tmp_path / "named"))
    assert home.find(tmp_path / "given").root == tmp_path / "given"
    assert home.find().root == tmp_path / "named"
    monkeypatch.delenv("GOUJI_HOME")
    assert home.find().root == Path(__file__).resolve().parents[2] / "data" / "home"
    monkeypatch.setattr(home, "__file__", str(tmp_path / "site-packages" / "flows" / "home.py"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))
    assert home.find().root == tmp_path / "share" / "gouji"


def test_the_database_lies_in_the_home_unless_a_path_is_given(where: Home, tmp_path: Path) -> None:
    assert where.database() == where.root / "gouji.duckdb"
    assert where.database("x.duckdb") == where.root / "x.duckdb"
    assert where.database(tmp_path / "y.duckdb") == tmp_path / "y.duckdb"
    assert where.database(Path("out") / "z.duckdb") == Path.cwd() / "out" / "z.duckdb"


def test_settings_come_from_caller_environment_and_file(where: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    where.settings.write_text('time_limit = 5\nmemory_limit = 300\nsnapshot = "link"\n', encoding="utf-8")
    monkeypatch.setenv("GOUJI_MEMORY_LIMIT", "400")
    found = home.settings(where, time_limit=7)
    # An earlier version's setting, which means nothing now, does not stop a run.
    assert (found.time_limit, found.memory_limit) == (7, 400)
    for wrong in ("time_limit = 0", "nonsense = 1", "time_limit = 'soon'", "a = = 1"):
        where.settings.write_text(wrong, encoding="utf-8")
        with pytest.raises(PipelineError):
            home.settings(where)


def test_files_that_are_gone_or_were_renamed_are_noticed(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "in"

    def run(files: dict[str, str], *paths: Path) -> Summary:
        return ingest_plainly(paths or [write(folder, files)], home)

    def reports() -> list[tuple[Any, ...]]:
        sql = "SELECT parse_filename(lineage), revision, standing, gone FROM report ORDER BY year, revision"
        return rows(home / "gouji.duckdb", sql)

    one, other = document(report()), document(report(year=2023))
    run({"a.json": one, "b.json": other})
    (folder / "a.json").rename(folder / "c.json")
    moved = run({})
    assert (moved.gone, moved.new, moved.unchanged) == (1, 1, 1)
    run({"c.json": document(report(facts={"requests.granted.total": 77}))})
    assert reports() == [
        ("b.json", 1, "preferred", False),
        ("c.json", 1, "superseded", False),
        ("c.json", 2, "preferred", False),
    ]
    # Moved out of the folder: only the new place is named.
    (folder / "b.json").rename(tmp_path / "d.json")
    assert run({}, tmp_path / "d.json").gone == 1
    assert reports()[0] == ("d.json", 1, "preferred", False)
    (tmp_path / "d.json").unlink()
    assert run({}, tmp_path / "d.json").gone == 1
    assert reports()[0] == ("d.json", 1, "preferred", True)
    # An empty folder may be a share that is not mounted.
    (folder / "c.json").unlink()
    assert run({}).gone == 0
    run({"e.json": document(report(year=2022))})
    assert [r[3] for r in reports()] == [False, True, False, True]
    run({"c.json": document(report(facts={"requests.granted.total": 77}))})
    assert reports()[-1] == ("c.json", 2, "preferred", False)
    # A folder with the name of a file is not that file.
    (folder / "e.json").unlink()
    (folder / "e.json").mkdir()
    assert run({"e.json/f.json": document(report(year=2022))}).gone == 1
    assert reports()[0] == ("f.json", 1, "preferred", False)
