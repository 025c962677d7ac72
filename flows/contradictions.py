"""Printed totals that are not the sum of their own printed parts.

Belongs here: which findings say so of which cell, and what a reviewed correction settles. Does not belong here: finding it out
(`checks`), the values that are made of such a cell (`values`), saying so (`gouji`).
"""

from __future__ import annotations


def sql(reports: str) -> str:
    """A query for ``report_key, finding_id, address``: the totals among the cells of reports that broken equations of the form are about.

    ``reports`` is a relation with a ``report_key``. An equation whose left side is more than one cell has no total: whichever of its
    figures is wrong, none has parts that say so. A correction of the total settles it, one of a part where the sum then holds.
    """
    return (
        "WITH f AS (SELECT report_key, finding_id, terms FROM finding SEMI JOIN (SELECT rule FROM rule WHERE judged_by = 'identity') USING (rule) "
        f"  SEMI JOIN {reports} USING (report_key) "
        "  WHERE len(list_filter(terms, lambda t: t.sign = 1)) = 1 AND len(list_filter(terms, lambda t: t.sign = -1)) > 0), "
        "t AS (SELECT report_key, finding_id, unnest(terms, recursive := true) FROM f), "
        "u AS (SELECT t.report_key, t.finding_id, any_value(t.address) FILTER (t.sign = 1) AS address, count(c.used) AS corrected, "
        "    bool_or(c.used IS NOT NULL AND t.sign = 1) AS settled, bool_or(t.value IS NULL AND c.used IS NULL) AS open, "
        "    sum(t.sign * coalesce(c.used, t.value)) AS above "
        "  FROM t LEFT JOIN correction c ON c.state = 'applied' AND c.report_key = t.report_key AND c.address = t.address GROUP BY ALL) "
        "SELECT report_key, finding_id, address FROM u WHERE corrected = 0 OR NOT (settled OR above = 0 OR (open AND above > 0))"
    )
