"""What took the place of what: the contents of every place in their order, and which reports are revisions of which.

Belongs here: lineage, revision, currency of every report, whether its file is gone, and the table `replacement`.
Does not belong here: which of several current reports counts (`standing`), what changed between two (view `change`).

**Lineages.** A place (path or web address) is a lineage. A place that is gone goes on at another one where its last content
stands or stood: a renamed file keeps its history. So it does where its publication (its archive) has another file instead, which came
later and holds a report of the same body, year and period: of an attachment that was replaced under another name the next is a revision.

**Revisions.** The key of a report is (issuer, year, scope, period). Of all contents of a lineage that held a report of
this key the last is current; ``revision`` counts them in the order they were first met. A report that the next
content of its place holds under another issuer, year, scope or period was corrected: it belongs to the key of that one.
Of one body, year and period the next content's is the same report, whatever scope is read in it, if the former did not say
of whom its figures are (figures alone may have suggested it); what had the former scope there before goes with it. Reports that say
different scopes are different reports, and an unknown scope supersedes none that was said. Else the same is what has every cell alike, or most figures of at least three. Another year
needs more, because small offices have the same few figures in two years: three different figures, or dates that fit no two years.
A report whose issuer or year is unknown is current until its place holds something else, and never merges elsewhere.
A content that stands in several lineages is current if it is so in one of them.

**What is gone** gives way to what is there: to a report of the same body, year and scope that has another cell or figure, and, where
one of the scopes is unknown, to one that has most figures the same. Alone it stays current.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.database.table_model import literal

if TYPE_CHECKING:
    import duckdb

# Two contents of one place are one report, corrected, if they share so much of their figures other than zero.
_SAME_SHARE = 0.75
# So many figures other than zero (of two years: different ones) tell one report from another.
_TELLING = 3
# SQL: of two places that are gone the one that went last: there is no way back.
_ONWARD = "(NOT t.gone OR t.at > g.at OR (t.at = g.at AND t.path > g.path))"
# The archive of a local place.
_ARCHIVE = r"^(.*\.zip)[/\\]"
# Without dates: a report of the year after does not come so soon (days).
_SOON = 90


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Write `lineage`, `revision`, `is_current` and `gone` of every report, and the table `replacement`."""
    _links(con)
    _slots(con)
    while con.execute("SELECT count(*) FROM lineage_link a JOIN lineage_link b ON b.path = a.next").fetchall()[0][0]:
        con.execute("UPDATE lineage_link SET next = b.next FROM lineage_link b WHERE b.path = lineage_link.next")
    _contents(con)
    _corrected(con)
    _ranked(con)
    _replacements(con)
    _reports(con)
    for name in ("now", "link", "content", "busy", "met", "pair", "next", "ranked"):
        con.execute(f"DROP TABLE lineage_{name}")


