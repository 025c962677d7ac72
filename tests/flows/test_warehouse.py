"""What the whole collection decides: revisions, duplicates, issuers; and that a rebuild is no different."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from flows import loading, published, queries, record, warehouse
from flows.errors import PipelineError
from schemas.database import tables

from .helpers import Collection, document, dump, report

FIGURES = {f"requests.{row}.total": n for n, row in enumerate(("new_received", "granted", "carried_over"), 3)}
MANY = {
    f"requests.{row}.total": n
    for n, row in enumerate(
        ("new_received", "carried_over", "granted", "partially_granted", "denied_state_secret", "processed_total"), 11
    )
}


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def changed(n: int, **more: Any) -> str:
    return document(report(facts={**FIGURES, "requests.granted.total": n}, **more))


def test_the_same_place_with_other_content_is_a_revision(collection: Collection) -> None:
    collection.load({"a": changed(1)})
    collection.load({"a": changed(2)})
    assert collection.reports() == [("a", 1, False), ("a", 2, True)]
    assert collection.query("SELECT total FROM requests WHERE row_code = 'granted'") == [(2,)]
    both = collection.query(
        "SELECT revision, total, is_current FROM all_requests WHERE row_code = 'granted' ORDER BY 1"
    )
    assert both == [(1, 1, False), (2, 2, True)]
    assert collection.duplicates() == set()


def test_a_content_that_comes_back_is_current_again(collection: Collection) -> None:
    for n in (1, 2, 1):
        collection.load({"a": changed(n)})
    assert collection.reports() == [("a", 1, True), ("a", 2, False)]
    assert collection.query("SELECT first_load, last_load FROM source ORDER BY first_load") == [(1, 3), (2, 2)]


def test_another_place_is_no_revision_but_a_duplicate(collection: Collection) -> None:
    collection.load({"a": changed(1)})
    collection.load({"b": changed(2)})
    assert collection.reports() == [("a", 1, True), ("b", 1, True)]
    assert collection.duplicates() == {"a", "b"}
    finding = collection.query("SELECT severity, message FROM finding WHERE rule = 'batch.duplicate' ORDER BY message")
    assert [f[0] for f in finding] == ["warning", "warning"]
    assert "（a）" in finding[0][1] and "（b）" in finding[1][1]


def test_a_duplicate_that_is_revised_away_is_no_longer_named(collection: Collection) -> None:
    collection.load({"a": changed(1), "b": changed(2)})
    collection.load({"b": document(report(facts={"requests.granted.total": 40}, year=2023))})
    # The place `b` now holds another year: the old report there stays, nothing of its key came after it.
    assert collection.duplicates() == {"a", "b"}
    collection.load({"b": changed(1)})
    # One content at two places is one report, whatever stood at one of them before.
    assert collection.duplicates() == set()


def test_one_content_at_two_places_is_one_report(collection: Collection) -> None:
    collection.load({"a": changed(1), "b": changed(1)})
    assert collection.reports() == [("a", 1, True)]
    assert collection.query("SELECT count(*) FROM source") == [(2,)]
    assert collection.duplicates() == set()
    # It stays current at `b` when `a` is revised.
    collection.load({"a": changed(2)})
    assert collection.reports() == [("a", 2, True), ("b", 1, True)]


@pytest.mark.parametrize("unknown", [{"issuer": None}, {"year": None}])
def test_an_unknown_issuer_or_year_never_merges_elsewhere(collection: Collection, unknown: dict[str, None]) -> None:
    collection.load({"a": changed(1, **unknown)})
    collection.load({"a": changed(2, **unknown)})
    collection.load({"b": changed(2, title="二", **unknown)})
    # What stands at a place takes the place of what stood there; elsewhere it may be another body's.
    assert sorted(collection.reports()) == [("a", 1, False), ("a", 1, True), ("b", 1, True)]
    assert collection.duplicates() == set()


def test_an_unknown_scope_supersedes_no_known_one(collection: Collection) -> None:
    collection.load({"a": changed(1, scope="area")})
    collection.load({"a": changed(2, scope="unknown")})
    assert [current for _, _, current in collection.reports()] == [True, True]
    # The file at one place was replaced: same issuer, same year, scope unknown both times.
    collection.load({"a": changed(3, scope="unknown")})
    current = collection.query("SELECT scope, revision, is_current FROM report ORDER BY scope, revision")
    assert current == [("area", 1, True), ("unknown", 1, False), ("unknown", 2, True)]


@pytest.mark.parametrize(("scope", "evidence"), [("unknown", None), ("area", "figures: licensing=11027")])
def test_a_scope_that_was_never_said_is_no_other_report_at_its_place(
    collection: Collection, scope: str, evidence: str | None
) -> None:
    collection.load({"a": changed(1, scope=scope, evidence=evidence)})
    collection.load({"a": changed(2, scope="office", evidence="stated: 以本机关名义")})
    assert collection.query("SELECT scope, revision, is_current FROM report ORDER BY revision") == [
        (scope, 1, False),
        ("office", 2, True),
    ]


def test_unknown_scopes_are_duplicates_that_contradict_or_repeat_one_another(collection: Collection) -> None:
    collection.load({"a": changed(1, scope="area"), "b": changed(2, scope="unknown")})
    assert collection.duplicates() == set()
    collection.load({"c": changed(2, scope="unknown", title="网页")})
    assert collection.duplicates() == {"b", "c"}
    collection.load({"d": changed(3, scope="unknown")})
    assert collection.duplicates() == {"b", "c", "d"}


def test_scopes_periods_and_years_are_different_reports(collection: Collection) -> None:
    collection.load({"a": changed(1, scope="office"), "b": changed(2, scope="area"), "c": changed(3, year=2023)})
    assert [current for _, _, current in collection.reports()] == [True, True, True]
    assert collection.duplicates() == set()


def test_equal_figures_of_two_bodies(collection: Collection) -> None:
    few = {"requests.new_received.total": 1, "requests.granted.total": 1}
    collection.load({
        "a": document(report("甲县人民政府", facts=MANY)),
        "b": document(report("乙县人民政府", facts=MANY)),
        "c": document(report("丙局", facts=few)),
        "d": document(report("丁局", facts=few)),
    })  # fmt: skip
    # Small offices have the same few cases by chance.
    assert collection.duplicates() == {"a", "b"}


def test_two_reports_in_one_file(collection: Collection) -> None:
    collection.load({"a": document(report("甲局"), report("乙局", year=2023))})
    assert collection.query("SELECT position, issuer FROM report ORDER BY 1") == [(1, "甲局"), (2, "乙局")]
    collection.load({"a": document(report("甲局"), report("乙局", year=2023, title="改"))})
    now = collection.query("SELECT issuer, revision, is_current FROM report ORDER BY 1, 2")
    assert now == [("乙局", 1, False), ("乙局", 2, True), ("甲局", 1, False), ("甲局", 2, True)]


def test_a_new_parser_version_replaces_its_own_results(collection: Collection) -> None:
    text = document(report(statements=2, unresolved=["requests.granted.other"], bad=True), circulars=[{}])
    collection.load({"a": text, "b": changed(1)})
    before = dump(collection.database, without=("load", "meta"))
    collection.load({"a": text}, version="2")
    after = dump(collection.database, without=("load", "meta"))
    new = collection.query("SELECT versions.parser FROM report WHERE lineage = 'a'")
    assert new == [("2",)]
    assert collection.query("SELECT versions.parser FROM circular") == [("2",)]
    for table in before:
        if table in ("report", "circular", "source", "preferred"):  # versions are in each of them
            assert len(after[table]) == len(before[table])
        else:
            assert after[table] == before[table]


def test_the_findings_of_a_circular_are_kept_and_replaced_like_a_reports(collection: Collection) -> None:
    text = document(report(bad=1), circulars=[{"bad": 2}, {}])
    collection.load({"a": text})
    found = "SELECT circular_id, report_key IS NULL, count(*) FROM finding GROUP BY ALL ORDER BY ALL NULLS LAST"
    (of_circular, of_report) = collection.query(found)
    assert (of_circular[1:], of_report) == ((True, 2), (None, False, 1))
    assert collection.query("SELECT circular_id FROM circular ORDER BY 1")[0] == of_circular[:1]
    collection.load({"a": text}, version="2")
    assert collection.query(found) == [of_circular, of_report]
    collection.publish(anew=True)
    assert collection.query(found) == [of_circular, of_report]


def test_a_record_from_before_circulars_had_findings_is_read(collection: Collection) -> None:
    collection.load({"a": document(report(bad=1), circulars=[{}])}, publish=False)
    (path,) = record.paths(collection.home, [record.read(collection.home, 1)], "finding")
    pq.write_table(pq.read_table(path).drop_columns(["circular_id"]), path)
    collection.publish()
    assert collection.query("SELECT circular_id, count(*) FROM finding GROUP BY ALL") == [(None, 1)]


def test_a_rebuild_equals_what_was_built_load_by_load(collection: Collection) -> None:
    texts = {"a": document(report(statements=1, bad=True)), "b": changed(5), "c": document(circulars=[{}]), "d": "x"}
    collection.load(texts)
    collection.load({"a": changed(6), "e": changed(7, issuer=None)})
    collection.load({"b": texts["b"]}, version="2")
    collection.load({})
    step_by_step = dump(collection.database, without=())
    collection.publish(anew=True)
    assert dump(collection.database, without=()) == step_by_step
    assert len(step_by_step["load"]) == 4


def test_loads_that_were_committed_but_not_published_are_caught_up(collection: Collection, tmp_path: Path) -> None:
    other = Collection(tmp_path / "other")
    for each, publish in ((collection, False), (other, True)):
        each.load({"a": changed(1)})
        each.load({"a": changed(2)}, publish=publish)
        each.load({"b": changed(3)}, publish=publish)
        each.load({"a": changed(1), "c": changed(4, year=2020)})
    assert dump(collection.database, without=()) == dump(other.database, without=())


def test_issuers_and_the_government_above_them(collection: Collection) -> None:
    collection.load({
        "a": document(report("江苏省人民政府", division="320000", level="province")),
        "b": document(report("淮安市人民政府", division="320800", level="prefecture")),
        "c": document(report("洪泽区人民政府", division="320813", level="county")),
        "d": document(report("洪泽区财政局", division="320813", level="county", kind="department")),
        "e": document(report("某市某局", division=None, level=None, kind="department")),
        "f": document(report("沭阳县人民政府", division="321322", level="county")),
    })  # fmt: skip
    found = dict(collection.query("SELECT name, parent_id FROM issuer"))
    assert found == {
        "江苏省人民政府": None,
        "淮安市人民政府": "320000/government/",
        "洪泽区人民政府": "320800/government/",
        "洪泽区财政局": "320813/government/",
        "某市某局": None,
        # Its prefecture has no report here, its province has.
        "沭阳县人民政府": "320000/government/",
    }
    assert collection.query("SELECT issuer_id FROM report WHERE issuer = '某市某局'") == [("?-某市某局",)]


def test_a_body_has_one_key_whatever_it_is_called(collection: Collection) -> None:
    collection.load({
        "a": document(report("清河县卫生健康委员会", division="130534", kind="department", year=2023)),
        "b": document(report("清河县卫健委", division="130534", kind="department", year=2024)),
        "c": document(report("淮安市洪泽区人民政府", division="320813", year=2023)),
        "d": document(report("洪泽县人民政府", division="320829", year=2014)),
        "e": document(report("洪泽区人民政府办公室", division="320813", kind="office", year=2024, scope="office")),
        "f": document(report("福建省人民政府", division="350000", level="province", year=2024)),
        "g": document(report("平潭综合实验区", division="350128", level="zone", kind="zone", year=2024)),
    })  # fmt: skip
    found = collection.query("SELECT issuer_id, count(*) FROM report GROUP BY ALL ORDER BY ALL")
    assert found == [
        ("130534/department/卫生健康", 2),
        ("320813/government/", 2),
        ("320813/office/", 1),
        ("350000/government/", 1),
        ("350128/zone/", 1),
    ]
    # It answers to the province.
    assert collection.query("SELECT parent_id FROM issuer WHERE kind = 'zone'") == [("350000/government/",)]


def test_every_printed_cell_keeps_what_it_is(collection: Collection) -> None:
    facts = {"requests.granted.total": 3, "requests.granted.other": "", "requests.new_received.other": "/"}
    facts |= {"article20.fees.amount": 25.1, "requests.carried_over.total": 10**20}
    collection.load({"a": document(report(facts=facts))})
    found = collection.query(
        "SELECT table_code || '.' || row_code || '.' || column_code, value, kind, printed FROM fact"
    )
    assert {a: (None if v is None else float(v), k, p) for a, v, k, p in found} == {
        "requests.granted.total": (3.0, "number", "3"),
        "requests.granted.other": (None, "blank", ""),
        "requests.new_received.other": (None, "mark", "/"),
        "article20.fees.amount": (25.1, "number", "25.1"),
    }
    # A figure that fits no column is not cut to fit.
    assert collection.query("SELECT address, reason, printed FROM unresolved") == [
        ("requests.carried_over.total", "range", str(10**20))
    ]
    assert collection.query("SELECT fees.amount, fees.amount_unit FROM article20 fees") == [(Decimal("25.1"), "件")]


def test_a_repeated_cell_in_the_record_is_noticed(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last check of all: it must hold even if the reader and validation let such a file through."""
    collection.load({"a": changed(1)}, publish=False)
    load = record.read(collection.home, 1)
    twice = record.paths(collection.home, [load], "fact")
    load.files["fact"] *= 2
    monkeypatch.setattr(record, "read", lambda home, load_id: load)
    assert len(record.paths(collection.home, [load], "fact")) == 2 * len(twice)
    with pytest.raises(ValueError, match="two facts at"):
        collection.publish()


