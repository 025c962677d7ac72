"""What differs from the last release: cells added, changed and gone, and why.

Belongs here: comparing two releases' facts. Does not belong here: revisions of a report (`change` in the database).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from schemas.database.table_model import literal

_KEY = "body_id, year, scope, period, table_code, row_code, column_code"


def write(con: Any, previous: Path, folder: Path) -> None:
    """``diff-from-VERSION.csv``: one row a cell that differs."""
    old, new = (literal(os.fspath(f / "parquet" / "fact" / "*.parquet")) for f in (previous, folder))
    if not all(any((f / "parquet" / "fact").glob("*.parquet")) for f in (previous, folder)):
        return
    target = folder / f"diff-from-{previous.name}.csv"
    con.execute(
        f"COPY (WITH o AS (SELECT * FROM read_parquet({old})), n AS (SELECT * FROM read_parquet({new})), "
        "k AS (SELECT DISTINCT body_id, year, scope, period FROM o), m AS (SELECT DISTINCT body_id, year, scope, period FROM n) "
        f"SELECT {_KEY}, CASE WHEN o.kind IS NULL THEN 'added' WHEN n.kind IS NULL THEN 'gone' ELSE 'changed' END AS what, "
        'o.printed AS "before", n.printed AS "after", o.used AS value_before, n.used AS value_after, '
        "CASE WHEN k.body_id IS NULL THEN 'new report' WHEN m.body_id IS NULL THEN 'report gone or in conflict' "
        "WHEN o.report_id IS DISTINCT FROM n.report_id AND o.report_id IS NOT NULL AND n.report_id IS NOT NULL THEN 'revision' "
        "WHEN o.corrected IS DISTINCT FROM n.corrected AND o.corrected IS NOT NULL AND n.corrected IS NOT NULL THEN 'correction' "
        "ELSE 'reading' END AS why "
        f"FROM o FULL JOIN n USING ({_KEY}) LEFT JOIN k USING (body_id, year, scope, period) "
        "LEFT JOIN m USING (body_id, year, scope, period) "
        "WHERE o.kind IS DISTINCT FROM n.kind OR o.used IS DISTINCT FROM n.used "
        "OR (n.used IS NULL AND o.printed IS DISTINCT FROM n.printed) "
        f"ORDER BY {_KEY}) TO {literal(os.fspath(target))} (FORMAT csv, HEADER)"
    )
