"""What only the whole collection can tell: issuers, duplicates.

Belongs here: statements over the whole database that fill in what no single file says. Does not belong here: revisions
(`lineages`), which of several reports counts (`standing`), values of indicators (`values`).

**Duplicates.** `batch.duplicate` is said of current reports from different contents that (1) share a key whose scope
is known; (2) share issuer, year and period and all their figures, whatever their scopes; (3) are of different issuers
and share all their figures, at least six different ones, so that small offices with the same few cases are not
accused. Each report gets one finding that names the others; one that counts only because a file with other figures was taken away
gets another that names that one. Renderings of one publication are no duplicates of one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas import bodies, divisions
from schemas.database import analysis
from schemas.database.table_model import literal, quoted

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
_DUPLICATE_WORDS_EN = {
    1: "there is another report of this body, year and scope",
    2: "there is another report of this body and year with the same figures",
    3: "another body's report of this year has the same figures",
}
_WITHDRAWN = "另有一份数字不同的报告，其文件已从原处移走，现以本份为准"
_WITHDRAWN_EN = "another report had other figures; its file was taken away, and this one counts"
_WITHDRAWN_ADVICE = "如果不是有意移走的，请把文件放回原处：两份就都不作数，待核对后再定。"
_WITHDRAWN_ADVICE_EN = (
    "Was it taken away on purpose? If not, put it back: neither counts then, until somebody has decided."
)
_DUPLICATE_ADVICE_EN = "Was one collected twice? Both are kept as current; do not count them twice."
_DUPLICATE_ADVICE = "请核对是否重复收集；两份都保留为现行，汇总时注意不要重复计算。"
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
    _named(con)
    # The government above: of the same division for its own bodies, else of the prefecture, else of the province; of
    # another division for the few bodies that answer to one.
    apart = "CASE " + " ".join(
        f"WHEN division_code = {literal(code)} AND kind = {literal(kind)} THEN {literal(parent)}"
        for (code, kind), parent in bodies.parents_apart().items()
    )
    con.execute(
        "UPDATE issuer SET parent_id = p.parent_id FROM ("
        f"  WITH c AS (SELECT issuer_id, kind, {apart} ELSE {analysis.PLACE_KEY.format(b='issuer')} END AS code FROM issuer) "
        "  SELECT c.issuer_id, arg_min(g.issuer_id, d.distance) AS parent_id FROM c "
        "  CROSS JOIN (VALUES (0), (1), (2)) d(distance) "
        f"  JOIN (SELECT {analysis.PLACE_KEY.format(b='issuer')} AS code, min(issuer_id) AS issuer_id FROM issuer "
        "        WHERE kind = 'government' AND division_code IS NOT NULL GROUP BY 1 HAVING count(*) = 1) g "
        "    ON g.code = CASE d.distance WHEN 0 THEN c.code "
        "       WHEN 1 THEN c.code[1:4] || '00' ELSE c.code[1:2] || '0000' END "
        "  WHERE g.issuer_id <> c.issuer_id AND NOT (d.distance = 0 AND c.kind = 'government') GROUP BY c.issuer_id"
        ") p WHERE p.issuer_id = issuer.issuer_id"
    )


def _named(con: duckdb.DuckDBPyConnection) -> None:
    """Governments by the name of their division, however their reports spell it: 江苏省常州市 is 常州市人民政府."""
    found = con.execute("SELECT issuer_id, name FROM issuer WHERE issuer_id LIKE '%/government/'").fetchall()
    rows = []
    for issuer_id, name in found:
        division = next(iter(divisions.by_code(issuer_id.split("/")[0])[-1:]), None)
        if division is not None and name != (called := f"{division.name}人民政府"):
            rows.append((called, issuer_id))
    if rows:
        values = ", ".join(f"({literal(name)}, {literal(issuer_id)})" for name, issuer_id in rows)
        con.execute(
            f"UPDATE issuer SET name = v.name FROM (VALUES {values}) v(name, issuer_id) WHERE v.issuer_id = issuer.issuer_id"
        )


def duplicates(con: duckdb.DuckDBPyConnection) -> None:
    """Say `batch.duplicate` of every current report that another one repeats; see the head of this module.

    Groups, not pairs: a thousand copies of one report must not become a million rows.
    """
    words = " ".join(f"WHEN {rank} THEN {literal(text)}" for rank, text in _DUPLICATE_WORDS.items())
    english = " ".join(f"WHEN {rank} THEN {literal(text)}" for rank, text in _DUPLICATE_WORDS_EN.items())
    place = ", ".join(f"{literal(n)}: NULL" for n in ("page", "table", "row", "column", "line", "paragraph", "box"))
    rule = literal(DUPLICATE)
    values = {
        "finding_id": f"sha256({rule} || ' ' || report_id)[1:16]",
        "report_key": "report_key",
        "rule": rule,
        "severity": "'warning'",
        "cells": "[]",
        "terms": "[]",
        "place": f"{{{place}}}",
        "message": f"CASE rank {words} END || '：' || named || CASE WHEN shown < others THEN '等' ELSE '' END || '。'",
        "advice": literal(_DUPLICATE_ADVICE),
        "message_en": f"CASE rank {english} END || ': ' || named || CASE WHEN shown < others THEN ' …' ELSE '' END",
        "advice_en": literal(_DUPLICATE_ADVICE_EN),
    }
    con.execute(
        "CREATE OR REPLACE TEMP TABLE duplicate_now AS WITH c AS ("
        # Numbers instead of texts: a hundred thousand of them are grouped in a quarter of the time.
        "  SELECT report_key, hash(source_sha256) AS content, hash(issuer_id) AS body, "
        "    CASE WHEN scope <> 'unknown' THEN hash(issuer_id, year, scope, period) END AS by_key, "
        "    CASE WHEN fingerprint IS NOT NULL THEN hash(issuer_id, year, period, fingerprint) END AS by_figures, "
        f"    CASE WHEN distinct_figures >= {_SHARED_FIGURES} THEN hash(year, period, fingerprint) END AS by_bodies "
        "  FROM report ANTI JOIN rendering USING (report_key) WHERE is_current AND issuer_id IS NOT NULL AND year IS NOT NULL"
        "), grouped AS ("
        "  SELECT report_key, 1 AS rank, by_key AS others, content, body FROM c WHERE by_key IS NOT NULL UNION ALL "
        "  SELECT report_key, 2, by_figures, content, body FROM c WHERE by_figures IS NOT NULL UNION ALL "
        "  SELECT report_key, 3, by_bodies, content, body FROM c WHERE by_bodies IS NOT NULL"
        "), many AS ("
        "  SELECT rank, others, count(*) AS size FROM grouped GROUP BY rank, others HAVING count(*) > 1 "
        "    AND CASE rank WHEN 2 THEN min(content) <> max(content) WHEN 3 THEN min(body) <> max(body) ELSE true END"
        "), met AS ("
        "  SELECT report_key, rank, others, size FROM grouped JOIN many USING (rank, others)"
        # Names only of those that have others: of all reports they would take most of the time.
        "), member AS ("
        "  SELECT m.*, r.report_id, coalesce(issuer, '') || '（' || lineage || '）' AS name FROM met m JOIN report r USING (report_key)"
        "), called AS ("
        f"  SELECT rank, others, min(name, {_NAMED + 1}) AS names FROM member GROUP BY ALL"
        "), chosen AS ("
        "  SELECT DISTINCT ON (report_key) report_key, report_id, rank, size - 1 AS others, name, names "
        "  FROM member JOIN called USING (rank, others) ORDER BY report_key, rank"
        "), named AS ("
        "  SELECT report_key, report_id, rank, others, count(*) AS shown, string_agg(other, '；' ORDER BY other) AS named "
        "  FROM (SELECT report_key, report_id, rank, others, name, names, unnest(list_distinct(names)) AS other FROM chosen) "
        # Two reports of one file have one name, which is then all there is to say.
        "  WHERE other <> name OR list_unique(names) = 1 GROUP BY ALL"
        f") SELECT {', '.join(f'{value} AS {quoted(name)}' for name, value in values.items())} FROM named"
    )
    told = values | {
        "finding_id": f"sha256({rule} || ' taken away ' || report_id)[1:16]",
        "message": f"{literal(_WITHDRAWN)} || '：' || named || '。'",
        "advice": literal(_WITHDRAWN_ADVICE),
        "message_en": f"{literal(_WITHDRAWN_EN)} || ': ' || named",
        "advice_en": literal(_WITHDRAWN_ADVICE_EN),
    }
    con.execute(
        "INSERT INTO duplicate_now WITH named AS ("
        f"  SELECT n.report_key, n.report_id, array_to_string(min(coalesce(o.issuer, '') || '（' || o.lineage || '）', {_NAMED}), '；') AS named "
        "  FROM replacement x JOIN report n ON n.report_key = x.report_key JOIN report o ON o.report_key = x.previous_key "
        f"  WHERE x.why = 'gone' AND n.is_current GROUP BY ALL) SELECT {', '.join(told.values())} FROM named"
    )
    # Only those that are others than before: a file is made larger by every row that is deleted and written again.
    same = "n.report_key = f.report_key AND n.finding_id = f.finding_id AND n.severity = f.severity AND n.message = f.message AND n.message_en = f.message_en"
    con.execute(
        f"DELETE FROM finding f WHERE rule = {rule} AND NOT EXISTS (SELECT 1 FROM duplicate_now n WHERE {same})"
    )
    con.execute(
        f"INSERT INTO finding ({', '.join(map(quoted, values))}) SELECT * FROM duplicate_now n "
        f"WHERE NOT EXISTS (SELECT 1 FROM finding f WHERE f.rule = {rule} AND {same})"
    )
    con.execute("DROP TABLE duplicate_now")
