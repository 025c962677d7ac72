"""Which of several reports counts: one for each body, year, scope and period.

Belongs here: telling copies and parts of one report from reports that disagree.
Does not belong here: renderings of one publication (`renderings`), revisions of one place (`lineages`), what the reports' figures
mean (`values`).

Of current reports with one key the fullest counts, of equals the earliest, where no two of them print different figures in a cell.
What another of them prints and it does not (tables and text in two files, a table each) is taken from there: that one is a
`part`, its cells stand in the table `part`, each once. Where two differ, none counts: both are `conflict`, and the key's values
say so, and `batch.duplicate`. (What is gone has given way to what is there before: `lineages`.)
A report whose scope nobody knows is a copy where another scope of the same body and year has the same figures, and a part of the
report whose tables it holds (`joining`). Without a
body or a year a report is `unidentified`: it may be any other once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.database.table_model import literal

from . import joining, made_by, renderings

if TYPE_CHECKING:
    import duckdb

_KEY = "issuer_id, year, scope, period"
_CELL = "table_code, row_code, column_code"
# In `meta`: with what all standings were told.
_META, _MADE_BY = "standing", made_by.modules(__file__, renderings.__file__, joining.__file__)
_TEMPORARY = (
    "before",
    "all",
    "touched",
    "tied",
    "met",
    "twin",
    "key",
    "many",
    "fact",
    "conflict",
    "rank",
    "part",
    "now",
)


def _all(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make a table of all but cells that the standing of each report is told by; ``state`` stands for the row."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT *, hash(a) AS state FROM ("
        f"SELECT r.report_key, {_KEY}, r.scope_evidence, r.form, coalesce(r.variant, '') AS variant, r.fingerprint, r.is_current, r.gone, r.position, "
        "s.first_load, s.retrieved_at, r.source_sha256, coalesce(s.web, false) AS web, n.of "
        "FROM report r LEFT JOIN (SELECT sha256, min(first_load) AS first_load, min(retrieved_at) AS retrieved_at, "
        "bool_or(address IS NOT NULL) AS web FROM source GROUP BY sha256) s ON s.sha256 = r.source_sha256 LEFT JOIN rendering n USING (report_key)) a"
    )


def remember(con: duckdb.DuckDBPyConnection) -> None:
    """Note what the standings in the database were told by, before a load changes it: `settle` then looks at no more than has changed."""
    renderings.pair(con)
    _all(con, "standing_before")
    con.execute("DROP TABLE rendering")
    if not con.execute(f"SELECT 1 FROM meta WHERE key = '{_META}' AND value = {literal(_MADE_BY)}").fetchone():
        con.execute("DELETE FROM standing_before")


def read_again(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Take the reports of a table for others than before, whatever they look like: their cells may be."""
    con.execute(f"UPDATE standing_before SET state = NULL WHERE report_key IN (SELECT report_key FROM {table})")


