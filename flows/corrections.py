"""Reviewed corrections: what a printed figure should be read as, decided by a person and written down with a reason.

Belongs here: the file `corrections.csv` of the home, and the table made from it.
Does not belong here: printed values, which no correction changes (`fact` stays as it is; the view `fact_used` stands
beside it), and finding errors (`checks`).

A line names the report (issuer in any of its spellings, year, scope), the cell's address, what is printed there, the figure to use instead,
the reason, the evidence and who decided. What is printed is the guard: once the source itself is corrected, or the
cell is read otherwise, the line no longer fits. It is then not applied, its state says why, and the run says so until
a person has looked at it.
"""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.bodies import body_named
from schemas.table_model import PRECISION, SCALE

from .errors import PipelineError
from .home import Home

if TYPE_CHECKING:
    import duckdb

FILE = "corrections.csv"
COLUMNS = ("issuer", "year", "scope", "address", "printed", "used", "reason", "evidence", "who")
_NEEDED = ("issuer", "year", "scope", "address", "used", "reason", "who")


def _bad(path: Path, line: int, zh: str, en: str) -> PipelineError:
    return PipelineError(f"{path} 第 {line} 行：{zh}", f"{path}, line {line}: {en}")


def read(home: Home) -> list[tuple[object, ...]]:
    """The lines of the home's file, checked for form; none where there is no file. Raises PipelineError."""
    path = home.root / FILE
    if not path.is_file():
        return []
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad(path, 1, "不是 UTF-8，请另存为 CSV UTF-8。", "is not UTF-8; save it as CSV UTF-8") from None
    reader = csv.DictReader(text.splitlines())
    if lacking := [c for c in COLUMNS if c not in (reader.fieldnames or ())]:
        listed = ", ".join(lacking)
        raise _bad(path, 1, f"缺少列 {listed}。", f"the columns {listed} are missing")
    out: list[tuple[object, ...]] = []
    for number, row in enumerate(reader, start=2):
        cells = {c: (row[c] or "").strip() for c in COLUMNS}
        if empty := [c for c in _NEEDED if not cells[c]]:
            raise _bad(path, number, f"{empty[0]} 没有填。", f"{empty[0]} is empty")
        try:
            year, used = int(cells["year"]), Decimal(cells["used"])
        except (ValueError, InvalidOperation):
            raise _bad(path, number, "year 或 used 不是数。", "year or used is no number") from None
        if cells["address"].count(".") != 2:
            raise _bad(path, number, "address 应为 表.行.列。", "address must be table.row.column")
        out.append(
            (number, cells["issuer"], year, *(cells[c] for c in COLUMNS[2:5]), used, *(cells[c] for c in COLUMNS[6:]))
        )
    return out


def apply(con: duckdb.DuckDBPyConnection, lines: list[tuple[object, ...]]) -> int:
    """Fill `correction` anew from the lines; returns how many of them do not fit what the database holds."""
    if not lines:
        con.execute("DELETE FROM correction")
        return 0
    con.execute("BEGIN")
    con.execute("DELETE FROM correction")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE line (line INTEGER, issuer VARCHAR, year INTEGER, scope VARCHAR, address VARCHAR, "
        f"printed VARCHAR, used DECIMAL({PRECISION},{SCALE}), reason VARCHAR, evidence VARCHAR, who VARCHAR, body VARCHAR)"
    )
    # A body is not its spelling: a line is for the reports of the body that its name means.
    bodies = [body_named(str(line[1]), int(str(line[2]))).key for line in lines]
    rows = [(*line, body) for line, body in zip(lines, bodies, strict=True)]
    con.executemany(f"INSERT INTO line VALUES ({', '.join('?' * len(rows[0]))})", rows)
    con.execute(
        "INSERT INTO correction WITH found AS ("
        "  SELECT l.*, r.report_key, f.printed AS printed_now,"
        "    count(DISTINCT r.report_key) OVER (PARTITION BY l.line) AS reports,"
        "    count(*) OVER (PARTITION BY l.address, r.report_key) AS claims"
        "  FROM line l LEFT JOIN report r ON r.standing IN ('preferred', 'conflict') AND (r.issuer = l.issuer OR r.issuer_id = l.body)"
        "    AND r.year = l.year AND r.scope = l.scope"
        "  LEFT JOIN fact f ON f.report_key = r.report_key"
        "    AND f.table_code || '.' || f.row_code || '.' || f.column_code = l.address"
        ") SELECT line, CASE WHEN reports = 1 THEN any_value(report_key) END, issuer, year, scope, address, printed,"
        "  any_value(printed_now), used, reason, evidence, who,"
        "  CASE WHEN reports = 0 THEN 'no_report' WHEN reports > 1 THEN 'several_reports'"
        "    WHEN any_value(printed_now) IS NULL THEN 'no_cell' WHEN max(claims) > 1 THEN 'repeated'"
        "    WHEN any_value(printed_now) <> printed THEN 'source_changed' ELSE 'applied' END "
        "FROM found GROUP BY line, issuer, year, scope, address, printed, used, reason, evidence, who, reports ORDER BY line"
    )
    con.execute("DROP TABLE line")
    con.execute("COMMIT")
    row = con.execute("SELECT count(*) FROM correction WHERE state <> 'applied'").fetchone()
    return int(row[0]) if row else 0
