"""What is told of reports that are there more than once: `batch.duplicate`.

Belongs here: who repeats, contradicts or completes whom, in which cells they differ, and what to do about it. Does not belong
here: which of several reports counts (`standing`), renderings of one publication (`renderings`).

It is said of current reports that (1) share a key whose scope is known, or contradict one another: they do so, are parts of one report, or
repeat it; (2) share issuer, year and period and all their figures, whatever their scopes; (3) are of different issuers and share
all their figures, at least six different ones, so that small offices with the same few cases are not accused. Each report gets one
finding that names the others; one that counts only because a file with other figures was taken away gets another that names that
one, and one that may be a part of another (`joining`) a third. Renderings of one publication are no duplicates of one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas import forms
from schemas.database.table_model import literal, quoted

from . import joining

if TYPE_CHECKING:
    import duckdb

DUPLICATE = "batch.duplicate"
# Two bodies must share so many different figures before that is no accident.
_SHARED_FIGURES = 6
# A finding names so many of the others, and so many cells.
_NAMED, _CELLS = 5, 3
# By what it is: message and advice, in Chinese and in English. What stands in braces is filled in by the query.
_WORDS = {
    "conflict": (
        "同一机关、同一年度、同一统计范围有几份报告，{cells}，都不作数，这一年的各项指标为 conflict",
        "确认哪一份无误，把另一份的文件移走后再收集一次，指标就有取值；如果本来不是同一份报告，核对两份的标题、年度和前言里的统计范围。",
        "several reports of this body, year and scope: {cells}; none counts, every value of this year is a conflict",
        "See which is right, take the file of the other away and ingest again: then there are values. If they are not the same "
        "report, see what title, year and preamble say.",
    ),
    "joined": (
        "一份报告分在几个文件里，没有数字不同的格，已合在一起，只计一次",
        "不必处理；如果不是同一份报告，核对各份的标题、年度和统计范围。",
        "one report in several files without a cell that differs: put together, and counted once",
        "Nothing to do, unless they are not the same report: see their titles, years and scopes.",
    ),
    "same": (
        "同一机关、同一年度、同一统计范围另有报告，没有数字不同的格，只计一次",
        "不必处理；如果是重复收集的，可以移走一份。",
        "there is another report of this body, year and scope without a cell that differs: one of them counts",
        "Nothing to do; if it was collected twice, one may be taken away.",
    ),
    "copy": (
        "同一机关、同一年度另有数字完全相同的报告，一份没有写明统计范围，只计一次",
        "不必处理；如果是重复收集的，可以移走一份。",
        "there is another report of this body and year with the same figures, and one does not say its scope: one of them counts",
        "Nothing to do; if it was collected twice, one may be taken away.",
    ),
    "scopes": (
        "同一机关、同一年度另有数字完全相同的报告，统计范围不同，各计各的",
        "核对统计范围：如果是同一份报告，移走一份；如果不是，其中一份可能填了另一份的数。",
        "there is another report of this body and year with the same figures and another scope: each counts for its own",
        "See their scopes: if they are one report, take one away; if not, one may hold the other's figures.",
    ),
    "bodies": (
        "另一机关同一年度的报告数字完全相同，各计各的",
        "核对是否收错了文件，或抄了别的机关的表：收错的移走后再收集一次。",
        "another body's report of this year has the same figures: each counts for its own",
        "See whether the wrong file was collected, or a table copied: take a wrong file away and ingest again.",
    ),
    "withdrawn": (
        "另有一份数字不同的报告，其文件已从原处移走（网页则已下线），现以本份为准",
        "如果是文件，又不是有意移走的，请放回原处：两份就都不作数，待核对后再定。网页不必处理；两份有哪些不同，见视图 change。",
        "another report had other figures; its file was taken away (its page is gone), and this one counts",
        "If it is a file, was it taken away on purpose? If not, put it back: neither counts then, until somebody has decided. "
        "Nothing to do for a page; the view change has what differs.",
    ),
    "piece": (
        "可能是同一机关、同一年度另一个文件所缺的表：不能确定，没有合在一起",
        "如果是同一份报告，在各个文件里写明同样的统计范围，或合成一个文件，再收集一次；如果不是，不必处理。",
        "these may be the tables that another file of this body and year lacks: not certain, not put together",
        "If it is one report, say the same scope in each file, or make one file of them, and ingest again; if not, there is nothing to do.",
    ),
    "lacks": (
        "所缺的表可能在同一机关、同一年度的另一个文件里：不能确定，没有合在一起",
        "如果是同一份报告，在各个文件里写明同样的统计范围，或合成一个文件，再收集一次；如果不是，不必处理。",
        "the tables that it lacks may stand in another file of this body and year: not certain, not put together",
        "If it is one report, say the same scope in each file, or make one file of them, and ingest again; if not, there is nothing to do.",
    ),
}
_APART = (
    "（署名的区划不同：如果是后来合并的两个地方，各份都可能无误）",
    " (their places differ: if they were merged later, each may be right)",
)


def tell(con: duckdb.DuckDBPyConnection) -> None:
    """Say `batch.duplicate` of every current report that another one repeats; see the head of this module.

    Groups, not pairs: a thousand copies of one report must not become a million rows.
    """
    joining.pieces(con, "report")
    _differing(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE duplicate_said AS WITH c AS ("
        # Numbers instead of texts: a hundred thousand of them are grouped in a quarter of the time.
        "  SELECT report_key, standing, division_code, hash(source_sha256) AS content, hash(issuer_id) AS body, by_key, "
        "    CASE WHEN fingerprint IS NOT NULL THEN hash(issuer_id, year, period, fingerprint) END AS by_figures, "
        f"    CASE WHEN distinct_figures >= {_SHARED_FIGURES} THEN hash(year, period, fingerprint) END AS by_bodies "
        "  FROM duplicate_key"
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
        "  SELECT m.*, r.report_id, r.standing, r.division_code, coalesce(issuer, '') || '（' || lineage || '）' AS name "
        "  FROM met m JOIN report r USING (report_key)"
        "), called AS ("
        f"  SELECT rank, others, min(name, {_NAMED + 1}) AS names, bool_or(standing = 'part') AS in_parts, "
        "    bool_or(standing = 'copy') AS copied, count(DISTINCT division_code) > 1 AS apart FROM member GROUP BY ALL"
        "), chosen AS ("
        "  SELECT DISTINCT ON (report_key) report_key, report_id, size - 1 AS others, name, names, apart, d.cells, d.shown, "
        "    CASE rank WHEN 1 THEN CASE WHEN standing = 'conflict' THEN 'conflict' WHEN in_parts AND standing <> 'copy' THEN 'joined' "
        "      ELSE 'same' END WHEN 2 THEN CASE WHEN copied THEN 'copy' ELSE 'scopes' END ELSE 'bodies' END AS what "
        "  FROM member JOIN called USING (rank, others) LEFT JOIN duplicate_differing d ON rank = 1 AND d.by_key = others "
        "  ORDER BY report_key, rank"
        "), named AS ("
        "  SELECT report_key, report_id, what, others, apart, cells, shown, count(*) AS shown_others, "
        "    string_agg(other, '；' ORDER BY other) AS named "
        "  FROM (SELECT * EXCLUDE (names), unnest(list_distinct(names)) AS other, list_unique(names) AS different FROM chosen) "
        # Two reports of one file have one name, which is then all there is to say.
        "  WHERE other <> name OR different = 1 GROUP BY ALL"
        ") SELECT report_key, report_id, what, cells, shown, apart, named, shown_others < others AS cut FROM named"
    )
    others = f"array_to_string(min(coalesce(o.issuer, '') || '（' || o.lineage || '）', {_NAMED}), '；')"
    con.execute(
        "INSERT INTO duplicate_said BY NAME "
        f"SELECT n.report_key, n.report_id, 'withdrawn' AS what, {others} AS named "
        "  FROM replacement x JOIN report n ON n.report_key = x.report_key JOIN report o ON o.report_key = x.previous_key "
        "  WHERE x.why = 'gone' AND n.is_current GROUP BY ALL UNION ALL "
        f"SELECT n.report_key, n.report_id, what, {others} FROM (SELECT report_key, other_key, 'piece' AS what FROM piece WHERE NOT sure "
        "  UNION ALL SELECT other_key, report_key, 'lacks' FROM piece WHERE NOT sure) p "
        "  JOIN report n USING (report_key) JOIN report o ON o.report_key = p.other_key GROUP BY ALL"
    )
    _write(con)
    for name in ("piece", "duplicate_key", "duplicate_differing", "duplicate_said"):
        con.execute(f"DROP TABLE {name}")


def _differing(con: duckdb.DuckDBPyConnection) -> None:
    """`duplicate_key`: the current reports with the key that each counts under; `duplicate_differing`: by key the cells in which
    reports that contradict one another differ, and the first of them in words."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE duplicate_key AS SELECT r.*, "
        "  CASE WHEN coalesce(w.scope, r.scope) <> 'unknown' OR r.standing = 'conflict' THEN hash(r.issuer_id, r.year, coalesce(w.scope, r.scope), r.period) END AS by_key "
        "FROM (SELECT report_key, issuer_id, year, scope, period, standing, copy_of, division_code, form, source_sha256, fingerprint, "
        "  distinct_figures FROM report ANTI JOIN rendering USING (report_key) "
        "  WHERE is_current AND issuer_id IS NOT NULL AND year IS NOT NULL) r "
        "LEFT JOIN report w ON w.report_key = r.copy_of AND r.standing = 'part'"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE duplicate_cell AS SELECT k.by_key, any_value(k.form) AS form, "
        "  f.table_code || '.' || f.row_code || '.' || f.column_code AS address, list(DISTINCT f.value ORDER BY f.value) AS figures "
        "FROM duplicate_key k JOIN fact f USING (report_key) WHERE k.standing = 'conflict' AND k.by_key IS NOT NULL AND f.kind = 'number' "
        "GROUP BY k.by_key, f.table_code, f.row_code, f.column_code HAVING count(DISTINCT f.value) > 1"
    )
    labels = ", ".join(
        f"({literal(form)}, {literal(f'{t}.{r.code}.{c.code}')}, {literal(f'{r.label}／{c.label}')})"
        for form, f in _forms_of(con)
        for t, table in f.tables.items()
        for r in table.rows
        for c in table.columns
    )
    named = f"(SELECT * FROM (VALUES {labels or '(NULL, NULL, NULL)'}) AS l(form, address, label))"
    figures = "array_to_string(list_transform(figures, x -> CASE WHEN x = trunc(x) THEN x::BIGINT::VARCHAR ELSE x::VARCHAR END), {})"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE duplicate_differing AS SELECT by_key, list(address ORDER BY address) AS cells, {"
        f"  'zh': array_to_string(list(coalesce(label, address) || ' ' || {figures.format(literal('、'))} ORDER BY address)[:{_CELLS}], '；'), "
        f"  'en': array_to_string(list(address || ' ' || {figures.format(literal(', '))} ORDER BY address)[:{_CELLS}], '; ')"
        f"}} AS shown FROM duplicate_cell c LEFT JOIN {named} l USING (form, address) GROUP BY by_key"
    )
    con.execute("DROP TABLE duplicate_cell")


