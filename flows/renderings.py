"""One publication, several renderings: the report as a page, and the same report as its attachment.

Belongs here: which reports of one publication are renderings of one another, which of them counts, the cells in which they differ.
Does not belong here: copies of a report elsewhere and reports of other publications that disagree (`standing`, `duplicates`).

Two current reports of one publication, from different contents, are renderings of one report if body, year, scope and period are
the same; or if one of these is unknown in one of them, nothing else there may be meant, and most of their figures are the same. One of them
counts: the one whose identity is known, that has more figures, whose sums hold, that was met first. The others are its copies. Where
they differ `batch.renderings` says so on the one that counts, and no value is made of such a cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from checks.rules import Lang, rule
from schemas import forms
from schemas.database.table_model import literal, quoted, sql_row

if TYPE_CHECKING:
    import duckdb

RULE = "batch.renderings"
# Of two whose identity is not certain: so many figures other than zero, and so much of them the same.
_TELLING, _SAME_SHARE = 3, 0.75
_BLANK: dict[Lang, str] = {"zh": "空白", "en": "blank"}
# A message names so many cells.
_NAMED = 3
# SQL: the cells (report_key, address) that another rendering contradicts.
DIFFERING = f"(SELECT DISTINCT report_key, unnest(cells) AS address FROM finding WHERE rule = {literal(RULE)})"


def pair(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``rendering`` (report_key, of): reports that do not count, and the rendering that does."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE rendering_met AS SELECT DISTINCT ON (r.report_key) r.report_key, r.source_sha256, "
        "s.publication, r.issuer_id, r.year, r.scope, r.period, r.figures, s.first_load, s.retrieved_at, r.position "
        "FROM report r JOIN source s ON s.sha256 = r.source_sha256 AND s.lineage = r.lineage "
        "WHERE r.is_current AND s.publication IS NOT NULL ORDER BY r.report_key, s.first_load, s.path"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE rendering_pair AS WITH may AS ("
        "  SELECT a.report_key AS a, b.report_key AS b, a.source_sha256 AS in_a, b.source_sha256 AS in_b, "
        "    least(a.figures, b.figures) AS fewer, greatest(a.figures, b.figures) AS more, "
        "    coalesce(a.issuer_id = b.issuer_id AND a.year = b.year, false) AND a.scope = b.scope AS sure "
        "  FROM rendering_met a JOIN rendering_met b ON b.publication = a.publication AND b.period = a.period "
        "    AND b.source_sha256 <> a.source_sha256 "
        "  WHERE coalesce(a.issuer_id = b.issuer_id, true) AND coalesce(a.year = b.year, true) "
        "    AND (a.scope = b.scope OR 'unknown' IN (a.scope, b.scope))"
        "), asked AS ("
        # Who has a certain counterpart in a file is not asked whether another report there may be meant.
        "  SELECT *, bool_or(sure) OVER (PARTITION BY a, in_b) OR bool_or(sure) OVER (PARTITION BY b, in_a) AS settled FROM may"
        "), alone AS ("
        "  SELECT *, count(*) OVER (PARTITION BY a, in_b) = 1 AND count(*) OVER (PARTITION BY b, in_a) = 1 AS alone "
        "  FROM asked WHERE sure OR NOT settled"
        "), same AS ("
        "  SELECT m.a, m.b, count(*) AS same FROM alone m JOIN fact x ON x.report_key = m.a AND x.value <> 0 "
        "  JOIN fact y ON y.report_key = m.b AND y.table_code = x.table_code AND y.row_code = x.row_code "
        "    AND y.column_code = x.column_code AND y.value = x.value WHERE m.alone AND NOT m.sure GROUP BY ALL"
        ") SELECT m.a, m.b FROM alone m LEFT JOIN same s USING (a, b) WHERE m.alone AND "
        f"(m.sure OR m.fewer >= {_TELLING} AND s.same >= {_SAME_SHARE} * m.more)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE rendering AS WITH "
        "of AS (SELECT a AS report_key, b AS other FROM rendering_pair UNION SELECT a, a FROM rendering_pair), "
        "cells AS (SELECT report_key, count(*) AS cells, count(*) FILTER (kind = 'number') AS numbers FROM fact "
        "  SEMI JOIN of USING (report_key) GROUP BY 1), "
        "errors AS (SELECT report_key, count(*) AS errors FROM finding SEMI JOIN of USING (report_key) "
        "  WHERE severity = 'error' GROUP BY 1), "
        "best AS (SELECT o.report_key, first(o.other ORDER BY m.issuer_id IS NULL, m.year IS NULL, m.scope = 'unknown', "
        "    c.numbers DESC NULLS LAST, c.cells DESC NULLS LAST, coalesce(e.errors, 0), m.first_load, m.retrieved_at, "
        "    m.source_sha256, m.position) AS of "
        "  FROM of o JOIN rendering_met m ON m.report_key = o.other LEFT JOIN cells c ON c.report_key = o.other "
        "  LEFT JOIN errors e ON e.report_key = o.other GROUP BY o.report_key) "
        "SELECT report_key, of FROM best WHERE of <> report_key"
    )
    for name in ("met", "pair"):
        con.execute(f"DROP TABLE rendering_{name}")


def compare(con: duckdb.DuckDBPyConnection) -> None:
    """Say `batch.renderings` of every report that another rendering of it contradicts."""
    con.execute(f"DELETE FROM finding WHERE rule = {literal(RULE)}")
    differing = con.execute(
        "SELECT n.of, n.report_key, r.report_id, o.report_id, r.form, s.path, x.table_code, x.row_code, x.column_code, "
        "  x.printed, x.value, y.printed, y.value, p.page, p.table, p.row, p.column, p.line, p.paragraph, p.box "
        "FROM rendering n JOIN report r ON r.report_key = n.of JOIN report o ON o.report_key = n.report_key AND o.form = r.form "
        "JOIN (SELECT sha256, lineage, min(path) AS path FROM source GROUP BY ALL) s ON s.sha256 = o.source_sha256 AND s.lineage = o.lineage "
        "JOIN fact x ON x.report_key = n.of JOIN fact y ON y.report_key = n.report_key AND y.table_code = x.table_code "
        "  AND y.row_code = x.row_code AND y.column_code = x.column_code "
        "LEFT JOIN fact_place p ON p.report_key = n.of AND p.address = x.table_code || '.' || x.row_code || '.' || x.column_code "
        # Equal hashes of all figures other than zero: nothing to look for.
        "WHERE r.fingerprint IS DISTINCT FROM o.fingerprint AND coalesce(x.unit, '') <> 'unknown' AND coalesce(y.unit, '') <> 'unknown' "
        "  AND coalesce(CASE WHEN x.kind = 'number' THEN x.value ELSE 0 END, 0) <> coalesce(CASE WHEN y.kind = 'number' THEN y.value ELSE 0 END, 0) "
        "ORDER BY n.of, n.report_key, x.table_code, x.row_code, x.column_code"
    ).fetchall()
    for _, rows in groupby(differing, key=lambda row: row[:2]):
        _tell(con, list(rows))
    con.execute("DROP TABLE rendering")


def _tell(con: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]) -> None:
    words = rule(RULE)
    report_key, _, report_id, other_id, form, path = rows[0][:6]
    cells, terms = [], []
    named: dict[Lang, list[str]] = {"zh": [], "en": []}
    for row in rows:
        address = ".".join(row[6:9])
        cells.append(address)
        terms += [
            {"address": address, "sign": 1, "printed": row[9], "value": row[10]},
            {"address": address, "sign": -1, "printed": row[11], "value": row[12]},
        ]
        labels: dict[Lang, str] = {"zh": _label(form, *row[6:9]), "en": address}
        for lang, blank in _BLANK.items():
            named[lang].append(
                words.say(lang, "cell", label=labels[lang], printed=row[9] or blank, other=row[11] or blank)
            )

    def message(lang: Lang) -> str:
        more = words.say(lang, "more") if len(rows) > _NAMED else ""
        return words.say(lang, "message", n=len(rows), other=path, cells=_joined(named[lang][:_NAMED]) + more)

    ours, theirs = rows[0][10], rows[0][12]
    both = len(rows) == 1 and ours is not None and theirs is not None
    names = ("page", "table", "row", "column", "line", "paragraph", "box")
    values: dict[str, Any] = {
        "finding_id": hashlib.sha256(f"{RULE} {report_id} {other_id}".encode()).hexdigest()[:16],
        "report_key": report_key,
        "rule": RULE,
        "severity": words.severity["published"],
        "table": rows[0][6] if len({row[6] for row in rows}) == 1 else None,
        "cells": cells,
        "terms": terms,
        "printed": ours if both else None,
        "expected": theirs if both else None,
        "difference": ours - theirs if both else None,
        "place": dict(zip(names, rows[0][13:], strict=True)),
        "message": message("zh"),
        "advice": words.say("zh", "advice"),
        "message_en": message("en"),
        "advice_en": words.say("en", "advice"),
    }
    con.execute(f"INSERT INTO finding ({', '.join(map(quoted, values))}) VALUES {sql_row(list(values.values()))}")


def _joined(named: Iterable[str]) -> str:
    return "；".join(named)


def _label(form: str, table: str, row: str, column: str) -> str:
    """A cell by its official labels; of several forms that a report may be on (2019|2021) by those of the first, as it was read."""
    found = forms.load(form.partition("|")[0]).tables[table]
    return f"{found.row[row].label}／{found.column[column].label}"
