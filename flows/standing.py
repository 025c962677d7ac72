"""Which of several reports counts: one for each body, year, scope and period.

Belongs here: telling copies from reports that disagree.
Does not belong here: renderings of one publication (`renderings`), revisions of one source (`warehouse`), what the reports' figures mean (`values`).

Of current reports with one key the earliest counts where no two of them print different figures in a cell; where one
has more figures (or cells) than another, that one. Where two differ, none counts: both are `conflict`, and the key's values say so.
A report whose scope nobody knows is a copy where another scope of the same body and year has the same figures. Without a
body or a year a report is `unidentified`: it may be any other once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_KEY = "issuer_id, year, scope, period"


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Write `standing` and `copy_of` of every report, and the table `preferred`."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_met AS "
        f"SELECT r.report_key, {_KEY}, r.fingerprint, r.is_current, r.position, s.first_load, s.retrieved_at, r.source_sha256 "
        "FROM report r LEFT JOIN (SELECT sha256, min(first_load) AS first_load, min(retrieved_at) AS retrieved_at "
        "FROM source GROUP BY sha256) s ON s.sha256 = r.source_sha256"
    )
    # A scope that nobody knows, with the figures of one that is known.
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_twin AS SELECT DISTINCT m.report_key FROM standing_met m "
        "JOIN standing_met k ON k.issuer_id = m.issuer_id AND k.year = m.year AND k.period = m.period "
        "AND k.fingerprint = m.fingerprint AND k.scope <> 'unknown' AND k.is_current "
        "WHERE m.scope = 'unknown' AND m.is_current"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_key AS SELECT * FROM standing_met ANTI JOIN standing_twin USING (report_key) "
        "ANTI JOIN rendering USING (report_key) "
        "WHERE is_current AND issuer_id IS NOT NULL AND year IS NOT NULL"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_many AS "
        f"SELECT k.* FROM standing_key k SEMI JOIN (SELECT {_KEY} FROM standing_key GROUP BY ALL HAVING count(*) > 1) "
        f"USING ({_KEY})"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_cells AS SELECT m.report_key, count(f.report_key) AS cells, "
        "count(*) FILTER (f.kind = 'number') AS numbers "
        "FROM standing_many m LEFT JOIN fact f USING (report_key) GROUP BY 1"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_conflict AS "
        f"SELECT DISTINCT {_KEY} FROM (SELECT {_KEY} FROM standing_many m JOIN fact f USING (report_key) "
        f"WHERE f.kind = 'number' GROUP BY {_KEY}, table_code, row_code, column_code HAVING count(DISTINCT value) > 1)"
    )
    order = "numbers DESC NULLS LAST, cells DESC NULLS LAST, first_load, retrieved_at, source_sha256, position"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_now AS WITH ranked AS ("
        f"  SELECT k.*, x.issuer_id IS NOT NULL AS conflict, first_value(k.report_key) OVER (PARTITION BY k.issuer_id, k.year, "
        f"    k.scope, k.period ORDER BY {order}) AS best "
        "  FROM standing_key k LEFT JOIN standing_cells USING (report_key) LEFT JOIN standing_conflict x "
        "  ON x.issuer_id = k.issuer_id AND x.year = k.year AND x.scope = k.scope AND x.period = k.period), "
        "twins AS (SELECT m.report_key, min(r.best) AS best FROM standing_twin t JOIN standing_met m USING (report_key) "
        "  JOIN ranked r ON r.issuer_id = m.issuer_id AND r.year = m.year AND r.period = m.period "
        "  AND r.fingerprint = m.fingerprint AND r.scope <> 'unknown' GROUP BY m.report_key) "
        "SELECT m.report_key, CASE WHEN NOT m.is_current THEN 'superseded' WHEN t.report_key IS NOT NULL OR n.of IS NOT NULL THEN 'copy' "
        "  WHEN r.report_key IS NULL THEN 'unidentified' WHEN r.conflict THEN 'conflict' "
        "  WHEN r.best = m.report_key THEN 'preferred' ELSE 'copy' END AS standing, "
        "CASE WHEN n.of IS NOT NULL THEN n.of WHEN t.best IS NOT NULL THEN t.best WHEN NOT r.conflict AND r.best <> m.report_key THEN r.best END AS copy_of "
        "FROM standing_met m LEFT JOIN ranked r USING (report_key) LEFT JOIN twins t USING (report_key) LEFT JOIN rendering n USING (report_key)"
    )
    con.execute(
        "UPDATE report SET standing = n.standing, copy_of = n.copy_of FROM standing_now n WHERE n.report_key = report.report_key "
        "AND (report.standing <> n.standing OR report.copy_of IS DISTINCT FROM n.copy_of)"
    )
    for name in ("met", "twin", "key", "many", "cells", "conflict", "now"):
        con.execute(f"DROP TABLE standing_{name}")
