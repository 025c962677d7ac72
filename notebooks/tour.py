"""A tour of the database: run `make demo`, then `marimo edit notebooks/tour.py` (or `python notebooks/pages.py tour tour.html`)."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="勾稽 Gouji：导览 a tour")


@app.cell
def _():
    import sys
    from pathlib import Path

    import altair as alt

    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import pages

    import gouji

    con = gouji.connect(pages.home())

    def ask(sql):
        """The answer to a query, as a pandas frame."""
        return con.execute(sql).df()

    return alt, ask, gouji, pages


@app.cell
def _(ask, pages):
    counted = ask(
        "SELECT b.name AS 机关, p.year AS 年度, p.scope AS 范围, r.form AS 表式, "
        "(SELECT count(*) FROM counted_fact f WHERE f.report_key = p.report_key AND f.kind = 'number')::INTEGER AS 有数的格, "
        "(SELECT count(*) FROM counted_fact f WHERE f.report_key = p.report_key AND f.kind = 'blank')::INTEGER AS 空白, "
        "(SELECT count(*) FROM unresolved u WHERE u.report_key = p.report_key)::INTEGER AS 读不准, p.conflict AS 冲突 "
        "FROM preferred p JOIN body b USING (body_id) LEFT JOIN report r USING (report_key) WHERE p.period = 'year' ORDER BY p.year, 1"
    )
    kept = ask("SELECT standing, count(*)::INTEGER AS n FROM report GROUP BY 1 ORDER BY 2 DESC")
    others = "、".join(f"{pages.WORDS[s]} {n} 份" for s, n in zip(kept["standing"], kept["n"], strict=True))
    pages.Section(
        "有哪些报告 · one row is one report",
        f"每个机关、年度、统计范围只计一份，共 {len(counted)} 份。库中全部：{others}。",
        counted,
    )
    return (counted,)


@app.cell
def _(alt, ask, pages):
    received = ask(
        "SELECT b.name || ' ' || q.year || ' ' || q.scope AS report, q.row_code, CAST(q.total AS DOUBLE) AS total FROM requests q "
        "JOIN body b ON b.body_id = q.issuer_id WHERE q.period = 'year' AND q.total IS NOT NULL "
        "AND q.row_code IN ('new_received', 'carried_over', 'processed_total', 'carried_forward') "
        "AND q.report_key IN (SELECT report_key FROM preferred WHERE NOT conflict ORDER BY year DESC, body_id LIMIT 8)"
    )
    names = {
        "new_received": "本年新收",
        "carried_over": "上年结转",
        "processed_total": "办理总计",
        "carried_forward": "结转下年",
    }
    received["项目"] = received["row_code"].map(names)
    _chart = (
        alt.Chart(received)
        .mark_bar()
        .encode(
            x=alt.X("total:Q", title="件"),
            y=alt.Y("项目:N", title=None, sort=list(names.values())),
            color=alt.Color("项目:N", legend=None, sort=list(names.values())),
            row=alt.Row("report:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left", labelLimit=260)),
        )
        .properties(width=420, height=70)
    )
    pages.Section("申请：一 + 二 = 三总计 + 四 · requests", "最近的报告，至多八份；数出自视图 requests。", _chart)
    return (received,)


@app.cell
def _(ask, pages):
    findings = ask(
        "SELECT b.name AS 机关, r.year AS 年度, f.severity AS 程度, f.message AS 说明, f.message_en AS message "
        "FROM finding f JOIN report r USING (report_key) LEFT JOIN body b ON b.body_id = r.issuer_id "
        "WHERE f.severity = 'error' AND r.standing = 'preferred' ORDER BY ALL"
    )
    pages.Section(
        "不相等的合计 · what does not add up", f"采用的报告中，程度为 error 的问题 {len(findings)} 处。", findings
    )
    return (findings,)


@app.cell
def _(ask, gouji, pages):
    latest = ask(
        "SELECT body_id, year, scope FROM value WHERE indicator = 'requests_received' AND status = 'number' AND period = 'year' "
        "ORDER BY year DESC, scope, body_id LIMIT 1"
    )
    traced = [
        gouji.trace(row.body_id, int(row.year), "requests_received", scope=row.scope, home=pages.home())
        for row in latest.itertuples()
    ]
    pages.Section("一个数从哪里来 · where a number comes from", *(str(t) for t in traced))
    return (traced,)


@app.cell
def _(ask, pages):
    tables = ask(
        "SELECT table_name AS 名称, split_part(comment, ' | ', 1) AS 说明, split_part(comment, ' | ', 2) AS meaning FROM ("
        "SELECT table_name, comment FROM duckdb_tables() UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal) "
        "ORDER BY 1"
    )
    pages.Section("各表各视图 · the tables in their own words", tables)
    return (tables,)


if __name__ == "__main__":
    app.run()