def _touched(con: duckdb.DuckDBPyConnection) -> None:
    """`standing_met`: reports that are others than before, with all that share body, year and period with one, then or now, and all
    renderings of these. `touched`: their bodies, years and periods, then and now."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_touched AS SELECT coalesce(b.report_key, n.report_key) AS report_key "
        "FROM standing_before b FULL JOIN standing_all n ON n.report_key = b.report_key WHERE b.state IS DISTINCT FROM n.state"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_tied AS "
        "WITH g AS (SELECT DISTINCT report_key, hash(issuer_id, year, period) AS tie FROM (FROM standing_before UNION ALL BY NAME FROM standing_all) "
        "  WHERE issuer_id IS NOT NULL AND year IS NOT NULL) "
        "SELECT * FROM g UNION ALL SELECT report_key, hash(of) FROM standing_all WHERE of IS NOT NULL "
        "UNION ALL SELECT of, hash(of) FROM standing_all WHERE of IS NOT NULL"
    )
    met = -1
    while met != (met := con.execute("SELECT count(*) FROM standing_touched").fetchall()[0][0]):
        con.execute(
            "INSERT INTO standing_touched SELECT DISTINCT t.report_key FROM standing_tied t SEMI JOIN ("
            "  SELECT tie FROM standing_tied SEMI JOIN standing_touched USING (report_key)) m ON m.tie = t.tie "
            "ANTI JOIN standing_touched k ON k.report_key = t.report_key"
        )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_met AS SELECT * EXCLUDE (of, state) FROM standing_all "
        "SEMI JOIN standing_touched USING (report_key)"
    )
    # For those who make something of standings.
    con.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT issuer_id AS body_id, year, period FROM "
        "(FROM standing_before UNION ALL BY NAME FROM standing_all) SEMI JOIN standing_touched USING (report_key)"
    )


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Write `standing` and `copy_of` of every report, and the table `part`; after `remember` and what changed since."""
    _all(con, "standing_all")
    _touched(con)
    # A scope that nobody knows, with the figures of one that is known.
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_twin AS SELECT DISTINCT m.report_key FROM standing_met m "
        "JOIN standing_met k ON k.issuer_id = m.issuer_id AND k.year = m.year AND k.period = m.period "
        "AND k.fingerprint = m.fingerprint AND k.scope <> 'unknown' AND k.is_current "
        "WHERE m.scope = 'unknown' AND m.is_current"
    )
    joining.pieces(con, "standing_met")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_key AS SELECT m.* REPLACE (coalesce(j.scope, m.scope) AS scope), j.scope IS NOT NULL AS joined "
        "FROM standing_met m LEFT JOIN (SELECT DISTINCT report_key, scope FROM piece WHERE sure) j USING (report_key) "
        "ANTI JOIN standing_twin USING (report_key) ANTI JOIN rendering USING (report_key) "
        "WHERE is_current AND issuer_id IS NOT NULL AND year IS NOT NULL"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_many AS "
        f"SELECT k.* FROM standing_key k SEMI JOIN (SELECT {_KEY} FROM standing_key GROUP BY ALL HAVING count(*) > 1) "
        f"USING ({_KEY})"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_fact AS SELECT m.report_key, f.table_code, f.row_code, f.column_code, f.kind, f.value "
        "FROM standing_many m JOIN fact f USING (report_key)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_conflict AS "
        f"SELECT DISTINCT {_KEY} FROM (SELECT {_KEY} FROM standing_many m JOIN standing_fact f USING (report_key) "
        f"WHERE f.kind = 'number' GROUP BY {_KEY}, {_CELL} HAVING count(DISTINCT value) > 1)"
    )
    # What does not say its own scope is a part of what does.
    order = "joined, numbers DESC NULLS LAST, cells DESC NULLS LAST, gone, first_load, retrieved_at, source_sha256, position"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_rank AS WITH counted AS (SELECT report_key, count(*) AS cells, "
        "    count(*) FILTER (kind = 'number') AS numbers FROM standing_fact GROUP BY 1) "
        f"SELECT k.*, x.issuer_id IS NOT NULL AS conflict, row_number() OVER w AS place, first_value(k.report_key) OVER w AS best "
        "FROM standing_key k LEFT JOIN counted USING (report_key) LEFT JOIN standing_conflict x "
        "ON x.issuer_id = k.issuer_id AND x.year = k.year AND x.scope = k.scope AND x.period = k.period "
        f"WINDOW w AS (PARTITION BY k.issuer_id, k.year, k.scope, k.period ORDER BY {order})"
    )
    _parts(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_now AS WITH "
        "twins AS (SELECT m.report_key, min(r.best) AS best FROM standing_twin t JOIN standing_met m USING (report_key) "
        "  JOIN standing_rank r ON r.issuer_id = m.issuer_id AND r.year = m.year AND r.period = m.period "
        "  AND r.fingerprint = m.fingerprint AND r.scope <> 'unknown' GROUP BY m.report_key) "
        "SELECT m.report_key, CASE WHEN NOT m.is_current THEN 'superseded' "
        "  WHEN p.part_key IS NOT NULL THEN 'part' WHEN t.report_key IS NOT NULL OR n.of IS NOT NULL THEN 'copy' "
        "  WHEN r.report_key IS NULL THEN 'unidentified' WHEN r.conflict THEN 'conflict' "
        "  WHEN r.best = m.report_key THEN 'preferred' ELSE 'copy' END AS standing, "
        "CASE WHEN n.of IS NOT NULL THEN n.of WHEN t.best IS NOT NULL THEN t.best "
        "  WHEN NOT r.conflict AND r.best <> m.report_key THEN r.best END AS copy_of "
        "FROM standing_met m LEFT JOIN standing_rank r USING (report_key) LEFT JOIN twins t USING (report_key) "
        "LEFT JOIN rendering n USING (report_key) LEFT JOIN standing_part p ON p.part_key = m.report_key"
    )
    con.execute(
        "UPDATE report SET standing = n.standing, copy_of = n.copy_of FROM standing_now n WHERE n.report_key = report.report_key "
        "AND (report.standing <> n.standing OR report.copy_of IS DISTINCT FROM n.copy_of)"
    )
    con.execute("DROP TABLE piece")
    for name in _TEMPORARY:
        con.execute(f"DROP TABLE standing_{name}")
    con.execute(f"DELETE FROM meta WHERE key = '{_META}'")
    con.execute(f"INSERT INTO meta VALUES ('{_META}', {literal(_MADE_BY)})")


