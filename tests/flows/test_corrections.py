"""Reviewed corrections: applied while the source prints what was corrected, stopped once it does not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows import corrections, warehouse
from flows.errors import PipelineError
from flows.home import Home
from schemas.database import table_model, tables

HEAD = ",".join(corrections.COLUMNS)
LINE = "甲县人民政府,2023,area,disputes.reconsideration.total,0,11,合计漏加,台账第 3 页,张三"


def home(folder: Path, *lines: str, head: str = HEAD) -> Home:
    (folder / corrections.FILE).write_text("\n".join((head, *lines)) + "\n", "utf-8-sig")
    return Home(folder)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """A database with one report and one cell that prints 0."""
    con = duckdb.connect()
    warehouse.create(con)
    for statement in tables.view_ddl():
        con.execute(statement)
    _insert(con, "report", report_key=1, report_id="r", issuer="甲县人民政府", year=2023, scope="area")
    _insert(
        con, "fact", report_key=1, table_code="disputes", row_code="reconsideration", column_code="total", value=0,
        kind="number", printed="0", method="cells",
    )  # fmt: skip
    return con


def _insert(con: duckdb.DuckDBPyConnection, table: str, **given: object) -> None:
    """A row with what is given, and something of the right type wherever a value is needed."""
    defaults = {"VARCHAR": "x", "BOOLEAN": True, "DATE": "2024-01-01", "TIMESTAMP": "2024-01-01"}
    row = {}
    for column in tables.TABLE[table].columns:
        if column.name in given:
            row[column.name] = given[column.name]
        elif not column.nullable:
            value: object = defaults.get(column.type, 1)
            if column.type.endswith("[]"):
                value = []
            if column.type.startswith("STRUCT"):
                value = {"gouji": "1", "parser": "1", "forms": "1", "rules": "1"}
            row[column.name] = column.allowed[0] if column.allowed else value
    names = ", ".join(map(table_model.quoted, row))
    con.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def _states(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [s for (s,) in con.execute("SELECT state FROM correction ORDER BY line").fetchall()]


def test_no_file_is_no_correction(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    assert corrections.apply(con, corrections.read(Home(tmp_path))) == 0
    assert con.execute("SELECT value, used, corrected FROM fact_used").fetchall() == [(0, 0, False)]


def test_an_applied_line_stands_beside_the_printed_figure(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    assert corrections.apply(con, corrections.read(home(tmp_path, LINE))) == 0
    assert _states(con) == ["applied"]
    found = con.execute("SELECT printed, value, used, corrected, reason, who FROM fact_used").fetchall()
    assert found == [("0", 0, 11, True, "合计漏加", "张三")]
    assert con.execute("SELECT value, printed FROM fact").fetchall() == [(0, "0")]


def test_the_guard_stops_a_line_once_the_source_is_corrected(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    con.execute("UPDATE fact SET value = 11, printed = '11'")
    assert corrections.apply(con, corrections.read(home(tmp_path, LINE))) == 1
    assert con.execute("SELECT state, printed_now FROM correction").fetchall() == [("source_changed", "11")]
    assert con.execute("SELECT used, corrected FROM fact_used").fetchall() == [(11, False)]


def test_lines_that_fit_nothing_say_why(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    lines = (
        LINE.replace("甲县", "乙县"),
        LINE.replace("reconsideration.total", "reconsideration.pending"),
        LINE,
        LINE.replace(",11,", ",12,"),
    )
    assert corrections.apply(con, corrections.read(home(tmp_path, *lines))) == 4
    assert _states(con) == ["no_report", "no_cell", "repeated", "repeated"]
    assert con.execute("SELECT used FROM fact_used").fetchall() == [(0,)]


def test_two_current_reports_are_no_ones(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    _insert(con, "report", report_key=2, report_id="s", issuer="甲县人民政府", year=2023, scope="area")
    assert corrections.apply(con, corrections.read(home(tmp_path, LINE))) == 1
    assert _states(con) == ["several_reports"]


@pytest.mark.parametrize(
    ("line", "head", "said"),
    [
        (LINE, HEAD.replace("reason,", ""), "reason"),
        (LINE.replace("2023", "去年"), HEAD, "第 2 行"),
        (LINE.replace(",11,", ",,"), HEAD, "used"),
        (LINE.replace("disputes.reconsideration.total", "disputes"), HEAD, "表.行.列"),
    ],
)
def test_a_file_that_is_not_in_order_is_refused(tmp_path: Path, line: str, head: str, said: str) -> None:
    with pytest.raises(PipelineError) as error:
        corrections.read(home(tmp_path, line, head=head))
    assert said in error.value.zh


def test_a_line_is_for_the_body_whatever_it_is_called(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    from schemas.bodies import body_named

    con.execute("UPDATE report SET issuer = '清河县卫健委', issuer_id = ?", [body_named("清河县卫健委", 2023).key])
    line = LINE.replace("甲县人民政府", "邢台市清河县卫生健康委员会")
    assert corrections.apply(con, corrections.read(home(tmp_path, line))) == 0
    assert _states(con) == ["applied"]
    # Two spellings of one body correct one cell twice.
    assert (
        corrections.apply(con, corrections.read(home(tmp_path, line, LINE.replace("甲县人民政府", "清河县卫健委"))))
        == 2
    )
    assert _states(con) == ["repeated", "repeated"]
    # Another body of the place is another body.
    other = LINE.replace("甲县人民政府", "清河县教育局")
    assert corrections.apply(con, corrections.read(home(tmp_path, other))) == 1
    assert _states(con) == ["no_report"]
