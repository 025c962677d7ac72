"""Which file holds the tables that another file's report lacks, though it does not say itself of whom its figures are.

Belongs here: what makes two files of one body and year parts of one report whatever scope the one without words has, and where
that is not certain. Does not belong here: which report then counts and which cells it takes over (`standing`), what is told of it
(`duplicates`).

A report of unknown scope is a piece of the only one of its body, year and period whose scope is known, if no table of it stands
in that one, nor another figure for a cell in any file of the group; and if it has no sentence (`schemas.scopes`), or the two
together have every table of the form and it states no figure. Where no table stands in both but the rest does not hold, it may be
a piece: nothing is joined, and it is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas import forms, scopes
from schemas.database.table_model import literal

if TYPE_CHECKING:
    import duckdb

_MADE = ("table", "pair", "judged")


def pieces(con: duckdb.DuckDBPyConnection, among: str) -> None:
    """Make the table `piece` (report_key, other_key, scope, sure) of the current reports ``among``; after `renderings.pair`.

    ``other_key`` is a report that lacks what the piece has, ``scope`` that one's, ``sure`` whether they are one report.
    """
    alone = f"coalesce(contains(scope_evidence, {literal(scopes.TABLES_ALONE)}), false)"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE piece_known AS SELECT report_key, hash(issuer_id, year, period) AS tie, scope, form, "
        f"coalesce(variant, '') AS variant, scope = 'unknown' OR {alone} AS open, {alone} AS alone "
        f"FROM {among} ANTI JOIN rendering USING (report_key) WHERE is_current AND issuer_id IS NOT NULL AND year IS NOT NULL"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE piece_near AS SELECT * FROM piece_known SEMI JOIN (SELECT tie FROM piece_known GROUP BY tie "
        "HAVING bool_or(open) AND count(*) > 1 AND bool_or(scope <> 'unknown')) USING (tie)"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE piece (report_key BIGINT, other_key BIGINT, scope TEXT, sure BOOLEAN)")
    # Cells are looked at only where there may be something to join.
    if con.execute("SELECT 1 FROM piece_near LIMIT 1").fetchone():
        _judge(con)
    con.execute("DROP TABLE piece_known")
    con.execute("DROP TABLE piece_near")


def _judge(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE piece_table AS SELECT tie, report_key, table_code, bool_or(read) AS read FROM ("
        "  SELECT report_key, table_code, true AS read FROM fact UNION ALL "
        "  SELECT report_key, split_part(address, '.', 1), false FROM unresolved) JOIN piece_near USING (report_key) GROUP BY ALL"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE piece_pair AS SELECT o.tie, o.report_key, o.scope AS own, o.alone, o.form, o.variant, "
        "w.report_key AS other_key, w.scope, (w.form = o.form AND w.variant = o.variant) OR w.form = 'prose' AS alike, "
        "EXISTS (SELECT 1 FROM piece_table a JOIN piece_table b USING (table_code) WHERE a.report_key = o.report_key "
        "  AND b.report_key = w.report_key) AS shared, "
        "EXISTS (SELECT 1 FROM piece_table b WHERE b.report_key = w.report_key) AS has_tables "
        "FROM piece_near o JOIN piece_near w ON w.tie = o.tie AND w.scope <> 'unknown' AND w.scope <> o.scope "
        "WHERE o.open AND EXISTS (SELECT 1 FROM piece_table t WHERE t.report_key = o.report_key AND t.read)"
    )
    cells = "(SELECT tie FROM (SELECT n.tie FROM piece_near n JOIN fact f USING (report_key) WHERE f.kind = 'number' "
    cells += "GROUP BY n.tie, f.table_code, f.row_code, f.column_code HAVING count(DISTINCT f.value) > 1))"
    of_forms = ", ".join(f"({literal(f.id)}, {literal(code)})" for f in forms.load_all() for code in f.tables)
    of_form = f"(SELECT * FROM (VALUES {of_forms}) AS c(form, table_code))"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE piece_judged AS SELECT report_key, count(DISTINCT scope) AS scopes, bool_or(shared) AS shared, "
        "bool_and(alike) AS alike, any_value(own) = 'unknown' AS unknown, any_value(alone) AS alone, bool_or(has_tables) AS has_tables, "
        f"any_value(tie) IN {cells} AS differ, "
        # Both may say that nothing was charged.
        "report_key IN (SELECT q.report_key FROM piece_pair q JOIN statement s USING (report_key) WHERE s.value <> 0 AND NOT EXISTS ("
        "  SELECT 1 FROM statement x WHERE x.report_key = q.other_key AND x.code = s.code AND x.value = s.value)) AS stating, "
        f"NOT EXISTS (SELECT 1 FROM {of_form} c WHERE c.form = split_part(any_value(p.form), '|', 1) "
        "  AND NOT EXISTS (SELECT 1 FROM piece_table t WHERE t.tie = any_value(p.tie) AND t.table_code = c.table_code)) AS complete, "
        f"NOT EXISTS (SELECT 1 FROM {of_form} c WHERE c.form = split_part(any_value(p.form), '|', 1) "
        "  AND NOT EXISTS (SELECT 1 FROM piece_table t WHERE t.report_key = p.report_key AND t.table_code = c.table_code)) AS whole "
        "FROM piece_pair p GROUP BY report_key"
    )
    con.execute(
        "INSERT INTO piece SELECT p.report_key, p.other_key, p.scope, "
        "j.unknown AND j.scopes = 1 AND j.alike AND NOT (j.shared OR j.differ OR j.stating) "
        "  AND (j.alone OR j.has_tables AND j.complete) AS sure "
        "FROM piece_pair p JOIN piece_judged j USING (report_key) WHERE NOT p.shared AND (j.alone OR NOT j.whole)"
    )
    for name in _MADE:
        con.execute(f"DROP TABLE piece_{name}")
