"""What only the whole collection can tell: issuers.

Belongs here: statements over the whole database that fill in what no single file says. Does not belong here: revisions
(`lineages`), which of several reports counts (`standing`), what is told of it (`duplicates`), values of indicators (`values`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas import bodies, divisions
from schemas.database import analysis
from schemas.database.table_model import literal

if TYPE_CHECKING:
    import duckdb


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
