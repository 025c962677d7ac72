"""A release: the same bytes for the same data, nothing of this machine in it, never written over, its differences said."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import duckdb
import pandas
import pytest

from flows import releases
from flows.errors import PipelineError
from flows.releases import contents
from flows.releases import files as release_files
from schemas.database import tables

from .helpers import Collection, document, report

# One worker: what they share costs more than they do.
pytestmark = pytest.mark.xdist_group("one")

CELLS = {
    f"requests.{row}.total": n
    for n, row in enumerate(("new_received", "granted", "carried_over", "processed_total"), 30)
}


def files(year: int, **cells: object) -> str:
    return document(
        report(year=year, facts={**CELLS, **cells}, unresolved=["requests.carried_forward.total"], bad=1, open=1)
    )


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Collection]:
    """Two releases of the same reports, met in another order, once in one run and once in three, written by other numbers of threads."""
    root = tmp_path_factory.mktemp("releases")
    made = {"a": files(2023), "b": files(2024), "c": files(2022, **{"requests.granted.total": 0.5})}
    out = []
    for name, runs, threads in (("one", ["abc"], 1), ("two", ["c", "b", "a"], 4)):
        collection = Collection(root / name)
        for order in runs:
            collection.load({key: made[key] for key in order}, publish=order == runs[-1])
        out.append(releases.publish(collection.database, root / f"{name}-out", version="v2026.11.0", threads=threads))
    return out[0], out[1], collection


def test_the_same_data_gives_the_same_bytes(pair: tuple[Path, Path, Collection]) -> None:
    one, two, _ = pair
    compared = [p.relative_to(one) for p in one.rglob("*") if p.suffix in (".parquet", ".csv", ".xlsx")]
    assert len(compared) > 20
    assert [p for p in compared if (one / p).read_bytes() != (two / p).read_bytes()] == []
    hashes = [
        {r["name"]: r["rows_sha256"] for r in json.loads((r / "datapackage.json").read_text("utf-8"))["resources"]}
        for r in (one, two)
    ]
    assert hashes[0] == hashes[1] and len(hashes[0]) == 21


def test_many_rows_in_any_order_give_the_same_bytes_whatever_the_threads(tmp_path: Path) -> None:
    """More rows than one thread takes at once; a database's own order is no order."""
    columns = tuple(
        contents.Column(n, t, n, n) for n, t in (("id", "BIGINT"), ("year", "INTEGER"), ("v", "DECIMAL(24,6)"))
    )
    sql = "SELECT id, (2000 + id % 2)::INTEGER AS year, (id % 977)::DECIMAL(24,6) AS v FROM t"
    table = contents.Released("t", sql, ("year", "id"), True, "t", "t", columns)
    found = []
    for threads, order in ((1, "id"), (4, "hash(id)")):
        con = duckdb.connect(config={"threads": threads})
        con.execute(f"CREATE TABLE t AS SELECT range AS id FROM range(300000) ORDER BY {order.replace('id', 'range')}")
        folder = tmp_path / str(threads)
        release_files.parquet(con, table, folder)
        release_files.csv(con, table, folder)
        con.close()
        found.append({p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()})
    assert len(found[0]) == 3 and found[0] == found[1]


def test_pandas_opens_it(pair: tuple[Path, Path, Collection]) -> None:
    one, _, _ = pair
    value = pandas.read_parquet(one / "parquet" / "value")
    assert value.query("indicator == 'granted' and year == 2024")["value"].astype(float).tolist() == [31.0]
    rows = pandas.read_csv(one / "csv" / "report.csv")
    assert rows["preferred"].tolist() == [True] * 3 and rows["year"].tolist() == [2022, 2023, 2024]


def test_nothing_of_this_machine_is_in_it(pair: tuple[Path, Path, Collection]) -> None:
    one, _, collection = pair
    root = str(collection.home.root.parent).encode()
    assert [p.name for p in one.rglob("*") if p.is_file() and root in p.read_bytes()] == []