def _parts(con: duckdb.DuckDBPyConnection) -> None:
    """The table `part`: cells that the report which counts neither has nor failed to read; `standing_part`: whose they are."""
    con.execute(
        "DELETE FROM part WHERE report_key IN (SELECT report_key FROM standing_touched) "
        "OR part_key IN (SELECT report_key FROM standing_touched)"
    )
    # Also renderings of one publication, of which the one that counts is settled.
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_lacking AS WITH l AS ("
        "  SELECT report_key, best, place FROM standing_rank SEMI JOIN standing_many USING (report_key) "
        "  WHERE NOT conflict AND best <> report_key UNION ALL "
        "  SELECT n.report_key, n.of, 1000 + row_number() OVER (ORDER BY m.first_load, m.source_sha256, m.position) FROM rendering n "
        "  JOIN standing_met m ON m.report_key = n.report_key "
        "  JOIN standing_rank r ON r.report_key = n.of AND r.best = r.report_key AND NOT r.conflict) "
        "SELECT l.*, b.form = r.form AND b.variant = r.variant OR b.form = 'prose' AS alike FROM l JOIN standing_met r ON r.report_key = l.report_key "
        "JOIN standing_met b ON b.report_key = l.best"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_of AS SELECT report_key FROM standing_lacking UNION SELECT best FROM standing_lacking"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_cell AS SELECT f.report_key, f.table_code, f.row_code, f.column_code "
        "FROM fact f SEMI JOIN standing_of USING (report_key)"
    )
    con.execute(
        f"INSERT INTO part SELECT l.best, arg_min(l.report_key, l.place), {_CELL} FROM standing_lacking l "
        "JOIN standing_cell f USING (report_key) "
        "ANTI JOIN standing_cell o ON o.report_key = l.best AND o.table_code = f.table_code AND o.row_code = f.row_code "
        "  AND o.column_code = f.column_code "
        "ANTI JOIN (SELECT u.* FROM unresolved u SEMI JOIN standing_of m ON m.report_key = u.report_key) u "
        "  ON u.report_key = l.best AND u.address = f.table_code || '.' || f.row_code || '.' || f.column_code "
        f"WHERE l.alike GROUP BY l.best, {_CELL}"
    )
    # Also what states figures in sentences that the other does not.
    con.execute(
        "CREATE OR REPLACE TEMP TABLE standing_part AS SELECT DISTINCT part_key FROM part UNION "
        "SELECT DISTINCT l.report_key FROM standing_lacking l JOIN statement s ON s.report_key = l.report_key "
        "ANTI JOIN statement o ON o.report_key = l.best AND o.code = s.code AND o.value IS NOT DISTINCT FROM s.value "
        "ANTI JOIN standing_cell f ON f.report_key = l.report_key"
    )
    for name in ("lacking", "of", "cell"):
        con.execute(f"DROP TABLE standing_{name}")
