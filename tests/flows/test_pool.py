"""Documents that hang, crash or eat memory take nothing with them but themselves."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from flows import files
from flows.home import Settings
from flows.pool import Pool, WorkerError
from flows.rows import Context
from flows.snapshots import Item

from .helpers import READER, document, dump, ingest_plainly, report, rows, write

# One worker: what they share costs more than they do.
pytestmark = pytest.mark.xdist_group("one")


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    base = tmp_path_factory.mktemp("hostile")
    files = {f"{n:02d}-good.json": document(report(f"机关{n}")) for n in range(12)}
    files |= {
        "03-hangs.json": document(report("a"), do="sleep"),
        "05-exits.json": document(report("b"), do="exit"),
        "06-segfaults.json": document(report("c"), do="segfault"),
        "07-eats.json": document(report("d"), do="memory"),
        "08-raises.json": document(report("e"), do="raise"),
        "09-repeats.json": document(report("f"), do="repeat"),
        "10-unknown.json": document(report("g"), do="unknown"),
        "11-empty.json": "",
        "11-nothing.json": document(),
    }
    folder = write(base / "in", files)
    summary = ingest_plainly([folder], base / "home", children=True, time_limit=3, memory_limit=200, workers=2)
    return base / "home", summary


def test_only_the_guilty_are_lost(survived: tuple[Path, object]) -> None:
    database = survived[0] / "gouji.duckdb"
    good = rows(database, "SELECT path FROM report JOIN source ON sha256 = source_sha256")
    assert len(good) == 12
    assert all("-good" in path for (path,) in good)
    assert rows(database, "SELECT count(*) FROM fact")[0][0] == 36


def test_each_is_set_aside_with_its_reason(survived: tuple[Path, object]) -> None:
    found = rows(survived[0] / "gouji.duckdb", "SELECT path, kind, message FROM set_aside WHERE NOT part")
    kinds = {Path(path).name.split(".")[0].split("-")[1]: (kind, message) for path, kind, message in found}
    assert {name: kind for name, (kind, _) in kinds.items()} == {
        "hangs": "timed_out",
        "exits": "unreadable",
        "segfaults": "unreadable",
        "eats": "too_large",
        "raises": "unreadable",
        "repeats": "unreadable",
        "unknown": "unreadable",
        "empty": "unreadable",
        "nothing": "no_report",
    }
    assert "3 秒" in kinds["hangs"][1]
    assert "崩溃" in kinds["exits"][1]
    assert "broken reader" in kinds["raises"][1]
    assert "requests.new_received.total" in kinds["repeats"][1]
    # Validation names table, column and value.
    assert all(word in kinds["unknown"][1] for word in ("fact", "row_code", "nonsense"))


def test_they_are_not_tried_again_until_a_limit_is_raised(survived: tuple[Path, object]) -> None:
    home = survived[0]
    folder = home.parent / "in"
    before = dump(home / "gouji.duckdb")
    again = ingest_plainly([folder], home, children=True, time_limit=3, memory_limit=200)
    assert (again.new, again.unchanged, again.set_aside) == (0, 21, 9)
    assert len(again.bad) == 9
    assert dump(home / "gouji.duckdb") == before
    # The greedy file has a reason to be tried again, the hanging one has not.
    larger = ingest_plainly([folder], home, children=True, time_limit=3, memory_limit=220)
    assert (larger.reread, larger.unchanged) == (1, 20)


def test_a_closed_pool_keeps_no_one_waiting(tmp_path: Path) -> None:
    """Ctrl-C closes the pool while one batch is read and others wait for a worker."""
    folder = write(tmp_path, {f"{n}.json": document(report(f"机关{n}"), seconds=60) for n in range(6)})
    found = files.listing([folder], tmp_path / "home").files
    items = [Item(f.path, f.name, hashlib.sha256(Path(f.path).read_bytes()).hexdigest(), f.size, b"") for f in found]
    context = Context({"gouji": "0", "parser": "1", "forms": "1", "rules": "1"}, datetime(2026, 1, 1), 60, 1024)
    begun = threading.Event()
    pool = Pool(Settings(workers=1, reader=READER), context, tmp_path / "store", tmp_path, begun.set)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(pool.run, n, [item]) for n, item in enumerate(items)]
        assert begun.wait(60)
        pool.close()
        for future in waiting:
            with pytest.raises(WorkerError, match="closed"):
                future.result(timeout=30)