def test_a_plain_duckdb_and_plain_csv_open_it(pair: tuple[Path, Path, Collection]) -> None:
    one, _, _ = pair
    con = duckdb.connect(str(one / "gouji.duckdb"), read_only=True)
    assert con.execute("SELECT count(*) FROM value WHERE indicator = 'granted' AND status = 'number'").fetchone() == (
        3,
    )
    assert con.execute(
        f"SELECT sum(value) FROM '{one}/parquet/fact/2024.parquet' WHERE row_code = 'granted'"
    ).fetchone() == (31,)
    assert dict(con.execute("SELECT item, version FROM meta").fetchall()).keys() == {
        "gouji",
        "parser",
        "forms",
        "rules",
        "schema",
    }
    assert con.execute("SELECT load_id, reports FROM load").fetchall() == [(1, 0)]
    assert con.execute("SELECT count(*), count(report_id) FROM preferred").fetchone() == (3, 3)
    assert con.execute("SELECT count(*) FROM report WHERE preferred AND NOT gone").fetchone() == (3,)
    # Every value and every rate names its report, by an id of the release.
    for table in ("value", "rate"):
        assert con.execute(
            f"SELECT count(*) > 0, count(r.report_id) = count(*) FROM {table} v LEFT JOIN report r USING (report_id)"
        ).fetchone() == (True, True)
    con.close()
    assert [load["load_id"] for load in json.loads((one / "load.json").read_text("utf-8"))] == [1]
    with (one / "csv" / "fact.csv").open(encoding="utf-8", newline="") as stream:
        granted = {row["year"]: row["value"] for row in csv.DictReader(stream) if row["row_code"] == "granted"}
    assert granted == {"2022": "0.5", "2023": "31", "2024": "31"}


def test_checksums_and_metadata_fit_the_files(pair: tuple[Path, Path, Collection]) -> None:
    one, _, _ = pair
    lines = (one / "checksums.sha256").read_text("utf-8").splitlines()
    named = {line[66:]: line[:64] for line in lines}
    assert set(named) == {p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file()} - {"checksums.sha256"}
    assert all(hashlib.sha256((one / name).read_bytes()).hexdigest() == sha256 for name, sha256 in named.items())
    package = json.loads((one / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        path = one / resource["path"]
        assert path.stat().st_size == resource["bytes"]
        with path.open(encoding="utf-8", newline="") as stream:
            assert next(csv.reader(stream)) == [f["name"] for f in resource["schema"]["fields"]]
        assert all(f["description"] for f in resource["schema"]["fields"]), resource["name"]
    croissant = json.loads((one / "croissant.json").read_text("utf-8"))
    assert {r["name"] for r in croissant["recordSet"]} == {r["name"] for r in package["resources"]}


def test_a_release_is_never_written_over_and_says_what_differs(
    pair: tuple[Path, Path, Collection], tmp_path: Path
) -> None:
    collection = Collection(tmp_path / "home")
    out = tmp_path / "out"
    collection.load({"a": files(2023), "b": files(2024)})
    assert releases.publish(collection.database, out, version="v2026.11.0").name == "v2026.11.0"
    for bad in ("v2026.11.0", "2026", "../v2026.11.1"):
        with pytest.raises(PipelineError):
            releases.publish(collection.database, out, version=bad)
    collection.load({"a": files(2023, **{"requests.granted.total": 32}), "c": files(2022)})
    made = releases.publish(collection.database, out, version="v2026.11.1")
    with (made / "diff-from-v2026.11.0.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(r["what"], r["before"], r["after"], r["why"]) for r in rows if r["year"] == "2023"] == [
        ("changed", "31", "32", "revision")
    ]
    assert {(r["what"], r["why"]) for r in rows if r["year"] == "2022"} == {("added", "new report")}
    assert [p.name for p in out.iterdir() if p.name.startswith(".")] == []
    assert releases.releases(out) == ["v2026.11.0", "v2026.11.1"]


def test_without_a_database_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"gouji\.duckdb"):
        releases.publish(tmp_path / "gouji.duckdb", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_no_column_has_the_text_of_another_table(pair: tuple[Path, Path, Collection]) -> None:
    """`kind`, `position` and `before` are columns of several tables: each has the words of its own, or ones made for the release."""
    resources = json.loads((pair[0] / "datapackage.json").read_text("utf-8"))["resources"]
    said = {(r["name"], f["name"]): f["description"] for r in resources for f in r["schema"]["fields"]}
    known = {(t.name, c.name): f"{c.zh} | {c.en}" for t in (*tables.published(), *tables.views()) for c in t.columns}
    own = {(t, c) for t, columns in contents._OWN.items() for c in columns}
    wrong = [key for key in said.keys() & known.keys() - own if said[key] != known[key] and key[1] != "body_id"]
    assert wrong == [] and len(said) > 200 and all(said.values())
    assert len({said[t, "kind"] for t in ("body", "fact", "indicator")}) == 3
    con = duckdb.connect(str(pair[0] / "gouji.duckdb"), read_only=True)
    comments = con.execute("SELECT table_name, column_name, comment FROM duckdb_columns() WHERE comment IS NOT NULL")
    assert {(table, column): text for table, column, text in comments.fetchall()} == said
    con.close()