def _links(con: duckdb.DuckDBPyConnection) -> None:
    """`lineage_now`: what stands or stood last at every place; `lineage_link`: where a place that is gone goes on."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_now AS SELECT path, max(load_id) AS at, "
        "  arg_max(sha256, load_id) AS sha256, max(load_id) FILTER (sha256 IS NOT NULL) AS came, "  # of those that are not null
        "  coalesce(max(load_id) FILTER (sha256 IS NULL) = max(load_id), false) AS gone FROM placement GROUP BY path"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_link AS SELECT DISTINCT ON (g.path) g.path, t.path AS next, true AS renamed "
        "FROM lineage_now g JOIN placement p ON p.sha256 = g.sha256 AND p.path <> g.path "
        "JOIN lineage_now t ON t.path = p.path "
        f"WHERE g.gone AND {_ONWARD} "
        "ORDER BY g.path, t.gone, t.sha256 <> g.sha256, p.load_id, t.path"
    )


def _slots(con: duckdb.DuckDBPyConnection) -> None:
    """`lineage_link` of files that another one of their publication, or of their archive, has replaced."""
    if not con.execute("SELECT 1 FROM lineage_now WHERE gone LIMIT 1").fetchall():
        return
    archive = f"nullif(regexp_extract(s.path, {literal(_ARCHIVE)}, 1, 'i'), '')"
    con.execute(
        "INSERT INTO lineage_link WITH file AS ("
        f"  SELECT n.*, coalesce(s.publication, {archive}) AS slot FROM lineage_now n "
        "  JOIN source s ON s.path = n.path AND s.sha256 = n.sha256 WHERE n.path IS DISTINCT FROM s.publication"
        "), held AS ("
        "  SELECT f.*, hash(r.issuer, r.division_code, r.kind) AS named, r.issuer_id, r.year, r.period, r.scope FROM file f "
        "  SEMI JOIN (SELECT slot FROM file GROUP BY slot HAVING bool_or(gone) AND count(*) > 1) USING (slot) "
        "  JOIN report r ON r.source_sha256 = f.sha256 WHERE r.issuer_id IS NOT NULL AND r.year IS NOT NULL"
        "), may AS ("
        "  SELECT g.path, g.at AS went, t.path AS next, t.came, bool_or(g.scope = t.scope) AS sure FROM held g JOIN held t "
        "  ON (t.slot, t.year, t.period) = (g.slot, g.year, g.period) AND (t.issuer_id = g.issuer_id OR t.named = g.named) "
        "    AND t.path <> g.path AND t.came > g.came "
        f"  WHERE g.gone AND {_ONWARD} "
        # With another scope it has replaced only what went when it came.
        "    AND (t.scope = g.scope OR t.came >= g.at) GROUP BY ALL"
        "), asked AS ("
        "  SELECT *, bool_or(sure) OVER (PARTITION BY path) OR bool_or(sure) OVER (PARTITION BY next, went) AS settled "
        "  FROM (FROM may QUALIFY came = min(came) OVER (PARTITION BY path))"
        "), alone AS ("
        "  SELECT *, count(*) OVER (PARTITION BY path) = 1 AND count(*) OVER (PARTITION BY next, went) = 1 AS alone "
        "  FROM asked WHERE sure OR NOT settled"
        ") SELECT DISTINCT ON (path) path, next, false FROM alone ANTI JOIN lineage_link USING (path) WHERE sure OR alone "
        # A page's files are often one report in several formats.
        "ORDER BY path, suffix(lower(next), lower(right(path, 4))) DESC, next"
    )


def _contents(con: duckdb.DuckDBPyConnection) -> None:
    """`lineage_content`: what stood in every lineage, in order (``n``); `lineage_met`: the reports of those with several."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_content AS WITH e AS ("
        "  SELECT coalesce(l.next, p.path) AS lineage, l.next IS NULL AS own, p.load_id, p.sha256 "
        "  FROM placement p LEFT JOIN lineage_link l ON l.path = p.path WHERE p.sha256 IS NOT NULL), "
        # What stood at places that are gone came before what stands at the last one.
        "d AS (SELECT *, lag(sha256) OVER (PARTITION BY lineage ORDER BY own, load_id, sha256) AS before FROM e) "
        "SELECT lineage, sha256, load_id, row_number() OVER (PARTITION BY lineage ORDER BY own, load_id, sha256) AS n "
        "FROM d WHERE sha256 IS DISTINCT FROM before"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_busy AS SELECT lineage, sha256, min(n) AS first, max(n) AS last "
        "FROM lineage_content SEMI JOIN (SELECT lineage FROM lineage_content GROUP BY lineage HAVING max(n) > 1) "
        "USING (lineage) GROUP BY lineage, sha256"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_met AS "
        "SELECT b.*, r.report_key, r.issuer_id, r.year, r.scope, r.period, r.issuer_id IS NOT NULL AND r.year IS NOT NULL AS known, "
        # The government's name for an area's report is ours: its office may have called itself by its own.
        "  hash(r.issuer, r.division_code, r.kind) AS named, "
        "  r.scope = 'unknown' OR coalesce(starts_with(r.scope_evidence, 'figures:'), false) AS scope_unsaid, "
        "  r.figures, r.distinct_figures, r.published, s.retrieved_at "
        "FROM lineage_busy b JOIN report r ON r.source_sha256 = b.sha256 "
        "LEFT JOIN (SELECT sha256, min(retrieved_at) AS retrieved_at FROM source GROUP BY sha256) s ON s.sha256 = b.sha256"
    )


