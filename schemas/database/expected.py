"""Who has to publish, by when, and who has not: two tables and the view over them and the reports.

Belongs here: their columns and the query. Does not belong here: filling the tables (`flows.expected`), which report counts for a
body (`flows.standing`).

A year's report is due on a day of the next one. A body is late in the view from the day after; one whose report is there under any
scope is not, whatever is wrong with it; nor is one that was merged, for its last year, where what it became has published for that.
"""

from __future__ import annotations

from .table_model import BOOLEAN, DATE, INTEGER, TEXT, Column, Table, View, made

_BODY_ID = Column("body_id", TEXT, "机关", "the body")
_BODY = Column("body", TEXT, "机关名称", "its name")
_LEVEL = Column("level", TEXT, "级别", "level", True)
_KIND = Column("kind", TEXT, "机关类别", "kind of body", True)
_DIVISION = Column("division_code", TEXT, "行政区划代码", "division code", True)
_PARENT = Column("parent", TEXT, "上级", "what stands above it", True)
_OWN = Column(
    "own", BOOLEAN, "真：在自己的名单上；假：出自区划名录", "on the operator's own list, not only in the registry"
)

TABLES: tuple[Table, ...] = (
    made(
        "expected",
        "应当发布年度报告的机关：各级政府出自区划名录，其余出自自己的名单",
        "who has to publish: governments by the registry of divisions, others by the operator's own list",
        (
            _BODY_ID,
            _BODY,
            _LEVEL,
            _KIND,
            _DIVISION,
            _PARENT,
            Column("first_year", INTEGER, "自哪个报告年度；空为一向", "from which report year; null: always", True),
            Column("last_year", INTEGER, "至哪个报告年度；空为至今", "to which report year; null: still", True),
            Column(
                "due_day", TEXT, "名单上另定的期限（月-日）", "another day of the next year (MM-DD), by the list", True
            ),
            _OWN,
        ),
    ),
    made(
        "due_day",
        "各类机关的发布期限：次年的月日",
        "by when a body of a kind and level has to publish: a day of the next year",
        (
            Column("kind", TEXT, "机关类别；空串为不明", "kind of body; empty where not known"),
            Column("level", TEXT, "级别；空串为不明", "level; empty where not known"),
            Column("first_year", INTEGER, "自哪个报告年度", "from which report year"),
            Column("last_year", INTEGER, "至哪个报告年度", "to which report year"),
            Column("due_day", TEXT, "月-日", "MM-DD"),
        ),
    ),
)

# The day in China, without the time zones that only an extension of DuckDB knows.
TODAY = "(TIMESTAMP '1970-01-01' + to_seconds(CAST(epoch(now()) AS BIGINT) + 8 * 3600))::DATE"
# The first year that any report is of.
_FIRST = 2008


def late_sql(expected: str = "expected", due_day: str = "due_day", today: str = TODAY) -> str:
    """The query of the view, over tables of these names, for a day given as SQL."""
    return (
        f"WITH years AS (SELECT unnest(range({_FIRST}, year({today})))::INTEGER AS year), "
        # A government's figures under its office's name are its own.
        "there AS (SELECT issuer_id AS body_id, year FROM report WHERE is_current AND period = 'year' "
        "    AND issuer_id IS NOT NULL AND year IS NOT NULL "
        "  UNION SELECT replace(issuer_id, '/office/', '/government/'), year FROM report WHERE is_current AND period = 'year' "
        "    AND year IS NOT NULL AND kind = 'office' AND scope IN ('area', 'level')), "
        "newest AS (SELECT body_id, max(year) AS last_year FROM there GROUP BY body_id), "
        # The successor may sign for a part's last year; where both stood in one year for all that is known, the part for the successor.
        "done AS (FROM there UNION SELECT s.body_id, t.year FROM succession s JOIN there t ON t.body_id = s.successor_id "
        "    AND t.year >= s.year - 1 AND s.kind <> 'absorbed' "
        "  UNION SELECT s.successor_id, t.year FROM succession s JOIN there t ON t.body_id = s.body_id AND t.year = s.year "
        f"    JOIN {expected} e ON e.body_id = s.body_id AND e.last_year = s.year WHERE s.kind <> 'absorbed'), "
        "wanted AS (SELECT e.body_id, e.body, e.level, e.kind, e.division_code, e.parent, e.own, y.year, "
        "    CAST((y.year + 1) || '-' || coalesce(e.due_day, d.due_day) AS DATE) AS due "
        f"  FROM {expected} e JOIN years y ON coalesce(e.first_year, 0) <= y.year AND coalesce(e.last_year, 9999) >= y.year "
        f"  JOIN {due_day} d ON d.kind = coalesce(e.kind, '') AND d.level = coalesce(e.level, '') "
        "    AND y.year BETWEEN d.first_year AND d.last_year) "
        "SELECT w.year, w.body_id, w.body, w.level, w.kind, w.division_code, w.parent, w.due, n.last_year, w.own "
        "FROM wanted w ANTI JOIN done t ON t.body_id = w.body_id AND t.year = w.year "
        f"LEFT JOIN newest n ON n.body_id = w.body_id WHERE w.due < {today}"
    )


def late_view() -> View:
    """Who has not published although the day has passed."""
    return View(
        "late",
        "逾期：期限已过而没有收到年度报告的机关，附最近一次有报告的年度",
        "late: who has not published although the day has passed, with the newest year there is a report of",
        (
            Column("year", INTEGER, "报告年度", "report year"),
            _BODY_ID,
            _BODY,
            _LEVEL,
            _KIND,
            _DIVISION,
            _PARENT,
            Column("due", DATE, "期限", "when it was due"),
            Column("last_year", INTEGER, "最近一次有报告的年度", "newest year there is a report of", True),
            _OWN,
        ),
        late_sql(),
    )
