"""What surrounds a file can be hostile too: names, links, rights, folders in the place of files, files that change.

The command is run as a clerk runs it, always with a good file beside the bad one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.generator import clean_layout, make_truth, render
from gouji.batch.read_files import read_all
from parsers import extract
from tests.conftest import ROOT

TRUTH, OTHER = make_truth(11, size="small"), make_truth(12, size="small")
GOOD = render(TRUTH, clean_layout("docx"))
RIGHT = {a: float(c.value) if isinstance(c.value, Decimal) else c.value for a, c in TRUTH.cells.items()}
POSIX = sys.platform != "win32"


def gouji(*arguments: str | Path, before: tuple[str, ...] = (), cwd: Path = ROOT) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and JSON of a command; whatever it meets, it prints no traceback."""
    done = subprocess.run(
        [*before, sys.executable, "-m", "gouji", *map(os.fspath, arguments), "--format", "json"],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.fspath(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return done.returncode, json.loads(done.stdout)


def read(result: dict[str, Any]) -> bool:
    """Whether this result of `extract` is the good file's, cell by cell."""
    return not result["problems"] and {f["address"]: f["value"] for f in result["reports"][0]["facts"]} == RIGHT


def told(result: dict[str, Any], *words: str) -> bool:
    (problem,) = result["problems"]
    return not result["reports"] and all(word in problem["message"] for word in words)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "好" / "好.docx"
    path.parent.mkdir()
    path.write_bytes(GOOD)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "２０２４年 政府信息公开工作年度报告（定稿） 最终版.docx",
        "报告😀📄.docx",
        "a b\tc.docx",
        "-v.docx",
        "[2024]*报告?.docx",
        "'引号\"与;分号&.docx",
        "没有扩展名",
        "结尾是点.",
        "长" * 80 + ".docx",
        "e\u0301cole.docx",
        "RTL\u202egpj.docx",
        pytest.param("换\n行.docx", marks=pytest.mark.skipif(not POSIX, reason="no such names there")),
    ],
)
def test_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / "文件 夹" / name
    path.parent.mkdir()
    try:
        path.write_bytes(GOOD)
    except OSError as error:
        pytest.skip(f"this system has no such names: {error}")
    status, (result,) = gouji("extract", path.parent)
    assert status == 0
    assert read(result)
    assert result["source"]["path"] == os.fspath(path)


@pytest.mark.skipif(not POSIX, reason="names are bytes on POSIX only")
def test_names_that_are_no_text(tmp_path: Path, good: Path) -> None:
    """Names in GBK bytes, as archives from old Windows leave them."""
    try:
        (tmp_path / os.fsdecode("年报".encode("gbk") + b".docx")).write_bytes(GOOD)
    except OSError as error:
        pytest.skip(f"this system has no such names: {error}")
    status, results = gouji("extract", tmp_path)
    assert status == 0
    assert [read(r) for r in results] == [True, True]
    assert sorted(Path(r["source"]["path"]).name for r in results) == ["好.docx", "年报.docx"]
    status, results = gouji("check", tmp_path)
    assert status in (0, 1)
    assert [r["verdict"] in ("pass", "warn") for r in results] == [True, True]


def test_folders_named_like_files(tmp_path: Path, good: Path) -> None:
    empty, full = tmp_path / "空.docx", tmp_path / "满.pdf"
    empty.mkdir()
    (full / "里面.html").mkdir(parents=True)
    shutil.copy(good, full / "里面.html" / "报告.docx")
    status, results = gouji("extract", empty, full, good)
    assert status == 2
    assert told(results[0], "空.docx", "没有可以读的文件")
    assert [read(r) for r in results[1:]] == [True, True]


@pytest.mark.skipif(not POSIX, reason="links need rights there")
def test_links(tmp_path: Path, good: Path) -> None:
    """Links to files are followed, links in a ring and to nothing are told, folders that hold themselves end."""
    (tmp_path / "好" / "自己").symlink_to(tmp_path / "好", target_is_directory=True)
    loop, nothing, right = tmp_path / "环.docx", tmp_path / "断.docx", tmp_path / "好链接.docx"
    loop.symlink_to(loop)
    nothing.symlink_to(tmp_path / "没有.docx")
    # A link to a file that is given itself is that file, which is read once.
    other = tmp_path / "另" / "一份.docx"
    other.parent.mkdir()
    other.write_bytes(good.read_bytes())
    right.symlink_to(other)
    status, results = gouji("extract", loop, nothing, right, tmp_path / "好", good)
    assert status == 2
    assert told(results[0], "环.docx")
    assert told(results[1], "断.docx", "找不到")
    assert [read(r) for r in results[2:]] == [True, True]