def _forms_of(con: duckdb.DuckDBPyConnection) -> list[tuple[str, forms.Form]]:
    """The forms of cells that differ; of several that a report may be on (2019|2021) the first."""
    found = con.execute("SELECT DISTINCT form FROM duplicate_cell WHERE form <> 'prose' ORDER BY 1").fetchall()
    return [(form, forms.load(form.partition("|")[0])) for (form,) in found]


def _write(con: duckdb.DuckDBPyConnection) -> None:
    """What is said as findings."""
    place = ", ".join(f"{literal(n)}: NULL" for n in ("page", "table", "row", "column", "line", "paragraph", "box"))
    rule = literal(DUPLICATE)

    def said(n: int, words: str = "", more: str = "", shown: str = "''") -> str:
        """The n-th words of each kind, with the cells that differ where they name them."""
        cells = f"len(cells) || {literal(words)} || {shown} || CASE WHEN len(cells) > {_CELLS} THEN {literal(more)} ELSE '' END"
        filled = (literal(of[n]).replace("{cells}", f"' || coalesce({cells}, '') || '") for of in _WORDS.values())
        return f"CASE what {' '.join(f'WHEN {literal(w)} THEN {f}' for w, f in zip(_WORDS, filled, strict=True))} END"

    def message(n: int) -> str:
        return said(n, *((" 格数字不同：", "等", "shown.zh") if n == 0 else (" cells differ: ", " …", "shown.en")))

    apart = [f"CASE WHEN apart AND what = 'conflict' THEN {literal(words)} ELSE '' END" for words in _APART]
    values = {
        "finding_id": f"sha256({rule} || CASE what WHEN 'withdrawn' THEN ' taken away ' WHEN 'piece' THEN ' may be part ' "
        "WHEN 'lacks' THEN ' may be part ' ELSE ' ' END || report_id)[1:16]",
        "report_key": "report_key",
        "rule": rule,
        "severity": "'warning'",
        "cells": "coalesce(CASE WHEN what = 'conflict' THEN cells END, [])",
        "terms": "[]",
        "place": f"{{{place}}}",
        "message": f"{message(0)} || {apart[0]} || '：' || named || CASE WHEN cut THEN '等' ELSE '' END || '。'",
        "advice": said(1),
        "message_en": f"{message(2)} || {apart[1]} || ': ' || named || CASE WHEN cut THEN ' …' ELSE '' END",
        "advice_en": said(3),
    }
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE duplicate_now AS SELECT {', '.join(f'{v} AS {quoted(k)}' for k, v in values.items())} FROM duplicate_said"
    )
    # Only those that are others than before: a file is made larger by every row that is deleted and written again.
    compared = ("report_key", "finding_id", "severity", "message", "message_en", "advice")
    same = " AND ".join(f"n.{c} = f.{c}" for c in compared)
    con.execute(
        f"DELETE FROM finding f WHERE rule = {rule} AND NOT EXISTS (SELECT 1 FROM duplicate_now n WHERE {same})"
    )
    con.execute(
        f"INSERT INTO finding ({', '.join(map(quoted, values))}) SELECT * FROM duplicate_now n "
        f"WHERE NOT EXISTS (SELECT 1 FROM finding f WHERE f.rule = {rule} AND {same})"
    )
    con.execute("DROP TABLE duplicate_now")
