"""A disk that forgets what was not synced: after a power cut nothing is named that is not there, and the next run comes to the same end."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flows import record
from flows.home import Home
from flows.store import stored_at

from .helpers import document, dump, ingest_plainly, report, write

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks names of open files up in /proc")


@dataclass
class Disk:
    """What happened to the files below a folder, in order: ``sync`` of a file or folder, ``name``: a file got its name."""

    root: Path
    events: list[tuple[str, str, int]] = field(default_factory=list)

    def sync(self, fd: int) -> None:
        path = os.fspath(Path(f"/proc/self/fd/{fd}").readlink())
        self.events.append(("sync", path, os.fstat(fd).st_ino))

    def name(self, target: Any) -> None:
        self.events.append(("name", os.fspath(target), Path(target).stat().st_ino))

    def kept(self, until: int) -> dict[str, bool]:
        """The files that have a name for certain after so many events: whether their content is on the disk."""
        out = {}
        for at, (what, path, inode) in enumerate(self.events[:until]):
            folder = os.path.dirname(path)  # noqa: PTH120
            if what == "name" and any(e[:2] == ("sync", folder) for e in self.events[at:until]):
                out[path] = any(e[0] == "sync" and e[2] == inode for e in self.events[:at])
        return out


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk(tmp_path)
    fsync, replace = os.fsync, os.replace

    def forgetful_fsync(fd: int) -> None:
        made.sync(fd)
        fsync(fd)

    def forgetful_replace(source: Any, target: Any, **more: Any) -> None:
        replace(source, target, **more)
        made.name(target)

    monkeypatch.setattr(os, "fsync", forgetful_fsync)
    monkeypatch.setattr(os, "replace", forgetful_replace)
    return made


def test_whatever_is_cut_off_what_has_a_name_is_whole(tmp_path: Path, disk: Disk) -> None:
    files = {f"{n}.json": document(report(f"机关{n}", bad=1)) for n in range(3)}
    folder = write(tmp_path / "in", files)
    home = Home(tmp_path / "home")
    ingest_plainly([folder], home.root)
    later = {
        "3.json": document(report("机关3")),
        "0.json": document(report("机关0", facts={"requests.granted.total": 7})),
    }
    write(folder, later)
    ingest_plainly([folder], home.root)
    wanted = dump(home.database())
    disk = Disk(disk.root, list(disk.events))

    # No file gets a name before its content is on the disk.
    for at, (what, path, inode) in enumerate(disk.events):
        if what == "name":
            assert any(e[0] == "sync" and e[2] == inode for e in disk.events[:at]), path
    # What a load says is there, is there: snapshots and files of the record, names and all.
    manifests = [n for n, e in enumerate(disk.events) if e[0] == "name" and f"/{record.MANIFESTS}/" in e[1]]
    assert len(manifests) == 2
    for at in manifests:
        kept = disk.kept(at)
        load = json.loads(Path(disk.events[at][1]).read_text("utf-8"))
        named = [os.fspath(home.record / p) for paths in load["files"].values() for p in paths]
        snapshots = [p for p in kept if p.startswith(os.fspath(home.snapshots))]
        assert named and all(kept.get(path) for path in named)
        assert len(snapshots) == (3 if at == manifests[0] else 5) and all(kept[p] for p in snapshots)
        # And the load itself, before anything is published from it.
        published = next(n for n, e in enumerate(disk.events) if n > at and e[1] == os.fspath(home.database()))
        assert disk.kept(published).get(disk.events[at][1])

    # The disk as it may be afterwards: without what had no name for certain, and with nothing of the caches.
    # Before a load has its name, between two, and right after; in `make soak` after the first and at the end, too.
    more = (manifests[0] + 1, len(disk.events)) if os.environ.get("GOUJI_SOAK") else ()
    for cut in (manifests[0], manifests[1] - 1, manifests[1] + 1, *more):
        left = Home(tmp_path / f"cut{cut}")
        shutil.copytree(home.root, left.root)
        kept = disk.kept(cut)
        for path in (p for what, p, _ in disk.events if what == "name" and p not in kept):
            gone = left.root / Path(path).relative_to(home.root)
            if gone != left.database() or cut < len(disk.events):
                gone.unlink(missing_ok=True)
        left.index.unlink()
        if not record.load_ids(left):
            # All of it was forgotten: what was received then is received again.
            (folder / "3.json").unlink()
            ingest_plainly([write(folder, files)], left.root)
        ingest_plainly([write(folder, later)], left.root)
        assert dump(left.database()) == wanted, cut
        for text in files.values():
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            assert Path(stored_at(os.fspath(left.snapshots), sha256)).read_bytes() == text.encode()
