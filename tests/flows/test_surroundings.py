"""What the machine does to a run: one sentence, status 2, what was kept is said, and the next run makes it good."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows import lock, record, run, surroundings
from flows.errors import PipelineError
from flows.home import Home
from flows.server import Server
from tests.conftest import LONG

from .helpers import READER, document, dump, examine, ingest_plainly, report, rows, until, write

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("ingest")


def gouji(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command as an operator runs it, in an environment without Prefect's variables but those given."""
    clean = {k: v for k, v in os.environ.items() if not k.upper().startswith(("PREFECT_", "GOUJI_"))}
    env = {**clean, "GOUJI_READER": READER, "GOUJI_WORKERS": "1", "PYTHONIOENCODING": "utf-8", **environment}
    command = [sys.executable, "-m", "gouji", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False, encoding="utf-8")
    assert "Traceback" not in done.stderr, done.stderr
    return done


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, (done.stdout, done.stderr)
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {f"{n:02d}.json": document(report(f"机关{n}", bad=1, statements=2), pad="x" * 20_000) for n in range(12)}
    return write(tmp_path_factory.mktemp("in"), files)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    home = tmp_path_factory.mktemp("wanted")
    ingest_plainly([folder], home)
    return home


# -- disks ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of some megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and hasattr(os, "geteuid") and os.geteuid() == 0
    command = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)]
    if not mounted or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("needs root and a system that lets it mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, free: int) -> None:
    (disk / "filler").unlink(missing_ok=True)
    space = shutil.disk_usage(disk).free - free
    (disk / "filler").write_bytes(b"\0" * max(space, 0))


_FREE = [0]
_MORE = [60_000, 280_000, 330_000, 420_000, 900_000, 2_000_000, 3_500_000] if os.environ.get("GOUJI_SOAK") else []


@pytest.mark.xdist_group("prefect")
@pytest.mark.parametrize("free", [*_FREE, *_MORE])
def test_a_full_disk(small_disk: Path, folder: Path, wanted: Path, free: int, prefect_api: str) -> None:
    """Whatever there is no room for: snapshots, parts, the record, the database."""
    home = Home(small_disk / "home")
    home.create()
    fill(small_disk, free)
    try:
        run.ingest([folder], home_dir=home.root, reader=READER, workers=1)
    except PipelineError as full:
        kept = bool(record.load_ids(home))
        assert ("磁盘已满" in full.zh and "disk" in full.en) or free > 3_000_000, full.zh
        assert ("已存妥（第 1 次入库）" in full.zh) == kept and ("没有存下结果" in full.zh) != kept
        assert not home.database().exists()
    else:
        assert free > 1_000_000
    (small_disk / "filler").unlink()
    ingest_plainly([folder], home.root)
    assert dump(home.database()) == dump(Home(wanted).database())
    found = examine(home.root)
    assert (found.troubles, found.unseen) == ([], [])


def test_a_full_disk_under_a_home_that_is_there(small_disk: Path, folder: Path, wanted: Path) -> None:
    home = Home(small_disk / "home")
    shutil.copytree(wanted, home.root)
    before = home.database().read_bytes()
    more = write(small_disk / "more", {"new.json": document(report("新机关"), pad="x" * 50_000)})
    fill(small_disk, 0)
    for command in (["ingest", more], ["rebuild"]):
        said = one_sentence(gouji(*command, "--home", home.root))
        assert "磁盘已满" in said and "不受影响" in said, command
        assert home.database().read_bytes() == before
    assert gouji("query", "SELECT count(*) FROM report", "--home", home.root).returncode == 0


@pytest.fixture
def read_only(tmp_path: Path, wanted: Path) -> Iterator[Home]:
    """A home that may only be read."""
    home = Home(tmp_path / "home")
    shutil.copytree(wanted, home.root)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        commands = (["mount", "--bind", home.root, home.root], ["mount", "-o", "remount,ro,bind", home.root])
        if any(subprocess.run(c, check=False, capture_output=True).returncode for c in commands):
            pytest.skip("needs a system that lets root mount")
    elif sys.platform == "win32":
        pytest.skip("POSIX permissions")
    folders = [home.root, *(p for p in home.root.rglob("*") if p.is_dir())]
    for each in () if root else folders:
        each.chmod(0o555)
    yield home
    if root:
        subprocess.run(["umount", "-l", home.root], check=True)
    for each in () if root else folders:
        each.chmod(0o755)


def test_a_home_that_may_only_be_read(read_only: Home, folder: Path, tmp_path: Path) -> None:
    for command in (["ingest", folder], ["rebuild"]):
        said = one_sentence(gouji(*command, "--home", read_only.root))
        assert str(read_only.root) in said and ("只能读" in said or "权限" in said), said
        assert "lock" not in said
    assert gouji("query", "SELECT count(*) FROM report", "--home", read_only.root).returncode == 0
    looked = gouji("doctor", "--home", read_only.root)
    assert looked.returncode == 0 and "完好" in looked.stdout, looked.stderr
    said = one_sentence(gouji("ingest", folder, "--home", read_only.root / "new"))
    assert "只能读" in said or "权限" in said or "无法写入" in said
    # The database where nothing can be written.
    said = one_sentence(
        gouji("ingest", folder, "--home", tmp_path / "other", "--database", read_only.root / "x.duckdb")
    )
    assert "不能写入" in said and "没有读取任何文件" in said
    assert record.load_ids(Home(tmp_path / "other")) == []


# -- others at work ---------------------------------------------------------------------------------------------------


@pytest.fixture
def held(tmp_path: Path, wanted: Path) -> Iterator[Home]:
    """A home whose database another program has open for writing."""
    home = Home(tmp_path / "home")
    shutil.copytree(wanted, home.root)
    script = "import sys, time, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(120)"
    holder = subprocess.Popen([sys.executable, "-c", script, home.database()], stdout=subprocess.PIPE)
    assert holder.stdout is not None and holder.stdout.readline().strip() == b"held"
    yield home
    holder.kill()
    holder.wait()
    holder.stdout.close()


def test_a_database_that_another_program_has_open(held: Home, folder: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new", {"new.json": document(report("新机关"))})
    commands = (["ingest", folder], ["ingest", new], ["rebuild"], ["query", "SELECT 1"])
    for command in commands:
        said = one_sentence(gouji(*command, "--home", held.root))
        assert "正被其他程序占用" in said and "不是本程序的数据库" not in said, command
        # By whom, where DuckDB says so, and none of its English.
        assert command[0] != "query" or re.search(r"（\S*python\S*，进程号 \d+）", said), said
        assert "lock" not in said, said
    assert record.load_ids(held) == [1]


def test_another_run_at_work(wanted: Path, folder: Path) -> None:
    with lock.writing(Home(wanted).lock):
        assert "另一个入库任务" in one_sentence(gouji("ingest", folder, "--home", wanted))


# -- the environment --------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/api", "http://nowhere.invalid/api", "nonsense", "http://[/"])
def test_a_prefect_server_that_does_not_answer(tmp_path: Path, folder: Path, url: str) -> None:
    url = url.format(port=free_port())
    said = one_sentence(gouji("ingest", folder, "--home", tmp_path, PREFECT_API_URL=url))
    assert "PREFECT_API_URL" in said and url in said
    assert record.load_ids(Home(tmp_path)) == []


@LONG
def test_what_is_meant_for_others_does_not_reach_our_own_server(tmp_path: Path, folder: Path) -> None:
    proxy = "socks5://127.0.0.1:1"
    others = dict.fromkeys(("ALL_PROXY", "all_proxy", "HTTP_PROXY", "https_proxy"), proxy)
    others |= {
        "PREFECT_PROFILE": "of-another",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": "postgresql+asyncpg://nowhere/x",
    }
    done = gouji("ingest", folder, "--home", tmp_path, **others)
    assert done.returncode == 0, done.stderr
    assert rows(Home(tmp_path).database(), "SELECT count(*) FROM report") == [(12,)]


def test_the_environment_is_as_it_was_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{free_port()}/api")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    before = dict(os.environ)
    with pytest.raises(PipelineError, match="does not answer"), Server(tmp_path):
        pass
    assert dict(os.environ) == before


# -- nothing new ------------------------------------------------------------------------------------------------------


def test_a_run_without_news_costs_nothing(tmp_path: Path, wanted: Path, folder: Path) -> None:
    resource = pytest.importorskip("resource")
    home = Home(tmp_path / "home")
    shutil.copytree(wanted, home.root)
    # The first notes where the database lies now.
    assert gouji("ingest", folder, "--home", home.root, PREFECT_API_URL="http://dead.invalid").returncode == 0
    before, inode = dump(home.database()), home.database().stat().st_ino
    code = (
        "import sys\nfrom gouji.cli import main\n"
        f"status = main(['ingest', {str(folder)!r}, '--home', {str(home.root)!r}])\n"
        "print(sorted({'prefect', 'pandas', 'pyarrow', 'fastapi'} & {m.split('.')[0] for m in sys.modules}))\n"
        "sys.exit(status)"
    )
    env = {**os.environ, "GOUJI_READER": READER}
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, check=False, text=True)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
    assert end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime < 1.0
    assert home.database().stat().st_ino == inode, "the database was copied"
    assert dump(home.database()) == before
    assert rows(home.database(), "SELECT load_id, files, files_unchanged FROM load ORDER BY 1") == [
        (1, 12, 0),
        (2, 12, 12),
        (3, 12, 12),
    ]
    assert not list(home.staging.iterdir())
    assert not list(home.root.glob(".*")) and not list(home.root.glob("*.wal"))
    found = examine(home.root)
    assert (found.troubles, found.unseen) == ([], [])


def test_a_reader_keeps_what_he_opened_and_the_run_is_noted(tmp_path: Path, wanted: Path, folder: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(wanted, home.root)
    reader = duckdb.connect(os.fspath(home.database()), read_only=True)
    try:
        assert gouji("ingest", folder, "--home", home.root).returncode == 0
        assert reader.execute("SELECT count(*) FROM load").fetchall() == [(1,)]
    finally:
        reader.close()
    assert rows(home.database(), "SELECT count(*) FROM load") == [(2,)]


def test_what_a_run_killed_while_it_noted_itself_leaves(tmp_path: Path, wanted: Path, folder: Path) -> None:
    """A log of writes that no longer belongs to the file must not be taken for its own."""
    home = Home(tmp_path / "home")
    shutil.copytree(wanted, home.root)
    code = (
        "import sys, os, duckdb\ncon = duckdb.connect(sys.argv[1])\n"
        "con.execute(\"SET checkpoint_threshold = '1GB'\")\n"
        'con.execute("INSERT INTO load SELECT * REPLACE (2 AS load_id) FROM load")\nos._exit(0)'
    )
    subprocess.run([sys.executable, "-c", code, home.database()], check=True)
    assert home.database().with_name("gouji.duckdb.wal").exists()
    new = write(tmp_path / "new", {"new.json": document(report("新机关"))})
    ingest_plainly([folder, new], home.root)
    assert not list(home.root.glob("*.wal"))
    assert rows(home.database(), "SELECT load_id, files_new FROM load ORDER BY 1") == [(1, 12), (2, 1)]
    found = examine(home.root)
    assert (found.troubles, found.unseen) == ([], [])


def test_a_users_file_beside_the_database_stays(tmp_path: Path, folder: Path) -> None:
    mine = tmp_path / "home" / "gouji.duckdb.tmp"
    mine.parent.mkdir()
    mine.write_text("mine")
    ingest_plainly([folder], tmp_path / "home")
    assert mine.read_text() == "mine"
    until(lambda: not list(mine.parent.glob(".*")))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ImportError("no etree"), "安装不完整，程序的一部分不能用（ImportError: no etree）"),
        (OSError(errno.EFBIG, "File too large", "/x/y"), "/x/y：文件超过了系统允许的大小"),
        (sqlite3.OperationalError("disk I/O error"), "磁盘读写出错"),
    ],
)
def test_what_is_no_fault_of_the_program_goes_to_no_maintainer(error: Exception, said: str, tmp_path: Path) -> None:
    told = surroundings.explained(error, tmp_path, surroundings.NOTHING).zh
    assert said in told and "维护者" not in told and not list(tmp_path.iterdir())