def test_an_unknown_schema_is_refused_with_what_to_do(collection: Collection) -> None:
    collection.load({"a": changed(1)})
    con = duckdb.connect(os.fspath(collection.database))
    con.execute("UPDATE meta SET value = 'other' WHERE key = 'schema'")
    con.close()
    with pytest.raises(PipelineError, match="rebuild") as refused:
        published.check_ours(collection.database)
    assert "gouji rebuild" in refused.value.zh and "other" in refused.value.zh
    with pytest.raises(PipelineError):
        collection.load({"a": changed(2)})
    published.check_replaceable(collection.database)
    collection.publish(anew=True)
    assert collection.query("SELECT value FROM meta WHERE key = 'schema'") == [(tables.schema_version(),)]


def test_a_foreign_file_is_not_overwritten(collection: Collection) -> None:
    collection.load({"a": changed(1)}, publish=False)
    collection.database.unlink()
    con = duckdb.connect(os.fspath(collection.database))
    con.execute("CREATE TABLE mine (a INTEGER)")
    con.close()
    for check in (published.check_ours, published.check_replaceable):
        with pytest.raises(PipelineError, match="not a database of this program"):
            check(collection.database)


def test_a_database_of_another_home_is_refused(collection: Collection, tmp_path: Path) -> None:
    collection.load({"a": changed(1)})
    other = Collection(tmp_path / "other")
    other.load({"a": changed(1)}, publish=False)
    other.load({"a": changed(2)}, publish=False)
    manifest = other.home.record / record.MANIFESTS / "00000001.json"
    manifest.write_text(manifest.read_text().replace("2026-01-02", "2026-03-02"), encoding="utf-8")
    collection.database.rename(other.database)
    with pytest.raises(PipelineError, match="not made from this home"):
        other.publish()


