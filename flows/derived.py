"""What only the whole collection can tell: issuers, revisions, duplicates.

Belongs here: statements over the whole database that fill in what no single file says. Does not belong here: which of
several reports counts (`standing`), values of indicators (`values`).

**Revisions.** The key of a report is (issuer, year, scope, period). Within one lineage (address, else path), of all
contents that held a report of this key the one met last is current; ``revision`` counts the contents in the order
they were first met. Reports of the same key in other lineages stay current beside it. A report whose issuer or year
is unknown never merges with a report elsewhere: it is current until its own place holds something else. What replaced a
report at its place with the same figures under another name, year or scope is that report, corrected: the older is no
longer current. A scope ``unknown`` never supersedes a known one nor
is superseded by one (they are different keys); two reports of *one path* with the same issuer and year whose scopes
are both unknown are revisions of one another, because it is the same file that was replaced. A content that was met
in several lineages is current if it is so in one of them.

**Duplicates.** `batch.duplicate` is said of current reports from different contents that (1) share a key whose scope
is known; (2) share issuer, year and period and all their figures, whatever their scopes; (3) are of different issuers
and share all their figures, at least six different ones, so that small offices with the same few cases are not
accused. Each report gets one finding that names the others. Renderings of one publication are no duplicates of one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas import bodies
from schemas.table_model import literal, quoted

if TYPE_CHECKING:
    import duckdb

DUPLICATE = "batch.duplicate"
# Two bodies must share so many different figures before that is no accident.
_SHARED_FIGURES = 6
_DUPLICATE_WORDS = {
    1: "同一机关、同一年度、同一统计范围另有报告",
    2: "同一机关、同一年度另有数字完全相同的报告",
    3: "另一机关同一年度的报告数字完全相同",
}
_DUPLICATE_ADVICE = "请核对是否重复收集；两份都保留为现行，汇总时注意不要重复计算。"
# Two contents of one place are one report, corrected, if they share so much of their figures other than zero.
_SAME_SHARE = 0.75
# So many figures other than zero (of two years: different ones) tell one report from another.
_TELLING = 3
# A finding names so many of the others.
_NAMED = 5


def issuers(con: duckdb.DuckDBPyConnection) -> None:
    """Issuers as their reports name them; level and kind as their latest report with one gives them."""
    con.execute("DELETE FROM issuer")
    latest = "ORDER BY year DESC NULLS LAST, report_id"
    # Of several spellings in one year the shortest: the others say the places around it as well.
    named = "ORDER BY kind = 'office' AND issuer_id LIKE '%/government/', year DESC NULLS LAST, length(issuer), issuer"
    con.execute(
        "INSERT INTO issuer (issuer_id, name, division_code, level, kind, parent_id) "
        f"SELECT issuer_id, first(issuer {named}), first(division_code {latest}), "
        f"first(level {latest}) FILTER (WHERE level IS NOT NULL), CASE WHEN issuer_id LIKE '%/government/' THEN 'government' "
        f"ELSE first(kind {latest}) FILTER (WHERE kind IS NOT NULL) END, "
        "NULL FROM report WHERE issuer_id IS NOT NULL GROUP BY issuer_id"
    )
    # The government above: of the same division for its own bodies, else of the prefecture, else of the province; of
    # another division for the few bodies that answer to one.
    apart = "CASE " + " ".join(
        f"WHEN division_code = {literal(code)} AND kind = {literal(kind)} THEN {literal(parent)}"
        for (code, kind), parent in bodies.parents_apart().items()
    )
    con.execute(
        "UPDATE issuer SET parent_id = p.parent_id FROM ("
        f"  WITH c AS (SELECT issuer_id, kind, {apart} ELSE division_code END AS code FROM issuer) "
        "  SELECT c.issuer_id, arg_min(g.issuer_id, d.distance) AS parent_id FROM c "
        "  CROSS JOIN (VALUES (0), (1), (2)) d(distance) "
        "  JOIN (SELECT division_code, min(issuer_id) AS issuer_id FROM issuer WHERE kind = 'government' "
        "        AND division_code IS NOT NULL GROUP BY division_code HAVING count(*) = 1) g "
        "    ON g.division_code = CASE d.distance WHEN 0 THEN c.code "
        "       WHEN 1 THEN c.code[1:4] || '00' ELSE c.code[1:2] || '0000' END "
        "  WHERE g.issuer_id <> c.issuer_id AND NOT (d.distance = 0 AND c.kind = 'government') GROUP BY c.issuer_id"
        ") p WHERE p.issuer_id = issuer.issuer_id"
    )


def revisions(con: duckdb.DuckDBPyConnection) -> None:
    """Lineage, revision and currency of every report; see the head of this module."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE revision_met AS "
        "SELECT r.report_key, r.issuer_id IS NOT NULL AND r.year IS NOT NULL AS known, r.issuer_id, r.year, r.scope, "
        "  r.period, r.figures, r.distinct_figures, r.fingerprint, s.lineage, s.sha256, s.first_load, s.last_load "
        "FROM report r JOIN source s ON s.sha256 = r.source_sha256"
    )
    _corrected(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE placed AS WITH ranked AS ("
        "  SELECT report_key, lineage, first_load, sha256, last_load, "
        "    CASE WHEN known THEN dense_rank() OVER (k ORDER BY first_load, sha256) ELSE 1 END AS revision, "
        "    NOT known OR sha256 = last_value(sha256) OVER (k ORDER BY last_load, sha256 "
        "      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS is_current "
        "  FROM revision_met WINDOW k AS (PARTITION BY lineage, issuer_id, year, scope, period)"
        "), settled AS ("
        "  SELECT r.report_key, r.lineage, r.first_load, r.revision, r.is_current AND c.report_key IS NULL AS is_current "
        "  FROM ranked r LEFT JOIN revision_corrected c USING (report_key, lineage)"
        ") SELECT DISTINCT ON (report_key) report_key, lineage, revision, is_current FROM settled "
        "ORDER BY report_key, is_current DESC, first_load, lineage"
    )
    con.execute(
        "UPDATE report SET lineage = p.lineage, revision = p.revision, is_current = p.is_current FROM placed p "
        "WHERE p.report_key = report.report_key AND (report.lineage <> p.lineage OR report.revision <> p.revision "
        "OR report.is_current <> p.is_current)"
    )
    for name in ("placed", "revision_met", "revision_corrected"):
        con.execute(f"DROP TABLE {name}")


def _corrected(con: duckdb.DuckDBPyConnection) -> None:
    """Reports whose place holds, in a later content, the same report with another body, year or scope.

    The same: all its figures other than zero, or most of at least three; another year only where they are of three
    different values. A report without a body or year is replaced
    by whatever came after it at its place, if that has one, or none either.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE revision_pair AS "
        "SELECT DISTINCT o.report_key, o.lineage, o.known, o.figures, n.report_key AS later, n.figures AS later_figures, "
        "  o.fingerprint IS NOT NULL AND o.fingerprint = n.fingerprint AS equal, "
        # Two years of a small office may well have the same few figures.
        f"  o.year = n.year OR NOT (o.known AND n.known) OR o.distinct_figures >= {_TELLING} AS telling "
        "FROM revision_met o JOIN (SELECT lineage, max(last_load) AS last_load FROM revision_met GROUP BY lineage "
        "  HAVING count(DISTINCT sha256) > 1) l USING (lineage) "
        "JOIN revision_met n ON n.lineage = o.lineage AND n.last_load = l.last_load AND n.sha256 <> o.sha256 "
        "WHERE o.last_load < l.last_load AND NOT (o.known AND n.known AND o.issuer_id = n.issuer_id AND o.year = n.year "
        "  AND o.scope = n.scope AND o.period = n.period)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE revision_corrected AS "
        "SELECT DISTINCT report_key, lineage FROM revision_pair WHERE equal AND telling OR NOT known "
        "UNION SELECT DISTINCT p.report_key, p.lineage FROM revision_pair p "
        "JOIN fact a ON a.report_key = p.report_key AND a.value <> 0 "
        "JOIN fact b ON b.report_key = p.later AND b.table_code = a.table_code AND b.row_code = a.row_code "
        "  AND b.column_code = a.column_code AND b.value = a.value "
        f"WHERE NOT p.equal AND p.known AND p.telling AND least(p.figures, p.later_figures) >= {_TELLING} "
        f"GROUP BY p.report_key, p.lineage, p.later HAVING count(*) >= {_SAME_SHARE} * max(greatest(p.figures, p.later_figures))"
    )
    con.execute("DROP TABLE revision_pair")


def duplicates(con: duckdb.DuckDBPyConnection) -> None:
    """Say `batch.duplicate` of every current report that another one repeats; see the head of this module.

    Groups, not pairs: a thousand copies of one report must not become a million rows.
    """
    con.execute("DELETE FROM finding WHERE rule = ?", [DUPLICATE])
    words = " ".join(f"WHEN {rank} THEN {literal(text)}" for rank, text in _DUPLICATE_WORDS.items())
    place = ", ".join(f"{literal(n)}: NULL" for n in ("page", "table", "row", "column", "line", "paragraph", "box"))
    values = {
        "finding_id": "sha256($rule || ' ' || report_id)[1:16]",
        "report_key": "report_key",
        "rule": "$rule",
        "severity": "'warning'",
        "cells": "[]",
        "terms": "[]",
        "place": f"{{{place}}}",
        "message": f"CASE rank {words} END || '：' || named || CASE WHEN shown < others THEN '等' ELSE '' END || '。'",
        "advice": literal(_DUPLICATE_ADVICE),
    }
    con.execute(
        f"INSERT INTO finding ({', '.join(map(quoted, values))}) "
        "WITH c AS ("
        "  SELECT report_key, report_id, source_sha256, issuer_id, year, scope, period, fingerprint, distinct_figures, "
        "    coalesce(issuer, '') || '（' || lineage || '）' AS name "
        "  FROM report ANTI JOIN rendering USING (report_key) WHERE is_current AND issuer_id IS NOT NULL AND year IS NOT NULL"
        "), by_key AS ("
        "  SELECT issuer_id, year, scope, period, count(*) AS size, min(name, $shown) AS names FROM c "
        "  WHERE scope <> 'unknown' GROUP BY ALL HAVING count(*) > 1"
        "), by_figures AS ("
        "  SELECT issuer_id, year, period, fingerprint, count(*) AS size, min(name, $shown) AS names FROM c "
        "  WHERE fingerprint IS NOT NULL GROUP BY ALL HAVING count(DISTINCT source_sha256) > 1"
        "), by_bodies AS ("
        "  SELECT year, period, fingerprint, count(*) AS size, min(name, $shown) AS names FROM c "
        "  WHERE distinct_figures >= $figures GROUP BY ALL HAVING count(DISTINCT issuer_id) > 1"
        "), member AS ("
        "  SELECT c.*, 1 AS rank, size, names FROM c JOIN by_key USING (issuer_id, year, scope, period) UNION ALL "
        "  SELECT c.*, 2, size, names FROM c JOIN by_figures USING (issuer_id, year, period, fingerprint) UNION ALL "
        "  SELECT c.*, 3, size, names FROM c JOIN by_bodies USING (year, period, fingerprint)"
        "), chosen AS ("
        "  SELECT DISTINCT ON (report_key) report_key, report_id, rank, size - 1 AS others, name, names FROM member "
        "  ORDER BY report_key, rank"
        "), named AS ("
        "  SELECT report_key, report_id, rank, others, count(*) AS shown, string_agg(other, '；' ORDER BY other) AS named "
        "  FROM (SELECT report_key, report_id, rank, others, name, names, unnest(list_distinct(names)) AS other FROM chosen) "
        # Two reports of one file have one name, which is then all there is to say.
        "  WHERE other <> name OR list_unique(names) = 1 GROUP BY ALL"
        f") SELECT {', '.join(values.values())} FROM named",
        {"rule": DUPLICATE, "shown": _NAMED + 1, "figures": _SHARED_FIGURES},
    )
