"""What was received stays what was received, whatever happens to the files it came from."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from pathlib import Path

import pytest

from flows import files, store
from flows.files import Found
from flows.home import Home, Settings
from flows.index import Index
from flows.snapshots import Plan, plan
from flows.store import Store
from parsers.files import whole

from .helpers import write

VERSIONS = {"parser": "1", "forms": "1", "rules": "1"}


@pytest.fixture
def where(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def planned(where: Home, folder: Path) -> Plan:
    index = Index(where.index)
    try:
        return plan(files.listing([folder], where.root).files, where, Settings(), index, VERSIONS)
    finally:
        index.close()


def name_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kept(where: Home, text: str) -> Path:
    return Path(store.stored_at(os.fspath(where.snapshots), name_of(text)))


def whole_store(where: Home) -> dict[str, str]:
    found = {p.name: p.read_text() for p in where.snapshots.rglob("*") if p.is_file()}
    assert all(name == name_of(text) for name, text in found.items())
    return found


def old_home(where: Home, folder: Path) -> None:
    """A home as earlier versions left it: its snapshots are links to the received files."""
    planned(where, folder)
    (where.root / "snapshots.copies").unlink()
    index = Index(where.index)
    for path in folder.iterdir():
        target = kept(where, path.read_text())
        target.unlink()
        os.link(path, target)
        state = target.stat()
        index.remember_stored(target.name, state.st_size, state.st_mtime_ns)
    index.close()


@pytest.mark.parametrize("how", ["over", "append", "copy"])
def test_what_is_written_into_a_received_file_does_not_reach_its_snapshot(
    where: Home, tmp_path: Path, how: str
) -> None:
    folder = write(tmp_path / "in", {"a": "first"})
    planned(where, folder)
    if how == "copy":
        (tmp_path / "new").write_text("second")
        shutil.copyfile(tmp_path / "new", folder / "a")
    else:
        with (folder / "a").open("r+" if how == "over" else "a") as f:
            f.write("second")
    assert whole_store(where) == {name_of("first"): "first"}
    later = planned(where, folder)
    assert later.lost == []
    assert set(whole_store(where)) == {name_of("first"), later.items[0].sha256}


def test_links_of_an_earlier_version_become_copies_when_the_home_is_used(where: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a": "one", "b": "two"})
    old_home(where, folder)
    assert kept(where, "one").samefile(folder / "a")
    other = write(tmp_path / "other", {"c": "three"})
    # Not only of the files this run sees.
    assert planned(where, other).lost == []
    assert not kept(where, "one").samefile(folder / "a") and not kept(where, "two").samefile(folder / "b")
    (folder / "a").write_text("changed")
    assert kept(where, "one").read_text() == "one"


def test_a_link_that_was_made_later_becomes_a_copy_too(where: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a": "one"})
    planned(where, folder)
    (folder / "a").unlink()
    os.link(kept(where, "one"), folder / "a")
    planned(where, folder)
    assert not kept(where, "one").samefile(folder / "a")


def test_what_an_earlier_version_has_lost_is_said_and_nothing_else_is_lost(where: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a": "one", "b": "two", "c": "three"})
    old_home(where, folder)
    for name in ("a", "c"):
        with (folder / name).open("r+") as f:
            f.write(f"{name} is new")
    # Of one not even the received file is left: its new content exists under the old name only.
    (folder / "c").unlink()
    write(tmp_path / "again", {"c": "three"})
    first = planned(where, folder)
    assert sorted(first.lost) == sorted([name_of("one"), name_of("three")])
    assert planned(where, folder).lost == []
    assert kept(where, "a is new").read_text() == "a is new"
    # A file that has the lost content brings it back, and what stood in its place keeps its own name.
    planned(where, tmp_path / "again")
    assert kept(where, "three").read_text() == "three" and kept(where, "c is new").read_text() == "c is new"


def test_a_snapshot_that_is_no_longer_its_name_is_written_again(where: Home, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a": "one"})
    planned(where, folder)
    kept(where, "one").write_text("uno")
    planned(where, folder)
    assert whole_store(where) == {name_of("one"): "one", name_of("uno"): "uno"}


def test_a_file_that_changes_while_it_is_kept_is_kept_as_what_it_is(where: Home, tmp_path: Path) -> None:
    path = write(tmp_path / "in", {"a": "later"}) / "a"
    index = Index(where.index)
    kept_as = Store(where.snapshots, index).put(Found(str(path), str(path), 5, 0), name_of("before"))
    index.close()
    assert kept_as == name_of("later")
    assert whole_store(where) == {name_of("later"): "later"}


def test_a_full_disk_leaves_no_half_snapshot(where: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "in", {"a": "one"})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    index = Index(where.index)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        Store(where.snapshots, index).put(Found(str(folder / "a"), "a", 3, 0), name_of("one"))
    index.close()
    assert not kept(where, "one").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="FICLONE is Linux")
def test_a_clone_is_verified_like_a_copy(where: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file system makes the clone; here it is played by a function that writes what it is told to."""
    import fcntl

    written = {"a": b"one", "b": b"not what was asked for"}
    folder = write(tmp_path / "in", {"a": "one", "b": "two"})

    def cloned(target: int, request: int, source: int) -> int:
        assert request == 0x40049409
        name = Path(f"/proc/self/fd/{source}").readlink().name
        os.write(target, written[name])
        return 0

    monkeypatch.setattr(fcntl, "ioctl", cloned)
    planned(where, folder)
    found = whole_store(where)
    assert found[name_of("one")] == "one" and name_of("two") not in found

    def refused(*_: object) -> int:
        raise OSError(errno.EOPNOTSUPP, "not here")

    monkeypatch.setattr(fcntl, "ioctl", refused)
    planned(where, folder)
    assert kept(where, "two").read_text() == "two"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")
    path.chmod(0o640)
    with pytest.raises(RuntimeError), whole.writing(path) as stream:
        stream.write(b"half")
        raise RuntimeError
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]
    whole.write(path, b"after")
    assert path.read_text() == "after" and list(tmp_path.iterdir()) == [path]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640