def test_comments_reach_the_database(collection: Collection) -> None:
    collection.load({"a": changed(1)})
    missing = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
    assert collection.query(missing) == []
    assert collection.query("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL") == []
    assert collection.query("SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL") == []


def test_no_progress_is_drawn_into_what_a_command_prints(collection: Collection, tmp_path: Path) -> None:
    """DuckDB draws a bar on standard output for every statement that takes more than two seconds."""
    drawn = "SELECT current_setting('enable_progress_bar')"
    for con in (queries.connect(collection.database), warehouse.connect(tmp_path / "a.duckdb", 256, tmp_path)):
        assert con.execute(drawn).fetchall() == [(False,)]
        con.close()


class _WithoutParameters:
    """A connection that takes statements only. With parameters DuckDB imports pandas: 80 MiB that a rebuild need not hold."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def execute(self, sql: str) -> Any:
        return self._con.execute(sql)

    def close(self) -> None:
        self._con.close()


def test_a_database_is_made_without_parameters(collection: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    (collection.home.root / "corrections.csv").write_text(
        "issuer,year,scope,address,printed,used,reason,evidence,who\n"
        "淮安市人民政府,2024,area,requests.granted.total,4,5,'漏加',来函,张三\n淮安市人民政府,去年,area,a,4,5,,,\n", "utf-8"
    )  # fmt: skip
    real = warehouse.connect
    monkeypatch.setattr(warehouse, "connect", lambda *given: _WithoutParameters(real(*given)))
    page = "https://example.org/a.html"
    files = {
        page: changed(4),
        f"{page}.pdf": changed(9),
    }
    collection.load({"b": changed(4, year=2023), "c": changed(4, year=2023, title="又一份")})
    collection.load(files, publication=page)
    assert {r for (r,) in collection.query("SELECT rule FROM finding")} >= {"batch.renderings", "batch.duplicate"}
    assert collection.query("SELECT count(*) FROM correction") == [(1,)]
    assert collection.query("SELECT count(*) FROM list_fault") == [(1,)]


def test_the_loader_gives_back_what_duckdb_frees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading.children, "follow_parent", lambda: None)
    monkeypatch.setenv("DUCKDB_JE_MALLOC_CONF", "")
    monkeypatch.delenv("DUCKDB_JE_MALLOC_CONF")
    loading._begin()
    assert "dirty_decay_ms:0" in os.environ["DUCKDB_JE_MALLOC_CONF"]
    # Whoever has set it otherwise is heard.
    monkeypatch.setenv("DUCKDB_JE_MALLOC_CONF", "narenas:1")
    loading._begin()
    assert os.environ["DUCKDB_JE_MALLOC_CONF"] == "narenas:1"