def _corrected(con: duckdb.DuckDBPyConnection) -> None:
    """`lineage_next`: of reports that the next content of their place holds under another key, that one's key.

    Null where a report of nobody or no year was replaced by something else.
    """
    # Published in one year, after the later of the two had ended; or, where no date is known, met soon after another.
    dated = (
        "CASE WHEN o.published IS NOT NULL AND n.published IS NOT NULL "
        "  THEN year(o.published) = year(n.published) AND n.published > make_date(n.year, 12, 31) "
        f"  ELSE o.figures > 0 AND abs(date_diff('day', o.retrieved_at, n.retrieved_at)) <= {_SOON} END"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_pair AS SELECT o.lineage, o.report_key, n.report_key AS later, o.known, "
        "  o.figures, n.figures AS later_figures, o.known AND n.known AND (o.issuer_id = n.issuer_id OR o.named = n.named) "
        "    AND (o.year, o.period) = (n.year, n.period) AND o.scope_unsaid AS of_one, "
        f"  coalesce(o.year = n.year OR NOT (o.known AND n.known) OR o.distinct_figures >= {_TELLING}, false) AS telling, "
        f"  coalesce({dated}, false) AS dated "
        "FROM lineage_met o JOIN lineage_content c ON c.lineage = o.lineage AND c.n = o.last + 1 "
        "JOIN lineage_met n ON n.lineage = o.lineage AND n.sha256 = c.sha256 "
        # A key that either content has in both keeps to itself.
        f"WHERE NOT EXISTS (SELECT 1 FROM lineage_met x WHERE x.lineage = o.lineage AND x.known AND o.known "
        "  AND x.sha256 = c.sha256 AND (x.issuer_id, x.year, x.scope, x.period) = (o.issuer_id, o.year, o.scope, o.period)) "
        "AND NOT EXISTS (SELECT 1 FROM lineage_met x WHERE x.lineage = o.lineage AND x.known AND n.known "
        "  AND x.sha256 = o.sha256 AND (x.issuer_id, x.year, x.scope, x.period) = (n.issuer_id, n.year, n.scope, n.period))"
    )
    alike = (
        "a.kind = b.kind AND a.value IS NOT DISTINCT FROM b.value AND (a.value IS NOT NULL OR a.printed = b.printed)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_next AS WITH "
        "cells AS (SELECT f.* FROM fact f SEMI JOIN (SELECT report_key FROM lineage_pair UNION SELECT later FROM lineage_pair) "
        "  USING (report_key)), "
        "sizes AS (SELECT report_key, count(*) AS cells FROM cells GROUP BY report_key), "
        f"common AS (SELECT p.report_key, p.later, count(*) FILTER ({alike}) AS alike, "
        f"    count(*) FILTER ({alike} AND a.value <> 0) AS figures_alike "
        "  FROM (SELECT DISTINCT report_key, later FROM lineage_pair) p JOIN cells a ON a.report_key = p.report_key "
        "  JOIN cells b ON b.report_key = p.later AND b.table_code = a.table_code AND b.row_code = a.row_code "
        "    AND b.column_code = a.column_code GROUP BY ALL), "
        "judged AS (SELECT p.*, coalesce(c.alike, 0) AS alike, of_one "
        "   OR coalesce(c.alike = s.cells AND c.alike = t.cells AND (p.telling OR p.dated), false) "
        f"   OR coalesce(p.telling AND least(p.figures, p.later_figures) >= {_TELLING} "
        f"     AND c.figures_alike >= {_SAME_SHARE} * greatest(p.figures, p.later_figures), false) AS same "
        "  FROM lineage_pair p LEFT JOIN common c USING (report_key, later) LEFT JOIN sizes s USING (report_key) "
        "  LEFT JOIN sizes t ON t.report_key = p.later) "
        "SELECT DISTINCT ON (lineage, report_key) lineage, report_key, CASE WHEN same THEN later END AS next, of_one "
        "FROM judged WHERE same OR NOT known ORDER BY lineage, report_key, same DESC, alike DESC, later"
    )
    # Where only the scope is another, what had it before goes with it; a wrong year or issuer was never that of others.
    con.execute(
        "INSERT INTO lineage_next SELECT o.lineage, o.report_key, arg_min(n.report_key, (n.last, n.report_key)), true "
        "FROM lineage_met o JOIN lineage_met n USING (lineage, issuer_id, year, scope, period) "
        "JOIN lineage_next c ON c.lineage = n.lineage AND c.report_key = n.report_key AND c.of_one "
        "ANTI JOIN lineage_next x ON x.lineage = o.lineage AND x.report_key = o.report_key "
        "WHERE o.known AND n.last > o.last GROUP BY ALL"
    )
    # A corrected one that was corrected again: the last counts.
    while con.execute(
        "SELECT count(*) FROM lineage_next a JOIN lineage_next b ON b.lineage = a.lineage AND b.report_key = a.next "
        "WHERE b.next IS NOT NULL"
    ).fetchall()[0][0]:
        con.execute(
            "UPDATE lineage_next SET next = b.next FROM lineage_next b WHERE b.lineage = lineage_next.lineage "
            "AND b.report_key = lineage_next.next AND b.next IS NOT NULL"
        )


