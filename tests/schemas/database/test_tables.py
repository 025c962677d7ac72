"""The one description of the warehouse: DDL, Arrow, pandera and the data dictionary come from it and agree."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pandera.errors
import pyarrow as pa
import pytest

from schemas import forms
from schemas.database import analysis, collected, table_model, tables

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def empty() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for statement in (*tables.table_ddl(), *tables.view_ddl()):
        con.execute(statement)
    return con


def test_the_committed_data_dictionary_is_the_generated_one() -> None:
    committed = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert committed == tables.data_dictionary(), "run: python -m schemas.database.tables docs/data-dictionary.md"


def test_tables_and_views_of_the_interface_are_there(empty: duckdb.DuckDBPyConnection) -> None:
    promised = {"source", "issuer", "report", "fact", "fact_place", "unresolved", "statement", "finding", "circular"}
    promised |= {"assessment", "set_aside", "load", "meta"}
    promised |= {"correction", "list_fault"}  # reviewed corrections, with the view fact_used
    promised |= {t.name for t in (*analysis.DIMENSIONS, *analysis.DERIVED)}
    promised |= {t.name for t in collected.TABLES}
    promised |= {"expected", "due_day"}  # who has to publish by when, with the view late
    promised |= {"not_assessable"}  # beside what is broken
    assert {"division", "alias", "cell", "indicator"} <= promised
    found = {r[0] for r in empty.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert found == promised
    views = {r[0] for r in empty.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    assert {"requests", "outcomes", "disputes", "article20"} <= views
    compared = {v.name for v in analysis.views()}
    assert {"body", "value", "rate", "panel", "coverage", "change"} <= compared
    views -= {"fact_used", "late", *compared, *(v.name for v in collected.views())}
    assert {f"all_{v}" for v in views if not v.startswith("all_")} == {v for v in views if v.startswith("all_")}


def test_duckdb_and_arrow_agree_on_every_type(empty: duckdb.DuckDBPyConnection) -> None:
    for table in tables.published():
        answer = empty.execute(f"SELECT * FROM {table_model.quoted(table.name)}")
        # DuckDB 2.0 has no `arrow` any more, older ones have no `to_arrow_reader`.
        found = (getattr(answer, "to_arrow_reader", None) or answer.arrow)().schema
        wanted = tables.arrow_schema(table)
        assert [(f.name, f.type) for f in found] == [(f.name, f.type) for f in wanted], table.name


def test_views_have_a_column_for_every_column_of_any_form(empty: duckdb.DuckDBPyConnection) -> None:
    for form in forms.load_all():
        for code, table in form.tables.items():
            found = [d[0] for d in empty.execute(f"SELECT * FROM {code}").description or ()]
            for column in table.columns:
                assert column.code in found or f"{column.code}_value" in found
            assert {"issuer", "year", "scope"} <= set(found)
            assert len(found) == len(set(found))


def test_every_column_says_what_it_is_in_both_languages(empty: duckdb.DuckDBPyConnection) -> None:
    rows = empty.execute("SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal").fetchall()
    assert len(rows) > 150
    for table, column, comment in rows:
        zh, _, en = (comment or "").partition(" | ")
        assert any("一" <= c <= "鿿" for c in zh), (table, column)
        assert en, (table, column)


def fact(**changes: object) -> pa.Table:
    table = tables.record_table("fact")
    row: dict[str, object] = {
        "report_key": 1,
        "table_code": "requests",
        "row_code": "granted",
        "column_code": "total",
        "value": Decimal(3),
        "kind": "number",
        "printed": "3",
        "unit": "件",
        "method": "cells",
        "load_id": 1,
    }
    rows = [row, {**row, "column_code": "other", **changes}]
    return pa.Table.from_pylist(rows, schema=tables.arrow_schema(table))


def judged(frame: pa.Table) -> None:
    schema = tables.pandera_schema(tables.record_table("fact"))
    schema.validate(frame.to_pandas(types_mapper=pd.ArrowDtype), lazy=True)


def test_pandera_lets_right_facts_pass() -> None:
    judged(fact())
    judged(fact(value=None, kind="blank", printed="", unit=None))


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"kind": "figure"}, "kind"),
        ({"method": "guessed"}, "method"),
        ({"row_code": "grantd"}, "row_code"),
        ({"table_code": "nonsense"}, "table_code"),
        ({"report_key": -1}, "report_key"),
        ({"load_id": 0}, "load_id"),
        ({"value": None}, None),
        ({"kind": "mark"}, None),
        ({"column_code": "total"}, None),
    ],
)
def test_pandera_refuses_wrong_facts_and_names_the_column(changes: dict[str, object], column: str | None) -> None:
    with pytest.raises(pandera.errors.SchemaErrors) as refused:
        judged(fact(**changes))
    if column is not None:
        assert column in set(refused.value.failure_cases["column"])


def test_sha256_and_years_are_held_to_their_shape() -> None:
    table = tables.record_table("circular")
    scalar = table_model.Table(table.name, "", "", tuple(c for c in table.columns if not c.nested), table.unique)
    row = {"circular_id": "c", "year": 2020, "source_sha256": "a" * 64, "load_id": 1}
    for changes, right in (
        ({}, True),
        ({"source_sha256": "A" * 64}, False),
        ({"year": 20}, False),
        ({"year": None}, True),
    ):
        frame = pa.Table.from_pylist([{**row, **changes}], schema=tables.arrow_schema(scalar))
        schema = tables.pandera_schema(scalar)
        if right:
            schema.validate(frame.to_pandas(types_mapper=pd.ArrowDtype))
        else:
            with pytest.raises(pandera.errors.SchemaError):
                schema.validate(frame.to_pandas(types_mapper=pd.ArrowDtype))


def test_identifiers_and_texts_are_quoted() -> None:
    con = duckdb.connect()
    nasty = 'a"; DROP TABLE x; --'
    con.execute(f"CREATE TABLE {table_model.quoted(nasty)} ({table_model.quoted('table')} INTEGER)")
    con.execute(f"COMMENT ON TABLE {table_model.quoted(nasty)} IS {table_model.literal(chr(39) + '; --')}")
    assert con.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall() == [(nasty, "'; --")]


def test_describing_tables_needs_no_heavy_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from schemas.database import tables; tables.table_ddl(); tables.view_ddl(); tables.data_dictionary();"
        "heavy = {'pandas', 'pandera', 'pyarrow', 'duckdb', 'prefect'} & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_columns_that_sql_takes_for_its_own_words_are_said_to_be_quoted() -> None:
    con = duckdb.connect()
    refused = set()
    for name in {c.name for t in (*tables.published(), *tables.views()) for c in t.columns}:
        try:
            con.execute(f'SELECT {name} FROM (SELECT 1 AS "{name}")')
        except duckdb.ParserException:
            refused.add(name)
    assert refused == set(table_model.RESERVED)


def test_an_amount_has_no_unit_but_the_one_beside_it() -> None:
    (view,) = (v for v in tables.views() if v.name == "article20")
    units = {c.name: c.unit for c in view.columns}
    assert units["amount"] == "见 amount_unit" and units["decisions"] == "件" and units["amount_unit"] is None