@pytest.mark.skipif(not POSIX, reason="no such files there")
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, good: Path) -> None:
    pipe, device = tmp_path / "管道.docx", tmp_path / "零.pdf"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    status, results = gouji("extract", pipe, device, good)
    assert status == 2
    assert told(results[0], "管道.docx", "不是普通文件")
    assert told(results[1], "零.pdf", "不是普通文件")
    assert read(results[2])
    status, results = gouji("extract", pipe)
    assert (status, told(results[0], "管道.docx")) == (2, True)


@pytest.mark.skipif(not POSIX, reason="rights work otherwise there")
def test_rights(tmp_path: Path, good: Path) -> None:
    """Files without the right to read them, of every kind and in every way that a command reads them."""
    before: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may read everything, and setpriv is not there to give that up")
        before = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search", "--")
    closed = [tmp_path / "关.docx", tmp_path / "关.html"]
    for path in closed:
        path.write_bytes(GOOD)
        path.chmod(0)
    status, results = gouji("extract", *closed, good, before=before)
    assert status == 2
    assert all(told(r, Path(r["source"]["path"]).name, "读取权限") for r in results[:2])
    assert read(results[2])
    status, results = gouji("check", closed[0], before=before)
    assert (status, results[0]["verdict"]) == (2, "unreadable")
    assert told(results[0], "关.docx", "读取权限")


def test_a_file_that_goes_away_before_its_turn(tmp_path: Path) -> None:
    for i in range(11):
        (tmp_path / f"{i:02d}.docx").write_bytes(GOOD)
    results = read_all([tmp_path], "zh", label="")
    first = next(results)
    (tmp_path / "10.docx").unlink()
    rest = list(results)
    assert not first.problems
    assert [bool(e.problems) for e in rest] == [False] * 9 + [True]
    assert "10.docx" in rest[-1].problems[0].message


def test_a_file_that_is_replaced_while_it_is_read(tmp_path: Path) -> None:
    """What is reported belongs to the content whose hash is reported, or nothing is."""
    path = tmp_path / "变.docx"
    other = render(OTHER, clean_layout("docx"))
    versions = {hashlib.sha256(d).hexdigest(): t for d, t in ((GOOD, TRUTH), (other, OTHER))}
    path.write_bytes(GOOD)
    stop = threading.Event()

    def rewrite() -> None:
        """In place, as some programs save, and by renaming, as others do."""
        beside = path.with_suffix(".tmp")
        while not stop.is_set():
            for data in (other, GOOD):
                path.write_bytes(data)
                time.sleep(0.002)
                beside.write_bytes(data)
                beside.replace(path)
                time.sleep(0.002)

    writer = threading.Thread(target=rewrite)
    writer.start()
    seen = set()
    try:
        # On a busy machine every one of sixty reads may meet a file that is just being written: then some more.
        until = time.monotonic() + 30
        reads = 0
        while reads < 60 or (not seen and time.monotonic() < until):
            reads += 1
            extraction = extract(path)
            truth = versions.get(extraction.source.sha256)
            if truth is None:
                assert extraction.problems
                assert not extraction.reports
                continue
            seen.add(extraction.source.sha256)
            facts = {f.address: f.value for f in extraction.reports[0].facts}
            assert facts == {a: c.value for a, c in truth.cells.items()}
    finally:
        stop.set()
        writer.join()
    assert seen


def test_an_interrupted_batch_ends_at_once(tmp_path: Path) -> None:
    """Whoever stops taking results (a closed pager, Ctrl-C) waits for nothing."""
    for i in range(40):
        (tmp_path / f"{i:02d}.docx").write_bytes(GOOD)
    results = read_all([tmp_path], "zh", label="")
    assert not next(results).problems
    results.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name.startswith("ThreadPoolExecutor")]


def test_many_files_come_in_order_from_several_children(tmp_path: Path) -> None:
    for i in range(14):
        (tmp_path / f"{i:02d}.docx").write_bytes(GOOD if i % 3 else b"")
    results = list(read_all([tmp_path], "zh", label=""))
    assert [Path(e.source.path).name for e in results] == [f"{i:02d}.docx" for i in range(14)]
    assert [bool(e.problems) for e in results] == [i % 3 == 0 for i in range(14)]
