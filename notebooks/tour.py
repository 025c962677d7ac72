"""A tour of the database: run `make demo`, then `marimo edit notebooks/tour.py` (or `python notebooks/tour.py`)."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="勾稽 Gouji: a tour")


@app.cell
def _():
    import os
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    return Path, alt, duckdb, mo, os


@app.cell
def _(mo):
    mo.md("""
    # 勾稽 · a tour

    The database is one DuckDB file, opened read-only. Every figure is a row of `fact`; views lay the tables out as the
    forms do. Nothing here changes the file, so an ingest may publish a new one at any time.
    """)


@app.cell
def _(Path, duckdb, os):
    home = Path(os.environ.get("GOUJI_HOME", Path(__file__).resolve().parents[1] / "data" / "demo"))
    database = duckdb.connect(str(home / "gouji.duckdb"), read_only=True)

    def ask(sql, *parameters):
        """The answer to a query, as a pandas frame."""
        return database.execute(sql, parameters).df()

    return (ask,)


@app.cell
def _(ask, mo):
    reports = ask(
        "SELECT issuer_printed, year, scope, form, variant, "
        "(SELECT count(*) FROM fact f WHERE f.report_key = r.report_key AND f.kind = 'number') AS numbers, "
        "(SELECT count(*) FROM fact f WHERE f.report_key = r.report_key AND f.kind = 'blank') AS blanks, "
        "(SELECT count(*) FROM unresolved u WHERE u.report_key = r.report_key) AS unresolved "
        "FROM report r WHERE is_current ORDER BY year, issuer_printed"
    )
    mo.vstack([mo.md("## What is there"), mo.ui.table(reports, selection=None)])
    return (reports,)


@app.cell
def _(alt, ask, mo):
    received = ask(
        "SELECT issuer || ' ' || year AS report, row_code, CAST(total AS DOUBLE) AS total FROM requests "
        "WHERE row_code IN ('new_received', 'carried_over', 'processed_total', 'carried_forward') AND total IS NOT NULL"
    )
    chart = (
        alt.Chart(received)
        .mark_bar()
        .encode(
            x=alt.X("total:Q", title="件"),
            y=alt.Y(
                "row_code:N", title=None, sort=["new_received", "carried_over", "processed_total", "carried_forward"]
            ),
            color=alt.Color("row_code:N", legend=None),
            row=alt.Row("report:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")),
        )
        .properties(width=420, height=70)
    )
    mo.vstack([mo.md("## Requests: one + two = seven + four"), chart])
    return chart, received


@app.cell
def _(ask, mo):
    findings = ask(
        "SELECT r.issuer_printed, r.year, f.severity, f.rule, f.message "
        "FROM finding f JOIN report r USING (report_key) WHERE f.severity = 'error' ORDER BY ALL"
    )
    mo.vstack([mo.md("## What does not add up"), mo.ui.table(findings, selection=None)])
    return (findings,)


@app.cell
def _(ask, mo):
    places = ask(
        'SELECT r.issuer_printed, p.address, f.printed, p.page, p."table", p."row", p."column" '
        "FROM fact f JOIN report r USING (report_key) JOIN fact_place p ON p.report_key = f.report_key "
        "AND p.address = f.table_code || '.' || f.row_code || '.' || f.column_code "
        "WHERE f.table_code = 'requests' AND f.row_code = 'new_received' AND f.column_code = 'total' ORDER BY ALL"
    )
    mo.vstack([mo.md("## Where a number came from"), mo.ui.table(places, selection=None)])
    return (places,)


@app.cell
def _(ask, mo):
    tables = ask(
        "SELECT table_name, comment FROM duckdb_tables() UNION ALL "
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1"
    )
    mo.vstack([mo.md("## The tables, in their own words"), mo.ui.table(tables, selection=None)])
    return (tables,)


if __name__ == "__main__":
    app.run()
