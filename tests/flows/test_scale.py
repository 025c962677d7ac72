"""Several machines: reading by Dask, one warehouse for two writers. The same tables as on one machine."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import lake, run
from flows.errors import PipelineError
from flows.home import Home
from gouji.cli import main

from .helpers import READER, RUNS, Collection, document, dump, ingest_plainly, report, write

pytestmark = pytest.mark.xdist_group("prefect")
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
LAKE = pytest.mark.skipif(
    importlib.util.find_spec("duckdb_extensions") is None, reason="DuckDB's extensions are not installed: gouji[scale]"
)
DASK = pytest.mark.skipif(
    importlib.util.find_spec("prefect_dask") is None, reason="prefect-dask is not installed: gouji[scale]"
)


def files(first: int, last: int) -> dict[str, str]:
    """Reports of which two and two are of one body, so that what is derived depends on all of them."""
    return {
        f"{n:03d}.json": document(report(f"机关{n // 2}", bad=n % 3 == 0, statements=1, title=f"报告{n}"))
        for n in range(first, last)
    }


# -- one warehouse ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgres() -> Iterator[Path]:
    """PostgreSQL as its own user, reached by a socket in this folder; not below pytest's own, which every session shuts to other users."""
    if not BINARIES:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    home = Path(tempfile.mkdtemp(prefix="gouji-postgres-"))
    folder = BINARIES[-1].parent
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        os.chown(home, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def command(name: str, *arguments: str) -> None:
        subprocess.run([folder / name, *arguments], check=True, capture_output=True, cwd="/", timeout=120, **as_user)

    command("initdb", "-D", str(home / "data"), "-A", "trust", "-U", "gouji", "--no-sync")
    options = f"-c listen_addresses= -k {home} -c fsync=off"
    command("pg_ctl", "-D", str(home / "data"), "-o", options, "-l", str(home / "log"), "-w", "start")
    try:
        command("createdb", "-h", str(home), "-U", "gouji", "lake")
        yield home
    finally:
        command("pg_ctl", "-D", str(home / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(home, ignore_errors=True)


def write_to_lake(root: str, address: str, data: str, first: int, rounds: int) -> None:
    """One writer: loads of its own home, each brought into the lake as soon as it is there."""
    collection = Collection(Path(root))
    for n in range(rounds):
        collection.load(files(first + 3 * n, first + 3 * n + 3), publish=False)
        lake.publish(collection.home, address, data, 512, root)


@LAKE
def test_two_writers_at_once_make_the_tables_of_one_machine(
    tmp_path: Path, postgres: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address, data = f"ducklake:postgres:dbname=lake host={postgres} user=gouji", f"{tmp_path / 'rows'}/"
    one = Collection(tmp_path / "one")
    one.load(files(0, 12))
    # They meet from the first table on.
    spawn = multiprocessing.get_context("spawn")
    writers = [
        spawn.Process(target=write_to_lake, args=(str(tmp_path / f"home{n}"), address, data, 6 * n, 2)) for n in (0, 1)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(240)
        assert writer.exitcode == 0
    wanted = dump(one.database, without=(*RUNS, "meta", "source", "placement"))
    with lake.opened(address, read_only=True) as con:
        for name, rows in wanted.items():
            columns = [c for (c,) in one.query(f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{name}'")]
            chosen = ", ".join(f'"{c}"' for c in columns)
            assert sorted(con.execute(f'SELECT {chosen} FROM "{name}"').fetchall(), key=repr) == rows, name
        assert con.execute(
            "SELECT count(*), count(DISTINCT load_id), count(DISTINCT load_id // 1000000) FROM load"
        ).fetchall() == [(4, 4, 2)]
        assert con.execute("SELECT count(*) FROM requests").fetchall() == [(18,)]
    # Again: nothing new, nothing doubled; and a night's order.
    totals = lake.publish(Home(tmp_path / "home0"), address, data, 512, str(tmp_path), tended=True)
    assert totals["report"] == 12 and totals["load"] == 4
    assert main(["query", "SELECT count(*) AS n FROM report", "--warehouse", address, "--format", "json"]) == 0
    assert '"n": 12' in capsys.readouterr().out


@LAKE
def test_a_warehouse_that_does_not_answer_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", files(0, 2))
    address = f"ducklake:postgres:dbname=lake host={tmp_path} user=gouji password=secret"
    with pytest.raises(PipelineError, match="shared warehouse") as error:
        ingest_plainly([folder], tmp_path / "home", warehouse=address)
    assert "secret" not in error.value.zh + error.value.en and "已存妥的不受影响" in error.value.zh
    assert ingest_plainly([folder], tmp_path / "home").unchanged == 2


# -- reading ------------------------------------------------------------------------------------------------------------


@DASK
@pytest.mark.skipif(not os.environ.get("GOUJI_SOAK"), reason="a cluster takes a minute to come and go: make soak")
def test_dask_with_two_workers_reads_what_one_machine_reads(tmp_path: Path, prefect_api: str) -> None:
    given = files(0, 8) | {"crash.json": document(do="exit"), "broken.json": "x"}
    folder = write(tmp_path / "in", given)
    ingest_plainly([folder], tmp_path / "one", children=True)
    summary = run.ingest([folder], home_dir=tmp_path / "dask", reader=READER, workers=2, runner="dask")
    assert (summary.new, summary.set_aside, summary.reports) == (10, 2, 8)
    assert dump(tmp_path / "dask" / "gouji.duckdb") == dump(tmp_path / "one" / "gouji.duckdb")


@DASK
@pytest.mark.skipif(not os.environ.get("GOUJI_SOAK"), reason="waits for one that is not there: make soak")
def test_a_scheduler_that_does_not_answer_is_said(tmp_path: Path, prefect_api: str) -> None:
    folder = write(tmp_path / "in", files(0, 1))
    with pytest.raises(PipelineError, match="scheduler"):
        run.ingest([folder], home_dir=tmp_path / "home", reader=READER, runner="dask", address="tcp://127.0.0.1:1")


def test_a_runner_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="one of pool, dask"):
        run.ingest([tmp_path], home_dir=tmp_path / "home", runner="ray")


def test_of_two_that_make_the_catalogue_at_once_the_later_looks_again() -> None:
    asked: list[str] = []

    class Late:
        def execute(self, statement: str) -> None:
            asked.append(statement)
            if len(asked) == 1:
                raise duckdb.Error('relation "ducklake_metadata" already exists')
            if len(asked) == 3:
                raise duckdb.Error("connection refused")

    lake._attach(Late(), "ATTACH 1")  # type: ignore[arg-type]
    with pytest.raises(duckdb.Error, match="refused"):
        lake._attach(Late(), "ATTACH 2")  # type: ignore[arg-type]
    assert asked == ["ATTACH 1", "ATTACH 1", "ATTACH 2"]
