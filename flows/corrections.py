"""Reviewed corrections: what a printed figure should be read as, decided by a person and written down with a reason.

Belongs here: the file `corrections.csv` of the home, and the table made from it.
Does not belong here: printed values, which no correction changes (`fact` stays as it is; the view `fact_used` stands
beside it), and finding errors (`checks`).

A line names the report (issuer in any of its spellings, year, scope, period), the cell's address, what is printed there, the figure to use instead,
the reason, the evidence and who decided. What is printed is the guard: once the source itself is corrected, or the
cell is read otherwise, the line no longer fits. It is then not applied, its state says why, and the run says so until
a person has looked at it.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from schemas.bodies import body_named
from schemas.database.table_model import PERIODS, PRECISION, SCALE, SCOPES, sql_row

from . import lists
from .home import Home
from .lists import Fault

if TYPE_CHECKING:
    import duckdb

FILE = "corrections.csv"
COLUMNS = ("issuer", "year", "scope", "address", "printed", "used", "reason", "evidence", "who")
_NEEDED = ("issuer", "year", "scope", "address", "used", "reason", "who")


def read(home: Home, faults: list[Fault] | None = None) -> list[tuple[object, ...]]:
    """The lines of the home's file that are in order; none where there is no file. The column ``period`` may be left out: the year.

    What is wrong with a line goes to ``faults``; without them, and for a file without its columns, raises PipelineError.
    """
    path = home.root / FILE
    if not path.is_file():
        return []
    out: list[tuple[object, ...]] = []
    for number, cells in lists.lines(path, COLUMNS):
        if (wrong := _wrong(cells)) is not None:
            lists.refuse(path, number, *wrong, faults)
            continue
        year, used = int(cells["year"]), Decimal(cells["used"])
        where = (cells["scope"], cells.get("period") or "year", cells["address"], cells["printed"])
        out.append((number, cells["issuer"], year, *where, used, *(cells[c] for c in COLUMNS[6:])))
    return out


def _wrong(cells: dict[str, str]) -> tuple[str, str] | None:
    if empty := [c for c in _NEEDED if not cells[c]]:
        return f"{empty[0]} 没有填。", f"{empty[0]} is empty"
    try:
        int(cells["year"])
        fits = Decimal(cells["used"]).is_finite() and abs(Decimal(cells["used"])) < 10 ** (PRECISION - SCALE)
    except (ValueError, InvalidOperation):
        fits = False
    if not fits:
        return "year 或 used 不是数。", "year or used is no number"
    if cells["address"].count(".") != 2:
        return "address 应为 表.行.列。", "address must be table.row.column"
    for column, known in (("scope", SCOPES), ("period", PERIODS)):
        if (given := cells.get(column)) and given not in known:
            return f"{column} 应为 {'、'.join(known)} 之一。", f"{column} must be one of {', '.join(known)}"
    return None


def apply(con: duckdb.DuckDBPyConnection, lines: list[tuple[object, ...]]) -> int:
    """Fill `correction` anew from the lines; returns how many of them do not fit what the database holds."""
    if not lines:
        con.execute("DELETE FROM correction")
        return 0
    con.execute("BEGIN")
    con.execute("DELETE FROM correction")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE line (line INTEGER, issuer VARCHAR, year INTEGER, scope VARCHAR, period VARCHAR, address VARCHAR, "
        f"printed VARCHAR, used DECIMAL({PRECISION},{SCALE}), reason VARCHAR, evidence VARCHAR, who VARCHAR, body VARCHAR)"
    )
    # A body is not its spelling: a line is for the reports of the body that its name means.
    bodies = [body_named(str(line[1]), int(str(line[2]))).key for line in lines]
    rows = ", ".join(sql_row((*line, body)) for line, body in zip(lines, bodies, strict=True))
    con.execute(f"INSERT INTO line VALUES {rows}")
    con.execute(
        "INSERT INTO correction WITH found AS ("
        "  SELECT l.*, r.report_key, f.printed AS printed_now,"
        "    count(DISTINCT r.report_key) OVER (PARTITION BY l.line) AS reports,"
        "    count(*) OVER (PARTITION BY l.address, r.report_key) AS claims"
        "  FROM line l LEFT JOIN report r ON r.standing IN ('preferred', 'part', 'conflict') AND (r.issuer = l.issuer OR r.issuer_id = l.body)"
        "    AND r.year = l.year AND r.scope = l.scope AND r.period = l.period"
        "  LEFT JOIN fact f ON f.report_key = r.report_key"
        "    AND f.table_code || '.' || f.row_code || '.' || f.column_code = l.address"
        ") SELECT line, CASE WHEN reports = 1 THEN any_value(report_key) END, issuer, year, scope, period, address, printed,"
        "  any_value(printed_now), used, reason, evidence, who,"
        "  CASE WHEN reports = 0 THEN 'no_report' WHEN reports > 1 THEN 'several_reports'"
        "    WHEN any_value(printed_now) IS NULL THEN 'no_cell' WHEN max(claims) > 1 THEN 'repeated'"
        "    WHEN any_value(printed_now) <> printed THEN 'source_changed' ELSE 'applied' END "
        "FROM found GROUP BY line, issuer, year, scope, period, address, printed, used, reason, evidence, who, reports ORDER BY line"
    )
    con.execute("DROP TABLE line")
    con.execute("COMMIT")
    row = con.execute("SELECT count(*) FROM correction WHERE state <> 'applied'").fetchone()
    return int(row[0]) if row else 0
