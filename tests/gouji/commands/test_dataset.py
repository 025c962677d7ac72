"""The commands `ingest`, `query` and `rebuild`: words, formats, exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len

from gouji.commands.ingest import ingest
from gouji.commands.query import query
from gouji.commands.rebuild import rebuild
from tests.flows.helpers import READER, Collection, document, give_prefect_a_database, report, write

ROOT = Path(__file__).resolve().parents[3]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    collection = Collection(tmp_path_factory.mktemp("home"))
    fees = {"article20.fees.amount": 25.1, "requests.granted.total": 3, "requests.granted.other": ""}
    collection.load(
        {"a.json": document(report(facts=fees, bad=True)), "b.json": document(report("乙县人民政府", 2023))}
    )
    return collection.home.root


def ask(home: Path, sql: str, capsys: Capture, output_format: str = "json") -> str:
    assert query(sql, home=home, output_format=output_format) == 0
    return capsys.readouterr().out


def test_json_has_numbers_dates_and_nested_values(home: Path, capsys: Capture) -> None:
    sql = (
        "SELECT issuer, year, published, amount, versions, NULL AS nothing, 1 AS one, 2 AS one, true AS yes, "
        "'nan'::DOUBLE AS nan, TIMESTAMP '2026-01-02 03:04:05' AS at FROM report JOIN article20 USING (report_key, issuer, year)"
    )
    (row,) = json.loads(ask(home, sql, capsys))
    assert row["issuer"] == "淮安市人民政府" and row["year"] == 2024 and row["published"] == "2025-01-24"
    assert row["amount"] == 25.1 and row["nothing"] is None and row["nan"] is None and row["yes"] is True
    assert row["versions"]["parser"] == "1" and row["at"] == "2026-01-02T03:04:05"
    assert row["one"] == 1 and row["one_2"] == 2
    whole = json.loads(ask(home, "SELECT value FROM fact WHERE value = 3", capsys))
    assert whole[0] == {"value": 3} and isinstance(whole[0]["value"], int)
    assert json.loads(ask(home, "SELECT * FROM fact WHERE false", capsys)) == []


def test_csv_has_a_header_and_no_idle_zeros(home: Path, capsys: Capture) -> None:
    sql = "SELECT fact.printed, value, cells, '甲,乙\"丙' AS text FROM fact, finding WHERE row_code IN ('granted', 'fees') ORDER BY ALL"
    found = list(csv.reader(io.StringIO(ask(home, sql, capsys, "csv"))))
    assert found[0] == ["printed", "value", "cells", "text"]
    assert ["25.1", "25.1", '["requests.granted.total"]', '甲,乙"丙'] in found
    assert ["3", "3", '["requests.granted.total"]', '甲,乙"丙'] in found
    assert ["", "", '["requests.granted.total"]', '甲,乙"丙'] in found
    assert ask(home, "SELECT 1 AS a WHERE false", capsys, "csv") == "a\n"


def test_tables_line_up_with_chinese_and_are_never_cut(home: Path, capsys: Capture) -> None:
    out = ask(home, "SELECT issuer, year, repeat('长', 90) AS long FROM report ORDER BY issuer", capsys, "table")
    lines = out.rstrip("\n").split("\n")
    assert len(lines) == 4
    assert "长" * 90 in lines[2] and "…" not in out
    starts = {cell_len(line[: line.index(word)]) for line, word in zip(lines[2:], ("2023", "2024"), strict=True)}
    assert len(starts) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM fact",
        "CREATE TABLE x (a INTEGER)",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "selec 1",
        "SELECT nothing FROM fact",
        "SELECT CAST('a' AS INTEGER)",
    ],
)
def test_what_a_query_may_not_do_is_a_message(home: Path, capsys: Capture, sql: str) -> None:
    before = (home / "gouji.duckdb").read_bytes()
    assert query(sql, home=home) == 2
    said = capsys.readouterr()
    assert said.err.startswith(("SQL 有误", "查询出错")) and "Traceback" not in said.err
    assert (home / "gouji.duckdb").read_bytes() == before
    assert query(sql, home=home, lang="en") == 2
    assert capsys.readouterr().err.startswith(("SQL error", "the query failed"))


def test_without_a_database_it_says_what_to_do(tmp_path: Path, capsys: Capture) -> None:
    assert query("SELECT 1", home=tmp_path) == 2
    assert "gouji ingest" in capsys.readouterr().err
    assert rebuild(home=tmp_path) == 2
    assert "gouji ingest" in capsys.readouterr().err
    (tmp_path / "x.duckdb").write_bytes(b"something else entirely" * 1000)
    assert query("SELECT 1", home=tmp_path, database="x.duckdb") == 2
    assert "不是本程序的数据库" in capsys.readouterr().err
    # Begins as a database does, and is none any more.
    (tmp_path / "z.duckdb").write_bytes(b"12345678DUCK" + b"\0" * 1000)
    assert query("SELECT 1", home=tmp_path, database="z.duckdb") == 2
    assert "打不开" in capsys.readouterr().err
    con = duckdb.connect(str(tmp_path / "y.duckdb"))
    con.execute("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
    con.execute("INSERT INTO meta VALUES ('schema', '0-older')")
    con.close()
    assert query("SELECT 1", home=tmp_path, database="y.duckdb") == 2
    said = capsys.readouterr().err
    assert "0-older" in said and "gouji rebuild" in said


def test_rebuild_says_what_the_database_holds(home: Path, capsys: Capture) -> None:
    assert rebuild(home=home, database="new.duckdb") == 0
    out = capsys.readouterr().out
    assert "报告 2 份（现行 2 份）" in out and "new.duckdb" in out


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "prefect" else object())
    assert ingest(["x"]) == 2
    said = capsys.readouterr().err
    assert "gouji[pipeline]" in said and "prefect" in said


def test_ingest_in_a_process_of_its_own_is_quiet_and_sums_up(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Everything real but the reader: its own Prefect server, its own processes, a Chinese folder, a GBK console."""
    folder = write(tmp_path / "年报", {"好.json": document(report()), "坏.json": "x"})
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nfrom gouji import console\nfrom gouji.commands.ingest import ingest\n"
        "if __name__ == '__main__':\n"
        "    console.prepare_streams()\n"
        f"    sys.exit(ingest(sys.argv[2:], home=sys.argv[1], reader='{READER}'))\n"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "gbk"}
    home, none = tmp_path / "数据", tmp_path / "没有"
    give_prefect_a_database(home, tmp_path_factory)
    done = subprocess.run(
        [sys.executable, program, home, folder, none], env=env, cwd=tmp_path, capture_output=True, check=False
    )
    out, err = done.stdout.decode("gbk"), done.stderr.decode("gbk")
    assert done.returncode == 2, err
    lines = out.splitlines()
    assert lines[0] == "文件 2 个：新 2，内容有变 0，重读 0，未变 0；其中不能用 1"
    assert lines[1] == "本次读出报告 1 份、单元格 3 个，发现问题 0 处"
    assert lines[2].startswith("库中现有报告 1 份（现行 1 份）")
    assert lines[3] == f"数据库：{home / 'gouji.duckdb'}"
    # On standard error nothing but what could not be used: no log of Prefect, no bar where there is no terminal.
    assert sorted(err.splitlines()) == sorted(
        [f"{none}：读不了（没有这个文件或文件夹）", f"不能用：{folder / '坏.json'}：读不了"]
    )