def _ranked(con: duckdb.DuckDBPyConnection) -> None:
    """`lineage_ranked`: revision and currency of every report in every lineage with several contents."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_ranked AS WITH k AS ("
        "  SELECT m.lineage, m.report_key, m.first, m.last, m.issuer_id, m.year, x.report_key IS NOT NULL AND x.next IS NULL AS dropped, "
        "    t.known AS known, CASE WHEN t.known THEN concat_ws('|', t.issuer_id, t.year, t.scope, t.period) "
        "      ELSE 'report ' || t.report_key END AS key "
        "  FROM lineage_met m LEFT JOIN lineage_next x ON x.lineage = m.lineage AND x.report_key = m.report_key "
        "  JOIN lineage_met t ON t.lineage = m.lineage AND t.report_key = coalesce(x.next, m.report_key)) "
        "SELECT lineage, report_key, key, first, known, "
        "  CASE WHEN known THEN dense_rank() OVER (PARTITION BY lineage, key ORDER BY first) ELSE 1 END AS revision, "
        "  NOT dropped AND last = max(last) OVER (PARTITION BY lineage, key) AS is_current FROM k"
    )


def _replacements(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("DELETE FROM replacement")
    con.execute(
        "INSERT INTO replacement WITH e AS ("
        "  SELECT r.lineage, r.key, c.n, c.load_id, r.report_key, r.first, m.issuer_id, m.year, m.scope, m.period, "
        "    dense_rank() OVER (PARTITION BY r.lineage, r.key ORDER BY c.n) AS episode "
        "  FROM lineage_ranked r JOIN lineage_met m USING (lineage, report_key) "
        "  JOIN lineage_content c ON c.lineage = r.lineage AND c.sha256 = m.sha256 WHERE r.known) "
        "SELECT DISTINCT ON (n.lineage, n.key, n.n, n.report_key) n.report_key, o.report_key, n.lineage, n.episode, n.load_id, "
        "  CASE WHEN n.n > n.first THEN 'returned' WHEN (n.issuer_id, n.year, n.scope, n.period) "
        "    IS DISTINCT FROM (o.issuer_id, o.year, o.scope, o.period) THEN 'identity' ELSE 'content' END "
        "FROM e n JOIN e o ON o.lineage = n.lineage AND o.key = n.key AND o.episode = n.episode - 1 "
        "ORDER BY n.lineage, n.key, n.n, n.report_key, o.report_key"
    )


def _reports(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_placed AS WITH every AS ("
        "  SELECT report_key, lineage, revision, is_current FROM lineage_ranked UNION ALL "
        "  SELECT r.report_key, c.lineage, 1, true FROM report r JOIN lineage_content c ON c.sha256 = r.source_sha256 "
        "  ANTI JOIN lineage_busy b ON b.lineage = c.lineage), "
        "first AS (SELECT sha256, lineage, min(load_id) AS load_id FROM lineage_content GROUP BY ALL), "
        "there AS (SELECT DISTINCT sha256 FROM lineage_now WHERE NOT gone), "
        "left_ AS (SELECT DISTINCT n.sha256 FROM lineage_now n ANTI JOIN lineage_link l ON l.path = n.path AND l.renamed "
        "  WHERE n.gone) "
        "SELECT DISTINCT ON (e.report_key) e.report_key, e.lineage, e.revision, e.is_current, "
        "  t.sha256 IS NULL AND g.sha256 IS NOT NULL AS gone "
        "FROM every e JOIN report r USING (report_key) JOIN first f ON f.sha256 = r.source_sha256 AND f.lineage = e.lineage "
        "LEFT JOIN there t ON t.sha256 = r.source_sha256 LEFT JOIN left_ g ON g.sha256 = r.source_sha256 "
        "ORDER BY e.report_key, e.is_current DESC, f.load_id, e.lineage"
    )
    _withdrawn(con)
    con.execute(
        "UPDATE report SET lineage = p.lineage, revision = p.revision, is_current = p.is_current, gone = p.gone "
        "FROM lineage_placed p WHERE p.report_key = report.report_key AND (report.lineage <> p.lineage "
        "OR report.revision <> p.revision OR report.is_current <> p.is_current OR report.gone <> p.gone)"
    )
    con.execute("DROP TABLE lineage_placed")


def _withdrawn(con: duckdb.DuckDBPyConnection) -> None:
    """In `lineage_placed` and `replacement`: what is gone, where another one is there instead."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_left AS SELECT g.report_key, t.report_key AS by_, g.scope = t.scope AS sure, "
        "  least(g.figures, t.figures) AS fewer, greatest(g.figures, t.figures) AS more, t.source_sha256, t.position "
        "FROM (SELECT report_key FROM lineage_placed WHERE gone AND is_current) o JOIN report g USING (report_key) "
        "JOIN report t ON (t.issuer_id, t.year, t.period) = (g.issuer_id, g.year, g.period) "
        "  AND (t.scope = g.scope OR 'unknown' IN (t.scope, g.scope) AND t.fingerprint IS DISTINCT FROM g.fingerprint) "
        "JOIN (SELECT report_key FROM lineage_placed WHERE NOT gone AND is_current) n ON n.report_key = t.report_key"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE lineage_withdrawn AS WITH cells AS (SELECT f.* FROM fact f SEMI JOIN "
        "  (SELECT report_key FROM lineage_left UNION SELECT by_ FROM lineage_left) USING (report_key)), "
        "met AS (SELECT l.report_key, l.by_, count(*) FILTER (a.value <> 0 AND a.value = b.value) AS same, "
        "    bool_or((a.kind, a.value) IS DISTINCT FROM (b.kind, b.value)) AS differ FROM lineage_left l "
        "  JOIN cells a ON a.report_key = l.report_key JOIN cells b ON b.report_key = l.by_ AND b.table_code = a.table_code "
        "    AND b.row_code = a.row_code AND b.column_code = a.column_code GROUP BY ALL) "
        "SELECT l.report_key, arg_min(l.by_, (NOT l.sure, s.first_load, l.source_sha256, l.position)) AS by_ FROM lineage_left l "
        "JOIN met m USING (report_key, by_) JOIN (SELECT sha256, min(first_load) AS first_load FROM source GROUP BY sha256) s "
        "  ON s.sha256 = l.source_sha256 "
        f"WHERE CASE WHEN l.sure THEN m.differ ELSE l.fewer >= {_TELLING} AND m.same >= {_SAME_SHARE} * l.more END "
        "GROUP BY l.report_key"
    )
    con.execute(
        "INSERT INTO replacement SELECT w.by_, w.report_key, n.lineage, n.revision + 1, g.at, 'gone' FROM lineage_withdrawn w "
        "JOIN lineage_placed n ON n.report_key = w.by_ JOIN lineage_placed o ON o.report_key = w.report_key "
        "JOIN lineage_now g ON g.path = o.lineage"
    )
    con.execute(
        "UPDATE lineage_placed SET is_current = false FROM lineage_withdrawn w WHERE w.report_key = lineage_placed.report_key"
    )
    con.execute("DROP TABLE lineage_left")
    con.execute("DROP TABLE lineage_withdrawn")
