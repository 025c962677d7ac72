"""Values of indicators and rates, of the reports that count.

Belongs here: filling `preferred`, `indicator_value`, `rate_value` and `alias`, only for what changed.
Does not belong here: which report counts (`standing`), which cells feed an indicator (`schemas/indicators.toml`).

A value exists only where every cell it is made of is a number that no other rendering contradicts, or a correction gives one. Else its status is that of the
worst of its cells. A figure in a sentence stands in only where the form has no such cell or the report lacks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas import indicators
from schemas.database import analysis
from schemas.database.table_model import literal

from . import contradictions, made_by
from .renderings import DIFFERING

if TYPE_CHECKING:
    import duckdb

_KEY = "body_id, year, scope, period"
# In `meta`: the corrections, and what makes values, with which all are as they should be.
_META = "values"
# So many keys are made at once: their cells and values are some hundred thousand rows.
_AT_ONCE = 2_000
# Of the reports of the keys that are looked at.
_CONTRADICTED = contradictions.sql(
    "(SELECT report_key FROM report r SEMI JOIN touched t ON t.body_id = r.issuer_id AND t.year = r.year AND t.period = r.period)"
)
# A part that is greater than its whole gives a count below zero: one of the two is wrong.
_UNRESOLVED = indicators.STATUSES.index("unresolved")
_MISSING, _NOT_ON_FORM = indicators.STATUSES.index("missing"), indicators.STATUSES.index("not_on_form")


def refresh(con: duckdb.DuckDBPyConnection, *, everything: bool) -> None:
    """Bring the values up to the reports and corrections; ``everything`` makes all of them anew. Of the reports no more than those that
    are `touched` (`standing`) are looked at, where the corrections are those of the last time."""
    corrected = con.execute(
        "SELECT coalesce(md5(string_agg(concat_ws('|', report_key, address, used), ';' ORDER BY report_key, address)), 'none') "
        "FROM correction WHERE state = 'applied'"
    ).fetchall()[0][0] + made_by.modules(__file__, contradictions.__file__)
    known = con.execute(f"SELECT 1 FROM meta WHERE key = '{_META}' AND value = '{corrected}'").fetchone() is not None
    changed = con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'touched' AND temporary").fetchone()
    if known and not everything and not changed:
        return
    if everything or not known:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE touched AS SELECT issuer_id AS body_id, year, period FROM report "
            "UNION SELECT body_id, year, period FROM preferred"
        )
    _bring(con, everything=everything)
    con.execute("DROP TABLE touched")
    con.execute(f"DELETE FROM meta WHERE key = '{_META}'")
    con.execute(f"INSERT INTO meta VALUES ('{_META}', '{corrected}')")


def _bring(con: duckdb.DuckDBPyConnection, *, everything: bool) -> None:
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE values_contradicted AS SELECT DISTINCT report_key, address FROM ({_CONTRADICTED})"
    )
    _wanted(con)
    if everything:
        con.execute("DELETE FROM preferred")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE values_gone AS "
        "SELECT p.body_id, p.year, p.scope, p.period FROM preferred p SEMI JOIN touched USING (body_id, year, period) "
        f"ANTI JOIN values_wanted w USING ({_KEY}, basis)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE values_all AS "
        f"SELECT w.*, (row_number() OVER (ORDER BY year, body_id, scope, period) - 1) // {_AT_ONCE} AS slice "
        f"FROM values_wanted w ANTI JOIN preferred p USING ({_KEY}, basis)"
    )
    changed = con.execute("SELECT (SELECT count(*) FROM values_gone) + (SELECT count(*) FROM values_all)").fetchall()[
        0
    ][0]
    if changed or everything:
        for table in ("indicator_value", "rate_value"):
            if everything:
                con.execute(f"DELETE FROM {table}")
            else:
                con.execute(
                    f"DELETE FROM {table} t USING values_gone g WHERE t.body_id = g.body_id AND t.year = g.year "
                    "AND t.scope = g.scope AND t.period = g.period"
                )
        con.execute(
            "DELETE FROM preferred p USING values_gone g WHERE p.body_id = g.body_id AND p.year = g.year "
            "AND p.scope = g.scope AND p.period = g.period"
        )
        slices = con.execute("SELECT coalesce(max(slice) + 1, 0) FROM values_all").fetchall()[0][0]
        for number in range(slices):
            _slice(con, number)
        _aliases(con)
    for name in ("wanted", "gone", "all", "contradicted"):
        con.execute(f"DROP TABLE values_{name}")
    con.execute("DROP TABLE IF EXISTS values_new")


def _slice(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Make the values of some of the keys: of all of them at once they would not fit into a loader's memory."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE values_new AS SELECT * EXCLUDE (slice) FROM values_all WHERE slice = {number}"
    )
    con.execute(
        f"INSERT INTO preferred SELECT {_KEY}, report_key, reports, conflict, report_key IS NOT NULL AND f.file_key IS NULL, basis "
        "FROM values_new LEFT JOIN (SELECT report_key AS file_key FROM fact SEMI JOIN values_new USING (report_key) "
        "  UNION SELECT report_key FROM part) f ON f.file_key = report_key"
    )
    _indicators(con)
    _rates(con)


def _wanted(con: duckdb.DuckDBPyConnection) -> None:
    """One row per key, with a hash of all that its values depend on."""
    whole = "ORDER BY form = 'prose', standing <> 'preferred', report_key) FILTER (standing IN ('preferred', 'part')"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE values_wanted AS "
        "WITH c AS (SELECT report_key, string_agg(address || '=' || used, ';' ORDER BY address) AS corrected "
        "  FROM correction WHERE state = 'applied' GROUP BY report_key), "
        f"d AS (SELECT report_key, string_agg(address, ';' ORDER BY address) AS differing FROM {DIFFERING} GROUP BY report_key), "
        "x AS (SELECT report_key, string_agg(address, ';' ORDER BY address) AS contradicted FROM values_contradicted GROUP BY report_key), "
        # A part belongs to the report that counts, whatever scope it has by itself.
        "r AS (SELECT r.* REPLACE (coalesce(w.scope, r.scope) AS scope), c.corrected, d.differing, x.contradicted FROM report r "
        "  LEFT JOIN c USING (report_key) LEFT JOIN d USING (report_key) LEFT JOIN x USING (report_key) "
        "  LEFT JOIN report w ON w.report_key = r.copy_of AND r.standing = 'part' "
        "  WHERE r.standing IN ('preferred', 'copy', 'part', 'conflict') "
        "    AND (r.issuer_id, r.year, r.period) IN (SELECT (body_id, year, period) FROM touched WHERE body_id IS NOT NULL AND year IS NOT NULL)) "
        "SELECT issuer_id AS body_id, year, scope, period, "
        "  max(report_key) FILTER (standing = 'preferred') AS report_key, list(report_key ORDER BY report_key) AS reports, "
        "  bool_or(standing = 'conflict') AS conflict, "
        # Of a text whose tables stand in another file the form is that file's.
        f"  {', '.join(f'first({c} {whole}) AS {c}' for c in ('form', 'variant'))}, "
        "  md5(string_agg(concat_ws('|', report_key, standing, form, variant, versions.parser, versions.forms, fingerprint, "
        "    corrected, differing, contradicted), ';' ORDER BY report_key)) AS basis "
        "FROM r GROUP BY issuer_id, year, scope, period "
        # A copy of a report of another scope has no key of its own.
        "HAVING bool_or(standing NOT IN ('copy', 'part'))"
    )


def _rank(status: str) -> str:
    ranks = " ".join(f"WHEN {literal(s)} THEN {n}" for n, s in enumerate(indicators.STATUSES))
    return f"CASE {status} {ranks} END"


def _status(rank: str) -> str:
    names = " ".join(f"WHEN {n} THEN {literal(s)}" for n, s in enumerate(indicators.STATUSES))
    return f"CASE {rank} {names} END"


def _indicators(con: duckdb.DuckDBPyConnection) -> None:
    cell = (
        "CASE WHEN c.used IS NOT NULL THEN 'number' WHEN d.address IS NOT NULL THEN 'conflict' WHEN f.kind = 'number' AND f.unit = 'unknown' THEN 'unresolved' "
        "WHEN f.kind IS NOT NULL THEN f.kind WHEN u.address IS NOT NULL THEN 'unresolved' WHEN i.is_optional THEN 'not_on_form' ELSE 'missing' END"
    )
    con.execute(
        "INSERT INTO indicator_value "
        "WITH p AS (SELECT * FROM values_new WHERE report_key IS NOT NULL), "
        f"part AS (SELECT p.report_key, i.indicator, i.sign, coalesce(c.used, f.value) AS used, {cell} AS status, "
        "    x.address IS NOT NULL AS contradicted, f.method "
        "  FROM p JOIN indicator_cell i ON i.form = p.form AND i.variant = coalesce(p.variant, '') "
        "  LEFT JOIN (SELECT * FROM counted_fact SEMI JOIN p USING (report_key)) f ON f.report_key = p.report_key "
        "    AND f.table_code = i.table_code AND f.row_code = i.row_code AND f.column_code = i.column_code "
        "  LEFT JOIN (SELECT DISTINCT report_key, address FROM unresolved SEMI JOIN p USING (report_key)) u "
        "    ON u.report_key = p.report_key AND u.address = i.address "
        f"  LEFT JOIN {DIFFERING} d ON d.report_key = p.report_key AND d.address = i.address "
        "  LEFT JOIN correction c ON c.state = 'applied' AND c.report_key = coalesce(f.printed_in, p.report_key) "
        "    AND c.address = i.address "
        "  LEFT JOIN values_contradicted x ON x.report_key = f.printed_in AND x.address = i.address), "
        # What an edition of the form does not have says less than what is wrong with the rest of a sum.
        f"summed AS (SELECT report_key, indicator, coalesce(nullif(max({_rank('status')}) FILTER (status <> 'not_on_form'), 0), "
        f"    max({_rank('status')})) AS worst, sum(sign * used) AS total, "
        "    sum(used) FILTER (status = 'number') AS known, min(sign) AS least, "
        "    bool_or(contradicted) AS contradicted, "
        # Nearly every value is of one cell.
        "    CASE WHEN min(method) = max(method) THEN min(method) ELSE string_agg(DISTINCT method, ', ' ORDER BY method) END AS method "
        "  FROM part GROUP BY ALL), "
        # A sentence may stand in another file of the same report.
        "files AS (SELECT report_key, year, scope, report_key AS file_key FROM p UNION ALL "
        "  SELECT p.report_key, p.year, p.scope, r.report_key FROM p JOIN report r ON r.copy_of = p.report_key AND r.standing = 'part'), "
        "said AS (SELECT p.report_key, i.indicator, any_value(s.value) AS value FROM files p "
        "  JOIN statement s ON s.report_key = p.file_key AND s.value IS NOT NULL AND s.share_of IS NULL "
        "    AND NOT coalesce(s.approximate, false) AND coalesce(s.year, p.year) = p.year AND coalesce(s.scope, p.scope) = p.scope "
        "  JOIN indicator_statement i ON i.code = s.code GROUP BY ALL HAVING count(DISTINCT s.value) = 1), "
        f"made AS (SELECT p.body_id, p.year, p.scope, p.period, i.code AS indicator, p.form, p.report_key, s.worst, s.total, "
        "    s.known, s.least, t.value AS said, coalesce(s.contradicted, false) AS contradicted, s.method "
        "  FROM p CROSS JOIN (SELECT code FROM indicator WHERE kind <> 'rate') i "
        "  LEFT JOIN summed s ON s.report_key = p.report_key AND s.indicator = i.code "
        "  LEFT JOIN said t ON t.report_key = p.report_key AND t.indicator = i.code) "
        "SELECT body_id, year, scope, period, indicator, "
        f"  {analysis.kept('CASE WHEN worst = 0 THEN total WHEN spoken THEN said END')}, "
        "  CASE WHEN worst > 0 AND NOT spoken AND least > 0 THEN known END, "
        f"  CASE WHEN worst = 0 OR spoken THEN 'number' WHEN worst IS NULL THEN 'not_on_form' ELSE {_status('worst')} END, "
        "  CASE WHEN worst = 0 THEN 'cells' WHEN spoken THEN 'statement' END, CASE WHEN worst = 0 THEN method END, "
        "  coalesce(worst = 0 AND contradicted, false), form, report_key "
        f"FROM (SELECT * REPLACE (CASE WHEN total < 0 AND worst = 0 THEN {_UNRESOLVED} ELSE worst END AS worst), "
        f"  said IS NOT NULL AND (worst IS NULL OR worst IN ({_MISSING}, {_NOT_ON_FORM})) AS spoken FROM made) "
        "UNION ALL SELECT n.body_id, n.year, n.scope, n.period, i.code, NULL, NULL, NULL, 'conflict', NULL, NULL, false, NULL, NULL "
        "FROM values_new n CROSS JOIN (SELECT code FROM indicator WHERE kind <> 'rate') i WHERE n.conflict "
        # Body by body: the file is half as large.
        f"ORDER BY {_KEY}, indicator"
    )


def _rates(con: duckdb.DuckDBPyConnection) -> None:
    key = "v.body_id, v.year, v.scope, v.period"
    con.execute(
        "INSERT INTO rate_value "
        f"WITH v AS (SELECT * FROM {analysis.whole('indicator_value')} SEMI JOIN values_new USING ({_KEY})), "
        f"s AS (SELECT {key}, p.rate, any_value(v.report_key) AS report_key, any_value(v.form) AS form, max({_rank('v.status')}) AS worst, "
        "    bool_or(v.contradicted) AS contradicted, "
        "    sum(p.sign * v.value) FILTER (p.side = 'numerator') AS above, "
        "    sum(p.sign * v.value) FILTER (p.side = 'denominator') AS below "
        "  FROM v JOIN rate_part p ON p.indicator = v.indicator GROUP BY ALL) "
        f"SELECT {key}, v.rate, i.version, {analysis.kept('above')}, {analysis.kept('below')}, "
        f"  CASE WHEN worst = 0 THEN below < i.base END, NULL, {_status('worst')}, "
        "  worst = 0 AND (below < 0 OR above < 0 OR (x.per = 1 AND above > below)), worst = 0 AND contradicted, v.form, v.report_key "
        f"FROM s v JOIN indicator i ON i.code = v.rate JOIN ({_per()}) x ON x.rate = v.rate "
        "WHERE EXISTS (SELECT 1 FROM rate_part p WHERE p.rate = v.rate AND p.side = 'denominator') "
        f"ORDER BY {key}, v.rate"
    )
    for rate in indicators.load().rates:
        if rate.population is not None:
            _per_head(con, rate)


def _per() -> str:
    rows = ", ".join(f"({literal(r.code)}, {r.per})" for r in indicators.load().rates)
    return f"SELECT * FROM (VALUES {rows}) AS per(rate, per)"


def _per_head(con: duckdb.DuckDBPyConnection, rate: indicators.Rate) -> None:
    """A rate per resident (or another count of the division): the count nearest to the report's year, not after it if one
    is there."""
    worst = f"max({_rank('v.status')})"
    scope = "" if rate.scope is None else f"AND v.scope = {literal(rate.scope)} "
    con.execute(
        "INSERT INTO rate_value "
        f"WITH v AS (SELECT v.*, b.division_code FROM {analysis.whole('indicator_value')} v SEMI JOIN values_new n USING ({_KEY}) "
        "  JOIN issuer b ON b.issuer_id = v.body_id AND b.kind = 'government' "
        f"  JOIN rate_part p ON p.rate = {literal(rate.code)} AND p.indicator = v.indicator WHERE true {scope}), "
        "d AS (SELECT v.body_id, v.year AS of, arg_min(d, (CASE WHEN d.year <= v.year THEN 0 ELSE 1 END, abs(d.year - v.year))) AS d "
        "  FROM (SELECT DISTINCT body_id, division_code, year FROM v) v JOIN denominator d "
        f"  ON d.division_code = v.division_code AND d.name = {literal(rate.population or '')} "
        # Nor those of another division that bore the code then.
        "  WHERE NOT EXISTS (SELECT 1 FROM division x WHERE x.code = d.division_code AND x.body_id <> v.body_id "
        "    AND d.year BETWEEN coalesce(x.valid_from, 0) AND coalesce(x.valid_to, 9999)) GROUP BY ALL) "
        # Nobody knows how many residents there are: that is no fault of the report.
        f"SELECT v.body_id, v.year, v.scope, v.period, {literal(rate.code)}, {literal(rate.version)}, {analysis.kept('sum(v.value)')}, "
        f"  {analysis.kept('any_value(d.d.value)')}, false, any_value(d.d.name || ' ' || d.d.year || ' ' || d.d.source), "
        f"  CASE WHEN {worst} = 0 AND any_value(d.d.value) IS NULL THEN 'no_denominator' ELSE {_status(worst)} END, false, "
        f"  {worst} = 0 AND bool_or(v.contradicted), any_value(v.form), any_value(v.report_key) FROM v LEFT JOIN d ON d.body_id = v.body_id AND d.of = v.year GROUP BY v.body_id, v.year, v.scope, v.period"
    )


def _aliases(con: duckdb.DuckDBPyConnection) -> None:
    """The names that bodies go by: in their reports, and in the registry of divisions."""
    con.execute("DELETE FROM alias")
    con.execute(
        "INSERT INTO alias SELECT issuer_id, name, min(year), max(year), 'report' FROM ("
        "  SELECT issuer_id, issuer AS name, year FROM report UNION ALL SELECT issuer_id, issuer_printed, year FROM report) "
        "WHERE issuer_id IS NOT NULL AND name IS NOT NULL GROUP BY issuer_id, name "
        "UNION ALL SELECT DISTINCT d.body_id, d.name, d.valid_from, d.valid_to, 'registry' FROM division d "
        "SEMI JOIN issuer b ON b.issuer_id = d.body_id"
    )
